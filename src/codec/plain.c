#include "codec/plain.h"

#include <glib.h>
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

/* What they gave goes with the arena, also when its limit ends the reading in the middle. */
static void free_text(void *p)
{
    g_free(p);
}
static void free_doc(void *p)
{
    xmlFreeDoc(p);
}

struct str plain_clean(struct cx *cx, const char *z, size_t max, bool lines)
{
    struct buf b = buf_make(cx->arena);
    if (!z)
        return S("");
    char *valid = g_utf8_make_valid(z, -1);
    arena_defer(cx->arena, free_text, valid);
    for (const char *p = valid; *p && b.n + 4 <= max; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == '\r')
            continue;
        if ((c == '\n' || c == '\t') && lines)
            buf_add_char(&b, (char)c);
        else if (c < ' ' || c == 0x2028 || c == 0x2029)
            buf_add_char(&b, ' ');
        else if (g_unichar_isdefined(c) && g_unichar_type(c) != G_UNICODE_CONTROL &&
                 g_unichar_type(c) != G_UNICODE_SURROGATE && g_unichar_type(c) != G_UNICODE_FORMAT)
            buf_add(&b, str_make(p, (size_t)(g_utf8_next_char(p) - p)));
    }
    return str_trim(buf_str(&b));
}

static bool one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (g_ascii_strcasecmp(name, *names) == 0)
            return true;
    return false;
}

static void add_words(struct buf *b, const xmlNode *node, int depth)
{
    static const char *const silent[] = {"script", "style", "head", "title", "template", NULL};
    static const char *const blocks[] = {"p",  "div", "br", "tr",  "li",    "h1", "h2", "h3", "h4",
                                         "h5", "h6",  "hr", "pre", "table", "ul", "ol", NULL};
    for (; node && depth < 256; node = node->next) {
        if (node->type == XML_TEXT_NODE && node->content)
            buf_add_z(b, (const char *)node->content);
        if (node->type != XML_ELEMENT_NODE || one_of((const char *)node->name, silent))
            continue;
        bool block = one_of((const char *)node->name, blocks);
        if (block)
            buf_add_char(b, '\n');
        add_words(b, node->children, depth + 1);
    }
}

struct str plain_of_html(struct cx *cx, struct str html, size_t max)
{
    struct buf b = buf_make(cx->arena);
    htmlDocPtr doc = htmlReadMemory(html.p, (int)html.n, NULL, text_valid(html) ? "UTF-8" : NULL,
                                    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    if (doc) {
        arena_defer(cx->arena, free_doc, doc);
        add_words(&b, xmlDocGetRootElement(doc), 0);
    }
    return plain_clean(cx, str_z(cx->arena, buf_str(&b)), max, true);
}

static void add_xml(struct buf *b, const xmlNode *node, const char *const *ends, int depth)
{
    for (; node && depth < 256; node = node->next) {
        if ((node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) && node->content)
            buf_add_z(b, (const char *)node->content);
        if (node->type != XML_ELEMENT_NODE)
            continue;
        bool end = !ends || one_of((const char *)node->name, ends);
        if (end)
            buf_add_char(b, '\n');
        add_xml(b, node->children, ends, depth + 1);
        if (end)
            buf_add_char(b, '\n');
    }
}

enum err plain_of_xml(struct cx *cx, struct str xml, const char *const *ends, size_t max, struct str *ret)
{
    struct buf b = buf_make(cx->arena);
    if (xml.n > PLAIN_XML_MAX)
        return fail(cx, ERR_TOO_LARGE, "XML of more than %d bytes", PLAIN_XML_MAX);
    xmlDocPtr doc =
        xmlReadMemory(xml.p, (int)xml.n, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (!doc)
        return fail(cx, ERR_SYNTAX, "XML that is not well-formed");
    arena_defer(cx->arena, free_doc, doc);
    add_xml(&b, xmlDocGetRootElement(doc), ends, 0);
    *ret = plain_clean(cx, str_z(cx->arena, buf_str(&b)), max, true);
    return ERR_OK;
}
