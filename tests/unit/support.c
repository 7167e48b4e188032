#include "support.h"

#include <ftw.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/db.h"

/* A cx of a test, with what must be cleaned up after it. */
struct test {
    struct cx cx; /* first: a struct cx * is a struct test * */
    bool owner;   /* of the database and folder */
    char folder[64];
    char schema[32];
};

static bool on_postgres;

static struct test *test_of(const struct cx *cx)
{
    return (struct test *)(uintptr_t)cx;
}

struct cx *test_cx(void)
{
    struct test *t = calloc(1, sizeof *t);
    t->cx.arena = arena_new(64 << 20);
    t->cx.now_us = civil_to_day(2026, 1, 15) * DAY_US + 12 * HOUR_US;
    strcpy(t->cx.request_id, "test");
    return &t->cx;
}

/* Run one statement on the test's PostgreSQL, outside src/db. */
static void postgres_do(const char *fmt, const char *name)
{
    char sql[200];
    PGconn *pg = PQconnectdb(getenv("INDGANG_TEST_PG"));
    snprintf(sql, sizeof sql, fmt[0] == 'C' ? "CREATE SCHEMA %s" : "DROP SCHEMA %s CASCADE", name);
    PGresult *r = PQexec(pg, "SET client_min_messages=warning");
    PQclear(r);
    r = PQexec(pg, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK)
        print_error("%s: %s", sql, PQerrorMessage(pg));
    PQclear(r);
    PQfinish(pg);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

void test_cx_free(struct cx *cx)
{
    struct test *t = test_of(cx);
    arena_free(cx->arena);
    if (t->owner) {
        db_close(cx->db);
        if (*t->schema)
            postgres_do("DROP", t->schema);
        nftw(t->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    }
    free(t);
}

const char *test_folder(const struct cx *cx)
{
    return test_of(cx)->folder;
}

static void open_db(struct cx *cx, unsigned flags)
{
    struct test *t = test_of(cx);
    struct str url = str_fmt(cx->arena, "sqlite:%s/indgang.db", t->folder);
    if (*t->schema) {
        const char *pg = getenv("INDGANG_TEST_PG");
        url = str_fmt(cx->arena, "%s%coptions=-csearch_path%%3D%s", pg, strchr(pg, '?') ? '&' : '?', t->schema);
    }
    struct db_config config = {.url = str_z(cx->arena, url), .readers = 4, .test_flags = flags | DB_TEST_NO_SYNC};
    struct db *db;
    assert_ok(cx, db_open(cx, &config, &db));
}

struct cx *test_cx_db(const struct db_migrations *const *modules, size_t n)
{
    struct cx *cx = test_cx();
    struct test *t = test_of(cx);
    const char *tmp = getenv("TMPDIR");
    t->owner = true;
    snprintf(t->folder, sizeof t->folder, "%.40s/indgang-test-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(t->folder));
    if (on_postgres) {
        snprintf(t->schema, sizeof t->schema, "test_%llx", (unsigned long long)rand_id());
        postgres_do("CREATE", t->schema);
    }
    open_db(cx, DB_TEST_RERUN);
    assert_ok(cx, n ? db_migrate(cx, modules, n) : db_migrate(cx, db_all_migrations, db_all_migrations_n));
    return cx;
}

void test_cx_once(struct cx *cx)
{
    db_close(cx->db);
    open_db(cx, 0);
}

struct cx *test_cx_again(const struct cx *cx)
{
    struct cx *other = test_cx();
    struct arena *arena = other->arena;
    *other = *cx;
    other->arena = arena;
    other->conn = NULL;
    other->fail = (struct fail){0};
    memcpy(test_of(other)->folder, test_of(cx)->folder, sizeof test_of(other)->folder);
    return other;
}

int test_run_each_engine(const char *name, const struct CMUnitTest *tests, size_t n)
{
    char title[100];
    int failed = 0;
    const char *only = getenv("INDGANG_TEST_ONLY");
    for (int pg = only && !strcmp(only, "postgres"); pg < (getenv("INDGANG_TEST_PG") ? 2 : 1); pg++) {
        on_postgres = pg != 0;
        snprintf(title, sizeof title, "%s on %s", name, pg ? "PostgreSQL" : "SQLite");
        failed += _cmocka_run_group_tests(title, tests, n, NULL, NULL);
    }
    on_postgres = false;
    return failed;
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

void test_assert_err(const struct cx *cx, enum err e, enum err want, const char *file, int line)
{
    if (e == want)
        return;
    print_error("got %s (%.*s), want %s\n", err_name(e), STR_ARG(cx->fail.detail), err_name(want));
    _fail(file, line);
}

struct str test_read_file(struct cx *cx, const char *path)
{
    FILE *f = fopen(path, "rb");
    struct buf b = buf_make(cx->arena);
    if (!f) {
        print_error("%s cannot be read\n", path);
        _fail(__FILE__, __LINE__);
    }
    for (size_t n; (n = fread(buf_reserve(&b, 65536), 1, 65536, f)) > 0;)
        b.n += n;
    fclose(f);
    *buf_reserve(&b, 1) = 0;
    return buf_str(&b);
}

struct str test_path(struct cx *cx, const char *path)
{
    const char *root = getenv("INDGANG_ROOT");
    return str_fmt(cx->arena, "%s/%s", root ? root : "..", path);
}
