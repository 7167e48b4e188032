/* Law 10: what the rule says is erased is erased everywhere, and what it keeps cannot be. */
#include "erasing.h"

#include "access/access.h"
#include "letter/letter.h"
#include "retention_attack_store.h"
#include "retention_store.h"
#include "takeout/takeout.h"

/* ---- where something stands ---- */

/* In how many tables; names them when `expect_none`. What the service folders say of an Anna is theirs. */
static int tables_with(struct cx *cx, const char *needle, bool expect_none)
{
    struct q_retention_see_tables *tables;
    size_t n;
    int found = 0;
    assert_ok(cx, q_retention_see_tables(cx, &tables, &n));
    assert_true(n > 30);
    for (size_t i = 0; i < n; i++) {
        if (str_eq_z(tables[i].name, "service_file") || !erasing_rows_with(cx, tables[i].name, needle))
            continue;
        found++;
        if (expect_none)
            print_error("\"%s\" stands in %.*s\n", needle, STR_ARG(tables[i].name));
    }
    return found;
}

static enum err withhold(struct cx *cx, void *ctx)
{
    int64_t id;
    return access_withhold(cx,
                           &(struct access_withholding){.subject_party_id = *(int64_t *)ctx,
                                                        .legal_basis = S("fordi " ERASING_WORDS),
                                                        .until_us = cx->now_us + DAY_US},
                           &id);
}

/* A form that waits for her, which the hourly sweep for some reason left. */
static enum err keep(struct cx *cx, void *ctx)
{
    return q_retention_attack_kept(cx, 1, *(int64_t *)ctx, S(ERASING_WORDS), cx->now_us + 99 * INT64_C(366) * DAY_US);
}

static void what_is_erased_is_erased_everywhere(void **state)
{
    (void)state;
    static const char *const needles[] = {"Anna Holm",  "Holm, Anna",  "holm",     ERASING_WORDS,
                                          "6403574218", "640357-4218", "Lærkevej", "anna.holm@post.example"};
    struct cx *cx = erasing_house_new();
    int64_t party = house_party(cx, "anna");
    int64_t id = erasing_closed_case(cx, "anna");
    struct q_retention_see_files *files;
    struct q_retention_see_record left;
    struct record_disposals done;
    struct files_swept swept;
    size_t n_files;
    int64_t drafts;
    struct str bytes;
    house_employee(cx, "inge");
    assert_ok(cx, db_write_log(cx, withhold, &party));
    house_system(cx);
    assert_ok(cx, access_seal(cx));
    assert_ok(cx, db_write(cx, keep, &party));
    assert_true(tables_with(cx, "Anna Holm", false) >= 2);
    assert_true(tables_with(cx, ERASING_WORDS, false) >= 4);
    assert_true(erasing_rows_with(cx, S("search_term"), ERASING_WORDS) > 0);
    assert_true(tables_with(cx, "holm", false) >= 1);
    assert_ok(cx, q_retention_see_files(cx, id, &files, &n_files));
    assert_true(n_files > 6);
    erasing_years_later(cx, 5, 3);
    assert_ok(cx, form_drafts_expire(cx, &drafts));
    assert_ok(cx, erasing_night(cx));
    assert_ok(cx, files_sweep(cx, -DAY_US, &swept)); /* later, as after a day */
    assert_ok(cx, files_sweep(cx, -DAY_US, &swept));
    int found = 0;
    for (size_t i = 0; i < sizeof needles / sizeof *needles; i++)
        found += tables_with(cx, needles[i], true);
    assert_int_equal(found, 0);
    for (size_t i = 0; i < n_files; i++)
        assert_err(cx, files_get(cx, files[i].hash, &bytes), ERR_NOT_FOUND);
    struct party p;
    assert_err(cx, party_get(cx, party, &p), ERR_NOT_FOUND);
    /* what stays: the number, and that it was erased */
    assert_ok(cx, record_disposals(cx, 10, &done));
    assert_int_equal(done.rows.n, 1);
    assert_int_equal(done.rows.p[0].casefiles, 1);
    assert_int_equal(done.rows.p[0].parties, 1);
    assert_true(done.rows.p[0].documents >= 6);
    assert_str(done.rows.p[0].service_key, "lette-hjaelpemidler");
    assert_ok(cx, q_retention_see_record(cx, done.rows.p[0].id, &left));
    assert_int_equal(left.seq, 1);
    assert_int_equal(left.rows, left.registrations);
    erasing_verify(cx);
    /* and numbers go on */
    int64_t next = house_apply(cx, "anna", "stok", NULL);
    assert_str(str_slice(erasing_no_of(cx, next), 5, 11), "000001"); /* of another year by now */
    erasing_verify(cx);
    erasing_house_free(cx);
}

