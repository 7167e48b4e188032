#include "support.h"

#include "codec/eml.h"

static struct eml read_eml(struct cx *cx, const char *name)
{
    struct eml m;
    struct str path = str_fmt(cx->arena, "tests/fuzz/eml/%s", name);
    eml_init();
    assert_ok(cx, eml_parse(cx, test_read_file(cx, str_z(cx->arena, test_path(cx, str_z(cx->arena, path)))), &m));
    return m;
}

static bool has(struct str s, const char *z)
{
    return str_find(s, str_of(z), 0) < s.n;
}

static void reads_head_and_words(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct eml m = read_eml(cx, "plain");
    assert_str(m.from_name, "Anna Holm");
    assert_str(m.from_address, "anna.holm@post.example");
    assert_str(m.subject, "Kvittering på stok");
    assert_str(m.text, "Kære kommune\n\nHer er min kvittering.\n Hilsen Anna"); /* the bell is a blank */
    assert_int_equal(civil_day_of_us(m.sent_us), civil_to_day(2026, 11, 23));
    assert_int_equal(m.attachments.n, 0);
    test_cx_free(cx);
}

static void reads_parts_and_attachments(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct eml m = read_eml(cx, "mixed");
    assert_str(m.from_name, "Holm, Anna");
    assert_str(m.subject, "Ansøgning");
    assert_str(m.text, "Jeg søger om en rollator."); /* the words, not the HTML beside them */
    assert_false(has(m.text, "alert"));
    bool pdf = false;
    for (size_t i = 0; i < m.attachments.n; i++)
        pdf |= str_starts(m.attachments.p[i].bytes, S("%PDF-1.4"));
    assert_true(pdf);
    m = read_eml(cx, "nested");
    assert_str(m.text, "outer words");
    assert_int_equal(m.attachments.n, 1); /* the message inside is a file, not words of this one */
    assert_true(has(m.attachments.p[0].bytes, "inner words"));
    test_cx_free(cx);
}

static void html_is_words(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct eml m = read_eml(cx, "html");
    assert_true(has(m.text, "Der er et hul i vejen"));
    assert_true(has(m.text, "\nved nr. 31"));
    assert_false(has(m.text, "<"));
    assert_false(has(m.text, "document.write"));
    assert_false(has(m.text, "p{}"));
    test_cx_free(cx);
}

static void what_is_none_is_refused(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct eml m;
    eml_init();
    assert_err(cx, eml_parse(cx, S(""), &m), ERR_SYNTAX);
    assert_err(cx, eml_parse(cx, S("%PDF-1.4 no mail"), &m), ERR_SYNTAX);
    assert_err(cx, eml_parse(cx, S("Subject: from nobody\r\n\r\nwords"), &m), ERR_SYNTAX);
    assert_true(read_eml(cx, "deep").left_out);
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_head_and_words),
        cmocka_unit_test(reads_parts_and_attachments),
        cmocka_unit_test(html_is_words),
        cmocka_unit_test(what_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
