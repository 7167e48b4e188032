#include "feel/feel_zone.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400, ZONE_TIMES = 4096, ZONE_TYPES = 256 };

/* A day in a rule of POSIX (TZ variable): Mm.w.d, Jn, or n. */
struct rule_day {
    char form;
    int month, week, day;
    int32_t time_s;
};
struct rule {
    bool given, has_dst;
    int32_t std_s, dst_s;
    struct rule_day start, end;
};

struct feel_zone {
    struct feel_zone *next; /* in its table */
    char name[FEEL_ZONE_NAME_BYTES + 1];
    size_t name_bytes, n, n_types;
    int64_t *times; /* transitions, UTC seconds, ascending */
    uint8_t *types; /* after each */
    int32_t offsets[ZONE_TYPES];
    bool dst[ZONE_TYPES];
    struct rule rule; /* after the last transition */
};

struct feel_zones {
    pthread_mutex_t lock;
    char *folder;
    struct feel_zone *zones;
    size_t n;
};

static void *need(void *p)
{
    if (!p) {
        fputs("indgang: out of memory\n", stderr);
        abort();
    }
    return p;
}

/* ---- The calendar, as far as rules need it */

static int64_t days_of(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400, in_era = y - era * 400;
    int64_t in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
}

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t year_of(int64_t day)
{
    int64_t z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097, in_era = z - era * 146097;
    int64_t y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * y + y / 4 - y / 100);
    return y + era * 400 + ((5 * in_year + 2) / 153 >= 10);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* The moment of the rule in that year, in seconds since 1970 on the local clock before the change. */
static int64_t rule_moment(const struct rule_day *r, int64_t year)
{
    int64_t day;
    if (r->form == 'M') {
        int64_t first = days_of(year, r->month, 1);
        int weekday = (int)(((first + 4) % 7 + 7) % 7);
        day = first + (r->day - weekday + 7) % 7 + (r->week - 1) * 7;
        static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        int length = lengths[r->month - 1] + (r->month == 2 && is_leap(year));
        while (day >= first + length)
            day -= 7;
    } else {
        day = days_of(year, 1, 1) + r->day - (r->form == 'J');
        if (r->form == 'J' && is_leap(year) && r->day >= 60)
            day++;
    }
    return day * DAY_S + r->time_s;
}

static int32_t rule_offset(const struct rule *r, int64_t utc_s)
{
    if (!r->has_dst)
        return r->std_s;
    int64_t year = year_of(floor_div(utc_s + r->std_s, DAY_S));
    int64_t start = rule_moment(&r->start, year) - r->std_s, end = rule_moment(&r->end, year) - r->dst_s;
    bool dst = start < end ? utc_s >= start && utc_s < end : utc_s >= start || utc_s < end;
    return dst ? r->dst_s : r->std_s;
}

/* ---- Reading the rule: std offset [dst [offset] , start [/time] , end [/time]] */

struct text {
    const char *p, *end;
};

static bool skip_name(struct text *t)
{
    const char *from = t->p;
    if (t->p < t->end && *t->p == '<') {
        while (t->p < t->end && *t->p != '>')
            t->p++;
        return t->p++ < t->end;
    }
    while (t->p < t->end && ((*t->p | 0x20) >= 'a' && (*t->p | 0x20) <= 'z'))
        t->p++;
    return t->p > from;
}

static bool number(struct text *t, int most, int *ret)
{
    const char *from = t->p;
    int n = 0;
    while (t->p < t->end && *t->p >= '0' && *t->p <= '9' && n <= most)
        n = n * 10 + (*t->p++ - '0');
    *ret = n;
    return t->p > from && n <= most;
}

static bool accept(struct text *t, char c)
{
    if (t->p >= t->end || *t->p != c)
        return false;
    t->p++;
    return true;
}

static bool clock_time(struct text *t, int32_t *ret)
{
    int h, m = 0, s = 0;
    bool minus = accept(t, '-');
    if (!minus)
        accept(t, '+');
    if (!number(t, 167, &h) || (accept(t, ':') && (!number(t, 59, &m) || (accept(t, ':') && !number(t, 59, &s)))))
        return false;
    *ret = (minus ? -1 : 1) * (h * 3600 + m * 60 + s);
    return true;
}

