/* Sessions, units and employees; on both engines. */
#include "support.h"

#include "auth/auth.h"
#include "auth_store.h"
#include "db/db.h"

extern const struct db_migrations migrations_auth;
static const struct db_migrations *const modules[] = {&migrations_auth};

static enum err test_party(struct cx *cx, struct str idno, struct str name, int64_t *ret_id, struct str *ret_name)
{
    (void)cx;
    *ret_id = (int64_t)hash_of(idno).b[0] + 1000;
    *ret_name = name;
    return ERR_OK;
}

/* The example municipality, synced. */
static struct cx *open_house(void)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct problems ps = problems_make(cx->arena);
    assert_ok(cx, municipality_load(cx, cx->arena, test_path(cx, "municipality"), true, &ps, &cx->muni));
    struct auth_settings settings = {.demo = true, .base_url = S("http://127.0.0.1:8080"), .party = test_party};
    assert_ok(cx, auth_open(cx, &settings, &cx->auth));
    assert_ok(cx, auth_sync(cx));
    assert_ok(cx, auth_begin(cx, S("")));
    return cx;
}

static void close_house(struct cx *cx)
{
    auth_close(cx->auth);
    test_cx_free(cx);
}

static struct str cookie_of(struct cx *cx)
{
    struct str value = {0};
    assert_true(auth_cookie(cx, &value));
    return value;
}

static int64_t employee_id(struct cx *cx, const char *key)
{
    struct auth_employee e;
    assert_ok(cx, auth_employee_by_key(cx, str_of(key), &e));
    return e.id;
}

static void a_stranger_is_nobody(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    struct str none;
    assert_int_equal(cx->who->kind, WHO_NOBODY);
    assert_false(auth_cookie(cx, &none));
    assert_ok(cx, auth_begin(cx, S("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")));
    assert_int_equal(cx->who->kind, WHO_NOBODY);
    assert_ok(cx, auth_begin(cx, S("' OR 1=1 --")));
    assert_int_equal(cx->who->kind, WHO_NOBODY);
    close_house(cx);
}

static void a_citizen_is_known_by_the_cookie(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    assert_ok(cx, auth_login_party(cx, 42, S("Anna Holm"), ASSURANCE_SUBSTANTIAL));
    struct str cookie = cookie_of(cx), again;
    assert_ok(cx, auth_begin(cx, cookie));
    assert_int_equal(cx->who->kind, WHO_PARTY);
    assert_int_equal(cx->who->party_id, 42);
    assert_str(cx->who->name, "Anna Holm");
    assert_int_equal(cx->who->assurance, ASSURANCE_SUBSTANTIAL);
    assert_ok(cx, auth_require(cx, ASSURANCE_SUBSTANTIAL));
    assert_err(cx, auth_require(cx, ASSURANCE_HIGH), ERR_ASSURANCE);
    assert_str(auth_login_url(cx, ERR_ASSURANCE, S("/x?y=1")), "/auth/stronger?level=3&next=%2Fx%3Fy%3D1");
    assert_false(auth_cookie(cx, &again));
    close_house(cx);
}

static void the_table_holds_no_secret(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    assert_ok(cx, auth_login_party(cx, 42, S("Anna Holm"), ASSURANCE_LOW));
    struct str cookie = cookie_of(cx);
    struct q_auth_session_get row;
    bool found;
    assert_ok(cx, q_auth_session_get(cx, cookie, cx->now_us, 0, &row, &found));
    assert_false(found);
    struct hash h = hash_of(cookie);
    assert_ok(cx, q_auth_session_get(cx, str_make((const char *)h.b, HASH_BYTES), cx->now_us, 0, &row, &found));
    assert_true(found);
    close_house(cx);
}

