/* The number of FEEL: a decimal of at most 34 significant digits, rounded half to even (DMN 1.5, 10.3.2.3.1: IEEE
   754-2008 decimal128). 16 bytes, by value. There is no NaN and no infinity: an operation without a result returns why.

   Two forms. Fast: `lo` is a signed 64 bit coefficient and `hi` the number of its decimals, 0 … 18. Wide: `lo` and the
   complement of `hi` are the two words of a decimal128 (BID encoding); no finite decimal128 complements to a small
   `hi`. A value that fits the fast form is always kept in it, so a fast and a wide number are never equal, and {0} is
   the number zero. Trailing zeros are kept as IEEE 754 keeps them (1.50 + 1.5 is 3.00) as long as the fast form or the
   34 digits hold them; they say nothing about the value. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

struct feel_num {
    uint64_t lo, hi;
};

enum feel_num_err {
    FEEL_NUM_OK,
    FEEL_NUM_DIV_ZERO, /* division, modulo or a negative power by or of zero */
    FEEL_NUM_OVERFLOW, /* more than 9.99…e6144 */
    FEEL_NUM_INVALID,  /* not a number's text, root or logarithm of a negative, scale out of range, not an integer */
};

/* For messages: "division by zero", "overflow", "invalid operation". Never NULL. */
const char *feel_num_err_text(enum feel_num_err e);

enum feel_num_round {
    FEEL_NUM_HALF_EVEN, /* decimal() */
    FEEL_NUM_HALF_UP,   /* ties away from zero */
    FEEL_NUM_HALF_DOWN, /* ties towards zero */
    FEEL_NUM_UP,        /* away from zero */
    FEEL_NUM_DOWN,      /* towards zero */
    FEEL_NUM_FLOOR,     /* towards minus infinity */
    FEEL_NUM_CEILING,   /* towards infinity */
};

enum {
    FEEL_NUM_SCALE_MAX = 18,    /* decimals of the fast form */
    FEEL_NUM_DIGITS = 34,       /* significant digits */
    FEEL_NUM_ROUND_LOW = -6111, /* least scale of the rounding functions (10.3.4.5) */
    FEEL_NUM_ROUND_HIGH = 6176, /* greatest */
};

/* 10^0 … 10^18. */
extern const int64_t feel_num_pow10[FEEL_NUM_SCALE_MAX + 1];

static inline struct feel_num feel_num_of(int64_t value)
{
    return (struct feel_num){(uint64_t)value, 0};
}
/* coefficient × 10^-scale; scale 0 … 18. */
static inline struct feel_num feel_num_scaled(int64_t coefficient, unsigned scale)
{
    return (struct feel_num){(uint64_t)coefficient, scale};
}
static inline bool feel_num_is_fast(struct feel_num a)
{
    return a.hi <= FEEL_NUM_SCALE_MAX;
}

/* What the inline functions below do when the fast form does not hold the operands or the result. */
enum feel_num_err feel_num_add_slow(struct feel_num a, struct feel_num b, struct feel_num *ret_sum);
enum feel_num_err feel_num_sub_slow(struct feel_num a, struct feel_num b, struct feel_num *ret_difference);
enum feel_num_err feel_num_mul_slow(struct feel_num a, struct feel_num b, struct feel_num *ret_product);
int feel_num_cmp_slow(struct feel_num a, struct feel_num b);

/* a + b. OVERFLOW. */
static inline enum feel_num_err feel_num_add(struct feel_num a, struct feel_num b, struct feel_num *ret_sum)
{
    int64_t sum;
    if (a.hi != b.hi || !feel_num_is_fast(a) || __builtin_add_overflow((int64_t)a.lo, (int64_t)b.lo, &sum))
        return feel_num_add_slow(a, b, ret_sum);
    *ret_sum = (struct feel_num){(uint64_t)sum, a.hi};
    return FEEL_NUM_OK;
}

/* a - b. OVERFLOW. */
static inline enum feel_num_err feel_num_sub(struct feel_num a, struct feel_num b, struct feel_num *ret_difference)
{
    int64_t difference;
    if (a.hi != b.hi || !feel_num_is_fast(a) || __builtin_sub_overflow((int64_t)a.lo, (int64_t)b.lo, &difference))
        return feel_num_sub_slow(a, b, ret_difference);
    *ret_difference = (struct feel_num){(uint64_t)difference, a.hi};
    return FEEL_NUM_OK;
}

