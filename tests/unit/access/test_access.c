/* The access log: what is written, and what the citizen sees. Both engines. */
#include "viewing.h"

#include <pthread.h>
#include <stdatomic.h>

#include "db/db.h"

static void a_view_is_written_with_its_reason(void **state)
{
    (void)state;
    struct cx *cx = viewing_house_new();
    struct q_access_seen *rows;
    assert_false(access_waiting(cx));
    viewing_note(cx, ANNA, "casefile", 5, false);
    viewing_note(cx, ANNA, "casefile", 5, false); /* twice on one page is once */
    assert_true(access_waiting(cx));
    assert_int_equal(viewing_seen_by(cx, ANNA, &rows), 0);
    assert_ok(cx, access_commit(cx));
    assert_false(access_waiting(cx));
    assert_int_equal(viewing_seen_by(cx, ANNA, &rows), 1);
    assert_str(rows[0].kind, "casefile");
    assert_str(rows[0].purpose, "Behandle ansøgningen");
    assert_str(rows[0].legal_basis, "Serviceloven § 112");
    assert_str(rows[0].casefile_no, "2026-000001");
    assert_int_equal(rows[0].viewer_id, 11);
    assert_int_equal(rows[0].roles, ROLE_CASEWORKER);
    assert_int_equal(rows[0].at_us, cx->now_us);
    assert_int_equal(rows[0].refused, 0);
    viewing_house_free(cx);
}

static void a_list_is_one_view_with_many_subjects(void **state)
{
    (void)state;
    struct cx *cx = viewing_house_new();
    struct q_access_seen *rows;
    int64_t before = db_stats(cx->db).writes;
    for (int64_t i = 0; i < 50; i++)
        viewing_note(cx, 1000 + i, "list", 0, false);
    viewing_note(cx, ANNA, "casefile", 5, false);
    assert_ok(cx, access_commit(cx));
    assert_int_equal(db_stats(cx->db).writes, before + 1);
    assert_int_equal(viewing_counts(cx).views, 2);
    assert_int_equal(viewing_counts(cx).subject_bytes, 51 * 25); /* nothing else holds them */
    assert_int_equal(viewing_counts(cx).index_rows, 0);
    assert_int_equal(viewing_seen_by(cx, 1049, &rows), 1);
    viewing_house_free(cx);
}

static void ones_own_data_leaves_no_row(void **state)
{
    (void)state;
    struct cx *cx = viewing_house_new();
    cx->who = &viewing_anna;
    viewing_note(cx, ANNA, "casefile", 5, false);
    assert_false(access_waiting(cx));
    cx->who = auth_system();
    viewing_note(cx, ANNA, "letter", 5, false);
    assert_false(access_waiting(cx));
    cx->who = &viewing_erik; /* another person does: a mandate, or an attempt */
    viewing_note(cx, ANNA, "casefile", 5, true);
    assert_ok(cx, access_commit(cx));
    struct q_access_seen *rows;
    assert_int_equal(viewing_seen_by(cx, ANNA, &rows), 1);
    assert_int_equal(rows[0].viewer_kind, WHO_PARTY);
    assert_int_equal(rows[0].refused, 1);
    viewing_house_free(cx);
}

/* A forged POST may change nothing, and yet that it saw something must be written. */
static void a_read_only_request_still_writes_its_rows(void **state)
{
    (void)state;
    struct cx *cx = viewing_house_new();
    db_set_read_only(cx);
    viewing_note(cx, ANNA, "casefile", 5, false);
    assert_ok(cx, access_commit(cx));
    assert_true(cx->read_only);
    assert_int_equal(viewing_counts(cx).views, 1);
    viewing_house_free(cx);
}

static enum err withhold(struct cx *cx, void *ctx)
{
    int64_t id;
    return access_withhold(cx, ctx, &id);
}

