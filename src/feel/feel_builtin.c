#include "feel_room.h"

/* Which built-in function a call means, and its arguments: put into the order of the parameters, converted where a
   singleton list stands for its item or an item for its list (10.3.2.9.4), and refused when they are of other kinds. */

const struct feel_builtin *feel_builtin_find(struct str key)
{
    static const struct feel_builtin *const families[] = {feel_builtins_number, feel_builtins_text,
                                                          feel_builtins_list,   feel_builtins_time,
                                                          feel_builtins_range,  feel_builtins_context};
    for (size_t f = 0; f < sizeof families / sizeof *families; f++)
        for (const struct feel_builtin *row = families[f]; row->name.n; row++)
            if (row->name.n == key.n && row->name.p[0] == key.p[0] && memcmp(row->name.p, key.p, key.n) == 0)
                return row;
    return NULL;
}

/* Where each argument goes: place[i] is the parameter of argument i. False when row and arguments do not go together.
 */
static bool match_row(const struct feel_builtin *row, const struct str *names, size_t n, uint8_t *place)
{
    bool given[BUILTIN_PARAMS] = {false};
    if (!names) {
        bool open = row->flags & (BUILTIN_VARIADIC | BUILTIN_SPREAD);
        for (size_t i = 0; i < n; i++)
            place[i] = (uint8_t)(i < row->n ? i : row->n - 1u);
        return n >= row->least && (n <= row->n || (open && row->n));
    }
    for (size_t i = 0, j; i < n; i++) {
        for (j = 0; j < row->n && !str_eq_z(names[i], row->params[j].name); j++)
            ;
        if (j == row->n || given[j])
            return false;
        given[j] = true;
        place[i] = (uint8_t)j;
    }
    for (size_t j = 0; j < row->least; j++)
        if (!given[j])
            return false;
    return true;
}

static const struct feel_builtin *choose(const struct feel_builtin *row, const struct str *names, size_t n,
                                         uint8_t *place)
{
    struct str name = row->name;
    for (; str_eq(row->name, name); row++)
        if (match_row(row, names, n, place))
            return row;
    return NULL;
}

/* Are the arguments that go to the last parameter its items? */
static bool gathers(const struct feel_builtin *row, const struct str *names, size_t n)
{
    if (names)
        return false;
    return (row->flags & BUILTIN_VARIADIC && n >= row->n) || (row->flags & BUILTIN_SPREAD && n > row->n);
}

/* ---- Kinds of arguments */

static const char *kind_word(char type)
{
    switch (type) {
    case 'n':
        return "number";
    case 's':
        return "string";
    case 'b':
        return "boolean";
    case 'l':
        return "list";
    case 'c':
        return "context";
    case 'f':
        return "function";
    case 'd':
        return "date";
    case 'r':
        return "range";
    default:
        return "value";
    }
}

static bool is_of(char type, struct feel_value v)
{
    switch (type) {
    case 'n':
        return v.kind == FEEL_NUMBER;
    case 's':
        return v.kind == FEEL_STRING;
    case 'b':
        return v.kind == FEEL_BOOLEAN;
    case 'l':
        return v.kind == FEEL_LIST;
    case 'c':
        return v.kind == FEEL_CONTEXT;
    case 'f':
        return v.kind == FEEL_FUNCTION;
    case 'd':
        return v.kind == FEEL_DATE || v.kind == FEEL_DATE_TIME;
    case 'r':
        return v.kind == FEEL_RANGE;
    default:
        return true;
    }
}

/* Upper case: null may be given too. */
static bool convert(struct feel_call *call, const struct feel_builtin *row, size_t i, bool given,
                    struct feel_value *ret_null)
{
    struct feel_value *v = &call->args[i];
    char type = row->params[i].type, lower = (char)(type | 0x20);
    if (lower == 'a' || (v->kind == FEEL_NULL && (!given || type != lower)))
        return true;
    if (v->kind == FEEL_NULL && v->n)
        return *ret_null = *v, false;
    if (lower == 'l' && v->kind != FEEL_LIST && v->kind != FEEL_NULL) {
        struct feel_value *item = arena_new_of(call->run->arena, struct feel_value);
        *item = *v;
        *v = feel_list(call->run->arena, item, 1);
    } else if (lower != 'l' && v->kind == FEEL_LIST && v->list->n == 1 && is_of(lower, v->list->items[0])) {
        *v = v->list->items[0];
    }
    if (is_of(lower, *v))
        return true;
    *ret_null = feel_null_why(call->run, call->node, FEEL_WHY_TYPE, "%" PRI_STR ": %s must be a %s and is a %s",
                              STR_ARG(row->name), row->params[i].name, kind_word(lower), feel_kind_name(v->kind));
    return false;
}

