/* Inside form/: what the templates bind. */
#pragma once
#include "codec/codec.h"
#include "form_draft.h"
#include "page/page.h"

/* One thing on a page, of whatever kind. */
enum form_item_kind {
    FORM_ITEM_FIELD,
    FORM_ITEM_CHECKBOX,
    FORM_ITEM_FIXED,
    FORM_ITEM_ADDRESS,
    FORM_ITEM_FILE,
    FORM_ITEM_TEXT,
    FORM_ITEM_GROUP,
    FORM_ITEM_REPEAT
};

struct form_file_view {
    struct str name, href, href_delete;
    int64_t bytes;
};

/* A row of a repeat, in its list. */
struct form_row_view {
    struct str id;                  /* of the card: "row-3k7f0a2c" */
    struct str title, answers;      /* "Barn 2", "Ida, 3. maj 2019" */
    struct str href, go, remove_go; /* values of the buttons that change and remove it */
    struct str error;               /* what is wrong in it */
};

struct form_item;
struct form_items {
    VEC_OF(struct form_item) rows;
};

struct form_item {
    enum form_item_kind kind;
    struct page_field field;                  /* FIELD, FILE; FIXED: id, label, value, source, why */
    struct str correct;                       /* FIXED: where it is put right */
    bool computed;                            /* FIXED: worked out from other answers */
    struct page_field street, postcode, city; /* ADDRESS; `field` has label, hint, error, source and why */
    struct html html;                         /* TEXT; CHECKBOX: what is agreed to */
    bool warning;                             /* TEXT */
    bool ticked;                              /* CHECKBOX */
    VEC_OF(struct form_file_view) files;      /* FILE */
    bool full;                                /* FILE: no room for more */
    struct str title, hint, why;              /* GROUP, REPEAT */
    VEC_OF(struct form_row_view) list;        /* REPEAT */
    struct str add, add_go;                   /* REPEAT: the button that adds a row; empty: there is no room */
    struct form_items items;                  /* GROUP */
};

struct form_page_view {
    struct page_errors errors;
    struct page_steps steps;
    struct str step; /* "Trin 2 af 4" */
    struct str title;
    struct html intro;
    struct str why; /* of the whole page */
    bool new_questions;
    struct str action; /* where the form posts to */
    int64_t seen;      /* version of the page */
    bool multipart, has_back;
    bool last;      /* the next step is the review */
    bool row;       /* it is one row of a repeat */
    bool may_add;   /* row: there is room for another */
    struct str add; /* row: what the button for another is called */
    struct form_items items;
};

/* Somebody whom the reader may apply for, by a mandate. */
struct form_start_other {
    int64_t mandate_id;
    struct str name;
};

struct form_start_view {
    struct str title;
    VEC_OF(struct form_start_other) others;
    struct str summary;
    int minutes;
    VEC_OF(struct str) need;
    struct str unit;
    struct form_drafts drafts;
    struct str action;
    bool party; /* a citizen who is logged in */
    struct str href_privacy;
    struct str href_login; /* log in and come back here; empty: not offered */
    struct str href_service;
    struct str shut; /* why it cannot be applied for now; empty: it can */
    struct html closed;
    bool has_form, employee, anonymous_only, may_anonymous, logged_in;
};

/* A draft whose version may no longer be applied for. */
struct form_closed_view {
    struct str title, shut; /* of the service; why */
    struct html closed;     /* what one can do, in the words of the service */
    struct str renew;       /* where to go on under a newer version; empty: there is none open */
    struct str unit, href_service, href_delete;
};

/* How we use your data: one thing that is asked. */
struct form_privacy_row {
    struct str label, why, law, law_href, gdpr, from;
    bool example;
};
struct form_privacy_part {
    struct str title;
    VEC_OF(struct form_privacy_row) rows;
};
struct form_privacy_view {
    struct str service, unit, basis, href_service, href_start;
    VEC_OF(struct form_privacy_part) parts; /* page by page */
    VEC_OF(struct form_kept) kept;
    struct html data_use;
};

struct form_review_view {
    struct str shut; /* why it cannot be sent now; empty: it can */
    struct page_errors errors;
    struct page_steps steps;
    struct form_shown shown;
    VEC_OF(struct form_shown_row) dropped;
    struct str action, unit;
    int64_t version;
    struct str href_back, href_delete, href_privacy;
    bool may_send;
    bool signs; /* somebody else must sign too */
};

struct form_conflict_row {
    struct str label, saved, yours;
    bool differs;
};
struct form_conflict_input {
    struct str name, value;
};
struct form_conflict_view {
    struct str title;
    VEC_OF(struct form_conflict_row) rows;
    VEC_OF(struct form_conflict_input) inputs;
    struct str action, href_keep;
    int64_t seen;
};

struct form_ask_view { /* are you sure? */
    enum text title, yes, no;
    struct str text, action, href_no;
    int64_t seen; /* of a row: the version at which it was saved */
    bool changed; /* it was saved in another window meanwhile: this is how it is now */
};

/* form_view.c */
struct form_view_in {
    const struct form_draft *draft;
    const struct form_eval *eval; /* looking at the row, when it is one */
    int page;
    const struct form_field *repeat;   /* the page shows one row of it; NULL: the page itself */
    bool show_errors;                  /* after a press of Next */
    const struct page_errors *uploads; /* what was wrong with files just sent; not stored anywhere */
};
void form_view_page(struct cx *cx, const struct form_view_in *in, struct form_page_view *ret);
void form_view_steps(struct cx *cx, const struct form_view_in *in, struct page_steps *ret);
void form_view_review(struct cx *cx, const struct form_view_in *in, struct form_review_view *ret);
struct str form_draft_base(struct cx *cx, int64_t id); /* "/form/draft/<id>" */

/* form_post.c: from what was posted to answers. */
struct form_raws form_posted(struct cx *cx, const struct request *req, const struct form_eval *eval,
                             struct form_spot at);
void form_view_conflict(struct cx *cx, const struct form_draft *now, struct form_spot at,
                        const struct form_raws *posted, struct form_conflict_view *ret);
/* Where a page or a row of it is: "/form/draft/1/about", "/form/draft/1/children/children/3k7f0a2c". */
struct str form_spot_path(struct cx *cx, const struct form_draft *d, struct form_spot at);
