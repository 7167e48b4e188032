/* Plain text of what is foreign: clean UTF-8 that a page or a search can take. */
#pragma once
#include "base/base.h"

/* Valid UTF-8 of a NUL-terminated text (NULL: empty), without control characters; lines: LF and tab stay, else every
   kind of blank is one. At most `max` bytes. In cx->arena. */
struct str plain_clean(struct cx *cx, const char *z, size_t max, bool lines);
/* The words of an HTML document (libxml2's HTML parser, which bears anything): blocks are lines; scripts, styles, head
   and markup are left out. UTF-8, or what the document itself says. At most `max` bytes, in cx->arena. */
struct str plain_of_html(struct cx *cx, struct str html, size_t max);

enum { PLAIN_XML_MAX = 4 << 20 /* bytes; a tree of it takes thirty times as much */ };
/* All text in an XML document, in its order. `ends`: local names of the elements that end a word (paragraphs, cells),
   NULL behind the last; NULL: every element does. Nothing is loaded, entities of its own are left out. At most `max`
   bytes, in cx->arena. ERR_SYNTAX; ERR_TOO_LARGE. */
enum err plain_of_xml(struct cx *cx, struct str xml, const char *const *ends, size_t max, struct str *ret);
