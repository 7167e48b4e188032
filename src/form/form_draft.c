#include "form_draft.h"

#include "access/access.h"
#include "auth/auth.h"
#include "codec/codec.h"
#include "form_store.h"
#include "i18n/i18n.h"
#include "keys/keys.h"

enum { STEP_TRIES = 20 };

int64_t form_draft_expiry(const struct cx *cx, const struct service_version *service)
{
    day_t last = civil_day_of_us(cx->now_us) + (service->draft_days > 0 ? service->draft_days : 30);
    return civil_day_start_us(last + 1);
}

/* ---- the answers as they are kept: sealed JSON {"saved":{page:version},"raw":{name:[value]}} ---- */

enum err form_draft_seal(struct cx *cx, const struct form_draft *d, struct str *ret)
{
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    json_begin_object(&o);
    json_key(&o, "saved");
    json_begin_object(&o);
    for (size_t i = 0; i < d->saved.n; i++)
        json_key_str(&o, d->saved.p[i].page), json_i64(&o, d->saved.p[i].version);
    json_end(&o);
    json_key(&o, "raw");
    json_begin_object(&o);
    for (size_t i = 0; i < d->given.raws.list.n; i++) {
        const struct form_raw *r = &d->given.raws.list.p[i];
        json_key_str(&o, r->name);
        json_begin_array(&o);
        for (size_t k = 0; k < r->values.n; k++)
            json_str(&o, r->values.p[k]);
        json_end(&o);
    }
    json_end(&o);
    json_end(&o);
    return keys_seal_text(cx, buf_str(&b), ret);
}

static enum err answers_open(struct cx *cx, struct str blob, struct form_draft *d)
{
    if (!blob.n)
        return ERR_OK;
    struct str plain;
    struct json *top = NULL;
    enum err e = keys_open_text(cx, blob, &plain);
    if (!e)
        e = json_parse(cx, plain, &top);
    if (e)
        return e;
    const struct json *saved = json_get(top, "saved"), *raw = json_get(top, "raw");
    for (size_t i = 0; saved && i < saved->n; i++)
        vec_add(cx->arena, &d->saved, (struct form_saved){saved->items[i]->key, saved->items[i]->i64});
    for (size_t i = 0; raw && i < raw->n; i++) {
        VEC_OF(struct str) values = {0};
        for (size_t k = 0; k < raw->items[i]->n; k++)
            vec_add(cx->arena, &values, raw->items[i]->items[k]->text);
        form_raw_set(cx->arena, &d->given.raws, raw->items[i]->key, values.p, values.n);
    }
    return ERR_OK;
}

/* The name under which it is kept when a page or a row was saved. */
static struct str saved_key(struct cx *cx, const struct form_draft *d, struct form_spot at)
{
    return at.repeat ? str_cat(cx->arena, S(":"), at.row) : d->form->pages.p[at.page].id;
}

int64_t form_draft_saved(struct cx *cx, const struct form_draft *d, struct form_spot at)
{
    struct str key = saved_key(cx, d, at);
    for (size_t i = 0; i < d->saved.n; i++)
        if (str_eq(d->saved.p[i].page, key))
            return d->saved.p[i].version;
    return 0;
}

static void mark_saved(struct cx *cx, struct form_draft *d, struct form_spot at, int64_t version)
{
    struct str key = saved_key(cx, d, at);
    for (size_t i = 0; i < d->saved.n; i++)
        if (str_eq(d->saved.p[i].page, key)) {
            d->saved.p[i].version = version;
            return;
        }
    vec_add(cx->arena, &d->saved, (struct form_saved){key, version});
}

/* ---- opening ---- */

struct form_typist form_typist(const struct cx *cx, int64_t mandate_id)
{
    const struct who *w = cx->who;
    struct form_typist t = {.channel = CHANNEL_SELF, .mandate_id = {mandate_id != 0, mandate_id}};
    if (w->stay) {
        t.employee_id = opt_int(w->employee_id);
        t.unit_id = opt_int(w->acting_unit_id);
        t.channel = w->stay->channel;
    }
    return t;
}

/* Whose drafts cx->who fills in: one's own, or those of the citizen whom the counter has open. 0: of nobody. */
int64_t form_asker(const struct cx *cx)
{
    const struct who *w = cx->who;
    return w->kind == WHO_PARTY ? w->party_id : w->stay ? w->stay->party_id : 0;
}

