/* Law 10: an erasure, and somebody who comes at the same moment. */
#include "erasing.h"

#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

enum { MEANWHILE_US = 200000 };
#define REASON S("en klage hos Ankestyrelsen")

/* Who comes in another thread, and what became of it. */
static struct {
    struct cx *cx;
    sem_t begun; /* what was to come first */
    int64_t party;
    struct str no;
    enum err e;
} other;

/* A room of an erasure, which is not committed yet. */
static enum err erase_slowly(struct cx *cx, int64_t id)
{
    (void)cx, (void)id;
    sem_post(&other.begun);
    usleep(MEANWHILE_US);
    return ERR_OK;
}

static const struct retention_part slow_case = {.name = "slow", .erase_casefile = erase_slowly},
                                   slow_person = {.name = "slow", .erase_party = erase_slowly};

/* Anna's last case, which is due; and the other thread, whose cx->who is the system. */
static struct cx *due_case(const struct retention_part *last, int64_t *ret_id)
{
    struct cx *cx = erasing_house_new();
    erasing_with(last);
    other.party = house_party(cx, "anna");
    *ret_id = erasing_closed_case(cx, "anna");
    erasing_years_later(cx, 5, 3);
    test_cx_once(cx);
    other.no = erasing_no_of(cx, *ret_id);
    other.cx = test_cx_again(cx);
    assert_int_equal(sem_init(&other.begun, 0, 0), 0);
    return cx;
}

static void end(struct cx *cx)
{
    erasing_verify(cx);
    sem_destroy(&other.begun);
    test_cx_free(other.cx);
    erasing_house_free(cx);
}

/* The night, and beside it what the other thread does. */
static enum err night_beside(struct cx *cx, void *(*fn)(void *))
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, fn, NULL), 0);
    enum err e = erasing_night(cx);
    pthread_join(thread, NULL);
    return e;
}

/* ---- she logs in while she is being forgotten ---- */

/* Not committed when the night looks for sessions. */
static enum err log_in_slowly(struct cx *cx, void *ctx)
{
    (void)ctx;
    enum err e = auth_login_party(cx, other.party, S("Anna Holm"), ASSURANCE_HIGH);
    usleep(3 * MEANWHILE_US);
    return e;
}

static void *log_in_before(void *p)
{
    (void)p;
    sem_wait(&other.begun);
    other.e = db_write(other.cx, log_in_slowly, NULL);
    return NULL;
}

static void *log_in_in_the_middle(void *p)
{
    (void)p;
    sem_wait(&other.begun);
    other.e = auth_login_party(other.cx, other.party, S("Anna Holm"), ASSURANCE_HIGH);
    return NULL;
}

/* The night looked before her login was there, and erases after it: she stays, and her session too. */
static void who_has_just_logged_in_is_not_forgotten(void **state)
{
    (void)state;
    int64_t id;
    struct cx *cx = due_case(&slow_case, &id);
    struct party p;
    assert_ok(cx, night_beside(cx, log_in_before));
    assert_ok(other.cx, other.e);
    house_system(cx);
    assert_ok(cx, party_get(cx, other.party, &p));
    assert_int_equal(erasing_rows_with(cx, S("session"), "Anna Holm"), 1);
    assert_int_equal(erasing_left_over(cx), 1);
    erasing_years_later(cx, 0, 2);
    assert_ok(cx, erasing_night(cx)); /* and when she has gone */
    assert_err(cx, party_get(cx, other.party, &p), ERR_NOT_FOUND);
    end(cx);
}

/* She comes while the erasure is under way: there is no session of one who is gone. */
static void who_has_just_been_forgotten_is_not_logged_in(void **state)
{
    (void)state;
    int64_t id;
    struct cx *cx = due_case(&slow_person, &id);
    struct party p;
    assert_ok(cx, night_beside(cx, log_in_in_the_middle));
    assert_err(other.cx, other.e, ERR_BUSY);
    house_system(cx);
    assert_err(cx, party_get(cx, other.party, &p), ERR_NOT_FOUND);
    assert_int_equal(erasing_rows_with(cx, S("session"), "Anna Holm"), 0);
    end(cx);
}

/* ---- held back and erased at the same moment ---- */

static void *hold_in_the_middle(void *p)
{
    (void)p;
    sem_wait(&other.begun);
    other.e = retention_hold(other.cx, other.no, REASON);
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
    other.e = db_write(other.cx, hold_slowly, NULL);
    return NULL;
}

/* A hold that is put while the erasure runs is refused when that has ended; never is it taken and lost. */
static void no_hold_is_lost_in_an_erasure(void **state)
{
    (void)state;
    int64_t id;
    struct casefile_view v;
    struct cx *cx = due_case(&slow_case, &id);
    house_employee(other.cx, "ulla");
    assert_ok(cx, night_beside(cx, hold_in_the_middle));
    assert_err(other.cx, other.e, ERR_INVALID);
    assert_str(other.cx->fail.field, "no");
    assert_err(cx, casefile_open_as_system(cx, id, &v), ERR_NOT_FOUND);
    assert_int_equal(erasing_rows_with(cx, S("record_hold"), "Ankestyrelsen"), 0);
    end(cx);
}

/* An erasure that begins while the hold is being put waits for it, and does not happen. */
static void an_erasure_waits_for_a_hold(void **state)
{
    (void)state;
    int64_t id;
    pthread_t thread;
    struct cx *cx = due_case(NULL, &id);
    house_employee(other.cx, "ulla");
    assert_int_equal(pthread_create(&thread, NULL, hold_first, NULL), 0);
    sem_wait(&other.begun);
    erasing_night(cx); /* fails by law 10 when it saw the case before the hold */
    pthread_join(thread, NULL);
    assert_ok(other.cx, other.e);
    assert_str(erasing_no_of(cx, id), "2026-000001");
    assert_true(erasing_rows_with(cx, S("record_hold"), "Ankestyrelsen") == 1);
    end(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_has_just_logged_in_is_not_forgotten),
        cmocka_unit_test(who_has_just_been_forgotten_is_not_logged_in),
        cmocka_unit_test(no_hold_is_lost_in_an_erasure),
        cmocka_unit_test(an_erasure_waits_for_a_hold),
    };
    return test_each_engine("retention_together", tests);
}
