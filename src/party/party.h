/* People and organisations that the municipality meets, what registers say of them, and who may act for whom.
   The identity number is kept here and nowhere else: encrypted, with a keyed hash for look-up (house.md 3). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "auth/auth.h"
#include "base/base.h"
#include "db/db.h"
#include "files/files.h"

enum party_kind { PARTY_PERSON = 1, PARTY_ORGANISATION = 2 };

/* One thing a register (or the party) has told us. */
struct party_fact {
    struct str attr;   /* "name" "street" "postcode" "city" "country" "born" "protected" "reserved" "email" "phone",
                          and of the household, when a service has asked: "income" "children" "single" */
    struct str value;  /* UTF-8; a date as "1984-03-01", a boolean as "true" or "false", income in kroner a year */
    struct str source; /* key of the source: "register" (the population register; in the demo people.yaml), "income"
                          (the register of incomes), "login", "self" */
    int64_t fetched_us;
};

enum { PARTY_ADDRESS_LINES = 3 };

struct party {
    int64_t id;
    int64_t version; /* grows with every change (law 2) */
    enum party_kind kind;
    struct str name;
    struct str address[PARTY_ADDRESS_LINES]; /* street, "postcode city", country when abroad */
    size_t n_address;                        /* 0 when masked or unknown */
    struct str street, postcode, city;       /* the same in parts; empty when masked or unknown */
    bool address_masked; /* protected, and the asker has no right to it: address and phone are empty */
    struct str source;   /* where name and address come from */
    int64_t fetched_us;
    struct str email, phone; /* for notices without content; empty when none given */
    bool reserved_digital;   /* gets paper (law 6) */
    bool protected_address;
    bool born_known;
    day_t born;
    bool has_idno;
    struct str idno_masked; /* "010384-••••": what pages show. Empty without a number */
    enum lang lang;         /* the language the party last used; notices follow it */
};

/* ---- finding ---- */

/* Who has this identity number? Looks among known parties, else asks the register, and creates the party from its
   answer with one fact per attribute. `idno` with or without its hyphen or blanks. The look-up is not noted in the
   access log: the caller knows the purpose. ERR_INVALID: not an identity number of the municipality's country.
   ERR_NOT_FOUND: the register does not know it. ERR_UPSTREAM: the register did not answer. */
enum err party_by_idno(struct cx *cx, struct str idno, int64_t *ret_id);

/* As party_by_idno, but asks no register and creates nothing: *ret_found tells. */
enum err party_known_by_idno(struct cx *cx, struct str idno, int64_t *ret_id, bool *ret_found);

/* The party that logged in (auth_set_party_hook(party_login_hook) in app/modules.c): found or created by identity
   number; `name` from the login claims is used only when the register does not know the number. Outside transactions.
 */
enum err party_login_hook(struct cx *cx, struct str idno, struct str name, int64_t *ret_id, struct str *ret_name);

/* What may be shown of a party to cx->who: a protected address (and phone) only to the party itself (not to holders of
   its mandate), to WHO_SYSTEM, and to employees with ROLE_PROTECTED; masked otherwise (law 7). Whether cx->who may see
   the party at all is the caller's question (a case file opened, or the party itself). ERR_NOT_FOUND. */
enum err party_get(struct cx *cx, int64_t id, struct party *ret);

/* Only the name; "" for id 0. ERR_NOT_FOUND. */
enum err party_name(struct cx *cx, int64_t id, struct str *ret);

/* Where a notice goes that says only that there is news, and in which language. *ret_email is empty when the party gave
   no address or is reserved from digital post (law 6). ERR_NOT_FOUND. */
enum err party_notice(struct cx *cx, int64_t id, struct str *ret_email, enum lang *ret_lang);

/* The identity number in clear, for a message that must carry it (digital post), never for a page. WHO_SYSTEM only:
   ERR_FORBIDDEN else. ERR_NOT_FOUND: no party, or it has no number. */
enum err party_idno(struct cx *cx, int64_t id, struct str *ret);
enum err party_idno_masked(struct cx *cx, int64_t id, struct str *ret);

