/* The classes of the archive from their publisher's file: KLE (KL's Emnesystematik) in Denmark, which is not shipped.
   A class that is there keeps its systemID and gets its title; none is taken away, because case files lie in it. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "db/db.h"

struct classes_counts {
    int64_t added, renamed, unchanged;
    int64_t expired; /* left out: taken out of use by their publisher, and not here */
};

/* Reads KLE's XML (KLE-Emneplan: Hovedgruppe, Gruppe, Emne) as a stream from fd into the open series: subjects
   ("27.60.10") become classes. One transaction. ERR_SYNTAX with line: not such a file, or a number or title is missing;
   nothing was changed then. ERR_CONFIG: there is no archive yet. */
enum err classes_import_kle(struct cx *cx, int fd, struct classes_counts *ret);
