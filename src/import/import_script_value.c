/* What a value of a script is, and what comparing two of them means. */
#include <math.h>
#include <stdlib.h>

#include "import_script.h"

struct val script_unknown(struct translation *t, const struct js *e, const char *what)
{
    if (!t->why.n)
        t->why = str_fmt(t->im->cx->arena, "%s: `%" PRI_STR "`", what, STR_ARG(js_text(t->im->cx->arena, e, 120)));
    return (struct val){0};
}

struct val script_of_cond(const struct cond *c)
{
    return (struct val){.kind = V_COND, .cond = c};
}

/* ---- what a value is ---- */

struct str script_digits(struct arena *a, double d)
{
    struct str s = str_fmt(a, "%.4f", d);
    while (s.n && s.p[s.n - 1] == '0')
        s.n--;
    if (s.n && s.p[s.n - 1] == '.')
        s.n--;
    return str_eq_z(s, "-0") ? S("0") : s;
}

double script_float(struct translation *t, struct str s)
{
    return strtod(str_z(t->im->cx->arena, s), NULL);
}

struct yaml *script_field(struct translation *t, const struct item *item)
{
    return import_scalar(t->im->cx->arena, item->id);
}

static struct yaml *field_name(struct translation *t, const struct item *item)
{
    return import_one(t->im->cx->arena, "field", script_field(t, item));
}

/* As a number to count with: a node and the latest item. False: it is none. */
bool script_number(struct translation *t, const struct val *v, struct yaml **ret, const struct item **ret_latest)
{
    *ret_latest = v->item;
    if (v->kind == V_NUMBER)
        *ret = import_scalar(t->im->cx->arena, v->text), *ret_latest = NULL;
    else if (v->kind == V_ITEM && import_is_type(v->item, "number money"))
        *ret = script_field(t, v->item);
    else if (v->kind == V_EXPR)
        *ret = v->yaml;
    else
        return false;
    return true;
}

bool script_date(struct translation *t, const struct val *v, struct val *ret)
{
    *ret = *v;
    if (v->kind == V_ITEM && import_is_type(v->item, "date"))
        *ret = (struct val){.kind = V_DATE, .item = v->item, .yaml = script_field(t, v->item)};
    if (v->kind == V_TEXT && v->text.n == 10) {
        day_t day;
        if (civil_parse_day(v->text, &day))
            *ret = (struct val){.kind = V_DATE, .yaml = import_scalar(t->im->cx->arena, v->text)};
    }
    return ret->kind == V_DATE;
}

/* Is it what JavaScript calls true. */
const struct cond *script_truth_of(struct translation *t, const struct val *v, const struct js *e)
{
    struct import *im = t->im;
    switch (v->kind) {
    case V_NONE:
        return cond_const(im, false);
    case V_COND:
        return v->cond;
    case V_TEXT:
        return cond_const(im, v->text.n);
    case V_NUMBER:
        return cond_const(im, script_float(t, v->text) != 0);
    case V_OPTION:
        return cond_is(im, v->item, v->text);
    case V_OBJECT:
    case V_ROWS:
    case V_LIST:
    case V_DATE:
    case V_FUNCTION:
    case V_HELPER:
        return cond_const(im, true);
    case V_EXPR:
        return cond_leaf(
            im, v->item,
            import_one(im->cx->arena, "ne", import_pair(im->cx->arena, v->yaml, import_scalar(im->cx->arena, S("0")))));
    case V_ITEM:
        if (import_is_type(v->item, "checkbox declaration"))
            return cond_is(im, v->item, S("true"));
        if (import_is_type(v->item, "multiselect"))
            return cond_shown(im, v->item);
        if (import_is_type(v->item, "number money"))
            return cond_compare(im, "ne", v->item, import_scalar(im->cx->arena, S("0")));
        return cond_not(im, cond_empty(im, v->item));
    default:
        script_unknown(t, e, "not understood");
        return cond_const(im, true);
    }
}

/* ---- comparing ---- */

struct val script_yes_no(struct translation *t, bool holds)
{
    return script_of_cond(cond_const(t->im, holds));
}

