/* Letters: drafted from a template of the service, checked for plain language and for what the law asks, sent after a
   short time for second thoughts, rendered to PDF from exactly the stored text, delivered, and counted from arrival.
   The umbrella of the room; the parts are one topic each. See README.md. */
#pragma once
#include "base/base.h"
#include "casefile/casefile.h"
#include "files/files.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "letter_pdf.h"
#include "letter_plain.h"
#include "letter_template.h"
#include "record/record.h"
#include "service/service.h"

/* The letters of a service folder, checked when it is loaded: for service_parts_register in app/modules.c. */
extern const struct service_part letter_part;

enum letter_state {
    LETTER_DRAFT,     /* only the unit sees it */
    LETTER_QUEUED,    /* sent by the caseworker; may be recalled until send_after_us */
    LETTER_DELIVERED, /* digital: in the party's mailbox on my page; arrived_us is set */
    LETTER_TO_PRINT,  /* paper: PDF made, waits for printing and posting */
    LETTER_POSTED,    /* paper: handed to the post; arrived_us is counted from the postal days */
    LETTER_FAILED,  /* could not be made or delivered: fail_detail says why, letter_retry tries again; no clock runs */
    LETTER_RECALLED /* taken back before it left; it can be edited and sent again as a draft */
};
enum letter_channel { LETTER_DIGITAL = 1, LETTER_PAPER = 2 };

struct letter {
    int64_t id, casefile_id, party_id;
    int64_t decision_id;     /* 0: not about a decision */
    int64_t registration_id; /* in the record, once dispatched; else 0 */
    int64_t version;         /* of the draft: law 2 */
    enum letter_state state;
    enum letter_channel channel; /* 0 until it has left */
    enum lang lang;
    struct str template_key, title;
    struct str markdown; /* draft: with {{placeholders}}; from QUEUED on: filled, exactly what the PDF is made from */
    struct letter_grade {
        int score;
        char grade;
    } plain;      /* at the time it was sent; 'A'…'D', 0 for a draft */
    bool adverse; /* of a decision with a line below what was applied for (law 4) */
    int64_t created_us, queued_us, send_after_us, dispatched_us, arrived_us, read_us; /* 0: not yet */
    int32_t posted_day;      /* paper: the day it was given to the post; 0: not yet, or digital */
    int32_t appeal_deadline; /* a day; 0: none (not a decision, or not arrived) */
    struct str pdf_hash;     /* hex; empty until it has left */
    bool pdf_address;        /* the PDF shows the address; one that is protected is put on when it is printed */
    struct str fail_detail;  /* FAILED: for the caseworker */
    struct str author;       /* name of the employee who sent it */
};

/* ---- the caseworker. All check that the asker may work on the case file (ERR_NOT_FOUND, ERR_FORBIDDEN). ------------
 */

struct letter_choice { /* a template the service folder offers */
    struct str key, title;
    enum lang lang;
};
/* The templates of the case file's service version, the party's language first. */
enum err letter_templates(struct cx *cx, int64_t casefile_id, struct letter_choice **ret, size_t *ret_n);

struct letter_draft {
    int64_t casefile_id, decision_id;
    struct str template_key; /* empty: an empty letter */
    enum lang lang;
};
/* A draft from a template. Its own db_write. */
enum err letter_draft_new(struct cx *cx, const struct letter_draft *draft, int64_t *ret_id);
/* ERR_CONFLICT when `version` is no longer the letter's (law 2) or it is no draft. ERR_INVALID for an unknown
   placeholder (fail.field "markdown", the detail has line and name). */
enum err letter_draft_save(struct cx *cx, int64_t id, int64_t version, struct str title, struct str markdown);
enum err letter_draft_delete(struct cx *cx, int64_t id, int64_t version);
struct letter_attachment;
/* letter_draft_save, and with it one more attachment (NULL: none): both or neither, in one transaction. `version` is
   the letter's before, and after when all went well. Errors as letter_draft_save and letter_attach. */
enum err letter_draft_keep(struct cx *cx, int64_t id, int64_t *version, struct str title, struct str markdown,
                           const struct letter_attachment *attachment);
