/* A client that costs little: N connections in a closed loop from one thread, so that two processors are left to the
   server.

     load [-n TIMES] [-t SECONDS] [-r RATE] [-o FILE] PORT… < plan

   The plan, a line each; a line "client" begins a new connection, what follows is its script:
     client COOKIES
     client Authorization: …
     LABEL METHOD PATH [BODY]
   "{id}" in a path or body is the number after "/form/draft/" in the last Location this client was sent, "{location}"
   the path of the whole of it. A body that begins with "{" and a quote is JSON for the Noark API; one that is "@FILE"
   is that file's bytes, with a line at the end that no other body has. Every script runs -n times (default 1), or over
   and over for -t seconds; with -r at most so many requests a second go out, of all clients together. Of several ports
   each client has the next. With -o each reply becomes a line "client label status microseconds location-or-dash". The
   summary on stdout is JSON: time on the wire, the processor time of this client, and for each label count, refusals
   (status 400 and up, of GET all but 200; broken connections) and latencies in microseconds. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LABELS = 64, IN_MAX = 1 << 20, OUT_MAX = 1 << 16, FILE_MAX = 1 << 20 };

struct step {
    int label;
    char *method, *path, *body;
    size_t file_n; /* of "@FILE": body is its bytes */
};

struct client {
    int fd;
    char *cookies;
    struct step *steps;
    size_t n_steps, at;
    long rounds;
    char id[24], location[400];
    char *out, *in;
    size_t out_n, out_at, in_n;
    int64_t began_us, due_us; /* due_us: its turn, while it waits for one */
    struct client *behind;
    int port;
};

struct label {
    char *name;
    uint32_t *us;
    size_t n, cap, bad;
};

static struct label labels[LABELS];
static size_t n_labels, n_clients, running;
static struct client *clients;
static struct client *first_due, *last_due;
static int poll_fd;
static long times = 1;
static int64_t end_us, gap_us, turn_us; /* between two requests; of the next */
static double seconds;
static FILE *log_file;

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

static _Noreturn void die(const char *what)
{
    perror(what);
    exit(1);
}

static void *must(void *p)
{
    if (!p)
        die("memory");
    return p;
}

static int label_of(const char *name)
{
    for (size_t i = 0; i < n_labels; i++)
        if (!strcmp(labels[i].name, name))
            return (int)i;
    if (n_labels == LABELS)
        die("too many labels");
    labels[n_labels].name = must(strdup(name));
    return (int)n_labels++;
}

/* ---- the plan ---- */

static void read_file(struct step *s)
{
    FILE *f = fopen(s->body + 1, "r");
    if (!f)
        die(s->body + 1);
    s->body = must(malloc(FILE_MAX));
    s->file_n = fread(s->body, 1, FILE_MAX, f);
    fclose(f);
}

static void read_plan(void)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    while ((n = getline(&line, &cap, stdin)) > 0) {
        if (line[n - 1] == '\n')
            line[n - 1] = 0;
        if (!strncmp(line, "client ", 7)) {
            clients = must(realloc(clients, (n_clients + 1) * sizeof *clients));
            clients[n_clients++] = (struct client){.fd = -1,
                                                   .cookies = must(strdup(line + 7)),
                                                   .in = must(malloc(IN_MAX)),
                                                   .out = must(malloc(2 * OUT_MAX + FILE_MAX))};
            continue;
        }
        char *rest = line, *label = strsep(&rest, " "), *method = strsep(&rest, " "), *path = strsep(&rest, " ");
        if (!n_clients || !path)
            continue;
        struct client *c = &clients[n_clients - 1];
        c->steps = must(realloc(c->steps, (c->n_steps + 1) * sizeof *c->steps));
        c->steps[c->n_steps++] = (struct step){label_of(label), must(strdup(method)), must(strdup(path)),
                                               rest ? must(strdup(rest)) : NULL, 0};
        if (rest && rest[0] == '@')
            read_file(&c->steps[c->n_steps - 1]);
    }
    free(line);
}

/* ---- one request ---- */

/* `s` with {id} and {location} filled in, at `to`. Returns the length. */
static size_t filled(char *to, size_t room, const char *s, const struct client *c)
{
    size_t n = 0;
    while (*s && n + 1 < room) {
        int id = !strncmp(s, "{id}", 4), location = !strncmp(s, "{location}", 10);
        if (id || location) {
            for (const char *p = id ? c->id : c->location; *p && n + 1 < room; p++)
                to[n++] = *p;
            s += id ? 4 : 10;
        } else {
            to[n++] = *s++;
        }
    }
    to[n] = 0;
    return n;
}

