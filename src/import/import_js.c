/* The subset of JavaScript: tokens, expressions by precedence, and statements folded into one expression. */
#include "import_js.h"

enum token_kind { T_END, T_NUMBER, T_STRING, T_NAME, T_SIGN, T_REGEX };

struct token {
    enum token_kind kind;
    struct str text;
    struct str flags; /* of a regular expression */
    size_t at;
    bool after_line; /* a line ended before it */
};

/* What a variable holds at this point of the script. */
struct binding {
    struct str name;
    const struct js *value;
};
struct scope {
    VEC_OF(struct binding) vars;
};

struct parser {
    struct cx *cx;
    struct str src;
    size_t at;
    struct token t; /* the one to be taken next */
    bool operand;   /* may the next token begin an operand: then `/` begins a regular expression */
    int depth, nodes;
    struct js_script *script;
    struct str fault; /* the first one; then everything ends at once */
    size_t fault_at;
};

static void fault(struct parser *p, size_t at, const char *what)
{
    if (p->fault.n)
        return;
    p->fault = str_of(what);
    p->fault_at = at;
    p->at = p->src.n;
    p->t = (struct token){.kind = T_END, .at = at};
}

/* ---- tokens ---- */

static bool is_name_char(unsigned char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c >= 0x80 ||
           (!first && c >= '0' && c <= '9');
}

static unsigned char peek(const struct parser *p, size_t ahead)
{
    return p->at + ahead < p->src.n ? (unsigned char)p->src.p[p->at + ahead] : 0;
}

static bool skip_comment(struct parser *p)
{
    if (peek(p, 0) != '/' || (peek(p, 1) != '/' && peek(p, 1) != '*'))
        return false;
    bool line = peek(p, 1) == '/';
    size_t end = line ? str_find_char(p->src, '\n', p->at) : str_find(p->src, S("*/"), p->at + 2);
    if (!line && end == p->src.n)
        fault(p, p->at, "a comment that does not end");
    else
        p->at = line ? end : end + 2;
    return true;
}

static bool skip_blanks(struct parser *p)
{
    bool line = false;
    while (p->at < p->src.n) {
        unsigned char c = peek(p, 0);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v') {
            line |= c == '\n' || c == '\r';
            p->at++;
        } else if (c == 0xC2 && peek(p, 1) == 0xA0) {
            p->at += 2; /* a blank that does not break */
        } else if (c == 0xEF && peek(p, 1) == 0xBB && peek(p, 2) == 0xBF) {
            p->at += 3;
        } else if (!skip_comment(p)) {
            break;
        }
    }
    return line;
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
static void read_escape(struct parser *p, struct buf *b)
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
            fault(p, p->at, "a character code that is none");
        else
            p->at += braces;
        add_code_point(b, v);
    } else if (c == 'n' || c == 't' || c == 'r') {
        buf_add_char(b, c == 'n' ? '\n' : c == 't' ? '\t' : '\r');
    } else if (c != '\n' && c != '\r') {
        buf_add_char(b, (char)c);
    }
}

static void read_string(struct parser *p, unsigned char quote)
{
    struct buf b = buf_make(p->cx->arena);
    size_t from = p->at++;
    for (;;) {
        unsigned char c = peek(p, 0);
        if (p->at >= p->src.n || ((c == '\n' || c == '\r') && quote != '`')) {
            fault(p, from, "a text in quotes that does not end");
            return;
        }
        p->at++;
        if (c == quote)
            break;
        if (quote == '`' && c == '$' && peek(p, 0) == '{') {
            fault(p, from, "a text with ${…} in it");
            return;
        }
        if (c == '\\')
            read_escape(p, &b);
        else
            buf_add_char(&b, (char)c);
    }
    p->t = (struct token){.kind = T_STRING, .text = buf_str(&b), .at = from};
}

static void read_regex(struct parser *p)
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
        fault(p, from, "a regular expression that does not end");
        return;
    }
    size_t end = p->at++;
    while (is_name_char(peek(p, 0), true) && p->at < p->src.n)
        p->at++;
    p->t = (struct token){.kind = T_REGEX,
                          .text = str_slice(p->src, from + 1, end),
                          .flags = str_slice(p->src, end + 1, p->at),
                          .at = from};
}