static struct feel_value apply(struct feel_call call, const struct feel_builtin *row, const bool *given)
{
    struct feel_value null;
    while (call.n > row->least && !given[call.n - 1])
        call.n--;
    for (size_t i = 0; i < row->n; i++)
        if (!convert(&call, row, i, given[i], &null))
            return null;
    return row->fn(&call);
}

static struct feel_value no_row(struct feel_run *run, const struct feel_node *node, const struct feel_builtin *row)
{
    return feel_null_why(run, node, FEEL_WHY_ARGUMENTS, "%" PRI_STR " has no such parameters", STR_ARG(row->name));
}

struct feel_value feel_bad_value(struct feel_call *call, const char *what)
{
    return feel_null_why(call->run, call->node, FEEL_WHY_VALUE, "%s", what);
}

/* ---- Calls whose function is known only when it runs */

struct feel_value feel_builtin_call(struct feel_run *run, const struct feel_node *node, const struct feel_builtin *row,
                                    const struct str *names, struct feel_value *args, size_t n)
{
    uint8_t *place = arena_alloc(run->arena, n + 1);
    struct feel_value placed[BUILTIN_PARAMS] = {{0}};
    bool given[BUILTIN_PARAMS] = {false};
    const struct feel_builtin *chosen = choose(row, names, n, place);
    if (!chosen)
        return no_row(run, node, row);
    if (!feel_stack_left(run))
        return feel_null_why(run, node, FEEL_WHY_LIMIT, "calls nested too deep");
    size_t single = gathers(chosen, names, n) ? chosen->n - 1u : n;
    for (size_t i = 0; i < single; i++) {
        placed[place[i]] = args[i];
        given[place[i]] = true;
    }
    if (single < n) {
        struct feel_value *rest = arena_array(run->arena, struct feel_value, n - single);
        memcpy(rest, args + single, (n - single) * sizeof *rest);
        placed[single] = feel_list(run->arena, rest, n - single);
        given[single] = true;
    }
    return apply((struct feel_call){run, node, placed, chosen->n, NULL}, chosen, given);
}

/* ---- Calls whose function is known when they are built: list holds the argument of each parameter, NULL where none is
 * given. */

static struct feel_value eval_builtin(struct feel_run *run, const struct feel_node *node)
{
    const struct feel_builtin *row = node->data;
    struct feel_value args[BUILTIN_PARAMS] = {{0}};
    bool given[BUILTIN_PARAMS] = {false};
    if (row->stream && node->list[0] && (node->list[0]->kind == NODE_FOR || node->list[0]->kind == NODE_FILTER))
        return row->stream(run, node, node->list[0]);
    for (size_t i = 0; i < row->n; i++)
        if (node->list[i]) {
            args[i] = feel_eval(run, node->list[i]);
            given[i] = true;
        }
    return apply((struct feel_call){run, node, args, row->n, node->value.p}, row, given);
}

struct feel_node *feel_node_builtin(struct feel_build *b, const struct feel_builtin *row, const struct str *names,
                                    struct feel_node *const *args, size_t n)
{
    uint8_t *place = arena_alloc(b->arena, n + 1);
    const struct feel_builtin *chosen = choose(row, names, n, place);
    if (!chosen) {
        struct str detail = str_cat(b->arena, row->name, S(" has no such parameters"));
        feel_build_problem(b, FEEL_WHY_ARGUMENTS, b->offset, detail);
        return feel_node_fault(b, FEEL_WHY_ARGUMENTS, detail, b->source);
    }
    struct feel_node *node = feel_node_new(b, eval_builtin);
    size_t single = gathers(chosen, names, n) ? chosen->n - 1u : n;
    node->data = chosen;
    node->list = arena_array(b->arena, struct feel_node *, BUILTIN_PARAMS);
    node->n = chosen->n;
    for (size_t i = 0; i < single; i++)
        node->list[place[i]] = args[i];
    if (single < n)
        node->list[single] = feel_node_list(b, args + single, n - single);
    for (size_t i = 0; i < chosen->n; i++)
        feel_node_above(node, node->list[i]);
    node->type = feel_type_of_kind(chosen->type);
    node->value.p = feel_text_prepare(b->arena, chosen, node->list);
    node = feel_node_checked(b, node);
    return chosen->flags & BUILTIN_IMPURE ? node : feel_fold(b, node);
}
