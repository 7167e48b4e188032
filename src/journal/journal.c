/* Reading the journal, and what the archivist decides. */
#include "journal_internal.h"

#include "access/access.h"
#include "auth/auth.h"
#include "codec/idno.h"
#include "i18n/i18n.h"
#include "search/search.h"
#include "texts.h"

enum { TITLE_MAX = 300, REASON_MAX = 500, LIST_MAX = 200, WORD_MANY = 500 };

/* The five queries give the same columns. */
#define ENTRY_OF(cx, r) \
    ((struct journal_entry){ \
        .id = (r).id, \
        .no = journal_no((cx), (r).sort), \
        .casefile_no = str_fmt((cx)->arena, "%lld-%06lld", (long long)(r).casefile_year, (long long)(r).casefile_seq), \
        .kind = (enum record_kind)(r).kind, \
        .day = (day_t)(r).day, \
        .document_day = (day_t)(r).document_day, \
        .number = (r).number, \
        .unit_key = (r).unit_key, \
        .unit = municipality_unit_name((cx)->muni, (r).unit_key, (cx)->lang, (r).unit), \
        .casefile_title = (r).casefile_title, \
        .title = (r).title, \
        .who = (r).who, \
        .access_code = (r).access_code, \
        .access_basis = (r).access_basis, \
        .sort = (r).sort})

#define GATHER(cx, from, n, ret) \
    for (size_t i = 0; i < (n); i++) { \
        struct journal_entry entry = ENTRY_OF(cx, (from)[i]); \
        entry.published_us = (from)[i].published_us; \
        vec_add((cx)->arena, &(ret)->rows, entry); \
    }

static enum err is_public(struct cx *cx)
{
    return cx->muni && cx->muni->journal_public ? ERR_OK : fail(cx, ERR_NOT_FOUND, "no public journal is kept here");
}

/* A word that few entries have is looked up by the word; one that many have, by the entries from the newest on: there
   are soon enough. */
static enum err list_search(struct cx *cx, const struct journal_query *q, int64_t before, int64_t limit,
                            struct journal_entries *ret)
{
    struct search_query words = search_parse(cx, q->q);
    const struct search_word *w = words.word;
    struct q_journal_word_count count;
    struct q_journal_search *few;
    struct q_journal_search_broad *many;
    size_t n;
    if (!words.n)
        return ERR_OK;
    enum err e = q_journal_word_count(cx, w[0].lo, w[0].hi, WORD_MANY, &count);
    if (e)
        return e;
    if (count.n < WORD_MANY) {
        struct q_journal_search_in in = {w[0].lo, w[0].hi, w[1].lo, w[1].hi, w[2].lo, w[2].hi, before, limit};
        if (!(e = q_journal_search(cx, &in, &few, &n)))
            GATHER(cx, few, n, ret);
        return e;
    }
    struct q_journal_search_broad_in in = {w[0].lo, w[0].hi, w[1].lo, w[1].hi, w[2].lo, w[2].hi, before, limit};
    if (!(e = q_journal_search_broad(cx, &in, &many, &n)))
        GATHER(cx, many, n, ret);
    return e;
}

static enum err list_day(struct cx *cx, const struct journal_query *q, int64_t before, int64_t limit,
                         struct journal_entries *ret)
{
    struct q_journal_of_day *rows;
    size_t n;
    enum err e = q_journal_of_day(cx, q->day, before, limit, &rows, &n);
    if (!e)
        GATHER(cx, rows, n, ret);
    return e;
}

static enum err list_all(struct cx *cx, int64_t before, int64_t limit, struct journal_entries *ret)
{
    struct q_journal_page *rows;
    size_t n;
    enum err e = q_journal_page(cx, before, limit, &rows, &n);
    if (!e)
        GATHER(cx, rows, n, ret);
    return e;
}

