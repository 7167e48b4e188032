/* Which questions are asked, what an answer means, what is said when it is wrong. */
#include "form_test.h"

static const char form_yaml[] =
    "conditions:\n"
    "  old: { le: [born, today-18y] }\n"
    "  wants: { in: [things, [rollator, seat]] }\n"
    "  many: { all: [wants, { gt: [steps, 3] }] }\n"
    "checks:\n"
    "  code: { pattern: '[A-Z]{2}[0-9]{3}', message: {da: 'To bogstaver og tre cifre', nb: x, nn: x, en: Two letters "
    "and "
    "three digits} }\n"
    "  order: { must: { le: [since, until] }, message: " W("Til skal være efter fra") " }\n" TOP F(
        "name", "text",
        ", required: true, prefill: {source: register, attr: name, edit: false, correct: " W(
            "x") "}") F("phone", "phone", ", required: true, prefill: {source: register, attr: phone}") F("born",
                                                                                                          "date", "")
        F("things", "multiselect",
          ", required: true, max: 2, options: [{option: rollator, label: " W("Rollator") "}, {option: seat, label: " W(
              "Bænk") "}, {option: lamp, label: " W("Lampe") ", when: old}]")
            F("steps", "number", ", min: 1, max: 20, when: wants, required: true") F("photo", "file",
                                                                                     ", when: many, required: true")
                P2 F("kind", "radio", ", options: [{option: a, label: " W("A") "}, {option: b, label: " W("B") "}]")
                    F("cost", "money", ", required: { eq: [kind, b] }") F("since", "date", "")
                        F("until", "date", ", check: order") F("sku", "text", ", check: code, max_length: 5") F(
                            "true_words", "checkbox", ", required: true") F("mail", "email", "")
                            F("firm", "orgno", "") "      - id: helper\n        type: group\n        title: " W(
                                "Helper") "\n        when: { eq: [kind, b] }\n        fields:\n"
                                          "          - {id: helper_name, type: text, label: " W(
                                              "helper_name") ", required: true}\n"
                                                             "  - id: three\n    title: " W(
                                                                 "Three") "\n    why: know\n    when: { eq: [kind, a] "
                                                                          "}\n    fields:\n" F("extra", "longtext",
                                                                                               ", min_length: 3");

struct scene {
    struct cx *cx;
    const struct form *form;
    struct form_given given;
    struct party party;
    struct form_eval e;
};

static struct scene *scene(struct cx *cx)
{
    struct scene *s = arena_new_of(cx->arena, struct scene);
    s->cx = cx;
    s->form = form_test_form(cx, form_yaml);
    s->given.today = civil_to_day(2026, 1, 15);
    s->party = (struct party){.id = 7, .name = S("Anna Holm"), .phone = S("12345678"), .fetched_us = cx->now_us};
    s->given.party = &s->party;
    return s;
}

static void say(struct scene *s, const char *name, const char *value)
{
    struct str v = str_of(value);
    form_raw_set(s->cx->arena, &s->given.raws, str_of(name), &v, 1);
}

static void choose(struct scene *s, const char *name, const char *a, const char *b)
{
    struct str v[2] = {str_of(a), str_of(b)};
    form_raw_set(s->cx->arena, &s->given.raws, str_of(name), v, b ? 2 : a ? 1 : 0);
}

static void date(struct scene *s, const char *name, const char *day, const char *month, const char *year)
{
    say(s, str_z(s->cx->arena, str_fmt(s->cx->arena, "%s.day", name)), day);
    say(s, str_z(s->cx->arena, str_fmt(s->cx->arena, "%s.month", name)), month);
    say(s, str_z(s->cx->arena, str_fmt(s->cx->arena, "%s.year", name)), year);
}

static const struct form_value *value(struct scene *s, const char *id)
{
    form_evaluate(s->cx, s->form, &s->given, &s->e);
    return &s->e.values[form_field_of(s->form, str_of(id))->order];
}

/* The message at a field; empty when it is accepted. */
static struct str wrong(struct scene *s, const char *id)
{
    form_evaluate(s->cx, s->form, &s->given, &s->e);
    for (size_t i = 0; i < s->e.wrong.n; i++)
        if (str_eq_z(s->e.wrong.p[i].field->id, id))
            return s->e.wrong.p[i].message;
    return (struct str){0};
}

static void conditions_decide_what_is_asked(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct scene *s = scene(cx);
    assert_false(value(s, "steps")->visible);
    choose(s, "things", "rollator", NULL);
    assert_true(value(s, "steps")->visible);
    assert_false(value(s, "photo")->visible);
    say(s, "steps", "4");
    assert_true(value(s, "photo")->visible);
    say(s, "steps", "3");
    assert_false(value(s, "photo")->visible);
    say(s, "steps", "4");
    choose(s, "things", "lamp", NULL); /* hides steps: what depends on it is hidden too, though it holds 4 */
    assert_false(value(s, "photo")->visible);
    test_cx_free(cx);
}

