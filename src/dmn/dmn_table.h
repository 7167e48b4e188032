/* A compiled decision table. For dmn/ alone. */
#pragma once
#include "dmn_index.h"

enum hit { HIT_UNIQUE, HIT_FIRST, HIT_PRIORITY, HIT_ANY, HIT_COLLECT, HIT_RULE_ORDER, HIT_OUTPUT_ORDER };
enum gather { GATHER_LIST, GATHER_SUM, GATHER_MIN, GATHER_MAX, GATHER_COUNT };

struct input_clause {
    struct str label;
    struct feel_node *node;    /* its expression */
    struct feel_node *allowed; /* tests of inputValues; NULL: none */
    const struct feel_source *source;
    uint32_t slot; /* the local that holds its value */
};
struct output_clause {
    struct str name;
    struct feel_node *otherwise;     /* defaultOutputEntry; NULL: none */
    const struct feel_value *values; /* outputValues in their order, for the policies that rank */
    size_t n_values;
};
struct rule {
    struct str id, annotation, description;
    const struct dmn_note *notes;
    size_t n_notes;
};
/* An output entry; constants are taken as they are. */
struct output_entry {
    struct feel_node *node;
    struct feel_value constant;
    bool is_constant;
};

struct table {
    enum hit hit;
    enum gather gather;
    struct str policy; /* "COLLECT SUM" */
    const struct feel_source *source;
    size_t n_inputs, n_outputs, n_rules;
    struct input_clause *inputs;
    struct output_clause *outputs;
    struct rule *rules;
    struct feel_node **cells; /* rule by rule */
    const struct str *cell_texts;
    struct output_entry *entries; /* rule by rule */
    const struct dmn_index *index;
    const struct feel_code *gatherer; /* of the list in slot 0 */
};

/* dmn_hit.c: the native node of a struct table. */
struct feel_value dmn_run_table(struct feel_run *run, const void *table);
/* What came of it. */
struct table_outcome {
    const struct feel_value *values; /* of the inputs */
    const uint32_t *matched;
    size_t n_matched;
    bool taken; /* the inputs were allowed, so that rules were looked at */
    bool defaulted;
    struct feel_value result;
};
/* dmn_trace.c: put what the table did into the explanation of `e`; the inputs are in their locals. */
void dmn_trace_table(struct dmn_eval *e, struct feel_run *run, const struct table *t, const struct table_outcome *o);
