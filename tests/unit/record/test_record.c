/* The archive: numbers without gaps, guards, systemIDs, verify. */
#include "../casefile/house.h"

#include <pthread.h>

#include "attack_store.h"

#include "files/files.h"

struct numbering {
    int64_t casefile_id, reg_id;
    bool fail_after;
};

static enum err write_note(struct cx *cx, void *ctx)
{
    struct numbering *n = ctx;
    struct file_ref text = {.hash = hash_of(S("hej")), .size = 3, .bytes = S("hej"), .fresh = true};
    int64_t doc;
    struct auth_unit unit;
    enum err e = auth_unit_by_key(cx, S("hjaelpemidler"), &unit);
    if (!e)
        e = record_open_casefile(cx,
                                 &(struct record_casefile_new){.title = S("Prøve"),
                                                               .public_title = S("Prøve"),
                                                               .class_key = S("00.01.00"),
                                                               .class_title = S("Prøver"),
                                                               .unit_id = unit.id,
                                                               .retention = S("keep"),
                                                               .access_code = S(""),
                                                               .access_basis = S("")},
                                 &n->casefile_id);
    if (!e)
        e = record_register(cx,
                            &(struct record_registration_new){.casefile_id = n->casefile_id,
                                                              .kind = RECORD_NOTE,
                                                              .title = S("Notat"),
                                                              .unit_id = unit.id,
                                                              .access_code = S(""),
                                                              .access_basis = S("")},
                            &n->reg_id);
    if (!e)
        e = record_add_document(cx, n->reg_id,
                                &(struct record_document_new){.title = S("Notat"),
                                                              .kind = S("note"),
                                                              .file_name = S("notat.txt"),
                                                              .mime = S("text/plain"),
                                                              .variant = RECORD_PRODUCTION,
                                                              .file = text},
                                &doc);
    if (!e)
        e = record_finish(cx, n->reg_id);
    if (!e)
        e = record_number_casefile(cx, n->casefile_id);
    if (!e)
        e = record_number(cx, n->reg_id);
    return e || !n->fail_after ? e : fail(cx, ERR_CONFLICT, "as planned");
}

static void numbered(struct cx *cx, const struct numbering *n, int year, int seq)
{
    struct q_attack_casefile_no no;
    struct record_registration r;
    assert_ok(cx, q_attack_casefile_no(cx, n->casefile_id, &no));
    assert_int_equal(no.year, year);
    assert_int_equal(no.seq, seq);
    assert_ok(cx, record_registration_get(cx, n->reg_id, &r));
    assert_str(r.journal_no, str_z(cx->arena, str_fmt(cx->arena, "%d-%d", year, seq)));
}

static enum err number_casefile(struct cx *cx, void *ctx)
{
    return record_number_casefile(cx, *(const int64_t *)ctx);
}

static enum err number_registration(struct cx *cx, void *ctx)
{
    return record_number(cx, *(const int64_t *)ctx);
}

/* Nobody waits for the answer to a number: that it cannot be given comes out at the commit, and none is used up. */
static enum err number_at_once(struct cx *cx, void *ctx)
{
    db_commit_at_once(cx);
    return number_registration(cx, ctx);
}

static void numbers_have_no_gaps(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct record_faults faults;
    for (int i = 1; i <= 6; i++) {
        struct numbering n = {.fail_after = i % 2 == 0};
        assert_int_equal(db_write(cx, write_note, &n), n.fail_after ? ERR_CONFLICT : ERR_OK);
        if (n.fail_after)
            continue;
        assert_err(cx, db_write(cx, number_casefile, &n.casefile_id), ERR_INVALID);
        assert_err(cx, db_write(cx, number_casefile, &(int64_t){1}), ERR_INVALID);
        assert_err(cx, db_write(cx, number_registration, &n.reg_id), ERR_LAW);
        assert_err(cx, db_write(cx, number_registration, &(int64_t){1}), ERR_INVALID);
        assert_err(cx, db_write(cx, number_at_once, &n.reg_id), ERR_LAW);
        numbered(cx, &n, 2026, (i + 1) / 2);
    }
    house_later(cx, 351 * DAY_US); /* 2027-01-01 12:00 */
    struct numbering n = {0};
    assert_ok(cx, db_write(cx, write_note, &n));
    numbered(cx, &n, 2027, 1);
    assert_ok(cx, record_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 0);
    house_free(cx);
}

