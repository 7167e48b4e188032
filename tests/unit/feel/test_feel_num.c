/* Numbers: against Python's decimal (number_table.txt), and what FEEL says of them. */
#include "support.h"

#include "feel/feel_num.h"

static struct feel_num num(const char *text)
{
    struct feel_num n;
    assert_int_equal(feel_num_parse(str_of(text), &n), FEEL_NUM_OK);
    return n;
}

static const char *show(struct cx *cx, struct feel_num n)
{
    return str_z(cx->arena, feel_num_text(n, cx->arena));
}

#define assert_num(n, text) assert_string_equal(show(cx, (n)), (text))

/* ---- The table ---- */

struct row {
    struct str op, a, b, want;
};

static enum feel_num_err run_row(const struct row *r, struct feel_num *ret)
{
    static const char *const modes[] = {"half_even", "half_up", "half_down", "up", "down", "floor", "ceiling"};
    struct feel_num a, b = {0};
    if (str_eq_z(r->op, "parse"))
        return feel_num_parse(r->a, ret);
    assert_int_equal(feel_num_parse(r->a, &a), FEEL_NUM_OK);
    if (r->b.n)
        assert_int_equal(feel_num_parse(r->b, &b), FEEL_NUM_OK);
    if (str_eq_z(r->op, "add"))
        return feel_num_add(a, b, ret);
    if (str_eq_z(r->op, "sub"))
        return feel_num_sub(a, b, ret);
    if (str_eq_z(r->op, "mul"))
        return feel_num_mul(a, b, ret);
    if (str_eq_z(r->op, "div"))
        return feel_num_div(a, b, ret);
    if (str_eq_z(r->op, "mod"))
        return feel_num_mod(a, b, ret);
    if (str_eq_z(r->op, "pow"))
        return feel_num_pow(a, b, ret);
    if (str_eq_z(r->op, "sqrt"))
        return feel_num_sqrt(a, ret);
    if (str_eq_z(r->op, "exp"))
        return feel_num_exp(a, ret);
    if (str_eq_z(r->op, "log"))
        return feel_num_log(a, ret);
    if (str_eq_z(r->op, "cmp")) {
        *ret = feel_num_of(feel_num_cmp(a, b));
        return FEEL_NUM_OK;
    }
    for (int m = 0; m < 7; m++) {
        int64_t scale;
        if (str_eq_z(r->op, modes[m]) && str_to_i64(r->b, &scale))
            return feel_num_round(a, scale, (enum feel_num_round)m, ret);
    }
    fail_msg("unknown operation %.*s", STR_ARG(r->op));
    return FEEL_NUM_INVALID;
}

static void check_row(struct cx *cx, struct str line, const struct row *r)
{
    static const char *const faults[] = {"", "DIV_ZERO", "OVERFLOW", "INVALID"};
    struct feel_num got, want;
    enum feel_num_err e = run_row(r, &got);
    if (e) {
        if (!str_eq_z(r->want, faults[e]))
            fail_msg("%.*s: %s", STR_ARG(line), faults[e]);
        return;
    }
    if (feel_num_parse(r->want, &want))
        fail_msg("%.*s: got %s", STR_ARG(line), show(cx, got));
    if (!feel_num_eq(got, want))
        fail_msg("%.*s: got %s", STR_ARG(line), show(cx, got));
    assert_int_equal(feel_num_hash(got), feel_num_hash(want));
    /* whatever is written reads back as the same */
    struct feel_num again;
    assert_int_equal(feel_num_parse(feel_num_text(got, cx->arena), &again), FEEL_NUM_OK);
    assert_true(feel_num_eq(again, got));
}

static void test_table(void **state)
{
    struct cx *cx = *state;
    struct str rest = test_read_file(cx, test_path(cx, "tests/unit/feel/number_table.txt").p), line;
    int rows = 0;
    while (str_cut(&rest, '\n', &line)) {
        struct str parts[4] = {{0}}, left = line;
        size_t n = 0;
        if (line.n == 0 || line.p[0] == '#')
            continue;
        while (n < 4 && str_cut(&left, ' ', &parts[n]))
            n++;
        assert_true(n == 3 || n == 4);
        struct row r = {parts[0], parts[1], n == 4 ? parts[2] : S(""), parts[n - 1]};
        struct arena_mark mark = arena_mark(cx->arena);
        check_row(cx, line, &r);
        arena_reset(cx->arena, mark);
        rows++;
    }
    assert_true(rows > 2000);
}

