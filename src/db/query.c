/* One statement: where its rows go, and the forms in which generated code asks for it. */
#include "engine.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void *rows_next(struct cx *cx, const struct db_stmt *stmt, struct rows *rows)
{
    if (rows->n == rows->cap) {
        size_t cap = rows->cap ? rows->cap * 2 : 1;
        unsigned char *p = arena_alloc_array(cx->arena, stmt->row_size, cap);
        if (rows->n)
            memcpy(p, rows->p, rows->n * stmt->row_size);
        rows->p = p;
        rows->cap = cap;
    }
    return rows->p + rows->n++ * stmt->row_size;
}

enum err row_null(struct cx *cx, const struct db_stmt *stmt, size_t col, unsigned char *row)
{
    const struct db_col *c = &stmt->out[col];
    (void)row; /* zeroed: that is NULL */
    if (c->nullable)
        return ERR_OK;
    return fail(cx, ERR_INTERNAL, "%s: %s is NULL but not declared so (%s)", stmt->name, c->name, stmt->file);
}

void row_int(const struct db_stmt *stmt, size_t col, unsigned char *row, int64_t v)
{
    const struct db_col *c = &stmt->out[col];
    void *to = row + c->offset;
    if (c->kind == DB_BOOL)
        memcpy(to, &(bool){v != 0}, sizeof(bool));
    else if (c->nullable)
        memcpy(to, &(struct opt_int){true, v}, sizeof(struct opt_int));
    else
        memcpy(to, &v, sizeof v);
}

void row_real(const struct db_stmt *stmt, size_t col, unsigned char *row, double v)
{
    const struct db_col *c = &stmt->out[col];
    void *to = row + c->offset;
    if (c->nullable)
        memcpy(to, &(struct opt_real){true, v}, sizeof(struct opt_real));
    else
        memcpy(to, &v, sizeof v);
}

enum err row_bytes(struct cx *cx, const struct db_stmt *stmt, size_t col, unsigned char *row, struct str v)
{
    const struct db_col *c = &stmt->out[col];
    if (c->kind == DB_HASH) {
        if (v.n != HASH_BYTES)
            return fail(cx, ERR_INTERNAL, "%s: %s is not a hash: %zu bytes (%s)", stmt->name, c->name, v.n, stmt->file);
        memcpy(row + c->offset, v.p, HASH_BYTES);
        return ERR_OK;
    }
    struct str copy = {"", v.n};
    if (v.n)
        copy = str_make(str_z(cx->arena, v), v.n);
    memcpy(row + c->offset, &copy, sizeof copy);
    return ERR_OK;
}

static size_t cache_index(const struct cache *c, const struct db_stmt *key)
{
    size_t i = ((uintptr_t)key / 16 * 0x9e3779b97f4a7c15u >> 20) % c->cap;
    while (c->slots[i].key && c->slots[i].key != key)
        i = (i + 1) % c->cap;
    return i;
}

void *cache_get(const struct cache *c, const struct db_stmt *key)
{
    return c->cap ? c->slots[cache_index(c, key)].prepared : NULL;
}

void cache_put(struct cache *c, const struct db_stmt *key, void *prepared)
{
    if (c->n * 2 >= c->cap) {
        struct cache bigger = {.cap = c->cap ? c->cap * 2 : 64, .n = c->n};
        bigger.slots = calloc(bigger.cap, sizeof *bigger.slots);
        assert(bigger.slots);
        for (size_t i = 0; i < c->cap; i++)
            if (c->slots[i].key)
                bigger.slots[cache_index(&bigger, c->slots[i].key)] = c->slots[i];
        free(c->slots);
        *c = bigger;
    }
    c->slots[cache_index(c, key)] = (struct cache_slot){key, prepared};
    c->n++;
}

void cache_free(struct cache *c)
{
    free(c->slots);
    *c = (struct cache){0};
}

struct one_statement {
    const struct db_stmt *stmt;
    const struct db_value *in;
    struct rows *rows;
};

