/* The socket side: the only file that sees libmicrohttpd (0.9.75). One I/O thread (or a few) reads heads and bodies;
   each request is suspended and handed to a worker; the worker's reply is copied out of its arena, and the connection
   resumed.

   What had to be tried (libmicrohttpd does not say it): a reply can be queued, and a connection suspended, at the call
   with the head and at the call after the body, not in between; after a resume the function is called once with size 0
   before the body. So: a refusal that the head already shows is made there; what goes wrong in the middle of a body is
   remembered and told at its end, or, when too much more would have to be read for that, the connection is closed. */
#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "http/http_inner.h"

enum {
    CONNECTIONS_MAX = 4000,
    CONNECTION_MEMORY = 32 * 1024, /* head and buffers; more head: 431 from libmicrohttpd */
    QUIET_S = 30,                  /* nothing at all is heard or taken for so long */
    HEAD_S = 15,                   /* for the whole head */
    IDLE_S = 75,                   /* between two requests */
    BODY_GRACE_S = 15,
    BODY_LEAST_BYTES_S = 8 * 1024, /* a body may take 15 s and then 8 KiB/s */
    SEND_GRACE_S = 60,
    SEND_LEAST_BYTES_S = 4 * 1024,
};

/* A connection, for the watch over its time. */
struct sock {
    struct sock *next, **link;
    int fd;
    bool is_local;
    char peer[INET6_ADDRSTRLEN];
    _Atomic int64_t deadline_us; /* time_tick_us after which it is cut */
};

enum exchange_state { EX_NEW, EX_ADMIT, EX_GO_ON, EX_BODY, EX_WORK, EX_REPLY };

/* One request and its reply. */
struct exchange {
    struct request req; /* first: a request is its exchange */
    struct MHD_Connection *connection;
    struct sock *sock;
    enum exchange_state state;
    bool counted;
    struct request *next;
    char *body;
    size_t body_n, body_cap;
    int64_t received, body_max;
    struct MHD_Response *response;
    unsigned status;
    int64_t reply_bytes;
    const char *uri_at; /* where the address stands in libmicrohttpd's buffer */
    size_t url_n;
    char url[];
};

struct sockets {
    struct MHD_Daemon *daemon;
    int listen_fd, port;
    char *unix_path;
    pthread_t watch;
    bool watching, stop;
    pthread_mutex_t lock; /* of the list and stop */
    pthread_cond_t tick;
    struct sock *first;
};

struct request **mhd_link(struct request *req)
{
    return &((struct exchange *)req)->next;
}

/* ---- time */

static void give_time(struct sock *s, int64_t us)
{
    if (s)
        atomic_store_explicit(&s->deadline_us, us == INT64_MAX ? us : time_tick_us() + us, memory_order_relaxed);
}

static void cut_late(struct sockets *k)
{
    int64_t now = time_tick_us();
    for (struct sock *s = k->first; s; s = s->next)
        if (atomic_load_explicit(&s->deadline_us, memory_order_relaxed) < now) {
            shutdown(s->fd, SHUT_RDWR); /* libmicrohttpd then sees the end and closes */
            atomic_store(&s->deadline_us, INT64_MAX);
        }
}

static void *watch(void *p)
{
    struct sockets *k = p;
    pthread_mutex_lock(&k->lock);
    while (!k->stop) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec++;
        pthread_cond_timedwait(&k->tick, &k->lock, &until);
        cut_late(k);
    }
    pthread_mutex_unlock(&k->lock);
    return NULL;
}

static bool is_loopback(const struct sockaddr *a)
{
    if (!a || a->sa_family == AF_UNIX)
        return true;
    if (a->sa_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)(const void *)a)->sin_addr.s_addr) >> 24 == 127;
    return a->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr);
}

static void write_address(const struct sockaddr *a, char *to, size_t room)
{
    const void *bytes =
        !a                         ? NULL
        : a->sa_family == AF_INET  ? (const void *)&((const struct sockaddr_in *)(const void *)a)->sin_addr
        : a->sa_family == AF_INET6 ? (const void *)&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr
                                   : NULL;
    if (!bytes || !inet_ntop(a->sa_family, bytes, to, (socklen_t)room))
        to[0] = 0;
}

