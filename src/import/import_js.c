/* The subset of JavaScript: expressions by precedence, and statements folded into one expression. */
#include "import_js_parser.h"

/* What a variable holds at this point of the script. */
struct binding {
    struct str name;
    const struct js *value;
};
struct scope {
    VEC_OF(struct binding) vars;
    size_t outer; /* so many of them are of what stands around the function */
};

/* ---- nodes ---- */

static struct js *node(struct js_parser *p, enum js_kind kind, struct str text)
{
    if (++p->nodes > JS_NODES)
        js_fault(p, p->t.at, "a script this long");
    struct js *e = arena_new_of(p->cx->arena, struct js);
    e->kind = kind;
    e->text = text;
    return e;
}

static struct js *node_of(struct js_parser *p, enum js_kind kind, const struct js *const *of, size_t n)
{
    struct js *e = node(p, kind, (struct str){0});
    e->of = arena_array(p->cx->arena, const struct js *, n);
    for (size_t i = 0; i < n; i++)
        e->of[i] = of[i];
    e->n = n;
    return e;
}

static const struct js *binary(struct js_parser *p, struct str op, const struct js *l, const struct js *r)
{
    struct js *e = node_of(p, JS_BINARY, (const struct js *[]){l, r}, 2);
    e->op = op;
    return e;
}

static const struct js *choice(struct js_parser *p, const struct js *c, const struct js *yes, const struct js *no)
{
    return node_of(p, JS_CHOICE, (const struct js *[]){c, yes, no}, 3);
}

/* ---- expressions ---- */

static const struct js *expression(struct js_parser *p, struct scope *s);
static const struct js *function_body(struct js_parser *p, struct scope *outer, struct js *fn);

static const struct js *lookup(const struct scope *s, struct str name)
{
    for (size_t i = s->vars.n; i-- > 0;)
        if (str_eq(s->vars.p[i].name, name))
            return s->vars.p[i].value;
    return NULL;
}

static void add_param(struct js_parser *p, struct js *fn, struct str name)
{
    if (fn->n_params >= 8) {
        js_fault(p, p->t.at, "a function with this many parameters");
        return;
    }
    fn->params[fn->n_params++] = name;
}

/* The names up to `)`; the `(` is taken already. */
static void params(struct js_parser *p, struct js *fn)
{
    while (p->t.kind == JS_T_NAME) {
        add_param(p, fn, p->t.text);
        js_next(p);
        if (!js_take_sign(p, ","))
            break;
    }
    js_expect(p, ")");
}

static struct js *new_function(struct js_parser *p)
{
    struct js *fn = node(p, JS_FUNCTION, (struct str){0});
    fn->params = arena_array(p->cx->arena, struct str, 8);
    return fn;
}

/* `(a, b) =>` ahead? Looks without taking. */
static bool arrow_ahead(struct js_parser *p)
{
    struct js_parser ahead = *p;
    int depth = 0;
    do {
        if (js_is_sign(&ahead, "("))
            depth++;
        else if (js_is_sign(&ahead, ")"))
            depth--;
        else if (ahead.t.kind != JS_T_NAME && !js_is_sign(&ahead, ","))
            return false;
        js_next(&ahead);
    } while (depth && ahead.t.kind != JS_T_END);
    return js_is_sign(&ahead, "=>");
}

static const struct js *arrow(struct js_parser *p, struct scope *s)
{
    struct js *fn = new_function(p);
    if (js_take_sign(p, "(")) {
        params(p, fn);
    } else {
        add_param(p, fn, p->t.text);
        js_next(p);
    }
    if (!js_take_sign(p, "=>"))
        js_fault(p, p->t.at, "`=>` was expected");
    return function_body(p, s, fn);
}

static const struct js *classic_function(struct js_parser *p, struct scope *s)
{
    struct js *fn = new_function(p);
    if (p->t.kind == JS_T_NAME) /* its own name */
        js_next(p);
    js_expect(p, "(");
    params(p, fn);
    if (!js_is_sign(p, "{"))
        js_fault(p, p->t.at, "`{` was expected");
    return function_body(p, s, fn);
}

static const struct js *list_until(struct js_parser *p, struct scope *s, enum js_kind kind, const struct js *first,
                                   const char *end)
{
    VEC_OF(const struct js *) of = {0};
    if (first)
        vec_add(p->cx->arena, &of, first);
    while (!js_is_sign(p, end) && p->t.kind != JS_T_END) {
        if (js_is_sign(p, "..."))
            js_fault(p, p->t.at, "`...` is not of the part that is read");
        vec_add(p->cx->arena, &of, expression(p, s));
        if (!js_take_sign(p, ","))
            break;
    }
    js_expect(p, end);
    return node_of(p, kind, of.p, of.n);
}

