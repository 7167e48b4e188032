/* What a provider may send, good and bad: discovery documents, key sets, ID tokens. Keys are made here, anew each time.
 */
#include "support.h"

#include <cjose/cjose.h>
#include <stdlib.h>

#include "auth/auth_internal.h"

/* A provider of our own: two keys, and what its token should say. */
struct op {
    struct cx *cx;
    cjose_jwk_t *rsa, *ec;
    struct str jwks;
    struct oidc_expect expect;
};

static struct str public_json(struct op *op, cjose_jwk_t *key, const char *kid)
{
    cjose_err e;
    assert_true(cjose_jwk_set_kid(key, kid, strlen(kid), &e));
    char *json = cjose_jwk_to_json(key, false, &e);
    struct str s = str_dup(op->cx->arena, str_of(json));
    free(json);
    return s;
}

static int open_op(void **state)
{
    static struct op op;
    cjose_err e;
    op.cx = test_cx();
    op.rsa = cjose_jwk_create_RSA_random(2048, (const uint8_t *)"\1\0\1", 3, &e);
    op.ec = cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &e);
    op.jwks = str_fmt(op.cx->arena, "{\"keys\":[%" PRI_STR ",%" PRI_STR "]}", STR_ARG(public_json(&op, op.rsa, "r1")),
                      STR_ARG(public_json(&op, op.ec, "e1")));
    op.expect = (struct oidc_expect){
        .issuer = S("https://op.example"), .client_id = S("indgang"), .nonce = S("n-1"), .now_s = 1800000000};
    *state = &op;
    return 0;
}

static int close_op(void **state)
{
    struct op *op = *state;
    cjose_jwk_release(op->rsa);
    cjose_jwk_release(op->ec);
    test_cx_free(op->cx);
    return 0;
}

static struct str sign(struct op *op, cjose_jwk_t *key, const char *alg, const char *kid, const char *claims)
{
    cjose_err e;
    cjose_header_t *h = cjose_header_new(&e);
    const char *compact;
    cjose_header_set(h, "alg", alg, &e);
    if (kid)
        cjose_header_set(h, "kid", kid, &e);
    cjose_jws_t *jws = cjose_jws_sign(key, h, (const uint8_t *)claims, strlen(claims), &e);
    assert_non_null(jws);
    assert_true(cjose_jws_export(jws, &compact, &e));
    struct str s = str_dup(op->cx->arena, str_of(compact));
    cjose_jws_release(jws);
    cjose_header_release(h);
    return s;
}

#define GOOD \
    "\"iss\":\"https://" \
    "op.example\",\"aud\":\"indgang\",\"sub\":\"s\",\"nonce\":\"n-1\",\"iat\":1800000000,\"exp\":1800000120"

static enum err check(struct op *op, struct str token)
{
    struct json *claims;
    return oidc_verify(op->cx, token, op->jwks, &op->expect, &claims);
}

static enum err check_claims_of(struct op *op, const char *claims)
{
    return check(op, sign(op, op->rsa, "RS256", "r1", claims));
}

static void takes_the_three_algorithms(void **state)
{
    struct op *op = *state;
    struct json *claims;
    assert_ok(op->cx, oidc_verify(op->cx, sign(op, op->rsa, "RS256", "r1", "{" GOOD ",\"pid\":\"13816498213\"}"),
                                  op->jwks, &op->expect, &claims));
    assert_str(oidc_claim_text(op->cx, claims, S("pid")), "13816498213");
    assert_ok(op->cx, check(op, sign(op, op->rsa, "PS256", "r1", "{" GOOD "}")));
    assert_ok(op->cx, check(op, sign(op, op->ec, "ES256", "e1", "{" GOOD "}")));
    assert_ok(op->cx, check(op, sign(op, op->ec, "ES256", NULL, "{" GOOD "}"))); /* no kid: any key that fits */
}

