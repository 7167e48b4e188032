/* What the templates of the room bind. */
#pragma once
#include "page/page.h"

struct letter_page_attachment {
    int64_t n; /* 1, 2 … */
    struct str name;
    int64_t bytes;
};

struct letter_page {
    int64_t id;
    struct str title, lang; /* lang: of title and html; empty: the page's */
    struct str unit;
    struct str for_name; /* the reader acts for this party; empty: it is their own */
    struct str arrived;  /* in words */
    struct str casefile_no, casefile_href;
    bool paper, appeal, appeal_over, party;
    struct str appeal_day, appeal_href;
    struct html html;
    VEC_OF(struct letter_page_attachment) attachments;
};
