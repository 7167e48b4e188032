/* A tree back to YAML text: every scalar that could be read as something else is quoted. */
#include "yaml.h"

/* Can it stand without quotes? Judged narrowly: letters, digits and a few signs, and not what looks like markup. */
static bool plain_fits(struct str s)
{
    if (!s.n || s.p[0] == ' ' || s.p[s.n - 1] == ' ' || s.p[0] == '-' || s.p[0] == '.')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && c != ' ' && c != '_' && c != '-' && c != '.' && c != '/')
            return false;
    }
    return true;
}

/* Not in YAML's set of printable characters (YAML 1.1 5.1), or a line break in it. */
static bool needs_number(uint32_t c)
{
    return c < ' ' || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || c == 0xFEFF || c == 0xFFFE ||
           c == 0xFFFF;
}

static void write_scalar(struct str s, bool plain, struct buf *b)
{
    if (plain && plain_fits(s)) {
        buf_add(b, s);
        return;
    }
    buf_add_char(b, '"');
    for (size_t i = 0; i < s.n;) {
        size_t at = i;
        uint32_t c = text_next(s, &i);
        if (c == '"' || c == '\\')
            buf_add_char(b, '\\');
        if (c == '\n')
            buf_add(b, S("\\n"));
        else if (c == '\t')
            buf_add(b, S("\\t"));
        else if (c == '\r')
            buf_add(b, S("\\r"));
        else if (needs_number(c))
            buf_fmt(b, "\\u%04X", (unsigned)c);
        else
            buf_add(b, str_slice(s, at, i));
    }
    buf_add_char(b, '"');
}

static void indent(struct buf *b, int depth)
{
    for (int i = 0; i < depth; i++)
        buf_add(b, S("  "));
}

enum { SIMPLE_KEY_BYTES = 1000 };

/* In YAML a key ends within 1024 characters of its line; a longer one is marked by "?" and has a line of its own. */
static void write_key(struct str key, struct buf *b, int depth)
{
    struct buf written = buf_make(b->arena);
    write_scalar(key, true, &written);
    bool simple = written.n <= SIMPLE_KEY_BYTES;
    buf_add(b, simple ? S("") : S("? "));
    buf_add(b, buf_str(&written));
    if (!simple) {
        buf_add_char(b, '\n');
        indent(b, depth);
    }
    buf_add_char(b, ':');
}

static void write_node(const struct yaml *node, struct buf *b, int depth)
{
    if (node->kind == YAML_SCALAR) {
        write_scalar(node->text, node->plain, b);
        buf_add_char(b, '\n');
        return;
    }
    if (!node->n) {
        buf_add(b, node->kind == YAML_LIST ? S("[]\n") : S("{}\n"));
        return;
    }
    if (depth)
        buf_add_char(b, '\n');
    for (size_t i = 0; i < node->n; i++) {
        indent(b, depth);
        if (node->kind == YAML_LIST) {
            buf_add(b, S("-"));
        } else {
            write_key(node->items[i]->key, b, depth);
        }
        if (node->items[i]->kind == YAML_SCALAR || !node->items[i]->n)
            buf_add_char(b, ' ');
        write_node(node->items[i], b, depth + 1);
    }
}

void yaml_write(const struct yaml *node, struct buf *ret_text)
{
    write_node(node, ret_text, 0);
}
