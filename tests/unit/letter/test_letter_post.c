/* Law 6: who is reserved gets letters on paper: what is told by letter, the batch that is printed, and the post. */
#include "sending.h"

#include "i18n/i18n.h"
#include "letter_attack_store.h"

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
    struct jobs *jobs = sending_jobs(cx);
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
    sending_run(cx, jobs);
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
    struct jobs *jobs = sending_jobs(cx);
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
    sending_run(cx, jobs);
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
    struct jobs *jobs = sending_jobs(cx);
    casefile_paper_hook(letter_of_news);
    for (size_t i = 0; i < 2; i++) {
        struct letter *rows;
        size_t n;
        int64_t id;
        sending_decided(cx, people[i].person, DECISION_REFUSED, &id);
        assert_ok(cx, casefile_receive_appeal(cx, id, S("Bænken er for smal.")));
        assert_ok(cx, casefile_uphold(cx, id, house_version(cx, id), S("Bænken *kan* bruges {{x}}.\n\nDen er ny.")));
        struct str day = i18n_date(cx, house_view(cx, id).file.decided_us.v);
        sending_run(cx, jobs);
        house_system(cx);
        assert_ok(cx, letter_list_for_casefile(cx, id, &rows, &n));
        assert_int_equal(n, 1);
        assert_int_equal(rows[0].state, people[i].state);
        assert_str(rows[0].title, "Vi har sendt din klage til Ankestyrelsen");
        assert_true(sending_has(rows[0].markdown, str_fmt(cx->arena, "afgørelse af %.*s", STR_ARG(day)).p));
        assert_true(sending_has(rows[0].markdown, "vi fastholder afgørelsen"));
        assert_true(sending_has(rows[0].markdown, "Du skal ikke gøre noget. Ankestyrelsen behandler nu din klage"));
        assert_true(sending_has(rows[0].markdown, "\\*kan\\* bruges {{x}}.\n\nDen er ny.")); /* words, never markup */
        assert_true(sending_has(rows[0].markdown, "70 00 02 10"));
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
    struct jobs *jobs = sending_jobs(cx);
    struct letter *rows, l;
    size_t n;
    int64_t mandate, anna = house_party(cx, "anna");
    house_party(cx, "dagny");
    assert_ok(cx, party_mandate_give(cx, &(struct party_mandate_new){.holder_id = anna, .scope = S("")}, &mandate));
    int64_t hers = house_taken(cx, "dagny", "stok", NULL);
    house_system(cx);
    assert_ok(cx, db_write(cx, tell, &(struct casefile_news){hers, .party_id = anna, .text = S("Skriv under.")}));
    sending_run(cx, jobs);
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
    struct jobs *jobs = sending_jobs(cx);
    int64_t casefile;
    struct letter l = sending_sent(cx, "dagny", &casefile);
    struct letter_print_rows waiting;
    house_later(cx, HOUR_US);
    sending_run(cx, jobs);
    l = sending_get(cx, l.id);
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
    l = sending_get(cx, l.id);
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
    struct jobs *jobs = sending_jobs(cx);
    int64_t case1, case2, case3, batch, second, n;
    struct letter first = sending_sent(cx, "dagny", &case1), other = sending_sent(cx, "dagny", &case2);
    struct letter_print_rows waiting;
    struct letter_batch b;
    struct letter_batches all;
    struct str pdf, again;
    house_later(cx, HOUR_US);
    sending_run(cx, jobs);
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
    struct letter late = sending_sent(cx, "dagny", &case3); /* waits for the next batch */
    house_later(cx, HOUR_US);
    sending_run(cx, jobs);
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
    assert_int_equal(sending_get(cx, first.id).state, LETTER_TO_PRINT); /* all or nothing */
    assert_ok(cx, letter_mark_posted(cx, other.id, today));             /* one by itself */
    assert_ok(cx, letter_batches(cx, &all));
    assert_int_equal(all.rows.n, 1);
    assert_int_equal(all.rows.p[0].n_waiting, 1);
    house_later(cx, DAY_US);
    assert_ok(cx, letter_batch_posted(cx, batch, today + 1, &n));
    assert_int_equal(n, 1);
    assert_int_equal(sending_get(cx, other.id).posted_day, today);
    first = sending_get(cx, first.id);
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
    struct jobs *jobs = sending_jobs(cx);
    struct letter_print_units units;
    int64_t case1, case2, batch;
    struct str pdf;
    const unsigned without = ROLE_LEADER | ROLE_CASEWORKER, with = without | ROLE_PROTECTED;
    struct letter l = sending_sent(cx, "dagny", &case1);
    sending_sent(cx, "dagny", &case2);
    house_later(cx, HOUR_US);
    sending_run(cx, jobs);
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
    struct jobs *jobs = sending_jobs(cx);
    int64_t casefile, batch;
    struct letter l = sending_sent(cx, "dagny", &casefile);
    house_later(cx, HOUR_US);
    sending_run(cx, jobs);
    assert_ok(cx, letter_batch_make(cx, &batch));
    assert_err(cx, db_write(cx, forge_item, &l), ERR_DUPLICATE); /* in a second place */
    assert_err(cx, db_write(cx, forge_posted, &l), ERR_LAW);     /* posted on no day */
    assert_true(str_starts(cx->fail.detail, S("LAW 5")));
    assert_ok(cx, letter_mark_posted(cx, l.id, civil_day_of_us(cx->now_us)));
    assert_err(cx, db_write(cx, forge_day, &l), ERR_LAW);
    assert_true(str_starts(cx->fail.detail, S("LAW 8")));
    struct letter digital = sending_sent(cx, "anna", &casefile);
    assert_err(cx, db_write(cx, forge_item, &digital), ERR_LAW); /* it does not wait for the printer */
    jobs_free(jobs);
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reserved_person_hears_by_letter),    cmocka_unit_test(a_reserved_person_is_asked_by_letter),
        cmocka_unit_test(an_upheld_decision_is_told_by_letter), cmocka_unit_test(a_letter_to_a_signer_is_the_signers),
        cmocka_unit_test(a_reserved_person_gets_paper),         cmocka_unit_test(a_batch_is_printed_and_posted),
        cmocka_unit_test(what_nobody_may_print_is_told),        cmocka_unit_test(the_store_guards_the_post),
    };
    return test_each_engine("letter_post", tests);
}
