#include "support.h"

#include <stdio.h>
#include <stdlib.h>

#include "db/db.h"
#include "service/catalogue.h"
#include "service/service.h"

extern const struct db_migrations migrations_service;

/* ---- a right service, into which each test puts one fault ---- */

static const char muni_yaml[] =
    "name: Fjordby Kommune\nshort_name: Fjordby\nkey: fjordby\nauthority_no: \"999\"\ncountry: DK\nlanguages: [da, "
    "en]\n"
    "contact: {phone: \"1\", email: a@b.example, address: Vej 1, hours: {da: 9-15, en: 9-15}}\n"
    "help: {da: Ring, en: Call}\ndata_officer: {da: Skriv, en: Write}\n"
    "look: {primary: \"#00543c\", primary_dark: \"#003f2d\", primary_darker: \"#002a1e\"}\n"
    "units:\n  - {key: team, name: {da: Team, en: Team}}\n"
    "situations:\n  - {key: syg, name: {da: Syg, en: Ill}, text: {da: Hjælp, en: Help}}\n"
    "post: {postal_days: 5, recall_seconds: 300}\nsessions: {idle_minutes: 30, hours: 8, warn_minutes: 5}\n"
    "mail: {from: x@b.example, from_name: Fjordby}\n";

static const char service_yaml[] = "name: {da: Stok, en: Cane}\n"                                    /* 1 */
                                   "summary: {da: Søg om en stok., en: Apply for a cane.}\n"         /* 2 */
                                   "unit: team\n"                                                    /* 3 */
                                   "situations: [syg]\n"                                             /* 4 */
                                   "form: form.yaml\n"                                               /* 5 */
                                   "guidance: {da: Du kan låne en stok., en: You can borrow one.}\n" /* 6 */
                                   "audience: {da: For dig., en: For you.}\n"                        /* 7 */
                                   "offline: {da: Ring til os., en: Call us.}\n"                     /* 8 */
                                   "apply: person\n"                                                 /* 9 */
                                   "assurance: substantial\n"                                        /* 10 */
                                   "deadline_working_days: 10\n"                                     /* 11 */
                                   "classification: {code: \"27.60.10\", example: true}\n"           /* 12 */
                                   "case_title: Stok\n"                                              /* 13 */
                                   "retention: {years: 5, basis: arkivloven}\n"                      /* 14 */
                                   "laws:\n"                                                         /* 15 */
                                   "  - {key: sel112, ref: serviceloven § 112}\n"                    /* 16 */
                                   "purposes:\n"                                                     /* 17 */
                                   "  - key: handle\n"                                               /* 18 */
                                   "    text: {da: For at afgøre sagen., en: To decide.}\n"          /* 19 */
                                   "    law: sel112\n"                                               /* 20 */
                                   "    gdpr: 6(1)(e)\n"                                             /* 21 */
                                   "access_purpose: handle\n"                                        /* 22 */
                                   "decision_law: sel112\n"                                          /* 23 */
                                   "process: {da: Vi ringer., en: We call.}\n"                       /* 24 */
                                   "data_use: {da: Vi gemmer det., en: We store it.}\n"              /* 25 */
                                   "links:\n"                                                        /* 26 */
                                   "  - {name: {da: Mere, en: More}, url: \"https://x.example\"}\n"; /* 27 */

static const char information_yaml[] =
    "name: {da: Pas, en: Passport}\nsummary: {da: Bestil pas., en: Order a passport.}\nunit: team\n"
    "situations: [syg]\nform: none\nguidance: {da: Kom., en: Come.}\n"
    "audience: {da: Alle., en: All.}\noffline: {da: Ring., en: Call.}\n"
    "links:\n  - {name: {da: Mere, en: More}, url: \"https://x.example\"}\n";

static const char letter[] = "# Svar\n\nKære {{party_name}}.\n";

struct folder {
    struct service_file files[12];
    size_t n;
};

static struct folder good_folder(void)
{
    return (struct folder){.files = {{S("service.yaml"), str_of(service_yaml)},
                                     {S("form.yaml"), S("pages: []\n")},
                                     {S("letters/granted.da.md"), str_of(letter)},
                                     {S("letters/granted.en.md"), str_of(letter)},
                                     {S("letters/refused.da.md"), str_of(letter)},
                                     {S("letters/refused.en.md"), str_of(letter)}},
                           .n = 6};
}

static struct cx *cx_with_muni(void)
{
    struct cx *cx = test_cx();
    struct problems ps = problems_make(cx->arena);
    service_parts_register(NULL, 0);
    assert_ok(cx, municipality_parse(cx, cx->arena, str_of(muni_yaml), (struct str){0}, &ps, &cx->muni));
    return cx;
}

static struct str replaced(struct cx *cx, struct str s, const char *from, const char *to)
{
    size_t at = str_find(s, str_of(from), 0);
    if (at >= s.n)
        fail_msg("the test's own text lacks \"%s\"", from);
    return str_fmt(cx->arena, "%.*s%s%.*s", (int)at, s.p, to, (int)(s.n - at - strlen(from)), s.p + at + strlen(from));
}

