/* The seals of the access log: no change of a sealed row goes unseen, but for a lawful erasure. Both engines. */
#include "viewing.h"

#include <pthread.h>

#include "db/db.h"
#include "keys/keys.h"

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
        viewing_see(cx, i % 2 ? ERIK : ANNA, "casefile", 5);
        viewing_seen_by(cx, i % 2 ? ERIK : ANNA, &rows);
        ids[i] = rows[0].id;
        if (i % 2)
            assert_ok(cx, access_seal(cx));
    }
}

static void whole_log_verifies(void **state)
{
    (void)state;
    struct cx *cx = viewing_house_new();
    int64_t ids[6];
    assert_int_equal(verify(cx).faults, 0);
    assert_ok(cx, access_seal(cx)); /* nothing to seal: no batch */
    assert_int_equal(verify(cx).batches, 0);
    seal_three(cx, ids);
    int64_t since = cx->now_us;
    viewing_see(cx, ANNA, "letter", 5);
    struct access_report r = verify(cx);
    assert_str(r.first_fault, "");
    assert_int_equal(r.faults, 0);
    assert_int_equal(r.batches, 3);
    assert_int_equal(r.sealed, 6);
    assert_int_equal(r.unsealed, 1);
    assert_int_equal(r.oldest_unsealed_us, since);
    viewing_house_free(cx);
}

