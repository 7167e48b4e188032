/* Our own signature on what we tell programs of others about a login. The key (P-256) is made from the key file alone,
   so that every process has the same and nothing is stored. */
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include "auth_internal.h"
#include "keys/keys.h"

enum { COORDINATE = 32, TRIES = 8 };

struct point {
    unsigned char d[COORDINATE], x[COORDINATE], y[COORDINATE];
};

/* The public point of d; false when d is no private key (one in 2^32). */
static bool public_of(struct point *k)
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    EC_POINT *p = group ? EC_POINT_new(group) : NULL;
    BIGNUM *d = BN_bin2bn(k->d, COORDINATE, NULL), *x = BN_new(), *y = BN_new();
    bool good = p && d && x && y && !BN_is_zero(d) && BN_cmp(d, EC_GROUP_get0_order(group)) < 0 &&
                EC_POINT_mul(group, p, d, NULL, NULL, NULL) && EC_POINT_get_affine_coordinates(group, p, x, y, NULL) &&
                BN_bn2binpad(x, k->x, COORDINATE) > 0 && BN_bn2binpad(y, k->y, COORDINATE) > 0;
    BN_clear_free(d);
    BN_free(x);
    BN_free(y);
    EC_POINT_free(p);
    EC_GROUP_free(group);
    return good;
}

static bool our_key(struct cx *cx, struct point *ret)
{
    for (int i = 0; i < TRIES; i++) {
        struct hash h = keys_lookup(cx, S("auth-sign"), str_fmt(cx->arena, "ES256 %d", i));
        memcpy(ret->d, h.b, COORDINATE);
        if (public_of(ret))
            return true;
    }
    return false;
}

static void member(struct json_out *o, struct cx *cx, const char *name, const unsigned char *bytes)
{
    json_key(o, name);
    json_str(o, base64url(cx->arena, bytes, COORDINATE));
}

static struct str jwk(struct cx *cx, const struct point *k, bool private)
{
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    struct hash kid = hash_of(str_make((const char *)k->x, COORDINATE));
    static const char *const fixed[][2] = {{"kty", "EC"}, {"crv", "P-256"}, {"alg", "ES256"}, {"use", "sig"}};
    json_begin_object(&o);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        json_key(&o, fixed[i][0]);
        json_str(&o, str_of(fixed[i][1]));
    }
    json_key(&o, "kid");
    json_str(&o, base64url(cx->arena, kid.b, 12));
    member(&o, cx, "x", k->x);
    member(&o, cx, "y", k->y);
    if (private)
        member(&o, cx, "d", k->d);
    json_end(&o);
    return buf_str(&b);
}

enum err auth_sign(struct cx *cx, struct str claims, struct str *ret_jwt)
{
    struct point k;
    return our_key(cx, &k) ? oidc_sign(cx, jwk(cx, &k, true), claims, ret_jwt)
                           : fail(cx, ERR_CONFIG, "no key to sign with");
}

enum err auth_sign_keys(struct cx *cx, struct str *ret_jwks)
{
    struct point k;
    if (!our_key(cx, &k))
        return fail(cx, ERR_CONFIG, "no key to sign with");
    *ret_jwks = str_fmt(cx->arena, "{\"keys\":[%" PRI_STR "]}", STR_ARG(jwk(cx, &k, false)));
    return ERR_OK;
}
