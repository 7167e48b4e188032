/* The catalogue: what the municipality offers. A service is a folder of plain files (docs/service-folder.md);
   publishing stores the whole folder as an immutable version, and drafts, cases and decisions point to the version they
   were made under. */
#pragma once
#include "base/base.h"
#include "codec/codec.h"
#include "municipality/municipality.h"

struct catalogue;
struct form;
struct rules;
struct http_module;

enum service_apply {
    SERVICE_INFORMATION, /* `form: none`: only told about, with links to where it is done */
    SERVICE_PERSON,      /* a person who has logged in */
    SERVICE_ANONYMOUS,   /* anyone, also without a name; a person may log in first */
};

struct service_law {
    struct str key; /* "sel112" */
    struct str ref; /* "serviceloven § 112", as it stands in letters */
    struct str url; /* empty: none */
    bool example;   /* not checked by a lawyer: pages and letters may say so */
};

/* A purpose of another service whose answers may be used again for this one, and the law that allows it (GDPR article
   5(1)(b) and 6(4)). */
struct service_compatible {
    struct str purpose; /* "lette-hjaelpemidler/handle" */
    struct str law;     /* key of a service_law */
};

/* Why data is asked for. Every field of form.yaml names one. */
struct service_purpose {
    struct str key;    /* "identify" */
    struct words text; /* "Vi skal vide, hvem du er, …": stands at the field */
    struct str law;    /* key of a service_law */
    struct str gdpr;   /* "6(1)(e)", "9(2)(h)" */
    VEC_OF(struct service_compatible) compatible;
};

/* What may be decided of one line or of the whole. A person's choices; the words are the service's. */
enum service_outcome { OUTCOME_GRANTED, OUTCOME_PARTLY, OUTCOME_REFUSED, OUTCOME_OTHER, OUTCOME_COUNT };

/* How a case ended, for a retention rule of its own. */
enum service_ending {
    ENDING_GRANTED,
    ENDING_PARTLY,
    ENDING_REFUSED,
    ENDING_WITHDRAWN, /* by the party */
    ENDING_ANSWERED,  /* without a decision */
    ENDING_COUNT
};

struct service_letter {
    struct str key;               /* file name without language: "granted", "refused", "question" … */
    enum service_outcome outcome; /* by the key: granted, partly, refused; else OTHER */
    enum lang lang;
    struct str title;    /* the first heading */
    struct str markdown; /* without that heading */
    struct str file;     /* "letters/refused.da.md" */
};

struct service_link {
    struct words name;
    struct str url; /* https://… or a path of our own */
};

/* An application that somebody else must sign too (`cosign` of service.yaml). */
enum service_cosigner {
    COSIGN_NONE,
    COSIGN_CUSTODY,      /* the others who have custody of the child that the field names, by the register */
    COSIGN_SPOUSE,       /* the spouse, by the register; nobody when there is none */
    COSIGN_PERSON,       /* the person whose identity number the field asks; nobody when it was not asked */
    COSIGN_ORGANISATION, /* one who may sign for the organisation that the field names, by the register */
    COSIGNER_COUNT
};
struct service_cosign {
    enum service_cosigner by;
    struct str field; /* id of a field of form.yaml; empty for a spouse */
    struct str law;   /* key of the law that asks for it */
    int days;         /* so many days to sign in; the last one whole */
    bool
        counts_when_all; /* the application counts, and the deadline runs, from the last signature: else from sending */
    bool falls;          /* when one says no, or the days have passed, the application falls away: else a person decides
                            what becomes of it */
};

struct service_file {
    struct str path; /* inside the folder, with '/': "letters/granted.da.md" */
    struct str text;
};

