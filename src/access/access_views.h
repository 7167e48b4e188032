/* What the template of this room binds. */
#pragma once
#include "access/access.h"
#include "texts.h"

struct access_row {
    int64_t at_us;
    struct str unit, role, name; /* name: only when the municipality says so */
    enum text kind;
    struct str casefile_no, purpose, legal_basis;
    struct str purpose_lang;  /* code; empty: the page's */
    bool refused, own_case;   /* own_case: what was seen is the case itself */
    int64_t viewer_id, times; /* times: that often within the hour before at_us */
};

struct access_case {
    struct str no;
    bool chosen;
};

struct access_view {
    VEC_OF(struct access_row) rows;
    VEC_OF(struct access_case) cases;
    struct str chosen; /* the case shown; empty: all */
    struct str older_href, download_href;
    bool paged; /* not the newest page */
    struct str phone;
};
