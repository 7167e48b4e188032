/* The server as a whole: its parts made and ended in order, the queue and its workers, figures. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "http/http_inner.h"

enum { ARENA_MAX = 64 << 20, QUEUE_PER_WORKER = 64, WORKERS = 4 };

/* Many threads, but no more at work than there are places: threads that crowd the processors only throw each other's
 * memory out of the caches. A thread that waits for the disk gives its place away. It is never kept waiting for
 * another: what is left to do after a commit is little, and new requests begin only when a place is free. */
struct workers {
    pthread_t *threads;
    unsigned n;
    pthread_mutex_t lock;
    pthread_cond_t work, idle;
    struct request *first, **last;
    unsigned queued, queue_max, sleeping, busy;
    unsigned places, taken;
    bool stop;
};

/* ---- figures */

static const int64_t latency_steps_us[] = {250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 500000, 2500000};
enum { LATENCY_STEPS = sizeof latency_steps_us / sizeof *latency_steps_us };

int http_area(const struct http_server *server, const struct route *route)
{
    const struct http_config *c = server->config;
    for (size_t i = 0; route && i < c->n_modules && i + HTTP_AREA_MODULES < HTTP_AREAS_MAX; i++)
        if (route >= c->modules[i]->routes && route < c->modules[i]->routes + c->modules[i]->n)
            return (int)i + HTTP_AREA_MODULES;
    return HTTP_AREA_NONE;
}

static const char *area_name(const struct http_server *server, int area)
{
    return area == HTTP_AREA_NONE     ? "none"
           : area == HTTP_AREA_STATIC ? "static"
                                      : server->config->modules[area - HTTP_AREA_MODULES]->name;
}

void http_count_err(struct http_server *server, enum err e)
{
    if ((int)e < HTTP_ERRS)
        atomic_fetch_add_explicit(&server->counters.by_err[e], 1, memory_order_relaxed);
    if (server->config->hooks.failed)
        server->config->hooks.failed(e);
}

void http_count(struct http_server *server, int area, int status, int64_t us)
{
    struct counters *c = &server->counters;
    size_t step = 0;
    while (step < LATENCY_STEPS && us > latency_steps_us[step])
        step++;
    atomic_fetch_add_explicit(&c->by_class[area][status / 100 % 6], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&c->latency[step], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&c->latency_us_sum, us, memory_order_relaxed);
}

static void gauge(struct buf *b, const char *name, const char *help, long value)
{
    buf_fmt(b, "# HELP indgang_%s %s\n# TYPE indgang_%s gauge\nindgang_%s %ld\n", name, help, name, name, value);
}

static void requests(struct http_server *server, struct buf *b)
{
    buf_add_z(b, "# HELP indgang_requests_total Requests answered, by area (first part of the address) and status.\n"
                 "# TYPE indgang_requests_total counter\n");
    for (int area = 0; area < (int)server->config->n_modules + HTTP_AREA_MODULES && area < HTTP_AREAS_MAX; area++)
        for (int i = 1; i < 6; i++) {
            long n = atomic_load(&server->counters.by_class[area][i]);
            if (n || i == 2 || i == 5) /* a rate needs a zero to begin at */
                buf_fmt(b, "indgang_requests_total{area=\"%s\",class=\"%dxx\"} %ld\n", area_name(server, area), i, n);
        }
}

static void errors(struct http_server *server, struct buf *b)
{
    static const enum err faults[] = {ERR_BUSY,     ERR_DB,     ERR_AWAY,     ERR_UNSURE,   ERR_IO,
                                      ERR_NO_SPACE, ERR_CONFIG, ERR_UPSTREAM, ERR_STOPPING, ERR_INTERNAL};
    buf_add_z(b, "# HELP indgang_errors_total Replies of status 500 and above, by what failed.\n"
                 "# TYPE indgang_errors_total counter\n");
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        buf_fmt(b, "indgang_errors_total{err=\"%s\"} %ld\n", err_name(faults[i]),
                atomic_load(&server->counters.by_err[faults[i]]));
}

void http_metrics(struct http_server *server, struct buf *b)
{
    struct counters *c = &server->counters;
    long count = 0;
    requests(server, b);
    errors(server, b);
    buf_add_z(b, "# HELP indgang_request_seconds From head to reply, waiting included.\n"
                 "# TYPE indgang_request_seconds histogram\n");
    for (size_t i = 0; i < LATENCY_STEPS; i++)
        buf_fmt(b, "indgang_request_seconds_bucket{le=\"%g\"} %ld\n", (double)latency_steps_us[i] / 1e6,
                count += atomic_load(&c->latency[i]));
    count += atomic_load(&c->latency[LATENCY_STEPS]);
    buf_fmt(b,
            "indgang_request_seconds_bucket{le=\"+Inf\"} %ld\nindgang_request_seconds_sum %.6f\n"
            "indgang_request_seconds_count %ld\n",
            count, (double)atomic_load(&c->latency_us_sum) / 1e6, count);
    gauge(b, "connections", "Open connections.", atomic_load(&c->connections));
    gauge(b, "queue_length", "Requests waiting for a worker.", atomic_load(&c->queued));
    gauge(b, "queue_max", "So many may wait; more are told to come again.",
          server->workers ? (long)server->workers->queue_max : 0);
    gauge(b, "workers", "Worker threads.", server->workers ? (long)server->workers->n : 0);
    gauge(b, "workers_busy", "Workers with a request.", atomic_load(&c->busy));
    buf_fmt(b,
            "# HELP indgang_requests_rejected_total Requests answered 503 because the queue was full.\n"
            "# TYPE indgang_requests_rejected_total counter\nindgang_requests_rejected_total %ld\n",
            atomic_load(&c->rejected));
    gauge(b, "up_seconds", "Since start.", (long)((time_now_us() - server->started_us) / SECOND_US));
}

