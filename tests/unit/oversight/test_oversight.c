/* Law 7 for those who watch: the adviser sees one case for a purpose and changes nothing; the officer sees the log, not
   the persons in it. */
#include "../casefile/house.h"

#include "access/access.h"
#include "letter/letter.h"
#include "oversight_attack_store.h"

#define WHY "Borgeren klager over, at svaret lader vente på sig."

static struct q_oversight_views last_view(struct cx *cx)
{
    struct q_oversight_views *rows;
    size_t n;
    house_later(cx, SECOND_US); /* after what was noted before */
    assert_ok(cx, access_commit(cx));
    assert_ok(cx, q_oversight_views(cx, &rows, &n));
    assert_true(n > 0);
    return rows[n - 1];
}

static struct str no_of(struct cx *cx, int64_t id)
{
    const struct who *before = cx->who;
    struct casefile_view v;
    house_system(cx);
    assert_ok(cx, casefile_open_as_system(cx, id, &v));
    cx->who = before;
    return v.file.no;
}

static void the_adviser_reads_one_case(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = house_taken(cx, "anna", "stok", NULL), other = house_apply(cx, "anna", "badebaenk", NULL), got;
    struct casefile_view v;
    struct casefile_notes notes;
    struct casefile_looks looks;
    struct casefile_rows rows;
    house_employee(cx, "bo");
    assert_ok(cx, casefile_note(cx, id, S("Vi har travlt.")));
    house_employee(cx, "rikke");
    assert_err(cx, casefile_open_as_adviser(cx, id, &v), ERR_FORBIDDEN); /* no purpose yet */
    assert_true(last_view(cx).refused);
    assert_err(cx, casefile_look_begin(cx, no_of(cx, id), S("kort"), &got), ERR_INVALID);
    assert_err(cx, casefile_look_begin(cx, S("2026-99"), S(WHY), &got), ERR_INVALID);
    assert_ok(cx, casefile_look_begin(cx, no_of(cx, id), S(WHY), &got));
    assert_int_equal(got, id);
    struct q_oversight_views seen = last_view(cx);
    assert_str(seen.purpose, WHY);
    assert_int_equal(seen.roles, ROLE_ADVISER); /* not as the caseworker she also is */
    assert_false(seen.refused);
    assert_str(seen.legal_basis, "");
    assert_ok(cx, casefile_open_as_adviser(cx, id, &v));
    assert_str(v.party.name, "Anna Holm");
    for (int a = 0; a < CASEFILE_ACTION_COUNT; a++)
        assert_false(v.can[a]);
    assert_ok(cx, casefile_notes(cx, &v, &notes));
    assert_int_equal(notes.rows.n, 1);
    struct record_documents documents;
    struct record_document document;
    assert_ok(cx, casefile_documents(cx, &v, &documents));
    assert_ok(cx, casefile_document(cx, &v, documents.rows.p[0].id, &document));
    seen = last_view(cx);
    assert_str(seen.kind, "document");
    assert_str(seen.purpose, WHY);
    assert_int_equal(seen.roles, ROLE_ADVISER);
    /* no other case, no list, no search, and no way in at the desk */
    assert_err(cx, casefile_open_as_adviser(cx, other, &v), ERR_FORBIDDEN);
    assert_ok(cx, casefile_search(cx, no_of(cx, id), &rows));
    assert_int_equal(rows.rows.n, 0);
    assert_err(cx, casefile_open_as_employee(cx, no_of(cx, id), S("x"), &v), ERR_FORBIDDEN);
    assert_ok(cx, casefile_looks(cx, &looks));
    assert_int_equal(looks.rows.n, 1);
    /* days later it is over; saying why again opens it again */
    house_later(cx, (CASEFILE_LOOK_DAYS + 1) * DAY_US);
    assert_err(cx, casefile_open_as_adviser(cx, id, &v), ERR_FORBIDDEN);
    assert_ok(cx, casefile_looks(cx, &looks));
    assert_int_equal(looks.rows.n, 0);
    assert_ok(cx, casefile_look_begin(cx, no_of(cx, id), S(WHY), &got));
    assert_ok(cx, casefile_open_as_adviser(cx, id, &v));
    struct record_faults faults;
    house_system(cx);
    assert_ok(cx, casefile_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 0);
    house_free(cx);
}

