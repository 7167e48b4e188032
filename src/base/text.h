/* UTF-8 and the Nordic alphabet: validity, folding for search, keys for sorting. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

struct arena;

/* RFC 3629: no overlong forms, no surrogates, nothing over U+10FFFF; and no NUL. */
bool text_valid(struct str s);
/* Also refuses control characters but tab, LF and CR: what a person can have typed. */
bool text_clean(struct str s);
/* Decode one code point at *i and move past it; U+FFFD on a fault (moves one byte). */
uint32_t text_next(struct str s, size_t *i);
size_t text_length(struct str s); /* code points */
/* The first `n` code points. */
struct str text_head(struct str s, size_t n);

/* For search: lower case, without accents, å→a ø→o æ→ae ð→d þ→th ß→ss, ﬁ→fi, runs of anything but letters and digits
   one blank. "Åse Ødegård-Nielsen" → "ase odegard nielsen". aa stays aa. */
struct str text_fold(struct arena *a, struct str s);
/* For sorting by bytes in Danish and Norwegian order: æ ø å after z; aa in the beginning of a name is not å. */
struct str text_sort_key(struct arena *a, struct str s);
