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

static void a_file_has_its_end(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        struct str bytes;
        bool whole;
    } files[] = {
        {"pdf", S("%PDF-1.7\nx\n%%EOF\n"), true},
        {"pdf", S("%PDF-1.7\nx\n%%EO"), false},
        {"png", S("\x89PNG\r\n\x1a\n....IEND\xae\x42\x60\x82"), true},
        {"png", S("\x89PNG\r\n\x1a\n....IDAT"), false},
        {"jpg", S("\xff\xd8\xff\xe0....\xff\xd9"), true},
        {"jpg", S("\xff\xd8\xff\xe0....\xff\xd9 what a camera put behind it"), true},
        {"jpg", S("\xff\xd8\xff\xe0...."), false},
        {"txt", S("words"), true},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        assert_int_equal(filetype_whole(filetype_find(str_of(files[i].type)), files[i].bytes), files[i].whole);
}

/* PRONOM's names, as the register has them. */
static void a_pdf_says_which(void **state)
{
    (void)state;
#define HEAD "%PDF-1.7\nx"
    static const struct {
        struct str bytes;
        const char *format;
    } files[] = {
        {S("%PDF-1.0\n"), "fmt/14"},
        {S("%PDF-1.4\n"), "fmt/18"},
        {S("%PDF-1.7\n"), "fmt/276"},
        {S("%PDF-2.0\n"), "fmt/1129"},
        {S("%PDF-1.9\n"), NULL},
        {S("%PDF-1."), NULL},
        {S(HEAD "<pdfaid:part>1</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>"), "fmt/95"},
        {S(HEAD "<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"), "fmt/354"},
        {S(HEAD "<pdfaid:part>2</pdfaid:part>\n<pdfaid:conformance>B</pdfaid:conformance>"), "fmt/477"},
        {S(HEAD "<x pdfaid:conformance=\"U\" pdfaid:part=\"2\"/>"), "fmt/478"},
        {S(HEAD "<x pdfaid:part = '3' pdfaid:conformance = 'A'/>"), "fmt/479"},
        {S(HEAD "<x pdfaid:part='3' pdfaid:conformance='B'/>"), "fmt/480"},
        {S(HEAD "<x pdfaid:part='1' pdfaid:conformance='U'/>"), "fmt/276"}, /* there is no such level of part 1 */
        {S(HEAD "<x pdfaid:part='4'/>"), "fmt/276"},
        {S(HEAD "<x pdfaid:part='2' pdfaid:conformance"), "fmt/276"},
        {S(HEAD "<x pdfaid:part"), "fmt/276"},
    };
#undef HEAD
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const char *f = filetype_pdf_format(files[i].bytes);
        assert_true(f == files[i].format || (f && files[i].format && !strcmp(f, files[i].format)));
    }
    assert_true(filetype_is_pdf_a("fmt/477") && filetype_is_pdf_a("fmt/95"));
    assert_false(filetype_is_pdf_a("fmt/276") || filetype_is_pdf_a("av/0"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_by_content),   cmocka_unit_test(is_not_fooled),    cmocka_unit_test(finds_by_name),
        cmocka_unit_test(a_file_has_its_end), cmocka_unit_test(a_pdf_says_which),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