static void watch(struct client *c, int op, uint32_t events)
{
    struct epoll_event e = {.events = events, .data.ptr = c};
    if (epoll_ctl(poll_fd, op, c->fd, &e))
        die("epoll_ctl");
}

static void connect_to(struct client *c)
{
    struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)c->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&a, sizeof a))
        die("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    watch(c, EPOLL_CTL_ADD, EPOLLIN);
}

static void ask(struct client *c)
{
    const struct step *s = &c->steps[c->at];
    static char path[OUT_MAX], body[OUT_MAX + FILE_MAX];
    static long files;
    int is_json = s->body && !s->file_n && !strncmp(s->body, "{\"", 2);
    filled(path, sizeof path, s->path, c);
    size_t body_n = s->body && !s->file_n ? filled(body, sizeof body, s->body, c) : s->file_n;
    if (s->file_n) {
        memcpy(body, s->body, s->file_n);
        body_n += (size_t)sprintf(body + s->file_n, "\n%% %ld %lld\n", ++files, (long long)now_us());
    }
    int n = snprintf(c->out, OUT_MAX, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s%s\r\n", s->method, path, c->port,
                     strchr(c->cookies, ':') ? "" : "Cookie: ", c->cookies);
    if (s->file_n || is_json)
        n += snprintf(c->out + n, OUT_MAX - (size_t)n, "Content-Type: %s\r\nContent-Length: %zu\r\n",
                      is_json ? "application/vnd.noark5+json" : "application/pdf", body_n);
    else if (s->body)
        n += snprintf(c->out + n, OUT_MAX - (size_t)n,
                      "Origin: http://127.0.0.1:%d\r\nSec-Fetch-Site: same-origin\r\n"
                      "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n",
                      c->port, body_n);
    n += snprintf(c->out + n, OUT_MAX - (size_t)n, "\r\n");
    if (n > OUT_MAX)
        die("a request is too long");
    memcpy(c->out + n, body, body_n);
    c->out_n = (size_t)n + body_n;
    c->in_n = 0;
    if (c->fd < 0)
        connect_to(c);
    c->began_us = now_us();
    if (write(c->fd, c->out, c->out_n) != (ssize_t)c->out_n) /* blocking, and small */
        c->in_n = 0;                                         /* the broken connection is seen when it is read */
}

/* Ask when it is its turn. Who is late may catch up with at most a second. */
static void ask_in_turn(struct client *c)
{
    int64_t now = now_us();
    if (!gap_us) {
        ask(c);
        return;
    }
    if (turn_us < now - 1000000)
        turn_us = now - 1000000;
    c->due_us = turn_us;
    turn_us += gap_us;
    c->behind = NULL;
    if (last_due)
        last_due->behind = c;
    else
        first_due = c;
    last_due = c;
}

/* Those whose turn has come. Returns the milliseconds until the next. */
static int ask_due(void)
{
    int64_t now = now_us();
    while (first_due && first_due->due_us <= now) {
        struct client *c = first_due;
        first_due = c->behind;
        if (!first_due)
            last_due = NULL;
        ask(c);
    }
    return first_due ? (int)((first_due->due_us - now) / 1000) + 1 : 20000;
}

/* ---- one reply ---- */

static const char *header(const struct client *c, const char *name, size_t head_n)
{
    size_t n = strlen(name);
    for (const char *p = c->in; p && p < c->in + head_n;
         p = memchr(p, '\n', head_n - (size_t)(p - c->in)), p = p ? p + 1 : p)
        if (!strncasecmp(p, name, n) && p[n] == ':')
            return p + n + 1 + strspn(p + n + 1, " ");
    return NULL;
}

static void note(struct client *c, int status, const char *location, size_t location_n)
{
    struct label *l = &labels[c->steps[c->at].label];
    int64_t us = now_us() - c->began_us;
    if (l->n == l->cap)
        l->us = must(realloc(l->us, (l->cap = l->cap ? l->cap * 2 : 1024) * sizeof *l->us));
    l->us[l->n++] = (uint32_t)us;
    int get = c->steps[c->at].method[0] == 'G';
    l->bad += status >= 400 || status < (get ? 200 : 1) || (get && status > 299);
    if (log_file)
        fprintf(log_file, "%zu %s %d %lld %.*s\n", (size_t)(c - clients), l->name, status, (long long)us,
                location_n ? (int)location_n : 1, location_n ? location : "-");
}

