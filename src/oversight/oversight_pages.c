/* The front page, and the adviser's way into one case. */
#include "auth/auth.h"
#include "i18n/i18n.h"
#include "oversight_handlers.h"
#include "tpl_oversight_front.h"

bool oversight_is(const struct cx *cx, unsigned role)
{
    return cx->who->kind == WHO_EMPLOYEE && auth_has(cx->who, role);
}

struct page oversight_page(struct cx *cx, enum text title)
{
    struct page page = {.title = i18n_text(cx->lang, title), .face = PAGE_DESK};
    if (title != T_oversight_title)
        vec_add(cx->arena, &page.crumbs, (struct page_crumb){i18n_text(cx->lang, T_oversight_title), S("/oversight")});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    return page;
}

static enum err show(struct cx *cx, struct request *req, struct reply *rep, struct oversight_front *v)
{
    v->adviser = oversight_is(cx, ROLE_ADVISER);
    v->officer = oversight_is(cx, ROLE_DPO);
    v->leader = oversight_is(cx, ROLE_LEADER);
    v->no = (struct page_field){.id = S("no"),
                                .label = i18n_text(cx->lang, T_oversight_no),
                                .hint = i18n_text(cx->lang, T_oversight_no_hint),
                                .width = 12,
                                .value = v->no.value,
                                .error = page_errors_of(&v->errors, S("no"))};
    v->purpose = (struct page_field){.kind = PAGE_FIELD_TEXTAREA,
                                     .id = S("purpose"),
                                     .label = i18n_text(cx->lang, T_oversight_purpose),
                                     .hint = i18n_text(cx->lang, T_oversight_purpose_hint),
                                     .rows = 3,
                                     .max = CASEFILE_PURPOSE_MAX,
                                     .value = v->purpose.value,
                                     .error = page_errors_of(&v->errors, S("purpose"))};
    enum err e = v->adviser ? casefile_looks(cx, &v->looks) : ERR_OK;
    if (e)
        return e;
    struct page page = oversight_page(cx, T_oversight_title);
    page.has_errors = v->errors.n > 0;
    page.form_id = v->adviser ? S("look") : S("");
    struct tpl o = tpl_begin(cx);
    tpl_oversight_front(&o, v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err oversight_front(struct cx *cx, struct request *req, struct reply *rep)
{
    struct oversight_front v = {0};
    return show(cx, req, rep, &v);
}

enum err oversight_look(struct cx *cx, struct request *req, struct reply *rep)
{
    struct oversight_front v = {.no.value = req_str(req, "no"), .purpose.value = req_str(req, "purpose")};
    enum lang lang;
    int64_t id;
    if (i18n_lang(req_str(req, "language"), &lang)) {
        page_switch_language(cx, rep, lang);
        return show(cx, req, rep, &v);
    }
    enum err e = casefile_look_begin(cx, v.no.value, v.purpose.value, &id);
    if (e == ERR_INVALID) {
        bool no = str_eq(cx->fail.field, S("no"));
        page_errors_add(cx, &v.errors, cx->fail.field,
                        i18n_text(cx->lang, no ? T_oversight_no_invalid : T_oversight_purpose_invalid));
        return show(cx, req, rep, &v);
    }
    return e ? e : reply_redirect(cx, rep, "/oversight/casefile/%lld", (long long)id);
}
