/* A ZIP archive by libarchive, written forwards to a descriptor: never more than a block of a document in memory. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <unistd.h>

#include "takeout_internal.h"

enum { BLOCK = 64 * 1024 };

struct takeout_zip {
    struct cx *cx;
    struct archive *archive;
    locale_t utf8;
    char block[BLOCK];
};

static void zip_free(void *p)
{
    struct takeout_zip *zip = p;
    archive_write_free(zip->archive);
    freelocale(zip->utf8);
}

static enum err zip_fault(struct takeout_zip *zip)
{
    const char *why = archive_error_string(zip->archive);
    return fail(zip->cx, archive_errno(zip->archive) == ENOSPC ? ERR_NO_SPACE : ERR_IO, "writing the archive: %s",
                why ? why : "unknown");
}

enum err takeout_zip_new(struct cx *cx, int fd, struct takeout_zip **ret)
{
    struct takeout_zip *zip = arena_new_of(cx->arena, struct takeout_zip);
    zip->cx = cx;
    zip->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    zip->archive = archive_write_new();
    if (!zip->utf8 || !zip->archive)
        return fail(cx, ERR_INTERNAL, "no archive writer");
    arena_defer(cx->arena, zip_free, zip);
    if (archive_write_set_format_zip(zip->archive) != ARCHIVE_OK ||
        archive_write_open_fd(zip->archive, fd) != ARCHIVE_OK)
        return zip_fault(zip);
    *ret = zip;
    return ERR_OK;
}

static enum err put_data(struct takeout_zip *zip, const struct takeout_entry *entry, struct hash *ret_hash)
{
    struct hash_state h;
    int64_t at = 0;
    hash_init(&h);
    while (at < entry->size) {
        ssize_t n = pread(entry->fd, zip->block, BLOCK, at);
        if (n <= 0)
            return fail(zip->cx, ERR_IO, "reading what goes into the archive: %s",
                        n ? strerror(errno) : "it is shorter than it was");
        hash_update(&h, zip->block, (size_t)n);
        if (archive_write_data(zip->archive, zip->block, (size_t)n) != n)
            return zip_fault(zip);
        at += n;
    }
    *ret_hash = hash_final(&h);
    return ERR_OK;
}

static enum err put_entry(struct takeout_zip *zip, const struct takeout_entry *entry, struct hash *ret_hash)
{
    struct archive_entry *head = archive_entry_new();
    if (!head)
        return fail(zip->cx, ERR_INTERNAL, "no memory for an entry");
    archive_entry_set_pathname(head, str_z(zip->cx->arena, entry->path));
    archive_entry_set_size(head, entry->size);
    archive_entry_set_filetype(head, AE_IFREG);
    archive_entry_set_perm(head, 0644);
    archive_entry_set_mtime(head, entry->at_us / SECOND_US, 0);
    if (entry->packed)
        archive_write_zip_set_compression_store(zip->archive);
    else
        archive_write_zip_set_compression_deflate(zip->archive);
    enum err e = archive_write_header(zip->archive, head) == ARCHIVE_OK ? ERR_OK : zip_fault(zip);
    if (!e)
        e = put_data(zip, entry, ret_hash);
    if (!e && archive_write_finish_entry(zip->archive) != ARCHIVE_OK)
        e = zip_fault(zip);
    archive_entry_free(head);
    return e;
}

enum err takeout_zip_add(struct takeout_zip *zip, const struct takeout_entry *entry, struct hash *ret_hash)
{
    /* libarchive marks names as UTF-8 when the thread's locale is */
    locale_t before = uselocale(zip->utf8);
    enum err e = put_entry(zip, entry, ret_hash);
    uselocale(before);
    return e;
}

enum err takeout_zip_end(struct takeout_zip *zip)
{
    return archive_write_close(zip->archive) == ARCHIVE_OK ? ERR_OK : zip_fault(zip);
}

struct str takeout_name(struct cx *cx, struct str text, size_t max)
{
    struct buf b = buf_make(cx->arena);
    text = text_head(text, max);
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        buf_add_char(&b, c < ' ' || c == 127 || strchr("/\\:*?\"<>|", c) ? '-' : text.p[i]);
    }
    struct str s = str_trim(buf_str(&b));
    while (s.n && (s.p[s.n - 1] == '.' || s.p[s.n - 1] == ' ')) /* Windows drops these */
        s.n--;
    while (s.n && s.p[0] == '.')
        s = str_slice(s, 1, s.n);
    return s.n ? s : S("-");
}
