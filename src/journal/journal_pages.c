/* What everybody reads. */
#include "auth/auth.h"
#include "codec/url.h"
#include "form/form.h"
#include "i18n/i18n.h"
#include "journal_handlers.h"
#include "service/service.h"
#include "tpl_journal_entry.h"
#include "tpl_journal_list.h"
#include "tpl_journal_request.h"

struct str journal_direction(struct cx *cx, enum record_kind kind)
{
    return i18n_text(cx->lang, kind == RECORD_INCOMING ? T_journal_from : T_journal_to);
}

void journal_no_robots(struct cx *cx, struct reply *rep)
{
    reply_header(cx, rep, "X-Robots-Tag", S("noindex, nofollow"));
}

bool journal_read_query(const struct request *req, struct journal_query *ret)
{
    struct str day = str_trim(req_str(req, "day"));
    *ret = (struct journal_query){.q = str_trim(req_str(req, "q")), .before = req_int(req, "before")};
    ret->has_day = day.n > 0 && civil_parse_day(day, &ret->day);
    return !day.n || ret->has_day;
}

struct str journal_next(struct cx *cx, const char *path, const struct journal_query *q, int64_t next)
{
    struct buf b = buf_make(cx->arena);
    buf_fmt(&b, "%s?before=%lld", path, (long long)next);
    if (q->q.n)
        buf_fmt(&b, "&q=%.*s", STR_ARG(url_encode(cx->arena, q->q)));
    else if (q->has_day)
        buf_fmt(&b, "&day=%.*s", STR_ARG(civil_iso_day(cx->arena, q->day)));
    return buf_str(&b);
}

static struct page public_page(struct cx *cx, struct str title, bool front)
{
    struct page page = {.title = title, .face = PAGE_PUBLIC};
    if (!front)
        vec_add(cx->arena, &page.crumbs, (struct page_crumb){i18n_text(cx->lang, T_journal_title), S("/journal")});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = title});
    return page;
}

/* ---- the list ---- */

static struct journal_row row_of(struct cx *cx, const struct journal_entry *e)
{
    return (struct journal_row){.no = e->no,
                                .href = str_fmt(cx->arena, "/journal/entry/%.*s", STR_ARG(e->no)),
                                .title = e->title,
                                .casefile_title = e->casefile_title,
                                .casefile_no = e->casefile_no,
                                .unit = e->unit,
                                .who = e->who,
                                .direction = journal_direction(cx, e->kind),
                                .basis = str_empty(e->access_code) ? S("") : e->access_basis,
                                .day = e->day};
}

