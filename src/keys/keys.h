/* Secrets of this installation: what encrypts identity numbers, looks them up, and signs. They lie in one file
   (DIR/keys, mode 0600) outside the database; a backup of the database is worth nothing without it, and the database
   refuses another one. All by libsodium: XChaCha20-Poly1305, BLAKE2b, Ed25519. */
#pragma once
#include "base/base.h"

struct keys;

/* Read the key file, or make it when it is missing, `create` is set and the database has never seen one. Compares it
   with the database. Sets cx->keys; the database must be migrated. CONFIG with the remedy: the file is missing,
   readable by others, not of its form, or not the one this database was used with. */
enum err keys_open(struct cx *cx, struct str path, bool create, struct keys **ret);
/* Is the key file still there, readable by us alone, and the one of this database? CONFIG, IO. */
enum err keys_probe(struct cx *cx);
void keys_close(struct keys *keys);

/* Encrypt under the current key. The blob carries the key's id; the same text gives another blob each time (look up by
   keys_lookup). */
enum err keys_seal_text(struct cx *cx, struct str plain, struct str *ret_blob);
/* INVALID when the blob was changed; CONFIG when its key is not in the file. */
enum err keys_open_text(struct cx *cx, struct str blob, struct str *ret_plain);

/* A keyed hash, for finding an identity number, code or token without storing it. Different purposes ("idno",
   "session") give unrelated hashes. */
struct hash keys_lookup(struct cx *cx, struct str purpose, struct str value);

/* Ed25519 over the message; 64 bytes. */
enum err keys_sign(struct cx *cx, struct str message, struct str *ret_signature);
bool keys_verify(struct cx *cx, struct str message, struct str signature);
/* The public half, 32 bytes: exported with what is signed. */
struct str keys_public(struct cx *cx);
/* Verify with somebody else's public half. */
bool keys_verify_with(struct str public_key, struct str message, struct str signature);

/* --- Rotation --- */
/* A batch of the rows of one table, in the order of their ids. */
struct keys_batch {
    int64_t after; /* in: ids larger than this */
    int64_t limit; /* in: at most so many rows */
    int64_t last;  /* out: the largest id looked at */
    bool more;     /* out: false when the end was reached */
};
/* Who has sealed values in its tables, says how to seal them anew: runs inside db_write and calls keys_reseal_text for
 * each. */
struct keys_holder {
    const char *name; /* "party" */
    enum err (*reseal)(struct cx *cx, struct keys_batch *batch);
};
/* The blob under the current key; *ret_changed is false (and *ret_blob the same) when it is so already. */
enum err keys_reseal_text(struct cx *cx, struct str blob, struct str *ret_blob, bool *ret_changed);

/* Add a new key to the file, make it current, and seal everything anew. Other processes read the file again when they
   meet the new key. Old keys stay in the file: old backups need them. */
enum err keys_rotate(struct cx *cx, const struct keys_holder *holders, size_t n);
/* The second half alone, to go on after an interruption; safe to repeat. */
enum err keys_reseal(struct cx *cx, const struct keys_holder *holders, size_t n);
