/* What the templates of the room bind, and what its files share. */
#pragma once
#include "page/page.h"

enum admin_state { ADMIN_OK, ADMIN_UNKNOWN, ADMIN_WARN, ADMIN_BAD };

/* One connection, and how it is. */
struct admin_check {
    enum text name;
    enum admin_state state;
    struct str text;      /* how it is, and what to do */
    struct str detail;    /* technical; may be empty */
    int64_t at_us;        /* looked at then; 0: now */
    int64_t since_us;     /* so since; 0: not known */
    struct str at, since; /* in words */
    bool ok, bad, unknown;
    enum text state_text;
};

struct admin_failure {
    struct str text;
    struct str when; /* when it happened first and last, a sentence; empty: the text says when */
};

struct admin_job {
    int64_t id;
    struct str what; /* the kind in words */
    struct str kind, key, error;
    int64_t attempts, ended_us;
};

struct admin_queue_row {
    struct str what;
    int64_t waiting, running, dead;
};

/* Everything as it is now. */
struct admin_health {
    int64_t need;                          /* so many checks need somebody */
    VEC_OF(struct admin_check) checks;     /* the worst first */
    VEC_OF(struct admin_failure) failures; /* of the last 24 hours */
    VEC_OF(struct admin_queue_row) queue;
    VEC_OF(struct admin_job) dead;
    int64_t mails_sent, letters_sent; /* in the last 24 hours */
    bool journal;                     /* a public journal is kept here */
    struct str digest_to;
    int64_t digest_hour;
};
/* Gather it, in cx->lang. The errors of a read. */
enum err admin_health_now(struct cx *cx, struct admin_health *ret);

/* The daily mail. */
struct admin_digest {
    struct str subject, text;
};
void admin_digest_write(struct cx *cx, const struct admin_health *h, struct admin_digest *ret);
/* Put it into the outbox for each administrator, under this key. */
enum err admin_digest_send(struct cx *cx, struct str key);
/* The words of a kind of job. */
struct str admin_job_words(struct cx *cx, struct str kind);

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
    bool two;                /* lists are made by one and approved by another */
    int64_t list_id, list_n; /* the list that waits; 0: none */
    struct str list_by;
    bool list_mine;
    VEC_OF(struct str) lists; /* a line each, of those there were */
};
struct admin_retention_run {
    struct admin_retention_rows due;
    bool conflict, two;
};

/* ---- the national journal service ---- */

struct admin_journal_failure {
    struct str no; /* of the entry; empty: it is to be deleted there */
    struct str error;
    int64_t tries, next_us;
};
struct admin_journal {
    bool set; /* an address stands in municipality.yaml */
    struct str url;
    int64_t all, done, waits, failed, last_us; /* last_us 0: never */
    VEC_OF(struct admin_journal_failure) failures;
};
