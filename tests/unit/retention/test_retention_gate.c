/* Law 10, in the store: what is kept, held back or not yet on an approved list cannot be erased, whoever tries. */
#include "erasing.h"
#include "retention_attack_store.h"
#include "retention_store.h"

/* ---- holding back ---- */

static void what_is_held_back_stays(void **state)
{
    (void)state;
    struct cx *cx = erasing_house_new();
    int64_t id = erasing_closed_case(cx, "anna");
    struct str no = erasing_no_of(cx, id);
    struct retention_helds held;
    struct retention_plan plan;
    house_employee(cx, "ulla");
    assert_err(cx, retention_hold(cx, S("2026-999999"), S("en klage hos Ankestyrelsen")), ERR_INVALID);
    assert_err(cx, retention_hold(cx, no, S("kort")), ERR_INVALID);
    assert_ok(cx, retention_hold(cx, no, S("en klage hos Ankestyrelsen")));
    assert_err(cx, retention_hold(cx, no, S("en klage hos Ankestyrelsen")), ERR_DUPLICATE);
    erasing_years_later(cx, 5, 3);
    assert_ok(cx, retention_plan(cx, 0, cx->now_us, &plan));
    assert_int_equal(plan.n, 1);
    assert_int_equal(plan.held, 1);
    assert_ok(cx, erasing_night(cx));
    assert_str(erasing_no_of(cx, id), "2026-000001");
    house_employee(cx, "ulla");
    assert_ok(cx, retention_held(cx, &held));
    assert_int_equal(held.rows.n, 1);
    assert_str(held.rows.p[0].no, "2026-000001");
    assert_str(held.rows.p[0].by, "Ulla Thorsen");
    assert_ok(cx, retention_release(cx, held.rows.p[0].id));
    assert_err(cx, retention_release(cx, held.rows.p[0].id), ERR_NOT_FOUND);
    assert_ok(cx, erasing_night(cx));
    house_system(cx);
    struct casefile_view v;
    assert_err(cx, casefile_open_as_system(cx, id, &v), ERR_NOT_FOUND);
    assert_int_equal(erasing_rows_with(cx, S("record_hold"), "Ankestyrelsen"), 0);
    erasing_house_free(cx);
}

/* ---- the gate, attacked ---- */

struct blow {
    enum err (*fn)(struct cx *cx, const struct blow *b);
    struct str no, text;
    int64_t id, us;
};
static enum err strike_in(struct cx *cx, void *ctx)
{
    const struct blow *b = ctx;
    return b->fn(cx, b);
}
static void strike(struct cx *cx, struct blow b)
{
    enum err e = db_write(cx, strike_in, &b);
    if (e != ERR_LAW)
        print_error("got through: %.*s %.*s\n", STR_ARG(b.no), STR_ARG(b.text));
    assert_err(cx, e, ERR_LAW);
    assert_true(str_starts(cx->fail.detail, S("LAW ")));
}
static void let(struct cx *cx, struct blow b)
{
    assert_ok(cx, db_write(cx, strike_in, &b));
}
#define BLOW(name, ...) \
    static enum err blow_##name(struct cx *cx, const struct blow *b) \
    { \
        return q_retention_attack_##name(cx, __VA_ARGS__); \
    }
BLOW(mark, b->no, b->id)
BLOW(disposal, b->id, b->us, b->text)
BLOW(untell, b->id)
BLOW(retell, b->id)
BLOW(rule, b->no, b->text)
BLOW(due, b->no, b->us)
BLOW(record, b->no)
BLOW(casefile, b->no)
BLOW(event, b->no)
BLOW(line, b->no)
BLOW(question, b->no)
BLOW(contact, b->no)
BLOW(decision_line, b->no)
BLOW(letter, b->no)
BLOW(object, b->no)
BLOW(words, b->no)
BLOW(hold, b->no)
BLOW(return, b->id)
BLOW(reopen, b->id)
BLOW(rewrite, b->id)
BLOW(list, b->id)
BLOW(unlist, b->id)
BLOW(alone, b->id)
BLOW(forget_people, b->id)
BLOW(before_people, b->id)

