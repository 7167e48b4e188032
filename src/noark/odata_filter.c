/* $filter and $orderby to SQL: by recursive descent, each part as it is read. A path that leads through a relation
   becomes EXISTS over the rows of what it leads to, with the permission filter in it. */
#include <stdlib.h>
#include <string.h>

#include "keys/keys.h"
#include "noark/odata_sql.h"

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
    struct str sql;           /* of an attribute or function */
    enum noark_kind type;     /* of it */
    bool is_id;               /* systemID */
    struct str text;          /* of a literal */
    bool flag;                /* of true and false */
    struct str before, after; /* EXISTS (… around the comparison, when the path led elsewhere */
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
                        "EXISTS (SELECT 1 FROM noark_reference f WHERE f.kind = %d AND f.%s = %.*s.id AND f.%s "
                        "= %.*s.id)",
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

static struct str exists_begin(struct compiler *c, const struct noark_type *t, struct str alias, struct str join)
{
    struct str rows = sql_rows(c->q, t, alias), type = sql_typed(c->q, t, alias);
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
    return str_fmt(
        c->cx->arena,
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

/* A field of our own is compared as the text of its value. */
static struct str own_value(struct compiler *c, struct str sql)
{
    return str_fmt(c->cx->arena, "CAST(%.*s AS text)", STR_ARG(sql));
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
            v = sql_alias(c->q);
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
            ret->sql = own_value(c, json_path(c->q, at->alias, names, n));
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
            ret->sql = own_value(c, json_path(c->q, here.alias, names, 2));
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
        struct str at = sql_text(q, t);
        *ret = str_fmt(a, q->pg ? "CAST(%.*s AS timestamptz)" : "julianday(%.*s)", STR_ARG(at));
        return ERR_OK;
    }
    if (number) {
        char *end, *z = str_z(a, o->text);
        double v = strtod(z, &end);
        if (!o->text.n || *end || o->kind == O_TIME)
            return wrong(c, "a number is expected");
        *ret = sql_bind(q, DB_REAL, (struct db_value){.r = v});
        return ERR_OK;
    }
    if (kind == NOARK_BOOL)
        return wrong(c, "true or false is expected");
    if (kind == NOARK_SECRET) {
        struct str hex = q->dry ? S("") : hash_hex(a, keys_lookup(c->cx, S("noark-idno"), o->text));
        *ret = sql_text(q, hex);
        return ERR_OK;
    }
    *ret = sql_text(q, o->text);
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
    if (c->q->dry || !node_of_uuid(c->cx, right->text, &id, &house))
        id = -1;
    struct str value = sql_int(c->q, id);
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
        struct str v = sql_alias(c->q), names[] = {word};
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

enum err sql_filter(struct sql *q, const struct noark_type *t, struct str filter, struct str *ret)
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

enum err sql_order(struct sql *q, const struct noark_type *t, struct str orderby, struct buf *b)
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