struct val script_negated(struct translation *t, struct val v, bool negate)
{
    return negate && v.kind == V_COND ? script_of_cond(cond_not(t->im, v.cond)) : v;
}

bool script_is_boolean(const struct val *v)
{
    return v->kind == V_COND || v->kind == V_OPTION ||
           (v->kind == V_ITEM && import_is_type(v->item, "checkbox declaration"));
}

static struct str words_of(bool b)
{
    return b ? S("true") : S("false");
}

/* An answer against nothing at all, or the empty text: what is not answered and what is not shown differ there. */
static struct val equals_nothing(struct translation *t, const struct val *v, bool text)
{
    struct import *im = t->im;
    if (v->kind == V_NONE)
        return script_yes_no(t, !text);
    if (v->kind != V_ITEM)
        return script_yes_no(t, false);
    const struct cond *empty = cond_empty(im, v->item);
    bool bare = import_is_type(v->item, "country currency number money") || !text;
    return script_of_cond(bare ? empty : cond_both(im, COND_ALL, cond_shown(im, v->item), empty));
}

static struct val equals_text(struct translation *t, const struct val *v, struct str text, const struct js *e)
{
    if (!text.n)
        return equals_nothing(t, v, true);
    if (v->kind == V_TEXT)
        return script_yes_no(t, str_eq(v->text, text));
    if (v->kind == V_ITEM && import_is_type(v->item, "date month idno file multiselect checkbox"))
        return import_is_type(v->item, "date month idno file") ? script_unknown(t, e, "compared with a text")
                                                               : script_yes_no(t, false);
    if (v->kind == V_ITEM) {
        const struct cond *c = cond_is(t->im, v->item, text);
        if (cond_is_const(c, false))
            import_note(t->im, t->at, text, "compared with `%" PRI_STR "`, which `%" PRI_STR "` never is",
                        STR_ARG(text), STR_ARG(v->item->id));
        return script_of_cond(c);
    }
    return v->kind == V_UNKNOWN ? *v : script_yes_no(t, false);
}

static struct val equals_flag(struct translation *t, const struct val *v, bool flag)
{
    if (v->kind == V_UNKNOWN)
        return *v;
    if (v->kind == V_COND)
        return script_negated(t, *v, !flag);
    if (v->kind == V_ITEM && import_is_type(v->item, "checkbox declaration"))
        return script_of_cond(cond_is(t->im, v->item, words_of(flag)));
    if (v->kind == V_OPTION) {
        const struct cond *chosen = cond_is(t->im, v->item, v->text);
        return script_of_cond(flag ? chosen
                                   : cond_both(t->im, COND_ALL, cond_shown(t->im, v->item), cond_not(t->im, chosen)));
    }
    return script_yes_no(t, false);
}

/* {op: [x, y]} of numbers. */
static struct val compare_numbers(struct translation *t, const char *op, const struct val *x, const struct val *y,
                                  const struct js *e)
{
    struct arena *a = t->im->cx->arena;
    struct yaml *l, *r;
    const struct item *from, *to;
    if (x->kind == V_NUMBER && y->kind == V_NUMBER) {
        double p = script_float(t, x->text), q = script_float(t, y->text);
        bool lt = p<q, gt = p> q;
        return script_yes_no(t, op[0] == 'l'   ? lt || (op[1] == 'e' && !gt)
                                : op[0] == 'g' ? gt || (op[1] == 'e' && !lt)
                                               : (op[0] == 'e') == (!lt && !gt));
    }
    if (x->kind == V_NONE || y->kind == V_NONE)
        return script_yes_no(t, op[0] == 'n');
    if (!script_number(t, x, &l, &from) || !script_number(t, y, &r, &to))
        return script_unknown(t, e, "compared as numbers, and one is none");
    return script_of_cond(cond_leaf(t->im, import_later(from, to), import_one(a, op, import_pair(a, l, r))));
}

static const char *turned(const char *op)
{
    return op[0] == 'l' ? op[1] == 't' ? "gt" : "ge" : op[0] == 'g' ? op[1] == 't' ? "lt" : "le" : op;
}

