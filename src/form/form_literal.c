#include "form_tree.h"

#include <stdlib.h>
#include <string.h>

/* Digits with at most `scale` decimals after the first comma or point, as an integer of 1/10^scale. */
static bool read_scaled(struct str s, int scale, int64_t *ret)
{
    s = str_trim(s);
    bool negative = s.n && s.p[0] == '-';
    if (negative)
        s = str_slice(s, 1, s.n);
    else if (s.n > 2 && (unsigned char)s.p[0] == 0xE2 && (unsigned char)s.p[1] == 0x88 && (unsigned char)s.p[2] == 0x92)
        negative = true, s = str_slice(s, 3, s.n); /* U+2212, which some keyboards give */
    int64_t v = 0;
    int decimals = -1, digits = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == ' ')
            continue;
        if ((c == ',' || c == '.') && decimals < 0 && digits) {
            decimals = 0;
            continue;
        }
        if (c < '0' || c > '9' || v > INT64_C(90000000000000))
            return false;
        if (decimals >= 0 && ++decimals > scale)
            return false;
        digits++;
        v = v * 10 + (c - '0');
    }
    if (!digits || decimals == 0)
        return false;
    for (int i = decimals < 0 ? 0 : decimals; i < scale; i++)
        v *= 10;
    *ret = negative ? -v : v;
    return true;
}

bool form_read_number(struct str s, int decimals, int64_t *ret)
{
    int64_t v;
    if (!read_scaled(s, decimals, &v))
        return false;
    for (int i = decimals; i < 4; i++)
        v *= 10;
    *ret = v;
    return true;
}

/* "1.234" is a thousand and more in Danish and Norwegian: a point followed by three digits parts thousands. */
bool form_read_money(struct str s, int64_t *ret_oere)
{
    char plain[32];
    size_t n = 0;
    s = str_trim(s);
    if (str_ends(s, S("kr.")))
        s = str_trim(str_slice(s, 0, s.n - 3));
    else if (str_ends(s, S("kr")))
        s = str_trim(str_slice(s, 0, s.n - 2));
    for (size_t i = 0; i < s.n; i++) {
        bool thousands = s.p[i] == '.' && s.n - i >= 4 && s.p[i + 1] >= '0' && s.p[i + 2] >= '0' && s.p[i + 3] >= '0' &&
                         (s.n - i == 4 || s.p[i + 4] < '0');
        if (thousands)
            continue;
        if (n == sizeof plain)
            return false;
        plain[n++] = s.p[i];
    }
    return read_scaled(str_make(plain, n), 2, ret_oere);
}

bool form_read_shift(struct str rest, struct form_when *ret)
{
    struct form_when w = {0};
    if (!rest.n)
        return false;
    while (rest.n) {
        size_t i = 1;
        while (i < rest.n && rest.p[i] >= '0' && rest.p[i] <= '9')
            i++;
        int64_t n;
        if ((rest.p[0] != '+' && rest.p[0] != '-') || i == rest.n || !str_to_i64(str_slice(rest, 1, i), &n) ||
            n > 40000)
            return false;
        int signed_n = rest.p[0] == '-' ? -(int)n : (int)n;
        if (rest.p[i] == 'y')
            w.years += signed_n;
        else if (rest.p[i] == 'm')
            w.months += signed_n;
        else if (rest.p[i] == 'd')
            w.days += signed_n;
        else
            return false;
        rest = str_slice(rest, i + 1, rest.n);
        if (abs(w.years) > 300 || abs(w.months) > 4000 || abs(w.days) > 200000)
            return false;
    }
    *ret = w;
    return true;
}

bool form_read_when(struct str s, struct form_when *ret)
{
    struct form_when w = {0};
    if (str_starts(s, S("today"))) {
        if (s.n > 5 && !form_read_shift(str_slice(s, 5, s.n), &w))
            return false;
        w.today = true;
        *ret = w;
        return true;
    }
    char first[10];
    if (s.n == 7) { /* a month is its first day */
        memcpy(first, s.p, 7);
        memcpy(first + 7, "-01", 3);
        s = str_make(first, sizeof first);
    }
    if (!civil_parse_day(s, &w.day))
        return false;
    *ret = w;
    return true;
}

day_t form_shift_day(day_t from, const struct form_when *w)
{
    int year, month, day;
    civil_from_day(from, &year, &month, &day);
    int months = year * 12 + month - 1 + w->years * 12 + w->months;
    year = months / 12;
    month = months % 12 + 1;
    year = year < 1900 ? 1900 : year > 9998 ? 9998 : year;
    while (day > 28 && !civil_valid(year, month, day)) /* 31 January and a month: the last day of February */
        day--;
    return civil_to_day(year, month, day) + w->days;
}

day_t form_when_day(const struct form_when *w, day_t today)
{
    return w->today ? form_shift_day(today, w) : w->day;
}

day_t form_month_day(day_t day)
{
    int year, month, dom;
    civil_from_day(day, &year, &month, &dom);
    return civil_to_day(year, month, 1);
}

struct str form_write_number(struct arena *a, int64_t v)
{
    uint64_t u = v < 0 ? (uint64_t)-v : (uint64_t)v;
    unsigned fraction = (unsigned)(u % (uint64_t)FORM_NUMBER_ONE);
    const char *sign = v < 0 ? "-" : "";
    unsigned long long whole = u / (uint64_t)FORM_NUMBER_ONE;
    if (!fraction)
        return str_fmt(a, "%s%llu", sign, whole);
    struct str s = str_fmt(a, "%s%llu.%04u", sign, whole, fraction);
    while (s.p[s.n - 1] == '0')
        s.n--;
    return s;
}
