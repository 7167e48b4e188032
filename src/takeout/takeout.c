/* Asking for a copy, having it, and its end. */
#include "takeout_internal.h"

#include "access/access.h"
#include "auth/auth.h"
#include "i18n/i18n.h"
#include "party/party.h"
#include "takeout_store.h"

enum { EXPIRE_AT_ONCE = 100 };

/* It has ended, and had not then. */
static bool ended_since(const struct cx *cx, const struct party_mandate *m, int64_t since_us)
{
    int64_t end_us = m->until_us.set ? m->until_us.v : INT64_MAX;
    if (m->withdrawn_us.set && m->withdrawn_us.v < end_us)
        end_us = m->withdrawn_us.v;
    return end_us >= since_us && end_us <= cx->now_us;
}

enum err takeout_may(struct cx *cx, int64_t party_id, int64_t since_us, bool *ret)
{
    struct party_mandates all;
    bool ended = false;
    *ret = cx->who->kind == WHO_PARTY && party_id && cx->who->party_id == party_id;
    if (*ret || cx->who->kind != WHO_PARTY)
        return ERR_OK;
    enum err e = party_mandates_mine(cx, &all);
    for (size_t i = 0; !e && i < all.rows.n; i++) {
        const struct party_mandate *m = &all.rows.p[i];
        if (m->giver_id != party_id || m->holder_id != cx->who->party_id)
            continue;
        *ret |= party_mandate_is_now(cx, m);
        ended |= since_us && ended_since(cx, m, since_us);
    }
    *ret = *ret && !ended;
    return e;
}

/* Inside db_write: the row, its file and its job. */
static enum err drop(struct cx *cx, int64_t id)
{
    enum err e = files_drop(cx, S(TAKEOUT_USER), id);
    if (!e)
        e = job_forget(cx, S(TAKEOUT_JOB), str_fmt(cx->arena, "%lld", (long long)id));
    return e ? e : q_takeout_delete_row(cx, id);
}

struct starting {
    int64_t party_id, id;
};

static enum err start(struct cx *cx, void *ctx)
{
    struct starting *s = ctx;
    struct q_takeout_of_pair old;
    bool found, may;
    enum err e = takeout_may(cx, s->party_id, 0, &may);
    if (!e && !may)
        e = fail(cx, ERR_FORBIDDEN, "neither one's own data nor by a mandate");
    if (!e)
        e = q_takeout_of_pair(cx, cx->who->party_id, s->party_id, &old, &found);
    if (!e && found && old.state == TAKEOUT_WAITING) {
        s->id = old.id;
        return ERR_OK;
    }
    if (!e && found)
        e = drop(cx, old.id);
    s->id = rand_id();
    if (!e)
        e = q_takeout_insert(cx, &(struct q_takeout_insert_in){.id = s->id,
                                                               .party_id = s->party_id,
                                                               .asker_id = cx->who->party_id,
                                                               .lang = cx->lang,
                                                               .assurance = cx->who->assurance,
                                                               .now_us = cx->now_us,
                                                               .until_us = cx->now_us + TAKEOUT_DAYS * DAY_US});
    return e ? e
             : job_add(cx,
                       &(struct job_new){.kind = S(TAKEOUT_JOB), .key = str_fmt(cx->arena, "%lld", (long long)s->id)});
}

enum err takeout_start(struct cx *cx, int64_t party_id, int64_t *ret_id)
{
    struct starting s = {.party_id = party_id};
    enum err e = db_write(cx, start, &s);
    if (e == ERR_DUPLICATE) /* pressed twice at the same moment: the other one is being made */
        e = db_write(cx, start, &s);
    if (!e)
        *ret_id = s.id;
    return e;
}

/* ---- having it ---- */

#define TAKEOUT_OF(r) \
    ((struct takeout){.id = (r).id, \
                      .party_id = (r).party_id, \
                      .asker_id = (r).asker_id, \
                      .lang = (enum lang)(r).lang, \
                      .assurance = (enum assurance)(r).assurance, \
                      .state = (enum takeout_state)(r).state, \
                      .asked_us = (r).asked_us, \
                      .until_us = (r).until_us, \
                      .ready_us = (r).ready_us, \
                      .cases_done = (r).cases_done, \
                      .cases_n = (r).cases_n, \
                      .file = {.hash = file_hash((r).file), .size = (r).bytes}})

static struct hash file_hash(struct str bytes)
{
    struct hash h = {0};
    if (bytes.n == HASH_BYTES)
        memcpy(h.b, bytes.p, HASH_BYTES);
    return h;
}

