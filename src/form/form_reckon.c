/* Conditions and expressions: answering them from the values of the answers before. */
#include "codec/codec.h"
#include "form_eval.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { MATCH_LIMIT = 100000 }; /* steps of one pattern on one answer; a pattern that needs more does not match */
#define NUMBER_MAX INT64_C(900000000000000000)

static void *match_alloc(size_t n, void *arena)
{
    return arena_alloc(arena, n);
}

static void match_free(void *p, void *arena)
{
    (void)p, (void)arena; /* dies with the request */
}

bool form_matches(struct arena *a, const void *pattern, struct str s)
{
    pcre2_general_context *g = pcre2_general_context_create(match_alloc, match_free, a);
    pcre2_match_context *c = pcre2_match_context_create(g);
    pcre2_set_match_limit(c, MATCH_LIMIT);
    pcre2_match_data *m = pcre2_match_data_create_from_pattern(pattern, g);
    return pcre2_match(pattern, (PCRE2_SPTR)(s.p ? s.p : ""), s.n, 0, 0, m, c) >= 0;
}

/* ---- expressions ---- */

static struct form_datum number(__int128 n)
{
    if (n > NUMBER_MAX || n < -NUMBER_MAX)
        return (struct form_datum){0}; /* nobody means it */
    return (struct form_datum){.known = true, .number = (int64_t)n};
}

static struct form_datum whole(int64_t n)
{
    return number((__int128)n * FORM_NUMBER_ONE);
}

static struct form_datum of_field(const struct form_eval *e, const struct form_field *f)
{
    const struct form_value *v = form_at(e, f);
    struct form_datum d = {.known = v->visible && !v->bad && (!v->empty || form_is_tick(f)),
                           .number = f->kind == FORM_MONEY ? v->number * (FORM_NUMBER_ONE / 100) : v->number,
                           .text = v->text};
    return d;
}

static struct form_datum literal(const struct form_eval *e, const struct form_calc *c)
{
    struct form_datum d = {.known = true, .number = c->number, .text = c->text};
    if (c->type == FORM_TYPE_DATE)
        d.number = form_when_day(&c->date, e->given->today);
    return d;
}

/* n / d, rounded half away from zero. */
static __int128 divide(__int128 n, __int128 d)
{
    __int128 half = (d < 0 ? -d : d) / 2;
    return ((n < 0) != (d < 0) ? n < 0 ? n - half : n + half : n < 0 ? n - half : n + half) / d;
}

static struct form_datum product(const struct form_eval *e, const struct form_calc *c)
{
    struct form_datum a = form_reckon(e, c->of.p[0]), b = form_reckon(e, c->of.p[1]);
    if (!a.known || !b.known || (c->op == FORM_CALC_QUOTIENT && !b.number))
        return (struct form_datum){0};
    if (c->op == FORM_CALC_PRODUCT)
        return number(divide((__int128)a.number * b.number, FORM_NUMBER_ONE));
    return number(divide((__int128)a.number * FORM_NUMBER_ONE, b.number));
}

static struct form_datum sum(const struct form_eval *e, const struct form_calc *c)
{
    __int128 n = 0;
    bool known = false;
    for (size_t i = 0; i < c->of.n; i++) {
        struct form_datum d = form_reckon(e, c->of.p[i]);
        known |= d.known;
        if (d.known)
            n += c->op == FORM_CALC_DIFF && i ? -(__int128)d.number : (__int128)d.number;
    }
    return known ? number(n) : (struct form_datum){0};
}

static struct form_datum extreme(const struct form_eval *e, const struct form_calc *c)
{
    struct form_datum best = {0};
    for (size_t i = 0; i < c->of.n; i++) {
        struct form_datum d = form_reckon(e, c->of.p[i]);
        if (d.known && (!best.known || (c->op == FORM_CALC_LEAST ? d.number < best.number : d.number > best.number)))
            best = d;
    }
    return best;
}

static bool counts(const struct form_eval *e, const struct form_calc *c, const struct form_row *row)
{
    struct form_eval in = form_in_row(e, row);
    return !c->cond || form_holds(&in, c->cond);
}

