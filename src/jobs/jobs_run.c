/* The workers: claim, run, end; and the schedules. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auth/auth.h"
#include "codec/codec.h"
#include "jobs.h"
#include "jobs_store.h"

enum {
    WORKERS_MAX = 64,
    LEASE_S = 60,
    ATTEMPTS = 10,
    FIRST_PAUSE_S = 5,
    LONGEST_PAUSE_S = 3600,
    KEEP_DAYS = 30,
    SWEEP_ROWS = 1000,
    ERROR_MAX = 500, /* code points */
    REST_AFTER_FAULT_S = 5,
    SCHEDULE_AGAIN_S = 60,
    JOBS_MAGIC = 0x4a0b5
};

struct jobs {
    unsigned magic;
    struct cx base;
    const struct job_kind **kinds;
    size_t n_kinds;
    struct job_schedule *schedules;
    size_t n_schedules;
    int64_t *schedule_us; /* when each is to be looked at next; under the lock */
    int *running;         /* of each kind, here; under the lock */
    int64_t *rest_us;     /* of each kind, gentle or in vain: not before this tick; under the lock */
    bool hurry;           /* jobs_run_due: none rests */
    int workers, poll_s;
    size_t arena_bytes;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    uint64_t wakes; /* counts; a worker that saw an older number looks again before it sleeps */
    /* The last look, which serves all workers until somebody is woken; under `looking`, which is taken before `lock` */
    pthread_mutex_t looking;
    uint64_t looked;      /* the wakes it knows of */
    int64_t old_us;       /* not after this tick: other processes may have added something */
    int64_t *due_us;      /* when the next of each kind is due; INT64_MAX: none */
    size_t turn;          /* the kind to begin with, so that none starves */
    atomic_bool stopping; /* changed under the lock */
    int started;
    pthread_t threads[WORKERS_MAX];
};

/* ---- a kind and schedule of our own: forget jobs that ended well long ago ---- */

static enum err sweep_some(struct cx *cx, void *ctx)
{
    return q_job_sweep(cx, cx->now_us - KEEP_DAYS * DAY_US, SWEEP_ROWS, ctx);
}

static enum err sweep(struct cx *cx, struct job *job)
{
    int64_t n = SWEEP_ROWS;
    enum err e = ERR_OK;
    (void)job;
    while (!e && n == SWEEP_ROWS && !(e = cx_go_on(cx)))
        e = db_write(cx, sweep_some, &n);
    return e;
}

static const struct job_kind sweep_kind = {.name = "jobs_sweep", .fn = sweep};
static const struct job_schedule sweep_schedule = {"jobs_sweep", 24 * 3600};

/* ---- making ---- */

static int64_t next_time(const struct job_schedule *s, int64_t now_us)
{
    int64_t every = s->every_s * SECOND_US;
    return (now_us / every + 1) * every;
}

static enum err add_schedules(struct cx *cx, void *ctx)
{
    const struct jobs *jobs = ctx;
    enum err e = ERR_OK;
    for (size_t i = 0; i < jobs->n_schedules && !e; i++)
        e = q_job_schedule_add(cx, str_of(jobs->schedules[i].kind), next_time(&jobs->schedules[i], cx->now_us));
    return e;
}

enum err jobs_new(struct cx *base, const struct jobs_config *config, struct jobs **ret)
{
    struct jobs *jobs = calloc(1, sizeof *jobs);
    jobs->magic = JOBS_MAGIC;
    jobs->workers = config->workers ? config->workers : 2;
    assert(jobs->workers > 0 && jobs->workers <= WORKERS_MAX);
    jobs->poll_s = config->poll_s ? config->poll_s : 5;
    jobs->arena_bytes = config->arena_bytes ? config->arena_bytes : 64 << 20;
    jobs->n_kinds = config->n_kinds + 1;
    jobs->kinds = calloc(jobs->n_kinds, sizeof *jobs->kinds);
    jobs->running = calloc(jobs->n_kinds, sizeof *jobs->running);
    jobs->rest_us = calloc(jobs->n_kinds, sizeof *jobs->rest_us);
    jobs->due_us = calloc(jobs->n_kinds, sizeof *jobs->due_us);
    jobs->kinds[0] = &sweep_kind;
    for (size_t i = 0; i < config->n_kinds; i++)
        jobs->kinds[i + 1] = &config->kinds[i];
    jobs->n_schedules = config->n_schedules + 1;
    jobs->schedules = calloc(jobs->n_schedules, sizeof *jobs->schedules);
    jobs->schedule_us = calloc(jobs->n_schedules, sizeof *jobs->schedule_us);
    jobs->schedules[0] = sweep_schedule;
    for (size_t i = 0; i < config->n_schedules; i++)
        jobs->schedules[i + 1] = config->schedules[i];
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_mutex_init(&jobs->looking, NULL);
    pthread_cond_init(&jobs->woken, NULL);
    enum err e = db_write(base, add_schedules, jobs);
    if (e) {
        jobs_free(jobs);
        return e;
    }
    base->jobs = jobs;
    jobs->base = *base;
    *ret = jobs;
    return ERR_OK;
}

