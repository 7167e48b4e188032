/* Inside src/db only: what db.c asks of an engine, and what the engines share. */
#pragma once
#include <pthread.h>
#include <stdatomic.h>

#include "db.h"

enum { PENDING_MAX = 8, PENDING_BYTES = 64, FLIGHT_MAX = 48, COMMIT_PARTS = 3 };
enum { DB_MAGIC = 0x44421701, CONN_MAGIC = 0x434f4e4e, SQL_SQLITE = 0, SQL_POSTGRES = 1 };

/* Where the rows of a statement go. */
struct rows {
    unsigned char *p; /* in the arena */
    size_t n, cap;
    int64_t changed;
    bool unread; /* nobody looks at the answer: whether it failed may be found out later */
};

/* Prepared statements of one connection, by the address of their db_stmt. */
struct cache {
    struct cache_slot {
        const struct db_stmt *key;
        void *prepared;
    } * slots;
    size_t n, cap;
};

/* Clients that compose statements ask in the same few forms. */
enum { DB_COMPOSED_MAX = 32 };
struct composed {
    void *prepared;
    size_t n; /* bytes of its text; 0: none */
};

struct db_conn {
    unsigned magic;
    struct db *db;
    struct db_conn *next; /* in the pool */
    void *handle;         /* sqlite3 * or PGconn * */
    void *result;         /* PGresult * that must be cleared if the arena overflows */
    struct cx own;        /* for beginning and ending transactions: a full arena of the caller must not break those */
    struct arena_mark own_mark;
    int64_t born_us; /* connected then */
    struct cache cache;
    struct composed
        composed[DB_COMPOSED_MAX]; /* SQLite: statements composed at run time, by their text; see sqlite.c */
    size_t next_composed;
    bool writing;
    bool log;        /* SQLite: it writes the log's file and sees no other */
    int depth;       /* open savepoints */
    enum err doomed; /* a statement failed: the transaction is lost (see the contract) */
    bool lost;       /* PostgreSQL: the connection is gone */
    bool retry;      /* PostgreSQL: the error asks for another try */
    bool warned;     /* PostgreSQL: it said something beside its answer */
    bool early;      /* PostgreSQL: db_let_go_early */
    bool at_once;    /* PostgreSQL: db_commit_at_once */
    bool committed;  /* PostgreSQL: among the answers was that of a COMMIT that was one */
    bool ending;     /* PostgreSQL: the end of the last transaction was sent; its answer has not been read yet */
    char pending[PENDING_MAX][PENDING_BYTES]; /* PostgreSQL: to be sent together with the next statement */
    size_t n_pending;
    /* PostgreSQL: what was sent and has not been answered yet: up to FLIGHT_MAX statements nobody reads, then one that
       is read, or the commit, the last two with what was pending; what the last answer is to */
    const char *flight[FLIGHT_MAX + 2 * PENDING_MAX + COMMIT_PARTS], *what;
    size_t n_flight;
};

struct engine {
    /* What runs beside the connections; NULL: nothing. start: after they are open. stop: before they close; also when
       start failed or never was. */
    enum err (*start)(struct cx *cx, struct db *db);
    void (*stop)(struct db *db);
    /* Connect, or connect again. What fails, fails in conn->own. */
    enum err (*connect)(struct db_conn *conn);
    enum err (*limit)(struct db_conn *conn);     /* see db_limit_time; NULL: nothing to do */
    bool (*is_near)(const struct db_conn *conn); /* see db_is_near; NULL: always */
    void (*disconnect)(struct db_conn *conn);    /* the handle alone */
    /* One or more statements without parameters or rows; the detail of the failure names `what` and is in conn->own. */
    enum err (*script)(struct db_conn *conn, const char *sql, const char *what);
    /* As script, of one short statement that cannot fail by itself, but it may be sent with what comes next; NULL: as
       script. */
    enum err (*later)(struct db_conn *conn, const char *sql, const char *what);
    void (*end_read)(struct db_conn *conn); /* NULL: script ROLLBACK */
    /* rows->unread: ERR_OK may mean that it was sent; its failure is that of a later statement, or of `settle`. */
    enum err (*run)(struct cx *cx, struct db_conn *conn, const struct db_stmt *stmt, const struct db_value *in,
                    struct rows *rows);
    /* Wait for the answers to all that was sent. Its failure has doomed the transaction. NULL: each is waited for. */
    enum err (*settle)(struct cx *cx, struct db_conn *conn);
    /* Put the connection in order after control left it by longjmp. */
    void (*tidy)(struct db_conn *conn);
    enum err (*begin_read)(struct db_conn *conn);
    enum err (*write)(struct cx *cx, db_fn fn, void *ctx);
    enum err (*write_log)(struct cx *cx, db_fn fn, void *ctx);
    enum err (*check)(struct cx *cx, struct db_conn *conn, const struct db_stmt *stmt);
    enum err (*backup)(struct cx *cx, struct db *db, const char *path);
    enum err (*restore)(struct cx *cx, struct db *db, const char *path); /* db is not open */
};
extern const struct engine engine_sqlite, engine_postgres;