/* One who was asked to sign and never answered has written nothing in it: he goes with it all the same, and not before.
 */
static void who_was_only_asked_to_sign_goes_too(void **state)
{
    (void)state;
    struct cx *cx = erasing_house_new();
    int64_t oskar = house_party(cx, "oskar"), id = house_school(cx);
    struct party p;
    house_party(cx, "maja");
    assert_ok(cx, casefile_withdraw(cx, id, S("Vi flytter alligevel ikke.")));
    house_employee(cx, "mette");
    assert_ok(cx, casefile_take(cx, id, house_version(cx, id)));
    assert_ok(cx, casefile_close(cx, id, house_version(cx, id)));
    erasing_years_later(cx, 4, 0);
    assert_ok(cx, erasing_night(cx));
    assert_ok(cx, party_get(cx, oskar, &p));
    erasing_years_later(cx, 1, 3);
    assert_ok(cx, erasing_night(cx));
    assert_err(cx, party_get(cx, oskar, &p), ERR_NOT_FOUND);
    erasing_verify(cx);
    erasing_house_free(cx);
}

/* ---- who has another matter stays ---- */

static void a_person_with_another_matter_stays(void **state)
{
    (void)state;
    struct cx *cx = erasing_house_new();
    int64_t party = house_party(cx, "anna");
    erasing_closed_case(cx, "anna");
    erasing_years_later(cx, 5, 3);
    int64_t open = house_apply(cx, "anna", "stok", NULL);
    house_employee(cx, "bo");
    house_view(cx, open);
    assert_ok(cx, access_commit(cx));
    assert_ok(cx, erasing_night(cx));
    assert_true(tables_with(cx, ERASING_WORDS, false) <= 1); /* the files wait for their sweep */
    struct party p;
    struct record_disposals done;
    house_system(cx);
    assert_ok(cx, party_get(cx, party, &p));
    assert_str(p.name, "Anna Holm");
    assert_ok(cx, record_disposals(cx, 10, &done));
    assert_int_equal(done.rows.p[0].parties, 0);
    /* what was seen in the open case is still told; of the other nothing */
    struct access_report r = {0};
    assert_ok(cx, access_seal(cx));
    assert_ok(cx, access_verify(cx, &r));
    assert_true(r.erased > 0);
    assert_int_equal(erasing_rows_with(cx, S("access_view"), "2026-000001"), 0);
    assert_true(erasing_rows_with(cx, S("access_view"), str_z(cx->arena, erasing_no_of(cx, open))) > 0);
    assert_int_equal(erasing_left_over(cx), 0); /* the open case will name her itself */
    erasing_verify(cx);
    erasing_house_free(cx);
}

/* ---- who is only bound for now is forgotten later ---- */

static bool refers;

static enum err erase_unless_referred(struct cx *cx, int64_t party_id)
{
    return refers ? fail(cx, ERR_CONFLICT, "a room refers to %lld", (long long)party_id)
                  : form_erase_party(cx, party_id);
}

/* This night does not forget her, and the next will look again. */
static void night_that_waits(struct cx *cx, int64_t party)
{
    struct party p;
    assert_ok(cx, erasing_night(cx));
    house_system(cx);
    assert_ok(cx, party_get(cx, party, &p));
    assert_int_equal(erasing_left_over(cx), 1);
    assert_int_equal(erasing_rows_with(cx, S("access_view"), "2026-000001"), 0);
}

