#include "xml_stream.h"

#include <assert.h>
#include <libxml/xmlreader.h>
#include <libxml/xmlschemas.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "codec/file.h"
#include "codec/xml.h"

enum { SCHEMA_FILES = 16, SCHEMA_BYTES = 4 << 20 };

struct xml_schema {
    xmlSchema *schema;
};

/* ---- schemas ---- */

struct files {
    struct cx *cx;
    const char *dir;
    struct str name[SCHEMA_FILES];
    size_t n;
};

static bool is_bare(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", name.p[i]))
            return false;
    return name.n > 0 && name.n < 128 && name.p[0] != '.';
}

static enum err add_file(struct files *f, struct str name)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_eq(f->name[i], name))
            return ERR_OK;
    if (!is_bare(name))
        return fail(f->cx, ERR_SYNTAX, "a schema asks for \"%.*s\", which is not a file beside it", STR_ARG(name));
    if (f->n == SCHEMA_FILES)
        return fail(f->cx, ERR_SYNTAX, "a schema of more than %d files", SCHEMA_FILES);
    f->name[f->n++] = str_dup(f->cx->arena, name);
    return ERR_OK;
}

static enum err add_asked(struct files *f, const struct xml *e, int depth)
{
    enum err r = ERR_OK;
    if (depth > 3) /* import, include and redefine stand at the top */
        return ERR_OK;
    for (size_t i = 0; !r && i < e->n; i++) {
        if (xml_has_attr(e->items[i], "schemaLocation"))
            r = add_file(f, xml_attr(e->items[i], "schemaLocation"));
        if (!r)
            r = add_asked(f, e->items[i], depth + 1);
    }
    return r;
}

/* libxml2 opens what a schema names wherever that is; so all it will open is looked at first. */
static enum err look_through(struct files *f)
{
    for (size_t i = 0; i < f->n; i++) {
        struct cx *cx = f->cx;
        struct str text, path = str_fmt(cx->arena, "%s/%.*s", f->dir, STR_ARG(f->name[i]));
        const struct xml *root;
        struct stat st;
        if (lstat(str_z(cx->arena, path), &st) || !S_ISREG(st.st_mode))
            return fail(cx, ERR_IO, "%.*s is not a file", STR_ARG(path));
        enum err e = file_read(cx, path, SCHEMA_BYTES, &text);
        if (!e)
            e = xml_parse(cx, f->name[i], text, &root);
        if (!e)
            e = add_asked(f, root, 0);
        if (e)
            return e;
    }
    return ERR_OK;
}

static void keep_first(void *ctx, xmlErrorPtr error)
{
    struct buf *b = ctx;
    if (!b->n)
        buf_fmt(b, "%s:%d: %s", error->file ? error->file : "schema", error->line,
                error->message ? error->message : "?");
}

enum err xml_schema_load(struct cx *cx, const char *dir, const char *name, struct xml_schema **ret)
{
    struct files f = {.cx = cx, .dir = dir};
    struct buf first = buf_make(cx->arena);
    enum err e = add_file(&f, str_of(name));
    if (!e)
        e = look_through(&f);
    if (e)
        return e;
    xmlSchemaParserCtxt *parser = xmlSchemaNewParserCtxt(str_z(cx->arena, str_fmt(cx->arena, "%s/%s", dir, name)));
    if (!parser)
        return fail(cx, ERR_INTERNAL, "libxml2 makes no schema parser");
    xmlSchemaSetParserStructuredErrors(parser, keep_first, &first);
    xmlSchema *schema = xmlSchemaParse(parser);
    xmlSchemaFreeParserCtxt(parser);
    if (!schema)
        return fail(cx, ERR_SYNTAX, "%s is not a schema: %.*s", name, STR_ARG(str_trim(buf_str(&first))));
    *ret = calloc(1, sizeof **ret);
    assert(*ret);
    (*ret)->schema = schema;
    return ERR_OK;
}

void xml_schema_free(struct xml_schema *schema)
{
    if (schema)
        xmlSchemaFree(schema->schema);
    free(schema);
}

/* ---- reading ---- */

struct stream {
    struct cx *cx;
    const struct xml_events *events;
    xmlTextReader *reader;
    xmlSchemaValidCtxt *valid;
    bool broken, leaf;
    char *text; /* of the innermost element */
    size_t n, cap;
};

static void tell(struct stream *s, enum xml_stream_fault kind, int line, const char *message)
{
    if (s->events->fault && !(s->broken && kind == XML_STREAM_FORM))
        s->events->fault(s->events->ctx, kind, line, str_trim(str_of(message)));
    if (kind == XML_STREAM_FORM)
        s->broken = true;
}

