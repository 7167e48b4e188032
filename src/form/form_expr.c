/* Conditions: reading them from form.yaml. form_eval.c answers them. */
#include "form_tree.h"

#define OP_WORDS "all any not eq ne lt le gt ge in empty"
static const char *const op_names[] = {"all", "any", "not", "eq", "ne", "lt", "le", "gt", "ge", "in", "empty"};

const struct form_field *form_field_of(const struct form *form, struct str id)
{
    for (size_t i = 0; i < form->fields.n; i++)
        if (str_eq(form->fields.p[i]->id, id))
            return form->fields.p[i];
    return NULL;
}

struct str form_names_all(struct arena *a, const struct form *form)
{
    struct buf b = buf_make(a);
    for (size_t i = 0; i < form->fields.n; i++) {
        buf_add(&b, form->fields.p[i]->id);
        buf_add_char(&b, ' ');
    }
    return str_of(str_z(a, buf_str(&b)));
}

/* "; did you mean `x`?", or empty. */
static const char *did_you_mean(struct form_names *names, struct str wrong, struct str words, const char *otherwise)
{
    struct str near = problem_nearest(wrong, str_z(names->arena, words));
    return near.n ? str_z(names->arena, str_fmt(names->arena, "did you mean `%" PRI_STR "`?", STR_ARG(near)))
                  : otherwise;
}

static const struct form_expr *named(struct form_names *names, const struct yaml *node)
{
    struct buf known = buf_make(names->arena);
    for (size_t i = 0; i < names->list.n; i++) {
        if (str_eq(names->list.p[i].name, node->text))
            return names->list.p[i].expr;
        buf_add(&known, names->list.p[i].name);
        buf_add_char(&known, ' ');
    }
    yaml_problem(
        names->problems, node,
        did_you_mean(names, node->text, buf_str(&known), "name it under `conditions:`, above where it is used"),
        "there is no condition `%" PRI_STR "` above this place", STR_ARG(node->text));
    return NULL;
}

static const struct form_field *operand_field(struct form_names *names, const struct yaml *node)
{
    const struct form_field *f = node->kind == YAML_SCALAR ? form_field_of(names->form, node->text) : NULL;
    if (f && f->kind != FORM_INFO && f->kind != FORM_WARNING && f->kind != FORM_GROUP)
        return f;
    if (f)
        yaml_problem(names->problems, node, "name a field that asks something",
                     "`%" PRI_STR "` has no answer to look at", STR_ARG(node->text));
    else
        yaml_problem(
            names->problems, node,
            did_you_mean(names, node->text, form_names_all(names->arena, names->form), "name a field of this form"),
            "the id of a field was expected, `%" PRI_STR "` is none", STR_ARG(node->text));
    return NULL;
}

static bool is_choice(enum form_kind k)
{
    return k == FORM_RADIO || k == FORM_SELECT || k == FORM_MULTISELECT;
}

/* What can be put in order. */
static bool is_ordered(enum form_kind k)
{
    return k == FORM_NUMBER || k == FORM_MONEY || k == FORM_DATE;
}

static bool literal_choice(struct form_names *names, const struct form_field *f, const struct yaml *node)
{
    struct buf known = buf_make(names->arena);
    for (size_t i = 0; i < f->options.n; i++) {
        if (str_eq(f->options.p[i].key, node->text))
            return true;
        buf_add(&known, f->options.p[i].key);
        buf_add_char(&known, ' ');
    }
    yaml_problem(names->problems, node,
                 did_you_mean(names, node->text, buf_str(&known), "use the key of one of its options"),
                 "`%" PRI_STR "` has no option `%" PRI_STR "`", STR_ARG(f->id), STR_ARG(node->text));
    return false;
}

/* The literal of a field's type, or another field of the same type. */
static bool literal(struct form_names *names, const struct form_field *f, const struct yaml *node,
                    struct form_literal *ret)
{
    *ret = (struct form_literal){0};
    if (node->kind != YAML_SCALAR) {
        yaml_problem(names->problems, node, "write one value", "a single value was expected, not a list or a map");
        return false;
    }
    ret->text = node->text;
    const struct form_field *other = node->plain && !is_choice(f->kind) ? form_field_of(names->form, node->text) : NULL;
    if (other && other->kind == f->kind) {
        ret->field = other;
        return true;
    }
    bool ok = true;
    const char *want = "";
    if (is_choice(f->kind))
        return literal_choice(names, f, node);
    if (f->kind == FORM_NUMBER)
        ok = form_read_number(node->text, 4, &ret->number), want = "a number such as 2 or 1.5";
    else if (f->kind == FORM_MONEY)
        ok = form_read_money(node->text, &ret->number), want = "an amount such as 1500 or 99.50";
    else if (f->kind == FORM_DATE)
        ok = form_read_when(node->text, &ret->date), want = "a date such as 2026-01-31, today or today-18y";
    else if (f->kind == FORM_YESNO || f->kind == FORM_CHECKBOX) {
        ret->number = str_eq_z(node->text, "true");
        ok = node->plain && (ret->number || str_eq_z(node->text, "false")), want = "true or false";
    }
    if (!ok)
        yaml_problem(names->problems, node, str_z(names->arena, str_fmt(names->arena, "write %s", want)),
                     "`%" PRI_STR "` is compared with `%" PRI_STR "`; %s was expected", STR_ARG(f->id),
                     STR_ARG(node->text), want);
    return ok;
}

