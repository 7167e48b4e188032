/* Inside src/files only: where things lie on disk. */
#pragma once
#include "files.h"

enum { FILES_MAGIC = 0x46494c45, PATH_CHARS = 2 + 1 + 62 + 1 };

struct files {
    unsigned magic;
    int dir;       /* DIR/files */
    char *scanner; /* path of clamd's socket; NULL: none */
};

/* Where files are written before they get their place; hidden, so that a backup leaves it out. */
#define FILES_TMP ".tmp"

/* "ab/cdef…", relative to DIR/files. */
void files_path(struct hash hash, char ret[PATH_CHARS]);
/* IO or NO_SPACE by errno. */
enum err files_fault(struct cx *cx, const char *what);
enum err files_fsync_dir(struct cx *cx, int dir, const char *name);
/* What an answer of clamd to INSTREAM means; UNSCANNED: any but the two it gives. */
enum files_scanned files_scan_verdict(struct str said);
