/* Structured log: one line of key=value a record on standard error. Only the outermost layer logs. Never personal data.
 */
#pragma once
#include "cx.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Lines below this level are dropped. Set once at start. */
void log_set_level(enum log_level level);

/* cx may be NULL; else the line carries its request id. fmt gives "key=value key=\"value with blanks\"". */
void log_line(const struct cx *cx, enum log_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