static struct form_datum count(const struct form_eval *e, const struct form_calc *c)
{
    const struct form_value *v = form_at(e, c->field);
    int64_t n = 0;
    if (!v->visible)
        return (struct form_datum){0};
    if (c->field->kind == FORM_FILE)
        return whole((int64_t)v->n_files);
    if (c->field->kind == FORM_MULTISELECT)
        return whole((int64_t)v->chosen.n);
    for (size_t i = 0; i < v->rows.n; i++)
        n += counts(e, c, &v->rows.p[i]);
    return whole(n);
}

static struct form_datum total(const struct form_eval *e, const struct form_calc *c)
{
    const struct form_value *v = form_at(e, c->field->repeat);
    __int128 n = 0;
    for (size_t i = 0; i < v->rows.n; i++) {
        struct form_eval in = form_in_row(e, &v->rows.p[i]);
        struct form_datum d = of_field(&in, c->field);
        if (d.known && counts(e, c, &v->rows.p[i]))
            n += d.number;
    }
    return v->visible ? number(n) : (struct form_datum){0};
}

/* Whole months from one day to another: 31 January to 28 February is none, to 1 March one. */
static int64_t months_between(day_t from, day_t to)
{
    if (to < from)
        return -months_between(to, from);
    int y1, m1, d1, y2, m2, d2;
    civil_from_day(from, &y1, &m1, &d1);
    civil_from_day(to, &y2, &m2, &d2);
    return (y2 - y1) * 12 + m2 - m1 - (d2 < d1);
}

static struct form_datum between(const struct form_eval *e, const struct form_calc *c)
{
    struct form_datum from = form_reckon(e, c->of.p[0]), to = {.known = true, .number = e->given->today};
    if (c->of.n > 1)
        to = form_reckon(e, c->of.p[1]);
    if (!from.known || !to.known)
        return (struct form_datum){0};
    if (c->op == FORM_CALC_DAYS)
        return whole(to.number - from.number);
    int64_t months = months_between((day_t)from.number, (day_t)to.number);
    return whole(c->op == FORM_CALC_MONTHS ? months : months / 12);
}

static struct form_datum of_date(const struct form_eval *e, const struct form_calc *c)
{
    struct form_datum d = form_reckon(e, c->of.p[0]);
    int year, month, day;
    if (!d.known)
        return d;
    if (c->op == FORM_CALC_SHIFT) {
        d.number = form_shift_day((day_t)d.number, &c->date);
        return d;
    }
    civil_from_day((day_t)d.number, &year, &month, &day);
    if (c->op == FORM_CALC_WEEKDAY)
        return whole(civil_weekday((day_t)d.number));
    return whole(c->op == FORM_CALC_YEAR ? year : month);
}

struct form_datum form_reckon(const struct form_eval *e, const struct form_calc *c)
{
    switch (c->op) {
    case FORM_CALC_LITERAL:
        return literal(e, c);
    case FORM_CALC_FIELD:
        return of_field(e, c->field);
    case FORM_CALC_SUM:
    case FORM_CALC_DIFF:
        return sum(e, c);
    case FORM_CALC_PRODUCT:
    case FORM_CALC_QUOTIENT:
        return product(e, c);
    case FORM_CALC_LEAST:
    case FORM_CALC_GREATEST:
        return extreme(e, c);
    case FORM_CALC_COUNT:
        return count(e, c);
    case FORM_CALC_TOTAL:
        return total(e, c);
    case FORM_CALC_AGE:
    case FORM_CALC_YEARS:
    case FORM_CALC_MONTHS:
    case FORM_CALC_DAYS:
        return between(e, c);
    case FORM_CALC_LENGTH: {
        struct form_datum d = form_reckon(e, c->of.p[0]);
        return d.known ? whole((int64_t)text_length(d.text)) : d;
    }
    case FORM_CALC_CHOOSE:
        return form_reckon(e, c->of.p[form_holds(e, c->cond) ? 0 : 1]);
    default:
        return of_date(e, c);
    }
}

