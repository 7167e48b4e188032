#include "support.h"

#include "codec/codec.h"

static void knows_by_content(void **state)
{
    (void)state;
    assert_string_equal(filetype_of(S("%PDF-1.7\n%\xe2\xe3"))->mime, "application/pdf");
    assert_string_equal(filetype_of(S("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"))->mime, "image/png");
    assert_string_equal(filetype_of(S("\xff\xd8\xff\xe0"))->extension, "jpg");
    assert_string_equal(filetype_of(S("Kære kommune\n"))->mime, "text/plain");
    assert_string_equal(filetype_of(S("\0\0\0\x18"
                                      "ftypheic"))
                            ->mime,
                        "image/heic");
}

static void is_not_fooled(void **state)
{
    (void)state;
    assert_null(filetype_of(S("")));
    assert_null(filetype_of(S("MZ\x90\0\3\0\0\0")));                                      /* a program */
    assert_null(filetype_of(S("PK\x03\x04\x14\0\0\0\0\0nothing")));                       /* some other zip */
    assert_string_equal(filetype_of(S("<script>alert(1)</script>"))->mime, "text/plain"); /* never text/html */
    assert_null(filetype_of(S(" %PDF-1.7\0")));
}

static void finds_by_name(void **state)
{
    (void)state;
    assert_string_equal(filetype_find(S("jpeg"))->mime, "image/jpeg");
    assert_string_equal(filetype_find(S("application/pdf"))->extension, "pdf");
    assert_null(filetype_find(S("exe")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_by_content),
        cmocka_unit_test(is_not_fooled),
        cmocka_unit_test(finds_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
