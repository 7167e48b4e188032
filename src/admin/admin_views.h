/* What the templates of the room bind. */
#pragma once
#include "page/page.h"

struct admin_job {
    int64_t id;
    struct str what; /* the kind in words */
    struct str kind, key, error;
    int64_t attempts, ended_us;
};

struct admin_jobs {
    int64_t waiting, running, dead;
    bool late; /* something is due since more than ten minutes */
    int64_t oldest_due_us;
    VEC_OF(struct admin_job) rows;
};
