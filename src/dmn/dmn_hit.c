/* A decision table evaluated: inputs, matching rules, hit policy (DMN 1.5, 8.2.8 and 8.2.11). */
#include <stdlib.h>

#include "dmn_table.h"

struct hits {
    struct feel_run *run;
    const struct table *t;
    uint32_t *rules; /* that matched, in their order */
    size_t n;
    bool defaulted;
};

/* Evaluate the inputs into their locals. False: a value is not among those allowed; *ret_fault says so. */
static bool take_inputs(struct hits *h, struct feel_value *values, struct feel_value *ret_fault)
{
    for (size_t i = 0; i < h->t->n_inputs; i++) {
        const struct input_clause *c = &h->t->inputs[i];
        values[i] = feel_run_node(h->run, c->node);
        *feel_run_local(h->run, c->slot) = values[i];
        if (!c->allowed || feel_is_null(values[i]) || feel_is_true(feel_run_node(h->run, c->allowed)))
            continue;
        *ret_fault = feel_fail(h->run, FEEL_WHY_COERCION, c->source,
                               "the value of \"%.*s\" is not among the input values", STR_ARG(c->label));
        return false;
    }
    return true;
}

/* Enough rules are known to decide. */
static bool is_enough(const struct hits *h)
{
    return (h->t->hit == HIT_FIRST && h->n) || (h->t->hit == HIT_UNIQUE && h->n > 1);
}

static void find_hits(struct hits *h, const struct feel_value *values)
{
    const struct table *t = h->t;
    struct dmn_search search;
    size_t rule, room = 0;
    dmn_search_begin(&search, feel_run_arena(h->run), t->index, values);
    while (!is_enough(h) && dmn_search_next(&search, &rule)) {
        bool match = true;
        for (size_t i = 0; match && i < t->n_inputs; i++)
            if (dmn_search_must_ask(&search, rule, i))
                match = feel_is_true(feel_run_node(h->run, t->cells[rule * t->n_inputs + i]));
        if (!match)
            continue;
        if (h->n == room) {
            uint32_t *more = arena_array(feel_run_arena(h->run), uint32_t, room = room ? room * 4 : 8);
            for (size_t i = 0; i < h->n; i++)
                more[i] = h->rules[i];
            h->rules = more;
        }
        h->rules[h->n++] = (uint32_t)rule;
    }
}

static struct feel_value entry_value(const struct hits *h, size_t rule, size_t output)
{
    const struct output_entry *e = &h->t->entries[rule * h->t->n_outputs + output];
    return e->is_constant ? e->constant : feel_run_node(h->run, e->node);
}

/* One output: its value; more: a context of them (8.2.10). */
static struct feel_value output_of(const struct hits *h, size_t rule)
{
    const struct table *t = h->t;
    if (t->n_outputs == 1)
        return entry_value(h, rule, 0);
    struct arena *a = feel_run_arena(h->run);
    struct feel_entry *entries = arena_array(a, struct feel_entry, t->n_outputs);
    for (size_t i = 0; i < t->n_outputs; i++)
        entries[i] = (struct feel_entry){t->outputs[i].name, entry_value(h, rule, i)};
    return feel_context(a, entries, t->n_outputs);
}

static struct feel_value otherwise(struct hits *h)
{
    const struct table *t = h->t;
    struct arena *a = feel_run_arena(h->run);
    struct feel_entry *entries = arena_array(a, struct feel_entry, t->n_outputs);
    for (size_t i = 0; i < t->n_outputs; i++) {
        const struct output_clause *c = &t->outputs[i];
        entries[i] = (struct feel_entry){c->name, c->otherwise ? feel_run_node(h->run, c->otherwise) : feel_null()};
        h->defaulted |= c->otherwise != NULL;
    }
    if (!h->defaulted)
        return feel_fail(h->run, FEEL_WHY_MODEL, t->source, "no rule matches");
    return t->n_outputs == 1 ? entries[0].value : feel_context(a, entries, t->n_outputs);
}

static struct feel_value list_of(const struct hits *h)
{
    struct arena *a = feel_run_arena(h->run);
    struct feel_value *items = arena_array(a, struct feel_value, h->n);
    for (size_t i = 0; i < h->n; i++)
        items[i] = output_of(h, h->rules[i]);
    return feel_list(a, items, h->n);
}

