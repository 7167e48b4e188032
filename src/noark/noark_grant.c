/* Programs that employees use in their own name (OAuth 2.0 with PKCE: RFC 6749 4.1, RFC 7636, RFC 8252; OpenID Connect
   Core 1.0 for the ID token). Such a program has no secret. A grant is a row that hangs on the employee's own login: it
   ends when they log out here, or at their provider, or leave. Roles and units are read with each request. */
#include <sodium.h>
#include <string.h>

#include "auth/auth.h"
#include "keys/keys.h"
#include "noark/noark_internal.h"
#include "record/record.h"

enum { CODE_S = 60, CODE_BYTES = 32, ID_TOKEN_S = 300, REDIRECTS_MAX = 2000 };

/* ---- programs ---- */

/* An address on the employee's own machine (RFC 8252 7.3: on any port), or an https one. */
static bool is_loopback(struct str s, struct str *ret_rest)
{
    static const char *const own[] = {"http://127.0.0.1", "http://[::1]"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (str_starts(s, str_of(own[i]))) {
            *ret_rest = str_slice(s, strlen(own[i]), s.n);
            return !ret_rest->n || ret_rest->p[0] == ':' || ret_rest->p[0] == '/';
        }
    return false;
}

static bool good_redirect(struct str s)
{
    struct str rest;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] == 0x7f || (s.p[i] && strchr("\"<>\\#", s.p[i])))
            return false;
    return s.n < 500 && ((str_starts(s, S("https://")) && s.n > 8) || is_loopback(s, &rest));
}

static struct str without_port(struct str rest)
{
    size_t i = rest.n && rest.p[0] == ':' ? 1 : 0;
    while (i && i < rest.n && rest.p[i] >= '0' && rest.p[i] <= '9')
        i++;
    return str_slice(rest, i, rest.n);
}

static bool is_redirect(struct str known, struct str asked)
{
    struct str a, b;
    if (str_eq(known, asked))
        return true;
    return good_redirect(asked) && is_loopback(known, &a) && is_loopback(asked, &b) &&
           str_eq(without_port(a), without_port(b)) && known.n - a.n == asked.n - b.n;
}

enum err app_find(struct cx *cx, struct str client, struct str redirect, struct app *ret)
{
    struct q_noark_app_get row;
    struct str one;
    bool found = false;
    enum err e = client.n ? q_noark_app_get(cx, client, &row, &found) : ERR_OK;
    if (e)
        return e;
    while (found && str_cut(&row.redirects, ' ', &one))
        if (is_redirect(one, redirect)) {
            *ret = (struct app){.id = row.id, .name = row.name};
            return ERR_OK;
        }
    return fail(cx, ERR_NOT_FOUND, "no such program, or not its address");
}

enum err noark_app_set(struct cx *cx, struct str client, struct str name, const struct str *redirects, size_t n)
{
    struct buf all = buf_make(cx->arena);
    int64_t ended;
    for (size_t i = 0; i < n; i++) {
        if (!good_redirect(redirects[i]) || all.n > REDIRECTS_MAX)
            return fail(cx, ERR_INVALID, "%.*s: an address begins with https://, or with http://127.0.0.1",
                        STR_ARG(redirects[i]));
        buf_fmt(&all, "%s%.*s", all.n ? " " : "", STR_ARG(redirects[i]));
    }
    if (n)
        return q_noark_app_put(cx, rand_id(), client, name, buf_str(&all), cx->now_us);
    enum err e = q_noark_app_end(cx, client, &ended);
    if (!e)
        e = q_noark_app_end_grants(cx, client);
    return e || ended ? e : fail(cx, ERR_NOT_FOUND, "no program of that name");
}

/* ---- giving ---- */

static struct str hash_bytes(struct cx *cx, struct str s)
{
    struct hash h = hash_of(s);
    return str_dup(cx->arena, str_make((const char *)h.b, HASH_BYTES));
}

static struct str base64(struct cx *cx, const void *bytes, size_t n)
{
    size_t room = sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *p = arena_alloc(cx->arena, room);
    return str_of(sodium_bin2base64(p, room, bytes, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING));
}

static enum err write_grant(struct cx *cx, void *ctx)
{
    return q_noark_grant_add(cx, ctx);
}

enum err grant_give(struct cx *cx, const struct grant_new *g, struct str *ret_code)
{
    unsigned char secret[CODE_BYTES];
    int64_t idle_us, ends_us;
    auth_session_ends(cx, &idle_us, &ends_us);
    rand_bytes(secret, sizeof secret);
    struct str code = base64(cx, secret, sizeof secret);
    struct q_noark_grant_add_in in = {.id = rand_id(),
                                      .app_id = g->app_id,
                                      .session_id = cx->who->session_id,
                                      .employee_id = cx->who->employee_id,
                                      .unit_key = cx->who->acting_unit_key,
                                      .code = hash_bytes(cx, code),
                                      .challenge = g->challenge,
                                      .redirect = g->redirect,
                                      .nonce = g->nonce.n ? g->nonce : (struct str){0},
                                      .openid = g->openid,
                                      .now_us = cx->now_us,
                                      .ends_us = ends_us};
    if (!cx->who->acting_unit_id)
        return fail(cx, ERR_FORBIDDEN, "one who works for no unit has nothing in the archive");
    enum err e = db_write(cx, write_grant, &in);
    if (!e)
        *ret_code = code;
    return e;
}

