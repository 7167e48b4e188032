#include "feel_room.h"

static const char *const op_words[] = {"addition",   "subtraction", "multiplication", "division",
                                       "power",      "equality",    "inequality",     "comparison",
                                       "comparison", "comparison",  "comparison"};

static const struct feel_time *time_of(struct feel_value v)
{
    return v.p;
}

static struct feel_value number_or_null(struct feel_run *run, const struct feel_node *node, enum feel_num_err e,
                                        struct feel_num n)
{
    return e ? feel_null_why(run, node, FEEL_WHY_RANGE, "%s", feel_num_err_text(e)) : feel_number(run->arena, n);
}

static struct feel_value out_of_range(struct feel_run *run, const struct feel_node *node)
{
    return feel_null_why(run, node, FEEL_WHY_RANGE, "the result is outside its range");
}

static struct feel_value numbers(struct feel_run *run, const struct feel_node *node, enum feel_op op,
                                 struct feel_value a, struct feel_value b)
{
    struct feel_num x = feel_num_of_value(a), y = feel_num_of_value(b), n = {0, 0};
    enum feel_num_err e = op == OP_ADD   ? feel_num_add(x, y, &n)
                          : op == OP_SUB ? feel_num_sub(x, y, &n)
                          : op == OP_MUL ? feel_num_mul(x, y, &n)
                          : op == OP_DIV ? feel_num_div(x, y, &n)
                                         : feel_num_pow(x, y, &n);
    return number_or_null(run, node, e, n);
}

static struct feel_value texts(struct feel_run *run, const struct feel_node *node, struct feel_value a,
                               struct feel_value b)
{
    if ((size_t)a.n + b.n > run->limits.text_bytes)
        return feel_null_why(run, node, FEEL_WHY_LIMIT, "a text of %zu bytes", (size_t)a.n + b.n);
    struct feel_value v = {.kind = FEEL_STRING, .tag = a.tag & b.tag, .n = a.n + b.n};
    v.text = str_cat(run->arena, feel_str(a), feel_str(b)).p;
    return v;
}

/* ---- Calendar and clock: tables 53 and 54 */

static struct feel_value add_months(struct feel_run *run, const struct feel_node *node, struct feel_value a,
                                    int64_t months)
{
    struct feel_time t;
    int64_t i;
    if (a.kind == FEEL_DATE && feel_day_add_months(a.i64, months, &i))
        return feel_date(i);
    if (a.kind == FEEL_DATE_TIME && feel_moment_add_months(*time_of(a), months, &t))
        return feel_time_value(run->arena, FEEL_DATE_TIME, t);
    if (a.kind == FEEL_MONTHS && !__builtin_add_overflow(a.i64, months, &i))
        return feel_months(i);
    return out_of_range(run, node);
}

static struct feel_value add_duration(struct feel_run *run, const struct feel_node *node, struct feel_value a,
                                      struct feel_duration d)
{
    struct feel_time t;
    struct feel_duration sum;
    int64_t i;
    if (a.kind == FEEL_DATE && feel_day_add(a.i64, d, &i))
        return feel_date(i);
    if (a.kind == FEEL_DATE_TIME && feel_moment_add(*time_of(a), d, &t))
        return feel_time_value(run->arena, FEEL_DATE_TIME, t);
    if (a.kind == FEEL_TIME)
        return feel_time_value(run->arena, FEEL_TIME, feel_time_add(*time_of(a), d));
    if (a.kind == FEEL_DURATION && feel_duration_add(feel_duration_of(a), d, &sum))
        return feel_duration_value(sum);
    return out_of_range(run, node);
}

static bool takes_months(struct feel_value v)
{
    return v.kind == FEEL_DATE || v.kind == FEEL_DATE_TIME || v.kind == FEEL_MONTHS;
}

static bool takes_duration(struct feel_value v)
{
    return v.kind == FEEL_DATE || v.kind == FEEL_DATE_TIME || v.kind == FEEL_TIME || v.kind == FEEL_DURATION;
}

static struct feel_value add(struct feel_run *run, const struct feel_node *node, struct feel_value a,
                             struct feel_value b)
{
    if (a.kind == FEEL_STRING && b.kind == FEEL_STRING)
        return texts(run, node, a, b);
    if (b.kind == FEEL_MONTHS && takes_months(a))
        return add_months(run, node, a, b.i64);
    if (a.kind == FEEL_MONTHS && takes_months(b))
        return add_months(run, node, b, a.i64);
    if (b.kind == FEEL_DURATION && takes_duration(a))
        return add_duration(run, node, a, feel_duration_of(b));
    if (a.kind == FEEL_DURATION && takes_duration(b))
        return add_duration(run, node, b, feel_duration_of(a));
    return feel_null_of(run, node, a, b, op_words[OP_ADD]);
}

