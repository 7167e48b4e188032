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
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < e->given->uploads.n; i++) {
        if (!str_eq(e->given->uploads.p[i].field, f->id))
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
        if (e->wrong.p[i].field == f)
            return e->wrong.p[i].message;
    return (struct str){0};
}

/* "Den, der hjælper dig: Navn": read alone, a question in a group needs its group. */
static struct str full_label(struct cx *cx, const struct form_field *f)
{
    struct str label = words_in(&f->label, cx->lang);
    if (!f->group)
        return label;
    struct str group = words_in(&f->group->label, cx->lang);
    return str_fmt(cx->arena, "%" PRI_STR ": %" PRI_STR, STR_ARG(group), STR_ARG(label));
}

static void show_field(struct cx *cx, const struct form_eval *e, const struct form_field *f,
                       struct form_shown_page *page)
{
    const struct form_value *v = &e->values[f->order];
    struct form_shown_row row = {.key = f->id, .label = full_label(cx, f), .fault = wrong_of(e, f)};
    row.value = f->kind == FORM_FILE && e->given ? file_names(cx, e, f) : form_value_words(cx, f, v);
    if (!row.value.n)
        row.value = i18n_text(cx->lang, T_form_review_not_answered);
    row.source = form_source_words(cx, v);
    if (page->change.n && !form_is_fixed(f))
        row.change = str_fmt(cx->arena, "%" PRI_STR "#f-%" PRI_STR, STR_ARG(page->change), STR_ARG(f->id));
    vec_add(cx->arena, &page->rows, row);
}

void form_show_eval(struct cx *cx, const struct form_eval *e, struct str base, struct form_shown *ret)
{
    *ret = (struct form_shown){0};
    for (size_t p = 0; p < e->form->pages.n; p++) {
        const struct form_page *page = &e->form->pages.p[p];
        struct form_shown_page shown = {.key = page->id, .title = words_in(&page->title, cx->lang)};
        if (!e->pages[p])
            continue;
        if (base.n)
            shown.change = str_fmt(cx->arena, "%" PRI_STR "/%" PRI_STR, STR_ARG(base), STR_ARG(page->id));
        for (size_t i = 0; i < e->form->fields.n; i++) {
            const struct form_field *f = e->form->fields.p[i];
            if (f->page == (int)p && form_asks(f) && e->values[i].visible)
                show_field(cx, e, f, &shown);
        }
        if (shown.rows.n)
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

struct form_questions form_questions(struct cx *cx, const struct service_version *version, enum lang lang)
{
    struct form_questions all = {0};
    const struct form *form = form_of(version);
    for (size_t i = 0; form && i < form->fields.n; i++) {
        const struct form_field *f = form->fields.p[i];
        if (form_asks(f) && f->why)
            vec_add(cx->arena, &all.rows,
                    (struct form_question){.page = words_in(&form->pages.p[f->page].title, lang),
                                           .label = words_in(&f->label, lang),
                                           .why = f->why,
                                           .required = f->required,
                                           .from_register = f->source != FORM_TYPED});
    }
    return all;
}
