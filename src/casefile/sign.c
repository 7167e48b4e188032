/* Law 11, the answers: signing, saying no, the time that passes, and what an employee records instead. */
#include "casefile_internal.h"

enum { REASON_MAX = 2000, TEXT_MAX = 10000 };

/* The case is locked and moved on by the house: who signs may not open it. */
static enum err begin_by_house(struct cx *cx, int64_t casefile_id, enum casefile_action action, struct casefile *ret)
{
    const struct who *before = cx->who;
    cx->who = auth_system();
    enum err e = casefile_begin(cx, casefile_id, 0, action, ret);
    cx->who = before;
    return e;
}

static enum err event_by_house(struct cx *cx, int64_t casefile_id, const char *kind, struct str params)
{
    const struct who *before = cx->who;
    cx->who = auth_system();
    enum err e = casefile_event_add(
        cx, &(struct casefile_event_new){.casefile_id = casefile_id, .kind = str_of(kind), .params = params});
    cx->who = before;
    return e;
}

static bool falls(struct cx *cx, const struct casefile *c)
{
    const struct service_version *v = service_version_by_id(cx, c->service_version_id);
    return v && v->cosign.falls;
}

/* For want of a signature: as if withdrawn, with its answers kept, so that it can be sent anew. */
static enum err fall(struct cx *cx, int64_t casefile_id)
{
    struct casefile c;
    enum err e = begin_by_house(cx, casefile_id, CASEFILE_DO_FALL, &c);
    if (!e)
        e = set_deadline(cx, c.id, (struct opt_int){0}, (struct opt_int){0}, (struct opt_int){0});
    if (!e)
        e = q_casefile_set_withdrawn(cx, c.id, cx->now_us, true);
    if (!e)
        e = sign_over(cx, &c, true);
    return e ? e : event_by_house(cx, c.id, "sign_fell", S(""));
}

/* ---- all have signed ---- */

/* While it stands still, the whole of the time is left. A day that an employee has promised already stays. */
static enum err begin_to_count(struct cx *cx, const struct casefile *c, const struct service_version *v)
{
    if (!v->deadline_working_days || c->decided_us.set || c->deadline_us.set || c->suspended_left.set)
        return ERR_OK;
    if (c->suspended_us.set)
        return set_deadline(cx, c->id, (struct opt_int){0}, c->suspended_us, opt_int(v->deadline_working_days));
    return set_deadline(cx, c->id, opt_int(deadline_in(cx, v->deadline_working_days)), (struct opt_int){0},
                        (struct opt_int){0});
}

/* Does it count from now? Once: not again when a signature was void for a correction and that is settled, nor what came
   by post, which counts from the day it came. */
static enum err counts_from_now(struct cx *cx, const struct casefile *c, const struct service_version *v, bool *ret)
{
    struct q_casefile_counts_begun row = {.begun = true};
    enum err e = v && v->cosign.counts_when_all && !c->by_post ? q_casefile_counts_begun(cx, c->id, &row) : ERR_OK;
    *ret = !row.begun;
    return e;
}

/* The clock, where it begins here; the rules, unless somebody handles it already. */
static enum err complete(struct cx *cx, int64_t casefile_id, int64_t registration_id)
{
    struct casefile c;
    enum err e = casefile_load(cx, casefile_id, &c);
    const struct service_version *v = e ? NULL : service_version_by_id(cx, c.service_version_id);
    bool counts = false, granted = false;
    if (!e)
        e = counts_from_now(cx, &c, v, &counts);
    if (!e && counts)
        e = begin_to_count(cx, &c, v);
    if (!e)
        e = form_submission_forget(cx, c.draft_id);
    if (!e)
        e = event_by_house(cx, c.id, counts ? "all_signed_counts" : "all_signed",
                           params_day(cx, "day", cx->now_us + 1));
    bool rules = c.state == CASEFILE_RECEIVED && !c.caseworker_id && !c.by_post;
    if (!e && rules)
        e = submission_decide(cx, &c, &granted);
    if (!e)
        e = record_number(cx, registration_id);
    return e || !granted ? e : submission_tell(cx, &c);
}

/* ---- signing, saying no ---- */

struct signing {
    int64_t id;
    struct str hash; /* what the page showed */
    bool yes;
    struct file_ref file; /* the words for the record */
};

static enum err asked_of_me(struct cx *cx, int64_t id, struct q_casefile_signature_row *ret)
{
    struct q_casefile_signer_is is = {0};
    bool found;
    enum err e = q_casefile_signature_row(cx, id, ret, &found);
    if (!e && found && cx->who->kind == WHO_PARTY)
        e = q_casefile_signer_is(cx, id, cx->who->party_id, &is);
    return e || is.may ? e : fail(cx, ERR_NOT_FOUND, "nothing of that name is asked of this person");
}

