/* What the files of this room share. Not included from outside. */
#pragma once
#include "access/access.h"
#include "access_store.h"

/* A view as it is hashed. The order and width of what goes in is part of every seal: it is never changed, only followed
   by a second version with another label. */
struct access_leaf_of {
    int64_t id, at_us, viewer_kind, viewer_id, unit_id, roles, casefile_id, refused;
    struct str kind, purpose, legal_basis, casefile_no, request_id, salt;
    struct str commitments; /* of its subjects, 32 bytes each, in their order */
};
struct hash access_leaf_hash(const struct access_leaf_of *v);
/* Root of the Merkle tree over n > 0 leaves, as RFC 6962 section 2.1 builds it. */
struct hash access_root(const struct hash *leaves, size_t n);
struct hash access_head(struct hash previous, int64_t no, int64_t at_us, int64_t n, struct hash root);
/* The 32 bytes of a blob column; zeros when it has another length. */
struct hash access_hash_of(struct str blob);
struct str access_hash_str(struct cx *cx, struct hash h);
/* 32 random hex digits. */
struct str access_salt(struct cx *cx);

/* ---- The subjects of a view (subjects.c) ---- */

enum { ACCESS_ID_BYTES = 8, ACCESS_SALT_BYTES = 16 };

/* Whose data a view showed. In access_view.subjects one entry follows the other: the byte 1, party id and salt; or,
   when it was lawfully erased, the byte 2 and the commitment. */
struct access_subject {
    bool erased;
    int64_t party_id; /* these two: not erased */
    unsigned char salt[ACCESS_SALT_BYTES];
    struct hash commitment; /* erased */
};
/* Take the first entry off the front of *rest. False at the end, or before bytes that are no entry: then rest->n > 0.
 */
bool access_subject_next(struct str *rest, struct access_subject *ret);
void access_subject_put(struct buf *b, const struct access_subject *s);
/* The bytes that the entry of a person begins with. They may stand across two entries of others: ask access_is_about
   afterwards. */
struct str access_subject_begin(struct cx *cx, int64_t party_id);
bool access_is_about(struct str subjects, int64_t party_id);
/* The salted hash that stands for a subject at a place in its view (the first is 0): computed, or what it left when it
   was erased. */
struct hash access_commitment(int64_t view_id, int64_t pos, const struct access_subject *s);
/* All of a view's, 32 bytes each. False when something in the column is no entry; then of those before it. */
bool access_commitments(struct cx *cx, int64_t view_id, struct str subjects, struct str *ret);

void access_put_i64(struct buf *b, int64_t v);
int64_t access_get_i64(const char *p); /* of 8 bytes */

/* The index by person of one batch: gather its views in their order, then group. Sealing writes it, verify compares. */
struct access_index_look {
    int64_t party_id, view_id;
    size_t at;
};
struct access_index_row { /* its view ids: n bytes of views, beginning at from */
    int64_t party_id;
    size_t from, n;
};
struct access_index {
    VEC_OF(struct access_index_look) looks;
    VEC_OF(struct access_index_row) rows; /* by party id */
    struct str views;
};
/* The live subjects of one more view. */
void access_index_gather(struct cx *cx, struct access_index *x, int64_t view_id, struct str subjects);
/* Make rows and views of all that was gathered. */
void access_index_group(struct cx *cx, struct access_index *x);

/* ---- Writing (note.c) ---- */

/* Write views, in one db_write (within another: a savepoint), giving them ids one after the other, and others when one
   is taken. Text of *views is borrowed. The errors of db_write; DUPLICATE after some tries. */
enum err access_store(struct cx *cx, struct q_access_view_add_in *views, size_t n);

/* ---- What a person reads (seen.c) ---- */

struct access_query {
    int64_t party_id;
    struct str casefile_no; /* empty: all */
    int64_t before_batch;   /* 0: from the newest; else access_seen.older of the page before */
    size_t max;             /* about so many rows: a page ends with a batch, so it may have more */
};
/* Newest first within a page, and batch after batch from page to page. The first has all views without a seal, and each
   has whole batches: a view gets its seal in a batch above all that are there, so whatever is sealed between two pages,
   no view is on both or on neither. */
struct access_seen {
    VEC_OF(struct q_access_seen) rows;
    int64_t older; /* 0: there is nothing older that the person may see */
};
enum err access_seen_of(struct cx *cx, const struct access_query *q, struct access_seen *ret);
/* The cases in which a person's data was seen lately: of about the last thousand views. */
enum err access_seen_cases_of(struct cx *cx, int64_t party_id, struct q_access_seen_cases **ret_rows, size_t *ret_n);

struct access_ids {
    VEC_OF(int64_t) ids;
};
/* Add the views in a blob of access_subject. */
void access_ids_add(struct cx *cx, struct access_ids *to, struct str views);

/* ---- Seals ---- */

/* "<no> <time> <n> <root> <head> <signature>": the line of a batch in DATA/seals/YYYY-MM-DD.txt. */
struct str access_seal_line(struct cx *cx, const struct q_access_batches *b);
struct str access_seal_file(struct cx *cx, day_t utc_day); /* path; empty without a data directory */
enum err access_export(struct cx *cx, day_t utc_day);

#define ACCESS_LEAF_OF(r, ID, AT, KIND, VID, UNIT, ROLES, CASE, REFUSED) \
    ((struct access_leaf_of){.id = (ID), \
                             .at_us = (AT), \
                             .viewer_kind = (KIND), \
                             .viewer_id = (VID), \
                             .unit_id = (UNIT), \
                             .roles = (ROLES), \
                             .casefile_id = (CASE), \
                             .refused = (REFUSED), \
                             .kind = (r).kind, \
                             .purpose = (r).purpose, \
                             .legal_basis = (r).legal_basis, \
                             .casefile_no = (r).casefile_no, \
                             .request_id = (r).request_id, \
                             .salt = (r).salt})
