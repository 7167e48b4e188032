#include "feel/feel_scan.h"
#include "feel/feel_time.h"

enum {
    DAYS_400_YEARS = 146097,
    DAYS_TO_EPOCH = 719468, /* from 0000-03-01 to 1970-01-01 */
};

static inline int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_days(int64_t year, int month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Years that begin in March end with the day that may be missing; 400 of them are one cycle. */
static int64_t days_of(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t cycle = floor_div(year, 400), of_cycle = year - cycle * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return cycle * DAYS_400_YEARS + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year - DAYS_TO_EPOCH;
}

bool feel_day_of(int64_t year, int64_t month, int64_t day, int64_t *ret_day)
{
    if (year < -FEEL_YEAR_MAX || year > FEEL_YEAR_MAX || month < 1 || month > 12 || day < 1 ||
        day > month_days(year, (int)month))
        return false;
    *ret_day = days_of(year, (int)month, (int)day);
    return true;
}

struct feel_civil feel_day_civil(int64_t day)
{
    int64_t d = day + DAYS_TO_EPOCH, cycle = floor_div(d, DAYS_400_YEARS), of_cycle = d - cycle * DAYS_400_YEARS;
    int64_t year = (of_cycle - of_cycle / 1460 + of_cycle / 36524 - of_cycle / 146096) / 365;
    int64_t of_year = of_cycle - (365 * year + year / 4 - year / 100);
    int64_t march = (5 * of_year + 2) / 153; /* months since March */
    struct feel_civil c = {.month = (uint8_t)(march < 10 ? march + 3 : march - 9),
                           .day = (uint8_t)(of_year - (153 * march + 2) / 5 + 1)};
    c.year = (int32_t)(year + cycle * 400 + (c.month <= 2));
    return c;
}

int feel_day_weekday(int64_t day)
{
    int64_t thursday = day % 7; /* 1970-01-01 was one */
    return (int)((thursday + 7 + 3) % 7) + 1;
}

int feel_day_of_year(int64_t day)
{
    return (int)(day - days_of(feel_day_civil(day).year, 1, 1)) + 1;
}

int feel_day_week(int64_t day)
{
    /* a week belongs to the year of its Thursday */
    int64_t thursday = day - feel_day_weekday(day) + 4;
    return (int)((thursday - days_of(feel_day_civil(thursday).year, 1, 1)) / 7) + 1;
}

struct str feel_day_weekday_name(int weekday)
{
    static const char *const names[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
    return str_of(names[weekday - 1]);
}

struct str feel_day_month_name(int month)
{
    static const char *const names[] = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};
    return str_of(names[month - 1]);
}

bool feel_day_parse(struct str text, int64_t *ret_day)
{
    struct feel_scan sc = {.s = text};
    bool negative = feel_scan_char(&sc, '-');
    bool zero = feel_scan_peek(&sc) == '0';
    int64_t year, month, day;
    int digits = feel_scan_digits(&sc, 9, &year);
    if (digits < 4 || (digits > 4 && zero) || (negative && year == 0))
        return false;
    if (!feel_scan_char(&sc, '-') || !feel_scan_two(&sc, &month) || !feel_scan_char(&sc, '-') ||
        !feel_scan_two(&sc, &day) || !feel_scan_end(&sc))
        return false;
    return feel_day_of(negative ? -year : year, month, day, ret_day);
}

void feel_day_write(int64_t day, struct buf *b)
{
    struct feel_civil c = feel_day_civil(day);
    buf_fmt(b, "%s%04d-%02d-%02d", c.year < 0 ? "-" : "", c.year < 0 ? -c.year : c.year, c.month, c.day);
}

bool feel_day_add_months(int64_t day, int64_t months, int64_t *ret_day)
{
    struct feel_civil c = feel_day_civil(day);
    int64_t sum;
    if (__builtin_add_overflow((int64_t)c.year * 12 + c.month - 1, months, &sum))
        return false;
    int64_t year = floor_div(sum, 12);
    int month = (int)(sum - year * 12) + 1, last = month_days(year, month);
    return feel_day_of(year, month, c.day < last ? c.day : last, ret_day);
}

bool feel_day_add(int64_t day, struct feel_duration d, int64_t *ret_day)
{
    int64_t sum = day + floor_div(d.seconds, 86400);
    if (sum < FEEL_DAY_MIN || sum > FEEL_DAY_MAX)
        return false;
    *ret_day = sum;
    return true;
}

struct feel_duration feel_day_sub(int64_t a, int64_t b)
{
    return (struct feel_duration){.seconds = (a - b) * 86400};
}

int64_t feel_day_months_between(int64_t from, int64_t to)
{
    struct feel_civil a = feel_day_civil(from), b = feel_day_civil(to);
    int64_t months = ((int64_t)b.year - a.year) * 12 + b.month - a.month;
    if (months > 0 && b.day < a.day)
        return months - 1;
    if (months < 0 && b.day > a.day)
        return months + 1;
    return months;
}
