/* Transactions of many at once: the write gate, savepoints, reruns, conflicts, faults. Threads note faults; the test
 * asserts. */
#include "support.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "db/db.h"
#include "test_store.h"

extern const struct db_migrations migrations_test;
static const struct db_migrations *const modules[] = {&migrations_test};

static enum err add(struct cx *cx, int64_t id)
{
    return q_test_add(cx, &(struct q_test_add_in){.id = id,
                                                  .name = str_fmt(cx->arena, "thing %lld", (long long)id),
                                                  .hash = hash_of(S(""))});
}

static int64_t count(struct cx *cx)
{
    struct q_test_count c;
    assert_ok(cx, q_test_count(cx, &c));
    return c.n;
}

static enum err add_id(struct cx *cx, void *ctx)
{
    return add(cx, *(const int64_t *)ctx);
}

/* ---- many at once ---- */
enum { THREADS = 12, ROUNDS = 40 };

struct job {
    int64_t id;
    enum { GOOD, CHANGES_ITS_MIND, DUPLICATE_OF_ITSELF, OVERFLOWS, POISONS, KINDS } kind;
};

static enum err do_job(struct cx *cx, void *ctx)
{
    const struct job *j = ctx;
    enum err e = add(cx, j->id);
    if (e)
        return e;
    switch (j->kind) {
    case CHANGES_ITS_MIND:
        return fail(cx, ERR_CONFLICT, "on purpose %lld", (long long)j->id);
    case DUPLICATE_OF_ITSELF:
        return add(cx, j->id);
    case OVERFLOWS:
        arena_alloc(cx->arena, 1000);
        arena_alloc(cx->arena, 1 << 30);
        return ERR_INTERNAL;
    case POISONS:
        return q_test_poison(cx, 1);
    default:
        return ERR_OK;
    }
}

static const enum err expected[KINDS] = {ERR_OK, ERR_CONFLICT, ERR_DUPLICATE, ERR_TOO_LARGE, ERR_DUPLICATE};

struct crew {
    const struct cx *cx;
    int number;
    atomic_int faults;
};

static void *work(void *p)
{
    struct crew *c = p;
    struct cx *cx = test_cx_again(c->cx);
    for (int i = 0; i < ROUNDS; i++) {
        struct job j = {.id = c->number * ROUNDS + i + 1, .kind = (unsigned)(i * 7 + c->number) % KINDS};
        struct arena_mark mark = arena_mark(cx->arena);
        struct q_test_get row;
        enum err e = db_write(cx, do_job, &j);
        struct str own = str_fmt(cx->arena, "on purpose %lld", (long long)j.id);
        if (e != expected[j.kind] || (e == ERR_CONFLICT && !str_eq(cx->fail.detail, own)))
            c->faults++;
        if (q_test_get(cx, j.id, &row) !=
            (e ? ERR_NOT_FOUND : ERR_OK)) /* what was acknowledged is there, nothing else is */
            c->faults++;
        arena_reset(cx->arena, mark);
    }
    test_cx_free(cx);
    return NULL;
}

static enum err start_counter(struct cx *cx, void *ctx)
{
    (void)ctx;
    return q_test_counter_start(cx);
}

