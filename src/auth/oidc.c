/* Login by OpenID Connect Core 1.0: authorization code flow with PKCE (RFC 7636), state and nonce. ID-porten, the
   brokers of MitID and the municipality's own directory differ in municipality.yaml only; docs/why/oidc.md says why it
   is built so. */
#include <stdlib.h>

#include "auth_internal.h"
#include "auth_store.h"
#include "db/db.h"
#include "keys/keys.h"

struct provider *auth_provider(struct cx *cx, struct str key)
{
    for (size_t i = 0; cx->auth && i < cx->auth->n_providers; i++)
        if (str_eq(cx->auth->providers[i].key, key))
            return &cx->auth->providers[i];
    return NULL;
}

static struct str redirect_uri(struct cx *cx, const struct provider *p)
{
    return str_fmt(cx->arena, "%" PRI_STR "/auth/callback/%" PRI_STR, STR_ARG(cx->auth->settings.base_url),
                   STR_ARG(p->key));
}

static struct str hash_bytes(struct cx *cx, struct str secret)
{
    struct hash h = hash_of(secret);
    return str_dup(cx->arena, str_make((const char *)h.b, HASH_BYTES));
}

static struct str secret_base64(struct cx *cx)
{
    unsigned char b[SECRET_BYTES];
    rand_bytes(b, sizeof b);
    return base64url(cx->arena, b, sizeof b);
}

/* ---- Documents of the provider ---- */

static enum err fetch_json(struct cx *cx, struct provider *p, struct str url, struct str *ret)
{
    struct oidc_request req = {.provider = p, .url = url};
    int status;
    enum err e = oidc_fetch(cx, &req, &status, ret);
    if (!e && status != 200)
        e = fail(cx, ERR_UPSTREAM, "the identity provider answered %d for %" PRI_STR, status, STR_ARG(url));
    return e;
}

static void keep(struct provider *p, char **where, struct str text, int64_t *at, int64_t now_us)
{
    char *copy = malloc(text.n + 1);
    if (!copy)
        return;
    memcpy(copy, text.p, text.n);
    copy[text.n] = 0;
    pthread_mutex_lock(&p->lock);
    free(*where);
    *where = copy;
    if (at)
        *at = now_us;
    pthread_mutex_unlock(&p->lock);
}

static struct str kept(struct cx *cx, struct provider *p, char *const *where)
{
    pthread_mutex_lock(&p->lock);
    struct str s = *where ? str_dup(cx->arena, str_of(*where)) : (struct str){0};
    pthread_mutex_unlock(&p->lock);
    return s;
}

static struct str discovery_url(struct cx *cx, const struct provider *p)
{
    struct str base = p->conf->issuer;
    if (str_ends(base, S("/")))
        base.n--;
    return str_cat(cx->arena, base, S("/.well-known/openid-configuration"));
}

/* Kept for half a day; when it cannot be had anew, the old one serves on. */
static enum err discover(struct cx *cx, struct provider *p, struct oidc_discovery *ret)
{
    struct str old = kept(cx, p, &p->discovery), text;
    pthread_mutex_lock(&p->lock);
    bool fresh = p->discovery && cx->now_us - p->discovery_us < DISCOVERY_HOURS * HOUR_US;
    pthread_mutex_unlock(&p->lock);
    if (fresh)
        return oidc_parse_discovery(cx, old, p->conf->issuer, ret);
    enum err e = fetch_json(cx, p, discovery_url(cx, p), &text);
    if (!e)
        e = oidc_parse_discovery(cx, text, p->conf->issuer, ret);
    if (!e)
        keep(p, &p->discovery, text, &p->discovery_us, cx->now_us);
    else if (old.n)
        e = oidc_parse_discovery(cx, old, p->conf->issuer, ret);
    return e;
}

enum err auth_probe(struct cx *cx, struct str provider)
{
    struct provider *p = auth_provider(cx, provider);
    struct oidc_discovery d;
    struct str text;
    if (!p)
        return fail(cx, ERR_NOT_FOUND, "no such provider");
    enum err e = fetch_json(cx, p, discovery_url(cx, p), &text);
    return e ? e : oidc_parse_discovery(cx, text, p->conf->issuer, &d);
}

struct str auth_base_url(struct cx *cx)
{
    return cx->auth ? cx->auth->settings.base_url : S("");
}

static enum err fetch_keys(struct cx *cx, struct provider *p, const struct oidc_discovery *d, struct str *ret)
{
    enum err e = fetch_json(cx, p, d->jwks, ret);
    if (!e)
        keep(p, &p->jwks, *ret, NULL, 0);
    return e;
}

