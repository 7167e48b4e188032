/* Rows, expressions and the types with check digits: what is asked, what it is worth, what is said. */
#include "form_test.h"

#define G(id, type, more) "          - {id: " id ", type: " type ", label: " W(id) more "}\n"
#define REPEAT(more) \
    "      - id: children\n        type: repeat\n        title: " W("Kids") "\n        row: " W( \
        "Kid") "\n" more "        fields:\n"

static const char form_yaml[] =
    "conditions:\n"
    "  minor: { lt: [{ age: child_born }, 18] }\n"
    "  minors: { some: [children, minor] }\n"
    "  all_school: { every: [children, { eq: [at_school, true] }] }\n" TOP F("wanted", "number", ", max: 9")
        REPEAT("        min: wanted\n        max: { sum: [wanted, 1] }\n        check: { must: { le: [{ total: cost }, "
               "1000] }, message: " W("Højst 1000 i alt") " }\n") G("child_name", "text", ", required: true")
            G("child_born", "date", ", required: true, max: today") G("at_school", "yesno", ", when: minor")
                G("school", "text", ", required: true, when: {eq: [at_school, true]}") G("cost", "money", "")
                    G("twice", "money", ", value: { product: [cost, 2] }")
                        P2 F("guardian", "text", ", required: minors, when: minors")
                            F("all", "yesno", ", when: all_school") F("sum", "money", ", value: { total: cost }")
                                F("n", "number", ", value: { count: [children, minor] }") F("from", "date", "")
                                    F("to", "date", ", min: { shift: [from, +1d] }, max: { shift: [from, +1y] }")
                                        F("period", "month", ", max: today")
                                            F("soon", "month", ", value: { shift: [from, +1m] }, max: 2020-02")
                                                F("land", "country", ", except: [SE]")
                                                    F("konto", "account", ", country: NO") F("iban", "iban", "");

struct scene {
    struct cx *cx;
    const struct form *form;
    struct form_given given;
    struct form_eval e;
};

static struct scene *scene(struct cx *cx)
{
    struct scene *s = arena_new_of(cx->arena, struct scene);
    s->cx = cx;
    s->form = form_test_form(cx, form_yaml);
    s->given.today = civil_to_day(2026, 1, 15);
    return s;
}

static void say(struct scene *s, const char *name, const char *value)
{
    struct str v = str_of(value);
    form_raw_set(s->cx->arena, &s->given.raws, str_of(name), &v, 1);
}

static void date(struct scene *s, const char *name, const char *day, const char *month, const char *year)
{
    say(s, str_z(s->cx->arena, str_fmt(s->cx->arena, "%s.day", name)), day);
    say(s, str_z(s->cx->arena, str_fmt(s->cx->arena, "%s.month", name)), month);
    say(s, str_z(s->cx->arena, str_fmt(s->cx->arena, "%s.year", name)), year);
}

static void rows(struct scene *s, size_t n)
{
    static const struct str ids[] = {{"aaaaaaaa", 8}, {"bbbbbbbb", 8}, {"cccccccc", 8}};
    form_raw_set(s->cx->arena, &s->given.raws, S("children"), ids, n);
}

static void look(struct scene *s)
{
    form_evaluate(s->cx, s->form, &s->given, &s->e);
}

static const struct form_value *value(struct scene *s, const char *id)
{
    look(s);
    return form_at(&s->e, form_field_of(s->form, str_of(id)));
}

static const struct form_value *in_row(struct scene *s, size_t row, const char *id)
{
    look(s);
    const struct form_field *f = form_field_of(s->form, str_of(id));
    struct form_eval in = form_in_row(&s->e, &s->e.values[f->repeat->order].rows.p[row]);
    return form_at(&in, f);
}

/* The message at a field, in the row of that number (0: in none). */
static struct str wrong(struct scene *s, const char *id, int row)
{
    look(s);
    for (size_t i = 0; i < s->e.wrong.n; i++)
        if (str_eq_z(s->e.wrong.p[i].field->id, id) && s->e.wrong.p[i].row_no == row)
            return s->e.wrong.p[i].message;
    return (struct str){0};
}

