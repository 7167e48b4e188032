/* One who gave no name asks to see documents: the reply is the decision. Laws 4 and 5, at the domain functions and
 * below. */
#include "house.h"

#include "mail/mail.h"
#include "reply_attack_store.h"

static const struct job_kind kinds[] = {
    MAIL_JOB_KIND, {.name = CASEFILE_JOB_REPLY, .fn = casefile_reply_job, .dead = casefile_reply_dead}};

static void run(struct cx *cx)
{
    struct jobs *jobs;
    struct mail_config config = {.from = S("ingen-svar@fjordby.example"),
                                 .url = str_fmt(cx->arena, "dir:%s/mail", test_folder(cx))};
    const struct who *before = cx->who;
    int64_t runs;
    cx->who = auth_system();
    assert_ok(cx, mail_open(cx, &config, &cx->mail));
    assert_ok(cx, jobs_new(cx, &(struct jobs_config){.kinds = kinds, .n_kinds = sizeof kinds / sizeof *kinds}, &jobs));
    assert_ok(cx, jobs_run_due(jobs, cx->now_us, &runs));
    jobs_free(jobs);
    cx->jobs = NULL;
    cx->who = before;
}

static bool has(struct str s, const char *what)
{
    return str_find(s, str_of(what), 0) < s.n;
}

static const struct casefile_reply_new by_page = {.text = {"Du kan se alt om cykelstien.", 28},
                                                  .legal_basis = {"offentlighedsloven § 7", 23},
                                                  .way = CASEFILE_REPLY_PAGE};

/* Asked without a name, and Rikke has taken it. */
static int64_t asked(struct cx *cx, const char *email, struct str *ret_code)
{
    struct casefile_receipt r = house_request(cx, email);
    house_employee(cx, "rikke");
    assert_ok(cx, casefile_take(cx, r.casefile_id, house_version(cx, r.casefile_id)));
    *ret_code = r.code;
    return r.casefile_id;
}

static enum err give(struct cx *cx, int64_t id, const struct casefile_reply_new *reply)
{
    struct casefile_view v = house_view(cx, id);
    return casefile_reply(cx, &v, v.file.version, reply);
}

static struct casefile_replies replies(struct cx *cx, int64_t id)
{
    struct casefile_view v = house_view(cx, id);
    struct casefile_replies all;
    assert_ok(cx, casefile_replies(cx, &v, &all));
    return all;
}

/* From the request to the reply, read with the code; the appeal by post; the new reply; closed. */
static void the_reply_is_the_decision(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct str code;
    struct casefile_events events;
    int64_t id = asked(cx, NULL, &code);
    struct casefile_view v = house_view(cx, id), status;
    assert_true(v.can[CASEFILE_DO_REPLY] && !v.can[CASEFILE_DO_CLOSE] && !v.can[CASEFILE_DO_DECIDE]);
    assert_err(cx, casefile_close(cx, id, v.file.version), ERR_CONFLICT);
    assert_ok(cx, give(cx, id, &by_page));
    assert_err(cx, casefile_reply(cx, &v, v.file.version, &by_page), ERR_CONFLICT); /* law 2, and once is enough */
    assert_err(cx, casefile_reply(cx, &v, 0, &by_page), ERR_INVALID);
    v = house_view(cx, id);
    day_t until = municipality_appeal_deadline(cx->muni, civil_day_of_us(cx->now_us));
    assert_int_equal(v.file.state, CASEFILE_DECIDED);
    assert_true(v.file.decided_us.set && v.file.arrived_us.v == cx->now_us && !v.file.deadline_us.set);
    assert_true(v.file.appeal_until_us.v == civil_day_start_us(until + 1));
    assert_true(!v.can[CASEFILE_DO_REPLY] && v.can[CASEFILE_DO_CLOSE] && v.can[CASEFILE_DO_RECEIVE_APPEAL]);
    assert_ok(cx, casefile_open_by_code(cx, code, &status));
    assert_ok(cx, casefile_events(cx, &status, &events));
    assert_str(events.rows.p[events.rows.n - 1].kind, "replied");
    struct str words = replies(cx, id).rows.p[0].text;
    assert_true(has(words, "Du kan se alt om cykelstien.") && has(words, "offentlighedsloven § 7"));
    assert_true(has(words, "klage") && has(words, "borgerraadgiver@") && has(words, "70 00 00"));
    assert_true(has(words, "Klagen skal være hos os senest 4 uger"));
    house_later(cx, DAY_US);
    assert_ok(cx, casefile_close(cx, id, house_version(cx, id)));
    assert_ok(cx, casefile_receive_appeal(cx, id, S("Kortet mangler.")));
    v = house_view(cx, id);
    day_t look = municipality_review_deadline(cx->muni, civil_day_of_us(cx->now_us));
    assert_true(v.file.state == CASEFILE_APPEALED && v.file.deadline_us.v == civil_day_start_us(look + 1));
    assert_err(cx, casefile_close(cx, id, house_version(cx, id)), ERR_CONFLICT);
    assert_ok(cx, give(cx, id, &by_page));
    assert_int_equal(replies(cx, id).rows.n, 2);
    assert_int_equal(replies(cx, id).rows.p[0].n, 2);
    v = house_view(cx, id);
    assert_true(v.file.arrived_us.v == cx->now_us);
    assert_ok(cx, casefile_close(cx, id, v.file.version));
    house_free(cx);
}

