/* Lists: OData to SQL. This, odata_filter.c, odata_path.c and odata_search.c are the only places that compose SQL at
   run time. Names come from the model, values are bound; every source of rows carries the permission filter, so that
   what a list, a count, a search or an expansion gives is what a get would. */
#include <assert.h>
#include <pthread.h>
#include <string.h>

#include "noark/odata_sql.h"

enum { SOURCES = 9, GIVES_MAX = 3, INTS_MAX = 12, TEXTS_MAX = 12, ATTRS_MAX = INTS_MAX + TEXTS_MAX };

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
    struct buf b = buf_make(q->cx->arena);
    buf_add_char(&b, q->pg ? '$' : '?');
    buf_add_i64(&b, (int64_t)q->n);
    return buf_str(&b);
}

struct str sql_int(struct sql *q, int64_t v)
{
    return sql_bind(q, DB_INT, (struct db_value){.i = v});
}

struct str sql_text(struct sql *q, struct str s)
{
    return sql_bind(q, DB_TEXT, (struct db_value){.s = s});
}

static void add_number(struct buf *b, struct str before, int64_t n)
{
    buf_add(b, before);
    buf_add_i64(b, n);
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
            add_number(&b, b.n ? S(",") : S(""), noark_types[i].number);
    return b.n ? buf_str(&b) : S("-1");
}

/* Where rows come from: their types, and what id and parent_id are in the words of the statement, to which conditions
   may be added. */
struct source {
    const struct db_stmt *stmt;
    const char *id, *parent_id;
    const char *gives[GIVES_MAX];
};

extern const struct db_stmt db_stmt_noark_from_item, db_stmt_noark_from_fonds, db_stmt_noark_from_series,
    db_stmt_noark_from_system, db_stmt_noark_from_class, db_stmt_noark_from_casefile, db_stmt_noark_from_registration,
    db_stmt_noark_from_document, db_stmt_noark_from_object, db_stmt_noark_from_correspondent;

static const struct source sources[SOURCES] = {
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

/* What a source gives behind its column `house`: attributes by their names in the model, numbers and times as they are,
   all else as text. */
struct attr_column {
    struct str name;
    enum noark_kind kind; /* NOARK_INT and NOARK_TIME (microseconds): a number */
    size_t slot;          /* among the numbers of a row, or its texts */
    int at[GIVES_MAX];    /* its index in the model of each type; -1: no attribute of that */
};
struct shape {
    const struct noark_type *gives[GIVES_MAX];
    struct attr_column attrs[ATTRS_MAX];
    size_t n, n_ints, n_texts;
};
struct known {
    struct shape shapes[SOURCES];
    size_t listed; /* columns of an item that a list shows: the first ones, up to body */
};
static struct known all_known;

static bool is_number(const struct attr_column *a)
{
    return a->kind == NOARK_INT || a->kind == NOARK_TIME;
}

static void find_attr(const struct db_col *column, struct shape *shape)
{
    struct attr_column *a = &shape->attrs[shape->n++];
    *a = (struct attr_column){.name = str_of(column->name), .kind = NOARK_TEXT, .at = {-1, -1, -1}};
    bool found = false;
    for (int i = 0; i < GIVES_MAX && shape->gives[i]; i++) {
        const struct noark_attr *known = noark_attr_named(shape->gives[i], a->name);
        if (!known)
            continue;
        a->at[i] = (int)(known - shape->gives[i]->attrs);
        a->kind = found ? a->kind : known->kind;
        found = true;
    }
    if (a->kind != NOARK_TIME && column->kind == DB_INT)
        a->kind = NOARK_INT;
    assert(is_number(a) == (column->kind == DB_INT));
    a->slot = is_number(a) ? shape->n_ints++ : shape->n_texts++;
    assert(shape->n_ints <= INTS_MAX && shape->n_texts <= TEXTS_MAX);
}

static size_t behind_column(const struct db_stmt *stmt, const char *name)
{
    size_t i = 0;
    while (strcmp(stmt->out[i].name, name))
        i++;
    return i + 1;
}

static void find_all(void)
{
    for (size_t i = 0; i < SOURCES; i++) {
        const struct db_stmt *stmt = sources[i].stmt;
        struct shape *shape = &all_known.shapes[i];
        for (int k = 0; k < GIVES_MAX && sources[i].gives[k]; k++)
            shape->gives[k] = noark_type_of(sources[i].gives[k]);
        for (size_t c = behind_column(stmt, "house"); c < stmt->n_out; c++)
            find_attr(&stmt->out[c], shape);
    }
    all_known.listed = behind_column(&db_stmt_noark_from_item, "body");
}

/* Of the model and the statements, which never change: looked up once. */
static const struct known *known(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, find_all);
    return &all_known;
}

