/* Expressions: reading them from form.yaml. form_reckon.c works them out. */
#include "form_tree.h"
#include "i18n/i18n.h"

#define OP_WORDS \
    "field sum diff product quotient least greatest count total age years months days shift year month_of weekday " \
    "length choose"
/* In the order of enum form_calc_op, from FORM_CALC_FIELD on. */
static const char *const op_names[] = {"field", "sum",      "diff",    "product", "quotient", "least", "greatest",
                                       "count", "total",    "age",     "years",   "months",   "days",  "shift",
                                       "year",  "month_of", "weekday", "length",  "choose"};

enum form_type form_type_of(enum form_kind kind)
{
    switch (kind) {
    case FORM_NUMBER:
    case FORM_MONEY:
        return FORM_TYPE_NUMBER;
    case FORM_DATE:
    case FORM_MONTH:
        return FORM_TYPE_DATE;
    case FORM_YESNO:
    case FORM_CHECKBOX:
    case FORM_DECLARATION:
        return FORM_TYPE_FLAG;
    case FORM_MULTISELECT:
        return FORM_TYPE_CHOICES;
    case FORM_FILE:
    case FORM_ADDRESS:
    case FORM_IDNO:
    case FORM_REPEAT:
        return FORM_TYPE_NONE;
    default:
        return FORM_TYPE_TEXT;
    }
}

const struct form_calc *form_calc_of(struct arena *a, const struct form_field *f)
{
    struct form_calc *c = arena_new_of(a, struct form_calc);
    *c = (struct form_calc){.op = FORM_CALC_FIELD,
                            .type = form_type_of(f->kind),
                            .money = f->kind == FORM_MONEY,
                            .latest = f->order,
                            .repeat = f->repeat,
                            .field = f};
    return c;
}

/* ---- literals ---- */

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
                 form_did_you_mean(names, node->text, buf_str(&known), "use the key of one of its options"),
                 "`%" PRI_STR "` has no option `%" PRI_STR "`", STR_ARG(f->id), STR_ARG(node->text));
    return false;
}

/* A text that must be one of those the field can hold. */
static bool literal_text(struct form_names *names, const struct form_field *f, const struct yaml *node)
{
    if (f && f->options.n)
        return literal_choice(names, f, node);
    const char *remedy = NULL;
    if (f && f->kind == FORM_COUNTRY && i18n_country(LANG_EN, node->text).n == 0)
        remedy = "write two capital letters of ISO 3166, for example NO";
    if (f && f->kind == FORM_CURRENCY && i18n_currency(LANG_EN, node->text).n == 0)
        remedy = "write three capital letters of ISO 4217, for example NOK";
    if (remedy)
        yaml_problem(names->problems, node, remedy, "`%" PRI_STR "` cannot be answered at `%" PRI_STR "`",
                     STR_ARG(node->text), STR_ARG(f->id));
    return !remedy;
}

static const char *literal_read(const struct form_calc *like, const struct yaml *node, struct form_calc *c)
{
    if (like->type == FORM_TYPE_NUMBER && like->money) {
        int64_t oere;
        if (!form_read_money(node->text, &oere))
            return "an amount such as 1500 or 99.50";
        c->number = oere * (FORM_NUMBER_ONE / 100);
    } else if (like->type == FORM_TYPE_NUMBER) {
        return form_read_number(node->text, 4, &c->number) ? NULL : "a number such as 2 or 1.5";
    } else if (like->type == FORM_TYPE_DATE) {
        return form_read_when(node->text, &c->date) ? NULL : "a date such as 2026-01-31, today or today-18y";
    } else if (like->type == FORM_TYPE_FLAG) {
        c->number = str_eq_z(node->text, "true");
        return node->plain && (c->number || str_eq_z(node->text, "false")) ? NULL : "true or false";
    }
    return NULL;
}

