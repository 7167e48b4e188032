/* Commands of a few lines. */
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
