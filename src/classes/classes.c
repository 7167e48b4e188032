#include "classes.h"

#include "classes_store.h"
#include "codec/xml_stream.h"

enum { TITLE_MAX = 200, CLASSES_MAX = 20000 };

struct class
{
    struct str key, title;
    int line;
    bool expired;
};

struct reading {
    struct cx *cx;
    VEC_OF(struct class) rows;
    struct class now;
    bool in_subject, any;
    int line; /* of the first fault; 0: none */
    struct str fault;
};

static void at_fault(struct reading *r, int line, const char *what)
{
    if (r->line)
        return;
    r->line = line ? line : 1;
    r->fault = str_of(what);
}

/* "27.60.10" */
static bool is_number(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (i % 3 == 2 ? s.p[i] != '.' : s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n == 8;
}

static void on_begin(void *ctx, const struct xml_at *at)
{
    struct reading *r = ctx;
    if (str_eq(at->name, S("Emne"))) {
        r->now = (struct class){.line = at->line};
        r->in_subject = true;
    }
    r->any |= str_eq(at->name, S("Hovedgruppe"));
}

static void end_subject(struct reading *r)
{
    r->in_subject = false;
    if (!is_number(r->now.key))
        at_fault(r, r->now.line, "a subject has no number such as 27.60.10 (EmneNr)");
    else if (!r->now.title.n || text_length(r->now.title) > TITLE_MAX || !text_clean(r->now.title))
        at_fault(r, r->now.line, "a subject has no title of at most 200 characters (EmneTitel)");
    else if (r->rows.n == CLASSES_MAX)
        at_fault(r, r->now.line, "more than 20 000 subjects");
    else
        vec_add(r->cx->arena, &r->rows, r->now);
}

static void on_end(void *ctx, const struct xml_at *at, bool leaf, struct str text)
{
    struct reading *r = ctx;
    if (r->line)
        return;
    if (str_eq(at->name, S("Emne"))) {
        end_subject(r);
    } else if (r->in_subject && leaf && str_eq(at->name, S("EmneNr"))) {
        r->now.key = str_dup(r->cx->arena, str_trim(text));
    } else if (r->in_subject && leaf && str_eq(at->name, S("EmneTitel"))) {
        r->now.title = str_dup(r->cx->arena, str_trim(text));
    } else if (r->in_subject && str_eq(at->name, S("UdgaaetDato"))) {
        r->now.expired = true;
    }
}

static void on_fault(void *ctx, enum xml_stream_fault kind, int line, struct str detail)
{
    struct reading *r = ctx;
    (void)kind;
    if (!r->line)
        at_fault(r, line, str_z(r->cx->arena, detail));
}

struct putting {
    const struct reading *r;
    struct classes_counts n;
};

static enum err put_one(struct cx *cx, struct putting *p, int64_t series_id, const struct class *c)
{
    struct q_classes_get row;
    bool found;
    enum err e = q_classes_get(cx, series_id, c->key, &row, &found);
    if (e)
        return e;
    if (!found && c->expired) {
        p->n.expired++;
        return ERR_OK;
    }
    if (!found) {
        p->n.added++;
        return q_classes_add(cx, rand_id(), series_id, c->key, c->title, cx->now_us);
    }
    if (str_eq(row.title, c->title)) {
        p->n.unchanged++;
        return ERR_OK;
    }
    p->n.renamed++;
    return q_classes_rename(cx, row.id, c->title);
}

static enum err put(struct cx *cx, void *ctx)
{
    struct putting *p = ctx;
    struct q_classes_series series;
    bool found;
    p->n = (struct classes_counts){0};
    enum err e = q_classes_series(cx, &series, &found);
    if (!e && !found)
        e = fail(cx, ERR_CONFIG, "there is no archive yet: start the server once");
    for (size_t i = 0; !e && i < p->r->rows.n; i++)
        e = put_one(cx, p, series.id, &p->r->rows.p[i]);
    return e;
}

enum err classes_import_kle(struct cx *cx, int fd, struct classes_counts *ret)
{
    struct reading r = {.cx = cx};
    struct xml_events events = {.ctx = &r, .begin = on_begin, .end = on_end, .fault = on_fault};
    enum err e = xml_stream(cx, fd, NULL, &events);
    if (e)
        return e;
    if (r.line)
        return fail(cx, ERR_SYNTAX, "line %d: %.*s", r.line, STR_ARG(r.fault));
    if (!r.any || !r.rows.n)
        return fail(cx, ERR_SYNTAX, "line 1: no subjects of KLE (Hovedgruppe, Gruppe, Emne) are in it");
    struct putting p = {.r = &r};
    e = db_write(cx, put, &p);
    if (!e)
        *ret = p.n;
    return e;
}
