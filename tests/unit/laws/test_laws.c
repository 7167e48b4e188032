/* The laws of house.md 6, attacked at the domain functions and, below them, at the store. */
#include "../casefile/house.h"

#include <pthread.h>

#include "access/access.h"
#include "attack_store.h"

/* One statement of attack.sql in a transaction of its own. */
struct blow {
    enum err (*fn)(struct cx *cx, const struct blow *b);
    int64_t id, other, third, fourth;
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
    assert_true(str_starts(cx->fail.detail, str_of(law)));
}
#define BLOW(name, ...) \
    static enum err blow_##name(struct cx *cx, const struct blow *b) \
    { \
        return q_attack_##name(cx, __VA_ARGS__); \
    }
BLOW(decision_final, b->id, b->flag, cx->now_us)
BLOW(decision_by_rule, b->id)
BLOW(decision_insert, rand_id(), b->id, b->other, cx->now_us)
BLOW(line_drop, b->id, b->other)
BLOW(line_change, b->id)
BLOW(applied_drop, b->id)
BLOW(contact_forge, b->id)
BLOW(contact_exempt, rand_id(), b->id, b->other, b->third, cx->now_us)
BLOW(close, b->id)
BLOW(silent_change, b->id)
BLOW(hold_drop, b->id)
BLOW(event_change, b->id)
BLOW(event_drop, b->id)
BLOW(registration_change, b->id)
BLOW(registration_drop, b->id)
BLOW(registration_renumber, b->id)
BLOW(document_change, b->id)
BLOW(object_change, b->id, hash_of(S("x")))
BLOW(object_drop, b->id)
BLOW(party_drop, b->id)
BLOW(second_casefile, rand_id(), b->id)
BLOW(sign_forge, b->id, b->other, cx->now_us)
BLOW(sign_other, b->id, hash_of(S("x")))
BLOW(sign_settle, b->id, (struct opt_int){b->other != 0, b->other}, b->flag ? S("") : S("forældreansvarsloven § 3"))
BLOW(sign_undo, b->id)
BLOW(sign_drop, b->id)
BLOW(signer_drop, b->id)
BLOW(signer_add, b->id, b->other)
BLOW(decide, b->id)
BLOW(signer, b->id, b->other)
BLOW(event_of, b->id, b->other, b->flag ? S("signed") : S("withdrawn"), cx->now_us)
BLOW(correct, rand_id(), b->id, cx->now_us)

/* ---- law 1 ---- */

static void law_1_a_submission_happens_once(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_receipt first, again;
    struct q_attack_count n;
    int64_t version;
    house_party(cx, "anna");
    int64_t draft = house_draft(cx, "stok", "badebaenk", &version);
    assert_ok(cx, casefile_submit(cx, draft, version, &first));
    assert_false(first.repeated);
    assert_str(first.no, "2026-000001");
    for (int i = 0; i < 3; i++) {
        assert_ok(cx, casefile_submit(cx, draft, version + i, &again));
        assert_true(again.repeated);
        assert_str(again.no, "2026-000001");
        assert_int_equal(again.casefile_id, first.casefile_id);
    }
    assert_ok(cx, q_attack_count(cx, &n));
    assert_int_equal(n.casefiles, 1);
    assert_int_equal(n.records, 1);
    assert_int_equal(n.registrations, 1);
    assert_int_equal(n.tasks, 1);
    assert_int_equal(n.jobs, 1);
    assert_int_equal(n.mails, 1);
    struct blow b = {.fn = blow_second_casefile, .id = first.casefile_id};
    assert_err(cx, db_write(cx, strike_in, &b), ERR_DUPLICATE);
    house_party(cx, "dagny"); /* somebody else learns nothing from the draft's number */
    assert_err(cx, casefile_submit(cx, draft, version, &again), ERR_NOT_FOUND);
    assert_err(cx, casefile_receipt_get(cx, draft, &again), ERR_NOT_FOUND);
    house_free(cx);
}

/* Pressed twice at the same moment, by many at once: one case each, numbers without gaps. */
enum { THREADS = 4, DRAFTS = 6 };
struct presser {
    struct cx *cx;
    int64_t drafts[DRAFTS], versions[DRAFTS];
    struct casefile_receipt receipts[DRAFTS];
    enum err errors[DRAFTS];
};

static void *press(void *p)
{
    struct presser *t = p;
    for (int i = 0; i < DRAFTS; i++)
        t->errors[i] = casefile_submit(t->cx, t->drafts[i], t->versions[i], &t->receipts[i]);
    return NULL;
}