static void each_row_has_its_own_questions(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct scene *s = scene(cx);
    rows(s, 2);
    date(s, "aaaaaaaa:child_born", "3", "5", "2019");
    date(s, "bbbbbbbb:child_born", "3", "5", "1999");
    assert_true(in_row(s, 0, "at_school")->visible);
    assert_false(in_row(s, 1, "at_school")->visible);
    assert_false(in_row(s, 0, "school")->visible);
    say(s, "aaaaaaaa:at_school", "true");
    assert_true(in_row(s, 0, "school")->visible);
    assert_str(wrong(s, "school", 1), "Udfyld “school”");
    assert_str(wrong(s, "child_name", 2), "Udfyld “child_name”");
    assert_str(wrong(s, "school", 2), "");
    assert_true(value(s, "guardian")->visible);
    assert_int_equal(value(s, "n")->number, 10000);
    assert_false(value(s, "all")->visible); /* the grown one goes to no school */
    rows(s, 1);
    assert_true(value(s, "all")->visible);
    rows(s, 0);
    assert_false(value(s, "guardian")->visible);
    assert_true(value(s, "all")->visible); /* of none all do */
    test_cx_free(cx);
}

static void rows_are_counted_and_added(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct scene *s = scene(cx);
    say(s, "wanted", "2");
    rows(s, 1);
    assert_str(wrong(s, "children", 0), "Tilføj mindst 2 ved “Kids”");
    rows(s, 2);
    assert_str(wrong(s, "children", 0), "");
    say(s, "wanted", "1");
    assert_str(wrong(s, "children", 0), "");
    rows(s, 3);
    assert_str(wrong(s, "children", 0), "Der må højst være 2 ved “Kids”. Fjern nogle af dem");
    rows(s, 2);
    assert_int_equal(value(s, "sum")->number, 0);
    say(s, "aaaaaaaa:cost", "600,50");
    say(s, "bbbbbbbb:cost", "300");
    assert_int_equal(value(s, "sum")->number, 90050);
    assert_int_equal(in_row(s, 0, "twice")->number, 120100);
    assert_str(wrong(s, "children", 0), "");
    say(s, "bbbbbbbb:cost", "400");
    assert_str(wrong(s, "children", 0), "Højst 1000 i alt");
    test_cx_free(cx);
}

static void a_limit_may_be_another_answer(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct scene *s = scene(cx);
    date(s, "to", "1", "1", "2020");
    assert_str(wrong(s, "to", 0), ""); /* there is no from to hold it against */
    date(s, "from", "31", "12", "2019");
    assert_str(wrong(s, "to", 0), "");
    date(s, "from", "1", "1", "2020");
    assert_str(wrong(s, "to", 0), "Datoen ved “to” skal være 2. januar 2020 eller senere");
    date(s, "to", "2", "1", "2021");
    assert_str(wrong(s, "to", 0), "Datoen ved “to” skal være 1. januar 2021 eller tidligere");
    assert_int_equal(value(s, "soon")->number, civil_to_day(2020, 2, 1)); /* a month, whatever day of it came out */
    date(s, "from", "20", "1", "2020");
    assert_int_equal(value(s, "soon")->number, civil_to_day(2020, 2, 1));
    assert_str(wrong(s, "soon", 0), "");
    say(s, "period.month", "2");
    say(s, "period.year", "2026");
    assert_str(wrong(s, "period", 0), "Måneden ved “period” skal være januar 2026 eller tidligere");
    say(s, "period.month", "1");
    assert_str(wrong(s, "period", 0), "");
    say(s, "period.month", "13");
    assert_str(wrong(s, "period", 0), "Skriv en rigtig måned ved “period”, for eksempel 1 2026");
    test_cx_free(cx);
}

