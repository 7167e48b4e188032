/* SQLite: WAL, synchronous=FULL, every statement prepared once a connection. Only this and bulk_sqlite.c see sqlite3.h.
 */
#include "engine.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BUSY_MS = 10000,
    BUSY_RETRY_US = 2000,
    PROGRESS_STEPS = 50000,
    CACHE_PAGES_AT_ONCE = 250,
    CHECKPOINT_PAGES = 1000,
    CHECKPOINT_NOW_PAGES = 16000 /* 64 MB */
};

static struct sqlite3 *handle(const struct db_conn *conn)
{
    return conn->handle;
}

/* What SQLite's last error on this connection means to us; `what` names the statement. */
static enum err translate(struct cx *cx, const struct db_conn *conn, const char *what)
{
    sqlite3 *lite = handle(conn);
    const char *message = sqlite3_errmsg(lite);
    int extended = sqlite3_extended_errcode(lite);
    switch (extended & 0xff) {
    case SQLITE_FULL:
        return fail(cx, ERR_NO_SPACE, "%s: %s", what, message);
    case SQLITE_IOERR: /* the index of the log, say, could not grow */
        if (sqlite3_system_errno(lite) == ENOSPC)
            return fail(cx, ERR_NO_SPACE, "%s: %s", what, message);
        return fail(cx, ERR_DB, "%s: %s (SQLite %d)", what, message, extended);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fail(cx, ERR_BUSY, "%s: another process holds the database: %s", what, message);
    case SQLITE_INTERRUPT:
        return fail(cx, ERR_BUSY, "%s took longer than the request may", what);
    case SQLITE_TOOBIG:
        return fail(cx, ERR_TOO_LARGE, "%s: %s", what, message);
    case SQLITE_CONSTRAINT:
        break;
    default:
        return fail(cx, ERR_DB, "%s: %s (SQLite %d)", what, message, extended);
    }
    if (strncmp(message, "LAW ", 4) == 0)
        return fail(cx, ERR_LAW, "%s", message);
    if (strncmp(message, "CHECK constraint failed: law_", 29) == 0)
        return fail(cx, ERR_LAW, "%s", message + 25);
    switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return fail(cx, ERR_DUPLICATE, "%s: %s", what, message);
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return fail(cx, ERR_CONFLICT, "%s: what it refers to is not there, or is referred to: %s", what, message);
    case SQLITE_CONSTRAINT_CHECK:
    case SQLITE_CONSTRAINT_NOTNULL:
        return fail(cx, ERR_INVALID, "%s: %s", what, message);
    default:
        return fail(cx, ERR_DB, "%s: %s (SQLite %d)", what, message, extended);
    }
}

/* A statement composed at run time is kept too, found by its text: parsing one costs more than running it. The oldest
   goes when a new one comes; none is in use while another is prepared. They are long and begin alike, so lengths are
   compared first. */
static sqlite3_stmt *composed_get(const struct db_conn *conn, const char *sql)
{
    size_t n = strlen(sql);
    for (size_t i = 0; i < DB_COMPOSED_MAX; i++)
        if (conn->composed[i].n == n && !memcmp(sqlite3_sql(conn->composed[i].prepared), sql, n))
            return conn->composed[i].prepared;
    return NULL;
}

static void composed_put(struct db_conn *conn, sqlite3_stmt *s)
{
    struct composed *slot = &conn->composed[conn->next_composed++ % DB_COMPOSED_MAX];
    sqlite3_finalize(slot->prepared);
    *slot = (struct composed){s, strlen(sqlite3_sql(s))};
}

static enum err prepare(struct cx *cx, struct db_conn *conn, const struct db_stmt *stmt, sqlite3_stmt **ret)
{
    *ret = stmt->once ? composed_get(conn, stmt->sql[SQL_SQLITE]) : cache_get(&conn->cache, stmt);
    if (*ret)
        return ERR_OK;
    const char *sql = stmt->sql[SQL_SQLITE], *rest = NULL;
    if (sqlite3_prepare_v3(handle(conn), sql, -1, SQLITE_PREPARE_PERSISTENT, ret, &rest) != SQLITE_OK)
        return translate(cx, conn, stmt->name);
    if (stmt->once)
        composed_put(conn, *ret);
    else
        cache_put(&conn->cache, stmt, *ret);
    return ERR_OK;
}

