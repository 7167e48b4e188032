/* An appeal that the unit does not agree with: it is looked at, upheld with a statement, and sent on; what can be done
   before and after. */
#include "house.h"

#include "uphold_store.h"

static const struct casefile_message why = {.text = {"Bænken, jeg har, er for smal.", 30}};
#define STATEMENT S("Borgeren har en bænk, der kan bruges.")

static bool has(struct str s, const char *what)
{
    return str_find(s, str_of(what), 0) < s.n;
}

static enum err arrive(struct cx *cx, void *ctx)
{
    const int64_t *ids = ctx; /* case file, decision */
    day_t last = municipality_appeal_deadline(cx->muni, civil_day_of_us(cx->now_us));
    enum err e = casefile_unhold(cx, ids[0], S("decision"), ids[1]);
    return e ? e : casefile_arrived(cx, ids[0], cx->now_us, civil_day_start_us(last + 1));
}

static void decide(struct cx *cx, int64_t id, const struct decision *d)
{
    assert_ok(cx, casefile_call(cx, id, S("Vi talte om det."), true));
    assert_ok(cx, decision_finalise(cx, d->id, d->version, house_version(cx, id)));
    house_system(cx);
    assert_ok(cx, db_write(cx, arrive, (int64_t[]){id, d->id}));
}

/* Anna's application was refused in part, and she has appealed. cx->who is Bo, who has the case. */
static int64_t appealed(struct cx *cx)
{
    int64_t id = house_taken(cx, "anna", "stok", "badebaenk");
    struct decision d = house_decide(cx, id, DECISION_GRANTED, DECISION_REFUSED);
    decide(cx, id, &d);
    house_party(cx, "anna");
    assert_ok(cx, casefile_appeal(cx, id, &why));
    house_employee(cx, "bo");
    return id;
}

static struct casefile_event newest(struct cx *cx, const struct casefile_view *v)
{
    struct casefile_events events;
    assert_ok(cx, casefile_events(cx, v, &events));
    return events.rows.p[events.rows.n - 1];
}

static void an_appeal_is_sent_on(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = appealed(cx);
    struct casefile_view v = house_view(cx, id);
    day_t look = municipality_review_deadline(cx->muni, civil_day_of_us(cx->now_us));
    assert_true(v.can[CASEFILE_DO_UPHOLD] && v.can[CASEFILE_DO_DECIDE] && !v.can[CASEFILE_DO_CLOSE]);
    assert_true(!v.file.sent_on && v.file.deadline_us.v == civil_day_start_us(look + 1));
    assert_err(cx, casefile_close(cx, id, v.file.version), ERR_CONFLICT); /* an appeal is answered first */
    assert_err(cx, casefile_uphold(cx, id, v.file.version, S(" ")), ERR_INVALID);
    assert_err(cx, casefile_uphold(cx, id, v.file.version - 1, STATEMENT), ERR_CONFLICT); /* law 2 */
    assert_int_equal(house_view(cx, id).file.version, v.file.version);
    assert_ok(cx, casefile_uphold(cx, id, v.file.version, STATEMENT));

    v = house_view(cx, id);
    assert_true(v.file.state == CASEFILE_APPEALED && v.file.sent_on);
    assert_true(!v.file.deadline_us.set && !v.file.appeal_until_us.set);
    assert_true(!v.can[CASEFILE_DO_UPHOLD] && !v.can[CASEFILE_DO_EXTEND] && v.can[CASEFILE_DO_RECEIVE]);
    assert_err(cx, casefile_uphold(cx, id, v.file.version, STATEMENT), ERR_CONFLICT); /* once */
    assert_err(cx, casefile_extend(cx, id, v.file.version, civil_to_day(2027, 1, 4), S("x")), ERR_CONFLICT);
    struct casefile_event ev = newest(cx, &v);
    assert_str(ev.kind, "upheld");
    assert_true(has(ev.text, "Bo") && has(ev.text, "Ankestyrelsen") && str_eq(ev.detail, STATEMENT));

    struct casefile_rows rows;
    assert_ok(cx, casefile_queue(cx, &(struct casefile_queue_query){.scope = CASEFILE_UNIT, .limit = 9}, &rows));
    assert_true(rows.rows.n == 1 && rows.rows.p[0].sent_on && !rows.rows.p[0].overdue);

    house_party(cx, "anna");
    v = house_view(cx, id);
    assert_str(casefile_state_text(cx, v.file.state, false, v.file.sent_on, true), "Din klage er sendt videre");
    cx->lang = LANG_NN;
    assert_true(has(newest(cx, &v).text, "Vi har stått fast på vedtaket og sendt klaga di til Ankestyrelsen"));
    cx->lang = LANG_DA;
    assert_true(str_eq(newest(cx, &v).detail, STATEMENT)); /* she reads what is said of her appeal */
    assert_false(v.can[CASEFILE_DO_APPEAL]);
    assert_err(cx, casefile_appeal(cx, id, &why), ERR_CONFLICT); /* it lies with the body */
    assert_ok(cx, casefile_mine(cx, S(""), 9, &rows));
    assert_true(rows.rows.p[0].sent_on);
    house_free(cx);
}

