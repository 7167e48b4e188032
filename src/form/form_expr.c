/* Conditions: reading them from form.yaml. form_eval.c answers them. */
#include "form_tree.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define OP_WORDS "all any not some every eq ne lt le gt ge in contains starts ends matches empty"
static const char *const op_names[] = {"all", "any", "not", "some",     "every",  "eq",   "ne",      "lt",   "le",
                                       "gt",  "ge",  "in",  "contains", "starts", "ends", "matches", "empty"};

const struct form_field *form_field_of(const struct form *form, struct str id)
{
    int order = form_index_get(&form->by_id, id);
    return order < 0 ? NULL : form->fields.p[order];
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

const char *form_did_you_mean(struct form_names *names, struct str wrong, struct str words, const char *otherwise)
{
    struct str near = problem_nearest(wrong, str_z(names->arena, words));
    return near.n ? str_z(names->arena, str_fmt(names->arena, "did you mean `%" PRI_STR "`?", STR_ARG(near)))
                  : otherwise;
}

static void *pattern_alloc(size_t n, void *arena)
{
    return arena_alloc(arena, n);
}

static void pattern_free(void *p, void *arena)
{
    (void)p, (void)arena; /* dies with the arena */
}

void *form_pattern_compile(struct form_names *names, const struct yaml *node, struct str text)
{
    pcre2_general_context *g = pcre2_general_context_create(pattern_alloc, pattern_free, names->arena);
    pcre2_compile_context *c = pcre2_compile_context_create(g);
    pcre2_set_compile_extra_options(c, 0);
    int error;
    size_t at;
    uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UCP;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text.p, text.n, options, &error, &at, c);
    if (code)
        return code;
    PCRE2_UCHAR8 why[200];
    pcre2_get_error_message(error, why, sizeof why);
    yaml_problem(names->problems, node, "correct the pattern; it is a regular expression as in Perl",
                 "the pattern is wrong at character %zu: %s", at + 1, (const char *)why);
    return NULL;
}

bool form_looks_join(struct form_names *names, const struct yaml *at, int latest, const struct form_field *repeat,
                     int *latest_all, const struct form_field **repeat_all)
{
    if (latest > *latest_all)
        *latest_all = latest;
    if (!repeat)
        return true;
    if (*repeat_all && *repeat_all != repeat) {
        yaml_problem(names->problems, at, "ask the other through `some:`, `every:`, `count:` or `total:`",
                     "it looks at a row of `%" PRI_STR "` and at a row of `%" PRI_STR "`", STR_ARG((*repeat_all)->id),
                     STR_ARG(repeat->id));
        return false;
    }
    *repeat_all = repeat;
    return true;
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
        form_did_you_mean(names, node->text, buf_str(&known), "name it under `conditions:`, above where it is used"),
        "there is no condition `%" PRI_STR "` above this place", STR_ARG(node->text));
    return NULL;
}

const struct form_field *form_operand_field(struct form_names *names, const struct yaml *node, bool repeat)
{
    const struct form_field *f = node->kind == YAML_SCALAR ? form_field_of(names->form, node->text) : NULL;
    if (f && f->kind != FORM_INFO && f->kind != FORM_WARNING && f->kind != FORM_GROUP &&
        (f->kind != FORM_REPEAT || repeat))
        return f;
    if (f)
        yaml_problem(names->problems, node, "name a field that asks something",
                     "`%" PRI_STR "` has no answer to look at", STR_ARG(node->text));
    else if (node->kind == YAML_SCALAR)
        yaml_problem(names->problems, node,
                     form_did_you_mean(names, node->text, form_names_all(names->arena, names->form),
                                       "name a field of this form"),
                     "the id of a field was expected, `%" PRI_STR "` is none", STR_ARG(node->text));
    else
        yaml_problem(names->problems, node, "write its id", "the id of a field was expected, not a list or a map");
    return NULL;
}

static bool take(struct form_names *names, const struct yaml *at, struct form_expr *e, const struct form_expr *sub)
{
    if (!sub || !form_looks_join(names, at, sub->latest, sub->repeat, &e->latest, &e->repeat))
        return false;
    vec_add(names->arena, &e->of, sub);
    return true;
}

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
        const struct yaml *sub = one ? arg : arg->items[i];
        if (!take(names, sub, e, form_expr_read(names, sub, depth + 1)))
            return false;
    }
    return true;
}

/* some, every: [repeat, condition]. What the condition says of a row holds in itself; the whole asks all rows. */
static bool read_rows(struct form_names *names, struct form_expr *e, const struct yaml *arg, int depth)
{
    if (arg->kind != YAML_LIST || arg->n != 2) {
        yaml_problem(names->problems, arg, "write for example `some: [children, minor]`",
                     "`%s` takes a list of two: a repeat and a condition", op_names[e->op]);
        return false;
    }
    e->field = form_operand_field(names, arg->items[0], true);
    if (e->field && e->field->kind != FORM_REPEAT) {
        yaml_problem(names->problems, arg->items[0], "name a field of type repeat", "`%" PRI_STR "` has no rows",
                     STR_ARG(e->field->id));
        return false;
    }
    const struct form_expr *sub = e->field ? form_expr_read(names, arg->items[1], depth + 1) : NULL;
    if (!sub)
        return false;
    if (sub->repeat && sub->repeat != e->field) {
        yaml_problem(names->problems, arg->items[1], "ask about the fields of this repeat",
                     "the condition is about rows of `%" PRI_STR "`", STR_ARG(sub->repeat->id));
        return false;
    }
    e->latest = sub->latest > e->field->last ? sub->latest : e->field->last;
    vec_add(names->arena, &e->of, sub);
    return true;
}

