/* Reading a foreign package: its archive units one after another, and its description. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "codec/xml_stream.h"

enum deposit_field {
#define ROW(upper, name) FIELD_##upper,
#include "deposit_fields.tbl"
#undef ROW
    FIELD_COUNT
};

enum unit_kind {
    UNIT_FONDS,
    UNIT_SERIES,
    UNIT_SYSTEM,
    UNIT_CLASS,
    UNIT_CASEFILE,
    UNIT_REGISTRATION,
    UNIT_DOCUMENT,
    UNIT_OBJECT,
    UNIT_KIND_COUNT
};

/* An archive unit that is being read: all its fields are known when it ends. Lives until the callback for its end
   returns; those it lies in live longer. */
struct deposit_unit {
    enum unit_kind kind;
    int line;
    bool journal;    /* a registration of type journalpost */
    bool screened;   /* has skjerming */
    bool disposed;   /* has utfoertKassasjon */
    bool to_dispose; /* has kassasjon that says so */
    struct str field[FIELD_COUNT];
    int64_t n_units;          /* archive units right inside it */
    int64_t n_correspondents; /* of a registration */
    struct str who;           /* of a registration: names of the correspondents, at most some hundred bytes */
    struct deposit_unit *parent;
    int64_t id; /* the caller's */
    struct arena_mark mark;
};

struct deposit_reading {
    struct cx *cx;
    void *ctx;
    void (*begin)(void *ctx, struct deposit_unit *unit); /* may be NULL; fields are not known yet */
    void (*end)(void *ctx, struct deposit_unit *unit);
    /* Any element, any leaf, any fault; each may be NULL. */
    void (*element)(void *ctx, const struct xml_at *at);
    void (*leaf)(void *ctx, const struct xml_at *at, struct str text);
    void (*fault)(void *ctx, enum xml_stream_fault kind, int line, struct str detail);
    struct deposit_unit *open;
    struct str inside; /* name of the element around the leaf, when it is no unit: korrespondansepart … */
};
/* Read arkivstruktur.xml. ERR_OK also when there are faults of XML: they are told. */
enum err deposit_read_structure(struct deposit_reading *r, int fd, struct xml_schema *schema);

/* ---- the description ---- */

enum { ADDML_MOST = 64, ADDML_NAME = 160 };
struct addml_file {
    char name[ADDML_NAME], algorithm[32], sum[ADDML_NAME];
    int line;
};
struct addml_count {
    char file[ADDML_NAME], element[64];
    int64_t n, found;
    int line;
};
struct addml {
    struct addml_file file[ADDML_MOST];
    size_t n_files;
    struct addml_count count[ADDML_MOST];
    size_t n_counts;
    char owner[ADDML_NAME], system[ADDML_NAME], archive[ADDML_NAME];
    char from[16], to[16], in[16], out[16];               /* period; inngaaendeSkille, utgaaendeSkille */
    char screened[8], disposed[8], to_dispose[8], vsm[8]; /* "true", "false"; empty: not said */
    int64_t documents;                                    /* -1: not said */
};
struct addml_reading {
    struct addml *addml;
    void *ctx;
    void (*leaf)(void *ctx, const struct xml_at *at, struct str text); /* may be NULL */
    void (*fault)(void *ctx, enum xml_stream_fault kind, int line, struct str detail);
    char name[32][64]; /* of the element that is open at each depth */
    bool new_object;   /* the next file is the one the data object describes */
    char object_file[ADDML_NAME];
};
enum err deposit_read_addml(struct cx *cx, struct addml_reading *r, int fd, struct xml_schema *schema);
