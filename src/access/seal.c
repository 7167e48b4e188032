/* Sealing: rows get a place in a signed chain of batches and in the index by person, and the heads of the chain leave
   the machine's database every day. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access_internal.h"
#include "codec/codec.h"
#include "db/db.h"
#include "keys/keys.h"

enum { BATCH_ROWS = 1000, BATCHES_AT_ONCE = 200 };

/* The index rows of a batch, as q_access_index_add takes them. */
struct index_text {
    struct str views, rows; /* rows empty: nobody is in it */
};

struct sealing {
    /* what was hashed and grouped before the write began, so that nobody waits for it */
    struct q_access_unsealed *rows;
    struct hash *leaves;
    struct index_text index;
    size_t n;
    bool more; /* out: the batch was full */
};

static struct hash leaf_of_row(struct cx *cx, const struct q_access_unsealed *r)
{
    struct access_leaf_of v = ACCESS_LEAF_OF(*r, r->id, r->at_us, r->viewer_kind, r->viewer_id, r->unit_id, r->roles,
                                             r->casefile_id, r->refused);
    access_commitments(cx, r->id, r->subjects, &v.commitments); /* what is no entry is not sealed: verify tells of it */
    return access_leaf_hash(&v);
}

static enum err add_leaves(struct cx *cx, int64_t batch, const struct q_access_unsealed *rows,
                           const struct hash *leaves, size_t n)
{
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    json_begin_array(&o);
    for (size_t i = 0; i < n; i++)
        json_i64(&o, rows[i].id);
    json_end(&o);
    return q_access_leaves_add(cx, batch, buf_str(&b), str_make((const char *)leaves, n * sizeof *leaves));
}

/* The index by person: one row for a person, however many of its views. */
static struct index_text index_of(struct cx *cx, const struct q_access_unsealed *rows, size_t n)
{
    struct access_index x = {0};
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    for (size_t i = 0; i < n; i++)
        access_index_gather(cx, &x, rows[i].id, rows[i].subjects);
    access_index_group(cx, &x);
    json_begin_array(&o);
    for (size_t i = 0; i < x.rows.n; i++) {
        json_begin_array(&o);
        json_i64(&o, x.rows.p[i].party_id);
        json_i64(&o, (int64_t)x.rows.p[i].from + 1);
        json_i64(&o, (int64_t)x.rows.p[i].n);
        json_end(&o);
    }
    json_end(&o);
    return (struct index_text){x.views, x.rows.n ? buf_str(&b) : S("")};
}

static enum err add_index(struct cx *cx, int64_t batch, const struct index_text *index)
{
    return index->rows.n ? q_access_index_add(cx, batch, index->views, index->rows) : ERR_OK;
}

static enum err add_batch(struct cx *cx, const struct hash *leaves, size_t n, int64_t *ret_no)
{
    struct q_access_last_batch last = {0};
    bool found;
    enum err e = q_access_last_batch(cx, &last, &found);
    if (e)
        return e;
    struct hash previous = access_hash_of(found ? last.head : (struct str){0}), root = access_root(leaves, n);
    int64_t no = found ? last.no + 1 : 1;
    /* the batches of a day lie together in its file: time never goes back in the chain, whatever the clocks do */
    int64_t at_us = found && last.at_us > cx->now_us ? last.at_us : cx->now_us;
    struct hash head = access_head(previous, no, at_us, (int64_t)n, root);
    struct q_access_batch_add_in in = {.no = no,
                                       .at_us = at_us,
                                       .n = (int64_t)n,
                                       .root = access_hash_str(cx, root),
                                       .head = access_hash_str(cx, head),
                                       .key = keys_public(cx)};
    e = keys_sign(cx, in.head, &in.signature);
    if (!e)
        e = q_access_batch_add(cx, &in);
    *ret_no = no;
    return e;
}

