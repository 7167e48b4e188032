/* Shared by the files of this room alone. */
#pragma once
#include "casefile.h"
#include "casefile_store.h"
#include "codec/codec.h"
#include "municipality/municipality.h"
#include "i18n/i18n.h"

/* Sort value of a task whose case has no deadline. */
#define CASEFILE_FAR_US INT64_C(9000000000000000)

/* ---- state.c ---- */

enum casefile_by { BY_UNIT = 1, BY_CASEWORKER = 2, BY_PARTY = 4 };

/* The state after `action`, or false when `state` does not allow it. */
bool state_after(enum casefile_state state, enum casefile_action action, enum casefile_state *ret);
/* Who may do it: one of enum casefile_by. */
enum casefile_by action_by(enum casefile_action action);
/* May this person, who may see the case file, do it now? */
bool action_allowed(struct cx *cx, const struct casefile *c, enum casefile_action action, bool as_party);

/* An appeal lies with the body above: while the unit has still to look at it there is a deadline for that
   (appeal_begins), and it ends when the unit keeps to its decision. */
bool appeal_sent_on(enum casefile_state state, struct opt_int deadline_us);
/* An appealed case closes only after it was sent on, and is sent on or given another deadline only before. */
bool appeal_allows(const struct casefile *c, enum casefile_action action);

/* Law 11: signatures that are missing forbid it. */
bool waits_for_signatures(const struct casefile *c, enum casefile_action action);

/* ---- open.c ---- */

/* What the fragment may_see takes. */
struct viewer {
    int64_t kind;
    struct db_ints refs;
    int64_t party;
};
struct viewer viewer_of(struct cx *cx);
/* The same by name, in the struct that a statement takes. */
#define VIEWER_IN(cx, v) \
    .viewer_kind = (v).kind, .viewer_refs = (v).refs, .viewer_party = (v).party, .viewer_now = (cx)->now_us
/* Law 7 for one case file and cx->who. True for the program itself. */
enum err viewer_sees(struct cx *cx, int64_t id, bool *ret);
/* The case file without asking who asks. ERR_NOT_FOUND. */
enum err casefile_load(struct cx *cx, int64_t id, struct casefile *ret);
/* The name of a unit in cx->lang. */
struct str unit_text(struct cx *cx, struct str key, struct str name);
/* The service's name in that language, else the title of the submission. */
struct str title_text(struct cx *cx, enum lang lang, int64_t service_version_id, struct str title);
/* Note that cx->who saw a part of this case file, for the purpose it was opened with. */
void note_view(struct cx *cx, const struct casefile_view *view, const char *kind, bool refused);
/* Note that cx->who saw (or was refused) this case file. */
void note_access(struct cx *cx, const struct casefile *c, const char *kind, struct str purpose, bool refused);

/* Keyed hash of a receipt code, however it was typed. */
struct hash casefile_code_hash(struct cx *cx, struct str code);

/* ---- list.c ---- */

/* What a list or a search found. All statements give the same columns; the queue adds what the task is about. */
struct found {
    VEC_OF(struct q_casefile_queue_unit) rows;
    struct q_casefile_list_names *names;
    size_t n_names;
};

#define FOUND(r) \
    ((struct q_casefile_queue_unit){(r).id, (r).no, (r).state, (r).title, (r).service_version_id, (r).party_id, \
                                    (r).party_name, (r).unit_id, (r).caseworker_id, (r).received_us, (r).deadline_us, \
                                    (r).unread, (r).waiting, (r).fell, (r).sort_us, S("")})

/* Units and caseworkers of all rows with one question; before found_row. */
enum err found_name(struct cx *cx, struct found *found);
/* Row i as cx->who reads it. */
struct casefile_row found_row(struct cx *cx, const struct found *found, size_t i);
/* One view with many subjects: who was named in the list. */
void found_note(struct cx *cx, const struct casefile_rows *list, const char *kind, enum text purpose);

/* ---- change.c ---- */

/* A change by one person: runs fn in a db_write, and notes the refusal when law 7 refused it. */
enum err change_run(struct cx *cx, int64_t casefile_id, db_fn fn, void *ctx);

/* One thing for the record: a registration with a text as its main document, and uploads as attachments. */
struct paper {
    enum record_kind kind;
    enum text title; /* in the first language of the municipality */
    bool party_visible;
    struct str recipient;     /* of what goes to another body; empty: the party */
    struct str document_kind; /* "question" "answer" … */
    struct file_ref text;     /* put before the transaction */
    const struct casefile_upload *uploads;
    size_t n_uploads;
};
/* Registers and finishes it; its number is given by paper_number, last. */
enum err paper_put(struct cx *cx, const struct casefile *c, const struct paper *paper, int64_t *ret_registration);

/* Text for the record in the municipality's first language. */
struct str record_language_text(struct cx *cx, enum text key);
/* Why the correspondents of a case of this service are screened from the public journal: code and legal basis, as the
   service folder says; both empty when they are not. v NULL: a version that cannot be read is screened. */
