#include "err.h"

#include <stdarg.h>
#include <stdio.h>

#include "arena.h"
#include "cx.h"

static const struct {
    const char *name, *key;
    int status;
} rows[] = {
#define X(name, number, status, key, meaning) [number] = {#name, #key, status},
#include "err.tbl"
#undef X
};

static struct str vfmt(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    char *p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return str_make(p, (size_t)n);
}

enum err fail(struct cx *cx, enum err e, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    cx->fail = (struct fail){.err = e, .detail = vfmt(cx->arena, fmt, ap)};
    va_end(ap);
    return e;
}

enum err fail_field(struct cx *cx, enum err e, struct str field, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    cx->fail = (struct fail){.err = e, .detail = vfmt(cx->arena, fmt, ap), .field = str_dup(cx->arena, field)};
    va_end(ap);
    return e;
}

enum err fail_say(struct cx *cx, enum err e, const char *say, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    cx->fail = (struct fail){.err = e, .detail = vfmt(cx->arena, fmt, ap), .say = say};
    va_end(ap);
    return e;
}

const char *err_name(enum err e)
{
    return rows[e].name;
}

int err_status(enum err e)
{
    return rows[e].status;
}

const char *err_text_key(enum err e)
{
    return rows[e].key;
}
