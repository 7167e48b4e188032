/* The way of a request without a socket: routes, fields, forms, permissions, CSRF, replies. */
#include "support.h"

#include "http/http.h"
#include "http/http_inner.h"

/* ---- a small site */

static enum err hello(struct cx *cx, struct request *req, struct reply *rep)
{
    return reply_text(cx, rep, 200, str_fmt(cx->arena, "hello %" PRI_STR, STR_ARG(req_param(req, "name"))));
}

static enum err literal(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)req;
    return reply_text(cx, rep, 200, S("literal"));
}

static enum err search(struct cx *cx, struct request *req, struct reply *rep)
{
    const struct str *tags;
    size_t n = req_many(req, "tag", &tags);
    day_t day = -1;
    req_day(req, "day", &day);
    return reply_text(cx, rep, 200,
                      str_fmt(cx->arena, "q=%" PRI_STR " n=%lld has=%d tags=%zu last=%" PRI_STR " day=%d",
                              STR_ARG(req_str(req, "q")), (long long)req_int(req, "n"), req_has(req, "n"), n,
                              STR_ARG(n ? tags[n - 1] : S("-")), day));
}

static enum err save(struct cx *cx, struct request *req, struct reply *rep)
{
    size_t n;
    const struct req_fault *faults = req_faults(req, &n);
    if (n)
        return reply_text(cx, rep, 422,
                          str_fmt(cx->arena, "%s %s kept=%" PRI_STR, faults[0].field, err_name(faults[0].err),
                                  STR_ARG(req_str(req, "title"))));
    return reply_redirect(cx, rep, "/saved?title=%" PRI_STR, STR_ARG(req_str(req, "title")));
}

static enum err upload(struct cx *cx, struct request *req, struct reply *rep)
{
    size_t n;
    const struct req_file *files = req_files(req, "file", &n);
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "[%" PRI_STR "|%" PRI_STR "|%zu]", STR_ARG(files[i].name), STR_ARG(files[i].type),
                files[i].bytes.n);
    return reply_text(cx, rep, 200, buf_str(&b));
}

static enum err anything(struct cx *cx, struct request *req, struct reply *rep)
{
    size_t n;
    const struct req_field *fields = req_fields(req, &n);
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "%" PRI_STR "=%" PRI_STR ";", STR_ARG(fields[i].name), STR_ARG(fields[i].value));
    return reply_text(cx, rep, 200, buf_str(&b));
}

/* Takes all memory, with something noted for the access log on the way. */
static enum err greedy(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)req;
    cx->access = arena_alloc(cx->arena, 100);
    for (;;)
        arena_alloc(cx->arena, 1 << 20);
    return reply_text(cx, rep, 200, S(""));
}

static enum err document(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)req;
    return reply_file(cx, rep,
                      &(struct reply_file){.type = S("text/html"), .name = S("Bø \"1\".html"), .bytes = S("<b>")});
}

static enum err closed(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)req;
    (void)rep;
    return fail(cx, ERR_CONFLICT, "case file %s is \"closed\"", "2026-1");
}

/* The database is away for the next requests. */
static int away, asked;

static enum err reads(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)req;
    asked++;
    reply_header(cx, rep, "X-Of-The-First", S("1"));
    return away-- > 0 ? fail(cx, ERR_AWAY, "gone") : reply_text(cx, rep, 200, S("read"));
}

static enum err writes(struct cx *cx, struct request *req, struct reply *rep)
{
    cx->wrote = req_int(req, "first") != 0;
    return reads(cx, req, rep);
}

static enum err long_page(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)req;
    struct buf b = buf_make(cx->arena);
    for (int i = 0; i < 500; i++)
        buf_fmt(&b, "<p>%d</p>", i);
    reply_cookie(cx, rep, "lang", S("nb"), 100);
    return reply_html(cx, rep, 200, (struct html){buf_str(&b)});
}

