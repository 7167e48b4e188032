/* One text in the languages of the municipality, as service folders and municipality.yaml write it: {da: …, nb: …,
   nn: …, en: …}. */
#pragma once
#include <stdbool.h>

#include "base/cx.h"

struct words {
    struct str in[LANG_COUNT]; /* empty where the language was not given */
};

/* The text in that language, else (nynorsk) in bokmål, else in the first language that has one. */
struct str words_in(const struct words *w, enum lang lang);
/* The language words_in really answers in: for the lang attribute on a part of a page. */
enum lang words_lang(const struct words *w, enum lang lang);
bool words_empty(const struct words *w);

/* "da", "nb", "nn", "en": BCP 47. */
const char *lang_tag(enum lang lang);
bool lang_from_tag(struct str tag, enum lang *ret_lang);
