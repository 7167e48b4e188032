/* The database: one interface over SQLite and PostgreSQL. Only sqlite.c and postgres.c, and their
   bulk_…, see an engine.

   SQL lives in .sql files, which tools/sqlgen turns into typed functions q_<name> (their grammar: docs/adding.md and
   the head of tools/sqlgen.c). Everything that runs, runs in a transaction: db_read or db_write.

   THE CONTRACT OF A WRITE FUNCTION (db_fn given to db_write)
   - It may run again: after a conflict, a lost connection, or because a neighbour in the same batch broke the
   transaction. The arena is reset to where it was before db_write, so nothing it left in *ctx may be relied on at its
   start.
   - It may run in another thread than the caller's, while the caller waits: nothing thread-local.
   - It reads again, inside, what its guards need.
   - It does no rendering, hashing of files, network or anything else outside the database. Mail, post and deliveries go
     through the outbox.
   - Its results count only after db_write returned ERR_OK.
   - When a statement has failed (duplicate, law, …) the transaction is lost: every later statement gives the same error
   and db_write returns it, even if the function returned ERR_OK. Where a failure is expected and can be borne, put that
   part in a nested db_write (a savepoint), or let the SQL bear it (ON CONFLICT DO NOTHING). */
#pragma once
#include "base/base.h"

struct db;
struct db_conn;

/* What only tests set. */
enum {
    DB_TEST_RERUN =
        1, /* every write function runs twice: once rolled back, once kept. Shows who breaks the contract. */
    DB_TEST_NO_SYNC = 2, /* SQLite: no fsync */
};

struct db_config {
    const char *url; /* "sqlite:/path/file.db" or "postgresql://user@host/db" (any libpq connection address) */
    int readers; /* connections: SQLite for reading (one more writes), PostgreSQL for all. 0: 4. As many as workers. */
    unsigned test_flags; /* DB_TEST_* */
};

/* Open the database (SQLite: made when missing) and put it in cx->db as well as in *ret.
   CONFIG: the address is not understood. DB: it cannot be opened. AWAY: it cannot be reached. */
enum err db_open(struct cx *cx, const struct db_config *config, struct db **ret);
/* Waits for nobody: all transactions must have ended. NULL is legal. */
void db_close(struct db *db);
bool db_is_postgres(const struct cx *cx);
/* It computes on this machine: SQLite; PostgreSQL behind a Unix socket or a loopback address. For a server, after
   opening and before other threads. */
bool db_is_near(const struct cx *cx);
/* For a server, after opening and migrating and before other threads: PostgreSQL ends a statement that takes longer
   than a minute (BUSY), and a transaction in which nothing happens for 3 s, so that a process that stands still does
   not hold its locks against the others; when it goes on, its functions run again. SQLite: nothing. */
enum err db_limit_time(struct cx *cx);

typedef enum err (*db_fn)(struct cx *cx, void *ctx);

/* Run fn(cx, ctx) on one consistent snapshot (SQLite: deferred BEGIN; PostgreSQL: REPEATABLE READ, READ ONLY). Inside
   any transaction it runs in place. Returns what fn returned; BUSY when no connection came free in 30 s; AWAY when the
   database cannot be reached or was lost on the way; DB. When the
   arena reaches its limit inside, the transaction is ended properly before control goes on to the arena_try outside. */
enum err db_read(struct cx *cx, db_fn fn, void *ctx);

/* Run fn(cx, ctx) and make what it wrote durable before returning ERR_OK; otherwise nothing of it remains. Read the
   contract above. SQLite: functions that wait at the same time share one commit. PostgreSQL: READ COMMITTED, tried
   again on a conflict. Inside a db_write it is a savepoint: if it fails only what it wrote is undone. Inside a db_read:
   a programming error. Returns what fn returned; DUPLICATE (unique or primary key), LAW (a trigger or constraint whose
   message or name begins with "LAW n" or "law_n"; the detail is that text), INVALID (another CHECK or NOT NULL),
   CONFLICT (a foreign key, or a conflict that remained after all tries), NO_SPACE, BUSY, DB, FORBIDDEN after
   db_set_read_only, TOO_LARGE when fn reached the arena's limit. AWAY: the database could not be reached, nothing
   remains. UNSURE: it was lost after the commit was sent and before the answer came; whether what fn wrote remains is
   not known, and it must not be run again unless it bears that (docs/why/several-processes.md). */
