/* The files of a foreign package: none is opened outside its folder. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/folder.h"
#include "codec/file.h"
#include "deposit_check.h"

enum { BLOCK = 1 << 16, PATH_BYTES = 1024, DEEP = 32, SCHEMA_BYTES = 4 << 20 };

static int open_beneath(int dirfd, const char *path, int flags)
{
    struct open_how how = {.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC | O_NONBLOCK),
                           .resolve = (uint64_t)RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
    return (int)syscall(SYS_openat2, dirfd, path, &how, sizeof how);
}

static int open_plain(int dirfd, const char *path)
{
    struct stat st;
    int fd = open_beneath(dirfd, path, O_RDONLY);
    if (fd >= 0 && (fstat(fd, &st) || !S_ISREG(st.st_mode))) {
        close(fd);
        errno = EINVAL;
        return -1;
    }
    return fd;
}

int deposit_open_inside(struct checking *c, const char *path)
{
    return open_plain(c->dirfd, path);
}

int deposit_open_named(int dirfd, struct str name, char *ret_path, size_t size)
{
    struct str t = str_trim(name);
    while (t.n > 1 && t.p[0] == '.' && (t.p[1] == '/' || t.p[1] == '\\'))
        t = str_slice(t, 2, t.n);
    ret_path[0] = 0;
    if (!t.n || t.n >= size || memchr(t.p, 0, t.n)) {
        errno = EINVAL;
        return -1;
    }
    for (size_t i = 0; i < t.n; i++)
        ret_path[i] = t.p[i] == '\\' ? '/' : t.p[i];
    ret_path[t.n] = 0;
    return open_plain(dirfd, ret_path);
}

/* ---- checksums ---- */

/* "SHA-256", "sha256" → OpenSSL's. NULL: none that we know. */
static const EVP_MD *algorithm(struct str name)
{
    static const char *const known[] = {"SHA256", "SHA384", "SHA512", "SHA1", "MD5"};
    char plain[16] = "";
    size_t n = 0;
    for (size_t i = 0; i < name.n && n < sizeof plain - 1; i++)
        if (name.p[i] != '-' && name.p[i] != ' ' && name.p[i] != '_')
            plain[n++] = (char)(name.p[i] >= 'a' && name.p[i] <= 'z' ? name.p[i] - 'a' + 'A' : name.p[i]);
    plain[n] = 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(plain, known[i]))
            return EVP_get_digestbyname(known[i]);
    return NULL;
}

struct measured {
    int64_t bytes;
    char hex[2 * EVP_MAX_MD_SIZE + 1];
};

static bool measure(int fd, const EVP_MD *md, struct measured *ret)
{
    unsigned char block[BLOCK], sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    ssize_t got = ctx && EVP_DigestInit_ex(ctx, md, NULL) == 1 ? 1 : -1;
    *ret = (struct measured){0};
    while (got > 0 && (got = read(fd, block, sizeof block)) > 0) {
        ret->bytes += got;
        if (EVP_DigestUpdate(ctx, block, (size_t)got) != 1)
            got = -1;
    }
    bool good = got == 0 && EVP_DigestFinal_ex(ctx, sum, &n) == 1;
    for (unsigned i = 0; i < n; i++)
        snprintf(ret->hex + 2 * i, 3, "%02x", sum[i]);
    EVP_MD_CTX_free(ctx);
    return good;
}

static void compare(struct checking *c, enum deposit_rule rule, int line, int fd, const struct addml_file *f,
                    const char *path, int64_t *ret_bytes)
{
    const EVP_MD *md = algorithm(str_of(f->algorithm));
    struct measured m;
    *ret_bytes = -1;
    if (!md) {
        deposit_fault(c, rule, line, "%s: checksum algorithm \"%s\" is not one we know", path, f->algorithm);
        md = EVP_sha256();
    }
    if (!measure(fd, md, &m)) {
        deposit_fault(c, rule, line, "%s: cannot be read", path);
        return;
    }
    *ret_bytes = m.bytes;
    if (algorithm(str_of(f->algorithm)) && !str_ieq(str_of(m.hex), str_of(f->sum)))
        deposit_fault(c, rule, line, "%s: its checksum is %s", path, m.hex);
}

void deposit_check_named(struct checking *c, const struct addml_file *file)
{
    char path[PATH_BYTES];
    int64_t bytes;
    int fd = deposit_open_named(c->dirfd, str_of(file->name), path, sizeof path);
    if (fd < 0) {
        deposit_fault(c, DEPOSIT_CHECKSUM, file->line, "%s: %s", file->name, strerror(errno));
        return;
    }
    compare(c, DEPOSIT_CHECKSUM, file->line, fd, file, path, &bytes);
    close(fd);
}

/* ---- documents ---- */

static void text_to(char *to, size_t size, struct str s)
{
    size_t n = s.n < size ? s.n : size - 1;
    if (n) /* an empty text has no address */
        memcpy(to, s.p, n);
    to[n] = 0;
}

