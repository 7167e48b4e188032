/* One case file with all its parts, as an employee of its unit sees it. */
#include "desk_handlers.h"

#include "access/access.h"
#include "i18n/i18n.h"
#include "tpl_desk_casefile.h"

struct gathering {
    struct str id;
    struct casefile_view open;
    struct casefile_events events;
    struct casefile_questions questions;
    struct casefile_contacts contacts;
    struct casefile_notes notes;
    struct record_documents documents;
    struct decision decision;
    bool has_decision;
    struct letter *letters;
    struct casefile_replies replies;
    size_t n_letters;
    struct desk_casefile *view;
};

enum err desk_open(struct cx *cx, struct str id_or_no, struct casefile_view *ret)
{
    return casefile_open_as_employee(cx, id_or_no, access_purpose(cx, T_desk_purpose), ret);
}

void desk_crumbs(struct cx *cx, struct page *page, int64_t casefile_id, struct str no)
{
    struct str href = str_fmt(cx->arena, "/desk/casefile/%lld", (long long)casefile_id);
    vec_add(cx->arena, &page->crumbs, (struct page_crumb){no, href});
    vec_add(cx->arena, &page->crumbs, (struct page_crumb){.label = page->title});
}

enum err desk_newest_event(struct cx *cx, const struct casefile_view *open, struct str *ret)
{
    struct casefile_events events = {0};
    enum err e = casefile_events(cx, open, &events);
    if (e)
        return e;
    *ret = events.rows.n ? events.rows.p[events.rows.n - 1].text : S("");
    return ERR_OK;
}

static enum err gather(struct cx *cx, void *ctx)
{
    struct gathering *g = ctx;
    enum err e;
    if ((e = desk_open(cx, g->id, &g->open)) || (e = casefile_events(cx, &g->open, &g->events)) ||
        (e = casefile_questions(cx, &g->open, &g->questions)) || (e = casefile_contacts(cx, &g->open, &g->contacts)) ||
        (e = casefile_notes(cx, &g->open, &g->notes)) || (e = casefile_documents(cx, &g->open, &g->documents)) ||
        (e = casefile_answers(cx, &g->open, &g->view->answers)) ||
        (e = casefile_heard(cx, g->open.file.id, &g->view->heard)) ||
        (e = casefile_signatures(cx, &g->open, &g->view->signatures)) ||
        (e = casefile_replies(cx, &g->open, &g->replies)) ||
        (e = letter_list_for_casefile(cx, g->open.file.id, &g->letters, &g->n_letters)))
        return e;
    e = decision_of(cx, &g->open, &g->decision);
    g->has_decision = e == ERR_OK;
    return e && e != ERR_NOT_FOUND ? e : decision_ruling_of(cx, &g->open, &g->view->ruling, &g->view->has_ruling);
}

static void add_party(struct cx *cx, const struct gathering *g)
{
    struct desk_casefile *v = g->view;
    const struct party *p = &g->open.party;
    v->anonymous = p->id == 0;
    v->party = v->anonymous ? i18n_text(cx->lang, T_desk_anonymous) : p->name;
    v->party_idno = p->idno_masked;
    v->party_street = p->street;
    if (!str_empty(p->city))
        v->party_place = str_fmt(cx->arena, "%" PRI_STR " %" PRI_STR, STR_ARG(p->postcode), STR_ARG(p->city));
    v->party_email = p->email;
    v->party_phone = p->phone;
    v->party_masked = p->address_masked;
    v->party_reserved = p->reserved_digital;
}