/* What frames every transaction is parsed once a connection, not each time. */
static const struct db_stmt *frame_of(const char *sql)
{
    static const struct db_stmt frames[] = {
        {.name = "begin", .sql = {"BEGIN DEFERRED"}},   {.name = "begin", .sql = {"BEGIN IMMEDIATE"}},
        {.name = "commit", .sql = {"COMMIT"}},          {.name = "rollback", .sql = {"ROLLBACK"}},
        {.name = "savepoint", .sql = {"SAVEPOINT s1"}}, {.name = "release", .sql = {"RELEASE s1"}},
    };
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++)
        if (strcmp(sql, frames[i].sql[SQL_SQLITE]) == 0)
            return &frames[i];
    return NULL;
}

static enum err run_frame(struct db_conn *conn, const struct db_stmt *frame, const char *what)
{
    struct cx *own = conn_own(conn);
    sqlite3_stmt *s = NULL;
    enum err e = prepare(own, conn, frame, &s);
    if (!e && sqlite3_step(s) != SQLITE_DONE)
        e = translate(own, conn, what);
    sqlite3_reset(s);
    return e;
}

static enum err lite_script(struct db_conn *conn, const char *sql, const char *what)
{
    const struct db_stmt *frame = frame_of(sql);
    if (frame)
        return run_frame(conn, frame, what);
    struct cx *own = conn_own(conn);
    return sqlite3_exec(handle(conn), sql, NULL, NULL, NULL) == SQLITE_OK ? ERR_OK : translate(own, conn, what);
}

static void lite_disconnect(struct db_conn *conn)
{
    for (size_t i = 0; i < conn->cache.cap; i++)
        if (conn->cache.slots[i].key)
            sqlite3_finalize(conn->cache.slots[i].prepared);
    for (size_t i = 0; i < DB_COMPOSED_MAX; i++)
        sqlite3_finalize(conn->composed[i].prepared);
    memset(conn->composed, 0, sizeof conn->composed);
    int rc = sqlite3_close(handle(conn));
    assert(rc == SQLITE_OK); /* a statement was left open */
    conn->handle = NULL;
}

static const char *setup_of(const struct db_conn *conn)
{
    if (!conn->writing)
        return "PRAGMA query_only=ON";
    if (conn->db->test_flags & DB_TEST_NO_SYNC)
        return "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON";
    return "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON";
}

static const char *path_of(const struct db_conn *conn)
{
    return conn->log ? conn->db->log_path : conn->db->path;
}

/* The settings of a new connection. Two processes that open a new database at once both switch it to WAL, and of that
 * switch SQLite does not ask the busy handler: who comes second waits here. */
static enum err set_up(struct db_conn *conn)
{
    int64_t until = time_tick_us() + BUSY_MS * 1000;
    enum err e;
    while ((e = lite_script(conn, setup_of(conn), path_of(conn))) == ERR_BUSY && time_tick_us() < until)
        usleep(BUSY_RETRY_US);
    return e;
}

/* For the whole program, before SQLite is used the first time; later calls change nothing. Without its figures of
 * memory use malloc needs no lock that all connections share. Whoever reads after somebody's commit reads anew: the
 * pages of a cache are then taken from one block instead of one by one. */
static void configure(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, CACHE_PAGES_AT_ONCE);
}

/* A reader sees the log's tables as if they were in the same file: no name stands in both but `migration`. */
static enum err attach_log(struct db_conn *conn)
{
    char *sql = sqlite3_mprintf("ATTACH %Q AS log", conn->db->log_path);
    enum err e = lite_script(conn, sql, conn->db->log_path);
    sqlite3_free(sql);
    return e;
}

