#include "feel/feel_time.h"

#include <string.h>

enum { SECOND_NS = 1000000000 };

/* ---- Reading */

struct scan {
    struct str s;
    size_t i;
};

static bool accept(struct scan *p, char c)
{
    if (p->i >= p->s.n || p->s.p[p->i] != c)
        return false;
    p->i++;
    return true;
}

/* Digits: at least `least`, at most `most`. */
static bool digits(struct scan *p, size_t least, size_t most, int64_t *ret)
{
    size_t n = 0;
    int64_t v = 0;
    while (n < most && p->i < p->s.n && p->s.p[p->i] >= '0' && p->s.p[p->i] <= '9') {
        v = v * 10 + (p->s.p[p->i++] - '0');
        n++;
    }
    *ret = v;
    return n >= least;
}

/* A fraction of a second after its point; more than nine digits are cut. */
static bool fraction(struct scan *p, bool may_be_empty, int64_t *ret_ns)
{
    size_t n = 0;
    int64_t v = 0;
    for (; p->i < p->s.n && p->s.p[p->i] >= '0' && p->s.p[p->i] <= '9'; p->i++, n++)
        if (n < 9)
            v = v * 10 + (p->s.p[p->i] - '0');
    for (size_t k = n; k < 9; k++)
        v *= 10;
    *ret_ns = v;
    return n || may_be_empty;
}

static bool scan_day(struct scan *p, int64_t *ret_day)
{
    int64_t year, month, day;
    bool minus = accept(p, '-');
    size_t from = p->i;
    if (!digits(p, 4, 9, &year) || (p->i - from > 4 && p->s.p[from] == '0') || !accept(p, '-') ||
        !digits(p, 2, 2, &month) || !accept(p, '-') || !digits(p, 2, 2, &day))
        return false;
    if (p->i - from == 10 && year == 0 && minus)
        return false;
    return feel_day_of(minus ? -year : year, month, day, ret_day);
}

static bool scan_zone(struct scan *p, struct feel_zones *zones, struct feel_time *t)
{
    int64_t h, m, s = 0;
    t->zone = NULL;
    t->offset_s = FEEL_OFFSET_NONE;
    if (p->i == p->s.n)
        return true;
    if (accept(p, 'Z')) {
        t->offset_s = 0;
        return p->i == p->s.n;
    }
    if (accept(p, '@')) {
        t->zone = zones ? feel_zones_find(zones, str_slice(p->s, p->i, p->s.n)) : NULL;
        p->i = p->s.n;
        return t->zone != NULL;
    }
    bool minus = accept(p, '-');
    if ((!minus && !accept(p, '+')) || !digits(p, 2, 2, &h) || !accept(p, ':') || !digits(p, 2, 2, &m) || m > 59)
        return false;
    if (accept(p, ':') && (!digits(p, 2, 2, &s) || s > 59))
        return false;
    int64_t offset = h * 3600 + m * 60 + s;
    t->offset_s = (int32_t)(minus ? -offset : offset);
    return offset <= FEEL_OFFSET_MAX_S && p->i == p->s.n;
}

/* *ret_next: it was 24:00:00 */
static bool scan_clock(struct scan *p, struct feel_time *t, bool *ret_next)
{
    int64_t h, m, s, ns = 0;
    if (!digits(p, 2, 2, &h) || !accept(p, ':') || !digits(p, 2, 2, &m) || !accept(p, ':') || !digits(p, 2, 2, &s))
        return false;
    if (accept(p, '.') && !fraction(p, false, &ns))
        return false;
    *ret_next = h == 24 && m == 0 && s == 0 && ns == 0;
    if (*ret_next)
        h = 0;
    if (h > 23 || m > 59 || s > 59)
        return false;
    t->ns = (h * 3600 + m * 60 + s) * SECOND_NS + ns;
    return true;
}

bool feel_time_parse(struct str text, struct feel_zones *zones, struct feel_time *ret_time)
{
    struct scan p = {text, 0};
    struct feel_time t = {0};
    bool next;
    if (!scan_clock(&p, &t, &next) || !scan_zone(&p, zones, &t))
        return false;
    if (t.zone)
        t.offset_s = feel_zone_offset_winter(t.zone);
    *ret_time = t;
    return true;
}

static bool in_calendar(int64_t day)
{
    return day >= FEEL_DAY_MIN && day <= FEEL_DAY_MAX;
}

