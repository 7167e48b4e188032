/* The Noark 5 deposit (arkivuttrekk, Noark 5 version 5.5 chapter 6): made from the archive, checked, and read back.

   A deposit is a folder: arkivstruktur.xml, endringslogg.xml, loependeJournal.xml, offentligJournal.xml, the ADDML
   description arkivuttrekk.xml, the official XML schemas as they are, and the folder dokumenter/. All of it is written
   and read as a stream; what is kept in memory grows by some bytes for each archive unit (README.md). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "db/db.h"

/* How far it is, for a terminal: `what` is being worked on, `n` of it done. */
typedef void (*deposit_tell)(void *ctx, const char *what, int64_t n);

/* ---- making one ---- */

struct deposit_new {
    day_t from, to;             /* case files closed on these days and between them */
    bool all;                   /* also those that are to be erased in time; else only what is kept for ever */
    const char *schemas;        /* folder with the official XSDs */
    const char *out;            /* the folder to make */
    struct str owner, owner_id; /* arkivskaper: the municipality's name and number */
    deposit_tell tell;          /* may be NULL */
    void *tell_ctx;
};

struct deposit_counts {
    int64_t classes, casefiles, registrations, journal, documents, objects, bytes, changes;
    int64_t still_open; /* left out: begun in the period or before it, and not closed */
    int64_t disposable; /* left out: closed, and to be erased in time */
};

/* Makes the folder new->out, whole or not at all, on the disk when it returns. One snapshot of the database.
   CONFIG: the folder exists, or a schema is missing. LAW: a closed case file has an unfinished registration, one
   without a number or without a document; the detail names case files. NOT_FOUND: the period has no case file. IO (also
   when a document is damaged), NO_SPACE, DB. */
enum err deposit_make(struct cx *cx, const struct deposit_new *new, struct deposit_counts *ret);

/* ---- checking anyone's ---- */

enum deposit_rule {
#define ROW(upper, text) DEPOSIT_##upper,
#include "deposit_rules.tbl"
#undef ROW
    DEPOSIT_RULE_COUNT
};
/* "schema: every XML file is valid by its schema": the rule's name in lower case and what it asks. */
const char *deposit_rule_name(enum deposit_rule rule);
const char *deposit_rule_text(enum deposit_rule rule);

enum { DEPOSIT_TOLD = 20 }; /* of each rule so many faults are told, the rest only counted */

struct deposit_report {
    const char *schemas; /* in: folder with official XSDs to compare with; NULL: the package's own are used unseen */
    deposit_tell tell;   /* in: may be NULL */
    /* in: called for the first DEPOSIT_TOLD faults of each rule: "arkivstruktur.xml:17: …". May be NULL. */
    void (*fault)(void *ctx, enum deposit_rule rule, struct str detail);
    void *ctx;
    int64_t faults[DEPOSIT_RULE_COUNT], total; /* out */
    int64_t warnings;                          /* out: told through `fault` with DEPOSIT_NOTICE, not counted in total */
    int64_t casefiles, registrations, journal, documents, objects, bytes, changes; /* out: found in the package */
};

/* Checks the package in `dir`. ERR_OK also when it has faults: see report->total. IO: the folder cannot be read. Needs
   no database. Nothing outside the folder is opened, whatever the package says. */
enum err deposit_verify(struct cx *cx, const char *dir, struct deposit_report *report);
/* ---- reading one back ---- */

struct deposit_imported {
    int64_t package_id;
    int64_t casefiles, registrations, documents, objects, files, bytes;
    bool again; /* it is here already: nothing was done */
};
/* Takes the package into the house: every file of it as it is (bytes and checksums), and what is in its structure, to
   be found by. Checks it first; report as in deposit_verify. LAW: it has faults; nothing was taken. Long; in steps: a
   package counts when all of it is there, and what an import that was cut off left is taken away by the next one. */
enum err deposit_import(struct cx *cx, const char *dir, struct deposit_report *report, struct deposit_imported *ret);
/* The package again as it came, in the new folder `out`: byte for byte. NOT_FOUND, CONFIG: the folder exists. IO. */
enum err deposit_restore(struct cx *cx, int64_t package_id, const char *out, int64_t *ret_files);

struct deposit_package {
    int64_t id, imported_us;
    struct str title, owner, system;
    day_t from, to;
    int64_t casefiles, registrations, documents, objects, files, bytes;
};
struct deposit_packages {
    VEC_OF(struct deposit_package) rows;
};
enum err deposit_packages(struct cx *cx, struct deposit_packages *ret);