static const struct form_calc *literal(struct form_names *names, const struct yaml *node, const struct form_calc *like)
{
    struct form_calc *c = arena_new_of(names->arena, struct form_calc);
    bool text = like->type == FORM_TYPE_TEXT || like->type == FORM_TYPE_CHOICES;
    *c = (struct form_calc){.type = text ? FORM_TYPE_TEXT : like->type, .money = like->money, .latest = -1};
    c->text = node->text;
    if (text)
        return literal_text(names, like->field, node) ? c : NULL;
    const char *want = literal_read(like, node, c);
    if (!want)
        return c;
    yaml_problem(names->problems, node, str_z(names->arena, str_fmt(names->arena, "write %s", want)),
                 "`%" PRI_STR "` stands where %s was expected", STR_ARG(node->text), want);
    return NULL;
}

/* ---- operators ---- */

static bool wrong(struct form_names *names, const struct yaml *at, const char *remedy, const struct form_calc *c,
                  const char *what)
{
    yaml_problem(names->problems, at, remedy, "`%s` %s", op_names[c->op - FORM_CALC_FIELD], what);
    return false;
}

static bool add(struct form_names *names, const struct yaml *at, struct form_calc *c, const struct form_calc *sub)
{
    if (!sub || !form_looks_join(names, at, sub->latest, sub->repeat, &c->latest, &c->repeat))
        return false;
    c->money |= sub->money && sub->type == FORM_TYPE_NUMBER;
    vec_add(names->arena, &c->of, sub);
    return true;
}

/* The list of operands; those that are plain words may be literals in the type of the first that is none. */
static bool add_all(struct form_names *names, struct form_calc *c, const struct yaml *list,
                    const struct form_calc *like, int depth)
{
    for (size_t i = 0; i < list->n && !like; i++) {
        const struct yaml *node = list->items[i];
        if (node->kind == YAML_MAP || (node->plain && form_field_of(names->form, node->text)))
            like = form_calc_read(names, node, NULL, depth + 1);
    }
    for (size_t i = 0; i < list->n; i++)
        if (!add(names, list->items[i], c, form_calc_read(names, list->items[i], like, depth + 1)))
            return false;
    return true;
}

static bool all_of(const struct form_calc *c, enum form_type type)
{
    for (size_t i = 0; i < c->of.n; i++)
        if (c->of.p[i]->type != type)
            return false;
    return true;
}

/* A list of so many operands, or one alone where one is enough. */
static const struct yaml *operands(struct form_names *names, const struct form_calc *c, const struct yaml *arg,
                                   size_t min, size_t max, struct yaml *one)
{
    if (arg->kind == YAML_LIST && arg->n >= min && arg->n <= max)
        return arg;
    if (arg->kind != YAML_LIST && min == 1) {
        const struct yaml **items = arena_array(names->arena, const struct yaml *, 1);
        items[0] = arg;
        *one = (struct yaml){.kind = YAML_LIST, .line = arg->line, .col = arg->col, .file = arg->file, .n = 1};
        one->items = (struct yaml **)items; /* cast: read only */
        return one;
    }
    wrong(names, arg, "see the list of expressions in src/form/README.md", c,
          "takes another number of values, in a list: [x, y]");
    return NULL;
}

static const struct form_calc number_like = {.type = FORM_TYPE_NUMBER, .latest = -1};
static const struct form_calc date_like = {.type = FORM_TYPE_DATE, .latest = -1};
static const struct form_calc text_like = {.type = FORM_TYPE_TEXT, .latest = -1};

/* sum … quotient: numbers; least, greatest: numbers or dates. */
static bool read_numbers(struct form_names *names, struct form_calc *c, const struct yaml *arg, int depth)
{
    struct yaml one;
    bool two = c->op == FORM_CALC_DIFF || c->op == FORM_CALC_QUOTIENT || c->op == FORM_CALC_PRODUCT;
    bool order = c->op == FORM_CALC_LEAST || c->op == FORM_CALC_GREATEST;
    const struct yaml *list = operands(names, c, arg, two ? 2 : 1, two ? 2 : 200, &one);
    if (!list || !add_all(names, c, list, two ? &number_like : NULL, depth))
        return false;
    c->type = order && all_of(c, FORM_TYPE_DATE) ? FORM_TYPE_DATE : FORM_TYPE_NUMBER;
    return all_of(c, c->type) || wrong(names, arg, "use number and money", c, "takes numbers");
}

