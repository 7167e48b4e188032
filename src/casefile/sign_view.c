/* Law 11, reading: what the two sides and the unit see of the signatures. */
#include "casefile_internal.h"

#include "access/access.h"

enum { TO_SIGN_MAX = 200 };

struct str sign_role(struct cx *cx, enum service_cosigner by)
{
    static const enum text roles[COSIGNER_COUNT] = {[COSIGN_NONE] = T_casefile_sign_role_other,
                                                    [COSIGN_CUSTODY] = T_casefile_sign_role_custody,
                                                    [COSIGN_SPOUSE] = T_casefile_sign_role_spouse,
                                                    [COSIGN_PERSON] = T_casefile_sign_role_other,
                                                    [COSIGN_ORGANISATION] = T_casefile_sign_role_organisation};
    return i18n_text(cx->lang, roles[by > COSIGN_NONE && by < COSIGNER_COUNT ? by : COSIGN_NONE]);
}

struct str sign_hex(struct cx *cx, struct str bytes)
{
    struct hash h = {0};
    if (bytes.n != HASH_BYTES)
        return S("");
    memcpy(h.b, bytes.p, HASH_BYTES);
    return hash_hex(cx->arena, h);
}

/* ---- the party's side, and the unit's ---- */

/* Who is asked: the organisation, else the person. To whom typed the number of another the register does not say whose
   it is: they name themselves by answering. */
static enum err who_is_asked(struct cx *cx, const struct q_casefile_signature_list *r, bool party_view, struct str *ret)
{
    struct q_casefile_signer_list *people;
    size_t n = 0;
    if (party_view && r->kind == COSIGN_PERSON) {
        *ret = i18n_text(cx->lang, T_casefile_sign_whose_number);
        return ERR_OK;
    }
    enum err e = r->name.n ? ERR_OK : q_casefile_signer_list(cx, r->id, &people, &n);
    if (!e)
        *ret = r->name.n ? r->name : n ? people[0].name : S("");
    return e;
}

static enum err add_signature(struct cx *cx, const struct q_casefile_signature_list *r, bool party_view,
                              struct casefile_signatures *to)
{
    struct casefile_signature s = {.id = r->id,
                                   .by = r->party_name.p ? r->party_name : S(""),
                                   .role = sign_role(cx, (enum service_cosigner)r->kind),
                                   .state = (enum casefile_signing)r->state,
                                   .called_off = r->state == CASEFILE_SIGN_LAPSED && r->answered_us.v < r->until_us,
                                   .is_void = r->missing && r->state == CASEFILE_SIGNED,
                                   .asked_us = r->asked_us,
                                   .until = civil_day_of_us(r->until_us - 1),
                                   .answered_us = r->answered_us,
                                   .employee = r->employee_name.p ? r->employee_name : S(""),
                                   .legal_basis = r->legal_basis,
                                   .hash = sign_hex(cx, r->hash),
                                   .text = S("")};
    enum err e = who_is_asked(cx, r, party_view, &s.who);
    bool words = s.state == CASEFILE_SIGN_REFUSED || s.state == CASEFILE_SIGN_SETTLED;
    if (!e && words && r->registration_id.set)
        e = record_text(cx, r->registration_id.v, &s.text);
    vec_add(cx->arena, &to->rows, s);
    return e;
}

struct listing {
    const struct casefile_view *view;
    struct casefile_signatures *ret;
};

static enum err list(struct cx *cx, void *ctx)
{
    const struct listing *l = ctx;
    const struct casefile *c = &l->view->file;
    struct casefile_signatures *ret = l->ret;
    struct q_casefile_signature_list *rows;
    size_t n;
    enum err e = q_casefile_signature_list(cx, c->id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        bool today = rows[i].reminded_us.set && rows[i].reminded_us.v > cx->now_us - DAY_US;
        ret->can_remind |= rows[i].state == CASEFILE_SIGN_WAITS && rows[i].until_us > cx->now_us && !today;
        e = add_signature(cx, &rows[i], l->view->party_view, ret);
    }
    bool kept = false;
    if (!e && l->view->party_view && ret->rows.n)
        e = form_submission_kept(cx, c->draft_id, &kept);
    ret->can_remind &= l->view->party_view && l->view->can[CASEFILE_DO_WITHDRAW];
    ret->can_take_back =
        kept && ((c->unsigned_n && l->view->can[CASEFILE_DO_WITHDRAW]) || c->state == CASEFILE_WITHDRAWN);
    return e;
}

enum err casefile_signatures(struct cx *cx, const struct casefile_view *view, struct casefile_signatures *ret)
{
    *ret = (struct casefile_signatures){0};
    return view->file.signatures ? db_read(cx, list, &(struct listing){view, ret}) : ERR_OK;
}

/* ---- the side of the one who is asked ---- */

static struct casefile_to_sign row_of(struct cx *cx, const struct q_casefile_signatures_of_party *r)
{
    bool withdrawn = r->case_state == CASEFILE_WITHDRAWN;
    return (struct casefile_to_sign){.id = r->id,
                                     .casefile_id = r->casefile_id,
                                     .no = r->no.p ? r->no : S(""),
                                     .title = title_text(cx, cx->lang, r->service_version_id, r->title),
                                     .from = r->party_name.p ? r->party_name : S(""),
                                     .state = (enum casefile_signing)r->state,
                                     .open = r->state == CASEFILE_SIGN_WAITS && r->until_us > cx->now_us &&
                                             r->case_state <= CASEFILE_WAITING,
                                     .mine = r->signed_by.set && r->signed_by.v == cx->who->party_id,
                                     .withdrawn = withdrawn,
                                     .asked_us = r->asked_us,
                                     .until = civil_day_of_us(r->until_us - 1),
                                     .answered_us = r->answered_us};
}

