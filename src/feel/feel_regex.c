#include "feel/feel_regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "feel/feel_regex_translate.h"

enum { MATCH_STEPS = 1000000, MATCH_DEPTH = 10000, MATCH_HEAP_KB = 16 * 1024 };

struct feel_regex {
    pcre2_code *code;
    int groups;
    bool empty; /* it matches the empty string */
};

const char *feel_regex_err_text(enum feel_regex_err e)
{
    static const char *const texts[] = {"no error",
                                        "not a regular expression",
                                        "not a flag of regular expressions",
                                        "the regular expression matches the empty string",
                                        "not a replacement",
                                        "the regular expression takes too long"};
    return texts[e];
}

/* PCRE2 takes its memory from the arena, and gives back nothing. */
static void *take(size_t n, void *arena)
{
    return arena_alloc(arena, n);
}

static void give(void *p, void *arena)
{
    (void)p;
    (void)arena;
}

static bool read_flags(struct str flags, struct feel_regex_flags *f)
{
    for (size_t i = 0; i < flags.n; i++) {
        switch (flags.p[i]) {
        case 's':
            f->dot_all = true;
            break;
        case 'm':
            f->multi_line = true;
            break;
        case 'i':
            f->ignore_case = true;
            break;
        case 'x':
            f->extended = true;
            break;
        default:
            return false;
        }
    }
    return true;
}

enum { NO_MATCH, MATCH, LIMIT };

static int match(const struct feel_regex *re, struct arena *a, struct str s, size_t from, pcre2_match_data *data)
{
    pcre2_general_context *memory = pcre2_general_context_create(take, give, a);
    pcre2_match_context *limits = pcre2_match_context_create(memory);
    pcre2_set_match_limit(limits, MATCH_STEPS);
    pcre2_set_depth_limit(limits, MATCH_DEPTH);
    pcre2_set_heap_limit(limits, MATCH_HEAP_KB);
    int n = pcre2_match(re->code, (PCRE2_SPTR)s.p, s.n, from, 0, data, limits);
    return n > 0 ? MATCH : n == PCRE2_ERROR_NOMATCH ? NO_MATCH : LIMIT;
}

static pcre2_match_data *data_for(const struct feel_regex *re, struct arena *a)
{
    pcre2_general_context *memory = pcre2_general_context_create(take, give, a);
    return pcre2_match_data_create_from_pattern(re->code, memory);
}

enum feel_regex_err feel_regex_compile(struct arena *a, struct str pattern, struct str flags,
                                       const struct feel_regex **ret_regex)
{
    struct feel_regex_flags f = {false, false, false, false};
    struct feel_regex *re = arena_new_of(a, struct feel_regex);
    struct str translated;
    int error;
    PCRE2_SIZE where;
    if (!read_flags(flags, &f))
        return FEEL_REGEX_FLAGS;
    if (pattern.n > FEEL_REGEX_PATTERN_BYTES)
        return FEEL_REGEX_LIMIT;
    if (!feel_regex_translate(a, pattern, f, &translated, &re->groups))
        return FEEL_REGEX_PATTERN;
    pcre2_general_context *memory = pcre2_general_context_create(take, give, a);
    pcre2_compile_context *cc = pcre2_compile_context_create(memory);
    pcre2_set_newline(cc, PCRE2_NEWLINE_LF);
    pcre2_set_parens_nest_limit(cc, 250);
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NO_UTF_CHECK | PCRE2_NEVER_BACKSLASH_C | PCRE2_MATCH_UNSET_BACKREF;
    re->code = pcre2_compile((PCRE2_SPTR)translated.p, translated.n, options | (f.ignore_case ? PCRE2_CASELESS : 0),
                             &error, &where, cc);
    if (!re->code)
        return FEEL_REGEX_PATTERN;
    re->empty = match(re, a, S(""), 0, data_for(re, a)) == MATCH;
    *ret_regex = re;
    return FEEL_REGEX_OK;
}

