/* sqlgen as its users meet it: what it says of a faulty file (file, line, what, remedy), and what it makes of a right
 * one. */
#include "support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static char *sqlgen; /* path of the program */

struct run {
    char dir[64];
    int status;
    struct str said;
};

static void write_file(const struct run *r, const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", r->dir, name);
    FILE *f = fopen(path, "w");
    fputs(text, f);
    fclose(f);
}

/* Run sqlgen with these arguments in the folder; what it said is in `said`. */
static void run_sqlgen(struct cx *cx, struct run *r, char **args)
{
    write_file(r, "said", "");
    pid_t pid = fork();
    if (pid == 0) {
        if (chdir(r->dir))
            _exit(99);
        dup2(open("said", O_WRONLY | O_TRUNC), 2);
        execv(sqlgen, args);
        _exit(98);
    }
    waitpid(pid, &r->status, 0);
    r->said = test_read_file(cx, str_z(cx->arena, str_fmt(cx->arena, "%s/said", r->dir)));
}

static struct run new_run(void)
{
    struct run r = {.dir = "/tmp/sqlgen-test-XXXXXX"};
    assert_non_null(mkdtemp(r.dir));
    return r;
}

static void end_run(const struct run *r)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", r->dir);
    assert_int_equal(system(command), 0);
}

static bool has(struct str s, const char *part)
{
    return str_find(s, str_of(part), 0) < s.n;
}

static void expect(struct cx *cx, struct run *r, const char *at, const char *what, const char *remedy)
{
    (void)cx;
    if (WIFEXITED(r->status) && WEXITSTATUS(r->status) == 1 && str_starts(r->said, str_of(at)) && has(r->said, what) &&
        has(r->said, remedy))
        return;
    print_error("want %s … %s … %s\ngot  %.*s(status %d)\n", at, what, remedy, STR_ARG(r->said), r->status);
    _fail(__FILE__, __LINE__);
}

static const struct {
    const char *sql, *at, *what, *remedy;
} query_faults[] = {
    {"SELECT 1\n", "a.sql:1:", "before the first", "give it a name"},
    {"-- name:\n", "a.sql:1:", "no name", "-- name: room_verb :one"},
    {"-- name: a\n-- Does.\nSELECT 1\n", "a.sql:1:", "how many rows", ":one, :opt, :many, :exec or :count"},
    {"-- name: a :few\n-- Does.\nSELECT 1\n", "a.sql:1:", "how many rows", ":one, :opt"},
    {"\n-- name: a :exec\nSELECT 1\n", "a.sql:2:", "what it is for", "under its name"},
    {"-- name: a :one\n-- Does.\nSELECT 1\n", "a.sql:1:", ":one gives rows", "-- out:"},
    {"-- name: a :exec\n-- Does.\n-- out: id int\nSELECT 1\n", "a.sql:1:", "gives no rows", "make it :one"},
    {"-- name: a :exec\n-- Does.\n-- in: id\nDELETE FROM t WHERE id = :id\n", "a.sql:3:", "has no type", "\"id int\""},
    {"-- name: a :exec\n-- Does.\n-- in: id integer\nDELETE FROM t WHERE id = :id\n", "a.sql:3:", "type \"integer\"",
     "choose int"},
    {"-- name: a :exec\n-- Does.\n-- in: seen bool?\nDELETE FROM t WHERE id = :seen\n", "a.sql:3:", "cannot be null",
     "int?"},
    {"-- name: a :exec\n-- Does.\n-- in: id int, id int\nDELETE FROM t WHERE id = :id\n", "a.sql:3:", "named twice",
     "rename one"},
    {"-- name: a :one\n-- Does.\n-- out: default int\nSELECT 1\n", "a.sql:3:", "meaning of its own in C",
     "another name"},
    {"-- name: a :one\n-- Does.\n-- out: a-b int\nSELECT 1\n", "a.sql:3:", "is not a name", "letters"},
    {"-- name: a :one\n-- Does.\n-- out: x ints\nSELECT 1\n", "a.sql:1:", "only goes in", "rows instead"},
    {"-- name: a :exec\n-- Does.\nDELETE FROM t\nWHERE id = :id\n", "a.sql:4:", ":id is not declared", "-- in: id int"},
    {"-- name: a :exec\n-- Does.\n-- in: id int\nDELETE FROM t\n", "a.sql:1:", "not used", "take it out"},
    {"-- name: a :exec\n-- Does.\n-- sqlite:\nDELETE FROM t\n", "a.sql:1:", "no SQL for PostgreSQL", "-- postgres:"},
    {"-- name: a :exec\n-- Does.\n-- postgres:\nDELETE FROM t\n", "a.sql:1:", "no SQL for SQLite", "-- sqlite:"},
    {"-- name: a :exec\n-- Does.\nDELETE FROM t;\nDELETE FROM u\n", "a.sql:3:", "more than one statement", "its own"},
    {"-- name: a :exec\n-- Does.\nDELETE FROM t WHERE\n@old(id)@\n", "a.sql:4:", "no fragment \"old\"",
     "-- fragment: old("},
    {"-- name: a :exec\n-- Does.\nDELETE FROM t WHERE @old@\n", "a.sql:3:", "not a fragment's use", "@old(…)@"},
    {"-- fragment: old\nid = 1\n", "a.sql:1:", "needs its arguments", "old()"},
    {"-- fragment: old(a)\n@a@ = 1\n-- name: a :exec\n-- Does.\nDELETE FROM t WHERE @old(b, c)@\n",
     "a.sql:5:", "takes 1 arguments", "a.sql:1"},
    {"-- fragment: f()\n@f()@\n-- name: a :exec\n-- Does.\nDELETE FROM t WHERE @f()@\n", "a.sql:2:", "in a circle",
     "break it at f"},
    {"-- fragment: f()\nid = :viewer\n-- name: a :exec\n-- Does.\nDELETE FROM t WHERE @f()@\n",
     "a.sql:2:", ":viewer is not declared", "-- in: viewer int"},
    {"-- name: a :exec\n-- Does.\nDELETE FROM t\n\n-- name: a :exec\n-- Does.\nDELETE FROM u\n",
     "a.sql:5:", "also the name of a.sql:1", "rename one"},
};

