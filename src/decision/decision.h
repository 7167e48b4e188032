/* A decision on a case file: line by line what was asked and what was granted, by which legal basis and for which
   reason. Its author is a person, or a version of a service's rules, which may grant and never refuse. Law 3 is
   enforced twice: here, and by triggers of the store. */
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

/* ---- rules (docs/service-folder.md, "rules") ---- */

/* For service_parts_register: compiles and checks rules.dmn, and runs the examples. */
extern const struct service_part decision_part;

/* What the rules said: a full yes, or why a person decides. The rules never refuse. */
enum decision_why {
    DECISION_WHY_GRANTED,
    DECISION_WHY_OTHER,    /* they gave another answer */
    DECISION_WHY_MISSING,  /* a register did not tell what they need */
    DECISION_WHY_OLD,      /* … or long ago */
    DECISION_WHY_NO_RULES, /* none are valid on that day */
    DECISION_WHY_FAULT     /* they could not be evaluated */
};
/* Where a fact comes from (law 9). */
enum decision_origin {
    DECISION_REGISTER = 1,
    DECISION_LOGIN,
    DECISION_TYPED, /* by the citizen */
    DECISION_SET,   /* by the service folder */
    DECISION_DAY    /* the day of the application */
};

struct decision_fact {
    struct str label, value, source; /* in cx->lang */
};
/* The receipt of the rules, to be shown. Texts in cx->lang. */
struct decision_ruling {
    enum decision_why why;
    struct str reason; /* why a person decides; empty: granted */
    VEC_OF(struct decision_fact) facts;
    VEC_OF(struct str) sentences; /* the rules that matched and those that nearly did */
    struct str file, model;       /* "rules.dmn", the first 12 letters of its hash */
    int64_t at_us;
};
/* *ret_found: false when no rules were asked in this case. */
enum err decision_ruling_of(struct cx *cx, const struct casefile_view *view, struct decision_ruling *ret,
                            bool *ret_found);

/* ---- trying rules out, for the page of service designers: no person, nothing stored ---- */

enum decision_trial_kind { DECISION_TRIAL_NUMBER, DECISION_TRIAL_YESNO, DECISION_TRIAL_DATE, DECISION_TRIAL_TEXT };
struct decision_trial_option {
    struct str value, label;
};
struct decision_trial_input {
    size_t index; /* in service.yaml */
    struct str label;
    enum decision_trial_kind kind;
    VEC_OF(struct decision_trial_option) options; /* of a text that can only be these */
    struct str value; /* first what the folder sets, or nothing: then what was typed; a date is 2026-01-31 */
};
struct decision_trial {
    VEC_OF(struct decision_trial_input) inputs;
    struct str file; /* of the rules of today, else of the newest */
};
/* The inputs of the service's rules; none when it has no rules. */
void decision_trial_begin(struct cx *cx, const struct service_version *v, struct decision_trial *ret);
struct decision_tried {
    enum decision_why why;
    struct str answer; /* in words */
    VEC_OF(struct str) sentences;
    VEC_OF(size_t) wrong; /* places of inputs whose value is none */
};
/* What the rules say to these values. */
void decision_trial_ask(struct cx *cx, const struct service_version *v, const struct decision_trial *trial,
                        struct decision_tried *ret);

/* For casefile_on_submission: inside the transaction of a submission, let the rules of its service answer. A full yes
   makes a final decision; anything else leaves the case to a person, whose task is then to call before refusing. What
   they said and looked at is stored either way. *ret_granted, set when it went well: it was the full yes. */
enum err decision_at_submission(struct cx *cx, int64_t casefile_id, const struct form_submission *submission,
                                bool *ret_granted);

/* Evaluate again what the rules said of a case file ("2026-000001"), with the stored inputs and the stored version.
   *ret_differences: one line of English for each; none: the same. ERR_NOT_FOUND: no such case file, or no rules were
   asked. */
struct decision_differences {
    VEC_OF(struct str) rows;
};
enum err decision_replay(struct cx *cx, struct str casefile_no, struct decision_differences *ret);
/* Applications of the last time, through the rules that a folder would bring (a version that is loaded, not published).
   Their newest rules are asked, with the values the folder sets and with what the registers told then. */
struct decision_compared {
    size_t n;                /* applications */
    size_t then_yes;         /* granted in full on the spot then */
    size_t now_yes;          /* and would be now */
    size_t more, less;       /* yes only now; yes only then */
    VEC_OF(struct str) rows; /* one line of English for each that differs */
};
enum err decision_compare(struct cx *cx, const struct service_version *folder, int64_t since_us,
                          struct decision_compared *ret);
/* All of them, for `indgang decision replay` without a number: how many were evaluated. */
enum err decision_replay_all(struct cx *cx, size_t *ret_n, struct decision_differences *ret);

/* Begin a draft with one line for each line applied for (one line with the service's name when it has none); after an
   appeal, as the decision that was appealed has them. One draft at a time: the one that is there is given back.
   ERR_FORBIDDEN, ERR_CONFLICT (the case file cannot be decided now). */
enum err decision_begin(struct cx *cx, int64_t casefile_id, struct decision *ret);

/* The draft of a case file, else its newest final decision. ERR_NOT_FOUND: neither. In a party view only a final one,
   whose letter has arrived (law 5; on paper when the postal days are over), or which rules made. */
enum err decision_of(struct cx *cx, const struct casefile_view *view, struct decision *ret);
enum err decision_get(struct cx *cx, const struct casefile_view *view, int64_t id, struct decision *ret);
/* For jobs and letters (WHO_SYSTEM, or a room that has opened the case file). */
enum err decision_by_id(struct cx *cx, int64_t id, struct decision *ret);

/* All final decisions of a case file, oldest first, as decision_get would show each: in a party view without one whose
   letter has not arrived. */
struct decisions {
    VEC_OF(struct decision) rows;
};
enum err decision_list(struct cx *cx, const struct casefile_view *view, struct decisions *ret);

/* For casefile_export_hook: the members "decisions" (lines, reasons, legal basis, day to appeal, receipt) and "rules"
   (what they looked at and said) of the case as a file; GDPR article 15(1)(h) asks for the latter too. Inside db_read.
 */
struct json_out;
enum err decision_export(struct cx *cx, const struct casefile_view *view, struct json_out *o);

/* Save the lines of a draft: same keys, same order. ERR_CONFLICT: version, or not a draft. ERR_INVALID: field
   "lines-N-outcome" … */
enum err decision_save(struct cx *cx, int64_t id, int64_t version, const struct decision_line *lines, size_t n);

/* Throw a draft away. */
enum err decision_discard(struct cx *cx, int64_t id, int64_t version);

/* Make it final: complete lines; ERR_LAW when adverse and law 3 is not met, or when it is word for word the one that
   was appealed (casefile_uphold); the case file moves to DECIDED and may not close before the letter has arrived (hold
   "decision"). A final decision never changes. `version` of the decision, `casefile_version` of the case file as shown:
   what came from the party meanwhile must be read first (law 2). */
enum err decision_finalise(struct cx *cx, int64_t id, int64_t version, int64_t casefile_version);

/* May it be made final now? What is missing, for the page: text keys are decision_missing_…. Empty: nothing. */
struct decision_missing {
    VEC_OF(struct str) rows; /* in cx->lang */
};
enum err decision_missing(struct cx *cx, const struct casefile_view *view, const struct decision *decision,
                          struct decision_missing *ret);

/* Law 10: erases the decisions of a case file whose record has been disposed of in the same db_write; letters that tell
   them must be gone. ERR_LAW. */
enum err decision_erase(struct cx *cx, int64_t casefile_id);