/* A finished and numbered journal entry to the body, not to the party. */
static void the_statement_is_in_the_record(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = appealed(cx);
    struct record_registrations all;
    struct record_documents documents;
    struct str words;
    assert_ok(cx, casefile_uphold(cx, id, house_version(cx, id), STATEMENT));
    struct casefile_view v = house_view(cx, id);
    assert_ok(cx, record_registrations(cx, v.file.record_id, false, &all));
    const struct record_registration *r = &all.rows.p[all.rows.n - 1];
    assert_int_equal(r->kind, RECORD_OUTGOING);
    assert_str(r->title, "Udtalelse til klageinstansen");
    assert_true(r->finished_us.set && r->sent_us.set && r->party_visible && r->journal_no.n);
    assert_ok(cx, record_text(cx, r->id, &words));
    assert_true(str_eq(words, STATEMENT));
    assert_ok(cx, record_documents(cx, v.file.record_id, true, &documents));
    assert_str(documents.rows.p[documents.rows.n - 1].kind, "statement");
    struct q_uphold_recipient to;
    assert_ok(cx, q_uphold_recipient(cx, r->id, &to));
    assert_str(to.name, "Ankestyrelsen");
    assert_false(to.party_id.set);
    house_free(cx);
}

static void others_do_not_send_it_on(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = appealed(cx), version = house_version(cx, id);
    house_party(cx, "anna");
    assert_err(cx, casefile_uphold(cx, id, version, STATEMENT), ERR_FORBIDDEN);
    house_employee(cx, "mette");
    assert_err(cx, casefile_uphold(cx, id, version, STATEMENT), ERR_FORBIDDEN); /* law 7 */
    int64_t other = house_taken(cx, "erik", "stok", NULL);
    house_employee(cx, "bo");
    assert_err(cx, casefile_uphold(cx, other, house_version(cx, other), STATEMENT), ERR_CONFLICT); /* no appeal waits */
    house_free(cx);
}

/* The body has answered: the case is closed, and the clock of the first decision does not run again. */
static void the_case_closes_after_the_answer(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = appealed(cx);
    assert_ok(cx, casefile_uphold(cx, id, house_version(cx, id), STATEMENT));
    house_later(cx, 40 * DAY_US);
    struct casefile_view v = house_view(cx, id);
    assert_true(v.can[CASEFILE_DO_CLOSE] && v.can[CASEFILE_DO_DECIDE]);
    assert_ok(cx, casefile_close(cx, id, v.file.version));
    v = house_view(cx, id);
    assert_true(v.file.state == CASEFILE_CLOSED && !v.file.sent_on);
    house_party(cx, "anna");
    assert_err(cx, casefile_appeal(cx, id, &why), ERR_CONFLICT);
    house_free(cx);
}

