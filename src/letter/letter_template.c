#include "letter_template.h"

#include <stdlib.h>
#include <string.h>

#include "letter_tree.h"

static const struct slot {
    const char *name;
    enum letter_slot_shape shape;
} slots[SLOT_COUNT] = {
#define X(NAME, name, shape) {name, shape},
#include "letter_slots.tbl"
#undef X
};

struct fill {
    struct cx *cx;
    const struct letter_value *values; /* NULL: only check */
    bool *used;                        /* may be NULL */
};

/* cmark puts this between a list and what would else continue it; it shows nothing. The only HTML let through. */
static const char *const list_end = "<!-- end list -->";

static bool find_slot(struct str name, enum letter_slot *ret)
{
    for (int i = 0; i < SLOT_COUNT; i++)
        if (str_eq_z(name, slots[i].name)) {
            *ret = (enum letter_slot)i;
            return true;
        }
    return false;
}

/* The next {{name}} at or after `from`: [*ret_at, *ret_end) with its braces. False: none. */
static bool next_slot(struct str text, size_t from, size_t *ret_at, size_t *ret_end, struct str *ret_name)
{
    size_t at = str_find(text, S("{{"), from), end = str_find(text, S("}}"), at);
    if (end >= text.n)
        return false;
    *ret_at = at;
    *ret_end = end + 2;
    *ret_name = str_trim(str_slice(text, at + 2, end));
    return true;
}

static int line_of(cmark_node *node)
{
    while (node && cmark_node_get_start_line(node) <= 0)
        node = cmark_node_parent(node);
    return node ? cmark_node_get_start_line(node) : 0;
}

static enum err look_up(const struct fill *f, cmark_node *node, struct str name, enum letter_slot *ret)
{
    if (!find_slot(name, ret))
        return fail_field(f->cx, ERR_INVALID, S("markdown"), "line %d: {{%.*s}} is no placeholder we know",
                          line_of(node), STR_ARG(name));
    if (f->used)
        f->used[*ret] = true;
    if (f->values && f->values[*ret].n == 0)
        return fail_field(f->cx, ERR_INVALID, S("markdown"),
                          "line %d: there is nothing to fill in for {{%s}}; take it out", line_of(node),
                          slots[*ret].name);
    return ERR_OK;
}

/* ---- values into nodes ---- */

/* One line of a value: blanks and control characters become one blank, so that nothing can look like an indented block.
 */
static char *one_line(struct cx *cx, struct str s)
{
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        uint32_t ch = text_next(s, &i);
        bool blank = ch <= ' ' || ch == 0x7f || ch == 0xa0 || ch == 0x2028 || ch == 0x2029;
        if (!blank)
            buf_add(&b, str_slice(s, from, i));
        else if (b.n && b.p[b.n - 1] != ' ')
            buf_add_char(&b, ' ');
    }
    return str_z(cx->arena, buf_str(&b));
}

static cmark_node *text_node(const char *literal)
{
    cmark_node *node = cmark_node_new(CMARK_NODE_TEXT);
    cmark_node_set_literal(node, literal);
    return node;
}

/* The lines of a value behind one another, with line breaks between them, before node `before`. */
static void put_lines(struct cx *cx, cmark_node *before, struct str value)
{
    struct str rest = str_trim(value), line;
    for (bool first = true; str_cut(&rest, '\n', &line); first = false) {
        line = str_trim(line);
        if (str_empty(line))
            continue;
        if (!first)
            cmark_node_insert_before(before, cmark_node_new(CMARK_NODE_LINEBREAK));
        cmark_node_insert_before(before, text_node(one_line(cx, line)));
    }
}

/* A new paragraph of one value, at the end of `parent`. */
static void add_paragraph(struct cx *cx, cmark_node *parent, struct str value)
{
    cmark_node *p = cmark_node_new(CMARK_NODE_PARAGRAPH), *end = text_node("");
    cmark_node_append_child(parent, p);
    cmark_node_append_child(p, end);
    put_lines(cx, end, value);
    cmark_node_free(end);
}

/* ---- one paragraph that is nothing but a block slot ---- */

static cmark_node *list_before(cmark_node *node)
{
    cmark_node *before = cmark_node_previous(node);
    bool list = before && cmark_node_get_type(before) == CMARK_NODE_LIST &&
                cmark_node_get_list_type(before) == CMARK_BULLET_LIST;
    return list ? before : NULL;
}

