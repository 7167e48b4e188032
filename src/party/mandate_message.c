/* What people are told of mandates: on my page with an e-mail that there is news, or by post (law 6). */
#include "access/access.h"
#include "i18n/i18n.h"
#include "jobs/jobs.h"
#include "mail/mail.h"
#include "party_internal.h"
#include "party_store.h"

enum { PAPER_AT_ONCE = 100, KEPT_DAYS = 365 };

/* No name and no matter stands in an e-mail. */
static enum err mail(struct cx *cx, const struct party_message *message, struct str email, enum lang lang)
{
    enum lang before = cx->lang;
    cx->lang = lang;
    struct str name = cx->muni ? cx->muni->name : S(""), web = cx->muni ? cx->muni->web : S("");
    struct mail_new new = {
        .to = email,
        .subject = i18n_fmt(cx, T_party_mail_subject, ARG("municipality", name)),
        .text = i18n_fmt(cx, T_party_mail_text, ARG("municipality", name), ARG("web", web)),
        .key = str_fmt(cx->arena, "mandate-%lld", (long long)message->id),
        .lang = lang,
    };
    cx->lang = before;
    return mail_queue(cx, &new);
}

enum err party_tell(struct cx *cx, const struct party_message *message)
{
    struct party_message m = *message;
    struct q_party_row row;
    bool found;
    enum err e = q_party_row(cx, m.party_id, &row, &found);
    if (e || !found || row.kind != PARTY_PERSON) /* an organisation is told through those who speak for it */
        return e;
    m.id = rand_id();
    e = q_party_message_insert(cx, &(struct q_party_message_insert_in){.id = m.id,
                                                                       .party_id = m.party_id,
                                                                       .kind = m.kind,
                                                                       .other = m.other,
                                                                       .scope = m.scope,
                                                                       .act = m.act,
                                                                       .until_us = m.until_us,
                                                                       .now_us = cx->now_us,
                                                                       .paper = row.reserved});
    bool can = !row.reserved && row.email.p && mail_address_ok(row.email);
    return e || !can ? e : mail(cx, &m, row.email, (enum lang)row.lang);
}

/* What both lists of one's own messages have. */
#define MESSAGE_OF(cx, r) \
    .id = (r).id, .party_id = (cx)->who->party_id, .kind = (enum party_mandate_news)(r).kind, .other = (r).other, \
    .scope = (r).scope, .act = (r).act, .until_us = (r).until_us, .at_us = (r).at_us

enum err party_messages_unseen(struct cx *cx, struct party_messages *ret)
{
    struct q_party_messages_unseen *rows;
    size_t n;
    *ret = (struct party_messages){0};
    if (cx->who->kind != WHO_PARTY)
        return ERR_OK;
    enum err e = q_party_messages_unseen(cx, cx->who->party_id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &ret->rows, (struct party_message){MESSAGE_OF(cx, rows[i])});
    return e;
}

enum err party_messages_held(struct cx *cx, struct party_messages *ret)
{
    struct q_party_messages_of *rows;
    size_t n = 0;
    *ret = (struct party_messages){0};
    if (cx->who->kind != WHO_PARTY)
        return ERR_OK;
    enum err e = q_party_messages_of(cx, cx->who->party_id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &ret->rows,
                (struct party_message){MESSAGE_OF(cx, rows[i]), .seen_us = rows[i].seen_us,
                                       .posted_us = rows[i].posted_us, .paper = rows[i].paper});
    return e;
}

static enum err write_seen(struct cx *cx, void *ctx)
{
    (void)ctx;
    return q_party_messages_seen(cx, cx->who->party_id, cx->now_us);
}

enum err party_messages_seen(struct cx *cx)
{
    return cx->who->kind == WHO_PARTY ? db_write(cx, write_seen, NULL) : ERR_OK;
}

/* ---- on paper ---- */

static enum err counter(struct cx *cx)
{
    return cx->who->kind == WHO_EMPLOYEE && auth_has(cx->who, ROLE_COUNTER)
               ? ERR_OK
               : fail(cx, ERR_FORBIDDEN, "for the employees of the counter");
}

/* id 0: all. */
static enum err waiting(struct cx *cx, int64_t id, struct party_messages *ret)
{
    struct q_party_messages_paper *rows;
    size_t n = 0;
    *ret = (struct party_messages){0};
    enum err e = counter(cx);
    if (!e)
        e = q_party_messages_paper(cx, id, auth_has(cx->who, ROLE_PROTECTED), cx->who->party_id, PAPER_AT_ONCE, &rows,
                                   &n);
    for (size_t i = 0; !e && i < n; i++) {
        vec_add(cx->arena, &ret->rows,
                (struct party_message){.id = rows[i].id,
                                       .party_id = rows[i].party_id,
                                       .name = rows[i].name,
                                       .kind = (enum party_mandate_news)rows[i].kind,
                                       .other = rows[i].other,
                                       .scope = rows[i].scope,
                                       .act = rows[i].act,
                                       .until_us = rows[i].until_us,
                                       .at_us = rows[i].at_us});
        access_note(cx, &(struct access_entry){.subject_party_id = rows[i].party_id,
                                               .kind = S("letter"),
                                               .purpose = access_purpose(cx, T_party_purpose_post)});
    }
    return e;
}

enum err party_messages_paper(struct cx *cx, struct party_messages *ret)
{
    return waiting(cx, 0, ret);
}

enum err party_message_paper(struct cx *cx, int64_t id, struct party_message *ret)
{
    struct party_messages one = {0};
    enum err e = id ? waiting(cx, id, &one) : ERR_OK;
    if (!e && !one.rows.n)
        e = fail(cx, ERR_NOT_FOUND, "no such letter waits for the post");
    if (!e)
        *ret = one.rows.p[0];
    return e;
}

struct posting {
    int64_t id;
};

static enum err write_posted(struct cx *cx, void *ctx)
{
    const struct posting *p = ctx;
    int64_t n;
    enum err e = q_party_message_posted(cx, p->id, cx->now_us, cx->who->employee_id, &n);
    return e || n ? e : fail(cx, ERR_CONFLICT, "this letter does not wait for the post");
}

enum err party_message_posted(struct cx *cx, int64_t id)
{
    struct party_message letter;
    enum err e = party_message_paper(cx, id, &letter);
    if (e == ERR_NOT_FOUND)
        return fail(cx, ERR_CONFLICT, "this letter does not wait for the post");
    return e ? e : db_write(cx, write_posted, &(struct posting){id});
}

/* ---- sweeping ---- */

static enum err sweep(struct cx *cx, void *ctx)
{
    (void)ctx;
    enum err e = q_party_offers_sweep(cx, cx->now_us - PARTY_OFFER_DAYS * DAY_US);
    return e ? e : q_party_messages_sweep(cx, cx->now_us - KEPT_DAYS * DAY_US);
}

enum err party_mandate_sweep_job(struct cx *cx, struct job *job)
{
    (void)job;
    return db_write(cx, sweep, NULL);
}
