/* The parts of an opened case file, and all of it for one who asks for access. */
#include "casefile_internal.h"

#include "access/access.h"

static enum err text_of(struct cx *cx, int64_t registration_id, struct str *ret)
{
    *ret = S("");
    return registration_id ? record_words(cx, registration_id, ret) : ERR_OK;
}

/* An employee, or a holder of a mandate, who may not see this party's protected address. */
static bool masked(const struct casefile_view *view)
{
    return view->party.address_masked;
}

/* ---- documents ---- */

static casefile_underway_fn underway, addressed; /* set once in app/modules.c, before any thread */

void casefile_underway_hook(casefile_underway_fn fn)
{
    underway = fn;
}

void casefile_addressed_hook(casefile_underway_fn fn)
{
    addressed = fn;
}

/* What the party must not read before it has arrived. */
enum err withheld(struct cx *cx, const struct casefile_view *view, int64_t **ret, size_t *ret_n)
{
    *ret_n = 0;
    return view->party_view && underway ? underway(cx, view->file.id, ret, ret_n) : ERR_OK;
}

bool among(int64_t id, const int64_t *ids, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i] == id)
            return true;
    return false;
}

enum err casefile_documents(struct cx *cx, const struct casefile_view *view, struct record_documents *ret)
{
    struct record_documents all;
    int64_t *hidden;
    size_t n;
    enum err e = withheld(cx, view, &hidden, &n);
    if (!e)
        e = record_documents(cx, view->file.record_id, view->party_view, &all);
    if (e)
        return e;
    *ret = (struct record_documents){0};
    for (size_t i = 0; i < all.rows.n; i++)
        if (!among(all.rows.p[i].registration_id, hidden, n))
            vec_add(cx->arena, &ret->rows, all.rows.p[i]);
    return ERR_OK;
}

enum err casefile_document_masked(struct cx *cx, const struct casefile_view *view,
                                  const struct record_document *document, bool *ret)
{
    int64_t *ids = NULL;
    size_t n = 0;
    enum err e = document->number == 1 && addressed ? addressed(cx, view->file.id, &ids, &n) : ERR_OK;
    *ret = document->number == 1 && (among(document->registration_id, ids, n) ||
                                     (masked(view) && document->registration_id == view->file.application_id));
    return e;
}

enum err casefile_document(struct cx *cx, const struct casefile_view *view, int64_t document_id,
                           struct record_document *ret)
{
    struct record_document d;
    int64_t *hidden;
    size_t n;
    bool mask;
    enum err e = record_document_get(cx, document_id, &d);
    if (!e)
        e = withheld(cx, view, &hidden, &n);
    if (!e)
        e = casefile_document_masked(cx, view, &d, &mask);
    if (e)
        return e;
    if (d.casefile_id != view->file.record_id || (view->party_view && !d.party_visible) ||
        among(d.registration_id, hidden, n))
        return fail(cx, ERR_NOT_FOUND, "no such document in this case file");
    if (mask) {
        note_view(cx, view, "document", true);
        return fail(cx, ERR_PROTECTED, "LAW 7: the document holds a protected address");
    }
    note_view(cx, view, "document", false);
    *ret = d;
    return ERR_OK;
}

/* ---- the application ---- */

enum err casefile_answers_json(struct cx *cx, const struct casefile_view *view, struct str *ret)
{
    if (masked(view))
        return fail(cx, ERR_FORBIDDEN, "LAW 7: the application holds a protected address");
    if (view->file.by_post)
        return fail(cx, ERR_NOT_FOUND, "the application came by post: there are no answers");
    return record_text(cx, view->file.application_id, ret);
}

static void mask_answers(struct cx *cx, struct form_shown *shown)
{
    for (size_t p = 0; p < shown->pages.n; p++)
        for (size_t i = 0; i < shown->pages.p[p].rows.n; i++)
            if (shown->pages.p[p].rows.p[i].address)
                shown->pages.p[p].rows.p[i].value = i18n_text(cx->lang, T_casefile_protected);
}

enum err casefile_answers(struct cx *cx, const struct casefile_view *view, struct form_shown *ret)
{
    struct str json;
    const struct service_version *v = service_version_by_id(cx, view->file.service_version_id);
    *ret = (struct form_shown){0};
    if (view->file.by_post) /* a document, no answers */
        return ERR_OK;
    if (!v)
        return fail(cx, ERR_NOT_FOUND, "the service version is gone");
    enum err e = record_text(cx, view->file.application_id, &json);
    if (!e)
        e = form_show(cx, v, json, cx->lang, ret);
    if (!e && masked(view))
        mask_answers(cx, ret);
    return e;
}