enum err journal_list(struct cx *cx, const struct journal_query *q, struct journal_entries *ret)
{
    int64_t before = q->before > 0 ? q->before : INT64_MAX, limit = (q->limit > 0 ? q->limit : JOURNAL_PAGE) + 1;
    *ret = (struct journal_entries){0};
    enum err e = is_public(cx);
    if (e)
        return e;
    if (!str_empty(str_trim(q->q)))
        e = list_search(cx, q, before, limit, ret);
    else if (q->has_day)
        e = list_day(cx, q, before, limit, ret);
    else
        e = list_all(cx, before, limit, ret);
    if (!e && (int64_t)ret->rows.n == limit) {
        ret->rows.n--;
        ret->next = ret->rows.p[ret->rows.n - 1].sort;
    }
    return e;
}

enum err journal_newest(struct cx *cx, struct journal_entries *ret)
{
    struct q_journal_feed *rows;
    size_t n;
    *ret = (struct journal_entries){0};
    enum err e = is_public(cx);
    if (!e)
        e = q_journal_feed(cx, JOURNAL_FEED, &rows, &n);
    if (!e)
        GATHER(cx, rows, n, ret);
    return e;
}

static enum err get_any(struct cx *cx, int64_t id, struct q_journal_get *ret)
{
    bool found;
    enum err e = q_journal_get(cx, id, ret, &found);
    return e || found ? e : fail(cx, ERR_NOT_FOUND, "no such entry");
}

enum err journal_public_entry(struct cx *cx, int64_t id, struct journal_entry *ret, bool *ret_public)
{
    struct q_journal_get row;
    bool found;
    enum err e = q_journal_get(cx, id, &row, &found);
    *ret_public = !e && found && row.state == JOURNAL_PUBLISHED;
    if (*ret_public) {
        *ret = ENTRY_OF(cx, row);
        ret->published_us = row.published_us.v;
    }
    return e;
}

enum err journal_get(struct cx *cx, struct str no, struct journal_entry *ret)
{
    struct q_journal_by_number found;
    struct q_journal_get row;
    struct str rest = no, year, seq;
    int64_t y, s;
    bool some = false;
    enum err e = is_public(cx);
    if (!e && str_cut(&rest, '-', &year) && str_cut(&rest, '-', &seq) && !rest.p && str_to_i64(year, &y) &&
        str_to_i64(seq, &s) && y > 0 && y < 10000 && s > 0 && s < JOURNAL_SORT)
        e = q_journal_by_number(cx, y * JOURNAL_SORT + s, &found, &some);
    if (!e && !some)
        e = fail(cx, ERR_NOT_FOUND, "the public journal has no entry of that number");
    if (!e)
        e = get_any(cx, found.id, &row);
    if (!e) {
        *ret = ENTRY_OF(cx, row);
        ret->published_us = row.published_us.v;
    }
    return e;
}

/* ---- deciding ---- */

bool journal_is_archivist(const struct cx *cx)
{
    return cx->who->kind == WHO_EMPLOYEE && auth_has(cx->who, ROLE_ARCHIVIST);
}

static enum err for_archivist(struct cx *cx)
{
    return journal_is_archivist(cx) ? is_public(cx) : fail(cx, ERR_FORBIDDEN, "for the archivist");
}

/* What the record says of one entry. Law 7: not of the archivist's own case. */
static enum err get_source(struct cx *cx, int64_t id, struct q_journal_source *ret,
                           struct q_journal_correspondents **who, size_t *n)
{
    bool found;
    enum err e = q_journal_source(cx, id, cx->who->party_id, cx->now_us, ret, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "its case file is erased");
    if (!e && ret->own)
        e = fail(cx, ERR_FORBIDDEN, "LAW 7: it is her own case");
    return e ? e : q_journal_correspondents(cx, id, who, n);
}

