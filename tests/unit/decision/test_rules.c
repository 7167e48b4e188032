/* Rules: what check says of a folder, the yes on the spot, the person who decides otherwise, and the laws below them.
 */
#include "../casefile/house.h"

#include <stdlib.h>

#include "decision/decision_rules.h"
#include "letter/letter.h"
#include "rules_attack_store.h"

#define SERVICE "oekonomisk-friplads"
#define FOLDER "services/" SERVICE

/* ---- the folder ---- */

static const struct service_part *const parts[] = {&form_part, &letter_part, &decision_part};

struct change {
    const char *file, *from, *to, *says;
};

static struct str replaced(struct cx *cx, struct str s, struct str from, struct str to)
{
    size_t at = str_find(s, from, 0);
    if (at == s.n)
        fail_msg("the folder has no \"%.*s\" any more", STR_ARG(from));
    struct buf b = buf_make(cx->arena);
    buf_add(&b, str_slice(s, 0, at));
    buf_add(&b, to);
    buf_add(&b, str_slice(s, at + from.n, s.n));
    return buf_str(&b);
}

/* The service's files, with these texts replaced. */
static struct service_version *load_changed(struct cx *cx, const struct change *c, size_t n, struct problems *ps)
{
    struct service_version *whole, *v = NULL;
    struct problems none = problems_make(cx->arena);
    service_parts_register(parts, 3);
    assert_ok(cx, service_load_folder(cx, cx->arena, test_path(cx, FOLDER), &none, &whole));
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < whole->files.n; i++)
            if (str_eq_z(whole->files.p[i].path, c[k].file))
                whole->files.p[i].text = replaced(cx, whole->files.p[i].text, str_of(c[k].from), str_of(c[k].to));
    if (service_load_files(cx, cx->arena, S("friplads"), whole->files.p, whole->files.n, ps, &v))
        return NULL;
    return v;
}

static struct service_version *load(struct cx *cx, const struct change *c, struct problems *ps)
{
    return load_changed(cx, c, c->file ? 1 : 0, ps);
}

static const struct change faults[] = {
    /* law 9 */
    {"service.yaml", ", on_word: dtl43", "", "7: `figures_right` is typed by the citizen"},
    {"form.yaml", "attr: income\n          edit: false", "attr: income\n          edit: true",
     "what the register says of the household can not be edited (law 9)"},
    {"service.yaml", "on_word: dtl43", "on_word: nolaw", "there is no law 'nolaw'"},
    {"service.yaml", "field: children}", "field: children, on_word: dtl43}", "this is not typed by the citizen"},
    /* bound and typed */
    {"service.yaml", "    - {input: Children, field: children}\n", "",
     "rules.dmn:17:1: the input \"Children\" is bound to nothing"},
    {"service.yaml", "field: children}", "field: single}",
     "rules.dmn:17:1: the input \"Children\" is bound to something of another type"},
    {"service.yaml", "field: children}", "field: kids}", "the form asks no `kids`"},
    {"service.yaml", "field: children}", "register: pets}", "the registers have no 'pets'"},
    {"service.yaml", "field: children}", "field: children, value: 1}", "an input is bound to one thing, not to 2"},
    {"service.yaml", "field: children}", "field: partner_name, on_word: dtl43}",
     "is bound to something of another type"},
    {"service.yaml", "field: other_places", "field: child_place", "`child_place` is answered in rows"},
    {"service.yaml", "field: other_places", "field: places", "`places` is answered in rows"},
    {"service.yaml", "value: 7000}", "value: many}", "`many` is no value for it"},
    {"service.yaml", "{input: Children, ", "{input: Kids, ", "the decision needs no \"Kids\""},
    {"rules.dmn", "<variable name=\"Children\" typeRef=\"number\"/>", "<variable name=\"Children\"/>",
     "the input \"Children\" has no type"},
    /* the answer */
    {"service.yaml", "decision: Outcome", "decision: Result", "the model has no decision \"Result\""},
    {"service.yaml", "grant: grant", "grant: yes", "\"Outcome\" can never be \"yes\""},
    {"service.yaml", "    - word: Limit for the family", "    - word: Limit", "\"Limit for the family\" has no words"},
    {"service.yaml", "    - word: Children\n", "    - word: Kids\n", "`Children` has no words"},
    /* the model: right throughout, no gap, no overlap */
    {"rules.dmn", "&gt;= 1</text></inputEntry>\n        <inputEntry><text>&gt; 0",
     "&gt;= 2</text></inputEntry>\n        <inputEntry><text>&gt; 0",
     "\"Outcome\" has a gap: no rule for Income above the limit = -0.1, Subsidy in percent = 0, Children = 1"},
    {"rules.dmn", "&lt;= 0</text>", "&lt; 0</text>",
     "no rule for Income above the limit = 0, Subsidy in percent = 0, Children = 1"},
    {"rules.dmn", "&lt; 1</text>", "&lt; 2</text>", "rules 1 and 4 both hold for"},
    {"rules.dmn", "<text>Household income - Limit", "<text>Household incme - Limit",
     "rules.dmn:62:1: decision \"Outcome\""},
    {"rules.dmn", "</definitions>", "", "rules.dmn"},
    /* periods */
    {"service.yaml", "{file: rules.dmn, from: 2026-01-01}", "{file: rules-2027.dmn, from: 2026-01-01}",
     "there is no rules-2027.dmn"},
    {"service.yaml", "from: 2026-01-01}\n", "from: 2026-01-01}\n    - {file: rules.dmn, from: 2026-06-01}\n",
     "are valid on the same days"},
    {"service.yaml", "from: 2026-01-01}", "from: 2026-01-01, until: 2025-01-01}", "the rules end before they begin"},
    /* letters: nobody looks at them first */
    {"letters/granted.da.md", "## Hvorfor", "Svar senest {{deadline}}.\n\n## Hvorfor",
     "{{deadline}} has no value in a letter that rules send"},
    {"service.yaml", "rules:\n  decision", "links2:\n  decision", "nobody would ask these rules"},
};