static enum err run_in_place(struct cx *cx, void *ctx)
{
    const struct one_statement *s = ctx;
    struct db_conn *conn = cx->conn;
    assert(conn->magic == CONN_MAGIC);
    assert(!s->stmt->writes || conn->writing); /* a write needs db_write */
    if (conn->doomed)
        return conn->doomed;
    bool late = cx->deadline_us && time_tick_us() > cx->deadline_us;
    enum err e = late ? fail(cx, ERR_BUSY, "%s: the request has had its time", s->stmt->name)
                      : conn->db->engine->run(cx, conn, s->stmt, s->in, s->rows);
    if (e)
        conn->doomed = e;
    return e;
}

static enum err run(struct cx *cx, const struct db_stmt *stmt, const struct db_value *in, struct rows *rows)
{
    struct one_statement s = {stmt, in, rows};
    if (cx->conn)
        return run_in_place(cx, &s);
    /* One statement is its own snapshot: it needs no BEGIN. */
    struct db_conn *conn = NULL;
    struct fault fault = {0};
    bool overflow = false;
    assert(!stmt->writes); /* a write needs db_write */
    enum err e = pool_take(cx, &conn);
    if (e)
        return e;
    struct db *db = conn->db;
    e = conn_run(cx, conn, run_in_place, &s, &overflow);
    if (e && conn->lost && !overflow) { /* an idle connection may have died: nothing was done, try on a new one */
        conn->doomed = ERR_OK;
        *rows = (struct rows){0};
        e = db->engine->connect(conn);
        fault = fault_of(&conn->own, e);
        if (!e)
            e = conn_run(cx, conn, run_in_place, &s, &overflow);
    }
    pool_give(db, conn);
    db->reads++;
    if (overflow)
        arena_alloc(cx->arena, SIZE_MAX); /* on to the arena_try outside */
    return fault.e ? fault_raise(cx, &fault) : e;
}

enum err db_opt(struct cx *cx, const struct db_stmt *stmt, const struct db_value *in, void *ret_row, bool *ret_found)
{
    struct rows rows = {0};
    enum err e = run(cx, stmt, in, &rows);
    if (e)
        return e;
    if (rows.n > 1)
        return fail(cx, ERR_INTERNAL, "%s: %zu rows where one was expected (%s)", stmt->name, rows.n, stmt->file);
    if (rows.n)
        memcpy(ret_row, rows.p, stmt->row_size);
    *ret_found = rows.n != 0;
    return ERR_OK;
}

enum err db_one(struct cx *cx, const struct db_stmt *stmt, const struct db_value *in, void *ret_row)
{
    bool found = false;
    enum err e = db_opt(cx, stmt, in, ret_row, &found);
    if (e || found)
        return e;
    return fail(cx, ERR_NOT_FOUND, "%s: no row", stmt->name);
}

enum err db_many(struct cx *cx, const struct db_stmt *stmt, const struct db_value *in, void **ret_rows, size_t *ret_n)
{
    struct rows rows = {0};
    enum err e = run(cx, stmt, in, &rows);
    if (e)
        return e;
    *ret_rows = rows.p;
    *ret_n = rows.n;
    return ERR_OK;
}

enum err db_exec(struct cx *cx, const struct db_stmt *stmt, const struct db_value *in)
{
    return run(cx, stmt, in, &(struct rows){.unread = true});
}

enum err db_count(struct cx *cx, const struct db_stmt *stmt, const struct db_value *in, int64_t *ret_n)
{
    struct rows rows = {0};
    enum err e = run(cx, stmt, in, &rows);
    if (e)
        return e;
    *ret_n = rows.changed;
    return ERR_OK;
}

enum err db_check_stmt(struct cx *cx, const struct db_stmt *stmt)
{
    struct db_conn *conn = NULL;
    enum err e = pool_take(cx, &conn);
    if (e)
        return e;
    e = conn->db->engine->check(cx, conn, stmt);
    pool_give(cx->db, conn);
    return e;
}
