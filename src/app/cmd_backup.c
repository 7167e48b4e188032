/* indgang backup: a folder with a snapshot of the database and every document it refers to, made while the house is
   open. The database first: a document is on disk before the row that names it is committed, so none can be missing.
   The key file is left out on purpose; without it identity numbers in the copy cannot be read. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin/admin.h"
#include "app/app.h"
#include "app/copy.h"

static enum err explain(struct cx *cx, const char *folder)
{
    FILE *f = fopen(str_z(cx->arena, str_fmt(cx->arena, "%s/README.txt", folder)), "w");
    if (!f)
        return fail(cx, ERR_IO, "%s/README.txt: %s", folder, strerror(errno));
    fprintf(
        f,
        "Backup of Indgang, %.*s.\n\n"
        "database.*  the whole database (SQLite file, and another with -log behind its name, which holds the access\n"
        "            log; or one in pg_restore's custom format)\n"
        "files/      documents over 64 KiB, named by their SHA-256\n"
        "seals/      signed heads of the access log\n"
        "municipality/, services/  if they lay in the data folder\n\n"
        "NOT in here: the key file (DATA/keys). Without it identity numbers in this copy cannot be read.\n"
        "Keep it in another place, and under another lock, than this backup. Passwords (files named in\n"
        "municipality.yaml) are not in here either.\n\n"
        "To go back: indgang restore --from THIS-FOLDER --data NEW-FOLDER [--db URL]\n",
        STR_ARG(civil_iso_us(cx->arena, time_now_us())));
    return fclose(f) ? fail(cx, ERR_IO, "%s/README.txt: %s", folder, strerror(errno)) : ERR_OK;
}

static enum err make_backup(struct cx *cx, const struct app_options *o, struct copying *c)
{
    /* Under another name until it is whole: a folder called --to is a complete backup. */
    const char *part = str_z(cx->arena, str_fmt(cx->arena, "%s.part", o->to));
    const char *name = db_is_postgres(cx) ? "database.pgdump" : "database.sqlite";
    if (access(o->to, F_OK) == 0)
        return fail(cx, ERR_CONFIG, "%s exists already: name a new folder", o->to);
    if (mkdir(part, 0700))
        return fail(cx, ERR_IO, "%s: %s%s", part, strerror(errno),
                    errno == EEXIST ? "; an earlier backup did not end: remove it" : "");
    /* What the seals name must be in the copy of the database, what that names must be among the files: in this order.
     */
    enum err e = copy_part(c, o->data, part, "seals");
    copy_tell(c, "database");
    if (!e)
        e = db_backup(cx, str_z(cx->arena, str_fmt(cx->arena, "%s/%s", part, name)));
    static const char *const folders[] = {"files", "municipality", "services"};
    for (size_t i = 0; !e && i < sizeof folders / sizeof *folders; i++)
        e = copy_part(c, o->data, part, folders[i]);
    copy_tell(c, NULL);
    if (e || (e = explain(cx, part)) || (e = copy_sync_folder(cx, part)))
        return e;
    return rename(part, o->to) ? fail(cx, ERR_IO, "%s: %s", o->to, strerror(errno)) : ERR_OK;
}

/* For the administrator's page; the copy is whole even if this fails. */
static enum err note(struct cx *cx, void *ctx)
{
    (void)ctx;
    return admin_note_backup(cx);
}

int cmd_backup(struct cx *cx, const struct app_options *o)
{
    struct house house;
    struct copying c = {.cx = cx};
    if (!o->to) {
        fprintf(stderr, "indgang: backup needs --to DIR, a folder that does not exist yet\n");
        return 2;
    }
    enum err e = app_open_db(cx, o, &house);
    if (e)
        return app_end(cx, e);
    if (!(e = make_backup(cx, o, &c))) {
        printf("backup in %s: the database, %lld files of %lld bytes. The key file %s/keys is NOT in it.\n", o->to,
               (long long)c.files, (long long)c.bytes, o->data);
        if (db_write(cx, note, NULL))
            fprintf(stderr, "indgang: the backup is whole, but could not be noted in the database\n");
    }
    app_close(cx, &house);
    return app_end(cx, e);
}
