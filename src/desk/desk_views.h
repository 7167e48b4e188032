/* What the templates of the desk bind. Texts are ready in the reader's language; times are UTC microseconds. */
#pragma once
#include "base/base.h"
#include "casefile/casefile.h"
#include "decision/decision.h"
#include "form/form.h"
#include "letter/letter.h"
#include "page/page.h"
#include "party/party.h"
#include "texts.h"

struct desk_row {
    int64_t id;
    struct str no, title, party, state, caseworker, unit;
    int64_t received_us;
    bool has_deadline, overdue, soon, unread, away; /* away: the caseworker is */
    bool call_first;                                /* before anything is refused */
    bool lacks_signature;                           /* law 11: it cannot be decided yet */
    day_t deadline;
    int64_t days; /* working time left is not counted here: calendar days, below 0 when overdue */
};
struct desk_rows {
    VEC_OF(struct desk_row) rows;
    bool several_units; /* show the unit's column */
};

struct desk_unit {
    int64_t id;
    struct str name;
    bool acting;
};
struct desk_queue {
    struct str open, overdue, mine; /* how many, in words */
    int64_t open_n;
    struct str unit_name, q;
    bool scope_unit, scope_mine, scope_all;
    bool counts; /* a leader: how applications come */
    bool leads;  /* a leader: the page of who is here */
    VEC_OF(struct desk_unit) units;
    struct desk_rows list;
    struct str next;
    bool posts; /* registers post */
};

struct desk_search {
    struct str q;
    bool asked, more, cut;
    struct desk_rows list;
};

struct desk_button { /* a link to a page of its own */
    struct str href, label;
};
struct desk_post { /* a form with nothing but a button */
    struct str action, label;
    bool primary;
};

struct desk_document {
    int64_t id;
    struct str title, name;
    int64_t at_us, size;
    bool party_visible;
};
struct desk_note {
    int64_t at_us;
    struct str author, text;
};
struct desk_contact {
    struct str kind, by, text, legal_basis, answer;
    int64_t at_us;
    bool has_due, answered, fulfils, unreached;
    day_t due;
    int64_t answered_us, closed_us; /* closed_us: a hearing that nobody waits for any more; 0: not closed */
};
struct desk_question {
    struct str text, by, answer;
    int64_t asked_us, answered_us, closed_us;
    day_t due;
};
struct desk_letter_row {
    int64_t id;
    struct str title, state, detail;
    int64_t at_us;
    bool can_recall, failed;
};
struct desk_line {
    struct str label, outcome, granted, reason, legal_basis;
    enum decision_outcome kind;
};

struct desk_reply_row {
    int64_t n, at_us;
    struct str by, text, where; /* where: how it reaches the asker, and whether it has */
    bool failed, to_post;
};

struct desk_casefile {
    int64_t id, version;
    struct str no, title, state, unit, caseworker;
    int64_t received_us;
    bool has_deadline, overdue, suspended, anonymous;
    bool away; /* the caseworker is, and the reader may take the case */
    bool held; /* could be closed, were a letter not still to be delivered */
    day_t deadline;
    bool has_appeal_day;
    day_t appeal_until;
    bool appealed, sent_on, can_uphold; /* an appeal waits for the unit; or lies with the body above */
    struct str appeal_body;
    /* the party */
    struct str party, party_idno, party_street, party_place, party_email, party_phone;
    bool party_masked, party_reserved, by_mandate;
    struct str helper; /* who typed the application with the citizen; empty: nobody */
    VEC_OF(struct desk_post) posts;
    VEC_OF(struct desk_button) actions;
    struct casefile_signatures signatures;
    bool is_unsigned;   /* law 11: others have still to sign */
    bool needs_contact; /* law 3 is not met yet */
    bool heard;
    bool has_decision, decision_final;
    VEC_OF(struct desk_line) lines;
    bool has_ruling, granted; /* rules were asked; they said yes */
    struct decision_ruling ruling;
    VEC_OF(struct desk_letter_row) letters;
    VEC_OF(struct desk_question) questions;
    VEC_OF(struct desk_contact) contacts;
    VEC_OF(struct desk_note) notes;
    VEC_OF(struct desk_document) documents;
    struct form_shown answers;
    struct page_timeline timeline;
    bool decides; /* false: praise and complaints end in an answer; no decision is shown */
    bool can_decide, can_letter;
    bool can_reply;                        /* to one who gave no name */
    VEC_OF(struct desk_reply_row) replies; /* to one who gave no name: instead of decision and letters */
};

/* One page for what an employee does in a case with a few words: ask, note, call, hear, exempt, extend, suspend, hand
 * over. */
struct desk_act {
    struct str action, back, heading, intro, button;
    int64_t version;
    bool conflict;       /* somebody changed the case meanwhile: what is written here has not been saved yet */
    struct str happened; /* what the other one did */
    struct page_errors errors;
    bool has_text, has_days, has_basis, has_reached, has_day, has_employee, has_unit;
    struct page_field text, days, basis, reached, day, employee, unit;
    struct str warning; /* what to think of first; empty: nothing */
};

/* Are you sure? Before a case goes to another unit. */
/* The reply to one who gave no name: to write it, and (review) to look at it as it will be read. */
struct desk_reply {
    struct str action, back;
    int64_t version;
    bool conflict;
    struct str happened; /* what the other one did */
    bool failed;         /* the last one could not be sent */
    bool review;
    struct page_errors errors;
    struct form_shown asked; /* the request */
    struct page_field text, basis, way, email, files;
    bool has_email, has_files;
    struct str guidance, whole, lang; /* in the language of the case */
    struct str sent_way, happens;     /* review: the way that was chosen, and what follows in a sentence */
};
struct desk_reply_print {
    int64_t id, at_us;
    struct str no, title, text, lang;
    bool letter, to_post;
    struct str posted; /* where it is said that it was posted */
    VEC_OF(struct desk_document) documents;
};

