/* The case file: the process of one matter from submission to closing, on top of its record (record/). Who may see it,
   who works on it, its deadline, what was asked, heard and noted, and the timeline both sides read.

   Every change is one function here: it opens its own db_write (or runs in place inside one), checks who asks (law 7),
   the state (the table in state.c), and, where it could overwrite what another did, the version (law 2); it
   writes the change, its registration, its event and its notices in one transaction. `version` is what the page showed;
   a change that only adds (a note, a call, an answer) takes none.

   Longer than 800 lines, because a room has one public header and this is the room that most others stand on; half of
   it says what the functions mean. What else it had stands in casefile_internal.h. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "auth/auth.h"
#include "base/base.h"
#include "db/db.h"
#include "files/files.h"
#include "form/form.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "party/party.h"
#include "record/record.h"
#include "service/service.h"

/* ---- words ---- */

#define CASEFILE_STATES(X) \
    X(RECEIVED, received) /* in the unit's queue, nobody has taken it */ \
    X(WORKING, working)   /* a caseworker has it */ \
    X(WAITING, waiting)   /* suspended: the deadline stands still until resumed */ \
    X(DECIDED, decided)   /* a final decision; its letter is on the way (law 5) */ \
    X(APPEALED, appealed) /* an appeal waits for the unit's new look, or (sent_on) for the answer of the body above */ \
    X(WITHDRAWN, withdrawn) /* by the party, or it fell away (law 11); the unit has still to close it */ \
    X(CLOSED, closed)
enum casefile_state {
#define X(upper, lower) CASEFILE_##upper,
    CASEFILE_STATES(X)
#undef X
        CASEFILE_STATE_COUNT
};

/* The state in words (texts casefile_state_…), as the party or as an employee reads it. `fell`: of one that is
   CASEFILE_WITHDRAWN, that nobody withdrew it: it fell away because not everybody signed (law 11). `sent_on`: of one
   that is CASEFILE_APPEALED, that the appeal lies with the body above. */
struct str casefile_state_text(struct cx *cx, enum casefile_state state, bool fell, bool sent_on, bool party_view);

/* What can be done to a case file. casefile_can asks the state table and who asks: pages show a button only then. */
enum casefile_action {
    CASEFILE_DO_TAKE,
    CASEFILE_DO_RELEASE,
    CASEFILE_DO_HAND_OVER,
    CASEFILE_DO_ASK,
    CASEFILE_DO_ANSWER,
    CASEFILE_DO_NOTE,
    CASEFILE_DO_CALL,
    CASEFILE_DO_HEAR,
    CASEFILE_DO_EXEMPT,
    CASEFILE_DO_EXTEND,
    CASEFILE_DO_SUSPEND,
    CASEFILE_DO_RESUME,
    CASEFILE_DO_DECIDE,
    CASEFILE_DO_REPLY, /* to one who gave no name: what a decision and its letter are to a party */
    CASEFILE_DO_CLOSE,
    CASEFILE_DO_WITHDRAW,
    CASEFILE_DO_APPEAL,
    CASEFILE_DO_ADD,            /* the party adds a document unasked */
    CASEFILE_DO_PASS_ON,        /* another unit handles it from now on */
    CASEFILE_DO_RECEIVE,        /* an employee registers post that came */
    CASEFILE_DO_RECEIVE_APPEAL, /* an employee registers an appeal that came by letter, telephone, or late */
    CASEFILE_DO_SETTLE_SIGNING, /* an employee records why a signature that is missing is not needed, or that it is
                                   there */
    CASEFILE_DO_SIGN,           /* somebody who was asked to signs, or says no: nobody's button here (law 11) */
    CASEFILE_DO_FALL,           /* it falls away for want of a signature: nobody's button */
    CASEFILE_DO_UPHOLD,         /* the unit keeps to a decision that was appealed, and sends the appeal on */
    CASEFILE_DO_GRANT,          /* rules give a full yes when it is sent: nobody's button */
    CASEFILE_ACTION_COUNT
};

/* ---- the case file ---- */

struct casefile {
    int64_t id;
    struct str no;    /* "2026-000001" */
    struct str title; /* the service's name in the language of the asker; never personal data */
    enum casefile_state state;
    bool fell;       /* it fell away for want of a signature (law 11) */
    bool sent_on;    /* appealed, and the unit has kept to its decision: the appeal lies with the body above */
    int64_t version; /* law 2 */
    int64_t record_id;
    int64_t service_version_id;
    struct str service_key;
    int64_t party_id; /* 0: anonymous */
    int64_t unit_id;
    struct str unit_name;
    int64_t caseworker_id; /* employee; 0: nobody */
    struct str caseworker_name;
    bool caseworker_away; /* absent now, or no longer of the unit: a colleague may take it */
    enum lang lang;       /* the language it was sent in: letters follow it */
    int64_t received_us;
    struct opt_int
        deadline_us; /* the end of the last day; not set when the service has none or the clock stands still */
    struct opt_int suspended_us;
    struct opt_int suspended_left; /* working days that were left of the deadline then; below 0 when it had passed */
    struct opt_int decided_us;     /* when the last decision became final */
    struct opt_int closed_us;
    struct opt_int arrived_us; /* when the letter of the decision arrives (law 5): of one just posted it lies ahead */
    struct opt_int appeal_until_us; /* end of the last day to appeal; set when the letter has arrived */
    int64_t application_id;         /* the registration of the application */
    int64_t draft_id;               /* the draft it came from */
    enum channel channel;           /* how the application came */
    bool by_post; /* it began with a letter or an e-mail: the application is that document, there are no answers */
    struct str helper_name; /* employee who typed it, or began it before the citizen went on alone; empty: nobody */
    struct str helper_unit;
    int64_t holder_id;      /* who sent it for the party by a mandate; 0: nobody */
    struct str holder_name; /* empty: nobody */
    bool unread;            /* something from the party that the caseworker has not seen */
    int64_t signatures;     /* how many others must sign, or should have (law 11) */
    bool has_code;          /* anonymous: whoever sent it has a receipt code, and reads its status */
    bool reply_failed;      /* anonymous: the last reply could not be sent */
    int64_t unsigned_n; /* how many of these are missing: not given, or void because the application was corrected */
};

/* Who typed the application, in one sentence; empty when the citizen did alone. */
struct str casefile_helper_text(struct cx *cx, const struct casefile *c, bool party_view);

