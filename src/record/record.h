/* The archive the municipality keeps by law, shaped as Noark 5: fonds, series, class, case file record, registration,
   document description, document object. It is the storage of the case, not a copy (house.md 5).

   How to write a registration, in one db_write:
   - record_register: what it is;
   - record_add_document: the main document first, then attachments;
   - record_finish, when nothing more will come: from now on it is unchangeable (law 8);
   - record_number: its number in the journal, the LAST statement before commit.
   A registration that waits for its PDF is finished later, by the job that attaches it. Numbering and
   finishing are apart because the number's row is what all writers queue for: whoever takes it early makes everyone
   wait. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "db/db.h"
#include "files/files.h"

/* ---- the structure above the case files ---- */

/* Make sure the municipality has its fonds, its series and these classes (KLE in Denmark, the municipality's own system
   in Norway). casefile_prepare calls it at start with the classes its services name; does nothing when all is there. */
struct record_class_new {
    struct str key, title; /* "27.60.00", its name */
};
enum err record_prepare(struct cx *cx, struct str owner, const struct record_class_new *classes, size_t n);

/* ---- the case file record (saksmappe) ---- */

struct record_casefile_new {
    struct str title;        /* without personal data: the service's name */
    struct str public_title; /* for the public journal */
    struct str
        class_key; /* classification of the service, e.g. "27.60.00"; made when the archive does not have it yet */
    struct str class_title; /* its name then */
    int64_t unit_id;
    struct str retention;    /* key of the retention rule, from the service version */
    struct str access_code;  /* why it is screened from the public journal: "UO" in Denmark…; "" = open */
    struct str access_basis; /* the legal basis of that */
};
/* Opens a case file record, without a number. Inside db_write. ERR_CONFIG: the archive has not been prepared. */
enum err record_open_casefile(struct cx *cx, const struct record_casefile_new *new, int64_t *ret_id);

/* Gives a case file record that was opened in this transaction its number (per year, 1, 2, … without gaps), once. The
   row of the series is locked until commit: call it last but for record_number. No answer is waited for, so it is read
   by who needs it, and what fails, fails at the commit at the latest: INVALID when it has one, or is not there. */
enum err record_number_casefile(struct cx *cx, int64_t id);

/* Closes it: no registration may be added after, and its retention rule is fixed: from here its years are counted. Asks
   every guard (RECORD_CLOSE), which may still set the rule. ERR_LAW, ERR_CONFLICT: closed already. */
enum err record_close_casefile(struct cx *cx, int64_t id);
enum err record_reopen_casefile(struct cx *cx, int64_t id);
/* Another unit handles it from now on (administrativEnhet); what was registered keeps the unit that did. Inside
   db_write. */
enum err record_set_unit(struct cx *cx, int64_t id, int64_t unit_id);

/* ---- registrations (journalposter) ---- */

enum record_kind {
    RECORD_INCOMING = 1, /* I: from outside */
    RECORD_OUTGOING = 2, /* U: to outside */
    RECORD_INTERNAL = 3, /* N: between units, needs follow-up */
    RECORD_NOTE = 4,     /* X: note for the file (notat): internal notes, calls; not in the public journal */
};
const char *record_kind_code(enum record_kind kind); /* "I" "U" "N" "X" as in Noark 5 */

/* A correspondence party. A person is a reference; name is used when party_id is 0 (a sender nobody knows). */
struct record_party {
    enum record_role { RECORD_SENDER = 1, RECORD_RECIPIENT = 2, RECORD_COPY = 3 } role;
    int64_t party_id;
    int64_t unit_id; /* ours, when the correspondent is a unit */
    struct str name;
};

struct record_registration_new {
    int64_t casefile_id; /* id of the record_casefile */
    enum record_kind kind;
    struct str title;        /* what the employee reads: without identity numbers */
    struct str public_title; /* empty: same as title */
    int64_t document_us;     /* date of the document */
    struct opt_int received_us, sent_us;
    int64_t unit_id;
    int64_t author_employee_id; /* 0: none (a citizen or a job) */
    int64_t author_party_id;    /* 0: none */
    bool party_visible;         /* the party sees it on my page. Notes: false (given out on a request for access) */
    struct str access_code, access_basis; /* screening from the public journal; empty code = open */
    const struct record_party *parties;
    size_t n_parties;
};
/* ERR_NOT_FOUND: no such case file. ERR_CONFLICT: it is closed. ERR_LAW: a guard refused. */
enum err record_register(struct cx *cx, const struct record_registration_new *new, int64_t *ret_id);

/* ---- documents ---- */

