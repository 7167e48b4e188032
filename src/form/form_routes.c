#include "form.h"
#include "form_pages.h"

/* Every page is public, because some services take drafts without a name: form_draft_open lets in only the one who
   began the draft, and asks for a login where it belongs to a person. */
static const struct field page_fields[] = {
    {.name = "check", .kind = FIELD_BOOL}, /* show what is wrong */
    {.name = "more", .kind = FIELD_BOOL},  /* the answers led to more questions */
};

static const struct field start_fields[] = {{.name = "mandate", .kind = FIELD_ID}}; /* for whom; none: for oneself */
static const struct field ask_fields[] = {
    {.name = "seen", .kind = FIELD_INT, .max = INT64_MAX}, /* the version at which the row was saved */
};

static const struct route routes[] = {
    ROUTE(GET, "/form/{service}", form_get_start, PERM_PUBLIC, "before one begins: what one needs, who is responsible"),
    ROUTE(POST, "/form/{service}/start", form_post_start, PERM_PUBLIC,
          "begin a draft, for oneself or for the giver of a mandate", .fields = FIELDS(start_fields)),
    ROUTE(GET, "/form/{service}/data", form_get_privacy, PERM_PUBLIC,
          "how we use your data: what is asked, why, by which law, from where, how long it is kept"),
    ROUTE(GET, "/form/draft/{id}", form_get_draft, PERM_PUBLIC, "go on where the draft was left"),
    ROUTE(GET, "/form/draft/{id}/review", form_get_review, PERM_PUBLIC, "all answers before sending"),
    ROUTE(GET, "/form/draft/{id}/closed", form_get_closed, PERM_PUBLIC, "its version may no longer be applied for"),
    ROUTE(POST, "/form/draft/{id}/renew", form_post_renew, PERM_PUBLIC, "go on under the version of today"),
    ROUTE(GET, "/form/draft/{id}/delete", form_get_delete, PERM_PUBLIC, "ask whether to delete the draft"),
    ROUTE(POST, "/form/draft/{id}/delete", form_post_delete, PERM_PUBLIC, "delete the draft"),
    ROUTE(GET, "/form/draft/{id}/file/{upload}", form_get_file, PERM_PUBLIC, "a file that was attached"),
    ROUTE(GET, "/form/draft/{id}/file/{upload}/delete", form_get_file_delete, PERM_PUBLIC,
          "ask whether to remove the file"),
    ROUTE(POST, "/form/draft/{id}/file/{upload}/delete", form_post_file_delete, PERM_PUBLIC, "remove the file"),
    ROUTE(GET, "/form/draft/{id}/{page}", form_get_page, PERM_PUBLIC, "one step of the form",
          .fields = FIELDS(page_fields)),
    ROUTE(POST, "/form/draft/{id}/{page}", form_post_page, PERM_PUBLIC, "save a step and go on",
          .flags = ROUTE_ANY_FIELDS, .body_max = 64 << 20, .time_max_ms = 60000),
    ROUTE(GET, "/form/draft/{id}/{page}/{repeat}/{row}", form_get_row, PERM_PUBLIC,
          "one row of a repeat; `new`: another", .fields = FIELDS(page_fields)),
    ROUTE(POST, "/form/draft/{id}/{page}/{repeat}/{row}", form_post_row, PERM_PUBLIC, "save a row and go on",
          .flags = ROUTE_ANY_FIELDS, .body_max = 64 << 20, .time_max_ms = 60000),
    ROUTE(GET, "/form/draft/{id}/{page}/{repeat}/{row}/remove", form_get_row_remove, PERM_PUBLIC,
          "ask whether to remove the row"),
    ROUTE(POST, "/form/draft/{id}/{page}/{repeat}/{row}/remove", form_post_row_remove, PERM_PUBLIC, "remove the row",
          .fields = FIELDS(ask_fields)),
};

const struct http_module form_module = HTTP_MODULE("form", routes);
