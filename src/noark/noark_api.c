/* From an address to what it is: chapter 6 of the specification. One handler for all of /noark5v5/; which addresses
   there are, the model says. */
#include <string.h>

#include "auth/auth.h"
#include "noark/noark_internal.h"

/* ---- faults ---- */

static int status_of(enum err e)
{
    switch (e) {
    case ERR_INVALID:
    case ERR_RANGE:
    case ERR_SYNTAX:
        return 400;
    default:
        return err_status(e);
    }
}

static enum err reply_fault(struct api *api, enum err e)
{
    struct cx *cx = api->cx;
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    int status = status_of(e);
    json_begin_object(&o);
    json_key(&o, "feil");
    json_begin_object(&o);
    json_key(&o, "kode");
    json_i64(&o, status);
    json_key(&o, "beskrivelse");
    json_str(&o, status < 500 && cx->fail.err == e ? cx->fail.detail : str_of(err_name(e)));
    json_end(&o);
    json_end(&o);
    if (status >= 500)
        log_line(cx, LOG_ERROR, "noark", "err=%s detail=\"%.*s\"", err_name(e), STR_ARG(cx->fail.detail));
    if (e == ERR_TOO_MANY)
        reply_header(cx, api->rep, "Retry-After", str_fmt(cx->arena, "%lld", (long long)api->who.wait_s));
    if (e == ERR_LOGIN)
        reply_header(cx, api->rep, "WWW-Authenticate", S("Basic realm=\"noark5v5\", charset=\"UTF-8\""));
    return reply_doc(api, status, buf_str(&b));
}

/* ---- addresses ---- */

static bool take_address(struct api *api)
{
    struct str rest = req_path(api->req), one;
    rest = str_slice(rest, strlen(NOARK_ROOT) - 1, rest.n);
    while (str_cut(&rest, '/', &one)) {
        if (!one.n)
            continue;
        if (api->n_path == NOARK_PATH_MAX)
            return false;
        one = noark_unquote(api->cx, one);
        if (!text_clean(one))
            return false;
        api->path[api->n_path++] = one;
    }
    struct str url = req_url(api->req);
    size_t q = str_find_char(url, '?', 0);
    api->query = str_slice(url, q + 1, url.n);
    return true;
}

static struct str without(struct str s, const char *prefix)
{
    struct str p = str_of(prefix);
    return str_starts(s, p) ? str_slice(s, p.n, s.n) : S("");
}

static enum err only(struct api *api, unsigned methods)
{
    return methods & 1u << req_method(api->req) ? ERR_OK : fail(api->cx, ERR_METHOD, "not a method of this address");
}

static struct str self_of(struct api *api)
{
    struct buf b = buf_make(api->cx->arena);
    buf_add(&b, api->base);
    for (size_t i = 0; i < api->n_path; i++)
        buf_fmt(&b, "%.*s/", STR_ARG(api->path[i]));
    return buf_str(&b);
}

/* ---- under an entity ---- */

static enum err create_below(struct api *api, const struct node *node, struct str name)
{
    const struct noark_type *t = NULL;
    const struct noark_link *link = NULL;
    int end = 0;
    for (int i = 0; i < node->t->n_children && !t; i++)
        if (node->t->children[i].make && str_eq_z(name, noark_types[node->t->children[i].type].name))
            t = &noark_types[node->t->children[i].type];
    for (size_t i = 0; i < noark_links_n && !t; i++)
        for (int k = 0; k < 2 && !t; k++) {
            const struct noark_link *l = &noark_links[i];
            const struct noark_type *other = &noark_types[l->ends[!k]];
            const char *made = l->kind == 2 ? l->rel[k] : other->name;
            if (l->make && noark_is_a(node->t, &noark_types[l->ends[k]]) && str_eq_z(name, made)) {
                t = other;
                link = l;
                end = k;
            }
        }
    if (!t)
        return fail(api->cx, ERR_NOT_FOUND, "this is not created here");
    enum err e = only(api, 1u << GET | 1u << POST);
    if (!e)
        e = need_write(api, t);
    if (e)
        return e;
    if (req_method(api->req) == GET)
        return reply_template(api, t);
    return write_create(api, t, node, link, end);
}

static const struct noark_element *element_named(const struct noark_type *t, struct str name)
{
    for (int i = 0; i < t->n_elements; i++) {
        const char *dot = strrchr(t->elements[i].attr, '.');
        if (str_eq_z(name, dot ? dot + 1 : t->elements[i].attr))
            return &t->elements[i];
    }
    return NULL;
}

