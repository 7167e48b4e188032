/* Letters from draft to arrival, in a whole house; and the laws that are theirs, attacked. */
#include "../casefile/house.h"

#include "i18n/i18n.h"
#include "letter/letter.h"
#include "letter_attack_store.h"
#include "mail/mail.h"

static const struct job_kind kinds[] = {MAIL_JOB_KIND, LETTER_JOB_KINDS};

static struct jobs *jobs_of(struct cx *cx)
{
    struct jobs *jobs;
    struct mail_config config = {.from = S("ingen-svar@fjordby.example"),
                                 .url = str_fmt(cx->arena, "dir:%s/mail", test_folder(cx))};
    const struct who *before = cx->who;
    cx->who = auth_system();
    assert_ok(cx, mail_open(cx, &config, &cx->mail));
    assert_ok(cx, jobs_new(cx, &(struct jobs_config){.kinds = kinds, .n_kinds = sizeof kinds / sizeof *kinds}, &jobs));
    cx->who = before;
    return jobs;
}

static void run(struct cx *cx, struct jobs *jobs)
{
    int64_t runs;
    assert_ok(cx, jobs_run_due(jobs, cx->now_us, &runs));
}

static struct str id_of(struct cx *cx, int64_t id)
{
    return str_fmt(cx->arena, "%lld", (long long)id);
}

/* Bo has decided on two things that `person` applied for, and called first. */
static struct decision decided(struct cx *cx, const char *person, enum decision_outcome second, int64_t *ret_casefile)
{
    int64_t id = house_taken(cx, person, "stok", "badebaenk");
    assert_ok(cx, casefile_call(cx, id, S("Vi talte om det."), true));
    struct decision d = house_decide(cx, id, DECISION_GRANTED, second);
    assert_ok(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)));
    assert_ok(cx, decision_by_id(cx, d.id, &d));
    *ret_casefile = id;
    return d;
}

static struct letter get(struct cx *cx, int64_t id)
{
    struct letter l = {0};
    assert_ok(cx, letter_get(cx, id, &l));
    return l;
}

static struct letter draft(struct cx *cx, int64_t casefile, int64_t decision, const char *template)
{
    int64_t id = 0;
    struct letter_draft d = {casefile, decision, str_of(template), LANG_DA};
    assert_ok(cx, letter_draft_new(cx, &d, &id));
    return get(cx, id);
}

/* A partly granted application of `person`, its letter sent by Bo. */
static struct letter sent(struct cx *cx, const char *person, int64_t *ret_casefile)
{
    struct decision d = decided(cx, person, DECISION_REFUSED, ret_casefile);
    struct letter l = draft(cx, *ret_casefile, d.id, "partly");
    assert_ok(cx, letter_send(cx, l.id, l.version));
    return get(cx, l.id);
}

static bool has(struct str s, const char *what)
{
    bool found = str_find(s, str_of(what), 0) < s.n;
    if (!found)
        print_error("not there: %s\nin: %.*s\n", what, STR_ARG(s));
    return found;
}

/* ---- the story ---- */

static void a_decision_reaches_the_citizen(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = jobs_of(cx);
    int64_t casefile;
    struct decision d = decided(cx, "anna", DECISION_REFUSED, &casefile);
    struct letter l = draft(cx, casefile, d.id, "partly");
    struct letter_preview p;
    assert_ok(cx, letter_preview(cx, l.id, &p));
    assert_int_equal(p.missing.n, 0);
    assert_true(has(p.html.s, "Kære Anna Holm"));
    assert_true(has(p.html.s, "Du kan klare det uden."));
    assert_true(has(p.html.s, "4 uger"));
    assert_true(p.plain.message_first);
    struct str text = str_cat(cx->arena, l.markdown, S("\n\nKom *endelig* forbi."));
    assert_ok(cx, letter_draft_save(cx, l.id, l.version, l.title, text));
    assert_err(cx, letter_draft_save(cx, l.id, l.version, l.title, l.markdown), ERR_CONFLICT); /* law 2 */
    assert_err(cx, letter_send(cx, l.id, l.version), ERR_CONFLICT);
    l = get(cx, l.id);
    assert_ok(cx, letter_send(cx, l.id, l.version));
    assert_err(cx, letter_send(cx, l.id, l.version), ERR_CONFLICT); /* once */
    run(cx, jobs);
    l = get(cx, l.id);
    assert_int_equal(l.state, LETTER_QUEUED); /* may be recalled still */
    struct letter_row *rows;
    size_t n;
    assert_ok(cx, letter_list_for_party(cx, l.party_id, 10, &rows, &n));
    assert_int_equal(n, 0);
    assert_err(cx, casefile_close(cx, casefile, house_version(cx, casefile)), ERR_LAW); /* law 5 */
    house_later(cx, cx->muni->recall_seconds * SECOND_US);
    run(cx, jobs);
    l = get(cx, l.id);
    assert_int_equal(l.state, LETTER_DELIVERED);
    assert_int_equal(l.channel, LETTER_DIGITAL);
    assert_int_equal(l.arrived_us, cx->now_us);
    assert_int_equal(l.appeal_deadline, municipality_appeal_deadline(cx->muni, civil_day_of_us(cx->now_us)));
    assert_int_equal(l.pdf_hash.n, 64);
    struct casefile_view v = house_view(cx, casefile);
    assert_true(v.file.arrived_us.set && v.file.appeal_until_us.v == civil_day_start_us(l.appeal_deadline + 1));
    /* in the record: the text, the PDF, finished and numbered */
    struct record_registration r;
    assert_ok(cx, record_registration_get(cx, l.registration_id, &r));
    assert_true(r.finished_us.set && r.journal_no.n > 0 && r.party_visible);
    assert_true(has(str_cat(cx->arena, S(""), l.markdown), "Anna Holm"));
    /* Anna reads it; the case has one more thing she may do */
    house_party(cx, "anna");
    int64_t unread;
    assert_ok(cx, letter_unread_count(cx, cx->who->party_id, &unread));
    assert_int_equal(unread, 1);
    assert_ok(cx, letter_list_for_party(cx, cx->who->party_id, 10, &rows, &n));
    assert_int_equal(n, 1);
    assert_str(rows[0].title, "Du får noget af det, du har søgt om");
    assert_ok(cx, letter_get_as_party(cx, l.id, &l));
    assert_ok(cx, letter_unread_count(cx, cx->who->party_id, &unread));
    assert_int_equal(unread, 0);
    struct html html;
    assert_ok(cx, letter_html(cx, &l, &html));
    assert_true(has(html.s, "Kom <em>endelig</em> forbi."));
    assert_true(house_view(cx, casefile).can[CASEFILE_DO_APPEAL]);
    house_party(cx, "dagny");
    assert_err(cx, letter_get_as_party(cx, l.id, &l), ERR_NOT_FOUND); /* law 7 */
    house_employee(cx, "mette");
    assert_err(cx, letter_get(cx, l.id, &l), ERR_FORBIDDEN);
    house_employee(cx, "bo");
    assert_ok(cx, casefile_close(cx, casefile, house_version(cx, casefile)));
    jobs_free(jobs);
    house_free(cx);
}