/* By the mandate it was begun by, while that is in force. */
static enum err may_by_mandate(struct cx *cx, const struct q_form_draft_get *row, bool *ret)
{
    struct party_mandate m;
    const struct service_version *v = service_version_by_id(cx, row->version_id);
    *ret = false;
    if (cx->who->kind != WHO_PARTY || !row->mandate_id.set || !v)
        return ERR_OK;
    enum err e = party_mandate_get(cx, row->mandate_id.v, &m);
    if (e == ERR_NOT_FOUND)
        return ERR_OK;
    *ret = !e && m.holder_id == cx->who->party_id && m.giver_id == row->party_id.v && party_mandate_is_now(cx, &m) &&
           form_mandate_fits(v, &m);
    return e;
}

/* *ret_mandate: by which mandate; 0: by none. */
static enum err may_open(struct cx *cx, const struct q_form_draft_get *row, int64_t *ret_mandate)
{
    bool may;
    *ret_mandate = 0;
    const struct who *w = cx->who;
    if (w->stay) { /* law 7: what the citizen began alone is theirs to show */
        if (row->party_id.set && row->party_id.v == w->stay->party_id && row->begun_by.set)
            return ERR_OK;
    } else if (row->party_id.set) {
        if (w->kind == WHO_PARTY && w->party_id == row->party_id.v)
            return ERR_OK;
        if (w->kind == WHO_NOBODY)
            return fail(cx, ERR_LOGIN, "a draft belongs to the one who began it");
        enum err e = may_by_mandate(cx, row, &may);
        if (e || may)
            return *ret_mandate = row->mandate_id.v, e;
    } else if (row->session_id.v && w->kind != WHO_SYSTEM) {
        if (w->session_id == row->session_id.v || auth_session_origin(cx) == row->session_id.v)
            return ERR_OK;
    }
    return fail(cx, ERR_NOT_FOUND, "no draft %lld of this asker", (long long)row->id);
}

static enum err load_uploads(struct cx *cx, struct form_draft *d)
{
    struct q_form_uploads *rows;
    size_t n;
    enum err e = q_form_uploads(cx, d->id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &d->given.uploads,
                (struct form_upload){.id = rows[i].id,
                                     .field = rows[i].field,
                                     .name = rows[i].name,
                                     .mime = rows[i].mime,
                                     .file = {.hash = rows[i].hash, .size = rows[i].size}});
    return e;
}

static enum err load_party(struct cx *cx, int64_t party_id, struct form_draft *d)
{
    enum err e = party_get(cx, party_id, &d->party);
    if (!e && (d->form->prefills_contact || d->service->asks_household))
        e = party_facts(cx, party_id, &d->given.facts);
    if (!e)
        d->given.party = &d->party;
    return e;
}

struct open_ctx {
    int64_t id;
    struct form_draft *ret;
};

static enum err open_fn(struct cx *cx, void *ctx)
{
    struct open_ctx *o = ctx;
    struct form_draft *d = o->ret;
    struct q_form_draft_get row;
    bool found;
    *d = (struct form_draft){0};
    enum err e = q_form_draft_get(cx, o->id, &row, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "no draft %lld", (long long)o->id);
    if (!e)
        e = may_open(cx, &row, &d->by_mandate);
    if (e)
        return e;
    d->id = row.id, d->version = row.version, d->lang = (enum lang)row.lang, d->page = row.page;
    d->changed_us = row.changed_us, d->expires_us = row.expires_us;
    d->sent = row.sent_us.set;
    d->mandate_id = row.mandate_id.v;
    d->begun_by = row.begun_by.v;
    d->unit_id = row.typed_unit_id.v;
    d->anonymous = !row.party_id.set;
    d->given.today = civil_day_of_us(cx->now_us);
    d->service = service_version_by_id(cx, row.version_id);
    d->form = d->service ? form_of(d->service) : NULL;
    if (!d->form)
        return fail(cx, ERR_INTERNAL, "draft %lld is of a version without a form", (long long)row.id);
    if (row.party_id.set && (e = auth_require(cx, d->service->assurance)))
        return e;
    e = d->sent ? ERR_OK : answers_open(cx, row.answers, d);
    if (!e)
        e = load_uploads(cx, d);
    if (!e)
        e = form_earlier_load(cx, d);
    return e || !row.party_id.set ? e : load_party(cx, row.party_id.v, d);
}

