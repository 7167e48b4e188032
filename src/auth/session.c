/* Sessions. The browser holds 32 random bytes, the table their hash: who reads the table cannot be anybody. */
#include "auth_internal.h"
#include "auth_store.h"
#include "db/db.h"

enum { ANONYMOUS_HOURS = 24, SEEN_STEP_S = 60, CSRF_BYTES = 16 };

int64_t auth_idle_us(const struct cx *cx)
{
    return cx->auth ? cx->auth->idle_us : 30 * MINUTE_US;
}

int64_t auth_absolute_us(const struct cx *cx)
{
    return cx->auth ? cx->auth->absolute_us : 8 * HOUR_US;
}

struct hash auth_secret_hash(struct str secret)
{
    return hash_of(secret);
}

static struct str hash_str(struct cx *cx, struct hash h)
{
    return str_dup(cx->arena, str_make((const char *)h.b, HASH_BYTES));
}

static struct str new_secret(struct cx *cx)
{
    unsigned char b[SECRET_BYTES];
    rand_bytes(b, sizeof b);
    return str_hex(cx->arena, b, sizeof b);
}

static bool is_secret(struct str s)
{
    if (s.n != 2 * SECRET_BYTES)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= '0' && s.p[i] <= '9') && !(s.p[i] >= 'a' && s.p[i] <= 'f'))
            return false;
    return true;
}

struct session *auth_session(struct cx *cx)
{
    if (!cx->session) {
        cx->session = arena_new_of(cx->arena, struct session);
        cx->who = &cx->session->who;
    }
    return cx->session;
}

struct str auth_browser(struct cx *cx)
{
    struct session *s = auth_session(cx);
    if (!s->secret.n) {
        s->secret = new_secret(cx);
        s->set_cookie = true;
    }
    return s->secret;
}

/* ---- Loading ---- */

static struct str unit_name(struct cx *cx, struct str key)
{
    const struct municipality_unit *u = cx->muni ? municipality_unit(cx->muni, key) : NULL;
    return u ? words_in(&u->name, cx->lang) : key;
}

/* units: "17:hjaelpemidler 4:borgerservice"; wanted: the unit last chosen, 0 the first. */
static void set_units(struct cx *cx, struct who *w, struct str units, int64_t wanted)
{
    VEC_OF(int64_t) ids = {0};
    struct str piece, id;
    while (units.n && str_cut(&units, ' ', &piece)) {
        int64_t v;
        if (!str_cut(&piece, ':', &id) || !str_to_i64(id, &v))
            continue;
        vec_add(cx->arena, &ids, v);
        if (ids.n == 1 || v == wanted) {
            w->acting_unit_id = v;
            w->acting_unit_key = piece;
        }
    }
    w->unit_ids = ids.p;
    w->n_units = ids.n;
    if (w->acting_unit_id)
        w->acting_unit_name = unit_name(cx, w->acting_unit_key);
}

static void take_row(struct cx *cx, struct session *s, const struct q_auth_session_get *row)
{
    s->row = true;
    s->origin_id = row->origin_id.v;
    s->seen_us = row->seen_us;
    s->ends_us = row->ends_us;
    s->provider = row->provider;
    s->sid = row->sid;
    s->id_token = row->id_token;
    s->who = (struct who){.kind = WHO_NOBODY, .session_id = row->id};
    if (row->kind == WHO_PARTY && row->party_id.set) {
        s->who.kind = WHO_PARTY;
        s->who.party_id = row->party_id.v;
        s->who.name = row->name;
    } else if (row->kind == WHO_EMPLOYEE && row->roles.set) {
        s->who.kind = WHO_EMPLOYEE;
        s->who.employee_id = row->employee_id.v;
        s->who.party_id = row->employee_party_id.v;
        s->who.name = row->employee_name;
        s->who.roles = (unsigned)row->roles.v;
        set_units(cx, &s->who, row->units, row->unit_id.v);
        auth_stay_take(cx, &s->who, row);
    }
    if (s->who.kind != WHO_NOBODY)
        s->who.assurance = (enum assurance)row->assurance;
}

