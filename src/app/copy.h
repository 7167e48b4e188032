/* Copying folders of documents for backup and restore, durably and with progress on a terminal. */
#pragma once
#include "base/base.h"

struct copying {
    struct cx *cx;
    int64_t files, bytes; /* so far */
};
/* A folder with its folders, by name, into `to`, which is made. A `from` that does not exist is an empty one; hidden
   names are left out: they are being written; a name that goes meanwhile is passed over. All else that cannot be read
   is a failure. Everything is on disk when it returns. IO, NO_SPACE. */
enum err copy_folder(struct copying *c, const char *from, const char *to);
/* fsync of a folder: the names in it survive a power cut. IO. */
enum err copy_sync_folder(struct cx *cx, const char *path);
/* Line on a terminal that tells how far it is; `what` NULL takes it away. Nothing elsewhere. */
void copy_tell(const struct copying *c, const char *what);
/* The folder `name` of one place in another; nothing when it is not there. */
enum err copy_part(struct copying *c, const char *from, const char *to, const char *name);
