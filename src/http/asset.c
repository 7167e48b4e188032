/* Packed assets under names with their content's hash, and the server's own pages. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/http_inner.h"

struct assets {
    struct arena *arena;
    struct asset *p; /* by url */
    size_t n;
};

static int by_url(const void *a, const void *b)
{
    return str_cmp(((const struct asset *)a)->url, ((const struct asset *)b)->url);
}

/* "fonts/x.woff2" and "1f2e" → "/static/fonts/x.1f2e.woff2" */
static struct str hashed(struct arena *a, struct str path, const char *hash)
{
    size_t dot = path.n;
    while (dot > 0 && path.p[dot - 1] != '.' && path.p[dot - 1] != '/')
        dot--;
    struct str stem = path, extension = S("");
    if (dot > 0 && path.p[dot - 1] == '.') {
        stem = str_slice(path, 0, dot - 1);
        extension = str_slice(path, dot - 1, path.n);
    }
    return str_fmt(a, "/static/%" PRI_STR ".%s%" PRI_STR, STR_ARG(stem), hash, STR_ARG(extension));
}

struct assets *http_assets_new(const struct http_config *config)
{
    struct arena *a = arena_new(16 << 20);
    struct assets *assets = arena_new_of(a, struct assets);
    assets->arena = a;
    assets->n = config->n_assets;
    assets->p = arena_array(a, struct asset, assets->n + 1);
    for (size_t i = 0; i < assets->n; i++) {
        const struct http_asset *packed = &config->assets[i];
        assets->p[i].packed = packed;
        assets->p[i].url = hashed(a, str_of(packed->path), packed->hash);
        assets->p[i].tag = str_fmt(a, "\"%s\"", packed->hash);
    }
    qsort(assets->p, assets->n, sizeof *assets->p, by_url);
    return assets;
}

void http_assets_free(struct assets *assets)
{
    if (assets)
        arena_free(assets->arena);
}

struct asset *http_asset_by_url(const struct assets *assets, struct str path)
{
    struct asset key = {.url = path};
    return assets->n ? bsearch(&key, assets->p, assets->n, sizeof *assets->p, by_url) : NULL;
}

size_t http_asset_count(const struct assets *assets)
{
    return assets->n;
}

struct asset *http_asset_at(const struct assets *assets, size_t i)
{
    return &assets->p[i];
}

struct str http_asset_url(const struct assets *assets, struct str name)
{
    for (size_t i = 0; i < assets->n; i++)
        if (str_eq_z(name, assets->p[i].packed->path))
            return assets->p[i].url;
    return S("");
}

/* ---- while developing: straight from a folder */

static struct str type_of(struct str path)
{
    static const struct {
        const char *end, *type;
    } types[] = {{".css", "text/css; charset=utf-8"},
                 {".js", "text/javascript; charset=utf-8"},
                 {".svg", "image/svg+xml"},
                 {".png", "image/png"},
                 {".woff2", "font/woff2"},
                 {".ico", "image/x-icon"}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_ends(path, str_of(types[i].end)))
            return str_of(types[i].type);
    return S("application/octet-stream");
}

/* "a.1f2e3d4c5b6a.css" → "a.css": pages name assets by the hash they were packed with. */
static struct str without_hash(struct arena *a, struct str path)
{
    size_t last = path.n, dot = path.n;
    while (last > 0 && path.p[--last] != '.')
        continue;
    for (dot = last; dot > 0 && path.p[dot - 1] != '.';)
        dot--;
    if (dot == 0 || last - dot < 8)
        return path;
    for (size_t i = dot; i < last; i++)
        if (!((path.p[i] >= '0' && path.p[i] <= '9') || (path.p[i] >= 'a' && path.p[i] <= 'f')))
            return path;
    return str_cat(a, str_slice(path, 0, dot - 1), str_slice(path, last, path.n));
}

static enum err dev_asset(struct cx *cx, struct request *req, struct reply *rep)
{
    struct str path = S("");
    for (size_t i = 0; i < req->n_params;
         i++) /* each decoded segment is neither empty nor "..": see http_decode_segment */
        path = str_fmt(cx->arena, "%" PRI_STR "/%" PRI_STR, STR_ARG(path), STR_ARG(req->params[i]));
    for (size_t i = 0; i < req->n_params; i++)
        if (str_find_char(req->params[i], '/', 0) < req->params[i].n)
            return fail(cx, ERR_NOT_FOUND, "no such asset");
    path = without_hash(cx->arena, path);
    struct str full = str_fmt(cx->arena, "%s%" PRI_STR, req->server->config->dev_assets, STR_ARG(path));
    int fd = open(str_z(cx->arena, full), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode)) {
        if (fd >= 0)
            close(fd);
        return fail(cx, ERR_NOT_FOUND, "no such asset");
    }
    rep->status = 200;
    rep->type = type_of(path);
    rep->fd = fd;
    rep->fd_bytes = st.st_size;
    return ERR_OK;
}

static const struct route dev_routes[] = {
    ROUTE(GET, "/static/{a}", dev_asset, PERM_PUBLIC, "an asset from disk (--dev)", .flags = ROUTE_QUIET),
    ROUTE(GET, "/static/{a}/{b}", dev_asset, PERM_PUBLIC, "an asset from disk (--dev)", .flags = ROUTE_QUIET),
    ROUTE(GET, "/static/{a}/{b}/{c}", dev_asset, PERM_PUBLIC, "an asset from disk (--dev)", .flags = ROUTE_QUIET),
};
const struct http_module http_dev_module = HTTP_MODULE("http", dev_routes);

/* ---- the server about itself. /healthz is answered by the socket side: it says that the process lives, nothing more
 */

/* These are for the machine's keeper: who comes through a proxy from outside does not see them. */
static bool from_outside(const struct request *req)
{
    return !req->peer_is_local || req_header(req, "X-Forwarded-For").n > 0;
}

static enum err readyz(struct cx *cx, struct request *req, struct reply *rep)
{
    const struct http_hooks *hooks = &req->server->config->hooks;
    enum err e = hooks->ready ? hooks->ready(cx) : ERR_OK;
    if (e || atomic_load(&req->server->stopping))
        return reply_text(cx, rep, 503, S("not ready\n"));
    return reply_text(cx, rep, 200, S("ready\n"));
}

static enum err metrics(struct cx *cx, struct request *req, struct reply *rep)
{
    if (from_outside(req))
        return fail(cx, ERR_NOT_FOUND, "no such address");
    struct buf b = buf_make(cx->arena);
    http_metrics(req->server, &b);
    if (req->server->config->hooks.metrics)
        req->server->config->hooks.metrics(cx, &b);
    return reply_text(cx, rep, 200, buf_str(&b));
}

static const struct route own_routes[] = {
    ROUTE(GET, "/readyz", readyz, PERM_PUBLIC, "503 while the database cannot be asked or the server is stopping",
          .flags = ROUTE_QUIET),
    ROUTE(GET, "/metrics", metrics, PERM_PUBLIC, "figures for Prometheus; only from this machine",
          .flags = ROUTE_QUIET),
};
const struct http_module http_own_module = HTTP_MODULE("http", own_routes);
