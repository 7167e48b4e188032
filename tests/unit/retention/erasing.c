#include "erasing.h"

#include "access/access.h"
#include "fulltext/fulltext.h"
#include "journal/journal.h"
#include "letter/letter.h"
#include "mail/mail.h"
#include "page/page.h"
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

enum { N_PARTS = sizeof parts / sizeof *parts };

static struct jobs *jobs;

void erasing_with(const struct retention_part *last)
{
    static struct retention_part all[N_PARTS + 1];
    memcpy(all, parts, sizeof parts);
    if (last)
        all[N_PARTS] = *last;
    retention_register(all, N_PARTS + (last != NULL));
}

struct cx *erasing_house_new(void)
{
    struct cx *cx = house_new();
    struct mail_config config = {.from = S("ingen-svar@fjordby.example"),
                                 .url = str_fmt(cx->arena, "dir:%s/mail", test_folder(cx))};
    record_register_guard(casefile_guard);
    record_register_guard(retention_guard);
    erasing_with(NULL);
    assert_ok(cx, mail_open(cx, &config, &cx->mail));
    assert_ok(cx, jobs_new(cx, &(struct jobs_config){.kinds = kinds, .n_kinds = sizeof kinds / sizeof *kinds}, &jobs));
    return cx;
}

void erasing_house_free(struct cx *cx)
{
    jobs_free(jobs);
    house_free(cx);
}

void erasing_run_jobs(struct cx *cx)
{
    int64_t runs;
    assert_ok(cx, jobs_run_due(jobs, cx->now_us, &runs));
}

struct jobs *erasing_jobs(void)
{
    return jobs;
}

void erasing_years_later(struct cx *cx, int years, int days)
{
    house_later(cx, (years * INT64_C(366) + days) * DAY_US);
}

enum err erasing_night(struct cx *cx)
{
    struct job job = {.kind = S(RETENTION_JOB), .key = S("night"), .payload = S("")};
    house_system(cx);
    return retention_job(cx, &job);
}

struct str erasing_no_of(struct cx *cx, int64_t id)
{
    struct casefile_view v;
    house_system(cx);
    assert_ok(cx, casefile_open_as_system(cx, id, &v));
    return v.file.no;
}

int64_t erasing_closed_case(struct cx *cx, const char *person)
{
    int64_t id = house_taken(cx, person, "stok", "badebaenk");
    struct casefile_questions questions;
    struct letter l = {0};
    int64_t letter;
    assert_ok(cx, casefile_note(cx, id, S("Notat om en " ERASING_WORDS " slåbrok")));
    assert_ok(cx, casefile_ask(cx, id, S("Har du en " ERASING_WORDS " slåbrok?"), 5));
    struct casefile_view v = house_view(cx, id);
    assert_ok(cx, casefile_questions(cx, &v, &questions));
    house_party(cx, person);
    struct casefile_message answer = {.text = S("Ja, den er " ERASING_WORDS)};
    assert_ok(cx, casefile_answer(cx, id, questions.rows.p[0].id, &answer));
    house_employee(cx, "bo");
    assert_ok(cx, casefile_call(cx, id, S("Vi talte om det " ERASING_WORDS "."), true));
    struct decision d = house_decide(cx, id, DECISION_GRANTED, DECISION_REFUSED);
    assert_ok(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)));
    assert_ok(cx, letter_draft_new(cx, &(struct letter_draft){id, d.id, S("partly"), LANG_DA}, &letter));
    assert_ok(cx, letter_get(cx, letter, &l));
    struct letter_attachment a = {.name = S(ERASING_WORDS ".txt"), .mime = S("text/plain")};
    assert_ok(cx, files_put(cx, S("bilag: " ERASING_WORDS), &a.file));
    assert_ok(cx, letter_attach(cx, letter, l.version, &a));
    assert_ok(cx, letter_get(cx, letter, &l));
    assert_ok(cx, letter_send(cx, letter, l.version));
    house_later(cx, cx->muni->recall_seconds * SECOND_US + SECOND_US);
    erasing_run_jobs(cx);
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
    assert_err(cx, casefile_open_as_employee(cx, erasing_no_of(cx, id), S("x"), &refused), ERR_FORBIDDEN);
    house_employee(cx, "mette");
    assert_err(cx, casefile_open_as_employee(cx, str_fmt(cx->arena, "%lld", (long long)id), S(ERASING_WORDS), &refused),
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

int64_t erasing_rows_with(struct cx *cx, struct str table, const char *needle)
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

void erasing_verify(struct cx *cx)
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

int64_t erasing_left_over(struct cx *cx)
{
    struct q_retention_left_count left;
    assert_ok(cx, q_retention_left_count(cx, &left));
    return left.n;
}
