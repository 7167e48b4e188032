/* The access log: what is written, what the citizen sees, and that no change of a sealed row goes unseen. Both engines.
 */
#include "support.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "access/access_internal.h"
#include "auth/auth.h"
#include "db/db.h"
#include "keys/keys.h"
#include "tamper_store.h"

enum { ANNA = 101, ERIK = 102, DAGNY = 103 };

static const int64_t units[] = {7};
static const struct who bo = {.kind = WHO_EMPLOYEE,
                              .employee_id = 11,
                              .party_id = 900,
                              .roles = ROLE_CASEWORKER,
                              .unit_ids = units,
                              .n_units = 1,
                              .acting_unit_id = 7};
static const struct who anna = {.kind = WHO_PARTY, .party_id = ANNA};
static const struct who erik = {.kind = WHO_PARTY, .party_id = ERIK};

static struct cx *open_house(void)
{
    struct cx *cx = test_cx_db(NULL, 0);
    assert_ok(cx, keys_open(cx, str_fmt(cx->arena, "%s/keys", test_folder(cx)), true, &cx->keys));
    cx->data_dir = test_folder(cx);
    cx->who = &bo;
    return cx;
}

static void close_house(struct cx *cx)
{
    keys_close(cx->keys);
    test_cx_free(cx);
}

static void note(struct cx *cx, int64_t party, const char *kind, int64_t casefile, bool refused)
{
    access_note(cx, &(struct access_entry){.subject_party_id = party,
                                           .casefile_id = casefile,
                                           .casefile_no = casefile ? S("2026-000001") : S(""),
                                           .kind = str_of(kind),
                                           .purpose = S("Behandle ansøgningen"),
                                           .legal_basis = S("Serviceloven § 112"),
                                           .refused = refused});
}

static void see(struct cx *cx, int64_t party, const char *kind, int64_t casefile)
{
    note(cx, party, kind, casefile, false);
    assert_ok(cx, access_commit(cx));
    cx->now_us += SECOND_US;
}

static struct q_tamper_counts counts(struct cx *cx)
{
    struct q_tamper_counts c;
    assert_ok(cx, q_tamper_counts(cx, &c));
    return c;
}

/* A page of the citizen's list, the newest when before is 0; max: about so many rows. */
static struct access_seen page_of(struct cx *cx, int64_t party, const char *casefile_no, int64_t before, size_t max)
{
    struct access_seen seen;
    struct access_query q = {party, str_of(casefile_no), before, max};
    assert_ok(cx, access_seen_of(cx, &q, &seen));
    return seen;
}

static size_t seen_by(struct cx *cx, int64_t party, struct q_access_seen **rows)
{
    struct access_seen seen = page_of(cx, party, "", 0, 100);
    assert_int_equal(seen.older, 0);
    *rows = seen.rows.p;
    return seen.rows.n;
}

static void a_view_is_written_with_its_reason(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    struct q_access_seen *rows;
    assert_false(access_waiting(cx));
    note(cx, ANNA, "casefile", 5, false);
    note(cx, ANNA, "casefile", 5, false); /* twice on one page is once */
    assert_true(access_waiting(cx));
    assert_int_equal(seen_by(cx, ANNA, &rows), 0);
    assert_ok(cx, access_commit(cx));
    assert_false(access_waiting(cx));
    assert_int_equal(seen_by(cx, ANNA, &rows), 1);
    assert_str(rows[0].kind, "casefile");
    assert_str(rows[0].purpose, "Behandle ansøgningen");
    assert_str(rows[0].legal_basis, "Serviceloven § 112");
    assert_str(rows[0].casefile_no, "2026-000001");
    assert_int_equal(rows[0].viewer_id, 11);
    assert_int_equal(rows[0].roles, ROLE_CASEWORKER);
    assert_int_equal(rows[0].at_us, cx->now_us);
    assert_int_equal(rows[0].refused, 0);
    close_house(cx);
}

static void a_list_is_one_view_with_many_subjects(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    struct q_access_seen *rows;
    int64_t before = db_stats(cx->db).writes;
    for (int64_t i = 0; i < 50; i++)
        note(cx, 1000 + i, "list", 0, false);
    note(cx, ANNA, "casefile", 5, false);
    assert_ok(cx, access_commit(cx));
    assert_int_equal(db_stats(cx->db).writes, before + 1);
    assert_int_equal(counts(cx).views, 2);
    assert_int_equal(counts(cx).subject_bytes, 51 * 25); /* nothing else holds them */
    assert_int_equal(counts(cx).index_rows, 0);
    assert_int_equal(seen_by(cx, 1049, &rows), 1);
    close_house(cx);
}

