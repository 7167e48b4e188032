/* What the templates of the journal bind. Texts are ready in the reader's language. */
#pragma once
#include "page/page.h"

struct journal_row {
    struct str no, href, title, casefile_title, casefile_no, unit, who, direction, basis;
    day_t day;
};
struct journal_list_view {
    struct page_errors errors;
    struct page_field q, day;
    struct str heading, nothing, older;
    bool searched;
    VEC_OF(struct journal_row) rows;
};
struct journal_entry_view {
    struct str no, request_href, review_href;
    struct page_summary facts;
    bool shielded; /* something in it is not shown */
};
struct journal_request_view {
    struct str no, title, casefile_title;
};
struct journal_review_row {
    struct str href, no, direction, title, casefile_title, reason;
    VEC_OF(struct str) doubts;
};
struct journal_review_view {
    int64_t n;
    VEC_OF(struct journal_review_row) waiting, held;
};
struct journal_case_view {
    int64_t id, state;
    struct page_errors errors;
    struct page_summary record;
    VEC_OF(struct str) doubts;
    struct str decided;
    struct page_field title, casefile_title, who, reason;
    bool published, held;
};
