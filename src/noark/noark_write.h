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
/* The number in the series of the archive, in the row and in body: the row all writers queue for, so it comes last. */
enum err write_number(struct cx *cx, const struct noark_type *t, int64_t id, int64_t fonds_id, struct json *body);
