#include "support.h"

#include <stdio.h>
#include <time.h>

static void folds_nordic_letters(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_str(text_fold(cx->arena, S("Åse Ødegård-Nielsen")), "ase odegard nielsen");
    assert_str(text_fold(cx->arena, S("  Ærø  ÞÓR ß ž Ŵ ")), "aero thor ss z w");
    assert_str(text_fold(cx->arena, S("e\xcc\x81")), "e");
    assert_str(text_fold(cx->arena, S("«Kommune” – oﬃsiell…")), "kommune offisiell");
    assert_str(text_fold(cx->arena, S("Жук 東")), "Жук 東");
    test_cx_free(cx);
}

static void sorts_as_in_the_phone_book(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    const char *in_order[] = {"Anna", "Zenia", "Ærø", "Øster", "Åse"};
    for (size_t i = 0; i + 1 < 5; i++)
        assert_true(str_cmp(text_sort_key(cx->arena, str_of(in_order[i])),
                            text_sort_key(cx->arena, str_of(in_order[i + 1]))) < 0);
    test_cx_free(cx);
}

static void refuses_bad_utf8(void **state)
{
    (void)state;
    assert_true(text_valid(S("blåbær €  𝄞")));
    assert_false(text_valid(S("\xc0\xaf")));         /* overlong */
    assert_false(text_valid(S("\xed\xa0\x80")));     /* surrogate */
    assert_false(text_valid(S("\xf4\x90\x80\x80"))); /* over U+10FFFF */
    assert_false(text_valid(S("\xe2\x82")));         /* cut short */
    assert_false(text_valid(str_make("a\0b", 3)));
    assert_false(text_clean(S("a\x1b[31m")));
    assert_true(text_clean(S("a\r\n\tb")));
}

static void civil_time_knows_summer(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    struct civil c = civil_from_us(civil_to_day(2026, 7, 1) * DAY_US + 22 * HOUR_US);
    assert_int_equal(c.day, 2); /* 22:00 UTC is midnight in July */
    assert_int_equal(c.hour, 0);
    c = civil_from_us(civil_to_day(2026, 3, 29) * DAY_US + HOUR_US - 1);
    assert_int_equal(c.hour, 1);
    c = civil_from_us(civil_to_day(2026, 3, 29) * DAY_US + HOUR_US);
    assert_int_equal(c.hour, 3);
    for (day_t day = civil_to_day(2026, 1, 1); day < civil_to_day(2027, 1, 1); day++) {
        assert_int_equal(civil_day_of_us(civil_day_start_us(day)), day);
        assert_int_equal(civil_day_of_us(civil_day_start_us(day) - 1), day - 1);
    }
    assert_str(civil_iso_day(cx->arena, civil_easter(2026)), "2026-04-05");
    assert_str(civil_iso_day(cx->arena, civil_easter(2038)), "2038-04-25");
    assert_int_equal(civil_weekday(civil_to_day(2026, 11, 23)), 1);
    day_t day;
    assert_true(civil_parse_day(S("2024-02-29"), &day));
    assert_false(civil_parse_day(S("2023-02-29"), &day));
    assert_false(civil_parse_day(S("2023-2-09"), &day));
    test_cx_free(cx);
}

static void greedy(void *ctx)
{
    for (;;)
        arena_alloc(ctx, 1000);
}

static void count_up(void *p)
{
    ++*(int *)p;
}

static void times_as_the_c_library_writes_them(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    for (int64_t us = -62135596800 * SECOND_US; us < 253402300800 * SECOND_US; us += 987654321987 * INT64_C(37)) {
        time_t seconds = (time_t)(us / SECOND_US - (us % SECOND_US < 0));
        struct tm t;
        char text[64];
        gmtime_r(&seconds, &t);
        snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday,
                 t.tm_hour, t.tm_min, t.tm_sec);
        assert_str(civil_iso_us(cx->arena, us), text);
    }
    test_cx_free(cx);
}

