/* Dates, times and durations: what is written is read again as the same, and no arithmetic leaves the calendar. */
#include <assert.h>

#include "base/base.h"
#include "feel/feel_time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct input {
    struct arena *arena;
    struct feel_zones *zones;
    struct str text;
};

static void check_moment(struct input *in, struct feel_time t)
{
    struct buf b = buf_make(in->arena);
    struct feel_time again;
    feel_moment_write(t, &b);
    assert(t.day >= FEEL_DAY_MIN && t.day <= FEEL_DAY_MAX && t.ns >= 0 && t.ns < FEEL_DAY_NS);
    assert(feel_moment_parse(buf_str(&b), in->zones, &again) && feel_time_is(t, again));
    int week = feel_day_week(t.day), of_year = feel_day_of_year(t.day);
    assert(week >= 1 && week <= 53 && of_year >= 1 && of_year <= 366);
}

static void check_time(struct input *in, struct feel_time t)
{
    struct buf b = buf_make(in->arena);
    struct feel_time again;
    feel_time_write(t, &b);
    assert(feel_time_parse(buf_str(&b), in->zones, &again) && feel_time_is(t, again));
}

static void check_duration(struct input *in, struct feel_duration d)
{
    struct buf b = buf_make(in->arena);
    struct feel_duration again;
    feel_duration_write(d, &b);
    assert(d.nanos < 1000000000);
    assert(feel_duration_parse(buf_str(&b), &again) && feel_duration_cmp(d, again) == 0);
}

static void check_with_duration(struct input *in, struct feel_time moment, struct feel_duration d)
{
    struct feel_time t;
    struct feel_duration r, back;
    struct feel_num n;
    check_time(in, feel_time_add(feel_moment_time(moment), d));
    if (feel_moment_add(moment, d, &t)) {
        check_moment(in, t);
        assert(feel_moment_sub(t, moment, &back));
        /* an offset that is not known at the end of time may be another */
        assert(moment.zone || feel_duration_cmp(back, d) == 0);
    }
    if (feel_duration_mul(d, feel_num_scaled(25, 1), &r))
        check_duration(in, r);
    if (feel_duration_div(d, feel_num_of(3), &r))
        check_duration(in, r);
    if (feel_duration_neg(d, &r))
        assert(feel_duration_sign(r) == -feel_duration_sign(d));
    if (feel_duration_ratio(d, d, &n))
        assert(feel_num_eq(n, feel_num_of(1)));
    feel_duration_parts(d);
}

static void check_with_months(struct input *in, struct feel_time moment, int64_t months)
{
    struct feel_time t;
    int64_t again;
    struct buf b = buf_make(in->arena);
    feel_months_write(months, &b);
    assert(feel_months_parse(buf_str(&b), &again) && again == months);
    if (feel_moment_add_months(moment, months, &t))
        check_moment(in, t);
}

static void run(void *p)
{
    struct input *in = p;
    struct str rest = in->text, piece;
    struct feel_time moment = {.offset_s = FEEL_OFFSET_NONE}, t;
    struct feel_duration d;
    int64_t months;
    while (str_cut(&rest, ' ', &piece)) {
        if (feel_moment_parse(piece, in->zones, &t))
            check_moment(in, moment = t);
        if (feel_time_parse(piece, in->zones, &t))
            check_time(in, t);
        if (feel_duration_parse(piece, &d)) {
            check_duration(in, d);
            check_with_duration(in, moment, d);
        }
        if (feel_months_parse(piece, &months))
            check_with_months(in, moment, months);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct input in = {
        .arena = arena_new(8 << 20), .zones = feel_zones_new(NULL), .text = str_make((const char *)data, n)};
    arena_try(in.arena, run, &in);
    feel_zones_free(in.zones);
    arena_free(in.arena);
    return 0;
}
