/* Lists: the query string, and OData to SQL. This, odata_filter.c and odata_path.c are the only places that compose SQL
   at run time. Names come from the model, values are bound; every source of rows carries the permission filter, so that
   what a list, a count, a search or an expansion gives is what a get would. */
#include <assert.h>
#include <string.h>

#include "fulltext/fulltext.h"
#include "noark/odata_sql.h"
#include "search/search.h"

enum { ATTRS_MAX = 24 }; /* of a source */

/* ---- composing ---- */

/* What may_see asks; always the first four values. */
static void viewer_first(struct sql *q)
{
    const struct who *w = q->cx->who;
    bool employee = w && w->kind == WHO_EMPLOYEE;
    q->cols[0] = (struct db_col){"viewer_kind", DB_INT, false, 0};
    q->values[0] = (struct db_value){.i = employee ? 2 : 0};
    q->cols[1] = (struct db_col){"viewer_refs", DB_INTS, false, 0};
    q->values[1] =
        (struct db_value){.ints = employee ? (struct db_ints){w->unit_ids, w->n_units} : (struct db_ints){0}};
    q->cols[2] = (struct db_col){"viewer_party", DB_INT, false, 0};
    q->values[2] = (struct db_value){.i = employee ? w->party_id : 0};
    q->cols[3] = (struct db_col){"viewer_now", DB_INT, false, 0};
    q->values[3] = (struct db_value){.i = q->cx->now_us};
    q->n = 4;
}

struct str sql_bind(struct sql *q, enum db_kind kind, struct db_value v)
{
    if (q->n == VALUES_MAX)
        return S("NULL"); /* refused by odata_list before it is run */
    q->cols[q->n] = (struct db_col){"value", kind, false, 0};
    q->values[q->n++] = v;
    return str_fmt(q->cx->arena, "%c%zu", q->pg ? '$' : '?', q->n);
}

struct str sql_int(struct sql *q, int64_t v)
{
    return sql_bind(q, DB_INT, (struct db_value){.i = v});
}

struct str sql_text(struct sql *q, struct str s)
{
    return sql_bind(q, DB_TEXT, (struct db_value){.s = s});
}

/* Has rows of its own, is of the type `t`, and the roles of the asker open it. */
static bool shown(struct sql *q, const struct noark_type *one, const struct noark_type *t)
{
    return !one->is_group && !one->is_abstract && noark_is_a(one, t) && noark_reads(q->cx->who, one);
}

static struct str type_list(struct sql *q, const struct noark_type *t)
{
    struct buf b = buf_make(q->cx->arena);
    for (size_t i = 0; i < noark_types_n; i++)
        if (shown(q, &noark_types[i], t))
            buf_fmt(&b, "%s%d", b.n ? "," : "", noark_types[i].number);
    return b.n ? buf_str(&b) : S("-1");
}

/* Where rows come from: their types, and what id and parent_id are in the words of the statement, to which conditions
   may be added. */
struct source {
    const struct db_stmt *stmt;
    const char *id, *parent_id;
    const char *gives[3];
};

extern const struct db_stmt db_stmt_noark_from_item, db_stmt_noark_from_fonds, db_stmt_noark_from_series,
    db_stmt_noark_from_system, db_stmt_noark_from_class, db_stmt_noark_from_casefile, db_stmt_noark_from_registration,
    db_stmt_noark_from_document, db_stmt_noark_from_object, db_stmt_noark_from_correspondent;

static const struct source sources[] = {
    {&db_stmt_noark_from_fonds, "f.id", "NULL", {"arkiv"}},
    {&db_stmt_noark_from_series, "s.id", "s.fonds_id", {"arkivdel"}},
    {&db_stmt_noark_from_system, "s.id", "s.id", {"klassifikasjonssystem"}},
    {&db_stmt_noark_from_class, "k.id", "k.series_id", {"klasse"}},
    {&db_stmt_noark_from_casefile, "r.id", "r.class_id", {"saksmappe"}},
    {&db_stmt_noark_from_registration, "g.id", "g.casefile_id", {"arkivnotat", "journalpost"}},
    {&db_stmt_noark_from_document, "d.id", "d.registration_id", {"dokumentbeskrivelse"}},
    {&db_stmt_noark_from_object, "o.id", "o.document_id", {"dokumentobjekt"}},
    {&db_stmt_noark_from_correspondent,
     "(p.registration_id + p.number * 9007199254740992)",
     "p.registration_id",
     {"korrespondansepartperson", "korrespondansepartenhet", "korrespondansepartintern"}},
};