static void many_rows_make_full_batches(void **state)
{
    (void)state;
    struct cx *cx = viewing_house_new();
    for (int i = 0; i < 2401; i++) {
        viewing_note(cx, ANNA, "casefile", 10 + i, false);
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
    viewing_house_free(cx);
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
static enum err append_subjects(struct cx *cx, int64_t id, struct str more)
{
    struct q_tamper_subjects_of was;
    enum err e = q_tamper_subjects_of(cx, id, &was);
    return e ? e : q_tamper_subjects(cx, id, str_cat(cx->arena, was.subjects, more));
}
static enum err add_subject(struct cx *cx, const int64_t *ids)
{
    struct buf b = buf_make(cx->arena);
    access_subject_put(&b, &(struct access_subject){.party_id = DAGNY});
    return append_subjects(cx, ids[2], buf_str(&b));
}
static enum err scribble(struct cx *cx, const int64_t *ids)
{
    return append_subjects(cx, ids[2], S("\1some"));
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
        struct cx *cx = viewing_house_new();
        int64_t ids[6];
        seal_three(cx, ids);
        viewing_see(cx, DAGNY, "person", 0);
        assert_int_equal(verify(cx).faults, 0);
        struct deed d = {&crimes[i], ids};
        assert_ok(cx, db_write_log(cx, write_crime, &d));
        struct access_report r = verify(cx);
        if (!r.faults || str_find(r.first_fault, str_of(crimes[i].found), 0) == r.first_fault.n)
            fail_msg("%s: %lld faults, first: %.*s", crimes[i].name, (long long)r.faults, STR_ARG(r.first_fault));
        viewing_house_free(cx);
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
    struct cx *cx = viewing_house_new();
    int64_t ids[6];
    seal_three(cx, ids);
    struct crime c = {"forge all", "", forge_all};
    assert_ok(cx, db_write_log(cx, write_crime, &(struct deed){&c, ids}));
    assert_str(verify(cx).first_fault, "batch 3: the signature is not ours");
    viewing_house_free(cx);
}

/* A dropped batch is sealed again under its old number: the exported file remembers, and is not overwritten. */
static void what_was_exported_is_never_unsaid(void **state)
{
    (void)state;
    struct cx *cx = viewing_house_new();
    int64_t ids[6];
    seal_three(cx, ids);
    struct crime c = {"drop", "", drop_last_batch};
    assert_ok(cx, db_write_log(cx, write_crime, &(struct deed){&c, ids}));
    cx->now_us += SECOND_US;
    assert_err(cx, access_seal(cx), ERR_CONFLICT);
    struct access_report r = verify(cx);
    assert_true(r.faults > 0);
    assert_true(str_find(r.first_fault, S("batch 3 is not the one that was exported"), 0) < r.first_fault.n);
    viewing_house_free(cx);
}

/* A process died after sealing and before its file; the next one lives days later. */
static void a_day_is_exported_however_late(void **state)
{
    (void)state;
    struct cx *cx = viewing_house_new();
    day_t day = (day_t)(cx->now_us / DAY_US);
    cx->data_dir = NULL;
    viewing_see(cx, ANNA, "casefile", 5);
    assert_ok(cx, access_seal(cx));
    cx->data_dir = test_folder(cx);
    cx->now_us += 3 * DAY_US;
    viewing_see(cx, ANNA, "casefile", 5);
    assert_ok(cx, access_seal(cx));
    struct str early = test_read_file(cx, str_z(cx->arena, access_seal_file(cx, day)));
    struct str late = test_read_file(cx, str_z(cx->arena, access_seal_file(cx, day + 3)));
    assert_true(str_find(early, S("\n1 2026-"), 0) < early.n);
    assert_true(str_find(late, S("\n2 2026-"), 0) < late.n);
    assert_true(str_find(late, S("\n1 2026-"), 0) == late.n);
    assert_int_equal(verify(cx).faults, 0);
    viewing_house_free(cx);
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
    struct cx *cx = viewing_house_new();
    struct q_access_seen *rows;
    int64_t ids[6];
    seal_three(cx, ids);
    viewing_note(cx, ANNA, "list", 0, false); /* a list of two: Erik stays */
    viewing_note(cx, ERIK, "list", 0, false);
    assert_ok(cx, access_commit(cx));
    cx->now_us += SECOND_US;
    assert_ok(cx, access_seal(cx));
    viewing_see(cx, ANNA, "letter", 5);
    assert_ok(cx, db_write_log(cx, erase, &(struct erasure){ANNA, cx->now_us - SECOND_US}));
    assert_int_equal(viewing_seen_by(cx, ANNA, &rows), 1); /* the newest is kept */
    assert_int_equal(viewing_seen_by(cx, ERIK, &rows), 4);
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
    viewing_house_free(cx);
}

/* What has no seal yet is erased too, sealed afterwards, and the index never hears of it. */
static void erasure_reaches_what_is_not_sealed(void **state)
{
    (void)state;
    struct cx *cx = viewing_house_new();
    struct q_access_seen *rows;
    viewing_note(cx, ANNA, "list", 0, false);
    viewing_note(cx, ERIK, "list", 0, false);
    assert_ok(cx, access_commit(cx));
    cx->now_us += SECOND_US;
    viewing_see(cx, ANNA, "casefile", 5);
    assert_ok(cx, db_write_log(cx, erase, &(struct erasure){ANNA, cx->now_us}));
    assert_int_equal(viewing_seen_by(cx, ANNA, &rows), 0);
    assert_int_equal(viewing_seen_by(cx, ERIK, &rows), 1);
    assert_ok(cx, access_seal(cx));
    assert_int_equal(viewing_seen_by(cx, ANNA, &rows), 0);
    assert_int_equal(viewing_seen_by(cx, ERIK, &rows), 1);
    assert_int_equal(viewing_counts(cx).index_rows, 1);
    struct access_report r = verify(cx);
    assert_str(r.first_fault, "");
    assert_int_equal(r.erased, 1);
    viewing_house_free(cx);
}

/* Of one batch the older views go and the younger stay, in the index as in the views; nothing is left of the person. */
static void erasure_halves_an_index_row(void **state)
{
    (void)state;
    struct cx *cx = viewing_house_new();
    struct q_access_seen *rows;
    for (int i = 0; i < 6; i++)
        viewing_see(cx, ANNA, "casefile", 5 + i);
    assert_ok(cx, access_seal(cx));
    assert_ok(cx, db_write_log(cx, erase, &(struct erasure){ANNA, cx->now_us - 2 * SECOND_US}));
    assert_int_equal(viewing_seen_by(cx, ANNA, &rows), 2);
    assert_int_equal(viewing_counts(cx).index_rows, 1);
    assert_str(verify(cx).first_fault, "");
    assert_ok(cx, db_write_log(cx, erase, &(struct erasure){ANNA, cx->now_us}));
    assert_int_equal(viewing_seen_by(cx, ANNA, &rows), 0);
    assert_int_equal(viewing_counts(cx).index_rows, 0);
    struct access_report r = verify(cx);
    assert_str(r.first_fault, "");
    assert_int_equal(r.erased, 6);
    struct q_access_unsealed_about *left;
    size_t n;
    assert_ok(cx, q_access_unsealed_about(cx, access_subject_begin(cx, ANNA), &left, &n));
    assert_int_equal(n, 0);
    viewing_house_free(cx);
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
            viewing_note(w->cx, ANNA + i % 3, "casefile", i, false);
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
    struct cx *cx = viewing_house_new();
    struct worker workers[SEERS + SEALERS];
    pthread_t threads[SEERS + SEALERS];
    for (int i = 0; i < SEERS + SEALERS; i++) {
        workers[i] = (struct worker){.cx = test_cx_again(cx), .sees = i < SEERS ? ROUNDS : 15, .seals = i >= SEERS};
        workers[i].cx->keys = cx->keys;
        workers[i].cx->who = &viewing_bo;
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
    viewing_house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
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
    };
    return test_each_engine("access_seal", tests);
}