enum err letter_get(struct cx *cx, int64_t id, struct letter *ret);
/* All letters of a case file, newest first. */
enum err letter_list_for_casefile(struct cx *cx, int64_t casefile_id, struct letter **ret, size_t *ret_n);

struct letter_attachment {
    int64_t id;
    struct str name, mime;
    struct file_ref file;
};
enum err letter_attach(struct cx *cx, int64_t id, int64_t version, const struct letter_attachment *attachment);
enum err letter_detach(struct cx *cx, int64_t id, int64_t version, int64_t attachment_id);
enum err letter_attachments(struct cx *cx, int64_t id, struct letter_attachment **ret, size_t *ret_n);

struct letter_preview {
    struct html html;   /* as the citizen will see it, in letter->lang; h1 is the title: wrap in a region with lang */
    struct html marked; /* the same with <mark class="plain-passive"> … around what the checks found */
    struct letter_plain plain;
    VEC_OF(struct str) missing; /* law 4, in words of the asker's language; empty: it may be sent */
};
enum err letter_preview(struct cx *cx, int64_t id, struct letter_preview *ret);

/* Send: fills the template for good, checks laws 3 and 4 (ERR_LAW), law 2 (ERR_CONFLICT), and queues the letter. It
   leaves when the municipality's recall time is over. */
enum err letter_send(struct cx *cx, int64_t id, int64_t version);
/* Within the recall time: back to a draft. ERR_CONFLICT when it has left. */
enum err letter_recall(struct cx *cx, int64_t id);
/* FAILED: try again now. */
enum err letter_retry(struct cx *cx, int64_t id);
/* ---- paper (letter_print.c) ----------------------------------------------------------------------------------------
 */

struct letter_print_row {
    int64_t id, casefile_id, party_id;
    int64_t service_version_id; /* its case file's */
    struct str title, casefile_no, recipient;
    enum letter_state state; /* TO_PRINT or POSTED */
    int64_t made_us;         /* when it was made */
    int32_t posted_day;      /* 0: not yet */
    bool decision;           /* it is of a decision: the appeal counts from it */
    bool closed;             /* it asks what was closed meanwhile without an answer */
};
struct letter_print_rows {
    VEC_OF(struct letter_print_row) rows;
    bool more;           /* more wait than are listed: the next batch takes them */
    int64_t n_protected; /* wait too, for a colleague: to protected addresses, which the asker may not see */
    int64_t n_nobody;    /* of these: no colleague may see them either */
};
struct letter_print_unit {
    struct str unit; /* its name */
    int64_t n;
};
struct letter_print_units {
    VEC_OF(struct letter_print_unit) rows;
};
/* Letters to protected addresses that wait for printing, or to be posted, where nobody with ROLE_PROTECTED works:
   numbers by unit, for the administrator. */
enum err letter_print_nobody(struct cx *cx, struct letter_print_units *ret);
/* Paper letters that wait for printing, are in no batch, and are of case files the asker may see (law 7), those to a
   protected address only for ROLE_PROTECTED; oldest first, at most a hundred. Notes the access. ERR_FORBIDDEN: not an
   employee. */
enum err letter_print_waiting(struct cx *cx, struct letter_print_rows *ret);

struct letter_batch {
    int64_t id, made_us;
    struct str by; /* who made it */
    struct letter_print_rows list;
    size_t n_waiting; /* not posted yet */
};
struct letter_batches {
    VEC_OF(struct letter_batch) rows;
};
/* All that wait (as listed above) become one batch, remembered for good: a letter is in one batch alone. ERR_CONFLICT:
   none waits, or a colleague did it at this moment. */
enum err letter_batch_make(struct cx *cx, int64_t *ret_id);
/* Batches with a letter that is not posted yet, newest first, at most 50. A batch is seen by those who may print each
   of its letters. Notes the access. */
enum err letter_batches(struct cx *cx, struct letter_batches *ret);
/* One batch, also when all of it is posted. ERR_NOT_FOUND: none, or not all of it for this asker. Notes the access. */
enum err letter_batch_get(struct cx *cx, int64_t id, struct letter_batch *ret);
/* One PDF: a cover list, then every letter with its PDF attachments, each beginning on an odd page. Made from the
   stored PDFs whenever asked for, as often as one likes; a protected address is put on here and nowhere else. Outside
   transactions. Errors as letter_batch_get; ERR_INTERNAL. */
