/* What every change of a case file begins with and ends with: lock, law 7, law 2, the state table; papers for the
   record; holds; notices. */
#include "casefile_internal.h"
#include "mail/mail.h"

enum err change_run(struct cx *cx, int64_t casefile_id, db_fn fn, void *ctx)
{
    enum err e = db_write(cx, fn, ctx);
    if (e == ERR_FORBIDDEN && cx->who->kind == WHO_EMPLOYEE) {
        struct fail why = cx->fail;
        struct casefile c;
        if (!casefile_load(cx, casefile_id, &c))
            note_access(cx, &c, "casefile", S(""), true);
        cx->fail = why;
    }
    return e;
}

/* Law 7: a mandate to read does not let one act. */
static enum err may_act(struct cx *cx, const struct casefile *c)
{
    struct q_casefile_may_act row = {.may = true};
    enum err e =
        cx->who->kind == WHO_PARTY ? q_casefile_may_act(cx, c->id, cx->who->party_id, cx->now_us, &row) : ERR_OK;
    return e || row.may ? e : fail(cx, ERR_FORBIDDEN, "LAW 7: this mandate is to read alone");
}

static enum err check(struct cx *cx, const struct casefile *c, enum casefile_action action, enum casefile_state *ret_to)
{
    bool as_party = cx->who->kind == WHO_PARTY;
    if (!state_after(c->state, action, ret_to))
        return fail_say(cx, ERR_CONFLICT, text_keys[T_casefile_why_state],
                        "the state of case file %.*s does not allow this now", STR_ARG(c->no));
    if (action == CASEFILE_DO_APPEAL && as_party && c->appeal_until_us.set && cx->now_us >= c->appeal_until_us.v)
        return fail_say(cx, ERR_LAW, text_keys[T_casefile_why_late], "LAW 5: the deadline for an appeal has passed");
    if (!appeal_allows(c, action))
        return fail_say(cx, ERR_CONFLICT, text_keys[T_casefile_why_state], "the appeal of case file %.*s %s",
                        STR_ARG(c->no), c->sent_on ? "lies with the body above" : "must be looked at first");
    if (waits_for_signatures(c, action))
        return fail_say(cx, ERR_LAW, text_keys[T_casefile_why_unsigned],
                        "LAW 11: what two must sign is not decided before both have signed");
    if (cx->who->kind == WHO_SYSTEM || action_allowed(cx, c, action, as_party))
        return ERR_OK;
    if (action == CASEFILE_DO_APPEAL && as_party)
        return fail_say(cx, ERR_CONFLICT, text_keys[T_casefile_why_not_arrived],
                        "the letter of the decision has not arrived");
    if (action == CASEFILE_DO_CLOSE && auth_has(cx->who, ROLE_CASEWORKER | ROLE_LEADER))
        return fail_say(cx, ERR_CONFLICT, text_keys[T_casefile_why_close],
                        "only its caseworker or a leader closes it, and after the decision");
    return fail_say(cx, ERR_FORBIDDEN, text_keys[T_casefile_why_not_yours],
                    "only the caseworker who has it, or a leader of the unit, may do this");
}

/* Where nobody can answer any more, nothing waits for an answer: what the party was asked is closed. */
static enum err close_asks(struct cx *cx, const struct casefile *c, enum casefile_state to)
{
    enum casefile_state after;
    int64_t questions, hearings = 0;
    if (to == c->state || state_after(to, CASEFILE_DO_ANSWER, &after))
        return ERR_OK;
    enum err e = q_casefile_question_close(cx, c->id, cx->now_us, &questions);
    if (!e)
        e = q_casefile_hearing_close(cx, c->id, cx->now_us, &hearings);
    if (e || !(questions + hearings))
        return e;
    e = q_casefile_add_waiting(cx, c->id, -(questions + hearings));
    return e ? e : casefile_event_add(cx, &(struct casefile_event_new){.casefile_id = c->id, .kind = S("asks_closed")});
}

enum err casefile_begin(struct cx *cx, int64_t id, int64_t version, enum casefile_action action, struct casefile *ret)
{
    struct q_casefile_lock lock;
    struct casefile c;
    enum casefile_state to;
    bool found, may;
    int64_t n;
    enum err e = q_casefile_lock(cx, id, &lock, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "no such case file");
    if (!e)
        e = viewer_sees(cx, id, &may);
    if (!e && !may)
        e = cx->who->kind == WHO_EMPLOYEE
                ? fail(cx, ERR_FORBIDDEN, "LAW 7: no unit of this employee has a task in it, or it is their own")
                : fail(cx, ERR_NOT_FOUND, "no such case file of this person");
    if (!e)
        e = casefile_load(cx, id, &c);
    if (!e && version && c.version != version)
        e = fail_say(cx, ERR_CONFLICT, text_keys[T_casefile_why_changed], "LAW 2: case file %.*s was changed meanwhile",
                     STR_ARG(c.no));
    if (!e)
        e = may_act(cx, &c);
    if (!e)
        e = check(cx, &c, action, &to);
    if (!e)
        e = q_casefile_change(cx, id, c.version, to, &n);
    if (!e && !n)
        e = fail_say(cx, ERR_CONFLICT, text_keys[T_casefile_why_changed], "LAW 2: case file %.*s was changed meanwhile",
                     STR_ARG(c.no));
    if (!e)
        e = close_asks(cx, &c, to);
    if (e)
        return e;
    c.version++;
    *ret = c;
    ret->state = to;
    return ERR_OK;
}

