#include "support.h"

#include <pthread.h>
#include <sys/stat.h>

#include "db/db.h"
#include "test_store.h"

extern const struct db_migrations migrations_test;
static const struct db_migrations *const modules[] = {&migrations_test};

static struct hash some_hash(int64_t id)
{
    return hash_of(str_make((const char *)&id, sizeof id));
}

static enum err add(struct cx *cx, int64_t id, struct str name)
{
    return q_test_add(cx, &(struct q_test_add_in){.id = id, .name = name, .hash = some_hash(id)});
}

struct want {
    int64_t id;
    const char *name;
    enum err end; /* what the function returns after it has written */
};

static enum err add_one(struct cx *cx, void *ctx)
{
    const struct want *w = ctx;
    enum err e = add(cx, w->id, str_of(w->name));
    return e ? e : w->end ? fail(cx, w->end, "on purpose") : ERR_OK;
}

static int64_t count(struct cx *cx)
{
    struct q_test_count c;
    assert_ok(cx, q_test_count(cx, &c));
    return c.n;
}

static enum err add_full(struct cx *cx, void *ctx)
{
    (void)ctx;
    enum err e = q_test_add(cx, &(struct q_test_add_in){.id = 7,
                                                        .name = S("Stol ’Å’"),
                                                        .note = S(""),
                                                        .weight = {true, 2.5},
                                                        .picture = {"\0\xff", 2},
                                                        .hash = some_hash(7),
                                                        .seen = true});
    return e ? e : add(cx, INT64_MIN, S("bord"));
}

static void keeps_every_type(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct q_test_get row;
    (void)state;
    assert_ok(cx, db_write(cx, add_full, NULL));
    assert_ok(cx, q_test_get(cx, 7, &row));
    assert_str(row.name, "Stol ’Å’");
    assert_non_null(row.note.p);
    assert_int_equal(row.note.n, 0);
    assert_true(row.weight.set && row.weight.v > 2.4 && row.weight.v < 2.6);
    assert_int_equal(row.picture.n, 2);
    assert_memory_equal(row.picture.p, "\0\xff", 2);
    assert_true(hash_eq(row.hash, some_hash(7)));
    assert_true(row.seen);
    assert_ok(cx, q_test_get(cx, INT64_MIN, &row));
    assert_null(row.note.p);
    assert_null(row.picture.p);
    assert_false(row.weight.set || row.seen);
    assert_err(cx, q_test_get(cx, 8, &row), ERR_NOT_FOUND);
    bool found = true;
    struct q_test_find find;
    assert_ok(cx, q_test_find(cx, S("skab"), &find, &found));
    assert_false(found);
    test_cx_free(cx);
}

static void a_failing_function_leaves_nothing(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    (void)state;
    assert_ok(cx, db_write(cx, add_one, &(struct want){1, "stol", ERR_OK}));
    assert_err(cx, db_write(cx, add_one, &(struct want){2, "bord", ERR_CONFLICT}), ERR_CONFLICT);
    assert_str(cx->fail.detail, "on purpose");
    assert_err(cx, db_write(cx, add_one, &(struct want){2, "stol", ERR_OK}), ERR_DUPLICATE);
    assert_err(cx, db_write(cx, add_one, &(struct want){1, "bord", ERR_OK}), ERR_DUPLICATE);
    assert_err(cx, db_write(cx, add_one, &(struct want){3, "evil", ERR_OK}), ERR_LAW);
    assert_int_equal(count(cx), 1);
    test_cx_free(cx);
}

struct part {
    int64_t thing_id, parts;
};

static enum err add_part(struct cx *cx, void *ctx)
{
    const struct part *p = ctx;
    return q_test_part_add(cx, 1, p->thing_id, p->parts);
}

static enum err delete_thing(struct cx *cx, void *ctx)
{
    return q_test_delete(cx, *(const int64_t *)ctx);
}

static bool says(const struct cx *cx, const char *part)
{
    return str_find(cx->fail.detail, str_of(part), 0) < cx->fail.detail.n;
}

static void constraints_have_their_own_errors(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    (void)state;
    assert_ok(cx, db_write(cx, add_one, &(struct want){1, "stol", ERR_OK}));
    assert_err(cx, db_write(cx, add_one, &(struct want){3, "evil", ERR_OK}), ERR_LAW);
    assert_str(cx->fail.detail, "law_42_no_evil");
    assert_err(cx, db_write(cx, delete_thing, &(int64_t){1}), ERR_LAW);
    assert_str(cx->fail.detail, "LAW 99: things stay");
    assert_err(cx, db_write(cx, add_part, &(struct part){1, 0}), ERR_INVALID);
    assert_err(cx, db_write(cx, add_part, &(struct part){2, 1}), ERR_CONFLICT);
    assert_ok(cx, db_write(cx, add_part, &(struct part){1, 1}));
    struct q_test_null row;
    assert_err(cx, q_test_null(cx, &row), ERR_INTERNAL);
    assert_true(says(cx, "test_null: n is NULL") && says(cx, "test.sql:"));
    test_cx_free(cx);
}

