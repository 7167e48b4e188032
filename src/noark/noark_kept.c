/* What follows from the model and from what an asker's roles open, and from nothing that a request says: made once for
   the process and kept. Many ask, few things are ever made; what is kept is never changed, so that who finds it needs
   no lock. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "noark/noark_internal.h"

enum { BUCKETS = 256, KEPT_MOST = 4 << 20 };

struct entry {
    struct kept_key key;
    struct kept kept;
    struct entry *next;
};

static struct {
    pthread_mutex_t lock; /* of the arena, and of adding */
    struct arena *arena;  /* lasts as long as the process */
    _Atomic(struct entry *) buckets[BUCKETS];
} all = {.lock = PTHREAD_MUTEX_INITIALIZER};

static _Atomic(struct entry *) *bucket_of(const struct kept_key *k)
{
    uint64_t h = (uint64_t)k->what;
    const int parts[] = {k->type, k->parent, k->flags, (int)k->rights};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        h = h * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)(unsigned)parts[i];
    return &all.buckets[h * UINT64_C(0x9e3779b97f4a7c15) >> 56];
}

static bool same(const struct kept_key *a, const struct kept_key *b)
{
    return a->what == b->what && a->type == b->type && a->parent == b->parent && a->flags == b->flags &&
           a->rights == b->rights;
}

const struct kept *kept_get(const struct kept_key *k)
{
    for (const struct entry *e = atomic_load_explicit(bucket_of(k), memory_order_acquire); e; e = e->next)
        if (same(&e->key, k))
            return &e->kept;
    return NULL;
}

static void add(const struct kept_key *k, const struct kept *made)
{
    if (!all.arena)
        all.arena = arena_new(2 * KEPT_MOST);
    size_t places = made->n_places * sizeof *made->places;
    if (arena_used(all.arena) + sizeof(struct entry) + made->text.n + places > KEPT_MOST)
        return;
    _Atomic(struct entry *) *bucket = bucket_of(k);
    struct entry *e = arena_new_of(all.arena, struct entry);
    *e = (struct entry){*k, *made, atomic_load(bucket)};
    e->kept.text = str_dup(all.arena, made->text);
    e->kept.places = arena_array(all.arena, struct link_place, made->n_places);
    if (places)
        memcpy(e->kept.places, made->places, places);
    atomic_store_explicit(bucket, e, memory_order_release);
}

void kept_put(const struct kept_key *k, const struct kept *made)
{
    pthread_mutex_lock(&all.lock);
    if (!kept_get(k)) /* somebody else may have been first */
        add(k, made);
    pthread_mutex_unlock(&all.lock);
}