static void she_can_do_nothing(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = house_taken(cx, "anna", "stok", NULL), got, letter;
    struct decision d;
    house_employee(cx, "rikke");
    assert_ok(cx, casefile_look_begin(cx, no_of(cx, id), S(WHY), &got));
    int64_t version = house_version(cx, id);
    assert_err(cx, casefile_note(cx, id, S("Jeg skriver.")), ERR_FORBIDDEN);
    assert_err(cx, casefile_ask(cx, id, S("Hvorfor?"), 5), ERR_FORBIDDEN);
    assert_err(cx, casefile_call(cx, id, S("Vi talte."), true), ERR_FORBIDDEN);
    assert_err(cx, casefile_release(cx, id, version), ERR_FORBIDDEN);
    assert_err(cx, casefile_suspend(cx, id, version, S("Venter.")), ERR_FORBIDDEN);
    assert_err(cx, casefile_close(cx, id, version), ERR_FORBIDDEN);
    assert_err(cx, decision_begin(cx, id, &d), ERR_FORBIDDEN);
    struct letter_draft draft = {.casefile_id = id, .template_key = S("granted"), .lang = LANG_DA};
    assert_err(cx, letter_draft_new(cx, &draft, &letter), ERR_FORBIDDEN);
    assert_int_equal(house_version(cx, id), version);
    house_free(cx);
}

static void only_the_adviser_and_never_her_own(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = house_apply(cx, "anna", "stok", NULL), own = house_apply(cx, "rikke", "stok", NULL), got;
    struct casefile_view v;
    static const char *const others[] = {"bo", "inge", "carl", "ulla", "sofie"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        house_employee(cx, others[i]);
        assert_err(cx, casefile_look_begin(cx, no_of(cx, id), S(WHY), &got), ERR_FORBIDDEN);
        assert_err(cx, casefile_open_as_adviser(cx, id, &v), ERR_FORBIDDEN);
    }
    house_party(cx, "dagny");
    assert_err(cx, casefile_look_begin(cx, no_of(cx, id), S(WHY), &got), ERR_FORBIDDEN);
    house_employee(cx, "rikke");
    assert_err(cx, casefile_look_begin(cx, no_of(cx, own), S(WHY), &got), ERR_FORBIDDEN);
    assert_err(cx, casefile_open_as_adviser(cx, own, &v), ERR_FORBIDDEN);
    house_free(cx);
}

/* ---- below the domain ---- */

struct blow {
    enum err (*fn)(struct cx *cx, const struct blow *b);
    int64_t casefile, employee, via;
};
static enum err strike_in(struct cx *cx, void *ctx)
{
    const struct blow *b = ctx;
    return b->fn(cx, b);
}
static enum err reach(struct cx *cx, const struct blow *b)
{
    return q_oversight_attack_reach(cx, b->casefile, b->employee, b->via, INT64_C(9000000000000000));
}
/* A purpose that is true, of somebody who is no adviser; and the row that would let them in. */
static enum err look(struct cx *cx, const struct blow *b)
{
    enum err e = q_oversight_attack_look(cx, b->via, b->casefile, b->employee);
    return e ? e : reach(cx, b);
}
static enum err reword(struct cx *cx, const struct blow *b)
{
    return q_oversight_attack_reword(cx, b->casefile);
}
static enum err forget(struct cx *cx, const struct blow *b)
{
    return q_oversight_attack_forget(cx, b->casefile);
}

static void the_store_lets_nobody_else_in(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = house_apply(cx, "anna", "stok", NULL), got;
    struct auth_employee mette, rikke;
    assert_ok(cx, auth_employee_by_key(cx, S("mette"), &mette));
    assert_ok(cx, auth_employee_by_key(cx, S("rikke"), &rikke));
    house_employee(cx, "rikke");
    assert_ok(cx, casefile_look_begin(cx, no_of(cx, id), S(WHY), &got));
    struct blow blows[] = {{reach, id, rikke.id, 7},
                           {reach, id, mette.id, 7},
                           {look, id, mette.id, rand_id()},
                           {.fn = reword, .casefile = id},
                           {.fn = forget, .casefile = id}};
    for (size_t i = 0; i < sizeof blows / sizeof *blows; i++) {
        assert_err(cx, db_write(cx, strike_in, &blows[i]), ERR_LAW);
        assert_true(str_starts(cx->fail.detail, S("LAW 7")));
    }
    house_free(cx);
}