enum err casefile_lines(struct cx *cx, const struct casefile_view *view, struct casefile_lines *ret)
{
    struct q_casefile_line_list *rows;
    size_t n;
    *ret = (struct casefile_lines){0};
    enum err e = q_casefile_line_list(cx, view->file.id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &ret->rows, (struct casefile_line){rows[i].key, rows[i].label});
    if (!e && !n) {
        const struct casefile *f = &view->file;
        struct str name = title_text(cx, f->lang, f->service_version_id, f->title);
        vec_add(cx->arena, &ret->rows, (struct casefile_line){S("all"), name});
    }
    return e;
}

/* ---- questions, notes, contacts ---- */

enum err casefile_questions(struct cx *cx, const struct casefile_view *view, struct casefile_questions *ret)
{
    struct q_casefile_question_list *rows;
    size_t n;
    *ret = (struct casefile_questions){0};
    enum err e = q_casefile_question_list(cx, view->file.id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        struct casefile_question q = {.id = rows[i].id,
                                      .asked_by = rows[i].employee_name,
                                      .asked_us = rows[i].asked_us,
                                      .due_us = rows[i].due_us,
                                      .answered_us = rows[i].answered_us,
                                      .closed_us = rows[i].closed_us};
        e = text_of(cx, rows[i].registration_id, &q.text);
        if (!e)
            e = text_of(cx, rows[i].answer_id.v, &q.answer);
        vec_add(cx->arena, &ret->rows, q);
    }
    return e;
}

enum err casefile_notes(struct cx *cx, const struct casefile_view *view, struct casefile_notes *ret)
{
    struct q_casefile_note_list *rows;
    size_t n;
    *ret = (struct casefile_notes){0};
    if (view->party_view)
        return ERR_OK;
    enum err e = q_casefile_note_list(cx, view->file.record_id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        struct casefile_note note = {.at_us = rows[i].at_us, .author = rows[i].author.p ? rows[i].author : S("")};
        e = text_of(cx, rows[i].id, &note.text);
        vec_add(cx->arena, &ret->rows, note);
    }
    return e;
}

enum err casefile_contacts(struct cx *cx, const struct casefile_view *view, struct casefile_contacts *ret)
{
    struct q_casefile_contact_list *rows;
    size_t n;
    *ret = (struct casefile_contacts){0};
    enum err e = q_casefile_contact_list(cx, view->file.id, cx->now_us, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        if (view->party_view && rows[i].kind == CASEFILE_EXEMPTION)
            continue;
        struct casefile_contact c = {.id = rows[i].id,
                                     .kind = (enum casefile_contact_kind)rows[i].kind,
                                     .at_us = rows[i].at_us,
                                     .by = rows[i].employee_name,
                                     .legal_basis = rows[i].legal_basis,
                                     .reached = rows[i].reached,
                                     .due_us = rows[i].due_us,
                                     .answered_us = rows[i].answered_us,
                                     .closed_us = rows[i].closed_us,
                                     .fulfils = rows[i].fulfils};
        e = text_of(cx, rows[i].registration_id, &c.text);
        if (!e)
            e = text_of(cx, rows[i].answer_id.v, &c.answer);
        vec_add(cx->arena, &ret->rows, c);
    }
    return e;
}

enum err casefile_heard(struct cx *cx, int64_t casefile_id, bool *ret)
{
    struct q_casefile_contact_list *rows;
    size_t n;
    enum err e = q_casefile_contact_list(cx, casefile_id, cx->now_us, &rows, &n);
    bool heard = false;
    for (size_t i = 0; !e && i < n; i++)
        heard |= rows[i].fulfils;
    if (!e)
        *ret = heard;
    return e;
}

/* ---- all of it ---- */

static enum err export_events(struct cx *cx, const struct casefile_view *all, struct json_out *o)
{
    struct casefile_events events;
    enum err e = casefile_events(cx, all, &events);
    json_key(o, "timeline");
    json_begin_array(o);
    for (size_t i = 0; !e && i < events.rows.n; i++) {
        const struct casefile_event *v = &events.rows.p[i];
        json_begin_object(o);
        json_pair_us(o, "at", v->at_us);
        json_pair(o, "kind", v->kind);
        json_pair(o, "text", v->text);
        json_pair(o, "detail", v->detail);
        json_pair(o, "by", v->actor);
        json_end(o);
    }
    json_end(o);
    return e;
}

static enum err export_notes(struct cx *cx, const struct casefile_view *all, struct json_out *o)
{
    struct casefile_notes notes;
    enum err e = casefile_notes(cx, all, &notes);
    json_key(o, "notes");
    json_begin_array(o);
    for (size_t i = 0; !e && i < notes.rows.n; i++) {
        json_begin_object(o);
        json_pair_us(o, "at", notes.rows.p[i].at_us);
        json_pair(o, "by", notes.rows.p[i].author);
        json_pair(o, "text", notes.rows.p[i].text);
        json_end(o);
    }
    json_end(o);
    return e;
}