enum err db_write(struct cx *cx, db_fn fn, void *ctx);

/* As db_write, for the tables of the log: those of modules whose migrations say "-- log:" (the access log). Only they
   can be read and written in it; db_read sees all tables. In SQLite they lie in a file of their own beside the
   database: each commit makes every reader of its file read anew, and looking at something, which is written into the
   log, must not slow down everybody else's looking. Not inside a db_write: there is no commit that takes both.
   PostgreSQL has one place for all. */
enum err db_write_log(struct cx *cx, db_fn fn, void *ctx);

/* Inside a db_write that finds its work done already and is about to say so: its commit makes durable, on PostgreSQL's
   synchronous replicas too, what it has seen. A commit that only reads waits for nothing, and what it saw may be on one
   disk only. */
enum err db_settle(struct cx *cx);

/* Inside a db_write that takes a row which everybody needs, a number of a series: PostgreSQL lets its locks go as soon
   as it is committed, and makes it durable after that; db_write returns when it is. Others may see it a moment before;
   what they write is durable after it is. SQLite: nothing, its gate makes durable what waits together. */
void db_let_go_early(struct cx *cx);

/* Inside a db_write whose caller bears UNSURE by running it again: what has been sent without waiting for its answer
   (:exec) goes together with the commit, so that rows it locks are held while PostgreSQL computes and not while an
   answer is on its way. In return a connection that is lost on the way there is UNSURE too. SQLite: nothing. */
void db_commit_at_once(struct cx *cx);

/* From now on db_write refuses in this cx (a POST that is not from our own page; house.md 2). */
void db_set_read_only(struct cx *cx);

/* Write a consistent copy of the whole database to `path`, which must not exist, while others read and write; durable
   when it returns. SQLite: a database file (VACUUM INTO), and "-log" behind its name another with the log. PostgreSQL:
   what pg_dump --format=custom writes; pg_dump must be installed. IO, NO_SPACE, DB. Not inside a transaction. */
enum err db_backup(struct cx *cx, const char *path);

/* Make a database of a copy that db_backup wrote to `path`; nothing need be open. `url` as in db_config: a SQLite file
   that does not exist, or a PostgreSQL database without tables (pg_restore must be installed; all or nothing). Durable
   when it returns. CONFIG: there is something already, or the copy is of the other engine. IO, NO_SPACE, DB. */
enum err db_restore(struct cx *cx, const char *url, const char *path);

/* A table as a whole. The sum is the sum modulo 2^256 of its rows' SHA-256: the same in both engines, in any order. */
struct db_table_sum {
    const char *table;
    int64_t rows;
    struct hash sum;
};
struct db_move {
    struct db_table_sum *tables; /* out: by name; all but `migration`, which each database has of its own */
    size_t n;
    /* Called when a table begins and now and then in it; may be NULL. checking: it is being read back. */
    void (*tell)(void *ctx, const struct db_table_sum *so_far, bool checking);
    void *ctx;
};
/* CONFIG when there is a database already: for a PostgreSQL address a table, for SQLite a file. */
enum err db_check_new(struct cx *cx, const char *url);
/* Copy every row of `from` into `to`, which has been migrated by this program and whose own rows are lost. Nobody may
   use either. In one transaction; the laws rest meanwhile (these rows have passed them), references and checks do not.
   Reads back what it wrote and compares counts and sums. Needs the rights of the owner, no more. DB, CONFLICT,
   NO_SPACE: nothing was copied. */
enum err db_move(struct cx *cx, struct db *from, struct db *to, struct db_move *m);
/* Counts and sums of a database alone, of one snapshot. */
enum err db_sums(struct cx *cx, struct db *db, struct db_move *m);

/* --- Migrations: generated from src/<room>/migrations/NNNN_<name>.sql --- */
struct db_migration {
    int number;         /* 1, 2, … without gaps */
    const char *name;   /* "0001_create.sql" */
    const char *hash;   /* SHA-256 of the file, hex */
    const char *sql[2]; /* for SQLite, for PostgreSQL */
};
struct db_migrations {
    const char *module;
    const struct db_migration *list;
    size_t n;
    bool log; /* its tables belong to the log: see db_write_log */
};

