#include <inttypes.h>

#include "feel/feel_scan.h"
#include "feel/feel_time.h"

#define NANOS INT64_C(1000000000)

static inline __int128 total(struct feel_duration d)
{
    return (__int128)d.seconds * NANOS + d.nanos;
}

static bool from_total(__int128 ns, struct feel_duration *ret)
{
    __int128 seconds = ns / NANOS, nanos = ns % NANOS;
    if (nanos < 0) {
        seconds--;
        nanos += NANOS;
    }
    if (seconds != (int64_t)seconds)
        return false;
    *ret = (struct feel_duration){.seconds = (int64_t)seconds, .nanos = (uint32_t)nanos};
    return true;
}

/* `n` of a unit, when a number and that letter come next; *ret_seen counts the units. */
static bool scan_unit(struct feel_scan *sc, char letter, int64_t seconds, __int128 *total_ns, int *ret_seen)
{
    struct feel_scan ahead = *sc;
    int64_t n;
    if (!feel_scan_is_digit(sc))
        return true;
    if (!feel_scan_digits(&ahead, 18, &n))
        return false;
    if (feel_scan_char(&ahead, letter)) {
        *total_ns += (__int128)n * seconds * NANOS;
        *sc = ahead;
        ++*ret_seen;
    }
    return true;
}

static bool scan_seconds(struct feel_scan *sc, __int128 *total_ns, int *ret_seen)
{
    int64_t n, nanos = 0;
    if (!feel_scan_is_digit(sc))
        return true;
    if (!feel_scan_digits(sc, 18, &n))
        return false;
    if (feel_scan_char(sc, '.'))
        feel_scan_nanos(sc, &nanos); /* "PT0.S" too */
    if (!feel_scan_char(sc, 'S'))
        return false;
    *total_ns += (__int128)n * NANOS + nanos;
    ++*ret_seen;
    return true;
}

bool feel_duration_parse(struct str text, struct feel_duration *ret_duration)
{
    struct feel_scan sc = {.s = text};
    bool negative = feel_scan_char(&sc, '-');
    __int128 ns = 0;
    int units = 0, before_t;
    if (!feel_scan_char(&sc, 'P') || !scan_unit(&sc, 'D', 86400, &ns, &units))
        return false;
    before_t = units;
    if (feel_scan_char(&sc, 'T')) {
        if (!scan_unit(&sc, 'H', 3600, &ns, &units) || !scan_unit(&sc, 'M', 60, &ns, &units) ||
            !scan_seconds(&sc, &ns, &units) || units == before_t)
            return false;
    }
    return units > 0 && feel_scan_end(&sc) && from_total(negative ? -ns : ns, ret_duration);
}

static void write_nanos(uint32_t nanos, struct buf *b)
{
    char digits[9];
    size_t n = sizeof digits;
    for (size_t i = sizeof digits; i-- > 0; nanos /= 10)
        digits[i] = (char)('0' + nanos % 10);
    while (digits[n - 1] == '0')
        n--;
    buf_add_char(b, '.');
    buf_add(b, str_make(digits, n));
}

void feel_duration_write(struct feel_duration d, struct buf *b)
{
    __int128 ns = total(d);
    if (ns < 0) {
        buf_add_char(b, '-');
        ns = -ns;
    }
    uint64_t s = (uint64_t)(ns / NANOS); /* at most 2^63 */
    uint32_t nanos = (uint32_t)(ns % NANOS);
    buf_add_char(b, 'P');
    if (s >= 86400)
        buf_fmt(b, "%" PRIu64 "D", s / 86400);
    int in_day = (int)(s % 86400);
    if (in_day == 0 && nanos == 0 && s > 0)
        return;
    buf_add_char(b, 'T');
    if (in_day >= 3600)
        buf_fmt(b, "%dH", in_day / 3600);
    if (in_day / 60 % 60)
        buf_fmt(b, "%dM", in_day / 60 % 60);
    if (in_day % 60 || nanos || s == 0) {
        buf_fmt(b, "%d", in_day % 60);
        if (nanos)
            write_nanos(nanos, b);
        buf_add_char(b, 'S');
    }
}

int feel_duration_cmp(struct feel_duration a, struct feel_duration b)
{
    if (a.seconds != b.seconds)
        return a.seconds < b.seconds ? -1 : 1;
    return (a.nanos > b.nanos) - (a.nanos < b.nanos);
}

int feel_duration_sign(struct feel_duration d)
{
    return d.seconds < 0 ? -1 : d.seconds > 0 || d.nanos > 0;
}

bool feel_duration_add(struct feel_duration a, struct feel_duration b, struct feel_duration *ret_sum)
{
    return from_total(total(a) + total(b), ret_sum);
}

