/* The run: case file by case file, then the log and the persons. */
#include "retention.h"

#include <assert.h>

#include "access/access.h"
#include "auth/auth.h"
#include "party/party.h"
#include "retention_store.h"
#include "service/service.h"

static struct { /* set once at start by app/ */
    const struct retention_part *p;
    size_t n;
} parts;

void retention_register(const struct retention_part *list, size_t n)
{
    parts.p = list;
    parts.n = n;
}

/* What one run has erased of one service by one rule. */
struct disposal {
    struct str service_key, retention, basis;
    int64_t id;
};

struct run {
    int64_t employee_id; /* who asked; 0: the night */
    VEC_OF(struct disposal) disposals;
    int64_t erased, failed;
    enum err first_fault;
    char *first_detail; /* room for DETAIL_BYTES: what a row left in the arena goes with the row */
    size_t n_first_detail;
};

enum { PAGE = 100, DETAIL_BYTES = 500 };

static const struct disposal *disposal_of(struct cx *cx, struct run *run, const struct q_retention_next *row)
{
    for (size_t i = 0; i < run->disposals.n; i++)
        if (str_eq(run->disposals.p[i].service_key, row->service_key) &&
            str_eq(run->disposals.p[i].retention, row->retention))
            return &run->disposals.p[i];
    const struct service_version *v = cx->services ? service_version_by_id(cx, row->version_id) : NULL;
    vec_add(cx->arena, &run->disposals,
            (struct disposal){.service_key = row->service_key,
                              .retention = row->retention,
                              .basis = v ? v->retention_basis : S(""),
                              .id = rand_id()});
    return &run->disposals.p[run->disposals.n - 1];
}

static void note_fault(struct cx *cx, struct run *run, enum err e)
{
    struct str detail = cx->fail.detail;
    if (!run->failed++) {
        run->first_fault = e;
        run->n_first_detail = detail.n < DETAIL_BYTES ? detail.n : DETAIL_BYTES;
        if (detail.n)
            memcpy(run->first_detail, detail.p, run->n_first_detail);
    }
    log_line(cx, LOG_WARN, "retention", "error=\"%.*s\"", STR_ARG(detail));
    cx->fail = (struct fail){0};
}

/* ---- one case file ---- */

struct one {
    const struct q_retention_next *row;
    const struct disposal *disposal;
    int64_t employee_id;
};

static enum err leave_persons(struct cx *cx, const struct one *one)
{
    struct db_ints others = {0};
    enum err e = record_correspondents(cx, one->row->record_id, &others);
    for (size_t i = 0; !e && i < others.n; i++)
        e = q_retention_left_add(cx, one->row->casefile_id, others.p[i], one->disposal->id, one->disposal->basis);
    if (!e)
        e = q_retention_left_signers(cx, one->row->casefile_id, one->disposal->id, one->disposal->basis);
    if (!e && one->row->party_id.set)
        e = q_retention_left_add(cx, one->row->casefile_id, one->row->party_id.v, one->disposal->id,
                                 one->disposal->basis);
    return e;
}

static enum err erase_one(struct cx *cx, void *ctx)
{
    const struct one *one = ctx;
    struct record_disposal_new new = {.service_key = one->row->service_key,
                                      .title = one->row->title,
                                      .retention = one->row->retention,
                                      .basis = one->disposal->basis,
                                      .employee_id = one->employee_id};
    enum err e = leave_persons(cx, one);
    if (!e)
        e = record_dispose(cx, one->row->record_id, one->disposal->id, &new);
    for (size_t i = 0; !e && i < parts.n; i++)
        if (parts.p[i].erase_casefile)
            e = parts.p[i].erase_casefile(cx, one->row->casefile_id);
    return e;
}

/* The store holds that nothing goes that two people have not approved; the municipality's folder says whether they are
   asked for. */
static enum err tell_people(struct cx *cx, void *ctx)
{
    (void)ctx;
    return q_retention_people_tell(cx, cx->muni && cx->muni->archive_two_people, cx->now_us);
}

/* *ret_more: there was not time for all. */
static enum err erase_due(struct cx *cx, struct run *run, bool *ret_more)
{
    int64_t after_us = 0, after_id = 0;
    size_t n = PAGE;
    enum err e = db_write(cx, tell_people, NULL);
    while (!e && n == PAGE && run->erased < RETENTION_AT_ONCE) {
        struct q_retention_next *rows;
        e = q_retention_next(cx, cx->now_us, after_us, after_id, PAGE, &rows, &n);
        for (size_t i = 0; !e && i < n && !(e = cx_go_on(cx)); i++) {
            struct one one = {&rows[i], disposal_of(cx, run, &rows[i]), run->employee_id};
            struct arena_mark mark = arena_mark(cx->arena);
            enum err fault = db_write(cx, erase_one, &one);
            if (fault)
                note_fault(cx, run, fault);
            else
                run->erased++;
            arena_reset(cx->arena, mark);
            after_us = rows[i].dispose_us;
            after_id = rows[i].record_id;
        }
    }
    *ret_more = !e && n == PAGE;
    return e;
}

/* ---- the log, and the persons ---- */

struct person {
    const struct q_retention_left_list *row;
    bool all; /* she has been forgotten: all that was seen of her goes, not of this case alone */
    bool bound;
    bool gone;
    bool waits; /* she is bound for now by what leaves no row when it ends */
};