static enum err list_below(struct api *api, const struct node *node, struct str name)
{
    struct scope s = {0};
    bool ref = api->n_path == 5 && str_eq_z(api->path[4], "$ref");
    const struct noark_link *link = NULL;
    int end = 0;
    for (int i = 0; i < node->t->n_children; i++) {
        const struct noark_child *c = &node->t->children[i];
        if (!c->only && str_eq_z(name, c->as[0] ? c->as : noark_types[c->type].name)) {
            s.type = &noark_types[c->type];
            s.parent_id = node->r.id;
        }
    }
    for (size_t i = 0; i < noark_links_n; i++)
        for (int k = 0; k < 2; k++)
            if (str_eq_z(name, noark_links[i].rel[k]) && noark_is_a(node->t, &noark_types[noark_links[i].ends[k]])) {
                link = &noark_links[i];
                end = k;
            }
    if (ref)
        return link ? write_reference(api, node, link, end) : write_place(api, node, name);
    if (s.type)
        s.also = link;
    else if (link)
        s = (struct scope){.type = &noark_types[link->ends[!end]],
                           .link = link,
                           .link_end = end,
                           .link_id = node->r.id,
                           .or_id = link->kind == 5 ? node->r.parent_id.v : 0};
    else
        return fail(api->cx, ERR_NOT_FOUND, "no such relation");
    enum err e = only(api, 1u << GET);
    return e ? e : reply_list(api, &s, self_of(api));
}

static enum err extend(struct api *api, const struct node *node, struct str name)
{
    bool file = str_eq_z(name, "saksmappe") && !strcmp(node->t->name, "mappe");
    bool entry = str_eq_z(name, "journalpost") && !strcmp(node->t->name, "registrering");
    if (!file && !entry)
        return fail(api->cx, ERR_NOT_FOUND, "it is not extended to that");
    const struct noark_type *to = noark_type_of(file ? "saksmappe" : "journalpost");
    enum err e = only(api, 1u << GET | 1u << PUT);
    if (e)
        return e;
    return req_method(api->req) == GET ? reply_template(api, to) : write_extend(api, node, to);
}

static enum err below(struct api *api, const struct node *node)
{
    struct str word = api->path[3], made = without(word, "ny-"), to = without(word, "utvid-til-");
    const struct noark_element *element = element_named(node->t, made.n ? made : word);
    int64_t index;
    enum err e = made.n || req_method(api->req) == GET ? ERR_OK : need_write(api, node->t);
    if (e)
        return e;
    if (str_eq_z(word, "fil") && api->n_path <= 5)
        return file_request(api, node);
    if (element && made.n && api->n_path == 4)
        return (e = need_write(api, node->t)) ? e : write_element(api, node, element, -1);
    if (element && api->n_path == 5 && str_to_i64(api->path[4], &index) && index >= 0)
        return write_element(api, node, element, index);
    if (api->n_path > 5 || (api->n_path == 5 && !str_eq_z(api->path[4], "$ref")))
        return fail(api->cx, ERR_NOT_FOUND, "no such address");
    if (made.n)
        return create_below(api, node, made);
    return to.n ? extend(api, node, to) : list_below(api, node, word);
}

static enum err entity(struct api *api, const struct noark_type *t)
{
    struct node node;
    enum err e = node_get(api, t, api->path[2], &node);
    if (e)
        return e;
    if (api->n_path > 3)
        return below(api, &node);
    if (req_method(api->req) != GET && (e = need_write(api, node.t)))
        return e;
    switch (req_method(api->req)) {
    case GET:
        return reply_node(api, &node, 200);
    case PUT:
        return write_change(api, &node, false);
    case PATCH:
        return write_change(api, &node, true);
    case DELETE:
        return write_delete(api, &node);
    default:
        return fail(api->cx, ERR_METHOD, "not a method of this address");
    }
}

/* ---- the rest ---- */

static enum err reply_system(struct api *api)
{
    struct buf b = buf_make(api->cx->arena);
    struct json_out o = json_out_make(&b);
    json_begin_object(&o);
    json_key(&o, "bulkgrense");
    json_i64(&o, NOARK_PAGE_MAX);
    json_key(&o, "leverandoer");
    json_str(&o, S("Indgang"));
    json_key(&o, "produkt");
    json_str(&o, S("Indgang"));
    json_key(&o, "versjon");
    json_str(&o, S("0.1.0"));
    json_key(&o, "protokollversjon");
    json_str(&o, S("1.1"));
    json_key(&o, "_links");
    json_begin_object(&o);
    json_key(&o, "self");
    json_begin_object(&o);
    json_key(&o, "href");
    json_str(&o, self_of(api));
    json_end(&o);
    json_end(&o);
    json_end(&o);
    return reply_doc(api, 200, buf_str(&b));
}

