/* libxml2's parser speaks to us element by element; its tree is never made. Names and namespaces stay in its
   dictionary, which lives as long as the arena. */
#include "xml.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

struct reading {
    struct cx *cx;
    struct str file;
    xmlParserCtxtPtr parser;
    xmlDictPtr names;
    xmlStructuredErrorFunc told; /* whom this thread's libxml2 told its errors before */
    void *told_ctx;
    struct xml *root;
    int depth;
    size_t elements;
    enum err err; /* the first fault, with its detail in cx */
    struct {
        struct xml *e;
        struct buf text;
        VEC_OF(struct xml *) items;
    } open[XML_MAX_DEPTH];
};

static struct reading *reading_of(void *ctx)
{
    return ((xmlParserCtxtPtr)ctx)->_private;
}

static int line_of(const struct reading *r)
{
    return r->parser->input ? r->parser->input->line : 0;
}

static void stop(struct reading *r, enum err e, const char *what)
{
    if (!r->err)
        r->err = fail(r->cx, e, "%.*s:%d: %s", STR_ARG(r->file), line_of(r), what);
    xmlStopParser(r->parser);
}

static void on_error(void *ctx, xmlErrorPtr error)
{
    struct reading *r = reading_of(ctx);
    /* a prefix that nobody declared is a vendor's slip, and no reason to refuse the rest */
    if (r->err || error->level < XML_ERR_ERROR || error->domain == XML_FROM_NAMESPACE)
        return;
    struct str what = str_trim(str_of(error->message ? error->message : "not well-formed"));
    r->err = fail(r->cx, ERR_SYNTAX, "%.*s:%d: %.*s", STR_ARG(r->file), error->line, STR_ARG(what));
}

/* Faults of an encoding know no parser: libxml2 would write them on standard error. The parser's own follow. */
static void be_silent(void *ctx, xmlErrorPtr error)
{
    (void)ctx, (void)error;
}

static void on_doctype(void *ctx, const xmlChar *name, const xmlChar *id, const xmlChar *system)
{
    (void)name, (void)id, (void)system;
    stop(reading_of(ctx), ERR_SYNTAX, "a DOCTYPE is not taken");
}

static xmlEntityPtr on_entity(void *ctx, const xmlChar *name)
{
    (void)ctx;
    return xmlGetPredefinedEntity(name);
}

static struct str name_of(const xmlChar *z)
{
    return str_of((const char *)z);
}

static bool is_blank(struct str s)
{
    return !str_trim(s).n;
}

/* libxml2 gives five pointers an attribute: name, prefix, namespace, value, end of value. */
static void take_attrs(struct arena *a, struct xml *e, int n, const xmlChar **attrs)
{
    e->n_attrs = (size_t)n;
    e->attrs = arena_array(a, struct xml_attr, e->n_attrs);
    for (size_t i = 0; i < e->n_attrs; i++) {
        const xmlChar **at = attrs + 5 * i;
        e->attrs[i] = (struct xml_attr){.ns = name_of(at[2]), .name = name_of(at[0])};
        e->attrs[i].value = str_dup(a, str_make((const char *)at[3], (size_t)(at[4] - at[3])));
    }
}

static void take_declared(struct arena *a, struct xml *e, int n, const xmlChar **namespaces)
{
    e->n_declared = (size_t)n;
    e->declared = arena_array(a, struct xml_attr, e->n_declared);
    for (size_t i = 0; i < e->n_declared; i++)
        e->declared[i] = (struct xml_attr){.name = name_of(namespaces[2 * i]), .value = name_of(namespaces[2 * i + 1])};
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns, int n_namespaces,
                     const xmlChar **namespaces, int n_attrs, int n_defaulted, const xmlChar **attrs)
{
    (void)prefix, (void)n_defaulted;
    struct reading *r = reading_of(ctx);
    struct arena *a = r->cx->arena;
    if (r->err)
        return;
    if (r->depth == XML_MAX_DEPTH)
        return stop(r, ERR_TOO_LARGE, "elements are nested too deep");
    if (++r->elements > XML_MAX_ELEMENTS)
        return stop(r, ERR_TOO_LARGE, "there are too many elements");
    struct xml *e = arena_new_of(a, struct xml);
    const struct xml *parent = r->depth ? r->open[r->depth - 1].e : NULL;
    e->name = name_of(name);
    e->ns = name_of(ns);
    e->line = line_of(r);
    e->parent = parent;
    take_attrs(a, e, n_attrs, attrs);
    take_declared(a, e, n_namespaces, namespaces);
    if (r->depth) {
        struct buf *before = &r->open[r->depth - 1].text;
        before->n = is_blank(buf_str(before)) ? 0 : before->n;
        vec_add(a, &r->open[r->depth - 1].items, e);
    } else {
        r->root = e;
    }
    r->open[r->depth].e = e;
    r->open[r->depth].text = buf_make(a);
    memset(&r->open[r->depth].items, 0, sizeof r->open[r->depth].items);
    r->depth++;
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns)
{
    (void)name, (void)prefix, (void)ns;
    struct reading *r = reading_of(ctx);
    if (r->err || !r->depth)
        return;
    r->depth--;
    struct xml *e = r->open[r->depth].e;
    e->text = buf_str(&r->open[r->depth].text);
    e->items = r->open[r->depth].items.p;
    e->n = r->open[r->depth].items.n;
    if (e->n && is_blank(e->text))
        e->text.n = 0;
}

