/* Moving a database to another: every kind of value at its edges, in both directions, with laws and references asleep
   only meanwhile. On PostgreSQL the way leads there and back; without one, from SQLite to SQLite. */
#include "support.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "db/db.h"
#include "test_store.h"

extern const struct db_migrations migrations_test;
static const struct db_migrations *const modules[] = {&migrations_test};

enum { THINGS = 500 };

/* Text of any plane, with what trips up encoders: combining marks, ZWJ, the last code point, quotes, backslashes, tabs.
 */
static struct str odd_text(struct cx *cx, unsigned n)
{
    static const char *const pieces[] = {"Åse",
                                         "o\xcc\x88",
                                         "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7",
                                         "\xf4\x8f\xbf\xbf",
                                         "\\N",
                                         "\t\n\r",
                                         "'\"",
                                         "\xe2\x80\xae",
                                         "\xef\xbf\xbd",
                                         "\x01\x7f",
                                         ",;",
                                         "\xc2\x80"};
    struct buf b = buf_make(cx->arena);
    for (unsigned i = 0; i < n % 40; i++)
        buf_add_z(&b, pieces[(n * 7 + i * i) % (sizeof pieces / sizeof *pieces)]);
    return buf_str(&b);
}

static enum err fill(struct cx *cx, void *ctx)
{
    static const double weights[] = {0.0, -0.0, 1e308, -5e-324, 0.1, 1.0 / 3};
    static const int64_t ids[] = {INT64_MIN, INT64_MAX, 0, -1};
    enum err e = ERR_OK;
    (void)ctx;
    for (unsigned i = 0; !e && i < THINGS; i++) {
        unsigned char bytes[3000];
        size_t n = (size_t)i * i % sizeof bytes;
        rand_bytes(bytes, sizeof bytes);
        struct q_test_add_in in = {.id = i < 4 ? ids[i] : (int64_t)i * 977,
                                   .name = str_fmt(cx->arena, "%u %.*s", i, STR_ARG(odd_text(cx, i))),
                                   .hash = hash_of(str_make((char *)&i, sizeof i)),
                                   .weight = {i % 3 != 0, weights[i % 6]},
                                   .seen = i % 2};
        if (i % 5)
            in.note = i % 7 ? odd_text(cx, i * 3) : S("");
        if (i % 4)
            in.picture = str_dup(cx->arena, str_make(n ? (char *)bytes : "", n));
        e = q_test_add(cx, &in);
    }
    for (unsigned i = 10; !e && i < 200; i++)
        e = q_test_part_add(cx, i, (int64_t)i * 977, i);
    return e;
}

static enum err drop(struct cx *cx, void *ctx)
{
    (void)ctx;
    return q_test_delete(cx, 977 * 50);
}

static enum err add_lost_part(struct cx *cx, void *ctx)
{
    (void)ctx;
    return q_test_part_add(cx, 9999, 12345678, 1);
}

/* The rows, one by one, through the ordinary queries. */
static void assert_same_rows(struct cx *a, struct cx *b)
{
    struct q_test_get x, y;
    for (unsigned i = 4; i < THINGS; i++) {
        assert_ok(a, q_test_get(a, (int64_t)i * 977, &x));
        assert_ok(b, q_test_get(b, (int64_t)i * 977, &y));
        assert_true(str_eq(x.name, y.name) && str_eq(x.note, y.note) && str_eq(x.picture, y.picture));
        assert_true((x.note.p == NULL) == (y.note.p == NULL) && (x.picture.p == NULL) == (y.picture.p == NULL));
        assert_true(x.weight.set == y.weight.set && memcmp(&x.weight.v, &y.weight.v, sizeof(double)) == 0);
        assert_true(hash_eq(x.hash, y.hash) && x.seen == y.seen);
    }
}

static void assert_same_sums(const struct db_move *a, const struct db_move *b)
{
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        assert_string_equal(a->tables[i].table, b->tables[i].table);
        assert_int_equal(a->tables[i].rows, b->tables[i].rows);
        assert_true(hash_eq(a->tables[i].sum, b->tables[i].sum));
    }
}

