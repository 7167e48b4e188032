/* The timeline. Each kind is a row here: who sees it, whether the party gets a notice, and its words for either side.
 */
#include "casefile_internal.h"

static const struct kind {
    const char *name;
    bool party_visible;
    bool notice;  /* the party gets an e-mail that there is news; after its own submission as a receipt */
    bool wording; /* what was written is in the registration: shown below the sentence */
    bool paper;   /* who is reserved from digital post, and so gets no e-mail, gets it as a letter (law 6) */
    enum text unit, party;
} kinds[] = {
#define ROW(name, visible, notice, wording, paper) \
    {#name, visible, notice, wording, paper, T_casefile_event_##name, T_casefile_event_##name##_party},
#include "event.tbl"
#undef ROW
};

static const struct kind *kind_of(struct str name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq_z(name, kinds[i].name))
            return &kinds[i];
    return NULL;
}

static casefile_paper_fn on_paper; /* set once in app/modules.c, before any thread */

void casefile_paper_hook(casefile_paper_fn fn)
{
    on_paper = fn;
}

enum err casefile_on_paper(struct cx *cx, const struct casefile_news *news)
{
    return on_paper ? on_paper(cx, news) : ERR_OK;
}

static struct str in_words(struct cx *cx, enum text key, struct str params, struct str name, struct str unit,
                           struct str title);

/* No e-mail goes to one who is reserved: the same words, by post. */
static enum err tell_on_paper(struct cx *cx, const struct casefile_event_new *event, const struct kind *kind)
{
    struct casefile c;
    struct party party;
    enum lang before = cx->lang;
    enum err e = casefile_load(cx, event->casefile_id, &c);
    if (!e && c.party_id)
        e = party_get(cx, c.party_id, &party);
    if (e || !c.party_id || !party.reserved_digital)
        return e;
    cx->lang = c.lang;
    struct casefile_news news = {.casefile_id = c.id,
                                 .text = in_words(cx, kind->party, event->params, S(""), S(""), S("")),
                                 .detail = event->written.n  ? event->written
                                           : event->detail.p ? event->detail
                                                             : S(""),
                                 .answer = kind->wording};
    e = on_paper(cx, &news);
    cx->lang = before;
    return e;
}

enum err casefile_event_add(struct cx *cx, const struct casefile_event_new *event)
{
    const struct kind *kind = kind_of(event->kind);
    const struct who *w = cx->who;
    struct q_casefile_event_number next;
    if (!kind)
        return fail(cx, ERR_INTERNAL, "no event of the kind \"%.*s\": add a row to event.tbl", STR_ARG(event->kind));
    enum err e = q_casefile_event_number(cx, event->casefile_id, &next);
    if (e)
        return e;
    e = q_casefile_event_insert(cx, &(struct q_casefile_event_insert_in){
                                        .casefile_id = event->casefile_id,
                                        .n = next.n,
                                        .at_us = cx->now_us,
                                        .kind = event->kind,
                                        .party_id = {w->kind == WHO_PARTY && w->party_id, w->party_id},
                                        .employee_id = {w->kind == WHO_EMPLOYEE, w->employee_id},
                                        .unit_id = {w->kind == WHO_EMPLOYEE && w->acting_unit_id, w->acting_unit_id},
                                        .party_visible = kind->party_visible,
                                        .params = event->params.n ? event->params : S("{}"),
                                        .detail = event->detail.p ? event->detail : S(""),
                                        .registration_id = {event->registration_id != 0, event->registration_id}});
    if (!e && kind->notice)
        e = casefile_notify(cx, event->casefile_id, str_fmt(cx->arena, "%lld", (long long)next.n));
    if (!e && kind->paper && on_paper)
        e = tell_on_paper(cx, event, kind);
    return e;
}

enum { ARGS_MAX = 8 };

/* A unit in the reader's language, and its telephone as it is today. */
static size_t unit_args(struct cx *cx, struct str key, struct i18n_arg *args)
{
    const struct municipality_unit *u = cx->muni ? municipality_unit(cx->muni, key) : NULL;
    if (!u)
        return 0; /* a unit of long ago: name and number stand in the event */
    args[0] = ARG("unit", words_in(&u->name, cx->lang));
    args[1] = ARG("phone", municipality_unit_phone(cx->muni, u));
    return 2;
}

/* `title`: of what was registered. "day" is a day, "unit_key" a unit, a map the same words in several languages,
 * "channel" a letter or an e-mail, other numbers are numbers, the rest is text. The first of a name counts. */
