#include "feel_room.h"

/* List functions (10.3.4.4), sort (10.3.4.7). */

static const struct feel_list *list_of(const struct feel_call *c, size_t i)
{
    return c->args[i].list;
}

static struct feel_value made(struct feel_call *c, const struct feel_value *items, size_t n)
{
    return feel_list(c->run->arena, items, n);
}

static bool same(struct feel_call *c, struct feel_value a, struct feel_value b)
{
    return feel_same(c->run, a, b) == 1;
}

/* A position (from 1, or from the end when negative) as an index; false when the list has no such item. */
static bool index_of(struct feel_value position, size_t n, size_t *ret)
{
    int64_t i;
    if (!feel_num_trunc_i64(feel_num_of_value(position), &i))
        return false;
    if (i < 0)
        i += (int64_t)n + 1;
    if (i < 1 || i > (int64_t)n)
        return false;
    *ret = (size_t)i - 1;
    return true;
}

static struct feel_value no_item(struct feel_call *c)
{
    return feel_null_why(c->run, c->node, FEEL_WHY_INDEX, "the list has no such item");
}

static struct feel_value no_steps(struct feel_call *c)
{
    return feel_null_why(c->run, c->node, FEEL_WHY_LIMIT, "too many steps");
}

static struct feel_value fn_list_contains(struct feel_call *c)
{
    const struct feel_list *list = list_of(c, 0);
    for (size_t i = 0; i < list->n; i++)
        if (same(c, list->items[i], c->args[1]))
            return feel_bool(true);
    return feel_bool(false);
}

static struct feel_value fn_index_of(struct feel_call *c)
{
    const struct feel_list *list = list_of(c, 0);
    VEC_OF(struct feel_value) found = {0};
    for (size_t i = 0; i < list->n; i++)
        if (same(c, list->items[i], c->args[1]))
            vec_add(c->run->arena, &found, feel_int((int64_t)i + 1));
    return made(c, found.p, found.n);
}

static struct feel_value fn_sublist(struct feel_call *c)
{
    const struct feel_list *list = list_of(c, 0);
    size_t from;
    int64_t count;
    if (!index_of(c->args[1], list->n, &from))
        return no_item(c);
    count = (int64_t)(list->n - from);
    if (c->n > 2 && c->args[2].kind == FEEL_NUMBER && !feel_num_trunc_i64(feel_num_of_value(c->args[2]), &count))
        return feel_bad_value(c, "the length is too large");
    if (count < 1 || count > (int64_t)(list->n - from))
        return no_item(c);
    return made(c, list->items + from, (size_t)count);
}

/* One after the other; NULL when there are too many. */
static struct feel_value joined(struct feel_call *c, const struct feel_list *const *lists, size_t n)
{
    size_t total = 0, at = 0;
    for (size_t i = 0; i < n; i++)
        total += lists[i]->n;
    struct feel_value *items = feel_new_items(c->run, total);
    if (!items)
        return feel_too_long(c->run, c->node);
    for (size_t i = 0; i < n; i++) {
        if (lists[i]->n)
            memcpy(items + at, lists[i]->items, lists[i]->n * sizeof *items);
        at += lists[i]->n;
    }
    return made(c, items, total);
}

static struct feel_value fn_append(struct feel_call *c)
{
    const struct feel_list *lists[] = {list_of(c, 0), list_of(c, 1)};
    return joined(c, lists, 2);
}

/* The lists of a list of lists; what is no list stands for the list of itself, null for a fault. */
static const struct feel_list **lists_of(struct feel_call *c, const struct feel_list *all)
{
    const struct feel_list **lists = arena_array(c->run->arena, const struct feel_list *, all->n + 1);
    for (size_t i = 0; i < all->n; i++) {
        struct feel_list *one = arena_new_of(c->run->arena, struct feel_list);
        *one = (struct feel_list){1, &all->items[i]};
        if (all->items[i].kind == FEEL_NULL)
            return NULL;
        lists[i] = all->items[i].kind == FEEL_LIST ? all->items[i].list : one;
    }
    return lists;
}

static struct feel_value fn_concatenate(struct feel_call *c)
{
    const struct feel_list **lists = lists_of(c, list_of(c, 0));
    return lists ? joined(c, lists, list_of(c, 0)->n) : feel_bad_value(c, "a list is null");
}

static struct feel_value distinct(struct feel_call *c, const struct feel_list *list)
{
    struct feel_value *items = arena_array(c->run->arena, struct feel_value, list->n);
    size_t n = 0;
    for (size_t i = 0, j; i < list->n; i++) {
        for (j = 0; j < n && !same(c, items[j], list->items[i]); j++)
            if (!feel_step(c->run))
                return no_steps(c);
        if (j == n)
            items[n++] = list->items[i];
    }
    return made(c, items, n);
}

static struct feel_value fn_distinct_values(struct feel_call *c)
{
    return distinct(c, list_of(c, 0));
}

