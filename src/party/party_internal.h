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

/* The identity number in clear. ERR_NOT_FOUND: none. */
enum err party_idno_open(struct cx *cx, int64_t id, struct str *ret);

/* "dk" or "no". */
struct str party_country(const struct cx *cx);

/* May cx->who see address and phone of this party, when it is protected? */
bool party_address_open(const struct cx *cx, int64_t id);
