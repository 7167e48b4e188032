#include "dmn_index.h"

#include <stdlib.h>

enum { MAX_BUCKETS = 512, MAX_WORDS = 4 << 20, MAX_SCALE = 18, WITH_OFFSET = 0x40 };

/* How the bounds of a column are compared: as whole numbers (numbers brought to one scale, booleans, days, months), as
   bytes, or as FEEL compares. */
enum order { ORDER_NONE, ORDER_WHOLE, ORDER_BYTES, ORDER_FEEL };

enum how { HOW_ASK, HOW_ANY, HOW_ONE, HOW_MANY };
struct cell {
    uint8_t how;     /* enum how */
    uint32_t lo, hi; /* HOW_ONE: ranks; HOW_MANY: [lo, hi) of `spans` */
};
struct span {
    uint32_t lo, hi;
};

struct column {
    enum order order;
    uint8_t family;                  /* of its bounds: see family_of */
    uint8_t scale;                   /* ORDER_WHOLE of numbers */
    const struct feel_value *bounds; /* sorted, each once */
    const int64_t *whole;            /* the same as whole numbers */
    size_t n;
    unsigned shift; /* rank >> shift: the bucket */
    uint64_t *sets; /* buckets × (tops + words); NULL: no cell can be excluded */
};

struct dmn_index {
    size_t rules, columns;
    size_t words, tops; /* of a set: a bit a rule, a bit a word */
    struct column *column;
    struct cell *cells; /* rule by rule */
    struct span *spans;
    bool exact; /* a bucket is a rank in every column: a candidate needs no second look */
};

/* ---- Making */

struct ranges {
    const struct feel_range *p;
    size_t n;
    bool not, known;
};

struct indexing {
    struct arena *arena;
    struct dmn_index *ix;
    struct ranges *ranges; /* of one column, one a rule */
    VEC_OF(struct feel_value) bounds;
    VEC_OF(struct span) spans;
};

static bool is_any(const struct feel_range *r)
{
    return r->low_bound == FEEL_UNBOUNDED && r->high_bound == FEEL_UNBOUNDED && !r->unequal;
}

static bool takes_all(const struct ranges *rs)
{
    return rs->known && !rs->not &&rs->n == 1 && is_any(&rs->p[0]);
}

/* Values of one family have an order: the kind, and of times whether they have an offset, because a local time can not
   be compared with one that has. FEEL_NULL: no place in an index. */
static uint8_t family_of(struct feel_value v)
{
    switch (v.kind) {
    case FEEL_NUMBER:
    case FEEL_STRING:
    case FEEL_BOOLEAN:
    case FEEL_DATE:
    case FEEL_MONTHS:
    case FEEL_DURATION:
        return v.kind;
    case FEEL_TIME:
    case FEEL_DATE_TIME:
        return (uint8_t)(v.kind | (feel_is_local(v) ? 0 : WITH_OFFSET));
    default:
        return FEEL_NULL;
    }
}

/* The family of all bounds of the cell; FEEL_NULL when they differ or have none. */
static uint8_t family_of_cell(const struct ranges *rs)
{
    uint8_t family = FEEL_NULL;
    for (size_t i = 0; i < rs->n; i++) {
        const struct feel_range *r = &rs->p[i];
        const struct feel_value *ends[] = {r->low_bound != FEEL_UNBOUNDED || r->unequal ? &r->low : NULL,
                                           r->high_bound != FEEL_UNBOUNDED ? &r->high : NULL};
        for (int k = 0; k < 2; k++) {
            if (ends[k] && family != FEEL_NULL && family_of(*ends[k]) != family)
                return FEEL_NULL;
            if (ends[k])
                family = family_of(*ends[k]);
        }
        if (is_any(r) || r->unequal)
            return FEEL_NULL;
    }
    return family;
}

/* A value as a whole number, a number at that scale. */
static bool to_whole(struct feel_value v, uint8_t scale, int64_t *ret)
{
    if (v.kind != FEEL_NUMBER) {
        *ret = v.kind == FEEL_BOOLEAN ? v.flag : v.i64;
        return true;
    }
    return !v.tag && v.scale >= 0 && v.scale <= scale &&
           !__builtin_mul_overflow(v.i64, feel_num_pow10[scale - v.scale], ret);
}

