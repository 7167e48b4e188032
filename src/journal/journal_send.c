/* Telling the national journal service what became of entries. Each thing has a systemId that is made from our own ids,
   and is addressed by it: what may or may not have arrived is asked for by doing it again (409: it is there; 404: it is
   not), so an answer that was lost makes no double. */
#include "auth/auth.h"
#include "codec/file.h"
#include "fetch/fetch.h"
#include "journal_einnsyn.h"
#include "municipality/municipality.h"

enum {
    PAGE = 50,
    RUN_S = 40,     /* one run; there is another each minute */
    WAIT_S = 10,    /* at most, while another process runs */
    TIMEOUT_S = 20, /* one request */
    ANSWER_MAX = 1 << 18,
    PAUSE_MOST = 9 /* doublings of a minute: 8.5 hours */
};

struct sending {
    struct cx *cx;
    struct str header; /* API-KEY: … */
    const struct q_journal_out_next *row;
    struct journal_entry entry, newest; /* newest: of the case file, whose title the case file gets */
    bool open, some;                    /* entry, newest: there is one */
    struct q_journal_out_place place;
    struct einnsyn_ids ids;
    struct str series; /* systemId */
    struct fetched answer;
    struct fail why; /* it did not get there */
};

/* ---- one request ---- */

static enum err call(struct sending *s, const char *method, struct str path, const struct buf *body)
{
    struct cx *cx = s->cx;
    struct fetch f = {.method = method,
                      .url = str_cat(cx->arena, cx->muni->einnsyn_url, path),
                      .body = body ? buf_str(body) : (struct str){0},
                      .type = body ? S("application/json") : S(""),
                      .header = s->header,
                      .timeout_s = TIMEOUT_S,
                      .answer_max = ANSWER_MAX};
    enum err e = fetch(cx, &f, &s->answer);
    return e == ERR_UPSTREAM ? fail(cx, e, "the journal service did not answer: %" PRI_STR, STR_ARG(cx->fail.detail))
                             : e;
}

/* Any status but those named. ERR_UPSTREAM: nothing else will do better now; ERR_INVALID: this one thing is refused. */
static enum err end_of(struct sending *s, int ok, int also)
{
    int status = s->answer.status;
    if ((status >= 200 && status < 300) || status == ok || status == also)
        return ERR_OK;
    if (status == 401 || status == 403)
        return fail(s->cx, ERR_UPSTREAM, "the journal service does not take our key: %d%" PRI_STR, status,
                    STR_ARG(einnsyn_complaint(s->cx, s->answer.body)));
    bool refused = status >= 400 && status < 500 && status != 429 && status != 408;
    return fail(s->cx, refused ? ERR_INVALID : ERR_UPSTREAM, "the journal service answered %d%" PRI_STR, status,
                STR_ARG(einnsyn_complaint(s->cx, s->answer.body)));
}

static struct str path_of(struct sending *s, const char *what, struct str id, const char *below)
{
    return str_fmt(s->cx->arena, "/%s/%" PRI_STR "%s", what, STR_ARG(id), below);
}

/* ---- archive and case file ---- */

struct body {
    struct buf b;
    struct json_out o;
};

static struct body *begin_body(struct sending *s)
{
    struct body *body = arena_new_of(s->cx->arena, struct body);
    body->b = buf_make(s->cx->arena);
    body->o = json_out_make(&body->b);
    json_begin_object(&body->o);
    return body;
}

static enum err post_archive_part(struct sending *s, struct str path, struct str id, struct str title)
{
    struct body *body = begin_body(s);
    json_pair(&body->o, "systemId", id);
    json_pair(&body->o, "tittel", title);
    json_end(&body->o);
    enum err e = call(s, NULL, path, &body->b);
    return e ? e : end_of(s, 409, 409);
}

/* The archive and its series, of which eInnsyn keeps case files. */
static enum err post_archive(struct sending *s)
{
    enum err e = post_archive_part(s, S("/arkiv"), s->place.uuid, s->place.owner);
    return e ? e : post_archive_part(s, path_of(s, "arkiv", s->place.uuid, "/arkivdel"), s->series, s->place.series);
}

static enum err call_casefile(struct sending *s, const char *method, struct str path)
{
    struct body *body = begin_body(s);
    einnsyn_casefile(s->cx, &body->o, &s->newest, &s->ids);
    json_end(&body->o);
    return call(s, method, path, &body->b);
}

