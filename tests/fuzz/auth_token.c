/* An identity provider's answers: the first byte chooses what the rest is taken for. */
#include <stdint.h>

#include "auth/auth_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char jwks_fixed[] =
    "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"e1\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
    "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"}]}";
static const char token_fixed[] =
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImUxIn0.e30."
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (!n)
        return 0;
    struct cx cx = {.arena = arena_new(16 << 20)};
    struct str rest = str_make((const char *)data + 1, n - 1);
    struct oidc_expect expect = {
        .issuer = S("https://op.example"), .client_id = S("indgang"), .nonce = S("n"), .now_s = 1800000000};
    struct oidc_discovery d;
    struct json *claims;
    switch (data[0] % 4) {
    case 0:
        (void)oidc_parse_discovery(&cx, rest, S("https://op.example"), &d);
        break;
    case 1:
        (void)oidc_verify(&cx, rest, str_of(jwks_fixed), &expect, &claims);
        break;
    case 2:
        (void)oidc_verify(&cx, str_of(token_fixed), rest, &expect, &claims);
        break;
    default:
        if (json_parse(&cx, rest, &claims) == ERR_OK)
            (void)oidc_claim_text(&cx, claims, S("a.b.c"));
        break;
    }
    arena_free(cx.arena);
    return 0;
}