static void read_number(struct parser *p)
{
    size_t from = p->at;
    bool point = false;
    while ((peek(p, 0) >= '0' && peek(p, 0) <= '9') || (peek(p, 0) == '.' && !point)) {
        point |= peek(p, 0) == '.';
        p->at++;
    }
    if (is_name_char(peek(p, 0), false) && p->at < p->src.n)
        fault(p, from, "a number that is not decimal");
    else
        p->t = (struct token){.kind = T_NUMBER, .text = str_slice(p->src, from, p->at), .at = from};
}

static void read_sign(struct parser *p)
{
    static const char *const signs[] = {"===", "!==", "...", "=>", "==", "!=", "<=", ">=", "&&", "||", "??", "?.",
                                        "+=",  "-=",  "++",  "--", "=",  "!",  "<",  ">",  "+",  "-",  "*",  "/",
                                        "%",   "?",   ":",   ".",  ",",  ";",  "(",  ")",  "[",  "]",  "{",  "}"};
    struct str rest = str_slice(p->src, p->at, p->src.n);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (str_starts(rest, str_of(signs[i]))) {
            p->t = (struct token){.kind = T_SIGN, .text = str_of(signs[i]), .at = p->at};
            p->at += p->t.text.n;
            return;
        }
    fault(p, p->at, "a sign that is not understood");
}

static void next(struct parser *p)
{
    bool line = skip_blanks(p);
    if (p->fault.n)
        return;
    unsigned char c = peek(p, 0);
    if (p->at >= p->src.n) {
        p->t = (struct token){.kind = T_END, .at = p->at};
    } else if (c == '"' || c == '\'' || c == '`') {
        read_string(p, c);
    } else if ((c >= '0' && c <= '9') || (c == '.' && peek(p, 1) >= '0' && peek(p, 1) <= '9')) {
        read_number(p);
    } else if (is_name_char(c, true)) {
        size_t from = p->at;
        while (p->at < p->src.n && is_name_char(peek(p, 0), false))
            p->at++;
        p->t = (struct token){.kind = T_NAME, .text = str_slice(p->src, from, p->at), .at = from};
    } else if (c == '/' && p->operand) {
        read_regex(p);
    } else {
        read_sign(p);
    }
    if (p->fault.n)
        return;
    p->t.after_line = line;
    p->operand = p->t.kind == T_SIGN ? !str_eq_z(p->t.text, ")") && !str_eq_z(p->t.text, "]")
                                     : p->t.kind == T_NAME && str_eq_z(p->t.text, "return");
}

static bool is_sign(const struct parser *p, const char *sign)
{
    return p->t.kind == T_SIGN && str_eq_z(p->t.text, sign);
}

static bool is_word(const struct parser *p, const char *word)
{
    return p->t.kind == T_NAME && str_eq_z(p->t.text, word);
}

static bool take_sign(struct parser *p, const char *sign)
{
    if (!is_sign(p, sign))
        return false;
    next(p);
    return true;
}

static bool take_word(struct parser *p, const char *word)
{
    if (!is_word(p, word))
        return false;
    next(p);
    return true;
}

static void expect(struct parser *p, const char *sign)
{
    if (!take_sign(p, sign))
        fault(p, p->t.at,
              *sign == ')'   ? "`)` was expected"
              : *sign == ']' ? "`]` was expected"
              : *sign == '}' ? "`}` was expected"
              : *sign == '(' ? "`(` was expected"
              : *sign == ':' ? "`:` was expected"
                             : "something else was expected");
}

/* ---- nodes ---- */

static struct js *node(struct parser *p, enum js_kind kind, struct str text)
{
    if (++p->nodes > JS_NODES)
        fault(p, p->t.at, "a script this long");
    struct js *e = arena_new_of(p->cx->arena, struct js);
    e->kind = kind;
    e->text = text;
    return e;
}

static struct js *node_of(struct parser *p, enum js_kind kind, const struct js *const *of, size_t n)
{
    struct js *e = node(p, kind, (struct str){0});
    e->of = arena_array(p->cx->arena, const struct js *, n);
    for (size_t i = 0; i < n; i++)
        e->of[i] = of[i];
    e->n = n;
    return e;
}

static const struct js *binary(struct parser *p, struct str op, const struct js *l, const struct js *r)
{
    struct js *e = node_of(p, JS_BINARY, (const struct js *[]){l, r}, 2);
    e->op = op;
    return e;
}

static const struct js *choice(struct parser *p, const struct js *c, const struct js *yes, const struct js *no)
{
    return node_of(p, JS_CHOICE, (const struct js *[]){c, yes, no}, 3);
}

