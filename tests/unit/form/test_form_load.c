/* What is wrong in a form.yaml is said with file, line, column, what was expected and the remedy. */
#include "form_test.h"

#define TEXT(id) F(id, "text", "")
#define RADIO(id) F(id, "radio", ", options: [{option: x, label: " W("X") "}, {option: y, label: " W("Y") "}]")
#define COND(c) "conditions:\n  c: " c "\n"

static const struct fault {
    const char *yaml;
    int line, col;
    const char *what, *remedy;
} faults[] = {
    {"minutes: 5\n", 1, 1, "lacks the key 'pages'", "pages"},
    {"minuts: 5\n" TOP TEXT("a"), 1, 1, "no key 'minuts'", "minutes"},
    {"pages: []\n", 1, 1, "", ""},
    {"pages: one\n", 1, 8, "", ""},
    {"pages:\n  - title: " W("One") "\n    fields:\n      - {id: a, type: yesno, label: " W("A") ", why: know}\n", 2, 5,
     "a page lacks the key 'id'", "add a line `id"},
    {TOP TEXT("a") "  - id: one\n    title: " W("Two") "\n    why: know\n    fields:\n" TEXT("b"), 7, 9,
     "there is a page `one` already", "id of its own"},
    {"pages:\n  - id: review\n    title: " W("R") "\n    why: know\n    fields:\n" TEXT("a"), 2, 9,
     "address of the form itself", "another id"},
    {TOP "      - {id: a, label: " W("A") "}\n", 6, 9, "lacks the key 'type'", "type: text"},
    {TOP "      - a\n", 6, 9, "a field must be a map", ""},
    {TOP F("a", "txet", ""), 6, 23, "txet", "text"},
    {TOP "      - {type: text, label: " W("A") "}\n", 6, 9, "lacks the key 'id'", "id"},
    {TOP "      - {id: a, type: text}\n", 6, 9, "lacks the key 'label'", "label"},
    {TOP F("a", "text", ", lable: x"), 6, 0, "has no key 'lable'", "label"},
    {TOP F("A b", "text", ""), 6, 14, "not a name", "small letters"},
    {TOP TEXT("a") TEXT("a"), 7, 14, "`a` is used already on line 6", "unique"},
    {TOP "      - {id: a, type: text, label: {da: A, nn: A, en: A}}\n", 6, 0, "nb", ""},
    {TOP "      - {id: a, type: text, label: {da: A, nb: A, en: A}}\n", 6, 0, "language nn", "add `nn: …`"},
    {TOP "      - {id: a, type: text, label: A}\n", 6, 0, "", ""},
    {TOP F("a", "radio", ", options: [{option: x, label: {da: X, nb: X, nn: X}}]"), 6, 0, "en", ""},
    {"pages:\n  - id: one\n    title: " W("One") "\n    fields:\n" TEXT("a"), 5, 9, "does not say why it is asked",
     "do not ask"},
    {TOP F("a", "text", ", why: nosuch"), 6, 0, "no purpose `nosuch`", "legal basis"},
    {TOP F("a", "radio", ""), 6, 9, "lacks the key 'options'", "options"},
    {TOP F("a", "text", ", options: [{option: x, label: " W("X") "}]"), 6, 0, "has no key 'options'", ""},
    {TOP F("a", "select", ", options: [{option: x, label: " W("X") "}, {option: x, label: " W("X") "}]"), 6, 0,
     "option `x` is there already", "key of its own"},
    {TOP F("a", "select", ", options: [{option: x}]"), 6, 0, "lacks the key 'label'", ""},
    {COND("{ eq: [b, true] }") TOP TEXT("a"), 3 - 1, 0, "`b` is none", ""},
    {COND("{ eq: [aa, x] }") TOP RADIO("ab"), 2, 0, "`aa` is none", "did you mean `ab`"},
    {COND("{ equal: [a, x] }") TOP RADIO("a"), 2, 0, "`equal` is no condition", ""},
    {COND("{ eq: [a] }") TOP RADIO("a"), 2, 0, "takes a list of two", "eq: [field, value]"},
    {COND("{ eq: [a, z] }") TOP RADIO("a"), 2, 0, "`a` has no option `z`", ""},
    {COND("{ in: [a, x] }") TOP RADIO("a"), 2, 0, "list of values", "in: [field"},
    {COND("{ lt: [a, x] }") TOP RADIO("a"), 2, 0, "has no order", "eq, ne or in"},
    {COND("{ gt: [a, many] }") TOP F("a", "number", ""), 2, 0, "a number such as 2", "write a number"},
    {COND("{ gt: [a, soon] }") TOP F("a", "date", ""), 2, 0, "a date such as", "write a date"},
    {COND("{ eq: [a, yes] }") TOP F("a", "yesno", ""), 2, 0, "true or false", "write true or false"},
    {COND("{ eq: [a, x] }") TOP F("a", "file", ""), 2, 0, "can only be asked whether it is empty", "empty:"},
    {COND("{ eq: [a, x] }") TOP F("a", "multiselect", ", options: [{option: x, label: " W("X") "}]"), 2, 0,
     "has several answers", "in: [field"},
    {COND("{ empty: i }") TOP TEXT("a") "      - {id: i, type: info, text: " W("I") "}\n", 2, 0, "no answer to look at",
     ""},
    {COND("{ all: [] }") TOP TEXT("a"), 2, 0, "a list of conditions", "all: [first, second]"},
    {COND("[a, b]") TOP TEXT("a"), 2, 0, "not a list", "one operator"},
    {COND("{ not: c }") TOP TEXT("a"), 2, 0, "no condition `c` above", ""},
    {"conditions:\n  alone: { empty: a }\n" TOP TEXT("a") F("b", "text", ", when: alonee"), 9, 0,
     "no condition `alonee`", "did you mean `alone`"},
    {COND("{ empty: b }") TOP F("a", "text", ", when: c") TEXT("b"), 8, 0, "looks at `b`, which is not asked before",
     "further up"},
    {COND("{ empty: b }") TOP F("a", "text", ", required: c") TEXT("b"), 8, 0, "not asked before", ""},
    {COND("{ empty: b }") TOP F("a", "radio", ", options: [{option: x, label: " W("X") ", when: c}]") TEXT("b"), 8, 0,
     "not asked before", ""},
    {COND("{ empty: b }")
         TOP TEXT("a") "  - id: two\n    title: " W("Two") "\n    why: know\n    when: c\n    fields:\n" TEXT("b"),
     12, 0, "not asked before", ""},
    {TOP F("a", "text", ", required: maybe"), 6, 0, "no condition `maybe`", "conditions"},
    {TOP F("a", "number", ", min: 5, max: 3"), 6, 0, "least allowed is more", "exchange"},
    {TOP F("a", "number", ", min: low"), 6, 0, "a number was expected", "min: 1"},
    {TOP F("a", "date", ", max: tomorrow"), 6, 0, "a date was expected", "today"},
    {TOP F("a", "text", ", max_length: 0"), 6, 0, "", ""},
    {TOP F("a", "text", ", autocomplete: fullname"), 6, 0, "no autocomplete word", "given-name"},
    {TOP F("a", "text", ", autocomplete: street-address"), 6, 0, "no autocomplete word", "address-line1"},
    {TOP F("a", "file", ", accept: [exe]"), 6, 0, "`exe` cannot be received", "pdf"},
    {TOP F("a", "file", ", max_mb: 500"), 6, 0, "", ""},
    {TOP F("a", "text", ", check: digits"), 6, 0, "no check `digits`", "checks"},
    {"checks:\n  c: { pattern: '[', message: " W("M") " }\n" TOP TEXT("a"), 2, 0, "pattern is wrong at character",
     "Perl"},
    {"checks:\n  c: { message: " W("M") " }\n" TOP TEXT("a"), 2, 0, "either `pattern` or `must`", ""},
    {"checks:\n  c: { pattern: 'x', message: " W("M") " }\n" TOP F("a", "yesno", ", check: c"), 8, 0, "typed as text",
     "must"},
    {"checks:\n  c: { must: {empty: b}, message: " W("M") " }\n" TOP F("a", "text", ", check: c") TEXT("b"), 8, 0,
     "asked after this field", "later of the fields"},
    {TOP F("a", "text", ", prefill: {source: register, attr: phone}"), 6, 0, "cannot fill a field of this type", ""},
    {TOP F("a", "phone", ", prefill: {source: login, attr: phone}"), 6, 0, "source does not have that",
     "register gives"},
    {TOP F("a", "text", ", prefill: {source: cpr, attr: name}"), 6, 0, "cpr", ""},
    {TOP F("a", "text", ", prefill: {source: register, attr: name, edit: false}"), 6, 0, "where it is corrected",
     "correct"},
    {TOP F("a", "idno", ", prefill: {source: login, attr: idno}"), 6, 0, "law 9", "edit: false"},
    {TOP F("a", "text", ", prefill: {source: earlier, from: other/x}"), 6, 0, "names no purpose of the service `other`",
     "compatible"},
    {TOP F("a", "text", ", prefill: {source: earlier, from: friend}"), 6, 0, "is no service/field", ""},
    {TOP F("a", "text", ", prefill: {source: earlier, from: friend/x/y}"), 6, 0, "is no service/field", ""},
    {TOP F("a", "text", ", prefill: {source: earlier, from: test/x}"), 6, 0, "is this service itself", ""},
    {TOP F("a", "text", ", prefill: {source: earlier}"), 6, 0, "lacks the key 'from'", ""},
    {TOP F("a", "text", ", prefill: {source: earlier, from: friend/x, attr: name}"), 6, 0, "no key 'attr'", ""},
    {TOP F("a", "text", ", prefill: {source: earlier, from: friend/x, edit: false}"), 6, 0, "where it is corrected",
     ""},
    {TOP F("a", "idno", ", prefill: {source: earlier, from: friend/x}"), 6, 0, "of this type cannot be filled in", ""},
    {TOP "      - {id: r, type: repeat, title: " W("R") ", row: " W("R") ", fields: [{id: a, type: text, label: " W(
         "A") ", prefill: {source: earlier, from: friend/x}}]}\n",
     6, 0, "cannot fill the rows of a repeat", ""},
    {TOP "      - {id: i, type: info, text: " W("I") ", label: " W("L") "}\n" TEXT("a"), 6, 0, "has no key 'label'",
     ""},
    {TOP TEXT("go"), 6, 14, "name the page itself uses", "another id"},
    {TOP F("born", "date", "") TEXT("born_day"), 7, 14, "name the page itself uses", "another id"},
    {TOP "      - {id: g, type: group, title: " W("G") "}\n", 6, 9, "lacks the key 'fields'", ""},
};

