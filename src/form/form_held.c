/* What an unsent draft holds, for the copy of everything held about a person. */
#include "form_draft.h"
#include "form_views.h"

enum err form_draft_held(struct cx *cx, int64_t id, struct form_draft_held *ret)
{
    struct form_draft d;
    struct form_eval eval;
    struct form_review_view review;
    enum err e = form_draft_open(cx, id, &d);
    if (!e && d.sent)
        e = fail(cx, ERR_NOT_FOUND, "draft %lld has been sent", (long long)id);
    if (e)
        return e;
    form_evaluate(cx, d.form, &d.given, &eval);
    form_view_review(cx, &(struct form_view_in){.draft = &d, .eval = &eval, .page = -1}, &review);
    *ret = (struct form_draft_held){.answers = review.shown,
                                    .answers_json =
                                        form_answers_json(cx, &eval, &(struct form_json_head){.lang = cx->lang})};
    for (size_t i = 0; i < review.dropped.n; i++)
        vec_add(cx->arena, &ret->dropped, review.dropped.p[i]);
    for (size_t i = 0; i < d.given.uploads.n; i++) {
        const struct form_upload *u = &d.given.uploads.p[i];
        struct str row;
        const struct form_field *f = form_field_of_key(d.form, u->field, &row);
        vec_add(
            cx->arena, &ret->files,
            (struct form_document){.name = u->name, .mime = u->mime, .kind = f ? f->doc_kind : S(""), .file = u->file});
    }
    return ERR_OK;
}
