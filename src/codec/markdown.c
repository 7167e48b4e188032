/* cmark parses; its tree is copied into ours at once. Our own HTML writer knows no raw HTML, so none can come through.
 */
#include "markdown.h"

#include <cmark.h>

/* At the end of the parse; with the arena, when that ran full on the way. */
static void document_free(void *p)
{
    cmark_node **doc = p;
    if (*doc)
        cmark_node_free(*doc);
    *doc = NULL;
}

static struct md *md_new(struct cx *cx, enum md_kind kind)
{
    struct md *m = arena_new_of(cx->arena, struct md);
    m->kind = kind;
    return m;
}

static enum md_kind kind_of(cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_PARAGRAPH:
        return MD_PARAGRAPH;
    case CMARK_NODE_HEADING:
        return MD_HEADING;
    case CMARK_NODE_LIST:
        return MD_LIST;
    case CMARK_NODE_ITEM:
        return MD_ITEM;
    case CMARK_NODE_BLOCK_QUOTE:
        return MD_QUOTE;
    case CMARK_NODE_CODE_BLOCK:
        return MD_CODE_BLOCK;
    case CMARK_NODE_HTML_BLOCK:
    case CMARK_NODE_CUSTOM_BLOCK:
        return MD_PARAGRAPH; /* shown as the text it is */
    case CMARK_NODE_THEMATIC_BREAK:
        return MD_RULE;
    case CMARK_NODE_EMPH:
    case CMARK_NODE_IMAGE:
        return MD_EMPH;
    case CMARK_NODE_STRONG:
        return MD_STRONG;
    case CMARK_NODE_CODE:
        return MD_CODE;
    case CMARK_NODE_LINK:
        return MD_LINK;
    case CMARK_NODE_SOFTBREAK:
        return MD_SOFT_BREAK;
    case CMARK_NODE_LINEBREAK:
        return MD_LINE_BREAK;
    case CMARK_NODE_DOCUMENT:
        return MD_DOCUMENT;
    default:
        return MD_TEXT;
    }
}

/* Where a link may go. Checked on what cmark made of the address: entities and escapes are resolved. */
static bool link_allowed(struct str url)
{
    static const char *const begins[] = {"https://", "http://", "mailto:", "tel:", "#"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (url.n >= strlen(begins[i]) && str_ieq(str_slice(url, 0, strlen(begins[i])), str_of(begins[i])))
            return true;
    /* //host and /\host would leave our own place */
    return url.n && url.p[0] == '/' && !(url.n > 1 && (url.p[1] == '/' || url.p[1] == '\\'));
}

static void fill_node(struct cx *cx, cmark_node *from, struct md *m)
{
    cmark_node_type type = cmark_node_get_type(from);
    const char *literal = cmark_node_get_literal(from);
    m->line = m->kind < MD_TEXT ? cmark_node_get_start_line(from) : 0;
    if (m->kind == MD_HEADING)
        m->level = cmark_node_get_heading_level(from);
    if (m->kind == MD_LIST) {
        m->level = cmark_node_get_list_type(from) == CMARK_ORDERED_LIST ? cmark_node_get_list_start(from) : 0;
        m->tight = cmark_node_get_list_tight(from);
    }
    if (m->kind == MD_LINK) {
        m->text = str_dup(cx->arena, str_of(cmark_node_get_url(from)));
        if (!link_allowed(m->text))
            m->kind = MD_EMPH, m->text = (struct str){0};
    }
    if (m->kind == MD_TEXT || m->kind == MD_CODE || m->kind == MD_CODE_BLOCK)
        m->text = str_dup(cx->arena, str_of(literal));
    if (type == CMARK_NODE_HTML_BLOCK) {
        struct md *text = md_new(cx, MD_TEXT);
        text->text = str_trim(str_dup(cx->arena, str_of(literal)));
        m->items = arena_array(cx->arena, struct md *, 1);
        m->items[0] = text;
        m->n = 1;
    }
}

static struct md *copy(struct cx *cx, cmark_node *from, int depth)
{
    VEC_OF(struct md *) items = {0};
    struct md *m = md_new(cx, kind_of(from));
    if (depth > MARKDOWN_DEPTH)
        return NULL;
    fill_node(cx, from, m);
    if (m->n)
        return m;
    for (cmark_node *child = cmark_node_first_child(from); child; child = cmark_node_next(child)) {
        struct md *item = copy(cx, child, depth + 1);
        if (!item)
            return NULL;
        vec_add(cx->arena, &items, item);
    }
    m->items = items.p, m->n = items.n;
    return m;
}

enum err markdown_parse(struct cx *cx, struct str text, struct md **ret)
{
    if (text.n > MARKDOWN_BYTES)
        return fail(cx, ERR_TOO_LARGE, "a text of %zu bytes; at most %d", text.n, MARKDOWN_BYTES);
    if (!text_clean(text))
        return fail(cx, ERR_SYNTAX, "the text is not UTF-8 or holds control characters");
    cmark_node **doc = arena_new_of(cx->arena, cmark_node *);
    *doc = cmark_parse_document(text.p ? text.p : "", text.n, CMARK_OPT_DEFAULT);
    arena_defer(cx->arena, document_free, doc);
    cmark_consolidate_text_nodes(*doc);
    struct md *tree = copy(cx, *doc, 0);
    document_free(doc);
    if (!tree)
        return fail(cx, ERR_SYNTAX, "the text is nested deeper than %d levels", MARKDOWN_DEPTH);
    *ret = tree;
    return ERR_OK;
}

/* ---- HTML ---- */

static void escaped(struct buf *b, struct str s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        const char *as = s.p[i] == '<'   ? "&lt;"
                         : s.p[i] == '>' ? "&gt;"
                         : s.p[i] == '&' ? "&amp;"
                         : s.p[i] == '"' ? "&quot;"
                                         : NULL;
        if (!as)
            continue;
        buf_add(b, str_slice(s, from, i));
        buf_add_z(b, as);
        from = i + 1;
    }
    buf_add(b, str_slice(s, from, s.n));
}