static void check_says_what_is_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct cx *cx = test_cx();
        struct problems ps = problems_make(cx->arena);
        struct buf b = buf_make(cx->arena);
        struct change c = faults[i];
        assert_null(load(cx, &c, &ps));
        problems_text(&ps, &b);
        if (str_find(buf_str(&b), str_of(c.says), 0) >= buf_str(&b).n)
            fail_msg("fault %zu: wanted \"%s\", got:\n%.*s", i, c.says, STR_ARG(buf_str(&b)));
        test_cx_free(cx);
    }
}

/* A law lets the citizen's word be enough for many things, not for their income. */
static void typed_money_has_no_word(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct problems ps = problems_make(cx->arena);
    struct buf b = buf_make(cx->arena);
    const struct change bound = {"service.yaml", "field: income}", "field: wage_monthly, on_word: dtl43}", ""};
    assert_null(load(cx, &bound, &ps));
    problems_text(&ps, &b);
    if (str_find(buf_str(&b), S("`wage_monthly` is money that the citizen types; it cannot decide (law 9)"), 0) ==
        buf_str(&b).n)
        fail_msg("got: %.*s", STR_ARG(buf_str(&b)));
    test_cx_free(cx);
}

/* A folder whose rules look at a computed figure instead of at the children without a place. */
static struct service_version *load_computed(struct cx *cx, const char *more, struct problems *ps)
{
    const struct change c[] = {
        {"form.yaml", "      - id: income_changes\n",
         str_z(cx->arena,
               str_fmt(cx->arena,
                       "      - id: figure\n        type: number\n        label: {da: x, nb: x, nn: x, en: x}\n"
                       "        min: 0\n%s      - id: income_changes\n",
                       more)),
         ""},
        {"service.yaml", "field: other_places", "field: figure", ""},
    };
    return load_changed(cx, c, 2, ps);
}

/* Nor does money that is typed decide by what is computed from it. */
static void what_is_computed_from_typed_money_has_no_word(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "        value: { quotient: [wage_monthly, 1000] }\n",
        "        value: { sum: [household_monthly, 1] }\n", /* which is computed itself */
        "        value: { choose: [{ gt: [wage_monthly, 100] }, 1, 0] }\n",
        "        value: { count: [places, { not: { empty: wage_monthly } }] }\n",
        "        value: 1\n        when: { gt: [wage_monthly, 100] }\n",
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct cx *cx = test_cx();
        struct problems ps = problems_make(cx->arena);
        struct buf b = buf_make(cx->arena);
        assert_null(load_computed(cx, refused[i], &ps));
        problems_text(&ps, &b);
        const struct str says = S("`figure` is computed from money that the citizen types; it cannot decide (law 9)");
        if (str_find(buf_str(&b), says, 0) == buf_str(&b).n)
            fail_msg("%s: got: %.*s", refused[i], STR_ARG(buf_str(&b)));
        test_cx_free(cx);
    }
    struct cx *cx = test_cx();
    struct problems ps = problems_make(cx->arena);
    assert_non_null(load_computed(cx, "        value: { sum: [other_places, { count: places }] }\n", &ps));
    test_cx_free(cx);
}

/* What is typed, so that it would be a yes. */
#define ANSWERED "\"figures_right\":true,\"income_changes\":false,\"other_places\":\"0\""

