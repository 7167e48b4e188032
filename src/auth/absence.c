/* Who is away, so that colleagues can take over. No reason is asked and nothing is kept when it is over: illness is a
   matter of health (GDPR article 9). */
#include "auth_internal.h"
#include "auth_store.h"
#include "db/db.h"

struct away {
    int64_t employee_id;
    int64_t from_us;
    struct opt_int until_us;
    bool end;
};

/* Oneself, or a leader of a unit the employee works for. */
static enum err may_set(struct cx *cx, int64_t employee_id)
{
    struct q_auth_units_of *units;
    size_t n;
    if (cx->who->kind == WHO_EMPLOYEE && cx->who->employee_id == employee_id)
        return ERR_OK;
    enum err e = q_auth_units_of(cx, employee_id, &units, &n);
    for (size_t i = 0; !e && i < n; i++)
        if (auth_has(cx->who, ROLE_LEADER) && auth_in_unit(cx->who, units[i].id))
            return ERR_OK;
    return e ? e : fail(cx, ERR_FORBIDDEN, "only the employee, or a leader of the unit, says who is away");
}

static enum err write_away(struct cx *cx, void *ctx)
{
    const struct away *a = ctx;
    enum err e = may_set(cx, a->employee_id);
    if (e)
        return e;
    if (a->end)
        return q_auth_absence_end(cx, a->employee_id);
    return q_auth_absence_put(cx, a->employee_id, a->from_us, a->until_us, cx->who->employee_id, cx->now_us);
}

enum err auth_absence_set(struct cx *cx, int64_t employee_id, day_t from, const day_t *until)
{
    struct away a = {.employee_id = employee_id, .from_us = civil_day_start_us(from)};
    day_t today = civil_day_of_us(cx->now_us);
    if (until && *until < from)
        return fail_field(cx, ERR_INVALID, S("until"), "the last day is before the first");
    if (until && *until < today)
        return fail_field(cx, ERR_INVALID, S("until"), "the last day has passed");
    if (until)
        a.until_us = opt_int(civil_day_start_us(*until + 1));
    return db_write(cx, write_away, &a);
}

enum err auth_absence_end(struct cx *cx, int64_t employee_id)
{
    return db_write(cx, write_away, &(struct away){.employee_id = employee_id, .end = true});
}

enum err auth_absence_of(struct cx *cx, int64_t employee_id, struct auth_absence *ret, bool *ret_found)
{
    struct q_auth_absence_get row;
    bool found;
    enum err e = may_set(cx, employee_id);
    if (!e)
        e = q_auth_absence_get(cx, employee_id, cx->now_us, &row, &found);
    if (e)
        return e;
    if (found)
        *ret = (struct auth_absence){.from = civil_day_of_us(row.from_us),
                                     .open_ended = !row.until_us.set,
                                     .until = row.until_us.set ? civil_day_of_us(row.until_us.v - 1) : 0,
                                     .set_by = row.set_by};
    *ret_found = found;
    return ERR_OK;
}
