#include "support.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "db/db.h"
#include "db/engine.h"
#include "jobs/jobs.h"

extern const struct db_migrations migrations_jobs;
static const struct db_migrations *const modules[] = {&migrations_jobs};

/* What the handlers below were asked to do and have done. */
static struct {
    atomic_int runs, dead, at_once, most_at_once;
    enum err answer;
    char payload[64];
    int sleep_ms;
} seen;

static enum err work(struct cx *cx, struct job *job)
{
    int now = ++seen.at_once;
    if (now > seen.most_at_once)
        seen.most_at_once = now;
    seen.runs++;
    snprintf(seen.payload, sizeof seen.payload, "%.*s", STR_ARG(job->payload));
    if (seen.sleep_ms)
        nanosleep(&(struct timespec){0, seen.sleep_ms * 1000000L}, NULL);
    seen.at_once--;
    return seen.answer ? fail(cx, seen.answer, "asked to fail") : ERR_OK;
}

/* Goes on until it may not, or has enough. */
static atomic_bool enough;

static enum err patient(struct cx *cx, struct job *job)
{
    enum err e = ERR_OK;
    (void)job;
    while (!e && !enough) {
        seen.runs++;
        nanosleep(&(struct timespec){0, 1000000}, NULL);
        e = cx_go_on(cx);
    }
    return e;
}

static enum err count_dead(struct cx *cx, struct job *job)
{
    (void)cx, (void)job;
    seen.dead++;
    return ERR_OK;
}

static enum err greedy(struct cx *cx, struct job *job)
{
    (void)job;
    for (;;)
        arena_alloc(cx->arena, 1 << 16);
    return ERR_OK;
}

/* As long as a few bytes are left. */
static enum err nibbling(struct cx *cx, struct job *job)
{
    (void)job;
    for (;;)
        arena_alloc(cx->arena, 8);
    return ERR_OK;
}

static enum err complete_in_vain(struct cx *cx, void *ctx)
{
    enum err e = job_complete(cx, ctx);
    return e ? e : fail(cx, ERR_INVALID, "undone");
}

/* Its transaction was undone when it ran first; when it ran again what it is about had gone. */
static enum err undone(struct cx *cx, struct job *job)
{
    assert_err(cx, db_write(cx, complete_in_vain, job), ERR_INVALID);
    return fail(cx, ERR_GONE, "erased meanwhile");
}

