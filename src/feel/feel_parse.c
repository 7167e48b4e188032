#include "feel_parse.h"

struct feel_node *feel_p_nothing(struct feel_parser *p)
{
    return feel_node_fault(p->b, FEEL_WHY_SYNTAX, p->fault, p->b->source);
}

void feel_p_place(struct feel_parser *p, size_t from)
{
    while (from < p->pos && strchr(" \t\r\n", p->text.p[from]))
        from++;
    p->b->offset = (uint32_t)from;
    p->b->length = (uint32_t)(p->pos - from);
}

/* ---- Where to go back to when a way of reading fails */

struct mark {
    struct feel_parser parser;
    struct feel_frame *frame;
    struct feel_scope *scope;
    struct feel_problem *last;
};

static struct mark mark(const struct feel_parser *p)
{
    return (struct mark){*p, p->b->frame, p->b->frame->scope, p->b->last};
}

/* What was begun in the middle of a text leaves the scopes it had opened. */
static void leave_scopes(struct feel_build *b, const struct mark *m)
{
    b->frame = m->frame;
    b->frame->scope = m->scope;
}

static void rewind_to(struct feel_parser *p, const struct mark *m)
{
    leave_scopes(p->b, m);
    p->b->last = m->last;
    if (m->last)
        m->last->next = NULL;
    else
        p->b->problems = NULL;
    *p = m->parser;
}

/* ---- Operators, by precedence climbing (rule 4 and rules 49 to 51) */

struct operator
{
    const char *text;
    int prec;
    enum feel_op op;
};

static const struct operator operators[] = {
    {"!=", PREC_COMPARE, OP_NE}, {"<=", PREC_COMPARE, OP_LE}, {">=", PREC_COMPARE, OP_GE}, {"=", PREC_COMPARE, OP_EQ},
    {"<", PREC_COMPARE, OP_LT},  {">", PREC_COMPARE, OP_GT},  {"**", PREC_POW, OP_POW},    {"*", PREC_MUL, OP_MUL},
    {"/", PREC_MUL, OP_DIV},     {"+", PREC_ADD, OP_ADD},     {"-", PREC_ADD, OP_SUB}};

static const struct operator* find_operator(struct feel_parser *p)
{
    feel_p_skip(p);
    if (p->pos >= p->text.n || !strchr("!<>=*/+-", p->text.p[p->pos]))
        return NULL;
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (feel_p_at(p, operators[i].text))
            return &operators[i];
    return NULL;
}

static struct feel_node *logic(struct feel_parser *p, bool either, struct feel_node *x, size_t from)
{
    struct feel_node *y = feel_p_climb(p, either ? PREC_AND : PREC_COMPARE);
    feel_p_place(p, from);
    struct feel_node *node = feel_node_new(p->b, either ? feel_eval_or : feel_eval_and);
    node->a = x;
    node->b = y;
    node->type = feel_type_of_kind(FEEL_T_BOOLEAN);
    feel_node_above(node, x);
    feel_node_above(node, y);
    return feel_fold(p->b, feel_node_checked(p->b, node));
}

static struct feel_node *between(struct feel_parser *p, struct feel_node *x, size_t from)
{
    struct feel_node *low = feel_p_climb(p, PREC_ADD);
    if (!feel_p_word(p, "and"))
        feel_p_fail(p, "and");
    struct feel_node *high = feel_p_climb(p, PREC_ADD);
    feel_p_place(p, from);
    struct feel_node *node = feel_node_new(p->b, feel_eval_between);
    node->a = x;
    node->b = low;
    node->c = high;
    node->type = feel_type_of_kind(FEEL_T_BOOLEAN);
    feel_node_above(node, x);
    feel_node_above(node, low);
    feel_node_above(node, high);
    return feel_fold(p->b, feel_node_checked(p->b, node));
}

static struct feel_node *in(struct feel_parser *p, struct feel_node *x, size_t from)
{
    uint32_t slot = feel_build_local(p->b, S(""), NULL);
    struct feel_node *tests = feel_p_tests_in(p, slot);
    feel_p_place(p, from);
    struct feel_node *node = feel_node_new(p->b, feel_eval_in);
    node->a = x;
    node->b = tests;
    node->slot = slot;
    node->type = feel_type_of_kind(FEEL_T_BOOLEAN);
    feel_node_above(node, x);
    feel_node_above(node, tests);
    return feel_node_checked(p->b, node);
}

