#include "support.h"

#include "codec/codec.h"

/* ---- YAML (its faults are tested with service.yaml, which is what people write) ---- */

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
    assert_null(yaml_get(y, "nothing"));
    assert_null(yaml_get(yaml_get(y, "land"), "nothing"));
    test_cx_free(cx);
}

static void yaml_counts_columns_in_characters(void **state)
{
    struct cx *cx = test_cx();
    struct yaml *y;
    (void)state;
    assert_ok(cx, yaml_parse(cx, S("a.yaml"), S("{æøå: 1, b: 2}"), &y));
    assert_int_equal(yaml_get(y, "b")->col, 13);
    test_cx_free(cx);
}

static void yaml_failure_names_the_place(void **state)
{
    struct cx *cx = test_cx();
    struct yaml *y;
    (void)state;
    assert_err(cx, yaml_parse(cx, S("x/a.yaml"), S("a: 1\nb: *c\n"), &y), ERR_SYNTAX);
    assert_true(str_starts(cx->fail.detail, S("x/a.yaml:2:4: the alias *c is not allowed here; write")));
    test_cx_free(cx);
}

static void yaml_comes_back_the_same(void **state)
{
    static const char *const texts[] = {
        "a: 1\nb: [x, \"y: z\", {c: d}]\ne:\n  f: \"line\\nline\"\n  g: {}\n  h: []\n",
        "- - a\n  - b\n- c\n",
        "\"key with: colon\": 'it''s'\nempty: \"\"\nspace: \" x \"\ndash: \"- a\"\n",
        "æ: \"\\u2028\\xa0 \\\\ \\\"\"\ntilde: ~\nhash: \"a #b\"\nstar: \"*a\"\n",
        "text: |\n  Første linje\n    rykket ind\n\n  sidste\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct cx *cx = test_cx();
        struct yaml *first, *second;
        struct buf b = buf_make(cx->arena), again = buf_make(cx->arena);
        assert_ok(cx, yaml_parse(cx, S("a"), str_of(texts[i]), &first));
        yaml_write(first, &b);
        assert_ok(cx, yaml_parse(cx, S("b"), buf_str(&b), &second));
        yaml_write(second, &again);
        assert_str(buf_str(&again), str_z(cx->arena, buf_str(&b)));
        if (i == 0)
            assert_str(yaml_get(yaml_get(second, "e"), "f")->text, "line\nline");
        if (i == 4)
            assert_str(yaml_get(second, "text")->text, "Første linje\n  rykket ind\n\nsidste\n");
        test_cx_free(cx);
    }
}

/* ---- problems ---- */

static void problems_are_sorted_and_once(void **state)
{
    struct cx *cx = test_cx();
    struct problems ps = problems_make(cx->arena);
    struct buf b = buf_make(cx->arena);
    (void)state;
    problem_add(&ps, S("b.yaml"), 3, 1, "mend it", "wrong\nagain");
    problem_add(&ps, S("a.yaml"), 10, 2, "mend it", "ten");
    problem_add(&ps, S("a.yaml"), 9, 2, "mend it", "nine");
    problem_add(&ps, S("a.yaml"), 9, 2, "mend it", "nine");
    problem_add(&ps, S("c"), 0, 0, "", "whole file");
    problems_sort(&ps);
    problems_text(&ps, &b);
    assert_str(buf_str(&b), "a.yaml:9:2: nine; mend it\na.yaml:10:2: ten; mend it\nb.yaml:3:1: wrong again; mend it\n"
                            "c: whole file\n");
    assert_str(problem_nearest(S("guidence"), "name guidance unit!"), "guidance");
    assert_str(problem_nearest(S("unti"), "name guidance unit!"), "unit");
    assert_int_equal(problem_nearest(S("quite-other"), "name guidance unit!").n, 0);
    test_cx_free(cx);
}

/* ---- JSON ---- */

static void json_reads_strictly(void **state)
{
    static const char *const bad[] = {"{\"a\":1,\"a\":2}", "{\"a\":1} x", "{a:1}", "[1,]",        "\"\\u0000\"",
                                      "\"\xff\"",          "01",          "",      "{\"a\":NaN}", "nul"};
    struct cx *cx = test_cx();
    struct json *j;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_err(cx, json_parse(cx, str_of(bad[i]), &j), ERR_SYNTAX);
    struct buf deep = buf_make(cx->arena);
    for (int i = 0; i < JSON_DEPTH + 2; i++)
        buf_add_char(&deep, '[');
    for (int i = 0; i < JSON_DEPTH + 2; i++)
        buf_add_char(&deep, ']');
    assert_err(cx, json_parse(cx, buf_str(&deep), &j), ERR_SYNTAX);
    assert_ok(
        cx, json_parse(cx, S("{\"t\":\"æ\",\"n\":-9007199254740993,\"f\":1.5,\"b\":true,\"z\":null,\"l\":[1,2]}"), &j));
    assert_str(json_text(j, "t"), "æ");
    assert_int_equal(json_int(j, "n", 0), -9007199254740993);
    assert_true(json_flag(j, "b"));
    assert_int_equal(json_get(j, "z")->kind, JSON_NOTHING);
    assert_int_equal(json_get(j, "l")->n, 2);
    /* a number keeps the digits that a double cannot hold, whatever stands between */
    assert_ok(cx, json_parse(cx, S("{\"a-1.5\\\"2\":[-7,\"3.25\",true,0.12345678901234567890123],\"b\":-1.5E+3}"), &j));
    assert_str(json_get_str(j, S("a-1.5\"2"))->items[3]->text, "0.12345678901234567890123");
    assert_str(json_get(j, "b")->text, "-1.5E+3");
    assert_int_equal(json_int(j, "t", 7), 7);
    assert_null(json_get(NULL, "t"));
    test_cx_free(cx);
}

