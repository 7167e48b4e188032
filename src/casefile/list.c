/* Lists, all through the fragment may_see (casefile.sql): queue, my cases. */
#include <stdlib.h>

#include "access/access.h"
#include "casefile_internal.h"

enum { LIMIT_MAX = 200 };

struct ids {
    VEC_OF(int64_t) v;
};

static void add_once(struct cx *cx, struct ids *ids, int64_t id)
{
    for (size_t i = 0; i < ids->v.n; i++)
        if (ids->v.p[i] == id)
            return;
    vec_add(cx->arena, &ids->v, id);
}

enum err found_name(struct cx *cx, struct found *found)
{
    struct ids units = {0}, caseworkers = {0};
    for (size_t i = 0; i < found->rows.n; i++) {
        add_once(cx, &units, found->rows.p[i].unit_id);
        if (found->rows.p[i].caseworker_id.set)
            add_once(cx, &caseworkers, found->rows.p[i].caseworker_id.v);
    }
    if (!units.v.n)
        return ERR_OK;
    return q_casefile_list_names(cx, (struct db_ints){units.v.p, units.v.n},
                                 (struct db_ints){caseworkers.v.p, caseworkers.v.n}, cx->now_us, &found->names,
                                 &found->n_names);
}

static struct str name_of_unit(struct cx *cx, const struct found *found, int64_t unit_id)
{
    for (size_t i = 0; i < found->n_names; i++) {
        const struct q_casefile_list_names *n = &found->names[i];
        if (!n->employee_id.set && n->unit_id.v == unit_id)
            return unit_text(cx, n->key, n->name);
    }
    return S("");
}

/* As the fragment employee_away says: away now, left the house, or left the unit. */
static void name_caseworker(const struct found *found, int64_t employee_id, int64_t unit_id, struct casefile_row *row)
{
    bool here = false;
    for (size_t i = 0; i < found->n_names; i++) {
        const struct q_casefile_list_names *n = &found->names[i];
        if (!n->employee_id.set || n->employee_id.v != employee_id)
            continue;
        row->caseworker_name = n->name;
        here |= !n->gone && n->unit_id.set && n->unit_id.v == unit_id;
    }
    row->caseworker_away = !here;
}

struct casefile_row found_row(struct cx *cx, const struct found *found, size_t i)
{
    const struct q_casefile_queue_unit *r = &found->rows.p[i];
    bool party_view = cx->who->kind == WHO_PARTY;
    bool own = party_view && r->party_id.set && r->party_id.v == cx->who->party_id;
    struct casefile_row row = {.id = r->id,
                               .no = r->no.p ? r->no : S(""),
                               .title = title_text(cx, cx->lang, r->service_version_id, r->title),
                               .state = (enum casefile_state)r->state,
                               .fell = r->fell,
                               .sent_on = appeal_sent_on((enum casefile_state)r->state, r->deadline_us),
                               .party_id = r->party_id.v,
                               .party_name = r->party_name.p && !own ? r->party_name : S(""),
                               .unit_name = name_of_unit(cx, found, r->unit_id),
                               .caseworker_name = S(""),
                               .received_us = r->received_us,
                               .deadline_us = r->deadline_us,
                               .overdue = r->deadline_us.set && r->deadline_us.v <= cx->now_us,
                               .unread = party_view ? r->waiting > 0 : r->unread,
                               .call_first = str_eq_z(r->task, "call") && r->state < CASEFILE_DECIDED,
                               .for_other = party_view && !own};
    if (r->caseworker_id.set)
        name_caseworker(found, r->caseworker_id.v, r->unit_id, &row);
    row.caseworker_away &= !party_view;
    return row;
}

/* "1234-5678": the sort value and id of the last row. */
static enum err cursor_parse(struct cx *cx, struct str after, int64_t *us, int64_t *id)
{
    struct str first;
    if (!after.n)
        return ERR_OK;
    struct str rest = after;
    if (!str_cut(&rest, '-', &first) || !str_to_i64(first, us) || !str_to_i64(rest, id))
        return fail_field(cx, ERR_INVALID, S("after"), "not a place in a list");
    return ERR_OK;
}

static struct str cursor_make(struct cx *cx, int64_t us, int64_t id)
{
    return str_fmt(cx->arena, "%lld-%lld", (long long)us, (long long)id);
}

