/* Reading the names of a folder. */
#pragma once
#include <dirent.h>

#include "err.h"

/* The next name in `d`, which was opened at `path` (for the detail alone); NULL: there are no more. ERR_IO: the folder
   cannot be read further: what is left is not known, and must not be taken for nothing. */
enum err folder_next(struct cx *cx, DIR *d, const char *path, struct dirent **ret);
