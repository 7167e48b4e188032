/* Translates what import_js.c has read: a JavaScript expression becomes a condition, a check or a computed value of
   form.yaml, or the reason why not. */
#include <math.h>
#include <stdlib.h>

#include "import_script.h"

struct val script_unknown(struct translation *t, const struct js *e, const char *what)
{
    if (!t->why.n)
        t->why = str_fmt(t->im->cx->arena, "%s: `%" PRI_STR "`", what, STR_ARG(js_text(t->im->cx->arena, e, 120)));
    return (struct val){0};
}

static struct val of_cond(const struct cond *c)
{
    return (struct val){.kind = V_COND, .cond = c};
}

/* ---- what a value is ---- */

static struct str digits(struct arena *a, double d)
{
    struct str s = str_fmt(a, "%.4f", d);
    while (s.n && s.p[s.n - 1] == '0')
        s.n--;
    if (s.n && s.p[s.n - 1] == '.')
        s.n--;
    return str_eq_z(s, "-0") ? S("0") : s;
}

static double number_of(struct translation *t, struct str s)
{
    return strtod(str_z(t->im->cx->arena, s), NULL);
}

static struct yaml *field_node(struct translation *t, const struct item *item)
{
    return import_scalar(t->im->cx->arena, item->id);
}

static struct yaml *field_name(struct translation *t, const struct item *item)
{
    return import_one(t->im->cx->arena, "field", field_node(t, item));
}

/* As a number to count with: a node and the latest item. False: it is none. */
bool script_number(struct translation *t, const struct val *v, struct yaml **ret, const struct item **ret_latest)
{
    *ret_latest = v->item;
    if (v->kind == V_NUMBER)
        *ret = import_scalar(t->im->cx->arena, v->text), *ret_latest = NULL;
    else if (v->kind == V_ITEM && import_is_type(v->item, "number money"))
        *ret = field_node(t, v->item);
    else if (v->kind == V_EXPR)
        *ret = v->yaml;
    else
        return false;
    return true;
}

static bool as_date(struct translation *t, const struct val *v, struct val *ret)
{
    *ret = *v;
    if (v->kind == V_ITEM && import_is_type(v->item, "date"))
        *ret = (struct val){.kind = V_DATE, .item = v->item, .yaml = field_node(t, v->item)};
    if (v->kind == V_TEXT && v->text.n == 10) {
        day_t day;
        if (civil_parse_day(v->text, &day))
            *ret = (struct val){.kind = V_DATE, .yaml = import_scalar(t->im->cx->arena, v->text)};
    }
    return ret->kind == V_DATE;
}

/* Is it what JavaScript calls true. */
static const struct cond *truth_of(struct translation *t, const struct val *v, const struct js *e)
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
        return cond_const(im, number_of(t, v->text) != 0);
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

static struct val yes_no(struct translation *t, bool holds)
{
    return of_cond(cond_const(t->im, holds));
}

static struct val negated(struct translation *t, struct val v, bool negate)
{
    return negate && v.kind == V_COND ? of_cond(cond_not(t->im, v.cond)) : v;
}

static bool is_boolean(const struct val *v)
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
        return yes_no(t, !text);
    if (v->kind != V_ITEM)
        return yes_no(t, false);
    const struct cond *empty = cond_empty(im, v->item);
    bool bare = import_is_type(v->item, "country currency number money") || !text;
    return of_cond(bare ? empty : cond_both(im, COND_ALL, cond_shown(im, v->item), empty));
}

static struct val equals_text(struct translation *t, const struct val *v, struct str text, const struct js *e)
{
    if (!text.n)
        return equals_nothing(t, v, true);
    if (v->kind == V_TEXT)
        return yes_no(t, str_eq(v->text, text));
    if (v->kind == V_ITEM && import_is_type(v->item, "date month idno file multiselect checkbox"))
        return import_is_type(v->item, "date month idno file") ? script_unknown(t, e, "compared with a text")
                                                               : yes_no(t, false);
    if (v->kind == V_ITEM && import_is_type(v->item, "radio select country currency attachment") && !text.n)
        return equals_nothing(t, v, true);
    if (v->kind == V_ITEM) {
        const struct cond *c = cond_is(t->im, v->item, text);
        if (cond_is_const(c, false))
            import_note(t->im, t->at, text, "compared with `%" PRI_STR "`, which `%" PRI_STR "` never is",
                        STR_ARG(text), STR_ARG(v->item->id));
        return of_cond(c);
    }
    return v->kind == V_UNKNOWN ? *v : yes_no(t, false);
}