/* When the file was begun at the earliest; 0: there is none. */
static int64_t made_after(int64_t state, int64_t asked_us)
{
    return state == TAKEOUT_READY ? asked_us : 0;
}

enum err takeout_mine(struct cx *cx, struct takeouts *ret)
{
    struct q_takeout_of_asker *rows;
    size_t n;
    *ret = (struct takeouts){0};
    enum err e = q_takeout_of_asker(cx, cx->who->party_id, cx->now_us, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        bool may;
        e = takeout_may(cx, rows[i].party_id, made_after(rows[i].state, rows[i].asked_us), &may);
        if (!e && may)
            vec_add(cx->arena, &ret->rows, TAKEOUT_OF(rows[i]));
    }
    return e;
}

enum err takeout_is_ready(struct cx *cx, bool *ret)
{
    struct takeouts all;
    enum err e = takeout_mine(cx, &all);
    *ret = false;
    for (size_t i = 0; !e && i < all.rows.n; i++)
        *ret |= all.rows.p[i].state == TAKEOUT_READY && all.rows.p[i].party_id == cx->who->party_id;
    return e;
}

static enum err own(struct cx *cx, int64_t id, struct takeout *ret)
{
    struct q_takeout_row row;
    bool found, may = false;
    enum err e = q_takeout_row(cx, id, &row, &found);
    if (!e && found && row.asker_id == cx->who->party_id && row.until_us > cx->now_us)
        e = takeout_may(cx, row.party_id, made_after(row.state, row.asked_us), &may);
    if (!e && !may)
        e = fail(cx, ERR_NOT_FOUND, "no such file of this person");
    if (!e)
        *ret = TAKEOUT_OF(row);
    return e;
}

static enum err note_fetched(struct cx *cx, void *ctx)
{
    return q_takeout_fetched(cx, *(const int64_t *)ctx);
}

enum err takeout_get(struct cx *cx, int64_t id, struct takeout *ret)
{
    struct takeout t;
    enum err e = own(cx, id, &t);
    if (!e && t.state != TAKEOUT_READY)
        e = fail(cx, ERR_NOT_FOUND, "the file is not ready");
    if (!e)
        e = auth_require(cx, t.assurance);
    if (!e)
        e = db_write(cx, note_fetched, &id);
    if (e)
        return e;
    access_note(cx, &(struct access_entry){.subject_party_id = t.party_id,
                                           .kind = S("export"),
                                           .purpose = access_purpose(cx, T_takeout_purpose)});
    *ret = t;
    return ERR_OK;
}

static enum err delete_own(struct cx *cx, void *ctx)
{
    int64_t id = *(const int64_t *)ctx;
    struct takeout t;
    enum err e = own(cx, id, &t);
    return e ? e : drop(cx, id);
}

enum err takeout_delete(struct cx *cx, int64_t id)
{
    return db_write(cx, delete_own, &id);
}

/* ---- its end ---- */

static enum err expire(struct cx *cx, void *ctx)
{
    size_t *n = ctx;
    struct q_takeout_over *rows;
    enum err e = q_takeout_over(cx, cx->now_us, EXPIRE_AT_ONCE, &rows, n);
    for (size_t i = 0; !e && i < *n; i++)
        e = drop(cx, rows[i].id);
    return e;
}

enum err takeout_expire_job(struct cx *cx, struct job *job)
{
    (void)job;
    size_t n;
    enum err e;
    do
        e = db_write(cx, expire, &n);
    while (!e && n == EXPIRE_AT_ONCE && !(e = cx_go_on(cx)));
    return e;
}

enum err takeout_drop_pair(struct cx *cx, int64_t asker_id, int64_t party_id)
{
    struct q_takeout_of_pair old;
    bool found;
    enum err e = q_takeout_of_pair(cx, asker_id, party_id, &old, &found);
    return e || !found ? e : drop(cx, old.id);
}

enum err takeout_erase_casefile(struct cx *cx, int64_t casefile_id)
{
    struct q_takeout_of_casefile *rows;
    size_t n;
    enum err e = q_takeout_of_casefile(cx, casefile_id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        e = drop(cx, rows[i].id);
    return e;
}

enum err takeout_erase_party(struct cx *cx, int64_t party_id)
{
    struct q_takeout_of_party *rows;
    size_t n;
    enum err e = q_takeout_of_party(cx, party_id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        e = drop(cx, rows[i].id);
    return e;
}
