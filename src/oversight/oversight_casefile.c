/* One case as the citizens' adviser reads it: everything, and no button. */
#include "decision/decision.h"
#include "i18n/i18n.h"
#include "oversight_handlers.h"
#include "tpl_oversight_casefile.h"

struct gathering {
    int64_t id;
    struct casefile_view open;
    struct casefile_events events;
    struct casefile_questions questions;
    struct casefile_contacts contacts;
    struct casefile_notes notes;
    struct record_documents documents;
    struct decision decision;
    bool has_decision;
    struct oversight_casefile *view;
};

static enum err gather(struct cx *cx, void *ctx)
{
    struct gathering *g = ctx;
    enum err e;
    if ((e = casefile_open_as_adviser(cx, g->id, &g->open)) || (e = casefile_events(cx, &g->open, &g->events)) ||
        (e = casefile_questions(cx, &g->open, &g->questions)) || (e = casefile_contacts(cx, &g->open, &g->contacts)) ||
        (e = casefile_notes(cx, &g->open, &g->notes)) || (e = casefile_documents(cx, &g->open, &g->documents)) ||
        (e = casefile_answers(cx, &g->open, &g->view->answers)))
        return e;
    e = decision_of(cx, &g->open, &g->decision);
    g->has_decision = e == ERR_OK && g->decision.state == DECISION_FINAL;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void add_entries(struct cx *cx, const struct gathering *g)
{
    static const enum text kinds[] = {[CASEFILE_CALL] = T_oversight_call,
                                      [CASEFILE_HEARING] = T_oversight_hearing,
                                      [CASEFILE_EXEMPTION] = T_oversight_exemption};
    struct oversight_casefile *v = g->view;
    for (size_t i = 0; i < g->questions.rows.n; i++) {
        const struct casefile_question *q = &g->questions.rows.p[i];
        vec_add(cx->arena, &v->entries,
                (struct oversight_entry){i18n_text(cx->lang, T_oversight_question), q->text, q->answer, q->asked_by,
                                         q->asked_us});
    }
    for (size_t i = 0; i < g->contacts.rows.n; i++) {
        const struct casefile_contact *c = &g->contacts.rows.p[i];
        vec_add(cx->arena, &v->entries,
                (struct oversight_entry){i18n_text(cx->lang, kinds[c->kind]), c->text, c->answer, c->by, c->at_us});
    }
    for (size_t i = 0; i < g->notes.rows.n; i++) {
        const struct casefile_note *n = &g->notes.rows.p[i];
        vec_add(cx->arena, &v->entries,
                (struct oversight_entry){i18n_text(cx->lang, T_oversight_note), n->text, S(""), n->author, n->at_us});
    }
}

static void add_rest(struct cx *cx, const struct gathering *g)
{
    struct oversight_casefile *v = g->view;
    for (size_t i = 0; g->has_decision && i < g->decision.lines.n; i++) {
        const struct decision_line *l = &g->decision.lines.p[i];
        vec_add(cx->arena, &v->lines,
                (struct oversight_line){l->label, decision_outcome_text(cx, l->outcome), l->granted, l->reason,
                                        l->legal_basis});
    }
    for (size_t i = 0; i < g->documents.rows.n; i++) {
        const struct record_document *d = &g->documents.rows.p[i];
        vec_add(cx->arena, &v->documents,
                (struct oversight_document){d->id, d->created_us, d->file.size, d->title, d->file_name});
    }
    v->timeline.label = i18n_text(cx->lang, T_oversight_timeline);
    for (size_t i = g->events.rows.n; i-- > 0;) {
        const struct casefile_event *ev = &g->events.rows.p[i];
        vec_add(
            cx->arena, &v->timeline.events,
            (struct page_event){
                .state = PAGE_EVENT_DONE, .at_us = ev->at_us, .title = ev->text, .text = ev->detail, .who = ev->actor});
    }
}

enum err oversight_casefile(struct cx *cx, struct request *req, struct reply *rep)
{
    struct oversight_casefile v = {0};
    struct gathering g = {.id = req_param_id(req, "id"), .view = &v};
    enum err e = db_read(cx, gather, &g);
    if (e)
        return e;
    const struct casefile *f = &g.open.file;
    v.id = f->id;
    v.no = f->no;
    v.title = f->title;
    v.state = casefile_state_text(cx, f->state, f->fell, f->sent_on, false);
    v.unit = f->unit_name;
    v.caseworker = f->caseworker_name;
    v.received_us = f->received_us;
    v.party = g.open.party.id ? g.open.party.name : i18n_text(cx->lang, T_oversight_anonymous);
    v.purpose = g.open.purpose;
    add_entries(cx, &g);
    add_rest(cx, &g);
    struct page page = oversight_page(cx, T_oversight_casefile);
    page.title = str_fmt(cx->arena, "%" PRI_STR " %" PRI_STR, STR_ARG(v.no), STR_ARG(v.title));
    page.crumbs.p[page.crumbs.n - 1].label = v.no;
    struct tpl o = tpl_begin(cx);
    tpl_oversight_casefile(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err oversight_document(struct cx *cx, struct request *req, struct reply *rep)
{
    struct casefile_view open;
    enum err e = casefile_open_as_adviser(cx, req_param_id(req, "id"), &open);
    return e ? e : casefile_document_reply(cx, rep, &open, req_param_id(req, "document"));
}
