/* Inside import/: what the three files of the Drupal webform share. */
#pragma once
#include "import_form.h"

enum web_role {
    WEB_FIELD,
    WEB_CHOICE,
    WEB_TEXT,
    WEB_GROUP,
    WEB_LAYOUT,
    WEB_PAGE,
    WEB_ROWS,
    WEB_PARTS, /* one element, several questions */
    WEB_FACT,  /* of the one who is logged in */
    WEB_BIT,   /* a part of the address of a company or child: the address is asked whole, once */
    WEB_TOLD,  /* left out, and the report says why */
    WEB_NOTHING
};
struct web_type {
    const char *name;
    enum web_role role;
    const char *type; /* ours; NULL: none */
    const char *fact; /* FACT: "register name"; TOLD: why it is left out; BIT: "company_", "child_" */
};
/* By the type of the element; MitID's and NemID's are the same. NULL: not known. */
const struct web_type *web_type_of(struct str name);
/* "os2forms_mitid_child_name" → "child_name"; others as they are. */
struct str web_bare(struct str name);

/* The text of a key, without blanks around; empty: none, or null. */
struct str web_text(const struct yaml *map, const char *key);
bool web_truthy(const struct yaml *map, const char *key);

/* The second round: `#states` of all items become conditions. */
void import_webform_states(struct import *im);