static void each_gets_its_own_result(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    pthread_t threads[THREADS];
    struct crew crews[THREADS];
    (void)state;
    assert_ok(cx, db_write(cx, start_counter, NULL));
    for (int i = 0; i < THREADS; i++) {
        crews[i] = (struct crew){.cx = cx, .number = i};
        pthread_create(&threads[i], NULL, work, &crews[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(crews[i].faults, 0);
    }
    assert_int_equal(count(cx), THREADS * ROUNDS / KINDS);
    struct db_stats stats = db_stats(cx->db);
    assert_int_equal(stats.waiting_writers, 0);
    assert_true(stats.writes >= THREADS * ROUNDS);
    test_cx_free(cx);
}

/* ---- numbers without gaps ---- */
static enum err next_number(struct cx *cx, void *ctx)
{
    struct q_test_counter_next row;
    enum err e = q_test_counter_next(cx, &row);
    if (!e)
        *(int64_t *)ctx = row.n;
    return e;
}

static void *take_numbers(void *p)
{
    struct crew *c = p;
    struct cx *cx = test_cx_again(c->cx);
    int64_t last = 0, n = 0;
    for (int i = 0; i < ROUNDS; i++) {
        if (db_write(cx, next_number, &n) || n <= last)
            c->faults++;
        last = n;
    }
    test_cx_free(cx);
    return NULL;
}

static void numbers_have_no_gaps(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    pthread_t threads[THREADS];
    struct crew crew = {.cx = cx};
    int64_t n;
    (void)state;
    assert_ok(cx, db_write(cx, start_counter, NULL));
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, take_numbers, &crew);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(crew.faults, 0);
    assert_ok(cx, db_write(cx, next_number, &n));
    assert_int_equal(n, THREADS * ROUNDS + 1);
    test_cx_free(cx);
}

/* Many share one commit: the first writer holds the gate until the others wait. */
struct herd {
    const struct cx *cx;
    atomic_int entered;
    int64_t id;
};

static enum err hold_the_gate(struct cx *cx, void *ctx)
{
    struct herd *h = ctx;
    h->entered = 1;
    for (int i = 0; i < 2000 && db_stats(cx->db).waiting_writers < THREADS; i++)
        usleep(1000);
    return ERR_OK;
}

static void *one_of_the_herd(void *p)
{
    struct herd *h = p;
    struct cx *cx = test_cx_again(h->cx);
    db_write(cx, add_id, &h->id);
    test_cx_free(cx);
    return NULL;
}

static void *holder(void *p)
{
    struct herd *h = p;
    struct cx *cx = test_cx_again(h->cx);
    db_write(cx, hold_the_gate, h);
    test_cx_free(cx);
    return NULL;
}

static void waiting_writers_share_a_commit(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    pthread_t threads[THREADS];
    struct herd herd[THREADS];
    (void)state;
    if (!db_is_postgres(cx)) {
        herd[0] = (struct herd){.cx = cx};
        pthread_create(&threads[0], NULL, holder, &herd[0]);
        while (!herd[0].entered)
            usleep(1000);
        int64_t before = db_stats(cx->db).commits;
        for (int i = 1; i < THREADS; i++) {
            herd[i] = (struct herd){.cx = cx, .id = i};
            pthread_create(&threads[i], NULL, one_of_the_herd, &herd[i]);
        }
        for (int i = 0; i < THREADS; i++)
            pthread_join(threads[i], NULL);
        assert_int_equal(count(cx), THREADS - 1);
        assert_in_range(db_stats(cx->db).commits - before, 1, 2);
    }
    test_cx_free(cx);
}

/* ---- nesting ---- */
static enum err nest(struct cx *cx, void *ctx)
{
    int64_t one = 1, two = 2;
    (void)ctx;
    enum err e = db_write(cx, add_id, &one);
    if (e)
        return e;
    if (db_write(cx, add_id, &one) != ERR_DUPLICATE) /* borne: a savepoint */
        return fail(cx, ERR_INTERNAL, "no duplicate");
    if (db_write(cx, do_job, &(struct job){3, CHANGES_ITS_MIND}) != ERR_CONFLICT)
        return fail(cx, ERR_INTERNAL, "no conflict");
    return db_read(cx, add_id, &two); /* a read in a write runs in place */
}

static enum err swallow(struct cx *cx, void *ctx)
{
    (void)ctx;
    add(cx, 10);
    add(cx, 10);
    struct q_test_count c;
    if (q_test_count(cx, &c) != ERR_DUPLICATE)
        return fail(cx, ERR_INTERNAL, "the transaction went on after a fault");
    return ERR_OK;
}

static void savepoints_bear_a_failure(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    (void)state;
    assert_ok(cx, db_write(cx, nest, NULL));
    assert_int_equal(count(cx), 2);
    assert_err(cx, db_write(cx, swallow, NULL), ERR_DUPLICATE);
    assert_int_equal(count(cx), 2);
    test_cx_free(cx);
}

/* ---- the arena ---- */
struct reruns {
    int runs;
    size_t used;
    bool same;
};

static enum err count_runs(struct cx *cx, void *ctx)
{
    struct reruns *r = ctx;
    size_t used = arena_used(cx->arena);
    r->same = r->runs == 0 || used == r->used;
    r->used = used;
    r->runs++;
    arena_alloc(cx->arena, 5000);
    return add(cx, 1);
}

static void a_rerun_begins_with_the_arena_as_it_was(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct reruns r = {0};
    (void)state;
    assert_ok(cx, db_write(cx, count_runs, &r));
    assert_int_equal(r.runs, 2);
    assert_true(r.same);
    assert_int_equal(count(cx), 1);
    test_cx_free(cx);
}

static enum err overflow_reading(struct cx *cx, void *ctx)
{
    struct q_test_long *rows;
    size_t n;
    (void)ctx;
    while (q_test_long(cx, &rows, &n) == ERR_OK)
        ;
    return ERR_OK;
}

static void read_too_much(void *p)
{
    struct cx *cx = p;
    db_read(cx, overflow_reading, NULL);
}

static void read_too_much_at_once(void *p)
{
    struct q_test_long *rows;
    size_t n;
    while (q_test_long(p, &rows, &n) == ERR_OK)
        ;
}

static void an_overflow_gives_the_connection_back(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    (void)state;
    struct arena_mark mark = arena_mark(cx->arena);
    for (int i = 0; i < 6; i++) { /* there are four connections */
        assert_false(arena_try(cx->arena, i & 1 ? read_too_much : read_too_much_at_once, cx));
        arena_reset(cx->arena, mark);
        assert_null(cx->conn);
    }
    assert_int_equal(count(cx), 0);
    int64_t id = 1;
    assert_err(cx, db_write(cx, do_job, &(struct job){5, OVERFLOWS}), ERR_TOO_LARGE);
    assert_ok(cx, db_write(cx, add_id, &id));
    assert_int_equal(count(cx), 1);
    test_cx_free(cx);
}

static enum err add_more_than_fits(struct cx *cx, void *ctx)
{
    const struct str *note = ctx;
    struct q_test_add_long row;
    return q_test_add_long(cx, 1, *note, hash_of(S("1")), &row);
}

/* The very first statement, whose answer does not fit: it has been done, and must be undone all the same. */
static void an_overflow_of_the_first_answer_undoes_it(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    int64_t id = 2;
    (void)state;
    char *p = arena_alloc(cx->arena, 24 << 20);
    memset(p, 'x', 24 << 20);
    struct str note = str_make(p, 24 << 20);
    assert_err(cx, db_write(cx, add_more_than_fits, &note), ERR_TOO_LARGE);
    assert_ok(cx, db_write(cx, add_id, &id)); /* on the same connection */
    assert_int_equal(count(cx), 1);
    test_cx_free(cx);
}

/* ---- snapshots ---- */
static void *write_one(void *p)
{
    struct herd *h = p;
    return one_of_the_herd(h);
}

static enum err read_twice(struct cx *cx, void *ctx)
{
    pthread_t t;
    struct q_test_count before, after;
    enum err e = q_test_count(cx, &before);
    pthread_create(&t, NULL, write_one, ctx);
    pthread_join(t, NULL);
    if (!e)
        e = q_test_count(cx, &after);
    return e ? e : before.n == after.n ? ERR_OK : fail(cx, ERR_INTERNAL, "the snapshot moved");
}

static void a_read_sees_one_moment(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    (void)state;
    assert_ok(cx, db_read(cx, read_twice, &(struct herd){.cx = cx, .id = 1}));
    assert_int_equal(count(cx), 1);
    test_cx_free(cx);
}

/* ---- faults ---- */
static enum err dangling(struct cx *cx, void *ctx)
{
    enum err e = *(const bool *)ctx ? q_test_defer(cx) : ERR_OK;
    return e ? e : q_test_part_add(cx, 1, 4711, 1);
}

static void a_failing_commit_keeps_nothing(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    int64_t id = 1;
    (void)state;
    assert_err(cx, db_write(cx, dangling, &(bool){false}), ERR_CONFLICT);
    if (!db_is_postgres(cx)) {
        assert_err(cx, db_write(cx, dangling, &(bool){true}), ERR_CONFLICT);
        assert_int_equal(db_stats(cx->db).failed_commits, 1);
        assert_true(str_starts(cx->fail.detail, S("commit: ")));
    }
    assert_ok(cx, db_write(cx, add_id, &id));
    assert_int_equal(count(cx), 1);
    test_cx_free(cx);
}

static enum err fill_the_disk(struct cx *cx, void *ctx)
{
    (void)ctx;
    enum err e = q_test_full(cx);
    for (int64_t id = 1; !e && id < 2000; id++)
        e = add(cx, id);
    return e;
}

static enum err make_room(struct cx *cx, void *ctx)
{
    (void)ctx;
    return q_test_not_full(cx);
}

static void a_full_disk_is_said_and_borne(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    int64_t id = 1;
    (void)state;
    if (!db_is_postgres(cx)) {
        assert_err(cx, db_write(cx, fill_the_disk, NULL), ERR_NO_SPACE);
        assert_int_equal(count(cx), 0);
        assert_ok(cx, db_write(cx, make_room, NULL));
    }
    assert_ok(cx, db_write(cx, add_id, &id));
    test_cx_free(cx);
}

struct hang_up {
    int runs;
    int times; /* that the connection is lost */
    int64_t id;
};

static enum err hang_up(struct cx *cx, void *ctx)
{
    struct hang_up *h = ctx;
    enum err e = add(cx, h->id);
    if (!e && h->runs++ < h->times)
        e = q_test_hang_up(cx);
    return e;
}

static enum err hang_up_reading(struct cx *cx, void *ctx)
{
    (void)ctx;
    return q_test_hang_up(cx);
}

static void a_lost_connection_comes_back(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    (void)state;
    if (db_is_postgres(cx)) {
        assert_ok(cx, db_write(cx, hang_up, &(struct hang_up){.times = 3, .id = 1}));
        assert_int_equal(count(cx), 1);
        for (int i = 0; i < 8; i++) {
            assert_err(cx, db_read(cx, hang_up_reading, NULL), ERR_AWAY);
            assert_true(str_find(cx->fail.detail, S("was lost"), 0) < cx->fail.detail.n);
            assert_int_equal(count(cx), 1);
        }
        assert_err(cx, db_write(cx, hang_up, &(struct hang_up){.times = 100, .id = 2}), ERR_AWAY);
    }
    test_cx_free(cx);
}

struct crossing {
    const struct cx *cx;
    int64_t first, second;
    pthread_barrier_t *barrier;
    int runs;
    enum err e;
};

static enum err cross(struct cx *cx, void *ctx)
{
    struct crossing *c = ctx;
    int run = c->runs++;
    if (run == 0 && db_is_postgres(cx)) /* the rehearsal: in it, one would wait for the other, who waits here */
        return ERR_OK;
    struct q_test_count counted;
    enum err e = q_test_touch(cx, c->first, S("first"));
    if (!e)
        e = q_test_count(cx, &counted); /* its answer says that the first has been written as well */
    if (!e && run == 1 && db_is_postgres(cx))
        pthread_barrier_wait(c->barrier);
    return e ? e : q_test_touch(cx, c->second, S("second"));
}

static void *cross_thread(void *p)
{
    struct crossing *c = p;
    struct cx *cx = test_cx_again(c->cx);
    c->e = db_write(cx, cross, c);
    test_cx_free(cx);
    return NULL;
}

static void a_deadlock_is_run_again(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    pthread_barrier_t barrier;
    pthread_t t;
    (void)state;
    pthread_barrier_init(&barrier, NULL, 2);
    for (int64_t id = 1; id <= 2; id++)
        assert_ok(cx, db_write(cx, add_id, &id));
    struct crossing one = {.cx = cx, .first = 1, .second = 2, .barrier = &barrier};
    struct crossing two = {.cx = cx, .first = 2, .second = 1, .barrier = &barrier};
    int64_t reruns = db_stats(cx->db).reruns;
    pthread_create(&t, NULL, cross_thread, &one);
    cross_thread(&two);
    pthread_join(t, NULL);
    assert_int_equal(one.e, ERR_OK);
    assert_int_equal(two.e, ERR_OK);
    if (db_is_postgres(cx))
        assert_true(db_stats(cx->db).reruns > reruns);
    pthread_barrier_destroy(&barrier);
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_gets_its_own_result),
        cmocka_unit_test(numbers_have_no_gaps),
        cmocka_unit_test(waiting_writers_share_a_commit),
        cmocka_unit_test(savepoints_bear_a_failure),
        cmocka_unit_test(a_rerun_begins_with_the_arena_as_it_was),
        cmocka_unit_test(an_overflow_gives_the_connection_back),
        cmocka_unit_test(an_overflow_of_the_first_answer_undoes_it),
        cmocka_unit_test(a_read_sees_one_moment),
        cmocka_unit_test(a_failing_commit_keeps_nothing),
        cmocka_unit_test(a_full_disk_is_said_and_borne),
        cmocka_unit_test(a_lost_connection_comes_back),
        cmocka_unit_test(a_deadlock_is_run_again),
    };
    return test_each_engine("gate", tests);
}
