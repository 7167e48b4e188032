/* What an answer rests on: which answers decide what it is, or whether it is asked. */
#include "form_eval.h"

static void by_expr(bool *on, const struct form_expr *x);

static void by_calc(bool *on, const struct form_calc *c)
{
    if (c->field)
        on[c->field->order] = true;
    if (c->cond)
        by_expr(on, c->cond);
    for (size_t i = 0; i < c->of.n; i++)
        by_calc(on, c->of.p[i]);
}

static void by_expr(bool *on, const struct form_expr *x)
{
    if (x->field)
        on[x->field->order] = true;
    if (x->left)
        by_calc(on, x->left);
    for (size_t i = 0; i < x->values.n; i++)
        by_calc(on, x->values.p[i]);
    for (size_t i = 0; i < x->of.n; i++)
        by_expr(on, x->of.p[i]);
}

/* What everything looks at comes before it, so one pass back through the form finds all. */
bool form_rests_on_typed_money(struct arena *a, const struct form *form, const struct form_field *f)
{
    bool *on = arena_array(a, bool, form->fields.n);
    on[f->order] = true;
    for (int i = f->order; i >= 0; i--) {
        const struct form_field *g = form->fields.p[i];
        const struct form_page *page = &form->pages.p[g->page];
        if (!on[i])
            continue;
        if (g->kind == FORM_MONEY && form_is_typed(NULL, g))
            return true;
        if (g->value)
            by_calc(on, g->value);
        if (g->when)
            by_expr(on, g->when);
        if (g->group)
            on[g->group->order] = true;
        if (page->when)
            by_expr(on, page->when);
    }
    return false;
}
