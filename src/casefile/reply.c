/* The reply to one who gave no name (law 4): its words, its way, its arrival (law 5). */
#include "casefile_internal.h"
#include "mail/mail.h"

enum { REPLY_MAX = 10000, BASIS_MAX = 200, BASIS_MIN = 3, FILES_MAX = 20 };

/* ---- what it says ---- */

static struct str guidance(struct cx *cx, const struct casefile *c, struct str unit_key)
{
    const struct municipality *m = cx->muni;
    const struct municipality_unit *u = municipality_unit(m, unit_key);
    const struct service_version *v = service_version_by_id(cx, c->service_version_id);
    struct words body = service_appeal_body(cx, v);
    struct buf b = buf_make(cx->arena);
    buf_add(&b,
            i18n_fmt(cx, m->rules->appeal_when_sent ? T_casefile_reply_appeal_sent : T_casefile_reply_appeal_received,
                     ARG("term", service_appeal_term(cx, v))));
    buf_add_char(&b, '\n');
    buf_add(&b, i18n_fmt(cx, T_casefile_reply_how, ARG("email", u ? municipality_unit_email(m, u) : m->email),
                         ARG("phone", u ? municipality_unit_phone(m, u) : m->phone), ARG("municipality", m->name),
                         ARG("address", m->address), ARG("no", c->no)));
    buf_add_char(&b, '\n');
    buf_add(&b, i18n_fmt(cx, T_letter_appeal_then, ARG("body", words_in(&body, cx->lang))));
    return buf_str(&b);
}

/* An application by form names the address in its answers; a letter or an e-mail is read by the employee. */
static enum err asked_address(struct cx *cx, const struct casefile_view *view, struct str *ret)
{
    struct form_shown answers;
    *ret = S("");
    enum err e = casefile_answers(cx, view, &answers);
    for (size_t p = 0; !e && p < answers.pages.n; p++)
        for (size_t i = 0; i < answers.pages.p[p].rows.n; i++) {
            const struct form_shown_row *row = &answers.pages.p[p].rows.p[i];
            if (row->email && mail_address_ok(row->value) && str_empty(*ret))
                *ret = row->value;
        }
    return e;
}

enum err casefile_reply_to(struct cx *cx, const struct casefile_view *view, struct casefile_reply_to *ret)
{
    const struct casefile *c = &view->file;
    const struct service_version *v = service_version_by_id(cx, c->service_version_id);
    struct auth_unit unit;
    enum lang before = cx->lang;
    *ret = (struct casefile_reply_to){.code = c->has_code, .email_whole = v && !service_is_sensitive(v)};
    ret->email = ret->email_whole || ret->code;
    enum err e = asked_address(cx, view, &ret->address);
    if (!e)
        e = auth_unit_by_id(cx, c->unit_id, &unit);
    if (e)
        return e;
    cx->lang = c->lang;
    ret->guidance = guidance(cx, c, unit.key);
    cx->lang = before;
    return ERR_OK;
}

struct replying {
    const struct casefile_view *view;
    int64_t version;
    struct casefile_reply_new reply;
    struct casefile_reply_to to;
    struct str whole;
    struct file_ref file;
};

/* Checks what came in and puts the whole together. */
static enum err prepare(struct cx *cx, struct replying *r)
{
    struct casefile_reply_new *n = &r->reply;
    enum err e = need_text(cx, "text", &n->text, REPLY_MAX);
    if (!e)
        e = need_text(cx, "legal_basis", &n->legal_basis, BASIS_MAX);
    if (!e && text_length(n->legal_basis) < BASIS_MIN)
        e = fail_field(cx, ERR_INVALID, S("legal_basis"), "too short to name a rule");
    if (!e)
        e = casefile_reply_to(cx, r->view, &r->to);
    if (e)
        return e;
    n->email = n->way == CASEFILE_REPLY_EMAIL ? str_trim(n->email) : S("");
    if ((n->way == CASEFILE_REPLY_PAGE && !r->to.code) || (n->way == CASEFILE_REPLY_EMAIL && !r->to.email) ||
        n->way < CASEFILE_REPLY_PAGE || n->way > CASEFILE_REPLY_LETTER)
        return fail_field(cx, ERR_INVALID, S("way"), "no way to reach this asker");
    if (n->way == CASEFILE_REPLY_EMAIL && !mail_address_ok(n->email))
        return fail_field(cx, ERR_INVALID, S("email"), "no e-mail address");
    if (n->n_uploads > FILES_MAX || (n->n_uploads && n->way == CASEFILE_REPLY_EMAIL && !r->to.code))
        return fail_field(cx, ERR_INVALID, S("files"), "too many, or no code to fetch them with");
    enum lang before = cx->lang;
    cx->lang = r->view->file.lang;
    struct str basis = i18n_fmt(cx, T_casefile_reply_basis, ARG("basis", n->legal_basis));
    r->whole = str_fmt(cx->arena, "%.*s\n\n%.*s\n\n%.*s\n\n%.*s\n%.*s", STR_ARG(n->text), STR_ARG(basis),
                       STR_ARG(r->to.guidance), STR_ARG(i18n_text(cx->lang, T_casefile_reply_regards)),
                       STR_ARG(cx->muni->name));
    cx->lang = before;
    return ERR_OK;
}

