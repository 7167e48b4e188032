/* The web server: routes with permissions and declared fields, requests, replies. A room lists its pages as rows of a
   `static const struct route[]` and gives them to app/modules.c as a struct http_module; its handlers are plain
   blocking functions that never see a socket. What is above or beside this room (session, permission, CSRF, the look of
   an error page, the access log) comes in through struct http_hooks, which app/ fills. */
#pragma once
#include <stdio.h>

#include "base/base.h"

struct request;
struct reply;
struct http_server;

/* ---- routes -------------------------------------------------------------------------------------------------------
 */

/* HEAD is answered by the GET route. */
enum method { GET, POST, PUT, PATCH, DELETE, OPTIONS, METHOD_COUNT };

/* Who may come in. The route only opens the door: whether this person may see this very thing is asked by the domain
   function, where the thing is known. */
enum perm {
    PERM_PUBLIC,    /* anyone, logged in or not */
    PERM_LOGIN,     /* anyone who is logged in */
    PERM_PARTY,     /* logged in as a citizen */
    PERM_EMPLOYEE,  /* logged in as an employee */
    PERM_LEADER,    /* employee with the leader's role */
    PERM_ADMIN,     /* employee with the administrator's role */
    PERM_OVERSIGHT, /* citizens' adviser, data protection officer, or a leader: the page asks which */
    PERM_COUNT
};

/* What a field may hold. Everything is UTF-8 without control characters (RFC 3629, text_clean) before a handler sees
 * it. */
enum field_kind {
    FIELD_TEXT, /* one line, blanks at both ends removed. min, max: code points; max 0 means 200 */
    FIELD_LONG, /* lines, CRLF made LF, blanks at both ends removed. min, max: code points; max 0 means 10 000 */
    FIELD_CODE, /* letters, digits and - _ . ~ only: keys, tokens, codes. min, max: bytes; max 0 means 200 */
    FIELD_INT,  /* decimal; min, max: the value; both 0 means any */
    FIELD_ID,   /* 1 … 2^53-1, as rand_id makes them */
    FIELD_BOOL, /* 1, true, on are true; 0, false and nothing are false */
    FIELD_DAY,  /* 2026-11-23 (ISO 8601) */
    FIELD_FILE, /* an uploaded file (multipart/form-data). min, max: bytes; max 0 means the route's body_max */
    FIELD_ANY   /* any clean text, also several lines, as it came. max: bytes; 0 means 100 000 */
};

/* One field a route understands. Fields that come but are not declared do not exist. An empty value counts as not
   given. GET and DELETE routes find them in the query, the others in the body (urlencoded or multipart); a ROUTE_RAW
   route has its body for itself and finds them in the query. A field given twice without `many` is a bad request. */
struct field {
    const char *name;
    enum field_kind kind;
    bool required; /* not given: ERR_INVALID with the field's name */
    bool many;     /* may come up to 1 000 times; see req_many */
    int64_t min, max;
};

enum route_flag {
    ROUTE_ANY_FIELDS = 1, /* every field of the body may be read (as FIELD_ANY or file): forms of service folders */
    ROUTE_OWN_ERRORS = 2, /* call the handler also when fields are not valid: it asks req_faults and shows the form
                             again with status 422. A field that is at fault reads as it came (cleaned), so that the
                             value can be kept on the page; req_int and its like give 0. */
    ROUTE_ETAG = 4,     /* the reply may be kept by the browser and asked for again: ETag of its bytes, 304 when equal,
                           Cache-Control: private, no-cache. Without it: no-store */
    ROUTE_RAW = 8,      /* the body is not a form: req_body gives it as it came, req_header(req, "Content-Type") says
                           what it is (JSON, XML, a file) */
    ROUTE_MACHINE = 16, /* called by programs with a token of their own, not by browsers with our cookie: no CSRF check.
                           Only with PERM_PUBLIC, and the handler checks the token itself. */
    ROUTE_QUIET = 32,   /* no log line when all went well: probes */
    ROUTE_TREE = 64     /* and every address below it, with or without a slash at the end: the handler reads req_path
                           and the query of req_url itself. Nothing else may lie below */
};

typedef enum err (*handler)(struct cx *cx, struct request *req, struct reply *rep);

/* A row of a route table. Path: "/desk/casefile/{no}/note"; a parameter is a whole segment. The first segment is the
   name of the folder. Write rows with ROUTE. */
