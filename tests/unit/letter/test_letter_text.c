#include "support.h"

#include <stdio.h>
#include <unistd.h>

#include "letter/letter_plain.h"
#include "letter/letter_template.h"
#include "letter/letter_view.h"

/* ---- templates ---- */

static struct letter_value *values(struct cx *cx)
{
    static const struct str name[] = {{"Anna *Holm* <b>", 15}};
    static const struct str contact[] = {{"Telefon 12 34 56 78\n  - hjaelp@fjordby.example", 46}};
    static const struct str granted[] = {{"Rollator", 8}, {"1. Bruttobad [klik](http://x.example)", 37}};
    static const struct str refused[] = {{"# Badekar", 9}};
    static const struct str reasons[] = {{"Fordi.", 6}, {"    Og derfor.", 14}};
    struct letter_value *v = arena_array(cx->arena, struct letter_value, SLOT_COUNT);
    v[SLOT_PARTY_NAME] = (struct letter_value){name, 1};
    v[SLOT_CONTACT] = (struct letter_value){contact, 1};
    v[SLOT_LINES_GRANTED] = (struct letter_value){granted, 2};
    v[SLOT_LINES_REFUSED] = (struct letter_value){refused, 1};
    v[SLOT_REASONS] = (struct letter_value){reasons, 2};
    return v;
}

static struct str html_of(struct cx *cx, const char *template)
{
    struct str filled = {0};
    struct html html;
    assert_ok(cx, letter_template_fill(cx, str_of(template), values(cx), &filled));
    assert_ok(cx, letter_view_html(cx, filled, &html));
    return html.s;
}

static void a_value_is_only_text(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_str(html_of(cx, "Kære {{party_name}}"), "<p>Kære Anna *Holm* &lt;b&gt;</p>\n");
    assert_str(html_of(cx, "**Kære {{ party_name }}!**"), "<p><strong>Kære Anna *Holm* &lt;b&gt;!</strong></p>\n");
    assert_str(html_of(cx, "## Til {{party_name}}\n"), "<h2>Til Anna *Holm* &lt;b&gt;</h2>\n");
    assert_str(html_of(cx, "{{contact}}"), "<p>Telefon 12 34 56 78<br />\n- hjaelp@fjordby.example</p>\n");
    assert_str(html_of(cx, "{{lines_granted}}\n\n{{lines_refused}}\n\n{{reasons}}"),
               "<ul>\n<li>Rollator</li>\n<li>1. Bruttobad [klik](http://x.example)</li>\n<li># Badekar</li>\n</ul>\n"
               "<p>Fordi.</p>\n<p>Og derfor.</p>\n");
    assert_str(html_of(cx, "- før\n\n{{lines_refused}}"), "<ul>\n<li>før</li>\n<li># Badekar</li>\n</ul>\n");
    assert_str(html_of(cx, "1. før\n\n{{lines_refused}}\n\n    kode\n"),
               "<ol>\n<li>før</li>\n</ol>\n<ul>\n<li># Badekar</li>\n</ul>\n<pre><code>kode\n</code></pre>\n");
    test_cx_free(cx);
}

