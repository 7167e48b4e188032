/* What the leader of a unit does: who is here and how many cases each has, and a pile of cases handed over in one step.
   What a plan showed is what is carried out, case by case under laws 2 and 7. */
#include <stdlib.h>

#include "access/access.h"
#include "casefile_internal.h"

static enum err leads(struct cx *cx, int64_t unit_id)
{
    if (cx->who->kind == WHO_EMPLOYEE && auth_has(cx->who, ROLE_LEADER) && auth_in_unit(cx->who, unit_id))
        return ERR_OK;
    return fail(cx, ERR_FORBIDDEN, "only a leader of this unit");
}

/* ---- who is here ---- */

enum err members_of(struct cx *cx, int64_t unit_id, struct casefile_members *ret)
{
    struct q_casefile_team *rows;
    size_t n;
    enum err e = q_casefile_team(cx, unit_id, cx->now_us, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        bool able = (rows[i].roles & CASEFILE_ROLES) != 0;
        vec_add(cx->arena, &ret->rows,
                (struct casefile_member){.employee_id = rows[i].id,
                                         .party_id = rows[i].party_id.v,
                                         .name = rows[i].name,
                                         .takes = able && rows[i].member && !rows[i].away,
                                         .away = rows[i].away,
                                         .left = !rows[i].member,
                                         .away_from_us = rows[i].from_us,
                                         .away_until_us = rows[i].until_us});
    }
    return e;
}

enum err own_case(struct cx *cx, int64_t casefile_id, const struct casefile_member *m, bool *ret)
{
    struct q_casefile_own row = {0};
    enum err e = m->party_id ? q_casefile_own(cx, casefile_id, m->party_id, cx->now_us, &row) : ERR_OK;
    *ret = row.own;
    return e;
}

static enum err count_pile(struct cx *cx, int64_t unit_id, struct casefile_member *m)
{
    struct q_casefile_pile_count n;
    struct viewer v = viewer_of(cx);
    enum err e = q_casefile_pile_count(
        cx,
        &(struct q_casefile_pile_count_in){
            .unit_id = unit_id, .employee_id = m->employee_id, .most = CASEFILE_COUNT_MAX + 1, VIEWER_IN(cx, v)},
        &n);
    if (!e) {
        m->open = n.open;
        m->overdue = n.overdue;
    }
    return e;
}

struct team {
    int64_t unit_id;
    struct casefile_members members;
};

static enum err read_team(struct cx *cx, void *ctx)
{
    struct team *t = ctx;
    vec_add(cx->arena, &t->members.rows, (struct casefile_member){.name = S("")});
    enum err e = members_of(cx, t->unit_id, &t->members);
    for (size_t i = 0; !e && i < t->members.rows.n; i++)
        e = count_pile(cx, t->unit_id, &t->members.rows.p[i]);
    return e;
}

enum err casefile_team(struct cx *cx, int64_t unit_id, struct casefile_members *ret)
{
    struct team t = {.unit_id = unit_id};
    enum err e = leads(cx, unit_id);
    if (!e)
        e = db_read(cx, read_team, &t);
    if (!e)
        *ret = t.members;
    return e;
}

enum err casefile_unpeopled(struct cx *cx, struct casefile_unpeopled_units *ret)
{
    struct q_casefile_unpeopled *rows;
    size_t n;
    *ret = (struct casefile_unpeopled_units){0};
    enum err e = q_casefile_unpeopled(cx, CASEFILE_ROLES, CASEFILE_COUNT_MAX + 1, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &ret->rows,
                (struct casefile_unpeopled){unit_text(cx, rows[i].key, rows[i].name), rows[i].open});
    return e;
}

/* ---- a pile ---- */

static const struct casefile_member *member(const struct casefile_members *team, int64_t employee_id)
{
    for (size_t i = 0; i < team->rows.n; i++)
        if (team->rows.p[i].employee_id == employee_id)
            return &team->rows.p[i];
    return NULL;
}

struct planning {
    const struct casefile_plan *plan;
    struct casefile_members team;
    struct casefile_moves moves;
};

