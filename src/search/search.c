#include "search.h"

#include <assert.h>

#include "search_store.h"

enum { TERMS_MAX = 1000 };

/* Different terms in the order they came. Whether one is there is told by `slots`, a table with open addressing: number
   of the term + 1, 0: free; a power of two, never more than half full. */
struct terms {
    struct str *p;
    size_t n, most, n_slots;
    uint32_t *slots;
};

static struct terms terms_make(struct cx *cx, size_t most)
{
    struct terms t = {.most = most, .n_slots = 16};
    while (t.n_slots < 2 * most)
        t.n_slots *= 2;
    t.p = arena_array(cx->arena, struct str, most);
    t.slots = arena_array(cx->arena, uint32_t, t.n_slots);
    return t;
}

static uint32_t fnv_1a(struct str s)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 16777619u;
    return h;
}

static void add_term(struct terms *terms, struct str term)
{
    term = text_head(term, SEARCH_TERM_MAX);
    if (str_empty(term) || terms->n >= terms->most)
        return;
    size_t at = fnv_1a(term) & (terms->n_slots - 1);
    for (; terms->slots[at]; at = (at + 1) & (terms->n_slots - 1))
        if (str_eq(terms->p[terms->slots[at] - 1], term))
            return;
    terms->p[terms->n++] = term;
    terms->slots[at] = (uint32_t)terms->n;
}

static bool has_digit(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            return true;
    return false;
}

static struct str without_blanks(struct cx *cx, struct str s)
{
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != ' ')
            buf_add_char(&b, s.p[i]);
    return buf_str(&b);
}

static void add_words(struct terms *terms, struct str folded)
{
    struct str word;
    while (str_cut(&folded, ' ', &word))
        add_term(terms, word);
}

/* What stands between blanks, one after another. */
static bool next_piece(struct str *rest, struct str *ret)
{
    *rest = str_trim(*rest);
    if (str_empty(*rest))
        return false;
    size_t end = 0;
    while (end < rest->n && !strchr(" \t\r\n", rest->p[end]))
        end++;
    *ret = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end, rest->n);
    return true;
}

static struct str json_list(struct cx *cx, const struct terms *terms)
{
    struct buf b = buf_make(cx->arena);
    buf_add_char(&b, '[');
    for (size_t i = 0; i < terms->n; i++) /* folded: letters and digits only, nothing to escape */
        buf_fmt(&b, "%s\"%.*s\"", i ? "," : "", STR_ARG(terms->p[i]));
    buf_add_char(&b, ']');
    return buf_str(&b);
}

static void add_text(struct cx *cx, struct terms *terms, struct str rest)
{
    struct str piece;
    while (terms->n < terms->most && next_piece(&rest, &piece)) {
        struct str folded = text_fold(cx->arena, piece);
        add_words(terms, folded);
        if (has_digit(folded))
            add_term(terms, without_blanks(cx, folded));
    }
}

enum { OTHER_INITIAL = 26, INITIALS, REF_BITS = 53 };

static int64_t initial(struct str word)
{
    if (str_empty(word))
        return 0;
    bool letter = word.p[0] >= 'a' && word.p[0] <= 'z';
    return (int64_t)1 << (letter ? word.p[0] - 'a' : OTHER_INITIAL);
}

int64_t search_initial(struct search_word word)
{
    return initial(word.lo);
}

int64_t search_sort_by_initials(struct cx *cx, int64_t ref, struct str text)
{
    struct terms terms = terms_make(cx, TERMS_MAX);
    int64_t bits = 0;
    add_text(cx, &terms, text);
    for (size_t i = 0; i < terms.n; i++)
        bits |= initial(terms.p[i]);
    return ref >> (REF_BITS + INITIALS - 63) << INITIALS | bits;
}

struct search_terms search_terms(struct cx *cx, struct str text, size_t most)
{
    struct terms terms = terms_make(cx, most);
    add_text(cx, &terms, text);
    return (struct search_terms){.json = json_list(cx, &terms), .n = terms.n};
}

enum err search_put_terms(struct cx *cx, struct str kind, int64_t ref, int64_t sort, const struct search_terms *terms)
{
    assert(cx->conn);
    enum err e = q_search_delete(cx, kind, ref);
    return e || !terms->n ? e : q_search_insert(cx, kind, ref, sort, terms->json);
}

enum err search_put(struct cx *cx, struct str kind, int64_t ref, int64_t sort, const struct str *texts, size_t n)
{
    struct terms terms = terms_make(cx, TERMS_MAX);
    for (size_t i = 0; i < n; i++)
        add_text(cx, &terms, texts[i]);
    struct search_terms all = {.json = json_list(cx, &terms), .n = terms.n};
    return search_put_terms(cx, kind, ref, sort, &all);
}

enum err search_erase(struct cx *cx, struct str kind, int64_t ref)
{
    assert(cx->conn);
    return q_search_delete(cx, kind, ref);
}

struct search_query search_parse(struct cx *cx, struct str typed)
{
    struct terms terms = terms_make(cx, TERMS_MAX);
    struct search_query q = {0};
    struct str rest = text_valid(typed) ? typed : S(""), piece;
    while (next_piece(&rest, &piece)) {
        struct str folded = text_fold(cx->arena, piece);
        if (has_digit(folded))
            add_term(&terms, without_blanks(cx, folded));
        else
            add_words(&terms, folded);
    }
    for (size_t i = 1; i < terms.n; i++) { /* longest first; few */
        struct str t = terms.p[i];
        size_t k = i;
        for (; k > 0 && terms.p[k - 1].n < t.n; k--)
            terms.p[k] = terms.p[k - 1];
        terms.p[k] = t;
    }
    for (; q.n < terms.n && q.n < SEARCH_WORDS_MAX; q.n++) {
        q.word[q.n].lo = terms.p[q.n];
        q.word[q.n].hi =
            str_cat(cx->arena, terms.p[q.n], S("\xf4\x8f\xbf\xbf")); /* U+10FFFF: after every term with it */
    }
    for (size_t i = q.n; i < SEARCH_WORDS_MAX; i++)
        q.word[i].lo = q.word[i].hi = S("");
    return q;
}

static bool has_beginning(struct str folded, struct str beginning)
{
    struct str word;
    while (str_cut(&folded, ' ', &word))
        if (str_starts(word, beginning))
            return true;
    return false;
}

bool search_has_all(struct cx *cx, const struct search_query *query, struct str text)
{
    struct str folded = text_fold(cx->arena, text);
    for (size_t i = 0; i < query->n; i++)
        if (!has_beginning(folded, query->word[i].lo))
            return false;
    return true;
}

enum err search_find(struct cx *cx, struct str kind, const struct search_query *query, int64_t limit,
                     struct db_ints *ret)
{
    struct q_search_find *rows;
    size_t n = 0;
    const struct search_word *w = query->word;
    struct q_search_find_in in = {kind, w[0].lo, w[0].hi, w[1].lo, w[1].hi, w[2].lo, w[2].hi, w[3].lo, w[3].hi, limit};
    enum err e = query->n ? q_search_find(cx, &in, &rows, &n) : ERR_OK;
    if (e)
        return e;
    int64_t *refs = arena_array(cx->arena, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        refs[i] = rows[i].ref;
    *ret = (struct db_ints){refs, n};
    return ERR_OK;
}
