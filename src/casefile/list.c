/* Lists, all through the fragment may_see (casefile.sql): queue, search, my cases. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "access/access.h"
#include "casefile_internal.h"
#include "search/search.h"

enum { LIMIT_MAX = 200 };

/* What a list query found. All of them give the same columns; the queue adds what the task is about. */
struct found {
    VEC_OF(struct q_casefile_queue_unit) rows;
    struct q_casefile_list_names *names;
    size_t n_names;
};

#define FOUND(r) \
    ((struct q_casefile_queue_unit){(r).id, (r).no, (r).state, (r).title, (r).service_version_id, (r).party_id, \
                                    (r).party_name, (r).unit_id, (r).caseworker_id, (r).received_us, (r).deadline_us, \
                                    (r).unread, (r).waiting, (r).fell, (r).sort_us, S("")})

struct ids {
    VEC_OF(int64_t) v;
};

static void add_once(struct cx *cx, struct ids *ids, int64_t id)
{
    for (size_t i = 0; i < ids->v.n; i++)
        if (ids->v.p[i] == id)
            return;
    vec_add(cx->arena, &ids->v, id);
}

/* Units and caseworkers of all rows with one question. */
static enum err find_names(struct cx *cx, struct found *found)
{
    struct ids units = {0}, caseworkers = {0};
    for (size_t i = 0; i < found->rows.n; i++) {
        add_once(cx, &units, found->rows.p[i].unit_id);
        if (found->rows.p[i].caseworker_id.set)
            add_once(cx, &caseworkers, found->rows.p[i].caseworker_id.v);
    }
    if (!units.v.n)
        return ERR_OK;
    return q_casefile_list_names(cx, (struct db_ints){units.v.p, units.v.n},
                                 (struct db_ints){caseworkers.v.p, caseworkers.v.n}, cx->now_us, &found->names,
                                 &found->n_names);
}

static struct str name_of_unit(struct cx *cx, const struct found *found, int64_t unit_id)
{
    for (size_t i = 0; i < found->n_names; i++) {
        const struct q_casefile_list_names *n = &found->names[i];
        if (!n->employee_id.set && n->unit_id.v == unit_id)
            return unit_text(cx, n->key, n->name);
    }
    return S("");
}

/* As the fragment employee_away says: away now, left the house, or left the unit. */
static void name_caseworker(const struct found *found, int64_t employee_id, int64_t unit_id, struct casefile_row *row)
{
    bool here = false;
    for (size_t i = 0; i < found->n_names; i++) {
        const struct q_casefile_list_names *n = &found->names[i];
        if (!n->employee_id.set || n->employee_id.v != employee_id)
            continue;
        row->caseworker_name = n->name;
        here |= !n->gone && n->unit_id.set && n->unit_id.v == unit_id;
    }
    row->caseworker_away = !here;
}

static struct casefile_row row_of(struct cx *cx, const struct found *found, size_t i)
{
    const struct q_casefile_queue_unit *r = &found->rows.p[i];
    bool party_view = cx->who->kind == WHO_PARTY;
    bool own = party_view && r->party_id.set && r->party_id.v == cx->who->party_id;
    struct casefile_row row = {.id = r->id,
                               .no = r->no.p ? r->no : S(""),
                               .title = title_text(cx, cx->lang, r->service_version_id, r->title),
                               .state = (enum casefile_state)r->state,
                               .fell = r->fell,
                               .sent_on = appeal_sent_on((enum casefile_state)r->state, r->deadline_us),
                               .party_id = r->party_id.v,
                               .party_name = r->party_name.p && !own ? r->party_name : S(""),
                               .unit_name = name_of_unit(cx, found, r->unit_id),
                               .caseworker_name = S(""),
                               .received_us = r->received_us,
                               .deadline_us = r->deadline_us,
                               .overdue = r->deadline_us.set && r->deadline_us.v <= cx->now_us,
                               .unread = party_view ? r->waiting > 0 : r->unread,
                               .call_first = str_eq_z(r->task, "call") && r->state < CASEFILE_DECIDED,
                               .for_other = party_view && !own};
    if (r->caseworker_id.set)
        name_caseworker(found, r->caseworker_id.v, r->unit_id, &row);
    row.caseworker_away &= !party_view;
    return row;
}

