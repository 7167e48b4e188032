#include "feel_room.h"

/* ---- Equality (10.3.2.3.3) and order. Nothing below has an answer deeper than FEEL_VALUE_DEPTH. */

enum { TOO_MUCH = -2 }; /* too deep or too large to say */

/* left: how many more pairs may be looked at; values that share their parts are larger than they look. */
static int equal(struct feel_value a, struct feel_value b, int depth, uint64_t *left);

static int lists_equal(const struct feel_list *a, const struct feel_list *b, int depth, uint64_t *left)
{
    int same;
    if (a->n != b->n)
        return 0;
    for (size_t i = 0; i < a->n; i++)
        if ((same = equal(a->items[i], b->items[i], depth, left)) != 1)
            return same == TOO_MUCH ? same : 0;
    return 1;
}

static int contexts_equal(struct feel_value a, struct feel_value b, int depth, uint64_t *left)
{
    if (a.context->n != b.context->n)
        return 0;
    for (size_t i = 0; i < a.context->n; i++) {
        const struct feel_value *v = feel_member(b, a.context->entries[i].name);
        int same = v ? equal(a.context->entries[i].value, *v, depth, left) : 0;
        if (same != 1)
            return same == TOO_MUCH ? same : 0;
    }
    return 1;
}

static int ranges_equal(const struct feel_range *a, const struct feel_range *b, int depth, uint64_t *left)
{
    if (a->unequal != b->unequal || a->single != b->single || a->low_bound != b->low_bound ||
        a->high_bound != b->high_bound)
        return 0;
    int low = a->low_bound == FEEL_UNBOUNDED ? 1 : equal(a->low, b->low, depth, left);
    int high = a->high_bound == FEEL_UNBOUNDED ? 1 : equal(a->high, b->high, depth, left);
    return low == 0 || high == 0 ? 0 : low < high ? low : high;
}

static int equal(struct feel_value a, struct feel_value b, int depth, uint64_t *left)
{
    int order;
    if (depth > FEEL_VALUE_DEPTH || *left == 0)
        return TOO_MUCH;
    --*left;
    if (a.kind != b.kind)
        return a.kind == FEEL_NULL || b.kind == FEEL_NULL ? 0 : -1;
    switch ((enum feel_kind)a.kind) {
    case FEEL_NULL:
        return 1;
    case FEEL_BOOLEAN:
        return a.flag == b.flag;
    case FEEL_STRING:
        return str_eq(feel_str(a), feel_str(b));
    case FEEL_LIST:
        return a.p == b.p ? 1 : lists_equal(a.list, b.list, depth + 1, left);
    case FEEL_CONTEXT:
        return a.p == b.p ? 1 : contexts_equal(a, b, depth + 1, left);
    case FEEL_RANGE:
        return ranges_equal(a.range, b.range, depth + 1, left);
    case FEEL_FUNCTION:
        return a.function == b.function;
    default:
        return feel_compare(a, b, &order) && order == 0;
    }
}

int feel_equal(struct feel_value a, struct feel_value b)
{
    uint64_t left = 1 << 20;
    int same = equal(a, b, 0, &left);
    return same == TOO_MUCH ? -1 : same;
}

int feel_same(struct feel_run *run, struct feel_value a, struct feel_value b)
{
    int same = equal(a, b, 0, &run->steps_left);
    return same == TOO_MUCH ? -1 : same;
}

