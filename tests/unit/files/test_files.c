#include "support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/db.h"
#include "files/files.h"

extern const struct db_migrations migrations_files;
static const struct db_migrations *const modules[] = {&migrations_files};

static struct cx *cx_with_files(struct files **ret)
{
    struct cx *cx = test_cx_db(modules, 1);
    assert_ok(cx, files_open(cx, str_of(test_folder(cx)), ret));
    return cx;
}

static void done(struct cx *cx, struct files *f)
{
    files_close(f);
    test_cx_free(cx);
}

static struct str some_bytes(struct cx *cx, size_t n, char seed)
{
    char *p = arena_alloc(cx->arena, n + 1);
    for (size_t i = 0; i < n; i++)
        p[i] = (char)(seed + (char)(i * 7 + i / 251));
    return str_make(p, n);
}

struct use {
    const struct file_ref *ref;
    int64_t id;
    bool drop;
};

static enum err use(struct cx *cx, void *ctx)
{
    const struct use *u = ctx;
    return u->drop ? files_drop(cx, S("document"), u->id) : files_keep(cx, u->ref, S("document"), u->id);
}

static struct file_ref store(struct cx *cx, struct str bytes, int64_t id)
{
    struct file_ref ref;
    assert_ok(cx, files_put(cx, bytes, &ref));
    assert_ok(cx, db_write(cx, use, &(struct use){&ref, id, false}));
    return ref;
}

static char *disk_path(struct cx *cx, struct hash h)
{
    struct str hex = hash_hex(cx->arena, h);
    return str_z(cx->arena, str_fmt(cx->arena, "%s/files/%.2s/%.62s", test_folder(cx), hex.p, hex.p + 2));
}

static const size_t sizes[] = {0, 1, FILES_SMALL_BYTES, FILES_SMALL_BYTES + 1, 128 * 1024, 128 * 1024 + 1, 3000000};
enum { SIZES = sizeof sizes / sizeof *sizes };

static void what_was_put_comes_back(void **state)
{
    struct files *f;
    struct cx *cx = cx_with_files(&f);
    (void)state;
    for (size_t i = 0; i < SIZES; i++) {
        struct str bytes = some_bytes(cx, sizes[i], 'a'), got;
        struct file_ref ref = store(cx, bytes, (int64_t)i);
        int fd;
        int64_t size;
        assert_ok(cx, files_get(cx, ref.hash, &got));
        assert_true(str_eq(bytes, got));
        assert_true(hash_eq(ref.hash, hash_of(bytes)));
        assert_ok(cx, files_get_fd(cx, ref.hash, &fd, &size));
        assert_int_equal(size, sizes[i]);
        char *p = malloc(sizes[i] + 1);
        assert_int_equal(read(fd, p, sizes[i] + 1), sizes[i]);
        assert_memory_equal(p, bytes.p, sizes[i]);
        free(p);
        close(fd);
        assert_int_equal(access(disk_path(cx, ref.hash), F_OK) == 0, sizes[i] > FILES_SMALL_BYTES);
    }
    struct str got;
    assert_err(cx, files_get(cx, hash_of(S("unknown")), &got), ERR_NOT_FOUND);
    done(cx, f);
}

static void a_stream_gives_the_same_hash(void **state)
{
    struct files *f;
    struct cx *cx = cx_with_files(&f);
    (void)state;
    for (size_t i = 0; i < SIZES; i++) {
        struct str bytes = some_bytes(cx, sizes[i], 'b');
        struct file_ref ref;
        FILE *tmp = tmpfile();
        fwrite(bytes.p, 1, bytes.n, tmp);
        fflush(tmp);
        lseek(fileno(tmp), 0, SEEK_SET);
        assert_ok(cx, files_put_fd(cx, fileno(tmp), &ref));
        fclose(tmp);
        assert_true(hash_eq(ref.hash, hash_of(bytes)));
        assert_int_equal(ref.size, sizes[i]);
        assert_ok(cx, db_write(cx, use, &(struct use){&ref, 1, false}));
        assert_ok(cx, files_get(cx, ref.hash, &bytes));
    }
    done(cx, f);
}

static void nothing_is_left_of_a_failed_put(void **state)
{
    struct files *f;
    struct cx *cx = cx_with_files(&f);
    struct file_ref ref;
    struct files_swept swept;
    (void)state;
    int fd = open(test_folder(cx), O_RDONLY); /* a folder cannot be read */
    assert_err(cx, files_put_fd(cx, fd, &ref), ERR_IO);
    close(fd);
    assert_ok(cx, files_sweep(cx, -HOUR_US, &swept));
    assert_int_equal(swept.disk_files, 0);
    done(cx, f);
}