static bool rule_day(struct text *t, struct rule_day *r)
{
    *r = (struct rule_day){.time_s = 7200};
    if (accept(t, 'M')) {
        r->form = 'M';
        if (!number(t, 12, &r->month) || !accept(t, '.') || !number(t, 5, &r->week) || !accept(t, '.') ||
            !number(t, 6, &r->day) || r->month < 1 || r->week < 1)
            return false;
    } else {
        r->form = accept(t, 'J') ? 'J' : 'n';
        if (!number(t, 365, &r->day) || (r->form == 'J' && r->day < 1))
            return false;
    }
    return !accept(t, '/') || clock_time(t, &r->time_s);
}

static bool read_rule(struct text t, struct rule *r)
{
    int32_t west;
    if (t.p == t.end)
        return true;
    if (!skip_name(&t) || !clock_time(&t, &west))
        return false;
    r->given = true;
    r->std_s = -west;
    if (t.p == t.end)
        return true;
    if (!skip_name(&t))
        return false;
    r->has_dst = true;
    r->dst_s = r->std_s + 3600;
    if (t.p < t.end && *t.p != ',') {
        if (!clock_time(&t, &west))
            return false;
        r->dst_s = -west;
    }
    return accept(&t, ',') && rule_day(&t, &r->start) && accept(&t, ',') && rule_day(&t, &r->end) && t.p == t.end;
}

/* ---- TZif */

static int64_t big_endian(const unsigned char *p, int bytes)
{
    uint64_t v = 0;
    for (int i = 0; i < bytes; i++)
        v = v << 8 | p[i];
    return bytes == 4 ? (int32_t)(uint32_t)v : (int64_t)v;
}

struct header {
    size_t isut, isstd, leap, times, types, chars;
};

static bool read_header(const unsigned char *p, size_t n, struct header *h)
{
    if (n < 44 || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
        return false;
    size_t *const counts[] = {&h->isut, &h->isstd, &h->leap, &h->times, &h->types, &h->chars};
    for (int i = 0; i < 6; i++) {
        int64_t count = big_endian(p + 20 + 4 * i, 4);
        if (count < 0 || count > FEEL_ZONE_FILE_BYTES)
            return false;
        *counts[i] = (size_t)count;
    }
    return true;
}

static size_t body_bytes(const struct header *h, size_t time_bytes)
{
    return h->times * time_bytes + h->times + h->types * 6 + h->chars + h->leap * (time_bytes + 4) + h->isstd + h->isut;
}

static bool read_body(struct feel_zone *z, const unsigned char *p, const struct header *h)
{
    const unsigned char *types = p + h->times * 8, *infos = types + h->times;
    if (h->types < 1 || h->types > ZONE_TYPES || h->times > ZONE_TIMES || h->leap)
        return false;
    z->n = h->times;
    z->n_types = h->types;
    z->times = need(calloc(h->times + 1, sizeof *z->times));
    z->types = need(calloc(h->times + 1, 1));
    for (size_t i = 0; i < h->times; i++) {
        z->times[i] = big_endian(p + i * 8, 8);
        z->types[i] = types[i];
        if (types[i] >= h->types || (i && z->times[i] <= z->times[i - 1]))
            return false;
    }
    for (size_t i = 0; i < h->types; i++) {
        int64_t offset = big_endian(infos + i * 6, 4);
        if (offset < -100000 || offset > 100000)
            return false;
        z->offsets[i] = (int32_t)offset;
        z->dst[i] = infos[i * 6 + 4];
    }
    return true;
}

struct feel_zone *feel_zone_parse(struct str name, const unsigned char *bytes, size_t n)
{
    struct header first, second;
    if (name.n > FEEL_ZONE_NAME_BYTES || !read_header(bytes, n, &first))
        return NULL;
    size_t skip = 44 + body_bytes(&first, 4);
    if (skip > n || !read_header(bytes + skip, n - skip, &second))
        return NULL;
    const unsigned char *body = bytes + skip + 44;
    size_t left = n - skip - 44, size = body_bytes(&second, 8);
    if (size > left || left - size < 2 || body[size] != '\n' || body[left - 1] != '\n')
        return NULL;
    struct feel_zone *z = need(calloc(1, sizeof *z));
    memcpy(z->name, name.p, name.n);
    z->name_bytes = name.n;
    struct text footer = {(const char *)body + size + 1, (const char *)body + left - 1};
    if (!read_body(z, body, &second) || !read_rule(footer, &z->rule)) {
        feel_zone_free(z);
        return NULL;
    }
    return z;
}

void feel_zone_free(struct feel_zone *zone)
{
    if (!zone)
        return;
    free(zone->times);
    free(zone->types);
    free(zone);
}

/* ---- The table */

struct feel_zones *feel_zones_new(const char *folder)
{
    struct feel_zones *t = need(calloc(1, sizeof *t));
    pthread_mutex_init(&t->lock, NULL);
    t->folder = need(strdup(folder ? folder : "/usr/share/zoneinfo"));
    return t;
}

void feel_zones_free(struct feel_zones *zones)
{
    if (!zones)
        return;
    for (struct feel_zone *z = zones->zones, *next; z; z = next) {
        next = z->next;
        feel_zone_free(z);
    }
    pthread_mutex_destroy(&zones->lock);
    free(zones->folder);
    free(zones);
}

static bool is_zone_name(struct str name)
{
    bool begins = true;
    if (name.n == 0 || name.n > FEEL_ZONE_NAME_BYTES)
        return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i], lower = (char)(c | 0x20);
        bool letter = (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+';
        if (c == '/' ? begins : !letter)
            return false;
        begins = c == '/';
    }
    return !begins;
}

