/* FEEL as a user writes it: each row is an expression and the text of its value. */
#include "support.h"

#include "codec/codec.h"
#include "feel/feel.h"

struct row {
    const char *text, *value; /* value NULL: null, with a reason of the kind `why` */
    enum feel_why why;
};

static struct feel_value evaluate(struct cx *cx, const char *text, struct feel_run **ret_run)
{
    struct feel_zones *zones = feel_zones_new(NULL);
    arena_defer(cx->arena, (void (*)(void *))feel_zones_free, zones);
    struct feel_env *env = feel_env_new(cx->arena, NULL);
    feel_env_set_zones(env, zones);
    struct feel_source *source = arena_new_of(cx->arena, struct feel_source);
    *source = (struct feel_source){.name = S("test"), .text = str_of(text)};
    struct feel_run *run = feel_run_new(cx->arena, NULL, zones, cx->now_us, S("Europe/Oslo"));
    if (ret_run)
        *ret_run = run;
    return feel_run_code(run, feel_compile(cx->arena, env, source, NULL), NULL);
}

static void check(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct cx *cx = test_cx();
        struct feel_value v = evaluate(cx, rows[i].text, NULL);
        struct buf b = buf_make(cx->arena);
        feel_write(&b, v);
        const struct feel_reason *reason = feel_reason_of(v);
        if (!str_eq_z(buf_str(&b), rows[i].value ? rows[i].value : "null"))
            fail_msg("%s => %" PRI_STR ", not %s", rows[i].text, STR_ARG(buf_str(&b)), rows[i].value);
        if (!rows[i].value && (!reason || reason->why != rows[i].why))
            fail_msg("%s is null because of %s, not %s", rows[i].text, reason ? feel_why_name(reason->why) : "nothing",
                     feel_why_name(rows[i].why));
        test_cx_free(cx);
    }
}

#define CHECK(rows) check(rows, sizeof(rows) / sizeof *(rows))

static void numbers(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"1 + 2 * 3 - 4 / 2", "5", 0},
        {"2 ** 3 ** 2", "64", 0}, /* from the left */
        {"-3 ** 2", "9", 0},      /* the minus binds tighter */
        {"--10", "10", 0},
        {"0.1 + 0.2", "0.3", 0},
        {"10 / 3", "3.333333333333333333333333333333333", 0},
        {"9223372036854775807 + 1", "9223372036854775808", 0},
        {"123456789012345678901234567890 * 10", "1234567890123456789012345678900", 0},
        {".5 + 1.23e2", "123.5", 0},
        {"1 / 0", NULL, FEEL_WHY_RANGE},
        {"1 + \"1\"", NULL, FEEL_WHY_TYPE},
        {"decimal(2.5, 0)", "2", 0},
        {"round half up(2.5, 0)", "3", 0},
        {"floor(-1.5)", "-2", 0},
        {"modulo(-12, 5)", "3", 0},
        {"sqrt(-1)", NULL, FEEL_WHY_RANGE},
        {"number(\"1 000,5\", \" \", \",\")", "1000.5", 0},
        {"number(\"abc\", null, \".\")", NULL, FEEL_WHY_VALUE},
    };
    CHECK(rows);
}

static void logic(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"null and false", "false", 0},
        {"null or true", "true", 0},
        {"true and 1", NULL, FEEL_WHY_TYPE},
        {"null = null", "true", 0},
        {"1 = null", "false", 0},
        {"1 = \"1\"", NULL, FEEL_WHY_TYPE},
        {"null < 1", NULL, FEEL_WHY_TYPE},
        {"2 between 1 and 3 and true", "true", 0},
        {"3 in (1, <3, [3..4])", "true", 0},
        {"3 in (2..4)", "true", 0},
        {"1 in (1 = 1)", NULL, FEEL_WHY_TYPE},
        {"2 in (1 + 1) and true", "true", 0},
        {"5 in [1..5)", "false", 0},
        {"5 in (null..10]", NULL, FEEL_WHY_TYPE},
        {"(<10) = (null..10)", "false", 0},
        {"not(null)", NULL, FEEL_WHY_TYPE},
        {"some x in [1, null] satisfies x > 1", NULL, FEEL_WHY_TYPE},
        {"every x in [1, 2] satisfies x > 1", "false", 0},
        {"if null then 1 else 2", "2", 0},
        {"null instance of Any", "false", 0},
        {"[1, 2] instance of list<number>", "true", 0},
        {"(function(a: number) a) instance of function<number> -> Any", "true", 0},
    };
    CHECK(rows);
}

