/* Memory that dies with the request. An arena is passed, never "current"; nobody frees what came from it. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct arena;

/* A new arena that may hold at most `limit_bytes` (rounded up to its first block). Ends the process when the machine is
   out of memory: at start there is nothing better to do. */
struct arena *arena_new(size_t limit_bytes);

/* Run the deferred functions in reverse order, then give all memory back. NULL is legal. */
void arena_free(struct arena *a);

/* `n` zeroed bytes aligned for any type; never NULL. Over the limit, control returns to the innermost arena_try. */
void *arena_alloc(struct arena *a, size_t n);

/* The same with whatever bytes lie there: for text, which is written over at once. */
void *arena_alloc_raw(struct arena *a, size_t n);

#define arena_new_of(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, count) ((type *)arena_alloc_array((a), sizeof(type), (count)))

/* As arena_alloc for `count` things of `size` bytes; an overflowing product counts as over the limit. */
void *arena_alloc_array(struct arena *a, size_t size, size_t count);

/* Have fn(p) called when the arena is reset past this point or freed, last registered first. */
void arena_defer(struct arena *a, void (*fn)(void *), void *p);

/* A place to go back to. arena_reset gives back all that was allocated, and runs all that was deferred, since the mark.
 */
struct arena_mark {
    void *block;
    size_t used;
    void *defer;
    size_t total;
};
struct arena_mark arena_mark(const struct arena *a);
void arena_reset(struct arena *a, struct arena_mark mark);

/* Run fn(ctx). Returns true when it returned, false when the arena reached its limit on the way. May nest: the
   innermost call is the one that returns false. The arena must be used by one thread at a time, but not always the same
   one. */
bool arena_try(struct arena *a, void (*fn)(void *), void *ctx);

/* Bytes handed out so far (for metrics and tests). */
size_t arena_used(const struct arena *a);
