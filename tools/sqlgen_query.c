/* sqlgen: query files to typed functions. */
#define _GNU_SOURCE /* the project arguments are not for native programs */
#include "sqlgen.h"

/* ---- query files ---- */
enum card { ONE, OPT, MANY, EXEC, COUNT, FRAGMENT };
static const char *const cards[] = {"one", "opt", "many", "exec", "count"};

struct type {
    const char *name, *kind, *c, *c_null, *value, *value_null;
};
/* value: the initialiser of a struct db_value from the C expression %s */
static const struct type types[] = {
    {"int", "DB_INT", "int64_t ", "struct opt_int ", "{.i = %1$s}", "{.null = !%1$s.set, .i = %1$s.v}"},
    {"bool", "DB_BOOL", "bool ", NULL, "{.i = %1$s}", NULL},
    {"real", "DB_REAL", "double ", "struct opt_real ", "{.r = %1$s}", "{.null = !%1$s.set, .r = %1$s.v}"},
    {"text", "DB_TEXT", "struct str ", "struct str ", "{.s = %1$s}", "{.null = !%1$s.p, .s = %1$s}"},
    {"blob", "DB_BLOB", "struct str ", "struct str ", "{.s = %1$s}", "{.null = !%1$s.p, .s = %1$s}"},
    {"hash", "DB_HASH", "struct hash ", NULL, "{.s = {(const char *)%1$s.b, sizeof %1$s.b}}", NULL},
    {"ints", "DB_INTS", "struct db_ints ", NULL, "{.ints = %1$s}", NULL},
};

struct field {
    char *name;
    const struct type *type;
    bool nullable, used;
};
struct fields {
    struct field p[64];
    size_t n;
};
struct body {
    struct out text;
    int *lines; /* of each line of the text, its line in the file */
    size_t n;
};
struct query {
    const char *path;
    char *name;
    enum card card;
    int line;
    struct out doc;
    struct fields in, out, args;
    struct body body[2];
    struct query *next;
};

static const char *const c_words[] = {
    "auto",   "break",    "case",     "char",     "const", "continue", "default",  "do",     "double",
    "else",   "enum",     "extern",   "float",    "for",   "goto",     "if",       "inline", "int",
    "long",   "register", "restrict", "return",   "short", "signed",   "sizeof",   "static", "struct",
    "switch", "typedef",  "union",    "unsigned", "void",  "volatile", "while",    "bool",   "true",
    "false",  "in",       "cx",       "ret",      "ret_n", "ret_rows", "ret_found"};

static char *field_name(const struct query *q, int line, const char *s, size_t n)
{
    char *name = trimmed(s, n);
    if (!*name || ident_length(name) != strlen(name))
        die(q->path, line, "%s: \"%s\" is not a name: write letters, digits and _", q->name, name);
    for (size_t i = 0; i < sizeof c_words / sizeof *c_words; i++)
        if (strcmp(name, c_words[i]) == 0)
            die(q->path, line, "%s: \"%s\" has a meaning of its own in C: choose another name (SELECT %s AS …)",
                q->name, name, name);
    return name;
}

static const struct type *field_type(const struct query *q, int line, const char *name, const char *s)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].name, s) == 0)
            return &types[i];
    die(q->path, line,
        "%s: \"%s\" has type \"%s\": choose int, bool, real, text, blob, hash or (in) ints, with ? if it may "
        "be null",
        q->name, name, s);
}

/* "id int, note text?" */
static void parse_fields(const struct query *q, int line, char *s, struct fields *fs)
{
    for (char *item; (item = strsep(&s, ","));) {
        item = trimmed(item, strlen(item));
        if (!*item)
            continue;
        size_t n = strcspn(item, " \t");
        struct field f = {.name = field_name(q, line, item, n)};
        char *t = trimmed(item + n, strlen(item + n));
        if (!*t)
            die(q->path, line, "%s: \"%s\" has no type: write \"%s int\", \"%s text?\" …", q->name, f.name, f.name,
                f.name);
        f.nullable = t[strlen(t) - 1] == '?';
        if (f.nullable)
            t[strlen(t) - 1] = 0;
        f.type = field_type(q, line, f.name, t);
        if (f.nullable && !f.type->c_null)
            die(q->path, line, "%s: \"%s\": a %s cannot be null: use int? or blob?", q->name, f.name, t);
        for (size_t i = 0; i < fs->n; i++)
            if (strcmp(fs->p[i].name, f.name) == 0)
                die(q->path, line, "%s: \"%s\" is named twice: rename one (AS …)", q->name, f.name);
        if (fs->n == 64)
            die(q->path, line, "%s: more than 64 fields: split the query", q->name);
        fs->p[fs->n++] = f;
    }
}

