/* A message as it came by e-mail (RFC 5322; MIME: RFC 2045 to 2047, 2183, 2231), read by GMime: who wrote, when, about
   what, the words, what was attached. What comes is foreign: everything here is plain text, clean UTF-8 without control
   characters but LF and tab, and within the limits below. A message in HTML alone is turned into its words; nothing of
   it is ever HTML here. */
#pragma once
#include "base/base.h"

enum {
    EML_MAX_BYTES = 25 << 20,   /* of the message; what is decoded from it together may not be more either */
    EML_MAX_PARTS = 200,        /* parts of any kind; the rest are left out */
    EML_MAX_DEPTH = 20,         /* parts within parts */
    EML_MAX_ATTACHMENTS = 30,   /* the rest are left out */
    EML_MAX_TEXT_BYTES = 200000 /* the words; longer ones are cut */
};

struct eml_attachment {
    struct str name;  /* as the message says, one line of clean text, perhaps empty; not to be used as a path */
    struct str bytes; /* decoded; in cx->arena */
};
struct eml {
    struct str from_name, from_address; /* of the first sender; the name may be empty */
    struct str subject;                 /* one line; may be empty */
    struct str text;                    /* the words; empty: there were none */
    int64_t sent_us;                    /* as the sender's clock said; 0: it did not */
    VEC_OF(struct eml_attachment) attachments;
    bool left_out; /* a limit above took something away */
};

/* Once in the process, before its threads begin. */
void eml_init(void);

/* ERR_SYNTAX: not a message (none without a sender is). ERR_TOO_LARGE. Results in cx->arena. */
enum err eml_parse(struct cx *cx, struct str bytes, struct eml *ret);
