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
struct takeout_held_letter {
    struct str no, title;   /* no: of the case */
    int64_t at_us, read_us; /* read_us 0: not opened on my page */
};
struct takeout_held_mandate { /* in force, over, or offered */
    struct str label, who;
    struct str what, how, until, basis; /* as the page of mandates says it */
    struct str over;                    /* when and by whom it ended; of an offer: what became of it */
    int64_t at_us;
    bool has_paper;
    struct takeout_held_document paper;
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
    VEC_OF(struct takeout_held_mandate) mandates, offers;
    VEC_OF(struct takeout_held_line) told; /* of mandates; label: whether it was seen or posted */
    VEC_OF(struct takeout_held_letter) letters;
    VEC_OF(struct takeout_held_line) to_sign; /* what others asked her to sign */
    VEC_OF(struct takeout_held_line) copies;  /* that are kept; no label */
    bool drafts;
    VEC_OF(struct str) without; /* what is not in it, and why */
    struct str phone;
};
struct takeout_held_looks { /* a page of them */
    bool first, last;
    bool some; /* there are any, on this page or before */
    struct access_looks looks;
};

/* ---- the page where one asks for it ---- */

struct takeout_row {
    struct str name;              /* whose; empty: one's own */
    int64_t party_id, mandate_id; /* 0: one's own */
    bool asked, waiting, ready, failed;
    bool rest; /* waiting: the cases are in it, what else there is is not yet; how much that is, nobody knows */
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
