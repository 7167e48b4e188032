#include "disk.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/db.h"
#include "files_store.h"

enum { BLOCK = 128 * 1024 };

enum err files_fault(struct cx *cx, const char *what)
{
    int error = errno;
    return fail(cx, error == ENOSPC || error == EDQUOT ? ERR_NO_SPACE : ERR_IO, "%s: %s", what, strerror(error));
}

enum err files_fsync_dir(struct cx *cx, int dir, const char *name)
{
    int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum err e = fd < 0 || fsync(fd) ? files_fault(cx, "a folder of the document store") : ERR_OK;
    if (fd >= 0)
        close(fd);
    return e;
}

void files_path(struct hash hash, char ret[PATH_CHARS])
{
    static const char digits[] = "0123456789abcdef";
    char *p = ret;
    for (size_t i = 0; i < HASH_BYTES; i++) {
        *p++ = digits[hash.b[i] >> 4];
        *p++ = digits[hash.b[i] & 15];
        if (i == 0)
            *p++ = '/';
    }
    *p = 0;
}

/* Make a folder and see that its name survives; nothing when it is there. */
static enum err make_dir(struct cx *cx, int parent, const char *name)
{
    if (mkdirat(parent, name, 0700) == 0)
        return files_fsync_dir(cx, parent, ".");
    return errno == EEXIST ? ERR_OK : files_fault(cx, name);
}