static void can_be_recalled_for_a_while(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = jobs_of(cx);
    int64_t casefile;
    struct letter l = sent(cx, "anna", &casefile);
    assert_ok(cx, letter_recall(cx, l.id));
    l = get(cx, l.id);
    assert_int_equal(l.state, LETTER_RECALLED);
    assert_true(has(l.markdown, "{{party_name}}")); /* as it was written */
    house_later(cx, HOUR_US);
    run(cx, jobs);
    assert_int_equal(get(cx, l.id).state, LETTER_RECALLED);
    assert_ok(cx, letter_send(cx, l.id, l.version));
    house_later(cx, cx->muni->recall_seconds * SECOND_US);
    assert_err(cx, letter_recall(cx, l.id), ERR_CONFLICT); /* too late, though the job has not run */
    run(cx, jobs);
    assert_int_equal(get(cx, l.id).state, LETTER_DELIVERED);
    assert_err(cx, letter_recall(cx, l.id), ERR_CONFLICT);
    jobs_free(jobs);
    house_free(cx);
}

/* The only thing applied for is granted in part: nothing was refused, and the letter is whole all the same. */
static void one_thing_granted_in_part_is_told_in_every_language(void **state)
{
    (void)state;
    static const char *const bra[][2] = {{"phone", "20 00 00 03"},
                                         {"home_municipality", "Fjordby"},
                                         {"reason", "incongruence"},
                                         {"what", "spesialbrystholder"},
                                         {"purchase", "before"},
                                         {"bra_first", "true"},
                                         {"more", "false"},
                                         {"doctor_bra_how", "later"},
                                         {"prescription_how", "later"},
                                         {"other_how", "no"},
                                         {"doctor_gender_how", "later"},
                                         {"truth", "true"}};
    for (int service = 0; service < 2; service++)
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            struct cx *cx = house_new();
            struct casefile_receipt receipt;
            int64_t version, letter;
            house_party(cx, "anna");
            int64_t application = service ? house_fill(cx, "brystprotese", bra, sizeof bra / sizeof *bra, &version)
                                          : house_draft(cx, "stok", NULL, &version);
            assert_ok(cx, casefile_submit(cx, application, version, &receipt));
            int64_t id = receipt.casefile_id;
            house_employee(cx, "bo");
            assert_ok(cx, casefile_take(cx, id, house_version(cx, id)));
            assert_ok(cx, casefile_call(cx, id, S("Vi talte om det."), true));
            struct decision d = house_decide(cx, id, DECISION_PARTLY, DECISION_PARTLY);
            assert_int_equal(d.lines.n, 1);
            assert_ok(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)));
            struct letter_draft new = {id, d.id, S("partly"), (enum lang)lang};
            assert_ok(cx, letter_draft_new(cx, &new, &letter));
            assert_ok(cx, letter_send(cx, letter, get(cx, letter).version));
            assert_true(has(get(cx, letter).markdown, "Lånt i et halvt år"));
            house_free(cx);
        }
}

/* A document of the registration that cx->who sees on the case file; 0: none. */
static int64_t document_of(struct cx *cx, int64_t casefile, int64_t registration)
{
    struct casefile_view v = house_view(cx, casefile);
    struct record_documents docs;
    assert_ok(cx, casefile_documents(cx, &v, &docs));
    for (size_t i = 0; i < docs.rows.n; i++)
        if (docs.rows.p[i].registration_id == registration)
            return docs.rows.p[i].id;
    return 0;
}

/* Law 6: who is reserved hears by letter what others hear by e-mail: who has the case now and why, that it takes
 * longer. */
static void a_reserved_person_hears_by_letter(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = jobs_of(cx);
    struct letter *rows;
    struct letter_print_rows print;
    struct auth_unit unit;
    size_t n;
    int64_t hers = house_taken(cx, "dagny", "stok", NULL), annas = house_taken(cx, "anna", "stok", NULL);
    casefile_paper_hook(letter_of_news);
    assert_ok(cx, auth_unit_by_key(cx, S("borgerservice"), &unit));
    assert_ok(cx, casefile_extend(cx, hers, house_version(cx, hers), civil_to_day(2026, 3, 2),
                                  S("Vi venter på *lægen* {{x}}.")));
    assert_ok(cx,
              casefile_extend(cx, annas, house_version(cx, annas), civil_to_day(2026, 3, 2), S("Vi venter på lægen.")));
    assert_ok(cx, casefile_pass_on(cx, hers, house_version(cx, hers), unit.id, S("De kender din sag.")));
    assert_ok(cx, casefile_pass_on(cx, annas, house_version(cx, annas), unit.id, S("De kender din sag.")));
    casefile_paper_hook(NULL);
    run(cx, jobs);
    house_system(cx);
    assert_ok(cx, letter_list_for_casefile(cx, annas, &rows, &n));
    assert_int_equal(n, 0); /* she has her e-mail */
    assert_ok(cx, letter_list_for_casefile(cx, hers, &rows, &n));
    assert_int_equal(n, 2);
    for (size_t i = 0; i < n; i++) {
        struct str md = rows[i].markdown;
        bool moved = str_find(md, S("Borgerservice har nu din sag"), 0) < md.n;
        assert_int_equal(rows[i].state, LETTER_TO_PRINT);
        assert_int_equal(rows[i].channel, LETTER_PAPER);
        assert_str(rows[i].title, "Nyt i din sag: Lette hjælpemidler");
        assert_true(str_find(md, moved ? S("De kender din sag.") : S("\\*lægen\\* {{x}}."), 0) <
                    md.n); /* words, never markup */
        assert_true(str_find(md, S("Kære Dagny Lund"), 0) < md.n);
    }
    house_employee(cx, "carl"); /* the unit that has it now prints it */
    assert_ok(cx, letter_print_waiting(cx, &print));
    assert_int_equal(print.rows.n, 2);
    house_employee(cx, "bo");
    assert_ok(cx, letter_print_waiting(cx, &print));
    assert_int_equal(print.rows.n, 0);
    jobs_free(jobs);
    house_free(cx);
}