static void a_faulty_query_is_explained(void **state)
{
    struct cx *cx = test_cx();
    struct run r = new_run();
    (void)state;
    for (size_t i = 0; i < sizeof query_faults / sizeof *query_faults; i++) {
        write_file(&r, "a.sql", query_faults[i].sql);
        run_sqlgen(cx, &r, (char *[]){"sqlgen", "o.c", "o.h", "a.sql", NULL});
        expect(cx, &r, query_faults[i].at, query_faults[i].what, query_faults[i].remedy);
    }
    run_sqlgen(cx, &r, (char *[]){"sqlgen", "o.c", "o.h", "none.sql", NULL});
    expect(cx, &r, "none.sql:0:", "cannot be read", "meson.build");
    end_run(&r);
    test_cx_free(cx);
}

#define TABLE "-- A t.\nCREATE TABLE t (\n"

static const struct {
    const char *name, *sql, *at, *what, *remedy;
} migration_faults[] = {
    {"0001_a.sql", "CREATE TABLE t (\n    id int -- an id\n);\n", "0001_a.sql:1:", "table t has no comment",
     "say before it"},
    {"0001_a.sql", TABLE "    id int\n);\n", "0001_a.sql:3:", "column t.id has no comment",
     "in a line before it or behind it"},
    {"0001_a.sql", TABLE "    id int, -- an id\n    name text NOT NULL\n);\n",
     "0001_a.sql:4:", "column t.name has no comment", "say in a line"},
    {"0001_a.sql", TABLE "    id bigint -- an id\n);\n", "0001_a.sql:3:", "type \"bigint\"",
     "choose int, text, blob or real"},
    {"0001_a.sql", TABLE "    id int -- an id\n", "0001_a.sql:4:", "closing bracket is missing", "table t"},
    {"0001_a.sql", TABLE "    id int -- an id\n)\n", "0001_a.sql:4:", "semicolon", "table t"},
    {"0001_a.sql", TABLE "    id int -- an id\n) STRICT;\n", "0001_a.sql:4:", "\"STRICT\"", "only WITHOUT ROWID"},
    {"0001_a.sql", "-- A t.\nCREATE TABLE IF NOT EXISTS t (id int);\n", "0001_a.sql:2:", "IF NOT EXISTS", "runs once"},
    {"0001_a.sql", "ALTER TABLE t ADD COLUMN n int;\n", "0001_a.sql:1:", "has no comment", "say after the semicolon"},
    {"0001_a.sql", "ALTER TABLE t RENAME TO u;\n", "0001_a.sql:1:", "only ADD COLUMN", "-- sqlite:"},
    {"0001_a.sql", "CREATE INDEX i ON t (a);\nX DEFERRABLE;\n", "0001_a.sql:2:", "DEFERRABLE", "check at once"},
    {"0002_a.sql", "CREATE INDEX i ON t (a);\n", "0002_a.sql:1:", "migration number 1", "0001_<what>.sql"},
    {"1_a.sql", "CREATE INDEX i ON t (a);\n", "1_a.sql:1:", "migration number 1", "0001_<what>.sql"},
};