static enum err give_up(struct cx *cx, void *ctx)
{
    return casefile_reply_dead(cx, ctx);
}

/* The clock runs from when the mail server has it, and the case does not close before (law 5). */
static void an_email_arrives_or_fails(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct str code;
    struct casefile_reply_to to;
    int64_t id = asked(cx, "nogen@example.org", &code);
    struct casefile_view v = house_view(cx, id);
    assert_ok(cx, casefile_reply_to(cx, &v, &to));
    assert_str(to.address, "nogen@example.org");
    assert_true(to.code && to.email && to.email_whole);
    struct casefile_reply_new by_mail = by_page;
    by_mail.way = CASEFILE_REPLY_EMAIL;
    by_mail.email = S("nogen@example.org\r\nBcc: x@example.org");
    assert_err(cx, give(cx, id, &by_mail), ERR_INVALID);
    assert_str(cx->fail.field, "email");
    by_mail.email = to.address;
    assert_ok(cx, give(cx, id, &by_mail));
    v = house_view(cx, id);
    assert_true(v.file.decided_us.set && !v.file.arrived_us.set && !v.file.appeal_until_us.set);
    assert_err(cx, casefile_close(cx, id, v.file.version), ERR_LAW);
    struct job job = {.payload = str_fmt(cx->arena, "{\"casefile\":%lld,\"n\":1}", (long long)id)};
    house_system(cx);
    assert_ok(cx, db_write(cx, give_up, &job)); /* as jobs/ calls it */
    house_employee(cx, "rikke");
    v = house_view(cx, id);
    assert_true(v.file.reply_failed && v.can[CASEFILE_DO_REPLY] && !v.file.arrived_us.set && v.file.unread);
    assert_err(cx, casefile_close(cx, id, v.file.version), ERR_LAW);
    run(cx); /* the first e-mail, given up, does not leave after all */
    assert_false(house_view(cx, id).file.arrived_us.set);
    house_later(cx, HOUR_US);
    assert_ok(cx, give(cx, id, &by_mail));
    house_later(cx, HOUR_US);
    run(cx);
    v = house_view(cx, id);
    assert_true(v.file.arrived_us.v == cx->now_us && v.file.appeal_until_us.set && !v.can[CASEFILE_DO_REPLY]);
    assert_ok(cx, casefile_close(cx, id, v.file.version));
    house_free(cx);
}

static enum err arrive_unposted(struct cx *cx, void *ctx)
{
    const int64_t *id = ctx;
    return q_reply_letter_arrived(cx, *id, cx->now_us);
}

/* Law 5: a letter counts as arrived postal days after it was posted, as every other; until then no clock runs, the case
   does not close, and it lies on the desk. */
static void a_letter_is_on_its_way(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct str code;
    int64_t id = asked(cx, NULL, &code);
    struct casefile_reply_new letter = by_page;
    letter.way = CASEFILE_REPLY_LETTER;
    assert_ok(cx, give(cx, id, &letter));
    struct casefile_view v = house_view(cx, id);
    assert_true(!v.file.arrived_us.set && !v.file.appeal_until_us.set);
    assert_err(cx, casefile_close(cx, id, v.file.version), ERR_LAW);
    assert_err(cx, db_write(cx, arrive_unposted, &id), ERR_LAW);
    cx->now_us += 3 * DAY_US;
    assert_ok(cx, casefile_reply_posted(cx, id, 1));
    assert_err(cx, casefile_reply_posted(cx, id, 1), ERR_CONFLICT);
    day_t day = municipality_add_working_days(cx->muni, civil_day_of_us(cx->now_us), cx->muni->postal_days);
    v = house_view(cx, id);
    assert_true(v.file.arrived_us.v == civil_day_start_us(day) && v.file.appeal_until_us.v > v.file.arrived_us.v);
    house_free(cx);
}

/* The e-mail still waits, the asker has read it and appealed: the new reply has arrived, and the old one does not leave
   after it. */
