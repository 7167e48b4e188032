/* XML 1.0 with namespaces (W3C, 2008 and 2009) of foreigners, read by libxml2 into an arena tree with line numbers. No
   network, no document type, no entities but the five that XML itself knows; processing instructions and comments are
   dropped. Refused: what is not well-formed, a DOCTYPE, nesting over the depth, more bytes or elements than the limits.
 */
#pragma once
#include "base/base.h"

enum { XML_MAX_DEPTH = 200, XML_MAX_BYTES = 16 << 20, XML_MAX_ELEMENTS = 1 << 20 };

/* An attribute, or a namespace declaration (name: the prefix, empty for the default one). */
struct xml_attr {
    struct str ns;   /* empty: without a namespace */
    struct str name; /* without its prefix */
    struct str value;
};

/* An element. All of it lives in the arena of the cx that read it. */
struct xml {
    struct str ns;   /* of the namespace, not its prefix; empty when it has none */
    struct str name; /* without its prefix */
    /* The characters and CDATA directly inside, in order, without those of elements inside; empty when there are
       elements and nothing but blanks between them. */
    struct str text;
    int line; /* where its start tag ends, from 1 */
    const struct xml *parent;
    struct xml_attr *attrs;
    size_t n_attrs;
    struct xml_attr *declared; /* namespaces */
    size_t n_declared;
    struct xml **items; /* the elements inside, in order */
    size_t n;
};

/* Parse a document. ERR_SYNTAX with "file:line: what" in the detail, ERR_TOO_LARGE over a limit. `text` is UTF-8 or any
   encoding that libxml2 converts by itself. */
enum err xml_parse(struct cx *cx, struct str file, struct str text, const struct xml **ret);

/* The value of the attribute without a namespace; empty when it is absent. */
struct str xml_attr(const struct xml *e, const char *name);
/* Whether the attribute without a namespace is there. */
bool xml_has_attr(const struct xml *e, const char *name);
/* The first element inside with this name, of the same namespace as `e`; NULL when there is none or e is NULL. */
const struct xml *xml_child(const struct xml *e, const char *name);
/* The namespace that a prefix stands for at `e` (empty prefix: the default one); empty when undeclared. */
struct str xml_namespace(const struct xml *e, struct str prefix);
