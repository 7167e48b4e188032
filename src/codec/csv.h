/* CSV (RFC 4180) with `;`, as Danish and Norwegian spreadsheets expect, CRLF, and a byte order mark at the beginning.
 */
#pragma once
#include "base/base.h"

struct csv {
    struct buf *b;
    bool in_row;
};

/* Begins the text with the byte order mark. */
struct csv csv_make(struct buf *b);
/* A text cell. One that a spreadsheet would run as a formula (= + - @ tab) gets a leading apostrophe. */
void csv_str(struct csv *c, struct str s);
void csv_i64(struct csv *c, int64_t v);
void csv_end_row(struct csv *c);
