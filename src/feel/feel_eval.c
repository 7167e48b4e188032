#include "feel_room.h"

struct feel_value feel_eval_constant(struct feel_run *run, const struct feel_node *node)
{
    (void)run;
    return node->value;
}

struct feel_value feel_eval_local(struct feel_run *run, const struct feel_node *node)
{
    return run->frame[node->slot];
}

struct feel_value feel_eval_slot(struct feel_run *run, const struct feel_node *node)
{
    return run->slots[node->slot];
}

struct feel_value feel_eval_fault(struct feel_run *run, const struct feel_node *node)
{
    return feel_null_why(run, node, node->n, "%" PRI_STR, STR_ARG(node->name));
}

struct feel_value feel_eval_list(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value *items = feel_new_items(run, node->n);
    if (!items)
        return feel_too_long(run, node);
    for (size_t i = 0; i < node->n; i++)
        items[i] = feel_eval(run, node->list[i]);
    return feel_list(run->arena, items, node->n);
}

/* data: the entries; a: the result when there is one */
struct feel_value feel_eval_context(struct feel_run *run, const struct feel_node *node)
{
    const struct feel_node_entry *entries = node->data;
    for (size_t i = 0; i < node->n; i++)
        run->frame[entries[i].slot] = feel_eval(run, entries[i].value);
    if (node->a)
        return feel_eval(run, node->a);
    struct feel_entry *made = arena_array(run->arena, struct feel_entry, node->n);
    for (size_t i = 0; i < node->n; i++)
        made[i] = (struct feel_entry){entries[i].name, run->frame[entries[i].slot]};
    return feel_context(run->arena, made, node->n);
}

struct feel_value feel_eval_if(struct feel_run *run, const struct feel_node *node)
{
    return feel_eval(run, feel_is_true(feel_eval(run, node->a)) ? node->b : node->c);
}

/* ---- Three-valued logic (10.3.2.12, table 50): what is no boolean counts as null. */

static struct feel_value unknown(struct feel_run *run, const struct feel_node *node, struct feel_value a,
                                 struct feel_value b)
{
    struct feel_value odd = a.kind != FEEL_BOOLEAN ? a : b;
    if (odd.kind == FEEL_NULL && odd.n)
        return odd;
    return feel_null_why(run, node, FEEL_WHY_TYPE, "an operand is a %s, not true or false", feel_kind_name(odd.kind));
}

struct feel_value feel_eval_and(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value a = feel_eval(run, node->a);
    if (a.kind == FEEL_BOOLEAN && !a.flag)
        return a;
    struct feel_value b = feel_eval(run, node->b);
    if (b.kind == FEEL_BOOLEAN && (!b.flag || a.kind == FEEL_BOOLEAN))
        return b;
    return unknown(run, node, a, b);
}

struct feel_value feel_eval_or(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value a = feel_eval(run, node->a);
    if (a.kind == FEEL_BOOLEAN && a.flag)
        return a;
    struct feel_value b = feel_eval(run, node->b);
    if (b.kind == FEEL_BOOLEAN && (b.flag || a.kind == FEEL_BOOLEAN))
        return b;
    return unknown(run, node, a, b);
}

/* ---- Paths */

static struct feel_value path_of(struct feel_run *run, const struct feel_node *node, struct feel_value v)
{
    struct feel_value property;
    const struct feel_value *m = feel_member(v, node->name);
    if (m)
        return *m;
    if (feel_property(v, node->name, &property))
        return property;
    if (v.kind == FEEL_NULL && v.n)
        return v;
    return feel_null_why(run, node, FEEL_WHY_MEMBER, "a %s has no \"%" PRI_STR "\"", feel_kind_name(v.kind),
                         STR_ARG(node->name));
}

struct feel_value feel_eval_path(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value v = feel_eval(run, node->a);
    if (v.kind != FEEL_LIST)
        return path_of(run, node, v);
    struct feel_value *items = feel_new_items(run, v.list->n);
    if (!items)
        return feel_too_long(run, node);
    for (size_t i = 0; i < v.list->n; i++)
        items[i] = path_of(run, node, v.list->items[i]);
    return feel_list(run->arena, items, v.list->n);
}

/* In a filter: the member `name` of the item in `slot`; when it has none, `a`, what the name means outside. */
struct feel_value feel_eval_member(struct feel_run *run, const struct feel_node *node)
{
    const struct feel_value *m = feel_member(run->frame[node->slot], node->name);
    struct feel_value property;
    if (m)
        return *m;
    if (node->a)
        return feel_eval(run, node->a);
    if (feel_property(run->frame[node->slot], node->name, &property))
        return property;
    return feel_null_why(run, node, FEEL_WHY_NAME, "no such name: %" PRI_STR, STR_ARG(node->name));
}

/* ---- Calls */

enum { FEW_ARGS = 8 };

struct feel_value feel_eval_call(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value few[FEW_ARGS];
    struct feel_value f = feel_eval(run, node->a);
    struct feel_value *args = node->n <= FEW_ARGS ? few : arena_array(run->arena, struct feel_value, node->n);
    for (size_t i = 0; i < node->n; i++)
        args[i] = feel_eval(run, node->list[i]);
    return feel_call_value(run, node, f, node->data, args, node->n);
}