/* Of engine_postgres (postgres_tools.c): see db_backup and db_restore. */
enum err postgres_backup(struct cx *cx, struct db *db, const char *path);
enum err postgres_restore(struct cx *cx, struct db *db, const char *path);

struct writer; /* gate.c */

/* The write gate of one file (SQLite). The mutex of the database guards it. */
struct gate {
    struct db_conn *conn;
    struct writer *first, *last;
    bool led;               /* somebody runs a batch */
    atomic_llong commit_us; /* how long a commit has taken lately */
};

struct db {
    unsigned magic;
    const struct engine *engine;
    int dialect;    /* SQL_SQLITE, SQL_POSTGRES */
    char *path;     /* file or connection address */
    char *log_path; /* SQLite: the file of the log */
    unsigned test_flags;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t freed;
    struct db_conn *pool;
    struct gate gate, log_gate;
    struct checkpointer *checkpointer; /* SQLite */
    bool limited;                      /* db_limit_time; set once, before other threads */
    /* PostgreSQL: the ticks since which it has been away (0: it is there) and at which somebody last asked, and whether
       somebody asks now */
    atomic_llong away_us, asked_us;
    atomic_bool asking;
    /* PostgreSQL, guarded by the mutex: when the loss of it was noticed that lasts (0: none), when it was last found
       again, and what is over and has not been told (since_us 0: nothing) */
    int64_t outage_since_us, found_us;
    struct db_outage untold;
    atomic_bool tells; /* there is something untold */
    /* figures */
    atomic_llong reads, writes, commits, reruns, failed_commits, waiting;
};

/* A failure on its way from a connection, or from another thread, to the cx it belongs to. */
struct fault {
    enum err e;
    char text[240];
};
struct fault fault_of(const struct cx *from, enum err e);
/* Attach it in the caller's own thread, when nothing is held any more. ERR_OK for ERR_OK. */
enum err fault_raise(struct cx *cx, const struct fault *f);

/* conn->own, emptied of what the last call left in it. */
struct cx *conn_own(struct db_conn *conn);
/* What a connection is for. Of PostgreSQL's all are CONN_POOL and may write. */
enum conn_use { CONN_POOL, CONN_WRITER, CONN_LOG_WRITER };
enum err conn_new(struct cx *cx, struct db *db, enum conn_use use, struct db_conn **ret);
void conn_free(struct db_conn *conn);
/* The server behind this connection has gone, or may not be written any more; nothing when that is known already, or
   was told when this connection, which nobody had used since, was lost with the others. */
void outage_begin(struct db_conn *conn);
/* It cannot be reached now either. */
void outage_goes_on(struct db *db);
/* A connection was made. */
void outage_end(struct db_conn *conn);
/* The database behind an address, not opened yet. db_close ends it. CONFIG. */
enum err db_behind(struct cx *cx, const struct db_config *config, struct db **ret);
/* Make a finished copy durable. */
enum err db_sync_copy(struct cx *cx, const char *path);
/* Take a connection out of the pool; BUSY after 30 s. */
enum err pool_take(struct cx *cx, struct db_conn **ret);
void pool_give(struct db *db, struct db_conn *conn);

/* Run fn in the transaction that has been begun on conn: sets cx->conn for the time, stops an arena overflow (then
 *ret_overflow is true and the result TOO_LARGE), and turns ERR_OK of a lost transaction into its error. */
enum err conn_run(struct cx *cx, struct db_conn *conn, db_fn fn, void *ctx, bool *ret_overflow);

/* The address of the next row to fill. */
void *rows_next(struct cx *cx, const struct db_stmt *stmt, struct rows *rows);
/* Store a NULL in column `col` of the row; INTERNAL when the column is not declared nullable. */
enum err row_null(struct cx *cx, const struct db_stmt *stmt, size_t col, unsigned char *row);
void row_int(const struct db_stmt *stmt, size_t col, unsigned char *row, int64_t v);
void row_real(const struct db_stmt *stmt, size_t col, unsigned char *row, double v);
/* Copies the bytes to the arena; INTERNAL when a hash has not 32 bytes. */
enum err row_bytes(struct cx *cx, const struct db_stmt *stmt, size_t col, unsigned char *row, struct str v);

void *cache_get(const struct cache *c, const struct db_stmt *key);
void cache_put(struct cache *c, const struct db_stmt *key, void *prepared);
void cache_free(struct cache *c);

/* gate.c: db_write and db_write_log of SQLite. */
enum err gate_write(struct cx *cx, db_fn fn, void *ctx);
enum err gate_write_log(struct cx *cx, db_fn fn, void *ctx);
/* sqlite.c: false when SQLite itself has rolled the transaction back (disk full, I/O error). */
bool sqlite_in_transaction(const struct db_conn *conn);
/* Undo to (and forget) savepoint `depth`. */
enum err savepoint_undo(struct db_conn *conn, int depth);
