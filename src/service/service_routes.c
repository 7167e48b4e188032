#include "http/http.h"
#include "service_handlers.h"

static const struct field search_fields[] = {
    {.name = "q", .kind = FIELD_TEXT, .max = 100},
    {.name = "situation", .kind = FIELD_CODE, .max = 60},
    {.name = "unit", .kind = FIELD_CODE, .max = 60},
};

static const struct route routes[] = {
    ROUTE(GET, "/", service_front_page, PERM_PUBLIC, "front page: search and situations"),
    ROUTE(GET, "/service", service_catalogue_page, PERM_PUBLIC, "the catalogue: search, by situation, by unit",
          .fields = FIELDS(search_fields)),
    ROUTE(GET, "/service/{key}", service_page, PERM_PUBLIC,
          "what a service is, for whom, how long, who, and where to begin"),
};

const struct http_module service_module = HTTP_MODULE("service", routes);