void jobs_free(struct jobs *jobs)
{
    if (!jobs)
        return;
    jobs_stop(jobs);
    pthread_cond_destroy(&jobs->woken);
    pthread_mutex_destroy(&jobs->lock);
    free(jobs->kinds);
    free(jobs->running);
    free(jobs->rest_us);
    free(jobs->due_us);
    free(jobs->schedules);
    free(jobs->schedule_us);
    free(jobs);
}

void jobs_wake(struct jobs *jobs)
{
    assert(jobs->magic == JOBS_MAGIC);
    pthread_mutex_lock(&jobs->lock);
    jobs->wakes++;
    pthread_cond_signal(&jobs->woken);
    pthread_mutex_unlock(&jobs->lock);
}

/* ---- one run ---- */

static int attempts_of(const struct job_kind *kind)
{
    return kind->max_attempts ? kind->max_attempts : ATTEMPTS;
}

struct run {
    struct cx *cx;
    const struct job_kind *kind;
    struct job job;
    enum err e;
    struct str error;
    int64_t due_us; /* ending: put off until; 0: dead */
    bool found;
};

static enum err claim(struct cx *cx, void *ctx)
{
    struct run *r = ctx;
    struct q_job_claim q;
    int lease_s = r->kind->lease_s ? r->kind->lease_s : LEASE_S;
    r->job = (struct job){.kind = str_of(r->kind->name), .claim = rand_id(), .max_attempts = attempts_of(r->kind)};
    enum err e =
        q_job_claim(cx, r->job.kind, cx->now_us, cx->now_us + lease_s * SECOND_US, r->job.claim, &q, &r->found);
    if (e || !r->found)
        return e;
    r->job.id = q.id;
    r->job.key = q.key;
    r->job.payload = q.payload;
    r->job.attempt = (int)q.attempts;
    return ERR_OK;
}

static void call(void *ctx)
{
    struct run *r = ctx;
    r->e = r->kind->fn(r->cx, &r->job);
}

static int64_t pause_us(int attempt)
{
    int64_t s = FIRST_PAUSE_S;
    for (int i = 1; i < attempt && s < LONGEST_PAUSE_S; i++)
        s *= 2;
    s = s < LONGEST_PAUSE_S ? s : LONGEST_PAUSE_S;
    uint16_t dice;
    rand_bytes(&dice, sizeof dice);
    return s * SECOND_US * 3 / 4 + s * SECOND_US * dice / 2 / UINT16_MAX; /* ± 25 % */
}

static enum err end(struct cx *cx, void *ctx)
{
    struct run *r = ctx;
    int64_t n;
    if (r->e == ERR_OK)
        return q_job_done(cx, r->job.id, r->job.claim, cx->now_us, &n);
    if (r->due_us)
        return q_job_put_off(cx, r->job.id, r->job.claim, r->due_us, r->error, &n);
    enum err e = q_job_dead(cx, r->job.id, r->job.claim, cx->now_us, r->error, &n);
    r->job.error = r->error;
    return e || !n || !r->kind->dead ? e : r->kind->dead(cx, &r->job);
}

/* As if the run had not been. */
static enum err step_back(struct cx *cx, void *ctx)
{
    const struct run *r = ctx;
    int64_t n;
    return q_job_step_back(cx, r->job.id, r->job.claim, cx->now_us, &n);
}

static bool cannot_help(enum err e)
{
    return e == ERR_INVALID || e == ERR_LAW || e == ERR_SYNTAX;
}

/* The run is over: done, later again, or dead. When this cannot be written the lease ends some time, and it runs again.
 */
