/* Law 7: who may open a case file, and the note of it. */
#include <assert.h>

#include "access/access.h"
#include "casefile_internal.h"
#include "keys/keys.h"

struct viewer viewer_of(struct cx *cx)
{
    const struct who *w = cx->who;
    if (w->kind == WHO_PARTY && w->party_id)
        return (struct viewer){1, {&w->party_id, 1}, w->party_id};
    if (w->kind == WHO_EMPLOYEE)
        return (struct viewer){2, {w->unit_ids, w->n_units}, w->party_id};
    return (struct viewer){0};
}

enum err viewer_sees(struct cx *cx, int64_t id, bool *ret)
{
    struct q_casefile_visible row = {.may = true};
    struct viewer v = viewer_of(cx);
    enum err e =
        cx->who->kind == WHO_SYSTEM ? ERR_OK : q_casefile_visible(cx, id, v.kind, v.refs, v.party, cx->now_us, &row);
    if (!e)
        *ret = row.may;
    return e;
}

struct str unit_text(struct cx *cx, struct str key, struct str name)
{
    const struct municipality_unit *u = cx->muni ? municipality_unit(cx->muni, key) : NULL;
    return u ? words_in(&u->name, cx->lang) : name;
}

struct str title_text(struct cx *cx, enum lang lang, int64_t service_version_id, struct str title)
{
    const struct service_version *v = cx->services ? service_version_by_id(cx, service_version_id) : NULL;
    return v ? words_in(&v->name, lang) : title;
}

enum err casefile_load(struct cx *cx, int64_t id, struct casefile *ret)
{
    struct q_casefile_row r;
    bool found;
    enum err e = q_casefile_row(cx, id, cx->now_us, &r, &found);
    if (e || !found)
        return e ? e : fail(cx, ERR_NOT_FOUND, "no such case file");
    *ret = (struct casefile){.id = r.id,
                             .no = r.no.p ? r.no : S(""),
                             .title = title_text(cx, cx->lang, r.service_version_id, r.title),
                             .state = (enum casefile_state)r.state,
                             .fell = r.fell,
                             .sent_on = appeal_sent_on((enum casefile_state)r.state, r.deadline_us),
                             .version = r.version,
                             .record_id = r.record_id,
                             .service_version_id = r.service_version_id,
                             .service_key = r.service_key,
                             .party_id = r.party_id.v,
                             .unit_id = r.unit_id,
                             .unit_name = unit_text(cx, r.unit_key, r.unit_name),
                             .caseworker_id = r.caseworker_id.v,
                             .caseworker_name = r.caseworker_name.p ? r.caseworker_name : S(""),
                             .caseworker_away = r.caseworker_away,
                             .lang = (enum lang)r.lang,
                             .received_us = r.received_us,
                             .deadline_us = r.deadline_us,
                             .suspended_us = r.suspended_us,
                             .suspended_left = r.suspended_left,
                             .decided_us = r.decided_us,
                             .closed_us = r.closed_us,
                             .arrived_us = r.arrived_us,
                             .appeal_until_us = r.appeal_until_us,
                             .application_id = r.application_id,
                             .draft_id = r.draft_id,
                             .channel = (enum channel)r.channel,
                             .by_post = r.by_post,
                             .helper_name = r.helper_name.p ? r.helper_name : S(""),
                             .helper_unit =
                                 r.helper_unit_key.p ? unit_text(cx, r.helper_unit_key, r.helper_unit_name) : S(""),
                             .holder_id = r.holder_id.v,
                             .holder_name = r.holder_name.p ? r.holder_name : S(""),
                             .unread = r.unread,
                             .signatures = r.signatures,
                             .unsigned_n = r.lacking,
                             .has_code = r.has_code,
                             .reply_failed = r.reply_failed};
    return ERR_OK;
}

static void note_as(struct cx *cx, const struct casefile *c, const char *kind, struct str purpose, unsigned roles,
                    bool refused)
{
    struct str basis = S("");
    const struct service_version *v = cx->services ? service_version_by_id(cx, c->service_version_id) : NULL;
    if (v) {
        const struct service_purpose *p = service_purpose(v, v->access_purpose);
        const struct service_law *law = p ? service_law(v, p->law) : NULL;
        if (p && !purpose.n)
            purpose = words_in(&p->text, access_house_lang(cx));
        if (law)
            basis = law->ref;
    }
    if (c->party_id)
        access_note(cx, &(struct access_entry){.subject_party_id = c->party_id,
                                               .casefile_id = c->id,
                                               .casefile_no = c->no,
                                               .kind = str_of(kind),
                                               .purpose = purpose,
                                               .legal_basis = roles ? S("") : basis,
                                               .roles = roles,
                                               .refused = refused});
}

void note_access(struct cx *cx, const struct casefile *c, const char *kind, struct str purpose, bool refused)
{
    note_as(cx, c, kind, purpose, 0, refused);
}

void note_view(struct cx *cx, const struct casefile_view *view, const char *kind, bool refused)
{
    note_as(cx, &view->file, kind, view->purpose, view->as, refused);
}

