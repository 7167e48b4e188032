/* One case as its party sees it. */
#include "mypage_handlers.h"

#include "i18n/i18n.h"
#include "tpl_mypage_casefile.h"

enum { CASE_LETTERS = 50 };

struct gathering {
    int64_t id;
    struct casefile_view open;
    struct casefile_events events;
    struct casefile_questions questions;
    struct casefile_contacts contacts;
    struct record_documents documents;
    struct decision decision;
    bool decided;
    struct mypage_casefile *view;
};

static enum err gather(struct cx *cx, void *ctx)
{
    struct gathering *g = ctx;
    enum err e;
    if ((e = casefile_open_as_party(cx, g->id, &g->open)) || (e = casefile_events(cx, &g->open, &g->events)) ||
        (e = casefile_questions(cx, &g->open, &g->questions)) || (e = casefile_contacts(cx, &g->open, &g->contacts)) ||
        (e = casefile_documents(cx, &g->open, &g->documents)) ||
        (e = casefile_answers(cx, &g->open, &g->view->answers)) ||
        (e = casefile_signatures(cx, &g->open, &g->view->signatures)) ||
        (e = mypage_letter_rows(cx, g->open.file.party_id, g->id, CASE_LETTERS, &g->view->letters)))
        return e;
    e = decision_of(cx, &g->open, &g->decision); /* what the letter says is not told before it has come */
    g->decided = e == ERR_OK;
    return e && e != ERR_NOT_FOUND ? e : decision_ruling_of(cx, &g->open, &g->view->ruling, &g->view->has_ruling);
}

static void add_waits(struct cx *cx, struct gathering *g)
{
    struct mypage_casefile *v = g->view;
    for (size_t i = 0; i < g->questions.rows.n; i++) {
        const struct casefile_question *q = &g->questions.rows.p[i];
        if (q->answered_us.set || q->closed_us.set || !g->open.can[CASEFILE_DO_ANSWER])
            continue;
        vec_add(cx->arena, &v->waits,
                (struct mypage_wait){.text = q->text,
                                     .who = q->asked_by,
                                     .at_us = q->asked_us,
                                     .due = civil_day_of_us(q->due_us - 1),
                                     .href = str_fmt(cx->arena, "/mypage/casefile/%lld/question/%lld", (long long)v->id,
                                                     (long long)q->id)});
    }
    for (size_t i = 0; i < g->contacts.rows.n; i++) {
        const struct casefile_contact *c = &g->contacts.rows.p[i];
        if (c->kind != CASEFILE_HEARING || g->open.read_only || c->answered_us.set || c->closed_us.set ||
            !c->due_us.set || c->due_us.v <= cx->now_us)
            continue;
        vec_add(cx->arena, &v->waits,
                (struct mypage_wait){.text = c->text,
                                     .who = c->by,
                                     .hearing = true,
                                     .at_us = c->at_us,
                                     .due = civil_day_of_us(c->due_us.v - 1),
                                     .href = str_fmt(cx->arena, "/mypage/casefile/%lld/hearing/%lld", (long long)v->id,
                                                     (long long)c->id)});
    }
}

static void add_decision(struct cx *cx, struct gathering *g)
{
    struct mypage_casefile *v = g->view;
    v->decided = g->decided;
    v->granted = v->has_ruling && v->ruling.why == DECISION_WHY_GRANTED;
    if (!v->granted) /* what rules would have said is not what a person decides */
        v->ruling.sentences.n = 0;
    for (size_t i = 0; g->decided && i < g->decision.lines.n; i++) {
        const struct decision_line *l = &g->decision.lines.p[i];
        vec_add(cx->arena, &v->lines,
                (struct mypage_line){.label = l->label,
                                     .outcome = decision_outcome_text(cx, l->outcome),
                                     .granted = l->granted,
                                     .reason = l->reason,
                                     .legal_basis = l->legal_basis,
                                     .kind = l->outcome});
    }
}

