/* Which rules of a decision table can match, found without looking at each. For dmn/ alone.
   Of a column, all bounds that its cells compare with are sorted. A value has a rank among them: 2i+1 when it is bound
   i, 2i when it lies just below it. A cell is then a few intervals of ranks. Ranks fall into at most a few hundred
   buckets a column, each with a set of bits: the rules whose cell may hold such a rank; before them one bit for each
   word of them that is not empty. The candidates are the intersection of one set a column. Cells that are more than
   comparisons with constants are candidates always. */
#pragma once
#include "dmn_inner.h"

struct dmn_index;

/* cells: rules × columns, rule by rule, as feel_build_tests made them. */
struct dmn_index *dmn_index_make(struct arena *a, struct feel_node *const *cells, size_t rules, size_t columns);

/* A search among the rules for these values, one a column. */
struct dmn_search {
    const struct dmn_index *index;
    uint32_t *ranks;          /* one a column */
    bool *foreign;            /* the value is of another family than the column's bounds: only its cells can tell */
    const uint64_t **buckets; /* of the columns that exclude rules */
    size_t n_buckets;
    size_t top, word; /* where the search stands */
    uint64_t tops, bits;
};
void dmn_search_begin(struct dmn_search *s, struct arena *scratch, const struct dmn_index *ix,
                      const struct feel_value *values);
/* The next rule, in their order, that all indexed cells let through. False when there is no more. */
bool dmn_search_next(struct dmn_search *s, size_t *ret_rule);
/* Whether the cell still has to be evaluated. */
bool dmn_search_must_ask(const struct dmn_search *s, size_t rule, size_t column);
