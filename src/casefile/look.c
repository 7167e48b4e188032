/* The citizens' adviser (law 7): one case at a time, by its whole number, for a purpose that the party reads. */
#include "casefile_internal.h"

struct look {
    struct str no, purpose;
    int64_t id, until_us;
    bool may;
    struct casefile file;
    struct casefile_view view;
};

static bool is_adviser(const struct who *w)
{
    return w->kind == WHO_EMPLOYEE && auth_has(w, ROLE_ADVISER);
}

static struct viewer adviser(struct cx *cx)
{
    return (struct viewer){3, {&cx->who->employee_id, 1}, cx->who->party_id};
}

static enum err sees(struct cx *cx, int64_t id, bool *ret)
{
    struct q_casefile_visible row;
    struct viewer v = adviser(cx);
    enum err e = q_casefile_visible(cx, id, v.kind, v.refs, v.party, cx->now_us, &row);
    if (!e)
        *ret = row.may;
    return e;
}

static enum err begin(struct cx *cx, void *ctx)
{
    struct look *l = ctx;
    struct q_casefile_id_by_no row;
    bool found;
    enum err e = q_casefile_id_by_no(cx, l->no, &row, &found);
    if (!e && !found)
        e = fail_field(cx, ERR_INVALID, S("no"), "no case file has this number");
    if (!e)
        e = casefile_load(cx, row.id, &l->file);
    if (e)
        return e;
    int64_t id = rand_id();
    l->until_us = civil_day_start_us(civil_day_of_us(cx->now_us) + CASEFILE_LOOK_DAYS + 1);
    e = q_casefile_look_insert(cx, &(struct q_casefile_look_insert_in){.id = id,
                                                                       .casefile_id = row.id,
                                                                       .employee_id = cx->who->employee_id,
                                                                       .purpose = l->purpose,
                                                                       .from_us = cx->now_us,
                                                                       .until_us = l->until_us});
    if (!e)
        e = q_casefile_reach_put(cx, &(struct q_casefile_reach_put_in){.casefile_id = row.id,
                                                                       .kind = 3,
                                                                       .ref = cx->who->employee_id,
                                                                       .via = id,
                                                                       .from_us = cx->now_us,
                                                                       .until_us = l->until_us,
                                                                       .sort_us = l->file.received_us});
    if (!e)
        e = sees(cx, row.id, &l->may); /* her own case: may_see says no, whatever was put */
    return e || l->may ? e : fail(cx, ERR_FORBIDDEN, "LAW 7: it is her own case");
}

/* What is noted of it: the file, the purpose, the role. */
static void note(struct cx *cx, const struct look *l, bool refused)
{
    struct casefile_view v = {.file = l->file, .purpose = l->purpose, .as = ROLE_ADVISER};
    note_view(cx, &v, "casefile", refused);
}

enum err casefile_look_begin(struct cx *cx, struct str no, struct str purpose, int64_t *ret_casefile_id)
{
    struct look l = {.no = str_trim(no), .purpose = str_trim(purpose)};
    size_t n = text_length(l.purpose);
    if (!is_adviser(cx->who))
        return fail(cx, ERR_FORBIDDEN, "for the citizens' adviser");
    if (n < CASEFILE_PURPOSE_MIN || n > CASEFILE_PURPOSE_MAX || !text_clean(l.purpose))
        return fail_field(cx, ERR_INVALID, S("purpose"), "not %d to %d characters", CASEFILE_PURPOSE_MIN,
                          CASEFILE_PURPOSE_MAX);
    enum err e = db_write(cx, begin, &l);
    if (!e)
        *ret_casefile_id = l.file.id;
    if (!e || e == ERR_FORBIDDEN)
        note(cx, &l, e != ERR_OK);
    return e;
}

static enum err open_in_snapshot(struct cx *cx, void *ctx)
{
    struct look *l = ctx;
    struct q_casefile_look_purpose row;
    bool found;
    enum err e = casefile_load(cx, l->id, &l->file);
    if (!e)
        e = sees(cx, l->id, &l->may);
    if (!e)
        e = q_casefile_look_purpose(cx, l->id, cx->who->employee_id, cx->now_us, &row, &found);
    if (!e) {
        l->may = l->may && found;
        l->purpose = found ? row.purpose : S("");
    }
    if (!e && l->may && l->file.party_id)
        e = party_get(cx, l->file.party_id, &l->view.party);
    return e;
}

enum err casefile_open_as_adviser(struct cx *cx, int64_t id, struct casefile_view *ret)
{
    struct look l = {.id = id};
    if (!is_adviser(cx->who))
        return fail(cx, ERR_FORBIDDEN, "for the citizens' adviser");
    enum err e = db_read(cx, open_in_snapshot, &l);
    if (e)
        return e;
    note(cx, &l, !l.may);
    if (!l.may)
        return fail(cx, ERR_FORBIDDEN, "LAW 7: no purpose is stated, or its days are over, or it is her own case");
    l.view.file = l.file;
    l.view.purpose = l.purpose;
    l.view.as = ROLE_ADVISER;
    *ret = l.view;
    return ERR_OK;
}

enum err casefile_looks(struct cx *cx, struct casefile_looks *ret)
{
    struct q_casefile_look_list *rows;
    struct viewer v = adviser(cx);
    size_t n;
    *ret = (struct casefile_looks){0};
    if (!is_adviser(cx->who))
        return fail(cx, ERR_FORBIDDEN, "for the citizens' adviser");
    enum err e = q_casefile_look_list(cx, cx->who->employee_id, v.kind, v.refs, v.party, cx->now_us, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &ret->rows,
                (struct casefile_look){.casefile_id = rows[i].casefile_id,
                                       .no = rows[i].no.p ? rows[i].no : S(""),
                                       .title = title_text(cx, cx->lang, rows[i].service_version_id, rows[i].title),
                                       .purpose = rows[i].purpose,
                                       .from_us = rows[i].from_us,
                                       .until_us = rows[i].until_us});
    return e;
}
