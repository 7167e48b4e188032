/* From an evaluated draft to what the templates bind. */
#include "form_views.h"

#include "i18n/i18n.h"

struct str form_draft_base(struct cx *cx, int64_t id)
{
    return str_fmt(cx->arena, "/form/draft/%lld", (long long)id);
}

static struct str page_path(struct cx *cx, const struct form_draft *d, int page)
{
    return str_fmt(cx->arena, "/form/draft/%lld/%" PRI_STR, (long long)d->id, STR_ARG(d->form->pages.p[page].id));
}

static struct str raw(struct cx *cx, const struct form_draft *d, const struct form_field *f, const char *part)
{
    struct str name = part ? str_fmt(cx->arena, "%" PRI_STR ".%s", STR_ARG(f->id), part) : f->id;
    const struct form_raw *r = form_raw_of(&d->given.raws, name);
    return r && r->values.n ? r->values.p[r->values.n - 1] : (struct str){0};
}

/* The purpose in words, with its legal basis. */
static struct str why_words(struct cx *cx, const struct service_version *v, const struct service_purpose *p)
{
    if (!p)
        return (struct str){0};
    struct str text = words_in(&p->text, cx->lang);
    const struct service_law *law = service_law(v, p->law);
    if (!law)
        return text;
    struct str basis = i18n_fmt(cx, T_form_legal, ARG("law", law->ref));
    const char *blank = law->example ? " " : "";
    struct str example = law->example ? i18n_text(cx->lang, T_form_example) : (struct str){0};
    return str_fmt(cx->arena, "%" PRI_STR " %" PRI_STR "%s%" PRI_STR, STR_ARG(text), STR_ARG(basis), blank,
                   STR_ARG(example));
}

static void add_options(struct cx *cx, const struct form_view_in *in, const struct form_field *f, struct page_field *pf)
{
    const struct form_value *v = &in->eval->values[f->order];
    if (f->kind == FORM_SELECT)
        vec_add(cx->arena, &pf->options,
                (struct page_option){.label = i18n_text(cx->lang, T_form_choose), .checked = v->empty});
    for (size_t i = 0; i < f->options.n; i++) {
        const struct form_option *o = &f->options.p[i];
        if (!form_option_shown(in->eval, o))
            continue;
        struct page_option option = {
            .value = o->key, .label = words_in(&o->label, cx->lang), .hint = words_in(&o->hint, cx->lang)};
        option.checked = f->kind != FORM_MULTISELECT && str_eq(v->text, o->key);
        for (size_t k = 0; k < v->chosen.n; k++)
            option.checked |= str_eq(v->chosen.p[k], o->key);
        vec_add(cx->arena, &pf->options, option);
    }
}

static void add_yesno(struct cx *cx, const struct form_value *v, struct page_field *pf)
{
    pf->kind = PAGE_FIELD_RADIO;
    pf->inline_options = true;
    vec_add(cx->arena, &pf->options,
            (struct page_option){.value = S("true"),
                                 .label = i18n_text(cx->lang, T_form_yes),
                                 .checked = !v->empty && !v->bad && v->number});
    vec_add(cx->arena, &pf->options,
            (struct page_option){.value = S("false"),
                                 .label = i18n_text(cx->lang, T_form_no),
                                 .checked = !v->empty && !v->bad && !v->number});
}

/* The part of page_field that goes by the type of the field. */
static void by_kind(struct cx *cx, const struct form_view_in *in, const struct form_field *f, struct page_field *pf)
{
    const struct form_value *v = &in->eval->values[f->order];
    bool fact = v->register_fact && !raw(cx, in->draft, f, NULL).n;
    pf->value = f->kind == FORM_IDNO || fact ? v->text : raw(cx, in->draft, f, NULL);
    switch (f->kind) {
    case FORM_LONGTEXT:
        pf->kind = PAGE_FIELD_TEXTAREA;
        pf->max = f->max;
        pf->rows = f->max <= 500 ? 4 : 8;
        break;
    case FORM_NUMBER:
        pf->inputmode = f->decimals ? S("decimal") : S("numeric");
        pf->suffix = words_in(&f->unit, cx->lang);
        pf->width = 8;
        break;
    case FORM_MONEY:
        pf->inputmode = S("decimal");
        pf->suffix = S("kr.");
        pf->width = 12;
        break;
    case FORM_RADIO:
    case FORM_SELECT:
    case FORM_MULTISELECT:
        pf->kind = f->kind == FORM_RADIO    ? PAGE_FIELD_RADIO
                   : f->kind == FORM_SELECT ? PAGE_FIELD_SELECT
                                            : PAGE_FIELD_CHECKBOX;
        add_options(cx, in, f, pf);
        break;
    case FORM_YESNO:
        add_yesno(cx, v, pf);
        break;
    case FORM_EMAIL:
        pf->type = S("email");
        pf->autocomplete = S("email");
        break;
    case FORM_PHONE:
        pf->type = S("tel");
        pf->autocomplete = S("tel");
        pf->width = 20;
        break;
    case FORM_IDNO:
    case FORM_ORGNO:
        pf->inputmode = S("numeric");
        pf->width = 12;
        break;
    default:
        pf->autocomplete = f->autocomplete;
        break;
    }
}

