/* Is the log whole? Everything that sealing did is done again, and compared. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "access_internal.h"
#include "base/folder.h"
#include "db/db.h"
#include "keys/keys.h"

enum { BATCHES_A_TURN = 100, FAULT_MAX = 200 };

struct check {
    struct access_report report;
    char fault[FAULT_MAX];
    struct hash *erased; /* sorted */
    size_t n_erased;
    struct hash previous;
    int64_t last_no, last_at_us;
    int64_t index_rows; /* of all batches */
};

static void fault(struct check *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void fault(struct check *c, const char *fmt, ...)
{
    if (c->report.faults++)
        return;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(c->fault, sizeof c->fault, fmt, ap);
    va_end(ap);
}

/* ---- What was lawfully erased ---- */

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, HASH_BYTES);
}

static enum err load_erased(struct cx *cx, struct check *c)
{
    struct q_access_erasures *rows;
    size_t n, total = 0;
    enum err e = q_access_erasures(cx, &rows, &n);
    if (e)
        return e;
    for (size_t i = 0; i < n; i++)
        total += rows[i].subjects.n / HASH_BYTES;
    c->erased = arena_array(cx->arena, struct hash, total + 1);
    for (size_t i = 0; i < n; i++)
        for (struct access_subject s; access_subject_next(&rows[i].subjects, &s);)
            if (s.erased)
                c->erased[c->n_erased++] = s.commitment;
    qsort(c->erased, c->n_erased, sizeof *c->erased, compare);
    return ERR_OK;
}

static bool was_erased(const struct check *c, struct hash commitment)
{
    return bsearch(&commitment, c->erased, c->n_erased, sizeof *c->erased, compare) != NULL;
}

/* ---- One batch ---- */

/* The commitments of a view's subjects; what was erased must have been so lawfully. */
static struct str check_subjects(struct cx *cx, struct check *c, int64_t batch, const struct q_access_leaves *view)
{
    struct str rest = view->subjects, commitments;
    struct access_subject s;
    size_t n = 0, erased = 0;
    for (; access_subject_next(&rest, &s); n++) {
        if (!s.erased)
            continue;
        if (was_erased(c, s.commitment))
            erased++;
        else
            fault(c, "batch %lld, row %lld: its subject %zu is gone without an erasure", (long long)batch,
                  (long long)view->view_id, n);
    }
    if (!access_commitments(cx, view->view_id, view->subjects, &commitments))
        fault(c, "batch %lld, row %lld: after subject %zu stands what is none", (long long)batch,
              (long long)view->view_id, n);
    if (view->erased_us.set && (!n || erased < n))
        fault(c, "batch %lld, row %lld: says it was erased, and no erasure names it", (long long)batch,
              (long long)view->view_id);
    return commitments;
}

static void check_view(struct cx *cx, struct check *c, int64_t batch, const struct q_access_leaves *v)
{
    if (!v->found.set) {
        fault(c, "batch %lld, row %lld: the row is gone", (long long)batch, (long long)v->view_id);
        return;
    }
    c->report.sealed++;
    if (v->sealed.v != batch)
        fault(c, "batch %lld, row %lld: the row says it is in batch %lld", (long long)batch, (long long)v->view_id,
              (long long)v->sealed.v);
    struct str commitments = check_subjects(cx, c, batch, v);
    if (v->erased_us.set) {
        c->report.erased++;
        return;
    }
    struct access_leaf_of leaf = {.id = v->view_id,
                                  .at_us = v->at_us.v,
                                  .viewer_kind = v->viewer_kind.v,
                                  .viewer_id = v->viewer_id.v,
                                  .unit_id = v->unit_id.v,
                                  .roles = v->roles.v,
                                  .casefile_id = v->casefile_id.v,
                                  .refused = v->refused.v,
                                  .kind = v->kind,
                                  .purpose = v->purpose,
                                  .legal_basis = v->legal_basis,
                                  .casefile_no = v->casefile_no,
                                  .request_id = v->request_id,
                                  .salt = v->salt,
                                  .commitments = commitments};
    if (!hash_eq(access_leaf_hash(&leaf), access_hash_of(v->hash)))
        fault(c, "batch %lld, row %lld: the row was changed after it was sealed", (long long)batch,
              (long long)v->view_id);
}

