/* What was written when the session ended: kept for the one who wrote it, sealed, for an hour. */
#include "auth/auth.h"
#include "codec/json.h"
#include "i18n/i18n.h"
#include "keys/keys.h"
#include "page.h"
#include "page_handlers.h"
#include "page_store.h"
#include "page_views.h"
#include "tpl_page_kept.h"

enum { KEPT_BYTES = 200000, SHOWN_CHARS = 20 };

/* Too much is not kept: asked before anything of it is copied. */
static bool is_small(const struct req_field *fields, size_t n)
{
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += fields[i].name.n + (fields[i].is_file ? 0 : fields[i].value.n);
    return bytes <= KEPT_BYTES;
}

bool page_keeps(struct cx *cx)
{
    struct auth_was was;
    bool found;
    return !auth_was(cx, &was, &found) && found;
}

/* Has its page the language switch? Those whose fields a service decides have it too. */
static bool switches_language(const struct route *route)
{
    for (size_t i = 0; i < route->n_fields; i++)
        if (!strcmp(route->fields[i].name, "language"))
            return true;
    return route->flags & ROUTE_ANY_FIELDS;
}

/* What she wrote, not what she chose or what the page itself sent along. */
static bool is_prose(struct str value)
{
    return text_length(value) >= SHOWN_CHARS && str_find_char(value, ' ', 0) < value.n;
}

/* {"path":…, "again":…, "files":…, "fields":[{"name":…,"value":…}]}. `again`: the page shows the form once more with
   what is in it, when it gets the field of the language switch. *ret_some: it is worth keeping; a button that was only
   pressed is not. */
static struct str form_json(struct cx *cx, const struct request *req, const struct req_field *fields, size_t n,
                            bool *ret_some)
{
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    bool files = false, again = switches_language(req_route(req));
    json_begin_object(&o);
    json_key(&o, "path");
    json_str(&o, req_path(req));
    json_key(&o, "again");
    json_bool(&o, again);
    json_key(&o, "fields");
    json_begin_array(&o);
    *ret_some = false;
    for (size_t i = 0; i < n; i++) {
        files |= fields[i].is_file && fields[i].value.n;
        if (fields[i].is_file || str_eq(fields[i].name, S("language")))
            continue;
        *ret_some |= again ? fields[i].value.n > 0 : is_prose(fields[i].value);
        json_begin_object(&o);
        json_key(&o, "name");
        json_str(&o, fields[i].name);
        json_key(&o, "value");
        json_str(&o, fields[i].value);
        json_end(&o);
    }
    json_end(&o);
    json_key(&o, "files");
    json_bool(&o, files);
    json_end(&o);
    return buf_str(&b);
}

struct keeping {
    struct auth_was was;
    struct str blob;
    int64_t id, n;
};

static enum err keep(struct cx *cx, void *ctx)
{
    struct keeping *k = ctx;
    struct opt_int party = {k->was.party_id != 0, k->was.party_id},
                   employee = {k->was.employee_id != 0, k->was.employee_id};
    return q_page_kept_add(cx,
                           &(struct q_page_kept_add_in){.id = k->id,
                                                        .party_id = party,
                                                        .employee_id = employee,
                                                        .party = k->was.party_id,
                                                        .employee = k->was.employee_id,
                                                        .form = k->blob,
                                                        .now_us = cx->now_us,
                                                        .ends_us = cx->now_us + PAGE_KEEP_MINUTES * MINUTE_US},
                           &k->n);
}

struct str page_keep(struct cx *cx, struct request *req)
{
    struct keeping k = {.id = rand_id()};
    const struct req_field *fields;
    size_t n;
    bool found, some;
    struct fail why = cx->fail; /* of the refusal, which is the answer when nothing can be kept */
    if (auth_was(cx, &k.was, &found) || !found || req_sent(cx, req, &fields, &n) || !is_small(fields, n))
        return cx->fail = why, S("");
    struct str json = form_json(cx, req, fields, n, &some);
    if (!some || keys_seal_text(cx, json, &k.blob))
        return cx->fail = why, S("");
    enum err e = db_write(cx, keep, &k);
    cx->fail = why;
    return e || !k.n ? S("") : str_fmt(cx->arena, "/page/kept/%lld", (long long)k.id);
}

