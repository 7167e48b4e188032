/* The hashes that seals are made of. */
#include "access_internal.h"

static void put_i64(struct hash_state *st, int64_t v)
{
    unsigned char b[8];
    for (int i = 0; i < 8; i++)
        b[i] = (unsigned char)((uint64_t)v >> (8 * i));
    hash_update(st, b, sizeof b);
}

/* With its length before it: no two rows can look alike by moving a letter from one field to the next. */
static void put_str(struct hash_state *st, struct str s)
{
    put_i64(st, (int64_t)s.n);
    hash_update(st, s.p, s.n);
}

struct hash access_leaf_hash(const struct access_leaf_of *v)
{
    struct hash_state st;
    hash_init(&st);
    put_str(&st, S("indgang access view 1"));
    put_str(&st, v->salt);
    const int64_t numbers[] = {v->id,      v->at_us, v->viewer_kind, v->viewer_id,
                               v->unit_id, v->roles, v->casefile_id, v->refused};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        put_i64(&st, numbers[i]);
    put_str(&st, v->kind);
    put_str(&st, v->purpose);
    put_str(&st, v->legal_basis);
    put_str(&st, v->casefile_no);
    put_str(&st, v->request_id);
    put_str(&st, v->commitments);
    return hash_final(&st);
}

/* Of fixed length, and just one block of SHA-256: a batch has tens of thousands of them. */
struct hash access_commitment(int64_t view_id, int64_t pos, const struct access_subject *s)
{
    struct hash_state st;
    if (s->erased)
        return s->commitment;
    hash_init(&st);
    hash_update(&st, "indgang subject", 15);
    hash_update(&st, s->salt, sizeof s->salt);
    put_i64(&st, view_id);
    put_i64(&st, pos);
    put_i64(&st, s->party_id);
    return hash_final(&st);
}

static struct hash tree_leaf(struct hash h)
{
    struct hash_state st;
    hash_init(&st);
    hash_update(&st, "\0", 1);
    hash_update(&st, h.b, HASH_BYTES);
    return hash_final(&st);
}

static struct hash tree_node(struct hash left, struct hash right)
{
    struct hash_state st;
    hash_init(&st);
    hash_update(&st, "\1", 1);
    hash_update(&st, left.b, HASH_BYTES);
    hash_update(&st, right.b, HASH_BYTES);
    return hash_final(&st);
}

struct hash access_root(const struct hash *leaves, size_t n)
{
    if (n == 1)
        return tree_leaf(leaves[0]);
    size_t k = 1;
    while (k * 2 < n)
        k *= 2;
    return tree_node(access_root(leaves, k), access_root(leaves + k, n - k));
}

struct hash access_head(struct hash previous, int64_t no, int64_t at_us, int64_t n, struct hash root)
{
    struct hash_state st;
    hash_init(&st);
    put_str(&st, S("indgang access head 1"));
    hash_update(&st, previous.b, HASH_BYTES);
    put_i64(&st, no);
    put_i64(&st, at_us);
    put_i64(&st, n);
    hash_update(&st, root.b, HASH_BYTES);
    return hash_final(&st);
}

struct hash access_hash_of(struct str blob)
{
    struct hash h = {0};
    if (blob.n == HASH_BYTES)
        memcpy(h.b, blob.p, HASH_BYTES);
    return h;
}

struct str access_hash_str(struct cx *cx, struct hash h)
{
    return str_dup(cx->arena, str_make((const char *)h.b, HASH_BYTES));
}

struct str access_salt(struct cx *cx)
{
    unsigned char b[16];
    rand_bytes(b, sizeof b);
    return str_hex(cx->arena, b, sizeof b);
}