/* ---- expressions ---- */

static const struct js *expression(struct parser *p, struct scope *s);
static const struct js *function_body(struct parser *p, struct scope *outer, struct js *fn);

static const struct js *lookup(const struct scope *s, struct str name)
{
    for (size_t i = s->vars.n; i-- > 0;)
        if (str_eq(s->vars.p[i].name, name))
            return s->vars.p[i].value;
    return NULL;
}

static void add_param(struct parser *p, struct js *fn, struct str name)
{
    if (fn->n_params >= 8) {
        fault(p, p->t.at, "a function with this many parameters");
        return;
    }
    fn->params[fn->n_params++] = name;
}

static struct js *new_function(struct parser *p)
{
    struct js *fn = node(p, JS_FUNCTION, (struct str){0});
    fn->params = arena_array(p->cx->arena, struct str, 8);
    return fn;
}

/* `(a, b) =>` ahead? Looks without taking. */
static bool arrow_ahead(struct parser *p)
{
    struct parser ahead = *p;
    int depth = 0;
    do {
        if (is_sign(&ahead, "("))
            depth++;
        else if (is_sign(&ahead, ")"))
            depth--;
        else if (ahead.t.kind != T_NAME && !is_sign(&ahead, ","))
            return false;
        next(&ahead);
    } while (depth && ahead.t.kind != T_END);
    return is_sign(&ahead, "=>");
}

static const struct js *arrow(struct parser *p, struct scope *s)
{
    struct js *fn = new_function(p);
    if (take_sign(p, "(")) {
        while (p->t.kind == T_NAME) {
            add_param(p, fn, p->t.text);
            next(p);
            if (!take_sign(p, ","))
                break;
        }
        expect(p, ")");
    } else {
        add_param(p, fn, p->t.text);
        next(p);
    }
    if (!take_sign(p, "=>"))
        fault(p, p->t.at, "`=>` was expected");
    return function_body(p, s, fn);
}

static const struct js *classic_function(struct parser *p, struct scope *s)
{
    struct js *fn = new_function(p);
    if (p->t.kind == T_NAME) /* its own name */
        next(p);
    expect(p, "(");
    while (p->t.kind == T_NAME) {
        add_param(p, fn, p->t.text);
        next(p);
        if (!take_sign(p, ","))
            break;
    }
    expect(p, ")");
    if (!is_sign(p, "{"))
        fault(p, p->t.at, "`{` was expected");
    return function_body(p, s, fn);
}

static const struct js *list_until(struct parser *p, struct scope *s, enum js_kind kind, const struct js *first,
                                   const char *end)
{
    VEC_OF(const struct js *) of = {0};
    if (first)
        vec_add(p->cx->arena, &of, first);
    while (!is_sign(p, end) && p->t.kind != T_END) {
        if (is_sign(p, "..."))
            fault(p, p->t.at, "`...` is not of the part that is read");
        vec_add(p->cx->arena, &of, expression(p, s));
        if (!take_sign(p, ","))
            break;
    }
    expect(p, end);
    return node_of(p, kind, of.p, of.n);
}

static const struct js *name(struct parser *p, struct scope *s)
{
    struct str text = p->t.text;
    if (str_eq_z(text, "function")) {
        next(p);
        return classic_function(p, s);
    }
    struct parser ahead = *p;
    next(&ahead);
    if (is_sign(&ahead, "=>"))
        return arrow(p, s);
    next(p);
    if (str_eq_z(text, "true"))
        return node(p, JS_TRUE, text);
    if (str_eq_z(text, "false"))
        return node(p, JS_FALSE, text);
    if (str_eq_z(text, "undefined") || str_eq_z(text, "null"))
        return node(p, JS_UNDEFINED, text);
    const struct js *held = lookup(s, text);
    return held ? held : node(p, JS_NAME, text);
}

static const struct js *primary(struct parser *p, struct scope *s)
{
    struct token t = p->t;
    if (t.kind == T_NAME)
        return name(p, s);
    if (t.kind == T_NUMBER || t.kind == T_STRING) {
        p->operand = false;
        next(p);
        return node(p, t.kind == T_NUMBER ? JS_NUMBER : JS_STRING, t.text);
    }
    if (t.kind == T_REGEX) {
        next(p);
        struct js *e = node(p, JS_REGEX, t.text);
        e->op = t.flags;
        return e;
    }
    if (is_sign(p, "(")) {
        if (arrow_ahead(p))
            return arrow(p, s);
        next(p);
        const struct js *e = expression(p, s);
        while (take_sign(p, ",")) /* the last one counts */
            e = expression(p, s);
        expect(p, ")");
        return e;
    }
    if (take_sign(p, "["))
        return list_until(p, s, JS_ARRAY, NULL, "]");
    fault(p, t.at, t.kind == T_END ? "it ends where a value was expected" : "a value was expected");
    return node(p, JS_UNDEFINED, S("undefined"));
}

