#include "feel_room.h"

/* ---- The builder */

struct feel_build *feel_build_new(struct arena *a, const struct feel_env *env)
{
    struct feel_build *b = arena_new_of(a, struct feel_build);
    *b = (struct feel_build){.arena = a, .env = env, .max_parts = env && env->max_parts > 5 ? env->max_parts : 5};
    b->frame = arena_new_of(a, struct feel_frame);
    feel_build_open(b);
    return b;
}

const struct feel_problem *feel_build_problems(const struct feel_build *b)
{
    return b->problems;
}

void feel_build_problem(struct feel_build *b, enum feel_why why, uint32_t offset, struct str detail)
{
    struct feel_problem *p = arena_new_of(b->arena, struct feel_problem);
    *p = (struct feel_problem){.source = b->source, .offset = offset, .why = why, .detail = detail};
    if (b->last)
        b->last->next = p;
    else
        b->problems = p;
    b->last = p;
}

const struct feel_code *feel_build_end(struct feel_build *b, struct feel_node *node)
{
    struct feel_code *code = arena_new_of(b->arena, struct feel_code);
    *code = (struct feel_code){.node = node, .n_locals = b->frame->n_locals};
    return code;
}

/* ---- Scopes and locals */

void feel_build_open(struct feel_build *b)
{
    struct feel_scope *s = arena_new_of(b->arena, struct feel_scope);
    *s = (struct feel_scope){.members = FEEL_NO_SLOT, .up = b->frame->scope};
    b->frame->scope = s;
}

void feel_build_close(struct feel_build *b)
{
    b->frame->scope = b->frame->scope->up;
}

static uint32_t new_slot(struct feel_build *b, struct feel_frame *f)
{
    vec_add(b->arena, &f->used, false);
    return f->n_locals++;
}

uint32_t feel_build_local(struct feel_build *b, struct str name, const struct feel_type *type)
{
    uint32_t slot = new_slot(b, b->frame);
    if (name.n == 0)
        return slot;
    struct feel_var *v = arena_new_of(b->arena, struct feel_var);
    *v = (struct feel_var){.name = feel_name(b->arena, name),
                           .key = feel_name_key(b->arena, name),
                           .slot = slot,
                           .type = type ? type : feel_type_of_kind(FEEL_T_ANY),
                           .next = b->frame->scope->vars};
    b->frame->scope->vars = v;
    size_t parts = feel_name_parts(v->key);
    b->max_parts = parts > b->max_parts ? parts : b->max_parts;
    return slot;
}

void feel_build_members(struct feel_build *b, uint32_t slot)
{
    struct feel_scope *s = b->frame->scope;
    s->members = slot;
    s->member_type = feel_type_of_kind(FEEL_T_ANY);
    for (const struct feel_var *v = s->vars; v; v = v->next)
        if (v->slot == slot)
            s->member_type = v->type;
}

/* ---- Functions */

void feel_build_function(struct feel_build *b, const struct feel_param *params, size_t n)
{
    struct feel_frame *f = arena_new_of(b->arena, struct feel_frame);
    *f = (struct feel_frame){.up = b->frame, .params = params, .n_params = n};
    b->frame = f;
    feel_build_open(b);
    for (size_t i = 0; i < n; i++) {
        if (params[i].name.n)
            feel_build_local(b, params[i].name, params[i].type);
        else
            new_slot(b, f);
    }
}

struct feel_node *feel_node_function(struct feel_build *b, struct feel_node *body, const struct feel_type *result)
{
    struct feel_frame *f = b->frame;
    struct feel_lambda *l = arena_new_of(b->arena, struct feel_lambda);
    *l = (struct feel_lambda){.body = body,
                              .params = f->params,
                              .n_params = f->n_params,
                              .result = result,
                              .n_locals = f->n_locals,
                              .captures = f->captures.p,
                              .n_captures = f->captures.n,
                              .self = FEEL_NO_SLOT};
    b->frame = f->up;
    struct feel_node *node = feel_node_new(b, feel_eval_lambda);
    node->kind = NODE_FUNCTION;
    node->data = l;
    feel_node_above(node, body);
    struct feel_type *t = arena_new_of(b->arena, struct feel_type);
    const struct feel_type **params = arena_array(b->arena, const struct feel_type *, f->n_params + 1);
    for (size_t i = 0; i < f->n_params; i++)
        params[i] = f->params[i].type;
    *t = (struct feel_type){
        .kind = FEEL_T_FUNCTION, .of = result ? result : body->type, .params = params, .n_params = f->n_params};
    node->type = t;
    return feel_node_checked(b, node);
}

/* The slot of frame f that holds the local `slot` of the frame `of`, which is f or around it. */
static uint32_t reach(struct feel_build *b, struct feel_frame *f, const struct feel_frame *of, uint32_t slot)
{
    uint32_t to = slot;
    if (f != of) {
        uint32_t from = reach(b, f->up, of, slot);
        size_t i = 0;
        while (i < f->captures.n && f->captures.p[i].from != from)
            i++;
        if (i == f->captures.n)
            vec_add(b->arena, &f->captures, (struct feel_capture){from, new_slot(b, f)});
        to = f->captures.p[i].to;
    }
    f->used.p[to] = true;
    return to;
}

/* ---- Names in scope */

