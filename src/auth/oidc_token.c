/* What an identity provider sends: discovery document, keys, ID token. Everything is foreign bytes until it is checked.
 */
#include <cjose/cjose.h>
#include <stdlib.h>

#include "auth_internal.h"
#include "fetch/fetch.h"

struct str base64url(struct arena *a, const void *bytes, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const unsigned char *p = bytes;
    struct buf b = buf_make(a);
    for (size_t i = 0; i < n; i += 3) {
        unsigned v = (unsigned)p[i] << 16 | (i + 1 < n ? (unsigned)p[i + 1] << 8 : 0) | (i + 2 < n ? p[i + 2] : 0u);
        buf_add_char(&b, digits[v >> 18]);
        buf_add_char(&b, digits[v >> 12 & 63]);
        if (i + 1 < n)
            buf_add_char(&b, digits[v >> 6 & 63]);
        if (i + 2 < n)
            buf_add_char(&b, digits[v & 63]);
    }
    return buf_str(&b);
}

static int base64url_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

/* RFC 4648 section 5 without padding, and canonical: the bits that are left over are zero. */
bool base64url_read(struct arena *a, struct str s, struct str *ret_bytes)
{
    if (s.n % 4 == 1)
        return false;
    struct buf b = buf_make(a);
    unsigned v = 0;
    int bits = 0;
    for (size_t i = 0; i < s.n; i++) {
        int d = base64url_digit(s.p[i]);
        if (d < 0)
            return false;
        v = (v << 6 | (unsigned)d) & 0xffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            buf_add_char(&b, (char)(v >> bits & 255));
        }
    }
    if (v & ((1u << bits) - 1))
        return false;
    *ret_bytes = buf_str(&b);
    return true;
}

static bool lists(const struct json *doc, const char *key, const char *value)
{
    const struct json *list = json_get(doc, key);
    for (size_t i = 0; list && list->kind == JSON_LIST && i < list->n; i++)
        if (list->items[i]->kind == JSON_TEXT && str_eq_z(list->items[i]->text, value))
            return true;
    return false;
}

enum err oidc_parse_discovery(struct cx *cx, struct str json, struct str issuer, struct oidc_discovery *ret)
{
    struct json *doc;
    if (json.n > OIDC_ANSWER_MAX || json_parse(cx, json, &doc) != ERR_OK || doc->kind != JSON_MAP)
        return fail(cx, ERR_UPSTREAM, "the discovery document is not a JSON object");
    struct oidc_discovery d = {
        .issuer = json_text(doc, "issuer"),
        .authorization = json_text(doc, "authorization_endpoint"),
        .token = json_text(doc, "token_endpoint"),
        .jwks = json_text(doc, "jwks_uri"),
        .userinfo = json_text(doc, "userinfo_endpoint"),
        .end_session = json_text(doc, "end_session_endpoint"),
        .post = lists(doc, "token_endpoint_auth_methods_supported", "client_secret_post") &&
                !lists(doc, "token_endpoint_auth_methods_supported", "client_secret_basic"),
    };
    if (!str_eq(d.issuer, issuer))
        return fail(cx, ERR_UPSTREAM, "the discovery document is of issuer %" PRI_STR,
                    STR_ARG(text_head(d.issuer, 200)));
    if (!fetch_good_address(d.authorization) || !fetch_good_address(d.token) || !fetch_good_address(d.jwks))
        return fail(cx, ERR_UPSTREAM, "the discovery document lacks an endpoint, or one is not https");
    if ((d.userinfo.n && !fetch_good_address(d.userinfo)) || (d.end_session.n && !fetch_good_address(d.end_session)))
        return fail(cx, ERR_UPSTREAM, "an endpoint of the discovery document is not https");
    *ret = d;
    return ERR_OK;
}

/* ---- Keys and signature ---- */

struct alg {
    const char *name, *kty;
};
/* RFC 8725 section 3.1: what we take is decided here, never by the token. No HS* (our secret is no signing key), no
 * none. */
static const struct alg algs[] = {{"RS256", "RSA"}, {"PS256", "RSA"}, {"ES256", "EC"}};

