/* indgang dmn …: models of decisions at the command line, without a database or a municipality. */
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "codec/codec.h"
#include "dmn/dmn.h"
#include "i18n/i18n.h"

enum { BENCH_US = 2000000, MAX_INPUT_BYTES = 64 << 20 };
#define MODEL_BYTES ((size_t)1 << 30)
#define SCRATCH_BYTES ((size_t)256 << 20)

struct opened {
    struct cx *cx;
    const struct app_options *o;
    struct arena *keep, *scratch;
    const struct dmn_model *model;
    void (*run)(void *);
    int status;
};

/* The model of args[2]; its warnings go to stderr. */
static bool open_model(struct opened *op)
{
    struct dmn_warnings ws = dmn_warnings_make(op->cx->arena);
    struct buf text = buf_make(op->cx->arena);
    enum err e = dmn_load_file(op->cx, op->keep, str_of(op->o->args[2]), &ws, &op->model);
    dmn_warnings_text(&ws, &text);
    fprintf(stderr, "%.*s", STR_ARG(buf_str(&text)));
    if (e)
        op->status = app_end(op->cx, e);
    return !e;
}

static int wrong(const char *expected)
{
    fprintf(stderr, "indgang: expected: indgang dmn %s\n", expected);
    return 2;
}

static void run_check(void *ctx)
{
    struct opened *op = ctx;
    size_t n, counts[4] = {0};
    if (!open_model(op))
        return;
    const struct dmn_item *const *items = dmn_items(op->model, &n);
    for (size_t i = 0; i < n; i++)
        counts[items[i]->kind]++;
    printf("%.*s: %zu inputs, %zu decisions, %zu business knowledge models, %zu decision services\n",
           STR_ARG(dmn_model_name(op->model)), counts[DMN_INPUT], counts[DMN_DECISION], counts[DMN_KNOWLEDGE],
           counts[DMN_SERVICE]);
}

static const struct dmn_item *find_what(struct opened *op)
{
    struct str name = str_of(op->o->decision);
    const struct dmn_item *it = dmn_find(op->model, DMN_DECISION, (struct str){0}, name);
    if (!it)
        it = dmn_find(op->model, DMN_SERVICE, (struct str){0}, name);
    if (!it) {
        fprintf(stderr, "indgang: the model has no decision or decision service \"%.*s\"\n", STR_ARG(name));
        op->status = 1;
    }
    return it;
}

/* {"name": value …} as what is given. False with a line on stderr. */
static bool take_inputs(struct opened *op, const struct json *v, struct dmn_given **ret, size_t *ret_n)
{
    if (v->kind != JSON_MAP) {
        fprintf(stderr, "indgang: the input is not a JSON object of names and values\n");
        return false;
    }
    *ret = arena_array(op->keep, struct dmn_given, v->n);
    *ret_n = v->n;
    for (size_t i = 0; i < v->n; i++) {
        const struct dmn_item *it = dmn_find(op->model, DMN_INPUT, (struct str){0}, v->items[i]->key);
        if (!it)
            it = dmn_find(op->model, DMN_DECISION, (struct str){0}, v->items[i]->key);
        if (!it) {
            fprintf(stderr, "indgang: the model has no input \"%.*s\"\n", STR_ARG(v->items[i]->key));
            return false;
        }
        (*ret)[i] = (struct dmn_given){
            .item = it, .value = feel_from_json(op->keep, dmn_model_zones(op->model), v->items[i], it->type)};
    }
    return true;
}

static void print_explained(struct opened *op, const struct dmn_eval *e)
{
    struct buf b = buf_make(op->cx->arena);
    struct json_out o = json_out_make(&b);
    struct dmn_receipt r = dmn_receipt(e);
    json_begin_object(&o);
    json_key(&o, "receipt");
    dmn_receipt_json(&o, &r);
    json_key(&o, "text");
    json_begin_object(&o);
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        op->cx->lang = (enum lang)lang;
        json_key(&o, i18n_code(op->cx->lang));
        json_str(&o, dmn_receipt_text(op->cx, &r));
    }
    json_end(&o);
    json_end(&o);
    printf("%.*s\n", STR_ARG(buf_str(&b)));
}

static void run_eval(void *ctx)
{
    struct opened *op = ctx;
    struct json *input;
    struct dmn_given *given;
    size_t n;
    op->status = 1;
    if (!open_model(op))
        return;
    const struct dmn_item *what = find_what(op);
    if (!what)
        return;
    if (json_parse(op->cx, str_of(op->o->input ? op->o->input : "{}"), &input)) {
        fprintf(stderr, "indgang: --input: %.*s\n", STR_ARG(op->cx->fail.detail));
        return;
    }
    if (!take_inputs(op, input, &given, &n))
        return;
    struct dmn_options options = {.now_us = op->cx->now_us, .zone = S("Europe/Copenhagen"), .explain = op->o->explain};
    struct dmn_eval *e = dmn_eval_new(op->model, op->scratch, &options);
    struct feel_value v = dmn_evaluate(e, what, given, n);
    op->status = 0;
    if (op->o->explain) {
        print_explained(op, e);
        return;
    }
    struct buf b = buf_make(op->cx->arena);
    struct json_out o = json_out_make(&b);
    feel_to_json(&o, v);
    printf("%.*s\n", STR_ARG(buf_str(&b)));
    const struct feel_reason *why = feel_reason_of(v);
    if (why)
        fprintf(stderr, "indgang: null: %s: %.*s\n", feel_why_name(why->why), STR_ARG(why->detail));
}

struct line {
    struct dmn_given *given;
    size_t n;
};

