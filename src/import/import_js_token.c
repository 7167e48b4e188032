/* The subset of JavaScript, taken apart into tokens. */
#include "import_js_parser.h"

void js_fault(struct js_parser *p, size_t at, const char *what)
{
    if (p->fault.n)
        return;
    p->fault = str_of(what);
    p->fault_at = at;
    p->at = p->src.n;
    p->t = (struct js_token){.kind = JS_T_END, .at = at};
}

static bool is_name_char(unsigned char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c >= 0x80 ||
           (!first && c >= '0' && c <= '9');
}

static unsigned char peek(const struct js_parser *p, size_t ahead)
{
    return p->at + ahead < p->src.n ? (unsigned char)p->src.p[p->at + ahead] : 0;
}

static bool skip_comment(struct js_parser *p)
{
    if (peek(p, 0) != '/' || (peek(p, 1) != '/' && peek(p, 1) != '*'))
        return false;
    bool line = peek(p, 1) == '/';
    size_t end = line ? str_find_char(p->src, '\n', p->at) : str_find(p->src, S("*/"), p->at + 2);
    if (!line && end == p->src.n)
        js_fault(p, p->at, "a comment that does not end");
    else
        p->at = line ? end : end + 2;
    return true;
}

static void skip_blanks(struct js_parser *p)
{
    while (p->at < p->src.n) {
        unsigned char c = peek(p, 0);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v') {
            p->at++;
        } else if (c == 0xC2 && peek(p, 1) == 0xA0) {
            p->at += 2; /* a blank that does not break */
        } else if (c == 0xEF && peek(p, 1) == 0xBB && peek(p, 2) == 0xBF) {
            p->at += 3;
        } else if (!skip_comment(p)) {
            break;
        }
    }
}

static void add_code_point(struct buf *b, uint32_t c)
{
    if (!c || (c >= 0xD800 && c < 0xE000) || c > 0x10FFFF)
        c = 0xFFFD;
    int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const unsigned char first[] = {0, 0xC0, 0xE0, 0xF0};
    buf_add_char(b, (char)(first[more] | c >> 6 * more));
    while (more--)
        buf_add_char(b, (char)(0x80 | (c >> 6 * more & 0x3F)));
}

/* \n, \u00e5, \u{e5}, \x41 …; the backslash is passed already. */
static void read_escape(struct js_parser *p, struct buf *b)
{
    unsigned char c = peek(p, 0);
    p->at++;
    bool braces = c == 'u' && peek(p, 0) == '{';
    if (c == 'u' || c == 'x') {
        size_t digits = c == 'x' ? 2 : braces ? 6 : 4;
        uint32_t v = 0;
        p->at += braces;
        size_t i = 0;
        for (; i < digits; i++, p->at++) {
            unsigned char h = peek(p, 0);
            int d = h >= '0' && h <= '9' ? h - '0' : (h | 32) >= 'a' && (h | 32) <= 'f' ? (h | 32) - 'a' + 10 : -1;
            if (d < 0)
                break;
            v = v * 16 + (uint32_t)d;
        }
        if (!i || (!braces && i < digits) || v > 0x10FFFF || (braces && peek(p, 0) != '}'))
            js_fault(p, p->at, "a character code that is none");
        else
            p->at += braces;
        add_code_point(b, v);
    } else if (c == 'n' || c == 't' || c == 'r') {
        buf_add_char(b, c == 'n' ? '\n' : c == 't' ? '\t' : '\r');
    } else if (c != '\n' && c != '\r') {
        buf_add_char(b, (char)c);
    }
}

static void read_string(struct js_parser *p, unsigned char quote)
{
    struct buf b = buf_make(p->cx->arena);
    size_t from = p->at++;
    for (;;) {
        unsigned char c = peek(p, 0);
        if (p->at >= p->src.n || ((c == '\n' || c == '\r') && quote != '`')) {
            js_fault(p, from, "a text in quotes that does not end");
            return;
        }
        p->at++;
        if (c == quote)
            break;
        if (quote == '`' && c == '$' && peek(p, 0) == '{') {
            js_fault(p, from, "a text with ${…} in it");
            return;
        }
        if (c == '\\')
            read_escape(p, &b);
        else
            buf_add_char(&b, (char)c);
    }
    p->t = (struct js_token){.kind = JS_T_STRING, .text = buf_str(&b), .at = from};
}

