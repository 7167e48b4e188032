#include "str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"

struct str str_of(const char *z)
{
    return z ? (struct str){z, strlen(z)} : (struct str){"", 0};
}

bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_eq_z(struct str a, const char *z)
{
    return str_eq(a, str_of(z));
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_ieq(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq(str_slice(s, 0, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && str_eq(str_slice(s, s.n - suffix.n, s.n), suffix);
}

size_t str_find_char(struct str s, char c, size_t from)
{
    if (from >= s.n)
        return s.n;
    const char *hit = memchr(s.p + from, c, s.n - from);
    return hit ? (size_t)(hit - s.p) : s.n;
}

size_t str_find(struct str s, struct str needle, size_t from)
{
    if (from >= s.n || needle.n > s.n - from)
        return s.n;
    const char *hit = memmem(s.p + from, s.n - from, needle.p, needle.n);
    return hit ? (size_t)(hit - s.p) : s.n;
}

struct str str_slice(struct str s, size_t from, size_t to)
{
    if (to > s.n)
        to = s.n;
    if (from > to)
        from = to;
    return (struct str){s.p ? s.p + from : NULL, to - from};
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
    while (s.n && blank(s.p[0]))
        s.p++, s.n--;
    while (s.n && blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool str_cut(struct str *rest, char sep, struct str *ret_piece)
{
    if (!rest->p)
        return false;
    size_t at = str_find_char(*rest, sep, 0);
    *ret_piece = str_slice(*rest, 0, at);
    *rest = at < rest->n ? str_slice(*rest, at + 1, rest->n) : (struct str){NULL, 0};
    return true;
}

bool str_to_i64(struct str s, int64_t *ret_value)
{
    bool negative = s.n && s.p[0] == '-';
    size_t i = negative ? 1 : 0;
    if (i == s.n || s.n > 20)
        return false;
    int64_t v = 0;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        int digit = s.p[i] - '0';
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, negative ? -digit : digit, &v))
            return false;
    }
    *ret_value = v;
    return true;
}

char *str_z(struct arena *a, struct str s)
{
    char *z = arena_alloc_raw(a, s.n + 1);
    if (s.n)
        memcpy(z, s.p, s.n);
    z[s.n] = 0;
    return z;
}

struct str str_dup(struct arena *a, struct str s)
{
    return (struct str){str_z(a, s), s.n};
}

struct str str_fmt(struct arena *a, const char *fmt, ...)
{
    enum { MOST_FIT = 128 }; /* what does not is printed twice */
    char first[MOST_FIT];
    va_list ap;
    va_start(ap, fmt);
    size_t n = (size_t)vsnprintf(first, sizeof first, fmt, ap);
    va_end(ap);
    char *p = arena_alloc_raw(a, n + 1);
    if (n < sizeof first) {
        memcpy(p, first, n + 1);
    } else {
        va_start(ap, fmt);
        vsnprintf(p, n + 1, fmt, ap);
        va_end(ap);
    }
    return (struct str){p, n};
}

struct str str_cat_all(struct arena *a, const struct str *texts, size_t n)
{
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += texts[i].n;
    char *all = arena_alloc_raw(a, bytes + 1), *to = all;
    for (size_t i = 0; i < n; i++) {
        if (texts[i].n)
            memcpy(to, texts[i].p, texts[i].n);
        to += texts[i].n;
    }
    *to = 0;
    return (struct str){all, bytes};
}

struct str str_lower_ascii(struct arena *a, struct str s)
{
    char *p = str_z(a, s);
    for (size_t i = 0; i < s.n; i++)
        p[i] = lower(p[i]);
    return (struct str){p, s.n};
}

struct str str_hex(struct arena *a, const void *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *b = bytes;
    char *p = arena_alloc(a, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        p[2 * i] = digits[b[i] >> 4];
        p[2 * i + 1] = digits[b[i] & 15];
    }
    return (struct str){p, 2 * n};
}

static int hex_digit(char c)
{
    static const signed char above[256] = {
        ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
        ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
        ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16}; /* by one */
    return above[(unsigned char)c] - 1;
}

bool str_unhex(struct str s, unsigned char *ret_bytes)
{
    if (s.n % 2)
        return false;
    for (size_t i = 0; i < s.n; i += 2) {
        int hi = hex_digit(s.p[i]), lo = hex_digit(s.p[i + 1]);
        if (hi < 0 || lo < 0)
            return false;
        ret_bytes[i / 2] = (unsigned char)(hi << 4 | lo);
    }
    return true;
}