void form_note_mandate(struct cx *cx, int64_t giver_id)
{
    access_note(cx, &(struct access_entry){.subject_party_id = giver_id,
                                           .kind = S("draft"),
                                           .purpose = access_purpose(cx, T_form_purpose_mandate)});
}

enum err form_draft_read(struct cx *cx, int64_t id, struct form_draft *ret)
{
    return db_read(cx, open_fn, &(struct open_ctx){id, ret});
}

enum err form_draft_open(struct cx *cx, int64_t id, struct form_draft *ret)
{
    enum err e = form_draft_read(cx, id, ret);
    if (!e)
        party_stay_note(cx, "draft");
    if (!e && ret->by_mandate)
        form_note_mandate(cx, ret->party.id);
    return e;
}

enum err form_draft_check(struct cx *cx, int64_t id)
{
    struct q_form_draft_get row;
    int64_t mandate_id;
    bool found;
    enum err e = q_form_draft_get(cx, id, &row, &found);
    return e || !found ? e : may_open(cx, &row, &mandate_id);
}

enum err form_draft_again(struct cx *cx, struct form_draft *d)
{
    const struct form *form = d->form;
    enum err e = form_draft_open(cx, d->id, d);
    if (!e && d->form != form)
        e = fail(cx, ERR_STALE, "draft %lld went on under another version meanwhile", (long long)d->id);
    return e;
}

/* ---- beginning ---- */

/* A register that does not answer stops nobody: its facts keep their time, and rules see how old they are. */
void form_ask_registers(struct cx *cx, const struct service_version *v, int64_t party_id)
{
    if (!v->asks_household || !party_id || !party_fetch_household(cx, party_id))
        return;
    log_line(cx, LOG_WARN, "household", "error=\"%" PRI_STR "\"", STR_ARG(cx->fail.detail));
    cx->fail = (struct fail){0};
}

struct start_ctx {
    const struct service_version *service;
    struct str answers;
    int64_t id;
    int64_t mandate_id, giver_id; /* 0: for oneself */
    struct form_useds used;
};

static enum err start_fn(struct cx *cx, void *ctx)
{
    struct start_ctx *s = ctx;
    struct form_typist typist = form_typist(cx, s->mandate_id);
    struct q_form_draft_add_in in = {.id = s->id,
                                     .version_id = s->service->id,
                                     .service_key = s->service->key,
                                     .lang = cx->lang,
                                     .page = form_of(s->service)->pages.p[0].id,
                                     .answers = s->answers,
                                     .now_us = cx->now_us,
                                     .expires_us = form_draft_expiry(cx, s->service),
                                     .typed_by = typist.employee_id,
                                     .typed_unit_id = typist.unit_id,
                                     .channel = typist.channel,
                                     .mandate_id = typist.mandate_id};
    if (s->giver_id) {
        in.party_id = opt_int(s->giver_id);
    } else if (form_asker(cx)) {
        in.party_id = opt_int(form_asker(cx));
    } else {
        enum err e = auth_session_keep(cx, &in.session_id.v);
        if (e)
            return e;
        in.session_id.set = true;
    }
    enum err e = q_form_draft_add(cx, &in);
    return e ? e : form_earlier_begin(cx, s->id, s->service, &s->used);
}

bool form_mandate_fits(const struct service_version *service, const struct party_mandate *mandate)
{
    /* what only a person can have is nothing an organisation applies for */
    bool person = service->apply != SERVICE_ANONYMOUS && mandate->giver_is_organisation;
    return mandate->act && !person && party_scope_covers(mandate->scope, service->key);
}

/* By a mandate that cx->who holds now. */
static enum err giver_of(struct cx *cx, const struct service_version *v, int64_t mandate_id, int64_t *ret)
{
    struct party_mandate m;
    enum err e = party_mandate_get(cx, mandate_id, &m);
    if (!e && (cx->who->kind != WHO_PARTY || m.holder_id != cx->who->party_id || !party_mandate_is_now(cx, &m)))
        e = fail(cx, ERR_NOT_FOUND, "no mandate of this person is in force");
    if (!e && !form_mandate_fits(v, &m))
        e = fail(cx, ERR_FORBIDDEN, "LAW 7: this mandate does not let one apply for this");
    if (!e)
        *ret = m.giver_id;
    return e;
}

