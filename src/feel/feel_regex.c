#include "feel/feel_regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/vec.h"
#include "feel/feel_regex_class.h"

enum {
    STEPS = 20000000,       /* of one call, as the translation counts them */
    MATCH_LIMIT = 20000000, /* PCRE2's own count, from each place where a match may begin */
    HEAP_KIB = 16384,
};

struct feel_regex {
    pcre2_code *code;
    unsigned groups;
};

const char *feel_regex_err_text(enum feel_regex_err e)
{
    switch (e) {
    case FEEL_REGEX_OK:
        return "no fault";
    case FEEL_REGEX_PATTERN:
        return "not a regular expression";
    case FEEL_REGEX_FLAGS:
        return "a flag other than s, m, i and x";
    case FEEL_REGEX_EMPTY:
        return "the regular expression matches an empty string";
    case FEEL_REGEX_REPLACEMENT:
        return "in a replacement, a digit follows $, and \\ or $ follows \\";
    case FEEL_REGEX_TEXT:
        return "the text is not UTF-8";
    case FEEL_REGEX_LIMIT:
        break;
    }
    return "the regular expression takes too many steps or too much memory";
}

/* ---- Memory: all from an arena, given back with it ---- */

static void *from_arena(size_t n, void *arena)
{
    return arena_alloc(arena, n);
}

static void leave_in_arena(void *p, void *arena)
{
    (void)p, (void)arena;
}

/* ---- Compiling ---- */

static bool read_flags(struct str text, struct feel_regex_flags *ret)
{
    for (size_t i = 0; i < text.n; i++) {
        switch (text.p[i]) {
        case 's':
            ret->s = true;
            break;
        case 'm':
            ret->m = true;
            break;
        case 'i':
            ret->i = true;
            break;
        case 'x':
            ret->x = true;
            break;
        default:
            return false;
        }
    }
    return true;
}

enum feel_regex_err feel_regex_compile(struct arena *a, struct str pattern, struct str flags,
                                       const struct feel_regex **ret_regex)
{
    struct feel_regex_flags f = {0};
    struct buf text = buf_make(a);
    struct feel_regex *re = arena_new_of(a, struct feel_regex);
    bool deep;
    if (!read_flags(flags, &f))
        return FEEL_REGEX_FLAGS;
    if (pattern.n > FEEL_REGEX_PATTERN_BYTES)
        return FEEL_REGEX_LIMIT;
    if (!text_valid(pattern))
        return FEEL_REGEX_PATTERN;
    if (!feel_regex_translate(a, pattern, f, &text, &re->groups, &deep))
        return deep ? FEEL_REGEX_LIMIT : FEEL_REGEX_PATTERN;
    pcre2_general_context *memory = pcre2_general_context_create(from_arena, leave_in_arena, a);
    pcre2_compile_context *context = pcre2_compile_context_create(memory);
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    /* without auto-possessification every way that is tried passes a place where steps are counted */
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF |
                       PCRE2_NO_AUTO_POSSESS | PCRE2_NO_DOTSTAR_ANCHOR | (f.m ? PCRE2_MULTILINE : 0) |
                       (f.i ? PCRE2_CASELESS : 0);
    int error;
    PCRE2_SIZE where;
    re->code = pcre2_compile((PCRE2_SPTR)buf_str(&text).p, text.n, options, &error, &where, context);
    if (!re->code) /* the grammar let it through: it is the size of the expression */
        return FEEL_REGEX_LIMIT;
    *ret_regex = re;
    return FEEL_REGEX_OK;
}

/* ---- Matching ---- */

struct matcher {
    const struct feel_regex *re;
    pcre2_match_data *data;
    pcre2_match_context *context;
    int64_t steps; /* left */
    struct str input;
    bool checked; /* the input is UTF-8 */
};

static int count_step(pcre2_callout_block *block, void *data)
{
    struct matcher *m = data;
    (void)block;
    return --m->steps < 0 ? PCRE2_ERROR_MATCHLIMIT : 0;
}

static void matcher_init(struct matcher *m, const struct feel_regex *re, struct arena *a, struct str input)
{
    pcre2_general_context *memory = pcre2_general_context_create(from_arena, leave_in_arena, a);
    *m = (struct matcher){.re = re, .steps = STEPS, .input = input};
    m->data = pcre2_match_data_create(re->groups + 1, memory);
    m->context = pcre2_match_context_create(memory);
    pcre2_set_match_limit(m->context, MATCH_LIMIT);
    pcre2_set_heap_limit(m->context, HEAP_KIB);
    pcre2_set_callout(m->context, count_step, m);
}

/* The first match at or after `from`. */
static enum feel_regex_err matcher_next(struct matcher *m, size_t from, bool *ret_found)
{
    int rc = pcre2_match(m->re->code, (PCRE2_SPTR)(m->input.p ? m->input.p : ""), m->input.n, from,
                         m->checked ? PCRE2_NO_UTF_CHECK : 0, m->data, m->context);
    m->checked = true;
    *ret_found = rc >= 0;
    if (rc >= 0 || rc == PCRE2_ERROR_NOMATCH)
        return FEEL_REGEX_OK;
    if (rc <= PCRE2_ERROR_UTF8_ERR1 && rc >= PCRE2_ERROR_UTF8_ERR21)
        return FEEL_REGEX_TEXT;
    return FEEL_REGEX_LIMIT;
}

