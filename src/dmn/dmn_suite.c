/* The public conformance suite, run on its own XML test cases. */
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "dmn_suite.h"

enum { MAX_DEPTH = 8, MAX_FILE_BYTES = 4 << 20, MAX_THREADS = 64 };
#define KEEP_BYTES ((size_t)2 << 30)
#define SCRATCH_BYTES ((size_t)256 << 20)

struct model {
    struct str path;
    const struct dmn_model *dmn; /* NULL: it did not load */
};
struct test {
    const struct xml *e; /* the testCase */
    const struct model *model;
    struct dmn_suite_case *to;
};
struct running {
    struct cx *cx;
    struct str dir;
    struct arena *keep;              /* of the models */
    VEC_OF(struct str) tests, paths; /* files, as paths */
    VEC_OF(struct model) models;
    VEC_OF(struct test) cases;
    atomic_size_t next;
};

static void free_arena(void *a)
{
    arena_free(a);
}

static struct arena *new_arena(struct cx *cx, size_t bytes)
{
    struct arena *a = arena_new(bytes);
    arena_defer(cx->arena, free_arena, a);
    return a;
}

/* ---- Files */

static struct str folder_of(struct str path)
{
    size_t n = path.n;
    while (n && path.p[n - 1] != '/')
        n--;
    return str_slice(path, 0, n ? n - 1 : 0);
}

static struct str base_of(struct str path)
{
    size_t n = folder_of(path).n;
    return str_slice(path, n ? n + 1 : 0, path.n);
}

static enum err list_files(struct running *r, struct str dir, int depth)
{
    struct dirent **entries;
    int n = scandir(str_z(r->cx->arena, dir), &entries, NULL, alphasort);
    if (n < 0)
        return fail(r->cx, ERR_IO, "%.*s cannot be read", STR_ARG(dir));
    for (int i = 0; i < n; i++) {
        struct str path = str_fmt(r->cx->arena, "%.*s/%s", STR_ARG(dir), entries[i]->d_name), name = base_of(path);
        struct stat st;
        free(entries[i]);
        if (str_starts(name, S(".")))
            continue;
        if (str_ends(name, S(".dmn")))
            vec_add(r->cx->arena, &r->paths, path);
        else if (str_ends(name, S(".xml")))
            vec_add(r->cx->arena, &r->tests, path);
        else if (depth < MAX_DEPTH && !stat(str_z(r->cx->arena, path), &st) && S_ISDIR(st.st_mode))
            (void)list_files(r, path, depth + 1);
    }
    free(entries);
    return ERR_OK;
}

static void load_models(struct running *r, int64_t *ret_us)
{
    struct dmn_warnings warnings = dmn_warnings_make(r->cx->arena);
    for (size_t i = 0; i < r->paths.n; i++) {
        struct model m = {.path = r->paths.p[i]};
        struct cx cx = {.arena = arena_new(SCRATCH_BYTES)};
        int64_t begin = time_tick_us();
        (void)dmn_load_file(&cx, r->keep, m.path, &warnings, &m.dmn);
        *ret_us += time_tick_us() - begin;
        arena_free(cx.arena);
        vec_add(r->cx->arena, &r->models, m);
    }
}

/* ---- Cases */

static void add_cases(struct running *r, struct str path, const struct xml *root)
{
    const struct xml *name = xml_child(root, "modelName");
    struct str wanted =
        str_fmt(r->cx->arena, "%.*s/%.*s", STR_ARG(folder_of(path)), STR_ARG(name ? str_trim(name->text) : S("")));
    const struct model *model = NULL;
    for (size_t i = 0; i < r->models.n; i++)
        if (str_eq(r->models.p[i].path, wanted))
            model = &r->models.p[i];
    for (size_t i = 0; i < root->n; i++)
        if (str_eq_z(root->items[i]->name, "testCase")) {
            struct dmn_suite_case *c = arena_new_of(r->cx->arena, struct dmn_suite_case);
            *c = (struct dmn_suite_case){.folder = base_of(folder_of(path)),
                                         .file = base_of(path),
                                         .id = xml_attr(root->items[i], "id"),
                                         .scored = str_find(path, S("/non-compliant/"), 0) == path.n};
            vec_add(r->cx->arena, &r->cases, (struct test){root->items[i], model, c});
        }
}