static void nothing_goes_round_the_gate(struct cx *cx, struct str no)
{
    static enum err (*const deletes[])(struct cx *, const struct blow *) = {
        blow_record,  blow_casefile,      blow_event,  blow_line,   blow_question,
        blow_contact, blow_decision_line, blow_letter, blow_object, blow_words};
    for (size_t i = 0; i < sizeof deletes / sizeof *deletes; i++)
        strike(cx, (struct blow){.fn = deletes[i], .no = no, .text = str_fmt(cx->arena, "delete %zu", i)});
}

static void the_gate_is_the_only_way(void **state)
{
    (void)state;
    struct cx *cx = erasing_house_new();
    int64_t id = erasing_closed_case(cx, "anna"), fair = rand_id(), late = rand_id(), other = rand_id();
    struct str no = erasing_no_of(cx, id);
    nothing_goes_round_the_gate(cx, no);
    strike(cx, (struct blow){.fn = blow_mark, .no = no, .id = 42}); /* no such disposal */
    let(cx, (struct blow){.fn = blow_disposal, .id = fair, .us = cx->now_us, .text = S("years:5")});
    strike(cx, (struct blow){.fn = blow_mark, .no = no, .id = fair});      /* not due */
    strike(cx, (struct blow){.fn = blow_due, .no = no, .us = cx->now_us}); /* nor made so */
    strike(cx, (struct blow){.fn = blow_rule, .no = no, .text = S("years:1")});
    erasing_years_later(cx, 5, 3);
    let(cx, (struct blow){.fn = blow_disposal, .id = other, .us = cx->now_us, .text = S("years:1")});
    strike(cx, (struct blow){.fn = blow_mark, .no = no, .id = other}); /* by another rule than its own */
    house_employee(cx, "ulla");
    assert_ok(cx, retention_hold(cx, no, S("en sag for domstolen")));
    let(cx, (struct blow){.fn = blow_disposal, .id = late, .us = cx->now_us, .text = S("years:5")});
    strike(cx, (struct blow){.fn = blow_mark, .no = no, .id = late}); /* held back */
    strike(cx, (struct blow){.fn = blow_hold, .no = no});
    nothing_goes_round_the_gate(cx, no);
    struct retention_helds held;
    assert_ok(cx, retention_held(cx, &held));
    assert_ok(cx, retention_release(cx, held.rows.p[0].id));
    assert_ok(cx, erasing_night(cx));
    struct record_disposals done;
    assert_ok(cx, record_disposals(cx, 10, &done));
    int64_t disposal = done.rows.p[0].id;
    strike(cx, (struct blow){.fn = blow_untell, .id = disposal});
    strike(cx, (struct blow){.fn = blow_retell, .id = disposal});
    strike(cx, (struct blow){.fn = blow_return, .id = disposal});
    strike(cx, (struct blow){.fn = blow_reopen, .id = disposal});
    strike(cx, (struct blow){.fn = blow_rewrite, .id = disposal});
    erasing_house_free(cx);
}

/* Erased in the store, and of its case file something is still there: as an erasure is between its steps. */
static void what_is_marked_cannot_be_held_back(void **state)
{
    (void)state;
    struct cx *cx = erasing_house_new();
    struct str no = erasing_no_of(cx, erasing_closed_case(cx, "anna"));
    erasing_years_later(cx, 5, 3);
    let(cx, (struct blow){.fn = blow_disposal, .id = 70, .us = cx->now_us, .text = S("years:5")});
    let(cx, (struct blow){.fn = blow_mark, .no = no, .id = 70});
    house_employee(cx, "ulla");
    assert_err(cx, retention_hold(cx, no, S("en klage hos Ankestyrelsen")), ERR_INVALID);
    assert_str(cx->fail.detail, "this case file has been erased");
    assert_int_equal(erasing_rows_with(cx, S("record_hold"), "Ankestyrelsen"), 0);
    erasing_house_free(cx);
}

