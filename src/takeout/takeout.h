/* Everything held about a person, given to her in one file: the readable page, the same for machines, and every
   document she may see (GDPR articles 15(3) and 20). Asked for on a page, made by a job, kept for TAKEOUT_DAYS, then
   erased. A holder of a mandate has the same of what the mandate lets them see. */
#pragma once
#include "auth/auth.h"
#include "base/base.h"
#include "db/db.h"
#include "files/files.h"
#include "http/http.h"
#include "jobs/jobs.h"

enum { TAKEOUT_DAYS = 14 };

enum takeout_state { TAKEOUT_WAITING = 1, TAKEOUT_READY, TAKEOUT_FAILED };

struct takeout {
    int64_t id;
    int64_t party_id; /* whose data */
    int64_t asker_id; /* who asked: the same, or a holder of her mandate */
    enum lang lang;
    enum assurance assurance; /* of the login it was asked with: what it let her see is in it */
    enum takeout_state state;
    int64_t asked_us, until_us; /* until_us: then it is erased */
    struct opt_int ready_us;
    int64_t cases_done, cases_n; /* while it waits; cases_n 0: not begun; the same: the rest is being added */
    struct file_ref file;        /* READY */
};
struct takeouts {
    VEC_OF(struct takeout) rows;
};

/* cx->who, a person, asks for a copy of party_id's data. One that is being made already is given back; one that was
   ready is replaced. ERR_FORBIDDEN: neither herself nor by a mandate that is in force. */
enum err takeout_start(struct cx *cx, int64_t party_id, int64_t *ret_id);
/* Those that cx->who has asked for and may still have, newest first. */
enum err takeout_mine(struct cx *cx, struct takeouts *ret);
/* One of them. Of another's data it notes the access. ERR_NOT_FOUND: not hers, over, or the mandate is. ERR_ASSURANCE:
   the login is weaker than the one it was asked with. */
enum err takeout_get(struct cx *cx, int64_t id, struct takeout *ret);
/* She does not need it any more. ERR_NOT_FOUND. */
enum err takeout_delete(struct cx *cx, int64_t id);
/* Is there one of cx->who's own that is ready? For the front of my page. */
enum err takeout_is_ready(struct cx *cx, bool *ret);

/* ---- what registers and she herself have told, in words ---- */

struct takeout_fact {
    struct str label, value, source;
    int64_t at_us;
};
struct takeout_facts {
    struct str name;
    VEC_OF(struct takeout_fact) rows;
};
/* Of the party cx->who is, or may see; masked as party_get does. */
enum err takeout_facts(struct cx *cx, int64_t party_id, struct takeout_facts *ret);

/* ---- for app/modules.c ---- */

enum err takeout_job(struct cx *cx, struct job *job);
enum err takeout_job_dead(struct cx *cx, struct job *job);
enum err takeout_expire_job(struct cx *cx, struct job *job);
#define TAKEOUT_JOB "takeout"
#define TAKEOUT_JOB_EXPIRE "takeout_expire"
#define TAKEOUT_JOB_KINDS \
    {.name = TAKEOUT_JOB, \
     .fn = takeout_job, \
     .max_attempts = 6, \
     .lease_s = 1800, \
     .max_parallel = 1, \
     .dead = takeout_job_dead}, \
    { \
        .name = TAKEOUT_JOB_EXPIRE, .fn = takeout_expire_job \
    }

/* A mandate of party_id to asker_id has ended: what was made by it is gone with it. Inside db_write. */
enum err takeout_drop_pair(struct cx *cx, int64_t asker_id, int64_t party_id);

/* Law 10: a file that holds what is being erased is erased with it. Inside db_write. */
enum err takeout_erase_casefile(struct cx *cx, int64_t casefile_id);
enum err takeout_erase_party(struct cx *cx, int64_t party_id);

extern const struct http_module takeout_module; /* /takeout … */
