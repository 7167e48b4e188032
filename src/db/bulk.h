/* Inside src/db only: whole tables in and out of an engine, for moving a database to the other one. Names of tables and
   columns come from the database itself, which our migrations made; they are plain words and need no quotes. */
#pragma once
#include "engine.h"

enum { BULK_COLUMNS_MAX = 128 /* as tools/sqlgen allows */ };

struct bulk_table {
    const char *name;
    bool log;            /* SQLite: in the log's file */
    struct db_col *cols; /* by name; name and kind alone (DB_INT, DB_TEXT, DB_BLOB, DB_REAL) */
    size_t n;
};

/* One connection with one transaction. */
struct bulk {
    struct db *db;
    struct cx *cx;
    void *handle; /* sqlite3 * or PGconn * */
    void *into;   /* SQLite: the INSERT */
    char *buffer; /* PostgreSQL: rows on their way */
    size_t buffered;
    const char *constraints; /* PostgreSQL: what makes the foreign keys again */
    const struct bulk_table *tables;
    size_t n;
};

/* A row: values borrowed until it returns, in the order of table->cols. */
typedef enum err (*bulk_row_fn)(void *ctx, const struct bulk_table *table, const struct db_value *row);

struct bulk_engine {
    /* CONFIG when the database is there already: a SQLite file, a table in PostgreSQL. */
    enum err (*check_new)(struct cx *cx, struct db *db);
    /* Connect and begin; finds the tables, by name, all but `migration`. writing: laws (triggers) and references rest,
       every table is emptied. */
    enum err (*open)(struct bulk *b, bool writing);
    enum err (*read)(struct bulk *b, const struct bulk_table *table, bulk_row_fn fn, void *ctx);
    enum err (*begin)(struct bulk *b,
                      const struct bulk_table *table); /* to write it: then add for each row, then end */
    enum err (*add)(struct bulk *b, const struct bulk_table *table, const struct db_value *row);
    enum err (*end)(struct bulk *b, const struct bulk_table *table);
    /* Laws and references hold again, or it fails; then all of it is durable. Whatever comes after that, counting for
       the planner, does not make it fail. */
    enum err (*commit)(struct bulk *b);
    void (*close)(struct bulk *b); /* without commit: nothing was done */
};
extern const struct bulk_engine bulk_sqlite, bulk_postgres;

/* "a, b, c": the names of a table's columns. */
struct str bulk_names(struct cx *cx, const struct bulk_table *table);
/* For engines: a column that has been found, in the order (table, column). Makes the table when it is a new one. */
struct bulk_found {
    VEC_OF(struct bulk_table) tables;
};
void bulk_add_column(struct cx *cx, struct bulk_found *found, struct str table, bool log, struct str column,
                     enum db_kind kind);
