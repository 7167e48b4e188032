/* What http asks of the rooms beside and above it. */
#include <stdatomic.h>

#include "access/access.h"
#include "app/app.h"
#include "page/page.h"

/* Who asks, and in which language. */
static enum err begin(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)rep;
    cx->who = auth_nobody();
    cx->csrf = auth_csrf_token;
    cx->lang = page_request_language(cx, req);
    enum err e = auth_begin(cx, req_cookie(req, AUTH_COOKIE));
    if (!e)
        service_catalogue_keep_fresh(cx);
    return e;
}

static bool may_pass(const struct who *w, enum perm perm)
{
    switch (perm) {
    case PERM_PUBLIC:
        return true;
    case PERM_LOGIN:
        return w->kind == WHO_PARTY || w->kind == WHO_EMPLOYEE;
    case PERM_PARTY:
        return w->kind == WHO_PARTY;
    case PERM_EMPLOYEE:
        return w->kind == WHO_EMPLOYEE;
    case PERM_LEADER:
        return w->kind == WHO_EMPLOYEE && auth_has(w, ROLE_LEADER);
    case PERM_ADMIN:
        return w->kind == WHO_EMPLOYEE && auth_has(w, ROLE_ADMIN);
    case PERM_OVERSIGHT:
        return w->kind == WHO_EMPLOYEE && auth_has(w, ROLE_ADVISER | ROLE_DPO | ROLE_LEADER);
    case PERM_COUNT:
        break;
    }
    return false;
}

static enum err may(struct cx *cx, enum perm perm)
{
    if (may_pass(cx->who, perm))
        return ERR_OK;
    if (cx->who->kind == WHO_NOBODY)
        return ERR_LOGIN;
    return fail(cx, ERR_FORBIDDEN, "logged in as another kind of user than this page is for");
}

static bool csrf_ok(struct cx *cx, struct request *req, struct str token)
{
    (void)req;
    return auth_csrf_ok(cx, token);
}

/* So many views in less than the minute of its schedule, and the sealing job is wanted now: a person's list reads
   through all that have no seal. */
enum { SEAL_EARLY = 5000 };

static enum err add_seal_job(struct cx *cx, void *ctx)
{
    (void)ctx;
    return job_add(cx, &(struct job_new){.kind = S("access_seal"),
                                         .key = str_fmt(cx->arena, "early-%lld", (long long)cx->now_us)});
}

/* n more views were written by this process. */
static void seal_early(struct cx *cx, size_t n)
{
    static atomic_size_t since; /* the job was last wanted */
    if (atomic_fetch_add(&since, n) + n < SEAL_EARLY)
        return;
    atomic_store(&since, 0);
    if (!cx->read_only && db_write(cx, add_seal_job, NULL)) /* the answer stands, and the schedule seals anyway */
        log_line(cx, LOG_WARN, "seal-early", "error=\"%.*s\"", STR_ARG(cx->fail.detail));
}

/* No log, no read: docs/why/access-log.md. */
static enum err finish(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)req;
    (void)rep;
    size_t n = access_waiting(cx);
    enum err e = access_commit(cx);
    if (!e && n)
        seal_early(cx, n);
    return e;
}

static enum err nothing(struct cx *cx, void *ctx)
{
    (void)cx;
    (void)ctx;
    return ERR_OK;
}

static enum err ready(struct cx *cx)
{
    return db_read(cx, nothing, NULL);
}

struct http_hooks app_hooks(void)
{
    return (struct http_hooks){
        .begin = begin,
        .may = may,
        .csrf_ok = csrf_ok,
        .csrf_field = AUTH_CSRF_FIELD,
        .login_url = auth_login_url,
        .keep = page_keep,
        .keeps = page_keeps,
        .finish = finish,
        .error_page = page_error_page,
        .read_only = db_set_read_only,
        .ready = ready,
        .metrics = app_metrics,
        .failed = incidents_note,
        .end = incidents_flush,
    };
}
