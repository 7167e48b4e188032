#include "xml_out.h"

#include <assert.h>

static void put_char(struct buf *b, uint32_t c, struct str bytes)
{
    switch (c) {
    case '&':
        buf_add_z(b, "&amp;");
        return;
    case '<':
        buf_add_z(b, "&lt;");
        return;
    case '>':
        buf_add_z(b, "&gt;");
        return;
    case '"':
        buf_add_z(b, "&quot;");
        return;
    case '\r': /* a reader would make a line feed of it */
        buf_add_z(b, "&#13;");
        return;
    default:
        break;
    }
    if (c == 0xFFFD || c == 0xFFFE || c == 0xFFFF || (c < 0x20 && c != '\t' && c != '\n'))
        buf_add_z(b, "\xEF\xBF\xBD");
    else
        buf_add(b, bytes);
}

static void put(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        uint32_t c = text_next(s, &i);
        put_char(b, c, str_slice(s, from, i));
    }
}

struct xml_out xml_out_make(struct buf *b)
{
    buf_add_z(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    return (struct xml_out){.b = b};
}

static void close_tag(struct xml_out *o)
{
    if (o->in_tag)
        buf_add_z(o->b, ">\n");
    o->in_tag = false;
}

static void indent(struct xml_out *o)
{
    for (int i = 0; i < o->depth; i++)
        buf_add_char(o->b, ' ');
}

void xml_out_begin(struct xml_out *o, const char *name)
{
    assert(o->depth < XML_OUT_DEPTH);
    close_tag(o);
    indent(o);
    buf_add_char(o->b, '<');
    buf_add_z(o->b, name);
    o->open[o->depth++] = name;
    o->in_tag = true;
}

void xml_out_attr(struct xml_out *o, const char *name, struct str value)
{
    assert(o->in_tag);
    buf_add_char(o->b, ' ');
    buf_add_z(o->b, name);
    buf_add_z(o->b, "=\"");
    put(o->b, value);
    buf_add_char(o->b, '"');
}

void xml_out_end(struct xml_out *o)
{
    assert(o->depth > 0);
    const char *name = o->open[--o->depth];
    if (o->in_tag) {
        buf_add_z(o->b, "/>\n");
        o->in_tag = false;
        return;
    }
    indent(o);
    buf_add_z(o->b, "</");
    buf_add_z(o->b, name);
    buf_add_z(o->b, ">\n");
}

void xml_out_text(struct xml_out *o, const char *name, struct str text)
{
    if (str_empty(str_trim(text)))
        return;
    close_tag(o);
    indent(o);
    buf_add_char(o->b, '<');
    buf_add_z(o->b, name);
    buf_add_char(o->b, '>');
    put(o->b, text);
    buf_add_z(o->b, "</");
    buf_add_z(o->b, name);
    buf_add_z(o->b, ">\n");
}

void xml_out_i64(struct xml_out *o, const char *name, int64_t v)
{
    close_tag(o);
    indent(o);
    buf_fmt(o->b, "<%s>%lld</%s>\n", name, (long long)v, name);
}
