/* Items evaluated: what a decision requires first, then itself; a service in a frame of its own. */
#include "dmn_inner.h"

enum { MAX_SERVICES = 100 };

static struct feel_value run_service(struct feel_run *run, const void *data, const struct feel_value *args);

static void make_frame(struct dmn_eval *e, struct frame *f)
{
    f->slots = arena_array(e->scratch, struct feel_value, e->model->items.n);
    f->state = arena_array(e->scratch, uint8_t, e->model->items.n);
}

static void give(struct frame *f, const struct item *it, struct feel_value v)
{
    f->slots[it->pub.index] = v;
    f->state[it->pub.index] = SLOT_GIVEN;
}

static const struct dmn_given *find_given(const struct dmn_eval *e, const struct item *it)
{
    for (size_t i = e->frame == &e->base ? e->n_given : 0; i-- > 0;)
        if (e->given[i].item == &it->pub)
            return &e->given[i];
    return NULL;
}

static void trace(struct dmn_eval *e, const struct item *it, struct feel_value v)
{
    const struct dmn_given *g = find_given(e, it);
    if (it->pub.kind != DMN_INPUT && it->pub.kind != DMN_DECISION)
        return;
    struct dmn_step *s = vec_push(e->scratch, &e->steps);
    *s = (struct dmn_step){.item = &it->pub, .given = e->frame->state[it->pub.index] == SLOT_GIVEN, .value = v};
    s->source = g ? g->source : (struct str){0};
    s->tables = e->tables.p;
    s->n_tables = e->tables.n;
}

static struct feel_value value_of(struct dmn_eval *e, const struct item *it)
{
    switch (it->pub.kind) {
    case DMN_INPUT:
        return feel_fail(e->run, FEEL_WHY_VALUE, it->source, "the input was not given");
    case DMN_SERVICE:
        return feel_native_function(e->scratch, run_service, it, it->pub.params, it->pub.n_params);
    case DMN_DECISION:
    case DMN_KNOWLEDGE:
        break;
    }
    return feel_run_code(e->run, it->code, e->frame->slots);
}

/* Give the item its value in the current frame, what it requires before. The chain of requirements was cut to a length
   that the stack bears when the model was made. */
static struct feel_value ensure(struct dmn_eval *e, const struct item *it)
{
    struct frame *f = e->frame;
    uint8_t *state = &f->state[it->pub.index];
    struct feel_value *slot = &f->slots[it->pub.index];
    if (*state == SLOT_ON_THE_WAY && it->pub.kind == DMN_DECISION)
        return feel_fail(e->run, FEEL_WHY_MODEL, it->source, "the decision requires itself");
    if (*state == SLOT_GIVEN && e->options.explain) {
        trace(e, it, *slot);
        *state = SLOT_DONE;
    }
    if (*state != SLOT_EMPTY)
        return *slot;
    *state = SLOT_ON_THE_WAY;
    bool functions_only = it->pub.kind == DMN_SERVICE; /* its outputs are evaluated when it is called */
    for (size_t i = 0; !functions_only && !it->circle && i < it->n_needs; i++)
        ensure(e, it->needs[i]);
    if (!e->options.explain) {
        *slot = value_of(e, it);
    } else {
        __typeof__(e->tables) before = e->tables;
        memset(&e->tables, 0, sizeof e->tables);
        *slot = value_of(e, it);
        trace(e, it, *slot);
        e->tables = before;
    }
    *state = SLOT_DONE;
    return *slot;
}

static struct feel_value outputs_of(struct dmn_eval *e, const struct item *it)
{
    if (!it->n_needs)
        return feel_fail(e->run, FEEL_WHY_MODEL, it->source, "the decision service has no output decision");
    if (it->n_needs == 1)
        return ensure(e, it->needs[0]);
    struct feel_entry *entries = arena_array(e->scratch, struct feel_entry, it->n_needs);
    for (size_t i = 0; i < it->n_needs; i++)
        entries[i] = (struct feel_entry){it->needs[i]->variable, ensure(e, it->needs[i])};
    return feel_context(e->scratch, entries, it->n_needs);
}

/* A service sees its parameters, and of what was given to the model only the inputs it forgot to name (10.4). */
static struct feel_value run_service(struct feel_run *run, const void *data, const struct feel_value *args)
{
    struct dmn_eval *e = feel_run_user(run);
    const struct item *it = data;
    struct frame inside, *outside = e->frame;
    if (e->depth >= MAX_SERVICES)
        return feel_fail(run, FEEL_WHY_LIMIT, it->source, "decision services are called too deep in each other");
    make_frame(e, &inside);
    for (size_t i = 0; i < e->n_given; i++)
        if (e->given[i].item->kind == DMN_INPUT)
            give(&inside, item_of(e->given[i].item), e->base.slots[e->given[i].item->index]);
    for (size_t i = 0; i < it->n_inputs; i++)
        give(&inside, it->inputs[i], args[i]);
    e->depth++;
    e->frame = &inside;
    struct feel_value v = outputs_of(e, it);
    e->frame = outside;
    e->depth--;
    return feel_coerce(run, v, it->result, it->source);
}

struct dmn_eval *dmn_eval_new(const struct dmn_model *m, struct arena *scratch, const struct dmn_options *options)
{
    struct dmn_eval *e = arena_new_of(scratch, struct dmn_eval);
    *e = (struct dmn_eval){.model = m, .scratch = scratch, .options = *options};
    e->run = feel_run_new(scratch, options->limits, m->zones, options->now_us, options->zone);
    feel_run_set_user(e->run, e);
    e->mark = arena_mark(scratch);
    return e;
}

/* Forget the evaluation before and put what is given into its slots. */
static void begin(struct dmn_eval *e, const struct dmn_item *what, const struct dmn_given *given, size_t n)
{
    arena_reset(e->scratch, e->mark);
    feel_run_reset(e->run);
    memset(&e->steps, 0, sizeof e->steps);
    memset(&e->tables, 0, sizeof e->tables);
    make_frame(e, &e->base);
    e->frame = &e->base;
    e->depth = 0;
    e->what = what;
    e->given = given;
    e->n_given = n;
    for (size_t i = 0; i < n; i++) {
        const struct item *it = item_of(given[i].item);
        give(&e->base, it, feel_coerce(e->run, given[i].value, it->pub.type, it->source));
    }
}

struct feel_value dmn_evaluate(struct dmn_eval *e, const struct dmn_item *what, const struct dmn_given *given, size_t n)
{
    const struct item *it = item_of(what);
    begin(e, what, given, n);
    if (what->kind == DMN_SERVICE) {
        struct feel_value *args = arena_array(e->scratch, struct feel_value, it->n_inputs);
        for (size_t i = 0; i < it->n_inputs; i++)
            args[i] = e->base.slots[it->inputs[i]->pub.index];
        e->result = run_service(e->run, it, args);
    } else {
        e->result = ensure(e, it);
    }
    return e->result;
}

struct feel_value dmn_call(struct dmn_eval *e, const struct dmn_item *what, const struct feel_value *args, size_t n)
{
    begin(e, what, NULL, 0);
    e->result = feel_run_call(e->run, ensure(e, item_of(what)), args, n);
    return e->result;
}

const struct feel_reason *const *dmn_eval_reasons(const struct dmn_eval *e, size_t *ret_n)
{
    return feel_run_reasons(e->run, ret_n);
}
