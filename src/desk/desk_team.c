/* Who is here and how many cases each has; handing over many cases: choose, see what will happen, do it, see what
   happened. The rules are in casefile/team.c. */
#include "desk_handlers.h"
#include "desk_team_views.h"

#include "i18n/i18n.h"
#include "tpl_desk_pile.h"
#include "tpl_desk_plan.h"
#include "tpl_desk_result.h"
#include "tpl_desk_team.h"

/* ---- who is here ---- */

static struct str when_text(struct cx *cx, const struct casefile_member *m)
{
    if (!m->away_from_us.set || m->left)
        return S("");
    if (!m->away)
        return i18n_fmt(cx, T_desk_team_from, ARG("day", i18n_date(cx, m->away_from_us.v)));
    if (!m->away_until_us.set)
        return i18n_text(cx->lang, T_desk_team_until_further);
    return i18n_fmt(cx, T_desk_team_until, ARG("day", i18n_date(cx, m->away_until_us.v - 1)));
}

enum err desk_team_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct desk_team view = {.unit_name = cx->who->acting_unit_name};
    struct casefile_members team = {0};
    enum err e = casefile_team(cx, cx->who->acting_unit_id, &team);
    if (e)
        return e;
    for (size_t i = 0; i < team.rows.n; i++) {
        const struct casefile_member *m = &team.rows.p[i];
        vec_add(cx->arena, &view.rows,
                (struct desk_member){.employee_id = m->employee_id,
                                     .name = m->employee_id ? m->name : i18n_text(cx->lang, T_desk_team_nobody),
                                     .away = m->away && !m->left,
                                     .left = m->left,
                                     .coming = !m->away && m->away_from_us.set,
                                     .when = when_text(cx, m),
                                     .open = desk_count_text(cx, m->open),
                                     .overdue = desk_count_text(cx, m->overdue),
                                     .some = m->open > 0,
                                     .late = m->overdue > 0,
                                     .leads_absence = m->employee_id && !m->left});
    }
    struct page page = {.title = i18n_text(cx->lang, T_desk_team_title), .face = PAGE_DESK, .wide = true};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_desk_team(&o, &view);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* ---- a pile ---- */

struct handing {
    int64_t unit_id, employee_id; /* 0: what nobody has taken */
    struct str name;              /* whose pile */
    struct casefile_members team;
    struct casefile_moves moves;
    VEC_OF(int64_t) chosen, to;
    bool queue; /* back to it */
};

static void team_crumbs(struct cx *cx, struct page *page)
{
    vec_add(cx->arena, &page->crumbs, (struct page_crumb){i18n_text(cx->lang, T_desk_team_title), S("/desk/team")});
    vec_add(cx->arena, &page->crumbs, (struct page_crumb){.label = page->title});
}

static struct str pile_href(struct cx *cx, const struct handing *h)
{
    if (!h->employee_id)
        return S("/desk/team/queue");
    return str_fmt(cx->arena, "/desk/team/%lld", (long long)h->employee_id);
}

static enum err begin(struct cx *cx, struct request *req, struct handing *h)
{
    struct str who = req_param(req, "employee");
    h->unit_id = cx->who->acting_unit_id;
    h->employee_id = req_param_id(req, "employee");
    if (!h->employee_id && !str_eq(who, S("queue")))
        return fail(cx, ERR_NOT_FOUND, "nobody of this unit");
    enum err e = casefile_pile(cx, h->unit_id, h->employee_id, &h->team, &h->moves);
    for (size_t i = 0; !e && i < h->team.rows.n; i++)
        if (h->team.rows.p[i].employee_id == h->employee_id)
            h->name = h->team.rows.p[i].name;
    return e;
}

static struct desk_move move_view(struct cx *cx, const struct casefile_move *m)
{
    return (struct desk_move){
        .id = m->casefile_id,
        .no = m->no,
        .title = m->title,
        .party = m->party_id ? m->party_name : i18n_text(cx->lang, T_desk_anonymous),
        .checked = true,
        .has_deadline = m->deadline_us.set,
        .deadline = m->deadline_us.set ? civil_day_of_us(m->deadline_us.v - 1) : 0,
        .overdue = m->overdue,
        .stays = m->outcome == CASEFILE_MOVED_OWN,
        .to = m->to_employee_id ? m->to_name : i18n_text(cx->lang, T_desk_pile_how_queue),
    };
}