static enum err write_seen(struct cx *cx, void *ctx)
{
    const struct session *s = ctx;
    enum err e = q_auth_session_seen(cx, s->who.session_id, cx->now_us);
    if (!e && s->who.stay)
        e = q_auth_stay_seen(cx, s->who.session_id, auth_stay_until(cx, s));
    return e;
}

enum err auth_begin(struct cx *cx, struct str cookie)
{
    cx->session = NULL;
    cx->who = auth_nobody();
    cx->csrf = auth_csrf_token;
    if (!is_secret(cookie))
        return ERR_OK;
    struct session *s = auth_session(cx);
    s->secret = cookie;
    struct q_auth_session_get row;
    bool found;
    enum err e = q_auth_session_get(cx, hash_str(cx, auth_secret_hash(cookie)), cx->now_us,
                                    cx->now_us - auth_idle_us(cx), &row, &found);
    if (e || !found)
        return e;
    take_row(cx, s, &row);
    /* A disk that is full must not keep people from reading: whether this write went well is not asked. */
    if (cx->now_us - s->seen_us >= SEEN_STEP_S * SECOND_US) {
        (void)db_write(cx, write_seen, s);
        s->seen_us = cx->now_us;
    }
    return ERR_OK;
}

enum err auth_was(struct cx *cx, struct auth_was *ret, bool *ret_found)
{
    struct q_auth_session_was row;
    *ret_found = false;
    if (!cx->session || !cx->session->secret.n || cx->who->kind != WHO_NOBODY)
        return ERR_OK;
    enum err e = q_auth_session_was(cx, hash_str(cx, auth_secret_hash(cx->session->secret)),
                                    cx->now_us - AUTH_WAS_HOURS * HOUR_US, &row, ret_found);
    if (!e && *ret_found)
        *ret = (struct auth_was){.party_id = row.kind == WHO_PARTY ? row.party_id.v : 0,
                                 .employee_id = row.kind == WHO_EMPLOYEE ? row.employee_id.v : 0};
    return e;
}

bool auth_cookie(struct cx *cx, struct str *ret_value)
{
    if (!cx->session || !cx->session->set_cookie)
        return false;
    *ret_value = cx->session->secret;
    return true;
}

void auth_session_ends(const struct cx *cx, int64_t *ret_idle_us, int64_t *ret_absolute_us)
{
    bool in = cx->session && cx->session->who.kind != WHO_NOBODY;
    *ret_idle_us = in ? cx->session->seen_us + auth_idle_us(cx) : 0;
    *ret_absolute_us = in ? cx->session->ends_us : 0;
}

/* ---- CSRF: the token is a hash of the secret, under a mask that is new each time, so that a compressed page does not
   give it away letter by letter (BREACH). ---- */

static void csrf_hash(struct str secret, unsigned char ret[CSRF_BYTES])
{
    struct hash_state st;
    hash_init(&st);
    hash_update(&st, "indgang csrf 1", 14);
    hash_update(&st, secret.p, secret.n);
    struct hash h = hash_final(&st);
    memcpy(ret, h.b, CSRF_BYTES);
}

struct str auth_csrf_token(struct cx *cx)
{
    unsigned char h[CSRF_BYTES], out[2 * CSRF_BYTES];
    csrf_hash(auth_browser(cx), h);
    rand_bytes(out, CSRF_BYTES);
    for (size_t i = 0; i < CSRF_BYTES; i++)
        out[CSRF_BYTES + i] = out[i] ^ h[i];
    return str_hex(cx->arena, out, sizeof out);
}

bool auth_csrf_ok(struct cx *cx, struct str token)
{
    unsigned char h[CSRF_BYTES], in[2 * CSRF_BYTES], differ = 0;
    if (!cx->session || !cx->session->secret.n || token.n != 4 * CSRF_BYTES || !str_unhex(token, in))
        return false;
    csrf_hash(cx->session->secret, h);
    for (size_t i = 0; i < CSRF_BYTES; i++)
        differ |= (unsigned char)(in[i] ^ in[CSRF_BYTES + i] ^ h[i]);
    return differ == 0;
}

