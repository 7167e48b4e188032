/* Which program asks. A client has a user name and a password and works for one unit; it is given a token for an hour
   (OAuth 2.0, RFC 6749) or sends both with each request (RFC 7617). A token is a statement under the key outside the
   database, so nothing is stored for it; that the client is still there, with the
   same password, is asked with every request. */
#include <sodium.h>
#include <string.h>

#include "auth/auth.h"
#include "keys/keys.h"
#include "noark/noark_internal.h"

enum { ACCESS_S = 3600, REFRESH_S = 24 * 3600 };

static struct hash secret_of(struct cx *cx, struct str name, struct str password)
{
    return keys_lookup(cx, S("noark-client"),
                       str_fmt(cx->arena, "%zu:%.*s%.*s", name.n, STR_ARG(name), STR_ARG(password)));
}

static bool same_secret(struct hash h, struct str stored)
{
    struct hash s;
    if (stored.n != HASH_BYTES)
        return false;
    memcpy(s.b, stored.p, HASH_BYTES);
    return hash_eq(h, s);
}

/* A token ends with the password it was given for. */
static struct str mac_of(struct cx *cx, struct str payload, const struct q_noark_client_get *c)
{
    return hash_hex(cx->arena, keys_lookup(cx, S("noark-token"), str_cat(cx->arena, payload, c->secret)));
}

static struct str token_make(struct cx *cx, const struct q_noark_client_get *c, char kind, int64_t seconds)
{
    struct str payload =
        str_fmt(cx->arena, "%c.%lld.%lld", kind, (long long)c->id, (long long)(cx->now_us / SECOND_US + seconds));
    return str_fmt(cx->arena, "%.*s.%.*s", STR_ARG(payload), STR_ARG(mac_of(cx, payload, c)));
}

static enum err by_token(struct cx *cx, struct str token, char kind, struct q_noark_client_get *ret)
{
    struct str rest = token, k, id_text, until;
    int64_t id = 0, ends = 0;
    bool found = false;
    bool formed = token.n <= 200 && str_cut(&rest, '.', &k) && str_cut(&rest, '.', &id_text) &&
                  str_cut(&rest, '.', &until) && k.n == 1 && k.p[0] == kind && str_to_i64(id_text, &id) &&
                  str_to_i64(until, &ends) && ends > cx->now_us / SECOND_US;
    enum err e = formed ? q_noark_client_get(cx, id, (struct str){0}, ret, &found) : ERR_OK;
    if (e)
        return e;
    struct str right = found ? mac_of(cx, str_slice(token, 0, token.n - rest.n - 1), ret) : S("");
    if (!found || rest.n != right.n || sodium_memcmp(rest.p, right.p, rest.n))
        return fail(cx, ERR_LOGIN, "the token is not valid, or its time is out");
    return ERR_OK;
}

/* One who asks as this client: an employee of its unit who is nobody's person. */
static void become(struct cx *cx, const struct q_noark_client_get *c, struct noark_who *ret)
{
    int64_t *unit = arena_new_of(cx->arena, int64_t);
    struct who *who = arena_new_of(cx->arena, struct who);
    *unit = c->unit_id;
    *who = (struct who){.kind = WHO_EMPLOYEE,
                        .name = c->name,
                        .roles = ROLE_CASEWORKER | ROLE_LEADER, /* it may close what its unit handles */
                        .unit_ids = unit,
                        .n_units = 1,
                        .acting_unit_id = c->unit_id,
                        .acting_unit_name = c->unit_name,
                        .acting_unit_key = c->unit_key};
    *ret = (struct noark_who){.client_id = c->id, .name = c->name, .who = *who};
    cx->who = who;
}

static enum err by_password(struct cx *cx, struct str name, struct str password, struct q_noark_client_get *ret)
{
    bool found;
    struct hash secret = secret_of(cx, name, password);
    enum err e = q_noark_client_get(cx, 0, name, ret, &found);
    if (!e && (!found || !same_secret(secret, ret->secret)))
        e = fail(cx, ERR_LOGIN, "wrong user name or password");
    return e;
}

static bool base64(struct cx *cx, struct str s, struct str *ret)
{
    size_t n;
    char *p = arena_alloc(cx->arena, s.n + 1);
    if (sodium_base642bin((unsigned char *)p, s.n + 1, s.p, s.n, "\r\n ", &n, NULL, sodium_base64_VARIANT_ORIGINAL))
        return false;
    *ret = str_make(p, n);
    return text_clean(*ret);
}