static void refuses_other_algorithms(void **state)
{
    struct op *op = *state;
    cjose_err e;
    cjose_jwk_t *secret = cjose_jwk_create_oct_spec((const uint8_t *)"0123456789abcdef0123456789abcdef", 32, &e);
    assert_err(op->cx, check(op, sign(op, secret, "HS256", "r1", "{" GOOD "}")), ERR_UPSTREAM);
    assert_err(op->cx, check(op, sign(op, op->rsa, "RS512", "r1", "{" GOOD "}")), ERR_UPSTREAM);
    cjose_jwk_release(secret);
    /* alg none, with and without a signature part */
    struct str body = base64url(op->cx->arena, "{" GOOD "}", sizeof "{" GOOD "}" - 1);
    assert_err(op->cx, check(op, str_fmt(op->cx->arena, "eyJhbGciOiJub25lIn0.%" PRI_STR ".", STR_ARG(body))),
               ERR_UPSTREAM);
    assert_err(op->cx, check(op, str_fmt(op->cx->arena, "eyJhbGciOiJub25lIn0.%" PRI_STR, STR_ARG(body))), ERR_UPSTREAM);
    assert_err(op->cx, check(op, str_fmt(op->cx->arena, "eyJhbGciOiJub25lIn0.%" PRI_STR ".AAAA", STR_ARG(body))),
               ERR_UPSTREAM);
}

static void refuses_a_changed_token(void **state)
{
    struct op *op = *state;
    struct str token = sign(op, op->rsa, "RS256", "r1", "{" GOOD "}");
    size_t dot = str_find_char(token, '.', 0);
    char *p = str_z(op->cx->arena, token);
    p[dot + 8] = p[dot + 8] == 'A' ? 'B' : 'A';
    assert_err(op->cx, check(op, str_make(p, token.n)), ERR_UPSTREAM);
    assert_err(op->cx, check(op, str_slice(token, 0, token.n - 4)), ERR_UPSTREAM);
    assert_err(op->cx, check(op, str_cat(op->cx->arena, token, S(".x"))), ERR_UPSTREAM);
    assert_err(op->cx, check(op, S("")), ERR_UPSTREAM);
}

/* The library that checks signatures ends the program by an assertion when it is given these. */
static void refuses_what_is_not_base64url(void **state)
{
    struct op *op = *state;
    static const char *const bad[] = {".e=0.AA", ".e30.A=A", ".e30=.AA", ".e30.A", ".e.AA", ".e+0.AA", ".e30.AB"};
    struct str token = sign(op, op->rsa, "RS256", "r1", "{" GOOD "}");
    struct str head = str_slice(token, 0, str_find_char(token, '.', 0));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (check(op, str_cat(op->cx->arena, head, str_of(bad[i]))) != ERR_UPSTREAM)
            fail_msg("taken: %s", bad[i]);
}

static void asks_again_for_an_unknown_key(void **state)
{
    struct op *op = *state;
    cjose_err e;
    cjose_jwk_t *other = cjose_jwk_create_RSA_random(2048, (const uint8_t *)"\1\0\1", 3, &e);
    assert_err(op->cx, check(op, sign(op, other, "RS256", "r2", "{" GOOD "}")), ERR_NOT_FOUND);
    assert_err(op->cx, check(op, sign(op, other, "RS256", "r1", "{" GOOD "}")), ERR_UPSTREAM);
    assert_err(op->cx, check(op, sign(op, other, "RS256", NULL, "{" GOOD "}")), ERR_UPSTREAM);
    cjose_jwk_release(other);
}

