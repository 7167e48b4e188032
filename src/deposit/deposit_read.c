#include "deposit_read.h"

#include <string.h>

#include "deposit_internal.h"

enum { WHO_BYTES = 400 };

static const char *const unit_names[UNIT_KIND_COUNT] = {
    "arkiv", "arkivdel",     "klassifikasjonssystem", "klasse",
    "mappe", "registrering", "dokumentbeskrivelse",   "dokumentobjekt"};
static const char *const field_names[FIELD_COUNT] = {
#define ROW(upper, name) name,
#include "deposit_fields.tbl"
#undef ROW
};

static enum unit_kind kind_of(struct str name)
{
    for (int i = 0; i < UNIT_KIND_COUNT; i++)
        if (str_eq_z(name, unit_names[i]))
            return (enum unit_kind)i;
    return UNIT_KIND_COUNT;
}

/* "n5:journalpost" and "journalpost" */
static bool is_type(struct str type, const char *name)
{
    size_t colon = str_find_char(type, ':', 0);
    return str_eq_z(colon < type.n ? str_slice(type, colon + 1, type.n) : type, name);
}

static void begin_unit(struct deposit_reading *r, enum unit_kind kind, const struct xml_at *at)
{
    struct arena_mark mark = arena_mark(r->cx->arena);
    struct deposit_unit *u = arena_new_of(r->cx->arena, struct deposit_unit);
    *u = (struct deposit_unit){.kind = kind, .line = at->line, .parent = r->open, .mark = mark};
    u->journal = kind == UNIT_REGISTRATION && is_type(xml_at_attr(at, "type"), "journalpost");
    if (r->open)
        r->open->n_units++;
    r->open = u;
    if (r->begin)
        r->begin(r->ctx, u);
}

static void on_begin(void *ctx, const struct xml_at *at)
{
    struct deposit_reading *r = ctx;
    enum unit_kind kind = kind_of(at->name);
    if (r->element)
        r->element(r->ctx, at);
    if (kind < UNIT_KIND_COUNT) {
        begin_unit(r, kind, at);
        r->inside = S("");
        return;
    }
    if (!r->open)
        return;
    static const char *const groups[] = {"korrespondansepart",
                                         "skjerming",
                                         "kassasjon",
                                         "utfoertKassasjon",
                                         "part",
                                         "merknad",
                                         "kryssreferanse",
                                         "arkivskaper",
                                         "konvertering",
                                         "avskrivning",
                                         "gradering",
                                         "sletting",
                                         "dokumentflyt",
                                         "presedens",
                                         "elektroniskSignatur",
                                         "virksomhetsspesifikkeMetadata",
                                         "moetedeltaker"};
    for (size_t i = 0; str_empty(r->inside) && i < sizeof groups / sizeof *groups; i++)
        if (str_eq_z(at->name, groups[i]))
            r->inside = str_of(groups[i]);
    r->open->screened |= str_eq(at->name, S("skjerming"));
    r->open->disposed |= str_eq(at->name, S("utfoertKassasjon"));
    r->open->n_correspondents += str_eq(at->name, S("korrespondansepart"));
}

static void keep_field(struct deposit_reading *r, struct str name, struct str text)
{
    for (int i = 0; i < FIELD_COUNT; i++)
        if (str_eq_z(name, field_names[i])) {
            if (!r->open->field[i].n)
                r->open->field[i] = str_dup(r->cx->arena, str_trim(text));
            return;
        }
}

static void keep_leaf(struct deposit_reading *r, struct str name, struct str text)
{
    struct deposit_unit *u = r->open;
    if (str_empty(r->inside)) {
        keep_field(r, name, text);
    } else if (str_eq(name, S("korrespondansepartNavn")) && u->who.n < WHO_BYTES) {
        struct str more = str_slice(str_trim(text), 0, WHO_BYTES);
        u->who = str_fmt(r->cx->arena, "%.*s%s%.*s", STR_ARG(u->who), u->who.n ? "; " : "", STR_ARG(more));
    } else if (str_eq(name, S("kassasjonsvedtak"))) {
        u->to_dispose = str_ieq(str_trim(text), S("Kasseres"));
    }
}

static void on_end(void *ctx, const struct xml_at *at, bool leaf, struct str text)
{
    struct deposit_reading *r = ctx;
    struct deposit_unit *u = r->open;
    if (leaf && r->leaf)
        r->leaf(r->ctx, at, text);
    if (u && kind_of(at->name) == u->kind) {
        if (r->end)
            r->end(r->ctx, u);
        r->open = u->parent;
        arena_reset(r->cx->arena, u->mark);
        r->inside = S("");
        return;
    }
    if (u && leaf)
        keep_leaf(r, at->name, text);
    if (str_eq(at->name, r->inside))
        r->inside = S("");
}

static void on_fault(void *ctx, enum xml_stream_fault kind, int line, struct str detail)
{
    struct deposit_reading *r = ctx;
    if (r->fault)
        r->fault(r->ctx, kind, line, detail);
}

