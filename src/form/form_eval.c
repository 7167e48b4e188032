#include "form_eval.h"

const struct form_raw *form_raw_of(const struct form_raws *raws, struct str name)
{
    for (size_t i = 0; i < raws->list.n; i++)
        if (str_eq(raws->list.p[i].name, name))
            return &raws->list.p[i];
    return NULL;
}

void form_raw_set(struct arena *a, struct form_raws *raws, struct str name, const struct str *values, size_t n)
{
    struct form_raw *r = (struct form_raw *)form_raw_of(raws, name);
    if (!r) {
        r = vec_push(a, &raws->list);
        r->name = str_dup(a, name);
    }
    r->values.n = 0;
    for (size_t i = 0; i < n; i++)
        vec_add(a, &r->values, values[i]);
}

bool form_is_household(const struct form_field *f)
{
    return f->source == FORM_REGISTER && f->attr >= FORM_ATTR_INCOME;
}

bool form_is_fixed(const struct form_field *f)
{
    return f->source != FORM_TYPED && !f->editable;
}

bool form_asks(const struct form_field *f)
{
    return f->kind != FORM_INFO && f->kind != FORM_WARNING && f->kind != FORM_GROUP;
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

static int three_way(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* Does the answer equal one of the literals? */
static bool any_equal(const struct form_eval *e, const struct form_expr *x, const struct form_value *v)
{
    for (size_t i = 0; i < x->values.n; i++) {
        const struct form_literal *lit = &x->values.p[i];
        const struct form_value *other = lit->field ? &e->values[lit->field->order] : NULL;
        if (other && (other->empty || other->bad))
            continue;
        enum form_kind k = x->field->kind;
        if (k == FORM_DATE) {
            if (v->number == (other ? other->number : form_when_day(&lit->date, e->given->today)))
                return true;
        } else if (k == FORM_NUMBER || k == FORM_MONEY || k == FORM_YESNO || k == FORM_CHECKBOX) {
            if (v->number == (other ? other->number : lit->number))
                return true;
        } else if (k == FORM_MULTISELECT) {
            for (size_t c = 0; c < v->chosen.n; c++)
                if (str_eq(v->chosen.p[c], lit->text))
                    return true;
        } else if (str_eq(v->text, other ? other->text : lit->text)) {
            return true;
        }
    }
    return false;
}

static bool compare(const struct form_eval *e, const struct form_expr *x)
{
    const struct form_value *v = &e->values[x->field->order];
    if (x->op == FORM_EMPTY)
        return v->empty;
    if (v->bad || (v->empty && x->field->kind != FORM_CHECKBOX))
        return false;
    if (x->op == FORM_EQ || x->op == FORM_IN)
        return any_equal(e, x, v);
    if (x->op == FORM_NE)
        return !any_equal(e, x, v);
    const struct form_literal *lit = &x->values.p[0];
    int64_t right = lit->number;
    if (lit->field) {
        const struct form_value *other = &e->values[lit->field->order];
        if (other->empty || other->bad)
            return false;
        right = other->number;
    } else if (x->field->kind == FORM_DATE) {
        right = form_when_day(&lit->date, e->given->today);
    }
    int c = three_way(v->number, right);
    return x->op == FORM_LT ? c < 0 : x->op == FORM_LE ? c <= 0 : x->op == FORM_GT ? c > 0 : c >= 0;
}

bool form_holds(const struct form_eval *e, const struct form_expr *x)
{
    if (x->op > FORM_NOT)
        return compare(e, x);
    if (x->op == FORM_NOT)
        return !form_holds(e, x->of.p[0]);
    for (size_t i = 0; i < x->of.n; i++)
        if (form_holds(e, x->of.p[i]) == (x->op == FORM_ANY))
            return x->op == FORM_ANY;
    return x->op == FORM_ALL;
}

/* A fact nobody can type is not asked of one whom no register knows. */
static bool is_shown(const struct form_eval *e, const struct form_field *f, bool page)
{
    if (!page || (f->group && !e->values[f->group->order].visible))
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

void form_evaluate(struct cx *cx, const struct form *form, const struct form_given *given, struct form_eval *ret)
{
    *ret = (struct form_eval){.form = form, .given = given};
    ret->values = arena_array(cx->arena, struct form_value, form->fields.n + 1);
    ret->pages = arena_array(cx->arena, bool, form->pages.n + 1);
    size_t i = 0;
    for (size_t p = 0; p < form->pages.n; p++) {
        const struct form_page *page = &form->pages.p[p];
        bool asked = !page->when || form_holds(ret, page->when);
        for (; i < form->fields.n && form->fields.p[i]->page == (int)p; i++) {
            const struct form_field *f = form->fields.p[i];
            struct form_value *v = &ret->values[i];
            v->empty = true;
            v->visible = is_shown(ret, f, asked);
            ret->pages[p] |= v->visible && (f->kind != FORM_GROUP);
            if (!v->visible || !form_asks(f))
                continue;
            form_read_value(cx, f, given, v);
            drop_options(ret, f, v);
            struct str wrong = form_wrong_with(cx, ret, f);
            if (wrong.n)
                vec_add(cx->arena, &ret->wrong, (struct form_wrong){f, wrong});
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