static enum err lite_connect(struct db_conn *conn)
{
    const char *path = path_of(conn);
    sqlite3 *lite = NULL;
    if (conn->writing)
        configure();
    /* A new database is for this user alone; SQLite gives its other files the same mode. */
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
    int rc = sqlite3_open_v2(path, &lite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    conn->handle = lite;
    if (rc != SQLITE_OK)
        return fail(conn_own(conn), ERR_DB, "%s cannot be opened: %s", path, sqlite3_errmsg(lite));
    sqlite3_extended_result_codes(lite, 1);
    sqlite3_busy_timeout(lite, BUSY_MS);
    sqlite3_db_config(lite, SQLITE_DBCONFIG_DQS_DML, 0, NULL); /* "x" is a name, never a string */
    sqlite3_db_config(lite, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(lite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    /* Else a statement is prepared anew whenever a value is bound that could have to do with a partial index. */
    sqlite3_db_config(lite, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
    enum err e = conn->writing ? ERR_OK : attach_log(conn);
    if (!e)
        e = set_up(conn);
    /* no mmap: each commit that grows the file makes every connection map it anew, and its pages count as our memory */
    return e ? e : lite_script(conn, "PRAGMA cache_size=-4000; PRAGMA temp_store=MEMORY", path);
}

static struct str ints_json(struct cx *cx, struct db_ints ints)
{
    struct buf b = buf_make(cx->arena);
    buf_add_char(&b, '[');
    for (size_t i = 0; i < ints.n; i++) {
        if (i)
            buf_add_char(&b, ',');
        buf_add_i64(&b, ints.p[i]);
    }
    buf_add_char(&b, ']');
    return buf_str(&b);
}

static int bind_one(struct cx *cx, sqlite3_stmt *s, int i, const struct db_col *col, const struct db_value *v)
{
    struct str t;
    if (v->null)
        return sqlite3_bind_null(s, i);
    switch (col->kind) {
    case DB_INT:
    case DB_BOOL:
        return sqlite3_bind_int64(s, i, v->i);
    case DB_REAL:
        return sqlite3_bind_double(s, i, v->r);
    case DB_BLOB:
    case DB_HASH:
        return sqlite3_bind_blob64(s, i, v->s.n ? v->s.p : "", v->s.n, SQLITE_STATIC);
    case DB_TEXT:
        return sqlite3_bind_text64(s, i, v->s.n ? v->s.p : "", v->s.n, SQLITE_STATIC, SQLITE_UTF8);
    case DB_INTS:
        t = ints_json(cx, v->ints);
        return sqlite3_bind_text64(s, i, t.p, t.n, SQLITE_STATIC, SQLITE_UTF8);
    }
    return SQLITE_MISUSE;
}

/* Each value is looked up once: asked by sqlite3_column_… it would be for its type, its bytes and their number. Only
   this thread uses the connection, so that it may be. */
static enum err read_row(struct cx *cx, const struct db_stmt *stmt, sqlite3_stmt *s, unsigned char *row)
{
    enum err e = ERR_OK;
    for (int i = 0; !e && i < (int)stmt->n_out; i++) {
        enum db_kind kind = stmt->out[i].kind;
        sqlite3_value *v = sqlite3_column_value(s, i);
        if (sqlite3_value_type(v) == SQLITE_NULL) {
            e = row_null(cx, stmt, (size_t)i, row);
        } else if (kind == DB_INT || kind == DB_BOOL) {
            row_int(stmt, (size_t)i, row, sqlite3_value_int64(v));
        } else if (kind == DB_REAL) {
            row_real(stmt, (size_t)i, row, sqlite3_value_double(v));
        } else {
            const void *p = sqlite3_value_blob(v); /* of a text, its UTF-8 */
            e = row_bytes(cx, stmt, (size_t)i, row, str_make(p, (size_t)sqlite3_value_bytes(v)));
        }
    }
    return e;
}

static enum err step_all(struct cx *cx, struct db_conn *conn, const struct db_stmt *stmt, sqlite3_stmt *s,
                         struct rows *rows)
{
    enum err e = ERR_OK;
    int rc;
    while ((rc = sqlite3_step(s)) == SQLITE_ROW && !e)
        if (stmt->n_out)
            e = read_row(cx, stmt, s, rows_next(cx, stmt, rows));
    if (!e && rc != SQLITE_DONE)
        e = translate(cx, conn, stmt->name);
    if (!e)
        rows->changed = sqlite3_changes64(handle(conn));
    return e;
}

/* SQLite asks every so many steps whether to go on. Only of reading connections: the writer's transaction is many
 * people's. */
static int is_late(void *p)
{
    const struct cx *cx = p;
    return time_tick_us() > cx->deadline_us;
}

static enum err lite_run(struct cx *cx, struct db_conn *conn, const struct db_stmt *stmt, const struct db_value *in,
                         struct rows *rows)
{
    sqlite3_stmt *s = NULL;
    enum err e = prepare(cx, conn, stmt, &s);
    if (e)
        return e;
    assert(stmt->once || !sqlite3_stmt_busy(s));
    for (int i = 0; !e && i < (int)stmt->n_in; i++)
        if (bind_one(cx, s, i + 1, &stmt->in[i], &in[i]) != SQLITE_OK)
            e = translate(cx, conn, stmt->name);
    bool timed = cx->deadline_us && !conn->writing;
    if (timed)
        sqlite3_progress_handler(handle(conn), PROGRESS_STEPS, is_late, cx);
    if (!e)
        e = step_all(cx, conn, stmt, s, rows);
    if (timed)
        sqlite3_progress_handler(handle(conn), 0, NULL, NULL);
    sqlite3_reset(s);
    sqlite3_clear_bindings(s); /* they point into an arena */
    return e;
}

static void lite_tidy(struct db_conn *conn)
{
    sqlite3_stmt *s = NULL, *next;
    sqlite3_progress_handler(handle(conn), 0, NULL, NULL);
    for (s = sqlite3_next_stmt(handle(conn), NULL); s; s = next) {
        next = sqlite3_next_stmt(handle(conn), s);
        sqlite3_reset(s);
        sqlite3_clear_bindings(s);
    }
}

static enum err lite_begin_read(struct db_conn *conn)
{
    return lite_script(conn, "BEGIN DEFERRED", "beginning to read");
}

static enum err lite_check(struct cx *cx, struct db_conn *conn, const struct db_stmt *stmt)
{
    sqlite3_stmt *s = NULL;
    enum err e = prepare(cx, conn, stmt, &s);
    if (e)
        return fail(cx, ERR_CONFIG, "%s: %s: %" PRI_STR, stmt->file, stmt->name, STR_ARG(cx->fail.detail));
    /* :exec and :count may leave rows unread (SELECT 1), rows that are read must be as many as declared */
    if (stmt->n_out && sqlite3_column_count(s) != (int)stmt->n_out)
        return fail(cx, ERR_CONFIG, "%s: %s gives %d columns, but declares %zu: mend \"-- out:\"", stmt->file,
                    stmt->name, sqlite3_column_count(s), stmt->n_out);
    if (!stmt->writes && !sqlite3_stmt_readonly(s))
        return fail(cx, ERR_CONFIG, "%s: %s writes, but was taken for a read", stmt->file, stmt->name);
    return ERR_OK;
}

/* ---- checkpoints ---- */

/* Moves what has been committed from the write-ahead logs into the files, while others read and write. Left to SQLite,
 * the commit that fills the log does it, and everybody at the gate waits for those 2000 pages. But the log begins anew
 * only when all of it has been moved, and one who never stops writing is never caught up with: past a size the writer
 * waits and moves the rest itself. */
struct checkpointer {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wanted, moved;
    struct wal {
        struct checkpointer *of;
        sqlite3 *lite; /* a connection of its own */
        bool full, moving;
    } wals[2];
    bool running, stop;
};

/* With the lock, which is let go meanwhile. What fails (a full disk) fails again at the next commit; nothing is lost by
   waiting. */
static void move(struct wal *wal, sqlite3 *lite)
{
    wal->full = false;
    wal->moving = true;
    pthread_mutex_unlock(&wal->of->lock);
    sqlite3_wal_checkpoint_v2(lite, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    pthread_mutex_lock(&wal->of->lock);
    wal->moving = false;
    pthread_cond_broadcast(&wal->of->moved);
}

/* After a commit: so many pages lie in the write-ahead log. */
static int committed(void *p, sqlite3 *lite, const char *name, int pages)
{
    struct wal *wal = p;
    (void)name;
    if (pages < CHECKPOINT_PAGES)
        return SQLITE_OK;
    pthread_mutex_lock(&wal->of->lock);
    if (pages < CHECKPOINT_NOW_PAGES) {
        wal->full = true;
        pthread_cond_signal(&wal->of->wanted);
    } else {
        while (wal->moving)
            pthread_cond_wait(&wal->of->moved, &wal->of->lock);
        move(wal, lite);
    }
    pthread_mutex_unlock(&wal->of->lock);
    return SQLITE_OK;
}

static void *checkpoint(void *p)
{
    struct checkpointer *c = p;
    pthread_mutex_lock(&c->lock);
    while (!c->stop) {
        struct wal *wal = c->wals[0].full ? &c->wals[0] : &c->wals[1];
        if (wal->full && !wal->moving)
            move(wal, wal->lite);
        else
            pthread_cond_wait(&c->wanted, &c->lock);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

static enum err watch(struct cx *cx, struct checkpointer *c, struct wal *wal, struct db_conn *writer)
{
    wal->of = c;
    if (sqlite3_open_v2(path_of(writer), &wal->lite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return fail(cx, ERR_DB, "%s cannot be opened: %s", path_of(writer), sqlite3_errmsg(wal->lite));
    bool sync = !(writer->db->test_flags & DB_TEST_NO_SYNC);
    sqlite3_exec(wal->lite, sync ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=OFF", NULL, NULL, NULL);
    sqlite3_wal_hook(handle(writer), committed, wal);
    return ERR_OK;
}

static enum err lite_start(struct cx *cx, struct db *db)
{
    struct checkpointer *c = db->checkpointer = calloc(1, sizeof *c);
    assert(c);
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->wanted, NULL);
    pthread_cond_init(&c->moved, NULL);
    enum err e = watch(cx, c, &c->wals[0], db->gate.conn);
    if (!e)
        e = watch(cx, c, &c->wals[1], db->log_gate.conn);
    c->running = !e && pthread_create(&c->thread, NULL, checkpoint, c) == 0;
    return e || c->running ? e : fail(cx, ERR_IO, "the thread for checkpoints cannot be started");
}

static void lite_stop(struct db *db)
{
    struct checkpointer *c = db->checkpointer;
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    c->stop = true;
    pthread_cond_signal(&c->wanted);
    pthread_mutex_unlock(&c->lock);
    if (c->running)
        pthread_join(c->thread, NULL);
    for (int i = 0; i < 2; i++)
        sqlite3_close(c->wals[i].lite);
    pthread_cond_destroy(&c->wanted);
    pthread_cond_destroy(&c->moved);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

/* ---- backup and restore ---- */

/* VACUUM INTO reads one snapshot while others write (WAL). db_backup makes it durable. */
static enum err copy_file(struct cx *cx, const char *from, const char *to)
{
    sqlite3 *lite = NULL;
    char *sql = sqlite3_mprintf("VACUUM INTO %Q", to);
    int rc = sqlite3_open_v2(from, &lite, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_busy_timeout(lite, BUSY_MS);
        rc = sqlite3_exec(lite, sql, NULL, NULL, NULL);
    }
    enum err e = rc == SQLITE_OK     ? ERR_OK
                 : rc == SQLITE_FULL ? fail(cx, ERR_NO_SPACE, "no space for the copy %s", to)
                                     : fail(cx, ERR_DB, "the copy %s: %s", to, sqlite3_errmsg(lite));
    sqlite3_free(sql);
    sqlite3_close(lite);
    return e ? e : db_sync_copy(cx, to);
}

static enum err lite_backup(struct cx *cx, struct db *db, const char *path)
{
    enum err e = copy_file(cx, db->path, path);
    return e ? e : copy_file(cx, db->log_path, str_z(cx->arena, str_fmt(cx->arena, "%s-log", path)));
}

/* The copy is read page by page on the way: one that is damaged is not put in place. */
static enum err restore_file(struct cx *cx, const char *from, const char *to)
{
    if (access(from, R_OK))
        return fail(cx, ERR_CONFIG, "%s: %s; is this a backup of a SQLite database?", from, strerror(errno));
    int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == EEXIST ? fail(cx, ERR_CONFIG, "%s is there already: restore only into an empty folder", to)
                               : fail(cx, ERR_IO, "%s: %s", to, strerror(errno));
    close(fd);
    return copy_file(cx, from, to);
}

static enum err lite_restore(struct cx *cx, struct db *db, const char *path)
{
    enum err e = restore_file(cx, path, db->path);
    return e ? e : restore_file(cx, str_z(cx->arena, str_fmt(cx->arena, "%s-log", path)), db->log_path);
}

const struct engine engine_sqlite = {
    .start = lite_start,
    .stop = lite_stop,
    .connect = lite_connect,
    .disconnect = lite_disconnect,
    .script = lite_script,
    .run = lite_run,
    .tidy = lite_tidy,
    .begin_read = lite_begin_read,
    .write = gate_write,
    .write_log = gate_write_log,
    .check = lite_check,
    .backup = lite_backup,
    .restore = lite_restore,
};

bool sqlite_in_transaction(const struct db_conn *conn)
{
    return !sqlite3_get_autocommit(handle(conn));
}
