/* The public journal (offentlig journal, postliste): one entry for each incoming and outgoing registration, as the
   public may read it. offentleglova § 10, offentlegforskrifta §§ 6 and 7, arkivforskrifta; in Denmark a choice.

   The public reads rows of this room alone, never the record. A row gets its texts when its registration is finished:
   rules judge them, and what they doubt waits for a person (ROLE_ARCHIVIST). Names and words that are screened are
   "*****"; identity numbers never stand in them; names of persons are taken away after a year. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "db/db.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "record/record.h"

enum journal_state {
    JOURNAL_UNFINISHED, /* the registration is not finished: nothing is known */
    JOURNAL_WAITING,    /* rules doubt it: a person decides */
    JOURNAL_PUBLISHED,
    JOURNAL_HELD,     /* a person holds it back, with a reason */
    JOURNAL_REPLACED, /* a correction has taken its place */
    JOURNAL_NEVER,    /* of a class that never stands in the journal */
};

enum journal_doubt {
    JOURNAL_DOUBT_NAME = 1,   /* the title holds a word of a name that is in the case */
    JOURNAL_DOUBT_NUMBER = 2, /* the title holds what looks like an identity number, a telephone number or an address */
    JOURNAL_DOUBT_WORDS = 4,  /* the title was written by hand: it is none of the house's own */
    JOURNAL_DOUBT_PERSON = 8, /* a person's name would be public, because nothing screens it */
    JOURNAL_DOUBT_HELD = 16,  /* it corrects one that a person holds back */
};

/* What the public reads. */
struct journal_entry {
    int64_t id;             /* of the registration */
    struct str no;          /* "2026-12": year and number in the journal */
    struct str casefile_no; /* "2026-000004" */
    enum record_kind kind;  /* RECORD_INCOMING, RECORD_OUTGOING */
    day_t day, document_day;
    int64_t number; /* in the case file */
    struct str unit, unit_key, casefile_title, title, who, access_code, access_basis;
    int64_t published_us;
    int64_t sort; /* of paging: entries before this one are older */
};
struct journal_entries {
    VEC_OF(struct journal_entry) rows;
    int64_t next; /* `before` of the next page; 0: no more */
};
enum { JOURNAL_PAGE = 50, JOURNAL_FEED = 100 };

/* Published entries, newest first, older than `before` (0: from the newest), at most JOURNAL_PAGE. With `day` those of
   that day; with `q` those that have all its words, in titles, numbers or names (of persons only for a year).
   ERR_NOT_FOUND: this municipality has no public journal. */
struct journal_query {
    struct str q;
    bool has_day;
    day_t day;
    int64_t before;
    int64_t limit; /* 0: JOURNAL_PAGE */
};
enum err journal_list(struct cx *cx, const struct journal_query *query, struct journal_entries *ret);
/* One by its number "2026-12". ERR_NOT_FOUND: none is published. */
enum err journal_get(struct cx *cx, struct str no, struct journal_entry *ret);
/* What was published last, JOURNAL_FEED of it. */
enum err journal_newest(struct cx *cx, struct journal_entries *ret);

/* ---- deciding: for ROLE_ARCHIVIST, and never of the archivist's own case (law 7); else ERR_FORBIDDEN. ERR_NOT_FOUND
   where no journal is public ---- */

struct journal_waiting {
    int64_t id;
    struct str no, title, casefile_title, reason;
    enum record_kind kind;
    unsigned doubts;
};
struct journal_waitings {
    VEC_OF(struct journal_waiting) rows;
    int64_t n; /* how many wait */
};
/* Those that wait, oldest first, or those held back. */
enum err journal_waiting(struct cx *cx, bool held, struct journal_waitings *ret);

struct journal_case {
    enum journal_state state;
    struct journal_entry shown;       /* what would be, or is, public */
    struct str title, casefile_title; /* as the record has them */
    VEC_OF(struct str) names;         /* of the party and the correspondents */
    unsigned doubts;
    struct str reason, decided_by;
    struct opt_int decided_us;
};
/* One entry with what the record says. Notes the access to the persons named. ERR_NOT_FOUND. */
enum err journal_open(struct cx *cx, int64_t id, struct journal_case *ret);

struct journal_decision {
    int64_t id;
    enum journal_state from;               /* as the page showed it (law 2) */
    bool publish;                          /* else hold back */
    struct str casefile_title, title, who; /* as they shall be public; who empty: nobody */
    struct str reason;                     /* of holding back */
};
/* Identity numbers in the texts become "*****" whoever wrote them. ERR_INVALID: field "title", "casefile_title",
   "reason". ERR_CONFLICT: it was decided meanwhile, or is erased. */
enum err journal_decide(struct cx *cx, const struct journal_decision *d);

/* ---- jobs, retention, verify ---- */

/* Takes in what has come into the record, judges what is finished, and takes names out that are a year old. Four times
   a minute; adds itself again when there is more, and rests between: the first journal of a house that had none is
   long. */
enum err journal_run(struct cx *cx, struct job *job);
#define JOURNAL_JOB "journal_run"
#define JOURNAL_JOB_KIND \
    { \
        .name = JOURNAL_JOB, .fn = journal_run, .lease_s = 600, .max_parallel = 1, .gentle = true \
    }
/* The same without a job, some 1000 entries: *ret_more tells that there is more to do. Inside a db_write it is part of
   that; else several of its own. */
enum err journal_step(struct cx *cx, bool *ret_more);

/* ---- the national journal service (municipality.yaml, `journal: {einnsyn: {url, key_file}}`) ---- */

/* Tells it what became of entries since the last time: new ones are added, changed ones mended, withdrawn and erased
   ones deleted there. What was told is not told again; what failed waits 1, 2, 4 … minutes, at most eight and a
   half hours, and is never given up. ERR_OK also when the service is away: that is seen in journal_out_now. Each
   minute. */
enum err journal_send(struct cx *cx, struct job *job);
#define JOURNAL_SEND_JOB "journal_send"
#define JOURNAL_SEND_JOB_KIND \
    { \
        .name = JOURNAL_SEND_JOB, .fn = journal_send, .lease_s = 600, .max_parallel = 1 \
    }
/* Asks whether it is there and takes our key. ERR_UPSTREAM, ERR_CONFIG. */
enum err journal_probe(struct cx *cx);

struct journal_out_failure {
    struct str no; /* of the entry; empty: it is to be deleted there */
    int64_t tries, next_us;
    struct str error; /* no personal data */
};
struct journal_out {
    int64_t known;                               /* entries the service has, or is to be told of */
    int64_t waits;                               /* that are to be told; of these */
    int64_t failed;                              /* so many have failed before */
    struct opt_int last_us;                      /* when it got the last one */
    VEC_OF(struct journal_out_failure) failures; /* at most JOURNAL_OUT_FAILURES, the most tried first */
};
enum { JOURNAL_OUT_FAILURES = 50 };
enum err journal_out_now(struct cx *cx, struct journal_out *ret);
/* Of these, what waits and what has failed: quick. */
enum err journal_out_waiting(struct cx *cx, int64_t *ret_waits, int64_t *ret_failed);
/* An administrator wants it tried at once. */
enum err journal_out_again(struct cx *cx);

/* Law 10: the entries of a case file that is erased. Inside db_write. */
enum err journal_erase(struct cx *cx, int64_t casefile_id);
enum err journal_verify(struct cx *cx, struct record_faults *ret);

extern const struct http_module journal_module; /* /journal */
