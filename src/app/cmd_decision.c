/* indgang decision: what rules said, asked again. */
#include <string.h>

#include "app/app.h"
#include "decision/decision.h"

static void print_rows(const struct str *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        printf("%.*s\n", STR_ARG(rows[i]));
}

/* replay [CASEFILE]: 0 the same, 1 something differs. */
static int replay(struct cx *cx, const struct app_options *o)
{
    struct decision_differences d;
    size_t n = 1;
    enum err e = o->n_args > 2 ? decision_replay(cx, str_of(o->args[2]), &d) : decision_replay_all(cx, &n, &d);
    if (e)
        return app_end(cx, e);
    print_rows(d.rows.p, d.rows.n);
    printf("%zu evaluated again, %zu differences\n", n, d.rows.n);
    return d.rows.n ? 1 : 0;
}

/* compare DIR: the applications of the last 12 months through the rules of this folder. */
static int compare(struct cx *cx, const struct app_options *o)
{
    struct problems ps = problems_make(cx->arena);
    struct buf all = buf_make(cx->arena);
    struct service_version *v;
    struct decision_compared c;
    enum err e = service_load_folder(cx, cx->arena, str_of(o->args[2]), &ps, &v);
    problems_text(&ps, &all);
    fprintf(stderr, "%.*s", STR_ARG(buf_str(&all)));
    if (!e)
        e = decision_compare(cx, v, cx->now_us - 365 * DAY_US, &c);
    if (e)
        return app_end(cx, e);
    print_rows(c.rows.p, c.rows.n);
    printf("%zu applications of the last 12 months: %zu granted on the spot then, %zu by these rules; "
           "%zu more, %zu less\n",
           c.n, c.then_yes, c.now_yes, c.more, c.less);
    return 0;
}

int cmd_decision(struct cx *cx, const struct app_options *o)
{
    const char *what = o->n_args > 1 ? o->args[1] : "";
    bool again = !strcmp(what, "replay") && o->n_args <= 3, other = !strcmp(what, "compare") && o->n_args == 3;
    if (!again && !other) {
        fprintf(stderr,
                "indgang: expected: indgang decision replay [CASEFILE] --data DIR, or compare DIR --data DIR\n");
        return 2;
    }
    struct house house;
    app_register();
    enum err e = app_open_db(cx, o, &house);
    if (e)
        return app_end(cx, e);
    if (other && app_folder(cx, o, o->municipality, "municipality"))
        e = app_open_municipality(cx, o);
    if (!e)
        e = service_catalogue_open(cx, &house.services);
    int status = e ? app_end(cx, e) : again ? replay(cx, o) : compare(cx, o);
    app_close(cx, &house);
    return status;
}