static enum err read_tests(struct running *r)
{
    for (size_t i = 0; i < r->tests.n; i++) {
        struct str bytes;
        const struct xml *root;
        enum err e = file_read(r->cx, r->tests.p[i], MAX_FILE_BYTES, &bytes);
        if (!e)
            e = xml_parse(r->cx, r->tests.p[i], bytes, &root);
        if (e)
            return e;
        if (str_eq_z(root->name, "testCases"))
            add_cases(r, r->tests.p[i], root);
    }
    return ERR_OK;
}

/* ---- Running */

struct worker {
    struct running *r;
    struct arena *words, *scratch; /* what is told; what is evaluated */
    struct arena *values;          /* of the case */
    const struct test *test;
};

static const struct dmn_item *find_invoked(const struct worker *w, struct str name)
{
    const struct dmn_model *m = w->test->model->dmn;
    const struct dmn_item *it = NULL;
    struct str type = xml_attr(w->test->e, "type"), invoked = xml_attr(w->test->e, "invocableName");
    if (invoked.n && str_eq_z(type, "decisionService"))
        return dmn_find(m, DMN_SERVICE, (struct str){0}, invoked);
    if (invoked.n && str_eq_z(type, "bkm"))
        return dmn_find(m, DMN_KNOWLEDGE, (struct str){0}, invoked);
    it = dmn_find(m, DMN_DECISION, (struct str){0}, name);
    return it ? it : dmn_find(m, DMN_SERVICE, (struct str){0}, name);
}

/* The inputs of the case. False, with *ret_missing, when the model does not know one. */
static bool take_given(const struct worker *w, struct dmn_given *given, size_t *ret_n, struct str *ret_missing)
{
    const struct dmn_model *m = w->test->model->dmn;
    const struct xml *e = w->test->e;
    *ret_n = 0;
    for (size_t i = 0; i < e->n; i++) {
        if (!str_eq_z(e->items[i]->name, "inputNode"))
            continue;
        struct str name = xml_attr(e->items[i], "name"), ns = xml_attr(e->items[i], "namespace");
        const struct dmn_item *it = dmn_find(m, DMN_INPUT, ns, name);
        if (!it)
            it = dmn_find(m, DMN_DECISION, ns, name);
        if (!it) {
            *ret_missing = name;
            return false;
        }
        given[(*ret_n)++] = (struct dmn_given){
            .item = it, .value = dmn_suite_value(w->values, dmn_model_zones(m), e->items[i], it->type)};
    }
    return true;
}

static struct feel_value result_of(struct dmn_eval *e, const struct dmn_item *it, const struct dmn_given *given,
                                   size_t n, struct str name)
{
    struct feel_value v = dmn_evaluate(e, it, given, n);
    const struct feel_value *member = it->kind == DMN_SERVICE && it->n_outputs > 1 ? feel_member(v, name) : NULL;
    return member ? *member : v;
}

static bool check_result(struct worker *w, const struct xml *node, const struct dmn_given *given, size_t n)
{
    struct str name = xml_attr(node, "name");
    const struct dmn_item *it = find_invoked(w, name);
    struct buf why = buf_make(w->words), gave = buf_make(w->words);
    if (!it) {
        w->test->to->why = str_fmt(w->words, "%.*s: the model has none of that name", STR_ARG(name));
        return false;
    }
    struct dmn_options options = {.now_us = w->r->cx->now_us};
    struct dmn_eval *e = dmn_eval_new(w->test->model->dmn, w->scratch, &options);
    const struct xml *expected = xml_child(node, "expected");
    struct feel_value got = result_of(e, it, given, n, name), wanted = feel_null();
    if (expected)
        wanted = dmn_suite_value(w->values, dmn_model_zones(w->test->model->dmn), expected,
                                 it->kind == DMN_DECISION ? it->type : NULL);
    buf_add(&gave, w->test->to->gave);
    feel_write(&gave, got);
    buf_add_char(&gave, '\n');
    w->test->to->gave = buf_str(&gave);
    if (dmn_suite_same(wanted, got))
        return true;
    buf_fmt(&why, "%.*s: wanted ", STR_ARG(name));
    feel_write(&why, wanted);
    buf_add_z(&why, ", got ");
    feel_write(&why, got);
    size_t n_reasons;
    const struct feel_reason *const *reasons = dmn_eval_reasons(e, &n_reasons);
    for (size_t i = 0; i < n_reasons && i < 3; i++)
        buf_fmt(&why, "; %s: %.*s", feel_why_name(reasons[i]->why), STR_ARG(reasons[i]->detail));
    w->test->to->why = buf_str(&why);
    return false;
}

