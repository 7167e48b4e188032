/* Who may act for whom. */
#include "i18n/i18n.h"
#include "party_internal.h"
#include "party_store.h"

static party_mandate_fn on_change; /* set once at start by app/ */

void party_mandate_hook(party_mandate_fn fn)
{
    on_change = fn;
}

/* The queries give the same columns. */
#define MANDATE_OF(r) \
    ((struct party_mandate){.id = (r).id, \
                            .giver_id = (r).giver_id, \
                            .holder_id = (r).holder_id, \
                            .giver_name = (r).giver_name, \
                            .holder_name = (r).holder_name, \
                            .giver_is_organisation = (r).giver_kind == PARTY_ORGANISATION, \
                            .scope = (r).scope, \
                            .act = (r).act, \
                            .basis = (enum party_basis)(r).basis, \
                            .from_us = (r).from_us, \
                            .until_us = (r).until_us, \
                            .withdrawn_us = (r).withdrawn_us, \
                            .withdrawn_by = (r).withdrawn_by.v, \
                            .given_us = (r).given_us, \
                            .registered_by = (r).registered_by.p ? (r).registered_by : S(""), \
                            .purpose = (r).purpose, \
                            .has_document = (r).document.p != NULL, \
                            .document = {.hash = party_hash((r).document), .size = (r).document_bytes}, \
                            .document_mime = (r).document_mime})

struct hash party_hash(struct str bytes)
{
    struct hash h = {0};
    if (bytes.n == HASH_BYTES)
        memcpy(h.b, bytes.p, HASH_BYTES);
    return h;
}

int64_t party_self(const struct cx *cx)
{
    const struct who *w = cx->who;
    return w->kind == WHO_PARTY ? w->party_id : w->stay ? w->stay->party_id : 0;
}

bool party_mandate_is_now(const struct cx *cx, const struct party_mandate *m)
{
    return m->from_us <= cx->now_us && !m->withdrawn_us.set && (!m->until_us.set || m->until_us.v > cx->now_us);
}

bool party_scope_covers(struct str scope, struct str service_key)
{
    struct str key;
    if (!scope.n)
        return true;
    while (scope.n && str_cut(&scope, ' ', &key))
        if (str_eq(key, service_key))
            return true;
    return false;
}

/* ---- giving ---- */

enum err party_mandate_store(struct cx *cx, const struct party_mandate *m, int64_t employee_id)
{
    struct q_party_lock lock;
    struct q_party_mandate_get row;
    bool found;
    enum err e = q_party_lock(cx, m->giver_id, &lock, &found);
    if (!e)
        e = q_party_mandate_insert(
            cx,
            &(struct q_party_mandate_insert_in){
                .id = m->id,
                .giver_id = m->giver_id,
                .holder_id = m->holder_id,
                .scope = m->scope.p ? m->scope : S(""),
                .act = m->act,
                .basis = m->basis,
                .from_us = m->from_us,
                .until_us = m->until_us,
                .given_us = cx->now_us,
                .registered_by = {employee_id != 0, employee_id},
                .purpose = m->purpose.p ? m->purpose : S(""),
                .document = m->has_document ? str_make((const char *)m->document.hash.b, HASH_BYTES) : (struct str){0},
                .document_bytes = m->document.size,
                .document_mime = m->document_mime.p ? m->document_mime : S("")});
    if (!e)
        e = q_party_mandate_get(cx, m->id, &row, &found);
    return e ? e : party_mandate_changed(cx, &MANDATE_OF(row));
}

enum err party_mandate_changed(struct cx *cx, const struct party_mandate *m)
{
    return on_change ? on_change(cx, m) : ERR_OK;
}

static enum err store_mandate(struct cx *cx, void *ctx)
{
    struct party_mandate *m = ctx;
    m->id = rand_id();
    return party_mandate_store(cx, m, 0);
}

