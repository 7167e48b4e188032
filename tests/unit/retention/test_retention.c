/* Law 10: what the rule says is erased is erased everywhere, and what it keeps cannot be. */
#include "../casefile/house.h"

#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include "access/access.h"
#include "fulltext/fulltext.h"
#include "journal/journal.h"
#include "letter/letter.h"
#include "mail/mail.h"
#include "page/page.h"
#include "retention/retention.h"
#include "retention_attack_store.h"
#include "retention_store.h"
#include "takeout/takeout.h"

static const struct job_kind kinds[] = {MAIL_JOB_KIND, LETTER_JOB_KINDS, RETENTION_JOB_KIND};
static const struct retention_part parts[] = {
    {.name = "takeout", .erase_casefile = takeout_erase_casefile, .erase_party = takeout_erase_party},
    {.name = "letter", .erase_casefile = letter_erase},
    {.name = "decision", .erase_casefile = decision_erase},
    {.name = "journal", .erase_casefile = journal_erase},
    {.name = "casefile", .erase_casefile = casefile_erase},
    {.name = "form", .erase_party = form_erase_party},
    {.name = "page", .erase_party = page_erase_party},
};

static struct jobs *jobs;

static struct cx *house(void)
{
    struct cx *cx = house_new();
    struct mail_config config = {.from = S("ingen-svar@fjordby.example"),
                                 .url = str_fmt(cx->arena, "dir:%s/mail", test_folder(cx))};
    record_register_guard(casefile_guard);
    record_register_guard(retention_guard);
    retention_register(parts, sizeof parts / sizeof *parts);
    assert_ok(cx, mail_open(cx, &config, &cx->mail));
    assert_ok(cx, jobs_new(cx, &(struct jobs_config){.kinds = kinds, .n_kinds = sizeof kinds / sizeof *kinds}, &jobs));
    return cx;
}

static void end(struct cx *cx)
{
    jobs_free(jobs);
    house_free(cx);
}

static void run_jobs(struct cx *cx)
{
    int64_t runs;
    assert_ok(cx, jobs_run_due(jobs, cx->now_us, &runs));
}

static void years_later(struct cx *cx, int years, int days)
{
    house_later(cx, (years * INT64_C(366) + days) * DAY_US);
}

/* The nightly job. */
static enum err night(struct cx *cx)
{
    struct job job = {.kind = S(RETENTION_JOB), .key = S("night"), .payload = S("")};
    house_system(cx);
    return retention_job(cx, &job);
}

static struct str no_of(struct cx *cx, int64_t id)
{
    struct casefile_view v;
    house_system(cx);
    assert_ok(cx, casefile_open_as_system(cx, id, &v));
    return v.file.no;
}

/* ---- a whole life of a case, that leaves traces wherever there is room for one ---- */

#define WORDS "zebrastribet"

static int64_t closed_case(struct cx *cx, const char *person)
{
    int64_t id = house_taken(cx, person, "stok", "badebaenk");
    struct casefile_questions questions;
    struct letter l = {0};
    int64_t letter;
    assert_ok(cx, casefile_note(cx, id, S("Notat om en " WORDS " slåbrok")));
    assert_ok(cx, casefile_ask(cx, id, S("Har du en " WORDS " slåbrok?"), 5));
    struct casefile_view v = house_view(cx, id);
    assert_ok(cx, casefile_questions(cx, &v, &questions));
    house_party(cx, person);
    struct casefile_message answer = {.text = S("Ja, den er " WORDS)};
    assert_ok(cx, casefile_answer(cx, id, questions.rows.p[0].id, &answer));
    house_employee(cx, "bo");
    assert_ok(cx, casefile_call(cx, id, S("Vi talte om det " WORDS "."), true));
    struct decision d = house_decide(cx, id, DECISION_GRANTED, DECISION_REFUSED);
    assert_ok(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)));
    assert_ok(cx, letter_draft_new(cx, &(struct letter_draft){id, d.id, S("partly"), LANG_DA}, &letter));
    assert_ok(cx, letter_get(cx, letter, &l));
    struct letter_attachment a = {.name = S(WORDS ".txt"), .mime = S("text/plain")};
    assert_ok(cx, files_put(cx, S("bilag: " WORDS), &a.file));
    assert_ok(cx, letter_attach(cx, letter, l.version, &a));
    assert_ok(cx, letter_get(cx, letter, &l));
    assert_ok(cx, letter_send(cx, letter, l.version));
    house_later(cx, cx->muni->recall_seconds * SECOND_US + SECOND_US);
    run_jobs(cx);
    house_system(cx);
    struct job words = {0};
    assert_ok(cx, fulltext_job(cx, &words)); /* the words of its documents, the enclosure's too */
    house_employee(cx, "bo");
    assert_ok(cx, casefile_close(cx, id, house_version(cx, id)));
    assert_ok(cx, access_commit(cx)); /* Bo's views */
    struct casefile_rows rows;
    assert_ok(cx, casefile_search(cx, S("holm"), &rows));
    assert_ok(cx, access_commit(cx));
    house_employee(cx, "mette");
    struct casefile_view refused;
    assert_err(cx, casefile_open_as_employee(cx, no_of(cx, id), S("x"), &refused), ERR_FORBIDDEN);
    house_employee(cx, "mette");
    assert_err(cx, casefile_open_as_employee(cx, str_fmt(cx->arena, "%lld", (long long)id), S(WORDS), &refused),
               ERR_FORBIDDEN);
    assert_ok(cx, access_commit(cx));
    return id;
}

