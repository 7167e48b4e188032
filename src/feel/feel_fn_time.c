#include "feel_room.h"

/* Conversions to dates, times and durations (10.3.4.1), and functions of dates and times (10.3.4.8, 10.3.4.9). */

static const struct feel_time *time_of(struct feel_value v)
{
    return v.p;
}

static int64_t day_of(struct feel_value v)
{
    return v.kind == FEEL_DATE ? v.i64 : time_of(v)->day;
}

/* The argument as text of that kind, when it is a string; a null with the reason when it is no such text. */
static struct feel_value parsed(struct feel_call *c, enum feel_kind kind)
{
    struct feel_value v = feel_parse(c->run->arena, c->run->zones, kind, feel_str(c->args[0]));
    return v.kind != FEEL_NULL ? v
                               : feel_null_why(c->run, c->node, FEEL_WHY_VALUE, "%" PRI_STR, STR_ARG(v.reason->detail));
}

static struct feel_value odd_kind(struct feel_call *c, const char *what)
{
    return feel_null_of(c->run, c->node, c->args[0], c->args[0], what);
}

/* A singleton list stands for its item where functions take several kinds. */
static void unwrap(struct feel_call *c)
{
    if (c->args[0].kind == FEEL_LIST && c->args[0].list->n == 1)
        c->args[0] = c->args[0].list->items[0];
}

static struct feel_value fn_date(struct feel_call *c)
{
    unwrap(c);
    switch (c->args[0].kind) {
    case FEEL_STRING:
        return parsed(c, FEEL_DATE);
    case FEEL_DATE:
        return c->args[0];
    case FEEL_DATE_TIME:
        return feel_date(day_of(c->args[0]));
    default:
        return odd_kind(c, "date");
    }
}

static struct feel_value fn_date_of(struct feel_call *c)
{
    int64_t year, month, day, date;
    if (!feel_to_i64(c->args[0], &year) || !feel_to_i64(c->args[1], &month) || !feel_to_i64(c->args[2], &day) ||
        !feel_day_of(year, month, day, &date))
        return feel_bad_value(c, "there is no such date");
    return feel_date(date);
}

static struct feel_value fn_time(struct feel_call *c)
{
    unwrap(c);
    switch (c->args[0].kind) {
    case FEEL_STRING:
        return parsed(c, FEEL_TIME);
    case FEEL_TIME:
        return c->args[0];
    case FEEL_DATE:
        return feel_time_value(c->run->arena, FEEL_TIME, feel_moment_time(feel_moment_utc(c->args[0].i64)));
    case FEEL_DATE_TIME:
        return feel_time_value(c->run->arena, FEEL_TIME, feel_moment_time(*time_of(c->args[0])));
    default:
        return odd_kind(c, "time");
    }
}

static struct feel_value fn_time_of(struct feel_call *c)
{
    struct feel_time t;
    int64_t hour, minute;
    struct feel_value offset = c->n > 3 ? c->args[3] : feel_null();
    struct feel_duration d = feel_duration_of(offset);
    if (offset.kind != FEEL_NULL && offset.kind != FEEL_DURATION)
        return feel_bad_value(c, "the offset must be a days and time duration");
    if (!feel_to_i64(c->args[0], &hour) || !feel_to_i64(c->args[1], &minute) ||
        !feel_time_of(hour, minute, feel_num_of_value(c->args[2]), offset.kind == FEEL_NULL ? NULL : &d, &t))
        return feel_bad_value(c, "there is no such time");
    return feel_time_value(c->run->arena, FEEL_TIME, t);
}

static struct feel_value fn_date_and_time(struct feel_call *c)
{
    unwrap(c);
    switch (c->args[0].kind) {
    case FEEL_STRING:
        return parsed(c, FEEL_DATE_TIME);
    case FEEL_DATE:
        return feel_time_value(c->run->arena, FEEL_DATE_TIME, feel_moment_utc(c->args[0].i64));
    case FEEL_DATE_TIME:
        return c->args[0];
    default:
        return odd_kind(c, "date and time");
    }
}

static struct feel_value fn_date_and_time_of(struct feel_call *c)
{
    struct feel_time t;
    if (c->args[1].kind != FEEL_TIME)
        return feel_null_of(c->run, c->node, c->args[0], c->args[1], "date and time");
    if (!feel_moment_of(day_of(c->args[0]), *time_of(c->args[1]), &t))
        return feel_bad_value(c, "there is no such date and time");
    return feel_time_value(c->run->arena, FEEL_DATE_TIME, t);
}