/* Everything registers and the party itself have told, by attr: "my data" and prefill. Masked as in party_get. */
struct party_facts {
    VEC_OF(struct party_fact) rows;
};
enum err party_facts(struct cx *cx, int64_t id, struct party_facts *ret);

/* ---- changing ---- */

/* Ask the register again and store what it says now. Runs its own db_write. ERR_UPSTREAM, ERR_NOT_FOUND. */
enum err party_refresh(struct cx *cx, int64_t id);

/* Is this a fact of the household: "income" "children" "single"? They are fetched for the services whose purpose needs
   them, and shown in no other. */
bool party_is_household(struct str attr);
/* Ask the registers for the household, and store what they say now, with source and time; what they no longer know is
   forgotten. Only for a service that asks (service_version.asks_household). Runs its own db_write; outside
   transactions. ERR_UPSTREAM, ERR_NOT_FOUND: the party has no identity number, or the register does not know it. */
enum err party_fetch_household(struct cx *cx, int64_t id);

/* Contact the party gives itself: e-mail and phone for notices without content; empty takes it away. cx->who must be
   the party. `version` as shown (law 2). ERR_CONFLICT, ERR_INVALID (field "email" or "phone"), ERR_FORBIDDEN. */
struct party_contact {
    int64_t version;
    struct str email, phone;
};
enum err party_set_contact(struct cx *cx, int64_t id, const struct party_contact *contact);
enum err party_set_lang(struct cx *cx, int64_t id, enum lang lang);

/* An organisation by its register number (8 digits in Denmark, 9 in Norway: not secret, kept in clear); found or
   created. ERR_INVALID. */
enum err party_organisation(struct cx *cx, struct str number, struct str name, int64_t *ret_id);

/* ---- whom the registers name beside a person (related.c): never what somebody typed (law 9) ---- */

enum party_relation {
    PARTY_SPOUSE,      /* whom a person is married to */
    PARTY_CUSTODIANS,  /* who have custody of a child */
    PARTY_SIGNATORIES, /* who may sign for an organisation */
};
/* The people of that relation to a person (id) or to an organisation (its register number; id is not read then), found
   or met; none when the registers know none. *ret_name: of an organisation, its name; else empty. Outside transactions.
   ERR_UPSTREAM. */
enum err party_related(struct cx *cx, enum party_relation relation, int64_t id, struct str number, struct db_ints *ret,
                       struct str *ret_name);

/* Is this an identity number of the country ("dk", "no")? Form, date and, in Norway, the two check digits; demo numbers
   (Danish day + 60, Norwegian month + 80) are accepted. *ret_plain has digits only; *ret_born the birth date. */
bool party_idno_parse(struct cx *cx, struct str country, struct str idno, struct str *ret_plain, day_t *ret_born);

/* ---- mandates: who may act for whom (forvaltningsloven § 8; forvaltningsloven (NO) § 12; docs/why/mandates.md) ----
 */

/* What a mandate rests on. Stored: values are never changed. */
enum party_basis {
    PARTY_BASIS_SELF = 1,     /* given by the person itself, and accepted */
    PARTY_BASIS_PAPER = 2,    /* given on paper; an employee of the counter registered it with the document */
    PARTY_BASIS_OFFICE = 3,   /* speaks for an organisation: an employee has seen the document that says so */
    PARTY_BASIS_CUSTODY = 4,  /* custody of a child, by the population register */
    PARTY_BASIS_BUSINESS = 5, /* speaks for an organisation, by the register of organisations */
};

/* Ended by the giver; the holder may put it down. Both see it. What a register says ends when the register no longer
   says it. */
struct party_mandate {
    int64_t id;
    int64_t giver_id, holder_id;
    struct str giver_name, holder_name;
    bool giver_is_organisation;
    struct str scope; /* keys of services with a blank between; "" for every service */
    bool act;         /* to act and to read; else to read alone */
    enum party_basis basis;
    int64_t from_us;
    struct opt_int until_us;     /* not set: until withdrawn */
    struct opt_int withdrawn_us; /* set: over since then */
    int64_t withdrawn_by;        /* which party; 0: a register */
    int64_t given_us;
    struct str registered_by, purpose; /* PAPER and OFFICE: the employee's name, and why */
    bool has_document;
    struct file_ref document;
    struct str document_mime;
};
struct party_mandates {
    VEC_OF(struct party_mandate) rows;
};

