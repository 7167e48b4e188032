#include "admin.h"
#include "admin_retention.h"
#include "admin_views.h"
#include "i18n/i18n.h"
#include "jobs/jobs.h"
#include "tpl_admin_jobs.h"

enum { ROWS_MAX = 200, LATE_US = 10 * MINUTE_US };

static const struct {
    const char *kind;
    enum text words;
} kinds[] = {
    {"mail", T_admin_job_mail},
    {"letter", T_admin_job_letter},
    {"casefile_pdf", T_admin_job_casefile_pdf},
    {"access_seal", T_admin_job_access_seal},
    {"files_sweep", T_admin_job_files_sweep},
    {"auth_sweep", T_admin_job_auth_sweep},
    {"form_drafts_expire", T_admin_job_form_drafts_expire},
    {"retention_run", T_admin_job_retention_run},
};

/* A kind nobody has given words is its own name. */
static struct str words_of(struct cx *cx, struct str kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq_z(kind, kinds[i].kind))
            return i18n_text(cx->lang, kinds[i].words);
    return kind;
}

struct gathering {
    struct jobs_numbers numbers;
    struct job_row *rows;
    size_t n;
};

static enum err gather(struct cx *cx, void *ctx)
{
    struct gathering *g = ctx;
    enum err e = jobs_numbers(cx, &g->numbers);
    return e ? e : jobs_list_dead(cx, ROWS_MAX, &g->rows, &g->n);
}

static enum err admin_jobs(struct cx *cx, struct request *req, struct reply *rep)
{
    struct gathering g;
    enum err e = db_read(cx, gather, &g);
    if (e)
        return e;
    struct admin_jobs view = {.waiting = g.numbers.waiting, .running = g.numbers.running, .dead = g.numbers.dead};
    view.oldest_due_us = g.numbers.oldest_due_us;
    view.late = view.oldest_due_us && cx->now_us - view.oldest_due_us > LATE_US;
    for (size_t i = 0; i < g.n; i++)
        vec_add(cx->arena, &view.rows,
                (struct admin_job){.id = g.rows[i].id,
                                   .what = words_of(cx, g.rows[i].kind),
                                   .kind = g.rows[i].kind,
                                   .key = g.rows[i].key,
                                   .error = g.rows[i].error.p ? g.rows[i].error : S(""),
                                   .attempts = g.rows[i].attempts,
                                   .ended_us = g.rows[i].ended_us});
    struct page page = {.title = i18n_text(cx->lang, T_admin_jobs_title), .face = PAGE_ADMIN};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_admin_jobs(&o, &view);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

static enum err admin_jobs_retry(struct cx *cx, struct request *req, struct reply *rep)
{
    enum err e = job_retry(cx, req_param_id(req, "id"));
    if (e)
        return e;
    page_done(cx, rep, T_admin_jobs_retried);
    return reply_redirect(cx, rep, "/admin");
}

static const struct field run_fields[] = {{"n", FIELD_INT, .required = true, .min = 1, .max = INT64_MAX}};
static const struct field hold_fields[] = {
    {"no", FIELD_TEXT, .max = 40}, {"reason", FIELD_LONG, .max = 2000}, {"language", FIELD_CODE, .max = 2}};

static const struct route routes[] = {
    ROUTE(GET, "/admin", admin_jobs, PERM_ADMIN, "work in the background, and what was given up"),
    ROUTE(POST, "/admin/jobs/{id}/retry", admin_jobs_retry, PERM_ADMIN, "try a job again that was given up"),
    ROUTE(GET, "/admin/retention", admin_retention, PERM_ADMIN, "what is due to be erased, held back, and was erased"),
    ROUTE(GET, "/admin/retention/run", admin_retention_run_page, PERM_ADMIN, "what would be erased now"),
    ROUTE(POST, "/admin/retention/run", admin_retention_run, PERM_ADMIN, "erase it now", .fields = FIELDS(run_fields)),
    ROUTE(POST, "/admin/retention/hold", admin_retention_hold, PERM_ADMIN, "hold a case back from erasure",
          .fields = FIELDS(hold_fields), .flags = ROUTE_OWN_ERRORS),
    ROUTE(GET, "/admin/retention/hold/{id}", admin_retention_release_page, PERM_ADMIN, "let a case go: are you sure"),
    ROUTE(POST, "/admin/retention/hold/{id}", admin_retention_release, PERM_ADMIN, "let a case go"),
};
const struct http_module admin_module = HTTP_MODULE("admin", routes);
