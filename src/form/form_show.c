/* Answers as people read them. */
#include "form_eval.h"
#include "i18n/i18n.h"

static void add_line(struct cx *cx, const struct form_field *f, struct str key, enum lang lang,
                     struct form_submission *ret)
{
    const struct form_option *o = form_option_of(f, key);
    if (o)
        vec_add(cx->arena, &ret->lines, (struct form_line){o->key, words_in(&o->label, lang)});
}

void form_lines_of(struct cx *cx, const struct form_eval *e, enum lang lang, struct form_submission *ret)
{
    const struct form_field *f = e->form->lines;
    const struct form_value *v = f ? &e->values[f->order] : NULL;
    if (!v || !v->visible || v->empty)
        return;
    if (f->kind != FORM_MULTISELECT)
        add_line(cx, f, v->text, lang, ret);
    for (size_t i = 0; i < v->chosen.n; i++)
        add_line(cx, f, v->chosen.p[i], lang, ret);
}

static struct str file_names(struct cx *cx, const struct form_eval *e, const struct form_field *f)
{
    struct str key = form_key(cx->arena, e->row ? e->row->id : (struct str){0}, f);
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < e->given->uploads.n; i++) {
        if (!str_eq(e->given->uploads.p[i].field, key))
            continue;
        if (b.n)
            buf_add_char(&b, '\n');
        buf_add(&b, e->given->uploads.p[i].name);
    }
    return buf_str(&b);
}

static struct str wrong_of(const struct form_eval *e, const struct form_field *f)
{
    for (size_t i = 0; i < e->wrong.n; i++)
        if (e->wrong.p[i].field == f && str_eq(e->wrong.p[i].row, e->row ? e->row->id : (struct str){0}))
            return e->wrong.p[i].message;
    return (struct str){0};
}

struct str form_full_label(struct cx *cx, const struct form_field *f, int row_no)
{
    struct str label = words_in(&f->label, cx->lang), row = {0}, group = {0};
    if (f->part == FORM_PART_FILE) /* how it comes has the same words */
        label = str_fmt(cx->arena, "%" PRI_STR ": %" PRI_STR, STR_ARG(label),
                        STR_ARG(i18n_text(cx->lang, T_form_files_here)));
    if (row_no)
        row = form_row_words(cx, f->repeat, (size_t)row_no);
    if (f->group && f->group != f->repeat)
        group = words_in(&f->group->label, cx->lang);
    if (!row.n && !group.n)
        return label;
    return str_fmt(cx->arena, "%" PRI_STR "%s%" PRI_STR ": %" PRI_STR, STR_ARG(row), row.n && group.n ? ", " : "",
                   STR_ARG(group), STR_ARG(label));
}

struct str form_shown_key(struct arena *a, struct str row, const struct form_field *f)
{
    return row.n ? str_fmt(a, "%" PRI_STR "-%" PRI_STR, STR_ARG(row), STR_ARG(f->id)) : f->id;
}

/* "/form/draft/1/children/children/3k7f0a2c#f-born" */
static struct str change_of(struct cx *cx, const struct form_eval *e, const struct form_field *f, struct str page)
{
    struct str row = {0};
    if (!page.n || !form_is_typed(e, f))
        return row;
    if (e->row)
        row = str_fmt(cx->arena, "/%" PRI_STR "/%" PRI_STR, STR_ARG(f->repeat->id), STR_ARG(e->row->id));
    return str_fmt(cx->arena, "%" PRI_STR "%" PRI_STR "#f-%" PRI_STR, STR_ARG(page), STR_ARG(row), STR_ARG(f->id));
}

static void show_field(struct cx *cx, const struct form_eval *e, const struct form_field *f, int row_no,
                       struct form_shown_page *page)
{
    const struct form_value *v = form_at(e, f);
    struct form_shown_row row = {.key = form_shown_key(cx->arena, e->row ? e->row->id : (struct str){0}, f),
                                 .label = form_full_label(cx, f, row_no),
                                 .fault = wrong_of(e, f),
                                 .change = change_of(cx, e, f, page->change),
                                 .address = f->kind == FORM_ADDRESS,
                                 .email = f->kind == FORM_EMAIL};
    row.value = f->kind == FORM_FILE && e->given ? file_names(cx, e, f) : form_value_words(cx, f, v);
    if (!row.value.n)
        row.value = i18n_text(cx->lang, T_form_review_not_answered);
    row.source = form_source_words(cx, v);
    row.changed = v->changed;
    vec_add(cx->arena, &page->rows, row);
}

static void show_repeat(struct cx *cx, const struct form_eval *e, const struct form_field *f,
                        struct form_shown_page *page)
{
    const struct form_value *v = &e->values[f->order];
    struct str fault = wrong_of(e, f);
    if (!v->rows.n || fault.n)
        vec_add(cx->arena, &page->rows,
                (struct form_shown_row){.key = f->id,
                                        .label = words_in(&f->label, cx->lang),
                                        .fault = fault,
                                        .change = change_of(cx, e, f, page->change),
                                        .value = i18n_fmt(cx, T_form_rows_count, ARG("n", v->rows.n))});
    for (size_t r = 0; r < v->rows.n; r++) {
        struct form_eval in = form_in_row(e, &v->rows.p[r]);
        for (int i = f->order + 1; i <= f->last; i++) {
            const struct form_field *sub = e->form->fields.p[i];
            if (form_asks(sub) && form_at(&in, sub)->visible)
                show_field(cx, &in, sub, (int)r + 1, page);
        }
    }
}

void form_show_eval(struct cx *cx, const struct form_eval *e, struct str base, struct form_shown *ret)
{
    *ret = (struct form_shown){0};
    int i = 0, n = (int)e->form->fields.n;
    for (size_t p = 0; p < e->form->pages.n; p++) {
        const struct form_page *page = &e->form->pages.p[p];
        struct form_shown_page shown = {.key = page->id, .title = words_in(&page->title, cx->lang)};
        if (base.n)
            shown.change = str_fmt(cx->arena, "%" PRI_STR "/%" PRI_STR, STR_ARG(base), STR_ARG(page->id));
        for (; i < n && e->form->fields.p[i]->page == (int)p; i++) {
            const struct form_field *f = e->form->fields.p[i];
            if (f->kind == FORM_REPEAT) {
                if (e->values[i].visible)
                    show_repeat(cx, e, f, &shown);
                i = f->last;
            } else if (form_asks(f) && e->values[i].visible) {
                show_field(cx, e, f, 0, &shown);
            }
        }
        if (e->pages[p] && shown.rows.n)
            vec_add(cx->arena, &ret->pages, shown);
    }
}

enum err form_show(struct cx *cx, const struct service_version *version, struct str answers_json, enum lang lang,
                   struct form_shown *ret)
{
    const struct form *form = form_of(version);
    if (!form)
        return fail(cx, ERR_INTERNAL, "the version has no form");
    struct form_eval e;
    enum err err = form_answers_read(cx, form, answers_json, &e);
    if (err)
        return err;
    enum lang before = cx->lang;
    cx->lang = lang;
    form_show_eval(cx, &e, (struct str){0}, ret);
    cx->lang = before;
    return ERR_OK;
}