static const struct field search_fields[] = {{.name = "q"},
                                             {.name = "n", .kind = FIELD_INT, .min = 1, .max = 9},
                                             {.name = "tag", .many = true},
                                             {.name = "day", .kind = FIELD_DAY}};
static const struct field away_fields[] = {{.name = "first", .kind = FIELD_INT, .min = 0, .max = 1}};
static const struct field save_fields[] = {{.name = "title", .required = true, .max = 5},
                                           {.name = "text", .kind = FIELD_LONG},
                                           {.name = "id", .kind = FIELD_ID},
                                           {.name = "key", .kind = FIELD_CODE}};
static const struct field upload_fields[] = {{.name = "file", .kind = FIELD_FILE, .many = true, .max = 8}};

static const struct route routes[] = {
    ROUTE(GET, "/t/{name}", hello, PERM_PUBLIC, "a name"),
    ROUTE(GET, "/t/all", literal, PERM_PUBLIC, "a literal goes first"),
    ROUTE(GET, "/t/{name}/page", hello, PERM_PUBLIC, "deeper"),
    ROUTE(POST, "/t/{name}", literal, PERM_PUBLIC, "two methods"),
    ROUTE(GET, "/search", search, PERM_PUBLIC, "fields of a query", .fields = FIELDS(search_fields),
          .flags = ROUTE_ETAG),
    ROUTE(POST, "/save", save, PERM_PUBLIC, "a form that shows its own errors", .fields = FIELDS(save_fields),
          .flags = ROUTE_OWN_ERRORS),
    ROUTE(POST, "/strict", save, PERM_PUBLIC, "a form that does not", .fields = FIELDS(save_fields)),
    ROUTE(POST, "/upload", upload, PERM_PUBLIC, "files", .fields = FIELDS(upload_fields), .body_max = 1 << 20),
    ROUTE(POST, "/any", anything, PERM_PUBLIC, "fields of a service folder", .flags = ROUTE_ANY_FIELDS),
    ROUTE(GET, "/greedy", greedy, PERM_PUBLIC, "takes all memory"),
    ROUTE(GET, "/document", document, PERM_PUBLIC, "a file"),
    ROUTE(GET, "/closed", closed, PERM_PUBLIC, "an error"),
    ROUTE(GET, "/away", reads, PERM_PUBLIC, "reads"),
    ROUTE(POST, "/away", writes, PERM_PUBLIC, "writes", .fields = FIELDS(away_fields)),
    ROUTE(GET, "/long", long_page, PERM_PUBLIC, "a page worth compressing", .flags = ROUTE_ETAG),
    ROUTE(GET, "/desk", literal, PERM_EMPLOYEE, "needs a login"),
    ROUTE(POST, "/desk/close", literal, PERM_EMPLOYEE, "needs a login"),
    ROUTE(POST, "/machine", literal, PERM_PUBLIC, "a program", .flags = ROUTE_MACHINE | ROUTE_RAW),
};
static const struct http_module site = HTTP_MODULE("t", routes);
static const struct http_module *const modules[] = {&site};

static bool made_read_only, committed;
static struct access_pending *committed_notes;
static int begun;

static enum err count_begin(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)cx;
    (void)req;
    (void)rep;
    begun++;
    return ERR_OK;
}

static enum err may(struct cx *cx, enum perm perm)
{
    (void)cx;
    (void)perm;
    return ERR_LOGIN;
}

static bool csrf_ok(struct cx *cx, struct request *req, struct str token)
{
    (void)cx;
    (void)req;
    return str_eq_z(token, "good");
}

static void read_only(struct cx *cx)
{
    (void)cx;
    made_read_only = true;
}

static enum err finish(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)req;
    (void)rep;
    committed = true;
    committed_notes = cx->access;
    return ERR_OK;
}

static const struct http_asset assets[] = {
    {"indgang.css", "text/css; charset=utf-8", {"body{}", 6}, {"", 0}, "1f2e3d4c"}};