/* A case file that the asker has been allowed to open: the only key to its parts. */
struct casefile_view {
    struct casefile file;
    bool party_view;    /* opened as the party or a mandate holder: notes and inner events are not shown */
    bool for_other;     /* party view by a mandate holder */
    bool read_only;     /* party view by one whose mandate is to read alone */
    bool custody;       /* party view by custody of a child alone: the unit's notes may be about the other parent */
    struct party party; /* masked as the asker may see it; id 0 when anonymous */
    bool can[CASEFILE_ACTION_COUNT];
    bool held;          /* it could be closed, were a letter in it not still to be delivered (law 5) */
    struct str purpose; /* in words, when it is not the service's own: of the citizens' adviser */
    unsigned as;        /* the one role it was opened in (ROLE_ADVISER); 0: as the work of a unit, or as the party */
};

/* By a citizen: the party itself or a holder of a mandate in force. ERR_NOT_FOUND: none, or not the asker's. */
enum err casefile_open_as_party(struct cx *cx, int64_t id, struct casefile_view *ret);

/* By an employee, by number ("2026-000001") or by id in decimal, for a purpose in words. Notes the access, the refusal
   too (law 7); refused: not in a unit with a task in it, or one's own case. ERR_NOT_FOUND, ERR_FORBIDDEN. */
enum err casefile_open_as_employee(struct cx *cx, struct str id_or_no, struct str purpose, struct casefile_view *ret);

/* By a job (WHO_SYSTEM), for composing rooms inside their own transaction. ERR_NOT_FOUND. */
enum err casefile_open_as_system(struct cx *cx, int64_t id, struct casefile_view *ret);

/* ---- the citizens' adviser (law 7): one case, by its whole number, for a purpose; to read, for some days ---- */

enum { CASEFILE_LOOK_DAYS = 14, CASEFILE_PURPOSE_MIN = 10, CASEFILE_PURPOSE_MAX = 300 };

/* cx->who, who has ROLE_ADVISER, states why; from now on casefile_open_as_adviser lets her in for CASEFILE_LOOK_DAYS
   days: a row of casefile_reach, so that the one filter of law 7 decides as for everybody. No list or search shows
   more. Notes the access; the party reads the purpose. ERR_FORBIDDEN: not an adviser; or her own case, which is noted.
   ERR_INVALID: field "no": no such number; "purpose": not CASEFILE_PURPOSE_MIN … MAX characters. */
enum err casefile_look_begin(struct cx *cx, struct str no, struct str purpose, int64_t *ret_casefile_id);
/* The case file, to read: nothing can be done with it. Notes the access with the stated purpose. ERR_FORBIDDEN: no look
   of hers is in force (noted), ERR_NOT_FOUND. */
enum err casefile_open_as_adviser(struct cx *cx, int64_t id, struct casefile_view *ret);

struct casefile_look {
    int64_t casefile_id;
    struct str no, title, purpose;
    int64_t from_us, until_us;
};
struct casefile_looks {
    VEC_OF(struct casefile_look) rows;
};
/* Those of cx->who that are in force, newest first. */
enum err casefile_looks(struct cx *cx, struct casefile_looks *ret);

/* Status of an anonymous case by its receipt code. The view has no party and can do nothing. ERR_NOT_FOUND. */
enum err casefile_open_by_code(struct cx *cx, struct str code, struct casefile_view *ret);

/* ---- submission (law 1) ---- */

struct casefile_receipt {
    int64_t casefile_id;
    struct str no;
    struct str title, unit_name;
    int64_t received_us;
    struct opt_int deadline_us;
    bool signs;          /* others must sign first; the page of the case says who and until when */
    bool granted;        /* rules have said yes already */
    struct str helped;   /* who typed it with the citizen, or sent it for them, in a sentence; empty: nobody */
    struct str for_name; /* the asker sent it for this party, by a mandate; empty: for themselves */
    struct str code;     /* anonymous only: shown once more on every visit to the receipt by the owner of the draft */
    bool repeated;       /* this draft had been submitted before: the first receipt */
};

/* Submits a draft of cx->who: takes it out of form/, opens the record and registers the application with its answers
   and documents, makes case file, task, reach, search terms, event, notice to the party and the job that renders the
   PDF, and gives the number last: all or nothing, once. A second call gives the first receipt. `version` is of the
   draft as the review page showed it. ERR_INVALID: an answer (cx->fail.field "page/field"). ERR_CONFLICT: the draft
   changed. ERR_NOT_FOUND. */
enum err casefile_submit(struct cx *cx, int64_t draft_id, int64_t version, struct casefile_receipt *ret);

/* What rooms above do in the transaction of a submission, as WHO asked for it. Registered once at start, in
   app/modules.c (tests of this room register none). */
struct casefile_submission_hooks {
    /* After the case file is there and before it has a number: let rules answer (decision/). *ret_granted: they said
       yes, and there is something to tell. */
    enum err (*decide)(struct cx *cx, int64_t casefile_id, const struct form_submission *submission, bool *ret_granted);
    /* After the numbers, when it was granted: write to the party (letter/). Every other submission waits meanwhile: be
       quick. */
    enum err (*tell)(struct cx *cx, int64_t casefile_id);
};
void casefile_on_submission(const struct casefile_submission_hooks *hooks);

/* The receipt of a draft that has been submitted, for the one who owns it, or for the employee who typed it while the
   citizen is open at the counter. ERR_NOT_FOUND. */
enum err casefile_receipt_get(struct cx *cx, int64_t draft_id, struct casefile_receipt *ret);

/* ---- lists: every one through the fragment may_see (law 7) ---- */

struct casefile_row {
    int64_t id;
    struct str no, title;
    enum casefile_state state;
    bool fell;    /* it fell away for want of a signature (law 11) */
    bool sent_on; /* the appeal lies with the body above */
    int64_t party_id;
    struct str party_name; /* empty: anonymous, or in a list of the party itself */
    struct str unit_name, caseworker_name;
    bool caseworker_away; /* absent now, or no longer of the unit */
    int64_t received_us;
    struct opt_int deadline_us;
    bool overdue;    /* the deadline has passed */
    bool unread;     /* something came from the party that the caseworker has not seen; in the party's list: a question
                        waits */
    bool call_first; /* in a queue: the task is to call the party before refusing, and nobody has yet */
    bool lacks_signature; /* in a queue: it cannot be decided yet, not everybody has signed (law 11) */
    bool for_other;       /* party list: by mandate */
};