static void law_1_pressed_at_the_same_moment(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct presser t[THREADS] = {0};
    pthread_t thread[THREADS];
    struct q_attack_count n;
    struct record_faults faults;
    house_party(cx, "anna");
    for (int i = 0; i < DRAFTS; i++)
        t[0].drafts[i] = house_draft(cx, "stok", NULL, &t[0].versions[i]);
    for (int i = 0; i < THREADS; i++) {
        memcpy(t[i].drafts, t[0].drafts, sizeof t[i].drafts);
        memcpy(t[i].versions, t[0].versions, sizeof t[i].versions);
        t[i].cx = test_cx_again(cx);
        assert_int_equal(pthread_create(&thread[i], NULL, press, &t[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    for (int i = 0; i < THREADS; i++)
        for (int k = 0; k < DRAFTS; k++) {
            assert_ok(t[i].cx, t[i].errors[k]);
            assert_int_equal(t[i].receipts[k].casefile_id, t[0].receipts[k].casefile_id);
        }
    assert_ok(cx, q_attack_count(cx, &n));
    assert_int_equal(n.casefiles, DRAFTS);
    assert_int_equal(n.registrations, DRAFTS);
    assert_ok(cx, record_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 0);
    for (int i = 0; i < THREADS; i++)
        test_cx_free(t[i].cx);
    house_free(cx);
}

/* A submission that fails at its end leaves nothing, no number either. */
static void law_1_all_or_nothing(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_receipt r;
    struct q_attack_count n;
    int64_t version;
    house_party(cx, "anna");
    int64_t draft = house_draft(cx, "stok", NULL, &version);
    assert_err(cx, casefile_submit(cx, draft, version - 1, &r), ERR_CONFLICT); /* law 2: not what the review showed */
    assert_ok(cx, q_attack_count(cx, &n));
    assert_int_equal(n.casefiles + n.records + n.registrations + n.jobs, 0);
    assert_ok(cx, casefile_submit(cx, draft, version, &r));
    assert_str(r.no, "2026-000001");
    house_free(cx);
}

/* ---- law 2 ---- */

static void law_2_nothing_is_overwritten_silently(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = house_taken(cx, "anna", "stok", NULL), seen = house_version(cx, id);
    house_employee(cx, "bo");
    assert_ok(cx, casefile_extend(cx, id, seen, civil_to_day(2026, 3, 2), S("Vi mangler en udtalelse.")));
    assert_err(cx, casefile_extend(cx, id, seen, civil_to_day(2026, 3, 3), S("x")), ERR_CONFLICT);
    assert_err(cx, casefile_suspend(cx, id, seen, S("x")), ERR_CONFLICT);
    assert_err(cx, casefile_release(cx, id, seen), ERR_CONFLICT);
    assert_err(cx, casefile_hand_over(cx, id, seen, 1), ERR_CONFLICT);
    assert_err(cx, casefile_close(cx, id, seen), ERR_CONFLICT);
    struct decision d = house_decide(cx, id, DECISION_GRANTED, DECISION_GRANTED);
    assert_err(cx, decision_save(cx, d.id, d.version - 1, d.lines.p, d.lines.n), ERR_CONFLICT);
    assert_err(cx, decision_discard(cx, d.id, d.version - 1), ERR_CONFLICT);
    /* what came from the party after the page was shown must be read first */
    int64_t shown = house_version(cx, id);
    house_party(cx, "anna");
    assert_ok(cx, casefile_add(cx, id, &(struct casefile_message){.text = S("Jeg har også brug for en rollator.")}));
    house_employee(cx, "bo");
    assert_err(cx, decision_finalise(cx, d.id, d.version, shown), ERR_CONFLICT);
    assert_ok(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)));
    strike(cx, (struct blow){.fn = blow_silent_change, .id = id}, "LAW 2");
    house_free(cx);
}

/* ---- law 3 ---- */

static void law_3_no_refusal_without_a_call(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = house_taken(cx, "anna", "stok", "badebaenk");
    struct decision d = house_decide(cx, id, DECISION_GRANTED, DECISION_REFUSED);
    assert_true(d.adverse);
    assert_err(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)), ERR_LAW);
    assert_int_equal(house_state(cx, id), CASEFILE_WORKING);
    /* a call that nobody took counts for nothing; nor does a note */
    assert_ok(cx, casefile_call(cx, id, S("Ringede kl. 10, ingen svarede."), false));
    assert_ok(cx, casefile_note(cx, id, S("Vi bør ringe.")));
    bool heard;
    assert_ok(cx, casefile_heard(cx, id, &heard));
    assert_false(heard);
    assert_err(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)), ERR_LAW);
    /* the store says the same without the domain */
    strike(cx, (struct blow){.fn = blow_decision_final, .id = d.id, .flag = true}, "LAW 3");
    strike(cx, (struct blow){.fn = blow_decision_final, .id = d.id, .flag = false}, "LAW 3");
    strike(cx, (struct blow){.fn = blow_contact_forge, .id = id}, "LAW 3");
    assert_ok(cx, casefile_call(cx, id, S("Anna kan klare badet uden bænk."), true));
    strike(cx, (struct blow){.fn = blow_decision_insert, .id = id, .other = cx->who->employee_id},
           "LAW 3: a decision begins");
    assert_ok(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)));
    assert_int_equal(house_state(cx, id), CASEFILE_DECIDED);
    strike(cx, (struct blow){.fn = blow_line_change, .id = d.id}, "LAW 8");
    strike(cx, (struct blow){.fn = blow_decision_final, .id = d.id, .flag = true}, "LAW 8");
    assert_err(cx, decision_save(cx, d.id, d.version + 1, d.lines.p, d.lines.n), ERR_CONFLICT);
    house_free(cx);
}

/* PARTLY is below what was applied for; so is a line that vanished. */
static void law_3_every_line_below_is_adverse(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = house_taken(cx, "anna", "stok", "badebaenk");
    struct decision d = house_decide(cx, id, DECISION_GRANTED, DECISION_PARTLY);
    assert_true(d.adverse);
    assert_err(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)), ERR_LAW);
    assert_err(cx, decision_save(cx, d.id, d.version, d.lines.p, 1), ERR_INVALID);
    struct decision_line swapped[2] = {d.lines.p[0], d.lines.p[0]};
    assert_err(cx, decision_save(cx, d.id, d.version, swapped, 2), ERR_INVALID);
    struct blow drop = {.fn = blow_line_drop, .id = d.id, .other = 2};
    assert_ok(cx, db_write(cx, strike_in, &drop)); /* a draft may be broken; it cannot become final */
    strike(cx, (struct blow){.fn = blow_decision_final, .id = d.id, .flag = false},
           "LAW 3: a line that was applied for");
    strike(cx, (struct blow){.fn = blow_applied_drop, .id = id}, "LAW 3");
    house_free(cx);
}

