/* The requirements graph (DMN 1.5, clause 6): its elements, what each requires, and an order in which each comes after
   what it needs. Only what is required is in scope. */
#include <stdlib.h>

#include "dmn_inner.h"

enum { MAX_LISTED = 8 << 20, MAX_CHAIN = 1000 };

/* The element a href points at, found by file and id. */
struct id_row {
    const struct dmn_file *file;
    struct str id;
    struct item *item;
};
struct id_index {
    struct id_row *rows;
    size_t n;
};

static int compare_rows(const void *a, const void *b)
{
    const struct id_row *x = a, *y = b;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    return str_cmp(x->id, y->id);
}

static struct item *find_id(const struct id_index *ix, const struct dmn_file *f, struct str id)
{
    struct id_row key = {.file = f, .id = id};
    const struct id_row *row = ix->n ? bsearch(&key, ix->rows, ix->n, sizeof *ix->rows, compare_rows) : NULL;
    return row ? row->item : NULL;
}

static bool kind_of(const struct xml *e, enum dmn_kind *ret)
{
    static const char *const names[] = {"inputData", "decision", "businessKnowledgeModel", "decisionService"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq_z(e->name, names[i])) {
            *ret = (enum dmn_kind)i;
            return true;
        }
    return false;
}

static struct item *new_item(struct making *mk, struct dmn_file *f, const struct xml *e, enum dmn_kind kind)
{
    struct item *it = arena_new_of(mk->keep, struct item);
    const struct xml *variable = xml_child(e, "variable");
    struct str type = xml_attr(variable, "typeRef");
    it->of = f;
    it->xml = e;
    it->pub = (struct dmn_item){.kind = kind,
                                .imported = f != mk->model->files.p[0],
                                .index = (uint32_t)mk->model->items.n,
                                .ns = f->ns,
                                .file = f->file,
                                .line = e->line,
                                .id = dmn_keep(mk, xml_attr(e, "id")),
                                .name = feel_name(mk->keep, xml_attr(e, "name")),
                                .label = dmn_keep(mk, str_trim(xml_attr(e, "label"))),
                                .description = dmn_keep(mk, dmn_child_text(e, "description")),
                                .question = dmn_keep(mk, dmn_child_text(e, "question")),
                                .answers = dmn_keep(mk, dmn_child_text(e, "allowedAnswers"))};
    it->variable = feel_name(mk->keep, xml_attr(variable, "name"));
    if (!it->variable.n)
        it->variable = it->pub.name;
    if (!it->pub.name.n)
        it->pub.name = it->variable;
    if (!it->pub.name.n)
        dmn_warn(mk, f, e, (struct str){0}, "it has no name: nothing can require it");
    it->pub.type_name = dmn_keep(mk, str_trim(type));
    it->pub.type = dmn_resolve_type(mk, f, variable, type);
    it->source = dmn_source(mk, dmn_element_name(mk->keep, e), NULL);
    return it;
}

static void collect(struct making *mk, struct dmn_file *f)
{
    for (size_t i = 0; i < f->root->n; i++) {
        const struct xml *e = f->root->items[i];
        enum dmn_kind kind;
        if (!str_eq(e->ns, f->root->ns) || !kind_of(e, &kind))
            continue;
        if (mk->model->items.n >= DMN_MAX_ITEMS) {
            mk->err =
                fail(mk->cx, ERR_TOO_LARGE, "%.*s:%d: more than %d elements", STR_ARG(f->file), e->line, DMN_MAX_ITEMS);
            return;
        }
        struct item *it = new_item(mk, f, e, kind);
        vec_add(mk->keep, &f->items, it);
        vec_add(mk->keep, &mk->model->items, it);
    }
}

static struct id_index index_ids(struct making *mk)
{
    struct id_index ix = {.rows = arena_array(mk->cx->arena, struct id_row, mk->model->items.n)};
    for (size_t i = 0; i < mk->model->items.n; i++)
        if (mk->model->items.p[i]->pub.id.n)
            ix.rows[ix.n++] =
                (struct id_row){mk->model->items.p[i]->of, mk->model->items.p[i]->pub.id, mk->model->items.p[i]};
    if (ix.n)
        qsort(ix.rows, ix.n, sizeof *ix.rows, compare_rows);
    for (size_t i = 1; i < ix.n; i++)
        if (!compare_rows(&ix.rows[i - 1], &ix.rows[i]))
            dmn_warn(mk, ix.rows[i].item->of, ix.rows[i].item->xml, (struct str){0}, "the id \"%.*s\" is there twice",
                     STR_ARG(ix.rows[i].id));
    return ix;
}

