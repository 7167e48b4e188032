/* What employees do. Each: texts to the store, then one db_write with casefile_begin first and the journal number last.
 */
#include "casefile_internal.h"

enum { TEXT_MAX = 10000, DAYS_MAX = 60, HEARING_DAYS_MIN = 5 };

/* One change of any kind below: what came in, and what was made of it. */
struct work {
    int64_t id, version;
    enum casefile_action action;
    struct str text, legal_basis;
    struct file_ref file;
    int64_t days, employee_id, unit_id;
    day_t day;
    bool reached;
};

static enum err event(struct cx *cx, const struct work *w, const char *kind, struct str params, int64_t registration)
{
    return casefile_event_add(cx, &(struct casefile_event_new){.casefile_id = w->id,
                                                               .kind = str_of(kind),
                                                               .params = params,
                                                               .detail = registration ? S("") : w->text,
                                                               .written = w->text,
                                                               .registration_id = registration});
}

/* ---- who has it ---- */

enum err casefile_assign(struct cx *cx, const struct casefile *c, int64_t employee_id)
{
    struct opt_int who = {employee_id != 0, employee_id};
    enum err e = q_casefile_set_caseworker(cx, c->id, who);
    return e ? e : q_casefile_task_assign(cx, c->id, c->unit_id, who);
}

static enum err take(struct cx *cx, void *ctx)
{
    const struct work *w = ctx;
    struct casefile c;
    enum err e = casefile_begin(cx, w->id, w->version, CASEFILE_DO_TAKE, &c);
    if (!e)
        e = casefile_assign(cx, &c, cx->who->employee_id);
    return e ? e : event(cx, w, "taken", params_text(cx, "caseworker", cx->who->name), 0);
}

enum err casefile_take(struct cx *cx, int64_t id, int64_t version)
{
    return change_run(cx, id, take, &(struct work){.id = id, .version = version});
}

static enum err release(struct cx *cx, void *ctx)
{
    const struct work *w = ctx;
    struct casefile c;
    enum err e = casefile_begin(cx, w->id, w->version, CASEFILE_DO_RELEASE, &c);
    if (!e)
        e = casefile_assign(cx, &c, 0);
    return e ? e : event(cx, w, "released", S(""), 0);
}

enum err casefile_release(struct cx *cx, int64_t id, int64_t version)
{
    return change_run(cx, id, release, &(struct work){.id = id, .version = version});
}

static enum err hand_over(struct cx *cx, void *ctx)
{
    const struct work *w = ctx;
    struct casefile c;
    struct casefile_members team = {0};
    enum err e = casefile_begin(cx, w->id, w->version, CASEFILE_DO_HAND_OVER, &c);
    if (!e)
        e = members_of(cx, c.unit_id, &team);
    for (size_t i = 0; !e && i < team.rows.n; i++) {
        const struct casefile_member *m = &team.rows.p[i];
        bool own = false;
        if (m->employee_id != w->employee_id || !m->takes)
            continue;
        e = own_case(cx, c.id, m, &own);
        if (e || own)
            break;
        e = casefile_assign(cx, &c, w->employee_id);
        return e ? e : event(cx, w, "handed_over", params_text(cx, "caseworker", m->name), 0);
    }
    return e ? e : fail_field(cx, ERR_INVALID, S("employee"), "not a caseworker who is here, or it is their own case");
}

enum err casefile_hand_over(struct cx *cx, int64_t id, int64_t version, int64_t employee_id)
{
    return change_run(cx, id, hand_over, &(struct work){.id = id, .version = version, .employee_id = employee_id});
}

enum err casefile_colleagues(struct cx *cx, const struct casefile_view *view, struct casefile_colleagues *ret)
{
    struct casefile_members team = {0};
    *ret = (struct casefile_colleagues){0};
    enum err e = members_of(cx, view->file.unit_id, &team);
    for (size_t i = 0; !e && i < team.rows.n; i++) {
        const struct casefile_member *m = &team.rows.p[i];
        bool own = false;
        if (m->takes && m->employee_id != view->file.caseworker_id && !(e = own_case(cx, view->file.id, m, &own)) &&
            !own)
            vec_add(cx->arena, &ret->rows, (struct casefile_colleague){m->employee_id, m->name});
    }
    return e;
}