static void names(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"{a-b: 5, a: 3, b: 1, c: a-b}.c", "5", 0},
        {"{a: 3, b: 1, c: a-b}.c", "2", 0},
        {"{foo   bar: 1, c: foo bar + 1}.c", "2", 0},
        {"{in1: 1, order: 2, c: in1 + order}.c", "3", 0},
        {"{some value: 1, if needed: 2, true north: 3, r: some value + if needed + true north}.r", "6", 0},
        {"{\"\": 1}", "{\"\": 1}", 0},
        {"{🐎: \"bar\"}.🐎", "\"bar\"", 0},
        {"{a: 1, a: 2}", NULL, FEEL_WHY_VALUE},
        {"{a: 1}.b", NULL, FEEL_WHY_MEMBER},
        {"missing name + 1", NULL, FEEL_WHY_NAME},
        {"for x y in [1, 2] return x y * 2", "[2, 4]", 0},
        {"{days in weekend: [1, 2], r: for d in days in weekend return d * 2}.r", "[2, 4]", 0},
        {"{date: 3, r: date(\"2020-01-01\")}.r", "@\"2020-01-01\"", 0},
        {"1 // a comment\n + /* another */ 2", "3", 0},
        {"1 +", NULL, FEEL_WHY_SYNTAX},
        {"", NULL, FEEL_WHY_SYNTAX},
    };
    CHECK(rows);
}

static void lists(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"[1, 2, 3][-1]", "3", 0},
        {"[1, 2, 3][4]", NULL, FEEL_WHY_INDEX},
        {"[1, 2, 3][item > 1]", "[2, 3]", 0},
        {"[{x: 1}, {x: 2, y: 1}][y = 1].x", "[2]", 0},
        {"{x: 5, r: [{x: 1}, {z: 2}][x = 5]}.r", "[{z: 2}]", 0},
        {"[{item: 1}, {item: 2}][item > 1]", "[{item: 2}]", 0},
        {"{i: 2, r: [5, 6, 7][i]}.r", "6", 0},
        {"100[true]", "[100]", 0},
        {"true[0]", NULL, FEEL_WHY_INDEX},
        {"for i in 3..1 return i", "[3, 2, 1]", 0},
        {"for i in 1..2, j in i..2 return 10 * i + j", "[11, 12, 22]", 0},
        {"for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]", 0},
        {"for d in @\"2024-02-28\"..@\"2024-03-01\" return d.day", "[28, 29, 1]", 0},
        {"for i in [2..1] return i", NULL, FEEL_WHY_TYPE},
        {"sum(for i in 1..100 return i)", "5050", 0},
        {"count([1, 2, 3][item > 1])", "2", 0},
        {"sum([1, null])", NULL, FEEL_WHY_TYPE},
        {"max(1, 3, 2)", "3", 0},
        {"median(8, 2, 5, 7)", "6", 0},
        {"mode([6, 1, 9, 6, 1])", "[1, 6]", 0},
        {"stddev(2, 4, 7, 5)", "2.081665999466132735282297706979931", 0},
        {"sort([3, 1, 2], function(x, y) x < y)", "[1, 2, 3]", 0},
        {"sort([3, 1, 2], function(x, y) true)", "[2, 1, 3]", 0}, /* a liar */
        {"flatten([[1, [2]], 3])", "[1, 2, 3]", 0},
        {"distinct values([1, 2, 1.0])", "[1, 2]", 0},
        {"list replace([2, 4], function(item, newItem) item < newItem, 3)", "[3, 4]", 0},
        {"insert before([1, 2], 3, 9)", NULL, FEEL_WHY_INDEX},
        {"index of([1, 2, 1], 1)", "[1, 3]", 0},
        {"string join([\"a\", null, \"b\"], \"-\")", "\"a-b\"", 0},
        {"all([true, null])", NULL, FEEL_WHY_TYPE},
        {"any([null, true])", "true", 0},
    };
    CHECK(rows);
}

