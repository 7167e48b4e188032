/* The pages of logging in and out: the face of this room, which alone knows http and page (tools/layers.txt). */
#include "auth_internal.h"
#include "auth_views.h"
#include "http/http.h"
#include "i18n/i18n.h"
#include "page/page.h"
#include "tpl/tpl.h"
#include "tpl_auth_demo.h"
#include "tpl_auth_ended.h"
#include "tpl_auth_leave.h"
#include "tpl_auth_login.h"
#include "tpl_auth_units.h"

static struct str phone(struct cx *cx)
{
    return cx->muni ? cx->muni->phone : (struct str){0};
}

static struct str next_of(struct cx *cx, struct request *req)
{
    return auth_safe_next(cx, req_str(req, "next"));
}

/* Every reply here may have a new cookie to set. page_reply does it itself; redirects do not. */
static enum err redirect(struct cx *cx, struct reply *rep, struct str to)
{
    struct str cookie;
    if (auth_cookie(cx, &cookie))
        reply_cookie(cx, rep, AUTH_COOKIE, cookie, cookie.n ? 0 : -1);
    return str_starts(to, S("/")) ? reply_redirect(cx, rep, "%" PRI_STR, STR_ARG(to))
                                  : reply_redirect_external(cx, rep, to);
}

static enum err reply(struct cx *cx, struct request *req, struct reply *rep, enum text title, int status,
                      struct html body)
{
    struct page page = {.title = i18n_text(cx->lang, title), .status = status};
    return page_reply(cx, req, rep, &page, body);
}

/* ---- Choosing how ---- */

static struct str with_next(struct cx *cx, const char *path, enum assurance level, struct str next)
{
    return str_fmt(cx->arena, "%s?level=%d&next=%" PRI_STR, path, (int)level, STR_ARG(url_encode(cx->arena, next)));
}

static enum err login_page(struct cx *cx, struct request *req, struct reply *rep, enum assurance level, bool stronger)
{
    struct str next = next_of(cx, req);
    struct auth_login_view v = {.phone = phone(cx), .stronger = stronger};
    for (size_t i = 0; i < cx->auth->n_providers; i++) {
        const struct provider *p = &cx->auth->providers[i];
        const char *path = str_z(cx->arena, str_fmt(cx->arena, "/auth/start/%" PRI_STR, STR_ARG(p->key)));
        vec_add(cx->arena, &v.ways,
                (struct auth_way){.href = with_next(cx, path, p->employees ? ASSURANCE_NONE : level, next),
                                  .name = words_in(&p->conf->name, cx->lang),
                                  .employees = p->employees});
    }
    if (cx->auth->settings.demo)
        v.demo_href = with_next(cx, "/auth/demo", ASSURANCE_NONE, next);
    struct tpl o = tpl_begin(cx);
    tpl_auth_login(&o, &v);
    return reply(cx, req, rep, stronger ? T_auth_stronger : T_auth_login, 200, tpl_end(&o));
}

static enum assurance level_of(struct request *req)
{
    int64_t level = req_int(req, "level");
    return level > ASSURANCE_HIGH ? ASSURANCE_HIGH : (enum assurance)level;
}

static enum err auth_login_page(struct cx *cx, struct request *req, struct reply *rep)
{
    if (cx->auth->settings.demo && !cx->auth->n_providers) /* nothing to choose */
        return redirect(cx, rep, with_next(cx, "/auth/demo", ASSURANCE_NONE, next_of(cx, req)));
    return login_page(cx, req, rep, level_of(req), false);
}

static enum err auth_stronger(struct cx *cx, struct request *req, struct reply *rep)
{
    return login_page(cx, req, rep, level_of(req), true);
}

/* ---- The demo ---- */

static struct str role_names(struct cx *cx, const struct municipality_person *p)
{
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < p->roles.n; i++) {
        enum text key;
        if (!i18n_find(str_fmt(cx->arena, "auth_role_%" PRI_STR, STR_ARG(p->roles.p[i])), &key))
            continue;
        if (b.n)
            buf_add_z(&b, ", ");
        buf_add(&b, i18n_text(cx->lang, key));
    }
    return buf_str(&b);
}

