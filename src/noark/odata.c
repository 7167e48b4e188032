/* OData to SQL: the one place that composes SQL at run time. Names come from the model, values are bound; every source
   of rows carries the permission filter, so that what a list, a count, a search or an expansion gives is what a get
   would. */
#include <stdlib.h>
#include <string.h>

#include "keys/keys.h"
#include "noark/noark_internal.h"
#include "search/search.h"

/* ---- composing ---- */

enum { VALUES_MAX = 60, SQL_MAX = 1 << 19 };

struct sql {
    struct cx *cx;
    bool pg;
    struct db_col cols[VALUES_MAX];
    struct db_value values[VALUES_MAX];
    size_t n;
    int aliases, depth;
};

struct viewer_values {
    int64_t kind, party;
    struct db_ints refs;
};

/* What may_see asks; always the first four values. */
static void viewer_first(struct sql *q)
{
    const struct who *w = q->cx->who;
    bool employee = w && w->kind == WHO_EMPLOYEE;
    q->cols[0] = (struct db_col){"viewer_kind", DB_INT, false, 0};
    q->values[0] = (struct db_value){.i = employee ? 2 : 0};
    q->cols[1] = (struct db_col){"viewer_refs", DB_INTS, false, 0};
    q->values[1] = (struct db_value){.ints = employee ? (struct db_ints){w->unit_ids, w->n_units} : (struct db_ints){0}};
    q->cols[2] = (struct db_col){"viewer_party", DB_INT, false, 0};
    q->values[2] = (struct db_value){.i = employee ? w->party_id : 0};
    q->cols[3] = (struct db_col){"viewer_now", DB_INT, false, 0};
    q->values[3] = (struct db_value){.i = q->cx->now_us};
    q->n = 4;
}

static struct str bind(struct sql *q, enum db_kind kind, struct db_value v)
{
    if (q->n == VALUES_MAX)
        return S("NULL"); /* refused by too_many before it is run */
    q->cols[q->n] = (struct db_col){"value", kind, false, 0};
    q->values[q->n++] = v;
    return str_fmt(q->cx->arena, "%c%zu", q->pg ? '$' : '?', q->n);
}

static struct str bind_int(struct sql *q, int64_t v)
{
    return bind(q, DB_INT, (struct db_value){.i = v});
}

static struct str bind_text(struct sql *q, struct str s)
{
    return bind(q, DB_TEXT, (struct db_value){.s = s});
}

static struct str type_list(struct sql *q, const struct noark_type *t)
{
    struct buf b = buf_make(q->cx->arena);
    for (size_t i = 0; i < noark_types_n; i++)
        if (!noark_types[i].is_group && !noark_types[i].is_abstract && noark_is_a(&noark_types[i], t))
            buf_fmt(&b, "%s%d", b.n ? "," : "", noark_types[i].number);
    return buf_str(&b);
}

/* What the house has of a type. */
struct source {
    const struct db_stmt *stmt;
    const char *gives[3];
};

extern const struct db_stmt db_stmt_noark_from_item, db_stmt_noark_from_fonds, db_stmt_noark_from_series,
    db_stmt_noark_from_system, db_stmt_noark_from_class, db_stmt_noark_from_casefile, db_stmt_noark_from_registration,
    db_stmt_noark_from_document, db_stmt_noark_from_object, db_stmt_noark_from_correspondent;

static const struct source sources[] = {
    {&db_stmt_noark_from_fonds, {"arkiv"}},
    {&db_stmt_noark_from_series, {"arkivdel"}},
    {&db_stmt_noark_from_system, {"klassifikasjonssystem"}},
    {&db_stmt_noark_from_class, {"klasse"}},
    {&db_stmt_noark_from_casefile, {"saksmappe"}},
    {&db_stmt_noark_from_registration, {"arkivnotat", "journalpost"}},
    {&db_stmt_noark_from_document, {"dokumentbeskrivelse"}},
    {&db_stmt_noark_from_object, {"dokumentobjekt"}},
    {&db_stmt_noark_from_correspondent,
     {"korrespondansepartperson", "korrespondansepartenhet", "korrespondansepartintern"}},
};

static bool gives(const struct source *s, const struct noark_type *t)
{
    for (int i = 0; i < 3 && s->gives[i]; i++)
        if (noark_is_a(noark_type_of(s->gives[i]), t))
            return true;
    return false;
}

/* All rows of a type that the asker may see, as a table; alias e, or nN. */
static struct str rows_of(struct sql *q, const struct noark_type *t, struct str alias)
{
    struct buf b = buf_make(q->cx->arena);
    struct str types = type_list(q, t);
    buf_fmt(&b, "(%s AND i.type IN (%.*s)", db_stmt_noark_from_item.sql[q->pg], STR_ARG(types));
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (gives(&sources[i], t))
            buf_fmt(&b, " UNION ALL %s", sources[i].stmt->sql[q->pg]);
    buf_fmt(&b, ") %.*s", STR_ARG(alias));
    return buf_str(&b);
}

static bool only_some(const struct noark_type *t)
{
    return noark_is_a(t, noark_type_of("registrering")) || noark_is_a(t, noark_type_of("korrespondansepart"));
}

/* A source may give more types than were asked for: journal entries beside notes. */
static struct str typed(struct sql *q, const struct noark_type *t, struct str alias)
{
    if (!only_some(t))
        return S("1 = 1");
    struct str types = type_list(q, t);
    return str_fmt(q->cx->arena, "%.*s.type IN (%.*s)", STR_ARG(alias), STR_ARG(types));
}

static struct str next_alias(struct sql *q)
{
    return str_fmt(q->cx->arena, "n%d", ++q->aliases);
}

/* ---- the words of a filter ---- */

enum token { T_END, T_NAME, T_TEXT, T_NUMBER, T_TIME, T_OPEN, T_SHUT, T_COMMA, T_COLON, T_FAULT };