enum err deposit_read_structure(struct deposit_reading *r, int fd, struct xml_schema *schema)
{
    struct arena_mark mark = arena_mark(r->cx->arena);
    struct xml_events events = {.ctx = r, .begin = on_begin, .end = on_end, .fault = on_fault};
    r->open = NULL;
    r->inside = S("");
    enum err e = xml_stream(r->cx, fd, schema, &events);
    if (!e)
        arena_reset(r->cx->arena, mark);
    return e;
}

/* ---- the description ---- */

static void copy(char *to, size_t size, struct str text)
{
    struct str t = str_trim(text);
    size_t n = t.n < size ? t.n : size - 1;
    if (n) /* an empty text has no address */
        memcpy(to, t.p, n);
    to[n] = 0;
}
#define COPY(to, text) copy((to), sizeof(to), (text))

static void addml_begin(void *ctx, const struct xml_at *at)
{
    struct addml_reading *r = ctx;
    if (at->depth < 0 || at->depth >= 32)
        return;
    COPY(r->name[at->depth], xml_at_attr(at, "name"));
    if (str_eq(at->name, S("dataObject")))
        r->new_object = true;
}

static bool named(const struct addml_reading *r, int depth, const char *name)
{
    return depth >= 0 && depth < 32 && !strcmp(r->name[depth], name);
}

static void file_value(struct addml_reading *r, int d, int line, struct str text)
{
    struct addml *a = r->addml;
    if (named(r, d, "name") && named(r, d - 2, "file") && a->n_files < ADDML_MOST) {
        struct addml_file *f = &a->file[a->n_files++];
        *f = (struct addml_file){.line = line};
        COPY(f->name, text);
        if (r->new_object)
            COPY(r->object_file, text);
        r->new_object = false;
    } else if (a->n_files && named(r, d - 2, "checksum") && named(r, d - 4, "file")) {
        struct addml_file *f = &a->file[a->n_files - 1];
        if (named(r, d, "algorithm"))
            COPY(f->algorithm, text);
        else if (named(r, d, "value"))
            COPY(f->sum, text);
    }
}

static void count_value(struct addml_reading *r, int d, int line, struct str text)
{
    struct addml *a = r->addml;
    if (named(r, d, "numberOfOccurrences") && a->n_counts < ADDML_MOST) {
        struct addml_count *c = &a->count[a->n_counts++];
        *c = (struct addml_count){.n = -1, .line = line};
        COPY(c->file, str_of(r->object_file));
        COPY(c->element, text);
    } else if (a->n_counts && named(r, d - 2, "numberOfOccurrences")) {
        struct addml_count *c = &a->count[a->n_counts - 1];
        if (named(r, d, "value") && !str_to_i64(str_trim(text), &c->n))
            c->n = -1;
        if (named(r, d, "elementPath")) {
            size_t at = text.n;
            while (at && text.p[at - 1] != '/' && text.p[at - 1] != ':')
                at--;
            COPY(c->element, str_slice(text, at, text.n));
        }
    }
}

static void word_value(struct addml_reading *r, int d, struct str text)
{
    struct addml *a = r->addml;
    const struct {
        const char *name;
        char *to;
        size_t size;
    } words[] = {{"recordCreator", a->owner, sizeof a->owner},
                 {"systemName", a->system, sizeof a->system},
                 {"archive", a->archive, sizeof a->archive},
                 {"startDate", a->from, sizeof a->from},
                 {"endDate", a->to, sizeof a->to},
                 {"inngaaendeSkille", a->in, sizeof a->in},
                 {"utgaaendeSkille", a->out, sizeof a->out},
                 {"inneholderSkjermetInformasjon", a->screened, sizeof a->screened},
                 {"omfatterDokumenterSomErKassert", a->disposed, sizeof a->disposed},
                 {"inneholderDokumenterSomSkalKasseres", a->to_dispose, sizeof a->to_dispose},
                 {"inneholderVirksomhetsspesifikkeMetadata", a->vsm, sizeof a->vsm}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (named(r, d, words[i].name) && !words[i].to[0])
            copy(words[i].to, words[i].size, text);
    if (named(r, d, "antallDokumentfiler") && !str_to_i64(str_trim(text), &a->documents))
        a->documents = -1;
}

static void addml_end(void *ctx, const struct xml_at *at, bool leaf, struct str text)
{
    struct addml_reading *r = ctx;
    if (leaf && r->leaf)
        r->leaf(r->ctx, at, text);
    if (!leaf || !str_eq(at->name, S("value")) || at->depth >= 32)
        return;
    file_value(r, at->depth - 1, at->line, text);
    count_value(r, at->depth - 1, at->line, text);
    word_value(r, at->depth - 1, text);
}

static void addml_fault(void *ctx, enum xml_stream_fault kind, int line, struct str detail)
{
    struct addml_reading *r = ctx;
    if (r->fault)
        r->fault(r->ctx, kind, line, detail);
}

enum err deposit_read_addml(struct cx *cx, struct addml_reading *r, int fd, struct xml_schema *schema)
{
    struct xml_events events = {.ctx = r, .begin = addml_begin, .end = addml_end, .fault = addml_fault};
    *r->addml = (struct addml){.documents = -1};
    return xml_stream(cx, fd, schema, &events);
}
