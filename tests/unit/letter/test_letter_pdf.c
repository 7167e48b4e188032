#include "support.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "letter/letter_pdf.h"

static struct letter_document document(struct cx *cx, const char *markdown)
{
    (void)cx;
    return (struct letter_document){.lang = LANG_DA,
                                    .title = S("Du får en rollator & <mere>"),
                                    .sender = S("Fjordby Kommune"),
                                    .unit = S("Hjælpemidler"),
                                    .contact = S("Telefon 12 34 56 78"),
                                    .address = S("Anna Holm\nStrandvejen 12\n4321 Fjordby"),
                                    .date = S("15. januar 2026"),
                                    .casefile_no = S("2026-004711"),
                                    .casefile_label = S("Sagsnummer"),
                                    .page_label = S("Side {n} af {m}"),
                                    .markdown = str_of(markdown),
                                    .made_us = cx->now_us};
}

/* What a program says about the PDF. */
static struct str ask(struct cx *cx, struct str pdf, const char *command)
{
    char path[] = "/tmp/indgang-pdf-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, pdf.p, pdf.n), pdf.n);
    close(fd);
    FILE *f = popen(str_z(cx->arena, str_fmt(cx->arena, command, path)), "r");
    struct buf b = buf_make(cx->arena);
    for (int ch; (ch = fgetc(f)) != EOF;)
        buf_add_char(&b, (char)ch);
    pclose(f);
    unlink(path);
    return buf_str(&b);
}

static bool has(struct str s, const char *what)
{
    bool found = str_find(s, str_of(what), 0) < s.n;
    if (!found)
        print_error("not there: %s\nin: %.*s\n", what, STR_ARG(s));
    return found;
}

static struct str render(struct cx *cx, const char *markdown)
{
    struct letter_document d = document(cx, markdown);
    struct str pdf = {0};
    assert_ok(cx, letter_pdf_render(cx, &d, &pdf));
    return pdf;
}

static void has_structure_and_language(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    struct str pdf =
        render(cx, "Kære Anna\n\n## Det får du\n\n- **Rollator**\n- Bruttobad\n  1. først\n\n> Citat\n\n***\n\n"
                   "[Læs mere](https://fjordby.example/x) <b>x</b>\n");
    struct str text = ask(cx, pdf, "pdfinfo -struct-text %s 2>&1");
    assert_true(has(text, "Document\n"));
    assert_true(has(text, "\"Anna Holm Strandvejen 12 4321 Fjordby\""));
    assert_true(has(text, "  H1 (block)\n    \"Du får en rollator & <mere>\"\n"));
    assert_true(has(text, "  H2 (block)\n    \"Det får du\"\n"));
    assert_true(has(
        text, "  L (block)\n    LI (block)\n      Lbl (block)\n        \"•\"\n      LBody (block)\n        P (block)\n"
              "          \"Rollator\"\n"));
    assert_true(has(text, "\"1.\""));
    assert_true(has(text, "BlockQuote"));
    assert_true(has(text, "\"Læs mere (https://fjordby.example/x) x\""));
    assert_int_equal(str_find(text, S("Side 1"), 0), text.n); /* an artifact, no text */
    assert_true(has(ask(cx, pdf, "pdftotext -layout %s - 2>&1"), "Side 1 af 1"));
    struct str info = ask(cx, pdf, "pdfinfo %s 2>&1");
    assert_true(has(info, "Tagged:          yes"));
    assert_true(has(info, "PDF version:     1.7"));
    struct str meta = ask(cx, pdf, "pdfinfo -meta %s 2>&1");
    assert_true(has(meta, "<pdfuaid:part>1</pdfuaid:part>"));
    assert_true(has(meta, "Du får en rollator &amp; &lt;mere&gt;"));
    struct str qdf = ask(cx, pdf, "qpdf --qdf --object-streams=disable %s - 2>&1");
    assert_true(has(qdf, "/Lang (da-DK)"));
    assert_true(has(qdf, "/DisplayDocTitle true"));
    assert_true(has(qdf, "/Artifact << /Type /Pagination >> BDC"));
    assert_int_equal(str_find(qdf, S("/Private"), 0), qdf.n);
    assert_true(has(ask(cx, pdf, "qpdf --check %s 2>&1"), "No syntax or stream encoding errors"));
    test_cx_free(cx);
}

static struct str long_text(struct cx *cx, int words)
{
    struct buf b = buf_make(cx->arena);
    for (int i = 0; i < words; i++)
        buf_fmt(&b, "ord%d ", i);
    return buf_str(&b);
}

