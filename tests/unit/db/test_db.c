#include "support.h"

#include "db/db.h"
#include "test_store.h"

extern const struct db_migrations migrations_test;
static const struct db_migrations *const modules[] = {&migrations_test};

static struct hash some_hash(int64_t id)
{
    return hash_of(str_make((const char *)&id, sizeof id));
}

static enum err add(struct cx *cx, int64_t id, struct str name)
{
    return q_test_add(cx, &(struct q_test_add_in){.id = id, .name = name, .hash = some_hash(id)});
}

struct want {
    int64_t id;
    const char *name;
    enum err end; /* what the function returns after it has written */
};

static enum err add_one(struct cx *cx, void *ctx)
{
    const struct want *w = ctx;
    enum err e = add(cx, w->id, str_of(w->name));
    return e ? e : w->end ? fail(cx, w->end, "on purpose") : ERR_OK;
}

static int64_t count(struct cx *cx)
{
    struct q_test_count c;
    assert_ok(cx, q_test_count(cx, &c));
    return c.n;
}

static enum err add_full(struct cx *cx, void *ctx)
{
    (void)ctx;
    enum err e = q_test_add(cx, &(struct q_test_add_in){.id = 7,
                                                        .name = S("Stol ’Å’"),
                                                        .note = S(""),
                                                        .weight = {true, 2.5},
                                                        .picture = {"\0\xff", 2},
                                                        .hash = some_hash(7),
                                                        .seen = true});
    return e ? e : add(cx, INT64_MIN, S("bord"));
}

static void keeps_every_type(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct q_test_get row;
    (void)state;
    assert_ok(cx, db_write(cx, add_full, NULL));
    assert_ok(cx, q_test_get(cx, 7, &row));
    assert_str(row.name, "Stol ’Å’");
    assert_non_null(row.note.p);
    assert_int_equal(row.note.n, 0);
    assert_true(row.weight.set && row.weight.v > 2.4 && row.weight.v < 2.6);
    assert_int_equal(row.picture.n, 2);
    assert_memory_equal(row.picture.p, "\0\xff", 2);
    assert_true(hash_eq(row.hash, some_hash(7)));
    assert_true(row.seen);
    assert_ok(cx, q_test_get(cx, INT64_MIN, &row));
    assert_null(row.note.p);
    assert_null(row.picture.p);
    assert_false(row.weight.set || row.seen);
    assert_err(cx, q_test_get(cx, 8, &row), ERR_NOT_FOUND);
    bool found = true;
    struct q_test_find find;
    assert_ok(cx, q_test_find(cx, S("skab"), &find, &found));
    assert_false(found);
    test_cx_free(cx);
}

static void a_failing_function_leaves_nothing(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    (void)state;
    assert_ok(cx, db_write(cx, add_one, &(struct want){1, "stol", ERR_OK}));
    assert_err(cx, db_write(cx, add_one, &(struct want){2, "bord", ERR_CONFLICT}), ERR_CONFLICT);
    assert_str(cx->fail.detail, "on purpose");
    assert_err(cx, db_write(cx, add_one, &(struct want){2, "stol", ERR_OK}), ERR_DUPLICATE);
    assert_err(cx, db_write(cx, add_one, &(struct want){1, "bord", ERR_OK}), ERR_DUPLICATE);
    assert_err(cx, db_write(cx, add_one, &(struct want){3, "evil", ERR_OK}), ERR_LAW);
    assert_int_equal(count(cx), 1);
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_every_type),
        cmocka_unit_test(a_failing_function_leaves_nothing),
    };
    return test_each_engine("db", tests);
}
