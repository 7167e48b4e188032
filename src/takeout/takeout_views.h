/* What the templates of this room bind. Texts are ready in the reader's language; times are UTC microseconds. */
#pragma once
#include "access/access.h"
#include "base/base.h"
#include "decision/decision.h"
#include "form/form.h"
#include "page/page.h"
#include "takeout.h"
#include "texts.h"

/* ---- the page that stands in the file ---- */

struct takeout_held_entry {
    struct str heading, text, answer, by;
    int64_t at_us;
};
struct takeout_held_document {
    struct str folder, file; /* its place beside the page; empty: not in the file */
    struct str title, name;
    int64_t at_us, size;
};
struct takeout_held_line {
    struct str label, text;
    int64_t at_us;
};
struct takeout_held_ruling { /* a line of a decision */
    struct str label, outcome, granted, reason, legal_basis;
};
struct takeout_held_decision {
    struct str outcome, by;
    int64_t at_us;
    VEC_OF(struct takeout_held_ruling) lines;
};
struct takeout_held_case {
    struct str no, title, state, unit, folder;
    int64_t received_us;
    struct form_shown answers;
    VEC_OF(struct takeout_held_decision) decisions;
    bool has_ruling;
    struct decision_ruling ruling;
    VEC_OF(struct takeout_held_entry) events, entries;
    VEC_OF(struct takeout_held_document) documents;
};
struct takeout_held_draft {
    struct str title, step, holder, giver; /* holder, giver: as form_draft_row has them */
    int64_t changed_us;
    bool helped;
    bool weak; /* a stronger login is needed for what is in it */
    struct form_shown answers;
    VEC_OF(struct form_shown_row) dropped;
    VEC_OF(struct takeout_held_document) documents;
};
struct takeout_held {
    struct str lang, title, municipality, name, asker;
    int64_t made_us;
    bool own;   /* else by mandate: her cases alone */
    bool child; /* by custody: what registers have told of the child too */
    bool files; /* the documents lie beside the page */
    struct takeout_facts facts;
    VEC_OF(struct takeout_held_line) cases; /* the table of contents: number, title */
    VEC_OF(struct takeout_held_line) mandates, letters;
    VEC_OF(struct takeout_held_line) to_sign; /* what others asked her to sign */
    bool drafts;
    struct access_looks looks;
};

/* ---- the page where one asks for it ---- */

struct takeout_row {
    struct str name;              /* whose; empty: one's own */
    int64_t party_id, mandate_id; /* 0: one's own */
    bool asked, waiting, ready, failed;
    struct str progress;
    int64_t id, done, n, asked_us, ready_us, size;
    struct str until;
};
struct takeout_view {
    struct takeout_row own;
    VEC_OF(struct takeout_row) others;
    bool waiting; /* one of them is being made */
    bool mail;    /* she gets an e-mail when it is ready */
    int days;
};