enum record_variant { RECORD_PRODUCTION = 1, RECORD_ARCHIVE = 2 }; /* variantformat P, A */

struct record_document_new {
    struct str title;
    struct str kind; /* "application" "attachment" "letter" "note" …, from the service or the caller */
    bool main;       /* hoveddokument; the first of a registration is, whatever is said here */
    struct str file_name, mime;
    struct str format; /* PRONOM's name, told by the content ("fmt/477"); empty: nobody looked */
    enum record_variant variant;
    struct file_ref file; /* put by files_put before the transaction; kept (fulltext_keep) here */
};
/* A document with its first file. ERR_NOT_FOUND: no such registration. ERR_LAW: finished (law 8). */
enum err record_add_document(struct cx *cx, int64_t registration_id, const struct record_document_new *new,
                             int64_t *ret_id);
/* A document whose file comes later, by record_add_object: until then pages do not show it, and the registration is not
   finished. Same errors. */
enum err record_begin_document(struct cx *cx, int64_t registration_id, struct str title, struct str kind,
                               int64_t *ret_id);
/* One more correspondent. ERR_NOT_FOUND; ERR_LAW: finished (law 8). *ret_number: which it is. */
enum err record_add_party(struct cx *cx, int64_t registration_id, const struct record_party *party,
                          int64_t *ret_number);
/* One more form of a document: the PDF of the application whose JSON is the first. Same errors. Only file_name, mime,
   format, variant and file of `new` are read. */
enum err record_add_object(struct cx *cx, int64_t document_id, const struct record_document_new *new);

/* From now on the registration, its parties, documents and objects cannot be changed (law 8): the store refuses. Checks
   that it has at least one document with a file. Finishing twice is ERR_LAW. */
enum err record_finish(struct cx *cx, int64_t registration_id);
/* Its number in the journal of the year, without gaps; once. Allowed after record_finish; last before commit. As above
   no answer is waited for: LAW when it has one, INVALID when it is not there. */
enum err record_number(struct cx *cx, int64_t registration_id);

/* A correction: a new version that points at the one it replaces, unfinished, with a copy of its particulars and
   parties but none of its documents. `reason` becomes part of it. ERR_LAW: the old one is not finished (change it
   then). ERR_CONFLICT: it has been replaced already. */
enum err record_correct(struct cx *cx, int64_t registration_id, struct str reason, int64_t *ret_id);

/* ---- reading: whoever calls has opened the case file (casefile_open_as_…) ---- */

struct record_registration {
    int64_t id, casefile_id;
    enum record_kind kind;
    struct str title;
    struct str journal_no; /* "2026-12" (year and number in the journal); empty until numbered */
    int64_t document_us;
    struct opt_int received_us, sent_us, finished_us;
    int64_t unit_id, author_employee_id, author_party_id;
    bool party_visible;
    int64_t version;     /* 1, 2 … */
    int64_t replaces_id; /* 0: none */
    bool replaced;       /* a newer version exists */
    struct str reason;   /* of a correction */
};
struct record_registrations {
    VEC_OF(struct record_registration) rows;
};
enum err record_registration_get(struct cx *cx, int64_t id, struct record_registration *ret);
/* All registrations of a case file, oldest first; only what the party may see when `party_view`. */
enum err record_registrations(struct cx *cx, int64_t casefile_id, bool party_view, struct record_registrations *ret);

struct record_document {
    int64_t id, registration_id;
    int64_t casefile_id; /* the record_casefile */
    int64_t number;      /* 1 is the main document */
    struct str title, kind;
    bool party_visible;
    struct str file_name, mime; /* of the newest object that a person can open: archive variant first */
    struct file_ref file;
    int64_t created_us;
};
struct record_documents {
    VEC_OF(struct record_document) rows;
};
enum err record_documents(struct cx *cx, int64_t casefile_id, bool party_view, struct record_documents *ret);
enum err record_document_get(struct cx *cx, int64_t document_id, struct record_document *ret);
/* The first object (production variant) of a document: the JSON of an application, the Markdown of a letter. */
enum err record_document_source(struct cx *cx, int64_t document_id, struct record_document *ret);

/* The bytes of the first object of its main document: the words of a note, a question, an answer. */
enum err record_text(struct cx *cx, int64_t registration_id, struct str *ret);

/* The same for reading: of a registration whose main document is no text (a scanned letter), the document's title. */
enum err record_words(struct cx *cx, int64_t registration_id, struct str *ret);

/* ---- retention and disposal (bevaring og kassasjon; law 10) ----

   The rule is "keep" or "years:5", counted from closing. A record that is disposed of keeps its number, its dates and
   the numbers of its registrations, so that neither series has a gap, and nothing else; for ever. */

