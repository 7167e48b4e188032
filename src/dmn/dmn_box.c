/* Boxed expressions (DMN 1.5, 7.3 and 10.2): each becomes the node of FEEL that means the same. */
#include "dmn_inner.h"

static struct feel_node *box_literal(struct boxing *bx, const struct xml *e);
static struct feel_node *box_context(struct boxing *bx, const struct xml *e);
static struct feel_node *box_relation(struct boxing *bx, const struct xml *e);
static struct feel_node *box_list(struct boxing *bx, const struct xml *e);
static struct feel_node *box_function(struct boxing *bx, const struct xml *e);
static struct feel_node *box_invocation(struct boxing *bx, const struct xml *e);
static struct feel_node *box_conditional(struct boxing *bx, const struct xml *e);
static struct feel_node *box_filter(struct boxing *bx, const struct xml *e);
static struct feel_node *box_loop(struct boxing *bx, const struct xml *e);

static const struct form {
    const char *name;
    struct feel_node *(*box)(struct boxing *bx, const struct xml *e);
} forms[] = {
    {"literalExpression", box_literal},
    {"decisionTable", dmn_box_table},
    {"context", box_context},
    {"relation", box_relation},
    {"list", box_list},
    {"functionDefinition", box_function},
    {"encapsulatedLogic", box_function},
    {"invocation", box_invocation},
    {"conditional", box_conditional},
    {"filter", box_filter},
    {"for", box_loop},
    {"some", box_loop},
    {"every", box_loop},
};

static const struct form *form_of(const struct xml *e)
{
    for (size_t i = 0; e && i < sizeof forms / sizeof *forms; i++)
        if (str_eq_z(e->name, forms[i].name))
            return &forms[i];
    return NULL;
}

static bool is_child(const struct xml *e, size_t i, const char *name)
{
    return str_eq_z(e->items[i]->name, name) && str_eq(e->items[i]->ns, e->ns);
}

const struct xml *dmn_find_expression(const struct xml *e)
{
    for (size_t i = 0; e && i < e->n; i++)
        if (str_eq(e->items[i]->ns, e->ns) && form_of(e->items[i]))
            return e->items[i];
    return NULL;
}

static struct feel_node *fault(struct boxing *bx, const struct xml *e, const char *what)
{
    if (e)
        dmn_warn(bx->mk, bx->file, e, bx->element, "%s", what);
    return feel_node_fault(bx->build, FEEL_WHY_MODEL, dmn_keep(bx->mk, str_of(what)),
                           dmn_source(bx->mk, bx->element, e));
}

static struct feel_node *coerce(struct boxing *bx, struct feel_node *node, const struct xml *e)
{
    const struct feel_type *type = dmn_resolve_type(bx->mk, bx->file, e, xml_attr(e, "typeRef"));
    const struct xml *text = xml_child(e, "text");
    return type ? feel_node_coerce(bx->build, node, type, dmn_source(bx->mk, bx->element, text ? text : e)) : node;
}

struct feel_node *dmn_box(struct boxing *bx, const struct xml *e)
{
    const struct form *form = form_of(e);
    if (!form)
        return fault(bx, e, "there is no expression");
    if (bx->depth >= DMN_MAX_DEPTH)
        return fault(bx, e, "expressions are nested too deep");
    bx->depth++;
    struct feel_node *node = form->box(bx, e);
    bx->depth--;
    /* what a function's typeRef says is the type of its result: box_function has seen to it */
    return form->box == box_function ? node : coerce(bx, node, e);
}

/* The expression inside the child of that name. */
static struct feel_node *box_child(struct boxing *bx, const struct xml *e, const char *name)
{
    const struct xml *c = xml_child(e, name), *inside = dmn_find_expression(c);
    return inside ? dmn_box(bx, inside) : fault(bx, c ? c : e, "a part of the expression is missing");
}

/* FEEL alone is evaluated; the language may be named at the element or for the whole file. */
bool dmn_is_feel(const struct xml *e)
{
    struct str language = xml_attr(e, "expressionLanguage"), text = dmn_child_text(e, "text");
    if (str_starts(text, S("${")) || str_starts(text, S("#{"))) /* of the Java world; never FEEL */
        return false;
    for (; !language.n && e->parent; e = e->parent)
        language = xml_attr(e->parent, "expressionLanguage");
    return !language.n || str_find(language, S("FEEL"), 0) < language.n || str_ieq(language, S("feel"));
}

