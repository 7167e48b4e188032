#include "feel_room.h"

#include <stdarg.h>
#include <stdio.h>

const struct feel_limits feel_limits_default = {.steps = 50 * 1000 * 1000,
                                                .list_items = 1000 * 1000,
                                                .text_bytes = 16 << 20,
                                                .stack_bytes = 512 << 10,
                                                .reasons = 100};

struct feel_run *feel_run_new(struct arena *scratch, const struct feel_limits *limits, struct feel_zones *zones,
                              int64_t now_us, struct str zone)
{
    struct feel_run *run = arena_new_of(scratch, struct feel_run);
    run->arena = scratch;
    run->limits = limits ? *limits : feel_limits_default;
    run->zones = zones;
    run->now_us = now_us;
    run->zone = str_dup(scratch, zone);
    run->stack = arena_array(scratch, struct feel_value, FEEL_STACK_VALUES);
    run->stack_top = run->stack + FEEL_STACK_VALUES;
    feel_run_reset(run);
    return run;
}

struct feel_run *feel_run_folder(struct arena *a, struct feel_zones *zones)
{
    struct feel_run *run = arena_new_of(a, struct feel_run);
    run->arena = a;
    run->limits = (struct feel_limits){
        .steps = 10000, .list_items = 10000, .text_bytes = 64 << 10, .stack_bytes = 256 << 10, .reasons = 0};
    run->zones = zones;
    feel_run_reset(run);
    return run;
}

void feel_run_reset(struct feel_run *run)
{
    run->steps_left = run->limits.steps;
    run->stack_end = NULL;
    run->top = run->frame = run->stack;
    run->slots = NULL;
    run->reasons.p = NULL;
    run->reasons.n = run->reasons.cap = 0;
    run->random = (uint64_t)run->now_us;
}

struct arena *feel_run_arena(const struct feel_run *run)
{
    return run->arena;
}

void feel_run_set_user(struct feel_run *run, void *user)
{
    run->user = user;
}

void *feel_run_user(const struct feel_run *run)
{
    return run->user;
}

const struct feel_reason *const *feel_run_reasons(const struct feel_run *run, size_t *ret_n)
{
    *ret_n = run->reasons.n;
    return run->reasons.p;
}

/* ---- Nulls and their reasons */

static struct feel_value new_null(struct feel_run *run, enum feel_why why, const struct feel_source *source,
                                  uint32_t offset, uint32_t length)
{
    struct feel_reason *r = arena_new_of(run->arena, struct feel_reason);
    *r = (struct feel_reason){why, S(""), source, offset, length};
    if (run->reasons.n < run->limits.reasons)
        vec_add(run->arena, &run->reasons, r);
    return (struct feel_value){.kind = FEEL_NULL, .n = why, .reason = r};
}

static void say(struct feel_run *run, struct feel_value null, const char *fmt, va_list args)
{
    char text[300];
    int n = vsnprintf(text, sizeof text, fmt, args);
    size_t kept = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    /* a run that fails very often is told the first reasons in words, and of the others the kind and the place */
    if (run->reasons.n < run->limits.reasons)
        ((struct feel_reason *)null.p)->detail = str_dup(run->arena, str_make(text, kept));
}

struct feel_value feel_null_why(struct feel_run *run, const struct feel_node *node, enum feel_why why, const char *fmt,
                                ...)
{
    struct feel_value v =
        new_null(run, why, node ? node->source : NULL, node ? node->offset : 0, node ? node->length : 0);
    va_list args;
    va_start(args, fmt);
    say(run, v, fmt, args);
    va_end(args);
    return v;
}

struct feel_value feel_fail(struct feel_run *run, enum feel_why why, const struct feel_source *source, const char *fmt,
                            ...)
{
    struct feel_value v = new_null(run, why, source, 0, source ? (uint32_t)source->text.n : 0);
    va_list args;
    va_start(args, fmt);
    say(run, v, fmt, args);
    va_end(args);
    return v;
}

