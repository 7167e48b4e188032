/* The archivist's desk: what rules doubted. */
#include "auth/auth.h"
#include "i18n/i18n.h"
#include "journal_handlers.h"
#include "tpl_journal_case.h"
#include "tpl_journal_review.h"

static const struct {
    enum journal_doubt bit;
    enum text text;
} doubts[] = {{JOURNAL_DOUBT_NAME, T_journal_doubt_name},
              {JOURNAL_DOUBT_NUMBER, T_journal_doubt_number},
              {JOURNAL_DOUBT_WORDS, T_journal_doubt_words},
              {JOURNAL_DOUBT_PERSON, T_journal_doubt_person},
              {JOURNAL_DOUBT_HELD, T_journal_doubt_held}};
#define DOUBTS_OF(cx, bits, to) \
    for (size_t k = 0; k < sizeof doubts / sizeof *doubts; k++) \
        if ((bits)&doubts[k].bit) \
    vec_add((cx)->arena, (to), i18n_text((cx)->lang, doubts[k].text))

static struct page review_page(struct cx *cx, enum text title)
{
    struct page page = {.title = i18n_text(cx->lang, title), .face = PAGE_DESK, .current = S("/journal/review")};
    if (title != T_journal_review_title)
        vec_add(cx->arena, &page.crumbs,
                (struct page_crumb){i18n_text(cx->lang, T_journal_review_title), S("/journal/review")});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    return page;
}

static struct journal_review_row row_of(struct cx *cx, const struct journal_waiting *w)
{
    struct journal_review_row r = {
        .href = str_fmt(cx->arena, "/journal/review/%lld", (long long)w->id),
        .no = w->no,
        .direction = i18n_text(cx->lang, w->kind == RECORD_INCOMING ? T_journal_incoming : T_journal_outgoing),
        .title = w->title,
        .casefile_title = w->casefile_title,
        .reason = w->reason};
    DOUBTS_OF(cx, w->doubts, &r.doubts);
    return r;
}

