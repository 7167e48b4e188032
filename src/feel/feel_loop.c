#include "feel_room.h"

/* One or more iterators, nested from left to right, and what is done for each combination. */
struct feel_loop_data {
    enum feel_loop loop;
    size_t n;
    const struct feel_iterator *iterators;
    uint32_t partial;
    bool wants_partial;
};

struct state {
    struct feel_run *run;
    const struct feel_node *node;
    const struct feel_loop_data *loop;
    struct feel_sink *sink;
    struct feel_value null; /* when failed */
    bool failed;
};

static bool fails(struct state *st, struct feel_value null)
{
    st->null = null;
    st->failed = true;
    return false;
}

static bool over(struct state *st, size_t d);

static inline bool item(struct state *st, size_t d, struct feel_value v)
{
    if (!feel_step(st->run))
        return fails(st, feel_null_why(st->run, st->node, FEEL_WHY_LIMIT, "too many steps"));
    st->run->frame[st->loop->iterators[d].slot] = v;
    if (d + 1 < st->loop->n)
        return over(st, d + 1);
    return st->sink->take(st->sink, st->run, feel_eval(st->run, st->node->a));
}

/* From one whole number or date to the other, upwards or downwards. */
static bool span(struct state *st, size_t d, struct feel_value low, struct feel_value high)
{
    int64_t from, to;
    bool days = low.kind == FEEL_DATE && high.kind == FEEL_DATE;
    if (days) {
        from = low.i64;
        to = high.i64;
    } else if (!feel_to_i64(low, &from) || !feel_to_i64(high, &to)) {
        return fails(st, feel_null_of(st->run, st->node, low, high, "an iteration over the range"));
    }
    for (int64_t i = from;; i += from <= to ? 1 : -1) {
        if (!item(st, d, days ? feel_date(i) : feel_int(i)))
            return false;
        if (i == to)
            return true;
    }
}

static bool over_range(struct state *st, size_t d, const struct feel_range *r)
{
    struct feel_value low = r->low, high = r->high;
    int order;
    bool whole = r->low_bound != FEEL_UNBOUNDED && r->high_bound != FEEL_UNBOUNDED && !r->unequal &&
                 (low.kind == FEEL_DATE || low.kind == FEEL_NUMBER) && !low.tag && !high.tag && !low.scale &&
                 !high.scale;
    if (!whole || !feel_compare(low, high, &order) || order > 0)
        return fails(st, feel_null_of(st->run, st->node, low, high, "an iteration over the range"));
    low.i64 += r->low_bound == FEEL_OPEN && low.i64 < INT64_MAX;
    high.i64 -= r->high_bound == FEEL_OPEN && high.i64 > INT64_MIN;
    return low.i64 > high.i64 ? true : span(st, d, low, high);
}

static bool over(struct state *st, size_t d)
{
    const struct feel_node *in = st->loop->iterators[d].in;
    if (in->kind == NODE_SPAN) {
        struct feel_value low = feel_eval(st->run, in->a);
        return span(st, d, low, feel_eval(st->run, in->b));
    }
    struct feel_value v = feel_eval(st->run, in);
    if (v.kind == FEEL_NULL)
        return fails(st, v.n ? v : feel_null_why(st->run, in, FEEL_WHY_TYPE, "an iteration over null"));
    if (v.kind == FEEL_RANGE)
        return over_range(st, d, v.range);
    if (v.kind != FEEL_LIST)
        return item(st, d, v);
    for (size_t i = 0; i < v.list->n; i++)
        if (!item(st, d, v.list->items[i]))
            return false;
    return true;
}

/* ---- for */

struct collector {
    struct feel_sink sink;
    VEC_OF(struct feel_value) items;
    const struct feel_loop_data *loop; /* NULL: nobody asks for `partial` */
    bool full;
};

static bool collect(struct feel_sink *sink, struct feel_run *run, struct feel_value v)
{
    struct collector *c = (struct collector *)sink;
    if (c->items.n >= run->limits.list_items)
        return c->full = true, false;
    vec_add(run->arena, &c->items, v);
    if (c->loop)
        run->frame[c->loop->partial] = feel_list(run->arena, c->items.p, c->items.n);
    return true;
}