/* age, years, months, days: dates; year, month_of, weekday: one date. */
static bool read_dates(struct form_names *names, struct form_calc *c, const struct yaml *arg, int depth)
{
    struct yaml one;
    bool parts = c->op >= FORM_CALC_YEAR && c->op <= FORM_CALC_WEEKDAY;
    bool age = c->op == FORM_CALC_AGE;
    const struct yaml *list = operands(names, c, arg, age || parts ? 1 : 2, parts ? 1 : 2, &one);
    if (!list || !add_all(names, c, list, &date_like, depth))
        return false;
    c->type = FORM_TYPE_NUMBER;
    return all_of(c, FORM_TYPE_DATE) || wrong(names, arg, "use date and month", c, "takes dates");
}

/* shift: [date, +30d]. */
static bool read_shift(struct form_names *names, struct form_calc *c, const struct yaml *arg, int depth)
{
    if (arg->kind != YAML_LIST || arg->n != 2)
        return wrong(names, arg, "write for example `shift: [from, +30d]`", c, "takes a date and how far");
    if (!add(names, arg->items[0], c, form_calc_read(names, arg->items[0], &date_like, depth + 1)))
        return false;
    c->type = FORM_TYPE_DATE;
    if (c->of.p[0]->type != FORM_TYPE_DATE)
        return wrong(names, arg, "use date and month", c, "takes a date");
    return form_read_shift(yaml_item(names->problems, arg->items[1], "how far"), &c->date) ||
           wrong(names, arg->items[1], "write +30d, -3m, +1y or several together", c, "does not know how far");
}

/* The condition on the rows that are counted or added. */
static bool read_which(struct form_names *names, struct form_calc *c, const struct yaml *node,
                       const struct form_field *repeat, int depth)
{
    c->cond = form_expr_read(names, node, depth + 1);
    if (!c->cond)
        return false;
    if (c->cond->repeat && c->cond->repeat != repeat)
        return wrong(names, node, "ask about the fields of this repeat", c, "has a condition about other rows");
    if (c->cond->latest > c->latest)
        c->latest = c->cond->latest;
    return true;
}

static bool read_count(struct form_names *names, struct form_calc *c, const struct yaml *arg, int depth)
{
    struct yaml one;
    const struct yaml *list = operands(names, c, arg, 1, 2, &one);
    c->field = list ? form_operand_field(names, list->items[0], true) : NULL;
    if (!c->field)
        return false;
    enum form_kind k = c->field->kind;
    if (k != FORM_REPEAT && k != FORM_FILE && k != FORM_MULTISELECT)
        return wrong(names, arg, "name a repeat, a multiselect or a file", c, "counts rows, chosen options or files");
    c->type = FORM_TYPE_NUMBER;
    c->latest = c->field->last;
    c->repeat = c->field->repeat;
    if (list->n == 2 && k != FORM_REPEAT)
        return wrong(names, arg, "leave the condition out", c, "takes a condition only on a repeat");
    return list->n == 1 || read_which(names, c, list->items[1], c->field, depth);
}

static bool read_total(struct form_names *names, struct form_calc *c, const struct yaml *arg, int depth)
{
    struct yaml one;
    const struct yaml *list = operands(names, c, arg, 1, 2, &one);
    c->field = list ? form_operand_field(names, list->items[0], false) : NULL;
    if (!c->field)
        return false;
    if (!c->field->repeat || form_type_of(c->field->kind) != FORM_TYPE_NUMBER)
        return wrong(names, arg, "name a number or money in a repeat", c, "adds a number over the rows of a repeat");
    c->type = FORM_TYPE_NUMBER;
    c->money = c->field->kind == FORM_MONEY;
    c->latest = c->field->repeat->last;
    return list->n == 1 || read_which(names, c, list->items[1], c->field->repeat, depth);
}

static bool read_length(struct form_names *names, struct form_calc *c, const struct yaml *arg, int depth)
{
    c->type = FORM_TYPE_NUMBER;
    return add(names, arg, c, form_calc_read(names, arg, &text_like, depth + 1)) &&
           (c->of.p[0]->type == FORM_TYPE_TEXT || wrong(names, arg, "name a text", c, "takes a text"));
}

