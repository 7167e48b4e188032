/* Paths of a filter: from an entity down to an attribute. A path that leads through a relation becomes EXISTS over the
   rows of what it leads to, with the permission filter in it. */
#include <string.h>

#include "noark/odata_filter.h"

struct str sql_json(struct sql *q, struct str alias, const struct wanted *path)
{
    struct buf b = buf_make(q->cx->arena);
    if (q->pg)
        buf_fmt(&b, "(CAST(%.*s.body AS jsonb) #>> '{", STR_ARG(alias));
    else
        buf_fmt(&b, "json_extract(%.*s.body, '$", STR_ARG(alias));
    for (size_t i = 0; i < path->n; i++)
        buf_fmt(&b, "%s\"%.*s\"", q->pg ? (i ? "," : "") : ".", STR_ARG(path->names[i]));
    buf_add_z(&b, q->pg ? "}')" : "')");
    return buf_str(&b);
}

static bool same_path(const struct wanted *a, const struct wanted *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++)
        same = str_eq(a->names[i], b->names[i]);
    return same;
}

/* Of the row e a column that its table gives as it can; of others, JSON. */
static struct str json_path(struct sql *q, struct str alias, const struct str *names, size_t n)
{
    struct wanted path = {.n = n};
    size_t i = 0;
    memcpy(path.names, names, n * sizeof *names);
    if (!str_eq(alias, S("e")))
        q->bodies_asked |= sql_alias_bit(alias);
    if (q->dry || !str_eq(alias, S("e")))
        return sql_json(q, alias, &path);
    while (i < q->n_wanted && !same_path(&q->wanted[i], &path))
        i++;
    if (i == WANTED_MAX) {
        q->body = true;
        return sql_json(q, alias, &path);
    }
    if (i == q->n_wanted)
        q->wanted[q->n_wanted++] = path;
    return str_fmt(q->cx->arena, "e.f%zu", i);
}

static bool own_name(struct str s)
{
    size_t colon = str_find_char(s, ':', 0);
    if (colon == 0 || colon + 1 >= s.n)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (i != colon && !(s.p[i] >= 'a' && s.p[i] <= 'z') && !lex_digit(s.p[i]) && s.p[i] != '-')
            return false;
    return true;
}

/* An attribute of the type, or of one of its subtypes: mappe knows saksaar. */
const struct noark_attr *path_attr(const struct noark_type *t, struct str word)
{
    const struct noark_attr *a = noark_attr_named(t, word);
    for (size_t i = 0; !a && i < noark_types_n; i++)
        if (!noark_types[i].is_group && noark_is_a(&noark_types[i], t))
            a = noark_attr_named(&noark_types[i], word);
    return a;
}

static struct str typed_value(struct sql *q, struct str sql, enum noark_kind kind)
{
    struct arena *a = q->cx->arena;
    switch (kind) {
    case NOARK_INT:
    case NOARK_REAL:
        return q->pg ? str_fmt(a, "CAST(%.*s AS double precision)", STR_ARG(sql)) : sql;
    case NOARK_BOOL:
        return q->pg ? str_fmt(a, "(CASE %.*s WHEN 'true' THEN 1 WHEN 'false' THEN 0 END)", STR_ARG(sql)) : sql;
    case NOARK_TIME:
        return q->pg ? str_fmt(a, "CAST(%.*s AS timestamptz)", STR_ARG(sql))
                     : str_fmt(a, "julianday(%.*s)", STR_ARG(sql));
    default:
        return sql;
    }
}

