/* Gathering views while a page is made, and writing them before it leaves. */
#include "access_internal.h"
#include "auth/auth.h"
#include "codec/codec.h"
#include "db/db.h"

struct note {
    struct access_entry e; /* subject_party_id is not used here */
    VEC_OF(int64_t) subjects;
};

struct access_pending {
    VEC_OF(struct note) notes;
};

static bool same_but_subject(const struct access_entry *a, const struct access_entry *b)
{
    return a->casefile_id == b->casefile_id && a->refused == b->refused && str_eq(a->kind, b->kind) &&
           str_eq(a->purpose, b->purpose) && str_eq(a->legal_basis, b->legal_basis) &&
           str_eq(a->casefile_no, b->casefile_no);
}

void access_note(struct cx *cx, const struct access_entry *e)
{
    const struct who *w = cx->who;
    if (!w || w->kind == WHO_NOBODY || w->kind == WHO_SYSTEM ||
        (w->kind == WHO_PARTY && w->party_id == e->subject_party_id))
        return;
    if (!cx->access)
        cx->access = arena_new_of(cx->arena, struct access_pending);
    struct note *note = NULL;
    for (size_t i = 0; i < cx->access->notes.n && !note; i++)
        if (same_but_subject(&cx->access->notes.p[i].e, e))
            note = &cx->access->notes.p[i];
    if (!note) {
        note = vec_push(cx->arena, &cx->access->notes);
        *note = (struct note){.e = *e};
    }
    for (size_t i = 0; i < note->subjects.n; i++)
        if (note->subjects.p[i] == e->subject_party_id)
            return;
    if (e->subject_party_id) /* 0: an anonymous case has nobody it is about; that it was seen is written all the same */
        vec_add(cx->arena, &note->subjects, e->subject_party_id);
}

bool access_waiting(const struct cx *cx)
{
    return cx->access && cx->access->notes.n > 0;
}

/* What one note writes, made before the transaction. */
struct view_write {
    struct q_access_view_add_in view;
    struct str subjects_json; /* empty: no subjects */
};

struct commit {
    struct view_write *views;
    size_t n;
};

static struct str or_empty(struct str s)
{
    return s.p ? s : S("");
}

static void prepare_subjects(struct cx *cx, const struct note *note, struct view_write *w)
{
    struct buf json = buf_make(cx->arena), commitments = buf_make(cx->arena);
    struct json_out o = json_out_make(&json);
    json_begin_array(&o);
    for (size_t i = 0; i < note->subjects.n; i++) {
        struct str salt = access_salt(cx);
        struct hash c = access_commitment(w->view.id, (int64_t)i, note->subjects.p[i], salt);
        buf_add(&commitments, str_make((const char *)c.b, HASH_BYTES));
        json_begin_array(&o);
        json_i64(&o, (int64_t)i);
        json_i64(&o, note->subjects.p[i]);
        json_str(&o, salt);
        json_end(&o);
    }
    json_end(&o);
    w->view.subjects = buf_str(&commitments);
    w->subjects_json = note->subjects.n ? buf_str(&json) : (struct str){0};
}

static void prepare(struct cx *cx, const struct note *note, struct view_write *w)
{
    const struct who *who = cx->who;
    bool employee = who->kind == WHO_EMPLOYEE;
    w->view = (struct q_access_view_add_in){.id = rand_id(),
                                            .at_us = cx->now_us,
                                            .viewer_kind = who->kind,
                                            .viewer_id = employee ? who->employee_id : who->party_id,
                                            .unit_id = employee ? who->acting_unit_id : 0,
                                            .roles = who->roles,
                                            .kind = or_empty(note->e.kind),
                                            .purpose = or_empty(note->e.purpose),
                                            .legal_basis = or_empty(note->e.legal_basis),
                                            .casefile_id = note->e.casefile_id,
                                            .casefile_no = or_empty(note->e.casefile_no),
                                            .refused = note->e.refused,
                                            .request_id = str_of(cx->request_id),
                                            .salt = access_salt(cx)};
    prepare_subjects(cx, note, w);
}

static enum err write_commit(struct cx *cx, void *ctx)
{
    const struct commit *c = ctx;
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < c->n; i++) {
        e = q_access_view_add(cx, &c->views[i].view);
        if (!e && c->views[i].subjects_json.n)
            e = q_access_subjects_add(cx, c->views[i].view.id, c->views[i].view.at_us, c->views[i].subjects_json);
    }
    return e;
}

enum err access_commit(struct cx *cx)
{
    if (!access_waiting(cx))
        return ERR_OK;
    struct commit c = {.n = cx->access->notes.n};
    c.views = arena_array(cx->arena, struct view_write, c.n);
    for (size_t i = 0; i < c.n; i++)
        prepare(cx, &cx->access->notes.p[i], &c.views[i]);
    /* A refused forged POST may change nothing else, but that somebody looked is written all the same. */
    bool read_only = cx->read_only;
    cx->read_only = false;
    enum err e = db_write(cx, write_commit, &c);
    cx->read_only = read_only;
    if (!e)
        cx->access = NULL;
    return e;
}

/* ---- Withholding and erasure ---- */

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

enum { ERASE_AT_ONCE = 2000 };

/* The row that says what was erased: its `subjects` are the commitments that have lost their subject. */
static enum err add_erasure(struct cx *cx, struct str commitments, struct str legal_basis)
{
    struct q_access_view_add_in in = {.id = rand_id(),
                                      .at_us = cx->now_us,
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
                                      .subjects = commitments};
    return q_access_view_add(cx, &in);
}

enum err access_erase(struct cx *cx, int64_t subject_party_id, int64_t before_us, struct str legal_basis)
{
    for (;;) {
        struct q_access_erasable *rows;
        size_t n;
        enum err e = q_access_erasable(cx, subject_party_id, before_us, ERASE_AT_ONCE, &rows, &n);
        struct buf commitments = buf_make(cx->arena);
        for (size_t i = 0; !e && i < n; i++) {
            size_t from = (size_t)rows[i].pos * HASH_BYTES;
            buf_add(&commitments, str_slice(rows[i].subjects, from, from + HASH_BYTES));
            e = q_access_subject_erase(cx, rows[i].view_id, rows[i].pos);
            if (!e)
                e = q_access_view_erase(cx, rows[i].view_id, cx->now_us);
        }
        if (!e && n)
            e = add_erasure(cx, buf_str(&commitments), legal_basis);
        if (e || n < ERASE_AT_ONCE)
            return e;
    }
}
