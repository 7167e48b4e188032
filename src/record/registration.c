/* Registrations and their documents. */
#include "auth/auth.h"
#include "fulltext/fulltext.h"
#include "record_internal.h"

const char *record_kind_code(enum record_kind kind)
{
    static const char *const codes[] = {"", "I", "U", "N", "X"};
    return kind >= RECORD_INCOMING && kind <= RECORD_NOTE ? codes[kind] : "";
}

static struct opt_int id_or_none(int64_t id)
{
    return (struct opt_int){id != 0, id};
}

/* Its number within the case file; refuses a closed one. Locks the record's row. */
static enum err next_number(struct cx *cx, int64_t casefile_id, int64_t *ret)
{
    struct q_record_casefile_count_up row;
    struct q_record_casefile_status status;
    bool found;
    enum err e = q_record_casefile_count_up(cx, casefile_id, &row, &found);
    if (!e && found) {
        *ret = row.number;
        return ERR_OK;
    }
    if (!e)
        e = q_record_casefile_status(cx, casefile_id, &status, &found);
    if (e)
        return e;
    return found ? fail(cx, ERR_CONFLICT, "the case file is closed")
                 : fail(cx, ERR_NOT_FOUND, "no such case file record");
}

static enum err put_parties(struct cx *cx, int64_t id, const struct record_registration_new *new)
{
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < new->n_parties; i++) {
        const struct record_party *p = &new->parties[i];
        bool named = !p->party_id && !p->unit_id;
        e = q_record_party_insert(
            cx, &(struct q_record_party_insert_in){.registration_id = id,
                                                   .number = (int64_t)i + 1,
                                                   .role = p->role,
                                                   .party_id = id_or_none(p->party_id),
                                                   .unit_id = id_or_none(p->unit_id),
                                                   .name = named && p->name.n ? p->name : (struct str){0}});
    }
    return e;
}

enum err record_register(struct cx *cx, const struct record_registration_new *new, int64_t *ret_id)
{
    int64_t number, id = rand_id();
    enum err e = guards_ask(cx, RECORD_REGISTER, new->casefile_id);
    if (!e)
        e = next_number(cx, new->casefile_id, &number);
    if (e)
        return e;
    e = q_record_registration_insert(cx, &(struct q_record_registration_insert_in){
                                             .id = id,
                                             .casefile_id = new->casefile_id,
                                             .number = number,
                                             .kind = new->kind,
                                             .title = new->title,
                                             .public_title = new->public_title.n ? new->public_title : new->title,
                                             .document_us = new->document_us ? new->document_us : cx->now_us,
                                             .received_us = new->received_us,
                                             .sent_us = new->sent_us,
                                             .unit_id = new->unit_id,
                                             .author_employee_id = id_or_none(new->author_employee_id),
                                             .author_party_id = id_or_none(new->author_party_id),
                                             .party_visible = new->party_visible,
                                             .access_code = new->access_code,
                                             .access_basis = new->access_basis,
                                             .version = 1,
                                             .now_us = cx->now_us});
    if (!e)
        e = put_parties(cx, id, new);
    if (!e)
        *ret_id = id;
    return e;
}

static enum err get_row(struct cx *cx, int64_t id, struct q_record_registration_row *ret)
{
    bool found;
    enum err e = q_record_registration_row(cx, id, ret, &found);
    return e || found ? e : fail(cx, ERR_NOT_FOUND, "no such registration");
}

/* Locks it for this transaction, so that nothing is added while another finishes it. */
static enum err refuse_finished(struct cx *cx, int64_t id)
{
    struct q_record_registration_lock r;
    bool found;
    enum err e = q_record_registration_lock(cx, id, &r, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "no such registration");
    if (!e && r.finished_us.set)
        e = fail(cx, ERR_LAW, "LAW 8: the registration is finished; a correction is a new version");
    return e;
}

/* ---- documents ---- */

static enum err put_object(struct cx *cx, int64_t document_id, const struct record_document_new *new)
{
    int64_t id = rand_id();
    enum err e = fulltext_keep(cx, &new->file, S("record_object"), id);
    if (e)
        return e;
    return q_record_object_insert(cx,
                                  &(struct q_record_object_insert_in){.id = id,
                                                                      .document_id = document_id,
                                                                      .variant = new->variant,
                                                                      .mime = new->mime,
                                                                      .file_name = new->file_name,
                                                                      .hash = new->file.hash,
                                                                      .bytes = new->file.size,
                                                                      .now_us = cx->now_us,
                                                                      .format = new->format.p ? new->format : S("")});
}

