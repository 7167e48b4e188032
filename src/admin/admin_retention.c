/* What is due to be erased, what is held back, and what was erased. */
#include "admin_retention.h"

#include "admin_views.h"
#include "i18n/i18n.h"
#include "municipality/municipality.h"
#include "retention/retention.h"
#include "tpl_admin_retention.h"
#include "tpl_admin_retention_release.h"
#include "tpl_admin_retention_run.h"

enum { SOON_DAYS = 90, HISTORY_ROWS = 200, LIST_ROWS = 20 };

struct gathering {
    struct retention_plan due, soon;
    struct retention_helds held;
    struct record_disposals done;
    struct retention_list list;
    struct retention_lists lists;
};

static enum err gather(struct cx *cx, void *ctx)
{
    struct gathering *g = ctx;
    enum err e = retention_plan(cx, 0, cx->now_us, &g->due);
    if (!e)
        e = retention_plan(cx, cx->now_us, cx->now_us + SOON_DAYS * DAY_US, &g->soon);
    if (!e)
        e = retention_held(cx, &g->held);
    if (!e)
        e = retention_list_waiting(cx, &g->list);
    if (!e)
        e = retention_lists(cx, LIST_ROWS, &g->lists);
    return e ? e : record_disposals(cx, HISTORY_ROWS, &g->done);
}

static void add_rows(struct cx *cx, const struct retention_plan *plan, enum text label, struct admin_retention_rows *to)
{
    to->label = i18n_text(cx->lang, label);
    for (size_t i = 0; i < plan->rows.n; i++) {
        const struct retention_row *r = &plan->rows.p[i];
        vec_add(cx->arena, &to->rows,
                (struct admin_retention_row){.title = r->title,
                                             .basis = r->basis,
                                             .years = r->years,
                                             .n = r->n,
                                             .held = r->held,
                                             .first = civil_day_of_us(r->first_us),
                                             .closed_before = r->closed_before});
    }
    to->n = plan->n - plan->held;
    to->held = plan->held;
}

static void add_held(struct cx *cx, const struct retention_helds *held, struct admin_retention *v)
{
    for (size_t i = 0; i < held->rows.n; i++) {
        const struct retention_held *h = &held->rows.p[i];
        vec_add(cx->arena, &v->held,
                (struct admin_retention_hold){.id = h->id,
                                              .no = h->no,
                                              .title = h->title,
                                              .reason = h->reason,
                                              .by = h->by,
                                              .put_us = h->put_us,
                                              .has_day = h->dispose_us.set,
                                              .day = h->dispose_us.set ? civil_day_of_us(h->dispose_us.v) : 0});
    }
}

static void add_lists(struct cx *cx, const struct gathering *g, struct admin_retention *v)
{
    v->two = cx->muni->archive_two_people;
    v->list_id = g->list.id;
    v->list_n = g->list.casefiles;
    v->list_by = g->list.by;
    v->list_mine = g->list.mine;
    for (size_t i = 0; i < g->lists.rows.n; i++) {
        const struct retention_listed *l = &g->lists.rows.p[i];
        if (l->approved_us.set)
            vec_add(cx->arena, &v->lists,
                    i18n_fmt(cx, T_admin_retention_list_line, ARG("n", l->casefiles), ARG("by", l->made_by),
                             ARG("day", i18n_date(cx, l->made_us)), ARG("second", l->approved_by),
                             ARG("then", i18n_date(cx, l->approved_us.v))));
    }
}

static struct page_field no_field(struct cx *cx, const struct page_errors *errors, struct str value)
{
    return (struct page_field){.id = S("no"),
                               .label = i18n_text(cx->lang, T_admin_retention_no),
                               .hint = i18n_text(cx->lang, T_admin_retention_no_hint),
                               .width = 12,
                               .value = value,
                               .error = page_errors_of(errors, S("no"))};
}

static struct page_field reason_field(struct cx *cx, const struct page_errors *errors, struct str value)
{
    return (struct page_field){.kind = PAGE_FIELD_TEXTAREA,
                               .id = S("reason"),
                               .label = i18n_text(cx->lang, T_admin_retention_reason),
                               .hint = i18n_text(cx->lang, T_admin_retention_reason_hint),
                               .rows = 3,
                               .max = 500,
                               .value = value,
                               .error = page_errors_of(errors, S("reason"))};
}

