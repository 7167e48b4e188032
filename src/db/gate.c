/* The write gate of SQLite. One writer at a time is the engine's rule; one fsync for many writers is ours. Who finds no
   leader leads: it runs all waiting functions in one transaction, commits once, and wakes them. Those that came
   meanwhile choose the first of them as the next leader.

   Each but the first has a savepoint: only what it wrote is undone when it fails. When the first fails there is nothing
   else to undo, and the others begin a new transaction. In a savepoint SQLite keeps every page as it was before, in
   memory, and at the end of each statement goes through all it has kept: making 100 000 case files took twice as long.
 */
#include "engine.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

enum { BATCH_MAX = 64, BATCH_US = 20000, QUICK_US = 3000, LATELY = 8 };

struct writer {
    struct cx *cx;
    db_fn fn;
    void *ctx;
    struct arena_mark mark; /* where the arena stood before db_write */
    struct writer *next;
    pthread_cond_t woken;
    enum err e;
    struct fault fault; /* what the gate itself has to say; the waiting thread puts it into its cx */
    bool done, lead;
    bool ran; /* needs its arena reset before it runs again */
};

/* A step of the gate on behalf of w failed. Never touches w's cx: its arena may be full, and then control would go to a
   frame of the thread that waits. */
static void gate_fault(struct db_conn *conn, struct writer *w, enum err e)
{
    w->e = e;
    w->fault = fault_of(&conn->own, e);
}

/* One run of w's function: the first in its transaction, or in a savepoint. When the first fails, what it wrote is
   still there: run_batch ends, and commit undoes all. */
static void run_once(struct db_conn *conn, struct writer *w, bool first)
{
    const struct engine *engine = conn->db->engine;
    bool overflow = false;
    if (w->ran) {
        arena_reset(w->cx->arena, w->mark);
        w->cx->fail = (struct fail){0};
        conn->db->reruns++;
    }
    w->ran = true;
    w->fault = (struct fault){0};
    conn->doomed = ERR_OK;
    conn->depth = 1;
    w->e = first ? ERR_OK : engine->script(conn, "SAVEPOINT s1", "savepoint");
    if (w->e) {
        gate_fault(conn, w, w->e);
        return;
    }
    w->e = conn_run(w->cx, conn, w->fn, w->ctx, &overflow);
    if (overflow) {
        arena_reset(w->cx->arena, w->mark);
        w->fault = (struct fault){w->e, "a write function reached the limit of its arena"};
    }
    if (!sqlite_in_transaction(conn)) {
        if (!w->e)
            gate_fault(conn, w, fail(conn_own(conn), ERR_DB, "SQLite gave up the transaction"));
    } else if (w->e && !first) {
        /* when that fails nothing of the transaction may be kept: the others run again in a new one */
        if (savepoint_undo(conn, 1))
            engine->script(conn, "ROLLBACK", "rolling back");
    } else if (!first) {
        w->e = engine->script(conn, "RELEASE s1", "releasing a savepoint");
        if (w->e)
            gate_fault(conn, w, w->e);
    }
}

static void run_writer(struct db_conn *conn, struct writer *w, bool first)
{
    const struct engine *engine = conn->db->engine;
    if (conn->db->test_flags & DB_TEST_RERUN && !w->ran) {
        engine->script(conn, "SAVEPOINT rehearsal", "rehearsal");
        run_once(conn, w, first);
        if (first && w->e)
            return;
        if (sqlite_in_transaction(conn))
            engine->script(conn, "ROLLBACK TO rehearsal; RELEASE rehearsal", "rehearsal");
        if (w->e)
            return;
    }
    run_once(conn, w, first);
}

/* Take everybody who waits, up to the limit; the mutex is held. */
static struct writer *take_waiting(struct gate *gate, size_t max, size_t *ret_n)
{
    struct writer *list = gate->first, *w = list, *last = NULL;
    *ret_n = 0;
    while (w && *ret_n < max) {
        last = w;
        w = w->next;
        ++*ret_n;
    }
    if (last)
        last->next = NULL;
    gate->first = w;
    if (!w)
        gate->last = NULL;
    return list;
}

static void append(struct writer **list, struct writer *w)
{
    while (*list)
        list = &(*list)->next;
    *list = w;
}

/* Run the functions of one transaction. Who came while it ran joins, for a while. When the first failed, which had no
   savepoint, those after it go into *ret_again; when SQLite lost the transaction under a function (disk full), those
   before it too. Returns those that are in the transaction or failed. */
