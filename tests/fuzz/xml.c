/* XML: whatever comes, it is a tree with lines, depths and counts within the limits, or a fault with its place. */
#include <stdlib.h>

#include "codec/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct input {
    struct cx cx;
    struct str text;
};

static void walk(const struct xml *e, int depth)
{
    if (depth > XML_MAX_DEPTH || e->line < 1 || !e->name.n)
        abort();
    for (size_t i = 0; i < e->n_attrs; i++)
        if (!e->attrs[i].name.n)
            abort();
    for (size_t i = 0; i < e->n; i++) {
        if (e->items[i]->parent != e)
            abort();
        walk(e->items[i], depth + 1);
    }
}

static void run(void *p)
{
    struct input *in = p;
    const struct xml *root;
    if (xml_parse(&in->cx, S("f.xml"), in->text, &root)) {
        if (!str_starts(in->cx.fail.detail, S("f.xml:")))
            abort();
        return;
    }
    walk(root, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct input in = {.cx = {.arena = arena_new(64 << 20)}, .text = str_make((const char *)data, n)};
    arena_try(in.cx.arena, run, &in);
    arena_free(in.cx.arena);
    return 0;
}
