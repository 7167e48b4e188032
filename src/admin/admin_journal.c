/* What the national journal service has got, and what it has not. */
#include "admin_journal.h"

#include "admin_views.h"
#include "i18n/i18n.h"
#include "journal/journal.h"
#include "municipality/municipality.h"
#include "tpl_admin_journal.h"

static enum err is_public(struct cx *cx)
{
    return cx->muni->journal_public ? ERR_OK : fail(cx, ERR_NOT_FOUND, "no public journal is kept here");
}

enum err admin_journal(struct cx *cx, struct request *req, struct reply *rep)
{
    struct journal_out out;
    enum err e = is_public(cx);
    if (!e)
        e = journal_out_now(cx, &out);
    if (e)
        return e;
    struct admin_journal v = {.set = cx->muni->einnsyn_url.n > 0,
                              .url = cx->muni->einnsyn_url,
                              .all = out.known,
                              .done = out.known - out.waits,
                              .waits = out.waits,
                              .failed = out.failed,
                              .last_us = out.last_us.v};
    for (size_t i = 0; i < out.failures.n; i++) {
        const struct journal_out_failure *f = &out.failures.p[i];
        vec_add(cx->arena, &v.failures, (struct admin_journal_failure){f->no, f->error, f->tries, f->next_us});
    }
    struct page page = {.title = i18n_text(cx->lang, T_admin_journal_title), .face = PAGE_ADMIN};
    vec_add(cx->arena, &page.crumbs,
            (struct page_crumb){.label = i18n_text(cx->lang, T_admin_title), .href = S("/admin")});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_admin_journal(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err admin_journal_again(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)req;
    enum err e = is_public(cx);
    if (!e)
        e = journal_out_again(cx);
    if (e)
        return e;
    page_done(cx, rep, T_admin_journal_sending);
    return reply_redirect(cx, rep, "/admin/journal");
}
