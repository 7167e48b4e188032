/* Search by word and prefix, the same on both engines: a table of folded terms, written in the transaction that writes
   the thing itself and erased with it. "Åse" is found by "ase", "Ødegård" by "odegard". See README.md.

   A noun joins the table in its own .sql, so that its permission filter is part of the same statement:

     -- name: casefile_search :many
     -- in: lo text, hi text, viewer_party int, …
     SELECT c.id, … FROM search_term t JOIN casefile c ON c.id = t.ref
     WHERE t.kind = 'casefile' AND t.term >= :lo AND t.term < :hi AND @may_see(c.id)@
       AND (:lo2 = '' OR EXISTS (SELECT 1 FROM search_term x
                 WHERE x.kind = 'casefile' AND x.ref = t.ref AND x.term >= :lo2 AND x.term < :hi2))
     ORDER BY t.sort DESC LIMIT 50

   The first word should be the rarest: search_parse puts the longest first. Index (kind, term, sort, ref) answers a
   whole word in order of sort without sorting; the primary key (kind, ref, term) answers the EXISTS. The same ref can
   come several times when two of its terms have the prefix: SELECT DISTINCT or GROUP BY. */
#pragma once
#include "base/base.h"
#include "db/db.h"

enum { SEARCH_WORDS_MAX = 4, SEARCH_TERM_MAX = 40 /* code points; longer words are cut */ };

/* Inside a db_write: the words of `texts` become the terms of (kind, ref), instead of those it had. `sort` is what the
   noun orders by, largest first: a time, or minus a rank. A text with digits and hyphens ("2026-004711") also gives the
   whole without blanks as one term ("2026004711"), so a number is found by its beginning however it is written. */
enum err search_put(struct cx *cx, struct str kind, int64_t ref, int64_t sort, const struct str *texts, size_t n);

/* The `sort` of a short text (a name) that is looked for by several words: its lowest bits say by which letters its
   words begin, one for each of a to z and one for all else (search_initial). So the index alone tells most of those
   that lack another word. Above them the upper bits of ref: a beginning finds names in the order of ref, as the tables
   are read. 0, as names once had, tells nothing. */
int64_t search_sort_by_initials(struct cx *cx, int64_t ref, struct str text);

/* The same in two steps, for what is long: the terms of a text, at most `most` different ones, the first that come;
   outside any transaction. Then, inside a db_write, they become the terms of (kind, ref). */
struct search_terms {
    struct str json;
    size_t n;
};
struct search_terms search_terms(struct cx *cx, struct str text, size_t most);
enum err search_put_terms(struct cx *cx, struct str kind, int64_t ref, int64_t sort, const struct search_terms *terms);

/* Inside a db_write: the thing is gone, so are its words. */
enum err search_erase(struct cx *cx, struct str kind, int64_t ref);

/* One word typed: term >= lo AND term < hi is "begins with lo". Both empty when there are fewer words. */
struct search_word {
    struct str lo, hi;
};
struct search_query {
    struct search_word word[SEARCH_WORDS_MAX]; /* longest first; further words are dropped */
    size_t n;                                  /* 0: nothing to search for */
};
/* What somebody typed into a search box. Never fails. */
struct search_query search_parse(struct cx *cx, struct str typed);

/* The bit of a word of a query in search_sort_by_initials; 0 where there is none. */
int64_t search_initial(struct search_word word);

/* Whether each word of the query is the beginning of a word of this text. */
bool search_has_all(struct cx *cx, const struct search_query *query, struct str text);

/* For kinds whose things anyone may see (services): the refs that have all words, by sort, at most `limit`. Kinds with
   a permission write a query of their own, as above. */
enum err search_find(struct cx *cx, struct str kind, const struct search_query *query, int64_t limit,
                     struct db_ints *ret);
