/* Dates, times, durations and zones: text, calendar, order, arithmetic; and the clock of real zones. */
#include "support.h"

#include <pthread.h>

#include "feel/feel_time.h"

struct all {
    struct cx *cx;
    struct feel_zones *zones;
};

#define assert_text(all, write, value, text) \
    do { \
        struct buf out_ = buf_make((all)->cx->arena); \
        write((value), &out_); \
        assert_str(buf_str(&out_), (text)); \
    } while (0)

static int64_t day(const char *text)
{
    int64_t d;
    if (!feel_day_parse(str_of(text), &d))
        fail_msg("no date: %s", text);
    return d;
}

static struct feel_time moment(struct all *all, const char *text)
{
    struct feel_time t;
    if (!feel_moment_parse(str_of(text), all->zones, &t))
        fail_msg("no date and time: %s", text);
    return t;
}

static struct feel_time time_of_day(struct all *all, const char *text)
{
    struct feel_time t;
    if (!feel_time_parse(str_of(text), all->zones, &t))
        fail_msg("no time: %s", text);
    return t;
}

static struct feel_duration span(const char *text)
{
    struct feel_duration d;
    if (!feel_duration_parse(str_of(text), &d))
        fail_msg("no duration: %s", text);
    return d;
}

static int64_t months(const char *text)
{
    int64_t m;
    if (!feel_months_parse(str_of(text), &m))
        fail_msg("no years and months duration: %s", text);
    return m;
}

static struct feel_num num(const char *text)
{
    struct feel_num n;
    assert_int_equal(feel_num_parse(str_of(text), &n), FEEL_NUM_OK);
    return n;
}

static void test_dates(void **state)
{
    struct all *all = *state;
    static const char *const same[] = {"2017-12-31", "-2017-12-31", "999999999-12-31", "-999999999-01-01",
                                       "0000-02-29", "0001-01-01",  "2000-02-29",      "12345-06-07"};
    static const char *const wrong[] = {"",
                                        "2017-13-10",
                                        "2017-00-10",
                                        "2017-12-32",
                                        "2017-12-00",
                                        "2017-02-29",
                                        "1900-02-29",
                                        "998-12-31",
                                        "01211-12-31",
                                        "+2012-12-02",
                                        "2012-12-25T",
                                        "2012/12/25",
                                        "9999999999-12-25",
                                        "1000000000-01-01",
                                        "-0000-01-01",
                                        "2012-1-01",
                                        "2012-01-1",
                                        " 2012-01-01",
                                        "2012-01-01 "};
    int64_t d;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_text(all, feel_day_write, day(same[i]), same[i]);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (feel_day_parse(str_of(wrong[i]), &d))
            fail_msg("taken for a date: %s", wrong[i]);
    assert_true(day("1970-01-01") == 0 && day("2026-01-15") == 20468);
    assert_true(day("-999999999-01-01") == FEEL_DAY_MIN && day("999999999-12-31") == FEEL_DAY_MAX);
    /* every day of 800 years and more is the day after the one before */
    struct feel_civil before = feel_day_civil(day("1599-12-31"));
    for (d = day("1600-01-01"); d < day("2401-01-02"); d++) {
        struct feel_civil c = feel_day_civil(d);
        int64_t again;
        assert_true(feel_day_of(c.year, c.month, c.day, &again) && again == d);
        assert_true(c.day == before.day + 1 ||
                    (c.day == 1 && (c.month == before.month + 1 || (c.month == 1 && c.year == before.year + 1))));
        before = c;
    }
}