/* ---- papers ---- */

struct screening casefile_screening_of(struct cx *cx, const struct service_version *v)
{
    if (v && !v->screened)
        return (struct screening){S(""), S("")};
    bool own = v && !str_empty(v->access_basis);
    return (struct screening){S("U"), own ? v->access_basis : record_language_text(cx, T_casefile_access_basis)};
}

void casefile_screening(struct cx *cx, int64_t service_version_id, struct str *ret_code, struct str *ret_basis)
{
    struct screening s = casefile_screening_of(cx, cx->services ? service_version_by_id(cx, service_version_id) : NULL);
    *ret_code = s.code;
    *ret_basis = s.basis;
}

struct str record_language_text(struct cx *cx, enum text key)
{
    return i18n_text(cx->muni ? cx->muni->first_lang : LANG_DA, key);
}

static enum err add_text(struct cx *cx, int64_t registration_id, const struct paper *paper)
{
    int64_t id;
    struct str title = record_language_text(cx, paper->title);
    return record_add_document(
        cx, registration_id,
        &(struct record_document_new){.title = title,
                                      .kind = paper->document_kind,
                                      .main = true,
                                      .file_name = str_fmt(cx->arena, "%.*s.txt", STR_ARG(paper->document_kind)),
                                      .mime = S("text/plain; charset=utf-8"),
                                      .variant = RECORD_PRODUCTION,
                                      .file = paper->text},
        &id);
}

static enum err add_uploads(struct cx *cx, int64_t registration_id, const struct paper *paper)
{
    enum err e = ERR_OK;
    int64_t id;
    for (size_t i = 0; !e && i < paper->n_uploads; i++)
        e = record_add_document(cx, registration_id,
                                &(struct record_document_new){.title = paper->uploads[i].name,
                                                              .kind = S("attachment"),
                                                              .file_name = paper->uploads[i].name,
                                                              .mime = paper->uploads[i].mime,
                                                              .variant = RECORD_PRODUCTION,
                                                              .file = paper->uploads[i].file},
                                &id);
    return e;
}

enum err paper_put(struct cx *cx, const struct casefile *c, const struct paper *paper, int64_t *ret_registration)
{
    bool in = paper->kind == RECORD_INCOMING, out = paper->kind == RECORD_OUTGOING;
    struct record_party other = {.role = in ? RECORD_SENDER : RECORD_RECIPIENT,
                                 .party_id = in && cx->who->kind == WHO_PARTY ? cx->who->party_id : c->party_id};
    if (paper->recipient.n)
        other = (struct record_party){.role = RECORD_RECIPIENT, .name = paper->recipient};
    struct str code, basis;
    int64_t id;
    casefile_screening(cx, c->service_version_id, &code, &basis);
    enum err e =
        record_register(cx,
                        &(struct record_registration_new){.casefile_id = c->record_id,
                                                          .kind = paper->kind,
                                                          .title = record_language_text(cx, paper->title),
                                                          .document_us = cx->now_us,
                                                          .received_us = in ? opt_int(cx->now_us) : (struct opt_int){0},
                                                          .sent_us = out ? opt_int(cx->now_us) : (struct opt_int){0},
                                                          .unit_id = c->unit_id,
                                                          .author_employee_id = cx->who->employee_id,
                                                          .author_party_id = in ? other.party_id : 0,
                                                          .party_visible = paper->party_visible,
                                                          .access_code = code,
                                                          .access_basis = basis,
                                                          .parties = &other,
                                                          .n_parties = in || out},
                        &id);
    if (!e)
        e = add_text(cx, id, paper);
    if (!e)
        e = add_uploads(cx, id, paper);
    if (!e)
        e = record_finish(cx, id);
    if (!e)
        *ret_registration = id;
    return e;
}

/* ---- deadlines ---- */

int64_t deadline_in(struct cx *cx, int days)
{
    day_t today = civil_day_of_us(cx->now_us);
    return civil_day_start_us(municipality_add_working_days(cx->muni, today, days) + 1);
}

enum err set_deadline(struct cx *cx, int64_t id, struct opt_int deadline_us, struct opt_int suspended_us,
                      struct opt_int left)
{
    enum err e = q_casefile_set_deadline(cx, id, deadline_us, suspended_us, left);
    return e ? e : q_casefile_task_due(cx, id, deadline_us.set ? deadline_us.v : CASEFILE_FAR_US);
}

/* ---- small things ---- */

struct str params_day(struct cx *cx, const char *key, int64_t end_us)
{
    return str_fmt(cx->arena, "{\"%s\":%d}", key, (int)civil_day_of_us(end_us - 1));
}

