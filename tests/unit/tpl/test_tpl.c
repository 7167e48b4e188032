#include "support.h"
#include "example.h"
#include "tpl_tpl_example.h"

#define ATTACK "\"><script>alert('x')</script>&"

static struct str token(struct cx *cx)
{
    (void)cx;
    return S("\"token");
}

static struct str render(struct cx *cx, const struct example *v)
{
    struct tpl o = tpl_begin(cx);
    tpl_tpl_example(&o, v);
    return tpl_end(&o).s;
}

static void assert_has(struct str page, const char *part, const char *file, int line)
{
    if (str_find(page, str_of(part), 0) < page.n)
        return;
    print_error("not found: %s\nin: %.*s\n", part, STR_ARG(page));
    _fail(file, line);
}
#define assert_has(page, part) assert_has((page), (part), __FILE__, __LINE__)

static void escapes_in_every_place(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    struct example v = {.title = S(ATTACK),
                        .link = S("javascript:alert(1)"),
                        .part = S("../a b?c=d&e#f\""),
                        .z = "<b>",
                        .raw = {S("<i>ok</i>")},
                        .label = T_err_retry};
    vec_add(cx->arena, &v.rows, (struct example_row){S("<r>"), 7, true});
    cx->csrf = token;
    struct str page = render(cx, &v);
    assert_has(page,
               "<h1 title=\"&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;\">\"&gt;&lt;script&gt;");
    assert_has(page, "<p><i>ok</i> &lt;b&gt; Hej \"&gt;&lt;script&gt;");
    assert_has(page, "<a href=\"#\">A</a>");
    assert_has(page, "<img src=\"#\"");
    assert_has(page, "\"/x/..%2Fa%20b%3Fc%3Dd%26e%23f%22/y?q=..%2Fa%20b%3Fc%3Dd%26e%23f%22\"");
    assert_has(page, "<li class=\"open\">0 7 &lt;r&gt;</li>");
    assert_has(page, "name=\"csrf\" value=\"&quot;token\"");
    assert_has(page, "<textarea name=\"a\">\n\"&gt;&lt;script");
    test_cx_free(cx);
}

static struct str link_of(struct cx *cx, const char *link)
{
    struct str page = render(cx, &(struct example){.link = str_of(link), .part = S("x")});
    size_t from = str_find(page, S("<a href=\""), 0) + 9;
    return str_slice(page, from, str_find_char(page, '"', from));
}

static void links_only_where_a_link_may_go(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_str(link_of(cx, "/desk?a=1&b=2"), "/desk?a=1&amp;b=2");
    assert_str(link_of(cx, "https://example.dk/"), "https://example.dk/");
    assert_str(link_of(cx, "mailto:a@example.dk"), "mailto:a@example.dk");
    assert_str(link_of(cx, "#errors"), "#errors");
    const char *refused[] = {"javascript:alert(1)", "JaVaScript:x",    " javascript:x",   "java\nscript:x",
                             "data:text/html,x",    "//evil.example/", "/\\evil.example", "/\t/evil.example",
                             "vbscript:x",          "\x01javascript:x"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_str(link_of(cx, refused[i]), "#");
    test_cx_free(cx);
}

static void parts_cannot_climb_or_leave_the_site(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    struct str page = render(cx, &(struct example){.part = S("..")});
    assert_has(page, "href=\"/x//y?q=..\"");
    page = render(cx, &(struct example){.part = S("")});
    assert_has(page, "<a href=\"/-\">C</a>");
    page = render(cx, &(struct example){.part = S("/evil.example")});
    assert_has(page, "<a href=\"/%2Fevil.example\">C</a>");
    test_cx_free(cx);
}

static void chooses_branches_and_languages(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    struct example v = {.title = S("Bo"), .at_us = civil_to_day(2026, 11, 23) * DAY_US, .oere = 123450};
    struct str page = render(cx, &v);
    assert_has(page, "<time datetime=\"2026-11-23T00:00:00Z\">23. november 2026</time> 1.234,50\u00a0kr.");
    assert_has(page, "Hej Bo 0 sager");
    assert_has(page, "<ul>\n</ul>");
    cx->lang = LANG_EN;
    page = render(cx, &v);
    assert_has(page, "Hello Bo 0 cases");
    v.title = S("");
    vec_add(cx->arena, &v.rows, (struct example_row){S("a"), 1, false});
    vec_add(cx->arena, &v.rows, (struct example_row){S("b"), 2, true});
    page = render(cx, &v);
    assert_has(page, "<p>never</p>");
    v.z = "z";
    page = render(cx, &v);
    assert_has(page, "<p>none</p>");
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_in_every_place),
        cmocka_unit_test(links_only_where_a_link_may_go),
        cmocka_unit_test(parts_cannot_climb_or_leave_the_site),
        cmocka_unit_test(chooses_branches_and_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