enum err files_open(struct cx *cx, struct str dir, struct files **ret)
{
    int top = open(str_z(cx->arena, dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (top < 0)
        return files_fault(cx, str_z(cx->arena, dir));
    struct files *f = calloc(1, sizeof *f);
    assert(f);
    f->magic = FILES_MAGIC;
    f->dir = -1;
    enum err e = make_dir(cx, top, "files");
    if (!e && (f->dir = openat(top, "files", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
        e = files_fault(cx, "files");
    if (!e)
        e = make_dir(cx, f->dir, FILES_TMP);
    close(top);
    if (e)
        files_close(f);
    else
        cx->files = *ret = f;
    return e;
}

void files_close(struct files *files)
{
    if (!files)
        return;
    assert(files->magic == FILES_MAGIC);
    files->magic = 0;
    if (files->dir >= 0)
        close(files->dir);
    free(files->scanner);
    free(files);
}

/* ---- putting ---- */
struct put {
    struct cx *cx;
    int fd; /* of FILES_TMP/<name> */
    char name[48];
    struct hash_state hash;
    int64_t size;
};

static enum err put_begin(struct put *p)
{
    unsigned char random[16];
    strcpy(p->name, FILES_TMP "/");
    rand_bytes(random, sizeof random);
    struct str hex = str_hex(p->cx->arena, random, sizeof random);
    memcpy(p->name + strlen(FILES_TMP "/"), hex.p, hex.n);
    p->name[strlen(FILES_TMP "/") + hex.n] = 0;
    p->fd = openat(p->cx->files->dir, p->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    hash_init(&p->hash);
    p->size = 0;
    return p->fd < 0 ? files_fault(p->cx, "a new document") : ERR_OK;
}

static enum err put_bytes(struct put *p, const char *bytes, size_t n)
{
    hash_update(&p->hash, bytes, n);
    p->size += (int64_t)n;
    while (n) {
        ssize_t done = write(p->fd, bytes, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return files_fault(p->cx, "writing a document");
        bytes += done;
        n -= (size_t)done;
    }
    return ERR_OK;
}

/* Into its place. When the same bytes are there already, they were fsynced before they got that name; only the name may
   not yet be safe, and the sweeper must see that they are wanted. */
static enum err put_in_place(struct put *p, const char *path)
{
    struct cx *cx = p->cx;
    int dir = cx->files->dir;
    char folder[3] = {path[0], path[1], 0};
    struct stat st;
    enum err e = make_dir(cx, dir, folder);
    if (e)
        return e;
    bool there = utimensat(dir, path, NULL, 0) == 0 && fstatat(dir, path, &st, 0) == 0 && st.st_size == p->size;
    if (!there && (fsync(p->fd) || renameat(dir, p->name, dir, path)))
        return files_fault(cx, "writing a document");
    if (!there)
        p->name[0] = 0;
    return files_fsync_dir(cx, dir, folder);
}

static enum err put_end(struct put *p, enum err e, struct file_ref *ret)
{
    char path[PATH_CHARS];
    struct file_ref ref = {.hash = hash_final(&p->hash), .size = p->size, .fresh = true};
    if (!e) {
        files_path(ref.hash, path);
        e = put_in_place(p, path);
    }
    struct fail kept = p->cx->fail;
    if (p->fd >= 0)
        close(p->fd);
    if (p->fd >= 0 && p->name[0])
        unlinkat(p->cx->files->dir, p->name, 0);
    p->cx->fail = kept;
    if (!e)
        *ret = ref;
    return e;
}

static struct file_ref small_ref(struct str bytes)
{
    return (struct file_ref){
        .hash = hash_of(bytes), .size = (int64_t)bytes.n, .bytes = bytes.n ? bytes : S(""), .fresh = true};
}

enum err files_put(struct cx *cx, struct str bytes, struct file_ref *ret)
{
    assert(!cx->conn); /* before the transaction */
    if (bytes.n <= FILES_SMALL_BYTES) {
        *ret = small_ref(bytes);
        return ERR_OK;
    }
    struct put p = {.cx = cx};
    enum err e = put_begin(&p);
    if (!e)
        e = put_bytes(&p, bytes.p, bytes.n);
    return put_end(&p, e, ret);
}

/* As many bytes as there are, up to `size`; -1 on a fault. */
static ssize_t read_full(int fd, char *to, size_t size)
{
    size_t n = 0;
    while (n < size) {
        ssize_t got = read(fd, to + n, size - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        n += (size_t)got;
    }
    return (ssize_t)n;
}

enum err files_put_fd(struct cx *cx, int fd, struct file_ref *ret)
{
    assert(!cx->conn);
    char *block = arena_alloc(cx->arena, BLOCK);
    ssize_t n = read_full(fd, block, BLOCK);
    if (n < 0)
        return files_fault(cx, "reading an upload");
    if (n <= FILES_SMALL_BYTES) {
        *ret = small_ref(str_make(block, (size_t)n));
        return ERR_OK;
    }
    struct put p = {.cx = cx};
    enum err e = put_begin(&p);
    while (!e && n > 0) {
        e = put_bytes(&p, block, (size_t)n);
        if (!e && (n = read_full(fd, block, BLOCK)) < 0)
            e = files_fault(cx, "reading an upload");
    }
    return put_end(&p, e, ret);
}

/* ---- keeping ---- */
enum err files_keep(struct cx *cx, const struct file_ref *ref, struct str user_kind, int64_t user_id)
{
    enum err e;
    int64_t n = 0, now_us = time_now_us();
    if (ref->fresh) {
        /* That it was wanted is noted at most each hour: on PostgreSQL its row would be held to the end of the
           transaction, and all who send the same bytes would wait for each other. The sweeper comes a day later. */
        e = q_file_add(cx, ref->hash, ref->size, now_us, ref->bytes, &n);
        if (!e && n == 0)
            e = q_file_want_again(cx, ref->hash, now_us, now_us - HOUR_US);
    } else {
        e = q_file_want(cx, ref->hash, now_us, &n);
        if (!e && n == 0)
            e = fail(cx, ERR_CONFLICT, "a file that was to be kept is not there any more");
    }
    return e ? e : q_file_use_add(cx, user_kind, user_id, ref->hash);
}

enum err files_drop(struct cx *cx, struct str user_kind, int64_t user_id)
{
    return q_file_use_drop(cx, user_kind, user_id);
}

/* ---- getting ---- */
static enum err open_large(struct cx *cx, struct hash hash, int64_t size, int *ret_fd)
{
    char path[PATH_CHARS];
    struct stat st;
    files_path(hash, path);
    int fd = openat(cx->files->dir, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(cx, ERR_IO, "files/%s: %s: restore it from the backup", path, strerror(errno));
    if (fstat(fd, &st) || st.st_size != size) {
        close(fd);
        return fail(cx, ERR_IO, "files/%s has another length than was stored: restore it from the backup", path);
    }
    *ret_fd = fd;
    return ERR_OK;
}

static enum err get_large(struct cx *cx, struct hash hash, int64_t size, struct str *ret_bytes)
{
    char *p =
        arena_alloc(cx->arena, (size_t)size + 1); /* first: over its limit it would leave with the descriptor open */
    int fd = -1;
    enum err e = open_large(cx, hash, size, &fd);
    if (e)
        return e;
    ssize_t n = read_full(fd, p, (size_t)size);
    close(fd);
    if (n != size || !hash_eq(hash_of(str_make(p, (size_t)size)), hash))
        return fail(cx, ERR_IO, "a document is damaged: indgang verify names it, restore it from the backup");
    *ret_bytes = str_make(p, (size_t)size);
    return ERR_OK;
}

enum err files_get(struct cx *cx, struct hash hash, struct str *ret_bytes)
{
    struct q_file_get row;
    enum err e = q_file_get(cx, hash, &row);
    if (e)
        return e;
    if (!row.bytes.p)
        return get_large(cx, hash, row.size, ret_bytes);
    if (!hash_eq(hash_of(row.bytes), hash))
        return fail(cx, ERR_IO, "a document in the database is damaged: indgang verify names it");
    *ret_bytes = row.bytes;
    return ERR_OK;
}

enum err files_get_fd(struct cx *cx, struct hash hash, int *ret_fd, int64_t *ret_size)
{
    struct q_file_get row;
    int fd = -1;
    enum err e = q_file_get(cx, hash, &row);
    if (!e && !row.bytes.p)
        e = open_large(cx, hash, row.size, &fd);
    else if (!e && ((fd = memfd_create("document", MFD_CLOEXEC)) < 0 ||
                    write(fd, row.bytes.p, row.bytes.n) != (ssize_t)row.bytes.n || lseek(fd, 0, SEEK_SET) != 0))
        e = files_fault(cx, "a document in memory");
    if (e) {
        if (fd >= 0)
            close(fd);
        return e;
    }
    *ret_fd = fd;
    *ret_size = row.size;
    return ERR_OK;
}
