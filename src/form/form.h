/* The form of a service: what form.yaml says, compiled; drafts with their answers and uploads; the pages a citizen
   fills. The grammar is described in README.md of this room. What a draft holds is no record (house.md 5): it becomes
   one when casefile/ takes the submission. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "auth/auth.h"
#include "base/base.h"
#include "codec/codec.h"
#include "files/files.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "keys/keys.h"
#include "party/party.h"
#include "service/service.h"

struct party_facts; /* party/party.h */
struct form;        /* a compiled form.yaml, immutable; one per service version */

/* ---- loading ---- */

/* What the service room registers (service_parts_register in app/modules.c): compiles form.yaml once per version,
   checks it, and fills in the examples. The grammar is in README.md. */
extern const struct service_part form_part;

/* The form of a version, compiled when the version was loaded. NULL when the service has no form (information only). */
const struct form *form_of(const struct service_version *version);

/* Ids that no question can have: a page posts them besides answers, or they would hide what a script asks of the form.
   And those that no page can have: addresses of the form itself. Each list ends with NULL. */
extern const char *const form_taken_ids[], *const form_taken_pages[];

/* ---- what rules may ask of a form ---- */

enum form_answer {
    FORM_ANSWER_TEXT,
    FORM_ANSWER_NUMBER,
    FORM_ANSWER_MONEY,
    FORM_ANSWER_DATE,
    FORM_ANSWER_YESNO,   /* a checkbox too */
    FORM_ANSWER_CHOICE,  /* radio, select: the option's key */
    FORM_ANSWER_CHOICES, /* a list of keys */
    FORM_ANSWER_OTHER    /* identity numbers, addresses, files …: not for rules */
};
struct form_described {
    enum form_answer answer;
    bool fixed;       /* from register or login: nobody can type it here (law 9) */
    bool typed_money; /* computed, and money that the citizen types decides what comes out, or whether it is asked */
    bool rows;        /* a repeat, or asked in each row of one: no single answer */
    bool whole;       /* a number without decimals */
    bool has_min, has_max;
    int64_t min, max; /* a number in 1/10 000, money in øre */
    VEC_OF(struct str) options;
};
/* A question of the form; false when there is none of that id. */
bool form_describe(struct cx *cx, const struct form *form, struct str id, struct form_described *ret);

/* The answers of an example of the service folder, as a submission would hold them (form_submission.answers_json), and
   what the registers know of its household. ERR_INVALID: an answer is not accepted. ERR_NOT_FOUND: no form. */
enum err form_example_answers(struct cx *cx, const struct service_version *version, const struct yaml *example,
                              struct str *ret_json, struct party_facts *ret_facts);

/* What an example comes to, for programs: {"shown":[…],"faults":{…},"record":{…}}. `shown` has the ids of pages and
   fields, also of those that ask nothing; a field of a row is "children[0].name". `faults` has a message for each
   answer that is not accepted. `record` is what a submission would hold (form_submission.answers_json).
   ERR_INVALID: the example names what the form does not ask. ERR_NOT_FOUND: no form. */
enum err form_example_judge(struct cx *cx, const struct service_version *version, const struct yaml *example,
                            struct str *ret_json);

/* ---- numbers as people write them ---- */

/* Comma or point, blanks between thousands; in 1/10 000. False: not a number of at most so many decimals (0 … 4). */
bool form_read_number(struct str s, int decimals, int64_t *ret);
/* "1.250,50", "1250", "99,5 kr.": a point followed by three digits parts thousands. */
bool form_read_money(struct str s, int64_t *ret_oere);

/* ---- ask once: what a person answered in another service, used again ----

   A field names where it may have been answered (form.yaml, `prefill: {source: earlier, from: …}`), and its purpose
   names the purpose there and the law that allows it (service.yaml, `compatible`). When a draft begins, each field gets
   a permit for the newest application where both hold; only what has a permit is ever read, and the person sees in the
   access log that it was. Never at the counter: an employee there may not see the other case (law 7); nor in a draft
   that is filled in by a mandate, which may be of this service alone. The room that keeps the applications is above
   this one: it registers these. */

/* The newest application of a party in a service, as far as it may be used again by cx->who: the party's own, sent
   through the form, not withdrawn, neither erased nor due to be (law 10), and one that cx->who may see (law 7). */
