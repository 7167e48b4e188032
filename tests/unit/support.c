#include "support.h"

#include <ftw.h>
#include <libpq-fe.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/db.h"

/* A cx of a test, with what must be cleaned up after it. */
struct test {
    struct cx cx; /* first: a struct cx * is a struct test * */
    bool owner;   /* of the database and folder */
    char folder[64];
    char schema[32];   /* on PostgreSQL one of these two */
    char database[32]; /* a copy of the template */
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

/* Run one statement on the test's PostgreSQL, outside src/db; whether it gave a row. */
static bool postgres_do_on(PGconn *pg, const char *fmt, ...)
{
    char sql[200];
    va_list args;
    va_start(args, fmt);
    vsnprintf(sql, sizeof sql, fmt, args);
    va_end(args);
    PGresult *r = PQexec(pg, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(pg));
    bool row = PQntuples(r) > 0;
    PQclear(r);
    return row;
}

static PGconn *postgres(void)
{
    PGconn *pg = PQconnectdb(getenv("INDGANG_TEST_PG"));
    postgres_do_on(pg, "SET client_min_messages=warning");
    return pg;
}

static void postgres_do(const char *fmt, const char *name)
{
    PGconn *pg = postgres();
    postgres_do_on(pg, fmt, name);
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
            postgres_do("DROP SCHEMA %s CASCADE", t->schema);
        if (*t->database)
            postgres_do("DROP DATABASE %s", t->database);
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
    const char *pg = getenv("INDGANG_TEST_PG");
    if (*t->schema)
        url = str_fmt(cx->arena, "%s%coptions=-csearch_path%%3D%s", pg, strchr(pg, '?') ? '&' : '?', t->schema);
    if (*t->database)
        url = str_fmt(cx->arena, "%s%cdbname=%s", pg, strchr(pg, '?') ? '&' : '?', t->database);
    struct db_config config = {.url = str_z(cx->arena, url), .readers = 4, .test_flags = flags | DB_TEST_NO_SYNC};
    struct db *db;
    assert_ok(cx, db_open(cx, &config, &db));
}

static void make_folder(char folder[64])
{
    const char *tmp = getenv("TMPDIR");
    snprintf(folder, 64, "%.40s/indgang-test-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(folder));
}

/* ---- The template: all migrations have run in it; each test has a copy, for they take longer than most tests ---- */

static char template_folder[64];

static void migrate_template(const char *folder, const char *database)
{
    struct cx *cx = test_cx();
    strcpy(test_of(cx)->folder, folder);
    strcpy(test_of(cx)->database, database);
    open_db(cx, 0);
    assert_ok(cx, db_migrate(cx, db_all_migrations, db_all_migrations_n));
    db_close(cx->db);
    test_cx_free(cx);
}

static void remove_template(void)
{
    nftw(template_folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void copy(const char *from, const char *to, const char *name)
{
    char path[100];
    static char bytes[1 << 20];
    snprintf(path, sizeof path, "%s/%s", from, name);
    FILE *in = fopen(path, "rb");
    snprintf(path, sizeof path, "%s/%s", to, name);
    FILE *out = fopen(path, "wb");
    assert_true(in && out);
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, in)) > 0;)
        assert_int_equal(fwrite(bytes, 1, n, out), n);
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

static void copy_of_template(struct test *t)
{
    if (!*template_folder) {
        make_folder(template_folder);
        atexit(remove_template);
        migrate_template(template_folder, "");
    }
    copy(template_folder, t->folder, "indgang.db");
    copy(template_folder, t->folder, "indgang-log.db");
}

/* One template for all programs on this PostgreSQL, by the hash of what has run in it. */
static void name_template(char name[32])
{
    struct hash_state st;
    hash_init(&st);
    for (size_t i = 0; i < db_all_migrations_n; i++)
        for (size_t k = 0; k < db_all_migrations[i]->n; k++)
            hash_update(&st, db_all_migrations[i]->list[k].hash, strlen(db_all_migrations[i]->list[k].hash));
    struct hash h = hash_final(&st);
    snprintf(name, 32, "template_%02x%02x%02x%02x%02x%02x", h.b[0], h.b[1], h.b[2], h.b[3], h.b[4], h.b[5]);
}

static void copy_of_postgres_template(struct test *t)
{
    char name[32];
    name_template(name);
    snprintf(t->database, sizeof t->database, "test_%llx", (unsigned long long)rand_id());
    PGconn *pg = postgres();
    postgres_do_on(pg, "SELECT pg_advisory_lock(1)"); /* one program makes it, the others wait */
    if (!postgres_do_on(pg, "SELECT 1 FROM pg_database WHERE datname = '%s'", name)) {
        postgres_do_on(pg, "CREATE DATABASE %s", t->database);
        migrate_template("", t->database);
        postgres_do_on(pg, "ALTER DATABASE %s RENAME TO %s", t->database, name);
    }
    postgres_do_on(pg, "SELECT pg_advisory_unlock(1)");
    postgres_do_on(pg, "CREATE DATABASE %s TEMPLATE %s", t->database, name);
    PQfinish(pg);
}

struct cx *test_cx_db(const struct db_migrations *const *modules, size_t n)
{
    struct cx *cx = test_cx();
    struct test *t = test_of(cx);
    t->owner = true;
    make_folder(t->folder);
    if (on_postgres && n) {
        snprintf(t->schema, sizeof t->schema, "test_%llx", (unsigned long long)rand_id());
        postgres_do("CREATE SCHEMA %s", t->schema);
    } else if (on_postgres)
        copy_of_postgres_template(t);
    else if (!n)
        copy_of_template(t);
    open_db(cx, DB_TEST_RERUN);
    if (n)
        assert_ok(cx, db_migrate(cx, modules, n));
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