static void expect(struct cx *cx, size_t i, const struct folder *f, const char *name, const char *place,
                   const char *says)
{
    struct problems ps = problems_make(cx->arena);
    struct service_version *v = NULL;
    struct buf b = buf_make(cx->arena);
    enum err e = service_load_files(cx, cx->arena, str_of(name), f->files, f->n, &ps, &v);
    problems_text(&ps, &b);
    struct str text = buf_str(&b), rest = text, line;
    bool found = false;
    while (str_cut(&rest, '\n', &line))
        found |= str_starts(line, str_of(place)) && str_find(line, str_of(says), 0) < line.n;
    if (e != ERR_CONFIG || v || !found)
        fail_msg("fault %zu: wanted \"%s … %s\", got: %.*s", i, place, says, STR_ARG(text));
    for (size_t k = 0; k < ps.list.n; k++)
        if (!ps.list.p[k].remedy.n)
            fail_msg("fault %zu has no remedy: %.*s", i, STR_ARG(text));
}

/* The municipality has got a language more since: the folder is refused, the stored version is read. */
static void a_new_language_leaves_old_versions_alone(void **state)
{
    struct cx *cx = cx_with_muni();
    struct municipality muni = *cx->muni;
    struct folder f = good_folder();
    struct service_version *v;
    (void)state;
    muni.languages |= 1U << LANG_NN;
    cx->muni = &muni;
    expect(cx, 0, &f, "services/stok", "services/stok/service.yaml:1:", "language nn");
    expect(cx, 1, &f, "services/stok", "services/stok/letters/granted.da.md", "missing in the language nn");
    assert_ok(cx, service_load_stored(cx, cx->arena, S("stok"), f.files, f.n, &v));
    assert_str(words_in(&v->name, LANG_NN), "Stok");
    assert_int_equal(v->languages, 0);
    assert_non_null(v->form_yaml);
    test_cx_free(cx);
}

static void loads_what_is_right(void **state)
{
    struct cx *cx = cx_with_muni();
    struct folder f = good_folder();
    struct problems ps = problems_make(cx->arena);
    struct service_version *v;
    (void)state;
    assert_ok(cx, service_load_files(cx, cx->arena, S("services/stok"), f.files, f.n, &ps, &v));
    assert_str(v->key, "stok");
    assert_str(v->name.in[LANG_EN], "Cane");
    assert_int_equal(v->apply, SERVICE_PERSON);
    assert_int_equal(v->assurance, ASSURANCE_SUBSTANTIAL);
    assert_int_equal(v->deadline_working_days, 10);
    assert_true(v->decides);
    assert_str(service_law(v, v->decision_law)->ref, "serviceloven § 112");
    struct words body = service_appeal_body(cx, v);
    assert_str(words_in(&body, LANG_DA), "Ankestyrelsen");
    assert_str(service_appeal_term(cx, v), "4 uger");
    assert_str(service_letter(v, S("granted"), LANG_DA)->title, "Svar");
    assert_str(service_letter(v, S("granted"), LANG_DA)->markdown, "Kære {{party_name}}.");
    assert_null(service_letter(v, S("granted"), LANG_NB));
    f.files[0].text = str_of(information_yaml);
    struct folder information = {.files = {f.files[0]}, .n = 1};
    assert_ok(cx, service_load_files(cx, cx->arena, S("services/pas"), information.files, 1, &ps, &v));
    assert_int_equal(v->apply, SERVICE_INFORMATION);
    test_cx_free(cx);
}

/* A decision that is appealed elsewhere, and in another time. */
static void appeals_elsewhere(void **state)
{
    struct cx *cx = cx_with_muni();
    struct folder f = good_folder();
    struct problems ps = problems_make(cx->arena);
    struct service_version *v;
    day_t arrived = civil_to_day(2026, 2, 2);
    (void)state;
    f.files[0].text = replaced(cx, f.files[0].text, "decision_law: sel112",
                               "decision_law: sel112\nappeal: {body: {da: Nævnet, en: the board}, days: 14}");
    assert_ok(cx, service_load_files(cx, cx->arena, S("services/stok"), f.files, f.n, &ps, &v));
    struct words body = service_appeal_body(cx, v);
    assert_str(words_in(&body, LANG_EN), "the board");
    assert_str(service_appeal_term(cx, v), "2 uger");
    v->appeal_days = 10;
    assert_str(service_appeal_term(cx, v), "10 dage");
    assert_int_equal(service_appeal_deadline(cx, v, arrived), arrived + 10);
    assert_int_equal(service_appeal_deadline(cx, NULL, arrived), arrived + 28);
    test_cx_free(cx);
}