/* The index by person says of this batch what its views say, and nothing else. */
static enum err check_index(struct cx *cx, struct check *c, int64_t batch, struct access_index *want)
{
    struct q_access_index_of_batch *got;
    size_t n, i = 0, k = 0;
    enum err e = q_access_index_of_batch(cx, batch, &got, &n);
    if (e)
        return e;
    access_index_group(cx, want);
    c->index_rows += (int64_t)n;
    while (i < n || k < want->rows.n) {
        const struct access_index_row *w = k < want->rows.n ? &want->rows.p[k] : NULL;
        if (w && (i == n || w->party_id < got[i].party_id)) {
            fault(c, "batch %lld: the index by person has nothing of person %lld", (long long)batch,
                  (long long)w->party_id);
            k++;
        } else if (!w || got[i].party_id < w->party_id) {
            fault(c, "batch %lld: nothing explains what the index by person has of person %lld", (long long)batch,
                  (long long)got[i].party_id);
            i++;
        } else {
            if (!str_eq(got[i].views, str_slice(want->views, w->from, w->from + w->n)))
                fault(c, "batch %lld: the index by person has other views of person %lld", (long long)batch,
                      (long long)w->party_id);
            i++, k++;
        }
    }
    return ERR_OK;
}

static enum err check_rows(struct cx *cx, struct check *c, const struct q_access_batches *b, struct hash *ret_root)
{
    struct q_access_leaves *leaves;
    struct access_index index = {0};
    size_t n;
    enum err e = q_access_leaves(cx, b->no, &leaves, &n);
    if (e)
        return e;
    if ((int64_t)n != b->n || !n)
        fault(c, "batch %lld: it has %zu leaves, and says %lld", (long long)b->no, n, (long long)b->n);
    struct hash *hashes = arena_array(cx->arena, struct hash, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (leaves[i].pos != (int64_t)i)
            fault(c, "batch %lld: leaf %zu is gone", (long long)b->no, i);
        if (leaves[i].hash.n != HASH_BYTES)
            fault(c, "batch %lld: leaf %zu is no hash", (long long)b->no, i);
        hashes[i] = access_hash_of(leaves[i].hash);
        check_view(cx, c, b->no, &leaves[i]);
        access_index_gather(cx, &index, leaves[i].view_id, leaves[i].subjects);
    }
    *ret_root = n ? access_root(hashes, n) : (struct hash){0};
    return check_index(cx, c, b->no, &index);
}

static enum err check_batch(struct cx *cx, struct check *c, const struct q_access_batches *b)
{
    struct hash root, head = access_hash_of(b->head);
    c->report.batches++;
    if (b->no != c->last_no + 1)
        fault(c, "batch %lld is gone", (long long)c->last_no + 1);
    if (b->at_us < c->last_at_us)
        fault(c, "batch %lld is older than the one before", (long long)b->no);
    enum err e = check_rows(cx, c, b, &root);
    if (e)
        return e;
    if (!hash_eq(root, access_hash_of(b->root)))
        fault(c, "batch %lld: the root is not that of its leaves", (long long)b->no);
    if (!hash_eq(head, access_head(c->previous, b->no, b->at_us, b->n, access_hash_of(b->root))))
        fault(c, "batch %lld: the head does not follow from the batch before", (long long)b->no);
    if (!keys_verify(cx, b->head, b->signature))
        fault(c, "batch %lld: the signature is not ours", (long long)b->no);
    c->previous = head;
    c->last_no = b->no;
    c->last_at_us = b->at_us;
    return ERR_OK;
}

/* ---- The files: what was exported once must still be in the database ---- */

