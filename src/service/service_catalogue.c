/* Publishing, and the catalogue of the process. */
#include <stdlib.h>

#include "i18n/i18n.h"
#include "catalogue.h"
#include "db/db.h"
#include "service_store.h"

enum { VERSION_BYTES = 64 << 20, LOOK_AGAIN_S = 1 };

/* ---- publishing ---- */

struct publish {
    const struct service_version *v;
    bool published;
};

static enum err publish_one(struct cx *cx, void *ctx)
{
    struct publish *p = ctx;
    struct q_service_now now;
    struct q_service_change_lock lock;
    struct str hash = hash_hex(cx->arena, p->v->hash);
    bool found;
    int64_t id = rand_id();
    p->published = false;
    enum err e = q_service_change_lock(cx, &lock);
    if (!e)
        e = q_service_now(cx, p->v->key, &now, &found);
    if (e || (found && !now.withdrawn_us.set && str_eq(now.hash, hash)))
        return e;
    e = q_service_version_add(cx, id, p->v->key, hash, cx->now_us);
    for (size_t i = 0; !e && i < p->v->files.n; i++)
        e = q_service_file_add(cx, id, p->v->files.p[i].path, p->v->files.p[i].text);
    if (!e)
        e = q_service_set(cx, p->v->key, id);
    if (!e)
        e = q_service_changed(cx);
    p->published = !e;
    return e;
}

struct withdraw {
    const struct str *folders;
    size_t n;
};

/* What has no folder any more is no longer offered. */
static enum err withdraw_others(struct cx *cx, void *ctx)
{
    const struct withdraw *w = ctx;
    struct q_service_all *rows;
    size_t n;
    bool any = false;
    enum err e = q_service_all(cx, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        bool there = false;
        for (size_t k = 0; k < w->n; k++)
            there |= str_eq(service_folder_key(w->folders[k]), rows[i].key);
        if (there)
            continue;
        any = true;
        e = q_service_withdraw(cx, rows[i].key, cx->now_us);
    }
    if (!e && any)
        e = q_service_changed(cx);
    return e;
}

/* Is this folder, byte for byte, what is offered now? Then it need not be compiled. */
static enum err is_published(struct cx *cx, struct str dir, bool *ret)
{
    struct hash hash;
    struct q_service_now now;
    bool found;
    enum err e = service_folder_hash(cx, dir, &hash);
    if (!e)
        e = q_service_now(cx, service_folder_key(dir), &now, &found);
    if (!e)
        *ret = found && !now.withdrawn_us.set && str_eq(now.hash, hash_hex(cx->arena, hash));
    return e;
}

typedef VEC_OF(struct service_version *) version_vec;

/* Compile the folders that are not published yet. */
static enum err load_changed(struct cx *cx, const struct str *folders, size_t n, version_vec *ret)
{
    struct problems ps = problems_make(cx->arena);
    enum err bad = ERR_OK;
    for (size_t i = 0; i < n; i++) {
        struct service_version *v;
        bool published;
        enum err e = is_published(cx, folders[i], &published);
        if (e)
            return e;
        if (published)
            continue;
        e = service_load_folder(cx, cx->arena, folders[i], &ps, &v);
        if (e && !bad)
            bad = e;
        if (!e)
            vec_add(cx->arena, ret, v);
    }
    if (ps.list.n) {
        struct buf b = buf_make(cx->arena);
        problems_text(&ps, &b);
        return fail(cx, ERR_CONFIG, "%" PRI_STR, STR_ARG(str_trim(buf_str(&b))));
    }
    return bad;
}

enum err service_publish(struct cx *cx, struct str dir, size_t *ret_published)
{
    struct str *folders;
    size_t n, published = 0;
    version_vec changed = {0};
    struct arena_mark mark = arena_mark(cx->arena); /* the arena of a server at its start lives as long as the server */
    enum err e = service_folders(cx, dir, &folders, &n);
    if (!e)
        e = load_changed(cx, folders, n, &changed);
    for (size_t i = 0; !e && i < changed.n; i++) {
        struct publish p = {.v = changed.p[i]};
        e = db_write(cx, publish_one, &p);
        published += p.published;
    }
    struct withdraw w = {folders, n};
    if (!e)
        e = db_write(cx, withdraw_others, &w);
    if (e)
        return e;
    arena_reset(cx->arena, mark);
    *ret_published = published;
    return ERR_OK;
}

