#include "page_handlers.h"

static const struct field language_fields[] = {
    {.name = "to", .kind = FIELD_CODE, .required = true, .max = 2},
    {.name = "next", .kind = FIELD_TEXT, .max = 2000},
};
static const struct field next_fields[] = {{.name = "next", .kind = FIELD_TEXT, .max = 2000}};
static const struct field version_fields[] = {{.name = "v", .kind = FIELD_CODE}};

static const struct route routes[] = {
    ROUTE(GET, "/page/language", page_language, PERM_PUBLIC, "change the language and go back",
          .fields = FIELDS(language_fields)),
    ROUTE(GET, "/page/extend", page_extend, PERM_PUBLIC, "stay logged in and go back", .fields = FIELDS(next_fields)),
    ROUTE(GET, "/page/kept/{id}", page_kept, PERM_LOGIN, "what I had written when my session ended"),
    ROUTE(POST, "/page/kept/{id}/forget", page_kept_forget, PERM_LOGIN, "throw it away"),
    ROUTE(GET, "/page/help", page_help, PERM_PUBLIC, "help without a computer"),
    ROUTE(GET, "/page/accessibility", page_accessibility, PERM_PUBLIC, "accessibility statement"),
    ROUTE(GET, "/page/privacy", page_privacy, PERM_PUBLIC, "how personal data are used"),
    ROUTE(GET, "/page/styleguide", page_styleguide, PERM_PUBLIC, "all components in their states; only in the demo"),
    ROUTE(GET, "/page/municipality.css", page_municipality_css, PERM_PUBLIC, "the municipality's colours",
          .fields = FIELDS(version_fields)),
    ROUTE(GET, "/page/logo.svg", page_logo, PERM_PUBLIC, "the municipality's logo", .fields = FIELDS(version_fields)),
};

const struct http_module page_module = HTTP_MODULE("page", routes);