enum err form_draft_start(struct cx *cx, struct str service_key, int64_t *ret_id)
{
    return form_draft_start_for(cx, service_key, 0, ret_id);
}

enum err form_draft_start_for(struct cx *cx, struct str service_key, int64_t mandate_id, int64_t *ret_id)
{
    const struct service_version *v = service_current(cx, service_key);
    struct str shut;
    if (!v || !form_of(v))
        return fail(cx, service_latest(cx, service_key) ? ERR_GONE : ERR_NOT_FOUND, "no form is open under that name");
    if (cx->who->kind == WHO_EMPLOYEE && !cx->who->stay)
        return fail(cx, ERR_FORBIDDEN, "an employee applies as a citizen");
    enum err e = form_shut_words(cx, v, &shut);
    if (!e && shut.n)
        e = fail(cx, ERR_GONE, "%" PRI_STR " takes no more applications", STR_ARG(v->key));
    if (!e && (v->apply != SERVICE_ANONYMOUS || form_asker(cx)))
        e = auth_require(cx, v->assurance > ASSURANCE_LOW ? v->assurance : ASSURANCE_LOW);
    if (e)
        return e;
    struct start_ctx s = {
        .service = v, .id = rand_id(), .mandate_id = mandate_id, .used.party_id = mandate_id ? 0 : form_asker(cx)};
    struct form_draft empty = {0};
    if (mandate_id && (e = giver_of(cx, v, mandate_id, &s.giver_id)))
        return e;
    form_ask_registers(cx, v, s.giver_id ? s.giver_id : form_asker(cx));
    e = form_draft_seal(cx, &empty, &s.answers);
    if (!e)
        e = db_write(cx, start_fn, &s);
    if (!e)
        e = form_earlier_note(cx, v, &s.used);
    if (!e)
        *ret_id = s.id;
    return e;
}

/* ---- one step ---- */

static bool same_values(const struct form_raw *a, const struct form_raw *b)
{
    size_t na = a ? a->values.n : 0, nb = b ? b->values.n : 0;
    if (na != nb)
        return false;
    for (size_t i = 0; i < na; i++)
        if (!str_eq(a->values.p[i], b->values.p[i]))
            return false;
    return true;
}

static bool nothing_new(const struct form_draft *d, const struct form_step *step)
{
    for (size_t i = 0; i < step->posted.list.n; i++)
        if (!same_values(&step->posted.list.p[i], form_raw_of(&d->given.raws, step->posted.list.p[i].name)))
            return false;
    return true;
}

/* A typed identity number becomes the person of the register: the number itself is kept with the party alone. What the
   register does not know stays as typed, and is wrong. */
static enum err resolve_idnos(struct cx *cx, const struct form_draft *d, struct form_raws *posted)
{
    for (size_t i = 0; i < posted->list.n; i++) {
        struct form_raw *r = &posted->list.p[i];
        struct str row;
        const struct form_field *f = form_field_of_key(d->form, r->name, &row);
        if (!f || f->kind != FORM_IDNO || r->values.n != 1 || !r->values.p[0].n)
            continue;
        const struct form_raw *now = form_raw_of(&d->given.raws, r->name);
        if (now && now->values.n == 2 && str_eq(now->values.p[1], r->values.p[0])) {
            form_raw_set(cx->arena, posted, r->name, now->values.p, 2); /* left as it was shown: masked */
            continue;
        }
        int64_t id = 0;
        struct str masked;
        enum err e = party_by_idno(cx, r->values.p[0], &id);
        if (!e)
            e = party_idno_masked(cx, id, &masked);
        if (e == ERR_INVALID || e == ERR_NOT_FOUND)
            continue;
        if (e)
            return e;
        struct str known[2] = {str_fmt(cx->arena, "#%lld", (long long)id), masked};
        form_raw_set(cx->arena, posted, r->name, known, 2);
    }
    return ERR_OK;
}

