/* Names to numbers. The names come from form.yaml and from ids we made, so nobody can choose them to collide. */
#include "form_tree.h"

static size_t place_of(const struct form_index *x, struct str key)
{
    uint64_t h = UINT64_C(1469598103934665603); /* FNV-1a */
    for (size_t i = 0; i < key.n; i++)
        h = (h ^ (unsigned char)key.p[i]) * UINT64_C(1099511628211);
    size_t at = (size_t)(h ^ h >> 32) & (x->room - 1);
    while (x->keys[at].p && !str_eq(x->keys[at], key))
        at = (at + 1) & (x->room - 1);
    return at;
}

int form_index_get(const struct form_index *x, struct str key)
{
    size_t at = x->room ? place_of(x, key) : 0;
    return x->room && x->keys[at].p ? x->values[at] : -1;
}

static void grow(struct arena *a, struct form_index *x)
{
    struct form_index more = {.room = x->room ? x->room * 2 : 64};
    more.keys = arena_array(a, struct str, more.room);
    more.values = arena_array(a, int, more.room);
    for (size_t i = 0; i < x->room; i++)
        if (x->keys[i].p)
            form_index_put(a, &more, x->keys[i], x->values[i]);
    *x = more;
}

void form_index_put(struct arena *a, struct form_index *x, struct str key, int value)
{
    if (x->n * 2 >= x->room)
        grow(a, x);
    size_t at = place_of(x, key);
    x->n += !x->keys[at].p;
    x->keys[at] = key.p ? key : S("");
    x->values[at] = value;
}
