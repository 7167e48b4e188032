#include "feel_parse.h"

void feel_p_skip(struct feel_parser *p)
{
    feel_skip_blanks(p->text, &p->pos);
}

bool feel_p_at(struct feel_parser *p, const char *literal)
{
    feel_p_skip(p);
    size_t i = p->pos;
    for (; *literal; literal++, i++)
        if (i >= p->text.n || p->text.p[i] != *literal)
            return false;
    return true;
}

bool feel_p_accept(struct feel_parser *p, const char *literal)
{
    if (!feel_p_at(p, literal))
        return false;
    p->pos += strlen(literal);
    return true;
}

bool feel_p_expect(struct feel_parser *p, const char *literal)
{
    if (feel_p_accept(p, literal))
        return true;
    feel_p_fail(p, literal);
    return false;
}

bool feel_p_at_word(struct feel_parser *p, const char *word)
{
    feel_p_skip(p);
    size_t end = p->pos;
    return feel_name_part(p->text, &end) == 1 && str_eq_z(str_slice(p->text, p->pos, end), word);
}

bool feel_p_word(struct feel_parser *p, const char *word)
{
    if (!feel_p_at_word(p, word))
        return false;
    p->pos += strlen(word);
    return true;
}

void feel_p_fail(struct feel_parser *p, const char *what)
{
    if (!p->failed) {
        p->failed = true;
        p->fault_at = p->pos;
        p->fault = str_fmt(p->b->arena, "expected %s at \"%" PRI_STR "\"", what,
                           STR_ARG(text_head(str_slice(p->text, p->pos, p->text.n), 20)));
    }
    p->pos = p->text.n;
}

/* ---- Strings (rules 33, 34, 65 and 66) */