/* May the keys be asked for again now? Unknown key ids must not let strangers make us hammer the provider. */
static bool may_force(struct cx *cx, struct provider *p)
{
    pthread_mutex_lock(&p->lock);
    bool may = cx->now_us - p->jwks_forced_us >= KEYS_AGAIN_S * SECOND_US;
    if (may)
        p->jwks_forced_us = cx->now_us;
    pthread_mutex_unlock(&p->lock);
    return may;
}

/* ---- Leaving ---- */

/* What to ask for so that the login reaches `level`: the weakest that does. */
static struct str acr_for(const struct oidc_issuer *conf, enum assurance level)
{
    const struct oidc_level *best = NULL;
    for (size_t i = 0; i < conf->levels.n; i++) {
        const struct oidc_level *l = &conf->levels.p[i];
        if (l->level >= level && (!best || l->level < best->level))
            best = l;
    }
    return best ? best->acr : (struct str){0};
}

static void add_param(struct cx *cx, struct buf *b, struct str name, struct str value)
{
    if (!value.n)
        return;
    if (b->n)
        buf_add_char(b, '&');
    buf_add(b, url_encode(cx->arena, name));
    buf_add_char(b, '=');
    buf_add(b, url_encode(cx->arena, value));
}

struct leaving {
    struct q_auth_login_add_in row;
};

static enum err write_leaving(struct cx *cx, void *ctx)
{
    const struct leaving *l = ctx;
    return q_auth_login_add(cx, &l->row);
}

enum err oidc_start(struct cx *cx, struct provider *p, enum assurance level, struct str next, struct str *ret_url)
{
    struct oidc_discovery d;
    enum err e = discover(cx, p, &d);
    if (e)
        return e;
    if (level == ASSURANCE_NONE && p->conf->levels.n)
        level = ASSURANCE_SUBSTANTIAL;
    struct str state = secret_base64(cx), nonce = secret_base64(cx), verifier = secret_base64(cx), sealed;
    if ((e = keys_seal_text(cx, verifier, &sealed)))
        return e;
    struct leaving l = {.row = {.state = hash_bytes(cx, state),
                                .browser = hash_bytes(cx, auth_browser(cx)),
                                .provider = p->key,
                                .nonce = nonce,
                                .verifier = sealed,
                                .level = level,
                                .next = auth_safe_next(cx, next),
                                .ends_us = cx->now_us + LOGIN_MINUTES * MINUTE_US}};
    if ((e = db_write(cx, write_leaving, &l)))
        return e;
    struct hash challenge = hash_of(verifier);
    struct buf b = buf_make(cx->arena);
    add_param(cx, &b, S("response_type"), S("code"));
    add_param(cx, &b, S("client_id"), p->conf->client_id);
    add_param(cx, &b, S("redirect_uri"), redirect_uri(cx, p));
    add_param(cx, &b, S("scope"), p->conf->scope.n ? p->conf->scope : S("openid"));
    add_param(cx, &b, S("state"), state);
    add_param(cx, &b, S("nonce"), nonce);
    add_param(cx, &b, S("code_challenge"), base64url(cx->arena, challenge.b, HASH_BYTES));
    add_param(cx, &b, S("code_challenge_method"), S("S256"));
    add_param(cx, &b, S("acr_values"), acr_for(p->conf, level));
    if (p->conf->send_ui_locales)
        add_param(cx, &b, S("ui_locales"), str_of(lang_tag(cx->lang)));
    for (size_t i = 0; i < p->conf->params.n; i++)
        add_param(cx, &b, p->conf->params.p[i].name, p->conf->params.p[i].value);
    bool has_query = str_find_char(d.authorization, '?', 0) < d.authorization.n;
    *ret_url = str_fmt(cx->arena, "%" PRI_STR "%c%" PRI_STR, STR_ARG(d.authorization), has_query ? '&' : '?',
                       STR_ARG(buf_str(&b)));
    return ERR_OK;
}

/* ---- Coming back ---- */

struct coming {
    struct str state; /* its hash */
    struct q_auth_login_take row;
};

static enum err write_coming(struct cx *cx, void *ctx)
{
    struct coming *c = ctx;
    return q_auth_login_take(cx, c->state, &c->row);
}

/* How the client proves itself at the token endpoint: a private key (RFC 7523), or a secret in the way the provider
   says it takes. A secret file that holds a JWK is a private key. */