static const struct js *name(struct js_parser *p, struct scope *s)
{
    struct str text = p->t.text;
    if (str_eq_z(text, "function")) {
        js_next(p);
        return classic_function(p, s);
    }
    struct js_parser ahead = *p;
    js_next(&ahead);
    if (js_is_sign(&ahead, "=>"))
        return arrow(p, s);
    js_next(p);
    if (str_eq_z(text, "true"))
        return node(p, JS_TRUE, text);
    if (str_eq_z(text, "false"))
        return node(p, JS_FALSE, text);
    if (str_eq_z(text, "undefined") || str_eq_z(text, "null"))
        return node(p, JS_UNDEFINED, text);
    const struct js *held = lookup(s, text);
    return held ? held : node(p, JS_NAME, text);
}

static const struct js *primary(struct js_parser *p, struct scope *s)
{
    struct js_token t = p->t;
    if (t.kind == JS_T_NAME)
        return name(p, s);
    if (t.kind == JS_T_NUMBER || t.kind == JS_T_STRING) {
        js_next(p);
        return node(p, t.kind == JS_T_NUMBER ? JS_NUMBER : JS_STRING, t.text);
    }
    if (t.kind == JS_T_REGEX) {
        js_next(p);
        struct js *e = node(p, JS_REGEX, t.text);
        e->op = t.flags;
        return e;
    }
    if (js_is_sign(p, "(")) {
        if (arrow_ahead(p))
            return arrow(p, s);
        js_next(p);
        const struct js *e = expression(p, s);
        while (js_take_sign(p, ",")) /* the last one counts */
            e = expression(p, s);
        js_expect(p, ")");
        return e;
    }
    if (js_take_sign(p, "["))
        return list_until(p, s, JS_ARRAY, NULL, "]");
    js_fault(p, t.at, t.kind == JS_T_END ? "it ends where a value was expected" : "a value was expected");
    return node(p, JS_UNDEFINED, S("undefined"));
}

static const struct js *member(struct js_parser *p, const struct js *of)
{
    if (p->t.kind != JS_T_NAME) {
        js_fault(p, p->t.at, "a name was expected after the point");
        return of;
    }
    struct js *e = node_of(p, JS_MEMBER, &of, 1);
    e->text = p->t.text;
    js_next(p);
    return e;
}

static const struct js *indexed(struct js_parser *p, struct scope *s, const struct js *of)
{
    const struct js *i = expression(p, s);
    js_expect(p, "]");
    if (i->kind != JS_STRING)
        return node_of(p, JS_INDEX, (const struct js *[]){of, i}, 2);
    struct js *e = node_of(p, JS_MEMBER, &of, 1);
    e->text = i->text;
    return e;
}

/* .name, ?.name, [x], (…) after what stands there. */
static const struct js *suffixes(struct js_parser *p, struct scope *s, const struct js *e, bool calls)
{
    for (;;) {
        if (js_take_sign(p, ".") || js_take_sign(p, "?."))
            e = js_is_sign(p, "(") || js_is_sign(p, "[") ? e : member(p, e);
        else if (js_take_sign(p, "["))
            e = indexed(p, s, e);
        else if (calls && js_take_sign(p, "("))
            e = list_until(p, s, JS_CALL, e, ")");
        else
            return e;
    }
}

static const struct js *new_thing(struct js_parser *p, struct scope *s)
{
    const struct js *what = suffixes(p, s, primary(p, s), false);
    if (js_take_sign(p, "("))
        return suffixes(p, s, list_until(p, s, JS_NEW, what, ")"), true);
    return node_of(p, JS_NEW, &what, 1);
}

static const struct js *unary(struct js_parser *p, struct scope *s)
{
    if (++p->depth > JS_DEPTH) {
        js_fault(p, p->t.at, "an expression nested this deep");
        return node(p, JS_UNDEFINED, S("undefined"));
    }
    const struct js *e;
    struct str op = p->t.text;
    bool sign = js_is_sign(p, "!") || js_is_sign(p, "-") || js_is_sign(p, "+");
    if (sign || js_is_word(p, "typeof")) {
        js_next(p);
        const struct js *of = unary(p, s);
        struct js *u = node_of(p, JS_UNARY, &of, 1);
        u->op = op;
        e = u;
    } else if (js_take_word(p, "new")) {
        e = new_thing(p, s);
    } else {
        e = suffixes(p, s, primary(p, s), true);
    }
    p->depth--;
    return e;
}

static int precedence(const struct js_parser *p)
{
    static const char *const levels[] = {"|| ??", "&&", "=== !== == !=", "< > <= >=", "+ -", "* / %"};
    if (p->t.kind != JS_T_SIGN)
        return -1;
    for (int i = 0; i < 6; i++) {
        struct str rest = str_of(levels[i]), piece;
        while (str_cut(&rest, ' ', &piece))
            if (str_eq(piece, p->t.text))
                return i;
    }
    return -1;
}