static const char nested[] = TOP "      - id: g1\n        type: group\n        title: " W(
    "G") "\n        fields:\n"
         "        - id: g2\n          type: group\n          title: " W(
             "G") "\n          fields:\n"
                  "          - id: g3\n            type: group\n            title: " W(
                      "G") "\n            fields:\n"
                           "            - id: g4\n              type: group\n              title: " W(
                               "G") "\n              fields:\n"
                                    "              - id: g5\n                type: group\n                title: " W(
                                        "G") "\n                fields:\n"
                                             "                - {id: a, type: text, label: " W("A") "}\n";

static void every_fault_has_its_place_and_remedy(void **state)
{
    (void)state;
    int bad = 0;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct cx *cx = test_cx();
        struct problems ps;
        const struct fault *f = &faults[i];
        const struct form *form = form_test_load(cx, form_test_version(cx), f->yaml, &ps);
        bool found = false;
        for (size_t k = 0; k < ps.list.n; k++) {
            const struct problem *p = &ps.list.p[k];
            found |= p->line == f->line && p->col > 0 && (!f->col || p->col == f->col) && p->remedy.n &&
                     str_find(p->what, str_of(f->what), 0) < p->what.n + !*f->what &&
                     str_find(p->remedy, str_of(f->remedy), 0) < p->remedy.n + !*f->remedy;
        }
        if (!found || form || ps.list.n > 2) {
            print_error("--- fault %zu wanted %d:%d %s; %s\n%s", i, f->line, f->col, f->what, f->remedy, f->yaml);
            form_test_print(&ps);
            bad++;
        }
        test_cx_free(cx);
    }
    assert_int_equal(bad, 0);
}