static void functions(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"(function(a, b) a - b)(b: 1, a: 3)", "2", 0},
        {"(function(a) function(b) a * b)(3)(4)", "12", 0},
        {"{f: function(n) if n = 0 then 1 else n * f(n - 1), r: f(20)}.r", "2432902008176640000", 0},
        {"(function(a: number) a)(\"x\")", NULL, FEEL_WHY_COERCION},
        {"(function(a: number) a)([1])", "1", 0},
        {"{f: abs, r: f(-1)}.r", "1", 0},
        {"abs(1, 2)", NULL, FEEL_WHY_ARGUMENTS},
        {"abs(m: 1)", NULL, FEEL_WHY_ARGUMENTS},
        {"\"abs\"(1)", NULL, FEEL_WHY_TYPE},
        {"no such function(1)", NULL, FEEL_WHY_NAME},
        {"substring(length: 2, string: \"foobar\", start position: 3)", "\"ob\"", 0},
        {"{f: function(n) f(n + 1), r: f(1)}.r", NULL, FEEL_WHY_LIMIT},
        {"(function(a) external {java: {class: \"java.lang.Math\", method signature: \"sqrt(double)\"}})(16)", "4", 0},
        {"(function(a) external {java: {class: \"java.lang.Runtime\", method signature: \"exit(int)\"}})(1)", NULL,
         FEEL_WHY_NAME},
    };
    CHECK(rows);
}

static void texts(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"string length(\"\\uD83D\\uDCA9\")", "1", 0},
        {"string length(\"\\\\u0009\")", "6", 0},
        {"substring(\"\\U01F40Efoo\", 2)", "\"foo\"", 0},
        {"substring(\"foobar\", -2, 1)", "\"a\"", 0},
        {"substring(\"foobar\", 7)", NULL, FEEL_WHY_VALUE},
        {"upper case(\"blåbær ß\")", "\"BLÅBÆR SS\"", 0},
        {"lower case(\"ÆØÅ\")", "\"æøå\"", 0},
        {"substring before(\"foobar\", \"bar\")", "\"foo\"", 0},
        {"substring after(\"foobar\", \"\")", "\"foobar\"", 0},
        {"contains(\"æøå\", \"ø\")", "true", 0},
        {"matches(\"x\", \"[A-Z-[OI]]\", \"i\")", "true", 0},
        {"matches(\"x\", \"(\")", NULL, FEEL_WHY_VALUE},
        {"matches(\"x\", \"x\", \"p\")", NULL, FEEL_WHY_VALUE},
        {"replace(\"abracadabra\", \"a(.)\", \"a$1$1\")", "\"abbraccaddabbra\"", 0},
        {"split(\"a;b;;\", \";\")", "[\"a\", \"b\", \"\", \"\"]", 0},
        {"string([1, \"a\", {b: null}])", "\"[1, \\\"a\\\", {b: null}]\"", 0},
        {"\"a\" + \"b\"", "\"ab\"", 0},
        {"\"unended", NULL, FEEL_WHY_SYNTAX},
    };
    CHECK(rows);
}