static void conclude(struct run *r, bool within_arena)
{
    struct cx *cx = r->cx;
    if (!within_arena)
        r->e = fail(cx, ERR_TOO_LARGE, "the job reached the limit of its memory");
    if (r->e == ERR_OK && r->job.completed)
        return;
    if (r->e == ERR_GONE) /* also when a run of its transaction that was undone had completed it */
        r->e = ERR_OK;
    bool stopped = r->e == ERR_STOPPING;
    if (stopped) {
        log_line(cx, LOG_INFO, "job-stopped", "kind=%s key=%.*s", r->kind->name, STR_ARG(r->job.key));
    } else if (r->e) {
        bool last = r->job.attempt >= r->job.max_attempts || cannot_help(r->e);
        struct str detail = text_head(cx->fail.err == r->e ? cx->fail.detail : S(""), ERROR_MAX);
        r->error = str_fmt(cx->arena, "%s: %.*s", err_name(r->e), STR_ARG(detail));
        r->due_us = last ? 0 : cx->now_us + pause_us(r->job.attempt);
        log_line(cx, last ? LOG_ERROR : LOG_WARN, last ? "job-dead" : "job-failed",
                 "kind=%s key=%.*s attempt=%d error=\"%.*s\"", r->kind->name, STR_ARG(r->job.key), r->job.attempt,
                 STR_ARG(r->error));
    }
    enum err e = db_write(cx, stopped ? step_back : end, r);
    if (e)
        log_line(cx, LOG_ERROR, "job-not-ended", "kind=%s key=%.*s error=\"%s: %.*s\"", r->kind->name,
                 STR_ARG(r->job.key), err_name(e), STR_ARG(cx->fail.detail));
}

static void fresh_cx(const struct jobs *jobs, struct arena *arena, int64_t now_us, struct cx *cx)
{
    unsigned char id[8];
    *cx = jobs->base;
    cx->arena = arena;
    cx->now_us = now_us;
    cx->who = auth_system();
    cx->stopping = &jobs->stopping;
    rand_bytes(id, sizeof id);
    for (size_t i = 0; i < sizeof id; i++)
        snprintf(cx->request_id + 2 * i, 3, "%02x", id[i]);
}

enum claimed { CLAIMED_NONE, CLAIMED_ONE, CLAIM_FAILED /* the store is away, full or cannot be written */ };

/* Claim and run one job of this kind. */
static enum claimed run_one(struct jobs *jobs, const struct job_kind *kind, struct arena *arena, int64_t now_us)
{
    struct cx cx;
    fresh_cx(jobs, arena, now_us, &cx);
    struct run r = {.cx = &cx, .kind = kind};
    if (db_write(&cx, claim, &r)) {
        log_line(&cx, LOG_ERROR, "job-not-claimed", "kind=%s error=\"%.*s\"", kind->name, STR_ARG(cx.fail.detail));
        return CLAIM_FAILED;
    }
    if (!r.found)
        return CLAIMED_NONE;
    jobs_wake(jobs); /* where one was due there may be two */
    bool within_arena = true;
    struct arena_mark mark = arena_mark(arena);
    cx.fail = (struct fail){0};
    if (r.job.attempt > r.job.max_attempts) {
        r.job.attempt = r.job.max_attempts;
        r.e = fail(&cx, ERR_TIMEOUT, "the last run did not end: its process or its time was over");
    } else {
        within_arena = arena_try(arena, call, &r);
    }
    if (!within_arena) { /* nothing of it is needed to say so, and saying so needs a little */
        arena_reset(arena, mark);
        cx.fail = (struct fail){0};
    }
    conclude(&r, within_arena);
    return CLAIMED_ONE;
}

/* ---- which one ---- */

static struct str kind_names(struct cx *cx, const struct jobs *jobs)
{
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    json_begin_array(&o);
    for (size_t i = 0; i < jobs->n_kinds; i++)
        json_str(&o, str_of(jobs->kinds[i]->name));
    json_end(&o);
    return buf_str(&b);
}

static uint64_t wakes_of(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    uint64_t wakes = jobs->wakes;
    pthread_mutex_unlock(&jobs->lock);
    return wakes;
}

