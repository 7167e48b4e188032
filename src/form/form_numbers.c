/* Numbers that carry their own check digits. */
#include "form_eval.h"

/* The digits of s without blanks, points and hyphens; false when something else stands in it or there are more. */
static bool digits_of(struct str s, char *ret, size_t max, size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ' ' || s.p[i] == '.' || s.p[i] == '-')
            continue;
        if (s.p[i] < '0' || s.p[i] > '9' || n == max)
            return false;
        ret[n++] = s.p[i];
    }
    *ret_n = n;
    return true;
}

static bool modulo_11(const char *digits, const int *weights, size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (digits[i] - '0') * weights[i];
    return sum % 11 == 0;
}

/* CVR: 8 digits (Erhvervsstyrelsen); organisasjonsnummer: 9 (forskrift om Enhetsregisteret § 1). */
bool form_orgno_read(struct arena *a, struct str s, struct str *ret)
{
    static const int cvr[] = {2, 7, 6, 5, 4, 3, 2, 1}, orgnr[] = {3, 2, 7, 6, 5, 4, 3, 2, 1};
    char d[9];
    size_t n;
    if (!digits_of(s, d, sizeof d, &n) || n < 8 || d[0] == '0' || !modulo_11(d, n == 8 ? cvr : orgnr, n))
        return false;
    *ret = str_dup(a, str_make(d, n));
    return true;
}

/* Norwegian kontonummer: 11 digits, modulus 11 (Bits, "Kontonummer"). Danish: 4 digits of the bank and 1 to 10 of the
   account, which is filled with zeros; it has no check digit that all banks use. */
bool form_account_read(struct arena *a, struct str country, struct str s, struct str *ret)
{
    static const int weights[] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1};
    char d[14];
    size_t n;
    if (!digits_of(s, d, sizeof d, &n))
        return false;
    if (str_eq_z(country, "no")) {
        if (n != 11 || !modulo_11(d, weights, n))
            return false;
        *ret = str_dup(a, str_make(d, n));
        return true;
    }
    if (n < 5 || (d[0] == '0' && d[1] == '0' && d[2] == '0' && d[3] == '0'))
        return false;
    *ret = str_fmt(a, "%.4s%.*s%.*s", d, (int)(14 - n), "0000000000", (int)(n - 4), d + 4);
    return true;
}

/* How long an IBAN of each country is (SWIFT, IBAN Registry). */
static const struct {
    char country[3];
    unsigned char length;
} iban_lengths[] = {
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22}, {"BH", 22},
    {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24}, {"DE", 22}, {"DJ", 27},
    {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18}, {"FK", 18}, {"FO", 18}, {"FR", 27},
    {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27}, {"GT", 28}, {"HN", 28}, {"HR", 21}, {"HU", 28},
    {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27}, {"JO", 30}, {"KW", 30}, {"KZ", 20}, {"LB", 28},
    {"LC", 32}, {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22},
    {"MK", 19}, {"MN", 20}, {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23},
    {"PK", 24}, {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"RU", 33}, {"SA", 24},
    {"SC", 31}, {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"SO", 23}, {"ST", 25}, {"SV", 28},
    {"TL", 23}, {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20}, {"YE", 30}};

static size_t iban_length(const char *country)
{
    for (size_t i = 0; i < sizeof iban_lengths / sizeof *iban_lengths; i++)
        if (iban_lengths[i].country[0] == country[0] && iban_lengths[i].country[1] == country[1])
            return iban_lengths[i].length;
    return 0;
}

/* ISO 13616-1: the first four characters last, letters as 10 … 35, and the whole modulo 97 is 1. */
bool form_iban_read(struct arena *a, struct str s, struct str *ret)
{
    char c[34];
    size_t n = 0;
    int rest = 0;
    for (size_t i = 0; i < s.n; i++) {
        char x = s.p[i] >= 'a' && s.p[i] <= 'z' ? (char)(s.p[i] - 32) : s.p[i];
        if (x == ' ' || x == '-')
            continue;
        if (n == sizeof c || !((x >= '0' && x <= '9') || (x >= 'A' && x <= 'Z')))
            return false;
        c[n++] = x;
    }
    if (n < 5 || n != iban_length(c))
        return false;
    for (size_t i = 0; i < n; i++) {
        char x = c[(i + 4) % n];
        rest = x <= '9' ? rest * 10 + x - '0' : rest * 100 + x - 'A' + 10;
        rest %= 97;
    }
    if (rest != 1)
        return false;
    *ret = str_dup(a, str_make(c, n));
    return true;
}

/* Where a blank goes before the i-th character. */
static bool parted(enum form_kind kind, size_t n, size_t i)
{
    if (kind == FORM_IBAN)
        return i % 4 == 0;
    if (kind == FORM_ORGNO)
        return n == 9 ? i % 3 == 0 : i % 2 == 0;
    return i == 4 || (n == 11 && i == 6);
}

struct str form_number_words(struct arena *a, enum form_kind kind, struct str plain)
{
    struct buf b = buf_make(a);
    for (size_t i = 0; i < plain.n; i++) {
        if (i && parted(kind, plain.n, i))
            buf_add_z(&b, "\xC2\xA0"); /* no line break inside it */
        buf_add_char(&b, plain.p[i]);
    }
    return buf_str(&b);
}
