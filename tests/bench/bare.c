/* What SQLite alone can do: the write transactions that record.c wrote down are done again on a copy of the database,
   from one thread, with every statement prepared once and the settings of the server. Nothing else: no HTTP, no
   session, no checks.

     bare DATABASE LOG MARK BATCH [FILES BYTES FILE-MARK]

   With FILES, each run of a statement that contains FILE-MARK comes with a file of BYTES in that folder, as the store
   of documents writes them: a new file, fsynced, renamed into one of 256 folders, which is fsynced. The folders are
   made before the clock.

   Only transactions with a statement that contains MARK ("INSERT INTO casefile(") are done; each run of such a
   statement is counted. Transactions are joined until one commit has BATCH of them on average: what the server reached
   when nobody was writing down. Prints JSON: how many, in how many transactions, in how many seconds. The log is read
   into memory before the clock starts. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { STATEMENTS = 4096 };

static sqlite3 *lite;
static sqlite3_stmt *prepared[STATEMENTS];
static char marked[STATEMENTS], with_file[STATEMENTS];
static const char *text[STATEMENTS];
static uint32_t text_n[STATEMENTS];

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "bare: %s: %s\n", what, lite ? sqlite3_errmsg(lite) : "");
    exit(1);
}

static void run(const char *sql)
{
    if (sqlite3_exec(lite, sql, NULL, NULL, NULL) != SQLITE_OK)
        die(sql);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static char *read_all(const char *path, size_t *ret_n)
{
    FILE *f = fopen(path, "r");
    if (!f || fseek(f, 0, SEEK_END))
        die(path);
    *ret_n = (size_t)ftell(f);
    rewind(f);
    char *p = malloc(*ret_n + 1);
    if (!p || fread(p, 1, *ret_n, f) != *ret_n)
        die(path);
    fclose(f);
    return p;
}

static uint32_t u32(const char **p)
{
    uint32_t v;
    memcpy(&v, *p, 4);
    *p += 4;
    return v;
}

static int64_t i64(const char **p)
{
    int64_t v;
    memcpy(&v, *p, 8);
    *p += 8;
    return v;
}

/* Past one value; bound to s when there is one. */
static void value(const char **p, sqlite3_stmt *s, int i)
{
    char kind = *(*p)++;
    int64_t v = kind == 'n' ? 0 : i64(p);
    double r;
    if (kind == 't' || kind == 'b') {
        const char *bytes = *p;
        *p += v;
        if (s && kind == 't')
            sqlite3_bind_text64(s, i, bytes, (sqlite3_uint64)v, SQLITE_STATIC, SQLITE_UTF8);
        else if (s)
            sqlite3_bind_blob64(s, i, bytes, (sqlite3_uint64)v, SQLITE_STATIC);
    } else if (kind == 'i' && s) {
        sqlite3_bind_int64(s, i, v);
    } else if (kind == 'r' && s) {
        memcpy(&r, &v, 8);
        sqlite3_bind_double(s, i, r);
    } else if (s) {
        sqlite3_bind_null(s, i);
    }
}

/* ---- files ---- */

static int folder = -1;
static const char *file_mark;
static size_t file_bytes;
static long files;

static void open_files(char **argv)
{
    char name[8];
    mkdir(argv[0], 0700);
    folder = open(argv[0], O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < 256; i++) {
        snprintf(name, sizeof name, "%02x", (unsigned)i);
        mkdirat(folder, name, 0700);
    }
    file_bytes = (size_t)atol(argv[1]);
    file_mark = argv[2];
}

static void write_file(void)
{
    static char *bytes;
    char temporary[40], name[60], sub[8];
    if (!bytes)
        bytes = calloc(1, file_bytes);
    snprintf(temporary, sizeof temporary, "new-%ld", files);
    snprintf(sub, sizeof sub, "%02x", (unsigned)(files & 255));
    snprintf(name, sizeof name, "%s/%040lx", sub, files);
    memcpy(bytes, &files, sizeof files);
    files++;
    int fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd < 0 || write(fd, bytes, file_bytes) != (ssize_t)file_bytes || fsync(fd) ||
        renameat(folder, temporary, folder, name))
        die(temporary);
    close(fd);
    int dir = openat(folder, sub, O_RDONLY | O_DIRECTORY);
    if (dir < 0 || fsync(dir))
        die(sub);
    close(dir);
}

