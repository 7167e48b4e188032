/* $filter and $orderby to SQL: by recursive descent, each part as it is read. */
#include <stdlib.h>
#include <string.h>

#include "keys/keys.h"
#include "noark/odata_filter.h"

enum err filter_wrong(struct compiler *c, const char *what)
{
    return fail(c->cx, ERR_BAD_REQUEST, "$filter: %s, near character %zu", what, c->l.at);
}

static enum err expect(struct compiler *c, enum token kind, const char *what)
{
    if (c->l.kind != kind)
        return filter_wrong(c, what);
    lex_next(c->cx, &c->l);
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
        return filter_wrong(c, "too many values");
    if (o->kind == O_BOOL) {
        *ret = o->flag ? S("1") : S("0");
        return kind == NOARK_BOOL ? ERR_OK : filter_wrong(c, "true and false are compared with truths only");
    }
    if (kind == NOARK_TIME) {
        struct str t = o->text;
        if (t.n == 10)
            t = str_cat(a, t, S("T00:00:00Z"));
        if ((o->kind != O_TIME && o->kind != O_TEXT) || !noark_is_time(t))
            return filter_wrong(c, "a time is written 2026-11-23T10:26:00Z");
        struct str at = sql_text(q, t);
        *ret = str_fmt(a, q->pg ? "CAST(%.*s AS timestamptz)" : "julianday(%.*s)", STR_ARG(at));
        return ERR_OK;
    }
    if (number) {
        char *end, *z = str_z(a, o->text);
        double v = strtod(z, &end);
        if (!o->text.n || *end || o->kind == O_TIME)
            return filter_wrong(c, "a number is expected");
        *ret = sql_bind(q, DB_REAL, (struct db_value){.r = v});
        return ERR_OK;
    }
    if (kind == NOARK_BOOL)
        return filter_wrong(c, "true or false is expected");
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
        return filter_wrong(c, "this function takes a time");
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
        lex_next(c->cx, &c->l);
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
        return filter_wrong(c, "a function is of an attribute");
    const char *z = str_z(a, str_lower_ascii(a, name));
    bool done = false;
    for (size_t i = 0; !done && !e && i < sizeof times / sizeof *times; i++)
        if (!strcmp(z, times[i])) {
            e = part_of_time(c, z, ret);
            done = true;
        }
    if (!done && ret->type != NOARK_TEXT)
        return filter_wrong(c, "this function takes a text");
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
        return filter_wrong(c, "no such function");
    return e ? e : expect(c, T_SHUT, "a parenthesis is missing");
}

static enum err operand(struct compiler *c, const struct place *at, struct operand *ret)
{
    *ret = (struct operand){.text = c->l.text, .before = S(""), .after = S("")};
    if (++c->q->depth > 400)
        return filter_wrong(c, "too long");
    if (c->l.kind == T_TEXT || c->l.kind == T_NUMBER || c->l.kind == T_TIME) {
        ret->kind = c->l.kind == T_TEXT ? O_TEXT : c->l.kind == T_NUMBER ? O_NUMBER : O_TIME;
        lex_next(c->cx, &c->l);
        return ERR_OK;
    }
    if (c->l.kind != T_NAME)
        return filter_wrong(c, "an attribute or a value is expected");
    if (lex_is(&c->l, "null") || lex_is(&c->l, "true") || lex_is(&c->l, "false")) {
        ret->kind = lex_is(&c->l, "null") ? O_NULL : O_BOOL;
        ret->flag = lex_is(&c->l, "true");
        lex_next(c->cx, &c->l);
        return ERR_OK;
    }
    struct str name = c->l.text;
    struct path p;
    enum err e = path_take(c, &p);
    if (e)
        return e;
    if (c->l.kind == T_OPEN) {
        lex_next(c->cx, &c->l);
        return p.n == 1 ? function(c, at, name, ret) : filter_wrong(c, "no such function");
    }
    return path_operand(c, at, &p, ret);
}

