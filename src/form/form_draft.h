/* Inside form/: drafts. */
#pragma once
#include "form_eval.h"

struct form_saved {
    struct str page;
    int64_t version; /* of the draft, when the page was last saved */
};

struct form_draft {
    int64_t id, version;
    const struct service_version *service;
    const struct form *form;
    enum lang lang;
    struct str page; /* id of the page where it was left, or "review" */
    int64_t changed_us, expires_us;
    bool anonymous;
    bool sent;
    int64_t by_mandate; /* cx->who fills it in for its party by this mandate; 0: it is their own, or the counter's */
    int64_t mandate_id; /* it was begun by this mandate; 0: by none */
    int64_t begun_by, unit_id; /* employee who began it with the citizen, and for which unit last; 0: the citizen */
    VEC_OF(struct form_saved) saved;
    struct form_given given; /* given.party points to `party` */
    struct party party;
};

/* A draft of cx->who, or of its anonymous session; or one that they began for another by a mandate that is in force
   (the look is noted); or one that was begun at the counter, of the citizen whom cx->who has open there (then the look
   is noted). Sent ones too: `sent` tells, and they have no answers. ERR_NOT_FOUND: none, or another's. ERR_LOGIN: it
   belongs to a person and nobody is logged in. ERR_ASSURANCE. */
enum err form_draft_open(struct cx *cx, int64_t id, struct form_draft *ret);
/* Open it anew, because it was changed. ERR_STALE: it has gone on under another version of its service; *d is the draft
   as it is now, and pages and fields that were looked at before are of another form. */
enum err form_draft_again(struct cx *cx, struct form_draft *d);

/* Who types now: an employee who has the citizen open at the counter, or (employee_id not set) the citizen. */
struct form_typist {
    struct opt_int employee_id, unit_id;
    struct opt_int mandate_id; /* the citizen is the holder of this mandate of the draft's party */
    enum channel channel;
};
struct form_typist form_typist(const struct cx *cx, int64_t mandate_id);

/* A page, or one row of a repeat on it: what is filled in at a time. */
struct form_spot {
    int page;
    const struct form_field *repeat; /* NULL: the page itself */
    struct str row;                  /* id of the row */
};
/* The fields of it: their first and last order. Those of a page are parted by its repeats: pass over what has ->repeat.
 */
void form_spot_fields(const struct form *form, struct form_spot at, int *ret_first, int *ret_last);
/* The version at which it was saved; 0: never. */
int64_t form_draft_saved(struct cx *cx, const struct form_draft *d, struct form_spot at);
/* An id for a row that comes. */
struct str form_row_new(struct cx *cx);
/* Let the draft in memory have that row, if it has not. False: there is no room for more. */
bool form_row_add(struct cx *cx, struct form_draft *d, const struct form_field *repeat, struct str row);
bool form_row_there(const struct form_draft *d, const struct form_field *repeat, struct str row);
/* Let the draft in memory forget that row. False: it has none of that id. */
bool form_row_forget(struct cx *cx, struct form_draft *d, struct form_spot at);
/* The field that a name among the raws or of an upload is of; *ret_row: the row's id, empty outside rows. NULL: none.
 */
const struct form_field *form_field_of_key(const struct form *form, struct str key, struct str *ret_row);

enum form_go {
    FORM_GO_NEXT, /* of a row: back to its list */
    FORM_GO_BACK,
    FORM_GO_STAY,
    FORM_GO_LEAVE,
    FORM_GO_TO,
    FORM_GO_ROW,    /* to a row of a repeat on the page: `row` */
    FORM_GO_REMOVE, /* to the page that asks whether to remove the row */
    FORM_GO_ANOTHER /* of a row: to a new one */
};

/* One press of a button on a page. */
struct form_step {
    struct form_spot at;
    int64_t seen;            /* the version of this page the citizen saw (form_draft_saved then) */
    struct form_raws posted; /* what was typed, field by field; fields left out stay as they are */
    enum form_go go;
    int to;               /* FORM_GO_TO */
    struct form_spot row; /* FORM_GO_ROW, FORM_GO_REMOVE */
};
struct form_stepped {
    int page;           /* where to go on; -1: the review */
    bool stay;          /* on the row */
    bool wrong;         /* FORM_GO_NEXT stays, because something on the page is wrong … */
    bool new_questions; /* … or because the answers led to questions that were not on the page */
};

/* Save what was typed (also what is wrong: nothing is lost) and say where to go on. The draft is read again when
   another page of it was saved meanwhile. ERR_CONFLICT: this page was saved with other answers after it was seen;
   nothing is written and *d is the draft as it is now (law 2). ERR_DUPLICATE: it has been sent. ERR_STALE, as
   form_draft_again. */
enum err form_draft_step(struct cx *cx, struct form_draft *d, const struct form_step *step, struct form_stepped *ret);