/* Money that the citizen types does not become a register's word by another name: the field is added, then bound. */
static void typed_income_never_decides(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct problems ps = problems_make(cx->arena);
    struct service_version *v = load(cx, &(struct change){0}, &ps);
    assert_non_null(v);
    assert_non_null(v->rules);
    assert_true(v->asks_household);
    const struct rules_set *set = rules_of_day(v->rules, civil_to_day(2026, 6, 1));
    assert_non_null(set);
    assert_null(rules_of_day(v->rules, civil_to_day(2025, 12, 31)));
    /* an answer posted for a fixed field has no source in the record: it is not known */
    struct rules_facts facts;
    struct rules_said said;
    struct rules_case in = {
        .answers_json =
            S("{\"answers\":{\"income\":100,\"children\":\"2\",\"single\":true," ANSWERED "},\"sources\":{}}"),
        .day = civil_to_day(2026, 6, 1)};
    assert_ok(cx, rules_gather(cx, v->rules, set, &in, &facts));
    rules_ask(cx, v->rules, set, &facts, &(struct rules_asked){.now_us = cx->now_us}, &said);
    assert_int_equal(said.why, DECISION_WHY_MISSING);
    /* what the person has told on my page is no register either */
    in.answers_json = S("{\"answers\":{\"income\":100,\"children\":\"2\",\"single\":true," ANSWERED "},"
                        "\"sources\":{\"income\":{\"source\":\"self\",\"at\":\"2026-01-15T11:00:00Z\"},"
                        "\"children\":{\"source\":\"register\",\"at\":\"2026-01-15T11:00:00Z\"},"
                        "\"single\":{\"source\":\"register\",\"at\":\"2026-01-15T11:00:00Z\"}}}");
    assert_ok(cx, rules_gather(cx, v->rules, set, &in, &facts));
    rules_ask(cx, v->rules, set, &facts, &(struct rules_asked){.now_us = cx->now_us}, &said);
    assert_int_equal(said.why, DECISION_WHY_MISSING);
    assert_str(said.about->name, "Household income");
    /* the register's word of today decides, that of the day before yesterday does not */
    in.answers_json = replaced(cx, in.answers_json, S("\"source\":\"self\""), S("\"source\":\"income\""));
    assert_ok(cx, rules_gather(cx, v->rules, set, &in, &facts));
    rules_ask(cx, v->rules, set, &facts, &(struct rules_asked){.now_us = cx->now_us, .only_today = true}, &said);
    assert_int_equal(said.why, DECISION_WHY_GRANTED);
    assert_str(said.result, "\"grant\"");
    rules_ask(cx, v->rules, set, &facts, &(struct rules_asked){.now_us = cx->now_us + 2 * DAY_US, .only_today = true},
              &said);
    assert_int_equal(said.why, DECISION_WHY_OLD);
    test_cx_free(cx);
}

static enum decision_why said_on(struct cx *cx, const struct service_version *v, day_t day, struct str *ret_file)
{
    const struct rules_set *set = rules_of_day(v->rules, day);
    struct rules_facts facts;
    struct rules_said said;
    struct rules_case in = {.answers_json =
                                S("{\"answers\":{\"income\":25000000,\"children\":\"1\",\"single\":false," ANSWERED
                                  "},\"sources\":{\"income\":{\"source\":\"income\",\"at\":"
                                  "\"2026-01-15T11:00:00Z\"},\"children\":{\"source\":\"register\",\"at\":"
                                  "\"2026-01-15T11:00:00Z\"},\"single\":{\"source\":\"register\",\"at\":"
                                  "\"2026-01-15T11:00:00Z\"}}}"),
                            .day = day};
    assert_non_null(set);
    *ret_file = set->file;
    assert_ok(cx, rules_gather(cx, v->rules, set, &in, &facts));
    rules_ask(cx, v->rules, set, &facts, &(struct rules_asked){.now_us = cx->now_us}, &said);
    return said.why;
}

/* A new year's rules lie beside the old ones: each day has its own. */
static void rules_have_their_days(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct problems ps = problems_make(cx->arena);
    struct buf b = buf_make(cx->arena);
    struct service_version *old = load(cx, &(struct change){0}, &ps), *v;
    struct service_file *files = arena_array(cx->arena, struct service_file, old->files.n + 1);
    struct str file;
    for (size_t i = 0; i < old->files.n; i++) {
        files[i] = old->files.p[i];
        if (str_eq_z(files[i].path, "service.yaml"))
            files[i].text = replaced(cx, files[i].text, S("{file: rules.dmn, from: 2026-01-01}"),
                                     S("{file: rules.dmn, from: 2026-01-01, until: 2026-12-31}\n"
                                       "    - {file: rules-2027.dmn, from: 2027-01-01}"));
        if (str_eq_z(files[i].path, "rules.dmn")) {
            files[old->files.n] = files[i];
            files[old->files.n].path = S("rules-2027.dmn");
            files[old->files.n].text =
                replaced(cx, files[i].text, S("Income limit + (if"), S("Income limit + 50000 + (if"));
        }
    }
    if (service_load_files(cx, cx->arena, S("friplads"), files, old->files.n + 1, &ps, &v)) {
        problems_text(&ps, &b);
        fail_msg("%.*s", STR_ARG(buf_str(&b)));
    }
    assert_int_equal(said_on(cx, v, civil_to_day(2026, 12, 31), &file), DECISION_WHY_OTHER);
    assert_str(file, "rules.dmn");
    assert_int_equal(said_on(cx, v, civil_to_day(2027, 1, 1), &file), DECISION_WHY_GRANTED);
    assert_str(file, "rules-2027.dmn");
    assert_null(rules_of_day(v->rules, civil_to_day(2025, 12, 31)));
    test_cx_free(cx);
}

/* The receipt speaks the reader's language: words, numbers, annotations, and what kept the nearest rule from holding.
 */
