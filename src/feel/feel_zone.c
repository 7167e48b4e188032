#include "feel/feel_zone.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_BYTES = 44, MAX_OFFSET_S = 100000, HOUR_S = 3600, DAY_S = 86400 };

/* When a rule changes the clock: `Mm.w.d`, `Jn` (29 February does not count) or `n`, at so many seconds of that day. */
struct change {
    enum { CHANGE_WEEK, CHANGE_JULIAN, CHANGE_DAY } kind;
    int month, week, day;
    int32_t time_s;
};

struct feel_zone {
    char name[FEEL_ZONE_NAME_BYTES];
    size_t n_name;
    size_t n; /* transitions */
    const int64_t *at;
    const int32_t *offset; /* from then on */
    int32_t first;         /* before them */
    bool has_rule, has_summer;
    int32_t standard, summer; /* of the rule, seconds east */
    struct change begin, end;
};

struct feel_zones {
    char *folder;
    pthread_mutex_t lock; /* of adding */
    atomic_size_t n;
    _Atomic(struct feel_zone *) zones[FEEL_ZONES_MAX];
};

static void *need(void *p)
{
    if (p)
        return p;
    fputs("indgang: out of memory\n", stderr);
    abort();
}

/* ---- The calendar of rules */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days from 1970-01-01 to the first of January. */
static int64_t year_start(int64_t year)
{
    int64_t y = year - 1;
    return 365 * (year - 1970) + (floor_div(y, 4) - 492) - (floor_div(y, 100) - 19) + (floor_div(y, 400) - 4);
}

static int64_t year_of(int64_t day)
{
    int64_t year = 1970 + floor_div(day * 400, 146097);
    while (year_start(year) > day)
        year--;
    while (year_start(year + 1) <= day)
        year++;
    return year;
}

static int64_t change_day(const struct change *c, int64_t year)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    int64_t first = year_start(year);
    if (c->kind == CHANGE_DAY)
        return first + c->day;
    if (c->kind == CHANGE_JULIAN)
        return first + c->day - 1 + (is_leap(year) && c->day > 59);
    int64_t month = first + before[c->month - 1] + (c->month > 2 && is_leap(year));
    int64_t length = before[c->month] - before[c->month - 1] + (c->month == 2 && is_leap(year));
    int64_t weekday = ((month + 4) % 7 + 7) % 7; /* of its first day, 0 Sunday */
    int64_t day = (c->day - weekday + 7) % 7 + 7 * (c->week - 1);
    return month + (day < length ? day : day - 7);
}

static int32_t rule_offset(const struct feel_zone *z, int64_t utc_s)
{
    if (!z->has_summer)
        return z->standard;
    int64_t year = year_of(floor_div(utc_s + z->standard, DAY_S));
    int64_t begin = change_day(&z->begin, year) * DAY_S + z->begin.time_s - z->standard;
    int64_t end = change_day(&z->end, year) * DAY_S + z->end.time_s - z->summer;
    bool summer = begin < end ? utc_s >= begin && utc_s < end : utc_s >= begin || utc_s < end;
    return summer ? z->summer : z->standard;
}

/* ---- The footer: a rule as POSIX writes TZ */

static bool take_char(struct str *s, char c)
{
    if (!s->n || s->p[0] != c)
        return false;
    *s = str_slice(*s, 1, s->n);
    return true;
}

static bool take_number(struct str *s, int max, int *ret)
{
    size_t i = 0;
    int n = 0;
    while (i < s->n && i < 4 && s->p[i] >= '0' && s->p[i] <= '9')
        n = n * 10 + (s->p[i++] - '0');
    *s = str_slice(*s, i, s->n);
    *ret = n;
    return i > 0 && n <= max;
}

/* [+-]h[:m[:s]] */
static bool take_time(struct str *s, int32_t *ret_s)
{
    int parts[3] = {0, 0, 0};
    bool negative = take_char(s, '-');
    if (!negative)
        take_char(s, '+');
    if (!take_number(s, 167, &parts[0]))
        return false;
    for (int i = 1; i < 3 && take_char(s, ':'); i++)
        if (!take_number(s, 59, &parts[i]))
            return false;
    *ret_s = (parts[0] * HOUR_S + parts[1] * 60 + parts[2]) * (negative ? -1 : 1);
    return true;
}

