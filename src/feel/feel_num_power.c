/* Powers, exp and log, right to the last of 34 digits: the library's own lose one or two. They are worked out with
   pairs of decimals, of some 66 digits, and rounded once. */
#include "feel/feel_num_bid.h"

enum {
    HALVINGS = 12,    /* exp(x) = exp(x / 2^12) ^ (2^12) */
    TERMS = 12,       /* of the series of exp; the argument is below 0.0003 */
    LONG_TERMS = 6,   /* of these need the second decimal */
    LEAST_EXP = -6100 /* below it the second of a pair does not exist any more */
};

/* A sum of two decimals, the second below the last digit of the first. */
struct pair {
    BID_UINT128 high, low;
};

/* coefficient × 10^exponent, at compile time; the coefficient in two words. */
#define DECIMAL(hi, lo, exponent) \
    { \
        { \
            lo, (hi) | (uint64_t)((exponent) + FEEL_BID_EXP_BIAS) << FEEL_BID_EXP_SHIFT \
        } \
    }

static const struct pair zero = {DECIMAL(0, 0, 0), DECIMAL(0, 0, 0)};
static const struct pair one = {DECIMAL(0, 1, 0), DECIMAL(0, 0, 0)};
static const struct pair per_4096 = {DECIMAL(0, 244140625, -12), DECIMAL(0, 0, 0)};
/* 2.302585092994045684017991454684364 and 2.076011014886287729760333279009676 × 10^-34 */
static const struct pair ln_10 = {DECIMAL(UINT64_C(0x7186b5b3ada4), UINT64_C(0x144d079b9275f4cc), -33),
                                  DECIMAL(UINT64_C(0x665af15ef5e1), UINT64_C(0x808aee9d09201b8c), -67)};
static const BID_UINT128 root_10 = DECIMAL(0, 3162, -3); /* nearly */

static struct pair pair_of(BID_UINT128 high, BID_UINT128 low, _IDEC_flags *flags)
{
    struct pair r = {.high = bid128_add(high, low, BID_ROUNDING_TO_NEAREST, flags)};
    BID_UINT128 moved = bid128_sub(r.high, high, BID_ROUNDING_TO_NEAREST, flags);
    r.low = bid128_sub(low, moved, BID_ROUNDING_TO_NEAREST, flags);
    return r;
}

static struct pair pair_whole(int64_t n)
{
    return (struct pair){feel_bid_of(feel_num_of(n)), zero.low};
}

static struct pair pair_add(struct pair a, struct pair b, _IDEC_flags *flags)
{
    bool swap = bid128_quiet_less(bid128_abs(a.high), bid128_abs(b.high), flags);
    struct pair sum = pair_of(swap ? b.high : a.high, swap ? a.high : b.high, flags);
    BID_UINT128 low = bid128_add(a.low, b.low, BID_ROUNDING_TO_NEAREST, flags);
    return pair_of(sum.high, bid128_add(sum.low, low, BID_ROUNDING_TO_NEAREST, flags), flags);
}

static struct pair pair_mul(struct pair a, struct pair b, _IDEC_flags *flags)
{
    BID_UINT128 product = bid128_mul(a.high, b.high, BID_ROUNDING_TO_NEAREST, flags);
    BID_UINT128 rest = bid128_fma(a.high, b.high, bid128_negate(product), BID_ROUNDING_TO_NEAREST, flags);
    rest = bid128_fma(a.high, b.low, rest, BID_ROUNDING_TO_NEAREST, flags);
    rest = bid128_fma(a.low, b.high, rest, BID_ROUNDING_TO_NEAREST, flags);
    return pair_of(product, rest, flags);
}

static struct pair pair_div(struct pair a, struct pair b, _IDEC_flags *flags)
{
    BID_UINT128 q = bid128_div(a.high, b.high, BID_ROUNDING_TO_NEAREST, flags);
    BID_UINT128 rest = bid128_fma(bid128_negate(q), b.high, a.high, BID_ROUNDING_TO_NEAREST, flags);
    rest = bid128_fma(bid128_negate(q), b.low, rest, BID_ROUNDING_TO_NEAREST, flags);
    rest = bid128_add(rest, a.low, BID_ROUNDING_TO_NEAREST, flags);
    return pair_of(q, bid128_div(rest, b.high, BID_ROUNDING_TO_NEAREST, flags), flags);
}