static int sign_of(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

bool feel_compare(struct feel_value a, struct feel_value b, int *ret_order)
{
    int order;
    if (a.kind != b.kind)
        return false;
    switch ((enum feel_kind)a.kind) {
    case FEEL_NUMBER:
        order = feel_num_cmp(feel_num_of_value(a), feel_num_of_value(b));
        break;
    case FEEL_STRING: /* the order of code points is that of their UTF-8 bytes */
        order = str_cmp(feel_str(a), feel_str(b));
        break;
    case FEEL_DATE:
    case FEEL_MONTHS:
        order = sign_of(a.i64, b.i64);
        break;
    case FEEL_DURATION:
        order = feel_duration_cmp(feel_duration_of(a), feel_duration_of(b));
        break;
    case FEEL_TIME:
        if (!feel_time_cmp(*(const struct feel_time *)a.p, *(const struct feel_time *)b.p, &order))
            return false;
        break;
    case FEEL_DATE_TIME:
        if (!feel_moment_cmp(*(const struct feel_time *)a.p, *(const struct feel_time *)b.p, &order))
            return false;
        break;
    default:
        return false;
    }
    *ret_order = order < 0 ? -1 : order > 0;
    return true;
}

bool feel_is_local(struct feel_value v)
{
    return ((const struct feel_time *)v.p)->offset_s == FEEL_OFFSET_NONE;
}

/* ---- Ranges and the operator `in` */

int feel_range_holds(const struct feel_range *r, struct feel_value x)
{
    int order, inside = 1;
    if (r->unequal) {
        int same = feel_equal(x, r->low);
        return same < 0 ? -1 : !same;
    }
    if (r->single)
        return feel_equal(x, r->low);
    if (x.kind == FEEL_NULL)
        return -1;
    if (r->low_bound != FEEL_UNBOUNDED) {
        if (!feel_compare(x, r->low, &order))
            return -1;
        inside &= order > 0 || (order == 0 && r->low_bound == FEEL_CLOSED);
    }
    if (r->high_bound != FEEL_UNBOUNDED) {
        if (!feel_compare(x, r->high, &order))
            return -1;
        inside &= order < 0 || (order == 0 && r->high_bound == FEEL_CLOSED);
    }
    return inside;
}

static int in_item(struct feel_run *run, struct feel_value x, struct feel_value item)
{
    if (item.kind == FEEL_RANGE && x.kind != FEEL_RANGE)
        return feel_range_holds(item.range, x);
    return feel_same(run, x, item);
}

int feel_in(struct feel_run *run, struct feel_value x, struct feel_value test)
{
    if (test.kind != FEEL_LIST)
        return in_item(run, x, test);
    for (size_t i = 0; i < test.list->n; i++)
        if (in_item(run, x, test.list->items[i]) == 1)
            return 1;
    return x.kind == FEEL_LIST && feel_same(run, x, test) == 1;
}

/* ---- Properties (10.3.2.5, tables 63 to 65) */

enum property {
    PROP_YEAR,
    PROP_MONTH,
    PROP_DAY,
    PROP_WEEKDAY,
    PROP_HOUR,
    PROP_MINUTE,
    PROP_SECOND,
    PROP_OFFSET,
    PROP_TIMEZONE,
    PROP_YEARS,
    PROP_MONTHS,
    PROP_DAYS,
    PROP_HOURS,
    PROP_MINUTES,
    PROP_SECONDS,
    PROP_START,
    PROP_END,
    PROP_START_INCLUDED,
    PROP_END_INCLUDED,
    PROPERTIES
};
static const char *const property_names[PROPERTIES] = {
    "year",   "month", "day",   "weekday", "hour",    "minute", "second", "time offset",    "timezone",    "years",
    "months", "days",  "hours", "minutes", "seconds", "start",  "end",    "start included", "end included"};

static int find_property(struct str name)
{
    int i = 0;
    while (i < PROPERTIES && !str_eq_z(name, property_names[i]))
        i++;
    return i;
}

bool feel_is_property(struct str name)
{
    return find_property(name) < PROPERTIES;
}

static bool of_day(int64_t day, int property, struct feel_value *ret)
{
    struct feel_civil c = feel_day_civil(day);
    if (property > PROP_WEEKDAY)
        return false;
    *ret = feel_int(property == PROP_YEAR    ? c.year
                    : property == PROP_MONTH ? c.month
                    : property == PROP_DAY   ? c.day
                                             : feel_day_weekday(day));
    return true;
}

static bool of_time(struct feel_time t, int property, struct feel_value *ret)
{
    struct feel_duration offset;
    struct str zone = feel_time_zone(t);
    switch (property) {
    case PROP_HOUR:
        *ret = feel_int(feel_time_hour(t));
        return true;
    case PROP_MINUTE:
        *ret = feel_int(feel_time_minute(t));
        return true;
    case PROP_SECOND:
        *ret = feel_int(feel_time_second(t));
        return true;
    case PROP_OFFSET:
        *ret = feel_time_offset(t, &offset) ? feel_duration_value(offset) : feel_null();
        return true;
    case PROP_TIMEZONE:
        *ret = zone.n ? feel_string(zone) : feel_null();
        return true;
    default:
        return false;
    }
}

static bool of_duration(struct feel_value v, int property, struct feel_value *ret)
{
    if (v.kind == FEEL_MONTHS) {
        if (property != PROP_YEARS && property != PROP_MONTHS)
            return false;
        *ret = feel_int(property == PROP_YEARS ? v.i64 / 12 : v.i64 % 12);
        return true;
    }
    struct feel_duration_parts parts = feel_duration_parts(feel_duration_of(v));
    if (property < PROP_DAYS || property > PROP_SECONDS)
        return false;
    *ret = feel_int(property == PROP_DAYS      ? parts.days
                    : property == PROP_HOURS   ? parts.hours
                    : property == PROP_MINUTES ? parts.minutes
                                               : parts.seconds);
    return true;
}

static bool of_range(const struct feel_range *r, int property, struct feel_value *ret)
{
    switch (property) {
    case PROP_START:
        *ret = r->low_bound == FEEL_UNBOUNDED ? feel_null() : r->low;
        return true;
    case PROP_END:
        *ret = r->high_bound == FEEL_UNBOUNDED ? feel_null() : r->high;
        return true;
    case PROP_START_INCLUDED:
        *ret = feel_bool(r->low_bound == FEEL_CLOSED);
        return true;
    case PROP_END_INCLUDED:
        *ret = feel_bool(r->high_bound == FEEL_CLOSED);
        return true;
    default:
        return false;
    }
}

bool feel_property(struct feel_value v, struct str name, struct feel_value *ret)
{
    int property = find_property(name);
    if (property == PROPERTIES)
        return false;
    switch ((enum feel_kind)v.kind) {
    case FEEL_DATE:
        return of_day(v.i64, property, ret);
    case FEEL_TIME:
        return of_time(*(const struct feel_time *)v.p, property, ret);
    case FEEL_DATE_TIME:
        return of_day(((const struct feel_time *)v.p)->day, property, ret) ||
               of_time(*(const struct feel_time *)v.p, property, ret);
    case FEEL_MONTHS:
    case FEEL_DURATION:
        return of_duration(v, property, ret);
    case FEEL_RANGE:
        return of_range(v.range, property, ret);
    default:
        return false;
    }
}