static void date_field(struct cx *cx, const struct form_view_in *in, const struct form_field *f, struct page_field *pf)
{
    const struct form_value *v = &in->eval->values[f->order];
    pf->kind = PAGE_FIELD_DATE;
    pf->day = raw(cx, in->draft, f, "day");
    pf->month = raw(cx, in->draft, f, "month");
    pf->year = raw(cx, in->draft, f, "year");
    if (v->register_fact) {
        page_date_put(cx, pf, (day_t)v->number);
        pf->autocomplete = S("bday");
    }
}

static void address_item(struct cx *cx, const struct form_view_in *in, const struct form_field *f,
                         struct form_item *item)
{
    const struct form_value *v = &in->eval->values[f->order];
    struct str id = item->field.id;
    item->kind = FORM_ITEM_ADDRESS;
    struct page_field part = {.kind = PAGE_FIELD_TEXT, .max = 100};
    struct str name = f->id;
    item->street = item->postcode = item->city = part;
    item->street.id = id;
    item->street.name = str_cat(cx->arena, name, S("_street"));
    item->street.label = i18n_text(cx->lang, T_form_street);
    item->street.autocomplete = S("street-address");
    item->postcode.id = str_cat(cx->arena, id, S("_postcode"));
    item->postcode.name = str_cat(cx->arena, name, S("_postcode"));
    item->postcode.label = i18n_text(cx->lang, T_form_postcode);
    item->postcode.autocomplete = S("postal-code");
    item->postcode.inputmode = S("numeric");
    item->postcode.width = 8;
    item->city.id = str_cat(cx->arena, id, S("_city"));
    item->city.name = str_cat(cx->arena, name, S("_city"));
    item->city.label = i18n_text(cx->lang, T_form_city);
    item->city.autocomplete = S("address-level2");
    item->street.value = v->register_fact ? v->street : raw(cx, in->draft, f, "street");
    item->postcode.value = v->register_fact ? v->postcode : raw(cx, in->draft, f, "postcode");
    item->city.value = v->register_fact ? v->city : raw(cx, in->draft, f, "city");
}

static void file_item(struct cx *cx, const struct form_view_in *in, const struct form_field *f, struct form_item *item)
{
    const struct form_draft *d = in->draft;
    struct page_field *pf = &item->field;
    struct buf accept = buf_make(cx->arena);
    item->kind = FORM_ITEM_FILE;
    pf->kind = PAGE_FIELD_FILE;
    pf->multiple = f->max_files > 1;
    for (size_t i = 0; i < f->accept.n; i++)
        buf_fmt(&accept, "%s.%s", i ? "," : "", f->accept.p[i]->extension);
    pf->accept = buf_str(&accept);
    struct str limits = i18n_fmt(cx, T_form_file_limits, ARG("types", form_upload_types(cx, f)),
                                 ARG("limit", i18n_size(cx, f->max_bytes)));
    struct str count = i18n_fmt(cx, T_form_files_max, ARG("n", f->max_files));
    pf->hint = str_fmt(cx->arena, "%" PRI_STR "%s%" PRI_STR " %" PRI_STR, STR_ARG(pf->hint), pf->hint.n ? " " : "",
                       STR_ARG(limits), STR_ARG(count));
    for (size_t i = 0; i < d->given.uploads.n; i++) {
        const struct form_upload *u = &d->given.uploads.p[i];
        if (str_eq(u->field, f->id))
            vec_add(cx->arena, &item->files,
                    (struct form_file_view){
                        u->name, str_fmt(cx->arena, "/form/draft/%lld/file/%lld", (long long)d->id, (long long)u->id),
                        str_fmt(cx->arena, "/form/draft/%lld/file/%lld/delete", (long long)d->id, (long long)u->id),
                        u->file.size});
    }
    item->full = item->files.n >= (size_t)f->max_files;
}