/* "casefile_get :one" or "may_see(casefile_id)" */
static struct query *query_new(const char *path, int line, const char *head, bool fragment)
{
    struct query *q = calloc(1, sizeof *q);
    size_t n = ident_length(head);
    q->path = path;
    q->line = line;
    q->name = dup_n(head, n);
    q->card = FRAGMENT;
    const char *rest = head + n + strspn(head + n, " \t");
    if (!n)
        die(path, line, "no name: write \"-- name: room_verb :one\"");
    if (fragment) {
        const char *end = strchr(rest, ')');
        if (*rest != '(' || !end)
            die(path, line, "%s: a fragment needs its arguments: write \"-- fragment: %s(id)\" or \"%s()\"", q->name,
                q->name, q->name);
        char *args = dup_n(rest + 1, (size_t)(end - rest) - 1);
        for (char *a; (a = strsep(&args, ","));)
            if (*trimmed(a, strlen(a)))
                q->args.p[q->args.n++] = (struct field){.name = field_name(q, line, a, strlen(a))};
        return q;
    }
    for (size_t i = 0; i < 5; i++)
        if (*rest == ':' && strcmp(trimmed(rest + 1, strlen(rest + 1)), cards[i]) == 0)
            q->card = (enum card)i;
    if (q->card == FRAGMENT)
        die(path, line, "%s: how many rows? Write :one, :opt, :many, :exec or :count after the name", q->name);
    return q;
}

static void body_add(struct body *b, const char *s, size_t n, int line)
{
    b->lines = xalloc(b->lines, (b->n + 1) * sizeof *b->lines);
    b->lines[b->n++] = line;
    put_n(&b->text, s, n);
    put(&b->text, "\n");
}

/* One line of a query after its head. *engines: bit 0 SQLite, bit 1 PostgreSQL. */
static void query_line(struct query *q, const char *s, size_t n, int line, unsigned *engines)
{
    char *v;
    if ((v = directive(s, n, "in:")))
        parse_fields(q, line, v, &q->in);
    else if ((v = directive(s, n, "out:")))
        parse_fields(q, line, v, &q->out);
    else if (directive(s, n, "sqlite:"))
        *engines = 1;
    else if (directive(s, n, "postgres:"))
        *engines = 2;
    else if (directive(s, n, "both:"))
        *engines = 3;
    else if (strncmp(s, "--", 2) == 0 && !q->body[0].n && !q->body[1].n)
        putf(&q->doc, "%s%s", q->doc.n ? "\n   " : "", trimmed(s + 2, n - 2));
    else if (strncmp(s, "--", 2) != 0 && *trimmed(s, n))
        for (int e = 0; e < 2; e++)
            if (*engines & (1u << e))
                body_add(&q->body[e], s, n, line);
}

static void query_done(const struct query *q)
{
    if (q->card == FRAGMENT)
        return;
    bool rows = q->card == ONE || q->card == OPT || q->card == MANY;
    if (!q->doc.n)
        die(q->path, q->line, "%s: says not what it is for: add a line \"-- …\" under its name", q->name);
    if (rows && !q->out.n)
        die(q->path, q->line, "%s: :%s gives rows: add \"-- out: id int, …\"", q->name, cards[q->card]);
    if (!rows && q->out.n)
        die(q->path, q->line, "%s: :%s gives no rows: take \"-- out:\" away, or make it :one, :opt or :many", q->name,
            cards[q->card]);
    for (size_t i = 0; i < q->out.n; i++)
        if (strcmp(q->out.p[i].type->name, "ints") == 0)
            die(q->path, q->line, "%s: \"%s\" is ints, which only goes in: take rows instead", q->name,
                q->out.p[i].name);
}