/* "1234-5678": the sort value and id of the last row. */
static enum err cursor_parse(struct cx *cx, struct str after, int64_t *us, int64_t *id)
{
    struct str first;
    if (!after.n)
        return ERR_OK;
    struct str rest = after;
    if (!str_cut(&rest, '-', &first) || !str_to_i64(first, us) || !str_to_i64(rest, id))
        return fail_field(cx, ERR_INVALID, S("after"), "not a place in a list");
    return ERR_OK;
}

static struct str cursor_make(struct cx *cx, int64_t us, int64_t id)
{
    return str_fmt(cx->arena, "%lld-%lld", (long long)us, (long long)id);
}

/* One view with many subjects: who was named in a list. */
static void note_rows(struct cx *cx, const struct casefile_rows *list, const char *kind, enum text purpose)
{
    if (cx->who->kind != WHO_EMPLOYEE)
        return;
    for (size_t i = 0; i < list->rows.n; i++)
        if (list->rows.p[i].party_id)
            access_note(cx, &(struct access_entry){.subject_party_id = list->rows.p[i].party_id,
                                                   .kind = str_of(kind),
                                                   .purpose = access_purpose(cx, purpose)});
}

/* ---- queue ---- */

struct queue {
    const struct casefile_queue_query *query;
    int64_t unit_id, limit, after_us, after_id;
    struct viewer viewer;
    struct found found;
    struct q_casefile_lacking *lacking;
    size_t n_lacking;
};

static enum err unit_queue(struct cx *cx, struct queue *q, int64_t unit_id)
{
    struct q_casefile_queue_unit *rows;
    size_t n;
    enum err e = q_casefile_queue_unit(cx,
                                       &(struct q_casefile_queue_unit_in){.unit_id = unit_id,
                                                                          .after_us = q->after_us,
                                                                          .after_id = q->after_id,
                                                                          .limit = q->limit + 1,
                                                                          .viewer_kind = q->viewer.kind,
                                                                          .viewer_refs = q->viewer.refs,
                                                                          .viewer_party = q->viewer.party,
                                                                          .viewer_now = cx->now_us},
                                       &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &q->found.rows, rows[i]);
    return e;
}

static enum err my_queue(struct cx *cx, struct queue *q)
{
    struct q_casefile_queue_mine *rows;
    size_t n;
    enum err e = q_casefile_queue_mine(cx,
                                       &(struct q_casefile_queue_mine_in){.employee_id = cx->who->employee_id,
                                                                          .after_us = q->after_us,
                                                                          .after_id = q->after_id,
                                                                          .limit = q->limit + 1,
                                                                          .viewer_kind = q->viewer.kind,
                                                                          .viewer_refs = q->viewer.refs,
                                                                          .viewer_party = q->viewer.party,
                                                                          .viewer_now = cx->now_us},
                                       &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        struct q_casefile_queue_unit same = FOUND(rows[i]);
        same.task = rows[i].task;
        vec_add(cx->arena, &q->found.rows, same);
    }
    return e;
}