struct route {
    enum method method;
    const char *path;
    handler fn;
    const char *fn_name, *file;
    enum perm perm;
    const char *doc; /* one line, English: for `indgang routes` and the manual */
    const struct field *fields;
    size_t n_fields;
    int64_t body_max; /* bytes; 0 means 64 KiB for a form and nothing for GET. Larger ones are spooled to disk */
    int time_max_ms;  /* 0 means 10 000: when this has passed, cx->deadline_us makes queries stop */
    unsigned flags;   /* enum route_flag */
    /* ROUTE_MACHINE: may this request send a large body? Asked before one is read; NULL: yes. */
    enum err (*admit)(struct cx *cx, struct request *req);
};

/* ROUTE(GET, "/desk/queue", desk_queue, PERM_EMPLOYEE, "the cases of my unit by deadline", .fields =
   FIELDS(queue_fields)) further members by name: .fields = FIELDS(array), .body_max = 20 << 20, .time_max_ms =, .flags
   = */
#define ROUTE(METHOD, PATH, FN, PERM, DOC, ...) \
    { \
        .method = METHOD, .path = PATH, .fn = FN, .fn_name = #FN, .file = __FILE__, .perm = PERM, \
        .doc = DOC __VA_OPT__(, ) __VA_ARGS__ \
    }
#define FIELDS(array) (array), .n_fields = sizeof(array) / sizeof(array)[0]

struct http_module {
    const char *name;
    const struct route *routes;
    size_t n;
};
/* const struct http_module desk_module = HTTP_MODULE("desk", routes); */
#define HTTP_MODULE(NAME, ROUTES) \
    { \
        .name = NAME, .routes = (ROUTES), .n = sizeof(ROUTES) / sizeof(ROUTES)[0] \
    }

extern const struct http_module http_own_module; /* /readyz, /metrics; /healthz is answered without a worker */

/* One line a route: method, path, permission, handler, file, what it is for. */
void http_print_routes(FILE *out, const struct http_module *const *modules, size_t n);

/* ---- the request --------------------------------------------------------------------------------------------------
 */
/* All views live as long as the request (also the bytes of files). An accessor asked for a field or parameter that the
   route does not declare is a programming error and asserts. */

struct str req_param(const struct request *req,
                     const char *name); /* {name} of the path, percent-decoded, never empty */
int64_t req_param_id(const struct request *req,
                     const char *name);                          /* as an id; 0 when it is none: answer ERR_NOT_FOUND */
bool req_has(const struct request *req, const char *name);       /* given and not empty */
struct str req_str(const struct request *req, const char *name); /* the (first) value; empty when not given */
int64_t req_int(const struct request *req, const char *name);    /* of FIELD_INT, FIELD_ID; 0 when not given */
bool req_bool(const struct request *req, const char *name);
bool req_day(const struct request *req, const char *name, day_t *ret_day); /* false when not given */
/* All values of a field in the order they came; returns how many. */
size_t req_many(const struct request *req, const char *name, const struct str **ret_values);

struct req_file {
    struct str
        name; /* last part of what the browser said, clean, at most 200 code points; "file" when it said nothing */
    struct str type;  /* what the browser said it is: never trust it */
    struct str bytes; /* in memory or in the spooled body; valid until the request ends */
};
/* Files of a field (a field left empty counts as none). */
const struct req_file *req_files(const struct request *req, const char *name, size_t *ret_n);

/* ROUTE_ANY_FIELDS: everything that came but the CSRF field, in order; files have `is_file`, their bytes come from
 * req_files. */
struct req_field {
    struct str name, value;
    bool is_file;
};
const struct req_field *req_fields(const struct request *req, size_t *ret_n);

/* ROUTE_OWN_ERRORS: the fields that are not valid. err is ERR_INVALID (missing or not of its kind), ERR_RANGE or
   ERR_TOO_LARGE (too long). */
struct req_fault {
    const char *field;
    enum err err;
};
const struct req_fault *req_faults(const struct request *req, size_t *ret_n);

/* All that a form brought but the CSRF field, also of a request that was refused before its body was looked at: for
   hooks.keep and hooks.error_page alone. ERR_CSRF when its token is not of this browser's session; ERR_BAD_REQUEST and
   what reading a form gives. */
enum err req_sent(struct cx *cx, struct request *req, const struct req_field **ret, size_t *ret_n);

enum method req_method(const struct request *req);
const struct route *req_route(const struct request *req); /* NULL on an error page of a path that no route has */
struct str req_path(const struct request *req);           /* as it came, still percent-encoded, without the query */
struct str req_url(const struct request *req);            /* path and query as they came: for "back to where I was" */
struct str req_header(const struct request *req, const char *name); /* first of that name, trimmed; empty when none */
/* The value of a cookie; empty when there is none or it is not well formed. A name without the prefix __Host- means,
   behind TLS, the cookie with that prefix, as reply_cookie set it. */
