/* Who is asking: sessions, login by OpenID Connect or (in the demo) by choice, roles and units, and the CSRF token.
   Apart from its own pages it never sees a request: app/ calls auth_begin when one starts, page asks auth_cookie when
   the reply is made; every other room reads cx->who. */
#pragma once
#include "base/base.h"
#include "municipality/municipality.h" /* enum assurance */

enum who_kind { WHO_NOBODY, WHO_PARTY, WHO_EMPLOYEE, WHO_SYSTEM };

/* Bits of who.roles. Stored in rows and seals: values are never changed. */
enum role {
    ROLE_CASEWORKER = 1,
    ROLE_LEADER = 2,
    ROLE_ADMIN = 4,
    ROLE_COUNTER = 8,    /* may open one person by full identity number and a stated purpose */
    ROLE_PROTECTED = 16, /* may see protected addresses */
    ROLE_DPO = 32,
    ROLE_ADVISER = 64,
    ROLE_ARCHIVIST = 128, /* keeps the record: decides what stands in the public journal */
};

/* How the citizen came to us with an application. Stored in rows: values are never changed. */
enum channel {
    CHANNEL_SELF = 1,      /* filled it in at a computer or telephone of their own */
    CHANNEL_COUNTER = 2,   /* an employee filled it in, the citizen beside them */
    CHANNEL_TELEPHONE = 3, /* … the citizen on the telephone */
    CHANNEL_LETTER = 4,    /* … from what the citizen had written on paper; or the letter itself was registered */
    CHANNEL_EMAIL = 5,     /* an e-mail was registered */
    CHANNEL_COUNT
};

/* An employee of the counter has one citizen open (law 7) and fills in for them. Ends with the session, by a button,
   and when nothing happened for AUTH_STAY_MINUTES. */
enum { AUTH_STAY_MINUTES = 20 };
struct stay {
    int64_t party_id;     /* whose matters */
    struct str name;      /* what to call the citizen on the page */
    struct str purpose;   /* as the employee stated it; stands in the access log of the citizen */
    enum channel channel; /* one of COUNTER, TELEPHONE, LETTER */
    int64_t ends_us;      /* if nothing more happens */
};

struct who {
    enum who_kind kind;
    int64_t party_id; /* the person; also of an employee when known: nobody handles a case of their own. 0: unknown */
    int64_t employee_id; /* 0 unless WHO_EMPLOYEE */
    struct str name;
    unsigned roles; /* of enum role */
    const int64_t *unit_ids;
    size_t n_units;
    int64_t acting_unit_id; /* the unit the employee works for now; one of unit_ids; 0: none */
    struct str acting_unit_name, acting_unit_key;
    enum assurance assurance;
    int64_t session_id;      /* 0: no session row, see auth_session_keep */
    const struct stay *stay; /* an employee of the counter has this citizen open; NULL: nobody */
};

/* The program itself, for jobs and commands: cx->who = auth_system(). And nobody. Both live for ever. */
const struct who *auth_system(void);
const struct who *auth_nobody(void);

static inline bool auth_has(const struct who *w, unsigned roles)
{
    return (w->roles & roles) != 0;
}
/* The role of `roles` that says most about why somebody looked, in cx->lang; "employee" when there is none. */
struct str auth_role_name(struct cx *cx, unsigned roles);
bool auth_in_unit(const struct who *w, int64_t unit_id);

/* The employee as auth_begin would have it, without a session: for tests and for jobs that go on in someone's name.
   unit_key empty: the first unit. ERR_NOT_FOUND when there is no such active employee or unit of theirs. */
enum err auth_employee_who(struct cx *cx, int64_t employee_id, struct str unit_key, const struct who **ret_who);

/* ---- The process: settings and identity providers. Made once by app/, shared by all requests as cx->auth. ---- */

struct auth;

/* The party room is above this one: it says which party an identity number is. Runs outside transactions, finds or
   creates the party, and may ask a register. `name` is what the login said, may be empty; `ret_name` what to call the
   person. */
typedef enum err (*auth_party_fn)(struct cx *cx, struct str idno, struct str name, int64_t *ret_id,
                                  struct str *ret_name);

/* Inside a db_write: the party is there, and stays there until the transaction has ended; who would forget her (law 10)
   waits for that. ERR_BUSY: she has been forgotten this moment; when she comes again she is met anew. */
typedef enum err (*auth_hold_fn)(struct cx *cx, int64_t party_id);