static void choose_order(struct column *c, const struct feel_value *bounds, size_t n)
{
    int64_t whole;
    c->order = c->family == FEEL_STRING ? ORDER_BYTES : ORDER_FEEL;
    if (c->family != FEEL_NUMBER && c->family != FEEL_BOOLEAN && c->family != FEEL_DATE && c->family != FEEL_MONTHS)
        return;
    for (size_t i = 0; i < n; i++)
        if (bounds[i].kind == FEEL_NUMBER && !bounds[i].tag && bounds[i].scale > (int8_t)c->scale)
            c->scale = (uint8_t)bounds[i].scale;
    c->order = ORDER_WHOLE;
    for (size_t i = 0; i < n; i++)
        if (c->scale > MAX_SCALE || !to_whole(bounds[i], c->scale, &whole))
            c->order = ORDER_FEEL;
}

/* Of two values of the column's kind. */
static int compare(const struct column *c, struct feel_value a, struct feel_value b)
{
    int order = 0;
    int64_t x = 0, y = 0;
    if (c->order == ORDER_BYTES)
        return str_cmp(feel_str(a), feel_str(b));
    if (c->order == ORDER_WHOLE && to_whole(a, c->scale, &x) && to_whole(b, c->scale, &y))
        return (x > y) - (x < y);
    return feel_compare(a, b, &order) ? order : 0;
}

static int compare_bounds(const void *a, const void *b, void *column)
{
    return compare(column, *(const struct feel_value *)a, *(const struct feel_value *)b);
}

static void sort_bounds(struct indexing *in, struct column *c)
{
    struct feel_value *b = in->bounds.p;
    size_t n = 0;
    choose_order(c, b, in->bounds.n);
    qsort_r(b, in->bounds.n, sizeof *b, compare_bounds, c);
    for (size_t i = 0; i < in->bounds.n; i++)
        if (!i || compare(c, b[n - 1], b[i]))
            b[n++] = b[i];
    struct feel_value *kept = arena_array(in->arena, struct feel_value, n);
    memcpy(kept, b, n * sizeof *kept);
    c->bounds = kept;
    c->n = n;
    if (c->order != ORDER_WHOLE)
        return;
    int64_t *whole = arena_array(in->arena, int64_t, n);
    for (size_t i = 0; i < n; i++)
        (void)to_whole(kept[i], c->scale, &whole[i]);
    c->whole = whole;
}

