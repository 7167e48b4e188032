/* Opening, the pool of connections, and transactions as the rest of the program sees them. */
#include "engine.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DEFAULT_READERS = 4, POOL_WAIT_S = 30, OWN_ARENA_BYTES = 64 * 1024 };

/* ---- a server that was away ---- */
void outage_begin(struct db_conn *conn)
{
    struct db *db = conn->db;
    pthread_mutex_lock(&db->mutex);
    if (!db->outage_since_us && conn->born_us >= db->found_us)
        db->outage_since_us = time_now_us();
    pthread_mutex_unlock(&db->mutex);
}

void outage_goes_on(struct db *db)
{
    pthread_mutex_lock(&db->mutex);
    if (!db->outage_since_us)
        db->outage_since_us = time_now_us();
    pthread_mutex_unlock(&db->mutex);
}

void outage_end(struct db_conn *conn)
{
    struct db *db = conn->db;
    pthread_mutex_lock(&db->mutex);
    conn->born_us = time_now_us();
    if (db->outage_since_us) {
        db->found_us = conn->born_us;
        db->untold.until_us = conn->born_us;
        if (!db->untold.since_us)
            db->untold.since_us = db->outage_since_us;
        db->outage_since_us = 0;
        db->tells = true;
    }
    pthread_mutex_unlock(&db->mutex);
}

bool db_take_outage(struct cx *cx, struct db_outage *ret)
{
    struct db *db = cx->db;
    if (!atomic_exchange(&db->tells, false))
        return false;
    pthread_mutex_lock(&db->mutex);
    *ret = db->untold;
    db->untold = (struct db_outage){0};
    pthread_mutex_unlock(&db->mutex);
    return ret->since_us != 0;
}

void db_give_outage(struct cx *cx, const struct db_outage *o)
{
    struct db *db = cx->db;
    pthread_mutex_lock(&db->mutex);
    if (db->untold.until_us < o->until_us)
        db->untold.until_us = o->until_us;
    db->untold.since_us = o->since_us;
    db->tells = true;
    pthread_mutex_unlock(&db->mutex);
}

/* ---- connections ---- */
struct fault fault_of(const struct cx *from, enum err e)
{
    struct fault f = {.e = e};
    snprintf(f.text, sizeof f.text, "%" PRI_STR, STR_ARG(from->fail.detail));
    return f;
}

enum err fault_raise(struct cx *cx, const struct fault *f)
{
    return f->e ? fail(cx, f->e, "%s", f->text) : ERR_OK;
}

struct cx *conn_own(struct db_conn *conn)
{
    arena_reset(conn->own.arena, conn->own_mark);
    conn->own.fail = (struct fail){0};
    return &conn->own;
}

enum err conn_new(struct cx *cx, struct db *db, enum conn_use use, struct db_conn **ret)
{
    struct db_conn *conn = calloc(1, sizeof *conn);
    assert(conn);
    conn->magic = CONN_MAGIC;
    conn->db = db;
    conn->writing = use != CONN_POOL;
    conn->log = use == CONN_LOG_WRITER;
    conn->own.arena = arena_new(OWN_ARENA_BYTES);
    conn->own_mark = arena_mark(conn->own.arena);
    enum err e = db->engine->connect(conn);
    if (!e) {
        *ret = conn;
        return ERR_OK;
    }
    struct fault f = fault_of(&conn->own, e);
    conn_free(conn);
    return fault_raise(cx, &f);
}

void conn_free(struct db_conn *conn)
{
    if (!conn)
        return;
    conn->db->engine->disconnect(conn);
    cache_free(&conn->cache);
    arena_free(conn->own.arena);
    conn->magic = 0;
    free(conn);
}

/* DATA/indgang.db -> DATA/indgang-log.db */
static char *log_path(const char *path)
{
    size_t n = strlen(path), stem = n > 3 && strcmp(path + n - 3, ".db") == 0 ? n - 3 : n;
    char *log = malloc(n + sizeof "-log");
    assert(log);
    sprintf(log, "%.*s-log%s", (int)stem, path, path + stem);
    return log;
}

static struct db *db_new(const struct db_config *config, const struct engine *engine, const char *path)
{
    struct db *db = calloc(1, sizeof *db);
    assert(db);
    db->magic = DB_MAGIC;
    db->engine = engine;
    db->dialect = engine == &engine_postgres ? SQL_POSTGRES : SQL_SQLITE;
    db->path = strdup(path);
    db->log_path = log_path(path);
    db->test_flags = config->test_flags;
    pthread_mutex_init(&db->mutex, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&db->freed, &attr);
    pthread_condattr_destroy(&attr);
    return db;
}

enum err db_behind(struct cx *cx, const struct db_config *config, struct db **ret)
{
    struct str url = str_of(config->url);
    if (str_starts(url, S("sqlite:")))
        *ret = db_new(config, &engine_sqlite, config->url + strlen("sqlite:"));
    else if (str_starts(url, S("postgresql://")) || str_starts(url, S("postgres://")))
        *ret = db_new(config, &engine_postgres, config->url);
    else
        return fail(cx, ERR_CONFIG, "the database address must begin with sqlite: or postgresql://");
    return ERR_OK;
}

