#include "letter_words.h"

/* One list is one pass over the table of a language with the other kinds of rows empty. */
#define VERB(a, b) {a, b},
#define NOT(a)
#define CLICHE(a, b)
#define OUTCOME(a)
static const struct letter_pair da_verbs[] = {
#include "words_da.tbl"
    {NULL, NULL}};
static const struct letter_pair nb_verbs[] = {
#include "words_nb.tbl"
    {NULL, NULL}};
static const struct letter_pair nn_verbs[] = {
#include "words_nn.tbl"
    {NULL, NULL}};
static const struct letter_pair en_verbs[] = {
#include "words_en.tbl"
    {NULL, NULL}};
#undef VERB
#undef NOT
#define VERB(a, b)
#define NOT(a) {a, NULL},
static const struct letter_pair da_not[] = {
#include "words_da.tbl"
    {NULL, NULL}};
static const struct letter_pair nb_not[] = {
#include "words_nb.tbl"
    {NULL, NULL}};
static const struct letter_pair nn_not[] = {
#include "words_nn.tbl"
    {NULL, NULL}};
static const struct letter_pair en_not[] = {
#include "words_en.tbl"
    {NULL, NULL}};
#undef NOT
#undef CLICHE
#define NOT(a)
#define CLICHE(a, b) {a, b},
static const struct letter_pair da_cliches[] = {
#include "words_da.tbl"
    {NULL, NULL}};
static const struct letter_pair nb_cliches[] = {
#include "words_nb.tbl"
    {NULL, NULL}};
static const struct letter_pair nn_cliches[] = {
#include "words_nn.tbl"
    {NULL, NULL}};
static const struct letter_pair en_cliches[] = {
#include "words_en.tbl"
    {NULL, NULL}};
#undef CLICHE
#undef OUTCOME
#define CLICHE(a, b)
#define OUTCOME(a) {a, NULL},
static const struct letter_pair da_outcomes[] = {
#include "words_da.tbl"
    {NULL, NULL}};
static const struct letter_pair nb_outcomes[] = {
#include "words_nb.tbl"
    {NULL, NULL}};
static const struct letter_pair nn_outcomes[] = {
#include "words_nn.tbl"
    {NULL, NULL}};
static const struct letter_pair en_outcomes[] = {
#include "words_en.tbl"
    {NULL, NULL}};
#undef VERB
#undef NOT
#undef CLICHE
#undef OUTCOME

typedef const char *const list[];

static list da_you = {"du", "dig", "din", "dit", "dine", NULL}, da_we = {"vi", "os", "vores", "vort", NULL};
static list nb_you = {"du", "deg", "din", "ditt", "dine", "di", NULL},
            nb_we = {"vi", "oss", "vår", "vårt", "våre", NULL};
static list nn_you = {"du", "deg", "din", "ditt", "dine", "di", NULL},
            nn_we = {"vi", "oss", "vår", "vårt", "våre", NULL};
static list en_you = {"you", "your", "yours", NULL}, en_we = {"we", "us", "our", "ours", NULL};

static list da_aux = {"bliver", "blev", "blive", "blevet", NULL};
static list nb_aux = {"blir", "ble", "bli", "blitt", "blei", NULL};
static list nn_aux = {"blir", "vart", "bli", "blitt", "blei", "vert", "verte", "vorte", "vorten", NULL};
static list en_aux = {"is", "are", "was", "were", "be", "been", "being", NULL};

static list da_hello = {"kære", "hej", "til", NULL}, nb_hello = {"kjære", "hei", "til", NULL},
            nn_hello = {"kjære", "hei", "til", NULL}, en_hello = {"dear", "hello", NULL};

/* a full stop after these ends no sentence */
static list da_short = {"nr",   "stk", "kl",  "jf", "ca", "eks", "bl",  "tlf",   "pkt", "dvs", "m",  "f",  "kap",
                        "inkl", "evt", "hhv", "d",  "pr", "mv",  "jfr", "litra", "lov", "st",  "tv", "th", NULL};
static list nb_short = {"nr",  "kl",   "jf", "ca",  "eks", "bl", "tlf", "pkt", "dvs", "m", "f",
                        "kap", "inkl", "ev", "evt", "hhv", "pr", "mv",  "a",   "jfr", NULL};
static list nn_short = {"nr",  "kl",   "jf", "ca",  "eks", "bl", "tlf", "pkt", "dvs", "m", "f",
                        "kap", "inkl", "ev", "evt", "hhv", "pr", "mv",  "a",   "d",   "t", NULL};
static list en_short = {"no", "e", "g", "i", "mr", "mrs", "ms", "dr", "tel", "cf", "approx", "incl", "sec", NULL};

static const struct letter_words all[LANG_COUNT] = {
    [LANG_DA] = {da_verbs, da_not, da_cliches, da_outcomes, da_you, da_we, da_aux, da_hello, da_short},
    [LANG_NB] = {nb_verbs, nb_not, nb_cliches, nb_outcomes, nb_you, nb_we, nb_aux, nb_hello, nb_short},
    [LANG_NN] = {nn_verbs, nn_not, nn_cliches, nn_outcomes, nn_you, nn_we, nn_aux, nn_hello, nn_short},
    [LANG_EN] = {en_verbs, en_not, en_cliches, en_outcomes, en_you, en_we, en_aux, en_hello, en_short},
};

const struct letter_words *letter_words(enum lang lang)
{
    return &all[lang];
}
