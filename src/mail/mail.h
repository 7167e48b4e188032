/* E-mail out. Nothing is sent while a citizen waits: mail_queue adds a job (the outbox) to the transaction that has the
   news, and the job sends it. E-mail carries no content of a case, only that there is news (identity-and-messages);
   but for the reply to one who gave no name and asked for it by e-mail: it is what anybody would be told. */
#pragma once
#include "base/base.h"
#include "jobs/jobs.h"

struct mail; /* the way out; cx->mail */

struct mail_config {
    struct str url;       /* "smtp://host:25", "smtps://host:465"; or "dir:/path": one .eml file each (demo, tests) */
    struct str from;      /* address only: "ingen-svar@…" */
    struct str from_name; /* "Fjordby Kommune" */
    struct str user, password; /* empty: no login */
    bool require_tls;          /* smtp://: STARTTLS or nothing */
    struct str ca_file;        /* empty: the system's */
    int timeout_s;             /* connect and whole transfer; 0: 30 */
};
/* Checks the addresses and makes the folder; everything is copied into cx->arena, which must outlive it.
   ERR_CONFIG, ERR_IO. Set cx->mail to the result before jobs_new. */
enum err mail_open(struct cx *cx, const struct mail_config *config, struct mail **ret);

struct mail_new {
    struct str to;      /* one address; no name, no comment */
    struct str subject; /* one line of UTF-8 */
    struct str text;    /* UTF-8, LF; sent as text/plain quoted-printable */
    struct str key;     /* idempotency; also makes the Message-ID */
    enum lang lang;     /* Content-Language */
};
/* Inside a db_write: the outbox. A second call with the same key sends nothing more. ERR_INVALID for an address that
   mail_address_ok refuses or a subject with line breaks. */
enum err mail_queue(struct cx *cx, const struct mail_new *mail);

/* Send it now: for a job of another room, which must know how it ended. `at_us`: when it was written. OK: the server
   has it. ERR_INVALID: it says that there is no such recipient. ERR_CONFIG, ERR_UPSTREAM, ERR_IO: later perhaps.
   ERR_STOPPING (cx_go_on): nothing of it has been given to the server. */
enum err mail_send(struct cx *cx, const struct mail_new *mail, int64_t at_us);

/* The part of RFC 5321 that real addresses use: local@domain, ASCII, dots and hyphens in their places, at most 254
   bytes. No blanks, quotes, comments, angle brackets or control characters: nothing that could add a header or a
   recipient. */
bool mail_address_ok(struct str address);

/* The whole message (RFC 5322, 2045, 2047), CRLF, no line over 78 bytes of ours. Message-ID is made of key and the
   sender's domain, so that a receiver who gets it twice can tell. Pure. */
struct str mail_message(struct cx *cx, const struct mail_config *config, const struct mail_new *mail, int64_t date_us);

/* The answer when the recipient was named (RCPT TO); zeros: none. */
struct mail_answer {
    int status;          /* 550 */
    bool enhanced;       /* it gave a status as of RFC 3463, of the class of `status`: */
    int subject, detail; /* "5.1.1": 1 and 1 */
};
/* One more line of it, whatever bytes. Pure. */
void mail_answer_add(struct mail_answer *answer, struct str line);
/* Does it say that the address itself does not exist: 5.1.x, but not of the sender? All else, "relay access denied" and
   a bare 550 above all, may be a server that is set up wrongly for an hour. Pure. */
bool mail_answer_final(const struct mail_answer *answer);

/* What this process has sent, and tries that failed, since it began. Zeros without a way out. */
struct mail_numbers {
    int64_t sent, failed;
};
struct mail_numbers mail_numbers(const struct mail *mail);
/* Can it send now: speak to the server as far as a login goes, or write into the folder? OK; CONFIG: there is no way
   out; UPSTREAM or IO with the reason. Waits for at most 10 s. */
enum err mail_probe(struct cx *cx);

/* For the table in app/modules.c. A mailbox that the server does not know ends the job at once (dead). */
enum err mail_job(struct cx *cx, struct job *job);
#define MAIL_JOB_KIND \
    { \
        .name = "mail", .fn = mail_job, .max_attempts = 72, .lease_s = 180, .max_parallel = 2 \
    }
