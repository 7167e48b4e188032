/* Inside http/: the request as its files share it, and what they do for each other. */
#pragma once
#include <stdatomic.h>

#include "http/http.h"

enum {
    HTTP_HEADERS_MAX = 80,        /* more: 431 */
    HTTP_URL_MAX = 4096,          /* bytes of path and query; more: 414 */
    HTTP_PARAMS_MAX = 8,          /* {…} in one path */
    HTTP_DEPTH_MAX = 16,          /* segments of a path */
    HTTP_FIELDS_MAX = 1000,       /* fields of one query or body */
    HTTP_NAME_MAX = 100,          /* bytes of a field's name */
    HTTP_MEMORY_BODY = 64 * 1024, /* larger bodies are spooled */
    HTTP_DRAIN_MAX = 1024 * 1024, /* of a chunked body over its limit this much more is read before it is cut off */
    HTTP_JSON = 1,
    HTTP_HTML = 2, /* what an error is told in */
};

struct header {
    struct str name, value;
};

/* A field as it came. */
struct form_item {
    struct str name, value; /* value: the bytes, when it is a file */
    bool is_file;
    struct str file_name, type;
};
struct form_items {
    struct form_item *p;
    size_t n, cap;
};

/* A declared field after validation, parallel to route->fields. */
struct got {
    const struct str *values;
    size_t n;
    const struct req_file *files;
    size_t n_files;
    int64_t number; /* of the first value */
    enum err fault;
};

struct request {
    unsigned magic;
    struct http_server *server;
    /* What came, as views of memory that lives as long as the request. */
    struct str method_name, url, version;
    struct header headers[HTTP_HEADERS_MAX];
    size_t n_headers;
    bool peer_is_local; /* loopback or a Unix socket */
    struct str peer;    /* its address; empty: a Unix socket */
    struct str body;    /* complete when the worker sees it, in memory or mapped from the spool */
    int spool_fd;       /* -1: none */
    int64_t spool_bytes;
    /* Found out from the head, before any worker. */
    enum method method;
    bool is_head;
    struct str path, query;
    const struct route *route; /* NULL: none, see allowed */
    unsigned allowed;          /* methods the path knows, as bits */
    struct str raw_params[HTTP_PARAMS_MAX];
    const char *param_names[HTTP_PARAMS_MAX];
    size_t n_params;
    int64_t content_length; /* -1: chunked; 0: no body */
    enum err early;         /* refused: what the worker shall make an error page of */
    const char *early_detail;
    int64_t began_tick_us;
    bool admit; /* waits for http_admit, not yet for http_serve */
    /* Made by the worker, in its arena. */
    struct cx *cx;
    struct str params[HTTP_PARAMS_MAX];
    struct form_items items;
    struct got *got;
    struct req_fault *faults;
    size_t n_faults;
};

enum { REQUEST_MAGIC = 0x52455155 };

struct reply {
    int status; /* 0: not filled */
    struct str type, body;
    VEC_OF(struct header) headers;
    int fd; /* -1: the body is in memory */
    int64_t fd_bytes;
    int public_s;    /* >= 0: anyone may keep it so long */
    bool keep;       /* ROUTE_ETAG */
    bool tls;        /* cookies are Secure, HSTS is sent */
    bool close;      /* the connection ends with this reply */
    bool vary;       /* depends on Accept-Encoding */
    const char *csp; /* other than the site's */
};

/* ---- head.c: what the head says, without any server */

/* The rules of RFC 9112 and 9110 that libmicrohttpd does not enforce: repeated or doubtful framing and Host, names that
   are no tokens, control characters. OK or ERR_BAD_REQUEST with *ret_why (a literal). Sets method, path, query,
   content_length. A method we do not know leaves method = METHOD_COUNT. */
enum err http_check_head(struct request *req, const char **ret_why);
/* Percent-decode one path segment. False: bad escape, not clean text, "." or "..", or empty. */
bool http_decode_segment(struct arena *a, struct str raw, struct str *ret);
/* By Accept-Language alone. */
enum lang http_language(const struct request *req, enum lang otherwise);
int http_wants(const struct request *req); /* HTTP_JSON or HTTP_HTML */
bool http_accepts_gzip(const struct request *req);
/* Is `tag` (with its quotes) in If-None-Match? Weak comparison. */
bool http_tag_matches(struct str if_none_match, struct str tag);
bool http_same_origin(const struct request *req);
/* Sun, 06 Nov 1994 08:49:37 GMT */
struct str http_date(struct arena *a, int64_t us);
/* Split a head with LF or CRLF line ends (tests, fuzzing). The views point into `head`. */
bool http_parse_head(struct str head, struct request *ret);

/* ---- parse.c: forms. Limits HTTP_FIELDS_MAX, HTTP_NAME_MAX; all names and values are clean UTF-8; ERR_BAD_REQUEST, or
   ERR_TOO_LARGE for too many fields. */
enum err http_parse_urlencoded(struct cx *cx, struct str s, struct form_items *ret);
enum err http_parse_multipart(struct cx *cx, struct str content_type, struct str body, struct form_items *ret);

/* ---- fields.c */

