/* What can fail returns enum err; 0 is ok. The rows are in err.tbl. */
#pragma once
#include "str.h"

enum err {
#define X(name, number, status, key, meaning) ERR_##name = number,
#include "err.tbl"
#undef X
};

struct cx;

/* Attach the detail once, where it happens, and give `e` back: return fail(cx, ERR_CONFLICT, "case file %s is closed",
   no). The detail is for the log and for other systems: English, never an identity number or a name. No page shows it.
 */
enum err fail(struct cx *cx, enum err e, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* As fail, and names the field of the form that is at fault (err INVALID or RANGE). */
enum err fail_field(struct cx *cx, enum err e, struct str field, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* As fail, and names the text that a page shows of it instead of that of `e`: text_keys[T_…], what is the matter and
   what to do. It must tell nothing that the asker may not know. */
enum err fail_say(struct cx *cx, enum err e, const char *say, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

const char *err_name(enum err e);     /* "NOT_FOUND" */
int err_status(enum err e);           /* HTTP status; for http/reply.c alone */
const char *err_text_key(enum err e); /* "err_not_found" */