static struct val equals_flag(struct translation *t, const struct val *v, bool flag, const struct js *e)
{
    if (v->kind == V_UNKNOWN)
        return *v;
    if (v->kind == V_COND)
        return negated(t, *v, !flag);
    if (v->kind == V_ITEM && import_is_type(v->item, "checkbox declaration"))
        return of_cond(cond_is(t->im, v->item, words_of(flag)));
    if (v->kind == V_OPTION) {
        const struct cond *chosen = cond_is(t->im, v->item, v->text);
        return of_cond(flag ? chosen : cond_both(t->im, COND_ALL, cond_shown(t->im, v->item), cond_not(t->im, chosen)));
    }
    (void)e;
    return yes_no(t, false);
}

/* {op: [x, y]} of numbers. */
static struct val compare_numbers(struct translation *t, const char *op, const struct val *x, const struct val *y,
                                  const struct js *e)
{
    struct arena *a = t->im->cx->arena;
    struct yaml *l, *r;
    const struct item *from, *to;
    if (x->kind == V_NUMBER && y->kind == V_NUMBER) {
        double p = number_of(t, x->text), q = number_of(t, y->text);
        bool lt = p<q, gt = p> q;
        return yes_no(t, op[0] == 'l'   ? lt || (op[1] == 'e' && !gt)
                         : op[0] == 'g' ? gt || (op[1] == 'e' && !lt)
                                        : (op[0] == 'e') == (!lt && !gt));
    }
    if (x->kind == V_NONE || y->kind == V_NONE)
        return yes_no(t, op[0] == 'n');
    if (!script_number(t, x, &l, &from) || !script_number(t, y, &r, &to))
        return script_unknown(t, e, "compared as numbers, and one is none");
    return of_cond(cond_leaf(t->im, import_later(from, to), import_one(a, op, import_pair(a, l, r))));
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
    double days = n->kind == V_NUMBER ? number_of(t, n->text) * span->scale / 86400000.0 : 0.5;
    if (days != floor(days))
        return script_unknown(t, e, "not a number of whole days");
    struct yaml *between = import_one(a, "days", import_pair(a, span->yaml, span->other));
    return of_cond(
        cond_leaf(t->im, span->item, import_one(a, op, import_pair(a, between, import_scalar(a, digits(a, days))))));
}

static struct val compare_dates(struct translation *t, const char *op, const struct val *x, const struct val *y)
{
    struct arena *a = t->im->cx->arena;
    bool left = x->today || (x->yaml->kind == YAML_SCALAR && !x->item); /* a literal stands to the right */
    const struct val *l = left ? y : x, *r = left ? x : y;
    if (l->today && r->today)
        return yes_no(t, op[1] == 'e' || op[0] == 'e');
    return of_cond(cond_leaf(t->im, import_later(x->item, y->item),
                             import_one(a, left ? turned(op) : op, import_pair(a, l->yaml, r->yaml))));
}

static struct val order(struct translation *t, const char *op, const struct val *x, const struct val *y,
                        const struct js *e)
{
    struct val l, r;
    if (x->kind == V_UNKNOWN || y->kind == V_UNKNOWN)
        return (struct val){0};
    if (x->kind == V_SPAN)
        return compare_span(t, op, x, y, e);
    if (y->kind == V_SPAN)
        return compare_span(t, turned(op), y, x, e);
    if (as_date(t, x, &l) && as_date(t, y, &r))
        return compare_dates(t, op, &l, &r);
    return compare_numbers(t, op, x, y, e);
}

/* Two answers. */
static struct val equals_item(struct translation *t, const struct val *x, const struct val *y, const struct js *e)
{
    if (x->item == y->item)
        return of_cond(cond_not(t->im, cond_empty(t->im, x->item)));
    if (!x->item->type || !y->item->type || strcmp(x->item->type, y->item->type))
        return script_unknown(t, e, "two answers of different kinds compared");
    return of_cond(
        cond_leaf(t->im, import_later(x->item, y->item),
                  import_one(t->im->cx->arena, "eq",
                             import_pair(t->im->cx->arena, field_node(t, x->item), field_name(t, y->item)))));
}

