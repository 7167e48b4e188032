/* FEEL: any text compiles and evaluates within its limits; a value that can be written as a literal reads back as the
 * same. */
#include <assert.h>

#include "feel/feel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct input {
    struct arena *arena;
    struct str text;
};

static const struct feel_limits limits = {
    .steps = 20000, .list_items = 10000, .text_bytes = 1 << 16, .stack_bytes = 512 << 10, .reasons = 20};

static struct feel_value evaluate(struct arena *a, struct feel_run *run, struct str text)
{
    struct feel_env *env = feel_env_new(a, NULL);
    feel_env_add(env, S("n"), 0, feel_type_of_kind(FEEL_T_NUMBER));
    feel_env_add(env, S("a b"), 1, NULL);
    struct feel_value *slots = arena_array(a, struct feel_value, 2);
    slots[0] = feel_int(3);
    slots[1] = feel_string(S("bær"));
    struct feel_source *source = arena_new_of(a, struct feel_source);
    source->text = text;
    return feel_run_code(run, feel_compile(a, env, source, NULL), slots);
}

/* Does the value consist of what literals give again, whatever its context: no functions, no ranges, no zones of this
 * machine? */
static bool is_plain(struct feel_value v, int depth)
{
    size_t n = 0;
    const struct feel_value *items = v.kind == FEEL_LIST ? feel_items(&v, &n) : NULL;
    if (depth > 20)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!is_plain(items[i], depth + 1))
            return false;
    return v.kind == FEEL_LIST || v.kind == FEEL_NUMBER || v.kind == FEEL_BOOLEAN || v.kind == FEEL_DATE ||
           v.kind == FEEL_MONTHS || v.kind == FEEL_DURATION;
}

static void run(void *p)
{
    struct input *in = p;
    struct arena *a = in->arena;
    struct feel_run *r = feel_run_new(a, &limits, NULL, 0, S(""));
    struct feel_value v = evaluate(a, r, in->text);
    struct buf b = buf_make(a);
    feel_write(&b, v);
    if (is_plain(v, 0) && b.n < 10000)
        assert(feel_equal(v, evaluate(a, r, buf_str(&b))) == 1);
    /* and the same text as unary tests */
    struct feel_source *source = arena_new_of(a, struct feel_source);
    source->text = in->text;
    feel_run_reset(r);
    feel_run_tests(r, feel_compile_tests(a, feel_env_new(a, NULL), source, NULL, NULL), NULL, v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct input in = {.arena = arena_new(8 << 20), .text = str_make((const char *)data, n)};
    if (n < 4096)
        arena_try(in.arena, run, &in);
    arena_free(in.arena);
    return 0;
}
