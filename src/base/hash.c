#include "hash.h"

#include <sodium.h>
#include <string.h>

#include "arena.h"

_Static_assert(sizeof(struct hash_state) >= sizeof(crypto_hash_sha256_state), "state fits");

static crypto_hash_sha256_state *inner(struct hash_state *st)
{
    return (crypto_hash_sha256_state *)(void *)st;
}

void hash_init(struct hash_state *st)
{
    crypto_hash_sha256_init(inner(st));
}

void hash_update(struct hash_state *st, const void *p, size_t n)
{
    crypto_hash_sha256_update(inner(st), p, n);
}

struct hash hash_final(struct hash_state *st)
{
    struct hash h;
    crypto_hash_sha256_final(inner(st), h.b);
    return h;
}

struct hash hash_of(struct str s)
{
    struct hash h;
    crypto_hash_sha256(h.b, (const unsigned char *)s.p, s.n);
    return h;
}

struct str hash_hex(struct arena *a, struct hash h)
{
    return str_hex(a, h.b, sizeof h.b);
}

bool hash_eq(struct hash a, struct hash b)
{
    return sodium_memcmp(a.b, b.b, sizeof a.b) == 0;
}