static void run_case(void *ctx)
{
    struct worker *w = ctx;
    const struct xml *e = w->test->e;
    struct dmn_suite_case *to = w->test->to;
    struct dmn_given *given = arena_array(w->values, struct dmn_given, e->n);
    struct str missing;
    size_t n;
    if (!w->test->model || !w->test->model->dmn) {
        to->why = S("the model did not load");
        return;
    }
    if (!take_given(w, given, &n, &missing)) {
        to->why = str_fmt(w->words, "the model has no input \"%.*s\"", STR_ARG(missing));
        return;
    }
    for (size_t i = 0; i < e->n; i++) {
        struct arena_mark mark = arena_mark(w->scratch);
        bool right = !str_eq_z(e->items[i]->name, "resultNode") || check_result(w, e->items[i], given, n);
        arena_reset(w->scratch, mark);
        if (!right)
            return;
    }
    to->passed = true;
}

static void *work(void *ctx)
{
    struct worker *w = ctx;
    struct arena_mark scratch = arena_mark(w->scratch), values = arena_mark(w->values);
    for (size_t i; (i = atomic_fetch_add(&w->r->next, 1)) < w->r->cases.n;) {
        w->test = &w->r->cases.p[i];
        if (!arena_try(w->scratch, run_case, w))
            w->test->to->why = S("out of memory");
        arena_reset(w->scratch, scratch);
        arena_reset(w->values, values);
    }
    return NULL;
}

static void run_cases(struct running *r, int threads)
{
    pthread_t ids[MAX_THREADS];
    bool started[MAX_THREADS] = {false};
    struct worker workers[MAX_THREADS];
    threads = threads < 1 ? 1 : threads > MAX_THREADS ? MAX_THREADS : threads;
    for (int i = 0; i < threads; i++) {
        workers[i] = (struct worker){.r = r, .words = new_arena(r->cx, KEEP_BYTES)};
        workers[i].scratch = new_arena(r->cx, SCRATCH_BYTES);
        workers[i].values = new_arena(r->cx, SCRATCH_BYTES);
    }
    for (int i = 1; i < threads; i++)
        started[i] = !pthread_create(&ids[i], NULL, work, &workers[i]);
    work(&workers[0]);
    for (int i = 1; i < threads; i++)
        if (started[i])
            pthread_join(ids[i], NULL);
}

enum err dmn_run_suite(struct cx *cx, struct str dir, int threads, struct dmn_suite *ret)
{
    struct running *r = arena_new_of(cx->arena, struct running);
    r->cx = cx;
    r->keep = new_arena(cx, KEEP_BYTES);
    enum err e = list_files(r, dir, 0);
    if (e)
        return e;
    *ret = (struct dmn_suite){.models = r->paths.n};
    load_models(r, &ret->load_us);
    if ((e = read_tests(r)))
        return e;
    run_cases(r, threads);
    struct dmn_suite_case *cases = arena_array(cx->arena, struct dmn_suite_case, r->cases.n);
    for (size_t i = 0; i < r->cases.n; i++) {
        cases[i] = *r->cases.p[i].to;
        ret->scored += cases[i].scored;
        ret->passed += cases[i].scored && cases[i].passed;
        ret->unscored_passed += !cases[i].scored && cases[i].passed;
    }
    ret->cases = cases;
    ret->n = r->cases.n;
    return ERR_OK;
}
