/* Unpredictable bytes, from libsodium. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "str.h"

struct arena;

void rand_bytes(void *ret, size_t n);
int64_t rand_id(void); /* 1 … 2^53-1: an id that may stand in a URL and in JSON */
/* For rows that come in the order of time and never stand in a URL or in JSON: us << 10 and 10 random bits. Rows made
   one after another then lie together in every tree, so that a new one touches no old page. us: 0 … 2^53-1, which is
   the year 2255. Who makes many in one microsecond meets an id twice: take another when the row is ERR_DUPLICATE. */
int64_t rand_id_at(int64_t us);
/* No id of that time is less, and none of an earlier time is not: for ranges. Any us: what lies outside is brought in.
 */
int64_t rand_id_from(int64_t us);
/* `n` characters of Crockford's base 32 in lower case (no i, l, o, u): 5 bits each, readable aloud. */
struct str rand_code(struct arena *a, size_t n);