struct service_version {
    int64_t id; /* 0: loaded for checking, not published */
    struct str key;
    struct str folder;  /* where it was read from, as problems name it: "services/x" */
    struct hash hash;   /* of all files */
    unsigned languages; /* bits 1 << LANG_x that every text must have; stored ones: 0, as languages are added later */
    int64_t published_us;
    day_t valid_from, valid_until; /* valid_until 0: no end. First and last day on which it may be applied for */
    int ceiling;                   /* so many applications at most from valid_from on (0: no ceiling) */
    struct words closed;           /* Markdown: what one who comes too early or too late can do; may be empty */
    struct words name, summary;    /* a line or two for lists */
    struct words guidance;         /* Markdown: what it is */
    struct words audience;         /* Markdown: for whom */
    struct words process;          /* Markdown: what happens after one has applied */
    struct words data_use;         /* Markdown: what happens with your data */
    struct words offline;          /* Markdown: how to get it without a computer */
    struct words keywords;         /* more words to be found by, parted by commas */
    struct words duration;         /* "10 arbejdsdage"; made from the deadline when not given */
    struct str unit_key;
    VEC_OF(struct str) situations;
    VEC_OF(struct service_link) links;
    enum service_apply apply;
    enum assurance assurance;  /* needed to apply; NONE for anonymous */
    int deadline_working_days; /* 0: none promised */
    int draft_days;            /* an unsent draft is deleted after so many days without change */
    struct str classification; /* KLE or K-kode */
    bool classification_example;
    struct str case_title; /* "Lette hjælpemidler": public title of the case file, first language, no personal data */
    bool screened;         /* correspondents are shielded in the public journal: unless `screening: none` */
    struct str access_basis;            /* by which law; empty: the house's own words */
    int retention_years;                /* after the case file is closed */
    bool retention_keep;                /* kept for ever (delivered to the archive) */
    struct str retention_basis;         /* law key or text */
    int retention_ending[ENDING_COUNT]; /* years for cases that ended so; 0: as the others; below 0: kept for ever */
    VEC_OF(struct service_law) laws;
    VEC_OF(struct service_purpose) purposes;
    struct str decision_law;   /* key of the law decisions are made under; in letters as {{legal_basis}} */
    struct str access_purpose; /* key of the purpose an employee's look at a case has by itself */
    struct str lines;          /* the choice field whose options are decided one by one; empty: one line, the whole */
    struct service_cosign cosign;
    struct words appeal_body; /* where its decisions are appealed; empty: the country's body */
    int appeal_days;          /* calendar days to appeal in; 0: as in the country */
    bool decides;             /* a case ends in a decision that can be appealed; ris og ros: false */
    VEC_OF(struct service_letter) letters;
    VEC_OF(struct service_file) files;
    const struct yaml *form_yaml;  /* parsed form.yaml; NULL: no form */
    const struct form *form;       /* compiled by the form room (service_part); NULL: no form */
    const struct yaml *rules_yaml; /* `rules` of service.yaml; NULL: only people decide */
    const struct rules *rules;     /* compiled by the decision room (service_part); NULL: none, or they had faults */
    bool asks_household;           /* income, children, single are fetched from the registers for it */
};

/* ---- parts of a folder that higher rooms understand; registered once in app/modules.c before anything is loaded ----
 */
struct service_part {
    const char *name;
    /* Compile its part of the version and check it, adding faults to ps. All memory from `a`. */
    enum err (*load)(struct cx *cx, struct arena *a, struct service_version *version, struct problems *ps);
    /* Fill in one example and compare (struct service_example's answers); faults go to ps. May be NULL. */
    enum err (*try_example)(struct cx *cx, const struct service_version *version, const struct yaml *example,
                            struct problems *ps);
};
void service_parts_register(const struct service_part *const *parts, size_t n);

/* ---- folders ---- */

/* Read and compile DIR (services/x) without publishing. Every fault is added to ps; the parts see the version even when
   there were faults, so that all are found in one run. *ret is written when there was none. Everything comes from `a`.
   ERR_CONFIG, ERR_IO. */
enum err service_load_folder(struct cx *cx, struct arena *a, struct str dir, struct problems *ps,
                             struct service_version **ret);
/* The same of files in memory (database, tests, fuzzing). `name` stands before the file names in problems. */
enum err service_load_files(struct cx *cx, struct arena *a, struct str name, const struct service_file *files, size_t n,
                            struct problems *ps, struct service_version **ret);
/* Check DIR: one service, a folder of services, or the municipality's own folder. cx->muni may be NULL (units are then
   not checked against it). */
enum err service_check(struct cx *cx, struct str dir, struct problems *ps, size_t *ret_services);
/* Run the examples of DIR (as service_check takes it). */
enum err service_try(struct cx *cx, struct str dir, struct problems *ps, size_t *ret_examples);
/* The service folders that DIR means: itself when it is one, else those directly below it, sorted. In cx->arena. */
enum err service_folders(struct cx *cx, struct str dir, struct str **ret, size_t *ret_n);

/* ---- what a new version changes, in words ---- */

/* One change: under which heading, and a sentence in cx->lang. */
struct service_change {
    struct str part, text;
};
struct service_changes {
    VEC_OF(struct service_change) rows;
};
/* What `after` changes against `before` for a person who knows the service and no YAML: texts in each language,
   questions, options, conditions, rules, deadlines, retention, letters; in the order of the folder. Both are whole (as
   service_load_folder and service_version_by_id give them). ERR_SYNTAX: a file cannot be read. */