static struct val equals(struct translation *t, const struct val *x, const struct val *y, const struct js *e)
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
        return equals_flag(t, x, cond_is_const(y->cond, true), e);
    if (x->kind == V_COND && (cond_is_const(x->cond, true) || cond_is_const(x->cond, false)))
        return equals_flag(t, y, cond_is_const(x->cond, true), e);
    if (is_boolean(x) && is_boolean(y)) {
        const struct cond *p = truth_of(t, x, e), *q = truth_of(t, y, e);
        struct import *im = t->im;
        return of_cond(cond_both(im, COND_ANY, cond_both(im, COND_ALL, p, q),
                                 cond_both(im, COND_ALL, cond_not(im, p), cond_not(im, q))));
    }
    if (x->kind == V_SPAN || y->kind == V_SPAN || (as_date(t, x, &l) && as_date(t, y, &r)))
        return order(t, "eq", x, y, e);
    if (x->kind == V_ITEM && y->kind == V_ITEM && !import_is_type(x->item, "number money"))
        return equals_item(t, x, y, e);
    return compare_numbers(t, "eq", x, y, e);
}

/* ---- members ---- */

static struct val of_item(struct translation *t, const struct item *found)
{
    if (found->role == ITEM_REPEAT)
        return (struct val){.kind = V_ROWS, .item = found};
    if (found->role == ITEM_CONTAINER)
        return (struct val){.kind = V_OBJECT, .item = found};
    (void)t;
    return (struct val){.kind = found->left_out ? V_NONE : V_ITEM, .item = found};
}

static struct val member_of_object(struct translation *t, const struct item *object, struct str name,
                                   const struct js *e)
{
    const struct item *found = import_find(t->im, object, name);
    if (found)
        return of_item(t, found);
    import_note(t->im, t->at, js_text(t->im->cx->arena, e, 200),
                "looks at `%" PRI_STR "`, which the form does not ask: taken as never answered", STR_ARG(name));
    return (struct val){.kind = V_NONE};
}

static struct val length_of(struct translation *t, const struct val *v, const struct js *e)
{
    struct arena *a = t->im->cx->arena;
    if (v->kind == V_ROWS || (v->kind == V_ITEM && import_is_type(v->item, "multiselect file")))
        return (struct val){.kind = V_EXPR, .item = v->item, .yaml = import_one(a, "count", field_node(t, v->item))};
    if (v->kind == V_ITEM && import_is_type(v->item, "text longtext"))
        return (struct val){.kind = V_EXPR, .item = v->item, .yaml = import_one(a, "length", field_node(t, v->item))};
    if (v->kind == V_LIST)
        return (struct val){.kind = V_NUMBER, .text = str_fmt(a, "%zu", v->js->n)};
    return v->kind == V_NONE ? *v : script_unknown(t, e, "a length that is not understood");
}

static struct val member_of_item(struct translation *t, const struct val *v, struct str name, const struct js *e)
{
    if (import_is_type(v->item, "multiselect"))
        return (struct val){.kind = V_OPTION, .item = v->item, .text = name};
    if (str_eq_z(name, "value") && import_is_type(v->item, "country currency select radio"))
        return *v;
    if (str_eq_z(name, "key") && import_is_type(v->item, "attachment"))
        return *v;
    return script_unknown(t, e, "a part of an answer that is not understood");
}

static struct val eval_member(struct translation *t, const struct js *e)
{
    struct val v = script_eval(t, e->of[0]);
    if (str_eq_z(e->text, "length"))
        return length_of(t, &v, e);
    if (v.kind == V_OBJECT)
        return member_of_object(t, v.item, e->text, e);
    if (v.kind == V_ITEM)
        return member_of_item(t, &v, e->text, e);
    if (v.kind == V_NONE || v.kind == V_UNKNOWN)
        return v;
    if (v.kind == V_HELPER && str_eq_z(v.text, "submission") && str_eq_z(e->text, "data"))
        return (struct val){.kind = V_OBJECT};
    if (v.kind == V_ROWS) /* a list has no such member */
        return (struct val){.kind = V_NONE};
    return script_unknown(t, e, "not understood");
}

static struct val eval_name(struct translation *t, const struct js *e)
{
    static const char *const helpers[] = {"instance",  "utils",      "util",   "_",        "moment",     "Math",
                                          "Date",      "String",     "Number", "parseInt", "parseFloat", "Boolean",
                                          "component", "submission", "Array",  "Object",   "form"};
    for (size_t i = t->env.n; i-- > 0;)
        if (str_eq(t->env.p[i].name, e->text))
            return t->env.p[i].val;
    if (str_eq_z(e->text, "data"))
        return (struct val){.kind = V_OBJECT};
    if (str_eq_z(e->text, "row"))
        return (struct val){.kind = V_OBJECT, .item = t->at->data};
    if (str_eq_z(e->text, "input") || str_eq_z(e->text, "value"))
        return of_item(t, t->at);
    for (size_t i = 0; i < t->script->functions.n; i++)
        if (str_eq(t->script->functions.p[i].name, e->text))
            return (struct val){.kind = V_FUNCTION, .js = t->script->functions.p[i].fn};
    for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++)
        if (str_eq_z(e->text, helpers[i]))
            return (struct val){.kind = V_HELPER, .text = e->text};
    return script_unknown(t, e, "a name that is not known");
}

