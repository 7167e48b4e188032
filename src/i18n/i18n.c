#include "i18n.h"

#include <stdlib.h>
#include <string.h>

static const char *const codes[LANG_COUNT] = {"da", "nb", "en", "nn"};

struct str i18n_text(enum lang lang, enum text key)
{
    return texts[lang][key][1];
}

static int by_name(const void *name, const void *row)
{
    return strcmp(name, *(const char *const *)row);
}

bool i18n_find(struct str name, enum text *ret_key)
{
    char z[128];
    if (name.n >= sizeof z)
        return false;
    memcpy(z, name.p, name.n);
    z[name.n] = 0;
    const char *const *row = bsearch(z, text_keys, T_COUNT, sizeof *text_keys, by_name);
    if (row)
        *ret_key = (enum text)(row - text_keys);
    return row != NULL;
}

const char *i18n_code(enum lang lang)
{
    return codes[lang];
}

bool i18n_lang(struct str code, enum lang *ret_lang)
{
    for (int i = 0; i < LANG_COUNT; i++)
        if (str_eq_z(code, codes[i])) {
            *ret_lang = (enum lang)i;
            return true;
        }
    return false;
}

struct i18n_arg i18n_arg_str(const char *name, struct str s)
{
    return (struct i18n_arg){.name = name, .s = s};
}

struct i18n_arg i18n_arg_z(const char *name, const char *z)
{
    return (struct i18n_arg){.name = name, .s = str_of(z)};
}

struct i18n_arg i18n_arg_i64(const char *name, int64_t v)
{
    return (struct i18n_arg){.name = name, .is_number = true, .number = v};
}

struct i18n_arg i18n_arg_size(const char *name, size_t v)
{
    return i18n_arg_i64(name, (int64_t)v);
}

static void add_value(struct cx *cx, struct buf *b, struct str name, const struct i18n_arg *args, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_z(name, args[i].name)) {
            buf_add(b, args[i].is_number ? i18n_number(cx, args[i].number) : args[i].s);
            return;
        }
    buf_fmt(b, "{%" PRI_STR "}", STR_ARG(name));
}

struct str i18n_format(struct cx *cx, enum text key, const struct i18n_arg *args, size_t n)
{
    int form = 1;
    for (size_t i = 0; i < n; i++)
        if (args[i].is_number && strcmp(args[i].name, "n") == 0)
            form = args[i].number == 1 ? 0 : 1; /* so in Danish, both Norwegians and English */
    struct str text = texts[cx->lang][key][form];
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < text.n;) {
        size_t open = str_find_char(text, '{', i);
        buf_add(&b, str_slice(text, i, open));
        if (open >= text.n)
            break;
        size_t close = str_find_char(text, '}', open);
        add_value(cx, &b, str_slice(text, open + 1, close), args, n);
        i = close + 1;
    }
    return buf_str(&b);
}

