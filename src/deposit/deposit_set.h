/* A set of 16-byte keys with a number each: systemIDs and file names of a package, 24 bytes a place. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"

struct deposit_key {
    unsigned char b[16];
};
struct deposit_entry {
    struct deposit_key key;
    uint32_t line, note; /* the caller's; note 0: the place is free */
};
struct deposit_set {
    struct deposit_entry *at;
    size_t n, cap;
    uint64_t seed;
};

void deposit_set_done(struct deposit_set *s);
/* The entry of the key, made with `note` (not 0) when it is not there: *ret_new tells. Valid until the next call. */
struct deposit_entry *deposit_set_put(struct deposit_set *s, struct deposit_key key, uint32_t note, bool *ret_new);
/* NULL when it is not there. */
struct deposit_entry *deposit_set_get(const struct deposit_set *s, struct deposit_key key);

/* A systemID (UUID, any case) as a key; any other text by its hash. */
struct deposit_key deposit_key_of(struct str s);
/* By its hash. */
struct deposit_key deposit_key_text(struct str s);
