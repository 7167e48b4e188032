/* Commands of a few lines. */
#include <string.h>

#include "app/app.h"
#include "noark/noark.h"

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

enum { PASSWORD_MIN = 20, PASSWORD_MAX = 200 };

struct client {
    const struct app_options *o;
    struct str password;
};

static enum err set_client(struct cx *cx, void *ctx)
{
    const struct client *c = ctx;
    return noark_client_set(cx, str_of(c->o->args[1]), c->password, str_of(c->o->args[2]), str_of(c->o->args[3]));
}

/* indgang noark-client NAME CLIENT UNIT: a program that may use the Noark API; its password comes on standard input. */
int cmd_noark_client(struct cx *cx, const struct app_options *o)
{
    char line[PASSWORD_MAX + 2];
    struct client c = {.o = o};
    struct house house;
    if (o->n_args != 4) {
        fprintf(stderr, "indgang: expected: indgang noark-client NAME CLIENT UNIT --data DIR, and the password on "
                        "standard input\n");
        return 2;
    }
    c.password = fgets(line, sizeof line, stdin) ? str_trim(str_of(line)) : S("");
    if (c.password.n < PASSWORD_MIN) {
        fprintf(stderr, "indgang: the password has at least %d characters: let a machine choose it\n", PASSWORD_MIN);
        return 2;
    }
    enum err e = app_open_db(cx, o, &house);
    if (e)
        return app_end(cx, e);
    cx->now_us = time_now_us();
    e = db_write(cx, set_client, &c);
    app_close(cx, &house);
    return app_end(cx, e);
}

struct app_program {
    const struct app_options *o;
    struct str addresses[8];
};

static enum err set_program(struct cx *cx, void *ctx)
{
    const struct app_program *p = ctx;
    size_t n = p->o->n_args > 3 ? p->o->n_args - 3 : 0;
    return noark_app_set(cx, str_of(p->o->args[1]), n ? str_of(p->o->args[2]) : S(""), p->addresses, n);
}

/* indgang noark-app CLIENT NAME ADDRESS…: a program that employees use the Noark API with, in their own name. */
int cmd_noark_app(struct cx *cx, const struct app_options *o)
{
    struct app_program p = {.o = o};
    struct house house;
    if (o->n_args != 2 && o->n_args < 4) {
        fprintf(stderr,
                "indgang: expected: indgang noark-app CLIENT NAME ADDRESS… --data DIR, where ADDRESS is one that "
                "the program is sent back to; with CLIENT alone it is taken away\n");
        return 2;
    }
    for (size_t i = 3; i < o->n_args; i++)
        p.addresses[i - 3] = str_of(o->args[i]);
    enum err e = app_open_db(cx, o, &house);
    if (e)
        return app_end(cx, e);
    cx->now_us = time_now_us();
    e = db_write(cx, set_program, &p);
    app_close(cx, &house);
    return app_end(cx, e);
}