/* ---- Beginning and ending ---- */

static struct opt_int some(int64_t v)
{
    return (struct opt_int){.set = v != 0, .v = v};
}

static struct str or_null(struct str s)
{
    return s.n ? s : (struct str){0};
}

enum err auth_session_keep(struct cx *cx, int64_t *ret_session_id)
{
    struct session *s = cx->session;
    if (!s || !s->secret.n) /* to be made before the transaction: its arena is reset when it runs again */
        return fail(cx, ERR_CSRF, "this browser has no session to keep anything in");
    if (!s->row) {
        if (!s->who.session_id)
            s->who.session_id = rand_id();
        /* If the transaction runs again, or is lost and comes back, the same row is made: nothing here says that it is
         * there. */
        struct q_auth_session_add_in in = {.id = s->who.session_id,
                                           .token = hash_str(cx, auth_secret_hash(s->secret)),
                                           .kind = WHO_NOBODY,
                                           .name = S(""),
                                           .assurance = ASSURANCE_NONE,
                                           .now_us = cx->now_us,
                                           .ends_us = cx->now_us + ANONYMOUS_HOURS * HOUR_US};
        enum err e = q_auth_session_add(cx, &in);
        if (e)
            return e;
    }
    *ret_session_id = s->who.session_id;
    return ERR_OK;
}

int64_t auth_session_origin(const struct cx *cx)
{
    return cx->session ? cx->session->origin_id : 0;
}

enum err auth_hold_party(struct cx *cx, int64_t party_id)
{
    return cx->auth && cx->auth->settings.hold ? cx->auth->settings.hold(cx, party_id) : ERR_OK;
}

struct login_write {
    const struct q_auth_session_add_in *in;
    int64_t old_id; /* session that ends now, 0: none */
};

static enum err write_login(struct cx *cx, void *ctx)
{
    const struct login_write *w = ctx;
    enum err e = w->in->party_id.set ? auth_hold_party(cx, w->in->party_id.v) : ERR_OK;
    if (!e && w->old_id)
        e = q_auth_session_end(cx, w->old_id);
    return e ? e : q_auth_session_add(cx, w->in);
}

/* The token is new with every login, so that a cookie somebody planted or saw before it is worth nothing (OWASP
 * ASVS 3.2). */
enum err auth_login(struct cx *cx, const struct login_end *end)
{
    struct session *old = auth_session(cx);
    bool was_in = old->row && old->who.kind != WHO_NOBODY;
    struct session *s = arena_new_of(cx->arena, struct session);
    *s = (struct session){.who = end->who,
                          .secret = new_secret(cx),
                          .set_cookie = true,
                          .row = true,
                          .origin_id = was_in     ? old->origin_id
                                       : old->row ? old->who.session_id
                                                  : 0,
                          .seen_us = cx->now_us,
                          .ends_us = cx->now_us + auth_absolute_us(cx),
                          .provider = end->provider,
                          .sid = end->sid,
                          .id_token = end->id_token};
    s->who.session_id = rand_id();
    struct q_auth_session_add_in in = {.id = s->who.session_id,
                                       .token = hash_str(cx, auth_secret_hash(s->secret)),
                                       .kind = s->who.kind,
                                       .party_id = some(s->who.kind == WHO_PARTY ? s->who.party_id : 0),
                                       .employee_id = some(s->who.employee_id),
                                       .name = s->who.name.p ? s->who.name : S(""),
                                       .unit_id = some(s->who.acting_unit_id),
                                       .assurance = s->who.assurance,
                                       .origin_id = some(s->origin_id),
                                       .provider = or_null(s->provider),
                                       .sid = or_null(s->sid),
                                       .id_token = or_null(s->id_token),
                                       .now_us = cx->now_us,
                                       .ends_us = s->ends_us};
    struct login_write w = {.in = &in, .old_id = was_in ? old->who.session_id : 0};
    enum err e = db_write(cx, write_login, &w);
    if (e)
        return e;
    cx->session = s;
    cx->who = &s->who;
    return ERR_OK;
}

