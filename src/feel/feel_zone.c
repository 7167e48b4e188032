#include "feel/feel_zone.h"

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feel/feel_scan.h"
#include "feel/feel_time.h"

enum {
    OFFSET_LIMIT_S = 100000,
    RULE_TIME_LIMIT_H = 167,
    HEADER_BYTES = 44,
    TYPE_BYTES = 6,
    SLOTS = 2 * FEEL_ZONES_MAX,
};

/* A day of the year in the footer: Mm.w.d, Jn (29 February never counted) or n (from 0), at seconds after local
 * midnight. */
struct rule_day {
    char kind; /* 'M', 'J', '0' */
    int month, week, weekday, day;
    int32_t time_s;
};

struct feel_zone {
    struct str name;
    size_t n;         /* transitions */
    int64_t *at;      /* UTC seconds, rising */
    int32_t *offsets; /* offsets[i] from at[i] on */
    int32_t first;    /* before at[0] */
    bool has_rule, has_summer;
    int32_t standard, summer;
    struct rule_day start, end;
};

static void *need(void *p)
{
    if (!p)
        abort(); /* nothing better to do without memory: see arena_new */
    return p;
}

/* ---- The footer: a POSIX TZ text (RFC 8536, 3.3) ---- */

static bool scan_name(struct feel_scan *sc)
{
    size_t from = sc->i;
    if (feel_scan_char(sc, '<')) {
        while (!feel_scan_end(sc) && !feel_scan_char(sc, '>'))
            sc->i++;
        return sc->s.p[sc->i - 1] == '>';
    }
    while ((feel_scan_peek(sc) | 0x20) >= 'a' && (feel_scan_peek(sc) | 0x20) <= 'z')
        sc->i++;
    return sc->i - from >= 3;
}

/* [+-]h[hh][:mm[:ss]] with at most that many hours */
static bool scan_clock(struct feel_scan *sc, int64_t most_h, int32_t *ret_s)
{
    bool negative = feel_scan_char(sc, '-');
    int64_t h, m = 0, s = 0;
    if (!negative)
        feel_scan_char(sc, '+');
    if (!feel_scan_digits(sc, 3, &h) || h > most_h)
        return false;
    if (feel_scan_char(sc, ':') && (!feel_scan_two(sc, &m) || (feel_scan_char(sc, ':') && !feel_scan_two(sc, &s))))
        return false;
    if (m > 59 || s > 59)
        return false;
    int32_t sum = (int32_t)(h * 3600 + m * 60 + s);
    *ret_s = negative ? -sum : sum;
    return true;
}

static bool scan_number(struct feel_scan *sc, int least, int most, int *ret)
{
    int64_t v;
    if (!feel_scan_digits(sc, 3, &v) || v < least || v > most)
        return false;
    *ret = (int)v;
    return true;
}

static bool scan_rule_day(struct feel_scan *sc, struct rule_day *r)
{
    r->time_s = 2 * 3600;
    if (!feel_scan_char(sc, ','))
        return false;
    if (feel_scan_char(sc, 'M')) {
        r->kind = 'M';
        if (!scan_number(sc, 1, 12, &r->month) || !feel_scan_char(sc, '.') || !scan_number(sc, 1, 5, &r->week) ||
            !feel_scan_char(sc, '.') || !scan_number(sc, 0, 6, &r->weekday))
            return false;
    } else {
        r->kind = feel_scan_char(sc, 'J') ? 'J' : '0';
        if (!scan_number(sc, r->kind == 'J', 365, &r->day))
            return false;
    }
    return !feel_scan_char(sc, '/') || scan_clock(sc, RULE_TIME_LIMIT_H, &r->time_s);
}

static bool parse_footer(struct str text, struct feel_zone *z)
{
    struct feel_scan sc = {.s = text};
    int32_t west;
    if (text.n == 0)
        return true;
    if (!scan_name(&sc) || !scan_clock(&sc, 24, &west))
        return false;
    z->has_rule = true;
    z->standard = -west;
    if (feel_scan_end(&sc))
        return true;
    z->has_summer = true;
    z->summer = z->standard + 3600;
    if (!scan_name(&sc))
        return false;
    if (feel_scan_peek(&sc) != ',') {
        if (!scan_clock(&sc, 24, &west))
            return false;
        z->summer = -west;
    }
    return scan_rule_day(&sc, &z->start) && scan_rule_day(&sc, &z->end) && feel_scan_end(&sc);
}