static struct feel_node *box_literal(struct boxing *bx, const struct xml *e)
{
    const struct xml *text = xml_child(e, "text");
    if (!dmn_is_feel(e))
        return fault(bx, e, "an expression in another language than FEEL is not evaluated");
    if (xml_child(e, "importedValues"))
        return fault(bx, e, "imported values are not supported");
    if (!text || !str_trim(text->text).n)
        return feel_node_fault(bx->build, FEEL_WHY_MODEL, S("the expression is empty"),
                               dmn_source(bx->mk, bx->element, e));
    return feel_build_expression(bx->build, dmn_source(bx->mk, bx->element, text));
}

static const struct feel_type *type_or(const struct feel_type *declared, const struct feel_node *node)
{
    const struct feel_type *t = declared ? declared : feel_node_type(node);
    return t && t->kind == FEEL_T_ANY ? NULL : t;
}

/* One entry of a boxed context. True when it is a named one, false when it is the result. */
static bool box_entry(struct boxing *bx, const struct xml *e, struct feel_node_entry *ret)
{
    const struct xml *variable = xml_child(e, "variable"), *logic = dmn_find_expression(e);
    struct str name = feel_name(bx->mk->keep, xml_attr(variable, "name"));
    const struct feel_type *type = dmn_resolve_type(bx->mk, bx->file, variable, xml_attr(variable, "typeRef"));
    bool recursive = logic && str_eq_z(logic->name, "functionDefinition");
    *ret = (struct feel_node_entry){.name = name};
    if (recursive && name.n)
        ret->slot = feel_build_local(bx->build, name, NULL);
    ret->value = logic ? dmn_box(bx, logic) : fault(bx, e, "the entry has no expression");
    if (type && !(recursive && type->kind != FEEL_T_FUNCTION))
        ret->value = feel_node_coerce(bx->build, ret->value, type, dmn_source(bx->mk, bx->element, variable));
    if (!recursive && name.n)
        ret->slot = feel_build_local(bx->build, name, type_or(type, ret->value));
    return name.n > 0;
}

static struct feel_node *box_context(struct boxing *bx, const struct xml *e)
{
    VEC_OF(struct feel_node_entry) entries = {0};
    struct feel_node *result = NULL;
    feel_build_open(bx->build);
    for (size_t i = 0; i < e->n; i++) {
        struct feel_node_entry entry;
        if (!is_child(e, i, "contextEntry"))
            continue;
        if (result)
            dmn_warn(bx->mk, bx->file, e->items[i], bx->element, "nothing may follow the result of a context");
        else if (box_entry(bx, e->items[i], &entry))
            vec_add(bx->mk->keep, &entries, entry);
        else
            result = entry.value;
    }
    feel_build_close(bx->build);
    return feel_node_context(bx->build, entries.p, entries.n, result);
}

struct relation {
    struct feel_node_entry *columns; /* their names */
    const struct feel_type **types;
    size_t n;
};

static struct feel_node *box_row(struct boxing *bx, const struct relation *r, const struct xml *row)
{
    struct feel_node_entry *entries = arena_array(bx->mk->keep, struct feel_node_entry, r->n);
    size_t n = 0;
    feel_build_open(bx->build);
    for (size_t i = 0; i < row->n; i++) {
        if (!str_eq(row->items[i]->ns, row->ns) || !form_of(row->items[i]))
            continue;
        if (n == r->n) {
            dmn_warn(bx->mk, bx->file, row, bx->element, "the row has more cells than the relation has columns");
            break;
        }
        struct feel_node *cell = dmn_box(bx, row->items[i]);
        if (r->types[n])
            cell = feel_node_coerce(bx->build, cell, r->types[n], dmn_source(bx->mk, bx->element, row->items[i]));
        uint32_t slot = feel_build_local(bx->build, (struct str){0}, NULL); /* cells do not see each other */
        entries[n] = (struct feel_node_entry){.name = r->columns[n].name, .slot = slot, .value = cell};
        n++;
    }
    feel_build_close(bx->build);
    if (n < r->n)
        dmn_warn(bx->mk, bx->file, row, bx->element, "the row has fewer cells than the relation has columns");
    return feel_node_context(bx->build, entries, n, NULL);
}