/* Is it in force at cx->now_us? */
bool party_mandate_is_now(const struct cx *cx, const struct party_mandate *mandate);
/* Does the scope cover the service? */
bool party_scope_covers(struct str scope, struct str service_key);

/* cx->who gives `holder_id` the right to act at once: for rooms and tests that know the holder. People use an offer.
   ERR_INVALID: for oneself, or until before from. ERR_FORBIDDEN: not logged in as a person. Other rooms follow what
   changes through party_mandate_hook. */
struct party_mandate_new {
    int64_t holder_id;
    struct str scope;
    bool read_only;
    int64_t from_us;
    struct opt_int until_us;
};
enum err party_mandate_give(struct cx *cx, const struct party_mandate_new *mandate, int64_t *ret_id);
/* By the giver or the holder, at once; the other side is told. An employee of the counter does it for the giver who is
   open there. Withdrawing twice is no fault. ERR_NOT_FOUND: none, or not theirs. ERR_CONFLICT: a register says it. */
enum err party_mandate_withdraw(struct cx *cx, int64_t id);
/* One that cx->who gave or holds, or that the citizen did who is open at the counter. ERR_NOT_FOUND. */
enum err party_mandate_get(struct cx *cx, int64_t id, struct party_mandate *ret);
/* Given and held by cx->who's party (at the counter: by the citizen who is open), newest first. */
enum err party_mandates_mine(struct cx *cx, struct party_mandates *ret);
/* Those that cx->who holds and that are in force now, by giver, the ones to act first; for one service, or ("") all. */
enum err party_mandates_held(struct cx *cx, struct str service_key, struct party_mandates *ret);
/* The mandates in force or to come that `giver_id` has given, for one service (also those for every service). */
enum err party_mandates_given(struct cx *cx, int64_t giver_id, struct str service_key, struct party_mandates *ret);
/* May `holder_id` act for `giver_id` in this service now? True for oneself. Not by one that is to read alone. */
enum err party_may_act(struct cx *cx, int64_t holder_id, int64_t giver_id, struct str service_key, bool *ret);

/* ---- offers: how a person gives a mandate ----

   The giver types identity number and name. Nothing is looked up, and nothing of what was typed is told to anybody but
   the one who logs in with exactly that number and is called so: the giver cannot find out whether a number exists or
   whose it is, and one whose number was typed by mistake does not hear of it. */

enum {
    PARTY_OFFER_DAYS = 30,
    PARTY_OFFERS_A_DAY = 10,
    PARTY_MANDATE_YEARS = 5,
    PARTY_GIVER_AGE = 15,
    PARTY_HOLDER_AGE = 18
};

struct party_offer_new {
    struct str idno, name;
    struct str scope;
    bool act;
    int64_t until_us; /* within PARTY_MANDATE_YEARS */
};
/* By a person. ERR_INVALID, field: "idno" (not of the form of a number, or one's own), "name" (less than two words),
   "until". ERR_FORBIDDEN: not a person, or too young. ERR_CONFLICT: too many today. */
enum err party_offer(struct cx *cx, const struct party_offer_new *offer, int64_t *ret_id);
/* Could it be offered, apart from how many there are today? */
enum err party_offer_check(struct cx *cx, const struct party_offer_new *offer);

/* Stored: values are never changed. */
enum party_offer_answer { PARTY_OFFER_WAITS, PARTY_OFFER_ACCEPTED, PARTY_OFFER_DECLINED, PARTY_OFFER_TAKEN_BACK };
struct party_offer_row {
    int64_t id, giver_id;
    struct str giver_name;
    struct str holder_name; /* as the giver typed it */
    struct str scope;
    bool act;
    int64_t until_us, offered_us, expires_us;
    enum party_offer_answer answer; /* WAITS after expires_us: nobody answered in time */
    struct opt_int answered_us;
};
struct party_offers {
    VEC_OF(struct party_offer_row) rows;
    bool too_young; /* got: cx->who is under PARTY_HOLDER_AGE and cannot say yes */
};
/* What cx->who has offered and nobody has answered. */
enum err party_offers_made(struct cx *cx, struct party_offers *ret);
/* What is offered to cx->who. */
enum err party_offers_got(struct cx *cx, struct party_offers *ret);
/* The same with those that are over, as long as they are kept (GDPR article 15). One that was taken back is the giver's
   alone: cx->who, to whom it was made, has no more of it than the message that told of it. */