/* ---- the officer ---- */

static struct access_log log_of(struct cx *cx, enum access_pattern pattern, const char *employee)
{
    struct access_log log;
    struct auth_employee e = {0};
    if (employee)
        assert_ok(cx, auth_employee_by_key(cx, str_of(employee), &e));
    struct access_log_query q = {.from_us = cx->now_us - 40 * DAY_US,
                                 .until_us = cx->now_us + DAY_US,
                                 .employee_id = e.id,
                                 .pattern = pattern,
                                 .max = 100};
    assert_ok(cx, access_log(cx, &q, &log));
    return log;
}

static void the_officer_reads_the_log(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = house_taken(cx, "anna", "stok", NULL);
    struct casefile_view v;
    assert_ok(cx, casefile_open_as_employee(cx, no_of(cx, id), S("test"), &v)); /* Bo, on a Thursday at 13 */
    assert_ok(cx, access_commit(cx));
    house_later(cx, 9 * HOUR_US); /* and at 22 */
    assert_ok(cx, casefile_open_as_employee(cx, no_of(cx, id), S("test"), &v));
    assert_ok(cx, access_commit(cx));
    house_employee(cx, "mette");
    assert_err(cx, casefile_open_as_employee(cx, no_of(cx, id), S("test"), &v), ERR_FORBIDDEN);
    assert_ok(cx, access_commit(cx));
    struct access_log log;
    struct access_log_query q = {.from_us = 0, .until_us = cx->now_us};
    assert_err(cx, access_log(cx, &q, &log), ERR_FORBIDDEN);
    house_employee(cx, "sofie");
    log = log_of(cx, ACCESS_ALL, "bo");
    assert_int_equal(log.rows.n, 2);
    assert_int_equal(log.rows.p[0].persons, 1);
    assert_str(log.rows.p[0].employee, "Bo Kjær");
    assert_str(log.rows.p[0].casefile_no, "2026-000001");
    log = log_of(cx, ACCESS_OUTSIDE_WORK, "bo");
    assert_int_equal(log.rows.n, 1);
    /* days that no id can have: from the year 1000 to 9999 */
    q = (struct access_log_query){.from_us = civil_day_start_us(civil_to_day(1000, 1, 1)),
                                  .until_us = civil_day_start_us(civil_to_day(9999, 12, 31))};
    assert_ok(cx, access_log(cx, &q, &log));
    assert_int_equal(log.rows.n, 3);
    log = log_of(cx, ACCESS_REFUSED, NULL);
    assert_int_equal(log.rows.n, 1);
    assert_str(log.rows.p[0].employee, "Mette Bro");
    assert_int_equal(log_of(cx, ACCESS_OWN_NAME, NULL).rows.n, 0);
    /* that she looked stands there too, and at whom nobody */
    struct q_oversight_views seen = last_view(cx);
    assert_str(seen.kind, "log");
    assert_int_equal(seen.roles, ROLE_DPO);
    assert_int_equal(seen.subjects.n, 0);
    log = log_of(cx, ACCESS_ALL, "sofie");
    assert_int_equal(log.rows.n, 1);
    house_free(cx);
}

