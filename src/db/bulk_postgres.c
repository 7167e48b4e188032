/* Whole tables of PostgreSQL: COPY in, one row at a time out. References are dropped while tables are filled and made
   again at the end, which checks them all at once; no right is needed but that of the owner. */
#include <assert.h>
#include <endian.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "bulk.h"

enum { BUFFER = 256 * 1024, T_BYTEA = 17, T_INT8 = 20, T_FLOAT8 = 701 };

/* The primary message alone: the detail line quotes values. */
static enum err failed(struct bulk *b, const PGresult *r, const char *what)
{
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    const char *message = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    enum err e = state && !strcmp(state, "53100") ? ERR_NO_SPACE : ERR_DB;
    return fail(b->cx, e, "%s: %s", what, message ? message : "the connection to PostgreSQL was lost");
}

static enum err run(struct bulk *b, const char *sql, const char *what)
{
    PGresult *r = PQexec(b->handle, sql);
    ExecStatusType status = PQresultStatus(r);
    enum err e = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? ERR_OK : failed(b, r, what);
    PQclear(r);
    return e;
}

static void keep_quiet(void *arg, const PGresult *r)
{
    (void)arg, (void)r;
}

static enum err connect_to(struct cx *cx, struct db *db, PGconn **ret)
{
    const char *const words[] = {"dbname", "fallback_application_name", "client_encoding", "connect_timeout", NULL};
    const char *const values[] = {db->path, "indgang", "UTF8", "10", NULL};
    *ret = PQconnectdbParams(words, values, 1);
    const char *message = PQerrorMessage(*ret);
    if (PQstatus(*ret) != CONNECTION_OK)
        return fail(cx, ERR_DB, "PostgreSQL cannot be reached: %.*s", (int)strcspn(message, "\n"), message);
    PQsetNoticeReceiver(*ret, keep_quiet, NULL);
    return ERR_OK;
}

static enum err pg_check_new(struct cx *cx, struct db *db)
{
    struct bulk b = {.cx = cx};
    PGconn *pg = NULL;
    PGresult *r = NULL;
    enum err e = connect_to(cx, db, &pg);
    if (!e) {
        r = PQexec(pg,
                   "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND relnamespace = "
                   "current_schema()::regnamespace ORDER BY 1 LIMIT 1");
        if (PQresultStatus(r) != PGRES_TUPLES_OK)
            e = failed(&b, r, "looking for tables");
        else if (PQntuples(r))
            e = fail(cx, ERR_CONFIG, "the PostgreSQL database is not empty (it has %s): name a new one",
                     PQgetvalue(r, 0, 0));
    }
    PQclear(r);
    PQfinish(pg);
    return e;
}

static enum db_kind kind_of(Oid type)
{
    return type == T_INT8 ? DB_INT : type == T_FLOAT8 ? DB_REAL : type == T_BYTEA ? DB_BLOB : DB_TEXT;
}

static enum err find_tables(struct bulk *b)
{
    static const char sql[] =
        "SELECT relname, attname, atttypid FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        "WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND attnum > 0 AND NOT attisdropped "
        "AND relname <> 'migration' ORDER BY relname COLLATE \"C\", attname COLLATE \"C\"";
    PGresult *r = PQexec(b->handle, sql);
    struct bulk_found found = {0};
    if (PQresultStatus(r) != PGRES_TUPLES_OK) {
        enum err e = failed(b, r, "looking for tables");
        PQclear(r);
        return e;
    }
    for (int i = 0; i < PQntuples(r); i++)
        bulk_add_column(b->cx, &found, str_of(PQgetvalue(r, i, 0)), false, str_of(PQgetvalue(r, i, 1)),
                        kind_of((Oid)strtoul(PQgetvalue(r, i, 2), NULL, 10)));
    PQclear(r);
    b->tables = found.tables.p;
    b->n = found.tables.n;
    return ERR_OK;
}

