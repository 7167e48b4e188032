/* Commands of a few lines. */
#include <string.h>

#include "app/app.h"

int cmd_routes(struct cx *cx, const struct app_options *o)
{
    (void)cx;
    (void)o;
    http_print_routes(stdout, app_modules, app_modules_n);
    return 0;
}

int cmd_migrate(struct cx *cx, const struct app_options *o)
{
    struct house house;
    enum err e = app_open_db(cx, o, &house);
    if (!e)
        app_close(cx, &house);
    return app_end(cx, e);
}

/* indgang keys rotate: a new key, and everything sealed anew under it. */
int cmd_keys(struct cx *cx, const struct app_options *o)
{
    if (o->n_args != 2 || strcmp(o->args[1], "rotate")) {
        fprintf(stderr, "indgang: expected: indgang keys rotate --data DIR\n");
        return 2;
    }
    struct house house;
    enum err e = app_open_db(cx, o, &house);
    if (e)
        return app_end(cx, e);
    size_t n = 0;
    while (app_keys_holders[n].name)
        n++;
    e = keys_rotate(cx, app_keys_holders, n);
    app_close(cx, &house);
    return app_end(cx, e);
}