static struct feel_time moment_of(struct feel_value v)
{
    return v.kind == FEEL_DATE ? feel_moment_utc(v.i64) : *time_of(v);
}

static struct feel_value subtract(struct feel_run *run, const struct feel_node *node, struct feel_value a,
                                  struct feel_value b)
{
    struct feel_duration d;
    bool a_day = a.kind == FEEL_DATE || a.kind == FEEL_DATE_TIME,
         b_day = b.kind == FEEL_DATE || b.kind == FEEL_DATE_TIME;
    if (a.kind == FEEL_DATE && b.kind == FEEL_DATE)
        return feel_duration_value(feel_day_sub(a.i64, b.i64));
    if (a_day && b_day) {
        if (feel_moment_sub(moment_of(a), moment_of(b), &d))
            return feel_duration_value(d);
        return feel_null_why(run, node, FEEL_WHY_TYPE, "one date and time has a zone and the other has not");
    }
    if (a.kind == FEEL_TIME && b.kind == FEEL_TIME) {
        if (feel_time_sub(*time_of(a), *time_of(b), &d))
            return feel_duration_value(d);
        return feel_null_why(run, node, FEEL_WHY_TYPE, "one time has a zone and the other has not");
    }
    if (b.kind == FEEL_MONTHS && takes_months(a) && b.i64 != INT64_MIN)
        return add_months(run, node, a, -b.i64);
    if (b.kind == FEEL_DURATION && takes_duration(a) && feel_duration_neg(feel_duration_of(b), &d))
        return add_duration(run, node, a, d);
    return feel_null_of(run, node, a, b, op_words[OP_SUB]);
}

static struct feel_value multiply(struct feel_run *run, const struct feel_node *node, struct feel_value a,
                                  struct feel_value b)
{
    struct feel_duration d;
    int64_t months;
    struct feel_value n = a.kind == FEEL_NUMBER ? a : b, x = a.kind == FEEL_NUMBER ? b : a;
    if (n.kind != FEEL_NUMBER || (x.kind != FEEL_MONTHS && x.kind != FEEL_DURATION))
        return feel_null_of(run, node, a, b, op_words[OP_MUL]);
    if (x.kind == FEEL_MONTHS && feel_months_mul(x.i64, feel_num_of_value(n), &months))
        return feel_months(months);
    if (x.kind == FEEL_DURATION && feel_duration_mul(feel_duration_of(x), feel_num_of_value(n), &d))
        return feel_duration_value(d);
    return out_of_range(run, node);
}

static struct feel_value divide(struct feel_run *run, const struct feel_node *node, struct feel_value a,
                                struct feel_value b)
{
    struct feel_duration d;
    struct feel_num n;
    int64_t months;
    bool by_number = b.kind == FEEL_NUMBER;
    if ((a.kind != FEEL_MONTHS && a.kind != FEEL_DURATION) || (!by_number && a.kind != b.kind))
        return feel_null_of(run, node, a, b, op_words[OP_DIV]);
    if (a.kind == FEEL_MONTHS && by_number && feel_months_div(a.i64, feel_num_of_value(b), &months))
        return feel_months(months);
    if (a.kind == FEEL_DURATION && by_number && feel_duration_div(feel_duration_of(a), feel_num_of_value(b), &d))
        return feel_duration_value(d);
    if (a.kind == FEEL_MONTHS && !by_number && feel_months_ratio(a.i64, b.i64, &n))
        return feel_number(run->arena, n);
    if (a.kind == FEEL_DURATION && !by_number && feel_duration_ratio(feel_duration_of(a), feel_duration_of(b), &n))
        return feel_number(run->arena, n);
    return feel_null_why(run, node, FEEL_WHY_RANGE, "division by zero, or the result is outside its range");
}

/* ---- Comparison */

static struct feel_value compared(struct feel_run *run, const struct feel_node *node, enum feel_op op,
                                  struct feel_value a, struct feel_value b)
{
    int order;
    if (op == OP_EQ || op == OP_NE) {
        int same = feel_same(run, a, b);
        if (same < 0 && a.kind == b.kind && (a.kind == FEEL_LIST || a.kind == FEEL_CONTEXT))
            return feel_null_why(run, node, FEEL_WHY_LIMIT, "too deep or too large to compare");
        return same < 0 ? feel_null_of(run, node, a, b, op_words[op]) : feel_bool((op == OP_EQ) == (same == 1));
    }
    if (!feel_compare(a, b, &order))
        return feel_null_of(run, node, a, b, op_words[op]);
    return feel_bool(op == OP_LT ? order < 0 : op == OP_LE ? order <= 0 : op == OP_GT ? order > 0 : order >= 0);
}