/* An open case, and one that is kept, have no way at all. */
static void what_is_kept_cannot_be_erased(void **state)
{
    (void)state;
    struct cx *cx = erasing_house_new();
    int64_t kept = house_taken(cx, "anna", "stok", NULL), open = house_apply(cx, "dagny", "stok", NULL),
            fair = rand_id();
    struct str no = erasing_no_of(cx, kept), open_no = erasing_no_of(cx, open);
    let(cx, (struct blow){.fn = blow_rule, .no = no, .text = S("keep")});
    strike(cx, (struct blow){.fn = blow_rule, .no = no, .text = S("years:1")});
    house_party(cx, "anna");
    assert_ok(cx, casefile_withdraw(cx, kept, S("Jeg har fundet en.")));
    house_employee(cx, "bo");
    assert_ok(cx, casefile_close(cx, kept, house_version(cx, kept)));
    struct q_retention_see_rule rule;
    assert_ok(cx, q_retention_see_rule(cx, no, &rule));
    assert_str(rule.retention, "keep");
    assert_false(rule.dispose_us.set);
    erasing_years_later(cx, 200 / 2, 0);
    strike(cx, (struct blow){.fn = blow_due, .no = no, .us = cx->now_us});
    let(cx, (struct blow){.fn = blow_disposal, .id = fair, .us = cx->now_us, .text = S("keep")});
    strike(cx, (struct blow){.fn = blow_mark, .no = no, .id = fair});
    strike(cx, (struct blow){.fn = blow_mark, .no = open_no, .id = fair});
    assert_ok(cx, erasing_night(cx));
    assert_str(erasing_no_of(cx, kept), "2026-000001");
    assert_str(erasing_no_of(cx, open), "2026-000002");
    strike(cx, (struct blow){.fn = blow_casefile, .no = no});
    strike(cx, (struct blow){.fn = blow_object, .no = open_no});
    erasing_house_free(cx);
}

/* ---- two people ---- */

/* Whoever it is, as an administrator. */
static void as_admin(struct cx *cx, const char *key)
{
    struct who *w = arena_new_of(cx->arena, struct who);
    house_employee(cx, key);
    *w = *cx->who;
    w->roles |= ROLE_ADMIN;
    cx->who = w;
}

/* Where the municipality asks for two people the night erases nothing by itself, one alone cannot, and both are told
 * of. */
static void two_people_are_asked_for(void **state)
{
    (void)state;
    struct cx *cx = erasing_house_new();
    struct municipality two = *cx->muni;
    struct retention_list list;
    struct retention_lists lists;
    two.archive_two_people = true;
    cx->muni = &two;
    int64_t id = erasing_closed_case(cx, "anna");
    struct casefile_view v;
    erasing_years_later(cx, 6, 0);
    assert_ok(cx, erasing_night(cx));
    house_system(cx);
    assert_ok(cx, casefile_open_as_system(cx, id, &v)); /* still there */
    as_admin(cx, "ulla");
    assert_ok(cx, retention_start(cx, 1));
    assert_ok(cx, retention_list_waiting(cx, &list));
    assert_true(list.id && list.mine && list.casefiles == 1);
    assert_err(cx, retention_approve(cx, list.id), ERR_LAW);
    erasing_run_jobs(cx);
    assert_ok(cx, erasing_night(cx));
    house_system(cx);
    assert_ok(cx, casefile_open_as_system(cx, id, &v));
    house_employee(cx, "bo");
    assert_err(cx, retention_approve(cx, list.id), ERR_FORBIDDEN);
    as_admin(cx, "carl");
    assert_ok(cx, retention_list_waiting(cx, &list));
    assert_false(list.mine);
    house_later(cx, DAY_US);
    assert_ok(cx, retention_approve(cx, list.id));
    assert_err(cx, retention_approve(cx, list.id), ERR_CONFLICT);
    erasing_run_jobs(cx);
    house_system(cx);
    assert_err(cx, casefile_open_as_system(cx, id, &v), ERR_NOT_FOUND);
    as_admin(cx, "ulla");
    assert_ok(cx, retention_lists(cx, 10, &lists));
    assert_int_equal(lists.rows.n, 1);
    assert_str(lists.rows.p[0].approved_by, "Carl Friis");
    strike(cx, (struct blow){.fn = blow_list, .id = list.id});
    strike(cx, (struct blow){.fn = blow_unlist, .id = list.id});
    erasing_house_free(cx);
}

