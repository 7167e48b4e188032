#include "deposit_set.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void deposit_set_done(struct deposit_set *s)
{
    free(s->at);
    *s = (struct deposit_set){0};
}

/* Who made the package chose the keys: the seed is ours, so that they cannot all fall on one place. */
static size_t place(const struct deposit_set *s, const struct deposit_key *key)
{
    uint64_t x, y;
    memcpy(&x, key->b, 8);
    memcpy(&y, key->b + 8, 8);
    uint64_t h = (x ^ s->seed) * 0x9e3779b97f4a7c15u;
    h ^= h >> 32;
    h = (h ^ y ^ (s->seed << 1)) * 0xbf58476d1ce4e5b9u;
    h ^= h >> 29;
    return (size_t)(h * 0x94d049bb133111ebu >> 7) & (s->cap - 1);
}

static struct deposit_entry *find(const struct deposit_set *s, const struct deposit_key *key)
{
    size_t i = place(s, key);
    while (s->at[i].note && memcmp(&s->at[i].key, key, sizeof *key))
        i = (i + 1) & (s->cap - 1);
    return &s->at[i];
}

static void grow(struct deposit_set *s)
{
    struct deposit_set old = *s;
    s->cap = old.cap ? old.cap * 2 : 1024;
    s->at = calloc(s->cap, sizeof *s->at);
    assert(s->at);
    if (!s->seed)
        rand_bytes(&s->seed, sizeof s->seed);
    for (size_t i = 0; i < old.cap; i++)
        if (old.at[i].note)
            *find(s, &old.at[i].key) = old.at[i];
    free(old.at);
}

struct deposit_entry *deposit_set_put(struct deposit_set *s, struct deposit_key key, uint32_t note, bool *ret_new)
{
    if (s->n * 4 >= s->cap * 3)
        grow(s);
    struct deposit_entry *e = find(s, &key);
    *ret_new = !e->note;
    if (!e->note) {
        e->key = key;
        e->note = note;
        s->n++;
    }
    return e;
}

struct deposit_entry *deposit_set_get(const struct deposit_set *s, struct deposit_key key)
{
    struct deposit_entry *e = s->cap ? find(s, &key) : NULL;
    return e && e->note ? e : NULL;
}

struct deposit_key deposit_key_text(struct str s)
{
    struct hash h = hash_of(s);
    struct deposit_key key;
    memcpy(key.b, h.b, sizeof key.b);
    return key;
}

struct deposit_key deposit_key_of(struct str s)
{
    char hex[32];
    size_t n = 0;
    struct deposit_key key;
    if (s.n != 36)
        return deposit_key_text(s);
    for (size_t i = 0; i < 36 && n < 32; i++)
        if (s.p[i] != '-')
            hex[n++] = s.p[i];
    return n == 32 && str_unhex(str_make(hex, 32), key.b) ? key : deposit_key_text(s);
}