static void parse_queries(const char *path, struct query **list)
{
    struct out file = slurp(path);
    struct query *q = NULL, **tail = list;
    unsigned engines = 3;
    int line = 0;
    while (*tail)
        tail = &(*tail)->next;
    for (const char *s = text_of(&file); *s; s += *s == '\n') {
        size_t n = strcspn(s, "\n");
        char *name = directive(s, n, "name:"), *fragment = directive(s, n, "fragment:");
        line++;
        if (name || fragment) {
            if (q)
                query_done(q);
            q = *tail = query_new(path, line, name ? name : fragment, !!fragment);
            tail = &q->next;
            engines = 3;
        } else if (q) {
            query_line(q, s, n, line, &engines);
        } else if (strncmp(s, "--", 2) != 0 && *trimmed(s, n)) {
            die(path, line, "SQL before the first \"-- name:\": give it a name, or take it away");
        }
        s += n;
    }
    if (q)
        query_done(q);
}

/* ---- translation ---- */
struct translation {
    struct query *q, *all; /* all: for fragments */
    int engine, depth;
    struct out *o;
};

static int body_line(const struct body *b, const char *at)
{
    size_t n = 0;
    for (const char *s = b->text.p; s < at; s++)
        n += *s == '\n';
    return n < b->n ? b->lines[n] : b->n ? b->lines[b->n - 1] : 0;
}

static bool ends_with(const struct out *o, size_t n, const char *s)
{
    return n >= strlen(s) && memcmp(o->p + n - strlen(s), s, strlen(s)) == 0;
}

/* "x IN :list" for PostgreSQL: ANY is looked up in an index, where a SELECT would be made anew for each row. */
static void put_list(struct out *o, size_t no)
{
    size_t n = o->n;
    while (n && (o->p[n - 1] == ' ' || o->p[n - 1] == '\n'))
        n--;
    bool none = ends_with(o, n, " NOT IN");
    if (!ends_with(o, n, " IN")) {
        putf(o, "(SELECT unnest($%zu::bigint[]))", no);
        return;
    }
    o->n = n - (none ? strlen("NOT IN") : strlen("IN"));
    putf(o, "%s ($%zu::bigint[])", none ? "<> ALL" : "= ANY", no);
}

static void put_parameter(struct translation *t, const char *name, size_t n, const char *path, int line)
{
    for (size_t i = 0; i < t->q->in.n; i++) {
        struct field *f = &t->q->in.p[i];
        if (!word_is(name, n, f->name))
            continue;
        f->used = true;
        bool ints = strcmp(f->type->name, "ints") == 0;
        if (ints && t->engine) {
            put_list(t->o, i + 1);
            return;
        }
        const char *form = ints ? "(SELECT value FROM json_each(?%zu))" : t->engine ? "$%zu" : "?%zu";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        putf(t->o, form, i + 1);
#pragma GCC diagnostic pop
        return;
    }
    die(path, line, "%s: :%.*s is not declared: add \"-- in: %.*s int\" (or its type) to the query", t->q->name, (int)n,
        name, (int)n, name);
}

static void translate(struct translation *t, struct query *from, char *const *args);

/* Splits "c.id, :unit" at commas outside brackets. */
static size_t split_args(char *s, char **ret, size_t max)
{
    size_t n = 0;
    int depth = 0;
    char *start = s;
    for (;; s++) {
        depth += (*s == '(') - (*s == ')');
        if ((*s == ',' && depth == 0) || !*s) {
            char *one = trimmed(start, (size_t)(s - start));
            if (n < max && (*one || n || *s))
                ret[n] = one;
            n += *one || n || *s;
            start = s + 1;
        }
        if (!*s)
            return n;
    }
}

