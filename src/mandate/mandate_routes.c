#include "mandate.h"

#include "mandate_handlers.h"

/* The number travels in the body of a POST: never in an address, where logs and histories would keep it. */
static const struct field new_fields[] = {
    {"idno", FIELD_TEXT, .max = 20}, {"name", FIELD_TEXT, .max = 100},   MANDATE_TERM_FIELDS,
    {"do", FIELD_CODE, .max = 10},   {"language", FIELD_CODE, .max = 2},
};
static const struct field paper_fields[] = {
    {"kind", FIELD_CODE, .max = 10},     {"idno", FIELD_TEXT, .max = 20},           {"name", FIELD_TEXT, .max = 100},
    {"number", FIELD_TEXT, .max = 20},   {"title", FIELD_TEXT, .max = 200},         MANDATE_TERM_FIELDS,
    {"purpose", FIELD_TEXT, .max = 200}, {"document", FIELD_FILE, .max = 10 << 20},
};

static const struct route routes[] = {
    ROUTE(GET, "/mandate", mandate_front, PERM_PARTY, "whom I may act for, and who may act for me"),
    ROUTE(GET, "/mandate/new", mandate_new, PERM_PARTY, "give a mandate"),
    ROUTE(POST, "/mandate/new", mandate_new_send, PERM_PARTY, "what it lets one do; then give it",
          .fields = FIELDS(new_fields), .flags = ROUTE_OWN_ERRORS),
    ROUTE(POST, "/mandate/offer/{id}/yes", mandate_offer_yes, PERM_PARTY, "I act for the one who offers it"),
    ROUTE(POST, "/mandate/offer/{id}/no", mandate_offer_no, PERM_PARTY, "I do not"),
    ROUTE(POST, "/mandate/offer/{id}/back", mandate_offer_back, PERM_PARTY, "take back what nobody has answered"),
    ROUTE(GET, "/mandate/{id}/end", mandate_end, PERM_LOGIN, "ask whether to withdraw it, or to put it down"),
    ROUTE(POST, "/mandate/{id}/end", mandate_end_send, PERM_LOGIN, "it ends now"),
    ROUTE(GET, "/mandate/{id}/document", mandate_document, PERM_LOGIN, "the paper it rests on"),
    ROUTE(GET, "/mandate/paper", mandate_paper, PERM_EMPLOYEE, "mandates of the citizen who is open at the counter"),
    ROUTE(POST, "/mandate/paper", mandate_paper_send, PERM_EMPLOYEE, "register one on paper, with the document",
          .fields = FIELDS(paper_fields), .flags = ROUTE_OWN_ERRORS, .body_max = 11 << 20, .time_max_ms = 60000),
    ROUTE(GET, "/mandate/letters", mandate_letters, PERM_EMPLOYEE, "letters about mandates that wait for the post"),
    ROUTE(GET, "/mandate/letters/{id}", mandate_letter, PERM_EMPLOYEE, "one of them, to print"),
    ROUTE(POST, "/mandate/letters/{id}/posted", mandate_letter_posted, PERM_EMPLOYEE, "it was given to the post"),
};

const struct http_module mandate_module = HTTP_MODULE("mandate", routes);
