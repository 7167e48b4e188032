/* The administrator's page and daily mail, below the pages: tests/scenario/ops/admin.test.mjs has the rest. */
#include "../casefile/house.h"

#include "admin/admin.h"
#include "admin/admin_views.h"
#include "admin_store.h"
#include "app/app.h"
#include "mail/mail.h"

/* A new kind of job gets words before somebody has to read its name on the page. */
static void each_kind_of_job_has_words(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    for (size_t i = 0; i < app_job_kinds_n; i++)
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            struct str kind = str_of(app_job_kinds[i].name);
            cx->lang = (enum lang)lang;
            struct str words = admin_job_words(cx, kind);
            if (str_eq(words, kind))
                fail_msg("%s has no words: the table in admin_pages.c", app_job_kinds[i].name);
            assert_true(words.n > 0);
        }
    test_cx_free(cx);
}

/* So much later the connections are looked at: with a way out for mail, or without. */
static struct admin_health look(struct cx *cx, struct mail *way_out, int64_t later_us)
{
    struct job job = {0};
    struct admin_health h;
    house_later(cx, later_us);
    cx->mail = way_out;
    assert_ok(cx, admin_probe_job(cx, &job));
    assert_ok(cx, admin_health_now(cx, &h));
    return h;
}

static void what_was_away_is_told_when_it_is_back(void **state)
{
    struct cx *cx = house_new();
    struct mail *mail;
    struct q_admin_outages *all;
    size_t n;
    (void)state;
    struct str url = str_fmt(cx->arena, "dir:%s/mail", test_folder(cx));
    assert_ok(cx, mail_open(cx, &(struct mail_config){.url = url, .from = S("a@b.example")}, &mail));
    assert_int_equal(look(cx, mail, 0).failures.n, 0);
    assert_int_equal(look(cx, NULL, 5 * MINUTE_US).failures.n, 0); /* its own check says so */
    assert_int_equal(look(cx, NULL, 5 * MINUTE_US).failures.n, 0);
    struct admin_health h = look(cx, mail, HOUR_US);
    assert_int_equal(h.failures.n, 1);
    assert_str(h.failures.p[0].text,
               "E-mail: virkede ikke fra 15. januar 2026 kl. 13.05 til 15. januar 2026 kl. 14.10.");
    struct admin_digest d;
    admin_digest_write(cx, &h, &d);
    assert_true(str_find(d.text, S("\n- E-mail: virkede ikke fra 15. januar 2026 kl. 13.05 til"), 0) < d.text.n);

    look(cx, NULL, 5 * MINUTE_US);
    h = look(cx, mail, 5 * MINUTE_US);
    assert_int_equal(h.failures.n, 2);
    assert_true(str_starts(h.failures.p[0].text, S("E-mail: virkede ikke fra 15. januar 2026 kl. 14.15 til")));
    assert_int_equal(look(cx, mail, DAY_US + MINUTE_US).failures.n, 0); /* yesterday's mail had it */

    look(cx, NULL, 80 * DAY_US);
    assert_ok(cx, admin_digest_send(cx, S("one")));
    assert_ok(cx, q_admin_outages(cx, 0, &all, &n));
    assert_int_equal(n, 2);
    look(cx, NULL, 20 * DAY_US);
    assert_ok(cx, admin_digest_send(cx, S("two")));
    assert_ok(cx, q_admin_outages(cx, 0, &all, &n));
    assert_int_equal(n, 0);
    look(cx, mail, 100 * DAY_US);
    assert_ok(cx, q_admin_outages(cx, 0, &all, &n));
    assert_int_equal(n, 1); /* it lasted longer than such are kept, and is told all the same */
    house_free(cx);
}

static enum err add_incidents(struct cx *cx, void *ctx)
{
    return admin_incident_add(cx, ERR_NO_SPACE, ctx);
}

/* Two processes saw it a little apart; another came an hour later. */
static void the_database_was_away_once(void **state)
{
    struct cx *cx = house_new();
    int64_t t = cx->now_us;
    struct db_outage seen[] = {
        {t + 2 * MINUTE_US, t + 5 * MINUTE_US}, {t + MINUTE_US, t + 4 * MINUTE_US}, {t + HOUR_US, t + HOUR_US + 1}};
    (void)state;
    house_later(cx, 2 * HOUR_US);
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        db_give_outage(cx, &seen[i]);
        admin_note_outage(cx);
    }
    struct admin_health h;
    assert_ok(cx, admin_health_now(cx, &h));
    assert_int_equal(h.failures.n, 2);
    assert_str(h.failures.p[0].text,
               "Database: virkede ikke fra 15. januar 2026 kl. 14.00 til 15. januar 2026 kl. 14.00.");
    assert_str(h.failures.p[1].text,
               "Database: virkede ikke fra 15. januar 2026 kl. 13.01 til 15. januar 2026 kl. 13.05.");
    house_free(cx);
}

static void a_failure_is_told_from_when_to_when(void **state)
{
    struct cx *cx = house_new();
    int64_t t = cx->now_us;
    struct admin_incident seen[] = {{1, t + MINUTE_US, t + MINUTE_US}, {3, t, t + 2 * MINUTE_US}};
    struct admin_health h;
    (void)state;
    house_later(cx, HOUR_US);
    assert_ok(cx, db_write(cx, add_incidents, &seen[0]));
    assert_ok(cx, admin_health_now(cx, &h));
    assert_str(h.failures.p[0].when, "Senest 15. januar 2026 kl. 13.01.");
    assert_ok(cx, db_write(cx, add_incidents, &seen[1]));
    assert_ok(cx, admin_health_now(cx, &h));
    assert_int_equal(h.failures.n, 1);
    assert_str(h.failures.p[0].when, "Første gang 15. januar 2026 kl. 13.00, senest 15. januar 2026 kl. 13.02.");
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_job_has_words), cmocka_unit_test(what_was_away_is_told_when_it_is_back),
        cmocka_unit_test(the_database_was_away_once), cmocka_unit_test(a_failure_is_told_from_when_to_when)};
    return test_each_engine("admin", tests);
}
