/* indgang deposit and indgang import: packages for the archive that keeps things for ever, out and in. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "classes/classes.h"
#include "deposit/deposit.h"

static void tell(void *ctx, const char *what, int64_t n)
{
    (void)ctx;
    if (isatty(STDERR_FILENO) && n % 100 == 0)
        fprintf(stderr, "\r\033[K%s: %lld", what, (long long)n);
}

static void tell_no_more(void)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
}

static void print_fault(void *ctx, enum deposit_rule rule, struct str detail)
{
    (void)ctx;
    tell_no_more();
    printf("  %s %.*s\n", deposit_rule_name(rule), STR_ARG(detail));
}

static void print_report(const struct deposit_report *r)
{
    printf("%lld case files, %lld registrations (%lld in the journal), %lld documents, %lld files of %lld bytes, "
           "%lld changes\n",
           (long long)r->casefiles, (long long)r->registrations, (long long)r->journal, (long long)r->documents,
           (long long)r->objects, (long long)r->bytes, (long long)r->changes);
    for (int i = 0; i < DEPOSIT_RULE_COUNT; i++)
        if (r->faults[i])
            printf("%8lld %s: %s\n", (long long)r->faults[i], deposit_rule_name((enum deposit_rule)i),
                   deposit_rule_text((enum deposit_rule)i));
    printf("%lld faults, %lld notices\n", (long long)r->total, (long long)r->warnings);
}

static int verify(struct cx *cx, const char *dir, const char *schemas)
{
    struct deposit_report r = {.schemas = schemas, .tell = tell, .fault = print_fault};
    enum err e = deposit_verify(cx, dir, &r);
    tell_no_more();
    if (e)
        return app_end(cx, e);
    print_report(&r);
    if (!schemas)
        printf("Checked by the schemas in the package; --schemas DIR compares them with the official ones.\n");
    return r.total ? 1 : 0;
}

static bool read_day(const char *flag, const char *value, day_t *ret)
{
    if (value && civil_parse_day(str_of(value), ret))
        return true;
    fprintf(stderr, "indgang: deposit needs --%s with a day, such as 2026-01-31\n", flag);
    return false;
}

static int make(struct cx *cx, const struct app_options *o)
{
    struct house house;
    struct deposit_counts n = {0};
    struct deposit_new new = {.all = o->all, .schemas = o->schemas, .out = o->out, .tell = tell};
    if (!read_day("from", o->from, &new.from) || !read_day("to", o->to, &new.to))
        return 2;
    if (!o->schemas || !o->out) {
        fprintf(stderr, "indgang: deposit needs --schemas DIR (the official XML schemas) and --out DIR (new)\n");
        return 2;
    }
    enum err e = app_open_db(cx, o, &house);
    if (e)
        return app_end(cx, e);
    if (!(e = app_open_municipality(cx, o))) {
        new.owner = cx->muni->name;
        new.owner_id = cx->muni->authority_no;
        e = deposit_make(cx, &new, &n);
    }
    app_close(cx, &house);
    tell_no_more();
    if (e)
        return app_end(cx, e);
    printf(
        "deposit in %s: %lld classes, %lld case files, %lld registrations, %lld documents, %lld files of %lld bytes\n",
        o->out, (long long)n.classes, (long long)n.casefiles, (long long)n.registrations, (long long)n.documents,
        (long long)n.objects, (long long)n.bytes);
    printf("left out: %lld case files that are open, %lld that are to be erased in time%s\n", (long long)n.still_open,
           (long long)n.disposable, n.disposable ? " (--all takes them)" : "");
    return verify(cx, o->out, o->schemas);
}

static enum err import_deposit(struct cx *cx, const char *dir, const char *schemas)
{
    struct deposit_imported n = {0};
    struct deposit_report r = {.schemas = schemas, .tell = tell, .fault = print_fault};
    enum err e = deposit_import(cx, dir, &r, &n);
    tell_no_more();
    if (e && !r.total)
        return e;
    print_report(&r);
    if (!e && n.again)
        printf("package %lld is here already: nothing was done\n", (long long)n.package_id);
    else if (!e)
        printf(
            "package %lld: %lld case files, %lld registrations, %lld documents, %lld document files; all in all %lld "
            "files of %lld bytes\n",
            (long long)n.package_id, (long long)n.casefiles, (long long)n.registrations, (long long)n.documents,
            (long long)n.objects, (long long)n.files, (long long)n.bytes);
    return e;
}

static enum err import_kle(struct cx *cx, const char *path)
{
    struct classes_counts n;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(cx, ERR_IO, "%s: %s", path, strerror(errno));
    enum err e = classes_import_kle(cx, fd, &n);
    close(fd);
    if (!e)
        printf("%lld classes new, %lld renamed, %lld as they were; %lld expired ones left out\n", (long long)n.added,
               (long long)n.renamed, (long long)n.unchanged, (long long)n.expired);
    return e;
}

int cmd_import_archive(struct cx *cx, const struct app_options *o)
{
    struct house house;
    bool kle = !strcmp(o->args[1], "kle");
    enum err e = app_open_db(cx, o, &house);
    if (e)
        return app_end(cx, e);
    e = kle ? import_kle(cx, o->args[2]) : import_deposit(cx, o->args[2], o->schemas);
    app_close(cx, &house);
    return app_end(cx, e);
}

/* A package that was imported, out again. */
static int give_back(struct cx *cx, const struct app_options *o)
{
    struct house house;
    int64_t id, files = 0;
    if (!o->out || !str_to_i64(str_of(o->package), &id)) {
        fprintf(stderr, "indgang: deposit --package takes the number that import printed, and --out DIR (new)\n");
        return 2;
    }
    enum err e = app_open_db(cx, o, &house);
    if (e)
        return app_end(cx, e);
    if (!(e = deposit_restore(cx, id, o->out, &files)))
        printf("%lld files in %s, as they came\n", (long long)files, o->out);
    app_close(cx, &house);
    return app_end(cx, e);
}

int cmd_deposit(struct cx *cx, const struct app_options *o)
{
    if (o->package)
        return give_back(cx, o);
    return o->verify ? verify(cx, o->verify, o->schemas) : make(cx, o);
}
