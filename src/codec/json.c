/* jansson reads; the tree is copied into the arena at once, so nobody else sees a json_t. */
#include "json.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>

static void decref(void *p)
{
    json_decref(p);
}

/* The tree is walked in the order of the text, so its numbers can be found again there: jansson keeps only a double. */
struct copying {
    struct cx *cx;
    struct str text;
    size_t at; /* after the last number */
};

static bool is_number_char(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* The next number of the text, which jansson has found to be JSON. */
static struct str next_number(struct copying *c)
{
    bool quoted = false;
    for (; c->at < c->text.n; c->at++) {
        char ch = c->text.p[c->at];
        if (quoted && ch == '\\')
            c->at++;
        else if (ch == '"')
            quoted = !quoted;
        else if (!quoted && (ch == '-' || (ch >= '0' && ch <= '9')))
            break;
    }
    size_t from = c->at;
    while (c->at < c->text.n && is_number_char(c->text.p[c->at]))
        c->at++;
    return str_slice(c->text, from, c->at);
}

static struct json *copy(struct copying *c, const json_t *v, int depth);

static bool copy_items(struct copying *c, const json_t *v, struct json *node, int depth)
{
    size_t i = 0;
    node->n = json_is_array(v) ? json_array_size(v) : json_object_size(v);
    node->items = arena_array(c->cx->arena, struct json *, node->n);
    if (json_is_array(v)) {
        for (; i < node->n; i++)
            if (!(node->items[i] = copy(c, json_array_get(v, i), depth + 1)))
                return false;
        return true;
    }
    for (void *it = json_object_iter((json_t *)v); it; it = json_object_iter_next((json_t *)v, it), i++) {
        if (!(node->items[i] = copy(c, json_object_iter_value(it), depth + 1)))
            return false;
        node->items[i]->key = str_dup(c->cx->arena, str_make(json_object_iter_key(it), json_object_iter_key_len(it)));
    }
    return true;
}

static struct json *copy(struct copying *c, const json_t *v, int depth)
{
    struct json *node = arena_new_of(c->cx->arena, struct json);
    if (depth > JSON_DEPTH)
        return NULL;
    switch (json_typeof(v)) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        node->kind = json_is_array(v) ? JSON_LIST : JSON_MAP;
        return copy_items(c, v, node, depth) ? node : NULL;
    case JSON_STRING:
        node->kind = JSON_TEXT;
        node->text = str_dup(c->cx->arena, str_make(json_string_value(v), json_string_length(v)));
        break;
    case JSON_INTEGER:
        node->kind = JSON_INT;
        node->i64 = json_integer_value(v);
        node->real = (double)node->i64;
        next_number(c);
        break;
    case JSON_REAL:
        node->kind = JSON_DOUBLE;
        node->real = json_real_value(v);
        node->text = str_dup(c->cx->arena, next_number(c));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        node->kind = JSON_FLAG;
        node->flag = json_is_true(v);
        break;
    default:
        node->kind = JSON_NOTHING;
    }
    return node;
}