/* Is something wrong that stood there, or did the answers lead to questions that did not? */
static void judge(const struct form_draft *d, const struct form_eval *before, const struct form_eval *after,
                  struct form_spot at, struct form_stepped *ret)
{
    int first, last;
    for (size_t i = 0; i < after->wrong.n; i++) {
        const struct form_wrong *w = &after->wrong.p[i];
        if (w->field->page != at.page || (at.repeat && !str_eq(w->row, at.row)))
            continue;
        const struct form_row *row = w->row.n ? form_row_of(before, w->field->repeat, w->row) : NULL;
        struct form_eval was = form_in_row(before, row);
        ret->wrong |= form_at(&was, w->field)->visible; /* what was not there cannot be held against anyone yet */
    }
    struct form_eval was = form_in_row(before, at.repeat ? form_row_of(before, at.repeat, at.row) : NULL);
    struct form_eval is = form_in_row(after, at.repeat ? form_row_of(after, at.repeat, at.row) : NULL);
    form_spot_fields(d->form, at, &first, &last);
    for (int i = first; i <= last; i++) {
        const struct form_field *f = d->form->fields.p[i];
        if (f->repeat == at.repeat && (f->kind == FORM_REPEAT || (form_asks(f) && form_is_typed(&is, f))))
            ret->new_questions |= form_at(&is, f)->visible && !form_at(&was, f)->visible;
    }
}

/* What the new answers mean for where to go. */
static void decide(struct cx *cx, const struct form_draft *d, const struct form_eval *before,
                   const struct form_step *step, struct form_stepped *ret)
{
    struct form_eval after;
    form_evaluate(cx, d->form, &d->given, &after);
    *ret = (struct form_stepped){.page = step->at.page};
    if (step->go == FORM_GO_BACK && !step->at.repeat) {
        int p = form_page_before(&after, step->at.page);
        ret->page = p < 0 ? step->at.page : p;
    } else if (step->go == FORM_GO_TO) {
        ret->page = step->to;
    } else if (step->go == FORM_GO_NEXT || step->go == FORM_GO_ANOTHER) {
        judge(d, before, &after, step->at, ret);
        ret->stay = ret->wrong || ret->new_questions;
        if (!ret->stay && !step->at.repeat)
            ret->page = form_page_after(&after, step->at.page);
    }
    ret->stay |= step->go == FORM_GO_STAY;
}

struct save_ctx {
    struct q_form_draft_save_in in;
    const struct form_draft *d;
    struct str drop_row; /* whose files are deleted too; empty: none */
    int64_t changed;
};

static enum err drop_files(struct cx *cx, const struct form_draft *d, struct str row)
{
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < d->given.uploads.n; i++) {
        const struct form_upload *u = &d->given.uploads.p[i];
        struct str of;
        int64_t n;
        if (!form_field_of_key(d->form, u->field, &of) || !of.n || !str_eq(of, row))
            continue;
        e = q_form_upload_delete(cx, u->id, d->id, &n);
        if (!e && n)
            e = files_drop(cx, S(FORM_UPLOAD_USER), u->id);
    }
    return e;
}

static enum err save_fn(struct cx *cx, void *ctx)
{
    struct save_ctx *s = ctx;
    enum err e = q_form_draft_save(cx, &s->in, &s->changed);
    return e || s->changed != 1 || !s->drop_row.n ? e : drop_files(cx, s->d, s->drop_row);
}

/* Write it if the draft is as it was read. drop_row: the row that was taken away; empty: none. */
static enum err save(struct cx *cx, struct form_draft *d, int page, struct str drop_row, bool *ret_saved)
{
    struct form_typist typist = form_typist(cx, d->by_mandate);
    struct save_ctx s = {.in = {.id = d->id,
                                .version = d->version,
                                .lang = cx->lang,
                                .page = page < 0 ? S("review") : d->form->pages.p[page].id,
                                .now_us = cx->now_us,
                                .expires_us = form_draft_expiry(cx, d->service),
                                .typed_by = typist.employee_id,
                                .typed_unit_id = typist.unit_id,
                                .channel = typist.channel,
                                .mandate_id = typist.mandate_id},
                         .d = d,
                         .drop_row = drop_row};
    enum err e = form_draft_seal(cx, d, &s.in.answers);
    if (!e)
        e = db_write(cx, save_fn, &s);
    *ret_saved = !e && s.changed == 1;
    d->version += *ret_saved;
    return e;
}

