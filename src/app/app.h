/* The program: its commands, its settings, and the list of what it is made of. */
#pragma once
#include "auth/auth.h"
#include "base/base.h"
#include "db/db.h"
#include "files/files.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "keys/keys.h"
#include "municipality/municipality.h"
#include "service/service.h"

#define APP_LISTEN "127.0.0.1:8080" /* without --listen */

/* What flags say; each flag may also be an environment variable (--public-url is INDGANG_PUBLIC_URL). Flags go first.
 */
struct app_options {
    const char *clamd;        /* socket of the virus scanner */
    const char *data;         /* folder of everything that is not in PostgreSQL */
    const char *db;           /* NULL: sqlite:DATA/indgang.db */
    const char *listen;       /* 127.0.0.1:8080 */
    const char *public_url;   /* https://…; NULL: from the request */
    const char *municipality; /* folder; NULL: DATA/municipality, else ./municipality, else beside the program */
    const char *services;     /* likewise */
    const char *dev;          /* assets from this folder instead of the packed ones */
    const char *log;          /* debug, info, warn, error */
    const char *to;           /* backup: the folder to make */
    const char *from;         /* restore: a backup; deposit: first day */
    const char *out, *schemas, *verify, *package; /* deposit */
    const char *translations, *language, *map;    /* import */
    const char *to_db;                            /* move: the address of the new database */
    const char *decision, *input, *inputs, *csv;  /* dmn */
    int64_t workers, places, casefiles, seed, threads;
    bool explain; /* dmn */
    bool all;     /* deposit */
    bool privacy; /* check */
    bool preview; /* set by cmd_preview: nothing leaves the house, whatever municipality.yaml says */
    bool demo, trust_proxy, gzip, help, quiet;
    const char *args[8]; /* what is not a flag */
    size_t n_args;
};

/* A command: `indgang <name> …`. Returns the exit status of the process: 0 done, 1 it failed, 2 it was called wrongly.
 */
struct app_command {
    const char *name;
    int (*fn)(struct cx *cx, const struct app_options *o);
    const char *usage, *doc; /* "--data DIR [--db URL]"; one line */
};
int cmd_serve(struct cx *cx, const struct app_options *o);
int cmd_routes(struct cx *cx, const struct app_options *o);
int cmd_verify(struct cx *cx, const struct app_options *o);
int cmd_backup(struct cx *cx, const struct app_options *o);
int cmd_restore(struct cx *cx, const struct app_options *o);
int cmd_move(struct cx *cx, const struct app_options *o);
int cmd_demo(struct cx *cx, const struct app_options *o);
int cmd_migrate(struct cx *cx, const struct app_options *o);
int cmd_noark_client(struct cx *cx, const struct app_options *o);
int cmd_noark_app(struct cx *cx, const struct app_options *o);
int cmd_keys(struct cx *cx, const struct app_options *o);
int cmd_diff(struct cx *cx, const struct app_options *o);
int cmd_preview(struct cx *cx, const struct app_options *o);
int cmd_check(struct cx *cx, const struct app_options *o);
int cmd_dmn(struct cx *cx, const struct app_options *o);
int cmd_decision(struct cx *cx, const struct app_options *o);
int cmd_deposit(struct cx *cx, const struct app_options *o);
int cmd_export(struct cx *cx, const struct app_options *o);
int cmd_import(struct cx *cx, const struct app_options *o);
int cmd_import_archive(struct cx *cx, const struct app_options *o); /* cmd_import, of a deposit or of KLE */
int cmd_try(struct cx *cx, const struct app_options *o);

/* Fill *ret from argv and the environment. False with a line on stderr when a flag is unknown or lacks its value. */
bool app_parse_options(int argc, char **argv, struct app_options *ret);
/* Flags and their help, a line each. */
void app_print_flags(FILE *out);

/* The house, opened: the members of cx that outlive a request are set. */
struct house {
    struct db *db;
    struct keys *keys;
    struct files *files;
    struct auth *auth;
    struct catalogue *services;
    struct casefile_tallies *tallies;
    struct jobs *jobs;
    bool demo;
    int lock; /* of app_lock */
};
/* Open data folder, database (migrated), municipality and all rooms above. Errors: CONFIG, IO, DB with a detail for the
   one who started the program. */