static void on_connection(void *cls, struct MHD_Connection *c, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http_server *server = cls;
    struct sockets *k = server->sockets;
    struct sock *s = *socket_context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *socket_context = s = calloc(1, sizeof *s);
        assert(s);
        s->fd = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        const struct sockaddr *from = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
        s->is_local = is_loopback(from);
        write_address(from, s->peer, sizeof s->peer);
        give_time(s, HEAD_S * SECOND_US);
        atomic_fetch_add(&server->counters.connections, 1);
        pthread_mutex_lock(&k->lock);
        s->next = k->first;
        s->link = &k->first;
        if (s->next)
            s->next->link = &s->next;
        k->first = s;
        pthread_mutex_unlock(&k->lock);
    } else if (s) {
        atomic_fetch_sub(&server->counters.connections, 1);
        pthread_mutex_lock(&k->lock);
        *s->link = s->next;
        if (s->next)
            s->next->link = s->link;
        pthread_mutex_unlock(&k->lock);
        free(s);
        *socket_context = NULL;
    }
}

/* ---- a request's life */

/* Called with the address as it came, before libmicrohttpd takes it apart. */
static void *on_address(void *cls, const char *uri, struct MHD_Connection *c)
{
    size_t n = strlen(uri);
    struct exchange *x = malloc(sizeof *x + n + 1);
    assert(x);
    memset(x, 0, offsetof(struct exchange, req) + offsetof(struct request, headers));
    memset((char *)x + offsetof(struct request, n_headers), 0, sizeof *x - offsetof(struct request, n_headers));
    memcpy(x->url, uri, n + 1);
    x->uri_at = uri;
    x->url_n = n;
    x->req.magic = REQUEST_MAGIC;
    x->req.server = cls;
    x->req.spool_fd = -1;
    x->connection = c;
    x->sock = MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    give_time(x->sock, HEAD_S * SECOND_US);
    return x;
}

static void on_completed(void *cls, struct MHD_Connection *c, void **con_cls, enum MHD_RequestTerminationCode code)
{
    struct http_server *server = cls;
    struct exchange *x = *con_cls;
    (void)c;
    (void)code;
    if (!x)
        return;
    give_time(x->sock, IDLE_S * SECOND_US);
    if (x->counted)
        atomic_fetch_sub(&server->counters.in_flight, 1);
    if (x->response)
        MHD_destroy_response(x->response);
    if (x->req.spool_fd >= 0)
        close(x->req.spool_fd);
    free(x->body);
    x->req.magic = 0;
    free(x);
    *con_cls = NULL;
}

static enum MHD_Result take_header(void *cls, enum MHD_ValueKind kind, const char *key, size_t key_n, const char *value,
                                   size_t value_n)
{
    struct request *req = cls;
    (void)kind;
    if (req->n_headers == HTTP_HEADERS_MAX) {
        req->early = ERR_TOO_LARGE;
        return MHD_NO;
    }
    req->headers[req->n_headers++] =
        (struct header){str_make(key, key_n), str_make(value ? value : "", value ? value_n : 0)};
    return MHD_YES;
}

static void add_header(struct MHD_Response *r, const char *name, const char *value)
{
    enum MHD_Result done = MHD_add_response_header(r, name, value);
    assert(done == MHD_YES);
}