/* ---- exchanging the code ---- */

struct exchange {
    const struct grant_code *with;
    struct str code, challenge;
    int64_t id; /* out; 0: refused */
};

static bool fits(struct cx *cx, const struct exchange *x, const struct q_noark_grant_by_code *row)
{
    return !row->used && row->created_us + CODE_S * SECOND_US > cx->now_us && str_eq(row->client, x->with->client) &&
           str_eq(row->redirect, x->with->redirect) && row->challenge.n == x->challenge.n &&
           !sodium_memcmp(row->challenge.p, x->challenge.p, x->challenge.n);
}

/* A code that comes twice was seen by somebody else: all that came of it ends (RFC 6749 4.1.2). */
static enum err write_exchange(struct cx *cx, void *ctx)
{
    struct exchange *x = ctx;
    struct q_noark_grant_by_code row;
    bool found;
    x->id = 0;
    enum err e = q_noark_grant_by_code(cx, x->code, &row, &found);
    if (e || !found)
        return e;
    if (!fits(cx, x, &row))
        return q_noark_grant_end(cx, row.id);
    e = q_noark_grant_use(cx, row.id);
    if (!e)
        x->id = row.id;
    return e;
}

enum err grant_exchange(struct cx *cx, const struct grant_code *with, int64_t *ret_id)
{
    struct hash verifier = hash_of(with->verifier);
    struct exchange x = {
        .with = with, .code = hash_bytes(cx, with->code), .challenge = base64(cx, verifier.b, HASH_BYTES)};
    bool formed = with->code.n && with->verifier.n >= 43 && with->verifier.n <= 128;
    enum err e = formed ? db_write(cx, write_exchange, &x) : ERR_OK;
    if (!e && !x.id)
        e = fail(cx, ERR_LOGIN, "the code is not valid");
    if (!e)
        *ret_id = x.id;
    return e;
}

/* ---- tokens ---- */

/* An access token holds whatever is refreshed meanwhile, a refresh token once. */
struct str grant_mac(struct cx *cx, struct str payload, const struct q_noark_grant_get *g, int64_t turn)
{
    struct str secret =
        payload.p[0] == 'f' ? str_fmt(cx->arena, "%.*s%lld", STR_ARG(g->code), (long long)turn) : g->code;
    return hash_hex(cx->arena, keys_lookup(cx, S("noark-grant"), str_cat(cx->arena, payload, secret)));
}

struct turning {
    int64_t id, turn;
    int64_t n; /* out */
};

static enum err write_turn(struct cx *cx, void *ctx)
{
    struct turning *t = ctx;
    return q_noark_grant_turn(cx, t->id, t->turn, &t->n);
}

static enum err write_end(struct cx *cx, void *ctx)
{
    return q_noark_grant_end(cx, *(const int64_t *)ctx);
}

enum err grant_end(struct cx *cx, int64_t id)
{
    return db_write(cx, write_end, &id);
}

enum err grant_turn(struct cx *cx, int64_t id, int64_t turn)
{
    struct turning t = {.id = id, .turn = turn};
    enum err e = db_write(cx, write_turn, &t);
    return e || t.n ? e : fail(cx, ERR_LOGIN, "the token was refreshed already");
}

static bool same_mac(struct str a, struct str b)
{
    return a.n == b.n && !sodium_memcmp(a.p, b.p, a.n);
}

/* A refresh token that was used before is in two hands: then nobody has it any more. */
enum err grant_check(struct cx *cx, const struct api_token *t, struct q_noark_grant_get *ret)
{
    bool found;
    enum err e = q_noark_grant_get(cx, t->id, cx->now_us, ret, &found);
    if (!e && found && same_mac(t->mac, grant_mac(cx, t->payload, ret, ret->turn)))
        return ERR_OK;
    for (int64_t turn = 1; !e && found && t->payload.p[0] == 'f' && turn < ret->turn; turn++)
        if (same_mac(t->mac, grant_mac(cx, t->payload, ret, turn))) {
            e = grant_end(cx, t->id);
            break;
        }
    return e ? e : fail(cx, ERR_LOGIN, "the token is not valid, or its time is out");
}

/* Who logged in, for the program (OpenID Connect Core 1.0 section 2). */
enum err grant_id_token(struct cx *cx, struct str issuer, const struct q_noark_grant_get *g, const struct who *who,
                        struct str *ret)
{
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    struct hash sub = keys_lookup(cx, S("noark-sub"), str_fmt(cx->arena, "%lld", (long long)g->employee_id));
    int64_t now_s = cx->now_us / SECOND_US;
    json_begin_object(&o);
    json_pair(&o, "iss", issuer);
    json_pair(&o, "sub", hash_hex(cx->arena, sub));
    json_pair(&o, "aud", g->client);
    json_pair(&o, "name", who->name);
    if (g->nonce.n)
        json_pair(&o, "nonce", g->nonce);
    json_key(&o, "iat");
    json_i64(&o, now_s);
    json_key(&o, "exp");
    json_i64(&o, now_s + ID_TOKEN_S);
    json_end(&o);
    return auth_sign(cx, buf_str(&b), ret);
}