static const struct shape *shape_of(const struct source *s)
{
    return &known()->shapes[s - sources];
}

static bool gives(struct sql *q, const struct source *s, const struct noark_type *t)
{
    const struct shape *shape = shape_of(s);
    for (int i = 0; i < GIVES_MAX && shape->gives[i]; i++)
        if (shown(q, shape->gives[i], t))
            return true;
    return false;
}

/* An attribute of a row of the house as an item has it: a time in ISO 8601, with PostgreSQL all as text. "+": no index
   is taken for it that most rows may be in. */
static void add_value(struct sql *q, const struct attr_column *a, struct buf *b)
{
    if (a->kind == NOARK_TIME && q->pg)
        buf_cat(b, S("to_char(to_timestamp(h."), a->name,
                S(" / 1000000) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"));
    else if (a->kind == NOARK_TIME)
        buf_cat(b, S("strftime('%Y-%m-%dT%H:%M:%SZ', h."), a->name, S(" / 1000000, 'unixepoch')"));
    else
        buf_cat(b, q->pg ? S("CAST(h.") : S("+h."), a->name, q->pg ? S(" AS text)") : S(""));
}

/* All of them as JSON, for a filter on what a row has a relation to. */
static void add_body(struct sql *q, const struct source *s, struct buf *b)
{
    const struct shape *shape = shape_of(s);
    buf_add(b, q->pg ? S("CAST(json_build_object(") : S("json_object("));
    for (size_t i = 0; i < shape->n; i++) {
        buf_cat(b, i ? S(", '") : S("'"), shape->attrs[i].name, S("', "));
        add_value(q, &shape->attrs[i], b);
    }
    buf_add(b, q->pg ? S(") AS text)") : S(")"));
}

static struct str nothing(const struct sql *q, enum db_kind kind)
{
    return !q->pg            ? S("NULL")
           : kind == DB_INT  ? S("CAST(NULL AS bigint)")
           : kind == DB_TEXT ? S("CAST(NULL AS text)")
                             : S("CAST(NULL AS bytea)");
}

/* What a filter wants of a row e of the house: its attributes are values, nothing lies in them. */
static void add_wanted(struct sql *q, const struct source *s, struct buf *b)
{
    const struct shape *shape = shape_of(s);
    for (size_t i = 0; i < q->n_wanted; i++) {
        const struct wanted *w = &q->wanted[i];
        const struct attr_column *a = NULL;
        for (size_t k = 0; k < shape->n && w->n == 1 && !a; k++)
            if (str_eq(w->names[0], shape->attrs[k].name))
                a = &shape->attrs[k];
        buf_add(b, S(", "));
        if (a)
            add_value(q, a, b);
        else
            buf_add(b, nothing(q, DB_TEXT));
        add_number(b, S(" AS f"), (int64_t)i);
    }
}

static bool has_column(const struct source *s, const char *name)
{
    for (size_t i = 0; i < s->stmt->n_out - shape_of(s)->n; i++)
        if (!strcmp(s->stmt->out[i].name, name))
            return true;
    return false;
}