/* Short replies without a worker: what is so wrong, or so busy, that no page is made of it. */
static enum MHD_Result say(struct exchange *x, unsigned status)
{
    char text[64];
    struct str busy = status == 503 ? x->req.server->config->busy_page : S("");
    int n = snprintf(text, sizeof text, "%u %s\n", status, status == 200 ? "OK" : http_status_text((int)status));
    struct MHD_Response *r =
        busy.n ? MHD_create_response_from_buffer(busy.n, (void *)(uintptr_t)busy.p, MHD_RESPMEM_PERSISTENT)
               : MHD_create_response_from_buffer((size_t)n, text, MHD_RESPMEM_MUST_COPY);
    assert(r);
    add_header(r, "Content-Type", busy.n ? "text/html; charset=utf-8" : "text/plain; charset=utf-8");
    add_header(r, "Cache-Control", "no-store");
    add_header(r, "X-Content-Type-Options", "nosniff");
    add_header(r, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    if (status != 200)
        add_header(r, "Connection", "close");
    if (status == 503)
        add_header(r, "Retry-After", "2");
    enum MHD_Result queued = MHD_queue_response(x->connection, status, r);
    MHD_destroy_response(r);
    http_count(x->req.server, HTTP_AREA_NONE, (int)status, 0);
    if (status != 200)
        log_line(NULL, LOG_INFO, "request", "method=- route=- status=%u", status);
    give_time(x->sock, SEND_GRACE_S * SECOND_US);
    x->state = EX_REPLY;
    return queued;
}

static enum MHD_Result send_reply(struct exchange *x)
{
    give_time(x->sock, (SEND_GRACE_S + x->reply_bytes / SEND_LEAST_BYTES_S) * SECOND_US);
    return MHD_queue_response(x->connection, x->status, x->response);
}

static enum MHD_Result to_worker(struct exchange *x, bool admit)
{
    if (!http_reserve(x->req.server)) {
        http_count_err(x->req.server, ERR_BUSY);
        return say(x, 503);
    }
    x->state = admit ? EX_ADMIT : EX_WORK;
    x->req.admit = admit;
    give_time(x->sock, INT64_MAX);
    MHD_suspend_connection(x->connection); /* before a worker can resume it */
    http_enqueue(x->req.server, &x->req);
    return MHD_YES;
}

/* ---- assets */

static struct MHD_Response *asset_reply(const struct http_server *server, const struct asset *a, bool gzip,
                                        bool unchanged)
{
    struct str bytes = unchanged ? S("") : gzip ? a->packed->gzip : a->packed->bytes;
    struct MHD_Response *r =
        MHD_create_response_from_buffer(bytes.n, (char *)(uintptr_t)bytes.p, MHD_RESPMEM_PERSISTENT);
    char tag[100], date[64];
    assert(r);
    snprintf(tag, sizeof tag, "%.*s", STR_ARG(a->tag));
    struct arena *scratch = arena_new(1 << 16);
    snprintf(date, sizeof date, "%.*s", STR_ARG(http_date(scratch, server->started_us)));
    arena_free(scratch);
    if (!unchanged) {
        add_header(r, "Content-Type", a->packed->type);
        if (gzip)
            add_header(r, "Content-Encoding", "gzip");
        add_header(r, "Last-Modified", date);
    }
    add_header(r, "ETag", tag);
    add_header(r, "Cache-Control", "public, max-age=31536000, immutable");
    add_header(r, "Vary", "Accept-Encoding");
    add_header(r, "X-Content-Type-Options", "nosniff");
    add_header(r, "Cross-Origin-Resource-Policy", "same-origin");
    return r;
}

static void make_asset_replies(struct http_server *server)
{
    for (size_t i = 0; i < http_asset_count(server->assets); i++) {
        struct asset *a = http_asset_at(server->assets, i);
        for (int k = 0; k < 4; k++)
            a->whole[k] = asset_reply(server, a, (k & 1) && a->packed->gzip.n, k & 2);
    }
}

static void free_asset_replies(struct http_server *server)
{
    for (size_t i = 0; i < http_asset_count(server->assets); i++)
        for (int k = 0; k < 4; k++)
            MHD_destroy_response(http_asset_at(server->assets, i)->whole[k]);
}

/* The content of a hashed name never changes: whoever has any version of it has this one. */
static bool is_unchanged(const struct request *req, const struct asset *a)
{
    struct str tags = req_header(req, "If-None-Match");
    return tags.n ? http_tag_matches(tags, a->tag) : req_header(req, "If-Modified-Since").n > 0;
}

static enum MHD_Result send_asset(struct exchange *x, const struct asset *a)
{
    bool gzip = a->packed->gzip.n && http_accepts_gzip(&x->req), unchanged = is_unchanged(&x->req, a);
    x->state = EX_REPLY;
    give_time(x->sock, (SEND_GRACE_S + (int64_t)a->packed->bytes.n / SEND_LEAST_BYTES_S) * SECOND_US);
    http_count(x->req.server, HTTP_AREA_STATIC, unchanged ? 304 : 200, time_tick_us() - x->req.began_tick_us);
    return MHD_queue_response(x->connection, unchanged ? 304 : 200, a->whole[gzip + 2 * unchanged]);
}

/* ---- the head */

static int64_t limit_of(const struct route *t)
{
    if (!t || t->method == GET || t->method == DELETE || t->method == OPTIONS)
        return 0;
    return t->body_max ? t->body_max : HTTP_MEMORY_BODY;
}

static void refuse_early(struct request *req, enum err e, const char *why)
{
    req->early = e;
    req->early_detail = why;
}

/* With a body to come: refuse, ask a worker whether this person may send so much, or read. */
static enum MHD_Result before_body(struct exchange *x)
{
    struct request *req = &x->req;
    x->body_max = limit_of(req->route);
    if (!req->route || req->content_length > x->body_max) {
        if (req->route)
            refuse_early(req, ERR_TOO_LARGE, "the body is larger than this address takes");
        return to_worker(x, false);
    }
    bool large = req->content_length < 0 || req->content_length > HTTP_MEMORY_BODY;
    if (large && (req->route->perm != PERM_PUBLIC || req->route->admit))
        return to_worker(x, true);
    x->state = EX_BODY;
    int64_t bytes = req->content_length < 0 ? x->body_max : req->content_length;
    give_time(x->sock, (BODY_GRACE_S + bytes / BODY_LEAST_BYTES_S) * SECOND_US);
    return MHD_YES;
}

/* Between two things that stood beside each other in the head: zeros (put there in place of line ends), blanks,
 * nothing. */
static bool is_gap(const char *from, const char *to)
{
    if (from > to)
        return false;
    for (; from < to; from++)
        if (*from && *from != ' ' && *from != '\t' && *from != '\r' && *from != '\n')
            return false;
    return true;
}

/* libmicrohttpd gives what stands before the first NUL of a line, and of a folded line its first part. What it leaves
   out still lies in its buffer, which it only writes zeros into: so there is something between one value and the next
   name. */
static bool hides_something(const struct exchange *x, const char *version)
{
    const struct request *req = &x->req;
    if (!is_gap(x->uri_at + x->url_n, version))
        return true;
    const char *end = version + strlen(version);
    bool crlf = req->n_headers && req->headers[0].name.p - end == 2;
    for (size_t i = 0; i < req->n_headers; i++) {
        const struct header *h = &req->headers[i];
        if (!is_gap(end, h->name.p))
            return true;
        end = h->value.p + h->value.n;
    }
    /* After the last: CR LF CR LF or LF LF, some of it zeros by now; no blanks. */
    for (int i = 0; i < (crlf ? 4 : 2); i++)
        if (req->n_headers && end[i] && end[i] != '\r' && end[i] != '\n')
            return true;
    return false;
}

static enum MHD_Result on_head(struct exchange *x, const char *method, const char *version)
{
    struct request *req = &x->req;
    struct http_server *server = req->server;
    const char *why = NULL;
    req->began_tick_us = time_tick_us();
    req->url = str_make(x->url, x->url_n);
    req->method_name = str_of(method);
    req->version = str_of(version);
    req->peer_is_local = x->sock && x->sock->is_local;
    req->peer = x->sock ? str_of(x->sock->peer) : S("");
    atomic_fetch_add(&server->counters.in_flight, 1);
    x->counted = true;
    MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, take_header, req);
    if (x->url_n > HTTP_URL_MAX)
        return say(x, 414);
    if (req->early)
        return say(x, 431);
    if (hides_something(x, version) || http_check_head(req, &why))
        return say(x, 400);
    http_router_find(server->router, req);
    if (req->content_length)
        return before_body(x);
    x->state = EX_BODY; /* a reply at this call would close the connection: wait for the next, which comes at once */
    return MHD_YES;
}