enum err auth_login_party(struct cx *cx, int64_t party_id, struct str name, enum assurance level)
{
    struct login_end end = {.who = {.kind = WHO_PARTY, .party_id = party_id, .name = name, .assurance = level}};
    return auth_login(cx, &end);
}

enum err auth_login_employee(struct cx *cx, int64_t employee_id, enum assurance level)
{
    const struct who *who;
    enum err e = auth_employee_who(cx, employee_id, S(""), &who);
    if (e)
        return e;
    struct login_end end = {.who = *who};
    end.who.assurance = level;
    return auth_login(cx, &end);
}

static enum err write_end(struct cx *cx, void *ctx)
{
    return q_auth_session_end(cx, *(const int64_t *)ctx);
}

enum err auth_logout(struct cx *cx)
{
    struct session *s = auth_session(cx);
    if (s->row) {
        enum err e = db_write(cx, write_end, &s->who.session_id);
        if (e)
            return e;
    }
    *s = (struct session){.set_cookie = true};
    return ERR_OK;
}

enum err auth_end_sessions(struct cx *cx, int64_t employee_id, int64_t party_id)
{
    return q_auth_session_end_of(cx, employee_id, party_id);
}

static enum err write_unit(struct cx *cx, void *ctx)
{
    return q_auth_session_unit(cx, cx->who->session_id, *(const int64_t *)ctx);
}

enum err auth_act_for_unit(struct cx *cx, int64_t unit_id)
{
    if (cx->who->kind != WHO_EMPLOYEE || !cx->who->session_id || !auth_in_unit(cx->who, unit_id))
        return fail(cx, ERR_FORBIDDEN, "not a unit of this employee");
    return db_write(cx, write_unit, &unit_id);
}

static enum err write_sweep(struct cx *cx, void *ctx)
{
    (void)ctx;
    int64_t n;
    int64_t was_us = cx->now_us - AUTH_WAS_HOURS * HOUR_US; /* for auth_was */
    enum err e = q_auth_session_sweep(cx, was_us, was_us - auth_idle_us(cx), &n);
    if (!e)
        e = q_auth_stay_sweep(cx, cx->now_us, &n);
    if (!e)
        e = q_auth_login_sweep(cx, cx->now_us, &n);
    return e ? e : q_auth_absence_sweep(cx, cx->now_us);
}

enum err auth_sweep(struct cx *cx)
{
    return db_write(cx, write_sweep, NULL);
}

/* ---- What a page may ask ---- */

enum err auth_require(struct cx *cx, enum assurance level)
{
    if (level == ASSURANCE_NONE)
        return ERR_OK;
    if (cx->who->kind == WHO_NOBODY)
        return fail(cx, ERR_LOGIN, "this service asks for login");
    if (cx->who->assurance < level) {
        if (cx->session)
            cx->session->wanted = level;
        return fail(cx, ERR_ASSURANCE, "assurance level %d is needed, the login has %d", (int)level,
                    (int)cx->who->assurance);
    }
    return ERR_OK;
}

struct str auth_safe_next(struct cx *cx, struct str next)
{
    (void)cx;
    if (next.n < 1 || next.n > 2000 || next.p[0] != '/' || (next.n > 1 && (next.p[1] == '/' || next.p[1] == '\\')))
        return S("/");
    for (size_t i = 0; i < next.n; i++)
        if ((unsigned char)next.p[i] <= ' ' || next.p[i] == 0x7f || next.p[i] == '\\')
            return S("/");
    return next;
}

struct str auth_login_url(struct cx *cx, enum err refused, struct str next)
{
    struct str back = url_encode(cx->arena, auth_safe_next(cx, next));
    if (refused == ERR_ASSURANCE && cx->session)
        return str_fmt(cx->arena, "/auth/stronger?level=%d&next=%" PRI_STR, (int)cx->session->wanted, STR_ARG(back));
    return str_fmt(cx->arena, "/auth/login?next=%" PRI_STR, STR_ARG(back));
}