static enum err look(struct cx *cx, struct jobs *jobs)
{
    struct q_job_first_due *rows;
    size_t n;
    uint64_t wakes = wakes_of(jobs); /* who was woken by then was woken after a commit: this look sees it */
    int64_t tick_us = time_tick_us();
    enum err e = q_job_first_due(cx, kind_names(cx, jobs), &rows, &n);
    if (e)
        return e;
    assert(n == jobs->n_kinds);
    for (size_t i = 0; i < n; i++)
        jobs->due_us[i] = rows[i].due_us.set ? rows[i].due_us.v : INT64_MAX;
    jobs->looked = wakes;
    jobs->old_us = tick_us + jobs->poll_s * SECOND_US;
    return ERR_OK;
}

/* When the next of each kind is due, and when that will be too old to go by. */
static enum err due(struct cx *cx, struct jobs *jobs, int64_t *ret_due_us, int64_t *ret_old_us)
{
    enum err e = ERR_OK;
    pthread_mutex_lock(&jobs->looking);
    int64_t left_us = jobs->old_us - time_tick_us();
    if (left_us <= 0 || jobs->looked != wakes_of(jobs)) {
        e = look(cx, jobs);
        left_us = jobs->poll_s * SECOND_US;
    }
    if (!e)
        memcpy(ret_due_us, jobs->due_us, jobs->n_kinds * sizeof *ret_due_us);
    pthread_mutex_unlock(&jobs->looking);
    *ret_old_us = cx->now_us + left_us;
    return e;
}

/* A place for one run of this kind. *ret_wait_us: how long a gentle kind still rests. */
static bool reserve(struct jobs *jobs, size_t kind, int64_t *ret_wait_us)
{
    pthread_mutex_lock(&jobs->lock);
    int most = jobs->kinds[kind]->max_parallel;
    int64_t wait_us = jobs->hurry ? 0 : jobs->rest_us[kind] - time_tick_us();
    bool free_place = wait_us <= 0 && (!most || jobs->running[kind] < most);
    *ret_wait_us = wait_us > 0 ? wait_us : 0;
    if (free_place)
        jobs->running[kind]++;
    pthread_mutex_unlock(&jobs->lock);
    return free_place;
}

/* Where a claim failed the next would, too: the kind rests, and nobody is woken for it. */
static void release(struct jobs *jobs, size_t kind, int64_t began_us, enum claimed claimed)
{
    int64_t now_us = time_tick_us();
    pthread_mutex_lock(&jobs->lock);
    if (jobs->kinds[kind]->gentle)
        jobs->rest_us[kind] = now_us + 3 * (now_us - began_us);
    if (claimed == CLAIM_FAILED)
        jobs->rest_us[kind] = now_us + REST_AFTER_FAULT_S * SECOND_US;
    else
        jobs->wakes++;
    jobs->running[kind]--;
    pthread_mutex_unlock(&jobs->lock);
}

struct tick {
    const struct job_schedule *schedule;
};

static enum err tick(struct cx *cx, void *ctx)
{
    const struct tick *t = ctx;
    int64_t n, next = next_time(t->schedule, cx->now_us);
    struct str kind = str_of(t->schedule->kind);
    enum err e = q_job_schedule_move(cx, kind, cx->now_us, next, &n);
    if (e || !n)
        return e;
    return job_add(cx, &(struct job_new){.kind = kind, .key = str_fmt(cx->arena, "at-%lld", (long long)next)});
}

/* The row of a schedule that could not be moved is due still: not a day later, but when the store may be back. */
static void look_again(struct jobs *jobs, size_t schedule, int64_t now_us)
{
    pthread_mutex_lock(&jobs->lock);
    jobs->schedule_us[schedule] = now_us + SCHEDULE_AGAIN_S * SECOND_US;
    pthread_mutex_unlock(&jobs->lock);
}

static void schedules(struct jobs *jobs, struct arena *arena, int64_t now_us)
{
    for (size_t i = 0; i < jobs->n_schedules; i++) {
        pthread_mutex_lock(&jobs->lock);
        bool due = jobs->schedule_us[i] <= now_us;
        if (due)
            jobs->schedule_us[i] = next_time(&jobs->schedules[i], now_us);
        pthread_mutex_unlock(&jobs->lock);
        if (!due)
            continue;
        struct cx cx;
        fresh_cx(jobs, arena, now_us, &cx);
        if (db_write(&cx, tick, &(struct tick){&jobs->schedules[i]})) {
            log_line(&cx, LOG_ERROR, "job-schedule", "kind=%s error=\"%.*s\"", jobs->schedules[i].kind,
                     STR_ARG(cx.fail.detail));
            look_again(jobs, i, now_us);
        }
    }
}