/* The offset of a moment's zone, from its local time. */
static void settle(struct feel_time *t)
{
    if (t->zone)
        t->offset_s = feel_zone_offset_local(t->zone, t->day * 86400 + t->ns / SECOND_NS);
}

bool feel_moment_parse(struct str text, struct feel_zones *zones, struct feel_time *ret_moment)
{
    struct scan p = {text, 0};
    struct feel_time t = {.offset_s = FEEL_OFFSET_NONE};
    bool next = false;
    if (!scan_day(&p, &t.day))
        return false;
    if (p.i < text.n && (!accept(&p, 'T') || !scan_clock(&p, &t, &next) || !scan_zone(&p, zones, &t)))
        return false;
    t.day += next;
    if (!in_calendar(t.day))
        return false;
    settle(&t);
    *ret_moment = t;
    return true;
}

bool feel_day_parse(struct str text, int64_t *ret_day)
{
    struct scan p = {text, 0};
    int64_t day;
    if (!scan_day(&p, &day) || p.i != text.n)
        return false;
    *ret_day = day;
    return true;
}

/* ---- Making */

bool feel_time_of(int64_t hour, int64_t minute, struct feel_num second, const struct feel_duration *offset,
                  struct feel_time *ret_time)
{
    struct feel_num ns;
    int64_t whole;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || feel_num_mul(second, feel_num_of(SECOND_NS), &ns) ||
        !feel_num_trunc_i64(ns, &whole) || whole < 0 || whole >= INT64_C(60) * SECOND_NS)
        return false;
    if (offset && (offset->nanos || offset->seconds < -FEEL_OFFSET_MAX_S || offset->seconds > FEEL_OFFSET_MAX_S))
        return false;
    *ret_time = (struct feel_time){.ns = (hour * 3600 + minute * 60) * SECOND_NS + whole,
                                   .offset_s = offset ? (int32_t)offset->seconds : FEEL_OFFSET_NONE};
    return true;
}

bool feel_moment_of(int64_t day, struct feel_time time, struct feel_time *ret_moment)
{
    time.day = day;
    settle(&time);
    *ret_moment = time;
    return true;
}

struct feel_time feel_moment_utc(int64_t day)
{
    return (struct feel_time){.day = day};
}

struct feel_time feel_moment_time(struct feel_time moment)
{
    moment.day = 0;
    return moment;
}

/* ---- The line of time: seconds since 1970 and nanoseconds of the second, local when there is no offset */

struct instant {
    int64_t s;
    int64_t ns;
};

static struct instant instant_of(struct feel_time t)
{
    int64_t offset = t.offset_s == FEEL_OFFSET_NONE ? 0 : t.offset_s;
    return (struct instant){t.day * 86400 + t.ns / SECOND_NS - offset, t.ns % SECOND_NS};
}

static bool from_instant(struct instant i, const struct feel_zone *zone, int32_t offset_s, struct feel_time *ret)
{
    if (zone)
        offset_s = feel_zone_offset(zone, i.s);
    int64_t local = i.s + (offset_s == FEEL_OFFSET_NONE ? 0 : offset_s);
    int64_t day = local / 86400 - (local % 86400 < 0);
    if (!in_calendar(day))
        return false;
    *ret = (struct feel_time){
        .day = day, .ns = (local - day * 86400) * SECOND_NS + i.ns, .zone = zone, .offset_s = offset_s};
    return true;
}

struct feel_time feel_moment_from_us(int64_t us, const struct feel_zone *zone)
{
    int64_t s = us / 1000000 - (us % 1000000 < 0);
    struct feel_time t = {0};
    from_instant((struct instant){s, (us - s * 1000000) * 1000}, zone, 0, &t);
    return t;
}

bool feel_moment_add(struct feel_time moment, struct feel_duration d, struct feel_time *ret_moment)
{
    struct instant i = instant_of(moment);
    i.ns += d.nanos;
    if (__builtin_add_overflow(i.s, d.seconds, &i.s) || __builtin_add_overflow(i.s, i.ns / SECOND_NS, &i.s) ||
        i.s > INT64_MAX - 200000 || i.s < INT64_MIN + 200000)
        return false;
    i.ns %= SECOND_NS;
    return from_instant(i, moment.zone, moment.offset_s, ret_moment);
}