/* Law 6: a question and a hearing too, with what was asked and how to answer; and with time for the post both ways. */
static void a_reserved_person_is_asked_by_letter(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = jobs_of(cx);
    struct letter *rows;
    struct letter_print_rows print;
    struct casefile_questions questions[2];
    struct casefile_contacts contacts;
    size_t n;
    int64_t ids[] = {house_taken(cx, "dagny", "stok", NULL), house_taken(cx, "anna", "stok", NULL)};
    day_t today = civil_day_of_us(cx->now_us), due[2];
    casefile_paper_hook(letter_of_news);
    for (int i = 0; i < 2; i++) {
        assert_ok(cx, casefile_ask(cx, ids[i], S("Har du *fået* {{x}} prøvet?\n\nSend gerne et billede."), 5));
        assert_ok(cx, casefile_hear(cx, ids[i], S("Vi overvejer at sige nej til stokken."), 5));
        struct casefile_view v = house_view(cx, ids[i]);
        assert_ok(cx, casefile_questions(cx, &v, &questions[i]));
        due[i] = civil_day_of_us(questions[i].rows.p[0].due_us - 1);
        assert_int_equal(due[i],
                         municipality_add_working_days(cx->muni, today, 5 + (i ? 0 : 2 * cx->muni->postal_days)));
        assert_ok(cx, casefile_contacts(cx, &v, &contacts));
        assert_int_equal(civil_day_of_us(contacts.rows.p[0].due_us.v - 1), due[i]);
    }
    casefile_paper_hook(NULL);
    run(cx, jobs);
    house_system(cx);
    assert_ok(cx, letter_list_for_casefile(cx, ids[1], &rows, &n));
    assert_int_equal(n, 0); /* she has her e-mail, and my page */
    assert_ok(cx, letter_list_for_casefile(cx, ids[0], &rows, &n));
    assert_int_equal(n, 2);
    for (size_t i = 0; i < n; i++) {
        struct str md = rows[i].markdown;
        bool hearing = str_find(md, S("Du kan udtale dig"), 0) < md.n;
        struct str by = str_fmt(cx->arena, "Svar senest %.*s", STR_ARG(i18n_day(cx, due[0])));
        assert_int_equal(rows[i].state, LETTER_TO_PRINT);
        assert_int_equal(rows[i].channel, LETTER_PAPER);
        assert_true(str_find(md, by, 0) < md.n);
        assert_true(str_find(md, hearing ? S("Vi overvejer at sige nej") : S("\\*fået\\* {{x}} prøvet?\n\nSend gerne"),
                             0) < md.n); /* words, never markup; paragraphs as they were */
        assert_true(str_find(md, S("Svar med et brev til Fjordby Kommune"), 0) < md.n);
    }
    house_employee(cx, "bo");
    assert_ok(cx, letter_print_waiting(cx, &print));
    assert_int_equal(print.rows.n, 2);
    jobs_free(jobs);
    house_free(cx);
}

/* An appeal that was sent on is told by letter, to everybody: whom it lies with, what was written there, and that there
   is nothing to do. Law 6: on paper to who is reserved. */
static void an_upheld_decision_is_told_by_letter(void **state)
{
    static const struct {
        const char *person;
        enum letter_state state;
    } people[] = {{"anna", LETTER_DELIVERED}, {"dagny", LETTER_TO_PRINT}};
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = jobs_of(cx);
    casefile_paper_hook(letter_of_news);
    for (size_t i = 0; i < 2; i++) {
        struct letter *rows;
        size_t n;
        int64_t id;
        decided(cx, people[i].person, DECISION_REFUSED, &id);
        assert_ok(cx, casefile_receive_appeal(cx, id, S("Bænken er for smal.")));
        assert_ok(cx, casefile_uphold(cx, id, house_version(cx, id), S("Bænken *kan* bruges {{x}}.\n\nDen er ny.")));
        struct str day = i18n_date(cx, house_view(cx, id).file.decided_us.v);
        run(cx, jobs);
        house_system(cx);
        assert_ok(cx, letter_list_for_casefile(cx, id, &rows, &n));
        assert_int_equal(n, 1);
        assert_int_equal(rows[0].state, people[i].state);
        assert_str(rows[0].title, "Vi har sendt din klage til Ankestyrelsen");
        assert_true(has(rows[0].markdown, str_fmt(cx->arena, "afgørelse af %.*s", STR_ARG(day)).p));
        assert_true(has(rows[0].markdown, "vi fastholder afgørelsen"));
        assert_true(has(rows[0].markdown, "Du skal ikke gøre noget. Ankestyrelsen behandler nu din klage"));
        assert_true(has(rows[0].markdown, "\\*kan\\* bruges {{x}}.\n\nDen er ny.")); /* words, never markup */
        assert_true(has(rows[0].markdown, "70 00 02 10"));
    }
    casefile_paper_hook(NULL);
    jobs_free(jobs);
    house_free(cx);
}

static enum err tell(struct cx *cx, void *ctx)
{
    return letter_of_news(cx, ctx);
}

/* Anna must sign, and holds a mandate of Dagny's: the letter to her is hers to read all the same, and not Dagny's. */
static void a_letter_to_a_signer_is_the_signers(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = jobs_of(cx);
    struct letter *rows, l;
    size_t n;
    int64_t mandate, anna = house_party(cx, "anna");
    house_party(cx, "dagny");
    assert_ok(cx, party_mandate_give(cx, &(struct party_mandate_new){.holder_id = anna, .scope = S("")}, &mandate));
    int64_t hers = house_taken(cx, "dagny", "stok", NULL);
    house_system(cx);
    assert_ok(cx, db_write(cx, tell, &(struct casefile_news){hers, .party_id = anna, .text = S("Skriv under.")}));
    run(cx, jobs);
    house_system(cx);
    assert_ok(cx, letter_list_for_casefile(cx, hers, &rows, &n));
    assert_int_equal(n, 1);
    house_party(cx, "anna");
    assert_ok(cx, letter_get_as_party(cx, rows[0].id, &l));
    house_party(cx, "dagny");
    assert_err(cx, letter_get_as_party(cx, rows[0].id, &l), ERR_NOT_FOUND);
    jobs_free(jobs);
    house_free(cx);
}

