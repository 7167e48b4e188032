/* Shared by the files that compose a copy. */
#pragma once
#include "codec/codec.h"
#include "party/party.h"
#include "record/record.h"
#include "takeout_internal.h"

struct composing {
    const struct takeout_order *order;
    struct takeout_made made;
    struct takeout_held held;
    VEC_OF(int64_t) ids;
    struct form_drafts drafts;
    struct party_mandates mandates; /* as many as held.mandates */
    size_t n_papers;
    struct json_out json; /* its buffer is of one part at a time */
    /* one case */
    int64_t id;
    struct takeout_held_case page;
    struct record_documents documents;
    struct str exported;
};

enum err takeout_put(struct cx *cx, FILE *f, struct str s);
/* A part of the page and what was written of the JSON meanwhile. */
enum err takeout_put_part(struct cx *cx, struct composing *c, const struct buf *json, struct html page);

/* A file of the store as it lies in the archive. */
struct takeout_stored {
    struct str title, file_name, mime;
    struct file_ref file;
    int64_t at_us;
};
/* "03 2026-11-23 Ansøgning.pdf": in the order of its folder, by day, with what it is. */
struct str takeout_stored_name(struct cx *cx, const struct takeout_stored *stored, size_t number);
/* Into the archive, and a line among the sums. ERR_IO: it is damaged. */
enum err takeout_put_stored(struct cx *cx, struct composing *c, const struct takeout_stored *stored, struct str path);

/* ---- takeout_drafts.c ---- */

/* Which there are: her own, or those that cx->who began for her. Inside the snapshot. */
enum err takeout_drafts_list(struct cx *cx, struct composing *c);
/* Each with its answers and files: a member of the JSON, and sections of the page. */
enum err takeout_drafts_write(struct cx *cx, struct composing *c);

/* ---- takeout_mandates.c ---- */

/* Given, held and offered, and what cx->who was told of them: members of the JSON, and what the page shows. Inside the
   snapshot. */
enum err takeout_mandates_write(struct cx *cx, struct composing *c);
/* The papers they rest on, into the archive, when there is one. ERR_IO: one is damaged. */
enum err takeout_mandates_papers(struct cx *cx, struct composing *c);

/* ---- takeout_looks.c ---- */

/* Who has seen cx->who's data: a member of the JSON, and a section of the page. What a page of them takes is given back
   before the next. */
enum err takeout_looks_write(struct cx *cx, struct composing *c);