enum err casefile_reply_text(struct cx *cx, const struct casefile_view *view, const struct casefile_reply_new *reply,
                             struct str *ret)
{
    struct replying r = {.view = view, .reply = *reply};
    enum err e = prepare(cx, &r);
    if (!e)
        *ret = r.whole;
    return e;
}

/* ---- arrival (law 5) ---- */

static enum err clock_runs(struct cx *cx, const struct casefile *c, int64_t arrived_us)
{
    const struct service_version *v = service_version_by_id(cx, c->service_version_id);
    day_t until = service_appeal_deadline(cx, v, civil_day_of_us(arrived_us));
    return casefile_arrived(cx, c->id, arrived_us, civil_day_start_us(until + 1));
}

/* Of an older reply nothing runs any more: a newer one has taken its place. */
static enum err arrive(struct cx *cx, const struct casefile *c, int64_t n, bool newest)
{
    int64_t done;
    enum err e = q_casefile_reply_arrived(cx, c->id, n, cx->now_us, &done);
    return e || !done || !newest ? e : clock_runs(cx, c, cx->now_us);
}

static enum err leave(struct cx *cx, const struct casefile *c, int64_t n, enum casefile_reply_way way)
{
    day_t today = civil_day_of_us(cx->now_us);
    if (way == CASEFILE_REPLY_PAGE)
        return arrive(cx, c, n, true);
    enum err e = casefile_hold(cx, c->id, S("reply"), n);
    if (!e && way == CASEFILE_REPLY_LETTER) /* it stays on the desk until it is posted */
        return q_casefile_task_due(cx, c->id,
                                   civil_day_start_us(municipality_add_working_days(cx->muni, today, 1) + 1));
    return e ? e
             : job_add(cx, &(struct job_new){
                               .kind = S(CASEFILE_JOB_REPLY),
                               .key = str_fmt(cx->arena, "casefile-%lld-%lld", (long long)c->id, (long long)n),
                               .payload = str_fmt(cx->arena, "{\"casefile\":%lld,\"n\":%lld}", (long long)c->id,
                                                  (long long)n)});
}

/* ---- giving it ---- */

static enum err put_reply(struct cx *cx, const struct replying *r, const struct casefile *c, int64_t reg,
                          int64_t *ret_n)
{
    struct q_casefile_reply_next next;
    enum err e = q_casefile_reply_next(cx, c->id, &next);
    if (!e && next.last) /* whatever came of the one before: this one must arrive now */
        e = casefile_unhold(cx, c->id, S("reply"), next.last);
    if (!e)
        e = q_casefile_reply_insert(cx, &(struct q_casefile_reply_insert_in){.casefile_id = c->id,
                                                                             .n = next.n,
                                                                             .at_us = cx->now_us,
                                                                             .employee_id = cx->who->employee_id,
                                                                             .registration_id = reg,
                                                                             .legal_basis = r->reply.legal_basis,
                                                                             .appeal = r->to.guidance,
                                                                             .way = r->reply.way,
                                                                             .email = r->reply.email});
    if (!e)
        e = q_casefile_set_decided(cx, c->id, cx->now_us);
    if (!e)
        e = set_deadline(cx, c->id, (struct opt_int){0}, (struct opt_int){0}, (struct opt_int){0});
    *ret_n = next.n;
    return e;
}

