/* What the pages about who is here and about handing over bind. */
#pragma once
#include "desk_views.h"

struct desk_member {
    int64_t employee_id; /* 0: what nobody has taken */
    struct str name;
    bool away, left, coming; /* coming: away later */
    struct str when;         /* "Til og med 3. december 2026" */
    struct str open, overdue;
    bool some, late, leads_absence; /* has cases, has overdue ones; its absence can be set here */
};
struct desk_team {
    struct str unit_name;
    VEC_OF(struct desk_member) rows;
};

struct desk_move {
    int64_t id;
    struct str no, title, party;
    bool checked, has_deadline, overdue, stays;
    day_t deadline;
    struct str to, result;
};
struct desk_pile {
    struct str action, lead;
    struct page_errors errors;
    VEC_OF(struct desk_move) rows;
    bool more;
    int64_t most;
    struct page_field how, to;
    bool queue; /* a pile of what nobody has: it can only be given to colleagues */
};
struct desk_plan {
    struct str moves; /* "case-version-employee~…": the plan as it is sent back */
    struct str action, back;
    struct str lead, own, button; /* own: why some of them stay; empty: none does */
    VEC_OF(struct str) gets;
    VEC_OF(struct desk_move) rows;
    bool some; /* there is something to do */
};
struct desk_result {
    struct page_alert moved, left;
    bool has_moved, has_left;
    VEC_OF(struct desk_move) rows;
};

struct desk_absence {
    int64_t employee_id;
    struct str heading, lead, now; /* now: what is known; empty: here */
    struct str back;
    struct page_errors errors;
    struct page_field from, until;
};