static void a_newer_reply_takes_its_place(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct str code;
    int64_t id = asked(cx, "nogen@example.org", &code);
    struct casefile_reply_new by_mail = by_page;
    by_mail.way = CASEFILE_REPLY_EMAIL;
    by_mail.email = S("nogen@example.org");
    assert_ok(cx, give(cx, id, &by_mail));
    assert_ok(cx, casefile_receive_appeal(cx, id, S("Kortet mangler.")));
    house_later(cx, HOUR_US);
    assert_ok(cx, give(cx, id, &by_page));
    int64_t arrived_us = house_view(cx, id).file.arrived_us.v;
    house_later(cx, HOUR_US);
    run(cx);
    struct casefile_replies all = replies(cx, id);
    assert_true(all.rows.p[1].replaced && !all.rows.p[1].failed && !all.rows.p[0].replaced);
    assert_true(house_view(cx, id).file.arrived_us.v == arrived_us);
    struct job_row job;
    struct str key = str_fmt(cx->arena, "casefile-%lld-1", (long long)id);
    assert_ok(cx, job_find(cx, S(CASEFILE_JOB_REPLY), key, &job));
    assert_int_equal(job.state, JOB_DONE);
    assert_ok(cx, casefile_close(cx, id, house_version(cx, id)));
    house_free(cx);
}

/* Who can be named gets a decision; what decides nothing is closed as before; and what is missing is named. */
static void only_to_one_without_a_name(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct str code;
    int64_t id = house_taken(cx, "anna", "stok", NULL), version;
    assert_err(cx, give(cx, id, &by_page), ERR_INVALID); /* the page: she has no code */
    struct casefile_reply_new letter = by_page;
    letter.way = CASEFILE_REPLY_LETTER;
    assert_err(cx, give(cx, id, &letter), ERR_FORBIDDEN);
    assert_err(cx, casefile_close(cx, id, house_version(cx, id)), ERR_CONFLICT);
    int64_t draft = house_praise(cx, &version);
    struct casefile_receipt r;
    assert_ok(cx, casefile_submit(cx, draft, version, &r));
    house_employee(cx, "rikke");
    assert_ok(cx, casefile_take(cx, r.casefile_id, house_version(cx, r.casefile_id)));
    assert_false(house_view(cx, r.casefile_id).can[CASEFILE_DO_REPLY]);
    assert_ok(cx, casefile_close(cx, r.casefile_id, house_version(cx, r.casefile_id)));
    id = asked(cx, NULL, &code);
    struct casefile_reply_new bad = by_page;
    bad.legal_basis = S(" ");
    assert_err(cx, give(cx, id, &bad), ERR_INVALID);
    assert_str(cx->fail.field, "legal_basis");
    bad = by_page;
    bad.text = S("");
    assert_err(cx, give(cx, id, &bad), ERR_INVALID);
    assert_str(cx->fail.field, "text");
    struct casefile_view v = house_view(cx, id);
    house_employee(cx, "bo"); /* another unit (law 7) */
    assert_err(cx, casefile_reply(cx, &v, v.file.version, &by_page), ERR_FORBIDDEN);
    house_free(cx);
}

struct attack {
    int64_t id, employee_id;
    int what;
};

static enum err attack(struct cx *cx, void *ctx)
{
    const struct attack *a = ctx;
    struct q_reply_put_in row = {.id = a->id,
                                 .n = 9,
                                 .employee_id = a->employee_id,
                                 .now_us = cx->now_us,
                                 .legal_basis = S("offentlighedsloven § 7"),
                                 .appeal = S("Du kan klage. Ring på 70 00 00 99.")};
    switch (a->what) {
    case 0:
        return q_reply_close(cx, a->id);
    case 1:
        return q_reply_decided(cx, a->id, cx->now_us + 1);
    case 2:
        return q_reply_arrived(cx, a->id, cx->now_us + 1);
    case 3:
        row.legal_basis = S("");
        return q_reply_put(cx, &row);
    case 4:
        row.appeal = S("");
        return q_reply_put(cx, &row);
    case 5:
        return q_reply_change(cx, a->id);
    case 6:
        return q_reply_drop(cx, a->id);
    default:
        return q_reply_put(cx, &row);
    }
}

static void the_store_refuses(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct str code;
    struct attack a = {.id = asked(cx, NULL, &code), .employee_id = cx->who->employee_id};
    for (a.what = 0; a.what < 5; a.what++)
        assert_err(cx, db_write(cx, attack, &a), ERR_LAW);
    assert_ok(cx, give(cx, a.id, &by_page));
    for (a.what = 5; a.what < 7; a.what++)
        assert_err(cx, db_write(cx, attack, &a), ERR_LAW);
    a.id = house_taken(cx, "anna", "stok", NULL); /* a party gets no reply */
    a.what = 7;
    assert_err(cx, db_write(cx, attack, &a), ERR_LAW);
    a.what = 0;
    assert_err(cx, db_write(cx, attack, &a), ERR_LAW); /* nor is her case closed undecided */
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reply_is_the_decision),     cmocka_unit_test(an_email_arrives_or_fails),
        cmocka_unit_test(a_letter_is_on_its_way),        cmocka_unit_test(only_to_one_without_a_name),
        cmocka_unit_test(a_newer_reply_takes_its_place), cmocka_unit_test(the_store_refuses),
    };
    return test_each_engine("reply", tests);
}