/* Behind its column `house` a source gives attributes, by their names in the model. */
static size_t first_attr(const struct source *s)
{
    size_t i = 0;
    while (strcmp(s->stmt->out[i].name, "house"))
        i++;
    return i + 1;
}

static size_t attrs_of(const struct source *s)
{
    return s->stmt->n_out - first_attr(s);
}

static enum noark_kind kind_of_attr(const struct source *s, const char *name)
{
    for (int i = 0; i < 3 && s->gives[i]; i++) {
        const struct noark_attr *a = noark_attr_named(noark_type_of(s->gives[i]), str_of(name));
        if (a)
            return a->kind;
    }
    return NOARK_TEXT;
}

static bool gives(struct sql *q, const struct source *s, const struct noark_type *t)
{
    for (int i = 0; i < 3 && s->gives[i]; i++)
        if (shown(q, noark_type_of(s->gives[i]), t))
            return true;
    return false;
}

/* An attribute of a row of the house as an item has it: a time in ISO 8601, with PostgreSQL all as text. "+": no index
   is taken for it that most rows may be in. */
static void add_value(struct sql *q, const struct source *s, const char *name, struct buf *b)
{
    if (kind_of_attr(s, name) != NOARK_TIME)
        buf_fmt(b, q->pg ? "CAST(h.%s AS text)" : "+h.%s", name);
    else if (q->pg)
        buf_fmt(b, "to_char(to_timestamp(h.%s / 1000000) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')", name);
    else
        buf_fmt(b, "strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', h.%s / 1000000, 'unixepoch')", name);
}

/* All of them as JSON, for a filter on what a row has a relation to. */
static void add_body(struct sql *q, const struct source *s, struct buf *b)
{
    buf_add_z(b, q->pg ? "CAST(json_build_object(" : "json_object(");
    for (size_t i = first_attr(s), first = i; i < s->stmt->n_out; i++) {
        const char *name = s->stmt->out[i].name;
        buf_fmt(b, "%s'%s', ", i > first ? ", " : "", name);
        add_value(q, s, name, b);
    }
    buf_add_z(b, q->pg ? ") AS text)" : ")");
}

static const char *nothing(const struct sql *q, enum db_kind kind)
{
    if (!q->pg)
        return "NULL";
    return kind == DB_INT ? "CAST(NULL AS bigint)" : kind == DB_TEXT ? "CAST(NULL AS text)" : "CAST(NULL AS bytea)";
}

/* What a filter wants of a row e of the house: its attributes are values, nothing lies in them. */
static void add_wanted(struct sql *q, const struct source *s, struct buf *b)
{
    for (size_t i = 0; i < q->n_wanted; i++) {
        const struct wanted *w = &q->wanted[i];
        const char *name = NULL;
        for (size_t k = first_attr(s); k < s->stmt->n_out && w->n == 1 && !name; k++)
            if (str_eq_z(w->names[0], s->stmt->out[k].name))
                name = s->stmt->out[k].name;
        buf_add_z(b, ", ");
        if (name)
            add_value(q, s, name, b);
        else
            buf_add_z(b, nothing(q, DB_TEXT));
        buf_fmt(b, " AS f%zu", i);
    }
}

/* The rows of a source, those that meet the condition `and` in its own words, in the shape of an item. whole: as rows
   e, with all attributes behind that, and what is wanted; else with the body. */