/* 10^n times as much. */
static struct pair pair_scale(struct pair a, int n, _IDEC_flags *flags)
{
    return (struct pair){bid128_scalbn(a.high, n, BID_ROUNDING_TO_NEAREST, flags),
                         bid128_scalbn(a.low, n, BID_ROUNDING_TO_NEAREST, flags)};
}

/* ---- Powers of whole numbers ---- */

/* base ** n, by squaring. Exact as long as 34 digits hold every product: then the second part is zero and no flag is
   set. */
static struct pair power(BID_UINT128 base, int64_t n, _IDEC_flags *flags)
{
    struct pair result = one, square = {base, zero.low};
    for (uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n; left; left >>= 1) {
        if (left & 1)
            result = pair_mul(result, square, flags);
        if (left > 1)
            square = pair_mul(square, square, flags);
    }
    return n < 0 ? pair_div(one, result, flags) : result;
}

/* a ** n; what is below the range is 0. *ret_flags 0: exact. */
static enum feel_num_err power_whole(struct feel_num a, int64_t n, struct pair *ret, _IDEC_flags *ret_flags)
{
    _IDEC_flags flags = 0;
    *ret = power(feel_bid_of(a), n, &flags);
    *ret_flags = flags;
    if (flags & BID_OVERFLOW_EXCEPTION) {
        /* of |a| > 1 the power of |n| is too great, and what n < 0 makes of it too small; of |a| < 1 the inverse is */
        if (n > 0 || feel_num_cmp(feel_num_abs(a), feel_num_of(1)) < 0)
            return FEEL_NUM_OVERFLOW;
        *ret = zero;
        return FEEL_NUM_OK;
    }
    if (flags & (BID_ZERO_DIVIDE_EXCEPTION | BID_INVALID_EXCEPTION))
        return FEEL_NUM_OVERFLOW; /* the inverse of what had become 0 */
    return FEEL_NUM_OK;
}

/* ---- exp and log ---- */

static struct pair exp_of(struct pair x)
{
    _IDEC_flags flags = 0;
    BID_UINT128 tens = bid128_div(x.high, ln_10.high, BID_ROUNDING_TO_NEAREST, &flags);
    int64_t k = bid128_to_int64_rnint(tens, &flags);
    struct pair t = pair_add(x, pair_mul(ln_10, pair_whole(-k), &flags), &flags), sum = one;
    t = pair_mul(t, per_4096, &flags);
    for (int n = TERMS; n > LONG_TERMS; n--) /* 1 + t (1 + t/2 (1 + t/3 …)) */
        sum.high = bid128_add(one.high,
                              bid128_div(bid128_mul(t.high, sum.high, BID_ROUNDING_TO_NEAREST, &flags),
                                         pair_whole(n).high, BID_ROUNDING_TO_NEAREST, &flags),
                              BID_ROUNDING_TO_NEAREST, &flags);
    for (int n = LONG_TERMS; n > 0; n--)
        sum = pair_add(one, pair_div(pair_mul(t, sum, &flags), pair_whole(n), &flags), &flags);
    for (int i = 0; i < HALVINGS; i++)
        sum = pair_mul(sum, sum, &flags);
    return pair_scale(sum, (int)k, &flags);
}

/* Of a number above 0: m × 10^tens with m about 1, so that nothing is lost near 1; the library's log of m, and what it
   lacks: log(m) = l + log(m / exp(l)), whose argument is 1 but for the last digits. */
static struct pair log_of(struct feel_num a)
{
    _IDEC_flags flags = 0;
    int tens = bid128_ilogb(feel_bid_of(a), &flags);
    BID_UINT128 m = bid128_scalbn(feel_bid_of(a), -tens, BID_ROUNDING_TO_NEAREST, &flags);
    if (bid128_quiet_less(root_10, m, &flags)) {
        m = bid128_scalbn(m, -1, BID_ROUNDING_TO_NEAREST, &flags);
        tens++;
    }
    BID_UINT128 l = bid128_log(m, BID_ROUNDING_TO_NEAREST, &flags);
    struct pair inverse = exp_of((struct pair){bid128_negate(l), zero.low});
    struct pair near_1 = pair_mul((struct pair){m, zero.low}, inverse, &flags);
    BID_UINT128 lacks = bid128_sub(near_1.high, one.high, BID_ROUNDING_TO_NEAREST, &flags);
    lacks = bid128_add(lacks, near_1.low, BID_ROUNDING_TO_NEAREST, &flags);
    return pair_add(pair_mul(ln_10, pair_whole(tens), &flags), pair_of(l, lacks, &flags), &flags);
}