static void the_receipt_speaks_each_language(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct problems ps = problems_make(cx->arena);
    struct service_version *v = load(cx, &(struct change){0}, &ps);
    const struct rules_set *set = rules_of_day(v->rules, civil_to_day(2026, 6, 1));
    struct rules_facts facts;
    struct rules_said said;
    struct rules_case in = {.answers_json =
                                S("{\"answers\":{\"income\":41230000,\"children\":\"1\",\"single\":false," ANSWERED
                                  "},\"sources\":{\"income\":{\"source\":\"income\",\"at\":"
                                  "\"2026-01-15T11:00:00Z\"},\"children\":{\"source\":\"register\",\"at\":"
                                  "\"2026-01-15T11:00:00Z\"},\"single\":{\"source\":\"register\",\"at\":"
                                  "\"2026-01-15T11:00:00Z\"}}}"),
                            .day = civil_to_day(2026, 6, 1)};
    assert_ok(cx, rules_gather(cx, v->rules, set, &in, &facts));
    rules_ask(cx, v->rules, set, &facts, &(struct rules_asked){.now_us = cx->now_us}, &said);
    assert_int_equal(said.why, DECISION_WHY_OTHER);
    static const struct {
        enum lang lang;
        const char *has;
    } wanted[] = {
        {LANG_DA, "Svaret: en medarbejder ser på, hvor meget betalingen kan sættes ned.\n"},
        {LANG_DA, "Tilskud i procent: 54.\n"},
        {LANG_DA, "Regel 2: Husstandens indkomst er højere end grænsen"},
        {LANG_DA, "Regel 1 passede næsten: »Indkomst over grænsen« skulle være højst 0, men er 196.800.\n"},
        {LANG_NB, "Regel 2: Inntekten til husstanden er høyere enn grensen"},
        {LANG_NB, "Svaret: en medarbeider ser på hvor mye betalingen kan settes ned, fordi regel 2 passer.\n"},
        {LANG_NN, "Svaret: ein medarbeidar ser på kor mykje betalinga kan setjast ned, fordi regel 2 passar.\n"},
        {LANG_NN, "Regel 1 passa nesten: «Inntekt over grensa» skulle ha vore høgst 0, men er 196"},
        {LANG_EN, "The answer: an employee looks at how much the fee can be reduced.\n"},
        {LANG_EN, "Rule 1 nearly matched: “Income above the limit” should have been at most 0, but is 196,800.\n"},
        {LANG_EN, "The limit for the family: 215,500.\n"},
        {LANG_EN, "196,800"},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (str_find(said.sentences[wanted[i].lang], str_of(wanted[i].has), 0) >= said.sentences[wanted[i].lang].n)
            fail_msg("wanted \"%s\", got:\n%.*s", wanted[i].has, STR_ARG(said.sentences[wanted[i].lang]));
    assert_true(str_find(said.sentences[LANG_EN], S("Husstand"), 0) == said.sentences[LANG_EN].n);
    test_cx_free(cx);
}

/* Amounts are shown with their øre, and typed as people type them: 215.500 kroner are no 215½. */
static void numbers_as_people_write_them(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct problems ps = problems_make(cx->arena);
    struct decision_trial trial;
    struct decision_tried said;
    cx->lang = LANG_DA;
    struct service_version *v = load(cx, &(struct change){0}, &ps);
    const struct rules_input *income = &v->rules->inputs.p[0], *children = &v->rules->inputs.p[1];
    struct rules_fact f = {.input = income, .value = rules_number(2155005, 1), .origin = DECISION_REGISTER};
    f.source = S("income");
    assert_true(str_starts(rules_fact_words(cx, v->rules, &f).value, S("215.500,50")));
    f = (struct rules_fact){.input = children, .value = rules_number(25, 1), .origin = DECISION_REGISTER};
    assert_str(rules_fact_words(cx, v->rules, &f).value, "2,5");
    static const struct {
        const char *income, *children;
        enum decision_why why;
        size_t wrong;
    } tried[] = {{"215.500", "1", DECISION_WHY_GRANTED, 0},
                 {"215.501", "1", DECISION_WHY_OTHER, 0},
                 {"215.500,01", "1", DECISION_WHY_OTHER, 0},
                 {"222 500 kr.", "2,0", DECISION_WHY_GRANTED, 0},
                 {"mange", "1", DECISION_WHY_MISSING, 1}};
    for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
        decision_trial_begin(cx, v, &trial);
        trial.inputs.p[0].value = str_of(tried[i].income);
        trial.inputs.p[1].value = str_of(tried[i].children);
        trial.inputs.p[2].value = S("false");
        trial.inputs.p[3].value = S("true");
        trial.inputs.p[4].value = S("false");
        trial.inputs.p[5].value = S("0");
        decision_trial_ask(cx, v, &trial, &said);
        assert_int_equal(said.wrong.n, tried[i].wrong);
        assert_int_equal(said.why, tried[i].why);
    }
    test_cx_free(cx);
}