/* Run one job that is due. *ret_next_us: when something may be due, when nothing ran. */
static bool run_next(struct jobs *jobs, struct arena *arena, int64_t now_us, int64_t *ret_next_us)
{
    struct arena_mark mark = arena_mark(arena);
    struct cx cx;
    schedules(jobs, arena, now_us);
    fresh_cx(jobs, arena, now_us, &cx);
    int64_t wait_us, *due_us = arena_array(arena, int64_t, jobs->n_kinds);
    bool ran = false;
    if (due(&cx, jobs, due_us, ret_next_us)) {
        log_line(&cx, LOG_ERROR, "jobs-look", "error=\"%.*s\"", STR_ARG(cx.fail.detail));
    } else {
        pthread_mutex_lock(&jobs->lock);
        size_t turn = jobs->turn++;
        pthread_mutex_unlock(&jobs->lock);
        for (size_t i = 0; i < jobs->n_kinds && !ran; i++) {
            size_t k = (turn + i) % jobs->n_kinds;
            if (due_us[k] > now_us) {
                *ret_next_us = due_us[k] < *ret_next_us ? due_us[k] : *ret_next_us;
            } else if (reserve(jobs, k, &wait_us)) {
                int64_t began_us = time_tick_us(), rested_us = now_us + REST_AFTER_FAULT_S * SECOND_US;
                enum claimed claimed = run_one(jobs, jobs->kinds[k], arena, now_us);
                release(jobs, k, began_us, claimed);
                ran = claimed == CLAIMED_ONE;
                if (claimed == CLAIM_FAILED && rested_us < *ret_next_us)
                    *ret_next_us = rested_us;
            } else if (wait_us && now_us + wait_us < *ret_next_us) {
                *ret_next_us = now_us + wait_us;
            }
        }
    }
    arena_reset(arena, mark);
    return ran;
}

/* ---- threads ---- */

/* Sleep until something may be due, or somebody wakes us. */
static void rest(struct jobs *jobs, uint64_t seen, int64_t next_us)
{
    int64_t now = time_now_us(), until = next_us;
    pthread_mutex_lock(&jobs->lock);
    for (size_t i = 0; i < jobs->n_schedules; i++)
        if (jobs->schedule_us[i] < until)
            until = jobs->schedule_us[i];
    if (until > now && !jobs->stopping && seen == jobs->wakes) {
        struct timespec ts = {.tv_sec = until / SECOND_US, .tv_nsec = until % SECOND_US * 1000};
        pthread_cond_timedwait(&jobs->woken, &jobs->lock, &ts);
    }
    pthread_mutex_unlock(&jobs->lock);
}

static void *worker(void *p)
{
    struct jobs *jobs = p;
    struct arena *arena = arena_new(jobs->arena_bytes);
    for (;;) {
        pthread_mutex_lock(&jobs->lock);
        bool stopping = jobs->stopping;
        uint64_t seen = jobs->wakes;
        pthread_mutex_unlock(&jobs->lock);
        if (stopping)
            break;
        int64_t next_us;
        if (!run_next(jobs, arena, time_now_us(), &next_us))
            rest(jobs, seen, next_us);
    }
    arena_free(arena);
    return NULL;
}

enum err jobs_start(struct jobs *jobs)
{
    for (; jobs->started < jobs->workers; jobs->started++)
        if (pthread_create(&jobs->threads[jobs->started], NULL, worker, jobs))
            return fail(&jobs->base, ERR_INTERNAL, "a worker thread cannot be started");
    return ERR_OK;
}

void jobs_stop_soon(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    jobs->stopping = true;
    pthread_cond_broadcast(&jobs->woken);
    pthread_mutex_unlock(&jobs->lock);
}

void jobs_stop(struct jobs *jobs)
{
    jobs_stop_soon(jobs);
    for (; jobs->started > 0; jobs->started--)
        pthread_join(jobs->threads[jobs->started - 1], NULL);
}

enum err jobs_run_due(struct jobs *jobs, int64_t now_us, int64_t *ret_runs)
{
    struct arena *arena = arena_new(jobs->arena_bytes);
    int64_t next_us;
    jobs->hurry = true;
    jobs->stopping = false;
    jobs_wake(jobs); /* not what was seen at another time */
    for (*ret_runs = 0; !jobs->stopping && run_next(jobs, arena, now_us, &next_us);)
        ++*ret_runs;
    arena_free(arena);
    return ERR_OK;
}