static enum err add_client_proof(struct cx *cx, struct provider *p, const struct oidc_discovery *d,
                                 struct oidc_request *req, struct buf *body)
{
    if (!p->secret.n) {
        add_param(cx, body, S("client_id"), p->conf->client_id);
    } else if (p->secret.p[0] == '{') {
        struct str assertion;
        enum err e = oidc_assertion(cx, p->secret, p->conf->client_id, d->issuer, &assertion);
        if (e)
            return e;
        add_param(cx, body, S("client_id"), p->conf->client_id);
        add_param(cx, body, S("client_assertion_type"), S("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
        add_param(cx, body, S("client_assertion"), assertion);
    } else if (d->post) {
        add_param(cx, body, S("client_id"), p->conf->client_id);
        add_param(cx, body, S("client_secret"), p->secret);
    } else { /* RFC 6749 section 2.3.1: both are form-encoded first */
        req->user = url_encode(cx->arena, p->conf->client_id);
        req->password = url_encode(cx->arena, p->secret);
    }
    return ERR_OK;
}

/* An error code as the standards write them, or "?": nothing else of a foreign answer goes into the log. */
static struct str error_word(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || s.p[i] == '_'))
            return S("?");
    return s.n && s.n <= 60 ? s : S("?");
}

static enum err exchange(struct cx *cx, struct provider *p, const struct oidc_discovery *d, struct str code,
                         struct str verifier, struct json **ret)
{
    struct buf body = buf_make(cx->arena);
    struct oidc_request req = {.provider = p, .url = d->token};
    add_param(cx, &body, S("grant_type"), S("authorization_code"));
    add_param(cx, &body, S("code"), code);
    add_param(cx, &body, S("redirect_uri"), redirect_uri(cx, p));
    add_param(cx, &body, S("code_verifier"), verifier);
    enum err e = add_client_proof(cx, p, d, &req, &body);
    if (e)
        return e;
    req.body = buf_str(&body);
    int status;
    struct str answer;
    if ((e = oidc_fetch(cx, &req, &status, &answer)))
        return e;
    struct json *doc;
    if (json_parse(cx, answer, &doc) != ERR_OK || doc->kind != JSON_MAP)
        return fail(cx, ERR_UPSTREAM, "the token endpoint answered %d and no JSON object", status);
    if (status != 200)
        return fail(cx, ERR_UPSTREAM, "the token endpoint answered %d, %" PRI_STR, status,
                    STR_ARG(error_word(json_text(doc, "error"))));
    *ret = doc;
    return ERR_OK;
}

static enum err read_token(struct cx *cx, struct provider *p, const struct oidc_discovery *d,
                           const struct q_auth_login_take *row, struct str token, struct json **ret_claims)
{
    struct oidc_expect expect = {.issuer = p->conf->issuer,
                                 .client_id = p->conf->client_id,
                                 .nonce = row->nonce,
                                 .now_s = time_now_us() / SECOND_US};
    struct str jwks = kept(cx, p, &p->jwks);
    enum err e = jwks.n ? ERR_OK : fetch_keys(cx, p, d, &jwks);
    if (!e)
        e = oidc_verify(cx, token, jwks, &expect, ret_claims);
    if (e == ERR_NOT_FOUND && may_force(cx, p)) {
        e = fetch_keys(cx, p, d, &jwks);
        if (!e)
            e = oidc_verify(cx, token, jwks, &expect, ret_claims);
    }
    return e;
}

static bool is_visible(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] == 0x7f)
            return false;
    return true;
}

/* Claims that the ID token lacks may be at the userinfo endpoint; its sub must be the token's (Core 1.0 section 5.3.2).
 */
static enum err add_userinfo(struct cx *cx, struct provider *p, const struct oidc_discovery *d,
                             const struct json *tokens, const struct json *claims, struct json **ret)
{
    struct oidc_request req = {.provider = p, .url = d->userinfo, .bearer = json_text(tokens, "access_token")};
    int status;
    struct str answer;
    *ret = NULL;
    if (!d->userinfo.n || !req.bearer.n || !is_visible(req.bearer))
        return ERR_OK;
    enum err e = oidc_fetch(cx, &req, &status, &answer);
    if (e)
        return e;
    struct json *doc;
    if (status != 200 || json_parse(cx, answer, &doc) != ERR_OK || doc->kind != JSON_MAP)
        return fail(cx, ERR_UPSTREAM, "the userinfo endpoint answered %d or no JSON object", status);
    if (!str_eq(oidc_claim_text(cx, doc, S("sub")), oidc_claim_text(cx, claims, S("sub"))))
        return fail(cx, ERR_UPSTREAM, "the userinfo answer is about somebody else");
    *ret = doc;
    return ERR_OK;
}

