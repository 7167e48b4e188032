/* Values from JSON: whatever is read is written as JSON that reads back as the same value, typed or not. */
#include <assert.h>

#include "codec/codec.h"
#include "feel/feel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct input {
    struct cx cx;
    struct str text;
};

static void check(struct cx *cx, const struct json *json, const struct feel_type *type)
{
    struct feel_value v = feel_from_json(cx->arena, NULL, json, type), again;
    struct buf b = buf_make(cx->arena);
    struct json_out out = json_out_make(&b);
    struct json *read;
    feel_to_json(&out, v);
    if (json_parse(cx, buf_str(&b), &read))
        return; /* a whole number beyond 64 bits */
    again = feel_from_json(cx->arena, NULL, read, type);
    assert(feel_equal(v, again) != 0 || type);
    struct feel_run *run = feel_run_new(cx->arena, NULL, NULL, 0, S(""));
    feel_coerce(run, v, type, NULL);
}

static void run(void *p)
{
    struct input *in = p;
    static const struct feel_type date = {.kind = FEEL_T_DATE}, duration = {.kind = FEEL_T_DURATION},
                                  number = {.kind = FEEL_T_NUMBER};
    static const struct feel_member_type members[] = {{{"a", 1}, &number}, {{"d", 1}, &date}, {{"p", 1}, &duration}};
    static const struct feel_type context = {.kind = FEEL_T_CONTEXT, .members = members, .n_members = 3};
    static const struct feel_type list = {.kind = FEEL_T_LIST, .of = &context};
    struct json *json;
    if (json_parse(&in->cx, in->text, &json))
        return;
    check(&in->cx, json, NULL);
    check(&in->cx, json, &list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct input in = {.cx = {.arena = arena_new(64 << 20)}, .text = str_make((const char *)data, n)};
    arena_try(in.cx.arena, run, &in);
    arena_free(in.cx.arena);
    return 0;
}
