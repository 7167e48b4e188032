#include "support.h"

#include "i18n/i18n.h"

static void dates_and_times(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    day_t day = civil_to_day(2026, 11, 23);
    int64_t winter = day * DAY_US + 13 * HOUR_US + 5 * MINUTE_US,
            summer = civil_to_day(2026, 7, 1) * DAY_US + 22 * HOUR_US;
    assert_str(i18n_day(cx, day), "23. november 2026");
    assert_str(i18n_day_short(cx, civil_to_day(2026, 2, 3)), "03.02.2026");
    assert_str(i18n_weekday(cx, day), "mandag");
    assert_str(i18n_datetime(cx, winter), "23. november 2026 kl. 14.05");
    assert_str(i18n_date(cx, summer), "2. juli 2026"); /* 22:00 UTC is midnight in Copenhagen in summer */
    cx->lang = LANG_NB;
    assert_str(i18n_day(cx, civil_to_day(2026, 12, 6)), "6. desember 2026");
    cx->lang = LANG_NN;
    assert_str(i18n_datetime(cx, winter), "23. november 2026 kl. 14.05");
    assert_str(i18n_weekday(cx, day), "måndag");
    assert_str(i18n_weekday(cx, day + 5), "laurdag");
    cx->lang = LANG_EN;
    assert_str(i18n_day(cx, day), "23 November 2026");
    assert_str(i18n_datetime(cx, winter), "23 November 2026 at 14:05");
    test_cx_free(cx);
}

static void numbers_and_money(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_str(i18n_number(cx, 0), "0");
    assert_str(i18n_number(cx, 999), "999");
    assert_str(i18n_number(cx, 1234567), "1.234.567");
    assert_str(i18n_number(cx, 1000), "1.000");
    assert_str(i18n_number(cx, -1005), "\u22121.005");
    assert_str(i18n_number(cx, INT64_MIN), "\u22129.223.372.036.854.775.808");
    assert_str(i18n_money(cx, 123450), "1.234,50\u00a0kr.");
    assert_str(i18n_money(cx, -5), "\u22120,05\u00a0kr.");
    cx->lang = LANG_NB;
    assert_str(i18n_money(cx, 123450), "1\u00a0234,50\u00a0kr");
    cx->lang = LANG_NN;
    assert_str(i18n_money(cx, 123450), "1\u00a0234,50\u00a0kr");
    cx->lang = LANG_EN;
    assert_str(i18n_money(cx, 123450), "kr.\u00a01,234.50");
    test_cx_free(cx);
}

static void sizes_and_lists(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_str(i18n_size(cx, 0), "0\u00a0bytes");
    assert_str(i18n_size(cx, 999), "999\u00a0bytes");
    assert_str(i18n_size(cx, 1000), "1\u00a0kB");
    assert_str(i18n_size(cx, 340400), "340\u00a0kB");
    assert_str(i18n_size(cx, 1234567), "1,2\u00a0MB");
    assert_str(i18n_size(cx, 999999), "1\u00a0MB");
    assert_str(i18n_size(cx, 25 * 1000 * 1000), "25\u00a0MB");
    struct str items[] = {S("a"), S("b"), S("c")};
    assert_str(i18n_list(cx, items, 0), "");
    assert_str(i18n_list(cx, items, 1), "a");
    assert_str(i18n_list(cx, items, 2), "a og b");
    assert_str(i18n_list(cx, items, 3), "a, b og c");
    cx->lang = LANG_EN;
    assert_str(i18n_list(cx, items, 3), "a, b and c");
    test_cx_free(cx);
}

static void texts_with_values(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_str(i18n_fmt(cx, T_i18n_example_cases, ARG("n", 1)), "1 sag");
    assert_str(i18n_fmt(cx, T_i18n_example_cases, ARG("n", 0)), "0 sager");
    assert_str(i18n_fmt(cx, T_i18n_example_cases, ARG("n", 1200)), "1.200 sager");
    assert_str(i18n_fmt(cx, T_i18n_example_hello, ARG("name", S("{n} {name}"))),
               "Hej {n} {name}"); /* not filled again */
    cx->lang = LANG_NB;
    assert_str(i18n_fmt(cx, T_i18n_example_cases, ARG("n", 2)), "2 saker");
    cx->lang = LANG_NN;
    assert_str(i18n_fmt(cx, T_i18n_example_cases, ARG("n", 1)), "1 sak");
    assert_true(str_find(i18n_text(LANG_NN, T_err_not_found), S("ikkje"), 0) < i18n_text(LANG_NN, T_err_not_found).n);
    test_cx_free(cx);
}

static void every_error_has_its_text(void **state)
{
    (void)state;
    static const enum err all[] = {
#define X(name, number, status, key, meaning) ERR_##name,
#include "base/err.tbl"
#undef X
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        enum text key;
        if (!i18n_find(str_of(err_text_key(all[i])), &key)) {
            print_error("no text %s in src/i18n/text\n", err_text_key(all[i]));
            assert_true(false);
        }
        for (int l = 0; l < LANG_COUNT; l++)
            assert_true(i18n_text((enum lang)l, key).n > 0);
    }
    enum text key;
    assert_false(i18n_find(S("err_nothing"), &key));
    assert_false(i18n_find(S(""), &key));
    enum lang lang;
    assert_true(i18n_lang(S("nb"), &lang) && lang == LANG_NB);
    assert_true(i18n_lang(S("nn"), &lang) && lang == LANG_NN);
    /* what the databases of released versions hold */
    assert_int_equal(LANG_DA, 0);
    assert_int_equal(LANG_NB, 1);
    assert_int_equal(LANG_EN, 2);
    assert_int_equal(LANG_NN, 3);
    assert_false(i18n_lang(S("sv"), &lang));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_and_times),          cmocka_unit_test(numbers_and_money),
        cmocka_unit_test(sizes_and_lists),          cmocka_unit_test(texts_with_values),
        cmocka_unit_test(every_error_has_its_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
