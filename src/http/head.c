/* What the head of a request says. No server, no socket: every function here is also run by the fuzzer. */
#include <assert.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "http/http_inner.h"

static bool is_token_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_token_char(s.p[i]))
            return false;
    return s.n > 0;
}

/* RFC 9110 5.5: visible characters, blank, tab and obs-text. */
static bool is_header_value(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static bool is_host(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-._:[]", c))))
            return false;
    }
    return s.n > 0 && s.n <= 255;
}

static size_t count_header(const struct request *req, const char *name, struct str *ret_first)
{
    size_t n = 0;
    for (size_t i = 0; i < req->n_headers; i++)
        if (str_ieq(req->headers[i].name, str_of(name)) && n++ == 0)
            *ret_first = str_trim(req->headers[i].value);
    return n;
}

struct str req_header(const struct request *req, const char *name)
{
    struct str first = S("");
    count_header(req, name, &first);
    return first;
}

static enum err refuse(const char **ret_why, const char *why)
{
    *ret_why = why;
    return ERR_BAD_REQUEST;
}

static enum err check_framing(struct request *req, const char **ret_why)
{
    struct str length = S(""), coding = S("");
    size_t n_length = count_header(req, "Content-Length", &length);
    size_t n_coding = count_header(req, "Transfer-Encoding", &coding);
    if (n_length && n_coding)
        return refuse(ret_why, "Content-Length together with Transfer-Encoding");
    if (n_length > 1 || n_coding > 1)
        return refuse(ret_why, "repeated framing header");
    if (n_coding) {
        if (!str_ieq(coding, S("chunked")) || !str_eq_z(req->version, "HTTP/1.1"))
            return refuse(ret_why, "unknown Transfer-Encoding");
        req->content_length = -1;
    }
    if (n_length) {
        for (size_t i = 0; i < length.n; i++)
            if (length.p[i] < '0' || length.p[i] > '9')
                return refuse(ret_why, "Content-Length is not a number");
        if (!str_to_i64(length, &req->content_length))
            return refuse(ret_why, "Content-Length is not a number");
    }
    return ERR_OK;
}

static enum err check_host(const struct request *req, const char **ret_why)
{
    struct str host = S("");
    size_t n = count_header(req, "Host", &host);
    if (n > 1)
        return refuse(ret_why, "repeated Host");
    if (n == 0 && !str_eq_z(req->version, "HTTP/1.0"))
        return refuse(ret_why, "Host is missing");
    if (n && !is_host(host))
        return refuse(ret_why, "Host is not a host");
    return ERR_OK;
}

static const char *const method_names[METHOD_COUNT] = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

static void find_method(struct request *req)
{
    req->is_head = str_eq_z(req->method_name, "HEAD");
    req->method = req->is_head ? GET : METHOD_COUNT;
    for (int i = 0; i < METHOD_COUNT; i++)
        if (str_eq_z(req->method_name, method_names[i]))
            req->method = (enum method)i;
}

static enum err check_url(struct request *req, const char **ret_why)
{
    struct str url = req->url;
    if (url.n == 0 || url.p[0] != '/')
        return refuse(ret_why, "the address is not a path");
    for (size_t i = 0; i < url.n; i++) {
        unsigned char c = (unsigned char)url.p[i];
        if (c <= 0x20 || c == 0x7f || c == '#' || c == '\\' || c == '"' || c == '<' || c == '>')
            return refuse(ret_why, "the address has a character that must be escaped");
    }
    size_t q = str_find_char(url, '?', 0);
    req->path = str_slice(url, 0, q);
    req->query = str_slice(url, q + (q < url.n), url.n);
    return ERR_OK;
}

enum err http_check_head(struct request *req, const char **ret_why)
{
    find_method(req);
    if (!str_eq_z(req->version, "HTTP/1.1") && !str_eq_z(req->version, "HTTP/1.0"))
        return refuse(ret_why, "unknown version of HTTP");
    enum err e = check_url(req, ret_why);
    if (e)
        return e;
    for (size_t i = 0; i < req->n_headers; i++) {
        if (!is_token(req->headers[i].name))
            return refuse(ret_why, "the name of a header is not a token");
        if (!is_header_value(req->headers[i].value))
            return refuse(ret_why, "a header has a control character");
    }
    if ((e = check_host(req, ret_why)))
        return e;
    return check_framing(req, ret_why);
}

