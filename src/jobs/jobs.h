/* Work that happens after the answer: the job table, its workers and schedules. A job is added inside the transaction
   that makes it necessary, so it exists exactly when its cause exists. It runs at least once: a handler must bear
   running twice. Several processes may share one database. See README.md. */
#pragma once
#include "base/base.h"
#include "db/db.h"

struct jobs; /* the workers of this process; cx->jobs, NULL in commands that only add */

/* ---- adding -------------------------------------------------------------------------------------------------- */

struct job_new {
    struct str kind;    /* names a struct job_kind of some room */
    struct str key;     /* idempotency: one job per (kind, key), as long as the first is remembered (30 days after its
                           end). E.g. the id of the thing it is about. At most 200 bytes. */
    struct str payload; /* JSON or nothing; what the handler gets. Erased when the job has ended well, because it may
                           hold an address. Better: an id that the handler looks up. */
    int64_t run_at_us;  /* not before this time; 0: as soon as possible */
};

/* Inside a db_write. A second add of the same kind and key changes nothing and is OK. The workers of this process are
   woken; those of others look every few seconds. ERR_DB alone. */
enum err job_add(struct cx *cx, const struct job_new *job);

/* Inside a db_write: drop a job that has not begun (a recalled letter). OK also when there is none.
   ERR_CONFLICT when it is running or has ended. */
enum err job_cancel(struct cx *cx, struct str kind, struct str key);

/* Inside a db_write: forget the jobs of a kind whose keys begin with `begin`, payload and all, whether they wait, have
   ended or were given up: what they were about has been erased. One that runs at this moment stays. */
enum err job_forget(struct cx *cx, struct str kind, struct str begin);

/* ---- running ------------------------------------------------------------------------------------------------- */

struct job {
    int64_t id;
    struct str kind, key, payload;
    int attempt;      /* 1 the first time */
    int max_attempts; /* of its kind: attempt == max_attempts is the last */
    int64_t claim;    /* this run's right to end the job; another run has another */
    bool completed;   /* set by job_complete */
    struct str error; /* for `dead`: what the last run said */
};

/* Do the work. cx is a fresh context of its own: arena, no transaction, cx->who the system, cx->now_us now.
   OK: the job has ended. ERR_GONE: what it was about is no longer there; ended as well. ERR_INVALID, ERR_LAW,
   ERR_SYNTAX: trying again cannot help; the job is dead at once. Anything else: it runs again after a growing pause (5
   s, 10 s, … 1 h, each ± 25 %) until max_attempts, then it is dead: kept with its error, shown to the administrator.
   A handler with many pieces of work asks cx_go_on between them, and passes ERR_STOPPING on: the job is due again at
   once, for whoever runs next, and this run does not count among its attempts. */
typedef enum err (*job_fn)(struct cx *cx, struct job *job);

struct job_kind {
    const char *name;
    job_fn fn;
    int max_attempts; /* 0: 10 */
    int lease_s;      /* a run that takes longer is held for dead and the job runs again; 0: 60 */
    int max_parallel; /* at most so many at once in this process; 0: no limit but the workers */
    bool gentle; /* heavy on the processor: after a run, none of its kind begins here for thrice as long as it took, so
                    that a flood of them leaves the machine to those who wait for an answer */
    job_fn dead; /* NULL, or called inside the db_write that makes the job dead: tell the thing it was about */
};

/* Due every `every_s` seconds (at multiples of it since 1970, so that processes agree); each time one job of that kind,
   in one of the processes. Kinds of schedules have handlers as all others. */
struct job_schedule {
    const char *kind;
    int every_s;
};

/* Inside a db_write of the handler: end the job together with its effects, so that they happen exactly once.
   ERR_CONFLICT when the job is no longer this run's (its lease ran out): the transaction must then not commit. */
enum err job_complete(struct cx *cx, struct job *job);

struct jobs_config {
    const struct job_kind *kinds; /* must outlive the workers */
    size_t n_kinds;
    const struct job_schedule *schedules;
    size_t n_schedules;
    int workers;        /* threads; 0: 2 */
    int poll_s;         /* how often to look for jobs that other processes added; 0: 5 */
    size_t arena_bytes; /* limit of one job; 0: 64 MB */
};

/* Make the workers' object without starting a thread (tests, commands). `base` is copied: its db, files, keys, muni,
   services and who are what a handler sees. */
enum err jobs_new(struct cx *base, const struct jobs_config *config, struct jobs **ret);
/* Start the threads. */
enum err jobs_start(struct jobs *jobs);
/* Take nothing new, and ask what runs to stop where it can (cx_go_on). Waits for nobody; safe from any thread. */
void jobs_stop_soon(struct jobs *jobs);
/* The same; let what runs end or stop, join the threads (SIGTERM). Then jobs_free. */
void jobs_stop(struct jobs *jobs);
void jobs_free(struct jobs *jobs); /* NULL is legal; stops first */
/* Look now. Safe from any thread. Called by job_add. */
void jobs_wake(struct jobs *jobs);
/* Run in the calling thread what is due at `now_us`, one after another, until nothing is; schedules too. Gives the
   number of runs (tests, `indgang` commands). Failing jobs are put off and not run again in the same call. Also
   after jobs_stop; a jobs_stop_soon meanwhile ends it. */
enum err jobs_run_due(struct jobs *jobs, int64_t now_us, int64_t *ret_runs);

/* ---- the administrator ---------------------------------------------------------------------------------------- */

enum job_state { JOB_WAITING, JOB_RUNNING, JOB_DONE, JOB_DEAD };

struct job_row {
    int64_t id;
    struct str kind, key, error; /* of the last run that failed; no personal data */
    enum job_state state;
    int attempts;
    int64_t added_us, due_us, ended_us; /* 0: not */
};

/* Dead jobs, newest first; at most `limit`. */
enum err jobs_list_dead(struct cx *cx, int64_t limit, struct job_row **ret_rows, size_t *ret_n);
/* Give a dead job all its attempts again, from now. ERR_NOT_FOUND, ERR_CONFLICT when it is not dead. */
enum err job_retry(struct cx *cx, int64_t id);
/* The state of one job, found by what it was added as. ERR_NOT_FOUND. */
enum err job_find(struct cx *cx, struct str kind, struct str key, struct job_row *ret);

struct jobs_numbers { /* for /metrics and /readyz */
    int64_t waiting, running, dead;
    int64_t oldest_due_us; /* due longest without running; 0: none is overdue */
};
enum err jobs_numbers(struct cx *cx, struct jobs_numbers *ret);

struct jobs_kind_numbers {
    struct str kind;
    int64_t waiting, running, dead;
    int64_t oldest_waiting_us; /* when the oldest that waits was added; 0: none waits */
};
/* Of each kind that has any. */
enum err jobs_numbers_by_kind(struct cx *cx, struct jobs_kind_numbers **ret_rows, size_t *ret_n);
/* How many of a kind ended well since then (at most 30 days back). */
enum err jobs_done_since(struct cx *cx, struct str kind, int64_t since_us, int64_t *ret_n);
/* How many of a kind were added by until_us and ended well after since_us (at most 30 days back): between the two none
   could be done, so these waited. */
enum err jobs_waited(struct cx *cx, struct str kind, int64_t since_us, int64_t until_us, int64_t *ret_n);