static void times(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"@\"2020-01-31\" + @\"P1M\"", "@\"2020-02-29\"", 0},
        {"date(\"2021-02-29\")", NULL, FEEL_WHY_VALUE},
        {"@\"not a date\"", NULL, FEEL_WHY_VALUE},
        {"@\"2021-01-01T24:00:00\" + @\"PT1S\"", "@\"2021-01-02T00:00:01\"", 0},
        {"@\"2021-01-02T00:00:00Z\" - @\"2021-01-02\"", "@\"PT0S\"", 0},
        {"@\"2021-01-02T10:00:00\" - @\"2021-01-01T10:00:00Z\"", NULL, FEEL_WHY_TYPE},
        {"@\"P10Y11M\" / 2.5", "@\"P4Y4M\"", 0},
        {"@\"P10D\" / @\"P5D\"", "2", 0},
        {"1.5 * @\"PT1H\"", "@\"PT1H30M\"", 0},
        {"time(\"10:30:00@Europe/Oslo\").timezone", "\"Europe/Oslo\"", 0},
        {"@\"10:00:00\" < @\"P1D\"", NULL, FEEL_WHY_TYPE},
        {"day of week(@\"2019-09-17\")", "\"Tuesday\"", 0},
        {"week of year(@\"2003-12-29\")", "1", 0},
        {"is(@\"10:00:00Z\", @\"10:00:00+00:00\")", "true", 0},
        {"is(1, \"1\")", "false", 0},
        {"today()", "@\"2026-01-15\"", 0}, /* of the clock that the test gives */
        {"now().hour", "13", 0},
        {"years and months duration(@\"2011-12-22\", @\"2013-08-24\")", "@\"P1Y8M\"", 0},
    };
    CHECK(rows);
}

static void ranges_and_contexts(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"before([1..5), 5)", "true", 0},
        {"meets([1..5], [5..8])", "true", 0},
        {"during(10, [1..10))", "false", 0},
        {"overlaps([1..5), [5..8])", "false", 0},
        {"coincides([1..5], [1..5])", "true", 0},
        {"finishes((1..10], [1..10])", "true", 0},
        {"before(1, \"a\")", NULL, FEEL_WHY_TYPE},
        {"range(\"[18..21[\") = [18..21)", "true", 0},
        {"range(\"[3..1]\")", NULL, FEEL_WHY_VALUE},
        {"range(\"[f(1)..2]\")", NULL, FEEL_WHY_VALUE},
        {"[1..3].start included", "true", 0},
        {"context put({x: {y: 1}}, [\"x\", \"z\"], 2)", "{x: {y: 1, z: 2}}", 0},
        {"context merge([{a: 1}, {a: 2, b: 3}])", "{a: 2, b: 3}", 0},
        {"context([{key: \"a\", value: 1}, {key: \"a\", value: 2}])", NULL, FEEL_WHY_VALUE},
        {"get value({a: {b: 1}}, [\"a\", \"b\"])", "1", 0},
        {"get entries({a: 1})", "[{key: \"a\", value: 1}]", 0},
    };
    CHECK(rows);
}

/* What a model with hostile text may cost is bounded. */
static void limits(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"sum(for i in 1..1000000000 return i)", NULL, FEEL_WHY_LIMIT},
        {"for i in 1..2000000 return i", NULL, FEEL_WHY_LIMIT},
        {"for a in 1..99999, b in 1..99999 return 1", NULL, FEEL_WHY_LIMIT},
    };
    CHECK(rows);
    struct cx *cx = test_cx();
    struct buf deep = buf_make(cx->arena), chain = buf_make(cx->arena);
    for (int i = 0; i < 100000; i++) {
        buf_add_char(&deep, i % 2 ? '(' : '[');
        if (i < 5000)
            buf_add_z(&chain, "a.b+");
    }
    assert_int_equal(feel_reason_of(evaluate(cx, str_z(cx->arena, buf_str(&deep)), NULL))->why, FEEL_WHY_SYNTAX);
    buf_add_z(&chain, "1");
    assert_int_equal(feel_reason_of(evaluate(cx, str_z(cx->arena, buf_str(&chain)), NULL))->why, FEEL_WHY_LIMIT);
    /* two values of 2^50 items each that share their parts; and a text that could be read in 2^60 ways */
    struct buf twins = buf_make(cx->arena), ways = buf_make(cx->arena);
    buf_add_z(&twins, "{a0: [1], b0: [1]");
    for (int i = 1; i <= 50; i++)
        buf_fmt(&twins, ", a%d: [a%d, a%d], b%d: [b%d, b%d]", i, i - 1, i - 1, i, i - 1, i - 1);
    buf_add_z(&twins, ", same: a50 = b50}.same");
    assert_int_equal(feel_reason_of(evaluate(cx, str_z(cx->arena, buf_str(&twins)), NULL))->why, FEEL_WHY_LIMIT);
    for (int i = 0; i < 60; i++)
        buf_add_z(&ways, "[1..[2][");
    assert_int_equal(feel_reason_of(evaluate(cx, str_z(cx->arena, buf_str(&ways)), NULL))->why, FEEL_WHY_SYNTAX);
    test_cx_free(cx);
}

