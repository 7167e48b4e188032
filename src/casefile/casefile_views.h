/* What the templates of this room show. */
#pragma once
#include "page/page.h"

struct casefile_receipt_view {
    struct str title; /* the service */
    bool repeated, granted, signs;
    struct page_summary summary;
    struct str code;          /* anonymous only */
    struct str href_casefile; /* a party's own page of it */
    struct str helped;        /* who typed it with the citizen; empty: nobody */
    bool counter;             /* the employee looks: the way back is the counter's, and the citizen gets it on paper */
    struct str party;         /* counter: whose it is */
};

struct casefile_status_view {
    struct page_errors errors;
    struct page_field code;
    bool found;
    struct page_summary summary;
    struct page_timeline timeline;
};
