/* The translator of templates: what it makes and, above all, what it refuses and in which words. */
#include "support.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#define main tplgen_main
int main(int argc, char **argv);
#include "../../../tools/tplgen.c"
#undef main

static struct str c_text, errors;

static bool translate_text(struct cx *cx, const char *text)
{
    struct str h;
    return tplgen(cx->arena, "x", "x.html", str_of(text), &c_text, &h, &errors);
}

static void refused(struct cx *cx, const char *text, const char *why, const char *file, int line)
{
    if (translate_text(cx, text)) {
        print_error("not refused: %s\n", text);
        _fail(file, line);
    }
    if (str_find(errors, str_of(why), 0) >= errors.n) {
        print_error("for %s\ngot  %.*s\nwant %s\n", text, STR_ARG(errors), why);
        _fail(file, line);
    }
}
#define assert_refused(text, why) refused(cx, (text), (why), __FILE__, __LINE__)

static void made(struct cx *cx, const char *text, const char *part, const char *file, int line)
{
    if (!translate_text(cx, text)) {
        print_error("refused: %s\n%.*s\n", text, STR_ARG(errors));
        _fail(file, line);
    }
    if (str_find(c_text, str_of(part), 0) >= c_text.n) {
        print_error("for %s\ngot  %.*s\nwant %s\n", text, STR_ARG(c_text), part);
        _fail(file, line);
    }
}
#define assert_made(text, part) made(cx, (text), (part), __FILE__, __LINE__)

#define V "{{view struct x v}}"

static void chooses_the_escape_by_place(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_made(V "<p>{{v.a}}</p>", "TPL_TEXT(o, (v->a));");
    assert_made(V "<p title=\"{{v.a}}\"></p>", "TPL_PUT(attr, o, (v->a));");
    assert_made(V "<a href='{{v.a}}'></a>", "TPL_PUT(url, o, (v->a));");
    assert_made(V "<a href=\"/{{v.a}}\"></a>", "TPL_PUT(first, o, (v->a));");
    assert_made(V "<a href=\"/x/{{v.a}}\"></a>", "TPL_PUT(path, o, (v->a));");
    assert_made(V "<a href=\"/x?a={{v.a}}\"></a>", "TPL_PUT(query, o, (v->a));");
    assert_made(V "<a href=\"#{{v.a}}\"></a>", "TPL_PUT(query, o, (v->a));");
    assert_made(V "<form action=\"{{v.a}}\"></form>", "TPL_PUT(local, o, (v->a));");
    assert_made(V "<img src=\"{{v.a}}\" alt=\"\">", "TPL_PUT(local, o, (v->a));");
    assert_made(V "<use href=\"{{v.a}}{{v.b}}\"></use>", "TPL_PUT(path, o, (v->b));");
    assert_made(V "<p class=\"a{{if v.x}} b{{end}}\">{{v.a}}</p>", "TPL_TEXT(o, (v->a));");
    assert_made(V "<a href=\"{{if v.x}}/y{{else}}/z?q=1{{end}}{{v.a}}\"></a>", "TPL_PUT(query, o, (v->a));");
    test_cx_free(cx);
}

static void refuses_what_cannot_be_escaped(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_refused(V "<p title={{v.a}}></p>", "x.html:1: attribute title is not quoted");
    assert_refused(V "<p {{v.a}}></p>", "outside quotes");
    assert_refused("<p>\n<p onclick=\"x()\"></p>", "x.html:2: attribute onclick: scripts stand in web/js");
    assert_refused("<p ONLOAD='x'></p>", "attribute onload");
    assert_refused("<p style=\"color:red\"></p>", "attribute style is not allowed; use a class");
    assert_refused("<script>alert(1)</script>", "an inline <script>");
    assert_refused("<script src=\"/x.js\">alert(1)</script>", "an inline <script>");
    assert_refused("<STYLE>p{}</STYLE>", "<style> is not allowed");
    assert_refused("<iframe src=\"/x\"></iframe>", "<iframe> is not allowed");
    assert_refused("<a href=\"javascript:x()\"></a>", "may not begin with javascript:");
    assert_refused("<!-- x -->", "write {{# … }}");
    assert_refused("<p>a < b</p>", "a bare < in the text; write &lt;");
    assert_made("<script src=\"/x.js\" defer></script>", "script src");
    test_cx_free(cx);
}

