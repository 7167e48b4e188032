/* Find one citizen, see who it is, begin or go on with an application. What may be seen is asked in party/, form/ and
   casefile/; here it is only put together. */
#include "counter_handlers.h"

#include "casefile/casefile.h"
#include "counter_views.h"
#include "i18n/i18n.h"
#include "municipality/municipality.h"
#include "party/party.h"
#include "service/service.h"
#include "tpl_counter_find.h"
#include "tpl_counter_person.h"

/* ---- find ---- */

static const struct {
    const char *key;
    enum text label, stored; /* stored: what the citizen reads in the access log */
} purposes[] = {
    {"apply", T_counter_purpose_apply, T_counter_purpose_apply_stored},
    {"continue", T_counter_purpose_continue, T_counter_purpose_continue_stored},
    {"status", T_counter_purpose_status, T_counter_purpose_status_stored},
    {"other", T_counter_purpose_other, T_counter_purpose_other},
};

static const struct {
    const char *key;
    enum channel channel;
    enum text label;
} channels[] = {
    {"counter", CHANNEL_COUNTER, T_counter_channel_counter},
    {"telephone", CHANNEL_TELEPHONE, T_counter_channel_telephone},
    {"letter", CHANNEL_LETTER, T_counter_channel_letter},
};

static void add_options(struct cx *cx, struct counter_find *v)
{
    v->channel.kind = v->purpose.kind = PAGE_FIELD_RADIO;
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++)
        vec_add(cx->arena, &v->channel.options,
                (struct page_option){.value = str_of(channels[i].key),
                                     .label = i18n_text(cx->lang, channels[i].label),
                                     .checked = str_eq_z(v->channel.value, channels[i].key)});
    for (size_t i = 0; i < sizeof purposes / sizeof *purposes; i++)
        vec_add(cx->arena, &v->purpose.options,
                (struct page_option){.value = str_of(purposes[i].key),
                                     .label = i18n_text(cx->lang, purposes[i].label),
                                     .checked = str_eq_z(v->purpose.value, purposes[i].key)});
}

static void set_field(struct cx *cx, struct counter_find *v, struct page_field *f, const char *id, enum text label)
{
    f->id = str_of(id);
    f->label = i18n_text(cx->lang, label);
    f->error = page_errors_of(&v->errors, f->id);
}

static enum err show_find(struct cx *cx, struct request *req, struct reply *rep, struct counter_find *v)
{
    bool norway = cx->muni && cx->muni->rules->country == COUNTRY_NO;
    set_field(cx, v, &v->idno, "idno", T_counter_idno);
    v->idno.hint = i18n_text(cx->lang, norway ? T_counter_idno_hint_no : T_counter_idno_hint_dk);
    v->idno.inputmode = S("numeric");
    v->idno.autocomplete = S("off");
    v->idno.width = 12;
    set_field(cx, v, &v->channel, "channel", T_counter_channel);
    set_field(cx, v, &v->purpose, "purpose", T_counter_purpose);
    v->purpose.hint = i18n_text(cx->lang, T_counter_purpose_hint);
    set_field(cx, v, &v->other, "other", T_counter_other);
    v->other.hint = i18n_text(cx->lang, T_counter_other_hint);
    v->other.optional = true;
    add_options(cx, v);
    struct page page = {.title = i18n_text(cx->lang, T_counter_title),
                        .face = PAGE_DESK,
                        .has_errors = v->errors.n > 0,
                        .status = v->refused ? 403 : 0,
                        .form_id = S("find")};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_counter_find(&o, v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

static void wrong(struct cx *cx, struct counter_find *v, const char *field, enum text message)
{
    page_errors_add(cx, &v->errors, str_of(field), i18n_text(cx->lang, message));
}

/* The purpose in the words the citizen will read, in the municipality's first language. */
static struct str purpose_of(struct cx *cx, const struct counter_find *v)
{
    for (size_t i = 0; i < sizeof purposes / sizeof *purposes; i++)
        if (str_eq_z(v->purpose.value, purposes[i].key) && !str_eq_z(v->purpose.value, "other"))
            return i18n_text(cx->muni->first_lang, purposes[i].stored);
    return v->other.value;
}

static enum channel channel_of(struct str key)
{
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++)
        if (str_eq_z(key, channels[i].key))
            return channels[i].channel;
    return 0;
}

/* What law 7 answered, said on the page where it can be mended. */
static bool explain(struct cx *cx, struct counter_find *v, enum err e)
{
    if (e == ERR_NOT_FOUND) {
        wrong(cx, v, "idno", T_counter_idno_unknown);
    } else if (e == ERR_UPSTREAM) {
        wrong(cx, v, "idno", T_counter_register_silent);
    } else if (e == ERR_FORBIDDEN && auth_has(cx->who, ROLE_COUNTER)) {
        v->refused = true;
        v->idno.value = S(""); /* a number nobody here may use does not stay on the screen */
    } else if (e == ERR_INVALID && str_eq_z(cx->fail.field, "idno")) {
        wrong(cx, v, "idno", T_counter_idno_invalid);
    } else if (e == ERR_INVALID && str_eq_z(cx->fail.field, "purpose")) {
        wrong(cx, v, str_eq_z(v->purpose.value, "other") ? "other" : "purpose",
              str_eq_z(v->purpose.value, "other") ? T_counter_other_short : T_counter_purpose_missing);
    } else {
        return false;
    }
    return true;
}

enum err counter_open(struct cx *cx, struct request *req, struct reply *rep)
{
    struct counter_find v = {0};
    enum lang lang;
    v.idno.value = req_str(req, "idno");
    v.channel.value = req_str(req, "channel");
    v.purpose.value = req_str(req, "purpose");
    v.other.value = req_str(req, "other");
    if (i18n_lang(req_str(req, "language"), &lang)) {
        page_switch_language(cx, rep, lang);
        return show_find(cx, req, rep, &v);
    }
    if (str_empty(v.idno.value))
        wrong(cx, &v, "idno", T_counter_idno_invalid);
    if (!channel_of(v.channel.value))
        wrong(cx, &v, "channel", T_counter_channel_missing);
    if (str_empty(v.purpose.value))
        wrong(cx, &v, "purpose", T_counter_purpose_missing);
    if (v.errors.n)
        return show_find(cx, req, rep, &v);
    enum err e = party_stay_begin(cx, v.idno.value, purpose_of(cx, &v), channel_of(v.channel.value));
    if (e && explain(cx, &v, e))
        return show_find(cx, req, rep, &v);
    return e ? e : reply_redirect(cx, rep, "/counter");
}

enum err counter_stop(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)req;
    enum err e = auth_stay_end(cx);
    if (e)
        return e;
    page_done(cx, rep, T_counter_stopped);
    return reply_redirect(cx, rep, "/counter");
}

