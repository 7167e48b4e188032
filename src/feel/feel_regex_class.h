/* Inside of feel_regex: sets of characters as PCRE2 writes them inside brackets. */
#pragma once
#include "base/buf.h"

/* What stands for the escape \<letter> (s S d D w W i I c C) between brackets; empty when it is no such escape. */
struct str feel_regex_class_of(char letter);
/* As above for \p{name} (or \P{name} when `outside`): a general category, or a block as "IsBasicLatin". False when
   there is no such name. */
bool feel_regex_class_add(struct buf *b, struct str name, bool outside);
/* A character taken literally, outside and inside brackets. */
void feel_regex_class_literal(struct buf *b, uint32_t c);
/* The whole expression for PCRE2 (flags UTF, UCP, DOTALL, DOLLAR_ENDONLY, and MULTILINE with m) and the number of its
   groups. False when it is not an expression of XPath; *ret_deep when it is only nested too deep. */
struct feel_regex_flags {
    bool s, m, i, x;
};
bool feel_regex_translate(struct arena *a, struct str pattern, struct feel_regex_flags flags, struct buf *out,
                          unsigned *ret_groups, bool *ret_deep);
