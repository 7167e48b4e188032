/* Shared by the files of this room alone. */
#pragma once
#include "db/db.h"
#include "municipality/municipality.h"
#include "post.h"
#include "post_store.h"

enum { POST_WAITS = 1, POST_REGISTERED = 2, NAME_MAX = 120, NOTE_MAX = 500 };
#define POST_MAIL_MIME "message/rfc822" /* RFC 5322: the e-mail as it came */

/* Law 7: may the asker handle post, and (unit_id not 0) that of this unit? */
enum err post_may(struct cx *cx, int64_t unit_id);
/* As post_open, inside a transaction. */
enum err post_load(struct cx *cx, int64_t id, struct post *ret);
