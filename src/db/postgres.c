/* PostgreSQL by libpq: prepared statements, binary values, READ COMMITTED. Only this, bulk_postgres.c
   and postgres_tools.c see libpq. */
#include "engine.h"

#include <assert.h>
#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TRIES = 8, FIRST_AGAIN = 2, MAX_IN = 64, PATIENCE_S = 5, ASK_AGAIN_US = 500000, PAUSE_US = 100000 };

/* Types of the wire protocol (pg_type.dat). */
enum {
    T_BOOL = 16,
    T_BYTEA = 17,
    T_CHAR = 18,
    T_NAME = 19,
    T_INT8 = 20,
    T_INT2 = 21,
    T_INT4 = 23,
    T_TEXT = 25,
    T_JSON = 114,
    T_FLOAT4 = 700,
    T_FLOAT8 = 701,
    T_UNKNOWN = 705,
    T_INT8_ARRAY = 1016,
    T_BPCHAR = 1042,
    T_VARCHAR = 1043,
    T_VOID = 2278
};

static PGconn *handle(const struct db_conn *conn)
{
    return conn->handle;
}

static bool starts(const char *s, const char *prefix)
{
    return s && strncmp(s, prefix, strlen(prefix)) == 0;
}

/* It says that it stops (57P01), has crashed (57P02) or starts (57P03). A connection that ends without a word may have
   been idle for too long. */
static bool goes_down(const char *state)
{
    return state && (starts(state, "57P01") || starts(state, "57P02") || starts(state, "57P03"));
}

/* What a failed result means to us. The primary message alone: PostgreSQL's detail line quotes values. */
static enum err translate(struct cx *cx, struct db_conn *conn, const PGresult *r, const char *what)
{
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    const char *message = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    const char *constraint = r ? PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME) : NULL;
    if (!state || PQstatus(handle(conn)) != CONNECTION_OK || starts(state, "57P") || starts(state, "08")) {
        conn->lost = true;
        if (goes_down(state))
            outage_begin(conn);
        return fail(cx, ERR_AWAY, "%s: the connection to PostgreSQL was lost", what);
    }
    if (strcmp(state, "25006") == 0 && conn->writing) { /* it has become a replica: look for the one that may write */
        conn->lost = true;
        outage_begin(conn);
        return fail(cx, ERR_AWAY, "%s: this PostgreSQL may no longer be written", what);
    }
    if (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0) {
        conn->retry = true;
        return fail(cx, ERR_CONFLICT, "%s: %s", what, message);
    }
    if (starts(message, "cached plan must not change") || strcmp(state, "26000") == 0) {
        conn->lost = conn->retry = true; /* the tables were migrated under us: prepare anew on a new connection */
        return fail(cx, ERR_DB, "%s: %s", what, message);
    }
    if (starts(message, "LAW "))
        return fail(cx, ERR_LAW, "%s", message);
    if (strcmp(state, "23514") == 0 && starts(constraint, "law_"))
        return fail(cx, ERR_LAW, "%s", constraint);
    if (strcmp(state, "23505") == 0)
        return fail(cx, ERR_DUPLICATE, "%s: %s", what, message);
    if (strcmp(state, "23503") == 0)
        return fail(cx, ERR_CONFLICT, "%s: what it refers to is not there, or is referred to: %s", what, message);
    if (strcmp(state, "23514") == 0 || strcmp(state, "23502") == 0)
        return fail(cx, ERR_INVALID, "%s: %s", what, message);
    if (strcmp(state, "53100") == 0)
        return fail(cx, ERR_NO_SPACE, "%s: %s", what, message);
    if (starts(state, "53") || strcmp(state, "55P03") == 0 || strcmp(state, "57014") == 0)
        return fail(cx, ERR_BUSY, "%s: %s", what, message);
    return fail(cx, ERR_DB, "%s: %s (SQLSTATE %s)", what, message, state);
}