/* ---- calls ---- */

/* "_.some" of a call; empty when it is no such call. */
static struct str called(struct translation *t, const struct js *call)
{
    const struct js *f = call->of[0];
    if (f->kind == JS_NAME)
        return f->text;
    if (f->kind == JS_MEMBER && f->of[0]->kind == JS_NAME) {
        for (size_t i = 0; i < t->env.n; i++)
            if (str_eq(t->env.p[i].name, f->of[0]->text))
                return (struct str){0};
        return str_fmt(t->im->cx->arena, "%" PRI_STR ".%" PRI_STR, STR_ARG(f->of[0]->text), STR_ARG(f->text));
    }
    return (struct str){0};
}

static struct val inlined(struct translation *t, const struct js *fn, const struct val *args, size_t n)
{
    size_t before = t->env.n;
    for (size_t i = 0; i < fn->n_params; i++)
        vec_add(t->im->cx->arena, &t->env,
                (struct bound){fn->params[i], i < n ? args[i] : (struct val){.kind = V_NONE}});
    struct val v = script_eval(t, fn->of[0]);
    t->env.n = before;
    return v;
}

/* _.some(rows, row => …), rows.every(…). */
static struct val quantified(struct translation *t, const char *op, const struct val *rows, const struct js *fn,
                             const struct js *e)
{
    if (rows->kind == V_NONE) /* of no rows */
        return yes_no(t, op[0] == 'e');
    if (rows->kind != V_ROWS || fn->kind != JS_FUNCTION || rows->item->repeat)
        return script_unknown(t, e, "rows that are not understood");
    struct val row = {.kind = V_OBJECT, .item = rows->item};
    size_t before = t->env.n;
    if (fn->n_params)
        vec_add(t->im->cx->arena, &t->env, (struct bound){fn->params[0], row});
    const struct cond *c = script_truth(t, fn->of[0]);
    t->env.n = before;
    return of_cond(cond_rows(t->im, op, rows->item, c));
}

/* A text that holds another, capitals as they are; with something before it, after it. */
static struct val holds_text(struct translation *t, const struct item *item, struct str part, bool before, bool after,
                             const struct js *e)
{
    struct arena *a = t->im->cx->arena;
    if (str_find(part, S("\\E"), 0) < part.n)
        return script_unknown(t, e, "a text with a sign that is not understood");
    struct str pattern = str_fmt(a, "(?s)%s\\Q%" PRI_STR "\\E%s", before ? ".*" : "", STR_ARG(part), after ? ".*" : "");
    return of_cond(cond_compare(t->im, "matches", item, import_quoted(a, pattern)));
}

/* [a, b].includes(x), or a multi-select's own list. */
static struct val includes(struct translation *t, const struct val *list, const struct val *x, const struct js *e)
{
    const struct cond *any = cond_const(t->im, false);
    if (list->kind == V_ITEM && import_is_type(list->item, "multiselect") && x->kind == V_TEXT)
        return of_cond(cond_is(t->im, list->item, x->text));
    if (list->kind == V_ITEM && import_is_type(list->item, "text longtext") && x->kind == V_TEXT)
        return holds_text(t, list->item, x->text, true, true, e);
    if (list->kind == V_NONE)
        return yes_no(t, false);
    if (list->kind != V_LIST)
        return script_unknown(t, e, "a list that is not understood");
    for (size_t i = 0; i < list->js->n; i++) {
        struct val one = script_eval(t, list->js->of[i]), is = equals(t, x, &one, e);
        any = cond_both(t->im, COND_ANY, any, truth_of(t, &is, e));
    }
    return of_cond(any);
}

static struct val unit_span(struct translation *t, const struct val *from, const struct val *to, struct str unit,
                            const struct js *e)
{
    struct arena *a = t->im->cx->arena;
    const char *op = str_starts(unit, S("year")) ? "years" : str_starts(unit, S("month")) ? "months" : "days";
    bool known = str_starts(unit, S("year")) || str_starts(unit, S("month")) || str_starts(unit, S("day"));
    struct val v = {.kind = V_EXPR, .item = import_later(from->item, to->item)};
    if (!known)
        return script_unknown(t, e, "a span of time that is not understood");
    v.yaml = to->today && op[0] == 'y' ? import_one(a, "age", from->yaml)
                                       : import_one(a, op, import_pair(a, from->yaml, to->yaml));
    return v;
}