static void ones_own_data_leaves_no_row(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    cx->who = &anna;
    note(cx, ANNA, "casefile", 5, false);
    assert_false(access_waiting(cx));
    cx->who = auth_system();
    note(cx, ANNA, "letter", 5, false);
    assert_false(access_waiting(cx));
    cx->who = &erik; /* another person does: a mandate, or an attempt */
    note(cx, ANNA, "casefile", 5, true);
    assert_ok(cx, access_commit(cx));
    struct q_access_seen *rows;
    assert_int_equal(seen_by(cx, ANNA, &rows), 1);
    assert_int_equal(rows[0].viewer_kind, WHO_PARTY);
    assert_int_equal(rows[0].refused, 1);
    close_house(cx);
}

/* A forged POST may change nothing, and yet that it saw something must be written. */
static void a_read_only_request_still_writes_its_rows(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    db_set_read_only(cx);
    note(cx, ANNA, "casefile", 5, false);
    assert_ok(cx, access_commit(cx));
    assert_true(cx->read_only);
    assert_int_equal(counts(cx).views, 1);
    close_house(cx);
}

static enum err withhold(struct cx *cx, void *ctx)
{
    int64_t id;
    return access_withhold(cx, ctx, &id);
}

static void withheld_entries_wait_for_their_day(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    struct q_access_seen *rows;
    see(cx, ANNA, "casefile", 5);
    see(cx, ANNA, "casefile", 6);
    see(cx, ERIK, "casefile", 5);
    struct access_withholding w = {.subject_party_id = ANNA,
                                   .casefile_id = 5,
                                   .legal_basis = S("Forvaltningsloven § 15 a"),
                                   .until_us = cx->now_us + DAY_US};
    assert_ok(cx, db_write_log(cx, withhold, &w));
    assert_int_equal(seen_by(cx, ANNA, &rows), 1);
    assert_int_equal(seen_by(cx, ERIK, &rows), 1);
    cx->now_us += DAY_US;
    assert_int_equal(seen_by(cx, ANNA, &rows), 2);
    w = (struct access_withholding){.subject_party_id = ANNA, .legal_basis = S("§"), .until_us = cx->now_us + DAY_US};
    assert_ok(cx, db_write_log(cx, withhold, &w));
    assert_int_equal(seen_by(cx, ANNA, &rows), 0);
    w.until_us = cx->now_us;
    assert_err(cx, db_write_log(cx, withhold, &w), ERR_INVALID);
    w = (struct access_withholding){.subject_party_id = ANNA, .legal_basis = S(""), .until_us = cx->now_us + DAY_US};
    assert_err(cx, db_write_log(cx, withhold, &w), ERR_INVALID);
    close_house(cx);
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
        note(cx, ANNA, i % 10 ? "casefile" : "list", i % 10 ? 100 + i : 0, false);
        assert_ok(cx, access_commit(cx));
        cx->now_us += i % 3 ? SECOND_US : 0; /* some in the same microsecond */
        if (i % every == every - 1)
            assert_ok(cx, access_seal(cx));
    }
}

static void paging_loses_nothing(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    see_many(cx, 200, 3);
    struct seen_ids all = {0};
    struct access_seen page = {0};
    int pages = 0;
    do {
        page = page_of(cx, ANNA, "", page.older, 7);
        collect(&all, &page);
        assert_true(page.rows.n >= 7 || !page.older);
        assert_true(page.rows.n < 20);
        pages++;
    } while (page.older);
    assert_int_equal(all.n, 200);
    assert_true(pages > 10);
    close_house(cx);
}