/* id 0: all of them. */
static enum err to_sign(struct cx *cx, int64_t id, int64_t at_most, struct casefile_to_signs *ret)
{
    struct q_casefile_signatures_of_party *rows;
    size_t n;
    *ret = (struct casefile_to_signs){0};
    if (cx->who->kind != WHO_PARTY)
        return fail(cx, ERR_FORBIDDEN, "not logged in as a person");
    enum err e = q_casefile_signatures_of_party(cx, cx->who->party_id, id, at_most, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        struct casefile_to_sign row = row_of(cx, &rows[i]);
        ret->waiting += row.open;
        vec_add(cx->arena, &ret->rows, row);
    }
    return e;
}

enum err casefile_to_sign(struct cx *cx, struct casefile_to_signs *ret)
{
    return to_sign(cx, 0, TO_SIGN_MAX, ret);
}

enum err casefile_to_sign_all(struct cx *cx, struct casefile_to_signs *ret)
{
    return to_sign(cx, 0, INT64_MAX, ret);
}

struct opening {
    int64_t id;
    struct casefile_view view; /* as a part of it is shown to one who signs */
    struct casefile_sign_view *ret;
};

static enum err find_row(struct cx *cx, int64_t id, struct casefile_to_sign *ret)
{
    struct casefile_to_signs found;
    enum err e = to_sign(cx, id, TO_SIGN_MAX, &found);
    if (!e && id && found.rows.n)
        *ret = found.rows.p[0];
    else if (!e || e == ERR_FORBIDDEN)
        e = fail(cx, ERR_NOT_FOUND, "nothing of that name is asked of this person");
    return e;
}

/* Its attachments; the application itself is what the page shows. */
static enum err attachments(struct cx *cx, const struct casefile *c, struct record_documents *ret)
{
    struct record_documents all;
    enum err e = record_documents(cx, c->record_id, true, &all);
    *ret = (struct record_documents){0};
    for (size_t i = 0; !e && i < all.rows.n; i++)
        if (all.rows.p[i].registration_id == c->application_id && all.rows.p[i].number > 1)
            vec_add(cx->arena, &ret->rows, all.rows.p[i]);
    return e;
}

static enum err why(struct cx *cx, struct casefile_sign_view *v, const struct q_casefile_signature_row *row)
{
    const struct service_version *s = service_version_by_id(cx, v->file.service_version_id);
    const struct service_law *law = s ? service_law(s, s->cosign.law) : NULL;
    v->hash = sign_hex(cx, row->hash);
    v->role = sign_role(cx, (enum service_cosigner)row->kind);
    v->organisation = row->name;
    v->law = law ? law->ref : S("");
    v->law_url = law ? law->url : S("");
    v->reason = S("");
    bool said_no = v->row.mine && v->row.state == CASEFILE_SIGN_REFUSED && row->registration_id.set;
    return said_no ? record_text(cx, row->registration_id.v, &v->reason) : ERR_OK;
}

static enum err open_fn(struct cx *cx, void *ctx)
{
    struct opening *o = ctx;
    struct casefile_sign_view *v = o->ret;
    struct q_casefile_signature_row row;
    bool found;
    *v = (struct casefile_sign_view){0};
    enum err e = find_row(cx, o->id, &v->row);
    if (!e)
        e = casefile_load(cx, v->row.casefile_id, &v->file);
    if (!e)
        e = q_casefile_signature_row(cx, o->id, &row, &found);
    if (!e)
        e = why(cx, v, &row);
    v->shown = v->row.open || (v->row.mine && v->row.state == CASEFILE_SIGNED);
    o->view = (struct casefile_view){.file = v->file, .party_view = true, .for_other = true};
    if (!e && v->file.party_id) /* a protected address is masked here as everywhere */
        e = party_get(cx, v->file.party_id, &o->view.party);
    if (!e && v->shown)
        e = casefile_answers(cx, &o->view, &v->answers);
    return e || !v->shown ? e : attachments(cx, &v->file, &v->documents);
}

static enum err enter(struct cx *cx, struct opening *o)
{
    enum err e = db_read(cx, open_fn, o);
    const struct service_version *v = e ? NULL : service_version_by_id(cx, o->ret->file.service_version_id);
    return e || !v ? e : auth_require(cx, v->assurance);
}

enum err casefile_sign_open(struct cx *cx, int64_t id, struct casefile_sign_view *ret)
{
    struct opening o = {.id = id, .ret = ret};
    enum err e = enter(cx, &o);
    if (!e && ret->shown)
        note_access(cx, &ret->file, "signature", access_purpose(cx, T_casefile_purpose_sign), false);
    return e;
}

enum err casefile_sign_document(struct cx *cx, struct reply *rep, int64_t id, int64_t document_id)
{
    struct casefile_sign_view v;
    const struct record_document *d = NULL;
    enum err e = casefile_sign_open(cx, id, &v);
    for (size_t i = 0; !e && i < v.documents.rows.n; i++)
        if (v.documents.rows.p[i].id == document_id)
            d = &v.documents.rows.p[i];
    if (!e && !d)
        e = fail(cx, ERR_NOT_FOUND, "no such attachment of what is signed");
    return e ? e : document_reply(cx, rep, d);
}
