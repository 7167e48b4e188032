/* One message as it goes over the wire: RFC 5322, 2045 (quoted-printable), 2047 (words in headers). Pure. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "codec/codec.h"
#include "mail.h"

enum { LINE_MAX_QP = 76, WORD_MAX = 60 /* bytes of the encoded part; RFC 2047 allows 75 with its frame */ };

static const char hex[] = "0123456789ABCDEF";

static void add_hex(struct buf *b, unsigned char ch)
{
    buf_add_char(b, '=');
    buf_add_char(b, hex[ch >> 4]);
    buf_add_char(b, hex[ch & 15]);
}

static bool plain_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < ' ' || s.p[i] > '~')
            return false;
    return str_find(s, S("=?"), 0) == s.n;
}

/* Text in a header, "Q" encoding, as many words as it takes; a character is never cut in two. Whatever stands in `s`,
   what comes out are letters, digits, '=', '_', '?' and the line breaks of folding: nothing can begin a new header. */
static void header_text(struct buf *b, struct str s)
{
    bool open = false;
    size_t used = 0;
    for (size_t i = 0; i < s.n;) {
        size_t next = i;
        text_next(s, &next);
        size_t need = (next - i) * 3;
        if (open && used + need > WORD_MAX) {
            buf_add_z(b, "?=\r\n ");
            open = false;
        }
        if (!open) {
            buf_add_z(b, "=?UTF-8?Q?");
            open = true;
            used = 0;
        }
        for (; i < next; i++) {
            unsigned char ch = (unsigned char)s.p[i];
            bool letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9');
            if (letter || ch == ' ')
                buf_add_char(b, ch == ' ' ? '_' : (char)ch);
            else
                add_hex(b, ch);
            used += letter || ch == ' ' ? 1 : 3;
        }
    }
    if (open)
        buf_add_z(b, "?=");
}

/* Short ASCII as it is. */
static void header_line(struct buf *b, const char *name, struct str s)
{
    buf_fmt(b, "%s: ", name);
    if (plain_ascii(s) && s.n <= WORD_MAX)
        buf_add(b, s);
    else
        header_text(b, s);
    buf_add_z(b, "\r\n");
}

static void quoted_printable(struct buf *b, struct str text)
{
    size_t column = 0;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char ch = (unsigned char)text.p[i];
        bool crlf = ch == '\r' && i + 1 < text.n && text.p[i + 1] == '\n';
        if (crlf || ch == '\n') {
            i += crlf ? 1 : 0;
            buf_add_z(b, "\r\n");
            column = 0;
            continue;
        }
        bool at_end = i + 1 == text.n || text.p[i + 1] == '\n' || text.p[i + 1] == '\r';
        bool as_is = (ch >= '!' && ch <= '~' && ch != '=') || (ch == ' ' && !at_end);
        if (column + (as_is ? 1 : 3) > LINE_MAX_QP - 1) {
            buf_add_z(b, "=\r\n");
            column = 0;
        }
        if (as_is)
            buf_add_char(b, (char)ch);
        else
            add_hex(b, ch);
        column += as_is ? 1 : 3;
    }
    buf_add_z(b, column ? "\r\n" : "");
}

static void date_line(struct buf *b, int64_t us)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t t = us / SECOND_US;
    struct tm tm;
    gmtime_r(&t, &tm);
    buf_fmt(b, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
            tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

struct str mail_message(struct cx *cx, const struct mail_config *config, const struct mail_new *mail, int64_t date_us)
{
    struct buf b = buf_make(cx->arena);
    size_t at = str_find_char(config->from, '@', 0);
    struct str domain = str_slice(config->from, at + 1, config->from.n);
    struct str id = str_slice(hash_hex(cx->arena, hash_of(mail->key)), 0, 32);
    buf_add_z(&b, "From: ");
    if (!str_empty(config->from_name)) {
        header_text(&b, config->from_name);
        buf_add_z(&b, "\r\n ");
    }
    buf_fmt(&b, "<%.*s>\r\nTo: <%.*s>\r\n", STR_ARG(config->from), STR_ARG(mail->to));
    header_line(&b, "Subject", mail->subject);
    date_line(&b, date_us);
    buf_fmt(&b, "Message-ID: <%.*s@%.*s>\r\n", STR_ARG(id), STR_ARG(domain));
    buf_fmt(&b,
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
            "quoted-printable\r\n"
            "Content-Language: %s\r\nAuto-Submitted: auto-generated\r\n\r\n",
            lang_tag(mail->lang));
    quoted_printable(&b, mail->text);
    return buf_str(&b);
}