/* ---- FEEL's own ---- */

static void test_text(void **state)
{
    struct cx *cx = *state;
    static const char *const same[] = {"0",      "1",   "-1",  "123.45",       "0.5", "1.50",
                                       "100000", "-.5", "0.0", "1000000.0100", ".872"};
    static const char *const shown[] = {"0",      "1",    "-1",  "123.45",       "0.5",  "1.50",
                                        "100000", "-0.5", "0.0", "1000000.0100", "0.872"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_num(num(same[i]), shown[i]);
    assert_num(num("1.23e4"), "12300");
    assert_num(num("1e-7"), "0.0000001");
    assert_num(num("-0"), "0");
    assert_num(num("1e30"), "1000000000000000000000000000000");
    assert_int_equal(feel_num_text(num("1e-6176"), cx->arena).n, 6178);
    assert_int_equal(feel_num_text(num("1e6144"), cx->arena).n, 6145);
    static const char *const wrong[] = {"",   "-",   ".",   "1.",  "1e",  "1e+", "+1",    " 1",
                                        "1 ", "1,5", "0x1", "NaN", "INF", "--1", "1.2.3", "1e5.0"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct feel_num n;
        assert_int_equal(feel_num_parse(str_of(wrong[i]), &n), FEEL_NUM_INVALID);
    }
}

static void test_scan(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t n;
    } rows[] = {{"1..5", 1}, {"1.5.2", 3}, {"1.e", 1}, {"1e", 1}, {"1e+x", 1},  {"1e5x", 3},
                {".5]", 2},  {".", 0},     {"..", 0},  {"-1", 0}, {"12abc", 2}, {"", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(feel_num_scan(str_of(rows[i].text)), rows[i].n);
}

/* The form is the value's own: a number reached through 34 digits is fast again when it fits. */
static void test_one_form(void **state)
{
    struct cx *cx = *state;
    struct feel_num n;
    assert_int_equal(feel_num_add(feel_num_of(INT64_MAX), feel_num_of(1), &n), FEEL_NUM_OK);
    assert_false(feel_num_is_fast(n));
    assert_num(n, "9223372036854775808");
    assert_int_equal(feel_num_sub(n, feel_num_of(1), &n), FEEL_NUM_OK);
    assert_true(feel_num_is_fast(n));
    assert_true(feel_num_is_fast(num("1.0000000000000000000000000000")));
    assert_true(feel_num_eq(num("1.0000000000000000000000000000"), feel_num_of(1)));
    assert_int_equal(feel_num_hash(num("1.0000000000000000000000000000")), feel_num_hash(feel_num_of(1)));
    assert_true(feel_num_eq((struct feel_num){0}, num("0.00")));
    assert_int_equal(feel_num_hash(num("0.00")), feel_num_hash(num("0")));
    assert_num(feel_num_neg(feel_num_of(INT64_MIN)), "9223372036854775808");
    assert_true(feel_num_is_fast(feel_num_neg(feel_num_neg(feel_num_of(INT64_MIN)))));
    assert_num(feel_num_abs(num("-1e40")), "10000000000000000000000000000000000000000");
}

static void test_whole(void **state)
{
    (void)state;
    int64_t v;
    assert_true(feel_num_is_even(num("-2")) && feel_num_is_even(num("0")) && feel_num_is_even(num("1e40")));
    assert_true(feel_num_is_odd(num("-3.0")) && !feel_num_is_odd(num("2")) && !feel_num_is_odd(num("1e40")));
    assert_false(feel_num_is_even(num("2.5")) || feel_num_is_odd(num("2.5")) || feel_num_is_int(num("1e-100")));
    assert_true(feel_num_is_odd(num("12345678901234567890123456789012.1")) == false);
    assert_true(feel_num_to_i64(num("-9223372036854775808"), &v) && v == INT64_MIN);
    assert_false(feel_num_to_i64(num("9223372036854775808"), &v));
    assert_false(feel_num_to_i64(num("2.5"), &v));
    assert_true(feel_num_to_i64(num("2.50e1"), &v) && v == 25);
    assert_true(feel_num_trunc_i64(num("-2.9"), &v) && v == -2);
    assert_true(feel_num_trunc_i64(num("0.3333333333333333333333333333333333"), &v) && v == 0);
    assert_false(feel_num_trunc_i64(num("1e19"), &v));
}

static void test_round(void **state)
{
    struct cx *cx = *state;
    struct feel_num n, third;
    assert_int_equal(feel_num_div(feel_num_of(1), feel_num_of(3), &third), FEEL_NUM_OK);
    assert_num(third, "0.3333333333333333333333333333333333");
    assert_int_equal(feel_num_round(third, 2, FEEL_NUM_HALF_EVEN, &n), FEEL_NUM_OK);
    assert_num(n, "0.33");
    assert_int_equal(feel_num_round(num("1.5"), 2, FEEL_NUM_HALF_EVEN, &n), FEEL_NUM_OK);
    assert_num(n, "1.50");
    assert_int_equal(feel_num_round(num("5.5"), 6176, FEEL_NUM_UP, &n), FEEL_NUM_OK);
    assert_true(feel_num_eq(n, num("5.5")));
    assert_int_equal(feel_num_round(num("5.5"), 6177, FEEL_NUM_UP, &n), FEEL_NUM_INVALID);
    assert_int_equal(feel_num_round(num("5.5"), -6112, FEEL_NUM_UP, &n), FEEL_NUM_INVALID);
    assert_int_equal(feel_num_round(num("5.5"), -6111, FEEL_NUM_UP, &n), FEEL_NUM_OK);
    assert_true(feel_num_eq(n, num("1e6111")));
    assert_int_equal(feel_num_round(num("-0.3333"), 0, FEEL_NUM_CEILING, &n), FEEL_NUM_OK);
    assert_num(n, "0");
    assert_int_equal(feel_num_round(feel_num_of(INT64_MAX), -19, FEEL_NUM_HALF_UP, &n), FEEL_NUM_OK);
    assert_num(n, "10000000000000000000");
}

static void test_quotients(void **state)
{
    struct cx *cx = *state;
    static const char *const rows[][3] = {{"10", "4", "2.5"},
                                          {"100", "8", "12.5"},
                                          {"1", "0.5", "2"},
                                          {"6", "0.2", "30"},
                                          {"150", "100", "1.5"},
                                          {"7", "-8", "-0.875"},
                                          {"1.50", "3", "0.50"},
                                          {"1", "64", "0.015625"},
                                          {"1", "128", "0.0078125"},
                                          {"-9223372036854775808", "-1", "9223372036854775808"},
                                          {"1", "7", "0.1428571428571428571428571428571429"},
                                          {"9223372036854775807", "10", "922337203685477580.7"},
                                          {"0.000000000000000001", "2", "0.0000000000000000005"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct feel_num q;
        assert_int_equal(feel_num_div(num(rows[i][0]), num(rows[i][1]), &q), FEEL_NUM_OK);
        assert_num(q, rows[i][2]);
    }
}

static void test_double(void **state)
{
    struct cx *cx = *state;
    struct feel_num n;
    static const double values[] = {
        0.1, 1e21, 1.5e-7, 123456.789, -2.5, 1e300, 5e-324, 9007199254740993.0, -0.0, 1.7976931348623157e308};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        assert_int_equal(feel_num_from_double(values[i], &n), FEEL_NUM_OK);
        assert_true(feel_num_to_double(n) == values[i]);
    }
    assert_int_equal(feel_num_from_double(0.1, &n), FEEL_NUM_OK);
    assert_num(n, "0.1");
    assert_int_equal(feel_num_from_double(__builtin_nan(""), &n), FEEL_NUM_INVALID);
    assert_int_equal(feel_num_from_double(__builtin_inf(), &n), FEEL_NUM_INVALID);
}

static int start(void **state)
{
    *state = test_cx();
    return 0;
}

static int stop(void **state)
{
    test_cx_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),     cmocka_unit_test(test_text),   cmocka_unit_test(test_scan),
        cmocka_unit_test(test_one_form),  cmocka_unit_test(test_whole),  cmocka_unit_test(test_round),
        cmocka_unit_test(test_quotients), cmocka_unit_test(test_double),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