struct html_out {
    struct buf *b;
    int first_level;
    int *last; /* level of the heading before */
};

static void write_items(const struct html_out *o, const struct md *m, bool tight);

static void wrapped(const struct html_out *o, const struct md *m, const char *tag, const char *after)
{
    buf_fmt(o->b, "<%s>", tag);
    write_items(o, m, false);
    buf_fmt(o->b, "</%s>%s", tag, after);
}

/* One who hears the page goes by the headings: no level is left out on the way down. */
static void write_heading(const struct html_out *o, const struct md *m)
{
    int level = m->level + o->first_level - 1;
    level = level > *o->last + 1 ? *o->last + 1 : level;
    *o->last = level > 6 ? 6 : level;
    wrapped(o, m, (const char *[]){"h1", "h1", "h2", "h3", "h4", "h5", "h6"}[*o->last], "\n");
}

static void write_block(const struct html_out *o, const struct md *m, bool tight)
{
    switch (m->kind) {
    case MD_PARAGRAPH:
        if (tight)
            write_items(o, m, false);
        else
            wrapped(o, m, "p", "\n");
        return;
    case MD_HEADING:
        write_heading(o, m);
        return;
    case MD_LIST:
        if (m->level > 1)
            buf_fmt(o->b, "<ol start=\"%d\">\n", m->level);
        else
            buf_add_z(o->b, m->level ? "<ol>\n" : "<ul>\n");
        write_items(o, m, m->tight);
        buf_add_z(o->b, m->level ? "</ol>\n" : "</ul>\n");
        return;
    case MD_ITEM:
        buf_add_z(o->b, "<li>");
        write_items(o, m, tight);
        buf_add_z(o->b, "</li>\n");
        return;
    case MD_QUOTE:
        wrapped(o, m, "blockquote", "\n");
        return;
    case MD_CODE_BLOCK:
        buf_add_z(o->b, "<pre><code>");
        escaped(o->b, m->text);
        buf_add_z(o->b, "</code></pre>\n");
        return;
    case MD_RULE:
        buf_add_z(o->b, "<hr>\n");
        return;
    default:
        write_items(o, m, false);
    }
}

static void write_inline(const struct html_out *o, const struct md *m)
{
    switch (m->kind) {
    case MD_TEXT:
        escaped(o->b, m->text);
        return;
    case MD_EMPH:
        wrapped(o, m, "em", "");
        return;
    case MD_STRONG:
        wrapped(o, m, "strong", "");
        return;
    case MD_CODE:
        buf_add_z(o->b, "<code>");
        escaped(o->b, m->text);
        buf_add_z(o->b, "</code>");
        return;
    case MD_LINK:
        buf_add_z(o->b, "<a href=\"");
        escaped(o->b, m->text);
        buf_add_z(o->b, "\">");
        write_items(o, m, false);
        buf_add_z(o->b, "</a>");
        return;
    case MD_SOFT_BREAK:
        buf_add_char(o->b, '\n');
        return;
    default:
        buf_add_z(o->b, "<br>\n");
    }
}

static void write_items(const struct html_out *o, const struct md *m, bool tight)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->items[i]->kind < MD_TEXT)
            write_block(o, m->items[i], tight);
        else
            write_inline(o, m->items[i]);
}

struct html markdown_tree_html(struct cx *cx, const struct md *tree, int first_level)
{
    struct buf b = buf_make(cx->arena);
    first_level = first_level < 1 ? 1 : first_level;
    int last = first_level - 1;
    struct html_out o = {.b = &b, .first_level = first_level, .last = &last};
    if (tree->kind == MD_DOCUMENT)
        write_items(&o, tree, false);
    else if (tree->kind < MD_TEXT)
        write_block(&o, tree, false);
    else
        write_inline(&o, tree);
    return (struct html){buf_str(&b)};
}

struct html markdown_html(struct cx *cx, struct str text)
{
    struct md *tree;
    struct fail before = cx->fail;
    if (markdown_parse(cx, text, &tree) == ERR_OK)
        return markdown_tree_html(cx, tree, 2);
    cx->fail = before;
    struct buf b = buf_make(cx->arena);
    buf_add_z(&b, "<p>");
    escaped(&b, text);
    buf_add_z(&b, "</p>\n");
    return (struct html){buf_str(&b)};
}

/* ---- words alone ---- */

static void plain(struct buf *b, const struct md *m)
{
    if (m->kind == MD_SOFT_BREAK)
        buf_add_char(b, ' ');
    else if (m->kind == MD_LINE_BREAK)
        buf_add_char(b, '\n');
    else if (m->kind != MD_LINK)
        buf_add(b, m->text);
    for (size_t i = 0; i < m->n; i++)
        plain(b, m->items[i]);
    if (m->kind == MD_PARAGRAPH || m->kind == MD_HEADING || m->kind == MD_CODE_BLOCK)
        buf_add(b, S("\n\n"));
}

struct str markdown_plain(struct cx *cx, const struct md *tree)
{
    struct buf b = buf_make(cx->arena);
    plain(&b, tree);
    return str_trim(buf_str(&b));
}
