/* A whole house for the tests of the nouns: the example municipality with its people and services, on a new database.
 */
#pragma once
#include "support.h"

#include "casefile/casefile.h"
#include "decision/decision.h"

/* Everything opened as the program does, without a server. cx->who is the system. */
struct cx *house_new(void);
void house_free(struct cx *cx);
/* From now on cx->who is this person of people.yaml, as a citizen or as an employee. Returns the party's id. */
int64_t house_party(struct cx *cx, const char *key);
int64_t house_employee(struct cx *cx, const char *key);
void house_system(struct cx *cx);
/* One day, hour … later. */
void house_later(struct cx *cx, int64_t us);

/* A draft of lette-hjaelpemidler, filled in by cx->who, and its version as the review page shows it. */
int64_t house_draft(struct cx *cx, const char *aid1, const char *aid2, int64_t *ret_version);
/* A draft of any service, with these answers: {"field", "value"}. */
int64_t house_fill(struct cx *cx, const char *service, const char *const (*answers)[2], size_t n, int64_t *ret_version);
/* Maja applies for a change of school for Alma; Oskar has custody too, and is asked to sign. */
int64_t house_school(struct cx *cx);
/* From now on the register says that this person has custody of Alma, or not; it has been asked. cx->who is the person.
 */
void house_custody(struct cx *cx, const char *key, bool has);
/* An anonymous draft of ris-og-ros. */
int64_t house_praise(struct cx *cx, int64_t *ret_version);
/* Somebody who gives no name asks to see documents, and wants the answer by e-mail (NULL: on the site). */
struct casefile_receipt house_request(struct cx *cx, const char *email);
/* `person` applies for these aids (the second may be NULL); the id of the case file. */
int64_t house_apply(struct cx *cx, const char *person, const char *aid1, const char *aid2);
/* … and Bo takes it. */
int64_t house_taken(struct cx *cx, const char *person, const char *aid1, const char *aid2);
/* The version of a case file, whoever asks. */
int64_t house_version(struct cx *cx, int64_t id);
enum casefile_state house_state(struct cx *cx, int64_t id);
struct casefile_view house_view(struct cx *cx, int64_t id); /* as cx->who */
/* Bo decides: outcomes of the lines in order; ends before it is final. */
struct decision house_decide(struct cx *cx, int64_t id, enum decision_outcome first, enum decision_outcome second);