/* A page of the list of one case has what it can have, and there is no link to an empty one. */
static void paging_knows_its_end(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    for (int i = 0; i < 4; i++) {
        see(cx, ANNA, "list", 0);
        assert_ok(cx, access_seal(cx));
    }
    see_many(cx, 60, 3); /* 6 lists, 54 views of cases, 20 batches */
    struct access_seen page = page_of(cx, ANNA, "2026-000001", 0, 9);
    struct seen_ids all = {0};
    for (; page.older; page = page_of(cx, ANNA, "2026-000001", page.older, 9)) {
        assert_true(page.rows.n >= 9);
        collect(&all, &page);
    }
    assert_true(page.rows.n > 0);
    collect(&all, &page);
    assert_int_equal(all.n, 54);
    page = page_of(cx, ANNA, "2026-000001", 0, 54);
    assert_int_equal(page.rows.n, 54);
    assert_int_equal(page.older, 0); /* what is older is of no case */
    for (page = page_of(cx, ANNA, "2026-000001", 0, 1); page.older;)
        page = page_of(cx, ANNA, "2026-000001", page.older, 1); /* to the last: below it are only lists */
    assert_true(page.rows.n > 0);
    page = page_of(cx, ANNA, "2026-999999", 0, 9);
    assert_int_equal(page.rows.n, 0);
    assert_int_equal(page.older, 0);
    close_house(cx);
}

/* Between two pages the unsealed views of the first get their seal, and new ones come. */
static void sealing_between_two_pages_moves_nothing(void **state)
{
    (void)state;
    for (int unsealed = 0; unsealed <= 40; unsealed += 8) {
        struct cx *cx = open_house();
        see_many(cx, 40 - unsealed, 4);
        see_many(cx, unsealed, INT32_MAX);
        struct seen_ids all = {0};
        struct access_seen page = page_of(cx, ANNA, "", 0, 8);
        collect(&all, &page);
        assert_true(page.rows.n >= (size_t)unsealed);
        for (int late = 0; page.older; late++) {
            see(cx, ANNA, "letter", 5);
            if (late % 2 == 0)
                assert_ok(cx, access_seal(cx));
            page = page_of(cx, ANNA, "", page.older, 8);
            for (size_t i = 0; i < page.rows.n; i++)
                assert_true(!str_eq_z(page.rows.p[i].kind, "letter"));
            collect(&all, &page);
        }
        assert_int_equal(all.n, 40);
        close_house(cx);
    }
}

/* Somebody whose id stands in the column, but across the entries of two others. */
static void bytes_are_not_a_person(void **state)
{
    (void)state;
    struct cx *cx = open_house();
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
        assert_int_equal(seen_by(cx, nobody, &rows), 0);
        assert_int_equal(seen_by(cx, ERIK, &rows), 1);
        assert_int_equal(seen_by(cx, DAGNY, &rows), 1);
        assert_ok(cx, access_seal(cx));
    }
    close_house(cx);
}

static void the_filter_has_the_cases_of_both(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    struct q_access_seen_cases *cases;
    size_t n;
    see(cx, ANNA, "casefile", 5);
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
    close_house(cx);
}

/* In one microsecond there are about a thousand ids: whoever meets one that is taken takes another. */
static void a_taken_id_is_no_failure(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    int64_t now_us = cx->now_us;
    for (int i = 0; i < 100; i++) {
        see(cx, ANNA, "casefile", 5 + i);
        cx->now_us = now_us;
    }
    assert_int_equal(counts(cx).views, 100);
    close_house(cx);
}

/* A queue that many look at: its fifty people have one row each for the whole batch. */
static void sealing_groups_by_person(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    struct q_access_seen *rows;
    for (int k = 0; k < 20; k++) {
        for (int64_t i = 0; i < 50; i++)
            note(cx, 1000 + (i * 7 + k) % 50, "list", 0, false);
        assert_ok(cx, access_commit(cx));
        cx->now_us += SECOND_US;
    }
    assert_ok(cx, access_seal(cx));
    assert_int_equal(counts(cx).index_rows, 50);
    assert_int_equal(seen_by(cx, 1049, &rows), 20);
    for (int i = 1; i < 20; i++)
        assert_true(rows[i].at_us < rows[i - 1].at_us);
    close_house(cx);
}

/* ---- Seals ---- */

static struct access_report verify(struct cx *cx)
{
    struct access_report r;
    assert_ok(cx, access_verify(cx, &r));
    return r;
}