static struct str shaped(struct sql *q, const struct source *s, struct str and, bool whole)
{
    struct buf b = buf_make(q->cx->arena);
    const struct db_stmt *item = &db_stmt_noark_from_item;
    size_t first = first_attr(s);
    for (size_t i = 0; i < item->n_out; i++) {
        const char *name = item->out[i].name, *has = NULL;
        for (size_t k = 0; k < first && !has; k++)
            if (!strcmp(s->stmt->out[k].name, name))
                has = name;
        buf_add_z(&b, i ? ", " : "SELECT ");
        if (!strcmp(name, "body") && (!whole || q->body))
            add_body(q, s, &b);
        else
            buf_fmt(&b, "%s%s", has ? "h." : "", has ? has : nothing(q, item->out[i].kind));
        buf_fmt(&b, " AS %s", name);
    }
    for (size_t i = first; i < s->stmt->n_out && whole; i++)
        buf_fmt(&b, ", h.%s", s->stmt->out[i].name);
    if (whole)
        add_wanted(q, s, &b);
    buf_fmt(&b, " FROM (%s%.*s) h", s->stmt->sql[q->pg], STR_ARG(and));
    return buf_str(&b);
}

/* A join, which speaks of alias.id or alias.parent_id, in the words of a source. */
static struct str in_words_of(struct sql *q, struct str join, struct str alias, const char *id, const char *parent_id)
{
    struct buf b = buf_make(q->cx->arena);
    struct str its_id = str_cat(q->cx->arena, alias, S(".id")),
               its_parent = str_cat(q->cx->arena, alias, S(".parent_id"));
    for (size_t i = 0; i < join.n;) {
        struct str rest = str_slice(join, i, join.n);
        bool is_id = str_starts(rest, its_id), is_parent = str_starts(rest, its_parent);
        if (is_id || is_parent) {
            buf_add_z(&b, is_id ? id : parent_id);
            i += is_id ? its_id.n : its_parent.n;
        } else
            buf_add_char(&b, join.p[i++]);
    }
    return buf_str(&b);
}

struct str sql_rows_joined(struct sql *q, const struct noark_type *t, struct str alias, struct str join)
{
    struct buf b = buf_make(q->cx->arena);
    struct str types = type_list(q, t), here = in_words_of(q, join, alias, "i.id", "i.parent_id");
    buf_fmt(&b, "(%s AND i.type IN (%.*s) AND %.*s", db_stmt_noark_from_item.sql[q->pg], STR_ARG(types), STR_ARG(here));
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        if (!gives(q, &sources[i], t))
            continue;
        here = in_words_of(q, join, alias, sources[i].id, sources[i].parent_id);
        struct str rows = shaped(q, &sources[i], str_fmt(q->cx->arena, " AND %.*s", STR_ARG(here)), false);
        buf_fmt(&b, " UNION ALL %.*s", STR_ARG(rows));
    }
    buf_fmt(&b, ") %.*s", STR_ARG(alias));
    return buf_str(&b);
}

static bool only_some(const struct noark_type *t)
{
    return noark_is_a(t, noark_type_of("registrering")) || noark_is_a(t, noark_type_of("korrespondansepart"));
}

/* A source may give more types than were asked for: journal entries beside notes. */
struct str sql_typed(struct sql *q, const struct noark_type *t, struct str alias)
{
    if (!only_some(t))
        return S("1 = 1");
    struct str types = type_list(q, t);
    return str_fmt(q->cx->arena, "%.*s.type IN (%.*s)", STR_ARG(alias), STR_ARG(types));
}

struct str sql_alias(struct sql *q)
{
    return str_fmt(q->cx->arena, "n%d", ++q->aliases);
}

/* ---- search ---- */

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
static enum err compile_search(struct sql *q, const struct noark_type *t, struct str typed_in, struct str *ret)
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

/* ---- the list ---- */