/* The rows of another type that belong to this one by a relation of that name. */
bool path_navigate(struct compiler *c, const struct place *at, struct str word, const struct noark_type **ret_t,
                   struct str *ret_alias, struct str *ret_join)
{
    struct sql *q = c->q;
    const struct noark_type *t = NULL;
    struct str alias = sql_alias(q);
    struct arena *a = c->cx->arena;
    for (size_t i = 0; i < noark_types_n; i++) {
        const struct noark_type *from = &noark_types[i];
        if (from->is_group || !(noark_is_a(from, at->t) || noark_is_a(at->t, from)))
            continue;
        for (int k = 0; k < from->n_children && !t; k++) {
            const struct noark_type *to = &noark_types[from->children[k].type];
            const char *rel = from->children[k].as[0] ? from->children[k].as : to->name;
            if (str_eq_z(word, rel)) {
                t = to;
                *ret_join = str_fmt(a, "%.*s.parent_id = %.*s.id", STR_ARG(alias), STR_ARG(at->alias));
            }
        }
    }
    for (size_t i = 0; i < noark_links_n && !t; i++)
        for (int end = 0; end < 2 && !t; end++) {
            const struct noark_link *link = &noark_links[i];
            const struct noark_type *mine = &noark_types[link->ends[end]];
            if (!str_eq_z(word, link->rel[end]) || !(noark_is_a(at->t, mine) || noark_is_a(mine, at->t)))
                continue;
            t = &noark_types[link->ends[!end]];
            *ret_join =
                str_fmt(a,
                        "EXISTS (SELECT 1 FROM noark_reference link WHERE link.kind = %d AND link.%s = %.*s.id AND "
                        "link.%s = %.*s.id)",
                        link->kind, end ? "b_id" : "a_id", STR_ARG(at->alias), end ? "a_id" : "b_id", STR_ARG(alias));
        }
    struct str up = str_starts(word, S("over")) ? str_slice(word, 4, word.n) : word;
    for (size_t i = 0; i < noark_types_n && !t; i++)
        if (!noark_types[i].is_group && !noark_types[i].is_list && str_eq_z(up, noark_types[i].name)) {
            t = &noark_types[i];
            *ret_join = str_fmt(a, "%.*s.id = %.*s.parent_id", STR_ARG(alias), STR_ARG(at->alias));
        }
    *ret_t = t;
    *ret_alias = alias;
    return t != NULL;
}

struct str path_exists(struct compiler *c, const struct noark_type *t, struct str alias, struct str join)
{
    struct str rows = sql_rows_joined(c->q, t, alias, join), type = sql_typed(c->q, t, alias);
    return str_cat(c->cx->arena, S("EXISTS (SELECT 1 FROM "), rows, S(" WHERE "), type, S(" AND "));
}

/* The values of a list attribute as rows v(value). */
struct str path_list(struct compiler *c, struct str alias, const struct str *names, size_t n, struct str v)
{
    struct sql *q = c->q;
    struct str path = json_path(q, alias, names, n);
    if (!q->pg)
        return str_fmt(c->cx->arena, "EXISTS (SELECT 1 FROM json_each(coalesce(%.*s, '[]')) %.*s WHERE ", STR_ARG(path),
                       STR_ARG(v));
    return str_fmt(
        c->cx->arena,
        "EXISTS (SELECT 1 FROM jsonb_array_elements(CAST(coalesce(%.*s, '[]') AS jsonb)) AS %.*s(value) WHERE ",
        STR_ARG(path), STR_ARG(v));
}

struct str path_list_value(struct compiler *c, struct str v, const struct str *names, size_t n)
{
    struct sql *q = c->q;
    struct buf b = buf_make(c->cx->arena);
    if (n == 0)
        return q->pg ? str_fmt(c->cx->arena, "(%.*s.value #>> '{}')", STR_ARG(v))
                     : str_fmt(c->cx->arena, "%.*s.value", STR_ARG(v));
    buf_fmt(&b, q->pg ? "(%.*s.value #>> '{" : "json_extract(%.*s.value, '$", STR_ARG(v));
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, q->pg ? "%s\"%.*s\"" : "%s\"%.*s\"", q->pg ? (i ? "," : "") : ".", STR_ARG(names[i]));
    buf_add_z(&b, q->pg ? "}')" : "')");
    return buf_str(&b);
}