/* Three batches: views 0 … 5 of Anna and Erik, two a batch; ids in the order they were seen. */
static void seal_three(struct cx *cx, int64_t ids[6])
{
    for (int i = 0; i < 6; i++) {
        struct q_access_seen *rows;
        see(cx, i % 2 ? ERIK : ANNA, "casefile", 5);
        seen_by(cx, i % 2 ? ERIK : ANNA, &rows);
        ids[i] = rows[0].id;
        if (i % 2)
            assert_ok(cx, access_seal(cx));
    }
}

static void whole_log_verifies(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    int64_t ids[6];
    assert_int_equal(verify(cx).faults, 0);
    assert_ok(cx, access_seal(cx)); /* nothing to seal: no batch */
    assert_int_equal(verify(cx).batches, 0);
    seal_three(cx, ids);
    int64_t since = cx->now_us;
    see(cx, ANNA, "letter", 5);
    struct access_report r = verify(cx);
    assert_str(r.first_fault, "");
    assert_int_equal(r.faults, 0);
    assert_int_equal(r.batches, 3);
    assert_int_equal(r.sealed, 6);
    assert_int_equal(r.unsealed, 1);
    assert_int_equal(r.oldest_unsealed_us, since);
    close_house(cx);
}

static void many_rows_make_full_batches(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    for (int i = 0; i < 2401; i++) {
        note(cx, ANNA, "casefile", 10 + i, false);
        if (i % 800 == 0)
            assert_ok(cx, access_commit(cx));
    }
    assert_ok(cx, access_commit(cx));
    assert_ok(cx, access_seal(cx));
    struct access_report r = verify(cx);
    assert_str(r.first_fault, "");
    assert_int_equal(r.sealed, 2401);
    assert_int_equal(r.batches, 3);
    assert_int_equal(r.unsealed, 0);
    close_house(cx);
}

struct crime {
    const char *name, *found;
    enum err (*commit)(struct cx *cx, const int64_t *ids);
};

static struct str zeros(struct cx *cx)
{
    return access_hash_str(cx, (struct hash){0});
}

