/* What rules say of an entry, and the run that asks them. */
#include "auth/auth.h"
#include "i18n/i18n.h"
#include "journal_internal.h"
#include "party/party.h"
#include "service/service.h"
#include "texts.h"

enum { STEP = 200, ROUNDS = 5 };

struct judged {
    enum journal_state state;
    unsigned doubts;
    struct str casefile_title, title, who, words, code, basis;
    bool who_person;
};

/* ---- the rules ---- */

bool journal_is_sensitive(struct cx *cx, struct opt_int version_id)
{
    if (!version_id.set)
        return false;
    const struct service_version *v = cx->services ? service_version_by_id(cx, version_id.v) : NULL;
    return !v || service_is_sensitive(v);
}

static bool is_never(const struct cx *cx, struct str class_key)
{
    for (size_t i = 0; cx->muni && i < cx->muni->journal_never.n; i++)
        if (str_starts(class_key, cx->muni->journal_never.p[i]))
            return true;
    return false;
}

/* The titles that the house itself gives, in the language the record is kept in. */
static bool is_own_title(struct cx *cx, struct str title)
{
    static const enum text own[] = {T_casefile_record_question,
                                    T_casefile_record_answer,
                                    T_casefile_record_hearing,
                                    T_casefile_record_hearing_answer,
                                    T_casefile_record_addition,
                                    T_casefile_record_withdrawal,
                                    T_casefile_record_appeal,
                                    T_casefile_record_letter,
                                    T_casefile_record_email,
                                    T_casefile_record_reply,
                                    T_letter_public,
                                    T_letter_public_decision,
                                    T_casefile_record_application};
    enum lang lang = cx->muni ? cx->muni->first_lang : LANG_DA;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (str_eq(title, i18n_text(lang, own[i])))
            return true;
    return false;
}

static bool is_application(struct cx *cx, struct str title, struct str casefile_title)
{
    enum lang lang = cx->muni ? cx->muni->first_lang : LANG_DA;
    struct str want = str_fmt(cx->arena, "%.*s: %.*s", STR_ARG(i18n_text(lang, T_casefile_record_application)),
                              STR_ARG(casefile_title));
    return str_eq(title, want);
}

static struct str clean(struct cx *cx, struct str text, struct str words, struct judged *j)
{
    struct str named = journal_without(cx, text, words), plain = journal_plain(cx, named);
    if (named.p != text.p)
        j->doubts |= JOURNAL_DOUBT_NAME;
    if (plain.p != named.p)
        j->doubts |= JOURNAL_DOUBT_NUMBER;
    return plain;
}

static void judge_who(struct cx *cx, const struct q_journal_correspondents *who, size_t n, struct judged *j)
{
    struct buf b = buf_make(cx->arena);
    bool screened = !str_empty(j->code);
    for (size_t i = 0; i < n; i++) {
        bool hide = screened || who[i].protected || str_empty(str_trim(who[i].name));
        buf_fmt(&b, "%s%.*s", b.n ? ", " : "", STR_ARG(hide ? S(JOURNAL_SHIELD) : journal_plain(cx, who[i].name)));
        if (!hide && who[i].person) {
            j->who_person = true;
            j->doubts |= JOURNAL_DOUBT_PERSON;
        }
    }
    j->who = buf_str(&b);
}

/* What a person holds back does not become public by being corrected. */
static enum err doubt_held(struct cx *cx, const struct q_journal_ready *r, struct judged *j)
{
    struct q_journal_get old;
    bool found = false;
    enum err e = r->replaces_id.set ? q_journal_get(cx, r->replaces_id.v, &old, &found) : ERR_OK;
    if (!e && found &&
        (old.state == JOURNAL_HELD || (old.state == JOURNAL_WAITING && (old.doubts & JOURNAL_DOUBT_HELD))))
        j->doubts |= JOURNAL_DOUBT_HELD;
    return e;
}

static enum err judge(struct cx *cx, const struct q_journal_ready *r, struct judged *j)
{
    struct q_journal_correspondents *who;
    size_t n;
    bool own = !str_empty(r->access_code);
    enum err e = q_journal_correspondents(cx, r->id, &who, &n);
    if (e)
        return e;
    *j = (struct judged){.code = own ? r->access_code : r->casefile_access_code,
                         .basis = own ? r->access_basis : r->casefile_access_basis};
    if (is_never(cx, r->class_key)) {
        j->state = JOURNAL_NEVER;
        j->casefile_title = j->title = j->who = S("");
        j->words = j->code = j->basis = S("");
        return ERR_OK;
    }
    if ((e = doubt_held(cx, r, j)))
        return e;
    if (journal_is_sensitive(cx, r->service_version_id)) {
        j->state = j->doubts ? JOURNAL_WAITING : JOURNAL_PUBLISHED;
        j->casefile_title = j->title = S(JOURNAL_SHIELD);
        j->who = n ? S(JOURNAL_SHIELD) : S("");
        j->words = S("");
        return ERR_OK;
    }
    struct str words = journal_name_words(cx, r->party, r->party_person, who, n);
    j->words = S("");
    j->title = clean(cx, r->public_title, words, j);
    j->casefile_title = clean(cx, r->casefile_title, words, j);
    if (!is_own_title(cx, r->public_title) && !is_application(cx, r->public_title, r->casefile_title))
        j->doubts |= JOURNAL_DOUBT_WORDS;
    judge_who(cx, who, n, j);
    j->state = j->doubts ? JOURNAL_WAITING : JOURNAL_PUBLISHED;
    return ERR_OK;
}

