#include "tpl.h"

#include <inttypes.h>
#include <string.h>

struct tpl tpl_begin(struct cx *cx)
{
    struct tpl o = {.cx = cx, .b = buf_make(cx->arena)};
    buf_reserve(&o.b, 8192);
    return o;
}

struct html tpl_end(struct tpl *o)
{
    return (struct html){buf_str(&o->b)};
}

void tpl_raw(struct tpl *o, const char *p, size_t n)
{
    memcpy(buf_reserve(&o->b, n), p, n);
    o->b.n += n;
}

/* Put out `s` with the characters that are special in text, or also those in attributes, as references. */
static void escape(struct tpl *o, struct str s, bool quotes)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        const char *ref;
        switch (s.p[i]) {
        case '&':
            ref = "&amp;";
            break;
        case '<':
            ref = "&lt;";
            break;
        case '>':
            ref = "&gt;";
            break;
        case '"':
            ref = quotes ? "&quot;" : NULL;
            break;
        case '\'':
            ref = quotes ? "&#39;" : NULL;
            break;
        default:
            ref = NULL;
        }
        if (!ref)
            continue;
        buf_add(&o->b, str_slice(s, from, i));
        buf_add_z(&o->b, ref);
        from = i + 1;
    }
    buf_add(&o->b, str_slice(s, from, s.n));
}

void tpl_text_str(struct tpl *o, struct str s)
{
    escape(o, s, false);
}

void tpl_text_z(struct tpl *o, const char *z)
{
    escape(o, str_of(z), false);
}

void tpl_text_html(struct tpl *o, struct html h)
{
    buf_add(&o->b, h.s);
}

void tpl_i64(struct tpl *o, int64_t v)
{
    buf_add_i64(&o->b, v);
}

void tpl_u64(struct tpl *o, uint64_t v)
{
    buf_fmt(&o->b, "%" PRIu64, v);
}

void tpl_attr_str(struct tpl *o, struct str s)
{
    escape(o, s, true);
}

void tpl_attr_z(struct tpl *o, const char *z)
{
    escape(o, str_of(z), true);
}

static void percent(struct tpl *o, struct str s, const char *also_kept)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (letter || (c && strchr(also_kept, c)))
            buf_add_char(&o->b, (char)c);
        else
            buf_fmt(&o->b, "%%%02X", c);
    }
}

void tpl_path_str(struct tpl *o, struct str s)
{
    /* "." and ".." would climb, even when written %2e (WHATWG URL 4.4, dot segments) */
    if (!str_eq(s, S(".")) && !str_eq(s, S("..")))
        percent(o, s, "-._~@+:");
}

void tpl_path_z(struct tpl *o, const char *z)
{
    tpl_path_str(o, str_of(z));
}

void tpl_first_str(struct tpl *o, struct str s)
{
    size_t before = o->b.n;
    tpl_path_str(o, s);
    if (o->b.n == before)
        buf_add_char(&o->b, '-');
}

void tpl_first_z(struct tpl *o, const char *z)
{
    tpl_first_str(o, str_of(z));
}

void tpl_query_str(struct tpl *o, struct str s)
{
    percent(o, s, "-._~");
}

void tpl_query_z(struct tpl *o, const char *z)
{
    tpl_query_str(o, str_of(z));
}

static bool is_local(struct str s)
{
    /* browsers read a backslash as a slash, and drop tabs and line ends before they look */
    if (s.n == 0 || s.p[0] != '/' || (s.n > 1 && (s.p[1] == '/' || s.p[1] == '\\')))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == '\\' || s.p[i] == 0x7f)
            return false;
    return true;
}

static bool is_link(struct str s)
{
    if (is_local(s) || str_starts(s, S("#")) || str_starts(s, S("?")))
        return true;
    static const char *const schemes[] = {"https://", "http://", "mailto:", "tel:"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        struct str scheme = str_of(schemes[i]);
        if (str_ieq(str_slice(s, 0, scheme.n), scheme))
            return true;
    }
    return false;
}

void tpl_url_str(struct tpl *o, struct str s)
{
    escape(o, is_link(s) ? s : S("#"), true);
}

void tpl_url_z(struct tpl *o, const char *z)
{
    tpl_url_str(o, str_of(z));
}

void tpl_local_str(struct tpl *o, struct str s)
{
    escape(o, is_local(s) ? s : S("#"), true);
}

void tpl_local_z(struct tpl *o, const char *z)
{
    tpl_local_str(o, str_of(z));
}

void tpl_text_key(struct tpl *o, enum text key)
{
    escape(o, i18n_text(o->cx->lang, key), true);
}

void tpl_csrf(struct tpl *o)
{
    escape(o, o->cx->csrf ? o->cx->csrf(o->cx) : S(""), true);
}

void tpl_icon(struct tpl *o, const char *sprite_url, const char *name)
{
    buf_fmt(&o->b, "<svg class=\"icon-svg\" aria-hidden=\"true\" focusable=\"false\"><use href=\"%s#%s\"></use></svg>",
            sprite_url, name);
}
