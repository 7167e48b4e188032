/* A growing buffer in an arena, for building text. */
#pragma once
#include <stdint.h>

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
/* Room for `n` more bytes; the caller may write there and then add to b->n. */
char *buf_reserve(struct buf *b, size_t n);
void buf_add(struct buf *b, struct str s);
void buf_add_z(struct buf *b, const char *z);
void buf_add_char(struct buf *b, char c);
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
