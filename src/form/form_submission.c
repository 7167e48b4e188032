/* A draft that is sent: who typed it, what it says, who else must sign, and what is kept until they have. */
#include "auth/auth.h"
#include "form_draft.h"
#include "form_store.h"

enum { SENT_DAYS = 30 };

/* Who sends it for the party, by a mandate. */
static enum err fill_holder(struct cx *cx, struct form_submission *ret)
{
    ret->holder_id = cx->who->party_id;
    return party_name(cx, cx->who->party_id, &ret->helper);
}

/* Who typed: the employee who sends it, or the one who began it before the citizen went on alone. */
static enum err fill_helper(struct cx *cx, const struct form_draft *d, struct form_submission *ret)
{
    struct form_typist typist = form_typist(cx, d->by_mandate);
    struct auth_employee employee;
    struct auth_unit unit;
    ret->channel = typist.channel;
    if (d->by_mandate)
        return fill_holder(cx, ret);
    ret->helper_id = typist.employee_id.set ? typist.employee_id.v : d->begun_by;
    ret->helper_unit_id = typist.unit_id.set ? typist.unit_id.v : d->unit_id;
    if (!ret->helper_id)
        return ERR_OK;
    enum err e = auth_employee_by_id(cx, ret->helper_id, &employee);
    if (!e)
        e = auth_unit_by_id(cx, ret->helper_unit_id, &unit);
    if (!e)
        ret->helper = str_fmt(cx->arena, "%" PRI_STR " (%" PRI_STR ")", STR_ARG(unit.name), STR_ARG(employee.name));
    return e;
}

static enum err fill(struct cx *cx, const struct form_draft *d, struct form_submission *ret)
{
    struct form_eval e;
    form_evaluate(cx, d->form, &d->given, &e);
    if (e.wrong.n) {
        const struct form_field *f = e.wrong.p[0].field;
        struct str place =
            str_fmt(cx->arena, "%" PRI_STR "/%" PRI_STR, STR_ARG(d->form->pages.p[f->page].id), STR_ARG(f->id));
        return fail_field(cx, ERR_INVALID, place, "%zu answers of draft %lld are wrong or missing", e.wrong.n,
                          (long long)d->id);
    }
    ret->draft_id = d->id;
    ret->party_id = d->anonymous ? 0 : d->party.id;
    ret->version_id = d->service->id;
    ret->lang = cx->lang; /* of the review page: what the citizen saw when sending … */
    if (ret->channel != CHANNEL_SELF || d->by_mandate)
        ret->lang = d->party.lang; /* … but who types for another may read another language */
    ret->title = words_in(&d->service->name, ret->lang);
    ret->answers_json = form_answers_json(cx, &e, &(struct form_json_head){ret->lang, ret->channel, ret->helper});
    form_lines_of(cx, &e, ret->lang, ret);
    for (size_t i = 0; i < d->given.uploads.n; i++) {
        const struct form_upload *u = &d->given.uploads.p[i];
        struct str row;
        const struct form_field *f = form_field_of_key(d->form, u->field, &row);
        const struct form_row *in = f && f->repeat ? form_row_of(&e, f->repeat, row) : NULL;
        struct form_eval here = form_in_row(&e, in);
        if (f && form_at(&here, f)->visible)
            vec_add(cx->arena, &ret->documents,
                    (struct form_document){.name = u->name, .mime = u->mime, .kind = f->doc_kind, .file = u->file});
    }
    return ERR_OK;
}

static void fill_cosign(struct cx *cx, const struct form_draft *d, struct form_cosign *ret)
{
    struct form_eval e;
    if (d->service->cosign.by == COSIGN_NONE)
        return;
    *ret = (struct form_cosign){.service = d->service, .party_id = d->party.id, .named = !d->form->cosign};
    if (!d->form->cosign)
        return;
    form_evaluate(cx, d->form, &d->given, &e);
    const struct form_value *v = form_at(&e, d->form->cosign);
    ret->named = v->visible && !v->empty && !v->bad;
    ret->person_id = ret->named ? v->number : 0;
    ret->orgno = ret->named ? v->text : S("");
}

enum err form_submission_prepare(struct cx *cx, int64_t draft_id, struct form_cosign *ret)
{
    struct form_draft d;
    *ret = (struct form_cosign){0};
    if (form_draft_read(cx, draft_id, &d) || d.sent) {
        cx->fail = (struct fail){0}; /* form_submission_take says it */
        return ERR_OK;
    }
    form_ask_registers(cx, d.service, d.anonymous ? 0 : d.party.id);
    fill_cosign(cx, &d, ret);
    return ERR_OK;
}