struct feel_value feel_null_of(struct feel_run *run, const struct feel_node *node, struct feel_value a,
                               struct feel_value b, const char *what)
{
    if (a.kind == FEEL_NULL && a.n)
        return a;
    if (b.kind == FEEL_NULL && b.n)
        return b;
    return feel_null_why(run, node, FEEL_WHY_TYPE, "%s of %s and %s", what, feel_kind_name(a.kind),
                         feel_kind_name(b.kind));
}

struct feel_value feel_text(struct feel_run *run, const struct feel_node *node, struct str s)
{
    if (s.n > run->limits.text_bytes)
        return feel_null_why(run, node, FEEL_WHY_LIMIT, "a text of %zu bytes", s.n);
    return feel_string(s);
}

struct feel_value *feel_new_items(struct feel_run *run, size_t n)
{
    return n > run->limits.list_items ? NULL : arena_array(run->arena, struct feel_value, n);
}

struct feel_value feel_too_long(struct feel_run *run, const struct feel_node *node)
{
    return feel_null_why(run, node, FEEL_WHY_LIMIT, "a list of more than %zu items", run->limits.list_items);
}

/* ---- Frames */

bool feel_stack_left(const struct feel_run *run)
{
    return (const char *)__builtin_frame_address(0) > run->stack_end;
}

/* input NULL: the code has none. */
static struct feel_value run_code(struct feel_run *run, const struct feel_code *code, const struct feel_value *slots,
                                  const struct feel_value *input)
{
    struct feel_value *frame = run->frame, *top = run->top, v;
    const struct feel_value *outer = run->slots;
    const char *stack_end = run->stack_end;
    if (!stack_end)
        run->stack_end = (const char *)__builtin_frame_address(0) - run->limits.stack_bytes;
    if (!feel_stack_left(run) || code->n_locals > (size_t)(run->stack_top - top)) {
        v = feel_null_why(run, code->node, FEEL_WHY_LIMIT, "nested too deep");
    } else {
        run->frame = top;
        run->top = top + code->n_locals;
        run->slots = slots;
        if (code->n_locals)
            memset(run->frame, 0, code->n_locals * sizeof *run->frame);
        if (input)
            run->frame[code->input] = *input;
        v = feel_eval(run, code->node);
    }
    run->frame = frame;
    run->top = top;
    run->slots = outer;
    run->stack_end = stack_end;
    return v;
}

struct feel_value feel_run_code(struct feel_run *run, const struct feel_code *code, const struct feel_value *slots)
{
    return run_code(run, code, slots, NULL);
}

struct feel_value feel_run_tests(struct feel_run *run, const struct feel_code *code, const struct feel_value *slots,
                                 struct feel_value input)
{
    return run_code(run, code, slots, &input);
}

struct feel_value feel_run_node(struct feel_run *run, const struct feel_node *node)
{
    return feel_eval(run, node);
}

struct feel_value *feel_run_local(struct feel_run *run, uint32_t slot)
{
    return &run->frame[slot];
}

/* ---- Calls */

struct feel_value feel_call_closure(struct feel_run *run, const struct feel_node *node, const struct feel_function *f,
                                    struct feel_value *args)
{
    const struct feel_lambda *l = f->lambda;
    struct feel_value *frame = run->frame, *top = run->top;
    const struct feel_value *outer = run->slots;
    if (!feel_step(run) || !feel_stack_left(run) || l->n_locals > (size_t)(run->stack_top - top))
        return feel_null_why(run, node, FEEL_WHY_LIMIT, "too many steps, or calls nested too deep");
    memcpy(top, args, l->n_params * sizeof *top);
    memset(top + l->n_params, 0, (l->n_locals - l->n_params) * sizeof *top);
    for (size_t i = 0; i < l->n_captures; i++)
        top[l->captures[i].to] = f->captured[i];
    if (l->self != FEEL_NO_SLOT)
        top[l->self] = (struct feel_value){.kind = FEEL_FUNCTION, .function = f};
    run->frame = top;
    run->top = top + l->n_locals;
    run->slots = f->slots;
    struct feel_value v = feel_eval(run, l->body);
    run->frame = frame;
    run->top = top;
    run->slots = outer;
    return v;
}

