#include "civil.h"

#include <time.h>

#include "arena.h"
#include "buf.h"

int64_t time_now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * SECOND_US + t.tv_nsec / 1000;
}

int64_t time_tick_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND_US + t.tv_nsec / 1000;
}

int64_t time_cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * SECOND_US + t.tv_nsec / 1000;
}

/* Days from civil and back: the usual era arithmetic, with March as first month so that the leap day comes last. */
day_t civil_to_day(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int yoe = y - era * 400;
    int doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

void civil_from_day(day_t day, int *ret_year, int *ret_month, int *ret_day)
{
    int z = day + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = z - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    *ret_day = doy - (153 * mp + 2) / 5 + 1;
    *ret_month = mp < 10 ? mp + 3 : mp - 9;
    *ret_year = yoe + era * 400 + (*ret_month <= 2);
}

int civil_weekday(day_t day)
{
    int w = (day + 3) % 7; /* 1970-01-01 was a Thursday */
    return (w < 0 ? w + 7 : w) + 1;
}

static day_t last_sunday(int year, int month)
{
    day_t last = civil_to_day(year, month, 31);
    return last - civil_weekday(last) % 7;
}

/* Summer time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October. */
static int64_t offset_us(int64_t us)
{
    int64_t days = us / DAY_US - (us % DAY_US < 0);
    int year, month, day;
    civil_from_day((day_t)days, &year, &month, &day);
    int64_t from = last_sunday(year, 3) * DAY_US + HOUR_US;
    int64_t to = last_sunday(year, 10) * DAY_US + HOUR_US;
    return us >= from && us < to ? 2 * HOUR_US : HOUR_US;
}

day_t civil_day_of_us(int64_t us)
{
    int64_t local = us + offset_us(us);
    return (day_t)(local / DAY_US - (local % DAY_US < 0));
}

struct civil civil_from_us(int64_t us)
{
    int64_t local = us + offset_us(us);
    day_t day = civil_day_of_us(us);
    int64_t in_day = local - day * DAY_US;
    struct civil c;
    civil_from_day(day, &c.year, &c.month, &c.day);
    c.hour = (int)(in_day / HOUR_US);
    c.minute = (int)(in_day / MINUTE_US % 60);
    c.second = (int)(in_day / SECOND_US % 60);
    return c;
}

int64_t civil_day_start_us(day_t day)
{
    int64_t guess = day * DAY_US - HOUR_US;
    return day * DAY_US - offset_us(guess); /* the clock never changes at midnight */
}

bool civil_valid(int year, int month, int day)
{
    if (year < 1900 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    int y, m, d;
    civil_from_day(civil_to_day(year, month, day), &y, &m, &d);
    return y == year && m == month && d == day;
}

/* The anonymous Gregorian algorithm ("Meeus/Jones/Butcher"). */
day_t civil_easter(int year)
{
    int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    int h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
    int m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;
    return civil_to_day(year, n / 31, n % 31 + 1);
}

static bool digits(struct str s, size_t from, size_t n, int *ret)
{
    *ret = 0;
    for (size_t i = from; i < from + n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        *ret = *ret * 10 + (s.p[i] - '0');
    }
    return true;
}

bool civil_parse_day(struct str s, day_t *ret_day)
{
    int y, m, d;
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' || !digits(s, 0, 4, &y) || !digits(s, 5, 2, &m) ||
        !digits(s, 8, 2, &d) || !civil_valid(y, m, d))
        return false;
    *ret_day = civil_to_day(y, m, d);
    return true;
}

struct str civil_iso_day(struct arena *a, day_t day)
{
    int y, m, d;
    civil_from_day(day, &y, &m, &d);
    return str_fmt(a, "%04d-%02d-%02d", y, m, d);
}

static char *put_two(char *p, unsigned v)
{
    *p++ = (char)('0' + v / 10);
    *p++ = (char)('0' + v % 10);
    return p;
}

struct str civil_iso_us(struct arena *a, int64_t us)
{
    int64_t days = us / DAY_US - (us % DAY_US < 0);
    unsigned second = (unsigned)((us - days * DAY_US) / SECOND_US), minute = second / 60;
    int y, m, d;
    civil_from_day((day_t)days, &y, &m, &d);
    if (y < 0 || y > 9999)
        return str_fmt(a, "%04d-%02d-%02dT%02u:%02u:%02uZ", y, m, d, minute / 60, minute % 60, second % 60);
    const unsigned parts[] = {(unsigned)y % 100, (unsigned)m, (unsigned)d, minute / 60, minute % 60, second % 60};
    char *text = arena_alloc_raw(a, sizeof "2026-11-23T10:26:00Z"), *p = put_two(text, (unsigned)y / 100);
    for (int i = 0; i < 6; i++) {
        p = put_two(p, parts[i]);
        *p++ = "--T::Z"[i];
    }
    *p = 0;
    return str_make(text, (size_t)(p - text));
}
