/* After the time for second thoughts: make the PDF of exactly the stored text, put both into the record, deliver. All
   that is written is one transaction, so a letter is in the record, numbered and delivered, or nothing of it is. */
#include "letter_internal.h"

#include <assert.h>

#include "codec/codec.h"
#include "letter_tree.h"

struct delivery {
    struct job *job;
    struct letter letter;
    struct casefile_view view;
    bool paper;
    bool other; /* to somebody who must sign: address and words are nobody's but theirs */
    struct file_ref markdown, pdf;
    struct str pdf_format; /* PRONOM */
    struct letter_attachment *attachments;
    size_t n_attachments;
    int64_t registration_id;
};

/* ---- the document ---- */

struct str letter_window(struct cx *cx, const struct party *party, bool address)
{
    struct buf b = buf_make(cx->arena);
    buf_add(&b, party->name);
    for (size_t i = 0; address && i < party->n_address; i++)
        buf_fmt(&b, "\n%.*s", STR_ARG(party->address[i]));
    return buf_str(&b);
}

/* The letterhead, in cx->lang. */
static enum err letterhead(struct cx *cx, const struct casefile_view *view, struct letter_document *d)
{
    const struct municipality *m = cx->muni;
    struct auth_unit row;
    enum err e = auth_unit_by_id(cx, view->file.unit_id, &row);
    if (e)
        return e;
    const struct municipality_unit *unit = municipality_unit(m, row.key);
    struct str phone = unit ? municipality_unit_phone(m, unit) : m->phone;
    struct str email = unit ? municipality_unit_email(m, unit) : m->email;
    const struct words *hours = unit && !words_empty(&unit->hours) ? &unit->hours : &m->hours;
    d->lang = cx->lang;
    d->sender = m->name;
    d->unit = unit ? words_in(&unit->name, cx->lang) : row.name;
    d->contact =
        str_trim(str_fmt(cx->arena, "%.*s\n%.*s\n%.*s", STR_ARG(i18n_fmt(cx, T_letter_head_phone, ARG("phone", phone))),
                         STR_ARG(email), STR_ARG(words_in(hours, cx->lang))));
    d->date = i18n_date(cx, cx->now_us);
    d->casefile_no = view->file.no;
    d->casefile_label = i18n_text(cx->lang, T_letter_head_casefile);
    d->page_label = i18n_text(cx->lang, T_letter_head_page);
    d->made_us = cx->now_us;
    return ERR_OK;
}

/* What the record keeps as the letter's text: its title as the first heading. */
static struct str stored_text(struct cx *cx, const struct letter *l)
{
    return str_fmt(cx->arena, "# %.*s\n\n%.*s", STR_ARG(l->title), STR_ARG(l->markdown));
}

static enum err make(struct cx *cx, struct delivery *d)
{
    struct letter_document doc = {0};
    struct str pdf;
    cx->lang = d->letter.lang;
    enum err e = letterhead(cx, &d->view, &doc);
    doc.title = d->letter.title;
    doc.markdown = d->letter.markdown;
    /* a protected address is put on when the letter is printed: this PDF is read by others too (law 7) */
    if (d->paper || !d->view.party.protected_address)
        doc.address = letter_window(cx, &d->view.party, !d->view.party.protected_address);
    if (!e)
        e = letter_pdf_render(cx, &doc, &pdf);
    if (!e)
        e = files_put(cx, stored_text(cx, &d->letter), &d->markdown);
    if (!e)
        d->pdf_format = str_of(filetype_pdf_format(pdf));
    return e ? e : files_put(cx, pdf, &d->pdf);
}

/* ---- the record ---- */

static enum err add_document(struct cx *cx, const struct delivery *d)
{
    int64_t id;
    struct record_document_new text = {.title = d->letter.title,
                                       .kind = S("letter"),
                                       .main = true,
                                       .file_name = S("brev.md"),
                                       .mime = S("text/markdown; charset=utf-8"),
                                       .variant = RECORD_PRODUCTION,
                                       .file = d->markdown};
    struct record_document_new pdf = {.file_name = S("brev.pdf"),
                                      .mime = S("application/pdf"),
                                      .format = d->pdf_format,
                                      .variant = RECORD_ARCHIVE,
                                      .file = d->pdf};
    enum err e = record_add_document(cx, d->registration_id, &text, &id);
    if (!e)
        e = record_add_object(cx, id, &pdf);
    for (size_t i = 0; !e && i < d->n_attachments; i++)
        e = record_add_document(cx, d->registration_id,
                                &(struct record_document_new){.title = d->attachments[i].name,
                                                              .kind = S("attachment"),
                                                              .file_name = d->attachments[i].name,
                                                              .mime = d->attachments[i].mime,
                                                              .variant = RECORD_PRODUCTION,
                                                              .file = d->attachments[i].file},
                                &id);
    return e;
}