struct auth_settings {
    bool demo; /* /auth/demo exists */
    struct str
        base_url; /* "https://selvbetjening.kommune.dk", no slash at the end: for addresses given to the provider */
    struct str data_dir; /* where relative names of secret files begin */
    auth_party_fn party; /* NULL: nobody can log in as a citizen, and employees have no party */
    auth_hold_fn hold;   /* NULL: nobody is ever forgotten (tests) */
};

/* Reads the login part of cx->muni (may be NULL: defaults, no providers). Starts no connection: a provider is asked
   when the first person logs in. ERR_CONFIG with file, line and remedy. Never freed before the process ends; one per
   process. */
enum err auth_open(struct cx *cx, const struct auth_settings *settings, struct auth **ret_auth);
void auth_close(struct auth *auth);

/* Does the provider ("citizens", "employees") answer, with a discovery document we can use? NOT_FOUND: there is none of
   that key. UPSTREAM, CONFIG. Waits for at most a few seconds. */
enum err auth_probe(struct cx *cx, struct str provider);
/* "https://indgang.example.dk" as configured; empty: not known. */
struct str auth_base_url(struct cx *cx);

/* Bring units and (in the demo) employees in line with cx->muni: new ones are added, changed ones changed, lost ones
   made inactive, their sessions ended. Safe to run in several processes at once. Call at start, after db_migrate. */
enum err auth_sync(struct cx *cx);

/* ---- One request: called by http. ---- */

struct session; /* what the request's cookie stands for; cx->session */

#define AUTH_COOKIE "indgang" /* http puts __Host- before it */

/* Start of a request (cx->lang and cx->now_us are set): sets cx->session, cx->who and cx->csrf from the value of
   AUTH_COOKIE (empty: none). A cookie that is unknown, ended or too old makes nobody. One indexed query when there is a
   cookie, none without; a write at most once a minute (last seen). Fails only when the database does. */
enum err auth_begin(struct cx *cx, struct str cookie);

/* Who this browser was logged in as, when that has ended by itself (not by logging out) in the last AUTH_WAS_HOURS and
   nobody is logged in now: to whom what was written then belongs. *ret_found false: not known. */
enum { AUTH_WAS_HOURS = 12 };
struct auth_was {
    int64_t party_id, employee_id; /* one of them */
};
enum err auth_was(struct cx *cx, struct auth_was *ret, bool *ret_found);

/* True when the reply must set AUTH_COOKIE: to *ret_value, or remove it when that is empty. page_reply asks after the
   body was rendered (a form may have begun the anonymous session); handlers here ask after login and logout. A reply
   that sets the cookie is never cacheable. */
bool auth_cookie(struct cx *cx, struct str *ret_value);

/* The token each form of ours carries, field name AUTH_CSRF_FIELD: a keyed hash of the session's secret, so that
   nothing is stored for one who only reads. Makes the anonymous session (a cookie, no row) when there is none. */
#define AUTH_CSRF_FIELD "csrf"
struct str auth_csrf_token(struct cx *cx);
bool auth_csrf_ok(struct cx *cx, struct str token);

/* Where to send a person whom a page refused with ERR_LOGIN or ERR_ASSURANCE: the login page, or the page that explains
   that a stronger login is needed. `next`: path and query on our own site to come back to. */
struct str auth_login_url(struct cx *cx, enum err refused, struct str next);

/* For the warning before a session ends (WCAG 2.2.1): when this session ends if nothing more happens, and when it ends
   in any case; UTC microseconds, both 0 without a login. */
void auth_session_ends(const struct cx *cx, int64_t *ret_idle_us, int64_t *ret_absolute_us);

/* `next` as given by a browser, if it is a path on our own site ("/x?y", not "//evil", no backslash, no control
   character, at most 2000 bytes); else "/". */
struct str auth_safe_next(struct cx *cx, struct str next);

/* ---- For the rooms above. ---- */

/* The service asks for this level. OK, ERR_LOGIN, or ERR_ASSURANCE (the login page then asks for the level). */
enum err auth_require(struct cx *cx, enum assurance level);

/* The id of this browser's session row, for an anonymous draft: makes the row when there is none yet. Inside db_write,
   in a request that has passed auth_csrf_ok (ERR_CSRF when the browser has no cookie). The row, and with it the id,
   survives login: the session a person logs in to knows its origin (auth_session_origin). */
enum err auth_session_keep(struct cx *cx, int64_t *ret_session_id);
/* The anonymous session this login grew out of, so that a draft can be taken over; 0: none. */
int64_t auth_session_origin(const struct cx *cx);

