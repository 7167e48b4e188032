/* What the fuzz targets of the importers share. */
#pragma once
#include "form/form_tree.h"
#include "import/import.h"

struct fuzz_import_run {
    struct cx *cx;
    struct import_source source;
    enum err (*fn)(struct cx *cx, const struct import_source *source, struct import_result *ret);
};

/* What came out is read as form.yaml is. A pattern is taken over as it was: that one may be wrong is all that a person
   is left with. */
static inline void fuzz_import_load(struct cx *cx, struct str text)
{
    struct service_version v = {.id = 1, .key = S("x"), .apply = SERVICE_PERSON, .languages = (1U << LANG_COUNT) - 1};
    vec_add(cx->arena, &v.purposes, (struct service_purpose){.key = S("decide")});
    struct problems ps = problems_make(cx->arena);
    const struct form *form;
    struct yaml *tree = yaml_read(cx, &ps, S("form.yaml"), text);
    if (tree)
        form_load(cx, cx->arena, &v, tree, &ps, &form);
    for (size_t i = 0; i < ps.list.n; i++)
        if (str_find(ps.list.p[i].what, S("pattern"), 0) == ps.list.p[i].what.n) {
            fprintf(stderr, "%.*s:%d: %.*s\n%.*s\n", STR_ARG(ps.list.p[i].file), ps.list.p[i].line,
                    STR_ARG(ps.list.p[i].what), STR_ARG(text));
            abort();
        }
}

static void fuzz_import_one(void *ctx)
{
    struct fuzz_import_run *r = ctx;
    struct import_result result;
    if (r->fn(r->cx, &r->source, &result))
        return;
    for (size_t i = 0; i < result.files.n; i++)
        if (str_eq(result.files.p[i].path, S("form.yaml")))
            fuzz_import_load(r->cx, result.files.p[i].text);
}

static inline int fuzz_import(const uint8_t *data, size_t n,
                              enum err (*fn)(struct cx *cx, const struct import_source *source,
                                             struct import_result *ret))
{
    struct cx cx = {.arena = arena_new(128 << 20)};
    struct fuzz_import_run r = {
        .cx = &cx,
        .source = {.name = S("x"), .text = str_make((const char *)data, n), .written_in = LANG_NB, .key = S("x")},
        .fn = fn};
    arena_try(cx.arena, fuzz_import_one, &r);
    arena_free(cx.arena);
    return 0;
}