/* Law 6 and law 5: Dagny is reserved; the clock runs from the post. */
static void a_reserved_person_gets_paper(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = jobs_of(cx);
    int64_t casefile;
    struct letter l = sent(cx, "dagny", &casefile);
    struct letter_print_rows waiting;
    house_later(cx, HOUR_US);
    run(cx, jobs);
    l = get(cx, l.id);
    assert_int_equal(l.state, LETTER_TO_PRINT);
    assert_int_equal(l.channel, LETTER_PAPER);
    assert_int_equal(l.arrived_us + l.appeal_deadline, 0);
    assert_err(cx, casefile_close(cx, casefile, house_version(cx, casefile)), ERR_LAW);
    int64_t pdf = document_of(cx, casefile, l.registration_id);
    assert_true(pdf); /* the unit sees it */
    assert_ok(cx, letter_print_waiting(cx, &waiting));
    assert_int_equal(waiting.rows.n, 1);
    day_t today = civil_day_of_us(cx->now_us);
    assert_err(cx, letter_mark_posted(cx, l.id, today + 1), ERR_INVALID);
    assert_err(cx, letter_mark_posted(cx, l.id, today - 1), ERR_INVALID);
    assert_ok(cx, letter_mark_posted(cx, l.id, today));
    l = get(cx, l.id);
    assert_int_equal(l.state, LETTER_POSTED);
    day_t arrival = municipality_add_working_days(cx->muni, today, cx->muni->postal_days);
    assert_int_equal(civil_day_of_us(l.arrived_us), arrival);
    assert_int_equal(l.appeal_deadline, municipality_appeal_deadline(cx->muni, arrival));
    assert_int_equal(l.posted_day, today);
    assert_ok(cx, letter_print_waiting(cx, &waiting));
    assert_int_equal(waiting.rows.n, 0);
    /* posted is not arrived: what it says is told on the day it counts from, and not before */
    struct decision d;
    house_party(cx, "dagny");
    struct casefile_view hers = house_view(cx, casefile);
    assert_true(hers.can[CASEFILE_DO_APPEAL]); /* the post may be quicker */
    assert_err(cx, decision_of(cx, &hers, &d), ERR_NOT_FOUND);
    house_later(cx, l.arrived_us - 1 - cx->now_us);
    assert_err(cx, decision_of(cx, &hers, &d), ERR_NOT_FOUND);
    assert_err(cx, letter_get_as_party(cx, l.id, &l), ERR_NOT_FOUND);
    struct record_document document;
    assert_int_equal(document_of(cx, casefile, l.registration_id), 0);
    assert_err(cx, casefile_document(cx, &hers, pdf, &document), ERR_NOT_FOUND);
    house_later(cx, 1);
    assert_int_equal(document_of(cx, casefile, l.registration_id), pdf);
    assert_ok(cx, casefile_document(cx, &hers, pdf, &document));
    assert_ok(cx, decision_of(cx, &hers, &d));
    assert_ok(cx, letter_get_as_party(cx, l.id, &l));
    house_employee(cx, "bo");
    assert_ok(cx, casefile_close(cx, casefile, house_version(cx, casefile)));
    jobs_free(jobs);
    house_free(cx);
}

/* A batch remembers its letters: printing again neither doubles nor loses one; posting is once. */
static void a_batch_is_printed_and_posted(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = jobs_of(cx);
    int64_t case1, case2, case3, batch, second, n;
    struct letter first = sent(cx, "dagny", &case1), other = sent(cx, "dagny", &case2);
    struct letter_print_rows waiting;
    struct letter_batch b;
    struct letter_batches all;
    struct str pdf, again;
    house_later(cx, HOUR_US);
    run(cx, jobs);
    assert_ok(cx, letter_batch_make(cx, &batch));
    assert_err(cx, letter_batch_make(cx, &second), ERR_CONFLICT);
    assert_ok(cx, letter_print_waiting(cx, &waiting));
    assert_int_equal(waiting.rows.n, 0);
    assert_ok(cx, letter_batch_get(cx, batch, &b));
    assert_int_equal(b.list.rows.n, 2);
    assert_int_equal(b.n_waiting, 2);
    assert_str(b.by, "Bo Kjær");
    assert_str(b.list.rows.p[0].recipient, "Dagny Lund");
    assert_ok(cx, letter_batch_pdf(cx, batch, &pdf));
    assert_true(str_starts(pdf, S("%PDF")));
    struct letter late = sent(cx, "dagny", &case3); /* waits for the next batch */
    house_later(cx, HOUR_US);
    run(cx, jobs);
    assert_ok(cx, letter_batch_pdf(cx, batch, &again));
    assert_true(str_eq(pdf, again)); /* the same pages, as often as one likes */
    assert_ok(cx, letter_print_waiting(cx, &waiting));
    assert_int_equal(waiting.rows.n, 1);
    assert_int_equal(waiting.rows.p[0].id, late.id);

    /* another unit, a citizen, and the counter see nothing of it */
    house_employee(cx, "mette");
    assert_err(cx, letter_batch_get(cx, batch, &b), ERR_NOT_FOUND);
    assert_err(cx, letter_batch_pdf(cx, batch, &pdf), ERR_NOT_FOUND);
    day_t today = civil_day_of_us(cx->now_us);
    assert_err(cx, letter_batch_posted(cx, batch, today, &n), ERR_NOT_FOUND);
    assert_ok(cx, letter_batches(cx, &all));
    assert_int_equal(all.rows.n, 0);
    assert_err(cx, letter_batch_make(cx, &second), ERR_CONFLICT); /* nothing of hers waits */
    house_party(cx, "dagny");
    assert_err(cx, letter_batch_get(cx, batch, &b), ERR_FORBIDDEN);
    assert_err(cx, letter_batch_make(cx, &second), ERR_FORBIDDEN);

    house_employee(cx, "bo");
    assert_err(cx, letter_batch_posted(cx, batch, today + 1, &n), ERR_INVALID);
    assert_err(cx, letter_batch_posted(cx, batch, today - 1, &n), ERR_INVALID);
    assert_int_equal(get(cx, first.id).state, LETTER_TO_PRINT); /* all or nothing */
    assert_ok(cx, letter_mark_posted(cx, other.id, today));     /* one by itself */
    assert_ok(cx, letter_batches(cx, &all));
    assert_int_equal(all.rows.n, 1);
    assert_int_equal(all.rows.p[0].n_waiting, 1);
    house_later(cx, DAY_US);
    assert_ok(cx, letter_batch_posted(cx, batch, today + 1, &n));
    assert_int_equal(n, 1);
    assert_int_equal(get(cx, other.id).posted_day, today);
    first = get(cx, first.id);
    day_t arrival = municipality_add_working_days(cx->muni, today + 1, cx->muni->postal_days);
    assert_int_equal(first.posted_day, today + 1);
    assert_int_equal(first.arrived_us, letter_arrival_us(cx, today + 1));
    assert_int_equal(civil_day_of_us(first.arrived_us), arrival);
    assert_int_equal(first.appeal_deadline, municipality_appeal_deadline(cx->muni, arrival));
    struct casefile_view v = house_view(cx, case1);
    assert_true(v.file.appeal_until_us.v == civil_day_start_us(first.appeal_deadline + 1));
    assert_err(cx, letter_batch_posted(cx, batch, today + 1, &n), ERR_CONFLICT); /* once */
    assert_ok(cx, letter_batches(cx, &all));
    assert_int_equal(all.rows.n, 0);
    assert_ok(cx, letter_batch_pdf(cx, batch, &again)); /* it can still be printed */
    jobs_free(jobs);
    house_free(cx);
}