static void take_notice(void *arg, const PGresult *r)
{
    struct db_conn *conn = arg;
    const char *severity = PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);
    conn->warned = conn->warned || (severity && strcmp(severity, "WARNING") == 0);
    if (goes_down(PQresultErrorField(r, PG_DIAG_SQLSTATE))) /* killed: its last words */
        outage_begin(conn);
}

/* The answer to the end of the last transaction: it has come meanwhile. */
static void drain(struct db_conn *conn)
{
    if (!conn->ending)
        return;
    conn->ending = false;
    for (PGresult *r; (r = PQgetResult(handle(conn)));)
        PQclear(r);
}

static bool is_commit(PGresult *r)
{
    return r && strcmp(PQcmdStatus(r), "COMMIT") == 0;
}

/* The answers to what was sent in one go: the first that is a failure, else the last; and which of them it is. */
static PGresult *answers(struct db_conn *conn, size_t *ret_at)
{
    PGresult *kept = NULL;
    bool good = true;
    size_t at = 0;
    for (int nothing = 0; nothing < 2;) { /* each answer is followed by nothing once */
        PGresult *r = PQgetResult(handle(conn));
        ExecStatusType status = PQresultStatus(r);
        nothing = r ? 0 : nothing + 1;
        conn->committed = conn->committed || is_commit(r);
        if (r && status != PGRES_PIPELINE_SYNC && good) {
            PQclear(kept);
            kept = r;
            *ret_at = at;
            good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
        } else {
            PQclear(r);
        }
        at += !r;
        if (status == PGRES_PIPELINE_SYNC && r)
            break;
    }
    return kept;
}

/* ---- what is in flight: sent without waiting for the answer ---- */

/* The answers to all of it, as above. NULL when not all of it could be sent: then the answer to a part is never taken
   for that of the whole, and the connection is lost. */
static PGresult *land(struct db_conn *conn)
{
    PGconn *pg = handle(conn);
    size_t at = 0;
    conn->what = conn->flight[conn->n_flight - 1];
    PGresult *r = PQpipelineSync(pg) ? answers(conn, &at) : NULL;
    if (r && at < conn->n_flight)
        conn->what = conn->flight[at];
    conn->n_flight = 0;
    PQexitPipelineMode(pg);
    return r;
}

static void pg_tidy(struct db_conn *conn)
{
    PQclear(conn->result);
    conn->result = NULL;
}

static enum err pg_settle(struct cx *cx, struct db_conn *conn)
{
    if (!conn->n_flight)
        return ERR_OK;
    conn->result = land(conn);
    ExecStatusType status = PQresultStatus(conn->result);
    enum err e = ERR_OK;
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        e = conn->doomed = translate(cx, conn, conn->result, conn->what);
    pg_tidy(conn);
    return e;
}

/* A transaction that has been begun for us, and not yet for PostgreSQL. */
static bool begin_is_pending(const struct db_conn *conn)
{
    return conn->n_pending && starts(conn->pending[0], "BEGIN");
}

/* What is pending and this, as one script: its first failure, or its last answer. */
static PGresult *exec_script(struct db_conn *conn, struct cx *own, const char *sql)
{
    struct buf b = buf_make(own->arena);
    PGresult *last = NULL;
    drain(conn);
    for (size_t i = 0; i < conn->n_pending; i++)
        buf_fmt(&b, "%s; ", conn->pending[i]);
    conn->n_pending = 0;
    buf_add_z(&b, sql);
    if (!PQsendQuery(handle(conn), str_z(own->arena, buf_str(&b))))
        return NULL;
    for (PGresult *r; (r = PQgetResult(handle(conn))); last = r) /* PostgreSQL ends a script at its first failure */
        PQclear(last);
    return last;
}

