#include "support.h"

#include "codec/codec.h"

static void yaml_is_strings(void **state)
{
    struct cx *cx = test_cx();
    struct yaml *y;
    (void)state;
    assert_ok(cx, yaml_parse(cx, S("a.yaml"), S("land: no\nlist: [1, to]\ntext: |\n  en\n  to\n"), &y));
    assert_str(yaml_get(y, "land")->text, "no");
    assert_int_equal(yaml_get(y, "list")->n, 2);
    assert_str(yaml_get(y, "text")->text, "en\nto\n");
    assert_int_equal(yaml_get(y, "text")->key_line, 3);
    assert_int_equal(yaml_get(y, "list")->items[1]->col, 11);
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(yaml_is_strings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