/* Where a page of a list ends and the next begins; opaque text for an address. Empty: the first page, or no more. */
struct casefile_rows {
    VEC_OF(struct casefile_row) rows;
    struct str next;
    bool more; /* a search found more than it gives */
    bool cut;  /* … was for so much that only some of it was looked at: there may be others */
};

enum casefile_scope {
    CASEFILE_MINE,     /* taken by me */
    CASEFILE_UNIT,     /* open tasks of one unit of mine */
    CASEFILE_ALL_UNITS /* open tasks of all my units */
};
struct casefile_queue_query {
    enum casefile_scope scope;
    int64_t unit_id; /* for CASEFILE_UNIT; 0: the acting unit */
    struct str after;
    int64_t limit; /* 1 … 200 */
};
/* Open case files by deadline, the most urgent first, those without one last. Notes the access to each person named.
   ERR_FORBIDDEN: not an employee, or not of that unit. ERR_INVALID: `after` is not one of ours. */
enum err casefile_queue(struct cx *cx, const struct casefile_queue_query *query, struct casefile_rows *ret);

/* Search by an employee: a case number or its beginning, an identity number in full, or words and beginnings of words
   of the name or the title (all must match). First those of people whose name has all words, newest first in both; at
   most CASEFILE_SEARCH_MAX, and whether there are more: then those of a beginning are some of them, not the newest of
   all. No more than CASEFILE_SEARCH_MOST are looked at for it, of the word that fits the fewest; `cut` says when that
   was not all. Notes the access. ERR_FORBIDDEN. */
enum { CASEFILE_SEARCH_MAX = 50, CASEFILE_SEARCH_MOST = 2000 };
enum err casefile_search(struct cx *cx, struct str q, struct casefile_rows *ret);

/* What the party of cx->who may see, newest first: own and by mandate. */
enum err casefile_mine(struct cx *cx, struct str after, int64_t limit, struct casefile_rows *ret);

/* How many open tasks the unit has that cx->who acts for, how many of them are overdue, and how many tasks cx->who has
   taken itself (front of the desk). Counted to CASEFILE_COUNT_MAX, the earliest deadlines first; one more stands for
   "more". */
enum { CASEFILE_COUNT_MAX = 200 };
struct casefile_counts {
    int64_t open, overdue, mine;
};
enum err casefile_counts(struct cx *cx, struct casefile_counts *ret);

/* ---- a leader's figures: counts of a unit's case files, never a name or a case (docs/why/figures.md) ---- */

/* Of case files and the time they took. A case file counts where it is now: with a hand-over its past goes along. */
struct casefile_sum {
    int64_t received;   /* submitted */
    int64_t answered;   /* had their first answer: a final decision, or the closing of what is not decided */
    int64_t withdrawn;  /* by the party, before an answer */
    int64_t kept, late; /* of the answered: before and after the deadline that held then; the rest had none */
    int64_t waiting;    /* neither answered nor withdrawn, at the end of the period */
    /* Half, and nine of ten, of the answered had their answer within so many calendar days, counted from the day they
       were received, time that stood still included. Exact to 90 days, above that to the end of a week of them. Not set
       below CASEFILE_FIGURES_MIN answers: two cases are no statistics, and the days of one are a person's. */
    struct opt_int median_days, p90_days;
    /* In 100 of those that had a deadline; not set below the same number of them. */
    struct opt_int kept_percent;
};
enum { CASEFILE_FIGURES_MIN = 5, CASEFILE_MONTHS = 12, CASEFILE_AGES = 5 };
/* The last day of each band of age but the last, which is open: days since it was received. */
static const int casefile_age_days[CASEFILE_AGES - 1] = {7, 14, 30, 90};

struct casefile_month {
    int year, month;
    struct casefile_sum sum;
};
struct casefile_service_sum {
    struct str key, title;
    struct casefile_sum sum; /* of the twelve months; waiting: now */
};
/* The units whose figures cx->who may see: a leader's own, and those below them in municipality.yaml. By name.
   ERR_FORBIDDEN: not a leader. */
struct casefile_units {
    VEC_OF(struct auth_unit) rows;
};
enum err casefile_leader_units(struct cx *cx, struct casefile_units *ret);

struct casefile_figures {
    struct casefile_units units;                  /* the leader's, as casefile_leader_units says */
    struct casefile_sum all;                      /* of the twelve months; waiting: now */
    int64_t age[CASEFILE_AGES];                   /* of the waiting */
    int64_t overdue;                              /* waiting or appealed, and the deadline has passed */
    int64_t unassigned;                           /* waiting, nobody has taken it */
    int64_t standing;                             /* waiting, the deadline stands still */
    int64_t appealed;                             /* an appeal waits */
    int64_t unclosed;                             /* answered or withdrawn, still to be closed */
    struct casefile_month month[CASEFILE_MONTHS]; /* oldest first; the last is the present one, not over yet */
    VEC_OF(struct casefile_service_sum) services; /* by title; all that have figures, whatever the query's service */
};

/* Figures of one unit of a leader's, or of all of them (unit_id 0), and of one service or all (key empty).
   ERR_FORBIDDEN: not a leader, or not such a unit. Of the caller's snapshot (db_read), whatever is kept in memory; not
   inside a db_write, which has none on PostgreSQL. */
enum err casefile_figures(struct cx *cx, int64_t unit_id, struct str service_key, struct casefile_figures *ret);

/* Bring together what transactions have added to the figures; each minute. */
enum err casefile_figures_fold(struct cx *cx);

/* Copies of the units' figures in memory, for a process that serves: cx->tallies. A copy is used only when the store's
   stamp, read in the same snapshot, says that it is what the store has. At most this much; then the least recently used
   goes. For many threads. What a request has in hand outlives it. */
enum { CASEFILE_TALLIES_BYTES = 8 << 20 };
struct casefile_tallies *casefile_tallies_new(void);
void casefile_tallies_free(struct casefile_tallies *tallies);

/* Open cases of the citizen whom cx->who has open at the counter, newest first, at most 50: number, service, unit,
   state and deadline, nothing else; the id opens nothing for one who has no task there. Law 7 lets the counter open one
   person by the full number for a stated purpose: this is a part of that one person (docs/why/counter.md). Notes the
   access. ERR_FORBIDDEN: nobody is open. */
enum err casefile_list_at_counter(struct cx *cx, struct casefile_rows *ret);

