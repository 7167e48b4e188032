/* The way of one request through a worker: who asks, may they, is it from our own page, what do they say, the handler,
   and the end that every way has. */
#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "http/http_inner.h"

enum { TIME_MAX_MS = 10000 };

static const struct http_hooks *hooks_of(const struct request *req)
{
    return &req->server->config->hooks;
}

static enum err begin(struct cx *cx, struct request *req, struct reply *rep)
{
    const struct http_hooks *hooks = hooks_of(req);
    req->cx = cx;
    rep->tls = req_is_tls(req);
    cx->now_us = time_now_us();
    cx->lang = http_language(req, req->server->config->default_lang);
    int ms = req->route && req->route->time_max_ms ? req->route->time_max_ms : TIME_MAX_MS;
    cx->deadline_us = time_tick_us() + ms * INT64_C(1000);
    enum err e = hooks->begin ? hooks->begin(cx, req, rep) : ERR_OK;
    cx->wrote = false; /* of what the handler does, not of the session's upkeep */
    return e;
}

static enum err may(struct cx *cx, const struct request *req)
{
    const struct http_hooks *hooks = hooks_of(req);
    if (req->route->perm == PERM_PUBLIC)
        return ERR_OK;
    return hooks->may ? hooks->may(cx, req->route->perm) : ERR_LOGIN;
}

/* "/desk/" is "/desk", when that exists. */
static bool without_slash(struct cx *cx, struct request *req, struct reply *rep)
{
    if (req->path.n < 2 || req->path.p[req->path.n - 1] != '/' || req->method != GET)
        return false;
    struct request shorter = {.path = str_slice(req->path, 0, req->path.n - 1), .method = GET};
    http_router_find(req->server->router, &shorter);
    if (!shorter.route || !http_is_local(shorter.path))
        return false;
    rep->status = 308;
    struct str query = req->query.n ? str_cat(cx->arena, S("?"), req->query) : S("");
    reply_header(cx, rep, "Location", str_cat(cx->arena, shorter.path, query));
    return true;
}

static enum err no_route(struct cx *cx, struct request *req, struct reply *rep)
{
    if (without_slash(cx, req, rep))
        return ERR_OK;
    if (req->allowed)
        return fail(cx, ERR_METHOD, "not a method of this address");
    return fail(cx, ERR_NOT_FOUND, "no such address");
}

static enum err decode_params(struct cx *cx, struct request *req)
{
    for (size_t i = 0; i < req->n_params; i++)
        if (!http_decode_segment(cx->arena, req->raw_params[i], &req->params[i]))
            return fail(cx, ERR_BAD_REQUEST, "a bad escape in the address");
    return ERR_OK;
}

static bool changes(const struct request *req)
{
    return req->method != GET && !(req->route->flags & ROUTE_MACHINE);
}

/* It did not come from our own page: from here on nothing can be changed, whatever a mistake further on may try. */
static enum err foreign(struct cx *cx, struct request *req, const char *why)
{
    const struct http_hooks *hooks = hooks_of(req);
    if (hooks->read_only)
        hooks->read_only(cx);
    return fail(cx, ERR_CSRF, "%s", why);
}

struct mapping {
    void *p;
    size_t n;
};

static void unmap(void *p)
{
    struct mapping *m = p;
    munmap(m->p, m->n);
}

/* The spooled body becomes memory: pages of the file, not of the arena. */
static enum err map_body(struct cx *cx, struct request *req)
{
    if (req->spool_fd < 0 || req->spool_bytes == 0)
        return ERR_OK;
    struct mapping *m = arena_new_of(cx->arena, struct mapping);
    m->n = (size_t)req->spool_bytes;
    m->p = mmap(NULL, m->n, PROT_READ, MAP_PRIVATE, req->spool_fd, 0);
    if (m->p == MAP_FAILED)
        return fail(cx, ERR_IO, "the spooled body cannot be mapped");
    arena_defer(cx->arena, unmap, m);
    req->body = str_make(m->p, m->n);
    return ERR_OK;
}

static enum err check_csrf(struct cx *cx, struct request *req)
{
    bool ok = !changes(req) || http_csrf_ok(cx, req);
    return ok ? ERR_OK : foreign(cx, req, "the form's token is not of this session");
}

