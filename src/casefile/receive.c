/* A letter or an e-mail that an employee registers: the document of an old case or the beginning of a new one. Noark 5:
   an incoming journal post (I) with the sender as correspondent and the date of the document. */
#include "casefile_internal.h"

struct record_party post_sender(const struct casefile_post *post)
{
    return (struct record_party){.role = RECORD_SENDER, .party_id = post->party_id, .name = post->sender};
}

struct record_registration_new post_registration(struct cx *cx, const struct casefile_post *post,
                                                 const struct record_party *sender,
                                                 const struct service_version *service)
{
    struct screening screening = casefile_screening_of(cx, service);
    enum text what = post->channel == CHANNEL_EMAIL ? T_casefile_record_email : T_casefile_record_letter;
    return (struct record_registration_new){.kind = RECORD_INCOMING,
                                            .title = post->title,
                                            .public_title = record_language_text(cx, what),
                                            .document_us = post->written_us,
                                            .received_us = opt_int(post->arrived_us),
                                            .author_employee_id = cx->who->employee_id,
                                            .author_party_id = post->party_id,
                                            .party_visible = true,
                                            .access_code = screening.code,
                                            .access_basis = screening.basis,
                                            .parties = sender,
                                            .n_parties = 1};
}

enum err post_documents(struct cx *cx, int64_t registration_id, const struct casefile_post *post)
{
    enum err e = ERR_OK;
    int64_t id;
    for (size_t i = 0; !e && i < post->n_files; i++)
        e = record_add_document(cx, registration_id,
                                &(struct record_document_new){.title = i ? post->files[i].name : post->title,
                                                              .kind = i ? S("attachment")
                                                                      : post->channel == CHANNEL_EMAIL
                                                                          ? S("email")
                                                                          : S("incoming_letter"),
                                                              .main = i == 0,
                                                              .file_name = post->files[i].name,
                                                              .mime = post->files[i].mime,
                                                              .variant = RECORD_PRODUCTION,
                                                              .file = post->files[i].file},
                                &id);
    return e ? e : record_finish(cx, registration_id);
}

struct str post_params(struct cx *cx, const struct casefile_post *post)
{
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    json_begin_object(&o);
    json_key(&o, "channel");
    json_i64(&o, post->channel);
    json_key(&o, "day");
    json_i64(&o, civil_day_of_us(post->arrived_us));
    json_key(&o, "title");
    json_str(&o, post->title);
    json_key(&o, "sender");
    json_str(&o, post->sender);
    json_end(&o);
    return buf_str(&b);
}

enum err casefile_asks(struct cx *cx, const struct casefile_view *view, struct casefile_asks *ret)
{
    struct casefile_questions questions;
    struct casefile_contacts contacts = {0};
    *ret = (struct casefile_asks){0};
    enum err e = casefile_questions(cx, view, &questions);
    if (!e)
        e = casefile_contacts(cx, view, &contacts);
    for (size_t i = 0; !e && i < questions.rows.n; i++) {
        const struct casefile_question *q = &questions.rows.p[i];
        if (!q->answered_us.set && !q->closed_us.set)
            vec_add(cx->arena, &ret->rows, (struct casefile_ask){q->id, false, q->text, q->asked_us, q->due_us});
    }
    for (size_t i = 0; !e && i < contacts.rows.n; i++) {
        const struct casefile_contact *k = &contacts.rows.p[i];
        if (k->kind == CASEFILE_HEARING && !k->answered_us.set && !k->closed_us.set)
            vec_add(cx->arena, &ret->rows, (struct casefile_ask){k->id, true, k->text, k->at_us, k->due_us.v});
    }
    return e;
}