/* How applications came, per service: those received in that year, by the local calendar, by service key. Of the units
   a leader leads (casefile_leader_units), of all for an administrator; one's own are not counted (law 7). Read from the
   counted figures. ERR_FORBIDDEN: neither leader nor administrator. */
struct casefile_channel_row {
    struct str service_key, title; /* in cx->lang; the key when the service is gone */
    int64_t n[CHANNEL_COUNT];      /* by enum channel; [0] all of them */
};
struct casefile_channel_rows {
    VEC_OF(struct casefile_channel_row) rows;
    struct casefile_channel_row all;
};
enum err casefile_channels(struct cx *cx, int year, struct casefile_channel_rows *ret);
/* Those that came without a computer (counter, telephone, letter), in tenths of a percent of all; 0 of nothing. */
int64_t casefile_channel_share(const struct casefile_channel_row *row);

/* Why the correspondents of a case of this service are screened from the public journal, as its folder says: both empty
   when they are not. */
void casefile_screening(struct cx *cx, int64_t service_version_id, struct str *ret_code, struct str *ret_basis);

/* ---- the parts of an opened case file ---- */

/* The timeline: append-only in the store. What pages need is ready in words. */
struct casefile_event {
    int64_t n; /* 1, 2 … within the case file */
    int64_t at_us;
    struct str kind;   /* "submitted" … for tests and icons */
    struct str text;   /* one or two sentences in cx->lang, as this side reads it */
    struct str detail; /* free text that somebody wrote (reason, question, summary); may be empty */
    struct str actor;  /* "Anna Holm", "Hjælpemidler (Bo Kjær)"; for the party: the unit, and the caseworker's name */
    bool party_visible;
    int64_t registration_id; /* 0: none */
};
struct casefile_events {
    VEC_OF(struct casefile_event) rows;
};
enum err casefile_events(struct cx *cx, const struct casefile_view *view, struct casefile_events *ret);

/* Documents as this side may see them, oldest first: the party not those of a registration that is still on its way. */
enum err casefile_documents(struct cx *cx, const struct casefile_view *view, struct record_documents *ret);
/* One document of this case file, to send it; notes the access. ERR_NOT_FOUND: not of this case file, or not for this
   side. ERR_PROTECTED: casefile_document_masked. */
enum err casefile_document(struct cx *cx, const struct casefile_view *view, int64_t document_id,
                           struct record_document *ret);
/* The registrations of a case file that have left for its party and not arrived (law 5). Known to letter/; registered
   once at start, in app/modules.c. */
typedef enum err (*casefile_underway_fn)(struct cx *cx, int64_t casefile_id, int64_t **ret_registrations,
                                         size_t *ret_n);
void casefile_underway_hook(casefile_underway_fn fn);
/* Those whose first document shows an address that is protected from cx->who; likewise. */
void casefile_addressed_hook(casefile_underway_fn fn);
/* What shows a protected address to one without the right to it (law 7): the application, and a letter that left before
   its address was kept apart or protected. Sets *ret. */
enum err casefile_document_masked(struct cx *cx, const struct casefile_view *view,
                                  const struct record_document *document, bool *ret);
/* One document as the reply: pictures and PDF are shown, anything else is offered for saving. Outside transactions. */
enum err casefile_document_reply(struct cx *cx, struct reply *rep, const struct casefile_view *view,
                                 int64_t document_id);

/* The answers of the application as form_show gives them, in cx->lang; a protected address only for those with the
   right (law 7). */
enum err casefile_answers(struct cx *cx, const struct casefile_view *view, struct form_shown *ret);
/* Its JSON, for the PDF and for prefill. ERR_FORBIDDEN: it holds a protected address and the asker has no right to it.
 */
enum err casefile_answers_json(struct cx *cx, const struct casefile_view *view, struct str *ret);

/* What was applied for, line by line, in the language of the one who applied. A service without lines has one, "all":
   the service by its name. */
struct casefile_line {
    struct str key, label;
};
struct casefile_lines {
    VEC_OF(struct casefile_line) rows;
};
enum err casefile_lines(struct cx *cx, const struct casefile_view *view, struct casefile_lines *ret);

struct casefile_question {
    int64_t id;
    struct str text;
    struct str asked_by;
    int64_t asked_us;
    int64_t due_us;
    struct opt_int answered_us;
    struct opt_int closed_us; /* closed without an answer: the case was decided, withdrawn or closed */
    struct str answer;
};
struct casefile_questions {
    VEC_OF(struct casefile_question) rows;
};
enum err casefile_questions(struct cx *cx, const struct casefile_view *view, struct casefile_questions *ret);

/* Notes of the employees; nothing in a party view (they are given out on a request for access: casefile_export). */
struct casefile_note {
    int64_t at_us;
    struct str author, text;
};
struct casefile_notes {
    VEC_OF(struct casefile_note) rows;
};
enum err casefile_notes(struct cx *cx, const struct casefile_view *view, struct casefile_notes *ret);

/* Hearings, calls and exemptions (law 3). */
enum casefile_contact_kind { CASEFILE_CALL = 1, CASEFILE_HEARING = 2, CASEFILE_EXEMPTION = 3 };
struct casefile_contact {
    int64_t id;
    enum casefile_contact_kind kind;
    int64_t at_us;
    struct str by;          /* employee */
    struct str text;        /* summary of the call, what the hearing says, why there is an exemption */
    struct str legal_basis; /* of an exemption */
    bool reached;           /* call: the party was spoken to. An unanswered call is noted but fulfils nothing */
    struct opt_int due_us;  /* hearing: end of the last day to answer */
    struct opt_int answered_us;
    struct opt_int closed_us; /* hearing: closed without an answer, as a question */
    struct str answer;
    bool fulfils; /* law 3 is met by this one, now */
};
struct casefile_contacts {
    VEC_OF(struct casefile_contact) rows;
};
enum err casefile_contacts(struct cx *cx, const struct casefile_view *view, struct casefile_contacts *ret);
/* Is law 3 met: may a decision that refuses be made now? */
enum err casefile_heard(struct cx *cx, int64_t casefile_id, bool *ret);

/* What decision/ adds to the file that casefile_export makes: members of its object. Registered once at start, in
   app/modules.c. `view` is the asker's own. */
struct json_out;
typedef enum err (*casefile_export_fn)(struct cx *cx, const struct casefile_view *view, struct json_out *o);
void casefile_export_hook(casefile_export_fn fn);

/* Everything held on the case for its party, notes and decisions included, as JSON: what a request for access
   (aktindsigt, innsyn) and GDPR article 15 give. By an employee view or the party's own. Notes the access. */