struct feel_value feel_eval_for(struct feel_run *run, const struct feel_node *node)
{
    const struct feel_loop_data *loop = node->data;
    struct collector c = {.sink = {collect}, .loop = loop->wants_partial ? loop : NULL};
    struct state st = {.run = run, .node = node, .loop = loop, .sink = &c.sink};
    if (loop->wants_partial)
        run->frame[loop->partial] = feel_list(run->arena, NULL, 0);
    over(&st, 0);
    if (c.full)
        return feel_too_long(run, node);
    return st.failed ? st.null : feel_list(run->arena, c.items.p, c.items.n);
}

/* ---- some, every: three-valued (10.3.2.6.3) */

struct judge {
    struct feel_sink sink;
    bool decisive; /* some: true, every: false */
    bool decided, unknown;
};

static bool judge(struct feel_sink *sink, struct feel_run *run, struct feel_value v)
{
    struct judge *j = (struct judge *)sink;
    (void)run;
    if (v.kind != FEEL_BOOLEAN)
        j->unknown = true;
    else if (v.flag == j->decisive)
        j->decided = true;
    return !j->decided;
}

struct feel_value feel_eval_quantified(struct feel_run *run, const struct feel_node *node)
{
    const struct feel_loop_data *loop = node->data;
    struct judge j = {.sink = {judge}, .decisive = loop->loop == FEEL_SOME};
    struct state st = {.run = run, .node = node, .loop = loop, .sink = &j.sink};
    over(&st, 0);
    if (st.failed)
        return st.null;
    if (j.decided)
        return feel_bool(j.decisive);
    return j.unknown ? feel_null_why(run, node, FEEL_WHY_TYPE, "a condition was not true or false")
                     : feel_bool(!j.decisive);
}

/* ---- Filters (10.3.2.5). slot: `item`; n: the match does not speak of the item. */

static struct feel_value at_index(struct feel_run *run, const struct feel_node *node, const struct feel_value *items,
                                  size_t n, struct feel_value index)
{
    int64_t i;
    if (!feel_to_i64(index, &i))
        return feel_null_why(run, node, FEEL_WHY_INDEX, "an index that is not a whole number");
    if (i < 0)
        i += (int64_t)n + 1;
    if (i < 1 || i > (int64_t)n)
        return feel_null_why(run, node, FEEL_WHY_INDEX, "there are %zu items", n);
    return items[i - 1];
}

/* Items that match into the sink. *ret_index is set when the match turned out to be an index: then its item is the
 * value. */
static bool filter(struct feel_run *run, const struct feel_node *node, const struct feel_value *items, size_t n,
                   struct feel_sink *sink, struct feel_value *ret_index)
{
    ret_index->kind = FEEL_NULL;
    for (size_t i = 0; i < n; i++) {
        if (!feel_step(run)) {
            *ret_index = feel_null_why(run, node, FEEL_WHY_LIMIT, "too many steps");
            return false;
        }
        run->frame[node->slot] = items[i];
        struct feel_value match = feel_eval(run, node->b);
        if (i == 0 && match.kind == FEEL_NUMBER) {
            *ret_index = at_index(run, node, items, n, match);
            return false;
        }
        if (feel_is_true(match) && !sink->take(sink, run, items[i]))
            break;
    }
    if (n)
        return true;
    run->frame[node->slot] = feel_null();
    struct feel_value match = feel_eval(run, node->b);
    if (match.kind == FEEL_NUMBER)
        *ret_index = at_index(run, node, items, n, match);
    return match.kind != FEEL_NUMBER;
}