/* The rule of an open record, by what came of it. Does nothing when it is kept already (law 10). Inside db_write.
   ERR_NOT_FOUND, ERR_LAW: the record is closed, or the rule is none. */
enum err record_set_retention(struct cx *cx, int64_t casefile_id, struct str retention);
/* The years of a rule; 0: kept for ever. */
int record_retention_years(struct str retention);
/* When a record that closed then is to be erased: the first moment of the day after, so many years later. */
int64_t record_dispose_after(int64_t closed_us, int years);

/* What is erased together: of one service by one rule. */
struct record_disposal_new {
    struct str service_key, title, retention, basis;
    int64_t employee_id; /* who asked for it; 0: the nightly job */
};
/* Erases the content of one record under the disposal `disposal_id` (random; the same one again is continued) at
   cx->now_us: marks it, which opens the gate of law 10 in the store for what hangs on it, and drops its documents,
   files, correspondents and words. The rooms above erase theirs afterwards, in the same db_write. ERR_LAW: it is kept,
   open, held back, or not yet due. ERR_CONFLICT: it was disposed of before. */
enum err record_dispose(struct cx *cx, int64_t casefile_id, int64_t disposal_id, const struct record_disposal_new *new);
/* Persons who had no other matter and were forgotten in its course. Inside db_write. */
enum err record_disposal_forgot(struct cx *cx, int64_t disposal_id, int64_t parties);

/* Everybody who is a correspondent in it. */
enum err record_correspondents(struct cx *cx, int64_t casefile_id, struct db_ints *ret);

struct record_disposal {
    int64_t id, at_us;
    struct str by; /* employee's name; empty: the nightly job */
    struct str service_key, title, retention, basis;
    int64_t casefiles, documents, parties;
};
struct record_disposals {
    VEC_OF(struct record_disposal) rows;
};
/* What has been erased, newest first. */
enum err record_disposals(struct cx *cx, int64_t limit, struct record_disposals *ret);

/* Held back from disposal, with a reason; by cx->who. Inside db_write. ERR_DUPLICATE: it is held back already. */
enum err record_hold(struct cx *cx, int64_t casefile_id, struct str reason, int64_t *ret_id);
/* ERR_NOT_FOUND: none, or let go before. */
enum err record_release(struct cx *cx, int64_t hold_id);
/* Those of one record, oldest first. */
struct record_held {
    struct str reason;
    int64_t put_us;
    struct opt_int released_us;
};
struct record_helds {
    VEC_OF(struct record_held) rows;
};
enum err record_helds(struct cx *cx, int64_t casefile_id, struct record_helds *ret);

/* ---- guards: laws that span nouns (house.md 6) ---- */

enum record_op { RECORD_REGISTER = 1, RECORD_FINISH, RECORD_CLOSE, RECORD_CORRECT };
/* `id` is of the registration for FINISH and CORRECT, of the record_casefile for REGISTER and CLOSE. Runs inside the
   db_write. Answers ERR_OK or ERR_LAW with "LAW n: what is missing". */
typedef enum err (*record_guard)(struct cx *cx, enum record_op op, int64_t id);
/* Once at start, in app/modules.c; at most 16. */
void record_register_guard(record_guard guard);

/* ---- names outside ---- */

/* The systemID (Noark 5: a UUID) of anything but the fonds is made from the fonds' own and the id, so that no table
   needs a column and an index for it (README). */
enum record_uuid_kind {
    RECORD_UUID_SERIES = 1,
    RECORD_UUID_CLASS,
    RECORD_UUID_CASEFILE,
    RECORD_UUID_REGISTRATION,
    RECORD_UUID_DOCUMENT,
    RECORD_UUID_OBJECT,
    RECORD_UUID_SYSTEM, /* the classification system of a series, by the series' id */
    RECORD_UUID_PARTY,
    RECORD_UUID_ITEM, /* what lies in noark/ */
    RECORD_UUID_OTHER_FONDS,
    RECORD_UUID_CLIENT
};
struct str record_uuid(struct cx *cx, struct str fonds_uuid, enum record_uuid_kind kind, int64_t id);

/* ---- verify and counters ---- */

/* Next value of a gap-free series: `UPDATE counter … RETURNING`. Inside db_write, as late as possible. */
enum err record_counter_next(struct cx *cx, struct str series, int64_t year, int64_t *ret);

/* For `indgang verify`: numbers without gaps, checksums and files there, finished registrations with documents. Each
   fault is one line of English without personal data. */
struct record_faults {
    VEC_OF(struct str) rows;
};
enum err record_verify(struct cx *cx, struct record_faults *ret);