static void test_calendar(void **state)
{
    struct all *all = *state;
    static const struct {
        const char *date;
        int weekday, of_year, week;
    } rows[] = {{"2018-12-10", 1, 344, 50}, {"1970-01-01", 4, 1, 1},   {"2019-12-31", 2, 365, 1},
                {"2020-12-31", 4, 366, 53}, {"2003-12-29", 1, 363, 1}, {"2004-01-01", 4, 1, 1},
                {"2010-01-01", 5, 1, 53},   {"2005-01-01", 6, 1, 53},  {"2019-09-17", 2, 260, 38},
                {"0000-01-01", 6, 1, 52}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t d = day(rows[i].date);
        assert_int_equal(feel_day_weekday(d), rows[i].weekday);
        assert_int_equal(feel_day_of_year(d), rows[i].of_year);
        assert_int_equal(feel_day_week(d), rows[i].week);
    }
    assert_str(feel_day_weekday_name(feel_day_weekday(day("2021-01-17"))), "Sunday");
    assert_str(feel_day_month_name(9), "September");
    (void)all;
}

static void test_date_arithmetic(void **state)
{
    struct all *all = *state;
    int64_t d;
    assert_true(feel_day_add_months(day("2020-01-31"), 1, &d));
    assert_text(all, feel_day_write, d, "2020-02-29");
    assert_true(feel_day_add_months(day("2020-03-31"), -13, &d));
    assert_text(all, feel_day_write, d, "2019-02-28");
    assert_true(feel_day_add_months(day("-2021-01-01"), -1, &d));
    assert_text(all, feel_day_write, d, "-2022-12-01");
    assert_false(feel_day_add_months(day("999999999-12-31"), 1, &d));
    assert_false(feel_day_add_months(day("2020-01-31"), INT64_MAX, &d));
    assert_true(feel_day_add(day("2021-01-01"), span("PT36H"), &d) && d == day("2021-01-02"));
    assert_true(feel_day_add(day("2021-01-01"), span("-PT1H"), &d) && d == day("2020-12-31"));
    assert_false(feel_day_add(day("999999999-12-31"), span("P1D"), &d));
    static const struct {
        const char *from, *to;
        int64_t months;
    } rows[] = {{"2011-12-22", "2013-08-24", 20},     {"2013-08-24", "2011-12-22", -20},
                {"2016-01-21", "2015-01-21", -12},    {"2016-01-01", "2016-01-01", 0},
                {"2016-09-30", "2017-12-28", 14},     {"-2016-01-30", "-2017-02-28", -11},
                {"2014-12-31", "-2019-10-01", -48398}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(feel_day_months_between(day(rows[i].from), day(rows[i].to)), rows[i].months);
    assert_text(all, feel_duration_write, feel_day_sub(day("2021-01-02"), day("1995-01-01")), "P9498D");
}

static void test_times(void **state)
{
    struct all *all = *state;
    static const char *const same[] = {"01:02:03",
                                       "00:00:00",
                                       "11:22:33.123456789",
                                       "11:22:33.5",
                                       "23:59:00Z",
                                       "13:20:00+02:00",
                                       "13:20:00-05:00",
                                       "10:30:00.0001+05:00:01",
                                       "00:01:00@Europe/Paris",
                                       "00:01:00@Etc/UTC",
                                       "13:20:00+18:00"};
    static const char *const wrong[] = {"",
                                        "23:59:60",
                                        "24:00:01",
                                        "24:01:00",
                                        "25:00:00",
                                        "00:60:00",
                                        "00:00:61",
                                        "7:00:00",
                                        "07:1:00",
                                        "07:01:2",
                                        "13:20:00@xyz/abc",
                                        "13:20:00+19:00",
                                        "13:20:00-19:00",
                                        "13:20:00+5:00",
                                        "13:20:00+5",
                                        "13:20:00+02:00@Europe/Paris",
                                        "7:20",
                                        "07:2",
                                        "11:30:00T",
                                        "13:20:00+18:00:01",
                                        "13:20:00.",
                                        "13:20:00@",
                                        "13:20:00@../../etc/passwd",
                                        "13:20:00+02:60",
                                        "24:00:00.1"};
    struct feel_time t;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_text(all, feel_time_write, time_of_day(all, same[i]), same[i]);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (feel_time_parse(str_of(wrong[i]), all->zones, &t))
            fail_msg("taken for a time: %s", wrong[i]);
    assert_text(all, feel_time_write, time_of_day(all, "11:22:33-00:00"), "11:22:33Z");
    assert_text(all, feel_time_write, time_of_day(all, "24:00:00"), "00:00:00");
    assert_text(all, feel_time_write, time_of_day(all, "11:22:33.0000000009"), "11:22:33");
    struct feel_duration offset = span("-PT2H45M55S"), fraction = span("PT0.5S"), far = span("PT18H1S");
    assert_true(feel_time_of(11, 59, num("45"), &offset, &t));
    assert_text(all, feel_time_write, t, "11:59:45-02:45:55");
    assert_true(feel_time_of(12, 59, num("1.3"), NULL, &t));
    assert_text(all, feel_time_write, t, "12:59:01.3");
    assert_false(feel_time_of(24, 59, num("45"), NULL, &t) || feel_time_of(-1, 0, num("0"), NULL, &t) ||
                 feel_time_of(23, 60, num("0"), NULL, &t) || feel_time_of(23, 59, num("60"), NULL, &t) ||
                 feel_time_of(23, 59, num("-1"), NULL, &t) || feel_time_of(1, 1, num("1"), &fraction, &t) ||
                 feel_time_of(1, 1, num("1e30"), NULL, &t) || feel_time_of(1, 1, num("1"), &far, &t));
}

static void test_moments(void **state)
{
    struct all *all = *state;
    static const char *const same[] = {"2017-12-31T11:22:33",
                                       "-2017-12-31T11:22:33.456+01:35",
                                       "99999-12-31T11:22:33",
                                       "2011-12-31T10:15:30.987@Europe/Paris",
                                       "999999999-12-31T23:59:59.999999999@Europe/Paris",
                                       "-999999999-12-31T23:59:59.999999999+02:00",
                                       "2018-12-08T10:30:11@Australia/Melbourne"};
    static const char *const wrong[] = {"",
                                        "11:00:00",
                                        "2011-12-0310:15:30",
                                        "2011-12-03T",
                                        "2011-12-03T10:15:30+01:00@Europe/Paris",
                                        "2017-13-10T11:22:33",
                                        "2017-12-31T24:00:01",
                                        "999999999-12-31T24:00:00",
                                        "2017-12-31T13:20:00+05:0",
                                        "2017-12-31 13:20:00",
                                        "T10:00:00"};
    struct feel_time t;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_text(all, feel_moment_write, moment(all, same[i]), same[i]);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (feel_moment_parse(str_of(wrong[i]), all->zones, &t))
            fail_msg("taken for a date and time: %s", wrong[i]);
    assert_text(all, feel_moment_write, moment(all, "2012-12-24"), "2012-12-24T00:00:00");
    assert_text(all, feel_moment_write, moment(all, "2021-01-01T24:00:00"), "2021-01-02T00:00:00");
    assert_text(all, feel_moment_write, feel_moment_utc(day("2021-01-02")), "2021-01-02T00:00:00Z");
    assert_text(all, feel_time_write, feel_moment_time(moment(all, "2017-09-04T11:20:00@Asia/Dhaka")),
                "11:20:00@Asia/Dhaka");
    assert_true(feel_moment_of(day("2017-01-01"), time_of_day(all, "23:59:01@Europe/Paris"), &t));
    assert_text(all, feel_moment_write, t, "2017-01-01T23:59:01@Europe/Paris");
    assert_text(all, feel_moment_write, feel_moment_from_us(-1, NULL), "1969-12-31T23:59:59.999999Z");
    assert_text(all, feel_moment_write,
                feel_moment_from_us(INT64_C(1768478400000000), feel_zones_find(all->zones, S("Europe/Oslo"))),
                "2026-01-15T13:00:00@Europe/Oslo");
    struct feel_duration offset;
    t = moment(all, "2018-12-10T10:30:01.9+05:00");
    assert_true(feel_time_hour(t) == 10 && feel_time_minute(t) == 30 && feel_time_second(t) == 1 &&
                feel_time_offset(t, &offset) && offset.seconds == 18000);
    assert_false(feel_time_offset(moment(all, "2018-12-10T10:30:00"), &offset));
    assert_str(feel_time_zone(moment(all, "2018-12-10T10:30:00@Etc/UTC")), "Etc/UTC");
    assert_str(feel_time_zone(t), "");
    assert_true(feel_time_offset(moment(all, "2018-07-10T10:30:00@Europe/Paris"), &offset) && offset.seconds == 7200);
}

static void test_order(void **state)
{
    struct all *all = *state;
    enum { NONE = 9 };
    static const struct {
        const char *a, *b;
        int order;
        bool is;
    } rows[] = {
        {"2018-12-08T00:00:00.0001", "2018-12-08T00:00:00.0000", 0, false},
        {"2018-12-08T00:00:00.001", "2018-12-08T00:00:00.002", -1, false},
        {"2018-12-08T00:00:00@Europe/Paris", "2018-12-08T00:00:00@Asia/Dhaka", 1, false},
        {"2018-10-08T00:00:00+02:00", "2018-10-08T00:00:00@Europe/Paris", 0, false},
        {"2018-02-08T00:00:00+01:00", "2018-02-08T00:00:00@Europe/Paris", 0, false},
        {"2002-04-02T12:00:00@Australia/Melbourne", "2002-04-02T12:00:00@Australia/Sydney", 0, false},
        {"2002-04-02T23:00:00-04:00", "2002-04-03T02:00:00-01:00", 0, false},
        {"2002-04-02T23:00:00Z", "2002-04-02T23:00:00+00:00", 0, true},
        {"2002-04-02T23:00:00@Etc/GMT", "2002-04-02T23:00:00Z", 0, false},
        {"2002-04-02T23:00:00", "2002-04-02T23:00:00Z", NONE, false},
        {"2002-04-02T23:00:00", "2002-04-02T23:00:00", 0, true},
        {"-999999999-01-01T00:00:00", "999999999-01-01T00:00:00", -1, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct feel_time a = moment(all, rows[i].a), b = moment(all, rows[i].b);
        int order = NONE;
        bool ordered = feel_moment_cmp(a, b, &order);
        assert_int_equal(order, rows[i].order);
        assert_int_equal(ordered, rows[i].order != NONE);
        assert_int_equal(feel_time_is(a, b), rows[i].is);
    }
    int order;
    assert_true(feel_time_cmp(time_of_day(all, "10:30:00.0001"), time_of_day(all, "10:30:00.0002"), &order) &&
                order == 0);
    assert_true(feel_time_cmp(time_of_day(all, "10:30:00Z"), time_of_day(all, "10:30:00+01:00"), &order) && order > 0);
    assert_true(feel_time_cmp(time_of_day(all, "10:30:00@Europe/Paris"), time_of_day(all, "10:30:00+01:00"), &order) &&
                order == 0);
    assert_false(feel_time_cmp(time_of_day(all, "10:30:00Z"), time_of_day(all, "10:30:00"), &order));
    assert_false(
        feel_time_is(time_of_day(all, "23:00:50@Australia/Melbourne"), time_of_day(all, "23:00:50@Australia/Sydney")));
}

static void test_moment_arithmetic(void **state)
{
    struct all *all = *state;
    struct feel_time t;
    struct feel_duration d;
    static const struct {
        const char *moment, *span, *sum;
    } rows[] = {
        {"2021-01-01T24:00:00", "PT1S", "2021-01-02T00:00:01"},
        {"2021-01-01T24:00:00", "-PT1S", "2021-01-01T23:59:59"},
        {"2021-01-12T10:10:10+11:00", "P1DT1H", "2021-01-13T11:10:10+11:00"},
        {"-2021-01-01T10:10:10@Australia/Melbourne", "-P1D", "-2022-12-31T10:10:10@Australia/Melbourne"},
        {"2021-01-01T00:00:00", "-PT0.000000001S", "2020-12-31T23:59:59.999999999"},
        {"2021-03-27T12:00:00@Europe/Oslo", "P1D", "2021-03-28T13:00:00@Europe/Oslo"}, /* clocks forward */
        {"2021-10-30T12:00:00@Europe/Oslo", "P1D", "2021-10-31T11:00:00@Europe/Oslo"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(feel_moment_add(moment(all, rows[i].moment), span(rows[i].span), &t));
        assert_text(all, feel_moment_write, t, rows[i].sum);
    }
    assert_false(feel_moment_add(moment(all, "999999999-12-31T23:59:59"), span("PT1S"), &t));
    assert_false(feel_moment_add(moment(all, "2020-01-01T00:00:00"), (struct feel_duration){.seconds = INT64_MAX}, &t));
    assert_true(feel_moment_add_months(moment(all, "2021-01-31T10:10:10@Europe/Oslo"), 5, &t));
    assert_text(all, feel_moment_write, t, "2021-06-30T10:10:10@Europe/Oslo");
    assert_int_equal(t.offset_s, 7200);
    assert_text(all, feel_time_write, feel_time_add(time_of_day(all, "10:15:00+11:00"), span("-PT11H")),
                "23:15:00+11:00");
    assert_text(all, feel_time_write, feel_time_add(time_of_day(all, "23:59:59.5"), span("P3DT0.5S")), "00:00:00");
    assert_true(feel_moment_sub(moment(all, "2021-01-02T10:10:10@Europe/Paris"),
                                moment(all, "2021-01-01T10:10:10@Asia/Dhaka"), &d));
    assert_text(all, feel_duration_write, d, "P1DT5H");
    assert_true(feel_moment_sub(feel_moment_utc(day("2021-01-02")),
                                moment(all, "2021-01-01T10:10:10@Australia/Melbourne"), &d));
    assert_text(all, feel_duration_write, d, "P1DT49M50S");
    assert_false(feel_moment_sub(moment(all, "2021-01-02T10:10:10"), moment(all, "2021-01-01T10:10:10Z"), &d));
    assert_true(feel_time_sub(time_of_day(all, "10:00:00.25"), time_of_day(all, "11:00:00.5"), &d));
    assert_text(all, feel_duration_write, d, "-PT1H0.25S");
}

static void test_durations(void **state)
{
    struct all *all = *state;
    static const char *const rows[][2] = {{"P1D", "P1D"},
                                          {"PT0.999S", "PT0.999S"},
                                          {"P1DT2H3M4.123456789S", "P1DT2H3M4.123456789S"},
                                          {"PT0.000S", "PT0S"},
                                          {"PT0.S", "PT0S"},
                                          {"-P0D", "PT0S"},
                                          {"PT1000M0.999999999S", "PT16H40M0.999999999S"},
                                          {"PT240H", "P10D"},
                                          {"-PT1H2M", "-PT1H2M"},
                                          {"-PT0.25S", "-PT0.25S"},
                                          {"P13DT2H14S", "P13DT2H14S"},
                                          {"PT61M", "PT1H1M"}};
    static const char *const wrong[] = {"",
                                        "P",
                                        "P0",
                                        "1D",
                                        "P1H",
                                        "P1S",
                                        "PT",
                                        "P1DT",
                                        "P1Y1D",
                                        "P1M",
                                        "+P1D",
                                        "P-1D",
                                        "PT1S1M",
                                        "PT1.5M",
                                        "PT.5S",
                                        "P1D ",
                                        "p1d",
                                        "P999999999999999999D",
                                        "PT1234567890123456789012S",
                                        "P1W"};
    struct feel_duration d;
    struct feel_num n;
    int64_t m;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_text(all, feel_duration_write, span(rows[i][0]), rows[i][1]);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (feel_duration_parse(str_of(wrong[i]), &d))
            fail_msg("taken for a duration: %s", wrong[i]);
    assert_true(feel_duration_mul(span("PT1H"), num("26"), &d));
    assert_text(all, feel_duration_write, d, "P1DT2H");
    assert_true(feel_duration_mul(span("PT23H"), num("2.5"), &d));
    assert_text(all, feel_duration_write, d, "P2DT9H30M");
    assert_true(feel_duration_mul(span("P1D"), num("-0.00000000001"), &d));
    assert_text(all, feel_duration_write, d, "-PT0.000000864S");
    assert_true(feel_duration_div(span("-PT2S"), num("3"), &d));
    assert_text(all, feel_duration_write, d, "-PT0.666666667S");
    assert_true(feel_duration_div(span("P10DT23H"), num("2.5"), &d));
    assert_text(all, feel_duration_write, d, "P4DT9H12M");
    assert_false(feel_duration_div(span("P10D"), num("0"), &d) || feel_duration_mul(span("P10D"), num("1e30"), &d));
    assert_true(feel_duration_ratio(span("P10D"), span("P5D"), &n) && feel_num_eq(n, num("2")));
    assert_false(feel_duration_ratio(span("P10D"), span("PT0S"), &n));
    assert_true(feel_duration_cmp(span("P1D"), span("PT24H")) == 0 &&
                feel_duration_cmp(span("-P1D"), span("PT0.1S")) < 0);
    assert_true(feel_duration_neg(span("PT0.5S"), &d) && feel_duration_sign(d) == -1 && feel_duration_abs(d, &d));
    assert_text(all, feel_duration_write, d, "PT0.5S");
    assert_false(feel_duration_neg((struct feel_duration){.seconds = INT64_MIN}, &d));
    struct feel_duration_parts parts = feel_duration_parts(span("-P1DT2H3M4.5S"));
    assert_true(parts.days == -1 && parts.hours == -2 && parts.minutes == -3 && parts.seconds == -4);
    static const char *const ym[][2] = {{"P1Y2M", "P1Y2M"},
                                        {"P0Y", "P0M"},
                                        {"-P100M", "-P8Y4M"},
                                        {"P999999999M", "P83333333Y3M"},
                                        {"-P99999999Y", "-P99999999Y"},
                                        {"P1Y27M", "P3Y3M"},
                                        {"-P0M", "P0M"}};
    static const char *const no_ym[] = {
        "",      "P",    "P1",  "P1D", "P1Y1D", "P1YT1H", "PM", "P1M1Y", "1Y", "P1Y2", "P999999999999999999Y",
        "P1.5Y", "P1YM", "P1YT"};
    for (size_t i = 0; i < sizeof ym / sizeof *ym; i++)
        assert_text(all, feel_months_write, months(ym[i][0]), ym[i][1]);
    for (size_t i = 0; i < sizeof no_ym / sizeof *no_ym; i++)
        if (feel_months_parse(str_of(no_ym[i]), &m))
            fail_msg("taken for years and months: %s", no_ym[i]);
    assert_true(feel_months_mul(months("P1Y11M"), num("-2.5"), &m) && m == -57);
    assert_true(feel_months_div(months("P10Y11M"), num("2.5"), &m) && m == 52);
    assert_false(feel_months_div(12, num("0"), &m) || feel_months_mul(INT64_MAX, num("2"), &m));
    assert_true(feel_months_ratio(120, 60, &n) && feel_num_eq(n, num("2")));
}

static void test_zones(void **state)
{
    struct all *all = *state;
    static const char *const unknown[] = {"",
                                          "Europe",
                                          "Europe/Atlantis",
                                          "../zoneinfo/UTC",
                                          "/etc/passwd",
                                          "Europe//Oslo",
                                          "Europe/Oslo/",
                                          "localtime",
                                          "posixrules",
                                          "right/Europe/Oslo",
                                          "zone.tab",
                                          "Europe/../UTC",
                                          "europe/oslo",
                                          "Etc/GMT\xc3\xa5",
                                          "A234567890123456789012345678901234567890123456789012345678901234567890"};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        if (feel_zones_find(all->zones, str_of(unknown[i])))
            fail_msg("found: %s", unknown[i]);
    assert_null(feel_zones_find(all->zones, str_make("UTC\0x", 5)));
    const struct feel_zone *oslo = feel_zones_find(all->zones, S("Europe/Oslo"));
    assert_non_null(oslo);
    assert_ptr_equal(oslo, feel_zones_find(all->zones, S("Europe/Oslo")));
    /* transitions of 2026 (directive 2000/84/EC) and, by the rule, of 2126 and 300 000 000 */
    struct feel_time t = moment(all, "2026-03-29T01:00:00Z");
    int64_t s = t.day * 86400 + 3600;
    assert_true(feel_zone_offset(oslo, s - 1) == 3600 && feel_zone_offset(oslo, s) == 7200);
    s = day("2126-03-31") * 86400 + 3600;
    assert_true(feel_zone_offset(oslo, s - 1) == 3600 && feel_zone_offset(oslo, s) == 7200);
    s = day("300000000-07-01") * 86400;
    assert_true(feel_zone_offset(oslo, s) == 7200);
    assert_true(feel_zone_offset(oslo, day("1850-01-01") * 86400) != 3600); /* local mean time */
    /* skipped and repeated hours */
    assert_int_equal(moment(all, "2026-03-29T02:30:00@Europe/Oslo").offset_s, 3600);
    assert_int_equal(moment(all, "2026-10-25T02:30:00@Europe/Oslo").offset_s, 7200);
    assert_int_equal(moment(all, "2026-10-25T03:00:00@Europe/Oslo").offset_s, 3600);
    const struct feel_zone *melbourne = feel_zones_find(all->zones, S("Australia/Melbourne"));
    assert_true(feel_zone_offset(melbourne, day("2200-01-01") * 86400) == 39600 &&
                feel_zone_offset(melbourne, day("2200-07-01") * 86400) == 36000);
    assert_int_equal(feel_zone_offset_winter(melbourne), 36000);
    assert_int_equal(feel_zone_offset_winter(feel_zones_find(all->zones, S("Europe/Dublin"))), 0);
    assert_int_equal(feel_zone_offset_winter(feel_zones_find(all->zones, S("Etc/GMT+5"))), -18000);
}

/* Threads that ask for the same zones at once get the same zones. */
static const char *const shared_names[] = {"Europe/Oslo",      "Europe/Copenhagen", "Asia/Dhaka",
                                           "America/Nuuk",     "Atlantic/Faroe",    "Etc/UTC",
                                           "Australia/Sydney", "Africa/Casablanca"};
enum { SHARED = sizeof shared_names / sizeof *shared_names, THREADS = 8 };

struct seeker {
    struct feel_zones *zones;
    const struct feel_zone *found[SHARED];
};

static void *seek(void *p)
{
    struct seeker *s = p;
    for (int round = 0; round < 100; round++)
        for (size_t i = 0; i < SHARED; i++)
            s->found[i] = feel_zones_find(s->zones, str_of(shared_names[i]));
    return NULL;
}

static void test_zones_shared(void **state)
{
    (void)state;
    struct feel_zones *zones = feel_zones_new(NULL);
    pthread_t threads[THREADS];
    struct seeker seekers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        seekers[i].zones = zones;
        assert_int_equal(pthread_create(&threads[i], NULL, seek, &seekers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (size_t i = 0; i < SHARED; i++) {
        assert_non_null(seekers[0].found[i]);
        for (int k = 1; k < THREADS; k++)
            assert_ptr_equal(seekers[0].found[i], seekers[k].found[i]);
    }
    feel_zones_free(zones);
}

static int start(void **state)
{
    static struct all all;
    all.cx = test_cx();
    all.zones = feel_zones_new(NULL);
    *state = &all;
    return 0;
}

static int stop(void **state)
{
    struct all *all = *state;
    feel_zones_free(all->zones);
    test_cx_free(all->cx);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_calendar),
        cmocka_unit_test(test_date_arithmetic),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_moment_arithmetic),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_zones),
        cmocka_unit_test(test_zones_shared),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
