/* When a service may be applied for: its days, and how many it takes (service.yaml: valid, ceiling). */
#include "form_draft.h"
#include "form_store.h"
#include "i18n/i18n.h"

static enum err is_full(struct cx *cx, const struct service_version *v, bool *ret)
{
    struct q_form_intake_taken row;
    bool found;
    *ret = false;
    if (!v->ceiling)
        return ERR_OK;
    enum err e = q_form_intake_taken(cx, v->key, v->valid_from, &row, &found);
    *ret = !e && found && row.taken >= v->ceiling;
    return e;
}

enum err form_shut_words(struct cx *cx, const struct service_version *v, struct str *ret)
{
    bool full;
    *ret = service_opening_words(cx, v);
    enum err e = ret->n ? ERR_OK : is_full(cx, v, &full);
    if (!e && !ret->n && full)
        *ret = i18n_fmt(cx, T_form_full, ARG("n", v->ceiling));
    return e;
}

enum err form_intake(struct cx *cx, const struct service_version *v)
{
    int64_t taken;
    if (service_opening(cx, v) != SERVICE_OPEN)
        return fail(cx, ERR_GONE, "%" PRI_STR " may not be applied for today", STR_ARG(v->key));
    if (!v->ceiling)
        return ERR_OK;
    enum err e = q_form_intake_begin(cx, v->key, v->valid_from, v->ceiling);
    if (!e)
        e = q_form_intake_take(cx, v->key, v->valid_from, v->ceiling, &taken);
    if (!e && !taken)
        e = fail(cx, ERR_GONE, "%d have applied for %" PRI_STR ", and there is room for no more", v->ceiling,
                 STR_ARG(v->key));
    return e;
}

enum err form_intake_give(struct cx *cx, const struct service_version *v)
{
    return v->ceiling ? q_form_intake_give(cx, v->key, v->valid_from) : ERR_OK;
}
