/* The front page, the catalogue and the page of a service. */
#include "catalogue.h"
#include "i18n/i18n.h"
#include "service_handlers.h"
#include "service_views.h"
#include "tpl/tpl.h"
#include "tpl_service_catalogue.h"
#include "tpl_service_front.h"
#include "tpl_service_page.h"

enum {
    SEARCH_MAX = 50,
    FRONT_MAX = 12 /* what can be applied for, on the front page; the rest is behind "see everything" */
};

static struct html rich(struct cx *cx, const struct words *w)
{
    struct md *tree;
    struct str text = words_in(w, cx->lang);
    if (!text.n || markdown_parse(cx, text, &tree))
        return (struct html){text};
    return markdown_tree_html(cx, tree, 3);
}

static struct service_card card(struct cx *cx, const struct service_version *v)
{
    const struct municipality_unit *unit = municipality_unit(cx->muni, v->unit_key);
    return (struct service_card){.name = words_in(&v->name, cx->lang),
                                 .summary = words_in(&v->summary, cx->lang),
                                 .href = str_fmt(cx->arena, "/service/%" PRI_STR, STR_ARG(v->key)),
                                 .unit = unit ? words_in(&unit->name, cx->lang) : (struct str){0},
                                 .online = v->apply != SERVICE_INFORMATION};
}

static struct service_choice_link situation_link(struct cx *cx, const struct municipality_situation *s)
{
    return (struct service_choice_link){.name = words_in(&s->name, cx->lang),
                                        .text = words_in(&s->text, cx->lang),
                                        .href = str_fmt(cx->arena, "/service?situation=%" PRI_STR, STR_ARG(s->key))};
}

static struct str unit_href(struct cx *cx, struct str key)
{
    return str_fmt(cx->arena, "/service?unit=%" PRI_STR, STR_ARG(key));
}

/* Units that have a service of their own: the others would lead to an empty list. */
static bool has_service(const struct service_list *list, struct str unit)
{
    for (size_t i = 0; i < list->rows.n; i++)
        if (str_eq(list->rows.p[i]->unit_key, unit))
            return true;
    return false;
}

