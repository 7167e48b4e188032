/* Preloaded into the server, it writes down what SQLite is made to do in each write transaction: every statement with
   the values bound to it. bare.c does the same again.

     RECORD=/path of the log (appended to when a transaction ends)

   The log, numbers in the machine's own form:
     'S' id length text        a statement, when it is first seen
     'B' … 'C'                 a transaction; in it
     'X' id n values           one statement run; a value is 'n', 'i' int64, 'r' double, 't' or 'b' length bytes
   Savepoints are left out: a program from one thread would not need them. */
#include <dlfcn.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATEMENTS = 4096, VALUES = 64 };

struct value {
    char kind;
    int64_t i;
    double r;
    const void *p;
};

struct statement {
    sqlite3_stmt *s; /* NULL: it was finalized; one of the same text takes its place */
    char *sql;
    int running;
    int n;
    struct value v[VALUES];
};

/* Only the one writing connection is written down, and it is used by one thread at a time. */
static struct statement table[STATEMENTS];
static size_t n_table;
static sqlite3 *writer;
static FILE *out;
static int inside;
static __thread int in_exec; /* which runs its statements through sqlite3_step too */

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static struct statement *find(sqlite3_stmt *s)
{
    if (!inside || in_exec || !writer || sqlite3_db_handle(s) != writer)
        return NULL;
    for (size_t i = 0; i < n_table; i++)
        if (table[i].s == s)
            return &table[i];
    const char *sql = sqlite3_sql(s);
    for (size_t i = 0; i < n_table; i++)
        if (!table[i].s && !strcmp(table[i].sql, sql)) {
            table[i].s = s;
            table[i].n = 0;
            return &table[i];
        }
    if (n_table == STATEMENTS)
        abort();
    struct statement *t = &table[n_table];
    *t = (struct statement){.s = s, .sql = strdup(sql)};
    uint32_t id = (uint32_t)n_table++, n = (uint32_t)strlen(sql);
    fputc('S', out), fwrite(&id, 4, 1, out), fwrite(&n, 4, 1, out), fwrite(sql, 1, n, out);
    return t;
}

int sqlite3_finalize(sqlite3_stmt *s)
{
    for (size_t i = 0; s && writer && sqlite3_db_handle(s) == writer && i < n_table; i++)
        if (table[i].s == s)
            table[i].s = NULL;
    return REAL(sqlite3_finalize)(s);
}

static void set(sqlite3_stmt *s, int i, struct value v)
{
    struct statement *t = find(s);
    if (!t)
        return;
    if (i > VALUES)
        abort();
    if (i > t->n)
        t->n = i;
    t->v[i - 1] = v;
}

int sqlite3_bind_null(sqlite3_stmt *s, int i)
{
    set(s, i, (struct value){.kind = 'n'});
    return REAL(sqlite3_bind_null)(s, i);
}

int sqlite3_bind_int64(sqlite3_stmt *s, int i, sqlite3_int64 v)
{
    set(s, i, (struct value){.kind = 'i', .i = v});
    return REAL(sqlite3_bind_int64)(s, i, v);
}

int sqlite3_bind_double(sqlite3_stmt *s, int i, double v)
{
    set(s, i, (struct value){.kind = 'r', .r = v});
    return REAL(sqlite3_bind_double)(s, i, v);
}

int sqlite3_bind_blob64(sqlite3_stmt *s, int i, const void *p, sqlite3_uint64 n, void (*free_it)(void *))
{
    set(s, i, (struct value){.kind = 'b', .i = (int64_t)n, .p = p});
    return REAL(sqlite3_bind_blob64)(s, i, p, n, free_it);
}

int sqlite3_bind_text64(sqlite3_stmt *s, int i, const char *p, sqlite3_uint64 n, void (*free_it)(void *),
                        unsigned char enc)
{
    set(s, i, (struct value){.kind = 't', .i = (int64_t)n, .p = p});
    return REAL(sqlite3_bind_text64)(s, i, p, n, free_it, enc);
}

static void write_run(const struct statement *t)
{
    uint32_t id = (uint32_t)(t - table), n = (uint32_t)t->n;
    fputc('X', out), fwrite(&id, 4, 1, out), fwrite(&n, 4, 1, out);
    for (int i = 0; i < t->n; i++) {
        const struct value *v = &t->v[i];
        fputc(v->kind, out);
        if (v->kind == 'i' || v->kind == 't' || v->kind == 'b')
            fwrite(&v->i, 8, 1, out);
        if (v->kind == 'r')
            fwrite(&v->r, 8, 1, out);
        if (v->kind == 't' || v->kind == 'b')
            fwrite(v->p, 1, (size_t)v->i, out);
    }
}

/* 'B', 'C' or 'R' of what begins and ends the transaction, 's' of a savepoint; 0: a statement of its own. */
static char frame_of(const char *sql)
{
    static const struct {
        const char *sql;
        char what;
    } frames[] = {
        {"BEGIN IMMEDIATE", 'B'}, {"COMMIT", 'C'}, {"ROLLBACK", 'R'}, {"SAVEPOINT s1", 's'}, {"RELEASE s1", 's'}};
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++)
        if (sql && !strcmp(sql, frames[i].sql))
            return frames[i].what;
    return 0;
}

/* The log has a file and a writer of its own, which the peer does not imitate. */
static int is_log(sqlite3 *lite)
{
    const char *path = sqlite3_db_filename(lite, "main");
    size_t n = path ? strlen(path) : 0;
    return n > 7 && !strcmp(path + n - 7, "-log.db");
}

static void framed(sqlite3 *lite, char what)
{
    if (what == 'B' && !is_log(lite)) {
        if (!out && getenv("RECORD"))
            out = fopen(getenv("RECORD"), "w");
        if (!out)
            return;
        writer = lite;
        inside = 1;
        fputc('B', out);
    } else if (lite == writer && inside && (what == 'C' || what == 'R')) {
        inside = 0;
        fputc(what, out);
        fflush(out);
    }
}

int sqlite3_step(sqlite3_stmt *s)
{
    char frame = in_exec ? 0 : frame_of(sqlite3_sql(s));
    struct statement *t = frame ? NULL : find(s);
    if (t && !sqlite3_stmt_busy(s))
        write_run(t);
    int rc = REAL(sqlite3_step)(s);
    if (frame && rc == SQLITE_DONE)
        framed(sqlite3_db_handle(s), frame);
    return rc;
}

int sqlite3_exec(sqlite3 *lite, const char *sql, int (*fn)(void *, int, char **, char **), void *p, char **error)
{
    in_exec++;
    int rc = REAL(sqlite3_exec)(lite, sql, fn, p, error);
    in_exec--;
    return rc;
}