static enum err by_basic(struct cx *cx, struct str coded, struct q_noark_client_get *ret)
{
    struct str both;
    if (coded.n > 2000 || !base64(cx, coded, &both))
        return fail(cx, ERR_LOGIN, "the credentials are not base64 of clean text");
    size_t colon = str_find_char(both, ':', 0);
    return by_password(cx, str_slice(both, 0, colon), str_slice(both, colon + 1, both.n), ret);
}

enum err noark_authenticate(struct cx *cx, struct request *req, struct noark_who *ret)
{
    struct str header = req_header(req, "Authorization");
    size_t blank = str_find_char(header, ' ', 0);
    struct str scheme = str_slice(header, 0, blank), rest = str_trim(str_slice(header, blank, header.n));
    struct q_noark_client_get c;
    cx->who = auth_nobody();
    enum err e = str_ieq(scheme, S("Basic"))    ? by_basic(cx, rest, &c)
                 : str_ieq(scheme, S("Bearer")) ? by_token(cx, rest, 'a', &c)
                                                : fail(cx, ERR_LOGIN, "log in first, by Basic or with a Bearer token");
    if (!e)
        become(cx, &c, ret);
    return e;
}

/* ---- tokens ---- */

static struct str form_value(struct cx *cx, struct str form, const char *name)
{
    struct str one;
    while (str_cut(&form, '&', &one)) {
        size_t eq = str_find_char(one, '=', 0);
        if (str_eq_z(str_slice(one, 0, eq), name))
            return noark_unquote(cx, str_slice(one, eq + 1, one.n));
    }
    return S("");
}

static enum err answer(struct cx *cx, struct reply *rep, const struct q_noark_client_get *c)
{
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    json_begin_object(&o);
    json_key(&o, "access_token");
    json_str(&o, token_make(cx, c, 'a', ACCESS_S));
    json_key(&o, "token_type");
    json_str(&o, S("Bearer"));
    json_key(&o, "expires_in");
    json_i64(&o, ACCESS_S);
    json_key(&o, "refresh_token");
    json_str(&o, token_make(cx, c, 'r', REFRESH_S));
    json_key(&o, "refresh_expires_in");
    json_i64(&o, REFRESH_S);
    json_end(&o);
    return reply_json(cx, rep, 200, buf_str(&b));
}

static enum err refuse(struct cx *cx, struct reply *rep, const char *code)
{
    return reply_json(cx, rep, 400, str_fmt(cx->arena, "{\"error\":\"%s\"}", code));
}

enum err noark_token(struct cx *cx, struct request *req, struct reply *rep)
{
    struct str form = req_body(req), grant = form_value(cx, form, "grant_type");
    struct q_noark_client_get c;
    if (str_eq_z(grant, "refresh_token")) {
        enum err e = by_token(cx, form_value(cx, form, "refresh_token"), 'r', &c);
        return e == ERR_LOGIN ? refuse(cx, rep, "invalid_grant") : e ? e : answer(cx, rep, &c);
    }
    if (!str_eq_z(grant, "password"))
        return refuse(cx, rep, "unsupported_grant_type");
    enum err e = by_password(cx, form_value(cx, form, "username"), form_value(cx, form, "password"), &c);
    struct str client = form_value(cx, form, "client_id");
    if (e == ERR_LOGIN || (!e && client.n && !str_eq(client, c.client)))
        return refuse(cx, rep, "invalid_grant");
    return e ? e : answer(cx, rep, &c);
}

enum err noark_client_set(struct cx *cx, struct str name, struct str password, struct str client, struct str unit_key)
{
    struct auth_unit unit;
    struct hash secret = secret_of(cx, name, password);
    enum err e = auth_unit_by_key(cx, unit_key, &unit);
    if (!e)
        e = q_noark_client_put(cx,
                               &(struct q_noark_client_put_in){.id = rand_id(),
                                                               .name = name,
                                                               .client = client,
                                                               .unit_id = unit.id,
                                                               .secret = str_make((const char *)secret.b, HASH_BYTES),
                                                               .now_us = cx->now_us});
    return e;
}
