/* Decision tables (DMN 1.5, clause 8): from XML to a native node of FEEL. */
#include "dmn_table.h"

struct reading {
    struct boxing *bx;
    struct table *t;
    const struct xml *e;
};

static void warn(const struct reading *r, const struct xml *at, const char *what)
{
    dmn_warn(r->bx->mk, r->bx->file, at, r->bx->element, "%s", what);
}

static size_t count(const struct xml *e, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < e->n; i++)
        n += str_eq_z(e->items[i]->name, name) && str_eq(e->items[i]->ns, e->ns);
    return n;
}

/* The i-th child of that name; the caller counts on from the former one. */
static const struct xml *next_of(const struct xml *e, const char *name, size_t *at)
{
    while (*at < e->n) {
        const struct xml *c = e->items[(*at)++];
        if (str_eq_z(c->name, name) && str_eq(c->ns, e->ns))
            return c;
    }
    return NULL;
}

static void read_policy(struct reading *r)
{
    static const struct {
        const char *name, *letter;
        enum hit hit;
    } hits[] = {{"UNIQUE", "U", HIT_UNIQUE},
                {"FIRST", "F", HIT_FIRST},
                {"PRIORITY", "P", HIT_PRIORITY},
                {"ANY", "A", HIT_ANY},
                {"COLLECT", "C", HIT_COLLECT},
                {"RULE ORDER", "R", HIT_RULE_ORDER},
                {"OUTPUT ORDER", "O", HIT_OUTPUT_ORDER}};
    static const char *const gathers[] = {"LIST", "SUM", "MIN", "MAX", "COUNT"};
    struct str hit = str_trim(xml_attr(r->e, "hitPolicy")), gather = str_trim(xml_attr(r->e, "aggregation"));
    struct table *t = r->t;
    bool known = !hit.n;
    for (size_t i = 0; i < sizeof hits / sizeof *hits; i++)
        if (str_ieq(hit, str_of(hits[i].name)) || str_eq_z(hit, hits[i].letter)) {
            t->hit = hits[i].hit;
            known = true;
        }
    if (!known)
        warn(r, r->e, "the hit policy is unknown; taken as UNIQUE");
    known = !gather.n;
    for (size_t i = 0; i < sizeof gathers / sizeof *gathers; i++)
        if (str_ieq(gather, str_of(gathers[i]))) {
            t->gather = t->hit == HIT_COLLECT ? (enum gather)i : GATHER_LIST;
            known = true;
        }
    if (!known || (gather.n && t->hit != HIT_COLLECT))
        warn(r, r->e, "the aggregation is unknown, or the hit policy is not COLLECT; it is left out");
    t->policy = str_of(hits[t->hit].name);
    if (t->gather != GATHER_LIST)
        t->policy = str_fmt(r->bx->mk->keep, "%s %s", hits[t->hit].name, gathers[t->gather]);
}

/* The aggregations are FEEL's own functions, compiled where no name of the model can hide them. */
static void read_gatherer(struct reading *r)
{
    static const char *const texts[] = {NULL, "sum(it)", "min(it)", "max(it)", "count(it)"};
    struct arena *keep = r->bx->mk->keep;
    struct table *t = r->t;
    if (t->gather == GATHER_LIST)
        return;
    if (t->n_outputs > 1)
        warn(r, r->e, "an aggregation of several outputs has no meaning; the table gives null");
    struct feel_env *env = dmn_plain_env(r->bx->mk);
    feel_env_add(env, S("it"), 0, NULL);
    struct feel_source *source = arena_new_of(keep, struct feel_source);
    *source = *t->source;
    source->text = str_of(texts[t->gather]);
    t->gatherer = feel_compile(keep, env, source, NULL);
}

static const struct feel_type *type_at(struct reading *r, const struct xml *e)
{
    return dmn_resolve_type(r->bx->mk, r->bx->file, e, xml_attr(e, "typeRef"));
}

static struct str first_of(struct reading *r, struct str a, struct str b)
{
    return dmn_keep(r->bx->mk, str_trim(a.n ? a : b));
}

/* A cell of another language: null, so that its rule does not match, or gives nothing. */
static struct feel_node *foreign(struct reading *r, const struct xml *e, const struct feel_source *source)
{
    warn(r, e, "a cell in another language than FEEL is not evaluated");
    return feel_node_fault(r->bx->build, FEEL_WHY_MODEL, S("the cell is not FEEL"), source);
}

