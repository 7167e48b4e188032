/* Which documents have words, and what those words are. */
#include "fulltext/fulltext_internal.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/eml.h"
#include "codec/filetype.h"
#include "codec/idno.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "db/db.h"
#include "fulltext_store.h"

/* ---- whose files are documents ---- */

enum err fulltext_keep(struct cx *cx, const struct file_ref *ref, struct str user_kind, int64_t user_id)
{
    enum err e = files_keep(cx, ref, user_kind, user_id);
    return e ? e : q_fulltext_wait_add(cx, user_kind, user_id, ref->hash, cx->now_us);
}

/* The file first: a run that is just writing its words holds that row (fulltext_used), and ends before we go on. */
enum err fulltext_drop(struct cx *cx, struct str user_kind, int64_t user_id)
{
    enum err e = files_drop(cx, user_kind, user_id);
    if (!e)
        e = search_erase(cx, S(FULLTEXT), user_id);
    return e ? e : q_fulltext_wait_drop(cx, user_kind, user_id);
}

enum err fulltext_waiting(struct cx *cx, int64_t *ret)
{
    struct q_fulltext_waiting row;
    enum err e = q_fulltext_waiting(cx, &row);
    *ret = e ? 0 : row.n;
    return e;
}

/* ---- what it is ---- */

static bool begins(struct str s, const char *z)
{
    size_t n = strlen(z);
    return s.n >= n && !strncasecmp(s.p, z, n);
}

static struct str without_mark(struct str s)
{
    return str_trim(str_starts(s, S("\xef\xbb\xbf")) ? str_slice(s, 3, s.n) : s);
}

/* XHTML too: as HTML it bears faults, and its head is left out. */
static bool is_html(struct str head)
{
    return begins(head, "<!doctype html") || begins(head, "<html") ||
           (begins(head, "<?xml") &&
            str_find(str_slice(head, 0, 1000), S("<html"), 0) < (head.n < 1000 ? head.n : 1000));
}

