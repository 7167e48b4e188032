/* How applications come: who typed them, what the counter sees of a citizen's cases, and the share without a computer.
 */
#include "casefile_internal.h"

#include "access/access.h"

struct str casefile_helper_text(struct cx *cx, const struct casefile *c, bool party_view)
{
    static const enum text words[CHANNEL_COUNT][2] = {
        [CHANNEL_SELF] = {T_casefile_helper_self, T_casefile_helper_self_party},
        [CHANNEL_COUNTER] = {T_casefile_helper_counter, T_casefile_helper_counter_party},
        [CHANNEL_TELEPHONE] = {T_casefile_helper_telephone, T_casefile_helper_telephone_party},
        [CHANNEL_LETTER] = {T_casefile_helper_letter, T_casefile_helper_letter_party},
    };
    if (c->holder_name.n)
        return i18n_fmt(cx, party_view ? T_casefile_holder_party : T_casefile_holder, ARG("name", c->holder_name));
    if (!c->helper_name.n || c->channel < CHANNEL_SELF || c->channel >= CHANNEL_COUNT)
        return S("");
    return i18n_fmt(cx, words[c->channel][party_view], ARG("name", c->helper_name), ARG("unit", c->helper_unit));
}

enum err casefile_list_at_counter(struct cx *cx, struct casefile_rows *ret)
{
    struct q_casefile_list_at_counter *rows;
    size_t n;
    *ret = (struct casefile_rows){0};
    if (!cx->who->stay)
        return fail(cx, ERR_FORBIDDEN, "LAW 7: no citizen is open at the counter");
    enum err e = q_casefile_list_at_counter(cx, cx->who->session_id, cx->who->stay->party_id, cx->now_us, &rows, &n);
    if (e)
        return e;
    party_stay_note(cx, "list");
    for (size_t i = 0; i < n; i++) {
        const struct q_casefile_list_at_counter *r = &rows[i];
        vec_add(cx->arena, &ret->rows,
                (struct casefile_row){.id = r->id,
                                      .no = r->no.p ? r->no : S(""),
                                      .title = title_text(cx, cx->lang, r->service_version_id, r->title),
                                      .state = (enum casefile_state)r->state,
                                      .fell = r->fell,
                                      .sent_on = appeal_sent_on((enum casefile_state)r->state, r->deadline_us),
                                      .unit_name = unit_text(cx, r->unit_key, r->unit_name),
                                      .received_us = r->received_us,
                                      .deadline_us = r->deadline_us,
                                      .overdue = r->deadline_us.set && r->deadline_us.v <= cx->now_us});
    }
    return ERR_OK;
}

static struct str service_title(struct cx *cx, struct str key)
{
    const struct service_version *v = cx->services ? service_current(cx, key) : NULL;
    return v ? words_in(&v->name, cx->lang) : key;
}

/* A leader's units, and those below them; an administrator's are all. */
static enum err units_counted(struct cx *cx, struct db_ints *ret)
{
    struct casefile_units units = {0};
    enum err e = auth_has(cx->who, ROLE_ADMIN) ? auth_units(cx, &units.rows.p, &units.rows.n)
                                               : casefile_leader_units(cx, &units);
    if (e)
        return e;
    int64_t *ids = arena_array(cx->arena, int64_t, units.rows.n);
    for (size_t i = 0; i < units.rows.n; i++)
        ids[i] = units.rows.p[i].id;
    *ret = (struct db_ints){ids, units.rows.n};
    return ERR_OK;
}

enum err casefile_channels(struct cx *cx, int year, struct casefile_channel_rows *ret)
{
    struct q_casefile_channels *rows;
    struct db_ints units;
    size_t n;
    *ret = (struct casefile_channel_rows){0};
    if (cx->who->kind != WHO_EMPLOYEE || !auth_has(cx->who, ROLE_LEADER | ROLE_ADMIN))
        return fail(cx, ERR_FORBIDDEN, "for leaders and administrators");
    enum err e = units_counted(cx, &units);
    if (!e)
        e = q_casefile_channels(
            cx,
            &(struct q_casefile_channels_in){.unit_ids = units,
                                             .from_month = year * 12,
                                             .to_month = (year + 1) * 12,
                                             .from_us = civil_day_start_us(civil_to_day(year, 1, 1)),
                                             .to_us = civil_day_start_us(civil_to_day(year + 1, 1, 1)),
                                             .viewer_party = cx->who->party_id,
                                             .viewer_now = cx->now_us},
            &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        struct casefile_channel_row *last = ret->rows.n ? &ret->rows.p[ret->rows.n - 1] : NULL;
        if (!last || !str_eq(last->service_key, rows[i].service_key)) {
            last = vec_push(cx->arena, &ret->rows);
            *last = (struct casefile_channel_row){.service_key = rows[i].service_key,
                                                  .title = service_title(cx, rows[i].service_key)};
        }
        last->n[rows[i].channel] = rows[i].n;
        last->n[0] += rows[i].n;
        ret->all.n[rows[i].channel] += rows[i].n;
        ret->all.n[0] += rows[i].n;
    }
    return e;
}

int64_t casefile_channel_share(const struct casefile_channel_row *row)
{
    return row->n[0] ? (1000 * (row->n[0] - row->n[CHANNEL_SELF] - row->n[CHANNEL_EMAIL]) + row->n[0] / 2) / row->n[0]
                     : 0;
}