struct screening {
    struct str code, basis;
};
struct screening casefile_screening_of(struct cx *cx, const struct service_version *v);
/* Working days from today, as the end of that day. */
int64_t deadline_in(struct cx *cx, int days);
enum err set_deadline(struct cx *cx, int64_t id, struct opt_int deadline_us, struct opt_int suspended_us,
                      struct opt_int left);

/* JSON of up to three values for an event's text. */
struct str params_day(struct cx *cx, const char *key, int64_t end_us);
struct str params_text(struct cx *cx, const char *key, struct str value);

/* Trimmed text within 1 … max code points. ERR_INVALID names the field. */
enum err need_text(struct cx *cx, const char *field, struct str *text, size_t max);

/* Notice to the party, and to who sent it for them by a mandate that is in force, that there is news: an e-mail that
   says only that, in the reader's language. Inside db_write. `key` makes it once. Nothing to one who has no address or
   is reserved. */
enum err casefile_notify(struct cx *cx, int64_t casefile_id, struct str key);

/* ---- submit.c ---- */

/* All have signed: what would have come at once when it was sent. `decide` before the numbers, `tell` after them. */
enum err submission_decide(struct cx *cx, const struct casefile *c, bool *ret_granted);
enum err submission_tell(struct cx *cx, const struct casefile *c);

/* ---- sign_ask.c: who else must sign ---- */

struct sign_place {
    struct str name;       /* the organisation; empty: a person */
    struct db_ints people; /* any one of them signs; none: the registers named nobody */
};
struct sign_places {
    const struct service_version *service; /* NULL: nobody else signs */
    VEC_OF(struct sign_place) rows;        /* none: the registers say that nobody else has to */
};
/* Asks the registers: outside transactions. */
enum err sign_places(struct cx *cx, const struct form_cosign *who, struct sign_places *ret);
/* Of an application that came by post: nobody is asked, and an employee looks whether both have signed. */
void sign_places_by_post(struct cx *cx, const struct service_version *service, struct sign_places *ret);
/* The registrations whose words the party of a party view may not read yet: letters on paper that have not arrived
   (law 5). None for others. */
enum err withheld(struct cx *cx, const struct casefile_view *view, int64_t **ret, size_t *ret_n);
bool among(int64_t id, const int64_t *ids, size_t n);

/* Inside the submission, before its numbers: the questions, who may not handle the case as an employee (law 7), the
   timeline, the clock. hash NULL: by post. */
enum err sign_ask(struct cx *cx, int64_t casefile_id, const struct sign_places *places, const struct hash *hash,
                  int64_t received_us);

enum sign_news { SIGN_NEWS_ASKED, SIGN_NEWS_REMINDED, SIGN_NEWS_OVER };
/* Inside db_write, after the numbers: tell those who may give the signatures that wait (OVER: that waited until now).
   By e-mail that says only that there is something; reserved from digital post, or without an address: by letter.
   `once` tells one telling from another. */
enum err sign_tell(struct cx *cx, const struct casefile *c, enum sign_news news, struct str once);
/* Inside db_write: those that wait wait no more, and are told; unless `keep`, the kept answers go. */
enum err sign_over(struct cx *cx, const struct casefile *c, bool keep);

/* ---- sign_view.c ---- */

/* "den anden med forældremyndighed" in cx->lang. */
struct str sign_role(struct cx *cx, enum service_cosigner by);
/* A SHA-256 in hex; empty when there is none. */
struct str sign_hex(struct cx *cx, struct str bytes);

/* ---- casefile_routes.c ---- */

/* A document that the asker has been allowed to see: pictures and PDF are shown, anything else is offered for saving.
 */
enum err document_reply(struct cx *cx, struct reply *rep, const struct record_document *d);

/* ---- event.c ---- */

/* A letter with these words; nothing where no room above makes letters. Inside db_write. */
enum err casefile_on_paper(struct cx *cx, const struct casefile_news *news);

/* ---- work.c ---- */

/* Who has it from now on; 0: nobody. After casefile_begin. */
enum err casefile_assign(struct cx *cx, const struct casefile *c, int64_t employee_id);

/* ---- answer.c ---- */

/* An appeal of a closed case opens it again; nothing when it is open. After casefile_begin. */
enum err reopen(struct cx *cx, const struct casefile *c);
/* The unit's new look at its decision: a task, and a deadline for it from the day the appeal was received. After
   casefile_begin with an appeal. */
enum err appeal_begins(struct cx *cx, const struct casefile *c, int64_t received_us);

/* ---- receive.c ---- */

/* What of a registration and an event comes from post. */
struct record_registration_new post_registration(struct cx *cx, const struct casefile_post *post,
                                                 const struct record_party *sender,
                                                 const struct service_version *service);
struct record_party post_sender(const struct casefile_post *post);
enum err post_documents(struct cx *cx, int64_t registration_id, const struct casefile_post *post);
struct str post_params(struct cx *cx, const struct casefile_post *post);

/* ---- team.c ---- */

/* Who works in a unit, without counting what they have. */
enum err members_of(struct cx *cx, int64_t unit_id, struct casefile_members *ret);
/* Is this case the member's own, or one they hold a mandate in (law 7)? */
enum err own_case(struct cx *cx, int64_t casefile_id, const struct casefile_member *m, bool *ret);