static void groups_have_a_depth(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct problems ps;
    assert_null(form_test_load(cx, form_test_version(cx), nested, &ps));
    assert_int_equal(ps.list.n, 1);
    assert_true(str_find(ps.list.p[0].what, S("groups nested"), 0) < ps.list.p[0].what.n);
    test_cx_free(cx);
}

/* A condition has a depth, and none can go round in a circle: it looks back only, a named one above only. */
static void conditions_have_a_depth(void **state)
{
    (void)state;
    for (int depth = 1; depth <= 500; depth = depth == 1 ? FORM_EXPR_DEPTH - 1 : depth * 3) {
        struct cx *cx = test_cx();
        struct problems ps;
        struct buf b = buf_make(cx->arena);
        buf_add_z(&b, TOP TEXT("x") "      - {id: y, type: text, label: " W("Y") ", when: ");
        for (int i = 0; i < depth; i++)
            buf_add_z(&b, "{ not: ");
        buf_add_z(&b, "{ empty: x }");
        for (int i = 0; i < depth; i++)
            buf_add_z(&b, " }");
        buf_add_z(&b, "}\n");
        const struct form *form = form_test_load(cx, form_test_version(cx), str_z(cx->arena, buf_str(&b)), &ps);
        assert_int_equal(form != NULL, depth < FORM_EXPR_DEPTH);
        assert_true(form || (ps.list.n >= 1 && ps.list.p[0].line == 7 && ps.list.p[0].remedy.n));
        test_cx_free(cx);
    }
}

