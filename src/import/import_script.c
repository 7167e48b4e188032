/* Translates what import_js.c has read: a JavaScript expression becomes a condition, a check or a computed value of
   form.yaml, or the reason why not. */
#include <math.h>

#include "import_script.h"

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
        double p = script_float(t, x->text), q = script_float(t, y->text);
        double d = op == '+' ? p + q : op == '-' ? p - q : op == '*' ? p * q : op == '/' ? p / q : fmod(p, q);
        return isfinite(d) && fabs(d) < 1e15 ? (struct val){.kind = V_NUMBER, .text = script_digits(a, d)}
                                             : script_unknown(t, e, "not a number");
    }
    struct val p, q;
    if (op == '-' && script_date(t, x, &p) && script_date(t, y, &q))
        return (struct val){
            .kind = V_SPAN, .item = import_later(p.item, q.item), .yaml = q.yaml, .other = p.yaml, .scale = 1};
    if (op == '/' && x->kind == V_SPAN && y->kind == V_NUMBER) {
        struct val v = *x;
        v.scale *= script_float(t, y->text);
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
    bool is = (minus && (e->op.p[0] == '!' || str_eq_z(e->op, ">"))) || (zero && str_eq_z(e->op, ">="));
    bool not = (minus && e->op.p[0] == '=') || (zero && str_eq_z(e->op, "<"));
    if (!is && !not )
        return false;
    struct val list = script_eval(t, call->of[0]->of[0]), x = script_eval(t, call->of[1]);
    *ret = script_negated(t, script_includes(t, &list, &x, call), not );
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
        if (r.kind == V_NUMBER && script_float(t, r.text) == 0 && !script_is_boolean(&l) &&
            (l.kind != V_ITEM || import_is_type(l.item, "number money")))
            return l;
    }
    if (l.kind == V_NONE)
        return all ? l : script_eval(t, e->of[1]);
    const struct cond *x = script_truth_of(t, &l, e->of[0]);
    if (cond_is_const(x, !all)) /* the right side is never reached */
        return l.kind == V_COND ? l : script_of_cond(x);
    const struct cond *y = script_truth(t, e->of[1]);
    return script_of_cond(cond_both(t->im, all ? COND_ALL : COND_ANY, x, y));
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
        return script_negated(t, script_equals(t, &x, &y, e), e->op.p[0] == '!');
    for (size_t i = 0; i < 4; i++)
        if (str_eq_z(e->op, orders[i].sign))
            return script_order(t, orders[i].op, &x, &y, e);
    return arithmetic(t, e->op.p[0], &x, &y, e);
}

static struct val eval_unary(struct translation *t, const struct js *e)
{
    if (e->op.p[0] == '!')
        return script_of_cond(cond_not(t->im, script_truth(t, e->of[0])));
    struct val v = script_eval(t, e->of[0]);
    if (v.kind == V_UNKNOWN || e->op.p[0] == '+')
        return v;
    if (e->op.p[0] == '-' && v.kind == V_NUMBER)
        return (struct val){.kind = V_NUMBER, .text = script_digits(t->im->cx->arena, -script_float(t, v.text))};
    return script_unknown(t, e, "not understood");
}

static struct val eval_choice(struct translation *t, const struct js *e)
{
    struct import *im = t->im;
    const struct cond *c = script_truth(t, e->of[0]);
    if (c->kind == COND_TRUE || c->kind == COND_FALSE)
        return script_eval(t, e->of[c->kind == COND_TRUE ? 1 : 2]);
    const struct cond *x = script_truth(t, e->of[1]), *y = script_truth(t, e->of[2]);
    return script_of_cond(
        cond_both(im, COND_ANY, cond_both(im, COND_ALL, c, x), cond_both(im, COND_ALL, cond_not(im, c), y)));
}

static struct val eval_kind(struct translation *t, const struct js *e)
{
    switch (e->kind) {
    case JS_UNDEFINED:
        return (struct val){.kind = V_NONE};
    case JS_TRUE:
    case JS_FALSE:
        return script_yes_no(t, e->kind == JS_TRUE);
    case JS_NUMBER:
        return (struct val){.kind = V_NUMBER, .text = e->text};
    case JS_STRING:
        return (struct val){.kind = V_TEXT, .text = e->text};
    case JS_NAME:
        return script_name(t, e);
    case JS_MEMBER:
        return script_member(t, e);
    case JS_CALL:
        return script_call(t, e);
    case JS_NEW:
        if (e->of[0]->kind == JS_NAME && str_eq_z(e->of[0]->text, "Date") && e->n <= 2) {
            struct val arg = e->n == 2 ? script_eval(t, e->of[1]) : (struct val){0};
            return script_to_date(t, &arg, e->n - 1, e);
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
    return script_truth_of(t, &v, e);
}