/* Her last case is gone; then she is logged in, begins a draft, has given a mandate, and something refers to her. */
static void who_is_bound_for_now_is_forgotten_later(void **state)
{
    (void)state;
    static const struct retention_part more[] = {
        {.name = "takeout", .erase_casefile = takeout_erase_casefile, .erase_party = takeout_erase_party},
        {.name = "letter", .erase_casefile = letter_erase},
        {.name = "decision", .erase_casefile = decision_erase},
        {.name = "casefile", .erase_casefile = casefile_erase},
        {.name = "form", .erase_party = erase_unless_referred},
    };
    struct cx *cx = erasing_house_new();
    int64_t party = house_party(cx, "anna"), holder = house_party(cx, "dagny"), id;
    struct record_disposals gone;
    struct party p;
    retention_register(more, sizeof more / sizeof *more);
    erasing_closed_case(cx, "anna");
    erasing_years_later(cx, 5, 3);
    assert_ok(cx, auth_login_party(cx, party, S("Anna Holm"), ASSURANCE_HIGH));
    night_that_waits(cx, party);
    erasing_years_later(cx, 0, 2);
    house_party(cx, "anna");
    assert_ok(cx, form_draft_start(cx, S("lette-hjaelpemidler"), &id));
    night_that_waits(cx, party);
    erasing_years_later(cx, 1, 0);
    assert_ok(cx, form_drafts_expire(cx, &id));
    house_party(cx, "anna");
    struct party_mandate_new mandate = {.holder_id = holder, .scope = S(""), .from_us = cx->now_us};
    mandate.until_us = (struct opt_int){true, cx->now_us + DAY_US};
    assert_ok(cx, party_mandate_give(cx, &mandate, &id));
    night_that_waits(cx, party);
    erasing_years_later(cx, 0, 2);
    refers = true;
    night_that_waits(cx, party);
    refers = false;
    assert_ok(cx, erasing_night(cx));
    assert_err(cx, party_get(cx, party, &p), ERR_NOT_FOUND);
    assert_int_equal(erasing_left_over(cx), 0);
    assert_ok(cx, record_disposals(cx, 10, &gone));
    assert_int_equal(gone.rows.p[0].parties, 1);
    erasing_verify(cx);
    erasing_house_free(cx);
}

/* ---- the program ends in the middle ---- */

/* The last room of an erasure: then comes the signal. */
static enum err stop_the_program(struct cx *cx, int64_t casefile_id)
{
    (void)cx, (void)casefile_id;
    jobs_stop_soon(erasing_jobs());
    return ERR_OK;
}

static void a_night_that_is_cut_off_goes_on(void **state)
{
    (void)state;
    static const struct retention_part stopping = {.name = "stop", .erase_casefile = stop_the_program};
    struct cx *cx = erasing_house_new();
    int64_t runs,
        ids[] = {erasing_closed_case(cx, "anna"), erasing_closed_case(cx, "anna"), erasing_closed_case(cx, "maja")};
    struct record_disposals done;
    struct job_row row;
    struct party p;
    int64_t party = house_party(cx, "anna");
    erasing_years_later(cx, 5, 3);
    house_employee(cx, "ulla");
    assert_ok(cx, retention_start(cx, 3));
    struct str key = str_fmt(cx->arena, "asked-%lld", (long long)cx->now_us);
    house_system(cx);
    for (int64_t erased = 1; erased <= 3; erased++) {
        erasing_with(&stopping);
        assert_ok(cx, jobs_run_due(erasing_jobs(), cx->now_us, &runs));
        assert_ok(cx, job_find(cx, S(RETENTION_JOB), key, &row));
        assert_int_equal(row.state, JOB_WAITING);
        assert_int_equal(row.attempts, 0);
        assert_ok(cx, record_disposals(cx, 10, &done));
        int64_t n = 0;
        for (size_t i = 0; i < done.rows.n; i++)
            n += done.rows.p[i].casefiles;
        assert_int_equal(n, erased); /* what was done stays done, and no more */
        assert_ok(cx, party_get(cx, party, &p));
    }
    erasing_with(NULL);
    assert_ok(cx, jobs_run_due(erasing_jobs(), cx->now_us, &runs));
    assert_ok(cx, job_find(cx, S(RETENTION_JOB), key, &row));
    assert_int_equal(row.state, JOB_DONE);
    assert_int_equal(row.attempts, 1);
    struct casefile_view v;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        assert_err(cx, casefile_open_as_system(cx, ids[i], &v), ERR_NOT_FOUND);
    assert_err(cx, party_get(cx, party, &p), ERR_NOT_FOUND);
    erasing_verify(cx);
    erasing_house_free(cx);
}

/* ---- much at once ---- */

enum { LEFT = 250, HUNGRY_BYTES = 32 << 10, RUN_BYTES = 2 << 20 };

/* A room that needs much memory for every person, and cannot erase those of odd numbers. */
static enum err erase_hungrily(struct cx *cx, int64_t party_id)
{
    arena_alloc(cx->arena, HUNGRY_BYTES);
    return party_id % 2 ? fail(cx, ERR_DB, "the room could not erase %lld", (long long)party_id) : ERR_OK;
}

