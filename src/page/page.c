#include "page.h"

#include "auth/auth.h"
#include "keys/keys.h"
#include "page_views.h"
#include "tpl/tpl.h"
#include "tpl_page_busy.h"
#include "tpl_page_shell.h"

enum { DONE_S = 60, LANGUAGE_S = 365 * 24 * 3600 };
#define COOKIE_DONE "done"
#define COOKIE_LANGUAGE "language"

const struct municipality *page_municipality(const struct cx *cx)
{
    static const struct country_rules rules = {.code = "DK", .phone_country = 45};
    static const struct municipality none = {.name = {"Indgang", 7},
                                             .rules = &rules,
                                             .session_warn_minutes = 5,
                                             .lang_order = {LANG_DA, LANG_NB, LANG_NN, LANG_EN},
                                             .n_languages = LANG_COUNT};
    return cx->muni ? cx->muni : &none;
}

/* ---- the menus ---- */

enum {
    FOR_NOBODY = 1,
    FOR_PARTY = 2,
    FOR_EMPLOYEE = 4,
    FOR_ADMIN = 8,
    FOR_LEADER = 16,
    FOR_COUNTER = 32,
    FOR_OVERSIGHT = 64,
    FOR_ARCHIVIST = 128
};

/* One list for a person, whatever page it stands on. */
static const struct {
    unsigned who;
    enum text label;
    const char *href;
} menu[] = {
    {FOR_COUNTER, T_page_nav_counter, "/counter"},
    {FOR_EMPLOYEE, T_page_nav_desk, "/desk"},
    {FOR_EMPLOYEE, T_page_nav_search, "/desk/search"},
    {FOR_EMPLOYEE, T_page_nav_print, "/desk/print"},
    {FOR_LEADER, T_page_nav_numbers, "/desk/numbers"},
    {FOR_ADMIN, T_page_nav_admin, "/admin"},
    {FOR_ADMIN, T_page_nav_retention, "/admin/retention"},
    {FOR_OVERSIGHT, T_page_nav_oversight, "/oversight"},
    {FOR_ARCHIVIST, T_page_nav_review, "/journal/review"},
    {FOR_NOBODY | FOR_PARTY | FOR_EMPLOYEE, T_page_nav_services, "/service"},
    {FOR_NOBODY | FOR_PARTY | FOR_EMPLOYEE, T_page_nav_journal, "/journal"},
    {FOR_NOBODY | FOR_PARTY, T_page_nav_mypage, "/mypage"},
    {FOR_PARTY, T_page_nav_casefiles, "/mypage/casefiles"},
    {FOR_PARTY, T_page_nav_letters, "/mypage/letters"},
    {FOR_PARTY, T_page_nav_data, "/mypage/data"},
    {FOR_PARTY, T_page_nav_access, "/access"},
};

static unsigned kinds_of(const struct who *who)
{
    if (!who || who->kind == WHO_NOBODY)
        return FOR_NOBODY;
    if (who->kind == WHO_PARTY)
        return FOR_PARTY;
    return FOR_EMPLOYEE | (auth_has(who, ROLE_ADMIN) ? FOR_ADMIN : 0) | (auth_has(who, ROLE_LEADER) ? FOR_LEADER : 0) |
           (auth_has(who, ROLE_COUNTER) ? FOR_COUNTER : 0) |
           (auth_has(who, ROLE_ADVISER | ROLE_DPO | ROLE_LEADER) ? FOR_OVERSIGHT : 0) |
           (auth_has(who, ROLE_ARCHIVIST) ? FOR_ARCHIVIST : 0);
}

/* How well a menu item fits a path: the length of the address when the path is it or lies below it, else 0. */
static size_t fits(const char *href, struct str path)
{
    struct str h = str_of(href);
    bool below = path.n == h.n || (path.n > h.n && (path.p[h.n] == '/' || path.p[h.n] == '?'));
    return str_starts(path, h) && below ? h.n : 0;
}

/* The public journal is a duty in Norway and a choice in Denmark. */
static bool is_kept(struct cx *cx, enum text label)
{
    return page_municipality(cx)->journal_public || (label != T_page_nav_journal && label != T_page_nav_review);
}

static void add_menu(struct cx *cx, struct page_shell *v, const struct page *page, struct str path)
{
    unsigned kinds = kinds_of(cx->who);
    struct str at = page->current.n ? page->current : path;
    size_t best = 0;
    for (size_t i = 0; i < sizeof menu / sizeof *menu; i++)
        if ((menu[i].who & kinds) && fits(menu[i].href, at) > best)
            best = fits(menu[i].href, at);
    for (size_t i = 0; i < sizeof menu / sizeof *menu; i++)
        if ((menu[i].who & kinds) && is_kept(cx, menu[i].label))
            vec_add(cx->arena, &v->nav,
                    (struct page_nav_item){.label = menu[i].label,
                                           .href = menu[i].href,
                                           .current = best > 0 && fits(menu[i].href, at) == best});
}

