/* The job that makes the file: documents as they come, then the page, the JSON and the checksums. */
#include "takeout_internal.h"

#include <assert.h>
#include <unistd.h>

#include "auth/auth.h"
#include "codec/codec.h"
#include "i18n/i18n.h"
#include "mail/mail.h"
#include "party/party.h"
#include "takeout_store.h"

struct making {
    struct job *job;
    struct q_takeout_row row;
    struct file_ref file;
    struct opt_int until_us;
    int64_t id, done, n, told_us;
};

static enum err write_progress(struct cx *cx, void *ctx)
{
    const struct making *m = ctx;
    return q_takeout_progress(cx, m->id, m->done, m->n);
}

/* Somebody may be looking; once a second is often enough, and when the cases are done: the rest may take as long. */
static enum err progress(struct cx *cx, void *ctx, int64_t done, int64_t n)
{
    struct making *m = ctx;
    int64_t now_us = time_tick_us();
    enum err e = cx_go_on(cx);
    if (e)
        return e;
    if (done < n && m->told_us && now_us - m->told_us < SECOND_US)
        return ERR_OK;
    m->told_us = now_us;
    m->done = done;
    m->n = n;
    return db_write(cx, write_progress, m);
}

static enum err add_file(struct cx *cx, struct takeout_zip *zip, FILE *f, struct str path)
{
    struct takeout_entry entry = {.path = path, .fd = fileno(f), .at_us = cx->now_us};
    struct hash hash;
    enum err e = takeout_temp_end(cx, f, &entry.size);
    return e ? e : takeout_zip_add(zip, &entry, &hash);
}

static enum err make(struct cx *cx, struct making *m)
{
    FILE *out;
    int64_t size;
    struct takeout_order order = {.party_id = m->row.party_id, .progress = progress, .ctx = m};
    struct takeout_made made;
    enum err e = takeout_temp(cx, &out);
    if (!e)
        e = takeout_zip_new(cx, fileno(out), &order.zip);
    if (!e)
        e = takeout_compose(cx, &order, &made);
    if (!e)
        m->until_us = made.until_us;
    if (!e)
        e = add_file(cx, order.zip, made.page, i18n_text(cx->lang, T_takeout_index_name));
    if (!e)
        e = add_file(cx, order.zip, made.json, S("data.json"));
    if (!e && made.n_documents)
        e = add_file(cx, order.zip, made.sums, S("sha256sums.txt"));
    if (!e)
        e = takeout_zip_end(order.zip);
    if (!e)
        e = takeout_temp_end(cx, out, &size);
    return e ? e : files_put_fd(cx, fileno(out), &m->file);
}

/* "There is something on my page", as all messages of the house: no more stands in an e-mail. */
static enum err tell(struct cx *cx, const struct making *m)
{
    struct str email;
    enum lang lang, before = cx->lang;
    enum err e = party_notice(cx, m->row.asker_id, &email, &lang);
    if (e || !mail_address_ok(email))
        return e;
    cx->lang = lang;
    struct mail_new mail = {.to = email,
                            .subject = i18n_fmt(cx, T_takeout_mail_subject, ARG("municipality", cx->muni->name)),
                            .text = i18n_fmt(cx, T_takeout_mail_text, ARG("municipality", cx->muni->name),
                                             ARG("web", cx->muni->web), ARG("phone", cx->muni->phone)),
                            .key = str_fmt(cx->arena, "takeout-%lld", (long long)m->id),
                            .lang = lang};
    cx->lang = before;
    return mail_queue(cx, &mail);
}

static enum err finish(struct cx *cx, void *ctx)
{
    struct making *m = ctx;
    int64_t n, until_us = cx->now_us + TAKEOUT_DAYS * DAY_US;
    if (m->until_us.set && m->until_us.v < until_us) /* law 10: no longer than what is in it */
        until_us = m->until_us.v;
    enum err e = q_takeout_ready(cx, m->id, cx->now_us, until_us, m->file.hash, m->file.size, &n);
    if (!e && !n) /* deleted, or what is in it was erased, while it was made: the file is kept by nobody */
        return fail(cx, ERR_GONE, "nobody waits for it any more");
    if (!e)
        e = files_keep(cx, &m->file, S(TAKEOUT_USER), m->id);
    if (!e)
        e = tell(cx, m);
    return e ? e : job_complete(cx, m->job);
}

static enum err give_up(struct cx *cx, void *ctx)
{
    const struct making *m = ctx;
    enum err e = q_takeout_failed(cx, m->id);
    return e ? e : job_complete(cx, m->job);
}

/* As the one who asked: everything is looked at with her eyes, and what she sees of another is noted as her look. */
static enum err as_asker(struct cx *cx, struct making *m)
{
    const struct who *before = cx->who;
    struct who asker = {.kind = WHO_PARTY, .party_id = m->row.asker_id, .assurance = (enum assurance)m->row.assurance};
    enum lang lang = cx->lang;
    bool may;
    cx->who = &asker;
    cx->lang = (enum lang)m->row.lang;
    enum err e = takeout_may(cx, m->row.party_id, 0, &may);
    if (!e)
        e = may ? make(cx, m) : fail(cx, ERR_FORBIDDEN, "the mandate is no longer in force");
    cx->who = before;
    cx->lang = lang;
    return e;
}

enum err takeout_job(struct cx *cx, struct job *job)
{
    struct making m = {.job = job};
    bool found, known = str_to_i64(job->key, &m.id);
    assert(known);
    enum err e = q_takeout_row(cx, m.id, &m.row, &found);
    if (!e && (!found || m.row.state != TAKEOUT_WAITING))
        return fail(cx, ERR_GONE, "nobody waits for it any more");
    if (!e)
        e = as_asker(cx, &m);
    if (e == ERR_FORBIDDEN) /* nobody's fault: the page says that there is no file */
        return db_write(cx, give_up, &m);
    return e ? e : db_write(cx, finish, &m);
}

enum err takeout_job_dead(struct cx *cx, struct job *job)
{
    int64_t id;
    return str_to_i64(job->key, &id) ? q_takeout_failed(cx, id) : ERR_OK;
}
