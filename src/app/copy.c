#include "app/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"

enum { PIECE_BYTES = 64 << 10 };

void copy_tell(const struct copying *c, const char *what)
{
    if (!isatty(STDERR_FILENO))
        return;
    if (what)
        fprintf(stderr, "\r\033[K%s: %lld files, %lld MB", what, (long long)c->files, (long long)(c->bytes >> 20));
    else
        fprintf(stderr, "\r\033[K");
}

static ssize_t read_and_write(int from, int to)
{
    char piece[PIECE_BYTES];
    ssize_t n = read(from, piece, sizeof piece), done = 0;
    while (done < n) {
        ssize_t written = write(to, piece + done, (size_t)(n - done));
        if (written < 0 && errno != EINTR)
            return -1;
        done += written > 0 ? written : 0;
    }
    return n;
}

/* The kernel's own way is quick, but not open between two file systems or on all of them; what it refuses for whatever
   reason, reading and writing do or say why not. Both go on from where the descriptors stand. */
static enum err copy_bytes(struct cx *cx, int from, int to, int64_t *bytes, const char *name)
{
    bool quick = true;
    for (;;) {
        ssize_t n = quick ? copy_file_range(from, NULL, to, NULL, 1 << 26, 0) : read_and_write(from, to);
        if (n == 0)
            return fsync(to) ? fail(cx, ERR_IO, "%s: %s", name, strerror(errno)) : ERR_OK;
        if (n > 0)
            *bytes += n;
        else if (errno == EINTR)
            continue;
        else if (!quick)
            return fail(cx, errno == ENOSPC ? ERR_NO_SPACE : ERR_IO, "%s: %s", name, strerror(errno));
        else
            quick = false;
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
    struct dirent *entry;
    while (!e && !(e = folder_next(cx, d, from, &entry)) && entry) {
        if (entry->d_name[0] == '.')
            continue;
        const char *a = str_z(cx->arena, str_fmt(cx->arena, "%s/%s", from, entry->d_name));
        const char *b = str_z(cx->arena, str_fmt(cx->arena, "%s/%s", to, entry->d_name));
        struct stat st;
        if (stat(a, &st) == 0)
            e = S_ISDIR(st.st_mode) ? copy_folder(c, a, b) : copy_file(c, a, b);
        else if (errno != ENOENT) /* an orphan, swept meanwhile */
            e = fail(cx, ERR_IO, "%s: %s", a, strerror(errno));
    }
    closedir(d);
    return e ? e : copy_sync_folder(cx, to);
}

enum err copy_part(struct copying *c, const char *from, const char *to, const char *name)
{
    struct arena *a = c->cx->arena;
    return copy_folder(c, str_z(a, str_fmt(a, "%s/%s", from, name)), str_z(a, str_fmt(a, "%s/%s", to, name)));
}