static void fill_can(struct cx *cx, struct casefile_view *v)
{
    for (int a = 0; a < CASEFILE_ACTION_COUNT; a++)
        v->can[a] = action_allowed(cx, &v->file, (enum casefile_action)a, v->party_view) &&
                    (!v->read_only || action_by((enum casefile_action)a) != BY_PARTY);
    v->can[CASEFILE_DO_CLOSE] &= !v->held;
}

/* One snapshot: the case file, whether the asker may see it, and its party. */
struct opening {
    struct str id_or_no;
    int64_t id;
    bool may;
    struct casefile_view view;
};

static enum err resolve(struct cx *cx, struct opening *o)
{
    struct q_casefile_id_by_no row;
    bool found;
    if (o->id || str_to_i64(o->id_or_no, &o->id))
        return ERR_OK;
    enum err e = q_casefile_id_by_no(cx, o->id_or_no, &row, &found);
    if (e || !found)
        return e ? e : fail(cx, ERR_NOT_FOUND, "no such case file");
    o->id = row.id;
    return ERR_OK;
}

/* Law 5, before the button is offered. */
static enum err look_at_holds(struct cx *cx, struct opening *o)
{
    struct q_casefile_hold_open holds = {0};
    bool closes = cx->who->kind == WHO_EMPLOYEE && action_allowed(cx, &o->view.file, CASEFILE_DO_CLOSE, false);
    enum err e = closes ? q_casefile_hold_open(cx, o->id, &holds) : ERR_OK;
    o->view.held = holds.open > 0;
    return e;
}

static enum err open_in_snapshot(struct cx *cx, void *ctx)
{
    struct opening *o = ctx;
    enum err e = resolve(cx, o);
    if (!e)
        e = casefile_load(cx, o->id, &o->view.file);
    if (!e)
        e = viewer_sees(cx, o->id, &o->may);
    if (!e && o->may && cx->who->kind == WHO_PARTY) {
        struct q_casefile_may_act act;
        e = q_casefile_may_act(cx, o->id, cx->who->party_id, cx->now_us, &act);
        o->view.read_only = !e && !act.may;
        o->view.custody = !e && act.custody;
    }
    if (!e && o->may && o->view.file.party_id)
        e = party_get(cx, o->view.file.party_id, &o->view.party);
    return e || !o->may ? e : look_at_holds(cx, o);
}

enum err casefile_open_as_party(struct cx *cx, int64_t id, struct casefile_view *ret)
{
    struct opening o = {.id = id};
    if (cx->who->kind != WHO_PARTY)
        return fail(cx, ERR_NOT_FOUND, "not logged in as a person");
    enum err e = db_read(cx, open_in_snapshot, &o);
    if (e)
        return e;
    if (!o.may)
        return fail(cx, ERR_NOT_FOUND, "no such case file of this person");
    o.view.party_view = true;
    o.view.for_other = o.view.file.party_id != cx->who->party_id;
    if (o.view.for_other)
        note_access(cx, &o.view.file, "casefile", S(""), false);
    fill_can(cx, &o.view);
    *ret = o.view;
    return ERR_OK;
}

enum err casefile_open_as_employee(struct cx *cx, struct str id_or_no, struct str purpose, struct casefile_view *ret)
{
    struct opening o = {.id_or_no = str_trim(id_or_no)};
    if (cx->who->kind != WHO_EMPLOYEE)
        return fail(cx, ERR_FORBIDDEN, "not an employee");
    enum err e = db_read(cx, open_in_snapshot, &o);
    if (e)
        return e;
    note_access(cx, &o.view.file, "casefile", purpose, !o.may);
    if (!o.may)
        return fail(cx, ERR_FORBIDDEN, "LAW 7: no unit of this employee has a task in it, or it is their own");
    fill_can(cx, &o.view);
    *ret = o.view;
    return ERR_OK;
}

enum err casefile_open_as_system(struct cx *cx, int64_t id, struct casefile_view *ret)
{
    struct opening o = {.id = id};
    if (cx->who->kind != WHO_SYSTEM)
        return fail(cx, ERR_FORBIDDEN, "for the program itself");
    enum err e = db_read(cx, open_in_snapshot, &o);
    if (!e)
        *ret = o.view;
    return e;
}

/* What a person may have typed: any case, hyphens and blanks, o for 0, i and l for 1 (Crockford's base 32). */
static struct str code_plain(struct cx *cx, struct str code)
{
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < code.n && b.n < 40; i++) {
        char c = code.p[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        if (c == 'o')
            c = '0';
        if (c == 'i' || c == 'l')
            c = '1';
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'))
            buf_add_char(&b, c);
    }
    return buf_str(&b);
}

struct hash casefile_code_hash(struct cx *cx, struct str code)
{
    return keys_lookup(cx, S("receipt-code"), code_plain(cx, code));
}

enum err casefile_open_by_code(struct cx *cx, struct str code, struct casefile_view *ret)
{
    struct q_casefile_by_code row;
    struct casefile_view v = {.party_view = true};
    bool found;
    enum err e = q_casefile_by_code(cx, casefile_code_hash(cx, code), &row, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "no case file has this code");
    if (!e)
        e = casefile_load(cx, row.id, &v.file);
    if (!e)
        *ret = v;
    return e;
}