/* What conditions ask of a row that is joined. All else would be read from its tables for nothing. */
static bool is_joined(const char *name)
{
    static const char *const names[] = {"id", "type", "parent_id", "body", "title", "no", "state", "kind", "year"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

/* The rows of a source, those that meet the condition `and` in its own words, in the shape of an item. whole: as rows
   e, with all attributes behind that, and what is wanted; else with what is joined. body: with all attributes as JSON.
 */
static struct str shaped(struct sql *q, const struct source *s, struct str and, bool whole, bool body)
{
    struct buf b = buf_make(q->cx->arena);
    const struct db_stmt *item = &db_stmt_noark_from_item;
    const struct shape *shape = shape_of(s);
    for (size_t i = 0; i < item->n_out; i++) {
        struct str name = str_of(item->out[i].name);
        if (!whole && !is_joined(item->out[i].name))
            continue;
        buf_add(&b, b.n ? S(", ") : S("SELECT "));
        if (body && str_eq_z(name, "body"))
            add_body(q, s, &b);
        else if (has_column(s, item->out[i].name))
            buf_cat(&b, S("h."), name);
        else
            buf_add(&b, nothing(q, item->out[i].kind));
        buf_cat(&b, S(" AS "), name);
    }
    for (size_t i = 0; i < shape->n && whole; i++)
        buf_cat(&b, S(", h."), shape->attrs[i].name);
    if (whole)
        add_wanted(q, s, &b);
    buf_cat(&b, S(" FROM ("), str_of(s->stmt->sql[q->pg]), and, S(") h"));
    return buf_str(&b);
}

static void add_joined_items(struct sql *q, struct str types, struct str here, struct buf *b)
{
    const struct db_stmt *item = &db_stmt_noark_from_item;
    size_t before = b->n;
    for (size_t i = 0; i < item->n_out; i++)
        if (is_joined(item->out[i].name))
            buf_cat(b, b->n > before ? S(", h.") : S("SELECT h."), str_of(item->out[i].name));
    buf_cat(b, S(" FROM ("), str_of(item->sql[q->pg]), S(" AND i.type IN ("), types, S(") AND "), here, S(") h"));
}

/* A join, which speaks of alias.id or alias.parent_id, in the words of a source. */
static struct str in_words_of(struct sql *q, struct str join, struct str alias, const char *id, const char *parent_id)
{
    struct buf b = buf_make(q->cx->arena);
    struct str its = str_cat(q->cx->arena, alias, S("."));
    for (size_t at; join.n; join = str_slice(join, at, join.n)) {
        at = str_find(join, its, 0);
        buf_add(&b, str_slice(join, 0, at));
        struct str column = str_slice(join, at + its.n, join.n);
        bool is_id = str_starts(column, S("id")), is_parent = str_starts(column, S("parent_id"));
        if (is_id || is_parent)
            buf_add_z(&b, is_id ? id : parent_id);
        else if (at < join.n)
            buf_add(&b, its);
        at += its.n + (is_id ? strlen("id") : is_parent ? strlen("parent_id") : 0);
    }
    return buf_str(&b);
}

struct str sql_rows_joined(struct sql *q, const struct noark_type *t, struct str alias, struct str join)
{
    struct buf b = buf_make(q->cx->arena);
    struct str types = type_list(q, t), here = in_words_of(q, join, alias, "i.id", "i.parent_id");
    bool body = q->bodies & sql_alias_bit(alias);
    buf_add(&b, S("("));
    add_joined_items(q, types, here, &b);
    for (size_t i = 0; i < SOURCES; i++) {
        if (!gives(q, &sources[i], t))
            continue;
        here = in_words_of(q, join, alias, sources[i].id, sources[i].parent_id);
        struct str rows = shaped(q, &sources[i], str_cat(q->cx->arena, S(" AND "), here), false, body);
        buf_cat(&b, S(" UNION ALL "), rows);
    }
    buf_cat(&b, S(") "), alias);
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

uint64_t sql_alias_bit(struct str alias)
{
    int64_t n = 0;
    str_to_i64(str_slice(alias, 1, alias.n), &n);
    return UINT64_C(1) << n % 64;
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
    if (o->search.n && (e = sql_search(q, s->type, o->search, &search)))
        return e;
    struct str scope = compile_scope(q, s), type = sql_typed(q, s->type, S("e"));
    struct buf b = buf_make(q->cx->arena);
    buf_cat(&b, scope, S(" AND "), type, S(" AND ("), filter, S(") AND ("), search, S(")"));
    *ret = buf_str(&b);
    return ERR_OK;
}

/* What is chosen of the rows of the tables. */
struct choice {
    bool alone;              /* 1 of each row: to count them */
    bool by_type;            /* items by type, so that each is read in the order of its index */
    size_t columns;          /* of an item, the first ones */
    size_t ints, texts;      /* attributes of a source, at most */
    struct sql_order *order; /* NULL: none */
    int64_t most;            /* with an order: no more are wanted in all */
};

/* Room for the attributes of all sources of a type. */
static void choose_attrs(struct sql *q, const struct noark_type *t, struct choice *c)
{
    for (size_t i = 0; i < SOURCES; i++) {
        const struct shape *shape = shape_of(&sources[i]);
        if (!gives(q, &sources[i], t))
            continue;
        c->ints = shape->n_ints > c->ints ? shape->n_ints : c->ints;
        c->texts = shape->n_texts > c->texts ? shape->n_texts : c->texts;
    }
}

/* The attributes of a source by their slots, i0, i1 … and t0, t1 …; s NULL: an item has none. */
static void add_attrs(struct sql *q, const struct choice *c, const struct source *s, struct buf *b)
{
    const struct attr_column *of[ATTRS_MAX] = {NULL};
    const struct shape *shape = s ? shape_of(s) : NULL;
    for (size_t i = 0; shape && i < shape->n; i++)
        of[shape->attrs[i].slot + (is_number(&shape->attrs[i]) ? 0 : c->ints)] = &shape->attrs[i];
    for (size_t i = 0; i < c->ints + c->texts; i++) {
        bool number = i < c->ints, cast = of[i] && q->pg && !number;
        buf_add(b, cast ? S(", CAST(") : S(", "));
        if (of[i])
            buf_cat(b, S("e."), of[i]->name);
        else
            buf_add(b, nothing(q, number ? DB_INT : DB_TEXT));
        buf_add(b, cast ? S(" AS text)") : S(""));
        add_number(b, number ? S(" AS i") : S(" AS t"), (int64_t)(number ? i : i - c->ints));
    }
}

/* The columns of an item, then attributes, then what the order is by. s NULL: items. */
static void add_choice(struct sql *q, const struct choice *c, const struct source *s, struct buf *b)
{
    const struct db_stmt *item = &db_stmt_noark_from_item;
    if (c->alone) {
        buf_add(b, S("1 AS one"));
        return;
    }
    for (size_t i = 0; i < c->columns; i++) {
        struct str name = str_of(item->out[i].name);
        bool body = s && str_eq_z(name, "body"); /* its attributes are there one by one */
        buf_cat(b, i ? S(", ") : S(""), body ? S("'") : S("e."), body ? S("'") : name, S(" AS "), name);
    }
    add_attrs(q, c, s, b);
    for (size_t i = 0; c->order && i < c->order->n; i++)
        if (!c->order->by[i].column) {
            buf_cat(b, S(", "), c->order->by[i].sql);
            add_number(b, S(" AS o"), (int64_t)i);
        }
}

static void add_order(const struct choice *c, struct buf *b)
{
    for (size_t i = 0; i < c->order->n; i++) {
        const struct sql_by *by = &c->order->by[i];
        buf_add(b, i ? S(", ") : S(" ORDER BY "));
        if (by->column)
            buf_add_z(b, by->column);
        else
            add_number(b, S("o"), (int64_t)i);
        buf_cat(b, S(" "), str_of(by->way));
    }
}

/* SQLite merges tables that are read in the order, and reads no further in any of them than it must; PostgreSQL is
   told how far. */
static void add_table(struct sql *q, const struct choice *c, const struct source *s, struct str rows, struct str where,
                      struct buf *b)
{
    bool cut = c->order && q->pg;
    buf_cat(b, b->n ? S(" UNION ALL ") : S(""), cut ? S("SELECT * FROM (SELECT ") : S("SELECT "));
    add_choice(q, c, s, b);
    buf_cat(b, S(" FROM ("), rows, S(") e WHERE "), where);
    if (!cut)
        return;
    add_order(c, b);
    add_number(b, S(" LIMIT "), c->most);
    add_number(b, S(") t"), (int64_t)b->n);
}

/* All tables in one order. What it is by comes last: SQLite does not read it, PostgreSQL leaves it out. */
static struct str ordered(struct sql *q, const struct choice *c, struct str tables)
{
    const struct db_stmt *item = &db_stmt_noark_from_item;
    struct buf b = buf_make(q->cx->arena);
    if (q->pg) {
        for (size_t i = 0; i < c->columns; i++)
            buf_cat(&b, i ? S(", ") : S("SELECT "), str_of(item->out[i].name));
        for (size_t i = 0; i < c->ints; i++)
            add_number(&b, S(", i"), (int64_t)i);
        for (size_t i = 0; i < c->texts; i++)
            add_number(&b, S(", t"), (int64_t)i);
        buf_add(&b, S(" FROM ("));
    }
    buf_add(&b, tables);
    buf_add(&b, q->pg ? S(") e") : S(""));
    add_order(c, &b);
    return buf_str(&b);
}

static struct str items_of(struct sql *q, struct str types)
{
    struct buf b = buf_make(q->cx->arena);
    buf_add(&b, q->n_wanted ? S("SELECT x.*") : S(""));
    for (size_t i = 0; i < q->n_wanted; i++) {
        buf_cat(&b, S(", "), sql_json(q, S("x"), &q->wanted[i]));
        add_number(&b, S(" AS f"), (int64_t)i);
    }
    buf_cat(&b, q->n_wanted ? S(" FROM (") : S(""), str_of(db_stmt_noark_from_item.sql[q->pg]), S(" AND i.type IN ("),
            types, q->n_wanted ? S(")) x") : S(")"));
    return buf_str(&b);
}

/* The rows of a type, one table after the other. */
static struct str tables(struct sql *q, const struct noark_type *t, const struct choice *c, enum node_where in,
                         struct str where)
{
    struct buf b = buf_make(q->cx->arena);
    for (size_t i = 0; i < noark_types_n && in != NODE_HOUSE && c->by_type; i++)
        if (shown(q, &noark_types[i], t)) {
            struct buf number = buf_make(q->cx->arena);
            buf_add_i64(&number, noark_types[i].number);
            add_table(q, c, NULL, items_of(q, buf_str(&number)), where, &b);
        }
    if (in != NODE_HOUSE && !c->by_type)
        add_table(q, c, NULL, items_of(q, type_list(q, t)), where, &b);
    for (size_t i = 0; i < SOURCES && in != NODE_ITEM; i++)
        if (gives(q, &sources[i], t))
            add_table(q, c, &sources[i], shaped(q, &sources[i], S(""), true, q->body), where, &b);
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

/* A row as it comes: the attributes in their slots. */
struct wide_row {
    struct q_noark_from_item r;
    struct opt_int ints[INTS_MAX];
    struct str texts[TEXTS_MAX];
};

static enum err wide_rows(struct sql *q, struct str sql, const struct choice *c, struct wide_row **ret_rows,
                          size_t *ret_n)
{
    const struct db_stmt *item = &db_stmt_noark_from_item;
    struct db_stmt stmt = stmt_of(q, "noark_list", sql);
    struct db_col *out = arena_array(q->cx->arena, struct db_col, c->columns + c->ints + c->texts);
    size_t n = c->columns;
    void *rows;
    memcpy(out, item->out, n * sizeof *out);
    for (size_t i = 0; i < c->ints; i++)
        out[n++] =
            (struct db_col){"number", DB_INT, true, offsetof(struct wide_row, ints) + i * sizeof(struct opt_int)};
    for (size_t i = 0; i < c->texts; i++)
        out[n++] = (struct db_col){"text", DB_TEXT, true, offsetof(struct wide_row, texts) + i * sizeof(struct str)};
    stmt.out = out;
    stmt.n_out = n;
    stmt.row_size = sizeof(struct wide_row);
    enum err e = db_many(q->cx, &stmt, q->values, &rows, ret_n);
    if (!e)
        *ret_rows = rows;
    return e;
}

/* The attributes of a row of the house, as if they had been read. */
static void house_attrs(struct cx *cx, const struct shape *shape, int given, const struct wide_row *row,
                        struct node *node)
{
    struct json *all = arena_array(cx->arena, struct json, shape->n + 1), *map = all + shape->n;
    node->body = map;
    node->values = arena_array(cx->arena, const struct json *, (size_t)node->t->n_attrs);
    map->kind = JSON_MAP;
    map->items = arena_array(cx->arena, struct json *, shape->n);
    for (size_t i = 0; i < shape->n; i++) {
        const struct attr_column *a = &shape->attrs[i];
        bool number = is_number(a);
        struct json *j = &all[i];
        if (number ? !row->ints[a->slot].set : !row->texts[a->slot].p)
            continue;
        j->key = a->name;
        j->kind = a->kind == NOARK_INT ? JSON_INT : JSON_TEXT;
        if (number)
            j->i64 = row->ints[a->slot].v;
        else
            j->text = row->texts[a->slot];
        if (a->kind == NOARK_TIME)
            j->text = civil_iso_us(cx->arena, j->i64);
        map->items[map->n++] = j;
        if (a->at[given] >= 0)
            node->values[a->at[given]] = j;
    }
}

/* Gives false when no source of the house gives its type. */
static bool of_house(struct cx *cx, const struct wide_row *row, struct node *node)
{
    for (size_t i = 0; i < SOURCES; i++) {
        const struct shape *shape = shape_of(&sources[i]);
        for (int k = 0; k < GIVES_MAX && shape->gives[k]; k++)
            if (shape->gives[k] == node->t) {
                house_attrs(cx, shape, k, row, node);
                return true;
            }
    }
    return false;
}

static enum err to_nodes(struct cx *cx, const struct wide_row *rows, size_t n, struct nodes *ret)
{
    for (size_t i = 0; i < n; i++) {
        struct node node = {.r = rows[i].r, .t = noark_type_numbered(rows[i].r.type)};
        enum err e = ERR_OK;
        if (!node.t || (node.r.house && !of_house(cx, &rows[i], &node)))
            e = fail(cx, ERR_INTERNAL, "an entity of type %lld", (long long)rows[i].r.type);
        else if (!node.r.house)
            e = json_parse(cx, node.r.body, &node.body);
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
    /* A row is looked at for the count as it is for the page, so what lies behind both is counted on demand only. */
    int64_t look = o->count || o->top > NOARK_COUNT_MAX ? o->top : NOARK_COUNT_MAX;
    struct str most = sql_int(&q, look + 1), skip = sql_int(&q, o->skip);
    if (!e && q.n == VALUES_MAX)
        e = fail(cx, ERR_BAD_REQUEST, "too many values in the query");
    if (e)
        return e;
    end_order(&order, o->orderby, scope->parent_id || scope->link || q.narrow);
    struct choice c = {.by_type = true, .columns = known()->listed, .order = &order, .most = o->skip + look + 1};
    choose_attrs(&q, scope->type, &c);
    struct buf sql = buf_make(cx->arena);
    buf_cat(&sql, ordered(&q, &c, tables(&q, scope->type, &c, NODE_ANYWHERE, where)), S(" LIMIT "), most, S(" OFFSET "),
            skip);
    if ((e = wide_rows(&q, buf_str(&sql), &c, &rows, &n)))
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

/* What is asked for: values behind those of the viewer. A correspondent of the house is found by what it belongs to,
   whose number is the lower part of its own. */
static bool bind_found(struct sql *q, int64_t id)
{
    int64_t parent_id = id >> 53 ? id & ((INT64_C(1) << 53) - 1) : 0;
    sql_int(q, id);
    if (parent_id)
        sql_int(q, parent_id);
    return parent_id;
}

static struct kept compose_finding(struct sql *q, const struct noark_type *t, enum node_where in, bool by_parent)
{
    struct choice c = {.columns = db_stmt_noark_from_item.n_out};
    if (in != NODE_ITEM)
        choose_attrs(q, t, &c);
    struct str sign = q->pg ? S("$") : S("?"), type = sql_typed(q, t, S("e"));
    struct buf where = buf_make(q->cx->arena);
    buf_cat(&where, S("e.id = "), sign, S("5 AND "), type);
    if (by_parent)
        buf_cat(&where, S(" AND e.parent_id = "), sign, S("6"));
    return (struct kept){.text = tables(q, t, &c, in, buf_str(&where)), .ints = c.ints, .texts = c.texts};
}

/* The statement depends on the type, on where to look and on what the asker's roles open. */
static struct kept finding(struct sql *q, const struct noark_type *t, enum node_where in, bool by_parent)
{
    struct kept_key key = {.what = KEPT_FINDING,
                           .type = (int)(t - noark_types),
                           .flags = (int)in << 2 | by_parent << 1 | q->pg,
                           .rights = noark_rights(q->cx->who)};
    const struct kept *kept = kept_get(&key);
    if (kept)
        return *kept;
    struct kept made = compose_finding(q, t, in, by_parent);
    kept_put(&key, &made);
    return made;
}

enum err node_find(struct cx *cx, const struct noark_type *t, int64_t id, enum node_where in, struct node *ret)
{
    struct sql q = {.cx = cx, .pg = db_is_postgres(cx)};
    struct nodes found = {0};
    struct wide_row *rows = NULL;
    size_t n = 0;
    viewer_first(&q);
    struct kept sql = finding(&q, t, in, bind_found(&q, id));
    struct choice c = {.columns = db_stmt_noark_from_item.n_out, .ints = sql.ints, .texts = sql.texts};
    enum err e = wide_rows(&q, sql.text, &c, &rows, &n);
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