enum err record_begin_document(struct cx *cx, int64_t registration_id, struct str title, struct str kind,
                               int64_t *ret_id)
{
    struct q_record_document_next next;
    int64_t id = rand_id();
    enum err e = refuse_finished(cx, registration_id);
    if (!e)
        e = q_record_document_next(cx, registration_id, &next);
    if (!e)
        e = q_record_document_insert(cx, &(struct q_record_document_insert_in){.id = id,
                                                                               .registration_id = registration_id,
                                                                               .number = next.documents + 1,
                                                                               .title = title,
                                                                               .kind = kind,
                                                                               .now_us = cx->now_us});
    if (!e)
        *ret_id = id;
    return e;
}

enum err record_add_document(struct cx *cx, int64_t registration_id, const struct record_document_new *new,
                             int64_t *ret_id)
{
    enum err e = record_begin_document(cx, registration_id, new->title, new->kind, ret_id);
    return e ? e : put_object(cx, *ret_id, new);
}

enum err record_add_party(struct cx *cx, int64_t registration_id, const struct record_party *party, int64_t *ret_number)
{
    struct q_record_party_count count;
    bool named = !party->party_id && !party->unit_id;
    enum err e = refuse_finished(cx, registration_id);
    if (!e)
        e = q_record_party_count(cx, registration_id, &count);
    if (e)
        return e;
    *ret_number = count.n + 1;
    return q_record_party_insert(cx, &(struct q_record_party_insert_in){.registration_id = registration_id,
                                                                        .number = *ret_number,
                                                                        .role = party->role,
                                                                        .party_id = id_or_none(party->party_id),
                                                                        .unit_id = id_or_none(party->unit_id),
                                                                        .name = named ? party->name : (struct str){0}});
}

enum err record_add_object(struct cx *cx, int64_t document_id, const struct record_document_new *new)
{
    struct q_record_document_owner owner;
    bool found;
    enum err e = q_record_document_owner(cx, document_id, &owner, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "no such document");
    if (!e)
        e = refuse_finished(cx, owner.registration_id);
    return e ? e : put_object(cx, document_id, new);
}

enum err record_finish(struct cx *cx, int64_t registration_id)
{
    struct q_record_document_count count;
    int64_t n;
    enum err e = refuse_finished(cx, registration_id);
    if (!e)
        e = q_record_document_count(cx, registration_id, &count);
    if (e)
        return e;
    if (!count.documents || count.with_file != count.documents)
        return fail(cx, ERR_LAW, "LAW 8: a registration is finished with its documents, and one is missing");
    e = guards_ask(cx, RECORD_FINISH, registration_id);
    if (!e)
        e = q_record_registration_finish(cx, registration_id, cx->now_us, &n);
    return e || n ? e : fail(cx, ERR_LAW, "LAW 8: the registration is finished already");
}

enum err record_number(struct cx *cx, int64_t registration_id)
{
    int64_t year = civil_from_us(cx->now_us).year;
    enum err e = q_record_registration_take(cx, registration_id, year);
    db_let_go_early(cx);
    return e ? e : q_record_registration_number(cx, registration_id, year);
}

enum err record_correct(struct cx *cx, int64_t registration_id, struct str reason, int64_t *ret_id)
{
    struct q_record_registration_row r;
    int64_t number, id = rand_id();
    enum err e = get_row(cx, registration_id, &r);
    if (e)
        return e;
    if (!r.finished_us.set)
        return fail(cx, ERR_LAW, "LAW 8: only a finished registration is corrected by a new version");
    if (r.replaced)
        return fail(cx, ERR_CONFLICT, "it has been corrected already");
    e = guards_ask(cx, RECORD_CORRECT, registration_id);
    if (!e)
        e = next_number(cx, r.casefile_id, &number);
    if (!e)
        e = q_record_registration_insert(
            cx, &(struct q_record_registration_insert_in){.id = id,
                                                          .casefile_id = r.casefile_id,
                                                          .number = number,
                                                          .kind = r.kind,
                                                          .title = r.title,
                                                          .public_title = r.public_title,
                                                          .document_us = r.document_us,
                                                          .received_us = r.received_us,
                                                          .sent_us = r.sent_us,
                                                          .unit_id = r.unit_id,
                                                          .author_employee_id = id_or_none(cx->who->employee_id),
                                                          .author_party_id = r.author_party_id,
                                                          .party_visible = r.party_visible,
                                                          .access_code = r.access_code,
                                                          .access_basis = r.access_basis,
                                                          .version = r.version + 1,
                                                          .replaces_id = opt_int(r.id),
                                                          .reason = reason,
                                                          .now_us = cx->now_us});
    if (!e)
        e = q_record_party_copy(cx, r.id, id);
    if (!e)
        *ret_id = id;
    return e;
}