struct lexer {
    struct str s;
    size_t at;
    enum token kind;
    struct str text; /* of a name, number or time; of a text without its quotes */
};

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '/' || c == '$';
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static void quoted(struct cx *cx, struct lexer *l)
{
    char quote = l->s.p[l->at++];
    struct buf b = buf_make(cx->arena);
    for (; l->at < l->s.n; l->at++) {
        char c = l->s.p[l->at];
        if (c != quote) {
            buf_add_char(&b, c);
        } else if (l->at + 1 < l->s.n && l->s.p[l->at + 1] == quote) {
            buf_add_char(&b, c);
            l->at++;
        } else {
            l->at++;
            l->kind = T_TEXT;
            l->text = buf_str(&b);
            return;
        }
    }
    l->kind = T_FAULT;
}

static bool value_char(char c)
{
    return digit(c) || c == '.' || c == '-' || c == '+' || c == ':' || c == 'T' || c == 'Z' || c == 'e' || c == 'E';
}

static void number_or_time(struct lexer *l)
{
    size_t from = l->at++;
    while (l->at < l->s.n && value_char(l->s.p[l->at]))
        l->at++;
    l->text = str_slice(l->s, from, l->at);
    bool day = l->text.n >= 10 && l->text.p[4] == '-' && l->text.p[7] == '-';
    l->kind = day ? T_TIME : T_NUMBER;
}

/* ppt-v1:skoleaar is one name; the variable of a lambda ends at its colon. */
static void name(struct lexer *l)
{
    size_t from = l->at;
    while (l->at < l->s.n && name_char(l->s.p[l->at]))
        l->at++;
    struct str so_far = str_slice(l->s, from, l->at);
    bool own = l->at + 1 < l->s.n && l->s.p[l->at] == ':' && name_char(l->s.p[l->at + 1]) &&
               str_find_char(so_far, '-', 0) < so_far.n;
    if (own)
        for (l->at++; l->at < l->s.n && name_char(l->s.p[l->at]);)
            l->at++;
    l->kind = T_NAME;
    l->text = str_slice(l->s, from, l->at);
}

static void next(struct cx *cx, struct lexer *l)
{
    while (l->at < l->s.n && (l->s.p[l->at] == ' ' || l->s.p[l->at] == '\t' || l->s.p[l->at] == '\n'))
        l->at++;
    l->text = S("");
    if (l->at >= l->s.n) {
        l->kind = T_END;
        return;
    }
    char c = l->s.p[l->at];
    if (c == '\'' || c == '"')
        quoted(cx, l);
    else if (digit(c) || ((c == '-' || c == '+') && l->at + 1 < l->s.n && digit(l->s.p[l->at + 1])))
        number_or_time(l);
    else if (name_char(c))
        name(l);
    else {
        l->kind = c == '(' ? T_OPEN : c == ')' ? T_SHUT : c == ',' ? T_COMMA : c == ':' ? T_COLON : T_FAULT;
        l->at++;
    }
}

static bool word_is(const struct lexer *l, const char *w)
{
    return l->kind == T_NAME && str_ieq(l->text, str_of(w));
}

/* ---- expressions ---- */

struct place { /* an entity the filter speaks of */
    const struct noark_type *t;
    struct str alias;
    struct str variable; /* its name in a lambda; empty: the entity of the list */
    const struct place *outer;
    struct str element; /* of a lambda over a list of values: the SQL of the value */
};

struct compiler {
    struct sql *q;
    struct cx *cx;
    struct lexer l;
};

enum operand_kind { O_ATTR, O_TEXT, O_NUMBER, O_TIME, O_BOOL, O_NULL };

struct operand {
    enum operand_kind kind;
    struct str sql;                /* of an attribute or function */
    enum noark_kind type;          /* of it */
    bool is_id;                    /* systemID */
    struct str text;               /* of a literal */
    bool flag;                     /* of true and false */
    struct str before, after;      /* EXISTS (… around the comparison, when the path led elsewhere */
};

static enum err wrong(struct compiler *c, const char *what)
{
    return fail(c->cx, ERR_BAD_REQUEST, "$filter: %s, near character %zu", what, c->l.at);
}

static struct str json_path(struct sql *q, struct str alias, const struct str *names, size_t n)
{
    struct buf b = buf_make(q->cx->arena);
    if (q->pg)
        buf_fmt(&b, "(CAST(%.*s.body AS jsonb) #>> '{", STR_ARG(alias));
    else
        buf_fmt(&b, "json_extract(%.*s.body, '$", STR_ARG(alias));
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, q->pg ? "%s\"%.*s\"" : "%s\"%.*s\"", q->pg ? (i ? "," : "") : ".", STR_ARG(names[i]));
    buf_add_z(&b, q->pg ? "}')" : "')");
    return buf_str(&b);
}

static bool own_name(struct str s)
{
    size_t colon = str_find_char(s, ':', 0);
    if (colon == 0 || colon + 1 >= s.n)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (i != colon && !(s.p[i] >= 'a' && s.p[i] <= 'z') && !digit(s.p[i]) && s.p[i] != '-')
            return false;
    return true;
}

