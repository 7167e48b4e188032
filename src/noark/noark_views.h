/* What the templates of this room bind. */
#pragma once
#include "base/base.h"

struct noark_field {
    struct str name, value;
};
/* May this program use the archive in the employee's name? */
struct noark_allow_view {
    struct str name, unit, until;
    VEC_OF(struct noark_field) fields; /* what the program asked with */
};
struct noark_leave_view {
    struct str name, href;
};
struct noark_unknown_view {
    struct str href;
};
