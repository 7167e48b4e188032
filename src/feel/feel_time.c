#include "feel/feel_time.h"

#include "feel/feel_scan.h"

#define NANOS INT64_C(1000000000)
#define DAY_S INT64_C(86400)

/* ---- Building ---- */

/* The offset of a moment's zone, once its local time is known. */
static struct feel_time resolved(struct feel_time t)
{
    if (t.zone)
        t.offset_s = feel_zone_offset_local(t.zone, t.day * DAY_S + t.ns / NANOS);
    return t;
}

static bool in_calendar(int64_t day)
{
    return day >= FEEL_DAY_MIN && day <= FEEL_DAY_MAX;
}

/* Local seconds since 1970 and nanoseconds, as day and time of day. */
static bool from_seconds(int64_t s, int64_t nanos, struct feel_time *t)
{
    int64_t day = s / DAY_S - (s % DAY_S < 0);
    if (!in_calendar(day))
        return false;
    t->day = day;
    t->ns = (s - day * DAY_S) * NANOS + nanos;
    return true;
}

/* ±hh:mm[:ss] */
static bool scan_offset(struct feel_scan *sc, int32_t *ret_offset_s)
{
    bool west = feel_scan_char(sc, '-');
    int64_t h, m, s = 0;
    if ((!west && !feel_scan_char(sc, '+')) || !feel_scan_two(sc, &h) || !feel_scan_char(sc, ':') ||
        !feel_scan_two(sc, &m) || (feel_scan_char(sc, ':') && !feel_scan_two(sc, &s)))
        return false;
    int64_t sum = h * 3600 + m * 60 + s;
    if (m > 59 || s > 59 || sum > FEEL_OFFSET_MAX_S)
        return false;
    *ret_offset_s = (int32_t)(west ? -sum : sum);
    return true;
}

/* What follows the seconds, to the end. */
static bool scan_place(struct feel_scan *sc, struct feel_zones *zones, struct feel_time *t)
{
    t->offset_s = FEEL_OFFSET_NONE;
    if (feel_scan_end(sc))
        return true;
    if (feel_scan_char(sc, '@')) {
        t->zone = zones ? feel_zones_find(zones, str_slice(sc->s, sc->i, sc->s.n)) : NULL;
        return t->zone != NULL;
    }
    if (feel_scan_char(sc, 'Z'))
        t->offset_s = 0;
    else if (!scan_offset(sc, &t->offset_s))
        return false;
    return feel_scan_end(sc);
}

/* A time from sc to the end; 24:00:00 gives ns = FEEL_DAY_NS. */
static bool scan_time(struct feel_scan *sc, struct feel_zones *zones, struct feel_time *t)
{
    int64_t h, m, s, nanos = 0;
    if (!feel_scan_two(sc, &h) || !feel_scan_char(sc, ':') || !feel_scan_two(sc, &m) || !feel_scan_char(sc, ':') ||
        !feel_scan_two(sc, &s) || (feel_scan_char(sc, '.') && !feel_scan_nanos(sc, &nanos)))
        return false;
    t->ns = (h * 3600 + m * 60 + s) * NANOS + nanos;
    return h <= 24 && m <= 59 && s <= 59 && t->ns <= FEEL_DAY_NS && scan_place(sc, zones, t);
}

bool feel_time_parse(struct str text, struct feel_zones *zones, struct feel_time *ret_time)
{
    struct feel_scan sc = {.s = text};
    struct feel_time t = {0};
    if (!scan_time(&sc, zones, &t))
        return false;
    t.ns %= FEEL_DAY_NS;
    *ret_time = feel_moment_time(t);
    return true;
}

bool feel_moment_parse(struct str text, struct feel_zones *zones, struct feel_time *ret_moment)
{
    struct feel_time t = {.offset_s = FEEL_OFFSET_NONE};
    size_t mark = str_find_char(text, 'T', 0);
    if (!feel_day_parse(str_slice(text, 0, mark), &t.day))
        return false;
    if (mark < text.n) {
        struct feel_scan sc = {.s = text, .i = mark + 1};
        if (!scan_time(&sc, zones, &t))
            return false;
    }
    if (t.ns == FEEL_DAY_NS) {
        t.ns = 0;
        t.day++;
    }
    if (!in_calendar(t.day))
        return false;
    *ret_moment = resolved(t);
    return true;
}

bool feel_time_of(int64_t hour, int64_t minute, struct feel_num second, const struct feel_duration *offset,
                  struct feel_time *ret_time)
{
    int64_t nanos;
    struct feel_num ns;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || feel_num_mul(second, feel_num_of(NANOS), &ns) ||
        !feel_num_trunc_i64(ns, &nanos) || feel_num_sign(second) < 0 || nanos >= 60 * NANOS)
        return false;
    struct feel_time t = {.ns = (hour * 3600 + minute * 60) * NANOS + nanos, .offset_s = FEEL_OFFSET_NONE};
    if (offset) {
        if (offset->nanos != 0 || offset->seconds < -FEEL_OFFSET_MAX_S || offset->seconds > FEEL_OFFSET_MAX_S)
            return false;
        t.offset_s = (int32_t)offset->seconds;
    }
    *ret_time = t;
    return true;
}

bool feel_moment_of(int64_t day, struct feel_time time, struct feel_time *ret_moment)
{
    if (!in_calendar(day))
        return false;
    time.day = day;
    *ret_moment = resolved(time);
    return true;
}

struct feel_time feel_moment_from_us(int64_t us, const struct feel_zone *zone)
{
    int64_t s = us / 1000000 - (us % 1000000 < 0);
    struct feel_time t = {.zone = zone, .offset_s = zone ? feel_zone_offset(zone, s) : 0};
    from_seconds(s + t.offset_s, (us - s * 1000000) * 1000, &t); /* 292 000 years at most */
    return t;
}