static void expand(struct cx *cx, cmark_node *paragraph, enum letter_slot slot, const struct letter_value *value)
{
    if (slots[slot].shape == SLOT_LIST) {
        cmark_node *list = list_before(paragraph);
        if (!list) {
            list = cmark_node_new(CMARK_NODE_LIST);
            cmark_node_set_list_type(list, CMARK_BULLET_LIST);
            cmark_node_set_list_tight(list, 1);
            cmark_node_insert_before(paragraph, list);
        }
        for (size_t i = 0; i < value->n; i++) {
            cmark_node *item = cmark_node_new(CMARK_NODE_ITEM);
            cmark_node_append_child(list, item);
            add_paragraph(cx, item, value->items[i]);
        }
    } else {
        for (size_t i = 0; i < value->n; i++) {
            cmark_node *holder = cmark_node_new(CMARK_NODE_DOCUMENT);
            add_paragraph(cx, holder, value->items[i]);
            cmark_node_insert_before(paragraph, cmark_node_first_child(holder));
            cmark_node_free(holder);
        }
    }
    cmark_node_unlink(paragraph);
    cmark_node_free(paragraph);
}

/* ---- walking ---- */

static struct str whole_text(cmark_node *paragraph)
{
    cmark_node *only = cmark_node_first_child(paragraph);
    if (!only || cmark_node_next(only) || cmark_node_get_type(only) != CMARK_NODE_TEXT)
        return (struct str){0};
    return str_trim(str_of(cmark_node_get_literal(only)));
}

/* *ret_done: the paragraph was a block slot and has been replaced. */
static enum err block_slot(const struct fill *f, cmark_node *paragraph, bool *ret_done)
{
    struct str text = whole_text(paragraph), name;
    size_t at, end;
    enum letter_slot slot;
    *ret_done = false;
    if (!next_slot(text, 0, &at, &end, &name) || at != 0 || end != text.n)
        return ERR_OK;
    enum err e = look_up(f, paragraph, name, &slot);
    if (e || slots[slot].shape == SLOT_INLINE || !f->values)
        return e;
    expand(f->cx, paragraph, slot, &f->values[slot]);
    *ret_done = true;
    return ERR_OK;
}

static enum err inline_slots(const struct fill *f, cmark_node *node)
{
    struct str text = str_dup(f->cx->arena, str_of(cmark_node_get_literal(node))), name;
    size_t from = 0, at, end;
    bool alone = str_eq(whole_text(cmark_node_parent(node)), str_trim(text)) &&
                 cmark_node_get_type(cmark_node_parent(node)) == CMARK_NODE_PARAGRAPH;
    while (next_slot(text, from, &at, &end, &name)) {
        enum letter_slot slot;
        enum err e = look_up(f, node, name, &slot);
        if (e)
            return e;
        if (slots[slot].shape != SLOT_INLINE && !(alone && at == 0 && end == text.n))
            return fail_field(f->cx, ERR_INVALID, S("markdown"), "line %d: {{%s}} must stand alone in its paragraph",
                              line_of(node), slots[slot].name);
        if (f->values) {
            if (at > from)
                cmark_node_insert_before(node, text_node(str_z(f->cx->arena, str_slice(text, from, at))));
            put_lines(f->cx, node, f->values[slot].items[0]);
        }
        from = end;
    }
    if (f->values && from > 0)
        cmark_node_set_literal(node, str_z(f->cx->arena, str_slice(text, from, text.n)));
    return ERR_OK;
}

static bool has_braces(const char *z)
{
    return z && (strstr(z, "{{") || strstr(z, "%7B%7B"));
}

static enum err check_node(const struct fill *f, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_HTML_BLOCK:
    case CMARK_NODE_HTML_INLINE:
        if (str_eq_z(str_trim(str_of(cmark_node_get_literal(node))), list_end))
            return ERR_OK;
        return fail_field(f->cx, ERR_INVALID, S("markdown"), "line %d: HTML cannot stand in a letter; write it as text",
                          line_of(node));
    case CMARK_NODE_CODE:
    case CMARK_NODE_CODE_BLOCK:
        if (has_braces(cmark_node_get_literal(node)))
            return fail_field(f->cx, ERR_INVALID, S("markdown"), "line %d: a placeholder cannot stand in code",
                              line_of(node));
        return ERR_OK;
    case CMARK_NODE_LINK:
    case CMARK_NODE_IMAGE:
        if (has_braces(cmark_node_get_url(node)) || has_braces(cmark_node_get_title(node)))
            return fail_field(f->cx, ERR_INVALID, S("markdown"), "line %d: a placeholder cannot stand in an address",
                              line_of(node));
        return ERR_OK;
    default:
        return ERR_OK;
    }
}