/* ---- Who it is ---- */

struct claims {
    const struct json *token, *info; /* info: NULL without userinfo */
};

static const struct json *find_claim(const struct claims *c, struct str name)
{
    const struct json *v = oidc_claim(c->token, name);
    return v ? v : oidc_claim(c->info, name);
}

static struct str claim_text(struct cx *cx, const struct claims *c, struct str name)
{
    struct str s = oidc_claim_text(cx, c->token, name);
    return s.n ? s : oidc_claim_text(cx, c->info, name);
}

/* A list of texts, or one text with blanks between them. */
static size_t claim_list(struct cx *cx, const struct claims *c, struct str name, struct str **ret)
{
    const struct json *v = find_claim(c, name);
    VEC_OF(struct str) list = {0};
    struct str rest = v && v->kind == JSON_TEXT ? v->text : (struct str){0}, piece;
    while (str_cut(&rest, ' ', &piece))
        if (piece.n)
            vec_add(cx->arena, &list, piece);
    for (size_t i = 0; v && v->kind == JSON_LIST && i < v->n; i++)
        if (v->items[i]->kind == JSON_TEXT)
            vec_add(cx->arena, &list, v->items[i]->text);
    *ret = list.p;
    return list.n;
}

static enum err find_party(struct cx *cx, const struct oidc_issuer *conf, const struct claims *c, int64_t *ret_id,
                           struct str *ret_name)
{
    struct str idno = claim_text(cx, c, conf->claim_idno);
    if (!idno.n || !cx->auth->settings.party)
        return fail(cx, ERR_NOT_FOUND, "the login gave no identity number");
    return cx->auth->settings.party(cx, idno, claim_text(cx, c, conf->claim_name), ret_id, ret_name);
}

static enum err login_citizen(struct cx *cx, const struct oidc_issuer *conf, const struct claims *c,
                              struct login_end *end)
{
    end->who.kind = WHO_PARTY;
    return find_party(cx, conf, c, &end->who.party_id, &end->who.name);
}

/* An employee's login: found by key or e-mail, or made when the claims give a role and a unit of ours. */
struct staff {
    struct str value, name, email;
    unsigned roles;
    const struct str *units;
    size_t n_units;
    bool has_roles, has_units;
    struct str new_key;
    int64_t party_id;
    int64_t id; /* out */
};

static enum err make_employee(struct cx *cx, struct staff *s)
{
    if (!s->roles || !s->n_units || !s->name.n)
        return fail(cx, ERR_NOT_FOUND, "no employee of that name, and the claims give no role and unit");
    struct q_auth_employee_put_in in = {.id = rand_id(),
                                        .key = s->new_key,
                                        .name = s->name,
                                        .email = s->email.n ? s->email : (struct str){0},
                                        .roles = s->roles};
    struct q_auth_employee_put row;
    enum err e = q_auth_employee_put(cx, &in, &row);
    if (!e)
        s->id = row.id;
    return e;
}

static enum err write_staff(struct cx *cx, void *ctx)
{
    struct staff *s = ctx;
    struct q_auth_employee_find *rows;
    struct q_auth_employee_key made;
    size_t n;
    enum err e = q_auth_employee_find(cx, s->value, &rows, &n);
    if (e)
        return e;
    s->id = 0;
    if (n > 1)
        return fail(cx, ERR_NOT_FOUND, "two employees have that e-mail");
    if (n == 1)
        s->id = rows[0].id;
    else if ((e = q_auth_employee_key(cx, s->new_key, &made)) == ERR_OK && made.active)
        s->id = made.id;
    else if (e && e != ERR_NOT_FOUND)
        return e;
    e = s->id ? ERR_OK : make_employee(cx, s);
    if (!e && s->has_roles)
        e = q_auth_employee_roles(cx, s->id, s->roles);
    if (!e && s->has_units)
        e = auth_set_units(cx, s->id, s->units, s->n_units);
    if (!e && s->party_id)
        e = q_auth_employee_party(cx, s->id, s->party_id);
    return e;
}