static enum err give(struct cx *cx, void *ctx)
{
    const struct replying *r = ctx;
    struct casefile c;
    int64_t reg = 0, n = 0;
    enum err e = casefile_begin(cx, r->view->file.id, r->version, CASEFILE_DO_REPLY, &c);
    if (!e)
        e = paper_put(cx, &c,
                      &(struct paper){.kind = RECORD_OUTGOING,
                                      .title = T_casefile_record_reply,
                                      .party_visible = true,
                                      .document_kind = S("reply"),
                                      .text = r->file,
                                      .uploads = r->reply.uploads,
                                      .n_uploads = r->reply.n_uploads},
                      &reg);
    if (!e)
        e = put_reply(cx, r, &c, reg, &n);
    if (!e)
        e = leave(cx, &c, n, r->reply.way);
    if (!e)
        e = casefile_event_add(
            cx, &(struct casefile_event_new){.casefile_id = c.id, .kind = S("replied"), .registration_id = reg});
    return e ? e : record_number(cx, reg);
}

enum err casefile_reply(struct cx *cx, const struct casefile_view *view, int64_t version,
                        const struct casefile_reply_new *reply)
{
    struct replying r = {.view = view, .version = version, .reply = *reply};
    if (version < 1) /* law 2: what cannot be taken back is given on what was seen */
        return fail_field(cx, ERR_INVALID, S("version"), "a reply is given on a version of its case");
    enum err e = prepare(cx, &r);
    if (!e)
        e = files_put(cx, r.whole, &r.file);
    return e ? e : change_run(cx, view->file.id, give, &r);
}

struct posting {
    int64_t id, n;
};

static enum err post(struct cx *cx, void *ctx)
{
    const struct posting *p = ctx;
    struct casefile c;
    struct q_casefile_reply_next next;
    int64_t done = 0;
    day_t today = civil_day_of_us(cx->now_us);
    int64_t arrived_us = civil_day_start_us(municipality_add_working_days(cx->muni, today, cx->muni->postal_days));
    enum err e = casefile_begin(cx, p->id, 0, CASEFILE_DO_NOTE, &c);
    if (!e)
        e = q_casefile_reply_next(cx, c.id, &next);
    if (!e && next.last == p->n)
        e = q_casefile_reply_posted(cx, c.id, p->n, today, arrived_us, &done);
    if (!e && !done)
        e = fail(cx, ERR_CONFLICT, "LAW 2: this reply does not wait for the post");
    if (!e)
        e = clock_runs(cx, &c, arrived_us);
    if (!e)
        e = casefile_unhold(cx, c.id, S("reply"), p->n);
    if (!e)
        e = q_casefile_task_due(cx, c.id, CASEFILE_FAR_US);
    return e ? e : casefile_event_add(cx, &(struct casefile_event_new){.casefile_id = c.id, .kind = S("reply_posted")});
}

enum err casefile_reply_posted(struct cx *cx, int64_t id, int64_t n)
{
    return change_run(cx, id, post, &(struct posting){id, n});
}

/* ---- reading ---- */

static enum err add_documents(struct cx *cx, const struct record_documents *all, int64_t reg,
                              struct casefile_reply_given *to)
{
    for (size_t i = 0; i < all->rows.n; i++)
        if (all->rows.p[i].registration_id == reg && all->rows.p[i].number > 1)
            vec_add(cx->arena, &to->documents, all->rows.p[i]);
    return record_text(cx, reg, &to->text);
}

struct reading {
    const struct casefile_view *view;
    struct casefile_replies *ret;
};

static enum err list_replies(struct cx *cx, void *ctx)
{
    const struct reading *l = ctx;
    struct q_casefile_reply_list *rows;
    struct record_documents documents = {0};
    size_t n;
    enum err e = q_casefile_reply_list(cx, l->view->file.id, &rows, &n);
    if (!e && n)
        e = record_documents(cx, l->view->file.record_id, l->view->party_view, &documents);
    for (size_t i = 0; !e && i < n; i++) {
        struct casefile_reply_given g = {.n = rows[i].n,
                                         .at_us = rows[i].at_us,
                                         .by = rows[i].employee_name,
                                         .way = (enum casefile_reply_way)rows[i].way,
                                         .email = l->view->party_view ? S("") : rows[i].email,
                                         .arrived_us = rows[i].arrived_us,
                                         .failed = rows[i].failed_us.set,
                                         .replaced = i && !rows[i].arrived_us.set && !rows[i].failed_us.set};
        e = add_documents(cx, &documents, rows[i].registration_id, &g);
        vec_add(cx->arena, &l->ret->rows, g);
    }
    return e;
}

