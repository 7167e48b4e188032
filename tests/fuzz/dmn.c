/* A DMN model from anybody: it is refused, or all its decisions and services can be evaluated and explained, with
   nothing given and with something. */
#include "dmn/dmn.h"

#include "codec/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct input {
    struct cx cx;
    struct arena *keep, *scratch;
    struct str text;
};

static const struct feel_limits limits = {
    .steps = 20000, .list_items = 10000, .text_bytes = 100000, .stack_bytes = 256 << 10, .reasons = 20};

static void decide(struct input *in, struct dmn_eval *e, const struct dmn_item *it, const struct dmn_given *given,
                   size_t n)
{
    struct buf b = buf_make(in->cx.arena);
    struct json_out o = json_out_make(&b);
    (void)dmn_evaluate(e, it, given, n);
    struct dmn_receipt r = dmn_receipt(e);
    dmn_receipt_json(&o, &r);
    (void)dmn_receipt_text(&in->cx, &r);
}

static void find_holes(struct input *in, const struct dmn_model *m, const struct dmn_item *it)
{
    struct dmn_hole *holes;
    size_t n;
    dmn_find_holes(&in->cx, m, it, NULL, 0, &holes, &n);
}

static void run(void *ctx)
{
    struct input *in = ctx;
    struct dmn_warnings ws = dmn_warnings_make(in->cx.arena);
    const struct dmn_model *m;
    size_t n, n_given = 0;
    if (dmn_load(&in->cx, in->keep, S("f.dmn"), in->text, NULL, &ws, &m))
        return;
    const struct dmn_item *const *items = dmn_items(m, &n);
    struct dmn_options options = {.explain = true, .limits = &limits};
    struct dmn_given *given = arena_array(in->cx.arena, struct dmn_given, n);
    for (size_t i = 0; i < n; i++)
        if (items[i]->kind == DMN_INPUT)
            given[n_given++] = (struct dmn_given){.item = items[i], .value = feel_int(2)};
    struct dmn_eval *e = dmn_eval_new(m, in->scratch, &options);
    for (size_t i = 0; i < n && i < 30; i++) {
        if (items[i]->kind == DMN_KNOWLEDGE)
            (void)dmn_call(e, items[i], (struct feel_value[2]){feel_int(1), feel_int(2)},
                           items[i]->n_params < 2 ? items[i]->n_params : 2);
        if (items[i]->kind == DMN_DECISION)
            find_holes(in, m, items[i]);
        decide(in, e, items[i], NULL, 0);
        decide(in, e, items[i], given, n_given);
    }
}

static void within_scratch(void *ctx)
{
    struct input *in = ctx;
    arena_try(in->scratch, run, in);
}

static void within_keep(void *ctx)
{
    struct input *in = ctx;
    arena_try(in->keep, within_scratch, in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct input in = {
        .cx = {.arena = arena_new(64 << 20)}, .keep = arena_new(64 << 20), .scratch = arena_new(16 << 20)};
    in.text = str_make((const char *)data, n);
    arena_try(in.cx.arena, within_keep, &in);
    arena_free(in.scratch);
    arena_free(in.keep);
    arena_free(in.cx.arena);
    return 0;
}