/* ---- to another unit ---- */

/* Who has it now, for the timeline: the key, so that each reader has the name in their language; name and number as
   they are today, should the unit be gone when it is read. */
static struct str params_unit(struct cx *cx, const struct auth_unit *unit)
{
    const struct municipality_unit *u = cx->muni ? municipality_unit(cx->muni, unit->key) : NULL;
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    json_begin_object(&o);
    json_key(&o, "unit_key");
    json_str(&o, unit->key);
    json_key(&o, "unit");
    json_str(&o, unit->name);
    json_key(&o, "phone");
    json_str(&o, u ? municipality_unit_phone(cx->muni, u) : cx->muni ? cx->muni->phone : S(""));
    json_end(&o);
    return buf_str(&b);
}

static enum err pass_on(struct cx *cx, void *ctx)
{
    const struct work *w = ctx;
    struct casefile c;
    struct auth_unit unit;
    bool has = false;
    enum err e = auth_unit_by_id(cx, w->unit_id, &unit);
    if (!e)
        e = auth_unit_has(cx, unit.id, CASEFILE_ROLES, &has);
    if (e == ERR_NOT_FOUND || (!e && !has))
        return fail_field(cx, ERR_INVALID, S("unit"), "no such unit, or nobody there could open it");
    if (!e)
        e = casefile_begin(cx, w->id, w->version, CASEFILE_DO_PASS_ON, &c);
    if (!e && unit.id == c.unit_id)
        e = fail_field(cx, ERR_INVALID, S("unit"), "this unit has it");
    if (!e)
        e = q_casefile_set_unit(cx, c.id, unit.id);
    if (!e)
        e = q_casefile_task_pass_on(cx, c.id, c.unit_id, unit.id);
    if (!e)
        e = q_casefile_reach_unit_end(cx, c.id, c.unit_id, cx->now_us);
    if (!e)
        e = q_casefile_reach_unit(cx, c.id, unit.id, INT64_MAX, c.received_us);
    if (!e)
        e = record_set_unit(cx, c.record_id, unit.id);
    return e ? e : event(cx, w, "passed_on", params_unit(cx, &unit), 0);
}

enum err casefile_pass_on(struct cx *cx, int64_t id, int64_t version, int64_t unit_id, struct str reason)
{
    struct work w = {.id = id, .version = version, .unit_id = unit_id, .text = reason};
    enum err e = need_text(cx, "text", &w.text, TEXT_MAX);
    return e ? e : change_run(cx, id, pass_on, &w);
}

/* ---- what is written: question, note, call, hearing, exemption ---- */

/* When the party must have answered. A question that goes by post takes the postal days to get there, and the answer
   takes them back. */
static enum err answer_by(struct cx *cx, const struct casefile *c, int64_t days, int64_t *ret_us)
{
    struct party party = {0};
    enum err e = c->party_id ? party_get(cx, c->party_id, &party) : ERR_OK;
    int64_t post = party.reserved_digital ? 2 * cx->muni->postal_days : 0;
    if (!e)
        *ret_us = deadline_in(cx, (int)(days + post));
    return e;
}

