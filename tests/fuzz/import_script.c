/* A script from anybody: it is refused with its place, or it can be written again. */
#include <stdint.h>
#include <stdlib.h>

#include "import/import_js.h"

struct run {
    struct cx *cx;
    struct str text;
};

static void one(void *ctx)
{
    struct run *r = ctx;
    struct js_script script;
    enum err e = js_read(r->cx, r->text, S("show"), &script);
    if (e && e != ERR_SYNTAX)
        abort();
    if (!e && (!script.value || !js_text(r->cx->arena, script.value, 500).n))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct cx cx = {.arena = arena_new(64 << 20)};
    struct run r = {&cx, str_make((const char *)data, n)};
    arena_try(cx.arena, one, &r);
    arena_free(cx.arena);
    return 0;
}
