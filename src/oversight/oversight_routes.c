#include "oversight.h"

#include "oversight_handlers.h"

static const struct field look_fields[] = {
    {"no", FIELD_TEXT, .max = 40}, {"purpose", FIELD_LONG, .max = 2000}, {"language", FIELD_CODE, .max = 2}};
static const struct field log_fields[] = {
    {"employee", FIELD_ID, .max = 0},     {"unit", FIELD_ID, .max = 0},
    {"pattern", FIELD_CODE, .max = 20},   {"from_day", FIELD_TEXT, .max = 2},
    {"from_month", FIELD_TEXT, .max = 2}, {"from_year", FIELD_TEXT, .max = 4},
    {"until_day", FIELD_TEXT, .max = 2},  {"until_month", FIELD_TEXT, .max = 2},
    {"until_year", FIELD_TEXT, .max = 4}, {"before", FIELD_INT, .min = 1, .max = INT64_MAX}};
static const struct field withhold_fields[] = {
    {"no", FIELD_TEXT, .max = 40},         {"legal_basis", FIELD_TEXT, .max = 200}, {"until_day", FIELD_TEXT, .max = 4},
    {"until_month", FIELD_TEXT, .max = 4}, {"until_year", FIELD_TEXT, .max = 4},    {"language", FIELD_CODE, .max = 2}};

static const struct route routes[] = {
    ROUTE(GET, "/oversight", oversight_front, PERM_OVERSIGHT, "what the adviser and the officer may look into"),
    ROUTE(POST, "/oversight", oversight_look, PERM_OVERSIGHT, "the adviser states why she opens a case",
          .fields = FIELDS(look_fields), .flags = ROUTE_OWN_ERRORS),
    ROUTE(GET, "/oversight/casefile/{id}", oversight_casefile, PERM_OVERSIGHT, "a case, to read, for a stated purpose"),
    ROUTE(GET, "/oversight/casefile/{id}/document/{document}", oversight_document, PERM_OVERSIGHT, "a document of it"),
    ROUTE(GET, "/oversight/log", oversight_log, PERM_OVERSIGHT, "the access log by employee, unit, time and pattern",
          .fields = FIELDS(log_fields), .flags = ROUTE_OWN_ERRORS, .time_max_ms = 30000),
    ROUTE(GET, "/oversight/withheld", oversight_withheld, PERM_OVERSIGHT, "log entries withheld from the person"),
    ROUTE(POST, "/oversight/withheld", oversight_withhold, PERM_OVERSIGHT, "withhold the entries of a case, by law",
          .fields = FIELDS(withhold_fields), .flags = ROUTE_OWN_ERRORS),
    ROUTE(POST, "/oversight/withheld/{id}/end", oversight_withheld_end, PERM_OVERSIGHT, "show them again"),
    ROUTE(GET, "/oversight/erasures", oversight_erasures, PERM_OVERSIGHT, "what was erased, of cases and of the log"),
    ROUTE(GET, "/oversight/exports", oversight_exports, PERM_OVERSIGHT, "whole cases given out as files"),
    ROUTE(GET, "/oversight/services", oversight_services, PERM_OVERSIGHT, "what the services ask"),
    ROUTE(GET, "/oversight/services/{key}", oversight_service, PERM_OVERSIGHT,
          "what one service asks, why, by which law"),
};

const struct http_module oversight_module = HTTP_MODULE("oversight", routes);
