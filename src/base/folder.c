#include "folder.h"

#include <errno.h>
#include <string.h>

enum err folder_next(struct cx *cx, DIR *d, const char *path, struct dirent **ret)
{
    errno = 0; /* NULL is the end, or an error: only this tells */
    *ret = readdir(d);
    return *ret || !errno ? ERR_OK : fail(cx, ERR_IO, "%s: %s", path, strerror(errno));
}