/* ---- language ---- */

static const char *const own_names[LANG_COUNT] = {"Dansk", "Bokmål", "English", "Nynorsk"};

static bool offered(const struct cx *cx, enum lang lang)
{
    unsigned languages = page_municipality(cx)->languages;
    return languages == 0 || (languages & 1u << lang) != 0;
}

/* A tag of Accept-Language (RFC 9110 section 12.5.4) that is offered; who reads one Norwegian reads the other. */
static bool from_tag(const struct cx *cx, struct str tag, enum lang *ret)
{
    tag = str_slice(tag, 0, str_find_char(tag, ';', 0));
    tag = str_trim(str_slice(tag, 0, str_find_char(tag, '-', 0)));
    if (!i18n_lang(str_ieq(tag, S("no")) ? S("nb") : tag, ret))
        return false;
    if (!offered(cx, *ret) && (*ret == LANG_NB || *ret == LANG_NN))
        *ret = *ret == LANG_NB ? LANG_NN : LANG_NB;
    return offered(cx, *ret);
}

enum lang page_request_language(struct cx *cx, struct request *req)
{
    enum lang lang;
    if (i18n_lang(req_cookie(req, COOKIE_LANGUAGE), &lang) && offered(cx, lang))
        return lang;
    struct str tags = req_header(req, "Accept-Language"), tag;
    while (str_cut(&tags, ',', &tag))
        if (from_tag(cx, str_trim(tag), &lang))
            return lang;
    return page_municipality(cx)->first_lang;
}

struct str page_language_url(struct cx *cx, enum lang to, struct str next)
{
    struct tpl o = {.cx = cx, .b = buf_make(cx->arena)};
    buf_fmt(&o.b, "/page/language?to=%s&next=", i18n_code(to));
    tpl_query_str(&o, next);
    return tpl_end(&o).s;
}

/* ---- the shell ---- */

struct str page_phone(struct cx *cx, struct str phone)
{
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < phone.n; i++)
        if (phone.p[i] == ' ')
            buf_add_z(&b, "\u00a0");
        else
            buf_add_char(&b, phone.p[i]);
    return buf_str(&b);
}

struct str page_phone_href(struct cx *cx, struct str phone)
{
    struct buf b = buf_make(cx->arena);
    buf_add_z(&b, "tel:");
    if (!str_starts(phone, S("+")))
        buf_fmt(&b, "+%d", page_municipality(cx)->rules->phone_country);
    for (size_t i = 0; i < phone.n; i++)
        if ((phone.p[i] >= '0' && phone.p[i] <= '9') || phone.p[i] == '+')
            buf_add_char(&b, phone.p[i]);
    return buf_str(&b);
}

static struct page_session session_of(const struct cx *cx)
{
    struct page_session s = {0};
    if (!cx->session || kinds_of(cx->who) == FOR_NOBODY)
        return s;
    int64_t idle_us = 0, absolute_us = 0;
    auth_session_ends(cx, &idle_us, &absolute_us);
    if (!idle_us)
        return s;
    s.shown = true;
    s.absolute = absolute_us && absolute_us <= idle_us;
    s.ends_us = s.absolute ? absolute_us : idle_us;
    s.ends_s = (s.ends_us - cx->now_us) / SECOND_US;
    s.idle_s = s.ends_s;
    s.warn_s = (int64_t)page_municipality(cx)->session_warn_minutes * 60;
    return s;
}

static const char *home_of(const struct cx *cx, enum page_face face)
{
    return face == PAGE_DESK || (face == PAGE_ADMIN && cx->who && cx->who->kind == WHO_EMPLOYEE) ? "/desk"
           : face == PAGE_MYPAGE                                                                 ? "/mypage"
                                                                                                 : "/";
}

static void add_person(struct cx *cx, struct page_shell *v)
{
    v->logged_in = kinds_of(cx->who) != FOR_NOBODY;
    if (v->logged_in) {
        v->name = cx->who->name;
        v->unit = cx->who->kind == WHO_EMPLOYEE ? cx->who->acting_unit_name : S("");
        v->unit_href = cx->who->n_units > 1 ? S("/auth/unit") : S("");
    } else {
        v->login_href = auth_login_url(cx, ERR_LOGIN, v->here);
    }
    v->session = session_of(cx);
    const struct stay *stay = v->logged_in ? cx->who->stay : NULL;
    v->has_stay = stay;
    if (stay) {
        v->stay_name = stay->name;
        v->stay_how = stay->channel == CHANNEL_TELEPHONE ? T_page_stay_telephone
                      : stay->channel == CHANNEL_LETTER  ? T_page_stay_letter
                                                         : T_page_stay_counter;
    }
}