static void arena_ends_at_its_limit(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    int deferred = 0;
    assert_false(arena_try(a, greedy, a));
    arena_free(a);
    a = arena_new(1 << 20);
    struct arena_mark mark = arena_mark(a);
    arena_defer(a, count_up, &deferred);
    arena_alloc(a, 500000);
    arena_reset(a, mark);
    assert_int_equal(deferred, 1);
    assert_int_equal(arena_used(a), 0);
    arena_defer(a, count_up, &deferred);
    arena_free(a);
    assert_int_equal(deferred, 2);
}

static void numbers_are_strict(void **state)
{
    (void)state;
    int64_t v;
    assert_true(str_to_i64(S("-9223372036854775808"), &v));
    assert_true(v == INT64_MIN);
    assert_false(str_to_i64(S("9223372036854775808"), &v));
    assert_false(str_to_i64(S(""), &v));
    assert_false(str_to_i64(S("-"), &v));
    assert_false(str_to_i64(S("1 "), &v));
    assert_false(str_to_i64(S("+1"), &v));
}

static void cuts_at_every_separator(void **state)
{
    (void)state;
    struct str rest = S("a,,b"), piece;
    const char *want[] = {"a", "", "b"};
    for (int i = 0; i < 3; i++) {
        assert_true(str_cut(&rest, ',', &piece));
        assert_str(piece, want[i]);
    }
    assert_false(str_cut(&rest, ',', &piece));
}

static void memory_that_is_not_zeroed_holds_whole_texts(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct arena_mark mark = arena_mark(cx->arena);
    memset(arena_alloc_raw(cx->arena, 8000), 'x', 8000); /* what lies there when it is handed out again */
    arena_reset(cx->arena, mark);
    struct buf b = buf_make(cx->arena);
    buf_add_padded(&b, 7, 2);
    buf_add_char(&b, '.');
    buf_add_padded(&b, 12, 2);
    buf_add_padded(&b, 1045, 3);
    assert_str(buf_str(&b), "07.12045");
    assert_string_equal(buf_str(&b).p, "07.12045");
    for (int n = 0; n < 300; n++) { /* on both sides of what is printed once */
        struct str s = str_fmt(cx->arena, "%0*d", n, 1);
        assert_int_equal(s.n, n ? n : 1);
        assert_int_equal(strlen(s.p), s.n);
        assert_int_equal(s.p[s.n - 1], '1');
        assert_int_equal(strlen(str_dup(cx->arena, s).p), s.n);
    }
    test_cx_free(cx);
}

static void grows_vectors_and_buffers(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    VEC_OF(int) v = {0};
    for (int i = 0; i < 100; i++)
        vec_add(cx->arena, &v, i);
    assert_int_equal(v.n, 100);
    assert_int_equal(v.p[99], 99);
    struct buf b = buf_make(cx->arena);
    for (int i = 0; i < 1000; i++)
        buf_fmt(&b, "%d,", i % 10);
    assert_int_equal(b.n, 2000);
    assert_str(str_slice(buf_str(&b), 1990, 2000), "5,6,7,8,9,");
    test_cx_free(cx);
}

/* ---- ids ---- */

static void ids_of_a_time_lie_together(void **state)
{
    (void)state;
    int64_t last = 0, us = civil_to_day(2255, 1, 1) * DAY_US;
    for (int i = 0; i < 100; i++) {
        int64_t id = rand_id_at(us + i);
        assert_true(id > last);
        assert_int_equal(id >> 10, us + i);
        last = id;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_that_is_not_zeroed_holds_whole_texts),
        cmocka_unit_test(folds_nordic_letters),
        cmocka_unit_test(sorts_as_in_the_phone_book),
        cmocka_unit_test(refuses_bad_utf8),
        cmocka_unit_test(civil_time_knows_summer),
        cmocka_unit_test(times_as_the_c_library_writes_them),
        cmocka_unit_test(arena_ends_at_its_limit),
        cmocka_unit_test(numbers_are_strict),
        cmocka_unit_test(cuts_at_every_separator),
        cmocka_unit_test(grows_vectors_and_buffers),
        cmocka_unit_test(ids_of_a_time_lie_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
