/* The public conformance suite, when ../shared/data/dmn-tck lies beside the project: all scored cases, and the same
   with eight threads at once, result by result. Runs in the sanitize tier too. */
#include "support.h"

#include <sys/stat.h>

#include "dmn/dmn.h"

enum { SCORED = 3391, REACHED = 3391, OUTSIDE = 42 /* compliance, and right too */ };

static void run(struct cx *cx, struct str dir, int threads, struct dmn_suite *ret)
{
    assert_ok(cx, dmn_run_suite(cx, dir, threads, ret));
    for (size_t i = 0, shown = 0; i < ret->n && shown < 20; i++)
        if (ret->cases[i].scored && !ret->cases[i].passed && ++shown)
            print_message("%.*s %.*s: %.*s\n", STR_ARG(ret->cases[i].folder), STR_ARG(ret->cases[i].id),
                          STR_ARG(ret->cases[i].why));
    assert_int_equal(ret->scored, SCORED);
    assert_int_equal(ret->passed, REACHED);
    assert_int_equal(ret->n - ret->scored, OUTSIDE);
    assert_int_equal(ret->unscored_passed, OUTSIDE);
}

static void reaches_its_number(void **state)
{
    (void)state;
    struct cx cx = {.arena = arena_new((size_t)1 << 30), .now_us = INT64_C(1768478400000000)};
    struct stat st;
    struct dmn_suite one, eight;
    struct str dir = test_path(&cx, "../shared/data/dmn-tck");
    if (stat(str_z(cx.arena, dir), &st)) {
        print_message("skipped: the public suite is not at %.*s\n", STR_ARG(dir));
        arena_free(cx.arena);
        skip();
    }
    run(&cx, dir, 1, &one);
    run(&cx, dir, 8, &eight);
    for (size_t i = 0; i < one.n; i++)
        if (!str_eq(one.cases[i].gave, eight.cases[i].gave) || one.cases[i].passed != eight.cases[i].passed)
            fail_msg("%.*s %.*s: alone %.*s, with eight threads %.*s", STR_ARG(one.cases[i].folder),
                     STR_ARG(one.cases[i].id), STR_ARG(one.cases[i].gave), STR_ARG(eight.cases[i].gave));
    assert_true(one.n == eight.n && one.cases[0].gave.n > 0);
    arena_free(cx.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reaches_its_number)};
    return cmocka_run_group_tests_name("dmn_suite", tests, NULL, NULL);
}