/* An attribute of the type, or of one of its subtypes: mappe knows saksaar. */
static const struct noark_attr *attr_of(const struct noark_type *t, struct str word)
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
static bool navigate(struct compiler *c, const struct place *at, struct str word, const struct noark_type **ret_t,
                     struct str *ret_alias, struct str *ret_join)
{
    struct sql *q = c->q;
    const struct noark_type *t = NULL;
    struct str alias = next_alias(q);
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
            *ret_join = str_fmt(a,
                                "EXISTS (SELECT 1 FROM noark_reference f WHERE f.kind = %d AND f.%s = %.*s.id AND f.%s "
                                "= %.*s.id)",
                                link->kind, end ? "b_id" : "a_id", STR_ARG(at->alias), end ? "a_id" : "b_id",
                                STR_ARG(alias));
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

static struct str exists_begin(struct compiler *c, const struct noark_type *t, struct str alias, struct str join)
{
    struct str rows = rows_of(c->q, t, alias), type = typed(c->q, t, alias);
    return str_fmt(c->cx->arena, "EXISTS (SELECT 1 FROM %.*s WHERE %.*s AND %.*s AND ", STR_ARG(rows), STR_ARG(join),
                   STR_ARG(type));
}

/* The values of a list attribute as rows v(value). */
static struct str list_begin(struct compiler *c, struct str alias, const struct str *names, size_t n, struct str v)
{
    struct sql *q = c->q;
    struct str path = json_path(q, alias, names, n);
    if (!q->pg)
        return str_fmt(c->cx->arena, "EXISTS (SELECT 1 FROM json_each(coalesce(%.*s, '[]')) %.*s WHERE ", STR_ARG(path),
                       STR_ARG(v));
    return str_fmt(c->cx->arena,
                   "EXISTS (SELECT 1 FROM jsonb_array_elements(CAST(coalesce(%.*s, '[]') AS jsonb)) AS %.*s(value) WHERE ",
                   STR_ARG(path), STR_ARG(v));
}

static struct str list_value(struct compiler *c, struct str v, const struct str *names, size_t n)
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

struct path {
    struct str words[NOARK_PATH_MAX];
    size_t n;
};

/* Down from an attribute through data types to a value. `in` is the type whose attribute words[i] is. */
static enum err attr_path(struct compiler *c, const struct place *at, const struct path *p, size_t i,
                          struct operand *ret)
{
    struct str names[NOARK_PATH_MAX + 2];
    size_t n = 0;
    const struct noark_attr *a = attr_of(at->t, p->words[i]);
    bool in_list = false;
    struct str v = S("");
    while (a) {
        names[n++] = str_of(a->name);
        bool last = i + 1 == p->n;
        if ((a->flags & NOARK_MANY) && !in_list) {
            v = next_alias(c->q);
            ret->before = str_cat(c->cx->arena, ret->before, list_begin(c, at->alias, names, n, v));
            ret->after = str_cat(c->cx->arena, S(")"), ret->after);
            in_list = true;
            n = 0;
            if (!last && a->kind == NOARK_TEXT && str_eq_z(p->words[i + 1], a->name)) /* noekkelord/noekkelord */
                last = ++i + 1 == p->n;
        }
        if (a->kind == NOARK_GROUP) {
            if (last)
                break;
            a = noark_attr_named(&noark_types[a->of], p->words[++i]);
            continue;
        }
        if (a->kind == NOARK_OWN) {
            if (last || !own_name(p->words[i + 1]) || i + 2 != p->n)
                return wrong(c, "a field of virksomhetsspesifikkeMetadata is named by its whole name");
            names[n++] = p->words[i + 1];
            ret->sql = json_path(c->q, at->alias, names, n);
            ret->type = NOARK_TEXT;
            return ERR_OK;
        }
        bool code_name = !last && a->kind == NOARK_CODE && str_eq_z(p->words[i + 1], "kodenavn");
        if (!last && !(a->kind == NOARK_CODE && i + 2 == p->n && (code_name || str_eq_z(p->words[i + 1], "kode"))))
            return wrong(c, "nothing lies below this attribute");
        ret->type = a->kind == NOARK_CODE ? NOARK_TEXT : a->kind;
        ret->is_id = at->t && str_eq_z(S("systemID"), a->name);
        struct str plain = in_list ? list_value(c, v, names, n) : json_path(c->q, at->alias, names, n);
        if (a->kind == NOARK_CODE || a->kind == NOARK_SECRET) {
            names[n++] = a->kind == NOARK_SECRET ? S("#") : code_name ? S("kodenavn") : S("kode");
            struct str inner = in_list ? list_value(c, v, names, n) : json_path(c->q, at->alias, names, n);
            ret->sql = a->kind == NOARK_CODE && !code_name && !in_list
                           ? str_fmt(c->cx->arena, "coalesce(%.*s, %.*s)", STR_ARG(inner), STR_ARG(plain))
                           : inner;
            return ERR_OK;
        }
        bool title = n == 1 && !in_list && str_eq_z(S("tittel"), a->name);
        ret->sql = title ? str_fmt(c->cx->arena, "%.*s.title", STR_ARG(at->alias)) : typed_value(c->q, plain, a->kind);
        if (ret->is_id)
            ret->sql = str_fmt(c->cx->arena, "%.*s.id", STR_ARG(at->alias));
        return ERR_OK;
    }
    return wrong(c, a ? "an object is not compared, only what lies in it" : "no such attribute");
}

static const struct place *place_named(const struct place *at, struct str word)
{
    for (; at; at = at->outer)
        if (at->variable.n && str_eq(at->variable, word))
            return at;
    return NULL;
}

/* A path: through relations to an attribute. Each step stands for "there is one that". */
static enum err path_operand(struct compiler *c, const struct place *at, struct path *p, struct operand *ret)
{
    size_t i = 0;
    const struct place *by_variable = place_named(at, p->words[0]);
    struct place here = by_variable ? *by_variable : *at;
    while (!by_variable && here.variable.n && here.outer) /* without a variable: the entity of the list */
        here = *here.outer;
    i = by_variable ? 1 : 0;
    ret->kind = O_ATTR;
    ret->before = ret->after = S("");
    if (by_variable && here.element.n) {
        if (p->n != 1)
            return wrong(c, "a value of a list has nothing below it");
        ret->sql = here.element;
        ret->type = NOARK_TEXT;
        return ERR_OK;
    }
    for (; i < p->n; i++) {
        if (p->n == i + 1 && own_name(p->words[i])) { /* the short form of a field of our own */
            const struct str names[] = {S("virksomhetsspesifikkeMetadata"), p->words[i]};
            ret->sql = json_path(c->q, here.alias, names, 2);
            ret->type = NOARK_TEXT;
            return ERR_OK;
        }
        if (attr_of(here.t, p->words[i]))
            return attr_path(c, &here, p, i, ret);
        const struct noark_type *t;
        struct str alias, join;
        if (++c->q->depth > NOARK_FILTER_DEPTH || !navigate(c, &here, p->words[i], &t, &alias, &join))
            return wrong(c, "no such attribute or relation");
        ret->before = str_cat(c->cx->arena, ret->before, exists_begin(c, t, alias, join));
        ret->after = str_cat(c->cx->arena, S(")"), ret->after);
        here = (struct place){.t = t, .alias = alias};
    }
    return wrong(c, "a path ends in an attribute");
}

static enum err take_path(struct compiler *c, struct path *p)
{
    struct str rest = c->l.text, word;
    p->n = 0;
    while (str_cut(&rest, '/', &word)) {
        if (!word.n || p->n == NOARK_PATH_MAX)
            return wrong(c, "a path that is too long, or with an empty step");
        p->words[p->n++] = word;
    }
    next(c->cx, &c->l);
    return ERR_OK;
}

static enum err expect(struct compiler *c, enum token kind, const char *what)
{
    if (c->l.kind != kind)
        return wrong(c, what);
    next(c->cx, &c->l);
    return ERR_OK;
}

static enum err operand(struct compiler *c, const struct place *at, struct operand *ret);

/* A literal as an SQL value of the kind it is compared with. */
static enum err literal(struct compiler *c, const struct operand *o, enum noark_kind kind, struct str *ret)
{
    struct sql *q = c->q;
    struct arena *a = c->cx->arena;
    bool number = kind == NOARK_INT || kind == NOARK_REAL;
    if (q->n + 2 >= VALUES_MAX)
        return wrong(c, "too many values");
    if (o->kind == O_BOOL) {
        *ret = o->flag ? S("1") : S("0");
        return kind == NOARK_BOOL ? ERR_OK : wrong(c, "true and false are compared with truths only");
    }
    if (kind == NOARK_TIME) {
        struct str t = o->text;
        if (t.n == 10)
            t = str_cat(a, t, S("T00:00:00Z"));
        if ((o->kind != O_TIME && o->kind != O_TEXT) || !noark_is_time(t))
            return wrong(c, "a time is written 2026-11-23T10:26:00Z");
        struct str at = bind_text(q, t);
        *ret = str_fmt(a, q->pg ? "CAST(%.*s AS timestamptz)" : "julianday(%.*s)", STR_ARG(at));
        return ERR_OK;
    }
    if (number) {
        char *end, *z = str_z(a, o->text);
        double v = strtod(z, &end);
        if (!o->text.n || *end || o->kind == O_TIME)
            return wrong(c, "a number is expected");
        *ret = bind(q, DB_REAL, (struct db_value){.r = v});
        return ERR_OK;
    }
    if (kind == NOARK_BOOL)
        return wrong(c, "true or false is expected");
    if (kind == NOARK_SECRET) {
        struct str hex = hash_hex(a, keys_lookup(c->cx, S("noark-idno"), o->text));
        *ret = bind_text(q, hex);
        return ERR_OK;
    }
    *ret = bind_text(q, o->text);
    return ERR_OK;
}

static struct str as_text(struct compiler *c, struct str sql)
{
    return c->q->pg ? str_fmt(c->cx->arena, "CAST(%.*s AS text)", STR_ARG(sql)) : sql;
}

/* year(x) and its like: digits of the ISO form, as it was sent. */
static enum err part_of_time(struct compiler *c, const char *name, struct operand *o)
{
    static const struct {
        const char *name;
        int from, n;
    } parts[] = {{"year", 1, 4}, {"month", 6, 2}, {"day", 9, 2}, {"hour", 12, 2}, {"minute", 15, 2}, {"second", 18, 2}};
    if (o->kind != O_ATTR || o->type != NOARK_TIME)
        return wrong(c, "this function takes a time");
    /* take the cast off again: the text itself is wanted */
    size_t from = c->q->pg ? 5 : 10, until = c->q->pg ? o->sql.n - strlen(" AS timestamptz)") : o->sql.n - 1;
    struct str text = str_slice(o->sql, from, until);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!strcmp(name, parts[i].name)) {
            o->sql = str_fmt(c->cx->arena, "CAST(substr(%.*s, %d, %d) AS %s)", STR_ARG(text), parts[i].from, parts[i].n,
                             c->q->pg ? "double precision" : "integer");
            o->type = NOARK_INT;
            return ERR_OK;
        }
    o->sql = str_fmt(c->cx->arena, "substr(%.*s, 1, 10)", STR_ARG(text)); /* date(x) */
    o->type = NOARK_TEXT;
    return ERR_OK;
}