static enum err hash_unsealed(struct cx *cx, void *ctx)
{
    struct sealing *s = ctx;
    enum err e = q_access_unsealed(cx, BATCH_ROWS, &s->rows, &s->n);
    if (e)
        return e;
    s->leaves = arena_array(cx->arena, struct hash, s->n + 1);
    for (size_t i = 0; i < s->n; i++)
        s->leaves[i] = leaf_of_row(cx, &s->rows[i]);
    s->index = index_of(cx, s->rows, s->n);
    return ERR_OK;
}

/* The leaf of a row, hashed now when it is new, or an erasure has changed its subjects since: then *changed. *at: where
   to look on; both lists are in the same order. */
static struct hash leaf_again(struct cx *cx, const struct sealing *s, const struct q_access_unsealed *r, size_t *at,
                              bool *changed)
{
    while (*at < s->n && (s->rows[*at].at_us < r->at_us || (s->rows[*at].at_us == r->at_us && s->rows[*at].id < r->id)))
        ++*at;
    bool same = *at < s->n && s->rows[*at].id == r->id && str_eq(s->rows[*at].subjects, r->subjects);
    *changed |= !same;
    return same ? s->leaves[*at] : leaf_of_row(cx, r);
}

static enum err write_seal(struct cx *cx, void *ctx)
{
    struct sealing *s = ctx;
    struct q_access_lock lock;
    struct q_access_unsealed *rows;
    size_t n = 0, at = 0;
    int64_t no, sealed;
    enum err e = q_access_lock(cx, &lock);
    if (!e)
        e = q_access_unsealed(cx, (int64_t)s->n, &rows, &n); /* what has come since is for the next */
    s->more = n == BATCH_ROWS;
    if (e || !n)
        return e;
    struct hash *leaves = arena_array(cx->arena, struct hash, n);
    bool changed = n != s->n;
    for (size_t i = 0; i < n; i++)
        leaves[i] = leaf_again(cx, s, &rows[i], &at, &changed);
    struct index_text index = changed ? index_of(cx, rows, n) : s->index;
    if ((e = add_batch(cx, leaves, n, &no)) || (e = add_leaves(cx, no, rows, leaves, n)) ||
        (e = add_index(cx, no, &index)) || (e = q_access_seal_rows(cx, no, &sealed)))
        return e;
    return sealed == (int64_t)n ? ERR_OK
                                : fail(cx, ERR_CONFLICT, "%lld of %zu rows could be sealed", (long long)sealed, n);
}

/* ---- The files ---- */

struct str access_seal_line(struct cx *cx, const struct q_access_batches *b)
{
    struct buf line = buf_make(cx->arena);
    buf_fmt(&line, "%lld %" PRI_STR " %lld", (long long)b->no, STR_ARG(civil_iso_us(cx->arena, b->at_us)),
            (long long)b->n);
    const struct str hex[] = {b->root, b->head, b->signature, b->key};
    for (size_t i = 0; i < sizeof hex / sizeof *hex; i++) {
        buf_add_char(&line, ' ');
        buf_add(&line, str_hex(cx->arena, hex[i].p, hex[i].n));
    }
    buf_add_char(&line, '\n');
    return buf_str(&line);
}

struct str access_seal_file(struct cx *cx, day_t utc_day)
{
    if (!cx->data_dir)
        return (struct str){0};
    return str_fmt(cx->arena, "%s/seals/%" PRI_STR ".txt", cx->data_dir, STR_ARG(civil_iso_day(cx->arena, utc_day)));
}

/* What the file says now, at most `max` bytes; empty when it is not there. */
static struct str read_file(struct cx *cx, const char *path, size_t max)
{
    FILE *f = fopen(path, "rbe");
    if (!f)
        return (struct str){0};
    char *p = arena_alloc(cx->arena, max);
    size_t n = fread(p, 1, max, f);
    fclose(f);
    return str_make(p, n);
}