/* Local seconds since 1970 of that rule in that year. */
static int64_t rule_local_s(const struct rule_day *r, int64_t year)
{
    int64_t first, day;
    if (!feel_day_of(year, r->kind == 'M' ? r->month : 1, 1, &first))
        return 0;
    if (r->kind == 'M') {
        int weekday = feel_day_weekday(first) % 7; /* 0 is Sunday here */
        day = first + (r->weekday - weekday + 7) % 7 + (r->week - 1) * 7;
        int64_t same_month;
        while (!feel_day_of(year, r->month, day - first + 1, &same_month))
            day -= 7; /* week 5 is the last there is */
    } else {
        int64_t march;
        bool leap = feel_day_of(year, 2, 29, &march);
        day = first + r->day - (r->kind == 'J' ? 1 : 0);
        if (r->kind == 'J' && leap && r->day >= 60)
            day++;
    }
    return day * 86400 + r->time_s;
}

static int32_t rule_offset(const struct feel_zone *z, int64_t utc_s)
{
    if (!z->has_summer)
        return z->standard;
    int64_t local = utc_s + z->standard, day = local / 86400 - (local % 86400 < 0);
    if (day < FEEL_DAY_MIN || day > FEEL_DAY_MAX)
        return z->standard;
    int64_t year = feel_day_civil(day).year;
    int64_t start = rule_local_s(&z->start, year) - z->standard, end = rule_local_s(&z->end, year) - z->summer;
    bool summer = start < end ? utc_s >= start && utc_s < end : !(utc_s >= end && utc_s < start);
    return summer ? z->summer : z->standard;
}

/* ---- The file ---- */

static int64_t read_be(const unsigned char *p, int bytes)
{
    uint64_t v = p[0] & 0x80 ? UINT64_MAX : 0;
    for (int i = 0; i < bytes; i++)
        v = v << 8 | p[i];
    return (int64_t)v;
}

struct header {
    char version;
    size_t ut, std, leap, transitions, types, chars;
};

static bool read_header(const unsigned char *p, size_t n, struct header *h)
{
    if (n < HEADER_BYTES || memcmp(p, "TZif", 4) != 0)
        return false;
    h->version = (char)p[4];
    size_t *counts[] = {&h->ut, &h->std, &h->leap, &h->transitions, &h->types, &h->chars};
    for (int i = 0; i < 6; i++) {
        int64_t v = read_be(p + 20 + 4 * i, 4);
        if (v < 0 || v > FEEL_ZONE_FILE_BYTES)
            return false;
        *counts[i] = (size_t)v;
    }
    return true;
}

static size_t block_bytes(const struct header *h, size_t time_bytes)
{
    return h->transitions * (time_bytes + 1) + h->types * TYPE_BYTES + h->chars + h->leap * (time_bytes + 4) + h->std +
           h->ut;
}

static bool read_block(const unsigned char *p, const struct header *h, struct feel_zone *z)
{
    const unsigned char *index = p + h->transitions * 8, *types = index + h->transitions;
    for (size_t i = 0; i < h->types; i++) {
        int64_t offset = read_be(types + i * TYPE_BYTES, 4);
        if (offset < -OFFSET_LIMIT_S || offset > OFFSET_LIMIT_S)
            return false;
    }
    z->n = h->transitions;
    z->at = need(calloc(z->n + 1, sizeof *z->at));
    z->offsets = need(calloc(z->n + 1, sizeof *z->offsets));
    z->first = (int32_t)read_be(types, 4);
    for (size_t i = 0; i < z->n; i++) {
        z->at[i] = read_be(p + i * 8, 8);
        if (index[i] >= h->types || (i > 0 && z->at[i] <= z->at[i - 1]))
            return false;
        z->offsets[i] = (int32_t)read_be(types + index[i] * TYPE_BYTES, 4);
    }
    return true;
}

static bool read_file(const unsigned char *p, size_t n, struct feel_zone *z)
{
    struct header h;
    if (n > FEEL_ZONE_FILE_BYTES || !read_header(p, n, &h) || h.version < '2')
        return false;
    size_t skip = HEADER_BYTES + block_bytes(&h, 4);
    if (skip > n || !read_header(p + skip, n - skip, &h) || h.types == 0 || h.types > 256 || h.leap != 0)
        return false;
    p += skip + HEADER_BYTES;
    n -= skip + HEADER_BYTES;
    size_t block = block_bytes(&h, 8);
    if (block + 2 > n || !read_block(p, &h, z) || p[block] != '\n')
        return false;
    struct str rest = str_make((const char *)p + block + 1, n - block - 1);
    size_t end = str_find_char(rest, '\n', 0);
    return end < rest.n && parse_footer(str_slice(rest, 0, end), z);
}

struct feel_zone *feel_zone_parse(struct str name, const unsigned char *bytes, size_t n)
{
    struct feel_zone *z = need(calloc(1, sizeof *z));
    char *copy = need(malloc(name.n + 1));
    if (name.n)
        memcpy(copy, name.p, name.n);
    z->name = str_make(copy, name.n);
    if (read_file(bytes, n, z))
        return z;
    feel_zone_free(z);
    return NULL;
}

