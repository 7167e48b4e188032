#include "feel/feel_num.h"

#include "feel/feel_num_bid.h"

#define WIDE_LIMIT_HI UINT64_C(0x0001ed09bead87c0) /* 10^34 */
#define WIDE_LIMIT_LO UINT64_C(0x378d8e6400000000)
#define WIDE_LIMIT ((u128)WIDE_LIMIT_HI << 64 | WIDE_LIMIT_LO)

const int64_t feel_num_pow10[FEEL_NUM_SCALE_MAX + 1] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
};

const char *feel_num_err_text(enum feel_num_err e)
{
    switch (e) {
    case FEEL_NUM_OK:
        return "no fault";
    case FEEL_NUM_DIV_ZERO:
        return "division by zero";
    case FEEL_NUM_OVERFLOW:
        return "overflow";
    case FEEL_NUM_INVALID:
        break;
    }
    return "invalid operation";
}

/* ---- The two forms ---- */

u128 feel_wide_pow10(int n)
{
    if (n <= FEEL_NUM_SCALE_MAX)
        return (u128)feel_num_pow10[n];
    if (n <= 2 * FEEL_NUM_SCALE_MAX)
        return (u128)feel_num_pow10[FEEL_NUM_SCALE_MAX] * (u128)feel_num_pow10[n - FEEL_NUM_SCALE_MAX];
    return (u128)feel_num_pow10[FEEL_NUM_SCALE_MAX] * (u128)feel_num_pow10[FEEL_NUM_SCALE_MAX] *
           (u128)feel_num_pow10[n - 2 * FEEL_NUM_SCALE_MAX];
}

