/* From what was given to what it means: one pass over all fields, in order. */
#include "form_eval.h"
#include "i18n/i18n.h"

const struct form_raw *form_raw_of(const struct form_raws *raws, struct str name)
{
    int i = form_index_get(&raws->by_name, name);
    return i < 0 ? NULL : &raws->list.p[i];
}

void form_raw_set(struct arena *a, struct form_raws *raws, struct str name, const struct str *values, size_t n)
{
    int i = form_index_get(&raws->by_name, name);
    struct form_raw *r = i < 0 ? vec_push(a, &raws->list) : &raws->list.p[i];
    if (i < 0) {
        r->name = str_dup(a, name);
        form_index_put(a, &raws->by_name, r->name, (int)raws->list.n - 1);
    }
    struct form_raw new = {.name = r->name};
    for (size_t k = 0; k < n; k++)
        vec_add(a, &new.values, values[k]);
    *r = new;
}

struct form_raws form_raws_copy(struct arena *a, const struct form_raws *raws)
{
    struct form_raws copy = {0};
    for (size_t i = 0; i < raws->list.n; i++)
        form_raw_set(a, &copy, raws->list.p[i].name, raws->list.p[i].values.p, raws->list.p[i].values.n);
    return copy;
}

/* ---- rows ---- */

static const struct form_value no_value = {.empty = true};

const struct form_value *form_at(const struct form_eval *e, const struct form_field *f)
{
    if (!f->repeat)
        return &e->values[f->order];
    return e->row ? &e->row->values[f->order - f->repeat->order - 1] : &no_value;
}

struct form_eval form_in_row(const struct form_eval *e, const struct form_row *row)
{
    struct form_eval in = *e;
    in.row = row;
    return in;
}

const struct form_row *form_row_of(const struct form_eval *e, const struct form_field *repeat, struct str id)
{
    const struct form_value *v = &e->values[repeat->order];
    for (size_t i = 0; i < v->rows.n; i++)
        if (str_eq(v->rows.p[i].id, id))
            return &v->rows.p[i];
    return NULL;
}