static void read_regex(struct js_parser *p)
{
    size_t from = p->at++;
    bool set = false;
    while (p->at < p->src.n && peek(p, 0) != '\n' && (set || peek(p, 0) != '/')) {
        if (peek(p, 0) == '\\')
            p->at++;
        else if (peek(p, 0) == '[')
            set = true;
        else if (peek(p, 0) == ']')
            set = false;
        p->at++;
    }
    if (peek(p, 0) != '/' || p->at >= p->src.n) {
        js_fault(p, from, "a regular expression that does not end");
        return;
    }
    size_t end = p->at++;
    while (is_name_char(peek(p, 0), true) && p->at < p->src.n)
        p->at++;
    p->t = (struct js_token){.kind = JS_T_REGEX,
                             .text = str_slice(p->src, from + 1, end),
                             .flags = str_slice(p->src, end + 1, p->at),
                             .at = from};
}

static void read_number(struct js_parser *p)
{
    size_t from = p->at;
    bool point = false;
    while ((peek(p, 0) >= '0' && peek(p, 0) <= '9') || (peek(p, 0) == '.' && !point)) {
        point |= peek(p, 0) == '.';
        p->at++;
    }
    if (is_name_char(peek(p, 0), false) && p->at < p->src.n)
        js_fault(p, from, "a number that is not decimal");
    else
        p->t = (struct js_token){.kind = JS_T_NUMBER, .text = str_slice(p->src, from, p->at), .at = from};
}

static void read_sign(struct js_parser *p)
{
    static const char *const signs[] = {"===", "!==", "...", "=>", "==", "!=", "<=", ">=", "&&", "||", "??", "?.",
                                        "+=",  "-=",  "++",  "--", "=",  "!",  "<",  ">",  "+",  "-",  "*",  "/",
                                        "%",   "?",   ":",   ".",  ",",  ";",  "(",  ")",  "[",  "]",  "{",  "}"};
    struct str rest = str_slice(p->src, p->at, p->src.n);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (str_starts(rest, str_of(signs[i]))) {
            p->t = (struct js_token){.kind = JS_T_SIGN, .text = str_of(signs[i]), .at = p->at};
            p->at += p->t.text.n;
            return;
        }
    js_fault(p, p->at, "a sign that is not understood");
}

void js_next(struct js_parser *p)
{
    skip_blanks(p);
    if (p->fault.n)
        return;
    unsigned char c = peek(p, 0);
    if (p->at >= p->src.n) {
        p->t = (struct js_token){.kind = JS_T_END, .at = p->at};
    } else if (c == '"' || c == '\'' || c == '`') {
        read_string(p, c);
    } else if ((c >= '0' && c <= '9') || (c == '.' && peek(p, 1) >= '0' && peek(p, 1) <= '9')) {
        read_number(p);
    } else if (is_name_char(c, true)) {
        size_t from = p->at;
        while (p->at < p->src.n && is_name_char(peek(p, 0), false))
            p->at++;
        p->t = (struct js_token){.kind = JS_T_NAME, .text = str_slice(p->src, from, p->at), .at = from};
    } else if (c == '/' && p->operand) {
        read_regex(p);
    } else {
        read_sign(p);
    }
    if (p->fault.n)
        return;
    p->operand = p->t.kind == JS_T_SIGN ? !str_eq_z(p->t.text, ")") && !str_eq_z(p->t.text, "]")
                                        : p->t.kind == JS_T_NAME && str_eq_z(p->t.text, "return");
}

bool js_is_sign(const struct js_parser *p, const char *sign)
{
    return p->t.kind == JS_T_SIGN && str_eq_z(p->t.text, sign);
}

bool js_is_word(const struct js_parser *p, const char *word)
{
    return p->t.kind == JS_T_NAME && str_eq_z(p->t.text, word);
}

bool js_take_sign(struct js_parser *p, const char *sign)
{
    if (!js_is_sign(p, sign))
        return false;
    js_next(p);
    return true;
}

bool js_take_word(struct js_parser *p, const char *word)
{
    if (!js_is_word(p, word))
        return false;
    js_next(p);
    return true;
}

void js_expect(struct js_parser *p, const char *sign)
{
    if (!js_take_sign(p, sign))
        js_fault(p, p->t.at,
                 *sign == ')'   ? "`)` was expected"
                 : *sign == ']' ? "`]` was expected"
                 : *sign == '}' ? "`}` was expected"
                 : *sign == '(' ? "`(` was expected"
                 : *sign == ':' ? "`:` was expected"
                                : "something else was expected");
}