struct feel_time feel_moment_utc(int64_t day)
{
    return (struct feel_time){.day = day};
}

struct feel_time feel_moment_time(struct feel_time moment)
{
    moment.day = 0;
    if (moment.zone)
        moment.offset_s = feel_zone_offset_winter(moment.zone);
    return moment;
}

/* ---- Text ---- */

void feel_time_write(struct feel_time t, struct buf *b)
{
    int64_t s = t.ns / NANOS;
    buf_fmt(b, "%02d:%02d:%02d", (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
    if (t.ns % NANOS) {
        buf_fmt(b, ".%09d", (int)(t.ns % NANOS));
        while (b->p[b->n - 1] == '0')
            b->n--;
    }
    if (t.zone) {
        buf_add_char(b, '@');
        buf_add(b, feel_zone_name(t.zone));
    } else if (t.offset_s == 0) {
        buf_add_char(b, 'Z');
    } else if (t.offset_s != FEEL_OFFSET_NONE) {
        int off = t.offset_s < 0 ? -t.offset_s : t.offset_s;
        buf_fmt(b, "%c%02d:%02d", t.offset_s < 0 ? '-' : '+', off / 3600, off / 60 % 60);
        if (off % 60)
            buf_fmt(b, ":%02d", off % 60);
    }
}

void feel_moment_write(struct feel_time moment, struct buf *b)
{
    feel_day_write(moment.day, b);
    buf_add_char(b, 'T');
    feel_time_write(moment, b);
}

/* ---- Properties ---- */

int feel_time_hour(struct feel_time t)
{
    return (int)(t.ns / NANOS / 3600);
}

int feel_time_minute(struct feel_time t)
{
    return (int)(t.ns / NANOS / 60 % 60);
}

int feel_time_second(struct feel_time t)
{
    return (int)(t.ns / NANOS % 60);
}

bool feel_time_offset(struct feel_time t, struct feel_duration *ret_offset)
{
    if (t.offset_s == FEEL_OFFSET_NONE)
        return false;
    *ret_offset = (struct feel_duration){.seconds = t.offset_s};
    return true;
}

struct str feel_time_zone(struct feel_time t)
{
    return t.zone ? feel_zone_name(t.zone) : S("");
}

/* ---- Order ---- */

static bool comparable(struct feel_time a, struct feel_time b)
{
    return (a.offset_s == FEEL_OFFSET_NONE) == (b.offset_s == FEEL_OFFSET_NONE);
}

/* Seconds since 1970-01-01T00:00:00Z, of a local one as if it were UTC. */
static int64_t instant_s(struct feel_time t)
{
    return t.day * DAY_S + t.ns / NANOS - (t.offset_s == FEEL_OFFSET_NONE ? 0 : t.offset_s);
}

bool feel_moment_cmp(struct feel_time a, struct feel_time b, int *ret_order)
{
    if (!comparable(a, b))
        return false;
    int64_t x = instant_s(a), y = instant_s(b);
    if (x == y) {
        x = a.ns % NANOS / 1000000;
        y = b.ns % NANOS / 1000000;
    }
    *ret_order = (x > y) - (x < y);
    return true;
}

bool feel_time_cmp(struct feel_time a, struct feel_time b, int *ret_order)
{
    a.day = b.day = 0;
    return feel_moment_cmp(a, b, ret_order);
}

bool feel_time_is(struct feel_time a, struct feel_time b)
{
    if (a.day != b.day || a.ns != b.ns || !a.zone != !b.zone)
        return false;
    return a.zone ? str_eq(feel_zone_name(a.zone), feel_zone_name(b.zone)) : a.offset_s == b.offset_s;
}

/* ---- Arithmetic ---- */

struct feel_time feel_time_add(struct feel_time t, struct feel_duration d)
{
    int64_t ns = t.ns + d.seconds % DAY_S * NANOS + d.nanos;
    t.ns = (ns + FEEL_DAY_NS) % FEEL_DAY_NS;
    return t;
}

bool feel_moment_sub(struct feel_time a, struct feel_time b, struct feel_duration *ret_difference)
{
    if (!comparable(a, b))
        return false;
    int64_t s = instant_s(a) - instant_s(b), nanos = a.ns % NANOS - b.ns % NANOS;
    if (nanos < 0) {
        nanos += NANOS;
        s--;
    }
    *ret_difference = (struct feel_duration){.seconds = s, .nanos = (uint32_t)nanos};
    return true;
}

bool feel_time_sub(struct feel_time a, struct feel_time b, struct feel_duration *ret_difference)
{
    a.day = b.day = 0;
    return feel_moment_sub(a, b, ret_difference);
}

bool feel_moment_add(struct feel_time moment, struct feel_duration d, struct feel_time *ret_moment)
{
    struct feel_time t = moment;
    int64_t nanos = moment.ns % NANOS + d.nanos;
    int64_t s = moment.day * DAY_S + moment.ns / NANOS - (moment.zone ? moment.offset_s : 0);
    if (__builtin_add_overflow(s, d.seconds, &s) || __builtin_add_overflow(s, nanos >= NANOS, &s))
        return false;
    if (t.zone) {
        t.offset_s = feel_zone_offset(t.zone, s);
        if (__builtin_add_overflow(s, t.offset_s, &s))
            return false;
    }
    if (!from_seconds(s, nanos % NANOS, &t))
        return false;
    *ret_moment = t;
    return true;
}

bool feel_moment_add_months(struct feel_time moment, int64_t months, struct feel_time *ret_moment)
{
    struct feel_time t = moment;
    if (!feel_day_add_months(moment.day, months, &t.day))
        return false;
    *ret_moment = resolved(t);
    return true;
}
