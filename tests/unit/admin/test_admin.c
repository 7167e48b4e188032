/* The administrator's page and daily mail, below the pages: tests/scenario/ops/admin.test.mjs has the rest. */
#include "support.h"

#include "admin/admin_views.h"
#include "app/app.h"

/* A new kind of job gets words before somebody has to read its name on the page. */
static void each_kind_of_job_has_words(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    for (size_t i = 0; i < app_job_kinds_n; i++)
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            struct str kind = str_of(app_job_kinds[i].name);
            cx->lang = (enum lang)lang;
            struct str words = admin_job_words(cx, kind);
            if (str_eq(words, kind))
                fail_msg("%s has no words: the table in admin_pages.c", app_job_kinds[i].name);
            assert_true(words.n > 0);
        }
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_kind_of_job_has_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