bool form_is_row_id(struct str s)
{
    bool ok = s.n == 8;
    for (size_t i = 0; ok && i < s.n; i++)
        ok = (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9');
    return ok;
}

struct str form_key(struct arena *a, struct str row, const struct form_field *f)
{
    return row.n ? str_fmt(a, "%" PRI_STR ":%" PRI_STR, STR_ARG(row), STR_ARG(f->id)) : f->id;
}

bool form_is_household(const struct form_field *f)
{
    return f->source == FORM_REGISTER && f->attr >= FORM_ATTR_INCOME;
}

bool form_is_fixed(const struct form_field *f)
{
    return f->source != FORM_TYPED && f->source != FORM_EARLIER && !f->editable;
}

bool form_is_typed(const struct form_eval *e, const struct form_field *f)
{
    if (f->source == FORM_EARLIER && !f->editable && e && form_at(e, f)->register_fact)
        return false;
    return !form_is_fixed(f) && !f->value;
}

bool form_asks(const struct form_field *f)
{
    return f->kind != FORM_INFO && f->kind != FORM_WARNING && f->kind != FORM_GROUP && f->kind != FORM_REPEAT;
}

bool form_is_tick(const struct form_field *f)
{
    return f->kind == FORM_CHECKBOX || f->kind == FORM_DECLARATION;
}

bool form_is_choice(const struct form_field *f)
{
    return f->kind == FORM_RADIO || f->kind == FORM_SELECT || f->kind == FORM_COUNTRY || f->kind == FORM_CURRENCY;
}

bool form_code_offered(const struct form_field *f, struct str code)
{
    for (size_t i = 0; i < f->except.n; i++)
        if (str_eq(f->except.p[i], code))
            return false;
    for (size_t i = 0; i < f->only.n; i++)
        if (str_eq(f->only.p[i], code))
            return true;
    return !f->only.n && (f->kind == FORM_COUNTRY ? i18n_country(LANG_EN, code) : i18n_currency(LANG_EN, code)).n;
}

const struct form_option *form_option_of(const struct form_field *f, struct str key)
{
    for (size_t i = 0; i < f->options.n; i++)
        if (str_eq(f->options.p[i].key, key))
            return &f->options.p[i];
    return NULL;
}

bool form_option_shown(const struct form_eval *e, const struct form_option *o)
{
    return !o->when || form_holds(e, o->when);
}

/* A fact nobody can type is not asked of one whom no register knows. */
static bool is_shown(const struct form_eval *e, const struct form_field *f, bool page)
{
    if (!page || (f->group && !form_at(e, f->group)->visible))
        return false;
    if (form_is_fixed(f) && !e->given->party)
        return false;
    return !f->when || form_holds(e, f->when);
}

/* An option that is not offered now cannot be chosen, though it was once. */
static void drop_options(const struct form_eval *e, const struct form_field *f, struct form_value *v)
{
    if (f->kind == FORM_MULTISELECT) {
        size_t n = 0;
        for (size_t i = 0; i < v->chosen.n; i++)
            if (form_option_shown(e, form_option_of(f, v->chosen.p[i])))
                v->chosen.p[n++] = v->chosen.p[i];
        v->chosen.n = n;
        v->empty = !n;
    } else if ((f->kind == FORM_RADIO || f->kind == FORM_SELECT) && !v->empty && !v->bad &&
               !form_option_shown(e, form_option_of(f, v->text))) {
        v->text = (struct str){0};
        v->empty = true;
    }
}

static void add_wrong(struct cx *cx, struct form_eval *e, const struct form_field *f, int row_no)
{
    struct str wrong = form_wrong_with(cx, e, f);
    if (wrong.n)
        vec_add(cx->arena, &e->wrong, (struct form_wrong){f, e->row ? e->row->id : (struct str){0}, row_no, wrong});
}

static void evaluate_rows(struct cx *cx, struct form_eval *e, const struct form_field *f, struct form_value *v);

/* One field; a repeat with all its rows. row_no: from 1, 0 outside rows. */
static void evaluate_field(struct cx *cx, struct form_eval *e, const struct form_field *f, bool asked, int row_no)
{
    struct form_value *v = (struct form_value *)form_at(e, f); /* cast: the values are ours */
    *v = (struct form_value){.empty = true, .visible = is_shown(e, f, asked)};
    if (!v->visible)
        return;
    if (f->kind == FORM_REPEAT)
        evaluate_rows(cx, e, f, v);
    else if (!form_asks(f))
        return;
    else
        form_read_value(cx, e, f, v), drop_options(e, f, v);
    add_wrong(cx, e, f, row_no);
}

static void evaluate_rows(struct cx *cx, struct form_eval *e, const struct form_field *f, struct form_value *v)
{
    const struct form_raw *ids = form_raw_of(&e->given->raws, f->id);
    size_t n = (size_t)(f->last - f->order);
    for (size_t i = 0; ids && i < ids->values.n && i < FORM_ROWS; i++)
        vec_add(cx->arena, &v->rows,
                (struct form_row){ids->values.p[i], arena_array(cx->arena, struct form_value, n + 1)});
    for (size_t i = 0; i < v->rows.n; i++) {
        e->row = &v->rows.p[i];
        for (int k = f->order + 1; k <= f->last; k++)
            evaluate_field(cx, e, e->form->fields.p[k], true, (int)i + 1);
    }
    e->row = NULL;
    v->empty = !v->rows.n;
}

void form_evaluate(struct cx *cx, const struct form *form, const struct form_given *given, struct form_eval *ret)
{
    *ret = (struct form_eval){.form = form, .arena = cx->arena, .given = given};
    ret->values = arena_array(cx->arena, struct form_value, form->fields.n + 1);
    ret->pages = arena_array(cx->arena, bool, form->pages.n + 1);
    int i = 0, n = (int)form->fields.n;
    for (size_t p = 0; p < form->pages.n; p++) {
        const struct form_page *page = &form->pages.p[p];
        bool asked = !page->when || form_holds(ret, page->when);
        for (; i < n && form->fields.p[i]->page == (int)p; i++) {
            const struct form_field *f = form->fields.p[i];
            evaluate_field(cx, ret, f, asked, 0);
            ret->pages[p] |= ret->values[i].visible && f->kind != FORM_GROUP;
            if (f->kind == FORM_REPEAT)
                i = f->last; /* its fields lie in its rows */
        }
    }
}

int form_page_after(const struct form_eval *e, int page)
{
    for (int p = page + 1; p < (int)e->form->pages.n; p++)
        if (e->pages[p])
            return p;
    return -1;
}

int form_page_before(const struct form_eval *e, int page)
{
    for (int p = page - 1; p >= 0; p--)
        if (e->pages[p])
            return p;
    return -1;
}