void found_note(struct cx *cx, const struct casefile_rows *list, const char *kind, enum text purpose)
{
    if (cx->who->kind != WHO_EMPLOYEE)
        return;
    for (size_t i = 0; i < list->rows.n; i++)
        if (list->rows.p[i].party_id)
            access_note(cx, &(struct access_entry){.subject_party_id = list->rows.p[i].party_id,
                                                   .kind = str_of(kind),
                                                   .purpose = access_purpose(cx, purpose)});
}

/* ---- queue ---- */

struct queue {
    const struct casefile_queue_query *query;
    int64_t unit_id, limit, after_us, after_id;
    struct viewer viewer;
    struct found found;
    struct q_casefile_lacking *lacking;
    size_t n_lacking;
};

static enum err unit_queue(struct cx *cx, struct queue *q, int64_t unit_id)
{
    struct q_casefile_queue_unit *rows;
    size_t n;
    enum err e = q_casefile_queue_unit(cx,
                                       &(struct q_casefile_queue_unit_in){.unit_id = unit_id,
                                                                          .after_us = q->after_us,
                                                                          .after_id = q->after_id,
                                                                          .limit = q->limit + 1,
                                                                          VIEWER_IN(cx, q->viewer)},
                                       &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &q->found.rows, rows[i]);
    return e;
}

static enum err my_queue(struct cx *cx, struct queue *q)
{
    struct q_casefile_queue_mine *rows;
    size_t n;
    enum err e = q_casefile_queue_mine(cx,
                                       &(struct q_casefile_queue_mine_in){.employee_id = cx->who->employee_id,
                                                                          .after_us = q->after_us,
                                                                          .after_id = q->after_id,
                                                                          .limit = q->limit + 1,
                                                                          VIEWER_IN(cx, q->viewer)},
                                       &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        struct q_casefile_queue_unit same = FOUND(rows[i]);
        same.task = rows[i].task;
        vec_add(cx->arena, &q->found.rows, same);
    }
    return e;
}