static struct feel_node *postfix(struct feel_parser *p);

static struct feel_node *unary(struct feel_parser *p)
{
    feel_p_skip(p);
    size_t from = p->pos;
    if (!feel_p_accept(p, "-"))
        return postfix(p);
    if (++p->depth > FEEL_PARSE_DEPTH)
        feel_p_fail(p, "less nesting");
    struct feel_node *x = unary(p);
    p->depth--;
    feel_p_place(p, from);
    struct feel_node *node = feel_node_new(p->b, feel_eval_neg);
    node->a = x;
    node->type = x->type;
    feel_node_above(node, x);
    return feel_fold(p->b, feel_node_checked(p->b, node));
}

struct feel_node *feel_p_climb(struct feel_parser *p, int least)
{
    feel_p_skip(p);
    size_t from = p->pos;
    struct feel_node *x = unary(p);
    while (!p->failed) {
        const struct operator* o = find_operator(p);
        if (o && o->prec >= least) {
            feel_p_accept(p, o->text);
            struct feel_node *y = feel_p_climb(p, o->prec + 1);
            feel_p_place(p, from);
            x = feel_node_op(p->b, o->op, x, y);
        } else if (!o && least <= PREC_COMPARE && feel_p_word(p, "between")) {
            x = between(p, x, from);
        } else if (!o && least <= PREC_COMPARE && feel_p_word(p, "in")) {
            x = in(p, x, from);
        } else if (!o && least <= PREC_AND && feel_p_word(p, "and")) {
            x = logic(p, false, x, from);
        } else if (!o && least <= PREC_OR && feel_p_word(p, "or")) {
            x = logic(p, true, x, from);
        } else {
            break;
        }
    }
    return p->failed ? feel_p_nothing(p) : x;
}

/* ---- What follows a value: paths, filters, calls, instance of */

static struct feel_node *path(struct feel_parser *p, struct feel_node *x, size_t from)
{
    struct str name;
    if (!feel_p_member(p, x->type, &name)) {
        feel_p_fail(p, "a name");
        return feel_p_nothing(p);
    }
    feel_p_place(p, from);
    return feel_node_path(p->b, x, name);
}

static struct feel_node *filter(struct feel_parser *p, struct feel_node *x, size_t from)
{
    const struct feel_type *of = x->type->kind == FEEL_T_LIST ? x->type->of : x->type;
    bool range_end = p->range_end;
    p->range_end = false;
    feel_build_open(p->b);
    uint32_t slot = feel_build_local(p->b, S("item"), of);
    feel_build_members(p->b, slot);
    struct feel_node *match = feel_p_expression(p);
    feel_build_close(p->b);
    p->range_end = range_end;
    if (!feel_p_expect(p, "]"))
        return feel_p_nothing(p);
    feel_p_place(p, from);
    return feel_node_filter(p->b, slot, x, match);
}

/* `[` after the upper end of a range: a filter when it can be read as one, else the range's end. */
static struct feel_node *maybe_filter(struct feel_parser *p, struct feel_node *x, size_t from, bool *ret_more)
{
    struct mark m = mark(p);
    p->pos++;
    struct feel_node *node = filter(p, x, from);
    *ret_more = !p->failed;
    if (*ret_more || !m.parser.range_end)
        return node;
    rewind_to(p, &m);
    return x;
}

static struct feel_node *instance(struct feel_parser *p, struct feel_node *x, size_t from)
{
    if (!feel_p_word(p, "of"))
        feel_p_fail(p, "of");
    const struct feel_type *type = feel_p_type(p);
    feel_p_place(p, from);
    if (!type)
        return p->failed ? feel_p_nothing(p) : feel_node_fault(p->b, FEEL_WHY_NAME, S("no such type"), p->b->source);
    struct feel_node *node = feel_node_new(p->b, feel_eval_instance);
    node->a = x;
    node->data = type;
    node->type = feel_type_of_kind(FEEL_T_BOOLEAN);
    feel_node_above(node, x);
    return feel_node_checked(p->b, node);
}