static void check_line(struct cx *cx, struct check *c, const char *file, struct str line)
{
    struct str no_text;
    int64_t no;
    if (!line.n || line.p[0] == '#')
        return;
    struct str rest = line;
    if (!str_cut(&rest, ' ', &no_text) || !str_to_i64(no_text, &no)) {
        fault(c, "%s: a line is no seal", file);
        return;
    }
    struct q_access_batches *rows;
    size_t n;
    if (q_access_batches(cx, no - 1, 1, &rows, &n) || n != 1 || rows[0].no != no) {
        fault(c, "%s: batch %lld was exported, and is not in the database", file, (long long)no);
        return;
    }
    struct str want = access_seal_line(cx, &rows[0]);
    if (!str_eq(line, str_slice(want, 0, want.n - 1)))
        fault(c, "%s: batch %lld is not the one that was exported", file, (long long)no);
}

static enum err check_file(struct cx *cx, struct check *c, const char *dir, const char *name)
{
    char *line = NULL;
    size_t cap = 0;
    FILE *f = fopen(str_z(cx->arena, str_fmt(cx->arena, "%s/%s", dir, name)), "rbe");
    if (!f)
        return fail(cx, ERR_IO, "%s/%s cannot be read", dir, name);
    for (ssize_t n; (n = getline(&line, &cap, f)) > 0;) {
        struct arena_mark mark = arena_mark(cx->arena);
        check_line(cx, c, name, str_trim(str_make(line, (size_t)n)));
        arena_reset(cx->arena, mark);
    }
    free(line);
    fclose(f);
    return ERR_OK;
}

static enum err check_files(struct cx *cx, struct check *c)
{
    if (!cx->data_dir)
        return ERR_OK;
    const char *dir = str_z(cx->arena, str_fmt(cx->arena, "%s/seals", cx->data_dir));
    DIR *d = opendir(dir);
    enum err e = ERR_OK;
    if (!d) /* nothing was exported yet */
        return errno == ENOENT ? ERR_OK : fail(cx, ERR_IO, "%s: %s", dir, strerror(errno));
    for (struct dirent *entry; !e && !(e = folder_next(cx, d, dir, &entry)) && entry;)
        if (str_ends(str_of(entry->d_name), S(".txt")))
            e = check_file(cx, c, dir, entry->d_name);
    closedir(d);
    return e;
}

/* ---- All of it, on one snapshot ---- */

static enum err check_chain(struct cx *cx, struct check *c)
{
    for (;;) {
        struct arena_mark mark = arena_mark(cx->arena);
        struct q_access_batches *rows;
        size_t n;
        enum err e = q_access_batches(cx, c->last_no, BATCHES_A_TURN, &rows, &n);
        for (size_t i = 0; !e && i < n; i++) {
            struct arena_mark inner = arena_mark(cx->arena);
            e = check_batch(cx, c, &rows[i]);
            if (!e)
                arena_reset(cx->arena, inner);
        }
        if (e)
            return e;
        arena_reset(cx->arena, mark);
        if (n < BATCHES_A_TURN)
            return ERR_OK;
    }
}

static enum err check_all(struct cx *cx, void *ctx)
{
    struct check *c = ctx;
    struct q_access_window window;
    struct q_access_strays strays;
    struct q_access_index_count index;
    enum err e = load_erased(cx, c);
    if (!e)
        e = check_chain(cx, c);
    if (!e)
        e = q_access_strays(cx, &strays);
    if (!e)
        e = q_access_index_count(cx, &index);
    if (!e)
        e = q_access_window(cx, &window);
    if (e)
        return e;
    if (strays.n)
        fault(c, "%lld rows say they are sealed, and are in no batch", (long long)strays.n);
    if (index.n != c->index_rows)
        fault(c, "%lld rows of the index by person are of no batch", (long long)(index.n - c->index_rows));
    c->report.unsealed = window.n;
    c->report.oldest_unsealed_us = window.oldest_us;
    return check_files(cx, c);
}

enum err access_verify(struct cx *cx, struct access_report *ret)
{
    struct check c = {0};
    enum err e = db_read(cx, check_all, &c);
    if (e)
        return e;
    c.report.first_fault = str_dup(cx->arena, str_of(c.fault));
    *ret = c.report;
    return ERR_OK;
}
