/* Shared by the files of this room alone. */
#pragma once
#include <stdio.h>

#include "takeout.h"
#include "takeout_views.h"

#define TAKEOUT_USER "takeout" /* of its file in files/ */

/* May cx->who have the data of that person: herself, or by a mandate in force? since_us not 0: what was made after
   that, so none of that person's to cx->who may have ended since; which cases are in the file by which, nobody knows.
 */
enum err takeout_may(struct cx *cx, int64_t party_id, int64_t since_us, bool *ret);

/* Is it not for cx->who, who has somebody else's data? The income of a child's household is the other parent's too. */
bool takeout_fact_hidden(const struct cx *cx, int64_t party_id, struct str attr);

/* ---- takeout_zip.c: an archive that is only written forwards (PKWARE APPNOTE 6.3, ZIP64 where it is needed) ---- */

struct takeout_zip;
/* Writes to fd, which stays the caller's. Freed with the arena. ERR_IO. */
enum err takeout_zip_new(struct cx *cx, int fd, struct takeout_zip **ret);
/* One file: `size` bytes of fd from its start. `path` is UTF-8 with slashes; packed: its bytes are compressed already.
 *ret_hash: SHA-256 of what was read. ERR_IO, ERR_NO_SPACE. */
struct takeout_entry {
    struct str path;
    int fd;
    int64_t size, at_us;
    bool packed;
};
enum err takeout_zip_add(struct takeout_zip *zip, const struct takeout_entry *entry, struct hash *ret_hash);
enum err takeout_zip_end(struct takeout_zip *zip);

/* A name that every system can unpack: no separators, no characters that Windows refuses, at most `max` code points. */
struct str takeout_name(struct cx *cx, struct str text, size_t max);

/* A file without a name, in the folder for what is on its way; closed with the arena. ERR_IO, ERR_NO_SPACE. */
enum err takeout_temp(struct cx *cx, FILE **ret);
/* All that was written is there; *ret_size bytes from the start. ERR_IO, ERR_NO_SPACE. */
enum err takeout_temp_end(struct cx *cx, FILE *f, int64_t *ret_size);

/* ---- takeout_compose.c ---- */

struct takeout_order {
    int64_t party_id;
    struct takeout_zip *zip; /* documents go there too; NULL: the page and the JSON alone */
    enum err (*progress)(struct cx *cx, void *ctx, int64_t done, int64_t n); /* after each case; NULL */
    void *ctx;
};
struct takeout_made {
    FILE *page, *json, *sums; /* sums: a line for each document, as sha256sum has them */
    int64_t n_documents;
    struct opt_int until_us; /* the first of the drafts in it is deleted then */
};
/* As cx->who, in cx->lang. Memory is flat: what a case took is given back after it. Outside transactions. */
enum err takeout_compose(struct cx *cx, const struct takeout_order *order, struct takeout_made *ret);