static void json_writes_what_it_reads(void **state)
{
    struct cx *cx = test_cx();
    struct buf b = buf_make(cx->arena), again = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    struct json *j;
    (void)state;
    json_begin_object(&o);
    json_key(&o, "a");
    json_begin_array(&o);
    json_i64(&o, 1);
    json_str(&o, S("x\"\\\n<b>\xe2\x80\xa8\xff"));
    json_bool(&o, false);
    json_out_null(&o);
    json_end(&o);
    json_key(&o, "e");
    json_begin_object(&o);
    json_end(&o);
    json_end(&o);
    assert_str(buf_str(&b), "{\"a\":[1,\"x\\\"\\\\\\n\\u003cb\\u003e\\u2028\\ufffd\",false,null],\"e\":{}}");
    assert_ok(cx, json_parse(cx, buf_str(&b), &j));
    o = json_out_make(&again);
    json_value(&o, j);
    assert_str(buf_str(&again), "{\"a\":[1,\"x\\\"\\\\\\n\\u003cb\\u003e\\u2028\xef\xbf\xbd\",false,null],\"e\":{}}");
    test_cx_free(cx);
}

/* ---- CSV ---- */

static void csv_for_a_spreadsheet(void **state)
{
    struct cx *cx = test_cx();
    struct buf b = buf_make(cx->arena);
    struct csv c = csv_make(&b);
    (void)state;
    csv_str(&c, S("Å"));
    csv_str(&c, S("a;\"b\""));
    csv_i64(&c, -5);
    csv_end_row(&c);
    csv_str(&c, S("=1+1"));
    csv_str(&c, S(""));
    csv_end_row(&c);
    assert_str(buf_str(&b), "\xef\xbb\xbfÅ;\"a;\"\"b\"\"\";-5\r\n\"'=1+1\";\r\n");
    test_cx_free(cx);
}

/* ---- Markdown ---- */

