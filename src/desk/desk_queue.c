/* The queue by deadline, and search. */
#include "desk_handlers.h"

#include "i18n/i18n.h"
#include "tpl_desk_queue.h"
#include "tpl_desk_search.h"

enum { QUEUE_PAGE = 50, SOON_DAYS = 3 };

struct desk_rows desk_rows_of(struct cx *cx, const struct casefile_rows *rows)
{
    struct desk_rows view = {.several_units = cx->who->n_units > 1};
    day_t today = civil_day_of_us(cx->now_us);
    for (size_t i = 0; i < rows->rows.n; i++) {
        const struct casefile_row *r = &rows->rows.p[i];
        struct desk_row *row = vec_push(cx->arena, &view.rows);
        *row = (struct desk_row){
            .id = r->id,
            .no = r->no,
            .title = r->title,
            .party = r->party_id ? r->party_name : i18n_text(cx->lang, T_desk_anonymous),
            .state = casefile_state_text(cx, r->state, r->fell, r->sent_on, false),
            .caseworker = r->caseworker_name,
            .away = r->caseworker_away,
            .unit = r->unit_name,
            .received_us = r->received_us,
            .overdue = r->overdue,
            .unread = r->unread,
            .call_first = r->call_first,
            .lacks_signature = r->lacks_signature,
        };
        if (!r->deadline_us.set || r->state == CASEFILE_CLOSED)
            continue;
        row->has_deadline = true;
        row->deadline = civil_day_of_us(r->deadline_us.v - 1);
        row->days = row->deadline - today;
        row->soon = !row->overdue && row->days <= SOON_DAYS;
    }
    return view;
}

static enum casefile_scope scope_of(struct str s)
{
    if (str_eq(s, S("mine")))
        return CASEFILE_MINE;
    return str_eq(s, S("all")) ? CASEFILE_ALL_UNITS : CASEFILE_UNIT;
}

struct gathering {
    struct casefile_queue_query query;
    struct casefile_rows rows;
    struct casefile_counts counts;
    struct desk_queue *view;
};

static enum err gather(struct cx *cx, void *ctx)
{
    struct gathering *g = ctx;
    enum err e = casefile_queue(cx, &g->query, &g->rows);
    if (!e)
        e = casefile_counts(cx, &g->counts);
    size_t n = cx->who->n_units > 1 ? cx->who->n_units : 0; /* who has one has nothing to choose */
    for (size_t i = 0; !e && i < n; i++) {
        struct auth_unit unit;
        if (!(e = auth_unit_by_id(cx, cx->who->unit_ids[i], &unit)))
            vec_add(cx->arena, &g->view->units,
                    (struct desk_unit){unit.id, unit.name, unit.id == cx->who->acting_unit_id});
    }
    return e;
}

struct str desk_count_text(struct cx *cx, int64_t n)
{
    if (n > CASEFILE_COUNT_MAX)
        return i18n_fmt(cx, T_desk_count_more, ARG("n", i18n_number(cx, CASEFILE_COUNT_MAX)));
    return i18n_number(cx, n);
}

enum err desk_queue_page(struct cx *cx, struct request *req, struct reply *rep)
{
    enum casefile_scope scope = scope_of(req_str(req, "scope"));
    struct desk_queue view = {.scope_unit = scope == CASEFILE_UNIT,
                              .scope_mine = scope == CASEFILE_MINE,
                              .scope_all = scope == CASEFILE_ALL_UNITS};
    struct gathering g = {.query = {.scope = scope, .after = req_str(req, "after"), .limit = QUEUE_PAGE},
                          .view = &view};
    enum err e = db_read(cx, gather, &g);
    if (e)
        return e;
    view.open_n = g.counts.open;
    view.open = desk_count_text(cx, g.counts.open);
    view.overdue = desk_count_text(cx, g.counts.overdue);
    view.mine = desk_count_text(cx, g.counts.mine);
    view.leads = auth_has(cx->who, ROLE_LEADER) && cx->who->acting_unit_id;
    view.posts = auth_has(cx->who, ROLE_CASEWORKER | ROLE_LEADER | ROLE_COUNTER);
    view.unit_name = cx->who->acting_unit_name;
    view.counts = auth_has(cx->who, ROLE_LEADER | ROLE_ADMIN);
    view.list = desk_rows_of(cx, &g.rows);
    if (!str_empty(g.rows.next))
        view.next = str_fmt(cx->arena, "/desk?scope=%s&after=%" PRI_STR,
                            scope == CASEFILE_MINE        ? "mine"
                            : scope == CASEFILE_ALL_UNITS ? "all"
                                                          : "unit",
                            STR_ARG(g.rows.next));
    struct page page = {.title = i18n_text(cx->lang, T_desk_queue_title), .face = PAGE_DESK, .wide = true};
    struct tpl o = tpl_begin(cx);
    tpl_desk_queue(&o, &view);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err desk_search_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct desk_search view = {.q = req_str(req, "q")};
    struct casefile_rows rows = {0};
    view.asked = !str_empty(view.q);
    enum err e = view.asked ? casefile_search(cx, view.q, &rows) : ERR_OK;
    if (e)
        return e;
    view.list = desk_rows_of(cx, &rows);
    view.more = rows.more;
    view.cut = rows.cut && !rows.more;
    struct page page = {.title = i18n_text(cx->lang, T_desk_search_title), .face = PAGE_DESK, .wide = true};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_desk_search(&o, &view);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}