static const struct yaml_fault {
    const char *from, *to, *place, *says;
} yaml_faults[] = {
    /* of YAML itself */
    {"unit: team", "\tunit: team", "services/stok/service.yaml:3:1:", "a tab is not allowed"},
    {"unit: team", "unit: &a team", "services/stok/service.yaml:3:7:", "anchor &a"},
    {"unit: team", "unit: *a", "services/stok/service.yaml:3:7:", "alias *a"},
    {"unit: team", "unit: !!str team", "services/stok/service.yaml:3:7:", "tag tag:yaml.org,2002:str"},
    {"unit: team", "unit: team\nunit: team", "services/stok/service.yaml:4:1:", "stands here twice (first on line 3)"},
    {"unit: team", "<<: team", "services/stok/service.yaml:3:1:", "is not a word"},
    {"unit: team", "? [a]\n: b", "services/stok/service.yaml:3:3:", "a key must be a word"},
    {"unit: team", "unit: \"team", "services/stok/service.yaml:", "not YAML"},
    {"unit: team", "unit: te\x01m", "services/stok/service.yaml:3:9:", "control character"},
    {"unit: team", "unit: \"te\\u0001m\"", "services/stok/service.yaml:3:7:", "control character"},
    {"unit: team", "unit: team\n---\na: b", "services/stok/service.yaml:4:1:", "second document"},
    {"name: {da", "%YAML 1.1\n---\nname: {da", "services/stok/service.yaml:1:1:", "directives"},
    {"name: {da", "\xef\xbb\xbfname: {da", "services/stok/service.yaml:1:1:", "byte order mark"},
    {"situations: [syg]", "situations: [[[[[[[[[[[[[[[[[[[[[[[[[[syg]]]]]]]]]]]]]]]]]]]]]]]]]]",
     "services/stok/service.yaml:4:", "nested deeper"},
    /* of what was expected */
    {"unit: team\n", "", "services/stok/service.yaml:1:1:", "lacks the key 'unit'"},
    {"unit: team", "unti: team", "services/stok/service.yaml:3:1:", "did you mean 'unit'"},
    {"unit: team", "unit: tema", "services/stok/service.yaml:3:7:", "no unit 'tema'"},
    {"unit: team", "unit: Team 1", "services/stok/service.yaml:3:7:", "is not a name"},
    {"unit: team", "unit:", "services/stok/service.yaml:3:", "'unit' is empty"},
    {"unit: team", "unit: [team]", "services/stok/service.yaml:3:1:", "must be a single value, this is a list"},
    {"situations: [syg]", "situations: syg", "services/stok/service.yaml:4:13:", "must be a list"},
    {"situations: [syg]", "situations: []", "services/stok/service.yaml:4:1:", "list 'situations' is empty"},
    {"situations: [syg]", "situations: [rask]", "services/stok/service.yaml:4:14:", "no situation 'rask'"},
    {"situations: [syg]", "situations: [{a: b}]", "services/stok/service.yaml:4:14:", "must be a single value"},
    {"{da: Stok, en: Cane}", "Stok", "services/stok/service.yaml:1:7:", "in each language"},
    {"{da: Stok, en: Cane}", "{da: Stok}", "services/stok/service.yaml:1:1:", "lacks its text in the language en"},
    {"{da: Stok, en: Cane}", "{da: Stok, en: Cane, de: Stock}",
     "services/stok/service.yaml:1:", "is not a language we know"},
    {"en: Cane}", "en: \"Cane\\nnew\"}", "services/stok/service.yaml:1:", "one line of at most 80"},
    {"form: form.yaml", "form: forms.yaml", "services/stok/service.yaml:5:7:", "one of (form.yaml none)"},
    {"form: form.yaml", "form: none", "services/stok/service.yaml:5:7:", "form.yaml that nobody would see"},
    {"form: form.yaml", "form: none", "services/stok/service.yaml:9:1:", "has no key 'apply'"},
    {"Du kan låne en stok.", "Du kan <b>låne</b> en stok.", "services/stok/service.yaml:6:", "the text holds HTML"},
    {"Du kan låne en stok.", "\"Kære {{party_name}}\"", "services/stok/service.yaml:6:", "{{party_name}} stands here"},
    {"Du kan låne en stok.", "\"[x](javascript:a)\"", "services/stok/service.yaml:6:", "link to a script"},
    {"apply: person", "apply: persons", "services/stok/service.yaml:9:8:", "did you mean 'person'"},
    {"apply: person", "apply: anonymous", "services/stok/service.yaml:10:12:", "cannot be asked to log in"},
    {"assurance: substantial", "assurance: none", "services/stok/service.yaml:10:12:", "must log in at some level"},
    {"days: 10", "days: ten", "services/stok/service.yaml:11:24:", "whole number from 0 to 365"},
    {"days: 10", "days: 1000", "services/stok/service.yaml:11:24:", "whole number from 0 to 365"},
    {"days: 10", "days: \"10\"", "services/stok/service.yaml:11:24:", "whole number from 0 to 365"},
    {"example: true", "example: yes", "services/stok/service.yaml:12:", "true or false was expected"},
    {"example: true", "example: \"true\"", "services/stok/service.yaml:12:", "true or false was expected"},
    {"27.60.10", "27-60-10", "services/stok/service.yaml:12:", "not a number of the Danish class system"},
    {"{years: 5, basis", "{basis", "services/stok/service.yaml:14:", "after how many years"},
    {"{years: 5, basis", "{years: 5, keep: true, basis", "services/stok/service.yaml:14:", "after how many years"},
    {"  - {key: sel112, ref: serviceloven § 112}", "  - {key: sel112, ref: x}\n  - {key: sel112, ref: y}",
     "services/stok/service.yaml:17:", "two laws"},
    {"§ 112}", "§ 112, url: \"http://x\"}", "services/stok/service.yaml:16:", "is not an address"},
    {"  - key: handle", "  - key: handle\n    why: x", "services/stok/service.yaml:19:5:", "has no key 'why'"},
    {"    law: sel112", "    law: sel113", "services/stok/service.yaml:20:10:", "no law 'sel113'"},
    {"6(1)(e)", "6(1)(g)", "services/stok/service.yaml:21:11:", "not a legal basis of the data protection regulation"},
    {"    gdpr: 6(1)(e)", "    gdpr: 6(1)(e)\n    compatible: [hjul/handle]",
     "services/stok/service.yaml:22:", "a compatible purpose must be a map"},
    {"    gdpr: 6(1)(e)", "    gdpr: 6(1)(e)\n    compatible: [{purpose: hjul, law: sel112}]",
     "services/stok/service.yaml:22:", "does not name a purpose"},
    {"    gdpr: 6(1)(e)", "    gdpr: 6(1)(e)\n    compatible: [{purpose: hjul/handle}]",
     "services/stok/service.yaml:22:", "lacks the key 'law'"},
    {"    gdpr: 6(1)(e)", "    gdpr: 6(1)(e)\n    compatible: [{purpose: hjul/handle, law: sel113}]",
     "services/stok/service.yaml:22:", "no law 'sel113'"},
    {"access_purpose: handle", "access_purpose: look", "services/stok/service.yaml:22:17:", "no purpose 'look'"},
    {"decision_law: sel112", "decision_law: sel113", "services/stok/service.yaml:23:15:", "no law 'sel113'"},
    {"decision_law: sel112", "lines: aids", "services/stok/service.yaml:23:8:", "no law is named for the decision"},
    {"decision_law: sel112", "decision_law: sel112\nlines: aids", "services/stok/letters", "needs a letter 'partly'"},
    {"decision_law: sel112", "decision_law: sel112\nappeal: {days: 0}",
     "services/stok/service.yaml:24:16:", "whole number from 1 to 365"},
    {"decision_law: sel112", "decision_law: sel112\nappeal: {body: {da: Nævnet}}",
     "services/stok/service.yaml:24:", "lacks its text in the language en"},
    {"decision_law: sel112", "decision_law: sel112\nappeal: {}", "services/stok/service.yaml:24:", "says nothing"},
    {"decision_law: sel112", "decision_law: sel112\nappeal: {to: x}",
     "services/stok/service.yaml:24:", "has no key 'to'"},
    {"decision_law: sel112", "appeal: {days: 14}", "services/stok/service.yaml:23:", "nothing that could be appealed"},
    {"https://x.example", "ftp://x.example", "services/stok/service.yaml:27:", "is not an address"},
    {"links:", "valid: {from: 2026-02-30}\nlinks:", "services/stok/service.yaml:26:", "is not a date"},
    {"links:", "valid: {from: 2026-02-03, until: 2026-01-01}\nlinks:", "services/stok/service.yaml:26:",
     "ends before it begins"},
    {"purposes:\n", "purposes:\n  - plain\n", "services/stok/service.yaml:18:5:", "a purpose must be a map"},
    {"    text: {da: For", "    text: {en: To decide again., da: For",
     "services/stok/service.yaml:19:", "stands here twice"},
};

