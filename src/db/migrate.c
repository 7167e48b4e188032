/* Bringing the database to what the program needs. */
#include "engine.h"

#include <string.h>

#include "db_store.h"

struct step {
    const char *module;
    const struct db_migration *m;
    const struct db_migrations *known; /* of this module */
};

/* Inside the transaction: run it unless it was run, by us earlier or by another process just now. */
static enum err run_step(struct cx *cx, void *ctx)
{
    const struct step *s = ctx;
    struct q_db_migration_get done;
    bool bootstrap = strcmp(s->module, "db") == 0 && s->m->number == 1, found = false;
    struct q_db_migration_table table;
    enum err e = q_db_migration_lock(cx);
    if (!e)
        e = q_db_migration_table(cx, &table);
    if (!e && (!bootstrap || table.there))
        e = q_db_migration_get(cx, str_of(s->module), s->m->number, &done, &found);
    if (e)
        return e;
    if (found && !str_eq_z(done.hash, s->m->hash))
        return fail(
            cx, ERR_CONFIG,
            "migration %s/%s was changed after it had been run on this database: put the old file back and write the "
            "change as a new migration",
            s->module, s->m->name);
    if (found)
        return ERR_OK;
    struct str what = str_fmt(cx->arena, "migration %s/%s", s->module, s->m->name);
    e = cx->conn->doomed = cx->db->engine->script(cx->conn, s->m->sql[cx->db->dialect], what.p);
    struct fault fault = fault_of(&cx->conn->own, e);
    if (e)
        return fault_raise(cx, &fault);
    return q_db_migration_add(cx, str_of(s->module), s->m->number, str_of(s->m->name), str_of(s->m->hash), cx->now_us);
}

/* A database that a newer program has migrated is not touched. */
static enum err refuse_newer(struct cx *cx, void *ctx)
{
    const struct db_migrations *m = ctx;
    struct q_db_migration_table table;
    struct q_db_migration_highest highest;
    enum err e = q_db_migration_table(cx, &table);
    if (e || !table.there)
        return e;
    e = q_db_migration_highest(cx, str_of(m->module), &highest);
    if (!e && highest.number > (int64_t)m->n)
        return fail(
            cx, ERR_CONFIG,
            "the database has migration %s/%d, this program knows only %zu: it comes from a newer version, start that",
            m->module, (int)highest.number, m->n);
    return e;
}

static enum err migrate_module(struct cx *cx, const struct db_migrations *m, bool log)
{
    for (size_t i = 0; i < m->n; i++) {
        struct step s = {m->module, &m->list[i], m};
        enum err e = log ? db_write_log(cx, run_step, &s) : db_write(cx, run_step, &s);
        if (e)
            return e;
    }
    return ERR_OK;
}

enum err db_settle(struct cx *cx)
{
    return q_db_settle(cx);
}

extern const struct db_migrations migrations_db;

enum err db_migrate(struct cx *cx, const struct db_migrations *const *modules, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct db_migrations m = *modules[i];
        /* each place has its own list of what has been run */
        enum err e = m.log ? db_write_log(cx, refuse_newer, &m) : db_read(cx, refuse_newer, &m);
        if (e)
            return e;
    }
    enum err e = migrate_module(cx, &migrations_db, false);
    if (!e)
        e = migrate_module(cx, &migrations_db, true);
    for (size_t i = 0; !e && i < n; i++)
        if (modules[i] != &migrations_db)
            e = migrate_module(cx, modules[i], modules[i]->log);
    return e;
}