struct str req_cookie(const struct request *req, const char *name);
struct str req_body(const struct request *req); /* ROUTE_RAW */
bool req_is_tls(const struct request *req);     /* the browser's connection is encrypted (by us or the proxy) */
/* The address the request comes from, without a port; behind our own proxy what that says (X-Forwarded-For, the last).
   Personal data: for a brake on guessing, kept as a keyed hash at most. Empty when it is not known. */
struct str req_peer(const struct request *req);
/* "https://indgang.example.dk": the configured address, else made from Host. Without a slash at the end. */
struct str req_origin(const struct request *req);
/* The address of a packed asset, with its content hash: req_asset(req, "indgang.css") → "/static/indgang.1f2e3d4c.css".
 */
struct str req_asset(const struct request *req, const char *name);
/* A path on this site that may be redirected to: begins with one '/', no backslash, no control characters. */
bool http_is_local(struct str url);

/* ---- the reply ----------------------------------------------------------------------------------------------------
 */
/* A handler fills the reply once and returns ERR_OK, or returns an error: then the error page is made from err.tbl, the
   detail and the request id; ERR_LOGIN becomes a redirect to the login with the way back. Bytes given to the reply must
   live in cx->arena or be static. The default is Cache-Control: no-store. */

enum err reply_html(struct cx *cx, struct reply *rep, int status, struct html page);
enum err reply_text(struct cx *cx, struct reply *rep, int status, struct str text);
enum err reply_json(struct cx *cx, struct reply *rep, int status, struct str json);
/* Any other type, which is ours, and bytes; both may be empty (204). */
enum err reply_bytes(struct cx *cx, struct reply *rep, int status, struct str type, struct str bytes);
/* 303 to a path of this site. Values inside are yours to encode; an address that http_is_local refuses is ERR_INTERNAL.
 */
