#include "feel_parse.h"

/* Range functions (10.3.4.10, table 78) and range() (10.3.4.1). A point counts as the range of itself alone. */

struct end {
    struct feel_value value;
    bool included;
    int beyond; /* -1, 1: there is no end on that side */
};
struct span {
    struct end low, high;
    bool point;
};

/* The order of two ends by their values alone; sets *odd when they have none. */
static int order_of(const struct end *a, const struct end *b, bool *odd)
{
    int order = 0;
    if (a->beyond || b->beyond)
        return a->beyond < b->beyond ? -1 : a->beyond > b->beyond;
    if (!feel_compare(a->value, b->value, &order))
        *odd = true;
    return order;
}

static struct span span_of(struct feel_value v)
{
    struct span s = {.point = v.kind != FEEL_RANGE};
    if (s.point) {
        s.low = s.high = (struct end){v, true, 0};
        return s;
    }
    const struct feel_range *r = v.range;
    s.low = (struct end){r->low, r->low_bound == FEEL_CLOSED, r->low_bound == FEEL_UNBOUNDED ? -1 : 0};
    s.high = (struct end){r->high, r->high_bound == FEEL_CLOSED, r->high_bound == FEEL_UNBOUNDED ? 1 : 0};
    return s;
}

/* What each function asks of two spans; *odd when there is no answer. */
typedef bool relation(const struct span *a, const struct span *b, bool *odd);

static bool before(const struct span *a, const struct span *b, bool *odd)
{
    int order = order_of(&a->high, &b->low, odd);
    return order < 0 || (order == 0 && !(a->high.included && b->low.included));
}

static bool meets(const struct span *a, const struct span *b, bool *odd)
{
    *odd |= a->point || b->point;
    return order_of(&a->high, &b->low, odd) == 0 && a->high.included && b->low.included;
}

static bool overlaps(const struct span *a, const struct span *b, bool *odd)
{
    *odd |= a->point || b->point;
    return !before(a, b, odd) && !before(b, a, odd);
}

static bool overlaps_before(const struct span *a, const struct span *b, bool *odd)
{
    int low = order_of(&a->low, &b->low, odd), high = order_of(&a->high, &b->high, odd);
    bool begins = low < 0 || (low == 0 && a->low.included && !b->low.included);
    bool ends = high < 0 || (high == 0 && (!a->high.included || b->high.included));
    return overlaps(a, b, odd) && begins && ends;
}

static bool overlaps_after(const struct span *a, const struct span *b, bool *odd)
{
    int low = order_of(&b->low, &a->low, odd), high = order_of(&b->high, &a->high, odd);
    bool begins = low < 0 || (low == 0 && b->low.included && !a->low.included);
    bool ends = high < 0 || (high == 0 && (!b->high.included || a->high.included));
    return overlaps(a, b, odd) && begins && ends;
}

static bool begins_within(const struct span *a, const struct span *b, bool *odd)
{
    int order = order_of(&a->low, &b->low, odd);
    return order > 0 || (order == 0 && (!a->low.included || b->low.included));
}

static bool ends_within(const struct span *a, const struct span *b, bool *odd)
{
    int order = order_of(&a->high, &b->high, odd);
    return order < 0 || (order == 0 && (!a->high.included || b->high.included));
}

static bool finishes(const struct span *a, const struct span *b, bool *odd)
{
    *odd |= b->point;
    bool same = order_of(&a->high, &b->high, odd) == 0 && a->high.included == b->high.included;
    return same && (a->point || begins_within(a, b, odd));
}

static bool starts(const struct span *a, const struct span *b, bool *odd)
{
    *odd |= b->point;
    bool same = order_of(&a->low, &b->low, odd) == 0 && a->low.included == b->low.included;
    return same && (a->point || ends_within(a, b, odd));
}

static bool during(const struct span *a, const struct span *b, bool *odd)
{
    *odd |= b->point;
    return begins_within(a, b, odd) && ends_within(a, b, odd);
}

static bool coincides(const struct span *a, const struct span *b, bool *odd)
{
    *odd |= a->point != b->point;
    return order_of(&a->low, &b->low, odd) == 0 && order_of(&a->high, &b->high, odd) == 0 &&
           a->low.included == b->low.included && a->high.included == b->high.included;
}

static struct feel_value related(struct feel_call *c, relation *r, bool turned)
{
    struct span a = span_of(c->args[turned ? 1 : 0]), b = span_of(c->args[turned ? 0 : 1]);
    bool odd = false, holds = r(&a, &b, &odd);
    return odd ? feel_null_of(c->run, c->node, c->args[0], c->args[1], "a relation") : feel_bool(holds);
}

#define RELATION(name, holds, turned) \
    static struct feel_value fn_##name(struct feel_call *c) \
    { \
        return related(c, holds, turned); \
    }
