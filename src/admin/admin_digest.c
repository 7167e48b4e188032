/* The daily mail: the administrator's page in words. Sent also when all is well: a mail that does not come is news too
   (docs/ops.md). It holds no personal data. */
#include "admin.h"
#include "admin_store.h"
#include "admin_views.h"
#include "auth/auth.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include "mail/mail.h"
#include "municipality/municipality.h"

enum { KEEP_DAYS = 90 };

static void add_check(struct cx *cx, struct buf *b, const struct admin_check *c)
{
    struct str name = i18n_text(cx->lang, c->name);
    buf_fmt(b, "- %.*s: %.*s", STR_ARG(name), STR_ARG(c->text.n ? c->text : i18n_text(cx->lang, c->state_text)));
    if (c->since_us) {
        struct str since = i18n_fmt(cx, T_admin_since, ARG("when", c->since));
        buf_fmt(b, " %.*s", STR_ARG(since));
    }
    if (c->detail.n && c->state >= ADMIN_WARN)
        buf_fmt(b, " (%.*s)", STR_ARG(c->detail));
    buf_add_char(b, '\n');
}

static void add_failure(struct buf *b, const struct admin_failure *f)
{
    buf_fmt(b, "- %.*s", STR_ARG(f->text));
    if (f->when.n)
        buf_fmt(b, " %.*s", STR_ARG(f->when));
    buf_add_char(b, '\n');
}

static void add_heading(struct cx *cx, struct buf *b, enum text key)
{
    buf_fmt(b, "\n%.*s\n", STR_ARG(i18n_text(cx->lang, key)));
}

void admin_digest_write(struct cx *cx, const struct admin_health *h, struct admin_digest *ret)
{
    struct buf b = buf_make(cx->arena);
    struct str place = cx->muni->short_name;
    ret->subject = h->need ? i18n_fmt(cx, T_admin_digest_subject_need, ARG("place", place), ARG("n", h->need))
                           : i18n_fmt(cx, T_admin_digest_subject_well, ARG("place", place));
    struct str lead = h->need ? i18n_fmt(cx, T_admin_need, ARG("n", h->need)) : i18n_text(cx->lang, T_admin_well);
    buf_fmt(&b, "%.*s\n", STR_ARG(lead));
    for (size_t i = 0; i < h->checks.n; i++)
        if (h->checks.p[i].state >= ADMIN_WARN)
            add_check(cx, &b, &h->checks.p[i]);
    add_heading(cx, &b, T_admin_failed);
    for (size_t i = 0; i < h->failures.n; i++)
        add_failure(&b, &h->failures.p[i]);
    if (!h->failures.n)
        buf_fmt(&b, "%.*s\n", STR_ARG(i18n_text(cx->lang, T_admin_failed_none)));
    add_heading(cx, &b, T_admin_checks);
    for (size_t i = 0; i < h->checks.n; i++)
        if (h->checks.p[i].state < ADMIN_WARN)
            add_check(cx, &b, &h->checks.p[i]);
    struct str done = i18n_fmt(cx, T_admin_digest_done, ARG("mails", h->mails_sent), ARG("letters", h->letters_sent));
    struct str url = str_cat(cx->arena, auth_base_url(cx), S("/admin"));
    struct str end = i18n_fmt(cx, T_admin_digest_end, ARG("url", url));
    buf_fmt(&b, "\n%.*s\n\n%.*s\n", STR_ARG(done), STR_ARG(end));
    ret->text = buf_str(&b);
}

struct posting {
    struct admin_digest digest;
    struct str key;
};

/* To each administrator; who has been sent this key has been sent it. */
static enum err post(struct cx *cx, void *ctx)
{
    const struct posting *p = ctx;
    const struct municipality *m = cx->muni;
    int64_t before_us = cx->now_us - KEEP_DAYS * DAY_US;
    enum err e = q_admin_incident_forget(cx, before_us);
    if (!e)
        e = q_admin_outage_forget(cx, before_us);
    for (size_t i = 0; !e && i < m->digest_to.n; i++)
        e = mail_queue(cx, &(struct mail_new){.to = m->digest_to.p[i],
                                              .subject = p->digest.subject,
                                              .text = p->digest.text,
                                              .key = str_fmt(cx->arena, "%.*s-%zu", STR_ARG(p->key), i),
                                              .lang = cx->lang});
    return e;
}

enum err admin_digest_send(struct cx *cx, struct str key)
{
    struct admin_health h;
    struct posting p = {.key = key};
    enum lang lang = cx->lang;
    cx->lang = cx->muni->first_lang;
    enum err e = admin_health_now(cx, &h);
    if (!e) {
        admin_digest_write(cx, &h, &p.digest);
        e = db_write(cx, post, &p);
    }
    cx->lang = lang;
    return e;
}

enum err admin_digest_job(struct cx *cx, struct job *job)
{
    struct civil now = civil_from_us(cx->now_us);
    (void)job;
    if (!cx->muni->digest_to.n || now.hour < cx->muni->digest_hour)
        return ERR_OK;
    return admin_digest_send(cx, str_fmt(cx->arena, "digest-%04d-%02d-%02d", now.year, now.month, now.day));
}