bool feel_moment_add_months(struct feel_time moment, int64_t months, struct feel_time *ret_moment)
{
    if (!feel_day_add_months(moment.day, months, &moment.day))
        return false;
    settle(&moment);
    *ret_moment = moment;
    return true;
}

static bool both_local_or_not(struct feel_time a, struct feel_time b)
{
    return (a.offset_s == FEEL_OFFSET_NONE) == (b.offset_s == FEEL_OFFSET_NONE);
}

static int order(struct instant a, struct instant b)
{
    int64_t x = a.ns / 1000000, y = b.ns / 1000000;
    return a.s != b.s ? (a.s < b.s ? -1 : 1) : (x > y) - (x < y);
}

bool feel_moment_cmp(struct feel_time a, struct feel_time b, int *ret_order)
{
    if (!both_local_or_not(a, b))
        return false;
    *ret_order = order(instant_of(a), instant_of(b));
    return true;
}

bool feel_time_cmp(struct feel_time a, struct feel_time b, int *ret_order)
{
    return feel_moment_cmp(a, b, ret_order);
}

bool feel_time_is(struct feel_time a, struct feel_time b)
{
    if (a.day != b.day || a.ns != b.ns || (a.zone == NULL) != (b.zone == NULL))
        return false;
    return a.zone ? str_eq(feel_zone_name(a.zone), feel_zone_name(b.zone)) : a.offset_s == b.offset_s;
}

struct feel_time feel_time_add(struct feel_time t, struct feel_duration d)
{
    int64_t seconds = d.seconds % 86400;
    int64_t ns = t.ns + seconds * SECOND_NS + d.nanos;
    t.ns = (ns % FEEL_DAY_NS + FEEL_DAY_NS) % FEEL_DAY_NS;
    return t;
}

bool feel_moment_sub(struct feel_time a, struct feel_time b, struct feel_duration *ret_difference)
{
    if (!both_local_or_not(a, b))
        return false;
    struct instant x = instant_of(a), y = instant_of(b);
    struct feel_duration dx = {x.s, (uint32_t)x.ns}, dy = {y.s, (uint32_t)y.ns};
    return feel_duration_sub(dx, dy, ret_difference);
}

bool feel_time_sub(struct feel_time a, struct feel_time b, struct feel_duration *ret_difference)
{
    return feel_moment_sub(a, b, ret_difference);
}

/* ---- Parts */

int feel_time_hour(struct feel_time t)
{
    return (int)(t.ns / SECOND_NS / 3600);
}

int feel_time_minute(struct feel_time t)
{
    return (int)(t.ns / SECOND_NS / 60 % 60);
}

int feel_time_second(struct feel_time t)
{
    return (int)(t.ns / SECOND_NS % 60);
}

bool feel_time_offset(struct feel_time t, struct feel_duration *ret_offset)
{
    if (t.offset_s == FEEL_OFFSET_NONE)
        return false;
    *ret_offset = (struct feel_duration){t.offset_s, 0};
    return true;
}

struct str feel_time_zone(struct feel_time t)
{
    return t.zone ? feel_zone_name(t.zone) : S("");
}

/* ---- Writing */

static void write_fraction(struct buf *b, int64_t ns)
{
    int digits_left = 9;
    if (ns == 0)
        return;
    while (ns % 10 == 0) {
        ns /= 10;
        digits_left--;
    }
    buf_fmt(b, ".%0*lld", digits_left, (long long)ns);
}

void feel_time_write(struct feel_time time, struct buf *b)
{
    buf_fmt(b, "%02d:%02d:%02d", feel_time_hour(time), feel_time_minute(time), feel_time_second(time));
    write_fraction(b, time.ns % SECOND_NS);
    if (time.zone) {
        buf_add_char(b, '@');
        buf_add(b, feel_zone_name(time.zone));
    } else if (time.offset_s == 0) {
        buf_add_char(b, 'Z');
    } else if (time.offset_s != FEEL_OFFSET_NONE) {
        int32_t o = time.offset_s < 0 ? -time.offset_s : time.offset_s;
        buf_fmt(b, "%c%02d:%02d", time.offset_s < 0 ? '-' : '+', o / 3600, o / 60 % 60);
        if (o % 60)
            buf_fmt(b, ":%02d", o % 60);
    }
}

void feel_moment_write(struct feel_time moment, struct buf *b)
{
    feel_day_write(moment.day, b);
    buf_add_char(b, 'T');
    feel_time_write(moment, b);
}