static struct str compile_scope(struct sql *q, const struct scope *s)
{
    struct arena *a = q->cx->arena;
    if (s->link) {
        struct str itself = sql_int(q, s->or_id), from = sql_int(q, s->link_id);
        return str_fmt(
            a, "(e.id = %.*s OR e.id IN (SELECT f.%s FROM noark_reference f WHERE f.kind = %d AND f.%s = %.*s))",
            STR_ARG(itself), s->link_end ? "a_id" : "b_id", s->link->kind, s->link_end ? "b_id" : "a_id",
            STR_ARG(from));
    }
    if (!s->parent_id)
        return S("1 = 1");
    struct str parent = sql_int(q, s->parent_id);
    if (s->also)
        return str_fmt(a,
                       "(e.parent_id = %.*s OR e.id IN (SELECT f.b_id FROM noark_reference f WHERE f.kind = %d AND "
                       "f.a_id = %.*s))",
                       STR_ARG(parent), s->also->kind, STR_ARG(parent));
    return str_fmt(a, "e.parent_id = %.*s", STR_ARG(parent));
}

/* The condition on e, whichever table it comes from. */
static enum err compile_where(struct sql *q, const struct scope *s, const struct odata *o, struct str *ret)
{
    struct str filter = S("1 = 1"), search = S("1 = 1");
    enum err e = o->filter.n ? sql_filter(q, s->type, o->filter, &filter) : ERR_OK;
    if (e)
        return e;
    if (o->search.n && (e = compile_search(q, s->type, o->search, &search)))
        return e;
    struct str scope = compile_scope(q, s), type = sql_typed(q, s->type, S("e"));
    *ret = str_fmt(q->cx->arena, "%.*s AND %.*s AND (%.*s) AND (%.*s)", STR_ARG(scope), STR_ARG(type), STR_ARG(filter),
                   STR_ARG(search));
    return ERR_OK;
}

/* What is chosen of the rows of the tables. */
struct choice {
    bool alone;              /* 1 of each row: to count them */
    bool by_type;            /* items by type, so that each is read in the order of its index */
    size_t attrs;            /* of a source, at most */
    struct sql_order *order; /* NULL: none */
    int64_t most;            /* with an order: no more are wanted in all */
};

static size_t most_attrs(struct sql *q, const struct noark_type *t)
{
    size_t most = 0;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (gives(q, &sources[i], t) && attrs_of(&sources[i]) > most)
            most = attrs_of(&sources[i]);
    return most;
}

/* The columns of an item, then attributes, then what the order is by. s NULL: items. */
static void add_choice(struct sql *q, const struct choice *c, const struct source *s, struct buf *b)
{
    const struct db_stmt *item = &db_stmt_noark_from_item;
    if (c->alone) {
        buf_add_z(b, "1 AS one");
        return;
    }
    for (size_t i = 0; i < item->n_out; i++) {
        bool body = s && !strcmp(item->out[i].name, "body"); /* its attributes are there one by one */
        buf_fmt(b, "%s%s%s AS %s", i ? ", " : "", body ? "" : "e.", body ? "''" : item->out[i].name, item->out[i].name);
    }
    for (size_t i = 0; i < c->attrs; i++) {
        const char *name = s && i < attrs_of(s) ? s->stmt->out[first_attr(s) + i].name : NULL;
        buf_fmt(b,
                name && q->pg ? ", CAST(e.%s AS text)"
                : name        ? ", e.%s"
                              : ", %s",
                name ? name : nothing(q, DB_TEXT));
        buf_fmt(b, " AS a%zu", i);
    }
    for (size_t i = 0; c->order && i < c->order->n; i++)
        if (!c->order->by[i].column)
            buf_fmt(b, ", %.*s AS o%zu", STR_ARG(c->order->by[i].sql), i);
}

static void add_order(const struct choice *c, struct buf *b)
{
    for (size_t i = 0; i < c->order->n; i++) {
        const struct sql_by *by = &c->order->by[i];
        buf_add_z(b, i ? ", " : " ORDER BY ");
        if (by->column)
            buf_fmt(b, "%s %s", by->column, by->way);
        else
            buf_fmt(b, "o%zu %s", i, by->way);
    }
}

/* SQLite merges tables that are read in the order, and reads no further in any of them than it must; PostgreSQL is
   told how far. */
static void add_table(struct sql *q, const struct choice *c, const struct source *s, struct str rows, struct str where,
                      struct buf *b)
{
    bool cut = c->order && q->pg;
    buf_fmt(b, "%s%sSELECT ", b->n ? " UNION ALL " : "", cut ? "SELECT * FROM (" : "");
    add_choice(q, c, s, b);
    buf_fmt(b, " FROM (%.*s) e WHERE %.*s", STR_ARG(rows), STR_ARG(where));
    if (!cut)
        return;
    add_order(c, b);
    buf_fmt(b, " LIMIT %lld) t%zu", (long long)c->most, b->n);
}

