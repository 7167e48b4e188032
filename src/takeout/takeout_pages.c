/* The page where one asks for a copy of everything, sees how far it has come, and fetches it. */
#include "takeout_internal.h"

#include <unistd.h>

#include "access/access.h"
#include "i18n/i18n.h"
#include "page/page.h"
#include "party/party.h"
#include "tpl_takeout_ask.h"

struct gathering {
    struct takeouts mine;
    struct party_mandates mandates;
    struct party party;
};

static enum err gather(struct cx *cx, void *ctx)
{
    struct gathering *g = ctx;
    enum err e = takeout_mine(cx, &g->mine);
    if (!e)
        e = party_mandates_mine(cx, &g->mandates);
    return e ? e : party_get(cx, cx->who->party_id, &g->party);
}

static struct takeout_row row_of(struct cx *cx, const struct takeouts *mine, int64_t party_id)
{
    for (size_t i = 0; i < mine->rows.n; i++) {
        const struct takeout *t = &mine->rows.p[i];
        if (t->party_id != party_id)
            continue;
        struct takeout_row row = {.id = t->id,
                                  .asked = true,
                                  .waiting = t->state == TAKEOUT_WAITING,
                                  .ready = t->state == TAKEOUT_READY,
                                  .failed = t->state == TAKEOUT_FAILED,
                                  .done = t->cases_done,
                                  .n = t->cases_n,
                                  .asked_us = t->asked_us,
                                  .ready_us = t->ready_us.v,
                                  .size = t->file.size,
                                  .until = i18n_date(cx, t->until_us)};
        row.rest = row.waiting && t->cases_n && t->cases_done == t->cases_n;
        row.progress = row.rest     ? i18n_text(cx->lang, T_takeout_progress_rest)
                       : t->cases_n ? i18n_fmt(cx, T_takeout_progress, ARG("done", t->cases_done), ARG("n", t->cases_n))
                                    : i18n_text(cx->lang, T_takeout_begins);
        return row;
    }
    return (struct takeout_row){0};
}

/* Those for whom she may act now, each once. */
static void add_others(struct cx *cx, const struct gathering *g, struct takeout_view *v)
{
    for (size_t i = 0; i < g->mandates.rows.n; i++) {
        const struct party_mandate *m = &g->mandates.rows.p[i];
        bool seen = false;
        if (m->holder_id != cx->who->party_id || !party_mandate_is_now(cx, m))
            continue;
        for (size_t k = 0; k < v->others.n; k++)
            seen |= v->others.p[k].party_id == m->giver_id;
        if (seen)
            continue;
        struct takeout_row *row = vec_push(cx->arena, &v->others);
        *row = row_of(cx, &g->mine, m->giver_id);
        row->name = m->giver_name;
        row->party_id = m->giver_id;
        row->mandate_id = m->id;
        v->waiting |= row->waiting;
    }
}

