/* The script reader, what conditions become, and forms that are too much. */
#include "support.h"

#include "form/form_tree.h"
#include "import/import.h"
#include "import/import_js.h"

static int setup(void **state)
{
    *state = test_cx();
    return 0;
}

static int teardown(void **state)
{
    test_cx_free(*state);
    return 0;
}

static struct str shown(struct cx *cx, const char *script)
{
    struct js_script s;
    enum err e = js_read(cx, str_of(script), S("show"), &s);
    return e ? str_fmt(cx->arena, "%s %" PRI_STR, err_name(e), STR_ARG(cx->fail.detail))
             : js_text(cx->arena, s.value, 400);
}

#define assert_shown(script, want) \
    do { \
        struct str got_ = shown(cx, script); \
        assert_string_equal(str_z(cx->arena, got_), want); \
    } while (0)

static void reads_expressions(void **state)
{
    struct cx *cx = *state;
    assert_shown("show = data.a === \"ja\" || !data.b;", "data.a === \"ja\" || !data.b");
    assert_shown("show = 1 + 2 * 3 > 4 && x['y'].z", "1 + 2 * 3 > 4 && x.y.z");
    assert_shown("var hide = data.a == 'x'; show = !hide;", "!data.a == \"x\"");
    assert_shown("if (data.a) { show = data.b } else { show = false }", "data.a ? data.b : false");
    assert_shown("show = _.some(data.r, function (row) { return row.a; })", "_.some(data.r, (…) => row.a)");
    assert_shown("/* not */ show = /^[0-9]+$/i.test(input) // so", "/^[0-9]+$/i.test(input)");
    assert_shown("show = 'Bl\\u00e5' === data.c", "\"Blå\" === data.c");
    assert_shown("", "true");
}

static void refuses_with_the_place(void **state)
{
    struct cx *cx = *state;
    assert_shown("show = (data.a", "SYNTAX at 15: `)` was expected");
    assert_shown("show = 'never ends", "SYNTAX at 8: a text in quotes that does not end");
    assert_shown("while (true) {}", "SYNTAX at 1: a loop, a switch or a try is not of the part that is read");
    assert_shown("show = `a${b}`", "SYNTAX at 8: a text with ${…} in it");
    struct buf deep = buf_make(cx->arena);
    for (int i = 0; i < 5000; i++)
        buf_add_char(&deep, i % 2 ? '(' : '!');
    assert_true(str_starts(shown(cx, str_z(cx->arena, buf_str(&deep))), S("SYNTAX at ")));
}

/* What leaves the script in the middle, and what is changed out of sight, is read right or refused. */
static void follows_returns(void **state)
{
    struct cx *cx = *state;
    assert_shown("if (data.a) return false;", "data.a ? false : true");
    assert_shown("if (data.a) { return 1 } show = data.b", "data.a ? 1 : data.b");
    assert_shown("if (data.a) { return 1 } else { show = 2 }", "data.a ? 1 : 2");
    assert_shown("if (data.a) { if (data.b) { return 1 } else { return 2 } } return 3", "data.a ? data.b ? 1 : 2 : 3");
    assert_shown("if (data.a) return 1; else if (data.b) return 2; return 3", "data.a ? 1 : data.b ? 2 : 3");
    assert_shown("if (data.a) show = 1; else if (data.b) return 2;", "data.a ? 1 : data.b ? 2 : true");
    assert_shown("if (data.a) show = 1; else if (data.b) return 2; show = 3",
                 "SYNTAX at 50: a `return` on some of the ways through an inner block, and more after it");
    assert_shown("if (data.a) if (data.b) return 1; return 2",
                 "SYNTAX at 35: a `return` on some of the ways through an inner block, and more after it");
    assert_shown("function f(x) { if (x) { return 1 } } show = f(data.a)", "f(data.a)");
    assert_shown("if (data.a) { if (data.b) { return 1 } } return 2",
                 "SYNTAX at 42: a `return` on some of the ways through an inner block, and more after it");
    assert_shown("if (data.a) { if (data.b) { return 1 } show = false }",
                 "SYNTAX at 54: a `return` on some of the ways through an inner block");
    assert_shown("show = false; data.r.forEach(row => { if (row.a) { show = true } })",
                 "SYNTAX at 52: a function that changes a variable outside it");
    assert_shown("var l = []; l.push(data.a); show = l.includes(1)",
                 "SYNTAX at 13: a call for what it changes is not of the part that is read");
    assert_shown("console.log(data); show = _.some(data.r, r => { var x = r.a; x = !x; return x })",
                 "_.some(data.r, (…) => !r.a)");
}