static enum err substring(struct compiler *c, const struct place *at, struct operand *o)
{
    struct operand from, n;
    struct str sql_from, sql_n = S("");
    enum err e = expect(c, T_COMMA, "substring takes a text, where to begin, and how much");
    if (!e)
        e = operand(c, at, &from);
    if (!e)
        e = literal(c, &from, NOARK_INT, &sql_from);
    if (!e && c->l.kind == T_COMMA) {
        next(c->cx, &c->l);
        if (!(e = operand(c, at, &n)))
            e = literal(c, &n, NOARK_INT, &sql_n);
    }
    if (e)
        return e;
    o->sql = str_fmt(c->cx->arena, "substr(%.*s, CAST(%.*s AS int) + 1%s%.*s%s)", STR_ARG(as_text(c, o->sql)),
                     STR_ARG(sql_from), sql_n.n ? ", CAST(" : "", STR_ARG(sql_n), sql_n.n ? " AS int)" : "");
    return ERR_OK;
}

static enum err function(struct compiler *c, const struct place *at, struct str name, struct operand *ret)
{
    static const char *const times[] = {"year", "month", "day", "hour", "minute", "second", "date"};
    struct arena *a = c->cx->arena;
    enum err e = operand(c, at, ret);
    if (e)
        return e;
    if (ret->kind != O_ATTR)
        return wrong(c, "a function is of an attribute");
    const char *z = str_z(a, str_lower_ascii(a, name));
    bool done = false;
    for (size_t i = 0; !done && !e && i < sizeof times / sizeof *times; i++)
        if (!strcmp(z, times[i])) {
            e = part_of_time(c, z, ret);
            done = true;
        }
    if (!done && ret->type != NOARK_TEXT)
        return wrong(c, "this function takes a text");
    if (!done && (!strcmp(z, "tolower") || !strcmp(z, "toupper") || !strcmp(z, "trim") || !strcmp(z, "length"))) {
        const char *sql = z[2] == 'l' ? "lower" : z[2] == 'u' ? "upper" : z[0] == 't' ? "trim" : "length";
        ret->type = z[0] == 'l' ? NOARK_INT : NOARK_TEXT;
        ret->sql = str_fmt(a, "%s(%.*s)", sql, STR_ARG(ret->sql));
        done = true;
    }
    if (!done && !strcmp(z, "substring")) {
        e = substring(c, at, ret);
        done = true;
    }
    if (!done)
        return wrong(c, "no such function");
    return e ? e : expect(c, T_SHUT, "a parenthesis is missing");
}

