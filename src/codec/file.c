#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_BYTES = 16 << 10 };

enum err file_read(struct cx *cx, struct str path, int64_t max_bytes, struct str *ret_bytes)
{
    struct stat st;
    enum err e = ERR_OK;
    size_t n = 0;
    int fd = open(str_z(cx->arena, path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return fail(cx, ERR_IO, "%" PRI_STR ": %s", STR_ARG(path), strerror(errno));
    if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
        close(fd);
        return fail(cx, ERR_IO, "%" PRI_STR ": not a file", STR_ARG(path));
    }
    if (st.st_size > max_bytes || (size_t)st.st_size > SIZE_MAX / 2) {
        close(fd);
        return fail(cx, ERR_TOO_LARGE, "%" PRI_STR ": over %lld bytes", STR_ARG(path), (long long)max_bytes);
    }
    char *p = arena_alloc(cx->arena, (size_t)st.st_size + 1);
    while (n < (size_t)st.st_size) {
        ssize_t got = read(fd, p + n, (size_t)st.st_size - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            e = fail(cx, ERR_IO, "%" PRI_STR ": %s", STR_ARG(path), strerror(errno));
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    close(fd);
    if (!e)
        *ret_bytes = str_make(p, n);
    return e;
}

enum err file_secret(struct cx *cx, struct str dir, struct str name, struct str *ret)
{
    struct str path =
        str_starts(name, S("/")) ? name : str_fmt(cx->arena, "%" PRI_STR "/%" PRI_STR, STR_ARG(dir), STR_ARG(name));
    if (file_read(cx, path, SECRET_BYTES, ret))
        return fail(cx, ERR_CONFIG, "%" PRI_STR, STR_ARG(str_dup(cx->arena, cx->fail.detail)));
    *ret = str_trim(*ret);
    return ret->n ? ERR_OK : fail(cx, ERR_CONFIG, "%" PRI_STR " is empty", STR_ARG(path));
}