/* A new row that nothing was written in, and that is left: it never was. */
static bool left_empty(const struct form_draft *d, const struct form_step *step, const struct form_raws *posted)
{
    if (step->go == FORM_GO_NEXT || step->go == FORM_GO_ANOTHER || step->go == FORM_GO_STAY)
        return false;
    for (size_t i = 0; i < posted->list.n; i++)
        for (size_t k = 0; k < posted->list.p[i].values.n; k++)
            if (posted->list.p[i].values.p[k].n)
                return false;
    for (size_t i = 0; i < d->given.uploads.n; i++) {
        struct str row;
        if (form_field_of_key(d->form, d->given.uploads.p[i].field, &row) && row.n && str_eq(row, step->at.row))
            return false;
    }
    return true;
}

/* The answers into the draft in memory. False: there is nothing to save. */
static enum err put_answers(struct cx *cx, struct form_draft *d, const struct form_step *step,
                            const struct form_raws *posted, bool *ret_put)
{
    const struct form_field *repeat = step->at.repeat;
    *ret_put = true;
    if (repeat && !form_row_there(d, repeat, step->at.row)) {
        *ret_put = !left_empty(d, step, posted);
        if (*ret_put && !form_row_add(cx, d, repeat, step->at.row))
            return fail(cx, ERR_RANGE, "more than %d rows of %" PRI_STR, FORM_ROWS, STR_ARG(repeat->id));
    }
    return ERR_OK;
}

enum err form_draft_step(struct cx *cx, struct form_draft *d, const struct form_step *step, struct form_stepped *ret)
{
    struct form_raws posted = step->posted;
    enum err e = resolve_idnos(cx, d, &posted);
    for (int try = 0; !e && try < STEP_TRIES; try++) {
        struct form_eval before;
        bool saved, put;
        if (d->sent)
            return fail(cx, ERR_DUPLICATE, "draft %lld has been sent", (long long)d->id);
        if (form_draft_saved(cx, d, step->at) != step->seen && !nothing_new(d, &(struct form_step){.posted = posted}))
            return fail(cx, ERR_CONFLICT, "page %" PRI_STR " of draft %lld was saved in another window",
                        STR_ARG(d->form->pages.p[step->at.page].id), (long long)d->id);
        e = put_answers(cx, d, step, &posted, &put);
        if (e)
            return e;
        form_evaluate(cx, d->form, &d->given, &before);
        for (size_t i = 0; put && i < posted.list.n; i++)
            form_raw_set(cx->arena, &d->given.raws, posted.list.p[i].name, posted.list.p[i].values.p,
                         posted.list.p[i].values.n);
        if (put)
            mark_saved(cx, d, step->at, d->version + 1);
        decide(cx, d, &before, step, ret);
        if (!put)
            return ERR_OK;
        e = save(cx, d, ret->page, (struct str){0}, &saved);
        if (e || saved)
            return e;
        e = form_draft_again(cx, d); /* another page was saved meanwhile */
    }
    return e ? e : fail(cx, ERR_BUSY, "draft %lld is being changed all the time", (long long)d->id);
}

enum err form_row_remove(struct cx *cx, struct form_draft *d, struct form_spot at, int64_t seen)
{
    enum err e = ERR_OK;
    for (int try = 0; !e && try < STEP_TRIES; try++) {
        bool saved;
        if (d->sent)
            return fail(cx, ERR_DUPLICATE, "draft %lld has been sent", (long long)d->id);
        if (form_row_there(d, at.repeat, at.row) && form_draft_saved(cx, d, at) != seen)
            return fail(cx, ERR_CONFLICT, "row %" PRI_STR " of draft %lld was saved in another window", STR_ARG(at.row),
                        (long long)d->id);
        if (!form_row_forget(cx, d, at))
            return fail(cx, ERR_NOT_FOUND, "no row %" PRI_STR " in this draft", STR_ARG(at.row));
        e = save(cx, d, at.page, at.row, &saved);
        if (e || saved)
            return e;
        e = form_draft_again(cx, d);
    }
    return e ? e : fail(cx, ERR_BUSY, "draft %lld is being changed all the time", (long long)d->id);
}

/* ---- going on under a newer version ---- */

bool form_asks_too(const struct form *form, const struct form_field *f)
{
    const struct form_field *other = form_field_of(form, f->id);
    return other && other->kind == f->kind && !other->repeat == !f->repeat &&
           (!f->repeat || str_eq(other->repeat->id, f->repeat->id));
}