/* The first fault is the one to tell, with its place. */
static void reasons(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct feel_run *run;
    struct feel_value v = evaluate(cx, "10 + {a: 1}.b * 2", &run);
    const struct feel_reason *r = feel_reason_of(v);
    size_t n;
    assert_non_null(r);
    assert_int_equal(r->why, FEEL_WHY_MEMBER);
    assert_str(str_slice(r->source->text, r->offset, r->offset + r->length), "{a: 1}.b");
    assert_ptr_equal(feel_run_reasons(run, &n)[0], r);
    assert_int_equal(n, 1);
    assert_null(feel_reason_of(evaluate(cx, "null", NULL)));
    test_cx_free(cx);
}

/* ---- What a room that builds on this one uses */

static const char *tests_say(struct cx *cx, const char *text, struct feel_value input)
{
    struct feel_source source = {.name = S("cell"), .text = str_of(text)};
    const struct feel_code *code = feel_compile_tests(cx->arena, feel_env_new(cx->arena, NULL), &source, NULL, NULL);
    struct feel_run *run = feel_run_new(cx->arena, NULL, NULL, 0, S(""));
    struct feel_value v = feel_run_tests(run, code, NULL, input);
    return v.kind == FEEL_NULL ? "null" : v.flag ? "true" : "false";
}

static void unary_tests(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct feel_value five = feel_int(5), a = feel_string(S("a")), null = feel_null();
    assert_string_equal(tests_say(cx, "-", null), "true");
    assert_string_equal(tests_say(cx, "", five), "true");
    assert_string_equal(tests_say(cx, "<5, >5", five), "false");
    assert_string_equal(tests_say(cx, "not(<5, >5)", five), "true");
    assert_string_equal(tests_say(cx, "[1..5)", five), "false");
    assert_string_equal(tests_say(cx, "\"b\", \"a\"", a), "true");
    assert_string_equal(tests_say(cx, "[\"b\", \"a\"]", a), "true");
    assert_string_equal(tests_say(cx, "starts with(?, \"a\") and string length(?) = 1", a), "true");
    assert_string_equal(tests_say(cx, "not(contains(?, \"a\"))", a), "false");
    assert_string_equal(tests_say(cx, "null", null), "true");
    assert_string_equal(tests_say(cx, "> 3", null), "null");
    assert_string_equal(tests_say(cx, "false", feel_bool(false)), "true");
    assert_string_equal(tests_say(cx, "false", five), "false");
    assert_string_equal(tests_say(cx, "-5", feel_int(-5)), "true");
    test_cx_free(cx);
}

