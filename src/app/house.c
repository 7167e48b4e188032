/* Opening the house: data folder, database, municipality, and the rooms that keep something between requests. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app.h"
#include "app_store.h"
#include "casefile/casefile.h"
#include "codec/file.h"
#include "mail/mail.h"
#include "noark/noark.h"

enum { WORKERS_LEAST = 16, READERS_BESIDE_WORKERS = 4 /* jobs and commands */ };

/* Its name must survive a power cut as what will be in it does: the folder around it is fsynced. */
enum err app_make_folder(struct cx *cx, const char *path)
{
    if (mkdir(path, 0700))
        return errno == EEXIST ? ERR_OK : fail(cx, ERR_IO, "cannot make the folder %s: %s", path, strerror(errno));
    int fd = open(dirname(str_z(cx->arena, str_of(path))), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum err e = fd < 0 || fsync(fd) ? fail(cx, ERR_IO, "the folder of %s: %s", path, strerror(errno)) : ERR_OK;
    if (fd >= 0)
        close(fd);
    return e;
}

const char *app_folder(struct cx *cx, const struct app_options *o, const char *given, const char *name)
{
    if (given)
        return given;
    char program[4096];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    program[n > 0 ? n : 0] = 0;
    char *slash = strrchr(program, '/');
    if (slash)
        *slash = 0;
    struct str candidates[] = {
        str_fmt(cx->arena, "%s/%s", o->data ? o->data : ".", name),
        str_fmt(cx->arena, "%s", name),
        str_fmt(cx->arena, "%s/../%s", program, name),
        str_fmt(cx->arena, "%s/../share/indgang/%s", program, name),
    };
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        struct stat st;
        const char *path = str_z(cx->arena, candidates[i]);
        if (!stat(path, &st) && S_ISDIR(st.st_mode))
            return path;
    }
    return NULL;
}

static int processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (int)n : 1;
}

/* A worker that writes waits for the disk, and who waits together shares one commit: more of them than processors. */
int app_workers(const struct app_options *o)
{
    int by_default = processors() * 4 < WORKERS_LEAST ? WORKERS_LEAST : processors() * 4;
    return o->workers ? (int)o->workers : by_default;
}

static bool is_sqlite(const char *url)
{
    return !url || str_starts(str_of(url), S("sqlite:"));
}

/* SQLite computes in the worker's thread. PostgreSQL computes for it beside, on the same processors: one or the other
   is at work, and half as many again keep them busy in between. On another machine: who waits for it needs no
   processor. */
int app_places(const struct cx *cx, const struct app_options *o)
{
    int n = processors(), by_default = !db_is_postgres(cx) ? n : db_is_near(cx) ? n + (n + 1) / 2 : app_workers(o);
    return o->places ? (int)o->places : by_default;
}

/* PostgreSQL holds a connection while it waits for the disk. In SQLite the waiting ones stand at the write gate and
   hold none, and each connection has a page cache of its own: no more than the processors can use. */
static int readers(const struct app_options *o)
{
    return (is_sqlite(o->db) ? processors() * 2 : app_workers(o)) + READERS_BESIDE_WORKERS;
}