/* A table of outcomes has a day, and so has an input that is bound to it. */
static void a_table_of_outcomes_knows_its_day(void **state)
{
    (void)state;
    static const char table[] = "about: x\ntoday: %s\ntable:\n  inputs: [Household income, Children, Lives alone, "
                                "Figures are right, Income will change, "
                                "Children without a place in day care]\n  rows:\n"
                                "    - [215500, 1, false, true, false, 0, %s]\n";
    const struct change by_day[] = {
        {"rules.dmn", "<inputData id=\"limit\"",
         "<inputData id=\"sent\" name=\"Sent\"><variable name=\"Sent\" typeRef=\"date\"/></inputData>\n"
         "  <inputData id=\"limit\"",
         ""},
        {"rules.dmn", "<informationRequirement><requiredInput href=\"#limit\"/>",
         "<informationRequirement><requiredInput href=\"#sent\"/></informationRequirement>"
         "<informationRequirement><requiredInput href=\"#limit\"/>",
         ""},
        {"rules.dmn", "<text>Income limit + (if Lives",
         "<text>(if Sent &gt;= date(\"2026-03-01\") then 0 else -1) + Income limit + (if Lives", ""},
        {"service.yaml", "    - {input: Income limit,", "    - {input: Sent, day: true}\n    - {input: Income limit,",
         ""},
        {"service.yaml", "    - word: Income limit\n",
         "    - word: Sent\n      text: {da: Sendt, nb: Sendt, nn: Sendt, en: Sent}\n    - word: Income limit\n", ""},
    };
    struct cx *cx = test_cx();
    struct problems ps = problems_make(cx->arena);
    struct service_version *v = load_changed(cx, by_day, sizeof by_day / sizeof *by_day, &ps);
    struct buf b = buf_make(cx->arena);
    problems_text(&ps, &b);
    if (!v)
        fail_msg("%.*s", STR_ARG(buf_str(&b)));
    static const char *const days[][2] = {{"2026-03-02", "grant"}, {"2026-02-27", "person"}};
    for (size_t i = 0; i < 2; i++) {
        struct str text = str_fmt(cx->arena, table, days[i][0], days[i][1]);
        struct yaml *example = yaml_read(cx, &ps, S("x.yaml"), text);
        assert_non_null(example);
        assert_ok(cx, decision_part.try_example(cx, v, example, &ps));
    }
    problems_text(&ps, &b);
    assert_str(buf_str(&b), "");
    test_cx_free(cx);
}

/* ---- in the house ---- */

static void open_doors(void)
{
    casefile_on_submission(
        &(struct casefile_submission_hooks){.decide = decision_at_submission, .tell = letter_at_submission});
}

/* What one answers whom the registers know, and what others are asked besides; an income is posted too. */
#define ANSWERS(place) \
    { \
        {"phone", "20 00 00 11"}, {"income", "1"}, {"figures_right", "true"}, {"lives", "alone"}, \
            {"changed", "false"}, {"partner_knows", "true"}, {"places", "aaaaaaaa"}, {"aaaaaaaa:child_name", "Alma"}, \
            {"aaaaaaaa:child_born.day", "4"}, {"aaaaaaaa:child_born.month", "5"}, \
            {"aaaaaaaa:child_born.year", "2023"}, {"aaaaaaaa:child_place", place}, {"income_kinds", "study"}, \
            {"study_monthly", "7086"}, {"income_changes", "false"}, {"papers_how", "later"}, {"from.day", "1"}, \
            {"from.month", "2"}, {"from.year", "2026"}, {"duty", "true"}, {"truth", "true"}, \
    }

static int64_t fill(struct cx *cx, const char *place, int64_t *ret_version)
{
    const char *const answers[][2] = ANSWERS(place);
    return house_fill(cx, SERVICE, answers, sizeof answers / sizeof *answers, ret_version);
}

static int64_t apply(struct cx *cx, const char *person, const char *place)
{
    struct casefile_receipt receipt;
    int64_t version;
    house_party(cx, person);
    int64_t draft = fill(cx, place, &version);
    assert_ok(cx, casefile_submit(cx, draft, version, &receipt));
    return receipt.casefile_id;
}

