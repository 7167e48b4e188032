/* The rows a leader's figures are added up from: those that are folded in, from a copy in memory while their stamp
   holds, and those that are not yet. docs/why/figures.md */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "tally.h"

/* ---- rows ---- */

int tally_bucket(int64_t days)
{
    if (days <= TALLY_DAYS_EXACT)
        return days < 0 ? 0 : (int)days;
    int64_t week = (days - TALLY_DAYS_EXACT + 6) / 7;
    return TALLY_DAYS_EXACT + (int)(week > TALLY_WEEKS ? TALLY_WEEKS : week);
}

int64_t tally_bucket_days(int bucket)
{
    return bucket <= TALLY_DAYS_EXACT ? bucket : TALLY_DAYS_EXACT + 7 * (bucket - TALLY_DAYS_EXACT);
}

/* The services of each slot come in the same order: the next is most often the one after the last. */
static uint16_t service_of(struct cx *cx, struct tally *t, struct str key, size_t *at)
{
    for (size_t i = 0; i < t->services.n; i++, *at = (*at + 1) % t->services.n)
        if (str_eq(t->services.p[*at], key))
            return (uint16_t)*at;
    *at = t->services.n;
    assert(*at < UINT16_MAX);
    vec_add(cx->arena, &t->services, key);
    return (uint16_t)*at;
}

static void add(struct cx *cx, struct tally *t, const struct q_casefile_tally_new *r, size_t *at)
{
    vec_add(cx->arena, &t->rows,
            (struct tally_row){.n = r->n,
                               .slot = (int32_t)r->slot,
                               .service = service_of(cx, t, r->service_key, at),
                               .kind = (uint8_t)r->kind,
                               .bucket = (uint8_t)tally_bucket(r->days)});
}

