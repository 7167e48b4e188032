/* Pages: sending a draft, its receipt, and the status of an anonymous case. All else of a case file is shown by mypage/
   and desk/. */
#include "casefile_pages.h"

#include "casefile_views.h"
#include "i18n/i18n.h"
#include "tpl_casefile_receipt.h"
#include "tpl_casefile_status.h"

/* ---- sending ---- */

enum err casefile_post_submit(struct cx *cx, struct request *req, struct reply *rep)
{
    int64_t draft = req_param_id(req, "draft");
    struct casefile_receipt receipt;
    enum err e = casefile_submit(cx, draft, req_int(req, "version"), &receipt);
    if (e == ERR_INVALID || e == ERR_CONFLICT || e == ERR_GONE) /* the review page says what is wrong, what was changed,
                                                                   or why it is closed */
        return reply_redirect(cx, rep, "/form/draft/%lld/review?check=1", (long long)draft);
    if (e)
        return e;
    return reply_redirect(cx, rep, "/casefile/receipt/%lld%s", (long long)draft, receipt.repeated ? "?again=1" : "");
}

static void add(struct cx *cx, struct page_summary *s, enum text label, struct str value)
{
    vec_add(cx->arena, &s->rows, (struct page_summary_row){.label = i18n_text(cx->lang, label), .value = value});
}

enum err casefile_get_receipt(struct cx *cx, struct request *req, struct reply *rep)
{
    struct casefile_receipt r;
    enum err e = casefile_receipt_get(cx, req_param_id(req, "draft"), &r);
    if (e == ERR_NOT_FOUND && cx->who->kind == WHO_NOBODY)
        return ERR_LOGIN;
    if (e)
        return e;
    struct casefile_receipt_view v = {.title = r.title, .repeated = req_bool(req, "again"), .code = r.code};
    v.granted = r.granted;
    v.signs = r.signs;
    v.helped = r.helped;
    v.counter = cx->who->stay;
    v.party = v.counter ? cx->who->stay->name : r.for_name;
    v.href_casefile = str_fmt(cx->arena, "/mypage/casefile/%lld", (long long)r.casefile_id);
    if (v.party.n)
        add(cx, &v.summary, T_casefile_receipt_party, v.party);
    add(cx, &v.summary, T_casefile_receipt_number, r.no);
    add(cx, &v.summary, T_casefile_receipt_service, r.title);
    add(cx, &v.summary, T_casefile_receipt_unit, r.unit_name);
    add(cx, &v.summary, T_casefile_receipt_received, i18n_datetime(cx, r.received_us));
    if (r.deadline_us.set)
        add(cx, &v.summary, T_casefile_receipt_deadline, i18n_date(cx, r.deadline_us.v - 1));
    struct tpl o = tpl_begin(cx);
    tpl_casefile_receipt(&o, &v);
    struct page page = {
        .title = i18n_text(cx->lang, v.counter ? T_casefile_receipt_title_counter : T_casefile_receipt_title),
        .face = PAGE_PUBLIC,
        .print = true,
        .acting_for = r.for_name};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){page.title, {0}});
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* ---- status by code ---- */

