/* indgang move: the house into another database: from SQLite to PostgreSQL when it has outgrown one machine, or back.
   Documents, keys and seals stay in the data folder. */
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "app_store.h"

static void tell(void *ctx, const struct db_table_sum *so_far, bool checking)
{
    (void)ctx;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K%s %s: %lld rows", checking ? "comparing" : "copying", so_far->table,
                (long long)so_far->rows);
}

static void print_sums(struct cx *cx, const struct db_move *m)
{
    int64_t rows = 0;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
    for (size_t i = 0; i < m->n; i++) {
        struct str sum = str_slice(hash_hex(cx->arena, m->tables[i].sum), 0, 16);
        printf("  %-28s %10lld rows  %.*s\n", m->tables[i].table, (long long)m->tables[i].rows, STR_ARG(sum));
        rows += m->tables[i].rows;
    }
    printf("%zu tables, %lld rows: counts and checksums are equal on both sides\n", m->n, (long long)rows);
}

/* The old database says where the house is now, so that nobody goes on in it by mistake. */
static enum err note_moved(struct cx *cx, void *ctx)
{
    const char *engine = ctx;
    struct str value = str_fmt(cx->arena, "%s on %.*s", engine, STR_ARG(civil_iso_us(cx->arena, cx->now_us)));
    return q_app_setting_add(cx, S("moved"), value);
}

static enum err open_new(struct cx *cx, const char *url, struct db **ret)
{
    enum err e = db_open(cx, &(struct db_config){.url = url, .readers = 1}, ret);
    return e ? e : db_migrate(cx, db_all_migrations, db_all_migrations_n);
}

static enum err move(struct cx *cx, const struct app_options *o, struct db_move *m)
{
    struct db *from = cx->db, *to = NULL;
    bool from_postgres = db_is_postgres(cx), to_postgres = !str_starts(str_of(o->to_db), S("sqlite:"));
    if (from_postgres == to_postgres)
        return fail(cx, ERR_CONFIG,
                    "the house is in such a database already; between two of a kind use backup and restore");
    enum err e = db_check_new(cx, o->to_db);
    if (e)
        return e;
    e = open_new(cx, o->to_db, &to);
    if (!e)
        e = db_move(cx, from, to, m);
    cx->db = from;
    if (!e)
        e = db_write(cx, note_moved, to_postgres ? "PostgreSQL" : "SQLite");
    db_close(to);
    return e;
}

int cmd_move(struct cx *cx, const struct app_options *o)
{
    struct house house;
    struct db_move m = {.tell = tell};
    if (!o->to_db) {
        fprintf(stderr, "indgang: move needs --to-db URL, a new, empty database\n");
        return 2;
    }
    enum err e = app_open_db_alone(cx, o, &house);
    if (e)
        return app_end(cx, e);
    if (!(e = move(cx, o, &m))) {
        print_sums(cx, &m);
        printf("From now on start with --db and the new address. The old database is kept as it was and refuses to be "
               "opened;\n"
               "delete it when you are content. Documents, keys and seals stay in %s.\n",
               o->data);
    }
    app_close(cx, &house);
    return app_end(cx, e);
}