enum err service_front_page(struct cx *cx, struct request *req, struct reply *rep)
{
    const struct municipality *m = cx->muni;
    struct service_list list = service_list(cx);
    struct service_front v = {.phone = page_phone(cx, m->phone),
                              .phone_href = page_phone_href(cx, m->phone),
                              .hours = words_in(&m->hours, cx->lang),
                              .help = rich(cx, &m->help)};
    for (size_t i = 0; i < list.rows.n && v.online.rows.n < FRONT_MAX; i++)
        if (list.rows.p[i]->apply != SERVICE_INFORMATION)
            vec_add(cx->arena, &v.online.rows, card(cx, list.rows.p[i]));
    for (size_t i = 0; i < m->situations.n; i++)
        vec_add(cx->arena, &v.situations, situation_link(cx, &m->situations.p[i]));
    for (size_t i = 0; i < m->units.n; i++)
        if (has_service(&list, m->units.p[i].key))
            vec_add(cx->arena, &v.units,
                    (struct service_choice_link){.name = words_in(&m->units.p[i].name, cx->lang),
                                                 .href = unit_href(cx, m->units.p[i].key)});
    struct tpl o = tpl_begin(cx);
    tpl_service_front(&o, &v);
    struct page page = {.title = i18n_text(cx->lang, T_service_front_title)};
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* ---- the catalogue ---- */

static struct page_field choice(struct cx *cx, const char *id, enum text label, enum text all)
{
    struct page_field f = {
        .kind = PAGE_FIELD_SELECT, .id = str_of(id), .label = i18n_text(cx->lang, label), .optional = false};
    vec_add(cx->arena, &f.options, (struct page_option){.value = S(""), .label = i18n_text(cx->lang, all)});
    return f;
}

static bool fits(const struct service_version *v, struct str situation, struct str unit)
{
    bool in = !situation.n;
    for (size_t i = 0; i < v->situations.n; i++)
        in |= str_eq(v->situations.p[i], situation);
    return in && (!unit.n || str_eq(v->unit_key, unit));
}

static void add_choices(struct cx *cx, struct service_catalogue *v, struct str situation, struct str unit)
{
    const struct municipality *m = cx->muni;
    for (size_t i = 0; i < m->situations.n; i++)
        vec_add(cx->arena, &v->situation.options,
                (struct page_option){.value = m->situations.p[i].key,
                                     .label = words_in(&m->situations.p[i].name, cx->lang),
                                     .checked = str_eq(m->situations.p[i].key, situation)});
    for (size_t i = 0; i < m->units.n; i++)
        vec_add(cx->arena, &v->unit.options,
                (struct page_option){.value = m->units.p[i].key,
                                     .label = words_in(&m->units.p[i].name, cx->lang),
                                     .checked = str_eq(m->units.p[i].key, unit)});
}

enum err service_catalogue_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct str q = req_str(req, "q"), situation = req_str(req, "situation"), unit = req_str(req, "unit");
    struct service_list list = q.n ? service_search(cx, q, SEARCH_MAX) : service_list(cx);
    struct service_catalogue v = {
        .q = {.id = S("q"), .label = i18n_text(cx->lang, T_service_search_label), .value = q, .type = S("search")},
        .situation = choice(cx, "situation", T_service_by_situation, T_service_all_situations),
        .unit = choice(cx, "unit", T_service_by_unit, T_service_all_units),
        .filtered = q.n || situation.n || unit.n,
        .phone = page_phone(cx, cx->muni->phone),
        .phone_href = page_phone_href(cx, cx->muni->phone)};
    v.situation.value = situation, v.unit.value = unit;
    add_choices(cx, &v, situation, unit);
    for (size_t i = 0; i < list.rows.n; i++)
        if (fits(list.rows.p[i], situation, unit))
            vec_add(cx->arena, &v.found.rows, card(cx, list.rows.p[i]));
    struct tpl o = tpl_begin(cx);
    tpl_service_catalogue(&o, &v);
    struct page page = {.title = i18n_text(cx->lang, T_service_catalogue_title)};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* ---- a service ---- */

static void add_unit(struct cx *cx, struct service_view *view, struct str key)
{
    const struct municipality_unit *unit = municipality_unit(cx->muni, key);
    if (!unit)
        return;
    view->unit = words_in(&unit->name, cx->lang);
    view->unit_href = unit_href(cx, key);
    view->unit_phone = page_phone(cx, municipality_unit_phone(cx->muni, unit));
    view->unit_phone_href = page_phone_href(cx, municipality_unit_phone(cx->muni, unit));
    view->unit_email = municipality_unit_email(cx->muni, unit);
    view->unit_hours = words_in(words_empty(&unit->hours) ? &cx->muni->hours : &unit->hours, cx->lang);
}

static void add_lists(struct cx *cx, struct service_view *view, const struct service_version *v)
{
    for (size_t i = 0; i < v->links.n; i++)
        vec_add(
            cx->arena, &view->links,
            (struct service_choice_link){.name = words_in(&v->links.p[i].name, cx->lang), .href = v->links.p[i].url});
    for (size_t i = 0; i < cx->muni->places.n; i++)
        vec_add(cx->arena, &view->places, cx->muni->places.p[i]);
}

static service_shut_fn shut_hook; /* set once in app/modules.c, before any thread */

void service_shut_hook(service_shut_fn fn)
{
    shut_hook = fn;
}

static enum err shut_words(struct cx *cx, const struct service_version *v, struct str *ret)
{
    if (shut_hook)
        return shut_hook(cx, v, ret);
    *ret = service_opening_words(cx, v);
    return ERR_OK;
}

enum err service_page(struct cx *cx, struct request *req, struct reply *rep)
{
    const struct service_version *v = service_latest(cx, req_param(req, "key"));
    if (!v)
        return fail(cx, ERR_NOT_FOUND, "no service is called so");
    const struct service_law *law = service_law(v, v->decision_law);
    struct service_view view = {.name = words_in(&v->name, cx->lang),
                                .summary = words_in(&v->summary, cx->lang),
                                .start_href = str_fmt(cx->arena, "/form/%" PRI_STR, STR_ARG(v->key)),
                                .privacy_href = str_fmt(cx->arena, "/form/%" PRI_STR "/data", STR_ARG(v->key)),
                                .closed = rich(cx, &v->closed),
                                .online = v->apply != SERVICE_INFORMATION,
                                .anonymous = v->apply == SERVICE_ANONYMOUS,
                                .guidance = rich(cx, &v->guidance),
                                .audience = rich(cx, &v->audience),
                                .process = rich(cx, &v->process),
                                .data_use = rich(cx, &v->data_use),
                                .offline = rich(cx, &v->offline),
                                .duration = words_in(&v->duration, cx->lang),
                                .days = v->deadline_working_days,
                                .laws = law ? law->ref : (struct str){0},
                                .law_example = law && law->example};
    enum err e = shut_words(cx, v, &view.shut);
    if (e)
        return e;
    add_unit(cx, &view, v->unit_key);
    add_lists(cx, &view, v);
    struct tpl o = tpl_begin(cx);
    tpl_service_page(&o, &view);
    struct page page = {.title = view.name, .current = S("/service")};
    vec_add(cx->arena, &page.crumbs,
            (struct page_crumb){.label = i18n_text(cx->lang, T_service_catalogue_title), .href = S("/service")});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}