/* How many bounds lie below v; *ret_equal: the next one is v. */
static size_t count_below(const struct column *c, struct feel_value v, bool *ret_equal)
{
    size_t lo = 0, hi = c->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (compare(c, c->bounds[mid], v) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    *ret_equal = lo < c->n && !compare(c, c->bounds[lo], v);
    return lo;
}

static uint32_t rank_of_bound(const struct column *c, struct feel_value v)
{
    bool equal;
    return (uint32_t)(2 * count_below(c, v, &equal) + 1);
}

static bool to_span(const struct column *c, const struct feel_range *r, struct span *ret)
{
    ret->lo = 0;
    ret->hi = (uint32_t)(2 * c->n);
    if (r->low_bound != FEEL_UNBOUNDED)
        ret->lo = rank_of_bound(c, r->low) + (r->low_bound == FEEL_OPEN);
    if (r->high_bound != FEEL_UNBOUNDED)
        ret->hi = rank_of_bound(c, r->high) - (r->high_bound == FEEL_OPEN);
    return ret->lo <= ret->hi;
}

static int compare_spans(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    return (x->lo > y->lo) - (x->lo < y->lo);
}

/* What the spans from `first` on leave out. */
static void invert(struct indexing *in, size_t first, uint32_t last_rank)
{
    size_t n = in->spans.n - first;
    struct span *old = arena_array(in->arena, struct span, n);
    uint32_t next = 0;
    memcpy(old, in->spans.p + first, n * sizeof *old);
    qsort(old, n, sizeof *old, compare_spans);
    in->spans.n = first;
    for (size_t i = 0; i < n; i++) {
        if (old[i].lo > next)
            vec_add(in->arena, &in->spans, (struct span){next, old[i].lo - 1});
        if (old[i].hi + 1 > next)
            next = old[i].hi + 1;
    }
    if (next <= last_rank)
        vec_add(in->arena, &in->spans, (struct span){next, last_rank});
}

static struct cell make_cell(struct indexing *in, const struct column *c, const struct ranges *rs)
{
    if (takes_all(rs))
        return (struct cell){.how = HOW_ANY};
    if (!rs->known || !rs->n || c->order == ORDER_NONE || family_of_cell(rs) != c->family)
        return (struct cell){.how = HOW_ASK};
    size_t first = in->spans.n;
    for (size_t i = 0; i < rs->n; i++) {
        struct span s;
        if (to_span(c, &rs->p[i], &s))
            vec_add(in->arena, &in->spans, s);
    }
    if (rs->not )
        invert(in, first, (uint32_t)(2 * c->n));
    if (in->spans.n == first + 1)
        return (struct cell){.how = HOW_ONE, .lo = in->spans.p[first].lo, .hi = in->spans.p[first].hi};
    return (struct cell){.how = HOW_MANY, .lo = (uint32_t)first, .hi = (uint32_t)in->spans.n};
}

static void gather_bounds(struct indexing *in, struct column *c)
{
    in->bounds.n = 0;
    for (size_t r = 0; r < in->ix->rules; r++) {
        const struct ranges *rs = &in->ranges[r];
        uint8_t family = rs->known && !takes_all(rs) ? family_of_cell(rs) : FEEL_NULL;
        if (family == FEEL_NULL || (c->family != FEEL_NULL && family != c->family))
            continue;
        c->family = family;
        for (size_t i = 0; i < rs->n; i++) {
            if (rs->p[i].low_bound != FEEL_UNBOUNDED)
                vec_add(in->arena, &in->bounds, rs->p[i].low);
            if (rs->p[i].high_bound != FEEL_UNBOUNDED)
                vec_add(in->arena, &in->bounds, rs->p[i].high);
        }
    }
    if (c->family != FEEL_NULL)
        sort_bounds(in, c);
}

static void set_buckets(uint64_t *sets, const struct dmn_index *ix, const struct column *c, size_t rule, struct span s)
{
    size_t word = rule / 64;
    for (size_t bucket = s.lo >> c->shift; bucket <= s.hi >> c->shift; bucket++) {
        uint64_t *set = sets + bucket * (ix->tops + ix->words);
        set[word / 64] |= UINT64_C(1) << (word % 64);
        set[ix->tops + word] |= UINT64_C(1) << (rule % 64);
    }
}

static void make_sets(struct indexing *in, struct column *c, size_t column)
{
    struct dmn_index *ix = in->ix;
    size_t ranks = 2 * c->n + 1, room = MAX_WORDS / (ix->columns * (ix->tops + ix->words));
    struct span all = {0, (uint32_t)(2 * c->n)};
    if (c->order == ORDER_NONE)
        return;
    if (room < 2) { /* more rules and columns than sets can be kept for */
        ix->exact = false;
        return;
    }
    while (((ranks - 1) >> c->shift) + 1 > (room < MAX_BUCKETS ? room : MAX_BUCKETS))
        c->shift++;
    c->sets = arena_array(in->arena, uint64_t, (((ranks - 1) >> c->shift) + 1) * (ix->tops + ix->words));
    if (c->shift)
        ix->exact = false;
    for (size_t r = 0; r < ix->rules; r++) {
        const struct cell *cell = &ix->cells[r * ix->columns + column];
        if (cell->how == HOW_ONE)
            set_buckets(c->sets, ix, c, r, (struct span){cell->lo, cell->hi});
        for (size_t i = cell->lo; cell->how == HOW_MANY && i < cell->hi; i++)
            set_buckets(c->sets, ix, c, r, in->spans.p[i]);
        if (cell->how == HOW_ASK || cell->how == HOW_ANY)
            set_buckets(c->sets, ix, c, r, all);
    }
}

struct dmn_index *dmn_index_make(struct arena *a, struct feel_node *const *cells, size_t rules, size_t columns)
{
    struct indexing in = {.arena = a, .ix = arena_new_of(a, struct dmn_index)};
    struct dmn_index *ix = in.ix;
    *ix = (struct dmn_index){.rules = rules, .columns = columns, .words = (rules + 63) / 64, .exact = true};
    ix->tops = (ix->words + 63) / 64;
    ix->column = arena_array(a, struct column, columns);
    ix->cells = arena_array(a, struct cell, rules * columns);
    in.ranges = arena_array(a, struct ranges, rules);
    for (size_t k = 0; k < columns && rules; k++) {
        struct column *c = &ix->column[k];
        for (size_t r = 0; r < rules; r++) {
            struct ranges *rs = &in.ranges[r];
            *rs = (struct ranges){0};
            rs->known = feel_tests_ranges(a, cells[r * columns + k], &rs->p, &rs->n, &rs->not );
        }
        gather_bounds(&in, c);
        for (size_t r = 0; r < rules; r++)
            ix->cells[r * columns + k] = make_cell(&in, c, &in.ranges[r]);
        make_sets(&in, c, k);
    }
    ix->spans = in.spans.p;
    return ix;
}

/* ---- Searching */

/* The rank of a whole number that may be finer than the bounds: `above` when a fraction was cut off. */
static uint32_t rank_whole(const struct column *c, int64_t v, bool above)
{
    const int64_t *p = c->whole;
    size_t n = c->n, lo = 0;
    while (n > 1) { /* without a branch that could be guessed wrong */
        size_t half = n / 2;
        lo += p[lo + half - 1] < v ? half : 0;
        n -= half;
    }
    lo += n && p[lo] < v;
    bool equal = lo < c->n && p[lo] == v;
    return (uint32_t)(2 * lo + (equal ? 1 + above : 0));
}

static uint32_t rank_of(const struct column *c, struct feel_value v)
{
    int64_t whole;
    bool equal;
    if (c->order == ORDER_WHOLE) {
        if (to_whole(v, c->scale, &whole))
            return rank_whole(c, whole, false);
        if (v.kind == FEEL_NUMBER && !v.tag && v.scale > c->scale && v.scale <= MAX_SCALE) {
            int64_t unit = feel_num_pow10[v.scale - c->scale];
            whole = v.i64 / unit - (v.i64 % unit < 0);
            return rank_whole(c, whole, v.i64 % unit != 0);
        }
    }
    size_t below = count_below(c, v, &equal);
    return (uint32_t)(2 * below + equal);
}

void dmn_search_begin(struct dmn_search *s, struct arena *scratch, const struct dmn_index *ix,
                      const struct feel_value *values)
{
    *s = (struct dmn_search){.index = ix,
                             .ranks = arena_array(scratch, uint32_t, ix->columns),
                             .buckets = arena_array(scratch, const uint64_t *, ix->columns),
                             .foreign = arena_array(scratch, bool, ix->columns),
                             .top = (size_t)-1};
    for (size_t k = 0; k < ix->columns; k++) {
        const struct column *c = &ix->column[k];
        if (c->order == ORDER_NONE)
            continue;
        if (family_of(values[k]) != c->family) {
            s->foreign[k] = true;
            continue;
        }
        s->ranks[k] = rank_of(c, values[k]);
        if (c->sets)
            s->buckets[s->n_buckets++] = c->sets + (s->ranks[k] >> c->shift) * (ix->tops + ix->words);
    }
}

/* Word `at` of the intersection, of which only the first `n` bits of all words stand for something. */
static uint64_t intersect(const struct dmn_search *s, size_t at, size_t bit, size_t n)
{
    uint64_t bits = n - bit < 64 ? (UINT64_C(1) << (n - bit)) - 1 : ~UINT64_C(0);
    for (size_t k = 0; k < s->n_buckets; k++)
        bits &= s->buckets[k][at];
    return bits;
}

static bool next_word(struct dmn_search *s)
{
    const struct dmn_index *ix = s->index;
    for (;;) {
        while (!s->tops) {
            if (++s->top >= ix->tops)
                return false;
            s->tops = intersect(s, s->top, s->top * 64, ix->words);
        }
        s->word = s->top * 64 + (size_t)__builtin_ctzll(s->tops);
        s->tops &= s->tops - 1;
        s->bits = intersect(s, ix->tops + s->word, s->word * 64, ix->rules);
        if (s->bits)
            return true;
    }
}

static bool holds(const struct dmn_index *ix, const struct cell *c, uint32_t rank)
{
    if (c->how == HOW_ONE)
        return c->lo <= rank && rank <= c->hi;
    if (c->how != HOW_MANY)
        return true;
    for (size_t i = c->lo; i < c->hi; i++)
        if (ix->spans[i].lo <= rank && rank <= ix->spans[i].hi)
            return true;
    return false;
}

/* The second look, where buckets are wider than ranks or a column has no sets. */
static bool is_candidate(const struct dmn_search *s, size_t rule)
{
    const struct dmn_index *ix = s->index;
    for (size_t k = 0; k < ix->columns; k++)
        if (!s->foreign[k] && ix->column[k].order != ORDER_NONE &&
            !holds(ix, &ix->cells[rule * ix->columns + k], s->ranks[k]))
            return false;
    return true;
}

bool dmn_search_next(struct dmn_search *s, size_t *ret_rule)
{
    for (;;) {
        if (!s->bits && !next_word(s))
            return false;
        size_t rule = s->word * 64 + (size_t)__builtin_ctzll(s->bits);
        s->bits &= s->bits - 1;
        if (!s->index->exact && !is_candidate(s, rule))
            continue;
        *ret_rule = rule;
        return true;
    }
}

bool dmn_search_must_ask(const struct dmn_search *s, size_t rule, size_t column)
{
    uint8_t how = s->index->cells[rule * s->index->columns + column].how;
    return how == HOW_ASK || (s->foreign[column] && how != HOW_ANY);
}