/* Take a place for one more application of this version: inside db_write only. ERR_GONE: not open today, or full. */
enum err form_intake(struct cx *cx, const struct service_version *v);
/* Give it back, because the application is a draft again: whoever changes it and sends it anew takes one place, not
   two. Inside db_write only. */
enum err form_intake_give(struct cx *cx, const struct service_version *v);

/* Go on under the version that may be applied for today: answers to questions it asks too are kept, the rest and their
   files are let go, and each page is looked at again. ERR_NOT_FOUND: there is no such version. ERR_CONFLICT: changed
   meanwhile. ERR_DUPLICATE: sent. */
enum err form_draft_renew(struct cx *cx, int64_t id);

/* Does the form ask this too, in the same way and the same place of a repeat? Then its answer comes along. */
bool form_asks_too(const struct form *form, const struct form_field *f);

/* Take a row away, with its answers and files. seen: the version at which it was saved when the citizen saw it
   (form_draft_saved then). ERR_CONFLICT: it was saved since; nothing is taken, and *d is the draft as it is now (law
   2). ERR_NOT_FOUND: there is none, or none of this asker's. ERR_DUPLICATE: sent. ERR_STALE, as form_draft_again. */
enum err form_row_remove(struct cx *cx, struct form_draft *d, struct form_spot at, int64_t seen);

/* ---- shared by the files that open, list and send drafts ---- */

/* form_draft_open without a note of the look: for a write function, which may run again. */
enum err form_draft_read(struct cx *cx, int64_t id, struct form_draft *ret);
/* The person whose drafts cx->who may see as its own, or who is open at the counter; 0: nobody. */
int64_t form_asker(const struct cx *cx);
/* The giver of a mandate reads that its holder saw a draft of theirs. */
void form_note_mandate(struct cx *cx, int64_t giver_id);
/* What the registers say of the household, where the service asks; one that does not answer stops nobody. Not inside a
   transaction. */
void form_ask_registers(struct cx *cx, const struct service_version *v, int64_t party_id);
/* The answers as they are kept. */
enum err form_draft_seal(struct cx *cx, const struct form_draft *d, struct str *ret);
/* So many days at most the answers are kept that somebody else must sign (form_submission.c). */
int form_kept_days(const struct service_version *v);
/* The draft with its files and permits: inside db_write. */
enum err form_draft_erase(struct cx *cx, int64_t id);

/* ---- earlier answers (form_earlier.c) ---- */

/* What was permitted, to be noted when the transaction has ended. */
struct form_used {
    int64_t casefile_id;
    struct str no;
    const struct service_purpose *why;
    struct str law;
};
struct form_useds {
    int64_t party_id; /* whose */
    VEC_OF(struct form_used) rows;
};
/* Give a draft of ret->party_id (0: anonymous) its permits, instead of those it had, as far as cx->who may see where
   they come from: inside db_write. The rows of *ret are made anew. */
enum err form_earlier_begin(struct cx *cx, int64_t draft_id, const struct service_version *v, struct form_useds *ret);
/* The person reads in her access log what was used again, in which service and why: after the transaction. */
enum err form_earlier_note(struct cx *cx, const struct service_version *v, const struct form_useds *used);
/* What has a permit and fits, into d->given.earlier. */
enum err form_earlier_load(struct cx *cx, struct form_draft *d);
/* The draft is sent or goes: inside db_write. */
enum err form_earlier_forget(struct cx *cx, int64_t draft_id);

/* ERR_NOT_FOUND, ERR_DUPLICATE (sent). */
enum err form_draft_delete(struct cx *cx, int64_t id);

/* The asker's own unsent drafts of one service, also anonymous ones of this browser. */
enum err form_drafts_of_service(struct cx *cx, const struct service_version *service, struct form_drafts *ret);

/* ---- uploads (form_upload.c) ---- */

#define FORM_UPLOAD_USER "form_upload" /* who keeps the file in the document store */

/* Inside db_write: the draft is sent or deleted and needs its files no more. */
enum err form_uploads_forget(struct cx *cx, int64_t draft_id);

struct form_upload_new {
    const struct form_field *field;
    struct str row; /* in which it lies; empty: in none */
    struct str name, bytes;
};
/* Check type by content, size and count, store the bytes, and note them with the draft. *ret_wrong says in words what
   was wrong with the file; then nothing is kept. ERR_DUPLICATE: sent. */
enum err form_upload_add(struct cx *cx, const struct form_draft *d, const struct form_upload_new *upload,
                         struct str *ret_wrong);
/* ERR_NOT_FOUND: not of this draft. ERR_DUPLICATE: sent. */
enum err form_upload_remove(struct cx *cx, const struct form_draft *d, int64_t upload_id);
const struct form_upload *form_upload_of(const struct form_draft *d, int64_t id); /* NULL: none */
/* "PDF, JPG eller PNG" */
struct str form_upload_types(struct cx *cx, const struct form_field *f);

int64_t form_draft_expiry(const struct cx *cx, const struct service_version *service);
