#include "feel/feel_time.h"

/* The two durations. */

enum { SECOND_NS = 1000000000 };

/* ---- Reading */

/* The digits at *i; false when there is none or they are too many. */
static bool digits(struct str s, size_t *i, int64_t *ret)
{
    size_t from = *i;
    int64_t v = 0;
    for (; *i < s.n && s.p[*i] >= '0' && s.p[*i] <= '9'; ++*i)
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, s.p[*i] - '0', &v))
            return false;
    *ret = v;
    return *i > from;
}

static bool accept(struct str s, size_t *i, char c)
{
    if (*i >= s.n || s.p[*i] != c)
        return false;
    ++*i;
    return true;
}

static bool add_scaled(int64_t *sum, int64_t n, int64_t factor)
{
    return !__builtin_mul_overflow(n, factor, &n) && !__builtin_add_overflow(*sum, n, sum);
}

static int64_t scan_fraction(struct str s, size_t *i)
{
    int64_t v = 0;
    int n = 0;
    for (; *i < s.n && s.p[*i] >= '0' && s.p[*i] <= '9'; ++*i)
        if (n < 9) {
            v = v * 10 + (s.p[*i] - '0');
            n++;
        }
    for (; n < 9; n++)
        v *= 10;
    return v;
}

bool feel_duration_parse(struct str text, struct feel_duration *ret_duration)
{
    static const char units[] = "DHMS";
    static const int64_t factors[] = {86400, 3600, 60, 1};
    size_t i = 0, next = 0;
    int64_t sum = 0, n, nanos = 0;
    bool minus = accept(text, &i, '-'), some = false, clock = false;
    if (!accept(text, &i, 'P'))
        return false;
    while (i < text.n) {
        if (!clock && accept(text, &i, 'T')) {
            clock = true;
            some = false;
            next = next ? next : 1;
            continue;
        }
        if (!digits(text, &i, &n))
            return false;
        bool point = clock && accept(text, &i, '.');
        if (point)
            nanos = scan_fraction(text, &i);
        while (next < 4 && (i >= text.n || text.p[i] != units[next]))
            next++;
        if (next == 4 || (next == 0) == clock || (point && next != 3) || !add_scaled(&sum, n, factors[next]))
            return false;
        i++;
        next++;
        some = true;
    }
    struct feel_duration d = {sum, (uint32_t)nanos};
    return some && (minus ? feel_duration_neg(d, ret_duration) : (*ret_duration = d, true));
}

bool feel_months_parse(struct str text, int64_t *ret_months)
{
    size_t i = 0;
    int64_t years = 0, months = 0, n = 0, sum = 0;
    bool minus = accept(text, &i, '-'), some = false;
    if (!accept(text, &i, 'P') || !digits(text, &i, &n))
        return false;
    if (accept(text, &i, 'Y')) {
        years = n;
        some = true;
        n = 0;
        if (i < text.n && !digits(text, &i, &n))
            return false;
    }
    if (i < text.n) {
        if (!accept(text, &i, 'M'))
            return false;
        months = n;
        some = true;
    }
    if (!some || i != text.n || !add_scaled(&sum, years, 12) || !add_scaled(&sum, months, 1))
        return false;
    *ret_months = minus ? -sum : sum;
    return true;
}

/* ---- Writing */