static int by_deadline(const void *a, const void *b)
{
    const struct q_casefile_queue_unit *x = a, *y = b;
    if (x->sort_us != y->sort_us)
        return x->sort_us < y->sort_us ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static enum err find_rows(struct cx *cx, struct queue *q)
{
    enum err e = ERR_OK;
    if (q->query->scope == CASEFILE_MINE)
        return my_queue(cx, q);
    if (q->query->scope == CASEFILE_UNIT)
        return unit_queue(cx, q, q->unit_id);
    /* each unit by its own index, then merged: one statement over all units would have to sort them all */
    for (size_t i = 0; !e && i < cx->who->n_units; i++)
        e = unit_queue(cx, q, cx->who->unit_ids[i]);
    if (!e && q->found.rows.n)
        qsort(q->found.rows.p, q->found.rows.n, sizeof *q->found.rows.p, by_deadline);
    return e;
}

/* One question for the whole page, and only where a service in it asks for signatures: in the statement of the queue it
   would be asked of each row (a sixth of its time). */
static enum err find_lacking(struct cx *cx, struct queue *q)
{
    VEC_OF(int64_t) asked = {0};
    for (size_t i = 0; i < q->found.rows.n; i++) {
        const struct service_version *v = service_version_by_id(cx, q->found.rows.p[i].service_version_id);
        if (v && v->cosign.by)
            vec_add(cx->arena, &asked, q->found.rows.p[i].id);
    }
    if (!asked.n)
        return ERR_OK;
    return q_casefile_lacking(cx, (struct db_ints){asked.p, asked.n}, &q->lacking, &q->n_lacking);
}

static bool lacks(const struct queue *q, const struct q_casefile_queue_unit *r)
{
    for (size_t i = 0; i < q->n_lacking; i++)
        if (q->lacking[i].casefile_id == r->id)
            return r->state != CASEFILE_WITHDRAWN && r->state != CASEFILE_CLOSED;
    return false;
}

static enum err run_queue(struct cx *cx, void *ctx)
{
    struct queue *q = ctx;
    enum err e = find_rows(cx, q);
    if (!e)
        e = found_name(cx, &q->found);
    return e ? e : find_lacking(cx, q);
}

enum err casefile_queue(struct cx *cx, const struct casefile_queue_query *query, struct casefile_rows *ret)
{
    struct queue q = {.query = query, .unit_id = query->unit_id, .limit = query->limit, .after_us = INT64_MIN};
    if (cx->who->kind != WHO_EMPLOYEE)
        return fail(cx, ERR_FORBIDDEN, "not an employee");
    if (!q.unit_id)
        q.unit_id = cx->who->acting_unit_id;
    if (query->scope == CASEFILE_UNIT && !auth_in_unit(cx->who, q.unit_id))
        return fail(cx, ERR_FORBIDDEN, "not a unit of this employee");
    if (q.limit < 1 || q.limit > LIMIT_MAX)
        return fail_field(cx, ERR_INVALID, S("limit"), "1 to %d", LIMIT_MAX);
    q.viewer = viewer_of(cx);
    enum err e = cursor_parse(cx, query->after, &q.after_us, &q.after_id);
    if (!e)
        e = db_read(cx, run_queue, &q);
    if (e)
        return e;
    *ret = (struct casefile_rows){0};
    for (size_t i = 0; i < q.found.rows.n && i < (size_t)q.limit; i++) {
        struct casefile_row *row = vec_push(cx->arena, &ret->rows);
        *row = found_row(cx, &q.found, i);
        row->lacks_signature = lacks(&q, &q.found.rows.p[i]);
    }
    if (q.found.rows.n > (size_t)q.limit) {
        const struct q_casefile_queue_unit *last = &q.found.rows.p[q.limit - 1];
        ret->next = cursor_make(cx, last->sort_us, last->id);
    }
    found_note(cx, ret, "list", T_casefile_purpose_queue);
    return ERR_OK;
}

/* ---- my cases ---- */

struct mine {
    int64_t after_us, after_id, limit;
    struct found found;
};

static enum err run_mine(struct cx *cx, void *ctx)
{
    struct mine *m = ctx;
    struct viewer v = viewer_of(cx);
    struct q_casefile_list_of_viewer *rows;
    size_t n;
    enum err e = q_casefile_list_of_viewer(cx,
                                           &(struct q_casefile_list_of_viewer_in){.party_id = cx->who->party_id,
                                                                                  .after_us = m->after_us,
                                                                                  .after_id = m->after_id,
                                                                                  .limit = m->limit + 1,
                                                                                  VIEWER_IN(cx, v)},
                                           &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &m->found.rows, FOUND(rows[i]));
    return e ? e : found_name(cx, &m->found);
}

enum err casefile_mine(struct cx *cx, struct str after, int64_t limit, struct casefile_rows *ret)
{
    struct mine m = {.after_us = INT64_MAX, .after_id = INT64_MAX, .limit = limit};
    if (cx->who->kind != WHO_PARTY)
        return fail(cx, ERR_FORBIDDEN, "not a person");
    if (limit < 1 || limit > LIMIT_MAX)
        return fail_field(cx, ERR_INVALID, S("limit"), "1 to %d", LIMIT_MAX);
    enum err e = cursor_parse(cx, after, &m.after_us, &m.after_id);
    if (!e)
        e = db_read(cx, run_mine, &m);
    if (e)
        return e;
    *ret = (struct casefile_rows){0};
    const struct q_casefile_queue_unit *rows = m.found.rows.p;
    for (size_t i = 0; i < m.found.rows.n && i < (size_t)limit; i++)
        if (!i || rows[i].id != rows[i - 1].id) /* two mandates may open the same case */
            vec_add(cx->arena, &ret->rows, found_row(cx, &m.found, i));
    if (m.found.rows.n > (size_t)limit)
        ret->next = cursor_make(cx, rows[limit - 1].sort_us, rows[limit - 1].id);
    for (size_t i = 0; i < ret->rows.n; i++)
        if (ret->rows.p[i].for_other && ret->rows.p[i].party_id)
            access_note(cx, &(struct access_entry){.subject_party_id = ret->rows.p[i].party_id,
                                                   .kind = S("list"),
                                                   .purpose = access_purpose(cx, T_casefile_purpose_mandate)});
    return ERR_OK;
}

enum err casefile_counts(struct cx *cx, struct casefile_counts *ret)
{
    const struct who *who = cx->who;
    struct q_casefile_count_open n;
    if (who->kind != WHO_EMPLOYEE)
        return fail(cx, ERR_FORBIDDEN, "not an employee");
    int64_t most = CASEFILE_COUNT_MAX + 1;
    enum err e =
        q_casefile_count_open(cx, who->acting_unit_id, who->employee_id, most, viewer_of(cx).party, cx->now_us, &n);
    if (!e && n.open < most) /* beyond it one more or less is not to be seen */
        *ret = (struct casefile_counts){n.open - n.own_open, n.overdue - n.own_overdue, n.mine};
    else if (!e)
        *ret = (struct casefile_counts){n.open, n.overdue, n.mine};
    return e;
}