/* The buttons: what the state and the asker allow, no more. */
static void add_actions(struct cx *cx, const struct gathering *g)
{
    static const struct {
        enum casefile_action action;
        const char *path;
        enum text label;
        bool primary;
    } posts[] = {
        {CASEFILE_DO_TAKE, "take", T_desk_take, true},
        {CASEFILE_DO_RESUME, "resume", T_desk_resume, true},
        {CASEFILE_DO_RELEASE, "release", T_desk_release, false},
        {CASEFILE_DO_CLOSE, "close", T_desk_close, false},
    };
    static const struct {
        enum casefile_action action;
        const char *path;
        enum text label;
    } pages[] = {
        {CASEFILE_DO_ASK, "ask", T_desk_ask},
        {CASEFILE_DO_NOTE, "note", T_desk_note},
        {CASEFILE_DO_CALL, "call", T_desk_call},
        {CASEFILE_DO_HEAR, "hear", T_desk_hear},
        {CASEFILE_DO_EXEMPT, "exempt", T_desk_exempt},
        {CASEFILE_DO_SETTLE_SIGNING, "signature", T_desk_signature},
        {CASEFILE_DO_EXTEND, "extend", T_desk_extend},
        {CASEFILE_DO_SUSPEND, "suspend", T_desk_suspend},
        {CASEFILE_DO_HAND_OVER, "hand-over", T_desk_hand_over},
        {CASEFILE_DO_PASS_ON, "pass-on", T_desk_pass_on},
        {CASEFILE_DO_RECEIVE_APPEAL, "appeal", T_desk_appeal},
    };
    struct desk_casefile *v = g->view;
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++)
        if (g->open.can[posts[i].action])
            vec_add(cx->arena, &v->posts,
                    (struct desk_post){str_fmt(cx->arena, "/desk/casefile/%lld/%s", (long long)v->id, posts[i].path),
                                       i18n_text(cx->lang, posts[i].label), posts[i].primary});
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (g->open.can[pages[i].action])
            vec_add(
                cx->arena, &v->actions,
                (struct desk_button){str_fmt(cx->arena, "/desk/casefile/%lld/do/%s", (long long)v->id, pages[i].path),
                                     i18n_text(cx->lang, pages[i].label)});
    const struct service_version *service = service_version_by_id(cx, g->open.file.service_version_id);
    v->decides = !service || service->decides;
    v->can_decide = g->open.can[CASEFILE_DO_DECIDE];
    v->can_uphold = g->open.can[CASEFILE_DO_UPHOLD];
    v->can_reply = g->open.can[CASEFILE_DO_REPLY];
    v->held = g->open.held;
    v->can_letter = g->open.can[CASEFILE_DO_NOTE] && !v->anonymous;
}

static void add_dialogue(struct cx *cx, const struct gathering *g)
{
    static const enum text kinds[] = {[CASEFILE_CALL] = T_desk_kind_call,
                                      [CASEFILE_HEARING] = T_desk_kind_hearing,
                                      [CASEFILE_EXEMPTION] = T_desk_kind_exemption};
    struct desk_casefile *v = g->view;
    for (size_t i = 0; i < g->questions.rows.n; i++) {
        const struct casefile_question *q = &g->questions.rows.p[i];
        vec_add(cx->arena, &v->questions,
                (struct desk_question){.text = q->text,
                                       .by = q->asked_by,
                                       .answer = q->answer,
                                       .asked_us = q->asked_us,
                                       .answered_us = q->answered_us.set ? q->answered_us.v : 0,
                                       .closed_us = q->closed_us.set ? q->closed_us.v : 0,
                                       .due = civil_day_of_us(q->due_us - 1)});
    }
    for (size_t i = 0; i < g->contacts.rows.n; i++) {
        const struct casefile_contact *c = &g->contacts.rows.p[i];
        vec_add(cx->arena, &v->contacts,
                (struct desk_contact){.kind = i18n_text(cx->lang, kinds[c->kind]),
                                      .by = c->by,
                                      .text = c->text,
                                      .legal_basis = c->legal_basis,
                                      .answer = c->answer,
                                      .at_us = c->at_us,
                                      .has_due = c->due_us.set,
                                      .due = c->due_us.set ? civil_day_of_us(c->due_us.v - 1) : 0,
                                      .answered = c->answered_us.set,
                                      .answered_us = c->answered_us.v,
                                      .closed_us = c->closed_us.set ? c->closed_us.v : 0,
                                      .fulfils = c->fulfils,
                                      .unreached = c->kind == CASEFILE_CALL && !c->reached});
    }
    for (size_t i = 0; i < g->notes.rows.n; i++)
        vec_add(cx->arena, &v->notes,
                (struct desk_note){g->notes.rows.p[i].at_us, g->notes.rows.p[i].author, g->notes.rows.p[i].text});
}