/* A span against a number: whole days only. */
static struct val compare_span(struct translation *t, const char *op, const struct val *span, const struct val *n,
                               const struct js *e)
{
    struct arena *a = t->im->cx->arena;
    double days = n->kind == V_NUMBER ? script_float(t, n->text) * span->scale / 86400000.0 : 0.5;
    if (days != floor(days))
        return script_unknown(t, e, "not a number of whole days");
    struct yaml *between = import_one(a, "days", import_pair(a, span->yaml, span->other));
    return script_of_cond(cond_leaf(
        t->im, span->item, import_one(a, op, import_pair(a, between, import_scalar(a, script_digits(a, days))))));
}

struct val script_compare_dates(struct translation *t, const char *op, const struct val *x, const struct val *y)
{
    struct arena *a = t->im->cx->arena;
    bool left = x->today || (x->yaml->kind == YAML_SCALAR && !x->item); /* a literal stands to the right */
    const struct val *l = left ? y : x, *r = left ? x : y;
    if (l->today && r->today)
        return script_yes_no(t, op[1] == 'e' || op[0] == 'e');
    return script_of_cond(cond_leaf(t->im, import_later(x->item, y->item),
                                    import_one(a, left ? turned(op) : op, import_pair(a, l->yaml, r->yaml))));
}

struct val script_order(struct translation *t, const char *op, const struct val *x, const struct val *y,
                        const struct js *e)
{
    struct val l, r;
    if (x->kind == V_UNKNOWN || y->kind == V_UNKNOWN)
        return (struct val){0};
    if (x->kind == V_SPAN)
        return compare_span(t, op, x, y, e);
    if (y->kind == V_SPAN)
        return compare_span(t, turned(op), y, x, e);
    if (script_date(t, x, &l) && script_date(t, y, &r))
        return script_compare_dates(t, op, &l, &r);
    return compare_numbers(t, op, x, y, e);
}

/* Two answers. */
static struct val equals_item(struct translation *t, const struct val *x, const struct val *y, const struct js *e)
{
    if (x->item == y->item)
        return script_of_cond(cond_not(t->im, cond_empty(t->im, x->item)));
    if (!x->item->type || !y->item->type || strcmp(x->item->type, y->item->type))
        return script_unknown(t, e, "two answers of different kinds compared");
    return script_of_cond(
        cond_leaf(t->im, import_later(x->item, y->item),
                  import_one(t->im->cx->arena, "eq",
                             import_pair(t->im->cx->arena, script_field(t, x->item), field_name(t, y->item)))));
}

struct val script_equals(struct translation *t, const struct val *x, const struct val *y, const struct js *e)
{
    struct val l, r;
    if (x->kind == V_UNKNOWN || y->kind == V_UNKNOWN)
        return (struct val){0};
    if (y->kind == V_TEXT && !(x->kind == V_DATE))
        return equals_text(t, x, y->text, e);
    if (x->kind == V_TEXT && !(y->kind == V_DATE))
        return equals_text(t, y, x->text, e);
    if (y->kind == V_NONE)
        return equals_nothing(t, x, false);
    if (x->kind == V_NONE)
        return equals_nothing(t, y, false);
    if (y->kind == V_COND && (cond_is_const(y->cond, true) || cond_is_const(y->cond, false)))
        return equals_flag(t, x, cond_is_const(y->cond, true));
    if (x->kind == V_COND && (cond_is_const(x->cond, true) || cond_is_const(x->cond, false)))
        return equals_flag(t, y, cond_is_const(x->cond, true));
    if (script_is_boolean(x) && script_is_boolean(y)) {
        const struct cond *p = script_truth_of(t, x, e), *q = script_truth_of(t, y, e);
        struct import *im = t->im;
        return script_of_cond(cond_both(im, COND_ANY, cond_both(im, COND_ALL, p, q),
                                        cond_both(im, COND_ALL, cond_not(im, p), cond_not(im, q))));
    }
    if (x->kind == V_SPAN || y->kind == V_SPAN || (script_date(t, x, &l) && script_date(t, y, &r)))
        return script_order(t, "eq", x, y, e);
    if (x->kind == V_ITEM && y->kind == V_ITEM && !import_is_type(x->item, "number money"))
        return equals_item(t, x, y, e);
    return compare_numbers(t, "eq", x, y, e);
}
