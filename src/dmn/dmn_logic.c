/* An item's logic becomes code; in its scope are the things it requires, and nothing else (6.3.7, 10.4). */
#include "dmn_inner.h"

static struct str name_in(struct making *mk, const struct item *it, const struct item *need)
{
    for (size_t i = 0; need->of != it->of && i < it->of->n_imports; i++)
        if (it->of->imports[i].file == need->of && it->of->imports[i].name.n)
            return str_fmt(mk->keep, "%.*s.%.*s", STR_ARG(it->of->imports[i].name), STR_ARG(need->variable));
    return need->variable;
}

static struct feel_env *scope_of(struct making *mk, const struct item *it)
{
    struct feel_env *env = feel_env_new(mk->keep, it->of->env);
    if (it->pub.kind == DMN_KNOWLEDGE) /* it may call itself */
        feel_env_add(env, it->variable, it->pub.index, it->pub.type);
    for (size_t i = 0; i < it->n_needs; i++) {
        const struct item *need = it->needs[i];
        const struct feel_type *type = need->pub.type ? need->pub.type : need->known;
        if (need->variable.n)
            feel_env_add(env, name_in(mk, it, need), need->pub.index, type);
    }
    return env;
}

static struct feel_node *build_decision(struct boxing *bx, struct item *it)
{
    const struct xml *logic = dmn_find_expression(it->xml);
    if (it->circle)
        return feel_node_fault(bx->build, FEEL_WHY_MODEL, S("it requires itself"), it->source);
    if (!logic)
        return feel_node_fault(bx->build, FEEL_WHY_MODEL, S("the decision has no logic"), it->source);
    struct feel_node *node = dmn_box(bx, logic);
    if (it->pub.type)
        return feel_node_coerce(bx->build, node, it->pub.type, it->source);
    const struct feel_type *known = feel_node_type(node);
    it->known = known && known->kind != FEEL_T_ANY ? known : NULL;
    return node;
}

static struct feel_node *build_knowledge(struct boxing *bx, struct item *it)
{
    const struct xml *logic = xml_child(it->xml, "encapsulatedLogic");
    if (logic)
        return dmn_box_function(bx, logic, it->result);
    dmn_warn(bx->mk, it->of, it->xml, (struct str){0}, "a business knowledge model without logic gives null");
    return feel_node_fault(bx->build, FEEL_WHY_MODEL, S("the business knowledge model has no logic"), it->source);
}

void dmn_compile_item(struct making *mk, struct item *it)
{
    if (it->pub.kind != DMN_DECISION && it->pub.kind != DMN_KNOWLEDGE)
        return;
    struct boxing bx = {.mk = mk, .file = it->of, .item = it, .element = it->source->name};
    bx.build = feel_build_new(mk->keep, scope_of(mk, it));
    struct feel_node *node = it->pub.kind == DMN_DECISION ? build_decision(&bx, it) : build_knowledge(&bx, it);
    it->code = feel_build_end(bx.build, node);
    dmn_take_problems(mk, it->of, bx.element, feel_build_problems(bx.build));
}
