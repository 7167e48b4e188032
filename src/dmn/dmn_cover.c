/* Gaps and overlaps of decision tables. All bounds of a column cut its values into pieces that no cell can tell apart,
   so one value of each piece stands for all of it; what is looked through is the product of those. Rules are followed
   down the columns: where none is left there is a gap. Two rules overlap when each column has a value that both take.
 */
#include "dmn_table.h"

#include <stdlib.h>

enum { MAX_STEPS = 2000000, MAX_PAIRS = 4000000, MAX_EACH = 3, MAX_PIECES = 5000 };
#define MAX_NUMBER INT64_C(1000000000000)

/* A cell as what it compares with. */
struct cell_ranges {
    const struct feel_range *p;
    size_t n;
    bool not ;
};

struct piece_column {
    struct str name;
    const struct dmn_domain *domain; /* NULL: what its type allows */
    uint8_t kind;                    /* enum feel_kind of its bounds; FEEL_NULL: no cell compares */
    bool whole;
    VEC_OF(struct feel_value) bounds; /* sorted, each once */
    VEC_OF(struct feel_value) pieces; /* one value of each piece, in order */
    uint64_t *takes;                  /* pieces × words: the rules whose cell takes it */
};

struct covering {
    struct cx *cx;
    const struct dmn_model *model;
    const struct dmn_place *place;
    const struct table *table;
    const struct dmn_domain *domains;
    size_t n_domains;
    struct cell_ranges *cells; /* rule by rule */
    struct piece_column *columns;
    size_t words;
    size_t *at; /* the piece of each column, where the search stands */
    size_t steps, gaps;
    struct holes {
        VEC_OF(struct dmn_hole) list;
    } * holes;
};

static void report(struct covering *c, enum dmn_hole_kind kind, struct str example, size_t first, size_t second)
{
    struct dmn_hole *h = vec_push(c->cx->arena, &c->holes->list);
    *h = (struct dmn_hole){.kind = kind,
                           .item = &c->place->item->pub,
                           .line = c->place->line,
                           .example = example,
                           .rules = {first, second}};
}

/* ---- values ---- */

static bool within(struct feel_value v, const struct feel_range *r)
{
    int o;
    if (r->unequal)
        return feel_equal(v, r->low) != 1;
    if (r->low_bound != FEEL_UNBOUNDED &&
        (feel_equal(v, r->low) == 1 ? r->low_bound == FEEL_OPEN : !feel_compare(v, r->low, &o) || o < 0))
        return false;
    return r->high_bound == FEEL_UNBOUNDED ||
           (feel_equal(v, r->high) == 1 ? r->high_bound == FEEL_CLOSED : feel_compare(v, r->high, &o) && o < 0);
}

static bool takes(const struct cell_ranges *cell, struct feel_value v)
{
    bool in = false;
    for (size_t i = 0; i < cell->n; i++)
        in |= within(v, &cell->p[i]);
    return in != cell->not ;
}

static bool allowed_by(const struct piece_column *col, struct feel_value v)
{
    const struct dmn_domain *d = col->domain;
    if (!d)
        return true;
    for (size_t i = 0; i < d->n_values; i++)
        if (feel_equal(v, d->values[i]) == 1)
            return true;
    return !d->n_values && within(v, &d->range);
}

static int by_value(const void *a, const void *b)
{
    int o;
    return feel_compare(*(const struct feel_value *)a, *(const struct feel_value *)b, &o) ? o : 0;
}

static int64_t tens(int n)
{
    int64_t v = 1;
    while (n-- > 0)
        v *= 10;
    return v;
}

/* A value between two others (a NULL end: any below or above); false when there is none. Numbers without decimals are
   whole; others get one decimal more than their bounds. */
static bool between(struct arena *a, const struct piece_column *col, const struct feel_value *low,
                    const struct feel_value *high, struct feel_value *ret)
{
    const struct feel_value *some = low ? low : high;
    int64_t lo, hi;
    int scale;
    *ret = *some;
    switch (col->kind) {
    case FEEL_NUMBER:
        scale = (low && high && low->scale > high->scale) || !high ? low->scale : high->scale;
        scale += !col->whole;
        lo = low ? low->i64 * tens(scale - low->scale) : 0;
        hi = high ? high->i64 * tens(scale - high->scale) : 0;
        ret->scale = (int8_t)scale;
        break;
    case FEEL_DATE:
    case FEEL_MONTHS:
    case FEEL_DURATION:
        lo = low ? low->i64 : 0;
        hi = high ? high->i64 : 0;
        break;
    case FEEL_STRING: /* of texts there is always one more between, before or behind; one says "any other" */
        if (!low || high)
            return false;
        *ret = feel_string(str_fmt(a, "%.*s…", STR_ARG(feel_str(*low))));
        return true;
    default:
        return false;
    }
    int64_t one = col->kind == FEEL_NUMBER && !col->whole ? 1 : col->kind == FEEL_NUMBER ? tens(ret->scale) : 1;
    if (!low || !high) {
        ret->i64 = low ? lo + one : hi - one;
        return true;
    }
    ret->i64 = lo + one < hi ? lo + (col->kind == FEEL_NUMBER && !col->whole ? (hi - lo) / 2 : one) : lo;
    return ret->i64 > lo && ret->i64 < hi;
}