static void withheld_entries_wait_for_their_day(void **state)
{
    (void)state;
    struct cx *cx = viewing_house_new();
    struct q_access_seen *rows;
    viewing_see(cx, ANNA, "casefile", 5);
    viewing_see(cx, ANNA, "casefile", 6);
    viewing_see(cx, ERIK, "casefile", 5);
    struct access_withholding w = {.subject_party_id = ANNA,
                                   .casefile_id = 5,
                                   .legal_basis = S("Forvaltningsloven § 15 a"),
                                   .until_us = cx->now_us + DAY_US};
    assert_ok(cx, db_write_log(cx, withhold, &w));
    assert_int_equal(viewing_seen_by(cx, ANNA, &rows), 1);
    assert_int_equal(viewing_seen_by(cx, ERIK, &rows), 1);
    cx->now_us += DAY_US;
    assert_int_equal(viewing_seen_by(cx, ANNA, &rows), 2);
    w = (struct access_withholding){.subject_party_id = ANNA, .legal_basis = S("§"), .until_us = cx->now_us + DAY_US};
    assert_ok(cx, db_write_log(cx, withhold, &w));
    assert_int_equal(viewing_seen_by(cx, ANNA, &rows), 0);
    w.until_us = cx->now_us;
    assert_err(cx, db_write_log(cx, withhold, &w), ERR_INVALID);
    w = (struct access_withholding){.subject_party_id = ANNA, .legal_basis = S(""), .until_us = cx->now_us + DAY_US};
    assert_err(cx, db_write_log(cx, withhold, &w), ERR_INVALID);
    viewing_house_free(cx);
}

/* ---- The list: what has no seal yet, and the index ---- */

struct seen_ids {
    int64_t ids[400];
    size_t n;
};

/* Each view once, and newest first within a page. */
static void collect(struct seen_ids *all, const struct access_seen *page)
{
    for (size_t i = 0; i < page->rows.n; i++) {
        for (size_t k = 0; k < all->n; k++)
            assert_true(all->ids[k] != page->rows.p[i].id);
        assert_true(i == 0 || page->rows.p[i].at_us <= page->rows.p[i - 1].at_us);
        assert_true(all->n < 400);
        all->ids[all->n++] = page->rows.p[i].id;
    }
}

/* n views of Anna in as many cases of which two share a number; seals after every `every`. */
static void see_many(struct cx *cx, int n, int every)
{
    for (int i = 0; i < n; i++) {
        viewing_note(cx, ANNA, i % 10 ? "casefile" : "list", i % 10 ? 100 + i : 0, false);
        assert_ok(cx, access_commit(cx));
        cx->now_us += i % 3 ? SECOND_US : 0; /* some in the same microsecond */
        if (i % every == every - 1)
            assert_ok(cx, access_seal(cx));
    }
}

static void paging_loses_nothing(void **state)
{
    (void)state;
    struct cx *cx = viewing_house_new();
    see_many(cx, 200, 3);
    struct seen_ids all = {0};
    struct access_seen page = {0};
    int pages = 0;
    do {
        page = viewing_page(cx, ANNA, "", page.older, 7);
        collect(&all, &page);
        assert_true(page.rows.n >= 7 || !page.older);
        assert_true(page.rows.n < 20);
        pages++;
    } while (page.older);
    assert_int_equal(all.n, 200);
    assert_true(pages > 10);
    viewing_house_free(cx);
}

/* A page of the list of one case has what it can have, and there is no link to an empty one. */
static void paging_knows_its_end(void **state)
{
    (void)state;
    struct cx *cx = viewing_house_new();
    for (int i = 0; i < 4; i++) {
        viewing_see(cx, ANNA, "list", 0);
        assert_ok(cx, access_seal(cx));
    }
    see_many(cx, 60, 3); /* 6 lists, 54 views of cases, 20 batches */
    struct access_seen page = viewing_page(cx, ANNA, "2026-000001", 0, 9);
    struct seen_ids all = {0};
    for (; page.older; page = viewing_page(cx, ANNA, "2026-000001", page.older, 9)) {
        assert_true(page.rows.n >= 9);
        collect(&all, &page);
    }
    assert_true(page.rows.n > 0);
    collect(&all, &page);
    assert_int_equal(all.n, 54);
    page = viewing_page(cx, ANNA, "2026-000001", 0, 54);
    assert_int_equal(page.rows.n, 54);
    assert_int_equal(page.older, 0); /* what is older is of no case */
    for (page = viewing_page(cx, ANNA, "2026-000001", 0, 1); page.older;)
        page = viewing_page(cx, ANNA, "2026-000001", page.older, 1); /* to the last: below it are only lists */
    assert_true(page.rows.n > 0);
    page = viewing_page(cx, ANNA, "2026-999999", 0, 9);
    assert_int_equal(page.rows.n, 0);
    assert_int_equal(page.older, 0);
    viewing_house_free(cx);
}

