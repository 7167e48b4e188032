/* What every unit test starts with. Include this first: it brings cmocka and the standard headers cmocka wants. */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* ours is in base/err.h */

#include "base/base.h"

/* A context with an arena of 64 MB, request id "test", language da and the clock at 2026-01-15 12:00 UTC. */
struct cx *test_cx(void);
void test_cx_free(struct cx *cx);

#define assert_str(s, z) test_assert_str((s), (z), __FILE__, __LINE__)
void test_assert_str(struct str got, const char *want, const char *file, int line);
/* The call succeeded; else prints the detail of the failure. */
#define assert_ok(cx, e) test_assert_ok((cx), (e), __FILE__, __LINE__)
void test_assert_ok(const struct cx *cx, enum err e, const char *file, int line);
