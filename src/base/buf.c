#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_BYTES = 64 }; /* most are a number or a date */

char *buf_grow(struct buf *b, size_t n)
{
    size_t cap = b->cap ? b->cap * 2 : FIRST_BYTES;
    if (cap - b->n < n)
        cap = b->n + n;
    char *p = arena_alloc_raw(b->arena, cap);
    if (b->n)
        memcpy(p, b->p, b->n);
    b->p = p;
    b->cap = cap;
    return p + b->n;
}

void buf_add_all(struct buf *b, const struct str *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_add(b, texts[i]);
}

void buf_add_z(struct buf *b, const char *z)
{
    buf_add(b, str_of(z));
}

void buf_add_i64(struct buf *b, int64_t v)
{
    char digits[20];
    size_t n = sizeof digits;
    uint64_t left = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do
        digits[--n] = (char)('0' + left % 10);
    while (left /= 10);
    if (v < 0)
        digits[--n] = '-';
    buf_add(b, str_make(digits + n, sizeof digits - n));
}

void buf_add_padded(struct buf *b, unsigned v, unsigned digits)
{
    char *p = buf_reserve(b, digits);
    for (unsigned i = digits; i; v /= 10)
        p[--i] = (char)('0' + v % 10);
    b->n += digits;
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
    enum { MOST_FIT = FIRST_BYTES };
    va_list ap;
    char *p = buf_reserve(b, MOST_FIT);
    size_t room = b->cap - b->n;
    va_start(ap, fmt);
    size_t n = (size_t)vsnprintf(p, room, fmt, ap);
    va_end(ap);
    if (n >= room) {
        p = buf_reserve(b, n + 1);
        va_start(ap, fmt);
        vsnprintf(p, n + 1, fmt, ap);
        va_end(ap);
    }
    b->n += n;
}