/* "@may_see(c.id)@" or, inside a fragment, "@casefile_id@". Returns what stands after it. */
static const char *put_fragment(struct translation *t, struct query *from, char *const *args, const char *s)
{
    int line = body_line(&from->body[t->engine], s);
    size_t n = ident_length(s + 1);
    const char *end = s + 1 + n;
    for (size_t i = 0; *end == '@' && i < from->args.n; i++)
        if (word_is(s + 1, n, from->args.p[i].name)) {
            put(t->o, args[i]);
            return end + 1;
        }
    const char *close = strstr(end, ")@");
    if (*end != '(' || !close)
        die(from->path, line, "%s: \"@%.*s\" is not a fragment's use: write \"@%.*s(…)@\"", from->name, (int)n, s + 1,
            (int)n, s + 1);
    for (struct query *f = t->all; f; f = f->next) {
        if (f->card != FRAGMENT || !word_is(s + 1, n, f->name))
            continue;
        char *given[64];
        size_t count = split_args(dup_n(end + 1, (size_t)(close - end) - 1), given, 64);
        if (count != f->args.n)
            die(from->path, line, "%s: the fragment %s takes %zu arguments (%s:%d), here are %zu", from->name, f->name,
                f->args.n, f->path, f->line, count);
        if (++t->depth > 8)
            die(from->path, line, "%s: fragments use each other in a circle: break it at %s", from->name, f->name);
        /* the arguments may hold parameters and fragments themselves: translate them where they were written */
        for (size_t i = 0; i < count; i++) {
            struct out o = {0}, *outer = t->o;
            struct query *arg = calloc(1, sizeof *arg);
            *arg = *from;
            arg->body[t->engine] = (struct body){0};
            body_add(&arg->body[t->engine], given[i], strlen(given[i]), line);
            t->o = &o;
            translate(t, arg, args);
            t->o = outer;
            given[i] = trimmed(text_of(&o), o.n);
        }
        put(t->o, "(");
        translate(t, f, given);
        put(t->o, ")");
        t->depth--;
        return close + 2;
    }
    die(from->path, line,
        "%s: there is no fragment \"%.*s\": add \"-- fragment: %.*s(…)\" to a .sql file that meson.build "
        "lists",
        from->name, (int)n, s + 1, (int)n, s + 1);
}

/* The body of `from` for one engine, on one line, with numbered parameters. */
static void translate(struct translation *t, struct query *from, char *const *args)
{
    const struct body *b = &from->body[t->engine];
    if (!b->n)
        die(from->path, from->line, "%s: no SQL for %s: add it under \"-- %s:\"", from->name,
            t->engine ? "PostgreSQL" : "SQLite", t->engine ? "postgres" : "sqlite");
    for (const char *s = b->text.p; *s;) {
        size_t opaque = opaque_length(s);
        if (opaque) {
            if (*s == '\'' || *s == '"')
                put_n(t->o, s, opaque);
            s += opaque;
        } else if (s[0] == ':' && s[1] == ':') {
            put(t->o, "::");
            s += 2;
        } else if (*s == ':' && ident_length(s + 1)) {
            put_parameter(t, s + 1, ident_length(s + 1), from->path, body_line(b, s));
            s += 1 + ident_length(s + 1);
        } else if (*s == '@' && ident_length(s + 1)) {
            s = put_fragment(t, from, args, s);
        } else if (*s == ';') {
            if (s[1 + strspn(s + 1, " \t\n")])
                die(from->path, body_line(b, s), "%s: more than one statement: give each its own \"-- name:\"",
                    from->name);
            s++;
        } else if (isspace((unsigned char)*s)) {
            s += strspn(s, " \t\r\n");
            if (*s && t->o->n && t->o->p[t->o->n - 1] != ' ')
                put(t->o, " ");
        } else {
            put_n(t->o, s++, 1);
        }
    }
}

/* Whether the statement changes something or locks (then it needs db_write). */
static bool writes(const char *s)
{
    static const char *const words[] = {"insert",
                                        "update",
                                        "delete",
                                        "truncate",
                                        "create",
                                        "drop",
                                        "alter",
                                        "lock",
                                        "pg_advisory_xact_lock",
                                        "pg_try_advisory_xact_lock"};
    while (*s) {
        size_t n = opaque_length(s);
        if (!n && !ident_char(*s))
            n = 1;
        if (!n) {
            while (ident_char(s[n]))
                n++;
            for (size_t i = 0; i < sizeof words / sizeof *words; i++)
                if (word_is(s, n, words[i]))
                    return true;
        }
        s += n;
    }
    return false;
}

