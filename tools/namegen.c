/* namegen OUT.c: the names of countries (ISO 3166-1) and currencies (ISO 4217) in our languages, from the Unicode
   Common Locale Data Repository by way of ICU, with their alphabetical order in each language (src/i18n/i18n.h). ICU is
   needed to build, not to run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/ucol.h>
#include <unicode/ucurr.h>
#include <unicode/uenum.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

enum { LANGS = 4, NAMES_MAX = 400, NAME_MAX_UNITS = 120 };
static const char *const langs[LANGS] = {"da", "nb", "en", "nn"}; /* in the order of enum lang */

struct name {
    char code[4];
    UChar in[LANGS][NAME_MAX_UNITS];
};

struct table {
    struct name rows[NAMES_MAX];
    int n;
    int order[LANGS][NAMES_MAX];
};

static void must(UErrorCode e, const char *what)
{
    if (U_FAILURE(e)) {
        fprintf(stderr, "namegen: %s: %s\n", what, u_errorName(e));
        exit(1);
    }
}

static int by_code(const void *a, const void *b)
{
    return strcmp(((const struct name *)a)->code, ((const struct name *)b)->code);
}

static struct name *push(struct table *t, const char *code, size_t n)
{
    if (strlen(code) != n || t->n == NAMES_MAX) {
        fprintf(stderr, "namegen: %s is no code of %zu letters, or there are too many\n", code, n);
        exit(1);
    }
    struct name *row = &t->rows[t->n++];
    memcpy(row->code, code, n + 1);
    return row;
}

static void add_country(struct table *t, const char *code)
{
    char locale[8];
    struct name *row = push(t, code, 2);
    snprintf(locale, sizeof locale, "_%s", code);
    for (int l = 0; l < LANGS; l++) {
        UErrorCode e = U_ZERO_ERROR;
        uloc_getDisplayCountry(locale, langs[l], row->in[l], NAME_MAX_UNITS, &e);
        must(e, code);
    }
}

static void countries(struct table *t)
{
    for (const char *const *c = uloc_getISOCountries(); *c; c++)
        add_country(t, *c);
    add_country(t, "XK"); /* Kosovo has no code of its own in the standard; this is the one in use */
}

static void currencies(struct table *t)
{
    UErrorCode e = U_ZERO_ERROR;
    UEnumeration *all = ucurr_openISOCurrencies(UCURR_COMMON | UCURR_NON_DEPRECATED, &e);
    for (const char *code; must(e, "currencies"), (code = uenum_next(all, NULL, &e)) != NULL;) {
        UChar iso[4];
        struct name *row = push(t, code, 3);
        u_charsToUChars(code, iso, 4);
        for (int l = 0; l < LANGS; l++) {
            int32_t n;
            e = U_ZERO_ERROR;
            const UChar *name = ucurr_getName(iso, langs[l], UCURR_LONG_NAME, NULL, &n, &e);
            must(e, code);
            u_strncpy(row->in[l], name, n < NAME_MAX_UNITS ? n : NAME_MAX_UNITS - 1);
        }
        e = U_ZERO_ERROR;
    }
    uenum_close(all);
}

static void sort(struct table *t)
{
    qsort(t->rows, (size_t)t->n, sizeof *t->rows, by_code);
    for (int l = 0; l < LANGS; l++) {
        UErrorCode e = U_ZERO_ERROR;
        UCollator *c = ucol_open(langs[l], &e);
        must(e, langs[l]);
        for (int i = 0; i < t->n; i++) { /* insertion: there are few, and qsort takes no collator */
            int k = i;
            for (; k && ucol_strcoll(c, t->rows[t->order[l][k - 1]].in[l], -1, t->rows[i].in[l], -1) == UCOL_GREATER;
                 k--)
                t->order[l][k] = t->order[l][k - 1];
            t->order[l][k] = i;
        }
        ucol_close(c);
    }
}

static void put(FILE *out, const char *name, const struct table *t)
{
    fprintf(out, "static const struct i18n_name %s_rows[] = {\n", name);
    for (int i = 0; i < t->n; i++) {
        fprintf(out, "    {\"%s\", {", t->rows[i].code);
        for (int l = 0; l < LANGS; l++) {
            char utf8[4 * NAME_MAX_UNITS];
            UErrorCode e = U_ZERO_ERROR;
            u_strToUTF8(utf8, sizeof utf8, NULL, t->rows[i].in[l], -1, &e);
            must(e, t->rows[i].code);
            fprintf(out, "%s\"%s\"", l ? ", " : "", utf8);
        }
        fprintf(out, "}},\n");
    }
    fprintf(out, "};\n");
    for (int l = 0; l < LANGS; l++) {
        fprintf(out, "static const unsigned short %s_%s[] = {", name, langs[l]);
        for (int i = 0; i < t->n; i++)
            fprintf(out, "%s%d", i ? ", " : "", t->order[l][i]);
        fprintf(out, "};\n");
    }
    fprintf(out, "const struct i18n_names i18n_%s = {%s_rows, %d, {", name, name, t->n);
    for (int l = 0; l < LANGS; l++)
        fprintf(out, "%s%s_%s", l ? ", " : "", name, langs[l]);
    fprintf(out, "}};\n\n");
}

int main(int argc, char **argv)
{
    FILE *out = argc == 2 ? fopen(argv[1], "w") : NULL;
    struct table *t = calloc(2, sizeof *t);
    if (!out || !t) {
        fprintf(stderr, "namegen OUT.c\n");
        return 1;
    }
    countries(&t[0]);
    currencies(&t[1]);
    fprintf(out, "/* made by namegen */\n#include \"i18n/i18n.h\"\n\n");
    sort(&t[0]);
    put(out, "countries", &t[0]);
    sort(&t[1]);
    put(out, "currencies", &t[1]);
    free(t);
    return fclose(out) != 0;
}
