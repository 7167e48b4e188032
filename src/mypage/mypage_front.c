/* The front of my page and its lists. */
#include "mypage_handlers.h"

#include "i18n/i18n.h"
#include "tpl_mypage_casefiles.h"
#include "tpl_mypage_front.h"
#include "tpl_mypage_letters_page.h"

enum { FRONT_CASES = 10, FRONT_LETTERS = 5, LIST_PAGE = 25, LETTERS_MAX = 1000, LETTERS_READ = 500 };

struct mypage_cases mypage_case_rows(struct cx *cx, const struct casefile_rows *rows)
{
    struct mypage_cases view = {0};
    for (size_t i = 0; i < rows->rows.n; i++) {
        const struct casefile_row *r = &rows->rows.p[i];
        struct mypage_case_row *row = vec_push(cx->arena, &view.rows);
        *row = (struct mypage_case_row){
            .id = r->id,
            .no = r->no,
            .title = r->title,
            .state = casefile_state_text(cx, r->state, r->fell, r->sent_on, true),
            .unit = r->unit_name,
            .received_us = r->received_us,
            .question = r->unread,
            .for_other = r->for_other,
            .over = r->state == CASEFILE_CLOSED || r->state == CASEFILE_WITHDRAWN,
        };
        bool waits = r->state == CASEFILE_RECEIVED || r->state == CASEFILE_WORKING;
        if (r->deadline_us.set && waits) {
            row->has_deadline = true;
            row->deadline = civil_day_of_us(r->deadline_us.v - 1);
        }
    }
    if (!str_empty(rows->next))
        view.more = str_fmt(cx->arena, "/mypage/casefiles?after=%" PRI_STR, STR_ARG(rows->next));
    return view;
}

enum err mypage_letter_rows(struct cx *cx, int64_t party_id, int64_t casefile_id, size_t max,
                            struct mypage_letters *ret)
{
    struct letter_row *rows;
    size_t n;
    enum err e = letter_list_for_party(cx, party_id, LETTERS_READ, &rows, &n);
    if (e)
        return e;
    struct mypage_letters view = {0};
    for (size_t i = 0; i < n; i++) {
        if (casefile_id && rows[i].casefile_id != casefile_id)
            continue;
        if (view.rows.n == max) {
            view.all = true;
            break;
        }
        vec_add(cx->arena, &view.rows,
                (struct mypage_letter_row){
                    .id = rows[i].id,
                    .title = rows[i].title,
                    .casefile_no = rows[i].casefile_no,
                    .unit = rows[i].unit_name,
                    .lang = rows[i].lang == cx->lang ? S("") : str_of(i18n_code(rows[i].lang)),
                    .arrived_us = rows[i].arrived_us,
                    .unread = rows[i].read_us == 0,
                });
    }
    *ret = view;
    return ERR_OK;
}

static enum err gather(struct cx *cx, void *ctx)
{
    struct mypage_front *view = ctx;
    struct casefile_rows rows = {0};
    struct casefile_to_signs to_sign;
    struct party party;
    struct party_messages news;
    struct party_offers offers;
    enum err e;
    if ((e = party_get(cx, cx->who->party_id, &party)) || (e = casefile_mine(cx, S(""), FRONT_CASES, &rows)) ||
        (e = casefile_to_sign(cx, &to_sign)) || (e = letter_unread_count(cx, cx->who->party_id, &view->n_unread)) ||
        (e = mypage_letter_rows(cx, cx->who->party_id, 0, FRONT_LETTERS, &view->letters)) ||
        (e = form_drafts_of_party(cx, cx->who->party_id, &view->drafts)) || (e = takeout_is_ready(cx, &view->copy)) ||
        (e = party_messages_unseen(cx, &news)) || (e = party_offers_got(cx, &offers)))
        return e;
    view->n_sign = to_sign.waiting;
    view->mandates = news.rows.n || offers.rows.n;
    view->name = party.name;
    view->reserved = party.reserved_digital;
    view->cases = mypage_case_rows(cx, &rows);
    for (size_t i = 0; i < view->cases.rows.n; i++)
        view->n_questions += view->cases.rows.p[i].question;
    return ERR_OK;
}

enum err mypage_front(struct cx *cx, struct request *req, struct reply *rep)
{
    struct mypage_front view = {0};
    enum err e = db_read(cx, gather, &view);
    if (e)
        return e;
    struct page page = {.title = i18n_text(cx->lang, T_mypage_title), .face = PAGE_MYPAGE};
    struct tpl o = tpl_begin(cx);
    tpl_mypage_front(&o, &view);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err mypage_casefiles(struct cx *cx, struct request *req, struct reply *rep)
{
    struct casefile_rows rows = {0};
    enum err e = casefile_mine(cx, req_str(req, "after"), LIST_PAGE, &rows);
    if (e)
        return e;
    struct mypage_cases view = mypage_case_rows(cx, &rows);
    view.all = true;
    struct page page = {.title = i18n_text(cx->lang, T_mypage_cases_title), .face = PAGE_MYPAGE};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_mypage_casefiles(&o, &view);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err mypage_letters(struct cx *cx, struct request *req, struct reply *rep)
{
    struct mypage_letters view;
    enum err e = mypage_letter_rows(cx, cx->who->party_id, 0, LETTERS_MAX, &view);
    if (e)
        return e;
    struct page page = {.title = i18n_text(cx->lang, T_mypage_letters_title), .face = PAGE_MYPAGE};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_mypage_letters_page(&o, &view);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}