/* ---- what is written ---- */
static void put_fields(struct out *o, const struct fields *fs)
{
    for (size_t i = 0; i < fs->n; i++) {
        const struct field *f = &fs->p[i];
        putf(o, "    %s%s;\n", f->nullable ? f->type->c_null : f->type->c, f->name);
    }
}

static void put_signature(struct out *o, const struct query *q)
{
    putf(o, "enum err q_%s(struct cx *cx", q->name);
    if (q->in.n > 5)
        putf(o, ", const struct q_%s_in *in", q->name);
    for (size_t i = 0; q->in.n <= 5 && i < q->in.n; i++)
        putf(o, ", %s%s", q->in.p[i].nullable ? q->in.p[i].type->c_null : q->in.p[i].type->c, q->in.p[i].name);
    if (q->card == ONE || q->card == OPT)
        putf(o, ", struct q_%s *ret", q->name);
    if (q->card == OPT)
        put(o, ", bool *ret_found");
    if (q->card == MANY)
        putf(o, ", struct q_%s **ret_rows, size_t *ret_n", q->name);
    if (q->card == COUNT)
        put(o, ", int64_t *ret_n");
    put(o, ")");
}

static void put_header(struct out *o, const struct query *q)
{
    if (q->out.n) {
        putf(o, "struct q_%s {\n", q->name);
        put_fields(o, &q->out);
        put(o, "};\n");
    }
    if (q->in.n > 5) {
        putf(o, "struct q_%s_in {\n", q->name);
        put_fields(o, &q->in);
        put(o, "};\n");
    }
    putf(o, "/* %s */\n", text_of(&q->doc));
    put_signature(o, q);
    putf(o, ";\nextern const struct db_stmt db_stmt_%s;\n\n", q->name);
}

static void put_columns(struct out *o, const struct query *q, const struct fields *fs, const char *way)
{
    if (!fs->n)
        return;
    putf(o, "static const struct db_col %s_%s[] = {\n", way, q->name);
    for (size_t i = 0; i < fs->n; i++) {
        putf(o, "    {\"%s\", %s, %s, ", fs->p[i].name, fs->p[i].type->kind, fs->p[i].nullable ? "true" : "false");
        if (*way == 'o')
            putf(o, "offsetof(struct q_%s, %s)},\n", q->name, fs->p[i].name);
        else
            put(o, "0},\n");
    }
    put(o, "};\n");
}

static void put_function(struct out *o, const struct query *q)
{
    put_signature(o, q);
    put(o, "\n{\n");
    if (q->in.n)
        put(o, "    const struct db_value values[] = {\n");
    for (size_t i = 0; i < q->in.n; i++) {
        struct out name = {0};
        putf(&name, "%s%s", q->in.n > 5 ? "in->" : "", q->in.p[i].name);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        put(o, "        ");
        putf(o, q->in.p[i].nullable ? q->in.p[i].type->value_null : q->in.p[i].type->value, name.p);
        put(o, ",\n");
#pragma GCC diagnostic pop
    }
    if (q->in.n)
        put(o, "    };\n");
    static const char *const results[] = {", ret", ", ret, ret_found", ", &rows, ret_n", "", ", ret_n"};
    const char *values = q->in.n ? "values" : "NULL";
    if (q->card == MANY)
        putf(o,
             "    void *rows = NULL;\n    enum err e = db_many(cx, &db_stmt_%s, %s, &rows, ret_n);\n"
             "    if (!e)\n        *ret_rows = rows;\n    return e;\n}\n\n",
             q->name, values);
    else
        putf(o, "    return db_%s(cx, &db_stmt_%s, %s%s);\n}\n\n", cards[q->card], q->name, values, results[q->card]);
}