/* PDF/A-2b, by our own list (tests/scenario/lib/pdfa.mjs); letters in every language, with all that Markdown can draw,
   signs that are not in WinAnsi, and one of several pages. */
static void holds_our_list_of_pdf_a(void **state)
{
    static const char *const bodies[] = {
        "Kære **Anna** *Holm*\n\n## Det får du\n\n- **Rollator**\n- Bruttobad\n  1. først\n  2. så\n\n> "
        "Citat\n\n***\n\n"
        "[Læs mere](https://fjordby.example/x) <b>x</b> `kode`\n\n```\nen linje\n```\n",
        "Łódź ≤ Ω Ж ǿ ď – “citat” € ½ § ﬁ", "Ett ord."};
    struct cx *cx = test_cx();
    (void)state;
    for (int lang = 0; lang < LANG_COUNT; lang++)
        for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
            struct str pdf;
            struct letter_document d = document(cx, bodies[i]);
            d.lang = (enum lang)lang;
            d.address = i == 2 ? S("") : d.address;
            assert_ok(cx, letter_pdf_render(cx, &d, &pdf));
            assert_true(
                has(ask(cx, pdf, "node $INDGANG_ROOT/tests/scenario/lib/pdfa.mjs %s 2>&1"), "every point of our list"));
        }
    struct str many = render(cx, str_z(cx->arena, long_text(cx, 1500)));
    assert_true(
        has(ask(cx, many, "node $INDGANG_ROOT/tests/scenario/lib/pdfa.mjs %s 2>&1"), "every point of our list"));
    test_cx_free(cx);
}

/* A paragraph over two pages is one paragraph, and no word is lost. */
static void a_paragraph_may_span_pages(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    struct str words = long_text(cx, 1500);
    struct str pdf = render(cx, str_z(cx->arena, str_cat(cx->arena, words, S("\n\nSidste stykke."))));
    assert_true(has(ask(cx, pdf, "pdfinfo %s"), "Pages:           4"));
    struct str text = ask(cx, pdf, "pdfinfo -struct-text %s 2>&1 | tr -s '\\n\" ' ' '");
    assert_true(has(text, str_z(cx->arena, str_trim(words))));
    assert_true(has(text, "ord1499 P (block) Sidste stykke."));
    struct str layout = ask(cx, pdf, "pdftotext %s -");
    assert_true(has(layout, "Side 1 af 4"));
    assert_true(has(layout, "Side 4 af 4"));
    test_cx_free(cx);
}

static void is_the_same_every_time(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    struct str one = render(cx, "Hej **du** *der* æøå"), two = render(cx, "Hej **du** *der* æøå");
    assert_true(str_eq(one, two));
    assert_false(str_eq(one, render(cx, "Hej **du** *der* æøa")));
    test_cx_free(cx);
}

static void refuses_what_it_cannot_make(void **state)
{
    struct cx *cx = test_cx();
    struct str pdf;
    (void)state;
    struct letter_document d = document(cx, "bad \xff");
    assert_err(cx, letter_pdf_render(cx, &d, &pdf), ERR_INVALID);
    struct buf b = buf_make(cx->arena);
    for (int i = 0; i < 12000; i++)
        buf_add_z(&b, "Et stykke.\n\n");
    d = document(cx, str_z(cx->arena, buf_str(&b)));
    assert_err(cx, letter_pdf_render(cx, &d, &pdf), ERR_TOO_LARGE);
    d = document(cx, "");
    assert_ok(cx, letter_pdf_render(cx, &d, &pdf));
    d.address = d.contact = d.unit = d.casefile_no = S("");
    assert_ok(cx, letter_pdf_render(cx, &d, &pdf));
    test_cx_free(cx);
}

static void *render_some(void *p)
{
    struct cx *cx = test_cx();
    for (int i = 0; i < 5; i++)
        *(struct hash *)p = hash_of(render(cx, "# En\n\n- to\n\ntre fire"));
    test_cx_free(cx);
    return NULL;
}

static void threads_do_not_disturb_each_other(void **state)
{
    pthread_t t[4];
    struct hash h[4];
    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&t[i], NULL, render_some, &h[i]), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], NULL);
    for (int i = 1; i < 4; i++)
        assert_true(hash_eq(h[0], h[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_structure_and_language),  cmocka_unit_test(holds_our_list_of_pdf_a),
        cmocka_unit_test(a_paragraph_may_span_pages),  cmocka_unit_test(is_the_same_every_time),
        cmocka_unit_test(refuses_what_it_cannot_make), cmocka_unit_test(threads_do_not_disturb_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