static enum err add_many(struct cx *cx, void *ctx)
{
    enum err e = ERR_OK;
    for (int64_t i = 1; !e && i <= *(const int64_t *)ctx; i++)
        e = q_test_add(cx, &(struct q_test_add_in){.id = i,
                                                   .name = str_fmt(cx->arena, "%05d", (int)i),
                                                   .weight = {true, (double)i},
                                                   .hash = some_hash(i)});
    return e;
}

struct rename {
    int64_t n;
};

static enum err rename_all(struct cx *cx, void *ctx)
{
    struct rename *r = ctx;
    return q_test_rename(cx, S("00007"), S("seven"), &r->n);
}

static void lists_of_ids_and_many_rows(void **state)
{
    enum { N = 3000 };
    struct cx *cx = test_cx_db(modules, 1);
    struct q_test_list *rows = NULL;
    size_t n = 1;
    int64_t ids[N];
    (void)state;
    assert_ok(cx, db_write(cx, add_many, &(int64_t){N}));
    for (int64_t i = 0; i < N; i++)
        ids[i] = N - i;
    assert_ok(cx, q_test_list(cx, (struct db_ints){ids, N}, 11.0, &rows, &n));
    assert_int_equal(n, N - 10);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(rows[i].id, i + 11);
    assert_ok(cx, q_test_list(cx, (struct db_ints){NULL, 0}, 0, &rows, &n));
    assert_int_equal(n, 0);
    struct rename r;
    assert_ok(cx, db_write(cx, rename_all, &r));
    assert_int_equal(r.n, 1);
    struct q_test_count c;
    assert_ok(cx, q_test_count(cx, &c));
    assert_int_equal(c.sum, (int64_t)N * (N + 1) / 2);
    test_cx_free(cx);
}

static void a_read_only_request_cannot_write(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    (void)state;
    db_set_read_only(cx);
    assert_err(cx, db_write(cx, add_one, &(struct want){1, "stol", ERR_OK}), ERR_FORBIDDEN);
    assert_int_equal(count(cx), 0);
    test_cx_free(cx);
}

static void comments_are_in_the_database(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct q_test_comment *rows = NULL;
    size_t n = 0;
    (void)state;
    assert_ok(cx, q_test_comment(cx, &rows, &n));
    assert_int_equal(n, 1);
    assert_true(str_find(rows[0].text, S("with one column of each kind. It's quoted."), 0) < rows[0].text.n);
    assert_true(str_find(rows[0].text, S("chosen by the test"), 0) < rows[0].text.n);
    if (db_is_postgres(cx)) {
        assert_true(str_find(rows[0].text, S("a remark, on two lines"), 0) < rows[0].text.n);
        assert_true(str_find(rows[0].text, S("how large, in mm"), 0) < rows[0].text.n);
    }
    test_cx_free(cx);
}

