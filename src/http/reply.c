/* Replies: what handlers fill in, errors, and the last touch. The only file that reads the status of an error. */
#include <assert.h>
#include <sodium.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "http/http_inner.h"

enum { GZIP_LEAST = 1024, WAY_BACK_MAX = 2000 };

void http_reply_init(struct reply *rep)
{
    *rep = (struct reply){.fd = -1, .public_s = -1};
}

static enum err fill(struct reply *rep, int status, struct str type, struct str body)
{
    assert(rep->status == 0 && status >= 200 && status <= 599);
    rep->status = status;
    rep->type = type;
    rep->body = body;
    return ERR_OK;
}

enum err reply_html(struct cx *cx, struct reply *rep, int status, struct html page)
{
    (void)cx;
    return fill(rep, status, S("text/html; charset=utf-8"), page.s);
}

enum err reply_text(struct cx *cx, struct reply *rep, int status, struct str text)
{
    (void)cx;
    return fill(rep, status, S("text/plain; charset=utf-8"), text);
}

enum err reply_json(struct cx *cx, struct reply *rep, int status, struct str json)
{
    (void)cx;
    return fill(rep, status, S("application/json"), json);
}

enum err reply_bytes(struct cx *cx, struct reply *rep, int status, struct str type, struct str bytes)
{
    (void)cx;
    return fill(rep, status, type, bytes);
}

enum err reply_redirect(struct cx *cx, struct reply *rep, const char *fmt, ...)
{
    va_list ap;
    char *z;
    va_start(ap, fmt);
    int n = vasprintf(&z, fmt, ap);
    va_end(ap);
    assert(n >= 0);
    struct str url = str_dup(cx->arena, str_make(z, (size_t)n));
    free(z);
    if (!http_is_local(url))
        return fail(cx, ERR_INTERNAL, "a redirect that does not stay on this site");
    reply_header(cx, rep, "Location", url);
    return fill(rep, 303, S(""), S(""));
}

enum err reply_redirect_external(struct cx *cx, struct reply *rep, struct str url)
{
    assert(str_starts(url, S("https://")) || str_starts(url, S("http://")));
    reply_header(cx, rep, "Location", url);
    return fill(rep, 303, S(""), S(""));
}

/* What a browser may show inside a window of ours; all else is offered for saving. */
static bool may_be_shown(struct str type)
{
    static const char *const types[] = {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq_z(type, types[i]))
            return true;
    return str_starts(type, S("text/plain"));
}

/* RFC 6266 with the RFC 8187 form for what is not plain ASCII. */
static struct str disposition(struct arena *a, struct str name, bool attachment)
{
    struct buf b = buf_make(a);
    buf_add_z(&b, attachment ? "attachment; filename=\"" : "inline; filename=\"");
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        buf_add_char(&b, c < 0x20 || c > 0x7e || c == '"' || c == '\\' || c == '%' ? '_' : c);
    }
    buf_add_z(&b, "\"; filename*=UTF-8''");
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-._~", c));
        if (plain)
            buf_add_char(&b, (char)c);
        else
            buf_fmt(&b, "%%%02X", c);
    }
    return buf_str(&b);
}

enum err reply_file(struct cx *cx, struct reply *rep, const struct reply_file *file)
{
    bool attachment = file->download || !may_be_shown(file->type);
    reply_header(cx, rep, "Content-Disposition", disposition(cx->arena, file->name, attachment));
    /* A PDF viewer is a plug-in of the browser: the sandbox would shut it out. */
    rep->csp = str_eq_z(file->type, "application/pdf")
                   ? "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
                   : "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";
    if (!file->bytes.p) {
        rep->fd = file->fd;
        rep->fd_bytes = file->fd_bytes;
    }
    return fill(rep, 200, file->type, file->bytes.p ? file->bytes : S(""));
}

void reply_header(struct cx *cx, struct reply *rep, const char *name, struct str value)
{
    for (size_t i = 0; i < value.n; i++)
        assert((unsigned char)value.p[i] >= 0x20 && value.p[i] != 0x7f);
    vec_add(cx->arena, &rep->headers, (struct header){str_of(name), value});
}

static void set_cookie(struct cx *cx, struct reply *rep, bool tls, const char *name, struct str value,
                       int64_t max_age_s)
{
    struct buf b = buf_make(cx->arena);
    buf_fmt(&b, "%s%s=%" PRI_STR "; Path=/; HttpOnly; SameSite=Lax%s", tls ? "__Host-" : "", name, STR_ARG(value),
            tls ? "; Secure" : "");
    if (max_age_s)
        buf_fmt(&b, "; Max-Age=%lld", max_age_s < 0 ? 0LL : (long long)max_age_s);
    reply_header(cx, rep, "Set-Cookie", buf_str(&b));
}

void reply_cookie(struct cx *cx, struct reply *rep, const char *name, struct str value, int64_t max_age_s)
{
    set_cookie(cx, rep, rep->tls, name, value, max_age_s);
}