struct desk_hidden {
    struct str name, value;
};
/* "Are you sure?" before something is thrown away or cannot be taken back. What was typed on the page before comes
   along, so that it is there again for one who is not. */
struct desk_confirm {
    struct str title, what, text, yes;
    struct str label, quote; /* what was written and now goes out; empty: nothing */
    struct str action, back; /* where yes and no are sent: with do=sure, and do=edit */
    VEC_OF(struct desk_hidden) typed;
};

struct desk_decision_line {
    int64_t n; /* from 0 */
    struct str label;
    struct page_field outcome, granted, basis, reason;
    struct str theirs; /* conflict: what the other one saved, in words */
};
struct desk_decision {
    int64_t id, casefile_id, version, casefile_version;
    struct str no, title;
    bool reserved; /* the party gets letters on paper (law 6) */
    bool conflict;
    VEC_OF(struct casefile_ask) asks;     /* not answered: they close with the decision */
    VEC_OF(struct desk_letter_row) paper; /* letters with them that wait for the printer */
    bool saved;                           /* something has been written: there is a draft to throw away */
    struct page_errors errors;
    VEC_OF(struct desk_decision_line) lines;
    VEC_OF(struct str) missing;
    bool ready;
};

/* The services that rules decide, and trying them out. */
struct desk_rules_row {
    struct str key, name, unit;
};
struct desk_rules {
    VEC_OF(struct desk_rules_row) rows;
};
struct desk_rules_try {
    struct str key, name, file;
    struct page_errors errors;
    VEC_OF(struct page_field) fields;
    VEC_OF(struct desk_hidden) before; /* what was asked this time, for a comparison the next */
    bool asked, yes;
    struct str answer;
    VEC_OF(struct str) sentences;
    bool compared, differs; /* with what was asked before */
    struct str answer_before;
    VEC_OF(struct str) changes;    /* "Husstandens indkomst: 200.000 → 300.000" */
    VEC_OF(struct str) gone, came; /* sentences */
};

struct desk_template {
    struct str key, title, lang, lang_name;
    bool checked;
};
struct desk_letter_new {
    int64_t casefile_id;
    struct str no;
    bool reserved;
    VEC_OF(struct desk_template) templates;
};

struct desk_check {
    struct str name, text;
    bool good;
};
struct desk_attachment {
    int64_t id;
    struct str name;
    int64_t size;
};
struct desk_letter {
    int64_t id, casefile_id, version;
    struct str no, state, lang, recipient;
    bool draft, queued, failed, to_print, paper;
    struct str posted, arrival, appeal; /* days in words, once it has been posted; appeal: of a decision */
    int64_t send_after_us;
    struct str fail_detail;
    bool conflict;
    struct str theirs; /* the text the other one saved */
    struct str mine;   /* conflict with a letter that is no draft any more: what was typed */
    struct page_errors errors;
    struct page_field title, text, file;
    VEC_OF(struct desk_attachment) attachments;
    struct str heading;
    struct html preview, marked;
    VEC_OF(struct desk_check) checks;
    struct str grade;
    int64_t score;
    VEC_OF(struct str) missing;
    int64_t recall_minutes;
};

/* How applications come, per service. */
struct desk_channel {
    struct str title;
    VEC_OF(int64_t) n; /* by enum channel; first all of them */
    struct str share;  /* without a computer, percent with one decimal */
};
struct desk_year {
    struct str name;
    bool chosen;
};
struct desk_channels {
    struct str year;
    VEC_OF(struct desk_year) years;
    VEC_OF(struct str) columns; /* the service, the numbers, the share */
    VEC_OF(struct desk_channel) rows;
    struct desk_channel all;
};

struct desk_print_row {
    int64_t id, casefile_id, service_version_id;
    struct str title, no, recipient, made;
    bool waits;    /* for the post */
    bool decision; /* it is of one: the appeal counts from it */
    bool closed;   /* it asks what nobody waits for any more */
    day_t posted;
    struct str appeal; /* a decision that is to be marked as posted: the last day of its appeal, in words */
};
struct desk_print_batch {
    int64_t id, made_us;
    struct str by;
    int64_t waits; /* how many are not posted */
    VEC_OF(struct desk_print_row) rows;
};
struct desk_print {
    VEC_OF(struct desk_print_row) rows;
    bool more;
    int64_t n_protected; /* for a colleague */
    int64_t n_nobody;    /* for nobody here */
    VEC_OF(struct desk_print_batch) batches;
};

/* Before letters are marked as posted: what will follow. */
struct desk_posting {
    struct page_errors errors;
    bool changed;  /* another day was written: this is what follows from it */
    bool decision; /* one of them is: their appeals are told of */
    int64_t n;
    VEC_OF(struct desk_print_row) rows;
    struct str action, shown;   /* shown: the day the page tells about, ISO */
    struct str posted, arrival; /* days in words */
    struct page_field day;
};

/* The leader's figures. Numbers are ready as text; "–" where there are too few to say. */
struct desk_number {
    struct str label, value, hint;
    bool warn; /* something to act on */
};
struct desk_number_row {
    struct str label;
    struct str received, answered, withdrawn, waiting, median, p90, kept;
};
struct desk_numbers {
    struct str lead;
    struct page_field unit, service;
    VEC_OF(struct desk_number) now;
    VEC_OF(struct desk_number) ages;
    struct page_chart flow, days;
    VEC_OF(struct desk_number_row) months, services;
    bool empty;
    bool has_days; /* enough answers for the second chart */
    struct str csv;
};
