#include "feel_room.h"

/* Unary tests as ranges, for an index of cells. */

static bool is_ordered(struct feel_value v)
{
    return v.kind == FEEL_NUMBER || v.kind == FEEL_STRING || v.kind == FEEL_DATE || v.kind == FEEL_TIME ||
           v.kind == FEEL_DATE_TIME || v.kind == FEEL_MONTHS || v.kind == FEEL_DURATION;
}

static bool value_range(struct feel_value v, struct feel_range *ret)
{
    if (v.kind == FEEL_RANGE) {
        *ret = *v.range;
        bool low = ret->low_bound == FEEL_UNBOUNDED || is_ordered(ret->low);
        bool high = ret->high_bound == FEEL_UNBOUNDED || is_ordered(ret->high);
        return low && high && !ret->unequal;
    }
    *ret = (struct feel_range){.low = v, .high = v, .low_bound = FEEL_CLOSED, .high_bound = FEEL_CLOSED};
    return is_ordered(v) || v.kind == FEEL_BOOLEAN;
}

static bool op_range(enum feel_op op, struct feel_value v, struct feel_range *ret)
{
    bool closed = op == OP_EQ || op == OP_LE || op == OP_GE;
    *ret = (struct feel_range){.low = v,
                               .high = v,
                               .low_bound = closed ? FEEL_CLOSED : FEEL_OPEN,
                               .high_bound = closed ? FEEL_CLOSED : FEEL_OPEN};
    if (op == OP_LT || op == OP_LE)
        ret->low_bound = FEEL_UNBOUNDED;
    if (op == OP_GT || op == OP_GE)
        ret->high_bound = FEEL_UNBOUNDED;
    return is_ordered(v) && op != OP_NE;
}

static bool add_test(struct feel_range *ranges, size_t *n, const struct feel_node *test)
{
    if (test->a->kind != NODE_CONSTANT || test->input)
        return false;
    if (test->eval == feel_eval_test_op)
        return op_range(test->op, test->a->value, &ranges[(*n)++]);
    struct feel_value v = test->a->value;
    if (v.kind != FEEL_LIST)
        return value_range(v, &ranges[(*n)++]);
    for (size_t i = 0; i < v.list->n; i++)
        if (!value_range(v.list->items[i], &ranges[(*n)++]))
            return false;
    return true;
}

bool feel_tests_ranges(struct arena *a, const struct feel_node *tests, const struct feel_range **ret, size_t *ret_n,
                       bool *ret_not)
{
    size_t most = 1, n = 0;
    if (tests->kind != NODE_TESTS)
        return false;
    for (size_t i = 0; i < tests->n; i++)
        most += tests->list[i]->a->kind == NODE_CONSTANT && tests->list[i]->a->value.kind == FEEL_LIST
                    ? tests->list[i]->a->value.list->n
                    : 1;
    struct feel_range *ranges = arena_array(a, struct feel_range, most);
    if (tests->n == 0) /* `-` */
        ranges[n++] = (struct feel_range){.low_bound = FEEL_UNBOUNDED, .high_bound = FEEL_UNBOUNDED};
    for (size_t i = 0; i < tests->n; i++)
        if (!add_test(ranges, &n, tests->list[i]))
            return false;
    *ret = ranges;
    *ret_n = n;
    *ret_not = tests->n && tests->op;
    return true;
}