/* All has come, and there was no body. */
static enum MHD_Result on_bare_request(struct exchange *x)
{
    struct request *req = &x->req;
    struct http_server *server = req->server;
    if (req->method == GET && str_starts(req->path, S("/static/")) && !server->config->dev_assets) {
        const struct asset *a = http_asset_by_url(server->assets, req->path);
        if (a)
            return send_asset(x, a);
    }
    if (req->method == GET && str_eq_z(req->path, "/healthz"))
        return say(x, 200);
    return to_worker(x, false);
}

/* ---- the body */

static bool spool_open(struct exchange *x)
{
    const char *dir = x->req.server->config->spool_dir;
    int fd = dir ? open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) : -1;
    if (fd < 0 && dir) { /* a file system without O_TMPFILE */
        char path[4096];
        snprintf(path, sizeof path, "%s/body-%016llx", dir, (unsigned long long)rand_id());
        fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
        if (fd >= 0)
            unlink(path);
    }
    if (fd < 0)
        return false;
    x->req.spool_fd = fd;
    return true;
}

static bool spool_write(struct exchange *x, const char *p, size_t n)
{
    while (n) {
        ssize_t w = write(x->req.spool_fd, p, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return false;
        p += w;
        n -= (size_t)w;
        x->req.spool_bytes += w;
    }
    return true;
}

static void memory_add(struct exchange *x, const char *p, size_t n)
{
    if (n > x->body_cap - x->body_n) {
        size_t cap = x->req.content_length > 0 ? (size_t)x->req.content_length : x->body_cap * 2;
        if (cap < x->body_n + n)
            cap = x->body_n + n;
        x->body = realloc(x->body, cap);
        assert(x->body);
        x->body_cap = cap;
    }
    memcpy(x->body + x->body_n, p, n);
    x->body_n += n;
}

static void body_failed(struct exchange *x, enum err e, const char *why)
{
    refuse_early(&x->req, e, why);
    free(x->body);
    x->body = NULL;
    x->body_n = x->body_cap = 0;
}

/* False: the connection is to be closed. */
static bool take_body(struct exchange *x, const char *p, size_t n)
{
    struct request *req = &x->req;
    x->received += (int64_t)n;
    if (x->received > x->body_max && !req->early)
        body_failed(x, ERR_TOO_LARGE, "the body is larger than this address takes");
    if (req->early)
        return x->received <= x->body_max + HTTP_DRAIN_MAX || req->content_length > 0;
    if (req->spool_fd < 0 && x->received <= HTTP_MEMORY_BODY) {
        memory_add(x, p, n);
        return true;
    }
    if (req->spool_fd < 0) {
        if (!spool_open(x)) {
            body_failed(x, ERR_IO, "no temporary file");
            return true;
        }
        if (!spool_write(x, x->body, x->body_n))
            body_failed(x, ERR_NO_SPACE, "no room for the body");
        free(x->body);
        x->body = NULL;
        x->body_n = x->body_cap = 0;
    }
    if (!req->early && !spool_write(x, p, n))
        body_failed(x, ERR_NO_SPACE, "no room for the body");
    return true;
}

static enum MHD_Result on_body(struct exchange *x, const char *data, size_t *n)
{
    if (*n) {
        bool go_on = take_body(x, data, *n);
        *n = 0;
        return go_on ? MHD_YES : MHD_NO;
    }
    if (!x->req.content_length)
        return on_bare_request(x);
    x->req.body = str_make(x->body ? x->body : "", x->body_n);
    return to_worker(x, false);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *url, const char *method,
                                  const char *version, const char *data, size_t *n, void **con_cls)
{
    struct exchange *x = *con_cls;
    (void)cls;
    (void)c;
    (void)url;
    switch (x->state) {
    case EX_NEW:
        return on_head(x, method, version);
    case EX_GO_ON: /* resumed: once with nothing, then the body */
        x->state = EX_BODY;
        return *n ? on_body(x, data, n) : MHD_YES;
    case EX_BODY:
        return on_body(x, data, n);
    case EX_REPLY:
        if (x->response)
            return send_reply(x);
        *n = 0; /* already answered at the head */
        return MHD_YES;
    case EX_ADMIT:
    case EX_WORK:
        break;
    }
    assert(0 && "a suspended connection is not called");
    return MHD_NO;
}

/* ---- what workers call */

/* libmicrohttpd takes no empty value, and copies what it is given. */
static void add_value(struct MHD_Response *r, const char *name, struct str v)
{
    char small[256]; /* most fit */
    if (!v.n)
        return;
    char *z = v.n < sizeof small ? small : malloc(v.n + 1);
    assert(z);
    memcpy(z, v.p, v.n);
    z[v.n] = 0;
    add_header(r, name, z);
    if (z != small)
        free(z);
}

void mhd_reply(struct request *req, const struct reply *rep)
{
    struct exchange *x = (struct exchange *)req;
    if (rep->fd >= 0) {
        x->response = MHD_create_response_from_fd64((uint64_t)rep->fd_bytes, rep->fd);
        x->reply_bytes = rep->fd_bytes;
    } else {
        x->response =
            MHD_create_response_from_buffer(rep->body.n, (char *)(uintptr_t)rep->body.p, MHD_RESPMEM_MUST_COPY);
        x->reply_bytes = (int64_t)rep->body.n;
    }
    assert(x->response);
    for (size_t i = 0; i < rep->headers.n; i++)
        add_value(x->response, rep->headers.p[i].name.p, rep->headers.p[i].value);
    if (rep->close || atomic_load(&req->server->stopping))
        add_header(x->response, "Connection", "close");
    x->status = (unsigned)rep->status;
    x->state = EX_REPLY;
    MHD_resume_connection(x->connection);
}

void mhd_go_on(struct request *req)
{
    struct exchange *x = (struct exchange *)req;
    int64_t bytes = req->content_length < 0 ? x->body_max : req->content_length;
    req->admit = false;
    give_time(x->sock, (BODY_GRACE_S + bytes / BODY_LEAST_BYTES_S) * SECOND_US);
    x->state = EX_GO_ON;
    MHD_resume_connection(x->connection);
}

/* ---- start and stop */

static enum err listen_unix(struct cx *cx, const char *path, struct sockets *k)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof a.sun_path)
        return fail(cx, ERR_CONFIG, "--listen unix:%s: the path is too long", path);
    memcpy(a.sun_path, path, strlen(path) + 1);
    unlink(path);
    k->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (k->listen_fd < 0 || bind(k->listen_fd, (struct sockaddr *)&a, sizeof a) || chmod(path, 0660) ||
        listen(k->listen_fd, 1024))
        return fail(cx, ERR_IO, "cannot listen on unix:%s: %s", path, strerror(errno));
    k->unix_path = strdup(path);
    return ERR_OK;
}