/* The nodes first, because filling changes the tree. */
static enum err walk(const struct fill *f, cmark_node *root)
{
    VEC_OF(cmark_node *) paragraphs = {0}, texts = {0};
    enum err e = ERR_OK;
    cmark_iter *it = cmark_iter_new(root);
    for (cmark_event_type ev; !e && (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(it);
        if (ev == CMARK_EVENT_EXIT)
            continue;
        if (cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH)
            vec_add(f->cx->arena, &paragraphs, node);
        else if (cmark_node_get_type(node) == CMARK_NODE_TEXT)
            vec_add(f->cx->arena, &texts, node);
        else
            e = check_node(f, node);
    }
    cmark_iter_free(it);
    for (size_t i = 0; i < texts.n && !e; i++) { /* inline ones first: expanding frees paragraphs and their texts */
        bool block_alone = false;
        struct str name, text = str_trim(str_of(cmark_node_get_literal(texts.p[i])));
        size_t at, end;
        enum letter_slot slot;
        if (next_slot(text, 0, &at, &end, &name) && find_slot(name, &slot))
            block_alone = slots[slot].shape != SLOT_INLINE &&
                          cmark_node_get_type(cmark_node_parent(texts.p[i])) == CMARK_NODE_PARAGRAPH &&
                          str_eq(whole_text(cmark_node_parent(texts.p[i])), text) && end == text.n && at == 0;
        e = block_alone ? ERR_OK : inline_slots(f, texts.p[i]);
    }
    for (size_t i = 0; i < paragraphs.n && !e; i++) {
        bool done;
        e = block_slot(f, paragraphs.p[i], &done);
    }
    return e;
}

static enum err parse(struct cx *cx, struct str markdown, cmark_node **ret)
{
    enum err e = letter_tree_parse(cx, markdown, ret);
    if (!e)
        cmark_consolidate_text_nodes(*ret);
    return e;
}

enum err letter_template_check(struct cx *cx, struct str markdown, bool ret_used[SLOT_COUNT])
{
    cmark_node *root;
    struct fill f = {.cx = cx, .used = ret_used};
    if (ret_used)
        memset(ret_used, 0, SLOT_COUNT * sizeof *ret_used);
    enum err e = parse(cx, markdown, &root);
    return e ? e : walk(&f, root);
}

/* Both trees as XML, without the mark cmark puts behind lists and without positions: the same letter? */
static struct str shape_of(struct cx *cx, cmark_node *root)
{
    VEC_OF(cmark_node *) marks = {0};
    cmark_iter *it = cmark_iter_new(root);
    for (cmark_event_type ev; (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(it);
        if (cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK)
            vec_add(cx->arena, &marks, node);
        else if (cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK) /* an indented one is written with a fence */
            cmark_node_set_fence_info(node, "");
    }
    cmark_iter_free(it);
    for (size_t i = 0; i < marks.n; i++)
        cmark_node_free(marks.p[i]);
    cmark_consolidate_text_nodes(root);
    char *z = cmark_render_xml(root, CMARK_OPT_DEFAULT);
    struct str s = str_dup(cx->arena, str_of(z));
    free(z);
    return s;
}

enum err letter_template_fill(struct cx *cx, struct str markdown, const struct letter_value values[SLOT_COUNT],
                              struct str *ret_markdown)
{
    cmark_node *root, *again;
    struct fill f = {.cx = cx, .values = values};
    enum err e = parse(cx, markdown, &root);
    if (!e)
        e = walk(&f, root);
    if (e)
        return e;
    cmark_consolidate_text_nodes(root);
    struct str out = letter_tree_markdown(cx, root);
    e = parse(cx, out, &again);
    if (e)
        return e;
    if (!str_eq(shape_of(cx, root), shape_of(cx, again)))
        return fail_field(cx, ERR_INVALID, S("markdown"),
                          "the filled letter cannot be written as Markdown without changing it");
    *ret_markdown = out;
    return ERR_OK;
}

enum err letter_template_fill_line(struct cx *cx, struct str line, const struct letter_value values[SLOT_COUNT],
                                   struct str *ret_line)
{
    struct buf b = buf_make(cx->arena);
    struct str name;
    size_t from = 0, at, end;
    struct fill f = {.cx = cx, .values = values};
    while (next_slot(line, from, &at, &end, &name)) {
        enum letter_slot slot;
        enum err e = look_up(&f, NULL, name, &slot);
        if (!e && slots[slot].shape != SLOT_INLINE)
            e = fail_field(cx, ERR_INVALID, S("title"), "{{%s}} cannot stand in a title", slots[slot].name);
        if (e)
            return e;
        buf_add(&b, str_slice(line, from, at));
        buf_add_z(&b, one_line(cx, values[slot].items[0]));
        from = end;
    }
    buf_add(&b, str_slice(line, from, line.n));
    *ret_line = buf_str(&b);
    return ERR_OK;
}

struct str letter_template_without(struct cx *cx, struct str markdown, const struct letter_value values[SLOT_COUNT],
                                   struct str instead)
{
    struct buf b = buf_make(cx->arena);
    struct str name;
    size_t from = 0, at, end;
    while (next_slot(markdown, from, &at, &end, &name)) {
        enum letter_slot slot;
        buf_add(&b, str_slice(markdown, from, at));
        buf_add(&b, find_slot(name, &slot) && values[slot].n == 0 ? instead : str_slice(markdown, at, end));
        from = end;
    }
    buf_add(&b, str_slice(markdown, from, markdown.n));
    return buf_str(&b);
}
