#include "viewing.h"

#include "keys/keys.h"

static const int64_t units[] = {7};
const struct who viewing_bo = {.kind = WHO_EMPLOYEE,
                               .employee_id = 11,
                               .party_id = 900,
                               .roles = ROLE_CASEWORKER,
                               .unit_ids = units,
                               .n_units = 1,
                               .acting_unit_id = 7};
const struct who viewing_anna = {.kind = WHO_PARTY, .party_id = ANNA};
const struct who viewing_erik = {.kind = WHO_PARTY, .party_id = ERIK};

struct cx *viewing_house_new(void)
{
    struct cx *cx = test_cx_db(NULL, 0);
    assert_ok(cx, keys_open(cx, str_fmt(cx->arena, "%s/keys", test_folder(cx)), true, &cx->keys));
    cx->data_dir = test_folder(cx);
    cx->who = &viewing_bo;
    return cx;
}

void viewing_house_free(struct cx *cx)
{
    keys_close(cx->keys);
    test_cx_free(cx);
}

void viewing_note(struct cx *cx, int64_t party, const char *kind, int64_t casefile, bool refused)
{
    access_note(cx, &(struct access_entry){.subject_party_id = party,
                                           .casefile_id = casefile,
                                           .casefile_no = casefile ? S("2026-000001") : S(""),
                                           .kind = str_of(kind),
                                           .purpose = S("Behandle ansøgningen"),
                                           .legal_basis = S("Serviceloven § 112"),
                                           .refused = refused});
}

void viewing_see(struct cx *cx, int64_t party, const char *kind, int64_t casefile)
{
    viewing_note(cx, party, kind, casefile, false);
    assert_ok(cx, access_commit(cx));
    cx->now_us += SECOND_US;
}

struct q_tamper_counts viewing_counts(struct cx *cx)
{
    struct q_tamper_counts c;
    assert_ok(cx, q_tamper_counts(cx, &c));
    return c;
}

struct access_seen viewing_page(struct cx *cx, int64_t party, const char *casefile_no, int64_t before, size_t max)
{
    struct access_seen seen;
    struct access_query q = {party, str_of(casefile_no), before, max};
    assert_ok(cx, access_seen_of(cx, &q, &seen));
    return seen;
}

size_t viewing_seen_by(struct cx *cx, int64_t party, struct q_access_seen **rows)
{
    struct access_seen seen = viewing_page(cx, party, "", 0, 100);
    assert_int_equal(seen.older, 0);
    *rows = seen.rows.p;
    return seen.rows.n;
}