static void next(struct client *c)
{
    if (++c->at == c->n_steps) {
        c->at = 0;
        c->rounds++;
    }
    if (end_us ? now_us() >= end_us : c->rounds >= times) {
        if (c->fd >= 0)
            close(c->fd);
        c->fd = -1;
        running--;
        return;
    }
    ask_in_turn(c);
}

static void broken(struct client *c)
{
    close(c->fd);
    c->fd = -1;
    note(c, 0, NULL, 0);
    next(c);
}

/* Whether the reply in c->in is whole; its parts are noted then. */
static int whole(struct client *c)
{
    c->in[c->in_n] = 0;
    char *end = strstr(c->in, "\r\n\r\n");
    if (!end)
        return 0;
    size_t head_n = (size_t)(end - c->in) + 4;
    int status = atoi(c->in + 9);
    const char *length = header(c, "Content-Length", head_n), *location = header(c, "Location", head_n);
    if (!length && status != 304 && status != 204)
        die("a reply without Content-Length");
    if (c->in_n < head_n + (length ? strtoul(length, NULL, 10) : 0))
        return 0;
    size_t n = location ? strcspn(location, "\r\n") : 0;
    const char *draft = location ? strstr(location, "/form/draft/") : NULL;
    if (draft && draft < location + n) {
        size_t digits = strspn(draft + 12, "0123456789");
        snprintf(c->id, sizeof c->id, "%.*s", (int)digits, draft + 12);
    }
    const char *path = location && location + n > location + 8 ? memchr(location + 8, '/', n - 8) : NULL;
    if (path)
        snprintf(c->location, sizeof c->location, "%.*s", (int)(location + n - path), path);
    const char *closing = header(c, "Connection", head_n);
    if (closing && !strncasecmp(closing, "close", 5)) {
        close(c->fd);
        c->fd = -1;
    }
    note(c, status, location, n);
    return 1;
}

static void readable(struct client *c)
{
    ssize_t n = recv(c->fd, c->in + c->in_n, IN_MAX - 1 - c->in_n, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        broken(c);
        return;
    }
    c->in_n += (size_t)n;
    if (c->in_n == IN_MAX - 1)
        die("a reply is too long");
    if (whole(c))
        next(c);
}

/* ---- the summary ---- */

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static uint32_t part(const struct label *l, double p)
{
    return l->n ? l->us[(size_t)((double)(l->n - 1) * p)] : 0;
}

static void tell(int64_t us)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    double cpu =
        (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
    printf("{\"seconds\":%.3f,\"client_cpu\":%.3f,\"labels\":{", (double)us / 1e6, cpu);
    for (size_t i = 0; i < n_labels; i++) {
        struct label *l = &labels[i];
        qsort(l->us, l->n, sizeof *l->us, by_size);
        printf("%s\"%s\":{\"n\":%zu,\"bad\":%zu,\"p50\":%u,\"p95\":%u,\"p99\":%u,\"max\":%u}", i ? "," : "", l->name,
               l->n, l->bad, part(l, 0.5), part(l, 0.95), part(l, 0.99), part(l, 1));
    }
    printf("}}\n");
}

int main(int argc, char **argv)
{
    for (int o; (o = getopt(argc, argv, "n:t:r:o:")) != -1;) {
        if (o == 'n')
            times = atol(optarg);
        else if (o == 't')
            seconds = atof(optarg);
        else if (o == 'r')
            gap_us = (int64_t)(1e6 / atof(optarg));
        else if (o != 'o' || !(log_file = fopen(optarg, "w")))
            die("load [-n TIMES] [-t SECONDS] [-r RATE] [-o FILE] PORT... < plan");
    }
    poll_fd = epoll_create1(EPOLL_CLOEXEC);
    read_plan();
    for (size_t i = 0; i < n_clients && optind < argc; i++)
        clients[i].port = atoi(argv[optind + (int)i % (argc - optind)]);
    int64_t from = turn_us = now_us();
    end_us = seconds > 0 ? from + (int64_t)(seconds * 1e6) : 0;
    for (size_t i = 0; i < n_clients; i++)
        if (clients[i].n_steps) {
            running++;
            ask_in_turn(&clients[i]);
        }
    struct epoll_event events[64];
    while (running) {
        int ms = ask_due(), n = epoll_wait(poll_fd, events, 64, ms);
        if (n == 0 && ms == 20000)
            die("no reply for 20 s");
        for (int i = 0; i < n; i++)
            readable(events[i].data.ptr);
    }
    tell(now_us() - from);
    return log_file && fclose(log_file);
}