static bool among(const int64_t *ids, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i] == id)
            return true;
    return false;
}

static void pile_fields(struct cx *cx, const struct handing *h, struct desk_pile *v, struct str how)
{
    v->how = (struct page_field){.kind = PAGE_FIELD_RADIO,
                                 .id = S("how"),
                                 .label = i18n_text(cx->lang, T_desk_pile_how),
                                 .error = page_errors_of(&v->errors, S("how"))};
    static const struct {
        const char *value;
        enum text label, hint;
    } ways[] = {{"colleagues", T_desk_pile_how_colleagues, T_desk_pile_how_colleagues_hint},
                {"queue", T_desk_pile_how_queue, T_desk_pile_how_queue_hint}};
    for (size_t i = 0; i < 2; i++)
        vec_add(cx->arena, &v->how.options,
                (struct page_option){.value = str_of(ways[i].value),
                                     .label = i18n_text(cx->lang, ways[i].label),
                                     .hint = i18n_text(cx->lang, ways[i].hint),
                                     .checked = str_eq_z(how, ways[i].value)});
    v->to = (struct page_field){.kind = PAGE_FIELD_CHECKBOX,
                                .id = S("to"),
                                .label = i18n_text(cx->lang, T_desk_pile_to),
                                .hint = i18n_text(cx->lang, T_desk_pile_to_hint),
                                .error = page_errors_of(&v->errors, S("to"))};
    for (size_t i = 0; i < h->team.rows.n; i++) {
        const struct casefile_member *m = &h->team.rows.p[i];
        if (!m->takes || m->employee_id == h->employee_id)
            continue;
        vec_add(cx->arena, &v->to.options,
                (struct page_option){.value = str_fmt(cx->arena, "%lld", (long long)m->employee_id),
                                     .label = m->name,
                                     .checked = among(h->to.p, h->to.n, m->employee_id)});
    }
}