static void a_yes_on_the_spot(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct q_rules_attack_counts n;
    struct decision d;
    struct decision_ruling r;
    struct letter *letters;
    size_t n_letters;
    bool found;
    open_doors();
    int64_t id = apply(cx, "maja", "nursery"); /* an income she posts is not looked at (law 9) */
    assert_ok(cx, q_rules_attack_counts(cx, &n));
    assert_int_equal(n.casefiles, 1);
    assert_int_equal(n.decisions, 1);
    assert_int_equal(n.rulings, 1);
    assert_int_equal(n.facts, 10);
    assert_int_equal(n.letters, 1);
    assert_int_equal(house_state(cx, id), CASEFILE_DECIDED);
    /* the party sees at once what was decided and on what */
    struct casefile_view view = house_view(cx, id);
    assert_ok(cx, decision_of(cx, &view, &d));
    assert_int_equal(d.state, DECISION_FINAL);
    assert_int_equal(d.outcome, DECISION_GRANTED);
    assert_int_equal(d.author_employee_id, 0);
    assert_int_equal(d.rule_version_id, view.file.service_version_id);
    assert_str(d.lines.p[0].legal_basis, "dagtilbudsloven § 43");
    assert_true(str_starts(d.lines.p[0].reason, S("Husstandens indkomst er ikke højere")));
    assert_ok(cx, decision_ruling_of(cx, &view, &r, &found));
    assert_true(found);
    assert_int_equal(r.why, DECISION_WHY_GRANTED);
    assert_str(r.facts.p[0].label, "Husstandens indkomst om året");
    assert_true(str_starts(r.facts.p[0].value, S("198.400,00")));
    assert_str(r.facts.p[0].source, "indkomstregistret, 15. januar 2026");
    assert_str(r.facts.p[2].value, "ja");
    assert_str(r.facts.p[3].source, "svaret i ansøgningen");
    assert_true(r.sentences.n > 3);
    /* and so does the case as a file: the decision, what the rules looked at and which of them matched */
    struct str json;
    assert_ok(cx, casefile_export(cx, &view, &json));
    for (size_t i = 0; i < 3; i++) {
        struct str words = (struct str[]){S("\"by\":\"rules\""), r.facts.p[0].source, r.sentences.p[1]}[i];
        assert_true(str_find(json, words, 0) < json.n);
    }
    /* the letter is queued in the same transaction, in her words and without second thoughts */
    house_system(cx);
    assert_ok(cx, letter_list_for_casefile(cx, id, &letters, &n_letters));
    assert_int_equal(n_letters, 1);
    assert_int_equal(letters[0].state, LETTER_QUEUED);
    assert_int_equal(letters[0].send_after_us, cx->now_us);
    assert_str(letters[0].title, "Du får fuld økonomisk friplads");
    assert_true(str_find(letters[0].markdown, S("Husstandens indkomst er ikke højere"), 0) < letters[0].markdown.n);
    assert_true(str_find(letters[0].markdown, S("Afgjort automatisk efter reglerne"), 0) < letters[0].markdown.n);
    /* when the letter has arrived nobody has anything left to do */
    assert_ok(cx, q_rules_attack_counts(cx, &n));
    assert_int_equal(n.tasks, 1);
    /* the same again later */
    struct decision_differences diff;
    assert_ok(cx, decision_replay(cx, view.file.no, &diff));
    for (size_t i = 0; i < diff.rows.n; i++)
        print_error("%.*s\n", STR_ARG(diff.rows.p[i]));
    assert_int_equal(diff.rows.n, 0);
    house_free(cx);
}

/* Anything but a full yes: a person, whose task is to call first; what the rules said is a suggestion. */
static void otherwise_a_person(void **state)
{
    (void)state;
    static const struct {
        const char *person, *place;
        enum decision_why why;
    } cases[] = {{"oskar", "nursery", DECISION_WHY_OTHER},
                 {"maja", "private", DECISION_WHY_OTHER},
                 {"anna", "nursery", DECISION_WHY_MISSING}};
    struct cx *cx = house_new();
    open_doors();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct q_rules_attack_task task;
        struct decision d;
        struct decision_ruling r;
        struct casefile_events events;
        struct decision_differences diff;
        bool found, told = false;
        int64_t id = apply(cx, cases[i].person, cases[i].place);
        assert_int_equal(house_state(cx, id), CASEFILE_RECEIVED);
        assert_ok(cx, q_rules_attack_task(cx, id, &task));
        assert_str(task.kind, "call");
        struct casefile_view view = house_view(cx, id);
        assert_err(cx, decision_of(cx, &view, &d), ERR_NOT_FOUND);
        assert_ok(cx, decision_ruling_of(cx, &view, &r, &found));
        assert_true(found);
        assert_int_equal(r.why, cases[i].why);
        assert_true(r.reason.n > 20);
        assert_ok(cx, casefile_events(cx, &view, &events));
        for (size_t k = 0; k < events.rows.n; k++)
            told |= str_eq_z(events.rows.p[k].kind, "to_person");
        assert_true(told);
        assert_ok(cx, decision_replay(cx, view.file.no, &diff));
        assert_int_equal(diff.rows.n, 0);
        /* the person decides as ever, and refuses only after a call */
        house_employee(cx, "mette");
        assert_ok(cx, casefile_take(cx, id, house_version(cx, id)));
        assert_ok(cx, decision_begin(cx, id, &d));
        d.lines.p[0].outcome = DECISION_REFUSED;
        d.lines.p[0].legal_basis = S("x");
        d.lines.p[0].reason = S("x");
        assert_ok(cx, decision_save(cx, d.id, d.version, d.lines.p, 1));
        assert_err(cx, decision_finalise(cx, d.id, d.version + 1, house_version(cx, id)), ERR_LAW);
        assert_ok(cx, casefile_call(cx, id, S("Vi talte om det."), true));
        assert_ok(cx, decision_finalise(cx, d.id, d.version + 1, house_version(cx, id)));
    }
    size_t n;
    struct decision_differences all;
    house_system(cx);
    size_t used = arena_used(cx->arena);
    assert_ok(cx, decision_replay_all(cx, &n, &all));
    assert_in_range(arena_used(cx->arena) - used, 0, 2000); /* of hundreds of thousands nothing stays */
    assert_int_equal(n, 3);
    assert_int_equal(all.rows.n, 0);
    assert_err(cx, decision_replay(cx, S("2026-999999"), &all), ERR_NOT_FOUND);
    house_free(cx);
}

/* A submission whose decision fails leaves nothing: no case file, no number, no draft taken. */
static enum err refuse_to_decide(struct cx *cx, int64_t casefile_id, const struct form_submission *s, bool *ret_granted)
{
    enum err e = decision_at_submission(cx, casefile_id, s, ret_granted);
    return e ? e : fail(cx, ERR_DB, "the disk is gone");
}

