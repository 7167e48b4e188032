/* Whole tables of SQLite: both files in one connection. */
#include <errno.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "bulk.h"

static enum err failed(struct bulk *b, const char *what)
{
    sqlite3 *lite = b->handle;
    bool full = lite && (sqlite3_extended_errcode(lite) & 0xff) == SQLITE_FULL;
    return fail(b->cx, full ? ERR_NO_SPACE : ERR_DB, "%s: %s", what, lite ? sqlite3_errmsg(lite) : "no memory");
}

static enum err run(struct bulk *b, const char *sql)
{
    return sqlite3_exec(b->handle, sql, NULL, NULL, NULL) == SQLITE_OK ? ERR_OK : failed(b, sql);
}

static enum err lite_check_new(struct cx *cx, struct db *db)
{
    const char *const files[] = {db->path, db->log_path};
    for (int i = 0; i < 2; i++)
        if (access(files[i], F_OK) == 0)
            return fail(cx, ERR_CONFIG, "%s is there already: name a new file", files[i]);
    return ERR_OK;
}

static enum err attach(struct bulk *b)
{
    char *sql = sqlite3_mprintf("ATTACH %Q AS log", b->db->log_path);
    enum err e = run(b, sql);
    sqlite3_free(sql);
    return e;
}

static enum db_kind kind_of(const char *type)
{
    return !strcmp(type, "INTEGER") ? DB_INT
           : !strcmp(type, "REAL")  ? DB_REAL
           : !strcmp(type, "BLOB")  ? DB_BLOB
                                    : DB_TEXT;
}

static enum err find_tables(struct bulk *b)
{
    static const char sql[] =
        "SELECT t.name, c.name, c.type, t.log FROM (SELECT name, 0 AS log FROM main.sqlite_schema WHERE type = 'table' "
        "UNION ALL SELECT name, 1 FROM log.sqlite_schema WHERE type = 'table') t, "
        "pragma_table_info(t.name, iif(t.log, 'log', 'main')) c "
        "WHERE t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND t.name <> 'migration' ORDER BY t.name, c.name";
    sqlite3_stmt *s = NULL;
    struct bulk_found found = {0};
    int rc;
    if (sqlite3_prepare_v2(b->handle, sql, -1, &s, NULL) != SQLITE_OK)
        return failed(b, "looking for tables");
    while ((rc = sqlite3_step(s)) == SQLITE_ROW)
        bulk_add_column(b->cx, &found, str_of((const char *)sqlite3_column_text(s, 0)), sqlite3_column_int(s, 3) != 0,
                        str_of((const char *)sqlite3_column_text(s, 1)),
                        kind_of((const char *)sqlite3_column_text(s, 2)));
    enum err e = rc == SQLITE_DONE ? ERR_OK : failed(b, "looking for tables");
    sqlite3_finalize(s);
    b->tables = found.tables.p;
    b->n = found.tables.n;
    return e;
}

static const char *schema_of(const struct bulk_table *t)
{
    return t->log ? "log" : "main";
}

static enum err empty_tables(struct bulk *b)
{
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < b->n; i++)
        e = run(b, str_z(b->cx->arena,
                         str_fmt(b->cx->arena, "DELETE FROM %s.%s", schema_of(&b->tables[i]), b->tables[i].name)));
    return e;
}