/* Close what the post answers. It counts from the day it came, which decides whether it was in time. */
static enum err answers(struct cx *cx, const struct casefile *c, const struct casefile_post *post, int64_t reg_id,
                        bool *ret_hearing)
{
    struct casefile_view view = {.file = *c};
    struct casefile_asks asks;
    int64_t n = 0;
    const struct casefile_ask *ask = NULL;
    enum err e = casefile_asks(cx, &view, &asks);
    for (size_t i = 0; !e && i < asks.rows.n; i++)
        if (asks.rows.p[i].id == post->answers)
            ask = &asks.rows.p[i];
    if (!e && !ask)
        return fail_field(cx, ERR_CONFLICT, S("answers"), "it has been answered, or is not of this case file");
    if (!e && civil_day_of_us(post->arrived_us) < civil_day_of_us(ask->asked_us))
        return fail_field(cx, ERR_INVALID, S("answers"), "it came before it was asked for");
    if (e)
        return e;
    int64_t at_us = post->arrived_us > ask->asked_us ? post->arrived_us : ask->asked_us;
    e = ask->hearing ? q_casefile_contact_answer(cx, ask->id, c->id, reg_id, at_us, &n)
                     : q_casefile_question_answer(cx, ask->id, c->id, reg_id, at_us, &n);
    if (!e && !n)
        return fail_field(cx, ERR_CONFLICT, S("answers"), "it was answered meanwhile");
    *ret_hearing = ask->hearing;
    return e ? e : q_casefile_add_waiting(cx, c->id, -1);
}

struct receiving {
    int64_t id;
    bool appeal;
    const struct casefile_post *post;
};

static enum err receive(struct cx *cx, void *ctx)
{
    const struct receiving *r = ctx;
    struct casefile c;
    struct record_party sender = post_sender(r->post);
    struct record_registration_new reg = post_registration(cx, r->post, &sender, NULL);
    int64_t reg_id;
    bool hearing = false;
    enum err e = casefile_begin(cx, r->id, 0, r->appeal ? CASEFILE_DO_RECEIVE_APPEAL : CASEFILE_DO_RECEIVE, &c);
    if (!e)
        e = reopen(cx, &c);
    if (!e)
        casefile_screening(cx, c.service_version_id, &reg.access_code, &reg.access_basis);
    reg.casefile_id = c.record_id;
    reg.unit_id = c.unit_id;
    if (!e)
        e = record_register(cx, &reg, &reg_id);
    if (!e)
        e = post_documents(cx, reg_id, r->post);
    if (!e && r->appeal)
        e = appeal_begins(cx, &c, r->post->arrived_us);
    if (!e && r->post->answers)
        e = answers(cx, &c, r->post, reg_id, &hearing);
    if (!e)
        e = q_casefile_set_unread(cx, c.id, true);
    bool own = r->post->party_id && r->post->party_id == c.party_id;
    if (!e)
        e = casefile_event_add(cx, &(struct casefile_event_new){.casefile_id = c.id,
                                                                .kind = r->appeal          ? S("post_appeal")
                                                                        : hearing          ? S("post_heard")
                                                                        : r->post->answers ? S("post_answered")
                                                                        : own              ? S("post_received")
                                                                                           : S("post_other"),
                                                                .params = post_params(cx, r->post),
                                                                .registration_id = reg_id});
    return e ? e : record_number(cx, reg_id);
}

enum err casefile_receive(struct cx *cx, int64_t id, bool appeal, const struct casefile_post *post)
{
    return change_run(cx, id, receive, &(struct receiving){.id = id, .appeal = appeal, .post = post});
}

struct finding {
    int64_t id;
    struct casefile *file;
    bool may;
};

static enum err find(struct cx *cx, void *ctx)
{
    struct finding *f = ctx;
    enum err e = casefile_load(cx, f->id, f->file);
    return e ? e : viewer_sees(cx, f->id, &f->may);
}

enum err casefile_of_post(struct cx *cx, int64_t id, struct casefile *ret, bool *ret_may)
{
    struct casefile c;
    struct finding f = {.id = id, .file = &c};
    enum err e = db_read(cx, find, &f);
    if (e)
        return e;
    *ret = (struct casefile){
        .id = c.id, .no = c.no, .title = c.title, .unit_name = c.unit_name, .deadline_us = c.deadline_us};
    *ret_may = f.may;
    return ERR_OK;
}