/* ---- where something stands ---- */

struct count {
    int64_t n;
};
static const struct db_col count_out[] = {{"n", DB_INT, false, offsetof(struct count, n)}};
static const struct db_col needle_in[] = {{"needle", DB_TEXT, false, 0}};

static int64_t rows_with(struct cx *cx, struct str table, const char *needle)
{
    struct buf lite = buf_make(cx->arena);
    struct q_retention_see_columns *columns;
    struct count row;
    size_t n;
    assert_ok(cx, q_retention_see_columns(cx, table, &columns, &n));
    buf_fmt(&lite, "SELECT count(*) FROM \"%" PRI_STR "\" WHERE 0", STR_ARG(table));
    for (size_t i = 0; i < n; i++)
        buf_fmt(&lite, " OR instr(CAST(\"%" PRI_STR "\" AS blob), CAST(?1 AS blob)) > 0", STR_ARG(columns[i].name));
    struct str pg = str_fmt(cx->arena,
                            "SELECT count(*) FROM \"%" PRI_STR "\" t WHERE position($1 IN t::text) > 0 OR "
                            "position(encode(convert_to($1, 'UTF8'), 'hex') IN t::text) > 0",
                            STR_ARG(table));
    struct db_stmt stmt = {.name = "scan",
                           .file = __FILE__,
                           .sql = {str_z(cx->arena, buf_str(&lite)), str_z(cx->arena, pg)},
                           .in = needle_in,
                           .n_in = 1,
                           .out = count_out,
                           .n_out = 1,
                           .row_size = sizeof row,
                           .once = true};
    struct db_value value = {.s = str_of(needle)};
    assert_ok(cx, db_one(cx, &stmt, &value, &row));
    return row.n;
}

/* In how many tables; names them when `expect_none`. What the service folders say of an Anna is theirs. */
static int tables_with(struct cx *cx, const char *needle, bool expect_none)
{
    struct q_retention_see_tables *tables;
    size_t n;
    int found = 0;
    assert_ok(cx, q_retention_see_tables(cx, &tables, &n));
    assert_true(n > 30);
    for (size_t i = 0; i < n; i++) {
        if (str_eq_z(tables[i].name, "service_file") || !rows_with(cx, tables[i].name, needle))
            continue;
        found++;
        if (expect_none)
            print_error("\"%s\" stands in %.*s\n", needle, STR_ARG(tables[i].name));
    }
    return found;
}

static void verify_all(struct cx *cx)
{
    struct record_faults f;
    struct access_report r = {0};
    enum err (*const all[])(struct cx *, struct record_faults *) = {record_verify, casefile_verify, letter_verify,
                                                                    retention_verify};
    house_system(cx);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        assert_ok(cx, all[i](cx, &f));
        for (size_t k = 0; k < f.rows.n; k++)
            print_error("%.*s\n", STR_ARG(f.rows.p[k]));
        assert_int_equal(f.rows.n, 0);
    }
    assert_ok(cx, access_seal(cx));
    assert_ok(cx, access_verify(cx, &r));
    if (r.faults)
        print_error("%.*s\n", STR_ARG(r.first_fault));
    assert_int_equal(r.faults, 0);
}

static enum err withhold(struct cx *cx, void *ctx)
{
    int64_t id;
    return access_withhold(cx,
                           &(struct access_withholding){.subject_party_id = *(int64_t *)ctx,
                                                        .legal_basis = S("fordi " WORDS),
                                                        .until_us = cx->now_us + DAY_US},
                           &id);
}

/* A form that waits for her, which the hourly sweep for some reason left. */
static enum err keep(struct cx *cx, void *ctx)
{
    return q_retention_attack_kept(cx, 1, *(int64_t *)ctx, S(WORDS), cx->now_us + 99 * INT64_C(366) * DAY_US);
}