static enum err show_pile(struct cx *cx, struct request *req, struct reply *rep, const struct handing *h,
                          struct desk_pile *v)
{
    v->action = pile_href(cx, h);
    v->queue = !h->employee_id;
    v->more = h->moves.more;
    v->most = CASEFILE_MOVES_MAX;
    int64_t n = (int64_t)h->moves.rows.n;
    v->lead = v->queue ? i18n_fmt(cx, T_desk_pile_lead_queue, ARG("n", n))
                       : i18n_fmt(cx, T_desk_pile_lead, ARG("n", n), ARG("name", h->name),
                                  ARG("unit", cx->who->acting_unit_name));
    for (size_t i = 0; i < h->moves.rows.n; i++) {
        struct desk_move row = move_view(cx, &h->moves.rows.p[i]);
        row.checked = !v->errors.n || among(h->chosen.p, h->chosen.n, row.id);
        vec_add(cx->arena, &v->rows, row);
    }
    struct page page = {.title = v->queue ? i18n_text(cx->lang, T_desk_team_give_queue)
                                          : i18n_fmt(cx, T_desk_team_give_of, ARG("name", h->name)),
                        .face = PAGE_DESK,
                        .wide = true,
                        .has_errors = v->errors.n > 0};
    team_crumbs(cx, &page);
    struct tpl o = tpl_begin(cx);
    tpl_desk_pile(&o, v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err desk_pile_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct handing h = {0};
    struct desk_pile view = {0};
    enum err e = begin(cx, req, &h);
    if (e)
        return e;
    pile_fields(cx, &h, &view, S("colleagues"));
    return show_pile(cx, req, rep, &h, &view);
}

/* ---- what will happen ---- */

static void say_gets(struct cx *cx, const struct casefile_moves *plan, struct desk_plan *v)
{
    for (size_t i = 0; i < plan->rows.n; i++) {
        const struct casefile_move *m = &plan->rows.p[i];
        int64_t n = 0;
        bool first = m->outcome == CASEFILE_MOVES;
        for (size_t k = 0; k < plan->rows.n; k++) {
            bool same =
                plan->rows.p[k].outcome == CASEFILE_MOVES && plan->rows.p[k].to_employee_id == m->to_employee_id;
            n += same;
            first &= !(same && k < i);
        }
        if (first && m->to_employee_id)
            vec_add(cx->arena, &v->gets, i18n_fmt(cx, T_desk_plan_gets, ARG("n", n), ARG("name", m->to_name)));
        else if (first)
            vec_add(cx->arena, &v->gets, i18n_fmt(cx, T_desk_plan_queue, ARG("n", n)));
    }
}

/* "case-version-employee", parted by "~": the plan as it comes back. */
static void add_token(struct buf *b, const struct casefile_move *m)
{
    if (m->outcome == CASEFILE_MOVES)
        buf_fmt(b, "%s%lld-%lld-%lld", b->n ? "~" : "", (long long)m->casefile_id, (long long)m->version,
                (long long)m->to_employee_id);
}

static enum err show_plan(struct cx *cx, struct request *req, struct reply *rep, const struct handing *h,
                          const struct casefile_moves *plan)
{
    struct desk_plan v = {.back = pile_href(cx, h)};
    int64_t overdue = 0, stays = 0, goes = 0;
    VEC_OF(struct str) names = {0};
    struct buf moves = buf_make(cx->arena);
    v.action = str_fmt(cx->arena, "%" PRI_STR "/hand-over", STR_ARG(v.back));
    for (size_t i = 0; i < plan->rows.n; i++) {
        overdue += plan->rows.p[i].overdue;
        stays += plan->rows.p[i].outcome == CASEFILE_MOVED_OWN;
        vec_add(cx->arena, &v.rows, move_view(cx, &plan->rows.p[i]));
        add_token(&moves, &plan->rows.p[i]);
    }
    v.moves = buf_str(&moves);
    goes = (int64_t)plan->rows.n - stays;
    for (size_t i = 0; i < h->team.rows.n; i++)
        if (among(h->to.p, h->to.n, h->team.rows.p[i].employee_id))
            vec_add(cx->arena, &names, h->team.rows.p[i].name);
    v.some = goes > 0;
    v.lead = i18n_fmt(cx, T_desk_plan_lead, ARG("n", (int64_t)plan->rows.n), ARG("overdue", overdue));
    v.button = i18n_fmt(cx, T_desk_plan_do, ARG("n", goes));
    if (stays)
        v.own = i18n_fmt(cx, T_desk_plan_own, ARG("n", stays), ARG("names", i18n_list(cx, names.p, names.n)));
    say_gets(cx, plan, &v);
    struct page page = {.title = i18n_text(cx->lang, T_desk_plan_title), .face = PAGE_DESK, .wide = true};
    team_crumbs(cx, &page);
    struct tpl o = tpl_begin(cx);
    tpl_desk_plan(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err desk_pile_plan(struct cx *cx, struct request *req, struct reply *rep)
{
    struct handing h = {0};
    struct desk_pile view = {0};
    struct casefile_moves plan;
    const struct str *values;
    int64_t id;
    enum err e = begin(cx, req, &h);
    if (e)
        return e;
    struct str how = h.employee_id ? req_str(req, "how") : S("colleagues");
    for (size_t i = 0, n = req_many(req, "case", &values); i < n; i++)
        if (str_to_i64(values[i], &id))
            vec_add(cx->arena, &h.chosen, id);
    for (size_t i = 0, n = req_many(req, "to", &values); i < n; i++)
        if (str_to_i64(values[i], &id))
            vec_add(cx->arena, &h.to, id);
    h.queue = str_eq(how, S("queue"));
    if (!h.chosen.n)
        page_errors_add(cx, &view.errors, S("cases"), i18n_text(cx->lang, T_desk_pile_none));
    if (str_empty(how))
        page_errors_add(cx, &view.errors, S("how"), i18n_text(cx->lang, T_desk_pile_how_none));
    else if (!h.queue && !h.to.n)
        page_errors_add(cx, &view.errors, S("to"), i18n_text(cx->lang, T_desk_pile_to_none));
    if (!view.errors.n) {
        struct casefile_plan ask = {.unit_id = h.unit_id,
                                    .employee_id = h.employee_id,
                                    .chosen = h.chosen.p,
                                    .n_chosen = h.chosen.n,
                                    .to = h.to.p,
                                    .n_to = h.queue ? 0 : h.to.n};
        e = casefile_plan(cx, &ask, &plan);
        if (!e && plan.rows.n)
            return show_plan(cx, req, rep, &h, &plan);
        if (e && e != ERR_INVALID)
            return e;
        /* a colleague went home, or the cases were taken, since the page was shown */
        page_errors_add(cx, &view.errors, e ? S("to") : S("cases"),
                        i18n_text(cx->lang, e ? T_desk_pile_to_none : T_desk_pile_none));
    }
    pile_fields(cx, &h, &view, how);
    return show_pile(cx, req, rep, &h, &view);
}

/* ---- what happened ---- */

static bool read_move(struct str token, struct casefile_move *ret)
{
    struct str first, second;
    *ret = (struct casefile_move){0};
    return str_cut(&token, '-', &first) && str_cut(&token, '-', &second) && str_to_i64(first, &ret->casefile_id) &&
           str_to_i64(second, &ret->version) && str_to_i64(token, &ret->to_employee_id) && ret->version > 0;
}

static struct str result_text(struct cx *cx, const struct casefile_move *m)
{
    bool to = m->to_employee_id != 0;
    enum text key = T_desk_result_not;
    switch (m->outcome) {
    case CASEFILE_MOVES:
        key = to ? T_desk_result_to : T_desk_result_queue;
        break;
    case CASEFILE_MOVED_DONE:
        key = to ? T_desk_result_done : T_desk_result_done_queue;
        break;
    case CASEFILE_MOVED_OWN:
        key = T_desk_result_own;
        break;
    case CASEFILE_MOVED_SEEN:
        key = T_desk_result_seen;
        break;
    case CASEFILE_MOVED_NOT:
        break;
    }
    return i18n_fmt(cx, key, ARG("name", m->to_name));
}

enum err desk_pile_hand_over(struct cx *cx, struct request *req, struct reply *rep)
{
    struct casefile_moves moves = {0};
    struct desk_result v = {0};
    struct casefile_move move;
    struct str rest = req_str(req, "moves"), token;
    int64_t moved = 0, left = 0;
    while (str_cut(&rest, '~', &token)) {
        if (!read_move(token, &move))
            return fail_field(cx, ERR_INVALID, S("moves"), "not a row of a plan");
        vec_add(cx->arena, &moves.rows, move);
    }
    enum err e = casefile_hand_over_all(cx, cx->who->acting_unit_id, &moves);
    if (e)
        return e;
    for (size_t i = 0; i < moves.rows.n; i++) {
        const struct casefile_move *m = &moves.rows.p[i];
        bool good = m->outcome == CASEFILE_MOVES || m->outcome == CASEFILE_MOVED_DONE;
        moved += good;
        left += !good;
        struct desk_move row = move_view(cx, m);
        row.result = result_text(cx, m);
        row.stays = !good;
        vec_add(cx->arena, &v.rows, row);
    }
    v.has_moved = moved > 0;
    v.moved =
        (struct page_alert){.kind = PAGE_ALERT_SUCCESS, .text = i18n_fmt(cx, T_desk_result_moved, ARG("n", moved))};
    v.has_left = left > 0;
    v.left = (struct page_alert){.kind = PAGE_ALERT_WARNING, .text = i18n_fmt(cx, T_desk_result_left, ARG("n", left))};
    struct page page = {.title = i18n_text(cx->lang, T_desk_result_title), .face = PAGE_DESK, .wide = true};
    team_crumbs(cx, &page);
    struct tpl o = tpl_begin(cx);
    tpl_desk_result(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}