static enum err change_row(struct cx *cx, const int64_t *ids)
{
    return q_tamper_view(cx, ids[2], 12);
}
static enum err delete_row(struct cx *cx, const int64_t *ids)
{
    enum err e = q_tamper_index_gone(cx, ANNA, 2);
    return e ? e : q_tamper_view_gone(cx, ids[2]);
}
static enum err delete_row_and_leaf(struct cx *cx, const int64_t *ids)
{
    enum err e = delete_row(cx, ids);
    return e ? e : q_tamper_leaf_gone(cx, ids[2]);
}
static enum err hide_subject(struct cx *cx, const int64_t *ids)
{
    enum err e = q_tamper_index_gone(cx, ANNA, 2);
    return e ? e : q_tamper_subjects(cx, ids[2], S(""));
}
static enum err swap_subject(struct cx *cx, const int64_t *ids)
{
    struct q_tamper_subjects_of was;
    struct buf b = buf_make(cx->arena);
    struct access_subject s;
    enum err e = q_tamper_subjects_of(cx, ids[2], &was);
    if (e || !access_subject_next(&was.subjects, &s))
        return e ? e : ERR_INTERNAL;
    s.party_id = DAGNY;
    access_subject_put(&b, &s);
    return q_tamper_subjects(cx, ids[2], buf_str(&b));
}
static enum err add_subject(struct cx *cx, const int64_t *ids)
{
    struct q_tamper_subjects_of was;
    struct buf b = buf_make(cx->arena);
    enum err e = q_tamper_subjects_of(cx, ids[2], &was);
    if (e)
        return e;
    buf_add(&b, was.subjects);
    access_subject_put(&b, &(struct access_subject){.party_id = DAGNY});
    return q_tamper_subjects(cx, ids[2], buf_str(&b));
}
static enum err scribble(struct cx *cx, const int64_t *ids)
{
    struct q_tamper_subjects_of was;
    struct buf b = buf_make(cx->arena);
    enum err e = q_tamper_subjects_of(cx, ids[2], &was);
    if (e)
        return e;
    buf_add(&b, was.subjects);
    buf_add(&b, S("\1some"));
    return q_tamper_subjects(cx, ids[2], buf_str(&b));
}
/* All as access_erase does it, but that no row says so. */
static enum err erase_unsaid(struct cx *cx, const int64_t *ids)
{
    struct q_tamper_subjects_of was;
    struct buf b = buf_make(cx->arena);
    struct access_subject s;
    enum err e = q_tamper_subjects_of(cx, ids[2], &was);
    if (e || !access_subject_next(&was.subjects, &s))
        return e ? e : ERR_INTERNAL;
    s.commitment = access_commitment(ids[2], 0, &s);
    s.erased = true;
    access_subject_put(&b, &s);
    e = q_tamper_index_gone(cx, ANNA, 2);
    return e ? e : q_tamper_subjects(cx, ids[2], buf_str(&b));
}
static enum err pretend_erasure(struct cx *cx, const int64_t *ids)
{
    enum err e = erase_unsaid(cx, ids);
    return e ? e : q_tamper_blank(cx, ids[2]);
}
static enum err blank_only(struct cx *cx, const int64_t *ids)
{
    return q_tamper_blank(cx, ids[2]);
}
static enum err hide_in_index(struct cx *cx, const int64_t *ids)
{
    (void)ids;
    return q_tamper_index_gone(cx, ANNA, 2);
}
static enum err change_index(struct cx *cx, const int64_t *ids)
{
    struct buf b = buf_make(cx->arena);
    access_put_i64(&b, ids[0]);
    return q_tamper_index(cx, ANNA, 2, buf_str(&b));
}
static enum err invent_index(struct cx *cx, const int64_t *ids)
{
    struct buf b = buf_make(cx->arena);
    access_put_i64(&b, ids[2]);
    return q_tamper_index_add(cx, DAGNY, 2, buf_str(&b));
}
static enum err stray_index(struct cx *cx, const int64_t *ids)
{
    struct buf b = buf_make(cx->arena);
    access_put_i64(&b, ids[2]);
    return q_tamper_index_add(cx, ANNA, 99, buf_str(&b));
}
static enum err reorder(struct cx *cx, const int64_t *ids)
{
    (void)ids;
    enum err e = q_tamper_pos(cx, 2, 0, 9);
    if (!e)
        e = q_tamper_pos(cx, 2, 1, 0);
    return e ? e : q_tamper_pos(cx, 2, 9, 1);
}
static enum err new_leaf_hash(struct cx *cx, const int64_t *ids)
{
    return q_tamper_leaf_hash(cx, ids[2], zeros(cx));
}
static enum err drop_batch(struct cx *cx, const int64_t *ids)
{
    (void)ids;
    enum err e = q_tamper_unseal(cx, 2);
    if (!e)
        e = q_tamper_leaves_gone(cx, 2);
    return e ? e : q_tamper_batch_gone(cx, 2);
}
static enum err drop_last_batch(struct cx *cx, const int64_t *ids)
{
    (void)ids;
    enum err e = q_tamper_unseal(cx, 3);
    if (!e)
        e = q_tamper_leaves_gone(cx, 3);
    if (!e)
        e = q_tamper_index_of_batch_gone(cx, 3);
    return e ? e : q_tamper_batch_gone(cx, 3);
}
static enum err new_root(struct cx *cx, const int64_t *ids)
{
    (void)ids;
    return q_tamper_root(cx, 2, zeros(cx));
}
/* The fraud changes a row and computes leaf, root and head of the last batch rightly, but has not the key. */
static enum err forge_head(struct cx *cx, const int64_t *ids)
{
    (void)ids;
    struct q_access_batches *b;
    size_t n;
    enum err e = q_access_batches(cx, 1, 2, &b, &n);
    if (e)
        return e;
    struct hash head = access_head(access_hash_of(b[0].head), 3, b[1].at_us, b[1].n, access_hash_of(b[1].root));
    head.b[0] ^= 1;
    return q_tamper_head(cx, 3, b[1].root, access_hash_str(cx, head), b[1].signature);
}
static enum err claim_sealed(struct cx *cx, const int64_t *ids)
{
    (void)ids;
    struct q_access_unsealed *rows;
    size_t n;
    enum err e = q_access_unsealed(cx, 1, &rows, &n);
    return e ? e : q_tamper_sealed_flag(cx, rows[0].id);
}