static void faults_are_named(void **state)
{
    struct cx *cx = test_cx();
    struct str out;
    (void)state;
    const struct {
        const char *template, *detail;
    } bad[] = {
        {"Hej\n\n{{navn}}", "line 3: {{navn}} is no placeholder we know"},
        {"{{deadline}}", "line 1: there is nothing to fill in for {{deadline}}; take it out"},
        {"Du får {{lines_granted}}", "line 1: {{lines_granted}} must stand alone in its paragraph"},
        {"x\n\n<b>fed</b>", "line 3: HTML cannot stand in a letter; write it as text"},
        {"`{{party_name}}`", "line 1: a placeholder cannot stand in code"},
        {"[x](http://x/{{party_name}})", "line 1: a placeholder cannot stand in an address"},
        {"**(a)**{{party_name}}", "the filled letter cannot be written as Markdown without changing it"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_err(cx, letter_template_fill(cx, str_of(bad[i].template), values(cx), &out), ERR_INVALID);
        assert_str(cx->fail.detail, bad[i].detail);
        assert_str(cx->fail.field, "markdown");
    }
    bool used[SLOT_COUNT];
    assert_ok(cx, letter_template_check(cx, S("{{reasons}}\n\nHilsen {{caseworker}}"), used));
    assert_true(used[SLOT_REASONS] && used[SLOT_CASEWORKER] && !used[SLOT_APPEAL]);
    assert_err(cx, letter_template_check(cx, S("{{reasons}} {{x}}"), NULL), ERR_INVALID);
    assert_ok(cx, letter_template_fill_line(cx, S("Afgørelse til {{party_name}}"), values(cx), &out));
    assert_str(out, "Afgørelse til Anna *Holm* <b>");
    assert_str(letter_template_without(cx, S("Senest {{deadline}}, {{party_name}}"), values(cx), S("[skriv her]")),
               "Senest [skriv her], {{party_name}}");
    test_cx_free(cx);
}

/* ---- plain language ---- */

/* What was found of a kind, joined: "behandles|bliver sendt". */
static struct str found(struct cx *cx, enum lang lang, enum letter_find_kind kind, const char *text)
{
    struct letter_plain p = letter_plain_check(cx, lang, str_of(text), false);
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < p.finds.n; i++) {
        const struct letter_find *f = &p.finds.p[i];
        if (f->kind == kind)
            buf_fmt(&b, "%s%.*s", b.n ? "|" : "", STR_ARG(str_slice(p.text.p[f->block], f->from, f->to)));
    }
    return buf_str(&b);
}

static void finds_danish_passives(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_str(found(cx, LANG_DA, PLAIN_PASSIVE, "Sagen behandles, og der *træffes* afgørelse."), "behandles|træffes");
    assert_str(found(cx, LANG_DA, PLAIN_PASSIVE, "Din ansøgning er blevet behandlet. Brevet bliver ikke sendt."),
               "blevet behandlet|bliver ikke sendt");
    assert_str(found(cx, LANG_DA, PLAIN_PASSIVE, "Behovet vurderes og blev registreret. Det bevilgedes."),
               "vurderes|blev registreret|bevilgedes");
    /* none of these is a passive */
    assert_str(
        found(
            cx, LANG_DA, PLAIN_PASSIVE,
            "Der findes hjælp. Det lykkes. Borgernes og kommunens sag, deres og jeres børns. Du bliver glad. Det "
            "bliver "
            "muligt. Du bliver 67 år. Vi giver, sender og behandler. Brugeres ønsker. Anders synes det. Alles mødes."),
        "");
    assert_str(found(cx, LANG_DA, PLAIN_PASSIVE, "Det bliver let.\n\nSendt i dag."), "");
    test_cx_free(cx);
}

static void finds_nynorsk_passives(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_str(
        found(cx, LANG_NN, PLAIN_PASSIVE,
              "Søknaden må sendast og skal behandlast. Stønaden blir utbetalt og vart innvilga. Ho er motteken, og "
              "det kan ikkje krevjast. Saka vart fyrst registrert."),
        "sendast|behandlast|blir utbetalt|vart innvilga|krevjast|vart fyrst registrert");
    assert_str(
        found(cx, LANG_NN, PLAIN_PASSIVE,
              "Det finst hjelp. Vi må møtast, og det kan lukkast. Det blir fint. Ei fast avtale, ein last og ein "
              "kontrast."),
        "");
    assert_str(found(cx, LANG_NN, PLAIN_CLICHE, "Dersom du, i samsvar med lova, spør snarast"),
               "Dersom|i samsvar med|snarast");
    assert_true(letter_plain_check(cx, LANG_NN, S("Kjære Kari\n\nVi kan ikkje gi deg støtte."), true).message_first);
    assert_true(letter_plain_check(cx, LANG_NN, S("Vi gir deg ein stokk. Han er din. Ring oss."), true).you == 2);
    test_cx_free(cx);
}