void reply_public(struct reply *rep, int max_age_s)
{
    rep->public_s = max_age_s;
}

int reply_status(const struct reply *rep)
{
    return rep->status;
}

/* ---- errors */

const char *http_status_text(int status)
{
    switch (status) {
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 431:
        return "Request Header Fields Too Large";
    case 503:
        return "Service Unavailable";
    default:
        return status < 500 ? "Refused" : "Server Error";
    }
}

static void json_text(struct buf *b, struct str s)
{
    buf_add_char(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x20 || c == '"' || c == '\\')
            buf_fmt(b, "\\u%04x", c);
        else
            buf_add_char(b, (char)c);
    }
    buf_add_char(b, '"');
}

/* RFC 9457 */
static void problem(struct cx *cx, struct reply *rep, const struct http_error *e)
{
    struct buf b = buf_make(cx->arena);
    buf_fmt(&b, "{\"status\":%d,\"title\":\"%s\",\"code\":\"%s\",\"request\":\"%s\"", e->status,
            http_status_text(e->status), err_name(e->err), cx->request_id);
    if (e->detail.n) {
        buf_add_z(&b, ",\"detail\":");
        json_text(&b, e->detail);
    }
    if (e->field.n) {
        buf_add_z(&b, ",\"field\":");
        json_text(&b, e->field);
    }
    buf_add_char(&b, '}');
    fill(rep, e->status, S("application/problem+json"), buf_str(&b));
}

static bool is_machine(const struct request *req)
{
    return req->route && (req->route->flags & ROUTE_MACHINE);
}

/* Where to come back to after the login: a page, never the target of a form. */
static struct str way_back(const struct request *req)
{
    if (req->method == GET)
        return req->url.n <= WAY_BACK_MAX ? req->url : req->path.n <= WAY_BACK_MAX ? req->path : S("/");
    struct str referer = req_header(req, "Referer"), origin = req_origin(req);
    struct str path = str_starts(referer, origin) ? str_slice(referer, origin.n, referer.n) : S("/");
    return http_is_local(path) && path.n <= WAY_BACK_MAX ? path : S("/");
}

