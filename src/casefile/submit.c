/* Law 1: a submission happens once, and all of it: record, registration, case file, task, reach, search, timeline,
   notice and job in one transaction; the numbers last. */

#include "casefile_internal.h"
#include "keys/keys.h"
#include "search/search.h"

struct submit {
    int64_t draft_id, version;
    bool repeated;
    struct str spill; /* answers too large for the database: to be put into the document store before another try */
    struct file_ref spilled;
    int64_t id, record_id, application_id;
    struct form_submission sub;
    const struct service_version *service;
    struct auth_unit unit;
    int64_t received_us;
    struct opt_int deadline_us;
    struct sign_places places;        /* who else must sign */
    struct hash application;          /* SHA-256 of its JSON */
    const struct casefile_post *post; /* it begins with a letter or an e-mail; NULL: with a draft */
};

static struct casefile_submission_hooks after; /* set once in app/modules.c, before any thread */

void casefile_on_submission(const struct casefile_submission_hooks *hooks)
{
    after = *hooks;
}

/* ---- the receipt code ---- */

/* Made from the draft, so that the owner of the draft can be shown it again; only its hash is stored. 80 bits. */
static struct str receipt_code(struct cx *cx, int64_t draft_id)
{
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    struct hash h = keys_lookup(cx, S("receipt"), str_fmt(cx->arena, "%lld", (long long)draft_id));
    struct buf b = buf_make(cx->arena);
    for (int i = 0; i < 16; i++) {
        if (i && i % 4 == 0)
            buf_add_char(&b, '-');
        buf_add_char(&b, alphabet[h.b[i] & 31]);
    }
    return buf_str(&b);
}

/* ---- the parts ---- */

/* Small ones lie in the database and need nothing before the transaction; see casefile_submit for large ones. */
static enum err answers_ref(struct cx *cx, struct submit *s, struct file_ref *ret)
{
    struct str json = s->sub.answers_json;
    struct hash hash = hash_of(json);
    s->application = hash;
    if (json.n <= FILES_SMALL_BYTES) {
        *ret = (struct file_ref){.hash = hash, .size = (int64_t)json.n, .bytes = json, .fresh = true};
        return ERR_OK;
    }
    if (s->spilled.size == (int64_t)json.n && hash_eq(s->spilled.hash, hash)) {
        *ret = s->spilled;
        return ERR_OK;
    }
    s->spill = json;
    return fail(cx, ERR_TOO_LARGE, "answers over %d bytes", FILES_SMALL_BYTES);
}

static enum err add_documents(struct cx *cx, struct submit *s)
{
    int64_t id;
    struct file_ref json;
    if (s->post)
        return post_documents(cx, s->application_id, s->post);
    enum err e = answers_ref(cx, s, &json);
    if (!e)
        e = record_add_document(
            cx, s->application_id,
            &(struct record_document_new){.title = record_language_text(cx, T_casefile_record_application),
                                          .kind = S("application"),
                                          .main = true,
                                          .file_name = S("application.json"),
                                          .mime = S("application/json"),
                                          .variant = RECORD_PRODUCTION,
                                          .file = json},
            &id);
    for (size_t i = 0; !e && i < s->sub.documents.n; i++) {
        const struct form_document *d = &s->sub.documents.p[i];
        e = record_add_document(cx, s->application_id,
                                &(struct record_document_new){.title = d->name,
                                                              .kind = d->kind,
                                                              .file_name = d->name,
                                                              .mime = d->mime,
                                                              .variant = RECORD_PRODUCTION,
                                                              .file = d->file},
                                &id);
    }
    return e;
}