static const struct alg *find_alg(struct str name)
{
    for (size_t i = 0; i < sizeof algs / sizeof *algs; i++)
        if (str_eq_z(name, algs[i].name))
            return &algs[i];
    return NULL;
}

static bool key_fits(const struct json *key, const struct alg *alg, struct str kid)
{
    struct str use = json_text(key, "use"), key_alg = json_text(key, "alg");
    return str_eq_z(json_text(key, "kty"), alg->kty) && (!use.n || str_eq_z(use, "sig")) &&
           (!key_alg.n || str_eq_z(key_alg, alg->name)) && (!kid.n || str_eq(json_text(key, "kid"), kid)) &&
           (str_eq_z(str_of(alg->kty), "RSA") || str_eq_z(json_text(key, "crv"), "P-256"));
}

static void copy_member(struct json_out *o, const struct json *key, const char *name)
{
    json_key(o, name);
    json_str(o, json_text(key, name));
}

/* Only the members that make the public key go on to the library: a key set may say all sorts of things. */
static struct str public_key_json(struct cx *cx, const struct json *key, const struct alg *alg)
{
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    json_begin_object(&o);
    copy_member(&o, key, "kty");
    if (str_eq_z(str_of(alg->kty), "RSA")) {
        copy_member(&o, key, "n");
        copy_member(&o, key, "e");
    } else {
        copy_member(&o, key, "crv");
        copy_member(&o, key, "x");
        copy_member(&o, key, "y");
    }
    json_end(&o);
    return buf_str(&b);
}

static bool key_is_strong(struct cx *cx, const struct json *key, const struct alg *alg)
{
    struct str n, e, x, y;
    if (str_eq_z(str_of(alg->kty), "RSA"))
        return base64url_read(cx->arena, json_text(key, "n"), &n) && n.n >= 256 && n.n <= 1024 &&
               base64url_read(cx->arena, json_text(key, "e"), &e) && e.n >= 1 && e.n <= 4;
    return base64url_read(cx->arena, json_text(key, "x"), &x) && x.n == 32 &&
           base64url_read(cx->arena, json_text(key, "y"), &y) && y.n == 32;
}

static bool signature_holds(struct cx *cx, struct str token, const struct json *key, const struct alg *alg)
{
    if (!key_is_strong(cx, key, alg))
        return false;
    struct str spec = public_key_json(cx, key, alg);
    cjose_err e = {0};
    bool good = false;
    cjose_jws_t *jws = NULL;
    cjose_jwk_t *jwk = cjose_jwk_import(spec.p, spec.n, &e);
    if (!jwk)
        return false;
    jws = cjose_jws_import(token.p, token.n, &e);
    good = jws && cjose_jws_verify(jws, jwk, &e);
    if (jws)
        cjose_jws_release(jws);
    cjose_jwk_release(jwk);
    return good;
}

/* Without a kid the token may be signed by any key that fits; with one, only by that key. */
static enum err check_signature(struct cx *cx, struct str token, struct str jwks, const struct json *header)
{
    const struct alg *alg = find_alg(json_text(header, "alg"));
    if (!alg)
        return fail(cx, ERR_UPSTREAM, "the ID token's algorithm is not one of RS256, PS256, ES256");
    if (json_get(header, "crit") || json_get(header, "b64"))
        return fail(cx, ERR_UPSTREAM, "the ID token's header asks for extensions");
    struct json *set;
    if (jwks.n > OIDC_ANSWER_MAX || json_parse(cx, jwks, &set) != ERR_OK)
        return fail(cx, ERR_UPSTREAM, "the provider's key set is not JSON");
    const struct json *keys = json_get(set, "keys");
    if (!keys || keys->kind != JSON_LIST || keys->n > 50)
        return fail(cx, ERR_UPSTREAM, "the provider's key set has no list of at most 50 keys");
    struct str kid = json_text(header, "kid");
    bool tried = false;
    for (size_t i = 0; i < keys->n; i++) {
        if (!key_fits(keys->items[i], alg, kid))
            continue;
        tried = true;
        if (signature_holds(cx, token, keys->items[i], alg))
            return ERR_OK;
    }
    if (!tried)
        return fail(cx, ERR_NOT_FOUND, "the provider's key set has no such key");
    return fail(cx, ERR_UPSTREAM, "the ID token's signature does not hold");
}

