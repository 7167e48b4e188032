/* XPath's regular expressions (F&O 7.6.1 on XML Schema Part 2, appendix F) read by their grammar and written anew for
   PCRE2. Only what the grammar knows comes through, so nothing of PCRE2's own is reachable. */
#include <string.h>

#include "base/text.h"
#include "feel/feel_regex_class.h"

enum {
    GROUP_DEPTH = 200, /* PCRE2 itself takes 250 */
    CLASS_DEPTH = 20,
    REPEAT_MAX = 65535,
};

struct translation {
    struct str in;
    size_t i;
    struct feel_regex_flags flags;
    struct buf *out;
    unsigned groups;            /* opened so far */
    unsigned open[GROUP_DEPTH]; /* their numbers, 0 for one that catches nothing */
    size_t depth;
    bool deep;
};

static bool at_end(const struct translation *t)
{
    return t->i >= t->in.n;
}

static char peek(const struct translation *t)
{
    return at_end(t) ? '\0' : t->in.p[t->i];
}

static bool take(struct translation *t, char c)
{
    if (at_end(t) || t->in.p[t->i] != c)
        return false;
    t->i++;
    return true;
}

/* A place where the matcher counts a step (feel_regex.c): each is passed once for each way that is tried. */
static void add_step(struct translation *t)
{
    buf_add_z(t->out, "(?C1)");
}

/* \n \r \t and the characters that mean something: what it stands for. */
static bool single_escape(char c, uint32_t *ret)
{
    static const char meaning[] = "\\|.?*+(){}-[]^$";
    if (c == 'n' || c == 'r' || c == 't') {
        *ret = c == 'n' ? '\n' : c == 'r' ? '\r' : '\t';
        return true;
    }
    if (c == '\0' || !strchr(meaning, c))
        return false;
    *ret = (unsigned char)c;
    return true;
}

/* After the backslash of \p or \P. */
static bool property(struct translation *t, struct buf *to)
{
    bool outside = t->in.p[t->i++] == 'P';
    if (!take(t, '{'))
        return false;
    size_t end = str_find_char(t->in, '}', t->i);
    if (end >= t->in.n)
        return false;
    struct str name = str_slice(t->in, t->i, end);
    t->i = end + 1;
    return feel_regex_class_add(to, name, outside);
}

/* ---- Character classes ---- */

/* One member's first character: a set (then *ret_set) or a code point. */
static bool class_item(struct translation *t, struct buf *set, bool *ret_set, uint32_t *ret_c)
{
    *ret_set = false;
    if (!take(t, '\\')) {
        if (at_end(t) || peek(t) == '[' || peek(t) == ']')
            return false;
        *ret_c = text_next(t->in, &t->i);
        return true;
    }
    char c = peek(t);
    struct str named = feel_regex_class_of(c);
    if (c == 'p' || c == 'P') {
        *ret_set = true;
        return property(t, set);
    }
    if (named.n) {
        *ret_set = true;
        t->i++;
        buf_add(set, named);
        return true;
    }
    if (!single_escape(c, ret_c))
        return false;
    t->i++;
    return true;
}

static bool next_is(const struct translation *t, size_t ahead, char c)
{
    return t->i + ahead < t->in.n && t->in.p[t->i + ahead] == c;
}

/* The members up to `]` or `-[`, into `set`. */
static bool class_members(struct translation *t, struct buf *set)
{
    for (size_t n = 0;; n++) {
        bool is_set;
        uint32_t first, last;
        if (at_end(t))
            return false;
        if (peek(t) == ']' || (peek(t) == '-' && next_is(t, 1, '[')))
            return n > 0;
        bool hyphen = peek(t) == '-';
        if (!class_item(t, set, &is_set, &first))
            return false;
        if (is_set)
            continue;
        if (hyphen && n > 0 && peek(t) != ']' && !(peek(t) == '-' && next_is(t, 1, '[')))
            return false; /* a bare hyphen stands first or last */
        feel_regex_class_literal(set, first);
        if (peek(t) != '-' || next_is(t, 1, ']') || next_is(t, 1, '['))
            continue;
        t->i++;
        if (!class_item(t, set, &is_set, &last) || is_set || last < first)
            return false;
        buf_add_char(set, '-');
        feel_regex_class_literal(set, last);
    }
}

/* After the `[`. Subtraction becomes a look ahead: not one of those, and one of these. */
static bool char_class(struct translation *t, struct buf *to, int depth)
{
    struct buf set = buf_make(to->arena), less = buf_make(to->arena);
    if (depth >= CLASS_DEPTH) {
        t->deep = true;
        return false;
    }
    bool outside = take(t, '^');
    if (!class_members(t, &set))
        return false;
    if (take(t, '-')) {
        t->i++; /* its [ */
        if (!char_class(t, &less, depth + 1))
            return false;
    }
    if (!take(t, ']'))
        return false;
    if (less.n) {
        buf_add_z(to, "(?:(?!");
        buf_add(to, buf_str(&less));
        buf_add_z(to, ")");
    }
    buf_add_z(to, outside ? "[^" : "[");
    buf_add(to, buf_str(&set));
    buf_add_z(to, less.n ? "])" : "]");
    return true;
}

/* ---- Atoms ---- */