enum err party_mandate_give(struct cx *cx, const struct party_mandate_new *mandate, int64_t *ret_id)
{
    struct party_mandate m = {.giver_id = cx->who->party_id,
                              .holder_id = mandate->holder_id,
                              .scope = mandate->scope,
                              .act = !mandate->read_only,
                              .basis = PARTY_BASIS_SELF,
                              .from_us = mandate->from_us,
                              .until_us = mandate->until_us};
    if (cx->who->kind != WHO_PARTY || !cx->who->party_id)
        return fail(cx, ERR_FORBIDDEN, "a mandate is given by the person itself");
    if (mandate->holder_id == cx->who->party_id || mandate->holder_id <= 0)
        return fail_field(cx, ERR_INVALID, S("holder"), "somebody else must hold the mandate");
    if (mandate->until_us.set && mandate->until_us.v <= mandate->from_us)
        return fail_field(cx, ERR_INVALID, S("until"), "ends before it begins");
    enum err e = db_write(cx, store_mandate, &m);
    if (!e)
        *ret_id = m.id;
    return e;
}

/* ---- ending ---- */

enum err party_mandate_end(struct cx *cx, int64_t id, int64_t by, bool *ret_ended)
{
    struct q_party_mandate_get row;
    struct q_party_lock lock;
    bool found;
    int64_t n;
    *ret_ended = false;
    enum err e = q_party_mandate_get(cx, id, &row, &found);
    if (!e)
        e = q_party_lock(cx, row.giver_id, &lock, &found);
    if (!e)
        e = q_party_mandate_end(cx, id, cx->now_us, (struct opt_int){by != 0, by}, &n);
    if (e || !n)
        return e;
    *ret_ended = true;
    struct party_mandate m = MANDATE_OF(row);
    m.withdrawn_us = opt_int(cx->now_us);
    return party_mandate_changed(cx, &m);
}

static enum err end_mandate(struct cx *cx, void *ctx)
{
    int64_t me = party_self(cx);
    struct q_party_mandate_get row;
    bool found, ended;
    enum err e = q_party_mandate_get(cx, *(const int64_t *)ctx, &row, &found);
    if (e)
        return e;
    if (!found || !me || (row.giver_id != me && row.holder_id != me))
        return fail(cx, ERR_NOT_FOUND, "no such mandate of this person");
    if (row.basis == PARTY_BASIS_CUSTODY || row.basis == PARTY_BASIS_BUSINESS)
        return fail(cx, ERR_CONFLICT, "a register says it: it is changed there");
    e = party_mandate_end(cx, row.id, me, &ended);
    if (e || !ended)
        return e;
    bool giver = me == row.giver_id;
    struct party_message told = {.party_id = giver ? row.holder_id : row.giver_id,
                                 .kind = giver ? PARTY_NEWS_WITHDRAWN : PARTY_NEWS_PUT_DOWN,
                                 .other = giver ? row.giver_name : row.holder_name,
                                 .scope = row.scope,
                                 .act = row.act,
                                 .until_us = row.until_us};
    return party_tell(cx, &told);
}

enum err party_mandate_withdraw(struct cx *cx, int64_t id)
{
    return db_write(cx, end_mandate, &id);
}

/* ---- asking ---- */

enum err party_mandate_get(struct cx *cx, int64_t id, struct party_mandate *ret)
{
    int64_t me = party_self(cx);
    struct q_party_mandate_get row;
    bool found;
    enum err e = q_party_mandate_get(cx, id, &row, &found);
    if (!e && (!found || !me || (row.giver_id != me && row.holder_id != me)))
        e = fail(cx, ERR_NOT_FOUND, "no such mandate of this person");
    if (!e)
        *ret = MANDATE_OF(row);
    return e;
}

enum err party_mandates_mine(struct cx *cx, struct party_mandates *ret)
{
    struct q_party_mandate_list *rows;
    size_t n;
    *ret = (struct party_mandates){0};
    if (!party_self(cx))
        return fail(cx, ERR_FORBIDDEN, "not a person");
    enum err e = q_party_mandate_list(cx, party_self(cx), &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &ret->rows, MANDATE_OF(rows[i]));
    return e;
}

enum err party_mandates_held(struct cx *cx, struct str service_key, struct party_mandates *ret)
{
    struct q_party_mandate_held *rows;
    size_t n;
    *ret = (struct party_mandates){0};
    if (cx->who->kind != WHO_PARTY)
        return ERR_OK;
    enum err e = q_party_mandate_held(cx, cx->who->party_id, service_key, cx->now_us, &rows, &n);
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