static void a_database_file_is_for_its_owner_alone(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct stat st;
    (void)state;
    static const char *const files[] = {"indgang.db", "indgang.db-wal", "indgang-log.db"};
    for (int i = 0; !db_is_postgres(cx) && i < 3; i++) {
        assert_int_equal(stat(str_fmt(cx->arena, "%s/%s", test_folder(cx), files[i]).p, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
    test_cx_free(cx);
}

static enum err add_pictures(struct cx *cx, void *ctx)
{
    static char megabyte[1 << 20];
    int64_t from = *(int64_t *)ctx;
    enum err e = ERR_OK;
    for (int64_t id = from; !e && id < from + 20; id++)
        e = q_test_add(cx, &(struct q_test_add_in){.id = id,
                                                   .name = str_fmt(cx->arena, "picture %d", (int)id),
                                                   .picture = {megabyte, sizeof megabyte},
                                                   .hash = some_hash(id)});
    return e;
}

/* A filling of a million case files had made a log of 13 GB: who never stops writing was never caught up with. */
static void the_write_ahead_log_stays_small(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct stat st;
    (void)state;
    for (int64_t id = 1; !db_is_postgres(cx) && id <= 400; id += 20) {
        struct arena_mark mark = arena_mark(cx->arena);
        assert_ok(cx, db_write(cx, add_pictures, &id));
        arena_reset(cx->arena, mark);
    }
    if (!db_is_postgres(cx)) {
        assert_int_equal(stat(str_fmt(cx->arena, "%s/indgang.db-wal", test_folder(cx)).p, &st), 0);
        assert_in_range(st.st_size, 1, 120 << 20);
    }
    test_cx_free(cx);
}

static void a_bad_address_is_explained(void **state)
{
    struct cx *cx = test_cx();
    struct db *db = NULL;
    (void)state;
    assert_err(cx, db_open(cx, &(struct db_config){.url = "mysql://x"}, &db), ERR_CONFIG);
    assert_true(says(cx, "sqlite: or postgresql://"));
    assert_err(cx, db_open(cx, &(struct db_config){.url = "sqlite:/no/such/folder/x.db"}, &db), ERR_DB);
    assert_true(says(cx, "/no/such/folder/x.db cannot be opened"));
    assert_err(cx, db_open(cx, &(struct db_config){.url = "postgresql://127.0.0.1:1/x"}, &db), ERR_AWAY);
    assert_true(says(cx, "PostgreSQL cannot be reached"));
    test_cx_free(cx);
}

/* ---- migrations ---- */
static const char more_sql[] = "CREATE TABLE test_more (id bigint)";
static const char log_sql[] = "CREATE TABLE test_log (id bigint)";
static const char bad_sql[] = "CREATE TABLE test_bad (id bigint); SELECT nonsense";

static enum err migrate(struct cx *cx, const struct db_migration *list, size_t n)
{
    const struct db_migrations m = {"test", list, n, false};
    const struct db_migrations *const one[] = {&m};
    return db_migrate(cx, one, 1);
}

static enum err log_two(struct cx *cx, void *ctx)
{
    enum err e = q_test_log_add(cx, 1);
    return e ? e : *(bool *)ctx ? fail(cx, ERR_CONFLICT, "on purpose") : q_test_log_add(cx, 2);
}

static enum err log_beside_the_rest(struct cx *cx, void *ctx)
{
    return q_test_log_sum(cx, ctx);
}

/* The log: written by itself, read together with the rest; its migrations run once too. */
static void the_log_has_a_place_of_its_own(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    const struct db_migration list[] = {{1, "0001_log.sql", "cc", {log_sql, log_sql}}};
    const struct db_migrations m = {"testlog", list, 1, true};
    const struct db_migrations *const one[] = {&m};
    struct q_test_log_sum sum;
    (void)state;
    assert_ok(cx, db_migrate(cx, one, 1));
    assert_ok(cx, db_migrate(cx, one, 1));
    assert_err(cx, db_write_log(cx, log_two, &(bool){true}), ERR_CONFLICT);
    assert_ok(cx, db_write_log(cx, log_two, &(bool){false}));
    assert_ok(cx, db_write(cx, add_one, &(struct want){1, "Anna", ERR_OK}));
    assert_ok(cx, db_read(cx, log_beside_the_rest, &sum));
    assert_int_equal(sum.logged, 2);
    assert_int_equal(sum.rows, 1);
    if (!db_is_postgres(cx)) /* where there are two places, a transaction takes one */
        assert_err(cx, db_write(cx, log_two, &(bool){false}), ERR_DB);
    db_set_read_only(cx);
    assert_err(cx, db_write_log(cx, log_two, &(bool){false}), ERR_FORBIDDEN);
    test_cx_free(cx);
}

static void migrations_run_once_and_in_order(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct db_migration list[] = {migrations_test.list[0],
                                  {2, "0002_more.sql", "aa", {more_sql, more_sql}},
                                  {3, "0003_bad.sql", "bb", {bad_sql, bad_sql}}};
    (void)state;
    assert_ok(cx, migrate(cx, list, 1));
    assert_ok(cx, migrate(cx, list, 2));
    assert_ok(cx, migrate(cx, list, 2));
    assert_err(cx, migrate(cx, list, 3), ERR_DB);
    assert_true(says(cx, "migration test/0003_bad.sql"));
    list[2].sql[0] = list[2].sql[1] = "CREATE TABLE test_bad (id bigint)"; /* nothing of the failed one was left */
    assert_ok(cx, migrate(cx, list, 3));
    list[1].hash = "ab";
    assert_err(cx, migrate(cx, list, 3), ERR_CONFIG);
    assert_true(says(cx, "test/0002_more.sql was changed") && says(cx, "new migration"));
    list[1].hash = "aa";
    assert_err(cx, migrate(cx, list, 2), ERR_CONFIG);
    assert_true(says(cx, "newer version"));
    test_cx_free(cx);
}

static void *migrate_thread(void *p)
{
    struct cx *cx = test_cx_again(p);
    enum err e = db_migrate(cx, db_all_migrations, db_all_migrations_n);
    test_cx_free(cx);
    return (void *)(uintptr_t)e;
}

static void a_request_whose_time_is_up_reads_no_more(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct q_test_count c;
    struct q_test_endless l;
    (void)state;
    cx->deadline_us = time_tick_us() - 1;
    assert_err(cx, q_test_count(cx, &c), ERR_BUSY);
    assert_true(says(cx, "test_count"));
    cx->deadline_us = time_tick_us() + 50000;
    if (!db_is_postgres(cx)) /* PostgreSQL has its own limit, the same for all */
        assert_err(cx, q_test_endless(cx, &l), ERR_BUSY);
    assert_true(time_tick_us() < cx->deadline_us + 5 * SECOND_US);
    cx->deadline_us = 0;
    assert_ok(cx, q_test_count(cx, &c));
    test_cx_free(cx);
}

static void several_may_migrate_at_once(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    pthread_t threads[4];
    void *e;
    (void)state;
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, migrate_thread, cx);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], &e);
        assert_null(e);
    }
    test_cx_free(cx);
}

