/* From what was posted to answers; and the page that shows both when two windows wrote. */
#include "form_views.h"

#include "i18n/i18n.h"

static void posted_part(struct cx *cx, const struct request *req, const struct form_field *f, const char *part,
                        struct form_raws *ret)
{
    struct str v = req_str(req, str_z(cx->arena, str_fmt(cx->arena, "%" PRI_STR "_%s", STR_ARG(f->id), part)));
    struct str name = str_fmt(cx->arena, "%" PRI_STR ".%s", STR_ARG(f->id), part);
    form_raw_set(cx->arena, ret, name, &(struct str){v.p ? v.p : "", v.n}, 1);
}

/* Lines as one LF, whatever the browser sent. */
static struct str lines(struct cx *cx, struct str s)
{
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '\r')
            buf_add_char(&b, s.p[i]);
    return str_trim(buf_str(&b));
}

/* Every field that stood on the page: also the boxes that were not ticked, which a browser does not send. */
struct form_raws form_posted(struct cx *cx, const struct request *req, const struct form_eval *eval, int page)
{
    struct form_raws ret = {0};
    for (size_t i = 0; i < eval->form->fields.n; i++) {
        const struct form_field *f = eval->form->fields.p[i];
        if (f->page != page || !eval->values[i].visible || !form_asks(f) || form_is_fixed(f) || f->kind == FORM_FILE)
            continue;
        if (f->kind == FORM_DATE) {
            posted_part(cx, req, f, "day", &ret);
            posted_part(cx, req, f, "month", &ret);
            posted_part(cx, req, f, "year", &ret);
        } else if (f->kind == FORM_ADDRESS) {
            posted_part(cx, req, f, "street", &ret);
            posted_part(cx, req, f, "postcode", &ret);
            posted_part(cx, req, f, "city", &ret);
        } else {
            const struct str *values;
            size_t n = req_many(req, str_z(cx->arena, f->id), &values);
            VEC_OF(struct str) clean = {0};
            for (size_t k = 0; k < n && (k == 0 || f->kind == FORM_MULTISELECT); k++)
                vec_add(cx->arena, &clean, lines(cx, values[k]));
            if (!clean.n && f->kind != FORM_MULTISELECT)
                vec_add(cx->arena, &clean, S(""));
            form_raw_set(cx->arena, &ret, f->id, clean.p, clean.n);
        }
    }
    return ret;
}

static void add_inputs(struct cx *cx, const struct form_raws *posted, const struct form *form,
                       struct form_conflict_view *ret)
{
    for (size_t i = 0; i < posted->list.n; i++) {
        const struct form_raw *r = &posted->list.p[i];
        size_t dot = str_find_char(r->name, '.', 0);
        const struct form_field *f = form_field_of(form, str_slice(r->name, 0, dot));
        if (!f)
            continue;
        struct str name = r->name;
        if (dot < r->name.n)
            name = str_fmt(cx->arena, "%" PRI_STR "_%" PRI_STR, STR_ARG(f->id),
                           STR_ARG(str_slice(r->name, dot + 1, r->name.n)));
        size_t n = f->kind == FORM_IDNO && r->values.n == 2 ? 1 : 0; /* the masked number stands for the known person */
        for (size_t k = n; k < r->values.n; k++)
            vec_add(cx->arena, &ret->inputs, (struct form_conflict_input){name, r->values.p[k]});
    }
}

void form_view_conflict(struct cx *cx, const struct form_draft *now, int page, const struct form_raws *posted,
                        struct form_conflict_view *ret)
{
    const struct form *form = now->form;
    struct form_given mine = now->given;
    struct form_eval saved, yours;
    mine.raws = (struct form_raws){0};
    for (size_t i = 0; i < now->given.raws.list.n; i++)
        form_raw_set(cx->arena, &mine.raws, now->given.raws.list.p[i].name, now->given.raws.list.p[i].values.p,
                     now->given.raws.list.p[i].values.n);
    for (size_t i = 0; i < posted->list.n; i++)
        form_raw_set(cx->arena, &mine.raws, posted->list.p[i].name, posted->list.p[i].values.p,
                     posted->list.p[i].values.n);
    form_evaluate(cx, form, &now->given, &saved);
    form_evaluate(cx, form, &mine, &yours);
    *ret = (struct form_conflict_view){.title = words_in(&form->pages.p[page].title, cx->lang),
                                       .seen = form_draft_saved(now, form->pages.p[page].id)};
    for (size_t i = 0; i < form->fields.n; i++) {
        const struct form_field *f = form->fields.p[i];
        if (f->page != page || !form_asks(f) || form_is_fixed(f) || f->kind == FORM_FILE ||
            (!saved.values[i].visible && !yours.values[i].visible))
            continue;
        struct form_conflict_row row = {.label = words_in(&f->label, cx->lang),
                                        .saved = form_value_words(cx, f, &saved.values[i]),
                                        .yours = form_value_words(cx, f, &yours.values[i])};
        row.differs = !str_eq(row.saved, row.yours);
        vec_add(cx->arena, &ret->rows, row);
    }
    add_inputs(cx, posted, form, ret);
    ret->action = str_fmt(cx->arena, "/form/draft/%lld/%" PRI_STR, (long long)now->id, STR_ARG(form->pages.p[page].id));
    ret->href_keep = ret->action;
}
