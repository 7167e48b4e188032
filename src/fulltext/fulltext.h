/* The words inside documents, so that a document is found by them. Read in the background by what a file is (its
   content tells), and kept as terms of search/: kind FULLTEXT, ref the user_id of the file. See README.md.

   Who may find something by these words is for the noun to say: only who may fetch the file itself. */
#pragma once
#include "base/base.h"
#include "files/files.h"
#include "jobs/jobs.h"
#include "search/search.h"

#define FULLTEXT "document"
enum {
    FULLTEXT_TERMS_MAX = 2000,       /* different terms of a document; the first that come */
    FULLTEXT_TEXT_MAX = 1 << 20,     /* bytes of text that are looked at */
    FULLTEXT_SOURCE_MAX = 16 << 20,  /* bytes of a file that is not PDF or plain text: a larger one is not read */
    FULLTEXT_TRIES = 3,              /* a file that could not be read to its end so often is left alone */
    FULLTEXT_CHILD_S = 20,           /* pdftotext: seconds, of the processor and of the clock */
    FULLTEXT_CHILD_BYTES = 512 << 20 /* and of address space */
};

/* Inside db_write, in the place of files_keep and files_drop for files that are documents: from now on
   user_kind/user_id uses the file, and its words are to be read; it does no more, and they are gone in the same
   transaction. A user has one file. Errors of files_keep. */
enum err fulltext_keep(struct cx *cx, const struct file_ref *ref, struct str user_kind, int64_t user_id);
enum err fulltext_drop(struct cx *cx, struct str user_kind, int64_t user_id);

/* The text of a file: plain text (UTF-8), HTML, XML, e-mail, PDF (by pdftotext), OpenDocument text and Office Open XML
   text. Empty: of another kind, or there is none in it. At most FULLTEXT_TEXT_MAX bytes, in cx->arena. Identity numbers
   are not in it. fd: from its beginning; its position is moved. ERR_SYNTAX, ERR_TOO_LARGE: damaged, locked, or over a
   limit (the detail says nothing of its content). ERR_CONFIG: pdftotext is not installed. ERR_IO. */
enum err fulltext_text(struct cx *cx, int fd, struct str *ret);

/* Can PDF be read here? ERR_CONFIG: what to install. */
enum err fulltext_probe(struct cx *cx);

/* How many documents wait. */
enum err fulltext_waiting(struct cx *cx, int64_t *ret);

enum err fulltext_job(struct cx *cx, struct job *job);
#define FULLTEXT_JOB "fulltext_read"
#define FULLTEXT_JOB_KIND \
    { \
        .name = FULLTEXT_JOB, .fn = fulltext_job, .lease_s = 120, .max_parallel = 1, .gentle = true \
    }