bool form_limit(const struct form_eval *e, const struct form_field *f, bool most, int64_t *ret)
{
    if (!(most ? f->has_max : f->has_min))
        return false;
    const struct form_calc *c = most ? f->max_calc : f->min_calc;
    bool date = f->kind == FORM_DATE || f->kind == FORM_MONTH;
    int64_t n = most ? f->max : f->min;
    if (date && !c)
        n = form_when_day(most ? &f->max_date : &f->min_date, e->given->today);
    if (c) {
        struct form_datum d = form_reckon(e, c);
        if (!d.known)
            return false;
        n = d.number;
        if (f->kind == FORM_MONEY)
            n /= FORM_NUMBER_ONE / 100;
        else if (f->kind == FORM_REPEAT)
            n /= FORM_NUMBER_ONE;
    }
    *ret = f->kind == FORM_MONTH ? form_month_day((day_t)n) : n;
    return true;
}

/* ---- conditions ---- */

static bool same(enum form_type type, const struct form_datum *a, const struct form_datum *b)
{
    return type == FORM_TYPE_TEXT ? str_eq(a->text, b->text) : a->number == b->number;
}

/* Is one of the chosen options among them? */
static bool any_chosen(const struct form_eval *e, const struct form_expr *x)
{
    const struct form_value *v = form_at(e, x->left->field);
    for (size_t c = 0; v->visible && c < v->chosen.n; c++)
        for (size_t i = 0; i < x->values.n; i++)
            if (str_eq(v->chosen.p[c], x->values.p[i]->text))
                return true;
    return false;
}

static bool any_equal(const struct form_eval *e, const struct form_expr *x, const struct form_datum *left)
{
    for (size_t i = 0; i < x->values.n; i++) {
        struct form_datum right = form_reckon(e, x->values.p[i]);
        if (right.known && same(x->left->type, left, &right))
            return true;
    }
    return false;
}

static bool text_holds(enum form_op op, struct str text, struct str part)
{
    if (op == FORM_CONTAINS)
        return !part.n || str_find(text, part, 0) < text.n;
    return op == FORM_STARTS ? str_starts(text, part) : str_ends(text, part);
}

static bool compare(const struct form_eval *e, const struct form_expr *x)
{
    if (x->left->type == FORM_TYPE_CHOICES)
        return any_chosen(e, x);
    struct form_datum left = form_reckon(e, x->left);
    if (!left.known)
        return false;
    if (x->op == FORM_EQ || x->op == FORM_IN)
        return any_equal(e, x, &left);
    if (x->op == FORM_MATCHES)
        return form_matches(e->arena, x->pattern, left.text);
    struct form_datum right = form_reckon(e, x->values.p[0]);
    if (!right.known)
        return false;
    if (x->op == FORM_NE)
        return !same(x->left->type, &left, &right);
    if (x->op >= FORM_CONTAINS)
        return text_holds(x->op, left.text, right.text);
    return x->op == FORM_LT   ? left.number < right.number
           : x->op == FORM_LE ? left.number <= right.number
           : x->op == FORM_GT ? left.number > right.number
                              : left.number >= right.number;
}

static bool rows_hold(const struct form_eval *e, const struct form_expr *x)
{
    const struct form_value *v = form_at(e, x->field);
    for (size_t i = 0; i < v->rows.n; i++) {
        struct form_eval in = form_in_row(e, &v->rows.p[i]);
        if (form_holds(&in, x->of.p[0]) == (x->op == FORM_SOME))
            return x->op == FORM_SOME;
    }
    return x->op == FORM_EVERY;
}

bool form_holds(const struct form_eval *e, const struct form_expr *x)
{
    if (x->op == FORM_EMPTY)
        return form_at(e, x->field)->empty;
    if (x->op >= FORM_EQ)
        return compare(e, x);
    if (x->op >= FORM_SOME)
        return rows_hold(e, x);
    if (x->op == FORM_NOT)
        return !form_holds(e, x->of.p[0]);
    for (size_t i = 0; i < x->of.n; i++)
        if (form_holds(e, x->of.p[i]) == (x->op == FORM_ANY))
            return x->op == FORM_ANY;
    return x->op == FORM_ALL;
}