static struct str unit_names(struct cx *cx, const struct municipality_person *p)
{
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < p->units.n; i++) {
        const struct municipality_unit *u = municipality_unit(cx->muni, p->units.p[i]);
        if (u && b.n)
            buf_add_z(&b, ", ");
        if (u)
            buf_add(&b, words_in(&u->name, cx->lang));
    }
    return buf_str(&b);
}

static enum err auth_demo(struct cx *cx, struct request *req, struct reply *rep)
{
    if (!cx->auth->settings.demo)
        return fail(cx, ERR_NOT_FOUND, "only with --demo");
    struct auth_demo_view v = {0};
    for (size_t i = 0; i < cx->muni->people.n; i++) {
        const struct municipality_person *p = &cx->muni->people.p[i];
        if (p->no_login)
            continue;
        struct auth_demo_person person = {.key = p->key,
                                          .name = p->name,
                                          .about = words_in(&p->about, cx->lang),
                                          .about_lang = str_of(lang_tag(words_lang(&p->about, cx->lang))),
                                          .roles = role_names(cx, p),
                                          .units = unit_names(cx, p),
                                          .next = req_has(req, "next") ? next_of(cx, req) : S("")};
        if (p->employee)
            vec_add(cx->arena, &v.employees, person);
        else
            vec_add(cx->arena, &v.citizens, person);
    }
    struct tpl o = tpl_begin(cx);
    tpl_auth_demo(&o, &v);
    return reply(cx, req, rep, T_auth_demo, 200, tpl_end(&o));
}

/* An employee is a person too: `as_citizen` logs them in for their own affairs. */
static enum err demo_enter(struct cx *cx, const struct municipality_person *p, bool as_citizen)
{
    struct auth_employee employee;
    if (p->employee && !as_citizen) {
        enum err e = auth_employee_by_key(cx, p->key, &employee);
        return e ? e : auth_login_employee(cx, employee.id, ASSURANCE_HIGH);
    }
    int64_t party_id;
    struct str name;
    if (!cx->auth->settings.party)
        return fail(cx, ERR_INTERNAL, "no party hook");
    enum err e = cx->auth->settings.party(cx, p->idno, p->name, &party_id, &name);
    return e ? e : auth_login_party(cx, party_id, name, ASSURANCE_HIGH);
}

static enum err auth_demo_choose(struct cx *cx, struct request *req, struct reply *rep)
{
    const struct municipality_person *p =
        cx->auth->settings.demo ? municipality_person(cx->muni, req_str(req, "person")) : NULL;
    if (!p || p->no_login)
        return fail(cx, ERR_NOT_FOUND, "nobody of that key in the demo can log in");
    bool as_citizen = req_has(req, "citizen");
    enum err e = demo_enter(cx, p, as_citizen);
    if (e)
        return e;
    struct str home = p->employee && !as_citizen ? S("/desk") : S("/mypage");
    return redirect(cx, rep, req_has(req, "next") ? next_of(cx, req) : home);
}

/* ---- By a provider ---- */

static enum err ended(struct cx *cx, struct request *req, struct reply *rep, const struct auth_ended_view *v,
                      enum text title, int status)
{
    struct tpl o = tpl_begin(cx);
    tpl_auth_ended(&o, v);
    return reply(cx, req, rep, title, status, tpl_end(&o));
}

/* How a login ended, in words, with the way to begin again. */
static enum err end_page(struct cx *cx, struct request *req, struct reply *rep, const struct provider *p,
                         enum oidc_end end, struct str again)
{
    static const struct {
        enum text heading, text;
        int status;
    } ends[OIDC_END_COUNT] = {
        [OIDC_CANCELLED] = {T_auth_cancelled, T_auth_cancelled_text, 200},
        [OIDC_STATE] = {T_auth_stale, T_auth_stale_text, 400},
        [OIDC_FAILED] = {T_auth_failed, T_auth_failed_text, 502},
        [OIDC_WEAK] = {T_auth_weak, T_auth_weak_text, 403},
        [OIDC_STRANGER] = {T_auth_stranger, T_auth_stranger_citizen, 403},
    };
    enum text text = end == OIDC_STRANGER && p->employees ? T_auth_stranger_employee : ends[end].text;
    struct auth_ended_view v = {.heading = i18n_text(cx->lang, ends[end].heading),
                                .text = i18n_text(cx->lang, text),
                                .again_href = again,
                                .phone = phone(cx)};
    if (end != OIDC_CANCELLED)
        log_line(cx, LOG_WARN, "login_failed", "provider=%" PRI_STR " reason=\"%" PRI_STR "\"", STR_ARG(p->key),
                 STR_ARG(cx->fail.detail));
    return ended(cx, req, rep, &v, ends[end].heading, ends[end].status);
}

