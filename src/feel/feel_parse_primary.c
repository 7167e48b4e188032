#include "feel_parse.h"

static struct feel_node *constant(struct feel_parser *p, size_t from, struct feel_value v)
{
    feel_p_place(p, from);
    return feel_node_constant(p->b, v);
}

/* ---- Ranges (rules 8 and 66): [a..b], ]a..b[, (a..b), (< a), (= a) … */

static struct feel_node *range_node(struct feel_parser *p, size_t from, struct feel_node *low, struct feel_node *high,
                                    enum feel_bound low_bound, enum feel_bound high_bound)
{
    feel_p_place(p, from);
    struct feel_node *node = feel_node_new(p->b, feel_eval_range);
    node->a = low;
    node->b = high;
    node->op = (uint8_t)low_bound;
    node->n = high_bound;
    if (low)
        feel_node_above(node, low);
    if (high)
        feel_node_above(node, high);
    node->type = feel_type_of_kind(FEEL_T_RANGE);
    return feel_node_checked(p->b, node);
}

struct feel_node *feel_p_upper_end(struct feel_parser *p, size_t from, struct feel_node *low, enum feel_bound low_bound)
{
    bool outer = p->range_end;
    p->range_end = true;
    struct feel_node *high = feel_p_climb(p, PREC_ADD);
    p->range_end = outer;
    bool closed = feel_p_accept(p, "]");
    if (!closed && !feel_p_accept(p, ")") && !feel_p_accept(p, "["))
        feel_p_fail(p, "the end of the range");
    return feel_fold(p->b, range_node(p, from, low, high, low_bound, closed ? FEEL_CLOSED : FEEL_OPEN));
}

/* `(< a)`: false when what stands here is no such range. */
static bool one_sided(struct feel_parser *p, size_t from, struct feel_node **ret)
{
    static const char *const signs[] = {"!=", "<=", ">=", "=", "<", ">"};
    size_t i = 0;
    while (i < 6 && !feel_p_accept(p, signs[i]))
        i++;
    if (i == 6)
        return false;
    struct feel_node *x = feel_p_climb(p, PREC_ADD);
    feel_p_expect(p, ")");
    enum feel_bound bound = i == 4 || i == 5 ? FEEL_OPEN : FEEL_CLOSED;
    bool up = signs[i][0] == '>', down = signs[i][0] == '<';
    struct feel_node *node =
        range_node(p, from, down ? NULL : x, up ? NULL : x, down ? FEEL_UNBOUNDED : bound, up ? FEEL_UNBOUNDED : bound);
    node->slot = i == 0 ? 1 : i == 3 ? 2 : 0;
    *ret = feel_fold(p->b, node);
    return true;
}

static struct feel_node *parenthesis(struct feel_parser *p, size_t from)
{
    struct feel_node *node;
    if (one_sided(p, from, &node))
        return node;
    bool range_end = p->range_end;
    p->range_end = false;
    node = feel_p_expression(p);
    p->range_end = range_end;
    if (feel_p_accept(p, ".."))
        return feel_p_upper_end(p, from, node, FEEL_OPEN);
    feel_p_expect(p, ")");
    return node;
}

static struct feel_node *bracket(struct feel_parser *p, size_t from)
{
    VEC_OF(struct feel_node *) items = {0};
    bool range_end = p->range_end;
    p->range_end = false;
    while (!p->failed && !feel_p_at(p, "]")) {
        struct feel_node *item = feel_p_expression(p);
        if (items.n == 0 && feel_p_accept(p, "..")) {
            p->range_end = range_end;
            return feel_p_upper_end(p, from, item, FEEL_CLOSED);
        }
        vec_add(p->b->arena, &items, item);
        if (!feel_p_accept(p, ","))
            break;
    }
    p->range_end = range_end;
    if (!feel_p_expect(p, "]"))
        return feel_p_nothing(p);
    feel_p_place(p, from);
    return feel_node_list(p->b, items.p, items.n);
}