/* "#id", "namespace#id". NULL after a warning. */
static struct item *follow(struct making *mk, const struct id_index *ix, struct dmn_file *f, const struct xml *e)
{
    struct str href = str_trim(xml_attr(e, "href"));
    size_t hash = str_find_char(href, '#', 0);
    struct str ns = hash < href.n ? str_slice(href, 0, hash) : (struct str){0};
    struct str id = hash < href.n ? str_slice(href, hash + 1, href.n) : href;
    struct item *found = !ns.n || str_eq(ns, f->ns) ? find_id(ix, f, id) : NULL;
    for (size_t i = 0; !found && i < f->n_imports; i++)
        if (f->imports[i].file && str_eq(f->imports[i].ns, ns))
            found = find_id(ix, f->imports[i].file, id);
    if (!found)
        dmn_warn(mk, f, e, dmn_element_name(mk->cx->arena, e->parent), "%.*s points at nothing: \"%.*s\"",
                 STR_ARG(e->name), STR_ARG(href));
    return found;
}

static void follow_children(struct making *mk, const struct id_index *ix, const struct item *it, const char *name,
                            struct item_list *to)
{
    for (size_t i = 0; i < it->xml->n; i++) {
        const struct xml *e = it->xml->items[i];
        struct item *found = str_eq_z(e->name, name) && str_eq(e->ns, it->xml->ns) ? follow(mk, ix, it->of, e) : NULL;
        if (found)
            vec_add(mk->keep, to, found);
    }
}

static void connect_service(struct making *mk, const struct id_index *ix, struct item *it)
{
    struct item_list inputs = {0}, outputs = {0};
    follow_children(mk, ix, it, "inputData", &inputs);
    follow_children(mk, ix, it, "inputDecision", &inputs);
    follow_children(mk, ix, it, "outputDecision", &outputs);
    if (!outputs.n)
        dmn_warn(mk, it->of, it->xml, (struct str){0}, "a decision service without an output decision gives null");
    struct feel_param *params = arena_array(mk->keep, struct feel_param, inputs.n);
    for (size_t i = 0; i < inputs.n; i++)
        params[i] = (struct feel_param){inputs.p[i]->variable, inputs.p[i]->pub.type};
    const struct dmn_item **list = arena_array(mk->keep, const struct dmn_item *, outputs.n);
    for (size_t i = 0; i < outputs.n; i++)
        list[i] = &outputs.p[i]->pub;
    it->inputs = inputs.p;
    it->n_inputs = inputs.n;
    it->needs = outputs.p;
    it->n_needs = outputs.n;
    it->pub.params = params;
    it->pub.n_params = inputs.n;
    it->pub.outputs = list;
    it->pub.n_outputs = outputs.n;
}

/* informationRequirement/requiredInput and so on; a requirement of an authority is for people. */
static void connect(struct making *mk, const struct id_index *ix, struct item *it)
{
    struct item_list needs = {0};
    for (size_t i = 0; i < it->xml->n; i++) {
        const struct xml *e = it->xml->items[i];
        bool information = str_eq_z(e->name, "informationRequirement");
        if (!str_eq(e->ns, it->xml->ns) || (!information && !str_eq_z(e->name, "knowledgeRequirement")))
            continue;
        if (!e->n)
            dmn_warn(mk, it->of, e, dmn_element_name(mk->cx->arena, it->xml), "a requirement of nothing");
        for (size_t k = 0; k < e->n; k++) {
            bool known = information ? str_eq_z(e->items[k]->name, "requiredInput") ||
                                           str_eq_z(e->items[k]->name, "requiredDecision")
                                     : str_eq_z(e->items[k]->name, "requiredKnowledge");
            struct item *found = known ? follow(mk, ix, it->of, e->items[k]) : NULL;
            if (found)
                vec_add(mk->keep, &needs, found);
        }
    }
    dmn_need_undeclared(mk, it, &needs);
    it->needs = needs.p;
    it->n_needs = needs.n;
}

/* Functions are values with a type of their own; before anything is compiled, so that circles see it too. */
static void type_function(struct making *mk, struct item *it)
{
    const struct xml *logic = xml_child(it->xml, "encapsulatedLogic");
    const struct feel_type *declared = it->pub.type;
    if (it->pub.kind == DMN_KNOWLEDGE && logic)
        it->pub.params = dmn_read_params(mk, it->of, logic, &it->pub.n_params);
    it->result = declared && declared->kind == FEEL_T_FUNCTION ? declared->of : declared;
    struct feel_type *t = arena_new_of(mk->keep, struct feel_type);
    const struct feel_type **params = arena_array(mk->keep, const struct feel_type *, it->pub.n_params + 1);
    for (size_t i = 0; i < it->pub.n_params; i++)
        params[i] = it->pub.params[i].type ? it->pub.params[i].type : feel_type_of_kind(FEEL_T_ANY);
    *t = (struct feel_type){.kind = FEEL_T_FUNCTION, .of = it->result, .params = params, .n_params = it->pub.n_params};
    it->pub.type = t;
}

