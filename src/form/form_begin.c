/* A draft that begins with an answer. */
#include "form_draft.h"

static int page_with(const struct form *form, const struct form_field *field)
{
    for (size_t p = 0; p < form->pages.n; p++)
        for (size_t i = 0; i < form->pages.p[p].fields.n; i++)
            if (form->pages.p[p].fields.p[i] == field)
                return (int)p;
    return -1;
}

enum err form_begin_with(struct cx *cx, struct str service_key, struct str field, struct str value, int64_t *ret_id)
{
    struct form_draft d;
    struct form_stepped to;
    struct form_raws raws = {0};
    int64_t id;
    enum err e = form_draft_start(cx, service_key, &id);
    if (!e)
        e = form_draft_open(cx, id, &d);
    if (e)
        return e;
    const struct form_field *f = form_field_of(d.form, field);
    int page = f ? page_with(d.form, f) : -1;
    if (page < 0)
        return fail(cx, ERR_NOT_FOUND, "the form has no field of that name");
    form_raw_set(cx->arena, &raws, field, &value, 1);
    struct form_step step = {.at = {.page = page}, .posted = raws, .go = FORM_GO_STAY};
    step.seen = form_draft_saved(cx, &d, step.at);
    e = form_draft_step(cx, &d, &step, &to);
    if (!e)
        *ret_id = id;
    return e;
}
