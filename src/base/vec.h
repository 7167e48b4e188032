/* A growing array in an arena: struct { T *p; size_t n, cap; } v; vec_add(a, &v, item). */
#pragma once
#include <string.h>

#include "arena.h"

#define VEC_OF(type) \
    struct { \
        type *p; \
        size_t n, cap; \
    }

/* Append one item; the array may move. */
#define vec_add(a, v, ...) (*vec_push((a), (v)) = (__VA_ARGS__))
/* Append a zeroed item and give its address. */
#define vec_push(a, v) \
    ((v)->n == (v)->cap ? (void)((v)->p = vec_grow((a), (v)->p, sizeof *(v)->p, (v)->n, &(v)->cap)) : (void)0, \
     &(v)->p[(v)->n++])

static inline void *vec_grow(struct arena *a, const void *old, size_t size, size_t n, size_t *cap)
{
    *cap = *cap ? *cap * 2 : 8;
    void *p = arena_alloc_array(a, size, *cap);
    if (n)
        memcpy(p, old, n * size);
    return p;
}