struct feel_value feel_eval_lambda(struct feel_run *run, const struct feel_node *node)
{
    const struct feel_lambda *l = node->data;
    struct feel_function *f = arena_new_of(run->arena, struct feel_function);
    struct feel_value *captured = arena_array(run->arena, struct feel_value, l->n_captures);
    for (size_t i = 0; i < l->n_captures; i++)
        captured[i] = run->frame[l->captures[i].from];
    *f = (struct feel_function){.kind = FEEL_CLOSURE,
                                .params = l->params,
                                .n_params = l->n_params,
                                .result = l->result,
                                .lambda = l,
                                .slots = run->slots,
                                .captured = captured};
    return (struct feel_value){.kind = FEEL_FUNCTION, .function = f};
}

/* ---- Tests of one value */

struct feel_value feel_eval_instance(struct feel_run *run, const struct feel_node *node)
{
    return feel_bool(feel_instance_of(feel_eval(run, node->a), node->data));
}

struct feel_value feel_eval_between(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value x = feel_eval(run, node->a), low = feel_eval(run, node->b), high = feel_eval(run, node->c);
    int under, over;
    if (!feel_compare(low, x, &under))
        return feel_null_of(run, node, x, low, "comparison");
    if (!feel_compare(x, high, &over))
        return feel_null_of(run, node, x, high, "comparison");
    return feel_bool(under <= 0 && over <= 0);
}

/* a: the value, put into `slot`; b: the tests */
struct feel_value feel_eval_in(struct feel_run *run, const struct feel_node *node)
{
    run->frame[node->slot] = feel_eval(run, node->a);
    return feel_eval(run, node->b);
}

/* Bounds in op and n; slot: of (!=x) 1, of (=x) 2. A range of two ends must have ends of one ordered kind, the lower
 * one first. */
struct feel_value feel_eval_range(struct feel_run *run, const struct feel_node *node)
{
    struct feel_range r = {
        .low_bound = node->op, .high_bound = node->n, .unequal = node->slot == 1, .single = node->slot == 2};
    int order;
    if (node->a)
        r.low = feel_eval(run, node->a);
    if (node->b)
        r.high = node->b == node->a ? r.low : feel_eval(run, node->b);
    if (r.low.kind == FEEL_NULL && r.low.n)
        return r.low;
    if (r.high.kind == FEEL_NULL && r.high.n)
        return r.high;
    bool both = node->a && node->b && node->a != node->b && r.low.kind != FEEL_NULL && r.high.kind != FEEL_NULL;
    if (both && !feel_compare(r.low, r.high, &order))
        return feel_null_of(run, node, r.low, r.high, "a range");
    return feel_range(run->arena, r);
}

/* ---- Unary tests: any of the list; n: negated. Each is a node of the following two. */

struct feel_value feel_eval_tests(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value doubt = feel_bool(false);
    for (size_t i = 0; i < node->n; i++) {
        struct feel_value v = feel_eval(run, node->list[i]);
        if (feel_is_true(v))
            return feel_bool(!node->op);
        if (v.kind != FEEL_BOOLEAN)
            doubt = v;
    }
    return doubt.kind == FEEL_BOOLEAN ? feel_bool(node->op) : doubt;
}

/* `< a` of the value in `slot` */
struct feel_value feel_eval_test_op(struct feel_run *run, const struct feel_node *node)
{
    return feel_op(run, node, node->op, run->frame[node->slot], feel_eval(run, node->a));
}

/* An expression as a test (10.3.1.2, rule 7 and table 55): one that speaks of `?` says itself whether it holds; another
   gives what the value is compared with, or of a value that is no boolean may say true or false. */
struct feel_value feel_eval_test(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value x = run->frame[node->slot], v = feel_eval(run, node->a);
    if (node->input || (v.kind == FEEL_BOOLEAN && x.kind != FEEL_BOOLEAN && node->op)) {
        if (v.kind == FEEL_BOOLEAN || (v.kind == FEEL_NULL && v.n))
            return v;
    }
    if (v.kind == FEEL_NULL && v.n)
        return v;
    int holds = feel_in(run, x, v);
    return holds >= 0 ? feel_bool(holds == 1) : feel_null_of(run, node, x, v, "a test");
}

/* ---- Of other rooms */

struct feel_native_data {
    feel_native_fn *fn;
    const void *data;
};

struct feel_value feel_eval_native(struct feel_run *run, const struct feel_node *node)
{
    const struct feel_native_data *native = node->data;
    return native->fn(run, native->data);
}

struct feel_node *feel_node_native(struct feel_build *b, feel_native_fn *fn, const void *data,
                                   const struct feel_type *type)
{
    struct feel_native_data *native = arena_new_of(b->arena, struct feel_native_data);
    *native = (struct feel_native_data){fn, data};
    struct feel_node *node = feel_node_new(b, feel_eval_native);
    node->data = native;
    node->type = type ? type : node->type;
    return node;
}

struct feel_value feel_eval_coerce(struct feel_run *run, const struct feel_node *node)
{
    return feel_coerce_at(run, node, feel_eval(run, node->a), node->type, "value");
}
