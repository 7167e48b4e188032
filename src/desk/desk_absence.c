/* Who is away, said by oneself or by the leader. */
#include "desk_handlers.h"
#include "desk_team_views.h"

#include "i18n/i18n.h"
#include "tpl_desk_absence.h"

struct saying {
    struct auth_employee employee;
    struct auth_absence absence;
    bool own, known;
};

static enum err begin(struct cx *cx, struct request *req, struct saying *s)
{
    int64_t id = req_int(req, "employee");
    s->own = !id || id == cx->who->employee_id;
    enum err e = auth_employee_by_id(cx, s->own ? cx->who->employee_id : id, &s->employee);
    return e ? e : auth_absence_of(cx, s->employee.id, &s->absence, &s->known);
}

static enum err show(struct cx *cx, struct request *req, struct reply *rep, const struct saying *s,
                     struct desk_absence *v)
{
    const struct auth_absence *a = &s->absence;
    v->employee_id = s->employee.id;
    v->back = s->own ? S("/desk") : S("/desk/team");
    v->heading = s->own ? i18n_text(cx->lang, T_desk_absence_title)
                        : i18n_fmt(cx, T_desk_team_absence_of, ARG("name", s->employee.name));
    v->lead = s->own ? i18n_text(cx->lang, T_desk_absence_lead)
                     : i18n_fmt(cx, T_desk_absence_lead_of, ARG("name", s->employee.name));
    if (s->known && a->open_ended)
        v->now = i18n_fmt(cx, T_desk_absence_now_open, ARG("from", i18n_day(cx, a->from)), ARG("name", a->set_by));
    else if (s->known)
        v->now = i18n_fmt(cx, T_desk_absence_now, ARG("from", i18n_day(cx, a->from)),
                          ARG("until", i18n_day(cx, a->until)), ARG("name", a->set_by));
    v->until.hint = i18n_text(cx->lang, T_desk_absence_until_hint);
    v->until.optional = true;
    v->from.error = page_errors_of(&v->errors, S("from"));
    v->until.error = page_errors_of(&v->errors, S("until"));
    struct page page = {.title = v->heading, .face = PAGE_DESK, .has_errors = v->errors.n > 0};
    if (!s->own)
        vec_add(cx->arena, &page.crumbs, (struct page_crumb){i18n_text(cx->lang, T_desk_team_title), S("/desk/team")});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_desk_absence(&o, v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err desk_absence_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct saying s = {0};
    enum err e = begin(cx, req, &s);
    if (e)
        return e;
    struct desk_absence view = {.from = page_date_field(cx, "from", T_desk_absence_from),
                                .until = page_date_field(cx, "until", T_desk_absence_until)};
    page_date_put(cx, &view.from, s.known ? s.absence.from : civil_day_of_us(cx->now_us));
    if (s.known && !s.absence.open_ended)
        page_date_put(cx, &view.until, s.absence.until);
    return show(cx, req, rep, &s, &view);
}

static enum err save(struct cx *cx, const struct saying *s, struct desk_absence *v)
{
    day_t from = 0, until = 0;
    bool none = page_date_empty(&v->until);
    if (!page_date_day(&v->from, &from))
        page_errors_add(cx, &v->errors, S("from"), i18n_text(cx->lang, T_desk_absence_from_invalid));
    if (!none && !page_date_day(&v->until, &until))
        page_errors_add(cx, &v->errors, S("until"), i18n_text(cx->lang, T_desk_absence_until_invalid));
    if (v->errors.n)
        return ERR_INVALID;
    enum err e = auth_absence_set(cx, s->employee.id, from, none ? NULL : &until);
    if (e == ERR_INVALID)
        page_errors_add(cx, &v->errors, S("until"), i18n_text(cx->lang, T_desk_absence_until_early));
    return e;
}

enum err desk_absence_save(struct cx *cx, struct request *req, struct reply *rep)
{
    struct saying s = {0};
    enum err e = begin(cx, req, &s);
    if (e)
        return e;
    bool end = str_eq(req_str(req, "do"), S("end"));
    struct desk_absence view = {.from = page_date_field(cx, "from", T_desk_absence_from),
                                .until = page_date_field(cx, "until", T_desk_absence_until)};
    page_date_fill(cx, req, &view.from);
    page_date_fill(cx, req, &view.until);
    e = end ? auth_absence_end(cx, s.employee.id) : save(cx, &s, &view);
    if (view.errors.n)
        return show(cx, req, rep, &s, &view);
    if (e)
        return e;
    page_done(cx, rep, end ? T_desk_absence_ended : T_desk_absence_saved);
    return reply_redirect(cx, rep, "%s", s.own ? "/desk" : "/desk/team");
}
