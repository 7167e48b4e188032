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

/* ---- retention ---- */

struct admin_retention_row {
    struct str title, basis;
    int64_t years, n, held;
    day_t first, closed_before;
};
struct admin_retention_rows {
    struct str label; /* of the table, for those who scroll it by keyboard */
    VEC_OF(struct admin_retention_row) rows;
    int64_t n, held; /* n: without the held ones */
};
struct admin_retention_hold {
    int64_t id;
    struct str no, title, reason, by;
    int64_t put_us;
    bool has_day;
    day_t day;
};
struct admin_retention_done {
    int64_t at_us;
    struct str title, by, basis; /* by: empty: the nightly job */
    int64_t years, casefiles, documents, parties;
};
struct admin_retention {
    struct page_errors errors;
    struct admin_retention_rows due, soon;
    VEC_OF(struct admin_retention_hold) held;
    VEC_OF(struct admin_retention_done) done;
    struct page_field no, reason;
};
struct admin_retention_run {
    struct admin_retention_rows due;
    bool conflict;
};