/* What page_done puts into the cookie: the key of a text and a seal, so that nobody else near the browser can have us
   say something. */
static struct str done_value(struct cx *cx, struct str key)
{
    struct hash seal = keys_lookup(cx, S("page_done"), key);
    struct str hex = str_hex(cx->arena, seal.b, 8);
    return str_fmt(cx->arena, "%" PRI_STR ".%" PRI_STR, STR_ARG(key), STR_ARG(hex));
}

static void take_done(struct cx *cx, struct request *req, struct reply *rep, struct page_shell *v)
{
    struct str value = req_cookie(req, COOKIE_DONE), key = str_slice(value, 0, str_find_char(value, '.', 0));
    if (!value.n)
        return;
    v->has_done = i18n_find(key, &v->done) && str_eq(value, done_value(cx, key));
    reply_cookie(cx, rep, COOKIE_DONE, S(""), -1);
}

static enum err send(struct cx *cx, struct request *req, struct reply *rep, const struct page *page, struct html body)
{
    const struct municipality *muni = page_municipality(cx);
    struct page_shell v = {.page = page,
                           .muni = muni,
                           .body = body,
                           .lang = i18n_code(cx->lang),
                           .look = str_hex(cx->arena, muni->hash.b, 6),
                           .phone = page_phone(cx, muni->phone),
                           .phone_href = page_phone_href(cx, muni->phone),
                           .here = req_url(req),
                           .home_href = str_of(home_of(cx, page->face)),
                           .demo = muni->people.n > 0,
                           .hours = words_in(&muni->hours, cx->lang)};
    if (cx->preview)
        v.preview = *cx->preview;
    add_person(cx, &v);
    add_menu(cx, &v, page, req_path(req));
    for (int i = 0; i < muni->n_languages; i++) {
        enum lang l = muni->lang_order[i];
        vec_add(cx->arena, &v.langs,
                (struct page_lang_item){.code = i18n_code(l), .name = own_names[l], .current = l == cx->lang});
    }
    take_done(cx, req, rep, &v);
    struct tpl o = tpl_begin(cx);
    tpl_page_shell(&o, &v);
    struct html whole = tpl_end(&o);
    struct str token;
    if (auth_cookie(cx, &token)) /* a form on the page began a session */
        reply_cookie(cx, rep, AUTH_COOKIE, token, token.n ? 0 : -1);
    return reply_html(cx, rep, page->status ? page->status : page->has_errors ? 422 : 200, whole);
}

enum err page_reply(struct cx *cx, struct request *req, struct reply *rep, const struct page *page, struct html body)
{
    return send(cx, req, rep, page, body);
}

void page_done(struct cx *cx, struct reply *rep, enum text key)
{
    reply_cookie(cx, rep, COOKIE_DONE, done_value(cx, str_of(text_keys[key])), DONE_S);
}

/* ---- too busy for a page ---- */

struct html page_busy(struct cx *cx)
{
    const struct municipality *m = page_municipality(cx);
    struct page_busy_view v = {.muni = m,
                               .lang = i18n_code(m->first_lang),
                               .phone = page_phone(cx, m->phone),
                               .phone_href = page_phone_href(cx, m->phone)};
    for (int i = 0; i < m->n_languages; i++)
        vec_add(cx->arena, &v.texts,
                (struct page_busy_text){i18n_code(m->lang_order[i]), i18n_text(m->lang_order[i], T_err_busy)});
    struct tpl o = tpl_begin(cx);
    tpl_page_busy(&o, &v);
    return tpl_end(&o);
}

/* ---- small things ---- */

void page_errors_add(struct cx *cx, struct page_errors *errors, struct str field_id, struct str message)
{
    vec_add(cx->arena, errors, (struct page_error){.field_id = field_id, .message = message});
}

struct str page_errors_of(const struct page_errors *errors, struct str field_id)
{
    for (size_t i = 0; i < errors->n; i++)
        if (str_eq(errors->p[i].field_id, field_id))
            return errors->p[i].message;
    return S("");
}

int64_t page_steps_at(const struct page_steps *steps)
{
    for (size_t i = 0; i < steps->steps.n; i++)
        if (steps->steps.p[i].state == PAGE_STEP_CURRENT)
            return (int64_t)i + 1;
    return 1;
}