static void refuses_weak_and_foreign_keys(void **state)
{
    struct op *op = *state;
    cjose_err e;
    cjose_jwk_t *weak = cjose_jwk_create_RSA_random(1024, (const uint8_t *)"\1\0\1", 3, &e);
    struct str good = op->jwks, token = sign(op, weak, "RS256", "w", "{" GOOD "}");
    op->jwks = str_fmt(op->cx->arena, "{\"keys\":[%" PRI_STR "]}", STR_ARG(public_json(op, weak, "w")));
    assert_err(op->cx, check(op, token), ERR_UPSTREAM);
    struct str key = public_json(op, op->rsa, "r1"), enc = str_slice(key, 0, key.n - 1);
    op->jwks = str_fmt(op->cx->arena, "{\"keys\":[%" PRI_STR ",\"use\":\"enc\"}]}", STR_ARG(enc));
    assert_err(op->cx, check(op, sign(op, op->rsa, "RS256", "r1", "{" GOOD "}")), ERR_NOT_FOUND);
    op->jwks = S("{\"keys\":{}}");
    assert_err(op->cx, check(op, token), ERR_UPSTREAM);
    op->jwks = S("<html>");
    assert_err(op->cx, check(op, token), ERR_UPSTREAM);
    op->jwks = good;
    cjose_jwk_release(weak);
}

static void checks_every_claim(void **state)
{
    struct op *op = *state;
    static const char *const bad[] = {
        /* issuer, audience, authorized party */
        "{\"iss\":\"https://"
        "evil.example\",\"aud\":\"indgang\",\"sub\":\"s\",\"nonce\":\"n-1\",\"iat\":1800000000,\"exp\":1800000120}",
        "{\"iss\":\"https://"
        "op.example\",\"aud\":\"other\",\"sub\":\"s\",\"nonce\":\"n-1\",\"iat\":1800000000,\"exp\":1800000120}",
        "{\"iss\":\"https://"
        "op.example\",\"aud\":[\"indgang\",\"other\"],\"sub\":\"s\",\"nonce\":\"n-1\",\"iat\":1800000000,\"exp\":"
        "1800000120}",
        "{\"iss\":\"https://"
        "op.example\",\"aud\":\"indgang\",\"azp\":\"other\",\"sub\":\"s\",\"nonce\":\"n-1\",\"iat\":1800000000,\"exp\":"
        "1800000120}",
        "{\"iss\":\"https://"
        "op.example\",\"aud\":\"indgang\",\"azp\":7,\"sub\":\"s\",\"nonce\":\"n-1\",\"iat\":1800000000,\"exp\":"
        "1800000120}",
        "{\"iss\":\"https://op.example\",\"sub\":\"s\",\"nonce\":\"n-1\",\"iat\":1800000000,\"exp\":1800000120}",
        /* times: over, of the future, missing, no number, older than the login */
        "{\"iss\":\"https://"
        "op.example\",\"aud\":\"indgang\",\"sub\":\"s\",\"nonce\":\"n-1\",\"iat\":1799999800,\"exp\":1799999940}",
        "{\"iss\":\"https://"
        "op.example\",\"aud\":\"indgang\",\"sub\":\"s\",\"nonce\":\"n-1\",\"iat\":1800000061,\"exp\":1800000120}",
        "{" GOOD ",\"nbf\":1800000061}", "{" GOOD ",\"nbf\":\"1800000000\"}",
        "{\"iss\":\"https://op.example\",\"aud\":\"indgang\",\"sub\":\"s\",\"nonce\":\"n-1\",\"exp\":1800000120}",
        "{\"iss\":\"https://op.example\",\"aud\":\"indgang\",\"sub\":\"s\",\"nonce\":\"n-1\",\"iat\":1800000000}",
        "{\"iss\":\"https://"
        "op.example\",\"aud\":\"indgang\",\"sub\":\"s\",\"nonce\":\"n-1\",\"iat\":1800000000,\"exp\":\"x\"}",
        "{\"iss\":\"https://"
        "op.example\",\"aud\":\"indgang\",\"sub\":\"s\",\"nonce\":\"n-1\",\"iat\":1800000000,\"exp\":1e300}",
        "{\"iss\":\"https://"
        "op.example\",\"aud\":\"indgang\",\"sub\":\"s\",\"nonce\":\"n-1\",\"iat\":1799990000,\"exp\":1800000120}",
        /* nonce, sub */
        "{\"iss\":\"https://"
        "op.example\",\"aud\":\"indgang\",\"sub\":\"s\",\"nonce\":\"n-2\",\"iat\":1800000000,\"exp\":1800000120}",
        "{\"iss\":\"https://op.example\",\"aud\":\"indgang\",\"sub\":\"s\",\"iat\":1800000000,\"exp\":1800000120}",
        "{\"iss\":\"https://op.example\",\"aud\":\"indgang\",\"nonce\":\"n-1\",\"iat\":1800000000,\"exp\":1800000120}",
        "[]", "7", "{", "{" GOOD ",\"nonce\":\"n-1\"}" /* a name twice */};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (check_claims_of(op, bad[i]) != ERR_UPSTREAM)
            fail_msg("taken: %s", bad[i]);
    assert_ok(op->cx,
              check_claims_of(op, "{\"iss\":\"https://op.example\",\"aud\":[\"other\",\"indgang\"],\"azp\":\"indgang\","
                                  "\"sub\":\"s\",\"nonce\":\"n-1\",\"iat\":1800000000.5,\"exp\":1800000120}"));
    assert_ok(op->cx,
              check_claims_of(op, "{\"iss\":\"https://op.example\",\"aud\":\"indgang\",\"sub\":\"s\",\"nonce\":\"n-1\","
                                  "\"iat\":1799999900,\"exp\":1799999941}")); /* within the leeway */
    op->expect.nonce = S("");
    assert_err(op->cx, check_claims_of(op, "{" GOOD "}"), ERR_UPSTREAM); /* never without a nonce */
    assert_err(op->cx,
               check_claims_of(op, "{\"iss\":\"https://op.example\",\"aud\":\"indgang\",\"sub\":\"s\","
                                   "\"iat\":1800000000,\"exp\":1800000120}"),
               ERR_UPSTREAM);
    op->expect.nonce = S("n-1");
}

