/* Who asks. A program of its own (a client) has a user name and a password and works for one unit; it is given a token
   for an hour (OAuth 2.0, RFC 6749) or sends both with each request (RFC 7617). An employee is given one by a program
   they have allowed (noark_grant.c). A token is a statement under the key outside the database, so nothing is stored
   for it; that the client is still there, with the same password, or the employee's grant, is asked with every request.
 */
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

static struct str payload_of(struct cx *cx, char kind, int64_t id, int64_t ends_s)
{
    return str_fmt(cx->arena, "%c.%lld.%lld", kind, (long long)id, (long long)ends_s);
}

static struct str token_make(struct cx *cx, const struct q_noark_client_get *c, char kind, int64_t seconds)
{
    struct str payload = payload_of(cx, kind, c->id, cx->now_us / SECOND_US + seconds);
    return str_fmt(cx->arena, "%.*s.%.*s", STR_ARG(payload), STR_ARG(mac_of(cx, payload, c)));
}

static enum err not_valid(struct cx *cx)
{
    return fail(cx, ERR_LOGIN, "the token is not valid, or its time is out");
}

/* `kinds`: those that are taken. */
static enum err token_take(struct cx *cx, struct str token, const char *kinds, struct api_token *ret)
{
    struct str rest = token, kind, id, ends;
    if (token.n > 200 || !str_cut(&rest, '.', &kind) || !str_cut(&rest, '.', &id) || !str_cut(&rest, '.', &ends) ||
        kind.n != 1 || !strchr(kinds, kind.p[0]) || !str_to_i64(id, &ret->id) || !str_to_i64(ends, &ret->ends_s) ||
        ret->ends_s <= cx->now_us / SECOND_US)
        return not_valid(cx);
    ret->kind = kind.p[0];
    ret->mac = rest;
    ret->payload = str_slice(token, 0, token.n - rest.n - 1);
    return ERR_OK;
}