static const struct js *member(struct parser *p, const struct js *of)
{
    if (p->t.kind != T_NAME) {
        fault(p, p->t.at, "a name was expected after the point");
        return of;
    }
    struct js *e = node_of(p, JS_MEMBER, &of, 1);
    e->text = p->t.text;
    next(p);
    return e;
}

static const struct js *indexed(struct parser *p, struct scope *s, const struct js *of)
{
    const struct js *i = expression(p, s);
    expect(p, "]");
    if (i->kind != JS_STRING)
        return node_of(p, JS_INDEX, (const struct js *[]){of, i}, 2);
    struct js *e = node_of(p, JS_MEMBER, &of, 1);
    e->text = i->text;
    return e;
}

/* .name, ?.name, [x], (…) after what stands there. */
static const struct js *suffixes(struct parser *p, struct scope *s, const struct js *e, bool calls)
{
    for (;;) {
        if (take_sign(p, ".") || take_sign(p, "?."))
            e = is_sign(p, "(") || is_sign(p, "[") ? e : member(p, e);
        else if (take_sign(p, "["))
            e = indexed(p, s, e);
        else if (calls && take_sign(p, "("))
            e = list_until(p, s, JS_CALL, e, ")");
        else
            return e;
    }
}

static const struct js *new_thing(struct parser *p, struct scope *s)
{
    const struct js *what = suffixes(p, s, primary(p, s), false);
    if (take_sign(p, "("))
        return suffixes(p, s, list_until(p, s, JS_NEW, what, ")"), true);
    return node_of(p, JS_NEW, &what, 1);
}

static const struct js *unary(struct parser *p, struct scope *s)
{
    if (++p->depth > JS_DEPTH) {
        fault(p, p->t.at, "an expression nested this deep");
        return node(p, JS_UNDEFINED, S("undefined"));
    }
    const struct js *e;
    struct str op = p->t.text;
    bool sign = is_sign(p, "!") || is_sign(p, "-") || is_sign(p, "+");
    if (sign || is_word(p, "typeof")) {
        next(p);
        const struct js *of = unary(p, s);
        struct js *u = node_of(p, JS_UNARY, &of, 1);
        u->op = op;
        e = u;
    } else if (take_word(p, "new")) {
        e = new_thing(p, s);
    } else {
        e = suffixes(p, s, primary(p, s), true);
    }
    p->depth--;
    return e;
}

static int precedence(const struct parser *p)
{
    static const char *const levels[] = {"|| ??", "&&", "=== !== == !=", "< > <= >=", "+ -", "* / %"};
    if (p->t.kind != T_SIGN)
        return -1;
    for (int i = 0; i < 6; i++) {
        struct str rest = str_of(levels[i]), piece;
        while (str_cut(&rest, ' ', &piece))
            if (str_eq(piece, p->t.text))
                return i;
    }
    return -1;
}

static const struct js *binaries(struct parser *p, struct scope *s, int level)
{
    const struct js *l = unary(p, s);
    for (int at; (at = precedence(p)) >= level;) {
        struct str op = p->t.text;
        next(p);
        l = binary(p, op, l, binaries(p, s, at + 1));
    }
    return l;
}

static const struct js *expression(struct parser *p, struct scope *s)
{
    if (++p->depth > JS_DEPTH) {
        fault(p, p->t.at, "an expression nested this deep");
        return node(p, JS_UNDEFINED, S("undefined"));
    }
    const struct js *e = binaries(p, s, 0);
    if (take_sign(p, "?")) {
        const struct js *yes = expression(p, s);
        expect(p, ":");
        e = choice(p, e, yes, expression(p, s));
    }
    p->depth--;
    return e;
}

/* ---- statements ---- */

static void bind(struct parser *p, struct scope *s, struct str name, const struct js *value)
{
    vec_add(p->cx->arena, &s->vars, (struct binding){name, value});
}