static void names_each_fault_of_service_yaml(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof yaml_faults / sizeof *yaml_faults; i++) {
        struct cx *cx = cx_with_muni();
        struct folder f = good_folder();
        f.files[0].text = replaced(cx, f.files[0].text, yaml_faults[i].from, yaml_faults[i].to);
        expect(cx, i, &f, "services/stok", yaml_faults[i].place, yaml_faults[i].says);
        test_cx_free(cx);
    }
}

static void names_faults_of_bytes(void **state)
{
    struct cx *cx = cx_with_muni();
    struct folder f = good_folder();
    (void)state;
    f.files[0].text = S("name: \xff\n");
    expect(cx, 0, &f, "services/stok", "services/stok/service.yaml:", "not UTF-8");
    f.files[0].text = S("");
    expect(cx, 1, &f, "services/stok", "services/stok/service.yaml:1:1:", "the file is empty");
    f.files[0].text = S("- a\n- b\n");
    expect(cx, 2, &f, "services/stok", "services/stok/service.yaml:1:1:", "service.yaml must be a map");
    char *big = arena_alloc(cx->arena, YAML_BYTES + 10);
    memset(big, 'a', YAML_BYTES + 10);
    f.files[0].text = str_make(big, YAML_BYTES + 10);
    expect(cx, 3, &f, "services/stok", "services/stok/service.yaml:1:1:", "larger than");
    struct buf b = buf_make(cx->arena);
    for (int i = 0; i < YAML_KEYS + 2; i++)
        buf_fmt(&b, "a%d: b\n", i);
    f.files[0].text = buf_str(&b);
    expect(cx, 4, &f, "services/stok", "services/stok/service.yaml:", "more than 1000 keys");
    b = buf_make(cx->arena);
    for (int i = 0; i < YAML_NODES + 2; i++)
        buf_add(&b, S("- a\n"));
    f.files[0].text = buf_str(&b);
    expect(cx, 5, &f, "services/stok", "services/stok/service.yaml:", "more than 200000 values");
    test_cx_free(cx);
}