/* A SQLite database with everything in it; the engine of the test is the other. */
static void there_and_back(void **state)
{
    struct cx *cx = test_cx_db(modules, 1), *lite = test_cx_again(cx), *last = test_cx_again(cx);
    struct db *db, *back;
    (void)state;
    const char *url = str_z(cx->arena, str_fmt(cx->arena, "sqlite:%s/first.db", test_folder(cx)));
    assert_ok(lite, db_open(lite, &(struct db_config){.url = url, .test_flags = DB_TEST_NO_SYNC}, &db));
    assert_ok(lite, db_migrate(lite, modules, 1));
    assert_ok(lite, db_write(lite, fill, NULL));
    struct db_move m = {0}, sums = {0}, again = {0};
    assert_ok(cx, db_move(cx, db, cx->db, &m));
    assert_same_rows(lite, cx);
    assert_ok(cx, db_sums(cx, cx->db, &sums));
    assert_same_sums(&m, &sums);
    for (size_t i = 0; i < m.n; i++)
        if (!strcmp(m.tables[i].table, "test_thing"))
            assert_int_equal(m.tables[i].rows, THINGS);
    /* the laws and references are awake again */
    assert_err(cx, db_write(cx, drop, NULL), ERR_LAW);
    assert_err(cx, db_write(cx, add_lost_part, NULL), ERR_CONFLICT);

    url = str_z(cx->arena, str_fmt(cx->arena, "sqlite:%s/last.db", test_folder(cx)));
    assert_ok(cx, db_check_new(cx, url));
    assert_ok(last, db_open(last, &(struct db_config){.url = url, .test_flags = DB_TEST_NO_SYNC}, &back));
    assert_ok(last, db_migrate(last, modules, 1));
    assert_err(cx, db_check_new(cx, url), ERR_CONFIG);
    assert_ok(last, db_move(last, cx->db, back, &again));
    assert_same_sums(&m, &again);
    assert_same_rows(lite, last);
    assert_err(last, db_write(last, drop, NULL), ERR_LAW);
    db_close(db);
    db_close(back);
    test_cx_free(last);
    test_cx_free(lite);
    test_cx_free(cx);
}

static enum err change_one(struct cx *cx, void *ctx)
{
    (void)ctx;
    return q_test_picture_set(cx, 977 * 50, S("anders"));
}

static void a_changed_letter_changes_the_sum(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct db_move before = {0}, after = {0};
    (void)state;
    assert_ok(cx, db_write(cx, fill, NULL));
    assert_ok(cx, db_sums(cx, cx->db, &before));
    assert_ok(cx, db_write(cx, change_one, NULL));
    assert_ok(cx, db_sums(cx, cx->db, &after));
    for (size_t i = 0; i < before.n; i++)
        assert_int_equal(hash_eq(before.tables[i].sum, after.tables[i].sum),
                         strcmp(before.tables[i].table, "test_thing") != 0);
    test_cx_free(cx);
}

static int no_analyze(void *ctx, int action, const char *a, const char *b, const char *c, const char *d)
{
    (void)ctx, (void)a, (void)b, (void)c, (void)d;
    return action == SQLITE_ANALYZE ? SQLITE_DENY : SQLITE_OK;
}

/* For sqlite3_auto_extension: each connection that is opened. */
static int forbid_analyze(sqlite3 *lite, char **error, const void *api)
{
    (void)error, (void)api;
    return sqlite3_set_authorizer(lite, no_analyze, NULL);
}

/* What is committed has moved, also when counting for the planner fails behind it: else there would be two houses. */
static void moved_without_counts(void **state)
{
    struct cx *cx = test_cx_db(modules, 1), *lite = test_cx_again(cx);
    struct db_move m = {0}, there = {0};
    struct db *db;
    (void)state;
    const char *url = str_z(cx->arena, str_fmt(cx->arena, "sqlite:%s/uncounted.db", test_folder(cx)));
    assert_ok(cx, db_write(cx, fill, NULL));
    assert_int_equal(sqlite3_auto_extension((void (*)(void))forbid_analyze), SQLITE_OK);
    assert_ok(lite, db_open(lite, &(struct db_config){.url = url, .test_flags = DB_TEST_NO_SYNC}, &db));
    assert_ok(lite, db_migrate(lite, modules, 1));
    assert_ok(lite, db_move(lite, cx->db, db, &m));
    sqlite3_reset_auto_extension();
    assert_same_rows(cx, lite);
    assert_ok(lite, db_sums(lite, db, &there));
    assert_same_sums(&m, &there);
    db_close(db);
    test_cx_free(lite);
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(there_and_back),
                                       cmocka_unit_test(a_changed_letter_changes_the_sum),
                                       cmocka_unit_test(moved_without_counts)};
    return test_each_engine("db_move", tests);
}