/* ---- Claims ---- */

const struct json *oidc_claim(const struct json *claims, struct str name)
{
    if (!name.n || !claims || claims->kind != JSON_MAP)
        return NULL;
    const struct json *v = json_get_str(claims, name);
    size_t dot = str_find_char(name, '.', 0);
    if (v || dot == name.n)
        return v;
    return oidc_claim(json_get_str(claims, str_slice(name, 0, dot)), str_slice(name, dot + 1, name.n));
}

struct str oidc_claim_text(struct cx *cx, const struct json *claims, struct str name)
{
    const struct json *v = oidc_claim(claims, name);
    if (v && v->kind == JSON_INT)
        return str_fmt(cx->arena, "%lld", (long long)v->i64);
    return v && v->kind == JSON_TEXT && text_clean(v->text) ? v->text : (struct str){0};
}

enum assurance oidc_level(const struct oidc_issuer *conf, struct str value)
{
    for (size_t i = 0; i < conf->levels.n; i++)
        if (str_eq(conf->levels.p[i].acr, value))
            return conf->levels.p[i].level;
    return ASSURANCE_NONE;
}

static bool audience_is(const struct json *claims, struct str client_id)
{
    const struct json *aud = json_get(claims, "aud");
    if (!aud)
        return false;
    struct str azp = json_text(claims, "azp");
    if (json_get(claims, "azp") && !str_eq(azp, client_id))
        return false;
    if (aud->kind == JSON_TEXT)
        return str_eq(aud->text, client_id);
    if (aud->kind != JSON_LIST)
        return false;
    bool found = false;
    for (size_t i = 0; i < aud->n; i++)
        found = found || (aud->items[i]->kind == JSON_TEXT && str_eq(aud->items[i]->text, client_id));
    return found && (aud->n == 1 || azp.n); /* several audiences: azp must say that it is for us */
}

/* A time claim in seconds; false when it is there but no number. NumericDate may have a fraction (RFC 7519 section 2).
 */
static bool time_claim(const struct json *claims, const char *name, int64_t absent, int64_t *ret_s)
{
    const struct json *v = json_get(claims, name);
    *ret_s = absent;
    if (!v)
        return true;
    if (v->kind == JSON_INT)
        *ret_s = v->i64;
    else if (v->kind == JSON_DOUBLE && v->real > 0 && v->real < 1e11)
        *ret_s = (int64_t)v->real;
    else
        return false;
    return *ret_s >= 0 && *ret_s < INT64_C(100000000000);
}

static enum err check_claims(struct cx *cx, const struct json *claims, const struct oidc_expect *want)
{
    if (!claims || claims->kind != JSON_MAP)
        return fail(cx, ERR_UPSTREAM, "the ID token's claims are not a JSON object");
    if (!str_eq(json_text(claims, "iss"), want->issuer))
        return fail(cx, ERR_UPSTREAM, "the ID token is of another issuer");
    if (!audience_is(claims, want->client_id))
        return fail(cx, ERR_UPSTREAM, "the ID token is for another client");
    int64_t exp, iat, nbf;
    if (!time_claim(claims, "exp", -1, &exp) || !time_claim(claims, "iat", -1, &iat) ||
        !time_claim(claims, "nbf", 0, &nbf) || exp < 0 || iat < 0)
        return fail(cx, ERR_UPSTREAM, "the ID token lacks exp or iat, or a time is no number");
    if (exp + OIDC_LEEWAY_S <= want->now_s)
        return fail(cx, ERR_UPSTREAM, "the ID token has expired");
    if (iat - OIDC_LEEWAY_S > want->now_s || nbf - OIDC_LEEWAY_S > want->now_s)
        return fail(cx, ERR_UPSTREAM, "the ID token is of the future");
    if (iat + 60 * LOGIN_MINUTES + OIDC_LEEWAY_S < want->now_s)
        return fail(cx, ERR_UPSTREAM, "the ID token was issued before this login began");
    struct str nonce = json_text(claims, "nonce");
    if (!want->nonce.n || nonce.n != want->nonce.n || !hash_eq(hash_of(nonce), hash_of(want->nonce)))
        return fail(cx, ERR_UPSTREAM, "the ID token's nonce is not the one of this login");
    if (!oidc_claim_text(cx, claims, S("sub")).n)
        return fail(cx, ERR_UPSTREAM, "the ID token has no sub");
    return ERR_OK;
}