static struct str file_of(const struct import_result *r, const char *path)
{
    for (size_t i = 0; i < r->files.n; i++)
        if (str_eq_z(r->files.p[i].path, path))
            return r->files.p[i].text;
    return (struct str){0};
}

static enum err formio(struct cx *cx, struct str text, struct import_result *ret)
{
    struct import_source s = {.name = S("x.json"), .text = text, .written_in = LANG_NB, .key = S("x")};
    return import_formio(cx, &s, ret);
}

#define assert_holds(text, part) assert_true(str_find(text, S(part), 0) < (text).n)

/* What came out is a form.yaml without a fault. */
static void assert_loads(struct cx *cx, const struct import_result *r)
{
    struct service_version v = {.id = 1, .key = S("x"), .apply = SERVICE_PERSON, .languages = (1U << LANG_COUNT) - 1};
    struct problems ps = problems_make(cx->arena);
    struct buf told = buf_make(cx->arena);
    const struct form *form;
    vec_add(cx->arena, &v.purposes, (struct service_purpose){.key = S("decide")});
    struct yaml *tree = yaml_read(cx, &ps, S("form.yaml"), file_of(r, "form.yaml"));
    if (tree)
        form_load(cx, cx->arena, &v, tree, &ps, &form);
    problems_text(&ps, &told);
    assert_string_equal(str_z(cx->arena, buf_str(&told)), "");
}

/* A form of these components on one page. */
static struct str page(struct cx *cx, const char *components)
{
    return str_fmt(
        cx->arena,
        "{\"title\":\"T\",\"components\":[{\"type\":\"panel\",\"key\":\"p\",\"title\":\"P\",\"components\":[%s]}]}",
        components);
}

#define RADIO \
    "{\"type\":\"radiopanel\",\"key\":\"valg\",\"label\":\"V\",\"values\":[{\"value\":\"Ja\",\"label\":\"Ja\"},{" \
    "\"value\":\"nei\",\"label\":\"Nei\"}]}"

static void translates_conditions(void **state)
{
    struct cx *cx = *state;
    struct import_result r;
    assert_int_equal(
        formio(cx,
               page(cx,
                    RADIO ",{\"type\":\"number\",\"key\":\"n\",\"label\":\"N\"},{\"type\":\"textfield\",\"key\":\"t\","
                          "\"label\":\"T\",\"customConditional\":\"show = !(data.valg === 'Ja') && data.n >= 2\"}"),
               &r),
        ERR_OK);
    struct yaml *form;
    assert_int_equal(yaml_parse(cx, S("form.yaml"), file_of(&r, "form.yaml"), &form), ERR_OK);
    const struct yaml *fields = yaml_get(yaml_get(form, "pages")->items[0], "fields");
    const struct yaml *all = yaml_get(yaml_get(fields->items[2], "when"), "all");
    assert_int_equal(all->n, 2);
    const struct yaml *eq = yaml_get(yaml_get(all->items[0], "not"), "eq"), *ge = yaml_get(all->items[1], "ge");
    assert_str(eq->items[0]->text, "valg");
    assert_str(eq->items[1]->text, "ja");
    assert_str(ge->items[0]->text, "n");
    assert_str(ge->items[1]->text, "2");
    assert_int_equal(r.conditions_kept, 1);
}

/* What is written for the lengths of a text of Form.io, "min max"; "-" for nothing. */
static struct str lengths(struct cx *cx, const char *validate, struct import_result *r)
{
    struct yaml *form;
    struct str text =
        str_fmt(cx->arena, "{\"type\":\"textfield\",\"key\":\"t\",\"label\":\"T\",\"validate\":{%s}}", validate);
    assert_int_equal(formio(cx, page(cx, str_z(cx->arena, text)), r), ERR_OK);
    assert_int_equal(yaml_parse(cx, S("form.yaml"), file_of(r, "form.yaml"), &form), ERR_OK);
    const struct yaml *field = yaml_get(yaml_get(form, "pages")->items[0], "fields")->items[0];
    const struct yaml *min = yaml_get(field, "min_length"), *max = yaml_get(field, "max_length");
    return str_fmt(cx->arena, "%" PRI_STR " %" PRI_STR, STR_ARG(min ? min->text : S("-")),
                   STR_ARG(max ? max->text : S("-")));
}