static struct feel_value fn_union(struct feel_call *c)
{
    struct feel_value all = fn_concatenate(c);
    return all.kind == FEEL_LIST ? distinct(c, all.list) : all;
}

static struct feel_value fn_insert_before(struct feel_call *c)
{
    const struct feel_list *list = list_of(c, 0);
    struct feel_value item = c->args[2];
    size_t at;
    if (!index_of(c->args[1], list->n, &at))
        return no_item(c);
    struct feel_list before = {at, list->items}, one = {1, &item}, after = {list->n - at, list->items + at};
    const struct feel_list *lists[] = {&before, &one, &after};
    return joined(c, lists, 3);
}

static struct feel_value fn_remove(struct feel_call *c)
{
    const struct feel_list *list = list_of(c, 0);
    size_t at;
    if (!index_of(c->args[1], list->n, &at))
        return no_item(c);
    struct feel_list before = {at, list->items}, after = {list->n - at - 1, list->items + at + 1};
    const struct feel_list *lists[] = {&before, &after};
    return joined(c, lists, 2);
}

/* list replace(list, position, newItem) and, with a function of item and new item in place of a position, (list, match,
 * newItem) */
static struct feel_value fn_list_replace(struct feel_call *c)
{
    const struct feel_list *list = list_of(c, 0), *all[] = {list};
    size_t at;
    if (c->args[1].kind != FEEL_NUMBER && c->args[1].kind != FEEL_FUNCTION)
        return feel_bad_value(c, "neither a position nor a function");
    struct feel_value v = joined(c, all, 1);
    struct feel_value *items = v.kind == FEEL_LIST ? (struct feel_value *)v.list->items : NULL;
    if (!items)
        return v;
    if (c->args[1].kind == FEEL_NUMBER) {
        if (!index_of(c->args[1], list->n, &at))
            return no_item(c);
        items[at] = c->args[2];
        return v;
    }
    for (size_t i = 0; i < list->n; i++) {
        struct feel_value args[] = {list->items[i], c->args[2]};
        struct feel_value match = feel_call_value(c->run, c->node, c->args[1], NULL, args, 2);
        if (match.kind != FEEL_BOOLEAN)
            return match.kind == FEEL_NULL && match.n ? match : feel_bad_value(c, "the match is not true or false");
        if (match.flag)
            items[i] = c->args[2];
    }
    return v;
}

static struct feel_value fn_reverse(struct feel_call *c)
{
    const struct feel_list *list = list_of(c, 0);
    struct feel_value *items = arena_array(c->run->arena, struct feel_value, list->n);
    for (size_t i = 0; i < list->n; i++)
        items[i] = list->items[list->n - 1 - i];
    return made(c, items, list->n);
}

struct flat {
    struct feel_call *c;
    VEC_OF(struct feel_value) items;
    bool over;
};

static void flatten(struct flat *f, const struct feel_list *list, int depth)
{
    for (size_t i = 0; i < list->n && !f->over; i++) {
        if (list->items[i].kind == FEEL_LIST && depth < FEEL_TREE_HEIGHT)
            flatten(f, list->items[i].list, depth + 1);
        else if (f->items.n >= f->c->run->limits.list_items || !feel_step(f->c->run) ||
                 list->items[i].kind == FEEL_LIST)
            f->over = true;
        else
            vec_add(f->c->run->arena, &f->items, list->items[i]);
    }
}

static struct feel_value fn_flatten(struct feel_call *c)
{
    struct flat f = {.c = c};
    flatten(&f, list_of(c, 0), 0);
    return f.over ? feel_too_long(c->run, c->node) : made(c, f.items.p, f.items.n);
}

/* ---- sort: a merge sort, stable whatever the function says */

struct sorting {
    struct feel_call *c;
    struct feel_value null;
    bool failed;
};

static bool precedes(struct sorting *s, struct feel_value a, struct feel_value b)
{
    struct feel_value args[] = {a, b};
    struct feel_value v = feel_call_value(s->c->run, s->c->node, s->c->args[1], NULL, args, 2);
    if (v.kind != FEEL_BOOLEAN && !s->failed) {
        s->failed = true;
        s->null = v.kind == FEEL_NULL && v.n ? v : feel_bad_value(s->c, "sort: the order is not true or false");
    }
    return feel_is_true(v);
}

static void merge(struct sorting *s, const struct feel_value *from, struct feel_value *to, size_t low, size_t middle,
                  size_t high)
{
    size_t i = low, j = middle;
    for (size_t k = low; k < high; k++)
        to[k] = i < middle && (j >= high || !precedes(s, from[j], from[i])) ? from[i++] : from[j++];
}

