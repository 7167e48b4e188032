#include "journal_handlers.h"

static const struct field list_fields[] = {
    {"q", FIELD_TEXT, .max = 100}, {"day", FIELD_TEXT, .max = 10}, {"before", FIELD_INT, .min = 1, .max = INT64_MAX}};
static const struct field case_fields[] = {{"state", FIELD_INT, .required = true, .min = 0, .max = 9},
                                           {"go", FIELD_CODE, .max = 10},
                                           {"title", FIELD_TEXT, .max = 2000},
                                           {"casefile_title", FIELD_TEXT, .max = 2000},
                                           {"who", FIELD_TEXT, .max = 2000},
                                           {"reason", FIELD_LONG, .max = 4000},
                                           {"language", FIELD_CODE, .max = 2}};

static const struct route routes[] = {
    ROUTE(GET, "/journal", journal_get_list, PERM_PUBLIC, "the public journal: by day, by words, newest first",
          .fields = FIELDS(list_fields), .flags = ROUTE_OWN_ERRORS),
    ROUTE(GET, "/journal/entry/{no}", journal_get_entry, PERM_PUBLIC, "one entry"),
    ROUTE(GET, "/journal/entry/{no}/request", journal_get_request, PERM_PUBLIC, "what happens when one asks for it"),
    ROUTE(POST, "/journal/entry/{no}/request", journal_post_request, PERM_PUBLIC,
          "ask for access: begins an application"),
    ROUTE(GET, "/journal/feed", journal_get_feed, PERM_PUBLIC, "what was published last, as Atom", .flags = ROUTE_ETAG),
    ROUTE(GET, "/journal/data.csv", journal_get_csv, PERM_PUBLIC, "entries as CSV", .fields = FIELDS(list_fields),
          .flags = ROUTE_OWN_ERRORS | ROUTE_ETAG),
    ROUTE(GET, "/journal/data.json", journal_get_json, PERM_PUBLIC, "entries as JSON", .fields = FIELDS(list_fields),
          .flags = ROUTE_OWN_ERRORS | ROUTE_ETAG),
    ROUTE(GET, "/journal/einnsyn.json", journal_get_einnsyn, PERM_PUBLIC, "entries in the form of eInnsyn's interface",
          .fields = FIELDS(list_fields), .flags = ROUTE_OWN_ERRORS | ROUTE_ETAG),
    ROUTE(GET, "/journal/review", journal_get_review, PERM_EMPLOYEE, "entries that wait for the archivist"),
    ROUTE(GET, "/journal/review/{id}", journal_get_case, PERM_EMPLOYEE, "one entry, and what the record says"),
    ROUTE(POST, "/journal/review/{id}", journal_post_case, PERM_EMPLOYEE, "publish it, or hold it back",
          .fields = FIELDS(case_fields), .flags = ROUTE_OWN_ERRORS),
};

const struct http_module journal_module = HTTP_MODULE("journal", routes);
