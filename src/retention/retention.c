/* What is due, and what is held back from it. */
#include "retention.h"

#include "auth/auth.h"
#include "decision/decision.h"
#include "retention_store.h"
#include "service/service.h"

enum { HELD_MAX = 500, REASON_MIN = 10, REASON_MAX = 500 };

/* ---- the rule ---- */

static enum service_ending ending_of(const struct q_retention_ending *r)
{
    if (r->outcome.set)
        return r->outcome.v == DECISION_GRANTED  ? ENDING_GRANTED
               : r->outcome.v == DECISION_PARTLY ? ENDING_PARTLY
                                                 : ENDING_REFUSED;
    return r->withdrawn ? ENDING_WITHDRAWN : ENDING_ANSWERED;
}

enum err retention_guard(struct cx *cx, enum record_op op, int64_t id)
{
    struct q_retention_ending row;
    bool found;
    if (op != RECORD_CLOSE)
        return ERR_OK;
    enum err e = q_retention_ending(cx, id, &row, &found);
    if (e || !found)
        return e;
    const struct service_version *v = cx->services ? service_version_by_id(cx, row.service_version_id) : NULL;
    return v ? record_set_retention(cx, id, service_retention(cx, v, ending_of(&row))) : ERR_OK;
}

/* ---- the plan ---- */

static enum err only_admin(struct cx *cx)
{
    bool may = cx->who->kind == WHO_EMPLOYEE && auth_has(cx->who, ROLE_ADMIN);
    return may ? ERR_OK : fail(cx, ERR_FORBIDDEN, "for administrators");
}

enum err retention_plan(struct cx *cx, int64_t from_us, int64_t until_us, struct retention_plan *ret)
{
    struct q_retention_plan *rows;
    size_t n;
    *ret = (struct retention_plan){0};
    enum err e = only_admin(cx);
    if (!e)
        e = q_retention_plan(cx, from_us, until_us, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        const struct service_version *v = service_version_by_id(cx, rows[i].version_id);
        vec_add(cx->arena, &ret->rows,
                (struct retention_row){.service_key = rows[i].service_key,
                                       .title = v ? words_in(&v->name, cx->lang) : rows[i].title,
                                       .basis = v ? v->retention_basis : S(""),
                                       .years = record_retention_years(rows[i].retention),
                                       .n = rows[i].n,
                                       .held = rows[i].held,
                                       .first_us = rows[i].first_us,
                                       .closed_before = civil_day_of_us(rows[i].last_closed_us) + 1});
        ret->n += rows[i].n;
        ret->held += rows[i].held;
    }
    return e;
}

struct start {
    int64_t n;
};

static enum err begin_job(struct cx *cx)
{
    return job_add(cx, &(struct job_new){.kind = S(RETENTION_JOB),
                                         .key = str_fmt(cx->arena, "asked-%lld", (long long)cx->now_us),
                                         .payload = str_fmt(cx->arena, "%lld", (long long)cx->who->employee_id)});
}

static enum err make_list(struct cx *cx, int64_t n)
{
    struct q_retention_list_waiting row;
    bool found;
    enum err e = q_retention_list_waiting(cx, &row, &found);
    return e || found ? e : q_retention_list_add(cx, rand_id(), cx->now_us, n, cx->who->employee_id);
}

static enum err start(struct cx *cx, void *ctx)
{
    const struct start *s = ctx;
    struct retention_plan plan;
    enum err e = retention_plan(cx, 0, cx->now_us, &plan);
    if (!e && plan.n - plan.held != s->n)
        e = fail(cx, ERR_CONFLICT, "by now another number of case files is due");
    if (e || !cx->muni->archive_two_people)
        return e ? e : begin_job(cx);
    return s->n > 0 ? make_list(cx, s->n) : ERR_OK;
}

enum err retention_start(struct cx *cx, int64_t n)
{
    struct start s = {n};
    enum err e = only_admin(cx);
    return e ? e : db_write(cx, start, &s);
}

/* ---- two people ---- */