static bool take_name(struct str *s)
{
    size_t i = 0;
    if (take_char(s, '<')) {
        i = str_find_char(*s, '>', 0);
        if (i == s->n)
            return false;
        *s = str_slice(*s, i + 1, s->n);
        return true;
    }
    while (i < s->n && ((s->p[i] >= 'a' && s->p[i] <= 'z') || (s->p[i] >= 'A' && s->p[i] <= 'Z')))
        i++;
    *s = str_slice(*s, i, s->n);
    return i >= 3;
}

static bool take_change(struct str *s, struct change *c)
{
    c->time_s = 2 * HOUR_S;
    if (!take_char(s, ','))
        return false;
    if (take_char(s, 'M')) {
        c->kind = CHANGE_WEEK;
        if (!take_number(s, 12, &c->month) || !c->month || !take_char(s, '.') || !take_number(s, 5, &c->week) ||
            !c->week || !take_char(s, '.') || !take_number(s, 6, &c->day))
            return false;
    } else {
        c->kind = take_char(s, 'J') ? CHANGE_JULIAN : CHANGE_DAY;
        if (!take_number(s, 365, &c->day) || (c->kind == CHANGE_JULIAN && !c->day))
            return false;
    }
    return !take_char(s, '/') || take_time(s, &c->time_s);
}

static bool read_rule(struct feel_zone *z, struct str s)
{
    int32_t west;
    if (!s.n)
        return true;
    if (!take_name(&s) || !take_time(&s, &west))
        return false;
    z->standard = -west;
    z->has_rule = true;
    if (!s.n)
        return true;
    z->has_summer = true;
    z->summer = z->standard + HOUR_S;
    if (!take_name(&s))
        return false;
    if (s.n && s.p[0] != ',') {
        if (!take_time(&s, &west))
            return false;
        z->summer = -west;
    }
    return take_change(&s, &z->begin) && take_change(&s, &z->end) && !s.n;
}

/* ---- The file */

static uint64_t big_endian(const unsigned char *p, int bytes)
{
    uint64_t v = 0;
    for (int i = 0; i < bytes; i++)
        v = v << 8 | p[i];
    return v;
}

struct block {
    size_t n_utc, n_std, n_leap, n_times, n_types, n_chars;
};

static bool read_header(const unsigned char *p, size_t n, struct block *b)
{
    if (n < HEADER_BYTES || memcmp(p, "TZif", 4) || p[4] < '2' || p[4] > '4')
        return false;
    size_t *const counts[] = {&b->n_utc, &b->n_std, &b->n_leap, &b->n_times, &b->n_types, &b->n_chars};
    for (int i = 0; i < 6; i++) {
        *counts[i] = (size_t)big_endian(p + 20 + 4 * i, 4);
        if (*counts[i] > FEEL_ZONE_FILE_BYTES)
            return false;
    }
    return true;
}

static size_t block_bytes(const struct block *b, size_t time_bytes)
{
    return b->n_times * (time_bytes + 1) + b->n_types * 6 + b->n_chars + b->n_leap * (time_bytes + 4) + b->n_std + b->n_utc;
}

/* The transitions of the second block into the arrays behind the struct. */
static bool read_transitions(struct feel_zone *z, const unsigned char *p, const struct block *b)
{
    int64_t *at = (int64_t *)(void *)(z + 1);
    int32_t *offset = (int32_t *)(void *)(at + b->n_times);
    const unsigned char *index = p + b->n_times * 8, *types = index + b->n_times;
    for (size_t i = 0; i < b->n_types; i++) {
        int32_t o = (int32_t)(uint32_t)big_endian(types + 6 * i, 4);
        if (o < -MAX_OFFSET_S || o > MAX_OFFSET_S)
            return false;
    }
    for (size_t i = 0; i < b->n_times; i++) {
        at[i] = (int64_t)big_endian(p + 8 * i, 8);
        if (index[i] >= b->n_types || (i && at[i] <= at[i - 1]))
            return false;
        offset[i] = (int32_t)(uint32_t)big_endian(types + 6 * index[i], 4);
    }
    z->first = (int32_t)(uint32_t)big_endian(types, 4);
    z->at = at;
    z->offset = offset;
    z->n = b->n_times;
    return true;
}

static bool read_zone(struct feel_zone *z, const unsigned char *p, size_t n, const struct block *b)
{
    size_t used = block_bytes(b, 8);
    const char *footer = (const char *)p + used;
    if (!read_transitions(z, p, b) || n - used < 2 || footer[0] != '\n')
        return false;
    struct str rest = str_make(footer + 1, n - used - 1);
    size_t end = str_find_char(rest, '\n', 0);
    return end < rest.n && read_rule(z, str_slice(rest, 0, end));
}

