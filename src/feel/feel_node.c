#include "feel_room.h"

/* The constructors of nodes. */

struct feel_node *feel_node_new(struct feel_build *b, feel_eval_fn *eval)
{
    struct feel_node *node = arena_new_of(b->arena, struct feel_node);
    node->eval = eval;
    node->height = 1;
    node->type = feel_type_of_kind(FEEL_T_ANY);
    node->source = b->source;
    node->offset = b->offset;
    node->length = b->length;
    return node;
}

struct feel_node *feel_node_checked(struct feel_build *b, struct feel_node *node)
{
    if (node->height <= FEEL_TREE_HEIGHT)
        return node;
    feel_build_problem(b, FEEL_WHY_LIMIT, node->offset, S("nested too deep"));
    return feel_node_fault(b, FEEL_WHY_LIMIT, S("nested too deep"), node->source);
}

static const struct feel_type *type_of_value(struct arena *a, struct feel_value v)
{
    static const uint8_t kinds[FEEL_KINDS] = {[FEEL_NULL] = FEEL_T_ANY,
                                              [FEEL_BOOLEAN] = FEEL_T_BOOLEAN,
                                              [FEEL_NUMBER] = FEEL_T_NUMBER,
                                              [FEEL_STRING] = FEEL_T_STRING,
                                              [FEEL_DATE] = FEEL_T_DATE,
                                              [FEEL_TIME] = FEEL_T_TIME,
                                              [FEEL_DATE_TIME] = FEEL_T_DATE_TIME,
                                              [FEEL_MONTHS] = FEEL_T_MONTHS,
                                              [FEEL_DURATION] = FEEL_T_DURATION,
                                              [FEEL_LIST] = FEEL_T_LIST,
                                              [FEEL_CONTEXT] = FEEL_T_CONTEXT,
                                              [FEEL_RANGE] = FEEL_T_RANGE,
                                              [FEEL_FUNCTION] = FEEL_T_FUNCTION};
    (void)a;
    return feel_type_of_kind(kinds[v.kind]);
}

struct feel_node *feel_node_constant(struct feel_build *b, struct feel_value v)
{
    struct feel_node *node = feel_node_new(b, feel_eval_constant);
    node->kind = NODE_CONSTANT;
    node->value = v;
    node->type = type_of_value(b->arena, v);
    return node;
}

static bool is_constant(const struct feel_node *node)
{
    return !node || node->kind == NODE_CONSTANT;
}

struct feel_node *feel_fold(struct feel_build *b, struct feel_node *node)
{
    if (!is_constant(node->a) || !is_constant(node->b) || !is_constant(node->c))
        return node;
    for (size_t i = 0; node->list && i < node->n; i++)
        if (!is_constant(node->list[i]))
            return node;
    if (!b->folder)
        b->folder = feel_run_folder(b->arena, b->env ? b->env->zones : NULL);
    b->folder->steps_left = b->folder->limits.steps;
    struct feel_value v = feel_eval(b->folder, node);
    if (v.kind == FEEL_NULL)
        return node;
    const struct feel_type *type = node->type;
    node = feel_node_constant(b, v);
    if (type->kind != FEEL_T_ANY)
        node->type = type;
    return node;
}

struct feel_node *feel_node_fault(struct feel_build *b, enum feel_why why, struct str detail,
                                  const struct feel_source *source)
{
    struct feel_node *node = feel_node_new(b, feel_eval_fault);
    node->n = why;
    node->name = detail;
    node->source = source;
    node->fault = true;
    return node;
}

struct feel_node *feel_node_local(struct feel_build *b, uint32_t slot)
{
    struct feel_node *node = feel_node_new(b, feel_eval_local);
    node->kind = NODE_LOCAL;
    node->slot = slot;
    b->frame->used.p[slot] = true;
    return node;
}

struct feel_node *feel_node_slot(struct feel_build *b, uint32_t slot, const struct feel_type *type)
{
    struct feel_node *node = feel_node_new(b, feel_eval_slot);
    node->kind = NODE_SLOT;
    node->slot = slot;
    node->type = type ? type : node->type;
    return node;
}

const struct feel_type *feel_type_list_of(struct arena *a, const struct feel_type *of)
{
    struct feel_type *t = arena_new_of(a, struct feel_type);
    *t = (struct feel_type){.kind = FEEL_T_LIST, .of = of};
    return t;
}

struct feel_node *feel_node_list(struct feel_build *b, struct feel_node *const *items, size_t n)
{
    struct feel_node *node = feel_node_new(b, feel_eval_list);
    node->list = arena_array(b->arena, struct feel_node *, n + 1);
    node->n = (uint32_t)n;
    for (size_t i = 0; i < n; i++) {
        node->list[i] = items[i];
        feel_node_above(node, items[i]);
    }
    node->type = n ? feel_type_list_of(b->arena, items[0]->type) : feel_type_of_kind(FEEL_T_LIST);
    return feel_fold(b, feel_node_checked(b, node));
}

/* An entry whose function speaks of the entry itself: what it would have captured, before there was anything to
   capture, is the function. */
static void tie_self(const struct feel_node *function, uint32_t slot)
{
    struct feel_lambda *l = (struct feel_lambda *)function->data;
    struct feel_capture *captures = (struct feel_capture *)l->captures;
    for (size_t i = 0; i < l->n_captures; i++)
        if (captures[i].from == slot) {
            l->self = captures[i].to;
            captures[i] = captures[--l->n_captures];
            return;
        }
}

