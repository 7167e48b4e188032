/* Identity numbers of Denmark and Norway: form, birth date, check digits. */
#include "party_internal.h"

/* Digits only; false when anything but digits, one hyphen or blanks stands in it, or the count is wrong. */
static bool digits_of(struct str s, size_t want, char *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ' ' || s.p[i] == '-')
            continue;
        if (s.p[i] < '0' || s.p[i] > '9' || n == want)
            return false;
        ret[n++] = s.p[i];
    }
    return n == want;
}

static int two(const char *d)
{
    return (d[0] - '0') * 10 + d[1] - '0';
}

/* The century is told by the seventh digit (CPR-kontoret, "Personnummeret i CPR"). */
static bool danish(const char *d, day_t *ret_born)
{
    int day = two(d), month = two(d + 2), yy = two(d + 4), seventh = d[6] - '0';
    if (day > 60)
        day -= 60; /* fictional people */
    int year = 1900 + yy;
    if (seventh == 4 || seventh == 9)
        year = yy <= 36 ? 2000 + yy : 1900 + yy;
    else if (seventh >= 5)
        year = yy <= 57 ? 2000 + yy : 1800 + yy;
    if (!civil_valid(year, month, day))
        return false;
    *ret_born = civil_to_day(year, month, day);
    return true;
}

static bool norwegian_checks(const char *d)
{
    static const int w1[] = {3, 7, 6, 1, 8, 9, 4, 5, 2, 1}, w2[] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1};
    int a = 0, b = 0;
    for (int i = 0; i < 10; i++)
        a += w1[i] * (d[i] - '0');
    for (int i = 0; i < 11; i++)
        b += w2[i] * (d[i] - '0');
    return a % 11 == 0 && b % 11 == 0;
}

/* Century by the individual number (forskrift om folkeregistrering § 2-2-1); D-numbers have day + 40. */
static bool norwegian(const char *d, day_t *ret_born)
{
    int day = two(d), month = two(d + 2), yy = two(d + 4), individual = (d[6] - '0') * 100 + two(d + 7);
    if (!norwegian_checks(d))
        return false;
    if (day > 40)
        day -= 40;
    if (month > 80)
        month -= 80; /* fictional people: Skatteetaten; + 65 of Norsk helsenett, + 40 of Nav */
    else if (month > 65)
        month -= 65;
    else if (month > 40)
        month -= 40;
    int year = 1900 + yy;
    if (individual >= 500 && yy < 40)
        year = 2000 + yy;
    else if (individual >= 500 && individual < 750 && yy >= 54)
        year = 1800 + yy;
    else if (individual >= 500 && individual < 900)
        return false;
    if (!civil_valid(year, month, day))
        return false;
    *ret_born = civil_to_day(year, month, day);
    return true;
}

bool party_idno_parse(struct cx *cx, struct str country, struct str idno, struct str *ret_plain, day_t *ret_born)
{
    char d[11];
    bool dk = str_eq_z(country, "dk");
    size_t want = dk ? 10 : 11;
    if (!digits_of(idno, want, d) || !(dk ? danish(d, ret_born) : norwegian(d, ret_born)))
        return false;
    *ret_plain = str_dup(cx->arena, str_make(d, want));
    return true;
}
