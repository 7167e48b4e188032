/* indgang check and indgang try: service folders, before anyone meets them. */
#include "app/app.h"
#include "form/form.h"

enum { JUDGE_BYTES = 64 << 20 };

/* Units are checked against the municipality when there is one to be found. */
static void take_municipality(struct cx *cx, const struct app_options *o)
{
    if (app_folder(cx, o, o->municipality, "municipality") && app_open_municipality(cx, o))
        cx->muni = NULL;
}

static int tell(struct cx *cx, enum err e, struct problems *ps, size_t n, const char *what)
{
    struct buf all = buf_make(cx->arena);
    problems_sort(ps);
    problems_text(ps, &all);
    printf("%.*s", STR_ARG(buf_str(&all)));
    if (ps->list.n) {
        printf("%zu %s\n", ps->list.n, ps->list.n == 1 ? "fault" : "faults");
        return 1;
    }
    if (e)
        return app_end(cx, e);
    if (n)
        printf("%zu %s in order\n", n, what);
    else
        printf("in order\n"); /* the municipality's own folder */
    return 0;
}

/* What each service asks, why, from where and for how long. Those that ask nothing are passed over. */
static enum err print_privacy(struct cx *cx, struct str dir)
{
    struct str *folders;
    size_t n;
    bool any = false;
    enum err e = service_folders(cx, dir, &folders, &n);
    for (size_t i = 0; !e && i < n; i++) {
        struct problems ps = problems_make(cx->arena);
        struct service_version *v;
        e = service_load_folder(cx, cx->arena, folders[i], &ps, &v);
        if (e || !form_of(v))
            continue;
        printf("%s%.*s", any ? "\n" : "", STR_ARG(form_privacy_text(cx, v)));
        any = true;
    }
    if (!e && !any)
        printf("nothing is asked here\n");
    return e;
}

int cmd_check(struct cx *cx, const struct app_options *o)
{
    if (o->n_args != 2) {
        fprintf(stderr, "indgang: expected: indgang check DIR [--privacy]\n");
        return 2;
    }
    app_register();
    take_municipality(cx, o);
    struct problems ps = problems_make(cx->arena);
    size_t n = 0;
    enum err e = service_check(cx, str_of(o->args[1]), &ps, &n);
    if (!o->privacy || e || ps.list.n)
        return tell(cx, e, &ps, n, n == 1 ? "service" : "services");
    if (!app_language(cx, o))
        return 2;
    e = print_privacy(cx, str_of(o->args[1]));
    return e ? app_end(cx, e) : 0;
}

/* One example a line, JSON (which is YAML too); of each one line of JSON. */
static enum err judge_lines(struct cx *cx, const struct service_version *version, struct str rest)
{
    struct str line, json;
    enum err e = ERR_OK;
    int no = 0;
    while (!e && str_cut(&rest, '\n', &line)) {
        struct yaml *example;
        struct arena_mark mark = arena_mark(cx->arena);
        no++;
        if (!str_trim(line).n)
            continue;
        e = yaml_parse(cx, str_fmt(cx->arena, "line %d", no), line, &example);
        if (!e)
            e = form_example_judge(cx, version, example, &json);
        if (e)
            return fail(cx, e, "line %d: %" PRI_STR, no, STR_ARG(str_dup(cx->arena, cx->fail.detail)));
        printf("%.*s\n", STR_ARG(json));
        arena_reset(cx->arena, mark);
    }
    return e;
}

/* For programs that try a form with answers of their own. */
static int judge(struct cx *cx, const struct app_options *o)
{
    struct problems ps = problems_make(cx->arena);
    struct service_version *version;
    struct str text;
    enum err e = service_load_folder(cx, cx->arena, str_of(o->args[1]), &ps, &version);
    if (!e)
        e = file_read(cx, str_of(o->inputs), JUDGE_BYTES, &text);
    if (!e)
        e = judge_lines(cx, version, text);
    return e ? app_end(cx, e) : 0;
}

int cmd_try(struct cx *cx, const struct app_options *o)
{
    if (o->n_args != 2) {
        fprintf(stderr, "indgang: expected: indgang try DIR, or indgang try services/NAME --inputs FILE\n");
        return 2;
    }
    app_register();
    take_municipality(cx, o);
    if (o->inputs)
        return judge(cx, o);
    struct problems ps = problems_make(cx->arena);
    size_t n = 0;
    enum err e = service_try(cx, str_of(o->args[1]), &ps, &n);
    return tell(cx, e, &ps, n, n == 1 ? "example" : "examples");
}