static enum err open_record(struct cx *cx, struct submit *s)
{
    const struct service_version *v = s->service;
    struct str title = v->case_title.n ? v->case_title : s->sub.title;
    struct record_party sender = {
        .role = RECORD_SENDER, .party_id = s->sub.party_id, .name = record_language_text(cx, T_casefile_anonymous)};
    enum err e = record_open_casefile(cx,
                                      &(struct record_casefile_new){.title = title,
                                                                    .public_title = title,
                                                                    .class_key = v->classification,
                                                                    .class_title = title,
                                                                    .unit_id = s->unit.id,
                                                                    .retention = service_retention(cx, v, ENDING_COUNT),
                                                                    .access_code = S(""),
                                                                    .access_basis = S("")},
                                      &s->record_id);
    if (e)
        return e;
    struct screening screening = casefile_screening_of(cx, v);
    struct record_registration_new reg = {
        .kind = RECORD_INCOMING,
        .title = str_fmt(cx->arena, "%.*s: %.*s", STR_ARG(record_language_text(cx, T_casefile_record_application)),
                         STR_ARG(title)),
        .document_us = cx->now_us,
        .received_us = opt_int(cx->now_us),
        .author_party_id = s->sub.party_id,
        .party_visible = true,
        .access_code = screening.code,
        .access_basis = screening.basis,
        .parties = &sender,
        .n_parties = 1};
    if (s->post) {
        sender = post_sender(s->post);
        reg = post_registration(cx, s->post, &sender, v);
    }
    reg.casefile_id = s->record_id;
    reg.unit_id = s->unit.id;
    return record_register(cx, &reg, &s->application_id);
}

static enum err insert_casefile(struct cx *cx, struct submit *s)
{
    bool anonymous = !s->sub.party_id && !s->post; /* by post nobody has a screen to read a code from */
    struct hash code = {0};
    if (anonymous)
        code = casefile_code_hash(cx, receipt_code(cx, s->draft_id));
    int64_t session = cx->who->session_id;
    s->id = rand_id();
    enum err e = q_casefile_insert(
        cx, &(struct q_casefile_insert_in){.id = s->id,
                                           .draft_id = s->draft_id,
                                           .record_id = s->record_id,
                                           .application_id = s->application_id,
                                           .service_version_id = s->service->id,
                                           .service_key = s->service->key,
                                           .title = s->sub.title,
                                           .party_id = {s->sub.party_id != 0, s->sub.party_id},
                                           .unit_id = s->unit.id,
                                           .state = CASEFILE_RECEIVED,
                                           .lang = s->sub.lang,
                                           .received_us = s->received_us,
                                           .deadline_us = s->deadline_us,
                                           .session_id = {anonymous && session, session},
                                           .channel = s->sub.channel,
                                           .by_post = s->post != NULL,
                                           .decides = s->service->decides,
                                           .helper_id = {s->sub.helper_id != 0, s->sub.helper_id},
                                           .helper_unit_id = {s->sub.helper_unit_id != 0, s->sub.helper_unit_id},
                                           .holder_id = {s->sub.holder_id != 0, s->sub.holder_id},
                                           .code_hash = anonymous ? str_make((const char *)code.b, HASH_BYTES)
                                                                  : (struct str){0}});
    for (size_t i = 0; !e && i < s->sub.lines.n; i++)
        e = q_casefile_line_insert(cx, s->id, (int64_t)i + 1, s->sub.lines.p[i].key, s->sub.lines.p[i].label);
    return e;
}

/* casefile_id 0: all cases of its giver that it covers. */
static enum err open_by_mandate(struct cx *cx, const struct party_mandate *m, int64_t casefile_id)
{
    return q_casefile_reach_mandate(
        cx, &(struct q_casefile_reach_mandate_in){.casefile_id = casefile_id,
                                                  .via = m->id,
                                                  .giver_id = m->giver_id,
                                                  .holder_id = m->holder_id,
                                                  .scope = m->scope,
                                                  .basis = m->basis,
                                                  .from_us = m->from_us,
                                                  .until_us = m->until_us.set ? m->until_us.v : INT64_MAX});
}