static inline uint64_t magnitude(int64_t v)
{
    return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

static inline struct feel_parts open_bid(BID_UINT128 b)
{
    return (struct feel_parts){.coefficient = (u128)(b.w[1] & ((UINT64_C(1) << FEEL_BID_EXP_SHIFT) - 1)) << 64 | b.w[0],
                               .exp = (int)(b.w[1] >> FEEL_BID_EXP_SHIFT & 0x3fff) - FEEL_BID_EXP_BIAS,
                               .negative = b.w[1] >> 63};
}

static inline BID_UINT128 close_bid(struct feel_parts p)
{
    return (BID_UINT128){{(uint64_t)p.coefficient, (uint64_t)p.negative << 63 |
                                                       (uint64_t)(p.exp + FEEL_BID_EXP_BIAS) << FEEL_BID_EXP_SHIFT |
                                                       (uint64_t)(p.coefficient >> 64)}};
}

struct feel_parts feel_wide_open(struct feel_num a)
{
    if (feel_num_is_fast(a))
        return (struct feel_parts){
            .coefficient = magnitude((int64_t)a.lo), .exp = -(int)a.hi, .negative = (int64_t)a.lo < 0};
    return open_bid((BID_UINT128){{a.lo, ~a.hi}});
}

static inline BID_UINT128 bid_of(struct feel_num a)
{
    if (feel_num_is_fast(a))
        return close_bid(feel_wide_open(a));
    return (BID_UINT128){{a.lo, ~a.hi}};
}

static inline bool fits_fast(struct feel_parts p)
{
    return p.exp <= 0 && p.exp >= -FEEL_NUM_SCALE_MAX && p.coefficient <= (u128)INT64_MAX + p.negative;
}

static inline bool cut_zero(struct feel_parts *p)
{
    if ((p->coefficient & 1) || p->coefficient % 10 != 0)
        return false;
    p->coefficient /= 10;
    p->exp++;
    return true;
}

/* The one form of a number within the range of a decimal128. */
static struct feel_num settle(struct feel_parts p)
{
    if (p.coefficient == 0)
        return (struct feel_num){0, p.exp < 0 && p.exp >= -FEEL_NUM_SCALE_MAX ? (uint64_t)-p.exp : 0};
    struct feel_parts f = p;
    while (f.exp > 0 && f.coefficient <= INT64_MAX) {
        f.coefficient *= 10;
        f.exp--;
    }
    while (f.exp < 0 && !fits_fast(f) && cut_zero(&f))
        continue;
    if (fits_fast(f))
        return (struct feel_num){p.negative ? 0 - (uint64_t)f.coefficient : (uint64_t)f.coefficient, (uint64_t)-f.exp};
    BID_UINT128 b = close_bid(p);
    return (struct feel_num){b.w[0], ~b.w[1]};
}

u128 feel_wide_cut(struct feel_parts p, int digits, bool sticky, enum feel_num_round mode)
{
    u128 unit = digits <= FEEL_WIDE_POW10_MAX ? feel_wide_pow10(digits) : 0; /* 0: far beyond the coefficient */
    u128 kept = 0, rest = p.coefficient;
    if (digits <= FEEL_NUM_SCALE_MAX && p.coefficient <= UINT64_MAX) { /* common, and needs no division of 128 bits */
        kept = (uint64_t)p.coefficient / (uint64_t)unit;
        rest = (uint64_t)p.coefficient % (uint64_t)unit;
    } else if (unit) {
        kept = p.coefficient / unit;
        rest = p.coefficient % unit;
    }
    bool exact = rest == 0 && !sticky;
    /* 10^38 / 2 > 10^34: where there is no unit, the rest is below half of it */
    int half = !unit || rest < unit / 2 ? -1 : rest > unit / 2 || sticky;
    bool away = false;
    switch (mode) {
    case FEEL_NUM_HALF_EVEN:
        away = half > 0 || (half == 0 && (kept & 1));
        break;
    case FEEL_NUM_HALF_UP:
        away = half >= 0;
        break;
    case FEEL_NUM_HALF_DOWN:
        away = half > 0;
        break;
    case FEEL_NUM_UP:
        away = !exact;
        break;
    case FEEL_NUM_DOWN:
        break;
    case FEEL_NUM_FLOOR:
        away = !exact && p.negative;
        break;
    case FEEL_NUM_CEILING:
        away = !exact && !p.negative;
        break;
    }
    return kept + away;
}

enum feel_num_err feel_wide_close(struct feel_parts p, struct feel_num *ret_number)
{
    while (p.exp > FEEL_WIDE_EXP_MAX && p.coefficient != 0) {
        if (p.coefficient * 10 >= WIDE_LIMIT)
            return FEEL_NUM_OVERFLOW;
        p.coefficient *= 10;
        p.exp--;
    }
    if (p.exp < FEEL_WIDE_EXP_MIN) {
        p.coefficient = feel_wide_cut(p, FEEL_WIDE_EXP_MIN - p.exp, false, FEEL_NUM_HALF_EVEN);
        p.exp = FEEL_WIDE_EXP_MIN;
    }
    *ret_number = settle(p);
    return FEEL_NUM_OK;
}

static enum feel_num_err settle_bid(BID_UINT128 b, _IDEC_flags flags, struct feel_num *ret)
{
    if (flags & BID_INVALID_EXCEPTION)
        return FEEL_NUM_INVALID;
    if (flags & BID_ZERO_DIVIDE_EXCEPTION)
        return FEEL_NUM_DIV_ZERO;
    if ((flags & BID_OVERFLOW_EXCEPTION) || (b.w[1] & UINT64_C(0x7800000000000000)) == UINT64_C(0x7800000000000000))
        return FEEL_NUM_OVERFLOW;
    *ret = settle(open_bid(b));
    return FEEL_NUM_OK;
}

/* As settle_bid, without the zeros that a function leaves whose result has no exponent of its own. */
static enum feel_num_err settle_plain(BID_UINT128 b, _IDEC_flags flags, struct feel_num *ret)
{
    struct feel_num r;
    enum feel_num_err e = settle_bid(b, flags, &r);
    if (e)
        return e;
    struct feel_parts p = feel_wide_open(r);
    while (p.exp < 0 && p.coefficient != 0 && cut_zero(&p))
        continue;
    *ret = settle(p);
    return FEEL_NUM_OK;
}

BID_UINT128 feel_bid_of(struct feel_num a)
{
    return bid_of(a);
}

enum feel_num_err feel_bid_settle(BID_UINT128 b, _IDEC_flags flags, struct feel_num *ret)
{
    return settle_bid(b, flags, ret);
}

enum feel_num_err feel_bid_settle_plain(BID_UINT128 b, _IDEC_flags flags, struct feel_num *ret)
{
    return settle_plain(b, flags, ret);
}

/* ---- Arithmetic ---- */

/* Both fast: their coefficients at the greater of the two scales. */
static inline uint64_t align(struct feel_num a, struct feel_num b, __int128 *ret_a, __int128 *ret_b)
{
    __int128 x = (int64_t)a.lo, y = (int64_t)b.lo;
    if (a.hi < b.hi)
        x *= feel_num_pow10[b.hi - a.hi];
    else
        y *= feel_num_pow10[a.hi - b.hi];
    *ret_a = x;
    *ret_b = y;
    return a.hi > b.hi ? a.hi : b.hi;
}

static inline bool fits_i64(__int128 v)
{
    return v == (int64_t)v;
}

enum feel_num_err feel_num_add_slow(struct feel_num a, struct feel_num b, struct feel_num *ret_sum)
{
    if (feel_num_is_fast(a) && feel_num_is_fast(b)) {
        __int128 x, y;
        uint64_t scale = align(a, b, &x, &y);
        if (fits_i64(x + y)) {
            *ret_sum = (struct feel_num){(uint64_t)(x + y), scale};
            return FEEL_NUM_OK;
        }
    }
    _IDEC_flags flags = 0;
    BID_UINT128 r = bid128_add(bid_of(a), bid_of(b), BID_ROUNDING_TO_NEAREST, &flags);
    return settle_bid(r, flags, ret_sum);
}

enum feel_num_err feel_num_sub_slow(struct feel_num a, struct feel_num b, struct feel_num *ret_difference)
{
    if (feel_num_is_fast(a) && feel_num_is_fast(b)) {
        __int128 x, y;
        uint64_t scale = align(a, b, &x, &y);
        if (fits_i64(x - y)) {
            *ret_difference = (struct feel_num){(uint64_t)(x - y), scale};
            return FEEL_NUM_OK;
        }
    }
    _IDEC_flags flags = 0;
    BID_UINT128 r = bid128_sub(bid_of(a), bid_of(b), BID_ROUNDING_TO_NEAREST, &flags);
    return settle_bid(r, flags, ret_difference);
}

enum feel_num_err feel_num_mul_slow(struct feel_num a, struct feel_num b, struct feel_num *ret_product)
{
    _IDEC_flags flags = 0;
    BID_UINT128 r = bid128_mul(bid_of(a), bid_of(b), BID_ROUNDING_TO_NEAREST, &flags);
    return settle_bid(r, flags, ret_product);
}

int feel_num_cmp_slow(struct feel_num a, struct feel_num b)
{
    if (feel_num_is_fast(a) && feel_num_is_fast(b)) {
        __int128 x, y;
        align(a, b, &x, &y);
        return (x > y) - (x < y);
    }
    _IDEC_flags flags = 0;
    BID_UINT128 x = bid_of(a), y = bid_of(b);
    if (bid128_quiet_less(x, y, &flags))
        return -1;
    return bid128_quiet_greater(x, y, &flags);
}

/* Both fast, b not zero: their quotient when a few more digits make it exact, with the exponent that IEEE 754 prefers:
   as near as can be to the difference of the operands'. */
static bool div_short(struct feel_num a, struct feel_num b, struct feel_num *ret)
{
    enum { MORE_DIGITS = 6 };
    int64_t x = (int64_t)a.lo, y = (int64_t)b.lo;
    int64_t scale = (int64_t)a.hi - (int64_t)b.hi;
    if (y == -1)
        return false;                   /* INT64_MIN */
    bool ends = !(y & 1) || y % 5 == 0; /* of other divisors no digit more makes it exact */
    for (int k = 0; k <= MORE_DIGITS && scale <= FEEL_NUM_SCALE_MAX; k++, scale++) {
        if (scale >= 0 && x % y == 0) {
            *ret = feel_num_scaled(x / y, (unsigned)scale);
            return true;
        }
        if ((scale >= 0 && !ends) || __builtin_mul_overflow(x, 10, &x))
            return false;
    }
    return false;
}

enum feel_num_err feel_num_div(struct feel_num a, struct feel_num b, struct feel_num *ret_quotient)
{
    if (feel_num_is_fast(b)) {
        if (b.lo == 0)
            return FEEL_NUM_DIV_ZERO;
        if (feel_num_is_fast(a) && div_short(a, b, ret_quotient))
            return FEEL_NUM_OK;
    }
    _IDEC_flags flags = 0;
    BID_UINT128 r = bid128_div(bid_of(a), bid_of(b), BID_ROUNDING_TO_NEAREST, &flags);
    return settle_bid(r, flags, ret_quotient);
}

enum feel_num_err feel_num_mod(struct feel_num a, struct feel_num b, struct feel_num *ret_remainder)
{
    if (feel_num_sign(b) == 0)
        return FEEL_NUM_DIV_ZERO;
    if (feel_num_is_fast(a) && feel_num_is_fast(b)) {
        __int128 x, y;
        uint64_t scale = align(a, b, &x, &y);
        __int128 r = x % y;
        if (r != 0 && (r < 0) != (y < 0))
            r += y;
        if (fits_i64(r)) {
            *ret_remainder = (struct feel_num){(uint64_t)r, scale};
            return FEEL_NUM_OK;
        }
    }
    _IDEC_flags flags = 0;
    BID_UINT128 r = bid128_fmod(bid_of(a), bid_of(b), &flags);
    struct feel_num rest;
    enum feel_num_err e = settle_bid(r, flags, &rest);
    if (e)
        return e;
    if (feel_num_sign(rest) != 0 && feel_num_sign(rest) != feel_num_sign(b))
        return feel_num_add(rest, b, ret_remainder);
    *ret_remainder = rest;
    return FEEL_NUM_OK;
}

struct feel_num feel_num_neg(struct feel_num a)
{
    struct feel_parts p = feel_wide_open(a);
    p.negative = !p.negative;
    return settle(p);
}

struct feel_num feel_num_abs(struct feel_num a)
{
    return feel_num_sign(a) < 0 ? feel_num_neg(a) : a;
}

int feel_num_sign(struct feel_num a)
{
    if (feel_num_is_fast(a))
        return ((int64_t)a.lo > 0) - ((int64_t)a.lo < 0);
    return ~a.hi >> 63 ? -1 : 1; /* zero is always fast */
}

/* Its digits before the point, when nothing but zeros follows it; the last of them alone when there are more than 38.
 */
static bool whole(struct feel_num a, u128 *ret_units)
{
    struct feel_parts p = feel_wide_open(a);
    if (p.exp > 0) {
        *ret_units = 0;
        return true;
    }
    if (-p.exp > FEEL_WIDE_POW10_MAX)
        return false;
    u128 unit = feel_wide_pow10(-p.exp);
    *ret_units = p.coefficient / unit;
    return p.coefficient % unit == 0;
}

bool feel_num_is_int(struct feel_num a)
{
    u128 units;
    return a.hi == 0 || whole(a, &units);
}

bool feel_num_is_even(struct feel_num a)
{
    u128 units;
    return whole(a, &units) && units % 2 == 0;
}

bool feel_num_is_odd(struct feel_num a)
{
    u128 units;
    return whole(a, &units) && units % 2 == 1;
}

enum feel_num_err feel_num_round(struct feel_num a, int64_t scale, enum feel_num_round mode,
                                 struct feel_num *ret_rounded)
{
    if (scale < FEEL_NUM_ROUND_LOW || scale > FEEL_NUM_ROUND_HIGH)
        return FEEL_NUM_INVALID;
    struct feel_parts p = feel_wide_open(a);
    int exp = (int)-scale;
    if (p.exp >= exp) {
        /* no digit is cut; decimal(1.5, 2) shows as 1.50 while the fast form can hold it */
        int64_t padded;
        if (feel_num_is_fast(a) && scale <= FEEL_NUM_SCALE_MAX &&
            !__builtin_mul_overflow((int64_t)a.lo, feel_num_pow10[scale - (int64_t)a.hi], &padded))
            a = feel_num_scaled(padded, (unsigned)scale);
        *ret_rounded = a;
        return FEEL_NUM_OK;
    }
    p.coefficient = feel_wide_cut(p, exp - p.exp, false, mode);
    p.exp = exp;
    return feel_wide_close(p, ret_rounded);
}

/* ---- Powers, roots, logarithms ---- */

enum feel_num_err feel_num_sqrt(struct feel_num a, struct feel_num *ret_root)
{
    _IDEC_flags flags = 0;
    BID_UINT128 r = bid128_sqrt(bid_of(a), BID_ROUNDING_TO_NEAREST, &flags);
    return settle_bid(r, flags, ret_root);
}

/* ---- Conversions ---- */

double feel_num_to_double(struct feel_num a)
{
    if (a.hi == 0 && magnitude((int64_t)a.lo) <= UINT64_C(1) << 53)
        return (double)(int64_t)a.lo;
    _IDEC_flags flags = 0;
    return bid128_to_binary64(bid_of(a), BID_ROUNDING_TO_NEAREST, &flags);
}

bool feel_num_trunc_i64(struct feel_num a, int64_t *ret_value)
{
    if (feel_num_is_fast(a)) {
        *ret_value = (int64_t)a.lo / feel_num_pow10[a.hi];
        return true;
    }
    struct feel_parts p = feel_wide_open(a);
    if (p.exp > 0)
        return false; /* a wide whole number is beyond int64 */
    u128 units = -p.exp > FEEL_WIDE_POW10_MAX ? 0 : p.coefficient / feel_wide_pow10(-p.exp);
    if (units > (u128)INT64_MAX + p.negative)
        return false;
    *ret_value = p.negative ? (int64_t)(0 - (uint64_t)units) : (int64_t)units;
    return true;
}

bool feel_num_to_i64(struct feel_num a, int64_t *ret_value)
{
    return feel_num_is_int(a) && feel_num_trunc_i64(a, ret_value);
}

static inline uint64_t mix(uint64_t x)
{
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

uint64_t feel_num_hash(struct feel_num a)
{
    if (feel_num_is_fast(a)) {
        while (a.hi > 0 && (int64_t)a.lo % 10 == 0)
            a = feel_num_scaled((int64_t)a.lo / 10, (unsigned)a.hi - 1);
        return mix(a.lo ^ mix(a.hi + UINT64_C(0x9e3779b97f4a7c15)));
    }
    struct feel_parts p = feel_wide_open(a);
    while (cut_zero(&p))
        continue;
    BID_UINT128 b = close_bid((struct feel_parts){.coefficient = p.coefficient, .negative = p.negative});
    return mix(b.w[0] ^ mix(b.w[1] ^ mix((uint64_t)(p.exp + 2 * FEEL_BID_EXP_BIAS))));
}
