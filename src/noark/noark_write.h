/* What creating, changing and deleting share. */
#pragma once
#include "noark/noark_internal.h"

/* Would these values of its attributes say that it is closed or finished? */
bool write_closes(const struct noark_type *t, const struct json *body);
/* Law 8: a registration and a document that are finished stay. */
bool write_is_final(const struct noark_type *t);
/* Locks it for this transaction and reads it, in the version that the client has seen. ERR_NOT_FOUND; need_version's;
   ERR_LAW: what it belongs to is finished (law 8). */
enum err write_lock(struct cx *cx, struct api *api, const struct noark_type *t, int64_t id, struct node *ret);
/* The body of the request, an object. ERR_BAD_REQUEST. */
enum err write_read_body(struct api *api, struct json **ret);
/* A field of our own is named <namespace>-<version>:<field>. ERR_INVALID. */
enum err write_check_own_name(struct cx *cx, const struct noark_type *t, const struct json *body);
/* The words that find it. */
enum err write_index(struct cx *cx, const struct noark_type *t, int64_t id, const struct json *body);
/* The next number of what lies in it; locks that row. ERR_CONFLICT: gone. */
enum err write_count_up(struct cx *cx, int64_t id, int64_t *ret);
/* Its number among what lies in `parent`, in body; locks that row. What has no such number: nothing. */
enum err write_number_within(struct cx *cx, const struct noark_type *t, const struct node *parent, struct json *body);
/* 5.4.14: a series with a classification system takes folders and registrations in its classes alone. */
enum err write_check_system(struct cx *cx, const struct noark_type *t, const struct node *parent);
/* The number in the series of the archive, in the row and in body: the row all writers queue for, so it comes last. */
enum err write_number(struct cx *cx, const struct noark_type *t, int64_t id, int64_t fonds_id, struct json *body);

/* ---- the log of changes (noark_log.c) ---- */

/* One line: this element of metadata of `of` had the one value and has the other; empty: none. Inside db_write. */
enum err log_put(struct api *api, const struct node *of, const char *name, struct str old, struct str new);
/* A line for each attribute of t that is another in `new` than in node->body. *ret_any: there was one. */
enum err log_changes(struct api *api, const struct node *node, const struct noark_type *t, const struct json *new,
                     bool *ret_any);

/* ---- where it lies (noark_place.c) ---- */

struct above {
    int64_t id;
    const struct noark_type *t;
    bool closed;
    struct json *body;
};
/* An item and what it lies in, the nearest first. */
struct place {
    VEC_OF(struct above) rows;
    const struct above *series; /* the arkivdel among them; NULL: none */
};
/* id 0: no place. */
enum err place_of(struct cx *cx, int64_t id, struct place *ret);
bool place_has(const struct place *p, int64_t id);
/* The systemID of its arkivdel; empty. */
struct str place_series(struct api *api, const struct place *p);
/* What a new entity of type t in p begins with, in body, when it was not sent; where it lies. ERR_INVALID:
   referanseArkivdel is of none. */
enum err place_begin(struct api *api, const struct place *p, const struct noark_type *t, const struct json *sent,
                     struct json *body);
/* It lies in `to`, no longer in `from` (or refers to another arkivdel): what it had from there it now has from here,
   unless that was sent (NULL: nothing was). ERR_INVALID as above. */
enum err place_follow(struct api *api, const struct place *from, const struct place *to, const struct noark_type *t,
                      const struct json *sent, const struct json *old, struct json *body);
/* What lies in it and is open, and had the same as it had, has the same again. from, to: where it lay and lies; NULL:
   it was not moved. ERR_CONFLICT. */
enum err place_spread(struct api *api, int64_t id, const struct place *from, const struct place *to,
                      const struct json *old, const struct json *new);
/* skjermingOpphoererDato from skjermingsvarighet, counted from when it was made (M505). */
void place_screen_until(struct cx *cx, const struct noark_type *t, struct json *body);
/* A folder that is closed: kassasjonsdato from bevaringstid, counted from avsluttetDato (6.1.6, M452). */
void place_dispose_after(struct cx *cx, struct json *body);
/* It is open again: the date that was counted from `old` goes. */
void place_dispose_not(struct cx *cx, const struct json *old, struct json *body);

/* ---- moving (noark_move.c) ---- */

/* Where _links of what was sent says that it lies, when that is not where it does. ERR_INVALID. */
enum err move_target(struct api *api, const struct node *node, const struct json *sent, struct node *ret,
                     bool *ret_found);
/* Does the relation of that name say what lies above: the type, a supertype, or overmappe and its like? */
bool move_is_upward(struct str name, const struct noark_type *t);
/* ERR_LAW, ERR_CONFLICT: why not. `there` is where `to` lies, itself first. */
enum err move_check(struct cx *cx, const struct node *node, const struct node *to, const struct place *there);
/* Its numbers there, in body, and the log. */
enum err move_into(struct api *api, const struct node *node, const struct node *to, const struct place *from,
                   const struct place *there, struct json *body);
/* The state of the arkivdel lets something of type t begin there (closed: a folder that is). ERR_LAW. */
enum err place_takes(struct cx *cx, const struct place *p, const struct noark_type *t, bool closed);

/* ---- avskrivning (noark_writeoff.c) ---- */

struct write_off {
    int64_t by_id, for_id; /* the entry that answers, the recipient it is for; 0: none */
};
/* Does this avskrivning write off that entry? ERR_INVALID, ERR_CONFLICT. */
enum err write_off_check(struct api *api, const struct node *entry, const struct json *body, struct write_off *ret);
/* From now on avskrivning `id` refers to these alone. */
enum err write_off_refer(struct cx *cx, int64_t id, const struct write_off *w);
/* ERR_LAW: the case file of what it writes off is closed. */
enum err write_off_open(struct api *api, const struct node *node);