struct form_earlier_source {
    int64_t casefile_id, version_id;
    struct str no;
    int64_t at_us; /* when it was sent */
};
struct form_earlier_permit {
    int64_t draft_id;
    struct str field; /* of the draft's form */
    int64_t casefile_id;
    struct str from_field, from_purpose; /* there: "lives_alone", "handle" */
    struct str purpose, law;             /* here, "handle"; the law by which it is used again, in words. Never empty */
};
/* One answer that has a permit, and can be read now. */
struct form_earlier_read {
    struct str field, from_field, service_key;
    int64_t version_id, at_us;
    struct str answers_json; /* of the whole application; the same bytes for all of one */
};
struct form_earlier_reads {
    VEC_OF(struct form_earlier_read) rows;
};
struct form_earlier_hooks {
    enum err (*latest)(struct cx *cx, int64_t party_id, struct str service_key, struct form_earlier_source *ret,
                       bool *ret_found);
    enum err (*permit)(struct cx *cx, const struct form_earlier_permit *permit); /* inside db_write */
    /* Those of a draft whose application may still be used as above. */
    enum err (*read)(struct cx *cx, int64_t draft_id, struct form_earlier_reads *ret);
    enum err (*forget)(struct cx *cx, int64_t draft_id); /* all permits of a draft; inside db_write */
};
/* Once, in app/modules.c; without it nothing is used again. */
void form_earlier_hook(const struct form_earlier_hooks *hooks);

/* ---- the submission: what casefile/ takes ---- */

/* A document that follows the submission. */
struct form_document {
    struct str name; /* as the citizen called it, cleaned: "recept.pdf" */
    struct str mime; /* by content: "application/pdf", "image/png", "image/jpeg" */
    struct str kind; /* the document kind the field names: "photo"; "attachment" when it names none */
    struct file_ref file;
};

/* One thing applied for: a chosen option of the field that service.yaml names under `lines`. A service without `lines`
   gives none. */
struct form_line {
    struct str key;   /* "rollator" */
    struct str label; /* in the language of the draft */
};

struct form_submission {
    int64_t draft_id;
    int64_t party_id;   /* 0: anonymous */
    int64_t version_id; /* the service version the draft was begun under */
    enum lang lang;     /* the language it was filled in, or the citizen's when an employee typed: letters follow it */
    enum channel channel;   /* how the one who sent it came to us */
    int64_t helper_id;      /* employee who typed it, or began it before the citizen went on alone; 0: the citizen */
    int64_t helper_unit_id; /* for which unit */
    struct str helper;      /* "Borgerservice (Carl Friis)", or the holder's name; empty: nobody */
    int64_t holder_id;      /* who sent it for the party by a mandate; 0: the party itself, or an employee */
    struct str title;       /* the name of the service in that language: never personal data */
    /* The record: {"lang":"da","channel":"counter" (when an employee typed),"helper":"…" (when an employee did, or the
       holder of a mandate),"answers":{field:value},"asked":[field],"sources":{field:{"source","attr","at"}},
       "changed":[field]}. `asked` are those left empty; `changed` those with another answer than was filled in
       beforehand; a source "earlier" has also "service", and the question there as "attr". Text,
       e-mail and phone are strings, a number a decimal string, money int øre, a date "2026-11-23", a month "2026-11",
       yes/no and checkbox a boolean, a choice its option key, a country or currency its code, several choices a list, a
       repeat a list of objects, an address {"street","postcode","city"}, files a list of
       {"name","mime", "size","sha256"}. A typed identity number is {"party":id}: the number itself stays with the
       party. Hidden fields are absent. Show it with form_show. */
    struct str answers_json;
    VEC_OF(struct form_document) documents;
    VEC_OF(struct form_line) lines;
};

/* Of an application that somebody else must sign too (service_cosign): what its answers say of who. */
struct form_cosign {
    const struct service_version *service; /* NULL: nobody else signs */
    int64_t party_id;                      /* whose draft it is */
    bool named;                            /* the field was asked and answered (always, when the register says who) */
    int64_t person_id;                     /* the child or person that the field names */
    struct str orgno;                      /* the organisation */
};

/* What must be done before the transaction, because it may use the network: for a service that needs them, the
   registers are asked for the household again. Whether they answer or not, the draft can be sent; their facts keep the
   time they were told. Not of this asker, or sent already: nothing. */
enum err form_submission_prepare(struct cx *cx, int64_t draft_id, struct form_cosign *ret);

/* Begin a draft of cx->who (or of the browser, where the service takes drafts without a name) in which one field is
   filled in already: a request for access knows which document. It stays the citizen's to change. ERR_NOT_FOUND: no
   such service or field. ERR_LOGIN, ERR_ASSURANCE, ERR_FORBIDDEN as when a draft is begun. */
enum err form_begin_with(struct cx *cx, struct str service_key, struct str field, struct str value, int64_t *ret_id);