/* A new decision begins as the old one was; unchanged it is none. */
static void a_new_decision_begins_as_the_old_one(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = appealed(cx);
    struct casefile_view v = house_view(cx, id);
    struct decision old, d;
    struct decision_missing missing;
    assert_ok(cx, decision_of(cx, &v, &old));
    assert_ok(cx, decision_begin(cx, id, &d));
    assert_true(d.id != old.id && d.state == DECISION_DRAFT && d.lines.n == 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(d.lines.p[i].outcome, old.lines.p[i].outcome);
        assert_true(str_eq(d.lines.p[i].legal_basis, old.lines.p[i].legal_basis) && d.lines.p[i].legal_basis.n);
        assert_true(str_eq(d.lines.p[i].reason, old.lines.p[i].reason));
    }
    assert_ok(cx, casefile_call(cx, id, S("Vi talte om klagen."), true));
    v = house_view(cx, id);
    assert_ok(cx, decision_missing(cx, &v, &d, &missing));
    assert_true(missing.rows.n == 1 && has(missing.rows.p[0], "den samme"));
    assert_err(cx, decision_finalise(cx, d.id, d.version, v.file.version), ERR_LAW);
    assert_int_equal(house_state(cx, id), CASEFILE_APPEALED);
    d.lines.p[1].outcome = DECISION_GRANTED;
    assert_ok(cx, decision_save(cx, d.id, d.version, d.lines.p, d.lines.n));
    assert_ok(cx, decision_by_id(cx, d.id, &d));
    assert_ok(cx, decision_missing(cx, &v, &d, &missing));
    assert_int_equal(missing.rows.n, 0);
    assert_ok(cx, decision_finalise(cx, d.id, d.version, v.file.version));
    assert_int_equal(house_state(cx, id), CASEFILE_DECIDED);
    house_free(cx);
}

/* The body sends the case back: the same may be decided, for there is a new look at it. */
static void what_comes_back_is_decided_anew(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = appealed(cx);
    struct decision d;
    assert_ok(cx, casefile_uphold(cx, id, house_version(cx, id), STATEMENT));
    assert_ok(cx, decision_begin(cx, id, &d));
    decide(cx, id, &d);
    house_party(cx, "anna");
    struct casefile_view v = house_view(cx, id);
    assert_true(v.file.state == CASEFILE_DECIDED && !v.file.sent_on && v.can[CASEFILE_DO_APPEAL]);
    assert_ok(cx, casefile_appeal(cx, id, &why)); /* of the new one */
    v = house_view(cx, id);
    assert_true(!v.file.sent_on && v.file.deadline_us.set);
    house_free(cx);
}

/* One who gave no name has no letter: they read it with the code. */
static void one_without_a_name_reads_it_with_the_code(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_receipt r = house_request(cx, NULL);
    struct casefile_view v;
    house_employee(cx, "rikke");
    assert_ok(cx, casefile_take(cx, r.casefile_id, house_version(cx, r.casefile_id)));
    v = house_view(cx, r.casefile_id);
    struct casefile_reply_new reply = {
        .text = S("Nej."), .legal_basis = S("offentlighedsloven § 7"), .way = CASEFILE_REPLY_PAGE};
    assert_ok(cx, casefile_reply(cx, &v, v.file.version, &reply));
    assert_ok(cx, casefile_receive_appeal(cx, r.casefile_id, S("Kortet mangler.")));
    assert_ok(cx, casefile_uphold(cx, r.casefile_id, house_version(cx, r.casefile_id), STATEMENT));
    assert_ok(cx, casefile_open_by_code(cx, r.code, &v));
    struct casefile_event ev = newest(cx, &v);
    assert_true(v.file.sent_on && has(ev.text, "sendt din klage til Ankestyrelsen") && str_eq(ev.detail, STATEMENT));
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_appeal_is_sent_on),
        cmocka_unit_test(the_statement_is_in_the_record),
        cmocka_unit_test(others_do_not_send_it_on),
        cmocka_unit_test(the_case_closes_after_the_answer),
        cmocka_unit_test(a_new_decision_begins_as_the_old_one),
        cmocka_unit_test(what_comes_back_is_decided_anew),
        cmocka_unit_test(one_without_a_name_reads_it_with_the_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
