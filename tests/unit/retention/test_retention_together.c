/* Law 10: an erasure, and somebody who comes at the same moment. */
#include "erasing.h"

#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

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
    struct cx *cx = erasing_house_new();
    erasing_with(room);
    her.party = house_party(cx, "anna");
    erasing_closed_case(cx, "anna");
    erasing_years_later(cx, 5, 3);
    test_cx_once(cx);
    her.cx = test_cx_again(cx);
    assert_int_equal(sem_init(&her.begun, 0, 0), 0);
    return cx;
}

static void end_hers(struct cx *cx)
{
    erasing_verify(cx);
    sem_destroy(&her.begun);
    test_cx_free(her.cx);
    erasing_house_free(cx);
}

/* The night looked before her login was there, and erases after it: she stays, and her session too. */
static void who_has_just_logged_in_is_not_forgotten(void **state)
{
    (void)state;
    struct cx *cx = last_case(&(struct retention_part){.name = "slow", .erase_casefile = erase_case_slowly});
    pthread_t thread;
    struct party p;
    assert_int_equal(pthread_create(&thread, NULL, log_in_before, NULL), 0);
    assert_ok(cx, erasing_night(cx));
    pthread_join(thread, NULL);
    assert_ok(her.cx, her.login);
    house_system(cx);
    assert_ok(cx, party_get(cx, her.party, &p));
    assert_int_equal(erasing_rows_with(cx, S("session"), "Anna Holm"), 1);
    assert_int_equal(erasing_left_over(cx), 1);
    erasing_years_later(cx, 0, 2);
    assert_ok(cx, erasing_night(cx)); /* and when she has gone */
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
    assert_ok(cx, erasing_night(cx));
    pthread_join(thread, NULL);
    assert_err(her.cx, her.login, ERR_BUSY);
    house_system(cx);
    assert_err(cx, party_get(cx, her.party, &p), ERR_NOT_FOUND);
    assert_int_equal(erasing_rows_with(cx, S("session"), "Anna Holm"), 0);
    end_hers(cx);
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
    struct cx *cx = erasing_house_new();
    *ret_id = erasing_closed_case(cx, "anna");
    erasing_years_later(cx, 5, 3);
    test_cx_once(cx);
    other.no = erasing_no_of(cx, *ret_id);
    other.cx = test_cx_again(cx);
    house_employee(other.cx, "ulla");
    assert_int_equal(sem_init(&other.begun, 0, 0), 0);
    return cx;
}

static void end_both(struct cx *cx)
{
    erasing_verify(cx);
    sem_destroy(&other.begun);
    test_cx_free(other.cx);
    erasing_house_free(cx);
}

/* A hold that is put while the erasure runs is refused when that has ended; never is it taken and lost. */
static void no_hold_is_lost_in_an_erasure(void **state)
{
    (void)state;
    int64_t id;
    pthread_t thread;
    struct casefile_view v;
    struct cx *cx = due_case(&id);
    erasing_with(&(struct retention_part){.name = "slow", .erase_casefile = erase_slowly});
    assert_int_equal(pthread_create(&thread, NULL, hold_in_the_middle, NULL), 0);
    assert_ok(cx, erasing_night(cx));
    pthread_join(thread, NULL);
    assert_err(other.cx, other.held, ERR_INVALID);
    assert_str(other.cx->fail.field, "no");
    assert_err(cx, casefile_open_as_system(cx, id, &v), ERR_NOT_FOUND);
    assert_int_equal(erasing_rows_with(cx, S("record_hold"), "Ankestyrelsen"), 0);
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
    erasing_night(cx); /* fails by law 10 when it saw the case before the hold */
    pthread_join(thread, NULL);
    assert_ok(other.cx, other.held);
    assert_str(erasing_no_of(cx, id), "2026-000001");
    assert_true(erasing_rows_with(cx, S("record_hold"), "Ankestyrelsen") == 1);
    end_both(cx);
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