enum err journal_waiting(struct cx *cx, bool held, struct journal_waitings *ret)
{
    struct q_journal_waiting *rows;
    struct q_journal_waiting_n count;
    size_t n;
    *ret = (struct journal_waitings){0};
    enum err e = for_archivist(cx);
    if (!e)
        e = q_journal_waiting(cx, held ? JOURNAL_HELD : JOURNAL_WAITING, cx->who->party_id, cx->now_us, LIST_MAX, &rows,
                              &n);
    if (!e)
        e = q_journal_waiting_n(cx, cx->who->party_id, cx->now_us, &count);
    if (e)
        return e;
    ret->n = count.n;
    for (size_t i = 0; i < n; i++)
        vec_add(cx->arena, &ret->rows,
                ((struct journal_waiting){.id = rows[i].id,
                                          .no = journal_no(cx, rows[i].sort),
                                          .title = rows[i].title,
                                          .casefile_title = rows[i].casefile_title,
                                          .reason = rows[i].reason,
                                          .kind = (enum record_kind)rows[i].kind,
                                          .doubts = (unsigned)rows[i].doubts}));
    return ERR_OK;
}

/* The persons whose names the archivist reads. */
static void note(struct cx *cx, int64_t party_id, struct str casefile_no)
{
    if (party_id)
        access_note(cx, &(struct access_entry){.subject_party_id = party_id,
                                               .casefile_no = casefile_no,
                                               .kind = S("journal"),
                                               .roles = ROLE_ARCHIVIST,
                                               .purpose = access_purpose(cx, T_journal_purpose)});
}

enum err journal_open(struct cx *cx, int64_t id, struct journal_case *ret)
{
    struct q_journal_get row;
    struct q_journal_source source;
    struct q_journal_correspondents *who;
    size_t n;
    *ret = (struct journal_case){0};
    enum err e = for_archivist(cx);
    if (!e)
        e = get_any(cx, id, &row);
    if (!e)
        e = get_source(cx, id, &source, &who, &n);
    if (e)
        return e;
    ret->state = (enum journal_state)row.state;
    ret->shown = ENTRY_OF(cx, row);
    ret->title = source.title;
    ret->casefile_title = source.casefile_title;
    ret->doubts = (unsigned)row.doubts;
    ret->reason = row.reason;
    ret->decided_by = row.decided_by;
    ret->decided_us = row.decided_us;
    if (source.party.n)
        vec_add(cx->arena, &ret->names, source.party);
    note(cx, source.party_id.v, ret->shown.casefile_no);
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(who[i].name, source.party))
            vec_add(cx->arena, &ret->names, who[i].name);
        note(cx, who[i].party_id.v, ret->shown.casefile_no);
    }
    if (ret->state == JOURNAL_HELD) { /* what rules would propose: of what was held back nothing is kept */
        struct str words = journal_name_words(cx, source.party, source.party_person, who, n);
        bool nothing = journal_is_sensitive(cx, source.service_version_id);
        ret->shown.title =
            nothing ? S(JOURNAL_SHIELD) : journal_plain(cx, journal_without(cx, source.public_title, words));
        ret->shown.casefile_title =
            nothing ? S(JOURNAL_SHIELD) : journal_plain(cx, journal_without(cx, source.casefile_public_title, words));
        ret->shown.who = ret->names.n ? S(JOURNAL_SHIELD) : S("");
    }
    return ERR_OK;
}

struct deciding {
    const struct journal_decision *d;
    struct opt_int replaces_id;
    struct str casefile_title, title, who, words;
    bool who_person;
};

/* Which words of names the texts hold after all, so that they can go after a year. */
static enum err find_names(struct cx *cx, struct deciding *x)
{
    struct q_journal_source source;
    struct q_journal_correspondents *who;
    size_t n;
    enum err e = get_source(cx, x->d->id, &source, &who, &n);
    if (e)
        return e == ERR_NOT_FOUND ? fail(cx, ERR_CONFLICT, "its case file is erased") : e;
    x->replaces_id = source.replaces_id;
    bool any_person = false;
    for (size_t i = 0; i < n; i++)
        any_person |= who[i].person;
    struct str words = journal_name_words(cx, source.party, source.party_person, who, n);
    bool held = journal_without(cx, x->title, words).p != x->title.p ||
                journal_without(cx, x->casefile_title, words).p != x->casefile_title.p;
    x->words = held ? words : S("");
    x->who_person = any_person && x->who.n && !str_eq(x->who, S(JOURNAL_SHIELD));
    return ERR_OK;
}