static enum err compare_id(struct compiler *c, const struct operand *left, const struct operand *right, bool eq,
                           struct str *ret)
{
    int64_t id = -1;
    const struct noark_type *house;
    if (right->kind != O_TEXT)
        return filter_wrong(c, "a systemID is compared with a text");
    if (c->q->dry || !node_of_uuid(c->cx, right->text, &id, &house))
        id = -1;
    struct str value = sql_int(c->q, id);
    *ret = str_cat(c->cx->arena, left->before, left->sql, eq ? S(" = ") : S(" <> "), value, left->after);
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
        return filter_wrong(c, "eq, ne, lt, le, gt or ge is expected");
    if (left->kind != O_ATTR || right->kind == O_ATTR)
        return filter_wrong(c, "an attribute is compared with a value");
    bool eq = !strcmp(sql_op, "="), either = eq || !strcmp(sql_op, "<>");
    struct str value;
    if (right->kind == O_NULL) {
        if (!either)
            return filter_wrong(c, "null is compared by eq and ne");
        *ret = str_cat(c->cx->arena, left->before, left->sql, eq ? S(" IS NULL") : S(" IS NOT NULL"), left->after);
        return ERR_OK;
    }
    if ((left->is_id || left->type == NOARK_SECRET) && !either)
        return filter_wrong(c, "this is compared by eq and ne");
    if (left->is_id)
        return compare_id(c, left, right, eq, ret);
    enum err e = literal(c, right, left->type, &value);
    if (e)
        return e;
    bool text = left->type == NOARK_TEXT || left->type == NOARK_ID;
    c->q->narrow |= eq && (str_eq_z(left->sql, "e.title") || str_eq_z(left->sql, "e.no"));
    *ret = str_cat(c->cx->arena, left->before, left->sql, text && c->q->pg ? S(" COLLATE \"C\" ") : S(" "),
                   str_of(sql_op), S(" "), value, left->after);
    return ERR_OK;
}

/* contains, startswith, endswith: by code points, case kept. */
static enum err text_test(struct compiler *c, const struct place *at, struct str name, struct str *ret)
{
    struct operand what, part;
    struct str value;
    enum err e = operand(c, at, &what);
    if (!e && (what.kind != O_ATTR || (what.type != NOARK_TEXT && what.type != NOARK_ID) || what.is_id))
        e = filter_wrong(c, "this function takes a text attribute");
    if (!e)
        e = expect(c, T_COMMA, "a comma is missing");
    if (!e)
        e = operand(c, at, &part);
    if (!e && part.kind != O_TEXT)
        e = filter_wrong(c, "a text in quotes is expected");
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
    *ret = str_cat(a, what.before, test, what.after);
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
        *ret = str_cat(c->cx->arena, all ? S("NOT ") : S(""), before, all ? S("NOT (") : S("("), body, S(")"), after);
    return e;
}