static bool read_lines(struct opened *op, struct line **ret, size_t *ret_n)
{
    struct str rest, piece;
    VEC_OF(struct line) lines = {0};
    enum err e = file_read(op->cx, str_of(op->o->inputs), MAX_INPUT_BYTES, &rest);
    if (e) {
        op->status = app_end(op->cx, e);
        return false;
    }
    while (str_cut(&rest, '\n', &piece)) {
        struct json *v;
        struct line l;
        if (!str_trim(piece).n)
            continue;
        if (json_parse(op->cx, piece, &v)) {
            fprintf(stderr, "indgang: %s: %.*s\n", op->o->inputs, STR_ARG(op->cx->fail.detail));
            return false;
        }
        if (!take_inputs(op, v, &l.given, &l.n))
            return false;
        vec_add(op->keep, &lines, l);
    }
    *ret = lines.p;
    *ret_n = lines.n;
    if (!lines.n)
        fprintf(stderr, "indgang: %s: no line\n", op->o->inputs);
    return lines.n > 0;
}

static void run_bench(void *ctx)
{
    struct opened *op = ctx;
    struct line *lines;
    size_t n, nulls = 0;
    op->status = 1;
    if (!open_model(op))
        return;
    const struct dmn_item *what = find_what(op);
    if (!what || !read_lines(op, &lines, &n))
        return;
    struct dmn_options options = {.now_us = op->cx->now_us};
    struct dmn_eval *e = dmn_eval_new(op->model, op->scratch, &options);
    /* of the processor: what others do on the machine is not the engine's */
    int64_t begin = time_cpu_us(), now = begin, count = 0;
    for (size_t i = 0; i < n; i++)
        nulls += feel_is_null(dmn_evaluate(e, what, lines[i].given, lines[i].n));
    for (begin = time_cpu_us(); now - begin < BENCH_US; now = time_cpu_us())
        for (size_t i = 0; i < n; i++, count++)
            (void)dmn_evaluate(e, what, lines[i].given, lines[i].n);
    double seconds = (double)(now - begin) / 1e6;
    printf("%.0f evaluations a second, %.0f ns each; %zu inputs, of which %zu give null\n", (double)count / seconds,
           seconds / (double)count * 1e9, n, nulls);
    op->status = 0;
}

static void print_csv(FILE *f, const struct dmn_suite *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct dmn_suite_case *c = &s->cases[i];
        struct str why = c->why;
        fprintf(f, "\"%.*s\",\"%.*s\",\"%.*s\",\"%s\",\"", STR_ARG(c->folder), STR_ARG(c->file), STR_ARG(c->id),
                c->passed ? "SUCCESS" : "ERROR");
        for (size_t k = 0; k < why.n; k++) /* quotes are doubled, RFC 4180 */
            fprintf(f, why.p[k] == '"' ? "\"\"" : "%c", why.p[k]);
        fprintf(f, "\"\n");
    }
}

static int run_suite(struct cx *cx, const struct app_options *o)
{
    struct dmn_suite s;
    enum err e = dmn_run_suite(cx, str_of(o->args[2]), o->threads ? (int)o->threads : 1, &s);
    if (e)
        return app_end(cx, e);
    for (size_t i = 0; i < s.n && !o->quiet; i++)
        if (!s.cases[i].passed)
            printf("%.*s %.*s: %.*s\n", STR_ARG(s.cases[i].folder), STR_ARG(s.cases[i].id), STR_ARG(s.cases[i].why));
    FILE *f = o->csv ? fopen(o->csv, "w") : NULL;
    if (o->csv && !f) {
        fprintf(stderr, "indgang: %s cannot be written\n", o->csv);
        return 1;
    }
    if (f) {
        print_csv(f, &s);
        fclose(f);
    }
    printf("%zu models read and compiled in %.1f ms\n", s.models, (double)s.load_us / 1000);
    if (s.n > s.scored)
        printf("not scored: %zu of %zu\n", s.unscored_passed, s.n - s.scored);
    printf("%zu of %zu cases\n", s.passed, s.scored);
    return s.passed == s.scored && s.scored ? 0 : 1;
}

static void within_scratch(void *ctx)
{
    struct opened *op = ctx;
    if (arena_try(op->scratch, op->run, op))
        return;
    fprintf(stderr, "indgang: the evaluation needs more memory than it may have\n");
    op->status = 1;
}

static int with_model(struct cx *cx, const struct app_options *o, void (*run)(void *))
{
    struct opened op = {
        .cx = cx, .o = o, .run = run, .keep = arena_new(MODEL_BYTES), .scratch = arena_new(SCRATCH_BYTES)};
    if (!arena_try(op.keep, within_scratch, &op)) {
        fprintf(stderr, "indgang: the model needs more memory than it may have\n");
        op.status = 1;
    }
    arena_free(op.scratch);
    arena_free(op.keep);
    return op.status;
}

int cmd_dmn(struct cx *cx, const struct app_options *o)
{
    const char *what = o->n_args > 1 ? o->args[1] : "";
    if (!strcmp(what, "check"))
        return o->n_args == 3 ? with_model(cx, o, run_check) : wrong("check FILE");
    if (!strcmp(what, "eval"))
        return o->n_args == 3 && o->decision ? with_model(cx, o, run_eval)
                                             : wrong("eval FILE --decision NAME --input JSON [--explain]");
    if (!strcmp(what, "bench"))
        return o->n_args == 3 && o->decision && o->inputs ? with_model(cx, o, run_bench)
                                                          : wrong("bench FILE --decision NAME --inputs FILE.jsonl");
    if (!strcmp(what, "tck"))
        return o->n_args == 3 ? run_suite(cx, o) : wrong("tck DIR [--csv FILE] [--threads N]");
    return wrong("check | eval | bench | tck …; see indgang --help");
}
