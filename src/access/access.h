/* Who saw what about whom, in what role, for what purpose: GDPR article 5(2), 15 and 32; the access log of the
   citizen's page. "No log, no read": a page with personal data does not leave before its rows are committed. Rows are
   sealed in signed batches, so that a changed, lost or invented row is found (docs/why/access-log.md). */
#pragma once
#include "base/base.h"
#include "i18n/i18n.h"

/* One look at one person's data. Text is borrowed until access_commit (normally of cx->arena or literals). */
struct access_entry {
    int64_t subject_party_id; /* whose data */
    int64_t casefile_id;      /* 0: not in a case */
    struct str casefile_no;
    struct str kind;        /* what was seen: "casefile", "letter", "list", "search", "document", "person", "draft",
                               "reuse" */
    struct str purpose;     /* why, in words a citizen understands: access_purpose, or what somebody wrote */
    struct str legal_basis; /* may be empty */
    bool refused;           /* the asker was not let in; nothing was shown */
    int64_t by_itself_for;  /* unit: nobody looked, the program used the data by itself in a service of this unit; noted
                               also when it is the person who asked for that. 0: cx->who looked */
    unsigned roles;         /* the enum role it was done in, when one of several; 0: the viewer's own, without those of
                               oversight (ROLE_ADVISER, ROLE_DPO), which always name themselves */
};

/* A purpose as the log keeps it: in the house's first language. */
struct str access_purpose(const struct cx *cx, enum text key);
enum lang access_house_lang(const struct cx *cx);
/* … and as its reader reads it: a text of the program or of a service in cx->lang, whatever language it was kept in;
   what somebody wrote as it was written, with the code of the house's language where that is not cx->lang (WCAG 2.2,
   3.1.2), else lang is empty. */
struct access_words {
    struct str text, lang;
};
struct access_words access_purpose_words(struct cx *cx, struct str kept);
/* What knows the services' purposes: kept in any language -> in cx->lang; empty: none of them. Set once, in
   app/modules.c. */
typedef struct str (*access_words_fn)(struct cx *cx, struct str kept);
void access_words_hook(access_words_fn fn);

/* Gather a view; nothing is written yet. Rows are for employees, and for persons who see somebody else's data (a
   mandate); a person's own data and the program's own jobs leave none. Notes that differ only in the subject become one
   view with many subjects: a list of 50 names is one row. The same note twice counts once. Not inside a write function:
   that may run again, on an arena that was reset. */
void access_note(struct cx *cx, const struct access_entry *e);

/* Write what was gathered, in one db_write_log; nothing gathered: no work. http calls it before the first byte of a
   reply leaves, also when the handler failed (a refusal is a row too). When it fails, the reply must not leave. */
enum err access_commit(struct cx *cx);

/* How many views wait for access_commit. */
size_t access_waiting(const struct cx *cx);

/* Hide entries about a person until a date, with the reason that the law gives (child welfare, a protected address, an
   investigation). The citizen sees that entries can be withheld by law, not which. Inside db_write_log. */
struct access_withholding {
    int64_t subject_party_id;
    int64_t casefile_id; /* 0: all entries about the person */
    struct str legal_basis;
    int64_t until_us; /* must be after cx->now_us: ERR_INVALID */
};
enum err access_withhold(struct cx *cx, const struct access_withholding *w, int64_t *ret_id);

/* What cx->who, a person, may read of who has seen her data, newest first, in words: a page of `max` or somewhat more.
   `before`: 0, or access_looks.older of the page before. Whatever is noted or sealed meanwhile, no look is on two
   pages, and none that was there at the first is on neither. ERR_FORBIDDEN: not a person. */
struct access_look {
    int64_t at_us;
    struct str unit, role, name, what, casefile_no, purpose,
        legal_basis; /* name: of a person; of an employee only where the municipality says so */
    bool refused;
};
struct access_looks {
    VEC_OF(struct access_look) rows;
    int64_t older; /* where the next page begins; 0: that was all */
};
enum err access_own(struct cx *cx, int64_t before, size_t max, struct access_looks *ret);