static enum err read_pile(struct cx *cx, int64_t unit_id, int64_t employee_id, struct casefile_moves *ret)
{
    struct q_casefile_pile *rows;
    struct viewer v = viewer_of(cx);
    size_t n;
    enum err e = q_casefile_pile(
        cx,
        &(struct q_casefile_pile_in){
            .unit_id = unit_id, .employee_id = employee_id, .limit = CASEFILE_MOVES_MAX + 1, VIEWER_IN(cx, v)},
        &rows, &n);
    for (size_t i = 0; !e && i < n && i < CASEFILE_MOVES_MAX; i++)
        vec_add(cx->arena, &ret->rows,
                (struct casefile_move){.casefile_id = rows[i].id,
                                       .version = rows[i].version,
                                       .no = rows[i].no.p ? rows[i].no : S(""),
                                       .title = title_text(cx, cx->lang, rows[i].service_version_id, rows[i].title),
                                       .party_id = rows[i].party_id.v,
                                       .party_name = rows[i].party_name.p ? rows[i].party_name : S(""),
                                       .deadline_us = rows[i].deadline_us,
                                       .overdue = rows[i].deadline_us.set && rows[i].deadline_us.v <= cx->now_us});
    if (!e)
        ret->more = n > CASEFILE_MOVES_MAX;
    return e;
}

static void note_moves(struct cx *cx, const struct casefile_moves *moves)
{
    for (size_t i = 0; i < moves->rows.n; i++)
        if (moves->rows.p[i].party_id)
            access_note(cx, &(struct access_entry){.subject_party_id = moves->rows.p[i].party_id,
                                                   .kind = S("list"),
                                                   .purpose = access_purpose(cx, T_casefile_purpose_team)});
}

static enum err read_plan(struct cx *cx, void *ctx)
{
    struct planning *p = ctx;
    enum err e = read_pile(cx, p->plan->unit_id, p->plan->employee_id, &p->moves);
    return e ? e : members_of(cx, p->plan->unit_id, &p->team);
}

enum err casefile_pile(struct cx *cx, int64_t unit_id, int64_t employee_id, struct casefile_members *ret_team,
                       struct casefile_moves *ret)
{
    struct planning p = {.plan = &(struct casefile_plan){.unit_id = unit_id, .employee_id = employee_id}};
    enum err e = leads(cx, unit_id);
    if (!e)
        e = db_read(cx, read_plan, &p);
    if (!e && employee_id && !member(&p.team, employee_id))
        e = fail(cx, ERR_NOT_FOUND, "nobody of this unit");
    if (e)
        return e;
    note_moves(cx, &p.moves);
    *ret_team = p.team;
    *ret = p.moves;
    return ERR_OK;
}

/* ---- the plan ---- */

/* One who is to get cases, and how many so far. */
struct taker {
    const struct casefile_member *member;
    size_t n;
};
struct takers {
    VEC_OF(struct taker) rows;
};

static bool chosen(const struct casefile_plan *plan, int64_t id)
{
    for (size_t i = 0; i < plan->n_chosen; i++)
        if (plan->chosen[i] == id)
            return true;
    return plan->n_chosen == 0;
}

/* The one with fewest of them so far who may have it. */
static enum err give(struct cx *cx, struct takers *takers, struct casefile_move *move)
{
    struct taker *best = NULL;
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < takers->rows.n; i++) {
        struct taker *t = &takers->rows.p[i];
        bool own = false;
        if (best && best->n <= t->n)
            continue;
        e = own_case(cx, move->casefile_id, t->member, &own);
        if (!own)
            best = t;
    }
    if (e)
        return e;
    move->outcome = best ? CASEFILE_MOVES : CASEFILE_MOVED_OWN;
    if (best) {
        best->n++;
        move->to_employee_id = best->member->employee_id;
        move->to_name = best->member->name;
    }
    return ERR_OK;
}

static enum err make_plan(struct cx *cx, void *ctx)
{
    struct planning *p = ctx;
    struct casefile_moves all;
    struct takers takers = {0};
    enum err e = read_plan(cx, p);
    for (size_t i = 0; !e && i < p->plan->n_to; i++) {
        const struct casefile_member *m = member(&p->team, p->plan->to[i]);
        if (!m || !m->takes || m->employee_id == p->plan->employee_id)
            return fail_field(cx, ERR_INVALID, S("to"), "not a caseworker of the unit who is here");
        vec_add(cx->arena, &takers.rows, (struct taker){m, 0});
    }
    all = p->moves;
    p->moves = (struct casefile_moves){.more = all.more};
    for (size_t i = 0; !e && i < all.rows.n; i++) {
        struct casefile_move move = all.rows.p[i];
        if (!chosen(p->plan, move.casefile_id))
            continue;
        if (takers.rows.n)
            e = give(cx, &takers, &move);
        vec_add(cx->arena, &p->moves.rows, move);
    }
    return e;
}

