#include "counter.h"

#include "counter_handlers.h"

/* The number travels in the body of a POST: never in an address, where logs and histories would keep it. */
static const struct field open_fields[] = {
    {"idno", FIELD_TEXT, .max = 20},   {"channel", FIELD_CODE, .max = 20}, {"purpose", FIELD_CODE, .max = 20},
    {"other", FIELD_TEXT, .max = 200}, {"language", FIELD_CODE, .max = 2},
};

/* Open to every employee, so that one without the role is refused by law 7, which writes the refusal down. */
static const struct route routes[] = {
    ROUTE(GET, "/counter", counter_page, PERM_EMPLOYEE, "find a citizen, or the one who is open at the counter"),
    ROUTE(POST, "/counter/open", counter_open, PERM_EMPLOYEE, "open a citizen by the full number, with a purpose",
          .fields = FIELDS(open_fields), .flags = ROUTE_OWN_ERRORS),
    ROUTE(POST, "/counter/stop", counter_stop, PERM_EMPLOYEE, "close the citizen again"),
};

const struct http_module counter_module = HTTP_MODULE("counter", routes);