static void fixed_item(struct cx *cx, const struct form_field *f, const struct form_value *v, struct form_item *item)
{
    item->kind = FORM_ITEM_FIXED;
    item->field.value = form_value_words(cx, f, v);
    item->correct = words_in(&f->correct, cx->lang);
}

static struct form_item asked_item(struct cx *cx, const struct form_view_in *in, const struct form_field *f,
                                   const struct page_errors *errors)
{
    const struct form_value *v = &in->eval->values[f->order];
    struct form_item item = {.kind = FORM_ITEM_FIELD};
    struct page_field *pf = &item.field;
    pf->id = str_cat(cx->arena, S("f-"), f->id);
    pf->name = f->id;
    pf->label = words_in(&f->label, cx->lang);
    pf->hint = words_in(&f->hint, cx->lang);
    pf->why = f->why_own ? why_words(cx, in->draft->service, f->why) : (struct str){0};
    pf->source = form_source_words(cx, v);
    pf->error = page_errors_of(errors, pf->id);
    pf->optional = !f->required || (f->required_when && !form_holds(in->eval, f->required_when));
    if (form_is_fixed(f))
        fixed_item(cx, f, v, &item);
    else if (f->kind == FORM_ADDRESS)
        address_item(cx, in, f, &item);
    else if (f->kind == FORM_FILE)
        file_item(cx, in, f, &item);
    else if (f->kind == FORM_DATE)
        date_field(cx, in, f, pf);
    else if (f->kind == FORM_CHECKBOX)
        item.kind = FORM_ITEM_CHECKBOX, item.ticked = v->number;
    else
        by_kind(cx, in, f, pf);
    return item;
}

static void add_items(struct cx *cx, const struct form_view_in *in, const struct form_field *const *fields, size_t n,
                      const struct page_errors *errors, struct form_items *ret)
{
    for (size_t i = 0; i < n; i++) {
        const struct form_field *f = fields[i];
        if (!in->eval->values[f->order].visible)
            continue;
        struct form_item item;
        if (f->kind == FORM_GROUP) {
            item = (struct form_item){
                .kind = FORM_ITEM_GROUP, .title = words_in(&f->label, cx->lang), .hint = words_in(&f->hint, cx->lang)};
            item.field.id = str_cat(cx->arena, S("f-"), f->id);
            item.why = f->why_own ? why_words(cx, in->draft->service, f->why) : (struct str){0};
            add_items(cx, in, f->fields.p, f->fields.n, errors, &item.items);
            if (!item.items.rows.n)
                continue;
        } else if (f->kind == FORM_INFO || f->kind == FORM_WARNING) {
            item = (struct form_item){.kind = FORM_ITEM_TEXT,
                                      .warning = f->kind == FORM_WARNING,
                                      .html = markdown_html(cx, words_in(&f->label, cx->lang))};
        } else {
            item = asked_item(cx, in, f, errors);
        }
        vec_add(cx->arena, &ret->rows, item);
    }
}

static void add_errors(struct cx *cx, const struct form_view_in *in, int page, struct page_errors *errors)
{
    for (size_t i = 0; i < in->eval->wrong.n; i++) {
        const struct form_field *f = in->eval->wrong.p[i].field;
        if (f->page == page)
            page_errors_add(cx, errors, str_cat(cx->arena, S("f-"), f->id), in->eval->wrong.p[i].message);
    }
}

static bool page_wrong(const struct form_eval *e, int page)
{
    for (size_t i = 0; i < e->wrong.n; i++)
        if (e->wrong.p[i].field->page == page)
            return true;
    return false;
}

/* Pages that were saved, and the next one, can be gone to; page -1 is the review. */
void form_view_steps(struct cx *cx, const struct form_view_in *in, struct page_steps *ret)
{
    const struct form_draft *d = in->draft;
    bool open = true;
    for (int p = form_page_after(in->eval, -1); p >= 0; p = form_page_after(in->eval, p)) {
        bool saved = form_draft_saved(d, d->form->pages.p[p].id) > 0;
        struct page_step step = {.label = words_in(&d->form->pages.p[p].title, cx->lang)};
        if (saved || open)
            step.href = page_path(cx, d, p), step.go = str_cat(cx->arena, S("to-"), d->form->pages.p[p].id);
        step.state = saved ? page_wrong(in->eval, p) ? PAGE_STEP_ERROR : PAGE_STEP_DONE : PAGE_STEP_COMING;
        if (p == in->page)
            step.state = PAGE_STEP_CURRENT;
        open = open && saved;
        vec_add(cx->arena, &ret->steps, step);
    }
    struct page_step review = {.label = i18n_text(cx->lang, T_form_review),
                               .state = in->page < 0 ? PAGE_STEP_CURRENT : PAGE_STEP_COMING};
    if (open)
        review.href = str_cat(cx->arena, form_draft_base(cx, d->id), S("/review")), review.go = S("to-review");
    vec_add(cx->arena, &ret->steps, review);
}

