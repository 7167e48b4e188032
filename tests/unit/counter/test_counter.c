/* The counter: laws 7 and 9 attacked at the domain functions and, below them, at the store; who typed is kept. */
#include "../casefile/house.h"

#include "access/access.h"
#include "counter_attack_store.h"
#include "form/form_draft.h"

#define DAGNY "7211412346"
#define ANNA "6403574218"
#define ERIK "8902883117"
#define CARL "8106951579"
#define ALMA "7405194826"
#define WHY "Hjalp dig med at søge om noget"

/* From now on cx->who is this employee, with a session of their own. */
static int64_t log_in(struct cx *cx, const char *key)
{
    struct auth_employee e;
    cx->session = NULL;
    assert_ok(cx, auth_employee_by_key(cx, str_of(key), &e));
    assert_ok(cx, auth_login_employee(cx, e.id, ASSURANCE_HIGH));
    return e.id;
}

static int64_t at_counter(struct cx *cx, const char *idno)
{
    int64_t carl = log_in(cx, "carl");
    assert_ok(cx, party_stay_begin(cx, str_of(idno), S(WHY), CHANNEL_COUNTER));
    return carl;
}

/* ---- below the domain ---- */

struct blow {
    enum err (*fn)(struct cx *cx, const struct blow *b);
    int64_t id, other, third;
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
static enum err blow_stay(struct cx *cx, const struct blow *b)
{
    return q_counter_attack_stay(cx, cx->who->session_id, b->id, cx->who->acting_unit_id, b->other, cx->now_us);
}
static enum err blow_stay_party(struct cx *cx, const struct blow *b)
{
    return q_counter_attack_stay_party(cx, cx->who->session_id, b->id);
}
static enum err blow_stay_ends(struct cx *cx, const struct blow *b)
{
    return q_counter_attack_stay_ends(cx, cx->who->session_id, b->id);
}
static enum err blow_typed(struct cx *cx, const struct blow *b)
{
    return q_counter_attack_draft_typed(cx, b->id, b->other, cx->now_us + 1);
}
static enum err blow_draft(struct cx *cx, const struct blow *b)
{
    return q_counter_attack_draft_add(cx, rand_id(), b->id, b->other, cx->now_us);
}
static enum err blow_channel(struct cx *cx, const struct blow *b)
{
    return q_counter_attack_channel(cx, b->id);
}

/* ---- who may open whom ---- */

static void only_the_counter_opens_by_the_whole_number_with_a_purpose(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t bo = log_in(cx, "bo");
    size_t before = access_waiting(cx);
    assert_err(cx, party_stay_begin(cx, S(DAGNY), S(WHY), CHANNEL_COUNTER), ERR_FORBIDDEN);
    assert_null(cx->who->stay);
    log_in(cx, "carl");
    assert_err(cx, party_stay_begin(cx, S(DAGNY), S(""), CHANNEL_COUNTER), ERR_INVALID);
    assert_str(cx->fail.field, "purpose");
    assert_err(cx, party_stay_begin(cx, S(DAGNY), S("   kort    "), CHANNEL_COUNTER), ERR_INVALID);
    for (size_t n = 0; n < 10; n++) {
        assert_err(cx, party_stay_begin(cx, str_make(DAGNY, n), S(WHY), CHANNEL_COUNTER), ERR_INVALID);
        assert_str(cx->fail.field, "idno");
    }
    assert_err(cx, party_stay_begin(cx, S("Dagny Lund"), S(WHY), CHANNEL_COUNTER), ERR_INVALID);
    assert_err(cx, party_stay_begin(cx, S("7211412354"), S(WHY), CHANNEL_COUNTER), ERR_NOT_FOUND);
    assert_err(cx, party_stay_begin(cx, S(DAGNY), S(WHY), CHANNEL_SELF), ERR_INVALID);
    assert_str(cx->fail.field, "channel");
    assert_null(cx->who->stay);
    assert_ok(cx, party_stay_begin(cx, S(DAGNY), S(WHY), CHANNEL_TELEPHONE));
    assert_str(cx->who->stay->name, "Dagny Lund");
    assert_int_equal(cx->who->kind, WHO_EMPLOYEE); /* the employee stays who he is */
    assert_true(access_waiting(cx) > before);
    int64_t dagny = cx->who->stay->party_id;
    assert_ok(cx, auth_stay_end(cx));
    assert_null(cx->who->stay);
    strike(cx, (struct blow){blow_stay, .id = bo, .other = dagny}, "LAW 7");
    house_free(cx);
}

static void never_oneself_nor_one_who_is_protected(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    house_party(cx, "erik");
    int64_t erik = cx->who->party_id, carl = log_in(cx, "carl");
    assert_err(cx, party_stay_begin(cx, S(CARL), S(WHY), CHANNEL_COUNTER), ERR_FORBIDDEN);
    assert_err(cx, party_stay_begin(cx, S(ERIK), S(WHY), CHANNEL_COUNTER), ERR_FORBIDDEN);
    assert_null(cx->who->stay);
    strike(cx, (struct blow){blow_stay, .id = carl, .other = cx->who->party_id}, "LAW 7");
    strike(cx, (struct blow){blow_stay, .id = carl, .other = erik}, "LAW 7");
    assert_ok(cx, party_stay_begin(cx, S(DAGNY), S(WHY), CHANNEL_COUNTER));
    strike(cx, (struct blow){blow_stay_party, .id = erik}, "LAW 7");
    house_free(cx);
}

static void nor_one_whose_mandate_one_holds(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t mandate, dagny = house_party(cx, "dagny"), carl_party = house_party(cx, "carl");
    house_party(cx, "dagny");
    assert_ok(cx, party_mandate_give(
                      cx, &(struct party_mandate_new){.holder_id = carl_party, .scope = S("ris-og-ros"), .from_us = 0},
                      &mandate));
    int64_t carl = log_in(cx, "carl");
    assert_err(cx, party_stay_begin(cx, S(DAGNY), S(WHY), CHANNEL_COUNTER), ERR_FORBIDDEN);
    strike(cx, (struct blow){blow_stay, .id = carl, .other = dagny}, "LAW 7");
    house_party(cx, "dagny");
    assert_ok(cx, party_mandate_withdraw(cx, mandate));
    log_in(cx, "carl");
    assert_ok(cx, party_stay_begin(cx, S(DAGNY), S(WHY), CHANNEL_COUNTER));
    house_free(cx);
}

/* Custody is asked of the register for a day; who has it does not change by the hour. */
static void nor_one_s_own_child(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t child = house_party(cx, "alma");
    house_custody(cx, "carl", true);
    house_later(cx, 3 * DAY_US);
    int64_t carl = log_in(cx, "carl");
    assert_err(cx, party_stay_begin(cx, S(ALMA), S(WHY), CHANNEL_COUNTER), ERR_FORBIDDEN);
    strike(cx, (struct blow){blow_stay, .id = carl, .other = child}, "LAW 7");
    house_free(cx);
}

static void the_stay_is_of_one_session_and_ends(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct party p;
    struct casefile_rows cases;
    at_counter(cx, DAGNY);
    struct str cookie = {0};
    assert_true(auth_cookie(cx, &cookie));
    assert_ok(cx, auth_begin(cx, cookie)); /* the next request of the same browser */
    assert_non_null(cx->who->stay);
    assert_str(cx->who->stay->name, "Dagny Lund");
    assert_ok(cx, casefile_list_at_counter(cx, &cases));
    log_in(cx, "carl"); /* the same employee at another desk */
    assert_null(cx->who->stay);
    assert_err(cx, party_stay_get(cx, &p), ERR_NOT_FOUND);
    assert_err(cx, casefile_list_at_counter(cx, &cases), ERR_FORBIDDEN);
    cx->now_us += (AUTH_STAY_MINUTES - 1) * MINUTE_US; /* something happens in time: it goes on */
    assert_ok(cx, auth_begin(cx, cookie));
    assert_non_null(cx->who->stay);
    cx->now_us += (AUTH_STAY_MINUTES - 1) * MINUTE_US;
    assert_ok(cx, auth_begin(cx, cookie));
    assert_non_null(cx->who->stay);
    cx->now_us += (AUTH_STAY_MINUTES + 1) * MINUTE_US;
    assert_ok(cx, auth_begin(cx, cookie));
    assert_int_equal(cx->who->kind, WHO_EMPLOYEE);
    assert_null(cx->who->stay);
    house_free(cx);
}

/* ---- drafts ---- */

static void drafts_are_those_begun_with_the_one_who_is_open(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct form_draft d;
    struct form_drafts list;
    int64_t version, dagny = house_party(cx, "dagny");
    int64_t own = house_draft(cx, "stok", NULL, &version);
    int64_t carl = at_counter(cx, ANNA);
    int64_t annas = house_draft(cx, "stok", NULL, &version);
    assert_err(cx, form_drafts_of_party(cx, dagny, &list), ERR_FORBIDDEN);
    assert_ok(cx, party_stay_begin(cx, S(DAGNY), S(WHY), CHANNEL_COUNTER));
    assert_err(cx, form_draft_open(cx, annas, &d), ERR_NOT_FOUND); /* of another's stay */
    assert_err(cx, form_draft_open(cx, own, &d), ERR_NOT_FOUND);   /* she began it alone */
    assert_err(cx, form_draft_delete(cx, annas), ERR_NOT_FOUND);
    assert_ok(cx, form_drafts_of_party(cx, dagny, &list));
    assert_int_equal(list.rows.n, 0);
    strike(cx, (struct blow){blow_typed, .id = own, .other = carl}, "LAW 7");
    strike(cx, (struct blow){blow_typed, .id = annas, .other = carl}, "LAW 7");
    struct q_counter_attack_draft who;
    assert_ok(cx, q_counter_attack_draft(cx, annas, &who));
    assert_int_equal(who.begun_by.v, carl);
    assert_int_equal(who.typed_by.v, carl);
    assert_int_equal(who.channel, CHANNEL_COUNTER);
    int64_t anna = house_party(cx, "anna"); /* she goes on at home */
    assert_ok(cx, form_draft_open(cx, annas, &d));
    assert_ok(cx, form_drafts_of_party(cx, anna, &list));
    assert_int_equal(list.rows.n, 1);
    assert_true(list.rows.p[0].helped);
    house_employee(cx, "bo"); /* no stay */
    assert_err(cx, form_draft_open(cx, annas, &d), ERR_NOT_FOUND);
    assert_err(cx, form_draft_start(cx, S("lette-hjaelpemidler"), &version), ERR_FORBIDDEN);
    strike(cx, (struct blow){blow_draft, .id = anna, .other = cx->who->employee_id}, "LAW 7");
    house_free(cx);
}

static void when_the_stay_is_over_nothing_more_is_typed(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct form_draft d;
    struct form_stepped to;
    struct casefile_receipt receipt;
    int64_t version;
    at_counter(cx, DAGNY);
    int64_t draft = house_draft(cx, "stok", NULL, &version);
    assert_ok(cx, form_draft_open(cx, draft, &d));
    const struct form_field *photo = NULL;
    for (size_t i = 0; i < d.form->fields.n; i++)
        if (d.form->fields.p[i]->kind == FORM_FILE)
            photo = d.form->fields.p[i];
    assert_non_null(photo);
    struct str wrong = {0}, pdf = S("%PDF-1.4\n%\n1 0 obj<<>>endobj\n%%EOF\n");
    struct form_upload_new scan = {.field = photo, .name = S("brev.pdf"), .bytes = pdf};
    assert_ok(cx, form_upload_add(cx, &d, &scan, &wrong)); /* a paper she has brought, scanned */
    assert_str(wrong, "");
    assert_ok(cx, form_draft_open(cx, draft, &d));
    version = d.version;
    struct blow over = {blow_stay_ends, .id = cx->now_us}; /* another process, or the clock */
    assert_ok(cx, db_write(cx, strike_in, &over));
    struct form_step step = {
        .at.page = 0, .seen = form_draft_saved(cx, &d, (struct form_spot){.page = 0}), .go = FORM_GO_STAY};
    assert_err(cx, form_draft_step(cx, &d, &step, &to), ERR_LAW);
    assert_err(cx, form_upload_add(cx, &d, &scan, &wrong), ERR_LAW);
    assert_ok(cx, form_draft_open(cx, draft, &d));
    assert_int_equal(d.given.uploads.n, 1);
    assert_err(cx, casefile_submit(cx, draft, version, &receipt), ERR_LAW);
    house_free(cx);
}

/* ---- the submission ---- */

static void who_typed_is_kept(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_receipt receipt;
    struct casefile_rows cases;
    struct casefile_events events;
    struct str json;
    int64_t version, carl = at_counter(cx, DAGNY), dagny = cx->who->stay->party_id;
    int64_t draft = house_draft(cx, "stok", NULL, &version);
    assert_ok(cx, casefile_submit(cx, draft, version, &receipt));
    assert_str(receipt.helped, "Udfyldt af Borgerservice (Carl Friis) sammen med dig ved skranken.");
    assert_ok(cx, casefile_list_at_counter(cx, &cases));
    assert_int_equal(cases.rows.n, 1);
    assert_str(cases.rows.p[0].no, "2026-000001");
    struct casefile_view v;
    struct str id = str_fmt(cx->arena, "%lld", (long long)receipt.casefile_id);
    assert_err(cx, casefile_open_as_employee(cx, id, S("test"), &v), ERR_FORBIDDEN); /* the rest is the unit's */
    assert_err(cx, casefile_open_as_party(cx, receipt.casefile_id, &v), ERR_NOT_FOUND);
    strike(cx, (struct blow){blow_channel, .id = receipt.casefile_id}, "LAW 8");
    assert_ok(cx, auth_stay_end(cx));
    assert_err(cx, casefile_receipt_get(cx, draft, &receipt), ERR_NOT_FOUND);

    house_party(cx, "dagny");
    v = house_view(cx, receipt.casefile_id);
    assert_int_equal(v.file.party_id, dagny);
    assert_int_equal(v.file.channel, CHANNEL_COUNTER);
    assert_ok(cx, casefile_events(cx, &v, &events));
    assert_str(events.rows.p[0].text, "Borgerservice (Carl Friis) udfyldte ansøgningen sammen med dig ved skranken");
    assert_ok(cx, casefile_answers_json(cx, &v, &json));
    assert_true(str_find(json, S("\"channel\":\"counter\",\"helper\":\"Borgerservice (Carl Friis)\""), 0) < json.n);
    house_employee(cx, "bo");
    v = house_view(cx, receipt.casefile_id);
    assert_str(casefile_helper_text(cx, &v.file, false),
               "Udfyldt af Borgerservice (Carl Friis) sammen med borgeren ved skranken.");
    (void)carl;
    house_free(cx);
}

static void begun_together_and_sent_alone(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_receipt receipt;
    int64_t version;
    at_counter(cx, ANNA);
    int64_t draft = house_draft(cx, "stok", NULL, &version);
    house_party(cx, "anna");
    assert_ok(cx, casefile_submit(cx, draft, version, &receipt));
    struct casefile_view v = house_view(cx, receipt.casefile_id);
    assert_int_equal(v.file.channel, CHANNEL_SELF);
    assert_str(v.file.helper_name, "Carl Friis");
    house_free(cx);
}

/* ---- the share ---- */

static void the_share_without_a_computer_is_counted_through_law_7(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_channel_rows rows;
    struct casefile_receipt receipt;
    int64_t version;
    house_apply(cx, "anna", "stok", NULL);
    house_apply(cx, "erik", "stok", NULL);
    house_apply(cx, "inge", "stok", NULL); /* the leader's own: not counted for her */
    at_counter(cx, DAGNY);
    int64_t draft = house_draft(cx, "stok", NULL, &version);
    assert_ok(cx, casefile_submit(cx, draft, version, &receipt));
    house_employee(cx, "inge");
    assert_ok(cx, casefile_channels(cx, 2026, &rows));
    assert_int_equal(rows.rows.n, 1);
    assert_str(rows.rows.p[0].service_key, "lette-hjaelpemidler");
    assert_int_equal(rows.rows.p[0].n[0], 3);
    assert_int_equal(rows.rows.p[0].n[CHANNEL_SELF], 2);
    assert_int_equal(rows.rows.p[0].n[CHANNEL_COUNTER], 1);
    assert_int_equal(casefile_channel_share(&rows.all), 333);
    assert_ok(cx, casefile_channels(cx, 2027, &rows));
    assert_int_equal(rows.rows.n, 0);
    house_employee(cx, "ulla"); /* an administrator of another unit: all there are */
    assert_ok(cx, casefile_channels(cx, 2026, &rows));
    assert_int_equal(rows.all.n[0], 4);
    house_employee(cx, "inge"); /* a leader of another unit */
    struct auth_unit other;
    struct who *w = arena_new_of(cx->arena, struct who);
    assert_ok(cx, auth_unit_by_key(cx, S("dagtilbud"), &other));
    *w = *cx->who;
    w->unit_ids = &other.id;
    w->n_units = 1;
    cx->who = w;
    assert_ok(cx, casefile_channels(cx, 2026, &rows));
    assert_int_equal(rows.rows.n, 0);
    house_employee(cx, "bo");
    assert_err(cx, casefile_channels(cx, 2026, &rows), ERR_FORBIDDEN);
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_counter_opens_by_the_whole_number_with_a_purpose),
        cmocka_unit_test(never_oneself_nor_one_who_is_protected),
        cmocka_unit_test(nor_one_whose_mandate_one_holds),
        cmocka_unit_test(nor_one_s_own_child),
        cmocka_unit_test(the_stay_is_of_one_session_and_ends),
        cmocka_unit_test(drafts_are_those_begun_with_the_one_who_is_open),
        cmocka_unit_test(when_the_stay_is_over_nothing_more_is_typed),
        cmocka_unit_test(who_typed_is_kept),
        cmocka_unit_test(begun_together_and_sent_alone),
        cmocka_unit_test(the_share_without_a_computer_is_counted_through_law_7),
    };
    return test_each_engine("counter", tests);
}