static const struct http_config config = {
    .listen = "127.0.0.1:0",
    .modules = modules,
    .n_modules = 1,
    .assets = assets,
    .n_assets = 1,
    .hooks = {.begin = count_begin, .may = may, .csrf_ok = csrf_ok, .read_only = read_only, .finish = finish}};

static struct http_reply_view ask_as(struct cx *cx, const struct http_config *c, const char *head, const char *body)
{
    struct http_reply_view v = {0};
    log_set_level(LOG_ERROR + 1);
    made_read_only = committed = false;
    enum err e = http_serve_one(cx, c, str_of(head), str_of(body), &v);
    if (e)
        v.status = -(int)e;
    return v;
}

static struct http_reply_view ask(struct cx *cx, const char *head, const char *body)
{
    return ask_as(cx, &config, head, body);
}

#define HOST "Host: a.example\n"
#define FORM HOST "Sec-Fetch-Site: same-origin\nContent-Type: application/x-www-form-urlencoded\n"
#define PARTS HOST "Origin: http://a.example\nContent-Type: multipart/form-data; boundary=B\n"

static bool has(struct str all, const char *part)
{
    return str_find(all, str_of(part), 0) < all.n;
}

#define assert_has(all, part) \
    do { \
        if (!has((all), (part))) { \
            print_error("\"%s\" is not in \"%.*s\"\n", part, STR_ARG(all)); \
            _fail(__FILE__, __LINE__); \
        } \
    } while (0)

/* ---- tests */

