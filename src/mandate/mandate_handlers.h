/* The handlers of this room, for its own route table, and what its pages share. */
#pragma once
#include "mandate_views.h"

#define HANDLER(name) enum err name(struct cx *cx, struct request *req, struct reply *rep)
HANDLER(mandate_front);
HANDLER(mandate_new);
HANDLER(mandate_new_send);
HANDLER(mandate_offer_yes);
HANDLER(mandate_offer_no);
HANDLER(mandate_offer_back);
HANDLER(mandate_end);
HANDLER(mandate_end_send);
HANDLER(mandate_document);
HANDLER(mandate_paper);
HANDLER(mandate_paper_send);
HANDLER(mandate_letters);
HANDLER(mandate_letter);
HANDLER(mandate_letter_posted);
#undef HANDLER

/* ---- mandate_terms.c: the fields that say what a mandate lets one do ---- */

#define MANDATE_TERM_FIELDS \
    {"scope", FIELD_CODE, .max = 10}, {"services", FIELD_CODE, .many = true, .max = 100}, \
        {"act", FIELD_CODE, .max = 10}, {"until_day", FIELD_TEXT, .max = 2}, {"until_month", FIELD_TEXT, .max = 2}, \
    { \
        "until_year", FIELD_TEXT, .max = 4 \
    }

struct mandate_chosen {
    struct str scope; /* as party/ has it */
    bool act;
    int64_t until_us;
};
/* Empty, for a year. */
void mandate_terms_begin(struct cx *cx, struct mandate_terms *terms);
/* As the request has them; what is wrong goes to `errors`. */
void mandate_terms_take(struct cx *cx, const struct request *req, struct mandate_terms *terms,
                        struct page_errors *errors, struct mandate_chosen *ret);
/* Labels, options and errors, before they are shown. */
void mandate_terms_show(struct cx *cx, struct mandate_terms *terms, const struct page_errors *errors);
