/* PDF by pdftotext of poppler-utils, a child with little to break: no shell, no file but its input, no network needed,
   an environment of our own, and limits on time, memory and output. docs/why/fulltext.md says why not the library. */
#include "fulltext/fulltext_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "codec/plain.h"

#define TOOL "pdftotext"

struct child {
    pid_t pid;
    int out; /* what it writes */
};

/* The first in PATH; NULL: none. */
static const char *find_tool(struct cx *cx)
{
    const char *path = getenv("PATH");
    struct str rest = str_of(path ? path : "/usr/bin:/bin"), dir;
    while (str_cut(&rest, ':', &dir)) {
        if (!dir.n || dir.p[0] != '/')
            continue;
        const char *tool = str_z(cx->arena, str_cat(cx->arena, dir, S("/" TOOL)));
        if (access(tool, X_OK) == 0)
            return tool;
    }
    return NULL;
}

enum err fulltext_probe(struct cx *cx)
{
    return find_tool(cx) ? ERR_OK : fail(cx, ERR_CONFIG, "pdftotext is not installed (Debian: poppler-utils)");
}

/* ---- the child: only calls that are safe between fork and exec in a process with threads ---- */

static bool limit(int what, rlim_t soft, rlim_t hard)
{
    struct rlimit r = {soft, hard};
    return setrlimit((__rlimit_resource_t)what, &r) == 0;
}

static _Noreturn void be_tool(const char *tool, int in, int out, int nowhere, int seconds)
{
    static char *const argv[] = {(char *)TOOL,       (char *)"-q", (char *)"-enc", (char *)"UTF-8",
                                 (char *)"-nopgbrk", (char *)"-",  (char *)"-",    NULL};
    static char *const env[] = {(char *)"LC_ALL=C.UTF-8", NULL};
    sigset_t none;
    sigemptyset(&none);
    bool ready = dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(nowhere, 2) == 2 && chdir("/") == 0 &&
                 limit(RLIMIT_CPU, (rlim_t)seconds, (rlim_t)seconds + 1) && /* first SIGXCPU, which says why */
                 limit(RLIMIT_AS, FULLTEXT_CHILD_BYTES, FULLTEXT_CHILD_BYTES) && limit(RLIMIT_FSIZE, 0, 0) &&
                 limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_NOFILE, 32, 32) &&
                 prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 &&
                 sigprocmask(SIG_SETMASK, &none, NULL) == 0;
    close_range(3, ~0U, 0); /* all are marked close-on-exec; this is for the one that somebody forgot */
    if (ready)
        execve(tool, argv, env);
    _exit(127);
}

static enum err begin(struct cx *cx, const char *tool, int in, int seconds, struct child *ret)
{
    int ends[2] = {-1, -1}, nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    pid_t pid = -1;
    if (nowhere >= 0 && pipe2(ends, O_CLOEXEC) == 0)
        pid = fork();
    if (pid == 0)
        be_tool(tool, in, ends[1], nowhere, seconds);
    enum err e = pid < 0 ? fail(cx, ERR_IO, "%s cannot be started: %s", TOOL, strerror(errno)) : ERR_OK;
    if (nowhere >= 0)
        close(nowhere);
    if (ends[1] >= 0)
        close(ends[1]);
    *ret = (struct child){pid, ends[0]};
    return e;
}

/* ---- the parent ---- */

/* Reads until the child says no more or the text is as long as may be. False: it took too long. */
static bool collect(struct child *c, int64_t until_us, struct buf *b)
{
    while (b->n < FULLTEXT_TEXT_MAX) {
        int64_t left_us = until_us - time_tick_us();
        struct pollfd p = {.fd = c->out, .events = POLLIN};
        int ready = left_us > 0 ? poll(&p, 1, (int)(left_us / 1000) + 1) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return false;
        size_t room = FULLTEXT_TEXT_MAX - b->n < 65536 ? FULLTEXT_TEXT_MAX - b->n : 65536;
        ssize_t n = read(c->out, buf_reserve(b, room), room);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return true;
        b->n += (size_t)n;
    }
    return true;
}

/* Who has closed its output ends at once, or is made to. False: it did not. */
static bool ended(struct child *c, int64_t until_us, int *ret_status)
{
    for (;;) {
        pid_t pid = waitpid(c->pid, ret_status, WNOHANG);
        if (pid > 0 || (pid < 0 && errno != EINTR))
            c->pid = 0;
        if (!c->pid || time_tick_us() >= until_us)
            return !c->pid;
        usleep(1000);
    }
}

static void put_down(void *p)
{
    struct child *c = p;
    if (c->pid > 0)
        kill(c->pid, SIGKILL);
    while (c->pid > 0 && waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    if (c->out >= 0)
        close(c->out);
    *c = (struct child){0, -1};
}

/* What its end says of the file. Ended from outside (the service stops and all that belongs to it, the machine was out
   of memory), it says nothing: to be tried again. */
static enum err judge(struct cx *cx, int status, int seconds)
{
    int by = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (by == SIGXCPU)
        return fail(cx, ERR_TOO_LARGE, "%s took more than %d s", TOOL, seconds);
    if (by == SIGTERM || by == SIGINT || by == SIGHUP || by == SIGKILL)
        return fail(cx, ERR_IO, "%s was ended by signal %d", TOOL, by);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return fail(cx, ERR_IO, "%s cannot be run with its limits", TOOL);
    return status ? fail(cx, ERR_SYNTAX, "%s could not read it", TOOL) : ERR_OK;
}

enum err fulltext_pdf(struct cx *cx, int fd, int seconds, struct str *ret)
{
    struct child *c = arena_new_of(cx->arena, struct child);
    struct buf b = buf_make(cx->arena);
    const char *tool = find_tool(cx);
    int status = 0;
    if (!tool)
        return fulltext_probe(cx);
    if (lseek(fd, 0, SEEK_SET) != 0)
        return fail(cx, ERR_IO, "a document: %s", strerror(errno));
    *c = (struct child){0, -1};
    arena_defer(cx->arena, put_down, c); /* also when the arena's limit ends this in the middle */
    int64_t until_us = time_tick_us() + seconds * SECOND_US;
    enum err e = begin(cx, tool, fd, seconds, c);
    if (e)
        return e;
    bool in_time = collect(c, until_us, &b), whole = b.n < FULLTEXT_TEXT_MAX;
    if (in_time && whole)
        in_time = ended(c, until_us, &status);
    put_down(c);
    e = in_time ? judge(cx, status, seconds) : fail(cx, ERR_TOO_LARGE, "%s took more than %d s", TOOL, seconds);
    if (!e)
        *ret = plain_clean(cx, str_z(cx->arena, buf_str(&b)), FULLTEXT_TEXT_MAX, true);
    return e;
}