static enum err at_top(struct api *api)
{
    struct str made = without(api->path[1], "ny-");
    const struct noark_type *t = noark_type_named(api->path[0], made.n ? made : api->path[1]);
    if (!t || (made.n && (!noark_made_at_top(t) || api->n_path > 2)))
        return fail(api->cx, ERR_NOT_FOUND, "no such address");
    if (api->n_path > 2)
        return entity(api, t);
    enum err e = only(api, made.n ? 1u << GET | 1u << POST : 1u << GET);
    if (!e && made.n)
        e = need_write(api, t);
    else if (!e && !noark_reads(api->cx->who, t))
        e = fail(api->cx, ERR_FORBIDDEN, "your roles do not open the %s of the archive", t->name);
    if (e)
        return e;
    if (!made.n)
        return reply_list(api, &(struct scope){.type = t}, self_of(api));
    return req_method(api->req) == GET ? reply_template(api, t) : write_create(api, t, NULL, NULL, 0);
}

static enum err known_address(struct api *api)
{
    if (api->n_path == 1)
        return only(api, 1u << GET) ? ERR_METHOD : reply_package(api);
    if (str_eq_z(api->path[0], "admin") && str_eq_z(api->path[1], "system") && api->n_path == 2)
        return only(api, 1u << GET) ? ERR_METHOD : reply_system(api);
    return at_top(api);
}

static void list(struct json_out *o, const char *name, const char *const *values)
{
    json_key(o, name);
    json_begin_array(o);
    for (; *values; values++)
        json_str(o, str_of(*values));
    json_end(o);
}

/* OpenID Connect Discovery 1.0, RFC 8414. */
static enum err discovery(struct api *api)
{
    struct arena *a = api->cx->arena;
    struct buf b = buf_make(a);
    struct json_out o = json_out_make(&b);
    json_begin_object(&o);
    json_pair(&o, "issuer", noark_issuer(api->cx, api->req));
    json_pair(&o, "authorization_endpoint", str_cat(a, req_origin(api->req), S("/noark/allow")));
    json_pair(&o, "token_endpoint", str_cat(a, api->base, S("oauth/token")));
    json_pair(&o, "revocation_endpoint", str_cat(a, api->base, S("oauth/revoke")));
    json_pair(&o, "jwks_uri", str_cat(a, api->base, S("oauth/keys")));
    list(&o, "grant_types_supported", (const char *const[]){"authorization_code", "password", "refresh_token", NULL});
    list(&o, "response_types_supported", (const char *const[]){"code", NULL});
    list(&o, "code_challenge_methods_supported", (const char *const[]){"S256", NULL});
    list(&o, "scopes_supported", (const char *const[]){"openid", NULL});
    list(&o, "subject_types_supported", (const char *const[]){"public", NULL});
    list(&o, "id_token_signing_alg_values_supported", (const char *const[]){"ES256", NULL});
    list(&o, "token_endpoint_auth_methods_supported", (const char *const[]){"none", NULL});
    list(&o, "claims_supported", (const char *const[]){"iss", "sub", "aud", "exp", "iat", "nonce", "name", NULL});
    json_key(&o, "authorization_response_iss_parameter_supported");
    json_bool(&o, true);
    json_end(&o);
    return reply_json(api->cx, api->rep, 200, buf_str(&b));
}

static enum err signing_keys(struct api *api)
{
    struct str keys;
    enum err e = auth_sign_keys(api->cx, &keys);
    return e ? e : reply_json(api->cx, api->rep, 200, keys);
}

static enum err oauth(struct api *api)
{
    struct str word = api->path[1];
    bool post = req_method(api->req) == POST;
    if (str_eq_z(word, "keys"))
        return only(api, 1u << GET) ? ERR_METHOD : signing_keys(api);
    if (str_eq_z(word, "revoke"))
        return post ? noark_revoke(api->cx, api->req, api->rep) : only(api, 1u << POST);
    if (!str_eq_z(word, "token"))
        return fail(api->cx, ERR_NOT_FOUND, "no such address");
    if (post)
        return noark_token(api->cx, api->req, api->rep);
    return only(api, 1u << GET) ? ERR_METHOD : reply_doc(api, 200, S("{\"_links\":{}}"));
}

