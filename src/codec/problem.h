/* What is wrong with a file that a person wrote: all of it in one run, each fault with its place and its remedy. */
#pragma once
#include <stddef.h>

#include "base/str.h"
#include "base/vec.h"

struct buf;

struct problem {
    struct str file; /* as the user named it: services/x/form.yaml */
    int line, col;   /* from 1; 0 when the fault is of the whole file */
    struct str
        what; /* what is wrong and what was expected: "deadline is 'soon'; a whole number from 1 to 365 was expected" */
    struct str remedy; /* what to do about it: "write for example `deadline_working_days: 10`" */
};

/* Gathered in the order they were found; the caller owns the arena. */
struct problems {
    struct arena *arena;
    VEC_OF(struct problem) list;
};

static inline struct problems problems_make(struct arena *a)
{
    return (struct problems){.arena = a};
}

/* Add one fault. `fmt` makes the text of `what`. After 500 the rest is dropped: nobody reads more. */
void problem_add(struct problems *ps, struct str file, int line, int col, const char *remedy, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));

/* Sort by file, line and column; equal ones once. */
void problems_sort(struct problems *ps);

/* "file:line:col: what; remedy\n", one line per fault. */
void problems_text(const struct problems *ps, struct buf *ret_text);

/* The word of the blank-separated list that lies nearest to `wrong` (at most two letters off), else empty: for
   "did you mean". */
struct str problem_nearest(struct str wrong, const char *words);