struct feel_node *feel_node_context(struct feel_build *b, const struct feel_node_entry *entries, size_t n,
                                    struct feel_node *result)
{
    struct feel_node *node = feel_node_new(b, feel_eval_context);
    struct feel_node_entry *copy = arena_array(b->arena, struct feel_node_entry, n + 1);
    struct feel_member_type *members = arena_array(b->arena, struct feel_member_type, n + 1);
    for (size_t i = 0; i < n; i++) {
        copy[i] = entries[i];
        copy[i].name = feel_name(b->arena, entries[i].name);
        members[i] = (struct feel_member_type){copy[i].name, entries[i].value->type};
        feel_node_above(node, entries[i].value);
        if (entries[i].value->kind == NODE_FUNCTION)
            tie_self(entries[i].value, entries[i].slot);
    }
    node->data = copy;
    node->n = (uint32_t)n;
    node->a = result;
    struct feel_type *t = arena_new_of(b->arena, struct feel_type);
    *t = (struct feel_type){.kind = FEEL_T_CONTEXT, .members = members, .n_members = n};
    node->type = result ? result->type : t;
    if (result)
        feel_node_above(node, result);
    return feel_node_checked(b, node);
}

struct feel_node *feel_node_if(struct feel_build *b, struct feel_node *test, struct feel_node *yes,
                               struct feel_node *no)
{
    struct feel_node *node = feel_node_new(b, feel_eval_if);
    node->a = test;
    node->b = yes;
    node->c = no;
    feel_node_above(node, test);
    feel_node_above(node, yes);
    feel_node_above(node, no);
    node->type = yes->type->kind == FEEL_T_ANY ? no->type : yes->type;
    return feel_node_checked(b, node);
}

static const struct feel_type *op_type(enum feel_op op, const struct feel_type *x, const struct feel_type *y)
{
    if (op >= OP_EQ)
        return feel_type_of_kind(FEEL_T_BOOLEAN);
    if (x->kind == y->kind && (x->kind == FEEL_T_NUMBER || (x->kind == FEEL_T_STRING && op == OP_ADD)))
        return x;
    return feel_type_of_kind(FEEL_T_ANY);
}

struct feel_node *feel_node_op(struct feel_build *b, enum feel_op op, struct feel_node *x, struct feel_node *y)
{
    struct feel_node *node = feel_node_new(b, feel_op_eval(op));
    node->a = x;
    node->b = y;
    node->op = (uint8_t)op;
    feel_node_above(node, x);
    feel_node_above(node, y);
    node->type = op_type(op, x->type, y->type);
    return feel_fold(b, feel_node_checked(b, node));
}

struct feel_node *feel_node_path(struct feel_build *b, struct feel_node *of, struct str name)
{
    struct feel_node *node = feel_node_new(b, feel_eval_path);
    const struct feel_member_type *m = feel_type_member(of->type, b->arena, feel_name_key(b->arena, name));
    node->a = of;
    node->name = m ? m->name : name;
    feel_node_above(node, of);
    if (m && m->type)
        node->type = of->type->kind == FEEL_T_LIST ? feel_type_list_of(b->arena, m->type) : m->type;
    return feel_fold(b, feel_node_checked(b, node));
}

struct feel_node *feel_node_call(struct feel_build *b, struct feel_node *function, const struct str *names,
                                 struct feel_node *const *args, size_t n)
{
    if (function->kind == NODE_CONSTANT && function->value.kind == FEEL_FUNCTION &&
        function->value.function->kind == FEEL_BUILTIN)
        return feel_node_builtin(b, function->value.function->builtin, names, args, n);
    struct feel_node *node = feel_node_new(b, feel_eval_call);
    node->a = function;
    node->list = arena_array(b->arena, struct feel_node *, n + 1);
    node->n = (uint32_t)n;
    feel_node_above(node, function);
    for (size_t i = 0; i < n; i++) {
        node->list[i] = args[i];
        feel_node_above(node, args[i]);
    }
    if (names && n) {
        struct str *copy = arena_array(b->arena, struct str, n);
        for (size_t i = 0; i < n; i++)
            copy[i] = feel_name(b->arena, names[i]);
        node->data = copy;
    }
    if (function->type->kind == FEEL_T_FUNCTION && function->type->of)
        node->type = function->type->of;
    return feel_node_checked(b, node);
}

struct feel_node *feel_node_coerce(struct feel_build *b, struct feel_node *value, const struct feel_type *type,
                                   const struct feel_source *source)
{
    if (!type || (type->kind == FEEL_T_ANY && !type->allowed))
        return value;
    struct feel_node *node = feel_node_new(b, feel_eval_coerce);
    node->a = value;
    node->type = type;
    node->source = source;
    node->offset = 0;
    node->length = source ? (uint32_t)source->text.n : 0;
    feel_node_above(node, value);
    return feel_node_checked(b, node);
}

const struct feel_type *feel_node_type(const struct feel_node *node)
{
    return node->type;
}

bool feel_node_is_constant(const struct feel_node *node, struct feel_value *ret)
{
    if (node->kind != NODE_CONSTANT)
        return false;
    *ret = node->value;
    return true;
}
