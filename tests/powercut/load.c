/* What the power is cut under: threads that write rows with files and print each that was acknowledged; and,
   afterwards, the check that nothing acknowledged was lost.

     load write DIR THREADS          until it is killed; prints "ID NUMBER HASH" lines
     load check DIR < those lines    0: all is well */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/db.h"
#include "files/files.h"
#include "powercut_store.h"

extern const struct db_migrations migrations_files, migrations_powercut;
static const struct db_migrations *const modules[] = {&migrations_files, &migrations_powercut};

static struct cx *cx_new(const struct cx *like)
{
    struct cx *cx = calloc(1, sizeof *cx);
    cx->arena = arena_new(64 << 20);
    if (like) {
        cx->db = like->db;
        cx->files = like->files;
    }
    return cx;
}

static void say(const struct cx *cx, const char *what, enum err e)
{
    fprintf(stderr, "%s: %s: %.*s\n", what, err_name(e), STR_ARG(cx->fail.detail));
}

static enum err start(struct cx *cx, void *ctx)
{
    (void)ctx;
    return q_cut_start(cx);
}

static enum err open_all(struct cx *cx, const char *dir)
{
    struct db *db;
    struct files *files;
    struct str url = str_fmt(cx->arena, "sqlite:%s/indgang.db", dir);
    enum err e = db_open(cx, &(struct db_config){.url = str_z(cx->arena, url), .readers = 4}, &db);
    if (!e)
        e = db_migrate(cx, modules, 2);
    if (!e)
        e = files_open(cx, str_of(dir), &files);
    if (!e)
        e = db_write(cx, start, NULL);
    if (e)
        say(cx, "open", e);
    return e;
}

struct row {
    int64_t id, number;
    struct file_ref file;
};

static enum err add_row(struct cx *cx, void *ctx)
{
    struct row *r = ctx;
    struct q_cut_next next;
    enum err e = files_keep(cx, &r->file, S("row"), r->id);
    if (!e)
        e = q_cut_next(cx, &next);
    if (e)
        return e;
    r->number = next.n;
    return q_cut_add(cx, r->id, r->file.hash, next.n);
}

static void *write_rows(void *p)
{
    struct cx *cx = cx_new(p);
    for (;;) {
        struct arena_mark mark = arena_mark(cx->arena);
        struct row r = {.id = rand_id()};
        size_t n = (size_t)(r.id % 4 == 0 ? 70000 + r.id % 100000 : r.id % 3000);
        char *bytes = arena_alloc(cx->arena, n + 1);
        rand_bytes(bytes, n);
        enum err e = files_put(cx, str_make(bytes, n), &r.file);
        if (!e)
            e = db_write(cx, add_row, &r);
        if (e && e != ERR_NO_SPACE) {
            say(cx, "write", e);
            _exit(3);
        }
        struct str line = str_fmt(cx->arena, "%lld %lld %" PRI_STR "\n", (long long)r.id, (long long)r.number,
                                  STR_ARG(hash_hex(cx->arena, r.file.hash)));
        if (!e && write(1, line.p, line.n) != (ssize_t)line.n)
            _exit(4);
        if (e)
            usleep(2000);
        arena_reset(cx->arena, mark);
    }
    return NULL;
}

static int write_main(const char *dir, int threads)
{
    struct cx *cx = cx_new(NULL);
    pthread_t t;
    if (open_all(cx, dir))
        return 2;
    for (int i = 0; i < threads; i++)
        pthread_create(&t, NULL, write_rows, cx);
    pause();
    return 0;
}

static int check_line(struct cx *cx, char *line)
{
    long long id = 0, number = 0;
    char hex[65] = "";
    struct hash hash = {{0}};
    struct q_cut_get row;
    bool found = false;
    if (sscanf(line, "%lld %lld %64s", &id, &number, hex) != 3 || !str_unhex(str_of(hex), hash.b))
        return 0; /* half a line: the cut */
    struct arena_mark mark = arena_mark(cx->arena);
    struct str bytes;
    enum err e = q_cut_get(cx, id, &row, &found);
    if (!e && found && (row.number != number || !hash_eq(row.hash, hash)))
        e = fail(cx, ERR_INTERNAL, "another number or hash than was acknowledged");
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "an acknowledged row was lost");
    if (!e)
        e = files_get(cx, hash, &bytes);
    if (e)
        say(cx, hex, e);
    arena_reset(cx->arena, mark);
    return e != ERR_OK;
}

static void tell(void *ctx, const struct files_check *so_far, struct hash hash, const char *fault)
{
    struct cx *cx = ctx;
    (void)so_far;
    if (fault)
        fprintf(stderr, "%.*s: %s\n", STR_ARG(hash_hex(cx->arena, hash)), fault);
}

static int check_main(const char *dir)
{
    struct cx *cx = cx_new(NULL);
    struct q_cut_sum sum;
    struct files_check files = {.tell = tell, .ctx = cx};
    struct files_swept swept;
    char line[200];
    int faults = 0, lines = 0;
    if (open_all(cx, dir))
        return 2;
    for (; fgets(line, sizeof line, stdin); lines++)
        faults += check_line(cx, line);
    enum err e = q_cut_sum(cx, &sum);
    if (!e)
        e = files_verify(cx, &files);
    if (!e)
        e = files_sweep(cx, -HOUR_US, &swept);
    if (e) {
        say(cx, "check", e);
        return 2;
    }
    /* none double, no number without its row, none more than one step ahead */
    if (sum.rows != sum.numbers || sum.highest != sum.rows || sum.counter != sum.rows || sum.rows < lines - 1 ||
        files.missing || files.damaged)
        faults++;
    fprintf(stderr,
            "%lld rows, %d acknowledged, %lld files, %lld missing, %lld damaged, %lld orphans swept, %d faults\n",
            (long long)sum.rows, lines, (long long)files.files, (long long)files.missing, (long long)files.damaged,
            (long long)swept.disk_files, faults);
    files_close(cx->files);
    db_close(cx->db);
    return faults != 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "write") == 0)
        return write_main(argv[2], atoi(argv[3]));
    if (argc == 3 && strcmp(argv[1], "check") == 0)
        return check_main(argv[2]);
    fputs("usage: load write DIR THREADS | load check DIR\n", stderr);
    return 64;
}
