/* Inside the room: CommonMark trees (libcmark). A tree dies with the arena. */
#pragma once
#include <cmark.h>

#include "base/base.h"

/* Parse; the tree is freed when the arena is reset. ERR_INVALID when the text is not clean UTF-8 or over 1 MB. */
enum err letter_tree_parse(struct cx *cx, struct str markdown, cmark_node **ret);

/* The words of a block as plain text: soft and hard breaks are a blank, pictures their alternative text, raw HTML
   nothing, a link is followed by its address in parentheses when it is not the text itself (a letter is read on paper
   too). */
struct str letter_tree_text(struct cx *cx, cmark_node *block);

/* The headings and paragraphs in the order of the text, wherever they stand. Start with an empty one. */
struct letter_leaf {
    cmark_node *node;
    struct str text; /* its literals in a row; a break is one blank. letter_view.c finds places in it again */
};
bool letter_tree_next_leaf(struct cx *cx, cmark_node *root, struct letter_leaf *leaf);

/* What stands behind the text of a link: " (address)" or nothing. `text` is the link's own text. */
struct str letter_tree_link_tail(struct cx *cx, cmark_node *link, struct str text);

/* CommonMark of the tree, unwrapped. */
struct str letter_tree_markdown(struct cx *cx, cmark_node *root);

/* Building a tree of texts that somebody typed: a heading (h2); a paragraph; a question in bold with its answer below,
 * line by line.
 */
cmark_node *letter_tree_new(struct cx *cx);
void letter_tree_add_heading(struct cx *cx, cmark_node *root, struct str text);
void letter_tree_add_paragraph(struct cx *cx, cmark_node *root, struct str text);
void letter_tree_add_answer(struct cx *cx, cmark_node *root, struct str question, struct str answer);