/* ---- Contexts (rules 57 to 59) */

static struct feel_node *context(struct feel_parser *p, size_t from)
{
    VEC_OF(struct feel_node_entry) entries = {0};
    bool twice = false;
    feel_build_open(p->b);
    while (!p->failed && !feel_p_at(p, "}")) {
        struct feel_node_entry e = {0};
        if (!feel_p_string(p, &e.name) && !feel_p_declared(p, ":", NULL, &e.name))
            feel_p_fail(p, "the name of an entry");
        feel_p_expect(p, ":");
        for (size_t i = 0; i < entries.n; i++)
            twice |= str_eq(entries.p[i].name, e.name);
        bool function = feel_p_at_word(p, "function");
        if (function)
            e.slot = feel_build_local(p->b, e.name, NULL);
        e.value = feel_p_expression(p);
        if (!function)
            e.slot = feel_build_local(p->b, e.name, e.value->type);
        vec_add(p->b->arena, &entries, e);
        if (!feel_p_accept(p, ","))
            break;
    }
    feel_p_expect(p, "}");
    if (p->failed)
        return feel_p_nothing(p);
    feel_build_close(p->b);
    feel_p_place(p, from);
    if (twice) {
        feel_build_problem(p->b, FEEL_WHY_VALUE, (uint32_t)from, S("an entry of the context comes twice"));
        return feel_node_fault(p->b, FEEL_WHY_VALUE, S("an entry of the context comes twice"), p->b->source);
    }
    return feel_node_context(p->b, entries.p, entries.n, NULL);
}

/* ---- Calls (rules 38 to 42) */

/* `name :` of a named argument; false, and nothing read, when a value stands here. */
static bool argument_name(struct feel_parser *p, struct str *ret)
{
    feel_p_skip(p);
    size_t from = p->pos;
    if (feel_p_declared(p, ":", NULL, ret) && feel_p_accept(p, ":"))
        return true;
    p->pos = from;
    return false;
}

struct feel_node *feel_p_call(struct feel_parser *p, struct feel_node *function)
{
    VEC_OF(struct feel_node *) args = {0};
    VEC_OF(struct str) names = {0};
    struct str name;
    bool range_end = p->range_end;
    size_t from = p->pos;
    p->range_end = false;
    while (!p->failed && !feel_p_at(p, ")")) {
        if (argument_name(p, &name))
            vec_add(p->b->arena, &names, name);
        if (names.n && names.n != args.n + 1)
            feel_p_fail(p, "all arguments with names, or none");
        vec_add(p->b->arena, &args, feel_p_expression(p));
        if (!feel_p_accept(p, ","))
            break;
    }
    p->range_end = range_end;
    if (!feel_p_expect(p, ")"))
        return feel_p_nothing(p);
    feel_p_place(p, from);
    return feel_node_call(p->b, function, names.n ? names.p : NULL, args.p, args.n);
}

/* ---- Functions (rules 55 and 56) */

static struct feel_node *function(struct feel_parser *p, size_t from)
{
    VEC_OF(struct feel_param) params = {0};
    while (!p->failed && !feel_p_at(p, ")")) {
        struct feel_param param = {0};
        if (!feel_p_declared(p, ":,)", NULL, &param.name))
            feel_p_fail(p, "the name of a parameter");
        if (feel_p_accept(p, ":"))
            param.type = feel_p_type(p);
        vec_add(p->b->arena, &params, param);
        if (!feel_p_accept(p, ","))
            break;
    }
    feel_p_expect(p, ")");
    if (p->failed)
        return feel_p_nothing(p);
    bool external = feel_p_word(p, "external");
    struct feel_frame *outer = p->b->frame;
    feel_build_function(p->b, params.p, params.n);
    struct feel_node *body = feel_p_expression(p);
    if (p->failed) {
        p->b->frame = outer;
        return body;
    }
    if (external)
        body = feel_node_external(p->b, body, params.n);
    feel_p_place(p, from);
    return feel_node_function(p->b, body, NULL);
}