enum err casefile_export(struct cx *cx, const struct casefile_view *view, struct str *ret_json);

/* ---- what an employee does ---- */

/* Errors of all below: ERR_NOT_FOUND / ERR_FORBIDDEN (law 7), ERR_CONFLICT (version, or the state does not allow it),
   ERR_INVALID with the field's name. */

enum err casefile_take(struct cx *cx, int64_t id, int64_t version);
enum err casefile_release(struct cx *cx, int64_t id, int64_t version);
/* To a colleague of the same unit who is here. ERR_INVALID, field "employee": not of the unit, away, or it is the
   colleague's own case. */
enum err casefile_hand_over(struct cx *cx, int64_t id, int64_t version, int64_t employee_id);

/* Whom it may be handed to. */
struct casefile_colleague {
    int64_t employee_id;
    struct str name;
};
struct casefile_colleagues {
    VEC_OF(struct casefile_colleague) rows;
};
enum err casefile_colleagues(struct cx *cx, const struct casefile_view *view, struct casefile_colleagues *ret);

/* To another unit, for a reason that the party reads too: open work and open questions go there with the deadline as it
   is; the unit that had it no longer sees it (law 7); the timeline tells the party who has it now and the telephone
   number, and a notice is sent. ERR_INVALID, field "unit": none of ours, or the one that has it; "text": no reason. */
enum err casefile_pass_on(struct cx *cx, int64_t id, int64_t version, int64_t unit_id, struct str reason);

/* ---- what the leader of a unit does: who is here, and many cases in one step ---- */

/* All of these: ERR_FORBIDDEN unless cx->who has ROLE_LEADER and is of the unit. They count and list what the leader
   may see: a case of the leader's own is not among them (law 7). */

struct casefile_member {
    int64_t employee_id; /* 0: what nobody has taken */
    int64_t party_id;    /* the employee as a person; 0: unknown */
    struct str name;
    bool takes;                                 /* may be given cases: a caseworker or leader of the unit who is here */
    bool away;                                  /* absent now, or no longer of the unit */
    bool left;                                  /* no longer of the unit */
    struct opt_int away_from_us, away_until_us; /* the absence that is now or comes; no end: until further notice */
    int64_t open, overdue;                      /* counted to CASEFILE_COUNT_MAX; one more stands for "more" */
};
struct casefile_members {
    VEC_OF(struct casefile_member) rows; /* first what nobody has taken, then by name */
};
enum err casefile_team(struct cx *cx, int64_t unit_id, struct casefile_members *ret);

/* Who works on case files. A unit without any of them is given none. */
#define CASEFILE_ROLES (ROLE_CASEWORKER | ROLE_LEADER)
/* Units that have open case files and nobody who works on them: the last one left, or the unit was closed. By name. For
   the administrator, whose task it is to give the unit people; nothing of the cases. */
struct casefile_unpeopled {
    struct str unit; /* in cx->lang */
    int64_t open;    /* counted to CASEFILE_COUNT_MAX; one more stands for "more" */
};
struct casefile_unpeopled_units {
    VEC_OF(struct casefile_unpeopled) rows;
};
enum err casefile_unpeopled(struct cx *cx, struct casefile_unpeopled_units *ret);

/* One case of a pile, and what becomes of it. */
struct casefile_move {
    int64_t casefile_id, version;
    int64_t to_employee_id; /* 0: the unit's queue */
    enum casefile_moved {
        CASEFILE_MOVES,     /* in a plan: it can be handed over; afterwards: it was */
        CASEFILE_MOVED_OWN, /* nobody of those chosen may have it: it is their own case, or they hold a mandate in it */
        CASEFILE_MOVED_SEEN, /* law 2: somebody changed it after the plan was shown; nothing was done */
        CASEFILE_MOVED_DONE, /* the same colleague has it already: the button was pressed twice */
        CASEFILE_MOVED_NOT   /* the colleague is not here or not of the unit, the state does not allow it, or it is not
                                this leader's to give */
    } outcome;
    struct str no, title, party_name, to_name; /* of a plan; party_name empty: anonymous */
    int64_t party_id;
    struct opt_int deadline_us;
    bool overdue;
};
enum { CASEFILE_MOVES_MAX = 500 };
struct casefile_moves {
    VEC_OF(struct casefile_move) rows;
    bool more; /* there are more than CASEFILE_MOVES_MAX: these are the most urgent */
};
/* What an employee has in the unit (0: what nobody has taken), the most urgent first, and who works there, without
   counting what they have. Notes the access. ERR_NOT_FOUND: the employee is nobody of the unit. */
enum err casefile_pile(struct cx *cx, int64_t unit_id, int64_t employee_id, struct casefile_members *ret_team,
                       struct casefile_moves *ret);
/* Who gets what of a pile: chosen cases of it (none: all), to one colleague or evenly to several (none: back to the
   queue), never to one whose own case it is. Changes nothing. */
struct casefile_plan {
    int64_t unit_id, employee_id;
    const int64_t *chosen, *to;
    size_t n_chosen, n_to;
};
enum err casefile_plan(struct cx *cx, const struct casefile_plan *plan, struct casefile_moves *ret);
/* Carries out a plan that was shown, in one transaction, case by case under the laws: what the laws or somebody else's
   change forbid is left as it is, and `outcome` says so; all others are handed over. Of each move casefile_id, version
   and to_employee_id are read. */
enum err casefile_hand_over_all(struct cx *cx, int64_t unit_id, struct casefile_moves *moves);

/* A question to the party, with working days to answer (1 … 60). The party gets a notice. */
enum err casefile_ask(struct cx *cx, int64_t id, struct str text, int64_t days);
enum err casefile_note(struct cx *cx, int64_t id, struct str text);
/* A call that was made: what was said, and whether the party was reached. */
enum err casefile_call(struct cx *cx, int64_t id, struct str summary, bool reached);
/* Hearing of the party (partshøring, forhåndsvarsel): the text, and working days to answer (5 … 60). */
enum err casefile_hear(struct cx *cx, int64_t id, struct str text, int64_t days);
/* Neither call nor hearing is needed, by this legal basis. */
enum err casefile_exempt(struct cx *cx, int64_t id, struct str reason, struct str legal_basis);
/* A new deadline, later than the old one; the party is told the reason. */
enum err casefile_extend(struct cx *cx, int64_t id, int64_t version, day_t day, struct str reason);
enum err casefile_suspend(struct cx *cx, int64_t id, int64_t version, struct str reason);
/* The deadline moves by the working days it stood still. */
enum err casefile_resume(struct cx *cx, int64_t id, int64_t version);
/* Law 5: ERR_LAW while something is still to be delivered (casefile_hold). Closes the record too. */
enum err casefile_close(struct cx *cx, int64_t id, int64_t version);
/* An appeal that came in another way than by my page: by letter, at the counter, by telephone (write what was said), or
   after the deadline; whether a late one is heard is for the unit to decide. Opens a closed case file again. */
