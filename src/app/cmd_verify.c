/* indgang verify: is everything as it was left? Prints a line for each part, and each fault. Exit 1 when there is one.
 */
#include <unistd.h>

#include "access/access.h"
#include "app/app.h"
#include "casefile/casefile.h"
#include "letter/letter.h"
#include "files/files.h"
#include "journal/journal.h"
#include "record/record.h"
#include "retention/retention.h"

struct verdict {
    struct cx *cx;
    int64_t faults;
};

static void tell_file(void *ctx, const struct files_check *so_far, struct hash hash, const char *fault)
{
    struct verdict *v = ctx;
    if (fault)
        printf("  document %.*s: %s\n", STR_ARG(hash_hex(v->cx->arena, hash)), fault);
    else if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%lld documents", (long long)so_far->files);
}

static enum err verify_files(struct cx *cx, struct verdict *v)
{
    struct files_check check = {.tell = tell_file, .ctx = v};
    enum err e = files_verify(cx, &check);
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r                    \r");
    if (!e)
        printf("documents: %lld, %lld bytes, %lld missing, %lld damaged\n", (long long)check.files,
               (long long)check.bytes, (long long)check.missing, (long long)check.damaged);
    v->faults += check.missing + check.damaged;
    return e;
}

static enum err verify_access(struct cx *cx, struct verdict *v)
{
    struct access_report r = {0};
    enum err e = access_verify(cx, &r);
    if (e)
        return e;
    printf("access log: %lld rows under %lld seals, %lld erased by law, %lld not sealed yet", (long long)r.sealed,
           (long long)r.batches, (long long)r.erased, (long long)r.unsealed);
    if (r.unsealed)
        printf(" (the oldest of %.*s)", STR_ARG(civil_iso_us(cx->arena, r.oldest_unsealed_us)));
    printf(", %lld faults\n", (long long)r.faults);
    if (r.faults)
        printf("  %.*s\n", STR_ARG(r.first_fault));
    v->faults += r.faults;
    return ERR_OK;
}

static enum err verify_rows(struct cx *cx, struct verdict *v, const char *what,
                            enum err (*fn)(struct cx *, struct record_faults *))
{
    struct record_faults faults = {0};
    enum err e = fn(cx, &faults);
    if (e)
        return e;
    printf("%s: %zu faults\n", what, faults.rows.n);
    for (size_t i = 0; i < faults.rows.n; i++)
        printf("  %.*s\n", STR_ARG(faults.rows.p[i]));
    v->faults += (int64_t)faults.rows.n;
    return ERR_OK;
}

int cmd_verify(struct cx *cx, const struct app_options *o)
{
    struct house house;
    struct verdict v = {.cx = cx};
    enum err e = app_open_db(cx, o, &house);
    if (e)
        return app_end(cx, e);
    if (!(e = verify_access(cx, &v)) && !(e = verify_files(cx, &v)) &&
        !(e = verify_rows(cx, &v, "record", record_verify)) &&
        !(e = verify_rows(cx, &v, "case files", casefile_verify)) &&
        !(e = verify_rows(cx, &v, "letters", letter_verify)) &&
        !(e = verify_rows(cx, &v, "retention", retention_verify)) &&
        !(e = verify_rows(cx, &v, "journal", journal_verify)))
        printf("%s\n", v.faults ? "NOT as it was left" : "all is as it was left");
    app_close(cx, &house);
    return e ? app_end(cx, e) : v.faults ? 1 : 0;
}