void deposit_check_file(struct checking *c, const struct deposit_unit *o)
{
    struct addml_file as = {0};
    char path[PATH_BYTES];
    int64_t said = -1, bytes;
    bool new;
    c->report->objects++;
    int fd = deposit_open_named(c->dirfd, o->field[FIELD_OBJECT_FILE], path, sizeof path);
    if (fd < 0) {
        deposit_fault(c, DEPOSIT_DOCUMENT, o->line, "%.*s: %s", STR_ARG(o->field[FIELD_OBJECT_FILE]),
                      errno == EXDEV || errno == ELOOP ? "leads out of the package" : strerror(errno));
        return;
    }
    struct deposit_entry *e = deposit_set_put(&c->paths, deposit_key_text(str_of(path)), 1, &new);
    if (!new)
        deposit_fault(c, DEPOSIT_DOCUMENT, o->line, "%s is also the file of the object in line %u", path, e->line);
    e->line = (uint32_t)o->line;
    text_to(as.algorithm, sizeof as.algorithm, o->field[FIELD_OBJECT_ALGORITHM]);
    text_to(as.sum, sizeof as.sum, o->field[FIELD_OBJECT_SUM]);
    compare(c, DEPOSIT_BYTES, o->line, fd, &as, path, &bytes);
    close(fd);
    if (bytes == 0)
        deposit_fault(c, DEPOSIT_DOCUMENT, o->line, "%s is empty", path);
    if (!str_to_i64(o->field[FIELD_OBJECT_BYTES], &said) || (bytes >= 0 && said != bytes))
        deposit_fault(c, DEPOSIT_BYTES, o->line, "%s: filstoerrelse says %.*s, it has %lld bytes", path,
                      STR_ARG(o->field[FIELD_OBJECT_BYTES]), (long long)bytes);
    c->report->bytes += bytes > 0 ? bytes : 0;
}

/* ---- schemas ---- */

static bool same_bytes(struct checking *c, const char *name)
{
    struct cx *cx = c->cx;
    struct arena_mark mark = arena_mark(cx->arena);
    struct str a, b;
    bool same = !file_read(cx, str_fmt(cx->arena, "%s/%s", c->dir, name), SCHEMA_BYTES, &a) &&
                !file_read(cx, str_fmt(cx->arena, "%s/%s", c->report->schemas, name), SCHEMA_BYTES, &b) && str_eq(a, b);
    arena_reset(cx->arena, mark);
    return same;
}

void deposit_check_schemas(struct checking *c)
{
    for (int i = 0; i < DEPOSIT_SCHEMAS; i++) {
        c->name = deposit_schemas[i];
        int fd = deposit_open_inside(c, deposit_schemas[i]);
        if (fd < 0)
            deposit_fault(c, DEPOSIT_FILES, 0, "missing: %s", strerror(errno));
        else if (c->report->schemas && !same_bytes(c, deposit_schemas[i]))
            deposit_fault(c, DEPOSIT_OFFICIAL, 0, "differs from the one in %s", c->report->schemas);
        if (fd >= 0)
            close(fd);
    }
}

/* ---- orphans ---- */

struct walk {
    struct checking *c;
    char path[PATH_BYTES * 4];
    int depth;
};

static enum err walk_folder(struct walk *w, int fd);

static enum err visit(struct walk *w, int dirfd, const char *name)
{
    struct stat st;
    size_t before = strlen(w->path), n = strlen(name);
    if (before + n + 2 > sizeof w->path || fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW))
        return fail(w->c->cx, ERR_IO, "%s/%s: a name too long", w->path, name);
    if (before)
        w->path[before++] = '/';
    memcpy(w->path + before, name, n + 1);
    enum err e = ERR_OK;
    if (S_ISDIR(st.st_mode)) {
        int fd = open_beneath(dirfd, name, O_RDONLY | O_DIRECTORY);
        e = fd < 0 ? fail(w->c->cx, ERR_IO, "%s: %s", w->path, strerror(errno)) : walk_folder(w, fd);
    } else if (!deposit_set_get(&w->c->paths, deposit_key_text(str_of(w->path)))) {
        deposit_fault(w->c, DEPOSIT_ORPHAN, 0, "%s", w->path);
    }
    return e;
}

static enum err walk_folder(struct walk *w, int fd)
{
    enum err e = ERR_OK;
    DIR *d = fdopendir(fd);
    if (!d || ++w->depth > DEEP) {
        if (d)
            closedir(d);
        return fail(w->c->cx, ERR_IO, "%s: folders too deep", w->path);
    }
    size_t n = strlen(w->path);
    for (struct dirent *entry; !e && !(e = folder_next(w->c->cx, d, w->path, &entry)) && entry;) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        e = visit(w, dirfd(d), entry->d_name);
        w->path[n] = 0;
    }
    closedir(d);
    w->depth--;
    return e;
}

/* The standard calls the folder DOKUMENT; every sample has another name for it. */
enum err deposit_check_orphans(struct checking *c)
{
    static const char *const names[] = {"dokumenter", "DOKUMENTER", "dokument", "DOKUMENT"};
    enum err e = ERR_OK;
    bool some = false;
    for (size_t i = 0; !e && i < sizeof names / sizeof *names; i++) {
        struct walk w = {.c = c};
        int fd = open_beneath(c->dirfd, names[i], O_RDONLY | O_DIRECTORY);
        if (fd < 0)
            continue;
        some = true;
        text_to(w.path, sizeof w.path, str_of(names[i]));
        e = walk_folder(&w, fd);
    }
    if (!some && c->report->objects)
        deposit_fault(c, DEPOSIT_FILES, 0, "there is no folder of documents");
    return e;
}