/* All tables in one order. What it is by comes last: SQLite does not read it, PostgreSQL leaves it out. */
static struct str ordered(struct sql *q, const struct choice *c, struct str tables)
{
    const struct db_stmt *item = &db_stmt_noark_from_item;
    struct buf b = buf_make(q->cx->arena);
    if (q->pg) {
        for (size_t i = 0; i < item->n_out; i++)
            buf_fmt(&b, "%s%s", i ? ", " : "SELECT ", item->out[i].name);
        for (size_t i = 0; i < c->attrs; i++)
            buf_fmt(&b, ", a%zu", i);
        buf_add_z(&b, " FROM (");
    }
    buf_add(&b, tables);
    buf_add_z(&b, q->pg ? ") e" : "");
    add_order(c, &b);
    return buf_str(&b);
}

static struct str items_of(struct sql *q, struct str types)
{
    struct buf b = buf_make(q->cx->arena);
    if (q->n_wanted)
        buf_add_z(&b, "SELECT x.*");
    for (size_t i = 0; i < q->n_wanted; i++) {
        struct str value = sql_json(q, S("x"), &q->wanted[i]);
        buf_fmt(&b, ", %.*s AS f%zu", STR_ARG(value), i);
    }
    buf_fmt(&b, "%s%s AND i.type IN (%.*s)%s", q->n_wanted ? " FROM (" : "", db_stmt_noark_from_item.sql[q->pg],
            STR_ARG(types), q->n_wanted ? ") x" : "");
    return buf_str(&b);
}

/* The rows of a type, one table after the other. */
static struct str tables(struct sql *q, const struct noark_type *t, const struct choice *c, enum node_where in,
                         struct str where)
{
    struct buf b = buf_make(q->cx->arena);
    for (size_t i = 0; i < noark_types_n && in != NODE_HOUSE && c->by_type; i++)
        if (shown(q, &noark_types[i], t))
            add_table(q, c, NULL, items_of(q, str_fmt(q->cx->arena, "%d", noark_types[i].number)), where, &b);
    if (in != NODE_HOUSE && !c->by_type)
        add_table(q, c, NULL, items_of(q, type_list(q, t)), where, &b);
    for (size_t i = 0; i < sizeof sources / sizeof *sources && in != NODE_ITEM; i++)
        if (gives(q, &sources[i], t))
            add_table(q, c, &sources[i], shaped(q, &sources[i], S(""), true), where, &b);
    if (!b.n) /* the roles open nothing of it */
        add_table(q, c, NULL, items_of(q, S("-1")), where, &b);
    return buf_str(&b);
}

static struct db_stmt stmt_of(struct sql *q, const char *name, struct str sql)
{
    const char *z = str_z(q->cx->arena, sql);
    return (struct db_stmt){
        .name = name, .file = "src/noark/odata.c", .sql = {z, z}, .in = q->cols, .n_in = q->n, .once = true};
}

struct counted {
    int64_t n;
};

static enum err count_all(struct sql *q, const struct noark_type *t, struct str where, int64_t *ret)
{
    static const struct db_col out[] = {{"n", DB_INT, false, offsetof(struct counted, n)}};
    struct str rows = tables(q, t, &(struct choice){.alone = true, .by_type = true}, NODE_ANYWHERE, where);
    struct str sql = str_fmt(q->cx->arena, "SELECT count(*) FROM (%.*s) x", STR_ARG(rows));
    struct db_stmt stmt = stmt_of(q, "noark_count", sql);
    struct counted row;
    stmt.out = out;
    stmt.n_out = 1;
    stmt.row_size = sizeof row;
    enum err e = db_one(q->cx, &stmt, q->values, &row);
    if (!e)
        *ret = row.n;
    return e;
}