static enum err handle(struct cx *cx, struct request *req, struct reply *rep)
{
    enum err e = begin(cx, req, rep);
    if (e)
        return e;
    if (req->early)
        return fail(cx, req->early, "%s", req->early_detail);
    if (!req->route)
        return no_route(cx, req, rep);
    if (changes(req) && !http_same_origin(req))
        return foreign(cx, req, "not from a page of this site");
    if ((e = decode_params(cx, req)) || (e = map_body(cx, req)) || (e = may(cx, req)) ||
        (e = http_read_fields(cx, req)) || (e = check_csrf(cx, req)))
        return e;
    if (req->n_faults && !(req->route->flags & ROUTE_OWN_ERRORS))
        return fail_field(cx, req->faults[0].err, str_of(req->faults[0].field), "field %s is not valid",
                          req->faults[0].field);
    e = req->route->fn(cx, req, rep);
    if (!e && !rep->status)
        return fail(cx, ERR_INTERNAL, "handler %s made no reply", req->route->fn_name);
    return e;
}

struct way {
    struct cx *cx;
    struct request *req;
    struct reply *rep;
    enum err err;
    struct str detail;
    bool again; /* this is the second time */
    bool once_more;
};

/* The database went away. A request that only reads is made once more, as the person would by reloading: it waits for
   the database to come back, and mostly it does. After something was saved nobody may be told that nothing was. */
static bool once_more(struct way *w)
{
    if (w->err == ERR_AWAY && w->cx->wrote)
        w->err = fail(w->cx, ERR_UNSURE, "the database went away after a part was saved");
    w->once_more = (w->err == ERR_AWAY || w->err == ERR_UNSURE) && w->req->method == GET && !w->again;
    return w->once_more;
}

static void end(struct way *w)
{
    const struct http_hooks *hooks = hooks_of(w->req);
    enum err e = hooks->finish ? hooks->finish(w->cx, w->req, w->rep) : ERR_OK;
    if (e) {
        w->err = e;
        if (once_more(w))
            return;
        http_reply_error(w->cx, w->req, w->rep, w->err);
    }
    http_reply_finish(w->cx, w->req, w->rep);
}

static void go(void *p)
{
    struct way *w = p;
    w->err = handle(w->cx, w->req, w->rep);
    w->cx->deadline_us = 0; /* what was seen is logged, and an error told, also when time is up */
    if (w->err && once_more(w))
        return;
    if (w->err)
        http_reply_error(w->cx, w->req, w->rep, w->err);
    end(w);
}

/* All that the request had in its arena is gone: who asks must be found anew for the error page, and what was noted for
   the access log was not shown. */
static void go_over_limit(void *p)
{
    struct way *w = p;
    (void)begin(w->cx, w->req, w->rep);
    w->cx->deadline_us = 0;
    w->cx->fail = (struct fail){0};
    http_reply_error(w->cx, w->req, w->rep, w->err);
    end(w);
}

/* A page that would say more than the log: what the person asked for stays out of it. */
static void log_request(const struct way *w)
{
    const struct request *req = w->req;
    int64_t us = time_tick_us() - req->began_tick_us;
    http_count(req->server, http_area(req->server, req->route), w->rep->status, us);
    bool fault = w->rep->status >= 500;
    if (fault)
        http_count_err(req->server, w->err);
    if (req->route && (req->route->flags & ROUTE_QUIET) && !fault)
        return;
    const char *pattern = req->route ? req->route->path : "-", *method = req->method < METHOD_COUNT ? "" : "other";
    static const char *const names[METHOD_COUNT] = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    method = req->method < METHOD_COUNT ? names[req->method] : method;
    struct str detail = fault && w->cx->fail.err == w->err ? w->cx->fail.detail : S("");
    log_line(w->cx, fault ? LOG_ERROR : LOG_INFO, "request", "method=%s route=%s status=%d us=%lld%s%s%s%.*s%s",
             req->is_head ? "HEAD" : method, pattern, w->rep->status, (long long)us, w->err ? " err=" : "",
             w->err ? err_name(w->err) : "", detail.n ? " detail=\"" : "", STR_ARG(detail), detail.n ? "\"" : "");
}