enum err reply_redirect(struct cx *cx, struct reply *rep, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* 303 to another site (login, logout): only an address from the configuration, never from the request. */
enum err reply_redirect_external(struct cx *cx, struct reply *rep, struct str url);
/* A document: `type` is ours, `name` may be any text (RFC 6266, RFC 8187). download: offered for saving instead of
   shown. Shown documents get a Content-Security-Policy that forbids them everything (sandbox). */
struct reply_file {
    struct str type, name, bytes;
    int fd;           /* instead of bytes when bytes.p is NULL: sent from the file and closed */
    int64_t fd_bytes; /* its size */
    bool download;
};
enum err reply_file(struct cx *cx, struct reply *rep, const struct reply_file *file);
/* One more header; `name` is a literal. A value with control characters asserts; an empty one is left out. */
void reply_header(struct cx *cx, struct reply *rep, const char *name, struct str value);
/* A cookie: HttpOnly, SameSite=Lax, Path=/; behind TLS also Secure and named __Host-<name>. max_age_s 0: until the
   browser closes; below 0: removed. The value is of the characters of FIELD_CODE. */
void reply_cookie(struct cx *cx, struct reply *rep, const char *name, struct str value, int64_t max_age_s);
/* Anyone may keep this reply so long (a page without anything personal, open data). */
void reply_public(struct reply *rep, int max_age_s);
int reply_status(const struct reply *rep); /* 0 while nothing was filled in */

/* ---- what comes from other rooms ----------------------------------------------------------------------------------
 */

/* An error to show. */
struct http_error {
    enum err err;
    int status;
    struct str detail; /* technical, English; may be empty: for other systems, not for a page */
    struct str field;
    const char *say; /* key of the text for a page; NULL: that of err */
};

/* Each may be NULL: then nothing is done, nobody is logged in, and only PERM_PUBLIC opens. All are called by a worker.
 */
struct http_hooks {
    /* Who asks: set cx->who (and cx->lang when the person has chosen one) from the session cookie. Called once a
       request before anything else; ROUTE_MACHINE has it too. An error becomes the reply. */
    enum err (*begin)(struct cx *cx, struct request *req, struct reply *rep);
    /* May cx->who come through this door? OK, ERR_LOGIN or ERR_FORBIDDEN. */
    enum err (*may)(struct cx *cx, enum perm perm);
    /* Is this the CSRF token of the session (or of the visitor without one)? It comes in the field csrf_field. */
    bool (*csrf_ok)(struct cx *cx, struct request *req, struct str token);
    const char *csrf_field; /* NULL: "_csrf" */
    /* From now on this request can change nothing in the database. */
    void (*read_only)(struct cx *cx);
    /* Where a page that failed with ERR_LOGIN or ERR_ASSURANCE leads; `next` is a path of this site to come back to.
       NULL: "/auth/login?next=…". An empty result: show the error instead. */
    struct str (*login_url)(struct cx *cx, enum err refused, struct str next);
    /* A form from our own page was refused because nobody is logged in: keep what was written for the one who wrote it.
       Gives the path to go to after the login; empty: nothing is kept. req_sent says whether the form is of this
       browser's session. */
    struct str (*keep)(struct cx *cx, struct request *req);
    /* Would keep do so for this browser? Then a large form is let in although nobody is logged in, and read. */
    bool (*keeps)(struct cx *cx);
    /* Before the first byte of any reply leaves, also of an error: commit the access rows, set the session cookie. An
       error replaces the reply. */
    enum err (*finish)(struct cx *cx, struct request *req, struct reply *rep);
    /* The HTML page of an error, in the municipality's look: fills rep with reply_html(cx, rep, e->status, …). */
    enum err (*error_page)(struct cx *cx, struct request *req, struct reply *rep, const struct http_error *e);
    /* A reply of status 500 or above leaves because of e; also of a full queue, outside any worker: note it, no more.
     */
    void (*failed)(enum err e);
    /* The reply is made (sent or failed): give back what is not in the arena. */
    void (*end)(struct cx *cx);
    /* /readyz: can the database be asked? */
    enum err (*ready)(struct cx *cx);
    /* /metrics: more lines in Prometheus' text format. */
    void (*metrics)(struct cx *cx, struct buf *b);
};

/* ---- the server ---------------------------------------------------------------------------------------------------
 */

/* A file packed into the program by tools/pack. gzip is empty when it would not be smaller. */
struct http_asset {
    const char *path; /* "indgang.css" */
    const char *type; /* "text/css; charset=utf-8" */
    struct str bytes, gzip;
    const char *hash; /* 8 or more hex digits of the content */
};

struct http_config {
    const char *listen;     /* "127.0.0.1:8080", "[::1]:8080"; port 0 takes a free one */
    const char *public_url; /* "https://indgang.example.dk", NULL: from Host */
    const char *spool_dir;  /* for bodies over 64 KiB; the files have no name */
    const char *dev_assets; /* a folder to read assets from at each request instead of the packed ones; else NULL */
    const char
        *form_action; /* further origins a form may lead to by redirect (the login's), separated by blanks, or NULL */
    bool trust_proxy; /* believe X-Forwarded-Proto of a peer on loopback or a Unix socket */
    bool gzip;        /* compress dynamic text (level 1). Off: the proxy does it; docs/why/http.md */
    enum lang default_lang;
    struct str busy_page;   /* HTML for those who come when the queue is full (503); empty: a line of text. It is made
                               before, because then nothing can be made */
    unsigned workers;       /* threads; 0: 4 */
    unsigned places;        /* how many of them work at once, while the others wait for the disk (cx_aside); 0: all */
    unsigned queue_max;     /* requests waiting for a worker; 0: 64 for each worker. More get 503 */
    size_t arena_max_bytes; /* of one request; 0: 64 MB */
    const struct http_module *const *modules;
    size_t n_modules;
    const struct http_asset *assets;
    size_t n_assets;
    struct http_hooks hooks;
};

/* Listen and serve on threads of its own until http_stop. Each worker has a struct cx that begins as a copy of `cx`
   (db, files, keys, muni, services …) with an arena of its own. Errors: ERR_CONFIG (address, two routes that are the
   same, a route table that cannot be), ERR_IO (the port is taken). The config and all it points to must outlive the
   server. */
enum err http_start(struct cx *cx, const struct http_config *config, struct http_server **ret_server);
int http_port(const struct http_server *server); /* the port it really has */
/* Stop accepting, let what runs finish (at most 10 s), then end all threads and free everything. NULL is legal. */
void http_stop(struct http_server *server);

/* Serve one request without a socket, in the calling thread: for unit tests of handlers. `head` is the request line and
   headers with LF line ends; the reply's status, headers (a line each) and body land in cx->arena. */
struct http_reply_view {
    int status;
    struct str headers, body;
};
enum err http_serve_one(struct cx *cx, const struct http_config *config, struct str head, struct str body,
                        struct http_reply_view *ret_reply);