static void look_at(struct form_expr *e, const struct form_field *f)
{
    if (f->order > e->latest)
        e->latest = f->order;
}

static const struct form_expr *read_depth(struct form_names *names, const struct yaml *node, int depth);

/* all, any: a list of conditions; not: one. */
static bool read_logic(struct form_names *names, struct form_expr *e, const struct yaml *arg, int depth)
{
    bool one = e->op == FORM_NOT;
    if (!one && (arg->kind != YAML_LIST || !arg->n)) {
        yaml_problem(names->problems, arg, "write for example `all: [first, second]`",
                     "a list of conditions was expected after `%s`", op_names[e->op]);
        return false;
    }
    for (size_t i = 0; i < (one ? 1 : arg->n); i++) {
        const struct form_expr *sub = read_depth(names, one ? arg : arg->items[i], depth + 1);
        if (!sub)
            return false;
        if (sub->latest > e->latest)
            e->latest = sub->latest;
        vec_add(names->arena, &e->of, sub);
    }
    return true;
}

static bool comparable(struct form_names *names, const struct form_expr *e, const struct yaml *at)
{
    enum form_kind k = e->field->kind;
    const char *what = NULL, *remedy = "";
    if (k == FORM_FILE || k == FORM_ADDRESS || k == FORM_IDNO)
        what = "can only be asked whether it is empty", remedy = "use `empty:`, or `not: {empty: …}`";
    else if (e->op >= FORM_LT && e->op <= FORM_GE && !is_ordered(k))
        what = "has no order", remedy = "only number, money and date are greater or less; use eq, ne or in";
    else if (k == FORM_MULTISELECT && e->op != FORM_IN)
        what = "has several answers", remedy = "use `in: [field, [option, …]]`: any of them chosen";
    if (what)
        yaml_problem(names->problems, at, remedy, "`%" PRI_STR "` %s, so `%s` does not fit", STR_ARG(e->field->id),
                     what, op_names[e->op]);
    return !what;
}

/* eq … ge: [field, value]; in: [field, [value, …]]. */
static bool read_comparison(struct form_names *names, struct form_expr *e, const struct yaml *arg)
{
    if (arg->kind != YAML_LIST || arg->n != 2) {
        yaml_problem(names->problems, arg,
                     e->op == FORM_IN ? "write `in: [field, [value, …]]`" : "write `eq: [field, value]`",
                     "`%s` takes a list of two: a field and %s", op_names[e->op],
                     e->op == FORM_IN ? "a list of values" : "a value");
        return false;
    }
    e->field = operand_field(names, arg->items[0]);
    if (!e->field || !comparable(names, e, arg->items[0]))
        return false;
    look_at(e, e->field);
    const struct yaml *values = arg->items[1];
    bool list = e->op == FORM_IN;
    if (list && values->kind != YAML_LIST) {
        yaml_problem(names->problems, values, "write `in: [field, [value, …]]`",
                     "a list of values was expected after the field");
        return false;
    }
    for (size_t i = 0; i < (list ? values->n : 1); i++) {
        struct form_literal v;
        if (!literal(names, e->field, list ? values->items[i] : values, &v))
            return false;
        if (v.field)
            look_at(e, v.field);
        vec_add(names->arena, &e->values, v);
    }
    return true;
}

static const struct form_expr *read_operator(struct form_names *names, const struct yaml *node, int depth)
{
    const struct yaml *arg = node->items[0];
    int op = -1;
    for (int i = 0; i <= FORM_EMPTY; i++)
        if (str_eq_z(arg->key, op_names[i]))
            op = i;
    if (op < 0) {
        yaml_problem(names->problems, node, did_you_mean(names, arg->key, S(OP_WORDS), "use one of them"),
                     "`%" PRI_STR "` is no condition; one of %s was expected", STR_ARG(arg->key), OP_WORDS);
        return NULL;
    }
    struct form_expr *e = arena_new_of(names->arena, struct form_expr);
    e->op = (enum form_op)op;
    e->latest = -1;
    if (op <= FORM_NOT)
        return read_logic(names, e, arg, depth) ? e : NULL;
    if (op < FORM_EMPTY)
        return read_comparison(names, e, arg) ? e : NULL;
    e->field = operand_field(names, arg);
    if (e->field)
        look_at(e, e->field);
    return e->field ? e : NULL;
}

static const struct form_expr *read_depth(struct form_names *names, const struct yaml *node, int depth)
{
    if (node->kind == YAML_SCALAR)
        return named(names, node);
    if (depth > FORM_EXPR_DEPTH) {
        yaml_problem(names->problems, node, "give parts of it names under `conditions:`",
                     "a condition nested over %d deep", FORM_EXPR_DEPTH);
        return NULL;
    }
    if (node->kind == YAML_MAP && node->n == 1)
        return read_operator(names, node, depth);
    yaml_problem(names->problems, node, "write the name of a condition, or one operator: `{ eq: [field, value] }`",
                 "a condition was expected, not %s",
                 node->kind == YAML_LIST ? "a list" : "a map of several keys: join them with `all:` or `any:`");
    return NULL;
}

const struct form_expr *form_expr_read(struct form_names *names, const struct yaml *node)
{
    return read_depth(names, node, 0);
}