/* Else the usual greatest length (200) would let no answer be right, or be shorter than what was allowed. */
static void a_text_may_be_as_long_as_it_might(void **state)
{
    struct cx *cx = *state;
    struct import_result r;
    assert_str(lengths(cx, "\"minLength\":3", &r), "3 -");
    assert_str(lengths(cx, "\"minLength\":3,\"maxLength\":50", &r), "3 50");
    assert_str(lengths(cx, "\"minLength\":300", &r), "300 20000");
    assert_str(lengths(cx, "\"maxLength\":50000", &r), "- 20000");
    assert_holds(file_of(&r, "import-report.md"), "a text has at most 20000 characters here");
    assert_str(lengths(cx, "\"minLength\":9,\"maxLength\":5", &r), "- -");
    assert_holds(file_of(&r, "import-report.md"), "9 to 5");
}

/* Is this the condition of the last question that is shown after `d` (a date) and `valg`, translated? */
static bool is_translated(struct cx *cx, const char *script)
{
    struct import_result r;
    struct str form = str_fmt(cx->arena,
                              RADIO ",{\"type\":\"navDatepicker\",\"key\":\"d\",\"label\":\"D\"},{\"type\":"
                                    "\"textfield\",\"key\":\"t\",\"label\":\"T\",\"customConditional\":\"%s\"}",
                              script);
    assert_int_equal(formio(cx, page(cx, str_z(cx->arena, form)), &r), ERR_OK);
    assert_int_equal(r.conditions, 1);
    if (!r.conditions_kept)
        assert_true(str_find(file_of(&r, "import-report.md"), str_of(script), 0) < file_of(&r, "import-report.md").n);
    return r.conditions_kept;
}

/* What the conditions of Form.io 5 come to, as the condition of a text after `valg`, `n` and `b`; "": always shown. */
static struct str listed(struct cx *cx, const char *conditions, struct str *ret_report)
{
    struct import_result r;
    struct str form =
        str_fmt(cx->arena,
                RADIO ",{\"type\":\"number\",\"key\":\"n\",\"label\":\"N\"},{\"type\":\"selectboxes\",\"key\":\"b\","
                      "\"label\":\"B\",\"values\":[{\"value\":\"x\",\"label\":\"X\"}]},{\"type\":\"textfield\",\"key\":"
                      "\"t\",\"label\":\"T\",\"conditional\":{\"show\":true,\"conditions\":[%s]}}",
                conditions);
    assert_int_equal(formio(cx, page(cx, str_z(cx->arena, form)), &r), ERR_OK);
    *ret_report = file_of(&r, "import-report.md");
    struct yaml *tree;
    assert_int_equal(yaml_parse(cx, S("form.yaml"), file_of(&r, "form.yaml"), &tree), ERR_OK);
    const struct yaml *fields = yaml_get(yaml_get(tree, "pages")->items[0], "fields");
    struct buf b = buf_make(cx->arena);
    if (fields->n < 4)
        return S("left out");
    if (yaml_get(fields->items[3], "when"))
        yaml_write(yaml_get(fields->items[3], "when"), &b);
    return buf_str(&b);
}

static void listed_conditions_mean_what_they_say(void **state)
{
    struct cx *cx = *state;
    struct str report;
#define ONE(component, op, value) \
    listed(cx, "{\"component\":\"" component "\",\"operator\":\"" op "\",\"value\":\"" value "\"}", &report)
    assert_holds(ONE("valg", "isEqual", "Ja"), "eq:");
    assert_holds(ONE("valg", "isNotEqual", "Ja"), "not:");
    assert_holds(ONE("valg", "isEqual", ""), "empty: valg");
    assert_holds(ONE("b.x", "isEqual", "true"), "in:");
    assert_holds(ONE("n", "lessThanOrEqual", "3"), "le:");
    /* what is not asked is never answered: so it is not anything */
    assert_str(ONE("gone", "isNotEqual", "x"), "");
    assert_holds(report, "looks at `gone`, which the form does not ask");
    assert_str(ONE("gone", "isEmpty", ""), "");
    assert_str(ONE("gone", "isNotEmpty", ""), "left out");
    assert_str(ONE("gone", "isEqual", "x"), "left out");
    /* not translated: the original stands in the report */
    assert_str(ONE("valg", "lessThan", "3"), "");
    assert_holds(report, "the comparison `lessThan`");
    assert_holds(report, "\"operator\":\"lessThan\"");
#undef ONE
}