/* "127.0.0.1:8080", "[::1]:8080" */
static enum err listen_tcp(struct cx *cx, const char *address, struct sockets *k)
{
    struct str all = str_of(address);
    size_t colon = all.n;
    while (colon > 0 && all.p[colon - 1] != ':')
        colon--;
    if (colon < 2)
        return fail(cx, ERR_CONFIG, "--listen %s: expected ADDRESS:PORT or unix:PATH", address);
    struct str host = str_slice(all, 0, colon - 1), port = str_slice(all, colon, all.n);
    if (host.p[0] == '[' && host.p[host.n - 1] == ']')
        host = str_slice(host, 1, host.n - 1);
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM},
                    *found;
    if (getaddrinfo(str_z(cx->arena, host), str_z(cx->arena, port), &hints, &found))
        return fail(cx, ERR_CONFIG, "--listen %s: not a numeric address and port", address);
    int one = 1;
    k->listen_fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool ok = k->listen_fd >= 0 && !setsockopt(k->listen_fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) &&
              !bind(k->listen_fd, found->ai_addr, found->ai_addrlen) && !listen(k->listen_fd, 1024);
    int problem = errno;
    freeaddrinfo(found);
    if (!ok)
        return fail(cx, ERR_IO, "cannot listen on %s: %s", address, strerror(problem));
    struct sockaddr_storage bound;
    socklen_t n = sizeof bound;
    getsockname(k->listen_fd, (struct sockaddr *)&bound, &n);
    k->port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)(void *)&bound)->sin6_port
                                                : ((struct sockaddr_in *)(void *)&bound)->sin_port);
    return ERR_OK;
}