static struct feel_value fn_duration(struct feel_call *c)
{
    unwrap(c);
    if (c->args[0].kind == FEEL_DURATION || c->args[0].kind == FEEL_MONTHS)
        return c->args[0];
    return c->args[0].kind == FEEL_STRING ? parsed(c, FEEL_DURATION) : odd_kind(c, "duration");
}

static struct feel_value fn_months_between(struct feel_call *c)
{
    return feel_months(feel_day_months_between(day_of(c->args[0]), day_of(c->args[1])));
}

static struct feel_time moment_now(struct feel_call *c)
{
    const struct feel_zone *zone =
        c->run->zones && c->run->zone.n ? feel_zones_find(c->run->zones, c->run->zone) : NULL;
    return feel_moment_from_us(c->run->now_us, zone);
}

static struct feel_value fn_now(struct feel_call *c)
{
    return feel_time_value(c->run->arena, FEEL_DATE_TIME, moment_now(c));
}

static struct feel_value fn_today(struct feel_call *c)
{
    return feel_date(moment_now(c).day);
}

static struct feel_value fn_day_of_year(struct feel_call *c)
{
    return feel_int(feel_day_of_year(day_of(c->args[0])));
}

static struct feel_value fn_day_of_week(struct feel_call *c)
{
    return feel_string(feel_day_weekday_name(feel_day_weekday(day_of(c->args[0]))));
}

static struct feel_value fn_month_of_year(struct feel_call *c)
{
    return feel_string(feel_day_month_name(feel_day_civil(day_of(c->args[0])).month));
}

static struct feel_value fn_week_of_year(struct feel_call *c)
{
    return feel_int(feel_day_week(day_of(c->args[0])));
}

/* is(): the same element of the same domain (10.3.2.3.3): of times also how the zone is written. */
static struct feel_value fn_is(struct feel_call *c)
{
    struct feel_value a = c->args[0], b = c->args[1];
    if (a.kind != b.kind)
        return feel_bool(false);
    if (a.kind == FEEL_TIME || a.kind == FEEL_DATE_TIME)
        return feel_bool(feel_time_is(*time_of(a), *time_of(b)));
    return feel_bool(feel_equal(a, b) == 1);
}

#define OF_DATE(name, fn, type) \
    { \
        FEEL_N(name), fn, NULL, {{"date", 'd'}}, 1, 1, 0, type \
    }

const struct feel_builtin feel_builtins_time[] = {
    {FEEL_N("date"), fn_date, NULL, {{"from", 'a'}}, 1, 1, 0, FEEL_T_DATE},
    {FEEL_N("date"), fn_date_of, NULL, {{"year", 'n'}, {"month", 'n'}, {"day", 'n'}}, 3, 3, 0, FEEL_T_DATE},
    {FEEL_N("time"), fn_time, NULL, {{"from", 'a'}}, 1, 1, 0, FEEL_T_TIME},
    {FEEL_N("time"),
     fn_time_of,
     NULL,
     {{"hour", 'n'}, {"minute", 'n'}, {"second", 'n'}, {"offset", 'a'}},
     4,
     3,
     0,
     FEEL_T_TIME},
    {FEEL_N("date and time"), fn_date_and_time, NULL, {{"from", 'a'}}, 1, 1, 0, FEEL_T_DATE_TIME},
    {FEEL_N("date and time"), fn_date_and_time_of, NULL, {{"date", 'd'}, {"time", 'a'}}, 2, 2, 0, FEEL_T_DATE_TIME},
    {FEEL_N("duration"), fn_duration, NULL, {{"from", 'a'}}, 1, 1, 0, 0},
    {FEEL_N("years and months duration"),
     fn_months_between,
     NULL,
     {{"from", 'd'}, {"to", 'd'}},
     2,
     2,
     0,
     FEEL_T_MONTHS},
    {FEEL_N("now"), fn_now, NULL, {{NULL, 0}}, 0, 0, BUILTIN_IMPURE, FEEL_T_DATE_TIME},
    {FEEL_N("today"), fn_today, NULL, {{NULL, 0}}, 0, 0, BUILTIN_IMPURE, FEEL_T_DATE},
    OF_DATE("day of year", fn_day_of_year, FEEL_T_NUMBER),
    OF_DATE("day of week", fn_day_of_week, FEEL_T_STRING),
    OF_DATE("month of year", fn_month_of_year, FEEL_T_STRING),
    OF_DATE("week of year", fn_week_of_year, FEEL_T_NUMBER),
    {FEEL_N("is"), fn_is, NULL, {{"value1", 'a'}, {"value2", 'a'}}, 2, 0, 0, FEEL_T_BOOLEAN},
    {{NULL, 0}, NULL, NULL, {{NULL, 0}}, 0, 0, 0, 0}};
