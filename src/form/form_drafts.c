/* The unsent drafts of a person, of a service, and of those one fills in for. */
#include "auth/auth.h"
#include "form_draft.h"
#include "form_store.h"
#include "i18n/i18n.h"

enum { SHOWN = 100 }; /* on a page */

/* service NULL: of every service. */
static void add_row(struct cx *cx, struct form_drafts *ret, const struct q_form_drafts_of_party *row,
                    const struct service_version *service)
{
    const struct service_version *v = service_version_by_id(cx, row->version_id);
    const struct form *form = v ? form_of(v) : NULL;
    if (!form || (service && !str_eq(service->key, v->key)))
        return;
    struct str step = {0};
    for (size_t p = 0; p < form->pages.n; p++)
        if (str_eq(form->pages.p[p].id, row->page))
            step = words_in(&form->pages.p[p].title, cx->lang);
    struct str href = str_fmt(cx->arena, "/form/draft/%lld", (long long)row->id);
    vec_add(cx->arena, &ret->rows,
            (struct form_draft_row){.id = row->id,
                                    .title = words_in(&v->name, cx->lang),
                                    .step = step.n ? step : i18n_text(cx->lang, T_form_review),
                                    .href = href,
                                    .href_delete = str_cat(cx->arena, href, S("/delete")),
                                    .changed_us = row->changed_us,
                                    .helped = row->helped,
                                    .holder = row->holder.p ? row->holder : S(""),
                                    .delete_day = civil_day_of_us(row->expires_us),
                                    .assurance = v->assurance});
}

static enum err add_party(struct cx *cx, int64_t party_id, const struct service_version *service, int64_t at_most,
                          struct form_drafts *ret)
{
    bool helped = cx->who->stay;
    struct q_form_drafts_of_party *rows;
    size_t n;
    enum err e = q_form_drafts_of_party(cx, party_id, helped, at_most, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        add_row(cx, ret, &rows[i], service);
    return e;
}

static enum err add_session(struct cx *cx, int64_t session_id, const struct service_version *service,
                            struct form_drafts *ret)
{
    struct q_form_drafts_of_session *rows;
    size_t n;
    enum err e = q_form_drafts_of_session(cx, session_id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        add_row(cx, ret,
                &(struct q_form_drafts_of_party){
                    rows[i].id, rows[i].version_id, rows[i].page, rows[i].changed_us, rows[i].expires_us, false, {0}},
                service);
    return e;
}

/* giver_id 0: for whomever. */
static enum err add_others(struct cx *cx, int64_t giver_id, const struct service_version *service, int64_t at_most,
                           struct form_drafts *ret)
{
    struct q_form_drafts_of_holder *rows;
    size_t n;
    if (cx->who->kind != WHO_PARTY)
        return ERR_OK;
    enum err e = q_form_drafts_of_holder(cx, cx->who->party_id, giver_id, cx->now_us, at_most, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        size_t before = ret->rows.n;
        add_row(cx, ret,
                &(struct q_form_drafts_of_party){
                    rows[i].id, rows[i].version_id, rows[i].page, rows[i].changed_us, rows[i].expires_us, false, {0}},
                service);
        if (ret->rows.n == before)
            continue;
        ret->rows.p[before].giver = rows[i].giver;
        ret->rows.p[before].giver_id = rows[i].giver_id;
        form_note_mandate(cx, rows[i].giver_id);
    }
    return e;
}

enum err form_drafts_for_others(struct cx *cx, struct form_drafts *ret)
{
    *ret = (struct form_drafts){0};
    return add_others(cx, 0, NULL, SHOWN, ret);
}

enum err form_drafts_of_party(struct cx *cx, int64_t party_id, struct form_drafts *ret)
{
    *ret = (struct form_drafts){0};
    if (cx->who->kind == WHO_EMPLOYEE && form_asker(cx) != party_id)
        return fail(cx, ERR_FORBIDDEN, "LAW 7: this citizen is not open at the counter");
    return add_party(cx, party_id, NULL, SHOWN, ret);
}

enum err form_drafts_all(struct cx *cx, int64_t giver_id, struct form_drafts *ret)
{
    *ret = (struct form_drafts){0};
    if (cx->who->kind != WHO_PARTY)
        return fail(cx, ERR_FORBIDDEN, "not logged in as a person");
    return giver_id ? add_others(cx, giver_id, NULL, INT64_MAX, ret)
                    : add_party(cx, cx->who->party_id, NULL, INT64_MAX, ret);
}

enum err form_drafts_of_service(struct cx *cx, const struct service_version *service, struct form_drafts *ret)
{
    const struct who *w = cx->who;
    *ret = (struct form_drafts){0};
    enum err e = form_asker(cx) ? add_party(cx, form_asker(cx), service, SHOWN, ret) : ERR_OK;
    if (w->stay)
        return e;
    if (!e)
        e = add_others(cx, 0, service, SHOWN, ret);
    int64_t session = auth_session_origin(cx) ? auth_session_origin(cx) : w->session_id;
    return e || !session ? e : add_session(cx, session, service, ret);
}