static struct feel_node *box_relation(struct boxing *bx, const struct xml *e)
{
    struct arena *a = bx->mk->keep;
    struct relation r = {.columns = arena_array(a, struct feel_node_entry, e->n),
                         .types = arena_array(a, const struct feel_type *, e->n)};
    VEC_OF(struct feel_node *) rows = {0};
    for (size_t i = 0; i < e->n; i++) {
        const struct xml *c = e->items[i];
        if (is_child(e, i, "column")) {
            r.columns[r.n].name = feel_name(a, xml_attr(c, "name"));
            r.types[r.n++] = dmn_resolve_type(bx->mk, bx->file, c, xml_attr(c, "typeRef"));
        } else if (is_child(e, i, "row")) {
            vec_add(a, &rows, box_row(bx, &r, c));
        }
    }
    return feel_node_list(bx->build, rows.p, rows.n);
}

static struct feel_node *box_list(struct boxing *bx, const struct xml *e)
{
    VEC_OF(struct feel_node *) items = {0};
    for (size_t i = 0; i < e->n; i++)
        if (str_eq(e->items[i]->ns, e->ns) && form_of(e->items[i]))
            vec_add(bx->mk->keep, &items, dmn_box(bx, e->items[i]));
    return feel_node_list(bx->build, items.p, items.n);
}

const struct feel_param *dmn_read_params(struct making *mk, struct dmn_file *f, const struct xml *e, size_t *ret_n)
{
    struct feel_param *params = arena_array(mk->keep, struct feel_param, e->n);
    size_t n = 0;
    for (size_t i = 0; i < e->n; i++)
        if (is_child(e, i, "formalParameter"))
            params[n++] =
                (struct feel_param){.name = feel_name(mk->keep, xml_attr(e->items[i], "name")),
                                    .type = dmn_resolve_type(mk, f, e->items[i], xml_attr(e->items[i], "typeRef"))};
    *ret_n = n;
    return params;
}

struct feel_node *dmn_box_function(struct boxing *bx, const struct xml *e, const struct feel_type *result)
{
    size_t n;
    const struct feel_param *params = dmn_read_params(bx->mk, bx->file, e, &n);
    struct str kind = xml_attr(e, "kind");
    bool external = str_ieq(kind, S("Java"));
    if (kind.n && !external && !str_ieq(kind, S("FEEL")) && !str_ieq(kind, S("None")))
        return fault(bx, e, "a function in another language than FEEL is not evaluated");
    const struct feel_type *declared = dmn_resolve_type(bx->mk, bx->file, e, xml_attr(e, "typeRef"));
    if (declared && declared->kind == FEEL_T_FUNCTION)
        declared = declared->of;
    feel_build_function(bx->build, params, n);
    const struct xml *body = dmn_find_expression(e);
    struct feel_node *node = body ? dmn_box(bx, body) : fault(bx, e, "the function has no body");
    if (external)
        node = feel_node_external(bx->build, node, n);
    if (declared && result)
        node = feel_node_coerce(bx->build, node, declared, dmn_source(bx->mk, bx->element, e));
    return feel_node_function(bx->build, node, result ? result : declared);
}

static struct feel_node *box_function(struct boxing *bx, const struct xml *e)
{
    return dmn_box_function(bx, e, NULL);
}

static struct feel_node *box_invocation(struct boxing *bx, const struct xml *e)
{
    struct str *names = arena_array(bx->mk->keep, struct str, e->n);
    struct feel_node **args = arena_array(bx->mk->keep, struct feel_node *, e->n);
    const struct xml *called = dmn_find_expression(e);
    struct feel_node *function = called ? dmn_box(bx, called) : fault(bx, e, "it calls nothing");
    size_t n = 0;
    for (size_t i = 0; i < e->n; i++) {
        if (!is_child(e, i, "binding"))
            continue;
        const struct xml *p = xml_child(e->items[i], "parameter"), *logic = dmn_find_expression(e->items[i]);
        names[n] = feel_name(bx->mk->keep, xml_attr(p, "name"));
        args[n] = logic ? dmn_box(bx, logic) : feel_node_constant(bx->build, feel_null());
        if (p)
            args[n] = coerce(bx, args[n], p);
        n++;
    }
    return feel_node_call(bx->build, function, n ? names : NULL, args, n);
}