static void numbers_with_check_digits(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct str got;
    assert_true(form_account_read(cx->arena, S("no"), S("8601 11 17947"), &got));
    assert_str(got, "86011117947");
    assert_false(form_account_read(cx->arena, S("no"), S("8601 11 17948"), &got));
    assert_false(form_account_read(cx->arena, S("no"), S("8601 11 1794"), &got));
    assert_true(form_account_read(cx->arena, S("dk"), S("1234-1234567"), &got));
    assert_str(got, "12340001234567");
    assert_false(form_account_read(cx->arena, S("dk"), S("0000 1234567"), &got));
    assert_false(form_account_read(cx->arena, S("dk"), S("123"), &got));
    assert_true(form_iban_read(cx->arena, S("no93 8601 1117 947"), &got));
    assert_str(got, "NO9386011117947");
    assert_true(form_iban_read(cx->arena, S("DK5000400440116243"), &got));
    assert_true(form_iban_read(cx->arena, S("GB29 NWBK 6016 1331 9268 19"), &got));
    assert_false(form_iban_read(cx->arena, S("NO93 8601 1117 948"), &got));
    assert_false(form_iban_read(cx->arena, S("NO93 8601 1117 9477"), &got));
    assert_false(form_iban_read(cx->arena, S("ZZ93 8601 1117 947"), &got));
    assert_true(form_orgno_read(cx->arena, S("974 760 673"), &got));
    assert_false(form_orgno_read(cx->arena, S("974 760 674"), &got));
    assert_str(form_number_words(cx->arena, FORM_ACCOUNT, S("86011117947")), "8601\u00a011\u00a017947");
    struct scene *s = scene(cx);
    say(s, "land", "NO");
    assert_str(wrong(s, "land", 0), "");
    assert_str(form_value_words(cx, form_field_of(s->form, S("land")), value(s, "land")), "Norge");
    say(s, "land", "SE");
    assert_true(wrong(s, "land", 0).n > 0);
    say(s, "konto", "8601 11 17948");
    assert_true(wrong(s, "konto", 0).n > 0);
    test_cx_free(cx);
}

/* What the record keeps says the same when it is read again. */
static void rows_come_back_from_the_record(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct scene *s = scene(cx);
    struct form_eval back;
    struct form_shown shown;
    rows(s, 2);
    say(s, "aaaaaaaa:child_name", "Ida");
    date(s, "aaaaaaaa:child_born", "3", "5", "2019");
    say(s, "aaaaaaaa:cost", "600,50");
    say(s, "bbbbbbbb:child_name", "Bo");
    say(s, "period.month", "2");
    say(s, "period.year", "2025");
    look(s);
    struct str json = form_answers_json(cx, &s->e, &(struct form_json_head){.lang = LANG_DA});
    assert_true(str_find(json, S("\"children\":[{\"child_name\":\"Ida\",\"child_born\":\"2019-05-03\",\"cost\":60050,"),
                         0) < json.n);
    assert_true(str_find(json, S("\"period\":\"2025-02\""), 0) < json.n);
    assert_true(str_find(json, S("\"children.0.at_school\""), 0) < json.n);
    assert_ok(cx, form_answers_read(cx, s->form, json, &back));
    form_show_eval(cx, &back, (struct str){0}, &shown);
    bool ida = false, cost = false;
    for (size_t i = 0; i < shown.pages.p[0].rows.n; i++) {
        const struct form_shown_row *r = &shown.pages.p[0].rows.p[i];
        ida |= str_eq_z(r->label, "Kid 1: child_name") && str_eq_z(r->value, "Ida");
        cost |= str_eq_z(r->label, "Kid 1: twice") && str_eq_z(r->value, "1.201,00\u00a0kr.");
    }
    assert_true(ida && cost);
    test_cx_free(cx);
}

/* Read alone, a question says whose it is: of which row, and in it of which group. */
static void a_question_of_a_row_says_whose_it_is(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    const char *group = "          - id: other\n            type: group\n            title: " W(
        "Other parent") "\n            fields:\n              - {id: parent_name, type: text, label: " W("Name") "}\n";
    struct str yaml = str_fmt(cx->arena, "%s%s", TOP REPEAT("") G("child_name", "text", ""), group);
    struct scene s = {
        .cx = cx, .form = form_test_form(cx, str_z(cx->arena, yaml)), .given = {.today = civil_to_day(2026, 1, 15)}};
    struct form_shown all;
    rows(&s, 2);
    look(&s);
    form_show_eval(cx, &s.e, (struct str){0}, &all);
    static const char *const want[] = {"Kid 1: child_name", "Kid 1, Other parent: Name", "Kid 2: child_name",
                                       "Kid 2, Other parent: Name"};
    assert_int_equal(all.pages.p[0].rows.n, 4);
    for (size_t i = 0; i < 4; i++)
        assert_str(all.pages.p[0].rows.p[i].label, want[i]);
    test_cx_free(cx);
}