static void test_ranges(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    static const struct {
        const char *text;
        bool simple;
        size_t n;
    } rows[] = {{"-", true, 1},         {"5", true, 1},     {"<5, [7..9)", true, 2}, {"not(1, 2)", true, 2},
                {"[1, 2, 3]", true, 3}, {"!= 5", false, 0}, {"? > 5", false, 0},     {"x", false, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct feel_env *env = feel_env_new(cx->arena, NULL);
        feel_env_add(env, S("x"), 0, NULL);
        struct feel_source source = {.text = str_of(rows[i].text)};
        struct feel_build *b = feel_build_new(cx->arena, env);
        struct feel_node *tests = feel_build_tests(b, &source, feel_build_local(b, S(""), NULL));
        const struct feel_range *ranges;
        size_t n = 0;
        bool negated;
        assert_int_equal(feel_tests_ranges(cx->arena, tests, &ranges, &n, &negated), rows[i].simple);
        if (rows[i].simple) {
            assert_int_equal(n, rows[i].n);
            assert_int_equal(negated, rows[i].text[0] == 'n');
        }
    }
    test_cx_free(cx);
}

static void slots_and_coercion(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    static const struct feel_member_type members[] = {{{"Monthly Income", 14}, NULL}, {{"Born", 4}, NULL}};
    struct feel_member_type typed[] = {members[0], members[1]};
    typed[0].type = feel_type_of_kind(FEEL_T_NUMBER);
    typed[1].type = feel_type_of_kind(FEEL_T_DATE);
    struct feel_type person = {.kind = FEEL_T_CONTEXT, .name = S("Person"), .members = typed, .n_members = 2};
    struct feel_type people = {.kind = FEEL_T_LIST, .of = &person};
    struct feel_env *env = feel_env_new(cx->arena, NULL);
    feel_env_add(env, S("All people"), 0, &people);
    struct feel_source source = {.text = S("All people[Monthly Income > 10].Born.year")};
    const struct feel_problem *problems = NULL;
    const struct feel_code *code = feel_compile(cx->arena, env, &source, &problems);
    assert_null(problems);
    struct json *json;
    assert_ok(cx, json_parse(cx, S("{\"Monthly Income\": 12.50, \"Born\": \"1980-02-03\"}"), &json));
    struct feel_run *run = feel_run_new(cx->arena, NULL, NULL, 0, S(""));
    struct feel_value slots[] = {feel_from_json(cx->arena, NULL, json, &people)};
    slots[0] = feel_coerce(run, slots[0], &people, &source); /* one person becomes a list of one */
    struct buf b = buf_make(cx->arena);
    struct json_out out = json_out_make(&b);
    feel_to_json(&out, feel_run_code(run, code, slots));
    assert_str(buf_str(&b), "[1980]");
    struct feel_value bad = feel_coerce(run, feel_int(1), &people, &source);
    assert_int_equal(feel_reason_of(bad)->why, FEEL_WHY_COERCION);
    test_cx_free(cx);
}

static void json_keeps_digits(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct buf b = buf_make(cx->arena);
    struct json_out out = json_out_make(&b);
    feel_to_json(&out, evaluate(cx, "[1/3, {a: @\"P1D\", b: null}]", NULL));
    assert_str(buf_str(&b), "[0.3333333333333333333333333333333333,{\"a\":\"P1D\",\"b\":null}]");
    struct json *json;
    struct buf again = buf_make(cx->arena);
    assert_ok(cx, json_parse(cx, S("[0.3333333333333333333333333333333333, 1.5E+3, 0.1]"), &json));
    out = json_out_make(&again);
    feel_to_json(&out, feel_from_json(cx->arena, NULL, json, NULL));
    assert_str(buf_str(&again), "[0.3333333333333333333333333333333333,1500,0.1]");
    test_cx_free(cx);
}

/* A context large enough for an index finds the same as a small one; of equal names the last value counts. */
static void large_contexts(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct feel_entry entries[100];
    for (size_t i = 0; i < 100; i++)
        entries[i] = (struct feel_entry){str_fmt(cx->arena, "k%zu", i % 90), feel_int((int64_t)i)};
    struct feel_value v = feel_context(cx->arena, entries, 100);
    int64_t n;
    assert_int_equal(v.context->n, 90);
    for (size_t i = 0; i < 90; i++) {
        const struct feel_value *m = feel_member(v, str_fmt(cx->arena, "k%zu", i));
        assert_non_null(m);
        assert_true(feel_to_i64(*m, &n));
        assert_int_equal(n, i < 10 ? i + 90 : i);
    }
    assert_null(feel_member(v, S("k90")));
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers),
                                       cmocka_unit_test(logic),
                                       cmocka_unit_test(names),
                                       cmocka_unit_test(lists),
                                       cmocka_unit_test(functions),
                                       cmocka_unit_test(texts),
                                       cmocka_unit_test(times),
                                       cmocka_unit_test(ranges_and_contexts),
                                       cmocka_unit_test(limits),
                                       cmocka_unit_test(reasons),
                                       cmocka_unit_test(unary_tests),
                                       cmocka_unit_test(test_ranges),
                                       cmocka_unit_test(slots_and_coercion),
                                       cmocka_unit_test(json_keeps_digits),
                                       cmocka_unit_test(large_contexts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