static enum err show(struct cx *cx, struct request *req, struct reply *rep, struct admin_retention *v)
{
    struct gathering g = {0};
    enum err e = db_read(cx, gather, &g);
    if (e)
        return e;
    add_rows(cx, &g.due, T_admin_retention_due_title, &v->due);
    add_rows(cx, &g.soon, T_admin_retention_soon_title, &v->soon);
    add_held(cx, &g.held, v);
    add_lists(cx, &g, v);
    for (size_t i = 0; i < g.done.rows.n; i++) {
        const struct record_disposal *d = &g.done.rows.p[i];
        vec_add(cx->arena, &v->done,
                (struct admin_retention_done){.at_us = d->at_us,
                                              .title = d->title,
                                              .by = d->by,
                                              .basis = d->basis,
                                              .years = record_retention_years(d->retention),
                                              .casefiles = d->casefiles,
                                              .documents = d->documents,
                                              .parties = d->parties});
    }
    v->no = no_field(cx, &v->errors, v->no.value);
    v->reason = reason_field(cx, &v->errors, v->reason.value);
    struct page page = {.title = i18n_text(cx->lang, T_admin_retention_title),
                        .face = PAGE_ADMIN,
                        .has_errors = v->errors.n > 0,
                        .form_id = S("hold-form")};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_admin_retention(&o, v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err admin_retention(struct cx *cx, struct request *req, struct reply *rep)
{
    struct admin_retention v = {0};
    return show(cx, req, rep, &v);
}

/* ---- erase now: first the numbers, then the button ---- */

static void crumbs_below(struct cx *cx, struct page *page)
{
    vec_add(cx->arena, &page->crumbs,
            (struct page_crumb){i18n_text(cx->lang, T_admin_retention_title), S("/admin/retention")});
    vec_add(cx->arena, &page->crumbs, (struct page_crumb){.label = page->title});
}

static enum err show_run(struct cx *cx, struct request *req, struct reply *rep, bool conflict)
{
    struct retention_plan plan;
    struct admin_retention_run v = {.conflict = conflict, .two = cx->muni->archive_two_people};
    enum err e = retention_plan(cx, 0, cx->now_us, &plan);
    if (e)
        return e;
    add_rows(cx, &plan, T_admin_retention_due_title, &v.due);
    struct page page = {.title = i18n_text(cx->lang, T_admin_retention_run_title), .face = PAGE_ADMIN};
    page.status = conflict ? 409 : 0;
    crumbs_below(cx, &page);
    struct tpl o = tpl_begin(cx);
    tpl_admin_retention_run(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err admin_retention_run_page(struct cx *cx, struct request *req, struct reply *rep)
{
    return show_run(cx, req, rep, false);
}

enum err admin_retention_run(struct cx *cx, struct request *req, struct reply *rep)
{
    enum err e = retention_start(cx, req_int(req, "n"));
    if (e == ERR_CONFLICT)
        return show_run(cx, req, rep, true);
    if (e)
        return e;
    page_done(cx, rep, cx->muni->archive_two_people ? T_admin_retention_list_made : T_admin_retention_started);
    return reply_redirect(cx, rep, "/admin/retention");
}

enum err admin_retention_approve(struct cx *cx, struct request *req, struct reply *rep)
{
    enum err e = retention_approve(cx, req_param_id(req, "id"));
    if (e)
        return e;
    page_done(cx, rep, T_admin_retention_started);
    return reply_redirect(cx, rep, "/admin/retention");
}

/* ---- holding back ---- */

enum err admin_retention_hold(struct cx *cx, struct request *req, struct reply *rep)
{
    struct admin_retention v = {.no.value = req_str(req, "no"), .reason.value = req_str(req, "reason")};
    enum lang lang;
    if (i18n_lang(req_str(req, "language"), &lang)) {
        page_switch_language(cx, rep, lang);
        return show(cx, req, rep, &v);
    }
    enum err e = retention_hold(cx, v.no.value, v.reason.value);
    if (e == ERR_INVALID || e == ERR_DUPLICATE) {
        bool reason = e == ERR_INVALID && str_eq(cx->fail.field, S("reason"));
        enum text message = e == ERR_DUPLICATE ? T_admin_retention_already
                            : reason           ? T_admin_retention_reason_invalid
                                               : T_admin_retention_no_invalid;
        page_errors_add(cx, &v.errors, reason ? S("reason") : S("no"), i18n_text(cx->lang, message));
        return show(cx, req, rep, &v);
    }
    if (e)
        return e;
    page_done(cx, rep, T_admin_retention_held_done);
    return reply_redirect(cx, rep, "/admin/retention");
}

enum err admin_retention_release_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct admin_retention held = {0};
    struct retention_helds all;
    const struct admin_retention_hold *found = NULL;
    enum err e = retention_held(cx, &all);
    if (e)
        return e;
    add_held(cx, &all, &held);
    for (size_t i = 0; i < held.held.n; i++)
        if (held.held.p[i].id == req_param_id(req, "id"))
            found = &held.held.p[i];
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "no such hold, or it was let go before");
    struct page page = {.title = i18n_text(cx->lang, T_admin_retention_release_title), .face = PAGE_ADMIN};
    crumbs_below(cx, &page);
    struct tpl o = tpl_begin(cx);
    tpl_admin_retention_release(&o, found);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err admin_retention_release(struct cx *cx, struct request *req, struct reply *rep)
{
    enum err e = retention_release(cx, req_param_id(req, "id"));
    if (e)
        return e;
    page_done(cx, rep, T_admin_retention_released);
    return reply_redirect(cx, rep, "/admin/retention");
}
