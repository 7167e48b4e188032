/* Dates, times, dates and times, and the two durations of FEEL (DMN 1.5, 10.3.2.3.4 to 10.3.2.3.8, 10.3.4.1): calendar,
   text, order and arithmetic. The calendar is the Gregorian one, also before it was made; years are astronomical (the
   year 0 is a leap year), -999 999 999 to 999 999 999.

   A date is an int64_t, the number of days since 1970-01-01. A years and months duration is an int64_t of months. What
   returns bool gives false when there is no result (the caller makes null of it) and then writes nothing. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "feel/feel_num.h"
#include "feel/feel_zone.h"

#define FEEL_DAY_MIN INT64_C(-365243219162) /* -999999999-01-01 */
#define FEEL_DAY_MAX INT64_C(365241780471)  /* 999999999-12-31 */
#define FEEL_DAY_NS INT64_C(86400000000000)
#define FEEL_OFFSET_NONE INT32_MIN

enum {
    FEEL_YEAR_MAX = 999999999,
    FEEL_OFFSET_MAX_S = 18 * 3600, /* of an offset that is written; those of zones come from the tz database */
};

/* A time of day (day 0), or a date and time (a "moment"). Local when it has neither offset nor zone. */
struct feel_time {
    int64_t day;                  /* since 1970-01-01 */
    int64_t ns;                   /* since midnight, 0 … FEEL_DAY_NS - 1 */
    const struct feel_zone *zone; /* NULL: none was named */
    int32_t offset_s; /* east of Greenwich; FEEL_OFFSET_NONE: local. With a zone, its offset at that moment */
};

/* A days and time duration: seconds + nanos × 10^-9, so -0.5 s is seconds -1, nanos 500 000 000. */
struct feel_duration {
    int64_t seconds;
    uint32_t nanos; /* 0 … 999 999 999 */
};

struct feel_civil {
    int32_t year;
    uint8_t month, day; /* 1 … 12, 1 … 31 */
};

/* ---- Dates */
bool feel_day_of(int64_t year, int64_t month, int64_t day, int64_t *ret_day); /* false: no such date */
struct feel_civil feel_day_civil(int64_t day);                                /* day within FEEL_DAY_MIN … MAX */
int feel_day_weekday(int64_t day);                                            /* 1 Monday … 7 Sunday */
int feel_day_of_year(int64_t day);                                            /* 1 … 366 */
int feel_day_week(int64_t day);                                               /* ISO 8601: 1 … 53 */
/* English, as day of week() and month of year() give them (10.3.4.9): "Monday", "January". 1 … 7 and 1 … 12. */
struct str feel_day_weekday_name(int weekday);
struct str feel_day_month_name(int month);
/* -YYYY-MM-DD: at least four digits of year, no needless zero before more, no plus. */
bool feel_day_parse(struct str text, int64_t *ret_day);
void feel_day_write(int64_t day, struct buf *b);
/* The same day of the month so many months later or earlier, or the last of that month when it is shorter. */
bool feel_day_add_months(int64_t day, int64_t months, int64_t *ret_day);
/* The date of the moment that is so long after midnight: 2021-01-01 + PT36H is 2021-01-02, - PT1H is 2020-12-31. */
bool feel_day_add(int64_t day, struct feel_duration d, int64_t *ret_day);
struct feel_duration feel_day_sub(int64_t a, int64_t b); /* a - b */
/* years and months duration(from, to): whole months from one to the other, negative when `to` is earlier. Of dates and
   times the dates alone count. */
int64_t feel_day_months_between(int64_t from, int64_t to);

/* ---- Times of day and moments */
/* hh:mm:ss[.fraction][Z|±hh:mm[:ss]|@zone]; a fraction of up to nine digits, more are cut. 24:00:00 is 00:00:00. */
bool feel_time_parse(struct str text, struct feel_zones *zones, struct feel_time *ret_time);
/* A date, T, a time; a date alone is its midnight, local. 24:00:00 is midnight of the next day. */
bool feel_moment_parse(struct str text, struct feel_zones *zones, struct feel_time *ret_moment);
/* time(hour, minute, second, offset): seconds below 60, of which nine decimals count; offset NULL: local, else whole
   seconds within ±18 hours. */
bool feel_time_of(int64_t hour, int64_t minute, struct feel_num second, const struct feel_duration *offset,
                  struct feel_time *ret_time);
/* date and time(date, time): the zone or offset is the time's. False when the zone's offset leads out of the calendar.
 */
