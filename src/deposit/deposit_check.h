/* The state of a package that is being checked: shared by deposit_verify.c and deposit_documents.c. */
#pragma once
#include "deposit_internal.h"
#include "deposit_read.h"
#include "deposit_set.h"

enum sum { SUM_STRUCTURE, SUM_RUNNING, SUM_PUBLIC, SUM_COUNT };
enum { NOTE_JOURNAL = 1 << 8 }; /* in ids: enum unit_kind + 1, and this for a journal entry */

struct checking {
    struct cx *cx;
    const char *dir;
    int dirfd;
    struct deposit_report *report;
    const char *name; /* of the file that is being read, for faults */
    uint32_t file;    /* its number */
    struct addml addml;
    struct deposit_set ids, refs, paths;
    struct hash sum[SUM_COUNT]; /* of the journal entries: in any order the same */
    bool screened, disposed, to_dispose, vsm;
};

void deposit_fault(struct checking *c, enum deposit_rule rule, int line, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void deposit_check_progress(struct checking *c, const char *what, int64_t n);
struct hash deposit_entry_hash(struct str id, struct str year, struct str seq, struct str number);

/* Sum modulo 2^256. */
static inline void sum_add(struct hash *sum, struct hash h)
{
    unsigned carry = 0;
    for (int i = HASH_BYTES - 1; i >= 0; i--) {
        carry += (unsigned)sum->b[i] + h.b[i];
        sum->b[i] = (unsigned char)carry;
        carry >>= 8;
    }
}

/* ---- files of the package (deposit_documents.c) ---- */

/* Open a file of the package to read: below the folder, through no link, a plain file. -1 with errno. */
int deposit_open_inside(struct checking *c, const char *path);
/* The same for a name that somebody else wrote; backslashes are taken as slashes. */
int deposit_open_named(int dirfd, struct str name, char *ret_path, size_t size);
/* A document object: is its file there, as large and with that checksum, and not named twice? */
void deposit_check_file(struct checking *c, const struct deposit_unit *object);
/* A file that the description names with its checksum. */
void deposit_check_named(struct checking *c, const struct addml_file *file);
/* Are the schemas there, and the official ones? */
void deposit_check_schemas(struct checking *c);
/* Files in the document folders that no object names. */
enum err deposit_check_orphans(struct checking *c);