static void finds_norwegian_and_english_passives(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_str(found(cx, LANG_NB, PLAIN_PASSIVE,
                     "Søknaden behandles. Stønaden blir utbetalt og ble innvilget. Vedtaket fattes."),
               "behandles|blir utbetalt|ble innvilget|fattes");
    assert_str(
        found(cx, LANG_NB, PLAIN_PASSIVE, "Det finnes hjelp. Vi fatter vedtak. Kommunens og deres. Det blir fint."),
        "");
    assert_str(found(cx, LANG_EN, PLAIN_PASSIVE,
                     "Your application was carefully considered and is being processed. It was sent."),
               "was carefully considered|is being processed|was sent");
    assert_str(found(cx, LANG_EN, PLAIN_PASSIVE,
                     "You are interested. We need it. It is a bed. You are entitled to help. I was there and asked."),
               "");
    test_cx_free(cx);
}

static void finds_long_sentences_cliches_and_signs(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    const char *words24 =
        "en to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten tyve "
        "enogtyve toogtyve treogtyve fireogtyve";
    assert_str(found(cx, LANG_DA, PLAIN_LONG, words24), "");
    assert_false(str_empty(
        found(cx, LANG_DA, PLAIN_LONG, str_z(cx->arena, str_fmt(cx->arena, "Kort. %s, og nu for lang.", words24)))));
    struct letter_plain p = letter_plain_check(
        cx, LANG_DA, S("Du får svar d. 1. december kl. 12, jf. nr. 3. Så er det slut. Ring!"), false);
    assert_int_equal(p.sentences, 3);
    assert_str(found(cx, LANG_DA, PLAIN_CLICHE, "Såfremt De i henhold til loven, jævnfør bilag"),
               "Såfremt|i henhold til|jævnfør");
    p = letter_plain_check(cx, LANG_DA, S("I henhold til loven"), false);
    assert_str(p.finds.p[0].hint, "efter");
    assert_str(found(cx, LANG_DA, PLAIN_LAW, "Efter servicelovens § 112 og § 113 b."), "§ 112|§ 113");
    assert_str(found(cx, LANG_EN, PLAIN_LAW, "See section 112 of the Act. A section of the road."), "section 112");
    test_cx_free(cx);
}

static const char *const good_letter =
    "Kære Anna Holm\n\n"
    "Vi giver dig en rollator. Du får den senest den 1. december.\n\n"
    "## Derfor siger vi ja\n\n"
    "Du har fortalt os, at du har svært ved at gå. Din læge skriver det samme. Derfor har du brug for en rollator.\n\n"
    "Vi har brugt servicelovens § 112.\n\n"
    "## Har du spørgsmål?\n\nRing til os på 12 34 56 78.\n";

static const char *const bad_letter = "Vedrørende Deres ansøgning af 3. november\n\n"
                                      "I henhold til lov om social service § 112, stk. 1, jævnfør § 113, jf. "
                                      "bekendtgørelsens § 2 og § 7, skal det hermed meddeles, at "
                                      "ansøgningen er blevet behandlet, og at der på baggrund af de indsendte "
                                      "oplysninger foretages en vurdering, idet der lægges vægt på det "
                                      "oplyste.\n\n"
                                      "Såfremt yderligere dokumentation fremsendes, vil sagen blive genoptaget. "
                                      "Ansøgningen blev modtaget, registreres og behandles.\n";