struct staffing {
    const char *key;
    unsigned roles;
    bool active;
};
static enum err staff(struct cx *cx, void *ctx)
{
    const struct staffing *s = ctx;
    return q_letter_attack_roles(cx, str_of(s->key), s->roles, s->active);
}
static enum err protect(struct cx *cx, void *ctx)
{
    return q_letter_attack_protect(cx, str_of(ctx));
}

static int64_t nobody_prints(struct cx *cx)
{
    struct letter_print_units units;
    struct letter_print_rows waiting;
    house_system(cx);
    assert_ok(cx, letter_print_nobody(cx, &units));
    if (units.rows.n)
        assert_str(units.rows.p[0].unit, "Hjælpemiddelteamet");
    assert_true(units.rows.n <= 1);
    house_employee(cx, "bo");
    assert_ok(cx, letter_print_waiting(cx, &waiting));
    assert_int_equal(waiting.rows.n, 0);
    assert_int_equal(waiting.n_protected, 2);
    assert_int_equal(waiting.n_nobody, units.rows.n ? 2 : 0);
    return units.rows.n ? units.rows.p[0].n : 0;
}

/* Where nobody has the right to a protected address, its letters do not lie unseen. */
static void what_nobody_may_print_is_told(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = jobs_of(cx);
    struct letter_print_units units;
    int64_t case1, case2, batch;
    struct str pdf;
    const unsigned without = ROLE_LEADER | ROLE_CASEWORKER, with = without | ROLE_PROTECTED;
    struct letter l = sent(cx, "dagny", &case1);
    sent(cx, "dagny", &case2);
    house_later(cx, HOUR_US);
    run(cx, jobs);
    house_system(cx);
    assert_ok(cx, db_write(cx, protect, "Dagny Lund"));
    assert_int_equal(nobody_prints(cx), 0); /* Inge may */
    assert_ok(cx, letter_get(cx, l.id, &l));
    assert_err(cx, letter_pdf_bytes(cx, &l, &pdf), ERR_PROTECTED); /* it was made before, and shows it */
    assert_ok(cx, db_write(cx, staff, &(struct staffing){"inge", without, true}));
    assert_int_equal(nobody_prints(cx), 2);
    assert_ok(cx, db_write(cx, staff, &(struct staffing){"inge", with, false}));
    assert_int_equal(nobody_prints(cx), 2); /* she has left */
    assert_ok(cx, db_write(cx, staff, &(struct staffing){"mette", ROLE_CASEWORKER | ROLE_PROTECTED, true}));
    assert_int_equal(nobody_prints(cx), 2); /* of another unit */
    assert_ok(cx, db_write(cx, staff, &(struct staffing){"inge", with, true}));
    assert_int_equal(nobody_prints(cx), 0);
    house_employee(cx, "inge");
    assert_ok(cx, letter_batch_make(cx, &batch));
    assert_ok(cx, db_write(cx, staff, &(struct staffing){"inge", without, true}));
    house_system(cx);
    assert_ok(cx, letter_print_nobody(cx, &units)); /* her batch is nobody's to print or to post */
    assert_int_equal(units.rows.n, 1);
    assert_int_equal(units.rows.p[0].n, 2);
    jobs_free(jobs);
    house_free(cx);
}

static enum err forge_item(struct cx *cx, void *ctx)
{
    const struct letter *l = ctx;
    return q_letter_attack_batch_item(cx, l->id);
}
static enum err forge_posted(struct cx *cx, void *ctx)
{
    const struct letter *l = ctx;
    return q_letter_attack_posted(cx, l->id, cx->now_us);
}
static enum err forge_day(struct cx *cx, void *ctx)
{
    const struct letter *l = ctx;
    return q_letter_attack_posted_day(cx, l->id);
}

static void the_store_guards_the_post(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = jobs_of(cx);
    int64_t casefile, batch;
    struct letter l = sent(cx, "dagny", &casefile);
    house_later(cx, HOUR_US);
    run(cx, jobs);
    assert_ok(cx, letter_batch_make(cx, &batch));
    assert_err(cx, db_write(cx, forge_item, &l), ERR_DUPLICATE); /* in a second place */
    assert_err(cx, db_write(cx, forge_posted, &l), ERR_LAW);     /* posted on no day */
    assert_true(str_starts(cx->fail.detail, S("LAW 5")));
    assert_ok(cx, letter_mark_posted(cx, l.id, civil_day_of_us(cx->now_us)));
    assert_err(cx, db_write(cx, forge_day, &l), ERR_LAW);
    assert_true(str_starts(cx->fail.detail, S("LAW 8")));
    struct letter digital = sent(cx, "anna", &casefile);
    assert_err(cx, db_write(cx, forge_item, &digital), ERR_LAW); /* it does not wait for the printer */
    jobs_free(jobs);
    house_free(cx);
}