static const struct crime crimes[] = {
    {"change a row", "batch 2, row", change_row},
    {"delete a row", "the row is gone", delete_row},
    {"delete a row and its leaf", "batch 2: it has 1 leaves, and says 2", delete_row_and_leaf},
    {"delete a subject", "the row was changed after it was sealed", hide_subject},
    {"another subject", "the row was changed after it was sealed", swap_subject},
    {"add a subject", "the row was changed after it was sealed", add_subject},
    {"scribble in the subjects", "after subject 1 stands what is none", scribble},
    {"erase unsaid", "its subject 0 is gone without an erasure", erase_unsaid},
    {"pretend erasure", "gone without an erasure", pretend_erasure},
    {"blank a row", "says it was erased, and no erasure names it", blank_only},
    {"hide in the index", "batch 2: the index by person has nothing of person 101", hide_in_index},
    {"change the index", "batch 2: the index by person has other views of person 101", change_index},
    {"invent in the index", "batch 2: nothing explains what the index by person has of person 103", invent_index},
    {"an index of no batch", "1 rows of the index by person are of no batch", stray_index},
    {"reorder", "batch 2: the root is not that of its leaves", reorder},
    {"another leaf", "was changed after it was sealed", new_leaf_hash},
    {"drop a batch", "batch 2 is gone", drop_batch},
    {"drop the last batch", "batch 3 was exported, and is not in the database", drop_last_batch},
    {"another root", "batch 2: the root is not that of its leaves", new_root},
    {"forge a head", "batch 3: the head does not follow", forge_head},
    {"claim to be sealed", "are in no batch", claim_sealed},
};

struct deed {
    const struct crime *crime;
    const int64_t *ids;
};

static enum err write_crime(struct cx *cx, void *ctx)
{
    const struct deed *d = ctx;
    return d->crime->commit(cx, d->ids);
}

static void every_change_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof crimes / sizeof *crimes; i++) {
        struct cx *cx = open_house();
        int64_t ids[6];
        seal_three(cx, ids);
        see(cx, DAGNY, "person", 0);
        assert_int_equal(verify(cx).faults, 0);
        struct deed d = {&crimes[i], ids};
        assert_ok(cx, db_write_log(cx, write_crime, &d));
        struct access_report r = verify(cx);
        if (!r.faults || str_find(r.first_fault, str_of(crimes[i].found), 0) == r.first_fault.n)
            fail_msg("%s: %lld faults, first: %.*s", crimes[i].name, (long long)r.faults, STR_ARG(r.first_fault));
        close_house(cx);
    }
}

/* Everything computed anew by one who has not the signing key: only the signature tells. */
static enum err forge_all(struct cx *cx, const int64_t *ids)
{
    (void)ids;
    struct q_access_batches *b;
    size_t n;
    enum err e = q_access_batches(cx, 1, 2, &b, &n);
    if (e)
        return e;
    struct hash root = access_hash_of(b[1].root);
    struct hash head = access_head(access_hash_of(b[0].head), 3, b[1].at_us, b[1].n, root);
    struct str signature = str_dup(cx->arena, b[1].signature);
    ((char *)(uintptr_t)signature.p)[5] ^= 1;
    return q_tamper_head(cx, 3, b[1].root, access_hash_str(cx, head), signature);
}

static void a_signature_without_the_key_is_found(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    int64_t ids[6];
    seal_three(cx, ids);
    struct crime c = {"forge all", "", forge_all};
    assert_ok(cx, db_write_log(cx, write_crime, &(struct deed){&c, ids}));
    assert_str(verify(cx).first_fault, "batch 3: the signature is not ours");
    close_house(cx);
}

/* A dropped batch is sealed again under its old number: the exported file remembers, and is not overwritten. */
static void what_was_exported_is_never_unsaid(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    int64_t ids[6];
    seal_three(cx, ids);
    struct crime c = {"drop", "", drop_last_batch};
    assert_ok(cx, db_write_log(cx, write_crime, &(struct deed){&c, ids}));
    cx->now_us += SECOND_US;
    assert_err(cx, access_seal(cx), ERR_CONFLICT);
    struct access_report r = verify(cx);
    assert_true(r.faults > 0);
    assert_true(str_find(r.first_fault, S("batch 3 is not the one that was exported"), 0) < r.first_fault.n);
    close_house(cx);
}

