/* Files of a package on their way to the disk. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deposit_internal.h"
#include "files/files.h"

enum { FLUSH_BYTES = 1 << 16, ARENA_BYTES = 64 << 20, BLOCK = 1 << 16 };

static enum err io_fault(struct cx *cx, const char *name)
{
    int error = errno;
    return fail(cx, error == ENOSPC || error == EDQUOT ? ERR_NO_SPACE : ERR_IO, "%s: %s", name, strerror(error));
}

static enum err write_all(struct cx *cx, int fd, const char *name, const char *p, size_t n)
{
    while (n) {
        ssize_t w = write(fd, p, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return io_fault(cx, name);
        p += w;
        n -= (size_t)w;
    }
    return ERR_OK;
}

static enum err create(struct cx *cx, const char *dir, const char *name, int *ret)
{
    *ret =
        open(str_z(cx->arena, str_fmt(cx->arena, "%s/%s", dir, name)), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    return *ret < 0 ? io_fault(cx, name) : ERR_OK;
}

enum err deposit_file_open(struct cx *cx, const char *dir, const char *name, struct deposit_file *ret)
{
    *ret = (struct deposit_file){.fd = -1, .name = name};
    enum err e = create(cx, dir, name, &ret->fd);
    if (e)
        return e;
    ret->arena = arena_new(ARENA_BYTES);
    ret->b = buf_make(ret->arena);
    buf_reserve(&ret->b, FLUSH_BYTES * 2);
    ret->o = xml_out_make(&ret->b);
    hash_init(&ret->hash);
    return ERR_OK;
}

static enum err flush(struct cx *cx, struct deposit_file *f)
{
    hash_update(&f->hash, f->b.p, f->b.n);
    enum err e = write_all(cx, f->fd, f->name, f->b.p, f->b.n);
    f->b.n = 0;
    return e;
}

enum err deposit_file_flush(struct cx *cx, struct deposit_file *f)
{
    return f->b.n < FLUSH_BYTES ? ERR_OK : flush(cx, f);
}

enum err deposit_file_close(struct cx *cx, struct deposit_file *f, enum err e, struct hash *ret)
{
    if (f->fd < 0)
        return e;
    if (!e)
        e = flush(cx, f);
    if (!e)
        *ret = hash_final(&f->hash);
    if (close(f->fd) && !e)
        e = io_fault(cx, f->name);
    f->fd = -1;
    arena_free(f->arena);
    return e;
}

/* ---- documents ---- */

static enum err make_folder(struct cx *cx, struct deposit_making *m, struct str path)
{
    size_t slash = path.n;
    while (slash && path.p[slash - 1] != '/')
        slash--;
    struct str folder = str_slice(path, 0, slash ? slash - 1 : 0);
    if (str_eq(folder, m->folder))
        return ERR_OK;
    for (size_t i = 1; i <= folder.n; i++) {
        if (i < folder.n && folder.p[i] != '/')
            continue;
        const char *z = str_z(cx->arena, str_fmt(cx->arena, "%s/%.*s", m->dir, (int)i, folder.p));
        if (mkdir(z, 0755) && errno != EEXIST)
            return io_fault(cx, z);
    }
    /* the arena is reset under it: kept in the making's own room */
    m->folder = (struct str){m->folder_room, folder.n < sizeof m->folder_room ? folder.n : 0};
    if (m->folder.n)
        memcpy(m->folder_room, folder.p, m->folder.n);
    return ERR_OK;
}

static enum err copy_fd(struct cx *cx, int in, int out, const char *name, struct hash *ret, int64_t *ret_bytes)
{
    struct hash_state st;
    char *block = arena_alloc(cx->arena, BLOCK);
    hash_init(&st);
    for (;;) {
        ssize_t n = read(in, block, BLOCK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return io_fault(cx, name);
        if (n == 0)
            break;
        hash_update(&st, block, (size_t)n);
        *ret_bytes += n;
        enum err e = write_all(cx, out, name, block, (size_t)n);
        if (e)
            return e;
    }
    *ret = hash_final(&st);
    return ERR_OK;
}

static enum err copy_large(struct cx *cx, int out, const char *name, struct hash hash, int64_t bytes)
{
    struct hash got;
    int in;
    int64_t size, n = 0;
    enum err e = files_get_fd(cx, hash, &in, &size);
    if (e)
        return e;
    e = copy_fd(cx, in, out, name, &got, &n);
    close(in);
    if (!e && (!hash_eq(got, hash) || n != bytes))
        e = fail(cx, ERR_IO, "document %.*s was changed: run indgang verify", STR_ARG(hash_hex(cx->arena, hash)));
    return e;
}

enum err deposit_copy_document(struct cx *cx, struct deposit_making *m, struct str path, struct hash hash,
                               int64_t bytes)
{
    struct str small;
    int out;
    enum err e = make_folder(cx, m, path);
    if (e)
        return e;
    const char *name = str_z(cx->arena, path);
    if ((e = create(cx, m->dir, name, &out)))
        return e;
    if (bytes <= FILES_SMALL_BYTES)
        e = files_get(cx, hash, &small) ? cx->fail.err : write_all(cx, out, name, small.p, small.n);
    else
        e = copy_large(cx, out, name, hash, bytes);
    if (close(out) && !e)
        e = io_fault(cx, name);
    if (!e)
        m->n.bytes += bytes;
    return e;
}

enum err deposit_copy_schemas(struct cx *cx, struct deposit_making *m)
{
    enum err e = ERR_OK;
    for (int i = 0; !e && i < DEPOSIT_SCHEMAS; i++) {
        const char *name = deposit_schemas[i];
        int64_t bytes = 0;
        int out, in = open(str_z(cx->arena, str_fmt(cx->arena, "%s/%s", m->new->schemas, name)), O_RDONLY | O_CLOEXEC);
        if (in < 0)
            return fail(cx, ERR_CONFIG,
                        "%s/%s: %s. --schemas names the folder with the official XML schemas of the deposit "
                        "(docs/ops.md says where they are published)",
                        m->new->schemas, name, strerror(errno));
        e = create(cx, m->dir, name, &out);
        if (!e) {
            e = copy_fd(cx, in, out, name, &m->xsd[i], &bytes);
            if (close(out) && !e)
                e = io_fault(cx, name);
        }
        close(in);
    }
    return e;
}
