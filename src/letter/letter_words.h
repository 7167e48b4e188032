/* Inside the room: the word lists of the plain-language checks, one words_<lang>.tbl a language. */
#pragma once
#include "base/base.h"

struct letter_pair {
    const char *a, *b; /* infinitive and participle; phrase and what to write instead; else b is NULL */
};
struct letter_words {
    const struct letter_pair *verbs, *not_passive, *cliches, *outcomes; /* ended by a row of NULL */
    const char *const *you, *const *we, *const *auxiliaries, *const *salutations,
                                                                 *const *abbreviations; /* ended by NULL */
};
const struct letter_words *letter_words(enum lang lang);