/* Law 5: a letter that cannot be made keeps the case open, and no clock runs. */
static void a_letter_that_fails_stops_everything(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = jobs_of(cx);
    int64_t casefile;
    struct letter l = sent(cx, "anna", &casefile);
    const struct municipality *muni = cx->muni;
    struct municipality broken = *muni;
    jobs_free(jobs);
    broken.name = S("\xff"); /* a letterhead that cannot be set */
    cx->muni = &broken;
    jobs = jobs_of(cx);
    house_later(cx, HOUR_US);
    run(cx, jobs);
    cx->muni = muni;
    l = get(cx, l.id);
    assert_int_equal(l.state, LETTER_FAILED);
    assert_true(has(l.fail_detail, "UTF-8"));
    assert_int_equal(l.arrived_us + l.appeal_deadline + l.registration_id, 0);
    struct casefile_view v = house_view(cx, casefile);
    assert_false(v.file.appeal_until_us.set);
    assert_err(cx, casefile_close(cx, casefile, house_version(cx, casefile)), ERR_LAW);
    jobs_free(jobs);
    jobs = jobs_of(cx);
    assert_ok(cx, letter_retry(cx, l.id));
    run(cx, jobs);
    assert_int_equal(get(cx, l.id).state, LETTER_DELIVERED);
    assert_err(cx, letter_retry(cx, l.id), ERR_CONFLICT);
    jobs_free(jobs);
    house_free(cx);
}

/* The administrator mends the cause and tries the job again: the letter leaves. */
static void the_administrator_may_try_again(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = jobs_of(cx);
    int64_t casefile;
    struct letter l = sent(cx, "anna", &casefile);
    const struct municipality *muni = cx->muni;
    struct municipality broken = *muni;
    struct job_row *dead;
    size_t n;
    jobs_free(jobs);
    broken.name = S("\xff");
    cx->muni = &broken;
    jobs = jobs_of(cx);
    house_later(cx, HOUR_US);
    run(cx, jobs);
    jobs_free(jobs);
    cx->muni = muni;
    jobs = jobs_of(cx);
    assert_int_equal(get(cx, l.id).state, LETTER_FAILED);
    assert_ok(cx, jobs_list_dead(cx, 10, &dead, &n));
    for (size_t i = 0; i < n; i++)
        assert_ok(cx, job_retry(cx, dead[i].id));
    run(cx, jobs);
    assert_int_equal(get(cx, l.id).state, LETTER_DELIVERED);
    jobs_free(jobs);
    house_free(cx);
}

static void attachments_go_with_it(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = jobs_of(cx);
    int64_t casefile;
    struct decision d = decided(cx, "anna", DECISION_REFUSED, &casefile);
    struct letter l = draft(cx, casefile, d.id, "partly");
    struct letter_attachment a = {.name = S("Vejledning.txt"), .mime = S("text/plain")}, *rows;
    size_t n;
    assert_ok(cx, files_put(cx, S("Sådan bruger du stokken."), &a.file));
    assert_ok(cx, letter_attach(cx, l.id, l.version, &a));
    assert_err(cx, letter_attach(cx, l.id, l.version, &a), ERR_CONFLICT);
    assert_ok(cx, letter_attach(cx, l.id, l.version + 1, &a));
    assert_ok(cx, letter_attachments(cx, l.id, &rows, &n));
    assert_int_equal(n, 2);
    assert_ok(cx, letter_detach(cx, l.id, l.version + 2, rows[0].id));
    assert_ok(cx, letter_send(cx, l.id, l.version + 3));
    house_later(cx, HOUR_US);
    run(cx, jobs);
    house_party(cx, "anna");
    struct casefile_view v = house_view(cx, casefile);
    struct record_documents docs;
    assert_ok(cx, casefile_documents(cx, &v, &docs));
    assert_true(docs.rows.n >= 2);
    const struct record_document *last = &docs.rows.p[docs.rows.n - 1];
    struct str bytes;
    assert_str(last->title, "Vejledning.txt");
    assert_ok(cx, files_get(cx, last->file.hash, &bytes));
    assert_str(bytes, "Sådan bruger du stokken.");
    jobs_free(jobs);
    house_free(cx);
}

/* ---- law 4 ---- */

static void try_without(struct cx *cx, int64_t casefile, int64_t decision, const char *placeholder, const char *lacks)
{
    struct letter l = draft(cx, casefile, decision, "partly");
    size_t at = str_find(l.markdown, str_of(placeholder), 0);
    assert_true(at < l.markdown.n);
    struct str text =
        str_cat(cx->arena, str_slice(l.markdown, 0, at), str_slice(l.markdown, at + strlen(placeholder), l.markdown.n));
    assert_ok(cx, letter_draft_save(cx, l.id, l.version, l.title, text));
    l = get(cx, l.id);
    struct letter_preview p;
    assert_ok(cx, letter_preview(cx, l.id, &p));
    assert_true(p.missing.n >= 1);
    assert_err(cx, letter_send(cx, l.id, l.version), ERR_LAW);
    assert_true(has(cx->fail.detail, "LAW 4"));
    assert_true(has(cx->fail.detail, lacks));
    assert_ok(cx, letter_draft_delete(cx, l.id, l.version));
}

static void law_4_an_adverse_letter_is_complete(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t casefile;
    struct decision d = decided(cx, "anna", DECISION_REFUSED, &casefile);
    try_without(cx, casefile, d.id, "{{reasons}}", "reasons");
    try_without(cx, casefile, d.id, "{{legal_basis}}", "legal basis");
    try_without(cx, casefile, d.id, "{{appeal}}", "appeal guidance");
    /* words of one's own do as well: what counts is that it is said */
    struct letter l = draft(cx, casefile, d.id, "");
    assert_err(cx, letter_send(cx, l.id, l.version), ERR_INVALID);
    assert_ok(cx,
              letter_draft_save(
                  cx, l.id, l.version, S("Dit afslag"),
                  S("Vi kan ikke give dig en badebænk. *Du kan klare det uden.* Vi har brugt serviceloven § 112.\n\n"
                    "Du kan klage inden 4 uger. {{contact}}")));
    l = get(cx, l.id);
    assert_ok(cx, letter_send(cx, l.id, l.version));
    house_free(cx);
}

