/* From an evaluated draft to what the templates bind. */
#include "form_views.h"

#include "i18n/i18n.h"

struct str form_draft_base(struct cx *cx, int64_t id)
{
    return str_fmt(cx->arena, "/form/draft/%lld", (long long)id);
}

struct str form_spot_path(struct cx *cx, const struct form_draft *d, struct form_spot at)
{
    struct str page =
        str_fmt(cx->arena, "/form/draft/%lld/%" PRI_STR, (long long)d->id, STR_ARG(d->form->pages.p[at.page].id));
    if (!at.repeat)
        return page;
    return str_fmt(cx->arena, "%" PRI_STR "/%" PRI_STR "/%" PRI_STR, STR_ARG(page), STR_ARG(at.repeat->id),
                   STR_ARG(at.row));
}

static struct str page_path(struct cx *cx, const struct form_draft *d, int page)
{
    return form_spot_path(cx, d, (struct form_spot){.page = page});
}

static struct str row_id(const struct form_eval *e)
{
    return e->row ? e->row->id : (struct str){0};
}

static struct form_spot spot(const struct form_view_in *in)
{
    return (struct form_spot){in->page, in->repeat, row_id(in->eval)};
}

static struct str raw(struct cx *cx, const struct form_view_in *in, const struct form_field *f, const char *part)
{
    return form_typed(cx, &in->draft->given, row_id(in->eval), f, part);
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
    const struct form_value *v = form_at(in->eval, f);
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

/* Every country or currency that is offered, in the alphabet of the reader. */
static void add_codes(struct cx *cx, const struct form_field *f, const struct form_value *v, struct page_field *pf)
{
    const struct i18n_names *names = f->kind == FORM_COUNTRY ? &i18n_countries : &i18n_currencies;
    pf->kind = PAGE_FIELD_SELECT;
    vec_add(cx->arena, &pf->options,
            (struct page_option){.label = i18n_text(cx->lang, T_form_choose), .checked = v->empty});
    for (size_t i = 0; i < names->n; i++) {
        const struct i18n_name *name = &names->rows[names->order[cx->lang][i]];
        struct str code = str_of(name->code);
        if (form_code_offered(f, code))
            vec_add(cx->arena, &pf->options,
                    (struct page_option){
                        .value = code, .label = str_of(name->in[cx->lang]), .checked = str_eq(v->text, code)});
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
    const struct form_value *v = form_at(in->eval, f);
    bool fact = v->register_fact && !raw(cx, in, f, NULL).n;
    pf->value = f->kind == FORM_IDNO || fact ? v->text : raw(cx, in, f, NULL);
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
    case FORM_COUNTRY:
    case FORM_CURRENCY:
        add_codes(cx, f, v, pf);
        if (f->kind == FORM_COUNTRY)
            pf->autocomplete = S("country");
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
    case FORM_ACCOUNT:
        pf->inputmode = S("numeric");
        pf->width = 20;
        break;
    default:
        pf->autocomplete = f->autocomplete;
        break;
    }
}

static void date_field(struct cx *cx, const struct form_view_in *in, const struct form_field *f, struct page_field *pf)
{
    const struct form_value *v = form_at(in->eval, f);
    pf->kind = PAGE_FIELD_DATE;
    pf->month_only = f->kind == FORM_MONTH;
    pf->day = raw(cx, in, f, "day");
    pf->month = raw(cx, in, f, "month");
    pf->year = raw(cx, in, f, "year");
    if (v->register_fact) {
        page_date_put(cx, pf, (day_t)v->number);
        if (f->source == FORM_REGISTER)
            pf->autocomplete = S("bday");
    }
}

static void address_item(struct cx *cx, const struct form_view_in *in, const struct form_field *f,
                         struct form_item *item)
{
    const struct form_value *v = form_at(in->eval, f);
    struct str id = item->field.id;
    item->kind = FORM_ITEM_ADDRESS;
    struct page_field part = {.kind = PAGE_FIELD_TEXT, .max = 100};
    struct str name = f->id;
    item->street = item->postcode = item->city = part;
    item->street.id = id;
    item->street.name = str_cat(cx->arena, name, S("_street"));
    item->street.label = i18n_text(cx->lang, T_form_street);
    item->street.autocomplete = S("address-line1"); /* street-address is for a box of several lines */
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
    item->street.value = v->register_fact ? v->street : raw(cx, in, f, "street");
    item->postcode.value = v->register_fact ? v->postcode : raw(cx, in, f, "postcode");
    item->city.value = v->register_fact ? v->city : raw(cx, in, f, "city");
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
        if (str_eq(u->field, form_key(cx->arena, row_id(in->eval), f)))
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
    item->computed = f->value;
}

static void tick_item(struct cx *cx, const struct form_field *f, const struct form_value *v, struct form_item *item)
{
    struct str text = words_in(&f->text, cx->lang);
    item->kind = FORM_ITEM_CHECKBOX;
    item->ticked = v->number;
    if (text.n)
        item->html = markdown_html(cx, text);
}

static struct form_item asked_item(struct cx *cx, const struct form_view_in *in, const struct form_field *f,
                                   const struct page_errors *errors)
{
    const struct form_value *v = form_at(in->eval, f);
    struct form_item item = {.kind = FORM_ITEM_FIELD};
    struct page_field *pf = &item.field;
    pf->id = str_cat(cx->arena, S("f-"), f->id);
    pf->name = f->id;
    pf->label = words_in(&f->label, cx->lang);
    pf->hint = words_in(&f->hint, cx->lang);
    pf->why = f->why_own ? why_words(cx, in->draft->service, f->why) : (struct str){0};
    pf->source = form_source_words(cx, v);
    if (pf->source.n && f->source == FORM_EARLIER && f->editable)
        pf->source = i18n_fmt(cx, T_form_source_editable, ARG("source", pf->source));
    pf->error = page_errors_of(errors, pf->id);
    pf->optional = !f->required || (f->required_when && !form_holds(in->eval, f->required_when));
    if (!form_is_typed(in->eval, f))
        fixed_item(cx, f, v, &item);
    else if (f->kind == FORM_ADDRESS)
        address_item(cx, in, f, &item);
    else if (f->kind == FORM_FILE)
        file_item(cx, in, f, &item);
    else if (f->kind == FORM_DATE || f->kind == FORM_MONTH)
        date_field(cx, in, f, pf);
    else if (form_is_tick(f))
        tick_item(cx, f, v, &item);
    else
        by_kind(cx, in, f, pf);
    return item;
}

static struct form_item group_item(struct cx *cx, const struct form_view_in *in, const struct form_field *f)
{
    struct form_item item = {.kind = f->kind == FORM_REPEAT ? FORM_ITEM_REPEAT : FORM_ITEM_GROUP,
                             .title = words_in(&f->label, cx->lang),
                             .hint = words_in(&f->hint, cx->lang)};
    item.field.id = str_cat(cx->arena, S("f-"), f->id);
    item.why = f->why_own ? why_words(cx, in->draft->service, f->why) : (struct str){0};
    return item;
}

/* The first thing that is wrong in a row. */
static struct str wrong_in_row(const struct form_eval *e, struct str row)
{
    for (size_t i = 0; i < e->wrong.n; i++)
        if (str_eq(e->wrong.p[i].row, row))
            return e->wrong.p[i].message;
    return (struct str){0};
}

static struct str add_words(struct cx *cx, const struct form_field *repeat)
{
    struct str own = words_in(&repeat->add, cx->lang);
    return own.n ? own : i18n_fmt(cx, T_form_row_add, ARG("row", words_in(&repeat->row, cx->lang)));
}

static bool has_room(const struct form_eval *e, const struct form_field *repeat)
{
    int64_t most = FORM_ROWS;
    form_limit(e, repeat, true, &most);
    return e->values[repeat->order].rows.n < (size_t)(most < FORM_ROWS ? most : FORM_ROWS);
}

static struct form_item repeat_item(struct cx *cx, const struct form_view_in *in, const struct form_field *f,
                                    const struct page_errors *errors)
{
    struct form_item item = group_item(cx, in, f);
    const struct form_value *v = &in->eval->values[f->order];
    item.field.error = page_errors_of(errors, item.field.id);
    for (size_t i = 0; i < v->rows.n; i++) {
        const struct form_row *row = &v->rows.p[i];
        struct form_row_view r = {.id = str_cat(cx->arena, S("row-"), row->id),
                                  .title = form_row_words(cx, f, i + 1),
                                  .answers = form_row_answers(cx, in->eval, f, row)};
        r.go = str_fmt(cx->arena, "row-%" PRI_STR "-%" PRI_STR, STR_ARG(row->id), STR_ARG(f->id));
        r.remove_go = str_fmt(cx->arena, "remove-%" PRI_STR "-%" PRI_STR, STR_ARG(row->id), STR_ARG(f->id));
        if (in->show_errors)
            r.error = wrong_in_row(in->eval, row->id);
        vec_add(cx->arena, &item.list, r);
    }
    if (has_room(in->eval, f)) {
        item.add = add_words(cx, f);
        item.add_go = str_cat(cx->arena, S("add-"), f->id);
    }
    return item;
}

static void add_items(struct cx *cx, const struct form_view_in *in, const struct form_field *const *fields, size_t n,
                      const struct page_errors *errors, struct form_items *ret)
{
    for (size_t i = 0; i < n; i++) {
        const struct form_field *f = fields[i];
        if (!form_at(in->eval, f)->visible)
            continue;
        struct form_item item;
        if (f->kind == FORM_REPEAT) {
            item = repeat_item(cx, in, f, errors);
        } else if (f->kind == FORM_GROUP) {
            item = group_item(cx, in, f);
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

/* What is wrong on this page, or in this row. On the page a row is pointed to as a whole. */
static void add_errors(struct cx *cx, const struct form_view_in *in, struct page_errors *errors)
{
    struct str last = {0};
    for (size_t i = 0; i < in->eval->wrong.n; i++) {
        const struct form_wrong *w = &in->eval->wrong.p[i];
        bool here = w->field->page == in->page && (!in->repeat || str_eq(w->row, row_id(in->eval)));
        if (!here || (!in->repeat && w->row.n && str_eq(w->row, last)))
            continue;
        last = w->row;
        if (in->repeat || !w->row.n)
            page_errors_add(cx, errors, str_cat(cx->arena, S("f-"), w->field->id), w->message);
        else
            page_errors_add(cx, errors, str_cat(cx->arena, S("row-"), w->row),
                            str_fmt(cx->arena, "%" PRI_STR ": %" PRI_STR,
                                    STR_ARG(form_row_words(cx, w->field->repeat, (size_t)w->row_no)),
                                    STR_ARG(w->message)));
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
        bool saved = form_draft_saved(cx, d, (struct form_spot){.page = p}) > 0;
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

/* What is on top of a page: its title, or which row it is. */
static void view_head(struct cx *cx, const struct form_view_in *in, struct form_page_view *ret)
{
    const struct form_draft *d = in->draft;
    const struct form_page *page = &d->form->pages.p[in->page];
    struct str intro = words_in(&page->intro, cx->lang);
    ret->title = words_in(&page->title, cx->lang);
    ret->why = why_words(cx, d->service, page->why);
    if (in->repeat) {
        const struct form_value *v = &in->eval->values[in->repeat->order];
        ret->title = form_row_words(cx, in->repeat, (size_t)(in->eval->row - v->rows.p) + 1);
        ret->row = true;
        ret->add = add_words(cx, in->repeat);
        ret->may_add = has_room(in->eval, in->repeat);
        if (in->repeat->why_own)
            ret->why = why_words(cx, d->service, in->repeat->why);
    } else if (intro.n) {
        ret->intro = markdown_html(cx, intro);
    }
}

static void view_steps(struct cx *cx, const struct form_view_in *in, struct form_page_view *ret)
{
    int64_t at = 0;
    form_view_steps(cx, in, &ret->steps);
    ret->steps.form_id = S("form"); /* going elsewhere saves what is being written */
    for (size_t i = 0; i < ret->steps.steps.n; i++)
        if (ret->steps.steps.p[i].state == PAGE_STEP_CURRENT)
            at = (int64_t)i + 1;
    ret->step = i18n_fmt(cx, T_form_step, ARG("step", at), ARG("total", ret->steps.steps.n));
}

void form_view_page(struct cx *cx, const struct form_view_in *in, struct form_page_view *ret)
{
    const struct form_draft *d = in->draft;
    const struct form_page *page = &d->form->pages.p[in->page];
    int first, last;
    *ret = (struct form_page_view){0};
    for (size_t i = 0; in->uploads && i < in->uploads->n; i++)
        page_errors_add(cx, &ret->errors, in->uploads->p[i].field_id, in->uploads->p[i].message);
    if (in->show_errors)
        add_errors(cx, in, &ret->errors);
    view_steps(cx, in, ret);
    view_head(cx, in, ret);
    ret->action = form_spot_path(cx, d, spot(in));
    ret->seen = form_draft_saved(cx, d, spot(in));
    ret->has_back = in->repeat || form_page_before(in->eval, in->page) >= 0;
    ret->last = form_page_after(in->eval, in->page) < 0;
    form_spot_fields(d->form, spot(in), &first, &last);
    for (int i = first; i <= last; i++) {
        const struct form_field *f = d->form->fields.p[i];
        ret->multipart |= f->repeat == in->repeat && f->kind == FORM_FILE && form_at(in->eval, f)->visible;
    }
    if (in->repeat)
        add_items(cx, in, in->repeat->fields.p, in->repeat->fields.n, &ret->errors, &ret->items);
    else
        add_items(cx, in, page->fields.p, page->fields.n, &ret->errors, &ret->items);
}

/* Something was answered that is not asked any more: it will not be sent. */
static void add_dropped(struct cx *cx, const struct form_draft *d, const struct form_eval *e,
                        const struct form_field *f, int row_no, struct form_review_view *ret)
{
    struct form_value v = {.visible = true, .empty = true};
    struct form_given alone = d->given;
    alone.party = NULL; /* only what was typed */
    alone.earlier.n = 0;
    struct form_eval typed = *e;
    typed.given = &alone;
    if (form_at(e, f)->visible || !form_asks(f) || !form_is_typed(e, f))
        return;
    form_read_value(cx, &typed, f, &v);
    if (v.empty || (f->initial.n && !form_raw_of(&d->given.raws, form_key(cx->arena, row_id(e), f))))
        return;
    vec_add(cx->arena, &ret->dropped,
            (struct form_shown_row){.label = form_full_label(cx, f, row_no), .value = form_value_words(cx, f, &v)});
}

/* A repeat that is no longer asked: its rows as a whole. */
static void add_dropped_rows(struct cx *cx, const struct form_draft *d, const struct form_field *f,
                             struct form_review_view *ret)
{
    const struct form_raw *rows = form_raw_of(&d->given.raws, f->id);
    if (rows && rows->values.n)
        vec_add(cx->arena, &ret->dropped,
                (struct form_shown_row){.label = words_in(&f->label, cx->lang),
                                        .value = i18n_fmt(cx, T_form_rows_count, ARG("n", rows->values.n))});
}

static void view_dropped(struct cx *cx, const struct form_draft *d, const struct form_eval *e,
                         struct form_review_view *ret)
{
    for (int i = 0; i < (int)d->form->fields.n; i++) {
        const struct form_field *f = d->form->fields.p[i];
        const struct form_value *v = &e->values[i];
        if (f->kind != FORM_REPEAT) {
            add_dropped(cx, d, e, f, 0, ret);
            continue;
        }
        if (!v->visible)
            add_dropped_rows(cx, d, f, ret);
        for (size_t r = 0; r < v->rows.n; r++) {
            struct form_eval in = form_in_row(e, &v->rows.p[r]);
            for (int k = f->order + 1; k <= f->last; k++)
                add_dropped(cx, d, &in, d->form->fields.p[k], (int)r + 1, ret);
        }
        i = f->last;
    }
}

void form_view_review(struct cx *cx, const struct form_view_in *in, struct form_review_view *ret)
{
    const struct form_draft *d = in->draft;
    struct str base = form_draft_base(cx, d->id);
    *ret = (struct form_review_view){.version = d->version, .may_send = !in->eval->wrong.n};
    for (size_t i = 0; i < in->eval->wrong.n; i++) {
        const struct form_wrong *w = &in->eval->wrong.p[i];
        struct str message = w->message;
        if (w->row.n)
            message = str_fmt(cx->arena, "%" PRI_STR ": %" PRI_STR,
                              STR_ARG(form_row_words(cx, w->field->repeat, (size_t)w->row_no)), STR_ARG(message));
        page_errors_add(cx, &ret->errors, str_cat(cx->arena, S("s-"), form_shown_key(cx->arena, w->row, w->field)),
                        message);
    }
    form_view_steps(cx, in, &ret->steps);
    form_show_eval(cx, in->eval, base, &ret->shown);
    view_dropped(cx, d, in->eval, ret);
    ret->action = str_fmt(cx->arena, "/casefile/submit/%lld", (long long)d->id);
    ret->href_delete = str_cat(cx->arena, base, S("/delete"));
    ret->href_privacy = str_fmt(cx->arena, "/form/%" PRI_STR "/data", STR_ARG(d->service->key));
    int last = form_page_before(in->eval, (int)d->form->pages.n);
    ret->href_back = last >= 0 ? page_path(cx, d, last) : base;
    const struct municipality_unit *unit = cx->muni ? municipality_unit(cx->muni, d->service->unit_key) : NULL;
    ret->unit = unit ? words_in(&unit->name, cx->lang) : d->service->unit_key;
    ret->signs = d->service->cosign.by != COSIGN_NONE;
}