/* Without a login: how to log in. */
static bool open_address(struct api *api, enum err *ret)
{
    if (api->n_path != 2)
        return false;
    if (str_eq_z(api->path[0], ".well-known") && str_eq_z(api->path[1], "openid-configuration"))
        *ret = only(api, 1u << GET) ? ERR_METHOD : discovery(api);
    else if (str_eq_z(api->path[0], "oauth"))
        *ret = oauth(api);
    else
        return false;
    return true;
}

/* Who asks is known, or needs not be. */
static enum err answer(struct api *api)
{
    bool says = req_header(api->req, "Authorization").n > 0, found;
    if (api->n_path || says) {
        enum err e = q_noark_fonds(api->cx, &api->fonds, &found);
        if (e || !found)
            return e ? e : fail(api->cx, ERR_CONFIG, "there is no archive yet");
    }
    if (!api->n_path)
        return only(api, 1u << GET) ? ERR_METHOD : reply_root(api, says);
    return known_address(api);
}

static enum err authenticate(struct api *api)
{
    bool needs = api->n_path || req_header(api->req, "Authorization").n;
    return needs ? noark_authenticate(api->cx, api->req, &api->who) : ERR_OK;
}

static enum err read_answer(struct cx *cx, void *ctx)
{
    struct api *api = ctx;
    enum err e = api->who.client_id ? ERR_OK : authenticate(api);
    (void)cx;
    return e ? e : answer(api);
}

static enum err dispatch(struct api *api)
{
    enum err e;
    if (!take_address(api))
        return fail(api->cx, ERR_NOT_FOUND, "no such address");
    if (open_address(api, &e))
        return e;
    bool reads = req_method(api->req) == GET;
    if ((!reads || noark_tries_password(api->req)) && (e = authenticate(api)))
        return e;
    /* what is only read is one look at the database, not one for each statement */
    return reads ? db_read(api->cx, read_answer, api) : answer(api);
}

/* Browsers of other sites may call it: there is no cookie that would go with that (CORS). */
static void cross_origin(struct cx *cx, struct reply *rep)
{
    reply_header(cx, rep, "Access-Control-Allow-Origin", S("*"));
    reply_header(cx, rep, "Access-Control-Allow-Methods", S("GET,POST,PUT,PATCH,DELETE,OPTIONS"));
    reply_header(cx, rep, "Access-Control-Allow-Headers",
                 S("Authorization,Content-Type,Accept,ETag,If-Match,Content-Range,X-Upload-Content-Type,X-Upload-"
                   "Content-Length"));
    reply_header(cx, rep, "Access-Control-Expose-Headers", S("ETag,Location,Range,WWW-Authenticate"));
}

static enum err noark_handle(struct cx *cx, struct request *req, struct reply *rep)
{
    struct api api = {.cx = cx, .req = req, .rep = rep};
    cross_origin(cx, rep);
    cx->who = auth_nobody(); /* no cookie counts here */
    if (req_method(req) == OPTIONS) {
        reply_header(cx, rep, "Allow", S("GET,POST,PUT,PATCH,DELETE,OPTIONS"));
        return reply_bytes(cx, rep, 200, S(""), S(""));
    }
    api.base = str_cat(cx->arena, req_origin(req), S(NOARK_ROOT));
    enum err e = dispatch(&api);
    return e ? reply_fault(&api, e) : ERR_OK;
}

/* Who sends a large file has logged in. */
static enum err noark_admit(struct cx *cx, struct request *req)
{
    struct noark_who who;
    return noark_authenticate(cx, req, &who);
}

#define NOARK_ROUTE(METHOD, DOC, ...) \
    ROUTE(METHOD, "/noark5v5", noark_handle, PERM_PUBLIC, DOC, .flags = ROUTE_MACHINE | ROUTE_RAW | ROUTE_TREE, \
          .time_max_ms = 30000 __VA_OPT__(, ) __VA_ARGS__)

static const struct route routes[] = {
    NOARK_ROUTE(GET, "the Noark 5 API: entities, lists, templates, files"),
    NOARK_ROUTE(POST, "the Noark 5 API: create, refer, send a file", .body_max = NOARK_FILE_MAX, .admit = noark_admit),
    NOARK_ROUTE(PUT, "the Noark 5 API: change, extend, a piece of a file", .body_max = NOARK_FILE_MAX,
                .admit = noark_admit),
    NOARK_ROUTE(PATCH, "the Noark 5 API: change attributes", .body_max = NOARK_BODY_MAX, .admit = noark_admit),
    NOARK_ROUTE(DELETE, "the Noark 5 API: delete, refer no longer"),
    NOARK_ROUTE(OPTIONS, "the Noark 5 API: what a browser may send (CORS)"),
};
const struct http_module noark_module = HTTP_MODULE("noark", routes);