static void the_same_bytes_are_stored_once(void **state)
{
    struct files *f;
    struct cx *cx = cx_with_files(&f);
    struct str bytes = some_bytes(cx, 100000, 'c'), got;
    struct stat one, two;
    struct files_swept swept;
    (void)state;
    struct file_ref a = store(cx, bytes, 1);
    assert_int_equal(stat(disk_path(cx, a.hash), &one), 0);
    struct file_ref b = store(cx, bytes, 2);
    assert_int_equal(stat(disk_path(cx, b.hash), &two), 0);
    assert_int_equal(one.st_ino, two.st_ino);
    store(cx, S("small"), 3);
    store(cx, S("small"), 4);
    /* one user less: it stays; none: it goes */
    assert_ok(cx, db_write(cx, use, &(struct use){&a, 1, true}));
    assert_ok(cx, files_sweep(cx, -HOUR_US, &swept));
    assert_int_equal(swept.rows + swept.disk_files, 0);
    assert_ok(cx, files_get(cx, a.hash, &got));
    assert_ok(cx, db_write(cx, use, &(struct use){&a, 2, true}));
    assert_ok(cx, files_sweep(cx, FILES_GRACE_US, &swept)); /* not within the day */
    assert_int_equal(swept.rows + swept.disk_files, 0);
    assert_ok(cx, files_sweep(cx, -HOUR_US, &swept));
    assert_int_equal(swept.rows, 1);
    assert_int_equal(swept.disk_files, 1);
    assert_int_not_equal(access(disk_path(cx, a.hash), F_OK), 0);
    assert_err(cx, files_get(cx, a.hash, &got), ERR_NOT_FOUND);
    done(cx, f);
}

static void a_put_without_keep_is_swept(void **state)
{
    struct files *f;
    struct cx *cx = cx_with_files(&f);
    struct file_ref ref;
    struct files_swept swept;
    (void)state;
    assert_ok(cx, files_put(cx, some_bytes(cx, 70000, 'd'), &ref));
    struct file_ref stored = {.hash = ref.hash, .size = ref.size}; /* as from a row, though none was kept */
    assert_err(cx, db_write(cx, use, &(struct use){&stored, 1, false}), ERR_CONFLICT);
    assert_ok(cx, files_sweep(cx, FILES_GRACE_US, &swept));
    assert_int_equal(swept.disk_files, 0);
    /* a day later, but put again just now: kept */
    struct timespec old[2] = {{1000000, 0}, {1000000, 0}};
    assert_int_equal(utimensat(AT_FDCWD, disk_path(cx, ref.hash), old, 0), 0);
    assert_ok(cx, files_put(cx, some_bytes(cx, 70000, 'd'), &ref));
    assert_ok(cx, files_sweep(cx, FILES_GRACE_US, &swept));
    assert_int_equal(swept.disk_files, 0);
    assert_int_equal(utimensat(AT_FDCWD, disk_path(cx, ref.hash), old, 0), 0);
    assert_ok(cx, files_sweep(cx, FILES_GRACE_US, &swept));
    assert_int_equal(swept.disk_files, 1);
    done(cx, f);
}

static void note_fault(void *ctx, const struct files_check *so_far, struct hash hash, const char *fault)
{
    int *n = ctx;
    (void)so_far, (void)hash;
    *n += fault != NULL;
}

static void verify_finds_every_damage(void **state)
{
    struct files *f;
    struct cx *cx = cx_with_files(&f);
    int told = 0;
    struct files_check check = {.tell = note_fault, .ctx = &told};
    struct str got;
    (void)state;
    for (int i = 0; i < 230; i++) /* more than two pages */
        store(cx, str_fmt(cx->arena, "note %d", i), i);
    struct file_ref a = store(cx, some_bytes(cx, 100000, 'e'), 1), b = store(cx, some_bytes(cx, 100001, 'f'), 1),
                    c = store(cx, some_bytes(cx, 100002, 'g'), 1);
    assert_ok(cx, files_verify(cx, &check));
    assert_int_equal(check.files, 233);
    assert_int_equal(check.missing + check.damaged + told, 0);
    int fd = open(disk_path(cx, a.hash), O_WRONLY);
    assert_int_equal(pwrite(fd, "x", 1, 99999), 1);
    close(fd);
    assert_int_equal(truncate(disk_path(cx, b.hash), 5), 0);
    unlink(disk_path(cx, c.hash));
    check = (struct files_check){.tell = note_fault, .ctx = &told};
    assert_ok(cx, files_verify(cx, &check));
    assert_int_equal(check.damaged, 1);
    assert_int_equal(check.missing, 2);
    assert_int_equal(told, 3);
    assert_err(cx, files_get(cx, a.hash, &got), ERR_IO);
    assert_err(cx, files_get(cx, b.hash, &got), ERR_IO);
    assert_err(cx, files_get(cx, c.hash, &got), ERR_IO);
    done(cx, f);
}

/* The program is to end: the rest is swept after its start. */
static void sweeping_stops(void **state)
{
    struct files *f;
    struct cx *cx = cx_with_files(&f);
    struct file_ref ref = store(cx, some_bytes(cx, 100, 'x'), 1);
    struct files_swept swept;
    struct str got;
    atomic_bool stopping = true;
    (void)state;
    assert_ok(cx, db_write(cx, use, &(struct use){&ref, 1, true}));
    cx->stopping = &stopping;
    assert_err(cx, files_sweep(cx, -DAY_US, &swept), ERR_STOPPING);
    assert_ok(cx, files_get(cx, ref.hash, &got));
    stopping = false;
    assert_ok(cx, files_sweep(cx, -DAY_US, &swept));
    assert_int_equal(swept.rows, 1);
    done(cx, f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_comes_back),
        cmocka_unit_test(a_stream_gives_the_same_hash),
        cmocka_unit_test(nothing_is_left_of_a_failed_put),
        cmocka_unit_test(the_same_bytes_are_stored_once),
        cmocka_unit_test(a_put_without_keep_is_swept),
        cmocka_unit_test(verify_finds_every_damage),
        cmocka_unit_test(sweeping_stops),
    };
    return test_each_engine("files", tests);
}