enum err journal_get_list(struct cx *cx, struct request *req, struct reply *rep)
{
    struct journal_list_view v = {0};
    struct journal_query q;
    struct journal_entries found = {0};
    if (!journal_read_query(req, &q))
        page_errors_add(cx, &v.errors, S("day"), i18n_text(cx->lang, T_journal_day_invalid));
    enum err e = v.errors.n ? ERR_OK : journal_list(cx, &q, &found);
    if (e)
        return e;
    v.q = (struct page_field){.id = S("q"),
                              .label = i18n_text(cx->lang, T_journal_search),
                              .hint = i18n_text(cx->lang, T_journal_search_hint),
                              .type = S("search"),
                              .optional = true,
                              .value = q.q};
    v.day = (struct page_field){.id = S("day"),
                                .label = i18n_text(cx->lang, T_journal_day),
                                .hint = i18n_text(cx->lang, T_journal_day_hint),
                                .width = 12,
                                .optional = true,
                                .value = req_str(req, "day"),
                                .error = page_errors_of(&v.errors, S("day"))};
    v.searched = q.q.n || q.has_day || q.before;
    v.heading = i18n_text(cx->lang, T_journal_title);
    v.nothing = i18n_text(cx->lang, q.q.n ? T_journal_none_found : q.has_day ? T_journal_none_day : T_journal_none);
    v.older = found.next ? journal_next(cx, "/journal", &q, found.next) : S("");
    for (size_t i = 0; i < found.rows.n; i++)
        vec_add(cx->arena, &v.rows, row_of(cx, &found.rows.p[i]));
    struct page page = public_page(cx, v.heading, true);
    page.has_errors = v.errors.n > 0;
    struct tpl o = tpl_begin(cx);
    tpl_journal_list(&o, &v);
    journal_no_robots(cx, rep);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* ---- one entry ---- */

static void fact(struct cx *cx, struct page_summary *s, enum text label, struct str value)
{
    if (value.n)
        vec_add(cx->arena, &s->rows, (struct page_summary_row){.label = i18n_text(cx->lang, label), .value = value});
}

/* The service that takes requests; NULL when there is none. */
static const struct service_version *request_service(struct cx *cx)
{
    struct str key = cx->muni->journal_request;
    const struct service_version *v = key.n ? service_current(cx, key) : NULL;
    return v && v->form ? v : NULL;
}

enum err journal_get_entry(struct cx *cx, struct request *req, struct reply *rep)
{
    struct journal_entry_view v = {0};
    struct journal_entry entry;
    enum err e = journal_get(cx, req_param(req, "no"), &entry);
    if (e)
        return e;
    v.no = entry.no;
    v.shielded = !str_empty(entry.access_code) || str_find(entry.title, S(JOURNAL_SHIELD), 0) < entry.title.n;
    fact(cx, &v.facts, T_journal_fact_title, entry.title);
    fact(cx, &v.facts, T_journal_fact_casefile,
         str_fmt(cx->arena, "%.*s (%.*s)", STR_ARG(entry.casefile_title), STR_ARG(entry.casefile_no)));
    fact(cx, &v.facts, entry.kind == RECORD_INCOMING ? T_journal_from : T_journal_to, entry.who);
    fact(cx, &v.facts, T_journal_fact_day, i18n_day(cx, entry.day));
    fact(cx, &v.facts, T_journal_fact_document_day, i18n_day(cx, entry.document_day));
    fact(cx, &v.facts, T_journal_fact_unit, entry.unit);
    fact(cx, &v.facts, T_journal_fact_basis, v.shielded ? entry.access_basis : S(""));
    if (request_service(cx))
        v.request_href = str_fmt(cx->arena, "/journal/entry/%.*s/request", STR_ARG(entry.no));
    if (journal_is_archivist(cx))
        v.review_href = str_fmt(cx->arena, "/journal/review/%lld", (long long)entry.id);
    struct page page = public_page(cx, i18n_fmt(cx, T_journal_entry_title, ARG("no", entry.no)), false);
    struct tpl o = tpl_begin(cx);
    tpl_journal_entry(&o, &v);
    journal_no_robots(cx, rep);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* ---- asking for access ---- */

enum err journal_get_request(struct cx *cx, struct request *req, struct reply *rep)
{
    struct journal_entry entry;
    enum err e = journal_get(cx, req_param(req, "no"), &entry);
    if (!e && !request_service(cx))
        e = fail(cx, ERR_NOT_FOUND, "no service takes requests for access");
    if (e)
        return e;
    struct journal_request_view v = {.no = entry.no, .title = entry.title, .casefile_title = entry.casefile_title};
    struct page page = public_page(cx, i18n_text(cx->lang, T_journal_request_title), false);
    struct tpl o = tpl_begin(cx);
    tpl_journal_request(&o, &v);
    journal_no_robots(cx, rep);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err journal_post_request(struct cx *cx, struct request *req, struct reply *rep)
{
    struct journal_entry entry;
    int64_t draft;
    enum err e = journal_get(cx, req_param(req, "no"), &entry);
    const struct service_version *v = e ? NULL : request_service(cx);
    if (!e && !v)
        e = fail(cx, ERR_NOT_FOUND, "no service takes requests for access");
    if (e)
        return e;
    struct str what =
        str_fmt(cx->arena, "%.*s (%.*s): %.*s", STR_ARG(entry.no), STR_ARG(entry.casefile_no), STR_ARG(entry.title));
    e = form_begin_with(cx, v->key, S("documents"), what, &draft);
    return e ? e : reply_redirect(cx, rep, "/form/draft/%lld", (long long)draft);
}