/* Lawful erasure of one subject from the log (retention is over): the rows lose their content, the seals keep
   verifying. The erasure itself is a sealed row with its basis. Erases views older than before_us, sealed or not.
   Inside db_write_log; nothing is sealed until that has ended. */
enum err access_erase(struct cx *cx, int64_t subject_party_id, int64_t before_us, struct str legal_basis);

/* The same for all that was seen of a person in one case that has been erased, or (casefile_id 0) for all there is of a
   person who has been forgotten; with what was withheld of it. */
enum err access_forget(struct cx *cx, int64_t subject_party_id, int64_t casefile_id, struct str legal_basis);

/* ---- oversight: the log itself, for the data protection officer. Each is noted as a view of its own, about nobody.
   ERR_FORBIDDEN: not ROLE_DPO. ---- */

/* Ways of looking that ask for a question. */
enum access_pattern {
    ACCESS_ALL,
    ACCESS_REFUSED,      /* was not let in */
    ACCESS_OUTSIDE_WORK, /* before 6, after 20, or on a day off */
    ACCESS_OWN_NAME,     /* somebody with the same family name, or the employee: not in lists, which nobody chose */
};
struct access_log_query {
    int64_t from_us, until_us;    /* looks in this time */
    int64_t employee_id, unit_id; /* 0: all */
    enum access_pattern pattern;
    int64_t before; /* access_log.next of the page before; 0: the newest */
    size_t max;     /* rows of a page, at most 500 */
};
struct access_log_row {
    int64_t at_us;
    struct str employee, unit, kind, purpose, legal_basis, casefile_no;
    unsigned roles;
    bool refused, own_name;
    int64_t persons; /* how many it was about; never who */
};
struct access_log {
    VEC_OF(struct access_log_row) rows;
    int64_t next; /* 0: that was all */
};
enum err access_log(struct cx *cx, const struct access_log_query *q, struct access_log *ret);

struct access_withheld_row {
    int64_t id, until_us, decided_us;
    struct str casefile_no; /* empty: in all cases of a person */
    struct str legal_basis, by;
    bool mine;
};
struct access_withheld {
    VEC_OF(struct access_withheld_row) rows;
};
/* Entries that are withheld, or were within a year: all for ROLE_DPO, else those cx->who decided. */
enum err access_withheld(struct cx *cx, struct access_withheld *ret);
/* They are shown again from now on: by who decided it, or ROLE_DPO. Inside db_write_log. ERR_NOT_FOUND. */
enum err access_withhold_end(struct cx *cx, int64_t id);

struct access_event {
    int64_t at_us, n;
    struct str by, unit, legal_basis, casefile_no;
};
struct access_events {
    VEC_OF(struct access_event) rows;
};
/* Lawful erasures of the log, newest first: n entries each. */
enum err access_erasures(struct cx *cx, int64_t since_us, struct access_events *ret);
/* Whole cases that employees gave out as files. */
enum err access_exports(struct cx *cx, int64_t since_us, struct access_events *ret);

/* Seal what is not sealed yet, write the index by person of it, and export the heads of the day to DATA/seals/. Under a
   lock: several processes may call it. A job, every minute. */
enum err access_seal(struct cx *cx);

/* The open window: how many rows have no seal yet, and since when (0: none). */
struct access_window {
    int64_t unsealed, oldest_us;
};
enum err access_window(struct cx *cx, struct access_window *ret);

/* Recompute everything. Returns OK when it could look; what it found is in the report. */
struct access_report {
    int64_t batches, sealed, erased;      /* whole batches and rows seen; rows erased lawfully */
    int64_t unsealed, oldest_unsealed_us; /* the open window: rows without a seal, and since when (0: none) */
    int64_t faults;                       /* 0: whole */
    struct str first_fault;               /* which batch or row, and what is wrong; English */
};
enum err access_verify(struct cx *cx, struct access_report *ret);

/* The party room is above this one: it says what a person is called, for "who has seen my data" when it was a person.
   Registered once at start, in app/modules.c. */
typedef enum err (*access_person_fn)(struct cx *cx, int64_t party_id, struct str *ret_name);
void access_person_hook(access_person_fn fn);

struct http_module;
extern const struct http_module access_module; /* /access */