static enum err operand(struct compiler *c, const struct place *at, struct operand *ret)
{
    *ret = (struct operand){.text = c->l.text, .before = S(""), .after = S("")};
    if (++c->q->depth > 400)
        return wrong(c, "too long");
    if (c->l.kind == T_TEXT || c->l.kind == T_NUMBER || c->l.kind == T_TIME) {
        ret->kind = c->l.kind == T_TEXT ? O_TEXT : c->l.kind == T_NUMBER ? O_NUMBER : O_TIME;
        next(c->cx, &c->l);
        return ERR_OK;
    }
    if (c->l.kind != T_NAME)
        return wrong(c, "an attribute or a value is expected");
    if (word_is(&c->l, "null") || word_is(&c->l, "true") || word_is(&c->l, "false")) {
        ret->kind = word_is(&c->l, "null") ? O_NULL : O_BOOL;
        ret->flag = word_is(&c->l, "true");
        next(c->cx, &c->l);
        return ERR_OK;
    }
    struct str name = c->l.text;
    struct path p;
    enum err e = take_path(c, &p);
    if (e)
        return e;
    if (c->l.kind == T_OPEN) {
        next(c->cx, &c->l);
        return p.n == 1 ? function(c, at, name, ret) : wrong(c, "no such function");
    }
    return path_operand(c, at, &p, ret);
}

static enum err compare_id(struct compiler *c, const struct operand *left, const struct operand *right, bool eq,
                           struct str *ret)
{
    int64_t id = -1;
    const struct noark_type *house;
    if (right->kind != O_TEXT)
        return wrong(c, "a systemID is compared with a text");
    if (!node_of_uuid(c->cx, right->text, &id, &house))
        id = -1;
    struct str value = bind_int(c->q, id);
    *ret = str_fmt(c->cx->arena, "%.*s%.*s %s %.*s%.*s", STR_ARG(left->before), STR_ARG(left->sql), eq ? "=" : "<>",
                   STR_ARG(value), STR_ARG(left->after));
    return ERR_OK;
}

static enum err compare(struct compiler *c, struct operand *left, struct str op, struct operand *right, struct str *ret)
{
    static const char *const ops[][2] = {{"eq", "="},  {"ne", "<>"}, {"lt", "<"},
                                         {"le", "<="}, {"gt", ">"},  {"ge", ">="}};
    const char *sql_op = NULL;
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        if (str_ieq(op, str_of(ops[i][0])))
            sql_op = ops[i][1];
    if (!sql_op)
        return wrong(c, "eq, ne, lt, le, gt or ge is expected");
    if (left->kind != O_ATTR || right->kind == O_ATTR)
        return wrong(c, "an attribute is compared with a value");
    bool eq = !strcmp(sql_op, "="), either = eq || !strcmp(sql_op, "<>");
    struct str value;
    if (right->kind == O_NULL) {
        if (!either)
            return wrong(c, "null is compared by eq and ne");
        *ret = str_fmt(c->cx->arena, "%.*s%.*s IS %sNULL%.*s", STR_ARG(left->before), STR_ARG(left->sql),
                       eq ? "" : "NOT ", STR_ARG(left->after));
        return ERR_OK;
    }
    if ((left->is_id || left->type == NOARK_SECRET) && !either)
        return wrong(c, "this is compared by eq and ne");
    if (left->is_id)
        return compare_id(c, left, right, eq, ret);
    enum err e = literal(c, right, left->type, &value);
    if (e)
        return e;
    bool text = left->type == NOARK_TEXT || left->type == NOARK_ID;
    *ret = str_fmt(c->cx->arena, "%.*s%.*s%s %s %.*s%.*s", STR_ARG(left->before), STR_ARG(left->sql),
                   text && c->q->pg ? " COLLATE \"C\"" : "", sql_op, STR_ARG(value), STR_ARG(left->after));
    return ERR_OK;
}

/* contains, startswith, endswith: by code points, case kept. */
static enum err text_test(struct compiler *c, const struct place *at, struct str name, struct str *ret)
{
    struct operand what, part;
    struct str value;
    enum err e = operand(c, at, &what);
    if (!e && (what.kind != O_ATTR || (what.type != NOARK_TEXT && what.type != NOARK_ID) || what.is_id))
        e = wrong(c, "this function takes a text attribute");
    if (!e)
        e = expect(c, T_COMMA, "a comma is missing");
    if (!e)
        e = operand(c, at, &part);
    if (!e && part.kind != O_TEXT)
        e = wrong(c, "a text in quotes is expected");
    if (!e)
        e = expect(c, T_SHUT, "a parenthesis is missing");
    if (!e)
        e = literal(c, &part, NOARK_TEXT, &value);
    if (e)
        return e;
    struct arena *a = c->cx->arena;
    struct str sql = what.sql, test;
    if (str_ieq(name, S("contains")))
        test = str_fmt(a, c->q->pg ? "strpos(%.*s, %.*s) > 0" : "instr(%.*s, %.*s) > 0", STR_ARG(sql), STR_ARG(value));
    else if (str_ieq(name, S("startswith")))
        test = str_fmt(a, "substr(%.*s, 1, length(%.*s)) = %.*s", STR_ARG(sql), STR_ARG(value), STR_ARG(value));
    else
        test = str_fmt(a, "(length(%.*s) >= length(%.*s) AND substr(%.*s, length(%.*s) - length(%.*s) + 1) = %.*s)",
                       STR_ARG(sql), STR_ARG(value), STR_ARG(sql), STR_ARG(sql), STR_ARG(value), STR_ARG(value));
    *ret = str_fmt(a, "%.*s%.*s%.*s", STR_ARG(what.before), STR_ARG(test), STR_ARG(what.after));
    return ERR_OK;
}

static enum err any_of(struct compiler *c, const struct place *at, struct str *ret);

static enum err lambda_body(struct compiler *c, const struct place *inner, struct str before, struct str after,
                            bool all, struct str *ret)
{
    struct str body;
    enum err e = any_of(c, inner, &body);
    if (!e)
        e = expect(c, T_SHUT, "the parenthesis of any or all is missing");
    if (!e)
        *ret = str_fmt(c->cx->arena, "%s%.*s%s(%.*s)%.*s", all ? "NOT " : "", STR_ARG(before), all ? "NOT " : "",
                       STR_ARG(body), STR_ARG(after));
    return e;
}

