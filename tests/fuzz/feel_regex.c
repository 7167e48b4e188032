/* Regular expressions: flags, expression, replacement and text, on a line each. Whatever they are, it ends. */
#include <assert.h>

#include "base/base.h"
#include "feel/feel_regex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct input {
    struct arena *arena;
    struct str text;
};

static void run(void *p)
{
    struct input *in = p;
    struct str rest = in->text, flags = S(""), pattern = S(""), replacement = S("");
    const struct feel_regex *re;
    bool matches = false;
    struct str replaced, *pieces;
    size_t n;
    str_cut(&rest, '\n', &flags);
    str_cut(&rest, '\n', &pattern);
    str_cut(&rest, '\n', &replacement);
    if (feel_regex_compile(in->arena, pattern, flags, &re))
        return;
    enum feel_regex_err e = feel_regex_matches(re, NULL, rest, &matches);
    enum feel_regex_err by_split = feel_regex_split(re, NULL, in->arena, rest, &pieces, &n);
    feel_regex_replace(re, NULL, in->arena, rest, replacement, &replaced);
    if (!e && !by_split)
        assert(n >= 1 && (n > 1) == matches);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct input in = {.arena = arena_new(64 << 20), .text = str_make((const char *)data, n)};
    arena_try(in.arena, run, &in);
    arena_free(in.arena);
    return 0;
}