RELATION(before, before, false)
RELATION(after, before, true)
RELATION(meets, meets, false)
RELATION(met_by, meets, true)
RELATION(overlaps, overlaps, false)
RELATION(overlaps_before, overlaps_before, false)
RELATION(overlaps_after, overlaps_after, false)
RELATION(finishes, finishes, false)
RELATION(finished_by, finishes, true)
RELATION(includes, during, true)
RELATION(during, during, false)
RELATION(starts, starts, false)
RELATION(started_by, starts, true)
RELATION(coincides, coincides, false)

/* ---- range(from): a range of literals, from the text of one */

static bool literal(struct feel_parser *p, struct feel_value *ret)
{
    static const struct {
        const char *name;
        enum feel_kind kind;
    } calls[] = {
        {"date and time", FEEL_DATE_TIME}, {"date", FEEL_DATE}, {"time", FEEL_TIME}, {"duration", FEEL_DURATION}};
    struct arena *a = p->b->arena;
    struct feel_zones *zones = p->b->env->zones;
    struct str s;
    feel_p_skip(p);
    if (feel_p_string(p, &s)) {
        *ret = feel_string(s);
    } else if (feel_p_accept(p, "@")) {
        *ret = feel_p_string(p, &s) ? feel_temporal(a, zones, s) : feel_null();
    } else {
        size_t i = 0, n;
        bool minus = false;
        while (i < 4 && !feel_p_accept(p, calls[i].name))
            i++;
        if (i < 4) {
            *ret = feel_p_accept(p, "(") && feel_p_string(p, &s) && feel_p_accept(p, ")")
                       ? feel_parse(a, zones, calls[i].kind, s)
                       : feel_null();
        } else {
            minus = feel_p_accept(p, "-");
            feel_p_skip(p);
            n = feel_num_scan(str_slice(p->text, p->pos, p->text.n));
            size_t from = minus ? p->pos - 1 : p->pos;
            p->pos += n;
            *ret = n ? feel_parse(a, zones, FEEL_NUMBER, str_slice(p->text, from, p->pos)) : feel_null();
        }
    }
    return !p->failed && ret->kind != FEEL_NULL;
}

static struct feel_value fn_range(struct feel_call *c)
{
    struct feel_env env = {.arena = c->run->arena, .zones = c->run->zones};
    struct feel_build b = {.arena = c->run->arena, .env = &env};
    struct feel_parser p = {.b = &b, .text = feel_str(c->args[0])};
    struct feel_range r = {.low_bound = FEEL_OPEN, .high_bound = FEEL_OPEN};
    int order;
    if (feel_p_accept(&p, "["))
        r.low_bound = FEEL_CLOSED;
    else if (!feel_p_accept(&p, "(") && !feel_p_accept(&p, "]"))
        return feel_bad_value(c, "not the text of a range");
    if (!literal(&p, &r.low) || !feel_p_accept(&p, "..") || !literal(&p, &r.high))
        return feel_bad_value(c, "the ends of the range must be literals");
    if (feel_p_accept(&p, "]"))
        r.high_bound = FEEL_CLOSED;
    else if (!feel_p_accept(&p, ")") && !feel_p_accept(&p, "["))
        return feel_bad_value(c, "not the text of a range");
    feel_p_skip(&p);
    if (p.pos < p.text.n || !feel_compare(r.low, r.high, &order) || order > 0)
        return feel_bad_value(c, "not a range from a lower end to a higher one");
    return feel_range(c->run->arena, r);
}

#define ROW(name, fn, x, y) \
    { \
        FEEL_N(name), fn, NULL, {{x, 'a'}, {y, 'a'}}, 2, 2, 0, FEEL_T_BOOLEAN \
    }
#define ROWS(name, fn) \
    ROW(name, fn, "range1", "range2"), ROW(name, fn, "point1", "point2"), ROW(name, fn, "point", "range"), \
        ROW(name, fn, "range", "point")

const struct feel_builtin feel_builtins_range[] = {
    ROWS("before", fn_before),
    ROWS("after", fn_after),
    ROWS("meets", fn_meets),
    ROWS("met by", fn_met_by),
    ROWS("overlaps", fn_overlaps),
    ROWS("overlaps before", fn_overlaps_before),
    ROWS("overlaps after", fn_overlaps_after),
    ROWS("finishes", fn_finishes),
    ROWS("finished by", fn_finished_by),
    ROWS("includes", fn_includes),
    ROWS("during", fn_during),
    ROWS("starts", fn_starts),
    ROWS("started by", fn_started_by),
    ROWS("coincides", fn_coincides),
    {FEEL_N("range"), fn_range, NULL, {{"from", 's'}}, 1, 1, 0, FEEL_T_RANGE},
    {{NULL, 0}, NULL, NULL, {{NULL, 0}}, 0, 0, 0, 0}};