/* A row as it comes: the attributes as text, in the order of their source. */
struct wide_row {
    struct q_noark_from_item r;
    struct str attrs[ATTRS_MAX];
};

static enum err wide_rows(struct sql *q, struct str sql, const struct choice *c, struct wide_row **ret_rows,
                          size_t *ret_n)
{
    const struct db_stmt *item = &db_stmt_noark_from_item;
    struct db_stmt stmt = stmt_of(q, "noark_list", sql);
    struct db_col *out = arena_array(q->cx->arena, struct db_col, item->n_out + c->attrs);
    size_t n = item->n_out;
    void *rows;
    assert(c->attrs <= ATTRS_MAX);
    memcpy(out, item->out, item->n_out * sizeof *out);
    for (size_t i = 0; i < c->attrs; i++)
        out[n++] =
            (struct db_col){"attribute", DB_TEXT, true, offsetof(struct wide_row, attrs) + i * sizeof(struct str)};
    stmt.out = out;
    stmt.n_out = n;
    stmt.row_size = sizeof(struct wide_row);
    enum err e = db_many(q->cx, &stmt, q->values, &rows, ret_n);
    if (!e)
        *ret_rows = rows;
    return e;
}

/* The attributes of a source, looked up once for all of its rows. */
struct shape {
    const struct source *of;
    enum noark_kind kinds[ATTRS_MAX];
    struct str names[ATTRS_MAX];
    size_t n;
};

static const struct shape *shape_of(struct shape *known, const struct noark_type *t)
{
    size_t at = 0;
    for (; at < sizeof sources / sizeof *sources; at++)
        for (int i = 0; i < 3 && sources[at].gives[i]; i++)
            if (!strcmp(sources[at].gives[i], t->name)) {
                struct shape *shape = &known[at];
                const struct source *s = &sources[at];
                for (size_t first = first_attr(s); !shape->of && shape->n < attrs_of(s); shape->n++) {
                    const struct db_col *c = &s->stmt->out[first + shape->n];
                    enum noark_kind kind = kind_of_attr(s, c->name);
                    shape->names[shape->n] = str_of(c->name);
                    shape->kinds[shape->n] = kind != NOARK_TIME && c->kind == DB_INT ? NOARK_INT : kind;
                }
                shape->of = s;
                return shape;
            }
    return NULL;
}

/* The attributes of a row of the house, as if they had been read. */
static enum err house_body(struct cx *cx, const struct shape *shape, const struct wide_row *row, struct json **ret)
{
    struct json *all = arena_array(cx->arena, struct json, shape->n + 1), *map = all + shape->n;
    map->kind = JSON_MAP;
    map->items = arena_array(cx->arena, struct json *, shape->n);
    for (size_t i = 0; i < shape->n; i++) {
        struct str v = row->attrs[i];
        struct json *j = &all[i];
        if (!v.p)
            continue;
        j->key = shape->names[i];
        j->text = v;
        j->kind = shape->kinds[i] == NOARK_INT ? JSON_INT : JSON_TEXT;
        if ((shape->kinds[i] == NOARK_INT || shape->kinds[i] == NOARK_TIME) && !str_to_i64(v, &j->i64))
            return fail(cx, ERR_INTERNAL, "%.*s is no number", STR_ARG(shape->names[i]));
        if (shape->kinds[i] == NOARK_TIME)
            j->text = civil_iso_us(cx->arena, j->i64);
        map->items[map->n++] = j;
    }
    *ret = map;
    return ERR_OK;
}

static enum err to_nodes(struct cx *cx, const struct wide_row *rows, size_t n, struct nodes *ret)
{
    struct shape *known = arena_array(cx->arena, struct shape, sizeof sources / sizeof *sources);
    for (size_t i = 0; i < n; i++) {
        struct node node = {.r = rows[i].r, .t = noark_type_numbered(rows[i].r.type)};
        const struct shape *shape = node.t && node.r.house ? shape_of(known, node.t) : NULL;
        enum err e = !node.t || (node.r.house && !shape)
                         ? fail(cx, ERR_INTERNAL, "an entity of type %lld", (long long)rows[i].r.type)
                     : shape ? house_body(cx, shape, &rows[i], &node.body)
                             : json_parse(cx, node.r.body, &node.body);
        if (e)
            return e;
        vec_add(cx->arena, &ret->rows, node);
    }
    return ERR_OK;
}