static void dates_are_compared_by_days_only(void **state)
{
    struct cx *cx = *state;
    assert_true(is_translated(cx, "show = moment(data.d).isBefore(moment(), 'day')"));
    assert_true(is_translated(cx, "show = moment(data.d).startOf('day').isSame(moment())"));
    assert_false(is_translated(cx, "show = moment(data.d).isSame(moment(), 'month')"));
    assert_false(is_translated(cx, "show = moment(data.d).endOf('year').isAfter(moment())"));
}

static void a_later_question_moves_up_or_is_told(void **state)
{
    struct cx *cx = *state;
    struct import_result r;
    assert_int_equal(formio(cx,
                            page(cx, "{\"type\":\"textfield\",\"key\":\"t\",\"label\":\"T\",\"conditional\":{\"show\":"
                                     "true,\"when\":\"valg\",\"eq\":\"nei\"}}," RADIO),
                            &r),
                     ERR_OK);
    struct str form = file_of(&r, "form.yaml");
    assert_true(str_find(form, S("id: valg"), 0) < str_find(form, S("id: t\n"), 0));
    assert_holds(file_of(&r, "import-report.md"), "moved up before `p.t`");
    /* a circle: each waits for the other */
    assert_int_equal(formio(cx,
                            page(cx, "{\"type\":\"textfield\",\"key\":\"a\",\"label\":\"A\",\"conditional\":{\"show\":"
                                     "true,\"when\":\"b\",\"eq\":\"x\"}},{\"type\":\"textfield\",\"key\":\"b\","
                                     "\"label\":\"B\",\"conditional\":{\"show\":true,\"when\":\"a\",\"eq\":\"x\"}}"),
                            &r),
                     ERR_OK);
    assert_holds(file_of(&r, "import-report.md"), "looks at a question that comes later");
    assert_int_equal(r.conditions_kept, 1);
    /* a date that is to be after itself */
    assert_int_equal(formio(cx,
                            page(cx, "{\"type\":\"navDatepicker\",\"key\":\"d\",\"label\":\"D\","
                                     "\"beforeDateInputKey\":\"d\"}"),
                            &r),
                     ERR_OK);
    assert_holds(file_of(&r, "import-report.md"), "after the date `d`, which is not asked before it");
}

/* A question that decides about one before it moves up, but not before what its own limits and checks look at. */
static void what_moves_up_stays_behind_what_it_looks_at(void **state)
{
    struct cx *cx = *state;
    struct import_result r;
#define X "{\"type\":\"textfield\",\"key\":\"x\",\"label\":\"X\",\"customConditional\":\"show = !!data.b\"}"
#define DATE(key, more) "{\"type\":\"navDatepicker\",\"key\":\"" key "\",\"label\":\"D\"" more "}"
#define NUMBER(key, more) "{\"type\":\"number\",\"key\":\"" key "\",\"label\":\"N\"" more "}"
    static const struct {
        const char *a, *b;
    } looking[] = {{DATE("a", ""), DATE("b", ",\"beforeDateInputKey\":\"a\"")},
                   {DATE("a", ""), DATE("b", ",\"beforeDateInputKey\":\"a\",\"mayBeEqual\":true")},
                   {NUMBER("a", ""), NUMBER("b", ",\"calculateValue\":\"value = data.a * 2\"")},
                   {NUMBER("a", ""), NUMBER("b", ",\"validate\":{\"custom\":\"valid = input > data.a\"}")}};
    for (size_t i = 0; i < sizeof looking / sizeof *looking; i++)
        for (int between = 0; between < 2; between++) {
            const char *a = looking[i].a, *b = looking[i].b;
            char all[1000];
            snprintf(all, sizeof all, "%s,%s,%s", between ? a : X, between ? X : a, b);
            assert_int_equal(formio(cx, page(cx, all), &r), ERR_OK);
            assert_loads(cx, &r);
            assert_int_equal(r.conditions_kept, between);
        }
#undef X
#undef DATE
#undef NUMBER
}

static void nothing_is_dropped_silently(void **state)
{
    struct cx *cx = *state;
    struct import_result r;
    assert_int_equal(
        formio(cx,
               page(cx, RADIO ",{\"type\":\"robot\",\"key\":\"x\",\"input\":true,\"label\":\"Robot\"},{\"type\":"
                              "\"textfield\",\"key\":\"t\",\"label\":\"T\",\"customConditional\":\"show = "
                              "magic(data.valg)\",\"validate\":{\"custom\":\"valid = input > magic2()\"}}"),
               &r),
        ERR_OK);
    struct str report = file_of(&r, "import-report.md");
    assert_holds(report, "this kind of question is not known");
    assert_holds(report, "show = magic(data.valg)");
    assert_holds(report, "valid = input > magic2()");
    assert_int_equal(r.decide, 3);
    assert_int_equal(r.conditions_kept, 0);
    assert_int_equal(r.validations_kept, 0);
}