static enum err put_in_record(struct cx *cx, struct delivery *d)
{
    const struct casefile *c = &d->view.file;
    const struct municipality *m = cx->muni;
    struct record_party to = {.role = RECORD_RECIPIENT, .party_id = d->letter.party_id};
    struct str code, basis;
    casefile_screening(cx, c->service_version_id, &code, &basis);
    struct str public_title =
        i18n_text(m->first_lang, d->letter.decision_id ? T_letter_public_decision : T_letter_public);
    enum err e = record_register(cx,
                                 &(struct record_registration_new){.casefile_id = c->record_id,
                                                                   .kind = RECORD_OUTGOING,
                                                                   .title = d->letter.title,
                                                                   .public_title = public_title,
                                                                   .document_us = cx->now_us,
                                                                   .sent_us = opt_int(cx->now_us),
                                                                   .unit_id = c->unit_id,
                                                                   .party_visible = !d->other,
                                                                   .access_code = code,
                                                                   .access_basis = basis,
                                                                   .parties = &to,
                                                                   .n_parties = 1},
                                 &d->registration_id);
    if (!e)
        e = add_document(cx, d);
    return e ? e : record_finish(cx, d->registration_id);
}

/* ---- delivery ---- */

static enum err deliver(struct cx *cx, void *ctx)
{
    struct delivery *d = ctx;
    struct letter *l = &d->letter;
    struct casefile file;
    int64_t n;
    enum err e = casefile_begin(cx, l->casefile_id, 0, CASEFILE_DO_NOTE, &file);
    if (!e)
        e = put_in_record(cx, d);
    if (e)
        return e;
    struct opt_int arrived = d->paper ? (struct opt_int){0} : opt_int(cx->now_us);
    struct opt_int deadline = d->paper ? (struct opt_int){0} : letter_appeal_deadline(cx, l, &file, cx->now_us);
    e = q_letter_dispatch(cx,
                          &(struct q_letter_dispatch_in){.id = l->id,
                                                         .version = l->version,
                                                         .state = d->paper ? LETTER_TO_PRINT : LETTER_DELIVERED,
                                                         .channel = d->paper ? LETTER_PAPER : LETTER_DIGITAL,
                                                         .registration_id = d->registration_id,
                                                         .now_us = cx->now_us,
                                                         .arrived_us = arrived,
                                                         .appeal_deadline = deadline,
                                                         .pdf_hash = hash_hex(cx->arena, d->pdf.hash),
                                                         .pdf_bytes = d->pdf.size,
                                                         .pdf_address = !d->view.party.protected_address},
                          &n);
    if (!e && !n)
        e = fail(cx, ERR_GONE, "the letter is no longer queued");
    if (!e && !d->paper)
        e = letter_arrived(cx, l, cx->now_us, deadline);
    if (!e && !d->paper && !d->other)
        e = casefile_event_add(cx, &(struct casefile_event_new){.casefile_id = l->casefile_id,
                                                                .kind = S("letter_delivered"),
                                                                .registration_id = d->registration_id});
    if (!e)
        e = job_complete(cx, d->job);
    return e ? e : record_number(cx, d->registration_id);
}

/* The letter of a job, when it is still the version the job was made for. */
static enum err letter_of(struct cx *cx, const struct job *job, struct letter *ret)
{
    struct json *root;
    enum err e = json_parse(cx, job->payload, &root);
    if (!e)
        e = letter_load(cx, json_int(root, "letter", 0), ret);
    if (e)
        return e == ERR_NOT_FOUND ? fail(cx, ERR_GONE, "the letter is no longer there") : e;
    if (ret->state != LETTER_QUEUED || ret->version != json_int(root, "version", 0))
        return fail(cx, ERR_GONE, "the letter is no longer queued");
    return ERR_OK;
}

static enum err requeue(struct cx *cx, void *ctx)
{
    const struct letter *l = ctx;
    int64_t n;
    enum err e = q_letter_requeue(cx, l->id, l->version, cx->now_us, &n);
    return e || !n ? e : letter_job_add(cx, l->id, l->version + 1, cx->now_us);
}

/* An administrator tries the dead job of a failed letter again: the same as letter_retry by its caseworker. */
static enum err again_when_failed(struct cx *cx, const struct job *job)
{
    struct json *root;
    struct letter l;
    enum err e = json_parse(cx, job->payload, &root);
    if (!e)
        e = letter_load(cx, json_int(root, "letter", 0), &l);
    if (e || l.state != LETTER_FAILED || l.version != json_int(root, "version", 0) + 1)
        return e == ERR_NOT_FOUND ? ERR_OK : e;
    return db_write(cx, requeue, &l);
}

enum err letter_job(struct cx *cx, struct job *job)
{
    struct delivery d = {.job = job};
    enum err e = letter_of(cx, job, &d.letter);
    if (e == ERR_GONE && (e = again_when_failed(cx, job)) == ERR_OK)
        return ERR_OK;
    if (!e)
        e = casefile_open_as_system(cx, d.letter.casefile_id, &d.view);
    if (!e)
        e = letter_attachments(cx, d.letter.id, &d.attachments, &d.n_attachments);
    d.other = !e && d.letter.party_id != d.view.file.party_id;
    if (d.other)
        e = party_get(cx, d.letter.party_id, &d.view.party);
    if (e)
        return e;
    d.paper = d.view.party.reserved_digital;
    e = make(cx, &d);
    return e ? e : db_write(cx, deliver, &d);
}

