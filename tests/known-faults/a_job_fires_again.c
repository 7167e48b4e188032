/* A job that fires again sends no second letter.

   Origin: at-least-once delivery without idempotence (CWE-837, a single action not enforced): a worker dies after it
   has sent and before it has said so, a queue is restored from a backup, a timer runs in two processes – and people get
   the same decision twice, with two dates and two deadlines. */
#include "casefile/house.h"

#include <dirent.h>

#include "known_faults_store.h"
#include "letter/letter.h"
#include "mail/mail.h"

static const struct job_kind kinds[] = {MAIL_JOB_KIND, LETTER_JOB_KINDS};

static struct jobs *open_jobs(struct cx *cx)
{
    struct jobs *jobs;
    struct mail_config config = {.from = S("ingen-svar@fjordby.example"),
                                 .url = str_fmt(cx->arena, "dir:%s/mail", test_folder(cx))};
    house_system(cx);
    assert_ok(cx, mail_open(cx, &config, &cx->mail));
    assert_ok(cx, jobs_new(cx, &(struct jobs_config){.kinds = kinds, .n_kinds = sizeof kinds / sizeof *kinds}, &jobs));
    return jobs;
}

static int mails_sent(struct cx *cx)
{
    DIR *dir = opendir(str_fmt(cx->arena, "%s/mail", test_folder(cx)).p);
    int n = 0;
    for (struct dirent *d; dir && (d = readdir(dir));)
        n += strstr(d->d_name, ".eml") != NULL;
    if (dir)
        closedir(dir);
    return n;
}

struct refire {
    const char *kind;
    struct str payload;
    int64_t n;
};
static enum err fire_again(struct cx *cx, void *ctx)
{
    struct refire *f = ctx;
    return q_fault_fire_again(cx, str_of(f->kind), f->payload, cx->now_us, &f->n);
}

static void it_is_sent_once(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct q_fault_sent before, now;
    struct letter l;
    int64_t runs, letter, id = house_taken(cx, "anna", "stok", NULL);
    struct decision d = house_decide(cx, id, DECISION_GRANTED, DECISION_GRANTED);
    assert_ok(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)));
    assert_ok(cx, letter_draft_new(cx, &(struct letter_draft){id, d.id, S("granted"), LANG_DA}, &letter));
    assert_ok(cx, letter_get(cx, letter, &l));
    assert_ok(cx, letter_send(cx, letter, l.version));
    assert_ok(cx, letter_get(cx, letter, &l));
    struct str payload =
        str_fmt(cx->arena, "{\"letter\":%lld,\"version\":%lld}", (long long)letter, (long long)l.version);
    struct jobs *jobs = open_jobs(cx);
    house_later(cx, HOUR_US);
    assert_ok(cx, jobs_run_due(jobs, cx->now_us, &runs));
    assert_ok(cx, q_fault_sent(cx, id, &before));
    assert_int_equal(before.letters, 1);
    assert_int_equal(before.told, 1);
    int mails = mails_sent(cx);
    assert_true(mails >= 1);
    struct casefile_view first, again;
    house_employee(cx, "bo");
    first = house_view(cx, id);

    for (int i = 0; i < 3; i++) {
        struct refire f = {.kind = "letter", .payload = payload}, m = {.kind = "mail", .payload = S("")};
        house_system(cx);
        house_later(cx, DAY_US);
        assert_ok(cx, db_write(cx, fire_again, &f));
        assert_int_equal(f.n, 1); /* it was there to be fired */
        assert_ok(cx, db_write(cx, fire_again, &m));
        assert_true(m.n >= 1);
        assert_ok(cx, jobs_run_due(jobs, cx->now_us, &runs));
        assert_true(runs >= 2); /* and it ran */
        struct job stale = {.id = 1, .kind = S("letter"), .payload = payload, .attempt = 1, .max_attempts = 8};
        enum err e = letter_job(cx, &stale); /* also at a worker that slept through its lease */
        assert_true(e == ERR_OK || e == ERR_GONE);
        assert_ok(cx, q_fault_sent(cx, id, &now));
        assert_memory_equal(&now, &before, sizeof now);
        assert_int_equal(mails_sent(cx), mails);
    }
    house_employee(cx, "bo");
    again = house_view(cx, id);
    assert_int_equal(again.file.arrived_us.v, first.file.arrived_us.v); /* and the clock is the first one's */
    assert_int_equal(again.file.appeal_until_us.v, first.file.appeal_until_us.v);
    jobs_free(jobs);
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_sent_once)};
    return test_each_engine("known-faults", tests);
}
