/* Search by number, person and word, through the fragment may_see (casefile.sql). */
#include <stdlib.h>

#include "casefile_internal.h"
#include "casefile_search_store.h"
#include "search/search.h"

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
    enum err e = q_casefile_search_no(
        cx,
        &(struct q_casefile_search_no_in){
            .lo = s->q, .hi = end, .most = most, .limit = CASEFILE_SEARCH_MAX + 1, VIEWER_IN(cx, v)},
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
    enum err e = q_casefile_search_party(
        cx,
        &(struct q_casefile_search_party_in){.party_id = party_id, .limit = CASEFILE_SEARCH_MAX + 1, VIEWER_IN(cx, v)},
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
    VIEWER_IN(cx, v)

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
    struct q_casefile_search_word_in in = {
        .lo = q->word[0].lo, .hi = q->word[0].hi, .most = most, .limit = limit, VIEWER_IN(cx, v)};
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

/* Who types a name means a person: a page full of those whose name has all words is an answer, and costs the least. */
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
    enum err e = q.n ? by_names(cx, &q, s) : ERR_OK;
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
    return e ? e : found_name(cx, &s->found);
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
        vec_add(cx->arena, &ret->rows, found_row(cx, &s.found, i));
    found_note(cx, ret, "search", T_casefile_purpose_search);
    return ERR_OK;
}