enum err tally_new(struct cx *cx, struct db_ints unit_ids, struct tally *ret)
{
    struct q_casefile_tally_new *rows;
    size_t n, at = 0;
    *ret = (struct tally){0};
    enum err e = q_casefile_tally_new(cx, unit_ids, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        add(cx, ret, &rows[i], &at);
    return e;
}

/* One statement gives the stamp, as its first row (kind 0), and what it stands for: on PostgreSQL outside a snapshot
   two might not belong together. */
static enum err read_folded(struct cx *cx, int64_t unit_id, int64_t from_month, struct tally *ret, int64_t *ret_stamp)
{
    struct q_casefile_tally_folded *rows;
    size_t n, at = 0;
    *ret = (struct tally){0};
    enum err e = q_casefile_tally_folded(cx, unit_id, from_month, &rows, &n);
    *ret_stamp = !e && n ? rows[0].n : 0;
    for (size_t i = 1; !e && i < n; i++)
        add(cx, ret,
            &(struct q_casefile_tally_new){rows[i].kind, rows[i].slot, rows[i].service_key, rows[i].days, rows[i].n},
            &at);
    return e;
}

/* ---- added up ---- */

static uint64_t place_of(const struct tally_row *r)
{
    return (uint64_t)r->kind << 56 | (uint64_t)r->bucket << 48 | (uint64_t)r->service << 32 | (uint32_t)r->slot;
}

/* Rows of the same place become one. `index` has room for twice as many, 2 to the power of `bits`. */
static void merge(struct tally_rows *rows, uint32_t *index, int bits)
{
    size_t n = 0, room = (size_t)1 << bits;
    memset(index, 0, room * sizeof *index);
    for (size_t i = 0; i < rows->n; i++) {
        const struct tally_row r = rows->p[i];
        size_t at = (size_t)(place_of(&r) * 0x9e3779b97f4a7c15u >> (64 - bits));
        while (index[at] && place_of(&rows->p[index[at] - 1]) != place_of(&r))
            at = (at + 1) & (room - 1);
        if (index[at]) {
            rows->p[index[at] - 1].n += r.n;
        } else {
            rows->p[n++] = r;
            index[at] = (uint32_t)n;
        }
    }
    rows->n = n;
}

/* A row that comes to nothing stays: it says that there is such a service. */
static void add_up(struct cx *cx, struct tally *t)
{
    size_t n = t->rows.n;
    int bits = 3;
    while ((size_t)1 << bits < 2 * n)
        bits++;
    uint32_t *index = arena_array(cx->arena, uint32_t, (size_t)1 << bits);
    t->of_slots = (struct tally_rows){arena_array(cx->arena, struct tally_row, n), n, n};
    t->of_services = (struct tally_rows){arena_array(cx->arena, struct tally_row, n), n, n};
    for (size_t i = 0; i < n; i++) {
        t->of_slots.p[i] = t->of_services.p[i] = t->rows.p[i];
        t->of_slots.p[i].service = 0;
        t->of_services.p[i].slot = INT32_MAX;
    }
    merge(&t->of_slots, index, bits);
    merge(&t->of_services, index, bits);
}

/* ---- copies ---- */

struct copy {
    struct tally tally;
    struct copy *next;
    int64_t unit_id, stamp, from_month;
    size_t bytes;
    uint64_t used;      /* when last: the least goes first */
    atomic_int holders; /* the list, and each request that reads it: it may go on after it has left the list */
};

struct casefile_tallies {
    pthread_mutex_t mutex; /* of all that follows, and of who comes to hold a copy */
    struct copy *first;
    size_t bytes;
    uint64_t clock;
};

struct casefile_tallies *casefile_tallies_new(void)
{
    struct casefile_tallies *t = calloc(1, sizeof *t);
    assert(t);
    pthread_mutex_init(&t->mutex, NULL);
    return t;
}

static void let_go(void *p)
{
    struct copy *c = p;
    if (atomic_fetch_sub(&c->holders, 1) == 1)
        free(c);
}

static void drop(struct casefile_tallies *t, struct copy **place)
{
    struct copy *c = *place;
    *place = c->next;
    t->bytes -= c->bytes;
    let_go(c);
}

void casefile_tallies_free(struct casefile_tallies *t)
{
    if (!t)
        return;
    while (t->first)
        drop(t, &t->first);
    pthread_mutex_destroy(&t->mutex);
    free(t);
}

static struct tally_row *put_rows(struct tally_row *at, const struct tally_rows *from, struct tally_rows *to)
{
    *to = (struct tally_rows){.p = at, .n = from->n};
    if (from->n)
        memcpy(at, from->p, from->n * sizeof *at);
    return at + from->n;
}

/* In one block, which is zeroed by nobody: what is copied fills it. */
static struct copy *copy_of(const struct tally *from)
{
    size_t rows = (from->rows.n + from->of_slots.n + from->of_services.n) * sizeof(struct tally_row);
    size_t names = from->services.n * sizeof *from->services.p, text = 0;
    for (size_t i = 0; i < from->services.n; i++)
        text += from->services.p[i].n;
    size_t bytes = sizeof(struct copy) + rows + names + text;
    struct copy *c = malloc(bytes);
    assert(c);
    *c = (struct copy){.bytes = bytes};
    struct tally_row *end = put_rows((struct tally_row *)(c + 1), &from->rows, &c->tally.rows);
    end = put_rows(end, &from->of_slots, &c->tally.of_slots);
    end = put_rows(end, &from->of_services, &c->tally.of_services);
    c->tally.services.n = from->services.n;
    c->tally.services.p = (struct str *)(void *)end;
    char *at = (char *)(c->tally.services.p + from->services.n);
    for (size_t i = 0; i < from->services.n; i++) {
        struct str key = from->services.p[i];
        memcpy(at, key.p, key.n);
        c->tally.services.p[i] = (struct str){at, key.n};
        at += key.n;
    }
    return c;
}

/* It has its place in the list and is held for the request. */
static void hold(struct cx *cx, struct copy *c)
{
    c->used = ++cx->tallies->clock;
    atomic_fetch_add(&c->holders, 1);
}

static const struct copy *find(struct cx *cx, int64_t unit_id, int64_t stamp, int64_t from_month)
{
    struct casefile_tallies *t = cx->tallies;
    pthread_mutex_lock(&t->mutex);
    struct copy *c = t->first;
    while (c && c->unit_id != unit_id)
        c = c->next;
    if (c && (c->stamp != stamp || c->from_month != from_month)) /* what is added up is of these months */
        c = NULL;
    if (c)
        hold(cx, c);
    pthread_mutex_unlock(&t->mutex);
    if (c)
        arena_defer(cx->arena, let_go, c);
    return c;
}

/* For the request that made it too. It takes the place of the unit's last one; then what has not been asked for longest
   goes until the rest has room. */
static void keep(struct casefile_tallies *t, struct copy *c)
{
    pthread_mutex_lock(&t->mutex);
    c->holders = 2;
    c->used = ++t->clock;
    for (struct copy **place = &t->first; *place;)
        if ((*place)->unit_id == c->unit_id)
            drop(t, place);
        else
            place = &(*place)->next;
    c->next = t->first;
    t->first = c;
    t->bytes += c->bytes;
    while (t->bytes > CASEFILE_TALLIES_BYTES) {
        struct copy **least = &t->first;
        for (struct copy **place = &t->first; *place; place = &(*place)->next)
            if ((*place)->used < (*least)->used)
                least = place;
        drop(t, least);
    }
    pthread_mutex_unlock(&t->mutex);
}

/* What was read goes when the copy is made: a leader of many units would have it all in memory twice. */
static enum err make(struct cx *cx, int64_t unit_id, int64_t from_month, const struct copy **ret)
{
    struct arena_mark mark = arena_mark(cx->arena);
    struct tally t;
    int64_t stamp;
    enum err e = read_folded(cx, unit_id, from_month, &t, &stamp);
    if (e)
        return e;
    add_up(cx, &t);
    struct copy *c = copy_of(&t);
    arena_reset(cx->arena, mark);
    c->unit_id = unit_id;
    c->stamp = stamp;
    c->from_month = from_month;
    keep(cx->tallies, c);
    arena_defer(cx->arena, let_go, c);
    *ret = c;
    return ERR_OK;
}

enum err tally_folded(struct cx *cx, int64_t unit_id, int64_t stamp, int64_t from_month, const struct tally **ret)
{
    if (!cx->tallies) {
        struct tally *t = arena_new_of(cx->arena, struct tally);
        *ret = t;
        return read_folded(cx, unit_id, from_month, t, &stamp);
    }
    const struct copy *c = find(cx, unit_id, stamp, from_month);
    enum err e = c ? ERR_OK : make(cx, unit_id, from_month, &c);
    if (!e)
        *ret = &c->tally;
    return e;
}
