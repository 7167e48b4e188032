/* Post that comes in: a letter that was scanned, or an e-mail that was saved (.eml). It waits in a unit until an
   employee registers it in a case file, old or new, passes it on to the unit it belongs to, or throws it away. From
   then on the record has it (record.h, Noark 5 journal post type I), and here only a trace stays.

   Who: employees with ROLE_CASEWORKER, ROLE_LEADER or ROLE_COUNTER, for post of their own units. Whom it is about
   nobody knows before it is registered; that it was looked at is in the access log all the same (kind "post"). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "auth/auth.h"
#include "base/base.h"
#include "casefile/casefile.h"
#include "files/files.h"

enum { POST_FILES_MAX = 30, POST_FILE_BYTES = 20 << 20, POST_TITLE_MAX = 200, POST_LIST_MAX = 200 };
/* Post that came longer ago than this is more likely a mistyped year. */
enum { POST_DAYS_MAX = 2 * 366 };

/* Who handles post. A unit without any of them is given none. */
#define POST_ROLES (ROLE_CASEWORKER | ROLE_LEADER | ROLE_COUNTER)

/* May cx->who handle post, and (unit_id not 0) that of this unit? ERR_FORBIDDEN (law 7). */
enum err post_may(struct cx *cx, int64_t unit_id);

/* What a browser sent. Believed is its content alone: PDF, JPG, PNG, or an e-mail. */
struct post_upload {
    struct str name, bytes;
};
/* One letter as one or several files, or one e-mail as one .eml file. `once`: of the page that was sent (rand_id); the
   same again gives the same post. Errors: ERR_FORBIDDEN; ERR_INVALID, field "file": none, empty, of another kind, too
   many, an e-mail with more beside it; ERR_SYNTAX, field "file": a .eml that is none; ERR_TOO_LARGE, field "file". */
enum err post_put(struct cx *cx, int64_t once, const struct post_upload *files, size_t n, int64_t *ret_id);

struct post_file {
    int64_t number;
    struct str name, mime;
    struct hash hash;
    int64_t size;
};
struct post {
    int64_t id, version;
    enum channel channel; /* CHANNEL_LETTER or CHANNEL_EMAIL */
    bool registered;
    int64_t casefile_id; /* when registered */
    int64_t unit_id;
    struct str unit_name;
    struct str sender, address, subject, words; /* of an e-mail, as it says: a proposal, never a proof */
    struct str note;                            /* why another unit passed it on */
    struct opt_int sent_us;
    int64_t put_us;
    struct str put_by;
    VEC_OF(struct post_file) files;
};
/* Notes the access. ERR_NOT_FOUND; ERR_FORBIDDEN: of another unit. What has been registered is opened by anyone of the
   unit as a trace without content. */
enum err post_open(struct cx *cx, int64_t id, struct post *ret);

struct post_row {
    int64_t id;
    enum channel channel;
    struct str unit_name, title, sender, put_by; /* title: the subject, else the name of the first file */
    int64_t put_us;
};
struct post_rows {
    VEC_OF(struct post_row) rows;
};
/* What waits in one's units, the oldest first; at most POST_LIST_MAX. Notes the access when there is something. */
enum err post_waiting(struct cx *cx, struct post_rows *ret);

/* ---- registering ---- */

enum post_from {
    POST_FROM_PARTY = 1, /* the party of the case file */
    POST_FROM_IDNO,      /* a person, by the full identity number */
    POST_FROM_OTHER      /* somebody who is no party: a name, as it stands on the letter */
};
struct post_registration {
    int64_t version; /* of the post, as shown (law 2) */
    bool new_case;   /* else the case file of that number */
    struct str no;
    bool appeal;     /* in an old case: an appeal of its decision */
    int64_t answers; /* in an old case: the question or hearing it answers; 0: none */
    struct str service_key;
    enum post_from from;
    struct str idno, name;
    struct str title; /* of the document, for the journal: without identity numbers */
    day_t written;    /* date of the document */
    day_t arrived;    /* when it reached us: the deadline of a new case counts from here */
};
struct post_receipt {
    int64_t casefile_id;
    struct str no, title, unit_name;
    struct opt_int deadline_us;
    bool may_see; /* the asker may open the case file */
};
/* All of it in one transaction, once: a second call finds it registered and is no fault. The case file that is named
   must be one the employee may see and work on (law 7). An identity number may be used by ROLE_COUNTER for every
   service, and by a caseworker or leader for a new case of a service of their own unit: whoever uses one is in the
   access log with it, and nobody registers their own post (party_is_own). Errors: ERR_FORBIDDEN; ERR_NOT_FOUND, field
   "no"; ERR_CONFLICT (law 2; or, with field "no", the case file's state does not allow it); ERR_INVALID with one of the
   fields "no" "answers" "service" "from" "idno" "name" "title" "written" "arrived"; ERR_UPSTREAM of the register. */
enum err post_register(struct cx *cx, int64_t id, const struct post_registration *registration);
/* What the case file of that number has asked its party and waits for: the registration may name one (`answers`). Notes
   the access. Errors with field "no", as post_register. */
enum err post_asks(struct cx *cx, const struct post_registration *registration, struct casefile_asks *ret);
/* Where it went. ERR_NOT_FOUND: it waits still. */
enum err post_receipt(struct cx *cx, int64_t id, struct post_receipt *ret);

/* To the unit it belongs to, with a word why. ERR_INVALID, field "unit" or "note". ERR_CONFLICT. */
enum err post_pass_on(struct cx *cx, int64_t id, int64_t version, int64_t unit_id, struct str note);
/* Not for us, or put twice: nothing of it stays. ERR_CONFLICT. */
enum err post_discard(struct cx *cx, int64_t id, int64_t version);