static void test_routes(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    assert_str(ask(cx, "GET /t/bo HTTP/1.1\n" HOST, "").body, "hello bo");
    assert_str(ask(cx, "GET /t/all HTTP/1.1\n" HOST, "").body, "literal");
    assert_str(ask(cx, "GET /t/all/page HTTP/1.1\n" HOST, "").body, "hello all");
    assert_str(ask(cx, "GET /t/a%2Fb%20%C3%A6 HTTP/1.1\n" HOST, "").body, "hello a/b æ");
    static const char *const bad[] = {"/t/%", "/t/%2", "/t/%zz", "/t/%00", "/t/%ff", "/t/%2e%2E", "/t/.", "/t/%0a"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(ask(cx, str_z(cx->arena, str_fmt(cx->arena, "GET %s HTTP/1.1\n" HOST, bad[i])), "").status,
                         400);
    assert_int_equal(ask(cx, "GET /t HTTP/1.1\n" HOST, "").status, 404);
    assert_int_equal(ask(cx, "GET //t/bo HTTP/1.1\n" HOST, "").status, 404);
    struct http_reply_view v = ask(cx, "GET /search/?q=1 HTTP/1.1\n" HOST, "");
    assert_int_equal(v.status, 308);
    assert_has(v.headers, "Location: /search?q=1\n");
    v = ask(cx, "DELETE /t/bo HTTP/1.1\n" HOST, "");
    assert_int_equal(v.status, 405);
    assert_has(v.headers, "Allow: GET, HEAD, POST\n");
    assert_int_equal(ask(cx, "BREW /t/bo HTTP/1.1\n" HOST, "").status, 405);
    assert_int_equal(ask(cx, "HEAD /t/bo HTTP/1.1\n" HOST, "").status, 200);
    test_cx_free(cx);
}

static void test_two_routes_for_one_place_stop_the_start(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    static const struct route twice[] = {ROUTE(GET, "/a/{x}", literal, PERM_PUBLIC, "one"),
                                         ROUTE(GET, "/a/{y}", hello, PERM_PUBLIC, "two")};
    static const struct http_module m = HTTP_MODULE("m", twice);
    static const struct http_module *const list[] = {&m};
    struct http_server *server;
    struct http_config c = {.listen = "127.0.0.1:0", .modules = list, .n_modules = 1};
    assert_int_equal(http_start(cx, &c, &server), ERR_CONFIG);
    assert_has(cx->fail.detail, "hello and literal");
    test_cx_free(cx);
}

static void test_heads_that_are_refused(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    static const char *const bad[] = {
        "GET /t/bo HTTP/1.1\n",                                                         /* no Host */
        "GET /t/bo HTTP/1.1\nHost: a\nHost: a\n",                                       /* two */
        "GET /t/bo HTTP/1.1\nHost: a b\n",                                              /* no host */
        "GET /t/bo HTTP/1.1\nHost: a\nHost : a\n",                                      /* blank before the colon */
        "GET /t/bo HTTP/2.0\n" HOST,                                                    /* version */
        "GET t HTTP/1.1\n" HOST,                                                        /* not a path */
        "GET http://a.example/t/bo HTTP/1.1\n" HOST,                                    /* not a path */
        "GET /t/bo\\x HTTP/1.1\n" HOST,                                                 /* backslash */
        "POST /save HTTP/1.1\n" HOST "Content-Length: 1\nTransfer-Encoding: chunked\n", /* both */
        "POST /save HTTP/1.1\n" HOST "Content-Length: 1\nContent-Length: 1\n",          /* repeated */
        "POST /save HTTP/1.1\n" HOST "Content-Length: +1\n",                            /* not a number */
        "POST /save HTTP/1.1\n" HOST "Content-Length: \n",                              /* not a number */
        "POST /save HTTP/1.1\n" HOST "Content-Length: 99999999999999999999\n",          /* too long a number */
        "POST /save HTTP/1.1\n" HOST "Transfer-Encoding: gzip, chunked\n",              /* unknown coding */
        "POST /save HTTP/1.0\n" HOST "Transfer-Encoding: chunked\n",                    /* HTTP/1.0 knows none */
        "GET /t/bo HTTP/1.1\n" HOST "X: a\001b\n",                                      /* control character */
        "GET /t/bo HTTP/1.1\n" HOST ": x\n",                                            /* no name */
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (ask(cx, bad[i], "").status != -(int)ERR_BAD_REQUEST) {
            print_error("taken: %s\n", bad[i]);
            fail_msg("a head that must be refused");
        }
    test_cx_free(cx);
}

static void test_query_fields(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    assert_str(
        ask(cx, "GET /search?q=%20%C3%A5se+o%20&n=7&tag=a&tag=b&other=x&day=2026-11-23 HTTP/1.1\n" HOST, "").body,
        "q=åse o n=7 has=1 tags=2 last=b day=20780");
    assert_str(ask(cx, "GET /search?q=&n= HTTP/1.1\n" HOST, "").body, "q= n=0 has=0 tags=0 last=- day=-1");
    static const struct {
        const char *query;
        int status;
    } bad[] = {{"q=%ff", 400}, {"q=%0", 400},  {"q=a&q=b", 400}, {"q=%00", 400},   {"=x", 400},
               {"n=x", 422},   {"n=10", 422},  {"n=0", 422},     {"q=a%0Ab", 422}, {"day=2026-02-30", 422},
               {"n=1e1", 422}, {"n=%2B1", 422}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct str head =
            str_fmt(cx->arena, "GET /search?%s HTTP/1.1\n" HOST "Accept: application/json\n", bad[i].query);
        assert_int_equal(ask(cx, str_z(cx->arena, head), "").status, bad[i].status);
    }
    assert_has(ask(cx, "GET /search?n=x HTTP/1.1\n" HOST "Accept: application/json\n", "").body, "\"field\":\"n\"");
    struct buf b = buf_make(cx->arena);
    for (int i = 0; i < 1001; i++)
        buf_fmt(&b, "&z=1");
    struct str head = str_fmt(cx->arena, "GET /search?%" PRI_STR " HTTP/1.1\n" HOST, STR_ARG(buf_str(&b)));
    assert_int_equal(ask(cx, str_z(cx->arena, head), "").status, 413);
    test_cx_free(cx);
}

static void test_form_keeps_what_was_typed(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct http_reply_view v = ask(cx, "POST /save HTTP/1.1\n" FORM, "_csrf=good&title=abcdef&unknown=1");
    assert_int_equal(v.status, 422);
    assert_str(v.body, "title TOO_LARGE kept=abcdef");
    assert_str(ask(cx, "POST /save HTTP/1.1\n" FORM, "_csrf=good&title=+").body, "title INVALID kept=");
    assert_str(ask(cx, "POST /save HTTP/1.1\n" FORM, "_csrf=good&title=a&id=0").body, "id RANGE kept=a");
    assert_str(ask(cx, "POST /save HTTP/1.1\n" FORM, "_csrf=good&title=a&key=a/b").body, "key INVALID kept=a");
    v = ask(cx, "POST /save HTTP/1.1\n" FORM, "_csrf=good&title=%C3%A6%C3%B8%C3%A5ab&text=1%0D%0A2");
    assert_int_equal(v.status, 303);
    assert_has(v.headers, "Location: /saved?title=æøåab\n");
    v = ask(cx, "POST /strict HTTP/1.1\n" FORM "Accept: application/json\n", "_csrf=good");
    assert_int_equal(v.status, 422);
    assert_has(v.body, "\"field\":\"title\"");
    assert_str(ask(cx, "POST /any HTTP/1.1\n" FORM, "b=2&_csrf=good&a=+1+&b=").body, "b=2;a= 1 ;b=;");
    assert_int_equal(
        ask(cx, "POST /save HTTP/1.1\n" HOST "Sec-Fetch-Site: none\nContent-Type: text/plain\n", "title=a").status,
        415);
    test_cx_free(cx);
}

static void test_multipart(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
#define TOKEN "--B\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\ngood\r\n"
#define PART(more) "--B\r\nContent-Disposition: form-data; name=\"file\"" more
    assert_str(
        ask(cx, "POST /upload HTTP/1.1\n" PARTS,
            TOKEN PART("; filename=\"C:\\x\\a%22b.png\"\r\nContent-Type: image/png\r\n\r\n\r\n-BX\r\n\r\n--B--\r\n"))
            .body,
        "[a\"b.png|image/png|7]");
    assert_str(ask(cx, "POST /upload HTTP/1.1\n" PARTS,
                   TOKEN PART("; filename=\"../..\"\r\n\r\n1\r\n") PART("; filename=\"\"\r\n\r\n\r\n--B--\r\n"))
                   .body,
               "[file||1]");
    static const char *const bad[] = {
        "x" TOKEN "--B--\r\n",                                                             /* preamble */
        TOKEN "--B--\r\nx",                                                                /* epilogue */
        TOKEN,                                                                             /* no end */
        TOKEN PART("\r\n\r\n1\r\n--B"),                                                    /* cut off */
        TOKEN PART("; name=\"b\"\r\n\r\n1\r\n--B--\r\n"),                                  /* two names */
        TOKEN PART("; filename*=UTF-8''x\r\n\r\n1\r\n--B--\r\n"),                          /* not a browser's */
        TOKEN PART("; filename=\"x\r\n\r\n1\r\n--B--\r\n"),                                /* open quote */
        TOKEN PART("\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\n1\r\n--B--\r\n"), /* nested */
        TOKEN PART("\r\nX-Other: 1\r\n\r\n1\r\n--B--\r\n"),                                /* unknown header */
        TOKEN PART("\r\nContent-Transfer-Encoding: base64\r\n\r\n1\r\n--B--\r\n"),
        TOKEN "--B\r\n\r\n1\r\n--B--\r\n",                                                  /* no disposition */
        TOKEN "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\r\n--B--\r\n", /* not UTF-8 */
        TOKEN "--B\nContent-Disposition: form-data; name=\"a\"\n\n1\n--B--\n",              /* bare LF */
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int status = ask(cx, "POST /upload HTTP/1.1\n" PARTS, bad[i]).status;
        if (status != 400) {
            print_error("%d for %s\n", status, bad[i]);
            fail_msg("multipart that must be refused");
        }
    }
    assert_int_equal(
        ask(cx, "POST /upload HTTP/1.1\n" PARTS, TOKEN PART("; filename=\"x\"\r\n\r\n123456789\r\n--B--\r\n")).status,
        413);
    static const char *const types[] = {
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a\nb\"",
        "multipart/form-data; boundary=a b", "multipart/form-data; boundary=a; boundary=b"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct form_items items;
        assert_int_equal(http_parse_multipart(cx, str_of(types[i]), S("--a--"), &items), ERR_BAD_REQUEST);
    }
    test_cx_free(cx);
}

static void test_foreign_posts_change_nothing(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
#define TYPE "Content-Type: application/x-www-form-urlencoded\n"
    static const struct {
        const char *head, *body;
        int status;
    } tries[] = {
        {"POST /save HTTP/1.1\n" HOST TYPE, "_csrf=good&title=a", 403},
        {"POST /save HTTP/1.1\n" HOST TYPE "Origin: https://evil.example\n", "_csrf=good&title=a", 403},
        {"POST /save HTTP/1.1\n" HOST TYPE "Origin: null\n", "_csrf=good&title=a", 403},
        {"POST /save HTTP/1.1\n" HOST TYPE "Sec-Fetch-Site: cross-site\nOrigin: http://a.example\n",
         "_csrf=good&title=a", 403},
        {"POST /save HTTP/1.1\n" HOST TYPE "Sec-Fetch-Site: same-site\n", "_csrf=good&title=a", 403},
        {"POST /save HTTP/1.1\n" HOST TYPE "Origin: http://a.example\n", "title=a", 403},
        {"POST /save HTTP/1.1\n" HOST TYPE "Origin: http://a.example\n", "_csrf=bad&title=a", 403},
        {"POST /save HTTP/1.1\n" HOST TYPE "Origin: http://a.example\n", "_csrf=good&title=a", 303},
        {"POST /machine HTTP/1.1\n" HOST, "", 200},
    };
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        assert_int_equal(ask(cx, tries[i].head, tries[i].body).status, tries[i].status);
        assert_int_equal(made_read_only, tries[i].status == 403);
        assert_true(committed);
    }
    test_cx_free(cx);
}

static void test_login_leads_back(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct http_reply_view v = ask(cx, "GET /desk?a=1&b=%26 HTTP/1.1\n" HOST, "");
    assert_int_equal(v.status, 303);
    assert_has(v.headers, "Location: /auth/login?next=/desk%3Fa%3D1%26b%3D%2526\n");
    v = ask(cx, "POST /desk/close HTTP/1.1\n" FORM "Referer: http://a.example/desk/5\n", "_csrf=old");
    assert_has(v.headers, "Location: /auth/login?next=/desk/5\n");
    v = ask(cx, "POST /desk/close HTTP/1.1\n" FORM "Referer: http://evil.example/desk/5\n", "");
    assert_has(v.headers, "Location: /auth/login?next=/\n");
    struct buf b = buf_make(cx->arena);
    buf_add_z(&b, "GET /desk?");
    for (int i = 0; i < 3900; i++)
        buf_add_char(&b, '&');
    buf_add_z(&b, " HTTP/1.1\n" HOST);
    v = ask(cx, str_z(cx->arena, buf_str(&b)), "");
    assert_has(v.headers, "Location: /auth/login?next=/desk\n");
    v = ask(cx, "GET /desk HTTP/1.1\n" HOST "Accept: application/json\n", "");
    assert_int_equal(v.status, 401);
    test_cx_free(cx);
}

static void test_errors(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct http_reply_view v = ask(cx, "GET /closed HTTP/1.1\n" HOST "Accept: application/json\n", "");
    assert_int_equal(v.status, 409);
    assert_has(v.body, "\"code\":\"CONFLICT\"");
    assert_has(v.body, "case file 2026-1 is \\u0022closed\\u0022");
    struct http_config small = config;
    test_cx_free(cx);
    cx = test_cx();
    begun = 0;
    v = ask_as(cx, &small, "GET /greedy HTTP/1.1\n" HOST, "");
    assert_int_equal(begun, 2); /* the error page needs to know who asks, and that was in the memory given back */
    assert_true(committed && !committed_notes);
    assert_int_equal(v.status, 503);
    assert_has(v.headers, "Retry-After: 2\n");
    assert_true(committed);
    test_cx_free(cx);
}

static void test_the_database_goes_away(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    away = 1, asked = 0;
    struct http_reply_view v = ask(cx, "GET /away HTTP/1.1\n" HOST, "");
    assert_int_equal(v.status, 200); /* once more, as one would by reloading */
    assert_int_equal(asked, 2);
    size_t at = str_find(v.headers, S("X-Of-The-First"), 0);
    assert_true(at < v.headers.n && str_find(v.headers, S("X-Of-The-First"), at + 1) == v.headers.n);
    away = 9, asked = 0;
    v = ask(cx, "GET /away HTTP/1.1\n" HOST "Accept: application/json\n", "");
    assert_int_equal(v.status, 503);
    assert_has(v.headers, "Retry-After: 10\n");
    assert_has(v.body, "\"code\":\"AWAY\"");
    assert_int_equal(asked, 2);
    away = 1, asked = 0;
    v = ask(cx, "POST /away HTTP/1.1\n" FORM "Accept: application/json\n", "_csrf=good");
    assert_int_equal(v.status, 503); /* nobody knows whether it may be done twice */
    assert_int_equal(asked, 1);
    away = 1;
    v = ask(cx, "POST /away HTTP/1.1\n" FORM "Accept: application/json\n", "_csrf=good&first=1");
    assert_has(v.body, "\"code\":\"UNSURE\""); /* a part was saved: not "nothing was" */
    test_cx_free(cx);
}

static void test_headers_of_safety(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct http_reply_view v = ask(cx, "GET /t/bo HTTP/1.1\n" HOST "X-Forwarded-Proto: https\n", "");
    assert_has(v.headers, "Cache-Control: no-store\n");
    assert_has(v.headers, "Content-Security-Policy: default-src 'none'; ");
    assert_has(v.headers, "frame-ancestors 'none'");
    assert_false(has(v.headers, "Strict-Transport")); /* the proxy was not to be believed */
    struct http_config c = config;
    c.trust_proxy = true;
    c.form_action = "https://login.example";
    v = ask_as(cx, &c, "GET /long HTTP/1.1\n" HOST "X-Forwarded-Proto: https\n", "");
    assert_has(v.headers, "Strict-Transport-Security: max-age=31536000\n");
    assert_has(v.headers, "form-action 'self' https://login.example;");
    assert_has(v.headers, "Set-Cookie: __Host-lang=nb; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=100\n");
    assert_has(v.headers, "Cache-Control: no-store\n"); /* a cookie is never kept */
    v = ask(cx, "GET /long HTTP/1.1\n" HOST, "");
    assert_has(v.headers, "Set-Cookie: lang=nb; Path=/; HttpOnly; SameSite=Lax; Max-Age=100\n");
    v = ask(cx, "GET /document HTTP/1.1\n" HOST, "");
    assert_has(v.headers,
               "Content-Disposition: attachment; filename=\"B__ _1_.html\"; filename*=UTF-8''B%C3%B8%20%221%22.html\n");
    assert_has(v.headers, "sandbox");
    test_cx_free(cx);
}

static void test_conditional_and_compressed(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct http_reply_view v = ask(cx, "GET /search?q=a HTTP/1.1\n" HOST, "");
    size_t at = str_find(v.headers, S("ETag: "), 0);
    assert_true(at < v.headers.n);
    struct str tag = str_slice(v.headers, at + 6, str_find_char(v.headers, '\n', at));
    assert_has(v.headers, "Cache-Control: private, no-cache\n");
    struct str head =
        str_fmt(cx->arena, "GET /search?q=a HTTP/1.1\n" HOST "If-None-Match: \"x\", %" PRI_STR "\n", STR_ARG(tag));
    v = ask(cx, str_z(cx->arena, head), "");
    assert_int_equal(v.status, 304);
    assert_int_equal(v.body.n, 0);
    head = str_fmt(cx->arena, "GET /search?q=b HTTP/1.1\n" HOST "If-None-Match: %" PRI_STR "\n", STR_ARG(tag));
    assert_int_equal(ask(cx, str_z(cx->arena, head), "").status, 200);
    struct http_config c = config;
    c.gzip = true;
    size_t plain = ask_as(cx, &c, "GET /long HTTP/1.1\n" HOST, "").body.n;
    v = ask_as(cx, &c, "GET /long HTTP/1.1\n" HOST "Accept-Encoding: br, gzip;q=0.5\n", "");
    assert_has(v.headers, "Content-Encoding: gzip\n");
    assert_has(v.headers, "Vary: Accept-Encoding\n");
    assert_true(v.body.n < plain / 2);
    v = ask_as(cx, &c, "GET /long HTTP/1.1\n" HOST "Accept-Encoding: gzip;q=0\n", "");
    assert_int_equal(v.body.n, plain);
    test_cx_free(cx);
}

static void test_what_the_browser_prefers(void **state)
{
    (void)state;
    struct http_server server = {.config = &config};
    struct request req = {.server = &server, .n_headers = 1};
    req.headers[0] = (struct header){S("Accept-Language"), S("fr, en;q=0.5, nn-NO;q=0.8")};
    assert_int_equal(http_language(&req, LANG_DA), LANG_NN);
    req.headers[0].value = S("fr, en;q=0.5, no;q=0.8");
    assert_int_equal(http_language(&req, LANG_DA), LANG_NB);
    req.headers[0].value = S("fr;q=1, xx");
    assert_int_equal(http_language(&req, LANG_DA), LANG_DA);
    req.headers[0] = (struct header){S("Cookie"), S("xa=1; ax=2; a=3; a=4; b=\"5\"; c")};
    assert_str(req_cookie(&req, "a"), "3");
    assert_str(req_cookie(&req, "b"), "");
    assert_str(req_cookie(&req, "c"), "");
    assert_str(req_cookie(&req, "d"), "");
    assert_true(http_is_local(S("/a?b=//c")));
    static const char *const bad[] = {"", "a", "//a", "/\\a", "/a\nb", "https://a", "/a b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(http_is_local(str_of(bad[i])));
    struct arena *a = arena_new(1 << 16);
    assert_str(http_date(a, INT64_C(784111777) * SECOND_US), "Sun, 06 Nov 1994 08:49:37 GMT");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_routes),
        cmocka_unit_test(test_two_routes_for_one_place_stop_the_start),
        cmocka_unit_test(test_heads_that_are_refused),
        cmocka_unit_test(test_query_fields),
        cmocka_unit_test(test_form_keeps_what_was_typed),
        cmocka_unit_test(test_multipart),
        cmocka_unit_test(test_foreign_posts_change_nothing),
        cmocka_unit_test(test_login_leads_back),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_the_database_goes_away),
        cmocka_unit_test(test_headers_of_safety),
        cmocka_unit_test(test_conditional_and_compressed),
        cmocka_unit_test(test_what_the_browser_prefers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