static void law_3_rules_may_grant_and_never_refuse(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = house_taken(cx, "anna", "stok", NULL);
    struct decision d = house_decide(cx, id, DECISION_REFUSED, DECISION_REFUSED);
    assert_ok(cx, casefile_call(cx, id, S("Talte med Anna."), true));
    struct blow rule = {.fn = blow_decision_by_rule, .id = d.id};
    assert_ok(cx, db_write(cx, strike_in, &rule));
    strike(cx, (struct blow){.fn = blow_decision_final, .id = d.id, .flag = true}, "LAW 3: rules may grant");
    house_system(cx);
    assert_err(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)), ERR_LAW);
    house_free(cx);
}

/* A hearing counts when it was answered or its time is out; an exemption needs its legal basis; each counts once. */
static void law_3_hearing_and_exemption(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_contacts contacts;
    int64_t id = house_taken(cx, "anna", "stok", NULL);
    struct decision d = house_decide(cx, id, DECISION_REFUSED, DECISION_REFUSED);
    assert_err(cx, casefile_hear(cx, id, S("Vi regner med at give afslag."), 2), ERR_INVALID);
    assert_ok(cx, casefile_hear(cx, id, S("Vi regner med at give afslag."), 10));
    assert_err(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)), ERR_LAW);
    struct casefile_view view = house_view(cx, id);
    assert_ok(cx, casefile_contacts(cx, &view, &contacts));
    assert_int_equal(contacts.rows.n, 1);
    assert_false(contacts.rows.p[0].fulfils);
    house_party(cx, "anna");
    assert_ok(cx, casefile_hearing_answer(cx, id, contacts.rows.p[0].id,
                                          &(struct casefile_message){.text = S("Jeg er uenig.")}));
    assert_err(cx,
               casefile_hearing_answer(cx, id, contacts.rows.p[0].id,
                                       &(struct casefile_message){.text = S("Og en gang til.")}),
               ERR_CONFLICT);
    house_employee(cx, "bo");
    assert_ok(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)));

    int64_t other = house_taken(cx, "dagny", "stok", NULL);
    struct decision late = house_decide(cx, other, DECISION_REFUSED, DECISION_REFUSED);
    assert_ok(cx, casefile_hear(cx, other, S("Vi regner med at give afslag."), 5));
    assert_err(cx, decision_finalise(cx, late.id, late.version, house_version(cx, other)), ERR_LAW);
    house_later(cx, 8 * DAY_US); /* she is reserved: it went by post, and her answer may be on its way */
    assert_err(cx, decision_finalise(cx, late.id, late.version, house_version(cx, other)), ERR_LAW);
    house_later(cx, 4 * cx->muni->postal_days * DAY_US);
    assert_ok(cx, decision_finalise(cx, late.id, late.version, house_version(cx, other)));

    int64_t third = house_taken(cx, "erik", "stok", NULL);
    struct decision exempt = house_decide(cx, third, DECISION_REFUSED, DECISION_REFUSED);
    assert_err(cx, casefile_exempt(cx, third, S("Det haster."), S(" ")), ERR_INVALID);
    view = house_view(cx, third);
    struct blow b = {
        .fn = blow_contact_exempt, .id = third, .other = cx->who->employee_id, .third = view.file.application_id};
    assert_int_not_equal(db_write(cx, strike_in, &b), ERR_OK);
    assert_ok(cx, casefile_exempt(cx, third, S("Oplysningen er uden betydning."), S("forvaltningsloven § 19, stk. 2")));
    assert_ok(cx, decision_finalise(cx, exempt.id, exempt.version, house_version(cx, third)));
    house_free(cx);
}

/* ---- law 5 ---- */

static enum err arrive(struct cx *cx, void *ctx)
{
    const int64_t *ids = ctx; /* case file, decision, day of arrival */
    day_t last = municipality_appeal_deadline(cx->muni, civil_day_of_us(cx->now_us));
    enum err e = casefile_unhold(cx, ids[0], S("decision"), ids[1]);
    return e ? e : casefile_arrived(cx, ids[0], cx->now_us, civil_day_start_us(last + 1));
}