static const struct js *binaries(struct js_parser *p, struct scope *s, int level)
{
    const struct js *l = unary(p, s);
    for (int at; (at = precedence(p)) >= level;) {
        struct str op = p->t.text;
        js_next(p);
        l = binary(p, op, l, binaries(p, s, at + 1));
    }
    return l;
}

static const struct js *expression(struct js_parser *p, struct scope *s)
{
    if (++p->depth > JS_DEPTH) {
        js_fault(p, p->t.at, "an expression nested this deep");
        return node(p, JS_UNDEFINED, S("undefined"));
    }
    const struct js *e = binaries(p, s, 0);
    if (js_take_sign(p, "?")) {
        const struct js *yes = expression(p, s);
        js_expect(p, ":");
        e = choice(p, e, yes, expression(p, s));
    }
    p->depth--;
    return e;
}

/* ---- statements ---- */

static void bind(struct js_parser *p, struct scope *s, struct str name, const struct js *value)
{
    vec_add(p->cx->arena, &s->vars, (struct binding){name, value});
}

static struct scope copy_scope(struct js_parser *p, const struct scope *s)
{
    struct scope c = {.outer = s->outer};
    for (size_t i = 0; i < s->vars.n; i++)
        vec_add(p->cx->arena, &c.vars, s->vars.p[i]);
    return c;
}