/* Law 5: nothing has arrived, no clock runs, the case file stays open; the caseworker is told. */
enum err letter_job_dead(struct cx *cx, struct job *job)
{
    struct letter l;
    int64_t n;
    enum err e = letter_of(cx, job, &l);
    if (e)
        return e == ERR_GONE ? ERR_OK : e;
    e = q_letter_fail(cx, l.id, l.version, job->error, &n);
    return e || !n ? e
                   : casefile_event_add(
                         cx, &(struct casefile_event_new){.casefile_id = l.casefile_id, .kind = S("letter_failed")});
}

/* ---- the application's own PDF: the receipt of what was sent (CASEFILE_JOB_PDF) ---- */

struct receipt {
    struct job *job;
    int64_t registration_id, document_id;
    struct file_ref pdf;
    struct str format; /* PRONOM */
};

static enum err attach_receipt(struct cx *cx, void *ctx)
{
    const struct receipt *r = ctx;
    struct record_document_new pdf = {.file_name = S("ansoegning.pdf"),
                                      .mime = S("application/pdf"),
                                      .format = r->format,
                                      .variant = RECORD_ARCHIVE,
                                      .file = r->pdf};
    enum err e = record_add_object(cx, r->document_id, &pdf);
    if (!e)
        e = record_finish(cx, r->registration_id);
    return e ? e : job_complete(cx, r->job);
}

static enum err main_document(struct cx *cx, int64_t record_id, int64_t registration_id, int64_t *ret)
{
    struct record_documents docs;
    enum err e = record_documents(cx, record_id, false, &docs);
    for (size_t i = 0; !e && i < docs.rows.n; i++)
        if (docs.rows.p[i].registration_id == registration_id && docs.rows.p[i].number == 1) {
            *ret = docs.rows.p[i].id;
            return ERR_OK;
        }
    return e ? e : fail(cx, ERR_NOT_FOUND, "the application has no document");
}

/* Questions and answers as text, page by page; before them who typed them, when the citizen did not alone. */
static struct str answers_markdown(struct cx *cx, const struct form_shown *answers, struct str helper)
{
    cmark_node *root = letter_tree_new(cx);
    if (helper.n)
        letter_tree_add_paragraph(cx, root, helper);
    for (size_t i = 0; i < answers->pages.n; i++) {
        const struct form_shown_page *page = &answers->pages.p[i];
        if (!page->rows.n)
            continue;
        letter_tree_add_heading(cx, root, page->title);
        for (size_t k = 0; k < page->rows.n; k++)
            letter_tree_add_answer(cx, root, page->rows.p[k].label, page->rows.p[k].value);
    }
    return letter_tree_markdown(cx, root);
}

static enum err render_receipt(struct cx *cx, const struct casefile_view *view, struct str *ret_pdf)
{
    struct form_shown answers;
    struct letter_document doc = {0};
    enum err e = casefile_answers(cx, view, &answers);
    if (!e)
        e = letterhead(cx, view, &doc);
    if (e)
        return e;
    doc.date = i18n_datetime(cx, view->file.received_us);
    doc.made_us = view->file.received_us;
    doc.title = i18n_fmt(cx, T_letter_receipt_title, ARG("service", view->file.title));
    doc.markdown = answers_markdown(cx, &answers, casefile_helper_text(cx, &view->file, true));
    return letter_pdf_render(cx, &doc, ret_pdf);
}

enum err letter_receipt_job(struct cx *cx, struct job *job)
{
    struct json *root;
    struct q_letter_casefile_of_application of;
    struct casefile_view view;
    struct str pdf;
    struct receipt r = {.job = job};
    enum err e = json_parse(cx, job->payload, &root);
    if (e)
        return e;
    r.registration_id = json_int(root, "registration", 0);
    if ((e = q_letter_casefile_of_application(cx, r.registration_id, &of)))
        return e == ERR_NOT_FOUND ? fail(cx, ERR_GONE, "the case file is no longer there") : e;
    if ((e = main_document(cx, of.record_id, r.registration_id, &r.document_id)) ||
        (e = casefile_open_as_system(cx, of.id, &view)))
        return e;
    cx->lang = view.file.lang;
    if ((e = casefile_open_as_system(cx, of.id, &view)) || /* titles in the language of the sender */
        (e = render_receipt(cx, &view, &pdf)) || (e = files_put(cx, pdf, &r.pdf)))
        return e;
    r.format = str_of(filetype_pdf_format(pdf));
    return db_write(cx, attach_receipt, &r);
}

static_assert(sizeof CASEFILE_JOB_PDF == sizeof "casefile_pdf", "the name in LETTER_JOB_KINDS");
