/* What the party (or a holder of its mandate) does, and what an employee receives for it. */
#include "casefile_internal.h"

enum { MESSAGE_MAX = 10000, UPLOADS_MAX = 20 };

struct deed {
    int64_t id, ref; /* ref: question or hearing */
    enum casefile_action action;
    const struct casefile_message *message;
    struct file_ref file;
    bool take_back; /* a withdrawal: the answers are kept, to be changed */
    int64_t draft_id;
};

enum err reopen(struct cx *cx, const struct casefile *c)
{
    if (!c->closed_us.set)
        return ERR_OK;
    enum err e = record_reopen_casefile(cx, c->record_id);
    return e ? e : q_casefile_set_closed(cx, c->id, (struct opt_int){0});
}

/* Begin, register what was sent, mark it unread. */
static enum err receive(struct cx *cx, const struct deed *d, enum text title, const char *kind, struct casefile *ret,
                        int64_t *ret_reg)
{
    enum err e = casefile_begin(cx, d->id, 0, d->action, ret);
    if (!e)
        e = reopen(cx, ret);
    if (!e)
        e = paper_put(cx, ret,
                      &(struct paper){.kind = RECORD_INCOMING,
                                      .title = title,
                                      .party_visible = true,
                                      .document_kind = str_of(kind),
                                      .text = d->file,
                                      .uploads = d->message->uploads,
                                      .n_uploads = d->message->n_uploads},
                      ret_reg);
    return e ? e : q_casefile_set_unread(cx, ret->id, true);
}

static enum err tell(struct cx *cx, const struct deed *d, const char *kind, int64_t reg)
{
    enum err e = casefile_event_add(
        cx, &(struct casefile_event_new){.casefile_id = d->id, .kind = str_of(kind), .registration_id = reg});
    return e ? e : record_number(cx, reg);
}

static enum err run(struct cx *cx, struct deed *d, bool need, db_fn fn)
{
    struct str text = d->message->text;
    enum err e;
    if (cx->who->kind != WHO_PARTY)
        return fail(cx, ERR_FORBIDDEN, "only the party, or one with its mandate");
    if (d->message->n_uploads > UPLOADS_MAX)
        return fail_field(cx, ERR_INVALID, S("file"), "more than %d documents", UPLOADS_MAX);
    if (!str_trim(text).n && (!need || (d->message->n_uploads && d->action != CASEFILE_DO_APPEAL)))
        text = S("–"); /* the documents speak */
    e = need_text(cx, "text", &text, MESSAGE_MAX);
    if (!e)
        e = files_put(cx, text, &d->file);
    return e ? e : db_write(cx, fn, d);
}

static enum err answer(struct cx *cx, void *ctx)
{
    const struct deed *d = ctx;
    struct casefile c;
    int64_t reg, n;
    enum err e = receive(cx, d, T_casefile_record_answer, "answer", &c, &reg);
    if (!e)
        e = q_casefile_question_answer(cx, d->ref, d->id, reg, cx->now_us, &n);
    if (!e && !n)
        e = fail(cx, ERR_CONFLICT, "this question has been answered, or is not of this case file");
    if (!e)
        e = q_casefile_add_waiting(cx, c.id, -1);
    return e ? e : tell(cx, d, "answered", reg);
}

enum err casefile_answer(struct cx *cx, int64_t id, int64_t question_id, const struct casefile_message *message)
{
    struct deed d = {.id = id, .ref = question_id, .action = CASEFILE_DO_ANSWER, .message = message};
    return run(cx, &d, true, answer);
}

static enum err hearing_answer(struct cx *cx, void *ctx)
{
    const struct deed *d = ctx;
    struct casefile c;
    int64_t reg, n;
    enum err e = receive(cx, d, T_casefile_record_hearing_answer, "answer", &c, &reg);
    if (!e)
        e = q_casefile_contact_answer(cx, d->ref, d->id, reg, cx->now_us, &n);
    if (!e && !n)
        e = fail(cx, ERR_CONFLICT, "this hearing has been answered, or is not of this case file");
    if (!e)
        e = q_casefile_add_waiting(cx, c.id, -1);
    return e ? e : tell(cx, d, "hearing_answered", reg);
}

enum err casefile_hearing_answer(struct cx *cx, int64_t id, int64_t contact_id, const struct casefile_message *message)
{
    struct deed d = {.id = id, .ref = contact_id, .action = CASEFILE_DO_ANSWER, .message = message};
    return run(cx, &d, true, hearing_answer);
}

static enum err add(struct cx *cx, void *ctx)
{
    const struct deed *d = ctx;
    struct casefile c;
    int64_t reg;
    enum err e = receive(cx, d, T_casefile_record_addition, "addition", &c, &reg);
    return e ? e : tell(cx, d, "added", reg);
}

enum err casefile_add(struct cx *cx, int64_t id, const struct casefile_message *message)
{
    struct deed d = {.id = id, .action = CASEFILE_DO_ADD, .message = message};
    return run(cx, &d, true, add);
}

