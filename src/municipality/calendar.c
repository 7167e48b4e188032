/* Working days and the last day of an appeal. */
#include "municipality.h"

/* The moving holidays, as days after Easter Sunday. */
static bool is_moving(enum country country, int year, int after_easter)
{
    switch (after_easter) {
    case -3: /* Maundy Thursday */
    case -2: /* Good Friday */
    case 0:
    case 1:
    case 39: /* ascension */
    case 49: /* Whit Sunday */
    case 50:
        return true;
    case 26: /* store bededag: lov nr. 214 af 06/03/2023 */
        return country == COUNTRY_DK && year < 2024;
    default:
        return false;
    }
}

static bool is_fixed(enum country country, int month, int day)
{
    int date = month * 100 + day;
    if (date == 101 || date == 1225 || date == 1226)
        return true;
    if (country == COUNTRY_DK)
        return date == 605 || date == 1224 || date == 1231;
    return date == 501 || date == 517;
}

bool municipality_is_holiday(const struct municipality *m, day_t day)
{
    int year, month, date;
    civil_from_day(day, &year, &month, &date);
    return is_fixed(m->country, month, date) || is_moving(m->country, year, day - civil_easter(year));
}

bool municipality_is_working_day(const struct municipality *m, day_t day)
{
    return civil_weekday(day) <= 5 && !municipality_is_holiday(m, day);
}

day_t municipality_add_working_days(const struct municipality *m, day_t day, int n)
{
    int step = n < 0 ? -1 : 1;
    while (n && day > 0 && day < INT32_MAX - 1) {
        day += step;
        if (municipality_is_working_day(m, day))
            n -= step;
    }
    while (!municipality_is_working_day(m, day))
        day += step;
    return day;
}

int municipality_working_days_between(const struct municipality *m, day_t from, day_t to)
{
    int n = 0, sign = to < from ? -1 : 1;
    if (to < from) {
        day_t swap = from;
        from = to, to = swap;
    }
    for (day_t day = from + 1; day <= to; day++)
        n += municipality_is_working_day(m, day);
    return sign * n;
}

day_t municipality_appeal_deadline(const struct municipality *m, day_t arrived)
{
    return municipality_add_working_days(m, arrived + m->rules->appeal_days, 0);
}

day_t municipality_review_deadline(const struct municipality *m, day_t received)
{
    return municipality_add_working_days(m, received + m->rules->review_days, 0);
}