static const struct file_fault {
    const char *name; /* of the folder */
    const char *path; /* file to add; NULL: none */
    const char *content;
    const char *without; /* file to leave out; NULL: none */
    const char *place, *says;
} file_faults[] = {
    {"services/Stok", NULL, NULL, NULL, "services/Stok", "cannot be the key of a service"},
    {"services/stok", NULL, NULL, "service.yaml", "services/stok/service.yaml", "there is no service.yaml"},
    {"services/stok", NULL, NULL, "form.yaml", "services/stok/service.yaml:5:7:", "there is no form.yaml"},
    {"services/stok", NULL, NULL, "letters/granted.en.md", "services/stok/letters/granted.da.md",
     "missing in the language en"},
    {"services/stok", "rules.xls", "x", NULL, "services/stok/rules.xls", "has no place in a service folder"},
    {"services/stok", "letters/x.txt", "x", NULL, "services/stok/letters/x.txt", "has no place in a service folder"},
    {"services/stok", "letters/Svar.md", "# x\n\ny", NULL, "services/stok/letters/Svar.md", "a letter must be called"},
    {"services/stok", "letters/svar.sv.md", "# x\n\ny", NULL, "services/stok/letters/svar.sv.md",
     "a letter must be called"},
    {"services/stok", "letters/svar.da.md", "Kære Anna", NULL, "services/stok/letters/svar.da.md:1:1",
     "does not begin with its title"},
    {"services/stok", "letters/svar.da.md", "# \n\nx", NULL, "services/stok/letters/svar.da.md:1:1",
     "the title is empty"},
    {"services/stok", "letters/svar.da.md", "# Svar\n", NULL, "services/stok/letters/svar.da.md:1:1",
     "the letter is empty"},
    {"services/stok", "letters/svar.da.md", "# Sv\x01r\n\nx", NULL, "services/stok/letters/svar.da.md:1:1",
     "not readable"},
    {"services/stok", "letters/svar.da.md", "# Sv\xffr\n\nx", NULL, "services/stok/letters/svar.da.md", "not UTF-8"},
    {"services/stok", "README.md", "\xff", NULL, "services/stok/README.md", "not UTF-8"},
    {"services/stok", "examples/a.yaml", "a: *b\n", NULL, "services/stok/examples/a.yaml:1:4:", "alias *b"},
    {"services/stok", "form.yaml", "a: 1\na: 2\n", "form.yaml", "services/stok/form.yaml:2:1:", "stands here twice"},
};

static void names_faults_of_the_folder(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof file_faults / sizeof *file_faults; i++) {
        const struct file_fault *fault = &file_faults[i];
        struct cx *cx = cx_with_muni();
        struct folder all = good_folder(), f = {.n = 0};
        for (size_t k = 0; k < all.n; k++)
            if (!fault->without || !str_eq_z(all.files[k].path, fault->without))
                f.files[f.n++] = all.files[k];
        if (fault->path)
            f.files[f.n++] = (struct service_file){str_of(fault->path), str_of(fault->content)};
        expect(cx, i, &f, fault->name, fault->place, fault->says);
        test_cx_free(cx);
    }
}

static void names_faults_of_information(void **state)
{
    struct cx *cx = cx_with_muni();
    struct folder f = {.files = {{S("service.yaml"), str_of(information_yaml)}}, .n = 1};
    (void)state;
    f.files[0].text =
        replaced(cx, f.files[0].text, "links:\n  - {name: {da: Mere, en: More}, url: \"https://x.example\"}\n", "");
    expect(cx, 0, &f, "services/pas", "services/pas/service.yaml:5:7:", "must say where one goes");
    f.files[0].text = str_of(information_yaml);
    f.files[f.n++] = (struct service_file){S("letters/a.da.md"), str_of(letter)};
    f.files[f.n++] = (struct service_file){S("letters/a.en.md"), str_of(letter)};
    expect(cx, 1, &f, "services/pas", "services/pas/letters", "sends no letters");
    test_cx_free(cx);
}

/* Found by fuzzing: neither the key nor the file. */
static void nothing_but_a_name(void **state)
{
    struct cx *cx = cx_with_muni();
    struct folder f = {.files = {{S("service.yaml"), S("name: x\n")}}, .n = 1};
    (void)state;
    expect(cx, 0, &f, "services/stok", "services/stok/service.yaml:1:1:", "lacks the key 'form'");
    test_cx_free(cx);
}

static void all_faults_in_one_run(void **state)
{
    struct cx *cx = cx_with_muni();
    struct folder f = good_folder();
    struct problems ps = problems_make(cx->arena);
    struct service_version *v;
    (void)state;
    f.files[0].text = replaced(cx, f.files[0].text, "unit: team", "unit: tema");
    f.files[0].text = replaced(cx, f.files[0].text, "days: 10", "days: ten");
    f.files[1].text = S("a: *b\n");
    f.files[3].text = S("no title");
    assert_int_equal(service_load_files(cx, cx->arena, S("services/stok"), f.files, f.n, &ps, &v), ERR_CONFIG);
    assert_int_equal(ps.list.n, 5); /* and the letter is missing in English */
    test_cx_free(cx);
}

/* The services of this repository, with the example municipality. The app's tests see them with their forms and letters
 * too. */
