/* Names, members and calls of a script. */
#include "import_script.h"

/* ---- members ---- */

static struct val of_item(const struct item *found)
{
    if (found->role == ITEM_REPEAT)
        return (struct val){.kind = V_ROWS, .item = found};
    if (found->role == ITEM_CONTAINER)
        return (struct val){.kind = V_OBJECT, .item = found};
    return (struct val){.kind = found->left_out ? V_NONE : V_ITEM, .item = found};
}

static struct val member_of_object(struct translation *t, const struct item *object, struct str name,
                                   const struct js *e)
{
    const struct item *found = import_find(t->im, object, name);
    if (found)
        return of_item(found);
    import_note(t->im, t->at, js_text(t->im->cx->arena, e, 200),
                "looks at `%" PRI_STR "`, which the form does not ask: taken as never answered", STR_ARG(name));
    return (struct val){.kind = V_NONE};
}

static struct val length_of(struct translation *t, const struct val *v, const struct js *e)
{
    struct arena *a = t->im->cx->arena;
    if (v->kind == V_ROWS || (v->kind == V_ITEM && import_is_type(v->item, "multiselect file")))
        return (struct val){.kind = V_EXPR, .item = v->item, .yaml = import_one(a, "count", script_field(t, v->item))};
    if (v->kind == V_ITEM && import_is_type(v->item, "text longtext"))
        return (struct val){.kind = V_EXPR, .item = v->item, .yaml = import_one(a, "length", script_field(t, v->item))};
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

struct val script_member(struct translation *t, const struct js *e)
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

struct val script_name(struct translation *t, const struct js *e)
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
        return of_item(t->at);
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
        return script_yes_no(t, op[0] == 'e');
    if (rows->kind != V_ROWS || fn->kind != JS_FUNCTION || rows->item->repeat)
        return script_unknown(t, e, "rows that are not understood");
    struct val row = {.kind = V_OBJECT, .item = rows->item};
    size_t before = t->env.n;
    if (fn->n_params)
        vec_add(t->im->cx->arena, &t->env, (struct bound){fn->params[0], row});
    const struct cond *c = script_truth(t, fn->of[0]);
    t->env.n = before;
    return script_of_cond(cond_rows(t->im, op, rows->item, c));
}

/* A text that holds another, capitals as they are; with something before it, after it. */
static struct val holds_text(struct translation *t, const struct item *item, struct str part, bool before, bool after,
                             const struct js *e)
{
    struct arena *a = t->im->cx->arena;
    if (str_find(part, S("\\E"), 0) < part.n)
        return script_unknown(t, e, "a text with a sign that is not understood");
    struct str pattern = str_fmt(a, "(?s)%s\\Q%" PRI_STR "\\E%s", before ? ".*" : "", STR_ARG(part), after ? ".*" : "");
    return script_of_cond(cond_compare(t->im, "matches", item, import_quoted(a, pattern)));
}