static enum err takeout_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct gathering g = {0};
    struct takeout_view v = {.days = TAKEOUT_DAYS};
    if (party_relations_ask(cx)) /* a register that does not answer: what it said before holds for its day */
        cx->fail = (struct fail){0};
    enum err e = db_read(cx, gather, &g);
    if (e)
        return e;
    v.own = row_of(cx, &g.mine, cx->who->party_id);
    v.waiting = v.own.waiting;
    v.mail = g.party.email.n && !g.party.reserved_digital;
    add_others(cx, &g, &v);
    struct page page = {.title = i18n_text(cx->lang, T_takeout_title), .face = PAGE_MYPAGE};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){i18n_text(cx->lang, T_mypage_data_title), S("/mypage/data")});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_takeout_ask(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* Whose: the giver of a mandate she holds, or herself. */
static enum err subject(struct cx *cx, int64_t mandate_id, int64_t *ret)
{
    struct party_mandates all;
    if (!mandate_id)
        return *ret = cx->who->party_id, ERR_OK;
    enum err e = party_mandates_mine(cx, &all);
    for (size_t i = 0; !e && i < all.rows.n; i++)
        if (all.rows.p[i].id == mandate_id && all.rows.p[i].holder_id == cx->who->party_id)
            return *ret = all.rows.p[i].giver_id, ERR_OK;
    return e ? e : fail(cx, ERR_NOT_FOUND, "no such mandate of this person");
}

static enum err takeout_start_page(struct cx *cx, struct request *req, struct reply *rep)
{
    int64_t party_id = 0, id;
    enum err e = subject(cx, req_int(req, "mandate"), &party_id);
    if (!e)
        e = takeout_start(cx, party_id, &id);
    return e ? e : reply_redirect(cx, rep, "/takeout");
}

static enum err takeout_file(struct cx *cx, struct request *req, struct reply *rep)
{
    struct takeout t;
    struct reply_file file = {.type = S("application/zip"), .download = true};
    enum err e = takeout_get(cx, req_param_id(req, "id"), &t);
    if (!e)
        e = files_get_fd(cx, t.file.hash, &file.fd, &file.fd_bytes);
    if (e)
        return e;
    file.name = str_fmt(cx->arena, "%.*s-%.*s.zip", STR_ARG(i18n_text(cx->lang, T_takeout_file_name)),
                        STR_ARG(civil_iso_day(cx->arena, civil_day_of_us(t.ready_us.v))));
    return reply_file(cx, rep, &file);
}

static enum err takeout_delete_page(struct cx *cx, struct request *req, struct reply *rep)
{
    enum err e = takeout_delete(cx, req_param_id(req, "id"));
    if (e)
        return e;
    page_done(cx, rep, T_takeout_deleted);
    return reply_redirect(cx, rep, "/takeout");
}

/* The page or the JSON alone, made while she waits. */
static enum err at_once(struct cx *cx, struct reply *rep, bool json)
{
    struct takeout_made made;
    enum err e = takeout_compose(cx, &(struct takeout_order){.party_id = cx->who->party_id}, &made);
    struct reply_file file = {.type = json ? S("application/json") : S("text/html; charset=utf-8"), .download = true};
    if (!e)
        e = takeout_temp_end(cx, json ? made.json : made.page, &file.fd_bytes);
    if (!e && (file.fd = dup(fileno(json ? made.json : made.page))) < 0)
        e = fail(cx, ERR_IO, "no descriptor for a reply");
    file.name = str_fmt(cx->arena, "%.*s-%.*s.%s", STR_ARG(i18n_text(cx->lang, T_takeout_file_name)),
                        STR_ARG(civil_iso_day(cx->arena, civil_day_of_us(cx->now_us))), json ? "json" : "html");
    return e ? e : reply_file(cx, rep, &file);
}

static enum err takeout_read(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)req;
    return at_once(cx, rep, false);
}

static enum err takeout_json(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)req;
    return at_once(cx, rep, true);
}

static const struct field start_fields[] = {{"mandate", FIELD_ID, .max = 0}};

static const struct route routes[] = {
    ROUTE(GET, "/takeout", takeout_page, PERM_PARTY,
          "a copy of everything held about me: ask, see how far it is, fetch"),
    ROUTE(POST, "/takeout/start", takeout_start_page, PERM_PARTY, "make my file, or that of one I act for",
          .fields = FIELDS(start_fields)),
    ROUTE(GET, "/takeout/{id}/file", takeout_file, PERM_PARTY, "the ZIP"),
    ROUTE(POST, "/takeout/{id}/delete", takeout_delete_page, PERM_PARTY, "I do not need the file any more"),
    ROUTE(GET, "/takeout/read", takeout_read, PERM_PARTY, "everything held about me as one page to read and print",
          .time_max_ms = 30000),
    ROUTE(GET, "/takeout/data.json", takeout_json, PERM_PARTY, "everything held about me as JSON",
          .time_max_ms = 30000),
};

const struct http_module takeout_module = HTTP_MODULE("takeout", routes);