/* ---- columns ---- */

static void add_bound(struct covering *c, struct piece_column *col, struct feel_value v)
{
    if (col->kind == FEEL_NULL)
        col->kind = v.kind;
    vec_add(c->cx->arena, &col->bounds, v);
}

static void add_range(struct covering *c, struct piece_column *col, const struct feel_range *r)
{
    if (r->low_bound != FEEL_UNBOUNDED || r->unequal)
        add_bound(c, col, r->low);
    if (r->high_bound != FEEL_UNBOUNDED)
        add_bound(c, col, r->high);
}

/* Can values be found between these bounds? */
static bool has_order(const struct piece_column *col)
{
    for (size_t i = 0; i < col->bounds.n; i++) {
        const struct feel_value *v = &col->bounds.p[i];
        bool counts = v->kind == FEEL_NUMBER || v->kind == FEEL_MONTHS || v->kind == FEEL_DURATION;
        if (v->kind != col->kind || (v->kind == FEEL_NUMBER && (v->tag || v->scale > 5)) ||
            (counts && (v->i64 > MAX_NUMBER || v->i64 < -MAX_NUMBER)))
            return false;
    }
    switch (col->kind) {
    case FEEL_NULL:
    case FEEL_BOOLEAN:
    case FEEL_NUMBER:
    case FEEL_STRING:
    case FEEL_DATE:
    case FEEL_MONTHS:
    case FEEL_DURATION:
        return true;
    default:
        return false;
    }
}

static void sort_bounds(struct piece_column *col)
{
    size_t n = 0;
    if (!col->bounds.n)
        return;
    qsort(col->bounds.p, col->bounds.n, sizeof *col->bounds.p, by_value);
    for (size_t i = 0; i < col->bounds.n; i++)
        if (!n || feel_equal(col->bounds.p[n - 1], col->bounds.p[i]) != 1)
            col->bounds.p[n++] = col->bounds.p[i];
    col->bounds.n = n;
}

static void add_piece(struct covering *c, struct piece_column *col, struct feel_value v)
{
    if (allowed_by(col, v))
        vec_add(c->cx->arena, &col->pieces, v);
}

static void cut(struct covering *c, struct piece_column *col)
{
    struct feel_value v;
    size_t n = col->bounds.n;
    if (col->domain && col->domain->n_values) {
        for (size_t i = 0; i < col->domain->n_values; i++)
            add_piece(c, col, col->domain->values[i]);
        return;
    }
    if (col->kind == FEEL_BOOLEAN) {
        add_piece(c, col, feel_bool(true));
        add_piece(c, col, feel_bool(false));
        return;
    }
    for (size_t i = 0; i <= n && n; i++) {
        if (between(c->cx->arena, col, i ? &col->bounds.p[i - 1] : NULL, i < n ? &col->bounds.p[i] : NULL, &v))
            add_piece(c, col, v);
        if (i < n)
            add_piece(c, col, col->bounds.p[i]);
    }
    if (!n) /* every cell takes everything: any value does */
        vec_add(c->cx->arena, &col->pieces, feel_null());
}

/* The comparisons of a type's `allowedValues`; false when there are none, or more than comparisons. */
static bool ranges_of_type(struct arena *a, const struct feel_type *type, const struct feel_range **ret, size_t *ret_n)
{
    bool not ;
    if (!type || !type->allowed_text.n)
        return false;
    struct feel_source *source = arena_new_of(a, struct feel_source);
    *source = (struct feel_source){.name = type->name, .text = type->allowed_text};
    struct feel_build *b = feel_build_new(a, feel_env_new(a, NULL));
    uint32_t slot = feel_build_local(b, (struct str){0}, NULL);
    return feel_tests_ranges(a, feel_build_tests(b, source, slot), ret, ret_n, &not ) && !not &&*ret_n;
}

size_t dmn_type_values(struct arena *a, const struct feel_type *type, const struct feel_value **ret)
{
    const struct feel_range *ranges;
    size_t n;
    if (!ranges_of_type(a, type, &ranges, &n))
        return 0;
    struct feel_value *values = arena_array(a, struct feel_value, n);
    for (size_t i = 0; i < n; i++) {
        if (ranges[i].unequal || ranges[i].low_bound != FEEL_CLOSED || ranges[i].high_bound != FEEL_CLOSED ||
            feel_equal(ranges[i].low, ranges[i].high) != 1)
            return 0;
        values[i] = ranges[i].low;
    }
    *ret = values;
    return n;
}