static int by_deadline(const void *a, const void *b)
{
    const struct q_casefile_queue_unit *x = a, *y = b;
    if (x->sort_us != y->sort_us)
        return x->sort_us < y->sort_us ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static enum err find_rows(struct cx *cx, struct queue *q)
{
    enum err e = ERR_OK;
    if (q->query->scope == CASEFILE_MINE)
        return my_queue(cx, q);
    if (q->query->scope == CASEFILE_UNIT)
        return unit_queue(cx, q, q->unit_id);
    /* each unit by its own index, then merged: one statement over all units would have to sort them all */
    for (size_t i = 0; !e && i < cx->who->n_units; i++)
        e = unit_queue(cx, q, cx->who->unit_ids[i]);
    if (!e && q->found.rows.n)
        qsort(q->found.rows.p, q->found.rows.n, sizeof *q->found.rows.p, by_deadline);
    return e;
}

/* One question for the whole page, and only where a service in it asks for signatures: in the statement of the queue it
   would be asked of each row (a sixth of its time). */
static enum err find_lacking(struct cx *cx, struct queue *q)
{
    VEC_OF(int64_t) asked = {0};
    for (size_t i = 0; i < q->found.rows.n; i++) {
        const struct service_version *v = service_version_by_id(cx, q->found.rows.p[i].service_version_id);
        if (v && v->cosign.by)
            vec_add(cx->arena, &asked, q->found.rows.p[i].id);
    }
    if (!asked.n)
        return ERR_OK;
    return q_casefile_lacking(cx, (struct db_ints){asked.p, asked.n}, &q->lacking, &q->n_lacking);
}

static bool lacks(const struct queue *q, const struct q_casefile_queue_unit *r)
{
    for (size_t i = 0; i < q->n_lacking; i++)
        if (q->lacking[i].casefile_id == r->id)
            return r->state != CASEFILE_WITHDRAWN && r->state != CASEFILE_CLOSED;
    return false;
}

static enum err run_queue(struct cx *cx, void *ctx)
{
    struct queue *q = ctx;
    enum err e = find_rows(cx, q);
    if (!e)
        e = find_names(cx, &q->found);
    return e ? e : find_lacking(cx, q);
}

enum err casefile_queue(struct cx *cx, const struct casefile_queue_query *query, struct casefile_rows *ret)
{
    struct queue q = {.query = query, .unit_id = query->unit_id, .limit = query->limit, .after_us = INT64_MIN};
    if (cx->who->kind != WHO_EMPLOYEE)
        return fail(cx, ERR_FORBIDDEN, "not an employee");
    if (!q.unit_id)
        q.unit_id = cx->who->acting_unit_id;
    if (query->scope == CASEFILE_UNIT && !auth_in_unit(cx->who, q.unit_id))
        return fail(cx, ERR_FORBIDDEN, "not a unit of this employee");
    if (q.limit < 1 || q.limit > LIMIT_MAX)
        return fail_field(cx, ERR_INVALID, S("limit"), "1 to %d", LIMIT_MAX);
    q.viewer = viewer_of(cx);
    enum err e = cursor_parse(cx, query->after, &q.after_us, &q.after_id);
    if (!e)
        e = db_read(cx, run_queue, &q);
    if (e)
        return e;
    *ret = (struct casefile_rows){0};
    for (size_t i = 0; i < q.found.rows.n && i < (size_t)q.limit; i++) {
        struct casefile_row *row = vec_push(cx->arena, &ret->rows);
        *row = row_of(cx, &q.found, i);
        row->lacks_signature = lacks(&q, &q.found.rows.p[i]);
    }
    if (q.found.rows.n > (size_t)q.limit) {
        const struct q_casefile_queue_unit *last = &q.found.rows.p[q.limit - 1];
        ret->next = cursor_make(cx, last->sort_us, last->id);
    }
    note_rows(cx, ret, "list", T_casefile_purpose_queue);
    return ERR_OK;
}

/* ---- my cases ---- */

struct mine {
    int64_t after_us, after_id, limit;
    struct found found;
};

static enum err run_mine(struct cx *cx, void *ctx)
{
    struct mine *m = ctx;
    struct viewer v = viewer_of(cx);
    struct q_casefile_list_of_viewer *rows;
    size_t n;
    enum err e = q_casefile_list_of_viewer(cx,
                                           &(struct q_casefile_list_of_viewer_in){.party_id = cx->who->party_id,
                                                                                  .after_us = m->after_us,
                                                                                  .after_id = m->after_id,
                                                                                  .limit = m->limit + 1,
                                                                                  .viewer_kind = v.kind,
                                                                                  .viewer_refs = v.refs,
                                                                                  .viewer_party = v.party,
                                                                                  .viewer_now = cx->now_us},
                                           &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &m->found.rows, FOUND(rows[i]));
    return e ? e : find_names(cx, &m->found);
}

enum err casefile_mine(struct cx *cx, struct str after, int64_t limit, struct casefile_rows *ret)
{
    struct mine m = {.after_us = INT64_MAX, .after_id = INT64_MAX, .limit = limit};
    if (cx->who->kind != WHO_PARTY)
        return fail(cx, ERR_FORBIDDEN, "not a person");
    if (limit < 1 || limit > LIMIT_MAX)
        return fail_field(cx, ERR_INVALID, S("limit"), "1 to %d", LIMIT_MAX);
    enum err e = cursor_parse(cx, after, &m.after_us, &m.after_id);
    if (!e)
        e = db_read(cx, run_mine, &m);
    if (e)
        return e;
    *ret = (struct casefile_rows){0};
    const struct q_casefile_queue_unit *rows = m.found.rows.p;
    for (size_t i = 0; i < m.found.rows.n && i < (size_t)limit; i++)
        if (!i || rows[i].id != rows[i - 1].id) /* two mandates may open the same case */
            vec_add(cx->arena, &ret->rows, row_of(cx, &m.found, i));
    if (m.found.rows.n > (size_t)limit)
        ret->next = cursor_make(cx, rows[limit - 1].sort_us, rows[limit - 1].id);
    for (size_t i = 0; i < ret->rows.n; i++)
        if (ret->rows.p[i].for_other && ret->rows.p[i].party_id)
            access_note(cx, &(struct access_entry){.subject_party_id = ret->rows.p[i].party_id,
                                                   .kind = S("list"),
                                                   .purpose = access_purpose(cx, T_casefile_purpose_mandate)});
    return ERR_OK;
}

/* ---- search ---- */

static bool looks_like_number(struct str q)
{
    bool digits = q.n >= 5 && q.p[4] == '-';
    for (size_t i = 0; i < q.n; i++)
        digits &= i == 4 || (q.p[i] >= '0' && q.p[i] <= '9');
    return digits && q.n <= 20;
}

/* A broad search is full after a little: it begins with so many, and looks at CASEFILE_SEARCH_MOST only when those were
   too few to fill a page. Some rows come twice: it takes a few more than a page, and many more when those were too few.
   Names are asked for their other words at a tenth of the price of a case. */
enum {
    SEARCH_FIRST = 200,
    SEARCH_NAMES = 500,
    SEARCH_ROWS = CASEFILE_SEARCH_MAX + CASEFILE_SEARCH_MAX / 4,
    SEARCH_CROWDED = 8 * CASEFILE_SEARCH_MAX
};

struct search {
    struct str q;
    bool number, idno; /* q is the beginning of a case number, a person's identity number; else words */
    bool cut;
    bool crowded; /* it ended at the limit of rows, of which so many were the same case that the page is not full */
    struct found found;
};

static bool is_full(const struct search *s)
{
    return s->found.rows.n > CASEFILE_SEARCH_MAX;
}

static enum err numbers(struct cx *cx, struct search *s, struct str end, int64_t most)
{
    struct q_casefile_search_no *rows;
    struct viewer v = viewer_of(cx);
    size_t n;
    s->found.rows.n = 0;
    enum err e = q_casefile_search_no(cx,
                                      &(struct q_casefile_search_no_in){.lo = s->q,
                                                                        .hi = end,
                                                                        .most = most,
                                                                        .limit = CASEFILE_SEARCH_MAX + 1,
                                                                        .viewer_kind = v.kind,
                                                                        .viewer_refs = v.refs,
                                                                        .viewer_party = v.party,
                                                                        .viewer_now = cx->now_us},
                                      &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &s->found.rows, FOUND(rows[i]));
    return e;
}

static enum err by_number(struct cx *cx, struct search *s)
{
    struct q_casefile_search_breadth b;
    struct str end = str_cat(cx->arena, s->q, S(":")); /* after 9 */
    enum err e = numbers(cx, s, end, SEARCH_FIRST);
    if (e || is_full(s))
        return e;
    e = q_casefile_search_breadth(cx, s->q, end, CASEFILE_SEARCH_MOST, &b);
    if (!e && b.numbers > SEARCH_FIRST)
        e = numbers(cx, s, end, CASEFILE_SEARCH_MOST);
    s->cut = !e && !is_full(s) && b.numbers >= CASEFILE_SEARCH_MOST;
    return e;
}

static enum err by_party(struct cx *cx, int64_t party_id, struct search *s)
{
    struct q_casefile_search_party *rows;
    struct viewer v = viewer_of(cx);
    size_t n;
    enum err e = q_casefile_search_party(cx,
                                         &(struct q_casefile_search_party_in){.party_id = party_id,
                                                                              .limit = CASEFILE_SEARCH_MAX + 1,
                                                                              .viewer_kind = v.kind,
                                                                              .viewer_refs = v.refs,
                                                                              .viewer_party = v.party,
                                                                              .viewer_now = cx->now_us},
                                         &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &s->found.rows, FOUND(rows[i]));
    return e;
}

static struct str or_empty(struct str s)
{
    return s.p ? s : S("");
}

static void put_first(struct search_query *q, size_t i)
{
    struct search_word first = q->word[0];
    q->word[0] = q->word[i];
    q->word[i] = first;
}

/* The word that stands in the fewest places leads: the others are asked of what it finds. None is counted further than
   the rarest so far, nor than `most`. *ret_places: in how many it stands. */
static enum err lead(struct cx *cx, struct search_query *q, int64_t most, int64_t *ret_places)
{
    struct q_casefile_search_rarity fewest = {.n = most}, r;
    size_t best = 0;
    for (size_t i = 0; q->n > 1 && i < q->n; i++) {
        enum err e = q_casefile_search_rarity(cx, q->word[i].lo, q->word[i].hi, fewest.n, &r);
        if (e)
            return e;
        if (r.n < fewest.n) {
            best = i;
            fewest = r;
        }
    }
    put_first(q, best);
    *ret_places = fewest.n;
    return ERR_OK;
}

/* How much of the wider of the two, words of cases and of names, it fits; counted to CASEFILE_SEARCH_MOST. */
static enum err breadth_of(struct cx *cx, const struct search_word *w, int64_t *ret)
{
    struct q_casefile_search_breadth b;
    enum err e = q_casefile_search_breadth(cx, w->lo, w->hi, CASEFILE_SEARCH_MOST, &b);
    if (!e)
        *ret = b.casefiles > b.names ? b.casefiles : b.names;
    return e;
}

/* What a statement takes that looks for several words. */
#define WORDS_IN(cx, q, v, most_, limit_) \
    .lo = (q)->word[0].lo, .hi = (q)->word[0].hi, .lo2 = or_empty((q)->word[1].lo), .hi2 = or_empty((q)->word[1].hi), \
    .lo3 = or_empty((q)->word[2].lo), .hi3 = or_empty((q)->word[2].hi), \
    .initials = search_initial((q)->word[1]) | search_initial((q)->word[2]), .most = (most_), .limit = (limit_), \
    .viewer_kind = (v).kind, .viewer_refs = (v).refs, .viewer_party = (v).party, .viewer_now = (cx)->now_us

static enum err several_words(struct cx *cx, const struct search_query *q, int64_t most, int64_t limit,
                              struct found *found)
{
    struct viewer v = viewer_of(cx);
    struct q_casefile_search_words_in in = {WORDS_IN(cx, q, v, most, limit)};
    struct q_casefile_search_words *rows;
    size_t n;
    enum err e = q_casefile_search_words(cx, &in, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &found->rows, FOUND(rows[i]));
    return e;
}

static enum err one_word(struct cx *cx, const struct search_query *q, int64_t most, int64_t limit, struct found *found)
{
    struct viewer v = viewer_of(cx);
    struct q_casefile_search_word_in in = {.lo = q->word[0].lo,
                                           .hi = q->word[0].hi,
                                           .most = most,
                                           .limit = limit,
                                           .viewer_kind = v.kind,
                                           .viewer_refs = v.refs,
                                           .viewer_party = v.party,
                                           .viewer_now = cx->now_us};
    struct q_casefile_search_word *rows;
    size_t n;
    enum err e = q_casefile_search_word(cx, &in, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &found->rows, FOUND(rows[i]));
    return e;
}

static int newest_first(const void *a, const void *b)
{
    const struct q_casefile_queue_unit *x = a, *y = b;
    if (x->sort_us != y->sort_us)
        return x->sort_us > y->sort_us ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static void leave_out_twice(struct found *found)
{
    struct q_casefile_queue_unit *p = found->rows.p;
    size_t n = 0;
    for (size_t i = 0; i < found->rows.n; i++)
        if (!n || p[i].id != p[n - 1].id)
            p[n++] = p[i];
    found->rows.n = n;
}

/* First those of people whose name has all words: a name in the search field means somebody. */
static void put_named_first(struct cx *cx, const struct search_query *q, struct found *found)
{
    struct found named = {0}, others = {0};
    for (size_t i = 0; i < found->rows.n; i++) {
        struct q_casefile_queue_unit *r = &found->rows.p[i];
        vec_add(cx->arena, search_has_all(cx, q, r->party_name) ? &named.rows : &others.rows, *r);
    }
    for (size_t i = 0; i < others.rows.n; i++)
        vec_add(cx->arena, &named.rows, others.rows.p[i]);
    found->rows = named.rows;
}

/* Those of that name, then the others; newest first, each once, no more than a page and one. */
static void put_in_order(struct cx *cx, const struct search_query *q, struct found *found)
{
    if (!found->rows.n)
        return;
    qsort(found->rows.p, found->rows.n, sizeof *found->rows.p, newest_first);
    leave_out_twice(found);
    put_named_first(cx, q, found);
    if (found->rows.n > CASEFILE_SEARCH_MAX + 1)
        found->rows.n = CASEFILE_SEARCH_MAX + 1;
}

/* What the first word finds among `most`, and the others allow: the first `limit` rows. */
static enum err look(struct cx *cx, const struct search_query *q, int64_t most, int64_t limit, struct search *s)
{
    s->found.rows.n = 0;
    enum err e = q->n > 1 ? several_words(cx, q, most, limit, &s->found) : one_word(cx, q, most, limit, &s->found);
    bool ended_at_limit = s->found.rows.n == (size_t)limit;
    put_in_order(cx, q, &s->found);
    s->crowded = ended_at_limit && !is_full(s);
    return e;
}

/* A case is found once by each of its words that begin so. */
static enum err words(struct cx *cx, const struct search_query *q, int64_t most, struct search *s)
{
    enum err e = look(cx, q, most, SEARCH_ROWS, s);
    return !e && s->crowded ? look(cx, q, most, SEARCH_CROWDED, s) : e;
}

/* After the first look. A full page says that there are more; s->cut: another may have been left out. */
static enum err further(struct cx *cx, const struct search_query *q, struct search *s)
{
    int64_t breadth = 0;
    s->cut = false;
    if (is_full(s))
        return ERR_OK;
    enum err e = breadth_of(cx, &q->word[0], &breadth);
    if (!e && breadth > SEARCH_FIRST)
        e = words(cx, q, CASEFILE_SEARCH_MOST, s);
    s->cut = !e && !is_full(s) && (breadth >= CASEFILE_SEARCH_MOST || s->crowded);
    return e;
}

static enum err led(struct cx *cx, const struct search_query *q, struct search *s)
{
    enum err e = words(cx, q, SEARCH_FIRST, s);
    return e ? e : further(cx, q, s);
}

/* Who types several words most often means a person: a page full of those whose name has them all is an answer, and
   costs the least. */
static enum err by_names(struct cx *cx, const struct search_query *q, struct search *s)
{
    struct viewer v = viewer_of(cx);
    struct q_casefile_search_names_in in = {WORDS_IN(cx, q, v, SEARCH_NAMES, SEARCH_ROWS)};
    struct q_casefile_search_names *rows;
    size_t n;
    enum err e = q_casefile_search_names(cx, &in, &rows, &n);
    s->found.rows.n = 0;
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &s->found.rows, FOUND(rows[i]));
    put_in_order(cx, q, &s->found);
    return e;
}

/* A rare word leads, if there is one. Of common ones the first look most often fills the page; only else is it worth
   counting which of them stands in the fewest places. */
static enum err by_words(struct cx *cx, struct search *s)
{
    struct search_query q = search_parse(cx, s->q);
    int64_t places;
    enum err e = q.n > 1 ? by_names(cx, &q, s) : ERR_OK;
    if (e || !q.n || is_full(s))
        return e;
    if ((e = lead(cx, &q, SEARCH_FIRST + 1, &places)) || (e = words(cx, &q, SEARCH_FIRST, s)) || is_full(s))
        return e;
    const char *led_by = q.word[0].lo.p;
    if (places > SEARCH_FIRST)
        e = lead(cx, &q, CASEFILE_SEARCH_MOST, &places);
    if (!e)
        e = q.word[0].lo.p == led_by ? further(cx, &q, s) : led(cx, &q, s);
    for (size_t i = 1; !e && s->cut && i < q.n; i++) {
        int64_t breadth; /* few people may have many case files: then a word in more places leaves out nothing */
        if ((e = breadth_of(cx, &q.word[i], &breadth)) || breadth >= CASEFILE_SEARCH_MOST)
            continue;
        put_first(&q, i);
        e = led(cx, &q, s);
    }
    return e;
}

static enum err run_search(struct cx *cx, void *ctx)
{
    struct search *s = ctx;
    int64_t party_id;
    bool found = false;
    enum err e;
    s->found = (struct found){0};
    if (s->number) {
        e = by_number(cx, s);
    } else if (s->idno) {
        e = party_known_by_idno(cx, s->q, &party_id, &found);
        if (!e && found)
            e = by_party(cx, party_id, s);
    } else {
        e = by_words(cx, s);
    }
    return e ? e : find_names(cx, &s->found);
}

enum err casefile_search(struct cx *cx, struct str q, struct casefile_rows *ret)
{
    struct search s = {.q = str_trim(q)};
    struct str plain;
    day_t born;
    if (cx->who->kind != WHO_EMPLOYEE)
        return fail(cx, ERR_FORBIDDEN, "not an employee");
    s.number = looks_like_number(s.q);
    s.idno = !s.number && party_idno_parse(cx, cx->muni ? str_of(cx->muni->rules->key) : S("dk"), s.q, &plain, &born);
    enum err e = db_read(cx, run_search, &s);
    if (e)
        return e;
    *ret = (struct casefile_rows){.more = is_full(&s), .cut = s.cut};
    for (size_t i = 0; i < s.found.rows.n && i < CASEFILE_SEARCH_MAX; i++)
        vec_add(cx->arena, &ret->rows, row_of(cx, &s.found, i));
    note_rows(cx, ret, "search", T_casefile_purpose_search);
    return ERR_OK;
}

enum err casefile_counts(struct cx *cx, struct casefile_counts *ret)
{
    const struct who *who = cx->who;
    struct q_casefile_count_open n;
    if (who->kind != WHO_EMPLOYEE)
        return fail(cx, ERR_FORBIDDEN, "not an employee");
    int64_t most = CASEFILE_COUNT_MAX + 1;
    enum err e =
        q_casefile_count_open(cx, who->acting_unit_id, who->employee_id, most, viewer_of(cx).party, cx->now_us, &n);
    if (!e && n.open < most) /* beyond it one more or less is not to be seen */
        *ret = (struct casefile_counts){n.open - n.own_open, n.overdue - n.own_overdue, n.mine};
    else if (!e)
        *ret = (struct casefile_counts){n.open, n.overdue, n.mine};
    return e;
}