/* A call on its way: arguments in the order given, and what was decided of them. */
struct passing {
    struct feel_run *run;
    const struct feel_node *node;
    const struct feel_function *f;
    const struct str *names;
    size_t n;
    struct feel_value null; /* when it fails */
};

/* Arguments into the order of the parameters, and of their types. */
static bool pass(struct passing *c, const struct feel_value *args, struct feel_value *placed)
{
    const struct feel_function *f = c->f;
    if (c->n != f->n_params) {
        c->null =
            feel_null_why(c->run, c->node, FEEL_WHY_ARGUMENTS, "%zu arguments for %zu parameters", c->n, f->n_params);
        return false;
    }
    bool *seen = c->names ? arena_array(c->run->arena, bool, c->n) : NULL;
    for (size_t i = 0; i < c->n; i++) {
        size_t j = i;
        if (c->names) {
            for (j = 0; j < c->n && !str_eq(f->params[j].name, c->names[i]); j++)
                ;
            if (j == c->n || seen[j]) {
                c->null = feel_null_why(c->run, c->node, FEEL_WHY_ARGUMENTS, "no parameter \"%" PRI_STR "\"",
                                        STR_ARG(c->names[i]));
                return false;
            }
            seen[j] = true;
        }
        placed[j] = args[i];
    }
    for (size_t j = 0; j < c->n; j++) {
        const struct feel_type *t = f->params[j].type;
        struct feel_value given = placed[j];
        if (!t || t->kind == FEEL_T_ANY)
            continue;
        placed[j] = feel_coerce_at(c->run, c->node, given, t, "argument");
        if (placed[j].kind == FEEL_NULL && given.kind != FEEL_NULL)
            return c->null = placed[j], false;
    }
    return true;
}

struct feel_value feel_call_value(struct feel_run *run, const struct feel_node *node, struct feel_value f,
                                  const struct str *names, struct feel_value *args, size_t n)
{
    struct feel_value v;
    enum { FEW = 8 };
    struct feel_value few[FEW];
    if (f.kind == FEEL_NULL && f.n)
        return f;
    if (f.kind != FEEL_FUNCTION)
        return feel_null_why(run, node, FEEL_WHY_TYPE, "%s is not a function", feel_kind_name(f.kind));
    const struct feel_function *fn = f.function;
    if (fn->kind == FEEL_BUILTIN)
        return feel_builtin_call(run, node, fn->builtin, names, args, n);
    struct feel_value *placed = n <= FEW ? few : arena_array(run->arena, struct feel_value, n);
    struct passing c = {.run = run, .node = node, .f = fn, .names = names, .n = n};
    if (!pass(&c, args, placed))
        return c.null;
    if (fn->kind == FEEL_CLOSURE)
        v = feel_call_closure(run, node, fn, placed);
    else if (!feel_step(run) || !feel_stack_left(run))
        return feel_null_why(run, node, FEEL_WHY_LIMIT, "too many steps, or calls nested too deep");
    else
        v = fn->fn(run, fn->data, placed);
    return fn->result ? feel_coerce_at(run, node, v, fn->result, "result") : v;
}

struct feel_value feel_run_call(struct feel_run *run, struct feel_value function, const struct feel_value *args,
                                size_t n)
{
    struct feel_value *copy = arena_array(run->arena, struct feel_value, n);
    const char *stack_end = run->stack_end;
    if (!stack_end) /* called from outside a run: a function that calls itself must end here too */
        run->stack_end = (const char *)__builtin_frame_address(0) - run->limits.stack_bytes;
    if (n)
        memcpy(copy, args, n * sizeof *copy);
    struct feel_value v = feel_call_value(run, NULL, function, NULL, copy, n);
    run->stack_end = stack_end;
    return v;
}

struct feel_value feel_native_function(struct arena *a, feel_function_fn *fn, const void *data,
                                       const struct feel_param *params, size_t n)
{
    struct feel_function *f = arena_new_of(a, struct feel_function);
    *f = (struct feel_function){.kind = FEEL_NATIVE, .params = params, .n_params = n, .fn = fn, .data = data};
    return (struct feel_value){.kind = FEEL_FUNCTION, .function = f};
}