/* ---- kept until all have signed ---- */

/* Some days longer than there is to sign in: the clock of the case file ends it, not this. */
enum { KEPT_DAYS_MORE = 30 };

int form_kept_days(const struct service_version *v)
{
    return v->cosign.days + KEPT_DAYS_MORE;
}

static enum err keep_answers(struct cx *cx, const struct form_draft *d)
{
    struct q_form_draft_keep_in in = {.id = rand_id(),
                                      .of = d->id,
                                      .page = S("review"),
                                      .now_us = cx->now_us,
                                      .expires_us = cx->now_us + form_kept_days(d->service) * DAY_US};
    enum err e = form_draft_seal(cx, d, &in.answers);
    if (!e)
        e = q_form_draft_keep(cx, &in);
    return e ? e : q_form_uploads_move(cx, d->id, in.id);
}

/* It is this person's, and can be sent anew: under its own version or the one that has come after (form_draft_renew).
 */
static bool may_reopen(struct cx *cx, const struct q_form_draft_kept *kept)
{
    const struct service_version *v = service_version_by_id(cx, kept->version_id);
    return v && cx->who->kind == WHO_PARTY && kept->party_id.v == cx->who->party_id && service_current(cx, v->key);
}

enum err form_submission_reopen(struct cx *cx, int64_t draft_id, int64_t *ret_id)
{
    struct q_form_draft_kept kept;
    bool found;
    int64_t n = 0;
    enum err e = q_form_draft_kept(cx, draft_id, &kept, &found);
    if (!e && (!found || !may_reopen(cx, &kept)))
        e = fail(cx, ERR_NOT_FOUND, "no answers are kept that this person may send anew");
    const struct service_version *v = e ? NULL : service_version_by_id(cx, kept.version_id);
    if (!e)
        e = q_form_draft_reopen(cx, kept.id, kept.version, cx->now_us, form_draft_expiry(cx, v), &n);
    if (!e && n)
        e = form_intake_give(cx, v);
    if (!e && n)
        *ret_id = kept.id;
    return e || n ? e : fail(cx, ERR_CONFLICT, "the kept answers were changed this moment");
}

enum err form_submission_kept(struct cx *cx, int64_t draft_id, bool *ret)
{
    struct q_form_draft_kept kept;
    bool found;
    enum err e = q_form_draft_kept(cx, draft_id, &kept, &found);
    if (!e)
        *ret = found && may_reopen(cx, &kept);
    return e;
}

enum err form_submission_forget(struct cx *cx, int64_t draft_id)
{
    struct q_form_draft_kept kept;
    bool found;
    enum err e = q_form_draft_kept(cx, draft_id, &kept, &found);
    return e || !found ? e : form_draft_erase(cx, kept.id);
}

enum err form_submission_take(struct cx *cx, int64_t draft_id, int64_t expected_version, struct form_submission *ret)
{
    struct form_draft d;
    struct form_submission taken = {0};
    int64_t changed = 0;
    enum err e = form_draft_read(cx, draft_id, &d); /* no note: a write function may run again */
    if (!e && d.sent)
        e = fail(cx, ERR_DUPLICATE, "draft %lld has been sent", (long long)draft_id);
    if (!e && d.version != expected_version)
        e = fail(cx, ERR_CONFLICT, "draft %lld is at version %lld, not %lld", (long long)draft_id, (long long)d.version,
                 (long long)expected_version);
    if (!e)
        e = fill_helper(cx, &d, &taken);
    if (!e)
        e = fill(cx, &d, &taken);
    if (!e)
        e = form_intake(cx, d.service);
    if (e)
        return e;
    struct form_typist typist = form_typist(cx, d.by_mandate);
    e = q_form_draft_sent(cx,
                          &(struct q_form_draft_sent_in){.id = draft_id,
                                                         .version = expected_version,
                                                         .answers = S(""),
                                                         .now_us = cx->now_us,
                                                         .expires_us = cx->now_us + SENT_DAYS * DAY_US,
                                                         .typed_by = typist.employee_id,
                                                         .typed_unit_id = typist.unit_id,
                                                         .channel = typist.channel,
                                                         .mandate_id = typist.mandate_id},
                          &changed);
    if (!e && changed != 1)
        e = fail(cx, ERR_CONFLICT, "draft %lld was changed this moment", (long long)draft_id);
    if (!e && d.service->cosign.by)
        e = keep_answers(cx, &d);
    else if (!e && d.given.uploads.n) /* none can have come since: each raises the version */
        e = form_uploads_forget(cx, draft_id);
    if (!e)
        e = form_earlier_forget(cx, draft_id);
    if (!e)
        *ret = taken;
    return e;
}