static void finds_claims_by_name_and_path(void **state)
{
    struct op *op = *state;
    struct json *c;
    assert_ok(op->cx,
              json_parse(op->cx, S("{\"dk.cpr\":\"1\",\"mitid\":{\"name\":\"Anna\",\"age\":69},\"list\":[1]}"), &c));
    assert_str(oidc_claim_text(op->cx, c, S("dk.cpr")), "1");
    assert_str(oidc_claim_text(op->cx, c, S("mitid.name")), "Anna");
    assert_str(oidc_claim_text(op->cx, c, S("mitid.age")), "69");
    assert_int_equal(oidc_claim_text(op->cx, c, S("list")).n, 0);
    assert_int_equal(oidc_claim_text(op->cx, c, S("list.x")).n, 0);
    assert_null(oidc_claim(c, S("")));
    assert_null(oidc_claim(NULL, S("x")));
}

static void reads_discovery(void **state)
{
    struct op *op = *state;
    struct oidc_discovery d;
    struct str good =
        S("{\"issuer\":\"https://op.example\",\"authorization_endpoint\":\"https://login.op.example/authorize\","
          "\"token_endpoint\":\"https://op.example/token\",\"jwks_uri\":\"https://op.example/jwks\","
          "\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"]}");
    assert_ok(op->cx, oidc_parse_discovery(op->cx, good, S("https://op.example"), &d));
    assert_str(d.authorization, "https://login.op.example/authorize");
    assert_true(d.post);
    assert_err(op->cx, oidc_parse_discovery(op->cx, good, S("https://op.example/"), &d), ERR_UPSTREAM);
    static const char *const bad[] = {
        "",
        "[]",
        "{}",
        "{\"issuer\":\"https://op.example\"}",
        "{\"issuer\":\"https://op.example\",\"authorization_endpoint\":\"http://op.example/a\","
        "\"token_endpoint\":\"https://op.example/token\",\"jwks_uri\":\"https://op.example/jwks\"}",
        "{\"issuer\":\"https://op.example\",\"authorization_endpoint\":\"https://op.example/a\","
        "\"token_endpoint\":\"file:///etc/passwd\",\"jwks_uri\":\"https://op.example/jwks\"}",
        "{\"issuer\":\"https://op.example\",\"authorization_endpoint\":\"https://op.example/a\\r\\nX: y\","
        "\"token_endpoint\":\"https://op.example/t\",\"jwks_uri\":\"https://op.example/jwks\"}",
        "{\"issuer\":\"https://op.example\",\"authorization_endpoint\":\"https://op.example/a\","
        "\"token_endpoint\":\"http://127.0.0.1.evil.example/t\",\"jwks_uri\":\"https://op.example/jwks\"}",
        "{\"issuer\":\"https://op.example\",\"authorization_endpoint\":\"https://op.example/a\","
        "\"token_endpoint\":\"http://127.0.0.1:80@evil.example/t\",\"jwks_uri\":\"https://op.example/jwks\"}",
        "{\"issuer\":\"https://op.example\",\"authorization_endpoint\":\"https://op.example/a\",\"token_endpoint\":"
        "\"https://op.example/t\",\"jwks_uri\":\"https://op.example/jwks\",\"end_session_endpoint\":\"javascript:1\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (oidc_parse_discovery(op->cx, str_of(bad[i]), S("https://op.example"), &d) != ERR_UPSTREAM)
            fail_msg("taken: %s", bad[i]);
}