static void a_post_carries_its_token(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_refused("<form method=\"post\"></form>", "no {{csrf}}");
    assert_refused("<form METHOD='POST' action=\"/x\"><p></p></form>", "no {{csrf}}");
    assert_refused("<form method=\"get\">{{csrf}}</form>", "would give the token away");
    assert_refused(V "<form method=\"post\">{{if v.a}}{{csrf}}{{end}}</form>", "may be passed over");
    assert_refused("<form method=\"post\">{{csrf}}", "ends inside a form");
    assert_refused("<form method=\"post\">{{csrf}}<form></form>", "a form inside a form");
    assert_made("<form method=\"post\">{{csrf}}</form>", "tpl_csrf(o);");
    assert_refused("<form method=\"post\">{{csrf}}</form><form method=\"post\"></form>", "no {{csrf}}");
    test_cx_free(cx);
}

static void branches_must_meet(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_refused(V "{{if v.a}}<p title=\"{{else}}<p>{{end}}", "end in different places");
    assert_refused(V "<p title=\"{{if v.a}}\">{{end}}", "may be passed over");
    assert_refused(V "{{each v.rows r}}<p {{end}}", "may be passed over");
    assert_refused(V "{{if v.a}}", "the {{if}} of line 1 has no {{end}}");
    assert_refused("{{end}}", "without an open {{if}} or {{each}}");
    assert_refused("{{else}}", "{{else}} without an open {{if}}");
    assert_refused(V "{{each v.rows v}}{{end}}", "the name v is taken");
    assert_refused(V "{{each v.rows}}{{end}}", "names a list and what to call its items");
    assert_refused("{{v.a", "not closed by }}");
    assert_refused("<p title=\"x", "ends inside <p>");
    test_cx_free(cx);
}

static void words_belong_in_the_po_files(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_refused("<p>Hej</p>", "the words \"Hej\" stand in the template");
    assert_refused("<p aria-label=\"Hej\"></p>", "the words \"Hej\"");
    assert_refused("<p>Å</p><p>øl</p>", "the words \"øl\"");
    assert_made("<p>&nbsp;·</p>", "&nbsp;");
    assert_made("<p>{{\"PDF\"}}</p>", "TPL_TEXT(o, (\"PDF\"));");
    test_cx_free(cx);
}

static void rewrites_bound_names_only(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_made(V "{{each v.rows r}}{{r.v.x}}{{r_index}}{{f(v.a, r.b, \"v.c\")}}{{end}}", "(r->v.x)");
    assert_made(V "{{each v.rows r}}{{f(v.a, r.b, \"v.c\")}}{{end}}", "(f(v->a, r->b, \"v.c\"))");
    assert_made(V "{{other.a}}", "(other.a)");
    assert_made(V "{{if v.a && (!v.b || v.c == 'v')}}{{end}}",
                "if ((TPL_TRUE(v->a) && (!TPL_TRUE(v->b) || TPL_TRUE(v->c == 'v')))) {");
    assert_made(V "{{include other v.a}}{{include other v}}", "tpl_other(o, &(v->a));");
    assert_made(V "{{include other v.a}}{{include other v}}", "tpl_other(o, (v));");
    assert_made(V "\n\n{{v.a}}", "#line 3 \"x.html\"");
    assert_made(V "{{t k n=v.n at=date(v.at) l=t(v.label)}}",
                "i18n_fmt(o->cx, T_k, ARG(\"n\", (v->n)), ARG(\"at\", (i18n_date(o->cx, (v->at)))), ARG(\"l\", "
                "(i18n_text(o->cx->lang, (v->label)))))");
    assert_refused(V "{{t k v.n}}", "is not name=value");
    assert_refused(V "{{t}}", "names a text");
    test_cx_free(cx);
}

static void never_crashes_on_pieces(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    static const char whole[] =
        V "{{use \"x.h\"}}<!doctype html><form method=\"post\" action=\"/a/{{v.a}}?b={{v.b}}#c\">{{csrf}}"
          "<p{{if v.a && !(v.b)}} title='{{t k n=v.n}}'{{end}}>{{each v.rows r}}{{date r.at}}{{end}}</p>"
          "<textarea name=\"x\">{{v.t}}</textarea>{{icon x}}<use href=\"{{asset a.svg}}#b\"></use></form>";
    for (size_t from = 0; from < sizeof whole - 1; from++)
        for (size_t to = from; to < sizeof whole - 1; to += 7) {
            struct arena_mark mark = arena_mark(cx->arena);
            struct str h;
            tplgen(cx->arena, "x", "x.html", str_make(whole + from, to - from), &c_text, &h, &errors);
            arena_reset(cx->arena, mark);
        }
    assert_made(whole, "tpl_csrf");
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chooses_the_escape_by_place),  cmocka_unit_test(refuses_what_cannot_be_escaped),
        cmocka_unit_test(a_post_carries_its_token),     cmocka_unit_test(branches_must_meet),
        cmocka_unit_test(words_belong_in_the_po_files), cmocka_unit_test(rewrites_bound_names_only),
        cmocka_unit_test(never_crashes_on_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