/* Escapes stay: the router decodes. */
static size_t keep_escapes(void *cls, struct MHD_Connection *c, char *s)
{
    (void)cls;
    (void)c;
    return strlen(s);
}

static void quiet(void *cls, const char *fmt, va_list ap)
{
    (void)cls;
    (void)fmt;
    (void)ap;
}

static struct MHD_Daemon *start_daemon(struct http_server *server)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned pool = cpus >= 8 ? (unsigned)cpus / 4 : 0;
    unsigned flags =
        MHD_USE_EPOLL | MHD_USE_INTERNAL_POLLING_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_ERROR_LOG;
    struct MHD_OptionItem options[] = {
        {MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)quiet, NULL}, /* its messages repeat what peers sent */
        {MHD_OPTION_LISTEN_SOCKET, server->sockets->listen_fd, NULL},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_address, server},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)keep_escapes, NULL},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, server},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, server},
        {MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, QUIET_S, NULL},
        /* not MHD_OPTION_STRICT_FOR_CLIENT: all it adds here is its own reply to a missing Host, whose head it sends
           twice */
        {pool ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t)pool, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, server, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

static void sockets_free(struct sockets *k)
{
    if (k->unix_path)
        unlink(k->unix_path);
    free(k->unix_path);
    pthread_mutex_destroy(&k->lock);
    pthread_cond_destroy(&k->tick);
    free(k);
}