static void a_faulty_migration_is_explained(void **state)
{
    struct cx *cx = test_cx();
    struct run r = new_run();
    (void)state;
    for (size_t i = 0; i < sizeof migration_faults / sizeof *migration_faults; i++) {
        write_file(&r, migration_faults[i].name, migration_faults[i].sql);
        run_sqlgen(
            cx, &r,
            (char *[]){"sqlgen", "--migrations", "room", "o.c", (char *)(uintptr_t)migration_faults[i].name, NULL});
        expect(cx, &r, migration_faults[i].at, migration_faults[i].what, migration_faults[i].remedy);
    }
    end_run(&r);
    test_cx_free(cx);
}

static const char right[] = "-- name: a_find :many\n"
                            "-- Things one may see.\n"
                            "-- in: viewer int, units ints\n"
                            "-- in: word text\n"
                            "-- out: id int\n"
                            "SELECT t.id -- which?\n"
                            "FROM t WHERE note <> 'it''s :not -- here' AND \"odd:name\" = :word\n"
                            "/* neither :here */ AND unit_id IN :units\n"
                            "AND @b_may(t.id, :viewer)@;\n";
static const char fragments[] = "-- fragment: b_may(thing, who)\n"
                                "EXISTS (SELECT 1 FROM seen WHERE thing = @thing@ AND @b_is(@who@)@)\n"
                                "-- fragment: b_is(who)\n"
                                "-- sqlite:\n"
                                "who = @who@\n"
                                "-- postgres:\n"
                                "who = @who@::bigint\n"
                                "-- name: b_none :exec\n-- Nothing.\nUPDATE t SET a = 'x'\n";

static void fragments_and_parameters_are_put_in(void **state)
{
    struct cx *cx = test_cx();
    struct run r = new_run();
    (void)state;
    write_file(&r, "a.sql", right);
    write_file(&r, "b.sql", fragments);
    run_sqlgen(cx, &r, (char *[]){"sqlgen", "a_store.c", "a_store.h", "a.sql", "a.sql", "b.sql", NULL});
    assert_str(r.said, "");
    struct str c = test_read_file(cx, str_z(cx->arena, str_fmt(cx->arena, "%s/a_store.c", r.dir)));
    struct str h = test_read_file(cx, str_z(cx->arena, str_fmt(cx->arena, "%s/a_store.h", r.dir)));
    assert_true(has(
        c, "\"SELECT t.id FROM t WHERE note <> 'it''s :not -- here' AND \\\"odd:name\\\" = ?3 AND unit_id IN (SELECT "
           "value FROM json_each(?2)) AND (EXISTS (SELECT 1 FROM seen WHERE thing = t.id AND (who = ?1)))\""));
    assert_true(has(c, "unit_id = ANY ($2::bigint[]) AND (EXISTS (SELECT 1 FROM seen WHERE thing = t.id AND (who = "
                       "$1::bigint)))\""));
    assert_true(has(c, ".writes = false"));
    assert_false(has(c, "b_none")); /* of another file */
    assert_true(has(
        h,
        "/* Things one may see. */\nenum err q_a_find(struct cx *cx, int64_t viewer, struct db_ints units, struct str "
        "word, struct q_a_find **ret_rows, size_t *ret_n);"));
    run_sqlgen(cx, &r, (char *[]){"sqlgen", "b_store.c", "b_store.h", "b.sql", "a.sql", NULL});
    c = test_read_file(cx, str_z(cx->arena, str_fmt(cx->arena, "%s/b_store.c", r.dir)));
    assert_true(has(c, ".writes = true"));
    end_run(&r);
    test_cx_free(cx);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_faulty_query_is_explained),
        cmocka_unit_test(a_faulty_migration_is_explained),
        cmocka_unit_test(fragments_and_parameters_are_put_in),
    };
    assert_int_equal(argc, 2);
    sqlgen = realpath(argv[1], NULL);
    int failed = cmocka_run_group_tests_name("sqlgen", tests, NULL, NULL);
    free(sqlgen);
    return failed;
}