/* A field of our own is compared as the text of its value. */
static struct str own_value(struct compiler *c, struct str sql)
{
    return str_fmt(c->cx->arena, "CAST(%.*s AS text)", STR_ARG(sql));
}

/* A path on its way down from an attribute through data types to a value. */
struct descent {
    const struct place *at;
    const struct path *p;
    size_t i;                             /* a is its words[i] */
    const struct noark_attr *a;           /* NULL: there is none */
    struct str v;                         /* the value of a list on the way; empty: none */
    struct str names[NOARK_PATH_MAX + 2]; /* from the entity, or that value, down to a */
    size_t n;
};

static struct str value_of(struct compiler *c, const struct descent *d)
{
    return d->v.n ? path_list_value(c, d->v, d->names, d->n) : json_path(c->q, d->at->alias, d->names, d->n);
}

static void into_list(struct compiler *c, struct descent *d, struct operand *ret)
{
    d->v = sql_alias(c->q);
    ret->before = str_cat(c->cx->arena, ret->before, path_list(c, d->at->alias, d->names, d->n, d->v));
    ret->after = str_cat(c->cx->arena, S(")"), ret->after);
    d->n = 0;
    bool twice = d->i + 1 < d->p->n && d->a->kind == NOARK_TEXT && str_eq_z(d->p->words[d->i + 1], d->a->name);
    d->i += twice; /* noekkelord/noekkelord */
}

static enum err own_field(struct compiler *c, struct descent *d, struct operand *ret)
{
    if (d->i + 2 != d->p->n || !own_name(d->p->words[d->i + 1]))
        return filter_wrong(c, "a field of virksomhetsspesifikkeMetadata is named by its whole name");
    d->names[d->n++] = d->p->words[d->i + 1];
    ret->sql = own_value(c, json_path(c->q, d->at->alias, d->names, d->n));
    ret->type = NOARK_TEXT;
    return ERR_OK;
}

/* What lies in the object of a code or identity number. A code of the house's own entities is the code alone. */
static struct str inner_value(struct compiler *c, struct descent *d, const char *name)
{
    struct str plain = value_of(c, d);
    d->names[d->n++] = str_of(name);
    struct str inner = value_of(c, d);
    return strcmp(name, "kode") || d->v.n
               ? inner
               : str_fmt(c->cx->arena, "coalesce(%.*s, %.*s)", STR_ARG(inner), STR_ARG(plain));
}

/* What has a column of its own in every source. */
static const char *column_of(const struct noark_attr *a, bool code_name)
{
    static const struct {
        const char *attr, *column;
    } columns[] = {{"mappeID", "no"},           {"klasseID", "no"},     {"saksstatus", "state"},
                   {"journalposttype", "kind"}, {"journalaar", "year"}, {"saksaar", "year"}};
    for (size_t i = 0; !code_name && i < sizeof columns / sizeof *columns; i++)
        if (!strcmp(a->name, columns[i].attr))
            return columns[i].column;
    return NULL;
}

static enum err leaf(struct compiler *c, struct descent *d, struct operand *ret)
{
    const struct noark_attr *a = d->a;
    bool last = d->i + 1 == d->p->n, code = a->kind == NOARK_CODE;
    struct str below = last ? S("kode") : d->p->words[d->i + 1];
    bool code_name = code && str_eq_z(below, "kodenavn");
    if (!last && !(code && d->i + 2 == d->p->n && (code_name || str_eq_z(below, "kode"))))
        return filter_wrong(c, "nothing lies below this attribute");
    ret->type = code ? NOARK_TEXT : a->kind;
    ret->is_id = !strcmp(a->name, "systemID");
    if (ret->is_id)
        ret->sql = str_cat(c->cx->arena, d->at->alias, S(".id"));
    else if (!d->v.n && d->n == 1 && column_of(a, code_name))
        ret->sql = str_cat(c->cx->arena, d->at->alias, S("."), str_of(column_of(a, code_name)));
    else if (code || a->kind == NOARK_SECRET)
        ret->sql = inner_value(c, d, !code ? "#" : code_name ? "kodenavn" : "kode");
    else if (!d->v.n && d->n == 1 && !strcmp(a->name, "tittel"))
        ret->sql = str_fmt(c->cx->arena, "%.*s.title", STR_ARG(d->at->alias));
    else
        ret->sql = typed_value(c->q, value_of(c, d), a->kind);
    return ERR_OK;
}