static enum err forget_views(struct cx *cx, void *ctx)
{
    const struct person *p = ctx;
    return access_forget(cx, p->row->party_id, p->all ? 0 : p->row->casefile_id, p->row->basis);
}

static enum err look_bound(struct cx *cx, struct person *p)
{
    struct q_retention_party_busy row;
    bool mandate;
    enum err e = q_retention_party_busy(cx, p->row->party_id, cx->now_us, &row);
    if (!e)
        e = party_bound(cx, p->row->party_id, &mandate);
    if (!e) {
        p->bound = row.busy || mandate;
        p->waits = p->bound && !row.returns;
    }
    return e;
}

/* She may have logged in since she was looked at. */
static enum err forget_person(struct cx *cx, void *ctx)
{
    struct person *p = ctx;
    p->gone = false;
    enum err e = party_lock(cx, p->row->party_id);
    if (!e)
        e = look_bound(cx, p);
    if (e || p->bound)
        return e;
    for (size_t i = 0; !e && i < parts.n; i++)
        if (parts.p[i].erase_party)
            e = parts.p[i].erase_party(cx, p->row->party_id);
    if (!e)
        e = party_erase(cx, p->row->party_id, &p->gone);
    return e || !p->gone ? e : record_disposal_forgot(cx, p->row->disposal_id, 1);
}

static enum err forget_all(struct cx *cx, struct person *p)
{
    enum err e = db_write(cx, forget_person, p);
    if (e || p->bound) {
        p->waits |= e == ERR_CONFLICT; /* something in the store refers to her: she has another matter after all */
        return e == ERR_CONFLICT ? ERR_OK : e;
    }
    p->all = true;
    return db_write_log(cx, forget_views, p);
}

static enum err unless_bound(struct cx *cx, struct person *p)
{
    enum err e = look_bound(cx, p);
    return e || p->bound ? e : forget_all(cx, p);
}

static enum err done(struct cx *cx, void *ctx)
{
    const struct person *p = ctx;
    enum err e = ERR_OK;
    if (p->waits)
        e = q_retention_left_wait(cx, p->row->party_id, p->row->disposal_id, p->row->basis);
    return e ? e : q_retention_left_done(cx, p->row->casefile_id, p->row->party_id);
}

/* A row goes last, so that a run that was cut off is taken up where it was. A person who was only logged in, or bound
   by a draft, a mandate or work here, stays in a row of no case: nothing else would name her again. */
static enum err finish_one(struct cx *cx, struct person *p)
{
    enum err e = p->row->casefile_id ? db_write_log(cx, forget_views, p) : ERR_OK;
    if (!e)
        e = unless_bound(cx, p);
    if (!e && p->waits && !p->row->casefile_id)
        return ERR_OK;
    return e ? e : db_write(cx, done, p);
}

struct left_at {
    int64_t casefile_id, party_id; /* up to here it is done */
};

static enum err finish_page(struct cx *cx, struct run *run, struct left_at *at, size_t *ret_n)
{
    struct q_retention_left_list *rows;
    enum err e = q_retention_left_list(cx, at->casefile_id, at->party_id, PAGE, &rows, ret_n);
    for (size_t i = 0; !e && i < *ret_n && !(e = cx_go_on(cx)); i++) {
        struct person p = {.row = &rows[i]};
        struct arena_mark mark = arena_mark(cx->arena);
        enum err fault = finish_one(cx, &p);
        if (fault)
            note_fault(cx, run, fault);
        arena_reset(cx->arena, mark);
        *at = (struct left_at){rows[i].casefile_id, rows[i].party_id};
    }
    return e;
}

static enum err finish_left(struct cx *cx, struct run *run)
{
    struct left_at at = {0};
    size_t n = PAGE;
    enum err e = ERR_OK;
    while (!e && n == PAGE) {
        struct arena_mark mark = arena_mark(cx->arena);
        e = finish_page(cx, run, &at, &n);
        if (!e)
            arena_reset(cx->arena, mark);
    }
    return e;
}

/* ---- the job ---- */

static enum err add_next(struct cx *cx, void *ctx)
{
    const struct run *run = ctx;
    return job_add(cx, &(struct job_new){.kind = S(RETENTION_JOB),
                                         .key = str_fmt(cx->arena, "more-%lld", (long long)time_now_us()),
                                         .payload = str_fmt(cx->arena, "%lld", (long long)run->employee_id)});
}

enum err retention_job(struct cx *cx, struct job *job)
{
    struct run run = {.first_detail = arena_alloc_raw(cx->arena, DETAIL_BYTES)};
    bool more = false;
    str_to_i64(job->payload, &run.employee_id);
    enum err e = erase_due(cx, &run, &more);
    if (!e)
        e = finish_left(cx, &run);
    if (!e && more)
        e = db_write(cx, add_next, &run);
    if (run.erased)
        log_line(cx, LOG_INFO, "retention", "casefiles=%lld failed=%lld", (long long)run.erased, (long long)run.failed);
    if (!e && run.failed)
        e = fail(cx, run.first_fault, "%lld could not be erased: %.*s", (long long)run.failed, (int)run.n_first_detail,
                 run.first_detail);
    return e;
}