/* ---- for, some, every, if */

static struct feel_node *domain(struct feel_parser *p)
{
    feel_p_skip(p);
    size_t from = p->pos;
    struct feel_node *low = feel_p_expression(p);
    if (!feel_p_accept(p, ".."))
        return low;
    struct feel_node *node = range_node(p, from, low, feel_p_expression(p), FEEL_CLOSED, FEEL_CLOSED);
    node->kind = NODE_SPAN;
    return node;
}

static const struct feel_type *item_type(const struct feel_node *in)
{
    return in->kind == NODE_SPAN ? in->a->type : in->type->kind == FEEL_T_LIST ? in->type->of : NULL;
}

static struct feel_node *loop(struct feel_parser *p, size_t from, enum feel_loop kind)
{
    VEC_OF(struct feel_iterator) iterators = {0};
    struct str name;
    uint32_t partial = 0;
    feel_build_open(p->b);
    do {
        if (!feel_p_declared(p, "", "in", &name) || !feel_p_word(p, "in"))
            feel_p_fail(p, "a name and `in`");
        struct feel_node *in = domain(p);
        uint32_t slot = feel_build_local(p->b, name, item_type(in));
        vec_add(p->b->arena, &iterators, (struct feel_iterator){in, slot});
    } while (!p->failed && feel_p_accept(p, ","));
    if (!feel_p_word(p, kind == FEEL_FOR ? "return" : "satisfies"))
        feel_p_fail(p, kind == FEEL_FOR ? "return" : "satisfies");
    if (kind == FEEL_FOR)
        partial = feel_build_local(p->b, S("partial"), NULL);
    struct feel_node *body = feel_p_expression(p);
    if (p->failed)
        return feel_p_nothing(p);
    feel_build_close(p->b);
    feel_p_place(p, from);
    return feel_node_loops(p->b, kind, iterators.p, iterators.n, partial, body);
}

static struct feel_node *condition(struct feel_parser *p, size_t from)
{
    struct feel_node *test = feel_p_expression(p), *yes, *no;
    if (!feel_p_word(p, "then"))
        feel_p_fail(p, "then");
    yes = feel_p_expression(p);
    if (!feel_p_word(p, "else"))
        feel_p_fail(p, "else");
    no = feel_p_expression(p);
    feel_p_place(p, from);
    return p->failed ? feel_p_nothing(p) : feel_node_if(p->b, test, yes, no);
}

/* Does a name that is in scope and longer than the word begin here: "some value"? */
static bool begins_name(struct feel_parser *p, size_t word_bytes)
{
    struct str name, key;
    size_t from = p->pos;
    bool longer = feel_p_known(p, &name, &key) && key.n > word_bytes;
    p->pos = from;
    return longer;
}

static bool keyword(struct feel_parser *p, const char *word)
{
    return feel_p_at_word(p, word) && !begins_name(p, strlen(word)) && feel_p_word(p, word);
}

struct feel_node *feel_p_form(struct feel_parser *p)
{
    feel_p_skip(p);
    size_t from = p->pos;
    if (keyword(p, "if"))
        return condition(p, from);
    if (keyword(p, "for"))
        return loop(p, from, FEEL_FOR);
    if (keyword(p, "some"))
        return loop(p, from, FEEL_SOME);
    if (keyword(p, "every"))
        return loop(p, from, FEEL_EVERY);
    if (keyword(p, "function")) {
        if (feel_p_accept(p, "("))
            return function(p, from);
        p->pos = from;
    }
    return NULL;
}

/* ---- Names and literals */

