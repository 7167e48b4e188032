/* Time inside is int64 UTC microseconds; it becomes civil (Europe/Copenhagen and Europe/Oslo, which keep the same
   rules: directive 2000/84/EC) only at the edge. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "str.h"

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)

struct civil {
    int year, month, day;     /* 1970…9999, 1…12, 1…31 */
    int hour, minute, second; /* local */
};

/* A date alone is the number of days since 1970-01-01. */
typedef int32_t day_t;

int64_t time_now_us(void);  /* wall clock */
int64_t time_tick_us(void); /* monotonic, for durations only */
int64_t time_cpu_us(void);  /* processor time of this thread, for benchmarks only */

struct civil civil_from_us(int64_t us);
/* Midnight local at the start of that day; the end of a deadline day is civil_day_start_us(day + 1). */
int64_t civil_day_start_us(day_t day);
day_t civil_day_of_us(int64_t us); /* the local day */
day_t civil_to_day(int year, int month, int day);
void civil_from_day(day_t day, int *ret_year, int *ret_month, int *ret_day);
int civil_weekday(day_t day); /* 1 Monday … 7 Sunday, ISO 8601 */
bool civil_valid(int year, int month, int day);
day_t civil_easter(int year); /* Easter Sunday, Gregorian */
/* "2026-11-23" (ISO 8601) to a day; false when it is not a date between 1900 and 9999. */
bool civil_parse_day(struct str s, day_t *ret_day);
struct arena;
struct str civil_iso_day(struct arena *a, day_t day); /* "2026-11-23" */
struct str civil_iso_us(struct arena *a, int64_t us); /* "2026-11-23T10:26:00Z" */