enum err json_parse(struct cx *cx, struct str text, struct json **ret)
{
    json_error_t e;
    json_t *v = json_loadb(text.p ? text.p : "", text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
    if (!v)
        return fail(cx, ERR_SYNTAX, "JSON, line %d column %d: %s", e.line, e.column, e.text);
    arena_defer(cx->arena, decref, v);
    struct json *node = copy(&(struct copying){cx, text, 0}, v, 0);
    if (!node)
        return fail(cx, ERR_SYNTAX, "JSON nested deeper than %d levels", JSON_DEPTH);
    *ret = node;
    return ERR_OK;
}

const struct json *json_get_str(const struct json *node, struct str key)
{
    if (node && node->kind == JSON_MAP)
        for (size_t i = 0; i < node->n; i++)
            if (node->items[i]->key.n == key.n && str_eq(node->items[i]->key, key))
                return node->items[i];
    return NULL;
}

const struct json *json_get(const struct json *node, const char *key)
{
    return json_get_str(node, str_of(key));
}

struct str json_text(const struct json *node, const char *key)
{
    const struct json *v = json_get(node, key);
    return v && v->kind == JSON_TEXT ? v->text : (struct str){0};
}

int64_t json_int(const struct json *node, const char *key, int64_t otherwise)
{
    const struct json *v = json_get(node, key);
    return v && v->kind == JSON_INT ? v->i64 : otherwise;
}

bool json_flag(const struct json *node, const char *key)
{
    const struct json *v = json_get(node, key);
    return v && v->kind == JSON_FLAG && v->flag;
}

/* ---- writing ---- */

static void before_value(struct json_out *o)
{
    assert(o->after_key || o->close[o->depth] != '}');
    if (!o->after_key && o->some[o->depth])
        buf_add_char(o->b, ',');
    o->some[o->depth] = true;
    o->after_key = false;
}

static void begin(struct json_out *o, char open, char close)
{
    before_value(o);
    assert(o->depth < JSON_DEPTH);
    buf_add_char(o->b, open);
    o->depth++;
    o->some[o->depth] = false;
    o->close[o->depth] = close;
}

void json_begin_object(struct json_out *o)
{
    begin(o, '{', '}');
}

void json_begin_array(struct json_out *o)
{
    begin(o, '[', ']');
}

void json_end(struct json_out *o)
{
    assert(o->depth > 0 && !o->after_key);
    buf_add_char(o->b, o->close[o->depth]);
    o->depth--;
}

/* Bytes that stand for themselves: most do, and need not be looked at as UTF-8. */
static const bool is_plain[256] = {
    [' '] = true, ['!'] = true,         ['#' ... '%'] = true, ['\'' ... ';'] = true,
    ['='] = true, ['?' ... '['] = true, [']' ... '~'] = true,
};

/* Sixteen bytes at once. */
static bool all_plain(const char *p)
{
    typedef unsigned char bytes __attribute__((vector_size(16)));
    bytes b;
    uint64_t not [2];
    memcpy(&b, p, sizeof b);
    bytes special = (bytes)((b < ' ') | (b > '~') | (b == '"') | (b == '&') | (b == '<') | (b == '>') | (b == '\\'));
    memcpy(not, &special, sizeof not );
    return !(not [0] | not [1]);
}

static size_t after_plain(struct str s, size_t from)
{
    while (from + 16 <= s.n && all_plain(s.p + from))
        from += 16;
    while (from < s.n && is_plain[(unsigned char)s.p[from]])
        from++;
    return from;
}

/* From the first byte on that does not stand for itself. */
static void add_escaped(struct buf *b, struct str s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n;) {
        if (is_plain[(unsigned char)s.p[i]]) {
            i = after_plain(s, i);
            continue;
        }
        size_t at = i;
        uint32_t c = text_next(s, &i);
        bool bad = c == 0xFFFD && i - at == 1;
        if (c >= ' ' && !bad && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' && c != 0x2028 && c != 0x2029)
            continue;
        buf_add(b, str_slice(s, from, at));
        from = i;
        if (c == '"' || c == '\\')
            buf_fmt(b, "\\%c", (char)c);
        else if (c == '\n')
            buf_add(b, S("\\n"));
        else
            buf_fmt(b, "\\u%04x", (unsigned)c);
    }
    buf_add(b, str_slice(s, from, s.n));
}

static void quoted(struct buf *b, struct str s)
{
    size_t plain = after_plain(s, 0);
    char *p = buf_reserve(b, plain + 2);
    *p++ = '"';
    if (plain)
        memcpy(p, s.p, plain);
    p[plain] = '"';
    b->n += plain + 2;
    if (plain == s.n)
        return;
    b->n--;
    add_escaped(b, str_slice(s, plain, s.n));
    buf_add_char(b, '"');
}

static void before_key(struct json_out *o)
{
    assert(o->depth > 0 && o->close[o->depth] == '}' && !o->after_key);
    if (o->some[o->depth])
        buf_add_char(o->b, ',');
    o->some[o->depth] = true;
    o->after_key = true;
}

void json_key_str(struct json_out *o, struct str key)
{
    before_key(o);
    quoted(o->b, key);
    buf_add_char(o->b, ':');
}

void json_key_raw(struct json_out *o, struct str key)
{
    before_key(o);
    buf_add(o->b, key);
}

void json_key(struct json_out *o, const char *key)
{
    json_key_str(o, str_of(key));
}

void json_str(struct json_out *o, struct str s)
{
    before_value(o);
    quoted(o->b, s);
}

void json_pair(struct json_out *o, const char *key, struct str value)
{
    json_key(o, key);
    json_str(o, value.p ? value : S(""));
}

void json_pair_us(struct json_out *o, const char *key, int64_t at_us)
{
    json_pair(o, key, civil_iso_us(o->b->arena, at_us));
}

void json_i64(struct json_out *o, int64_t v)
{
    before_value(o);
    buf_add_i64(o->b, v);
}

void json_out_raw(struct json_out *o, struct str json)
{
    before_value(o);
    buf_add(o->b, json);
}

void json_out_real(struct json_out *o, double v)
{
    before_value(o);
    if (isfinite(v))
        buf_fmt(o->b, "%.17g", v);
    else
        buf_add(o->b, S("null"));
}

void json_bool(struct json_out *o, bool v)
{
    before_value(o);
    buf_add(o->b, v ? S("true") : S("false"));
}

void json_out_null(struct json_out *o)
{
    before_value(o);
    buf_add(o->b, S("null"));
}

void json_value(struct json_out *o, const struct json *v)
{
    switch (v->kind) {
    case JSON_NOTHING:
        json_out_null(o);
        return;
    case JSON_FLAG:
        json_bool(o, v->flag);
        return;
    case JSON_INT:
        json_i64(o, v->i64);
        return;
    case JSON_DOUBLE:
        json_out_real(o, v->real);
        return;
    case JSON_TEXT:
        json_str(o, v->text);
        return;
    case JSON_LIST:
    case JSON_MAP:
        break;
    }
    begin(o, v->kind == JSON_LIST ? '[' : '{', v->kind == JSON_LIST ? ']' : '}');
    for (size_t i = 0; i < v->n; i++) {
        if (v->kind == JSON_MAP)
            json_key_str(o, v->items[i]->key);
        json_value(o, v->items[i]);
    }
    json_end(o);
}