static void login_makes_a_new_cookie(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    struct str csrf = auth_csrf_token(cx), before = cookie_of(cx);
    assert_true(auth_csrf_ok(cx, csrf));
    assert_ok(cx, auth_login_party(cx, 42, S("Anna Holm"), ASSURANCE_LOW));
    struct str after = cookie_of(cx);
    assert_false(str_eq(before, after));
    assert_false(auth_csrf_ok(cx, csrf));
    assert_ok(cx, auth_begin(cx, before)); /* a cookie that was planted before login is worth nothing */
    assert_int_equal(cx->who->kind, WHO_NOBODY);
    assert_ok(cx, auth_begin(cx, after));
    assert_ok(cx, auth_login_employee(cx, employee_id(cx, "bo"), ASSURANCE_HIGH)); /* the old session ends */
    assert_ok(cx, auth_begin(cx, after));
    assert_int_equal(cx->who->kind, WHO_NOBODY);
    close_house(cx);
}

static void logout_ends_it(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    assert_ok(cx, auth_login_party(cx, 42, S("Anna Holm"), ASSURANCE_LOW));
    struct str cookie = cookie_of(cx), value = S("x");
    assert_ok(cx, auth_logout(cx));
    assert_int_equal(cx->who->kind, WHO_NOBODY);
    assert_true(auth_cookie(cx, &value));
    assert_int_equal(value.n, 0);
    assert_ok(cx, auth_begin(cx, cookie));
    assert_int_equal(cx->who->kind, WHO_NOBODY);
    close_house(cx);
}

static void a_session_ends_when_idle_and_in_any_case(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    int64_t idle, absolute, begin = cx->now_us;
    assert_ok(cx, auth_login_party(cx, 42, S("Anna Holm"), ASSURANCE_LOW));
    struct str cookie = cookie_of(cx);
    auth_session_ends(cx, &idle, &absolute);
    int64_t idle_us = idle - begin;
    assert_int_equal(idle_us, cx->muni->session_idle_minutes * MINUTE_US);
    assert_int_equal(absolute - begin, cx->muni->session_hours * HOUR_US);
    cx->now_us = begin + idle_us - 2 * MINUTE_US; /* seen just in time: lives on from now */
    assert_ok(cx, auth_begin(cx, cookie));
    assert_int_equal(cx->who->kind, WHO_PARTY);
    cx->now_us = begin + idle_us + MINUTE_US;
    assert_ok(cx, auth_begin(cx, cookie));
    assert_int_equal(cx->who->kind, WHO_PARTY);
    cx->now_us += idle_us + SECOND_US;
    assert_ok(cx, auth_begin(cx, cookie));
    assert_int_equal(cx->who->kind, WHO_NOBODY);
    assert_ok(cx, auth_login_party(cx, 42, S("Anna Holm"), ASSURANCE_LOW));
    cookie = cookie_of(cx);
    auth_session_ends(cx, &idle, &absolute);
    for (cx->now_us += idle_us / 2; cx->now_us < absolute; cx->now_us += idle_us / 2) {
        assert_ok(cx, auth_begin(cx, cookie));
        assert_int_equal(cx->who->kind, WHO_PARTY);
    }
    cx->now_us = absolute;
    assert_ok(cx, auth_begin(cx, cookie));
    assert_int_equal(cx->who->kind, WHO_NOBODY);
    close_house(cx);
}

static void last_seen_is_written_at_most_once_a_minute(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    assert_ok(cx, auth_login_party(cx, 42, S("Anna Holm"), ASSURANCE_LOW));
    struct str cookie = cookie_of(cx);
    int64_t before = db_stats(cx->db).writes;
    for (int i = 0; i < 59; i++) {
        cx->now_us += SECOND_US;
        assert_ok(cx, auth_begin(cx, cookie));
    }
    assert_int_equal(db_stats(cx->db).writes, before);
    cx->now_us += SECOND_US;
    assert_ok(cx, auth_begin(cx, cookie));
    assert_int_equal(db_stats(cx->db).writes, before + 1);
    close_house(cx);
}

static enum err keep(struct cx *cx, void *ctx)
{
    return auth_session_keep(cx, ctx);
}