static void something_to_write_must_be_written(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t casefile = house_taken(cx, "anna", "stok", NULL);
    struct letter l = draft(cx, casefile, 0, "hearing");
    struct letter_preview p;
    assert_true(has(l.markdown, "[skriv her]")); /* no hearing, so no day */
    assert_err(cx, letter_send(cx, l.id, l.version), ERR_INVALID);
    assert_ok(cx, letter_preview(cx, l.id, &p));
    assert_int_equal(p.missing.n, 1);
    assert_err(cx, letter_draft_save(cx, l.id, l.version, l.title, S("{{ukendt}}")), ERR_INVALID);
    assert_ok(cx, letter_draft_save(cx, l.id, l.version, l.title, S("Vi ses {{deadline}}.")));
    assert_ok(cx, letter_preview(cx, l.id, &p));
    assert_true(has(p.html.s, "Vi ses [skriv her]."));
    assert_err(cx, letter_send(cx, l.id, l.version + 1), ERR_INVALID);
    assert_ok(cx, letter_draft_save(cx, l.id, l.version + 1, l.title, S("Vi ses snart, {{party_name}}.")));
    assert_ok(cx, letter_send(cx, l.id, l.version + 2));
    house_free(cx);
}

/* ---- below the domain ---- */

struct blow {
    enum err (*fn)(struct cx *cx, const struct blow *b);
    int64_t id, n;
};

static enum err strike_in(struct cx *cx, void *ctx)
{
    const struct blow *b = ctx;
    return b->fn(cx, b);
}

static void strike(struct cx *cx, struct blow b, const char *law)
{
    assert_err(cx, db_write(cx, strike_in, &b), ERR_LAW);
    if (!str_starts(cx->fail.detail, str_of(law)) && str_find(cx->fail.detail, S("law_"), 0) == cx->fail.detail.n)
        fail_msg("%s: %.*s", law, STR_ARG(cx->fail.detail));
}

#define BLOW(name, ...) \
    static enum err blow_##name(struct cx *cx, const struct blow *b) \
    { \
        return q_letter_attack_##name(cx, __VA_ARGS__); \
    }
BLOW(state, b->id, b->n)
BLOW(mild, b->id)
BLOW(text, b->id)
BLOW(deadline, b->id)
BLOW(drop, b->id)
BLOW(attachment, rand_id(), b->id, hash_of(S("x")))

static void the_store_refuses(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = jobs_of(cx);
    int64_t casefile, other;
    struct decision d = decided(cx, "anna", DECISION_REFUSED, &casefile);
    struct letter l = draft(cx, casefile, d.id, "partly");
    strike(cx, (struct blow){blow_state, l.id, 1}, "LAW 4"); /* nothing says that it is complete */
    strike(cx, (struct blow){blow_state, l.id, 2}, "LAW 4");
    strike(cx, (struct blow){blow_mild, l.id, 0}, "LAW 4");
    strike(cx, (struct blow){blow_deadline, l.id, 0}, "LAW 5");
    assert_ok(cx, letter_send(cx, l.id, l.version));
    strike(cx, (struct blow){blow_drop, l.id, 0}, "LAW 8");
    house_later(cx, HOUR_US);
    run(cx, jobs);
    strike(cx, (struct blow){blow_text, l.id, 0}, "LAW 8");
    strike(cx, (struct blow){blow_state, l.id, 0}, "LAW 8");
    strike(cx, (struct blow){blow_drop, l.id, 0}, "LAW 8");
    strike(cx, (struct blow){blow_attachment, l.id, 0}, "LAW 8");
    l = sent(cx, "dagny", &other);
    strike(cx, (struct blow){blow_state, l.id, 2}, "LAW 6");
    /* a decision that is not final has no letter */
    int64_t open = house_taken(cx, "erik", "stok", NULL);
    d = house_decide(cx, open, DECISION_GRANTED, DECISION_GRANTED);
    l = draft(cx, open, d.id, "granted");
    assert_err(cx, letter_send(cx, l.id, l.version), ERR_LAW);
    strike(cx, (struct blow){blow_state, l.id, 1}, "LAW 3");
    jobs_free(jobs);
    house_free(cx);
}

static enum err lose_job(struct cx *cx, void *ctx)
{
    return q_letter_attack_job(cx, str_of(ctx));
}

static void verify_finds_a_lost_letter(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = jobs_of(cx);
    int64_t casefile;
    struct record_faults faults;
    struct letter l = sent(cx, "anna", &casefile);
    assert_ok(cx, letter_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 0);
    char *like = str_z(cx->arena, str_fmt(cx->arena, "%lld-%%", (long long)l.id));
    assert_ok(cx, db_write(cx, lose_job, like));
    assert_ok(cx, letter_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 1);
    assert_true(has(faults.rows.p[0], "1 letters sent that no job will deliver"));
    l = sent(cx, "dagny", &casefile);
    house_later(cx, HOUR_US);
    run(cx, jobs);
    assert_ok(cx, letter_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 1);
    jobs_free(jobs);
    house_free(cx);
}

/* The term and the body of appeal follow the country. */
static void norway_has_three_weeks(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = jobs_of(cx);
    int64_t casefile;
    struct decision d = decided(cx, "anna", DECISION_REFUSED, &casefile);
    struct municipality norwegian = *cx->muni;
    norwegian.country = COUNTRY_NO;
    norwegian.rules = municipality_country(COUNTRY_NO);
    jobs_free(jobs);
    cx->muni = &norwegian;
    jobs = jobs_of(cx);
    struct letter_draft new = {casefile, d.id, S("partly"), LANG_NB};
    struct letter_preview p;
    int64_t id;
    assert_ok(cx, letter_draft_new(cx, &new, &id));
    assert_ok(cx, letter_preview(cx, id, &p));
    assert_true(has(p.html.s, "3 uker"));
    assert_true(has(p.html.s, "Statsforvalteren"));
    assert_ok(cx, letter_send(cx, id, get(cx, id).version));
    house_later(cx, HOUR_US);
    run(cx, jobs);
    day_t arrived = civil_day_of_us(cx->now_us), last = get(cx, id).appeal_deadline;
    assert_true(last >= arrived + 21 && last <= arrived + 24); /* 21 days, moved on to a working day */
    jobs_free(jobs);
    house_free(cx);
}

