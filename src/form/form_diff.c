/* What a new version means for the drafts under way. */
#include "form_draft.h"
#include "form_store.h"
#include "i18n/i18n.h"

enum err form_drafts_underway(struct cx *cx, int64_t version_id, int64_t *ret_n)
{
    struct q_form_drafts_underway row;
    enum err e = q_form_drafts_underway(cx, version_id, &row);
    if (!e)
        *ret_n = row.n;
    return e;
}

/* The questions whose answers a draft loses when it goes on in the new form. */
static struct str lost(struct cx *cx, const struct form *before, const struct form *after)
{
    VEC_OF(struct str) labels = {0};
    for (size_t i = 0; i < before->fields.n; i++) {
        const struct form_field *f = before->fields.p[i];
        if (form_asks(f) && form_is_typed(NULL, f) && f->part == FORM_WHOLE && !form_asks_too(after, f))
            vec_add(cx->arena, &labels, i18n_fmt(cx, T_form_quoted, ARG("text", form_full_label(cx, f, 0))));
    }
    return i18n_list(cx, labels.p, labels.n);
}

struct form_sentences form_diff_drafts(struct cx *cx, const struct service_version *before,
                                       const struct service_version *after, int64_t underway)
{
    struct form_sentences all = {0};
    const struct form *old = form_of(before), *new = form_of(after);
    if (!old)
        return all;
    if (!underway) {
        vec_add(cx->arena, &all.rows, i18n_text(cx->lang, T_form_diff_none));
    } else {
        vec_add(cx->arena, &all.rows, i18n_fmt(cx, T_form_diff_drafts, ARG("n", underway)));
        vec_add(cx->arena, &all.rows, i18n_fmt(cx, T_form_diff_days, ARG("n", before->draft_days)));
        vec_add(cx->arena, &all.rows,
                before->valid_until ? i18n_fmt(cx, T_form_diff_until, ARG("date", i18n_day(cx, before->valid_until)))
                                    : i18n_text(cx->lang, T_form_diff_no_end));
        struct str labels = new ? lost(cx, old, new) : S("");
        if (new)
            vec_add(cx->arena, &all.rows,
                    labels.n ? i18n_fmt(cx, T_form_diff_lost, ARG("labels", labels))
                             : i18n_text(cx->lang, T_form_diff_all_kept));
    }
    vec_add(cx->arena, &all.rows, i18n_text(cx->lang, T_form_diff_cases));
    return all;
}