static void an_anonymous_draft_finds_its_person(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    int64_t id = 0, again = 0;
    assert_err(cx, db_write(cx, keep, &id), ERR_CSRF);
    (void)auth_csrf_token(cx);
    assert_ok(cx, db_write(cx, keep, &id));
    assert_ok(cx, db_write(cx, keep, &again));
    assert_true(id > 0 && id == again);
    struct str cookie = cookie_of(cx);
    cx->now_us += 3 * HOUR_US; /* far beyond idle: a draft is not lost because one went to dinner */
    assert_ok(cx, auth_begin(cx, cookie));
    assert_int_equal(cx->who->kind, WHO_NOBODY);
    assert_int_equal(cx->who->session_id, id);
    assert_ok(cx, auth_login_party(cx, 42, S("Anna Holm"), ASSURANCE_LOW));
    assert_int_equal(auth_session_origin(cx), id);
    assert_ok(cx, auth_begin(cx, cookie_of(cx)));
    assert_int_equal(auth_session_origin(cx), id);
    close_house(cx);
}

static void csrf_belongs_to_the_browser(void **state)
{
    (void)state;
    struct cx *cx = open_house(), *other = test_cx_again(cx);
    assert_false(auth_csrf_ok(cx, S("")));
    struct str one = auth_csrf_token(cx), two = auth_csrf_token(cx);
    assert_false(str_eq(one, two)); /* masked anew each time */
    assert_true(auth_csrf_ok(cx, one) && auth_csrf_ok(cx, two));
    assert_ok(other, auth_begin(other, S("")));
    (void)auth_csrf_token(other);
    assert_false(auth_csrf_ok(other, one));
    char wrong[64];
    memcpy(wrong, one.p, 64);
    wrong[63] = wrong[63] == '0' ? '1' : '0';
    assert_false(auth_csrf_ok(cx, str_make(wrong, 64)));
    assert_false(auth_csrf_ok(cx, str_slice(one, 0, 63)));
    test_cx_free(other);
    close_house(cx);
}

static void employees_have_their_roles_and_units(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    struct auth_unit unit, other;
    assert_ok(cx, auth_unit_by_key(cx, S("hjaelpemidler"), &unit));
    assert_ok(cx, auth_unit_by_key(cx, S("dagtilbud"), &other));
    assert_str(unit.name, "Hjælpemiddelteamet");
    assert_ok(cx, auth_login_employee(cx, employee_id(cx, "inge"), ASSURANCE_HIGH));
    assert_ok(cx, auth_begin(cx, cookie_of(cx)));
    assert_int_equal(cx->who->kind, WHO_EMPLOYEE);
    assert_true(auth_has(cx->who, ROLE_LEADER));
    assert_false(auth_has(cx->who, ROLE_ADMIN));
    assert_int_equal(cx->who->acting_unit_id, unit.id);
    assert_str(cx->who->acting_unit_name, "Hjælpemiddelteamet");
    assert_true(auth_in_unit(cx->who, unit.id));
    assert_false(auth_in_unit(cx->who, other.id));
    assert_true(cx->who->party_id > 0);
    assert_err(cx, auth_act_for_unit(cx, other.id), ERR_FORBIDDEN);
    struct auth_employee *people;
    size_t n;
    assert_ok(cx, auth_employees_of_unit(cx, unit.id, &people, &n));
    assert_int_equal(n, 3);
    assert_str(people[0].name, "Bo Kjær");
    close_house(cx);
}

/* cx->muni without Bo and without its last unit. */
static void take_bo_away(struct cx *cx, struct municipality *m)
{
    *m = *cx->muni;
    m->units.n--;
    m->people.p = arena_array(cx->arena, struct municipality_person, m->people.n);
    m->people.n = 0;
    for (size_t i = 0; i < cx->muni->people.n; i++)
        if (!str_eq_z(cx->muni->people.p[i].key, "bo"))
            m->people.p[m->people.n++] = cx->muni->people.p[i];
    cx->muni = m;
}

