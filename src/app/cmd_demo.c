/* indgang demo: a large data set, fast, for measuring. */
#include <unistd.h>

#include "app/app.h"
#include "casefile/casefile.h"
#include "journal/journal.h"

enum { CASEFILES_DEFAULT = 1000, HEAVY = 900, JOURNAL_STEPS = 5 };

/* Some thousand entries in one transaction: a page is written once for many of them. */
static enum err some_of_journal(struct cx *cx, void *ctx)
{
    bool *more = ctx;
    enum err e = ERR_OK;
    *more = true;
    for (int i = 0; !e && *more && i < JOURNAL_STEPS; i++)
        e = journal_step(cx, more);
    return e;
}

/* As in a town where the journal has been kept all the time: else the first server to start would write it for minutes.
 */
static enum err keep_journal(struct cx *cx)
{
    bool more = cx->muni && cx->muni->journal_public;
    enum err e = ERR_OK;
    while (!e && more) {
        struct arena_mark mark = arena_mark(cx->arena);
        e = db_write(cx, some_of_journal, &more);
        if (!e)
            arena_reset(cx->arena, mark);
    }
    return e;
}

int cmd_demo(struct cx *cx, const struct app_options *o)
{
    struct app_options as_demo = *o;
    struct house house;
    int64_t n = o->casefiles ? o->casefiles : CASEFILES_DEFAULT, begin_us = time_tick_us();
    as_demo.demo = true;
    if (!as_demo.listen)
        as_demo.listen = "127.0.0.1:0";
    enum err e = app_open(cx, &as_demo, &house);
    if (e)
        return app_end(cx, e);
    /* one person has 900, so that a long list is measured too */
    e = casefile_demo_fill(cx, n, n >= 10 * HEAVY ? HEAVY : n / 10);
    if (!e)
        e = keep_journal(cx);
    app_close(cx, &house);
    if (!e)
        printf("%s%lld case files in %.1f s\n", isatty(STDERR_FILENO) ? "\n" : "", (long long)n,
               (double)(time_tick_us() - begin_us) / SECOND_US);
    return app_end(cx, e);
}