enum err casefile_receive_appeal(struct cx *cx, int64_t id, struct str text);

/* Post that an employee registers (post/): a letter or an e-mail. */
struct casefile_post {
    enum channel channel;                /* CHANNEL_LETTER or CHANNEL_EMAIL */
    int64_t party_id;                    /* the sender; 0: somebody who is no party, then */
    struct str sender;                   /* the name on the letter */
    struct str title;                    /* for the journal, without identity numbers */
    int64_t written_us;                  /* date of the document */
    int64_t arrived_us;                  /* when it reached us */
    const struct casefile_upload *files; /* the first is the main document */
    size_t n_files;
    int64_t answers; /* the open question or hearing of the case file that this answers; 0: none. Of an old case */
};
/* What the party has been asked in a case file and has neither answered nor is closed, oldest first: questions and
   hearings. They close by themselves when the case comes to where nobody can answer: decided, withdrawn, closed. */
struct casefile_ask {
    int64_t id;
    bool hearing;
    struct str text;
    int64_t asked_us, due_us;
};
struct casefile_asks {
    VEC_OF(struct casefile_ask) rows;
};
enum err casefile_asks(struct cx *cx, const struct casefile_view *view, struct casefile_asks *ret);
/* Into this case file, as an incoming registry entry; the party sees it and gets a notice. `appeal`: it is an appeal of
   the decision, as casefile_receive_appeal. What it answers waits no more, as when the party answers on my page.
   ERR_CONFLICT: the state does not allow it; with field "answers": that was answered meanwhile, or is not of this case
   file; ERR_INVALID, field "answers": it came before the day of the question. */
enum err casefile_receive(struct cx *cx, int64_t id, bool appeal, const struct casefile_post *post);
/* A new case file with it, for post->party_id (0 only for a service that takes applications from nobody in particular):
   number, task, reach and search as any other; the deadline counts from the day it arrived. `once` is an id that the
   draft of no other has: the same twice is ERR_DUPLICATE. Inside db_write. ERR_INVALID, field "service": not one that
   can be applied for today; field "from": it needs to know whose it is. */
enum err casefile_open_by_post(struct cx *cx, int64_t once, struct str service_key, const struct casefile_post *post,
                               int64_t *ret_id);

/* The case file that post went to, for the receipt of the employee who registered it (post/, which asks whose post it
   was): number, title, unit, deadline. *ret_may: they may open it. ERR_NOT_FOUND. */
enum err casefile_of_post(struct cx *cx, int64_t id, struct casefile *ret, bool *ret_may);

/* What the caseworker has now seen of the party's (clears `unread`). */
enum err casefile_seen(struct cx *cx, const struct casefile_view *view);

/* ---- the reply to one who gave no name ----

   A request for access needs no name (offentleglova § 28; offentlighedsloven § 7), and so no party: nobody can be heard
   (law 3), and no letter be addressed. What a decision and its letter are to a party, the reply is here: words, legal
   basis, guidance on appeal and contact (law 4; offentleglova §§ 31 and 32, offentlighedsloven §§ 36 and 37), in the
   record as an outgoing registry entry; and it starts the appeal deadline when it arrives (law 5). An appeal comes by
   post and is registered (casefile_receive, casefile_receive_appeal); then there is a new reply. */

enum casefile_reply_way {
    CASEFILE_REPLY_PAGE = 1, /* read with the receipt code: it has arrived at once */
    CASEFILE_REPLY_EMAIL,    /* arrives when the mail server has taken it */
    CASEFILE_REPLY_LETTER    /* an employee prints and posts it, and says so; it arrives postal days later */
};
/* How this asker can be reached. */
struct casefile_reply_to {
    bool code;           /* by the page */
    bool email;          /* by e-mail */
    bool email_whole;    /* the e-mail says all of it; else, of data of GDPR articles 9 and 10, only that it is there */
    struct str address;  /* that the application names; empty: none */
    struct str guidance; /* on appeal, with whom to ask: what stands below every reply. In the language of the case */
};
enum err casefile_reply_to(struct cx *cx, const struct casefile_view *view, struct casefile_reply_to *ret);

struct casefile_upload;
struct casefile_reply_new {
    struct str text;        /* what is answered, and why */
    struct str legal_basis; /* by which rule */
    enum casefile_reply_way way;
    struct str email;                      /* for CASEFILE_REPLY_EMAIL */
    const struct casefile_upload *uploads; /* documents that go with it: fetched with the code, or put in the letter */
    size_t n_uploads;
};
/* The whole of it as it will be read. ERR_INVALID as casefile_reply. */
enum err casefile_reply_text(struct cx *cx, const struct casefile_view *view, const struct casefile_reply_new *reply,
                             struct str *ret);
/* Gives it; cannot be undone. ERR_INVALID, field "text", "legal_basis"; "way": not a way to this asker; "email": no
   e-mail address; "files": documents, and no code to fetch them with. ERR_CONFLICT, ERR_FORBIDDEN as for all that
   employees do. */
enum err casefile_reply(struct cx *cx, const struct casefile_view *view, int64_t version,
                        const struct casefile_reply_new *reply);

struct casefile_reply_given {
    int64_t n; /* 1, 2 … */
    int64_t at_us;
    struct str by, text; /* text: the whole of it */
    enum casefile_reply_way way;
    struct str email;                         /* empty for the asker, who knows */
    struct opt_int arrived_us;                /* of a letter it may lie ahead; none: not posted, or on its way */
    bool failed;                              /* the e-mail was given up */
    bool replaced;                            /* not arrived, and it will not: there is a newer one */
    VEC_OF(struct record_document) documents; /* that went with it */
};
struct casefile_replies {
    VEC_OF(struct casefile_reply_given) rows; /* the newest first */
};
enum err casefile_replies(struct cx *cx, const struct casefile_view *view, struct casefile_replies *ret);
/* Reply n, a letter, was put in the post today: it arrives postal days from now, and the deadline runs from then (law
   5). ERR_CONFLICT: it does not wait for the post. */