static struct scope copy_scope(struct parser *p, const struct scope *s)
{
    struct scope c = {0};
    for (size_t i = 0; i < s->vars.n; i++)
        vec_add(p->cx->arena, &c.vars, s->vars.p[i]);
    return c;
}

/* What each variable holds after one of two ways was gone. */
static void merge(struct parser *p, struct scope *s, const struct js *c, const struct scope *yes,
                  const struct scope *no)
{
    size_t before = s->vars.n;
    for (int way = 0; way < 2; way++) {
        const struct scope *from = way ? no : yes;
        for (size_t i = before; i < from->vars.n; i++) {
            struct str name = from->vars.p[i].name;
            const struct js *a = lookup(yes, name), *b = lookup(no, name);
            const struct js *none = node(p, JS_UNDEFINED, S("undefined"));
            bind(p, s, name, choice(p, c, a ? a : none, b ? b : none));
        }
    }
}

static const struct js *statement(struct parser *p, struct scope *s);
static const struct js *statements(struct parser *p, struct scope *s, bool block);

/* What an `if` returns, when it does: the rest of the block is its other way. */
static const struct js *if_statement(struct parser *p, struct scope *s)
{
    expect(p, "(");
    const struct js *c = expression(p, s);
    expect(p, ")");
    struct scope yes = copy_scope(p, s), no = copy_scope(p, s);
    const struct js *r = statement(p, &yes);
    const struct js *other = NULL;
    bool has_else = take_word(p, "else");
    if (has_else)
        other = statement(p, &no);
    if (r && other)
        return choice(p, c, r, other);
    if (r || other) { /* one way returned: what follows is the other way */
        struct scope *rest = r ? &no : &yes;
        const struct js *then = statements(p, rest, true);
        const struct js *none = node(p, JS_UNDEFINED, S("undefined"));
        then = then ? then : none;
        return r ? choice(p, c, r, then) : choice(p, c, then, other);
    }
    merge(p, s, c, &yes, &no);
    return NULL;
}

static void variables(struct parser *p, struct scope *s)
{
    do {
        struct str name = p->t.text;
        if (p->t.kind != T_NAME)
            fault(p, p->t.at, "the name of a variable was expected");
        next(p);
        const struct js *v = take_sign(p, "=") ? expression(p, s) : node(p, JS_UNDEFINED, S("undefined"));
        bind(p, s, name, v);
    } while (take_sign(p, ","));
}

static bool assignment(struct parser *p, struct scope *s)
{
    if (p->t.kind != T_NAME)
        return false;
    struct parser ahead = *p;
    next(&ahead);
    if (!is_sign(&ahead, "="))
        return false;
    struct str name = p->t.text;
    next(p);
    next(p);
    bind(p, s, name, expression(p, s));
    return true;
}

static void declared_function(struct parser *p, struct scope *s)
{
    next(p);
    struct str name = p->t.text;
    const struct js *fn = classic_function(p, s);
    vec_add(p->cx->arena, &p->script->functions, (struct js_named){name, fn});
}

/* One statement; what it returns, or NULL. */
static const struct js *statement(struct parser *p, struct scope *s)
{
    const struct js *r = NULL;
    if (++p->depth > JS_DEPTH) {
        fault(p, p->t.at, "statements nested this deep");
        return NULL;
    }
    if (take_sign(p, "{")) {
        r = statements(p, s, true);
        expect(p, "}");
    } else if (take_word(p, "if")) {
        r = if_statement(p, s);
    } else if (take_word(p, "return")) {
        r = is_sign(p, ";") || is_sign(p, "}") ? node(p, JS_UNDEFINED, S("undefined")) : expression(p, s);
    } else if (is_word(p, "for") || is_word(p, "while") || is_word(p, "do") || is_word(p, "switch") ||
               is_word(p, "try") || is_word(p, "throw")) {
        fault(p, p->t.at, "a loop, a switch or a try is not of the part that is read");
    } else if (take_word(p, "var") || take_word(p, "let") || take_word(p, "const")) {
        variables(p, s);
    } else if (is_word(p, "function")) {
        declared_function(p, s);
    } else if (!is_sign(p, ";") && !assignment(p, s)) {
        expression(p, s); /* without effect */
    }
    take_sign(p, ";");
    p->depth--;
    return r;
}