/* ---- reading ---- */

/* The two queries give the same columns. */
#define REGISTRATION_OF(cx, r) \
    ((struct record_registration){.id = (r).id, \
                                  .casefile_id = (r).casefile_id, \
                                  .kind = (enum record_kind)(r).kind, \
                                  .title = (r).title, \
                                  .journal_no = (r).journal_seq.set \
                                                    ? str_fmt((cx)->arena, "%lld-%lld", (long long)(r).journal_year.v, \
                                                              (long long)(r).journal_seq.v) \
                                                    : S(""), \
                                  .document_us = (r).document_us, \
                                  .received_us = (r).received_us, \
                                  .sent_us = (r).sent_us, \
                                  .finished_us = (r).finished_us, \
                                  .unit_id = (r).unit_id, \
                                  .author_employee_id = (r).author_employee_id.v, \
                                  .author_party_id = (r).author_party_id.v, \
                                  .party_visible = (r).party_visible, \
                                  .version = (r).version, \
                                  .replaces_id = (r).replaces_id.v, \
                                  .replaced = (r).replaced, \
                                  .reason = (r).reason.p ? (r).reason : S("")})

enum err record_registration_get(struct cx *cx, int64_t id, struct record_registration *ret)
{
    struct q_record_registration_row r;
    enum err e = get_row(cx, id, &r);
    if (!e)
        *ret = REGISTRATION_OF(cx, r);
    return e;
}

enum err record_registrations(struct cx *cx, int64_t casefile_id, bool party_view, struct record_registrations *ret)
{
    struct q_record_registration_list *rows;
    size_t n;
    *ret = (struct record_registrations){0};
    enum err e = q_record_registration_list(cx, casefile_id, party_view, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &ret->rows, REGISTRATION_OF(cx, rows[i]));
    return e;
}

#define DOCUMENT_OF(r) \
    ((struct record_document){.id = (r).id, \
                              .registration_id = (r).registration_id, \
                              .casefile_id = (r).casefile_id, \
                              .number = (r).number, \
                              .title = (r).title, \
                              .kind = (r).kind, \
                              .party_visible = (r).party_visible, \
                              .file_name = (r).file_name, \
                              .mime = (r).mime, \
                              .file = {.hash = (r).hash, .size = (r).bytes}, \
                              .created_us = (r).created_us})

enum err record_documents(struct cx *cx, int64_t casefile_id, bool party_view, struct record_documents *ret)
{
    struct q_record_document_list *rows;
    size_t n;
    *ret = (struct record_documents){0};
    enum err e = q_record_document_list(cx, casefile_id, party_view, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &ret->rows, DOCUMENT_OF(rows[i]));
    return e;
}

static enum err get_document(struct cx *cx, int64_t id, bool source, struct record_document *ret)
{
    struct q_record_document_row r;
    bool found;
    enum err e = q_record_document_row(cx, id, source, &r, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "no such document");
    if (!e)
        *ret = DOCUMENT_OF(r);
    return e;
}

enum err record_document_get(struct cx *cx, int64_t document_id, struct record_document *ret)
{
    return get_document(cx, document_id, false, ret);
}

enum err record_document_source(struct cx *cx, int64_t document_id, struct record_document *ret)
{
    return get_document(cx, document_id, true, ret);
}

static enum err main_source(struct cx *cx, int64_t registration_id, struct record_document *ret)
{
    struct q_record_main_document main;
    bool found;
    enum err e = q_record_main_document(cx, registration_id, &main, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "the registration has no document");
    return e ? e : record_document_source(cx, main.id, ret);
}

enum err record_text(struct cx *cx, int64_t registration_id, struct str *ret)
{
    struct record_document d;
    enum err e = main_source(cx, registration_id, &d);
    return e ? e : files_get(cx, d.file.hash, ret);
}

enum err record_words(struct cx *cx, int64_t registration_id, struct str *ret)
{
    struct record_document d;
    enum err e = main_source(cx, registration_id, &d);
    if (!e && str_starts(d.mime, S("text/")))
        return files_get(cx, d.file.hash, ret);
    if (!e)
        *ret = d.title;
    return e;
}