/* Take the submission out of a draft: inside db_write only, by whoever cx->who is, who must own the draft. Validates
   every page again, takes register facts from the party now (law 9: whatever was posted for them is not looked at),
   drops hidden answers, and marks the draft sent. `expected_version` is what the review page showed. ERR_NOT_FOUND: no
   such draft, or not this asker's. ERR_CONFLICT: changed since the review (law 2). ERR_DUPLICATE: sent already: show
   the first receipt. ERR_INVALID: cx->fail.field is "page/field" of the first fault; send the citizen to
   /form/draft/{id}/review, which lists them. ERR_GONE: the version it was begun under may no longer be applied for, or
   as many as there can be have applied (service.yaml: valid, ceiling). */
enum err form_submission_take(struct cx *cx, int64_t draft_id, int64_t expected_version, struct form_submission *ret);

/* The answers of an application that somebody else must sign (service_cosign) are kept until all have: the party it is
   of, whoever typed it, may take them back, change them, and send it anew. All inside db_write; nothing when none are
   kept. form_submission_reopen: they are a draft of cx->who again, at its review, and the place that it took (ceiling)
   is free. ERR_NOT_FOUND: none are kept, not this asker's, or the service may not be applied for today. */
enum err form_submission_reopen(struct cx *cx, int64_t draft_id, int64_t *ret_id);
enum err form_submission_forget(struct cx *cx, int64_t draft_id);
/* Are they kept, cx->who's, and is the service open, so that they can be sent anew? For a page. */
enum err form_submission_kept(struct cx *cx, int64_t draft_id, bool *ret);

/* ---- showing answers: review, receipt, desk, my page, PDF ---- */

struct form_shown_row {
    struct str key;    /* of the field */
    struct str label;  /* the question, in the language asked for */
    struct str value;  /* the answer in words, lines parted by LF; "–" text of that language when it was left empty */
    struct str source; /* "Folkeregisteret (demo), 15. januar 2026"; empty when the citizen typed it */
    bool changed;      /* the register or my page had filled it in, and something else was given */
    struct str change; /* address where it is changed; empty outside a draft */
    struct str fault;  /* what is wrong with it; only on the review page of a draft */
    bool address;      /* it tells an address */
    bool email;        /* it is an e-mail address */
};
struct form_shown_page {
    struct str key, title;
    struct str change; /* as above */
    VEC_OF(struct form_shown_row) rows;
};
struct form_shown {
    VEC_OF(struct form_shown_page) pages;
};

/* The answers of a submission (its answers_json) as the citizen saw them: pages, questions and answers, in `lang`.
   Templates show it by {{include form_shown v.answers}}. ERR_INTERNAL: the JSON is not of this version. */
enum err form_show(struct cx *cx, const struct service_version *version, struct str answers_json, enum lang lang,
                   struct form_shown *ret);

/* What a form asks, and why: for those who watch over it. */
struct form_question {
    struct str page, label;            /* in `lang` */
    struct str from;                   /* where the answer comes from and where it is put right; whole sentences */
    const struct service_purpose *why; /* never NULL */
    bool required, from_register;      /* from_register: fetched, not typed */
};
struct form_questions {
    VEC_OF(struct form_question) rows;
};
/* Every question of a version, in order; none when it has no form. */
struct form_questions form_questions(struct cx *cx, const struct service_version *version, enum lang lang);

/* How long something is kept: "Sagen, når du får nej", "5 år, efter at sagen er lukket". */
struct form_kept {
    struct str what, how_long;
};
/* Everything the service asks or fetches, why, by which law, from where, and how long it is kept (GDPR articles 13, 14
   and 30). In cx->lang. */
struct form_privacy {
    struct form_questions asked;   /* with what rules fetch besides */
    VEC_OF(struct form_kept) kept; /* the draft, and the case by how it can end; none when there is no form */
    struct str basis;              /* of how long */
};
struct form_privacy form_privacy(struct cx *cx, const struct service_version *v);
/* "serviceloven § 112 (eksempel); databeskyttelsesforordningen artikel 9(2)(h)" */
struct str form_basis_words(struct cx *cx, const struct service_version *v, const struct service_purpose *p);
/* The same as lines of text: what `indgang check --privacy` prints. */
struct str form_privacy_text(struct cx *cx, const struct service_version *v);

/* What a new version of a service means for the drafts that are under way, and for the cases that were sent: sentences
   in cx->lang. `underway`: how many drafts there are of `before` (form_drafts_underway). */
struct form_sentences {
    VEC_OF(struct str) rows;
};
struct form_sentences form_diff_drafts(struct cx *cx, const struct service_version *before,
                                       const struct service_version *after, int64_t underway);