/* Compile what it requires, then itself. A chain that is too long is cut: what stands there is null. */
static void walk(struct making *mk, struct item *it, int depth)
{
    it->state = 1;
    for (size_t i = 0; i < it->n_needs; i++) {
        struct item *need = it->needs[i];
        if (need->state == 1 && (it->pub.kind == DMN_DECISION || need->pub.kind == DMN_DECISION) && !it->circle) {
            it->circle = it->pub.kind == DMN_DECISION;
            dmn_warn(mk, it->of, it->xml, (struct str){0}, "it requires itself, by way of %.*s",
                     STR_ARG(need->source->name));
        }
        if (!need->state && depth < MAX_CHAIN)
            walk(mk, need, depth + 1);
        if (need->state == 2 && need->depth >= it->depth)
            it->depth = need->depth + 1;
        if (!need->state || it->depth > MAX_CHAIN)
            it->circle = true;
    }
    if (it->depth > MAX_CHAIN || depth >= MAX_CHAIN)
        dmn_warn(mk, it->of, it->xml, (struct str){0}, "the chain of its requirements is longer than %d", MAX_CHAIN);
    dmn_compile_item(mk, it);
    it->state = 2;
}

/* dmn_item.requires: depth first, so that each comes after what it needs. `seen` holds the number of the walk. */
static void list_needs(struct making *mk, const struct item *it, uint32_t *seen, uint32_t walk_no, struct item_list *to)
{
    for (size_t i = 0; i < it->n_needs && to->n + mk->listed < MAX_LISTED; i++) {
        struct item *need = it->needs[i];
        if (seen[need->pub.index] == walk_no)
            continue;
        seen[need->pub.index] = walk_no;
        if (!need->circle)
            list_needs(mk, need, seen, walk_no, to);
        vec_add(mk->keep, to, need);
    }
}

static void list_requirements(struct making *mk)
{
    size_t n = mk->model->items.n;
    uint32_t *seen = arena_array(mk->cx->arena, uint32_t, n);
    for (size_t i = 0; i < n; i++) {
        struct item *it = mk->model->items.p[i];
        struct item_list list = {0};
        seen[it->pub.index] = (uint32_t)i + 1;
        for (size_t k = 0; k < it->n_inputs; k++)
            if (seen[it->inputs[k]->pub.index] != (uint32_t)i + 1) {
                seen[it->inputs[k]->pub.index] = (uint32_t)i + 1;
                vec_add(mk->keep, &list, it->inputs[k]);
            }
        list_needs(mk, it, seen, (uint32_t)i + 1, &list);
        const struct dmn_item **out = arena_array(mk->keep, const struct dmn_item *, list.n);
        for (size_t k = 0; k < list.n; k++)
            out[k] = &list.p[k]->pub;
        it->pub.requires = out;
        it->pub.n_requires = list.n;
        mk->listed += list.n;
    }
    if (mk->listed >= MAX_LISTED)
        mk->err = fail(mk->cx, ERR_TOO_LARGE, "%.*s:0: too many requirements", STR_ARG(mk->model->files.p[0]->file));
}

void dmn_make_items(struct making *mk)
{
    for (size_t i = 0; i < mk->model->files.n && !mk->err; i++)
        collect(mk, mk->model->files.p[i]);
    if (mk->err)
        return;
    for (size_t i = 0; i < mk->model->files.n; i++)
        dmn_declare_inputs(mk, mk->model->files.p[i]);
    dmn_index_names(mk);
    size_t n = mk->model->items.n;
    struct id_index ix = index_ids(mk);
    const struct dmn_item **list = arena_array(mk->keep, const struct dmn_item *, n);
    for (size_t i = 0; i < n; i++) {
        struct item *it = mk->model->items.p[i];
        list[i] = &it->pub;
        if (it->pub.kind == DMN_SERVICE)
            connect_service(mk, &ix, it);
        else
            connect(mk, &ix, it);
        if (it->pub.kind == DMN_SERVICE || it->pub.kind == DMN_KNOWLEDGE)
            type_function(mk, it);
    }
    mk->model->list = list;
    for (size_t i = 0; i < n; i++)
        if (!mk->model->items.p[i]->state)
            walk(mk, mk->model->items.p[i], 0);
    list_requirements(mk);
}
