#include "page_handlers.h"

#include "codec/codec.h"
#include "i18n/i18n.h"
#include "page_views.h"
#include "tpl/tpl.h"
#include "tpl_page_accessibility.h"
#include "tpl_page_help.h"
#include "tpl_page_privacy.h"

enum { YEAR_S = 365 * 24 * 3600 };

static struct str next_of(const struct request *req)
{
    struct str next = req_str(req, "next");
    return http_is_local(next) ? next : S("/");
}

void page_switch_language(struct cx *cx, struct reply *rep, enum lang to)
{
    cx->lang = to;
    reply_cookie(cx, rep, "language", str_of(i18n_code(to)), YEAR_S);
}

enum err page_language(struct cx *cx, struct request *req, struct reply *rep)
{
    enum lang lang;
    if (!i18n_lang(req_str(req, "to"), &lang))
        return fail_field(cx, ERR_INVALID, S("to"), "no such language");
    page_switch_language(cx, rep, lang);
    return reply_redirect(cx, rep, "%" PRI_STR, STR_ARG(next_of(req)));
}

enum err page_extend(struct cx *cx, struct request *req, struct reply *rep)
{
    /* that a request came is what extends the session */
    page_done(cx, rep, T_page_done_extended);
    return reply_redirect(cx, rep, "%" PRI_STR, STR_ARG(next_of(req)));
}

static struct page_about about(struct cx *cx)
{
    const struct municipality *m = page_municipality(cx);
    return (struct page_about){.muni = m,
                               .phone = page_phone(cx, m->phone),
                               .phone_href = page_phone_href(cx, m->phone),
                               .hours = words_in(&m->hours, cx->lang),
                               .help = markdown_html(cx, words_in(&m->help, cx->lang)),
                               .help_lang = str_of(lang_tag(words_lang(&m->help, cx->lang))),
                               .officer = markdown_html(cx, words_in(&m->data_officer, cx->lang)),
                               .officer_lang = str_of(lang_tag(words_lang(&m->data_officer, cx->lang)))};
}

static enum err reply_about(struct cx *cx, struct request *req, struct reply *rep, enum text title,
                            void (*template)(struct tpl *, const struct page_about *))
{
    struct page_about v = about(cx);
    struct tpl o = tpl_begin(cx);
    template(&o, &v);
    struct page page = {.title = i18n_text(cx->lang, title)};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err page_help(struct cx *cx, struct request *req, struct reply *rep)
{
    return reply_about(cx, req, rep, T_page_help_without, tpl_page_help);
}

enum err page_accessibility(struct cx *cx, struct request *req, struct reply *rep)
{
    return reply_about(cx, req, rep, T_page_accessibility, tpl_page_accessibility);
}

enum err page_privacy(struct cx *cx, struct request *req, struct reply *rep)
{
    return reply_about(cx, req, rep, T_page_privacy, tpl_page_privacy);
}

enum err page_municipality_css(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)req;
    struct reply_file file = {.type = S("text/css; charset=utf-8"),
                              .name = S("municipality.css"),
                              .bytes = municipality_css(cx, page_municipality(cx))};
    reply_public(rep, YEAR_S); /* its address holds a hash of what it is made from */
    return reply_file(cx, rep, &file);
}

enum err page_logo(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)req;
    struct reply_file file = {
        .type = S("image/svg+xml"), .name = S("logo.svg"), .bytes = page_municipality(cx)->logo_svg};
    if (!file.bytes.n)
        return fail(cx, ERR_NOT_FOUND, "the municipality has no logo");
    reply_public(rep, YEAR_S);
    return reply_file(cx, rep, &file);
}
