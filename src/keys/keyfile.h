/* Inside src/keys only: the key file and its keys in memory. */
#pragma once
#include <pthread.h>
#include <sodium.h>
#include <sys/types.h>
#include <time.h>

#include "keys.h"

enum { KEYS_MAGIC = 0x4b455953, KEY_BYTES = 32, SEAL_KEYS_MAX = 64 };

struct seal_key {
    uint32_t id;
    unsigned char key[KEY_BYTES];
};

/* In guarded memory (sodium_malloc). */
struct keys {
    unsigned magic;
    pthread_mutex_t mutex; /* guards seal[], which a rotation extends, and what tells that one did */
    char *path;
    unsigned char lookup[KEY_BYTES], sign_seed[KEY_BYTES];
    unsigned char sign_secret[crypto_sign_SECRETKEYBYTES], sign_public[crypto_sign_PUBLICKEYBYTES];
    struct seal_key seal[SEAL_KEYS_MAX]; /* the last is current */
    size_t n;
    ino_t inode; /* of the file as it was read: a rotation, which may be another process's, puts a new file there */
    struct timespec changed;
};

struct keys *keys_new(const char *path);
void keys_invent(struct keys *k); /* random lookup, sign and one seal key */
enum err keys_invent_seal(struct cx *cx, struct keys *k);
/* NOT_FOUND when there is no file; CONFIG. */
enum err keys_file_read(struct cx *cx, struct keys *k);
/* Durably. `fresh`: DUPLICATE when there is a file by now. */
enum err keys_file_write(struct cx *cx, const struct keys *k, bool fresh);

/* The key of this id, the current one for 0. Reads the file again for an unknown id, and for the current one when there
   is another file: all processes go over to a new key at once. False when there is none. */
bool keys_find(struct cx *cx, uint32_t id, struct seal_key *ret);
enum err keys_seal_with(struct cx *cx, const struct seal_key *key, struct str plain, struct str *ret_blob);
uint32_t keys_blob_id(struct str blob); /* 0: not a blob */
/* Compare with the database and remember there what is new. */
enum err keys_compare(struct cx *cx);
