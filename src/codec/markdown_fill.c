/* Placeholders of a parsed text. */
#include "markdown.h"

/* The next {{name}} at or after *from: sets where it begins and ends. */
static bool next_placeholder(struct str s, size_t from, size_t *ret_begin, size_t *ret_end, struct str *ret_name)
{
    size_t begin = str_find(s, S("{{"), from);
    size_t end = str_find(s, S("}}"), begin);
    if (begin >= s.n || end >= s.n)
        return false;
    *ret_begin = begin;
    *ret_end = end + 2;
    *ret_name = str_trim(str_slice(s, begin + 2, end));
    return true;
}

static void each_placeholder(const struct md *m, int line, void (*found)(void *ctx, struct str name, int line),
                             void *ctx)
{
    size_t begin, end = 0;
    struct str name;
    if (m->line)
        line = m->line;
    while (next_placeholder(m->text, end, &begin, &end, &name))
        found(ctx, name, line);
    for (size_t i = 0; i < m->n; i++) {
        if (m->items[i]->kind == MD_SOFT_BREAK || m->items[i]->kind == MD_LINE_BREAK)
            line++;
        each_placeholder(m->items[i], line, found, ctx);
    }
}

void markdown_placeholders(const struct md *tree, void (*found)(void *ctx, struct str name, int line), void *ctx)
{
    each_placeholder(tree, tree->line ? tree->line : 1, found, ctx);
}

struct fill {
    struct cx *cx;
    struct str (*value)(void *ctx, struct str name);
    void *ctx;
};

static struct str filled(const struct fill *f, struct str text)
{
    size_t begin, end = 0, from = 0;
    struct str name;
    struct buf b = buf_make(f->cx->arena);
    while (next_placeholder(text, end, &begin, &end, &name)) {
        struct str v = f->value(f->ctx, name);
        if (!v.p)
            continue;
        buf_add(&b, str_slice(text, from, begin));
        buf_add(&b, v);
        from = end;
    }
    if (!from)
        return text;
    buf_add(&b, str_slice(text, from, text.n));
    return buf_str(&b);
}

typedef VEC_OF(struct md *) md_vec;

static void add_text(const struct fill *f, md_vec *v, struct str text)
{
    struct str line;
    for (bool first = true; str_cut(&text, '\n', &line); first = false) {
        if (!first) {
            struct md *br = arena_new_of(f->cx->arena, struct md);
            br->kind = MD_LINE_BREAK;
            vec_add(f->cx->arena, v, br);
        }
        struct md *m = arena_new_of(f->cx->arena, struct md);
        m->kind = MD_TEXT;
        m->text = line;
        vec_add(f->cx->arena, v, m);
    }
}

static void fill_tree(const struct fill *f, struct md *m)
{
    md_vec items = {0};
    if (m->kind != MD_TEXT && m->text.n)
        m->text = filled(f, m->text);
    for (size_t i = 0; i < m->n; i++) {
        struct md *item = m->items[i];
        struct str text = item->kind == MD_TEXT ? filled(f, item->text) : (struct str){0};
        if (item->kind == MD_TEXT && text.p != item->text.p) {
            add_text(f, &items, text);
            continue;
        }
        fill_tree(f, item);
        vec_add(f->cx->arena, &items, item);
    }
    m->items = items.p, m->n = items.n;
}

void markdown_fill(struct cx *cx, struct md *tree, struct str (*value)(void *ctx, struct str name), void *ctx)
{
    fill_tree(&(struct fill){.cx = cx, .value = value, .ctx = ctx}, tree);
}

static bool is_only(const struct md *m, struct str name)
{
    size_t begin, end;
    struct str found;
    if (m->kind != MD_PARAGRAPH || m->n != 1 || m->items[0]->kind != MD_TEXT)
        return false;
    struct str text = str_trim(m->items[0]->text);
    return next_placeholder(text, 0, &begin, &end, &found) && !begin && end == text.n && str_eq(found, name);
}

size_t markdown_insert(struct cx *cx, struct md *tree, struct str name, struct md *const *blocks, size_t n)
{
    md_vec items = {0};
    size_t count = 0;
    for (size_t i = 0; i < tree->n; i++) {
        if (!is_only(tree->items[i], name)) {
            count += markdown_insert(cx, tree->items[i], name, blocks, n);
            vec_add(cx->arena, &items, tree->items[i]);
            continue;
        }
        count++;
        for (size_t k = 0; k < n; k++)
            vec_add(cx->arena, &items, blocks[k]);
    }
    tree->items = items.p, tree->n = items.n;
    return count;
}
