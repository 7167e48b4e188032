/* The handlers of this room, for its own route table, and what its pages share. */
#pragma once
#include "http/http.h"
#include "journal_internal.h"
#include "journal_views.h"

#define HANDLER(name) enum err name(struct cx *cx, struct request *req, struct reply *rep)
HANDLER(journal_get_list);
HANDLER(journal_get_entry);
HANDLER(journal_get_request);
HANDLER(journal_post_request);
HANDLER(journal_get_feed);
HANDLER(journal_get_csv);
HANDLER(journal_get_json);
HANDLER(journal_get_einnsyn);
HANDLER(journal_get_review);
HANDLER(journal_get_case);
HANDLER(journal_post_case);
#undef HANDLER

/* "Fra", "Til" in the reader's language. */
struct str journal_direction(struct cx *cx, enum record_kind kind);
/* No search engine keeps what we take away after a year. */
void journal_no_robots(struct cx *cx, struct reply *rep);
/* The query of a list: fields q, day, before. False: the day is none. */
bool journal_read_query(const struct request *req, struct journal_query *ret);
/* Where the same list goes on. */
struct str journal_next(struct cx *cx, const char *path, const struct journal_query *query, int64_t next);