static void nothing_goes_round_in_a_circle(void **state)
{
    (void)state;
    static const char *const rounds[] = {
        "conditions:\n  a: { not: b }\n  b: { not: a }\n" TOP TEXT("x"),
        TOP F("x", "yesno", ", when: { eq: [y, true] }") F("y", "yesno", ", when: { eq: [x, true] }"),
        TOP F("x", "number", ", value: { sum: [y, 1] }") F("y", "number", ", value: { sum: [x, 1] }"),
        TOP F("x", "number", ", min: y") F("y", "number", ", max: x"),
    };
    for (size_t i = 0; i < sizeof rounds / sizeof *rounds; i++) {
        struct cx *cx = test_cx();
        struct problems ps;
        assert_null(form_test_load(cx, form_test_version(cx), rounds[i], &ps));
        assert_true(ps.list.n >= 1 && ps.list.p[0].line > 0 && ps.list.p[0].remedy.n);
        test_cx_free(cx);
    }
}

static void lines_name_a_choice(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct problems ps;
    struct service_version *v = form_test_version(cx);
    v->lines = S("a");
    assert_null(form_test_load(cx, v, TOP TEXT("a"), &ps));
    assert_true(str_find(ps.list.p[0].what, S("field has no options"), 0) < ps.list.p[0].what.n);
    v->lines = S("b");
    assert_null(form_test_load(cx, v, TOP TEXT("a"), &ps));
    assert_true(str_find(ps.list.p[0].what, S("not in the form"), 0) < ps.list.p[0].what.n);
    v->lines = S("a");
    const struct form *form = form_test_load(cx, v, TOP RADIO("a"), &ps);
    assert_non_null(form);
    assert_ptr_equal(form->lines, form->fields.p[0]);
    test_cx_free(cx);
}

/* A version published before the municipality had that language: the case must still be read. */
static void a_stored_form_may_lack_a_language(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct problems ps;
    struct service_version *v = form_test_version(cx);
    const char *yaml = "pages:\n  - id: one\n    title: {da: Om, nb: Om}\n    why: know\n    fields:\n"
                       "      - {id: a, type: text, label: {da: Navn, nb: Navn (nb)}}\n";
    assert_null(form_test_load(cx, v, yaml, &ps));
    v->languages = 0;
    const struct form *form = form_test_load(cx, v, yaml, &ps);
    assert_non_null(form);
    assert_str(words_in(&form->fields.p[0]->label, LANG_NN), "Navn (nb)");
    assert_str(words_in(&form->fields.p[0]->label, LANG_EN), "Navn");
    test_cx_free(cx);
}

