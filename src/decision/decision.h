/* A decision on a case file: line by line what was asked and what was granted, by which legal basis and for which
   reason. Today its author is a person; a rule version will be another author of the same thing, which may grant and
   never refuse. Law 3 is enforced twice: here, and by triggers of the store. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "casefile/casefile.h"
#include "db/db.h"

enum decision_outcome { DECISION_OPEN = 0, DECISION_GRANTED = 1, DECISION_PARTLY = 2, DECISION_REFUSED = 3 };
struct str decision_outcome_text(struct cx *cx, enum decision_outcome outcome);

struct decision_line {
    struct str key, label;         /* what was applied for; the label in the language of the case file */
    enum decision_outcome outcome; /* OPEN only in a draft */
    struct str granted;            /* what was given, when it is less than asked: required for PARTLY */
    struct str legal_basis;        /* required in the end */
    struct str reason;             /* required in the end for all that is not GRANTED */
};

enum decision_state { DECISION_DRAFT = 1, DECISION_FINAL = 2, DECISION_DISCARDED = 3 };

struct decision {
    int64_t id, casefile_id;
    int64_t version; /* law 2 */
    enum decision_state state;
    int64_t author_employee_id; /* 0 when a rule decided */
    struct str author_name;
    int64_t rule_version_id; /* 0 when a person decided */
    VEC_OF(struct decision_line) lines;
    enum decision_outcome outcome; /* GRANTED when every line is, REFUSED when every line is, else PARTLY */
    bool adverse;                  /* any line below what was applied for */
    struct opt_int final_us;
    struct str receipt_json; /* facts with source and time, what was heard, who decided; set when final */
};

/* Begin a draft with one line for each line applied for (one line with the service's name when it has none). One draft
   at a time: the one that is there is given back. ERR_FORBIDDEN, ERR_CONFLICT (the case file cannot be decided now). */
enum err decision_begin(struct cx *cx, int64_t casefile_id, struct decision *ret);

/* The draft of a case file, else its newest final decision. ERR_NOT_FOUND: neither, or in a party view no final one. */
enum err decision_of(struct cx *cx, const struct casefile_view *view, struct decision *ret);
enum err decision_get(struct cx *cx, const struct casefile_view *view, int64_t id, struct decision *ret);
/* For jobs and letters (WHO_SYSTEM, or a room that has opened the case file). */
enum err decision_by_id(struct cx *cx, int64_t id, struct decision *ret);

/* Save the lines of a draft: same keys, same order. ERR_CONFLICT: version, or not a draft. ERR_INVALID: field
   "lines-N-outcome" … */
enum err decision_save(struct cx *cx, int64_t id, int64_t version, const struct decision_line *lines, size_t n);

/* Throw a draft away. */
enum err decision_discard(struct cx *cx, int64_t id, int64_t version);

/* Make it final: complete lines; ERR_LAW when adverse and law 3 is not met; the case file moves to DECIDED and may not
   close before the letter has arrived (hold "decision"). A final decision never changes. `version` of the decision,
   `casefile_version` of the case file as shown: what came from the party meanwhile must be read first (law 2). */
enum err decision_finalise(struct cx *cx, int64_t id, int64_t version, int64_t casefile_version);

/* May it be made final now? What is missing, for the page: text keys are decision_missing_…. Empty: nothing. */
struct decision_missing {
    VEC_OF(struct str) rows; /* in cx->lang */
};
enum err decision_missing(struct cx *cx, const struct casefile_view *view, const struct decision *decision,
                          struct decision_missing *ret);