static const struct {
    const char *yaml, *what;
} faults[] = {
    {TOP REPEAT("") G("a", "text", "") F("b", "text", ", when: { eq: [a, x] }"), "from outside"},
    {TOP REPEAT("") "          - {id: r, type: repeat, title: " W("R") ", row: " W(
         "r") ", fields: [{id: c, type: yesno, label: " W("C") "}]}\n",
     "cannot lie in a repeat"},
    {TOP F("a", "text", ", when: { some: [children, { eq: [c, true] }] }") REPEAT("") G("c", "yesno", ""),
     "not asked before"},
    {TOP REPEAT("") G("c", "yesno", ", when: { some: [children, { eq: [c, true] }] }"), "not asked before"},
    {TOP F("a", "money", ", value: { sum: [a, 1] }"), "not asked before"},
    {TOP F("a", "money", "") F("b", "date", ", min: a"), "a date"},
    {TOP F("a", "text", "") F("b", "number", ", value: { sum: [a, 1] }"), "takes numbers"},
    {TOP F("a", "country", ", only: [Norge]"), "no code"},
    {TOP F("a", "number", ", default: ti"), "a number"},
    {TOP F("a", "yesno", ", default: maybe"), "true or false"},
    {TOP F("a", "number",
           ", default: 1, prefill: {source: register, attr: children, edit: false, correct: " W("c") "}"),
     "cannot stand with"},
    {TOP REPEAT("        show: [x]\n") G("c", "yesno", ""), "`x` is none"},
    {TOP REPEAT("") G("c", "text", ", prefill: {source: register, attr: name}"), "cannot fill the rows"},
    {TOP F("a", "attachment", ", send: [pigeon]"), "no way to send"},
    {TOP F("a", "text", ", when: { total: a }"), "`total` is no condition"},
    {TOP F("a", "text", "") F("b", "text", ", when: { matches: [a, '('] }"), "pattern is wrong"},
};

static void each_fault_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct cx *cx = test_cx();
        struct problems ps;
        const struct form *form = form_test_load(cx, form_test_version(cx), faults[i].yaml, &ps);
        bool found = false;
        for (size_t k = 0; k < ps.list.n; k++)
            found |= str_find(ps.list.p[k].what, str_of(faults[i].what), 0) < ps.list.p[k].what.n;
        if (form || !found) {
            print_error("%zu: %s\n", i, faults[i].what);
            form_test_print(&ps);
        }
        assert_null(form);
        assert_true(found);
        test_cx_free(cx);
    }
}

static void an_attachment_is_three_questions(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct scene *s = arena_new_of(cx->arena, struct scene);
    s->cx = cx;
    s->form = form_test_form(
        cx, TOP F("slip", "attachment",
                  ", required: true, deadline_days: 14, send: [now, later, other], explain: {other: " W("Who?") "}")
                F("late", "yesno", ", when: {eq: [slip, later]}"));
    const struct form_field *slip = form_field_of(s->form, S("slip"));
    assert_str(words_in(&slip->options.p[1].label, LANG_DA), "Jeg sender den senere");
    assert_str(words_in(&slip->options.p[1].hint, LANG_NB), "Senest om 14 dager");
    assert_true(wrong(s, "slip", 0).n > 0);
    assert_false(value(s, "slip_file")->visible);
    say(s, "slip", "now");
    assert_str(wrong(s, "slip", 0), "");
    assert_str(wrong(s, "slip_file", 0), "Vedhæft en fil ved “slip”");
    say(s, "slip", "other");
    assert_false(value(s, "slip_file")->visible);
    assert_str(wrong(s, "slip_note", 0), "Udfyld “Who?”");
    say(s, "slip", "later");
    assert_true(value(s, "late")->visible);
    assert_int_equal(s->e.wrong.n, 0);
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_has_its_own_questions),
        cmocka_unit_test(rows_are_counted_and_added),
        cmocka_unit_test(a_limit_may_be_another_answer),
        cmocka_unit_test(numbers_with_check_digits),
        cmocka_unit_test(rows_come_back_from_the_record),
        cmocka_unit_test(a_question_of_a_row_says_whose_it_is),
        cmocka_unit_test(each_fault_is_named),
        cmocka_unit_test(an_attachment_is_three_questions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