static const char *const months[LANG_COUNT][12] = {
    {"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
     "december"},
    {"januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november",
     "desember"},
    {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
     "December"},
    {"januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november",
     "desember"},
};
static const char *const weekdays[LANG_COUNT][7] = {
    {"mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"},
    {"mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"},
    {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
    {"måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "søndag"},
};

struct str i18n_day(struct cx *cx, day_t day)
{
    int y, m, d;
    civil_from_day(day, &y, &m, &d);
    struct buf b = buf_make(cx->arena);
    buf_add_i64(&b, d);
    buf_add_z(&b, cx->lang == LANG_EN ? " " : ". ");
    buf_add_z(&b, months[cx->lang][m - 1]);
    buf_add_char(&b, ' ');
    buf_add_i64(&b, y);
    return buf_str(&b);
}

struct str i18n_day_short(struct cx *cx, day_t day)
{
    int y, m, d;
    civil_from_day(day, &y, &m, &d);
    struct buf b = buf_make(cx->arena); /* by hand: a list shows a hundred of them */
    char sign = cx->lang == LANG_EN ? '/' : '.';
    buf_add_padded(&b, (unsigned)d, 2);
    buf_add_char(&b, sign);
    buf_add_padded(&b, (unsigned)m, 2);
    buf_add_char(&b, sign);
    buf_add_i64(&b, y);
    return buf_str(&b);
}

struct str i18n_weekday(struct cx *cx, day_t day)
{
    return str_of(weekdays[cx->lang][civil_weekday(day) - 1]);
}

struct str i18n_month(struct cx *cx, int month)
{
    return str_of(months[cx->lang][month - 1]);
}

struct str i18n_month_short(struct cx *cx, int month)
{
    return str_slice(i18n_month(cx, month), 0, 3);
}

struct str i18n_date(struct cx *cx, int64_t us)
{
    return i18n_day(cx, civil_day_of_us(us));
}

struct str i18n_time(struct cx *cx, int64_t us)
{
    struct civil c = civil_from_us(us);
    return str_fmt(cx->arena, cx->lang == LANG_EN ? "%02d:%02d" : "%02d.%02d", c.hour, c.minute);
}

struct str i18n_datetime(struct cx *cx, int64_t us)
{
    struct str day = i18n_date(cx, us), time = i18n_time(cx, us);
    return str_fmt(cx->arena, "%" PRI_STR " %s %" PRI_STR, STR_ARG(day), cx->lang == LANG_EN ? "at" : "kl.",
                   STR_ARG(time));
}

static const char *const group_signs[LANG_COUNT] = {".", "\u00a0", ",", "\u00a0"};
static const char *const decimal_signs[LANG_COUNT] = {",", ",", ".", ","};

/* Digits in threes. */
static void add_grouped(struct buf *b, enum lang lang, uint64_t v)
{
    if (v >= 1000) {
        add_grouped(b, lang, v / 1000);
        buf_add_z(b, group_signs[lang]);
        buf_add_padded(b, (unsigned)(v % 1000), 3);
    } else {
        buf_add_i64(b, (int64_t)v);
    }
}

static uint64_t magnitude(int64_t v)
{
    return v < 0 ? (uint64_t)0 - (uint64_t)v : (uint64_t)v;
}

struct str i18n_number(struct cx *cx, int64_t v)
{
    struct buf b = buf_make(cx->arena);
    if (v < 0)
        buf_add_z(&b, "\u2212");
    add_grouped(&b, cx->lang, magnitude(v));
    return buf_str(&b);
}

struct str i18n_money(struct cx *cx, int64_t oere)
{
    static const char *const before[LANG_COUNT] = {"", "", "kr.\u00a0", ""};
    static const char *const after[LANG_COUNT] = {"\u00a0kr.", "\u00a0kr", "", "\u00a0kr"};
    struct buf b = buf_make(cx->arena);
    if (oere < 0)
        buf_add_z(&b, "\u2212");
    buf_add_z(&b, before[cx->lang]);
    add_grouped(&b, cx->lang, magnitude(oere) / 100);
    buf_fmt(&b, "%s%02d%s", decimal_signs[cx->lang], (int)(magnitude(oere) % 100), after[cx->lang]);
    return buf_str(&b);
}

struct str i18n_size(struct cx *cx, int64_t bytes)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB"};
    if (bytes < 1000)
        return str_fmt(cx->arena, "%d\u00a0bytes", (int)bytes);
    size_t u = 0;
    int64_t tenths = (bytes + 50) / 100; /* of a kB */
    for (; tenths >= 10000 && u < 3; u++)
        tenths = (tenths + 500) / 1000;
    if (tenths >= 100 || tenths % 10 == 0)
        return str_fmt(cx->arena, "%d\u00a0%s", (int)((tenths + (tenths >= 100 ? 5 : 0)) / 10), units[u]);
    return str_fmt(cx->arena, "%d%s%d\u00a0%s", (int)(tenths / 10), decimal_signs[cx->lang], (int)(tenths % 10),
                   units[u]);
}

struct str i18n_list(struct cx *cx, const struct str *items, size_t n)
{
    static const char *const and[LANG_COUNT] = {" og ", " og ", " and ", " og "};
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_add_z(&b, i + 1 == n ? and[cx->lang] : ", ");
        buf_add(&b, items[i]);
    }
    return buf_str(&b);
}

static struct str name_of(const struct i18n_names *names, enum lang lang, struct str code)
{
    size_t from = 0, to = names->n;
    while (from < to) {
        size_t middle = (from + to) / 2;
        int c = str_cmp(str_of(names->rows[middle].code), code);
        if (!c)
            return str_of(names->rows[middle].in[lang]);
        if (c < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return (struct str){0};
}

struct str i18n_country(enum lang lang, struct str code)
{
    return name_of(&i18n_countries, lang, code);
}

struct str i18n_currency(enum lang lang, struct str code)
{
    return name_of(&i18n_currencies, lang, code);
}