enum err mhd_start(struct cx *cx, struct http_server *server)
{
    struct sockets *k = calloc(1, sizeof *k);
    assert(k);
    server->sockets = k;
    k->listen_fd = -1;
    pthread_mutex_init(&k->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&k->tick, &attr);
    pthread_condattr_destroy(&attr);
    const char *listen_on = server->config->listen;
    enum err e = !strncmp(listen_on, "unix:", 5) ? listen_unix(cx, listen_on + 5, k) : listen_tcp(cx, listen_on, k);
    if (e) {
        if (k->listen_fd >= 0)
            close(k->listen_fd);
        sockets_free(k);
        return e;
    }
    make_asset_replies(server);
    k->daemon = start_daemon(server);
    if (!k->daemon || pthread_create(&k->watch, NULL, watch, k))
        return fail(cx, ERR_IO, "the server's threads cannot be started");
    k->watching = true;
    return ERR_OK;
}

int mhd_port(const struct http_server *server)
{
    return server->sockets->port;
}

void mhd_quiesce(struct http_server *server)
{
    int fd = MHD_quiesce_daemon(server->sockets->daemon);
    if (fd >= 0)
        close(fd);
}

void mhd_stop(struct http_server *server)
{
    struct sockets *k = server->sockets;
    /* Replies that were made are still being sent. */
    for (int i = 0; i < 200 && atomic_load(&server->counters.in_flight) > 0; i++)
        usleep(10000);
    MHD_stop_daemon(k->daemon);
    pthread_mutex_lock(&k->lock);
    k->stop = true;
    pthread_cond_signal(&k->tick);
    pthread_mutex_unlock(&k->lock);
    pthread_join(k->watch, NULL);
    free_asset_replies(server);
    sockets_free(k);
    server->sockets = NULL;
}
