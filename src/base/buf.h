/* A growing buffer in an arena, for building text. */
#pragma once
#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "str.h"

struct buf {
    struct arena *arena;
    char *p;
    size_t n, cap;
};

static inline struct buf buf_make(struct arena *a)
{
    return (struct buf){.arena = a};
}
/* buf_reserve where the room is too small: all of it elsewhere. */
char *buf_grow(struct buf *b, size_t n);
/* Room for `n` more bytes; the caller may write there and then add to b->n. */
static inline char *buf_reserve(struct buf *b, size_t n)
{
    return n <= b->cap - b->n ? b->p + b->n : buf_grow(b, n);
}
static inline void buf_add(struct buf *b, struct str s)
{
    if (!s.n)
        return;
    memcpy(buf_reserve(b, s.n), s.p, s.n);
    b->n += s.n;
}
static inline void buf_add_char(struct buf *b, char c)
{
    *buf_reserve(b, 1) = c;
    b->n++;
}
void buf_add_z(struct buf *b, const char *z);
/* Several texts, one behind the other: buf_cat(&b, S(" WHERE "), where); what buf_fmt does, without reading a format.
 */
#define buf_cat(b, ...) \
    buf_add_all((b), (const struct str[]){__VA_ARGS__}, sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))
void buf_add_all(struct buf *b, const struct str *texts, size_t n);
void buf_add_i64(struct buf *b, int64_t v);
void buf_add_padded(struct buf *b, unsigned v, unsigned digits); /* the last so many digits, with zeros before */
void buf_fmt(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* What has been built; valid as long as the arena, until the next addition. A NUL stands behind it unless it fills its
   room to the last byte. */
static inline struct str buf_str(const struct buf *b)
{
    if (b->n < b->cap)
        b->p[b->n] = 0;
    return (struct str){b->p ? b->p : "", b->n};
}
