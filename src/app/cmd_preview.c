/* indgang preview: the form of a service folder with made-up people, before it is published. A house of its own in a
   temporary folder, on a loopback address, from which nothing leaves; the folder is read again when it has changed. */
#include <errno.h>
#include <ftw.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app.h"
#include "page/page.h"

enum { FAULT_BYTES = 8000 };

/* What the requests share. */
static struct {
    pthread_mutex_t lock;
    const char *given;       /* the folder as the author named it */
    const char *link;        /* where the house sees it: TEMP/services/NAME */
    const char *services;    /* TEMP/services */
    const char *key;         /* NAME */
    struct http_hooks hooks; /* those of the house */
    char faults[FAULT_BYTES];
} preview = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* The faults as the author would see them by `indgang check`: with the folder as it was named. */
static void keep_faults(struct cx *cx, struct str detail)
{
    struct buf b = buf_make(cx->arena);
    struct str link = str_of(preview.link);
    for (size_t at; (at = str_find(detail, link, 0)) < detail.n; detail = str_slice(detail, at + link.n, detail.n))
        buf_fmt(&b, "%.*s%s", STR_ARG(str_slice(detail, 0, at)), preview.given);
    buf_add(&b, detail);
    size_t n = b.n < FAULT_BYTES - 1 ? b.n : FAULT_BYTES - 1;
    memcpy(preview.faults, b.p, n);
    preview.faults[n] = 0;
}

/* Publish the folder when it has changed. What is wrong with it is shown on the page, above what was right last. */
static void look(struct cx *cx)
{
    size_t published;
    struct fail before = cx->fail;
    pthread_mutex_lock(&preview.lock);
    enum err e = service_publish(cx, str_of(preview.services), &published);
    if (e)
        keep_faults(cx, str_dup(cx->arena, cx->fail.detail));
    else
        preview.faults[0] = 0;
    pthread_mutex_unlock(&preview.lock);
    cx->fail = before;
    if (!e && published && service_catalogue_refresh(cx)) /* the page as it was; the next request looks again */
        cx->fail = before;
}

static enum err begin(struct cx *cx, struct request *req, struct reply *rep)
{
    enum err e = preview.hooks.begin(cx, req, rep);
    if (!e && req_method(req) == GET)
        look(cx);
    struct page_preview *shown = arena_new_of(cx->arena, struct page_preview);
    shown->folder = str_of(preview.given);
    pthread_mutex_lock(&preview.lock);
    shown->faults = str_dup(cx->arena, str_of(preview.faults));
    pthread_mutex_unlock(&preview.lock);
    cx->preview = shown;
    return e;
}

static void ready(int port)
{
    printf(
        "Preview of %s: http://127.0.0.1:%d/form/%s\n"
        "All people are made up and nothing is sent anywhere. Edit the folder and reload the page. Ctrl-C ends it.\n",
        preview.given, port, preview.key);
    fflush(stdout);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static const char *folder_name(struct cx *cx, const char *dir)
{
    struct str s = str_of(dir);
    while (s.n > 1 && s.p[s.n - 1] == '/')
        s.n--;
    const char *name = str_z(cx->arena, s), *slash = strrchr(name, '/');
    return slash ? slash + 1 : name;
}

/* TEMP with the services of the house: a link to the folder, so that every edit is seen. */
static enum err make_folder(struct cx *cx, const char *dir, const char *temp)
{
    char real[4096];
    preview.given = dir;
    preview.services = str_z(cx->arena, str_fmt(cx->arena, "%s/services", temp));
    if (!realpath(dir, real))
        return fail(cx, ERR_IO, "%s: %s", dir, strerror(errno));
    preview.key = folder_name(cx, real);
    preview.link = str_z(cx->arena, str_fmt(cx->arena, "%s/%s", preview.services, preview.key));
    if (mkdir(preview.services, 0700) || symlink(real, preview.link))
        return fail(cx, ERR_IO, "%s: %s", preview.services, strerror(errno));
    return ERR_OK;
}

/* Faults before anything is opened. */
static enum err check(struct cx *cx, const char *dir)
{
    struct problems ps = problems_make(cx->arena);
    struct buf all = buf_make(cx->arena);
    struct service_version *v;
    app_register();
    enum err e = service_load_folder(cx, cx->arena, str_of(dir), &ps, &v);
    problems_text(&ps, &all);
    fprintf(stderr, "%.*s", STR_ARG(buf_str(&all)));
    if (!e && !v->form_yaml)
        e = fail(cx, ERR_CONFIG, "%s has no form to preview", dir);
    return e;
}

static enum err run(struct cx *cx, const struct app_options *o, const char *temp)
{
    struct house house;
    struct app_options own = *o;
    own.data = str_z(cx->arena, str_fmt(cx->arena, "%s/data", temp));
    own.demo = own.preview = true;
    own.public_url = own.clamd = NULL; /* INDGANG_PUBLIC_URL and INDGANG_CLAMD are of the real house */
    enum err e = make_folder(cx, o->args[1], temp);
    own.services = preview.services;
    if (!strcmp(o->listen, APP_LISTEN)) /* not said: any port that is free */
        own.listen = "127.0.0.1:0";
    if (!e)
        e = app_open(cx, &own, &house);
    if (e)
        return e;
    preview.hooks = app_hooks();
    struct app_serving serving = {.hooks = preview.hooks, .ready = ready};
    serving.hooks.begin = begin;
    e = app_serve(cx, &own, &house, &serving);
    app_close(cx, &house);
    return e;
}

int cmd_preview(struct cx *cx, const struct app_options *o)
{
    const char *tmp = getenv("TMPDIR");
    if (o->n_args != 2 || o->data || o->db) {
        fprintf(stderr, "indgang: expected: indgang preview services/NAME; it makes a data folder of its own\n");
        return 2;
    }
    char *temp = str_z(cx->arena, str_fmt(cx->arena,
                                          "%s/indgang-preview-XX"
                                          "XX"
                                          "XX",
                                          tmp && *tmp ? tmp : "/tmp"));
    app_hold_signals();
    enum err e = check(cx, o->args[1]);
    if (e)
        return app_end(cx, e);
    if (!mkdtemp(temp))
        return app_end(cx, fail(cx, ERR_IO, "%s: %s", temp, strerror(errno)));
    log_set_level(LOG_WARN);
    e = run(cx, o, temp);
    nftw(temp, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return app_end(cx, e);
}