static struct writer *run_batch(struct gate *gate, struct writer *todo, struct writer **ret_again)
{
    struct db_conn *conn = gate->conn;
    struct db *db = conn->db;
    struct writer *ended = NULL, **tail = &ended;
    int64_t began = time_tick_us();
    size_t n = 0, more;
    while (todo) {
        struct writer *w = todo;
        todo = w->next;
        w->next = NULL;
        run_writer(conn, w, !n);
        n++;
        *tail = w;
        tail = &w->next;
        if (ended->e || !sqlite_in_transaction(conn)) {
            struct writer *again = NULL, *failed = NULL, *next;
            for (struct writer *x = ended; x; x = next) {
                next = x->next;
                x->next = NULL;
                append(x->e ? &failed : &again, x);
            }
            append(&again, todo);
            *ret_again = again;
            return failed;
        }
        if (!todo && n < BATCH_MAX && time_tick_us() - began < BATCH_US) {
            pthread_mutex_lock(&db->mutex);
            todo = take_waiting(gate, BATCH_MAX - n, &more);
            pthread_mutex_unlock(&db->mutex);
        }
    }
    *ret_again = NULL;
    return ended;
}

/* The same fault for every function that had succeeded. */
static void fail_all(struct db_conn *conn, struct writer *list, enum err e)
{
    for (struct writer *w = list; w; w = w->next)
        if (!w->e)
            gate_fault(conn, w, e);
}

/* End the transaction in which these functions ran; when SQLite has ended it already, all of them have failed. */
static void commit(struct gate *gate, struct writer *list)
{
    struct db_conn *conn = gate->conn;
    struct db *db = conn->db;
    bool good = false;
    for (struct writer *w = list; w; w = w->next)
        good |= !w->e;
    if (!sqlite_in_transaction(conn))
        return;
    if (!good) {
        db->engine->script(conn, "ROLLBACK", "rolling back");
        return;
    }
    int64_t began_us = time_tick_us();
    enum err e = db->engine->script(conn, "COMMIT", "commit");
    db->commits++;
    gate->commit_us += (time_tick_us() - began_us - gate->commit_us) / LATELY;
    if (!e)
        return;
    db->failed_commits++;
    fail_all(conn, list, e);
    if (sqlite_in_transaction(conn))
        db->engine->script(conn, "ROLLBACK", "rolling back");
}

static void finish(struct db *db, struct writer *list)
{
    pthread_mutex_lock(&db->mutex);
    for (struct writer *w = list, *next; w; w = next) {
        next = w->next;
        w->done = true;
        pthread_cond_signal(&w->woken);
    }
    pthread_mutex_unlock(&db->mutex);
}

static void lead(struct db *db, struct gate *gate)
{
    size_t n;
    pthread_mutex_lock(&db->mutex);
    struct writer *todo = take_waiting(gate, BATCH_MAX, &n);
    pthread_mutex_unlock(&db->mutex);
    while (todo) {
        struct writer *again = NULL, *ended = todo;
        enum err e = db->engine->script(gate->conn, "BEGIN IMMEDIATE", "beginning to write");
        if (e) {
            fail_all(gate->conn, todo, e);
        } else {
            ended = run_batch(gate, todo, &again);
            commit(gate, ended);
        }
        finish(db, ended);
        todo = again;
    }
    pthread_mutex_lock(&db->mutex);
    gate->led = false;
    if (gate->first) {
        gate->led = true;
        gate->first->lead = true;
        pthread_cond_signal(&gate->first->woken);
    }
    pthread_mutex_unlock(&db->mutex);
}

/* Who writes waits for the commit, and lets another request be worked on meanwhile. The log is written once for nearly
   every page, on a quick disk in a tenth of a millisecond: who leads there keeps its place, because to get the
   processor back from another takes ten times longer, and all behind would wait for it too. Those behind step aside:
   what comes meanwhile is in the next commit. */
static bool steps_aside(const struct db *db, const struct gate *gate, bool leads)
{
    return !leads || gate != &db->log_gate || gate->commit_us > QUICK_US;
}

static void put_last(struct gate *gate, struct writer *w)
{
    if (gate->last)
        gate->last->next = w;
    else
        gate->first = w;
    gate->last = w;
    if (!gate->led)
        gate->led = w->lead = true;
}

static enum err write_through(struct cx *cx, struct gate *gate, db_fn fn, void *ctx)
{
    struct db *db = cx->db;
    struct writer w = {
        .cx = cx, .fn = fn, .ctx = ctx, .mark = arena_mark(cx->arena), .woken = PTHREAD_COND_INITIALIZER};
    assert(db->magic == DB_MAGIC);
    db->waiting++;
    pthread_mutex_lock(&db->mutex);
    put_last(gate, &w);
    bool aside = steps_aside(db, gate, w.lead);
    if (aside)
        cx_aside(cx);
    while (!w.done && !w.lead)
        pthread_cond_wait(&w.woken, &db->mutex);
    pthread_mutex_unlock(&db->mutex);
    if (!w.done)
        lead(db, gate);
    assert(w.done);
    pthread_cond_destroy(&w.woken);
    if (aside)
        cx_back(cx);
    db->waiting--;
    db->writes++;
    return w.fault.e ? fault_raise(cx, &w.fault) : w.e;
}

enum err gate_write(struct cx *cx, db_fn fn, void *ctx)
{
    return write_through(cx, &cx->db->gate, fn, ctx);
}

enum err gate_write_log(struct cx *cx, db_fn fn, void *ctx)
{
    return write_through(cx, &cx->db->log_gate, fn, ctx);
}