/* A name as one's own: somebody called Kjær, and oneself. Lists do not count: nobody chose who stands in them. */
static void one_s_own_name(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_rows rows;
    struct casefile_queue_query all = {.scope = CASEFILE_UNIT, .limit = 50};
    house_system(cx);
    int64_t id = house_apply(cx, "anna", "stok", NULL);
    struct auth_employee bo;
    assert_ok(cx, auth_employee_by_key(cx, S("bo"), &bo));
    house_employee(cx, "inge");
    access_note(cx, &(struct access_entry){.subject_party_id = bo.party_id, .kind = S("person"), .purpose = S("x")});
    assert_ok(cx, access_commit(cx));
    house_employee(cx, "bo");
    assert_ok(cx, casefile_queue(cx, &all, &rows));
    assert_ok(cx, access_commit(cx));
    house_employee(cx, "sofie");
    assert_int_equal(log_of(cx, ACCESS_OWN_NAME, NULL).rows.n, 0);
    house_employee(cx, "bo");
    access_note(cx, &(struct access_entry){.subject_party_id = bo.party_id, .kind = S("person"), .purpose = S("x")});
    assert_ok(cx, access_commit(cx));
    house_employee(cx, "sofie");
    struct access_log log = log_of(cx, ACCESS_OWN_NAME, NULL);
    assert_int_equal(log.rows.n, 1);
    assert_str(log.rows.p[0].employee, "Bo Kjær");
    assert_true(log.rows.p[0].own_name);
    assert_true(id > 0);
    house_free(cx);
}

static void pages_of_the_log_have_each_look_once(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    house_apply(cx, "anna", "stok", NULL);
    house_employee(cx, "bo");
    for (int i = 0; i < 25; i++) {
        access_note(cx, &(struct access_entry){.subject_party_id = 1 + i, .kind = S("person"), .purpose = S("x")});
        assert_ok(cx, access_commit(cx));
        house_later(cx, SECOND_US);
    }
    house_employee(cx, "sofie");
    struct access_log_query q = {.from_us = cx->now_us - DAY_US, .until_us = cx->now_us + DAY_US, .max = 10};
    size_t seen = 0, pages = 0;
    int64_t before_us = INT64_MAX;
    do {
        struct access_log log;
        assert_ok(cx, access_log(cx, &q, &log));
        for (size_t i = 0; i < log.rows.n; i++) {
            assert_true(log.rows.p[i].at_us < before_us);
            before_us = log.rows.p[i].at_us;
        }
        seen += log.rows.n;
        pages++;
        q.before = log.next;
    } while (q.before);
    assert_int_equal(seen, 25);
    assert_int_equal(pages, 3);
    house_free(cx);
}

struct ending {
    int64_t party, id;
};
static enum err withhold(struct cx *cx, void *ctx)
{
    struct ending *x = ctx;
    struct access_withholding w = {
        .subject_party_id = x->party, .legal_basis = S("en lov § 1"), .until_us = cx->now_us + 30 * DAY_US};
    return access_withhold(cx, &w, &x->id);
}
static enum err end_it(struct cx *cx, void *ctx)
{
    return access_withhold_end(cx, ((struct ending *)ctx)->id);
}

static void withheld_entries_are_seen_and_ended(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct ending x = {.party = house_party(cx, "anna")};
    struct access_withheld all;
    house_employee(cx, "inge");
    assert_ok(cx, db_write_log(cx, withhold, &x));
    assert_ok(cx, access_withheld(cx, &all));
    assert_int_equal(all.rows.n, 1);
    assert_true(all.rows.p[0].mine);
    house_employee(cx, "bo"); /* not his: he sees and ends nothing */
    assert_ok(cx, access_withheld(cx, &all));
    assert_int_equal(all.rows.n, 0);
    assert_err(cx, db_write_log(cx, end_it, &x), ERR_NOT_FOUND);
    house_employee(cx, "sofie");
    assert_ok(cx, access_withheld(cx, &all));
    assert_str(all.rows.p[0].legal_basis, "en lov § 1");
    assert_str(all.rows.p[0].by, "Inge Dahl");
    assert_ok(cx, db_write_log(cx, end_it, &x));
    assert_err(cx, db_write_log(cx, end_it, &x), ERR_NOT_FOUND);
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_adviser_reads_one_case),
        cmocka_unit_test(she_can_do_nothing),
        cmocka_unit_test(only_the_adviser_and_never_her_own),
        cmocka_unit_test(the_store_lets_nobody_else_in),
        cmocka_unit_test(the_officer_reads_the_log),
        cmocka_unit_test(one_s_own_name),
        cmocka_unit_test(pages_of_the_log_have_each_look_once),
        cmocka_unit_test(withheld_entries_are_seen_and_ended),
    };
    return test_each_engine("oversight", tests);
}