static enum err note_title(struct cx *cx, void *ctx)
{
    struct sending *s = ctx;
    return q_journal_out_titled(cx, s->row->record_id, s->place.title_hash);
}

static enum err note_unknown(struct cx *cx, void *ctx)
{
    struct sending *s = ctx;
    return q_journal_out_untitled(cx, s->row->record_id);
}

/* Before anything that may change the case file over there: an answer that is lost, or a crash, leaves it unknown. */
static enum err forget_casefile(struct sending *s)
{
    bool noted = s->place.title_hash.n > 0;
    s->place.title_hash = S("");
    return noted ? db_write(s->cx, note_unknown, s) : ERR_OK;
}

static struct str title_hash(struct sending *s)
{
    return hash_hex(s->cx->arena, hash_of(s->newest.casefile_title));
}

/* The case file is there, with the title that is public now. */
static enum err put_casefile(struct sending *s)
{
    struct str now = title_hash(s), series = path_of(s, "arkivdel", s->series, "/saksmappe");
    struct str self = path_of(s, "saksmappe", s->ids.casefile, "");
    enum err e = ERR_OK;
    if (str_eq(s->place.title_hash, now))
        return ERR_OK;
    bool known = s->place.title_hash.n > 0;
    if ((e = forget_casefile(s)))
        return e;
    s->answer.status = 404;
    if (known && (e = call_casefile(s, "PATCH", self)))
        return e;
    if (s->answer.status == 404 && !(e = call_casefile(s, NULL, series)) && s->answer.status == 404 &&
        !(e = post_archive(s)))
        e = call_casefile(s, NULL, series);
    if (!e && s->answer.status == 409)
        e = call_casefile(s, "PATCH", self);
    if (!e)
        e = end_of(s, 200, 201);
    s->place.title_hash = now;
    return e ? e : db_write(s->cx, note_title, s);
}

/* ---- an entry ---- */

static enum err call_entry(struct sending *s, const char *method, struct str path, bool whole)
{
    struct body *body = begin_body(s);
    einnsyn_entry(s->cx, &body->o, &s->entry, &s->ids, whole);
    json_end(&body->o);
    return call(s, method, path, &body->b);
}

static enum err post_entry(struct sending *s)
{
    return call_entry(s, NULL, path_of(s, "saksmappe", s->ids.casefile, "/journalpost"), true);
}

/* A case file that was taken away over there is made anew. */
static enum err add_entry(struct sending *s)
{
    enum err e = post_entry(s);
    if (e || s->answer.status != 404)
        return e;
    e = forget_casefile(s);
    if (!e)
        e = put_casefile(s);
    return e ? e : post_entry(s);
}

static enum err call_who(struct sending *s, const char *method, struct str path)
{
    struct body *body = begin_body(s);
    einnsyn_who(&body->o, &s->entry, &s->ids);
    json_end(&body->o);
    return call(s, method, path, &body->b);
}

/* The correspondent is a thing of its own over there. */
static enum err mend_who(struct sending *s)
{
    struct str self = path_of(s, "korrespondansepart", s->ids.who, "");
    enum err e = s->entry.who.n ? call_who(s, "PATCH", self) : call(s, "DELETE", self, NULL);
    if (!e && s->answer.status == 404 && s->entry.who.n)
        e = call_who(s, NULL, path_of(s, "journalpost", s->ids.entry, "/korrespondansepart"));
    return e ? e : end_of(s, 404, 404);
}

static enum err mend_entry(struct sending *s)
{
    enum err e = call_entry(s, "PATCH", path_of(s, "journalpost", s->ids.entry, ""), false);
    if (!e && s->answer.status == 404)
        return ERR_NOT_FOUND;
    if (!e)
        e = end_of(s, 200, 200);
    return e ? e : mend_who(s);
}

static enum err put_entry(struct sending *s)
{
    bool known = s->row->sent > 0;
    enum err e = put_casefile(s);
    if (!e && known)
        e = mend_entry(s);
    if (e == ERR_NOT_FOUND) {
        known = false;
        e = ERR_OK;
    }
    if (e || known)
        return e;
    if ((e = add_entry(s)))
        return e;
    if (s->answer.status == 409) /* an answer was lost: it is there, as it was then */
        e = mend_entry(s);
    return e == ERR_NOT_FOUND ? fail(s->cx, ERR_INVALID, "the journal service knows it and does not find it")
           : e                ? e
                              : end_of(s, 200, 404);
}

