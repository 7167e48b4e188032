#include "admin.h"
#include "admin_journal.h"
#include "admin_retention.h"
#include "admin_views.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include "tpl_admin_digest.h"
#include "tpl_admin_home.h"

static const struct {
    const char *kind;
    enum text words;
} kinds[] = {
    {"mail", T_admin_job_mail},
    {"letter", T_admin_job_letter},
    {"casefile_pdf", T_admin_job_casefile_pdf},
    {"casefile_close", T_admin_job_casefile_close},
    {"casefile_sign", T_admin_job_casefile_sign},
    {"casefile_reply", T_admin_job_casefile_reply},
    {"casefile_figures", T_admin_job_casefile_figures},
    {"access_seal", T_admin_job_access_seal},
    {"files_sweep", T_admin_job_files_sweep},
    {"auth_sweep", T_admin_job_auth_sweep},
    {"form_drafts_expire", T_admin_job_form_drafts_expire},
    {"takeout", T_admin_job_takeout},
    {"takeout_expire", T_admin_job_takeout_expire},
    {"mandate_offer", T_admin_job_mandate_offer},
    {"mandate_sweep", T_admin_job_mandate_sweep},
    {"retention_run", T_admin_job_retention_run},
    {"journal_run", T_admin_job_journal_run},
    {"journal_send", T_admin_job_journal_send},
    {"fulltext_read", T_admin_job_fulltext_read},
    {"admin_probe", T_admin_job_admin_probe},
    {"admin_digest", T_admin_job_admin_digest},
};

/* A kind that this process does not know is its own name. */
struct str admin_job_words(struct cx *cx, struct str kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq_z(kind, kinds[i].kind))
            return i18n_text(cx->lang, kinds[i].words);
    return kind;
}

static enum err admin_home(struct cx *cx, struct request *req, struct reply *rep)
{
    struct admin_health h;
    enum err e = admin_health_now(cx, &h);
    if (e)
        return e;
    struct page page = {.title = i18n_text(cx->lang, T_admin_title), .face = PAGE_ADMIN};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_admin_home(&o, &h);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

static enum err admin_digest_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct admin_health h;
    struct admin_digest d;
    enum err e = admin_health_now(cx, &h);
    if (e)
        return e;
    admin_digest_write(cx, &h, &d);
    struct page page = {.title = i18n_text(cx->lang, T_admin_digest), .face = PAGE_ADMIN};
    vec_add(cx->arena, &page.crumbs,
            (struct page_crumb){.label = i18n_text(cx->lang, T_admin_title), .href = S("/admin")});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_admin_digest(&o, &d);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

static enum err admin_digest_post(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)req;
    enum err e = admin_digest_send(cx, str_fmt(cx->arena, "digest-now-%lld", (long long)cx->now_us));
    if (e)
        return e;
    page_done(cx, rep, T_admin_digest_sent);
    return reply_redirect(cx, rep, "/admin");
}

static enum err add_probe(struct cx *cx, void *ctx)
{
    (void)ctx;
    return job_add(
        cx, &(struct job_new){.kind = S("admin_probe"), .key = str_fmt(cx->arena, "now-%lld", (long long)cx->now_us)});
}

static enum err admin_probe_post(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)req;
    enum err e = db_write(cx, add_probe, NULL);
    if (e)
        return e;
    page_done(cx, rep, T_admin_looking);
    return reply_redirect(cx, rep, "/admin");
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
    ROUTE(GET, "/admin", admin_home, PERM_ADMIN, "how everything is, what failed, work in the background"),
    ROUTE(POST, "/admin/probe", admin_probe_post, PERM_ADMIN, "look at all connections now"),
    ROUTE(GET, "/admin/digest", admin_digest_page, PERM_ADMIN, "what the daily mail would say now"),
    ROUTE(POST, "/admin/digest", admin_digest_post, PERM_ADMIN, "send it now"),
    ROUTE(POST, "/admin/jobs/{id}/retry", admin_jobs_retry, PERM_ADMIN, "try a job again that was given up"),
    ROUTE(GET, "/admin/journal", admin_journal, PERM_ADMIN, "what the national journal service has got"),
    ROUTE(POST, "/admin/journal", admin_journal_again, PERM_ADMIN, "tell it now what waits"),
    ROUTE(GET, "/admin/retention", admin_retention, PERM_ADMIN, "what is due to be erased, held back, and was erased"),
    ROUTE(GET, "/admin/retention/run", admin_retention_run_page, PERM_ADMIN, "what would be erased now"),
    ROUTE(POST, "/admin/retention/run", admin_retention_run, PERM_ADMIN, "erase it now", .fields = FIELDS(run_fields)),
    ROUTE(POST, "/admin/retention/list/{id}", admin_retention_approve, PERM_ADMIN, "approve a list for destruction"),
    ROUTE(POST, "/admin/retention/hold", admin_retention_hold, PERM_ADMIN, "hold a case back from erasure",
          .fields = FIELDS(hold_fields), .flags = ROUTE_OWN_ERRORS),
    ROUTE(GET, "/admin/retention/hold/{id}", admin_retention_release_page, PERM_ADMIN, "let a case go: are you sure"),
    ROUTE(POST, "/admin/retention/hold/{id}", admin_retention_release, PERM_ADMIN, "let a case go"),
};
const struct http_module admin_module = HTTP_MODULE("admin", routes);