struct feel_value feel_op(struct feel_run *run, const struct feel_node *node, enum feel_op op, struct feel_value a,
                          struct feel_value b)
{
    if (op >= OP_EQ)
        return compared(run, node, op, a, b);
    if (a.kind == FEEL_NUMBER && b.kind == FEEL_NUMBER)
        return numbers(run, node, op, a, b);
    switch (op) {
    case OP_ADD:
        return add(run, node, a, b);
    case OP_SUB:
        return subtract(run, node, a, b);
    case OP_MUL:
        return multiply(run, node, a, b);
    case OP_DIV:
        return divide(run, node, a, b);
    default:
        return feel_null_of(run, node, a, b, op_words[op]);
    }
}

/* ---- The nodes. Two numbers of the fast form, most often whole or money, are done here; all else above. */

/* A number of the fast form: kind and tag, which lie side by side, read at once. */
static inline bool is_fast(const struct feel_value *v)
{
    static const unsigned char wanted[2] = {FEEL_NUMBER, 0};
    return memcmp(v, wanted, sizeof wanted) == 0;
}

static inline struct feel_value fast_number(int64_t coefficient, int scale)
{
    return (struct feel_value){.kind = FEEL_NUMBER, .scale = (int8_t)scale, .i64 = coefficient};
}

/* The left operand is taken first; it stays where it is unless the right one is more than a variable. */
#define OPERANDS \
    struct feel_value room_a, room_b; \
    const struct feel_value *a = feel_peek(run, node->a, &room_a); \
    if (a != &room_a && !feel_node_is_still(node->b)) { \
        room_a = *a; \
        a = &room_a; \
    } \
    const struct feel_value *b = feel_peek(run, node->b, &room_b)

static struct feel_value eval_add(struct feel_run *run, const struct feel_node *node)
{
    OPERANDS;
    int64_t n;
    if (is_fast(a) && is_fast(b) && a->scale == b->scale && !__builtin_add_overflow(a->i64, b->i64, &n))
        return fast_number(n, a->scale);
    return feel_op(run, node, OP_ADD, *a, *b);
}

static struct feel_value eval_sub(struct feel_run *run, const struct feel_node *node)
{
    OPERANDS;
    int64_t n;
    if (is_fast(a) && is_fast(b) && a->scale == b->scale && !__builtin_sub_overflow(a->i64, b->i64, &n))
        return fast_number(n, a->scale);
    return feel_op(run, node, OP_SUB, *a, *b);
}

static struct feel_value eval_mul(struct feel_run *run, const struct feel_node *node)
{
    OPERANDS;
    int64_t n;
    if (is_fast(a) && is_fast(b) && a->scale + b->scale <= FEEL_NUM_SCALE_MAX &&
        !__builtin_mul_overflow(a->i64, b->i64, &n))
        return fast_number(n, a->scale + b->scale);
    return feel_op(run, node, OP_MUL, *a, *b);
}

static struct feel_value eval_div(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value a = feel_eval(run, node->a);
    return feel_op(run, node, OP_DIV, a, feel_eval(run, node->b));
}

static struct feel_value eval_pow(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value a = feel_eval(run, node->a);
    return feel_op(run, node, OP_POW, a, feel_eval(run, node->b));
}

#define COMPARISON(name, op, test) \
    static struct feel_value name(struct feel_run *run, const struct feel_node *node) \
    { \
        OPERANDS; \
        if (is_fast(a) && is_fast(b) && a->scale == b->scale) \
            return feel_bool(a->i64 test b->i64); \
        return compared(run, node, op, *a, *b); \
    }
COMPARISON(eval_eq, OP_EQ, ==)
COMPARISON(eval_ne, OP_NE, !=)
COMPARISON(eval_lt, OP_LT, <)
COMPARISON(eval_le, OP_LE, <=)
COMPARISON(eval_gt, OP_GT, >)
COMPARISON(eval_ge, OP_GE, >=)

feel_eval_fn *feel_op_eval(enum feel_op op)
{
    static feel_eval_fn *const evals[] = {eval_add, eval_sub, eval_mul, eval_div, eval_pow, eval_eq,
                                          eval_ne,  eval_lt,  eval_le,  eval_gt,  eval_ge};
    return evals[op];
}

struct feel_value feel_eval_neg(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value a = feel_eval(run, node->a);
    struct feel_duration d;
    if (a.kind == FEEL_NUMBER)
        return feel_number(run->arena, feel_num_neg(feel_num_of_value(a)));
    if (a.kind == FEEL_MONTHS && a.i64 != INT64_MIN)
        return feel_months(-a.i64);
    if (a.kind == FEEL_DURATION && feel_duration_neg(feel_duration_of(a), &d))
        return feel_duration_value(d);
    return a.kind == FEEL_NULL && a.n
               ? a
               : feel_null_why(run, node, FEEL_WHY_TYPE, "the negative of a %s", feel_kind_name(a.kind));
}
