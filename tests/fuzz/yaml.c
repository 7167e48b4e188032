/* YAML: whatever is read is written so that it is read again as the same; and every fault has a place. */
#include <assert.h>

#include "codec/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct input {
    struct cx cx;
    struct str text;
};

static void run(void *p)
{
    struct input *in = p;
    struct cx *cx = &in->cx;
    struct yaml *first, *second;
    struct buf b = buf_make(cx->arena), again = buf_make(cx->arena);
    if (yaml_parse(cx, S("f.yaml"), in->text, &first)) {
        assert(str_starts(cx->fail.detail, S("f.yaml:")));
        return;
    }
    yaml_write(first, &b);
    assert(yaml_parse(cx, S("g.yaml"), buf_str(&b), &second) == ERR_OK || buf_str(&b).n > YAML_BYTES);
    if (buf_str(&b).n > YAML_BYTES)
        return;
    yaml_write(second, &again);
    assert(str_eq(buf_str(&b), buf_str(&again)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct input in = {.cx = {.arena = arena_new(64 << 20)}, .text = str_make((const char *)data, n)};
    arena_try(in.cx.arena, run, &in);
    arena_free(in.cx.arena);
    return 0;
}