/* What lies in one entity, or has one title or number, is few: found by that and then sorted ("+ 0"). Else the order is
   read off. When a row came, and opprettetDato, are the same order. */
static void end_order(struct sql_order *order, struct str orderby, bool few)
{
    bool newest = str_ieq(orderby, S("opprettetDato desc"));
    if (newest || str_ieq(orderby, S("opprettetDato")))
        order->n = 0;
    const char *way = newest ? "DESC" : "ASC";
    order->by[order->n++] = (struct sql_by){S("e.created_us + 0"), way, few ? NULL : "created_us"};
    order->by[order->n++] = (struct sql_by){.way = way, .column = "id"};
}

enum err odata_list(struct cx *cx, const struct scope *scope, const struct odata *o, struct nodes *ret)
{
    struct sql q = {.cx = cx, .pg = db_is_postgres(cx)};
    struct sql_order order = {0};
    struct str where;
    struct wide_row *rows = NULL;
    size_t n = 0;
    *ret = (struct nodes){0};
    viewer_first(&q);
    enum err e = compile_where(&q, scope, o, &where);
    size_t n_where = q.n; /* values that the count has too: it has no order */
    if (!e && o->orderby.n)
        e = sql_order(&q, scope->type, o->orderby, &order);
    if (!e && q.n == VALUES_MAX)
        e = fail(cx, ERR_BAD_REQUEST, "too many values in the query");
    if (e)
        return e;
    end_order(&order, o->orderby, scope->parent_id || scope->link || q.narrow);
    /* A row is looked at for the count as it is for the page, so what lies behind both is counted on demand only. */
    int64_t look = o->count || o->top > NOARK_COUNT_MAX ? o->top : NOARK_COUNT_MAX;
    struct choice c = {
        .by_type = true, .attrs = most_attrs(&q, scope->type), .order = &order, .most = o->skip + look + 1};
    struct str sql = ordered(&q, &c, tables(&q, scope->type, &c, NODE_ANYWHERE, where));
    sql = str_fmt(cx->arena, "%.*s LIMIT %lld OFFSET %lld", STR_ARG(sql), (long long)look + 1, (long long)o->skip);
    if ((e = wide_rows(&q, sql, &c, &rows, &n)))
        return e;
    bool beyond = (int64_t)n > look, behind = !n && o->skip;
    ret->more = (int64_t)n > o->top;
    ret->count = o->skip + (int64_t)n;
    q.n = n_where;
    if ((beyond && o->count) || behind)
        e = count_all(&q, scope->type, where, &ret->count);
    if (ret->more)
        n = (size_t)o->top;
    return e ? e : to_nodes(cx, rows, n, ret);
}

enum err odata_check(struct cx *cx, const struct noark_type *t, struct str filter, bool postgres, struct str *ret_sql)
{
    struct sql q = {.cx = cx, .pg = postgres, .dry = true};
    viewer_first(&q);
    return sql_filter(&q, t, filter, ret_sql);
}

/* ---- one entity ---- */

enum err node_find(struct cx *cx, const struct noark_type *t, int64_t id, enum node_where in, struct node *ret)
{
    struct sql q = {.cx = cx, .pg = db_is_postgres(cx)};
    struct nodes found = {0};
    struct wide_row *rows = NULL;
    size_t n = 0;
    int64_t parent_id = id >> 53 ? id & ((INT64_C(1) << 53) - 1) : 0;
    viewer_first(&q);
    struct choice c = {.attrs = in == NODE_ITEM ? 0 : most_attrs(&q, t)};
    struct str type_sql = sql_typed(&q, t, S("e")), id_sql = sql_int(&q, id);
    struct str where = str_fmt(cx->arena, "e.id = %.*s AND %.*s", STR_ARG(id_sql), STR_ARG(type_sql));
    if (parent_id) { /* a correspondent of the house is found by what it belongs to */
        struct str parent = sql_int(&q, parent_id);
        where = str_fmt(cx->arena, "%.*s AND e.parent_id = %.*s", STR_ARG(where), STR_ARG(parent));
    }
    enum err e = wide_rows(&q, tables(&q, t, &c, in, where), &c, &rows, &n);
    if (!e && n != 1)
        e = fail(cx, ERR_NOT_FOUND, "no such entity, or none that the asker may see");
    if (!e)
        e = to_nodes(cx, rows, n, &found);
    if (!e)
        *ret = found.rows.p[0];
    return e;
}