static void law_5_nothing_closes_before_its_letter_arrived(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_message words = {.text = S("Jeg klager.")};
    int64_t id = house_taken(cx, "anna", "stok", NULL);
    struct decision d = house_decide(cx, id, DECISION_GRANTED, DECISION_GRANTED);
    assert_err(cx, casefile_close(cx, id, house_version(cx, id)), ERR_CONFLICT); /* nothing was decided */
    assert_ok(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)));
    assert_err(cx, casefile_close(cx, id, house_version(cx, id)), ERR_LAW);
    strike(cx, (struct blow){.fn = blow_close, .id = id}, "LAW 5");
    strike(cx, (struct blow){.fn = blow_hold_drop, .id = id}, "LAW 5");
    house_party(cx, "anna"); /* the clock does not run before the letter is there */
    assert_err(cx, casefile_appeal(cx, id, &words), ERR_CONFLICT);
    house_system(cx);
    assert_ok(cx, db_write(cx, arrive, (int64_t[]){id, d.id}));
    house_employee(cx, "bo");
    assert_ok(cx, casefile_close(cx, id, house_version(cx, id)));
    assert_int_equal(house_state(cx, id), CASEFILE_CLOSED);
    struct casefile_view view = house_view(cx, id);
    assert_true(view.file.appeal_until_us.set);
    /* four weeks from arrival, to the end of the day; an appeal opens the case again */
    int64_t now = cx->now_us;
    cx->now_us = view.file.appeal_until_us.v;
    house_party(cx, "anna");
    assert_err(cx, casefile_appeal(cx, id, &words), ERR_LAW);
    assert_err(cx, casefile_receive_appeal(cx, id, S("på papir")), ERR_FORBIDDEN);
    cx->now_us = view.file.appeal_until_us.v - 1;
    assert_true(cx->now_us > now + 27 * DAY_US);
    house_party(cx, "dagny");
    assert_err(cx, casefile_appeal(cx, id, &words), ERR_NOT_FOUND);
    house_party(cx, "anna");
    assert_ok(cx, casefile_appeal(cx, id, &words));
    assert_int_equal(house_state(cx, id), CASEFILE_APPEALED);
    house_free(cx);
}

static bool exported(struct cx *cx, int64_t id, const char *text)
{
    struct casefile_view view = house_view(cx, id);
    struct str json;
    assert_ok(cx, casefile_export(cx, &view, &json));
    return str_find(json, str_of(text), 0) < json.n;
}

/* The case as a file has its decision: for those who work on it, and for its party once the letter has come. */
static void law_5_a_file_does_not_tell_before_the_letter(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = house_taken(cx, "anna", "stok", NULL);
    struct decision d = house_decide(cx, id, DECISION_PARTLY, DECISION_PARTLY);
    assert_ok(cx, casefile_call(cx, id, S("Vi talte om det."), true));
    assert_false(exported(cx, id, "Lånt i et halvt år")); /* a draft is no decision */
    assert_ok(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)));
    assert_true(exported(cx, id, "Lånt i et halvt år"));
    assert_true(exported(cx, id, "\"legalBasis\":\"serviceloven § 112\""));
    assert_true(exported(cx, id, "\"outcome\":\"partly\""));
    house_party(cx, "anna");
    assert_false(exported(cx, id, "Lånt i et halvt år"));
    house_system(cx);
    assert_ok(cx, db_write(cx, arrive, (int64_t[]){id, d.id}));
    house_party(cx, "anna");
    assert_true(exported(cx, id, "Lånt i et halvt år"));
    assert_true(exported(cx, id, "Du kan klare det uden."));
    assert_true(exported(cx, id, "\"appealUntil\":\"2026-02-12\""));
    assert_false(exported(cx, id, "\"receipt\":null"));
    house_free(cx);
}

static enum err close_below(struct cx *cx, void *ctx)
{
    return record_close_casefile(cx, *(int64_t *)ctx);
}

/* The record does not close behind the case file's back; a late appeal is for the unit to register. */
static void law_5_the_record_closes_with_its_case(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = house_taken(cx, "anna", "stok", NULL);
    record_register_guard(casefile_guard);
    struct casefile_view v = house_view(cx, id);
    assert_err(cx, db_write(cx, close_below, &v.file.record_id), ERR_LAW);
    assert_err(cx, casefile_receive_appeal(cx, id, S("på papir")), ERR_CONFLICT); /* nothing to appeal */
    struct decision d = house_decide(cx, id, DECISION_GRANTED, DECISION_GRANTED);
    assert_ok(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)));
    assert_err(cx, db_write(cx, close_below, &v.file.record_id), ERR_LAW);
    house_system(cx);
    assert_ok(cx, db_write(cx, arrive, (int64_t[]){id, d.id}));
    house_employee(cx, "bo");
    assert_ok(cx, casefile_close(cx, id, house_version(cx, id)));
    house_later(cx, 200 * DAY_US);
    assert_ok(cx, casefile_receive_appeal(cx, id, S("Kom for sent med posten.")));
    assert_int_equal(house_state(cx, id), CASEFILE_APPEALED);
    struct decision again = house_decide(cx, id, DECISION_REFUSED, DECISION_REFUSED);
    assert_err(cx, decision_finalise(cx, again.id, again.version, house_version(cx, id)),
               ERR_LAW); /* a new call is needed */
    assert_ok(cx, casefile_call(cx, id, S("Talte om klagen."), true));
    assert_ok(cx, decision_finalise(cx, again.id, again.version, house_version(cx, id)));
    house_free(cx);
}

/* ---- law 7 ---- */

