/* The explanation being made: what the rules of a table did, and which nearly matched. */
#include "dmn_table.h"

enum { MAX_MISSES = 2, MAX_NEAR = 10, MAX_CELLS = 200000 };

struct tracing {
    struct dmn_eval *e;
    struct feel_run *run;
    const struct table *t;
    const struct table_outcome *o;
};

/* The cells of the rule that the inputs do not satisfy, at most MAX_MISSES + 1 of them. */
static size_t find_misses(const struct tracing *tr, size_t rule, size_t ret_columns[MAX_MISSES + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < tr->t->n_inputs && n <= MAX_MISSES; i++)
        if (!feel_is_true(feel_run_node(tr->run, tr->t->cells[rule * tr->t->n_inputs + i])))
            ret_columns[n++] = i;
    return n;
}

static void add_hit(const struct tracing *tr, size_t rule, const size_t *columns, size_t n, struct dmn_hit *hit)
{
    const struct table *t = tr->t;
    struct dmn_miss *misses = arena_array(tr->e->scratch, struct dmn_miss, n);
    for (size_t i = 0; i < n; i++) {
        size_t cell = rule * t->n_inputs + columns[i];
        misses[i] = (struct dmn_miss){.input = columns[i],
                                      .label = t->inputs[columns[i]].label,
                                      .cell = t->cell_texts[cell],
                                      .value = tr->o->values[columns[i]]};
        if (!feel_tests_ranges(tr->e->scratch, t->cells[cell], &misses[i].ranges, &misses[i].n_ranges, &misses[i].not ))
            misses[i].n_ranges = 0;
    }
    *hit = (struct dmn_hit){.rule = rule + 1,
                            .matched = !n,
                            .id = t->rules[rule].id,
                            .annotation = t->rules[rule].annotation,
                            .description = t->rules[rule].description,
                            .notes = t->rules[rule].notes,
                            .n_notes = t->rules[rule].n_notes,
                            .misses = misses,
                            .n_misses = n};
}

static void trace_rules(const struct tracing *tr, struct dmn_table_trace *to)
{
    const struct table *t = tr->t;
    VEC_OF(struct dmn_hit) hits = {0};
    size_t columns[MAX_MISSES + 1], next = 0, by[MAX_MISSES + 1] = {0};
    uint8_t *missed = arena_array(tr->e->scratch, uint8_t, t->n_rules);
    bool look = t->n_rules * t->n_inputs <= MAX_CELLS;
    for (size_t r = 0; r < t->n_rules; r++) {
        bool matched = next < tr->o->n_matched && tr->o->matched[next] == r;
        next += matched;
        missed[r] = (uint8_t)(matched ? 0 : look ? find_misses(tr, r, columns) : MAX_MISSES + 1);
        if (!matched && !missed[r]) /* it would have, but the policy had found enough */
            missed[r] = MAX_MISSES + 1;
        if (!matched && missed[r] <= MAX_MISSES)
            by[missed[r]]++;
    }
    size_t nearest = by[1] ? 1 : MAX_MISSES, near = 0;
    for (size_t r = 0; r < t->n_rules; r++) {
        if (missed[r] && (missed[r] != nearest || near++ >= MAX_NEAR))
            continue;
        size_t n = missed[r] ? find_misses(tr, r, columns) : 0;
        add_hit(tr, r, columns, n, vec_push(tr->e->scratch, &hits));
    }
    to->hits = hits.p;
    to->n_hits = hits.n;
}

void dmn_trace_table(struct dmn_eval *e, struct feel_run *run, const struct table *t, const struct table_outcome *o)
{
    struct tracing tr = {e, run, t, o};
    struct dmn_column *inputs = arena_array(e->scratch, struct dmn_column, t->n_inputs);
    for (size_t i = 0; i < t->n_inputs; i++)
        inputs[i] = (struct dmn_column){t->inputs[i].label, o->values[i]};
    struct dmn_table_trace trace = {.hit_policy = t->policy,
                                    .inputs = inputs,
                                    .n_inputs = t->n_inputs,
                                    .defaulted = o->defaulted,
                                    .result = o->result};
    if (o->taken)
        trace_rules(&tr, &trace);
    vec_add(e->scratch, &e->tables, trace);
}

struct dmn_receipt dmn_receipt(const struct dmn_eval *e)
{
    struct dmn_receipt r = {.model = e->model,
                            .what = e->what,
                            .now_us = e->options.now_us,
                            .result = e->result,
                            .steps = e->steps.p,
                            .n_steps = e->steps.n};
    r.reasons = feel_run_reasons(e->run, &r.n_reasons);
    return r;
}