/* What happened, newest first, and before it what is still to come. */
static void add_timeline(struct cx *cx, struct gathering *g)
{
    struct mypage_casefile *v = g->view;
    struct page_timeline *t = &v->timeline;
    t->label = i18n_text(cx->lang, T_mypage_timeline);
    if (v->can_appeal)
        vec_add(cx->arena, &t->events,
                (struct page_event){.state = PAGE_EVENT_COMING,
                                    .when = i18n_day(cx, v->appeal_until),
                                    .title = i18n_text(cx->lang, T_mypage_coming_appeal)});
    if (v->has_deadline)
        vec_add(cx->arena, &t->events,
                (struct page_event){.state = PAGE_EVENT_COMING,
                                    .when = i18n_day(cx, v->deadline),
                                    .title = i18n_text(cx->lang, T_mypage_coming_answer)});
    for (size_t i = g->events.rows.n; i-- > 0;) {
        const struct casefile_event *ev = &g->events.rows.p[i];
        bool newest = i + 1 == g->events.rows.n && !v->over;
        vec_add(cx->arena, &t->events,
                (struct page_event){.state = newest ? PAGE_EVENT_CURRENT : PAGE_EVENT_DONE,
                                    .at_us = ev->at_us,
                                    .title = ev->text,
                                    .text = ev->detail,
                                    .who = ev->actor});
    }
}

static void add_documents(struct cx *cx, struct gathering *g)
{
    for (size_t i = 0; i < g->documents.rows.n; i++) {
        const struct record_document *d = &g->documents.rows.p[i];
        if (str_starts(d->mime, S("text/plain")) && !str_eq(d->kind, S("attachment")) && !str_eq(d->kind, S("email")))
            continue; /* a question, an answer, a note: its words stand on the page */
        vec_add(
            cx->arena, &g->view->documents,
            (struct mypage_document){
                .id = d->id, .title = d->title, .name = d->file_name, .at_us = d->created_us, .size = d->file.size});
    }
}

static void fill(struct cx *cx, struct gathering *g)
{
    const struct casefile *f = &g->open.file;
    struct mypage_casefile *v = g->view;
    v->id = f->id;
    v->no = f->no;
    v->title = f->title;
    v->state = casefile_state_text(cx, f->state, f->fell, f->sent_on, true);
    v->unit = f->unit_name;
    v->caseworker = f->caseworker_name;
    v->received_us = f->received_us;
    v->helper = casefile_helper_text(cx, f, !g->open.for_other);
    v->suspended = f->suspended_us.set;
    v->fell = f->fell;
    v->over = f->state == CASEFILE_CLOSED || f->state == CASEFILE_WITHDRAWN;
    v->appealed = f->state == CASEFILE_APPEALED;
    v->sent_on = f->sent_on;
    struct words body = casefile_appeal_body(cx, f);
    v->appeal_body = words_in(&body, cx->lang);
    v->has_deadline =
        f->deadline_us.set && (f->state == CASEFILE_RECEIVED || f->state == CASEFILE_WORKING || v->appealed);
    v->deadline = v->has_deadline ? civil_day_of_us(f->deadline_us.v - 1) : 0;
    v->appeal_over = f->appeal_until_us.set && f->appeal_until_us.v <= cx->now_us;
    v->appeal_until = f->appeal_until_us.set ? civil_day_of_us(f->appeal_until_us.v - 1) : 0;
    v->can_appeal = g->open.can[CASEFILE_DO_APPEAL];
    v->can_withdraw = g->open.can[CASEFILE_DO_WITHDRAW];
    v->can_add = g->open.can[CASEFILE_DO_ADD];
    v->unsigned_yet = f->unsigned_n > 0 && !v->over;
    v->phone = cx->muni->phone;
    if (g->open.for_other)
        v->for_name = g->open.party.name;
    add_waits(cx, g);
    add_decision(cx, g);
    add_timeline(cx, g);
    add_documents(cx, g);
}

enum err mypage_casefile(struct cx *cx, struct request *req, struct reply *rep)
{
    struct mypage_casefile view = {0};
    struct gathering g = {.id = req_param_id(req, "id"), .view = &view};
    enum err e = db_read(cx, gather, &g);
    if (e)
        return e;
    fill(cx, &g);
    struct page page = {.title =
                            str_fmt(cx->arena, "%" PRI_STR " (%" PRI_STR ")", STR_ARG(view.title), STR_ARG(view.no)),
                        .face = PAGE_MYPAGE,
                        .acting_for = view.for_name};
    vec_add(cx->arena, &page.crumbs,
            (struct page_crumb){i18n_text(cx->lang, T_mypage_cases_title), S("/mypage/casefiles")});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = view.no});
    struct tpl o = tpl_begin(cx);
    tpl_mypage_casefile(&o, &view);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err mypage_document(struct cx *cx, struct request *req, struct reply *rep)
{
    struct casefile_view open;
    enum err e = casefile_open_as_party(cx, req_param_id(req, "id"), &open);
    return e ? e : casefile_document_reply(cx, rep, &open, req_param_id(req, "document"));
}