/* \N: of several digits as many as name a group; it must be closed by then. */
static bool back_reference(struct translation *t)
{
    unsigned n = 0;
    while (peek(t) >= '0' && peek(t) <= '9') {
        unsigned longer = n * 10 + (unsigned)(peek(t) - '0');
        if (longer > t->groups)
            break;
        n = longer;
        t->i++;
    }
    if (n == 0)
        return false;
    for (size_t i = 0; i < t->depth; i++)
        if (t->open[i] == n)
            return false;
    buf_fmt(t->out, "\\g{%u}", n);
    return true;
}

static bool escape(struct translation *t)
{
    char c = peek(t);
    uint32_t literal;
    if (c >= '1' && c <= '9')
        return back_reference(t);
    if (single_escape(c, &literal)) {
        t->i++;
        feel_regex_class_literal(t->out, literal);
        return true;
    }
    buf_add_char(t->out, '[');
    if (c == 'p' || c == 'P') {
        if (!property(t, t->out))
            return false;
    } else {
        struct str named = feel_regex_class_of(c);
        if (!named.n)
            return false;
        t->i++;
        buf_add(t->out, named);
    }
    buf_add_char(t->out, ']');
    return true;
}

static bool open_group(struct translation *t)
{
    if (t->depth == GROUP_DEPTH) {
        t->deep = true;
        return false;
    }
    bool catches = true;
    if (take(t, '?')) {
        if (!take(t, ':'))
            return false;
        catches = false;
    }
    buf_add_z(t->out, catches ? "(" : "(?:");
    t->open[t->depth++] = catches ? ++t->groups : 0;
    add_step(t);
    return true;
}

static bool number(struct translation *t, unsigned *ret)
{
    unsigned v = 0;
    size_t from = t->i;
    while (peek(t) >= '0' && peek(t) <= '9' && v <= REPEAT_MAX)
        v = v * 10 + (unsigned)(t->in.p[t->i++] - '0');
    *ret = v;
    return t->i > from && v <= REPEAT_MAX;
}

/* ?, *, +, {n}, {n,}, {n,m}, each with ? after it; nothing at all is well too. */
static bool quantifier(struct translation *t)
{
    char c = peek(t);
    if (c == '?' || c == '*' || c == '+') {
        t->i++;
        buf_add_char(t->out, c);
    } else if (take(t, '{')) {
        unsigned least, most;
        if (!number(t, &least))
            return false;
        buf_fmt(t->out, "{%u", least);
        if (take(t, ',')) {
            buf_add_char(t->out, ',');
            if (peek(t) != '}') {
                if (!number(t, &most) || most < least)
                    return false;
                buf_fmt(t->out, "%u", most);
            }
        }
        if (!take(t, '}'))
            return false;
        buf_add_char(t->out, '}');
    } else {
        return true;
    }
    if (take(t, '?'))
        buf_add_char(t->out, '?');
    add_step(t);
    return true;
}

/* What is one character of the expression, a class, an anchor or an escape. */
static bool atom(struct translation *t)
{
    static const char never[] = "?*+{}]";
    char c = peek(t);
    switch (c) {
    case '\\':
        t->i++;
        return escape(t);
    case '[':
        t->i++;
        return char_class(t, t->out, 0);
    case '.':
        t->i++;
        buf_add_z(t->out, t->flags.s ? "." : "[^\\n\\r]");
        return true;
    case '^':
        t->i++;
        buf_add_z(t->out, t->flags.m ? "(?:^)" : "(?:\\A)");
        return true;
    case '$': /* not after a line end that ends the text */
        t->i++;
        buf_add_z(t->out, t->flags.m ? "(?:(?=\\n)|(?<!\\n)\\z)" : "(?:\\z)");
        return true;
    default:
        if (c != '\0' && strchr(never, c))
            return false;
        feel_regex_class_literal(t->out, text_next(t->in, &t->i));
        return true;
    }
}

static bool expression(struct translation *t)
{
    add_step(t);
    while (!at_end(t)) {
        if (take(t, '(')) {
            if (!open_group(t))
                return false;
            continue;
        }
        if (take(t, '|')) {
            buf_add_char(t->out, '|');
            add_step(t);
            continue;
        }
        if (take(t, ')')) {
            if (t->depth == 0)
                return false;
            t->depth--;
            buf_add_char(t->out, ')');
        } else if (!atom(t)) {
            return false;
        }
        if (!quantifier(t))
            return false;
    }
    return t->depth == 0;
}

/* The flag x: blanks go, but those in a class. */
static struct str without_blanks(struct arena *a, struct str s)
{
    struct buf b = buf_make(a);
    int depth = 0;
    bool escaped = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (blank && depth == 0)
            continue;
        buf_add_char(&b, c);
        if (!escaped)
            depth += (c == '[') - (c == ']' && depth > 0);
        escaped = !escaped && c == '\\';
    }
    return buf_str(&b);
}

bool feel_regex_translate(struct arena *a, struct str pattern, struct feel_regex_flags flags, struct buf *out,
                          unsigned *ret_groups, bool *ret_deep)
{
    struct translation t = {.in = flags.x ? without_blanks(a, pattern) : pattern, .flags = flags, .out = out};
    bool ok = expression(&t);
    *ret_groups = t.groups;
    *ret_deep = t.deep;
    return ok;
}