enum feel_regex_err feel_regex_matches(const struct feel_regex *re, struct arena *a, struct str input,
                                       bool *ret_matches)
{
    struct arena_mark mark = arena_mark(a);
    int m = text_valid(input) ? match(re, a, input, 0, data_for(re, a)) : LIMIT;
    arena_reset(a, mark);
    if (m == LIMIT)
        return FEEL_REGEX_LIMIT;
    *ret_matches = m == MATCH;
    return FEEL_REGEX_OK;
}

/* $N takes as many digits as name a group; an unknown group is empty. */
static enum feel_regex_err add_replacement(const struct feel_regex *re, struct buf *b, struct str replacement,
                                           struct str input, const PCRE2_SIZE *at)
{
    for (size_t i = 0; i < replacement.n; i++) {
        char c = replacement.p[i], next = i + 1 < replacement.n ? replacement.p[i + 1] : 0;
        if (c == '\\') {
            if (next != '\\' && next != '$')
                return FEEL_REGEX_REPLACEMENT;
            buf_add_char(b, next);
            i++;
        } else if (c == '$') {
            if (next < '0' || next > '9')
                return FEEL_REGEX_REPLACEMENT;
            int n = next - '0';
            i++;
            while (i + 1 < replacement.n && replacement.p[i + 1] >= '0' && replacement.p[i + 1] <= '9' &&
                   n * 10 + (replacement.p[i + 1] - '0') <= re->groups)
                n = n * 10 + (replacement.p[++i] - '0');
            if (n <= re->groups && at && at[2 * n] != PCRE2_UNSET)
                buf_add(b, str_slice(input, at[2 * n], at[2 * n + 1]));
        } else {
            buf_add_char(b, c);
        }
    }
    return FEEL_REGEX_OK;
}

enum feel_regex_err feel_regex_replace(const struct feel_regex *re, struct arena *a, struct str input,
                                       struct str replacement, struct str *ret_text)
{
    struct buf b = buf_make(a);
    pcre2_match_data *data = data_for(re, a);
    size_t from = 0, count = 0;
    int m;
    enum feel_regex_err e = add_replacement(re, &b, replacement, input, NULL);
    if (e)
        return e;
    if (re->empty)
        return FEEL_REGEX_EMPTY;
    b.n = 0;
    if (!text_valid(input))
        return FEEL_REGEX_LIMIT;
    while ((m = match(re, a, input, from, data)) == MATCH) {
        const PCRE2_SIZE *at = pcre2_get_ovector_pointer(data);
        if (at[1] == at[0])
            return FEEL_REGEX_EMPTY;
        if (++count > FEEL_REGEX_PIECES)
            return FEEL_REGEX_LIMIT;
        buf_add(&b, str_slice(input, from, at[0]));
        e = add_replacement(re, &b, replacement, input, at);
        from = at[1];
    }
    if (m == LIMIT)
        return FEEL_REGEX_LIMIT;
    buf_add(&b, str_slice(input, from, input.n));
    *ret_text = buf_str(&b);
    return e;
}

enum feel_regex_err feel_regex_split(const struct feel_regex *re, struct arena *a, struct str input,
                                     struct str **ret_pieces, size_t *ret_count)
{
    pcre2_match_data *data = data_for(re, a);
    size_t from = 0, n = 0, room = 16;
    struct str *pieces = arena_array(a, struct str, room);
    int m;
    if (re->empty)
        return FEEL_REGEX_EMPTY;
    if (!text_valid(input))
        return FEEL_REGEX_LIMIT;
    do {
        m = match(re, a, input, from, data);
        const PCRE2_SIZE *at = pcre2_get_ovector_pointer(data);
        if (m == LIMIT || n >= FEEL_REGEX_PIECES)
            return FEEL_REGEX_LIMIT;
        if (m == MATCH && at[1] == at[0])
            return FEEL_REGEX_EMPTY;
        if (n == room) {
            struct str *more = arena_array(a, struct str, room * 2);
            memcpy(more, pieces, n * sizeof *more);
            pieces = more;
            room *= 2;
        }
        pieces[n++] = str_slice(input, from, m == MATCH ? at[0] : input.n);
        from = m == MATCH ? at[1] : from;
    } while (m == MATCH);
    *ret_pieces = pieces;
    *ret_count = n;
    return FEEL_REGEX_OK;
}
