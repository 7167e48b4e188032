/* People and organisations that the municipality meets, what registers say of them, and who may act for whom.
   The identity number is kept here and nowhere else: encrypted, with a keyed hash for look-up (house.md 3). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "auth/auth.h"
#include "base/base.h"
#include "db/db.h"

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

/* ---- mandates: who may act for whom ---- */

/* Given and withdrawn by the giver; the holder may put it down. Both see it. */
struct party_mandate {
    int64_t id;
    int64_t giver_id, holder_id;
    struct str giver_name, holder_name;
    struct str scope; /* a service key, or "" for every service */
    int64_t from_us;
    struct opt_int until_us;     /* not set: until withdrawn */
    struct opt_int withdrawn_us; /* set: over since then */
    int64_t given_us;
};
struct party_mandates {
    VEC_OF(struct party_mandate) rows;
};

/* cx->who gives `holder_id` the right to act. ERR_INVALID: for oneself, or until before from. ERR_FORBIDDEN: not logged
   in as a person. Other rooms follow what changes through party_mandate_hook. */
struct party_mandate_new {
    int64_t holder_id;
    struct str scope;
    int64_t from_us;
    struct opt_int until_us;
};
enum err party_mandate_give(struct cx *cx, const struct party_mandate_new *mandate, int64_t *ret_id);
/* By the giver or the holder. Withdrawing twice is no fault. ERR_NOT_FOUND: none, or not theirs. */
enum err party_mandate_withdraw(struct cx *cx, int64_t id);
/* Given and held by cx->who's party, newest first. */
enum err party_mandates_mine(struct cx *cx, struct party_mandates *ret);
/* The mandates in force or to come that `giver_id` has given, for one service (also those for every service). */
enum err party_mandates_given(struct cx *cx, int64_t giver_id, struct str service_key, struct party_mandates *ret);
/* May `holder_id` act for `giver_id` in this service now? True for oneself. */
enum err party_may_act(struct cx *cx, int64_t holder_id, int64_t giver_id, struct str service_key, bool *ret);

/* Called inside the db_write of every change of a mandate, so that what is kept per case file (casefile_reach) follows
   in the same transaction. Registered once at start, in app/modules.c. */
typedef enum err (*party_mandate_fn)(struct cx *cx, const struct party_mandate *mandate);
void party_mandate_hook(party_mandate_fn fn);

/* Is a mandate that she gave or holds in force, or to come? Then she is not forgotten. */
enum err party_bound(struct cx *cx, int64_t id, bool *ret);
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

/* The counter role opens one person by the full identity number and a stated purpose (10 … 200 characters). Notes the
   access, also the refusal; never the number. ERR_FORBIDDEN: not ROLE_COUNTER, oneself, one for whom one holds a
   mandate, or a protected person without ROLE_PROTECTED. ERR_INVALID: field "purpose" or "idno". ERR_NOT_FOUND: the
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
