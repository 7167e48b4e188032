/* The context of one request, job or command: passed first, everywhere. Its members are opaque here; each is made and
   understood by the room that is named. */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "str.h"

struct workers;

/* Stored in the database as a number: a new language comes last, before LANG_COUNT. */
enum lang { LANG_DA, LANG_NB, LANG_EN, LANG_NN, LANG_COUNT };

/* Why the last call failed. `field` is empty unless the fault is in one field of a form; `say` is the key of the text
   that a page shows, NULL: that of `err`. */
struct fail {
    enum err err;
    struct str detail, field;
    const char *say;
};

struct cx {
    struct arena *arena;                /* dies with the request */
    struct db *db;                      /* db/: the pool and its write gate */
    struct db_conn *conn;               /* db/: the connection of the transaction that runs now, else NULL */
    struct files *files;                /* files/: the document store */
    struct keys *keys;                  /* keys/: identity number encryption, seals, cookies */
    const struct municipality *muni;    /* municipality/: name, country, units, colours */
    struct catalogue *services;         /* service/: published service versions */
    struct auth *auth;                  /* auth/: session limits, identity providers and their cached keys */
    struct session *session;            /* auth/: what the request's cookie stands for; NULL in jobs */
    const struct who *who;              /* auth/: who is asking; never NULL inside a handler or job */
    struct access_pending *access;      /* access/: views noted in this request, committed before the reply leaves */
    const char *data_dir;               /* app/: the data directory (--data); NULL where there is none */
    const atomic_bool *stopping;        /* jobs/: for cx_go_on; NULL in requests and commands */
    struct jobs *jobs;                  /* jobs/: the workers of this process, NULL when it has none */
    struct mail *mail;                  /* mail/: the way out */
    struct casefile_tallies *tallies;   /* casefile/: a leader's figures in memory; NULL: read each time */
    const struct page_preview *preview; /* page/: the folder that is looked at before it is published; NULL: none */
    /* auth/: the token that every form of this session brings back in field "csrf"; made when a form first asks, so
       that a page without a form sets no cookie. NULL: none (jobs, tests). */
    struct str (*csrf)(struct cx *cx);
    void (*after_write)(
        struct cx *cx); /* set inside a db_write: called once when it is durable (jobs/ wakes its workers) */
    void (*step_aside)(struct workers *workers, bool aside); /* http/: see cx_aside; NULL in jobs and commands */
    struct workers *workers;                                 /* http/: for step_aside */
    enum lang lang;
    int64_t now_us;      /* UTC microseconds when the request began; the only clock a domain function reads */
    int64_t deadline_us; /* time_tick_us() after which no query of this request begins or (SQLite) reads on; 0: none */
    char request_id[17]; /* 16 hex digits */
    bool read_only;      /* db/: db_write refuses */
    bool wrote;          /* db/: a db_write of this request is durable */
    struct fail fail;
};

/* Who waits long for the disk or the network (a commit, another server) steps aside before and back after it: as many
   requests are worked on at once as there are processors, and meanwhile another one may be. */
static inline void cx_aside(const struct cx *cx)
{
    if (cx->step_aside)
        cx->step_aside(cx->workers, true);
}

static inline void cx_back(const struct cx *cx)
{
    if (cx->step_aside)
        cx->step_aside(cx->workers, false);
}

/* Asked between two pieces of work that lasts (a job over many rows, a wait for another server). ERR_STOPPING: this is
   a job, and the program is to end. It is passed on; what has been done stays done, and the job begins again after the
   next start without having lost a try (jobs.h). Never inside a transaction. Else ERR_OK. */
static inline enum err cx_go_on(struct cx *cx)
{
    return cx->stopping && *cx->stopping ? fail(cx, ERR_STOPPING, "the program is to end") : ERR_OK;
}