static struct str default_login(struct arena *a, struct str next)
{
    struct buf b = buf_make(a);
    buf_add_z(&b, "/auth/login?next=");
    for (size_t i = 0; i < next.n; i++) {
        unsigned char c = (unsigned char)next.p[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~/", c))
            buf_add_char(&b, (char)c);
        else
            buf_fmt(&b, "%%%02X", c);
    }
    return buf_str(&b);
}

/* The session is over, and somebody has written something: where it waits for them. */
static struct str kept(struct cx *cx, struct request *req)
{
    const struct http_hooks *hooks = &req->server->config->hooks;
    bool form = hooks->keep && http_is_form(req) && http_same_origin(req);
    return form ? hooks->keep(cx, req) : S("");
}

/* True when the way to the login was shown instead of an error. */
static bool to_login(struct cx *cx, struct request *req, struct reply *rep, enum err e)
{
    if ((e != ERR_LOGIN && e != ERR_ASSURANCE) || is_machine(req) || http_wants(req) == HTTP_JSON)
        return false;
    const struct http_hooks *hooks = &req->server->config->hooks;
    struct str next = kept(cx, req);
    if (!next.n)
        next = way_back(req);
    struct str url = hooks->login_url ? hooks->login_url(cx, e, next)
                     : e == ERR_LOGIN ? default_login(cx->arena, next)
                                      : S("");
    if (!http_is_local(url))
        return false;
    reply_header(cx, rep, "Location", url);
    fill(rep, 303, S(""), S(""));
    return true;
}

static void add_error_headers(struct cx *cx, struct request *req, struct reply *rep, enum err e)
{
    static const char *const names[METHOD_COUNT] = {"GET, HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    if (err_status(e) == 503)
        reply_header(cx, rep, "Retry-After", e == ERR_AWAY || e == ERR_UNSURE ? S("10") : S("2"));
    if (e != ERR_METHOD)
        return;
    struct buf b = buf_make(cx->arena);
    for (unsigned i = 0; i < METHOD_COUNT; i++)
        if (req->allowed & 1u << i)
            buf_fmt(&b, "%s%s", b.n ? ", " : "", names[i]);
    reply_header(cx, rep, "Allow", buf_str(&b));
}

void http_reply_error(struct cx *cx, struct request *req, struct reply *rep, enum err e)
{
    bool tls = rep->tls, close_it = rep->close;
    if (rep->fd >= 0)
        close(rep->fd);
    http_reply_init(rep);
    rep->tls = tls;
    rep->close = close_it;
    if (to_login(cx, req, rep, e))
        return;
    bool mine = cx->fail.err == e;
    struct http_error shown = {.err = e, .status = err_status(e), .detail = S(""), .field = S("")};
    if (mine) {
        shown.detail = cx->fail.detail;
        shown.field = cx->fail.field;
        shown.say = cx->fail.say;
    }
    const struct http_hooks *hooks = &req->server->config->hooks;
    if (is_machine(req) || http_wants(req) == HTTP_JSON)
        problem(cx, rep, &shown);
    else if (!hooks->error_page || hooks->error_page(cx, req, rep, &shown) != ERR_OK || !rep->status) {
        http_reply_init(rep);
        rep->tls = tls;
        rep->close = close_it;
        reply_text(cx, rep, shown.status,
                   str_fmt(cx->arena, "%d %s\n%s\n%s\n", shown.status, http_status_text(shown.status), err_name(e),
                           cx->request_id));
    }
    add_error_headers(cx, req, rep, e);
}

/* ---- the last touch */

static void *zip_alloc(void *arena, unsigned n, unsigned size)
{
    return arena_alloc_array(arena, n, size);
}

static void zip_free(void *arena, void *p)
{
    (void)arena;
    (void)p;
}

static void compress_body(struct cx *cx, struct reply *rep)
{
    z_stream z = {.zalloc = zip_alloc, .zfree = zip_free, .opaque = cx->arena};
    if (deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    size_t room = deflateBound(&z, rep->body.n);
    char *to = arena_alloc(cx->arena, room);
    z.next_in = (unsigned char *)(uintptr_t)rep->body.p;
    z.avail_in = (unsigned)rep->body.n;
    z.next_out = (unsigned char *)to;
    z.avail_out = (unsigned)room;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        return;
    rep->body = str_make(to, z.total_out);
    reply_header(cx, rep, "Content-Encoding", S("gzip"));
}

static bool is_text(struct str type)
{
    return str_starts(type, S("text/")) || str_starts(type, S("application/json")) ||
           str_starts(type, S("application/xml")) || str_starts(type, S("image/svg"));
}

static void maybe_compress(struct cx *cx, struct request *req, struct reply *rep)
{
    if (!req->server->config->gzip || rep->fd >= 0 || rep->body.n < GZIP_LEAST || rep->body.n > 32u << 20 ||
        !is_text(rep->type))
        return;
    rep->vary = true;
    if (http_accepts_gzip(req))
        compress_body(cx, rep);
}

/* The tag is of the content before compression, and weak, so that a proxy that compresses may keep it. */
static void conditional(struct cx *cx, struct request *req, struct reply *rep)
{
    static const unsigned char key[crypto_shorthash_KEYBYTES];
    unsigned char sum[crypto_shorthash_BYTES];
    if (rep->status != 200 || rep->fd >= 0 || req->method != GET)
        return;
    crypto_shorthash(sum, (const unsigned char *)rep->body.p, rep->body.n, key);
    struct str tag = str_fmt(cx->arena, "\"%" PRI_STR "\"", STR_ARG(str_hex(cx->arena, sum, sizeof sum)));
    reply_header(cx, rep, "ETag", str_cat(cx->arena, S("W/"), tag));
    if (http_tag_matches(req_header(req, "If-None-Match"), tag)) {
        rep->status = 304;
        rep->body = S("");
        rep->type = S("");
    }
}

static void cache_header(struct cx *cx, struct reply *rep)
{
    if (rep->public_s >= 0 && rep->status == 200)
        reply_header(cx, rep, "Cache-Control", str_fmt(cx->arena, "public, max-age=%d", rep->public_s));
    else
        reply_header(cx, rep, "Cache-Control", rep->keep ? S("private, no-cache") : S("no-store"));
}

void http_reply_finish(struct cx *cx, struct request *req, struct reply *rep)
{
    rep->keep = req->route && (req->route->flags & ROUTE_ETAG) && rep->status == 200;
    for (size_t i = 0; i < rep->headers.n; i++)
        if (str_eq_z(rep->headers.p[i].name, "Set-Cookie")) {
            rep->keep = false; /* a cookie must never be kept by anyone */
            rep->public_s = -1;
        }
    cache_header(cx, rep);
    if (rep->keep || rep->public_s >= 0)
        conditional(cx, req, rep);
    maybe_compress(cx, req, rep);
    if (rep->type.n)
        reply_header(cx, rep, "Content-Type", rep->type);
    if (rep->vary)
        reply_header(cx, rep, "Vary", S("Accept-Encoding"));
    reply_header(cx, rep, "Content-Security-Policy", rep->csp ? str_of(rep->csp) : req->server->csp);
    reply_header(cx, rep, "X-Content-Type-Options", S("nosniff"));
    reply_header(cx, rep, "Referrer-Policy", S("same-origin"));
    reply_header(cx, rep, "Permissions-Policy",
                 S("camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"));
    reply_header(cx, rep, "Cross-Origin-Opener-Policy", S("same-origin"));
    reply_header(cx, rep, "Cross-Origin-Resource-Policy", S("same-origin"));
    reply_header(cx, rep, "X-Request-Id", str_of(cx->request_id));
    if (rep->tls)
        reply_header(cx, rep, "Strict-Transport-Security", S("max-age=31536000"));
}
