#include "support.h"

#include <stdio.h>
#include <stdlib.h>

struct cx *test_cx(void)
{
    struct cx *cx = calloc(1, sizeof *cx);
    cx->arena = arena_new(64 << 20);
    cx->now_us = civil_to_day(2026, 1, 15) * DAY_US + 12 * HOUR_US;
    strcpy(cx->request_id, "test");
    return cx;
}

void test_cx_free(struct cx *cx)
{
    arena_free(cx->arena);
    free(cx);
}

void test_assert_str(struct str got, const char *want, const char *file, int line)
{
    if (str_eq_z(got, want))
        return;
    print_error("got  \"%.*s\"\nwant \"%s\"\n", STR_ARG(got), want);
    _fail(file, line);
}

void test_assert_ok(const struct cx *cx, enum err e, const char *file, int line)
{
    if (e == ERR_OK)
        return;
    print_error("%s: %.*s\n", err_name(e), STR_ARG(cx->fail.detail));
    _fail(file, line);
}