static const struct job_kind kinds[] = {
    {.name = "work", .fn = work, .max_attempts = 3, .dead = count_dead},
    {.name = "one", .fn = work, .max_parallel = 1},
    {.name = "gentle", .fn = work, .max_parallel = 1, .gentle = true},
    {.name = "greedy", .fn = greedy, .max_attempts = 1},
    {.name = "nibbling", .fn = nibbling, .max_attempts = 1},
    {.name = "undone", .fn = undone},
    {.name = "patient", .fn = patient, .max_attempts = 2, .dead = count_dead},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static struct jobs *jobs_of(struct cx *cx)
{
    struct jobs *jobs;
    memset(&seen, 0, sizeof seen);
    assert_ok(
        cx, jobs_new(cx, &(struct jobs_config){.kinds = kinds, .n_kinds = KINDS, .workers = 4, .arena_bytes = 1 << 20},
                     &jobs));
    int64_t runs;
    assert_ok(cx, jobs_run_due(jobs, cx->now_us, &runs)); /* its own schedule */
    seen.runs = 0;
    return jobs;
}

struct add {
    const char *kind, *key, *payload;
    int64_t run_at_us;
    enum err end;
};

static enum err add(struct cx *cx, void *ctx)
{
    const struct add *a = ctx;
    enum err e = job_add(cx, &(struct job_new){.kind = str_of(a->kind),
                                               .key = str_of(a->key),
                                               .payload = str_of(a->payload),
                                               .run_at_us = a->run_at_us});
    return e ? e : a->end ? fail(cx, a->end, "on purpose") : ERR_OK;
}

static int64_t run_due(struct cx *cx, struct jobs *jobs, int64_t at_us)
{
    int64_t runs;
    assert_ok(cx, jobs_run_due(jobs, at_us, &runs));
    return runs;
}

static struct job_row job(struct cx *cx, const char *kind, const char *key)
{
    struct job_row row = {0};
    assert_ok(cx, job_find(cx, str_of(kind), str_of(key), &row));
    return row;
}

static void runs_once_with_its_payload(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct jobs *jobs = jobs_of(cx);
    (void)state;
    assert_ok(cx, db_write(cx, add, &(struct add){"work", "a", "{\"id\":7}", 0, ERR_OK}));
    assert_ok(cx, db_write(cx, add, &(struct add){"work", "a", "{\"id\":8}", 0, ERR_OK})); /* known: no second job */
    assert_int_equal(run_due(cx, jobs, cx->now_us), 1);
    assert_string_equal(seen.payload, "{\"id\":7}");
    assert_int_equal(job(cx, "work", "a").state, JOB_DONE);
    assert_ok(cx, db_write(cx, add, &(struct add){"work", "a", "{\"id\":9}", 0, ERR_OK})); /* nor after its end */
    assert_int_equal(run_due(cx, jobs, cx->now_us + HOUR_US), 0);
    jobs_free(jobs);
    test_cx_free(cx);
}

static void exists_only_when_its_cause_does(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct jobs *jobs = jobs_of(cx);
    (void)state;
    assert_err(cx, db_write(cx, add, &(struct add){"work", "a", "", 0, ERR_CONFLICT}), ERR_CONFLICT);
    assert_int_equal(run_due(cx, jobs, cx->now_us), 0);
    jobs_free(jobs);
    test_cx_free(cx);
}

static void waits_for_its_time(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct jobs *jobs = jobs_of(cx);
    (void)state;
    assert_ok(cx, db_write(cx, add, &(struct add){"work", "later", "", cx->now_us + MINUTE_US, ERR_OK}));
    assert_int_equal(run_due(cx, jobs, cx->now_us + MINUTE_US - 1), 0);
    assert_int_equal(run_due(cx, jobs, cx->now_us + MINUTE_US), 1);
    jobs_free(jobs);
    test_cx_free(cx);
}

static void tries_again_ever_later_then_gives_up(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct jobs *jobs = jobs_of(cx);
    (void)state;
    seen.answer = ERR_UPSTREAM;
    assert_ok(cx, db_write(cx, add, &(struct add){"work", "a", "p", 0, ERR_OK}));
    assert_int_equal(run_due(cx, jobs, cx->now_us), 1);
    struct job_row row = job(cx, "work", "a");
    assert_int_equal(row.state, JOB_WAITING);
    assert_str(row.error, "UPSTREAM: asked to fail");
    int64_t pause = row.due_us - cx->now_us;
    assert_true(pause >= 5 * SECOND_US * 3 / 4 && pause <= 5 * SECOND_US * 5 / 4);
    assert_int_equal(run_due(cx, jobs, row.due_us - 1), 0);
    assert_int_equal(run_due(cx, jobs, row.due_us), 1);
    assert_true(job(cx, "work", "a").due_us - row.due_us >= 10 * SECOND_US * 3 / 4);
    assert_int_equal(seen.dead, 0);
    assert_int_equal(run_due(cx, jobs, cx->now_us + HOUR_US), 1);
    assert_int_equal(job(cx, "work", "a").state, JOB_DEAD);
    assert_true(seen.dead >= 1); /* the rehearsal of the test database calls it once more */
    assert_int_equal(run_due(cx, jobs, cx->now_us + 10 * HOUR_US), 0);
    struct job_row *dead;
    size_t n;
    assert_ok(cx, jobs_list_dead(cx, 10, &dead, &n));
    assert_int_equal(n, 1);
    seen.answer = ERR_OK;
    assert_ok(cx, job_retry(cx, dead[0].id));
    assert_int_equal(run_due(cx, jobs, cx->now_us), 1);
    assert_string_equal(seen.payload, "p");
    assert_int_equal(job(cx, "work", "a").state, JOB_DONE);
    assert_err(cx, job_retry(cx, dead[0].id), ERR_CONFLICT);
    jobs_free(jobs);
    test_cx_free(cx);
}

static void some_failures_end_it(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct jobs *jobs = jobs_of(cx);
    (void)state;
    seen.answer = ERR_LAW;
    assert_ok(cx, db_write(cx, add, &(struct add){"work", "law", "", 0, ERR_OK}));
    run_due(cx, jobs, cx->now_us);
    assert_int_equal(job(cx, "work", "law").state, JOB_DEAD);
    seen.answer = ERR_GONE;
    assert_ok(cx, db_write(cx, add, &(struct add){"work", "gone", "", 0, ERR_OK}));
    run_due(cx, jobs, cx->now_us);
    assert_int_equal(job(cx, "work", "gone").state, JOB_DONE);
    assert_ok(cx, db_write(cx, add, &(struct add){"greedy", "g", "", 0, ERR_OK}));
    run_due(cx, jobs, cx->now_us);
    assert_int_equal(job(cx, "greedy", "g").state, JOB_DEAD);
    assert_ok(cx, db_write(cx, add, &(struct add){"nibbling", "n", "", 0, ERR_OK}));
    run_due(cx, jobs, cx->now_us);
    assert_int_equal(job(cx, "nibbling", "n").state, JOB_DEAD);
    assert_ok(cx, db_write(cx, add, &(struct add){"undone", "u", "", 0, ERR_OK}));
    run_due(cx, jobs, cx->now_us);
    assert_int_equal(job(cx, "undone", "u").state, JOB_DONE);
    jobs_free(jobs);
    test_cx_free(cx);
}

/* A process is killed while it runs a job: another takes it when the lease is over, and the dead one's end does not
 * count. */
struct stolen {
    struct jobs *jobs;
    int64_t later_us;
    enum err complete;
};
static struct stolen stolen;

static enum err complete(struct cx *cx, void *ctx)
{
    return job_complete(cx, ctx);
}

static struct job *first_run;

static enum err slow(struct cx *cx, struct job *j)
{
    if (j->attempt == 1) {
        int64_t runs;
        first_run = j;
        jobs_run_due(stolen.jobs, stolen.later_us, &runs); /* meanwhile, 6 minutes later, in another process */
        return fail(cx, ERR_UPSTREAM, "this run is over long ago; nor may its failure count");
    }
    stolen.complete = db_write(cx, complete, first_run); /* while the second runs */
    return db_write(cx, complete, j);
}

static void a_killed_run_happens_again(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    static const struct job_kind slow_kind = {.name = "slow", .fn = slow};
    (void)state;
    assert_ok(cx, jobs_new(cx, &(struct jobs_config){.kinds = &slow_kind, .n_kinds = 1}, &stolen.jobs));
    run_due(cx, stolen.jobs, cx->now_us);
    stolen.later_us = cx->now_us + 6 * MINUTE_US;
    assert_ok(cx, db_write(cx, add, &(struct add){"slow", "a", "", 0, ERR_OK}));
    run_due(cx, stolen.jobs, cx->now_us);
    assert_int_equal(stolen.complete, ERR_CONFLICT);
    struct job_row row = job(cx, "slow", "a");
    assert_int_equal(row.state, JOB_DONE);
    assert_int_equal(row.attempts, 2);
    jobs_free(stolen.jobs);
    test_cx_free(cx);
}

static enum err cancel(struct cx *cx, void *ctx)
{
    return job_cancel(cx, S("work"), str_of(ctx));
}

static void can_be_taken_back_before_it_begins(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct jobs *jobs = jobs_of(cx);
    (void)state;
    assert_ok(cx, db_write(cx, add, &(struct add){"work", "a", "", cx->now_us + HOUR_US, ERR_OK}));
    assert_ok(cx, db_write(cx, cancel, "a"));
    assert_ok(cx, db_write(cx, cancel, "never there"));
    assert_int_equal(run_due(cx, jobs, cx->now_us + 10 * HOUR_US), 0);
    assert_ok(cx, db_write(cx, add, &(struct add){"work", "a", "", 0, ERR_OK}));
    run_due(cx, jobs, cx->now_us);
    assert_err(cx, db_write(cx, cancel, "a"), ERR_CONFLICT);
    jobs_free(jobs);
    test_cx_free(cx);
}

static void a_schedule_runs_once_in_two_processes(void **state)
{
    struct cx *cx = test_cx_db(modules, 1), *other = test_cx_again(cx);
    static const struct job_schedule hourly = {"work", 3600};
    struct jobs_config config = {.kinds = kinds, .n_kinds = KINDS, .schedules = &hourly, .n_schedules = 1};
    struct jobs *a, *b;
    (void)state;
    memset(&seen, 0, sizeof seen);
    assert_ok(cx, jobs_new(cx, &config, &a));
    assert_ok(other, jobs_new(other, &config, &b));
    run_due(cx, a, cx->now_us);
    run_due(cx, b, cx->now_us);
    assert_int_equal(seen.runs, 0); /* due at the next full hour */
    for (int hour = 1; hour <= 3; hour++) {
        run_due(cx, a, cx->now_us + hour * HOUR_US);
        run_due(cx, b, cx->now_us + hour * HOUR_US);
        assert_int_equal(seen.runs, hour);
    }
    run_due(cx, a, cx->now_us + 10 * HOUR_US); /* after a stop of some hours: once, not for each hour missed */
    run_due(cx, b, cx->now_us + 10 * HOUR_US);
    assert_int_equal(seen.runs, 4);
    jobs_free(a);
    jobs_free(b);
    test_cx_free(other);
    test_cx_free(cx);
}

/* From now on, or no longer, nothing can be written to a table. */
static enum err shut(struct cx *cx, void *ctx)
{
    const char *table = ctx;
    const char *sql = db_is_postgres(cx)
                          ? "CREATE FUNCTION shut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'shut'; END $$; "
                            "CREATE TRIGGER shut BEFORE UPDATE ON %s EXECUTE FUNCTION shut()"
                          : "CREATE TRIGGER shut BEFORE UPDATE ON %s BEGIN SELECT RAISE(ABORT, 'shut'); END";
    return cx->conn->db->engine->script(cx->conn, str_fmt(cx->arena, sql, table).p, "shutting");
}

static enum err open_again(struct cx *cx, void *ctx)
{
    const char *sql = db_is_postgres(cx) ? "DROP TRIGGER shut ON %s; DROP FUNCTION shut" : "DROP TRIGGER shut";
    return cx->conn->db->engine->script(cx->conn, str_fmt(cx->arena, sql, (const char *)ctx).p, "opening");
}

static void a_schedule_that_could_not_be_written_comes_soon(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    static const struct job_schedule daily = {"work", 86400};
    struct jobs *jobs;
    (void)state;
    memset(&seen, 0, sizeof seen);
    assert_ok(
        cx, jobs_new(cx, &(struct jobs_config){.kinds = kinds, .n_kinds = KINDS, .schedules = &daily, .n_schedules = 1},
                     &jobs));
    run_due(cx, jobs, cx->now_us);
    assert_ok(cx, db_write(cx, shut, "job_schedule"));
    run_due(cx, jobs, cx->now_us + DAY_US);
    assert_int_equal(seen.runs, 0);
    assert_ok(cx, db_write(cx, open_again, "job_schedule"));
    run_due(cx, jobs, cx->now_us + DAY_US + 2 * MINUTE_US);
    assert_int_equal(seen.runs, 1);
    jobs_free(jobs);
    test_cx_free(cx);
}

/* Lines with these words that were written to standard error into this file. */
static int lines_with(FILE *f, const char *words)
{
    char line[1024];
    int n = 0;
    rewind(f);
    while (fgets(line, sizeof line, f))
        n += strstr(line, words) != NULL;
    return n;
}

/* A full disk: that a job is due can still be read, and each worker would try for ever. */
static void what_cannot_be_claimed_rests(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct jobs *jobs;
    FILE *said = tmpfile();
    int err = dup(STDERR_FILENO);
    (void)state;
    memset(&seen, 0, sizeof seen);
    assert_ok(cx, jobs_new(cx, &(struct jobs_config){.kinds = kinds, .n_kinds = KINDS, .workers = 4}, &jobs));
    cx->now_us = time_now_us();
    assert_ok(cx, db_write(cx, add, &(struct add){"work", "a", "", 0, ERR_OK}));
    assert_ok(cx, db_write(cx, shut, "job"));
    log_set_level(LOG_ERROR);
    dup2(fileno(said), STDERR_FILENO);
    assert_ok(cx, jobs_start(jobs));
    nanosleep(&(struct timespec){0, 400000000}, NULL);
    jobs_stop(jobs);
    dup2(err, STDERR_FILENO);
    close(err);
    log_set_level(LOG_ERROR + 1);
    int n = lines_with(said, "kind=work error=\"job_claim");
    fclose(said);
    assert_true(n >= 1 && n <= 4);
    assert_ok(cx, db_write(cx, open_again, "job"));
    run_due(cx, jobs, cx->now_us);
    assert_int_equal(seen.runs, 1);
    jobs_free(jobs);
    test_cx_free(cx);
}

static bool wait_for(int runs, int ms)
{
    for (; ms > 0 && seen.runs < runs; ms -= 2)
        nanosleep(&(struct timespec){0, 2000000}, NULL);
    return seen.runs >= runs;
}

static void workers_wake_and_stop(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct jobs *jobs = jobs_of(cx);
    (void)state;
    cx->now_us = time_now_us();
    assert_ok(cx, jobs_start(jobs));
    nanosleep(&(struct timespec){0, 100000000}, NULL); /* they sleep now; without a wake-up for 5 s */
    for (int i = 0; i < 20; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i);
        assert_ok(cx, db_write(cx, add, &(struct add){"work", key, "", 0, ERR_OK}));
    }
    assert_true(wait_for(20, 2000));
    seen.sleep_ms = 20;
    for (int i = 0; i < 6; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i);
        assert_ok(cx, db_write(cx, add, &(struct add){"one", key, "", 0, ERR_OK}));
    }
    seen.most_at_once = 0;
    assert_true(wait_for(26, 2000));
    assert_true(seen.most_at_once <= 1); /* max_parallel */
    assert_ok(cx, db_write(cx, add, &(struct add){"work", "last", "", 0, ERR_OK}));
    assert_true(wait_for(27, 2000));
    jobs_stop(jobs); /* lets it end */
    assert_int_equal(job(cx, "work", "last").state, JOB_DONE);
    assert_int_equal(seen.runs, 27);
    struct jobs_numbers n;
    assert_ok(cx, jobs_numbers(cx, &n));
    assert_int_equal(n.waiting + n.running + n.dead, 0);
    jobs_free(jobs);
    test_cx_free(cx);
}

