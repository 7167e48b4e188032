/* The citizen whom an employee of the counter has open. Who may open whom is law 7, and party/ asks it. */
#include "auth_internal.h"
#include "auth_store.h"
#include "db/db.h"

int64_t auth_stay_until(const struct cx *cx, const struct session *s)
{
    int64_t until = cx->now_us + AUTH_STAY_MINUTES * MINUTE_US;
    return until < s->ends_us ? until : s->ends_us;
}

void auth_stay_take(struct cx *cx, struct who *who, const struct q_auth_session_get *row)
{
    if (!row->stay_party_id.set || !auth_has(who, ROLE_COUNTER))
        return;
    struct stay *stay = arena_new_of(cx->arena, struct stay);
    *stay = (struct stay){.party_id = row->stay_party_id.v,
                          .name = row->stay_name,
                          .purpose = row->stay_purpose,
                          .channel = (enum channel)row->stay_channel.v,
                          .ends_us = row->stay_ends_us.v};
    who->stay = stay;
}

struct begin {
    const struct stay *stay;
    int64_t ends_us;
};

static enum err write_begin(struct cx *cx, void *ctx)
{
    const struct begin *b = ctx;
    enum err e = auth_hold_party(cx, b->stay->party_id);
    if (!e)
        e = q_auth_stay_end(cx, cx->who->session_id);
    return e ? e
             : q_auth_stay_add(cx, &(struct q_auth_stay_add_in){.session_id = cx->who->session_id,
                                                                .employee_id = cx->who->employee_id,
                                                                .unit_id = cx->who->acting_unit_id,
                                                                .party_id = b->stay->party_id,
                                                                .name = b->stay->name,
                                                                .channel = b->stay->channel,
                                                                .purpose = b->stay->purpose,
                                                                .now_us = cx->now_us,
                                                                .ends_us = b->ends_us});
}

/* cx->who is the session's own: what it has open changes with the row. */
static struct who *own_who(struct cx *cx)
{
    return cx->session && cx->who == &cx->session->who ? &cx->session->who : NULL;
}

enum err auth_stay_begin(struct cx *cx, const struct stay *stay)
{
    struct who *who = own_who(cx);
    if (!who || who->kind != WHO_EMPLOYEE || !who->session_id || !who->acting_unit_id || !auth_has(who, ROLE_COUNTER))
        return fail(cx, ERR_FORBIDDEN, "only an employee of the counter opens a citizen");
    struct begin b = {stay, auth_stay_until(cx, cx->session)};
    enum err e = db_write(cx, write_begin, &b);
    if (e)
        return e;
    struct stay *now = arena_new_of(cx->arena, struct stay);
    *now = *stay;
    now->ends_us = b.ends_us;
    who->stay = now;
    return ERR_OK;
}

static enum err write_end(struct cx *cx, void *ctx)
{
    (void)ctx;
    return q_auth_stay_end(cx, cx->who->session_id);
}

enum err auth_stay_end(struct cx *cx)
{
    struct who *who = own_who(cx);
    if (!who || !who->session_id)
        return ERR_OK;
    enum err e = db_write(cx, write_end, NULL);
    if (!e)
        who->stay = NULL;
    return e;
}