static void the_example_services_are_right(void **state)
{
    struct cx *cx = test_cx();
    struct problems ps = problems_make(cx->arena);
    struct buf b = buf_make(cx->arena);
    size_t n;
    (void)state;
    service_parts_register(NULL, 0);
    assert_ok(cx, municipality_load(cx, cx->arena, test_path(cx, "municipality"), true, &ps, &cx->muni));
    assert_ok(cx, service_check(cx, test_path(cx, "services"), &ps, &n));
    problems_text(&ps, &b);
    assert_str(buf_str(&b), "");
    assert_true(n >= 14);
    test_cx_free(cx);
}

/* The first hit of a search among the example services; "" when there is none. */
static struct str first_hit(struct cx *cx, const char *query)
{
    struct service_list found = service_search(cx, str_of(query), 10);
    return found.rows.n ? found.rows.p[0]->key : S("");
}

static void search_finds_what_people_write(void **state)
{
    struct cx *cx = test_cx();
    struct problems ps = problems_make(cx->arena);
    struct str *folders;
    size_t n;
    (void)state;
    service_parts_register(NULL, 0);
    assert_ok(cx, municipality_load(cx, cx->arena, test_path(cx, "municipality"), true, &ps, &cx->muni));
    assert_ok(cx, service_folders(cx, test_path(cx, "services"), &folders, &n));
    cx->services = service_catalogue_test();
    for (size_t i = 0; i < n; i++) {
        struct service_version *v;
        assert_ok(cx, service_load_folder(cx, cx->arena, folders[i], &ps, &v));
        service_catalogue_test_add(cx->services, v);
    }
    assert_str(first_hit(cx, "pas"), "pas"); /* the word itself before børnepasning */
    assert_str(first_hit(cx, "HJÆLPEMIDLER"), "lette-hjaelpemidler");
    assert_str(first_hit(cx, "hjaelpemid"), "lette-hjaelpemidler"); /* folded, and the beginning of a word */
    assert_str(first_hit(cx, "skraldespand"), "affald");            /* a keyword */
    assert_str(first_hit(cx, "hal  forening"), "lokaler");          /* every word */
    assert_str(first_hit(cx, "passport"), "pas");                   /* the name in another language */
    assert_str(first_hit(cx, "raketbrændstof"), "");
    assert_str(first_hit(cx, "pas raketbrændstof"), "");
    assert_str(first_hit(cx, "raketbrændstof pas"), "");
    assert_str(first_hit(cx, "asning"), "boernepasning"); /* a part of a compound */
    assert_str(first_hit(cx, "%_*\"'"), "");
    cx->lang = LANG_EN;
    assert_str(first_hit(cx, "rubbish"), "affald");
    struct service_list all = service_list(cx);
    assert_int_equal(all.rows.n, n);
    assert_str(words_in(&all.rows.p[0]->name, LANG_EN), "Access to documents"); /* in the order of the language */
    service_catalogue_close(cx->services);
    test_cx_free(cx);
}

/* ---- publishing ---- */