bool feel_duration_sub(struct feel_duration a, struct feel_duration b, struct feel_duration *ret_difference)
{
    return from_total(total(a) - total(b), ret_difference);
}

bool feel_duration_neg(struct feel_duration d, struct feel_duration *ret_negative)
{
    return from_total(-total(d), ret_negative);
}

bool feel_duration_abs(struct feel_duration d, struct feel_duration *ret_absolute)
{
    return from_total(d.seconds < 0 ? -total(d) : total(d), ret_absolute);
}

/* In seconds; 28 digits at most, so it is exact. */
static struct feel_num number_of(struct feel_duration d)
{
    struct feel_num n = feel_num_of(d.seconds);
    feel_num_add(n, feel_num_scaled(d.nanos, 9), &n);
    return n;
}

static bool from_number(struct feel_num seconds, struct feel_duration *ret)
{
    struct feel_num rounded, below, rest;
    int64_t whole, nanos;
    if (feel_num_round(seconds, 9, FEEL_NUM_HALF_EVEN, &rounded) ||
        feel_num_round(rounded, 0, FEEL_NUM_FLOOR, &below) || !feel_num_to_i64(below, &whole) ||
        feel_num_sub(rounded, below, &rest) || feel_num_mul(rest, feel_num_of(NANOS), &rest) ||
        !feel_num_to_i64(rest, &nanos))
        return false;
    *ret = (struct feel_duration){.seconds = whole, .nanos = (uint32_t)nanos};
    return true;
}

bool feel_duration_mul(struct feel_duration d, struct feel_num n, struct feel_duration *ret_product)
{
    struct feel_num product;
    return feel_num_mul(number_of(d), n, &product) == FEEL_NUM_OK && from_number(product, ret_product);
}

bool feel_duration_div(struct feel_duration d, struct feel_num n, struct feel_duration *ret_quotient)
{
    struct feel_num quotient;
    return feel_num_div(number_of(d), n, &quotient) == FEEL_NUM_OK && from_number(quotient, ret_quotient);
}

bool feel_duration_ratio(struct feel_duration a, struct feel_duration b, struct feel_num *ret_ratio)
{
    return feel_num_div(number_of(a), number_of(b), ret_ratio) == FEEL_NUM_OK;
}

struct feel_duration_parts feel_duration_parts(struct feel_duration d)
{
    int64_t s = d.seconds + (d.seconds < 0 && d.nanos > 0); /* towards zero */
    return (struct feel_duration_parts){
        .days = s / 86400, .hours = (int)(s % 86400 / 3600), .minutes = (int)(s % 3600 / 60), .seconds = (int)(s % 60)};
}

/* ---- Years and months durations ---- */

bool feel_months_parse(struct str text, int64_t *ret_months)
{
    struct feel_scan sc = {.s = text};
    bool negative = feel_scan_char(&sc, '-');
    int64_t n, years = 0, rest = 0, sum;
    if (!feel_scan_char(&sc, 'P') || !feel_scan_digits(&sc, 18, &n))
        return false;
    if (feel_scan_char(&sc, 'Y')) {
        years = n;
        if (!feel_scan_end(&sc) && (!feel_scan_digits(&sc, 18, &rest) || !feel_scan_char(&sc, 'M')))
            return false;
    } else if (feel_scan_char(&sc, 'M')) {
        rest = n;
    } else {
        return false;
    }
    if (!feel_scan_end(&sc) || __builtin_mul_overflow(years, 12, &sum) || __builtin_add_overflow(sum, rest, &sum))
        return false;
    *ret_months = negative ? -sum : sum;
    return true;
}

void feel_months_write(int64_t months, struct buf *b)
{
    uint64_t m = months < 0 ? 0 - (uint64_t)months : (uint64_t)months;
    if (months < 0)
        buf_add_char(b, '-');
    buf_add_char(b, 'P');
    if (m >= 12)
        buf_fmt(b, "%" PRIu64 "Y", m / 12);
    if (m % 12 || m == 0)
        buf_fmt(b, "%dM", (int)(m % 12));
}

bool feel_months_mul(int64_t months, struct feel_num n, int64_t *ret_months)
{
    struct feel_num product;
    return feel_num_mul(feel_num_of(months), n, &product) == FEEL_NUM_OK && feel_num_trunc_i64(product, ret_months);
}

bool feel_months_div(int64_t months, struct feel_num n, int64_t *ret_months)
{
    struct feel_num quotient;
    return feel_num_div(feel_num_of(months), n, &quotient) == FEEL_NUM_OK && feel_num_trunc_i64(quotient, ret_months);
}

bool feel_months_ratio(int64_t a, int64_t b, struct feel_num *ret_ratio)
{
    return feel_num_div(feel_num_of(a), feel_num_of(b), ret_ratio) == FEEL_NUM_OK;
}
