/* The subjects of a view as they lie in their column, and the index by person that is made of them. Numbers are 8
   bytes, little endian. */
#include <stdlib.h>

#include "access_internal.h"

enum { LIVE = 1, ERASED = 2 };

void access_put_i64(struct buf *b, int64_t v)
{
    unsigned char bytes[ACCESS_ID_BYTES];
    for (int i = 0; i < ACCESS_ID_BYTES; i++)
        bytes[i] = (unsigned char)((uint64_t)v >> (8 * i));
    buf_add(b, str_make((const char *)bytes, sizeof bytes));
}

int64_t access_get_i64(const char *p)
{
    uint64_t v = 0;
    for (int i = 0; i < ACCESS_ID_BYTES; i++)
        v |= (uint64_t)(unsigned char)p[i] << (8 * i);
    return (int64_t)v;
}

bool access_subject_next(struct str *rest, struct access_subject *ret)
{
    const size_t live = 1 + ACCESS_ID_BYTES + ACCESS_SALT_BYTES, erased = 1 + HASH_BYTES;
    char tag = rest->n ? *rest->p : 0;
    size_t n = tag == LIVE ? live : tag == ERASED ? erased : 0;
    if (!n || rest->n < n)
        return false;
    *ret = (struct access_subject){.erased = tag == ERASED};
    if (ret->erased) {
        memcpy(ret->commitment.b, rest->p + 1, HASH_BYTES);
    } else {
        ret->party_id = access_get_i64(rest->p + 1);
        memcpy(ret->salt, rest->p + 1 + ACCESS_ID_BYTES, ACCESS_SALT_BYTES);
    }
    *rest = str_slice(*rest, n, rest->n);
    return true;
}

void access_subject_put(struct buf *b, const struct access_subject *s)
{
    buf_add_char(b, s->erased ? ERASED : LIVE);
    if (s->erased) {
        buf_add(b, str_make((const char *)s->commitment.b, HASH_BYTES));
    } else {
        access_put_i64(b, s->party_id);
        buf_add(b, str_make((const char *)s->salt, ACCESS_SALT_BYTES));
    }
}

struct str access_subject_begin(struct cx *cx, int64_t party_id)
{
    struct buf b = buf_make(cx->arena);
    buf_add_char(&b, LIVE);
    access_put_i64(&b, party_id);
    return buf_str(&b);
}

bool access_is_about(struct str subjects, int64_t party_id)
{
    struct access_subject s;
    while (access_subject_next(&subjects, &s))
        if (!s.erased && s.party_id == party_id)
            return true;
    return false;
}

bool access_commitments(struct cx *cx, int64_t view_id, struct str subjects, struct str *ret)
{
    struct buf b = buf_make(cx->arena);
    struct access_subject s;
    for (int64_t pos = 0; access_subject_next(&subjects, &s); pos++) {
        struct hash h = access_commitment(view_id, pos, &s);
        buf_add(&b, str_make((const char *)h.b, HASH_BYTES));
    }
    *ret = buf_str(&b);
    return !subjects.n;
}

/* ---- The index ---- */

void access_index_gather(struct cx *cx, struct access_index *x, int64_t view_id, struct str subjects)
{
    struct access_subject s;
    while (access_subject_next(&subjects, &s))
        if (!s.erased)
            vec_add(cx->arena, &x->looks,
                    (struct access_index_look){.party_id = s.party_id, .view_id = view_id, .at = x->looks.n});
}

/* By person, and for each as they were gathered. */
static int compare(const void *a, const void *b)
{
    const struct access_index_look *x = a, *y = b;
    if (x->party_id != y->party_id)
        return x->party_id < y->party_id ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

void access_index_group(struct cx *cx, struct access_index *x)
{
    struct buf views = buf_make(cx->arena);
    if (x->looks.n)
        qsort(x->looks.p, x->looks.n, sizeof *x->looks.p, compare);
    for (size_t i = 0; i < x->looks.n; i++) {
        const struct access_index_look *l = &x->looks.p[i];
        if (!x->rows.n || x->rows.p[x->rows.n - 1].party_id != l->party_id)
            vec_add(cx->arena, &x->rows, (struct access_index_row){.party_id = l->party_id, .from = views.n});
        access_put_i64(&views, l->view_id);
        x->rows.p[x->rows.n - 1].n += ACCESS_ID_BYTES;
    }
    x->views = buf_str(&views);
}
