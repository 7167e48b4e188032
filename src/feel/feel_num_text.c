#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feel/feel_num_wide.h"

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits_end(struct str s, size_t i)
{
    while (i < s.n && is_digit(s.p[i]))
        i++;
    return i;
}

size_t feel_num_scan(struct str text)
{
    size_t i = digits_end(text, 0);
    if (i + 1 < text.n && text.p[i] == '.' && is_digit(text.p[i + 1]))
        i = digits_end(text, i + 1);
    if (i == 0 || i + 1 >= text.n || (text.p[i] | 0x20) != 'e')
        return i;
    size_t exponent = i + 1 + (text.p[i + 1] == '+' || text.p[i + 1] == '-');
    size_t end = digits_end(text, exponent);
    return end > exponent ? end : i;
}

/* Digits as they come: the first 34 that count, then what rounding must know of the rest. */
struct reader {
    struct feel_parts p;
    int digits; /* in the coefficient, leading zeros not counted */
    int next;   /* the first digit that found no room; -1: none did */
    bool sticky;
};

static void read_digit(struct reader *r, char c, bool decimal)
{
    int d = c - '0';
    if (r->digits < FEEL_NUM_DIGITS) {
        r->p.coefficient = r->p.coefficient * 10 + (unsigned)d;
        r->digits += r->digits > 0 || d > 0;
        r->p.exp -= decimal;
        return;
    }
    if (r->next < 0)
        r->next = d;
    else
        r->sticky |= d > 0;
    r->p.exp += !decimal;
}

static int read_exponent(struct str s)
{
    bool negative = s.n && s.p[0] == '-';
    int v = 0;
    for (size_t i = s.n && !is_digit(s.p[0]); i < s.n; i++)
        if (v < 1000000)
            v = v * 10 + (s.p[i] - '0');
    return negative ? -v : v;
}

enum feel_num_err feel_num_parse(struct str text, struct feel_num *ret_number)
{
    struct reader r = {.next = -1};
    if (text.n > INT32_MAX / 4)
        return FEEL_NUM_INVALID;
    if (text.n && text.p[0] == '-') {
        r.p.negative = true;
        text = str_slice(text, 1, text.n);
    }
    if (text.n == 0 || feel_num_scan(text) != text.n)
        return FEEL_NUM_INVALID;
    bool decimal = false;
    size_t i = 0;
    for (; i < text.n && (text.p[i] | 0x20) != 'e'; i++) {
        if (text.p[i] == '.')
            decimal = true;
        else
            read_digit(&r, text.p[i], decimal);
    }
    if (r.next >= 0) {
        r.p.coefficient = r.p.coefficient * 10 + (unsigned)r.next;
        r.p.coefficient = feel_wide_cut(r.p, 1, r.sticky, FEEL_NUM_HALF_EVEN);
        if (r.p.coefficient == feel_wide_pow10(FEEL_NUM_DIGITS)) {
            r.p.coefficient /= 10;
            r.p.exp++;
        }
    }
    if (i < text.n)
        r.p.exp += read_exponent(str_slice(text, i + 1, text.n));
    return feel_wide_close(r.p, ret_number);
}

/* The digits of v at the end of `to`; returns the first of them. */
static char *put_digits(u128 v, char *end)
{
    do {
        *--end = (char)('0' + (int)(v % 10));
        v /= 10;
    } while (v);
    return end;
}

static char *put_digits_64(uint64_t v, char *end)
{
    do {
        *--end = (char)('0' + (int)(v % 10));
        v /= 10;
    } while (v);
    return end;
}

static void put_zeros(struct buf *b, int n)
{
    if (n > 0)
        memset(buf_reserve(b, (size_t)n), '0', (size_t)n), b->n += (size_t)n;
}

void feel_num_write(struct feel_num a, struct buf *b)
{
    char digits[40], *end = digits + sizeof digits;
    struct feel_parts p = feel_wide_open(a);
    char *first =
        p.coefficient <= UINT64_MAX ? put_digits_64((uint64_t)p.coefficient, end) : put_digits(p.coefficient, end);
    int n = (int)(end - first);
    if (p.negative)
        buf_add_char(b, '-');
    if (p.exp >= 0) {
        buf_add(b, str_make(first, (size_t)n));
        put_zeros(b, p.exp);
        return;
    }
    int before = n + p.exp; /* digits before the point */
    if (before > 0)
        buf_add(b, str_make(first, (size_t)before));
    else
        buf_add_char(b, '0');
    buf_add_char(b, '.');
    put_zeros(b, -before);
    int from = before > 0 ? before : 0;
    buf_add(b, str_make(first + from, (size_t)(n - from)));
}

struct str feel_num_text(struct feel_num a, struct arena *arena)
{
    struct buf b = buf_make(arena);
    feel_num_write(a, &b);
    return buf_str(&b);
}

enum feel_num_err feel_num_from_double(double value, struct feel_num *ret_number)
{
    if (!isfinite(value))
        return FEEL_NUM_INVALID;
    if (value == rint(value) && fabs(value) <= 0x1p53) {
        *ret_number = feel_num_of((int64_t)value);
        return FEEL_NUM_OK;
    }
    char text[40];
    for (int precision = 15;; precision++) {
        snprintf(text, sizeof text, "%.*g", precision, value);
        if (precision == 17 || strtod(text, NULL) == value)
            break;
    }
    /* the locale's point, of one byte in every locale there is for digits like ours */
    for (char *c = text; *c; c++)
        if (!is_digit(*c) && *c != '-' && *c != '+' && *c != 'e')
            *c = '.';
    return feel_num_parse(str_of(text), ret_number);
}
