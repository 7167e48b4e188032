#include "jobs.h"

#include <assert.h>
#include <stdio.h>

#include "jobs_store.h"

enum { KEY_MAX = 200 };

static void wake_after(struct cx *cx)
{
    jobs_wake(cx->jobs);
}

enum err job_add(struct cx *cx, const struct job_new *job)
{
    int64_t n;
    assert(cx->conn && job->kind.n && job->key.n && job->key.n <= KEY_MAX);
    struct q_job_insert_in in = {.id = rand_id(),
                                 .kind = job->kind,
                                 .key = job->key,
                                 .payload = job->payload.p ? job->payload : S(""),
                                 .due_us = job->run_at_us ? job->run_at_us : cx->now_us,
                                 .added_us = cx->now_us};
    enum err e = q_job_insert(cx, &in, &n);
    if (!e && cx->jobs)
        cx->after_write = wake_after;
    return e;
}

enum err job_cancel(struct cx *cx, struct str kind, struct str key)
{
    int64_t n;
    enum err e = q_job_drop(cx, kind, key, &n);
    if (e || n)
        return e;
    struct q_job_by_key row;
    e = q_job_by_key(cx, kind, key, &row);
    if (e == ERR_NOT_FOUND)
        return ERR_OK;
    return e ? e : fail(cx, ERR_CONFLICT, "the job has begun");
}

enum err job_forget(struct cx *cx, struct str kind, struct str begin)
{
    struct str after = str_fmt(cx->arena, "%" PRI_STR "\x7f", STR_ARG(begin)); /* behind every key that begins so */
    return q_job_forget(cx, kind, begin, after);
}

enum err job_complete(struct cx *cx, struct job *job)
{
    int64_t n;
    enum err e = q_job_done(cx, job->id, job->claim, cx->now_us, &n);
    if (e)
        return e;
    if (!n)
        return fail(cx, ERR_CONFLICT, "the job is no longer this run's: its lease ran out");
    job->completed = true;
    return ERR_OK;
}

/* ---- the administrator ---- */

/* The two queries give the same columns. */
static struct job_row row_of(const struct q_job_list_dead *q)
{
    return (struct job_row){.id = q->id,
                            .kind = q->kind,
                            .key = q->key,
                            .error = q->error,
                            .state = (enum job_state)q->state,
                            .attempts = (int)q->attempts,
                            .added_us = q->added_us,
                            .due_us = q->due_us.v,
                            .ended_us = q->ended_us.v};
}

enum err jobs_list_dead(struct cx *cx, int64_t limit, struct job_row **ret_rows, size_t *ret_n)
{
    struct q_job_list_dead *rows;
    size_t n;
    enum err e = q_job_list_dead(cx, limit, &rows, &n);
    if (e)
        return e;
    struct job_row *out = arena_array(cx->arena, struct job_row, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = row_of(&rows[i]);
    *ret_rows = out;
    *ret_n = n;
    return ERR_OK;
}

enum err job_find(struct cx *cx, struct str kind, struct str key, struct job_row *ret)
{
    struct q_job_by_key q;
    enum err e = q_job_by_key(cx, kind, key, &q);
    if (e)
        return e;
    *ret = row_of(&(struct q_job_list_dead){.id = q.id,
                                            .kind = q.kind,
                                            .key = q.key,
                                            .error = q.error,
                                            .state = q.state,
                                            .attempts = q.attempts,
                                            .added_us = q.added_us,
                                            .due_us = q.due_us,
                                            .ended_us = q.ended_us});
    return ERR_OK;
}

static enum err revive(struct cx *cx, void *ctx)
{
    const int64_t *id = ctx;
    int64_t n;
    struct q_job_state row;
    enum err e = q_job_state(cx, *id, &row);
    if (e)
        return e;
    e = q_job_revive(cx, *id, cx->now_us, &n);
    if (e)
        return e;
    if (!n)
        return fail(cx, ERR_CONFLICT, "only a dead job can be tried again");
    if (cx->jobs)
        cx->after_write = wake_after;
    return ERR_OK;
}

enum err job_retry(struct cx *cx, int64_t id)
{
    return db_write(cx, revive, &id);
}

enum err jobs_numbers(struct cx *cx, struct jobs_numbers *ret)
{
    struct q_job_numbers q;
    enum err e = q_job_numbers(cx, &q);
    if (e)
        return e;
    bool late = q.oldest_due_us && q.oldest_due_us < cx->now_us;
    *ret = (struct jobs_numbers){q.waiting, q.running, q.dead, late ? q.oldest_due_us : 0};
    return ERR_OK;
}

enum err jobs_numbers_by_kind(struct cx *cx, struct jobs_kind_numbers **ret_rows, size_t *ret_n)
{
    struct q_job_numbers_by_kind *q;
    size_t n, kinds = 0;
    enum err e = q_job_numbers_by_kind(cx, &q, &n);
    if (e)
        return e;
    struct jobs_kind_numbers *rows = arena_array(cx->arena, struct jobs_kind_numbers, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (!kinds || !str_eq(rows[kinds - 1].kind, q[i].kind))
            rows[kinds++] = (struct jobs_kind_numbers){.kind = q[i].kind};
        struct jobs_kind_numbers *row = &rows[kinds - 1];
        int64_t *to[] = {&row->waiting, &row->running, NULL, &row->dead};
        *to[q[i].state] = q[i].n;
        if (q[i].state == JOB_WAITING)
            row->oldest_waiting_us = q[i].oldest_added_us;
    }
    *ret_rows = rows;
    *ret_n = kinds;
    return ERR_OK;
}

enum err jobs_waited(struct cx *cx, struct str kind, int64_t since_us, int64_t until_us, int64_t *ret_n)
{
    struct q_job_waited q;
    enum err e = q_job_waited(cx, kind, since_us, until_us, &q);
    if (!e)
        *ret_n = q.n;
    return e;
}

enum err jobs_done_since(struct cx *cx, struct str kind, int64_t since_us, int64_t *ret_n)
{
    struct q_job_done_since q;
    enum err e = q_job_done_since(cx, kind, since_us, &q);
    if (!e)
        *ret_n = q.n;
    return e;
}
