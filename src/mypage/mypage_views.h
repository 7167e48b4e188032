/* What the templates of my page bind. Texts are ready in the reader's language; times are UTC microseconds. */
#pragma once
#include "base/base.h"
#include "casefile/casefile.h"
#include "decision/decision.h"
#include "form/form.h"
#include "letter/letter.h"
#include "page/page.h"
#include "party/party.h"
#include "takeout/takeout.h"
#include "texts.h"

struct mypage_case_row {
    int64_t id;
    struct str no, title, state, unit;
    int64_t received_us;
    bool has_deadline, question, for_other, over;
    day_t deadline;
};
struct mypage_cases {
    VEC_OF(struct mypage_case_row) rows;
    struct str more; /* address of the next page; empty: no more */
    bool all;        /* the page of all cases, not the short list of the front */
};

struct mypage_letter_row {
    int64_t id;
    struct str title, casefile_no, unit, lang;
    int64_t arrived_us;
    bool unread;
};
struct mypage_letters {
    VEC_OF(struct mypage_letter_row) rows;
    bool all; /* there is a page with more */
};

struct mypage_front {
    struct str name;
    int64_t n_unread, n_questions;
    size_t n_sign; /* what others ask her to sign */
    struct mypage_letters letters;
    struct mypage_cases cases;
    struct form_drafts drafts;
    bool reserved; /* gets paper */
    bool mandates; /* there is news of mandates, or an offer */
    bool copy;     /* a copy of everything is ready for her (takeout/) */
};

/* A thing that waits for the citizen: a question, or a hearing. */
struct mypage_wait {
    struct str text, who, href;
    bool hearing;
    int64_t at_us;
    day_t due;
};

struct mypage_document {
    int64_t id;
    struct str title, name;
    int64_t at_us, size;
};

struct mypage_line {
    struct str label, outcome, granted, reason, legal_basis;
    enum decision_outcome kind;
};

struct mypage_casefile {
    int64_t id;
    struct str no, title, state, unit, caseworker, for_name;
    struct str helper; /* who typed the application with the citizen; empty: nobody */
    int64_t received_us;
    bool has_deadline, suspended, over;
    bool fell; /* for want of a signature */
    day_t deadline;
    VEC_OF(struct mypage_wait) waits;
    bool decided;
    VEC_OF(struct mypage_line) lines;
    bool has_ruling, granted; /* rules were asked; they said yes */
    struct decision_ruling ruling;
    bool can_appeal, can_withdraw, can_add;
    bool appeal_over; /* the term to appeal ran out */
    day_t appeal_until;
    bool appealed, sent_on; /* an appeal waits for the unit; or lies with the body above */
    struct str appeal_body;
    struct mypage_letters letters;
    struct page_timeline timeline;
    VEC_OF(struct mypage_document) documents;
    struct form_shown answers;
    struct casefile_signatures signatures;
    bool unsigned_yet; /* others have still to sign */
    struct str phone;
};

struct mypage_sign {
    struct casefile_sign_view sign;
    bool falls; /* when somebody says no, or the time passes */
    bool gone;  /* it was answered or withdrawn meanwhile: nothing was done */
    struct page_errors errors;
    struct page_field agree, text;
    struct str phone;
};

struct mypage_take_back {
    int64_t id;
    bool places; /* the service takes so many, and no more */
};

/* One page for all that a citizen writes in a case: an answer, a supplement, an appeal, a withdrawal. */
struct mypage_write {
    struct str action, back;
    struct str heading, intro, quote, button;
    bool danger, upload;
    struct page_errors errors;
    struct page_field text, files;
};

struct mypage_data {
    struct takeout_facts facts;
    bool reserved, is_protected;
    int64_t version;
    struct page_errors errors;
    struct page_field email, phone;
};