enum err journal_get_review(struct cx *cx, struct request *req, struct reply *rep)
{
    struct journal_review_view v = {0};
    struct journal_waitings waiting, held;
    enum err e = journal_waiting(cx, false, &waiting);
    if (!e)
        e = journal_waiting(cx, true, &held);
    if (e)
        return e;
    v.n = waiting.n;
    for (size_t i = 0; i < waiting.rows.n; i++)
        vec_add(cx->arena, &v.waiting, row_of(cx, &waiting.rows.p[i]));
    for (size_t i = 0; i < held.rows.n; i++)
        vec_add(cx->arena, &v.held, row_of(cx, &held.rows.p[i]));
    struct page page = review_page(cx, T_journal_review_title);
    struct tpl o = tpl_begin(cx);
    tpl_journal_review(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* ---- one entry ---- */

static void fact(struct cx *cx, struct page_summary *s, enum text label, struct str value)
{
    vec_add(cx->arena, &s->rows, (struct page_summary_row){.label = i18n_text(cx->lang, label), .value = value});
}

static struct page_field text_field(struct cx *cx, const struct journal_case_view *v, const char *id, enum text label,
                                    struct str value)
{
    return (struct page_field){.id = str_of(id),
                               .label = i18n_text(cx->lang, label),
                               .value = value,
                               .error = page_errors_of(&v->errors, str_of(id))};
}

static void record_facts(struct cx *cx, const struct journal_case *c, struct journal_case_view *v)
{
    struct buf names = buf_make(cx->arena);
    for (size_t i = 0; i < c->names.n; i++)
        buf_fmt(&names, "%s%.*s", i ? ", " : "", STR_ARG(c->names.p[i]));
    v->record.heading = i18n_text(cx->lang, T_journal_record_says);
    fact(cx, &v->record, T_journal_fact_number, c->shown.no);
    fact(cx, &v->record, T_journal_fact_kind,
         i18n_text(cx->lang, c->shown.kind == RECORD_INCOMING ? T_journal_incoming : T_journal_outgoing));
    fact(cx, &v->record, T_journal_fact_title, c->title);
    fact(cx, &v->record, T_journal_fact_casefile,
         str_fmt(cx->arena, "%.*s (%.*s)", STR_ARG(c->casefile_title), STR_ARG(c->shown.casefile_no)));
    fact(cx, &v->record, T_journal_names, buf_str(&names));
    if (c->shown.access_code.n)
        fact(cx, &v->record, T_journal_fact_basis, c->shown.access_basis);
}

struct typed {
    struct str title, casefile_title, who, reason;
};

static enum err show(struct cx *cx, struct request *req, struct reply *rep, struct journal_case_view *v,
                     const struct typed *typed)
{
    struct journal_case c;
    enum err e = journal_open(cx, req_param_id(req, "id"), &c);
    if (e)
        return e;
    v->id = c.shown.id;
    v->state = c.state;
    v->published = c.state == JOURNAL_PUBLISHED;
    v->held = c.state == JOURNAL_HELD;
    DOUBTS_OF(cx, c.doubts, &v->doubts);
    record_facts(cx, &c, v);
    if (c.decided_us.set)
        v->decided = i18n_fmt(cx, v->held ? T_journal_decided_held : T_journal_decided, ARG("by", c.decided_by),
                              ARG("day", i18n_date(cx, c.decided_us.v)), ARG("reason", c.reason));
    v->title = text_field(cx, v, "title", T_journal_public_title, typed ? typed->title : c.shown.title);
    v->casefile_title = text_field(cx, v, "casefile_title", T_journal_public_casefile,
                                   typed ? typed->casefile_title : c.shown.casefile_title);
    v->who = text_field(cx, v, "who", T_journal_public_who, typed ? typed->who : c.shown.who);
    v->who.optional = true;
    v->who.hint = i18n_text(cx->lang, T_journal_public_who_hint);
    v->reason = text_field(cx, v, "reason", T_journal_reason, typed ? typed->reason : S(""));
    v->reason.kind = PAGE_FIELD_TEXTAREA;
    v->reason.rows = 3;
    v->reason.hint = i18n_text(cx->lang, T_journal_reason_hint);
    struct page page = review_page(cx, T_journal_case_title);
    page.has_errors = v->errors.n > 0;
    page.form_id = S("decide");
    struct tpl o = tpl_begin(cx);
    tpl_journal_case(&o, v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err journal_get_case(struct cx *cx, struct request *req, struct reply *rep)
{
    struct journal_case_view v = {0};
    return show(cx, req, rep, &v, NULL);
}

static enum text error_text(struct str field)
{
    return str_eq(field, S("reason"))  ? T_journal_reason_invalid
           : str_eq(field, S("title")) ? T_journal_title_invalid
                                       : T_journal_casefile_invalid;
}

enum err journal_post_case(struct cx *cx, struct request *req, struct reply *rep)
{
    struct journal_case_view v = {0};
    struct typed typed = {req_str(req, "title"), req_str(req, "casefile_title"), req_str(req, "who"),
                          req_str(req, "reason")};
    enum lang lang;
    if (i18n_lang(req_str(req, "language"), &lang)) {
        page_switch_language(cx, rep, lang);
        return show(cx, req, rep, &v, &typed);
    }
    struct journal_decision d = {.id = req_param_id(req, "id"),
                                 .from = (enum journal_state)req_int(req, "state"),
                                 .publish = str_eq(req_str(req, "go"), S("publish")),
                                 .title = typed.title,
                                 .casefile_title = typed.casefile_title,
                                 .who = typed.who,
                                 .reason = typed.reason};
    enum err e = journal_decide(cx, &d);
    if (e == ERR_INVALID && cx->fail.field.n) {
        page_errors_add(cx, &v.errors, cx->fail.field, i18n_text(cx->lang, error_text(cx->fail.field)));
        return show(cx, req, rep, &v, &typed);
    }
    if (e)
        return e;
    page_done(cx, rep, d.publish ? T_journal_published_done : T_journal_held_done);
    return reply_redirect(cx, rep, "/journal/review");
}