static struct feel_node *postfix(struct feel_parser *p)
{
    feel_p_skip(p);
    size_t from = p->pos;
    struct feel_node *x = feel_p_primary(p);
    bool more = true;
    while (more && !p->failed) {
        feel_p_skip(p);
        if (feel_p_at(p, ".") && !feel_p_at(p, "..")) {
            p->pos++;
            x = path(p, x, from);
        } else if (feel_p_at(p, "[")) {
            x = maybe_filter(p, x, from, &more);
        } else if (feel_p_accept(p, "(")) {
            struct feel_node *called = feel_p_call(p, x);
            feel_p_place(p, from);
            called->offset = p->b->offset;
            called->length = p->b->length;
            x = called;
        } else if (feel_p_word(p, "instance")) {
            x = instance(p, x, from);
        } else {
            more = false;
        }
    }
    return x;
}

struct feel_node *feel_p_expression(struct feel_parser *p)
{
    if (++p->depth > FEEL_PARSE_DEPTH)
        feel_p_fail(p, "less nesting");
    struct feel_node *node = p->failed ? feel_p_nothing(p) : feel_p_climb(p, PREC_OR);
    p->depth--;
    return node;
}

/* ---- Unary tests (rules 12 to 17) */

/* least: of the expression, where the test is one. */
static struct feel_node *test(struct feel_parser *p, uint32_t slot, int least)
{
    static const struct operator signs[] = {{"!=", 0, OP_NE}, {"<=", 0, OP_LE}, {">=", 0, OP_GE},
                                            {"=", 0, OP_EQ},  {"<", 0, OP_LT},  {">", 0, OP_GT}};
    feel_p_skip(p);
    size_t from = p->pos;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (!feel_p_accept(p, signs[i].text))
            continue;
        struct feel_node *x = feel_p_climb(p, PREC_ADD);
        feel_p_place(p, from);
        struct feel_node *node = feel_node_new(p->b, feel_eval_test_op);
        node->a = x;
        node->op = (uint8_t)signs[i].op;
        node->slot = slot;
        feel_node_above(node, x);
        return node;
    }
    bool used = p->b->frame->used.p[slot];
    p->b->frame->used.p[slot] = false;
    struct feel_node *x = least == PREC_OR ? feel_p_expression(p) : feel_p_climb(p, least);
    feel_p_place(p, from);
    struct feel_node *node = feel_node_new(p->b, feel_eval_test);
    node->a = x;
    node->slot = slot;
    node->input = p->b->frame->used.p[slot];
    p->b->frame->used.p[slot] = used || node->input;
    feel_node_above(node, x);
    return node;
}

static struct feel_node *tests_node(struct feel_parser *p, uint32_t slot, size_t from, struct feel_node **all, size_t n)
{
    feel_p_place(p, from);
    struct feel_node *node = feel_node_new(p->b, feel_eval_tests);
    node->kind = NODE_TESTS;
    node->list = all;
    node->n = (uint32_t)n;
    node->slot = slot;
    node->type = feel_type_of_kind(FEEL_T_BOOLEAN);
    for (size_t i = 0; i < n; i++)
        feel_node_above(node, all[i]);
    return feel_node_checked(p->b, node);
}

/* Those of a cell: there a test may also say by itself whether it holds. */
static struct feel_node *tests(struct feel_parser *p, uint32_t slot)
{
    VEC_OF(struct feel_node *) all = {0};
    size_t from = p->pos;
    do {
        struct feel_node *one = test(p, slot, PREC_OR);
        if (one->eval == feel_eval_test)
            one->op = true;
        vec_add(p->b->arena, &all, one);
    } while (!p->failed && feel_p_accept(p, ","));
    return tests_node(p, slot, from, all.p, all.n);
}

/* One test, or several in parentheses; `(a..b)` is one, a range that is open below. */
struct feel_node *feel_p_tests_in(struct feel_parser *p, uint32_t slot)
{
    feel_p_skip(p);
    size_t from = p->pos;
    VEC_OF(struct feel_node *) all = {0};
    if (!feel_p_accept(p, "(")) {
        vec_add(p->b->arena, &all, test(p, slot, PREC_ADD));
        return tests_node(p, slot, from, all.p, all.n);
    }
    do
        vec_add(p->b->arena, &all, test(p, slot, PREC_OR));
    while (!p->failed && feel_p_accept(p, ","));
    if (all.n == 1 && all.p[0]->eval == feel_eval_test && feel_p_accept(p, ".."))
        all.p[0]->a = feel_p_upper_end(p, from, all.p[0]->a, FEEL_OPEN);
    else
        feel_p_expect(p, ")");
    return tests_node(p, slot, from, all.p, all.n);
}

