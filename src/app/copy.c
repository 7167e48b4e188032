#include "app/copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void copy_tell(const struct copying *c, const char *what)
{
    if (!isatty(STDERR_FILENO))
        return;
    if (what)
        fprintf(stderr, "\r\033[K%s: %lld files, %lld MB", what, (long long)c->files, (long long)(c->bytes >> 20));
    else
        fprintf(stderr, "\r\033[K");
}

static enum err copy_bytes(struct cx *cx, int from, int to, int64_t *bytes, const char *name)
{
    for (;;) {
        ssize_t n = copy_file_range(from, NULL, to, NULL, 1 << 26, 0);
        if (n == 0)
            return fsync(to) ? fail(cx, ERR_IO, "%s: %s", name, strerror(errno)) : ERR_OK;
        if (n < 0)
            return fail(cx, errno == ENOSPC ? ERR_NO_SPACE : ERR_IO, "%s: %s", name, strerror(errno));
        *bytes += n;
    }
}

static enum err copy_file(struct copying *c, const char *from, const char *to)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return errno == ENOENT ? ERR_OK /* an orphan, swept meanwhile */
                               : fail(c->cx, ERR_IO, "%s: %s", from, strerror(errno));
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    enum err e =
        out < 0 ? fail(c->cx, ERR_IO, "%s: %s", to, strerror(errno)) : copy_bytes(c->cx, in, out, &c->bytes, to);
    close(in);
    if (out >= 0)
        close(out);
    c->files++;
    if (c->files % 100 == 0)
        copy_tell(c, "documents");
    return e;
}

enum err copy_sync_folder(struct cx *cx, const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum err e = fd < 0 || fsync(fd) ? fail(cx, ERR_IO, "%s: %s", path, strerror(errno)) : ERR_OK;
    if (fd >= 0)
        close(fd);
    return e;
}

enum err copy_folder(struct copying *c, const char *from, const char *to)
{
    struct cx *cx = c->cx;
    DIR *d = opendir(from);
    if (!d)
        return errno == ENOENT ? ERR_OK : fail(cx, ERR_IO, "%s: %s", from, strerror(errno));
    enum err e = mkdir(to, 0700) ? fail(cx, ERR_IO, "%s: %s", to, strerror(errno)) : ERR_OK;
    for (struct dirent *entry; !e && (entry = readdir(d));) {
        if (entry->d_name[0] == '.')
            continue;
        const char *a = str_z(cx->arena, str_fmt(cx->arena, "%s/%s", from, entry->d_name));
        const char *b = str_z(cx->arena, str_fmt(cx->arena, "%s/%s", to, entry->d_name));
        struct stat st;
        if (stat(a, &st))
            continue;
        e = S_ISDIR(st.st_mode) ? copy_folder(c, a, b) : copy_file(c, a, b);
    }
    closedir(d);
    return e ? e : copy_sync_folder(cx, to);
}

enum err copy_part(struct copying *c, const char *from, const char *to, const char *name)
{
    struct arena *a = c->cx->arena;
    return copy_folder(c, str_z(a, str_fmt(a, "%s/%s", from, name)), str_z(a, str_fmt(a, "%s/%s", to, name)));
}