enum err casefile_plan(struct cx *cx, const struct casefile_plan *plan, struct casefile_moves *ret)
{
    struct planning p = {.plan = plan};
    enum err e = leads(cx, plan->unit_id);
    if (!e && !plan->employee_id && !plan->n_to)
        e = fail_field(cx, ERR_INVALID, S("to"), "they are in the queue: choose a colleague");
    if (!e)
        e = db_read(cx, make_plan, &p);
    if (e)
        return e;
    note_moves(cx, &p.moves);
    *ret = p.moves;
    return ERR_OK;
}

/* ---- carried out ---- */

struct handing {
    int64_t unit_id;
    struct casefile_members team;
    struct casefile_moves *moves;
};

/* What stands in the way before anything is changed. */
static enum err look(struct cx *cx, const struct handing *h, struct casefile_move *move,
                     const struct casefile_member *to)
{
    struct casefile c;
    bool own = false, may = false;
    enum err e = casefile_load(cx, move->casefile_id, &c);
    move->outcome = CASEFILE_MOVED_NOT;
    if (e)
        return e == ERR_NOT_FOUND ? ERR_OK : e;
    e = viewer_sees(cx, c.id, &may);
    if (e || !may)
        return e;
    move->no = c.no;
    move->title = c.title;
    move->to_name = to ? to->name : S("");
    if (c.unit_id != h->unit_id || (move->to_employee_id && (!to || !to->takes)))
        return ERR_OK;
    if (c.version != move->version) {
        move->outcome = c.caseworker_id == move->to_employee_id ? CASEFILE_MOVED_DONE : CASEFILE_MOVED_SEEN;
        return ERR_OK;
    }
    e = to ? own_case(cx, c.id, to, &own) : ERR_OK;
    if (!e)
        move->outcome = own ? CASEFILE_MOVED_OWN : CASEFILE_MOVES;
    return e;
}

static enum err move_one(struct cx *cx, const struct handing *h, struct casefile_move *move)
{
    const struct casefile_member *to = move->to_employee_id ? member(&h->team, move->to_employee_id) : NULL;
    struct casefile c;
    enum err e = look(cx, h, move, to);
    if (e || move->outcome != CASEFILE_MOVES)
        return e;
    e = casefile_begin(cx, move->casefile_id, move->version, to ? CASEFILE_DO_HAND_OVER : CASEFILE_DO_RELEASE, &c);
    if (e == ERR_CONFLICT || e == ERR_FORBIDDEN) { /* nothing was written: the others go on */
        move->outcome = e == ERR_CONFLICT ? CASEFILE_MOVED_SEEN : CASEFILE_MOVED_NOT;
        return ERR_OK;
    }
    if (!e)
        e = casefile_assign(cx, &c, move->to_employee_id);
    if (e)
        return e;
    return casefile_event_add(
        cx, &(struct casefile_event_new){.casefile_id = c.id,
                                         .kind = to ? S("handed_over") : S("released"),
                                         .params = to ? params_text(cx, "caseworker", to->name) : S("")});
}

static enum err move_all(struct cx *cx, void *ctx)
{
    struct handing *h = ctx;
    h->team = (struct casefile_members){0};
    enum err e = members_of(cx, h->unit_id, &h->team);
    for (size_t i = 0; !e && i < h->moves->rows.n; i++)
        e = move_one(cx, h, &h->moves->rows.p[i]);
    return e;
}

/* Two leaders at the same time lock the same cases in the same order. */
static int by_id(const void *a, const void *b)
{
    const struct casefile_move *x = a, *y = b;
    return x->casefile_id < y->casefile_id ? -1 : x->casefile_id > y->casefile_id;
}

enum err casefile_hand_over_all(struct cx *cx, int64_t unit_id, struct casefile_moves *moves)
{
    struct handing h = {.unit_id = unit_id, .moves = moves};
    enum err e = leads(cx, unit_id);
    if (!e && (!moves->rows.n || moves->rows.n > CASEFILE_MOVES_MAX))
        e = fail_field(cx, ERR_INVALID, S("move"), "1 to %d cases", CASEFILE_MOVES_MAX);
    if (e)
        return e;
    qsort(moves->rows.p, moves->rows.n, sizeof *moves->rows.p, by_id);
    return db_write(cx, move_all, &h);
}