static enum err put_reach(struct cx *cx, const struct submit *s)
{
    struct party_mandates mandates = {0};
    struct q_casefile_reach_put_in row = {.casefile_id = s->id,
                                          .kind = 2,
                                          .ref = s->unit.id,
                                          .from_us = 0,
                                          .until_us = INT64_MAX,
                                          .sort_us = s->received_us};
    enum err e = q_casefile_reach_put(cx, &row);
    if (e || !s->sub.party_id)
        return e;
    row.kind = 1;
    row.ref = s->sub.party_id;
    e = q_casefile_reach_put(cx, &row);
    if (!e)
        e = party_mandates_given(cx, s->sub.party_id, s->service->key, &mandates);
    for (size_t i = 0; !e && i < mandates.rows.n; i++) {
        e = open_by_mandate(cx, &mandates.rows.p[i], s->id);
    }
    return e;
}

static enum err put_search(struct cx *cx, const struct submit *s)
{
    VEC_OF(struct str) found_by = {0};
    for (int l = 0; l < LANG_COUNT; l++)
        if (s->service->name.in[l].n)
            vec_add(cx->arena, &found_by, s->service->name.in[l]);
    for (size_t i = 0; i < s->sub.lines.n; i++)
        vec_add(cx->arena, &found_by, s->sub.lines.p[i].label);
    return search_put(cx, S("casefile"), s->id, s->received_us, found_by.p, found_by.n);
}

static enum err put_work(struct cx *cx, const struct submit *s)
{
    struct str registration = str_fmt(cx->arena, "%lld", (long long)s->application_id);
    enum err e = q_casefile_task_insert(
        cx, &(struct q_casefile_task_insert_in){.id = rand_id(),
                                                .casefile_id = s->id,
                                                .unit_id = s->unit.id,
                                                .kind = S("handle"),
                                                .due_us = s->deadline_us.set ? s->deadline_us.v : CASEFILE_FAR_US,
                                                .now_us = cx->now_us});
    if (e || s->post) /* what came by post is a document already, and finished */
        return e;
    return job_add(cx,
                   &(struct job_new){.kind = S(CASEFILE_JOB_PDF),
                                     .key = registration,
                                     .payload = str_fmt(cx->arena, "{\"registration\":%.*s}", STR_ARG(registration))});
}

/* The numbers: every submission waits for these rows, so they are the last that is touched. */
static enum err put_numbers(struct cx *cx, const struct submit *s)
{
    enum err e = record_number_casefile(cx, s->record_id);
    if (!e)
        e = q_casefile_number(cx, s->id);
    return e ? e : record_number(cx, s->application_id);
}

static const char *event_kind(enum channel channel)
{
    static const char *const kinds[CHANNEL_COUNT] = {"submitted",           "submitted",        "submitted_counter",
                                                     "submitted_telephone", "submitted_letter", "post_opened"};
    return kinds[channel];
}

/* All but the numbers, from s->sub, s->service and s->received_us. */
static enum err open_case(struct cx *cx, struct submit *s)
{
    day_t day = civil_day_of_us(s->received_us);
    enum err e = auth_unit_by_key(cx, s->service->unit_key, &s->unit);
    bool later = s->service->cosign.counts_when_all && s->places.rows.n && !s->post; /* sign.c sets it then */
    if (!e && s->service->deadline_working_days && !later) {
        day = municipality_add_working_days(cx->muni, day, s->service->deadline_working_days);
        s->deadline_us = opt_int(civil_day_start_us(day + 1));
    }
    if (!e)
        e = open_record(cx, s);
    if (!e)
        e = add_documents(cx, s);
    if (!e)
        e = insert_casefile(cx, s);
    if (!e)
        e = put_reach(cx, s);
    if (!e)
        e = put_search(cx, s);
    if (!e)
        e = put_work(cx, s);
    if (!e && s->sub.party_id && s->sub.channel == CHANNEL_SELF) /* notices come in the language the person writes in */
        e = party_set_lang(cx, s->sub.party_id, s->sub.lang);
    if (!e)
        e = casefile_event_add(
            cx, &(struct casefile_event_new){.casefile_id = s->id,
                                             .kind = s->post ? S("post_opened") : str_of(event_kind(s->sub.channel)),
                                             .params = s->post ? post_params(cx, s->post) : S(""),
                                             .registration_id = s->application_id});
    return e ? e : sign_ask(cx, s->id, &s->places, s->post ? NULL : &s->application, s->received_us);
}