static void one_who_has_left_is_nobody_at_once(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    assert_ok(cx, auth_login_employee(cx, employee_id(cx, "bo"), ASSURANCE_HIGH));
    struct str cookie = cookie_of(cx), lost = cx->muni->units.p[cx->muni->units.n - 1].key;
    struct municipality m;
    take_bo_away(cx, &m);
    assert_ok(cx, auth_sync(cx));
    assert_ok(cx, auth_begin(cx, cookie));
    assert_int_equal(cx->who->kind, WHO_NOBODY);
    const struct who *who;
    assert_err(cx, auth_employee_who(cx, employee_id(cx, "bo"), S(""), &who), ERR_NOT_FOUND);
    assert_ok(cx, auth_employee_who(cx, employee_id(cx, "inge"), S("hjaelpemidler"), &who));
    struct auth_unit unit, *units;
    size_t n;
    assert_ok(cx, auth_unit_by_key(cx, lost, &unit));
    assert_false(unit.active);
    assert_ok(cx, auth_units(cx, &units, &n));
    assert_int_equal(n, m.units.n);
    close_house(cx);
}

static void sweeping_takes_only_what_is_over(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    int64_t id;
    (void)auth_csrf_token(cx);
    assert_ok(cx, db_write(cx, keep, &id));
    struct str anonymous = cookie_of(cx);
    assert_ok(cx, auth_begin(cx, S("")));
    assert_ok(cx, auth_login_party(cx, 42, S("Anna Holm"), ASSURANCE_LOW));
    struct str citizen = cookie_of(cx);
    cx->now_us += 2 * HOUR_US; /* over, but whose it was is still known, to nobody who is logged in */
    struct auth_was was;
    bool found;
    assert_ok(cx, auth_sweep(cx));
    assert_ok(cx, auth_begin(cx, citizen));
    assert_int_equal(cx->who->kind, WHO_NOBODY);
    assert_ok(cx, auth_was(cx, &was, &found));
    assert_true(found && was.party_id == 42 && !was.employee_id);
    assert_ok(cx, auth_begin(cx, anonymous));
    assert_ok(cx, auth_was(cx, &was, &found));
    assert_false(found);
    cx->now_us += 11 * HOUR_US;
    assert_ok(cx, auth_sweep(cx));
    assert_ok(cx, auth_begin(cx, anonymous));
    assert_int_equal(cx->who->session_id, id);
    cx->now_us -= 13 * HOUR_US;
    assert_ok(cx, auth_begin(cx, citizen));
    assert_int_equal(cx->who->kind, WHO_NOBODY);
    close_house(cx);
}

static void next_stays_on_our_site(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    static const char *const bad[] = {"",
                                      "//evil.example",
                                      "/\\evil.example",
                                      "https://evil.example",
                                      "javascript:alert(1)",
                                      "/a\r\nSet-Cookie: x",
                                      "/a b",
                                      "mypage",
                                      "/x\\y",
                                      "/x\ty"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_str(auth_safe_next(cx, str_of(bad[i])), "/");
    assert_str(auth_safe_next(cx, S("/form/draft/1/2?x=y")), "/form/draft/1/2?x=y");
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stranger_is_nobody),
        cmocka_unit_test(a_citizen_is_known_by_the_cookie),
        cmocka_unit_test(the_table_holds_no_secret),
        cmocka_unit_test(login_makes_a_new_cookie),
        cmocka_unit_test(logout_ends_it),
        cmocka_unit_test(a_session_ends_when_idle_and_in_any_case),
        cmocka_unit_test(last_seen_is_written_at_most_once_a_minute),
        cmocka_unit_test(an_anonymous_draft_finds_its_person),
        cmocka_unit_test(csrf_belongs_to_the_browser),
        cmocka_unit_test(employees_have_their_roles_and_units),
        cmocka_unit_test(one_who_has_left_is_nobody_at_once),
        cmocka_unit_test(sweeping_takes_only_what_is_over),
        cmocka_unit_test(next_stays_on_our_site),
    };
    return test_each_engine("auth", tests);
}
