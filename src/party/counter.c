/* Law 7: the counter opens one person by the full identity number and a stated purpose, logged. */
#include "party_internal.h"

#include "access/access.h"
#include "party_store.h"

enum { PURPOSE_MIN = 10, PURPOSE_MAX = 200 };

static enum err check(struct cx *cx, struct str purpose)
{
    if (cx->who->kind != WHO_EMPLOYEE)
        return fail(cx, ERR_FORBIDDEN, "not an employee");
    size_t n = text_length(purpose);
    if (n < PURPOSE_MIN || n > PURPOSE_MAX)
        return fail_field(cx, ERR_INVALID, S("purpose"), "say what it is for, in %d to %d characters", PURPOSE_MIN,
                          PURPOSE_MAX);
    return ERR_OK;
}

static void note(struct cx *cx, int64_t id, const char *kind, struct str purpose, bool refused)
{
    access_note(cx, &(struct access_entry){
                        .subject_party_id = id, .kind = str_of(kind), .purpose = purpose, .refused = refused});
}

enum err party_is_own(struct cx *cx, int64_t id, bool *ret)
{
    struct q_party_mandate_between mandate = {.may = true};
    enum err e = ERR_OK;
    if (id != cx->who->party_id)
        e = q_party_mandate_between(cx, cx->who->party_id, id, cx->now_us, &mandate);
    if (!e)
        *ret = mandate.may;
    return e;
}

/* Whether cx->who, of the counter, may open this person: a protected one only with the right. */
static enum err may_open(struct cx *cx, int64_t id)
{
    struct q_party_row row;
    bool found, own;
    enum err e = party_is_own(cx, id, &own);
    if (!e && own)
        return fail(cx, ERR_FORBIDDEN, "LAW 7: nobody handles their own matters, or those of one they may act for");
    if (!e)
        e = q_party_row(cx, id, &row, &found);
    if (!e && found && row.protected && !auth_has(cx->who, ROLE_PROTECTED))
        e = fail(cx, ERR_FORBIDDEN, "LAW 7: a person with a protected address is for those who have the right");
    return e;
}

enum err party_open_at_counter(struct cx *cx, struct str idno, struct str purpose, struct party *ret)
{
    int64_t id = 0;
    purpose = str_trim(purpose);
    enum err e = check(cx, purpose);
    if (e)
        return e;
    bool counter = auth_has(cx->who, ROLE_COUNTER), found = true;
    e = counter ? party_by_idno(cx, idno, &id) : party_known_by_idno(cx, idno, &id, &found);
    if (e)
        return e;
    e = counter ? may_open(cx, id) : fail(cx, ERR_FORBIDDEN, "LAW 7: only the counter opens a person");
    if (id && (!e || e == ERR_FORBIDDEN))
        note(cx, id, "person", purpose, e);
    return e ? e : party_get(cx, id, ret);
}

/* ---- the stay ---- */

enum err party_stay_begin(struct cx *cx, struct str idno, struct str purpose, enum channel channel)
{
    struct party p;
    if (channel != CHANNEL_COUNTER && channel != CHANNEL_TELEPHONE && channel != CHANNEL_LETTER)
        return fail_field(cx, ERR_INVALID, S("channel"), "at the counter, on the telephone, or from a letter");
    enum err e = party_open_at_counter(cx, idno, purpose, &p);
    return e ? e
             : auth_stay_begin(
                   cx,
                   &(struct stay){.party_id = p.id, .name = p.name, .purpose = str_trim(purpose), .channel = channel});
}

enum err party_stay_get(struct cx *cx, struct party *ret)
{
    const struct stay *stay = cx->who->stay;
    if (!stay)
        return fail(cx, ERR_NOT_FOUND, "no citizen is open at the counter");
    party_stay_note(cx, "person");
    return party_get(cx, stay->party_id, ret);
}

void party_stay_note(struct cx *cx, const char *kind)
{
    const struct stay *stay = cx->who->stay;
    if (stay)
        note(cx, stay->party_id, kind, stay->purpose, false);
}
