/* Post comes in and is registered: once, where it belongs, by those who may, for both sides to see. */
#include "../casefile/house.h"

#include "access/access.h"
#include "codec/eml.h"
#include "post/post.h"

static const char mail[] = "From: Anna Holm <anna.holm@post.example>\r\nSubject: Kvittering\r\n"
                           "Date: Tue, 13 Jan 2026 09:00:00 +0100\r\n"
                           "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                           "--b\r\nContent-Type: text/plain\r\n\r\nHer er <b>min</b> kvittering.\r\n"
                           "--b\r\nContent-Type: application/pdf; name=\"../kvittering.pdf\"\r\n"
                           "Content-Disposition: attachment\r\n\r\n%PDF-1.4 x\r\n--b--\r\n";

static int64_t put(struct cx *cx, const char *name, const char *bytes)
{
    int64_t id;
    struct post_upload file = {str_of(name), str_of(bytes)};
    eml_init();
    assert_ok(cx, post_put(cx, rand_id(), &file, 1, &id));
    return id;
}

static struct post_registration to_case(struct cx *cx, struct str no)
{
    day_t today = civil_day_of_us(cx->now_us);
    return (struct post_registration){.version = 1,
                                      .no = no,
                                      .from = POST_FROM_PARTY,
                                      .title = S("Kvittering for en stok"),
                                      .written = today - 1,
                                      .arrived = today};
}

static struct post_registration to_new(struct cx *cx, const char *service, const char *idno)
{
    struct post_registration r = to_case(cx, S(""));
    r.new_case = true;
    r.service_key = str_of(service);
    r.from = POST_FROM_IDNO;
    r.idno = str_of(idno);
    return r;
}

#define DAGNY "7211412346"

static void whole(struct cx *cx)
{
    struct record_faults faults;
    house_system(cx);
    assert_ok(cx, casefile_verify(cx, &faults));
    for (size_t i = 0; i < faults.rows.n; i++)
        print_error("%.*s\n", STR_ARG(faults.rows.p[i]));
    assert_int_equal(faults.rows.n, 0);
    assert_ok(cx, record_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 0);
}

static void an_email_goes_into_a_case(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct post p;
    struct post_rows rows;
    struct post_receipt receipt;
    struct casefile_events events;
    struct record_documents docs;
    struct record_registrations regs;
    struct str text;
    int64_t id = house_taken(cx, "anna", "stok", NULL), post = put(cx, "mail.eml", mail);
    struct casefile_view v = house_view(cx, id);
    assert_ok(cx, post_waiting(cx, &rows));
    assert_int_equal(rows.rows.n, 1);
    assert_str(rows.rows.p[0].title, "Kvittering");
    assert_ok(cx, post_open(cx, post, &p));
    assert_str(p.sender, "Anna Holm");
    assert_str(p.words, "Her er <b>min</b> kvittering.");
    assert_int_equal(p.files.n, 2); /* the PDF, and the message as it came */
    assert_str(p.files.p[0].name, "kvittering.pdf");
    struct post_registration r = to_case(cx, v.file.no);
    assert_err(cx, post_receipt(cx, post, &receipt), ERR_NOT_FOUND);
    assert_ok(cx, post_register(cx, post, &r));
    assert_ok(cx, post_register(cx, post, &r)); /* pressed twice */
    assert_ok(cx, post_receipt(cx, post, &receipt));
    assert_true(receipt.may_see && receipt.casefile_id == id);
    assert_ok(cx, record_registrations(cx, v.file.record_id, false, &regs));
    assert_int_equal(regs.rows.n, 2); /* the application and this, once */
    assert_int_equal(regs.rows.p[1].kind, RECORD_INCOMING);
    assert_str(regs.rows.p[1].title, "Kvittering for en stok");
    assert_int_equal(civil_day_of_us(regs.rows.p[1].document_us), r.written);
    assert_int_equal(regs.rows.p[1].author_party_id, v.file.party_id);
    assert_true(regs.rows.p[1].finished_us.set);
    assert_ok(cx, record_text(cx, regs.rows.p[1].id, &text));
    assert_true(str_find(text, S("Her er <b>min</b> kvittering."), 0) < text.n);
    assert_ok(cx, post_open(cx, post, &p)); /* only the trace is left */
    assert_true(p.registered && !p.words.n && !p.files.n && !p.sender.n);
    assert_ok(cx, post_waiting(cx, &rows));
    assert_int_equal(rows.rows.n, 0);

    house_party(cx, "anna");
    v = house_view(cx, id);
    assert_ok(cx, casefile_events(cx, &v, &events));
    assert_str(events.rows.p[events.rows.n - 1].text,
               "Vi fik en e-mail fra dig den 15. januar 2026: Kvittering for en stok");
    assert_ok(cx, casefile_documents(cx, &v, &docs));
    assert_str(docs.rows.p[docs.rows.n - 2].file_name, "kvittering.pdf");
    whole(cx);
    house_free(cx);
}