static enum err drop_casefile(struct sending *s)
{
    enum err e = forget_casefile(s);
    if (!e)
        e = call(s, "DELETE", path_of(s, "saksmappe", s->ids.casefile, ""), NULL);
    return e ? e : end_of(s, 404, 404);
}

/* Also a case file that is not known to be there: perhaps it had arrived. */
static enum err take_down(struct sending *s)
{
    enum err e = call(s, "DELETE", path_of(s, "journalpost", s->ids.entry, ""), NULL);
    if (!e)
        e = end_of(s, 404, 404);
    return e ? e : s->some ? put_casefile(s) : drop_casefile(s);
}

/* ---- one row ---- */

static enum err claim(struct cx *cx, void *ctx)
{
    struct sending *s = ctx;
    int64_t doublings = s->row->tries < PAUSE_MOST ? s->row->tries : PAUSE_MOST, n;
    enum err e = q_journal_out_claim(cx, s->row->id, cx->now_us, cx->now_us + (MINUTE_US << doublings), &n);
    return e || n ? e : fail(cx, ERR_CONFLICT, "another one sends it");
}

static enum err look(struct cx *cx, void *ctx)
{
    struct sending *s = ctx;
    bool found;
    enum err e = q_journal_out_place(cx, s->row->record_id, &s->place, &found);
    if (!e && !found)
        e = fail(cx, ERR_INTERNAL, "an entry without a record");
    if (!e)
        e = journal_public_entry(cx, s->row->id, &s->entry, &s->open);
    if (!e && (s->some = s->place.newest_id.set))
        e = journal_public_entry(cx, s->place.newest_id.v, &s->newest, &s->some);
    if (e)
        return e;
    struct str uuid = s->place.uuid;
    s->series = record_uuid(cx, uuid, RECORD_UUID_SERIES, s->place.series_id);
    s->ids = (struct einnsyn_ids){.casefile = record_uuid(cx, uuid, RECORD_UUID_CASEFILE, s->row->record_id),
                                  .entry = record_uuid(cx, uuid, RECORD_UUID_REGISTRATION, s->row->id),
                                  .who = record_uuid(cx, uuid, RECORD_UUID_PARTY, s->row->id)};
    return ERR_OK;
}

static enum err note_done(struct cx *cx, void *ctx)
{
    struct sending *s = ctx;
    return s->open ? q_journal_out_sent(cx, s->row->id, s->row->changed, cx->now_us)
                   : q_journal_out_gone(cx, s->row->id, s->row->changed);
}

static enum err note_failed(struct cx *cx, void *ctx)
{
    struct sending *s = ctx;
    return q_journal_out_failed(cx, s->row->id, s->why.detail);
}

/* ERR_UPSTREAM: the service is away. What it refuses is noted, and the next one has its turn. */
static enum err send_one(struct sending *s)
{
    struct cx *cx = s->cx;
    enum err e = db_write(cx, claim, s);
    if (e)
        return e == ERR_CONFLICT ? ERR_OK : e;
    if (!(e = db_read(cx, look, s)))
        e = s->open ? put_entry(s) : take_down(s);
    if (!e)
        return db_write(cx, note_done, s);
    if (e == ERR_STOPPING) /* nobody's fault; the claim lets it wait a little */
        return e;
    s->why = cx->fail; /* a write that runs again forgets it */
    enum err noted = db_write(cx, note_failed, s);
    if (!noted)
        cx->fail = s->why;
    return noted ? noted : e == ERR_INVALID ? ERR_OK : e;
}

/* ---- the run ---- */

static enum err read_key(struct cx *cx, struct str *ret_header)
{
    struct str key;
    enum err e = file_secret(cx, str_of(cx->data_dir ? cx->data_dir : "."), cx->muni->einnsyn_key_file, &key);
    if (!e)
        *ret_header = str_fmt(cx->arena, "API-KEY: %" PRI_STR, STR_ARG(key));
    return e;
}

static enum err send_page(struct cx *cx, struct str header, int64_t until_us, bool *ret_more)
{
    struct q_journal_out_next *rows;
    size_t n;
    enum err e = q_journal_out_next(cx, cx->now_us, PAGE, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        if ((*ret_more = time_tick_us() > until_us))
            return ERR_OK;
        if ((e = cx_go_on(cx)))
            return e;
        struct arena_mark mark = arena_mark(cx->arena);
        struct sending s = {.cx = cx, .header = header, .row = &rows[i]};
        if (!(e = send_one(&s)))
            arena_reset(cx->arena, mark);
    }
    *ret_more = !e && n == PAGE;
    return e;
}

