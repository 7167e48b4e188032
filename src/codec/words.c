#include "words.h"

static const char *const tags[LANG_COUNT] = {[LANG_DA] = "da", [LANG_NB] = "nb", [LANG_EN] = "en", [LANG_NN] = "nn"};

enum lang words_lang(const struct words *w, enum lang lang)
{
    if (w->in[lang].n)
        return lang;
    if (lang == LANG_NN && w->in[LANG_NB].n) /* the other Norwegian is nearest */
        return LANG_NB;
    for (int i = 0; i < LANG_COUNT; i++)
        if (w->in[i].n)
            return (enum lang)i;
    return lang;
}

struct str words_in(const struct words *w, enum lang lang)
{
    return w->in[words_lang(w, lang)];
}

bool words_empty(const struct words *w)
{
    return !words_in(w, LANG_DA).n;
}

const char *lang_tag(enum lang lang)
{
    return tags[lang];
}

bool lang_from_tag(struct str tag, enum lang *ret_lang)
{
    for (int i = 0; i < LANG_COUNT; i++)
        if (str_eq_z(tag, tags[i]))
            return *ret_lang = (enum lang)i, true;
    return false;
}