static struct pair root_of(BID_UINT128 a)
{
    _IDEC_flags flags = 0;
    BID_UINT128 root = bid128_sqrt(a, BID_ROUNDING_TO_NEAREST, &flags);
    BID_UINT128 rest = bid128_fma(bid128_negate(root), root, a, BID_ROUNDING_TO_NEAREST, &flags);
    BID_UINT128 twice = bid128_add(root, root, BID_ROUNDING_TO_NEAREST, &flags);
    return pair_of(root, bid128_div(rest, twice, BID_ROUNDING_TO_NEAREST, &flags), &flags);
}

/* a ** b of a > 0 and |b| < 1; roots, the commonest, without a logarithm. */
static struct pair power_part(struct feel_num a, struct feel_num b)
{
    static const struct feel_num half = {5, 1};
    _IDEC_flags flags = 0;
    if (feel_num_eq(feel_num_abs(b), half)) {
        struct pair root = root_of(feel_bid_of(a));
        return feel_num_sign(b) < 0 ? pair_div(one, root, &flags) : root;
    }
    return exp_of(pair_mul(log_of(a), (struct pair){feel_bid_of(b), zero.low}, &flags));
}

/* Is what the library says too near to the ends of the range, or no number? Then it stands. */
static bool is_extreme(BID_UINT128 r, _IDEC_flags flags)
{
    return (flags & (BID_OVERFLOW_EXCEPTION | BID_UNDERFLOW_EXCEPTION | BID_INVALID_EXCEPTION)) || bid128_isZero(r) ||
           bid128_ilogb(r, &flags) < LEAST_EXP;
}

enum feel_num_err feel_num_pow(struct feel_num a, struct feel_num b, struct feel_num *ret_power)
{
    int64_t n;
    enum feel_num_err e;
    struct pair whole;
    struct feel_num rest;
    _IDEC_flags flags = 0;
    if (feel_num_sign(a) == 0 && feel_num_sign(b) < 0)
        return FEEL_NUM_DIV_ZERO;
    if (feel_num_to_i64(b, &n)) {
        if ((e = power_whole(a, n, &whole, &flags)))
            return e;
        return flags ? feel_bid_settle_plain(whole.high, 0, ret_power) : feel_bid_settle(whole.high, 0, ret_power);
    }
    if (feel_num_sign(a) < 0 && !feel_num_is_int(b))
        return FEEL_NUM_INVALID;
    if (feel_num_sign(a) == 0 || feel_num_is_int(b) || !feel_num_trunc_i64(b, &n)) {
        BID_UINT128 r = bid128_pow(feel_bid_of(a), feel_bid_of(b), BID_ROUNDING_TO_NEAREST, &flags);
        return feel_bid_settle_plain(r, flags, ret_power);
    }
    /* a ** n by squaring, then what is after the point: near 1 a great exponent would cost the logarithm its digits */
    if ((e = power_whole(a, n, &whole, &flags)) || (e = feel_num_sub(b, feel_num_of(n), &rest)))
        return e;
    struct pair part = power_part(a, rest);
    flags = 0;
    BID_UINT128 r = bid128_mul(part.high, whole.high, BID_ROUNDING_TO_NEAREST, &flags);
    if (!is_extreme(r, flags))
        r = pair_mul(part, whole, &flags).high;
    return feel_bid_settle_plain(r, flags, ret_power);
}

enum feel_num_err feel_num_exp(struct feel_num a, struct feel_num *ret_power)
{
    _IDEC_flags flags = 0;
    BID_UINT128 r = bid128_exp(feel_bid_of(a), BID_ROUNDING_TO_NEAREST, &flags);
    if (!is_extreme(r, flags))
        r = exp_of((struct pair){feel_bid_of(a), zero.low}).high;
    return feel_bid_settle_plain(r, flags, ret_power);
}

enum feel_num_err feel_num_log(struct feel_num a, struct feel_num *ret_logarithm)
{
    if (feel_num_sign(a) <= 0)
        return FEEL_NUM_INVALID;
    return feel_bid_settle_plain(log_of(a).high, 0, ret_logarithm);
}
