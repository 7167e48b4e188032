#include "support.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/db.h"
#include "keys/keys.h"
#include "test_store.h"

extern const struct db_migrations migrations_keys, migrations_test;
static const struct db_migrations *const modules[] = {&migrations_keys, &migrations_test};

static struct str key_path(struct cx *cx)
{
    return str_fmt(cx->arena, "%s/keys", test_folder(cx));
}

static struct cx *cx_with_keys(struct keys **ret)
{
    struct cx *cx = test_cx_db(modules, 2);
    assert_ok(cx, keys_open(cx, key_path(cx), true, ret));
    return cx;
}

static void sealed_text_comes_back(void **state)
{
    struct keys *k;
    struct cx *cx = cx_with_keys(&k);
    struct str a, b, plain;
    (void)state;
    assert_ok(cx, keys_seal_text(cx, S("610180-1234"), &a));
    assert_ok(cx, keys_seal_text(cx, S("610180-1234"), &b));
    assert_false(str_eq(a, b));
    assert_int_equal(str_find(a, S("1234"), 0), a.n);
    assert_ok(cx, keys_open_text(cx, a, &plain));
    assert_str(plain, "610180-1234");
    assert_ok(cx, keys_seal_text(cx, S(""), &a));
    assert_ok(cx, keys_open_text(cx, a, &plain));
    assert_int_equal(plain.n, 0);
    keys_close(k);
    test_cx_free(cx);
}

static void a_changed_blob_is_refused(void **state)
{
    struct keys *k;
    struct cx *cx = cx_with_keys(&k);
    struct str blob, plain;
    (void)state;
    assert_ok(cx, keys_seal_text(cx, S("610180-1234"), &blob));
    for (size_t i = 0; i < blob.n; i++) { /* each byte counts: version, id, nonce, text, tag */
        struct str bad = str_dup(cx->arena, blob);
        ((char *)(uintptr_t)bad.p)[i] ^= 1;
        assert_int_not_equal(keys_open_text(cx, bad, &plain), ERR_OK);
    }
    for (size_t n = 0; n < blob.n; n++)
        assert_int_not_equal(keys_open_text(cx, str_slice(blob, 0, n), &plain), ERR_OK);
    keys_close(k);
    test_cx_free(cx);
}

static void look_up_and_signatures(void **state)
{
    struct keys *k;
    struct cx *cx = cx_with_keys(&k);
    struct str sig;
    (void)state;
    assert_true(hash_eq(keys_lookup(cx, S("idno"), S("1")), keys_lookup(cx, S("idno"), S("1"))));
    assert_false(hash_eq(keys_lookup(cx, S("idno"), S("1")), keys_lookup(cx, S("token"), S("1"))));
    assert_false(hash_eq(keys_lookup(cx, S("idno"), S("1")), keys_lookup(cx, S("idn"), S("o1"))));
    assert_ok(cx, keys_sign(cx, S("head 1"), &sig));
    assert_int_equal(sig.n, 64);
    assert_true(keys_verify(cx, S("head 1"), sig));
    assert_true(keys_verify_with(keys_public(cx), S("head 1"), sig));
    assert_false(keys_verify(cx, S("head 2"), sig));
    assert_false(keys_verify(cx, S("head 1"), str_slice(sig, 0, 63)));
    keys_close(k);
    test_cx_free(cx);
}