static struct feel_value gather(const struct hits *h)
{
    struct feel_value list = list_of(h);
    if (h->t->gather == GATHER_LIST)
        return list;
    if (h->t->n_outputs > 1)
        return feel_fail(h->run, FEEL_WHY_MODEL, h->t->source, "several outputs cannot be aggregated");
    struct feel_value *slot = arena_new_of(feel_run_arena(h->run), struct feel_value);
    *slot = list;
    return feel_run_code(h->run, h->t->gatherer, slot);
}

static struct feel_value any(const struct hits *h)
{
    struct feel_value first = output_of(h, h->rules[0]);
    for (size_t i = 1; i < h->n; i++)
        if (feel_equal(first, output_of(h, h->rules[i])) != 1)
            return feel_fail(h->run, FEEL_WHY_MODEL, h->t->source, "the rules that match have different outputs");
    return first;
}

/* How far up its output values the rule's outputs stand: small is first. */
struct ranked {
    struct feel_value value;
    const size_t *ranks; /* one an output */
    size_t order, n;
};

static size_t rank_among(const struct output_clause *c, struct feel_value v)
{
    for (size_t i = 0; i < c->n_values; i++)
        if (feel_equal(c->values[i], v) == 1)
            return i;
    return c->n_values;
}

static int compare_ranked(const void *x, const void *y)
{
    const struct ranked *a = x, *b = y;
    for (size_t i = 0; i < a->n; i++)
        if (a->ranks[i] != b->ranks[i])
            return a->ranks[i] < b->ranks[i] ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static struct feel_value by_rank(const struct hits *h)
{
    const struct table *t = h->t;
    struct arena *a = feel_run_arena(h->run);
    struct ranked *all = arena_array(a, struct ranked, h->n);
    struct feel_value *items = arena_array(a, struct feel_value, h->n);
    for (size_t i = 0; i < h->n; i++) {
        size_t *ranks = arena_array(a, size_t, t->n_outputs);
        all[i] = (struct ranked){output_of(h, h->rules[i]), ranks, i, t->n_outputs};
        for (size_t k = 0; k < t->n_outputs; k++) {
            const struct feel_value *v =
                t->n_outputs == 1 ? &all[i].value : feel_member(all[i].value, t->outputs[k].name);
            ranks[k] = v ? rank_among(&t->outputs[k], *v) : t->outputs[k].n_values;
        }
    }
    qsort(all, h->n, sizeof *all, compare_ranked);
    if (t->hit == HIT_PRIORITY)
        return all[0].value;
    for (size_t i = 0; i < h->n; i++)
        items[i] = all[i].value;
    return feel_list(a, items, h->n);
}

static struct feel_value decide(struct hits *h)
{
    if (!h->n)
        return h->t->gather == GATHER_COUNT ? feel_int(0) : otherwise(h);
    switch (h->t->hit) {
    case HIT_UNIQUE:
        if (h->n > 1)
            return feel_fail(h->run, FEEL_WHY_MODEL, h->t->source,
                             "more than one rule matches (%u and %u), which hit policy UNIQUE forbids", h->rules[0] + 1,
                             h->rules[1] + 1);
        return output_of(h, h->rules[0]);
    case HIT_FIRST:
        return output_of(h, h->rules[0]);
    case HIT_ANY:
        return any(h);
    case HIT_PRIORITY:
    case HIT_OUTPUT_ORDER:
        return by_rank(h);
    case HIT_COLLECT:
    case HIT_RULE_ORDER:
        break;
    }
    return gather(h);
}

struct feel_value dmn_run_table(struct feel_run *run, const void *table)
{
    struct hits h = {.run = run, .t = table};
    struct feel_value fault, result;
    struct feel_value *values = arena_array(feel_run_arena(run), struct feel_value, h.t->n_inputs);
    struct dmn_eval *e = feel_run_user(run);
    bool taken = take_inputs(&h, values, &fault);
    if (taken)
        find_hits(&h, values);
    result = taken ? decide(&h) : fault;
    if (e && e->options.explain) {
        struct table_outcome o = {values, h.rules, h.n, taken, h.defaulted, result};
        dmn_trace_table(e, run, h.t, &o);
    }
    return result;
}