/* What each variable holds after one of two ways was gone. */
static void merge(struct js_parser *p, struct scope *s, const struct js *c, const struct scope *yes,
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

static const struct js *statement(struct js_parser *p, struct scope *s, bool alone);
static const struct js *statements(struct js_parser *p, struct scope *s, bool block);

static bool at_end(const struct js_parser *p)
{
    return p->t.kind == JS_T_END || js_is_sign(p, "}");
}

/* A way has left a block without a return: what it has changed is not known here, so nothing may follow. */
static void nothing_follows(struct js_parser *p, int falls)
{
    if (p->falls > falls && !at_end(p))
        js_fault(p, p->t.at, "a `return` on some of the ways through an inner block, and more after it");
}

/* What the way holds that comes to the end of its block: of the whole script its result, else nothing. */
static const struct js *fallen(struct js_parser *p, const struct scope *s)
{
    const struct js *result = p->t.kind == JS_T_END ? lookup(s, p->result) : NULL;
    p->falls += !result;
    return result ? result : node(p, JS_UNDEFINED, S("undefined"));
}

/* What an `if` returns, when it does: the rest of the block is its other way. `alone`: it is itself one way of an `if`,
   and what follows it is that of the other way too. */
static const struct js *if_statement(struct js_parser *p, struct scope *s, bool alone)
{
    int falls = p->falls;
    js_expect(p, "(");
    const struct js *c = expression(p, s);
    js_expect(p, ")");
    struct scope yes = copy_scope(p, s), no = copy_scope(p, s);
    const struct js *r = statement(p, &yes, true);
    const struct js *other = NULL;
    bool has_else = js_take_word(p, "else");
    if (has_else)
        other = statement(p, &no, alone || !r);
    if (r && other)
        return choice(p, c, r, other);
    if (r || other) { /* one way returned: what follows is the other way */
        struct scope *rest = r ? &no : &yes;
        if (!alone)
            nothing_follows(p, falls);
        const struct js *then = alone ? NULL : statements(p, rest, true);
        then = then ? then : fallen(p, rest);
        return r ? choice(p, c, r, then) : choice(p, c, then, other);
    }
    merge(p, s, c, &yes, &no);
    return NULL;
}

static void variables(struct js_parser *p, struct scope *s)
{
    do {
        struct str name = p->t.text;
        if (p->t.kind != JS_T_NAME)
            js_fault(p, p->t.at, "the name of a variable was expected");
        js_next(p);
        const struct js *v = js_take_sign(p, "=") ? expression(p, s) : node(p, JS_UNDEFINED, S("undefined"));
        bind(p, s, name, v);
    } while (js_take_sign(p, ","));
}

static bool assignment(struct js_parser *p, struct scope *s)
{
    if (p->t.kind != JS_T_NAME)
        return false;
    struct js_parser ahead = *p;
    js_next(&ahead);
    if (!js_is_sign(&ahead, "="))
        return false;
    struct str name = p->t.text;
    size_t i = s->vars.n;
    while (i > 0 && !str_eq(s->vars.p[i - 1].name, name))
        i--;
    if (s->outer && i <= s->outer)
        js_fault(p, p->t.at, "a function that changes a variable outside it");
    js_next(p);
    js_next(p);
    bind(p, s, name, expression(p, s));
    return true;
}

static void declared_function(struct js_parser *p, struct scope *s)
{
    js_next(p);
    struct str name = p->t.text;
    const struct js *fn = classic_function(p, s);
    vec_add(p->cx->arena, &p->script->functions, (struct js_named){name, fn});
}

/* An expression that stands alone: without effect, if it is no call. */
static void lone_expression(struct js_parser *p, struct scope *s)
{
    size_t at = p->t.at;
    const struct js *e = expression(p, s);
    bool log = e->kind == JS_CALL && e->of[0]->kind == JS_MEMBER && e->of[0]->of[0]->kind == JS_NAME &&
               str_eq_z(e->of[0]->of[0]->text, "console");
    if (e->kind == JS_CALL && !log)
        js_fault(p, at, "a call for what it changes is not of the part that is read");
}

/* One statement; what it returns, or NULL. `alone`: of an `if`, without a block. */
static const struct js *statement(struct js_parser *p, struct scope *s, bool alone)
{
    const struct js *r = NULL;
    if (++p->depth > JS_DEPTH) {
        js_fault(p, p->t.at, "statements nested this deep");
        return NULL;
    }
    if (js_take_sign(p, "{")) {
        r = statements(p, s, true);
        js_expect(p, "}");
    } else if (js_take_word(p, "if")) {
        r = if_statement(p, s, alone);
    } else if (js_take_word(p, "return")) {
        r = js_is_sign(p, ";") || js_is_sign(p, "}") ? node(p, JS_UNDEFINED, S("undefined")) : expression(p, s);
    } else if (js_is_word(p, "for") || js_is_word(p, "while") || js_is_word(p, "do") || js_is_word(p, "switch") ||
               js_is_word(p, "try") || js_is_word(p, "throw")) {
        js_fault(p, p->t.at, "a loop, a switch or a try is not of the part that is read");
    } else if (js_take_word(p, "var") || js_take_word(p, "let") || js_take_word(p, "const")) {
        variables(p, s);
    } else if (js_is_word(p, "function")) {
        declared_function(p, s);
    } else if (!js_is_sign(p, ";") && !assignment(p, s)) {
        lone_expression(p, s);
    }
    js_take_sign(p, ";");
    p->depth--;
    return r;
}

static const struct js *statements(struct js_parser *p, struct scope *s, bool block)
{
    const struct js *r = NULL;
    int falls = p->falls;
    while (!r && p->t.kind != JS_T_END && !(block && js_is_sign(p, "}"))) {
        size_t at = p->t.at;
        r = statement(p, s, false);
        if (p->t.at == at && !p->fault.n)
            js_fault(p, at, "something that is no statement");
    }
    if (r)
        nothing_follows(p, falls);
    falls = p->falls;
    while (r && !at_end(p) && !p->fault.n) /* never reached */
        statement(p, s, false);
    p->falls = falls;
    return r;
}

static const struct js *function_body(struct js_parser *p, struct scope *outer, struct js *fn)
{
    struct scope s = copy_scope(p, outer);
    int falls = p->falls;
    s.outer = s.vars.n;
    for (size_t i = 0; i < fn->n_params; i++)
        bind(p, &s, fn->params[i], node(p, JS_NAME, fn->params[i]));
    const struct js *r;
    if (js_take_sign(p, "{")) {
        r = statements(p, &s, true);
        js_expect(p, "}");
    } else {
        r = expression(p, &s);
    }
    p->falls = falls; /* a function that comes to its end gives nothing */
    fn->of = arena_array(p->cx->arena, const struct js *, 1);
    fn->of[0] = r ? r : node(p, JS_UNDEFINED, S("undefined"));
    fn->n = 1;
    return fn;
}

enum err js_read(struct cx *cx, struct str script, struct str result, struct js_script *ret)
{
    struct js_script out = {0};
    struct js_parser p = {.cx = cx, .src = script, .operand = true, .script = &out, .result = result};
    if (script.n > JS_BYTES)
        return fail(cx, ERR_SYNTAX, "a script of more than %d bytes", JS_BYTES);
    struct scope s = {0};
    js_next(&p);
    bind(&p, &s, result, node(&p, JS_TRUE, S("true")));
    const struct js *r = statements(&p, &s, false);
    if (!p.fault.n && p.t.kind != JS_T_END)
        js_fault(&p, p.t.at, "something that is no statement");
    if (!p.fault.n && p.falls)
        js_fault(&p, p.t.at, "a `return` on some of the ways through an inner block");
    if (p.fault.n)
        return fail(cx, ERR_SYNTAX, "at %zu: %" PRI_STR, p.fault_at + 1, STR_ARG(p.fault));
    out.value = r ? r : lookup(&s, result);
    *ret = out;
    return ERR_OK;
}
