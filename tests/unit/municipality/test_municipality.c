#include "support.h"

#include "municipality/municipality.h"

/* A whole configuration, into which each test puts one fault by replacing `from` by `to`. */
static const char good[] =
    "name: Fjordby Kommune\nshort_name: Fjordby\nkey: fjordby\nauthority_no: \"999\"\ncountry: DK\nlanguages: [da]\n"
    "contact: {phone: \"1\", email: a@b.example, address: Vej 1, hours: {da: 9-15}}\n"
    "help: {da: Ring}\ndata_officer: {da: Skriv}\n"
    "look: {primary: \"#00543c\", primary_dark: \"#003f2d\", primary_darker: \"#002a1e\"}\n"
    "units:\n  - {key: sundhed, name: {da: Sundhed}, phone: \"2\"}\n  - {key: team, name: {da: Team}, parent: "
    "sundhed}\n"
    "situations:\n  - {key: syg, name: {da: Syg}, text: {da: Hjælp}}\n"
    "post: {postal_days: 5, recall_seconds: 300}\nsessions: {idle_minutes: 30, hours: 8, warn_minutes: 5}\n"
    "mail: {from: x@b.example, from_name: Fjordby}\n";
static const char people[] =
    "people:\n  - {key: anna, name: Anna Holm, idno: \"6403574218\", about: {da: Borger}}\n"
    "  - {key: bo, name: Bo, idno: \"6705791235\", roles: [caseworker], units: [team], about: {da: Sagsbehandler}}\n";

static struct str replaced(struct cx *cx, const char *text, const char *from, const char *to)
{
    struct str s = str_of(text);
    size_t at = str_find(s, str_of(from), 0);
    assert_true(at < s.n);
    return str_fmt(cx->arena, "%.*s%s%.*s", (int)at, text, to, (int)(s.n - at - strlen(from)),
                   text + at + strlen(from));
}

static struct municipality muni(enum country country)
{
    return (struct municipality){.country = country, .rules = municipality_country(country)};
}

static void loads_what_is_right(void **state)
{
    struct cx *cx = test_cx();
    struct problems ps = problems_make(cx->arena);
    const struct municipality *m;
    (void)state;
    assert_ok(cx, municipality_parse(cx, cx->arena, str_of(good), str_of(people), &ps, &m));
    assert_str(m->name, "Fjordby Kommune");
    assert_str(municipality_unit_phone(m, municipality_unit(m, S("team"))), "2");
    assert_str(municipality_unit_email(m, municipality_unit(m, S("team"))), "a@b.example");
    assert_int_equal(m->people.n, 2);
    assert_false(m->people.p[0].employee);
    assert_true(m->people.p[1].employee);
    assert_str(civil_iso_day(cx->arena, m->people.p[0].born), "1957-03-04");
    assert_null(municipality_unit(m, S("nowhere")));
    test_cx_free(cx);
}

/* The example municipality of this repository is right, with its people. */
static void loads_the_example(void **state)
{
    struct cx *cx = test_cx();
    struct problems ps = problems_make(cx->arena);
    const struct municipality *m;
    (void)state;
    assert_ok(cx, municipality_load(cx, cx->arena, test_path(cx, "municipality"), true, &ps, &m));
    assert_int_equal(m->people.n, 15);
    assert_int_equal(m->organisations.n, 1);
    assert_true(m->logo_svg.n > 100);
    assert_int_equal(municipality_load(cx, cx->arena, test_path(cx, "nowhere"), true, &ps, &m), ERR_IO);
    test_cx_free(cx);
}

