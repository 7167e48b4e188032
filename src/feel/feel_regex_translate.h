/* From a regular expression of XPath to one of PCRE2. For feel_regex.c alone. */
#pragma once
#include "base/buf.h"

struct feel_regex_flags {
    bool dot_all, multi_line, ignore_case, extended;
};

/* False when `pattern` is no regular expression of XPath. *ret_groups: how many it catches. */
bool feel_regex_translate(struct arena *a, struct str pattern, struct feel_regex_flags flags, struct str *ret_pattern,
                          int *ret_groups);
