/* A new key, and everything sealed under it. */
#include "keyfile.h"

#include <string.h>

#include "db/db.h"

enum { BATCH = 200 };

enum err keys_reseal_text(struct cx *cx, struct str blob, struct str *ret_blob, bool *ret_changed)
{
    struct seal_key current;
    struct str plain;
    bool same = keys_find(cx, 0, &current) && keys_blob_id(blob) == current.id;
    sodium_memzero(&current, sizeof current);
    *ret_changed = !same;
    if (same) {
        *ret_blob = blob;
        return ERR_OK;
    }
    enum err e = keys_open_text(cx, blob, &plain);
    return e ? e : keys_seal_text(cx, plain, ret_blob);
}

struct holding {
    const struct keys_holder *holder;
    struct keys_batch batch;
};

static enum err reseal_batch(struct cx *cx, void *ctx)
{
    struct holding *h = ctx;
    h->batch.more = false;
    h->batch.last = h->batch.after;
    return h->holder->reseal(cx, &h->batch);
}

enum err keys_reseal(struct cx *cx, const struct keys_holder *holders, size_t n)
{
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < n; i++) {
        struct holding h = {&holders[i], {.after = INT64_MIN, .limit = BATCH, .more = true}};
        while (!e && h.batch.more) {
            struct arena_mark mark = arena_mark(cx->arena);
            e = db_write(cx, reseal_batch, &h);
            h.batch.after = h.batch.last;
            if (!e)
                arena_reset(cx->arena, mark);
        }
    }
    return e;
}

/* The file first, then the database learns the new key, then it is used: at every point a restart finds a file that
 * fits. */
enum err keys_rotate(struct cx *cx, const struct keys_holder *holders, size_t n)
{
    struct keys *k = cx->keys, *next = keys_new(k->path);
    enum err e = keys_file_read(cx, next);
    if (!e)
        e = keys_invent_seal(cx, next);
    if (!e)
        e = keys_file_write(cx, next, false);
    if (!e) {
        pthread_mutex_lock(&k->mutex);
        memcpy(k->seal, next->seal, sizeof k->seal);
        k->n = next->n;
        pthread_mutex_unlock(&k->mutex);
        e = keys_compare(cx);
    }
    keys_close(next);
    return e ? e : keys_reseal(cx, holders, n);
}