static sqlite3_stmt *statement(uint32_t id)
{
    if (!prepared[id] && sqlite3_prepare_v3(lite, text[id], (int)text_n[id], SQLITE_PREPARE_PERSISTENT, &prepared[id],
                                            NULL) != SQLITE_OK)
        die(text[id]);
    return prepared[id];
}

/* Past one 'S', 'B', 'X', 'C' or 'R'. With `doing`, X is done. Returns what it was; *ret_id of S and X. */
static char one(const char **p, int doing, uint32_t *ret_id)
{
    char what = *(*p)++;
    if (what == 'S') {
        uint32_t id = *ret_id = u32(p), n = u32(p);
        text[id] = *p, text_n[id] = n;
        *p += n;
    } else if (what == 'X') {
        uint32_t id = *ret_id = u32(p), n = u32(p);
        sqlite3_stmt *s = doing ? statement(id) : NULL;
        if (doing && with_file[id])
            write_file();
        for (uint32_t i = 0; i < n; i++)
            value(p, s, (int)i + 1);
        int rc = SQLITE_DONE;
        while (s && (rc = sqlite3_step(s)) == SQLITE_ROW)
            for (int c = 0; c < sqlite3_column_count(s); c++)
                sqlite3_column_blob(s, c);
        if (rc != SQLITE_DONE)
            die(sqlite3_sql(s));
        if (s)
            sqlite3_reset(s);
    }
    return what;
}

/* From behind a 'B': whether it ends in COMMIT, and how many marked statements it runs. */
static int look(const char *p, const char *end, const char *mark, long *ret_marks)
{
    *ret_marks = 0;
    while (p < end) {
        uint32_t id = 0;
        char what = one(&p, 0, &id);
        if (what == 'S')
            marked[id] = memmem(text[id], text_n[id], mark, strlen(mark)) != NULL,
            with_file[id] = file_mark && memmem(text[id], text_n[id], file_mark, strlen(file_mark));
        if (what == 'X')
            *ret_marks += marked[id];
        if (what == 'C' || what == 'R')
            return what == 'C';
    }
    return 0;
}

int main(int argc, char **argv)
{
    size_t n;
    uint32_t id;
    if (argc != 5 && argc != 8)
        die("bare DATABASE LOG MARK BATCH [FILES BYTES FILE-MARK]");
    if (argc == 8)
        open_files(argv + 5);
    double batch = atof(argv[4]);
    char *log = read_all(argv[2], &n);
    if (sqlite3_open_v2(argv[1], &lite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        die(argv[1]);
    run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=2000;"
        "PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY");
    long done = 0, transactions = 0, statements = 0, marks;
    int open = 0;
    double from = now();
    for (const char *p = log, *end = log + n; p < end;) {
        char what = one(&p, 0, &id);
        if (what != 'B')
            continue;
        int doing = look(p, end, argv[3], &marks) && marks;
        if (doing && !open)
            run("BEGIN IMMEDIATE");
        open |= doing;
        while (p < end && (what = one(&p, doing, &id)) != 'C' && what != 'R')
            statements += doing && what == 'X';
        done += doing ? marks : 0;
        if (open && (double)done >= (double)(transactions + 1) * batch) {
            run("COMMIT");
            transactions++;
            open = 0;
        }
    }
    if (open) {
        run("COMMIT");
        transactions++;
    }
    double seconds = now() - from;
    printf(
        "{\"submissions\":%ld,\"files\":%ld,\"transactions\":%ld,\"statements\":%ld,\"seconds\":%.4f,\"cpu\":%.4f}\n",
        done, files, transactions, statements, seconds, (double)clock() / CLOCKS_PER_SEC);
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(prepared[i]);
    sqlite3_close(lite);
    return 0;
}