static void what_is_erased_is_erased_everywhere(void **state)
{
    (void)state;
    static const char *const needles[] = {"Anna Holm",  "Holm, Anna",  "holm",     WORDS,
                                          "6403574218", "640357-4218", "Lærkevej", "anna.holm@post.example"};
    struct cx *cx = house();
    int64_t party = house_party(cx, "anna");
    int64_t id = closed_case(cx, "anna");
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
    assert_true(tables_with(cx, WORDS, false) >= 4);
    assert_true(rows_with(cx, S("search_term"), WORDS) > 0);
    assert_true(tables_with(cx, "holm", false) >= 1);
    assert_ok(cx, q_retention_see_files(cx, id, &files, &n_files));
    assert_true(n_files > 6);
    years_later(cx, 5, 3);
    assert_ok(cx, form_drafts_expire(cx, &drafts));
    assert_ok(cx, night(cx));
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
    verify_all(cx);
    /* and numbers go on */
    int64_t next = house_apply(cx, "anna", "stok", NULL);
    assert_str(str_slice(no_of(cx, next), 5, 11), "000001"); /* of another year by now */
    verify_all(cx);
    end(cx);
}

/* One who was asked to sign and never answered has written nothing in it: he goes with it all the same, and not before.
 */
static void who_was_only_asked_to_sign_goes_too(void **state)
{
    (void)state;
    struct cx *cx = house();
    int64_t oskar = house_party(cx, "oskar"), id = house_school(cx);
    struct party p;
    house_party(cx, "maja");
    assert_ok(cx, casefile_withdraw(cx, id, S("Vi flytter alligevel ikke.")));
    house_employee(cx, "mette");
    assert_ok(cx, casefile_take(cx, id, house_version(cx, id)));
    assert_ok(cx, casefile_close(cx, id, house_version(cx, id)));
    years_later(cx, 4, 0);
    assert_ok(cx, night(cx));
    assert_ok(cx, party_get(cx, oskar, &p));
    years_later(cx, 1, 3);
    assert_ok(cx, night(cx));
    assert_err(cx, party_get(cx, oskar, &p), ERR_NOT_FOUND);
    verify_all(cx);
    end(cx);
}

/* ---- who has another matter stays ---- */

static int64_t left_over(struct cx *cx)
{
    struct q_retention_left_count left;
    assert_ok(cx, q_retention_left_count(cx, &left));
    return left.n;
}

static void a_person_with_another_matter_stays(void **state)
{
    (void)state;
    struct cx *cx = house();
    int64_t party = house_party(cx, "anna");
    closed_case(cx, "anna");
    years_later(cx, 5, 3);
    int64_t open = house_apply(cx, "anna", "stok", NULL);
    house_employee(cx, "bo");
    house_view(cx, open);
    assert_ok(cx, access_commit(cx));
    assert_ok(cx, night(cx));
    assert_true(tables_with(cx, WORDS, false) <= 1); /* the files wait for their sweep */
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
    assert_int_equal(rows_with(cx, S("access_view"), "2026-000001"), 0);
    assert_true(rows_with(cx, S("access_view"), str_z(cx->arena, no_of(cx, open))) > 0);
    assert_int_equal(left_over(cx), 0); /* the open case will name her itself */
    verify_all(cx);
    end(cx);
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
    assert_ok(cx, night(cx));
    house_system(cx);
    assert_ok(cx, party_get(cx, party, &p));
    assert_int_equal(left_over(cx), 1);
    assert_int_equal(rows_with(cx, S("access_view"), "2026-000001"), 0);
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
    struct cx *cx = house();
    int64_t party = house_party(cx, "anna"), holder = house_party(cx, "dagny"), id;
    struct record_disposals gone;
    struct party p;
    retention_register(more, sizeof more / sizeof *more);
    closed_case(cx, "anna");
    years_later(cx, 5, 3);
    assert_ok(cx, auth_login_party(cx, party, S("Anna Holm"), ASSURANCE_HIGH));
    night_that_waits(cx, party);
    years_later(cx, 0, 2);
    house_party(cx, "anna");
    assert_ok(cx, form_draft_start(cx, S("lette-hjaelpemidler"), &id));
    night_that_waits(cx, party);
    years_later(cx, 1, 0);
    assert_ok(cx, form_drafts_expire(cx, &id));
    house_party(cx, "anna");
    struct party_mandate_new mandate = {.holder_id = holder, .scope = S(""), .from_us = cx->now_us};
    mandate.until_us = (struct opt_int){true, cx->now_us + DAY_US};
    assert_ok(cx, party_mandate_give(cx, &mandate, &id));
    night_that_waits(cx, party);
    years_later(cx, 0, 2);
    refers = true;
    night_that_waits(cx, party);
    refers = false;
    assert_ok(cx, night(cx));
    assert_err(cx, party_get(cx, party, &p), ERR_NOT_FOUND);
    assert_int_equal(left_over(cx), 0);
    assert_ok(cx, record_disposals(cx, 10, &gone));
    assert_int_equal(gone.rows.p[0].parties, 1);
    verify_all(cx);
    end(cx);
}