/* Where FEEL takes anything but true for false, the boxed forms want a boolean and else give null (7.3.13 to 7.3.16). A
   guard is a local that a test sets when it is neither boolean nor null, and that the whole expression looks at. */
struct guard {
    struct feel_node *node;
    uint32_t flag;
    bool numbers; /* a filter may also be a position */
    const struct feel_source *source;
};

static struct feel_value run_test(struct feel_run *run, const void *data)
{
    const struct guard *g = data;
    struct feel_value v = feel_run_node(run, g->node);
    if (v.kind != FEEL_NULL && v.kind != FEEL_BOOLEAN && !(g->numbers && v.kind == FEEL_NUMBER))
        *feel_run_local(run, g->flag) = feel_bool(true);
    return v;
}

static struct feel_value run_guarded(struct feel_run *run, const void *data)
{
    const struct guard *g = data;
    *feel_run_local(run, g->flag) = feel_bool(false);
    struct feel_value v = feel_run_node(run, g->node);
    if (feel_is_true(*feel_run_local(run, g->flag)))
        return feel_fail(run, FEEL_WHY_TYPE, g->source, "the test is not a boolean");
    return v;
}

static struct feel_node *guard(struct boxing *bx, const struct xml *e, struct feel_node *node, uint32_t flag,
                               feel_native_fn *fn)
{
    struct guard *g = arena_new_of(bx->mk->keep, struct guard);
    *g = (struct guard){node, flag, str_eq_z(e->name, "filter"), dmn_source(bx->mk, bx->element, e)};
    return feel_node_native(bx->build, fn, g, fn == run_guarded ? feel_node_type(node) : NULL);
}

static struct feel_node *box_conditional(struct boxing *bx, const struct xml *e)
{
    feel_build_open(bx->build);
    uint32_t flag = feel_build_local(bx->build, (struct str){0}, NULL);
    struct feel_node *test = guard(bx, e, box_child(bx, e, "if"), flag, run_test);
    struct feel_node *yes = box_child(bx, e, "then"), *no = box_child(bx, e, "else");
    feel_build_close(bx->build);
    return guard(bx, e, feel_node_if(bx->build, test, yes, no), flag, run_guarded);
}

/* The type of what a list of this type holds. */
static const struct feel_type *item_type(const struct feel_node *list)
{
    const struct feel_type *t = type_or(NULL, list);
    return t && t->kind == FEEL_T_LIST ? t->of : t;
}

static struct feel_node *box_filter(struct boxing *bx, const struct xml *e)
{
    struct feel_node *in = box_child(bx, e, "in");
    feel_build_open(bx->build);
    uint32_t flag = feel_build_local(bx->build, (struct str){0}, NULL);
    uint32_t slot = feel_build_local(bx->build, S("item"), item_type(in));
    feel_build_members(bx->build, slot);
    struct feel_node *match = guard(bx, e, box_child(bx, e, "match"), flag, run_test);
    feel_build_close(bx->build);
    return guard(bx, e, feel_node_filter(bx->build, slot, in, match), flag, run_guarded);
}

static struct feel_node *box_loop(struct boxing *bx, const struct xml *e)
{
    enum feel_loop loop = str_eq_z(e->name, "for") ? FEEL_FOR : str_eq_z(e->name, "some") ? FEEL_SOME : FEEL_EVERY;
    struct feel_node *in = box_child(bx, e, "in");
    feel_build_open(bx->build);
    uint32_t flag = feel_build_local(bx->build, (struct str){0}, NULL);
    struct str name = feel_name(bx->mk->keep, xml_attr(e, "iteratorVariable"));
    uint32_t slot = feel_build_local(bx->build, name, item_type(in)), partial = 0;
    if (loop == FEEL_FOR)
        partial = feel_build_local(bx->build, S("partial"), NULL);
    struct feel_node *body = box_child(bx, e, loop == FEEL_FOR ? "return" : "satisfies");
    if (loop != FEEL_FOR)
        body = guard(bx, e, body, flag, run_test);
    feel_build_close(bx->build);
    struct feel_node *node = feel_node_loop(bx->build, loop, slot, partial, in, body);
    return loop == FEEL_FOR ? node : guard(bx, e, node, flag, run_guarded);
}
