/* Reading a file of a folder that people edit. */
#pragma once
#include "base/base.h"

/* The whole file into cx->arena. ERR_IO: not there, not a plain file, not readable; ERR_TOO_LARGE over max_bytes. */
enum err file_read(struct cx *cx, struct str path, int64_t max_bytes, struct str *ret_bytes);

/* The one line of a file with a password or a key, without blanks around it. `name` is relative to `dir`, or begins
   with
   '/'. ERR_CONFIG: not there, empty, or over 16 KiB; the detail names the file and holds nothing of it. */
enum err file_secret(struct cx *cx, struct str dir, struct str name, struct str *ret);