/* ---- she logs in while she is being forgotten ---- */

static struct {
    struct cx *cx; /* hers, in another thread */
    sem_t begun;
    int64_t party;
    enum err login;
} her;

enum { A_WHILE_US = 100000 };

/* Not committed when the night looks for sessions. */
static enum err log_in_slowly(struct cx *cx, void *ctx)
{
    (void)ctx;
    enum err e = auth_login_party(cx, her.party, S("Anna Holm"), ASSURANCE_HIGH);
    usleep(5 * A_WHILE_US);
    return e;
}

static void *log_in_before(void *p)
{
    (void)p;
    sem_wait(&her.begun);
    her.login = db_write(her.cx, log_in_slowly, NULL);
    return NULL;
}

/* The last room of the erasure of her case: her login comes next. */
static enum err erase_case_slowly(struct cx *cx, int64_t casefile_id)
{
    (void)cx, (void)casefile_id;
    sem_post(&her.begun);
    usleep(A_WHILE_US);
    return ERR_OK;
}

static void *log_in_in_the_middle(void *p)
{
    (void)p;
    sem_wait(&her.begun);
    her.login = auth_login_party(her.cx, her.party, S("Anna Holm"), ASSURANCE_HIGH);
    return NULL;
}

/* A room of her erasure, which is not committed yet. */
static enum err forget_slowly(struct cx *cx, int64_t party_id)
{
    (void)cx, (void)party_id;
    sem_post(&her.begun);
    usleep(A_WHILE_US);
    return ERR_OK;
}

/* A person whose last case is due; `room` is slow. */
static struct cx *last_case(const struct retention_part *room)
{
    static struct retention_part all[sizeof parts / sizeof *parts + 1];
    struct cx *cx = house();
    memcpy(all, parts, sizeof parts);
    all[sizeof parts / sizeof *parts] = *room;
    retention_register(all, sizeof all / sizeof *all);
    her.party = house_party(cx, "anna");
    closed_case(cx, "anna");
    years_later(cx, 5, 3);
    test_cx_once(cx);
    her.cx = test_cx_again(cx);
    assert_int_equal(sem_init(&her.begun, 0, 0), 0);
    return cx;
}

static void end_hers(struct cx *cx)
{
    verify_all(cx);
    sem_destroy(&her.begun);
    test_cx_free(her.cx);
    end(cx);
}

/* The night looked before her login was there, and erases after it: she stays, and her session too. */
static void who_has_just_logged_in_is_not_forgotten(void **state)
{
    (void)state;
    struct cx *cx = last_case(&(struct retention_part){.name = "slow", .erase_casefile = erase_case_slowly});
    pthread_t thread;
    struct party p;
    assert_int_equal(pthread_create(&thread, NULL, log_in_before, NULL), 0);
    assert_ok(cx, night(cx));
    pthread_join(thread, NULL);
    assert_ok(her.cx, her.login);
    house_system(cx);
    assert_ok(cx, party_get(cx, her.party, &p));
    assert_int_equal(rows_with(cx, S("session"), "Anna Holm"), 1);
    assert_int_equal(left_over(cx), 1);
    years_later(cx, 0, 2);
    assert_ok(cx, night(cx)); /* and when she has gone */
    assert_err(cx, party_get(cx, her.party, &p), ERR_NOT_FOUND);
    end_hers(cx);
}

/* She comes while the erasure is under way: there is no session of one who is gone. */
static void who_has_just_been_forgotten_is_not_logged_in(void **state)
{
    (void)state;
    struct cx *cx = last_case(&(struct retention_part){.name = "slow", .erase_party = forget_slowly});
    pthread_t thread;
    struct party p;
    assert_int_equal(pthread_create(&thread, NULL, log_in_in_the_middle, NULL), 0);
    assert_ok(cx, night(cx));
    pthread_join(thread, NULL);
    assert_err(her.cx, her.login, ERR_BUSY);
    house_system(cx);
    assert_err(cx, party_get(cx, her.party, &p), ERR_NOT_FOUND);
    assert_int_equal(rows_with(cx, S("session"), "Anna Holm"), 0);
    end_hers(cx);
}

/* ---- the program ends in the middle ---- */

/* The last room of an erasure: then comes the signal. */
static enum err stop_the_program(struct cx *cx, int64_t casefile_id)
{
    (void)cx, (void)casefile_id;
    jobs_stop_soon(jobs);
    return ERR_OK;
}