/* An appeal is in time when it has come (Denmark), or when it was sent (Norway), whatever language the letter is in. */
static void the_rule_of_the_term_follows_the_country(void **state)
{
    static const struct {
        enum country country;
        enum lang lang;
        const char *says;
    } letters[] = {{COUNTRY_DK, LANG_DA, "Klagen skal være hos os"}, {COUNTRY_DK, LANG_NB, "Klagen må være hos oss"},
                   {COUNTRY_DK, LANG_NN, "Klaga må vere hos oss"},   {COUNTRY_DK, LANG_EN, "We must have your appeal"},
                   {COUNTRY_NO, LANG_DA, "Du skal sende klagen"},    {COUNTRY_NO, LANG_NB, "må være sendt til oss"},
                   {COUNTRY_NO, LANG_NN, "må vere send til oss"},    {COUNTRY_NO, LANG_EN, "You must send us"}};
    (void)state;
    struct cx *cx = house_new();
    int64_t casefile;
    struct decision d = decided(cx, "anna", DECISION_REFUSED, &casefile);
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        struct municipality there = *cx->muni;
        const struct municipality *here = cx->muni;
        there.country = letters[i].country;
        there.rules = municipality_country(there.country);
        cx->muni = &there;
        struct letter_draft new = {casefile, d.id, S("partly"), letters[i].lang};
        struct letter_preview p;
        int64_t id;
        assert_ok(cx, letter_draft_new(cx, &new, &id));
        assert_ok(cx, letter_preview(cx, id, &p));
        assert_true(has(p.html.s, letters[i].says));
        cx->muni = here;
    }
    house_free(cx);
}

/* A service whose decisions are appealed elsewhere says so: letter, last day, timeline. */
static void a_service_has_its_own_appeal(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = jobs_of(cx);
    struct casefile_events events;
    int64_t casefile;
    struct decision d = decided(cx, "anna", DECISION_REFUSED, &casefile);
    int64_t version = house_view(cx, casefile).file.service_version_id;
    struct service_version *service = (struct service_version *)service_version_by_id(cx, version);
    service->appeal_body = (struct words){.in = {[LANG_DA] = S("Nævnet for hjælpemidler")}};
    service->appeal_days = 14;
    struct letter l = draft(cx, casefile, d.id, "partly");
    struct letter_preview p;
    assert_ok(cx, letter_preview(cx, l.id, &p));
    assert_true(has(p.html.s, "senest 2 uger") && has(p.html.s, "videre til Nævnet for hjælpemidler"));
    assert_int_equal(p.missing.n, 0); /* law 4 asks for this term */
    assert_ok(cx, letter_send(cx, l.id, l.version));
    house_later(cx, HOUR_US);
    run(cx, jobs);
    day_t last = municipality_add_working_days(cx->muni, civil_day_of_us(cx->now_us) + 14, 0);
    assert_int_equal(get(cx, l.id).appeal_deadline, last);
    house_party(cx, "anna");
    assert_ok(cx, casefile_appeal(cx, casefile, &(struct casefile_message){.text = S("Nej.")}));
    house_employee(cx, "bo");
    assert_ok(cx, casefile_uphold(cx, casefile, house_version(cx, casefile), S("Jo.")));
    struct casefile_view v = house_view(cx, casefile);
    assert_ok(cx, casefile_events(cx, &v, &events));
    assert_true(has(events.rows.p[events.rows.n - 1].text, "til Nævnet for hjælpemidler den"));
    jobs_free(jobs);
    house_free(cx);
}

/* ---- who ---- */

static void others_may_not_write(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t casefile, id;
    struct decision d = decided(cx, "anna", DECISION_REFUSED, &casefile);
    struct letter l = draft(cx, casefile, d.id, "partly");
    struct letter_draft more = {casefile, d.id, S("partly"), LANG_DA};
    house_employee(cx, "mette");
    assert_err(cx, letter_draft_new(cx, &more, &id), ERR_FORBIDDEN);
    assert_err(cx, letter_draft_save(cx, l.id, l.version, S("x"), S("x")), ERR_FORBIDDEN);
    assert_err(cx, letter_send(cx, l.id, l.version), ERR_FORBIDDEN);
    assert_err(cx, letter_draft_delete(cx, l.id, l.version), ERR_FORBIDDEN);
    house_party(cx, "anna");
    assert_true(letter_send(cx, l.id, l.version) != ERR_OK);
    assert_err(cx, letter_get_as_party(cx, l.id, &l), ERR_NOT_FOUND); /* a draft is not hers yet */
    house_free(cx);
}

/* The application's own PDF: made of what was sent, then the registration is finished. */
static void an_application_gets_its_pdf(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = jobs_of(cx);
    int64_t casefile = house_apply(cx, "anna", "stok", NULL);
    run(cx, jobs);
    struct casefile_view v = house_view(cx, casefile);
    struct record_registration r;
    struct record_documents docs;
    struct str pdf;
    assert_ok(cx, record_registration_get(cx, v.file.application_id, &r));
    assert_true(r.finished_us.set);
    assert_ok(cx, casefile_documents(cx, &v, &docs));
    assert_true(docs.rows.n >= 1);
    assert_str(docs.rows.p[0].mime, "application/pdf");
    assert_ok(cx, files_get(cx, docs.rows.p[0].file.hash, &pdf));
    assert_true(str_starts(pdf, S("%PDF-1.7")));
    struct job_row row;
    assert_ok(cx, job_find(cx, S("casefile_pdf"), id_of(cx, v.file.application_id), &row));
    assert_int_equal(row.state, JOB_DONE);
    jobs_free(jobs);
    house_free(cx);
}

int main(void)
{
    log_set_level(LOG_ERROR + 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_decision_reaches_the_citizen),
        cmocka_unit_test(can_be_recalled_for_a_while),
        cmocka_unit_test(one_thing_granted_in_part_is_told_in_every_language),
        cmocka_unit_test(a_reserved_person_gets_paper),
        cmocka_unit_test(a_reserved_person_hears_by_letter),
        cmocka_unit_test(a_reserved_person_is_asked_by_letter),
        cmocka_unit_test(an_upheld_decision_is_told_by_letter),
        cmocka_unit_test(a_letter_to_a_signer_is_the_signers),
        cmocka_unit_test(a_batch_is_printed_and_posted),
        cmocka_unit_test(what_nobody_may_print_is_told),
        cmocka_unit_test(the_store_guards_the_post),
        cmocka_unit_test(a_letter_that_fails_stops_everything),
        cmocka_unit_test(the_administrator_may_try_again),
        cmocka_unit_test(attachments_go_with_it),
        cmocka_unit_test(law_4_an_adverse_letter_is_complete),
        cmocka_unit_test(something_to_write_must_be_written),
        cmocka_unit_test(the_store_refuses),
        cmocka_unit_test(verify_finds_a_lost_letter),
        cmocka_unit_test(norway_has_three_weeks),
        cmocka_unit_test(the_rule_of_the_term_follows_the_country),
        cmocka_unit_test(a_service_has_its_own_appeal),
        cmocka_unit_test(others_may_not_write),
        cmocka_unit_test(an_application_gets_its_pdf),
    };
    return test_each_engine("letter", tests);
}