/* Bring the database to what the modules need, in the order given, one transaction a file. Several processes may do it
   at once. CONFIG: a file that has been run was changed since, or the database comes from a newer program (nothing is
   done then). */
enum err db_migrate(struct cx *cx, const struct db_migrations *const *modules, size_t n);

/* Every module's migrations, in the order of the rooms, and every statement of the program (both generated). */
extern const struct db_migrations *const db_all_migrations[];
extern const size_t db_all_migrations_n;
extern const struct db_stmt *const db_all_stmts[];
extern const size_t db_all_stmts_n;

/* Compare a statement with the database: does it compile, does it give the columns and types it declares, does it write
   only if it says so? CONFIG with the reason when not. For the test that does so for all of them on both engines. */
enum err db_check_stmt(struct cx *cx, const struct db_stmt *stmt);

/* A time in which PostgreSQL could not be used by this process (restarted, failed over, read-only, out of reach), from
   when that was noticed to when it could be again. Several that nobody has been told of are one. */
struct db_outage {
    int64_t since_us, until_us;
};
/* One that is over and was not taken yet; false: there is none. SQLite: never. */
bool db_take_outage(struct cx *cx, struct db_outage *ret);
/* It could not be told: it is taken again later. */
void db_give_outage(struct cx *cx, const struct db_outage *outage);

/* Figures for /metrics. */
struct db_stats {
    int64_t reads, writes; /* transactions that ended */
    int64_t commits;       /* SQLite: batches, so writes / commits is how many share one; PostgreSQL: = writes */
    int64_t reruns;        /* write functions that had to run again */
    int64_t failed_commits;
    int64_t waiting_writers; /* now */
};
struct db_stats db_stats(struct db *db);

/* --- What queries are made of --- */
/* A nullable int: `int?` in a .sql file. A nullable text or blob is a struct str whose p is NULL. */
struct opt_int {
    bool set;
    int64_t v;
};
struct opt_real {
    bool set;
    double v;
};
/* The `ints` input, for "unit_id IN :unit_ids". */
struct db_ints {
    const int64_t *p;
    size_t n;
};
static inline struct opt_int opt_int(int64_t v)
{
    return (struct opt_int){true, v};
}

/* --- For generated code (and record/odata.c, which composes a statement and marks it `once`) --- */
enum db_kind { DB_INT, DB_BOOL, DB_REAL, DB_TEXT, DB_BLOB, DB_HASH, DB_INTS };

struct db_col {
    const char *name;
    enum db_kind kind;
    bool nullable;
    size_t offset; /* out: in the row struct */
};

struct db_stmt {
    const char *name, *file;
    const char *sql[2]; /* SQLite with ?1, PostgreSQL with $1 */
    const struct db_col *in, *out;
    size_t n_in, n_out, row_size;
    bool writes; /* needs db_write */
    bool once;   /* composed at run time: PostgreSQL plans it each time, SQLite keeps the last ones prepared */
};

struct db_value {
    bool null;
    union {
        int64_t i;
        double r;
        struct str s; /* text, blob, hash */
        struct db_ints ints;
    };
};

/* Run a statement with n_in values. A read outside any transaction is its own; a write there is a programming error.
   one: NOT_FOUND without a row (several rows: INTERNAL). opt: *ret_found tells. many: an array in cx->arena. count:
   rows changed. All: the errors of db_write. */
enum err db_one(struct cx *cx, const struct db_stmt *stmt, const struct db_value *in, void *ret_row);
enum err db_opt(struct cx *cx, const struct db_stmt *stmt, const struct db_value *in, void *ret_row, bool *ret_found);
enum err db_many(struct cx *cx, const struct db_stmt *stmt, const struct db_value *in, void **ret_rows, size_t *ret_n);
enum err db_exec(struct cx *cx, const struct db_stmt *stmt, const struct db_value *in);
enum err db_count(struct cx *cx, const struct db_stmt *stmt, const struct db_value *in, int64_t *ret_n);