static struct feel_value fn_sort(struct feel_call *c)
{
    const struct feel_list *list = list_of(c, 0);
    struct sorting s = {.c = c};
    size_t n = list->n;
    struct feel_value *from = arena_array(c->run->arena, struct feel_value, n);
    struct feel_value *to = arena_array(c->run->arena, struct feel_value, n), *swap;
    if (n)
        memcpy(from, list->items, n * sizeof *from);
    for (size_t width = 1; width < n && !s.failed; width *= 2) {
        for (size_t low = 0; low < n && !s.failed; low += 2 * width)
            merge(&s, from, to, low, low + width < n ? low + width : n, low + 2 * width < n ? low + 2 * width : n);
        swap = from;
        from = to;
        to = swap;
    }
    return s.failed ? s.null : made(c, from, n);
}

#define LIST(name, fn, type) \
    { \
        FEEL_N(name), fn, NULL, {{"list", 'l'}}, 1, 1, 0, type \
    }

const struct feel_builtin feel_builtins_list[] = {
    {FEEL_N("list contains"), fn_list_contains, NULL, {{"list", 'l'}, {"element", 'a'}}, 2, 2, 0, FEEL_T_BOOLEAN},
    {FEEL_N("count"), feel_fn_count, feel_stream_count, {{"list", 'l'}}, 1, 1, 0, FEEL_T_NUMBER},
    {FEEL_N("min"), feel_fn_min, feel_stream_min, {{"list", 'l'}}, 1, 1, BUILTIN_SPREAD, 0},
    {FEEL_N("max"), feel_fn_max, feel_stream_max, {{"list", 'l'}}, 1, 1, BUILTIN_SPREAD, 0},
    {FEEL_N("sum"), feel_fn_sum, feel_stream_sum, {{"list", 'l'}}, 1, 1, BUILTIN_SPREAD, FEEL_T_NUMBER},
    {FEEL_N("mean"), feel_fn_mean, feel_stream_mean, {{"list", 'l'}}, 1, 1, BUILTIN_SPREAD, FEEL_T_NUMBER},
    {FEEL_N("product"), feel_fn_product, feel_stream_product, {{"list", 'l'}}, 1, 1, BUILTIN_SPREAD, FEEL_T_NUMBER},
    {FEEL_N("median"), feel_fn_median, NULL, {{"list", 'l'}}, 1, 1, BUILTIN_SPREAD, FEEL_T_NUMBER},
    {FEEL_N("stddev"), feel_fn_stddev, NULL, {{"list", 'l'}}, 1, 1, BUILTIN_SPREAD, FEEL_T_NUMBER},
    {FEEL_N("mode"), feel_fn_mode, NULL, {{"list", 'l'}}, 1, 1, BUILTIN_SPREAD, FEEL_T_LIST},
    {FEEL_N("all"), feel_fn_all, feel_stream_all, {{"list", 'l'}}, 1, 1, BUILTIN_SPREAD, FEEL_T_BOOLEAN},
    {FEEL_N("any"), feel_fn_any, feel_stream_any, {{"list", 'l'}}, 1, 1, BUILTIN_SPREAD, FEEL_T_BOOLEAN},
    {FEEL_N("sublist"),
     fn_sublist,
     NULL,
     {{"list", 'l'}, {"start position", 'n'}, {"length", 'n'}},
     3,
     2,
     0,
     FEEL_T_ANY},
    {FEEL_N("append"), fn_append, NULL, {{"list", 'l'}, {"item", 'a'}}, 2, 2, BUILTIN_VARIADIC, 0},
    {FEEL_N("concatenate"), fn_concatenate, NULL, {{"list", 'l'}}, 1, 1, BUILTIN_VARIADIC, 0},
    {FEEL_N("union"), fn_union, NULL, {{"list", 'l'}}, 1, 1, BUILTIN_VARIADIC, 0},
    {FEEL_N("insert before"),
     fn_insert_before,
     NULL,
     {{"list", 'l'}, {"position", 'n'}, {"newItem", 'a'}},
     3,
     3,
     0,
     FEEL_T_ANY},
    {FEEL_N("remove"), fn_remove, NULL, {{"list", 'l'}, {"position", 'n'}}, 2, 2, 0, 0},
    {FEEL_N("list replace"),
     fn_list_replace,
     NULL,
     {{"list", 'l'}, {"position", 'a'}, {"newItem", 'a'}},
     3,
     3,
     0,
     FEEL_T_ANY},
    {FEEL_N("list replace"),
     fn_list_replace,
     NULL,
     {{"list", 'l'}, {"match", 'f'}, {"newItem", 'a'}},
     3,
     3,
     0,
     FEEL_T_ANY},
    LIST("reverse", fn_reverse, 0),
    {FEEL_N("index of"), fn_index_of, NULL, {{"list", 'l'}, {"match", 'a'}}, 2, 2, 0, FEEL_T_LIST},
    LIST("distinct values", fn_distinct_values, 0),
    LIST("flatten", fn_flatten, 0),
    {FEEL_N("sort"), fn_sort, NULL, {{"list", 'l'}, {"precedes", 'f'}}, 2, 2, 0, 0},
    {{NULL, 0}, NULL, NULL, {{NULL, 0}}, 0, 0, 0, 0}};
