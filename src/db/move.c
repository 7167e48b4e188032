/* A whole database into the other engine, counted and summed on both sides by the same code from what each gives back.
 */
#include <assert.h>
#include <string.h>

#include "bulk.h"

enum { TELL_ROWS = 10000 };

static const struct bulk_engine *bulk_of(const struct db *db)
{
    return db->dialect == SQL_POSTGRES ? &bulk_postgres : &bulk_sqlite;
}

struct str bulk_names(struct cx *cx, const struct bulk_table *table)
{
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < table->n; i++)
        buf_fmt(&b, "%s%s", i ? ", " : "", table->cols[i].name);
    return buf_str(&b);
}

void bulk_add_column(struct cx *cx, struct bulk_found *found, struct str table, bool log, struct str column,
                     enum db_kind kind)
{
    struct bulk_table *last = found->tables.n ? &found->tables.p[found->tables.n - 1] : NULL;
    if (!last || !str_eq_z(table, last->name)) {
        vec_add(cx->arena, &found->tables,
                (struct bulk_table){.name = str_z(cx->arena, table),
                                    .log = log,
                                    .cols = arena_array(cx->arena, struct db_col, BULK_COLUMNS_MAX)});
        last = &found->tables.p[found->tables.n - 1];
    }
    assert(last->n < BULK_COLUMNS_MAX);
    last->cols[last->n++] = (struct db_col){.name = str_z(cx->arena, column), .kind = kind};
}

/* ---- sums ---- */

static void hash_number(struct hash_state *st, char tag, uint64_t v)
{
    unsigned char b[9] = {(unsigned char)tag};
    for (int i = 0; i < 8; i++)
        b[1 + i] = (unsigned char)(v >> 8 * i);
    hash_update(st, b, sizeof b);
}

/* A row's SHA-256, over each value with its kind and length. */
static struct hash hash_row(const struct bulk_table *t, const struct db_value *row)
{
    struct hash_state st;
    hash_init(&st);
    for (size_t i = 0; i < t->n; i++) {
        uint64_t bits;
        if (row[i].null) {
            hash_number(&st, 0, 0);
        } else if (t->cols[i].kind == DB_INT) {
            hash_number(&st, 1, (uint64_t)row[i].i);
        } else if (t->cols[i].kind == DB_REAL) {
            memcpy(&bits, &row[i].r, sizeof bits);
            hash_number(&st, 2, bits);
        } else {
            hash_number(&st, t->cols[i].kind == DB_TEXT ? 3 : 4, row[i].s.n);
            hash_update(&st, row[i].s.p, row[i].s.n);
        }
    }
    return hash_final(&st);
}

/* The sum of a table is the sum of its rows' hashes modulo 2^256: whatever order the engine gives them in. */
static void add_hash(struct hash *sum, struct hash h)
{
    unsigned carry = 0;
    for (int i = 0; i < HASH_BYTES; i++) {
        carry += (unsigned)sum->b[i] + h.b[i];
        sum->b[i] = (unsigned char)carry;
        carry >>= 8;
    }
}

struct passing {
    struct db_move *m;
    struct db_table_sum *sum;
    const struct bulk_engine *engine; /* NULL: only count */
    struct bulk *to;
    const struct bulk_table *into;
};

static enum err pass(void *ctx, const struct bulk_table *table, const struct db_value *row)
{
    struct passing *p = ctx;
    add_hash(&p->sum->sum, hash_row(table, row));
    p->sum->rows++;
    if (p->m->tell && p->sum->rows % TELL_ROWS == 0)
        p->m->tell(p->m->ctx, p->sum, p->engine == NULL);
    return p->engine ? p->engine->add(p->to, p->into, row) : ERR_OK;
}

static bool same_tables(const struct bulk *a, const struct bulk *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++) {
        const struct bulk_table *x = &a->tables[i], *y = &b->tables[i];
        same = !strcmp(x->name, y->name) && x->n == y->n;
        for (size_t c = 0; same && c < x->n; c++)
            same = !strcmp(x->cols[c].name, y->cols[c].name) && x->cols[c].kind == y->cols[c].kind;
    }
    return same;
}

static enum err copy_table(struct db_move *m, struct bulk *from, struct bulk *to, size_t i)
{
    const struct bulk_engine *out = bulk_of(from->db), *in = bulk_of(to->db);
    struct passing p = {m, &m->tables[i], in, to, &to->tables[i]};
    m->tables[i] = (struct db_table_sum){.table = from->tables[i].name};
    if (m->tell)
        m->tell(m->ctx, p.sum, false);
    enum err e = in->begin(to, &to->tables[i]);
    if (!e)
        e = out->read(from, &from->tables[i], pass, &p);
    return e ? e : in->end(to, &to->tables[i]);
}

/* Read back what was written, and compare. */
static enum err check_table(struct cx *cx, struct db_move *m, struct bulk *to, size_t i)
{
    struct db_table_sum back = {.table = m->tables[i].table}, *want = &m->tables[i];
    struct passing p = {.m = m, .sum = &back};
    enum err e = bulk_of(to->db)->read(to, &to->tables[i], pass, &p);
    if (!e && (back.rows != want->rows || !hash_eq(back.sum, want->sum)))
        e = fail(cx, ERR_DB, "%s: %lld rows were read and %lld are there, or they differ: nothing was moved",
                 want->table, (long long)want->rows, (long long)back.rows);
    return e;
}

static enum err move_all(struct cx *cx, struct db_move *m, struct bulk *from, struct bulk *to)
{
    if (!same_tables(from, to))
        return fail(cx, ERR_INTERNAL, "the two databases do not have the same tables");
    m->n = from->n;
    m->tables = arena_array(cx->arena, struct db_table_sum, m->n + 1);
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < m->n; i++)
        e = copy_table(m, from, to, i);
    for (size_t i = 0; !e && i < m->n; i++)
        e = check_table(cx, m, to, i);
    return e ? e : bulk_of(to->db)->commit(to);
}

enum err db_check_new(struct cx *cx, const char *url)
{
    struct db *db = NULL;
    enum err e = db_behind(cx, &(struct db_config){.url = url}, &db);
    if (e)
        return e;
    e = bulk_of(db)->check_new(cx, db);
    db_close(db);
    return e;
}

enum err db_move(struct cx *cx, struct db *from, struct db *to, struct db_move *m)
{
    struct bulk a = {.db = from, .cx = cx}, b = {.db = to, .cx = cx};
    enum err e = bulk_of(from)->open(&a, false);
    if (!e)
        e = bulk_of(to)->open(&b, true);
    if (!e)
        e = move_all(cx, m, &a, &b);
    bulk_of(from)->close(&a);
    bulk_of(to)->close(&b);
    return e;
}

enum err db_sums(struct cx *cx, struct db *db, struct db_move *m)
{
    struct bulk b = {.db = db, .cx = cx};
    enum err e = bulk_of(db)->open(&b, false);
    m->n = e ? 0 : b.n;
    m->tables = arena_array(cx->arena, struct db_table_sum, m->n + 1);
    for (size_t i = 0; !e && i < m->n; i++) {
        m->tables[i] = (struct db_table_sum){.table = b.tables[i].name};
        struct passing p = {.m = m, .sum = &m->tables[i]};
        e = bulk_of(db)->read(&b, &b.tables[i], pass, &p);
    }
    bulk_of(db)->close(&b);
    return e;
}