/* Those who must sign are told when there is a number to tell. */
static enum err tell_signers(struct cx *cx, const struct submit *s)
{
    struct casefile c;
    enum err e = casefile_load(cx, s->id, &c);
    return e ? e : sign_tell(cx, &c, SIGN_NEWS_ASKED, S("asked"));
}

static enum err submit(struct cx *cx, void *ctx)
{
    struct submit *s = ctx;
    struct q_casefile_by_draft before;
    enum err e = q_casefile_by_draft(cx, s->draft_id, &before, &s->repeated);
    if (e || s->repeated)
        return e ? e : db_settle(cx);
    e = form_submission_take(cx, s->draft_id, s->version, &s->sub);
    if (e)
        return e;
    s->service = service_version_by_id(cx, s->sub.version_id);
    s->received_us = cx->now_us;
    e = s->service ? open_case(cx, s) : fail(cx, ERR_CONFIG, "the service version of this draft is gone");
    bool granted = false, signs = s->places.rows.n > 0; /* law 11: rules answer when all have signed */
    if (!e && after.decide && !signs)
        e = after.decide(cx, s->id, &s->sub, &granted);
    if (!e && !signs && s->service->cosign.by) /* nobody else has to: nothing is kept */
        e = form_submission_forget(cx, s->draft_id);
    if (!e)
        e = put_numbers(cx, s);
    if (!e && signs)
        e = tell_signers(cx, s);
    if (!e && granted && after.tell)
        e = after.tell(cx, s->id);
    db_commit_at_once(cx);
    return e;
}

enum err submission_decide(struct cx *cx, const struct casefile *c, bool *ret_granted)
{
    struct form_submission sub = {
        .draft_id = c->draft_id, .party_id = c->party_id, .version_id = c->service_version_id, .lang = c->lang};
    enum err e = after.decide ? record_text(cx, c->application_id, &sub.answers_json) : ERR_OK;
    return e || !after.decide ? e : after.decide(cx, c->id, &sub, ret_granted);
}

enum err submission_tell(struct cx *cx, const struct casefile *c)
{
    return after.tell ? after.tell(cx, c->id) : ERR_OK;
}

/* ---- by post ---- */

enum err casefile_open_by_post(struct cx *cx, int64_t once, struct str service_key, const struct casefile_post *post,
                               int64_t *ret_id)
{
    struct submit s = {.draft_id = once, .post = post, .received_us = post->arrived_us};
    enum lang lang = cx->muni ? cx->muni->first_lang : LANG_DA;
    struct str email;
    s.service = service_current(cx, service_key);
    if (!s.service)
        return fail_field(cx, ERR_INVALID, S("service"), "no service that can be applied for today");
    if (!post->party_id && s.service->assurance != ASSURANCE_NONE)
        return fail_field(cx, ERR_INVALID, S("from"), "this service needs to know whose it is");
    enum err e = post->party_id ? party_notice(cx, post->party_id, &email, &lang) : ERR_OK;
    s.sub = (struct form_submission){.party_id = post->party_id,
                                     .version_id = s.service->id,
                                     .lang = lang,
                                     .channel = post->channel,
                                     .title = words_in(&s.service->name, lang)};
    sign_places_by_post(cx, s.service, &s.places);
    if (!e)
        e = open_case(cx, &s);
    if (!e)
        e = put_numbers(cx, &s);
    if (!e)
        *ret_id = s.id;
    return e;
}

/* ---- receipt ---- */

/* Whom the holder of a mandate sent it for. */
static struct str holder_for(struct cx *cx, const struct casefile *c, bool holder)
{
    struct str name = S("");
    if (!holder || party_name(cx, c->party_id, &name))
        return S("");
    return name;
}

