#include "feel_room.h"

/* Numeric functions (10.3.4.5), not() (10.3.4.2) and the conversions to numbers and strings (10.3.4.1). */

static struct feel_num num(const struct feel_call *c, size_t i)
{
    return feel_num_of_value(c->args[i]);
}

static struct feel_value result(struct feel_call *c, enum feel_num_err e, struct feel_num n)
{
    return e ? feel_null_why(c->run, c->node, FEEL_WHY_RANGE, "%s", feel_num_err_text(e))
             : feel_number(c->run->arena, n);
}

static struct feel_value rounded(struct feel_call *c, enum feel_num_round mode)
{
    struct feel_num n = {0, 0};
    int64_t scale = 0;
    if (c->n > 1 && !feel_num_trunc_i64(num(c, 1), &scale))
        return feel_bad_value(c, "the scale is too large");
    return result(c, feel_num_round(num(c, 0), scale, mode, &n), n);
}

static struct feel_value fn_decimal(struct feel_call *c)
{
    return rounded(c, FEEL_NUM_HALF_EVEN);
}

static struct feel_value fn_floor(struct feel_call *c)
{
    return rounded(c, FEEL_NUM_FLOOR);
}

static struct feel_value fn_ceiling(struct feel_call *c)
{
    return rounded(c, FEEL_NUM_CEILING);
}

static struct feel_value fn_round_up(struct feel_call *c)
{
    return rounded(c, FEEL_NUM_UP);
}

static struct feel_value fn_round_down(struct feel_call *c)
{
    return rounded(c, FEEL_NUM_DOWN);
}

static struct feel_value fn_round_half_up(struct feel_call *c)
{
    return rounded(c, FEEL_NUM_HALF_UP);
}

static struct feel_value fn_round_half_down(struct feel_call *c)
{
    return rounded(c, FEEL_NUM_HALF_DOWN);
}

static struct feel_value fn_abs(struct feel_call *c)
{
    struct feel_value v = c->args[0];
    struct feel_duration d;
    if (v.kind == FEEL_NUMBER)
        return feel_number(c->run->arena, feel_num_abs(num(c, 0)));
    if (v.kind == FEEL_MONTHS && v.i64 != INT64_MIN)
        return feel_months(v.i64 < 0 ? -v.i64 : v.i64);
    if (v.kind == FEEL_DURATION && feel_duration_abs(feel_duration_of(v), &d))
        return feel_duration_value(d);
    return feel_null_of(c->run, c->node, v, v, "abs");
}

static struct feel_value fn_modulo(struct feel_call *c)
{
    struct feel_num n = {0, 0};
    return result(c, feel_num_mod(num(c, 0), num(c, 1), &n), n);
}

static struct feel_value fn_sqrt(struct feel_call *c)
{
    struct feel_num n = {0, 0};
    return result(c, feel_num_sqrt(num(c, 0), &n), n);
}

static struct feel_value fn_log(struct feel_call *c)
{
    struct feel_num n = {0, 0};
    return result(c, feel_num_log(num(c, 0), &n), n);
}

static struct feel_value fn_exp(struct feel_call *c)
{
    struct feel_num n = {0, 0};
    return result(c, feel_num_exp(num(c, 0), &n), n);
}

static struct feel_value fn_odd(struct feel_call *c)
{
    return feel_bool(feel_num_is_odd(num(c, 0)));
}

static struct feel_value fn_even(struct feel_call *c)
{
    return feel_bool(feel_num_is_even(num(c, 0)));
}

/* Nine digits of a sequence (splitmix64) that begins with the clock of the run: the same clock gives the same numbers,
   so a decision can be evaluated again. */
static struct feel_value fn_random(struct feel_call *c)
{
    uint64_t z = c->run->random += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return feel_number(c->run->arena, feel_num_scaled((int64_t)((z ^ z >> 31) % 1000000000u), 9));
}

static struct feel_value fn_not(struct feel_call *c)
{
    struct feel_value v = c->args[0];
    return v.kind == FEEL_BOOLEAN ? feel_bool(!v.flag) : feel_null_of(c->run, c->node, v, v, "not");
}

/* ---- number(from, grouping separator, decimal separator) */

static bool is_separator(struct feel_value v, const char *of)
{
    return v.kind == FEEL_NULL || (v.kind == FEEL_STRING && v.n == 1 && strchr(of, v.text[0]));
}