/* ---- answers that come later, locks that go earlier (PostgreSQL; SQLite must give the same) ---- */

static enum err add_twice(struct cx *cx, void *ctx)
{
    const struct want *w = ctx;
    add(cx, w->id, str_of(w->name));
    add(cx, w->id, str_of(w->name)); /* and says nothing of it */
    return ERR_OK;
}

static enum err bear_it(struct cx *cx, void *ctx)
{
    enum err e = add(cx, 1, S("first"));
    enum err inside = db_write(cx, add_twice, &(struct want){.id = 2, .name = "second"});
    *(enum err *)ctx = inside;
    return e ? e : add(cx, 3, S("third"));
}

static enum err add_unborne(struct cx *cx, void *ctx)
{
    struct q_test_count c;
    add_twice(cx, ctx);
    return q_test_count(cx, &c); /* the first to hear of it */
}

static void what_fails_is_known_where_it_matters(void **state)
{
    (void)state;
    struct cx *cx = test_cx_db(modules, 1);
    enum err inside;
    struct want w = {.id = 9, .name = "ninth"};
    assert_err(cx, db_write(cx, add_twice, &w), ERR_DUPLICATE);
    assert_err(cx, db_write(cx, add_unborne, &w), ERR_DUPLICATE);
    assert_int_equal(count(cx), 0);
    assert_ok(cx, db_write(cx, bear_it, &inside));
    assert_int_equal(inside, ERR_DUPLICATE);
    assert_int_equal(count(cx), 2); /* what stood around the savepoint */
    test_cx_free(cx);
}

static enum err add_and_let_go(struct cx *cx, void *ctx)
{
    struct q_test_log_end *end = ctx;
    int64_t id = rand_id();
    enum err e = add(cx, id, str_fmt(cx->arena, "number %lld", (long long)id));
    db_let_go_early(cx);
    return e ? e : q_test_log_end(cx, end);
}

static enum err let_go_and_fail(struct cx *cx, void *ctx)
{
    db_let_go_early(cx);
    return add_twice(cx, ctx);
}

static void let_go_early_and_durable_all_the_same(void **state)
{
    (void)state;
    struct cx *cx = test_cx_db(modules, 1);
    for (int i = 1; i <= 20; i++) {
        struct q_test_log_end end;
        struct q_test_log_durable d;
        assert_ok(cx, db_write(cx, add_and_let_go, &end));
        assert_ok(cx, q_test_log_durable(cx, end.at, &d));
        assert_true(d.durable);
        assert_int_equal(count(cx), i);
    }
    assert_err(cx, db_write(cx, let_go_and_fail, &(struct want){.id = 9, .name = "ninth"}), ERR_DUPLICATE);
    assert_int_equal(count(cx), 20);
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_every_type),
        cmocka_unit_test(a_failing_function_leaves_nothing),
        cmocka_unit_test(constraints_have_their_own_errors),
        cmocka_unit_test(lists_of_ids_and_many_rows),
        cmocka_unit_test(a_read_only_request_cannot_write),
        cmocka_unit_test(comments_are_in_the_database),
        cmocka_unit_test(a_database_file_is_for_its_owner_alone),
        cmocka_unit_test(the_write_ahead_log_stays_small),
        cmocka_unit_test(a_bad_address_is_explained),
        cmocka_unit_test(the_log_has_a_place_of_its_own),
        cmocka_unit_test(migrations_run_once_and_in_order),
        cmocka_unit_test(a_request_whose_time_is_up_reads_no_more),
        cmocka_unit_test(several_may_migrate_at_once),
        cmocka_unit_test(what_fails_is_known_where_it_matters),
        cmocka_unit_test(let_go_early_and_durable_all_the_same),
    };
    return test_each_engine("db", tests);
}