/* What the references are is kept to be said again; then they are dropped. */
static enum err drop_references(struct bulk *b)
{
    PGresult *r =
        PQexec(b->handle, "SELECT conrelid::regclass, quote_ident(conname), pg_get_constraintdef(oid) FROM "
                          "pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace");
    struct buf drop = buf_make(b->cx->arena), make = buf_make(b->cx->arena);
    if (PQresultStatus(r) != PGRES_TUPLES_OK) {
        enum err e = failed(b, r, "looking for references");
        PQclear(r);
        return e;
    }
    for (int i = 0; i < PQntuples(r); i++) {
        const char *table = PQgetvalue(r, i, 0), *name = PQgetvalue(r, i, 1);
        buf_fmt(&drop, "ALTER TABLE %s DROP CONSTRAINT %s; ", table, name);
        buf_fmt(&make, "ALTER TABLE %s ADD CONSTRAINT %s %s; ", table, name, PQgetvalue(r, i, 2));
    }
    PQclear(r);
    b->constraints = str_z(b->cx->arena, buf_str(&make));
    return run(b, str_z(b->cx->arena, buf_str(&drop)), "dropping references");
}

/* "<before>table<after>" for each. */
static const char *each_table(struct bulk *b, const char *before, const char *after)
{
    struct buf sql = buf_make(b->cx->arena);
    for (size_t i = 0; i < b->n; i++)
        buf_fmt(&sql, "%s%s%s", before, b->tables[i].name, after);
    return str_z(b->cx->arena, buf_str(&sql));
}

static enum err pg_open(struct bulk *b, bool writing)
{
    PGconn *pg = NULL;
    enum err e = connect_to(b->cx, b->db, &pg);
    b->handle = pg;
    if (e || (e = run(b, writing ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "beginning")) ||
        (e = find_tables(b)) || !writing)
        return e;
    b->buffer = malloc(BUFFER);
    assert(b->buffer);
    if ((e = drop_references(b)) ||
        (e = run(b, each_table(b, "ALTER TABLE ", " DISABLE TRIGGER USER; "), "letting the laws rest")))
        return e;
    return run(b, each_table(b, "TRUNCATE ", "; "), "emptying");
}

/* ---- out ---- */

static void read_values(const PGresult *r, const struct bulk_table *t, struct db_value *row)
{
    for (size_t i = 0; i < t->n; i++) {
        int c = (int)i;
        const char *p = PQgetvalue(r, 0, c);
        uint64_t bits;
        row[i] = (struct db_value){.null = PQgetisnull(r, 0, c) != 0};
        if (row[i].null)
            continue;
        if (t->cols[i].kind == DB_INT || t->cols[i].kind == DB_REAL) {
            memcpy(&bits, p, sizeof bits);
            bits = be64toh(bits);
            if (t->cols[i].kind == DB_INT)
                row[i].i = (int64_t)bits;
            else
                memcpy(&row[i].r, &bits, sizeof bits);
        } else {
            row[i].s = str_make(p, (size_t)PQgetlength(r, 0, c));
        }
    }
}

static enum err pg_read(struct bulk *b, const struct bulk_table *t, bulk_row_fn fn, void *ctx)
{
    struct db_value row[BULK_COLUMNS_MAX];
    struct str names = bulk_names(b->cx, t);
    const char *sql = str_z(b->cx->arena, str_fmt(b->cx->arena, "SELECT %.*s FROM %s", STR_ARG(names), t->name));
    enum err e = ERR_OK;
    if (!PQsendQueryParams(b->handle, sql, 0, NULL, NULL, NULL, NULL, 1) || !PQsetSingleRowMode(b->handle))
        return failed(b, NULL, t->name);
    for (PGresult *r; (r = PQgetResult(b->handle)); PQclear(r)) { /* to the end, also when it failed */
        if (e)
            continue;
        if (PQresultStatus(r) == PGRES_SINGLE_TUPLE) {
            read_values(r, t, row);
            e = fn(ctx, t, row);
        } else if (PQresultStatus(r) != PGRES_TUPLES_OK) {
            e = failed(b, r, t->name);
        }
    }
    return e;
}