/* What is too much for a hint, with a link in it, is a text of its own, shown when its question is. */
static void a_long_hint_becomes_a_text_before(void **state)
{
    struct cx *cx = *state;
    struct import_result r;
    assert_int_equal(
        formio(cx,
               page(cx, RADIO
                    ",{\"type\":\"textfield\",\"key\":\"t\",\"label\":\"T\",\"description\":\"Se <a "
                    "href=\\\"https://a.example/x\\\">her (åpnes i ny fane)</a>.\",\"additionalDescriptionLabel\":"
                    "\"Mer\",\"additionalDescriptionText\":\"<p>Les <a href=\\\"https://a.example\\\">dette (åpnes i "
                    "ny fane)</a>.</p>\",\"conditional\":{\"show\":true,\"when\":\"valg\",\"eq\":\"Ja\"}}"),
               &r),
        ERR_OK);
    struct str form = file_of(&r, "form.yaml");
    size_t text = str_find(form, S("id: t_info"), 0), question = str_find(form, S("id: t\n"), 0);
    assert_true(text < question && question < form.n);
    assert_holds(str_slice(form, text, question), "Les [dette](https://a.example).");
    assert_holds(str_slice(form, text, question), "**Mer**");
    assert_holds(str_slice(form, text, question), "when:");
    assert_holds(str_slice(form, text, question), "Se [her](https://a.example/x).");
    assert_false(str_find(str_slice(form, question, form.n), S("hint:"), 0) < form.n - question);
    assert_false(str_find(form, S("ny fane"), 0) < form.n);
    assert_holds(file_of(&r, "import-report.md"), "links open in the same window here");
    assert_int_equal(r.conditions, 1);
}

static struct str many(struct cx *cx, int n)
{
    struct buf b = buf_make(cx->arena);
    for (int i = 0; i < n; i++)
        buf_fmt(&b, "%s{\"type\":\"textfield\",\"key\":\"t%d\",\"label\":\"Spørsmål %d\"}", i ? "," : "", i, i);
    return page(cx, str_z(cx->arena, buf_str(&b)));
}

static void ten_thousand_questions_are_taken(void **state)
{
    struct cx large = *(struct cx *)*state;
    large.arena = arena_new((size_t)1 << 30);
    struct import_result r;
    struct yaml *tree;
    assert_int_equal(formio(&large, many(&large, 10000), &r), ERR_OK);
    assert_int_equal(r.questions, 10000);
    assert_int_equal(yaml_parse(&large, S("form.yaml"), file_of(&r, "form.yaml"), &tree), ERR_OK);
    assert_int_equal(formio(&large, many(&large, 25000), &r), ERR_TOO_LARGE);
    assert_holds(large.fail.detail, "more than 20000 components");
    arena_free(large.arena);
}

static void what_cannot_be_read_says_why(void **state)
{
    struct cx *cx = *state;
    struct import_result r;
    struct buf deep = buf_make(cx->arena);
    for (int i = 0; i < 500; i++)
        buf_fmt(&deep, "{\"type\":\"panel\",\"key\":\"p%d\",\"title\":\"P\",\"components\":[", i);
    assert_int_equal(formio(cx, buf_str(&deep), &r), ERR_SYNTAX);
    assert_int_equal(formio(cx, S("[]"), &r), ERR_SYNTAX);
    assert_holds(cx->fail.detail, "no list `components`");
}