bool http_parse_head(struct str head, struct request *ret)
{
    struct str line;
    if (!str_cut(&head, '\n', &line))
        return false;
    line = str_trim(line);
    size_t a = str_find_char(line, ' ', 0), b = str_find_char(line, ' ', a + 1);
    ret->method_name = str_slice(line, 0, a);
    ret->url = str_slice(line, a + 1, b);
    ret->version = str_slice(line, b + 1, line.n);
    while (str_cut(&head, '\n', &line)) {
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        if (!line.n)
            break;
        size_t colon = str_find_char(line, ':', 0);
        if (ret->n_headers == HTTP_HEADERS_MAX || colon == line.n)
            return false;
        ret->headers[ret->n_headers++] =
            (struct header){str_slice(line, 0, colon), str_trim(str_slice(line, colon + 1, line.n))};
    }
    return true;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool http_decode_segment(struct arena *a, struct str raw, struct str *ret)
{
    char *p = arena_alloc(a, raw.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        if (raw.p[i] != '%') {
            p[n++] = raw.p[i];
            continue;
        }
        if (raw.n - i < 3 || hex_digit(raw.p[i + 1]) < 0 || hex_digit(raw.p[i + 2]) < 0)
            return false;
        p[n++] = (char)(hex_digit(raw.p[i + 1]) * 16 + hex_digit(raw.p[i + 2]));
        i += 2;
    }
    struct str s = {p, n};
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)p[i] < 0x20)
            return false;
    if (!n || str_eq_z(s, ".") || str_eq_z(s, "..") || !text_clean(s))
        return false;
    *ret = s;
    return true;
}

/* ---- cookies */

static bool is_cookie_value(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= 0x20 || c >= 0x7f || c == '"' || c == ',' || c == ';' || c == '\\')
            return false;
    }
    return true;
}

static struct str find_cookie(const struct request *req, struct str prefix, struct str name)
{
    for (size_t i = 0; i < req->n_headers; i++) {
        if (!str_ieq(req->headers[i].name, S("Cookie")))
            continue;
        struct str rest = req->headers[i].value, pair;
        while (str_cut(&rest, ';', &pair)) {
            pair = str_trim(pair);
            size_t eq = str_find_char(pair, '=', 0);
            struct str key = str_slice(pair, 0, eq), value = str_slice(pair, eq + (eq < pair.n), pair.n);
            if (key.n == prefix.n + name.n && str_starts(key, prefix) && str_ends(key, name))
                return is_cookie_value(value) ? value : S("");
        }
    }
    return S("");
}

struct str req_cookie(const struct request *req, const char *name)
{
    bool prefixed = str_starts(str_of(name), S("__Host-"));
    return find_cookie(req, req_is_tls(req) && !prefixed ? S("__Host-") : S(""), str_of(name));
}

/* ---- preferences: lists of "value;q=0.8" */

/* Weight of an element in thousandths, after RFC 9110 12.4.2; a malformed one counts as 0. */
static int weight(struct str parameters)
{
    struct str one;
    while (str_cut(&parameters, ';', &one)) {
        one = str_trim(one);
        if (one.n < 3 || (one.p[0] != 'q' && one.p[0] != 'Q') || one.p[1] != '=')
            continue;
        if (one.p[2] == '1')
            return 1000;
        int w = 0, unit = 100;
        for (size_t i = 4; i < one.n && unit; i++, unit /= 10) {
            if (one.p[i] < '0' || one.p[i] > '9')
                return 0;
            w += (one.p[i] - '0') * unit;
        }
        return w;
    }
    return 1000;
}

/* Take the next element off a list; false at its end. */
static bool next_preference(struct str *rest, struct str *ret_value, int *ret_weight)
{
    struct str one;
    if (!str_cut(rest, ',', &one))
        return false;
    size_t semi = str_find_char(one, ';', 0);
    *ret_value = str_trim(str_slice(one, 0, semi));
    *ret_weight = weight(str_slice(one, semi + (semi < one.n), one.n));
    return true;
}