static enum err ask(struct cx *cx, void *ctx)
{
    const struct work *w = ctx;
    struct casefile c;
    int64_t reg, due_us = 0;
    enum err e = casefile_begin(cx, w->id, 0, CASEFILE_DO_ASK, &c);
    if (!e)
        e = answer_by(cx, &c, w->days, &due_us);
    if (!e)
        e = paper_put(cx, &c,
                      &(struct paper){.kind = RECORD_OUTGOING,
                                      .title = T_casefile_record_question,
                                      .party_visible = true,
                                      .document_kind = S("question"),
                                      .text = w->file},
                      &reg);
    if (!e)
        e = q_casefile_question_insert(cx, &(struct q_casefile_question_insert_in){.id = rand_id(),
                                                                                   .casefile_id = c.id,
                                                                                   .registration_id = reg,
                                                                                   .employee_id = cx->who->employee_id,
                                                                                   .asked_us = cx->now_us,
                                                                                   .due_us = due_us});
    if (!e)
        e = q_casefile_add_waiting(cx, c.id, 1);
    if (!e)
        e = event(cx, w, "asked", params_day(cx, "day", due_us), reg);
    return e ? e : record_number(cx, reg);
}

enum err casefile_ask(struct cx *cx, int64_t id, struct str text, int64_t days)
{
    struct work w = {.id = id, .days = days};
    enum err e = need_text(cx, "text", &text, TEXT_MAX);
    w.text = text;
    if (!e && (days < 1 || days > DAYS_MAX))
        e = fail_field(cx, ERR_INVALID, S("days"), "1 to %d working days", DAYS_MAX);
    if (!e)
        e = files_put(cx, text, &w.file);
    return e ? e : change_run(cx, id, ask, &w);
}

static enum err note(struct cx *cx, void *ctx)
{
    const struct work *w = ctx;
    struct casefile c;
    int64_t reg;
    enum err e = casefile_begin(cx, w->id, 0, CASEFILE_DO_NOTE, &c);
    if (!e)
        e = paper_put(
            cx, &c,
            &(struct paper){
                .kind = RECORD_NOTE, .title = T_casefile_record_note, .document_kind = S("note"), .text = w->file},
            &reg);
    if (!e)
        e = event(cx, w, "noted", S(""), reg);
    return e ? e : record_number(cx, reg);
}

enum err casefile_note(struct cx *cx, int64_t id, struct str text)
{
    struct work w = {.id = id};
    enum err e = need_text(cx, "text", &text, TEXT_MAX);
    if (!e)
        e = files_put(cx, text, &w.file);
    return e ? e : change_run(cx, id, note, &w);
}

/* The three ways to meet law 3 differ in a few values. */
static enum err contact(struct cx *cx, const struct work *w, const struct paper *paper, const char *kind,
                        struct q_casefile_contact_insert_in *row)
{
    struct casefile c;
    int64_t reg;
    enum err e = casefile_begin(cx, w->id, 0, w->action, &c);
    if (!e)
        e = paper_put(cx, &c, paper, &reg);
    if (e)
        return e;
    row->id = rand_id();
    row->casefile_id = c.id;
    row->at_us = cx->now_us;
    row->employee_id = cx->who->employee_id;
    row->registration_id = reg;
    if (row->kind == CASEFILE_HEARING)
        e = answer_by(cx, &c, w->days, &row->due_us.v);
    row->due_us.set = row->kind == CASEFILE_HEARING;
    if (!e)
        e = q_casefile_contact_insert(cx, row);
    if (!e && row->due_us.set)
        e = q_casefile_add_waiting(cx, c.id, 1);
    if (!e && (row->kind != CASEFILE_CALL || row->reached))
        e = q_casefile_task_called(cx, c.id);
    if (!e)
        e = event(cx, w, kind, row->due_us.set ? params_day(cx, "day", row->due_us.v) : S(""), reg);
    return e ? e : record_number(cx, reg);
}

static enum err call(struct cx *cx, void *ctx)
{
    const struct work *w = ctx;
    return contact(
        cx, w,
        &(struct paper){.kind = RECORD_NOTE,
                        .title = T_casefile_record_call,
                        .party_visible = true,
                        .document_kind = S("call"),
                        .text = w->file},
        w->reached ? "called" : "call_missed",
        &(struct q_casefile_contact_insert_in){.kind = CASEFILE_CALL, .reached = w->reached, .legal_basis = S("")});
}

