#include <stdlib.h>

#include "feel_room.h"

/* Functions that make one value of many (10.3.4.4). Each takes item by item, so it works alike on a list and on a loop
   or filter that never becomes a list. */

struct fold {
    struct feel_sink sink;
    const struct feel_node *node;
    struct feel_value value; /* so far; null with a reason: it cannot be had */
    size_t n;
    bool unknown; /* all, any: an item was neither true nor false */
};
typedef bool take_fn(struct feel_sink *sink, struct feel_run *run, struct feel_value v);
typedef struct feel_value finish_fn(struct feel_run *run, struct fold *f);

static struct fold begin(const struct feel_node *node, take_fn *take)
{
    return (struct fold){.sink = {take}, .node = node};
}

static struct feel_value of_list(struct feel_call *c, take_fn *take, finish_fn *finish)
{
    struct fold f = begin(c->node, take);
    const struct feel_list *list = c->args[0].list;
    for (size_t i = 0; i < list->n && take(&f.sink, c->run, list->items[i]); i++)
        ;
    return finish(c->run, &f);
}

static struct feel_value of_stream(struct feel_run *run, const struct feel_node *node, const struct feel_node *items,
                                   take_fn *take, finish_fn *finish)
{
    struct fold f = begin(node, take);
    bool ok;
    struct feel_value v = feel_stream(run, items, &f.sink, &ok);
    return ok ? finish(run, &f) : v.n ? v : feel_null_why(run, node, FEEL_WHY_TYPE, "the list is null");
}

#define FOLD(name, take, finish) \
    struct feel_value feel_fn_##name(struct feel_call *c) \
    { \
        return of_list(c, take, finish); \
    } \
    struct feel_value feel_stream_##name(struct feel_run *run, const struct feel_node *node, \
                                         const struct feel_node *items) \
    { \
        return of_stream(run, node, items, take, finish); \
    }

static struct feel_value value_so_far(struct feel_run *run, struct fold *f)
{
    return f->n ? f->value : feel_null_why(run, f->node, FEEL_WHY_VALUE, "the list is empty");
}

/* ---- count */

static bool take_count(struct feel_sink *sink, struct feel_run *run, struct feel_value v)
{
    (void)run;
    (void)v;
    ((struct fold *)sink)->n++;
    return true;
}

static struct feel_value finish_count(struct feel_run *run, struct fold *f)
{
    (void)run;
    return feel_int((int64_t)f->n);
}
FOLD(count, take_count, finish_count)

/* ---- sum, product, mean */

static bool take_number(struct fold *f, struct feel_run *run, enum feel_op op, struct feel_value v)
{
    int64_t sum;
    if (f->n++ == 0)
        f->value = v.kind == FEEL_NUMBER ? v : feel_null_of(run, f->node, v, v, "arithmetic");
    else if (op == OP_ADD && v.kind == FEEL_NUMBER && !(v.tag | f->value.tag) && v.scale == f->value.scale &&
             !__builtin_add_overflow(f->value.i64, v.i64, &sum))
        f->value.i64 = sum;
    else
        f->value = v.kind == FEEL_NUMBER ? feel_op(run, f->node, op, f->value, v)
                                         : feel_null_of(run, f->node, v, v, "arithmetic");
    return f->value.kind == FEEL_NUMBER;
}

static bool take_sum(struct feel_sink *sink, struct feel_run *run, struct feel_value v)
{
    return take_number((struct fold *)sink, run, OP_ADD, v);
}
FOLD(sum, take_sum, value_so_far)

static bool take_product(struct feel_sink *sink, struct feel_run *run, struct feel_value v)
{
    return take_number((struct fold *)sink, run, OP_MUL, v);
}
FOLD(product, take_product, value_so_far)

static struct feel_value finish_mean(struct feel_run *run, struct fold *f)
{
    struct feel_value sum = value_so_far(run, f);
    return sum.kind == FEEL_NUMBER ? feel_op(run, f->node, OP_DIV, sum, feel_int((int64_t)f->n)) : sum;
}
FOLD(mean, take_sum, finish_mean)

/* ---- min, max */

static bool take_extreme(struct fold *f, struct feel_run *run, struct feel_value v, int wanted)
{
    int order = 0;
    if (f->n++ == 0) {
        f->value = v;
        order = feel_compare(v, v, &order) ? 0 : 2;
    } else if (!feel_compare(v, f->value, &order)) {
        order = 2;
    }
    if (order == 2)
        f->value = feel_null_of(run, f->node, f->value, v, "comparison");
    else if (order == wanted)
        f->value = v;
    return f->value.kind != FEEL_NULL;
}

static bool take_min(struct feel_sink *sink, struct feel_run *run, struct feel_value v)
{
    return take_extreme((struct fold *)sink, run, v, -1);
}
FOLD(min, take_min, value_so_far)

