/* Shared by the files of this room alone. */
#pragma once
#include "journal.h"
#include "journal_store.h"

#define JOURNAL_SHIELD "*****"
enum { JOURNAL_NAME_DAYS = 365, JOURNAL_SORT = 1000000000 };

/* The words of a name that are looked for in titles: folded, three letters and more, in front of and behind each a
   blank: " anna holm ". */
struct str journal_name_words(struct cx *cx, const struct str *names, size_t n);
/* The text with "*****" in the place of every word of `words`. The same string when it holds none. */
struct str journal_without(struct cx *cx, struct str text, struct str words);
/* Without identity numbers, telephone numbers and addresses of e-mail. */
struct str journal_plain(struct cx *cx, struct str text);
/* Terms it is found by, or none when it is not public. Inside db_write. */
enum err journal_index(struct cx *cx, int64_t id, int64_t sort, bool open, const struct str *texts, size_t n);
/* Inside db_write: a published correction takes the place of the entry it corrects. */
enum err journal_take_place(struct cx *cx, int64_t replaced_id);
struct str journal_no(struct cx *cx, int64_t sort);
bool journal_is_archivist(const struct cx *cx);