static void a_night_that_is_cut_off_goes_on(void **state)
{
    (void)state;
    struct retention_part stopping[sizeof parts / sizeof *parts + 1];
    struct cx *cx = house();
    int64_t runs, ids[] = {closed_case(cx, "anna"), closed_case(cx, "anna"), closed_case(cx, "maja")};
    struct record_disposals done;
    struct job_row row;
    struct party p;
    int64_t party = house_party(cx, "anna");
    memcpy(stopping, parts, sizeof parts);
    stopping[sizeof parts / sizeof *parts] =
        (struct retention_part){.name = "stop", .erase_casefile = stop_the_program};
    years_later(cx, 5, 3);
    house_employee(cx, "ulla");
    assert_ok(cx, retention_start(cx, 3));
    struct str key = str_fmt(cx->arena, "asked-%lld", (long long)cx->now_us);
    house_system(cx);
    for (int64_t erased = 1; erased <= 3; erased++) {
        retention_register(stopping, sizeof stopping / sizeof *stopping);
        assert_ok(cx, jobs_run_due(jobs, cx->now_us, &runs));
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
    retention_register(parts, sizeof parts / sizeof *parts);
    assert_ok(cx, jobs_run_due(jobs, cx->now_us, &runs));
    assert_ok(cx, job_find(cx, S(RETENTION_JOB), key, &row));
    assert_int_equal(row.state, JOB_DONE);
    assert_int_equal(row.attempts, 1);
    struct casefile_view v;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        assert_err(cx, casefile_open_as_system(cx, ids[i], &v), ERR_NOT_FOUND);
    assert_err(cx, party_get(cx, party, &p), ERR_NOT_FOUND);
    verify_all(cx);
    end(cx);
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
    struct cx *cx = house();
    struct arena *whole = cx->arena, *small = arena_new(RUN_BYTES);
    retention_register(&hungry, 1);
    assert_ok(cx, db_write(cx, leave_many, NULL));
    cx->arena = small;
    assert_err(cx, night(cx), ERR_DB);
    assert_str(cx->fail.detail, "125 could not be erased: the room could not erase 1");
    cx->arena = whole;
    cx->fail = (struct fail){0};
    house_system(cx);
    arena_free(small);
    assert_int_equal(left_over(cx), LEFT / 2);
    end(cx);
}

/* ---- when ---- */

static void no_sooner_than_the_rule_says(void **state)
{
    (void)state;
    struct cx *cx = house();
    struct retention_plan plan;
    struct q_retention_see_rule rule;
    int64_t id = closed_case(cx, "anna"), closed_us = cx->now_us;
    struct str no = no_of(cx, id);
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
    assert_ok(cx, night(cx));
    assert_str(no_of(cx, id), "2026-000001");
    house_employee(cx, "ulla");
    assert_err(cx, retention_start(cx, 1), ERR_CONFLICT); /* none is due: the page showed another number */
    house_employee(cx, "bo");
    assert_err(cx, retention_plan(cx, 0, cx->now_us, &plan), ERR_FORBIDDEN);
    assert_err(cx, retention_start(cx, 0), ERR_FORBIDDEN);
    assert_err(cx, retention_hold(cx, no, S("en klage hos Ankestyrelsen")), ERR_FORBIDDEN);
    cx->now_us = rule.dispose_us.v;
    house_employee(cx, "ulla");
    assert_ok(cx, retention_start(cx, 1));
    run_jobs(cx);
    struct record_disposals done;
    assert_ok(cx, record_disposals(cx, 10, &done));
    assert_int_equal(done.rows.n, 1);
    assert_str(done.rows.p[0].by, "Ulla Thorsen");
    end(cx);
}

static void a_reopened_case_is_counted_anew(void **state)
{
    (void)state;
    struct cx *cx = house();
    struct q_retention_see_rule rule;
    int64_t id = closed_case(cx, "anna");
    struct str no = no_of(cx, id);
    house_employee(cx, "bo");
    assert_ok(cx, casefile_receive_appeal(cx, id, S("Jeg er uenig.")));
    assert_ok(cx, q_retention_see_rule(cx, no, &rule));
    assert_false(rule.dispose_us.set);
    years_later(cx, 5, 3);
    assert_ok(cx, night(cx));
    assert_str(no_of(cx, id), "2026-000001");
    end(cx);
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

/* ---- holding back ---- */

static void what_is_held_back_stays(void **state)
{
    (void)state;
    struct cx *cx = house();
    int64_t id = closed_case(cx, "anna");
    struct str no = no_of(cx, id);
    struct retention_helds held;
    struct retention_plan plan;
    house_employee(cx, "ulla");
    assert_err(cx, retention_hold(cx, S("2026-999999"), S("en klage hos Ankestyrelsen")), ERR_INVALID);
    assert_err(cx, retention_hold(cx, no, S("kort")), ERR_INVALID);
    assert_ok(cx, retention_hold(cx, no, S("en klage hos Ankestyrelsen")));
    assert_err(cx, retention_hold(cx, no, S("en klage hos Ankestyrelsen")), ERR_DUPLICATE);
    years_later(cx, 5, 3);
    assert_ok(cx, retention_plan(cx, 0, cx->now_us, &plan));
    assert_int_equal(plan.n, 1);
    assert_int_equal(plan.held, 1);
    assert_ok(cx, night(cx));
    assert_str(no_of(cx, id), "2026-000001");
    house_employee(cx, "ulla");
    assert_ok(cx, retention_held(cx, &held));
    assert_int_equal(held.rows.n, 1);
    assert_str(held.rows.p[0].no, "2026-000001");
    assert_str(held.rows.p[0].by, "Ulla Thorsen");
    assert_ok(cx, retention_release(cx, held.rows.p[0].id));
    assert_err(cx, retention_release(cx, held.rows.p[0].id), ERR_NOT_FOUND);
    assert_ok(cx, night(cx));
    house_system(cx);
    struct casefile_view v;
    assert_err(cx, casefile_open_as_system(cx, id, &v), ERR_NOT_FOUND);
    assert_int_equal(rows_with(cx, S("record_hold"), "Ankestyrelsen"), 0);
    end(cx);
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
    struct cx *cx = house();
    int64_t id = closed_case(cx, "anna"), fair = rand_id(), late = rand_id(), other = rand_id();
    struct str no = no_of(cx, id);
    nothing_goes_round_the_gate(cx, no);
    strike(cx, (struct blow){.fn = blow_mark, .no = no, .id = 42}); /* no such disposal */
    let(cx, (struct blow){.fn = blow_disposal, .id = fair, .us = cx->now_us, .text = S("years:5")});
    strike(cx, (struct blow){.fn = blow_mark, .no = no, .id = fair});      /* not due */
    strike(cx, (struct blow){.fn = blow_due, .no = no, .us = cx->now_us}); /* nor made so */
    strike(cx, (struct blow){.fn = blow_rule, .no = no, .text = S("years:1")});
    years_later(cx, 5, 3);
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
    assert_ok(cx, night(cx));
    struct record_disposals done;
    assert_ok(cx, record_disposals(cx, 10, &done));
    int64_t disposal = done.rows.p[0].id;
    strike(cx, (struct blow){.fn = blow_untell, .id = disposal});
    strike(cx, (struct blow){.fn = blow_retell, .id = disposal});
    strike(cx, (struct blow){.fn = blow_return, .id = disposal});
    strike(cx, (struct blow){.fn = blow_reopen, .id = disposal});
    strike(cx, (struct blow){.fn = blow_rewrite, .id = disposal});
    end(cx);
}

/* ---- held back and erased at the same moment ---- */

enum { MEANWHILE_US = 200000 };
#define REASON S("en klage hos Ankestyrelsen")

static struct {
    struct cx *cx; /* of the other thread */
    sem_t begun;
    struct str no;
    enum err held;
} other;

/* The last room of an erasure, which is not committed yet. */
static enum err erase_slowly(struct cx *cx, int64_t casefile_id)
{
    (void)cx, (void)casefile_id;
    sem_post(&other.begun);
    usleep(MEANWHILE_US);
    return ERR_OK;
}

static void *hold_in_the_middle(void *p)
{
    (void)p;
    sem_wait(&other.begun);
    other.held = retention_hold(other.cx, other.no, REASON);
    return NULL;
}

static enum err hold_slowly(struct cx *cx, void *ctx)
{
    (void)ctx;
    enum err e = retention_hold(cx, other.no, REASON);
    sem_post(&other.begun);
    usleep(MEANWHILE_US);
    return e;
}

static void *hold_first(void *p)
{
    (void)p;
    other.held = db_write(other.cx, hold_slowly, NULL);
    return NULL;
}

/* A case that is due, and an administrator in another thread. */
static struct cx *due_case(int64_t *ret_id)
{
    struct cx *cx = house();
    *ret_id = closed_case(cx, "anna");
    years_later(cx, 5, 3);
    test_cx_once(cx);
    other.no = no_of(cx, *ret_id);
    other.cx = test_cx_again(cx);
    house_employee(other.cx, "ulla");
    assert_int_equal(sem_init(&other.begun, 0, 0), 0);
    return cx;
}

static void end_both(struct cx *cx)
{
    verify_all(cx);
    sem_destroy(&other.begun);
    test_cx_free(other.cx);
    end(cx);
}

/* A hold that is put while the erasure runs is refused when that has ended; never is it taken and lost. */
static void no_hold_is_lost_in_an_erasure(void **state)
{
    (void)state;
    struct retention_part slow[sizeof parts / sizeof *parts + 1];
    int64_t id;
    pthread_t thread;
    struct casefile_view v;
    struct cx *cx = due_case(&id);
    memcpy(slow, parts, sizeof parts);
    slow[sizeof parts / sizeof *parts] = (struct retention_part){.name = "slow", .erase_casefile = erase_slowly};
    retention_register(slow, sizeof slow / sizeof *slow);
    assert_int_equal(pthread_create(&thread, NULL, hold_in_the_middle, NULL), 0);
    assert_ok(cx, night(cx));
    pthread_join(thread, NULL);
    assert_err(other.cx, other.held, ERR_INVALID);
    assert_str(other.cx->fail.field, "no");
    assert_err(cx, casefile_open_as_system(cx, id, &v), ERR_NOT_FOUND);
    assert_int_equal(rows_with(cx, S("record_hold"), "Ankestyrelsen"), 0);
    end_both(cx);
}

/* An erasure that begins while the hold is being put waits for it, and does not happen. */
static void an_erasure_waits_for_a_hold(void **state)
{
    (void)state;
    int64_t id;
    pthread_t thread;
    struct cx *cx = due_case(&id);
    assert_int_equal(pthread_create(&thread, NULL, hold_first, NULL), 0);
    sem_wait(&other.begun);
    night(cx); /* fails by law 10 when it saw the case before the hold */
    pthread_join(thread, NULL);
    assert_ok(other.cx, other.held);
    assert_str(no_of(cx, id), "2026-000001");
    assert_true(rows_with(cx, S("record_hold"), "Ankestyrelsen") == 1);
    end_both(cx);
}

/* Erased in the store, and of its case file something is still there: as an erasure is between its steps. */
static void what_is_marked_cannot_be_held_back(void **state)
{
    (void)state;
    struct cx *cx = house();
    struct str no = no_of(cx, closed_case(cx, "anna"));
    years_later(cx, 5, 3);
    let(cx, (struct blow){.fn = blow_disposal, .id = 70, .us = cx->now_us, .text = S("years:5")});
    let(cx, (struct blow){.fn = blow_mark, .no = no, .id = 70});
    house_employee(cx, "ulla");
    assert_err(cx, retention_hold(cx, no, REASON), ERR_INVALID);
    assert_str(cx->fail.detail, "this case file has been erased");
    assert_int_equal(rows_with(cx, S("record_hold"), "Ankestyrelsen"), 0);
    end(cx);
}

/* An open case, and one that is kept, have no way at all. */
static void what_is_kept_cannot_be_erased(void **state)
{
    (void)state;
    struct cx *cx = house();
    int64_t kept = house_taken(cx, "anna", "stok", NULL), open = house_apply(cx, "dagny", "stok", NULL),
            fair = rand_id();
    struct str no = no_of(cx, kept), open_no = no_of(cx, open);
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
    years_later(cx, 200 / 2, 0);
    strike(cx, (struct blow){.fn = blow_due, .no = no, .us = cx->now_us});
    let(cx, (struct blow){.fn = blow_disposal, .id = fair, .us = cx->now_us, .text = S("keep")});
    strike(cx, (struct blow){.fn = blow_mark, .no = no, .id = fair});
    strike(cx, (struct blow){.fn = blow_mark, .no = open_no, .id = fair});
    assert_ok(cx, night(cx));
    assert_str(no_of(cx, kept), "2026-000001");
    assert_str(no_of(cx, open), "2026-000002");
    strike(cx, (struct blow){.fn = blow_casefile, .no = no});
    strike(cx, (struct blow){.fn = blow_object, .no = open_no});
    end(cx);
}

/* ---- how it ended ---- */

static void the_ending_has_its_own_rule(void **state)
{
    (void)state;
    struct cx *cx = house();
    struct service_version v = {.retention_years = 5,
                                .retention_ending = {[ENDING_WITHDRAWN] = 1, [ENDING_REFUSED] = -1}};
    assert_str(service_retention(cx, &v, ENDING_COUNT), "years:5");
    assert_str(service_retention(cx, &v, ENDING_GRANTED), "years:5");
    assert_str(service_retention(cx, &v, ENDING_WITHDRAWN), "years:1");
    assert_str(service_retention(cx, &v, ENDING_REFUSED), "keep");
    /* in the house, lette-hjaelpemidler keeps withdrawn cases for a year */
    int64_t id = house_taken(cx, "anna", "stok", NULL);
    struct str no = no_of(cx, id);
    struct q_retention_see_rule rule;
    house_party(cx, "anna");
    assert_ok(cx, casefile_withdraw(cx, id, S("Jeg har fundet en.")));
    house_employee(cx, "bo");
    assert_ok(cx, casefile_close(cx, id, house_version(cx, id)));
    assert_ok(cx, q_retention_see_rule(cx, no, &rule));
    assert_str(rule.retention, "years:1");
    years_later(cx, 1, 2);
    assert_ok(cx, night(cx));
    struct record_disposals done;
    assert_ok(cx, record_disposals(cx, 10, &done));
    assert_str(done.rows.p[0].retention, "years:1");
    end(cx);
}

/* ---- every table that refers to a case or a person is thought of ---- */

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
    struct cx *cx = house();
    struct municipality two = *cx->muni;
    struct retention_list list;
    struct retention_lists lists;
    two.archive_two_people = true;
    cx->muni = &two;
    int64_t id = closed_case(cx, "anna");
    struct casefile_view v;
    years_later(cx, 6, 0);
    assert_ok(cx, night(cx));
    house_system(cx);
    assert_ok(cx, casefile_open_as_system(cx, id, &v)); /* still there */
    as_admin(cx, "ulla");
    assert_ok(cx, retention_start(cx, 1));
    assert_ok(cx, retention_list_waiting(cx, &list));
    assert_true(list.id && list.mine && list.casefiles == 1);
    assert_err(cx, retention_approve(cx, list.id), ERR_LAW);
    run_jobs(cx);
    assert_ok(cx, night(cx));
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
    run_jobs(cx);
    house_system(cx);
    assert_err(cx, casefile_open_as_system(cx, id, &v), ERR_NOT_FOUND);
    as_admin(cx, "ulla");
    assert_ok(cx, retention_lists(cx, 10, &lists));
    assert_int_equal(lists.rows.n, 1);
    assert_str(lists.rows.p[0].approved_by, "Carl Friis");
    strike(cx, (struct blow){.fn = blow_list, .id = list.id});
    strike(cx, (struct blow){.fn = blow_unlist, .id = list.id});
    end(cx);
}

/* Below every page and job: what is on no approved list cannot be erased, and that two were asked for stays told. */
static void the_store_knows_the_list(void **state)
{
    (void)state;
    struct cx *cx = house();
    struct municipality two = *cx->muni;
    struct retention_list list;
    struct retention_helds helds;
    struct casefile_view v;
    two.archive_two_people = true;
    cx->muni = &two;
    int64_t listed = closed_case(cx, "anna"), held = closed_case(cx, "anna"), later;
    struct str no = no_of(cx, held);
    as_admin(cx, "ulla");
    assert_ok(cx, retention_hold(cx, no, S("Ankestyrelsen ser på den")));
    years_later(cx, 2, 0);
    later = closed_case(cx, "anna");
    years_later(cx, 4, 0);
    assert_ok(cx, night(cx));
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
    years_later(cx, 2, 0);
    assert_ok(cx, night(cx)); /* the worker of these tests has the folder as it was */
    house_system(cx);
    assert_err(cx, casefile_open_as_system(cx, listed, &v), ERR_NOT_FOUND);
    int64_t unlisted[] = {held, later};
    for (int i = 0; i < 2; i++) {
        no = no_of(cx, unlisted[i]);
        struct blow disposal = {.fn = blow_disposal, .id = 70 + i, .us = cx->now_us, .text = S("years:5")};
        let(cx, disposal);
        strike(cx, (struct blow){.fn = blow_mark, .no = no, .id = disposal.id});
    }
    two.archive_two_people = false; /* the municipality turns it off */
    assert_ok(cx, night(cx));
    house_system(cx);
    for (int i = 0; i < 2; i++)
        assert_err(cx, casefile_open_as_system(cx, unlisted[i], &v), ERR_NOT_FOUND);
    end(cx);
}

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
    struct cx *cx = house();
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
    end(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_erased_is_erased_everywhere),
        cmocka_unit_test(who_was_only_asked_to_sign_goes_too),
        cmocka_unit_test(a_person_with_another_matter_stays),
        cmocka_unit_test(who_has_just_logged_in_is_not_forgotten),
        cmocka_unit_test(who_has_just_been_forgotten_is_not_logged_in),
        cmocka_unit_test(a_night_that_is_cut_off_goes_on),
        cmocka_unit_test(who_is_bound_for_now_is_forgotten_later),
        cmocka_unit_test(a_run_needs_no_more_for_many),
        cmocka_unit_test(no_sooner_than_the_rule_says),
        cmocka_unit_test(a_reopened_case_is_counted_anew),
        cmocka_unit_test(the_day_is_a_civil_day),
        cmocka_unit_test(what_is_held_back_stays),
        cmocka_unit_test(the_gate_is_the_only_way),
        cmocka_unit_test(no_hold_is_lost_in_an_erasure),
        cmocka_unit_test(an_erasure_waits_for_a_hold),
        cmocka_unit_test(what_is_marked_cannot_be_held_back),
        cmocka_unit_test(what_is_kept_cannot_be_erased),
        cmocka_unit_test(the_ending_has_its_own_rule),
        cmocka_unit_test(two_people_are_asked_for),
        cmocka_unit_test(the_store_knows_the_list),
        cmocka_unit_test(every_table_is_thought_of),
    };
    return test_each_engine("retention", tests);
}
