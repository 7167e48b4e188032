#include "search.h"

#include <assert.h>

#include "search_store.h"

enum { TERMS_MAX = 1000 };

typedef VEC_OF(struct str) terms_t;

static void add_term(struct cx *cx, terms_t *terms, struct str term)
{
    term = text_head(term, SEARCH_TERM_MAX);
    if (str_empty(term) || terms->n >= TERMS_MAX)
        return;
    for (size_t i = 0; i < terms->n; i++)
        if (str_eq(terms->p[i], term))
            return;
    vec_add(cx->arena, terms, term);
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

static void add_words(struct cx *cx, terms_t *terms, struct str folded)
{
    struct str word;
    while (str_cut(&folded, ' ', &word))
        add_term(cx, terms, word);
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

static struct str json_list(struct cx *cx, const terms_t *terms)
{
    struct buf b = buf_make(cx->arena);
    buf_add_char(&b, '[');
    for (size_t i = 0; i < terms->n; i++) /* folded: letters and digits only, nothing to escape */
        buf_fmt(&b, "%s\"%.*s\"", i ? "," : "", STR_ARG(terms->p[i]));
    buf_add_char(&b, ']');
    return buf_str(&b);
}

enum err search_put(struct cx *cx, struct str kind, int64_t ref, int64_t sort, const struct str *texts, size_t n)
{
    terms_t terms = {0};
    assert(cx->conn);
    for (size_t i = 0; i < n; i++) {
        struct str rest = texts[i], piece;
        while (next_piece(&rest, &piece)) {
            struct str folded = text_fold(cx->arena, piece);
            add_words(cx, &terms, folded);
            if (has_digit(folded))
                add_term(cx, &terms, without_blanks(cx, folded));
        }
    }
    enum err e = q_search_delete(cx, kind, ref);
    if (e || !terms.n)
        return e;
    return q_search_insert(cx, kind, ref, sort, json_list(cx, &terms));
}

enum err search_erase(struct cx *cx, struct str kind, int64_t ref)
{
    assert(cx->conn);
    return q_search_delete(cx, kind, ref);
}

struct search_query search_parse(struct cx *cx, struct str typed)
{
    terms_t terms = {0};
    struct search_query q = {0};
    struct str rest = text_valid(typed) ? typed : S(""), piece;
    while (next_piece(&rest, &piece)) {
        struct str folded = text_fold(cx->arena, piece);
        if (has_digit(folded))
            add_term(cx, &terms, without_blanks(cx, folded));
        else
            add_words(cx, &terms, folded);
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