static void webform_states_become_conditions(void **state)
{
    struct cx *cx = *state;
    struct import_result r;
    struct import_source s = {.name = S("x.yml"), .key = S("x"), .written_in = LANG_DA};
    s.text =
        S("title: T\nlangcode: da\nelements: |\n  a:\n    '#type': checkbox\n    '#title': A\n  b:\n    '#type': "
          "textfield\n"
          "    '#title': B\n    '#states':\n      visible:\n        ':input[name=\"a\"]':\n          checked: true\n"
          "      required:\n        ':input[name=\"gone\"]':\n          filled: true\n");
    assert_int_equal(import_webform(cx, &s, &r), ERR_OK);
    assert_holds(file_of(&r, "form.yaml"), "when:\n          eq:\n            - a\n            - true");
    assert_holds(file_of(&r, "import-report.md"), "the state `required` was not translated");
    assert_holds(file_of(&r, "import-report.md"), "in the language of the original (da)");
    s.written_in = LANG_NN;
    s.language_given = true;
    assert_int_equal(import_webform(cx, &s, &r), ERR_OK);
    assert_holds(file_of(&r, "import-report.md"), "in the language of the original (nn)");
    s.text = S("title: T\nelements: |\n  a:\n    '#type': number\n    '#title': A\n    '#min': '1 2'\n    '#states':\n"
               "      readonly:\n        ':input[name=\"a\"]':\n          filled: true\n");
    struct import_result told;
    assert_int_equal(import_webform(cx, &s, &told), ERR_OK);
    assert_holds(file_of(&told, "import-report.md"), "the state `readonly` was not translated; there is no such state");
    assert_holds(file_of(&told, "import-report.md"), "`min` is no plain number; write the limit");
    assert_int_equal(r.conditions, 2);
    assert_int_equal(r.conditions_kept, 1);
    s.text = S("title: T\n");
    assert_int_equal(import_webform(cx, &s, &r), ERR_SYNTAX);
}

static struct str webform_of(struct cx *cx, struct str elements)
{
    struct buf b = buf_make(cx->arena);
    struct str rest = elements, line;
    buf_add(&b, S("title: T\nlangcode: da\nelements: |\n"));
    while (str_cut(&rest, '\n', &line))
        buf_fmt(&b, "  %" PRI_STR "\n", STR_ARG(line));
    return buf_str(&b);
}

/* Very many elements, each looking at the one before; a circle; and a tree that is too deep. */
static void a_large_webform_is_taken_or_refused_with_words(void **state)
{
    struct cx large = *(struct cx *)*state;
    large.arena = arena_new((size_t)1 << 30);
    struct import_result r;
    struct import_source s = {.name = S("x.yml"), .key = S("x"), .written_in = LANG_DA};
    struct buf b = buf_make(large.arena);
    for (int i = 0; i < 10000; i++) {
        if (i % 500 == 0)
            buf_fmt(&b, "p%d:\n  '#type': webform_wizard_page\n  '#title': Side\n", i);
        buf_fmt(&b,
                "  t%d:\n    '#type': textfield\n    '#title': Spørgsmål %d\n    '#states':\n      visible:\n"
                "        ':input[name=\"t%d\"]':\n          filled: true\n",
                i, i, i ? i - 1 : 1);
    }
    s.text = webform_of(&large, buf_str(&b));
    assert_int_equal(import_webform(&large, &s, &r), ERR_OK);
    assert_int_equal(r.questions, 10000);
    assert_int_equal(r.conditions_kept, 9999); /* the first two wait for each other */
    assert_holds(file_of(&r, "import-report.md"), "looks at a question that comes later");
    b = buf_make(large.arena);
    for (int i = 0; i < 200; i++)
        buf_fmt(&b, "%*sg%d:\n%*s'#type': fieldset\n", i * 2, "", i, i * 2 + 2, "");
    s.text = webform_of(&large, buf_str(&b));
    assert_int_equal(import_webform(&large, &s, &r), ERR_SYNTAX);
    assert_holds(large.fail.detail, "nested deeper than");
    arena_free(large.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_expressions, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_with_the_place, setup, teardown),
        cmocka_unit_test_setup_teardown(follows_returns, setup, teardown),
        cmocka_unit_test_setup_teardown(translates_conditions, setup, teardown),
        cmocka_unit_test_setup_teardown(a_text_may_be_as_long_as_it_might, setup, teardown),
        cmocka_unit_test_setup_teardown(listed_conditions_mean_what_they_say, setup, teardown),
        cmocka_unit_test_setup_teardown(dates_are_compared_by_days_only, setup, teardown),
        cmocka_unit_test_setup_teardown(a_later_question_moves_up_or_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(what_moves_up_stays_behind_what_it_looks_at, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_is_dropped_silently, setup, teardown),
        cmocka_unit_test_setup_teardown(a_long_hint_becomes_a_text_before, setup, teardown),
        cmocka_unit_test_setup_teardown(ten_thousand_questions_are_taken, setup, teardown),
        cmocka_unit_test_setup_teardown(a_large_webform_is_taken_or_refused_with_words, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_says_why, setup, teardown),
        cmocka_unit_test_setup_teardown(webform_states_become_conditions, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
