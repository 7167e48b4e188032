/* What a file is, told by its content alone: what a name or a browser says of it is never believed. Knows the formats
   that citizens and employees may send; names follow IANA's media types. */
#pragma once
#include "base/base.h"

struct filetype {
    const char *mime;      /* "application/pdf" */
    const char *extension; /* "pdf" */
    bool inline_safe;      /* a browser may show it in the page's own window: pictures and PDF */
};

/* NULL when it is none of them, or is empty. Text is UTF-8 without control characters. */
const struct filetype *filetype_of(struct str bytes);
/* The name of The National Archives' register of formats, PRONOM, for a whole PDF file (one that filetype_of knows):
   PDF/A by what its XMP says of itself (ISO 19005-1 6.7.11, ISO 19005-2 6.6.4), not by whether that is true; any other
   by the version in its head ("fmt/276": PDF 1.7). An XMP that is compressed is not read. NULL: none of these. */
const char *filetype_pdf_format(struct str bytes);
/* Is that a name of PDF/A, which is for keeping? */
bool filetype_is_pdf_a(const char *pronom);
/* Does a file of that type end as it should? One that was cut off on its way does not. Of types that do not tell: true.
 */
bool filetype_whole(const struct filetype *type, struct str bytes);
/* By media type or by extension in lower case ("jpg" and "jpeg" are the same); NULL when unknown. */
const struct filetype *filetype_find(struct str mime_or_extension);
