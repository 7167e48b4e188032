/* sqlgen: one dialect of migrations to two. */
#define _GNU_SOURCE /* the project arguments are not for native programs */
#include <sodium.h>
#include <strings.h>

#include "sqlgen.h"

/* ---- migrations ---- */
struct migration {
    const char *path, *s; /* s: reading position */
    int line;
    unsigned engines;
    bool log; /* "-- log:" */
    struct out sql[2];
    struct out comment; /* gathered since the last statement */
};

static void emit(struct migration *m, const char *s, size_t n)
{
    for (int e = 0; e < 2; e++)
        if (m->engines & (1u << e))
            put_n(&m->sql[e], s, n);
}

/* Step over n bytes, counting lines. */
static void advance(struct migration *m, size_t n)
{
    for (; n; n--, m->s++)
        m->line += *m->s == '\n';
}

static void add_comment(struct out *to, const char *s, size_t n)
{
    char *one = trimmed(s + 2, n - 2);
    putf(to, "%s%s", to->n ? " " : "", one);
}

static void put_comment_on(struct migration *m, const char *what, const char *name, const struct out *comment)
{
    struct out *o = &m->sql[1];
    putf(o, "\nCOMMENT ON %s %s IS '", what, name);
    for (const char *s = text_of(comment); *s; s++)
        put_n(o, *s == '\'' ? "''" : s, *s == '\'' ? 2 : 1);
    put(o, "';");
}

struct table {
    char *name;
    struct {
        char *name;
        int line;
        struct out comment;
    } columns[128];
    size_t n;
    int depth;
    bool before;        /* comments stand before their columns (then the first thing is a comment), not after */
    struct out pending; /* the comment of the column to come */
    bool at_item;       /* the next word begins a column or a constraint */
    bool in_constraint;
};

static void put_type(struct migration *m, const char *column, const char *s, size_t n)
{
    static const char *const names[][3] = {{"int", "INTEGER", "bigint"},
                                           {"text", "TEXT", "text COLLATE \"C\""},
                                           {"blob", "BLOB", "bytea"},
                                           {"real", "REAL", "double precision"}};
    for (size_t i = 0; i < 4; i++)
        if (word_is(s, n, names[i][0])) {
            for (int e = 0; e < 2; e++)
                if (m->engines & (1u << e))
                    put(&m->sql[e], names[i][1 + e]);
            return;
        }
    die(m->path, m->line, "column %s has type \"%.*s\": choose int, text, blob or real", column, (int)n, s);
}

static void skip_blanks(struct migration *m)
{
    size_t n = strspn(m->s, " \t\r\n");
    emit(m, m->s, n);
    advance(m, n);
}

/* A word at the start of an item in CREATE TABLE ( … ). */
static void table_item(struct migration *m, struct table *t)
{
    static const char *const constraints[] = {"constraint", "primary", "unique", "check", "foreign"};
    size_t n = ident_length(m->s);
    t->at_item = false;
    t->in_constraint = false;
    for (size_t i = 0; i < 5; i++)
        t->in_constraint |= word_is(m->s, n, constraints[i]);
    struct out pending = t->pending;
    t->pending = (struct out){0};
    if (t->in_constraint)
        return;
    if (t->n == 128)
        die(m->path, m->line, "table %s has more than 128 columns: split it", t->name);
    t->columns[t->n].name = dup_n(m->s, n);
    t->columns[t->n].line = m->line;
    t->columns[t->n].comment = pending;
    emit(m, m->s, n);
    advance(m, n);
    skip_blanks(m);
    n = ident_length(m->s);
    put_type(m, t->columns[t->n].name, m->s, n);
    advance(m, n);
    t->n++;
}

/* One token inside CREATE TABLE ( … ); false at the closing bracket. */
static bool table_step(struct migration *m, struct table *t)
{
    size_t opaque = opaque_length(m->s), n = ident_length(m->s);
    if (!*m->s)
        die(m->path, m->line, "table %s: the closing bracket is missing", t->name);
    if (opaque) {
        if (*m->s == '-' && t->n == 0)
            t->before = true;
        if (*m->s == '-' && t->before)
            add_comment(&t->pending, m->s, opaque);
        else if (*m->s == '-' && !t->in_constraint)
            add_comment(&t->columns[t->n - 1].comment, m->s, opaque);
        emit(m, m->s, opaque);
        advance(m, opaque);
    } else if (t->depth == 1 && t->at_item && n) {
        table_item(m, t);
    } else {
        char c = *m->s;
        t->depth += (c == '(') - (c == ')');
        if (t->depth == 0)
            return false;
        if (t->depth == 1 && c == ',')
            t->at_item = true;
        size_t step = n ? n : 1;
        emit(m, m->s, step);
        advance(m, step);
    }
    return true;
}