/* The answer comes on paper: what was asked waits no more, as when it is answered on my page, and law 3 is met by it.
 */
static void a_letter_answers(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_asks asks;
    struct casefile_questions questions;
    struct casefile_contacts contacts;
    struct casefile_rows rows;
    struct casefile_events events;
    bool heard;
    int64_t id = house_taken(cx, "anna", "stok", NULL);
    struct casefile_view v = house_view(cx, id);
    struct post_registration r = to_case(cx, v.file.no);
    assert_ok(cx, post_asks(cx, &r, &asks));
    assert_int_equal(asks.rows.n, 0);
    assert_ok(cx, casefile_ask(cx, id, S("Hvor højt er badekarret?"), 5));
    assert_ok(cx, casefile_hear(cx, id, S("Vi regner med at give afslag."), 5));
    house_later(cx, DAY_US);
    assert_ok(cx, post_asks(cx, &r, &asks));
    assert_int_equal(asks.rows.n, 2);
    assert_false(asks.rows.p[0].hearing);
    assert_str(asks.rows.p[0].text, "Hvor højt er badekarret?");
    assert_true(asks.rows.p[1].hearing);

    r = to_case(cx, v.file.no);
    r.answers = asks.rows.p[0].id + 1;
    int64_t post = put(cx, "brev.pdf", "%PDF-1.4 58 cm");
    assert_err(cx, post_register(cx, post, &r), ERR_CONFLICT); /* nothing that waits */
    assert_str(cx->fail.field, "answers");
    r.answers = asks.rows.p[0].id;
    r.arrived -= 2;
    r.written = r.arrived;
    assert_err(cx, post_register(cx, post, &r), ERR_INVALID); /* before anybody had asked */
    assert_str(cx->fail.field, "answers");
    r.arrived += 2;
    assert_ok(cx, post_register(cx, post, &r));
    assert_ok(cx, post_register(cx, post, &r)); /* pressed twice */
    v = house_view(cx, id);
    assert_ok(cx, casefile_questions(cx, &v, &questions));
    assert_true(questions.rows.p[0].answered_us.set);
    assert_str(questions.rows.p[0].answer, "Kvittering for en stok"); /* the letter's title: it has no words */
    assert_ok(cx, post_asks(cx, &r, &asks));
    assert_int_equal(asks.rows.n, 1);
    house_party(cx, "anna");
    assert_ok(cx, casefile_mine(cx, S(""), 10, &rows));
    assert_true(rows.rows.p[0].unread); /* the hearing still waits */
    house_employee(cx, "bo");
    assert_ok(cx, casefile_heard(cx, id, &heard));
    assert_false(heard);
    post = put(cx, "svar.eml", mail);
    r.answers = asks.rows.p[0].id;
    assert_ok(cx, post_register(cx, post, &r));
    assert_ok(cx, casefile_heard(cx, id, &heard));
    assert_true(heard);
    assert_ok(cx, casefile_contacts(cx, &v, &contacts));
    assert_true(str_find(contacts.rows.p[0].answer, S("Her er <b>min</b> kvittering."), 0) <
                contacts.rows.p[0].answer.n);
    house_party(cx, "anna");
    assert_ok(cx, casefile_mine(cx, S(""), 10, &rows));
    assert_false(rows.rows.p[0].unread);
    v = house_view(cx, id);
    assert_ok(cx, casefile_events(cx, &v, &events));
    assert_str(events.rows.p[events.rows.n - 1].text,
               "Vi fik en e-mail fra Anna Holm den 16. januar 2026 som svar på høringen: Kvittering for en stok");
    assert_err(cx, casefile_answer(cx, id, questions.rows.p[0].id, &(struct casefile_message){.text = S("58")}),
               ERR_CONFLICT);
    whole(cx);
    house_free(cx);
}