static struct val shifted(struct translation *t, const struct val *date, const struct val *n, struct str unit,
                          bool back, const struct js *e)
{
    struct arena *a = t->im->cx->arena;
    char letter = str_starts(unit, S("year"))                           ? 'y'
                  : str_starts(unit, S("month")) || str_eq_z(unit, "M") ? 'm'
                  : str_starts(unit, S("day")) || str_eq_z(unit, "d")   ? 'd'
                                                                        : 0;
    int64_t by = 0;
    if (n->kind != V_NUMBER || !str_to_i64(n->text, &by) || !letter)
        return script_unknown(t, e, "a date moved by what is not understood");
    by = back ? -by : by;
    struct str shift = str_fmt(a, "%+lld%c", (long long)by, letter);
    struct val v = {.kind = V_DATE, .item = date->item};
    v.yaml = date->today ? import_scalar(a, str_cat(a, S("today"), shift))
                         : import_one(a, "shift", import_pair(a, date->yaml, import_quoted(a, shift)));
    return v;
}

/* A method of a date, as moment and Date have them. */
static struct val date_method(struct translation *t, const struct val *date, struct str name, const struct val *args,
                              size_t n, const struct js *e)
{
    static const struct {
        const char *name, *op;
    } compares[] = {
        {"isBefore", "lt"}, {"isAfter", "gt"}, {"isSame", "eq"}, {"isSameOrBefore", "le"}, {"isSameOrAfter", "ge"}};
    static const char *const same[] = {"getTime", "valueOf", "startOf", "toDate", "clone", "endOf", "getDate"};
    struct val other;
    for (size_t i = 0; i < sizeof compares / sizeof *compares; i++)
        if (str_eq_z(name, compares[i].name))
            return n && as_date(t, &args[0], &other) ? compare_dates(t, compares[i].op, date, &other)
                                                     : script_unknown(t, e, "compared with what is no date");
    for (size_t i = 0; i + 1 < sizeof same / sizeof *same; i++)
        if (str_eq_z(name, same[i]) && (i != 2 || (n && str_starts(args[0].text, S("day")))))
            return *date;
    if (str_eq_z(name, "diff") && n && as_date(t, &args[0], &other))
        return unit_span(t, &other, date, n > 1 ? args[1].text : S(""), e);
    if ((str_eq_z(name, "add") || str_eq_z(name, "subtract")) && n == 2)
        return shifted(t, date, &args[0], args[1].text, name.p[0] == 's', e);
    if (str_eq_z(name, "getFullYear") || str_eq_z(name, "year"))
        return (struct val){
            .kind = V_EXPR, .item = date->item, .yaml = import_one(t->im->cx->arena, "year", date->yaml)};
    return script_unknown(t, e, "a use of a date that is not understood");
}

static struct val to_date(struct translation *t, const struct val *args, size_t n, const struct js *e)
{
    struct val v;
    if (!n)
        return (struct val){.kind = V_DATE, .today = true, .yaml = import_scalar(t->im->cx->arena, S("today"))};
    if (args[0].kind == V_NONE || args[0].kind == V_UNKNOWN)
        return args[0];
    return as_date(t, &args[0], &v) ? v : script_unknown(t, e, "a date that is not understood");
}

static struct val tested(struct translation *t, const struct js *regex, const struct val *x, const struct js *e)
{
    struct arena *a = t->im->cx->arena;
    struct str p = regex->text;
    if (x->kind != V_ITEM || !import_is_type(x->item, "text longtext") || regex->op.n > 1 ||
        (regex->op.n && regex->op.p[0] != 'i'))
        return script_unknown(t, e, "a pattern that is not understood");
    bool begin = p.n && p.p[0] == '^', end = p.n > 1 && p.p[p.n - 1] == '$' && p.p[p.n - 2] != '\\';
    struct str whole = str_fmt(a, "%s%s(?:%" PRI_STR ")%s", regex->op.n ? "(?i)" : "", begin ? "" : "(?s:.*)",
                               STR_ARG(str_slice(p, begin, p.n - end)), end ? "" : "(?s:.*)");
    return of_cond(cond_compare(t->im, "matches", x->item, import_quoted(a, whole)));
}

