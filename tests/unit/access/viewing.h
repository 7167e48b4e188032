/* A house in which Bo, and some whose data it is, see what is written into the access log. */
#pragma once
#include "support.h"

#include "access/access_internal.h"
#include "auth/auth.h"
#include "tamper_store.h"

enum { ANNA = 101, ERIK = 102, DAGNY = 103 };
extern const struct who viewing_bo, viewing_anna, viewing_erik;

/* cx->who is Bo. */
struct cx *viewing_house_new(void);
void viewing_house_free(struct cx *cx);
/* Somebody's data are shown to cx->who; casefile 0: none. viewing_see also writes it down, a second before the next. */
void viewing_note(struct cx *cx, int64_t party, const char *kind, int64_t casefile, bool refused);
void viewing_see(struct cx *cx, int64_t party, const char *kind, int64_t casefile);
struct q_tamper_counts viewing_counts(struct cx *cx);
/* A page of the citizen's list, the newest when before is 0; max: about so many rows. */
struct access_seen viewing_page(struct cx *cx, int64_t party, const char *casefile_no, int64_t before, size_t max);
/* Her whole list, which fits one page. */
size_t viewing_seen_by(struct cx *cx, int64_t party, struct q_access_seen **rows);
