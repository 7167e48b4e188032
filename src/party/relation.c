/* Custody and the right to speak for an organisation: only registers can tell (law 9). What they said is kept as a
   mandate for a day. */
#include "party_internal.h"
#include "party_store.h"

struct asked {
    int64_t giver_id;
    enum party_basis basis;
    int64_t until_us;
};
struct relations {
    VEC_OF(struct asked) rows;
};

int64_t party_child_until(day_t born)
{
    int year, month, day;
    civil_from_day(born, &year, &month, &day);
    return civil_day_start_us(civil_to_day(year + PARTY_CHILD_AGE, month, month == 2 && day == 29 ? 28 : day));
}

/* Until the child is old enough to ask for itself, or the register is asked again. */
static int64_t custody_until(const struct cx *cx, day_t born)
{
    int64_t own_us = party_child_until(born), kept_us = cx->now_us + PARTY_RELATION_HOURS * HOUR_US;
    return own_us < kept_us ? own_us : kept_us;
}

static enum err add_child(struct cx *cx, struct str idno, struct relations *to)
{
    struct asked a = {.basis = PARTY_BASIS_CUSTODY};
    struct str plain;
    day_t born;
    if (!party_idno_parse(cx, party_country(cx), idno, &plain, &born))
        return fail(cx, ERR_UPSTREAM, "the register names a child by no identity number");
    bool found = true;
    a.until_us = custody_until(cx, born);
    /* of one who is old enough to act and to ask nothing is fetched: what is known of it is over, and still true */
    enum err e = a.until_us > cx->now_us ? party_by_idno(cx, plain, &a.giver_id)
                                         : party_known_by_idno(cx, plain, &a.giver_id, &found);
    if (e == ERR_NOT_FOUND) { /* named here and unknown there: the others stand all the same */
        cx->fail = (struct fail){0};
        return ERR_OK;
    }
    if (!e && found)
        vec_add(cx->arena, &to->rows, a);
    return e;
}

static enum err ask(struct cx *cx, struct relations *ret)
{
    struct register_relations told;
    struct str idno;
    enum err e = party_idno_open(cx, cx->who->party_id, &idno);
    if (!e)
        e = register_relations(cx, idno, &told);
    for (size_t i = 0; !e && i < told.children.n; i++)
        e = add_child(cx, told.children.p[i], ret);
    for (size_t i = 0; !e && i < told.organisations.n; i++) {
        struct asked a = {.basis = PARTY_BASIS_BUSINESS, .until_us = cx->now_us + PARTY_RELATION_HOURS * HOUR_US};
        e = party_organisation(cx, told.organisations.p[i].number, told.organisations.p[i].name, &a.giver_id);
        if (!e)
            vec_add(cx->arena, &ret->rows, a);
    }
    return e;
}

static enum err keep(struct cx *cx, const struct asked *a, const struct party_mandates *mine)
{
    if (a->until_us <= cx->now_us)
        return ERR_OK;
    for (size_t i = 0; i < mine->rows.n; i++) {
        struct party_mandate m = mine->rows.p[i];
        int64_t n;
        if (m.withdrawn_us.set || m.basis != a->basis || m.giver_id != a->giver_id || m.holder_id != cx->who->party_id)
            continue;
        enum err e = q_party_mandate_renew(cx, m.id, a->until_us, &n);
        m.until_us = opt_int(a->until_us);
        return e ? e : party_mandate_changed(cx, &m);
    }
    return party_mandate_store(cx,
                               &(struct party_mandate){.id = rand_id(),
                                                       .giver_id = a->giver_id,
                                                       .holder_id = cx->who->party_id,
                                                       .scope = S(""),
                                                       .act = true,
                                                       .basis = a->basis,
                                                       .from_us = cx->now_us,
                                                       .until_us = opt_int(a->until_us)},
                               0);
}

static bool among(const struct relations *all, const struct party_mandate *m)
{
    for (size_t i = 0; i < all->rows.n; i++)
        if (all->rows.p[i].basis == m->basis && all->rows.p[i].giver_id == m->giver_id)
            return true;
    return false;
}

static enum err keep_all(struct cx *cx, void *ctx)
{
    const struct relations *all = ctx;
    struct party_mandates mine;
    enum err e = party_mandates_mine(cx, &mine);
    for (size_t i = 0; !e && i < all->rows.n; i++)
        e = keep(cx, &all->rows.p[i], &mine);
    for (size_t i = 0; !e && i < mine.rows.n; i++) {
        const struct party_mandate *m = &mine.rows.p[i];
        bool ended;
        /* also one whose day was over: until it is withdrawn, it is the last that a register has said */
        if (m->basis >= PARTY_BASIS_CUSTODY && m->holder_id == cx->who->party_id && !m->withdrawn_us.set &&
            !among(all, m))
            e = party_mandate_end(cx, m->id, 0, &ended);
    }
    return e;
}

enum err party_relations_ask(struct cx *cx)
{
    struct relations all = {0};
    if (cx->who->kind != WHO_PARTY || !cx->who->party_id)
        return fail(cx, ERR_FORBIDDEN, "not a person");
    enum err e = ask(cx, &all);
    if (e == ERR_NOT_FOUND) /* no identity number, or not in the register: no relations */
        e = ERR_OK;
    return e ? e : db_write(cx, keep_all, &all);
}

enum err party_relations_again(struct cx *cx, int64_t party_id)
{
    struct who asker = {.kind = WHO_PARTY, .party_id = party_id};
    const struct who *before = cx->who;
    struct q_party_relations_known row;
    enum err e = q_party_relations_known(cx, party_id, &row);
    if (e || !row.known)
        return e;
    cx->who = &asker;
    e = party_relations_ask(cx);
    cx->who = before;
    return e;
}

enum err party_speaks_for(struct cx *cx, int64_t holder_id, int64_t giver_id, struct str service_key, bool *ret)
{
    struct q_party_row giver;
    struct q_party_speaks_for row;
    bool found, may;
    enum err e = q_party_row(cx, giver_id, &giver, &found);
    if (!e)
        e = party_may_act(cx, holder_id, giver_id, service_key, &may);
    if (!e)
        e = q_party_speaks_for(cx, holder_id, giver_id, &row);
    if (!e)
        *ret = found && (may || row.business ||
                         (row.custody && giver.born.set && !party_of_age(cx, giver.born.v, PARTY_CHILD_AGE)));
    return e;
}