static void all_or_nothing(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_receipt r;
    struct q_rules_attack_counts n;
    int64_t version;
    house_party(cx, "maja");
    int64_t draft = fill(cx, "nursery", &version);
    casefile_on_submission(
        &(struct casefile_submission_hooks){.decide = refuse_to_decide, .tell = letter_at_submission});
    assert_err(cx, casefile_submit(cx, draft, version, &r), ERR_DB);
    assert_ok(cx, q_rules_attack_counts(cx, &n));
    assert_int_equal(n.casefiles + n.decisions + n.rulings + n.facts + n.letters + n.registrations + n.tasks, 0);
    open_doors();
    assert_ok(cx, casefile_submit(cx, draft, version, &r));
    assert_str(r.no, "2026-000001");
    assert_true(r.granted);
    assert_ok(cx, casefile_submit(cx, draft, version, &r)); /* law 1: once, with one decision and one letter */
    assert_true(r.repeated);
    assert_ok(cx, q_rules_attack_counts(cx, &n));
    assert_int_equal(n.decisions, 1);
    assert_int_equal(n.letters, 1);
    house_free(cx);
}

/* ---- the laws below ---- */

struct blow {
    enum err (*fn)(struct cx *cx, const struct blow *b);
    int64_t id, other, third;
    struct str text;
    bool flag;
};
static enum err strike_in(struct cx *cx, void *ctx)
{
    const struct blow *b = ctx;
    return b->fn(cx, b);
}
static void strike(struct cx *cx, struct blow b, const char *law)
{
    assert_err(cx, db_write(cx, strike_in, &b), ERR_LAW);
    if (!str_starts(cx->fail.detail, str_of(law)))
        fail_msg("wanted %s, got %.*s", law, STR_ARG(cx->fail.detail));
}
static void must(struct cx *cx, struct blow b)
{
    assert_ok(cx, db_write(cx, strike_in, &b));
}
#define BLOW(name, ...) \
    static enum err blow_##name(struct cx *cx, const struct blow *b) \
    { \
        return q_rules_attack_##name(cx, __VA_ARGS__); \
    }
BLOW(draft, b->id, b->other, b->third, cx->now_us)
BLOW(line, b->id, b->other, b->text)
BLOW(final, b->id, b->other, b->flag, cx->now_us)
BLOW(ruling, b->id, b->other, b->third, cx->now_us)
BLOW(fact, b->id, b->other, b->third, b->text)
BLOW(say_yes, b->id)
BLOW(forget, b->id)
BLOW(source, b->id)
BLOW(fact_drop, b->id)

/* A draft by rules on this case file, with one line; its id. */
static int64_t forged(struct cx *cx, int64_t casefile_id, enum decision_outcome outcome, const char *granted)
{
    struct casefile_view v;
    int64_t id = rand_id();
    house_system(cx);
    assert_ok(cx, casefile_open_as_system(cx, casefile_id, &v));
    must(cx, (struct blow){.fn = blow_draft, .id = id, .other = casefile_id, .third = v.file.service_version_id});
    must(cx, (struct blow){.fn = blow_line, .id = id, .other = outcome, .text = str_of(granted)});
    return id;
}

static void law_3_rules_that_did_not_say_yes_decide_nothing(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    open_doors();
    int64_t id = apply(cx, "oskar", "nursery");
    int64_t yes = forged(cx, id, DECISION_GRANTED, "");
    strike(cx, (struct blow){.fn = blow_final, .id = yes, .other = DECISION_GRANTED},
           "LAW 3: rules may grant only what they said yes to");
    assert_err(cx, decision_finalise(cx, yes, 1, 0), ERR_LAW);
    strike(cx, (struct blow){.fn = blow_say_yes, .id = id}, "LAW 8");
    strike(cx, (struct blow){.fn = blow_forget, .id = id}, "LAW 8");
    strike(cx, (struct blow){.fn = blow_source, .id = id}, "LAW 8");
    strike(cx, (struct blow){.fn = blow_fact_drop, .id = id}, "LAW 8");
    struct blow second = {.fn = blow_ruling, .id = id, .other = 1};
    assert_err(cx, db_write(cx, strike_in, &second), ERR_DUPLICATE);
    house_free(cx);
}

static void law_3_rules_never_refuse_and_never_give_less(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    casefile_on_submission(&(struct casefile_submission_hooks){0}); /* no rules were asked: the forger says they were */
    struct casefile_view v;
    for (int i = 0; i < 3; i++) {
        int64_t id = apply(cx, "maja", "nursery");
        house_system(cx);
        assert_ok(cx, casefile_open_as_system(cx, id, &v));
        must(cx, (struct blow){.fn = blow_ruling, .id = id, .other = v.file.service_version_id});
        must(cx, (struct blow){.fn = blow_fact, .id = id, .other = 1, .third = DECISION_REGISTER, .text = S("")});
        enum decision_outcome outcome = i == 0 ? DECISION_REFUSED : i == 1 ? DECISION_PARTLY : DECISION_GRANTED;
        int64_t d = forged(cx, id, outcome, i == 0 ? "" : "the half of it");
        strike(cx, (struct blow){.fn = blow_final, .id = d, .other = outcome, .flag = i < 2},
               i < 2 ? "LAW 3" : "LAW 3: rules grant in full, never less");
    }
    house_free(cx);
}