/* Log in without a provider: the demo chooser and the tests. Rotates the token; cx->who is the person afterwards. Not
   inside a transaction. */
enum err auth_login_party(struct cx *cx, int64_t party_id, struct str name, enum assurance level);
enum err auth_login_employee(struct cx *cx, int64_t employee_id, enum assurance level);
/* End the session here and in every process. */
enum err auth_logout(struct cx *cx);
/* End all sessions of an employee (roles were changed, or they left) or of a party. Inside db_write. */
enum err auth_end_sessions(struct cx *cx, int64_t employee_id, int64_t party_id);
/* Act for another of one's own units. ERR_FORBIDDEN when it is not one's own. */
enum err auth_act_for_unit(struct cx *cx, int64_t unit_id);

/* cx->who has this citizen open from now on, for AUTH_STAY_MINUTES after the last page; one before it ends. Called by
   party/, which has looked the citizen up and asked law 7; the store asks it again (trigger counter_stay_7: ERR_LAW).
   ends_us is not looked at. ERR_FORBIDDEN: no employee of the counter, or no session. */
enum err auth_stay_begin(struct cx *cx, const struct stay *stay);
/* The citizen is closed again. None open: no fault. */
enum err auth_stay_end(struct cx *cx);

struct auth_unit {
    int64_t id;
    struct str key, name; /* the name in cx->lang */
    bool active;
};
/* ERR_NOT_FOUND when there is no such unit. Units of long ago stay, inactive. */
enum err auth_unit_by_key(struct cx *cx, struct str key, struct auth_unit *ret);
enum err auth_unit_by_id(struct cx *cx, int64_t id, struct auth_unit *ret);
/* Active units, by name. */
enum err auth_units(struct cx *cx, struct auth_unit **ret_units, size_t *ret_n);
/* Those of them that an active employee with one of these roles works for: what is given to another is out of
   everybody's sight. With a login of the municipality's own, one works for a unit from one's first login on. */
enum err auth_units_with(struct cx *cx, unsigned roles, struct auth_unit **ret_units, size_t *ret_n);
enum err auth_unit_has(struct cx *cx, int64_t unit_id, unsigned roles, bool *ret_has);

struct auth_employee {
    int64_t id, party_id; /* party 0: unknown */
    struct str key, name, email, phone, title;
    unsigned roles;
    bool active;
};
enum err auth_employee_by_id(struct cx *cx, int64_t id, struct auth_employee *ret);
/* By the key in people.yaml ("bo"). */
enum err auth_employee_by_key(struct cx *cx, struct str key, struct auth_employee *ret);
/* Active employees of a unit, by name; for handing over a case. */
enum err auth_employees_of_unit(struct cx *cx, int64_t unit_id, struct auth_employee **ret, size_t *ret_n);

/* ---- Absence: so that colleagues take over. One at a time for each employee, without a reason. ---- */

struct auth_absence {
    day_t from, until; /* first and last day; until means nothing when open_ended */
    bool open_ended;   /* until further notice */
    struct str set_by; /* the name of who said so */
};
/* Away from the first day to the last (NULL: until further notice); replaces what was known. By the employee or a
   leader of a unit of theirs: ERR_FORBIDDEN. ERR_INVALID, field "until": before the first day, or over already. */
enum err auth_absence_set(struct cx *cx, int64_t employee_id, day_t from, const day_t *until);
/* Here again; no fault when nobody said otherwise. ERR_FORBIDDEN. */
enum err auth_absence_end(struct cx *cx, int64_t employee_id);
/* The absence that is now or comes. ERR_FORBIDDEN as above. */
enum err auth_absence_of(struct cx *cx, int64_t employee_id, struct auth_absence *ret, bool *ret_found);

/* ---- Told to programs of others. ---- */

/* The claims (JSON) as a JWT signed with our own key (ES256, RFC 7515): an ID token. The key is made from the key file,
   whose public half is auth_sign_keys: a key set (RFC 7517, JSON). CONFIG: the libraries cannot sign. */
enum err auth_sign(struct cx *cx, struct str claims, struct str *ret_jwt);
enum err auth_sign_keys(struct cx *cx, struct str *ret_jwks);

/* ---- Jobs. ---- */

/* Erase half-done logins and absences that are over, and sessions AUTH_WAS_HOURS later. Run hourly. */
enum err auth_sweep(struct cx *cx);

struct http_module;
extern const struct http_module auth_module; /* /auth/… */