enum err db_open(struct cx *cx, const struct db_config *config, struct db **ret)
{
    struct db *db = NULL;
    enum err e = db_behind(cx, config, &db);
    if (e)
        return e;
    const struct engine *engine = db->engine;
    if (db->dialect == SQL_SQLITE) /* first: they make the files and set WAL */
        e = conn_new(cx, db, CONN_WRITER, &db->gate.conn);
    if (!e && db->dialect == SQL_SQLITE)
        e = conn_new(cx, db, CONN_LOG_WRITER, &db->log_gate.conn);
    for (int i = 0; !e && i < (config->readers > 0 ? config->readers : DEFAULT_READERS); i++) {
        struct db_conn *conn = NULL;
        e = conn_new(cx, db, CONN_POOL, &conn);
        if (!e)
            pool_give(db, conn);
    }
    if (!e && engine->start)
        e = engine->start(cx, db);
    if (e) {
        db_close(db);
        return e;
    }
    cx->db = *ret = db;
    return ERR_OK;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    assert(db->magic == DB_MAGIC && !db->gate.led && !db->log_gate.led);
    if (db->engine->stop)
        db->engine->stop(db);
    for (struct db_conn *conn = db->pool, *next; conn; conn = next) {
        next = conn->next;
        conn_free(conn);
    }
    conn_free(db->gate.conn); /* last: closing them folds the WAL into the file */
    conn_free(db->log_gate.conn);
    pthread_cond_destroy(&db->freed);
    pthread_mutex_destroy(&db->mutex);
    db->magic = 0;
    free(db->path);
    free(db->log_path);
    free(db);
}

bool db_is_postgres(const struct cx *cx)
{
    return cx->db->dialect == SQL_POSTGRES;
}

bool db_is_near(const struct cx *cx)
{
    const struct db *db = cx->db;
    return !db->engine->is_near || db->engine->is_near(db->pool);
}

enum err db_limit_time(struct cx *cx)
{
    struct db *db = cx->db;
    enum err e = ERR_OK;
    db->limited = true; /* also for connections made anew */
    for (struct db_conn *conn = db->pool; !e && conn && db->engine->limit; conn = conn->next) {
        e = db->engine->limit(conn);
        struct fault fault = fault_of(&conn->own, e);
        e = fault_raise(cx, &fault);
    }
    return e;
}

void db_let_go_early(struct cx *cx)
{
    assert(cx->conn && cx->conn->writing);
    cx->conn->early = true;
}

void db_commit_at_once(struct cx *cx)
{
    assert(cx->conn && cx->conn->writing);
    cx->conn->at_once = true;
}

void db_set_read_only(struct cx *cx)
{
    cx->read_only = true;
}

struct db_stats db_stats(struct db *db)
{
    return (struct db_stats){.reads = db->reads,
                             .writes = db->writes,
                             .commits = db->commits,
                             .reruns = db->reruns,
                             .failed_commits = db->failed_commits,
                             .waiting_writers = db->waiting};
}

enum err pool_take(struct cx *cx, struct db_conn **ret)
{
    struct db *db = cx->db;
    struct timespec until;
    int wait = 0;
    assert(db && db->magic == DB_MAGIC);
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += POOL_WAIT_S;
    pthread_mutex_lock(&db->mutex);
    while (!db->pool && wait != ETIMEDOUT)
        wait = pthread_cond_timedwait(&db->freed, &db->mutex, &until);
    struct db_conn *conn = db->pool;
    if (conn)
        db->pool = conn->next;
    pthread_mutex_unlock(&db->mutex);
    if (!conn)
        return fail(cx, ERR_BUSY, "no database connection came free in %d s", POOL_WAIT_S);
    assert(conn->magic == CONN_MAGIC);
    conn->next = NULL;
    conn->doomed = ERR_OK;
    *ret = conn;
    return ERR_OK;
}

void pool_give(struct db *db, struct db_conn *conn)
{
    pthread_mutex_lock(&db->mutex);
    conn->next = db->pool;
    db->pool = conn;
    pthread_cond_signal(&db->freed);
    pthread_mutex_unlock(&db->mutex);
}

struct run {
    struct cx *cx;
    db_fn fn;
    void *ctx;
    enum err e;
};

static void run_now(void *p)
{
    struct run *r = p;
    r->e = r->fn(r->cx, r->ctx);
}

enum err conn_run(struct cx *cx, struct db_conn *conn, db_fn fn, void *ctx, bool *ret_overflow)
{
    struct run r = {cx, fn, ctx, ERR_OK};
    struct db_conn *outer = cx->conn;
    int depth = conn->depth;
    cx->conn = conn;
    *ret_overflow = !arena_try(cx->arena, run_now, &r);
    cx->conn = outer;
    if (*ret_overflow) {
        conn->depth = depth; /* the savepoints inside go with the one outside */
        conn->db->engine->tidy(conn);
        return ERR_TOO_LARGE;
    }
    assert(conn->depth == depth);
    return r.e ? r.e : conn->doomed;
}

