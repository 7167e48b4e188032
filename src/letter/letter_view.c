#include "letter_view.h"

#include <stdlib.h>

#include "letter_tree.h"

static const char *const classes[PLAIN_KINDS] = {"plain-passive", "plain-long", "plain-cliche", "plain-law"};

/* No HTML of anybody else, and headings below the title. */
static void tame(struct cx *cx, cmark_node *root)
{
    VEC_OF(cmark_node *) html = {0};
    cmark_iter *it = cmark_iter_new(root);
    for (cmark_event_type ev; (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(it);
        cmark_node_type type = cmark_node_get_type(node);
        if (ev == CMARK_EVENT_EXIT)
            continue;
        if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE)
            vec_add(cx->arena, &html, node);
        if (type == CMARK_NODE_HEADING && cmark_node_get_heading_level(node) < 2)
            cmark_node_set_heading_level(node, 2);
    }
    cmark_iter_free(it);
    for (size_t i = 0; i < html.n; i++)
        cmark_node_free(html.p[i]);
}

static struct html render(struct cx *cx, cmark_node *root)
{
    char *z = cmark_render_html(root, CMARK_OPT_DEFAULT);
    struct str s = str_dup(cx->arena, str_of(z));
    free(z);
    return (struct html){s};
}

enum err letter_view_html(struct cx *cx, struct str markdown, struct html *ret)
{
    cmark_node *root;
    enum err e = letter_tree_parse(cx, markdown, &root);
    if (e)
        return e;
    tame(cx, root);
    *ret = render(cx, root);
    return ERR_OK;
}

/* ---- marks ---- */

static void attribute(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '&' || s.p[i] == '"' || s.p[i] == '<' || s.p[i] == '>')
            buf_fmt(b, "&#%d;", s.p[i]);
        else
            buf_add_char(b, s.p[i]);
    }
}

static const char *open_tag(struct cx *cx, const struct letter_find *f, const struct str labels[PLAIN_KINDS])
{
    struct buf b = buf_make(cx->arena);
    buf_fmt(&b, "<mark class=\"%s\" title=\"", classes[f->kind]);
    attribute(&b, labels[f->kind]);
    if (!str_empty(f->hint)) {
        buf_add_z(&b, ": ");
        attribute(&b, f->hint);
    }
    buf_add_z(&b, "\">");
    return str_z(cx->arena, buf_str(&b));
}

static void insert_tag(cmark_node *before, const char *tag)
{
    cmark_node *node = cmark_node_new(CMARK_NODE_CUSTOM_INLINE);
    cmark_node_set_on_enter(node, tag);
    cmark_node_insert_before(before, node);
}

/* The find of one kind that covers byte `at` of this block; NULL: none. The narrowest wins, so that a passive shows
   within a long sentence. */
static const struct letter_find *find_at(const struct letter_plain *plain, size_t block, size_t at)
{
    const struct letter_find *best = NULL;
    for (size_t i = 0; i < plain->finds.n; i++) {
        const struct letter_find *f = &plain->finds.p[i];
        if (f->block == block && f->from <= at && at < f->to && (!best || f->to - f->from < best->to - best->from))
            best = f;
    }
    return best;
}

struct marker {
    struct cx *cx;
    const struct letter_plain *plain;
    const struct str *labels;
    size_t block;
    size_t at; /* bytes of the block's text before this node */
};

/* Cut a text node where a mark begins or ends, and put the tags between. A mark never spans two nodes: it is closed at
   the end of one and opened again in the next, so that tags nest whatever stands between (a bold word in a long
   sentence). */
static void mark_text(struct marker *m, cmark_node *node)
{
    struct str text = str_dup(m->cx->arena, str_of(cmark_node_get_literal(node)));
    size_t i = 0;
    while (i < text.n) {
        const struct letter_find *f = find_at(m->plain, m->block, m->at + i);
        size_t end = i + 1;
        while (end < text.n && find_at(m->plain, m->block, m->at + end) == f)
            end++;
        cmark_node *piece = cmark_node_new(CMARK_NODE_TEXT);
        cmark_node_set_literal(piece, str_z(m->cx->arena, str_slice(text, i, end)));
        if (f)
            insert_tag(node, open_tag(m->cx, f, m->labels));
        cmark_node_insert_before(node, piece);
        if (f)
            insert_tag(node, "</mark>");
        i = end;
    }
    m->at += text.n;
    cmark_node_unlink(node);
    cmark_node_free(node);
}

static void mark_leaf(struct marker *m, cmark_node *leaf)
{
    VEC_OF(cmark_node *) nodes = {0};
    cmark_iter *it = cmark_iter_new(leaf);
    for (cmark_event_type ev; (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE;)
        if (ev == CMARK_EVENT_ENTER)
            vec_add(m->cx->arena, &nodes, cmark_iter_get_node(it));
    cmark_iter_free(it);
    m->at = 0;
    for (size_t i = 0; i < nodes.n; i++) {
        cmark_node_type type = cmark_node_get_type(nodes.p[i]);
        if (type == CMARK_NODE_TEXT)
            mark_text(m, nodes.p[i]);
        else if (type == CMARK_NODE_CODE)
            m->at += strlen(cmark_node_get_literal(nodes.p[i]));
        else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
            m->at++;
    }
}

enum err letter_view_marked(struct cx *cx, struct str markdown, const struct letter_plain *plain,
                            const struct str labels[PLAIN_KINDS], struct html *ret)
{
    cmark_node *root;
    enum err e = letter_tree_parse(cx, markdown, &root);
    if (e)
        return e;
    struct marker m = {.cx = cx, .plain = plain, .labels = labels};
    VEC_OF(cmark_node *) leaves = {0};
    struct letter_leaf leaf = {0};
    while (letter_tree_next_leaf(cx, root, &leaf))
        vec_add(cx->arena, &leaves, leaf.node);
    for (size_t i = 0; i < leaves.n; i++, m.block++)
        mark_leaf(&m, leaves.p[i]);
    tame(cx, root);
    *ret = render(cx, root);
    return ERR_OK;
}