static void law_7_who_sees_a_case_file(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_view v;
    struct casefile_rows rows;
    int64_t id = house_taken(cx, "erik", "stok", NULL);
    struct str no = house_view(cx, id).file.no;
    assert_ok(cx, access_commit(cx));
    house_employee(cx, "mette"); /* another unit */
    assert_err(cx, casefile_open_as_employee(cx, no, S("nysgerrig"), &v), ERR_FORBIDDEN);
    assert_true(access_waiting(cx)); /* the refusal is noted */
    assert_ok(cx, access_commit(cx));
    assert_err(cx, casefile_note(cx, id, S("x")), ERR_FORBIDDEN);
    assert_true(access_waiting(cx)); /* also of a change */
    assert_ok(cx, access_commit(cx));
    assert_err(cx, casefile_take(cx, id, house_version(cx, id)), ERR_FORBIDDEN);
    assert_err(cx, casefile_call(cx, id, S("x"), true), ERR_FORBIDDEN);
    assert_ok(cx, casefile_search(cx, no, &rows));
    assert_int_equal(rows.rows.n, 0);
    house_employee(cx, "carl"); /* the counter has no task in it */
    assert_err(cx, casefile_open_as_employee(cx, no, S("ved skranken"), &v), ERR_FORBIDDEN);
    house_employee(cx, "ulla"); /* nor has the administrator */
    assert_err(cx, casefile_open_as_employee(cx, no, S("drift"), &v), ERR_FORBIDDEN);
    house_party(cx, "anna");
    assert_err(cx, casefile_open_as_party(cx, id, &v), ERR_NOT_FOUND);
    assert_err(cx, casefile_withdraw(cx, id, S("")), ERR_NOT_FOUND);
    assert_err(cx, casefile_add(cx, id, &(struct casefile_message){.text = S("x")}), ERR_NOT_FOUND);
    /* the protected address: masked for Bo, open for Inge and for Erik */
    house_employee(cx, "bo");
    v = house_view(cx, id);
    assert_true(v.party.address_masked);
    assert_int_equal(v.party.n_address, 0);
    assert_int_equal(v.party.phone.n, 0);
    house_employee(cx, "inge");
    assert_str(house_view(cx, id).party.address[0], "Skovbrynet 31");
    house_party(cx, "erik");
    assert_str(house_view(cx, id).party.address[0], "Skovbrynet 31");
    house_free(cx);
}

/* The address is also in the application itself: page, document, JSON and export. */
static bool shows(const struct form_shown *shown, const char *text)
{
    for (size_t p = 0; p < shown->pages.n; p++)
        for (size_t i = 0; i < shown->pages.p[p].rows.n; i++) {
            struct str value = shown->pages.p[p].rows.p[i].value;
            if (str_find(value, str_of(text), 0) < value.n)
                return true;
        }
    return false;
}

static void law_7_a_protected_address_is_in_the_application_too(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct form_shown shown;
    struct record_documents docs;
    struct record_document d;
    struct str json;
    int64_t id = house_taken(cx, "erik", "stok", NULL);
    struct casefile_view v = house_view(cx, id);
    assert_ok(cx, casefile_answers(cx, &v, &shown));
    assert_true(shows(&shown, "Erik Sand"));
    assert_false(shows(&shown, "Skovbrynet"));
    assert_false(shows(&shown, "9999"));
    assert_err(cx, casefile_answers_json(cx, &v, &json), ERR_FORBIDDEN);
    assert_ok(cx, casefile_documents(cx, &v, &docs));
    assert_err(cx, casefile_document(cx, &v, docs.rows.p[0].id, &d), ERR_PROTECTED);
    assert_ok(cx, casefile_export(cx, &v, &json));
    assert_int_equal(str_find(json, S("Skovbrynet"), 0), json.n);
    house_employee(cx, "inge");
    v = house_view(cx, id);
    assert_ok(cx, casefile_answers(cx, &v, &shown));
    assert_true(shows(&shown, "Skovbrynet"));
    assert_ok(cx, casefile_document(cx, &v, docs.rows.p[0].id, &d));
    assert_ok(cx, casefile_export(cx, &v, &json));
    assert_true(str_find(json, S("Skovbrynet"), 0) < json.n);
    house_party(cx, "erik");
    v = house_view(cx, id);
    assert_ok(cx, casefile_answers(cx, &v, &shown));
    assert_true(shows(&shown, "Skovbrynet"));
    house_free(cx);
}

static void law_7_nobody_handles_their_own_case(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_view v;
    struct casefile_rows rows;
    struct casefile_colleagues team;
    int64_t id = house_apply(cx, "bo", "stok", NULL);
    struct str no = house_view(cx, id).file.no; /* as a citizen he sees it */
    int64_t bo = (house_employee(cx, "bo"), cx->who->employee_id);
    assert_err(cx, casefile_open_as_employee(cx, no, S("min egen"), &v), ERR_FORBIDDEN);
    assert_err(cx, casefile_take(cx, id, house_version(cx, id)), ERR_FORBIDDEN);
    assert_ok(cx, casefile_queue(cx, &(struct casefile_queue_query){.scope = CASEFILE_UNIT, .limit = 50}, &rows));
    assert_int_equal(rows.rows.n, 0);
    assert_ok(cx, casefile_search(cx, S("Kjær"), &rows));
    assert_int_equal(rows.rows.n, 0);
    house_employee(cx, "inge");
    assert_ok(cx, casefile_take(cx, id, house_version(cx, id)));
    v = house_view(cx, id);
    assert_ok(cx, casefile_colleagues(cx, &v, &team));
    assert_int_equal(team.rows.n, 1); /* Jonas; not Bo, and not Inge, who has it */
    assert_true(team.rows.p[0].employee_id != bo);
    assert_err(cx, casefile_hand_over(cx, id, house_version(cx, id), bo), ERR_INVALID);
    house_free(cx);
}

