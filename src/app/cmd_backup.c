/* indgang backup: a folder with a snapshot of the database and every document it refers to, made while the house is
   open. The database first: a document is on disk before the row that names it is committed, so none can be missing.
   The key file is left out on purpose; without it identity numbers in the copy cannot be read. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app.h"

struct copying {
    struct cx *cx;
    int64_t files, bytes;
};

static enum err copy_bytes(struct cx *cx, int from, int to, int64_t *bytes, const char *name)
{
    for (;;) {
        ssize_t n = copy_file_range(from, NULL, to, NULL, 1 << 26, 0);
        if (n == 0)
            return fsync(to) ? fail(cx, ERR_IO, "%s: %s", name, strerror(errno)) : ERR_OK;
        if (n < 0)
            return fail(cx, errno == ENOSPC ? ERR_NO_SPACE : ERR_IO, "%s: %s", name, strerror(errno));
        *bytes += n;
    }
}

static enum err copy_file(struct copying *c, const char *from, const char *to)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return errno == ENOENT ? ERR_OK /* an orphan, swept meanwhile */
                               : fail(c->cx, ERR_IO, "%s: %s", from, strerror(errno));
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    enum err e =
        out < 0 ? fail(c->cx, ERR_IO, "%s: %s", to, strerror(errno)) : copy_bytes(c->cx, in, out, &c->bytes, to);
    close(in);
    if (out >= 0)
        close(out);
    c->files++;
    if (isatty(STDERR_FILENO) && c->files % 100 == 0)
        fprintf(stderr, "\r%lld documents", (long long)c->files);
    return e;
}

static enum err sync_folder(struct cx *cx, const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum err e = fd < 0 || fsync(fd) ? fail(cx, ERR_IO, "%s: %s", path, strerror(errno)) : ERR_OK;
    if (fd >= 0)
        close(fd);
    return e;
}

/* A folder with its folders; files being written (hidden names) are not documents yet. */
static enum err copy_folder(struct copying *c, const char *from, const char *to)
{
    struct cx *cx = c->cx;
    DIR *d = opendir(from);
    if (!d)
        return errno == ENOENT ? ERR_OK : fail(cx, ERR_IO, "%s: %s", from, strerror(errno));
    enum err e = mkdir(to, 0700) ? fail(cx, ERR_IO, "%s: %s", to, strerror(errno)) : ERR_OK;
    for (struct dirent *entry; !e && (entry = readdir(d));) {
        if (entry->d_name[0] == '.')
            continue;
        const char *a = str_z(cx->arena, str_fmt(cx->arena, "%s/%s", from, entry->d_name));
        const char *b = str_z(cx->arena, str_fmt(cx->arena, "%s/%s", to, entry->d_name));
        struct stat st;
        if (stat(a, &st))
            continue;
        e = S_ISDIR(st.st_mode) ? copy_folder(c, a, b) : copy_file(c, a, b);
    }
    closedir(d);
    return e ? e : sync_folder(cx, to);
}

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
        "seals/      signed heads of the access log\n\n"
        "NOT in here: the key file (DATA/keys). Without it identity numbers in this copy cannot be read.\n"
        "Keep it in another place, and under another lock, than this backup.\n",
        STR_ARG(civil_iso_us(cx->arena, time_now_us())));
    return fclose(f) ? fail(cx, ERR_IO, "%s/README.txt: %s", folder, strerror(errno)) : ERR_OK;
}

static enum err copy_part(struct copying *c, const char *data, const char *part, const char *folder)
{
    struct arena *a = c->cx->arena;
    return copy_folder(c, str_z(a, str_fmt(a, "%s/%s", data, folder)), str_z(a, str_fmt(a, "%s/%s", part, folder)));
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
    if (!e)
        e = db_backup(cx, str_z(cx->arena, str_fmt(cx->arena, "%s/%s", part, name)));
    if (!e)
        e = copy_part(c, o->data, part, "files");
    if (e || (e = explain(cx, part)) || (e = sync_folder(cx, part)))
        return e;
    return rename(part, o->to) ? fail(cx, ERR_IO, "%s: %s", o->to, strerror(errno)) : ERR_OK;
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
    if (!(e = make_backup(cx, o, &c)))
        printf("\rbackup in %s: the database, %lld files of %lld bytes. The key file %s/keys is NOT in it.\n", o->to,
               (long long)c.files, (long long)c.bytes, o->data);
    app_close(cx, &house);
    return app_end(cx, e);
}