/* Does the operator fit what stands on its left? */
static bool comparable(struct form_names *names, const struct form_expr *e, const struct yaml *at)
{
    enum form_type t = e->left->type;
    const char *what = NULL, *remedy = "";
    if (t == FORM_TYPE_NONE)
        what = "can only be asked whether it is empty", remedy = "use `empty:`, or `not: {empty: …}`";
    else if (e->op >= FORM_LT && e->op <= FORM_GE && t != FORM_TYPE_NUMBER && t != FORM_TYPE_DATE)
        what = "has no order", remedy = "only number, money, date and month are greater or less; use eq, ne or in";
    else if (e->op >= FORM_CONTAINS && e->op <= FORM_MATCHES && t != FORM_TYPE_TEXT)
        what = "is no text", remedy = "use eq, ne or in";
    else if (t == FORM_TYPE_CHOICES && e->op != FORM_IN)
        what = "has several answers", remedy = "use `in: [field, [option, …]]`: any of them chosen";
    if (what)
        yaml_problem(names->problems, at, remedy, "`%" PRI_STR "` %s, so `%s` does not fit",
                     STR_ARG(e->left->field ? e->left->field->id : S("this")), what, op_names[e->op]);
    return !what;
}

static bool add_value(struct form_names *names, struct form_expr *e, const struct yaml *node, int depth)
{
    const struct form_calc *v = form_calc_read(names, node, e->left, depth + 1);
    if (!v || !form_looks_join(names, node, v->latest, v->repeat, &e->latest, &e->repeat))
        return false;
    if (v->type != e->left->type && !(e->left->type == FORM_TYPE_CHOICES && v->type == FORM_TYPE_TEXT)) {
        yaml_problem(names->problems, node, "compare numbers with numbers, dates with dates, texts with texts",
                     "the two sides of `%s` are of different types", op_names[e->op]);
        return false;
    }
    vec_add(names->arena, &e->values, v);
    return true;
}

/* matches: [x, "pattern"]. */
static bool read_pattern(struct form_names *names, struct form_expr *e, const struct yaml *node)
{
    struct str text = yaml_item(names->problems, node, "a pattern");
    e->pattern = text.n ? form_pattern_compile(names, node, text) : NULL;
    return e->pattern;
}

/* eq … matches: [x, y]; in: [x, [y, …]]. */
static bool read_comparison(struct form_names *names, struct form_expr *e, const struct yaml *arg, int depth)
{
    if (arg->kind != YAML_LIST || arg->n != 2) {
        yaml_problem(names->problems, arg,
                     e->op == FORM_IN ? "write `in: [field, [value, …]]`" : "write `eq: [field, value]`",
                     "`%s` takes a list of two: a field and %s", op_names[e->op],
                     e->op == FORM_IN ? "a list of values" : "a value");
        return false;
    }
    e->left = form_calc_read(names, arg->items[0], NULL, depth + 1);
    if (!e->left || !comparable(names, e, arg->items[0]))
        return false;
    e->latest = e->left->latest, e->repeat = e->left->repeat;
    const struct yaml *values = arg->items[1];
    bool list = e->op == FORM_IN;
    if (list && values->kind != YAML_LIST) {
        yaml_problem(names->problems, values, "write `in: [field, [value, …]]`",
                     "a list of values was expected after the field");
        return false;
    }
    if (e->op == FORM_MATCHES)
        return read_pattern(names, e, values);
    for (size_t i = 0; i < (list ? values->n : 1); i++)
        if (!add_value(names, e, list ? values->items[i] : values, depth))
            return false;
    return true;
}

static bool read_empty(struct form_names *names, struct form_expr *e, const struct yaml *arg)
{
    e->field = form_operand_field(names, arg, true);
    if (!e->field)
        return false;
    e->latest = e->field->last;
    e->repeat = e->field->repeat;
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
        yaml_problem(names->problems, node, form_did_you_mean(names, arg->key, S(OP_WORDS), "use one of them"),
                     "`%" PRI_STR "` is no condition; one of %s was expected", STR_ARG(arg->key), OP_WORDS);
        return NULL;
    }
    struct form_expr *e = arena_new_of(names->arena, struct form_expr);
    e->op = (enum form_op)op;
    e->latest = -1;
    bool ok = op <= FORM_NOT       ? read_logic(names, e, arg, depth)
              : op <= FORM_EVERY   ? read_rows(names, e, arg, depth)
              : op <= FORM_MATCHES ? read_comparison(names, e, arg, depth)
                                   : read_empty(names, e, arg);
    return ok ? e : NULL;
}

const struct form_expr *form_expr_read(struct form_names *names, const struct yaml *node, int depth)
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
