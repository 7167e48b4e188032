/* Finding what looks like an identity number in a text: for places where none may ever stand. Rather one too many: ten
   (Denmark) or eleven (Norway) digits that begin with a day and a month, also of the ranges that can belong to nobody
   (day + 40 and + 60, month + 40, + 65 and + 80); a blank, a hyphen or a point may stand after the sixth digit, and no
   digit before or behind. Check digits are not asked for: newer numbers have none. */
#pragma once
#include "base/base.h"

/* The first at or after byte `from`; false when there is none. */
bool idno_find(struct str s, size_t from, size_t *ret_begin, size_t *ret_end);
/* The text with "*****" in the place of each. The same string when there is none. */
struct str idno_hide(struct arena *a, struct str s);