static void read_input(struct reading *r, const struct xml *e, struct input_clause *c)
{
    struct boxing *bx = r->bx;
    const struct xml *expression = xml_child(e, "inputExpression"), *text = xml_child(expression, "text");
    const struct xml *values = xml_child(e, "inputValues"), *values_text = xml_child(values, "text");
    const struct feel_type *type = type_at(r, expression);
    c->source = dmn_source(bx->mk, bx->element, text ? text : e);
    c->label = first_of(r, xml_attr(e, "label"), text ? text->text : xml_attr(expression, "label"));
    if (text && !dmn_is_feel(expression)) {
        c->node = foreign(r, expression, c->source);
    } else if (text && str_trim(text->text).n) {
        c->node = feel_build_expression(bx->build, c->source);
    } else {
        warn(r, e, "the input has no expression");
        c->node = feel_node_fault(bx->build, FEEL_WHY_MODEL, S("the input has no expression"), c->source);
    }
    if (type)
        c->node = feel_node_coerce(bx->build, c->node, type, c->source);
    const struct feel_type *known = type ? type : feel_node_type(c->node);
    c->slot = feel_build_local(bx->build, (struct str){0}, known);
    if (values_text && str_trim(values_text->text).n && !str_eq_z(str_trim(values_text->text), "-"))
        c->allowed = feel_build_tests(bx->build, dmn_source(bx->mk, bx->element, values_text), c->slot);
}

/* outputValues as the values they list, in order: they rank the outputs (8.2.8). What is no constant ranks nothing. */
static void read_values(struct reading *r, struct str text, const struct xml *at, struct output_clause *c)
{
    struct arena *keep = r->bx->mk->keep;
    struct feel_source *source = arena_new_of(keep, struct feel_source);
    *source = (struct feel_source){r->bx->element, str_fmt(keep, "[%.*s]", STR_ARG(text)), at ? (uint32_t)at->line : 0};
    struct feel_build *b = feel_build_new(keep, dmn_plain_env(r->bx->mk));
    struct feel_value list;
    if (feel_node_is_constant(feel_build_expression(b, source), &list) && list.kind == FEEL_LIST) {
        c->values = list.list->items;
        c->n_values = list.list->n;
    } else if (r->t->hit == HIT_PRIORITY || r->t->hit == HIT_OUTPUT_ORDER) {
        warn(r, at ? at : r->e, "the output values cannot be ranked");
    }
}

static void read_output(struct reading *r, const struct xml *e, struct output_clause *c)
{
    struct boxing *bx = r->bx;
    struct str values = dmn_child_text(xml_child(e, "outputValues"), "text");
    const struct xml *otherwise = xml_child(e, "defaultOutputEntry"), *text = xml_child(otherwise, "text");
    const struct feel_type *type = type_at(r, e);
    c->name = feel_name(bx->mk->keep, xml_attr(e, "name"));
    if (!c->name.n && r->t->n_outputs > 1)
        warn(r, e, "one output of several needs a name");
    if (!values.n && type && type->allowed)
        values = type->allowed_text;
    if (values.n)
        read_values(r, values, e, c);
    else if (r->t->hit == HIT_PRIORITY || r->t->hit == HIT_OUTPUT_ORDER)
        c->n_values = 0;
    if (text && str_trim(text->text).n) {
        c->otherwise = feel_build_expression(bx->build, dmn_source(bx->mk, bx->element, text));
        if (type)
            c->otherwise = feel_node_coerce(bx->build, c->otherwise, type, dmn_source(bx->mk, bx->element, text));
    }
}

/* The annotation columns have names (ruleAnnotationClause, 8.2.9); a rule has a text for each. */
static void read_annotations(struct reading *r, const struct xml *e, struct rule *rule)
{
    struct arena *keep = r->bx->mk->keep;
    struct buf b = buf_make(keep);
    struct dmn_note *notes = arena_array(keep, struct dmn_note, count(e, "annotationEntry"));
    size_t at = 0, clause_at = 0;
    for (const struct xml *c; (c = next_of(e, "annotationEntry", &at));) {
        const struct xml *clause = next_of(r->e, "annotation", &clause_at);
        struct str text = dmn_child_text(c, "text");
        notes[rule->n_notes++] =
            (struct dmn_note){dmn_keep(r->bx->mk, str_trim(xml_attr(clause, "name"))), dmn_keep(r->bx->mk, text)};
        if (text.n && b.n)
            buf_add_z(&b, "; ");
        buf_add(&b, text);
    }
    rule->notes = notes;
    rule->annotation = buf_str(&b);
    rule->description = dmn_keep(r->bx->mk, dmn_child_text(e, "description"));
    rule->id = dmn_keep(r->bx->mk, xml_attr(e, "id"));
}

static struct feel_node *read_cell(struct reading *r, const struct xml *e, size_t column, struct str *ret_text)
{
    struct boxing *bx = r->bx;
    const struct xml *text = xml_child(e, "text");
    struct feel_source *source = arena_new_of(bx->mk->keep, struct feel_source);
    *source = *dmn_source(bx->mk, bx->element, text);
    if (!str_trim(source->text).n) /* an empty cell is "-", as all editors mean it */
        source->text = S("-");
    *ret_text = str_trim(source->text);
    if (e && !dmn_is_feel(e))
        return foreign(r, e, source);
    return feel_build_tests(bx->build, source, r->t->inputs[column].slot);
}