enum err app_open(struct cx *cx, const struct app_options *o, struct house *ret_house);
void app_close(struct cx *cx, struct house *house);
/* Only data folder, database, keys and documents, for commands about these. */
enum err app_open_db(struct cx *cx, const struct app_options *o, struct house *ret_house);
/* The same while nobody else has the house open. BUSY when somebody has. */
enum err app_open_db_alone(struct cx *cx, const struct app_options *o, struct house *ret_house);
/* The address of the database: --db, else SQLite in the data folder. */
const char *app_db_url(struct cx *cx, const struct app_options *o);
/* Make a folder, for this user alone, unless it is there; its name survives a power cut. IO. */
enum err app_make_folder(struct cx *cx, const char *path);
/* Everything that opens a house holds DATA/lock shared (flock) while it does; what changes the house as a whole holds
   it alone. *ret_fd: close it at the end; a process that dies gives it back. BUSY: the other kind is at work. IO. */
enum err app_lock(struct cx *cx, const char *data, bool alone, int *ret_fd);
#define APP_RESTORING "restoring" /* this file in the data folder: a restore that did not end */
/* The municipality's folder as cx->muni; its faults go to stderr. ERR_CONFIG. */
enum err app_open_municipality(struct cx *cx, const struct app_options *o);
/* How many threads answer requests: --workers, else four a processor, at least 16. */
int app_workers(const struct app_options *o);
/* How many of them work at once while the others wait for the disk or for a place: --places, else with SQLite the
   processors, with PostgreSQL on this machine half as many again, with PostgreSQL elsewhere all. After app_open. */
int app_places(const struct cx *cx, const struct app_options *o);
/* The threads that work on jobs; after app_open. */
enum err app_start_jobs(struct cx *cx, struct house *house);
/* cx->lang for words to a person: --language, else the municipality's first. False: no such language, and it was said
   on stderr. */
bool app_language(struct cx *cx, const struct app_options *o);
/* How a command ends: says what failed, on stderr. Returns the exit status. */
int app_end(struct cx *cx, enum err e);
/* A folder by option, else inside DATA, else in the working folder, else beside the program; NULL when there is none.
 */
const char *app_folder(struct cx *cx, const struct app_options *o, const char *given, const char *name);

/* modules.c */
extern const struct http_module *const app_modules[];
extern const size_t app_modules_n;
extern const struct job_kind app_job_kinds[];
extern const size_t app_job_kinds_n;
extern const struct job_schedule app_job_schedules[];
extern const size_t app_job_schedules_n;
extern const struct keys_holder app_keys_holders[]; /* ends with a row without a name */
/* Guards, parts of service folders and whatever else a lower room asks of a higher one. Once, before app_open. */
void app_register(void);
/* The register that finds or creates a party at login; NULL while no room gives one. */
auth_party_fn app_party_hook(void);
/* What keeps a party there while a session for it is written. */
auth_hold_fn app_hold_hook(void);
/* hooks.c */
struct http_hooks app_hooks(void);
/* Serve an open house until SIGTERM, SIGINT or (unless it is ignored) SIGHUP, which app_hold_signals holds: that comes
   before any thread. `ready` is called when it listens; may be NULL. */
struct app_serving {
    struct http_hooks hooks;
    void (*ready)(int port);
};
enum err app_serve(struct cx *cx, const struct app_options *o, struct house *house, const struct app_serving *serving);
void app_hold_signals(void);
/* incidents.c: a reply of status 500 or above left because of e. Writes nothing. */
void incidents_note(enum err e);
/* Write down what was noted, now and then, and that the database was away and is back; when that fails it stays noted.
   At the end of a request. */
void incidents_flush(struct cx *cx);
/* metrics.c: what the program as a whole knows, in Prometheus' text format. */
void app_metrics(struct cx *cx, struct buf *b);