static struct str in_words(struct cx *cx, enum text key, struct str params, struct str name, struct str unit,
                           struct str title)
{
    struct i18n_arg args[ARGS_MAX + 2];
    struct json *json = NULL;
    size_t n = 0;
    args[n++] = ARG("name", name);
    args[n++] = ARG("by_unit", unit);
    if (params.n > 2 && json_parse(cx, params, &json))
        json = NULL;
    for (size_t i = 0; json && i < json->n && n < ARGS_MAX; i++) {
        const struct json *v = json->items[i];
        const char *arg = str_z(cx->arena, v->key);
        if (str_eq_z(v->key, "day"))
            args[n++] = ARG(arg, i18n_day(cx, (day_t)v->i64));
        else if (str_eq_z(v->key, "unit_key"))
            n += unit_args(cx, v->text, args + n);
        else if (str_eq_z(v->key, "channel"))
            args[n++] =
                ARG(arg, i18n_text(cx->lang, v->i64 == CHANNEL_EMAIL ? T_casefile_an_email : T_casefile_a_letter));
        else if (v->kind == JSON_MAP)
            args[n++] = ARG(arg, json_text(v, i18n_code(cx->lang)));
        else if (v->kind == JSON_INT)
            args[n++] = ARG(arg, v->i64);
        else
            args[n++] = ARG(arg, v->text);
    }
    args[n++] = ARG("title", title);
    return i18n_format(cx, key, args, n);
}

static struct str actor_of(struct cx *cx, const struct q_casefile_event_list *r)
{
    struct str unit = r->unit_key.p ? unit_text(cx, r->unit_key, r->unit_name) : S("");
    if (r->employee_name.p)
        return unit.n ? str_fmt(cx->arena, "%.*s, %.*s", STR_ARG(r->employee_name), STR_ARG(unit)) : r->employee_name;
    if (r->party_name.p)
        return r->party_name;
    if (str_eq_z(r->kind, "submitted")) /* by nobody else than the one who gave no name */
        return i18n_text(cx->lang, T_casefile_anonymous);
    return cx->muni ? cx->muni->name : S(""); /* done by the house itself */
}

struct listing {
    const struct casefile_view *view;
    struct casefile_events *ret;
};

/* What a letter is called says what was decided: to its party only once it has arrived (law 5). */
static void name_publicly(struct q_casefile_event_list *rows, size_t n, const int64_t *hidden, size_t n_hidden)
{
    for (size_t i = 0; i < n; i++)
        if (among(rows[i].registration_id.v, hidden, n_hidden))
            rows[i].title = rows[i].public_title;
}

static enum err list_events(struct cx *cx, void *ctx)
{
    const struct listing *l = ctx;
    struct q_casefile_event_list *rows;
    int64_t *hidden = NULL;
    size_t n, n_hidden = 0;
    enum err e = q_casefile_event_list(cx, l->view->file.id, l->view->party_view, &rows, &n);
    if (!e)
        e = withheld(cx, l->view, &hidden, &n_hidden);
    if (!e)
        name_publicly(rows, n, hidden, n_hidden);
    for (size_t i = 0; !e && i < n; i++) {
        const struct q_casefile_event_list *r = &rows[i];
        const struct kind *kind = kind_of(r->kind);
        bool mine = l->view->party_view && r->party_id.set && r->party_id.v == cx->who->party_id;
        struct casefile_event v = {.n = r->n,
                                   .at_us = r->at_us,
                                   .kind = r->kind,
                                   .detail = r->detail,
                                   .actor = actor_of(cx, r),
                                   .party_visible = r->party_visible,
                                   .registration_id = r->registration_id.v};
        struct str unit = r->unit_key.p ? unit_text(cx, r->unit_key, r->unit_name) : S("");
        struct str name = r->party_name.p ? r->party_name : r->employee_name.p ? r->employee_name : actor_of(cx, r);
        /* a mandate holder reads what the other person did in the third person */
        bool second_person = l->view->party_view && (mine || !r->party_id.set);
        v.text = kind ? in_words(cx, second_person ? kind->party : kind->unit, r->params, name, unit,
                                 r->title.p ? r->title : S(""))
                      : r->kind;
        if (kind && kind->wording && v.registration_id && !v.detail.n)
            e = record_text(cx, v.registration_id, &v.detail);
        vec_add(cx->arena, &l->ret->rows, v);
    }
    return e;
}

enum err casefile_events(struct cx *cx, const struct casefile_view *view, struct casefile_events *ret)
{
    *ret = (struct casefile_events){0};
    return db_read(cx, list_events, &(struct listing){view, ret});
}