enum err service_diff(struct cx *cx, const struct service_version *before, const struct service_version *after,
                      struct service_changes *ret);

/* ---- publishing and the catalogue ---- */

/* Publish every folder below DIR whose content is not the current version yet; unchanged folders cost a read. Its own
   db_writes. ERR_CONFIG with the first fault; then nothing was published. */
enum err service_publish(struct cx *cx, struct str dir, size_t *ret_published);

/* The catalogue of the process: load all current versions from the database into *ret and set cx->services to it. Safe
   from any thread; older versions are loaded when they are first asked for. */
enum err service_catalogue_open(struct cx *cx, struct catalogue **ret);
void service_catalogue_close(struct catalogue *catalogue);
/* Look at the database again (another process may have published); cheap when nothing changed. */
enum err service_catalogue_refresh(struct cx *cx);
/* Refresh when the last look is older than a second: so long another process's publication may be unseen. For the
   beginning of a request. Failing to look is no failure: what is known stays. */
void service_catalogue_keep_fresh(struct cx *cx);
/* An empty catalogue, and one more version in it, for tests of rooms above. */
struct catalogue *service_catalogue_test(void);
void service_catalogue_test_add(struct catalogue *catalogue, struct service_version *version);

/* The version that may be applied for today; NULL when there is none of that key, or it is not valid today. Lives as
   long as the process. */
const struct service_version *service_current(struct cx *cx, struct str key);
/* The current version, also when it may not be applied for today; NULL when there is none or it was withdrawn. */
const struct service_version *service_latest(struct cx *cx, struct str key);
enum service_opening { SERVICE_OPEN, SERVICE_NOT_YET, SERVICE_OVER };
/* May it be applied for today, by its first and last day? */
enum service_opening service_opening(const struct cx *cx, const struct service_version *v);
/* "Du kan søge fra 1. marts 2026." and the like in cx->lang; empty when it is open. */
struct str service_opening_words(struct cx *cx, const struct service_version *v);
/* What a room above knows of why a service cannot be applied for now: its days, and whether as many as there can be
   have applied. Registered once, in app/modules.c; without it only the days count. */
typedef enum err (*service_shut_fn)(struct cx *cx, const struct service_version *v, struct str *ret_words);
void service_shut_hook(service_shut_fn fn);

/* Any published version; NULL when there is none. May read the database the first time. */
const struct service_version *service_version_by_id(struct cx *cx, int64_t id);
/* All that are current, sorted by name in cx->lang. In cx->arena. */
struct service_list {
    VEC_OF(const struct service_version *) rows;
};
struct service_list service_list(struct cx *cx);
/* Those that hold every word of `query` (folded: "odegard" finds Ødegård), best first, at most `max`. */
struct service_list service_search(struct cx *cx, struct str query, size_t max);

/* The rule for a case that ended so, as the archive writes it: "keep" or "years:5". ENDING_COUNT: has not ended yet. */
struct str service_retention(struct cx *cx, const struct service_version *v, enum service_ending ending);

const struct service_law *service_law(const struct service_version *v, struct str key);
const struct service_purpose *service_purpose(const struct service_version *v, struct str key);
/* Where and by when a decision of this service is appealed: what its folder says, else what the country's law does. The
   first two in cx->lang: "Ankestyrelsen"; "4 uger". The last day of an appeal of what arrived on `arrived`, moved on to
   a working day. v NULL: a version that is gone. */
struct words service_appeal_body(struct cx *cx, const struct service_version *v);
struct str service_appeal_term(struct cx *cx, const struct service_version *v);
day_t service_appeal_deadline(struct cx *cx, const struct service_version *v, day_t arrived);
/* Does it ask for data of GDPR articles 9 and 10 (health, beliefs, offences)? Then its very name beside a name tells.
 */
bool service_is_sensitive(const struct service_version *v);
/* A purpose of a service that is published, kept in whatever language, alone or behind the service's name ("Parkering.
   Vi …"): in cx->lang, in cx->arena. Empty: it is none (any more). */
struct str service_purpose_in(struct cx *cx, struct str kept);
/* May answers that `service` asked for under its purpose `key` be used again for `p`? The entry that says so, with its
   law; NULL: no. */
const struct service_compatible *service_compatible(const struct service_purpose *p, struct str service,
                                                    struct str key);
const struct service_file *service_file(const struct service_version *v, struct str path);
/* The letter of that key in that language; NULL when there is none. */
const struct service_letter *service_letter(const struct service_version *v, struct str key, enum lang lang);

extern const struct http_module service_module; /* / and /service, /service/{key} */