static void the_same_file_opens_again_and_another_does_not(void **state)
{
    struct keys *k, *again;
    struct cx *cx = cx_with_keys(&k);
    struct str blob, plain, path = key_path(cx);
    struct stat st;
    (void)state;
    assert_ok(cx, keys_seal_text(cx, S("x"), &blob));
    assert_int_equal(stat(path.p, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_ok(cx, keys_open(cx, path, false, &again));
    assert_ok(cx, keys_open_text(cx, blob, &plain));
    keys_close(again);
    cx->keys = k;

    struct str aside = str_fmt(cx->arena, "%s/aside", test_folder(cx));
    rename(path.p, aside.p);
    assert_err(cx, keys_open(cx, path, true, &again), ERR_CONFIG); /* missing: not made anew for a used database */
    assert_true(str_find(cx->fail.detail, S("put it back"), 0) < cx->fail.detail.n);
    assert_err(cx, keys_open(cx, path, false, &again), ERR_CONFIG);

    struct cx *other = test_cx_db(modules, 2); /* another installation's file */
    struct keys *others;
    assert_ok(other, keys_open(other, path, true, &others));
    assert_err(cx, keys_open(cx, path, true, &again), ERR_CONFIG);
    assert_true(str_find(cx->fail.detail, S("is not the key file of this database"), 0) < cx->fail.detail.n);
    assert_ptr_equal(cx->keys, k);
    keys_close(others);
    test_cx_free(other);
    keys_close(k);
    test_cx_free(cx);
}

static void write_text(const char *path, struct str text, mode_t mode)
{
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
    assert_int_equal(write(fd, text.p, text.n), text.n);
    fchmod(fd, mode);
    close(fd);
}

static void a_bad_file_is_named_with_its_line(void **state)
{
    struct keys *k, *again;
    struct cx *cx = cx_with_keys(&k);
    struct str path = key_path(cx), good = str_dup(cx->arena, test_read_file(cx, path.p));
    (void)state;
    write_text(path.p, good, 0644);
    assert_err(cx, keys_open(cx, path, false, &again), ERR_CONFIG);
    assert_true(str_find(cx->fail.detail, S("chmod 600"), 0) < cx->fail.detail.n);
    for (size_t n = 0; n + 1 < good.n; n += 7) { /* cut anywhere */
        write_text(path.p, str_slice(good, 0, n), 0600);
        assert_int_not_equal(keys_open(cx, path, false, &again), ERR_OK);
    }
    write_text(path.p, S("indgang keys 1\nlookup 00\n"), 0600);
    assert_err(cx, keys_open(cx, path, false, &again), ERR_CONFIG);
    assert_true(str_find(cx->fail.detail, S("keys:2:"), 0) < cx->fail.detail.n);
    static const char *const words[] = {"\nlookup ", "\nsign ", "\nseal 1 "};
    for (int i = 0; i < 3; i++) { /* one key of the three another */
        struct str bad = str_dup(cx->arena, good);
        size_t at = str_find(bad, str_of(words[i]), 0) + strlen(words[i]);
        ((char *)(uintptr_t)bad.p)[at] = bad.p[at] == '0' ? '1' : '0';
        write_text(path.p, bad, 0600);
        assert_err(cx, keys_open(cx, path, false, &again), ERR_CONFIG);
        assert_true(str_find(cx->fail.detail, S("differs"), 0) < cx->fail.detail.n);
    }
    write_text(path.p, good, 0600);
    assert_ok(cx, keys_open(cx, path, false, &again));
    keys_close(again);
    keys_close(k);
    test_cx_free(cx);
}

/* ---- rotation: the notes of the things are sealed ---- */
static enum err add_sealed(struct cx *cx, void *ctx)
{
    const int64_t *id = ctx;
    struct str blob;
    enum err e = keys_seal_text(cx, str_fmt(cx->arena, "idno %d", (int)*id), &blob);
    if (e)
        return e;
    return q_test_add(cx,
                      &(struct q_test_add_in){.id = *id, .name = str_fmt(cx->arena, "%d", (int)*id), .picture = blob});
}

static enum err reseal_things(struct cx *cx, struct keys_batch *batch)
{
    struct q_test_pictures *rows = NULL;
    size_t n = 0;
    enum err e = q_test_pictures(cx, batch->after, batch->limit, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        struct str blob;
        bool changed = false;
        e = keys_reseal_text(cx, rows[i].picture, &blob, &changed);
        if (!e && changed)
            e = q_test_picture_set(cx, rows[i].id, blob);
        batch->last = rows[i].id;
    }
    batch->more = n == (size_t)batch->limit;
    return e;
}

static enum err interrupted(struct cx *cx, struct keys_batch *batch)
{
    return batch->after == INT64_MIN ? reseal_things(cx, batch) : fail(cx, ERR_IO, "pulled the plug");
}

static void rotation_reseals_everything(void **state)
{
    enum { N = 450 };
    struct keys *k, *others;
    struct cx *cx = cx_with_keys(&k), *other = test_cx_again(cx);
    struct q_test_pictures *before, *after;
    size_t n;
    struct str plain, ours, theirs;
    (void)state;
    assert_ok(other, keys_open(other, key_path(cx), false, &others)); /* as another process would */
    for (int64_t id = 1; id <= N; id++)
        assert_ok(cx, db_write(cx, add_sealed, &id));
    assert_ok(cx, q_test_pictures(cx, 0, N + 1, &before, &n));
    assert_err(cx, keys_rotate(cx, &(struct keys_holder){"things", interrupted}, 1), ERR_IO);
    /* nobody seals with the old key any more, who has read nothing of the new one either */
    assert_ok(cx, keys_seal_text(cx, S("a"), &ours));
    assert_ok(other, keys_seal_text(other, S("a"), &theirs));
    assert_memory_equal(ours.p + 1, theirs.p + 1, 4);
    assert_memory_not_equal(ours.p + 1, before[0].picture.p + 1, 4);
    assert_ok(cx, keys_reseal(cx, &(struct keys_holder){"things", reseal_things}, 1));
    assert_ok(cx, q_test_pictures(cx, 0, N + 1, &after, &n));
    assert_int_equal(n, N);
    for (size_t i = 0; i < n; i++) {
        assert_memory_not_equal(before[i].picture.p + 1, after[i].picture.p + 1, 4);
        assert_ok(other, keys_open_text(other, after[i].picture, &plain)); /* reads the file again */
        assert_true(str_eq(plain, str_fmt(cx->arena, "idno %d", (int)after[i].id)));
        assert_ok(other, keys_open_text(other, before[i].picture, &plain)); /* an old backup */
    }
    /* the file of before the rotation is refused from now on */
    keys_close(others);
    struct str text = test_read_file(cx, key_path(cx).p);
    size_t last = text.n - 1;
    while (text.p[last - 1] != '\n')
        last--;
    write_text(key_path(cx).p, str_slice(text, 0, last), 0600);
    assert_err(cx, keys_open(cx, key_path(cx), false, &others), ERR_CONFIG);
    keys_close(k);
    test_cx_free(other);
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sealed_text_comes_back),
        cmocka_unit_test(a_changed_blob_is_refused),
        cmocka_unit_test(look_up_and_signatures),
        cmocka_unit_test(the_same_file_opens_again_and_another_does_not),
        cmocka_unit_test(a_bad_file_is_named_with_its_line),
        cmocka_unit_test(rotation_reseals_everything),
    };
    return test_each_engine("keys", tests);
}