enum err retention_list_waiting(struct cx *cx, struct retention_list *ret)
{
    struct q_retention_list_waiting row;
    bool found = false;
    *ret = (struct retention_list){0};
    enum err e = only_admin(cx);
    if (!e)
        e = q_retention_list_waiting(cx, &row, &found);
    if (!e && found)
        *ret = (struct retention_list){.id = row.id,
                                       .casefiles = row.casefiles,
                                       .made_us = row.made_us,
                                       .by = row.name,
                                       .mine = row.made_by == cx->who->employee_id};
    return e;
}

static enum err approve(struct cx *cx, void *ctx)
{
    int64_t n;
    enum err e = q_retention_list_approve(cx, *(const int64_t *)ctx, cx->now_us, cx->who->employee_id, &n);
    if (!e && !n)
        e = fail(cx, ERR_CONFLICT, "the list was approved meanwhile");
    return e ? e : begin_job(cx);
}

enum err retention_approve(struct cx *cx, int64_t list_id)
{
    enum err e = only_admin(cx);
    return e ? e : db_write(cx, approve, &list_id);
}

enum err retention_lists(struct cx *cx, int64_t limit, struct retention_lists *ret)
{
    struct q_retention_list_last *rows;
    size_t n;
    *ret = (struct retention_lists){0};
    enum err e = only_admin(cx);
    if (!e)
        e = q_retention_list_last(cx, limit, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &ret->rows,
                ((struct retention_listed){.casefiles = rows[i].casefiles,
                                           .made_us = rows[i].made_us,
                                           .approved_us = rows[i].approved_us,
                                           .made_by = rows[i].made_by,
                                           .approved_by = rows[i].approved_by}));
    return e;
}

/* ---- holding back ---- */

enum err retention_held(struct cx *cx, struct retention_helds *ret)
{
    struct q_retention_holds *rows;
    size_t n;
    *ret = (struct retention_helds){0};
    enum err e = only_admin(cx);
    if (!e)
        e = q_retention_holds(cx, HELD_MAX, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &ret->rows,
                (struct retention_held){.id = rows[i].id,
                                        .no = rows[i].no,
                                        .title = rows[i].title,
                                        .reason = rows[i].reason,
                                        .by = rows[i].employee_name.p ? rows[i].employee_name : S(""),
                                        .put_us = rows[i].put_us,
                                        .dispose_us = rows[i].dispose_us});
    return e;
}

struct holding {
    struct str no, reason;
    int64_t id;
};

static enum err hold(struct cx *cx, void *ctx)
{
    struct holding *h = ctx;
    struct q_retention_record_lock row;
    bool found;
    enum err e = q_retention_record_lock(cx, h->no, &row, &found);
    if (!e && !found)
        e = fail_field(cx, ERR_INVALID, S("no"), "no case file has this number");
    else if (!e && row.disposal_id.set)
        e = fail_field(cx, ERR_INVALID, S("no"), "this case file has been erased");
    return e ? e : record_hold(cx, row.id, h->reason, &h->id);
}

enum err retention_hold(struct cx *cx, struct str no, struct str reason)
{
    struct holding h = {.no = str_trim(no), .reason = str_trim(reason)};
    enum err e = only_admin(cx);
    if (e)
        return e;
    if (!h.no.n)
        return fail_field(cx, ERR_INVALID, S("no"), "missing");
    if (text_length(h.reason) < REASON_MIN || text_length(h.reason) > REASON_MAX || !text_clean(h.reason))
        return fail_field(cx, ERR_INVALID, S("reason"), "not 10 to 500 characters");
    return db_write(cx, hold, &h);
}

static enum err release(struct cx *cx, void *ctx)
{
    return record_release(cx, *(const int64_t *)ctx);
}

enum err retention_release(struct cx *cx, int64_t hold_id)
{
    enum err e = only_admin(cx);
    return e ? e : db_write(cx, release, &hold_id);
}

/* ---- verify ---- */

enum err retention_verify(struct cx *cx, struct record_faults *ret)
{
    struct q_retention_half half;
    *ret = (struct record_faults){0};
    enum err e = q_retention_half(cx, &half);
    if (!e && half.casefiles)
        vec_add(cx->arena, &ret->rows,
                str_fmt(cx->arena, "%lld case files whose record was erased", (long long)half.casefiles));
    if (!e && half.terms)
        vec_add(cx->arena, &ret->rows,
                str_fmt(cx->arena, "%lld search terms of case files or persons that are gone", (long long)half.terms));
    return e;
}
