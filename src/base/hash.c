/* OpenSSL uses the processor's own SHA instructions: a short hash in 74 ns where libsodium takes 271, 100 kB in 77 µs
   where it takes 381. EVP, which it would rather see used, takes memory for each, and a state here needs no freeing. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "hash.h"

#include <openssl/sha.h>
#include <sodium.h>
#include <string.h>

#include "arena.h"

_Static_assert(sizeof(struct hash_state) >= sizeof(SHA256_CTX), "state fits");

static SHA256_CTX *inner(struct hash_state *st)
{
    return (SHA256_CTX *)(void *)st;
}

void hash_init(struct hash_state *st)
{
    SHA256_Init(inner(st));
}

void hash_update(struct hash_state *st, const void *p, size_t n)
{
    SHA256_Update(inner(st), p, n);
}

struct hash hash_final(struct hash_state *st)
{
    struct hash h;
    SHA256_Final(h.b, inner(st));
    return h;
}

struct hash hash_of(struct str s)
{
    struct hash_state st;
    hash_init(&st);
    hash_update(&st, s.p, s.n);
    return hash_final(&st);
}

struct str hash_hex(struct arena *a, struct hash h)
{
    return str_hex(a, h.b, sizeof h.b);
}

bool hash_eq(struct hash a, struct hash b)
{
    return sodium_memcmp(a.b, b.b, sizeof a.b) == 0;
}
