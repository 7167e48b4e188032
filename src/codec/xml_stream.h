/* XML 1.0 of foreigners, read as a stream: never more than the elements that are open is in memory. Checked by an XML
   Schema (W3C, 1.0) on the way when one is given. Nothing but the file itself is opened: no network, no document type,
   no entities; nesting over 256 and texts over 10 MB are refused (libxml2's own limits). */
#pragma once
#include "base/base.h"

struct xml_schema; /* a compiled schema */

/* Compile DIR/NAME. It may import and include files of the same folder by their bare names, nothing else; none of them
   may be a link or have a document type. ERR_IO, ERR_SYNTAX: it is no schema, or asks for something else. */
enum err xml_schema_load(struct cx *cx, const char *dir, const char *name, struct xml_schema **ret);
void xml_schema_free(struct xml_schema *schema); /* NULL is legal */

/* Where the reader is; for the callbacks. */
struct xml_at {
    struct str name; /* of the element, without prefix; lives as long as the reading */
    int line, depth; /* depth of the root: 0 */
    void *reader;
};
/* The attribute of an element that begins, by local name; empty when it has none. Lives until the callback returns. */
struct str xml_at_attr(const struct xml_at *at, const char *name);

enum xml_stream_fault { XML_STREAM_FORM, XML_STREAM_SCHEMA };
struct xml_events {
    void *ctx;
    /* Each may be NULL. */
    void (*begin)(void *ctx, const struct xml_at *at);
    /* leaf: it had no element inside; then `text` is all that stood in it (at most XML_STREAM_TEXT bytes of it). Lives
       until the callback returns. */
    void (*end)(void *ctx, const struct xml_at *at, bool leaf, struct str text);
    /* After a fault of form nothing more comes. */
    void (*fault)(void *ctx, enum xml_stream_fault kind, int line, struct str detail);
};
enum { XML_STREAM_TEXT = 1 << 20 };

/* Read fd from where it stands; it stays open. schema may be NULL. ERR_OK also when there are faults. ERR_INTERNAL. */
enum err xml_stream(struct cx *cx, int fd, struct xml_schema *schema, const struct xml_events *events);