/* A process died after sealing and before its file; the next one lives days later. */
static void a_day_is_exported_however_late(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    day_t day = (day_t)(cx->now_us / DAY_US);
    cx->data_dir = NULL;
    see(cx, ANNA, "casefile", 5);
    assert_ok(cx, access_seal(cx));
    cx->data_dir = test_folder(cx);
    cx->now_us += 3 * DAY_US;
    see(cx, ANNA, "casefile", 5);
    assert_ok(cx, access_seal(cx));
    struct str early = test_read_file(cx, str_z(cx->arena, access_seal_file(cx, day)));
    struct str late = test_read_file(cx, str_z(cx->arena, access_seal_file(cx, day + 3)));
    assert_true(str_find(early, S("\n1 2026-"), 0) < early.n);
    assert_true(str_find(late, S("\n2 2026-"), 0) < late.n);
    assert_true(str_find(late, S("\n1 2026-"), 0) == late.n);
    assert_int_equal(verify(cx).faults, 0);
    close_house(cx);
}

struct erasure {
    int64_t party, before_us;
};

static enum err erase(struct cx *cx, void *ctx)
{
    const struct erasure *x = ctx;
    return access_erase(cx, x->party, x->before_us, S("Databeskyttelsesforordningen artikel 5, stk. 1, litra e"));
}

static void lawful_erasure_keeps_verifying(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    struct q_access_seen *rows;
    int64_t ids[6];
    seal_three(cx, ids);
    note(cx, ANNA, "list", 0, false); /* a list of two: Erik stays */
    note(cx, ERIK, "list", 0, false);
    assert_ok(cx, access_commit(cx));
    cx->now_us += SECOND_US;
    assert_ok(cx, access_seal(cx));
    see(cx, ANNA, "letter", 5);
    assert_ok(cx, db_write_log(cx, erase, &(struct erasure){ANNA, cx->now_us - SECOND_US}));
    assert_int_equal(seen_by(cx, ANNA, &rows), 1); /* the newest is kept */
    assert_int_equal(seen_by(cx, ERIK, &rows), 4);
    struct access_report r = verify(cx);
    assert_str(r.first_fault, "");
    assert_int_equal(r.erased, 3);
    assert_ok(cx, access_seal(cx)); /* the erasure itself is sealed */
    r = verify(cx);
    assert_str(r.first_fault, "");
    assert_int_equal(r.unsealed, 0);
    assert_ok(cx, db_write_log(cx, erase, &(struct erasure){ERIK, cx->now_us}));
    r = verify(cx);
    assert_str(r.first_fault, "");
    assert_int_equal(r.erased, 7); /* the list is blank now too */
    close_house(cx);
}

/* What has no seal yet is erased too, sealed afterwards, and the index never hears of it. */
static void erasure_reaches_what_is_not_sealed(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    struct q_access_seen *rows;
    note(cx, ANNA, "list", 0, false);
    note(cx, ERIK, "list", 0, false);
    assert_ok(cx, access_commit(cx));
    cx->now_us += SECOND_US;
    see(cx, ANNA, "casefile", 5);
    assert_ok(cx, db_write_log(cx, erase, &(struct erasure){ANNA, cx->now_us}));
    assert_int_equal(seen_by(cx, ANNA, &rows), 0);
    assert_int_equal(seen_by(cx, ERIK, &rows), 1);
    assert_ok(cx, access_seal(cx));
    assert_int_equal(seen_by(cx, ANNA, &rows), 0);
    assert_int_equal(seen_by(cx, ERIK, &rows), 1);
    assert_int_equal(counts(cx).index_rows, 1);
    struct access_report r = verify(cx);
    assert_str(r.first_fault, "");
    assert_int_equal(r.erased, 1);
    close_house(cx);
}

/* Of one batch the older views go and the younger stay, in the index as in the views; nothing is left of the person. */
static void erasure_halves_an_index_row(void **state)
{
    (void)state;
    struct cx *cx = open_house();
    struct q_access_seen *rows;
    for (int i = 0; i < 6; i++)
        see(cx, ANNA, "casefile", 5 + i);
    assert_ok(cx, access_seal(cx));
    assert_ok(cx, db_write_log(cx, erase, &(struct erasure){ANNA, cx->now_us - 2 * SECOND_US}));
    assert_int_equal(seen_by(cx, ANNA, &rows), 2);
    assert_int_equal(counts(cx).index_rows, 1);
    assert_str(verify(cx).first_fault, "");
    assert_ok(cx, db_write_log(cx, erase, &(struct erasure){ANNA, cx->now_us}));
    assert_int_equal(seen_by(cx, ANNA, &rows), 0);
    assert_int_equal(counts(cx).index_rows, 0);
    struct access_report r = verify(cx);
    assert_str(r.first_fault, "");
    assert_int_equal(r.erased, 6);
    struct q_access_unsealed_about *left;
    size_t n;
    assert_ok(cx, q_access_unsealed_about(cx, access_subject_begin(cx, ANNA), &left, &n));
    assert_int_equal(n, 0);
    close_house(cx);
}