static enum err still_open(struct cx *cx, const struct signing *s, const struct q_casefile_signature_row *row)
{
    if (row->state != CASEFILE_SIGN_WAITS)
        return fail(cx, ERR_CONFLICT, "this was answered, or is no longer asked");
    if (row->until_us <= cx->now_us)
        return fail(cx, ERR_CONFLICT, "the time to sign has passed");
    if (s->yes && !str_eq(s->hash, sign_hex(cx, row->hash)))
        return fail(cx, ERR_CONFLICT, "the application is not what the page showed");
    return ERR_OK;
}

static enum err answer(struct cx *cx, void *ctx)
{
    const struct signing *s = ctx;
    struct q_casefile_signature_row row;
    struct casefile c;
    int64_t reg, n = 0;
    enum err e = asked_of_me(cx, s->id, &row);
    if (!e)
        e = begin_by_house(cx, row.casefile_id, CASEFILE_DO_SIGN, &c);
    if (!e) /* once more, under the lock */
        e = asked_of_me(cx, s->id, &row);
    if (!e)
        e = still_open(cx, s, &row);
    if (!e)
        e = paper_put(cx, &c,
                      &(struct paper){.kind = RECORD_INCOMING,
                                      .title = s->yes ? T_casefile_record_signature : T_casefile_record_no_signature,
                                      .party_visible = true,
                                      .document_kind = s->yes ? S("signature") : S("no_signature"),
                                      .text = s->file},
                      &reg);
    if (!e)
        e = q_casefile_signature_answer(cx, s->id, s->yes ? CASEFILE_SIGNED : CASEFILE_SIGN_REFUSED, cx->who->party_id,
                                        reg, cx->now_us, &n);
    if (!e && !n)
        e = fail(cx, ERR_CONFLICT, "this was answered this moment");
    if (!e)
        e = q_casefile_set_unread(cx, c.id, true);
    if (!e)
        e = casefile_event_add(cx, &(struct casefile_event_new){.casefile_id = c.id,
                                                                .kind = s->yes ? S("signed") : S("sign_refused"),
                                                                .registration_id = reg});
    if (!e)
        e = casefile_load(cx, c.id, &c);
    if (!e && !c.unsigned_n)
        return complete(cx, c.id, reg);
    if (!e && !s->yes && falls(cx, &c))
        e = fall(cx, c.id);
    return e ? e : record_number(cx, reg);
}

/* What stands in the record for a signature. */
static struct str signature_words(struct cx *cx, const struct casefile *c, struct str hash)
{
    static const char *const levels[] = {"none", "low", "substantial", "high"};
    enum lang before = cx->lang;
    cx->lang = cx->muni ? cx->muni->first_lang : LANG_DA;
    struct str text = i18n_fmt(cx, T_casefile_signature_words, ARG("name", cx->who->name), ARG("no", c->no),
                               ARG("when", i18n_datetime(cx, cx->now_us)), ARG("hash", hash),
                               ARG("level", str_of(levels[cx->who->assurance])));
    cx->lang = before;
    return text;
}

/* May cx->who, with the login the service asks for? */
static enum err enter(struct cx *cx, int64_t id, struct casefile *ret)
{
    struct q_casefile_signature_row row;
    enum err e = asked_of_me(cx, id, &row);
    if (!e)
        e = casefile_load(cx, row.casefile_id, ret);
    const struct service_version *v = e ? NULL : service_version_by_id(cx, ret->service_version_id);
    return e || !v ? e : auth_require(cx, v->assurance);
}

enum err casefile_sign(struct cx *cx, int64_t id, struct str hash)
{
    struct signing s = {.id = id, .hash = hash, .yes = true};
    struct casefile c;
    enum err e = enter(cx, id, &c);
    if (!e)
        e = files_put(cx, signature_words(cx, &c, hash), &s.file);
    return e ? e : db_write(cx, answer, &s);
}

enum err casefile_sign_refuse(struct cx *cx, int64_t id, struct str reason)
{
    struct signing s = {.id = id};
    struct casefile c;
    enum err e = enter(cx, id, &c);
    if (!e)
        e = need_text(cx, "text", &reason, REASON_MAX);
    if (!e)
        e = files_put(cx, reason, &s.file);
    return e ? e : db_write(cx, answer, &s);
}

/* ---- a reminder ---- */