static void on_text(void *ctx, const xmlChar *p, int n)
{
    struct reading *r = reading_of(ctx);
    if (r->err || !r->depth || n <= 0)
        return;
    struct buf *b = &r->open[r->depth - 1].text;
    if (!b->cap) { /* most texts come in one piece */
        b->p = arena_alloc(b->arena, (size_t)n);
        b->cap = (size_t)n;
    }
    buf_add(b, str_make((const char *)p, (size_t)n));
}

/* The parser dies with the arena too: a full arena leaves the callbacks by a jump. */
static void close_parser(void *p)
{
    struct reading *r = p;
    if (!r->parser)
        return;
    xmlFreeParserCtxt(r->parser);
    xmlSetStructuredErrorFunc(r->told_ctx, r->told);
    r->parser = NULL;
}

static void free_names(void *names)
{
    xmlDictFree(names);
}

static void set_handlers(struct reading *r)
{
    xmlSAXHandler *sax = r->parser->sax;
    memset(sax, 0, sizeof *sax);
    sax->initialized = XML_SAX2_MAGIC;
    sax->startElementNs = on_start;
    sax->endElementNs = on_end;
    sax->characters = on_text;
    sax->ignorableWhitespace = on_text;
    sax->cdataBlock = on_text;
    sax->internalSubset = on_doctype;
    sax->getEntity = on_entity;
    sax->serror = on_error;
    r->parser->_private = r;
    /* NOENT puts the five known entities into attribute values; no others can be declared without a DOCTYPE */
    xmlCtxtUseOptions(r->parser, XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOCDATA);
    r->parser->sax->cdataBlock = on_text; /* the option above clears it */
}

enum err xml_parse(struct cx *cx, struct str file, struct str text, const struct xml **ret)
{
    if (text.n > XML_MAX_BYTES)
        return fail(cx, ERR_TOO_LARGE, "%.*s:0: larger than %d bytes", STR_ARG(file), XML_MAX_BYTES);
    if (!text.n)
        return fail(cx, ERR_SYNTAX, "%.*s:1: the file is empty", STR_ARG(file));
    struct reading *r = arena_new_of(cx->arena, struct reading);
    *r = (struct reading){.cx = cx, .file = file, .parser = xmlCreateMemoryParserCtxt(text.p, (int)text.n)};
    if (!r->parser)
        return fail(cx, ERR_INTERNAL, "libxml2 makes no parser");
    r->told = xmlStructuredError;
    r->told_ctx = xmlStructuredErrorContext;
    arena_defer(cx->arena, close_parser, r);
    xmlSetStructuredErrorFunc(NULL, be_silent);
    r->names = r->parser->dict;
    xmlDictReference(r->names);
    arena_defer(cx->arena, free_names, r->names);
    set_handlers(r);
    xmlParseDocument(r->parser);
    bool formed = r->parser->wellFormed && r->root && !r->depth;
    close_parser(r);
    if (r->err)
        return r->err;
    if (!formed)
        return fail(cx, ERR_SYNTAX, "%.*s:1: not a well-formed document", STR_ARG(file));
    *ret = r->root;
    return ERR_OK;
}

static const struct xml_attr *find_attr(const struct xml *e, const char *name)
{
    for (size_t i = 0; e && i < e->n_attrs; i++)
        if (!e->attrs[i].ns.n && str_eq_z(e->attrs[i].name, name))
            return &e->attrs[i];
    return NULL;
}

struct str xml_attr(const struct xml *e, const char *name)
{
    const struct xml_attr *a = find_attr(e, name);
    return a ? a->value : (struct str){0};
}

bool xml_has_attr(const struct xml *e, const char *name)
{
    return find_attr(e, name) != NULL;
}

const struct xml *xml_child(const struct xml *e, const char *name)
{
    for (size_t i = 0; e && i < e->n; i++)
        if (str_eq_z(e->items[i]->name, name) && str_eq(e->items[i]->ns, e->ns))
            return e->items[i];
    return NULL;
}

struct str xml_namespace(const struct xml *e, struct str prefix)
{
    for (; e; e = e->parent)
        for (size_t i = 0; i < e->n_declared; i++)
            if (str_eq(e->declared[i].name, prefix))
                return e->declared[i].value;
    return (struct str){0};
}