static void base64url_is_canonical(void **state)
{
    struct op *op = *state;
    struct str s;
    static const char *const pairs[][2] = {{"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"\xfb\xff", "-_8"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_str(base64url(op->cx->arena, pairs[i][0], strlen(pairs[i][0])), pairs[i][1]);
        assert_true(base64url_read(op->cx->arena, str_of(pairs[i][1]), &s));
        assert_str(s, pairs[i][0]);
    }
    static const char *const bad[] = {"Z", "Zg==", "Zh", "Zm9", "+/8", "Zm9v Zm9v", "Zm9vA"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(base64url_read(op->cx->arena, str_of(bad[i]), &s));
}

static void proves_itself_by_private_key(void **state)
{
    struct op *op = *state;
    cjose_err e;
    char *json = cjose_jwk_to_json(op->ec, true, &e);
    struct str jwk = str_fmt(op->cx->arena, "%.*s,\"alg\":\"ES256\"}", (int)strlen(json) - 1, json), token;
    free(json);
    assert_ok(op->cx, oidc_assertion(op->cx, jwk, S("indgang"), S("https://op.example"), &token));
    cjose_jws_t *jws = cjose_jws_import(token.p, token.n, &e);
    assert_non_null(jws);
    assert_true(cjose_jws_verify(jws, op->ec, &e));
    cjose_jws_release(jws);
    assert_err(op->cx, oidc_assertion(op->cx, S("{}"), S("indgang"), S("https://op.example"), &token), ERR_CONFIG);
    assert_err(op->cx, oidc_assertion(op->cx, S("{\"alg\":\"ES256\",\"kty\":\"EC\"}"), S("i"), S("x"), &token),
               ERR_CONFIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_three_algorithms),
        cmocka_unit_test(refuses_other_algorithms),
        cmocka_unit_test(refuses_a_changed_token),
        cmocka_unit_test(refuses_what_is_not_base64url),
        cmocka_unit_test(asks_again_for_an_unknown_key),
        cmocka_unit_test(refuses_weak_and_foreign_keys),
        cmocka_unit_test(checks_every_claim),
        cmocka_unit_test(finds_claims_by_name_and_path),
        cmocka_unit_test(reads_discovery),
        cmocka_unit_test(base64url_is_canonical),
        cmocka_unit_test(proves_itself_by_private_key),
    };
    return cmocka_run_group_tests(tests, open_op, close_op);
}
