/* What the templates of oversight bind. Texts are ready in the reader's language; times are UTC microseconds. */
#pragma once
#include "casefile/casefile.h"
#include "form/form.h"
#include "page/page.h"

struct oversight_front {
    struct page_errors errors;
    bool adviser, officer, leader;
    struct page_field no, purpose;
    struct casefile_looks looks;
};

struct oversight_entry { /* a question, a call, a hearing, a note */
    struct str heading, text, answer, by;
    int64_t at_us;
};
struct oversight_line {
    struct str label, outcome, granted, reason, legal_basis;
};
struct oversight_document {
    int64_t id, at_us, size;
    struct str title, name;
};
struct oversight_casefile {
    int64_t id, received_us;
    struct str no, title, state, unit, caseworker, party, purpose;
    struct form_shown answers;
    VEC_OF(struct oversight_entry) entries;
    VEC_OF(struct oversight_line) lines;
    VEC_OF(struct oversight_document) documents;
    struct page_timeline timeline;
};

struct oversight_log_row {
    int64_t at_us, persons;
    struct str employee, unit, role, what, purpose, casefile_no;
    bool refused, own_name, outside;
};
struct oversight_log {
    struct page_field employee, unit, pattern, from, until;
    struct page_errors errors;
    VEC_OF(struct oversight_log_row) rows;
    struct str next;
};

struct oversight_withheld_row {
    int64_t id, decided_us;
    day_t until;
    struct str casefile_no, legal_basis, by;
    bool over, may_end;
};
struct oversight_withheld {
    struct page_errors errors;
    bool leader;
    VEC_OF(struct oversight_withheld_row) rows;
    struct page_field no, legal_basis, until;
};

struct oversight_erasure {
    int64_t at_us, n, documents, parties;
    struct str what, basis, by;
};
struct oversight_erasures {
    VEC_OF(struct oversight_erasure) disposals;
    VEC_OF(struct oversight_erasure) entries;
};

struct oversight_count {
    struct str what;
    int64_t n, casefiles; /* how often, and how many different ones */
};
struct oversight_export {
    int64_t at_us;
    struct str by, unit, casefile_no;
};
struct oversight_exports {
    VEC_OF(struct oversight_count) units;
    VEC_OF(struct oversight_export) rows;
};

struct oversight_service_row {
    struct str key, name, unit;
    int64_t questions;
};
struct oversight_services {
    VEC_OF(struct oversight_service_row) rows;
};
struct oversight_question {
    struct str page, label;
    bool required, from_register;
};
struct oversight_purpose {
    struct str text, law, gdpr;
    bool example;
    VEC_OF(struct oversight_question) questions;
};
struct oversight_service {
    struct str name, unit, retention, basis, access_purpose;
    VEC_OF(struct oversight_purpose) purposes;
};