static void a_hidden_group_hides_all_in_it(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct scene *s = scene(cx);
    assert_false(value(s, "helper_name")->visible);
    assert_str(wrong(s, "helper_name"), "");
    say(s, "kind", "b");
    assert_true(value(s, "helper_name")->visible);
    assert_str(wrong(s, "helper_name"), "Udfyld “helper_name”");
    test_cx_free(cx);
}

static void an_option_that_is_not_offered_cannot_be_chosen(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct scene *s = scene(cx);
    choose(s, "things", "rollator", "lamp");
    assert_int_equal(value(s, "things")->chosen.n, 1);
    date(s, "born", "15", "1", "2008"); /* eighteen today */
    assert_int_equal(value(s, "things")->chosen.n, 2);
    date(s, "born", "16", "1", "2008");
    assert_int_equal(value(s, "things")->chosen.n, 1);
    choose(s, "things", "nonsense", NULL);
    assert_true(value(s, "things")->empty);
    test_cx_free(cx);
}

static void pages_follow_their_conditions(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct scene *s = scene(cx);
    value(s, "name");
    assert_int_equal(form_page_after(&s->e, 1), -1);
    say(s, "kind", "a");
    value(s, "name");
    assert_int_equal(form_page_after(&s->e, 1), 2);
    assert_int_equal(form_page_before(&s->e, 2), 1);
    assert_int_equal(form_page_before(&s->e, 0), -1);
    test_cx_free(cx);
}

/* Law 9: what the register says stands, whatever was posted for it. */
static void a_fixed_fact_is_never_typed(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct scene *s = scene(cx);
    say(s, "name", "Somebody Else");
    assert_str(value(s, "name")->text, "Anna Holm");
    assert_true(value(s, "name")->register_fact);
    s->given.party = NULL; /* anonymous: it is not asked at all */
    assert_false(value(s, "name")->visible);
    test_cx_free(cx);
}

static void an_editable_fact_is_filled_in_until_it_is_changed(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct scene *s = scene(cx);
    assert_str(value(s, "phone")->text, "12345678");
    assert_true(value(s, "phone")->register_fact);
    say(s, "phone", "87 65 43 21");
    assert_str(value(s, "phone")->text, "87 65 43 21");
    assert_false(value(s, "phone")->register_fact);
    say(s, "phone", ""); /* taken away on purpose: it does not come back */
    assert_true(value(s, "phone")->empty);
    assert_str(wrong(s, "phone"), "Udfyld “phone”");
    test_cx_free(cx);
}

static const struct form_shown_row *shown(const struct form_shown *all, const char *key)
{
    for (size_t p = 0; p < all->pages.n; p++)
        for (size_t i = 0; i < all->pages.p[p].rows.n; i++)
            if (str_eq_z(all->pages.p[p].rows.p[i].key, key))
                return &all->pages.p[p].rows.p[i];
    fail_msg("%s is not shown", key);
    return NULL;
}

/* What was filled in beforehand and is another now is marked, and only that; before sending and out of the record. */
static void only_a_changed_fact_is_marked(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct scene *s = scene(cx);
    for (int changed = 0; changed < 3; changed++) {
        if (changed)
            say(s, "phone", changed == 1 ? "87 65 43 21" : "");
        say(s, "mail", "anna@post.example");
        value(s, "phone");
        for (int stored = 0; stored < 2; stored++) {
            struct form_eval back = s->e;
            struct form_shown all;
            if (stored)
                assert_ok(cx, form_answers_read(cx, s->form,
                                                form_answers_json(cx, &s->e, &(struct form_json_head){.lang = LANG_DA}),
                                                &back));
            form_show_eval(cx, &back, (struct str){0}, &all);
            assert_int_equal(shown(&all, "phone")->changed, changed > 0);
            assert_int_equal(shown(&all, "phone")->source.n > 0, changed == 0);
            assert_false(shown(&all, "name")->changed);
            assert_false(shown(&all, "mail")->changed);
        }
    }
    test_cx_free(cx);
}

static const struct attempt {
    const char *field, *value, *da, *en;
} attempts[] = {
    {"phone", "1234", "Skriv et telefonnummer med 8 cifre ved “phone”, eller begynd med + og landekode",
     "Write a phone number of 8 digits at “phone”, or begin with + and the country code"},
    {"phone", "+45 12 34 56 78", "", ""},
    {"steps", "four", "Skriv et helt tal ved “steps”, for eksempel 12",
     "Write a whole number at “steps”, for example 12"},
    {"steps", "0", "“steps” skal være mindst 1", "“steps” must be at least 1"},
    {"steps", "21", "“steps” må højst være 20", "“steps” must be at most 20"},
    {"steps", "20", "", ""},
    {"cost", "ti", "Skriv et beløb i kroner ved “cost”, for eksempel 1250 eller 99,50",
     "Write an amount in kroner at “cost”, for example 1250 or 99.50"},
    {"cost", "1.250,50", "", ""},
    {"sku", "ab123", "To bogstaver og tre cifre", "Two letters and three digits"},
    {"sku", "AB123", "", ""},
    {"sku", "AB1234", "Skriv højst 5 tegn ved “sku”", "Write at most 5 characters at “sku”"},
    {"kind", "c", "Vælg et svar ved “kind”", "Choose an answer to “kind”"},
    {"mail", "anna@", "Skriv en e-mailadresse ved “mail”, for eksempel navn@eksempel.dk",
     "Write an email address at “mail”, for example name@example.com"},
    {"mail", "anna@example.org", "", ""},
    {"mail", "anna@example.org, bo@example.org", "Skriv en e-mailadresse ved “mail”, for eksempel navn@eksempel.dk",
     "Write an email address at “mail”, for example name@example.com"},
    {"firm", "10150817", "", ""},  /* a CVR number with the right check digit */
    {"firm", "974760673", "", ""}, /* an organisasjonsnummer, likewise */
    {"firm", "10150818", "Skriv et gyldigt CVR-nummer (8 cifre) eller organisationsnummer ved “firm”",
     "Write a valid company number at “firm”"},
};

