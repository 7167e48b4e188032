#include "feel_parse.h"

/* Types (rules 45 and 46): names, and list<…>, context<…>, range<…>, function<…> -> …. */

static const struct feel_type *of_angle(struct feel_parser *p, enum feel_type_kind kind)
{
    struct feel_type *t = arena_new_of(p->b->arena, struct feel_type);
    t->kind = kind;
    t->name = feel_type_of_kind(kind)->name;
    t->of = feel_p_type(p);
    feel_p_expect(p, ">");
    return t;
}

static const struct feel_type *context_type(struct feel_parser *p)
{
    VEC_OF(struct feel_member_type) members = {0};
    do {
        struct feel_member_type m = {0};
        if (!feel_p_declared(p, ":", NULL, &m.name) || !feel_p_expect(p, ":"))
            break;
        m.type = feel_p_type(p);
        vec_add(p->b->arena, &members, m);
    } while (!p->failed && feel_p_accept(p, ","));
    feel_p_expect(p, ">");
    struct feel_type *t = arena_new_of(p->b->arena, struct feel_type);
    *t = (struct feel_type){.kind = FEEL_T_CONTEXT, .name = S("context"), .members = members.p, .n_members = members.n};
    return t;
}

static const struct feel_type *function_type(struct feel_parser *p)
{
    VEC_OF(const struct feel_type *) params = {0};
    while (!p->failed && !feel_p_at(p, ">")) {
        vec_add(p->b->arena, &params, feel_p_type(p));
        if (!feel_p_accept(p, ","))
            break;
    }
    if (!feel_p_expect(p, ">") || !feel_p_expect(p, "->"))
        return NULL;
    struct feel_type *t = arena_new_of(p->b->arena, struct feel_type);
    *t = (struct feel_type){.kind = FEEL_T_FUNCTION, .name = S("function"), .params = params.p, .n_params = params.n};
    t->of = feel_p_type(p);
    if (!t->of)
        t->of = feel_type_of_kind(FEEL_T_ANY);
    return t;
}

static const struct feel_type *named(struct feel_parser *p)
{
    struct str key;
    return feel_p_type_name(p, &key) ? feel_env_type(p->b->env, key) : NULL;
}

const struct feel_type *feel_p_type(struct feel_parser *p)
{
    static const struct {
        const char *word;
        enum feel_type_kind kind;
    } generic[] = {
        {"list", FEEL_T_LIST}, {"range", FEEL_T_RANGE}, {"context", FEEL_T_CONTEXT}, {"function", FEEL_T_FUNCTION}};
    const struct feel_type *t = NULL;
    struct str unknown;
    feel_p_skip(p);
    size_t from = p->pos;
    if (++p->depth > FEEL_PARSE_DEPTH)
        feel_p_fail(p, "less nesting");
    for (size_t i = 0; i < 4 && !p->failed && !t; i++) {
        if (!feel_p_word(p, generic[i].word))
            continue;
        if (!feel_p_accept(p, "<")) {
            p->pos = from;
            break;
        }
        t = generic[i].kind == FEEL_T_CONTEXT    ? context_type(p)
            : generic[i].kind == FEEL_T_FUNCTION ? function_type(p)
                                                 : of_angle(p, generic[i].kind);
    }
    if (!t && !p->failed && !(t = named(p)) && feel_p_unknown(p, &unknown))
        feel_build_problem(p->b, FEEL_WHY_NAME, (uint32_t)from, str_cat(p->b->arena, S("no such type: "), unknown));
    else if (!t && !p->failed)
        feel_p_fail(p, "a type");
    p->depth--;
    return t;
}
