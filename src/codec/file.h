/* Reading a file of a folder that people edit. */
#pragma once
#include "base/base.h"

/* The whole file into cx->arena. ERR_IO: not there, not a plain file, not readable; ERR_TOO_LARGE over max_bytes. */
enum err file_read(struct cx *cx, struct str path, int64_t max_bytes, struct str *ret_bytes);