static void markdown_as_html(void **state)
{
    static const struct {
        const char *md, *html;
    } cases[] = {
        {"Hej **du**", "<p>Hej <strong>du</strong></p>\n"},
        {"# En\n\n### Tre", "<h2>En</h2>\n<h3>Tre</h3>\n"}, /* no level is left out: WCAG 1.3.1 */
        {"### Tre\n\n#### Fire\n\n# En", "<h2>Tre</h2>\n<h3>Fire</h3>\n<h2>En</h2>\n"},
        {"- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"},
        {"3. a\n\n4. b", "<ol start=\"3\">\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ol>\n"},
        {"a\\\nb\nc", "<p>a<br>\nb\nc</p>\n"},
        {"`x<y`", "<p><code>x&lt;y</code></p>\n"},
        {"[x](https://a.example/?b=1&c)", "<p><a href=\"https://a.example/?b=1&amp;c\">x</a></p>\n"},
        {"[x](/service) [y](#z) [m](mailto:a@b.example)",
         "<p><a href=\"/service\">x</a> <a href=\"#z\">y</a> <a href=\"mailto:a@b.example\">m</a></p>\n"},
        /* nothing that came in as markup comes out as markup */
        {"<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"},
        {"a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n"},
        {"[x](javascript:alert(1))", "<p><em>x</em></p>\n"},
        {"[x](JAVASCRIPT&colon;alert(1))", "<p><em>x</em></p>\n"},
        {"[x](//evil.example) [y](/\\evil.example)", "<p><em>x</em> <em>y</em></p>\n"},
        {"[x](data:text/html,a) ![alt](https://a.example/p.png)", "<p><em>x</em> <em>alt</em></p>\n"},
        {"<https://a.example/\"onx>",
         "<p><a href=\"https://a.example/&quot;onx\">https://a.example/&quot;onx</a></p>\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cx *cx = test_cx();
        assert_str(markdown_html(cx, str_of(cases[i].md)).s, cases[i].html);
        test_cx_free(cx);
    }
}

static struct str fill_value(void *ctx, struct str name)
{
    (void)ctx;
    if (str_eq_z(name, "name"))
        return S("**Anna** <b> [x](https://evil.example)");
    if (str_eq_z(name, "lines"))
        return S("en\nto");
    return (struct str){0};
}

static void note_placeholder(void *ctx, struct str name, int line)
{
    buf_fmt(ctx, "%.*s@%d ", STR_ARG(name), line);
}

static void placeholders_are_text(void **state)
{
    struct cx *cx = test_cx();
    struct md *tree;
    struct buf b = buf_make(cx->arena);
    (void)state;
    assert_ok(cx, markdown_parse(cx, S("Kære {{ name }},\nhej {{a_b_c}}\n\n{{lines}} {{unknown}}\n"), &tree));
    markdown_placeholders(tree, note_placeholder, &b);
    assert_str(buf_str(&b), "name@1 a_b_c@2 lines@4 unknown@4 ");
    markdown_fill(cx, tree, fill_value, NULL);
    assert_str(
        markdown_tree_html(cx, tree, 2).s,
        "<p>Kære **Anna** &lt;b&gt; [x](https://evil.example),\nhej {{a_b_c}}</p>\n<p>en<br>\nto {{unknown}}</p>\n");
    test_cx_free(cx);
}

static void blocks_take_the_place_of_a_paragraph(void **state)
{
    struct cx *cx = test_cx();
    struct md *tree, *own;
    (void)state;
    assert_ok(cx, markdown_parse(cx, S("a\n\n{{text}}\n\n> {{text}}\n\nb {{text}}\n"), &tree));
    assert_ok(cx, markdown_parse(cx, S("x\n\n- y\n"), &own));
    assert_int_equal(markdown_insert(cx, tree, S("text"), own->items, own->n), 2);
    assert_str(markdown_plain(cx, tree), "a\n\nx\n\ny\n\nx\n\ny\n\nb {{text}}");
    test_cx_free(cx);
}

static void markdown_has_limits(void **state)
{
    struct cx *cx = test_cx();
    struct md *tree;
    struct buf b = buf_make(cx->arena);
    (void)state;
    for (int i = 0; i < 1000; i++)
        buf_add(&b, S("> "));
    buf_add(&b, S("x"));
    assert_err(cx, markdown_parse(cx, buf_str(&b), &tree), ERR_SYNTAX);
    assert_err(cx, markdown_parse(cx, S("a\xff"), &tree), ERR_SYNTAX);
    assert_err(cx, markdown_parse(cx, str_make("", MARKDOWN_BYTES + 1), &tree), ERR_TOO_LARGE);
    assert_true(str_starts(markdown_html(cx, buf_str(&b)).s, S("<p>&gt; &gt; ")));
    test_cx_free(cx);
}

/* What must not stand for itself, wherever in a text it is. */
static void json_escapes_at_every_place(void **state)
{
    static const char *const special[][2] = {{"\"", "\\\""},      {"\\", "\\\\"},   {"\n", "\\n"},
                                             {"\x1f", "\\u001f"}, {"<", "\\u003c"}, {">", "\\u003e"},
                                             {"&", "\\u0026"},    {"æ", "æ"},       {"\x7f", "\x7f"}};
    struct cx *cx = test_cx();
    (void)state;
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        for (int before = 0; before < 40; before++) {
            struct buf b = buf_make(cx->arena);
            struct json_out o = json_out_make(&b);
            struct str text =
                str_fmt(cx->arena, "%.*s%s!~ #;=?[]'%.*s", before, "0123456789012345678901234567890123456789",
                        special[i][0], before, "abcdefghijklmnopqrstuvwxyzabcdefghijklmn");
            json_str(&o, text);
            assert_str(buf_str(&b), str_z(cx->arena, str_fmt(cx->arena, "\"%.*s%s!~ #;=?[]'%.*s\"", before,
                                                             "0123456789012345678901234567890123456789", special[i][1],
                                                             before, "abcdefghijklmnopqrstuvwxyzabcdefghijklmn")));
        }
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(yaml_is_strings),
        cmocka_unit_test(yaml_counts_columns_in_characters),
        cmocka_unit_test(yaml_failure_names_the_place),
        cmocka_unit_test(yaml_comes_back_the_same),
        cmocka_unit_test(problems_are_sorted_and_once),
        cmocka_unit_test(json_reads_strictly),
        cmocka_unit_test(json_writes_what_it_reads),
        cmocka_unit_test(json_escapes_at_every_place),
        cmocka_unit_test(csv_for_a_spreadsheet),
        cmocka_unit_test(markdown_as_html),
        cmocka_unit_test(placeholders_are_text),
        cmocka_unit_test(blocks_take_the_place_of_a_paragraph),
        cmocka_unit_test(markdown_has_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