static void law_7_the_counter_opens_one_person(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct party p;
    house_employee(cx, "carl");
    assert_err(cx, party_open_at_counter(cx, S("640357-4218"), S("kort"), &p), ERR_INVALID);
    assert_err(cx, party_open_at_counter(cx, S("64035"), S("hjælper med en ansøgning"), &p), ERR_INVALID);
    assert_err(cx, party_open_at_counter(cx, S("8106951579"), S("hjælper mig selv med det"), &p), ERR_FORBIDDEN);
    assert_ok(cx, party_open_at_counter(cx, S("640357-4218"), S("hjælper med en ansøgning"), &p));
    assert_str(p.name, "Anna Holm");
    assert_str(p.idno_masked, "640357-••••");
    assert_true(access_waiting(cx));
    house_employee(cx, "bo");
    assert_err(cx, party_open_at_counter(cx, S("640357-4218"), S("hjælper med en ansøgning"), &p), ERR_FORBIDDEN);
    house_free(cx);
}

/* ---- law 8 ---- */

static enum err spoil_document(struct cx *cx, void *ctx)
{
    int64_t id, reg = *(int64_t *)ctx;
    return record_add_document(
        cx, reg,
        &(struct record_document_new){.title = S("x"),
                                      .kind = S("x"),
                                      .file_name = S("x.txt"),
                                      .mime = S("text/plain"),
                                      .variant = RECORD_PRODUCTION,
                                      .file = {.hash = hash_of(S("x")), .size = 1, .bytes = S("x"), .fresh = true}},
        &id);
}

static enum err finish_again(struct cx *cx, void *ctx)
{
    return record_finish(cx, *(int64_t *)ctx);
}

struct correction {
    int64_t reg, id;
};

static enum err correct(struct cx *cx, void *ctx)
{
    struct correction *c = ctx;
    enum err e = record_correct(cx, c->reg, S("Forkert dato i notatet"), &c->id);
    if (!e)
        e = spoil_document(cx, &c->id);
    if (!e)
        e = record_finish(cx, c->id);
    return e ? e : record_number(cx, c->id);
}

static void law_8_what_is_finished_stays(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct record_registrations regs;
    int64_t id = house_taken(cx, "anna", "stok", NULL);
    assert_ok(cx, casefile_note(cx, id, S("Hun virker glad.")));
    struct casefile_view v = house_view(cx, id);
    assert_ok(cx, record_registrations(cx, v.file.record_id, false, &regs));
    assert_int_equal(regs.rows.n, 2);
    int64_t note = regs.rows.p[1].id;
    assert_true(regs.rows.p[1].finished_us.set);
    assert_err(cx, db_write(cx, spoil_document, &note), ERR_LAW);
    assert_err(cx, db_write(cx, finish_again, &note), ERR_LAW);
    strike(cx, (struct blow){.fn = blow_registration_change, .id = note}, "LAW 8");
    strike(cx, (struct blow){.fn = blow_registration_drop, .id = note}, "LAW 8");
    strike(cx, (struct blow){.fn = blow_registration_renumber, .id = note}, "LAW 8");
    strike(cx, (struct blow){.fn = blow_document_change, .id = note}, "LAW 8");
    strike(cx, (struct blow){.fn = blow_object_change, .id = note}, "LAW 8");
    strike(cx, (struct blow){.fn = blow_object_drop, .id = note}, "LAW 8");
    strike(cx, (struct blow){.fn = blow_event_change, .id = id}, "LAW 8");
    strike(cx, (struct blow){.fn = blow_event_drop, .id = id}, "LAW 8");
    assert_ok(cx, casefile_ask(cx, id, S("Hvilken dag passer?"), 5)); /* has a correspondent */
    assert_ok(cx, record_registrations(cx, v.file.record_id, false, &regs));
    strike(cx, (struct blow){.fn = blow_party_drop, .id = regs.rows.p[2].id}, "LAW 8");
    struct correction c = {.reg = note};
    assert_ok(cx, db_write(cx, correct, &c));
    assert_err(cx, db_write(cx, correct, &c), ERR_CONFLICT); /* once */
    assert_ok(cx, record_registrations(cx, v.file.record_id, false, &regs));
    assert_int_equal(regs.rows.n, 4);
    assert_true(regs.rows.p[1].replaced);
    assert_int_equal(regs.rows.p[3].version, 2);
    assert_int_equal(regs.rows.p[3].replaces_id, note);
    house_free(cx);
}

/* ---- law 9 ---- */

static void law_9_numbers_come_from_login_and_register(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct q_attack_stored_idno *rows;
    struct casefile_view v;
    struct str json;
    size_t n;
    int64_t id = house_apply(cx, "anna", "stok", NULL);
    v = house_view(cx, id);
    assert_ok(cx, casefile_answers_json(cx, &v, &json));
    assert_true(str_find(json, S("Anna Holm"), 0) < json.n);
    assert_int_equal(str_find(json, S("6403574218"), 0), json.n); /* the number is with the party alone … */
    assert_ok(cx, q_attack_stored_idno(cx, &rows, &n));
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++) /* … and there not in clear */
        assert_int_equal(str_find(rows[i].idno, S("6403574218"), 0), rows[i].idno.n);
    struct str idno;
    house_employee(cx, "bo");
    assert_err(cx, party_idno(cx, v.file.party_id, &idno), ERR_FORBIDDEN);
    house_system(cx);
    assert_ok(cx, party_idno(cx, v.file.party_id, &idno));
    assert_str(idno, "6403574218");
    house_free(cx);
}

/* What the child or the other parent sent is not opened by custody, and the register was asked days ago: it is handled
   by somebody else all the same. */