/* Between two pages the unsealed views of the first get their seal, and new ones come. */
static void sealing_between_two_pages_moves_nothing(void **state)
{
    (void)state;
    for (int unsealed = 0; unsealed <= 40; unsealed += 8) {
        struct cx *cx = viewing_house_new();
        see_many(cx, 40 - unsealed, 4);
        see_many(cx, unsealed, INT32_MAX);
        struct seen_ids all = {0};
        struct access_seen page = viewing_page(cx, ANNA, "", 0, 8);
        collect(&all, &page);
        assert_true(page.rows.n >= (size_t)unsealed);
        for (int late = 0; page.older; late++) {
            viewing_see(cx, ANNA, "letter", 5);
            if (late % 2 == 0)
                assert_ok(cx, access_seal(cx));
            page = viewing_page(cx, ANNA, "", page.older, 8);
            for (size_t i = 0; i < page.rows.n; i++)
                assert_true(!str_eq_z(page.rows.p[i].kind, "letter"));
            collect(&all, &page);
        }
        assert_int_equal(all.n, 40);
        viewing_house_free(cx);
    }
}

/* Somebody whose id stands in the column, but across the entries of two others. */
static void bytes_are_not_a_person(void **state)
{
    (void)state;
    struct cx *cx = viewing_house_new();
    struct q_access_seen *rows;
    struct buf b = buf_make(cx->arena);
    struct q_access_view_add_in view = {.at_us = cx->now_us,
                                        .viewer_kind = WHO_EMPLOYEE,
                                        .viewer_id = 11,
                                        .kind = S("list"),
                                        .purpose = S("x"),
                                        .legal_basis = S(""),
                                        .casefile_no = S(""),
                                        .request_id = S("1"),
                                        .salt = S("2")};
    struct access_subject s = {.party_id = ERIK};
    s.salt[15] = 1; /* reads on as 1, then the 1 and the id of the next */
    access_subject_put(&b, &s);
    access_subject_put(&b, &(struct access_subject){.party_id = DAGNY});
    view.subjects = buf_str(&b);
    assert_ok(cx, access_store(cx, &view, 1));
    int64_t nobody = 1 | (int64_t)DAGNY << 8;
    assert_true(str_find(view.subjects, access_subject_begin(cx, nobody), 0) < view.subjects.n);
    for (int sealed = 0; sealed < 2; sealed++) {
        assert_int_equal(viewing_seen_by(cx, nobody, &rows), 0);
        assert_int_equal(viewing_seen_by(cx, ERIK, &rows), 1);
        assert_int_equal(viewing_seen_by(cx, DAGNY, &rows), 1);
        assert_ok(cx, access_seal(cx));
    }
    viewing_house_free(cx);
}

static void the_filter_has_the_cases_of_both(void **state)
{
    (void)state;
    struct cx *cx = viewing_house_new();
    struct q_access_seen_cases *cases;
    size_t n;
    viewing_see(cx, ANNA, "casefile", 5);
    assert_ok(cx, access_seal(cx));
    access_note(cx, &(struct access_entry){.subject_party_id = ANNA,
                                           .casefile_id = 6,
                                           .casefile_no = S("2026-000002"),
                                           .kind = S("casefile"),
                                           .purpose = S("x")});
    assert_ok(cx, access_commit(cx));
    for (int sealed = 0; sealed < 2; sealed++) {
        assert_ok(cx, access_seen_cases_of(cx, ANNA, &cases, &n));
        assert_int_equal(n, 2);
        assert_str(cases[0].casefile_no, "2026-000002");
        assert_str(cases[1].casefile_no, "2026-000001");
        assert_ok(cx, access_seen_cases_of(cx, ERIK, &cases, &n));
        assert_int_equal(n, 0);
        assert_ok(cx, access_seal(cx));
    }
    viewing_house_free(cx);
}