static struct feel_value fn_number(struct feel_call *c)
{
    struct feel_value grouping = c->n > 1 ? c->args[1] : feel_null(), point = c->n > 2 ? c->args[2] : feel_null();
    struct str from = feel_str(c->args[0]);
    struct feel_num n;
    if (!is_separator(grouping, " ,.") || !is_separator(point, ",."))
        return feel_bad_value(c, "a separator that is none");
    if (grouping.kind == FEEL_STRING && point.kind == FEEL_STRING && feel_equal(grouping, point) == 1)
        return feel_bad_value(c, "the separators are the same");
    struct buf b = buf_make(c->run->arena);
    for (size_t i = 0; i < from.n; i++) {
        if (grouping.kind == FEEL_STRING && from.p[i] == grouping.text[0])
            continue;
        if (point.kind == FEEL_STRING && from.p[i] == point.text[0])
            buf_add_char(&b, '.');
        else if (point.kind == FEEL_STRING && from.p[i] == '.')
            return feel_bad_value(c, "not a number");
        else
            buf_add_char(&b, from.p[i]);
    }
    return feel_num_parse(buf_str(&b), &n) ? feel_bad_value(c, "not a number") : feel_number(c->run->arena, n);
}

static struct feel_value fn_string(struct feel_call *c)
{
    if (c->args[0].kind == FEEL_NULL)
        return c->args[0];
    if (c->args[0].kind == FEEL_STRING)
        return c->args[0];
    struct buf b = buf_make(c->run->arena);
    feel_write_string(&b, c->args[0]);
    return feel_text(c->run, c->node, buf_str(&b));
}

#define ROUND(name, fn) \
    { \
        FEEL_N(name), fn, NULL, {{"n", 'n'}, {"scale", 'n'}}, 2, 2, 0, FEEL_T_NUMBER \
    }
#define ONE(name, fn, param, type) \
    { \
        FEEL_N(name), fn, NULL, {{param, 'n'}}, 1, 1, 0, type \
    }

const struct feel_builtin feel_builtins_number[] = {
    ROUND("decimal", fn_decimal),
    {FEEL_N("floor"), fn_floor, NULL, {{"n", 'n'}, {"scale", 'n'}}, 2, 1, 0, FEEL_T_NUMBER},
    {FEEL_N("ceiling"), fn_ceiling, NULL, {{"n", 'n'}, {"scale", 'n'}}, 2, 1, 0, FEEL_T_NUMBER},
    ROUND("round up", fn_round_up),
    ROUND("round down", fn_round_down),
    ROUND("round half up", fn_round_half_up),
    ROUND("round half down", fn_round_half_down),
    {FEEL_N("abs"), fn_abs, NULL, {{"n", 'a'}}, 1, 1, 0, 0},
    {FEEL_N("modulo"), fn_modulo, NULL, {{"dividend", 'n'}, {"divisor", 'n'}}, 2, 2, 0, FEEL_T_NUMBER},
    ONE("sqrt", fn_sqrt, "number", FEEL_T_NUMBER),
    ONE("log", fn_log, "number", FEEL_T_NUMBER),
    ONE("exp", fn_exp, "number", FEEL_T_NUMBER),
    ONE("odd", fn_odd, "number", FEEL_T_BOOLEAN),
    ONE("even", fn_even, "number", FEEL_T_BOOLEAN),
    {FEEL_N("random number"), fn_random, NULL, {{NULL, 0}}, 0, 0, BUILTIN_IMPURE, FEEL_T_NUMBER},
    {FEEL_N("not"), fn_not, NULL, {{"negand", 'a'}}, 1, 1, 0, FEEL_T_BOOLEAN},
    {FEEL_N("number"),
     fn_number,
     NULL,
     {{"from", 's'}, {"grouping separator", 'S'}, {"decimal separator", 'S'}},
     3,
     3,
     0,
     FEEL_T_NUMBER},
    {FEEL_N("number"), fn_number, NULL, {{"from", 's'}}, 1, 1, 0, FEEL_T_NUMBER},
    {FEEL_N("string"), fn_string, NULL, {{"from", 'a'}}, 1, 1, 0, FEEL_T_STRING},
    {{NULL, 0}, NULL, NULL, {{NULL, 0}}, 0, 0, 0, 0}};