static void law_7_nobody_handles_the_case_of_their_child(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_view view;
    struct casefile_counts own, all;
    house_custody(cx, "bo", true);
    house_later(cx, 3 * DAY_US);
    int64_t id = house_apply(cx, "alma", "stok", "badebaenk");
    struct str no = str_fmt(cx->arena, "%lld", (long long)id);
    house_employee(cx, "bo");
    assert_err(cx, casefile_open_as_employee(cx, no, S("Sagen"), &view), ERR_FORBIDDEN);
    assert_ok(cx, casefile_counts(cx, &own));
    house_custody(cx, "bo", false); /* a judgment */
    house_employee(cx, "bo");
    assert_ok(cx, casefile_open_as_employee(cx, no, S("Sagen"), &view));
    assert_ok(cx, casefile_counts(cx, &all));
    assert_int_equal(all.open, own.open + 1);
    house_free(cx);
}

/* ---- law 11 ---- */

static struct casefile_to_sign waiting(struct cx *cx, const char *person)
{
    struct casefile_to_signs all;
    house_party(cx, person);
    assert_ok(cx, casefile_to_sign(cx, &all));
    assert_true(all.rows.n > 0);
    return all.rows.p[0];
}

static void sign(struct cx *cx, const char *person)
{
    struct casefile_sign_view v;
    int64_t id = waiting(cx, person).id;
    assert_ok(cx, casefile_sign_open(cx, id, &v));
    assert_ok(cx, casefile_sign(cx, id, v.hash));
}

static void law_11_what_two_must_sign(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = house_school(cx), maja = cx->who->party_id;
    struct decision d;
    house_employee(cx, "mette");
    assert_ok(cx, casefile_take(cx, id, house_version(cx, id)));
    assert_false(house_view(cx, id).can[CASEFILE_DO_DECIDE]);
    assert_err(cx, decision_begin(cx, id, &d), ERR_CONFLICT);
    strike(cx, (struct blow){.fn = blow_decide, .id = id}, "LAW 11");
    strike(cx, (struct blow){.fn = blow_close, .id = id}, "LAW 11");
    strike(cx, (struct blow){.fn = blow_sign_forge, .id = id, .other = maja}, "LAW 11: only one who was asked");
    strike(cx, (struct blow){.fn = blow_sign_other, .id = id}, "LAW 11");
    strike(cx, (struct blow){.fn = blow_sign_settle, .id = id}, "LAW 11: that no signature is needed");
    strike(cx, (struct blow){.fn = blow_sign_settle, .id = id, .other = cx->who->employee_id, .flag = true},
           "LAW 11: that no signature is needed");
    strike(cx, (struct blow){.fn = blow_sign_drop, .id = id}, "LAW 11");
    strike(cx, (struct blow){.fn = blow_signer_drop, .id = id}, "LAW 11");
    strike(cx, (struct blow){.fn = blow_signer_add, .id = id, .other = maja}, "LAW 11: somebody else signs");
    /* the one who asked does not sign for the other, nor does anybody else, nor with what the page did not show */
    struct casefile_to_sign asked = waiting(cx, "oskar");
    assert_err(cx, casefile_sign(cx, asked.id, hash_hex(cx->arena, hash_of(S("x")))), ERR_CONFLICT);
    /* on the timeline he writes that he signed, nobody else does, and he nothing else (law 7) */
    strike(cx, (struct blow){.fn = blow_event_of, .id = id, .other = cx->who->party_id}, "LAW 7");
    house_party(cx, "anna");
    strike(cx, (struct blow){.fn = blow_event_of, .id = id, .other = cx->who->party_id, .flag = true}, "LAW 7");
    assert_err(cx, casefile_sign(cx, asked.id, S("")), ERR_NOT_FOUND);
    house_party(cx, "maja");
    assert_err(cx, casefile_sign(cx, asked.id, S("")), ERR_NOT_FOUND);
    house_employee(cx, "mette");
    assert_err(cx, casefile_sign_refuse(cx, asked.id, S("nej")), ERR_NOT_FOUND);

    sign(cx, "oskar");
    strike(cx, (struct blow){.fn = blow_sign_undo, .id = id}, "LAW 11: a signature is given once");
    assert_err(cx, casefile_sign_refuse(cx, asked.id, S("Jeg har ombestemt mig.")), ERR_CONFLICT);
    house_party(cx, "maja");
    int64_t draft;
    assert_err(cx, casefile_take_back(cx, id, &draft), ERR_CONFLICT); /* all have signed what was sent */
    /* a corrected application is not what was signed */
    house_employee(cx, "mette");
    assert_ok(cx, decision_begin(cx, id, &d));
    house_system(cx);
    assert_ok(cx, db_write(cx, strike_in, &(struct blow){.fn = blow_correct, .id = id}));
    strike(cx, (struct blow){.fn = blow_decide, .id = id}, "LAW 11");
    strike(cx, (struct blow){.fn = blow_decision_final, .id = d.id, .flag = false}, "LAW");
    house_employee(cx, "mette");
    struct casefile_view view = house_view(cx, id);
    struct casefile_signatures all;
    assert_ok(cx, casefile_signatures(cx, &view, &all));
    assert_true(all.rows.p[0].is_void);
    assert_ok(cx, casefile_settle_signing(cx, id, S("Rettelsen er en slåfejl."), S("forældreansvarsloven § 3")));
    assert_true(house_view(cx, id).can[CASEFILE_DO_DECIDE]);
    house_free(cx);
}