static enum err lite_open(struct bulk *b, bool writing)
{
    sqlite3 *lite = NULL;
    int rc = sqlite3_open_v2(b->db->path, &lite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    b->handle = lite;
    if (rc != SQLITE_OK)
        return failed(b, b->db->path);
    sqlite3_extended_result_codes(lite, 1);
    sqlite3_busy_timeout(lite, 10000);
    sqlite3_db_config(lite, SQLITE_DBCONFIG_ENABLE_TRIGGER, !writing, NULL);
    enum err e = attach(b);
    if (e || (e = run(b, "PRAGMA foreign_keys=OFF; PRAGMA synchronous=FULL; PRAGMA cache_size=-64000")) ||
        (e = run(b, writing ? "BEGIN IMMEDIATE" : "BEGIN")) || (e = find_tables(b)))
        return e;
    return writing ? empty_tables(b) : ERR_OK;
}

static void read_values(sqlite3_stmt *s, const struct bulk_table *t, struct db_value *row)
{
    for (size_t i = 0; i < t->n; i++) {
        int c = (int)i;
        row[i] = (struct db_value){.null = sqlite3_column_type(s, c) == SQLITE_NULL};
        if (row[i].null)
            continue;
        if (t->cols[i].kind == DB_INT)
            row[i].i = sqlite3_column_int64(s, c);
        else if (t->cols[i].kind == DB_REAL)
            row[i].r = sqlite3_column_double(s, c);
        else {
            const char *p = sqlite3_column_blob(s, c); /* of a text, its UTF-8 */
            row[i].s = str_make(p ? p : "", (size_t)sqlite3_column_bytes(s, c));
        }
    }
}

static enum err lite_read(struct bulk *b, const struct bulk_table *t, bulk_row_fn fn, void *ctx)
{
    struct db_value row[BULK_COLUMNS_MAX];
    sqlite3_stmt *s = NULL;
    struct str names = bulk_names(b->cx, t);
    char *sql = sqlite3_mprintf("SELECT %.*s FROM %s.%s", (int)names.n, names.p, schema_of(t), t->name);
    int rc = sqlite3_prepare_v2(b->handle, sql, -1, &s, NULL);
    sqlite3_free(sql);
    if (rc != SQLITE_OK)
        return failed(b, t->name);
    enum err e = ERR_OK;
    while (!e && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        read_values(s, t, row);
        e = fn(ctx, t, row);
    }
    if (!e && rc != SQLITE_DONE)
        e = failed(b, t->name);
    sqlite3_finalize(s);
    return e;
}

static enum err lite_begin(struct bulk *b, const struct bulk_table *t)
{
    struct str names = bulk_names(b->cx, t);
    struct buf sql = buf_make(b->cx->arena);
    sqlite3_stmt *s = NULL;
    buf_fmt(&sql, "INSERT INTO %s.%s (%.*s) VALUES (", schema_of(t), t->name, STR_ARG(names));
    for (size_t i = 0; i < t->n; i++)
        buf_add_z(&sql, i ? ", ?" : "?");
    buf_add_char(&sql, ')');
    if (sqlite3_prepare_v2(b->handle, sql.p, (int)sql.n, &s, NULL) != SQLITE_OK)
        return failed(b, t->name);
    b->into = s;
    return ERR_OK;
}

static int bind(sqlite3_stmt *s, int at, enum db_kind kind, const struct db_value *v)
{
    if (v->null)
        return sqlite3_bind_null(s, at);
    switch (kind) {
    case DB_INT:
        return sqlite3_bind_int64(s, at, v->i);
    case DB_REAL:
        return sqlite3_bind_double(s, at, v->r);
    case DB_TEXT:
        return sqlite3_bind_text64(s, at, v->s.n ? v->s.p : "", v->s.n, SQLITE_STATIC, SQLITE_UTF8);
    default:
        return sqlite3_bind_blob64(s, at, v->s.n ? v->s.p : "", v->s.n, SQLITE_STATIC);
    }
}

static enum err lite_add(struct bulk *b, const struct bulk_table *t, const struct db_value *row)
{
    sqlite3_stmt *s = b->into;
    int rc = SQLITE_OK;
    for (size_t i = 0; rc == SQLITE_OK && i < t->n; i++)
        rc = bind(s, (int)i + 1, t->cols[i].kind, &row[i]);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(s);
    enum err e = rc == SQLITE_DONE ? ERR_OK : failed(b, t->name);
    sqlite3_reset(s);
    return e;
}

static enum err lite_end(struct bulk *b, const struct bulk_table *t)
{
    (void)t;
    sqlite3_finalize(b->into);
    b->into = NULL;
    return ERR_OK;
}

static enum err lite_commit(struct bulk *b)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(b->handle, "PRAGMA foreign_key_check", -1, &s, NULL) != SQLITE_OK)
        return failed(b, "checking references");
    int rc = sqlite3_step(s);
    enum err e = rc == SQLITE_DONE  ? ERR_OK
                 : rc == SQLITE_ROW ? fail(b->cx, ERR_CONFLICT, "%s refers to a row that is not there",
                                           (const char *)sqlite3_column_text(s, 0))
                                    : failed(b, "checking references");
    sqlite3_finalize(s);
    if (e || (e = run(b, "COMMIT")))
        return e;
    sqlite3_exec(b->handle, "ANALYZE", NULL, NULL, NULL); /* for the planner alone: it may fail, the rows are there */
    return ERR_OK;
}

static void lite_close(struct bulk *b)
{
    sqlite3_finalize(b->into);
    sqlite3_close(b->handle);
    b->into = b->handle = NULL;
}

const struct bulk_engine bulk_sqlite = {
    .check_new = lite_check_new,
    .open = lite_open,
    .read = lite_read,
    .begin = lite_begin,
    .add = lite_add,
    .end = lite_end,
    .commit = lite_commit,
    .close = lite_close,
};