static enum err pg_script(struct db_conn *conn, const char *sql, const char *what)
{
    struct cx *own = conn_own(conn);
    enum err e = pg_settle(own, conn);
    if (e && !starts(sql, "ROLLBACK")) /* that undoes what failed */
        return e;
    PGresult *r = exec_script(conn, own, sql);
    ExecStatusType status = PQresultStatus(r);
    e = ERR_OK;
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        e = translate(own, conn, r, what);
    PQclear(r);
    return e;
}

/* What PostgreSQL needs to hear, but whose answer nobody waits for, goes with the next statement: BEGIN, SAVEPOINT,
   RELEASE. */
static enum err pg_later(struct db_conn *conn, const char *sql, const char *what)
{
    if (conn->n_pending == PENDING_MAX || strlen(sql) >= PENDING_BYTES)
        return pg_script(conn, sql, what);
    snprintf(conn->pending[conn->n_pending++], PENDING_BYTES, "%s", sql);
    return ERR_OK;
}

static enum err pg_limit(struct db_conn *conn)
{
    return pg_script(conn, "SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '3s'",
                     "connecting");
}

/* One try. What the address itself says of these things goes first. A server that is gone without a word is noticed
   when nothing is acknowledged for ten seconds (tcp_user_timeout), or no probe while we wait (keepalives). Of several
   hosts the one that may write is meant. */
static enum err connect_once(struct db_conn *conn)
{
    const char *const words[] = {
        "fallback_application_name", "client_encoding",  "connect_timeout",      "tcp_user_timeout", "keepalives_idle",
        "keepalives_interval",       "keepalives_count", "target_session_attrs", "dbname",           NULL};
    const char *const values[] = {"indgang", "UTF8", "5", "10000", "10", "5", "3", "read-write", conn->db->path, NULL};
    PQfinish(handle(conn));
    conn->ending = false;
    conn->n_flight = 0;
    cache_free(&conn->cache); /* the prepared statements of an earlier connection */
    PGconn *pg = PQconnectdbParams(words, values, 1);
    conn->handle = pg;
    conn->lost = PQstatus(pg) != CONNECTION_OK;
    if (conn->lost) {
        const char *message = PQerrorMessage(pg); /* names host and database, never the password */
        return fail(conn_own(conn), ERR_AWAY, "PostgreSQL cannot be reached: %.*s", (int)strcspn(message, "\n"),
                    message);
    }
    if (PQserverVersion(pg) < 130000)
        return fail(conn_own(conn), ERR_CONFIG, "PostgreSQL %d is too old: 13 or later is needed",
                    PQserverVersion(pg) / 10000);
    PQsetNoticeReceiver(pg, take_notice, conn);
    /* Every statement is written for its index: planned once, and not at each call, which cost more than running it.
       A plan for all values is thought dearer than it is, and compiling it (jit) or sharing it out among processes
       takes a thousand times longer than running it. */
    enum err e = pg_script(conn,
                           "SET lock_timeout = '30s'; SET default_transaction_isolation = 'read committed'; "
                           "SET plan_cache_mode = force_generic_plan; SET jit = off; "
                           "SET max_parallel_workers_per_gather = 0",
                           "connecting");
    return !e && conn->db->limited ? pg_limit(conn) : e;
}

/* Away for long: one of all threads asks from time to time, the others are told at once. */
static bool may_ask(struct db *db)
{
    if (time_tick_us() - db->asked_us < ASK_AGAIN_US || atomic_exchange(&db->asking, true))
        return false;
    db->asked_us = time_tick_us();
    return true;
}

/* Connect, or connect again. A restart, or another server taking over, lasts seconds: who comes in that time waits for
   it and sees no error. */
