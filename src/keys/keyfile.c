/* The key file: lines of "word value". Written anew as a whole, so that a power cut leaves the old or the new one. */
#include "keyfile.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 16 * 1024 };

struct keys *keys_new(const char *path)
{
    int rc = sodium_init(); /* once is enough, more does no harm; guarded memory needs it */
    struct keys *k = sodium_malloc(sizeof *k);
    assert(rc >= 0 && k);
    memset(k, 0, sizeof *k);
    k->magic = KEYS_MAGIC;
    k->path = strdup(path);
    pthread_mutex_init(&k->mutex, NULL);
    return k;
}

void keys_close(struct keys *keys)
{
    if (!keys)
        return;
    assert(keys->magic == KEYS_MAGIC);
    pthread_mutex_destroy(&keys->mutex);
    free(keys->path);
    sodium_free(keys); /* wipes */
}

static void derive_sign(struct keys *k)
{
    crypto_sign_seed_keypair(k->sign_public, k->sign_secret, k->sign_seed);
}

enum err keys_invent_seal(struct cx *cx, struct keys *k)
{
    if (k->n == SEAL_KEYS_MAX)
        return fail(cx, ERR_CONFIG, "the key file holds %d keys: take out those no backup needs any more",
                    SEAL_KEYS_MAX);
    struct seal_key *new = &k->seal[k->n++];
    do
        rand_bytes(&new->id, sizeof new->id);
    while (new->id == 0);
    rand_bytes(new->key, sizeof new->key);
    return ERR_OK;
}

void keys_invent(struct keys *k)
{
    rand_bytes(k->lookup, sizeof k->lookup);
    rand_bytes(k->sign_seed, sizeof k->sign_seed);
    derive_sign(k);
    k->seal[0].id = 1;
    rand_bytes(k->seal[0].key, KEY_BYTES);
    k->n = 1;
}

static enum err not_of_its_form(struct cx *cx, const struct keys *k, int line)
{
    return fail(cx, ERR_CONFIG, "%s:%d: the key file is not of its form: restore it from your copy", k->path, line);
}

/* "lookup HEX", "sign HEX" or "seal ID HEX" */
static bool parse_line(struct keys *k, struct str line)
{
    struct str word, id = S("");
    int64_t number = 0;
    unsigned char *to = NULL;
    str_cut(&line, ' ', &word);
    if (str_eq_z(word, "lookup")) {
        to = k->lookup;
    } else if (str_eq_z(word, "sign")) {
        to = k->sign_seed;
    } else if (str_eq_z(word, "seal") && k->n < SEAL_KEYS_MAX) {
        str_cut(&line, ' ', &id);
        if (!str_to_i64(id, &number) || number < 1 || number > UINT32_MAX)
            return false;
        k->seal[k->n].id = (uint32_t)number;
        to = k->seal[k->n++].key;
    }
    return to && line.n == 2 * KEY_BYTES && str_unhex(line, to);
}

static enum err parse(struct cx *cx, struct keys *k, struct str text)
{
    struct str line;
    int number = 0;
    k->n = 0;
    while (str_cut(&text, '\n', &line)) {
        number++;
        if (number == 1 && !str_eq_z(line, "indgang keys 1"))
            return not_of_its_form(cx, k, number);
        if (number > 1 && line.n && line.p[0] != '#' && !parse_line(k, line))
            return not_of_its_form(cx, k, number);
    }
    if (!k->n || sodium_is_zero(k->lookup, KEY_BYTES) || sodium_is_zero(k->sign_seed, KEY_BYTES))
        return not_of_its_form(cx, k, number);
    derive_sign(k);
    return ERR_OK;
}

enum err keys_file_read(struct cx *cx, struct keys *k)
{
    struct stat st;
    int fd = open(k->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? fail(cx, ERR_NOT_FOUND, "%s: there is no key file", k->path)
                               : fail(cx, ERR_CONFIG, "%s: %s", k->path, strerror(errno));
    enum err e = ERR_OK;
    char *text = sodium_malloc(FILE_MAX);
    assert(text);
    if (fstat(fd, &st))
        e = fail(cx, ERR_CONFIG, "%s: %s", k->path, strerror(errno));
    else if ((st.st_mode & 077) != 0)
        e = fail(cx, ERR_CONFIG, "%s: others may read the key file: chmod 600 %s", k->path, k->path);
    ssize_t n = e ? 0 : read(fd, text, FILE_MAX);
    if (!e && (n < 0 || n == FILE_MAX))
        e = not_of_its_form(cx, k, 1);
    if (!e)
        e = parse(cx, k, str_make(text, (size_t)n));
    if (!e) {
        k->inode = st.st_ino;
        k->changed = st.st_mtim;
    }
    sodium_free(text);
    close(fd);
    return e;
}

/* In guarded memory, which keys_file_write frees. */
static struct str print_file(const struct keys *k)
{
    char *p = sodium_malloc(FILE_MAX), hex[2 * KEY_BYTES + 1];
    assert(p);
    int n =
        snprintf(p, FILE_MAX,
                 "indgang keys 1\n"
                 "# Without this file the identity numbers in the database cannot be read. Keep a copy apart from the "
                 "database.\nlookup %s\n",
                 sodium_bin2hex(hex, sizeof hex, k->lookup, KEY_BYTES));
    n += snprintf(p + n, FILE_MAX - (size_t)n, "sign %s\n", sodium_bin2hex(hex, sizeof hex, k->sign_seed, KEY_BYTES));
    for (size_t i = 0; i < k->n; i++)
        n += snprintf(p + n, FILE_MAX - (size_t)n, "seal %u %s\n", k->seal[i].id,
                      sodium_bin2hex(hex, sizeof hex, k->seal[i].key, KEY_BYTES));
    sodium_memzero(hex, sizeof hex);
    assert(n < FILE_MAX);
    return str_make(p, (size_t)n);
}

/* The new file is written beside, fsynced, and takes the name; then the folder is fsynced. */
enum err keys_file_write(struct cx *cx, const struct keys *k, bool fresh)
{
    struct str beside = str_fmt(cx->arena, "%s.%llx", k->path, (unsigned long long)rand_id()), text = print_file(k);
    char *folder = dirname(str_z(cx->arena, str_of(k->path)));
    int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int fd = open(beside.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && dir >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0;
    if (ok && fresh) /* never over another process's new file */
        ok = link(beside.p, k->path) == 0;
    else if (ok)
        ok = rename(beside.p, k->path) == 0;
    ok = ok && fsync(dir) == 0;
    int error = errno;
    sodium_free((void *)(uintptr_t)text.p);
    if (fd >= 0)
        close(fd);
    if (fresh || !ok)
        unlink(beside.p);
    if (dir >= 0)
        close(dir);
    if (ok)
        return ERR_OK;
    if (fresh && error == EEXIST)
        return fail(cx, ERR_DUPLICATE, "%s is there already", k->path);
    return fail(cx, error == ENOSPC ? ERR_NO_SPACE : ERR_CONFIG, "%s cannot be written: %s", k->path, strerror(error));
}