static void read_entry(struct reading *r, const struct xml *e, const struct feel_type *type, struct output_entry *entry)
{
    struct boxing *bx = r->bx;
    const struct xml *text = xml_child(e, "text");
    const struct feel_source *source = dmn_source(bx->mk, bx->element, text ? text : e);
    if (!text || !str_trim(text->text).n) {
        entry->node = feel_node_fault(bx->build, FEEL_WHY_MODEL, S("the output entry is empty"), source);
        return;
    }
    entry->node = dmn_is_feel(e) ? feel_build_expression(bx->build, source) : foreign(r, e, source);
    if (type)
        entry->node = feel_node_coerce(bx->build, entry->node, type, source);
    entry->is_constant = feel_node_is_constant(entry->node, &entry->constant);
}

static void read_rule(struct reading *r, const struct xml *e, size_t rule, const struct feel_type *const *types,
                      struct str *texts)
{
    struct table *t = r->t;
    size_t at = 0;
    if (count(e, "inputEntry") != t->n_inputs || count(e, "outputEntry") != t->n_outputs)
        warn(r, e, "the rule has another number of cells than the table has columns");
    for (size_t i = 0; i < t->n_inputs; i++) {
        size_t cell = rule * t->n_inputs + i;
        t->cells[cell] = read_cell(r, at < e->n ? next_of(e, "inputEntry", &at) : NULL, i, &texts[cell]);
    }
    at = 0;
    for (size_t i = 0; i < t->n_outputs; i++)
        read_entry(r, next_of(e, "outputEntry", &at), types[i], &t->entries[rule * t->n_outputs + i]);
    read_annotations(r, e, &t->rules[rule]);
}

static void read_clauses(struct reading *r, const struct feel_type **types)
{
    struct table *t = r->t;
    size_t at = 0;
    for (size_t i = 0; i < t->n_inputs; i++)
        read_input(r, next_of(r->e, "input", &at), &t->inputs[i]);
    at = 0;
    for (size_t i = 0; i < t->n_outputs; i++) {
        const struct xml *e = next_of(r->e, "output", &at);
        types[i] = type_at(r, e);
        read_output(r, e, &t->outputs[i]);
    }
}

static struct feel_node *fault(struct reading *r, const char *what)
{
    warn(r, r->e, what);
    return feel_node_fault(r->bx->build, FEEL_WHY_MODEL, dmn_keep(r->bx->mk, str_of(what)), r->t->source);
}

struct feel_node *dmn_box_table(struct boxing *bx, const struct xml *e)
{
    struct arena *keep = bx->mk->keep;
    struct table *t = arena_new_of(keep, struct table);
    struct reading r = {bx, t, e};
    t->source = dmn_source(bx->mk, bx->element, NULL);
    t->n_inputs = count(e, "input");
    t->n_outputs = count(e, "output");
    t->n_rules = count(e, "rule");
    if (!t->n_outputs)
        return fault(&r, "the table has no output");
    if (t->n_rules > DMN_MAX_RULES || t->n_rules * (t->n_inputs + t->n_outputs) > 20 * (size_t)DMN_MAX_RULES)
        return fault(&r, "the table has too many rules or cells");
    read_policy(&r);
    t->inputs = arena_array(keep, struct input_clause, t->n_inputs);
    t->outputs = arena_array(keep, struct output_clause, t->n_outputs);
    t->rules = arena_array(keep, struct rule, t->n_rules);
    t->cells = arena_array(keep, struct feel_node *, t->n_rules * t->n_inputs);
    t->entries = arena_array(keep, struct output_entry, t->n_rules * t->n_outputs);
    struct str *texts = arena_array(keep, struct str, t->n_rules * t->n_inputs);
    t->cell_texts = texts;
    const struct feel_type **types = arena_array(bx->mk->cx->arena, const struct feel_type *, t->n_outputs);
    feel_build_open(bx->build);
    read_clauses(&r, types);
    size_t at = 0;
    for (size_t i = 0; i < t->n_rules; i++)
        read_rule(&r, next_of(e, "rule", &at), i, types, texts);
    feel_build_close(bx->build);
    read_gatherer(&r);
    vec_add(keep, &bx->mk->model->places, (struct dmn_place){t, bx->item, e->line});
    t->index = dmn_index_make(keep, t->cells, t->n_rules, t->n_inputs);
    const struct feel_type *type = t->n_outputs == 1 && t->hit < HIT_COLLECT ? types[0] : NULL;
    return feel_node_native(bx->build, dmn_run_table, t, type);
}