/* Unsent drafts of a version. */
enum err form_drafts_underway(struct cx *cx, int64_t version_id, int64_t *ret_n);

/* ---- drafts ---- */

struct form_draft_row {
    int64_t id;
    struct str title;       /* of the service, in cx->lang */
    struct str step;        /* title of the page where it was left */
    struct str href;        /* where to go on */
    struct str href_delete; /* page that asks whether to delete it */
    int64_t changed_us;
    bool helped;       /* begun at the counter, with an employee */
    struct str holder; /* begun by this person, who has a mandate; empty: by nobody else */
    struct str giver;  /* of form_drafts_for_others: for whom */
    int64_t giver_id;
    day_t delete_day;         /* the day it is deleted if nobody goes on with it */
    enum assurance assurance; /* a weaker login does not open it */
};
struct form_drafts {
    VEC_OF(struct form_draft_row) rows;
};

/* The unsent drafts of a party, newest first, at most 100: all for the party itself, for an employee who has it open at
   the counter those that were begun there. Partial for my page: {{include form_drafts v.drafts}}. ERR_FORBIDDEN:
   another employee.
 */
enum err form_drafts_of_party(struct cx *cx, int64_t party_id, struct form_drafts *ret);

/* The unsent drafts that cx->who began for others by mandates that are in force, at most 100. Notes the access. */
enum err form_drafts_for_others(struct cx *cx, struct form_drafts *ret);

/* All of them, however many, for the copy of everything held about a person: cx->who's own (giver_id 0), or those that
   cx->who began for giver_id, which notes the access. ERR_FORBIDDEN: not a person. */
enum err form_drafts_all(struct cx *cx, int64_t giver_id, struct form_drafts *ret);

/* What an unsent draft holds, as its review shows it to cx->who in cx->lang. */
struct form_draft_held {
    struct form_shown answers;
    VEC_OF(struct form_shown_row) dropped; /* answered, and not asked any more: question and answer */
    struct str answers_json; /* as form_submission has it; an answer that cannot be read is a string, as it was typed */
    VEC_OF(struct form_document) files; /* all of them, also those that the answers no longer ask for */
};
/* Of one that cx->who may open; a look at another's, by a mandate, is noted. ERR_NOT_FOUND: none, or it has been sent.
   ERR_ASSURANCE: the login is weaker than form_draft_row.assurance. */
enum err form_draft_held(struct cx *cx, int64_t id, struct form_draft_held *ret);

/* Delete drafts that nobody touched for as long as their service says, and what remains of sent ones after 30 days,
   with their uploads. Returns the number deleted. The job does this. */
enum err form_drafts_expire(struct cx *cx, int64_t *ret_n);

/* Is this draft, if it is still there, one that cx->who may open now? Notes nothing. ERR_NOT_FOUND: it is not. */
enum err form_draft_check(struct cx *cx, int64_t id);

/* Begin a draft of the current version of a service for cx->who (a party, or nobody when the service allows it), or for
   the citizen whom cx->who has open at the counter: the employee's own login must then be as strong as the service
   asks. ERR_NOT_FOUND, ERR_LOGIN, ERR_ASSURANCE, ERR_GONE: it cannot be applied for now. */
enum err form_draft_start(struct cx *cx, struct str service_key, int64_t *ret_id);
/* The same for the giver of a mandate that cx->who holds and that lets them act in this service. ERR_NOT_FOUND: no such
   mandate. ERR_FORBIDDEN: it does not let them; or the service is for persons and the giver is an organisation. */
enum err form_draft_start_for(struct cx *cx, struct str service_key, int64_t mandate_id, int64_t *ret_id);
/* May one apply for this service by that mandate (which is in force)? */
bool form_mandate_fits(const struct service_version *service, const struct party_mandate *mandate);

/* Why a version cannot be applied for now, in cx->lang: too early, too late, or as many as there can be have applied
   (service.yaml: valid, ceiling). Empty: it can. */
enum err form_shut_words(struct cx *cx, const struct service_version *version, struct str *ret);

/* Law 10: what is left of the drafts that a person sent, when she is forgotten. Inside db_write. */
enum err form_erase_party(struct cx *cx, int64_t party_id);

/* ---- for app/modules.c ---- */
extern const struct http_module form_module;                        /* /form/… */
enum err form_drafts_job(struct cx *cx, struct job *job);           /* kind "form_drafts_expire", some times a day */
enum err form_keys_reseal(struct cx *cx, struct keys_batch *batch); /* drafts are sealed: holder "form" */