static enum err leave_many(struct cx *cx, void *ctx)
{
    enum err e = ERR_OK;
    for (int64_t i = 1; !e && i <= LEFT; i++)
        e = q_retention_left_add(cx, i, i, 1, S(""));
    (void)ctx;
    return e;
}

/* What one row needed is given back before the next, whether it was done or failed. */
static void a_run_needs_no_more_for_many(void **state)
{
    (void)state;
    static const struct retention_part hungry = {.name = "hungry", .erase_party = erase_hungrily};
    struct cx *cx = erasing_house_new();
    struct arena *whole = cx->arena, *small = arena_new(RUN_BYTES);
    retention_register(&hungry, 1);
    assert_ok(cx, db_write(cx, leave_many, NULL));
    cx->arena = small;
    assert_err(cx, erasing_night(cx), ERR_DB);
    assert_str(cx->fail.detail, "125 could not be erased: the room could not erase 1");
    cx->arena = whole;
    cx->fail = (struct fail){0};
    house_system(cx);
    arena_free(small);
    assert_int_equal(erasing_left_over(cx), LEFT / 2);
    erasing_house_free(cx);
}

/* ---- when ---- */

static void no_sooner_than_the_rule_says(void **state)
{
    (void)state;
    struct cx *cx = erasing_house_new();
    struct retention_plan plan;
    struct q_retention_see_rule rule;
    int64_t id = erasing_closed_case(cx, "anna"), closed_us = cx->now_us;
    struct str no = erasing_no_of(cx, id);
    assert_ok(cx, q_retention_see_rule(cx, no, &rule));
    assert_str(rule.retention, "years:5");
    assert_int_equal(rule.dispose_us.v, civil_day_start_us(civil_to_day(2031, 1, 16)));
    cx->now_us = rule.dispose_us.v - SECOND_US;
    house_employee(cx, "ulla");
    assert_ok(cx, retention_plan(cx, 0, cx->now_us, &plan));
    assert_int_equal(plan.n, 0);
    assert_ok(cx, retention_plan(cx, cx->now_us, cx->now_us + 90 * DAY_US, &plan));
    assert_int_equal(plan.n, 1);
    assert_int_equal(plan.rows.p[0].closed_before, civil_day_of_us(closed_us) + 1);
    assert_str(plan.rows.p[0].title, "Lette hjælpemidler");
    assert_ok(cx, erasing_night(cx));
    assert_str(erasing_no_of(cx, id), "2026-000001");
    house_employee(cx, "ulla");
    assert_err(cx, retention_start(cx, 1), ERR_CONFLICT); /* none is due: the page showed another number */
    house_employee(cx, "bo");
    assert_err(cx, retention_plan(cx, 0, cx->now_us, &plan), ERR_FORBIDDEN);
    assert_err(cx, retention_start(cx, 0), ERR_FORBIDDEN);
    assert_err(cx, retention_hold(cx, no, S("en klage hos Ankestyrelsen")), ERR_FORBIDDEN);
    cx->now_us = rule.dispose_us.v;
    house_employee(cx, "ulla");
    assert_ok(cx, retention_start(cx, 1));
    erasing_run_jobs(cx);
    struct record_disposals done;
    assert_ok(cx, record_disposals(cx, 10, &done));
    assert_int_equal(done.rows.n, 1);
    assert_str(done.rows.p[0].by, "Ulla Thorsen");
    erasing_house_free(cx);
}

static void a_reopened_case_is_counted_anew(void **state)
{
    (void)state;
    struct cx *cx = erasing_house_new();
    struct q_retention_see_rule rule;
    int64_t id = erasing_closed_case(cx, "anna");
    struct str no = erasing_no_of(cx, id);
    house_employee(cx, "bo");
    assert_ok(cx, casefile_receive_appeal(cx, id, S("Jeg er uenig.")));
    assert_ok(cx, q_retention_see_rule(cx, no, &rule));
    assert_false(rule.dispose_us.set);
    erasing_years_later(cx, 5, 3);
    assert_ok(cx, erasing_night(cx));
    assert_str(erasing_no_of(cx, id), "2026-000001");
    erasing_house_free(cx);
}