/* part/any(p: p/navn eq 'x'), noekkelord/any(n: n eq 'x'), part/any() */
static enum err lambda(struct compiler *c, const struct place *at, struct path *p, struct str *ret)
{
    bool all = str_ieq(p->words[p->n - 1], S("all"));
    const struct place *by = place_named(at, p->words[0]);
    struct place here = by ? *by : *at, inner = {0};
    while (!by && here.variable.n && here.outer)
        here = *here.outer;
    if (p->n != (by ? 3u : 2u))
        return wrong(c, "any and all are of one relation: part/any(p: …)");
    struct str word = p->words[p->n - 2], join, before, alias;
    const struct noark_attr *a = attr_of(here.t, word);
    if (a && (a->flags & NOARK_MANY) && a->kind == NOARK_TEXT) {
        struct str v = next_alias(c->q), names[] = {word};
        before = list_begin(c, here.alias, names, 1, v);
        inner = (struct place){.t = here.t, .alias = v, .outer = at, .element = list_value(c, v, NULL, 0)};
    } else {
        const struct noark_type *t;
        if (!navigate(c, &here, word, &t, &alias, &join))
            return wrong(c, "no such relation");
        before = exists_begin(c, t, alias, join);
        inner = (struct place){.t = t, .alias = alias, .outer = at};
    }
    if (c->l.kind == T_SHUT) {
        next(c->cx, &c->l);
        *ret = str_cat(c->cx->arena, before, S("1 = 1)"));
        return all ? wrong(c, "all needs a condition") : ERR_OK;
    }
    if (c->l.kind != T_NAME)
        return wrong(c, "the variable of any or all is missing");
    inner.variable = c->l.text;
    next(c->cx, &c->l);
    enum err e = expect(c, T_COLON, "a colon follows the variable");
    return e ? e : lambda_body(c, &inner, before, S(")"), all, ret);
}

static bool is_text_test(struct str s)
{
    return str_ieq(s, S("contains")) || str_ieq(s, S("startswith")) || str_ieq(s, S("endswith"));
}

static enum err condition(struct compiler *c, const struct place *at, struct str *ret)
{
    struct lexer before = c->l;
    struct operand left, right;
    enum err e = ERR_OK;
    if (++c->q->depth > 400)
        return wrong(c, "too deep");
    if (word_is(&c->l, "not")) {
        next(c->cx, &c->l);
        struct str inner;
        if (!(e = condition(c, at, &inner)))
            *ret = str_fmt(c->cx->arena, "NOT (%.*s)", STR_ARG(inner));
        return e;
    }
    if (c->l.kind == T_OPEN) {
        next(c->cx, &c->l);
        struct str inner;
        if (!(e = any_of(c, at, &inner)) && !(e = expect(c, T_SHUT, "a parenthesis is missing")))
            *ret = str_fmt(c->cx->arena, "(%.*s)", STR_ARG(inner));
        return e;
    }
    if (c->l.kind == T_NAME) {
        struct path p;
        if ((e = take_path(c, &p)))
            return e;
        struct str last = p.words[p.n - 1];
        if (c->l.kind == T_OPEN && p.n == 1 && is_text_test(last)) {
            next(c->cx, &c->l);
            return text_test(c, at, last, ret);
        }
        if (c->l.kind == T_OPEN && p.n > 1 && (str_ieq(last, S("any")) || str_ieq(last, S("all")))) {
            next(c->cx, &c->l);
            return lambda(c, at, &p, ret);
        }
        c->l = before;
    }
    if ((e = operand(c, at, &left)))
        return e;
    struct str op = c->l.text;
    if ((e = expect(c, T_NAME, "eq, ne, lt, le, gt or ge is expected")) || (e = operand(c, at, &right)))
        return e;
    return compare(c, &left, op, &right, ret);
}

static enum err all_of(struct compiler *c, const struct place *at, struct str *ret)
{
    struct str more;
    enum err e = condition(c, at, ret);
    while (!e && word_is(&c->l, "and")) {
        next(c->cx, &c->l);
        if (!(e = condition(c, at, &more)))
            *ret = str_fmt(c->cx->arena, "%.*s AND %.*s", STR_ARG(*ret), STR_ARG(more));
    }
    return e;
}

static enum err any_of(struct compiler *c, const struct place *at, struct str *ret)
{
    struct str more;
    enum err e = all_of(c, at, ret);
    while (!e && word_is(&c->l, "or")) {
        next(c->cx, &c->l);
        if (!(e = all_of(c, at, &more)))
            *ret = str_fmt(c->cx->arena, "(%.*s OR %.*s)", STR_ARG(*ret), STR_ARG(more));
    }
    return e;
}

static enum err compile_filter(struct sql *q, const struct noark_type *t, struct str filter, struct str *ret)
{
    struct compiler c = {.q = q, .cx = q->cx, .l = {.s = filter}};
    struct place at = {.t = t, .alias = S("e")};
    next(q->cx, &c.l);
    enum err e = any_of(&c, &at, ret);
    if (!e && c.l.kind != T_END)
        e = wrong(&c, "something follows that does not belong there");
    if (!e && (ret->n > SQL_MAX || q->n + 4 >= VALUES_MAX))
        e = wrong(&c, "too long");
    return e;
}

/* ---- order ---- */

static enum err compile_order(struct sql *q, const struct noark_type *t, struct str orderby, struct buf *b)
{
    struct compiler c = {.q = q, .cx = q->cx, .l = {.s = orderby}};
    struct place at = {.t = t, .alias = S("e")};
    next(q->cx, &c.l);
    for (int n = 0; c.l.kind != T_END; n++) {
        struct operand o;
        enum err e = operand(&c, &at, &o);
        if (!e && (o.kind != O_ATTR || o.before.n || o.type == NOARK_SECRET || n == 4))
            e = fail(q->cx, ERR_BAD_REQUEST, "$orderby: up to four attributes of the entity itself");
        if (e)
            return e;
        bool down = word_is(&c.l, "desc");
        if (down || word_is(&c.l, "asc"))
            next(q->cx, &c.l);
        bool text = o.type == NOARK_TEXT || o.type == NOARK_ID;
        buf_fmt(b, "%.*s%s %s, ", STR_ARG(o.sql), text && q->pg && !o.is_id ? " COLLATE \"C\"" : "",
                down ? "DESC NULLS LAST" : "ASC NULLS FIRST");
        if (c.l.kind == T_END)
            break;
        if ((e = expect(&c, T_COMMA, "$orderby: a comma is expected")))
            return e;
    }
    return ERR_OK;
}

