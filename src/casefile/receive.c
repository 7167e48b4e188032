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
        e = appeal_begins(cx, &c);
    if (!e)
        e = q_casefile_set_unread(cx, c.id, true);
    bool own = r->post->party_id && r->post->party_id == c.party_id;
    if (!e)
        e = casefile_event_add(cx, &(struct casefile_event_new){.casefile_id = c.id,
                                                                .kind = r->appeal ? S("post_appeal")
                                                                        : own     ? S("post_received")
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
