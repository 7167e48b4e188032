#include "fetch.h"

#include <curl/curl.h>
#include <string.h>

struct answer {
    struct buf b;
    size_t max;
};

static size_t take(char *p, size_t size, size_t n, void *ctx)
{
    struct answer *a = ctx;
    if (a->b.n + size * n > a->max)
        return 0; /* curl ends the transfer */
    buf_add(&a->b, str_make(p, size * n));
    return size * n;
}

static void clean_curl(void *p)
{
    curl_easy_cleanup(p);
}

static void clean_list(void *p)
{
    curl_slist_free_all(p);
}

/* Asked about once a second while nothing comes. */
static int go_on(void *ctx, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
    (void)down_all, (void)down, (void)up_all, (void)up;
    return cx_go_on(ctx) != ERR_OK;
}

static void set_limits(struct cx *cx, CURL *c, const struct fetch *f)
{
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)(f->timeout_s + 1) / 2);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)f->timeout_s);
    curl_easy_setopt(c, CURLOPT_MAXFILESIZE, (long)f->answer_max);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L); /* no meter: our own function */
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, go_on);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, cx);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "indgang");
}

static void set_request(struct cx *cx, CURL *c, const struct fetch *f)
{
    bool plain = str_starts(f->url, S("http://")); /* fetch_good_address let only our own machine through */
    curl_easy_setopt(c, CURLOPT_URL, str_z(cx->arena, f->url));
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
    if (plain)
        curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
    if (f->user.n) {
        curl_easy_setopt(c, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        curl_easy_setopt(c, CURLOPT_USERNAME, str_z(cx->arena, f->user));
        curl_easy_setopt(c, CURLOPT_PASSWORD, str_z(cx->arena, f->password));
    }
    if (f->body.p) {
        curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)f->body.n);
        curl_easy_setopt(c, CURLOPT_COPYPOSTFIELDS, str_z(cx->arena, f->body));
    }
    if (f->method)
        curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, f->method);
}

static struct curl_slist *headers_of(struct cx *cx, const struct fetch *f)
{
    struct curl_slist *list = curl_slist_append(NULL, "Accept: application/json");
    if (f->type.n)
        list =
            curl_slist_append(list, str_z(cx->arena, str_fmt(cx->arena, "Content-Type: %" PRI_STR, STR_ARG(f->type))));
    if (f->header.n)
        list = curl_slist_append(list, str_z(cx->arena, f->header));
    return list;
}

static bool is_one_line(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ')
            return false;
    return true;
}

enum err fetch(struct cx *cx, const struct fetch *f, struct fetched *ret)
{
    struct answer answer = {.b = buf_make(cx->arena), .max = (size_t)f->answer_max};
    *ret = (struct fetched){0};
    if (!fetch_good_address(f->url))
        return fail(cx, ERR_CONFIG, "an address that is neither https nor on this machine");
    if (!is_one_line(f->header))
        return fail(cx, ERR_CONFIG, "a key of more than one line");
    CURL *c = curl_easy_init();
    if (!c)
        return fail(cx, ERR_UPSTREAM, "no handle for a connection");
    /* the handle and the header list go with the arena, also when its limit is reached on the way */
    arena_defer(cx->arena, clean_curl, c);
    set_limits(cx, c, f);
    set_request(cx, c, f);
    struct curl_slist *headers = headers_of(cx, f);
    arena_defer(cx->arena, clean_list, headers);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, &answer);
    cx_aside(cx);
    CURLcode code = curl_easy_perform(c);
    cx_back(cx);
    ret->silent = code == CURLE_OPERATION_TIMEDOUT;
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return cx_go_on(cx);
    if (code != CURLE_OK)
        return fail(cx, ERR_UPSTREAM, "%s", curl_easy_strerror(code));
    long status = 0;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    ret->status = (int)status;
    ret->body = buf_str(&answer.b);
    return ERR_OK;
}

bool fetch_good_address(struct str url)
{
    for (size_t i = 0; i < url.n; i++)
        if (url.p[i] <= ' ' || url.p[i] == 0x7f || url.p[i] == '"' || url.p[i] == '<' || url.p[i] == '\\')
            return false;
    if (url.n > 2000)
        return false;
    if (str_starts(url, S("https://")))
        return url.n > 8;
    static const char *const own[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (str_starts(url, str_of(own[i]))) {
            size_t at = str_of(own[i]).n;
            if (at < url.n && url.p[at] == ':') /* a port, and not the password of "http://127.0.0.1:x@elsewhere" */
                for (at++; at < url.n && url.p[at] >= '0' && url.p[at] <= '9';)
                    at++;
            return at == url.n || url.p[at] == '/';
        }
    return false;
}
