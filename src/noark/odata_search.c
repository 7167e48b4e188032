/* $search to SQL: the words of what programs wrote, of titles, and of files. */
#include "fulltext/fulltext.h"
#include "noark/odata_sql.h"
#include "search/search.h"

/* Terms of files that begin with the word. */
static struct str file_terms(struct sql *q, struct str lo, struct str hi, const char *and)
{
    return str_fmt(q->cx->arena,
                   "(SELECT x.ref FROM search_term x WHERE x.kind = '" FULLTEXT
                   "' AND x.term >= %.*s AND x.term < %.*s%s)",
                   STR_ARG(lo), STR_ARG(hi), and);
}

/* One of the forms of the document e has the word. They come from the same filtered rows as any list of them, so that a
   word tells nothing of a file that one may not have. A word that few files have is looked up once, and leads to their
   documents; one that many have is asked for document by document, which ends when the page is full. */
static struct str in_form(struct sql *q, struct str lo, struct str hi, bool few)
{
    const struct noark_type *form = noark_type_of("dokumentobjekt");
    struct arena *a = q->cx->arena;
    struct str n = sql_alias(q);
    if (few) {
        struct str refs = file_terms(q, lo, hi, "");
        struct str join = str_fmt(a, "%.*s.id IN %.*s", STR_ARG(n), STR_ARG(refs));
        struct str rows = sql_rows_joined(q, form, n, join);
        return str_fmt(a, " OR e.id IN (SELECT %.*s.parent_id FROM %.*s)", STR_ARG(n), STR_ARG(rows));
    }
    struct str join = str_fmt(a, "%.*s.parent_id = e.id", STR_ARG(n));
    struct str rows = sql_rows_joined(q, form, n, join);
    struct str refs = file_terms(q, lo, hi, str_z(a, str_fmt(a, " AND x.ref = %.*s.id", STR_ARG(n))));
    return str_fmt(a, " OR EXISTS (SELECT 1 FROM %.*s WHERE EXISTS %.*s)", STR_ARG(rows), STR_ARG(refs));
}

/* What the files say, where files are: of dokumentobjekt and its dokumentbeskrivelse. */
static enum err in_file(struct sql *q, const struct noark_type *t, const struct search_word *w, struct str lo,
                        struct str hi, struct str *ret)
{
    struct q_noark_files_with with;
    *ret = S("");
    if (t == noark_type_of("dokumentobjekt")) {
        struct str refs = file_terms(q, lo, hi, " AND x.ref = e.id");
        *ret = str_fmt(q->cx->arena, " OR EXISTS %.*s", STR_ARG(refs));
    }
    if (t != noark_type_of("dokumentbeskrivelse"))
        return ERR_OK;
    enum err e = q_noark_files_with(q->cx, w->lo, w->hi, NOARK_FEW_FILES, &with);
    if (!e)
        *ret = in_form(q, lo, hi, with.n < NOARK_FEW_FILES);
    return e;
}

/* Every word begins a word of what a program wrote, or of the file; of the house's entities, lies in the title. */
enum err sql_search(struct sql *q, const struct noark_type *t, struct str typed_in, struct str *ret)
{
    struct search_query words = search_parse(q->cx, typed_in);
    struct buf b = buf_make(q->cx->arena);
    enum err e = ERR_OK;
    if (!words.n)
        buf_add_z(&b, "1 = 0");
    for (size_t i = 0; !e && i < words.n; i++) {
        struct str lo = sql_text(q, words.word[i].lo), hi = sql_text(q, words.word[i].hi), file;
        e = in_file(q, t, &words.word[i], lo, hi, &file);
        buf_fmt(&b,
                "%s(EXISTS (SELECT 1 FROM search_term x WHERE x.kind = 'noark' AND x.ref = e.id AND x.term >= %.*s AND "
                "x.term < %.*s) OR (e.house = 1 AND %s(lower(coalesce(e.title, '')), %.*s) > 0)%.*s)",
                i ? " AND " : "", STR_ARG(lo), STR_ARG(hi), q->pg ? "strpos" : "instr", STR_ARG(lo), STR_ARG(file));
    }
    *ret = buf_str(&b);
    return e;
}