/* What the type of an input allows: a list of values, or one range. */
static const struct dmn_domain *domain_of_type(struct covering *c, const struct feel_type *type)
{
    struct arena *a = c->cx->arena;
    const struct feel_range *ranges;
    size_t n;
    struct dmn_domain *d = arena_new_of(a, struct dmn_domain);
    d->n_values = dmn_type_values(a, type, &d->values);
    if (d->n_values)
        return d;
    if (!ranges_of_type(a, type, &ranges, &n) || n > 1)
        return NULL;
    d->range = ranges[0];
    return d;
}

static void name_column(struct covering *c, size_t column)
{
    const struct input_clause *in = &c->table->inputs[column];
    struct piece_column *col = &c->columns[column];
    struct str name = feel_name(c->cx->arena, in->source->text);
    size_t n;
    const struct dmn_item *const *items = dmn_items(c->model, &n);
    col->name = in->label.n ? in->label : name;
    for (size_t i = 0; i < n && !col->domain; i++) {
        if (!str_eq(feel_name(c->cx->arena, items[i]->name), name) ||
            (items[i]->kind != DMN_INPUT && items[i]->kind != DMN_DECISION))
            continue;
        for (size_t k = 0; k < c->n_domains; k++)
            if (c->domains[k].item == items[i])
                col->domain = &c->domains[k];
        if (!col->domain)
            col->domain = domain_of_type(c, items[i]->type);
    }
    col->whole = col->domain && col->domain->whole;
}

static struct str column_problem(struct covering *c, size_t column)
{
    struct piece_column *col = &c->columns[column];
    name_column(c, column);
    for (size_t r = 0; r < c->table->n_rules; r++) {
        size_t k = r * c->table->n_inputs + column;
        struct cell_ranges *cell = &c->cells[k];
        if (!feel_tests_ranges(c->cx->arena, c->table->cells[k], &cell->p, &cell->n, &cell->not ))
            return str_fmt(c->cx->arena, "rule %zu: \"%.*s\" is more than a comparison", r + 1,
                           STR_ARG(c->table->cell_texts[k]));
        for (size_t i = 0; i < cell->n; i++)
            add_range(c, col, &cell->p[i]);
    }
    if (col->domain && !col->domain->n_values)
        add_range(c, col, &col->domain->range);
    if (!has_order(col))
        return str_fmt(c->cx->arena, "\"%.*s\" is compared with times, very large numbers, or values of several kinds",
                       STR_ARG(col->name));
    sort_bounds(col);
    cut(c, col);
    if (col->pieces.n > MAX_PIECES)
        return S("too many different values");
    col->takes = arena_array(c->cx->arena, uint64_t, col->pieces.n * c->words);
    for (size_t p = 0; p < col->pieces.n; p++)
        for (size_t r = 0; r < c->table->n_rules; r++)
            if (takes(&c->cells[r * c->table->n_inputs + column], col->pieces.p[p]))
                col->takes[p * c->words + r / 64] |= UINT64_C(1) << r % 64;
    return S("");
}

/* ---- the search ---- */

static struct str example_of(const struct covering *c)
{
    struct buf b = buf_make(c->cx->arena);
    for (size_t i = 0; i < c->table->n_inputs; i++) {
        const struct piece_column *col = &c->columns[i];
        struct feel_value v = col->pieces.p[c->at[i]];
        if (feel_is_null(v))
            continue;
        buf_fmt(&b, "%s%.*s = ", b.n ? ", " : "", STR_ARG(col->name));
        feel_write(&b, v);
    }
    return b.n ? buf_str(&b) : S("whatever the inputs are");
}

static bool is_empty(const uint64_t *set, size_t words)
{
    for (size_t i = 0; i < words; i++)
        if (set[i])
            return false;
    return true;
}

/* Does a rule that is left take everything in the columns still to come? */
static bool settled(const struct covering *c, size_t column, const uint64_t *left)
{
    for (size_t r = 0; r < c->table->n_rules; r++) {
        if (!(left[r / 64] >> r % 64 & 1))
            continue;
        bool all = true;
        for (size_t i = column; all && i < c->table->n_inputs; i++) {
            const struct cell_ranges *cell = &c->cells[r * c->table->n_inputs + i];
            all = !cell->not &&cell->n == 1 && cell->p[0].low_bound == FEEL_UNBOUNDED &&
                  cell->p[0].high_bound == FEEL_UNBOUNDED && !cell->p[0].unequal;
        }
        if (all)
            return true;
    }
    return false;
}