/* ---- search ---- */

/* Every word begins a word of what a program wrote; of the house's entities, lies in the title. */
static struct str compile_search(struct sql *q, struct str typed_in)
{
    struct search_query words = search_parse(q->cx, typed_in);
    struct buf b = buf_make(q->cx->arena);
    if (!words.n)
        return S("1 = 0");
    for (size_t i = 0; i < words.n; i++) {
        struct str lo = bind_text(q, words.word[i].lo), hi = bind_text(q, words.word[i].hi);
        buf_fmt(&b,
                "%s(EXISTS (SELECT 1 FROM search_term x WHERE x.kind = 'noark' AND x.ref = e.id AND x.term >= %.*s AND "
                "x.term < %.*s) OR (e.house = 1 AND %s(lower(coalesce(e.title, '')), %.*s) > 0))",
                i ? " AND " : "", STR_ARG(lo), STR_ARG(hi), q->pg ? "strpos" : "instr", STR_ARG(lo));
    }
    return buf_str(&b);
}

/* ---- the list ---- */

static struct str compile_scope(struct sql *q, const struct scope *s)
{
    struct arena *a = q->cx->arena;
    if (s->link) {
        struct str itself = bind_int(q, s->or_id), from = bind_int(q, s->link_id);
        return str_fmt(a, "(e.id = %.*s OR e.id IN (SELECT f.%s FROM noark_reference f WHERE f.kind = %d AND f.%s = %.*s))",
                       STR_ARG(itself), s->link_end ? "a_id" : "b_id", s->link->kind, s->link_end ? "b_id" : "a_id",
                       STR_ARG(from));
    }
    if (!s->parent_id)
        return S("1 = 1");
    struct str parent = bind_int(q, s->parent_id);
    if (s->also)
        return str_fmt(a,
                       "(e.parent_id = %.*s OR e.id IN (SELECT f.b_id FROM noark_reference f WHERE f.kind = %d AND "
                       "f.a_id = %.*s))",
                       STR_ARG(parent), s->also->kind, STR_ARG(parent));
    return str_fmt(a, "e.parent_id = %.*s", STR_ARG(parent));
}

static enum err compile_where(struct sql *q, const struct scope *s, const struct odata *o, struct str *ret)
{
    struct str filter = S("1 = 1"), search = S("1 = 1");
    enum err e = o->filter.n ? compile_filter(q, s->type, o->filter, &filter) : ERR_OK;
    if (e)
        return e;
    if (o->search.n)
        search = compile_search(q, o->search);
    struct str rows = rows_of(q, s->type, S("e")), scope = compile_scope(q, s), type = typed(q, s->type, S("e"));
    *ret = str_fmt(q->cx->arena, "FROM %.*s WHERE %.*s AND %.*s AND (%.*s) AND (%.*s)", STR_ARG(rows), STR_ARG(scope),
                   STR_ARG(type), STR_ARG(filter), STR_ARG(search));
    return q->n < VALUES_MAX ? ERR_OK : fail(q->cx, ERR_BAD_REQUEST, "too many values in the query");
}

static struct db_stmt stmt_of(struct sql *q, const char *name, struct str sql)
{
    const char *z = str_z(q->cx->arena, sql);
    return (struct db_stmt){
        .name = name, .file = "src/noark/odata.c", .sql = {z, z}, .in = q->cols, .n_in = q->n, .once = true};
}

struct counted {
    int64_t n;
};

static enum err count_all(struct sql *q, struct str where, bool exact, int64_t *ret)
{
    static const struct db_col out[] = {{"n", DB_INT, false, offsetof(struct counted, n)}};
    struct str sql = exact ? str_fmt(q->cx->arena, "SELECT count(*) %.*s", STR_ARG(where))
                           : str_fmt(q->cx->arena, "SELECT count(*) FROM (SELECT 1 %.*s LIMIT %d) x", STR_ARG(where),
                                     NOARK_COUNT_MAX);
    struct db_stmt stmt = stmt_of(q, "noark_count", sql);
    struct counted row;
    stmt.out = out;
    stmt.n_out = 1;
    stmt.row_size = sizeof row;
    enum err e = db_one(q->cx, &stmt, q->values, &row);
    if (!e)
        *ret = row.n;
    return e;
}

#define NODE_COLUMNS \
    "e.id, e.type, e.parent_id, e.parent_type, e.fonds_id, e.unit_id, e.casefile_id, e.version, e.title, e.body, " \
    "e.hash, e.bytes, e.mime, e.created_us, e.finished_us, e.final, e.house"

static enum err node_rows(struct sql *q, struct str sql, struct q_noark_from_item **ret_rows, size_t *ret_n)
{
    struct db_stmt stmt = stmt_of(q, "noark_list", sql);
    void *rows;
    stmt.out = db_stmt_noark_from_item.out;
    stmt.n_out = db_stmt_noark_from_item.n_out;
    stmt.row_size = db_stmt_noark_from_item.row_size;
    enum err e = db_many(q->cx, &stmt, q->values, &rows, ret_n);
    if (!e)
        *ret_rows = rows;
    return e;
}

static enum err to_nodes(struct cx *cx, const struct q_noark_from_item *rows, size_t n, struct nodes *ret)
{
    for (size_t i = 0; i < n; i++) {
        struct node node = {.r = rows[i], .t = noark_type_numbered(rows[i].type)};
        enum err e = node.t ? json_parse(cx, rows[i].body, &node.body)
                            : fail(cx, ERR_INTERNAL, "an entity of type %lld", (long long)rows[i].type);
        if (e)
            return e;
        vec_add(cx->arena, &ret->rows, node);
    }
    return ERR_OK;
}