static struct feel_zone *load(const struct feel_zones *t, struct str name)
{
    char path[4096];
    unsigned char *bytes = need(malloc(FEEL_ZONE_FILE_BYTES));
    int n = snprintf(path, sizeof path, "%s/%.*s", t->folder, (int)name.n, name.p);
    FILE *f = n > 0 && (size_t)n < sizeof path ? fopen(path, "rb") : NULL;
    size_t size = f ? fread(bytes, 1, FEEL_ZONE_FILE_BYTES, f) : 0;
    if (f)
        fclose(f);
    struct feel_zone *z = size ? feel_zone_parse(name, bytes, size) : NULL;
    free(bytes);
    return z;
}

const struct feel_zone *feel_zones_find(struct feel_zones *zones, struct str name)
{
    if (!zones || !is_zone_name(name))
        return NULL;
    pthread_mutex_lock(&zones->lock);
    struct feel_zone *z = zones->zones;
    while (z && !str_eq(feel_zone_name(z), name))
        z = z->next;
    if (!z && zones->n < FEEL_ZONES_MAX && (z = load(zones, name))) {
        z->next = zones->zones;
        zones->zones = z;
        zones->n++;
    }
    pthread_mutex_unlock(&zones->lock);
    return z;
}

/* ---- Offsets */

struct str feel_zone_name(const struct feel_zone *zone)
{
    return str_make(zone->name, zone->name_bytes);
}

int32_t feel_zone_offset(const struct feel_zone *zone, int64_t utc_s)
{
    size_t low = 0, high = zone->n;
    if (zone->n == 0 || utc_s >= zone->times[zone->n - 1])
        return zone->rule.given ? rule_offset(&zone->rule, utc_s)
                                : zone->offsets[zone->n ? zone->types[zone->n - 1] : 0];
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (zone->times[middle] <= utc_s)
            low = middle + 1;
        else
            high = middle;
    }
    return zone->offsets[low ? zone->types[low - 1] : 0];
}

int32_t feel_zone_offset_local(const struct feel_zone *zone, int64_t local_s)
{
    int32_t before = feel_zone_offset(zone, local_s - DAY_S), after = feel_zone_offset(zone, local_s + DAY_S);
    if (feel_zone_offset(zone, local_s - before) == before)
        return before;
    return feel_zone_offset(zone, local_s - after) == after ? after : before;
}

int32_t feel_zone_offset_winter(const struct feel_zone *zone)
{
    if (zone->rule.given)
        return zone->rule.has_dst && zone->rule.dst_s < zone->rule.std_s ? zone->rule.dst_s : zone->rule.std_s;
    return zone->offsets[zone->n ? zone->types[zone->n - 1] : 0];
}
