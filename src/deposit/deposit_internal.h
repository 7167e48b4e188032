/* Shared by the files of this room alone. */
#pragma once
#include <stdio.h>

#include "codec/xml_out.h"
#include "deposit.h"

#define DEPOSIT_NS "http://www.arkivverket.no/standarder/noark5/"
#define DEPOSIT_DOCUMENTS "dokumenter"

/* The files of a package, in the order of the description. */
enum deposit_file_kind { FILE_STRUCTURE, FILE_CHANGES, FILE_RUNNING, FILE_PUBLIC, FILE_XML_COUNT };
extern const char *const deposit_names[FILE_XML_COUNT]; /* "arkivstruktur": + .xml and .xsd */
enum { DEPOSIT_SCHEMAS = 6 };
extern const char *const deposit_schemas[DEPOSIT_SCHEMAS]; /* those of the names, then metadatakatalog and addml */

/* ---- writing (deposit_file.c) ---- */

/* A file that is written as XML and hashed on the way. Its buf has an arena of its own: the request's is reset under
   it. */
struct deposit_file {
    int fd;
    const char *name;
    struct arena *arena;
    struct buf b;
    struct xml_out o;
    struct hash_state hash;
};
enum err deposit_file_open(struct cx *cx, const char *dir, const char *name, struct deposit_file *ret);
/* Between two elements: writes what has gathered when it is much. */
enum err deposit_file_flush(struct cx *cx, struct deposit_file *f);
/* Writes the rest, closes, and gives the hash. Also to be called after a failure (e): then only closes. */
enum err deposit_file_close(struct cx *cx, struct deposit_file *f, enum err e, struct hash *ret);

/* The state of a deposit that is being made. */
struct deposit_making {
    const struct deposit_new *new;
    const char *dir; /* new->out.part */
    int64_t from_us, to_us;
    struct str fonds_uuid;
    struct deposit_counts n;
    struct str folder; /* of documents: the one that was made last */
    char folder_room[256];
    bool screened, disposable;
    int64_t first_us;
    struct hash xml[FILE_XML_COUNT], xsd[DEPOSIT_SCHEMAS];
};
void deposit_progress(const struct deposit_making *m, const char *what, int64_t n);

enum err deposit_write_structure(struct cx *cx, struct deposit_making *m);
enum err deposit_write_journals(struct cx *cx, struct deposit_making *m);
enum err deposit_write_description(struct cx *cx, struct deposit_making *m);
/* Copies one document file to `path` inside the package and compares it with its hash. */
enum err deposit_copy_document(struct cx *cx, struct deposit_making *m, struct str path, struct hash hash,
                               int64_t bytes);
enum err deposit_copy_schemas(struct cx *cx, struct deposit_making *m);
/* Root element of one of the XML files, with its namespaces. */
void deposit_root(struct xml_out *o, const char *name);

/* ---- values, in words as the metadata catalogue wants them (deposit_words.c) ---- */

struct str deposit_access(struct str code); /* tilgangsrestriksjon; "" for none */
struct str deposit_correspondent(int64_t role, bool ours);
struct str deposit_document_kind(struct str kind);
struct str deposit_format(struct str pronom, struct str mime); /* pronom empty: nobody looked into the file */
struct str deposit_extension(struct cx *cx, struct str mime, struct str file_name); /* lower case, never empty */
/* A name that must not be empty. */
struct str deposit_name(struct str name, const char *otherwise);
struct str deposit_day(struct cx *cx, int64_t us);
