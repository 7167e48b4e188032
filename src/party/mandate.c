/* Who may act for whom. */
#include "party_internal.h"
#include "party_store.h"

static party_mandate_fn on_change; /* set once at start by app/ */

void party_mandate_hook(party_mandate_fn fn)
{
    on_change = fn;
}

/* The three queries give the same columns. */
#define MANDATE_OF(r) \
    ((struct party_mandate){.id = (r).id, \
                            .giver_id = (r).giver_id, \
                            .holder_id = (r).holder_id, \
                            .giver_name = (r).giver_name, \
                            .holder_name = (r).holder_name, \
                            .scope = (r).scope, \
                            .from_us = (r).from_us, \
                            .until_us = (r).until_us, \
                            .withdrawn_us = (r).withdrawn_us, \
                            .given_us = (r).given_us})

static enum err tell(struct cx *cx, int64_t id)
{
    struct q_party_mandate_get row;
    bool found;
    enum err e = q_party_mandate_get(cx, id, &row, &found);
    if (e || !on_change)
        return e;
    struct party_mandate m = MANDATE_OF(row);
    return on_change(cx, &m);
}

struct giving {
    const struct party_mandate_new *new;
    int64_t id;
};

static enum err store_mandate(struct cx *cx, void *ctx)
{
    struct giving *g = ctx;
    struct q_party_lock lock;
    bool found;
    g->id = rand_id();
    enum err e = q_party_lock(cx, cx->who->party_id, &lock, &found);
    if (e)
        return e;
    e = q_party_mandate_insert(cx, &(struct q_party_mandate_insert_in){.id = g->id,
                                                                       .giver_id = cx->who->party_id,
                                                                       .holder_id = g->new->holder_id,
                                                                       .scope = g->new->scope,
                                                                       .from_us = g->new->from_us,
                                                                       .until_us = g->new->until_us,
                                                                       .given_us = cx->now_us});
    return e ? e : tell(cx, g->id);
}

enum err party_mandate_give(struct cx *cx, const struct party_mandate_new *mandate, int64_t *ret_id)
{
    struct giving g = {.new = mandate};
    if (cx->who->kind != WHO_PARTY || !cx->who->party_id)
        return fail(cx, ERR_FORBIDDEN, "a mandate is given by the person itself");
    if (mandate->holder_id == cx->who->party_id || mandate->holder_id <= 0)
        return fail_field(cx, ERR_INVALID, S("holder"), "somebody else must hold the mandate");
    if (mandate->until_us.set && mandate->until_us.v <= mandate->from_us)
        return fail_field(cx, ERR_INVALID, S("until"), "ends before it begins");
    enum err e = db_write(cx, store_mandate, &g);
    if (!e)
        *ret_id = g.id;
    return e;
}

static enum err end_mandate(struct cx *cx, void *ctx)
{
    int64_t id = *(const int64_t *)ctx, n;
    struct q_party_mandate_get row;
    bool found;
    enum err e = q_party_mandate_get(cx, id, &row, &found);
    if (e)
        return e;
    int64_t me = cx->who->kind == WHO_PARTY ? cx->who->party_id : 0;
    if (!found || !me || (row.giver_id != me && row.holder_id != me))
        return fail(cx, ERR_NOT_FOUND, "no such mandate of this person");
    struct q_party_lock lock;
    e = q_party_lock(cx, row.giver_id, &lock, &found);
    if (e)
        return e;
    e = q_party_mandate_end(cx, id, cx->now_us, me, &n);
    return e || !n ? e : tell(cx, id);
}

enum err party_mandate_withdraw(struct cx *cx, int64_t id)
{
    return db_write(cx, end_mandate, &id);
}

enum err party_mandates_mine(struct cx *cx, struct party_mandates *ret)
{
    struct q_party_mandate_list *rows;
    size_t n;
    *ret = (struct party_mandates){0};
    if (cx->who->kind != WHO_PARTY)
        return fail(cx, ERR_FORBIDDEN, "not a person");
    enum err e = q_party_mandate_list(cx, cx->who->party_id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &ret->rows, MANDATE_OF(rows[i]));
    return e;
}

enum err party_mandates_given(struct cx *cx, int64_t giver_id, struct str service_key, struct party_mandates *ret)
{
    struct q_party_mandate_of_giver *rows;
    size_t n;
    *ret = (struct party_mandates){0};
    enum err e = q_party_mandate_of_giver(cx, giver_id, service_key, cx->now_us, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &ret->rows, MANDATE_OF(rows[i]));
    return e;
}

enum err party_may_act(struct cx *cx, int64_t holder_id, int64_t giver_id, struct str service_key, bool *ret)
{
    struct q_party_mandate_in_force row = {.may = true};
    enum err e = holder_id == giver_id
                     ? ERR_OK
                     : q_party_mandate_in_force(cx, holder_id, giver_id, service_key, cx->now_us, &row);
    if (!e)
        *ret = row.may;
    return e;
}
