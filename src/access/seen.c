/* Who has seen a person's data: found where it has no seal yet, and in the index by person. */
#include <stdlib.h>

#include "access_internal.h"
#include "db/db.h"

enum { LATELY = 1000 };

void access_ids_add(struct cx *cx, struct access_ids *to, struct str views)
{
    for (size_t at = 0; at + ACCESS_ID_BYTES <= views.n; at += ACCESS_ID_BYTES)
        vec_add(cx->arena, &to->ids, access_get_i64(views.p + at));
}

static enum err add_unsealed(struct cx *cx, int64_t party_id, struct access_ids *to)
{
    struct q_access_unsealed_about *rows;
    size_t n;
    enum err e = q_access_unsealed_about(cx, access_subject_begin(cx, party_id), &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        if (access_is_about(rows[i].subjects, party_id))
            vec_add(cx->arena, &to->ids, rows[i].id);
    return e;
}

/* Fill *to up to `max` views or somewhat more, from whole batches below *before; that moves on, to 0 after the last.
   To have room for at least one. */
static enum err add_sealed(struct cx *cx, int64_t party_id, size_t max, int64_t *before, struct access_ids *to)
{
    struct q_access_index_of_party *rows;
    size_t n, i = 0;
    enum err e = q_access_index_of_party(cx, party_id, *before, (int64_t)max, &rows, &n);
    if (e)
        return e;
    for (; i < n && to->ids.n < max; i++)
        access_ids_add(cx, to, rows[i].views);
    *before = i == n && n < max ? 0 : rows[i - 1].batch;
    return ERR_OK;
}

/* The number that the next batch will have. */
static enum err next_batch(struct cx *cx, int64_t *ret)
{
    struct q_access_last_batch last = {0};
    bool found;
    enum err e = q_access_last_batch(cx, &last, &found);
    *ret = found ? last.no + 1 : 1;
    return e;
}

/* ---- A page of the list ---- */

struct search {
    const struct access_query *q;
    struct access_seen *ret;
};

static enum err rows_of(struct cx *cx, const struct access_query *q, const struct access_ids *ids,
                        struct q_access_seen **ret_rows, size_t *ret_n)
{
    *ret_n = 0;
    return ids->ids.n ? q_access_seen(cx, (struct db_ints){ids->ids.p, ids->ids.n}, q->party_id, cx->now_us,
                                      q->casefile_no, ret_rows, ret_n)
                      : ERR_OK;
}

static void add_rows(struct cx *cx, struct access_seen *to, const struct q_access_seen *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        vec_add(cx->arena, &to->rows, rows[i]);
}

static int newest_first(const void *a, const void *b)
{
    const struct q_access_seen *x = a, *y = b;
    if (x->at_us != y->at_us)
        return x->at_us > y->at_us ? -1 : 1;
    return x->id > y->id ? -1 : x->id < y->id;
}

static enum err find(struct cx *cx, void *ctx)
{
    struct search *s = ctx;
    struct access_seen *seen = s->ret;
    struct q_access_seen *rows;
    struct access_ids unsealed = {0};
    size_t n;
    int64_t before = s->q->before_batch;
    enum err e = ERR_OK;
    if (!before) {
        if ((e = next_batch(cx, &before)) || (e = add_unsealed(cx, s->q->party_id, &unsealed)) ||
            (e = rows_of(cx, s->q, &unsealed, &rows, &n)))
            return e;
        add_rows(cx, seen, rows, n);
    }
    while (!e && before && !seen->older) {
        struct access_ids ids = {0};
        int64_t from = before;
        e = add_sealed(cx, s->q->party_id, s->q->max, &before, &ids);
        if (!e)
            e = rows_of(cx, s->q, &ids, &rows, &n);
        if (e || !n)
            continue;
        if (seen->rows.n < s->q->max)
            add_rows(cx, seen, rows, n);
        else
            seen->older = from; /* the page is full, and here is somewhat that is older */
    }
    if (!e && seen->rows.n)
        qsort(seen->rows.p, seen->rows.n, sizeof *seen->rows.p, newest_first);
    return e;
}

enum err access_seen_of(struct cx *cx, const struct access_query *q, struct access_seen *ret)
{
    *ret = (struct access_seen){0};
    return db_read(cx, find, &(struct search){q, ret}); /* one snapshot: a seal may come between two queries */
}

/* ---- The cases ---- */

struct case_search {
    int64_t party_id;
    struct q_access_seen_cases *rows;
    size_t n;
};

static enum err find_cases(struct cx *cx, void *ctx)
{
    struct case_search *s = ctx;
    struct access_ids ids = {0};
    int64_t before;
    enum err e = next_batch(cx, &before);
    if (!e)
        e = add_unsealed(cx, s->party_id, &ids);
    if (!e && ids.ids.n < LATELY)
        e = add_sealed(cx, s->party_id, LATELY, &before, &ids);
    return e ? e
             : q_access_seen_cases(cx, (struct db_ints){ids.ids.p, ids.ids.n}, s->party_id, cx->now_us, &s->rows,
                                   &s->n);
}

enum err access_seen_cases_of(struct cx *cx, int64_t party_id, struct q_access_seen_cases **ret_rows, size_t *ret_n)
{
    struct case_search s = {.party_id = party_id};
    enum err e = db_read(cx, find_cases, &s);
    if (!e) {
        *ret_rows = s.rows;
        *ret_n = s.n;
    }
    return e;
}
