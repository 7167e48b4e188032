/* Gathering views while a page is made, and writing them before it leaves. */
#include "access_internal.h"
#include "auth/auth.h"
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
    return a->casefile_id == b->casefile_id && a->refused == b->refused && a->roles == b->roles &&
           str_eq(a->kind, b->kind) && str_eq(a->purpose, b->purpose) && str_eq(a->legal_basis, b->legal_basis) &&
           a->by_itself_for == b->by_itself_for && str_eq(a->casefile_no, b->casefile_no);
}

void access_note(struct cx *cx, const struct access_entry *e)
{
    const struct who *w = cx->who;
    if (!w || w->kind == WHO_NOBODY || w->kind == WHO_SYSTEM ||
        (w->kind == WHO_PARTY && w->party_id == e->subject_party_id && !e->by_itself_for))
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

size_t access_waiting(const struct cx *cx)
{
    return cx->access ? cx->access->notes.n : 0;
}

/* ---- Writing ---- */

enum { ID_TRIES = 8 };

struct views {
    const struct q_access_view_add_in *p;
    size_t n;
    bool alone; /* nothing else is in the transaction */
};

static enum err write_views(struct cx *cx, void *ctx)
{
    const struct views *v = ctx;
    enum err e = ERR_OK;
    if (v->alone)
        db_commit_at_once(cx);
    for (size_t i = 0; !e && i < v->n; i++)
        e = q_access_view_add(cx, &v->p[i]);
    return e;
}

static enum err settle(struct cx *cx, void *ctx)
{
    (void)ctx;
    return db_settle(cx);
}

/* A connection that is lost at the commit leaves open whether the views are there: written again with the same ids they
   are there once, and if they were there already, the other copies of the database have them too before anybody sees
   what they are about. */
static enum err write_once(struct cx *cx, struct views *v)
{
    enum err e = db_write_log(cx, write_views, v);
    if (e != ERR_UNSURE || !v->alone)
        return e;
    e = db_write_log(cx, write_views, v);
    return e == ERR_DUPLICATE ? db_write(cx, settle, NULL) : e;
}

enum err access_store(struct cx *cx, struct q_access_view_add_in *views, size_t n)
{
    struct views v = {views, n, .alone = !cx->conn};
    enum err e = ERR_DUPLICATE;
    for (int try = 0; e == ERR_DUPLICATE && try < ID_TRIES; try++) {
        int64_t id = rand_id_at(cx->now_us + try);
        for (size_t i = 0; i < n; i++)
            views[i].id = id + (int64_t)i;
        e = write_once(cx, &v);
    }
    return e;
}

static struct str or_empty(struct str s)
{
    return s.p ? s : S("");
}

static struct str subjects_of(struct cx *cx, const struct note *note)
{
    struct buf b = buf_make(cx->arena);
    size_t n = note->subjects.n;
    unsigned char *salts = arena_alloc(cx->arena, n * ACCESS_SALT_BYTES + 1);
    rand_bytes(salts, n * ACCESS_SALT_BYTES);
    for (size_t i = 0; i < n; i++) {
        struct access_subject s = {.party_id = note->subjects.p[i]};
        memcpy(s.salt, salts + i * ACCESS_SALT_BYTES, sizeof s.salt);
        access_subject_put(&b, &s);
    }
    return buf_str(&b);
}

/* The adviser who is a caseworker too sees a case of her unit as a caseworker. */
static unsigned roles_of(const struct who *who, unsigned named)
{
    unsigned at_work = who->roles & ~(unsigned)(ROLE_ADVISER | ROLE_DPO);
    return named ? named : at_work ? at_work : who->roles;
}

static struct q_access_view_add_in view_of(struct cx *cx, const struct note *note)
{
    const struct who *who = cx->who;
    bool itself = note->e.by_itself_for, employee = who->kind == WHO_EMPLOYEE && !itself;
    return (struct q_access_view_add_in){.at_us = cx->now_us,
                                         .viewer_kind = itself ? WHO_SYSTEM : who->kind,
                                         .viewer_id = itself     ? 0
                                                      : employee ? who->employee_id
                                                                 : who->party_id,
                                         .unit_id = itself     ? note->e.by_itself_for
                                                    : employee ? who->acting_unit_id
                                                               : 0,
                                         .roles = itself ? 0 : roles_of(who, note->e.roles),
                                         .kind = or_empty(note->e.kind),
                                         .purpose = or_empty(note->e.purpose),
                                         .legal_basis = or_empty(note->e.legal_basis),
                                         .casefile_id = note->e.casefile_id,
                                         .casefile_no = or_empty(note->e.casefile_no),
                                         .refused = note->e.refused,
                                         .request_id = str_of(cx->request_id),
                                         .salt = access_salt(cx),
                                         .subjects = subjects_of(cx, note)};
}

enum err access_commit(struct cx *cx)
{
    size_t n = access_waiting(cx);
    if (!n)
        return ERR_OK;
    struct q_access_view_add_in *views = arena_array(cx->arena, struct q_access_view_add_in, n);
    for (size_t i = 0; i < n; i++)
        views[i] = view_of(cx, &cx->access->notes.p[i]);
    /* A refused forged POST may change nothing else, but that somebody looked is written all the same. */
    bool read_only = cx->read_only;
    cx->read_only = false;
    enum err e = access_store(cx, views, n);
    cx->read_only = read_only;
    if (!e)
        cx->access = NULL;
    return e;
}