enum err odata_list(struct cx *cx, const struct scope *scope, const struct odata *o, struct nodes *ret)
{
    struct sql q = {.cx = cx, .pg = db_is_postgres(cx)};
    struct buf order = buf_make(cx->arena);
    struct str where;
    struct q_noark_from_item *rows = NULL;
    size_t n = 0;
    *ret = (struct nodes){0};
    viewer_first(&q);
    enum err e = compile_where(&q, scope, o, &where);
    if (!e && o->orderby.n)
        e = compile_order(&q, scope->type, o->orderby, &order);
    if (e)
        return e;
    buf_add_z(&order, "e.created_us, e.id");
    int64_t top = o->top;
    struct str sql =
        str_fmt(cx->arena, "SELECT " NODE_COLUMNS " %.*s ORDER BY %.*s LIMIT %lld OFFSET %lld", STR_ARG(where),
                STR_ARG(buf_str(&order)), (long long)top + 1, (long long)o->skip);
    if ((e = node_rows(&q, sql, &rows, &n)))
        return e;
    ret->more = (int64_t)n > top;
    if (ret->more)
        n = (size_t)top;
    ret->count = o->skip + (int64_t)n;
    if (ret->more || (!n && o->skip) || o->count)
        e = count_all(&q, where, o->count, &ret->count);
    return e ? e : to_nodes(cx, rows, n, ret);
}

enum err odata_check(struct cx *cx, const struct noark_type *t, struct str filter, bool postgres, struct str *ret_sql)
{
    struct sql q = {.cx = cx, .pg = postgres};
    viewer_first(&q);
    return compile_filter(&q, t, filter, ret_sql);
}

/* ---- one entity ---- */

static enum err get_where(struct cx *cx, const struct noark_type *t, int64_t id, int64_t parent_id, struct node *ret)
{
    struct sql q = {.cx = cx, .pg = db_is_postgres(cx)};
    struct nodes found = {0};
    struct q_noark_from_item *rows = NULL;
    size_t n = 0;
    viewer_first(&q);
    struct str rows_sql = rows_of(&q, t, S("e")), type_sql = typed(&q, t, S("e")), id_sql = bind_int(&q, id);
    struct str sql = str_fmt(cx->arena, "SELECT " NODE_COLUMNS " FROM %.*s WHERE e.id = %.*s AND %.*s", STR_ARG(rows_sql),
                             STR_ARG(id_sql), STR_ARG(type_sql));
    if (parent_id) { /* a correspondent of the house is found by what it belongs to */
        struct str parent = bind_int(&q, parent_id);
        sql = str_fmt(cx->arena, "%.*s AND e.parent_id = %.*s", STR_ARG(sql), STR_ARG(parent));
    }
    enum err e = node_rows(&q, sql, &rows, &n);
    if (!e && n != 1)
        e = fail(cx, ERR_NOT_FOUND, "no such entity, or none that the asker may see");
    if (!e)
        e = to_nodes(cx, rows, n, &found);
    if (!e)
        *ret = found.rows.p[0];
    return e;
}

enum err node_get_id(struct cx *cx, const struct noark_type *t, int64_t id, struct node *ret)
{
    return get_where(cx, t, id, id >> 53 ? id & ((INT64_C(1) << 53) - 1) : 0, ret);
}

/* ---- the query string ---- */

static bool hex_pair(struct str s, size_t i, char *ret)
{
    unsigned char c;
    if (i + 2 >= s.n || !str_unhex(str_slice(s, i + 1, i + 3), &c))
        return false;
    *ret = (char)c;
    return true;
}

struct str noark_unquote(struct cx *cx, struct str s)
{
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%' && hex_pair(s, i, &c))
            i += 2;
        else if (c == '+')
            c = ' ';
        buf_add_char(&b, c);
    }
    return buf_str(&b);
}

static enum err take_number(struct cx *cx, const char *name, struct str value, int64_t max, int64_t *ret)
{
    if (!str_to_i64(value, ret) || *ret < 0)
        return fail(cx, ERR_BAD_REQUEST, "%s is a whole number from 0", name);
    if (*ret > max)
        *ret = max;
    return ERR_OK;
}

static enum err take_option(struct cx *cx, struct str name, struct str value, struct odata *o)
{
    if (name.n && name.p[0] == '$')
        name = str_slice(name, 1, name.n);
    if (!text_clean(value))
        return fail(cx, ERR_BAD_REQUEST, "the query is not clean UTF-8");
    if (str_ieq(name, S("filter")))
        o->filter = value;
    else if (str_ieq(name, S("orderby")))
        o->orderby = value;
    else if (str_ieq(name, S("search")))
        o->search = value;
    else if (str_ieq(name, S("expand")))
        o->expand = value;
    else if (str_ieq(name, S("count")))
        o->count = str_ieq(value, S("true"));
    else if (str_ieq(name, S("top"))) {
        o->has_top = true;
        return take_number(cx, "$top", value, NOARK_PAGE_MAX, &o->top);
    } else if (str_ieq(name, S("skip")))
        return take_number(cx, "$skip", value, INT64_C(1) << 40, &o->skip);
    else if (name.n)
        return fail(cx, ERR_BAD_REQUEST, "the query has an option that is not known: $filter, $orderby, $top, $skip, "
                                         "$count, $expand and $search are");
    return ERR_OK;
}

/* Clients quote the whole query as one piece: then it has no sign of its own. A "&" belongs to the next option only
   when one begins there, so that it may also stand in a text. */
enum err odata_parse(struct cx *cx, struct str query, struct odata *ret)
{
    *ret = (struct odata){.top = NOARK_PAGE};
    bool whole = str_find_char(query, '=', 0) == query.n && str_find_char(query, '&', 0) == query.n;
    struct str s = whole ? noark_unquote(cx, query) : query;
    if (whole && str_starts(s, S("%24"))) /* twice */
        s = noark_unquote(cx, s);
    while (s.n) {
        size_t end = str_find_char(s, '&', 0);
        while (whole && end < s.n && !(end + 1 < s.n && s.p[end + 1] == '$'))
            end = str_find_char(s, '&', end + 1);
        struct str one = str_slice(s, 0, end);
        s = str_slice(s, end + 1, s.n);
        size_t eq = str_find_char(one, '=', 0);
        struct str name = str_slice(one, 0, eq), value = str_slice(one, eq + 1, one.n);
        enum err e = take_option(cx, whole ? name : noark_unquote(cx, name), str_trim(whole ? value : noark_unquote(cx, value)), ret);
        if (e)
            return e;
    }
    return ERR_OK;
}