/* Law 9: what nobody may type cannot be asked of one whom no register knows. */
static void fixed_facts_need_a_login(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct problems ps;
    struct service_version *v = form_test_version(cx);
    v->apply = SERVICE_ANONYMOUS;
    const char *yaml =
        TOP F("a", "text", ", prefill: {source: register, attr: name, edit: false, correct: " W("C") "}");
    assert_null(form_test_load(cx, v, yaml, &ps));
    assert_true(str_find(ps.list.p[0].what, S("without a name"), 0) < ps.list.p[0].what.n);
    test_cx_free(cx);
}

/* A form of n fields, each shown by the one before. */
static const char *many_fields(struct cx *cx, int n)
{
    struct buf b = buf_make(cx->arena);
    buf_add_z(&b, TOP "      - {id: f0, type: yesno, label: " W("F") "}\n");
    for (int i = 1; i < n; i++) {
        if (i % 500 == 0)
            buf_fmt(&b, "  - id: p%d\n    title: " W("P") "\n    why: know\n    fields:\n", i);
        buf_fmt(&b, "      - {id: f%d, type: yesno, label: " W("F") ", when: {eq: [f%d, true]}}\n", i, i - 1);
    }
    buf_add_char(&b, 0);
    return b.p;
}

static void ten_thousand_fields_work_and_one_more_is_refused(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct problems ps;
    const struct form *form = form_test_load(cx, form_test_version(cx), many_fields(cx, FORM_FIELDS), &ps);
    form_test_print(&ps);
    assert_non_null(form);
    test_cx_free(cx);
    cx = test_cx();
    assert_null(form_test_load(cx, form_test_version(cx), many_fields(cx, FORM_FIELDS + 1), &ps));
    assert_true(ps.list.n >= 1 && ps.list.n < 10);
    assert_true(str_find(ps.list.p[0].what, S("more than 10000 fields"), 0) < ps.list.p[0].what.n);
    test_cx_free(cx);
}

static void a_page_holds_what_can_be_sent_at_once(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct problems ps;
    struct buf b = buf_make(cx->arena);
    buf_add_z(&b, TOP);
    for (int i = 0; i < FORM_BOXES / 3 + 1; i++)
        buf_fmt(&b, "      - {id: d%d, type: date, label: " W("D") "}\n", i);
    buf_add_char(&b, 0);
    assert_null(form_test_load(cx, form_test_version(cx), b.p, &ps));
    assert_int_equal(ps.list.n, 1);
    assert_true(str_find(ps.list.p[0].what, S("more than 900 boxes"), 0) < ps.list.p[0].what.n);
    test_cx_free(cx);
}

static void literals_are_read(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    int64_t v;
    assert_true(form_read_money(S("1.250,50 kr."), &v) && v == 125050);
    assert_true(form_read_money(S("1250"), &v) && v == 125000);
    assert_true(form_read_money(S("99,5"), &v) && v == 9950);
    assert_true(form_read_money(S("1 000 000"), &v) && v == 100000000);
    assert_false(form_read_money(S("12,345"), &v));
    assert_false(form_read_money(S("ti"), &v));
    assert_true(form_read_number(S("-1,5"), 1, &v) && v == -15000);
    assert_false(form_read_number(S("1,55"), 1, &v));
    assert_false(form_read_number(S("1,"), 1, &v));
    assert_false(form_read_number(S("99999999999999999999"), 0, &v));
    assert_str(form_write_number(cx->arena, -15000), "-1.5");
    assert_str(form_write_number(cx->arena, 120000), "12");
    struct form_when w;
    assert_true(form_read_when(S("today-18y"), &w));
    assert_int_equal(form_when_day(&w, civil_to_day(2024, 2, 29)), civil_to_day(2006, 2, 28));
    assert_true(form_read_when(S("today+1m-1d"), &w));
    assert_int_equal(form_when_day(&w, civil_to_day(2026, 1, 31)), civil_to_day(2026, 2, 27));
    assert_false(form_read_when(S("today-"), &w));
    assert_false(form_read_when(S("todays"), &w));
    test_cx_free(cx);
}

