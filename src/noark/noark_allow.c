/* The page where an employee lets a program use the archive in their name: the authorization endpoint (RFC 6749 3.1),
   code flow with PKCE alone. */
#include "i18n/i18n.h"
#include "noark/noark_internal.h"
#include "noark/noark_views.h"
#include "page/page.h"
#include "tpl/tpl.h"
#include "tpl_noark_allow.h"
#include "tpl_noark_leave.h"
#include "tpl_noark_unknown.h"

struct asking {
    struct app app;
    struct str redirect, scope, state, nonce, challenge, issuer;
    const char *fault; /* what the program did wrong; NULL */
};

static enum err unknown(struct cx *cx, struct request *req, struct reply *rep)
{
    struct noark_unknown_view v = {.href = S("/")};
    struct page page = {.title = i18n_text(cx->lang, T_noark_unknown_title), .face = PAGE_DESK, .status = 400};
    struct tpl o = tpl_begin(cx);
    tpl_noark_unknown(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

static void add(struct buf *b, const char *name, struct str value)
{
    if (!value.n)
        return;
    buf_fmt(b, "%s%s=", b->n ? "&" : "", name);
    noark_percent(b, value);
}

/* The program's address with the answer. `what`: code or error. */
static struct str answer_url(struct cx *cx, const struct asking *a, const char *what, struct str value)
{
    struct buf b = buf_make(cx->arena);
    add(&b, what, value);
    add(&b, "state", a->state);
    add(&b, "iss", a->issuer); /* RFC 9207 */
    bool has_query = str_find_char(a->redirect, '?', 0) < a->redirect.n;
    return str_fmt(cx->arena, "%.*s%c%.*s", STR_ARG(a->redirect), has_query ? '&' : '?', STR_ARG(buf_str(&b)));
}

static const char *fault_of(struct request *req, const struct asking *a)
{
    if (!str_eq_z(req_str(req, "response_type"), "code"))
        return "unsupported_response_type";
    bool s256 = str_eq_z(req_str(req, "code_challenge_method"), "S256") && a->challenge.n == 43;
    return s256 ? NULL : "invalid_request";
}

/* ERR_NOT_FOUND: no program of ours, so there is nowhere to send an answer. */
static enum err take(struct cx *cx, struct request *req, struct asking *a)
{
    *a = (struct asking){.redirect = req_str(req, "redirect_uri"),
                         .scope = req_str(req, "scope"),
                         .state = req_str(req, "state"),
                         .nonce = req_str(req, "nonce"),
                         .challenge = req_str(req, "code_challenge"),
                         .issuer = noark_issuer(cx, req)};
    a->fault = fault_of(req, a);
    return app_find(cx, req_str(req, "client_id"), a->redirect, &a->app);
}

static const char *const asked_with[] = {"response_type", "client_id", "redirect_uri",   "scope",
                                         "state",         "nonce",     "code_challenge", "code_challenge_method"};

static enum err noark_allow_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct asking a;
    int64_t idle_us, ends_us;
    enum err e = take(cx, req, &a);
    if (e)
        return e == ERR_NOT_FOUND ? unknown(cx, req, rep) : e;
    if (a.fault)
        return reply_redirect_external(cx, rep, answer_url(cx, &a, "error", str_of(a.fault)));
    auth_session_ends(cx, &idle_us, &ends_us);
    struct noark_allow_view v = {
        .name = a.app.name, .unit = cx->who->acting_unit_name, .until = i18n_time(cx, ends_us)};
    for (size_t i = 0; i < sizeof asked_with / sizeof *asked_with; i++)
        if (req_has(req, asked_with[i]))
            vec_add(cx->arena, &v.fields, (struct noark_field){str_of(asked_with[i]), req_str(req, asked_with[i])});
    struct page page = {.title = i18n_fmt(cx, T_noark_allow_title, ARG("name", v.name)), .face = PAGE_DESK};
    struct tpl o = tpl_begin(cx);
    tpl_noark_allow(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

static bool has_word(struct str list, const char *word)
{
    struct str one;
    while (str_cut(&list, ' ', &one))
        if (str_eq_z(one, word))
            return true;
    return false;
}

/* A form may not lead to another site by redirect (CSP form-action): a page of ours goes on by itself. */
static enum err noark_allow_answer(struct cx *cx, struct request *req, struct reply *rep)
{
    struct asking a;
    struct str code, href;
    enum err e = take(cx, req, &a);
    if (e)
        return e == ERR_NOT_FOUND ? unknown(cx, req, rep) : e;
    bool yes = !a.fault && str_eq_z(req_str(req, "answer"), "yes");
    struct grant_new g = {.app_id = a.app.id,
                          .challenge = a.challenge,
                          .redirect = a.redirect,
                          .nonce = a.nonce,
                          .openid = has_word(a.scope, "openid")};
    if (yes && (e = grant_give(cx, &g, &code)))
        return e;
    href = yes ? answer_url(cx, &a, "code", code)
               : answer_url(cx, &a, "error", a.fault ? str_of(a.fault) : S("access_denied"));
    struct noark_leave_view v = {.name = a.app.name, .href = href};
    struct page page = {.title = i18n_fmt(cx, T_noark_leave_title, ARG("name", v.name)), .face = PAGE_DESK};
    struct tpl o = tpl_begin(cx);
    tpl_noark_leave(&o, &v);
    reply_header(cx, rep, "Refresh", str_cat(cx->arena, S("0; url="), href));
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

#define ASKED_WITH \
    {.name = "response_type", .kind = FIELD_CODE}, {.name = "client_id", .kind = FIELD_TEXT}, \
        {.name = "redirect_uri", .kind = FIELD_TEXT, .max = 500}, {.name = "scope", .kind = FIELD_TEXT, .max = 500}, \
        {.name = "state", .kind = FIELD_ANY, .max = 1000}, {.name = "nonce", .kind = FIELD_ANY, .max = 500}, \
        {.name = "code_challenge", .kind = FIELD_CODE}, \
    { \
        .name = "code_challenge_method", .kind = FIELD_CODE \
    }

static const struct field page_fields[] = {ASKED_WITH};
static const struct field answer_fields[] = {ASKED_WITH, {.name = "answer", .kind = FIELD_CODE}};

static const struct route routes[] = {
    ROUTE(GET, "/noark/allow", noark_allow_page, PERM_EMPLOYEE,
          "may this program use the archive in my name? (OAuth 2.0)", .fields = FIELDS(page_fields)),
    ROUTE(POST, "/noark/allow", noark_allow_answer, PERM_EMPLOYEE, "yes or no", .fields = FIELDS(answer_fields)),
};
const struct http_module noark_allow_module = HTTP_MODULE("noark_allow", routes);
