/* indgang check and indgang try: service folders, before anyone meets them. */
#include "app/app.h"

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

int cmd_check(struct cx *cx, const struct app_options *o)
{
    if (o->n_args != 2) {
        fprintf(stderr, "indgang: expected: indgang check DIR\n");
        return 2;
    }
    app_register();
    take_municipality(cx, o);
    struct problems ps = problems_make(cx->arena);
    size_t n = 0;
    enum err e = service_check(cx, str_of(o->args[1]), &ps, &n);
    return tell(cx, e, &ps, n, n == 1 ? "service" : "services");
}

int cmd_try(struct cx *cx, const struct app_options *o)
{
    if (o->n_args != 2) {
        fprintf(stderr, "indgang: expected: indgang try DIR\n");
        return 2;
    }
    app_register();
    take_municipality(cx, o);
    struct problems ps = problems_make(cx->arena);
    size_t n = 0;
    enum err e = service_try(cx, str_of(o->args[1]), &ps, &n);
    return tell(cx, e, &ps, n, n == 1 ? "example" : "examples");
}