static const struct form_question *question(const struct form_privacy *p, const char *label)
{
    for (size_t i = 0; i < p->asked.rows.n; i++)
        if (str_eq_z(p->asked.rows.p[i].label, label))
            return &p->asked.rows.p[i];
    fail_msg("nothing is said of %s", label);
    return NULL;
}

static struct str kept(const struct form_privacy *p, const char *what)
{
    for (size_t i = 0; i < p->kept.n; i++)
        if (str_eq_z(p->kept.p[i].what, what))
            return p->kept.p[i].how_long;
    return S("");
}

static void tells_what_is_asked_and_for_how_long(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct service_version *v = form_test_version(cx);
    struct problems ps;
    cx->lang = LANG_DA;
    v->decides = true, v->lines = S(""), v->retention_years = 5, v->retention_basis = S("law");
    v->retention_ending[ENDING_REFUSED] = 10, v->retention_ending[ENDING_GRANTED] = -1;
    v->form = form_test_load(
        cx, v,
        TOP F("must", "text", ", required: true") F("may", "text", "")
            F("name", "text", ", prefill: {source: register, attr: name, edit: false, correct: " W("Ret det.") "}") F(
                "income", "money", ", prefill: {source: register, attr: income, edit: false, correct: " W("Skat.") "}")
                F("again", "text", ", prefill: {source: earlier, from: [friend/x, friend/y]}"),
        &ps);
    form_test_print(&ps);
    struct form_privacy p = form_privacy(cx, v);
    assert_str(question(&p, "must")->from, "Det giver du selv.");
    assert_str(question(&p, "may")->from, "Det giver du selv. Du bestemmer selv, om du vil svare.");
    assert_str(question(&p, "name")->from, "Folkeregistret. Ret det.");
    assert_str(question(&p, "income")->from, "Indkomstregistret. Skat.");
    assert_str(question(&p, "again")->from, "Det, du har svaret i “friend”, hvis du har søgt der; ellers svarer du "
                                            "selv. Du kan rette det i skemaet.");
    assert_str(form_basis_words(cx, v, question(&p, "must")->why),
               "serviceloven § 112 (eksempel); databeskyttelsesforordningen artikel 6(1)(e)");
    assert_str(kept(&p, "Din kladde"),
               "Slettes, når du ikke har ændret den i 30 dage. Når du sender, tømmes den straks");
    assert_str(kept(&p, "Sagen, når du får ja"), "Altid: den afleveres til arkivet");
    assert_str(kept(&p, "Sagen, når du får nej"), "10 år, efter at sagen er lukket");
    assert_str(kept(&p, "Sagen, når du trækker den tilbage"), "5 år, efter at sagen er lukket");
    assert_str(kept(&p, "Sagen, når du får noget af det"), "5 år, efter at sagen er lukket");
    assert_str(kept(&p, "Sagen, når den er besvaret"), "");
    assert_str(p.basis, "serviceloven § 112");
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_has_its_place_and_remedy),
        cmocka_unit_test(groups_have_a_depth),
        cmocka_unit_test(conditions_have_a_depth),
        cmocka_unit_test(nothing_goes_round_in_a_circle),
        cmocka_unit_test(lines_name_a_choice),
        cmocka_unit_test(a_stored_form_may_lack_a_language),
        cmocka_unit_test(fixed_facts_need_a_login),
        cmocka_unit_test(ten_thousand_fields_work_and_one_more_is_refused),
        cmocka_unit_test(a_page_holds_what_can_be_sent_at_once),
        cmocka_unit_test(literals_are_read),
        cmocka_unit_test(tells_what_is_asked_and_for_how_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
