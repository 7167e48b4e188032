/* What each service asks, why, and by which law: from the folders, no person in it. */
#include "auth/auth.h"
#include "i18n/i18n.h"
#include "oversight_handlers.h"
#include "tpl_oversight_service.h"
#include "tpl_oversight_services.h"

static struct str unit_of(struct cx *cx, const struct service_version *s)
{
    return municipality_unit_name(cx->muni, s->unit_key, cx->lang, S(""));
}

enum err oversight_services(struct cx *cx, struct request *req, struct reply *rep)
{
    struct oversight_services v = {0};
    struct service_list all = service_list(cx);
    for (size_t i = 0; i < all.rows.n; i++) {
        const struct service_version *s = all.rows.p[i];
        if (s->apply != SERVICE_INFORMATION)
            vec_add(cx->arena, &v.rows,
                    (struct oversight_service_row){s->key, words_in(&s->name, cx->lang), unit_of(cx, s),
                                                   (int64_t)form_questions(cx, s, cx->lang).rows.n});
    }
    struct page page = oversight_page(cx, T_oversight_services);
    struct tpl o = tpl_begin(cx);
    tpl_oversight_services(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

static void add_purpose(struct cx *cx, const struct service_version *s, const struct service_purpose *p,
                        const struct form_questions *all, struct oversight_service *v)
{
    const struct service_law *law = service_law(s, p->law);
    struct oversight_purpose *to = vec_push(cx->arena, &v->purposes);
    *to = (struct oversight_purpose){.text = words_in(&p->text, cx->lang),
                                     .law = law ? law->ref : S(""),
                                     .gdpr = p->gdpr,
                                     .example = law && law->example};
    for (size_t i = 0; i < all->rows.n; i++)
        if (all->rows.p[i].why == p)
            vec_add(cx->arena, &to->questions,
                    (struct oversight_question){all->rows.p[i].page, all->rows.p[i].label, all->rows.p[i].required,
                                                all->rows.p[i].from_register});
}

enum err oversight_service(struct cx *cx, struct request *req, struct reply *rep)
{
    const struct service_version *s = service_current(cx, req_param(req, "key"));
    if (!s || s->apply == SERVICE_INFORMATION)
        return fail(cx, ERR_NOT_FOUND, "no such service with a form");
    struct form_questions all = form_questions(cx, s, cx->lang);
    const struct service_purpose *access = service_purpose(s, s->access_purpose);
    struct oversight_service v = {.name = words_in(&s->name, cx->lang),
                                  .unit = unit_of(cx, s),
                                  .basis = s->retention_basis,
                                  .access_purpose = access ? words_in(&access->text, cx->lang) : S("")};
    v.retention = s->retention_keep ? i18n_text(cx->lang, T_oversight_kept)
                                    : i18n_fmt(cx, T_oversight_years, ARG("n", (int64_t)s->retention_years));
    for (size_t i = 0; i < s->purposes.n; i++)
        add_purpose(cx, s, &s->purposes.p[i], &all, &v);
    struct page page = oversight_page(cx, T_oversight_service);
    page.title = v.name;
    page.crumbs.p[page.crumbs.n - 1].label = v.name;
    struct tpl o = tpl_begin(cx);
    tpl_oversight_service(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}