/* m->s stands after "CREATE TABLE". Writes up to and with the semicolon. */
static void migrate_table(struct migration *m)
{
    struct table *t = calloc(1, sizeof *t);
    skip_blanks(m);
    size_t n = ident_length(m->s);
    t->name = dup_n(m->s, n);
    int line = m->line;
    emit(m, m->s, n);
    advance(m, n);
    skip_blanks(m);
    if (*m->s != '(')
        die(m->path, m->line, "table %s: write CREATE TABLE %s ( … ); (no IF NOT EXISTS: a migration runs once)",
            t->name, t->name);
    put(&m->sql[0], "(");
    if (m->comment.n) /* SQLite keeps the text of the statement: the table's comment goes inside */
        putf(&m->sql[0], " -- %s\n   ", m->comment.p);
    put(&m->sql[1], "(");
    advance(m, 1);
    t->depth = 1;
    t->at_item = true;
    while (table_step(m, t))
        ;
    if (!m->comment.n)
        die(m->path, line, "table %s has no comment: say before it, in a line \"-- …\", what a row is", t->name);
    for (size_t i = 0; i < t->n; i++)
        if (!t->columns[i].comment.n)
            die(m->path, t->columns[i].line,
                "column %s.%s has no comment: say in a line before it or behind it, \"-- …\", what it holds", t->name,
                t->columns[i].name);
    advance(m, 1);
    const char *end = strchr(m->s, ';');
    if (!end)
        die(m->path, m->line, "table %s: the semicolon after \")\" is missing", t->name);
    char *tail = trimmed(m->s, (size_t)(end - m->s));
    if (*tail && strcasecmp(tail, "WITHOUT ROWID") != 0)
        die(m->path, m->line, "table %s: \"%s\" after \")\": only WITHOUT ROWID may stand there", t->name, tail);
    putf(&m->sql[0], "\n) STRICT%s;", *tail ? ", WITHOUT ROWID" : "");
    put(&m->sql[1], "\n);");
    advance(m, (size_t)(end - m->s) + 1);
    put_comment_on(m, "TABLE", t->name, &m->comment);
    for (size_t i = 0; i < t->n; i++) {
        struct out full = {0};
        putf(&full, "%s.%s", t->name, t->columns[i].name);
        put_comment_on(m, "COLUMN", full.p, &t->columns[i].comment);
    }
}

/* m->s stands after "ADD COLUMN": name type rest; -- comment */
static void migrate_column(struct migration *m, const char *table)
{
    skip_blanks(m);
    size_t n = ident_length(m->s);
    char *name = dup_n(m->s, n);
    emit(m, m->s, n);
    advance(m, n);
    skip_blanks(m);
    n = ident_length(m->s);
    put_type(m, name, m->s, n);
    advance(m, n);
    const char *end = strchr(m->s, ';');
    if (!end)
        die(m->path, m->line, "column %s.%s: the semicolon is missing", table, name);
    n = (size_t)(end - m->s) + 1;
    emit(m, m->s, n);
    advance(m, n);
    advance(m, strspn(m->s, " \t"));
    if (strncmp(m->s, "--", 2) != 0)
        die(m->path, m->line, "column %s.%s has no comment: say after the semicolon, \"-- …\", what it holds", table,
            name);
    struct out comment = {0}, full = {0};
    size_t c = strcspn(m->s, "\n");
    add_comment(&comment, m->s, c);
    advance(m, c);
    putf(&full, "%s.%s", table, name);
    put_comment_on(m, "COLUMN", full.p, &comment);
}