static void search_gaps(struct covering *c, size_t column, const uint64_t *left)
{
    if (c->gaps >= MAX_EACH || c->steps > MAX_STEPS)
        return;
    if (is_empty(left, c->words)) {
        for (size_t i = column; i < c->table->n_inputs; i++)
            c->at[i] = 0;
        c->gaps++;
        report(c, DMN_GAP, example_of(c), 0, 0);
        return;
    }
    if (column == c->table->n_inputs || settled(c, column, left))
        return;
    const struct piece_column *col = &c->columns[column];
    struct arena_mark mark = arena_mark(c->cx->arena);
    size_t holes = c->holes->list.n;
    uint64_t *next = arena_array(c->cx->arena, uint64_t, c->words);
    for (size_t p = 0; p < col->pieces.n; p++) {
        c->at[column] = p;
        c->steps += c->words + c->table->n_rules / 16 + 1;
        for (size_t w = 0; w < c->words; w++)
            next[w] = left[w] & col->takes[p * c->words + w];
        search_gaps(c, column + 1, next);
    }
    if (c->holes->list.n == holes)
        arena_reset(c->cx->arena, mark);
}

static bool same_outputs(const struct table *t, size_t a, size_t b)
{
    for (size_t i = 0; i < t->n_outputs; i++) {
        const struct output_entry *x = &t->entries[a * t->n_outputs + i], *y = &t->entries[b * t->n_outputs + i];
        if (!x->is_constant || !y->is_constant || feel_equal(x->constant, y->constant) != 1)
            return false;
    }
    return true;
}

/* A value in each column that both rules take. */
static bool meet(struct covering *c, size_t a, size_t b)
{
    for (size_t i = 0; i < c->table->n_inputs; i++) {
        const struct piece_column *col = &c->columns[i];
        size_t p = 0;
        while (p < col->pieces.n &&
               !(col->takes[p * c->words + a / 64] >> a % 64 & 1 && col->takes[p * c->words + b / 64] >> b % 64 & 1))
            p++;
        if (p == col->pieces.n)
            return false;
        c->at[i] = p;
    }
    return true;
}

static void search_overlaps(struct covering *c)
{
    size_t found = 0, n = c->table->n_rules;
    if (c->table->hit != HIT_UNIQUE && c->table->hit != HIT_ANY)
        return;
    if (n * n / 2 > MAX_PAIRS) {
        report(c, DMN_UNPROVED, S("too many rules to compare each with each"), 0, 0);
        return;
    }
    for (size_t a = 0; a < n && found < MAX_EACH; a++)
        for (size_t b = a + 1; b < n && found < MAX_EACH; b++)
            if ((c->table->hit == HIT_UNIQUE || !same_outputs(c->table, a, b)) && meet(c, a, b)) {
                report(c, DMN_OVERLAP, example_of(c), a + 1, b + 1);
                found++;
            }
}

static void cover(struct covering *c)
{
    struct arena *a = c->cx->arena;
    size_t n = c->table->n_inputs, rules = c->table->n_rules;
    bool total = c->table->hit >= HIT_COLLECT;
    c->cells = arena_array(a, struct cell_ranges, n * rules);
    c->columns = arena_array(a, struct piece_column, n);
    c->at = arena_array(a, size_t, n);
    c->words = rules / 64 + 1;
    for (size_t i = 0; i < n; i++) {
        struct str problem = column_problem(c, i);
        if (problem.n) {
            report(c, DMN_UNPROVED, problem, 0, 0);
            return;
        }
        if (!c->columns[i].pieces.n) /* no value is allowed: nothing can come here */
            return;
    }
    for (size_t i = 0; i < c->table->n_outputs; i++)
        total |= c->table->outputs[i].otherwise != NULL;
    uint64_t *all = arena_array(a, uint64_t, c->words);
    for (size_t r = 0; r < rules; r++)
        all[r / 64] |= UINT64_C(1) << r % 64;
    if (!total)
        search_gaps(c, 0, all);
    if (c->steps > MAX_STEPS)
        report(c, DMN_UNPROVED, S("too many combinations to look through all"), 0, 0);
    search_overlaps(c);
}

void dmn_find_holes(struct cx *cx, const struct dmn_model *m, const struct dmn_item *what,
                    const struct dmn_domain *domains, size_t n, struct dmn_hole **ret, size_t *ret_n)
{
    struct holes holes = {0};
    for (size_t i = 0; i < m->places.n; i++) {
        const struct dmn_place *place = &m->places.p[i];
        bool wanted = &place->item->pub == what;
        for (size_t k = 0; k < what->n_requires; k++)
        wanted |= what->requires[k] == &place->item->pub;
        struct covering c = {.cx = cx,
                             .model = m,
                             .place = place,
                             .table = place->table,
                             .domains = domains,
                             .n_domains = n,
                             .holes = &holes};
        if (wanted)
            cover(&c);
    }
    *ret = holes.list.p;
    *ret_n = holes.list.n;
}