enum err casefile_reply_posted(struct cx *cx, int64_t id, int64_t n);

/* Sends the e-mail of a reply: payload {"casefile":id,"n":1}. Given up, the reply has failed: no clock runs, the case
   does not close (law 5), and the caseworker can reply once more. */
#define CASEFILE_JOB_REPLY "casefile_reply"
enum err casefile_reply_job(struct cx *cx, struct job *job);
enum err casefile_reply_dead(struct cx *cx, struct job *job);

/* ---- what the party does ---- */

struct casefile_upload {
    struct str name, mime;
    struct file_ref file; /* put before the transaction */
};
struct casefile_message {
    struct str text;
    const struct casefile_upload *uploads;
    size_t n_uploads;
};
enum err casefile_answer(struct cx *cx, int64_t id, int64_t question_id, const struct casefile_message *message);
enum err casefile_hearing_answer(struct cx *cx, int64_t id, int64_t contact_id, const struct casefile_message *message);
/* Something the party adds unasked. */
enum err casefile_add(struct cx *cx, int64_t id, const struct casefile_message *message);
enum err casefile_withdraw(struct cx *cx, int64_t id, struct str reason);
/* Appeal of the decision: by the party or a mandate holder, from the arrival of the letter until its deadline. ERR_LAW
   after the deadline: the page then says that a late appeal is sent to the unit, which can register it (README). */
enum err casefile_appeal(struct cx *cx, int64_t id, const struct casefile_message *message);

/* ---- the appeal goes on ---- */

/* The caseworker keeps to the decision after an appeal: `statement`, to the body above, is registered as sent to it;
   the timeline and a letter tell the party; the deadline of the new look ends, and nobody can appeal to this unit while
   the appeal lies there. What the body answers is registered as post that came; then the case is decided anew or
   closed. Retssikkerhedslovens § 66 (Denmark), forvaltningsloven § 33 (Norway). ERR_INVALID, field "text";
   ERR_CONFLICT: no appeal waits, or the version (law 2); ERR_FORBIDDEN. */
enum err casefile_uphold(struct cx *cx, int64_t id, int64_t version, struct str statement);
/* The body above, by name: of its service, or of the country. */
struct words casefile_appeal_body(struct cx *cx, const struct casefile *c);

/* For app/modules.c: how a form reads what a party answered in another service (form.h, ask once). */
extern const struct form_earlier_hooks casefile_reuse;

/* ---- what somebody else must sign too (law 11; docs/why/cosigning.md) ----

   service.yaml says that and by whom (service_cosign). Whoever sends the application has sent it: it is in the record,
   and the others are asked. What is signed is that application, exactly: the SHA-256 of its JSON. It is not decided
   before all have signed, or an employee has recorded why not; if one says no or the time passes, it falls away or
   waits for a person, as the service says. A corrected application voids the signatures. */

enum casefile_signing {
    CASEFILE_SIGN_WAITS,
    CASEFILE_SIGNED,
    CASEFILE_SIGN_REFUSED,
    CASEFILE_SIGN_LAPSED,  /* the time passed, or it fell away or was withdrawn first */
    CASEFILE_SIGN_SETTLED, /* an employee recorded that it is not needed, or given on paper */
    CASEFILE_SIGN_NOBODY   /* the registers named nobody who could be asked */
};
struct casefile_signature {
    int64_t id;
    struct str who;  /* who is asked: "Oskar Bech", "Fjordby Bådelaug"; empty: nobody */
    struct str by;   /* who signed or said no */
    struct str role; /* "den anden med forældremyndighed" in cx->lang */
    enum casefile_signing state;
    bool called_off; /* LAPSED, but not by the time: it was withdrawn or fell away first */
    bool is_void;    /* signed, but the application was corrected since */
    int64_t asked_us;
    day_t until; /* the last day to sign */
    struct opt_int answered_us;
    struct str employee, legal_basis; /* SETTLED */
    struct str text;                  /* the reason of a no; what the employee recorded */
    struct str hash;                  /* SHA-256 of what is signed, in hex; empty: by post */
};
struct casefile_signatures {
    VEC_OF(struct casefile_signature) rows;
    bool can_remind;    /* by cx->who, now: some wait, and none was reminded for a day */
    bool can_take_back; /* by cx->who, now: the answers are kept, so that they can be changed */
};
/* Those of a case file, for both sides. */
enum err casefile_signatures(struct cx *cx, const struct casefile_view *view, struct casefile_signatures *ret);
/* By the party: those who have not answered are told once more. ERR_CONFLICT: nobody waits, or they were today. */
enum err casefile_remind(struct cx *cx, int64_t id);
/* By the party, before all have signed, or when it fell away: the application is withdrawn with its signatures, and its
   answers are a draft again. ERR_CONFLICT: all have signed, or the answers are kept no more. ERR_NOT_FOUND: no case
   file of this person. */
enum err casefile_take_back(struct cx *cx, int64_t id, int64_t *ret_draft_id);
/* By the caseworker: what is missing is not needed, or was given on paper; by this legal basis, which the party reads
   too. ERR_INVALID: field "text" or "legal_basis". */
enum err casefile_settle_signing(struct cx *cx, int64_t id, struct str text, struct str legal_basis);

/* The other side: what cx->who is asked to sign. */
struct casefile_to_sign {
    int64_t id;
    int64_t casefile_id;
    struct str no, title, from; /* from: who applies */
    enum casefile_signing state;
    bool open;      /* it can be signed now */
    bool mine;      /* cx->who signed or said no; else one who signs for the same organisation did */
    bool withdrawn; /* the case was withdrawn, or fell away */
    int64_t asked_us;
    day_t until; /* the last day to sign */
    struct opt_int answered_us;
};
struct casefile_to_signs {
    VEC_OF(struct casefile_to_sign) rows; /* what waits first, then the newest; of casefile_to_sign at most 200 */
    size_t waiting;
};
enum err casefile_to_sign(struct cx *cx, struct casefile_to_signs *ret);
/* The same, however many: for the copy of everything held about a person. */
enum err casefile_to_sign_all(struct cx *cx, struct casefile_to_signs *ret);

/* One of them, to read before signing: exactly what is signed, while it is open and after cx->who has signed it. Notes
   the access: the one who applied sees that it was read. ERR_NOT_FOUND: not asked of cx->who. ERR_LOGIN, ERR_ASSURANCE:
   the service asks for a stronger login. */