/* The functions that stand alone; false: it is none of them. */
static bool helper_call(struct translation *t, struct str f, const struct js *e, const struct val *args, size_t n,
                        struct val *ret)
{
    bool some = str_eq_z(f, "_.some") || str_eq_z(f, "utils.some"), every = str_eq_z(f, "_.every");
    if ((some || every) && n >= 2)
        *ret = quantified(t, some ? "some" : "every", &args[0], e->of[2], e);
    else if (str_eq_z(f, "moment") || str_eq_z(f, "utils.moment"))
        *ret = to_date(t, args, n, e);
    else if (str_eq_z(f, "instance.isSubmissionDigital"))
        *ret = yes_no(t, true);
    else if (str_eq_z(f, "instance.isSubmissionPaper"))
        *ret = yes_no(t, false);
    else if (n && (str_eq_z(f, "Number") || str_eq_z(f, "parseInt") || str_eq_z(f, "parseFloat") ||
                   str_eq_z(f, "String") || str_eq_z(f, "_.toNumber") || str_eq_z(f, "_.toString")))
        *ret = args[0];
    else if (n && str_eq_z(f, "Math.floor") && args[0].kind == V_SPAN)
        *ret = args[0];
    else if (n && str_eq_z(f, "Boolean"))
        *ret = of_cond(truth_of(t, &args[0], e));
    else if (n && str_eq_z(f, "_.isEmpty"))
        *ret = args[0].kind == V_ITEM   ? of_cond(cond_empty(t->im, args[0].item))
               : args[0].kind == V_ROWS ? of_cond(cond_empty(t->im, args[0].item))
                                        : script_unknown(t, e, "not understood");
    else if (n == 2 && (str_eq_z(f, "_.includes") || str_eq_z(f, "_.contains")))
        *ret = includes(t, &args[0], &args[1], e);
    else if (n == 2 && str_eq_z(f, "_.isEqual"))
        *ret = equals(t, &args[0], &args[1], e);
    else
        return false;
    return true;
}

static struct val path_of(struct translation *t, struct val v, struct str path, const struct js *e)
{
    struct str piece;
    while (str_cut(&path, '.', &piece)) {
        if (v.kind == V_OBJECT)
            v = member_of_object(t, v.item, piece, e);
        else if (v.kind == V_ITEM)
            v = member_of_item(t, &v, piece, e);
    }
    return v;
}

static struct val method_call(struct translation *t, const struct js *e, const struct val *args, size_t n)
{
    const struct js *f = e->of[0];
    struct str name = f->text;
    if (f->of[0]->kind == JS_REGEX && str_eq_z(name, "test") && n == 1)
        return tested(t, f->of[0], &args[0], e);
    struct val v = script_eval(t, f->of[0]), date;
    if (v.kind == V_UNKNOWN)
        return v;
    if ((str_eq_z(name, "some") || str_eq_z(name, "every")) && n)
        return quantified(t, name.p[0] == 's' ? "some" : "every", &v, e->of[1], e);
    if ((str_eq_z(name, "includes") || str_eq_z(name, "indexOf")) && n) {
        if (name.p[2] == 'd')
            return script_unknown(t, e,
                                  "a place in a list or text"); /* indexOf: its comparison is read in eval_binary */
        return includes(t, &v, &args[0], e);
    }
    if (v.kind == V_DATE || (v.kind != V_ITEM && as_date(t, &v, &date)))
        return date_method(t, v.kind == V_DATE ? &v : &date, name, args, n, e);
    if (str_eq_z(name, "toString") || str_eq_z(name, "trim"))
        return v;
    bool starts = str_eq_z(name, "startsWith"), ends = str_eq_z(name, "endsWith");
    if ((starts || ends) && n && args[0].kind == V_TEXT && v.kind == V_ITEM && import_is_type(v.item, "text longtext"))
        return holds_text(t, v.item, args[0].text, !starts, !ends, e);
    return script_unknown(t, e, "a call that is not understood");
}

