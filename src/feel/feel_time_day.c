#include "feel/feel_time.h"

/* Dates: days since 1970-01-01 and the Gregorian calendar. */

static const uint8_t month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int64_t year, int64_t month)
{
    return month_days[month - 1] + (month == 2 && is_leap(year));
}

/* Counted in years that begin in March, so that the leap day comes last. */
static int64_t days_from(int64_t year, int64_t month, int64_t day)
{
    int64_t y = year - (month <= 2), era = floor_div(y, 400), of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

bool feel_day_of(int64_t year, int64_t month, int64_t day, int64_t *ret_day)
{
    if (year < -FEEL_YEAR_MAX || year > FEEL_YEAR_MAX || month < 1 || month > 12 || day < 1 ||
        day > days_in(year, month))
        return false;
    *ret_day = days_from(year, month, day);
    return true;
}

struct feel_civil feel_day_civil(int64_t day)
{
    int64_t z = day + 719468, era = floor_div(z, 146097), of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100), m = (5 * of_year + 2) / 153;
    int64_t month = m < 10 ? m + 3 : m - 9;
    return (struct feel_civil){(int32_t)(year + era * 400 + (month <= 2)), (uint8_t)month,
                               (uint8_t)(of_year - (153 * m + 2) / 5 + 1)};
}

int feel_day_weekday(int64_t day)
{
    return (int)((day + 3) - floor_div(day + 3, 7) * 7) + 1;
}

int feel_day_of_year(int64_t day)
{
    return (int)(day - days_from(feel_day_civil(day).year, 1, 1)) + 1;
}

int feel_day_week(int64_t day)
{
    int64_t thursday = day - feel_day_weekday(day) + 4;
    return (int)((thursday - days_from(feel_day_civil(thursday).year, 1, 1)) / 7) + 1;
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

void feel_day_write(int64_t day, struct buf *b)
{
    struct feel_civil c = feel_day_civil(day);
    buf_fmt(b, "%s%04d-%02d-%02d", c.year < 0 ? "-" : "", c.year < 0 ? -c.year : c.year, c.month, c.day);
}

bool feel_day_add_months(int64_t day, int64_t months, int64_t *ret_day)
{
    struct feel_civil c = feel_day_civil(day);
    int64_t all;
    if (__builtin_add_overflow((int64_t)c.year * 12 + c.month - 1, months, &all))
        return false;
    int64_t year = floor_div(all, 12), month = all - year * 12 + 1;
    if (year < -FEEL_YEAR_MAX || year > FEEL_YEAR_MAX)
        return false;
    int last = days_in(year, month);
    return feel_day_of(year, month, c.day < last ? c.day : last, ret_day);
}

bool feel_day_add(int64_t day, struct feel_duration d, int64_t *ret_day)
{
    int64_t sum;
    if (__builtin_add_overflow(day, floor_div(d.seconds, 86400), &sum) || sum < FEEL_DAY_MIN || sum > FEEL_DAY_MAX)
        return false;
    *ret_day = sum;
    return true;
}

struct feel_duration feel_day_sub(int64_t a, int64_t b)
{
    return (struct feel_duration){(a - b) * 86400, 0};
}

int64_t feel_day_months_between(int64_t from, int64_t to)
{
    struct feel_civil a = feel_day_civil(from), b = feel_day_civil(to);
    int64_t months = ((int64_t)b.year - a.year) * 12 + b.month - a.month;
    if (months > 0 && b.day < a.day)
        months--;
    else if (months < 0 && b.day > a.day)
        months++;
    return months;
}