static enum err pg_connect(struct db_conn *conn)
{
    struct db *db = conn->db;
    bool first = !conn->handle;
    for (;;) {
        long long since = db->away_us, before = 0;
        bool long_away = since && time_tick_us() - since > PATIENCE_S * SECOND_US;
        if (long_away && !may_ask(db))
            return fail(conn_own(conn), ERR_AWAY, "PostgreSQL has not been reached for %lld s",
                        (long long)((time_tick_us() - since) / SECOND_US));
        enum err e = connect_once(conn);
        if (long_away)
            db->asking = false;
        if (e == ERR_OK) {
            db->away_us = 0;
            outage_end(conn);
        }
        if (e == ERR_AWAY && !first)
            outage_goes_on(db);
        if (e != ERR_AWAY || first || long_away)
            return e;
        atomic_compare_exchange_strong(&db->away_us, &before, (long long)time_tick_us());
        usleep(PAUSE_US);
    }
}

static bool pg_is_near(const struct db_conn *conn)
{
    struct str address = str_of(PQhostaddr(handle(conn))); /* of a Unix socket: empty */
    return !address.n || str_starts(address, S("127.")) || str_eq_z(address, "::1");
}

static void pg_disconnect(struct db_conn *conn)
{
    PQfinish(handle(conn));
    conn->handle = NULL;
}

/* Begin a transaction: PostgreSQL hears of it with the first statement. */
static enum err begin(struct db_conn *conn, const char *sql)
{
    conn->doomed = ERR_OK;
    conn->retry = false;
    conn->early = conn->at_once = false;
    conn->n_pending = 0;
    enum err e = conn->lost ? pg_connect(conn) : ERR_OK;
    return e ? e : pg_later(conn, sql, "beginning a transaction");
}

