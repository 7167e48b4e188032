/* Markdown (CommonMark 0.30, by cmark) as a small tree: for HTML, for the PDF of a letter, for the plain-language
   checks. Raw HTML is shown as the text it is; images give their alternative text; links go to http, https, mailto,
   tel, a path of our own (/…) or a place on the page (#…), any other link becomes plain text. */
#pragma once
#include "base/base.h"

enum md_kind {
    MD_DOCUMENT,
    MD_PARAGRAPH,
    MD_HEADING, /* level 1…6 */
    MD_LIST,    /* level 0: bullets; else the first number */
    MD_ITEM,
    MD_QUOTE,
    MD_CODE_BLOCK, /* text */
    MD_RULE,
    MD_TEXT, /* text */
    MD_EMPH,
    MD_STRONG,
    MD_CODE,       /* text */
    MD_LINK,       /* text is the address */
    MD_SOFT_BREAK, /* the end of a line of the source */
    MD_LINE_BREAK,
};

/* Blocks down to MD_RULE, inlines from MD_TEXT on. All in cx->arena. */
struct md {
    enum md_kind kind;
    int level;
    bool tight; /* a list without blank lines between its items */
    int line;   /* in the source, of blocks; 0 of inlines */
    struct str text;
    struct md **items;
    size_t n;
};

enum { MARKDOWN_BYTES = 1 << 20, MARKDOWN_DEPTH = 100 };

/* ERR_TOO_LARGE over MARKDOWN_BYTES, ERR_SYNTAX for bad UTF-8 or nesting over MARKDOWN_DEPTH. */
enum err markdown_parse(struct cx *cx, struct str text, struct md **ret);

/* The tree as HTML. A level 1 heading becomes <h{first_level}>, the deeper ones follow, never beyond h6; the first one
   is <h{first_level}> whatever its level, and none goes down by more than one. */
struct html markdown_tree_html(struct cx *cx, const struct md *tree, int first_level);

/* Both in one, headings from h2 (the h1 is the page's). What cannot be parsed is shown as plain text. */
struct html markdown_html(struct cx *cx, struct str text);

/* The words alone, blocks parted by blank lines: for search and for counting. */
struct str markdown_plain(struct cx *cx, const struct md *tree);

/* ---- {{placeholders}}: filled as text after parsing, so a value can never become Markdown or HTML. ---- */

/* Calls found(ctx, name, line) for each {{name}} of the tree (name without blanks around). */
void markdown_placeholders(const struct md *tree, void (*found)(void *ctx, struct str name, int line), void *ctx);

/* Replace each {{name}} in texts and link addresses by value(ctx, name); a line feed in the value becomes a line break.
   A name for which value answers {NULL, 0} stays as it is. Changes the tree. */
void markdown_fill(struct cx *cx, struct md *tree, struct str (*value)(void *ctx, struct str name), void *ctx);

/* Replace a paragraph that is nothing but {{name}} by these blocks (e.g. the caseworker's own parsed Markdown). Returns
   how many places were replaced. */
size_t markdown_insert(struct cx *cx, struct md *tree, struct str name, struct md *const *blocks, size_t n);