/* choose: [condition, x, y]. */
static bool read_choose(struct form_names *names, struct form_calc *c, const struct yaml *arg,
                        const struct form_calc *like, int depth)
{
    if (arg->kind != YAML_LIST || arg->n != 3)
        return wrong(names, arg, "write `choose: [condition, x, y]`", c, "takes a condition and two values");
    c->cond = form_expr_read(names, arg->items[0], depth + 1);
    if (!c->cond || !form_looks_join(names, arg, c->cond->latest, c->cond->repeat, &c->latest, &c->repeat))
        return false;
    struct yaml rest = *arg;
    rest.items = arg->items + 1;
    rest.n = 2;
    if (!add_all(names, c, &rest, like, depth))
        return false;
    c->type = c->of.p[0]->type;
    return all_of(c, c->type) || wrong(names, arg, "give both the same type", c, "has two values of different types");
}

static bool read_args(struct form_names *names, struct form_calc *c, const struct yaml *arg,
                      const struct form_calc *like, int depth)
{
    switch (c->op) {
    case FORM_CALC_SUM:
    case FORM_CALC_DIFF:
    case FORM_CALC_PRODUCT:
    case FORM_CALC_QUOTIENT:
    case FORM_CALC_LEAST:
    case FORM_CALC_GREATEST:
        return read_numbers(names, c, arg, depth);
    case FORM_CALC_COUNT:
        return read_count(names, c, arg, depth);
    case FORM_CALC_TOTAL:
        return read_total(names, c, arg, depth);
    case FORM_CALC_SHIFT:
        return read_shift(names, c, arg, depth);
    case FORM_CALC_LENGTH:
        return read_length(names, c, arg, depth);
    case FORM_CALC_CHOOSE:
        return read_choose(names, c, arg, like, depth);
    default:
        return read_dates(names, c, arg, depth);
    }
}

static const struct form_calc *read_operator(struct form_names *names, const struct yaml *node,
                                             const struct form_calc *like, int depth)
{
    const struct yaml *arg = node->items[0];
    int op = -1;
    for (size_t i = 0; i < sizeof op_names / sizeof *op_names; i++)
        if (str_eq_z(arg->key, op_names[i]))
            op = (int)i + FORM_CALC_FIELD;
    if (op < 0) {
        yaml_problem(names->problems, node, form_did_you_mean(names, arg->key, S(OP_WORDS), "use one of them"),
                     "`%" PRI_STR "` is no expression; one of %s was expected", STR_ARG(arg->key), OP_WORDS);
        return NULL;
    }
    if (op == FORM_CALC_FIELD) {
        const struct form_field *f = form_operand_field(names, arg, false);
        return f ? form_calc_of(names->arena, f) : NULL;
    }
    struct form_calc *c = arena_new_of(names->arena, struct form_calc);
    c->op = (enum form_calc_op)op;
    c->latest = -1;
    return read_args(names, c, arg, like, depth) ? c : NULL;
}

/* May the bare word be the id of a field here? Where options are compared it is an option. */
static bool names_field(const struct form_names *names, const struct yaml *node, const struct form_calc *like)
{
    if (!like)
        return true;
    if (like->type == FORM_TYPE_CHOICES || (like->field && like->field->options.n))
        return false;
    const struct form_field *f = node->plain ? form_field_of(names->form, node->text) : NULL;
    return f && form_type_of(f->kind) == like->type && !f->options.n;
}

const struct form_calc *form_calc_read(struct form_names *names, const struct yaml *node, const struct form_calc *like,
                                       int depth)
{
    if (depth > FORM_EXPR_DEPTH) {
        yaml_problem(names->problems, node, "let parts of it be fields with `value:`",
                     "an expression nested over %d deep", FORM_EXPR_DEPTH);
        return NULL;
    }
    if (node->kind == YAML_MAP && node->n == 1)
        return read_operator(names, node, like, depth);
    if (node->kind != YAML_SCALAR) {
        yaml_problem(names->problems, node, "write one value, or one operator: `{ sum: [x, y] }`",
                     "a single value was expected, not a list or a map");
        return NULL;
    }
    if (!names_field(names, node, like))
        return literal(names, node, like);
    const struct form_field *f = form_operand_field(names, node, false);
    return f ? form_calc_of(names->arena, f) : NULL;
}
