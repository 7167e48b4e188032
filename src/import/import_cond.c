/* Conditions of our grammar, built up and folded. */
#include "import_form.h"

bool cond_is_const(const struct cond *c, bool value)
{
    return c->kind == (value ? COND_TRUE : COND_FALSE);
}

static struct cond *make(struct import *im, enum cond_kind kind)
{
    struct cond *c = arena_new_of(im->cx->arena, struct cond);
    c->kind = kind;
    return c;
}

const struct cond *cond_const(struct import *im, bool value)
{
    return make(im, value ? COND_TRUE : COND_FALSE);
}

static void take(struct import *im, struct cond *c, const struct cond *of)
{
    vec_add(im->cx->arena, &c->of, of);
}

const struct cond *cond_not(struct import *im, const struct cond *c)
{
    if (c->kind == COND_TRUE || c->kind == COND_FALSE)
        return cond_const(im, c->kind == COND_FALSE);
    if (c->kind == COND_NOT)
        return c->of.p[0];
    struct cond *n = make(im, COND_NOT);
    take(im, n, c);
    return n;
}

const struct cond *cond_both(struct import *im, enum cond_kind kind, const struct cond *x, const struct cond *y)
{
    bool neutral = kind == COND_ALL;
    if (cond_is_const(x, neutral) || cond_is_const(y, !neutral) || x == y)
        return y;
    if (cond_is_const(y, neutral) || cond_is_const(x, !neutral))
        return x;
    struct cond *c = make(im, kind);
    const struct cond *const sides[] = {x, y};
    for (int s = 0; s < 2; s++)
        for (size_t i = 0; i < (sides[s]->kind == kind ? sides[s]->of.n : 1); i++)
            take(im, c, sides[s]->kind == kind ? sides[s]->of.p[i] : sides[s]);
    return c;
}

const struct cond *cond_leaf(struct import *im, const struct item *latest, struct yaml *leaf)
{
    struct cond *c = make(im, COND_LEAF);
    c->leaf = leaf;
    c->item = latest;
    return c;
}

const struct cond *cond_rows(struct import *im, const char *op, const struct item *repeat, const struct cond *of)
{
    bool some = str_eq_z(S("some"), op);
    if (cond_is_const(of, !some)) /* some: false; every: true */
        return of;
    struct cond *c = make(im, COND_ROWS);
    c->rows = op;
    c->item = repeat;
    take(im, c, of);
    return c;
}

const struct cond *cond_compare(struct import *im, const char *op, const struct item *item, struct yaml *value)
{
    struct arena *a = im->cx->arena;
    return cond_leaf(im, item, import_one(a, op, import_pair(a, import_scalar(a, item->id), value)));
}

const struct cond *cond_empty(struct import *im, const struct item *item)
{
    struct arena *a = im->cx->arena;
    return cond_leaf(im, item, import_one(a, "empty", import_scalar(a, item->id)));
}

const struct cond *cond_is(struct import *im, const struct item *item, struct str value)
{
    struct arena *a = im->cx->arena;
    if (import_is_type(item, "radio select multiselect attachment")) {
        const struct import_option *o = import_option_of(item, value);
        struct yaml *key = o ? import_scalar(a, o->key) : NULL;
        if (!o)
            return cond_const(im, false);
        if (!import_is_type(item, "multiselect"))
            return cond_compare(im, "eq", item, key);
        struct yaml *list = import_list(a);
        import_push(a, list, key);
        return cond_compare(im, "in", item, list);
    }
    if (import_is_type(item, "checkbox yesno declaration")) {
        if (!str_eq_z(value, "true") && !str_eq_z(value, "false"))
            return cond_const(im, false);
        const struct cond *is = cond_compare(im, "eq", item, import_scalar(a, value));
        return str_eq_z(value, "true") ? is : cond_both(im, COND_ALL, cond_shown(im, item), is);
    }
    if (import_is_type(item, "number money"))
        return import_is_number(value) ? cond_compare(im, "eq", item, import_scalar(a, value)) : cond_const(im, false);
    if (import_is_type(item, "country currency")) {
        bool code = value.n == (item->type[1] == 'o' ? 2U : 3U);
        for (size_t i = 0; i < value.n; i++)
            code &= value.p[i] >= 'A' && value.p[i] <= 'Z';
        return code ? cond_compare(im, "eq", item, import_scalar(a, value)) : cond_const(im, false);
    }
    return cond_compare(im, "eq", item, import_quoted(a, value));
}