enum err casefile_call(struct cx *cx, int64_t id, struct str summary, bool reached)
{
    struct work w = {.id = id, .action = CASEFILE_DO_CALL, .reached = reached};
    enum err e = need_text(cx, "text", &summary, TEXT_MAX);
    if (!e)
        e = files_put(cx, summary, &w.file);
    return e ? e : change_run(cx, id, call, &w);
}

static enum err hear(struct cx *cx, void *ctx)
{
    const struct work *w = ctx;
    return contact(cx, w,
                   &(struct paper){.kind = RECORD_OUTGOING,
                                   .title = T_casefile_record_hearing,
                                   .party_visible = true,
                                   .document_kind = S("hearing"),
                                   .text = w->file},
                   "heard", &(struct q_casefile_contact_insert_in){.kind = CASEFILE_HEARING, .legal_basis = S("")});
}

enum err casefile_hear(struct cx *cx, int64_t id, struct str text, int64_t days)
{
    struct work w = {.id = id, .action = CASEFILE_DO_HEAR, .days = days};
    enum err e = need_text(cx, "text", &text, TEXT_MAX);
    w.text = text;
    if (!e && (days < HEARING_DAYS_MIN || days > DAYS_MAX))
        e = fail_field(cx, ERR_INVALID, S("days"), "%d to %d working days", HEARING_DAYS_MIN, DAYS_MAX);
    if (!e)
        e = files_put(cx, text, &w.file);
    return e ? e : change_run(cx, id, hear, &w);
}

static enum err exempt(struct cx *cx, void *ctx)
{
    const struct work *w = ctx;
    return contact(cx, w,
                   &(struct paper){.kind = RECORD_NOTE,
                                   .title = T_casefile_record_exemption,
                                   .document_kind = S("exemption"),
                                   .text = w->file},
                   "exempted",
                   &(struct q_casefile_contact_insert_in){.kind = CASEFILE_EXEMPTION, .legal_basis = w->legal_basis});
}

enum err casefile_exempt(struct cx *cx, int64_t id, struct str reason, struct str legal_basis)
{
    struct work w = {.id = id, .action = CASEFILE_DO_EXEMPT, .legal_basis = legal_basis};
    enum err e = need_text(cx, "text", &reason, TEXT_MAX);
    if (!e)
        e = need_text(cx, "legal_basis", &w.legal_basis, 300);
    if (!e)
        e = files_put(cx, reason, &w.file);
    return e ? e : change_run(cx, id, exempt, &w);
}

/* ---- the deadline ---- */

static enum err extend(struct cx *cx, void *ctx)
{
    const struct work *w = ctx;
    struct casefile c;
    int64_t end_us = civil_day_start_us(w->day + 1);
    enum err e = casefile_begin(cx, w->id, w->version, CASEFILE_DO_EXTEND, &c);
    if (!e && (end_us <= cx->now_us || (c.deadline_us.set && end_us <= c.deadline_us.v)))
        e = fail_field(cx, ERR_INVALID, S("day"), "not later than the deadline it has");
    if (!e)
        e = set_deadline(cx, c.id, opt_int(end_us), (struct opt_int){0}, (struct opt_int){0});
    return e ? e : event(cx, w, "extended", params_day(cx, "day", end_us), 0);
}

enum err casefile_extend(struct cx *cx, int64_t id, int64_t version, day_t day, struct str reason)
{
    struct work w = {.id = id, .version = version, .day = day, .text = reason};
    enum err e = need_text(cx, "reason", &w.text, TEXT_MAX);
    return e ? e : change_run(cx, id, extend, &w);
}

static enum err suspend(struct cx *cx, void *ctx)
{
    const struct work *w = ctx;
    struct casefile c;
    struct opt_int left = {0};
    enum err e = casefile_begin(cx, w->id, w->version, CASEFILE_DO_SUSPEND, &c);
    if (!e && c.deadline_us.set)
        left = opt_int(municipality_working_days_between(cx->muni, civil_day_of_us(cx->now_us),
                                                         civil_day_of_us(c.deadline_us.v - 1)));
    if (!e)
        e = set_deadline(cx, c.id, (struct opt_int){0}, opt_int(cx->now_us), left);
    return e ? e : event(cx, w, "suspended", S(""), 0);
}