/* Parse query or body as the route says, then check the declared fields. ERR_BAD_REQUEST and the like when it cannot be
   read; faults in fields are gathered in req->faults. */
enum err http_read_fields(struct cx *cx, struct request *req);
/* The CSRF token that came, wherever the route's fields are. */
struct str http_field_raw(const struct request *req, const char *name);
/* Does it bear the token of this browser's session, also of one that is over? Its fields have been read. */
bool http_csrf_ok(struct cx *cx, struct request *req);
/* A form that a person sends from a page: what hooks.keep is for. */
bool http_is_form(const struct request *req);

/* ---- router.c */
struct router;
enum err http_router_new(struct cx *cx, const struct http_module *const *modules, size_t n, struct router **ret_router);
void http_router_free(struct router *router);
/* Sets route, allowed, raw_params. */
void http_router_find(const struct router *router, struct request *req);

/* ---- reply.c */
void http_reply_init(struct reply *rep);
/* Make the reply of an error, whatever was filled in before. Never fails. */
void http_reply_error(struct cx *cx, struct request *req, struct reply *rep, enum err e);
/* The last touch: security headers, cache, ETag and 304, compression. */
void http_reply_finish(struct cx *cx, struct request *req, struct reply *rep);
const char *http_status_text(int status);

/* ---- serve.c: the way of one request through a worker. */
void http_serve(struct cx *cx, struct request *req, struct reply *rep);
/* May this request send its body? Session and permission only. Fills rep when not. */
bool http_admit(struct cx *cx, struct request *req, struct reply *rep);

/* ---- asset.c */
struct assets;
struct assets *http_assets_new(const struct http_config *config);
void http_assets_free(struct assets *assets);
struct asset {
    const struct http_asset *packed;
    struct str url; /* "/static/indgang.1f2e3d4c.css" */
    struct str tag; /* "\"1f2e3d4c\"" */
    void *whole[4]; /* mhd.c: replies made once: plain, gzip, not modified, and not modified of gzip */
};
struct asset *http_asset_by_url(const struct assets *assets, struct str path);
size_t http_asset_count(const struct assets *assets);
struct asset *http_asset_at(const struct assets *assets, size_t i);
struct str http_asset_url(const struct assets *assets, struct str name); /* empty when there is none */
extern const struct http_module http_dev_module;                         /* serves them from config->dev_assets */
extern const struct http_module http_own_module;                         /* /readyz, /metrics */

/* ---- server.c: what the socket side calls */
enum { HTTP_AREAS_MAX = 64, HTTP_AREA_NONE = 0, HTTP_AREA_STATIC = 1, HTTP_AREA_MODULES = 2, HTTP_ERRS = 64 };
struct counters {
    atomic_long by_class[HTTP_AREAS_MAX][6]; /* by area: no route, packed assets, then the modules */
    atomic_long by_err[HTTP_ERRS];           /* replies of status 500 and above */
    atomic_long latency[12], latency_us_sum, rejected, in_flight, busy, queued, connections;
};
struct http_server {
    unsigned magic;
    const struct http_config *config;
    struct cx base;
    struct router *router;
    struct assets *assets;
    struct str csp;      /* Content-Security-Policy of pages */
    struct str tls_host; /* of public_url: "indgang.example.dk", else empty */
    struct workers *workers;
    struct sockets *sockets;
    struct counters counters;
    char id_prefix[9];
    atomic_uint id_next;
    atomic_bool stopping;
    int64_t started_us;
};
enum { SERVER_MAGIC = 0x53525652 };
/* All that does not need a socket or a thread; http_serve_one uses it too. */
enum err http_server_init(struct cx *cx, const struct http_config *config, struct http_server *ret);
void http_server_done(struct http_server *server);
/* Keep a place in the queue; false when it is full. Then hand a request to the workers. */
bool http_reserve(struct http_server *server);
void http_enqueue(struct http_server *server, struct request *req);
enum err http_workers_start(struct cx *cx, struct http_server *server);
/* Wait until nothing runs, at most so long; then end the threads. False when something still runs: nothing may be
 * freed. */
bool http_workers_stop(struct http_server *server, int64_t wait_us);
/* Of a module's route, or NULL: HTTP_AREA_NONE. */
int http_area(const struct http_server *server, const struct route *route);
void http_count(struct http_server *server, int area, int status, int64_t us);
/* A reply of 500 or more left: for the figures, and the hook. */
void http_count_err(struct http_server *server, enum err e);
void http_new_id(struct http_server *server, char ret_id[17]);
void http_metrics(struct http_server *server, struct buf *b);

/* ---- mhd.c: the socket side, the only file that sees libmicrohttpd */
enum err mhd_start(struct cx *cx, struct http_server *server);
int mhd_port(const struct http_server *server);
void mhd_quiesce(struct http_server *server); /* stop accepting */
void mhd_stop(struct http_server *server);
/* A worker is done: copy the reply out of the arena and send it. */
void mhd_reply(struct request *req, const struct reply *rep);
/* A worker lets the body come. */
void mhd_go_on(struct request *req);
/* The next request after this one in the queue (the link is kept by the socket side). */
struct request **mhd_link(struct request *req);