/* The counter registers Dagny's letter as a new case: number, deadline from the day it came, a unit that is not hers.
 */
static void a_letter_becomes_a_case(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct post_receipt receipt;
    struct casefile_view v;
    struct casefile_rows rows;
    struct casefile_events events;
    struct form_shown answers;
    struct str json;
    int64_t dagny = house_party(cx, "dagny");
    house_employee(cx, "carl");
    int64_t post = put(cx, "C:\\scan\\brev.pdf", "%PDF-1.4 a letter");
    struct post_registration r = to_new(cx, "lette-hjaelpemidler", DAGNY);
    r.arrived -= 2; /* Tuesday 13 January: opened two days late */
    r.written -= 2;
    assert_ok(cx, post_register(cx, post, &r));
    assert_int_equal(access_waiting(cx), 2); /* the letter, and whose number was looked up */
    assert_ok(cx, post_receipt(cx, post, &receipt));
    assert_false(receipt.may_see); /* law 7 */
    assert_err(cx, casefile_open_as_employee(cx, receipt.no, S("prøve"), &v), ERR_FORBIDDEN);
    assert_ok(cx, post_register(cx, post, &r));
    house_employee(cx, "bo");
    assert_ok(cx, casefile_queue(cx, &(struct casefile_queue_query){.scope = CASEFILE_UNIT, .limit = 9}, &rows));
    assert_int_equal(rows.rows.n, 1); /* once */
    v = house_view(cx, receipt.casefile_id);
    assert_int_equal(v.file.channel, CHANNEL_LETTER);
    assert_true(v.file.by_post);
    assert_int_equal(v.file.party_id, dagny);
    assert_int_equal(civil_day_of_us(v.file.deadline_us.v - 1), civil_to_day(2026, 1, 27)); /* ten working days */
    assert_ok(cx, casefile_answers(cx, &v, &answers));
    assert_int_equal(answers.pages.n, 0);
    assert_ok(cx, casefile_export(cx, &v, &json));
    assert_ok(cx, casefile_take(cx, v.file.id, v.file.version)); /* a case like any other, to its decision */
    house_decide(cx, v.file.id, DECISION_GRANTED, DECISION_GRANTED);
    house_party(cx, "dagny");
    v = house_view(cx, receipt.casefile_id);
    assert_ok(cx, casefile_events(cx, &v, &events));
    assert_str(events.rows.p[0].text,
               "Vi fik et brev fra dig den 13. januar 2026 og har oprettet en sag: Kvittering for en stok");
    whole(cx);
    house_free(cx);
}