static struct val eval_call(struct translation *t, const struct js *e)
{
    struct val args[8], ret;
    size_t n = 0;
    struct str f = called(t, e);
    for (size_t i = 1; i < e->n && n < 8; i++) {
        args[n] =
            e->of[i]->kind == JS_FUNCTION ? (struct val){.kind = V_FUNCTION, .js = e->of[i]} : script_eval(t, e->of[i]);
        if (args[n].kind == V_UNKNOWN)
            return args[n];
        n++;
    }
    if (f.n && helper_call(t, f, e, args, n, &ret))
        return ret;
    if (str_eq_z(f, "_.get") && n >= 2 && args[1].kind == V_TEXT)
        return path_of(t, args[0], args[1].text, e);
    if (e->of[0]->kind == JS_NAME || e->of[0]->kind == JS_FUNCTION) {
        struct val fn =
            e->of[0]->kind == JS_NAME ? script_eval(t, e->of[0]) : (struct val){.kind = V_FUNCTION, .js = e->of[0]};
        return fn.kind == V_FUNCTION ? inlined(t, fn.js, args, n)
                                     : script_unknown(t, e, "a function that is not known");
    }
    if (e->of[0]->kind == JS_MEMBER)
        return method_call(t, e, args, n);
    return script_unknown(t, e, "a call that is not understood");
}

/* ---- operators ---- */

/* Numbers: constants are folded, others become an expression. Dates become a span. */
static struct val arithmetic(struct translation *t, char op, const struct val *x, const struct val *y,
                             const struct js *e)
{
    struct arena *a = t->im->cx->arena;
    struct yaml *l, *r;
    const struct item *from, *to;
    if (x->kind == V_UNKNOWN || y->kind == V_UNKNOWN)
        return (struct val){0};
    if (x->kind == V_NUMBER && y->kind == V_NUMBER) {
        double p = number_of(t, x->text), q = number_of(t, y->text);
        double d = op == '+' ? p + q : op == '-' ? p - q : op == '*' ? p * q : op == '/' ? p / q : fmod(p, q);
        return isfinite(d) && fabs(d) < 1e15 ? (struct val){.kind = V_NUMBER, .text = digits(a, d)}
                                             : script_unknown(t, e, "not a number");
    }
    struct val p, q;
    if (op == '-' && as_date(t, x, &p) && as_date(t, y, &q))
        return (struct val){
            .kind = V_SPAN, .item = import_later(p.item, q.item), .yaml = q.yaml, .other = p.yaml, .scale = 1};
    if (op == '/' && x->kind == V_SPAN && y->kind == V_NUMBER) {
        struct val v = *x;
        v.scale *= number_of(t, y->text);
        return v;
    }
    const char *name = op == '+' ? "sum" : op == '-' ? "diff" : op == '*' ? "product" : op == '/' ? "quotient" : NULL;
    if (!name || !script_number(t, x, &l, &from) || !script_number(t, y, &r, &to))
        return script_unknown(t, e, "counting with what is no number");
    struct yaml *sum = op == '+' && l->kind == YAML_MAP ? (struct yaml *)yaml_get(l, "sum") : NULL;
    if (sum) {
        import_push(a, sum, r);
        return (struct val){.kind = V_EXPR, .item = import_later(from, to), .yaml = l};
    }
    return (struct val){
        .kind = V_EXPR, .item = import_later(from, to), .yaml = import_one(a, name, import_pair(a, l, r))};
}

/* x.indexOf(y) !== -1 and its like. */
static bool index_of(struct translation *t, const struct js *e, struct val *ret)
{
    const struct js *call = e->of[0];
    if (call->kind != JS_CALL || call->n != 2 || call->of[0]->kind != JS_MEMBER ||
        !str_eq_z(call->of[0]->text, "indexOf"))
        return false;
    struct val n = script_eval(t, e->of[1]);
    if (n.kind != V_NUMBER)
        return false;
    bool minus = str_eq_z(n.text, "-1"), zero = str_eq_z(n.text, "0");
    bool is = (minus && (e->op.p[0] == '!' || e->op.p[0] == '>') && e->op.n != 2) || (minus && e->op.p[0] == '!') ||
              (zero && str_eq_z(e->op, ">="));
    bool not = (minus && e->op.p[0] == '=') || (zero && str_eq_z(e->op, "<"));
    if (!is && !not )
        return false;
    struct val list = script_eval(t, call->of[0]->of[0]), x = script_eval(t, call->of[1]);
    *ret = negated(t, includes(t, &list, &x, call), not );
    return true;
}

static struct val eval_logic(struct translation *t, const struct js *e)
{
    bool all = e->op.p[0] == '&';
    struct val l = script_eval(t, e->of[0]);
    if (l.kind == V_UNKNOWN)
        return l;
    if (!all && (l.kind == V_ITEM || l.kind == V_EXPR || l.kind == V_NUMBER)) { /* `x || 0`: empty counts as nought */
        struct val r = script_eval(t, e->of[1]);
        if (r.kind == V_NUMBER && number_of(t, r.text) == 0 && !is_boolean(&l) &&
            (l.kind != V_ITEM || import_is_type(l.item, "number money")))
            return l;
    }
    if (l.kind == V_NONE)
        return all ? l : script_eval(t, e->of[1]);
    const struct cond *x = truth_of(t, &l, e->of[0]);
    if (cond_is_const(x, !all)) /* the right side is never reached */
        return l.kind == V_COND ? l : of_cond(x);
    const struct cond *y = script_truth(t, e->of[1]);
    return of_cond(cond_both(t->im, all ? COND_ALL : COND_ANY, x, y));
}