const struct cond *cond_shown(struct import *im, const struct item *item)
{
    const struct cond *c = cond_const(im, true);
    for (; item && item != im->top; item = item->parent)
        if (item->when)
            c = cond_both(im, COND_ALL, item->when, c);
    return c;
}

static void push_copy(struct import *im, struct yaml *list, const struct yaml *of)
{
    struct yaml *y = arena_new_of(im->cx->arena, struct yaml);
    *y = *of;
    import_push(im->cx->arena, list, y);
}

/* Several comparisons of one field with `eq` or `in` become one `in`. */
static struct yaml *joined(struct import *im, const struct cond *c)
{
    struct arena *a = im->cx->arena;
    struct yaml *values = import_list(a);
    struct str field = {0};
    for (size_t i = 0; i < c->of.n; i++) {
        const struct yaml *leaf = c->of.p[i]->kind == COND_LEAF ? c->of.p[i]->leaf : NULL;
        const struct yaml *eq = leaf ? yaml_get(leaf, "eq") : NULL, *in = leaf ? yaml_get(leaf, "in") : NULL;
        const struct yaml *of = eq ? eq : in;
        if (!of || of->items[0]->kind != YAML_SCALAR || (field.p && !str_eq(field, of->items[0]->text)) ||
            (eq && (eq->items[1]->kind != YAML_SCALAR || str_eq_z(eq->items[1]->text, "true") ||
                    str_eq_z(eq->items[1]->text, "false"))))
            return NULL;
        field = of->items[0]->text;
        for (size_t k = 0; in && k < in->items[1]->n; k++)
            push_copy(im, values, in->items[1]->items[k]);
        if (eq)
            push_copy(im, values, eq->items[1]);
    }
    return import_one(a, "in", import_pair(a, import_scalar(a, field), values));
}

/* A node stands in one place of the tree only: its key is in it. */
static struct yaml *copy(struct import *im, const struct yaml *of)
{
    struct yaml *y = arena_new_of(im->cx->arena, struct yaml);
    *y = *of;
    return y;
}

struct yaml *cond_yaml(struct import *im, const struct cond *c)
{
    struct arena *a = im->cx->arena;
    if (c->kind == COND_LEAF)
        return copy(im, c->leaf);
    if (c->kind == COND_NOT)
        return import_one(a, "not", cond_yaml(im, c->of.p[0]));
    if (c->kind == COND_ROWS)
        return import_one(a, c->rows, import_pair(a, import_scalar(a, c->item->id), cond_yaml(im, c->of.p[0])));
    struct yaml *in = c->kind == COND_ANY ? joined(im, c) : NULL;
    if (in)
        return in;
    struct yaml *list = import_list(a);
    for (size_t i = 0; i < c->of.n; i++)
        import_push(a, list, cond_yaml(im, c->of.p[i]));
    return import_one(a, c->kind == COND_ALL ? "all" : "any", list);
}

int cond_depth(const struct cond *c)
{
    int deepest = 0;
    for (size_t i = 0; i < c->of.n; i++) {
        int d = cond_depth(c->of.p[i]);
        deepest = d > deepest ? d : deepest;
    }
    return deepest + 1;
}

const struct item *cond_latest(const struct import *im, const struct cond *c)
{
    const struct item *latest = c->kind == COND_LEAF || c->kind == COND_ROWS ? c->item : NULL;
    for (size_t i = 0; c->kind == COND_ROWS && i < im->all.n; i++) /* all rows are answered before it is asked */
        if (im->all.p[i]->repeat == c->item)
            latest = import_later(latest, im->all.p[i]);
    for (size_t i = 0; i < c->of.n; i++)
        latest = import_later(latest, cond_latest(im, c->of.p[i]));
    return latest;
}

bool cond_is_dead(const struct cond *c)
{
    bool dead = c->item && c->item->left_out;
    for (size_t i = 0; i < c->of.n; i++)
        dead |= cond_is_dead(c->of.p[i]);
    return dead;
}
