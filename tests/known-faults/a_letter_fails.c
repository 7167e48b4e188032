/* A letter that fails keeps its case open, and no clock runs.

   Origin: the fault that gave law 5 its number: the case was closed when the decision was made, the letter could not be
   delivered, nobody saw it, and the deadline for an appeal ran out against somebody who had been told nothing. Known of
   case systems where sending is a button of another product (lost between two systems; CWE-636, not failing safely). */
#include "casefile/house.h"

#include "attack_store.h"
#include "letter/letter.h"
#include "mail/mail.h"

static const struct job_kind kinds[] = {MAIL_JOB_KIND, LETTER_JOB_KINDS};

static void run_jobs(struct cx *cx, const struct municipality *as)
{
    struct jobs *jobs;
    struct mail_config config = {.from = S("ingen-svar@fjordby.example"),
                                 .url = str_fmt(cx->arena, "dir:%s/mail", test_folder(cx))};
    const struct municipality *before = cx->muni;
    int64_t runs;
    house_system(cx);
    cx->muni = as;
    assert_ok(cx, mail_open(cx, &config, &cx->mail));
    assert_ok(cx, jobs_new(cx, &(struct jobs_config){.kinds = kinds, .n_kinds = sizeof kinds / sizeof *kinds}, &jobs));
    assert_ok(cx, jobs_run_due(jobs, cx->now_us, &runs));
    jobs_free(jobs);
    cx->jobs = NULL;
    cx->muni = before;
}

/* A refusal on its way; Bo is who asks. */
static int64_t refused(struct cx *cx, const char *person, int64_t *ret_letter)
{
    int64_t id = house_taken(cx, person, "stok", "badebaenk");
    struct letter l;
    assert_ok(cx, casefile_call(cx, id, S("Vi talte om det."), true));
    struct decision d = house_decide(cx, id, DECISION_REFUSED, DECISION_REFUSED);
    assert_ok(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)));
    assert_ok(cx, letter_draft_new(cx, &(struct letter_draft){id, d.id, S("refused"), LANG_DA}, ret_letter));
    assert_ok(cx, letter_get(cx, *ret_letter, &l));
    assert_ok(cx, letter_send(cx, l.id, l.version));
    return id;
}

static enum err close_below(struct cx *cx, void *ctx)
{
    return q_attack_close(cx, *(const int64_t *)ctx);
}

/* Open, without a clock, in the queue, and not to be closed from anywhere. */
static void assert_stands(struct cx *cx, int64_t id)
{
    struct casefile_rows rows;
    const char *const who[] = {"bo", "inge"};
    bool queued = false;
    for (int i = 0; i < 2; i++) {
        house_employee(cx, who[i]);
        struct casefile_view v = house_view(cx, id);
        assert_int_equal(v.file.state, CASEFILE_DECIDED);
        assert_false(v.file.arrived_us.set || v.file.appeal_until_us.set || v.file.closed_us.set);
        assert_err(cx, casefile_close(cx, id, house_version(cx, id)), ERR_LAW);
    }
    assert_ok(cx, casefile_queue(cx, &(struct casefile_queue_query){.scope = CASEFILE_UNIT, .limit = 200}, &rows));
    for (size_t i = 0; i < rows.rows.n; i++)
        queued |= rows.rows.p[i].id == id;
    assert_true(queued);
    assert_err(cx, db_write(cx, close_below, &id), ERR_LAW);
}

static void it_could_not_be_made(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct municipality broken = *cx->muni;
    struct letter l;
    int64_t letter, id = refused(cx, "anna", &letter);
    broken.name = S("\xff"); /* a letterhead that cannot be set */
    house_later(cx, HOUR_US);
    for (int i = 0; i < 10; i++) { /* until it is given up */
        run_jobs(cx, &broken);
        house_later(cx, 2 * HOUR_US);
    }
    house_employee(cx, "bo");
    assert_ok(cx, letter_get(cx, letter, &l));
    assert_int_equal(l.state, LETTER_FAILED);
    assert_stands(cx, id);
    house_later(cx, 365 * DAY_US); /* nobody saw it for a year */
    assert_stands(cx, id);
    assert_ok(cx, letter_retry(cx, letter));
    house_later(cx, HOUR_US);
    run_jobs(cx, cx->muni);
    house_employee(cx, "bo");
    struct casefile_view v = house_view(cx, id);
    assert_true(v.file.arrived_us.set && v.file.appeal_until_us.v > cx->now_us + 25 * DAY_US); /* from now, not then */
    assert_ok(cx, casefile_close(cx, id, house_version(cx, id)));
    house_free(cx);
}

static void it_was_printed_but_not_posted(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct letter l;
    int64_t letter, id = refused(cx, "dagny", &letter); /* no digital mail */
    house_later(cx, HOUR_US);
    run_jobs(cx, cx->muni);
    house_employee(cx, "bo");
    assert_ok(cx, letter_get(cx, letter, &l));
    assert_int_equal(l.state, LETTER_TO_PRINT);
    struct casefile_view v = house_view(cx, id);
    assert_false(v.file.arrived_us.set || v.file.appeal_until_us.set);
    house_later(cx, 60 * DAY_US);
    v = house_view(cx, id);
    assert_false(v.file.arrived_us.set || v.file.appeal_until_us.set);
    assert_ok(cx, letter_mark_posted(cx, letter, civil_day_of_us(cx->now_us)));
    v = house_view(cx, id);
    assert_true(v.file.arrived_us.v > cx->now_us && v.file.appeal_until_us.v > v.file.arrived_us.v);
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_could_not_be_made),
                                       cmocka_unit_test(it_was_printed_but_not_posted)};
    return test_each_engine("known-faults", tests);
}
