/* Inside form/: what the passes of the loader share. */
#pragma once
#include "form_tree.h"

struct form_loader {
    struct cx *cx;
    struct arena *arena;
    struct problems *problems;
    const struct service_version *version;
    struct str file;
    struct form *form;
    struct form_names names;
    VEC_OF(const struct yaml *) nodes;      /* of the fields, by order */
    VEC_OF(const struct yaml *) page_nodes; /* of the pages */
    bool full;                              /* there are more fields than a form may have */
};

/* Where a field stands. */
struct form_place {
    struct form_page *page;
    struct form_field *group;
    const struct form_field *repeat;
    const struct service_purpose *why; /* inherited */
    int depth;
};

struct words form_load_words(struct form_loader *l, const struct yaml *map, const char *key);

/* form_rules.c: the second and third pass. */
void form_load_conditions(struct form_loader *l, const struct yaml *top);
void form_load_uses(struct form_loader *l);
