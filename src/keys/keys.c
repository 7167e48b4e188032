#include "keyfile.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "db/db.h"
#include "keys_store.h"

/* A sealed value: version, key id (little-endian), nonce, ciphertext with tag. Version and id are authenticated too. */
enum {
    VERSION = 1,
    HEAD = 1 + 4,
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES
};

/* ---- sealing ---- */
static bool find_in_memory(struct keys *k, uint32_t id, struct seal_key *ret)
{
    for (size_t i = k->n; i-- > 0;)
        if (id == 0 || k->seal[i].id == id) {
            *ret = k->seal[i];
            return true;
        }
    return false;
}

static bool is_another_file(const struct keys *k)
{
    struct stat st;
    return stat(k->path, &st) == 0 && (st.st_ino != k->inode || st.st_mtim.tv_sec != k->changed.tv_sec ||
                                       st.st_mtim.tv_nsec != k->changed.tv_nsec);
}

/* Another process may have rotated. What cannot be read, or belongs to another database, changes nothing. */
static void read_again(struct cx *cx, struct keys *k)
{
    struct fail before = cx->fail;
    struct keys *again = keys_new(k->path);
    if (keys_file_read(cx, again) == ERR_OK && sodium_memcmp(again->lookup, k->lookup, KEY_BYTES) == 0) {
        memcpy(k->seal, again->seal, sizeof k->seal);
        k->n = again->n;
        k->inode = again->inode;
        k->changed = again->changed;
    }
    keys_close(again);
    cx->fail = before;
}

bool keys_find(struct cx *cx, uint32_t id, struct seal_key *ret)
{
    struct keys *k = cx->keys;
    assert(k && k->magic == KEYS_MAGIC);
    pthread_mutex_lock(&k->mutex);
    if (id == 0 && is_another_file(k))
        read_again(cx, k);
    bool found = find_in_memory(k, id, ret);
    if (!found) {
        read_again(cx, k);
        found = find_in_memory(k, id, ret);
    }
    pthread_mutex_unlock(&k->mutex);
    return found;
}

enum err keys_seal_with(struct cx *cx, const struct seal_key *key, struct str plain, struct str *ret_blob)
{
    size_t n = HEAD + NONCE + plain.n + TAG;
    unsigned char *p = arena_alloc(cx->arena, n);
    p[0] = VERSION;
    for (int i = 0; i < 4; i++)
        p[1 + i] = (unsigned char)(key->id >> 8 * i);
    rand_bytes(p + HEAD, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(p + HEAD + NONCE, NULL, (const unsigned char *)plain.p, plain.n, p, HEAD,
                                               NULL, p + HEAD, key->key);
    *ret_blob = str_make((const char *)p, n);
    return ERR_OK;
}

enum err keys_seal_text(struct cx *cx, struct str plain, struct str *ret_blob)
{
    struct seal_key key;
    if (!keys_find(cx, 0, &key))
        return fail(cx, ERR_CONFIG, "no key");
    enum err e = keys_seal_with(cx, &key, plain, ret_blob);
    sodium_memzero(&key, sizeof key);
    return e;
}

uint32_t keys_blob_id(struct str blob)
{
    const unsigned char *p = (const unsigned char *)blob.p;
    if (blob.n < HEAD + NONCE + TAG || p[0] != VERSION)
        return 0;
    return (uint32_t)p[1] | (uint32_t)p[2] << 8 | (uint32_t)p[3] << 16 | (uint32_t)p[4] << 24;
}

enum err keys_open_text(struct cx *cx, struct str blob, struct str *ret_plain)
{
    const unsigned char *p = (const unsigned char *)blob.p;
    uint32_t id = keys_blob_id(blob);
    struct seal_key key;
    if (!id)
        return fail(cx, ERR_INVALID, "a sealed value is not of its form");
    if (!keys_find(cx, id, &key))
        return fail(cx, ERR_CONFIG,
                    "a value is sealed with key %u, which is not in the key file: restore the newest one", id);
    size_t n = blob.n - HEAD - NONCE - TAG;
    unsigned char *plain = arena_alloc(cx->arena, n + 1);
    int bad = crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, p + HEAD + NONCE, n + TAG, p, HEAD,
                                                         p + HEAD, key.key);
    sodium_memzero(&key, sizeof key);
    if (bad)
        return fail(cx, ERR_INVALID, "a sealed value was changed, or its key is another");
    *ret_plain = str_make((const char *)plain, n);
    return ERR_OK;
}

/* ---- looking up and signing ---- */
struct hash keys_lookup(struct cx *cx, struct str purpose, struct str value)
{
    struct hash h;
    crypto_generichash_state st;
    uint64_t n = purpose.n; /* so that purpose and value cannot run into each other */
    assert(cx->keys && cx->keys->magic == KEYS_MAGIC);
    crypto_generichash_init(&st, cx->keys->lookup, KEY_BYTES, HASH_BYTES);
    crypto_generichash_update(&st, (const unsigned char *)&n, sizeof n);
    crypto_generichash_update(&st, (const unsigned char *)purpose.p, purpose.n);
    crypto_generichash_update(&st, (const unsigned char *)value.p, value.n);
    crypto_generichash_final(&st, h.b, HASH_BYTES);
    return h;
}