static struct str start_href(struct cx *cx, const struct provider *p, enum assurance level, struct str next)
{
    return with_next(cx, str_z(cx->arena, str_fmt(cx->arena, "/auth/start/%" PRI_STR, STR_ARG(p->key))), level, next);
}

static enum err auth_start(struct cx *cx, struct request *req, struct reply *rep)
{
    struct provider *p = auth_provider(cx, req_param(req, "provider"));
    struct str url;
    if (!p)
        return fail(cx, ERR_NOT_FOUND, "no such provider");
    enum err e = oidc_start(cx, p, level_of(req), next_of(cx, req), &url);
    if (e == ERR_UPSTREAM)
        return end_page(cx, req, rep, p, OIDC_FAILED, start_href(cx, p, level_of(req), next_of(cx, req)));
    return e ? e : redirect(cx, rep, url);
}

static enum err auth_callback(struct cx *cx, struct request *req, struct reply *rep)
{
    struct provider *p = auth_provider(cx, req_param(req, "provider"));
    if (!p)
        return fail(cx, ERR_NOT_FOUND, "no such provider");
    struct oidc_callback back = {.state = req_str(req, "state"),
                                 .code = req_str(req, "code"),
                                 .error = req_str(req, "error"),
                                 .iss = req_str(req, "iss")};
    enum oidc_end end;
    struct str next;
    enum assurance level;
    enum err e = oidc_finish(cx, p, &back, &end, &next, &level);
    if (e)
        return e;
    if (end != OIDC_DONE)
        return end_page(cx, req, rep, p, end, start_href(cx, p, level, next));
    if (p->employees && str_eq_z(next, "/"))
        next = S("/desk");
    return redirect(cx, rep, next);
}

/* ---- Out ---- */

/* A form may not lead to another site by redirect (CSP form-action), so the provider's logout is a page of its own that
   goes on by itself. */
static enum err auth_logout_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct session *s = auth_session(cx);
    const struct provider *p = s->provider.n ? auth_provider(cx, s->provider) : NULL;
    struct str away = p ? oidc_logout_url(cx, s->provider, s->id_token) : (struct str){0};
    enum err e = auth_logout(cx);
    if (e)
        return e;
    if (!away.n)
        return redirect(cx, rep, S("/auth/loggedout"));
    struct auth_leave_view v = {.name = words_in(&p->conf->name, cx->lang), .href = away};
    struct tpl o = tpl_begin(cx);
    tpl_auth_leave(&o, &v);
    reply_header(cx, rep, "Refresh", str_cat(cx->arena, S("0; url="), away));
    return reply(cx, req, rep, T_auth_leave, 200, tpl_end(&o));
}

static enum err auth_loggedout(struct cx *cx, struct request *req, struct reply *rep)
{
    struct auth_ended_view v = {.heading = i18n_text(cx->lang, T_auth_loggedout),
                                .text = i18n_text(cx->lang, T_auth_loggedout_text),
                                .phone = phone(cx)};
    return ended(cx, req, rep, &v, T_auth_loggedout, 200);
}

static enum err auth_frontchannel(struct cx *cx, struct request *req, struct reply *rep)
{
    enum err e = oidc_frontchannel(cx, req_str(req, "iss"), req_str(req, "sid"));
    return e ? e : reply_text(cx, rep, 200, S("ok\n"));
}

