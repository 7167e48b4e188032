/* For the administrator: whether everything works, what failed and what to do about it, what the program does in the
   background; and the same as a daily mail. */
#pragma once
#include "http/http.h"
#include "jobs/jobs.h"

extern const struct http_module admin_module; /* /admin */

/* `n` more replies of status 500 and above left, the first and the last of them then. */
struct admin_incident {
    int64_t n, first_us, last_us;
};
/* Inside db_write: because of `e`. */
enum err admin_incident_add(struct cx *cx, enum err e, const struct admin_incident *incident);
/* Write down that the database was away and is back (db_take_outage), if so; when that fails it can be done later. Not
   inside a transaction. */
void admin_note_outage(struct cx *cx);
/* Inside db_write: a backup was made now. */
enum err admin_note_backup(struct cx *cx);

/* Looks at what must be asked and waited for (mail server, login providers, virus scanner …) and at the key file, every
   five minutes. */
enum err admin_probe_job(struct cx *cx, struct job *job);
/* Every hour: puts the daily mail into the outbox when its hour has come. The key of the mail is the day, so it is sent
   once however many processes there are. */
enum err admin_digest_job(struct cx *cx, struct job *job);
#define ADMIN_JOB_KINDS \
    {.name = "admin_probe", .fn = admin_probe_job, .lease_s = 120}, \
    { \
        .name = "admin_digest", .fn = admin_digest_job \
    }
#define ADMIN_JOB_SCHEDULES \
    {"admin_probe", 300}, \
    { \
        "admin_digest", 3600 \
    }