enum err keys_sign(struct cx *cx, struct str message, struct str *ret_signature)
{
    unsigned char *sig = arena_alloc(cx->arena, crypto_sign_BYTES);
    assert(cx->keys && cx->keys->magic == KEYS_MAGIC);
    crypto_sign_detached(sig, NULL, (const unsigned char *)message.p, message.n, cx->keys->sign_secret);
    *ret_signature = str_make((const char *)sig, crypto_sign_BYTES);
    return ERR_OK;
}

struct str keys_public(struct cx *cx)
{
    assert(cx->keys && cx->keys->magic == KEYS_MAGIC);
    return str_make((const char *)cx->keys->sign_public, crypto_sign_PUBLICKEYBYTES);
}

bool keys_verify_with(struct str public_key, struct str message, struct str signature)
{
    return public_key.n == crypto_sign_PUBLICKEYBYTES && signature.n == crypto_sign_BYTES &&
           crypto_sign_verify_detached((const unsigned char *)signature.p, (const unsigned char *)message.p, message.n,
                                       (const unsigned char *)public_key.p) == 0;
}

bool keys_verify(struct cx *cx, struct str message, struct str signature)
{
    return keys_verify_with(keys_public(cx), message, signature);
}

/* ---- opening ---- */
static struct str lookup_mark(struct cx *cx)
{
    struct hash h = keys_lookup(cx, S("key-check"), S("indgang"));
    return str_dup(cx->arena, str_make((const char *)h.b, HASH_BYTES));
}

static enum err wrong_file(struct cx *cx, struct str kind)
{
    return fail(cx, ERR_CONFIG,
                "%s is not the key file of this database (%" PRI_STR " differs): put back the one it was used with",
                cx->keys->path, STR_ARG(kind));
}

static enum err compare_row(struct cx *cx, const struct q_keys_check_list *row)
{
    struct str plain;
    if (str_eq_z(row->kind, "lookup"))
        return str_eq(row->value, lookup_mark(cx)) ? ERR_OK : wrong_file(cx, row->kind);
    if (str_eq_z(row->kind, "sign"))
        return str_eq(row->value, keys_public(cx)) ? ERR_OK : wrong_file(cx, row->kind);
    return keys_open_text(cx, row->value, &plain) == ERR_OK ? ERR_OK : wrong_file(cx, row->kind);
}

/* What is new is added first, and then all is compared: of two processes that begin at once on a new database, with a
   file each, the second to add finds the first's and is refused. */
static enum err add_and_compare(struct cx *cx, void *ctx)
{
    struct q_keys_check_list *rows = NULL;
    size_t n = 0;
    (void)ctx;
    enum err e = q_keys_check_add(cx, S("lookup"), lookup_mark(cx));
    if (!e)
        e = q_keys_check_add(cx, S("sign"), keys_public(cx));
    for (size_t i = 0; !e && i < cx->keys->n; i++) {
        struct str blob;
        e = keys_seal_with(cx, &cx->keys->seal[i], S("indgang"), &blob);
        if (!e)
            e = q_keys_check_add(cx, str_fmt(cx->arena, "seal %u", cx->keys->seal[i].id), blob);
    }
    if (!e)
        e = q_keys_check_list(cx, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        e = compare_row(cx, &rows[i]);
    return e;
}

enum err keys_compare(struct cx *cx)
{
    return db_write(cx, add_and_compare, NULL);
}

/* A new file, unless the database has been used with one. */
static enum err create_file(struct cx *cx, struct keys *k)
{
    struct q_keys_check_list *rows = NULL;
    size_t n = 0;
    enum err e = q_keys_check_list(cx, &rows, &n);
    if (!e && n && keys_file_read(cx, k) == ERR_OK) /* another process has made it at this moment */
        return ERR_OK;
    if (!e && n)
        e = fail(cx, ERR_CONFIG, "%s is missing, but this database was used with a key file: put it back", k->path);
    if (e)
        return e;
    keys_invent(k);
    e = keys_file_write(cx, k, true);
    return e == ERR_DUPLICATE ? keys_file_read(cx, k) : e;
}

enum err keys_open(struct cx *cx, struct str path, bool create, struct keys **ret)
{
    struct keys *k = keys_new(str_z(cx->arena, path)), *before = cx->keys;
    enum err e = keys_file_read(cx, k);
    if (e == ERR_NOT_FOUND)
        e = create ? create_file(cx, k) : fail(cx, ERR_CONFIG, "%s: the key file is missing: put it back", k->path);
    cx->keys = k;
    if (!e)
        e = keys_compare(cx);
    if (e) {
        cx->keys = before;
        keys_close(k);
    } else {
        *ret = k;
    }
    return e;
}

enum err keys_probe(struct cx *cx)
{
    struct keys *mine = cx->keys, *again = NULL;
    enum err e = keys_open(cx, str_of(mine->path), false, &again);
    cx->keys = mine;
    if (!e)
        keys_close(again);
    return e;
}