static void add_code_point(struct buf *b, uint32_t c)
{
    if (c > 0x10ffff || c == 0 || (c >= 0xd800 && c <= 0xdfff))
        c = 0xfffd;
    if (c < 0x80) {
        buf_add_char(b, (char)c);
        return;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    buf_add_char(b, (char)((more == 1 ? 0xc0u : more == 2 ? 0xe0u : 0xf0u) | c >> 6 * more));
    while (more--)
        buf_add_char(b, (char)(0x80u | (c >> 6 * more & 0x3f)));
}

static bool hex(struct str s, size_t at, int digits, uint32_t *ret)
{
    uint32_t c = 0;
    for (int i = 0; i < digits; i++) {
        char d = at + (size_t)i < s.n ? s.p[at + (size_t)i] : 0;
        uint32_t v = d >= '0' && d <= '9'   ? (uint32_t)(d - '0')
                     : d >= 'a' && d <= 'f' ? (uint32_t)(d - 'a' + 10)
                     : d >= 'A' && d <= 'F' ? (uint32_t)(d - 'A' + 10)
                                            : 16;
        if (v == 16)
            return false;
        c = c << 4 | v;
    }
    *ret = c;
    return true;
}

/* An escape, whose backslash is at *i; what is none stays as it is written, for regular expressions. */
static void add_escape(struct buf *b, struct str s, size_t *i)
{
    static const char letters[] = "\"'\\nrt", means[] = "\"'\\\n\r\t";
    uint32_t c, low;
    char e = *i + 1 < s.n ? s.p[*i + 1] : 0;
    const char *letter = e ? strchr(letters, e) : NULL;
    if (letter) {
        buf_add_char(b, means[letter - letters]);
        *i += 2;
    } else if (e == 'u' && hex(s, *i + 2, 4, &c)) {
        *i += 6;
        if (c >= 0xd800 && c < 0xdc00 && *i + 1 < s.n && s.p[*i] == '\\' && s.p[*i + 1] == 'u' &&
            hex(s, *i + 2, 4, &low) && low >= 0xdc00 && low < 0xe000) {
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            *i += 6;
        }
        add_code_point(b, c);
    } else if (e == 'U' && hex(s, *i + 2, 6, &c)) {
        *i += 8;
        add_code_point(b, c);
    } else {
        buf_add_char(b, '\\');
        *i += 1;
    }
}

bool feel_p_string(struct feel_parser *p, struct str *ret)
{
    if (!feel_p_at(p, "\""))
        return false;
    size_t from = p->pos + 1, end = from;
    bool plain = true;
    while (end < p->text.n && p->text.p[end] != '"') {
        plain &= p->text.p[end] != '\\';
        end += p->text.p[end] == '\\' ? 2 : 1;
    }
    if (end >= p->text.n) {
        feel_p_fail(p, "the end of the string");
        return *ret = S(""), true;
    }
    p->pos = end + 1;
    *ret = str_slice(p->text, from, end);
    if (plain)
        return true;
    struct buf b = buf_make(p->b->arena);
    struct str s = *ret;
    for (size_t i = 0; i < s.n;) {
        if (s.p[i] == '\\')
            add_escape(&b, s, &i);
        else
            buf_add_char(&b, s.p[i++]);
    }
    *ret = buf_str(&b);
    return true;
}

/* ---- Names */

typedef bool known_fn(struct feel_parser *p, const struct feel_type *type, struct str key, struct str *ret_name);

static bool in_scope(struct feel_parser *p, const struct feel_type *type, struct str key, struct str *ret_name)
{
    (void)type;
    return feel_build_knows(p->b, key, ret_name);
}

static bool in_type(struct feel_parser *p, const struct feel_type *type, struct str key, struct str *ret_name)
{
    const struct feel_member_type *m = feel_type_member(type, p->b->arena, key);
    if (m)
        return *ret_name = m->name, true;
    if (feel_is_property(key))
        return *ret_name = str_dup(p->b->arena, key), true;
    const struct feel_var *v = feel_env_member(p->b->env, key);
    if (v)
        *ret_name = v->name;
    return v != NULL;
}

/* The longest run of pieces from here that is a known name. */
static bool longest(struct feel_parser *p, known_fn *known, const struct feel_type *type, struct str *ret_name,
                    struct str *ret_key)
{
    feel_p_skip(p);
    size_t at = p->pos, best = 0;
    struct buf key = buf_make(p->b->arena);
    int before = 2;
    for (size_t n = 0; n < p->b->max_parts; n++) {
        size_t from = at;
        int part = feel_name_part(p->text, &at);
        if (!part || (n == 0 && part != 1))
            break;
        if (before == 1 && part == 1)
            buf_add_char(&key, ' ');
        buf_add(&key, str_slice(p->text, from, at));
        if (known(p, type, buf_str(&key), ret_name)) {
            best = at;
            if (ret_key)
                *ret_key = str_dup(p->b->arena, buf_str(&key));
        }
        before = part;
        feel_skip_blanks(p->text, &at);
    }
    p->pos = best ? best : p->pos;
    return best;
}

bool feel_p_known(struct feel_parser *p, struct str *ret_name, struct str *ret_key)
{
    return longest(p, in_scope, NULL, ret_name, ret_key);
}

static bool is_type(struct feel_parser *p, const struct feel_type *type, struct str key, struct str *ret_name)
{
    (void)type;
    *ret_name = key;
    return feel_env_type(p->b->env, key) != NULL;
}

bool feel_p_type_name(struct feel_parser *p, struct str *ret_key)
{
    struct str name;
    return longest(p, is_type, NULL, &name, ret_key);
}

static bool is_keyword(struct str word)
{
    static const char *const words[] = {"and",    "or",        "in",       "between", "instance", "then", "else",
                                        "return", "satisfies", "external", "if",      "for",      "some", "every"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_z(word, words[i]))
            return true;
    return false;
}

bool feel_p_unknown(struct feel_parser *p, struct str *ret_name)
{
    feel_p_skip(p);
    size_t from = p->pos, end = from, at = from;
    while (feel_name_part(p->text, &at) == 1 && (end == from || !is_keyword(str_slice(p->text, p->pos, at)))) {
        end = at;
        feel_skip_blanks(p->text, &at);
        p->pos = at;
    }
    p->pos = end;
    *ret_name = feel_name(p->b->arena, str_slice(p->text, from, end));
    return end > from;
}

bool feel_p_declared(struct feel_parser *p, const char *enders, const char *word, struct str *ret_name)
{
    feel_p_skip(p);
    size_t from = p->pos, end = from, at = from;
    for (int n = 0; n < FEEL_NAME_PARTS; n++) {
        size_t begin = at;
        int part = feel_name_part(p->text, &at);
        if (!part || (n == 0 && part != 1) || (n && word && part == 1 && str_eq_z(str_slice(p->text, begin, at), word)))
            break;
        end = at;
        feel_skip_blanks(p->text, &at);
    }
    p->pos = end;
    *ret_name = feel_name(p->b->arena, str_slice(p->text, from, end));
    feel_p_skip(p);
    bool ended = p->pos < p->text.n && strchr(enders, p->text.p[p->pos]);
    return end > from && (ended || (word && feel_p_at_word(p, word)));
}

bool feel_p_member(struct feel_parser *p, const struct feel_type *type, struct str *ret_name)
{
    return longest(p, in_type, type, ret_name, NULL) || feel_p_unknown(p, ret_name);
}