const struct feel_member_type *feel_type_member(const struct feel_type *t, struct arena *scratch, struct str key)
{
    for (int depth = 0; t && t->kind == FEEL_T_LIST && depth < 8; depth++)
        t = t->of;
    if (!t || t->kind != FEEL_T_CONTEXT)
        return NULL;
    for (size_t i = 0; i < t->n_members; i++)
        if (str_eq(t->members[i].name, key) || str_eq(feel_name_key(scratch, t->members[i].name), key))
            return &t->members[i];
    return NULL;
}

/* Could the item of this filter have a member of that name? *ret_member: what its type says, when it says something. */
static bool may_have(const struct feel_build *b, const struct feel_scope *s, struct str key,
                     const struct feel_member_type **ret_member)
{
    *ret_member = NULL;
    if (s->members == FEEL_NO_SLOT)
        return false;
    if (s->member_type->kind == FEEL_T_ANY || (s->member_type->kind == FEEL_T_CONTEXT && !s->member_type->n_members))
        return true;
    *ret_member = feel_type_member(s->member_type, b->arena, key);
    return *ret_member != NULL;
}

static const struct feel_var *var_of(const struct feel_scope *s, struct str key)
{
    const struct feel_var *v = s->vars;
    while (v && !str_eq(v->key, key))
        v = v->next;
    return v;
}

bool feel_build_knows(const struct feel_build *b, struct str key, struct str *ret_name)
{
    const struct feel_member_type *member;
    const struct feel_var *v;
    for (const struct feel_frame *f = b->frame; f; f = f->up)
        for (const struct feel_scope *s = f->scope; s; s = s->up) {
            if ((v = var_of(s, key)))
                return *ret_name = v->name, true;
            if (!may_have(b, s, key, &member))
                continue;
            if (member)
                return *ret_name = member->name, true;
            if ((v = feel_env_member(b->env, key)))
                return *ret_name = v->name, true;
        }
    if ((v = feel_env_find(b->env, key)))
        return *ret_name = v->name, true;
    const struct feel_builtin *row = feel_builtin_find(key);
    if (row)
        *ret_name = row->name;
    return row != NULL;
}

static struct feel_node *local_node(struct feel_build *b, uint32_t slot, const struct feel_type *type)
{
    struct feel_node *node = feel_node_new(b, feel_eval_local);
    node->kind = NODE_LOCAL;
    node->slot = slot;
    node->type = type;
    return node;
}

static struct feel_node *builtin_value(struct feel_build *b, const struct feel_builtin *row)
{
    struct feel_function *f = arena_new_of(b->arena, struct feel_function);
    *f = (struct feel_function){.kind = FEEL_BUILTIN, .builtin = row};
    struct feel_node *node = feel_node_constant(b, (struct feel_value){.kind = FEEL_FUNCTION, .function = f});
    node->type = feel_type_of_kind(FEEL_T_FUNCTION);
    return node;
}

struct feel_node *feel_node_global_function(struct feel_build *b, struct str key)
{
    return builtin_value(b, feel_builtin_find(key));
}

static struct feel_node *global_node(struct feel_build *b, struct str key)
{
    const struct feel_var *v = feel_env_find(b->env, key);
    const struct feel_builtin *row = v ? NULL : feel_builtin_find(key);
    return v ? feel_node_slot(b, v->slot, v->type) : row ? builtin_value(b, row) : NULL;
}

/* The meaning of the name from scope s of frame f outwards. */
static struct feel_node *name_from(struct feel_build *b, struct feel_frame *f, struct feel_scope *s, struct str name,
                                   struct str key)
{
    const struct feel_member_type *member;
    for (; f; f = f->up, s = f ? f->scope : NULL) {
        for (; s; s = s->up) {
            const struct feel_var *v = var_of(s, key);
            bool may = may_have(b, s, key, &member);
            if (!v && !may)
                continue;
            struct feel_node *otherwise = v       ? local_node(b, reach(b, b->frame, f, v->slot), v->type)
                                          : s->up ? name_from(b, f, s->up, name, key)
                                          : f->up ? name_from(b, f->up, f->up->scope, name, key)
                                                  : global_node(b, key);
            if (!may)
                return otherwise;
            struct feel_node *node = feel_node_new(b, feel_eval_member);
            node->slot = reach(b, b->frame, f, (uint32_t)s->members);
            node->name = member ? member->name : name;
            node->type = member && member->type ? member->type : node->type;
            node->a = otherwise;
            feel_node_above(node, otherwise);
            return node;
        }
    }
    return global_node(b, key);
}

/* A name that nothing declares may be a member that the type of a filter's item does not speak of. */
static struct feel_node *undeclared(struct feel_build *b, struct str name)
{
    for (struct feel_frame *f = b->frame; f; f = f->up)
        for (struct feel_scope *s = f->scope; s; s = s->up) {
            if (s->members == FEEL_NO_SLOT || s->member_type->kind != FEEL_T_CONTEXT)
                continue;
            struct feel_node *node = feel_node_new(b, feel_eval_member);
            node->slot = reach(b, b->frame, f, (uint32_t)s->members);
            node->name = name;
            return node;
        }
    return NULL;
}

struct feel_node *feel_node_name(struct feel_build *b, struct str name, struct str key)
{
    struct feel_node *node = name_from(b, b->frame, b->frame->scope, name, key);
    return node ? node : undeclared(b, name);
}