/* ---- versions in memory ---- */

static const struct service_version *known(struct catalogue *c, int64_t id)
{
    const struct service_version *v = NULL;
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < c->versions.n && !v; i++)
        if (c->versions.p[i].v->id == id)
            v = c->versions.p[i].v;
    pthread_mutex_unlock(&c->lock);
    return v;
}

/* Keep it, unless another thread was first. Gives the one that is kept. */
static const struct service_version *keep(struct catalogue *c, struct arena *a, const struct service_version *v)
{
    const struct service_version *kept = v;
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < c->versions.n; i++)
        if (c->versions.p[i].v->id == v->id)
            kept = c->versions.p[i].v;
    if (kept == v)
        vec_add(c->arena, &c->versions, (struct loaded){a, v});
    pthread_mutex_unlock(&c->lock);
    if (kept != v)
        arena_free(a);
    return kept;
}

struct fetch {
    int64_t id;
    bool found;
    struct q_service_version_get version;
    struct q_service_files *files;
    size_t n;
};

static enum err fetch_version(struct cx *cx, void *ctx)
{
    struct fetch *f = ctx;
    enum err e = q_service_version_get(cx, f->id, &f->version, &f->found);
    if (!e && f->found)
        e = q_service_files(cx, f->id, &f->files, &f->n);
    return e;
}

static enum err load_version(struct cx *cx, struct catalogue *c, int64_t id, const struct service_version **ret)
{
    struct fetch f = {.id = id};
    struct service_version *v;
    if ((*ret = known(c, id)))
        return ERR_OK;
    enum err e = db_read(cx, fetch_version, &f);
    if (e)
        return e;
    if (!f.found)
        return fail(cx, ERR_NOT_FOUND, "no service version %lld", (long long)id);
    struct service_file *files = arena_array(cx->arena, struct service_file, f.n);
    for (size_t i = 0; i < f.n; i++)
        files[i] = (struct service_file){f.files[i].path, f.files[i].content};
    struct arena *a = arena_new(VERSION_BYTES);
    e = service_load_stored(cx, a, f.version.key, files, f.n, &v);
    if (e) {
        arena_free(a);
        return e;
    }
    v->id = id;
    v->published_us = f.version.published_us;
    *ret = keep(c, a, v);
    return ERR_OK;
}

/* ---- the snapshot ---- */

struct named {
    struct str sort;
    struct searchable s;
};

static int by_sort(const void *a, const void *b)
{
    return str_cmp(((const struct named *)a)->sort, ((const struct named *)b)->sort);
}

static int by_key(const void *a, const void *b)
{
    return str_cmp((*(const struct service_version *const *)a)->key, (*(const struct service_version *const *)b)->key);
}

static struct searchable searchable(struct arena *a, const struct service_version *v)
{
    struct searchable s = {.v = v};
    for (int i = 0; i < LANG_COUNT; i++) {
        enum lang lang = (enum lang)i;
        struct str rest = str_fmt(a, "%" PRI_STR " %" PRI_STR " %" PRI_STR, STR_ARG(words_in(&v->summary, lang)),
                                  STR_ARG(words_in(&v->audience, lang)), STR_ARG(words_in(&v->guidance, lang)));
        s.name[i] = text_fold(a, words_in(&v->name, lang));
        s.words[i] = text_fold(a, words_in(&v->keywords, lang));
        s.rest[i] = text_fold(a, rest);
    }
    return s;
}