static void write_file(struct cx *cx, const char *dir, struct str path, struct str text)
{
    FILE *f = fopen(str_z(cx->arena, str_fmt(cx->arena, "%s/%" PRI_STR, dir, STR_ARG(path))), "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
    fclose(f);
}

static struct str make_folder(struct cx *cx, const char *name, const struct folder *folder)
{
    struct str root = str_fmt(cx->arena, "%s/services", test_folder(cx));
    const char *dir = str_z(cx->arena, str_fmt(cx->arena, "%" PRI_STR "/%s", STR_ARG(root), name));
    struct str command = str_fmt(cx->arena, "mkdir -p '%s/letters'", dir);
    assert_int_equal(system(str_z(cx->arena, command)), 0);
    for (size_t i = 0; i < folder->n; i++)
        write_file(cx, dir, folder->files[i].path, folder->files[i].text);
    return root;
}

static struct cx *cx_with_db(void)
{
    const struct db_migrations *modules[] = {&migrations_service};
    struct cx *cx = test_cx_db(modules, 1);
    struct problems ps = problems_make(cx->arena);
    service_parts_register(NULL, 0);
    assert_ok(cx, municipality_parse(cx, cx->arena, str_of(muni_yaml), (struct str){0}, &ps, &cx->muni));
    return cx;
}

static void publishes_what_changed(void **state)
{
    struct cx *cx = cx_with_db();
    struct folder f = good_folder();
    struct str root = make_folder(cx, "stok", &f);
    struct catalogue *c;
    size_t n;
    (void)state;
    assert_ok(cx, service_publish(cx, root, &n));
    assert_int_equal(n, 1);
    assert_ok(cx, service_publish(cx, root, &n));
    assert_int_equal(n, 0);
    assert_ok(cx, service_catalogue_open(cx, &c));
    const struct service_version *first = service_current(cx, S("stok"));
    assert_non_null(first);
    assert_int_equal(first->deadline_working_days, 10);

    f.files[0].text = replaced(cx, f.files[0].text, "days: 10", "days: 20");
    make_folder(cx, "stok", &f);
    assert_ok(cx, service_publish(cx, root, &n));
    assert_int_equal(n, 1);
    assert_ok(cx, service_catalogue_refresh(cx));
    const struct service_version *second = service_current(cx, S("stok"));
    assert_int_equal(second->deadline_working_days, 20);
    assert_int_not_equal(first->id, second->id);
    assert_ptr_equal(service_version_by_id(cx, first->id), first); /* what a case was made under stays */
    int64_t old = first->id;
    service_catalogue_close(c);

    assert_ok(cx, service_catalogue_open(cx, &c)); /* as after a restart */
    first = service_version_by_id(cx, old);
    assert_non_null(first);
    assert_int_equal(first->deadline_working_days, 10);
    assert_null(service_version_by_id(cx, 1));
    service_catalogue_close(c);
    test_cx_free(cx);
}

static void withdraws_what_is_gone(void **state)
{
    struct cx *cx = cx_with_db();
    struct folder f = good_folder();
    struct folder pas = {.files = {{S("service.yaml"), str_of(information_yaml)}}, .n = 1};
    struct catalogue *c;
    size_t n;
    (void)state;
    make_folder(cx, "stok", &f);
    struct str root = make_folder(cx, "pas", &pas);
    assert_ok(cx, service_publish(cx, root, &n));
    assert_int_equal(n, 2);
    assert_int_equal(system(str_z(cx->arena, str_fmt(cx->arena, "rm -r '%" PRI_STR "/stok'", STR_ARG(root)))), 0);
    assert_ok(cx, service_publish(cx, root, &n));
    assert_ok(cx, service_catalogue_open(cx, &c));
    assert_null(service_current(cx, S("stok")));
    assert_non_null(service_current(cx, S("pas")));
    make_folder(cx, "stok", &f);
    assert_ok(cx, service_publish(cx, root, &n)); /* the same bytes, offered again */
    assert_int_equal(n, 1);
    assert_ok(cx, service_catalogue_refresh(cx));
    assert_non_null(service_current(cx, S("stok")));
    service_catalogue_close(c);
    test_cx_free(cx);
}

static void publishes_all_or_nothing(void **state)
{
    struct cx *cx = cx_with_db();
    struct folder f = good_folder();
    struct catalogue *c;
    size_t n;
    (void)state;
    make_folder(cx, "a-right", &f);
    f.files[0].text = replaced(cx, f.files[0].text, "unit: team", "unit: tema");
    struct str root = make_folder(cx, "b-wrong", &f);
    assert_err(cx, service_publish(cx, root, &n), ERR_CONFIG);
    assert_true(str_find(cx->fail.detail, S("b-wrong/service.yaml:3:7"), 0) < cx->fail.detail.n);
    assert_ok(cx, service_catalogue_open(cx, &c));
    assert_null(service_current(cx, S("a-right")));
    service_catalogue_close(c);
    test_cx_free(cx);
}

static void offers_only_while_valid(void **state)
{
    struct cx *cx = cx_with_muni();
    struct folder f = good_folder();
    struct problems ps = problems_make(cx->arena);
    struct service_version *v;
    (void)state;
    f.files[0].text = replaced(cx, f.files[0].text, "links:", "valid: {from: 2026-01-10, until: 2026-01-15}\nlinks:");
    assert_ok(cx, service_load_files(cx, cx->arena, S("services/stok"), f.files, f.n, &ps, &v));
    cx->services = service_catalogue_test();
    service_catalogue_test_add(cx->services, v);
    assert_non_null(service_current(cx, S("stok"))); /* the last day */
    cx->now_us += DAY_US;
    assert_null(service_current(cx, S("stok")));
    assert_int_equal(service_list(cx).rows.n, 0);
    cx->now_us -= 7 * DAY_US;
    assert_null(service_current(cx, S("stok")));
    service_catalogue_close(cx->services);
    test_cx_free(cx);
}

/* ---- what a version changes, in words ---- */

static struct service_version *loaded(struct cx *cx, const struct folder *f)
{
    struct problems ps = problems_make(cx->arena);
    struct service_version *v = NULL;
    enum err e = service_load_files(cx, cx->arena, S("services/stok"), f->files, f->n, &ps, &v);
    for (size_t i = 0; i < ps.list.n; i++)
        print_error("%.*s\n", STR_ARG(ps.list.p[i].what));
    assert_ok(cx, e);
    return v;
}

static bool says(const struct service_changes *c, const char *part, const char *text)
{
    for (size_t i = 0; i < c->rows.n; i++)
        if (str_eq_z(c->rows.p[i].part, part) && str_eq_z(c->rows.p[i].text, text))
            return true;
    for (size_t i = 0; i < c->rows.n; i++)
        print_error("%.*s | %.*s\n", STR_ARG(c->rows.p[i].part), STR_ARG(c->rows.p[i].text));
    return false;
}

static const char form_before[] =
    "conditions:\n  old: { eq: [ill, true] }\n"
    "pages:\n  - id: one\n    title: {da: Om dig, en: About you}\n    why: handle\n    fields:\n"
    "      - {id: ill, type: yesno, label: {da: \"Er du syg?\", en: \"Are you ill?\"}}\n"
    "      - {id: what, type: radio, label: {da: Hvad, en: What}, options: [{option: a, label: {da: En, en: One}}, "
    "{option: b, label: {da: To, en: Two}}]}\n"
    "      - {id: gone, type: text, label: {da: Væk, en: Gone}}\n";
static const char form_after[] =
    "conditions:\n  old: { any: [ { eq: [ill, false] }, { in: [what, [a, b]] }, { empty: what } ] }\n"
    "pages:\n  - id: two\n    title: {da: Til sidst, en: At the end}\n    why: handle\n    fields:\n"
    "      - {id: ill, type: yesno, label: {da: \"Er du meget syg?\", en: \"Are you ill?\"}, when: old, required: "
    "true}\n"
    "      - {id: what, type: radio, label: {da: Hvad, en: What}, options: [{option: b, label: {da: To, en: Two}}, "
    "{option: a, label: {da: En, en: One}}, {option: c, label: {da: Tre, en: Three}}]}\n"
    "      - {id: fresh, type: number, label: {da: Nyt, en: New}, max: 3}\n";

static void tells_in_words_what_a_version_changes(void **state)
{
    struct cx *cx = cx_with_muni();
    struct folder before = good_folder(), after = good_folder();
    struct service_changes c;
    (void)state;
    cx->lang = LANG_DA;
    before.files[1].text = str_of(form_before), after.files[1].text = str_of(form_after);
    assert_ok(cx, service_diff(cx, loaded(cx, &before), loaded(cx, &before), &c));
    assert_int_equal(c.rows.n, 0);
    after.files[0].text = replaced(cx, after.files[0].text, "years: 5", "years: 7, endings: {refused: keep}");
    after.files[0].text = replaced(cx, after.files[0].text, "For at afgøre sagen.", "For at afgøre din sag.");
    after.files[0].text = replaced(cx, after.files[0].text, "apply: person\n", "apply: person\nceiling: 40\n");
    after.files[2].text = S("# Svar\n\nKære {{party_name}}.\n\nDu får stokken.\n");
    assert_ok(cx, service_diff(cx, loaded(cx, &before), loaded(cx, &after), &c));
    static const char *const all[][2] = {
        {"Ydelsen", "hvor længe en sag gemmes: år: “5” er blevet til “7”"},
        {"Ydelsen", "hvor længe en sag gemmes: efter hvordan sagen endte: nyt: “når svaret er nej: keep”"},
        {"Ydelsen", "“handle”, formål: tekst (dansk): “For at afgøre sagen.” er blevet til “For at afgøre din sag.”"},
        {"Ydelsen", "højst så mange ansøgninger: nyt: “40”"},
        {"Skemaet", "Ny side: “Til sidst”"},
        {"Skemaet", "Siden “Om dig” er fjernet"},
        {"Skemaet", "Spørgsmålet “Er du meget syg?” er flyttet fra “Om dig” til “Til sidst”"},
        {"Skemaet", "“Er du meget syg?”: spørgsmålet (dansk): “Er du syg?” er blevet til “Er du meget syg?”"},
        {"Skemaet", "“Er du meget syg?”: skal besvares: nyt: “ja”"},
        {"Skemaet", "“Er du meget syg?”: vises kun, når: nyt: “old”"},
        {"Skemaet", "“Hvad”: svarmuligheder: rækkefølgen er en anden"},
        {"Skemaet", "Nyt spørgsmål på “Til sidst”: “Nyt”"},
        {"Skemaet", "Spørgsmålet “Væk” på “Om dig” er fjernet"},
        {"Skemaet", "Betingelsen “old”: ““Er du syg?” er “ja”” er blevet til ““Er du meget syg?” er “nej” eller “Hvad” "
                    "er en af: En og "
                    "To eller “Hvad” er ikke besvaret”"},
        {"Brevene",
         "Brevet “granted” (dansk): “Svar Kære {{party_name}}.” er blevet til “Svar Kære {{party_name}}. Du får "
         "stokken.”"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        assert_true(says(&c, all[i][0], all[i][1]));
    cx->lang = LANG_EN;
    assert_ok(cx, service_diff(cx, loaded(cx, &before), loaded(cx, &after), &c));
    assert_true(says(&c, "The form", "New question on “At the end”: “New”"));
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest plain[] = {
        cmocka_unit_test(a_new_language_leaves_old_versions_alone),
        cmocka_unit_test(loads_what_is_right),
        cmocka_unit_test(names_each_fault_of_service_yaml),
        cmocka_unit_test(appeals_elsewhere),
        cmocka_unit_test(names_faults_of_bytes),
        cmocka_unit_test(names_faults_of_the_folder),
        cmocka_unit_test(names_faults_of_information),
        cmocka_unit_test(nothing_but_a_name),
        cmocka_unit_test(all_faults_in_one_run),
        cmocka_unit_test(offers_only_while_valid),
        cmocka_unit_test(the_example_services_are_right),
        cmocka_unit_test(search_finds_what_people_write),
    };
    const struct CMUnitTest with_db[] = {
        cmocka_unit_test(publishes_what_changed),
        cmocka_unit_test(withdraws_what_is_gone),
        cmocka_unit_test(publishes_all_or_nothing),
        cmocka_unit_test(tells_in_words_what_a_version_changes),
    };
    return cmocka_run_group_tests(plain, NULL, NULL) || test_each_engine("service", with_db);
}