static uint64_t magnitude(int64_t v)
{
    return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

void feel_duration_write(struct feel_duration d, struct buf *b)
{
    bool minus = d.seconds < 0;
    uint64_t s = magnitude(d.seconds);
    uint32_t ns = d.nanos;
    if (minus && ns) {
        s--;
        ns = SECOND_NS - ns;
    }
    if (s == 0 && ns == 0) {
        buf_add(b, S("PT0S"));
        return;
    }
    buf_add_z(b, minus ? "-P" : "P");
    if (s / 86400)
        buf_fmt(b, "%lluD", (unsigned long long)(s / 86400));
    s %= 86400;
    if (s == 0 && ns == 0)
        return;
    buf_add_char(b, 'T');
    if (s / 3600)
        buf_fmt(b, "%lluH", (unsigned long long)(s / 3600));
    if (s / 60 % 60)
        buf_fmt(b, "%lluM", (unsigned long long)(s / 60 % 60));
    if (s % 60 == 0 && ns == 0)
        return;
    buf_fmt(b, "%llu", (unsigned long long)(s % 60));
    if (ns) {
        int n = 9;
        for (; ns % 10 == 0; ns /= 10)
            n--;
        buf_fmt(b, ".%0*u", n, ns);
    }
    buf_add_char(b, 'S');
}

void feel_months_write(int64_t months, struct buf *b)
{
    uint64_t m = magnitude(months);
    buf_add_z(b, months < 0 ? "-P" : "P");
    if (m / 12)
        buf_fmt(b, "%lluY", (unsigned long long)(m / 12));
    if (m % 12 || m == 0)
        buf_fmt(b, "%lluM", (unsigned long long)(m % 12));
}

/* ---- Order and arithmetic */

int feel_duration_cmp(struct feel_duration a, struct feel_duration b)
{
    if (a.seconds != b.seconds)
        return a.seconds < b.seconds ? -1 : 1;
    return (a.nanos > b.nanos) - (a.nanos < b.nanos);
}

int feel_duration_sign(struct feel_duration d)
{
    return d.seconds < 0 ? -1 : d.seconds > 0 || d.nanos;
}

bool feel_duration_add(struct feel_duration a, struct feel_duration b, struct feel_duration *ret_sum)
{
    uint32_t nanos = a.nanos + b.nanos, carry = nanos >= SECOND_NS;
    struct feel_duration d = {0, carry ? nanos - SECOND_NS : nanos};
    if (__builtin_add_overflow(a.seconds, b.seconds, &d.seconds) ||
        __builtin_add_overflow(d.seconds, carry, &d.seconds))
        return false;
    *ret_sum = d;
    return true;
}

bool feel_duration_neg(struct feel_duration d, struct feel_duration *ret_negative)
{
    struct feel_duration n = {0, d.nanos ? SECOND_NS - d.nanos : 0};
    if (__builtin_sub_overflow(d.nanos ? -1 : 0, d.seconds, &n.seconds))
        return false;
    *ret_negative = n;
    return true;
}

bool feel_duration_sub(struct feel_duration a, struct feel_duration b, struct feel_duration *ret_difference)
{
    struct feel_duration n;
    return feel_duration_neg(b, &n) && feel_duration_add(a, n, ret_difference);
}

bool feel_duration_abs(struct feel_duration d, struct feel_duration *ret_absolute)
{
    if (d.seconds < 0)
        return feel_duration_neg(d, ret_absolute);
    *ret_absolute = d;
    return true;
}

struct feel_duration_parts feel_duration_parts(struct feel_duration d)
{
    struct feel_duration whole = d;
    int sign = d.seconds < 0 ? -1 : 1;
    /* of -0.5 s the whole seconds are none */
    uint64_t s = magnitude(whole.seconds) - (sign < 0 && d.nanos);
    return (struct feel_duration_parts){sign * (int64_t)(s / 86400), sign * (int)(s / 3600 % 24),
                                        sign * (int)(s / 60 % 60), sign * (int)(s % 60)};
}

/* In nanoseconds: at most 28 digits, so exact. */
static struct feel_num nanos_of(struct feel_duration d)
{
    struct feel_num n = feel_num_of(0), seconds;
    if (!feel_num_mul(feel_num_of(d.seconds), feel_num_of(SECOND_NS), &seconds))
        feel_num_add(seconds, feel_num_of(d.nanos), &n);
    return n;
}

static bool from_nanos(struct feel_num n, struct feel_duration *ret)
{
    struct feel_num whole, seconds, rest;
    int64_t s, ns;
    if (feel_num_round(n, 0, FEEL_NUM_HALF_EVEN, &whole) || feel_num_mod(whole, feel_num_of(SECOND_NS), &rest) ||
        feel_num_sub(whole, rest, &seconds) || feel_num_div(seconds, feel_num_of(SECOND_NS), &seconds) ||
        !feel_num_to_i64(seconds, &s) || !feel_num_to_i64(rest, &ns))
        return false;
    *ret = (struct feel_duration){s, (uint32_t)ns};
    return true;
}

bool feel_duration_mul(struct feel_duration d, struct feel_num n, struct feel_duration *ret_product)
{
    struct feel_num product;
    return !feel_num_mul(nanos_of(d), n, &product) && from_nanos(product, ret_product);
}

bool feel_duration_div(struct feel_duration d, struct feel_num n, struct feel_duration *ret_quotient)
{
    struct feel_num quotient;
    return !feel_num_div(nanos_of(d), n, &quotient) && from_nanos(quotient, ret_quotient);
}

bool feel_duration_ratio(struct feel_duration a, struct feel_duration b, struct feel_num *ret_ratio)
{
    return !feel_num_div(nanos_of(a), nanos_of(b), ret_ratio);
}

bool feel_months_mul(int64_t months, struct feel_num n, int64_t *ret_months)
{
    struct feel_num product;
    return !feel_num_mul(feel_num_of(months), n, &product) && feel_num_trunc_i64(product, ret_months);
}

bool feel_months_div(int64_t months, struct feel_num n, int64_t *ret_months)
{
    struct feel_num quotient;
    return !feel_num_div(feel_num_of(months), n, &quotient) && feel_num_trunc_i64(quotient, ret_months);
}

bool feel_months_ratio(int64_t a, int64_t b, struct feel_num *ret_ratio)
{
    return !feel_num_div(feel_num_of(a), feel_num_of(b), ret_ratio);
}