/* a × b. OVERFLOW. */
static inline enum feel_num_err feel_num_mul(struct feel_num a, struct feel_num b, struct feel_num *ret_product)
{
    int64_t product;
    if (!feel_num_is_fast(a) || !feel_num_is_fast(b) || a.hi + b.hi > FEEL_NUM_SCALE_MAX ||
        __builtin_mul_overflow((int64_t)a.lo, (int64_t)b.lo, &product))
        return feel_num_mul_slow(a, b, ret_product);
    *ret_product = (struct feel_num){(uint64_t)product, a.hi + b.hi};
    return FEEL_NUM_OK;
}

/* Negative, 0 or positive as a is less than, equal to or greater than b by value: 0 equals 0.00. */
static inline int feel_num_cmp(struct feel_num a, struct feel_num b)
{
    if (a.hi != b.hi || !feel_num_is_fast(a))
        return feel_num_cmp_slow(a, b);
    return ((int64_t)a.lo > (int64_t)b.lo) - ((int64_t)a.lo < (int64_t)b.lo);
}
static inline bool feel_num_eq(struct feel_num a, struct feel_num b)
{
    return feel_num_cmp(a, b) == 0;
}

/* a ÷ b, rounded to 34 digits. DIV_ZERO, OVERFLOW. */
enum feel_num_err feel_num_div(struct feel_num a, struct feel_num b, struct feel_num *ret_quotient);
/* a ** b (10.3.2.13), as 34 digits have it for an integer exponent, exact where they can be; otherwise within ten units
   of the 34th digit. 0 ** 0 is 1. DIV_ZERO (0 to a negative power), OVERFLOW, INVALID (a negative base with an exponent
   that is no integer). What is too small for a decimal128 is 0. */
enum feel_num_err feel_num_pow(struct feel_num a, struct feel_num b, struct feel_num *ret_power);
/* The remainder with the sign of the divisor: a - b × floor(a ÷ b), however great the quotient. DIV_ZERO. */
enum feel_num_err feel_num_mod(struct feel_num a, struct feel_num b, struct feel_num *ret_remainder);

struct feel_num feel_num_neg(struct feel_num a);
struct feel_num feel_num_abs(struct feel_num a);
int feel_num_sign(struct feel_num a); /* -1, 0, 1 */
bool feel_num_is_int(struct feel_num a);
/* Whole and divisible by two, or not; both false when it is not whole. Negative numbers too. */
bool feel_num_is_even(struct feel_num a);
bool feel_num_is_odd(struct feel_num a);

/* Rounded to `scale` decimals (negative: to tens, hundreds …), -6111 … 6176, else INVALID. A number with no more
   decimals than that keeps its value. decimal(2.5, 0) is 2; round half up(2.5, 0) is 3. OVERFLOW. */
enum feel_num_err feel_num_round(struct feel_num a, int64_t scale, enum feel_num_round mode,
                                 struct feel_num *ret_rounded);

/* Correctly rounded root. INVALID when negative. */
enum feel_num_err feel_num_sqrt(struct feel_num a, struct feel_num *ret_root);
/* e ** a and the natural logarithm, within two units of the 34th digit. exp: OVERFLOW. log: INVALID unless positive. */
enum feel_num_err feel_num_exp(struct feel_num a, struct feel_num *ret_power);
enum feel_num_err feel_num_log(struct feel_num a, struct feel_num *ret_logarithm);

/* A numeric literal of FEEL (10.3.1.2, rule 37), with an optional minus and nothing around it: 12, -1.50, .5, 1.23e-4.
   More than 34 digits are rounded half to even. INVALID when it is not one, OVERFLOW. A value too small for decimal128
   is 0. */
enum feel_num_err feel_num_parse(struct str text, struct feel_num *ret_number);
/* The literal that begins at text.p[0] (a digit, or a point before a digit; no minus): its length in bytes, 0 when
   there is none. `1..5` begins with the literal 1, `1.e` with 1, `1e` with 1. For a scanner. */
size_t feel_num_scan(struct str text);
/* As FEEL writes a number: digits and at most one point, never an exponent; 0.5 and not .5; -0 is 0. At most 6 212
 * bytes. */
void feel_num_write(struct feel_num a, struct buf *b);
struct str feel_num_text(struct feel_num a, struct arena *arena);

/* The shortest decimal that reads back as the same double: 0.1 is 0.1. INVALID for NaN and infinities. */
enum feel_num_err feel_num_from_double(double value, struct feel_num *ret_number);
/* Nearest double; infinite when the number is beyond its range. */
double feel_num_to_double(struct feel_num a);
/* False when it is not whole or not within int64. */
bool feel_num_to_i64(struct feel_num a, int64_t *ret_value);
/* Without its decimals (2.5 is 2, -2.5 is -2); false when that is not within int64. */
bool feel_num_trunc_i64(struct feel_num a, int64_t *ret_value);

/* Equal numbers have equal hashes. For tables in memory of trusted size; not keyed. */
uint64_t feel_num_hash(struct feel_num a);
