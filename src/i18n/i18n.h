/* UI texts from the .po files, and dates, numbers, money and lists as each language writes them.
   Texts: src/<room>/text/{da,nb,en}.po; tools/pogen makes enum text (T_<key>) and refuses a text that one language
   lacks. */
#pragma once
#include "base/base.h"
#include "texts.h"

/* The text of a key; for a plural key the form for many. */
struct str i18n_text(enum lang lang, enum text key);
/* The key of that name ("err_not_found"); false when there is none. */
bool i18n_find(struct str name, enum text *ret_key);
const char *i18n_code(enum lang lang); /* "da", "nb", "nn", "en": the value of the lang attribute */
bool i18n_lang(struct str code, enum lang *ret_lang);

/* A named value for a {placeholder}. A number is written as the language groups it; the one called n chooses the
 * plural. */
struct i18n_arg {
    const char *name;
    bool is_number;
    int64_t number;
    struct str s;
};
/* i18n_fmt(cx, T_hello, ARG("name", name), ARG("n", count)): in cx->lang, result in cx->arena. A value is text: nothing
   in it is read as a placeholder. */
#define i18n_fmt(cx, key, ...) \
    i18n_format((cx), (key), (const struct i18n_arg[]){__VA_ARGS__}, \
                sizeof((const struct i18n_arg[]){__VA_ARGS__}) / sizeof(struct i18n_arg))
struct str i18n_format(struct cx *cx, enum text key, const struct i18n_arg *args, size_t n);

#define ARG(name, x) \
    _Generic((x), struct str: i18n_arg_str, char *: i18n_arg_z, const char *: i18n_arg_z, unsigned long: i18n_arg_size, \
             default: i18n_arg_i64)((name), (x))
struct i18n_arg i18n_arg_str(const char *name, struct str s);
struct i18n_arg i18n_arg_z(const char *name, const char *z);
struct i18n_arg i18n_arg_i64(const char *name, int64_t v);
struct i18n_arg i18n_arg_size(const char *name, size_t v);

/* All in cx->lang, result in cx->arena. Times are local civil time. */
struct str i18n_day(struct cx *cx, day_t day);         /* "23. november 2026", en "23 November 2026" */
struct str i18n_day_short(struct cx *cx, day_t day);   /* "23.11.2026", en "23/11/2026": tables */
struct str i18n_weekday(struct cx *cx, day_t day);     /* "mandag" */
struct str i18n_month(struct cx *cx, int month);       /* 1 … 12: "november" */
struct str i18n_month_short(struct cx *cx, int month); /* "nov" */
struct str i18n_date(struct cx *cx, int64_t us);       /* the day of that moment */
struct str i18n_time(struct cx *cx, int64_t us);       /* "14.05", en "14:05" */
struct str i18n_datetime(struct cx *cx, int64_t us); /* "23. november 2026 kl. 14.05", en "23 November 2026 at 14:05" */
struct str i18n_number(struct cx *cx, int64_t v);    /* "1.234", nb "1 234" (no-break space), en "1,234" */
struct str i18n_money(struct cx *cx, int64_t oere);  /* "1.234,50 kr.", nb "1 234,50 kr", en "kr. 1,234.50" */
struct str i18n_size(struct cx *cx, int64_t bytes);  /* "340 kB", "1,2 MB" (1 kB = 1000 bytes) */
struct str i18n_list(struct cx *cx, const struct str *items, size_t n); /* "a, b og c" */

/* ---- names of countries and currencies (tools/namegen.c: the Unicode Common Locale Data Repository) ---- */

struct i18n_name {
    const char *code;           /* "NO", "NOK" */
    const char *in[LANG_COUNT]; /* "Norge" … */
};
struct i18n_names {
    const struct i18n_name *rows; /* by code */
    size_t n;
    const unsigned short *order[LANG_COUNT]; /* places in rows, alphabetically in each language */
};
extern const struct i18n_names i18n_countries;  /* ISO 3166-1 alpha-2, and XK */
extern const struct i18n_names i18n_currencies; /* ISO 4217, those in use */
/* The name of a code in capitals; empty when there is none. */
struct str i18n_country(enum lang lang, struct str code);
struct str i18n_currency(enum lang lang, struct str code);