/* A block directive on the line at m->s; false when it is an ordinary comment. */
static bool migrate_directive(struct migration *m, size_t n)
{
    if (directive(m->s, n, "log:")) {
        m->log = true;
        return true;
    }
    unsigned engines = directive(m->s, n, "sqlite:")     ? 1
                       : directive(m->s, n, "postgres:") ? 2
                       : directive(m->s, n, "both:")     ? 3
                                                         : 0;
    if (!engines)
        return false;
    m->engines = engines;
    m->comment.n = 0;
    return true;
}

/* The words at m->s as one SQL phrase ("create table"), blanks folded; its length, or 0. */
static size_t phrase_length(const char *s, const char *first, const char *second)
{
    size_t n = ident_length(s);
    if (!word_is(s, n, first))
        return 0;
    size_t blanks = strspn(s + n, " \t\n"), k = ident_length(s + n + blanks);
    return word_is(s + n + blanks, k, second) ? n + blanks + k : 0;
}

/* One token outside CREATE TABLE. */
static void migrate_step(struct migration *m)
{
    size_t opaque = opaque_length(m->s), n = ident_length(m->s), phrase;
    if (*m->s == '-' && opaque) {
        if (!migrate_directive(m, opaque))
            add_comment(&m->comment, m->s, opaque);
        advance(m, opaque);
    } else if (m->engines == 3 && (phrase = phrase_length(m->s, "create", "table"))) {
        emit(m, m->s, phrase);
        advance(m, phrase);
        migrate_table(m);
        m->comment.n = 0;
    } else if (m->engines == 3 && (phrase = phrase_length(m->s, "alter", "table"))) {
        const char *name = m->s + phrase + strspn(m->s + phrase, " \t\n");
        char *table = dup_n(name, ident_length(name));
        const char *rest = name + strlen(table) + strspn(name + strlen(table), " \t\n");
        size_t add = phrase_length(rest, "add", "column");
        if (!add)
            die(m->path, m->line,
                "ALTER TABLE %s: only ADD COLUMN is the same on both engines; else use -- sqlite: and "
                "-- postgres: blocks",
                table);
        size_t whole = (size_t)(rest - m->s) + add;
        emit(m, m->s, whole);
        advance(m, whole);
        migrate_column(m, table);
    } else {
        if (word_is(m->s, n, "deferrable"))
            die(m->path, m->line,
                "DEFERRABLE: the failure would come at the commit and take others with it; check at once");
        if (*m->s == ';')
            m->comment.n = 0;
        size_t step = opaque ? opaque : n ? n : 1;
        emit(m, m->s, step);
        advance(m, step);
    }
}

/* Whether its tables belong to the log. */
static bool put_migration(struct out *o, const char *path, int number)
{
    struct out file = slurp(path);
    struct migration m = {.path = path, .s = text_of(&file), .line = 1, .engines = 3};
    const char *name = base_name(path);
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof hash + 1];
    if (atoi(name) != number || strspn(name, "0123456789") != 4 || name[4] != '_')
        die(path, 1, "this is migration number %d: name it %04d_<what>.sql and list the files in order", number,
            number);
    crypto_hash_sha256(hash, (const unsigned char *)text_of(&file), file.n);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    while (*m.s)
        migrate_step(&m);
    putf(o, "    {.number = %d,\n     .name = \"%s\",\n     .hash = \"%s\",\n     .sql = {", number, name, hex);
    put_literal(o, text_of(&m.sql[0]));
    put(o, ",\n        ");
    put_literal(o, text_of(&m.sql[1]));
    put(o, "}},\n");
    return m.log;
}

void migrations_main(char **argv)
{
    struct out o = {0};
    int number = 0, of_log = 0;
    putf(&o, "/* Made by sqlgen. */\n#include \"db/db.h\"\n\nextern const struct db_migrations migrations_%s;\n",
         argv[0]);
    put(&o, "static const struct db_migration list[] = {\n");
    for (char **p = argv + 2; *p; p++)
        of_log += put_migration(&o, *p, ++number);
    if (of_log && of_log < number)
        die(argv[2], 1,
            "\"-- log:\" stands in some migrations of %s and not in others: all tables of a module lie in one place",
            argv[0]);
    putf(&o, "};\n\nconst struct db_migrations migrations_%s = {\"%s\", list, %d, %s};\n", argv[0], argv[0], number,
         of_log ? "true" : "false");
    spill(argv[1], &o);
}