/* The process ends in the middle of it, again and again: no try is lost, and then it comes to its end. */
static void a_long_job_stops_and_goes_on(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct jobs *jobs = jobs_of(cx);
    struct job_row row;
    (void)state;
    enough = false;
    cx->now_us = time_now_us();
    assert_ok(cx, db_write(cx, add, &(struct add){"patient", "p", "stays", 0, ERR_OK}));
    for (int i = 0; i < 3; i++) { /* more often than it may try */
        seen.runs = 0;
        jobs_free(jobs);
        assert_ok(cx, jobs_new(cx, &(struct jobs_config){.kinds = kinds, .n_kinds = KINDS, .workers = 2}, &jobs));
        assert_ok(cx, jobs_start(jobs));
        assert_true(wait_for(5, 10000));
        jobs_stop_soon(jobs);
        jobs_stop(jobs);
        row = job(cx, "patient", "p");
        assert_int_equal(row.state, JOB_WAITING);
        assert_int_equal(row.attempts, 0);
        assert_true(row.due_us <= time_now_us());
        assert_true(str_empty(row.error));
    }
    enough = true;
    assert_int_equal(run_due(cx, jobs, time_now_us()), 1);
    row = job(cx, "patient", "p");
    assert_int_equal(row.state, JOB_DONE);
    assert_int_equal(row.attempts, 1);
    assert_int_equal(seen.dead, 0);
    jobs_free(jobs);
    test_cx_free(cx);
}

