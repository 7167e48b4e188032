/* The head of a request, and all that is read out of it: cookies, preferences, tags, escapes. */
#include <assert.h>

#include "http/http_inner.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct http_config config = {.trust_proxy = true};
    struct http_server server = {.config = &config};
    struct cx cx = {.arena = arena_new(64 << 20)};
    struct request *req = arena_new_of(cx.arena, struct request);
    const char *why;
    req->server = &server;
    req->cx = &cx;
    req->peer_is_local = true;
    if (n < 1 << 16 && http_parse_head(str_make((const char *)data, n), req) && http_check_head(req, &why) == ERR_OK) {
        struct str part, path = req->path;
        assert(req->content_length >= -1 && path.n && path.p[0] == '/');
        (void)http_language(req, LANG_DA);
        (void)http_wants(req);
        (void)http_accepts_gzip(req);
        (void)http_same_origin(req);
        (void)http_tag_matches(req_header(req, "If-None-Match"), S("\"a\""));
        (void)req_cookie(req, "indgang");
        while (str_cut(&path, '/', &part))
            if (http_decode_segment(cx.arena, part, &part))
                assert(part.n && text_clean(part));
    }
    arena_free(cx.arena);
    return 0;
}