/* What group n caught in the last match; empty when it caught nothing. */
static struct str caught(const struct matcher *m, unsigned n)
{
    const PCRE2_SIZE *v = pcre2_get_ovector_pointer(m->data);
    if (n > m->re->groups || v[2 * n] == PCRE2_UNSET)
        return S("");
    return str_slice(m->input, v[2 * n], v[2 * n + 1]);
}

static size_t match_start(const struct matcher *m)
{
    return pcre2_get_ovector_pointer(m->data)[0];
}

static size_t match_end(const struct matcher *m)
{
    return pcre2_get_ovector_pointer(m->data)[1];
}

enum feel_regex_err feel_regex_matches(const struct feel_regex *re, struct arena *a, struct str input,
                                       bool *ret_matches)
{
    struct arena_mark mark = arena_mark(a);
    struct matcher m;
    bool found;
    matcher_init(&m, re, a, input);
    enum feel_regex_err e = matcher_next(&m, 0, &found);
    arena_reset(a, mark);
    if (e == FEEL_REGEX_OK)
        *ret_matches = found;
    return e;
}

/* F&O 7.6.3 and 7.6.4: an expression that matches the empty string has no place there. */
static enum feel_regex_err refuse_empty(const struct feel_regex *re, struct arena *a)
{
    bool matches;
    enum feel_regex_err e = feel_regex_matches(re, a, S(""), &matches);
    return e ? e : matches ? FEEL_REGEX_EMPTY : FEEL_REGEX_OK;
}

/* ---- Replacing ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool replacement_valid(struct str r)
{
    for (size_t i = 0; i < r.n; i++) {
        char next = i + 1 < r.n ? r.p[i + 1] : '\0';
        if (r.p[i] == '$' && !is_digit(next))
            return false;
        if (r.p[i] == '\\') {
            if (next != '\\' && next != '$')
                return false;
            i++;
        }
    }
    return true;
}

static void add_replacement(const struct matcher *m, struct str r, struct buf *b)
{
    for (size_t i = 0; i < r.n; i++) {
        if (r.p[i] == '\\') {
            buf_add_char(b, r.p[++i]);
        } else if (r.p[i] == '$') {
            unsigned group = (unsigned)(r.p[++i] - '0');
            while (i + 1 < r.n && is_digit(r.p[i + 1]) && group * 10 + (unsigned)(r.p[i + 1] - '0') <= m->re->groups)
                group = group * 10 + (unsigned)(r.p[++i] - '0');
            buf_add(b, caught(m, group));
        } else {
            buf_add_char(b, r.p[i]);
        }
    }
}

enum feel_regex_err feel_regex_replace(const struct feel_regex *re, struct arena *a, struct str input,
                                       struct str replacement, struct str *ret_text)
{
    struct buf b = buf_make(a);
    struct matcher m;
    size_t at = 0;
    bool found;
    if (!replacement_valid(replacement))
        return FEEL_REGEX_REPLACEMENT;
    enum feel_regex_err e = refuse_empty(re, a);
    matcher_init(&m, re, a, input);
    for (size_t n = 0; !e && !(e = matcher_next(&m, at, &found)) && found; n++) {
        if (match_end(&m) == match_start(&m))
            return FEEL_REGEX_EMPTY;
        if (n == FEEL_REGEX_PIECES)
            return FEEL_REGEX_LIMIT;
        buf_add(&b, str_slice(input, at, match_start(&m)));
        add_replacement(&m, replacement, &b);
        at = match_end(&m);
    }
    if (e)
        return e;
    buf_add(&b, str_slice(input, at, input.n));
    *ret_text = buf_str(&b);
    return FEEL_REGEX_OK;
}

enum feel_regex_err feel_regex_split(const struct feel_regex *re, struct arena *a, struct str input,
                                     struct str **ret_pieces, size_t *ret_count)
{
    VEC_OF(struct str) pieces = {0};
    struct matcher m;
    size_t at = 0;
    bool found;
    enum feel_regex_err e = refuse_empty(re, a);
    matcher_init(&m, re, a, input);
    while (!e && !(e = matcher_next(&m, at, &found)) && found) {
        if (match_end(&m) == match_start(&m))
            return FEEL_REGEX_EMPTY;
        if (pieces.n == FEEL_REGEX_PIECES)
            return FEEL_REGEX_LIMIT;
        vec_add(a, &pieces, str_slice(input, at, match_start(&m)));
        at = match_end(&m);
    }
    if (e)
        return e;
    vec_add(a, &pieces, str_slice(input, at, input.n));
    *ret_pieces = pieces.p;
    *ret_count = pieces.n;
    return FEEL_REGEX_OK;
}
