/* A form.yaml from anybody: it loads or its faults are named; what loads can be evaluated, written and read back,
   whatever was answered. */
#include <stdint.h>
#include <stdlib.h>

#include "form/form_eval.h"

struct run {
    struct cx *cx;
    struct str text;
};

/* The same answer to everything, so that every condition sees something; each repeat has two rows. */
static void answer_all(struct cx *cx, const struct form *form, struct form_given *g, struct str answer)
{
    static const char *const parts[] = {"", ".day", ".month", ".year", ".street", ".postcode", ".city"};
    static const struct str rows[] = {{"aaaaaaaa", 8}, {"bbbbbbbb", 8}};
    for (size_t i = 0; i < form->fields.n && i < 50; i++) {
        const struct form_field *f = form->fields.p[i];
        if (f->kind == FORM_REPEAT)
            form_raw_set(cx->arena, &g->raws, f->id, rows, 2);
        for (size_t k = 0; k < sizeof parts / sizeof *parts && f->kind != FORM_REPEAT; k++)
            for (size_t r = 0; r < (f->repeat ? 2 : 1); r++) {
                struct str value = f->options.n && !k ? f->options.p[r % f->options.n].key : answer;
                struct str key = form_key(cx->arena, f->repeat ? rows[r] : (struct str){0}, f);
                form_raw_set(cx->arena, &g->raws, str_cat(cx->arena, key, str_of(parts[k])), &value, 1);
            }
    }
}

/* What comes back from the record is asked where it was asked before. */
static void compare(const struct form_eval *e, const struct form_eval *back)
{
    for (size_t i = 0; i < e->form->fields.n; i++) {
        const struct form_field *f = e->form->fields.p[i];
        const struct form_value *a = &e->values[i], *b = &back->values[i];
        if (f->kind == FORM_REPEAT && a->rows.n != b->rows.n)
            abort();
        if (!f->repeat && form_asks(f) && a->visible != b->visible)
            abort();
        for (size_t r = 0; f->repeat && form_asks(f) && r < e->values[f->repeat->order].rows.n; r++) {
            struct form_eval in = form_in_row(e, &e->values[f->repeat->order].rows.p[r]);
            struct form_eval in_back = form_in_row(back, &back->values[f->repeat->order].rows.p[r]);
            if (form_at(&in, f)->visible != form_at(&in_back, f)->visible)
                abort();
        }
    }
}

static void evaluate(struct cx *cx, const struct form *form, struct str answer)
{
    struct party anna = {.id = 1, .name = S("Anna"), .born_known = true, .born = 3000};
    struct form_given given = {.today = 20000, .party = &anna};
    struct form_eval e, back;
    struct form_shown shown;
    if (answer.n)
        answer_all(cx, form, &given, answer);
    form_evaluate(cx, form, &given, &e);
    form_show_eval(cx, &e, S("/form/draft/1"), &shown);
    if (form_answers_read(cx, form, form_answers_json(cx, &e, &(struct form_json_head){.lang = LANG_DA}), &back) !=
        ERR_OK)
        abort();
    compare(&e, &back);
}

static void one(void *ctx)
{
    struct run *r = ctx;
    struct cx *cx = r->cx;
    struct service_version v = {
        .id = 1, .key = S("x"), .apply = SERVICE_PERSON, .lines = S("aids"), .languages = 1U << LANG_DA};
    static const char *const purposes[] = {"identify", "contact", "handle", "answer", "reply", "know"};
    for (size_t i = 0; i < sizeof purposes / sizeof *purposes; i++)
        vec_add(cx->arena, &v.purposes, (struct service_purpose){.key = str_of(purposes[i])});
    struct problems ps = problems_make(cx->arena);
    const struct form *form = NULL;
    struct yaml *tree = yaml_read(cx, &ps, S("form.yaml"), r->text);
    if (!tree || form_load(cx, cx->arena, &v, tree, &ps, &form) != ERR_OK) {
        if (!ps.list.n)
            abort();
        return;
    }
    evaluate(cx, form, (struct str){0});
    evaluate(cx, form, S("1"));
    evaluate(cx, form, S("true"));
    evaluate(cx, form, S("2026"));
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
