/* Files on their way: without a name, so that nothing is left behind when the process ends. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "takeout_internal.h"

static enum err temp_fault(struct cx *cx, const char *what)
{
    return fail(cx, errno == ENOSPC || errno == EDQUOT ? ERR_NO_SPACE : ERR_IO, "%s: %s", what, strerror(errno));
}

static void temp_close(void *p)
{
    fclose(p);
}

enum err takeout_temp(struct cx *cx, FILE **ret)
{
    char *dir = str_z(cx->arena, cx->data_dir ? str_fmt(cx->arena, "%s/tmp", cx->data_dir) : S("/tmp"));
    char *path = str_z(cx->arena, str_fmt(cx->arena, "%s/takeout-%lld", dir, (long long)rand_id()));
    if (mkdir(dir, 0700) && errno != EEXIST)
        return temp_fault(cx, dir);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return temp_fault(cx, path);
    unlink(path);
    FILE *f = fdopen(fd, "w+");
    if (!f) {
        close(fd);
        return temp_fault(cx, path);
    }
    arena_defer(cx->arena, temp_close, f);
    *ret = f;
    return ERR_OK;
}

enum err takeout_temp_end(struct cx *cx, FILE *f, int64_t *ret_size)
{
    struct stat st;
    if (fflush(f) || ferror(f) || fstat(fileno(f), &st) || lseek(fileno(f), 0, SEEK_SET) != 0)
        return temp_fault(cx, "a file on its way");
    *ret_size = st.st_size;
    return ERR_OK;
}