static enum err remind(struct cx *cx, void *ctx)
{
    int64_t id = *(const int64_t *)ctx, n = 0;
    struct casefile c;
    bool may;
    enum err e = viewer_sees(cx, id, &may);
    if (!e && (!may || cx->who->kind != WHO_PARTY))
        e = fail(cx, ERR_NOT_FOUND, "no such case file of this person");
    if (!e)
        e = begin_by_house(cx, id, CASEFILE_DO_SIGN, &c);
    if (!e)
        e = q_casefile_signature_remind(cx, id, cx->now_us - DAY_US, cx->now_us, &n);
    if (!e && !n)
        e = fail(cx, ERR_CONFLICT, "nobody waits, or they were reminded within a day");
    if (!e)
        e = sign_tell(cx, &c, SIGN_NEWS_REMINDED, civil_iso_us(cx->arena, cx->now_us));
    return e ? e : casefile_event_add(cx, &(struct casefile_event_new){.casefile_id = id, .kind = S("sign_reminded")});
}

enum err casefile_remind(struct cx *cx, int64_t id)
{
    return db_write(cx, remind, &id);
}

/* ---- the time is out ---- */

struct lapse {
    struct job *job;
    int64_t id;
};

static bool waits(const struct q_casefile_signature_list *rows, size_t n, int64_t now_us, int64_t *ret_until_us)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].state == CASEFILE_SIGN_WAITS && rows[i].until_us <= now_us) {
            *ret_until_us = rows[i].until_us;
            return true;
        }
    return false;
}

static enum err lapse(struct cx *cx, void *ctx)
{
    const struct lapse *l = ctx;
    struct q_casefile_signature_list *rows;
    struct casefile c;
    int64_t until_us, changed;
    size_t n;
    enum err e = begin_by_house(cx, l->id, CASEFILE_DO_SIGN, &c);
    if (e == ERR_CONFLICT || e == ERR_NOT_FOUND) { /* withdrawn, erased: nobody waits */
        cx->fail = (struct fail){0};
        return job_complete(cx, l->job);
    }
    if (!e)
        e = q_casefile_signature_list(cx, l->id, &rows, &n);
    if (e || !waits(rows, n, cx->now_us, &until_us))
        return e ? e : job_complete(cx, l->job);
    e = casefile_event_add(cx, &(struct casefile_event_new){.casefile_id = c.id,
                                                            .kind = S("sign_lapsed"),
                                                            .params = params_day(cx, "day", until_us)});
    if (!e)
        e = q_casefile_set_unread(cx, c.id, true);
    if (!e && falls(cx, &c))
        e = fall(cx, c.id);
    else if (!e)
        e = sign_tell(cx, &c, SIGN_NEWS_OVER, S("over"));
    if (!e)
        e = q_casefile_signature_lapse(cx, c.id, cx->now_us, &changed);
    return e ? e : job_complete(cx, l->job);
}

enum err casefile_sign_job(struct cx *cx, struct job *job)
{
    struct json *root;
    struct lapse l = {.job = job};
    enum err e = json_parse(cx, job->payload, &root);
    l.id = e ? 0 : json_int(root, "casefile", 0);
    return e ? e : db_write(cx, lapse, &l);
}

/* ---- what an employee records ---- */

struct settling {
    int64_t id;
    struct str legal_basis;
    struct file_ref file;
};

static enum err settle(struct cx *cx, void *ctx)
{
    const struct settling *s = ctx;
    struct casefile c;
    int64_t reg, n = 0;
    enum err e = casefile_begin(cx, s->id, 0, CASEFILE_DO_SETTLE_SIGNING, &c);
    if (!e)
        e = sign_tell(cx, &c, SIGN_NEWS_OVER, S("over"));
    if (!e)
        e = paper_put(cx, &c,
                      &(struct paper){.kind = RECORD_NOTE,
                                      .title = T_casefile_record_settled,
                                      .party_visible = true,
                                      .document_kind = S("signature_settled"),
                                      .text = s->file},
                      &reg);
    if (!e)
        e = q_casefile_signature_settle(cx, c.id, cx->who->employee_id, s->legal_basis, reg, cx->now_us, &n);
    if (!e && !n)
        e = fail(cx, ERR_CONFLICT, "no signature is missing");
    if (!e)
        e = casefile_event_add(cx, &(struct casefile_event_new){.casefile_id = c.id,
                                                                .kind = S("sign_settled"),
                                                                .params = params_text(cx, "basis", s->legal_basis),
                                                                .registration_id = reg});
    return e ? e : complete(cx, c.id, reg);
}

enum err casefile_settle_signing(struct cx *cx, int64_t id, struct str text, struct str legal_basis)
{
    struct settling s = {.id = id, .legal_basis = legal_basis};
    enum err e = need_text(cx, "text", &text, TEXT_MAX);
    if (!e)
        e = need_text(cx, "legal_basis", &s.legal_basis, 300);
    if (!e && text_length(s.legal_basis) < 3)
        e = fail_field(cx, ERR_INVALID, S("legal_basis"), "no rule is named");
    if (!e)
        e = files_put(cx, text, &s.file);
    return e ? e : change_run(cx, id, settle, &s);
}
