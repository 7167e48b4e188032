#include "feel_room.h"

/* Context functions (10.3.4.11). */

static struct feel_value fn_get_value(struct feel_call *c)
{
    struct feel_value at = c->args[0], keys = c->args[1];
    size_t n;
    const struct feel_value *key = feel_items(&keys, &n);
    for (size_t i = 0; i < n; i++) {
        const struct feel_value *m = key[i].kind == FEEL_STRING ? feel_member(at, feel_str(key[i])) : NULL;
        if (!m)
            return feel_null_why(c->run, c->node, FEEL_WHY_MEMBER, "the context has no \"%" PRI_STR "\"",
                                 STR_ARG(feel_str(key[i])));
        at = *m;
    }
    return n ? at : feel_bad_value(c, "no key");
}

static struct feel_value fn_get_entries(struct feel_call *c)
{
    const struct feel_context *context = c->args[0].context;
    struct feel_value *items = feel_new_items(c->run, context->n);
    if (!items)
        return feel_too_long(c->run, c->node);
    for (size_t i = 0; i < context->n; i++) {
        struct feel_entry *e = arena_array(c->run->arena, struct feel_entry, 2);
        e[0] = (struct feel_entry){S("key"), feel_string(context->entries[i].name)};
        e[1] = (struct feel_entry){S("value"), context->entries[i].value};
        items[i] = feel_context(c->run->arena, e, 2);
    }
    return feel_list(c->run->arena, items, context->n);
}

/* context(entries): each has a key and a value; a key that comes twice is a fault. */
static struct feel_value fn_context(struct feel_call *c)
{
    const struct feel_list *list = c->args[0].list;
    struct feel_entry *entries = arena_array(c->run->arena, struct feel_entry, list->n);
    for (size_t i = 0; i < list->n; i++) {
        const struct feel_value *key = feel_member(list->items[i], S("key"));
        const struct feel_value *value = feel_member(list->items[i], S("value"));
        if (!key || !value || key->kind != FEEL_STRING)
            return feel_bad_value(c, "an entry without a key or a value");
        entries[i] = (struct feel_entry){feel_str(*key), *value};
    }
    struct feel_value v = feel_context(c->run->arena, entries, list->n);
    return v.context->n == list->n ? v : feel_bad_value(c, "a key comes twice");
}

static struct feel_value put(struct feel_call *c, struct feel_value context, struct str key, struct feel_value value)
{
    size_t n = context.context->n;
    struct feel_entry *entries = arena_array(c->run->arena, struct feel_entry, n + 1);
    if (n)
        memcpy(entries, context.context->entries, n * sizeof *entries);
    entries[n] = (struct feel_entry){key, value};
    return feel_context(c->run->arena, entries, n + 1);
}

/* Along the keys, from the innermost context outwards. */
static struct feel_value put_path(struct feel_call *c, struct feel_value context, const struct feel_value *keys,
                                  size_t n, struct feel_value value)
{
    struct feel_value *along = arena_array(c->run->arena, struct feel_value, n);
    along[0] = context;
    for (size_t i = 0; i < n; i++) {
        if (keys[i].kind != FEEL_STRING || along[i].kind != FEEL_CONTEXT)
            return feel_bad_value(c, "the keys do not lead through contexts");
        const struct feel_value *m = feel_member(along[i], feel_str(keys[i]));
        if (i + 1 < n)
            along[i + 1] = m ? *m : feel_null();
    }
    for (size_t i = n; i-- > 0;)
        value = put(c, along[i], feel_str(keys[i]), value);
    return value;
}

static struct feel_value fn_context_put(struct feel_call *c)
{
    size_t n;
    const struct feel_value *keys = feel_items(&c->args[1], &n);
    return n ? put_path(c, c->args[0], keys, n, c->args[2]) : feel_bad_value(c, "no key");
}

static struct feel_value fn_context_merge(struct feel_call *c)
{
    const struct feel_list *list = c->args[0].list;
    VEC_OF(struct feel_entry) entries = {0};
    for (size_t i = 0; i < list->n; i++) {
        if (list->items[i].kind != FEEL_CONTEXT)
            return feel_bad_value(c, "an item is not a context");
        const struct feel_context *one = list->items[i].context;
        for (size_t j = 0; j < one->n; j++)
            vec_add(c->run->arena, &entries, one->entries[j]);
    }
    return feel_context(c->run->arena, entries.p, entries.n);
}

const struct feel_builtin feel_builtins_context[] = {
    {FEEL_N("get value"), fn_get_value, NULL, {{"m", 'c'}, {"key", 'a'}}, 2, 2, 0, 0},
    {FEEL_N("get value"), fn_get_value, NULL, {{"context", 'c'}, {"key", 'a'}}, 2, 2, 0, 0},
    {FEEL_N("get value"), fn_get_value, NULL, {{"context", 'c'}, {"keys", 'a'}}, 2, 2, 0, 0},
    {FEEL_N("get entries"), fn_get_entries, NULL, {{"m", 'c'}}, 1, 1, 0, FEEL_T_LIST},
    {FEEL_N("get entries"), fn_get_entries, NULL, {{"context", 'c'}}, 1, 1, 0, FEEL_T_LIST},
    {FEEL_N("context"), fn_context, NULL, {{"entries", 'l'}}, 1, 1, 0, 0},
    {FEEL_N("context put"), fn_context_put, NULL, {{"context", 'c'}, {"keys", 'l'}, {"value", 'a'}}, 3, 3, 0, 0},
    {FEEL_N("context put"), fn_context_put, NULL, {{"context", 'c'}, {"key", 's'}, {"value", 'a'}}, 3, 3, 0, 0},
    {FEEL_N("context merge"), fn_context_merge, NULL, {{"contexts", 'l'}}, 1, 1, 0, 0},
    {{NULL, 0}, NULL, NULL, {{NULL, 0}}, 0, 0, 0, 0}};
