/* Shared by the files of this room alone. */
#pragma once
#include "party.h"

/* What a register answers about a person. Texts live in cx->arena or as long as the municipality. */
struct register_person {
    struct str name, street, postcode, city, email, phone;
    bool protected_address, reserved_digital;
    struct str income, children, single; /* of the household; empty: not known */
};

/* Ask the population register of the municipality. In the demo it is people.yaml; the adapters for CPR and
   Folkeregisteret will be other rows of the same table. Never inside a transaction: it may use the network. *ret_found
   tells whether the register knows the number. ERR_UPSTREAM. */
enum err register_fetch(struct cx *cx, struct str idno, struct register_person *ret, bool *ret_found);

/* The identity numbers of those who stand in that relation to the person of that number, or to an organisation of that
   number; and the organisation's name. As register_fetch. */
struct register_related {
    VEC_OF(struct str) idnos;
    struct str name;
};
enum err register_related(struct cx *cx, enum party_relation relation, struct str number, struct register_related *ret);
/* Of whom a person has custody, and for which organisations they speak, as the registers say. Never inside a
   transaction. ERR_UPSTREAM. */
struct register_organisation {
    struct str number, name;
};
struct register_relations {
    VEC_OF(struct str) children; /* identity numbers */
    VEC_OF(struct register_organisation) organisations;
};
enum err register_relations(struct cx *cx, struct str idno, struct register_relations *ret);

/* The identity number in clear. ERR_NOT_FOUND: none. */
enum err party_idno_open(struct cx *cx, int64_t id, struct str *ret);

/* "dk" or "no". */
struct str party_country(const struct cx *cx);

/* May cx->who see address and phone of this party, when it is protected? */
bool party_address_open(const struct cx *cx, int64_t id);

/* ---- mandates ---- */

#define PARTY_MANDATE_FILE "mandate" /* who keeps its document in files/ */

/* Bytes of the database as a hash; zeros when they are none. */
struct hash party_hash(struct str bytes);
/* Whose mandates cx->who sees: one's own, or those of the citizen who is open at the counter. 0: nobody's. */
int64_t party_self(const struct cx *cx);
/* Inside db_write: a mandate comes to be (id, giver, holder, scope, act, basis, from, until, document are taken from
   it), and other rooms follow. employee_id: who registered it; 0: nobody. */
enum err party_mandate_store(struct cx *cx, const struct party_mandate *mandate, int64_t employee_id);
/* Inside db_write: it ends now, by that party (0: by a register). *ret_ended false: it had ended. */
enum err party_mandate_end(struct cx *cx, int64_t id, int64_t by, bool *ret_ended);
/* Inside db_write: tell the rooms that follow. */
enum err party_mandate_changed(struct cx *cx, const struct party_mandate *mandate);
/* One who had relations by register before logs in: ask again, so that they hold for the session. */
enum err party_relations_again(struct cx *cx, int64_t party_id);
/* Inside db_write: a person is told; its id, name and time are set here. */
enum err party_tell(struct cx *cx, const struct party_message *message);

/* Is what was typed the name of that person? First and last name at least; any middle names of theirs. */
bool party_name_fits(struct cx *cx, struct str typed, struct str name);
/* Was one born that day (since 1970-01-01) so old today? */
bool party_of_age(const struct cx *cx, int64_t born, int years);
/* When a child born that day is PARTY_CHILD_AGE. */
int64_t party_child_until(day_t born);
/* A name of two words, an end that may be. ERR_INVALID, field "name" or "until". */
enum err party_terms_ok(struct cx *cx, struct str name, int64_t until_us);