static enum err pg_begin_read(struct db_conn *conn)
{
    return begin(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

/* Nobody waits for the answer either; whoever has the connection next reads it. */
static void pg_end_read(struct db_conn *conn)
{
    bool nothing = begin_is_pending(conn);
    conn->n_pending = 0;
    if (nothing || conn->lost)
        return;
    conn->ending = PQsendQuery(handle(conn), "ROLLBACK");
    conn->lost = !conn->ending;
}

/* Undo what has been done. A failure loses the connection, and with it the transaction. */
static void roll_back(struct db_conn *conn)
{
    if (begin_is_pending(conn))
        conn->n_pending = 0;
    else if (!conn->lost && pg_script(conn, "ROLLBACK", "rolling back"))
        conn->lost = true;
}

/* ---- statements ---- */
struct params {
    const char *values[MAX_IN];
    int lengths[MAX_IN], formats[MAX_IN];
    Oid types[MAX_IN];
    uint64_t numbers[MAX_IN]; /* in network order */
};

static Oid type_of(enum db_kind kind)
{
    static const Oid types[] = {[DB_INT] = T_INT8,   [DB_BOOL] = T_INT8,  [DB_REAL] = T_FLOAT8,    [DB_TEXT] = T_TEXT,
                                [DB_BLOB] = T_BYTEA, [DB_HASH] = T_BYTEA, [DB_INTS] = T_INT8_ARRAY};
    return types[kind];
}

static struct str ints_array(struct cx *cx, struct db_ints ints)
{
    struct buf b = buf_make(cx->arena);
    buf_add_char(&b, '{');
    for (size_t i = 0; i < ints.n; i++) {
        if (i)
            buf_add_char(&b, ',');
        buf_add_i64(&b, ints.p[i]);
    }
    buf_add(&b, S("}\0"));
    return buf_str(&b);
}

/* SQLite keeps a whole number without its fraction, and so no sign of zero: else a house could not move there. */
static uint64_t bits_of(double v)
{
    uint64_t bits;
    v += 0.0; /* -0.0 + 0.0 = 0.0 (IEEE 754 section 6.3) */
    memcpy(&bits, &v, sizeof bits);
    return bits;
}

static void set_param(struct cx *cx, struct params *p, size_t i, const struct db_col *col, const struct db_value *v)
{
    p->types[i] = type_of(col->kind);
    p->formats[i] = col->kind != DB_INTS;
    p->values[i] = NULL;
    p->lengths[i] = 0;
    if (v->null)
        return;
    switch (col->kind) {
    case DB_INT:
    case DB_BOOL:
    case DB_REAL:
        p->numbers[i] = htobe64(col->kind == DB_REAL ? bits_of(v->r) : (uint64_t)v->i);
        p->values[i] = (const char *)&p->numbers[i];
        p->lengths[i] = sizeof(uint64_t);
        break;
    case DB_TEXT:
    case DB_BLOB:
    case DB_HASH:
        p->values[i] = v->s.n ? v->s.p : "";
        p->lengths[i] = (int)v->s.n;
        break;
    case DB_INTS:
        p->values[i] = ints_array(cx, v->ints).p;
        break;
    }
}

/* A name of its own for each statement of the connection. */
static enum err prepare(struct cx *cx, struct db_conn *conn, const struct db_stmt *stmt, char name[24])
{
    void *known = cache_get(&conn->cache, stmt);
    uintptr_t number = known ? (uintptr_t)known : conn->cache.n + 1;
    snprintf(name, 24, "p%zu", (size_t)number);
    if (known)
        return ERR_OK;
    drain(conn);
    enum err e = pg_settle(cx, conn);
    if (e)
        return e;
    Oid types[MAX_IN];
    assert(stmt->n_in <= MAX_IN);
    for (size_t i = 0; i < stmt->n_in; i++)
        types[i] = type_of(stmt->in[i].kind);
    PGresult *r = PQprepare(handle(conn), name, stmt->sql[SQL_POSTGRES], (int)stmt->n_in, types);
    e = PQresultStatus(r) == PGRES_COMMAND_OK ? ERR_OK : translate(cx, conn, r, stmt->name);
    PQclear(r);
    if (!e)
        cache_put(&conn->cache, stmt, (void *)number);
    return e;
}

static bool type_fits(enum db_kind kind, Oid type)
{
    switch (kind) {
    case DB_INT:
    case DB_BOOL:
        return type == T_INT8 || type == T_INT4 || type == T_INT2 || type == T_BOOL;
    case DB_REAL:
        return type == T_FLOAT8;
    case DB_TEXT:
        return type == T_TEXT || type == T_VARCHAR || type == T_NAME || type == T_UNKNOWN || type == T_JSON ||
               type == T_BPCHAR || type == T_CHAR;
    case DB_BLOB:
    case DB_HASH:
        return type == T_BYTEA;
    case DB_INTS:
        break;
    }
    return false;
}

/* The columns of a result are as many and of the kinds that the statement declares. */
static enum err check_columns(struct cx *cx, const struct db_stmt *stmt, const PGresult *r)
{
    if (PQnfields(r) != (int)stmt->n_out && stmt->n_out)
        return fail(cx, ERR_CONFIG, "%s: %s gives %d columns, but declares %zu: mend \"-- out:\"", stmt->file,
                    stmt->name, PQnfields(r), stmt->n_out);
    for (size_t i = 0; i < stmt->n_out; i++)
        if (!type_fits(stmt->out[i].kind, PQftype(r, (int)i)))
            return fail(
                cx, ERR_CONFIG,
                "%s: %s: PostgreSQL gives %s another type (%u) than declared: write CAST(… AS bigint), text or double "
                "precision",
                stmt->file, stmt->name, stmt->out[i].name, PQftype(r, (int)i));
    return ERR_OK;
}

/* A big-endian signed integer of 1, 2, 4 or 8 bytes. */
static int64_t read_int(const char *p, int n)
{
    int64_t v = n && (signed char)*p < 0 ? -1 : 0;
    for (int i = 0; i < n; i++)
        v = (int64_t)((uint64_t)v << 8 | (unsigned char)p[i]);
    return v;
}

static enum err read_row(struct cx *cx, const struct db_stmt *stmt, const PGresult *r, int i, unsigned char *row)
{
    enum err e = ERR_OK;
    for (size_t c = 0; !e && c < stmt->n_out; c++) {
        const char *p = PQgetvalue(r, i, (int)c);
        int n = PQgetlength(r, i, (int)c);
        enum db_kind kind = stmt->out[c].kind;
        if (PQgetisnull(r, i, (int)c)) {
            e = row_null(cx, stmt, c, row);
        } else if (kind == DB_INT || kind == DB_BOOL) {
            row_int(stmt, c, row, read_int(p, n));
        } else if (kind == DB_REAL) {
            int64_t bits = read_int(p, n);
            double v;
            memcpy(&v, &bits, sizeof v);
            row_real(stmt, c, row, v);
        } else {
            e = row_bytes(cx, stmt, c, row, str_make(p, (size_t)n));
        }
    }
    return e;
}

static enum err read_result(struct cx *cx, struct db_conn *conn, const struct db_stmt *stmt, struct rows *rows)
{
    const PGresult *r = conn->result;
    ExecStatusType status = PQresultStatus(r);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        return translate(cx, conn, r, conn->what);
    enum err e = check_columns(cx, stmt, r);
    for (int i = 0; !e && stmt->n_out && i < PQntuples(r); i++)
        e = read_row(cx, stmt, r, i, rows_next(cx, stmt, rows));
    rows->changed = atoll(PQcmdTuples((PGresult *)conn->result));
    return e;
}

static bool send_statement(const struct db_conn *conn, const struct db_stmt *stmt, const char *name,
                           const struct params *p)
{
    if (stmt->once)
        return PQsendQueryParams(handle(conn), stmt->sql[SQL_POSTGRES], (int)stmt->n_in, p->types, p->values,
                                 p->lengths, p->formats, 1);
    return PQsendQueryPrepared(handle(conn), name, (int)stmt->n_in, p->values, p->lengths, p->formats, 1);
}

static bool fly_words(struct db_conn *conn, const char *sql, const char *what)
{
    conn->flight[conn->n_flight++] = what;
    return PQsendQueryParams(handle(conn), sql, 0, NULL, NULL, NULL, NULL, 0);
}

static bool fly_pending(struct db_conn *conn)
{
    bool sent = conn->n_flight || PQenterPipelineMode(handle(conn));
    for (size_t i = 0; sent && i < conn->n_pending; i++)
        sent = fly_words(conn, conn->pending[i], "beginning a transaction");
    conn->n_pending = 0;
    return sent;
}

/* Send what is pending and the statement, and wait for nothing; from here on the transaction is PostgreSQL's to end. */
static bool fly(struct db_conn *conn, const struct db_stmt *stmt, const char *name, const struct params *p)
{
    bool sent = fly_pending(conn);
    conn->flight[conn->n_flight++] = stmt->name;
    return sent && send_statement(conn, stmt, name, p);
}

/* The statement's answer, or the first failure of what was in flight with it. NULL: see land. */
static PGresult *execute(struct db_conn *conn, const struct db_stmt *stmt, const char *name, const struct params *p)
{
    size_t at;
    conn->what = stmt->name;
    if (!conn->n_pending && !conn->n_flight)
        return send_statement(conn, stmt, name, p) ? answers(conn, &at) : NULL;
    return fly(conn, stmt, name, p) ? land(conn) : NULL;
}

/* Of a write whose answer nobody reads: it goes with what comes next. A submission would wait some thirty times more.
 */
static enum err run_unread(struct cx *cx, struct db_conn *conn, const struct db_stmt *stmt, const struct params *p)
{
    char name[24] = "";
    enum err e = conn->n_flight < FLIGHT_MAX ? ERR_OK : pg_settle(cx, conn);
    if (!e && !stmt->once)
        e = prepare(cx, conn, stmt, name);
    if (!e && !fly(conn, stmt, name, p))
        e = translate(cx, conn, NULL, stmt->name);
    return e;
}

static enum err run_once(struct cx *cx, struct db_conn *conn, const struct db_stmt *stmt, const struct params *p,
                         struct rows *rows)
{
    char name[24] = "";
    enum err e = stmt->once ? ERR_OK : prepare(cx, conn, stmt, name);
    if (e)
        return e;
    conn->result = execute(conn, stmt, name, p);
    e = read_result(cx, conn, stmt, rows);
    pg_tidy(conn);
    return e;
}

/* An idle connection may have died, and a new one may find a server that is going down. With the first statement of a
   transaction nothing has been done yet, so go on with another. */
static enum err pg_run(struct cx *cx, struct db_conn *conn, const struct db_stmt *stmt, const struct db_value *in,
                       struct rows *rows)
{
    struct params p;
    enum err e = ERR_OK;
    assert(stmt->n_in <= MAX_IN);
    for (size_t i = 0; i < stmt->n_in; i++)
        set_param(cx, &p, i, &stmt->in[i], &in[i]);
    drain(conn);
    if (rows->unread && conn->writing)
        return run_unread(cx, conn, stmt, &p);
    bool first = begin_is_pending(conn);
    size_t n = conn->n_pending;
    for (int i = 0;; i++) {
        e = run_once(cx, conn, stmt, &p, rows);
        if (!conn->lost || !first || i == FIRST_AGAIN)
            return e;
        cx->fail = (struct fail){0};
        conn->retry = false;
        conn->n_pending = 0;
        struct fault fault = fault_of(&conn->own, pg_connect(conn));
        if (fault.e)
            return fault_raise(cx, &fault);
        conn->n_pending = n;
    }
}

static enum err pg_check(struct cx *cx, struct db_conn *conn, const struct db_stmt *stmt)
{
    char name[24];
    enum err e = prepare(cx, conn, stmt, name);
    if (e)
        return fail(cx, ERR_CONFIG, "%s: %s: %" PRI_STR, stmt->file, stmt->name, STR_ARG(cx->fail.detail));
    PGresult *r = PQdescribePrepared(handle(conn), name);
    e = PQresultStatus(r) == PGRES_COMMAND_OK ? check_columns(cx, stmt, r) : translate(cx, conn, r, stmt->name);
    PQclear(r);
    return e;
}

/* ---- writing ---- */

static const char committing[] = "commit", making_durable[] = "making durable what was committed";

/* The commit, together with what is in flight. Early: what lets the locks go before it is durable, since it does not
   wait for the disk; a message into the log after it does, and makes durable all that stands before. */
static PGresult *send_commit(struct db_conn *conn)
{
    bool sent =
        fly_pending(conn) &&
        (!conn->early || fly_words(conn, "SET LOCAL synchronous_commit = off", "before the commit")) &&
        fly_words(conn, "COMMIT", committing) &&
        (!conn->early || fly_words(conn, "SELECT pg_logical_emit_message(true, 'indgang', '')", making_durable));
    conn->warned = conn->committed = false;
    return sent ? land(conn) : NULL;
}

/* PostgreSQL itself has said that it came no further than something before the COMMIT: nothing was kept. */
static bool failed_before(const struct db_conn *conn, const PGresult *r)
{
    return PQresultErrorField(r, PG_DIAG_SQLSTATE) && conn->what != committing && conn->what != making_durable;
}

/* COMMIT of a transaction that PostgreSQL has given up answers ROLLBACK without an error. One that has waited in vain
   for a synchronous replica answers COMMIT and a warning: it is on this server's disk, and lost if the replica takes
   over. Committed early and not made durable, it may be lost likewise. What fails, fails in conn->own. */
static enum err commit(struct db_conn *conn)
{
    if (begin_is_pending(conn)) { /* nothing was done */
        conn->n_pending = 0;
        return ERR_OK;
    }
    struct cx *own = conn_own(conn);
    PGresult *r = send_commit(conn);
    ExecStatusType status = PQresultStatus(r);
    bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK, before = !good && failed_before(conn, r);
    enum err e = good ? ERR_OK : translate(own, conn, r, conn->what);
    if (!good && !before) {
        if (conn->lost || conn->committed)
            e = fail(own, ERR_UNSURE,
                     "the connection to PostgreSQL was lost at the commit: whether it was saved is not known");
        conn->lost = conn->lost || !conn->retry;
    } else if (good && !conn->committed) {
        e = fail(own, ERR_DB, "commit: PostgreSQL had given up the transaction");
    } else if (good && conn->warned) {
        e = fail(own, ERR_UNSURE, "PostgreSQL committed, but its replica did not confirm it");
    }
    PQclear(r);
    if (e && !before)
        conn->db->failed_commits++;
    return e;
}

/* One try. f->e when a step of ours failed; otherwise the function's own error, with its detail in cx. *ret_again: a
   conflict, or a connection that was lost before the commit: nothing was kept, it may run again. */
static enum err try_write(struct cx *cx, struct db_conn *conn, db_fn fn, void *ctx, bool *ret_again, struct fault *f)
{
    bool overflow = false;
    *ret_again = false;
    *f = (struct fault){0};
    enum err e = begin(conn, "BEGIN");
    if (e) {
        *f = fault_of(&conn->own, e);
        return e;
    }
    conn->writing = true;
    e = conn_run(cx, conn, fn, ctx, &overflow);
    if (!e && !conn->at_once)
        e = pg_settle(cx, conn);
    if (overflow)
        *f = (struct fault){e, "a write function reached the limit of its arena"};
    *ret_again = conn->retry || conn->lost;
    if (!e) {
        cx_aside(cx);
        e = commit(conn);
        cx_back(cx);
        *ret_again = conn->retry || e == ERR_AWAY;
        *f = fault_of(&conn->own, e);
    }
    if (e)
        roll_back(conn);
    conn->writing = false;
    return e;
}

/* For tests: run it, undo it; what it leaves in *ctx must do no harm. */
static void rehearse(struct cx *cx, struct db_conn *conn, db_fn fn, void *ctx, struct arena_mark mark)
{
    bool overflow = false;
    if (begin(conn, "BEGIN"))
        return;
    conn->writing = true;
    conn_run(cx, conn, fn, ctx, &overflow);
    conn->writing = false;
    roll_back(conn);
    arena_reset(cx->arena, mark);
    cx->fail = (struct fail){0};
}

static enum err pg_write(struct cx *cx, db_fn fn, void *ctx)
{
    struct db *db = cx->db;
    struct db_conn *conn = NULL;
    struct arena_mark mark = arena_mark(cx->arena);
    struct fault fault = {0};
    bool again = true;
    enum err e = pool_take(cx, &conn);
    if (e)
        return e;
    if (db->test_flags & DB_TEST_RERUN)
        rehearse(cx, conn, fn, ctx, mark);
    for (int i = 0; again && i < TRIES; i++) {
        if (i) {
            usleep((useconds_t)((uint64_t)rand_id() % (1000u << i)) + 500);
            arena_reset(cx->arena, mark);
            cx->fail = (struct fail){0};
            db->reruns++;
        }
        e = try_write(cx, conn, fn, ctx, &again, &fault);
    }
    pool_give(db, conn);
    db->writes++;
    db->commits++;
    if (fault.e == ERR_TOO_LARGE)
        arena_reset(cx->arena, mark);
    return fault.e ? fault_raise(cx, &fault) : e;
}

const struct engine engine_postgres = {
    .connect = pg_connect,
    .limit = pg_limit,
    .is_near = pg_is_near,
    .disconnect = pg_disconnect,
    .script = pg_script,
    .later = pg_later,
    .end_read = pg_end_read,
    .run = pg_run,
    .settle = pg_settle,
    .tidy = pg_tidy,
    .begin_read = pg_begin_read,
    .write = pg_write,
    .write_log = pg_write,
    .check = pg_check,
    .backup = postgres_backup,
    .restore = postgres_restore,
};