/* Ten runs of 20 ms with their rests take 800 ms, whoever else is idle. */
static void a_gentle_kind_leaves_room(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct jobs *jobs = jobs_of(cx);
    (void)state;
    cx->now_us = time_now_us();
    seen.sleep_ms = 20;
    for (int i = 0; i < 10; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i);
        assert_ok(cx, db_write(cx, add, &(struct add){"gentle", key, "", 0, ERR_OK}));
    }
    struct jobs *fresh;
    jobs_free(jobs); /* jobs_of has let it hurry */
    assert_ok(cx, jobs_new(cx, &(struct jobs_config){.kinds = kinds, .n_kinds = KINDS, .workers = 4}, &fresh));
    int64_t began_us = time_tick_us();
    assert_ok(cx, jobs_start(fresh));
    assert_true(wait_for(10, 20000));
    assert_true(time_tick_us() - began_us >= 9 * 80000);
    jobs_free(fresh);
    test_cx_free(cx);
}

static void two_processes_share_the_work(void **state)
{
    struct cx *cx = test_cx_db(modules, 1), *other = test_cx_again(cx);
    struct jobs *a = jobs_of(cx), *b;
    (void)state;
    assert_ok(other,
              jobs_new(other, &(struct jobs_config){.kinds = kinds, .n_kinds = KINDS, .workers = 4, .poll_s = 1}, &b));
    cx->now_us = time_now_us();
    for (int i = 0; i < 60; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i);
        assert_ok(cx, db_write(cx, add, &(struct add){"work", key, "", 0, ERR_OK}));
    }
    seen.sleep_ms = 1;
    assert_ok(cx, jobs_start(a));
    assert_ok(cx, jobs_start(b));
    assert_true(wait_for(60, 10000));
    jobs_stop(a);
    jobs_stop(b);
    assert_int_equal(seen.runs, 60); /* each once */
    jobs_free(a);
    jobs_free(b);
    test_cx_free(other);
    test_cx_free(cx);
}