static enum err client_of(struct cx *cx, const struct api_token *t, struct q_noark_client_get *ret)
{
    bool found;
    enum err e = q_noark_client_get(cx, t->id, (struct str){0}, ret, &found);
    if (e)
        return e;
    struct str right = found ? mac_of(cx, t->payload, ret) : S("");
    return found && t->mac.n == right.n && !sodium_memcmp(t->mac.p, right.p, right.n) ? ERR_OK : not_valid(cx);
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

/* The employee who allowed it, as they are now: who has left, or left the unit, is nobody. */
static enum err become_employee(struct cx *cx, const struct q_noark_grant_get *g, struct noark_who *ret)
{
    const struct who *who;
    enum err e = auth_employee_who(cx, g->employee_id, g->unit_key, &who);
    if (e)
        return e == ERR_NOT_FOUND ? not_valid(cx) : e;
    *ret = (struct noark_who){.client_id = g->employee_id, .name = who->name, .who = *who};
    cx->who = who;
    return ERR_OK;
}

static enum err by_token(struct cx *cx, struct str text, struct noark_who *ret)
{
    struct api_token t;
    struct q_noark_client_get c;
    struct q_noark_grant_get g;
    enum err e = token_take(cx, text, "ae", &t);
    if (!e && t.kind == 'e')
        return (e = grant_check(cx, &t, &g)) ? e : become_employee(cx, &g, ret);
    if (!e)
        e = client_of(cx, &t, &c);
    if (!e)
        become(cx, &c, ret);
    return e;
}

static enum err by_password(struct cx *cx, struct request *req, struct str name, struct str password,
                            struct q_noark_client_get *ret, int64_t *ret_wait_s)
{
    bool found;
    struct brake brake;
    enum err e = brake_try(cx, req, name, &brake);
    *ret_wait_s = brake.wait_s;
    if (e)
        return e;
    struct hash secret = secret_of(cx, name, password);
    if ((e = q_noark_client_get(cx, 0, name, ret, &found)))
        return e;
    bool right = found && same_secret(secret, ret->secret);
    e = brake_tell(cx, req, name, &brake, right);
    return e || right ? e : fail(cx, ERR_LOGIN, "wrong user name or password");
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

static enum err by_basic(struct cx *cx, struct request *req, struct str coded, struct noark_who *ret)
{
    struct str both;
    struct q_noark_client_get c;
    int64_t wait_s;
    if (coded.n > 2000 || !base64(cx, coded, &both))
        return fail(cx, ERR_LOGIN, "the credentials are not base64 of clean text");
    size_t colon = str_find_char(both, ':', 0);
    enum err e = by_password(cx, req, str_slice(both, 0, colon), str_slice(both, colon + 1, both.n), &c, &wait_s);
    if (!e)
        become(cx, &c, ret);
    else
        ret->wait_s = wait_s;
    return e;
}

static struct str scheme_of(const struct request *req, struct str *ret_rest)
{
    struct str header = req_header(req, "Authorization");
    size_t blank = str_find_char(header, ' ', 0);
    *ret_rest = str_trim(str_slice(header, blank, header.n));
    return str_slice(header, 0, blank);
}

bool noark_tries_password(const struct request *req)
{
    struct str rest;
    return str_ieq(scheme_of(req, &rest), S("Basic"));
}

enum err noark_authenticate(struct cx *cx, struct request *req, struct noark_who *ret)
{
    struct str rest, scheme = scheme_of(req, &rest);
    cx->who = auth_nobody();
    return str_ieq(scheme, S("Basic"))    ? by_basic(cx, req, rest, ret)
           : str_ieq(scheme, S("Bearer")) ? by_token(cx, rest, ret)
                                          : fail(cx, ERR_LOGIN, "log in first, by Basic or with a Bearer token");
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

struct tokens {
    struct str access, refresh, id; /* id: empty without openid */
    int64_t access_s, refresh_s;
};

static enum err answer(struct cx *cx, struct reply *rep, const struct tokens *t)
{
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    json_begin_object(&o);
    json_pair(&o, "access_token", t->access);
    json_pair(&o, "token_type", S("Bearer"));
    json_key(&o, "expires_in");
    json_i64(&o, t->access_s);
    json_pair(&o, "refresh_token", t->refresh);
    json_key(&o, "refresh_expires_in");
    json_i64(&o, t->refresh_s);
    if (t->id.n)
        json_pair(&o, "id_token", t->id);
    json_end(&o);
    return reply_json(cx, rep, 200, buf_str(&b));
}

static enum err refuse(struct cx *cx, struct reply *rep, const char *code)
{
    return reply_json(cx, rep, 400, str_fmt(cx->arena, "{\"error\":\"%s\"}", code));
}

static enum err answer_client(struct cx *cx, struct reply *rep, const struct q_noark_client_get *c)
{
    return answer(cx, rep,
                  &(struct tokens){.access = token_make(cx, c, 'a', ACCESS_S),
                                   .refresh = token_make(cx, c, 'r', REFRESH_S),
                                   .access_s = ACCESS_S,
                                   .refresh_s = REFRESH_S});
}

static struct str grant_token(struct cx *cx, char kind, int64_t id, const struct q_noark_grant_get *g, int64_t seconds)
{
    struct str payload = payload_of(cx, kind, id, cx->now_us / SECOND_US + seconds);
    return str_fmt(cx->arena, "%.*s.%.*s", STR_ARG(payload), STR_ARG(grant_mac(cx, payload, g, g->turn)));
}

/* No token lives longer than the login it was given in. */
static enum err answer_employee(struct cx *cx, struct request *req, struct reply *rep, int64_t id)
{
    struct q_noark_grant_get g;
    struct noark_who who;
    bool found;
    enum err e = q_noark_grant_get(cx, id, cx->now_us, &g, &found);
    if (!e)
        e = found ? become_employee(cx, &g, &who) : not_valid(cx);
    if (e)
        return e == ERR_LOGIN ? refuse(cx, rep, "invalid_grant") : e;
    int64_t left_s = (g.ends_us - cx->now_us) / SECOND_US;
    struct tokens t = {.access_s = left_s < ACCESS_S ? left_s : ACCESS_S, .refresh_s = left_s};
    t.access = grant_token(cx, 'e', id, &g, t.access_s);
    t.refresh = grant_token(cx, 'f', id, &g, left_s);
    if (g.openid && (e = grant_id_token(cx, noark_issuer(cx, req), &g, &who.who, &t.id)))
        return e;
    return answer(cx, rep, &t);
}

static enum err grant_password(struct cx *cx, struct request *req, struct reply *rep, struct str form)
{
    struct q_noark_client_get c;
    struct str name = form_value(cx, form, "username"), client = form_value(cx, form, "client_id");
    int64_t wait_s;
    enum err e = by_password(cx, req, name, form_value(cx, form, "password"), &c, &wait_s);
    if (e == ERR_TOO_MANY) {
        reply_header(cx, rep, "Retry-After", str_fmt(cx->arena, "%lld", (long long)wait_s));
        return reply_json(cx, rep, 429, S("{\"error\":\"slow_down\"}"));
    }
    if (e == ERR_LOGIN || (!e && client.n && !str_eq(client, c.client)))
        return refuse(cx, rep, "invalid_grant");
    return e ? e : answer_client(cx, rep, &c);
}

static enum err grant_refresh(struct cx *cx, struct request *req, struct reply *rep, struct str form)
{
    struct api_token t;
    struct q_noark_client_get c;
    struct q_noark_grant_get g;
    enum err e = token_take(cx, form_value(cx, form, "refresh_token"), "rf", &t);
    if (!e && t.kind == 'r')
        e = client_of(cx, &t, &c);
    else if (!e && !(e = grant_check(cx, &t, &g)))
        e = grant_turn(cx, t.id, g.turn);
    if (e == ERR_LOGIN)
        return refuse(cx, rep, "invalid_grant");
    if (e)
        return e;
    return t.kind == 'r' ? answer_client(cx, rep, &c) : answer_employee(cx, req, rep, t.id);
}

static enum err grant_code(struct cx *cx, struct request *req, struct reply *rep, struct str form)
{
    struct grant_code with = {.code = form_value(cx, form, "code"),
                              .verifier = form_value(cx, form, "code_verifier"),
                              .client = form_value(cx, form, "client_id"),
                              .redirect = form_value(cx, form, "redirect_uri")};
    int64_t id;
    enum err e = grant_exchange(cx, &with, &id);
    if (e == ERR_LOGIN)
        return refuse(cx, rep, "invalid_grant");
    return e ? e : answer_employee(cx, req, rep, id);
}

enum err noark_token(struct cx *cx, struct request *req, struct reply *rep)
{
    static const struct {
        const char *name;
        enum err (*fn)(struct cx *cx, struct request *req, struct reply *rep, struct str form);
    } grants[] = {{"authorization_code", grant_code}, {"password", grant_password}, {"refresh_token", grant_refresh}};
    struct str form = req_body(req), grant = form_value(cx, form, "grant_type");
    for (size_t i = 0; i < sizeof grants / sizeof *grants; i++)
        if (str_eq_z(grant, grants[i].name))
            return grants[i].fn(cx, req, rep, form);
    return refuse(cx, rep, "unsupported_grant_type");
}

/* A token of a program cannot be ended singly: its password can. That is no fault (RFC 7009 2.2). */
enum err noark_revoke(struct cx *cx, struct request *req, struct reply *rep)
{
    struct api_token t;
    struct q_noark_grant_get g;
    enum err e = token_take(cx, form_value(cx, req_body(req), "token"), "ef", &t);
    if (!e && !(e = grant_check(cx, &t, &g)))
        e = grant_end(cx, t.id);
    return e && e != ERR_LOGIN ? e : reply_json(cx, rep, 200, S("{}"));
}

struct str noark_issuer(struct cx *cx, struct request *req)
{
    struct str root = S(NOARK_ROOT);
    return str_cat(cx->arena, req_origin(req), str_slice(root, 0, root.n - 1));
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