/* Why it is not erased in its time; as the notes, not of a child. */
static enum err export_held(struct cx *cx, const struct casefile_view *all, struct json_out *o)
{
    struct record_helds held = {0};
    enum err e = all->party_view ? ERR_OK : record_helds(cx, all->file.record_id, &held);
    json_key(o, "heldBack");
    json_begin_array(o);
    for (size_t i = 0; !e && i < held.rows.n; i++) {
        json_begin_object(o);
        json_pair(o, "reason", held.rows.p[i].reason);
        json_pair_us(o, "from", held.rows.p[i].put_us);
        if (held.rows.p[i].released_us.set)
            json_pair_us(o, "until", held.rows.p[i].released_us.v);
        json_end(o);
    }
    json_end(o);
    return e;
}

static enum err export_signatures(struct cx *cx, const struct casefile_view *view, struct json_out *o)
{
    struct casefile_signatures all;
    enum err e = casefile_signatures(cx, view, &all);
    json_key(o, "signatures");
    json_begin_array(o);
    for (size_t i = 0; !e && i < all.rows.n; i++) {
        const struct casefile_signature *s = &all.rows.p[i];
        static const char *const states[] = {"waits", "signed", "refused", "lapsed", "settled", "nobody"};
        json_begin_object(o);
        json_pair(o, "asked", s->who);
        json_pair_us(o, "at", s->asked_us);
        json_pair(o, "state", str_of(states[s->state]));
        json_pair(o, "by", s->by.n ? s->by : s->employee);
        if (s->answered_us.set)
            json_pair_us(o, "answered", s->answered_us.v);
        json_pair(o, "text", s->text);
        json_pair(o, "legalBasis", s->legal_basis);
        json_pair(o, "sha256", s->hash);
        json_end(o);
    }
    json_end(o);
    return e;
}

/* Notes too, but not what its party must not read before it has arrived. */
static enum err export_documents(struct cx *cx, const struct casefile_view *view, struct json_out *o)
{
    struct record_documents documents;
    int64_t *hidden;
    size_t n_hidden;
    enum err e = withheld(cx, view, &hidden, &n_hidden);
    if (!e)
        e = record_documents(cx, view->file.record_id, view->custody, &documents);
    json_key(o, "documents");
    json_begin_array(o);
    for (size_t i = 0; !e && i < documents.rows.n; i++) {
        const struct record_document *d = &documents.rows.p[i];
        if (among(d->registration_id, hidden, n_hidden))
            continue;
        json_begin_object(o);
        json_pair_us(o, "at", d->created_us);
        json_pair(o, "title", d->title);
        json_pair(o, "kind", d->kind);
        json_pair(o, "file", d->file_name);
        json_pair(o, "type", d->mime);
        json_pair(o, "sha256", hash_hex(cx->arena, d->file.hash));
        json_key(o, "bytes");
        json_i64(o, d->file.size);
        json_end(o);
    }
    json_end(o);
    return e;
}

static casefile_export_fn export_decisions; /* set once in app/modules.c, before any thread */

void casefile_export_hook(casefile_export_fn fn)
{
    export_decisions = fn;
}

struct export
{
    const struct casefile_view *view;
    struct str json;
};

static enum err export_all(struct cx *cx, void *ctx)
{
    struct export *x = ctx;
    struct casefile_view all = *x->view;
    struct str answers = S("null"); /* it came by post: it is among the documents */
    struct json *parsed;
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    all.party_view =
        all.custody; /* notes too: they are given out on a request for access, which for a child a person judges */
    enum err e = all.file.by_post ? ERR_OK : record_text(cx, all.file.application_id, &answers);
    if (!e)
        e = json_parse(cx, answers, &parsed);
    if (e)
        return e;
    json_begin_object(&o);
    json_pair(&o, "number", all.file.no);
    json_pair(&o, "service", all.file.service_key);
    json_pair(&o, "title", all.file.title);
    json_pair(&o, "unit", all.file.unit_name);
    json_pair(&o, "state", casefile_state_text(cx, all.file.state, all.file.fell, all.file.sent_on, false));
    json_pair_us(&o, "received", all.file.received_us);
    json_key(&o, "application"); /* law 7: somebody with the right for protected addresses gives this one out */
    if (masked(x->view))
        json_str(&o, i18n_text(cx->lang, T_casefile_protected));
    else
        json_value(&o, parsed);
    e = export_events(cx, &all, &o);
    if (!e)
        e = export_notes(cx, &all, &o);
    if (!e)
        e = export_held(cx, &all, &o);
    if (!e)
        e = export_signatures(cx, x->view, &o);
    if (!e && export_decisions)
        e = export_decisions(cx, x->view, &o);
    if (!e)
        e = export_documents(cx, x->view, &o);
    json_end(&o);
    x->json = buf_str(&b);
    return e;
}

enum err casefile_export(struct cx *cx, const struct casefile_view *view, struct str *ret_json)
{
    struct export x = {.view = view};
    enum err e = db_read(cx, export_all, &x);
    if (e)
        return e;
    note_access(cx, &view->file, "export", access_purpose(cx, T_casefile_purpose_export), false);
    *ret_json = x.json;
    return ERR_OK;
}