struct feel_value feel_eval_filter(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value in = feel_eval(run, node->a), index;
    size_t n;
    if (in.kind == FEEL_NULL && in.n)
        return in;
    const struct feel_value *items = feel_items(&in, &n);
    if (node->n) { /* one match for all */
        struct feel_value match = feel_eval(run, node->b);
        if (match.kind == FEEL_NUMBER)
            return at_index(run, node, items, n, match);
        if (!feel_is_true(match))
            return feel_list(run->arena, NULL, 0);
        return in.kind == FEEL_LIST || n == 0
                   ? (n ? in : feel_list(run->arena, NULL, 0))
                   : feel_list(run->arena, memcpy(arena_new_of(run->arena, struct feel_value), &in, sizeof in), 1);
    }
    struct collector c = {.sink = {collect}};
    if (!filter(run, node, items, n, &c.sink, &index))
        return index;
    return feel_list(run->arena, c.items.p, c.items.n);
}

/* ---- Streams */

struct feel_value feel_stream(struct feel_run *run, const struct feel_node *node, struct feel_sink *sink, bool *ret_ok)
{
    const struct feel_loop_data *loop = node->data;
    struct feel_value index, in;
    size_t n;
    *ret_ok = true;
    if (node->kind == NODE_FOR && !loop->wants_partial) {
        struct state st = {.run = run, .node = node, .loop = loop, .sink = sink};
        over(&st, 0);
        *ret_ok = !st.failed;
        return st.failed ? st.null : feel_null();
    }
    if (node->kind == NODE_FILTER && !node->n) {
        in = feel_eval(run, node->a);
        const struct feel_value *items = feel_items(&in, &n);
        if (in.kind == FEEL_NULL)
            return *ret_ok = false, in;
        if (filter(run, node, items, n, sink, &index))
            return feel_null();
        in = index; /* the value of the filter is that one item, or a null */
    } else {
        in = feel_eval(run, node);
    }
    if (in.kind == FEEL_NULL)
        return *ret_ok = false, in;
    const struct feel_value *items = feel_items(&in, &n);
    for (size_t i = 0; i < n && sink->take(sink, run, items[i]); i++)
        ;
    return feel_null();
}

/* ---- Building */

struct feel_node *feel_node_loops(struct feel_build *b, enum feel_loop loop, const struct feel_iterator *iterators,
                                  size_t n, uint32_t partial, struct feel_node *body)
{
    struct feel_loop_data *data = arena_new_of(b->arena, struct feel_loop_data);
    struct feel_iterator *copy = arena_array(b->arena, struct feel_iterator, n);
    *data = (struct feel_loop_data){.loop = loop, .n = n, .iterators = copy, .partial = partial};
    data->wants_partial = loop == FEEL_FOR && b->frame->used.p[partial];
    struct feel_node *node = feel_node_new(b, loop == FEEL_FOR ? feel_eval_for : feel_eval_quantified);
    for (size_t i = 0; i < n; i++) {
        copy[i] = iterators[i];
        feel_node_above(node, iterators[i].in);
    }
    feel_node_above(node, body);
    node->kind = loop == FEEL_FOR ? NODE_FOR : NODE_OTHER;
    node->a = body;
    node->data = data;
    node->type = loop == FEEL_FOR ? feel_type_list_of(b->arena, body->type) : feel_type_of_kind(FEEL_T_BOOLEAN);
    return feel_node_checked(b, node);
}

struct feel_node *feel_node_loop(struct feel_build *b, enum feel_loop loop, uint32_t slot, uint32_t partial,
                                 struct feel_node *in, struct feel_node *body)
{
    return feel_node_loops(b, loop, &(struct feel_iterator){in, slot}, 1, partial, body);
}

struct feel_node *feel_node_filter(struct feel_build *b, uint32_t slot, struct feel_node *in, struct feel_node *match)
{
    struct feel_node *node = feel_node_new(b, feel_eval_filter);
    node->kind = NODE_FILTER;
    node->a = in;
    node->b = match;
    node->slot = slot;
    node->n = !b->frame->used.p[slot];
    feel_node_above(node, in);
    feel_node_above(node, match);
    const struct feel_type *of = in->type->kind == FEEL_T_LIST && in->type->of ? in->type->of : in->type;
    node->type = match->type->kind == FEEL_T_NUMBER ? of : feel_type_list_of(b->arena, of);
    if (match->type->kind == FEEL_T_ANY)
        node->type = in->type; /* paths read alike through a list and through its item */
    return feel_node_checked(b, node);
}