static struct feel_node *name(struct feel_parser *p, size_t from)
{
    struct str name, key;
    if (feel_p_known(p, &name, &key)) {
        feel_p_place(p, from);
        struct feel_node *node = feel_node_name(p->b, name, key);
        /* a variable that cannot be called does not hide a function of the same name */
        if (feel_p_at(p, "(") && feel_builtin_find(key) && node->type->kind != FEEL_T_ANY &&
            node->type->kind != FEEL_T_FUNCTION)
            node = feel_node_global_function(p->b, key);
        return node;
    }
    if (!feel_p_unknown(p, &name)) {
        feel_p_fail(p, "a value");
        return feel_p_nothing(p);
    }
    feel_p_place(p, from);
    struct feel_node *node = feel_node_name(p->b, name, feel_name_key(p->b->arena, name));
    if (node)
        return node;
    struct str detail = str_cat(p->b->arena, S("no such name: "), name);
    feel_build_problem(p->b, FEEL_WHY_NAME, (uint32_t)from, detail);
    return feel_node_fault(p->b, FEEL_WHY_NAME, detail, p->b->source);
}

static struct feel_node *number(struct feel_parser *p, size_t from)
{
    struct feel_num n;
    struct str rest = str_slice(p->text, p->pos, p->text.n);
    size_t length = feel_num_scan(rest);
    if (!length || feel_num_parse(str_slice(rest, 0, length), &n)) {
        feel_p_fail(p, "a number");
        return feel_p_nothing(p);
    }
    p->pos += length;
    return constant(p, from, feel_number(p->b->arena, n));
}

static struct feel_node *temporal(struct feel_parser *p, size_t from)
{
    struct str s;
    if (!feel_p_string(p, &s)) {
        feel_p_fail(p, "a string");
        return feel_p_nothing(p);
    }
    struct feel_value v = feel_temporal(p->b->arena, p->b->env ? p->b->env->zones : NULL, s);
    if (v.kind != FEEL_NULL)
        return constant(p, from, v);
    feel_p_place(p, from);
    feel_build_problem(p->b, FEEL_WHY_VALUE, (uint32_t)from, S("not a date, time or duration"));
    return feel_node_fault(p->b, FEEL_WHY_VALUE, S("not a date, time or duration"), p->b->source);
}

static bool starts_number(const struct feel_parser *p)
{
    char c = p->pos < p->text.n ? p->text.p[p->pos] : 0, d = p->pos + 1 < p->text.n ? p->text.p[p->pos + 1] : 0;
    return (c >= '0' && c <= '9') || (c == '.' && d >= '0' && d <= '9');
}

/* true, false, null, unless a longer name that is in scope begins with them. */
static struct feel_node *word(struct feel_parser *p, size_t from)
{
    static const char *const words[] = {"true", "false", "null"};
    for (int i = 0; i < 3; i++)
        if (keyword(p, words[i]))
            return constant(p, from, i == 2 ? feel_null() : feel_bool(i == 0));
    return NULL;
}

struct feel_node *feel_p_primary(struct feel_parser *p)
{
    struct str s;
    struct feel_node *node;
    feel_p_skip(p);
    size_t from = p->pos;
    if (++p->depth > FEEL_PARSE_DEPTH || p->b->work == 0)
        feel_p_fail(p, "less nesting");
    else
        p->b->work--;
    if (p->failed)
        node = feel_p_nothing(p);
    else if (starts_number(p))
        node = number(p, from);
    else if (feel_p_string(p, &s))
        node = constant(p, from, feel_string(s));
    else if (feel_p_accept(p, "@"))
        node = temporal(p, from);
    else if (feel_p_accept(p, "("))
        node = parenthesis(p, from);
    else if (feel_p_accept(p, "["))
        node = bracket(p, from);
    else if (feel_p_accept(p, "{"))
        node = context(p, from);
    else if (feel_p_accept(p, "]"))
        node = feel_p_expression(p), feel_p_expect(p, ".."), node = feel_p_upper_end(p, from, node, FEEL_OPEN);
    else if (!(node = feel_p_form(p)) && !(node = word(p, from)))
        node = name(p, from);
    p->depth--;
    return node;
}