static void forgets_what_is_long_done(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct jobs *jobs = jobs_of(cx);
    (void)state;
    assert_ok(cx, db_write(cx, add, &(struct add){"work", "old", "", 0, ERR_OK}));
    run_due(cx, jobs, cx->now_us);
    run_due(cx, jobs, cx->now_us + 29 * DAY_US);
    assert_int_equal(job(cx, "work", "old").state, JOB_DONE);
    run_due(cx, jobs, cx->now_us + 32 * DAY_US);
    struct job_row row;
    assert_err(cx, job_find(cx, S("work"), S("old"), &row), ERR_NOT_FOUND);
    jobs_free(jobs);
    test_cx_free(cx);
}

int main(void)
{
    log_set_level(LOG_ERROR + 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_once_with_its_payload),
        cmocka_unit_test(exists_only_when_its_cause_does),
        cmocka_unit_test(waits_for_its_time),
        cmocka_unit_test(tries_again_ever_later_then_gives_up),
        cmocka_unit_test(some_failures_end_it),
        cmocka_unit_test(a_killed_run_happens_again),
        cmocka_unit_test(can_be_taken_back_before_it_begins),
        cmocka_unit_test(a_schedule_runs_once_in_two_processes),
        cmocka_unit_test(a_schedule_that_could_not_be_written_comes_soon),
        cmocka_unit_test(what_cannot_be_claimed_rests),
        cmocka_unit_test(workers_wake_and_stop),
        cmocka_unit_test(a_long_job_stops_and_goes_on),
        cmocka_unit_test(a_gentle_kind_leaves_room),
        cmocka_unit_test(two_processes_share_the_work),
        cmocka_unit_test(forgets_what_is_long_done),
    };
    return test_each_engine("jobs", tests);
}