static int lang_of_tag(struct str tag)
{
    struct str primary = str_slice(tag, 0, str_find_char(tag, '-', 0));
    if (str_ieq(primary, S("da")))
        return LANG_DA;
    if (str_ieq(primary, S("nn")))
        return LANG_NN;
    if (str_ieq(primary, S("nb")) || str_ieq(primary, S("no")))
        return LANG_NB;
    return str_ieq(primary, S("en")) ? LANG_EN : -1;
}

enum lang http_language(const struct request *req, enum lang otherwise)
{
    int best = -1, best_weight = 0;
    struct str rest = req_header(req, "Accept-Language"), tag;
    for (int w; next_preference(&rest, &tag, &w);)
        if (lang_of_tag(tag) >= 0 && w > best_weight) {
            best = lang_of_tag(tag);
            best_weight = w;
        }
    return best >= 0 ? (enum lang)best : otherwise;
}

int http_wants(const struct request *req)
{
    struct str rest = req_header(req, "Accept"), type;
    int html = 0, json = 0;
    for (int w; next_preference(&rest, &type, &w);) {
        if (str_ieq(type, S("text/html")) || str_ieq(type, S("application/xhtml+xml")))
            html = w;
        if (str_ieq(type, S("application/json")) || str_ieq(type, S("application/problem+json")))
            json = w;
    }
    return json > html ? HTTP_JSON : HTTP_HTML;
}

bool http_accepts_gzip(const struct request *req)
{
    struct str rest = req_header(req, "Accept-Encoding"), coding;
    for (int w; next_preference(&rest, &coding, &w);)
        if (str_ieq(coding, S("gzip")) || str_eq_z(coding, "*"))
            return w > 0;
    return false;
}

bool http_tag_matches(struct str if_none_match, struct str tag)
{
    struct str one;
    while (str_cut(&if_none_match, ',', &one)) {
        one = str_trim(one);
        if (str_starts(one, S("W/")))
            one = str_slice(one, 2, one.n);
        if (str_eq(one, tag) || str_eq_z(one, "*"))
            return true;
    }
    return false;
}

/* ---- where it comes from */

bool req_is_tls(const struct request *req)
{
    const struct http_config *config = req->server->config;
    if (config->public_url && !strncmp(config->public_url, "https:", 6))
        return true;
    return config->trust_proxy && req->peer_is_local && str_ieq(req_header(req, "X-Forwarded-Proto"), S("https"));
}

struct str req_peer(const struct request *req)
{
    struct str told = req_header(req, "X-Forwarded-For"), last = told, one;
    if (!req->server->config->trust_proxy || !req->peer_is_local || !told.n)
        return req->peer;
    while (str_cut(&told, ',', &one))
        last = one;
    return str_trim(last);
}

/* Fetch metadata when the browser sends it, else the origin's host against ours. A request with neither is refused:
   every browser since 2020 sends Origin with a POST. */
bool http_same_origin(const struct request *req)
{
    struct str site = req_header(req, "Sec-Fetch-Site"), origin = req_header(req, "Origin");
    if (!str_empty(site))
        return str_eq_z(site, "same-origin") || str_eq_z(site, "none");
    size_t colon = str_find(origin, S("://"), 0);
    if (colon == origin.n || str_empty(origin))
        return false;
    struct str host = str_slice(origin, colon + 3, origin.n);
    if (!str_empty(req->server->tls_host))
        return str_ieq(host, req->server->tls_host);
    return str_ieq(host, req_header(req, "Host"));
}

bool http_is_local(struct str url)
{
    if (url.n == 0 || url.n > HTTP_URL_MAX || url.p[0] != '/' || (url.n > 1 && url.p[1] == '/'))
        return false;
    for (size_t i = 0; i < url.n; i++) {
        unsigned char c = (unsigned char)url.p[i];
        if (c <= 0x20 || c == 0x7f || c == '\\')
            return false;
    }
    return true;
}

struct str http_date(struct arena *a, int64_t us)
{
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t t = (time_t)(us / SECOND_US);
    struct tm tm;
    gmtime_r(&t, &tm);
    return str_fmt(a, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + 3 * tm.tm_wday, tm.tm_mday,
                   months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}