static struct val eval_binary(struct translation *t, const struct js *e)
{
    static const struct {
        const char *sign, *op;
    } orders[] = {{"<", "lt"}, {"<=", "le"}, {">", "gt"}, {">=", "ge"}};
    struct val found;
    if (str_eq_z(e->op, "&&") || str_eq_z(e->op, "||") || str_eq_z(e->op, "??"))
        return eval_logic(t, e);
    if (index_of(t, e, &found))
        return found;
    struct val x = script_eval(t, e->of[0]), y = script_eval(t, e->of[1]);
    if (e->op.p[0] == '=' || e->op.p[0] == '!')
        return negated(t, equals(t, &x, &y, e), e->op.p[0] == '!');
    for (size_t i = 0; i < 4; i++)
        if (str_eq_z(e->op, orders[i].sign))
            return order(t, orders[i].op, &x, &y, e);
    return arithmetic(t, e->op.p[0], &x, &y, e);
}

static struct val eval_unary(struct translation *t, const struct js *e)
{
    if (e->op.p[0] == '!')
        return of_cond(cond_not(t->im, script_truth(t, e->of[0])));
    struct val v = script_eval(t, e->of[0]);
    if (v.kind == V_UNKNOWN || e->op.p[0] == '+')
        return v;
    if (e->op.p[0] == '-' && v.kind == V_NUMBER)
        return (struct val){.kind = V_NUMBER, .text = digits(t->im->cx->arena, -number_of(t, v.text))};
    return script_unknown(t, e, "not understood");
}

static struct val eval_choice(struct translation *t, const struct js *e)
{
    struct import *im = t->im;
    const struct cond *c = script_truth(t, e->of[0]);
    if (c->kind == COND_TRUE || c->kind == COND_FALSE)
        return script_eval(t, e->of[c->kind == COND_TRUE ? 1 : 2]);
    const struct cond *x = script_truth(t, e->of[1]), *y = script_truth(t, e->of[2]);
    return of_cond(cond_both(im, COND_ANY, cond_both(im, COND_ALL, c, x), cond_both(im, COND_ALL, cond_not(im, c), y)));
}

static struct val eval_kind(struct translation *t, const struct js *e)
{
    switch (e->kind) {
    case JS_UNDEFINED:
        return (struct val){.kind = V_NONE};
    case JS_TRUE:
    case JS_FALSE:
        return yes_no(t, e->kind == JS_TRUE);
    case JS_NUMBER:
        return (struct val){.kind = V_NUMBER, .text = e->text};
    case JS_STRING:
        return (struct val){.kind = V_TEXT, .text = e->text};
    case JS_NAME:
        return eval_name(t, e);
    case JS_MEMBER:
        return eval_member(t, e);
    case JS_CALL:
        return eval_call(t, e);
    case JS_NEW:
        if (e->of[0]->kind == JS_NAME && str_eq_z(e->of[0]->text, "Date") && e->n <= 2) {
            struct val arg = e->n == 2 ? script_eval(t, e->of[1]) : (struct val){0};
            return to_date(t, &arg, e->n - 1, e);
        }
        return script_unknown(t, e, "not understood");
    case JS_UNARY:
        return eval_unary(t, e);
    case JS_BINARY:
        return eval_binary(t, e);
    case JS_CHOICE:
        return eval_choice(t, e);
    case JS_ARRAY:
        return (struct val){.kind = V_LIST, .js = e};
    default:
        return script_unknown(t, e, "not understood");
    }
}

struct val script_eval(struct translation *t, const struct js *e)
{
    if (++t->steps > SCRIPT_STEPS || t->depth > SCRIPT_DEPTH)
        return script_unknown(t, e, "too large to be translated");
    t->depth++;
    struct val v = eval_kind(t, e);
    t->depth--;
    return v;
}

const struct cond *script_truth(struct translation *t, const struct js *e)
{
    struct val v = script_eval(t, e);
    if (v.kind == V_UNKNOWN) {
        script_unknown(t, e, "not understood");
        return cond_const(t->im, true);
    }
    return truth_of(t, &v, e);
}