struct casefile_sign_view {
    struct casefile_to_sign row;
    struct casefile file;
    bool shown; /* answers and documents are here */
    struct form_shown answers;
    struct record_documents documents; /* its attachments */
    struct str hash;                   /* SHA-256 of the application's JSON, in hex */
    struct str role;                   /* as whom: "Du har også forældremyndigheden" */
    struct str organisation;           /* signed for; empty: for oneself */
    struct str law, law_url;           /* why a second signature is needed */
    struct str reason;                 /* of a no that cx->who gave */
};
enum err casefile_sign_open(struct cx *cx, int64_t id, struct casefile_sign_view *ret);
/* An attachment of what is signed, as the reply. Notes the access. ERR_NOT_FOUND. */
enum err casefile_sign_document(struct cx *cx, struct reply *rep, int64_t id, int64_t document_id);
/* Sign, or say no with a reason that the one who applied reads. `hash`: what the page showed. ERR_CONFLICT: it was
   answered, withdrawn, corrected or too late meanwhile; ERR_INVALID, field "text"; ERR_NOT_FOUND, ERR_LOGIN,
   ERR_ASSURANCE. */
enum err casefile_sign(struct cx *cx, int64_t id, struct str hash);
enum err casefile_sign_refuse(struct cx *cx, int64_t id, struct str reason);

/* When the time is out: job kind "casefile_sign", payload {"casefile":id}. */
#define CASEFILE_JOB_SIGN "casefile_sign"
enum err casefile_sign_job(struct cx *cx, struct job *job);

/* ---- for rooms above (decision, letter) ---- */

/* A decision of this case file has become final (decision/, after casefile_begin with CASEFILE_DO_DECIDE): the appeal
   deadline of an earlier one is over, the promised deadline is met, the hold "decision" is put, the timeline says so
   (to the party too when rules decided, as WHO_SYSTEM). Inside db_write. */
enum err casefile_decided(struct cx *cx, int64_t id, int64_t decision_id);

/* The rules did not say yes: the task of the unit is now to call before refusing, and both sides read on the timeline
   that a person decides. Inside db_write. */
enum err casefile_call_first(struct cx *cx, int64_t id);

/* A case file that only rules have handled, and whose letter has arrived, needs nobody: job kind "casefile_close",
   payload {"casefile":id}. It stays open when something came from the party meanwhile, or somebody has taken it. */
#define CASEFILE_JOB_CLOSE "casefile_close"
enum err casefile_close_job(struct cx *cx, struct job *job);

/* Something must be delivered before the case file may close (law 5, enforced by a trigger): put when a decision
   becomes final and when a letter is sent; released when it is delivered or handed over to paper. One hold per kind and
   ref; putting twice and releasing what is released are no faults. Inside db_write. kind: "decision" (ref: decision id;
   put by decision/, released by letter/ when the decision's letter has arrived), "letter" (ref: letter id). */
enum err casefile_hold(struct cx *cx, int64_t casefile_id, struct str kind, int64_t ref);
enum err casefile_unhold(struct cx *cx, int64_t casefile_id, struct str kind, int64_t ref);

/* The letter of the decision has arrived: the appeal deadline is counted from here (law 5). Inside db_write. */
enum err casefile_arrived(struct cx *cx, int64_t casefile_id, int64_t arrived_us, int64_t appeal_until_us);

/* One line of the timeline. Inside db_write. Kinds are rows of event.tbl, each with a text for both sides. */
struct casefile_event_new {
    int64_t casefile_id;
    struct str kind;    /* "letter_sent" "letter_recalled" "letter_delivered" "letter_posted" "letter_failed" … */
    struct str params;  /* JSON object of values for the text: {"day":20486,"unit":7,"name":"…"}; empty: none */
    struct str detail;  /* free text; empty: none */
    struct str written; /* what the party gets to read, when it stands in the registration and not in `detail` */
    int64_t registration_id; /* 0: none */
};
enum err casefile_event_add(struct cx *cx, const struct casefile_event_new *event);

/* What a party who is reserved from digital post must hear on paper (law 6): the words of the timeline, in cx->lang,
   which is the case file's, and what the employee wrote to them. letter/ makes a letter of it, inside the db_write of
   the event. Registered once at start, in app/modules.c. */
struct casefile_news {
    int64_t casefile_id;
    struct str title;        /* of the letter; empty: "News in your case" */
    int64_t party_id;        /* somebody else than the party, who must sign; 0: the party */
    struct str text, detail; /* detail may be empty */
    bool answer;             /* the party is asked for an answer: the letter says how to give one */
};
typedef enum err (*casefile_paper_fn)(struct cx *cx, const struct casefile_news *news);
void casefile_paper_hook(casefile_paper_fn fn);

/* Lock and check for a change by cx->who: may it do `action` on `id` at `version` (0: any)? Inside db_write; on success
   the version has been raised and the state moved as the table says. What decision/ and letter/ begin their changes
   with. */
enum err casefile_begin(struct cx *cx, int64_t id, int64_t version, enum casefile_action action, struct casefile *ret);

/* Law 10: erases the case file with all that hangs on it in this room, its search terms and its notices. Its record
   must have been disposed of in the same db_write, and what refers to it in the rooms above be gone. ERR_LAW. */
enum err casefile_erase(struct cx *cx, int64_t id);

/* Job kind "casefile_pdf": payload {"registration":id}; the room that renders (letter/) owns the function. */
#define CASEFILE_JOB_PDF "casefile_pdf"

/* At start, after db_migrate, auth_sync and the loading of services: the archive's structure for their classes. */
enum err casefile_prepare(struct cx *cx);

/* For modules.c: the record of a case file closes only with it, and not before its letters are delivered (law 5). */
enum err casefile_guard(struct cx *cx, enum record_op op, int64_t id);

/* For modules.c: follow the mandates in the reach table (party_mandate_hook), guard of the record. */
enum err casefile_follow_mandate(struct cx *cx, const struct party_mandate *mandate);

extern const struct http_module casefile_module;

/* ---- verify, demo ---- */

/* Every case file has its record, its number and its reach; the reach table is what it should be. */
enum err casefile_verify(struct cx *cx, struct record_faults *ret);

/* Make `n` case files of fictional people, many services, one person with `heavy` of them; for measuring. All
   invariants hold. Several transactions. */
enum err casefile_demo_fill(struct cx *cx, int64_t n, int64_t heavy);
