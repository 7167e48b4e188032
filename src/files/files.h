/* The document store: bytes by their SHA-256. Up to 64 KiB lie in the database, larger ones in DIR/files/ab/cdef… The
   same bytes are stored once. Nothing here knows what a file is for: that stands in the rows of the nouns, which say so
   with files_keep.

   The order that survives a power cut: files_put before the transaction (a large file is written, fsynced, renamed, and
   its folder fsynced), files_keep inside it. What was put and never kept is swept a day later. */
#pragma once
#include "base/base.h"

struct files;

enum { FILES_SMALL_BYTES = 64 * 1024 };

struct file_ref {
    struct hash hash;
    int64_t size; /* bytes */
    /* Set by files_put, for files_keep in the same request; not to be stored. */
    struct str bytes; /* of a small file */
    bool fresh;
};

/* Open (make) the store in `dir`, which exists; its folder "files" is made. Sets cx->files. Any number of processes may
   have it open. IO, NO_SPACE. */
enum err files_open(struct cx *cx, struct str dir, struct files **ret);
void files_close(struct files *files);

/* Before a transaction. `bytes` must live until files_keep. IO, NO_SPACE (nothing is left behind then). */
enum err files_put(struct cx *cx, struct str bytes, struct file_ref *ret);
/* The same, reading fd from where it stands to its end; never more than a block of it is in memory. */
enum err files_put_fd(struct cx *cx, int fd, struct file_ref *ret);

/* What citizens attach is shown to this virus scanner: the path of clamd's local socket; empty: none. For the beginning
   of the process. */
void files_scan_with(struct files *files, struct str socket_path);
enum files_scanned {
    FILES_CLEAN,    /* the scanner found nothing in it, or there is none */
    FILES_VIRUS,    /* do not take it */
    FILES_UNSCANNED /* the scanner does not answer as it should, so nobody knows: do not take it now */
};
/* Before files_put of what a citizen attaches. What is not clean stands in the log. Waits for the scanner, at most half
   a minute at a time; outside transactions. */
enum files_scanned files_scan(struct cx *cx, struct str bytes);
/* Is there a scanner to show files to? */
bool files_scanner(const struct cx *cx);
/* When there is one: does it answer? One that hangs is waited for 5 s at a time. UPSTREAM, CONFIG with the reason. */
enum err files_scan_probe(struct cx *cx);

/* Inside db_write: from now on user_kind/user_id ("document", its id) uses the file. A user may have several files, a
   file several users; twice is once. The ref comes from files_put in this request, or is made of hash and size of a
   file that is kept already (CONFLICT when it is not any more). */
enum err files_keep(struct cx *cx, const struct file_ref *ref, struct str user_kind, int64_t user_id);
/* Inside db_write: this user needs none of its files any more. A file without users is erased by files_sweep. */
enum err files_drop(struct cx *cx, struct str user_kind, int64_t user_id);

/* The bytes, in cx->arena, compared with their hash. NOT_FOUND; IO when the file is gone or damaged. */
enum err files_get(struct cx *cx, struct hash hash, struct str *ret_bytes);
/* The same as a descriptor to read from the start, which the caller closes; not compared (files_verify does that). */
enum err files_get_fd(struct cx *cx, struct hash hash, int *ret_fd, int64_t *ret_size);

struct files_swept {
    int64_t rows, disk_files;
};
/* Erase what nobody uses and nobody has put or kept for grace_us (FILES_GRACE_US; less only in tests and at a
   standstill). A large file goes in two steps: its row now, its bytes the same time later. */
#define FILES_GRACE_US DAY_US
enum err files_sweep(struct cx *cx, int64_t grace_us, struct files_swept *ret);

struct files_check {
    int64_t files, bytes;     /* looked at */
    int64_t missing, damaged; /* of them */
    /* Called for each fault and, with fault NULL, now and then between; may be NULL. */
    void (*tell)(void *ctx, const struct files_check *so_far, struct hash hash, const char *fault);
    void *ctx;
};
/* Read every file and compare it with its hash. ERR_OK also when there are faults: see the counts. */
enum err files_verify(struct cx *cx, struct files_check *check);
