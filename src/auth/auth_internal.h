/* What the files of this room share. Not included from outside. */
#pragma once
#include <pthread.h>

#include "auth/auth.h"
#include "codec/codec.h"
#include "municipality/municipality.h"

enum {
    AUTH_MAGIC = 0x41555448,
    SECRET_BYTES = 32,         /* of a cookie, a state, a nonce, a PKCE verifier */
    OIDC_ANSWER_MAX = 1 << 18, /* bytes of any answer of a provider */
    OIDC_TOKEN_MAX = 1 << 16,  /* bytes of an ID token */
    OIDC_LEEWAY_S = 60,        /* clocks may differ by so much */
    OIDC_TIMEOUT_S = 5,
    OIDC_QUEUE_S = 1,   /* how long one more waits for its turn; the rest are told at once */
    OIDC_REST_S = 10,   /* after silence, a provider is not asked for so long */
    LOGIN_MINUTES = 10, /* how long a person may be at the provider */
    KEYS_AGAIN_S = 10,  /* an unknown kid makes us ask for the keys at most so often */
    DISCOVERY_HOURS = 12
};

/* What the provider's discovery document says (OpenID Connect Discovery 1.0 section 3), all on cx->arena. */
struct oidc_discovery {
    struct str issuer, authorization, token, jwks, userinfo, end_session;
    bool post; /* takes the client secret in the body only (client_secret_post) */
};

/* A way to log in: one client at one issuer, and its answers that are kept, shared by all requests. */
struct provider {
    struct str key; /* "citizens", "employees": in our addresses and session rows */
    bool employees;
    const struct oidc_issuer *conf; /* of municipality.yaml */
    struct str secret;              /* client secret; or, for private_key_jwt, the private key as JWK */
    pthread_mutex_t lock;           /* for what follows */
    pthread_cond_t turn;
    int at_once;            /* workers that may wait for it; half as many may wait for a turn */
    int asking, waiting;    /* requests on the way, and for their turn */
    int64_t silent_tick_us; /* time_tick_us() when it last did not answer; 0: it does */
    char *discovery, *jwks; /* malloc'ed JSON text */
    int64_t discovery_us, jwks_forced_us;
};

struct auth {
    unsigned magic;
    struct arena *arena;
    struct auth_settings settings;
    int64_t idle_us, absolute_us;
    struct provider providers[2];
    size_t n_providers;
};

struct session {
    struct who who;    /* cx->who points here */
    struct str secret; /* the cookie: hex; empty: none yet */
    bool set_cookie;   /* the reply must set it */
    bool row;          /* a row of table session stands behind it */
    int64_t origin_id;
    int64_t seen_us, ends_us;
    enum assurance wanted;              /* what auth_require missed */
    struct str provider, sid, id_token; /* empty: demo */
};

/* The settings, or the defaults when cx->auth is NULL. */
int64_t auth_idle_us(const struct cx *cx);
int64_t auth_absolute_us(const struct cx *cx);
/* NULL when there is none of that key. */
struct provider *auth_provider(struct cx *cx, struct str key);

/* session.c */
struct login_end {
    struct who who; /* party_id or employee_id, name, assurance, acting_unit_id */
    struct str provider, sid, id_token;
};
enum err auth_login(struct cx *cx, const struct login_end *end);
/* Inside a db_write that opens something for this party: auth_settings.hold. */
enum err auth_hold_party(struct cx *cx, int64_t party_id);
struct hash auth_secret_hash(struct str secret);
struct session *auth_session(struct cx *cx); /* cx->session, made when NULL */
/* The cookie's secret; makes the anonymous session when there is none. */
struct str auth_browser(struct cx *cx);

/* stay.c */
struct q_auth_session_get;
/* The citizen whom this session has open, if its employee still may. */
void auth_stay_take(struct cx *cx, struct who *who, const struct q_auth_session_get *row);
int64_t auth_stay_until(const struct cx *cx, const struct session *s);

