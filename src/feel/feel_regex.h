/* Regular expressions of FEEL's matches, replace and split: those of XPath and XQuery functions 1.0 (DMN 1.5, 10.3.4.3;
   F&O 7.6), translated to PCRE2. Not part of them, and refused: look-around, named groups, possessive and
   non-backtracking groups, \b, \K and whatever else PCRE2 has beyond. A compiled expression is immutable: any number of
   threads may use it at once, each with an arena of its own. Matching has limits on steps, depth and memory, so a
   hostile expression ends with FEEL_REGEX_LIMIT. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct feel_regex;

enum feel_regex_err {
    FEEL_REGEX_OK,
    FEEL_REGEX_PATTERN,     /* not a regular expression of XPath (err:FORX0002) */
    FEEL_REGEX_FLAGS,       /* a flag other than s, m, i, x (err:FORX0001) */
    FEEL_REGEX_EMPTY,       /* replace and split: the expression matches the empty string (err:FORX0003) */
    FEEL_REGEX_REPLACEMENT, /* `$` without a digit, or `\` before anything but `\` and `$` (err:FORX0004) */
    FEEL_REGEX_TEXT,        /* the input is not UTF-8 */
    FEEL_REGEX_LIMIT,       /* matching would take too many steps, too deep a stack or too much memory */
};

enum {
    FEEL_REGEX_PATTERN_BYTES = 16384, /* longer expressions are refused (FEEL_REGEX_LIMIT) */
    FEEL_REGEX_PIECES = 1000000,      /* most pieces of a split, and most replacements of one call */
};

/* For messages: "not a regular expression". Never NULL. */
const char *feel_regex_err_text(enum feel_regex_err e);

/* Compile `pattern` with `flags`, any of the letters s (. matches a line end too), m (^ and $ at lines), i (case does
   not matter, by Unicode's simple folding) and x (blanks in the expression do not count, save in a character class),
   each any number of times. Both are UTF-8. The result lives in `a`; nothing needs freeing. PATTERN, FLAGS, LIMIT. */
enum feel_regex_err feel_regex_compile(struct arena *a, struct str pattern, struct str flags,
                                       const struct feel_regex **ret_regex);

/* Matching counts its steps, some 20 ns each. A call may take a million and ten more for each byte of the text, and no
   more than *steps, from which it takes what it took; steps NULL: the first limit alone. */

/* Whether the expression matches some part of `input` (UTF-8). TEXT, LIMIT. */
enum feel_regex_err feel_regex_matches(const struct feel_regex *re, uint64_t *steps, struct str input,
                                       bool *ret_matches);

/* `input` with every match, from the left and without overlap, replaced. In `replacement`, $N is what group N caught
   (nothing when it caught none or there is none; of several digits as many as name a group), $0 the match, \$ and
   \\ those characters. The result is in `a`. EMPTY, REPLACEMENT, LIMIT. */
enum feel_regex_err feel_regex_replace(const struct feel_regex *re, uint64_t *steps, struct arena *a, struct str input,
                                       struct str replacement, struct str *ret_text);

/* The pieces of `input` between the matches, empty ones too: "a;;b" by ";" is "a", "", "b", and the empty input is one
   empty piece. The array is in `a`, the pieces are views of `input`. EMPTY, LIMIT. */
enum feel_regex_err feel_regex_split(const struct feel_regex *re, uint64_t *steps, struct arena *a, struct str input,
                                     struct str **ret_pieces, size_t *ret_count);
