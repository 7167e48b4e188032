/* Reading what waits, in the background. A file that is read, or cannot be, waits no more: nothing is tried for ever.
 */
#include <unistd.h>

#include "db/db.h"
#include "fulltext/fulltext_internal.h"
#include "fulltext_store.h"

/* A run is short: a service that stops waits for it. */
enum { FEW = 20, RUN_S = 5, ARENA_BYTES = 160 << 20 };
#define AGAIN_US (10 * MINUTE_US)   /* after a run that did not come to its end */
#define WITHOUT_US (60 * MINUTE_US) /* a PDF where there is no pdftotext */

struct reading {
    struct cx *cx;
    const struct q_fulltext_next *row;
    struct search_terms terms;
    enum err err;
    int fd;
};

/* ---- one document ---- */

static void read_file(void *p)
{
    struct reading *r = p;
    struct cx *cx = r->cx;
    struct str text = S("");
    int64_t size;
    if ((r->err = files_get_fd(cx, r->row->hash, &r->fd, &size)))
        return;
    r->err = fulltext_text(cx, r->fd, &text);
    if (!r->err)
        r->terms = search_terms(cx, text, FULLTEXT_TERMS_MAX);
}

/* In an arena of its own: what a file makes of itself does not count for the job, and is given back. */
static void read_apart(struct reading *r)
{
    struct cx *cx = r->cx;
    struct arena *outer = cx->arena;
    cx->arena = arena_new(ARENA_BYTES);
    r->fd = -1;
    if (!arena_try(cx->arena, read_file, r))
        r->err = fail(cx, ERR_TOO_LARGE, "what it unpacks to is too large");
    if (r->fd >= 0) /* here: at the arena's limit read_file is left in the middle */
        close(r->fd);
    r->terms.json = str_dup(outer, r->terms.json);
    cx->fail.detail = str_dup(outer, cx->fail.detail);
    arena_free(cx->arena);
    cx->arena = outer;
}

static enum err claim(struct cx *cx, void *ctx)
{
    struct reading *r = ctx;
    int64_t n;
    enum err e = q_fulltext_claim(cx, r->row->user_kind, r->row->user_id, r->row->hash, r->row->tries,
                                  cx->now_us + AGAIN_US, &n);
    return e || n ? e : fail(cx, ERR_CONFLICT, "another one reads it");
}

/* Also of a file that could not be read: it has none. Its user may have gone meanwhile, and its words with it. */
static enum err put_words(struct cx *cx, void *ctx)
{
    struct reading *r = ctx;
    const struct q_fulltext_next *w = r->row;
    struct q_fulltext_used used;
    bool found;
    enum err e = q_fulltext_used(cx, w->user_kind, w->user_id, w->hash, &used, &found);
    if (!e && found)
        e = search_put_terms(cx, S(FULLTEXT), w->user_id, cx->now_us, &r->terms);
    return e ? e : q_fulltext_done(cx, w->user_kind, w->user_id, w->hash);
}

static enum err put_off(struct cx *cx, void *ctx)
{
    const struct q_fulltext_next *w = ((struct reading *)ctx)->row;
    return q_fulltext_put_off(cx, w->user_kind, w->user_id, w->hash, cx->now_us + WITHOUT_US);
}

static void tell(struct reading *r)
{
    log_line(r->cx, LOG_INFO, "document_not_read", "kind=%.*s id=%lld why=\"%.*s\"", STR_ARG(r->row->user_kind),
             (long long)r->row->user_id, STR_ARG(r->cx->fail.detail));
}

/* What the machine lacks or the disk does not give is tried again, a few times; what the file is, stays. */
static bool may_help(const struct reading *r)
{
    return (r->err == ERR_IO || r->err == ERR_NO_SPACE) && r->row->tries + 1 < FULLTEXT_TRIES;
}

static enum err read_one(struct cx *cx, const struct q_fulltext_next *row, bool *ret_without)
{
    struct reading r = {.cx = cx, .row = row};
    enum err e = db_write(cx, claim, &r);
    if (e)
        return e == ERR_CONFLICT ? ERR_OK : e;
    if (row->tries >= FULLTEXT_TRIES) /* each time the process ended over it */
        r.err = fail(cx, ERR_SYNTAX, "reading it never came to an end");
    else
        read_apart(&r);
    if (r.err == ERR_DB || r.err == ERR_AWAY || r.err == ERR_BUSY)
        return r.err;
    if (r.err == ERR_CONFIG) {
        *ret_without = true;
        return db_write(cx, put_off, &r);
    }
    if (may_help(&r))
        return ERR_OK;
    if (r.err && r.err != ERR_NOT_FOUND)
        tell(&r);
    if (r.err)
        r.terms.n = 0;
    return db_write(cx, put_words, &r);
}

/* ---- the run ---- */

enum err fulltext_job(struct cx *cx, struct job *job)
{
    int64_t until_us = time_tick_us() + RUN_S * SECOND_US;
    bool without = false;
    size_t n = FEW;
    enum err e = ERR_OK;
    (void)job;
    while (!e && n == FEW && time_tick_us() < until_us) {
        struct arena_mark mark = arena_mark(cx->arena);
        struct q_fulltext_next *rows;
        e = q_fulltext_next(cx, cx->now_us, FEW, &rows, &n);
        for (size_t i = 0; !e && i < n && time_tick_us() < until_us && !(e = cx_go_on(cx)); i++)
            e = read_one(cx, &rows[i], &without);
        if (!e)
            arena_reset(cx->arena, mark);
    }
    if (!e && without)
        log_line(cx, LOG_WARN, "documents_wait", "why=\"%s\"",
                 "pdftotext is not installed (Debian: poppler-utils); PDF is not found by its words");
    return e;
}