/* [a, b].includes(x), or a multi-select's own list. */
struct val script_includes(struct translation *t, const struct val *list, const struct val *x, const struct js *e)
{
    const struct cond *any = cond_const(t->im, false);
    if (list->kind == V_ITEM && import_is_type(list->item, "multiselect") && x->kind == V_TEXT)
        return script_of_cond(cond_is(t->im, list->item, x->text));
    if (list->kind == V_ITEM && import_is_type(list->item, "text longtext") && x->kind == V_TEXT)
        return holds_text(t, list->item, x->text, true, true, e);
    if (list->kind == V_NONE)
        return script_yes_no(t, false);
    if (list->kind != V_LIST)
        return script_unknown(t, e, "a list that is not understood");
    for (size_t i = 0; i < list->js->n; i++) {
        struct val one = script_eval(t, list->js->of[i]), is = script_equals(t, x, &one, e);
        any = cond_both(t->im, COND_ANY, any, script_truth_of(t, &is, e));
    }
    return script_of_cond(any);
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

/* Is the unit of time at that place none, or a day? A month or an hour would mean something else. */
static bool by_days(const struct val *args, size_t n, size_t at)
{
    return at >= n ||
           (args[at].kind == V_TEXT && (str_starts(args[at].text, S("day")) || str_eq_z(args[at].text, "d")));
}

/* A method of a date, as moment and Date have them. */
static struct val date_method(struct translation *t, const struct val *date, struct str name, const struct val *args,
                              size_t n, const struct js *e)
{
    static const struct {
        const char *name, *op;
    } compares[] = {
        {"isBefore", "lt"}, {"isAfter", "gt"}, {"isSame", "eq"}, {"isSameOrBefore", "le"}, {"isSameOrAfter", "ge"}};
    static const char *const same[] = {"getTime", "valueOf", "toDate", "clone"};
    struct val other;
    for (size_t i = 0; i < sizeof compares / sizeof *compares; i++)
        if (str_eq_z(name, compares[i].name))
            return !by_days(args, n, 1) ? script_unknown(t, e, "days compared by another unit of time")
                   : n && script_date(t, &args[0], &other) ? script_compare_dates(t, compares[i].op, date, &other)
                                                           : script_unknown(t, e, "compared with what is no date");
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (str_eq_z(name, same[i]))
            return *date;
    if (n && by_days(args, n, 0) && (str_eq_z(name, "startOf") || str_eq_z(name, "endOf")))
        return *date;
    if (str_eq_z(name, "diff") && n && script_date(t, &args[0], &other))
        return unit_span(t, &other, date, n > 1 ? args[1].text : S(""), e);
    if ((str_eq_z(name, "add") || str_eq_z(name, "subtract")) && n == 2)
        return shifted(t, date, &args[0], args[1].text, name.p[0] == 's', e);
    if (str_eq_z(name, "getFullYear") || str_eq_z(name, "year"))
        return (struct val){
            .kind = V_EXPR, .item = date->item, .yaml = import_one(t->im->cx->arena, "year", date->yaml)};
    return script_unknown(t, e, "a use of a date that is not understood");
}

struct val script_to_date(struct translation *t, const struct val *args, size_t n, const struct js *e)
{
    struct val v;
    if (!n)
        return (struct val){.kind = V_DATE, .today = true, .yaml = import_scalar(t->im->cx->arena, S("today"))};
    if (args[0].kind == V_NONE || args[0].kind == V_UNKNOWN)
        return args[0];
    return script_date(t, &args[0], &v) ? v : script_unknown(t, e, "a date that is not understood");
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
    return script_of_cond(cond_compare(t->im, "matches", x->item, import_quoted(a, whole)));
}

/* The functions that stand alone; false: it is none of them. */
static bool helper_call(struct translation *t, struct str f, const struct js *e, const struct val *args, size_t n,
                        struct val *ret)
{
    bool some = str_eq_z(f, "_.some") || str_eq_z(f, "utils.some"), every = str_eq_z(f, "_.every");
    if ((some || every) && n >= 2)
        *ret = quantified(t, some ? "some" : "every", &args[0], e->of[2], e);
    else if (str_eq_z(f, "moment") || str_eq_z(f, "utils.moment"))
        *ret = script_to_date(t, args, n, e);
    else if (str_eq_z(f, "instance.isSubmissionDigital"))
        *ret = script_yes_no(t, true);
    else if (str_eq_z(f, "instance.isSubmissionPaper"))
        *ret = script_yes_no(t, false);
    else if (n && (str_eq_z(f, "Number") || str_eq_z(f, "parseInt") || str_eq_z(f, "parseFloat") ||
                   str_eq_z(f, "String") || str_eq_z(f, "_.toNumber") || str_eq_z(f, "_.toString")))
        *ret = args[0];
    else if (n && str_eq_z(f, "Math.floor") && args[0].kind == V_SPAN)
        *ret = args[0];
    else if (n && str_eq_z(f, "Boolean"))
        *ret = script_of_cond(script_truth_of(t, &args[0], e));
    else if (n && str_eq_z(f, "_.isEmpty"))
        *ret = args[0].kind == V_ITEM   ? script_of_cond(cond_empty(t->im, args[0].item))
               : args[0].kind == V_ROWS ? script_of_cond(cond_empty(t->im, args[0].item))
                                        : script_unknown(t, e, "not understood");
    else if (n == 2 && (str_eq_z(f, "_.includes") || str_eq_z(f, "_.contains")))
        *ret = script_includes(t, &args[0], &args[1], e);
    else if (n == 2 && str_eq_z(f, "_.isEqual"))
        *ret = script_equals(t, &args[0], &args[1], e);
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
        return script_includes(t, &v, &args[0], e);
    }
    if (v.kind == V_DATE || (v.kind != V_ITEM && script_date(t, &v, &date)))
        return date_method(t, v.kind == V_DATE ? &v : &date, name, args, n, e);
    if (str_eq_z(name, "toString") || str_eq_z(name, "trim"))
        return v;
    bool starts = str_eq_z(name, "startsWith"), ends = str_eq_z(name, "endsWith");
    if ((starts || ends) && n && args[0].kind == V_TEXT && v.kind == V_ITEM && import_is_type(v.item, "text longtext"))
        return holds_text(t, v.item, args[0].text, !starts, !ends, e);
    return script_unknown(t, e, "a call that is not understood");
}

struct val script_call(struct translation *t, const struct js *e)
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