enum err party_offers_held(struct cx *cx, struct party_offers *ret_made, struct party_offers *ret_got);
/* cx->who, to whom it is offered, says yes (the mandate begins now) or no; the giver is told. ERR_NOT_FOUND: not
   theirs, or over. ERR_FORBIDDEN: not of age. */
enum err party_offer_answer(struct cx *cx, int64_t id, bool yes);
/* By the giver. ERR_NOT_FOUND: not theirs, answered, or over. */
enum err party_offer_take_back(struct cx *cx, int64_t id);

/* ---- on paper, at the counter ---- */

struct party_paper_new {
    bool office;              /* the citizen who is open speaks for an organisation; else they give a mandate */
    struct str idno, name;    /* else: of the holder; must fit each other */
    struct str number, title; /* office: of the organisation */
    struct str scope;
    bool act;
    int64_t until_us;
    struct str purpose; /* 10 … 200 characters */
    struct str mime;    /* of the document, by its content */
    struct file_ref document;
};
/* By an employee of the counter, for the citizen who is open. Notes the look-up of the holder. Both are told.
   ERR_INVALID with its field: "idno", "name", "number", "title", "until", "purpose", "document"; "holder" or "giver":
   not old enough. ERR_NOT_FOUND, field "idno":
   the register does not know the holder. ERR_FORBIDDEN: nobody is open, or the employee is one of the two. Outside
   transactions. */
enum err party_mandate_on_paper(struct cx *cx, const struct party_paper_new *paper, int64_t *ret_id);

/* ---- what registers say ---- */

/* Ask the registers whom cx->who has custody of, or speaks for; keep it for PARTY_RELATION_HOURS as mandates of basis
   CUSTODY (until the child is PARTY_CHILD_AGE) and BUSINESS; what they no longer say ends. Outside transactions. A
   register that does not answer changes nothing: what it said ends by itself. ERR_UPSTREAM. */
enum { PARTY_RELATION_HOURS = 24, PARTY_CHILD_AGE = 15 };
enum err party_relations_ask(struct cx *cx);
/* Is holder_id to be told of news in giver_id's cases of that service: by a mandate to act that is in force, or by what
   a register said when it was asked last, if a day or more ago, as long as a child is under PARTY_CHILD_AGE? */
enum err party_speaks_for(struct cx *cx, int64_t holder_id, int64_t giver_id, struct str service_key, bool *ret);

/* ---- what people are told ---- */

/* Stored: values are never changed. */
enum party_mandate_news {
    PARTY_NEWS_OFFERED = 1, /* to the holder: there is an offer */
    PARTY_NEWS_ACCEPTED,    /* to the giver */
    PARTY_NEWS_DECLINED,    /* to the giver */
    PARTY_NEWS_WITHDRAWN,   /* to the holder */
    PARTY_NEWS_PUT_DOWN,    /* to the giver */
    PARTY_NEWS_PAPER,       /* to both: registered by an employee */
};
struct party_message {
    int64_t id, party_id;
    struct str name; /* on paper: to whom */
    enum party_mandate_news kind;
    struct str other, scope;
    bool act;
    struct opt_int until_us;
    int64_t at_us;
    /* of party_messages_held: seen on my page; goes by post, and was given to it */
    struct opt_int seen_us, posted_us;
    bool paper;
};
struct party_messages {
    VEC_OF(struct party_message) rows;
};
/* What cx->who has not seen yet, newest first; with `seen` it has been seen from now on. */
enum err party_messages_unseen(struct cx *cx, struct party_messages *ret);
enum err party_messages_seen(struct cx *cx);
/* All that cx->who was told, as long as it is kept, newest first (GDPR article 15); it counts as seen by that no more
   than before. */