/* ---- Several at once ---- */

struct worker {
    struct cx *cx;
    int sees;
    bool seals, ok;
};

static void *work(void *p)
{
    struct worker *w = p;
    w->ok = true;
    for (int i = 0; w->ok && i < w->sees; i++) {
        enum err e;
        if (w->seals) {
            e = access_seal(w->cx);
        } else {
            w->cx->now_us += 1000; /* as requests are */
            note(w->cx, ANNA + i % 3, "casefile", i, false);
            e = access_commit(w->cx);
        }
        if (e)
            print_error("%s: %.*s\n", err_name(e), STR_ARG(w->cx->fail.detail));
        w->ok = !e;
    }
    return NULL;
}

static void no_row_is_lost_between_sealers(void **state)
{
    (void)state;
    enum { SEERS = 4, SEALERS = 2, ROUNDS = 60 };
    struct cx *cx = open_house();
    struct worker workers[SEERS + SEALERS];
    pthread_t threads[SEERS + SEALERS];
    for (int i = 0; i < SEERS + SEALERS; i++) {
        workers[i] = (struct worker){.cx = test_cx_again(cx), .sees = i < SEERS ? ROUNDS : 15, .seals = i >= SEERS};
        workers[i].cx->keys = cx->keys;
        workers[i].cx->who = &bo;
        workers[i].cx->data_dir = NULL;
        pthread_create(&threads[i], NULL, work, &workers[i]);
    }
    for (int i = 0; i < SEERS + SEALERS; i++) {
        pthread_join(threads[i], NULL);
        assert_true(workers[i].ok);
        test_cx_free(workers[i].cx);
    }
    assert_ok(cx, access_seal(cx));
    struct access_report r = verify(cx);
    assert_str(r.first_fault, "");
    assert_int_equal(r.sealed, SEERS * ROUNDS);
    assert_int_equal(r.unsealed, 0);
    close_house(cx);
}

struct seer {
    struct cx *cx;
    atomic_int seen, done;
};

static void *see_and_seal(void *p)
{
    struct seer *s = p;
    for (int i = 0; i < 120; i++) {
        note(s->cx, ANNA, "casefile", i, false);
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
    struct cx *cx = open_house();
    struct seer s = {.cx = test_cx_again(cx)};
    pthread_t thread;
    s.cx->data_dir = NULL;
    pthread_create(&thread, NULL, see_and_seal, &s);
    while (!atomic_load(&s.done)) {
        struct arena_mark mark = arena_mark(cx->arena);
        size_t at_least = (size_t)atomic_load(&s.seen);
        struct seen_ids all = {0};
        struct access_seen page = page_of(cx, ANNA, "", 0, 400);
        collect(&all, &page);
        assert_true(all.n >= at_least);
        arena_reset(cx->arena, mark);
    }
    pthread_join(thread, NULL);
    assert_int_equal(s.seen, 120);
    test_cx_free(s.cx);
    close_house(cx);
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
        cmocka_unit_test(whole_log_verifies),
        cmocka_unit_test(many_rows_make_full_batches),
        cmocka_unit_test(every_change_is_found),
        cmocka_unit_test(a_signature_without_the_key_is_found),
        cmocka_unit_test(what_was_exported_is_never_unsaid),
        cmocka_unit_test(a_day_is_exported_however_late),
        cmocka_unit_test(lawful_erasure_keeps_verifying),
        cmocka_unit_test(erasure_reaches_what_is_not_sealed),
        cmocka_unit_test(erasure_halves_an_index_row),
        cmocka_unit_test(no_row_is_lost_between_sealers),
        cmocka_unit_test(the_list_is_whole_while_others_seal),
    };
    return test_each_engine("access", tests);
}