/* ---- the one who is open ---- */

struct gathering {
    struct party party;
    struct form_drafts drafts;
    struct casefile_rows cases;
};

static enum err gather(struct cx *cx, void *ctx)
{
    struct gathering *g = ctx;
    enum err e = party_stay_get(cx, &g->party);
    if (!e)
        e = form_drafts_of_party(cx, g->party.id, &g->drafts);
    return e ? e : casefile_list_at_counter(cx, &g->cases);
}

static void add(struct cx *cx, struct counter_person *v, enum text label, struct str value)
{
    if (!str_empty(value))
        vec_add(cx->arena, &v->facts, (struct counter_fact){i18n_text(cx->lang, label), value});
}

static void add_who(struct cx *cx, const struct party *p, struct counter_person *v)
{
    struct buf address = buf_make(cx->arena);
    for (size_t i = 0; i < p->n_address; i++)
        buf_fmt(&address, "%s%" PRI_STR, i ? ", " : "", STR_ARG(p->address[i]));
    v->name = p->name;
    v->purpose = cx->who->stay->purpose;
    v->reserved = p->reserved_digital;
    v->masked = p->address_masked;
    add(cx, v, T_counter_idno, p->idno_masked);
    add(cx, v, T_counter_address, buf_str(&address));
    add(cx, v, T_counter_phone, p->phone);
    add(cx, v, T_counter_email, p->email);
    add(cx, v, T_counter_post, i18n_text(cx->lang, p->reserved_digital ? T_counter_paper : T_counter_digital));
}

static void add_cases(struct cx *cx, const struct casefile_rows *rows, struct counter_person *v)
{
    for (size_t i = 0; i < rows->rows.n; i++) {
        const struct casefile_row *r = &rows->rows.p[i];
        vec_add(cx->arena, &v->cases,
                (struct counter_case){.no = r->no,
                                      .title = r->title,
                                      .unit = r->unit_name,
                                      .state = casefile_state_text(cx, r->state, r->fell, r->sent_on, false),
                                      .has_deadline = r->deadline_us.set,
                                      .deadline = r->deadline_us.set ? civil_day_of_us(r->deadline_us.v - 1) : 0,
                                      .overdue = r->overdue});
    }
}

static void add_services(struct cx *cx, struct counter_person *v)
{
    struct service_list list = service_list(cx);
    for (size_t i = 0; i < list.rows.n; i++) {
        const struct service_version *s = list.rows.p[i];
        if (s->apply == SERVICE_INFORMATION || !form_of(s))
            continue;
        vec_add(cx->arena, &v->services,
                (struct counter_service){.name = words_in(&s->name, cx->lang),
                                         .summary = words_in(&s->summary, cx->lang),
                                         .href = str_fmt(cx->arena, "/form/%" PRI_STR, STR_ARG(s->key))});
    }
}

static enum err show_person(struct cx *cx, struct request *req, struct reply *rep)
{
    struct gathering g = {0};
    struct counter_person v = {0};
    enum err e = db_read(cx, gather, &g);
    if (e)
        return e;
    add_who(cx, &g.party, &v);
    v.drafts = g.drafts;
    add_cases(cx, &g.cases, &v);
    add_services(cx, &v);
    struct page page = {.title = v.name, .face = PAGE_DESK};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_counter_person(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err counter_page(struct cx *cx, struct request *req, struct reply *rep)
{
    if (!auth_has(cx->who, ROLE_COUNTER))
        return fail(cx, ERR_FORBIDDEN, "for the employees of the counter");
    return cx->who->stay ? show_person(cx, req, rep) : show_find(cx, req, rep, &(struct counter_find){0});
}