static void law_9_what_decides_comes_from_a_register(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    casefile_on_submission(&(struct casefile_submission_hooks){0});
    struct casefile_view v;
    for (int i = 0; i < 3; i++) {
        int64_t id = apply(cx, "maja", "nursery");
        house_system(cx);
        assert_ok(cx, casefile_open_as_system(cx, id, &v));
        must(cx, (struct blow){.fn = blow_ruling, .id = id, .other = v.file.service_version_id});
        /* a typed income beside a register; only what was typed, though a law lets it count; nothing at all */
        if (i == 0)
            must(cx, (struct blow){.fn = blow_fact, .id = id, .other = 1, .third = DECISION_REGISTER, .text = S("")});
        if (i < 2)
            must(cx, (struct blow){
                         .fn = blow_fact, .id = id, .other = 2, .third = DECISION_TYPED, .text = i ? S("§ 1") : S("")});
        int64_t d = forged(cx, id, DECISION_GRANTED, "");
        strike(cx, (struct blow){.fn = blow_final, .id = d, .other = DECISION_GRANTED}, "LAW 9");
    }
    /* a ruling of other rules than the case file's is none */
    int64_t id = apply(cx, "maja", "nursery");
    house_system(cx);
    must(cx, (struct blow){.fn = blow_ruling, .id = id, .other = 4711});
    must(cx, (struct blow){.fn = blow_fact, .id = id, .other = 1, .third = DECISION_REGISTER, .text = S("")});
    int64_t d = rand_id();
    must(cx, (struct blow){.fn = blow_draft, .id = d, .other = id, .third = 4711});
    must(cx, (struct blow){.fn = blow_line, .id = d, .other = DECISION_GRANTED, .text = S("")});
    strike(cx, (struct blow){.fn = blow_final, .id = d, .other = DECISION_GRANTED},
           "LAW 3: rules may grant only what they said yes to");
    house_free(cx);
}

static void law_8_what_rules_looked_at_stays(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    open_doors();
    int64_t id = apply(cx, "maja", "nursery");
    strike(cx, (struct blow){.fn = blow_fact, .id = id, .other = 99, .third = DECISION_REGISTER, .text = S("")},
           "LAW 8");
    strike(cx, (struct blow){.fn = blow_source, .id = id}, "LAW 8");
    strike(cx, (struct blow){.fn = blow_forget, .id = id}, "LAW 8");
    house_free(cx);
}

/* Before new rules are published: last year's applications through both. */
static void other_rules_are_compared(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct problems ps = problems_make(cx->arena);
    struct decision_compared c;
    open_doors();
    apply(cx, "maja", "nursery");
    apply(cx, "oskar", "nursery");
    apply(cx, "maja", "private");
    house_system(cx);
    struct service_version *v = load(cx, &(struct change){"service.yaml", "value: 215500", "value: 500000", ""}, &ps);
    assert_non_null(v);
    v->key = S(SERVICE);
    assert_ok(cx, decision_compare(cx, v, cx->now_us - DAY_US, &c));
    assert_int_equal(c.n, 3);
    assert_int_equal(c.then_yes, 1);
    assert_int_equal(c.now_yes, 2);
    assert_int_equal(c.more, 1);
    assert_int_equal(c.less, 0);
    assert_int_equal(c.rows.n, 1);
    assert_str(c.rows.p[0], "2026-000002: not decided yet; by these rules: granted on the spot");
    v = load(cx, &(struct change){"service.yaml", "value: 215500", "value: 1000", ""}, &ps);
    v->key = S(SERVICE);
    assert_ok(cx, decision_compare(cx, v, cx->now_us - DAY_US, &c));
    assert_int_equal(c.less, 1);
    assert_int_equal(c.now_yes, 0);
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest plain[] = {
        cmocka_unit_test(check_says_what_is_wrong),
        cmocka_unit_test(typed_money_has_no_word),
        cmocka_unit_test(what_is_computed_from_typed_money_has_no_word),
        cmocka_unit_test(typed_income_never_decides),
        cmocka_unit_test(the_receipt_speaks_each_language),
        cmocka_unit_test(numbers_as_people_write_them),
        cmocka_unit_test(a_table_of_outcomes_knows_its_day),
        cmocka_unit_test(rules_have_their_days),
    };
    const struct CMUnitTest stored[] = {
        cmocka_unit_test(a_yes_on_the_spot),
        cmocka_unit_test(otherwise_a_person),
        cmocka_unit_test(all_or_nothing),
        cmocka_unit_test(law_3_rules_that_did_not_say_yes_decide_nothing),
        cmocka_unit_test(law_3_rules_never_refuse_and_never_give_less),
        cmocka_unit_test(law_9_what_decides_comes_from_a_register),
        cmocka_unit_test(law_8_what_rules_looked_at_stays),
        cmocka_unit_test(other_rules_are_compared),
    };
    return cmocka_run_group_tests(plain, NULL, NULL) + test_each_engine("rules", stored);
}
