/* Law 10: forgetting a person who has no matter any more. */
#include "party_internal.h"
#include "party_store.h"
#include "search/search.h"

enum err party_bound(struct cx *cx, int64_t id, bool *ret)
{
    struct q_party_mandate_binds row;
    enum err e = q_party_mandate_binds(cx, id, cx->now_us, &row);
    if (!e)
        *ret = row.binds;
    return e;
}

enum err party_hold(struct cx *cx, int64_t id)
{
    struct q_party_hold row;
    bool found;
    enum err e = q_party_hold(cx, id, &row, &found);
    return e || found ? e : fail(cx, ERR_BUSY, "this person has just been forgotten");
}

enum err party_lock(struct cx *cx, int64_t id)
{
    struct q_party_lock row;
    bool found;
    return q_party_lock(cx, id, &row, &found);
}

/* The papers that her mandates rest on. */
static enum err drop_documents(struct cx *cx, int64_t id)
{
    struct q_party_mandate_documents *rows;
    size_t n;
    enum err e = q_party_mandate_documents(cx, id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        e = files_drop(cx, S(PARTY_MANDATE_FILE), rows[i].id);
    return e;
}

enum err party_erase(struct cx *cx, int64_t id, bool *ret_gone)
{
    int64_t n = 0;
    enum err e = search_erase(cx, S("party"), id);
    if (!e)
        e = auth_end_sessions(cx, 0, id);
    if (!e)
        e = q_party_erase_facts(cx, id);
    if (!e)
        e = drop_documents(cx, id);
    if (!e)
        e = q_party_erase_mandates(cx, id);
    if (!e)
        e = q_party_erase_offers(cx, id);
    if (!e)
        e = q_party_erase_messages(cx, id);
    if (!e)
        e = q_party_erase_row(cx, id, &n);
    if (!e)
        *ret_gone = n > 0;
    return e;
}
