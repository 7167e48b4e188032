/* Giving a mandate, and ending one. */
#include "mandate_handlers.h"

#include "auth/auth.h"
#include "files/files.h"
#include "i18n/i18n.h"
#include "municipality/municipality.h"
#include "tpl_mandate_end.h"
#include "tpl_mandate_new.h"
#include "tpl_mandate_sure.h"

static void crumbs(struct cx *cx, struct page *page)
{
    vec_add(cx->arena, &page->crumbs, (struct page_crumb){i18n_text(cx->lang, T_mandate_title), S("/mandate")});
    vec_add(cx->arena, &page->crumbs, (struct page_crumb){.label = page->title});
}

static enum err show_new(struct cx *cx, struct request *req, struct reply *rep, struct mandate_new *v)
{
    bool norway = cx->muni->rules->country == COUNTRY_NO;
    v->idno.id = S("idno");
    v->idno.label = i18n_text(cx->lang, T_mandate_idno);
    v->idno.hint = i18n_text(cx->lang, norway ? T_mandate_idno_hint_no : T_mandate_idno_hint_dk);
    v->idno.inputmode = S("numeric");
    v->idno.autocomplete = S("off");
    v->idno.width = 12;
    v->idno.error = page_errors_of(&v->errors, S("idno"));
    v->name.id = S("name");
    v->name.label = i18n_text(cx->lang, T_mandate_name);
    v->name.hint = i18n_text(cx->lang, T_mandate_name_hint);
    v->name.autocomplete = S("off");
    v->name.error = page_errors_of(&v->errors, S("name"));
    mandate_terms_show(cx, &v->terms, &v->errors);
    struct page page = {.title = i18n_text(cx->lang, T_mandate_new),
                        .face = PAGE_MYPAGE,
                        .has_errors = v->errors.n > 0,
                        .form_id = S("new")};
    crumbs(cx, &page);
    struct tpl o = tpl_begin(cx);
    tpl_mandate_new(&o, v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err mandate_new(struct cx *cx, struct request *req, struct reply *rep)
{
    struct mandate_new v = {0};
    mandate_terms_begin(cx, &v.terms);
    return show_new(cx, req, rep, &v);
}

static void wrong(struct cx *cx, struct mandate_new *v, const char *field, enum text message)
{
    page_errors_add(cx, &v->errors, str_of(field), i18n_text(cx->lang, message));
}

/* What party/ answered, said where it can be mended. */
static bool explain(struct cx *cx, struct mandate_new *v, enum err e)
{
    if (e == ERR_INVALID && str_eq_z(cx->fail.field, "idno"))
        wrong(cx, v, "idno", T_mandate_idno_invalid);
    else if (e == ERR_INVALID && str_eq_z(cx->fail.field, "name"))
        wrong(cx, v, "name", T_mandate_name_short);
    else if (e == ERR_INVALID && str_eq_z(cx->fail.field, "until"))
        wrong(cx, v, "until", T_mandate_until_range);
    else if (e == ERR_CONFLICT)
        wrong(cx, v, "", T_mandate_too_many);
    else if (e == ERR_FORBIDDEN)
        wrong(cx, v, "", T_mandate_too_young);
    else
        return false;
    return true;
}

/* All that it lets one do, once more, before it is given. */
static enum err show_sure(struct cx *cx, struct request *req, struct reply *rep, const struct mandate_new *v,
                          const struct mandate_chosen *c)
{
    struct mandate_sure sure = {.who = v->name.value,
                                .what = mandate_what(cx, c->scope),
                                .how = mandate_how(cx, c->act),
                                .until = mandate_until(cx, opt_int(c->until_us)),
                                .idno = v->idno.value,
                                .name = v->name.value,
                                .scope = v->terms.scope.value,
                                .act = v->terms.act.value,
                                .day = v->terms.until.day,
                                .month = v->terms.until.month,
                                .year = v->terms.until.year};
    for (size_t i = 0; i < v->terms.services.options.n; i++)
        if (v->terms.services.options.p[i].checked)
            vec_add(cx->arena, &sure.services, v->terms.services.options.p[i].value);
    struct page page = {.title = i18n_text(cx->lang, T_mandate_sure), .face = PAGE_MYPAGE, .form_id = S("sure")};
    crumbs(cx, &page);
    struct tpl o = tpl_begin(cx);
    tpl_mandate_sure(&o, &sure);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err mandate_new_send(struct cx *cx, struct request *req, struct reply *rep)
{
    struct mandate_new v = {.idno.value = req_str(req, "idno"), .name.value = req_str(req, "name")};
    struct mandate_chosen chosen;
    struct str step = req_str(req, "do");
    enum lang lang;
    int64_t id;
    mandate_terms_take(cx, req, &v.terms, &v.errors, &chosen);
    if (i18n_lang(req_str(req, "language"), &lang)) {
        page_switch_language(cx, rep, lang);
        v.errors = (struct page_errors){0};
        mandate_terms_take(cx, req, &v.terms, &(struct page_errors){0}, &chosen);
        return show_new(cx, req, rep, &v);
    }
    if (str_eq_z(step, "change")) {
        v.errors = (struct page_errors){0};
        return show_new(cx, req, rep, &v);
    }
    struct party_offer_new offer = {v.idno.value, v.name.value, chosen.scope, chosen.act, chosen.until_us};
    enum err e = v.errors.n ? ERR_INVALID : party_offer_check(cx, &offer);
    if (!e && !str_eq_z(step, "give"))
        return show_sure(cx, req, rep, &v, &chosen);
    if (!e)
        e = party_offer(cx, &offer, &id);
    if (v.errors.n || (e && explain(cx, &v, e)))
        return show_new(cx, req, rep, &v);
    if (e)
        return e;
    page_done(cx, rep, T_mandate_done_offered);
    return reply_redirect(cx, rep, "/mandate");
}

/* ---- ending ---- */

enum err mandate_end(struct cx *cx, struct request *req, struct reply *rep)
{
    struct party_mandate m;
    enum err e = party_mandate_get(cx, req_param_id(req, "id"), &m);
    if (e)
        return e;
    party_stay_note(cx, "person");
    const struct stay *stay = cx->who->stay;
    int64_t me = stay ? stay->party_id : cx->who->party_id;
    bool given = m.giver_id == me;
    struct mandate_row row = mandate_row_of(cx, &m, given);
    if (!row.can_end)
        return fail(cx, ERR_CONFLICT, "it is over, or a register says it");
    struct mandate_end v = {
        .id = m.id,
        .heading = i18n_text(cx->lang, given ? T_mandate_withdraw : T_mandate_put_down),
        .text = i18n_fmt(cx, given ? T_mandate_withdraw_text : T_mandate_put_down_text, ARG("name", row.who)),
        .button = i18n_text(cx->lang, given ? T_mandate_withdraw_do : T_mandate_put_down_do),
        .back = stay ? S("/mandate/paper") : S("/mandate"),
        .who = row.who,
        .what = row.what,
        .how = row.how,
        .until = row.until};
    struct page page = {.title = v.heading, .face = stay ? PAGE_DESK : PAGE_MYPAGE};
    if (stay)
        vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    else
        crumbs(cx, &page);
    struct tpl o = tpl_begin(cx);
    tpl_mandate_end(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err mandate_end_send(struct cx *cx, struct request *req, struct reply *rep)
{
    enum err e = party_mandate_withdraw(cx, req_param_id(req, "id"));
    party_stay_note(cx, "person");
    if (e)
        return e;
    page_done(cx, rep, T_mandate_done_ended);
    return reply_redirect(cx, rep, "%s", cx->who->stay ? "/mandate/paper" : "/mandate");
}

/* ---- its paper ---- */

enum err mandate_document(struct cx *cx, struct request *req, struct reply *rep)
{
    struct party_mandate m;
    struct reply_file file = {0};
    enum err e = party_mandate_get(cx, req_param_id(req, "id"), &m);
    if (!e && !m.has_document)
        e = fail(cx, ERR_NOT_FOUND, "this mandate rests on no paper");
    if (!e)
        e = files_get_fd(cx, m.document.hash, &file.fd, &file.fd_bytes);
    if (e)
        return e;
    party_stay_note(cx, "document");
    file.type = m.document_mime;
    file.name = i18n_text(cx->lang, T_mandate_document);
    file.download = true;
    return reply_file(cx, rep, &file);
}