enum err letter_batch_pdf(struct cx *cx, int64_t id, struct str *ret_pdf);

/* It has been given to the post on that local day: between the day it was made and today, else ERR_INVALID, field
   "day". Arrival is `postal_days` working days later, and the appeal counts from there (law 5). Not to be undone: ask
   first. ERR_CONFLICT: it does not wait for the post. */
enum err letter_mark_posted(struct cx *cx, int64_t id, int32_t day);
/* The same for all letters of a batch that are not posted yet, in one transaction. */
enum err letter_batch_posted(struct cx *cx, int64_t id, int32_t day, int64_t *ret_n);
/* When a letter posted on that day counts as arrived. */
int64_t letter_arrival_us(const struct cx *cx, day_t posted);

/* ---- the citizen ---------------------------------------------------------------------------------------------------
 */

struct letter_row {
    int64_t id, casefile_id;
    struct str casefile_no, title, unit_name;
    enum lang lang;
    int64_t arrived_us, read_us;
    int32_t appeal_deadline;
    size_t n_attachments;
};
/* Messages available to the party, newest first, at most so many: DELIVERED, and POSTED as copies. */
enum err letter_list_for_party(struct cx *cx, int64_t party_id, int64_t at_most, struct letter_row **ret,
                               size_t *ret_n);
enum err letter_unread_count(struct cx *cx, int64_t party_id, int64_t *ret);
/* Only the party's own letters that have left; else ERR_NOT_FOUND. Marks it read the first time. */
enum err letter_get_as_party(struct cx *cx, int64_t id, struct letter *ret);
/* The PDF of a letter that cx->who has opened. Outside transactions. ERR_NOT_FOUND: not made yet. ERR_PROTECTED: it
   shows an address that is protected from the asker (law 7): the letter is read on its page. */
enum err letter_pdf_bytes(struct cx *cx, const struct letter *letter, struct str *ret_pdf);
/* The HTML of a sent letter: body only, headings from h2. */
enum err letter_html(struct cx *cx, const struct letter *letter, struct html *ret);

/* ---- for app/modules.c --------------------------------------------------------------------------------------------
 */

enum err letter_job(struct cx *cx, struct job *job);         /* makes and delivers one letter */
enum err letter_job_dead(struct cx *cx, struct job *job);    /* … could not: the letter has failed */
enum err letter_receipt_job(struct cx *cx, struct job *job); /* the PDF of an application (CASEFILE_JOB_PDF) */
#define LETTER_JOB_KINDS \
    {.name = "letter", .fn = letter_job, .max_attempts = 8, .dead = letter_job_dead}, \
    { \
        .name = "casefile_pdf", .fn = letter_receipt_job, .max_attempts = 12, .max_parallel = 1, .gentle = true \
    }
extern const struct http_module
    letter_http_module; /* GET /letter/{id}, /letter/{id}/pdf, /letter/{id}/attachment/{n} */

/* For casefile_on_submission: the letter of a decision that rules have just made, from the template "granted", queued
   to leave at once. Nothing when there is none. */
enum err letter_at_submission(struct cx *cx, int64_t casefile_id);

/* For casefile_paper_hook: a letter with these words, which leaves at once and waits for the printer. Inside db_write.
 */
enum err letter_of_news(struct cx *cx, const struct casefile_news *news);

/* For casefile_underway_hook: letters on paper that wait for the printer, or for the day they count as arrived. */
enum err letter_underway(struct cx *cx, int64_t casefile_id, int64_t **ret_registrations, size_t *ret_n);

/* For casefile_addressed_hook: letters whose PDF shows an address that is protected from cx->who. */
enum err letter_addressed(struct cx *cx, int64_t casefile_id, int64_t **ret_registrations, size_t *ret_n);

/* Law 10: erases the letters of a case file whose record has been disposed of in the same db_write. ERR_LAW. */
enum err letter_erase(struct cx *cx, int64_t casefile_id);

/* For `indgang verify`: nothing sent is lost, nothing that has left is outside the record. One line of English a fault.
 */
enum err letter_verify(struct cx *cx, struct record_faults *ret);