static bool take_max(struct feel_sink *sink, struct feel_run *run, struct feel_value v)
{
    return take_extreme((struct fold *)sink, run, v, 1);
}
FOLD(max, take_max, value_so_far)

/* ---- all, any: three-valued */

static bool take_all(struct feel_sink *sink, struct feel_run *run, struct feel_value v)
{
    struct fold *f = (struct fold *)sink;
    (void)run;
    f->unknown |= v.kind != FEEL_BOOLEAN;
    f->n += v.kind == FEEL_BOOLEAN && !v.flag;
    return f->n == 0;
}

static bool take_any(struct feel_sink *sink, struct feel_run *run, struct feel_value v)
{
    struct fold *f = (struct fold *)sink;
    (void)run;
    f->unknown |= v.kind != FEEL_BOOLEAN;
    f->n += feel_is_true(v);
    return f->n == 0;
}

static struct feel_value decided(struct feel_run *run, struct fold *f, bool found)
{
    if (f->n)
        return feel_bool(found);
    return f->unknown ? feel_null_why(run, f->node, FEEL_WHY_TYPE, "an item is not true or false") : feel_bool(!found);
}

static struct feel_value finish_all(struct feel_run *run, struct fold *f)
{
    return decided(run, f, false);
}
FOLD(all, take_all, finish_all)

static struct feel_value finish_any(struct feel_run *run, struct fold *f)
{
    return decided(run, f, true);
}
FOLD(any, take_any, finish_any)

/* ---- median, stddev, mode: of the numbers in order */

static int by_number(const void *a, const void *b)
{
    return feel_num_cmp(feel_num_of_value(*(const struct feel_value *)a),
                        feel_num_of_value(*(const struct feel_value *)b));
}

/* The numbers sorted; NULL, and a null in *ret_null, when an item is none or there is none. */
static struct feel_value *sorted(struct feel_call *c, struct feel_value *ret_null)
{
    const struct feel_list *list = c->args[0].list;
    struct feel_value *items = arena_array(c->run->arena, struct feel_value, list->n);
    for (size_t i = 0; i < list->n; i++) {
        items[i] = list->items[i];
        if (items[i].kind != FEEL_NUMBER) {
            *ret_null = feel_null_of(c->run, c->node, items[i], items[i], "arithmetic");
            return NULL;
        }
    }
    *ret_null = feel_null();
    if (list->n)
        qsort(items, list->n, sizeof *items, by_number);
    else
        *ret_null = feel_bad_value(c, "the list is empty");
    return list->n ? items : NULL;
}

struct feel_value feel_fn_median(struct feel_call *c)
{
    struct feel_value null, *items = sorted(c, &null);
    size_t n = c->args[0].list->n;
    if (!items)
        return null;
    if (n % 2)
        return items[n / 2];
    struct feel_value sum = feel_op(c->run, c->node, OP_ADD, items[n / 2 - 1], items[n / 2]);
    return sum.kind == FEEL_NULL ? sum : feel_op(c->run, c->node, OP_DIV, sum, feel_int(2));
}

/* The deviation of a sample: the divisor is n - 1. */
struct feel_value feel_fn_stddev(struct feel_call *c)
{
    struct feel_value null, *items = sorted(c, &null);
    int64_t n = (int64_t)c->args[0].list->n;
    if (!items)
        return null;
    if (n < 2)
        return feel_bad_value(c, "the deviation of one number");
    struct feel_value mean = feel_fn_mean(c), sum = feel_int(0);
    for (int64_t i = 0; i < n && mean.kind == FEEL_NUMBER && sum.kind == FEEL_NUMBER; i++) {
        struct feel_value d = feel_op(c->run, c->node, OP_SUB, items[i], mean);
        sum = feel_op(c->run, c->node, OP_ADD, sum, feel_op(c->run, c->node, OP_MUL, d, d));
    }
    struct feel_value variance = feel_op(c->run, c->node, OP_DIV, sum, feel_int(n - 1));
    struct feel_num root;
    if (variance.kind != FEEL_NUMBER || feel_num_sqrt(feel_num_of_value(variance), &root))
        return feel_bad_value(c, "the numbers are too large");
    return feel_number(c->run->arena, root);
}

struct feel_value feel_fn_mode(struct feel_call *c)
{
    struct feel_value null, *items;
    size_t n = c->args[0].list->n, most = 0, kept = 0;
    if (n == 0)
        return c->args[0];
    if (!(items = sorted(c, &null)))
        return null;
    struct feel_value *modes = arena_array(c->run->arena, struct feel_value, n);
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i + 1; j < n && by_number(&items[i], &items[j]) == 0; j++)
            ;
        if (j - i > most) {
            most = j - i;
            kept = 0;
        }
        if (j - i == most)
            modes[kept++] = items[i];
    }
    return feel_list(c->run->arena, modes, kept);
}
