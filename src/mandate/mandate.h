/* Acting for a child, a relative, an association: the pages where mandates are given, seen by both, and withdrawn. The
   rules are party/'s. */
#pragma once
#include "http/http.h"
#include "party/party.h"

/* ---- mandates in words, in cx->lang: the pages say them so, and so does the copy of everything held (mandate_words.c)
   ---- */

/* "Alle sager hos kommunen", or the names of services with commas between; scope as party/ has it. */
struct str mandate_what(struct cx *cx, struct str scope);
/* To read and to act, or to read alone. */
struct str mandate_how(struct cx *cx, bool act);
/* "til og med 31. december 2027"; "indtil den bliver trukket tilbage". */
struct str mandate_until(struct cx *cx, struct opt_int until_us);
struct mandate_row {
    int64_t id;
    struct str who;              /* the other side */
    struct str what, how, until; /* which matters; what it lets one do; how long: empty when a register says it */
    struct str basis;            /* what it rests on */
    struct str over;             /* when and by whom it ended; empty: it has not */
    bool can_end, document;
};
/* As the giver (given) or the holder reads it. */
struct mandate_row mandate_row_of(struct cx *cx, const struct party_mandate *mandate, bool given);
/* Does my page name the other side to cx->who? Not when it was custody that is over: then it shows nothing of it. */
bool mandate_names_other(const struct cx *cx, const struct party_mandate *mandate);
/* What happened, in one sentence to the one who is told. */
struct str mandate_news_text(struct cx *cx, const struct party_message *message);

extern const struct http_module mandate_module; /* /mandate … */