/* ---- Coercion (10.3.2.9.4) */

static bool is_allowed(struct feel_run *run, struct feel_value v, const struct feel_type *t)
{
    return !t->allowed || feel_is_true(feel_run_tests(run, t->allowed, NULL, v));
}

static bool coerce(struct feel_run *run, struct feel_value *v, const struct feel_type *t, int depth);

static bool coerce_list(struct feel_run *run, struct feel_value *v, const struct feel_type *t, int depth)
{
    struct feel_value one = *v;
    size_t n;
    const struct feel_value *items = feel_items(&one, &n);
    if (v->kind == FEEL_LIST && (!t->of || t->of->kind == FEEL_T_ANY))
        return true;
    struct feel_value *coerced = arena_array(run->arena, struct feel_value, n);
    for (size_t i = 0; i < n; i++) {
        coerced[i] = items[i];
        if (!coerce(run, &coerced[i], t->of, depth))
            return false;
    }
    *v = feel_list(run->arena, coerced, n);
    return true;
}

static bool coerce_context(struct feel_run *run, struct feel_value *v, const struct feel_type *t, int depth)
{
    if (v->kind != FEEL_CONTEXT)
        return false;
    struct feel_entry *entries = NULL;
    for (size_t i = 0; i < t->n_members; i++) {
        const struct feel_value *have = feel_member(*v, t->members[i].name);
        if (!have)
            return false;
        struct feel_value m = *have;
        if (!coerce(run, &m, t->members[i].type, depth))
            return false;
        if (memcmp(&m, have, sizeof m) == 0)
            continue;
        if (!entries) {
            entries = arena_array(run->arena, struct feel_entry, v->context->n);
            memcpy(entries, v->context->entries, v->context->n * sizeof *entries);
        }
        for (size_t j = 0; j < v->context->n; j++)
            if (str_eq(entries[j].name, t->members[i].name))
                entries[j].value = m;
    }
    if (entries)
        *v = feel_context(run->arena, entries, v->context->n);
    return true;
}

static bool coerce(struct feel_run *run, struct feel_value *v, const struct feel_type *t, int depth)
{
    if (!t || v->kind == FEEL_NULL)
        return true;
    if (depth > FEEL_VALUE_DEPTH || !feel_step(run))
        return false;
    if (t->kind == FEEL_T_LIST) {
        if (!coerce_list(run, v, t, depth + 1))
            return false;
    } else if (t->kind != FEEL_T_ANY) {
        if (v->kind == FEEL_LIST && v->list->n == 1)
            *v = v->list->items[0];
        if (t->kind == FEEL_T_DATE_TIME && v->kind == FEEL_DATE)
            *v = feel_time_value(run->arena, FEEL_DATE_TIME, feel_moment_utc(v->i64));
        if (t->kind == FEEL_T_CONTEXT ? !coerce_context(run, v, t, depth + 1) : !feel_type_fits(run, *v, t))
            return false;
    }
    return is_allowed(run, *v, t);
}

struct feel_value feel_coerce_at(struct feel_run *run, const struct feel_node *node, struct feel_value v,
                                 const struct feel_type *t, const char *what)
{
    struct feel_value coerced = v;
    if (coerce(run, &coerced, t, 0))
        return coerced;
    return feel_null_why(run, node, FEEL_WHY_COERCION, "the %s, a %s, does not conform to %" PRI_STR "%s%" PRI_STR,
                         what, feel_kind_name(v.kind), STR_ARG(t->name.n ? t->name : feel_type_of_kind(t->kind)->name),
                         t->allowed_text.n ? " with allowed values " : "", STR_ARG(str_slice(t->allowed_text, 0, 100)));
}

struct feel_value feel_coerce(struct feel_run *run, struct feel_value v, const struct feel_type *t,
                              const struct feel_source *source)
{
    struct feel_node at = {.source = source, .length = source ? (uint32_t)source->text.n : 0};
    return t ? feel_coerce_at(run, &at, v, t, "value") : v;
}