static struct str letter_state_text(struct cx *cx, enum letter_state state)
{
    static const enum text keys[] = {
        [LETTER_DRAFT] = T_desk_letter_draft,         [LETTER_QUEUED] = T_desk_letter_queued,
        [LETTER_DELIVERED] = T_desk_letter_delivered, [LETTER_TO_PRINT] = T_desk_letter_to_print,
        [LETTER_POSTED] = T_desk_letter_posted,       [LETTER_FAILED] = T_desk_letter_failed,
        [LETTER_RECALLED] = T_desk_letter_recalled};
    return i18n_text(cx->lang, keys[state]);
}

static void add_outcome(struct cx *cx, const struct gathering *g)
{
    struct desk_casefile *v = g->view;
    v->has_decision = g->has_decision && g->decision.state != DECISION_DISCARDED;
    v->granted = v->has_ruling && v->ruling.why == DECISION_WHY_GRANTED;
    v->decision_final = v->has_decision && g->decision.state == DECISION_FINAL;
    for (size_t i = 0; v->has_decision && i < g->decision.lines.n; i++) {
        const struct decision_line *l = &g->decision.lines.p[i];
        vec_add(cx->arena, &v->lines,
                (struct desk_line){l->label, decision_outcome_text(cx, l->outcome), l->granted, l->reason,
                                   l->legal_basis, l->outcome});
    }
    for (size_t i = 0; i < g->n_letters; i++) {
        const struct letter *l = &g->letters[i];
        vec_add(cx->arena, &v->letters,
                (struct desk_letter_row){.id = l->id,
                                         .title = l->title,
                                         .state = letter_state_text(cx, l->state),
                                         .detail = l->fail_detail,
                                         .at_us = l->arrived_us ? l->arrived_us : l->created_us,
                                         .can_recall = l->state == LETTER_QUEUED && cx->now_us < l->send_after_us,
                                         .failed = l->state == LETTER_FAILED});
    }
}

/* Texts that somebody opens as a document: what came so, and what goes to the body above. */
static bool is_paper(const struct record_document *d)
{
    static const char *const kinds[] = {"attachment", "email", "appeal", "statement"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq_z(d->kind, kinds[i]))
            return true;
    return false;
}

static void add_record(struct cx *cx, const struct gathering *g)
{
    struct desk_casefile *v = g->view;
    for (size_t i = 0; i < g->documents.rows.n; i++) {
        const struct record_document *d = &g->documents.rows.p[i];
        if (str_starts(d->mime, S("text/plain")) && !is_paper(d))
            continue; /* a question, an answer, a note: its words stand on the page */
        vec_add(cx->arena, &v->documents,
                (struct desk_document){d->id, d->title, d->file_name, d->created_us, d->file.size, d->party_visible});
    }
    v->timeline.label = i18n_text(cx->lang, T_desk_timeline);
    for (size_t i = g->events.rows.n; i-- > 0;) {
        const struct casefile_event *ev = &g->events.rows.p[i];
        struct str words = str_eq(ev->kind, S("replied")) ? S("") : ev->detail; /* they stand under "Replies" */
        vec_add(cx->arena, &v->timeline.events,
                (struct page_event){
                    .state = PAGE_EVENT_DONE, .at_us = ev->at_us, .title = ev->text, .text = words, .who = ev->actor});
    }
}

