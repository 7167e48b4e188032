#include "feel/feel_regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/vec.h"
#include "feel/feel_regex_class.h"

enum {
    STEPS = 1000000,       /* of one call, as the translation counts them: some 20 ms … */
    STEPS_A_BYTE = 10,     /* … and more for a longer text … */
    STEPS_MOST = 10000000, /* … up to this */
    MATCH_LIMIT = 4000000, /* PCRE2's own count, from each place where a match may begin */
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

/* ---- Memory of the compiled expression: from the arena, given back with it ---- */

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
    int64_t steps;    /* left */
    uint64_t *budget; /* of the caller; NULL: none */
    int64_t given;
    struct str input;
    bool checked; /* the input is UTF-8 */
};

static int count_step(pcre2_callout_block *block, void *data)
{
    struct matcher *m = data;
    (void)block;
    return --m->steps < 0 ? PCRE2_ERROR_MATCHLIMIT : 0;
}

/* What matching needs is not the arena's: a million replacements would fill it with what none of them needs any more.
   Bounded by HEAP_KIB; matcher_done gives it back, also when the arena is full (see in_try). */
static bool matcher_init(struct matcher *m, const struct feel_regex *re, uint64_t *budget, struct str input)
{
    *m = (struct matcher){.re = re, .budget = budget, .given = STEPS_MOST, .input = input};
    if (input.n < (STEPS_MOST - STEPS) / STEPS_A_BYTE)
        m->given = STEPS + STEPS_A_BYTE * (int64_t)input.n;
    if (budget && *budget < (uint64_t)m->given)
        m->given = (int64_t)*budget;
    m->steps = m->given;
    m->data = pcre2_match_data_create(re->groups + 1, NULL);
    m->context = pcre2_match_context_create(NULL);
    if (!m->data || !m->context)
        return false;
    pcre2_set_match_limit(m->context, MATCH_LIMIT);
    pcre2_set_heap_limit(m->context, HEAP_KIB);
    pcre2_set_callout(m->context, count_step, m);
    return true;
}

static void matcher_done(struct matcher *m)
{
    if (m->budget)
        *m->budget -= (uint64_t)(m->given - (m->steps < 0 ? 0 : m->steps));
    pcre2_match_data_free(m->data);
    pcre2_match_context_free(m->context);
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

enum feel_regex_err feel_regex_matches(const struct feel_regex *re, uint64_t *steps, struct str input,
                                       bool *ret_matches)
{
    struct matcher m;
    bool found = false;
    enum feel_regex_err e = matcher_init(&m, re, steps, input) ? matcher_next(&m, 0, &found) : FEEL_REGEX_LIMIT;
    matcher_done(&m);
    if (e == FEEL_REGEX_OK)
        *ret_matches = found;
    return e;
}

/* F&O 7.6.3 and 7.6.4: an expression that matches the empty string has no place there. */
static enum feel_regex_err refuse_empty(const struct feel_regex *re, uint64_t *steps)
{
    bool matches;
    enum feel_regex_err e = feel_regex_matches(re, steps, S(""), &matches);
    return e ? e : matches ? FEEL_REGEX_EMPTY : FEEL_REGEX_OK;
}

/* One replace or split: what the loops need, so that they can run inside arena_try. */
struct work {
    struct matcher m;
    struct arena *arena;
    struct str replacement;
    struct buf text;
    VEC_OF(struct str) pieces;
    enum feel_regex_err err;
};

/* Run the loop; out of the arena's memory is a limit like the others. */
static enum feel_regex_err in_try(struct work *w, const struct feel_regex *re, uint64_t *steps, struct str input,
                                  void (*loop)(void *))
{
    enum feel_regex_err e = refuse_empty(re, steps);
    if (e)
        return e;
    if (!matcher_init(&w->m, re, steps, input) || !arena_try(w->arena, loop, w))
        w->err = FEEL_REGEX_LIMIT;
    matcher_done(&w->m);
    return w->err;
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

/* The next match; false at the end of them and on a fault. */
static bool next_match(struct work *w, size_t from, size_t n)
{
    bool found;
    w->err = matcher_next(&w->m, from, &found);
    if (w->err || !found)
        return false;
    if (match_end(&w->m) == match_start(&w->m))
        w->err = FEEL_REGEX_EMPTY;
    else if (n == FEEL_REGEX_PIECES)
        w->err = FEEL_REGEX_LIMIT;
    return w->err == FEEL_REGEX_OK;
}

static void replace_loop(void *p)
{
    struct work *w = p;
    struct str input = w->m.input;
    size_t at = 0;
    for (size_t n = 0; next_match(w, at, n); n++) {
        buf_add(&w->text, str_slice(input, at, match_start(&w->m)));
        add_replacement(&w->m, w->replacement, &w->text);
        at = match_end(&w->m);
    }
    buf_add(&w->text, str_slice(input, at, input.n));
}

enum feel_regex_err feel_regex_replace(const struct feel_regex *re, uint64_t *steps, struct arena *a, struct str input,
                                       struct str replacement, struct str *ret_text)
{
    struct work w = {.arena = a, .replacement = replacement, .text = buf_make(a)};
    if (!replacement_valid(replacement))
        return FEEL_REGEX_REPLACEMENT;
    enum feel_regex_err e = in_try(&w, re, steps, input, replace_loop);
    if (e == FEEL_REGEX_OK)
        *ret_text = buf_str(&w.text);
    return e;
}

static void split_loop(void *p)
{
    struct work *w = p;
    struct str input = w->m.input;
    size_t at = 0;
    for (size_t n = 0; next_match(w, at, n); n++) {
        vec_add(w->arena, &w->pieces, str_slice(input, at, match_start(&w->m)));
        at = match_end(&w->m);
    }
    vec_add(w->arena, &w->pieces, str_slice(input, at, input.n));
}

enum feel_regex_err feel_regex_split(const struct feel_regex *re, uint64_t *steps, struct arena *a, struct str input,
                                     struct str **ret_pieces, size_t *ret_count)
{
    struct work w = {.arena = a};
    enum feel_regex_err e = in_try(&w, re, steps, input, split_loop);
    if (e == FEEL_REGEX_OK) {
        *ret_pieces = w.pieces.p;
        *ret_count = w.pieces.n;
    }
    return e;
}
