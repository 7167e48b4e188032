/* What every unit test starts with. Include this first: it brings cmocka and the standard headers cmocka wants. */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* ours is in base/err.h */
#undef fail_msg
#define fail_msg(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

#include "base/base.h"

/* A context with an arena of 64 MB, request id "test", language da and the clock at 2026-01-15 12:00 UTC. */
struct cx *test_cx(void);
/* Also closes and removes the database and the folder of test_cx_db. */
void test_cx_free(struct cx *cx);

struct db_migrations;
/* As test_cx, with a new, empty database (SQLite in a temporary folder; PostgreSQL, inside test_each_engine, in a
   schema of its own) migrated for these modules. n 0: for all, as a copy of a database that is migrated once, and on
   PostgreSQL a database of its own. Write functions run twice, the first time rolled back: who breaks the contract of
   db.h is seen. */
struct cx *test_cx_db(const struct db_migrations *const *modules, size_t n);
/* From now on write functions run once, where a test writes much and is about something else. Before test_cx_again. */
void test_cx_once(struct cx *cx);
/* Another context on the same database, for a second user or thread. Free it with test_cx_free, before the first. */
struct cx *test_cx_again(const struct cx *cx);
/* The temporary folder of this context (made by test_cx_db): for files, keys, mail. */
const char *test_folder(const struct cx *cx);

/* Instead of cmocka_run_group_tests: runs the tests on SQLite and, when the environment has INDGANG_TEST_PG
   (postgresql://…, where databases and schemas may be made), once more on PostgreSQL; with INDGANG_TEST_ONLY=postgres
   there alone. main returns its result. */
#define test_each_engine(name, tests) test_run_each_engine((name), (tests), sizeof(tests) / sizeof *(tests))
int test_run_each_engine(const char *name, const struct CMUnitTest *tests, size_t n);

#define assert_str(s, z) test_assert_str((s), (z), __FILE__, __LINE__)
void test_assert_str(struct str got, const char *want, const char *file, int line);
/* The call succeeded; else prints the detail of the failure. */
#define assert_ok(cx, e) test_assert_ok((cx), (e), __FILE__, __LINE__)
void test_assert_ok(const struct cx *cx, enum err e, const char *file, int line);
/* The call failed in this way: assert_err(cx, db_write(…), ERR_LAW). */
#define assert_err(cx, e, want) test_assert_err((cx), (e), (want), __FILE__, __LINE__)
void test_assert_err(const struct cx *cx, enum err e, enum err want, const char *file, int line);
/* The file's bytes as a NUL-terminated string in the arena; the test fails when it cannot be read. */
struct str test_read_file(struct cx *cx, const char *path);
/* "<root of the repository>/path". Meson says where that is; by hand, from the build folder, it is "..". */
struct str test_path(struct cx *cx, const char *path);