static enum err decide(struct cx *cx, void *ctx)
{
    struct deciding *x = ctx;
    const struct journal_decision *d = x->d;
    int64_t n;
    enum err e = find_names(cx, x);
    if (!e)
        e = q_journal_decide(cx,
                             &(struct q_journal_decide_in){.id = d->id,
                                                           .from_state = d->from,
                                                           .state = d->publish ? JOURNAL_PUBLISHED : JOURNAL_HELD,
                                                           .casefile_title = x->casefile_title,
                                                           .title = x->title,
                                                           .who = x->who,
                                                           .who_person = x->who_person,
                                                           .name_words = x->words,
                                                           .reason = d->publish ? S("") : str_trim(d->reason),
                                                           .employee_id = cx->who->employee_id,
                                                           .now_us = cx->now_us},
                             &n);
    if (!e && !n)
        e = fail(cx, ERR_CONFLICT, "somebody else decided it meanwhile");
    if (!e)
        e = journal_index(cx, d->id);
    return e || !d->publish || !x->replaces_id.set ? e : journal_take_place(cx, x->replaces_id.v);
}

static enum err check_decision(struct cx *cx, const struct journal_decision *d)
{
    bool known = d->from == JOURNAL_WAITING || d->from == JOURNAL_PUBLISHED || d->from == JOURNAL_HELD;
    cx->fail.field = S("");
    if (!known)
        return fail(cx, ERR_CONFLICT, "this entry cannot be decided");
    const struct {
        const char *field;
        struct str text;
        bool wrong;
    } asked[] = {
        {"title", d->title, d->publish && (str_empty(str_trim(d->title)) || text_length(d->title) > TITLE_MAX)},
        {"casefile_title", d->casefile_title,
         d->publish && (str_empty(str_trim(d->casefile_title)) || text_length(d->casefile_title) > TITLE_MAX)},
        {"reason", d->reason, !d->publish && (str_empty(str_trim(d->reason)) || text_length(d->reason) > REASON_MAX)}};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        if (asked[i].wrong) {
            enum err e = fail(cx, ERR_INVALID, "%s", asked[i].field);
            cx->fail.field = str_of(asked[i].field);
            return e;
        }
    return ERR_OK;
}

enum err journal_decide(struct cx *cx, const struct journal_decision *d)
{
    enum err e = for_archivist(cx);
    if (!e)
        e = check_decision(cx, d);
    if (e)
        return e;
    /* held back: nothing of it is kept here but that it is */
    struct deciding x = {.d = d,
                         .title = d->publish ? idno_hide(cx->arena, str_trim(d->title)) : S(JOURNAL_SHIELD),
                         .casefile_title =
                             d->publish ? idno_hide(cx->arena, str_trim(d->casefile_title)) : S(JOURNAL_SHIELD),
                         .who = d->publish ? idno_hide(cx->arena, str_trim(d->who)) : S("")};
    return db_write(cx, decide, &x);
}

/* ---- retention, verify ---- */

enum err journal_erase(struct cx *cx, int64_t casefile_id)
{
    struct q_journal_of_casefile *rows;
    size_t n;
    enum err e = q_journal_of_casefile(cx, casefile_id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        if (!(e = q_journal_remove(cx, rows[i].id)))
            e = journal_index(cx, rows[i].id);
    return e;
}

enum err journal_verify(struct cx *cx, struct record_faults *ret)
{
    struct q_journal_unmatched u;
    enum err e = q_journal_unmatched(cx, &u);
    if (!e && u.wrong)
        vec_add(
            cx->arena, &ret->rows,
            str_fmt(cx->arena, "%lld public journal entries of registrations that are not public", (long long)u.wrong));
    if (!e && u.words)
        vec_add(cx->arena, &ret->rows,
                str_fmt(cx->arena, "%lld search words of journal entries that are not public", (long long)u.words));
    return e;
}