void feel_zone_free(struct feel_zone *zone)
{
    if (!zone)
        return;
    free((char *)zone->name.p);
    free(zone->at);
    free(zone->offsets);
    free(zone);
}

/* ---- Questions ---- */

struct str feel_zone_name(const struct feel_zone *zone)
{
    return zone->name;
}

int32_t feel_zone_offset(const struct feel_zone *zone, int64_t utc_s)
{
    size_t low = 0, high = zone->n; /* the first transition after utc_s */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->at[middle] <= utc_s)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == zone->n && zone->has_rule)
        return rule_offset(zone, utc_s);
    return low == 0 ? zone->first : zone->offsets[low - 1];
}

int32_t feel_zone_offset_local(const struct feel_zone *zone, int64_t local_s)
{
    int32_t before = feel_zone_offset(zone, local_s - OFFSET_LIMIT_S);
    int32_t after = feel_zone_offset(zone, local_s + OFFSET_LIMIT_S);
    int32_t between = feel_zone_offset(zone, local_s - before);
    const int32_t tries[] = {before, between, after};
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++)
        if (feel_zone_offset(zone, local_s - tries[i]) == tries[i])
            return tries[i];
    return before; /* skipped by the clock */
}

int32_t feel_zone_offset_winter(const struct feel_zone *zone)
{
    if (!zone->has_rule)
        return zone->n ? zone->offsets[zone->n - 1] : zone->first;
    return zone->has_summer && zone->summer < zone->standard ? zone->summer : zone->standard;
}

/* ---- The table ---- */

struct feel_zones {
    char *folder;
    pthread_mutex_t lock; /* for adding; looking needs none */
    size_t n;
    struct feel_zone *_Atomic slot[SLOTS];
};

struct feel_zones *feel_zones_new(const char *folder)
{
    struct feel_zones *zones = need(calloc(1, sizeof *zones));
    zones->folder = need(strdup(folder ? folder : "/usr/share/zoneinfo"));
    int rc = pthread_mutex_init(&zones->lock, NULL);
    assert(rc == 0);
    return zones;
}

void feel_zones_free(struct feel_zones *zones)
{
    if (!zones)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        feel_zone_free(atomic_load(&zones->slot[i]));
    pthread_mutex_destroy(&zones->lock);
    free(zones->folder);
    free(zones);
}

/* Names of the database begin with a capital; its other files, and what the machine itself is set to, do not. */
static bool valid_name(struct str name)
{
    bool start = true;
    if (name.n == 0 || name.n > FEEL_ZONE_NAME_BYTES || name.p[0] < 'A' || name.p[0] > 'Z')
        return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool letter = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9');
        bool other = c == '_' || c == '-' || c == '+';
        if (c == '/' ? start : !letter && !(other && !start))
            return false;
        start = c == '/';
    }
    return !start;
}

static struct feel_zone *load(const struct feel_zones *zones, struct str name)
{
    char path[4096];
    struct stat st;
    struct feel_zone *z = NULL;
    int n = snprintf(path, sizeof path, "%s/%.*s", zones->folder, STR_ARG(name));
    if (n < 0 || (size_t)n >= sizeof path)
        return NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return NULL;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 && st.st_size <= FEEL_ZONE_FILE_BYTES) {
        size_t size = (size_t)st.st_size, got = 0;
        unsigned char *bytes = need(malloc(size));
        ssize_t r;
        while (got < size && (r = read(fd, bytes + got, size - got)) > 0)
            got += (size_t)r;
        z = feel_zone_parse(name, bytes, got);
        free(bytes);
    }
    close(fd);
    return z;
}

/* The slot of that name, or the empty one where it belongs. There is always an empty one. */
static size_t find_slot(struct feel_zones *zones, struct str name, struct feel_zone **ret_zone)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < name.n; i++)
        h = (h ^ (unsigned char)name.p[i]) * UINT64_C(0x100000001b3);
    size_t slot = (size_t)(h >> 32) % SLOTS;
    struct feel_zone *z;
    while ((z = atomic_load_explicit(&zones->slot[slot], memory_order_acquire)) && !str_eq(z->name, name))
        slot = (slot + 1) % SLOTS;
    *ret_zone = z;
    return slot;
}

const struct feel_zone *feel_zones_find(struct feel_zones *zones, struct str name)
{
    struct feel_zone *z;
    if (!valid_name(name))
        return NULL;
    find_slot(zones, name, &z);
    if (z)
        return z;
    pthread_mutex_lock(&zones->lock);
    size_t slot = find_slot(zones, name, &z); /* somebody may have been faster */
    if (!z && zones->n < FEEL_ZONES_MAX && (z = load(zones, name))) {
        zones->n++;
        atomic_store_explicit(&zones->slot[slot], z, memory_order_release);
    }
    pthread_mutex_unlock(&zones->lock);
    return z;
}
