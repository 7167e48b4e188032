/* Fingerprints. SHA-256 where others must be able to check it, SipHash for tables in memory. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "str.h"

struct arena;

enum { HASH_BYTES = 32 };

struct hash {
    unsigned char b[HASH_BYTES];
};

/* SHA-256 in pieces; the state needs no freeing. */
struct hash_state {
    uint64_t opaque[16]; /* SHA256_CTX of OpenSSL */
};
void hash_init(struct hash_state *st);
void hash_update(struct hash_state *st, const void *p, size_t n);
struct hash hash_final(struct hash_state *st);

struct hash hash_of(struct str s);
struct str hash_hex(struct arena *a, struct hash h); /* 64 hex digits */
bool hash_eq(struct hash a, struct hash b);          /* in constant time */
