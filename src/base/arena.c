#include "arena.h"

#include <assert.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_MAGIC = 0x41524e41, FIRST_BLOCK = 16 * 1024, ALIGN = 16 };

struct block {
    struct block *prev;
    size_t size, used;
    _Alignas(ALIGN) unsigned char data[];
};

struct defer {
    struct defer *prev;
    void (*fn)(void *);
    void *p;
};

struct arena {
    unsigned magic;
    struct block *top;
    struct defer *defers;
    size_t limit, total; /* bytes: allowed, handed out */
    jmp_buf *full;       /* where to go when the limit is reached */
};

static struct block *block_new(size_t size)
{
    struct block *b = malloc(sizeof *b + size);
    if (!b) {
        fputs("indgang: out of memory\n", stderr);
        abort();
    }
    b->prev = NULL;
    b->size = size;
    b->used = 0;
    return b;
}

struct arena *arena_new(size_t limit_bytes)
{
    struct block *b = block_new(FIRST_BLOCK);
    struct arena *a = (struct arena *)b->data;
    b->used = (sizeof *a + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    *a = (struct arena){.magic = ARENA_MAGIC, .top = b, .limit = limit_bytes};
    return a;
}

static void run_defers(struct arena *a, const struct defer *until)
{
    while (a->defers != until) {
        struct defer *d = a->defers;
        a->defers = d->prev;
        d->fn(d->p);
    }
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    assert(a->magic == ARENA_MAGIC);
    run_defers(a, NULL);
    a->magic = 0;
    /* The arena itself lies in its first block: read prev before the block goes. */
    for (struct block *b = a->top, *prev; b; b = prev) {
        prev = b->prev;
        free(b);
    }
}

static void full(struct arena *a)
{
    if (a->full)
        longjmp(*a->full, 1);
    fputs("indgang: arena over its limit outside arena_try\n", stderr);
    abort();
}

void *arena_alloc_raw(struct arena *a, size_t n)
{
    assert(a->magic == ARENA_MAGIC);
    if (n > SIZE_MAX / 2)
        full(a);
    n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (n > a->limit - (a->total < a->limit ? a->total : a->limit))
        full(a);
    if (n > a->top->size - a->top->used) {
        size_t size = a->top->size * 2;
        if (size > 1024 * 1024)
            size = 1024 * 1024;
        if (size < n)
            size = n;
        struct block *b = block_new(size);
        b->prev = a->top;
        a->top = b;
    }
    void *p = a->top->data + a->top->used;
    a->top->used += n;
    a->total += n;
    return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
    return memset(arena_alloc_raw(a, n), 0, n);
}

void *arena_alloc_array(struct arena *a, size_t size, size_t count)
{
    size_t n;
    if (__builtin_mul_overflow(size, count, &n))
        full(a);
    return arena_alloc(a, n);
}

void arena_defer(struct arena *a, void (*fn)(void *), void *p)
{
    struct defer *d = arena_new_of(a, struct defer);
    *d = (struct defer){a->defers, fn, p};
    a->defers = d;
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){a->top, a->top->used, a->defers, a->total};
}

void arena_reset(struct arena *a, struct arena_mark mark)
{
    run_defers(a, mark.defer);
    while (a->top != mark.block) {
        struct block *b = a->top;
        a->top = b->prev;
        free(b);
    }
    a->top->used = mark.used;
    a->total = mark.total;
}

bool arena_try(struct arena *a, void (*fn)(void *), void *ctx)
{
    jmp_buf here, *outer = a->full;
    bool ok = false;
    a->full = &here;
    if (setjmp(here) == 0) {
        fn(ctx);
        ok = true;
    }
    a->full = outer;
    return ok;
}

size_t arena_used(const struct arena *a)
{
    return a->total;
}