/* Go on with an arena overflow in the caller's own frame, now that the transaction has ended. */
static _Noreturn void overflow_again(struct cx *cx)
{
    arena_alloc(cx->arena, SIZE_MAX);
    abort();
}

enum err db_read(struct cx *cx, db_fn fn, void *ctx)
{
    if (cx->conn)
        return fn(cx, ctx);
    struct db_conn *conn = NULL;
    struct fault fault = {0};
    bool overflow = false;
    enum err e = pool_take(cx, &conn);
    if (e)
        return e;
    struct db *db = conn->db;
    e = db->engine->begin_read(conn);
    if (e) {
        fault = fault_of(&conn->own, e);
    } else {
        e = conn_run(cx, conn, fn, ctx, &overflow);
        if (db->engine->end_read)
            db->engine->end_read(conn);
        else
            db->engine->script(conn, "ROLLBACK", "ending a read"); /* failing: what was read has been read */
    }
    pool_give(db, conn);
    db->reads++;
    if (overflow)
        overflow_again(cx);
    return fault.e ? fault_raise(cx, &fault) : e;
}

static enum err soon(struct db_conn *conn, const char *sql, const char *what)
{
    const struct engine *engine = conn->db->engine;
    return engine->later ? engine->later(conn, sql, what) : engine->script(conn, sql, what);
}

enum err savepoint_undo(struct db_conn *conn, int depth)
{
    char sql[80];
    snprintf(sql, sizeof sql, "ROLLBACK TO s%d; RELEASE s%d", depth, depth);
    conn->doomed = ERR_OK;
    return conn->db->engine->script(conn, sql, "undoing a savepoint");
}

/* What the function gave, after its savepoint has been kept or undone. A connection that is lost, or a transaction that
   must be run again, is nothing a savepoint can mend: it stays doomed. */
static enum err end_savepoint(struct cx *cx, struct db_conn *conn, int depth, enum err e)
{
    const struct engine *engine = conn->db->engine;
    char sql[40];
    if (engine->settle) /* what has failed dooms the transaction */
        engine->settle(e ? conn_own(conn) : cx, conn);
    if (!e)
        e = conn->doomed;
    if (e && (conn->lost || conn->retry))
        return e;
    if (!e) {
        snprintf(sql, sizeof sql, "RELEASE s%d", depth);
        e = soon(conn, sql, "releasing a savepoint");
    } else {
        if (savepoint_undo(conn, depth)) /* the whole transaction is gone (disk full) */
            conn->doomed = e;
        return e;
    }
    conn->doomed = e;
    struct fault fault = fault_of(&conn->own, e);
    return fault_raise(cx, &fault);
}

static enum err write_nested(struct cx *cx, db_fn fn, void *ctx)
{
    struct db_conn *conn = cx->conn;
    char sql[40];
    assert(conn->writing); /* db_write inside db_read */
    if (conn->doomed)
        return conn->doomed;
    int depth = ++conn->depth;
    snprintf(sql, sizeof sql, "SAVEPOINT s%d", depth);
    enum err e = soon(conn, sql, "savepoint");
    if (e) {
        struct fault fault = fault_of(&conn->own, e);
        conn->doomed = e;
        fault_raise(cx, &fault);
    } else {
        e = end_savepoint(cx, conn, depth, fn(cx, ctx));
    }
    conn->depth = depth - 1;
    return e;
}

static enum err write_outer(struct cx *cx, db_fn fn, void *ctx, bool log)
{
    const struct engine *engine = cx->db->engine;
    cx->after_write = NULL;
    enum err e = (log ? engine->write_log : engine->write)(cx, fn, ctx);
    if (!e && !log)
        cx->wrote = true;
    if (!e && cx->after_write)
        cx->after_write(cx);
    cx->after_write = NULL;
    return e;
}

enum err db_write(struct cx *cx, db_fn fn, void *ctx)
{
    if (cx->read_only)
        return fail(cx, ERR_FORBIDDEN, "this request may only read");
    return cx->conn ? write_nested(cx, fn, ctx) : write_outer(cx, fn, ctx, false);
}

enum err db_write_log(struct cx *cx, db_fn fn, void *ctx)
{
    if (cx->read_only)
        return fail(cx, ERR_FORBIDDEN, "this request may only read");
    assert(!cx->conn || cx->conn->log || cx->db->dialect == SQL_POSTGRES); /* db_write_log inside db_write */
    return cx->conn ? write_nested(cx, fn, ctx) : write_outer(cx, fn, ctx, true);
}

enum err db_sync_copy(struct cx *cx, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum err e = fd < 0 || fsync(fd) ? fail(cx, ERR_IO, "the copy %s cannot be made durable", path) : ERR_OK;
    if (fd >= 0)
        close(fd);
    return e;
}

enum err db_backup(struct cx *cx, const char *path)
{
    assert(!cx->conn);
    return cx->db->engine->backup(cx, cx->db, path);
}

enum err db_restore(struct cx *cx, const char *url, const char *path)
{
    struct db *db = NULL;
    enum err e = db_behind(cx, &(struct db_config){.url = url}, &db);
    if (e)
        return e;
    e = db->engine->restore(cx, db, path);
    db_close(db);
    return e;
}