enum err party_messages_held(struct cx *cx, struct party_messages *ret);
/* For those reserved from digital post: what waits for the post, for an employee of the counter; a protected person's
   only with the right. Notes the access. ERR_FORBIDDEN. */
enum err party_messages_paper(struct cx *cx, struct party_messages *ret);
/* One of them. ERR_NOT_FOUND. */
enum err party_message_paper(struct cx *cx, int64_t id, struct party_message *ret);
/* It was given to the post. ERR_CONFLICT: it does not wait. */
enum err party_message_posted(struct cx *cx, int64_t id);

/* Jobs: tells one to whom something is offered, if the house knows them; forgets offers and messages that are over. */
struct job;
enum err party_offer_job(struct cx *cx, struct job *job);
enum err party_mandate_sweep_job(struct cx *cx, struct job *job);
#define PARTY_JOB_OFFER "mandate_offer"
#define PARTY_JOB_SWEEP "mandate_sweep"
#define PARTY_JOB_KINDS \
    {.name = PARTY_JOB_OFFER, .fn = party_offer_job, .max_attempts = 8}, \
    { \
        .name = PARTY_JOB_SWEEP, .fn = party_mandate_sweep_job \
    }

/* Called inside the db_write of every change of a mandate, so that what is kept per case file (casefile_reach) follows
   in the same transaction. Registered once at start, in app/modules.c. */
typedef enum err (*party_mandate_fn)(struct cx *cx, const struct party_mandate *mandate);
void party_mandate_hook(party_mandate_fn fn);

/* Is a mandate that she gave or holds in force, or to come? Then she is not forgotten. */
enum err party_bound(struct cx *cx, int64_t id, bool *ret);
/* For auth_settings.hold. */
enum err party_hold(struct cx *cx, int64_t id);
/* Inside the db_write that forgets her, before it looks whether she is bound: whatever binds her has been committed and
   is seen, or waits until that has ended and does not find her (party_hold, references). OK also when she is gone. */
enum err party_lock(struct cx *cx, int64_t id);
/* Law 10: forgets a person with facts, search terms, sessions and mandates that are over. Inside db_write; the rooms
   above have erased theirs. *ret_gone false: there was none. ERR_CONFLICT: something in the store still refers to her,
   so she has another matter. */
enum err party_erase(struct cx *cx, int64_t id, bool *ret_gone);

/* Seals the identity numbers of a batch anew: a row of app_keys_holders. */
struct keys_batch;
enum err party_keys_reseal(struct cx *cx, struct keys_batch *batch);

/* A fictional person for measuring, without facts and search terms, which casefile_demo_fill adds; found if there.
   Inside db_write. */
enum err party_demo(struct cx *cx, struct str idno, struct str name, int64_t *ret_id);

/* ---- the counter (law 7) ---- */

/* Is this person one whose matters cx->who, an employee, never handles: they themselves, one for whom they hold a
   mandate, a child or an organisation that a register has named them for? */
enum err party_is_own(struct cx *cx, int64_t id, bool *ret);

/* The counter role opens one person by the full identity number and a stated purpose (10 … 200 characters). Notes the
   access, also the refusal; never the number. ERR_FORBIDDEN: not ROLE_COUNTER, party_is_own, or a protected
   person without ROLE_PROTECTED. ERR_INVALID: field "purpose" or "idno". ERR_NOT_FOUND: the
   register does not know the number. */
enum err party_open_at_counter(struct cx *cx, struct str idno, struct str purpose, struct party *ret);

/* The same, and the person stays open: cx->who->stay, from the next request on too, until party_stay_end. What is done
   then (a draft begun, an application sent) is the person's, with the employee as the one who typed. The person comes
   from this look-up and from nothing else (law 9). Also ERR_INVALID: field "channel". */
enum err party_stay_begin(struct cx *cx, struct str idno, struct str purpose, enum channel channel);
/* The person who is open, masked as the employee may see; notes the access. ERR_NOT_FOUND: nobody is. */
enum err party_stay_get(struct cx *cx, struct party *ret);
/* Notes that the employee sees something else of that person ("draft", "list"), for the purpose of the stay. Nothing
   when nobody is open. */
void party_stay_note(struct cx *cx, const char *kind);