/* In one microsecond there are about a thousand ids: whoever meets one that is taken takes another. */
static void a_taken_id_is_no_failure(void **state)
{
    (void)state;
    struct cx *cx = viewing_house_new();
    int64_t now_us = cx->now_us;
    for (int i = 0; i < 100; i++) {
        viewing_see(cx, ANNA, "casefile", 5 + i);
        cx->now_us = now_us;
    }
    assert_int_equal(viewing_counts(cx).views, 100);
    viewing_house_free(cx);
}

/* A queue that many look at: its fifty people have one row each for the whole batch. */
static void sealing_groups_by_person(void **state)
{
    (void)state;
    struct cx *cx = viewing_house_new();
    struct q_access_seen *rows;
    for (int k = 0; k < 20; k++) {
        for (int64_t i = 0; i < 50; i++)
            viewing_note(cx, 1000 + (i * 7 + k) % 50, "list", 0, false);
        assert_ok(cx, access_commit(cx));
        cx->now_us += SECOND_US;
    }
    assert_ok(cx, access_seal(cx));
    assert_int_equal(viewing_counts(cx).index_rows, 50);
    assert_int_equal(viewing_seen_by(cx, 1049, &rows), 20);
    for (int i = 1; i < 20; i++)
        assert_true(rows[i].at_us < rows[i - 1].at_us);
    viewing_house_free(cx);
}

/* ---- Several at once ---- */

struct seer {
    struct cx *cx;
    atomic_int seen, done;
};

static void *see_and_seal(void *p)
{
    struct seer *s = p;
    for (int i = 0; i < 120; i++) {
        viewing_note(s->cx, ANNA, "casefile", i, false);
        if (access_commit(s->cx))
            break;
        atomic_fetch_add(&s->seen, 1);
        s->cx->now_us += 1000;
        if (i % 2 && access_seal(s->cx))
            break;
    }
    atomic_store(&s->done, 1);
    return NULL;
}

/* Whatever is being sealed while she reads: all that was there when she began is there once. */
static void the_list_is_whole_while_others_seal(void **state)
{
    (void)state;
    struct cx *cx = viewing_house_new();
    struct seer s = {.cx = test_cx_again(cx)};
    pthread_t thread;
    s.cx->data_dir = NULL;
    pthread_create(&thread, NULL, see_and_seal, &s);
    while (!atomic_load(&s.done)) {
        struct arena_mark mark = arena_mark(cx->arena);
        size_t at_least = (size_t)atomic_load(&s.seen);
        struct seen_ids all = {0};
        struct access_seen page = viewing_page(cx, ANNA, "", 0, 400);
        collect(&all, &page);
        assert_true(all.n >= at_least);
        arena_reset(cx->arena, mark);
    }
    pthread_join(thread, NULL);
    assert_int_equal(s.seen, 120);
    test_cx_free(s.cx);
    viewing_house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_view_is_written_with_its_reason),
        cmocka_unit_test(a_list_is_one_view_with_many_subjects),
        cmocka_unit_test(ones_own_data_leaves_no_row),
        cmocka_unit_test(a_read_only_request_still_writes_its_rows),
        cmocka_unit_test(withheld_entries_wait_for_their_day),
        cmocka_unit_test(paging_loses_nothing),
        cmocka_unit_test(paging_knows_its_end),
        cmocka_unit_test(sealing_between_two_pages_moves_nothing),
        cmocka_unit_test(bytes_are_not_a_person),
        cmocka_unit_test(the_filter_has_the_cases_of_both),
        cmocka_unit_test(a_taken_id_is_no_failure),
        cmocka_unit_test(sealing_groups_by_person),
        cmocka_unit_test(the_list_is_whole_while_others_seal),
    };
    return test_each_engine("access", tests);
}