struct renew_ctx {
    struct q_form_draft_renew_in in;
    const struct form_draft *d;
    const struct service_version *next;
    int64_t changed;
    struct form_useds used;
};

static enum err renew_fn(struct cx *cx, void *ctx)
{
    struct renew_ctx *r = ctx;
    enum err e = q_form_draft_renew(cx, &r->in, &r->changed);
    for (size_t i = 0; !e && r->changed && i < r->d->given.uploads.n; i++) {
        const struct form_upload *u = &r->d->given.uploads.p[i];
        struct str row;
        int64_t n;
        const struct form_field *f = form_field_of_key(r->d->form, u->field, &row);
        if (f && form_asks_too(form_of(r->next), f))
            continue;
        e = q_form_upload_delete(cx, u->id, r->d->id, &n);
        if (!e && n)
            e = files_drop(cx, S(FORM_UPLOAD_USER), u->id);
    }
    r->used.party_id = r->d->anonymous || r->d->mandate_id ? 0 : r->d->party.id;
    return e || !r->changed ? e : form_earlier_begin(cx, r->d->id, r->next, &r->used);
}

enum err form_draft_renew(struct cx *cx, int64_t id)
{
    struct form_draft d, next = {0};
    enum err e = form_draft_open(cx, id, &d);
    const struct service_version *v = e ? NULL : service_current(cx, d.service->key);
    if (!e && d.sent)
        e = fail(cx, ERR_DUPLICATE, "draft %lld has been sent", (long long)id);
    if (!e && (!v || !form_of(v) || v->id == d.service->id))
        e = fail(cx, ERR_NOT_FOUND, "there is no newer version to go on with");
    if (e)
        return e;
    for (size_t i = 0; i < d.given.raws.list.n; i++) {
        const struct form_raw *raw = &d.given.raws.list.p[i];
        struct str row;
        const struct form_field *f = form_field_of_key(d.form, raw->name, &row);
        if (f && form_asks_too(form_of(v), f))
            form_raw_set(cx->arena, &next.given.raws, raw->name, raw->values.p, raw->values.n);
    }
    struct form_typist typist = form_typist(cx, d.by_mandate);
    struct renew_ctx r = {.in = {.id = id,
                                 .version = d.version,
                                 .version_id = v->id,
                                 .lang = cx->lang,
                                 .page = form_of(v)->pages.p[0].id,
                                 .now_us = cx->now_us,
                                 .expires_us = form_draft_expiry(cx, v),
                                 .typed_by = typist.employee_id,
                                 .typed_unit_id = typist.unit_id,
                                 .channel = typist.channel,
                                 .mandate_id = typist.mandate_id},
                          .d = &d,
                          .next = v};
    e = form_draft_seal(cx, &next, &r.in.answers);
    if (!e)
        e = db_write(cx, renew_fn, &r);
    if (!e)
        e = form_earlier_note(cx, v, &r.used);
    return e || r.changed == 1 ? e : fail(cx, ERR_CONFLICT, "draft %lld was changed this moment", (long long)id);
}

/* ---- deleting and expiring ---- */

enum err form_draft_erase(struct cx *cx, int64_t id)
{
    int64_t n;
    enum err e = form_uploads_forget(cx, id);
    if (!e)
        e = form_earlier_forget(cx, id);
    return e ? e : q_form_draft_delete(cx, id, &n);
}

static enum err delete_fn(struct cx *cx, void *ctx)
{
    const int64_t *id = ctx;
    return form_draft_erase(cx, *id);
}

enum err form_draft_delete(struct cx *cx, int64_t id)
{
    struct form_draft d;
    enum err e = form_draft_open(cx, id, &d);
    if (!e && d.sent)
        e = fail(cx, ERR_DUPLICATE, "draft %lld has been sent", (long long)id);
    return e ? e : db_write(cx, delete_fn, &id);
}

enum err form_drafts_expire(struct cx *cx, int64_t *ret_n)
{
    struct q_form_drafts_expired *rows;
    size_t n;
    enum err e;
    *ret_n = 0;
    do {
        e = q_form_drafts_expired(cx, cx->now_us, &rows, &n);
        for (size_t i = 0; !e && i < n && !(e = cx_go_on(cx)); i++, ++*ret_n)
            e = db_write(cx, delete_fn, &rows[i].id);
    } while (!e && n);
    return e;
}
