/* Backup and restore by PostgreSQL's own programs. */
#include "bulk.h"

#include <errno.h>
#include <libpq-fe.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The connection address for pg_dump, without the password, which everybody could read among its arguments. */
static struct str address_without_password(struct cx *cx, const char *url, const char **ret_password)
{
    struct buf b = buf_make(cx->arena);
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    *ret_password = NULL;
    for (const PQconninfoOption *o = options; o && o->keyword; o++) {
        if (!o->val || !*o->val)
            continue;
        if (strcmp(o->keyword, "password") == 0) {
            *ret_password = str_z(cx->arena, str_of(o->val));
            continue;
        }
        buf_fmt(&b, "%s='", o->keyword);
        for (const char *c = o->val; *c; c++) {
            if (*c == '\'' || *c == '\\')
                buf_add_char(&b, '\\');
            buf_add_char(&b, *c);
        }
        buf_add(&b, S("' "));
    }
    PQconninfoFree(options);
    return buf_str(&b);
}

/* Run one of PostgreSQL's own tools on the database; `argv` has two places left before its end for the address. */
static enum err run_tool(struct cx *cx, const struct db *db, char **argv)
{
    const char *password;
    size_t at = 0, n = 0;
    while (argv[at])
        at++;
    argv[at] = "--dbname";
    argv[at + 1] = str_z(cx->arena, address_without_password(cx, db->path, &password));
    while (environ[n])
        n++;
    char **env = arena_array(cx->arena, char *, n + 2);
    memcpy(env, environ, n * sizeof *env);
    if (password)
        env[n] = str_z(cx->arena, str_fmt(cx->arena, "PGPASSWORD=%s", password));
    pid_t pid;
    int status = 0;
    if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, env))
        return fail(cx, ERR_IO, "%s cannot be started; install Debian's postgresql-client", argv[0]);
    if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status))
        return fail(cx, ERR_DB, "%s failed; what it said stands above", argv[0]);
    return ERR_OK;
}

enum err postgres_backup(struct cx *cx, struct db *db, const char *path)
{
    char *argv[8] = {"pg_dump", "--format=custom", "--no-password", "--file", str_z(cx->arena, str_of(path))};
    enum err e = run_tool(cx, db, argv);
    return e ? e : db_sync_copy(cx, path);
}

enum err postgres_restore(struct cx *cx, struct db *db, const char *path)
{
    if (access(path, R_OK))
        return fail(cx, ERR_CONFIG, "%s: %s; is this a backup of a PostgreSQL database?", path, strerror(errno));
    enum err e = bulk_postgres.check_new(cx, db);
    char *argv[12] = {"pg_restore",      "--exit-on-error", "--single-transaction",        "--no-owner",
                      "--no-privileges", "--no-password",   str_z(cx->arena, str_of(path))};
    return e ? e : run_tool(cx, db, argv);
}
