/* indgang restore: a house out of a backup. Into an empty folder (the key file may lie there already) and, with
   PostgreSQL, an empty database. Until it has ended the folder says that it has not, and nothing else opens it. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app.h"
#include "app/copy.h"
#include "base/folder.h"

/* What may lie in the folder before: made by an administrator for the new house, and by ourselves. */
static bool may_be_there(const char *name)
{
    static const char *const names[] = {".", "..", "keys", "lock", "lost+found", APP_RESTORING};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

static enum err check_empty(struct cx *cx, const char *dir)
{
    DIR *d = opendir(dir);
    if (!d)
        return fail(cx, ERR_IO, "%s: %s", dir, strerror(errno));
    struct dirent *entry;
    enum err e = ERR_OK;
    while (!e && !(e = folder_next(cx, d, dir, &entry)) && entry)
        if (!may_be_there(entry->d_name))
            e = fail(cx, ERR_CONFIG, "%s is not empty (it has %s): name a new folder. The key file may lie in it", dir,
                     entry->d_name);
    closedir(d);
    return e;
}

/* The backup's database, of whichever engine. */
static enum err find_copy(struct cx *cx, const struct app_options *o, const char **ret)
{
    static const char *const names[] = {"database.sqlite", "database.pgdump"};
    struct str from = str_of(o->from);
    while (from.n > 1 && from.p[from.n - 1] == '/')
        from.n--;
    if (str_ends(from, S(".part")))
        return fail(cx, ERR_CONFIG, "%s is a backup that did not end: take another", o->from);
    bool to_postgres = o->db && !str_starts(str_of(o->db), S("sqlite:"));
    for (size_t i = 0; i < 2; i++) {
        *ret = str_z(cx->arena, str_fmt(cx->arena, "%s/%s", o->from, names[i]));
        if (access(*ret, F_OK))
            continue;
        if (to_postgres == (i == 1))
            return ERR_OK;
        return fail(cx, ERR_CONFIG, "%s",
                    i == 1 ? "this backup is of a PostgreSQL database: name an empty one with --db postgresql://…"
                           : "this backup is of a SQLite database: restore it without --db, then use indgang move");
    }
    return fail(cx, ERR_CONFIG, "%s is no backup: it has neither database.sqlite nor database.pgdump", o->from);
}

static enum err mark(struct cx *cx, const char *path)
{
    FILE *f = fopen(path, "w");
    if (!f)
        return fail(cx, ERR_IO, "%s: %s", path, strerror(errno));
    return fclose(f) ? fail(cx, ERR_IO, "%s: %s", path, strerror(errno)) : ERR_OK;
}

static enum err restore(struct cx *cx, const struct app_options *o, const char *copy, struct copying *c)
{
    const char *unfinished = str_z(cx->arena, str_fmt(cx->arena, "%s/%s", o->data, APP_RESTORING));
    enum err e = check_empty(cx, o->data);
    if (e || (e = mark(cx, unfinished)))
        return e;
    copy_tell(c, "database");
    e = db_restore(cx, app_db_url(cx, o), copy);
    static const char *const folders[] = {"seals", "files", "municipality", "services"};
    for (size_t i = 0; !e && i < sizeof folders / sizeof *folders; i++)
        e = copy_part(c, o->from, o->data, folders[i]);
    copy_tell(c, NULL);
    if (e || (e = copy_sync_folder(cx, o->data)))
        return e;
    if (unlink(unfinished))
        return fail(cx, ERR_IO, "%s: %s", unfinished, strerror(errno));
    return copy_sync_folder(cx, o->data);
}

static void tell(struct cx *cx, const struct app_options *o, const struct copying *c)
{
    const char *keys = str_z(cx->arena, str_fmt(cx->arena, "%s/keys", o->data));
    const char *db = o->db ? " --db URL" : "";
    printf("restored into %s: the database, %lld files of %lld bytes.\n", o->data, (long long)c->files,
           (long long)c->bytes);
    if (access(keys, F_OK))
        printf("The key file is never in a backup: put your copy of it in place as %s (mode 0600), then\n", keys);
    else
        printf("The key file is in place. Now\n");
    printf("  indgang verify --data %s%s\n", o->data, db);
}

int cmd_restore(struct cx *cx, const struct app_options *o)
{
    struct copying c = {.cx = cx};
    const char *copy = NULL;
    int lock = -1;
    if (!o->from || !o->data) {
        fprintf(stderr, "indgang: restore needs --from BACKUP and --data DIR, a folder that is empty\n");
        return 2;
    }
    enum err e = find_copy(cx, o, &copy);
    if (!e)
        e = app_make_folder(cx, o->data);
    if (!e)
        e = app_lock(cx, o->data, true, &lock);
    if (!e && !(e = restore(cx, o, copy, &c)))
        tell(cx, o, &c);
    if (lock >= 0)
        close(lock);
    return app_end(cx, e);
}