/* Below every page and job: what is on no approved list cannot be erased, and that two were asked for stays told. */
static void the_store_knows_the_list(void **state)
{
    (void)state;
    struct cx *cx = erasing_house_new();
    struct municipality two = *cx->muni;
    struct retention_list list;
    struct retention_helds helds;
    struct casefile_view v;
    two.archive_two_people = true;
    cx->muni = &two;
    int64_t listed = erasing_closed_case(cx, "anna"), held = erasing_closed_case(cx, "anna"), later;
    struct str no = erasing_no_of(cx, held);
    as_admin(cx, "ulla");
    assert_ok(cx, retention_hold(cx, no, S("Ankestyrelsen ser på den")));
    erasing_years_later(cx, 2, 0);
    later = erasing_closed_case(cx, "anna");
    erasing_years_later(cx, 4, 0);
    assert_ok(cx, erasing_night(cx));
    strike(cx, (struct blow){.fn = blow_alone, .id = 1});
    strike(cx, (struct blow){.fn = blow_forget_people, .id = 1});
    strike(cx, (struct blow){.fn = blow_before_people, .id = 0});
    as_admin(cx, "ulla");
    assert_ok(cx, retention_start(cx, 1));
    assert_ok(cx, retention_start(cx, 1)); /* pressed twice: one list */
    assert_ok(cx, retention_list_waiting(cx, &list));
    as_admin(cx, "carl");
    assert_ok(cx, retention_approve(cx, list.id));
    assert_ok(cx, retention_list_waiting(cx, &list));
    assert_int_equal(list.id, 0);
    assert_ok(cx, retention_held(cx, &helds));
    assert_ok(cx, retention_release(cx, helds.rows.p[0].id)); /* let go after the list was made */
    erasing_years_later(cx, 2, 0);
    assert_ok(cx, erasing_night(cx)); /* the worker of these tests has the folder as it was */
    house_system(cx);
    assert_err(cx, casefile_open_as_system(cx, listed, &v), ERR_NOT_FOUND);
    int64_t unlisted[] = {held, later};
    for (int i = 0; i < 2; i++) {
        no = erasing_no_of(cx, unlisted[i]);
        struct blow disposal = {.fn = blow_disposal, .id = 70 + i, .us = cx->now_us, .text = S("years:5")};
        let(cx, disposal);
        strike(cx, (struct blow){.fn = blow_mark, .no = no, .id = disposal.id});
    }
    two.archive_two_people = false; /* the municipality turns it off */
    assert_ok(cx, erasing_night(cx));
    house_system(cx);
    for (int i = 0; i < 2; i++)
        assert_err(cx, casefile_open_as_system(cx, unlisted[i], &v), ERR_NOT_FOUND);
    erasing_house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_held_back_stays),
        cmocka_unit_test(the_gate_is_the_only_way),
        cmocka_unit_test(what_is_marked_cannot_be_held_back),
        cmocka_unit_test(what_is_kept_cannot_be_erased),
        cmocka_unit_test(two_people_are_asked_for),
        cmocka_unit_test(the_store_knows_the_list),
    };
    return test_each_engine("retention_gate", tests);
}