static void law_11_the_time_passes(void **state)
{
    (void)state;
    static const struct job_kind kinds[] = {{.name = CASEFILE_JOB_SIGN, .fn = casefile_sign_job}};
    struct cx *cx = house_new();
    int64_t id = house_school(cx), runs, draft;
    struct casefile_to_sign asked = waiting(cx, "oskar");
    house_system(cx);
    struct jobs *jobs;
    assert_ok(cx, jobs_new(cx, &(struct jobs_config){.kinds = kinds, .n_kinds = 1}, &jobs));
    int64_t end_us = civil_day_start_us(asked.until + 1);
    assert_ok(cx, jobs_run_due(jobs, end_us - 1, &runs));
    assert_int_equal(house_state(cx, id), CASEFILE_RECEIVED);
    /* too late, also before the job has run */
    house_later(cx, end_us - cx->now_us);
    house_party(cx, "oskar");
    struct casefile_sign_view v;
    assert_ok(cx, casefile_sign_open(cx, asked.id, &v));
    assert_false(v.shown);
    assert_err(cx, casefile_sign(cx, asked.id, v.hash), ERR_CONFLICT);
    strike(cx, (struct blow){.fn = blow_sign_forge, .id = id, .other = cx->who->party_id}, "LAW 11: only one who was");
    house_system(cx);
    assert_ok(cx, jobs_run_due(jobs, cx->now_us, &runs));
    assert_int_equal(house_state(cx, id), CASEFILE_WITHDRAWN);
    struct job_row mail; /* both are told */
    assert_ok(cx, job_find(cx, S("mail"),
                           str_fmt(cx->arena, "casefile-%lld-sign-%lld-over", (long long)id,
                                   (long long)house_party(cx, "oskar")),
                           &mail));
    struct casefile_events events;
    house_party(cx, "maja");
    struct casefile_view view = house_view(cx, id);
    assert_ok(cx, casefile_events(cx, &view, &events));
    const struct casefile_event *lapsed = &events.rows.p[events.rows.n - 2];
    assert_true(str_eq_z(lapsed->kind, "sign_lapsed"));
    assert_ok(cx, job_find(cx, S("mail"), str_fmt(cx->arena, "casefile-%lld-%lld", (long long)id, (long long)lapsed->n),
                           &mail));
    assert_true(waiting(cx, "oskar").withdrawn);
    struct record_faults faults;
    house_system(cx);
    assert_ok(cx, casefile_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 0);
    /* the answers are there to be changed and sent anew */
    house_party(cx, "anna");
    assert_err(cx, casefile_take_back(cx, id, &draft), ERR_NOT_FOUND);
    house_party(cx, "maja");
    assert_ok(cx, casefile_take_back(cx, id, &draft));
    assert_err(cx, casefile_take_back(cx, id, &draft), ERR_CONFLICT);
    jobs_free(jobs);
    house_free(cx);
}

/* Law 7: whom the register asks to sign does not handle it as an employee. */
static void law_11_who_signs_does_not_handle(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = house_school(cx), mette;
    house_employee(cx, "mette");
    mette = cx->who->party_id;
    assert_true(mette != 0);
    assert_ok(cx, casefile_take(cx, id, house_version(cx, id)));
    struct casefile_queue_query q = {.scope = CASEFILE_MINE, .limit = 50};
    struct casefile_rows rows;
    assert_ok(cx, casefile_queue(cx, &q, &rows));
    assert_int_equal(rows.rows.n, 1);
    house_system(cx);
    assert_ok(cx, db_write(cx, strike_in, &(struct blow){.fn = blow_signer, .id = id, .other = mette}));
    house_employee(cx, "mette");
    assert_err(cx, casefile_note(cx, id, S("Et notat.")), ERR_FORBIDDEN);
    assert_ok(cx, casefile_queue(cx, &q, &rows));
    assert_int_equal(rows.rows.n, 0);
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(law_1_a_submission_happens_once),
        cmocka_unit_test(law_1_pressed_at_the_same_moment),
        cmocka_unit_test(law_1_all_or_nothing),
        cmocka_unit_test(law_2_nothing_is_overwritten_silently),
        cmocka_unit_test(law_3_no_refusal_without_a_call),
        cmocka_unit_test(law_3_every_line_below_is_adverse),
        cmocka_unit_test(law_3_rules_may_grant_and_never_refuse),
        cmocka_unit_test(law_3_hearing_and_exemption),
        cmocka_unit_test(law_5_nothing_closes_before_its_letter_arrived),
        cmocka_unit_test(law_5_a_file_does_not_tell_before_the_letter),
        cmocka_unit_test(law_5_the_record_closes_with_its_case),
        cmocka_unit_test(law_7_who_sees_a_case_file),
        cmocka_unit_test(law_7_a_protected_address_is_in_the_application_too),
        cmocka_unit_test(law_7_nobody_handles_their_own_case),
        cmocka_unit_test(law_7_the_counter_opens_one_person),
        cmocka_unit_test(law_8_what_is_finished_stays),
        cmocka_unit_test(law_9_numbers_come_from_login_and_register),
        cmocka_unit_test(law_7_nobody_handles_the_case_of_their_child),
        cmocka_unit_test(law_11_what_two_must_sign),
        cmocka_unit_test(law_11_the_time_passes),
        cmocka_unit_test(law_11_who_signs_does_not_handle),
    };
    return test_each_engine("laws", tests);
}