struct next {
    struct str key;
    int64_t at_us; /* 0: at once */
};

static enum err add_next(struct cx *cx, void *ctx)
{
    const struct next *next = ctx;
    return job_add(cx, &(struct job_new){.kind = S(JOURNAL_SEND_JOB), .key = next->key, .run_at_us = next->at_us});
}

/* All that step back at about the same time come again as one: they do not meet each other again, nor grow in number.
 */
static enum err step_back(struct cx *cx)
{
    int64_t at_s = (cx->now_us / SECOND_US / WAIT_S + 1) * WAIT_S;
    struct next next = {str_fmt(cx->arena, "at-%lld", (long long)at_s), at_s * SECOND_US};
    return db_write(cx, add_next, &next);
}

/* Of two runs the slower one would have the last word over there, with what was public when it looked. */
static enum err another_runs(struct cx *cx, bool *ret)
{
    struct jobs_kind_numbers *rows;
    size_t n;
    enum err e = jobs_numbers_by_kind(cx, &rows, &n);
    *ret = false;
    for (size_t i = 0; !e && i < n; i++)
        if (str_eq(rows[i].kind, S(JOURNAL_SEND_JOB)))
            *ret = rows[i].running > 1;
    return e;
}

enum err journal_send(struct cx *cx, struct job *job)
{
    struct str header;
    bool more = true, other;
    if (!cx->muni || !cx->muni->journal_public || !cx->muni->einnsyn_url.n)
        return ERR_OK;
    int64_t until_us = time_tick_us() + RUN_S * SECOND_US;
    enum err e = another_runs(cx, &other);
    if (e || other)
        return e ? e : step_back(cx);
    e = read_key(cx, &header);
    while (!e && more && time_tick_us() < until_us)
        e = send_page(cx, header, until_us, &more);
    if (e == ERR_UPSTREAM || e == ERR_CONFIG) {
        log_line(cx, LOG_WARN, "journal_send", "error=\"%" PRI_STR "\"", STR_ARG(cx->fail.detail));
        return ERR_OK;
    }
    struct next next = {str_fmt(cx->arena, "after-%lld", (long long)job->id), 0};
    return e || !more ? e : db_write(cx, add_next, &next);
}

/* ---- the administrator ---- */

enum err journal_probe(struct cx *cx)
{
    struct sending s = {.cx = cx};
    enum err e = read_key(cx, &s.header);
    if (!e)
        e = call(&s, NULL, S("/me"), NULL);
    return e ? e : end_of(&s, 200, 200) ? ERR_UPSTREAM : ERR_OK;
}

enum err journal_out_waiting(struct cx *cx, int64_t *ret_waits, int64_t *ret_failed)
{
    struct q_journal_out_waits row;
    enum err e = q_journal_out_waits(cx, &row);
    *ret_waits = e ? 0 : row.waits;
    *ret_failed = e ? 0 : row.failed;
    return e;
}

enum err journal_out_now(struct cx *cx, struct journal_out *ret)
{
    struct q_journal_out_known known;
    struct q_journal_out_failures *rows;
    size_t n;
    *ret = (struct journal_out){0};
    enum err e = journal_out_waiting(cx, &ret->waits, &ret->failed);
    if (!e)
        e = q_journal_out_known(cx, &known);
    if (!e)
        e = q_journal_out_failures(cx, JOURNAL_OUT_FAILURES, &rows, &n);
    if (e)
        return e;
    ret->known = known.n;
    ret->last_us = known.last_us;
    for (size_t i = 0; i < n; i++)
        vec_add(cx->arena, &ret->failures,
                ((struct journal_out_failure){.no = rows[i].sort.set ? journal_no(cx, rows[i].sort.v) : S(""),
                                              .tries = rows[i].tries,
                                              .next_us = rows[i].next_us,
                                              .error = rows[i].error}));
    return ERR_OK;
}

static enum err again(struct cx *cx, void *ctx)
{
    (void)ctx;
    enum err e = q_journal_out_again(cx);
    return e ? e
             : job_add(cx, &(struct job_new){.kind = S(JOURNAL_SEND_JOB),
                                             .key = str_fmt(cx->arena, "now-%lld", (long long)cx->now_us)});
}

enum err journal_out_again(struct cx *cx)
{
    return db_write(cx, again, NULL);
}