enum err casefile_suspend(struct cx *cx, int64_t id, int64_t version, struct str reason)
{
    struct work w = {.id = id, .version = version, .text = reason};
    enum err e = need_text(cx, "reason", &w.text, TEXT_MAX);
    return e ? e : change_run(cx, id, suspend, &w);
}

static enum err resume(struct cx *cx, void *ctx)
{
    const struct work *w = ctx;
    struct casefile c;
    struct opt_int end_us = {0};
    enum err e = casefile_begin(cx, w->id, w->version, CASEFILE_DO_RESUME, &c);
    if (!e && c.suspended_left.set)
        end_us = opt_int(deadline_in(cx, (int)c.suspended_left.v));
    if (!e)
        e = set_deadline(cx, c.id, end_us, (struct opt_int){0}, (struct opt_int){0});
    return e ? e : event(cx, w, "resumed", end_us.set ? params_day(cx, "day", end_us.v) : S("{\"day\":0}"), 0);
}

enum err casefile_resume(struct cx *cx, int64_t id, int64_t version)
{
    return change_run(cx, id, resume, &(struct work){.id = id, .version = version});
}

/* ---- the end ---- */

static enum err close_as(struct cx *cx, const struct work *w, const char *kind)
{
    struct casefile c;
    struct q_casefile_hold_open holds;
    enum err e = q_casefile_hold_open(cx, w->id, &holds);
    if (!e && holds.open)
        e = fail_say(cx, ERR_LAW, text_keys[T_casefile_why_letter],
                     "LAW 5: a letter of this case file has not been delivered");
    if (!e)
        e = casefile_begin(cx, w->id, w->version, CASEFILE_DO_CLOSE, &c);
    if (!e)
        e = q_casefile_set_closed(cx, c.id, opt_int(cx->now_us));
    if (!e)
        e = q_casefile_task_done(cx, c.id, cx->now_us);
    if (!e)
        e = event(cx, w, kind, S(""), 0);
    return e ? e : record_close_casefile(cx, c.record_id);
}

static enum err close_file(struct cx *cx, void *ctx)
{
    return close_as(cx, ctx, "closed");
}

enum err casefile_close(struct cx *cx, int64_t id, int64_t version)
{
    return change_run(cx, id, close_file, &(struct work){.id = id, .version = version});
}

/* ---- closed by the house ---- */

struct closing {
    struct job *job;
    int64_t id;
};

/* What a person has a hand in, a person closes. */
static enum err close_unhandled(struct cx *cx, void *ctx)
{
    const struct closing *k = ctx;
    struct casefile c;
    enum err e = casefile_load(cx, k->id, &c);
    if (!e && c.state == CASEFILE_DECIDED && !c.caseworker_id && !c.unread)
        e = close_as(cx, &(struct work){.id = k->id}, "settled");
    return e ? e : job_complete(cx, k->job);
}

enum err casefile_close_job(struct cx *cx, struct job *job)
{
    struct json *root;
    struct closing k = {.job = job};
    struct q_casefile_application_unfinished application;
    enum err e = json_parse(cx, job->payload, &root);
    if (e)
        return e;
    k.id = json_int(root, "casefile", 0);
    e = q_casefile_application_unfinished(cx, k.id, &application);
    if (!e && application.unfinished)
        e = fail(cx, ERR_BUSY, "the application is still being rendered");
    return e ? e : db_write(cx, close_unhandled, &k);
}

static enum err see(struct cx *cx, void *ctx)
{
    return q_casefile_set_unread(cx, *(const int64_t *)ctx, false);
}

enum err casefile_seen(struct cx *cx, const struct casefile_view *view)
{
    int64_t id = view->file.id;
    if (view->party_view || cx->who->employee_id != view->file.caseworker_id)
        return ERR_OK;
    return db_write(cx, see, &id);
}