void http_new_id(struct http_server *server, char ret_id[17])
{
    snprintf(ret_id, 17, "%s%08x", server->id_prefix, atomic_fetch_add(&server->id_next, 1));
}

/* ---- parts that need no thread */

static struct str host_of_url(const char *url)
{
    struct str s = str_of(url);
    size_t at = str_find(s, S("://"), 0);
    return at < s.n ? str_slice(s, at + 3, s.n) : S("");
}

/* 'self' and nothing else; form-action also names the login, because browsers hold the redirect after a POST against
 * it. */
static struct str make_csp(const char *form_action)
{
    char *z;
    int n = asprintf(&z,
                     "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; "
                     "connect-src 'self'; form-action 'self'%s%s; frame-ancestors 'none'; base-uri 'none'",
                     form_action ? " " : "", form_action ? form_action : "");
    assert(n > 0);
    return str_make(z, (size_t)n);
}

enum err http_server_init(struct cx *cx, const struct http_config *config, struct http_server *ret)
{
    *ret = (struct http_server){.magic = SERVER_MAGIC, .config = config, .base = *cx};
    ret->base.arena = NULL;
    ret->base.conn = NULL;
    ret->tls_host = host_of_url(config->public_url);
    ret->started_us = time_now_us();
    unsigned prefix;
    rand_bytes(&prefix, sizeof prefix);
    snprintf(ret->id_prefix, sizeof ret->id_prefix, "%08x", prefix);
    const struct http_module **all = arena_array(cx->arena, const struct http_module *, config->n_modules + 1);
    size_t n = 0;
    for (size_t i = 0; i < config->n_modules; i++)
        all[n++] = config->modules[i];
    if (config->dev_assets)
        all[n++] = &http_dev_module;
    enum err e = http_router_new(cx, all, n, &ret->router);
    if (e)
        return e;
    ret->assets = http_assets_new(config);
    ret->csp = make_csp(config->form_action);
    return ERR_OK;
}

void http_server_done(struct http_server *server)
{
    http_router_free(server->router);
    http_assets_free(server->assets);
    free((char *)(uintptr_t)server->csp.p);
    server->magic = 0;
}

/* ---- the queue */

bool http_reserve(struct http_server *server)
{
    struct workers *w = server->workers;
    pthread_mutex_lock(&w->lock);
    bool room = w->queued < w->queue_max && !w->stop;
    if (room)
        atomic_store_explicit(&server->counters.queued, ++w->queued, memory_order_relaxed);
    else
        atomic_fetch_add(&server->counters.rejected, 1);
    pthread_mutex_unlock(&w->lock);
    return room;
}

static bool may_begin(const struct workers *w)
{
    return w->first && w->taken < w->places;
}

/* A place may have become free, or a request come. The lock is held. */
static void wake(struct workers *w)
{
    if (w->sleeping && may_begin(w))
        pthread_cond_signal(&w->work);
}

static void step_aside(struct workers *w, bool aside)
{
    pthread_mutex_lock(&w->lock);
    w->taken += aside ? -1u : 1u;
    wake(w);
    pthread_mutex_unlock(&w->lock);
}

void http_enqueue(struct http_server *server, struct request *req)
{
    struct workers *w = server->workers;
    pthread_mutex_lock(&w->lock);
    *mhd_link(req) = NULL;
    *w->last = req;
    w->last = mhd_link(req);
    wake(w);
    pthread_mutex_unlock(&w->lock);
}

static struct request *dequeue(struct http_server *server)
{
    struct workers *w = server->workers;
    pthread_mutex_lock(&w->lock);
    while (!may_begin(w) && !(w->stop && !w->queued)) {
        w->sleeping++;
        pthread_cond_wait(&w->work, &w->lock);
        w->sleeping--;
    }
    struct request *req = w->first;
    if (req) {
        w->first = *mhd_link(req);
        if (!w->first)
            w->last = &w->first;
        w->taken++;
        atomic_store_explicit(&server->counters.queued, --w->queued, memory_order_relaxed);
        atomic_store_explicit(&server->counters.busy, ++w->busy, memory_order_relaxed);
        wake(w);
    }
    pthread_mutex_unlock(&w->lock);
    return req;
}