enum err node_get_id(struct cx *cx, const struct noark_type *t, int64_t id, struct node *ret)
{
    return node_find(cx, t, id, NODE_ANYWHERE, ret);
}

/* ---- the query string ---- */

static bool hex_pair(struct str s, size_t i, char *ret)
{
    unsigned char c;
    if (i + 2 >= s.n || !str_unhex(str_slice(s, i + 1, i + 3), &c))
        return false;
    *ret = (char)c;
    return true;
}

struct str noark_unquote(struct cx *cx, struct str s)
{
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%' && hex_pair(s, i, &c))
            i += 2;
        else if (c == '+')
            c = ' ';
        buf_add_char(&b, c);
    }
    return buf_str(&b);
}

static enum err take_number(struct cx *cx, const char *name, struct str value, int64_t max, int64_t *ret)
{
    if (!str_to_i64(value, ret) || *ret < 0)
        return fail(cx, ERR_BAD_REQUEST, "%s is a whole number from 0", name);
    if (*ret > max)
        *ret = max;
    return ERR_OK;
}

static enum err take_option(struct cx *cx, struct str name, struct str value, struct odata *o)
{
    if (name.n && name.p[0] == '$')
        name = str_slice(name, 1, name.n);
    if (!text_clean(value))
        return fail(cx, ERR_BAD_REQUEST, "the query is not clean UTF-8");
    if (str_ieq(name, S("filter")))
        o->filter = value;
    else if (str_ieq(name, S("orderby")))
        o->orderby = value;
    else if (str_ieq(name, S("search")))
        o->search = value;
    else if (str_ieq(name, S("expand")))
        o->expand = value;
    else if (str_ieq(name, S("count")))
        o->count = str_ieq(value, S("true"));
    else if (str_ieq(name, S("top"))) {
        o->has_top = true;
        return take_number(cx, "$top", value, NOARK_PAGE_MAX, &o->top);
    } else if (str_ieq(name, S("skip")))
        return take_number(cx, "$skip", value, INT64_C(1) << 40, &o->skip);
    else if (name.n)
        return fail(cx, ERR_BAD_REQUEST,
                    "the query has an option that is not known: $filter, $orderby, $top, $skip, "
                    "$count, $expand and $search are");
    return ERR_OK;
}

/* Clients quote the whole query as one piece: then it has no sign of its own. A "&" belongs to the next option only
   when one begins there, so that it may also stand in a text. */
enum err odata_parse(struct cx *cx, struct str query, struct odata *ret)
{
    *ret = (struct odata){.top = NOARK_PAGE};
    bool whole = str_find_char(query, '=', 0) == query.n && str_find_char(query, '&', 0) == query.n;
    struct str s = whole ? noark_unquote(cx, query) : query;
    if (whole && str_starts(s, S("%24"))) /* twice */
        s = noark_unquote(cx, s);
    while (s.n) {
        size_t end = str_find_char(s, '&', 0);
        while (whole && end < s.n && !(end + 1 < s.n && s.p[end + 1] == '$'))
            end = str_find_char(s, '&', end + 1);
        struct str one = str_slice(s, 0, end);
        s = str_slice(s, end + 1, s.n);
        size_t eq = str_find_char(one, '=', 0);
        struct str name = str_slice(one, 0, eq), value = str_slice(one, eq + 1, one.n);
        enum err e = take_option(cx, whole ? name : noark_unquote(cx, name),
                                 str_trim(whole ? value : noark_unquote(cx, value)), ret);
        if (e)
            return e;
    }
    return ERR_OK;
}