static struct snapshot *snapshot_make(const struct service_version *const *versions, size_t n, int64_t change)
{
    struct arena *a = arena_new(VERSION_BYTES);
    struct snapshot *s = arena_new_of(a, struct snapshot);
    s->arena = a, s->change = change, s->n = n;
    s->by_key = arena_array(a, const struct service_version *, n);
    struct named *named = arena_array(a, struct named, n);
    for (size_t i = 0; i < n; i++) {
        s->by_key[i] = versions[i];
        named[i].s = searchable(a, versions[i]);
    }
    if (n)
        qsort(s->by_key, n, sizeof *s->by_key, by_key);
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        s->by_name[lang] = arena_array(a, struct searchable, n);
        for (size_t i = 0; i < n; i++)
            named[i].sort = text_sort_key(a, words_in(&named[i].s.v->name, (enum lang)lang));
        if (n)
            qsort(named, n, sizeof *named, by_sort);
        for (size_t i = 0; i < n; i++)
            s->by_name[lang][i] = named[i].s;
    }
    return s;
}

/* Put a snapshot in place of the current one, unless that is newer. */
static void snapshot_set(struct catalogue *c, struct snapshot *s)
{
    pthread_mutex_lock(&c->lock);
    struct snapshot *now = atomic_load(&c->now);
    if (now && now->change >= s->change && now->change > 0) {
        arena_free(s->arena);
    } else {
        s->older = now;
        atomic_store(&c->now, s);
    }
    pthread_mutex_unlock(&c->lock);
}

struct all {
    int64_t change;
    struct q_service_all *rows;
    size_t n;
};

static enum err fetch_all(struct cx *cx, void *ctx)
{
    struct all *all = ctx;
    struct q_service_change_get change;
    enum err e = q_service_change_get(cx, &change);
    if (!e)
        e = q_service_all(cx, &all->rows, &all->n);
    if (!e)
        all->change = change.n;
    return e;
}

enum err service_catalogue_refresh(struct cx *cx)
{
    struct catalogue *c = cx->services;
    const struct snapshot *now = atomic_load(&c->now);
    struct q_service_change_get change;
    struct all all = {0};
    enum err e = q_service_change_get(cx, &change);
    if (e || (now && now->change == change.n))
        return e;
    e = db_read(cx, fetch_all, &all);
    if (e)
        return e;
    const struct service_version **versions = arena_array(cx->arena, const struct service_version *, all.n);
    for (size_t i = 0; i < all.n; i++)
        if ((e = load_version(cx, c, all.rows[i].version_id, &versions[i])))
            return e;
    snapshot_set(c, snapshot_make(versions, all.n, all.change));
    return ERR_OK;
}

void service_catalogue_keep_fresh(struct cx *cx)
{
    struct catalogue *c = cx->services;
    int64_t last = atomic_load(&c->checked_us), now = time_tick_us();
    struct fail before = cx->fail;
    if (!cx->db || now - last < LOOK_AGAIN_S * SECOND_US || !atomic_compare_exchange_strong(&c->checked_us, &last, now))
        return;
    if (service_catalogue_refresh(cx))
        log_line(cx, LOG_WARN, "catalogue_refresh", "detail=\"%" PRI_STR "\"", STR_ARG(cx->fail.detail));
    cx->fail = before;
}

struct catalogue *service_catalogue_test(void)
{
    struct catalogue *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    pthread_mutex_init(&c->lock, NULL);
    c->arena = arena_new(VERSION_BYTES);
    snapshot_set(c, snapshot_make(NULL, 0, 0));
    return c;
}

enum err service_catalogue_open(struct cx *cx, struct catalogue **ret)
{
    struct catalogue *c = service_catalogue_test();
    struct catalogue *before = cx->services;
    struct snapshot *empty = atomic_load(&c->now);
    cx->services = c;
    empty->change = -1; /* older than what any database says */
    enum err e = service_catalogue_refresh(cx);
    if (e) {
        cx->services = before;
        service_catalogue_close(c);
        return e;
    }
    *ret = c;
    return ERR_OK;
}

void service_catalogue_test_add(struct catalogue *c, struct service_version *version)
{
    const struct snapshot *now = atomic_load(&c->now);
    const struct service_version **versions = arena_array(c->arena, const struct service_version *, now->n + 1);
    size_t n = 0;
    if (!version->id)
        version->id = rand_id();
    for (size_t i = 0; i < now->n; i++)
        if (!str_eq(now->by_key[i]->key, version->key))
            versions[n++] = now->by_key[i];
    versions[n++] = version;
    keep(c, NULL, version);
    snapshot_set(c, snapshot_make(versions, n, 0));
}