static void put_source(struct out *o, struct query *q, struct query *all)
{
    struct out sql[2] = {0};
    for (int e = 0; e < 2; e++) {
        struct translation t = {.q = q, .all = all, .engine = e, .o = &sql[e]};
        translate(&t, q, NULL);
    }
    for (size_t i = 0; i < q->in.n; i++)
        if (!q->in.p[i].used)
            die(q->path, q->line,
                "%s: \"%s\" is declared but not used: take it out of \"-- in:\", or write :%s where it belongs",
                q->name, q->in.p[i].name, q->in.p[i].name);
    put_columns(o, q, &q->in, "in");
    put_columns(o, q, &q->out, "out");
    putf(o, "const struct db_stmt db_stmt_%s = {\n    .name = \"%s\",\n    .file = \"%s:%d\",\n    .sql = {", q->name,
         q->name, strstr(q->path, "src/") ? strstr(q->path, "src/") : q->path, q->line);
    put_literal(o, sql[0].p);
    put(o, ",\n            ");
    put_literal(o, sql[1].p);
    put(o, "},\n");
    if (q->in.n)
        putf(o, "    .in = in_%s, .n_in = %zu,\n", q->name, q->in.n);
    if (q->out.n)
        putf(o, "    .out = out_%s, .n_out = %zu, .row_size = sizeof(struct q_%s),\n", q->name, q->out.n, q->name);
    putf(o, "    .writes = %s,\n};\n\n", writes(sql[0].p) || writes(sql[1].p) ? "true" : "false");
    put_function(o, q);
}

static void refuse_twins(const struct query *all)
{
    for (const struct query *a = all; a; a = a->next)
        for (const struct query *b = a->next; b; b = b->next)
            if (strcmp(a->name, b->name) == 0)
                die(b->path, b->line, "%s is also the name of %s:%d: rename one", b->name, a->path, a->line);
}

void queries_main(char **argv)
{
    struct query *all = NULL;
    struct out c = {0}, h = {0};
    const char *main_path = argv[2];
    parse_queries(main_path, &all);
    for (char **p = argv + 3; *p; p++)
        if (strcmp(*p, main_path) != 0)
            parse_queries(*p, &all);
    refuse_twins(all);
    putf(&h, "/* Made by sqlgen from %s. */\n#pragma once\n#include \"db/db.h\"\n\n", base_name(main_path));
    putf(&c, "/* Made by sqlgen from %s. */\n#include \"%s\"\n\n", base_name(main_path), base_name(argv[1]));
    for (struct query *q = all; q; q = q->next)
        if (q->path == main_path && q->card != FRAGMENT) {
            put_header(&h, q);
            put_source(&c, q, all);
        }
    spill(argv[0], &c);
    spill(argv[1], &h);
}

void registry_main(char **argv)
{
    struct query *all = NULL;
    struct out o = {0}, list = {0};
    size_t stmts = 0, rooms = 0;
    char **p = argv + 1;
    put(&o, "/* Made by sqlgen. */\n#include \"db/db.h\"\n\n");
    for (; *p && strcmp(*p, "--") != 0; p++, rooms++) {
        putf(&o, "extern const struct db_migrations migrations_%s;\n", *p);
        putf(&list, "    &migrations_%s,\n", *p);
    }
    putf(&o, "const struct db_migrations *const db_all_migrations[] = {\n%s    0};\n", text_of(&list));
    putf(&o, "const size_t db_all_migrations_n = %zu;\n\n", rooms);
    for (p += *p != NULL; *p; p++)
        parse_queries(*p, &all);
    refuse_twins(all);
    list = (struct out){0};
    for (struct query *q = all; q; q = q->next)
        if (q->card != FRAGMENT) {
            putf(&o, "extern const struct db_stmt db_stmt_%s;\n", q->name);
            putf(&list, "    &db_stmt_%s,\n", q->name);
            stmts++;
        }
    putf(&o, "const struct db_stmt *const db_all_stmts[] = {\n%s    0};\n", text_of(&list));
    putf(&o, "const size_t db_all_stmts_n = %zu;\n", stmts);
    spill(argv[0], &o);
}