static const struct fault {
    const char *from, *to;
    const char *place, *says; /* in the one line of the fault */
} faults[] = {
    {"country: DK", "country: SE", "5:10", "one of (DK NO)"},
    {"country: DK", "cuntry: DK", "5:1", "did you mean 'country'"},
    {"languages: [da]", "languages: [dk]", "6:13", "is not a language we know"},
    {"primary: \"#00543c\"", "primary: \"#7fd4a0\"", "10:", "at least 4.50:1"},
    {"primary: \"#00543c\"", "primary: \"green\"", "10:", "is not a colour"},
    {"parent: sundhed", "parent: nowhere", "13:", "no unit 'nowhere' above"},
    {"key: team", "key: sundhed", "13:", "two units"},
    {"name: {da: Team}", "name: {en: Team}", "13:", "lacks its text in the language da"},
    {"postal_days: 5", "postal_days: soon", "16:", "whole number from 1 to 30"},
    {"warn_minutes: 5", "warn_minutes: 40", "17:", "warning comes before"},
    {"mail: {", "mail: {smtp: {url: \"http://x\"}, ", "18:", "not an address of a mail server"},
    {"mail: {",
     "login: {citizens: {name: {da: X}, issuer: \"http://x\", client_id: a, scope: openid, claims: {idno: pid}, "
     "levels: {high: x}}}\nmail: {",
     "18:", "issuer must be https"},
    {"mail: {",
     "login: {citizens: {name: {da: X}, issuer: \"https://x\", client_id: a, scope: openid, claims: {name: n}, "
     "levels: {high: x}}}\nmail: {",
     "18:", "which claim holds the identity number"},
    {"mail: {",
     "login: {citizens: {name: {da: X}, issuer: \"https://x\", client_id: a, scope: openid, claims: {idno: n}, "
     "levels: {hihg: x}}}\nmail: {",
     "18:", "no level 'hihg'"},
};

static void names_each_fault(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct cx *cx = test_cx();
        struct problems ps = problems_make(cx->arena);
        const struct municipality *m = NULL;
        struct buf b = buf_make(cx->arena);
        struct str yaml = replaced(cx, good, faults[i].from, faults[i].to);
        assert_int_equal(municipality_parse(cx, cx->arena, yaml, (struct str){0}, &ps, &m), ERR_CONFIG);
        assert_null(m);
        problems_text(&ps, &b);
        struct str text = buf_str(&b), place = str_fmt(cx->arena, "municipality.yaml:%s", faults[i].place);
        if (str_find(text, str_of(faults[i].says), 0) >= text.n || str_find(text, place, 0) >= text.n)
            fail_msg("fault %zu: wanted \"%s\" at %s, got: %.*s", i, faults[i].says, faults[i].place, STR_ARG(text));
        test_cx_free(cx);
    }
}

static const struct fault people_faults[] = {
    {"6403574218", "0403574218", "2:", "can belong to nobody"},
    {"6403574218", "6705791235", "3:", "two people have the number"},
    {"key: bo", "key: anna", "3:", "two people have the key"},
    {"roles: [caseworker]", "roles: [boss]", "3:", "no role 'boss'"},
    {"units: [team]", "units: [tema]", "3:", "no unit 'tema'"},
    {"units: [team], ", "", "3:", "needs a unit"},
    {"key: anna,", "key: anna, custody: [nobody],", "2:", "no person 'nobody'"},
    {"people:", "organisations: [{number: \"1234567\", name: X}]\npeople:", "1:", "no number of an organisation"},
    {"people:", "organisations: [{number: \"12345678\", name: X, represented_by: [eva]}]\npeople:", "1:",
     "no person 'eva'"},
};

static void names_each_fault_of_people(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof people_faults / sizeof *people_faults; i++) {
        struct cx *cx = test_cx();
        struct problems ps = problems_make(cx->arena);
        const struct municipality *m = NULL;
        struct buf b = buf_make(cx->arena);
        struct str yaml = replaced(cx, people, people_faults[i].from, people_faults[i].to);
        assert_int_equal(municipality_parse(cx, cx->arena, str_of(good), yaml, &ps, &m), ERR_CONFIG);
        problems_text(&ps, &b);
        struct str text = buf_str(&b), place = str_fmt(cx->arena, "people.yaml:%s", people_faults[i].place);
        if (str_find(text, str_of(people_faults[i].says), 0) >= text.n || str_find(text, place, 0) >= text.n)
            fail_msg("fault %zu: wanted \"%s\", got: %.*s", i, people_faults[i].says, STR_ARG(text));
        test_cx_free(cx);
    }
}

static day_t day(const char *iso)
{
    day_t d;
    assert_true(civil_parse_day(str_of(iso), &d));
    return d;
}

static void danish_holidays(void **state)
{
    struct municipality m = muni(COUNTRY_DK);
    (void)state;
    static const char *const closed[] = {"2026-01-01", "2026-04-02", "2026-04-03", "2026-04-05", "2026-04-06",
                                         "2026-05-14", "2026-05-24", "2026-05-25", "2026-06-05", "2026-12-24",
                                         "2026-12-25", "2026-12-26", "2026-12-31", "2023-05-05"};
    static const char *const open[] = {"2026-05-01", "2026-05-17", "2024-04-26", "2026-04-01", "2026-05-15"};
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
        assert_true(municipality_is_holiday(&m, day(closed[i])));
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        assert_false(municipality_is_holiday(&m, day(open[i])));
}

