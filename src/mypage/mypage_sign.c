/* What others ask me to sign, and what the one who asked can do meanwhile (law 11). */
#include "mypage_handlers.h"

#include "i18n/i18n.h"
#include "tpl_mypage_sign.h"
#include "tpl_mypage_signatures.h"
#include "tpl_mypage_take_back.h"

static void add_crumbs(struct cx *cx, struct page *page, bool below)
{
    struct str list = i18n_text(cx->lang, T_mypage_sign_title);
    vec_add(cx->arena, &page->crumbs, (struct page_crumb){list, below ? S("/mypage/signatures") : S("")});
    if (below)
        vec_add(cx->arena, &page->crumbs, (struct page_crumb){.label = page->title});
}

enum err mypage_signatures(struct cx *cx, struct request *req, struct reply *rep)
{
    struct casefile_to_signs view;
    enum err e = casefile_to_sign(cx, &view);
    if (e)
        return e;
    struct page page = {.title = i18n_text(cx->lang, T_mypage_sign_title), .face = PAGE_MYPAGE};
    add_crumbs(cx, &page, false);
    struct tpl o = tpl_begin(cx);
    tpl_mypage_signatures(&o, &view);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* ---- one of them ---- */

static void fill(struct cx *cx, struct mypage_sign *v)
{
    const struct service_version *s = service_version_by_id(cx, v->sign.file.service_version_id);
    v->falls = s && s->cosign.falls;
    v->phone = cx->muni->phone;
    v->agree.id = S("agree");
    v->agree.kind = PAGE_FIELD_CHECKBOX;
    v->agree.label = i18n_text(cx->lang, T_mypage_sign_agree_legend);
    v->agree.error = page_errors_of(&v->errors, S("agree"));
    vec_add(cx->arena, &v->agree.options,
            (struct page_option){.value = S("yes"), .label = i18n_text(cx->lang, T_mypage_sign_agree)});
    v->text.id = S("text");
    v->text.kind = PAGE_FIELD_TEXTAREA;
    v->text.label = i18n_text(cx->lang, T_mypage_sign_no_label);
    v->text.max = 2000;
    v->text.error = page_errors_of(&v->errors, S("text"));
}

static enum err show(struct cx *cx, struct request *req, struct reply *rep, struct mypage_sign *v)
{
    enum err e = casefile_sign_open(cx, req_param_id(req, "id"), &v->sign);
    if (e)
        return e;
    fill(cx, v);
    struct page page = {.title = i18n_fmt(cx, T_mypage_sign_heading, ARG("service", v->sign.row.title)),
                        .face = PAGE_MYPAGE,
                        .has_errors = v->errors.n > 0,
                        .status = v->gone ? 409 : 0};
    if (v->sign.row.open)
        page.form_id = S("refuse");
    add_crumbs(cx, &page, true);
    struct tpl o = tpl_begin(cx);
    tpl_mypage_sign(&o, v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err mypage_sign(struct cx *cx, struct request *req, struct reply *rep)
{
    return show(cx, req, rep, &(struct mypage_sign){0});
}

/* What happened meanwhile is what the page then shows. */
static enum err answered(struct cx *cx, struct request *req, struct reply *rep, struct mypage_sign *v, enum err e,
                         enum text done)
{
    if (e == ERR_CONFLICT) {
        v->gone = true;
        return show(cx, req, rep, v);
    }
    if (e)
        return e;
    page_done(cx, rep, done);
    return reply_redirect(cx, rep, "/mypage/sign/%lld", (long long)req_param_id(req, "id"));
}

enum err mypage_sign_send(struct cx *cx, struct request *req, struct reply *rep)
{
    struct mypage_sign v = {0};
    if (!str_eq(req_str(req, "agree"), S("yes"))) {
        page_errors_add(cx, &v.errors, S("agree"), i18n_text(cx->lang, T_mypage_sign_agree_missing));
        return show(cx, req, rep, &v);
    }
    enum err e = casefile_sign(cx, req_param_id(req, "id"), req_str(req, "hash"));
    return answered(cx, req, rep, &v, e, T_mypage_sign_done);
}

enum err mypage_sign_refuse(struct cx *cx, struct request *req, struct reply *rep)
{
    struct mypage_sign v = {.text.value = req_str(req, "text")};
    enum lang lang;
    if (i18n_lang(req_str(req, "language"), &lang)) {
        page_switch_language(cx, rep, lang);
        return show(cx, req, rep, &v);
    }
    if (str_empty(str_trim(v.text.value)))
        page_errors_add(cx, &v.errors, S("text"), i18n_text(cx->lang, T_mypage_sign_no_missing));
    else if (text_length(v.text.value) > 2000)
        page_errors_add(cx, &v.errors, S("text"), i18n_text(cx->lang, T_mypage_text_long));
    if (v.errors.n)
        return show(cx, req, rep, &v);
    enum err e = casefile_sign_refuse(cx, req_param_id(req, "id"), v.text.value);
    return answered(cx, req, rep, &v, e, T_mypage_sign_no_done);
}

enum err mypage_sign_document(struct cx *cx, struct request *req, struct reply *rep)
{
    return casefile_sign_document(cx, rep, req_param_id(req, "id"), req_param_id(req, "document"));
}

/* ---- the one who asked ---- */

enum err mypage_remind(struct cx *cx, struct request *req, struct reply *rep)
{
    int64_t id = req_param_id(req, "id");
    enum err e = casefile_remind(cx, id);
    if (e && e != ERR_CONFLICT) /* signed this moment, or reminded in another window: the page shows it */
        return e;
    page_done(cx, rep, e ? T_mypage_remind_not : T_mypage_remind_done);
    return reply_redirect(cx, rep, "/mypage/casefile/%lld", (long long)id);
}

enum err mypage_take_back(struct cx *cx, struct request *req, struct reply *rep)
{
    struct casefile_view open;
    struct casefile_signatures signatures;
    struct mypage_take_back v = {.id = req_param_id(req, "id")};
    enum err e = casefile_open_as_party(cx, v.id, &open);
    if (!e)
        e = casefile_signatures(cx, &open, &signatures);
    if (e || !signatures.can_take_back)
        return e ? e : reply_redirect(cx, rep, "/mypage/casefile/%lld", (long long)v.id);
    const struct service_version *service = service_version_by_id(cx, open.file.service_version_id);
    v.places = service && service->ceiling;
    struct page page = {.title = i18n_text(cx->lang, T_mypage_take_back_heading), .face = PAGE_MYPAGE};
    vec_add(cx->arena, &page.crumbs,
            (struct page_crumb){open.file.no, str_fmt(cx->arena, "/mypage/casefile/%lld", (long long)v.id)});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_mypage_take_back(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err mypage_take_back_send(struct cx *cx, struct request *req, struct reply *rep)
{
    int64_t id = req_param_id(req, "id"), draft;
    enum err e = casefile_take_back(cx, id, &draft);
    if (e == ERR_CONFLICT) { /* all have signed this moment, or it was done in another window */
        page_done(cx, rep, T_mypage_take_back_not);
        return reply_redirect(cx, rep, "/mypage/casefile/%lld", (long long)id);
    }
    if (e)
        return e;
    page_done(cx, rep, T_mypage_take_back_done);
    return reply_redirect(cx, rep, "/form/draft/%lld/review", (long long)draft);
}