static const struct js *statements(struct parser *p, struct scope *s, bool block)
{
    const struct js *r = NULL;
    while (!r && p->t.kind != T_END && !(block && is_sign(p, "}"))) {
        size_t at = p->t.at;
        r = statement(p, s);
        if (p->t.at == at && !p->fault.n)
            fault(p, at, "something that is no statement");
    }
    while (r && p->t.kind != T_END && !is_sign(p, "}") && !p->fault.n) /* never reached */
        statement(p, s);
    return r;
}

static const struct js *function_body(struct parser *p, struct scope *outer, struct js *fn)
{
    struct scope s = copy_scope(p, outer);
    for (size_t i = 0; i < fn->n_params; i++)
        bind(p, &s, fn->params[i], node(p, JS_NAME, fn->params[i]));
    const struct js *r;
    if (take_sign(p, "{")) {
        r = statements(p, &s, true);
        expect(p, "}");
    } else {
        r = expression(p, &s);
    }
    fn->of = arena_array(p->cx->arena, const struct js *, 1);
    fn->of[0] = r ? r : node(p, JS_UNDEFINED, S("undefined"));
    fn->n = 1;
    return fn;
}

enum err js_read(struct cx *cx, struct str script, struct str result, struct js_script *ret)
{
    struct js_script out = {0};
    struct parser p = {.cx = cx, .src = script, .operand = true, .script = &out};
    if (script.n > JS_BYTES)
        return fail(cx, ERR_SYNTAX, "a script of more than %d bytes", JS_BYTES);
    struct scope s = {0};
    next(&p);
    bind(&p, &s, result, node(&p, JS_TRUE, S("true")));
    const struct js *r = statements(&p, &s, false);
    if (!p.fault.n && p.t.kind != T_END)
        fault(&p, p.t.at, "something that is no statement");
    if (p.fault.n)
        return fail(cx, ERR_SYNTAX, "at %zu: %" PRI_STR, p.fault_at + 1, STR_ARG(p.fault));
    out.value = r ? r : lookup(&s, result);
    *ret = out;
    return ERR_OK;
}

/* ---- as text again ---- */

static void write(struct buf *b, const struct js *e, size_t max)
{
    if (b->n > max)
        return;
    switch (e->kind) {
    case JS_STRING:
        buf_fmt(b, "\"%" PRI_STR "\"", STR_ARG(e->text));
        break;
    case JS_REGEX:
        buf_fmt(b, "/%" PRI_STR "/%" PRI_STR, STR_ARG(e->text), STR_ARG(e->op));
        break;
    case JS_MEMBER:
        write(b, e->of[0], max);
        buf_fmt(b, ".%" PRI_STR, STR_ARG(e->text));
        break;
    case JS_UNARY:
        buf_fmt(b, "%" PRI_STR "%s", STR_ARG(e->op), e->op.n > 1 ? " " : "");
        write(b, e->of[0], max);
        break;
    case JS_BINARY:
        write(b, e->of[0], max);
        buf_fmt(b, " %" PRI_STR " ", STR_ARG(e->op));
        write(b, e->of[1], max);
        break;
    case JS_CHOICE:
        write(b, e->of[0], max);
        buf_add(b, S(" ? "));
        write(b, e->of[1], max);
        buf_add(b, S(" : "));
        write(b, e->of[2], max);
        break;
    case JS_FUNCTION:
        buf_add(b, S("(…) => "));
        write(b, e->of[0], max);
        break;
    case JS_NEW:
    case JS_CALL:
    case JS_INDEX:
    case JS_ARRAY:
        if (e->kind == JS_NEW)
            buf_add(b, S("new "));
        if (e->kind != JS_ARRAY)
            write(b, e->of[0], max);
        buf_add_char(b, e->kind == JS_CALL || e->kind == JS_NEW ? '(' : '[');
        for (size_t i = e->kind != JS_ARRAY; i < e->n; i++) {
            buf_add(b, i > (e->kind != JS_ARRAY) ? S(", ") : S(""));
            write(b, e->of[i], max);
        }
        buf_add_char(b, e->kind == JS_CALL || e->kind == JS_NEW ? ')' : ']');
        break;
    default:
        buf_add(b, e->text);
    }
}

struct str js_text(struct arena *a, const struct js *e, size_t max)
{
    struct buf b = buf_make(a);
    write(&b, e, max);
    if (b.n <= max)
        return buf_str(&b);
    size_t n = max;
    while (n && ((unsigned char)b.p[n] & 0xC0) == 0x80)
        n--;
    return str_fmt(a, "%.*s…", (int)n, b.p);
}