static void norwegian_holidays(void **state)
{
    struct municipality m = muni(COUNTRY_NO);
    (void)state;
    assert_true(municipality_is_holiday(&m, day("2026-05-01")));
    assert_true(municipality_is_holiday(&m, day("2026-05-17")));
    assert_false(municipality_is_holiday(&m, day("2026-12-24")));
    assert_false(municipality_is_holiday(&m, day("2026-06-05")));
    assert_true(municipality_is_holiday(&m, day("2026-04-02")));
}

static void counts_working_days(void **state)
{
    struct municipality m = muni(COUNTRY_DK);
    (void)state;
    /* over Easter 2026: Wednesday 1 April, then nothing until Tuesday 7 April */
    assert_int_equal(municipality_add_working_days(&m, day("2026-04-01"), 1), day("2026-04-07"));
    assert_int_equal(municipality_add_working_days(&m, day("2026-04-04"), 0), day("2026-04-07"));
    assert_int_equal(municipality_add_working_days(&m, day("2026-04-07"), -1), day("2026-04-01"));
    assert_int_equal(municipality_add_working_days(&m, day("2026-11-23"), 10), day("2026-12-07"));
    assert_int_equal(municipality_working_days_between(&m, day("2026-04-01"), day("2026-04-08")), 2);
    assert_int_equal(municipality_working_days_between(&m, day("2026-04-08"), day("2026-04-01")), -2);
}

static void appeal_ends_on_a_working_day(void **state)
{
    struct municipality dk = muni(COUNTRY_DK), no = muni(COUNTRY_NO);
    (void)state;
    assert_int_equal(municipality_appeal_deadline(&dk, day("2026-11-23")), day("2026-12-21"));
    assert_int_equal(municipality_appeal_deadline(&dk, day("2026-11-26")),
                     day("2026-12-28")); /* Christmas Eve, then a Sunday */
    assert_int_equal(municipality_appeal_deadline(&no, day("2026-11-23")), day("2026-12-14"));
}

/* Calendar days, not twenty working days, which over Christmas are five weeks. */
static void the_new_look_ends_after_four_weeks(void **state)
{
    struct municipality dk = muni(COUNTRY_DK), no = muni(COUNTRY_NO);
    (void)state;
    assert_int_equal(municipality_review_deadline(&dk, day("2026-11-23")), day("2026-12-21"));
    assert_int_equal(municipality_review_deadline(&dk, day("2026-12-03")), day("2027-01-04")); /* New Year's Eve */
    assert_int_equal(municipality_review_deadline(&no, day("2026-12-03")), day("2026-12-31"));
}

static void contrast_after_wcag(void **state)
{
    (void)state;
    assert_int_equal(municipality_contrast(S("#000000"), S("#ffffff")), 2100);
    assert_int_equal(municipality_contrast(S("#767676"), S("#ffffff")), 454);
    assert_int_equal(municipality_contrast(S("#777777"), S("#ffffff")), 447);
    assert_int_equal(municipality_contrast(S("red"), S("#ffffff")), -1);
}

static void each_country_speaks_each_language(void **state)
{
    static const enum country countries[] = {COUNTRY_DK, COUNTRY_NO};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const struct country_rules *r = municipality_country(countries[i]);
        for (int l = 0; l < LANG_COUNT; l++)
            assert_true(r->appeal_term.in[l].n && r->idno_name.in[l].n && r->appeal_body.in[l].n);
    }
    assert_str(municipality_country(COUNTRY_DK)->appeal_term.in[LANG_NN], "4 veker");
    assert_str(municipality_country(COUNTRY_NO)->appeal_body.in[LANG_NN], "Statsforvaltaren");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_what_is_right),
        cmocka_unit_test(loads_the_example),
        cmocka_unit_test(names_each_fault),
        cmocka_unit_test(names_each_fault_of_people),
        cmocka_unit_test(danish_holidays),
        cmocka_unit_test(norwegian_holidays),
        cmocka_unit_test(counts_working_days),
        cmocka_unit_test(appeal_ends_on_a_working_day),
        cmocka_unit_test(the_new_look_ends_after_four_weeks),
        cmocka_unit_test(contrast_after_wcag),
        cmocka_unit_test(each_country_speaks_each_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