struct str params_text(struct cx *cx, const char *key, struct str value)
{
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    json_begin_object(&o);
    json_key(&o, key);
    json_str(&o, value);
    json_end(&o);
    return buf_str(&b);
}

enum err need_text(struct cx *cx, const char *field, struct str *text, size_t max)
{
    *text = str_trim(*text);
    if (!text->n)
        return fail_field(cx, ERR_INVALID, str_of(field), "missing");
    if (text_length(*text) > max)
        return fail_field(cx, ERR_INVALID, str_of(field), "longer than %zu characters", max);
    return text_clean(*text) ? ERR_OK : fail_field(cx, ERR_INVALID, str_of(field), "has characters nobody can type");
}

/* ---- holds (law 5) ---- */

enum err casefile_hold(struct cx *cx, int64_t casefile_id, struct str kind, int64_t ref)
{
    return q_casefile_hold_put(cx, casefile_id, kind, ref, cx->now_us);
}

enum err casefile_unhold(struct cx *cx, int64_t casefile_id, struct str kind, int64_t ref)
{
    return q_casefile_hold_release(cx, casefile_id, kind, ref, cx->now_us);
}

enum err casefile_decided(struct cx *cx, int64_t id, int64_t decision_id)
{
    enum err e = q_casefile_set_decided(cx, id, cx->now_us);
    if (!e)
        e = set_deadline(cx, id, (struct opt_int){0}, (struct opt_int){0}, (struct opt_int){0});
    if (!e)
        e = casefile_hold(cx, id, S("decision"), decision_id);
    bool by_rules = cx->who->kind == WHO_SYSTEM;
    struct str kind = by_rules ? S("granted") : S("decided");
    if (!e && by_rules) /* nobody has the application still to read */
        e = q_casefile_set_unread(cx, id, false);
    return e ? e : casefile_event_add(cx, &(struct casefile_event_new){.casefile_id = id, .kind = kind});
}

enum err casefile_call_first(struct cx *cx, int64_t id)
{
    enum err e = q_casefile_task_kind(cx, id, S("call"));
    return e ? e : casefile_event_add(cx, &(struct casefile_event_new){.casefile_id = id, .kind = S("to_person")});
}

enum err casefile_arrived(struct cx *cx, int64_t casefile_id, int64_t arrived_us, int64_t appeal_until_us)
{
    return q_casefile_set_arrived(cx, casefile_id, arrived_us, appeal_until_us);
}

enum err casefile_guard(struct cx *cx, enum record_op op, int64_t id)
{
    struct q_casefile_by_record row;
    struct q_casefile_hold_open holds;
    struct casefile c;
    bool found;
    if (op != RECORD_CLOSE)
        return ERR_OK;
    enum err e = q_casefile_by_record(cx, id, &row, &found);
    if (e || !found)
        return e;
    e = q_casefile_hold_open(cx, row.id, &holds);
    if (!e && holds.open)
        e = fail_say(cx, ERR_LAW, text_keys[T_casefile_why_letter],
                     "LAW 5: a letter of this case file has not been delivered");
    if (!e)
        e = casefile_load(cx, row.id, &c);
    return e || c.state == CASEFILE_CLOSED ? e : fail(cx, ERR_LAW, "LAW 5: the case file is still being handled");
}

/* ---- notices ---- */

/* "There is news": to one person, in their language; nothing of the case. */
static enum err mail_news(struct cx *cx, int64_t party_id, struct str key)
{
    struct str email;
    enum lang lang, before = cx->lang;
    enum err e = party_notice(cx, party_id, &email, &lang);
    if (e || !mail_address_ok(email))
        return e;
    cx->lang = lang;
    struct str name = cx->muni ? cx->muni->name : S("");
    struct mail_new mail = {.to = email,
                            .subject = i18n_fmt(cx, T_casefile_mail_subject, ARG("municipality", name)),
                            .text = i18n_fmt(cx, T_casefile_mail_text, ARG("municipality", name),
                                             ARG("web", cx->muni ? cx->muni->web : S(""))),
                            .key = key,
                            .lang = lang};
    cx->lang = before;
    return mail_queue(cx, &mail);
}

/* The party, and who sent it for them: a child reads no e-mail (forvaltningsloven (NO) § 12: the mandate holder is
 * told). */
enum err casefile_notify(struct cx *cx, int64_t casefile_id, struct str key)
{
    struct q_casefile_party row;
    bool found, holder = false;
    enum err e = q_casefile_party(cx, casefile_id, &row, &found);
    if (e || !found || !row.party_id.set)
        return e;
    struct str once = str_fmt(cx->arena, "casefile-%lld-%.*s", (long long)casefile_id, STR_ARG(key));
    e = mail_news(cx, row.party_id.v, once);
    if (!e && row.holder_id.set)
        e = party_speaks_for(cx, row.holder_id.v, row.party_id.v, row.service_key, &holder);
    return e || !holder ? e : mail_news(cx, row.holder_id.v, str_cat(cx->arena, once, S("-holder")));
}
