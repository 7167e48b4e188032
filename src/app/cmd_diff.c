/* indgang diff: what a service folder changes against what is published, for a person at the town hall. */
#include "app/app.h"
#include "form/form.h"
#include "i18n/i18n.h"

static void print_changes(const struct service_changes *changes)
{
    struct str part = {0};
    for (size_t i = 0; i < changes->rows.n; i++) {
        const struct service_change *c = &changes->rows.p[i];
        if (!str_eq(c->part, part))
            printf("\n%.*s\n", STR_ARG(c->part));
        part = c->part;
        printf("  - %.*s\n", STR_ARG(c->text));
    }
}

static enum err print_drafts(struct cx *cx, const struct service_version *before, const struct service_version *after)
{
    int64_t n = 0;
    enum err e = form_drafts_underway(cx, before->id, &n);
    struct form_sentences all = form_diff_drafts(cx, before, after, n);
    if (!e && all.rows.n)
        printf("\n%.*s\n", STR_ARG(i18n_text(cx->lang, T_form_diff_title)));
    for (size_t i = 0; !e && i < all.rows.n; i++)
        printf("  - %.*s\n", STR_ARG(all.rows.p[i]));
    return e;
}

static struct str name_of(struct cx *cx, const struct service_version *v)
{
    return words_in(&v->name, cx->lang);
}

/* A folder, which must be without faults: they are printed. */
static enum err load_folder(struct cx *cx, const char *dir, struct service_version **ret)
{
    struct problems ps = problems_make(cx->arena);
    struct buf all = buf_make(cx->arena);
    enum err e = service_load_folder(cx, cx->arena, str_of(dir), &ps, ret);
    problems_text(&ps, &all);
    fprintf(stderr, "%.*s", STR_ARG(buf_str(&all)));
    return e;
}

/* Against another folder: a copy, the neighbour's, yesterday's. */
static enum err with_folder(struct cx *cx, const struct app_options *o, const struct service_version *after)
{
    struct service_version *before;
    struct service_changes changes;
    enum err e = load_folder(cx, o->from, &before);
    if (!e)
        e = service_diff(cx, before, after, &changes);
    if (e)
        return e;
    printf("%.*s\n", STR_ARG(i18n_fmt(cx, T_service_diff_head_folder, ARG("service", name_of(cx, after)),
                                      ARG("folder", str_of(o->from)))));
    print_changes(&changes);
    if (!changes.rows.n)
        printf("\n%.*s\n", STR_ARG(i18n_text(cx->lang, T_service_diff_same)));
    return ERR_OK;
}

static enum err with_published(struct cx *cx, const struct service_version *after)
{
    const struct service_version *before = service_latest(cx, after->key);
    struct service_changes changes;
    if (!before) {
        printf("%.*s\n", STR_ARG(i18n_fmt(cx, T_service_diff_new, ARG("service", name_of(cx, after)))));
        return ERR_OK;
    }
    enum err e = service_diff(cx, before, after, &changes);
    if (e)
        return e;
    printf("%.*s\n", STR_ARG(i18n_fmt(cx, T_service_diff_head, ARG("service", name_of(cx, after)),
                                      ARG("date", i18n_date(cx, before->published_us)))));
    print_changes(&changes);
    if (changes.rows.n)
        return print_drafts(cx, before, after);
    printf("\n%.*s\n", STR_ARG(i18n_text(cx->lang, T_service_diff_same)));
    return ERR_OK;
}

int cmd_diff(struct cx *cx, const struct app_options *o)
{
    if (o->n_args != 2 || !o->data == !o->from) {
        fprintf(stderr, "indgang: expected: indgang diff services/NAME --data DIR, or --from with another folder\n");
        return 2;
    }
    struct house house = {.lock = -1};
    struct service_version *after;
    app_register();
    enum err e = o->data ? app_open_db(cx, o, &house) : ERR_OK;
    if (e)
        return app_end(cx, e);
    if (app_folder(cx, o, o->municipality, "municipality"))
        e = app_open_municipality(cx, o);
    bool spoken = e || app_language(cx, o);
    if (!e && o->data)
        e = service_catalogue_open(cx, &house.services);
    if (!e && spoken)
        e = load_folder(cx, o->args[1], &after);
    if (!e && spoken)
        e = o->data ? with_published(cx, after) : with_folder(cx, o, after);
    if (o->data)
        app_close(cx, &house);
    return spoken ? app_end(cx, e) : 2;
}