bool feel_moment_of(int64_t day, struct feel_time time, struct feel_time *ret_moment);
/* An instant in UTC microseconds since 1970, shown in that zone; NULL: UTC, printed with Z. */
struct feel_time feel_moment_from_us(int64_t us, const struct feel_zone *zone);
/* Midnight of that date in UTC, as dates become dates and times when an operator needs one (10.3.2.3.6 and 10.3.2.9.4).
 */
struct feel_time feel_moment_utc(int64_t day);
/* The time of day of a moment, with its offset or zone. */
struct feel_time feel_moment_time(struct feel_time moment);
void feel_time_write(struct feel_time time, struct buf *b);
void feel_moment_write(struct feel_time moment, struct buf *b);

int feel_time_hour(struct feel_time t);   /* 0 … 23; of moments too, as the following */
int feel_time_minute(struct feel_time t); /* 0 … 59 */
int feel_time_second(struct feel_time t); /* 0 … 59, whole */
/* The property `time offset`: false when it is local. */
bool feel_time_offset(struct feel_time t, struct feel_duration *ret_offset);
struct str feel_time_zone(struct feel_time t); /* the property `timezone`: empty when no zone was named */

/* Order by instant: -1, 0, 1. False when one is local and the other not: those have no order. Milliseconds count, what
   is finer does not, as the public suite has it: 10:30:00.0001 equals 10:30:00.0002. Two times in the same zone compare
   as local ones. */
bool feel_time_cmp(struct feel_time a, struct feel_time b, int *ret_order);
bool feel_moment_cmp(struct feel_time a, struct feel_time b, int *ret_order);
/* is() (10.3.4.9): the same local time to the nanosecond with the same offset, or with a zone of the same name. Of two
   times or two moments. */
bool feel_time_is(struct feel_time a, struct feel_time b);

struct feel_time feel_time_add(struct feel_time t, struct feel_duration d); /* round the clock */
/* a - b, to the nanosecond; false when one is local and the other not. */
bool feel_time_sub(struct feel_time a, struct feel_time b, struct feel_duration *ret_difference);
bool feel_moment_sub(struct feel_time a, struct feel_time b, struct feel_duration *ret_difference);
/* So much later on the time line: in a zone the clock may have been put forward or back meanwhile. */
bool feel_moment_add(struct feel_time moment, struct feel_duration d, struct feel_time *ret_moment);
/* The same local time so many months later (feel_day_add_months). */
bool feel_moment_add_months(struct feel_time moment, int64_t months, struct feel_time *ret_moment);

/* ---- Days and time durations */
/* -PnDTnHnMn.nS of XML Schema's dayTimeDuration; also "PT0.S". Nine digits of a fraction count. */
bool feel_duration_parse(struct str text, struct feel_duration *ret_duration);
void feel_duration_write(struct feel_duration d, struct buf *b); /* normalised: P1DT2H, zero is PT0S */
int feel_duration_cmp(struct feel_duration a, struct feel_duration b);
int feel_duration_sign(struct feel_duration d);
bool feel_duration_add(struct feel_duration a, struct feel_duration b, struct feel_duration *ret_sum);
bool feel_duration_sub(struct feel_duration a, struct feel_duration b, struct feel_duration *ret_difference);
bool feel_duration_neg(struct feel_duration d, struct feel_duration *ret_negative);
bool feel_duration_abs(struct feel_duration d, struct feel_duration *ret_absolute);
/* By a number and by a duration; the exact value, then rounded half to even to the nanosecond. */
bool feel_duration_mul(struct feel_duration d, struct feel_num n, struct feel_duration *ret_product);
bool feel_duration_div(struct feel_duration d, struct feel_num n, struct feel_duration *ret_quotient);
bool feel_duration_ratio(struct feel_duration a, struct feel_duration b, struct feel_num *ret_ratio);
/* The properties days, hours, minutes, seconds: all with the sign of the duration, hours below 24 and so on. */
struct feel_duration_parts {
    int64_t days;
    int hours, minutes, seconds;
};
struct feel_duration_parts feel_duration_parts(struct feel_duration d);

/* ---- Years and months durations */
/* -PnYnM of XML Schema's yearMonthDuration. */
bool feel_months_parse(struct str text, int64_t *ret_months);
void feel_months_write(int64_t months, struct buf *b); /* normalised: P1Y2M, zero is P0M */
/* By a number, cut to whole months. */
bool feel_months_mul(int64_t months, struct feel_num n, int64_t *ret_months);
bool feel_months_div(int64_t months, struct feel_num n, int64_t *ret_months);
bool feel_months_ratio(int64_t a, int64_t b, struct feel_num *ret_ratio);
