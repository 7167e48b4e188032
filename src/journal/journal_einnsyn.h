/* Entries in the form of the interface of eInnsyn (einnsyn-api-spec, version 1.0). */
#pragma once
#include "codec/json.h"
#include "journal_internal.h"

/* systemIds (Noark 5), by which eInnsyn knows a thing again; empty: none is written. */
struct einnsyn_ids {
    struct str casefile, entry, who;
};
/* The members of a Saksmappe, into an object that is open. */
void einnsyn_casefile(struct cx *cx, struct json_out *o, const struct journal_entry *r, const struct einnsyn_ids *ids);
/* Those of a Journalpost. `whole`: with what hangs on it, as when it is new; else what can change. */
void einnsyn_entry(struct cx *cx, struct json_out *o, const struct journal_entry *r, const struct einnsyn_ids *ids,
                   bool whole);
/* Those of its Korrespondansepart. */
void einnsyn_who(struct json_out *o, const struct journal_entry *r, const struct einnsyn_ids *ids);
/* An entry within its case file, as an object. */
void einnsyn_file_and_entry(struct cx *cx, struct json_out *o, const struct journal_entry *r);
/* What an answer says is wrong: kind of fault and names of fields, with a blank before; empty: nothing that can be
   read. Its values and messages may hold a name and are left out. */
struct str einnsyn_complaint(struct cx *cx, struct str answer);
