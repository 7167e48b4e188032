/* The text of formats that are XML in a ZIP container: OpenDocument (ISO 26300) and Office Open XML (ISO 29500).
   Nothing but the one part is unpacked, and of it no more than may be read. */
#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "codec/plain.h"
#include "fulltext/fulltext_internal.h"

enum { ENTRIES_MAX = 2000 };

static void free_archive(void *p)
{
    archive_read_free(p);
}

/* ERR_SYNTAX: no such part. */
static enum err find_part(struct cx *cx, struct archive *a, const char *part)
{
    struct archive_entry *entry;
    for (int i = 0; i < ENTRIES_MAX && archive_read_next_header(a, &entry) == ARCHIVE_OK; i++) {
        const char *name = archive_entry_pathname(entry);
        if (name && !strcmp(name, part))
            return ERR_OK;
    }
    return fail(cx, ERR_SYNTAX, "a container without %s, or a damaged one", part);
}

static enum err unpack(struct cx *cx, struct archive *a, struct buf *b)
{
    enum { BLOCK = 64 * 1024 };
    for (;;) {
        la_ssize_t n = archive_read_data(a, buf_reserve(b, BLOCK), BLOCK);
        if (n < 0)
            return fail(cx, ERR_SYNTAX, "a damaged or locked container");
        if (!n)
            return ERR_OK;
        b->n += (size_t)n;
        if (b->n > PLAIN_XML_MAX)
            return fail(cx, ERR_TOO_LARGE, "a container whose text unpacks to more than %d bytes", PLAIN_XML_MAX);
    }
}

enum err fulltext_zip(struct cx *cx, struct str bytes, const char *part, struct str *ret)
{
    /* A word may be cut in several runs for its looks; these elements end it (local names of both formats). */
    static const char *const ends[] = {"p",          "h",  "s",          "tab",       "br", "cr",
                                       "line-break", "tc", "table-cell", "list-item", NULL};
    struct buf b = buf_make(cx->arena);
    struct archive *a = archive_read_new();
    if (!a)
        return fail(cx, ERR_INTERNAL, "no archive reader");
    arena_defer(cx->arena, free_archive, a);
    if (archive_read_support_format_zip_seekable(a) != ARCHIVE_OK ||
        archive_read_open_memory(a, bytes.p, bytes.n) != ARCHIVE_OK)
        return fail(cx, ERR_SYNTAX, "a damaged container");
    enum err e = find_part(cx, a, part);
    if (!e)
        e = unpack(cx, a, &b);
    return e ? e : plain_of_xml(cx, buf_str(&b), ends, FULLTEXT_TEXT_MAX, ret);
}
