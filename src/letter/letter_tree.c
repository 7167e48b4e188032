#include "letter_tree.h"

#include <stdlib.h>

enum { MARKDOWN_MAX = 1 << 20 };

static void free_tree(void *p)
{
    cmark_node_free(p);
}

enum err letter_tree_parse(struct cx *cx, struct str markdown, cmark_node **ret)
{
    if (markdown.n > MARKDOWN_MAX)
        return fail(cx, ERR_TOO_LARGE, "a letter of %zu bytes; at most %d", markdown.n, MARKDOWN_MAX);
    if (!text_clean(markdown))
        return fail(cx, ERR_INVALID, "the letter is not clean UTF-8");
    cmark_node *root = cmark_parse_document(markdown.n ? markdown.p : "", markdown.n, CMARK_OPT_DEFAULT);
    if (!root)
        return fail(cx, ERR_INTERNAL, "cmark gave no tree");
    arena_defer(cx->arena, free_tree, root);
    *ret = root;
    return ERR_OK;
}

struct str letter_tree_link_tail(struct cx *cx, cmark_node *link, struct str text)
{
    struct str url = str_of(cmark_node_get_url(link));
    struct str bare = url;
    if (str_starts(bare, S("mailto:")))
        bare = str_slice(bare, 7, bare.n);
    if (str_empty(bare) || str_eq(bare, text) || str_eq(url, text))
        return (struct str){"", 0};
    return str_fmt(cx->arena, " (%.*s)", STR_ARG(bare));
}

struct str letter_tree_text(struct cx *cx, cmark_node *block)
{
    struct buf b = buf_make(cx->arena);
    VEC_OF(size_t) links = {0}; /* where the text of each open link begins */
    cmark_iter *it = cmark_iter_new(block);
    for (cmark_event_type ev; (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(it);
        switch (cmark_node_get_type(node)) {
        case CMARK_NODE_TEXT:
        case CMARK_NODE_CODE:
        case CMARK_NODE_CODE_BLOCK:
            buf_add_z(&b, cmark_node_get_literal(node));
            break;
        case CMARK_NODE_SOFTBREAK:
        case CMARK_NODE_LINEBREAK:
            buf_add_char(&b, ' ');
            break;
        case CMARK_NODE_LINK:
            if (ev == CMARK_EVENT_ENTER) {
                vec_add(cx->arena, &links, b.n);
            } else {
                size_t from = links.p[--links.n];
                buf_add(&b, letter_tree_link_tail(cx, node, str_slice(buf_str(&b), from, b.n)));
            }
            break;
        default:
            break;
        }
    }
    cmark_iter_free(it);
    return str_trim(buf_str(&b));
}

struct str letter_tree_markdown(struct cx *cx, cmark_node *root)
{
    char *z = cmark_render_commonmark(root, CMARK_OPT_DEFAULT, 0);
    struct str s = str_dup(cx->arena, str_of(z));
    free(z);
    return s;
}

static bool is_leaf(cmark_node *node)
{
    return cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH || cmark_node_get_type(node) == CMARK_NODE_HEADING;
}

/* The next node in the order of the text: children, then siblings, then the parents' siblings. */
static cmark_node *next_block(cmark_node *root, cmark_node *node)
{
    if (!is_leaf(node) && cmark_node_first_child(node))
        return cmark_node_first_child(node);
    while (node && node != root && !cmark_node_next(node))
        node = cmark_node_parent(node);
    return !node || node == root ? NULL : cmark_node_next(node);
}

bool letter_tree_next_leaf(struct cx *cx, cmark_node *root, struct letter_leaf *leaf)
{
    cmark_node *node = leaf->node ? leaf->node : root;
    do
        node = next_block(root, node);
    while (node && !is_leaf(node));
    if (!node)
        return false;
    struct buf b = buf_make(cx->arena);
    cmark_iter *it = cmark_iter_new(node);
    for (cmark_event_type ev; (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        cmark_node_type type = cmark_node_get_type(cmark_iter_get_node(it));
        if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)
            buf_add_z(&b, cmark_node_get_literal(cmark_iter_get_node(it)));
        else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
            buf_add_char(&b, ' ');
    }
    cmark_iter_free(it);
    *leaf = (struct letter_leaf){node, buf_str(&b)};
    return true;
}

/* ---- building ---- */

static cmark_node *add(cmark_node *parent, cmark_node_type type)
{
    cmark_node *node = cmark_node_new(type);
    cmark_node_append_child(parent, node);
    return node;
}

static void add_text(struct cx *cx, cmark_node *parent, struct str s)
{
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < s.n; i++) /* runs of blanks are one, so that nothing looks like indented code */
        if (s.p[i] != ' ' && s.p[i] != '\t' && s.p[i] != '\r')
            buf_add_char(&b, s.p[i]);
        else if (b.n && b.p[b.n - 1] != ' ')
            buf_add_char(&b, ' ');
    cmark_node_set_literal(add(parent, CMARK_NODE_TEXT), str_z(cx->arena, buf_str(&b)));
}

cmark_node *letter_tree_new(struct cx *cx)
{
    cmark_node *root = cmark_node_new(CMARK_NODE_DOCUMENT);
    arena_defer(cx->arena, free_tree, root);
    return root;
}

void letter_tree_add_heading(struct cx *cx, cmark_node *root, struct str text)
{
    cmark_node *h = add(root, CMARK_NODE_HEADING);
    cmark_node_set_heading_level(h, 2);
    add_text(cx, h, str_trim(text));
}

void letter_tree_add_paragraph(struct cx *cx, cmark_node *root, struct str text)
{
    add_text(cx, add(root, CMARK_NODE_PARAGRAPH), str_trim(text));
}

void letter_tree_add_answer(struct cx *cx, cmark_node *root, struct str question, struct str answer)
{
    cmark_node *p = add(root, CMARK_NODE_PARAGRAPH);
    struct str line;
    add_text(cx, add(p, CMARK_NODE_STRONG), str_trim(question));
    while (str_cut(&answer, '\n', &line))
        if (!str_empty(str_trim(line))) {
            add(p, CMARK_NODE_LINEBREAK);
            add_text(cx, p, str_trim(line));
        }
}