static enum err withdraw(struct cx *cx, void *ctx)
{
    const struct deed *d = ctx;
    struct casefile c;
    int64_t reg;
    enum err e = receive(cx, d, T_casefile_record_withdrawal, "withdrawal", &c, &reg);
    if (!e) /* the unit still has to close it; nothing is promised any more */
        e = set_deadline(cx, c.id, (struct opt_int){0}, (struct opt_int){0}, (struct opt_int){0});
    if (!e)
        e = q_casefile_set_withdrawn(cx, c.id, cx->now_us, false);
    if (!e && c.signatures)
        e = sign_over(cx, &c, d->take_back);
    return e ? e : tell(cx, d, "withdrawn", reg);
}

enum err casefile_withdraw(struct cx *cx, int64_t id, struct str reason)
{
    struct casefile_message message = {.text = reason};
    struct deed d = {.id = id, .action = CASEFILE_DO_WITHDRAW, .message = &message};
    return run(cx, &d, false, withdraw);
}

/* What fell away is withdrawn already. */
static enum err take_back(struct cx *cx, void *ctx)
{
    struct deed *d = ctx;
    struct casefile c;
    bool may = false;
    enum err e = viewer_sees(cx, d->id, &may);
    if (!e && !may)
        e = fail(cx, ERR_NOT_FOUND, "no such case file of this person");
    if (!e)
        e = casefile_load(cx, d->id, &c);
    if (!e && c.state != CASEFILE_WITHDRAWN && !c.unsigned_n)
        e = fail(cx, ERR_CONFLICT, "all have signed what was sent: it is withdrawn, and begun anew");
    if (!e)
        e = form_submission_reopen(cx, c.draft_id, &d->draft_id);
    if (e == ERR_NOT_FOUND && may)
        e = fail(cx, ERR_CONFLICT, "the answers are not kept any more");
    return e || c.state == CASEFILE_WITHDRAWN ? e : withdraw(cx, d);
}

enum err casefile_take_back(struct cx *cx, int64_t id, int64_t *ret_draft_id)
{
    struct casefile_message message = {.text = record_language_text(cx, T_casefile_take_back)};
    struct deed d = {.id = id, .action = CASEFILE_DO_WITHDRAW, .message = &message, .take_back = true};
    enum err e = run(cx, &d, false, take_back);
    if (!e)
        *ret_draft_id = d.draft_id;
    return e;
}

static enum err appeal_task(struct cx *cx, const struct casefile *c)
{
    struct q_casefile_task_open tasks;
    enum err e = q_casefile_task_open(cx, c->id, c->unit_id, &tasks);
    if (e || tasks.open)
        return e;
    return q_casefile_task_insert(
        cx, &(struct q_casefile_task_insert_in){.id = rand_id(),
                                                .casefile_id = c->id,
                                                .unit_id = c->unit_id,
                                                .employee_id = {c->caseworker_id != 0, c->caseworker_id},
                                                .kind = S("appeal"),
                                                .due_us = CASEFILE_FAR_US,
                                                .now_us = cx->now_us});
}

/* The unit looks at its decision again before the appeal is sent on (retssikkerhedslovens § 66; forvaltningsloven (NO)
   § 33): how long it may, the country says. */
enum err appeal_begins(struct cx *cx, const struct casefile *c, int64_t received_us)
{
    enum err e = appeal_task(cx, c);
    day_t last = municipality_review_deadline(cx->muni, civil_day_of_us(received_us));
    struct opt_int end_us = opt_int(civil_day_start_us(last + 1));
    return e ? e : set_deadline(cx, c->id, end_us, (struct opt_int){0}, (struct opt_int){0});
}

static enum err appeal(struct cx *cx, void *ctx)
{
    const struct deed *d = ctx;
    struct casefile c;
    int64_t reg;
    enum err e = receive(cx, d, T_casefile_record_appeal, "appeal", &c, &reg);
    if (!e)
        e = appeal_begins(cx, &c, cx->now_us);
    return e ? e : tell(cx, d, d->action == CASEFILE_DO_APPEAL ? "appealed" : "appeal_received", reg);
}

enum err casefile_appeal(struct cx *cx, int64_t id, const struct casefile_message *message)
{
    struct deed d = {.id = id, .action = CASEFILE_DO_APPEAL, .message = message};
    return run(cx, &d, true, appeal);
}

/* ---- received for the party by an employee ---- */

enum err casefile_receive_appeal(struct cx *cx, int64_t id, struct str text)
{
    struct casefile_message message = {.text = text};
    struct deed d = {.id = id, .action = CASEFILE_DO_RECEIVE_APPEAL, .message = &message};
    enum err e = need_text(cx, "text", &message.text, MESSAGE_MAX);
    if (!e)
        e = files_put(cx, message.text, &d.file);
    return e ? e : change_run(cx, id, appeal, &d);
}