static void faults_are_said_at_their_field(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = house_taken(cx, "anna", "stok", NULL), post = put(cx, "brev.pdf", "%PDF-1.4 x"), other;
    struct str no = house_view(cx, id).file.no;
    struct post_registration good = to_case(cx, no), r;
#define REFUSED(change, err, at) \
    r = good; \
    change; \
    assert_err(cx, post_register(cx, post, &r), err); \
    assert_str(cx->fail.field, at)
    REFUSED(r.arrived++, ERR_INVALID, "arrived");
    REFUSED(r.arrived -= 3 * 366, ERR_INVALID, "arrived");
    REFUSED(r.written = r.arrived + 1, ERR_INVALID, "written");
    REFUSED(r.title = S("Brev fra 640357-4218 om stok"), ERR_INVALID, "title");
    REFUSED(r.title = S("6403574218"), ERR_INVALID, "title");
    REFUSED(r.title = S(" "), ERR_INVALID, "title");
    REFUSED(r.no = S("2026-999999"), ERR_NOT_FOUND, "no");
    REFUSED(r.appeal = true, ERR_CONFLICT, "no"); /* nothing has been decided */
    REFUSED((r.from = POST_FROM_OTHER, r.name = S("")), ERR_INVALID, "name");
    REFUSED((r.new_case = true, r.service_key = S("findes-ikke")), ERR_INVALID, "service");
    REFUSED((r.new_case = true, r.service_key = S("lette-hjaelpemidler")), ERR_INVALID, "from"); /* whose? */
    REFUSED((r.new_case = true, r.service_key = S("lette-hjaelpemidler"), r.from = POST_FROM_OTHER, r.name = S("X")),
            ERR_INVALID, "from");
    REFUSED((r.new_case = true, r.service_key = S("lette-hjaelpemidler"), r.from = POST_FROM_IDNO, r.idno = S("12")),
            ERR_INVALID, "idno");
    r = good;
    r.version = 7;
    assert_err(cx, post_register(cx, post, &r), ERR_CONFLICT);
    struct post_upload files[2] = {{S("a.eml"), S("no mail at all")}, {S("b.pdf"), S("%PDF-1.4 x")}};
    assert_err(cx, post_put(cx, rand_id(), files, 1, &other), ERR_SYNTAX);
    assert_err(cx, post_put(cx, rand_id(), files, 2, &other), ERR_INVALID);
    files[0] = (struct post_upload){S("scan.pdf"), S("MZ\x90 a program called a scan")};
    assert_err(cx, post_put(cx, rand_id(), files, 1, &other), ERR_INVALID);
    assert_err(cx, post_put(cx, rand_id(), files, 0, &other), ERR_INVALID);
    assert_ok(cx, post_register(cx, post, &good)); /* none of it left a trace */
    whole(cx);
    house_free(cx);
}

static void law_7_holds_for_post(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct post p;
    int64_t id = house_taken(cx, "anna", "stok", NULL), own = house_apply(cx, "mette", "stok", NULL), other;
    house_employee(cx, "bo");
    struct str no = house_view(cx, id).file.no, own_no = house_view(cx, own).file.no;
    int64_t post = put(cx, "brev.pdf", "%PDF-1.4 x");
    struct post_registration r = to_new(cx, "boernepasning", DAGNY); /* not a service of Bo's unit */
    assert_err(cx, post_register(cx, post, &r), ERR_INVALID);
    r = to_new(cx, "lette-hjaelpemidler", "6705791235"); /* his own letter */
    assert_err(cx, post_register(cx, post, &r), ERR_FORBIDDEN);
    house_custody(cx, "bo", true);
    house_employee(cx, "bo");
    r = to_new(cx, "lette-hjaelpemidler", "7405194826"); /* his child's */
    assert_err(cx, post_register(cx, post, &r), ERR_FORBIDDEN);
    r = to_case(cx, no); /* a number typed for a case of the past needs the counter's role */
    r.from = POST_FROM_IDNO;
    r.idno = S(DAGNY);
    assert_err(cx, post_register(cx, post, &r), ERR_INVALID);

    house_employee(cx, "mette"); /* another unit's post, another unit's case, her own case */
    assert_err(cx, post_open(cx, post, &p), ERR_FORBIDDEN);
    assert_err(cx, post_register(cx, post, &r), ERR_FORBIDDEN);
    assert_err(cx, post_discard(cx, post, 1), ERR_FORBIDDEN);
    assert_err(cx, post_pass_on(cx, post, 1, cx->who->acting_unit_id, S("")), ERR_FORBIDDEN);
    int64_t hers = put(cx, "brev.pdf", "%PDF-1.4 y");
    r = to_case(cx, no);
    assert_err(cx, post_register(cx, hers, &r), ERR_FORBIDDEN);
    r = to_case(cx, own_no);
    assert_err(cx, post_register(cx, hers, &r), ERR_FORBIDDEN);
    struct post_upload file = {S("brev.pdf"), S("%PDF-1.4 z")};
    house_employee(cx, "ulla"); /* an administrator */
    assert_err(cx, post_put(cx, rand_id(), &file, 1, &other), ERR_FORBIDDEN);
    house_party(cx, "anna");
    assert_err(cx, post_put(cx, rand_id(), &file, 1, &other), ERR_FORBIDDEN);
    assert_err(cx, post_open(cx, post, &p), ERR_FORBIDDEN);
    whole(cx);
    house_free(cx);
}