struct feel_zone *feel_zone_parse(struct str name, const unsigned char *bytes, size_t n)
{
    struct block one, two;
    if (n > FEEL_ZONE_FILE_BYTES || !name.n || name.n > FEEL_ZONE_NAME_BYTES || !read_header(bytes, n, &one))
        return NULL;
    size_t skip = HEADER_BYTES + block_bytes(&one, 4);
    if (skip > n || !read_header(bytes + skip, n - skip, &two) || two.n_leap || !two.n_types)
        return NULL;
    bytes += skip + HEADER_BYTES;
    n -= skip + HEADER_BYTES;
    if (block_bytes(&two, 8) > n)
        return NULL;
    struct feel_zone *z = need(calloc(1, sizeof *z + two.n_times * (sizeof(int64_t) + sizeof(int32_t))));
    memcpy(z->name, name.p, name.n);
    z->n_name = name.n;
    if (read_zone(z, bytes, n, &two))
        return z;
    free(z);
    return NULL;
}

void feel_zone_free(struct feel_zone *zone)
{
    free(zone);
}

/* ---- The table */

struct feel_zones *feel_zones_new(const char *folder)
{
    struct feel_zones *zs = need(calloc(1, sizeof *zs));
    zs->folder = need(strdup(folder ? folder : "/usr/share/zoneinfo"));
    pthread_mutex_init(&zs->lock, NULL);
    return zs;
}

void feel_zones_free(struct feel_zones *zones)
{
    if (!zones)
        return;
    for (size_t i = 0; i < zones->n; i++)
        feel_zone_free(zones->zones[i]);
    pthread_mutex_destroy(&zones->lock);
    free(zones->folder);
    free(zones);
}

static bool is_name(struct str name)
{
    bool part = false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
                     c == '+';
        if (!plain && (c != '/' || !part))
            return false;
        part = plain;
    }
    return part && name.n <= FEEL_ZONE_NAME_BYTES;
}

static struct feel_zone *look_up(struct feel_zones *zones, struct str name)
{
    size_t n = zones->n;
    for (size_t i = 0; i < n; i++) {
        struct feel_zone *z = zones->zones[i];
        if (str_eq(feel_zone_name(z), name))
            return z;
    }
    return NULL;
}

static struct feel_zone *read_file(const struct feel_zones *zones, struct str name)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%.*s", zones->folder, STR_ARG(name));
    FILE *f = length > 0 && (size_t)length < sizeof path ? fopen(path, "rb") : NULL;
    if (!f)
        return NULL;
    unsigned char *bytes = need(malloc(FEEL_ZONE_FILE_BYTES + 1));
    size_t n = fread(bytes, 1, FEEL_ZONE_FILE_BYTES + 1, f);
    struct feel_zone *z = feel_zone_parse(name, bytes, n);
    free(bytes);
    fclose(f);
    return z;
}

const struct feel_zone *feel_zones_find(struct feel_zones *zones, struct str name)
{
    if (!zones || !is_name(name))
        return NULL;
    struct feel_zone *z = look_up(zones, name);
    if (z)
        return z;
    pthread_mutex_lock(&zones->lock);
    z = look_up(zones, name);
    if (!z && zones->n < FEEL_ZONES_MAX && (z = read_file(zones, name))) {
        zones->zones[zones->n] = z;
        zones->n++; /* who reads the count sees the zone */
    }
    pthread_mutex_unlock(&zones->lock);
    return z;
}

/* ---- Asking */

struct str feel_zone_name(const struct feel_zone *zone)
{
    return str_make(zone->name, zone->n_name);
}

int32_t feel_zone_offset(const struct feel_zone *zone, int64_t utc_s)
{
    size_t lo = 0, hi = zone->n; /* how many transitions are past */
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (zone->at[mid] <= utc_s)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == zone->n && zone->has_rule)
        return rule_offset(zone, utc_s);
    return lo ? zone->offset[lo - 1] : zone->first;
}

int32_t feel_zone_offset_local(const struct feel_zone *zone, int64_t local_s)
{
    int32_t before = feel_zone_offset(zone, local_s - 30 * HOUR_S), after = feel_zone_offset(zone, local_s + 30 * HOUR_S);
    if (feel_zone_offset(zone, local_s - before) == before)
        return before;
    if (feel_zone_offset(zone, local_s - after) == after)
        return after;
    return before;
}

int32_t feel_zone_offset_winter(const struct feel_zone *zone)
{
    if (zone->has_rule)
        return zone->has_summer && zone->summer < zone->standard ? zone->summer : zone->standard;
    return zone->n ? zone->offset[zone->n - 1] : zone->first;
}
