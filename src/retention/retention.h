/* Retention: what the rule of a service says is erased is erased everywhere, and what it keeps stays (law 10). GDPR
   article 5(1)(e), arkivloven. This room says when and in which order; the gate is the store's
   (record/migrations/0002).

   A closed case file whose time is out is erased by a nightly job: its record keeps its numbers and dates, all else
   goes, in one transaction. The access log follows, which has a commit of its own, and the persons who have no other
   matter. README.md says what is erased where, and what is not. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "db/db.h"
#include "jobs/jobs.h"
#include "record/record.h"

/* ---- what a room erases ---- */

/* A room whose rows hang on a case file or on a person. Both run inside the db_write that erases; NULL: it has none.
   Who refers to another comes before it. */
struct retention_part {
    const char *name;
    enum err (*erase_casefile)(struct cx *cx, int64_t casefile_id);
    enum err (*erase_party)(struct cx *cx, int64_t party_id);
};
/* Once at start, in app/modules.c. */
void retention_register(const struct retention_part *parts, size_t n);

/* When a record closes, its rule is set by how the case ended (service.yaml, `endings`): a guard of the record. */
enum err retention_guard(struct cx *cx, enum record_op op, int64_t id);

/* ---- what is due ---- */

/* Case files of one service under one rule. Numbers alone. */
struct retention_row {
    struct str service_key, title, basis;
    int years;
    int64_t n;           /* due, held ones too */
    int64_t held;        /* of them */
    int64_t first_us;    /* when the first is due */
    day_t closed_before; /* all of them were closed before this day */
};
struct retention_plan {
    VEC_OF(struct retention_row) rows;
    int64_t n, held;
};
/* What becomes due after `from_us` and not after `until_us`; from 0 to cx->now_us: what the next run erases.
   ERR_FORBIDDEN: not ROLE_ADMIN. */
enum err retention_plan(struct cx *cx, int64_t from_us, int64_t until_us, struct retention_plan *ret);

/* ---- running ---- */

/* The job, every night and when an administrator asks (payload: the employee's id). Erases at most RETENTION_AT_ONCE
   case files, one transaction each, and adds itself again when there are more. What cannot be erased is left, and the
   job ends with the fault after the rest is done. */
enum { RETENTION_AT_ONCE = 5000 };
#define RETENTION_JOB "retention_run"
#define RETENTION_JOB_KIND \
    { \
        .name = RETENTION_JOB, .fn = retention_job, .lease_s = 3600, .max_parallel = 1 \
    }
enum err retention_job(struct cx *cx, struct job *job);
/* An administrator does not want to wait for the night; where two people are asked for, makes the list. `n` is what the
   page showed. A list that waits is not made twice. ERR_FORBIDDEN. ERR_CONFLICT: by now another number is due: look
   again. */
enum err retention_start(struct cx *cx, int64_t n);

/* ---- two people (municipality.yaml, `archive: {two_people: true}`) ----

   Then nothing is erased by night alone: retention_start makes a list for destruction of all that is due, and another
   administrator approves it. The store holds that they are two, that a list stays as it was, and that nothing else is
   erased than what was due and not held back when an approved list was made. Each run tells the store what the
   municipality's folder says; what it was told stays told. */

struct retention_list {
    int64_t id; /* 0: none waits */
    int64_t casefiles, made_us;
    struct str by;
    bool mine; /* made by cx->who, who cannot approve it */
};
/* The list that waits. ERR_FORBIDDEN. */
enum err retention_list_waiting(struct cx *cx, struct retention_list *ret);
/* Approves it, and the job begins. ERR_LAW: by the one who made it. ERR_CONFLICT: it was approved meanwhile.
   ERR_FORBIDDEN. */
enum err retention_approve(struct cx *cx, int64_t list_id);

struct retention_listed {
    int64_t casefiles, made_us;
    struct opt_int approved_us;
    struct str made_by, approved_by;
};
struct retention_lists {
    VEC_OF(struct retention_listed) rows;
};
/* All lists there were, newest first, at most `limit`. ERR_FORBIDDEN. */
enum err retention_lists(struct cx *cx, int64_t limit, struct retention_lists *ret);

/* What has been erased: record_disposals. */

/* ---- holding back ---- */

struct retention_held {
    int64_t id;
    struct str no, title, reason, by;
    int64_t put_us;
    struct opt_int dispose_us; /* when it would have been erased; not set: open, or kept */
};
struct retention_helds {
    VEC_OF(struct retention_held) rows;
};
enum err retention_held(struct cx *cx, struct retention_helds *ret);
/* By case number. ERR_FORBIDDEN: not ROLE_ADMIN. ERR_INVALID: field "no" (also when it has been erased meanwhile) or
   "reason". ERR_DUPLICATE: held already. */
enum err retention_hold(struct cx *cx, struct str no, struct str reason);
enum err retention_release(struct cx *cx, int64_t hold_id);

/* For `indgang verify`: nothing is half erased. */
enum err retention_verify(struct cx *cx, struct record_faults *ret);