enum err oidc_verify(struct cx *cx, struct str token, struct str jwks, const struct oidc_expect *expect,
                     struct json **ret_claims)
{
    struct str rest = token, head, body, signature, bytes, said;
    struct json *header, *claims;
    if (token.n > OIDC_TOKEN_MAX)
        return fail(cx, ERR_UPSTREAM, "the ID token is longer than %d bytes", OIDC_TOKEN_MAX);
    if (!str_cut(&rest, '.', &head) || !str_cut(&rest, '.', &body) || !str_cut(&rest, '.', &signature) || rest.p)
        return fail(cx, ERR_UPSTREAM, "the ID token has not three parts");
    if (!base64url_read(cx->arena, head, &bytes) || json_parse(cx, bytes, &header) != ERR_OK ||
        header->kind != JSON_MAP)
        return fail(cx, ERR_UPSTREAM, "the ID token's header cannot be read");
    /* before the library sees them: what is not base64url ends the whole program there, by an assertion */
    if (!base64url_read(cx->arena, body, &said) || !base64url_read(cx->arena, signature, &bytes))
        return fail(cx, ERR_UPSTREAM, "the ID token is not base64url");
    enum err e = check_signature(cx, token, jwks, header);
    if (e)
        return e;
    if (json_parse(cx, said, &claims) != ERR_OK)
        return fail(cx, ERR_UPSTREAM, "the ID token's claims cannot be read");
    e = check_claims(cx, claims, expect);
    if (!e)
        *ret_claims = claims;
    return e;
}

/* ---- Our own signature ---- */

static struct str assertion_claims(struct cx *cx, struct str client_id, struct str audience)
{
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    int64_t now_s = time_now_us() / SECOND_US;
    json_begin_object(&o);
    json_key(&o, "iss");
    json_str(&o, client_id);
    json_key(&o, "sub");
    json_str(&o, client_id);
    json_key(&o, "aud");
    json_str(&o, audience);
    json_key(&o, "jti");
    json_str(&o, rand_code(cx->arena, 26));
    json_key(&o, "iat");
    json_i64(&o, now_s);
    json_key(&o, "exp");
    json_i64(&o, now_s + 60);
    json_end(&o);
    return buf_str(&b);
}

enum err oidc_sign(struct cx *cx, struct str jwk, struct str claims, struct str *ret)
{
    struct json *key;
    if (json_parse(cx, jwk, &key) != ERR_OK || !find_alg(json_text(key, "alg")))
        return fail(cx, ERR_CONFIG, "the private key is no JWK with alg RS256, PS256 or ES256");
    enum err result = ERR_CONFIG;
    cjose_err e = {0};
    const char *compact = NULL;
    cjose_jws_t *jws = NULL;
    cjose_header_t *header = cjose_header_new(&e);
    cjose_jwk_t *k = cjose_jwk_import(jwk.p, jwk.n, &e);
    struct str kid = json_text(key, "kid");
    if (header && k && cjose_header_set(header, CJOSE_HDR_ALG, str_z(cx->arena, json_text(key, "alg")), &e) &&
        (!kid.n || cjose_header_set(header, CJOSE_HDR_KID, str_z(cx->arena, kid), &e)))
        jws = cjose_jws_sign(k, header, (const uint8_t *)claims.p, claims.n, &e);
    if (jws && cjose_jws_export(jws, &compact, &e)) {
        *ret = str_dup(cx->arena, str_of(compact));
        result = ERR_OK;
    }
    if (jws)
        cjose_jws_release(jws);
    if (k)
        cjose_jwk_release(k);
    if (header)
        cjose_header_release(header);
    return result ? fail(cx, ERR_CONFIG, "the private key cannot sign: %s", e.message ? e.message : "?") : ERR_OK;
}

enum err oidc_assertion(struct cx *cx, struct str jwk, struct str client_id, struct str audience, struct str *ret)
{
    return oidc_sign(cx, jwk, assertion_claims(cx, client_id, audience), ret);
}
