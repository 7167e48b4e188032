/* Shared by the files of this room alone. */
#pragma once
#include "journal.h"
#include "journal_store.h"

#define JOURNAL_SHIELD "*****"
enum { JOURNAL_NAME_DAYS = 365, JOURNAL_SORT = 1000000000 };

/* The words of names that are looked for in titles, of the persons in the case (the party, when `person`, and the
   correspondents): folded, three letters and more, in front of and behind each a blank: " anna holm ". */
struct str journal_name_words(struct cx *cx, struct str party, bool person, const struct q_journal_correspondents *who,
                              size_t n);
/* The text with "*****" in the place of every word of `words`. The same string when it holds none. */
struct str journal_without(struct cx *cx, struct str text, struct str words);
/* Health, beliefs, crime: GDPR articles 9 and 10, offentlegforskrifta § 7. Of such a service nothing stands in the
   journal but that there was a document; nor of one that cannot be read any more. */
bool journal_is_sensitive(struct cx *cx, struct opt_int version_id);
/* Without identity numbers, telephone numbers and addresses of e-mail. */
struct str journal_plain(struct cx *cx, struct str text);
/* Something happened to the entry: the terms it is found by are as it stands now (none when it is not public, or gone),
   and the national journal service will be told. Inside db_write. */
enum err journal_index(struct cx *cx, int64_t id);
/* An entry when it is public now. Inside a transaction. */
enum err journal_public_entry(struct cx *cx, int64_t id, struct journal_entry *ret, bool *ret_public);
/* Inside db_write: a published correction takes the place of the entry it corrects. */
enum err journal_take_place(struct cx *cx, int64_t replaced_id);
struct str journal_no(struct cx *cx, int64_t sort);
bool journal_is_archivist(const struct cx *cx);