void service_catalogue_close(struct catalogue *c)
{
    if (!c)
        return;
    for (struct snapshot *s = atomic_load(&c->now), *older; s; s = older) {
        older = s->older;
        arena_free(s->arena);
    }
    for (size_t i = 0; i < c->versions.n; i++)
        arena_free(c->versions.p[i].arena);
    arena_free(c->arena);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

/* ---- asking ---- */

enum service_opening service_opening(const struct cx *cx, const struct service_version *v)
{
    day_t today = civil_day_of_us(cx->now_us);
    return today < v->valid_from                      ? SERVICE_NOT_YET
           : v->valid_until && today > v->valid_until ? SERVICE_OVER
                                                      : SERVICE_OPEN;
}

struct str service_opening_words(struct cx *cx, const struct service_version *v)
{
    enum service_opening o = service_opening(cx, v);
    if (o == SERVICE_NOT_YET)
        return i18n_fmt(cx, T_service_not_yet, ARG("date", i18n_day(cx, v->valid_from)));
    return o == SERVICE_OVER ? i18n_fmt(cx, T_service_over, ARG("date", i18n_day(cx, v->valid_until)))
                             : (struct str){0};
}

bool service_is_offered(const struct cx *cx, const struct service_version *v)
{
    return service_opening(cx, v) == SERVICE_OPEN;
}

const struct service_version *service_current(struct cx *cx, struct str key)
{
    const struct service_version *v = service_latest(cx, key);
    return v && service_is_offered(cx, v) ? v : NULL;
}

const struct service_version *service_latest(struct cx *cx, struct str key)
{
    const struct snapshot *s = atomic_load(&cx->services->now);
    size_t low = 0, high = s->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        int c = str_cmp(s->by_key[mid]->key, key);
        if (!c)
            return s->by_key[mid];
        if (c < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

const struct service_version *service_version_by_id(struct cx *cx, int64_t id)
{
    const struct service_version *v = NULL;
    struct fail before = cx->fail;
    if (load_version(cx, cx->services, id, &v) == ERR_OK)
        return v;
    cx->fail = before;
    return NULL;
}

/* What follows the words in one of their languages; n of SIZE_MAX: it begins with none of them. */
static struct str after(struct str s, const struct words *w)
{
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        struct str begin = words_in(w, (enum lang)lang);
        if (begin.n && str_starts(s, begin))
            return str_slice(s, begin.n, s.n);
    }
    return (struct str){NULL, SIZE_MAX};
}

struct str service_purpose_in(struct cx *cx, struct str kept)
{
    const struct snapshot *s = cx->services ? atomic_load(&cx->services->now) : NULL;
    for (size_t i = 0; s && i < s->n; i++) {
        const struct service_version *v = s->by_name[cx->lang][i].v;
        struct str rest = after(kept, &v->name);
        bool named = rest.n != SIZE_MAX && str_starts(rest, S(". "));
        for (size_t k = 0; k < v->purposes.n; k++) {
            const struct words *text = &v->purposes.p[k].text;
            if (after(named ? str_slice(rest, 2, rest.n) : kept, text).n != 0)
                continue;
            struct str words = words_in(text, cx->lang);
            return named ? str_fmt(cx->arena, "%" PRI_STR ". %" PRI_STR, STR_ARG(words_in(&v->name, cx->lang)),
                                   STR_ARG(words))
                         : words;
        }
    }
    return S("");
}

struct service_list service_list(struct cx *cx)
{
    const struct snapshot *s = atomic_load(&cx->services->now);
    struct service_list list = {0};
    for (size_t i = 0; i < s->n; i++)
        if (service_is_offered(cx, s->by_name[cx->lang][i].v))
            vec_add(cx->arena, &list.rows, s->by_name[cx->lang][i].v);
    return list;
}