enum err app_lock(struct cx *cx, const char *data, bool alone, int *ret_fd)
{
    const char *path = str_z(cx->arena, str_fmt(cx->arena, "%s/lock", data));
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(cx, ERR_IO, "%s: %s", path, strerror(errno));
    if (flock(fd, (alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0) {
        *ret_fd = fd;
        return ERR_OK;
    }
    int reason = errno;
    close(fd);
    if (reason != EWOULDBLOCK)
        return fail(cx, ERR_IO, "%s: %s", path, strerror(reason));
    return fail(cx, ERR_BUSY, "%s: %s", data,
                alone ? "a server or another command works on this folder: stop it first"
                      : "this folder is being restored or moved: wait until that has ended");
}

/* A restore that was cut off has left half a house: nothing may be added to it. */
static enum err check_restored(struct cx *cx, const char *data)
{
    if (access(str_z(cx->arena, str_fmt(cx->arena, "%s/%s", data, APP_RESTORING)), F_OK))
        return ERR_OK;
    return fail(cx, ERR_CONFIG, "%s: a restore into this folder did not end: empty it and restore again", data);
}

const char *app_db_url(struct cx *cx, const struct app_options *o)
{
    return o->db ? o->db : str_z(cx->arena, str_fmt(cx->arena, "sqlite:%s/indgang.db", o->data));
}

/* What was moved to another database lives there alone: what is written here would be lost. */
static enum err check_moved(struct cx *cx)
{
    struct q_app_setting_get moved;
    bool found;
    enum err e = q_app_setting_get(cx, S("moved"), &moved, &found);
    if (e || !found)
        return e;
    return fail(cx, ERR_CONFIG,
                "this database was moved to %.*s: start with --db and that address (docs/ops.md says how to go back)",
                STR_ARG(moved.value));
}

static enum err open_db(struct cx *cx, const struct app_options *o, bool alone, struct house *ret_house)
{
    *ret_house = (struct house){.lock = -1};
    if (!o->data)
        return fail(cx, ERR_CONFIG, "--data DIR is needed: the folder of documents, keys and database");
    cx->data_dir = o->data;
    enum err e = app_make_folder(cx, o->data);
    if (e || (e = app_lock(cx, o->data, alone, &ret_house->lock)) || (e = check_restored(cx, o->data)) ||
        (e = app_make_folder(cx, str_z(cx->arena, str_fmt(cx->arena, "%s/tmp", o->data))))) {
        app_close(cx, ret_house);
        return e;
    }
    struct db_config config = {.url = app_db_url(cx, o), .readers = readers(o)};
    struct str key_file = str_fmt(cx->arena, "%s/keys", o->data);
    if ((e = db_open(cx, &config, &ret_house->db)) || (e = db_migrate(cx, db_all_migrations, db_all_migrations_n)) ||
        (e = check_moved(cx)) || (e = keys_open(cx, key_file, true, &ret_house->keys)) ||
        (e = files_open(cx, str_of(o->data), &ret_house->files)))
        app_close(cx, ret_house);
    else
        files_scan_with(ret_house->files, str_of(o->clamd));
    return e;
}

enum err app_open_db(struct cx *cx, const struct app_options *o, struct house *ret_house)
{
    return open_db(cx, o, false, ret_house);
}

enum err app_open_db_alone(struct cx *cx, const struct app_options *o, struct house *ret_house)
{
    return open_db(cx, o, true, ret_house);
}

struct demo_setting {
    bool demo;
    struct q_app_setting_get found;
};

static enum err settle_demo(struct cx *cx, void *p)
{
    struct demo_setting *s = p;
    bool found;
    enum err e = q_app_setting_add(cx, S("demo"), s->demo ? S("yes") : S("no"));
    return e ? e : q_app_setting_get(cx, S("demo"), &s->found, &found);
}

static bool is_loopback(const char *listen)
{
    return !strncmp(listen, "127.", 4) || !strncmp(listen, "[::1]:", 6) || !strncmp(listen, "unix:", 5);
}

/* A demo database has people who can be chosen at the login; nobody shall meet real data that way, nor the other way
 * round. */
static enum err check_demo(struct cx *cx, const struct app_options *o)
{
    if (o->demo && !is_loopback(o->listen))
        return fail(cx, ERR_CONFIG, "--demo listens on a loopback address only, not on %s", o->listen);
    struct demo_setting s = {.demo = o->demo};
    enum err e = db_write(cx, settle_demo, &s);
    if (e)
        return e;
    bool was = str_eq_z(s.found.value, "yes");
    if (was != o->demo)
        return fail(cx, ERR_CONFIG, "this database was made %s --demo: start it that way, or take another",
                    was ? "with" : "without");
    return ERR_OK;
}

enum err app_open_municipality(struct cx *cx, const struct app_options *o)
{
    const char *dir = app_folder(cx, o, o->municipality, "municipality");
    if (!dir)
        return fail(cx, ERR_CONFIG, "no folder \"municipality\": name it with --municipality DIR");
    struct problems ps = problems_make(cx->arena);
    enum err e = municipality_load(cx, cx->arena, str_of(dir), o->demo, &ps, &cx->muni);
    struct buf all = buf_make(cx->arena);
    problems_text(&ps, &all);
    fprintf(stderr, "%.*s", STR_ARG(buf_str(&all)));
    return e;
}

/* The municipality of a preview speaks to no other server: not for mail, nor login, nor the national journal. */
static void leave_others_alone(struct cx *cx)
{
    struct municipality *alone = arena_new_of(cx->arena, struct municipality);
    *alone = *cx->muni;
    alone->smtp.set = alone->citizens.set = alone->employees.set = false;
    alone->einnsyn_url = S("");
    cx->muni = alone;
}

static enum err open_auth(struct cx *cx, const struct app_options *o, struct house *house)
{
    struct auth_settings settings = {
        .demo = o->demo,
        .base_url = str_of(o->public_url),
        .data_dir = str_of(o->data),
        .party = app_party_hook(),
        .hold = app_hold_hook(),
    };
    enum err e = auth_open(cx, &settings, &house->auth);
    if (e)
        return e;
    cx->auth = house->auth;
    return auth_sync(cx);
}

/* The demo has a program that may use the Noark API, whose password everybody knows, and one for its employees. */
static enum err demo_client(struct cx *cx, void *ctx)
{
    (void)ctx;
    const struct str back = S("http://127.0.0.1/callback");
    enum err e = noark_app_set(cx, S("demo"), S("Demoarkiv"), &back, 1);
    return e ? e : noark_client_set(cx, S("admin@example.com"), S("password"), S("nikita-client"), S("hjaelpemidler"));
}

/* What has changed in the folders since the last start is published. */
static enum err open_services(struct cx *cx, const struct app_options *o, struct house *house)
{
    const char *dir = app_folder(cx, o, o->services, "services");
    size_t published = 0;
    enum err e = dir ? service_publish(cx, str_of(dir), &published) : ERR_OK;
    if (e)
        return e;
    if (published)
        log_line(NULL, LOG_INFO, "publish", "services=%zu", published);
    e = service_catalogue_open(cx, &house->services);
    if (!e)
        e = casefile_prepare(cx);
    if (!e)
        e = noark_prepare(cx);
    return e || !o->demo ? e : db_write(cx, demo_client, NULL);
}

/* The way out for mail: the server of municipality.yaml; in the demo without one a folder. Without either, mail waits
 * in the outbox. */
static enum err open_mail(struct cx *cx, const struct app_options *o)
{
    const struct municipality *m = cx->muni;
    struct mail_config config = {.from = m->mail_from,
                                 .from_name = str_empty(m->mail_from_name) ? m->name : m->mail_from_name,
                                 .url = m->smtp.url,
                                 .user = m->smtp.user,
                                 .require_tls = m->smtp.require_tls};
    if (!m->smtp.set && !o->demo) {
        log_line(NULL, LOG_WARN, "no-mail", "remedy=\"set smtp in municipality.yaml\"");
        return ERR_OK;
    }
    if (!m->smtp.set)
        config.url = str_fmt(cx->arena, "dir:%s/mail", o->data);
    enum err e = ERR_OK;
    if (m->smtp.set && !str_empty(m->smtp.password_file))
        e = file_secret(cx, str_of(o->data), m->smtp.password_file, &config.password);
    return e ? e : mail_open(cx, &config, &cx->mail);
}

enum err app_open(struct cx *cx, const struct app_options *o, struct house *ret_house)
{
    app_register();
    enum err e = app_open_db(cx, o, ret_house);
    if (e)
        return e;
    ret_house->demo = o->demo;
    cx->tallies = ret_house->tallies = casefile_tallies_new();
    if (!(e = check_demo(cx, o)) && !(e = app_open_municipality(cx, o)) && o->preview)
        leave_others_alone(cx);
    if (e || (e = open_auth(cx, o, ret_house)) || (e = open_services(cx, o, ret_house)) || (e = open_mail(cx, o)))
        app_close(cx, ret_house);
    return e;
}

enum err app_start_jobs(struct cx *cx, struct house *house)
{
    struct jobs_config config = {
        .kinds = app_job_kinds,
        .n_kinds = app_job_kinds_n,
        .schedules = app_job_schedules,
        .n_schedules = app_job_schedules_n,
    };
    enum err e = jobs_new(cx, &config, &house->jobs);
    if (e)
        return e;
    cx->jobs = house->jobs;
    return jobs_start(house->jobs);
}

void app_close(struct cx *cx, struct house *house)
{
    jobs_free(house->jobs);
    casefile_tallies_free(house->tallies);
    service_catalogue_close(house->services);
    auth_close(house->auth);
    files_close(house->files);
    keys_close(house->keys);
    db_close(house->db);
    cx->db = NULL;
    cx->tallies = NULL;
    if (house->lock >= 0)
        close(house->lock);
    *house = (struct house){.lock = -1};
}

bool app_language(struct cx *cx, const struct app_options *o)
{
    cx->lang = cx->muni ? cx->muni->first_lang : LANG_EN;
    if (!o->language || lang_from_tag(str_of(o->language), &cx->lang))
        return true;
    fprintf(stderr, "indgang: --language %s: da, nb, nn or en was expected\n", o->language);
    return false;
}

int app_end(struct cx *cx, enum err e)
{
    if (e)
        fprintf(stderr, "indgang: %s: %.*s\n", err_name(e), STR_ARG(cx->fail.err == e ? cx->fail.detail : S("")));
    return e ? 1 : 0;
}