static enum err login_employee(struct cx *cx, const struct oidc_issuer *conf, const struct claims *c,
                               struct login_end *end)
{
    struct str *roles, *units, ignored;
    size_t n_roles = claim_list(cx, c, conf->claim_roles, &roles),
           n_units = claim_list(cx, c, conf->claim_units, &units);
    struct staff s = {.value = claim_text(cx, c, conf->claim_employee),
                      .name = claim_text(cx, c, conf->claim_name),
                      .email = claim_text(cx, c, conf->claim_email),
                      .units = units,
                      .n_units = n_units,
                      .has_roles = conf->claim_roles.n > 0,
                      .has_units = conf->claim_units.n > 0};
    /* with a blank it could be the key of somebody whom make_employee made */
    if (!s.value.n || str_find_char(s.value, ' ', 0) < s.value.n)
        return fail(cx, ERR_NOT_FOUND, "the login does not say which employee it is");
    for (size_t i = 0; i < n_roles; i++)
        s.roles |= auth_role_of(roles[i]);
    /* a blank in the key: cannot be one of people.yaml */
    s.new_key = str_fmt(cx->arena, "%" PRI_STR " %" PRI_STR, STR_ARG(conf->issuer),
                        STR_ARG(oidc_claim_text(cx, c->token, S("sub"))));
    enum err e = conf->claim_idno.n && claim_text(cx, c, conf->claim_idno).n
                     ? find_party(cx, conf, c, &s.party_id, &ignored)
                     : ERR_OK;
    if (!e)
        e = db_write(cx, write_staff, &s);
    const struct who *who;
    if (!e)
        e = auth_employee_who(cx, s.id, S(""), &who);
    if (!e)
        end->who = *who;
    return e;
}

/* ---- The end of the flow ---- */

static bool is_cancel(struct str error)
{
    static const char *const words[] = {"access_denied",  "mitid_user_aborted",   "user_aborted",
                                        "user_cancelled", "interaction_required", "login_required"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_z(error, words[i]))
            return true;
    return false;
}

/* The login that this answer belongs to: begun in this very browser, at this provider, not long ago, not used before.
 */
static enum err take_login(struct cx *cx, const struct provider *p, struct str state, struct q_auth_login_take *ret)
{
    struct coming c = {.state = hash_bytes(cx, state)};
    enum err e = state.n && state.n <= 200 ? db_write(cx, write_coming, &c) : ERR_NOT_FOUND;
    if (e == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND, "no login with this state, or it was used");
    if (e)
        return e;
    struct str browser = cx->session ? cx->session->secret : (struct str){0};
    if (!str_eq(c.row.provider, p->key) || c.row.ends_us <= cx->now_us)
        return fail(cx, ERR_NOT_FOUND, "the login is of another provider or too old");
    if (!browser.n || !str_eq(c.row.browser, hash_bytes(cx, browser)))
        return fail(cx, ERR_NOT_FOUND, "the login was begun in another browser");
    *ret = c.row;
    return ERR_OK;
}

static enum err ask_provider(struct cx *cx, struct provider *p, const struct q_auth_login_take *row, struct str code,
                             struct claims *ret, struct str *ret_token)
{
    struct oidc_discovery d;
    struct str verifier;
    struct json *tokens = NULL, *claims, *info;
    enum err e = keys_open_text(cx, row->verifier, &verifier);
    if (!e)
        e = discover(cx, p, &d);
    if (!e)
        e = exchange(cx, p, &d, code, verifier, &tokens);
    if (e)
        return e;
    *ret_token = json_text(tokens, "id_token");
    if ((e = read_token(cx, p, &d, row, *ret_token, &claims)))
        return e;
    *ret = (struct claims){.token = claims};
    if (p->conf->claim_idno.n && !find_claim(ret, p->conf->claim_idno)) {
        if ((e = add_userinfo(cx, p, &d, tokens, claims, &info)))
            return e;
        ret->info = info;
    }
    return ERR_OK;
}

static enum err enter(struct cx *cx, struct provider *p, const struct claims *c, struct str token,
                      struct login_end *end)
{
    const struct oidc_issuer *conf = p->conf;
    enum assurance level = end->who.assurance;
    enum err e = p->employees ? login_employee(cx, conf, c, end) : login_citizen(cx, conf, c, end);
    if (e)
        return e;
    end->who.assurance = level;
    end->provider = p->key;
    end->sid = oidc_claim_text(cx, c->token, S("sid"));
    if (conf->logout && (e = keys_seal_text(cx, token, &end->id_token)))
        return e;
    return auth_login(cx, end);
}