static int64_t rows_of_bo(struct cx *cx, enum access_pattern pattern)
{
    struct access_log log;
    struct auth_employee bo;
    assert_ok(cx, access_commit(cx));
    assert_ok(cx, auth_employee_by_key(cx, S("bo"), &bo));
    house_employee(cx, "sofie");
    struct access_log_query q = {
        .from_us = cx->now_us - DAY_US, .until_us = cx->now_us + DAY_US, .employee_id = bo.id, .pattern = pattern};
    assert_ok(cx, access_log(cx, &q, &log));
    assert_ok(cx, access_commit(cx)); /* that she looked is hers */
    house_employee(cx, "bo");
    return (int64_t)log.rows.n;
}

/* No log, no read: also of what is nobody's matter yet. */
static void looks_at_post_are_written_down(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct post p;
    struct post_rows rows;
    house_employee(cx, "carl");
    int64_t elsewhere = put(cx, "brev.pdf", "%PDF-1.4 x");
    house_employee(cx, "bo");
    assert_ok(cx, post_waiting(cx, &rows)); /* nothing to see */
    assert_int_equal(rows_of_bo(cx, ACCESS_ALL), 0);
    int64_t post = put(cx, "mail.eml", mail);
    assert_ok(cx, post_waiting(cx, &rows));
    assert_int_equal(rows_of_bo(cx, ACCESS_ALL), 1);
    assert_ok(cx, post_open(cx, post, &p));
    assert_int_equal(rows_of_bo(cx, ACCESS_ALL), 2);
    assert_err(cx, post_open(cx, elsewhere, &p), ERR_FORBIDDEN);
    assert_int_equal(rows_of_bo(cx, ACCESS_REFUSED), 1);
    house_free(cx);
}

static void to_another_unit_and_away(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct auth_unit unit;
    struct post p;
    int64_t post, once = rand_id(), again;
    struct post_upload file = {S("brev.png"), S("\x89PNG\r\n\x1a\n.....")};
    assert_ok(cx, auth_unit_by_key(cx, S("hjaelpemidler"), &unit));
    house_employee(cx, "carl");
    assert_ok(cx, post_put(cx, once, &file, 1, &post));
    assert_ok(cx, post_put(cx, once, &file, 1, &again)); /* the same page sent twice */
    assert_int_equal(post, again);
    assert_err(cx, post_pass_on(cx, post, 1, cx->who->acting_unit_id, S("")), ERR_INVALID);
    assert_err(cx, post_pass_on(cx, post, 3, unit.id, S("")), ERR_CONFLICT);
    assert_ok(cx, post_pass_on(cx, post, 1, unit.id, S("Om en rollator.")));
    assert_err(cx, post_open(cx, post, &p), ERR_FORBIDDEN);
    house_employee(cx, "jonas");
    assert_ok(cx, post_open(cx, post, &p));
    assert_str(p.note, "Om en rollator.");
    assert_err(cx, post_discard(cx, post, 1), ERR_CONFLICT); /* law 2 */
    assert_ok(cx, post_discard(cx, post, p.version));
    assert_err(cx, post_open(cx, post, &p), ERR_NOT_FOUND);
    whole(cx);
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_email_goes_into_a_case), cmocka_unit_test(a_letter_becomes_a_case),
        cmocka_unit_test(a_letter_answers),          cmocka_unit_test(faults_are_said_at_their_field),
        cmocka_unit_test(law_7_holds_for_post),      cmocka_unit_test(looks_at_post_are_written_down),
        cmocka_unit_test(to_another_unit_and_away),
    };
    return test_each_engine("post", tests);
}