static enum err auth_unit(struct cx *cx, struct request *req, struct reply *rep)
{
    enum err e = auth_act_for_unit(cx, req_int(req, "unit"));
    return e ? e : redirect(cx, rep, next_of(cx, req));
}

static enum err auth_units_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct auth_units_view v = {0};
    for (size_t i = 0; i < cx->who->n_units; i++) {
        struct auth_unit unit;
        enum err e = auth_unit_by_id(cx, cx->who->unit_ids[i], &unit);
        if (e)
            return e;
        vec_add(cx->arena, &v.units,
                (struct auth_unit_choice){.id = unit.id,
                                          .name = unit.name,
                                          .next = req_has(req, "next") ? next_of(cx, req) : S("/desk"),
                                          .current = unit.id == cx->who->acting_unit_id});
    }
    struct tpl o = tpl_begin(cx);
    tpl_auth_units(&o, &v);
    struct page page = {.title = i18n_text(cx->lang, T_auth_units), .face = PAGE_DESK};
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* ---- Routes ---- */

static const struct field go_fields[] = {{.name = "next", .kind = FIELD_TEXT, .max = 2000},
                                         {.name = "level", .kind = FIELD_INT, .min = 0, .max = 3}};
static const struct field choose_fields[] = {{.name = "person", .kind = FIELD_CODE, .required = true},
                                             {.name = "citizen", .kind = FIELD_BOOL},
                                             {.name = "next", .kind = FIELD_TEXT, .max = 2000}};
static const struct field callback_fields[] = {{.name = "state", .kind = FIELD_TEXT, .max = 200},
                                               {.name = "code", .kind = FIELD_TEXT, .max = 4000},
                                               {.name = "error", .kind = FIELD_TEXT, .max = 200},
                                               {.name = "iss", .kind = FIELD_TEXT, .max = 2000}};
static const struct field front_fields[] = {{.name = "iss", .kind = FIELD_TEXT, .required = true, .max = 2000},
                                            {.name = "sid", .kind = FIELD_TEXT, .required = true, .max = 500}};
static const struct field unit_fields[] = {{.name = "unit", .kind = FIELD_ID, .required = true},
                                           {.name = "next", .kind = FIELD_TEXT, .max = 2000}};

static const struct route routes[] = {
    ROUTE(GET, "/auth/login", auth_login_page, PERM_PUBLIC, "choose how to log in", .fields = FIELDS(go_fields)),
    ROUTE(GET, "/auth/stronger", auth_stronger, PERM_PUBLIC, "log in again at a higher level",
          .fields = FIELDS(go_fields)),
    ROUTE(GET, "/auth/start/{provider}", auth_start, PERM_PUBLIC, "leave for the identity provider",
          .fields = FIELDS(go_fields), .time_max_ms = 20000),
    ROUTE(GET, "/auth/callback/{provider}", auth_callback, PERM_PUBLIC, "come back from the identity provider",
          .fields = FIELDS(callback_fields), .time_max_ms = 30000),
    ROUTE(GET, "/auth/frontchannel", auth_frontchannel, PERM_PUBLIC, "the identity provider ends a login",
          .fields = FIELDS(front_fields)),
    ROUTE(GET, "/auth/demo", auth_demo, PERM_PUBLIC, "choose a person of the demo; only in the demo",
          .fields = FIELDS(go_fields)),
    ROUTE(POST, "/auth/demo", auth_demo_choose, PERM_PUBLIC, "log in as that person", .fields = FIELDS(choose_fields)),
    ROUTE(POST, "/auth/logout", auth_logout_page, PERM_PUBLIC, "log out", .time_max_ms = 20000),
    ROUTE(GET, "/auth/loggedout", auth_loggedout, PERM_PUBLIC, "one is logged out"),
    ROUTE(GET, "/auth/unit", auth_units_page, PERM_EMPLOYEE, "choose which of one's units to act for",
          .fields = FIELDS(go_fields)),
    ROUTE(POST, "/auth/unit", auth_unit, PERM_EMPLOYEE, "act for another of one's units",
          .fields = FIELDS(unit_fields)),
};

const struct http_module auth_module = HTTP_MODULE("auth", routes);