/* Back to what the worker began with: nothing in cx may point into the arena that was reset. */
static void forget(struct cx *cx, const struct request *req)
{
    struct cx fresh = req->server->base;
    fresh.arena = cx->arena;
    memcpy(fresh.request_id, cx->request_id, sizeof fresh.request_id);
    *cx = fresh;
}

static void last_resort(struct way *w)
{
    http_reply_init(w->rep);
    w->rep->status = 503;
    w->rep->type = S("text/plain");
    w->rep->body = S("503 Service Unavailable\n");
}

/* As if nothing had been done for this request. */
static void start_over(struct way *w, struct arena_mark mark)
{
    arena_reset(w->cx->arena, mark);
    if (w->rep->fd >= 0)
        close(w->rep->fd);
    http_reply_init(w->rep);
    w->req->items = (struct form_items){0};
    w->req->n_faults = 0;
    w->rep->tls = req_is_tls(w->req);
    forget(w->cx, w->req);
}

void http_serve(struct cx *cx, struct request *req, struct reply *rep)
{
    struct way w = {.cx = cx, .req = req, .rep = rep};
    struct arena_mark mark = arena_mark(cx->arena);
    http_reply_init(rep);
    http_new_id(req->server, cx->request_id);
    bool within = arena_try(cx->arena, go, &w);
    if (within && w.once_more) {
        start_over(&w, mark);
        w.again = true;
        within = arena_try(cx->arena, go, &w);
    }
    if (!within) { /* over the request's limit of memory, wherever that was */
        start_over(&w, mark);
        w.again = true;
        w.err = req->content_length ? ERR_TOO_LARGE : ERR_BUSY;
        if (!arena_try(cx->arena, go_over_limit, &w))
            last_resort(&w);
    }
    if (hooks_of(req)->end)
        hooks_of(req)->end(cx);
    log_request(&w);
}

static void go_admit(void *p)
{
    struct way *w = p;
    w->err = begin(w->cx, w->req, w->rep);
    if (!w->err && changes(w->req) && !http_same_origin(w->req))
        w->err = foreign(w->cx, w->req, "not from a page of this site");
    if (!w->err)
        w->err = may(w->cx, w->req);
    if (!w->err && w->req->route->admit)
        w->err = w->req->route->admit(w->cx, w->req);
    const struct http_hooks *hooks = hooks_of(w->req);
    if (w->err == ERR_LOGIN && http_is_form(w->req) && hooks->keeps && hooks->keeps(w->cx))
        w->err = ERR_OK; /* what was written is read and kept; `handle` refuses then */
    if (!w->err)
        return;
    http_reply_error(w->cx, w->req, w->rep, w->err);
    end(w);
}

bool http_admit(struct cx *cx, struct request *req, struct reply *rep)
{
    struct way w = {.cx = cx, .req = req, .rep = rep};
    http_reply_init(rep);
    http_new_id(req->server, cx->request_id);
    if (!arena_try(cx->arena, go_admit, &w)) {
        w.err = ERR_BUSY;
        last_resort(&w);
    }
    rep->close = true;
    if (hooks_of(req)->end)
        hooks_of(req)->end(cx);
    if (w.err)
        log_request(&w);
    return w.err == ERR_OK;
}

/* ---- what is left of the request's accessors */

enum method req_method(const struct request *req)
{
    return req->method;
}

const struct route *req_route(const struct request *req)
{
    return req->route;
}

struct str req_path(const struct request *req)
{
    return req->path;
}

struct str req_url(const struct request *req)
{
    return req->url;
}

struct str req_body(const struct request *req)
{
    assert(req->route->flags & ROUTE_RAW);
    return req->body;
}

struct str req_origin(const struct request *req)
{
    if (req->server->config->public_url)
        return str_of(req->server->config->public_url);
    return str_fmt(req->cx->arena, "%s://%" PRI_STR, req_is_tls(req) ? "https" : "http",
                   STR_ARG(req_header(req, "Host")));
}

struct str req_asset(const struct request *req, const char *name)
{
    if (req->server->config->dev_assets)
        return str_fmt(req->cx->arena, "/static/%s", name);
    return http_asset_url(req->server->assets, str_of(name));
}