enum err casefile_replies(struct cx *cx, const struct casefile_view *view, struct casefile_replies *ret)
{
    *ret = (struct casefile_replies){0};
    return db_read(cx, list_replies, &(struct reading){view, ret});
}

/* ---- by e-mail ---- */

struct mailing {
    struct job *job;
    int64_t id, n;
    struct casefile_view view;
    struct casefile_reply_given reply;
};

static enum err find_mailing(struct cx *cx, struct job *job, struct mailing *ret)
{
    struct json *root;
    struct casefile_replies replies;
    enum err e = json_parse(cx, job->payload, &root);
    if (e)
        return e;
    *ret = (struct mailing){.job = job, .id = json_int(root, "casefile", 0), .n = json_int(root, "n", 0)};
    e = casefile_open_as_system(cx, ret->id, &ret->view);
    if (!e)
        e = casefile_replies(cx, &ret->view, &replies);
    if (e)
        return e == ERR_NOT_FOUND ? fail(cx, ERR_GONE, "the case file has been erased") : e;
    const struct casefile_reply_given *newest = replies.rows.n ? &replies.rows.p[0] : NULL;
    if (!newest || newest->n != ret->n || newest->arrived_us.set || newest->failed)
        return fail(cx, ERR_GONE, "this reply has arrived, was given up, or there is a newer one");
    ret->reply = *newest;
    return ERR_OK;
}

static struct str mail_words(struct cx *cx, const struct mailing *m, bool whole)
{
    const struct casefile *c = &m->view.file;
    struct str status = str_fmt(cx->arena, "%.*s/casefile/status", STR_ARG(cx->muni->web));
    struct buf b = buf_make(cx->arena);
    if (whole)
        buf_add(&b, m->reply.text);
    else
        buf_add(&b, i18n_fmt(cx, T_casefile_reply_mail_there, ARG("status", status)));
    buf_add_z(&b, "\n\n");
    if (whole && m->reply.documents.n)
        buf_add(&b, i18n_fmt(cx, T_casefile_reply_mail_files, ARG("status", status)));
    if (whole && m->reply.documents.n)
        buf_add_z(&b, "\n\n");
    buf_add(&b, i18n_fmt(cx, T_casefile_reply_mail_end, ARG("no", c->no)));
    buf_add_char(&b, '\n');
    return buf_str(&b);
}

static enum err has_left(struct cx *cx, void *ctx)
{
    const struct mailing *m = ctx;
    struct q_casefile_lock lock;
    struct casefile c;
    bool found;
    enum err e = q_casefile_lock(cx, m->id, &lock, &found);
    if (!e && !found)
        return job_complete(cx, m->job);
    if (!e)
        e = casefile_load(cx, m->id, &c);
    bool newest = !e && c.decided_us.set && c.decided_us.v == m->reply.at_us;
    if (!e)
        e = arrive(cx, &c, m->n, newest);
    if (!e)
        e = casefile_unhold(cx, c.id, S("reply"), m->n);
    if (!e)
        e = casefile_event_add(cx, &(struct casefile_event_new){.casefile_id = c.id, .kind = S("reply_mailed")});
    return e ? e : job_complete(cx, m->job);
}

enum err casefile_reply_job(struct cx *cx, struct job *job)
{
    struct mailing m;
    struct casefile_reply_to to = {0};
    enum err e = find_mailing(cx, job, &m);
    if (!e)
        e = casefile_reply_to(cx, &m.view, &to);
    if (e)
        return e;
    cx->lang = m.view.file.lang;
    e = mail_send(
        cx,
        &(struct mail_new){.to = m.reply.email,
                           .subject = i18n_fmt(cx, T_casefile_reply_mail_subject, ARG("municipality", cx->muni->name)),
                           .text = mail_words(cx, &m, to.email_whole),
                           .key = job->key,
                           .lang = cx->lang},
        m.reply.at_us);
    return e ? e : db_write(cx, has_left, &m);
}

enum err casefile_reply_dead(struct cx *cx, struct job *job)
{
    struct mailing m;
    int64_t n = 0;
    enum err e = find_mailing(cx, job, &m);
    if (e)
        return e == ERR_GONE ? ERR_OK : e;
    e = q_casefile_reply_failed(cx, m.id, m.n, cx->now_us, &n);
    if (!e && n)
        e = casefile_event_add(cx, &(struct casefile_event_new){.casefile_id = m.id, .kind = S("reply_failed")});
    return e || !n ? e : q_casefile_set_unread(cx, m.id, true); /* its caseworker is told: nobody else can be */
}