static void fill(struct cx *cx, const struct gathering *g)
{
    const struct casefile *f = &g->open.file;
    struct desk_casefile *v = g->view;
    v->id = f->id;
    v->version = f->version;
    v->no = f->no;
    v->title = f->title;
    v->state = casefile_state_text(cx, f->state, f->fell, f->sent_on, false);
    v->unit = f->unit_name;
    v->caseworker = f->caseworker_name;
    v->away = f->caseworker_away && g->open.can[CASEFILE_DO_TAKE];
    v->received_us = f->received_us;
    v->helper = casefile_helper_text(cx, f, false);
    v->suspended = f->suspended_us.set;
    v->has_deadline = f->deadline_us.set && f->state != CASEFILE_CLOSED;
    v->deadline = v->has_deadline ? civil_day_of_us(f->deadline_us.v - 1) : 0;
    v->overdue = v->has_deadline && f->deadline_us.v <= cx->now_us;
    v->has_appeal_day = f->appeal_until_us.set && f->state != CASEFILE_APPEALED;
    v->appeal_until = v->has_appeal_day ? civil_day_of_us(f->appeal_until_us.v - 1) : 0;
    v->appealed = f->state == CASEFILE_APPEALED;
    v->sent_on = f->sent_on;
    struct words body = casefile_appeal_body(cx, f);
    v->appeal_body = words_in(&body, cx->lang);
    v->is_unsigned = f->unsigned_n > 0 && f->state != CASEFILE_WITHDRAWN && f->state != CASEFILE_CLOSED;
    v->needs_contact = !v->heard && g->open.can[CASEFILE_DO_DECIDE];
    add_party(cx, g);
    add_actions(cx, g);
    add_dialogue(cx, g);
    add_outcome(cx, g);
    desk_reply_rows(cx, &g->replies, v);
    add_record(cx, g);
}

enum err desk_casefile_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct desk_casefile view = {0};
    struct gathering g = {.id = req_param(req, "id"), .view = &view};
    enum err e = db_read(cx, gather, &g);
    if (!e && g.open.file.caseworker_id == cx->who->employee_id)
        e = casefile_seen(cx, &g.open);
    if (e)
        return e;
    fill(cx, &g);
    struct page page = {.title = str_fmt(cx->arena, "%" PRI_STR " %" PRI_STR, STR_ARG(view.no), STR_ARG(view.title)),
                        .face = PAGE_DESK,
                        .wide = true};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = view.no});
    struct tpl o = tpl_begin(cx);
    tpl_desk_casefile(&o, &view);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err desk_document_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct casefile_view open;
    enum err e = desk_open(cx, req_param(req, "id"), &open);
    return e ? e : casefile_document_reply(cx, rep, &open, req_param_id(req, "document"));
}

struct exporting {
    struct str id, json;
};

static enum err export(struct cx *cx, void *ctx) {
    struct exporting *x = ctx; struct casefile_view open; enum err e = desk_open(cx, x->id, &open);
    return e ? e : casefile_export(cx, &open, &x->json);
}

enum err desk_export(struct cx *cx, struct request *req, struct reply *rep)
{
    struct exporting x = {.id = req_param(req, "id")};
    enum err e = db_read(cx, export, &x);
    struct reply_file file = {
        .type = S("application/json"), .name = S("aktindsigt.json"), .bytes = x.json, .download = true};
    return e ? e : reply_file(cx, rep, &file);
}

/* The four changes that need nothing but a button. */
static enum err change(struct cx *cx, struct request *req, struct reply *rep,
                       enum err (*fn)(struct cx *, int64_t, int64_t), enum text done)
{
    int64_t id = req_param_id(req, "id");
    enum err e = fn(cx, id, req_int(req, "version"));
    if (e)
        return e;
    page_done(cx, rep, done);
    return reply_redirect(cx, rep, "/desk/casefile/%lld", (long long)id);
}

enum err desk_take(struct cx *cx, struct request *req, struct reply *rep)
{
    return change(cx, req, rep, casefile_take, T_desk_taken);
}
enum err desk_release(struct cx *cx, struct request *req, struct reply *rep)
{
    return change(cx, req, rep, casefile_release, T_desk_released);
}
enum err desk_resume(struct cx *cx, struct request *req, struct reply *rep)
{
    return change(cx, req, rep, casefile_resume, T_desk_resumed);
}
enum err desk_close(struct cx *cx, struct request *req, struct reply *rep)
{
    return change(cx, req, rep, casefile_close, T_desk_closed);
}