/* RFC 5322: it begins with the name of a field that messages begin with. Whether it is one, eml_parse says. */
static bool may_be_mail(struct str head)
{
    static const char *const fields[] = {"Return-Path:", "Received:",     "Delivered-To:",   "From:",         "To:",
                                         "Date:",        "Subject:",      "Message-ID:",     "MIME-Version:", "Sender:",
                                         "Reply-To:",    "Content-Type:", "DKIM-Signature:", "ARC-Seal:",     "X-"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (begins(head, fields[i]))
            return true;
    return false;
}

static enum err mail_text(struct cx *cx, struct str bytes, struct str *ret)
{
    struct eml m;
    enum err e = eml_parse(cx, bytes, &m);
    if (!e)
        *ret = str_fmt(cx->arena, "%" PRI_STR "\n%" PRI_STR "\n%" PRI_STR "\n%" PRI_STR, STR_ARG(m.subject),
                       STR_ARG(m.from_name), STR_ARG(m.from_address), STR_ARG(m.text));
    return e;
}

/* Reads the formats that must be whole. *ret_other: it is none of them. */
static enum err whole_text(struct cx *cx, struct str bytes, struct str head, struct str *ret, bool *ret_other)
{
    const struct filetype *type = filetype_of(bytes);
    if ((is_html(head) || begins(head, "<?xml")) && bytes.n > PLAIN_XML_MAX)
        return fail(cx, ERR_TOO_LARGE, "HTML or XML of more than %d bytes", PLAIN_XML_MAX);
    if (is_html(head)) {
        *ret = plain_of_html(cx, bytes, FULLTEXT_TEXT_MAX);
        return ERR_OK;
    }
    if (begins(head, "<?xml"))
        return plain_of_xml(cx, head, NULL, FULLTEXT_TEXT_MAX, ret);
    if (may_be_mail(head) && !mail_text(cx, bytes, ret))
        return ERR_OK;
    if (type && !strcmp(type->extension, "odt"))
        return fulltext_zip(cx, bytes, "content.xml", ret);
    if (type && !strcmp(type->extension, "docx"))
        return fulltext_zip(cx, bytes, "word/document.xml", ret);
    *ret_other = true;
    return ERR_OK;
}

/* cut: there is more of the file than these bytes. */
static enum err text_of(struct cx *cx, struct str bytes, bool cut, struct str *ret)
{
    struct str head = without_mark(bytes);
    struct json *answers;
    bool other = cut;
    *ret = S("");
    /* answers as they are stored: their PDF beside them is read. A larger text that begins so is held for JSON, too. */
    if ((begins(head, "{") || begins(head, "[")) && (head.n > FULLTEXT_TEXT_MAX || !json_parse(cx, head, &answers)))
        return ERR_OK;
    enum err e = cut ? ERR_OK : whole_text(cx, bytes, head, ret, &other);
    if (!e && other && text_clean(bytes))
        *ret = bytes;
    return e;
}

/* ---- reading it ---- */

/* Without the character that the end cuts in two. */
static struct str whole_letters(struct str s)
{
    size_t n = s.n;
    while (n && s.n - n < 4 && ((unsigned char)s.p[n - 1] & 0xC0) == 0x80)
        n--;
    return n && (unsigned char)s.p[n - 1] >= 0xC0 ? str_slice(s, 0, n - 1) : s;
}

/* Blanks of every kind are one blank, and a word or a number that a line end cuts ("kommu-", "nen"; "2026-", "004711")
   is whole. */
static struct str tidy(struct cx *cx, struct str s)
{
    struct buf b = buf_make(cx->arena);
    if (s.n > FULLTEXT_TEXT_MAX)
        s = whole_letters(str_slice(s, 0, FULLTEXT_TEXT_MAX));
    buf_reserve(&b, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        bool blank = strchr(" \t\r\n\f\v", s.p[i]) && s.p[i];
        bool cut = s.p[i] == '-' && i + 2 < s.n && s.p[i + 1] == '\n';
        if (cut && s.p[i + 2] >= 'a' && s.p[i + 2] <= 'z')
            i++;
        else if (cut && s.p[i + 2] >= '0' && s.p[i + 2] <= '9')
            buf_add_char(&b, s.p[i++]);
        else if (!blank)
            buf_add_char(&b, s.p[i]);
        else if (b.n && b.p[b.n - 1] != ' ')
            buf_add_char(&b, ' ');
    }
    return buf_str(&b);
}

static enum err read_all(struct cx *cx, int fd, size_t most, struct str *ret)
{
    char *p = arena_alloc_raw(cx->arena, most);
    size_t n = 0;
    while (n < most) {
        ssize_t got = pread(fd, p + n, most - n, (off_t)n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(cx, ERR_IO, "a document: %s", strerror(errno));
        if (!got)
            break;
        n += (size_t)got;
    }
    *ret = str_make(p, n);
    return ERR_OK;
}

static enum err other_text(struct cx *cx, int fd, int64_t size, struct str *ret)
{
    struct str bytes = S("");
    bool cut = size > FULLTEXT_SOURCE_MAX;
    enum err e = read_all(cx, fd, cut ? FULLTEXT_SOURCE_MAX : (size_t)size, &bytes);
    return e ? e : text_of(cx, cut ? whole_letters(bytes) : bytes, cut, ret);
}

enum err fulltext_text(struct cx *cx, int fd, struct str *ret)
{
    struct stat st;
    struct str text;
    char head[5] = "";
    if (fstat(fd, &st) || pread(fd, head, sizeof head, 0) < 0)
        return fail(cx, ERR_IO, "a document: %s", strerror(errno));
    enum err e = !memcmp(head, "%PDF-", 5) ? fulltext_pdf(cx, fd, FULLTEXT_CHILD_S, &text)
                                           : other_text(cx, fd, st.st_size, &text);
    if (!e)
        *ret = idno_hide(cx->arena, tidy(cx, text));
    return e;
}