/* people.c */
unsigned auth_role_of(struct str name); /* "leader" → ROLE_LEADER; 0 for what is none of ours */
/* The employee works for exactly these units; keys that are no units are passed over. Inside db_write. */
enum err auth_set_units(struct cx *cx, int64_t employee_id, const struct str *keys, size_t n_keys);

/* oidc_token.c: parsing and checking of what a provider sends; no network, no database. */
struct oidc_expect {
    struct str issuer, client_id, nonce;
    int64_t now_s;
};
/* ERR_UPSTREAM when it is not as the standard says, or its issuer is not the one configured. */
enum err oidc_parse_discovery(struct cx *cx, struct str json, struct str issuer, struct oidc_discovery *ret);
/* The ID token's claims after every check of OpenID Connect Core 1.0 section 3.1.3.7. ERR_NOT_FOUND: the token names a
   key that jwks lacks (ask for the keys again); ERR_UPSTREAM: refused, the detail says why. */
enum err oidc_verify(struct cx *cx, struct str token, struct str jwks, const struct oidc_expect *expect,
                     struct json **ret_claims);
/* A claim by name; "a.b" is first tried as a name ("dk.cpr"), then as a path. NULL when absent. */
const struct json *oidc_claim(const struct json *claims, struct str name);
struct str oidc_claim_text(struct cx *cx, const struct json *claims, struct str name); /* numbers as text too */
enum assurance oidc_level(const struct oidc_issuer *conf, struct str value);
/* A client assertion (RFC 7523 section 3) signed by our private key, a JWK with alg RS256, PS256 or ES256; lives a
   minute. ERR_CONFIG when the key cannot be used. */
enum err oidc_assertion(struct cx *cx, struct str jwk, struct str client_id, struct str audience, struct str *ret);
/* Claims (JSON) signed by a private key, a JWK whose alg is one of ours. ERR_CONFIG when the key cannot be used. */
enum err oidc_sign(struct cx *cx, struct str jwk, struct str claims, struct str *ret);
struct str base64url(struct arena *a, const void *bytes, size_t n);
bool base64url_read(struct arena *a, struct str s, struct str *ret_bytes);

/* oidc_http.c: one request to a provider; https only, except loopback. body.p NULL: GET. */
struct oidc_request {
    struct provider *provider;
    struct str url, body, user, password, bearer;
};
/* ERR_UPSTREAM: not reached, too slow, too large, or too many ask already. Any HTTP status is ERR_OK here. A provider
   that hangs holds three quarters of the workers at most, and after OIDC_TIMEOUT_S none for a while: the rest of the
   house goes on. */
enum err oidc_fetch(struct cx *cx, const struct oidc_request *req, int *ret_status, struct str *ret_body);

/* oidc.c: the flow. */
enum err oidc_start(struct cx *cx, struct provider *p, enum assurance level, struct str next, struct str *ret_url);
struct oidc_callback {
    struct str state, code, error, iss;
};
/* How a login ended that did not become a session; each has words of its own. */
enum oidc_end { OIDC_DONE, OIDC_CANCELLED, OIDC_STATE, OIDC_FAILED, OIDC_WEAK, OIDC_STRANGER, OIDC_END_COUNT };
/* Ends the flow: OIDC_DONE logs the person in. ret_next is where they wanted to go (also when it failed, if known),
   ret_level what was asked for. Errors are those of the database alone; why a login failed is in cx->fail. */
enum err oidc_finish(struct cx *cx, struct provider *p, const struct oidc_callback *back, enum oidc_end *ret_end,
                     struct str *ret_next, enum assurance *ret_level);
/* The provider's logout address for a session that has just ended; empty when it has none. */
struct str oidc_logout_url(struct cx *cx, struct str provider, struct str id_token);
/* Front-channel logout: end the sessions of that issuer and sid. */
enum err oidc_frontchannel(struct cx *cx, struct str iss, struct str sid);