void page_written(struct cx *cx, struct request *req, const struct http_error *e, struct page_texts *ret)
{
    const struct route *route = req_route(req);
    const struct req_field *fields;
    size_t n;
    bool form = route && req_method(req) == POST && !(route->flags & (ROUTE_RAW | ROUTE_MACHINE));
    if (!form || e->err == ERR_CSRF || e->err == ERR_TOO_LARGE || e->err == ERR_BUSY)
        return;
    struct fail why = cx->fail;
    bool read = !req_sent(cx, req, &fields, &n) && is_small(fields, n);
    cx->fail = why;
    for (size_t i = 0; read && i < n; i++)
        if (!fields[i].is_file && is_prose(fields[i].value))
            vec_add(cx->arena, ret, fields[i].value);
}

/* ---- logged in again ---- */

static struct auth_was me(const struct cx *cx)
{
    bool employee = cx->who->kind == WHO_EMPLOYEE;
    return (struct auth_was){.party_id = employee ? 0 : cx->who->party_id,
                             .employee_id = employee ? cx->who->employee_id : 0};
}

static page_kept_fn may_still; /* set once at start by app/ */

void page_kept_hook(page_kept_fn fn)
{
    may_still = fn;
}

static enum err load(struct cx *cx, int64_t id, struct json **ret)
{
    struct q_page_kept_get row;
    struct str text;
    bool found;
    struct auth_was mine = me(cx);
    enum err e = q_page_kept_get(cx, id, mine.party_id, mine.employee_id, cx->now_us, &row, &found);
    if (!e && (!found || keys_open_text(cx, row.form, &text)))
        e = fail(cx, ERR_NOT_FOUND, "nothing of this person is kept there");
    if (!e)
        e = json_parse(cx, text, ret);
    return e || !may_still ? e : may_still(cx, json_text(*ret, "path"));
}

enum err page_kept(struct cx *cx, struct request *req, struct reply *rep)
{
    struct json *form;
    int64_t id = req_param_id(req, "id");
    enum err e = load(cx, id, &form);
    if (e)
        return e;
    struct page_kept_view v = {.id = id,
                               .path = json_text(form, "path"),
                               .again = json_flag(form, "again"),
                               .files = json_flag(form, "files"),
                               .lang = str_of(i18n_code(cx->lang)),
                               .minutes = PAGE_KEEP_MINUTES};
    const struct json *fields = json_get(form, "fields");
    for (size_t i = 0; fields && i < fields->n; i++) {
        struct str value = json_text(fields->items[i], "value");
        vec_add(cx->arena, &v.fields, (struct page_kept_field){json_text(fields->items[i], "name"), value});
        if (is_prose(value))
            vec_add(cx->arena, &v.texts, value);
    }
    struct page page = {.title = i18n_text(cx->lang, T_page_kept_title),
                        .face = cx->who->kind == WHO_EMPLOYEE ? PAGE_DESK : PAGE_MYPAGE};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_page_kept(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

static enum err forget(struct cx *cx, void *ctx)
{
    struct auth_was mine = me(cx);
    return q_page_kept_drop(cx, *(const int64_t *)ctx, mine.party_id, mine.employee_id);
}

enum err page_kept_forget(struct cx *cx, struct request *req, struct reply *rep)
{
    int64_t id = req_param_id(req, "id");
    enum err e = db_write(cx, forget, &id);
    if (e)
        return e;
    page_done(cx, rep, T_page_kept_forgotten);
    return reply_redirect(cx, rep, cx->who->kind == WHO_EMPLOYEE ? "/desk" : "/mypage");
}

static enum err sweep(struct cx *cx, void *ctx)
{
    (void)ctx;
    return q_page_kept_sweep(cx, cx->now_us);
}

enum err page_erase_party(struct cx *cx, int64_t party_id)
{
    return q_page_kept_erase(cx, party_id);
}

enum err page_keep_sweep(struct cx *cx)
{
    return db_write(cx, sweep, NULL);
}