static enum err status_reply(struct cx *cx, struct request *req, struct reply *rep, struct casefile_status_view *v)
{
    struct page page = {
        .title = i18n_text(cx->lang, T_casefile_status_title), .face = PAGE_PUBLIC, .has_errors = v->errors.n != 0};
    v->code.id = S("code");
    v->code.label = i18n_text(cx->lang, T_casefile_status_field);
    v->code.hint = i18n_text(cx->lang, T_casefile_status_hint);
    v->code.error = page_errors_of(&v->errors, S("code"));
    v->code.autocomplete = S("off");
    v->code.width = 20;
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){page.title, {0}});
    struct tpl o = tpl_begin(cx);
    tpl_casefile_status(&o, v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err casefile_get_status(struct cx *cx, struct request *req, struct reply *rep)
{
    return status_reply(cx, req, rep, &(struct casefile_status_view){0});
}

static enum err add_replies(struct cx *cx, const struct casefile_view *view, struct casefile_status_view *v)
{
    struct casefile_replies replies;
    enum err e = casefile_replies(cx, view, &replies);
    for (size_t i = 0; !e && i < replies.rows.n; i++) {
        const struct casefile_reply_given *g = &replies.rows.p[i];
        bool arrived = g->arrived_us.set && g->arrived_us.v <= cx->now_us;
        bool paper = g->way == CASEFILE_REPLY_LETTER && !arrived && !g->replaced;
        struct casefile_status_reply r = {.at_us = g->at_us, .text = g->text, .newest = i == 0, .paper = paper};
        for (size_t d = 0; d < g->documents.n; d++)
            vec_add(cx->arena, &r.documents,
                    (struct casefile_status_document){
                        g->documents.p[d].id,
                        i18n_fmt(cx, T_casefile_status_document, ARG("name", g->documents.p[d].title)),
                        g->documents.p[d].file.size});
        vec_add(cx->arena, &v->replies, r);
    }
    return e;
}

static enum err show_status(struct cx *cx, const struct casefile_view *view, struct casefile_status_view *v)
{
    struct casefile_events events;
    enum err e = casefile_events(cx, view, &events);
    if (!e)
        e = add_replies(cx, view, v);
    if (e)
        return e;
    v->lang = str_of(i18n_code(view->file.lang));
    v->found = true;
    add(cx, &v->summary, T_casefile_receipt_number, view->file.no);
    add(cx, &v->summary, T_casefile_receipt_service, view->file.title);
    add(cx, &v->summary, T_casefile_receipt_unit, view->file.unit_name);
    add(cx, &v->summary, T_casefile_status_state,
        casefile_state_text(cx, view->file.state, view->file.fell, view->file.sent_on, true));
    if (view->file.deadline_us.set)
        add(cx, &v->summary, T_casefile_receipt_deadline, i18n_date(cx, view->file.deadline_us.v - 1));
    if (view->file.appeal_until_us.set)
        add(cx, &v->summary, T_casefile_status_until, i18n_date(cx, view->file.appeal_until_us.v - 1));
    for (size_t i = 0; i < events.rows.n; i++) {
        const struct casefile_event *ev = &events.rows.p[i];
        struct str words = str_eq(ev->kind, S("replied")) ? S("") : ev->detail; /* they stand above */
        vec_add(cx->arena, &v->timeline.events,
                (struct page_event){.at_us = ev->at_us, .title = ev->text, .text = words});
    }
    v->timeline.label = i18n_text(cx->lang, T_casefile_status_timeline);
    return ERR_OK;
}

/* Answers the POST itself, without a redirect: the code is a secret and stays out of addresses. */
enum err casefile_post_status(struct cx *cx, struct request *req, struct reply *rep)
{
    struct casefile_status_view v = {0};
    struct casefile_view view;
    v.code.value = req_str(req, "code");
    if (!v.code.value.n) {
        page_errors_add(cx, &v.errors, S("code"), i18n_text(cx->lang, T_casefile_status_missing));
        return status_reply(cx, req, rep, &v);
    }
    enum err e = casefile_open_by_code(cx, v.code.value, &view);
    if (e == ERR_NOT_FOUND) {
        page_errors_add(cx, &v.errors, S("code"), i18n_text(cx->lang, T_casefile_status_unknown));
        return status_reply(cx, req, rep, &v);
    }
    if (!e)
        e = show_status(cx, &view, &v);
    return e ? e : status_reply(cx, req, rep, &v);
}

/* A document of a reply; the rest of a case without a name is read in its office. */
enum err casefile_post_status_document(struct cx *cx, struct request *req, struct reply *rep)
{
    struct casefile_view view;
    struct casefile_replies replies;
    int64_t document = req_int(req, "document");
    enum err e = casefile_open_by_code(cx, req_str(req, "code"), &view);
    if (!e)
        e = casefile_replies(cx, &view, &replies);
    if (e)
        return e;
    for (size_t i = 0; i < replies.rows.n; i++)
        for (size_t d = 0; d < replies.rows.p[i].documents.n; d++)
            if (replies.rows.p[i].documents.p[d].id == document)
                return casefile_document_reply(cx, rep, &view, document);
    return fail(cx, ERR_NOT_FOUND, "no such document of a reply");
}
