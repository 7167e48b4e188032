/* Asking a virus scanner: clamd, over its local socket (clamd(8), "INSTREAM", "PING"). */
#include "disk.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024, ANSWER_MAX = 1024, TIMEOUT_S = 30, PING_S = 5 };

void files_scan_with(struct files *files, struct str socket_path)
{
    free(files->scanner);
    files->scanner = socket_path.n ? strndup(socket_path.p, socket_path.n) : NULL;
}

bool files_scanner(const struct cx *cx)
{
    return cx->files && cx->files->scanner;
}

static enum err fault(struct cx *cx, const char *what)
{
    return fail(cx, ERR_UPSTREAM, "the virus scanner: %s: %s", what, strerror(errno));
}

static enum err open_socket(struct cx *cx, const char *path, int timeout_s, int *ret)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    struct timeval timeout = {.tv_sec = timeout_s};
    if (strlen(path) >= sizeof to.sun_path)
        return fail(cx, ERR_CONFIG, "the path of the virus scanner's socket is too long");
    memcpy(to.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return fault(cx, "socket");
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) ||
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout) ||
        connect(fd, (struct sockaddr *)&to, sizeof to)) {
        enum err e = fault(cx, path);
        close(fd);
        return e;
    }
    *ret = fd;
    return ERR_OK;
}

static bool send_all(int fd, const void *p, size_t n)
{
    const char *from = p;
    while (n) {
        ssize_t w = send(fd, from, n, MSG_NOSIGNAL);
        if (w <= 0 && errno != EINTR)
            return false;
        if (w > 0)
            from += w, n -= (size_t)w;
    }
    return true;
}

/* Pieces with their length before them, and one of length 0. A scanner that has seen enough closes: its answer tells.
 */
static void send_stream(int fd, struct str bytes)
{
    uint32_t none = 0;
    bool ok = send_all(fd, "zINSTREAM", sizeof "zINSTREAM");
    for (size_t at = 0; ok && at < bytes.n; at += CHUNK) {
        size_t n = bytes.n - at < CHUNK ? bytes.n - at : CHUNK;
        uint32_t length = htonl((uint32_t)n);
        ok = send_all(fd, &length, sizeof length) && send_all(fd, bytes.p + at, n);
    }
    if (ok)
        send_all(fd, &none, sizeof none);
}

/* At most `max` bytes, without the zero that ends them. */
static size_t read_answer(int fd, char *answer, size_t max)
{
    size_t n = 0;
    while (n < max) {
        ssize_t r = recv(fd, answer + n, max - n, 0);
        if (r < 0 && errno == EINTR)
            continue;
        if (r <= 0)
            break;
        n += (size_t)r;
        if (memchr(answer, 0, n))
            break;
    }
    return strnlen(answer, n);
}

enum files_scanned files_scan_verdict(struct str said)
{
    return str_ends(said, S(": OK")) ? FILES_CLEAN : str_ends(said, S(" FOUND")) ? FILES_VIRUS : FILES_UNSCANNED;
}

/* ERR_UPSTREAM, ERR_CONFIG: nobody knows. */
static enum err ask(struct cx *cx, struct str bytes, bool *ret_clean)
{
    char answer[ANSWER_MAX] = {0};
    int fd = -1;
    *ret_clean = true;
    enum err e = open_socket(cx, cx->files->scanner, TIMEOUT_S, &fd);
    if (e)
        return e;
    send_stream(fd, bytes);
    struct str said = str_make(answer, read_answer(fd, answer, sizeof answer));
    close(fd);
    enum files_scanned verdict = files_scan_verdict(said);
    if (verdict == FILES_CLEAN)
        return ERR_OK;
    if (verdict == FILES_UNSCANNED)
        return fail(cx, ERR_UPSTREAM, "the virus scanner said “%" PRI_STR "”", STR_ARG(text_head(said, 200)));
    log_line(cx, LOG_WARN, "virus", "said=\"%" PRI_STR "\"", STR_ARG(said));
    *ret_clean = false;
    return ERR_OK;
}

enum files_scanned files_scan(struct cx *cx, struct str bytes)
{
    bool clean;
    if (!files_scanner(cx))
        return FILES_CLEAN;
    if (!ask(cx, bytes, &clean))
        return clean ? FILES_CLEAN : FILES_VIRUS;
    log_line(cx, LOG_ERROR, "virus_scanner", "error=\"%" PRI_STR "\"", STR_ARG(cx->fail.detail));
    cx->fail = (struct fail){0};
    return FILES_UNSCANNED;
}

enum err files_scan_probe(struct cx *cx)
{
    char answer[sizeof "PONG"] = {0};
    int fd = -1;
    enum err e = open_socket(cx, cx->files->scanner, PING_S, &fd);
    if (e)
        return e;
    send_all(fd, "zPING", sizeof "zPING");
    struct str said = str_make(answer, read_answer(fd, answer, sizeof answer));
    close(fd);
    return str_eq(said, S("PONG")) ? ERR_OK : fail(cx, ERR_UPSTREAM, "the virus scanner does not answer a ping");
}
