/* A disk of PostgreSQL's that is full. LD_PRELOADed into the server, the file that FULLDISK names, while it is there,
   says by its words which files cannot grow: those with one of them in their path ("/base/": the tables, "/pg_wal/":
   its log). What would make such a file longer gives ENOSPC; what writes within its length goes through, as on a real
   one. */
#undef _FILE_OFFSET_BITS /* here pwrite and pwrite64 are two names */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* The words of the file; false: it is not there, there is room. */
static bool flagged(char words[static 256])
{
    const char *path = getenv("FULLDISK");
    int fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t n = fd < 0 ? -1 : syscall(SYS_read, fd, words, 255);
    if (fd >= 0)
        syscall(SYS_close, fd);
    words[n > 0 ? n : 0] = 0;
    return n > 0;
}

/* Up to `end` (< 0: n more bytes at the end or where it stands) this file may not be written. */
static bool no_room(int fd, off64_t end, size_t n)
{
    char words[256], link[40], at[PATH_MAX], *rest;
    struct stat64 st;
    int error = errno;
    bool full = false;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (flagged(words) && fstat64(fd, &st) == 0 && S_ISREG(st.st_mode)) {
        ssize_t length = readlink(link, at, sizeof at - 1);
        at[length > 0 ? length : 0] = 0;
        if (end < 0)
            end = (fcntl(fd, F_GETFL) & O_APPEND ? st.st_size : lseek64(fd, 0, SEEK_CUR)) + (off64_t)n;
        for (char *word = strtok_r(words, " \n", &rest); word && end > st.st_size; word = strtok_r(NULL, " \n", &rest))
            full = full || strstr(at, word);
    }
    errno = full ? ENOSPC : error;
    return full;
}

static size_t bytes_of(const struct iovec *v, int count)
{
    size_t n = 0;
    for (int i = 0; i < count; i++)
        n += v[i].iov_len;
    return n;
}

/* ---- what is put before libc ---- */
#define EXPORT __attribute__((visibility("default")))
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

EXPORT ssize_t write(int fd, const void *p, size_t n)
{
    return no_room(fd, -1, n) ? -1 : syscall(SYS_write, fd, p, n);
}
EXPORT ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    return no_room(fd, at + (off_t)n, n) ? -1 : syscall(SYS_pwrite64, fd, p, n, at);
}
EXPORT ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
    return no_room(fd, at + (off64_t)n, n) ? -1 : syscall(SYS_pwrite64, fd, p, n, at);
}
EXPORT ssize_t pwritev(int fd, const struct iovec *v, int count, off_t at)
{
    return no_room(fd, at + (off_t)bytes_of(v, count), 0) ? -1 : syscall(SYS_pwritev, fd, v, count, at, 0);
}
EXPORT ssize_t pwritev64(int fd, const struct iovec *v, int count, off64_t at)
{
    return no_room(fd, at + (off64_t)bytes_of(v, count), 0) ? -1 : syscall(SYS_pwritev, fd, v, count, at, 0);
}
EXPORT int posix_fallocate(int fd, off_t from, off_t length)
{
    if (no_room(fd, from + length, 0))
        return ENOSPC;
    return syscall(SYS_fallocate, fd, 0, from, length) ? errno : 0;
}
EXPORT int posix_fallocate64(int fd, off64_t from, off64_t length)
{
    return posix_fallocate(fd, from, length);
}
EXPORT int fallocate(int fd, int mode, off_t from, off_t length)
{
    return no_room(fd, from + length, 0) ? -1 : (int)syscall(SYS_fallocate, fd, mode, from, length);
}
EXPORT int fallocate64(int fd, int mode, off64_t from, off64_t length)
{
    return fallocate(fd, mode, from, length);
}
