/* Erasing what nobody uses, and looking whether everything is as it was stored. */
#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"
#include "db/db.h"
#include "files_store.h"

enum { FEW = 100 };

/* ---- sweeping ---- */
struct erase {
    int64_t before_us;
    const struct q_file_unused *rows;
    size_t n;
    int64_t erased;
};

static enum err erase_rows(struct cx *cx, void *ctx)
{
    struct erase *w = ctx;
    enum err e = ERR_OK;
    w->erased = 0;
    for (size_t i = 0; !e && i < w->n; i++) {
        int64_t n = 0;
        e = q_file_erase(cx, w->rows[i].hash, w->before_us, &n);
        w->erased += n;
    }
    return e;
}

/* The bytes of a row that was erased stay a day longer: a backup copies first the rows, then the files. */
static void touch(struct cx *cx, struct hash hash)
{
    char path[PATH_CHARS];
    files_path(hash, path);
    utimensat(cx->files->dir, path, NULL, 0); /* a small file has none */
}

static enum err sweep_rows(struct cx *cx, int64_t before_us, int64_t *ret_rows)
{
    enum err e = ERR_OK;
    bool more = true;
    while (!e && more && !(e = cx_go_on(cx))) {
        struct arena_mark mark = arena_mark(cx->arena);
        struct q_file_unused *rows = NULL;
        size_t n = 0;
        e = q_file_unused(cx, before_us, FEW, &rows, &n);
        struct erase w = {before_us, rows, n, 0};
        if (!e && n)
            e = db_write(cx, erase_rows, &w);
        for (size_t i = 0; !e && i < n; i++)
            touch(cx, rows[i].hash);
        *ret_rows += w.erased;
        more = w.erased > 0; /* none: they came into use, or there are none */
        if (!e)
            arena_reset(cx->arena, mark);
    }
    return e;
}

static bool old(int dir, const char *name, int64_t before_us)
{
    struct stat st;
    return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
           st.st_mtim.tv_sec * SECOND_US + st.st_mtim.tv_nsec / 1000 < before_us;
}

/* Somebody may put the same bytes at this moment: he touches the file first and looks then whether it is still there.
   So take it aside, look whether it was touched, and put it back if so. */
static bool erase_disk(int dir, const char *path, int64_t before_us)
{
    char aside[PATH_CHARS + 8];
    snprintf(aside, sizeof aside, FILES_TMP "/%.2s%.62s", path, path + 3);
    if (renameat(dir, path, dir, aside))
        return false;
    if (!old(dir, aside, before_us)) {
        renameat(dir, aside, dir, path);
        return false;
    }
    return unlinkat(dir, aside, 0) == 0;
}

/* One of the 256 folders, or FILES_TMP. */
static enum err sweep_folder(struct cx *cx, const char *folder, int64_t before_us, int64_t *ret_files)
{
    int dir = cx->files->dir, fd = openat(dir, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    enum err e = ERR_OK;
    if (!d)
        return errno == ENOENT ? ERR_OK : files_fault(cx, folder);
    for (struct dirent *entry; !e && !(e = folder_next(cx, d, folder, &entry)) && entry && !(e = cx_go_on(cx));) {
        char path[300], hex[70];
        struct hash hash = {{0}};
        struct q_file_known row;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        snprintf(hex, sizeof hex, "%s%.62s", folder, entry->d_name);
        if (!old(dir, path, before_us))
            continue;
        if (strcmp(folder, FILES_TMP) == 0) {
            *ret_files += unlinkat(dir, path, 0) == 0;
        } else if (strlen(entry->d_name) == 62 && str_unhex(str_of(hex), hash.b)) {
            e = q_file_known(cx, hash, &row);
            if (!e && !row.known)
                *ret_files += erase_disk(dir, path, before_us);
        }
    }
    closedir(d);
    return e;
}

enum err files_sweep(struct cx *cx, int64_t grace_us, struct files_swept *ret)
{
    struct files_swept swept = {0};
    int64_t before_us = time_now_us() - grace_us;
    enum err e = sweep_rows(cx, before_us, &swept.rows);
    if (!e)
        e = sweep_folder(cx, FILES_TMP, before_us, &swept.disk_files);
    for (unsigned i = 0; !e && i < 256; i++) {
        char folder[3];
        snprintf(folder, sizeof folder, "%02x", i);
        e = sweep_folder(cx, folder, before_us, &swept.disk_files);
    }
    if (!e)
        *ret = swept;
    return e;
}

/* ---- verifying ---- */
static void tell(const struct files_check *c, struct hash hash, const char *fault)
{
    if (c->tell)
        c->tell(c->ctx, c, hash, fault);
}

static enum err hash_fd(struct cx *cx, int fd, struct hash *ret)
{
    enum { BLOCK = 128 * 1024 };
    char *block = arena_alloc(cx->arena, BLOCK);
    struct hash_state st;
    ssize_t n;
    hash_init(&st);
    while ((n = read(fd, block, BLOCK)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0)
            hash_update(&st, block, (size_t)n);
    *ret = hash_final(&st);
    return n < 0 ? files_fault(cx, "reading a document") : ERR_OK;
}

static void verify_one(struct cx *cx, const struct q_file_page *row, struct files_check *c)
{
    int fd = -1;
    int64_t size;
    struct hash got;
    enum err e = files_get_fd(cx, row->hash, &fd, &size);
    c->files++;
    c->bytes += row->size;
    if (e) {
        if (e != ERR_NOT_FOUND) { /* else it was erased just now */
            c->missing++;
            tell(c, row->hash, "missing or of another length");
        }
        return;
    }
    e = hash_fd(cx, fd, &got);
    close(fd);
    if (e || size != row->size || !hash_eq(got, row->hash)) {
        c->damaged++;
        tell(c, row->hash, "damaged");
    }
}

enum err files_verify(struct cx *cx, struct files_check *check)
{
    struct hash after = {{0}};
    size_t after_n = 0; /* nothing is smaller than the empty blob */
    for (;;) {
        struct arena_mark mark = arena_mark(cx->arena);
        struct q_file_page *rows = NULL;
        size_t n = 0;
        enum err e = q_file_page(cx, str_make((const char *)after.b, after_n), FEW, &rows, &n);
        if (e || n == 0)
            return e;
        for (size_t i = 0; i < n; i++) {
            struct arena_mark one = arena_mark(cx->arena);
            verify_one(cx, &rows[i], check);
            arena_reset(cx->arena, one);
        }
        after = rows[n - 1].hash;
        after_n = HASH_BYTES;
        arena_reset(cx->arena, mark);
        tell(check, after, NULL);
    }
}