static void what_is_wrong_is_said_in_words_of_the_field(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        struct cx *cx = test_cx();
        struct scene *s = scene(cx);
        choose(s, "things", "rollator", NULL);
        say(s, attempts[i].field, attempts[i].value);
        cx->lang = LANG_DA;
        assert_str(wrong(s, attempts[i].field), attempts[i].da);
        cx->lang = LANG_EN;
        assert_str(wrong(s, attempts[i].field), attempts[i].en);
        cx->lang = LANG_NB;
        assert_int_equal(wrong(s, attempts[i].field).n > 0, attempts[i].da[0] != 0);
        cx->lang = LANG_NN;
        assert_int_equal(wrong(s, attempts[i].field).n > 0, attempts[i].da[0] != 0);
        test_cx_free(cx);
    }
}

static void dates_and_what_depends_on_them(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct scene *s = scene(cx);
    date(s, "since", "31", "2", "2026");
    assert_str(wrong(s, "since"), "Skriv en rigtig dato ved “since”, for eksempel 31 1 2026");
    date(s, "since", "28", "2", "2026");
    assert_str(wrong(s, "since"), "");
    date(s, "until", "27", "2", "2026");
    assert_str(wrong(s, "until"), "Til skal være efter fra");
    date(s, "until", "28", "2", "2026");
    assert_str(wrong(s, "until"), "");
    test_cx_free(cx);
}

static void required_by_a_condition(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct scene *s = scene(cx);
    assert_str(wrong(s, "cost"), "");
    say(s, "kind", "b");
    assert_str(wrong(s, "cost"), "Udfyld “cost”");
    assert_str(wrong(s, "true_words"), "Sæt kryds ved “true_words”");
    assert_str(wrong(s, "things"), "Vælg mindst ét svar ved “things”");
    test_cx_free(cx);
}

/* What the record keeps reads back as the same answers. */
static void answers_go_out_and_in_again(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct scene *s = scene(cx);
    choose(s, "things", "rollator", "seat");
    say(s, "steps", "3");
    say(s, "kind", "b");
    say(s, "cost", "1.250,50");
    date(s, "since", "1", "12", "2025");
    say(s, "true_words", "true");
    say(s, "sku", "AB123 <&\"");
    value(s, "name");
    struct str json = form_answers_json(cx, &s->e, &(struct form_json_head){.lang = LANG_NB});
    assert_true(str_find(json, S("\"cost\":125050"), 0) < json.n);
    assert_true(str_find(json, S("\"since\":\"2025-12-01\""), 0) < json.n);
    assert_true(str_find(json, S("\"lang\":\"nb\""), 0) < json.n);
    struct form_eval back;
    assert_ok(cx, form_answers_read(cx, s->form, json, &back));
    for (size_t i = 0; i < s->form->fields.n; i++) {
        const struct form_field *f = s->form->fields.p[i];
        if (form_asks(f))
            assert_int_equal(back.values[i].visible, s->e.values[i].visible);
        struct str a = form_value_words(cx, f, &s->e.values[i]), b = form_value_words(cx, f, &back.values[i]);
        assert_true(str_eq(a, b));
    }
    assert_err(cx, form_answers_read(cx, s->form, S("{}"), &back), ERR_INTERNAL);
    test_cx_free(cx);
}

static void numbers_and_money_in_words(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct scene *s = scene(cx);
    say(s, "cost", "1250,5");
    const struct form_field *f = form_field_of(s->form, S("cost"));
    assert_str(form_value_words(cx, f, value(s, "cost")), "1.250,50\u00a0kr.");
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_decide_what_is_asked),
        cmocka_unit_test(a_hidden_group_hides_all_in_it),
        cmocka_unit_test(an_option_that_is_not_offered_cannot_be_chosen),
        cmocka_unit_test(pages_follow_their_conditions),
        cmocka_unit_test(a_fixed_fact_is_never_typed),
        cmocka_unit_test(an_editable_fact_is_filled_in_until_it_is_changed),
        cmocka_unit_test(only_a_changed_fact_is_marked),
        cmocka_unit_test(what_is_wrong_is_said_in_words_of_the_field),
        cmocka_unit_test(dates_and_what_depends_on_them),
        cmocka_unit_test(required_by_a_condition),
        cmocka_unit_test(answers_go_out_and_in_again),
        cmocka_unit_test(numbers_and_money_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
