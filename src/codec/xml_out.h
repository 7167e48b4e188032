/* XML 1.0 (W3C, 2008) in UTF-8, written as it comes into a buf. Who writes much empties the buf between two calls:
       struct xml_out o = xml_out_make(&b);
       xml_out_begin(&o, "mappe"); xml_out_attr(&o, "xsi:type", S("saksmappe")); xml_out_text(&o, "tittel", title);
       xml_out_end(&o);
   Names are the caller's duty; values are escaped, and what XML cannot hold (control characters, bad UTF-8) becomes
   U+FFFD. */
#pragma once
#include "base/base.h"

enum { XML_OUT_DEPTH = 32 };

struct xml_out {
    struct buf *b;
    const char *open[XML_OUT_DEPTH]; /* names of the elements that are open; literals */
    int depth;
    bool in_tag; /* the start tag of the innermost can still get attributes */
};

/* Begins with the XML declaration. */
struct xml_out xml_out_make(struct buf *b);
void xml_out_begin(struct xml_out *o, const char *name);
/* Only right after xml_out_begin. */
void xml_out_attr(struct xml_out *o, const char *name, struct str value);
void xml_out_end(struct xml_out *o); /* the innermost element */
/* An element with nothing but text; nothing at all when there is none but blanks. */
void xml_out_text(struct xml_out *o, const char *name, struct str text);
void xml_out_i64(struct xml_out *o, const char *name, int64_t v);
