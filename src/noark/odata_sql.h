/* A statement while it is composed: shared by the files that do so. */
#pragma once
#include "noark/noark_internal.h"

enum { VALUES_MAX = 60, SQL_MAX = 1 << 19, ORDER_MAX = 4, WANTED_MAX = 12 };

/* An attribute, or what lies in it, that a filter or an order asks for: "tittel", or "skjerming",
   "tilgangsrestriksjon", "kode". */
struct wanted {
    struct str names[NOARK_PATH_MAX + 2];
    size_t n;
};

struct sql {
    struct cx *cx;
    bool narrow;  /* out: the filter asks for a title or a number */
    bool pg, dry; /* dry: compiled only, without a database */
    struct db_col cols[VALUES_MAX];
    struct db_value values[VALUES_MAX];
    size_t n;
    int aliases, depth;
    struct wanted wanted[WANTED_MAX]; /* of the row e: its columns f0, f1 … */
    size_t n_wanted;
    bool body; /* out: and more of it than that */
    /* By the number of an alias, 1 << n % 64: whose rows have their JSON made, and out: whose JSON the filter asks. */
    uint64_t bodies, bodies_asked;
};

/* Binds a value and gives its placeholder. Beyond VALUES_MAX: NULL, and whoever runs the statement refuses it. */
struct str sql_bind(struct sql *q, enum db_kind kind, struct db_value v);
struct str sql_int(struct sql *q, int64_t v);
struct str sql_text(struct sql *q, struct str s);
/* All rows of a type that the asker may see, as a table of that alias (from sql_alias); of each table only the rows
   that the join lets through, so that they are found by its index; the join names that alias and what lies around the
   EXISTS that this stands in. Their JSON is there when q->bodies says so: SQLite would make it of every row. */
struct str sql_rows_joined(struct sql *q, const struct noark_type *t, struct str alias, struct str join);
/* The condition that its rows are of this type. */
struct str sql_typed(struct sql *q, const struct noark_type *t, struct str alias);
struct str sql_alias(struct sql *q); /* n1, n2 … */
uint64_t sql_alias_bit(struct str alias);
/* What lies in the JSON of the row of that alias. */
struct str sql_json(struct sql *q, struct str alias, const struct wanted *path);

/* The condition on e. ERR_BAD_REQUEST with the place. */
enum err sql_filter(struct sql *q, const struct noark_type *t, struct str filter, struct str *ret);
/* $search: every word begins a word of e. Words are bound as they come (odata_search.c). */
enum err sql_search(struct sql *q, const struct noark_type *t, struct str typed_in, struct str *ret);
/* What a list is sorted by. */
struct sql_by {
    struct str sql;
    const char *way;    /* "ASC", "DESC NULLS LAST" … */
    const char *column; /* that is this column; NULL: it becomes one */
};
struct sql_order {
    struct sql_by by[ORDER_MAX + 2]; /* two more, that make it definite */
    size_t n;
};
enum err sql_order(struct sql *q, const struct noark_type *t, struct str orderby, struct sql_order *ret);
