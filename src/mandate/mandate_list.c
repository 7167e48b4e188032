/* The page of all mandates: what is new, whom one may act for, what one has given. */
#include "mandate_handlers.h"

#include "casefile/casefile.h"
#include "i18n/i18n.h"
#include "tpl_mandate_front.h"

enum { CASES = 200 };

struct gathering {
    struct party_messages news;
    struct party_mandates mine;
    struct party_offers got, made;
    struct form_drafts drafts;
    struct casefile_rows cases;
};

static enum err gather(struct cx *cx, void *ctx)
{
    struct gathering *g = ctx;
    enum err e;
    if ((e = party_messages_unseen(cx, &g->news)) || (e = party_mandates_mine(cx, &g->mine)) ||
        (e = party_offers_got(cx, &g->got)) || (e = party_offers_made(cx, &g->made)) ||
        (e = form_drafts_for_others(cx, &g->drafts)))
        return e;
    return casefile_mine(cx, S(""), CASES, &g->cases);
}

static struct mandate_offer offer_of(struct cx *cx, const struct party_offer_row *o, bool made)
{
    return (struct mandate_offer){.id = o->id,
                                  .who = made ? o->holder_name : o->giver_name,
                                  .what = mandate_what(cx, o->scope),
                                  .how = mandate_how(cx, o->act),
                                  .until = mandate_until(cx, opt_int(o->until_us)),
                                  .expires = i18n_date(cx, o->expires_us)};
}

static struct mandate_person *person_of(struct cx *cx, struct mandate_list *v, const struct party_mandate *m)
{
    for (size_t i = 0; i < v->persons.n; i++)
        if (v->persons.p[i].id == m->giver_id)
            return &v->persons.p[i];
    struct mandate_person *p = vec_push(cx->arena, &v->persons);
    *p = (struct mandate_person){.id = m->giver_id, .name = m->giver_name, .child = m->basis == PARTY_BASIS_CUSTODY};
    return p;
}

static void add_mandates(struct cx *cx, const struct gathering *g, struct mandate_list *v)
{
    for (size_t i = 0; i < g->mine.rows.n; i++) {
        const struct party_mandate *m = &g->mine.rows.p[i];
        bool given = m->giver_id == cx->who->party_id;
        struct mandate_row row = mandate_row_of(cx, m, given);
        if (row.over.n && mandate_names_other(cx, m)) {
            vec_add(cx->arena, &v->over, row);
        } else if (!row.over.n && given) {
            vec_add(cx->arena, &v->given, row);
        } else if (!row.over.n) {
            struct mandate_person *p = person_of(cx, v, m);
            p->act |= m->act;
            vec_add(cx->arena, &p->rows, row);
        }
    }
}

static void add_theirs(struct cx *cx, const struct gathering *g, struct mandate_person *p)
{
    for (size_t i = 0; i < g->cases.rows.n; i++) {
        const struct casefile_row *r = &g->cases.rows.p[i];
        if (r->for_other && r->party_id == p->id)
            vec_add(cx->arena, &p->cases,
                    (struct mandate_case){r->id, r->no, r->title,
                                          casefile_state_text(cx, r->state, r->fell, r->sent_on, true)});
    }
    for (size_t i = 0; i < g->drafts.rows.n; i++) {
        struct form_draft_row row = g->drafts.rows.p[i];
        if (row.giver_id != p->id)
            continue;
        row.giver = S(""); /* it stands under the name */
        vec_add(cx->arena, &p->drafts.rows, row);
    }
}

enum err mandate_front(struct cx *cx, struct request *req, struct reply *rep)
{
    struct gathering g = {0};
    struct mandate_list v = {0};
    if (party_relations_ask(cx)) { /* what it said before holds for its day */
        log_line(cx, LOG_WARN, "relations", "error=\"%" PRI_STR "\"", STR_ARG(cx->fail.detail));
        cx->fail = (struct fail){0};
        v.silent = true;
    }
    enum err e = db_read(cx, gather, &g);
    if (!e && g.news.rows.n)
        e = party_messages_seen(cx);
    if (e)
        return e;
    for (size_t i = 0; i < g.news.rows.n; i++)
        vec_add(cx->arena, &v.news,
                (struct mandate_news){mandate_news_text(cx, &g.news.rows.p[i]), g.news.rows.p[i].at_us});
    v.young = g.got.too_young;
    for (size_t i = 0; i < g.got.rows.n; i++)
        vec_add(cx->arena, &v.got, offer_of(cx, &g.got.rows.p[i], false));
    for (size_t i = 0; i < g.made.rows.n; i++)
        vec_add(cx->arena, &v.made, offer_of(cx, &g.made.rows.p[i], true));
    add_mandates(cx, &g, &v);
    for (size_t i = 0; i < v.persons.n; i++)
        add_theirs(cx, &g, &v.persons.p[i]);
    struct page page = {.title = i18n_text(cx->lang, T_mandate_title), .face = PAGE_MYPAGE};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_mandate_front(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* ---- answering an offer ---- */

static enum err back_to_list(struct cx *cx, struct reply *rep, enum err e, enum text done)
{
    if (e)
        return e;
    page_done(cx, rep, done);
    return reply_redirect(cx, rep, "/mandate");
}

enum err mandate_offer_yes(struct cx *cx, struct request *req, struct reply *rep)
{
    return back_to_list(cx, rep, party_offer_answer(cx, req_param_id(req, "id"), true), T_mandate_done_yes);
}

enum err mandate_offer_no(struct cx *cx, struct request *req, struct reply *rep)
{
    return back_to_list(cx, rep, party_offer_answer(cx, req_param_id(req, "id"), false), T_mandate_done_no);
}

enum err mandate_offer_back(struct cx *cx, struct request *req, struct reply *rep)
{
    return back_to_list(cx, rep, party_offer_take_back(cx, req_param_id(req, "id")), T_mandate_done_back);
}