static void *prepare_once(void *p)
{
    struct cx *cx = p;
    struct record_class_new class = {S("00.01.00"), S("Prøver")};
    assert_ok(cx, record_prepare(cx, S("Fjordby Kommune"), &class, 1));
    return NULL;
}

/* Several processes that start at once make one archive. */
static void one_archive(void **state)
{
    (void)state;
    struct cx *cx = test_cx_db(NULL, 0), *other[4];
    pthread_t thread[4];
    struct q_attack_archives n;
    cx->who = auth_system();
    for (int i = 0; i < 4; i++) {
        other[i] = test_cx_again(cx);
        assert_int_equal(pthread_create(&thread[i], NULL, prepare_once, other[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(thread[i], NULL);
        test_cx_free(other[i]);
    }
    assert_ok(cx, q_attack_archives(cx, &n));
    assert_int_equal(n.fonds, 1);
    assert_int_equal(n.series, 1);
    assert_int_equal(n.classes, 1);
    test_cx_free(cx);
}

static int asked;
static enum err refuse_closing(struct cx *cx, enum record_op op, int64_t id)
{
    (void)id;
    asked++;
    return op == RECORD_CLOSE ? fail(cx, ERR_LAW, "LAW 5: not yet") : ERR_OK;
}

static enum err close_record(struct cx *cx, void *ctx)
{
    return record_close_casefile(cx, *(int64_t *)ctx);
}

static enum err hollow(struct cx *cx, void *ctx)
{
    struct numbering *n = ctx;
    struct record_registration r;
    int64_t id;
    enum err e = record_registration_get(cx, n->reg_id, &r);
    if (!e)
        e = record_register(cx,
                            &(struct record_registration_new){.casefile_id = n->casefile_id,
                                                              .kind = RECORD_NOTE,
                                                              .title = S("Tomt"),
                                                              .unit_id = r.unit_id,
                                                              .access_code = S(""),
                                                              .access_basis = S("")},
                            &id);
    return e ? e : record_finish(cx, id);
}

/* Last in the list: a guard stays registered. */
static void guards_are_asked(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct numbering n = {0};
    assert_ok(cx, db_write(cx, write_note, &n));
    assert_err(cx, db_write(cx, hollow, &n), ERR_LAW); /* nothing is finished without a document */
    record_register_guard(refuse_closing);
    record_register_guard(refuse_closing);
    asked = 0;
    assert_err(cx, db_write(cx, close_record, &n.casefile_id), ERR_LAW);
    assert_true(asked > 0);
    house_free(cx);
}

static void every_thing_has_a_systemid(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct str fonds = S("0f8fad5b-d9cb-469f-a165-70867728950e");
    struct str a = record_uuid(cx, fonds, RECORD_UUID_CASEFILE, 1),
               b = record_uuid(cx, fonds, RECORD_UUID_REGISTRATION, 1),
               c = record_uuid(cx, fonds, RECORD_UUID_CASEFILE, 9007199254740991);
    assert_int_equal(a.n, 36);
    assert_int_equal(a.p[14], '8'); /* RFC 9562: version 8 */
    assert_true(a.p[19] == '8' || a.p[19] == '9' || a.p[19] == 'a' || a.p[19] == 'b');
    assert_false(str_eq(a, b));
    assert_false(str_eq(a, c));
    assert_str(a, str_z(cx->arena, record_uuid(cx, fonds, RECORD_UUID_CASEFILE, 1)));
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_no_gaps),
        cmocka_unit_test(one_archive),
        cmocka_unit_test(every_thing_has_a_systemid),
        cmocka_unit_test(guards_are_asked),
    };
    return test_each_engine("record", tests);
}
