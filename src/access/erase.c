/* What the law takes out of sight: for a while, or for ever. */
#include "access_internal.h"
#include "auth/auth.h"
#include "db/db.h"

enum err access_withhold(struct cx *cx, const struct access_withholding *w, int64_t *ret_id)
{
    if (w->until_us <= cx->now_us)
        return fail_field(cx, ERR_INVALID, S("until"), "entries are withheld until a time to come");
    if (!w->legal_basis.n)
        return fail_field(cx, ERR_INVALID, S("legal_basis"), "withholding needs its legal basis");
    struct q_access_withheld_add_in in = {.id = rand_id(),
                                          .party_id = w->subject_party_id,
                                          .casefile_id = w->casefile_id,
                                          .legal_basis = w->legal_basis,
                                          .until_us = w->until_us,
                                          .employee_id = cx->who->employee_id,
                                          .decided_us = cx->now_us};
    enum err e = q_access_withheld_add(cx, &in);
    if (!e)
        *ret_id = in.id;
    return e;
}

/* ---- Erasure ---- */

enum { BATCHES_AT_ONCE = 200 };

struct erasing {
    int64_t party_id, before_us;
    int64_t casefile_id; /* 0: of all cases */
    struct buf taken;    /* the erased entries, of which the erasure row is made */
};

/* The row that says what was erased: its subjects are the entries that have lost their person. */
static enum err add_erasure(struct cx *cx, struct str entries, struct str legal_basis)
{
    struct q_access_view_add_in in = {.at_us = cx->now_us,
                                      .viewer_kind = cx->who->kind,
                                      .viewer_id = cx->who->employee_id,
                                      .unit_id = cx->who->acting_unit_id,
                                      .roles = cx->who->roles,
                                      .kind = S("erasure"),
                                      .purpose = S(""),
                                      .legal_basis = legal_basis,
                                      .casefile_no = S(""),
                                      .request_id = str_of(cx->request_id),
                                      .salt = access_salt(cx),
                                      .subjects = entries};
    return access_store(cx, &in, 1);
}

/* The person's entry becomes its commitment; a view that is about nobody any more loses its content too. */
static enum err erase_from(struct cx *cx, struct erasing *x, int64_t view_id, struct str subjects)
{
    struct buf b = buf_make(cx->arena);
    struct access_subject s;
    bool about_others = false;
    for (int64_t pos = 0; access_subject_next(&subjects, &s); pos++) {
        if (!s.erased && s.party_id == x->party_id) {
            s = (struct access_subject){.erased = true, .commitment = access_commitment(view_id, pos, &s)};
            access_subject_put(&x->taken, &s);
        }
        about_others |= !s.erased;
        access_subject_put(&b, &s);
    }
    buf_add(&b, subjects); /* what is no entry: verify shall still find it */
    return about_others ? q_access_subjects_set(cx, view_id, buf_str(&b))
                        : q_access_view_erase(cx, view_id, buf_str(&b), cx->now_us);
}

static enum err erase_unsealed(struct cx *cx, struct erasing *x)
{
    struct q_access_unsealed_about *rows;
    size_t n;
    enum err e = q_access_unsealed_about(cx, access_subject_begin(cx, x->party_id), &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        if (rows[i].at_us < x->before_us && (!x->casefile_id || rows[i].casefile_id == x->casefile_id) &&
            access_is_about(rows[i].subjects, x->party_id))
            e = erase_from(cx, x, rows[i].id, rows[i].subjects);
    return e;
}

static bool is_among(int64_t id, const struct q_access_erasable *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].id == id)
            return true;
    return false;
}

/* The views of one batch, and what the index says of them. */
static enum err erase_from_batch(struct cx *cx, struct erasing *x, int64_t batch, struct str views)
{
    struct access_ids all = {0};
    struct q_access_erasable *rows;
    struct buf kept = buf_make(cx->arena);
    size_t n;
    access_ids_add(cx, &all, views);
    enum err e = q_access_erasable(cx, (struct db_ints){all.ids.p, all.ids.n}, x->before_us, x->casefile_id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        e = erase_from(cx, x, rows[i].id, rows[i].subjects);
    if (e || !n)
        return e;
    for (size_t i = 0; i < all.ids.n; i++)
        if (!is_among(all.ids.p[i], rows, n))
            access_put_i64(&kept, all.ids.p[i]);
    return kept.n ? q_access_index_set(cx, x->party_id, batch, buf_str(&kept))
                  : q_access_index_drop(cx, x->party_id, batch);
}

static enum err erase_all(struct cx *cx, struct erasing *x, struct str legal_basis)
{
    struct q_access_lock lock; /* a view that is being sealed now would be erased before it is in the index */
    size_t n = BATCHES_AT_ONCE;
    x->taken = buf_make(cx->arena);
    enum err e = q_access_lock(cx, &lock);
    if (!e)
        e = erase_unsealed(cx, x);
    for (int64_t before = INT64_MAX; !e && n == BATCHES_AT_ONCE;) {
        struct q_access_index_of_party *rows;
        e = q_access_index_of_party(cx, x->party_id, before, BATCHES_AT_ONCE, &rows, &n);
        for (size_t i = 0; !e && i < n; i++)
            e = erase_from_batch(cx, x, before = rows[i].batch, rows[i].views);
        if (!e && x->taken.n)
            e = add_erasure(cx, buf_str(&x->taken), legal_basis);
        x->taken.n = 0;
    }
    return e;
}

enum err access_erase(struct cx *cx, int64_t subject_party_id, int64_t before_us, struct str legal_basis)
{
    struct erasing x = {.party_id = subject_party_id, .before_us = before_us};
    return erase_all(cx, &x, legal_basis);
}

enum err access_forget(struct cx *cx, int64_t subject_party_id, int64_t casefile_id, struct str legal_basis)
{
    struct erasing x = {.party_id = subject_party_id, .before_us = INT64_MAX, .casefile_id = casefile_id};
    enum err e = erase_all(cx, &x, legal_basis);
    return e ? e : q_access_withheld_forget(cx, subject_party_id, casefile_id);
}
