/* One request to another server (HTTP, RFC 9110), with limits on time, size and where it may go. */
#pragma once
#include "base/base.h"

struct fetch {
    const char *method;        /* NULL: GET, or POST when there is a body */
    struct str url;            /* fetch_good_address, else ERR_CONFIG */
    struct str body;           /* .p NULL: none */
    struct str type;           /* Content-Type of the body; empty: application/x-www-form-urlencoded */
    struct str header;         /* one more, "API-KEY: …"; empty: none. Bytes below blank in it: ERR_CONFIG */
    struct str user, password; /* HTTP Basic (RFC 7617); empty: none */
    int timeout_s;             /* of the whole; half of it for the connection */
    int answer_max;            /* bytes; a longer answer is none */
};

struct fetched {
    int status;      /* any */
    struct str body; /* in cx->arena */
    bool silent;     /* of ERR_UPSTREAM: it did not answer in time */
};

/* ERR_UPSTREAM: no whole answer came; the detail says why and holds nothing of the request but the server's name.
   ERR_STOPPING: in a job, when the program is to end (cx_go_on); the request may have arrived. Not inside a
   transaction: it may take timeout_s. Steps aside meanwhile (cx_aside). */
enum err fetch(struct cx *cx, const struct fetch *f, struct fetched *ret);

/* An address we would send a person, a secret or a name to: https, or http to our own machine (tests). */
bool fetch_good_address(struct str url);
