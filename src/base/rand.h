/* Unpredictable bytes, from libsodium. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "str.h"

struct arena;

void rand_bytes(void *ret, size_t n);
int64_t rand_id(void); /* 1 … 2^53-1: an id that may stand in a URL and in JSON */
/* `n` characters of Crockford's base 32 in lower case (no i, l, o, u): 5 bits each, readable aloud. */
struct str rand_code(struct arena *a, size_t n);