static enum err attr_path(struct compiler *c, const struct place *at, const struct path *p, size_t i,
                          struct operand *ret)
{
    struct descent d = {.at = at, .p = p, .i = i, .a = path_attr(at->t, p->words[i])};
    while (d.a) {
        d.names[d.n++] = str_of(d.a->name);
        if ((d.a->flags & NOARK_MANY) && !d.v.n)
            into_list(c, &d, ret);
        if (d.a->kind == NOARK_OWN)
            return own_field(c, &d, ret);
        if (d.a->kind != NOARK_GROUP)
            return leaf(c, &d, ret);
        if (d.i + 1 == d.p->n)
            return filter_wrong(c, "an object is not compared, only what lies in it");
        d.a = noark_attr_named(&noark_types[d.a->of], d.p->words[++d.i]);
    }
    return filter_wrong(c, "no such attribute");
}

const struct place *path_place(const struct place *at, struct str word)
{
    for (; at; at = at->outer)
        if (at->variable.n && str_eq(at->variable, word))
            return at;
    return NULL;
}

/* A path: through relations to an attribute. Each step stands for "there is one that". */
enum err path_operand(struct compiler *c, const struct place *at, struct path *p, struct operand *ret)
{
    size_t i = 0;
    const struct place *by_variable = path_place(at, p->words[0]);
    struct place here = by_variable ? *by_variable : *at;
    while (!by_variable && here.variable.n && here.outer) /* without a variable: the entity of the list */
        here = *here.outer;
    i = by_variable ? 1 : 0;
    ret->kind = O_ATTR;
    ret->before = ret->after = S("");
    if (by_variable && here.element.n) {
        if (p->n != 1)
            return filter_wrong(c, "a value of a list has nothing below it");
        ret->sql = here.element;
        ret->type = NOARK_TEXT;
        return ERR_OK;
    }
    for (; i < p->n; i++) {
        if (p->n == i + 1 && own_name(p->words[i])) { /* the short form of a field of our own */
            const struct str names[] = {S("virksomhetsspesifikkeMetadata"), p->words[i]};
            ret->sql = own_value(c, json_path(c->q, here.alias, names, 2));
            ret->type = NOARK_TEXT;
            return ERR_OK;
        }
        if (path_attr(here.t, p->words[i]))
            return attr_path(c, &here, p, i, ret);
        const struct noark_type *t;
        struct str alias, join;
        if (++c->q->depth > NOARK_FILTER_DEPTH || !path_navigate(c, &here, p->words[i], &t, &alias, &join))
            return filter_wrong(c, "no such attribute or relation");
        ret->before = str_cat(c->cx->arena, ret->before, path_exists(c, t, alias, join));
        ret->after = str_cat(c->cx->arena, S(")"), ret->after);
        here = (struct place){.t = t, .alias = alias};
    }
    return filter_wrong(c, "a path ends in an attribute");
}

enum err path_take(struct compiler *c, struct path *p)
{
    struct str rest = c->l.text, word;
    p->n = 0;
    while (str_cut(&rest, '/', &word)) {
        if (!word.n || p->n == NOARK_PATH_MAX)
            return filter_wrong(c, "a path that is too long, or with an empty step");
        p->words[p->n++] = word;
    }
    lex_next(c->cx, &c->l);
    return ERR_OK;
}
