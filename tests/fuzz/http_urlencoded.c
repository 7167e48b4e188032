/* A form as application/x-www-form-urlencoded, or a query. */
#include <assert.h>

#include "http/http_inner.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct cx cx = {.arena = arena_new(64 << 20)};
    struct form_items items;
    if (n < 1 << 20 && http_parse_urlencoded(&cx, str_make((const char *)data, n), &items) == ERR_OK)
        for (size_t i = 0; i < items.n; i++)
            assert(text_clean(items.p[i].name) && items.p[i].name.n && text_clean(items.p[i].value) &&
                   !items.p[i].is_file);
    arena_free(cx.arena);
    return 0;
}
