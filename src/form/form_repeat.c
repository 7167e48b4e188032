/* Rows of a repeat in a draft: coming, going, and whose answers are whose. */
#include "form_draft.h"

void form_spot_fields(const struct form *form, struct form_spot at, int *ret_first, int *ret_last)
{
    *ret_first = at.repeat ? at.repeat->order + 1 : form->pages.p[at.page].first;
    *ret_last = at.repeat                             ? at.repeat->last
                : (size_t)at.page + 1 < form->pages.n ? form->pages.p[at.page + 1].first - 1
                                                      : (int)form->fields.n - 1;
}

struct str form_row_new(struct cx *cx)
{
    return rand_code(cx->arena, 8);
}

const struct form_field *form_field_of_key(const struct form *form, struct str key, struct str *ret_row)
{
    size_t colon = str_find_char(key, ':', 0);
    *ret_row = colon < key.n ? str_slice(key, 0, colon) : (struct str){0};
    if (colon < key.n)
        key = str_slice(key, colon + 1, key.n);
    return form_field_of(form, str_slice(key, 0, str_find_char(key, '.', 0)));
}

static bool has_row(const struct form_raw *rows, struct str row)
{
    for (size_t i = 0; rows && i < rows->values.n; i++)
        if (str_eq(rows->values.p[i], row))
            return true;
    return false;
}

bool form_row_add(struct cx *cx, struct form_draft *d, const struct form_field *repeat, struct str row)
{
    const struct form_raw *now = form_raw_of(&d->given.raws, repeat->id);
    VEC_OF(struct str) rows = {0};
    if (has_row(now, row))
        return true;
    if (now && now->values.n >= FORM_ROWS)
        return false;
    for (size_t i = 0; now && i < now->values.n; i++)
        vec_add(cx->arena, &rows, now->values.p[i]);
    vec_add(cx->arena, &rows, row);
    form_raw_set(cx->arena, &d->given.raws, repeat->id, rows.p, rows.n);
    return true;
}

bool form_row_forget(struct cx *cx, struct form_draft *d, struct form_spot at)
{
    const struct form_raw *now = form_raw_of(&d->given.raws, at.repeat->id);
    if (!has_row(now, at.row))
        return false;
    struct form_raws kept = {0};
    VEC_OF(struct str) rows = {0};
    struct str prefix = str_cat(cx->arena, at.row, S(":")), saved = str_cat(cx->arena, S(":"), at.row);
    for (size_t i = 0; i < now->values.n; i++)
        if (!str_eq(now->values.p[i], at.row))
            vec_add(cx->arena, &rows, now->values.p[i]);
    for (size_t i = 0; i < d->given.raws.list.n; i++) {
        const struct form_raw *r = &d->given.raws.list.p[i];
        if (!str_starts(r->name, prefix))
            form_raw_set(cx->arena, &kept, r->name, r->values.p, r->values.n);
    }
    form_raw_set(cx->arena, &kept, at.repeat->id, rows.p, rows.n);
    d->given.raws = kept;
    for (size_t i = d->saved.n; i-- > 0;)
        if (str_eq(d->saved.p[i].page, saved))
            d->saved.p[i] = d->saved.p[--d->saved.n];
    return true;
}
