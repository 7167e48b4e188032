/* The page of an error: what is the matter, in the person's language, what they had written, and a way on. */
#include "auth/auth.h"
#include "page.h"
#include "page_views.h"
#include "tpl/tpl.h"
#include "tpl_page_error.h"

static enum text heading_of(const struct http_error *e)
{
    if (e->err == ERR_AWAY || e->err == ERR_UNSURE)
        return e->err == ERR_AWAY ? T_page_error_away : T_page_error_unsure;
    switch (e->status) {
    case 404:
    case 410:
        return T_page_error_not_found;
    case 403:
        return T_page_error_forbidden;
    case 409:
        return T_page_error_conflict;
    case 503:
        return T_page_error_busy;
    default:
        return e->status >= 500 ? T_page_error_ours : T_page_error_other;
    }
}

/* What is the matter and what to do: what the fault itself says, else what all of its kind say. Its detail is English
   and for other systems. */
static struct str text_of(struct cx *cx, const struct http_error *e)
{
    enum text text = T_err_internal;
    if (!e->say || !i18n_find(str_of(e->say), &text))
        i18n_find(str_of(err_text_key(e->err)), &text);
    return i18n_text(cx->lang, text);
}

/* ---- the way back ---- */

/* The page of ours that led here; "/" when none did. */
static struct str came_from(const struct request *req)
{
    struct str from = req_header(req, "Referer"), origin = req_origin(req);
    struct str path = str_starts(from, origin) ? str_slice(from, origin.n, from.n) : S("/");
    return http_is_local(path) ? path : S("/");
}

/* What lies below an address with an id: one of them, and all of them. */
static const struct {
    const char *below;
    enum text one;
    const char *list;
    enum text all;
} places[] = {
    {"/desk/casefile/", T_page_back_case, "/desk", T_page_nav_desk},
    {"/desk/letter/", T_page_back_letter, "/desk", T_page_nav_desk},
    {"/desk/post/", T_page_back_post, "/desk/post", T_page_back_posts},
    {"/desk/print/", T_page_nav_print, "/desk/print", T_page_nav_print},
    {"/mypage/casefile/", T_page_back_case, "/mypage/casefiles", T_page_nav_casefiles},
};

static struct page_link link_to(struct cx *cx, const char *href, enum text where)
{
    return (struct page_link){str_of(href), i18n_fmt(cx, T_page_back_to, ARG("where", i18n_text(cx->lang, where)))};
}

/* Where the person is at home. */
static struct page_link home(struct cx *cx)
{
    const struct who *who = cx->who;
    if (who && who->kind == WHO_EMPLOYEE)
        return who->stay ? link_to(cx, "/counter", T_page_nav_counter) : link_to(cx, "/desk", T_page_nav_desk);
    if (who && who->kind == WHO_PARTY)
        return link_to(cx, "/mypage", T_page_nav_mypage);
    return (struct page_link){S(""), S("")};
}

/* The case (the letter, the post) that the address lies below; the list when that one is what cannot be shown. */
static bool back_below(struct cx *cx, const struct request *req, const struct http_error *e, struct page_link *ret)
{
    struct str path = req_path(req);
    bool shut = e->status == 403 || e->status == 404 || e->status == 410;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct str below = str_of(places[i].below);
        if (!str_starts(path, below))
            continue;
        int64_t id;
        size_t end = str_find_char(path, '/', below.n);
        bool deeper = end < path.n || req_method(req) != GET;
        *ret = link_to(cx, places[i].list, places[i].all);
        if (!shut && deeper && str_to_i64(str_slice(path, below.n, end), &id))
            *ret = (struct page_link){str_slice(path, 0, end), i18n_text(cx->lang, places[i].one)};
        return true;
    }
    return false;
}

/* Always a path of this site, and never the address that failed, which a POST may not even be read at. */
static struct page_link back_of(struct cx *cx, const struct request *req, const struct http_error *e)
{
    struct page_link link;
    struct str from = came_from(req), path = req_path(req);
    if (back_below(cx, req, e, &link))
        return link;
    bool same = str_eq(str_slice(from, 0, str_find_char(from, '?', 0)), path) && req_method(req) == GET;
    return from.n > 1 && !same ? (struct page_link){from, i18n_text(cx->lang, T_page_back_from)} : home(cx);
}

/* ---- the page ---- */

enum err page_error_page(struct cx *cx, struct request *req, struct reply *rep, const struct http_error *e)
{
    const struct municipality *muni = page_municipality(cx);
    struct page_error_view v = {.heading = i18n_text(cx->lang, heading_of(e)),
                                .text = text_of(cx, e),
                                .back = back_of(cx, req, e),
                                .request_id = str_of(cx->request_id),
                                .phone = page_phone(cx, muni->phone),
                                .phone_href = page_phone_href(cx, muni->phone)};
    if (e->status == 503 && req_method(req) == GET)
        v.again_href = req_url(req);
    bool nobody = !cx->who || cx->who->kind == WHO_NOBODY;
    bool over = e->err == ERR_CSRF && nobody; /* most likely the session is over */
    if (e->err == ERR_ASSURANCE || e->err == ERR_LOGIN || over)
        v.login_href =
            auth_login_url(cx, over ? ERR_LOGIN : e->err, req_method(req) == GET ? req_url(req) : came_from(req));
    page_written(cx, req, e, &v.written);
    struct tpl o = tpl_begin(cx);
    tpl_page_error(&o, &v);
    bool desk = cx->who && cx->who->kind == WHO_EMPLOYEE;
    struct page page = {.title = v.heading, .face = desk ? PAGE_DESK : PAGE_PUBLIC, .status = e->status};
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}
