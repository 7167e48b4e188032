/* What the files of this room share. Not included from outside. */
#pragma once
#include "access/access.h"
#include "access_store.h"

/* A view as it is hashed. The order and width of what goes in is part of every seal: it is never changed, only followed
   by a second version with another label. */
struct access_leaf_of {
    int64_t id, at_us, viewer_kind, viewer_id, unit_id, roles, casefile_id, refused;
    struct str kind, purpose, legal_basis, casefile_no, request_id, salt, subjects;
};
struct hash access_leaf_hash(const struct access_leaf_of *v);
/* The salted hash that stands for a subject in its view. */
struct hash access_commitment(int64_t view_id, int64_t pos, int64_t party_id, struct str salt);
/* Root of the Merkle tree over n > 0 leaves, as RFC 6962 section 2.1 builds it. */
struct hash access_root(const struct hash *leaves, size_t n);
struct hash access_head(struct hash previous, int64_t no, int64_t at_us, int64_t n, struct hash root);
/* The 32 bytes of a blob column; zeros when it has another length. */
struct hash access_hash_of(struct str blob);
struct str access_hash_str(struct cx *cx, struct hash h);
/* 32 random hex digits. */
struct str access_salt(struct cx *cx);

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
                             .salt = (r).salt, \
                             .subjects = (r).subjects})
