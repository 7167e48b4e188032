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

struct casefile_status_document { /* fetched by a POST, because the code must not stand in an address */
    int64_t id;
    struct str label;
    int64_t size;
};
struct casefile_status_reply {
    int64_t at_us;
    struct str text;
    bool newest, paper; /* paper: a letter with it is on its way too */
    VEC_OF(struct casefile_status_document) documents;
};
struct casefile_status_view {
    struct page_errors errors;
    struct page_field code;
    bool found;
    struct page_summary summary;
    struct str lang; /* of the replies */
    VEC_OF(struct casefile_status_reply) replies;
    struct page_timeline timeline;
};