static void on_form(void *ctx, xmlErrorPtr error)
{
    if (error->domain != XML_FROM_SCHEMASV && error->level >= XML_ERR_ERROR)
        tell(ctx, XML_STREAM_FORM, error->line, error->message ? error->message : "not well formed");
}

static void on_invalid(void *ctx, xmlErrorPtr error)
{
    tell(ctx, XML_STREAM_SCHEMA, error->line, error->message ? error->message : "not valid");
}

static void add_text(struct stream *s, const char *p)
{
    size_t n = p ? strlen(p) : 0;
    if (s->n + n > XML_STREAM_TEXT)
        n = XML_STREAM_TEXT - s->n;
    if (s->n + n > s->cap) {
        s->cap = (s->n + n) * 2 + 256;
        s->text = realloc(s->text, s->cap);
        assert(s->text);
    }
    if (n)
        memcpy(s->text + s->n, p, n);
    s->n += n;
}

static struct xml_at place(struct stream *s)
{
    return (struct xml_at){.name = str_of((const char *)xmlTextReaderConstLocalName(s->reader)),
                           .line = xmlTextReaderGetParserLineNumber(s->reader),
                           .depth = xmlTextReaderDepth(s->reader),
                           .reader = s->reader};
}

static void at_end(struct stream *s, const struct xml_at *at)
{
    struct str text = s->leaf ? str_make(s->text ? s->text : "", s->n) : S("");
    if (s->events->end)
        s->events->end(s->events->ctx, at, s->leaf, text);
    s->leaf = false;
    s->n = 0;
}

static void node(struct stream *s)
{
    struct xml_at at;
    switch (xmlTextReaderNodeType(s->reader)) {
    case XML_READER_TYPE_ELEMENT:
        at = place(s);
        s->leaf = true;
        s->n = 0;
        bool empty = xmlTextReaderIsEmptyElement(s->reader) == 1;
        if (s->events->begin)
            s->events->begin(s->events->ctx, &at);
        if (empty)
            at_end(s, &at);
        break;
    case XML_READER_TYPE_END_ELEMENT:
        at = place(s);
        at_end(s, &at);
        break;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
    case XML_READER_TYPE_WHITESPACE:
        add_text(s, (const char *)xmlTextReaderConstValue(s->reader));
        break;
    case XML_READER_TYPE_DOCUMENT_TYPE:
    case XML_READER_TYPE_ENTITY_REFERENCE:
        tell(s, XML_STREAM_FORM, xmlTextReaderGetParserLineNumber(s->reader),
             "a document type or an entity: not allowed here");
        break;
    default:
        break;
    }
}

struct str xml_at_attr(const struct xml_at *at, const char *name)
{
    xmlTextReader *r = at->reader;
    struct str found = {0};
    for (int more = xmlTextReaderMoveToFirstAttribute(r); more == 1 && !found.p;
         more = xmlTextReaderMoveToNextAttribute(r))
        if (!strcmp((const char *)xmlTextReaderConstLocalName(r), name))
            found = str_of((const char *)xmlTextReaderConstValue(r));
    xmlTextReaderMoveToElement(r);
    return found;
}

enum err xml_stream(struct cx *cx, int fd, struct xml_schema *schema, const struct xml_events *events)
{
    struct stream s = {.cx = cx, .events = events};
    s.reader = xmlReaderForFd(fd, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOCDATA);
    if (schema)
        s.valid = xmlSchemaNewValidCtxt(schema->schema);
    if (!s.reader || (schema && !s.valid)) {
        xmlFreeTextReader(s.reader);
        return fail(cx, ERR_INTERNAL, "libxml2 makes no reader");
    }
    xmlTextReaderSetStructuredErrorHandler(s.reader, on_form, &s);
    if (s.valid) {
        xmlTextReaderSchemaValidateCtxt(s.reader, s.valid, 0);
        xmlSchemaSetValidStructuredErrors(s.valid, on_invalid, &s);
    }
    int more = 1;
    while (!s.broken && (more = xmlTextReaderRead(s.reader)) == 1)
        node(&s);
    if (more < 0)
        tell(&s, XML_STREAM_FORM, xmlTextReaderGetParserLineNumber(s.reader), "not well formed");
    xmlFreeTextReader(s.reader);
    if (s.valid)
        xmlSchemaFreeValidCtxt(s.valid);
    free(s.text);
    return ERR_OK;
}
