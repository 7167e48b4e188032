/* A multipart form: the first line is the Content-Type, the rest the body. */
#include <assert.h>

#include "http/http_inner.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct cx cx = {.arena = arena_new(64 << 20)};
    struct form_items items;
    struct str all = {(const char *)data, n};
    size_t line = str_find_char(all, '\n', 0);
    struct str type = str_slice(all, 0, line), body = str_slice(all, line + (line < n), n);
    if (n < 1 << 20 && http_parse_multipart(&cx, type, body, &items) == ERR_OK)
        for (size_t i = 0; i < items.n; i++) {
            const struct form_item *item = &items.p[i];
            assert(text_clean(item->name) && item->name.n && text_clean(item->file_name));
            assert(item->is_file || text_clean(item->value));
            assert(str_find_char(item->file_name, '/', 0) == item->file_name.n);
        }
    arena_free(cx.arena);
    return 0;
}