/* ---- one step of the run ---- */

enum err journal_take_place(struct cx *cx, int64_t replaced_id)
{
    int64_t n;
    enum err e = q_journal_replace(cx, replaced_id, &n);
    return e ? e : journal_index(cx, replaced_id);
}

static enum err write_judged(struct cx *cx, const struct q_journal_ready *r, const struct judged *j)
{
    int64_t n;
    bool open = j->state == JOURNAL_PUBLISHED;
    enum err e = q_journal_judge(cx,
                                 &(struct q_journal_judge_in){.id = r->id,
                                                              .state = j->state,
                                                              .day = civil_day_of_us(r->created_us),
                                                              .document_day = civil_day_of_us(r->document_us),
                                                              .casefile_title = j->casefile_title,
                                                              .title = j->title,
                                                              .who = j->who,
                                                              .who_person = j->who_person,
                                                              .name_words = j->words,
                                                              .access_code = j->code,
                                                              .access_basis = j->basis,
                                                              .doubts = j->doubts,
                                                              .now_us = cx->now_us,
                                                              .published_us = {open, cx->now_us}},
                                 &n);
    if (!e && n && open)
        e = journal_index(cx, r->id);
    return e || !n || !open || !r->replaces_id.set ? e : journal_take_place(cx, r->replaces_id.v);
}

static enum err judge_some(struct cx *cx, size_t *left)
{
    struct q_journal_ready *rows;
    struct judged j;
    enum err e = q_journal_ready(cx, STEP, &rows, left);
    for (size_t i = 0; !e && i < *left; i++)
        if (!(e = judge(cx, &rows[i], &j)))
            e = write_judged(cx, &rows[i], &j);
    return e;
}

struct taking {
    int64_t from; /* in: what was passed over before */
    int64_t to, n;
};

static enum err take_some(struct cx *cx, struct taking *t)
{
    struct q_journal_new *rows;
    struct q_journal_last last;
    size_t n;
    enum err e = q_journal_last(cx, &last);
    int64_t after = last.sort > t->from ? last.sort : t->from;
    if (!e)
        e = q_journal_new(cx, after / JOURNAL_SORT, after % JOURNAL_SORT, STEP, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        if ((rows[i].kind == RECORD_INCOMING || rows[i].kind == RECORD_OUTGOING) && !rows[i].disposed)
            e = q_journal_begin(cx, rows[i].id);
    if (e)
        return e;
    t->n = (int64_t)n;
    t->to = n ? rows[n - 1].year * JOURNAL_SORT + rows[n - 1].seq : t->from;
    return ERR_OK;
}

/* A name that stands in the journal is found for a year, and then it is not there any more (offentlegforskrifta § 6).
 */
static enum err forget_names(struct cx *cx, size_t *left)
{
    struct q_journal_old_names *rows;
    int64_t n;
    enum err e = q_journal_old_names(cx, civil_day_of_us(cx->now_us) - JOURNAL_NAME_DAYS, STEP, &rows, left);
    for (size_t i = 0; !e && i < *left; i++) {
        const struct q_journal_old_names *r = &rows[i];
        struct str title = journal_without(cx, r->title, r->name_words);
        struct str file = journal_without(cx, r->casefile_title, r->name_words);
        struct str who = r->who_person ? S("") : r->who;
        e = q_journal_forget_name(cx, r->id, file, title, who, &n);
        if (!e)
            e = journal_index(cx, r->id);
    }
    return e;
}

struct round {
    struct taking taking;
    size_t judged, names;
};

/* One commit: each makes every reader of a SQLite file read anew. */
static enum err run_round(struct cx *cx, void *ctx)
{
    struct round *r = ctx;
    enum err e = take_some(cx, &r->taking);
    if (!e)
        e = judge_some(cx, &r->judged);
    return e ? e : forget_names(cx, &r->names);
}

enum err journal_step(struct cx *cx, bool *ret_more)
{
    struct round r = {0};
    int rounds = 0;
    do {
        struct arena_mark mark = arena_mark(cx->arena);
        /* inside a db_write without a savepoint: what fails is the whole of it, and a savepoint of thousands of rows is
           dear (gate.c) */
        enum err e = cx->conn ? run_round(cx, &r) : db_write(cx, run_round, &r);
        if (e)
            return e;
        arena_reset(cx->arena, mark);
        r.taking.from = r.taking.to; /* what gives no entry is passed over within one run */
        *ret_more = r.taking.n == STEP || r.judged == STEP || r.names == STEP;
        if (*ret_more && !cx->conn && (e = cx_go_on(cx)))
            return e;
    } while (*ret_more && ++rounds < ROUNDS);
    return ERR_OK;
}

static enum err again(struct cx *cx, void *ctx)
{
    const struct job *job = ctx;
    struct str key = str_fmt(cx->arena, "after-%lld", (long long)job->id);
    return job_add(cx, &(struct job_new){.kind = S(JOURNAL_JOB), .key = key});
}

enum err journal_run(struct cx *cx, struct job *job)
{
    bool more = false;
    if (!cx->muni || !cx->muni->journal_public)
        return ERR_OK;
    enum err e = journal_step(cx, &more);
    return e || !more ? e : db_write(cx, again, job);
}