/* 29 February, and the change to summer time. */
static void the_day_is_a_civil_day(void **state)
{
    (void)state;
    int64_t leap = civil_day_start_us(civil_to_day(2028, 2, 29)) + HOUR_US;
    assert_int_equal(record_dispose_after(leap, 5), civil_day_start_us(civil_to_day(2033, 3, 1)));
    assert_int_equal(record_dispose_after(leap, 4), civil_day_start_us(civil_to_day(2032, 3, 1)));
    int64_t summer = civil_day_start_us(civil_to_day(2026, 7, 1)) + HOUR_US;
    assert_int_equal(record_dispose_after(summer, 2), civil_day_start_us(civil_to_day(2028, 7, 2)));
    assert_int_equal(record_retention_years(S("years:12")), 12);
    assert_int_equal(record_retention_years(S("keep")), 0);
}

/* ---- how it ended ---- */

static void the_ending_has_its_own_rule(void **state)
{
    (void)state;
    struct cx *cx = erasing_house_new();
    struct service_version v = {.retention_years = 5,
                                .retention_ending = {[ENDING_WITHDRAWN] = 1, [ENDING_REFUSED] = -1}};
    assert_str(service_retention(cx, &v, ENDING_COUNT), "years:5");
    assert_str(service_retention(cx, &v, ENDING_GRANTED), "years:5");
    assert_str(service_retention(cx, &v, ENDING_WITHDRAWN), "years:1");
    assert_str(service_retention(cx, &v, ENDING_REFUSED), "keep");
    /* in the house, lette-hjaelpemidler keeps withdrawn cases for a year */
    int64_t id = house_taken(cx, "anna", "stok", NULL);
    struct str no = erasing_no_of(cx, id);
    struct q_retention_see_rule rule;
    house_party(cx, "anna");
    assert_ok(cx, casefile_withdraw(cx, id, S("Jeg har fundet en.")));
    house_employee(cx, "bo");
    assert_ok(cx, casefile_close(cx, id, house_version(cx, id)));
    assert_ok(cx, q_retention_see_rule(cx, no, &rule));
    assert_str(rule.retention, "years:1");
    erasing_years_later(cx, 1, 2);
    assert_ok(cx, erasing_night(cx));
    struct record_disposals done;
    assert_ok(cx, record_disposals(cx, 10, &done));
    assert_str(done.rows.p[0].retention, "years:1");
    erasing_house_free(cx);
}

/* ---- every table that refers to a case or a person is thought of ---- */

static void every_table_is_thought_of(void **state)
{
    (void)state;
    /* Add a table here when some room's erase_casefile or erase_party (app/modules.c) deletes its rows. */
    static const char *const erased[] = {
        "casefile",           "casefile_contact",    "casefile_event",  "casefile_hold",   "casefile_line",
        "casefile_look",      "casefile_question",   "casefile_reach",  "casefile_reply",  "casefile_reuse",
        "casefile_signature", "casefile_signer",     "casefile_task",   "decision",        "decision_fact",
        "decision_line",      "decision_ruling",     "form_draft",      "journal_entry",   "letter",
        "letter_attachment",  "letter_batch_item",   "mandate",         "mandate_message", "mandate_offer",
        "noark_item",         "party_fact",          "record_document", "record_hold",     "record_object",
        "record_party",       "record_registration", "takeout"};
    struct cx *cx = erasing_house_new();
    struct q_retention_see_references *rows;
    size_t n;
    int forgotten = 0;
    assert_ok(cx, q_retention_see_references(cx, &rows, &n));
    assert_true(n >= 15);
    for (size_t i = 0; i < n; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof erased / sizeof *erased; k++)
            known |= str_eq_z(rows[i].name, erased[k]);
        if (!known && ++forgotten)
            print_error("nobody erases %.*s: docs/adding.md, \"What retention erases\"\n", STR_ARG(rows[i].name));
    }
    assert_int_equal(forgotten, 0);
    erasing_house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_erased_is_erased_everywhere),
        cmocka_unit_test(who_was_only_asked_to_sign_goes_too),
        cmocka_unit_test(a_person_with_another_matter_stays),
        cmocka_unit_test(who_is_bound_for_now_is_forgotten_later),
        cmocka_unit_test(a_night_that_is_cut_off_goes_on),
        cmocka_unit_test(a_run_needs_no_more_for_many),
        cmocka_unit_test(no_sooner_than_the_rule_says),
        cmocka_unit_test(a_reopened_case_is_counted_anew),
        cmocka_unit_test(the_day_is_a_civil_day),
        cmocka_unit_test(the_ending_has_its_own_rule),
        cmocka_unit_test(every_table_is_thought_of),
    };
    return test_each_engine("retention", tests);
}