/* ---- in: COPY's binary format ---- */

static enum err send(struct bulk *b, const char *p, size_t n)
{
    return PQputCopyData(b->handle, p, (int)n) == 1 ? ERR_OK : failed(b, NULL, "COPY");
}

static enum err flush(struct bulk *b)
{
    enum err e = b->buffered ? send(b, b->buffer, b->buffered) : ERR_OK;
    b->buffered = 0;
    return e;
}

static enum err put(struct bulk *b, const void *p, size_t n)
{
    enum err e = ERR_OK;
    if (b->buffered + n > BUFFER)
        e = flush(b);
    if (e || n > BUFFER)
        return e ? e : send(b, p, n);
    if (n)
        memcpy(b->buffer + b->buffered, p, n);
    b->buffered += n;
    return ERR_OK;
}

static enum err pg_begin(struct bulk *b, const struct bulk_table *t)
{
    static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* signature, no flags, no extension */
    struct str names = bulk_names(b->cx, t);
    const char *sql = str_z(
        b->cx->arena, str_fmt(b->cx->arena, "COPY %s (%.*s) FROM STDIN (FORMAT binary)", t->name, STR_ARG(names)));
    PGresult *r = PQexec(b->handle, sql);
    enum err e = PQresultStatus(r) == PGRES_COPY_IN ? ERR_OK : failed(b, r, t->name);
    PQclear(r);
    b->buffered = 0;
    return e ? e : put(b, head, sizeof head);
}

static enum err add_value(struct bulk *b, enum db_kind kind, const struct db_value *v)
{
    struct {
        uint32_t n;
        uint32_t bits[2];
    } number = {.n = htobe32(8)};
    uint64_t bits;
    if (v->null)
        return put(b, "\377\377\377\377", 4);
    if (kind == DB_TEXT || kind == DB_BLOB) {
        uint32_t n = htobe32((uint32_t)v->s.n);
        enum err e = put(b, &n, sizeof n);
        return e ? e : put(b, v->s.p, v->s.n);
    }
    memcpy(&bits, kind == DB_INT ? (const void *)&v->i : (const void *)&v->r, sizeof bits);
    bits = htobe64(bits);
    memcpy(number.bits, &bits, sizeof bits);
    return put(b, &number, sizeof number);
}

static enum err pg_add(struct bulk *b, const struct bulk_table *t, const struct db_value *row)
{
    uint16_t n = htobe16((uint16_t)t->n);
    enum err e = put(b, &n, sizeof n);
    for (size_t i = 0; !e && i < t->n; i++)
        e = add_value(b, t->cols[i].kind, &row[i]);
    return e;
}

static enum err pg_end(struct bulk *b, const struct bulk_table *t)
{
    enum err e = put(b, "\377\377", 2);
    if (!e)
        e = flush(b);
    if (!e && PQputCopyEnd(b->handle, NULL) != 1)
        e = failed(b, NULL, t->name);
    for (PGresult *r; (r = PQgetResult(b->handle)); PQclear(r))
        if (!e && PQresultStatus(r) != PGRES_COMMAND_OK)
            e = failed(b, r, t->name);
    return e;
}

static enum err pg_commit(struct bulk *b)
{
    enum err e = run(b, b->constraints, "making the references again");
    if (!e)
        e = run(b, each_table(b, "ALTER TABLE ", " ENABLE TRIGGER USER; "), "waking the laws");
    if (!e)
        e = run(b, "COMMIT", "commit");
    if (!e) /* for the planner alone: when it fails, autovacuum counts later */
        PQclear(PQexec(b->handle, "ANALYZE"));
    return e;
}

static void pg_close(struct bulk *b)
{
    PQfinish(b->handle);
    free(b->buffer);
    b->handle = b->buffer = NULL;
}

const struct bulk_engine bulk_postgres = {
    .check_new = pg_check_new,
    .open = pg_open,
    .read = pg_read,
    .begin = pg_begin,
    .add = pg_add,
    .end = pg_end,
    .commit = pg_commit,
    .close = pg_close,
};
