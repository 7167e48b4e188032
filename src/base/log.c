#include "log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static _Atomic int least_level = LOG_INFO;

void log_set_level(enum log_level level)
{
    atomic_store(&least_level, (int)level);
}

void log_line(const struct cx *cx, enum log_level level, const char *event, const char *fmt, ...)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    if ((int)level < atomic_load(&least_level))
        return;
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    char line[2048];
    int n = snprintf(line, sizeof line, "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ level=%s event=%s", utc.tm_year + 1900,
                     utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, now.tv_nsec / 1000000,
                     names[level], event);
    if (cx && cx->request_id[0])
        n += snprintf(line + n, sizeof line - (size_t)n, " request=%s", cx->request_id);
    line[n++] = ' ';
    va_list ap;
    va_start(ap, fmt);
    int more = vsnprintf(line + n, sizeof line - (size_t)n - 1, fmt, ap);
    va_end(ap);
    size_t room = sizeof line - (size_t)n - 2;
    n += more < 0 ? 0 : (size_t)more > room ? (int)room : more;
    for (int i = 0; i < n; i++)
        if ((unsigned char)line[i] < 0x20)
            line[i] = ' '; /* a value can never begin a line of its own */
    line[n++] = '\n';
    (void)!write(STDERR_FILENO, line, (size_t)n);
}