static bool is_upstream(enum err e)
{
    return e == ERR_UPSTREAM || e == ERR_NOT_FOUND || e == ERR_CONFIG;
}

enum err oidc_finish(struct cx *cx, struct provider *p, const struct oidc_callback *back, enum oidc_end *ret_end,
                     struct str *ret_next, enum assurance *ret_level)
{
    struct q_auth_login_take row = {0};
    *ret_next = S("/");
    *ret_level = ASSURANCE_NONE;
    enum err e = take_login(cx, p, back->state, &row);
    if (e) {
        *ret_end = OIDC_STATE;
        return e == ERR_NOT_FOUND ? ERR_OK : e;
    }
    *ret_next = auth_safe_next(cx, row.next);
    *ret_level = (enum assurance)row.level;
    if (back->error.n) {
        (void)fail(cx, ERR_UPSTREAM, "the provider says %" PRI_STR, STR_ARG(error_word(back->error)));
        *ret_end = is_cancel(back->error) ? OIDC_CANCELLED : OIDC_FAILED;
        return ERR_OK;
    }
    *ret_end = OIDC_FAILED;
    if (back->iss.n && !str_eq(back->iss, p->conf->issuer)) { /* RFC 9207 */
        (void)fail(cx, ERR_UPSTREAM, "the answer is of another issuer");
        return ERR_OK;
    }
    struct claims c;
    struct str token;
    if ((e = ask_provider(cx, p, &row, back->code, &c, &token)))
        return is_upstream(e) ? ERR_OK : e;
    struct str acr = claim_text(cx, &c, p->conf->claim_acr.n ? p->conf->claim_acr : S("acr"));
    struct login_end end = {.who = {.assurance = p->conf->levels.n ? oidc_level(p->conf, acr) : ASSURANCE_LOW}};
    if ((p->conf->levels.n && end.who.assurance == ASSURANCE_NONE) || (int64_t)end.who.assurance < row.level) {
        (void)fail(cx, ERR_ASSURANCE, "asked for level %d, got %d", (int)row.level, (int)end.who.assurance);
        *ret_end = OIDC_WEAK;
        return ERR_OK;
    }
    e = enter(cx, p, &c, token, &end);
    *ret_end = e ? OIDC_STRANGER : OIDC_DONE;
    return e == ERR_NOT_FOUND || e == ERR_INVALID ? ERR_OK : e;
}

/* ---- Logout ---- */

struct str oidc_logout_url(struct cx *cx, struct str provider, struct str id_token)
{
    struct provider *p = auth_provider(cx, provider);
    struct oidc_discovery d;
    struct str token = {0};
    if (!p || !p->conf->logout || discover(cx, p, &d) || !d.end_session.n)
        return (struct str){0};
    if (id_token.n && keys_open_text(cx, id_token, &token))
        return (struct str){0};
    struct buf b = buf_make(cx->arena);
    add_param(cx, &b, S("id_token_hint"), token);
    add_param(cx, &b, S("client_id"), p->conf->client_id);
    add_param(cx, &b, S("post_logout_redirect_uri"),
              str_cat(cx->arena, cx->auth->settings.base_url, S("/auth/loggedout")));
    bool has_query = str_find_char(d.end_session, '?', 0) < d.end_session.n;
    return str_fmt(cx->arena, "%" PRI_STR "%c%" PRI_STR, STR_ARG(d.end_session), has_query ? '&' : '?',
                   STR_ARG(buf_str(&b)));
}

struct front {
    struct str provider, sid;
    int64_t n;
};

static enum err write_front(struct cx *cx, void *ctx)
{
    struct front *f = ctx;
    return q_auth_session_end_sid(cx, f->provider, f->sid, &f->n);
}

/* OpenID Connect Front-Channel Logout 1.0: the call comes in a frame of another site, so no cookie of ours is with it;
   iss and sid, which only the provider and the browser know, are what it goes by. */
enum err oidc_frontchannel(struct cx *cx, struct str iss, struct str sid)
{
    if (!iss.n || !sid.n || sid.n > 500)
        return fail(cx, ERR_BAD_REQUEST, "front-channel logout without iss and sid");
    for (size_t i = 0; cx->auth && i < cx->auth->n_providers; i++) {
        struct front f = {.provider = cx->auth->providers[i].key, .sid = sid};
        if (!str_eq(cx->auth->providers[i].conf->issuer, iss))
            continue;
        enum err e = db_write(cx, write_front, &f);
        if (e)
            return e;
    }
    return ERR_OK;
}