static enum err write_all(struct cx *cx, int fd, struct str text)
{
    while (text.n) {
        ssize_t n = write(fd, text.p, text.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail(cx, errno == ENOSPC ? ERR_NO_SPACE : ERR_IO, "a seal file cannot be written: %s",
                        strerror(errno));
        text = str_slice(text, (size_t)n, text.n);
    }
    return fsync(fd) ? fail(cx, ERR_IO, "a seal file cannot be synced: %s", strerror(errno)) : ERR_OK;
}

static void sync_folder(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

/* Whole or not at all: written beside, synced, renamed. */
static enum err replace_file(struct cx *cx, const char *dir, const char *path, struct str text)
{
    const char *beside =
        str_z(cx->arena, str_fmt(cx->arena, "%s.%" PRI_STR ".tmp", path, STR_ARG(rand_code(cx->arena, 8))));
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return fail(cx, ERR_IO, "%s: %s", beside, strerror(errno));
    enum err e = write_all(cx, fd, text);
    close(fd);
    if (!e && rename(beside, path))
        e = fail(cx, ERR_IO, "%s: %s", path, strerror(errno));
    if (e)
        unlink(beside);
    else
        sync_folder(dir);
    return e;
}

enum err access_export(struct cx *cx, day_t utc_day)
{
    struct str path = access_seal_file(cx, utc_day);
    if (!path.n)
        return ERR_OK;
    struct q_access_batches_between *rows;
    size_t n;
    enum err e = q_access_batches_between(cx, utc_day * DAY_US, (utc_day + 1) * DAY_US, &rows, &n);
    if (e || !n)
        return e;
    struct buf text = buf_make(cx->arena);
    buf_add_z(&text,
              "# Heads of the access log. Keep a copy away from this machine. Columns: batch, time, rows, root, head, "
              "signature of the head (Ed25519), public key\n");
    for (size_t i = 0; i < n; i++) {
        struct q_access_batches b = {rows[i].no,   rows[i].at_us,     rows[i].n,  rows[i].root,
                                     rows[i].head, rows[i].signature, rows[i].key};
        buf_add(&text, access_seal_line(cx, &b));
    }
    const char *z = str_z(cx->arena, path), *dir = str_z(cx->arena, str_fmt(cx->arena, "%s/seals", cx->data_dir));
    struct str old = read_file(cx, z, text.n + 1);
    if (str_eq(old, buf_str(&text)))
        return ERR_OK;
    if (!str_starts(buf_str(&text), old)) /* what has been exported is never unsaid */
        return fail(cx, ERR_CONFLICT, "%s does not agree with the database: run indgang verify", z);
    if (mkdir(dir, 0755) && errno != EEXIST)
        return fail(cx, ERR_IO, "%s: %s", dir, strerror(errno));
    return replace_file(cx, dir, z, buf_str(&text));
}

enum err access_seal(struct cx *cx)
{
    struct q_access_last_batch last = {0};
    struct sealing s = {.more = true};
    bool found;
    enum err e = q_access_last_batch(cx, &last, &found);
    if (e)
        return e;
    for (int i = 0; s.more && i < BATCHES_AT_ONCE && !(e = cx_go_on(cx)); i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        e = db_read(cx, hash_unsealed, &s);
        s.more = false;
        if (!e && s.n)
            e = db_write_log(cx, write_seal, &s);
        if (e)
            return e;
        arena_reset(cx->arena, mark);
    }
    if (e)
        return e;
    /* the day of the batch before, too: a process may have died between it and its file */
    day_t today = (day_t)(cx->now_us / DAY_US), before = found ? (day_t)(last.at_us / DAY_US) : today;
    if (before != today)
        e = access_export(cx, before);
    return e ? e : access_export(cx, today);
}

enum err access_window(struct cx *cx, struct access_window *ret)
{
    struct q_access_window q;
    enum err e = q_access_window(cx, &q);
    if (!e)
        *ret = (struct access_window){q.n, q.oldest_us};
    return e;
}