static void finished(struct http_server *server)
{
    struct workers *w = server->workers;
    pthread_mutex_lock(&w->lock);
    atomic_store_explicit(&server->counters.busy, --w->busy, memory_order_relaxed);
    w->taken--; /* for this thread's own next request: nobody else need wake */
    if (w->stop && !w->busy && !w->queued) {
        pthread_cond_broadcast(&w->idle);
        pthread_cond_broadcast(&w->work);
    }
    pthread_mutex_unlock(&w->lock);
}

static void work_on(struct http_server *server, struct cx *cx, struct request *req)
{
    struct arena *arena = cx->arena;
    struct arena_mark mark = arena_mark(arena);
    struct reply rep;
    *cx = server->base;
    cx->arena = arena;
    cx->workers = server->workers;
    cx->step_aside = step_aside;
    if (!req->admit) {
        http_serve(cx, req, &rep);
        mhd_reply(req, &rep);
    } else if (http_admit(cx, req, &rep)) {
        mhd_go_on(req);
    } else {
        mhd_reply(req, &rep);
    }
    arena_reset(arena, mark);
}

static void *worker(void *p)
{
    struct http_server *server = p;
    size_t limit = server->config->arena_max_bytes;
    struct cx cx = {.arena = arena_new(limit ? limit : ARENA_MAX)};
    for (struct request *req; (req = dequeue(server));) {
        assert(req->magic == REQUEST_MAGIC);
        work_on(server, &cx, req);
        finished(server);
    }
    arena_free(cx.arena);
    return NULL;
}

enum err http_workers_start(struct cx *cx, struct http_server *server)
{
    struct workers *w = calloc(1, sizeof *w);
    assert(w);
    unsigned wanted = server->config->workers ? server->config->workers : WORKERS;
    w->queue_max = server->config->queue_max ? server->config->queue_max : wanted * QUEUE_PER_WORKER;
    w->places = server->config->places ? server->config->places : wanted;
    w->last = &w->first;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->work, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&w->idle, &attr);
    pthread_condattr_destroy(&attr);
    w->threads = calloc(wanted, sizeof *w->threads);
    server->workers = w;
    for (; w->n < wanted; w->n++)
        if (pthread_create(&w->threads[w->n], NULL, worker, server))
            return fail(cx, ERR_IO, "worker thread %u cannot be started", w->n);
    return ERR_OK;
}

bool http_workers_stop(struct http_server *server, int64_t wait_us)
{
    struct workers *w = server->workers;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_us / SECOND_US;
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_broadcast(&w->work);
    bool late = false;
    while ((w->busy || w->queued) && !late)
        late = pthread_cond_timedwait(&w->idle, &w->lock, &until) != 0;
    bool idle = !w->busy && !w->queued;
    pthread_mutex_unlock(&w->lock);
    if (!idle)
        return false;
    for (unsigned i = 0; i < w->n; i++)
        pthread_join(w->threads[i], NULL);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->work);
    pthread_cond_destroy(&w->idle);
    free(w->threads);
    free(w);
    server->workers = NULL;
    return true;
}

/* ---- start and stop */

enum err http_start(struct cx *cx, const struct http_config *config, struct http_server **ret_server)
{
    struct http_server *server = calloc(1, sizeof *server);
    assert(server);
    enum err e = http_server_init(cx, config, server);
    if (e)
        goto out;
    if ((e = http_workers_start(cx, server)) || (e = mhd_start(cx, server))) {
        http_workers_stop(server, 0);
        http_server_done(server);
        goto out;
    }
    *ret_server = server;
out:
    if (e)
        free(server);
    return e;
}

int http_port(const struct http_server *server)
{
    return mhd_port(server);
}

void http_stop(struct http_server *server)
{
    if (!server)
        return;
    assert(server->magic == SERVER_MAGIC);
    atomic_store(&server->stopping, true);
    mhd_quiesce(server);
    if (!http_workers_stop(server, 10 * SECOND_US)) {
        log_line(NULL, LOG_WARN, "stop",
                 "text=\"a request still runs after 10 s; it is cut off by the end of the process\"");
        return;
    }
    mhd_stop(server);
    http_server_done(server);
    free(server);
}

/* ---- without a socket */

enum err http_serve_one(struct cx *cx, const struct http_config *config, struct str head, struct str body,
                        struct http_reply_view *ret_reply)
{
    struct http_server server;
    enum err e = http_server_init(cx, config, &server);
    if (e)
        return e;
    struct request *req = arena_new_of(cx->arena, struct request);
    const char *why = "not a head";
    req->magic = REQUEST_MAGIC;
    req->server = &server;
    req->spool_fd = -1;
    req->body = body;
    req->peer_is_local = true;
    req->began_tick_us = time_tick_us();
    struct reply rep;
    if (!http_parse_head(head, req) || http_check_head(req, &why)) {
        http_server_done(&server);
        return fail(cx, ERR_BAD_REQUEST, "%s", why);
    }
    http_router_find(server.router, req);
    http_serve(cx, req, &rep);
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < rep.headers.n; i++)
        buf_fmt(&b, "%" PRI_STR ": %" PRI_STR "\n", STR_ARG(rep.headers.p[i].name), STR_ARG(rep.headers.p[i].value));
    *ret_reply = (struct http_reply_view){rep.status, buf_str(&b), rep.body};
    http_server_done(&server);
    return ERR_OK;
}