enum err casefile_receipt_get(struct cx *cx, int64_t draft_id, struct casefile_receipt *ret)
{
    struct q_casefile_by_draft row;
    struct casefile c;
    bool found;
    enum err e = q_casefile_by_draft(cx, draft_id, &row, &found);
    if (e)
        return e;
    bool own = found && row.party_id.set && cx->who->kind == WHO_PARTY && row.party_id.v == cx->who->party_id;
    bool browser = found && !row.party_id.set && row.session_id.set &&
                   (row.session_id.v == cx->who->session_id || row.session_id.v == auth_session_origin(cx));
    const struct stay *stay =
        cx->who->stay; /* the employee who typed it shows and prints it, while the citizen is there */
    bool helper = found && stay && row.party_id.set && row.party_id.v == stay->party_id && row.helper_id.set &&
                  row.helper_id.v == cx->who->employee_id;
    bool holder = found && row.holder_id.set && cx->who->kind == WHO_PARTY && row.holder_id.v == cx->who->party_id;
    if (holder) /* as long as the mandate lets them see it */
        e = viewer_sees(cx, row.id, &holder);
    if (!e && !own && !browser && !helper && !holder)
        e = fail(cx, ERR_NOT_FOUND, "no such receipt of this asker");
    if (!e)
        e = casefile_load(cx, row.id, &c);
    if (!e && holder)
        note_access(cx, &c, "casefile", S(""), false);
    if (!e)
        *ret = (struct casefile_receipt){.casefile_id = c.id,
                                         .no = c.no,
                                         .title = c.title,
                                         .unit_name = c.unit_name,
                                         .received_us = c.received_us,
                                         .deadline_us = c.deadline_us,
                                         .helped = casefile_helper_text(cx, &c, !holder),
                                         .for_name = holder_for(cx, &c, holder),
                                         .signs = c.unsigned_n > 0,
                                         .granted = c.decided_us.set && c.decided_us.v == c.received_us,
                                         .code = c.party_id ? S("") : receipt_code(cx, draft_id)};
    return e;
}

enum err casefile_submit(struct cx *cx, int64_t draft_id, int64_t version, struct casefile_receipt *ret)
{
    struct submit s = {.draft_id = draft_id, .version = version};
    struct form_cosign cosign;
    enum err e = form_submission_prepare(cx, draft_id, &cosign);
    if (!e)
        e = sign_places(cx, &cosign, &s.places);
    if (!e)
        e = db_write(cx, submit, &s);
    if (e == ERR_UNSURE) /* if it was saved, it is found; if it is being saved, the key of the draft waits for it */
        e = db_write(cx, submit, &s);
    if (e == ERR_TOO_LARGE && s.spill.n) { /* a large file is written before the transaction that refers to it */
        e = files_put(cx, s.spill, &s.spilled);
        if (!e)
            e = db_write(cx, submit, &s);
    }
    if (e && e != ERR_DUPLICATE && e != ERR_CONFLICT)
        return e;
    /* pressed twice at the same moment, the second may find the draft sent or changed under it */
    struct fail why = cx->fail;
    enum err no_receipt = casefile_receipt_get(cx, draft_id, ret);
    if (!no_receipt) {
        ret->repeated = s.repeated || e;
        return ERR_OK;
    }
    if (e)
        cx->fail = why;
    return e ? e : no_receipt;
}

/* ---- at start ---- */

enum err casefile_prepare(struct cx *cx)
{
    struct service_list list = service_list(cx);
    struct record_class_new *classes = arena_array(cx->arena, struct record_class_new, list.rows.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < list.rows.n; i++) {
        const struct service_version *v = list.rows.p[i];
        if (v->classification.n)
            classes[n++] = (struct record_class_new){v->classification, v->case_title.n ? v->case_title : v->key};
    }
    return record_prepare(cx, cx->muni ? cx->muni->name : S("Indgang"), classes, n);
}

enum err casefile_follow_mandate(struct cx *cx, const struct party_mandate *m)
{
    if (m->withdrawn_us.set)
        return q_casefile_reach_end(cx, m->id, m->withdrawn_us.v);
    /* of one that a register says, the end may have moved */
    enum err e = q_casefile_reach_end(cx, m->id, m->until_us.set ? m->until_us.v : INT64_MAX);
    return e ? e : open_by_mandate(cx, m, 0);
}
