/* The data held about the citizen: with source and date; where notices go. A copy of everything: takeout/. */
#include "mypage_handlers.h"

#include "i18n/i18n.h"
#include "tpl_mypage_data.h"

struct gathering {
    struct party party;
    struct takeout_facts facts;
};

static enum err gather(struct cx *cx, void *ctx)
{
    struct gathering *g = ctx;
    enum err e = party_get(cx, cx->who->party_id, &g->party);
    return e ? e : takeout_facts(cx, cx->who->party_id, &g->facts);
}

static enum err show(struct cx *cx, struct request *req, struct reply *rep, struct mypage_data *view)
{
    struct gathering g = {0};
    enum err e = db_read(cx, gather, &g);
    if (e)
        return e;
    view->facts = g.facts;
    view->reserved = g.party.reserved_digital;
    view->is_protected = g.party.protected_address;
    if (!view->version) {
        view->version = g.party.version;
        view->email.value = g.party.email;
        view->phone.value = g.party.phone;
    }
    view->email = (struct page_field){.id = S("email"),
                                      .label = i18n_text(cx->lang, T_mypage_email_label),
                                      .hint = i18n_text(cx->lang, T_mypage_email_hint),
                                      .type = S("email"),
                                      .autocomplete = S("email"),
                                      .optional = true,
                                      .value = view->email.value,
                                      .error = page_errors_of(&view->errors, S("email"))};
    view->phone = (struct page_field){.id = S("phone"),
                                      .label = i18n_text(cx->lang, T_mypage_phone_label),
                                      .type = S("tel"),
                                      .autocomplete = S("tel"),
                                      .optional = true,
                                      .width = 12,
                                      .value = view->phone.value,
                                      .error = page_errors_of(&view->errors, S("phone"))};
    struct page page = {.title = i18n_text(cx->lang, T_mypage_data_title),
                        .face = PAGE_MYPAGE,
                        .has_errors = view->errors.n > 0,
                        .form_id = S("contact")};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_mypage_data(&o, view);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err mypage_data(struct cx *cx, struct request *req, struct reply *rep)
{
    struct mypage_data view = {0};
    return show(cx, req, rep, &view);
}

enum err mypage_data_save(struct cx *cx, struct request *req, struct reply *rep)
{
    struct mypage_data view = {
        .version = req_int(req, "version"), .email.value = req_str(req, "email"), .phone.value = req_str(req, "phone")};
    enum lang lang;
    if (i18n_lang(req_str(req, "language"), &lang)) {
        page_switch_language(cx, rep, lang);
        return show(cx, req, rep, &view);
    }
    enum err e = party_set_contact(cx, cx->who->party_id,
                                   &(struct party_contact){view.version, view.email.value, view.phone.value});
    if (e == ERR_INVALID) {
        bool email = str_eq(cx->fail.field, S("email"));
        page_errors_add(cx, &view.errors, cx->fail.field,
                        i18n_text(cx->lang, email ? T_mypage_email_invalid : T_mypage_phone_invalid));
        return show(cx, req, rep, &view);
    }
    if (e)
        return e;
    page_done(cx, rep, T_mypage_data_done);
    return reply_redirect(cx, rep, "/mypage/data");
}