/* ---- Whole texts. Some are read twice where the grammar needs it; hostile ones could have it done again and again. */

enum { WORK_PER_BYTE = 4, WORK_PER_TEXT = 1000 };

static struct feel_parser begin(struct feel_build *b, const struct feel_source *source)
{
    b->source = source;
    b->offset = b->length = 0;
    b->work = source->text.n * WORK_PER_BYTE + WORK_PER_TEXT;
    struct feel_parser p = {.b = b, .text = source->text};
    if (p.text.n > FEEL_TEXT_BYTES)
        feel_p_fail(&p, "less text");
    return p;
}

static struct feel_node *finish(struct feel_parser *p, struct feel_node *node)
{
    feel_p_skip(p);
    if (!p->failed && p->pos < p->text.n)
        feel_p_fail(p, "an operator or the end");
    if (!p->failed)
        return node;
    feel_build_problem(p->b, FEEL_WHY_SYNTAX, (uint32_t)p->fault_at, p->fault);
    node = feel_p_nothing(p);
    node->offset = (uint32_t)p->fault_at;
    node->length = 0;
    return node;
}

struct feel_node *feel_build_expression(struct feel_build *b, const struct feel_source *source)
{
    struct feel_parser p = begin(b, source);
    struct mark m = mark(&p);
    struct feel_node *node = finish(&p, feel_p_expression(&p));
    leave_scopes(b, &m);
    return node;
}

/* `-`, or nothing: any value will do. */
static bool is_any(struct feel_parser *p)
{
    bool dash = feel_p_accept(p, "-");
    feel_p_skip(p);
    if (p->pos == p->text.n)
        return true;
    p->pos = dash ? 0 : p->pos;
    return false;
}

static struct feel_node *negated_tests(struct feel_parser *p, uint32_t slot)
{
    struct mark m = mark(p);
    if (feel_p_word(p, "not") && feel_p_accept(p, "(")) {
        struct feel_node *node = tests(p, slot);
        node->op = true;
        if (feel_p_accept(p, ")")) {
            feel_p_skip(p);
            if (p->pos == p->text.n)
                return node;
        }
    }
    rewind_to(p, &m);
    return NULL;
}

struct feel_node *feel_build_tests(struct feel_build *b, const struct feel_source *source, uint32_t input)
{
    struct feel_parser p = begin(b, source);
    struct mark m = mark(&p);
    feel_build_open(b);
    struct feel_var *v = arena_new_of(b->arena, struct feel_var);
    *v = (struct feel_var){.name = S("?"), .key = S("?"), .slot = input, .type = feel_type_of_kind(FEEL_T_ANY)};
    b->frame->scope->vars = v;
    struct feel_node *node;
    if (is_any(&p)) {
        node = feel_node_new(b, feel_eval_tests);
        node->kind = NODE_TESTS;
        node->op = true; /* not one of nothing */
        node->slot = input;
    } else if (!(node = negated_tests(&p, input))) {
        node = tests(&p, input);
    }
    node = finish(&p, node);
    leave_scopes(b, &m);
    return node;
}

const struct feel_code *feel_compile(struct arena *a, const struct feel_env *env, const struct feel_source *source,
                                     const struct feel_problem **ret_problems)
{
    struct feel_build *b = feel_build_new(a, env);
    struct feel_node *node = feel_build_expression(b, source);
    if (ret_problems)
        *ret_problems = b->problems;
    return feel_build_end(b, node);
}

const struct feel_code *feel_compile_tests(struct arena *a, const struct feel_env *env,
                                           const struct feel_source *source, const struct feel_type *input,
                                           const struct feel_problem **ret_problems)
{
    struct feel_build *b = feel_build_new(a, env);
    uint32_t slot = feel_build_local(b, S(""), input);
    struct feel_node *node = feel_build_tests(b, source, slot);
    if (ret_problems)
        *ret_problems = b->problems;
    return feel_build_end(b, node);
}