void form_view_page(struct cx *cx, const struct form_view_in *in, struct form_page_view *ret)
{
    const struct form_draft *d = in->draft;
    const struct form_page *page = &d->form->pages.p[in->page];
    *ret = (struct form_page_view){.title = words_in(&page->title, cx->lang)};
    for (size_t i = 0; in->uploads && i < in->uploads->n; i++)
        page_errors_add(cx, &ret->errors, in->uploads->p[i].field_id, in->uploads->p[i].message);
    if (in->show_errors)
        add_errors(cx, in, in->page, &ret->errors);
    form_view_steps(cx, in, &ret->steps);
    ret->steps.form_id = S("form"); /* going elsewhere saves what is being written */
    int64_t at = 0;
    for (size_t i = 0; i < ret->steps.steps.n; i++)
        if (ret->steps.steps.p[i].state == PAGE_STEP_CURRENT)
            at = (int64_t)i + 1;
    ret->step = i18n_fmt(cx, T_form_step, ARG("step", at), ARG("total", ret->steps.steps.n));
    struct str intro = words_in(&page->intro, cx->lang);
    if (intro.n)
        ret->intro = markdown_html(cx, intro);
    ret->why = why_words(cx, d->service, page->why);
    ret->action = page_path(cx, d, in->page);
    ret->seen = form_draft_saved(d, page->id);
    ret->has_back = form_page_before(in->eval, in->page) >= 0;
    ret->last = form_page_after(in->eval, in->page) < 0;
    for (size_t i = 0; i < d->form->fields.n; i++) {
        const struct form_field *f = d->form->fields.p[i];
        ret->multipart |= f->page == in->page && f->kind == FORM_FILE && in->eval->values[i].visible;
    }
    add_items(cx, in, page->fields.p, page->fields.n, &ret->errors, &ret->items);
}

/* Something was answered that is not asked any more: it will not be sent. */
static void add_dropped(struct cx *cx, const struct form_draft *d, const struct form_field *f,
                        struct form_review_view *ret)
{
    struct form_value v = {.visible = true, .empty = true};
    form_read_value(
        cx, f, &(struct form_given){.raws = d->given.raws, .uploads = {d->given.uploads.p, d->given.uploads.n, 0}}, &v);
    if (v.empty)
        return;
    struct form_shown_row row = {.label = words_in(&f->label, cx->lang), .value = form_value_words(cx, f, &v)};
    vec_add(cx->arena, &ret->dropped, row);
}

void form_view_review(struct cx *cx, const struct form_view_in *in, struct form_review_view *ret)
{
    const struct form_draft *d = in->draft;
    struct str base = form_draft_base(cx, d->id);
    *ret = (struct form_review_view){.version = d->version, .may_send = !in->eval->wrong.n};
    for (size_t i = 0; i < in->eval->wrong.n; i++) {
        const struct form_wrong *w = &in->eval->wrong.p[i];
        page_errors_add(cx, &ret->errors, str_cat(cx->arena, S("s-"), w->field->id), w->message);
    }
    form_view_steps(cx, in, &ret->steps);
    form_show_eval(cx, in->eval, base, &ret->shown);
    for (size_t i = 0; i < d->form->fields.n; i++)
        if (!in->eval->values[i].visible && form_asks(d->form->fields.p[i]) && !form_is_fixed(d->form->fields.p[i]))
            add_dropped(cx, d, d->form->fields.p[i], ret);
    ret->action = str_fmt(cx->arena, "/casefile/submit/%lld", (long long)d->id);
    ret->href_delete = str_cat(cx->arena, base, S("/delete"));
    int last = form_page_before(in->eval, (int)d->form->pages.n);
    ret->href_back = last >= 0 ? page_path(cx, d, last) : base;
    const struct municipality_unit *unit = cx->muni ? municipality_unit(cx->muni, d->service->unit_key) : NULL;
    ret->unit = unit ? words_in(&unit->name, cx->lang) : d->service->unit_key;
}