static void grades_letters(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    struct letter_plain good = letter_plain_check(cx, LANG_DA, str_of(good_letter), true);
    assert_true(good.message_first);
    assert_true(good.you >= 4 && good.we >= 3);
    assert_int_equal(good.grade, 'A');
    struct letter_plain bad = letter_plain_check(cx, LANG_DA, str_of(bad_letter), true);
    assert_false(bad.message_first);
    assert_int_equal(bad.grade, 'D');
    assert_true(bad.count[PLAIN_PASSIVE] >= 6);
    assert_int_equal(bad.count[PLAIN_LAW], 4);
    assert_int_equal(bad.you, 0);
    /* the outcome in the second paragraph is too late; a letter without an outcome need not tell one */
    assert_false(letter_plain_check(cx, LANG_DA, S("Vi har set på din ansøgning.\n\nVi giver dig en rollator."), true)
                     .message_first);
    assert_true(letter_plain_check(cx, LANG_DA, S("Vi har set på din ansøgning."), false).message_first);
    assert_true(letter_plain_check(cx, LANG_NB, S("Hei Kari\n\nVi kan ikke gi deg støtte."), true).message_first);
    assert_true(
        letter_plain_check(cx, LANG_EN, S("Dear Anna\n\nWe have refused your application."), true).message_first);
    test_cx_free(cx);
}

/* What we ship is what we preach: every letter of every service has one of the two best grades. */
static void our_own_letters_are_plain(void **state)
{
    static const char *const names[] = {"granted", "partly", "refused", "hearing", "answer"};
    static const char *const services[] = {"lette-hjaelpemidler", "ris-og-ros"};
    static const char *const langs[LANG_COUNT] = {"da", "nb", "en", "nn"};
    struct letter_value none[SLOT_COUNT] = {0};
    int seen = 0;
    (void)state;
    for (size_t i = 0; i < 2 * 5 * LANG_COUNT; i++) {
        struct cx *cx = test_cx();
        size_t lang = i % LANG_COUNT, name = i / LANG_COUNT % 5;
        const char *path = str_z(cx->arena, str_fmt(cx->arena, "services/%s/letters/%s.%s.md",
                                                    services[i / (5 * LANG_COUNT)], names[name], langs[lang]));
        if (access(str_z(cx->arena, test_path(cx, path)), R_OK) == 0) {
            struct str text = test_read_file(cx, str_z(cx->arena, test_path(cx, path)));
            text = str_slice(text, str_find_char(text, '\n', 0), text.n); /* without the title */
            text = letter_template_without(cx, text, none, S("Anna"));
            struct letter_plain p = letter_plain_check(cx, (enum lang)lang, text, name < 3);
            if (p.grade > 'B')
                fail_msg("%s: %c", path, p.grade);
            assert_true(p.message_first);
            seen++;
        }
        test_cx_free(cx);
    }
    assert_true(seen >= 20);
}

static void marks_nest_and_escape(void **state)
{
    struct cx *cx = test_cx();
    const struct str labels[PLAIN_KINDS] = {S("Passiv"), S("Lang"), S("Kliché \"<"), S("Paragraf")};
    struct html html;
    const char *md = "Sagen **behandles** & <sendes> i henhold til § 2.\n\nDer bliver\n*truffet* afgørelse.";
    (void)state;
    struct letter_plain p = letter_plain_check(cx, LANG_DA, str_of(md), false);
    assert_ok(cx, letter_view_marked(cx, str_of(md), &p, labels, &html));
    assert_str(html.s,
               "<p>Sagen <strong><mark class=\"plain-passive\" title=\"Passiv\">behandles</mark></strong> &amp;  "
               "<mark class=\"plain-cliche\" title=\"Kliché &#34;&#60;: efter\">i henhold til</mark> "
               "<mark class=\"plain-law\" title=\"Paragraf\">§ 2</mark>.</p>\n"
               "<p>Der <mark class=\"plain-passive\" title=\"Passiv\">bliver</mark>\n"
               "<em><mark class=\"plain-passive\" title=\"Passiv\">truffet</mark></em> afgørelse.</p>\n");
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_only_text),
        cmocka_unit_test(faults_are_named),
        cmocka_unit_test(finds_danish_passives),
        cmocka_unit_test(finds_nynorsk_passives),
        cmocka_unit_test(finds_norwegian_and_english_passives),
        cmocka_unit_test(finds_long_sentences_cliches_and_signs),
        cmocka_unit_test(grades_letters),
        cmocka_unit_test(our_own_letters_are_plain),
        cmocka_unit_test(marks_nest_and_escape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