/* part/any(p: p/navn eq 'x'), noekkelord/any(n: n eq 'x'), part/any() */
static enum err lambda(struct compiler *c, const struct place *at, struct path *p, struct str *ret)
{
    bool all = str_ieq(p->words[p->n - 1], S("all"));
    const struct place *by = path_place(at, p->words[0]);
    struct place here = by ? *by : *at, inner = {0};
    while (!by && here.variable.n && here.outer)
        here = *here.outer;
    if (p->n != (by ? 3u : 2u))
        return filter_wrong(c, "any and all are of one relation: part/any(p: …)");
    struct str word = p->words[p->n - 2], join, before, alias;
    const struct noark_attr *a = path_attr(here.t, word);
    if (a && (a->flags & NOARK_MANY) && a->kind == NOARK_TEXT) {
        struct str v = sql_alias(c->q), names[] = {word};
        before = path_list(c, here.alias, names, 1, v);
        inner = (struct place){.t = here.t, .alias = v, .outer = at, .element = path_list_value(c, v, NULL, 0)};
    } else {
        const struct noark_type *t;
        if (!path_navigate(c, &here, word, &t, &alias, &join))
            return filter_wrong(c, "no such relation");
        before = path_exists(c, t, alias, join);
        inner = (struct place){.t = t, .alias = alias, .outer = at};
    }
    if (c->l.kind == T_SHUT) {
        lex_next(c->cx, &c->l);
        *ret = str_cat(c->cx->arena, before, S("1 = 1)"));
        return all ? filter_wrong(c, "all needs a condition") : ERR_OK;
    }
    if (c->l.kind != T_NAME)
        return filter_wrong(c, "the variable of any or all is missing");
    inner.variable = c->l.text;
    lex_next(c->cx, &c->l);
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
        return filter_wrong(c, "too deep");
    if (lex_is(&c->l, "not")) {
        lex_next(c->cx, &c->l);
        struct str inner;
        if (!(e = condition(c, at, &inner)))
            *ret = str_cat(c->cx->arena, S("NOT ("), inner, S(")"));
        return e;
    }
    if (c->l.kind == T_OPEN) {
        lex_next(c->cx, &c->l);
        struct str inner;
        if (!(e = any_of(c, at, &inner)) && !(e = expect(c, T_SHUT, "a parenthesis is missing")))
            *ret = str_cat(c->cx->arena, S("("), inner, S(")"));
        return e;
    }
    if (c->l.kind == T_NAME) {
        struct path p;
        if ((e = path_take(c, &p)))
            return e;
        struct str last = p.words[p.n - 1];
        if (c->l.kind == T_OPEN && p.n == 1 && is_text_test(last)) {
            lex_next(c->cx, &c->l);
            return text_test(c, at, last, ret);
        }
        if (c->l.kind == T_OPEN && p.n > 1 && (str_ieq(last, S("any")) || str_ieq(last, S("all")))) {
            lex_next(c->cx, &c->l);
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
    while (!e && lex_is(&c->l, "and")) {
        lex_next(c->cx, &c->l);
        if (!(e = condition(c, at, &more)))
            *ret = str_cat(c->cx->arena, *ret, S(" AND "), more);
    }
    return e;
}

static enum err any_of(struct compiler *c, const struct place *at, struct str *ret)
{
    struct str more;
    enum err e = all_of(c, at, ret);
    while (!e && lex_is(&c->l, "or")) {
        lex_next(c->cx, &c->l);
        if (!(e = all_of(c, at, &more)))
            *ret = str_cat(c->cx->arena, S("("), *ret, S(" OR "), more, S(")"));
    }
    return e;
}

static enum err compile(struct sql *q, const struct noark_type *t, struct str filter, struct str *ret)
{
    struct compiler c = {.q = q, .cx = q->cx, .l = {.s = filter}};
    struct place at = {.t = t, .alias = S("e")};
    lex_next(q->cx, &c.l);
    enum err e = any_of(&c, &at, ret);
    if (!e && c.l.kind != T_END)
        e = filter_wrong(&c, "something follows that does not belong there");
    if (!e && (ret->n > SQL_MAX || q->n + 4 >= VALUES_MAX))
        e = filter_wrong(&c, "too long");
    return e;
}

/* What of another entity is asked for comes behind the rows it is asked of: when it is JSON, then once more with that.
 */
enum err sql_filter(struct sql *q, const struct noark_type *t, struct str filter, struct str *ret)
{
    struct sql before = *q;
    enum err e = compile(q, t, filter, ret);
    if (e || !q->bodies_asked)
        return e;
    before.bodies = q->bodies_asked;
    *q = before;
    return compile(q, t, filter, ret);
}

/* ---- order ---- */

enum err sql_order(struct sql *q, const struct noark_type *t, struct str orderby, struct sql_order *ret)
{
    struct compiler c = {.q = q, .cx = q->cx, .l = {.s = orderby}};
    struct place at = {.t = t, .alias = S("e")};
    lex_next(q->cx, &c.l);
    while (c.l.kind != T_END) {
        struct operand o;
        enum err e = operand(&c, &at, &o);
        if (!e && (o.kind != O_ATTR || o.before.n || o.type == NOARK_SECRET || ret->n == ORDER_MAX))
            e = fail(q->cx, ERR_BAD_REQUEST, "$orderby: up to four attributes of the entity itself");
        if (e)
            return e;
        bool down = lex_is(&c.l, "desc");
        if (down || lex_is(&c.l, "asc"))
            lex_next(q->cx, &c.l);
        bool text = o.type == NOARK_TEXT || o.type == NOARK_ID;
        struct str sql = text && q->pg && !o.is_id ? str_cat(q->cx->arena, o.sql, S(" COLLATE \"C\"")) : o.sql;
        ret->by[ret->n++] = (struct sql_by){sql, down ? "DESC NULLS LAST" : "ASC NULLS FIRST", NULL};
        if (c.l.kind == T_END)
            break;
        if ((e = expect(&c, T_COMMA, "$orderby: a comma is expected")))
            return e;
    }
    return ERR_OK;
}
