#include <locale.h>
#include <wctype.h>

#include "feel/feel_regex.h"
#include "feel_room.h"

/* String functions (10.3.4.3). Positions and lengths count code points. */

static struct str arg(const struct feel_call *c, size_t i)
{
    return feel_str(c->args[i]);
}

static struct feel_value text(struct feel_call *c, struct str s)
{
    return feel_text(c->run, c->node, s);
}

static size_t length_of(struct feel_value v)
{
    return v.tag ? v.n : text_length(feel_str(v));
}

/* The byte at which code point n begins; the end when there are fewer. */
static size_t byte_of(struct feel_value v, size_t n)
{
    if (v.tag)
        return n < v.n ? n : v.n;
    return text_head(feel_str(v), n).n;
}

static struct feel_value fn_substring(struct feel_call *c)
{
    int64_t start, count = INT64_MAX, length = (int64_t)length_of(c->args[0]);
    if (!feel_num_trunc_i64(feel_num_of_value(c->args[1]), &start))
        return feel_bad_value(c, "the start position is too large");
    if (c->n > 2 && c->args[2].kind == FEEL_NUMBER && !feel_num_trunc_i64(feel_num_of_value(c->args[2]), &count))
        return feel_bad_value(c, "the length is too large");
    if (start == 0 || start > length || start < -length || count < 1)
        return feel_bad_value(c, "there is no such part of the string");
    int64_t from = start > 0 ? start - 1 : length + start;
    int64_t to = count > length - from ? length : from + count;
    return text(c, str_slice(arg(c, 0), byte_of(c->args[0], (size_t)from), byte_of(c->args[0], (size_t)to)));
}

static struct feel_value fn_string_length(struct feel_call *c)
{
    return feel_int((int64_t)length_of(c->args[0]));
}

/* ---- Case, by Unicode's simple mapping and ß to SS */

static void add_wide(struct buf *b, wint_t c)
{
    char s[4];
    size_t n = 0;
    uint32_t u = (uint32_t)c;
    if (u < 0x80) {
        s[n++] = (char)u;
    } else {
        int more = u < 0x800 ? 1 : u < 0x10000 ? 2 : 3;
        s[n++] = (char)((more == 1 ? 0xc0u : more == 2 ? 0xe0u : 0xf0u) | u >> 6 * more);
        while (more--)
            s[n++] = (char)(0x80u | (u >> 6 * more & 0x3f));
    }
    buf_add(b, str_make(s, n));
}

static struct feel_value in_case(struct feel_call *c, bool upper)
{
    struct str s = arg(c, 0);
    struct buf b = buf_make(c->run->arena);
    if (c->args[0].tag) {
        char *p = buf_reserve(&b, s.n + 1);
        for (size_t i = 0; i < s.n; i++)
            p[i] = (char)(upper && s.p[i] >= 'a' && s.p[i] <= 'z'    ? s.p[i] - 32
                          : !upper && s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + 32
                                                                     : s.p[i]);
        return text(c, str_make(p, s.n));
    }
    locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (!unicode)
        return feel_bad_value(c, "this machine knows no letters beyond ASCII");
    for (size_t i = 0; i < s.n;) {
        uint32_t u = text_next(s, &i);
        if (upper && u == 0xdf)
            buf_add(&b, S("SS"));
        else
            add_wide(&b, upper ? towupper_l((wint_t)u, unicode) : towlower_l((wint_t)u, unicode));
    }
    freelocale(unicode);
    return text(c, buf_str(&b));
}

static struct feel_value fn_upper_case(struct feel_call *c)
{
    return in_case(c, true);
}

static struct feel_value fn_lower_case(struct feel_call *c)
{
    return in_case(c, false);
}

/* ---- Parts */

static struct feel_value fn_substring_before(struct feel_call *c)
{
    size_t at = str_find(arg(c, 0), arg(c, 1), 0);
    bool found = at < arg(c, 0).n && arg(c, 1).n;
    return text(c, found ? str_slice(arg(c, 0), 0, at) : S(""));
}

static struct feel_value fn_substring_after(struct feel_call *c)
{
    struct str s = arg(c, 0), match = arg(c, 1);
    size_t at = str_find(s, match, 0);
    if (match.n == 0)
        return c->args[0];
    return text(c, at < s.n ? str_slice(s, at + match.n, s.n) : S(""));
}

static struct feel_value fn_contains(struct feel_call *c)
{
    return feel_bool(arg(c, 1).n == 0 || str_find(arg(c, 0), arg(c, 1), 0) < arg(c, 0).n);
}

static struct feel_value fn_starts_with(struct feel_call *c)
{
    return feel_bool(str_starts(arg(c, 0), arg(c, 1)));
}

static struct feel_value fn_ends_with(struct feel_call *c)
{
    return feel_bool(str_ends(arg(c, 0), arg(c, 1)));
}

static struct feel_value fn_string_join(struct feel_call *c)
{
    const struct feel_list *list = c->args[0].list;
    struct buf b = buf_make(c->run->arena);
    bool some = false;
    for (size_t i = 0; i < list->n; i++) {
        struct feel_value v = list->items[i];
        if (v.kind == FEEL_NULL)
            continue;
        if (v.kind != FEEL_STRING)
            return feel_bad_value(c, "string join of what is not a string");
        if (some && c->n > 1)
            buf_add(&b, arg(c, 1));
        buf_add(&b, feel_str(v));
        some = true;
        if (b.n > c->run->limits.text_bytes)
            break;
    }
    return text(c, buf_str(&b));
}

/* ---- Regular expressions */

static struct feel_value regex_null(struct feel_call *c, enum feel_regex_err e)
{
    return feel_null_why(c->run, c->node, e == FEEL_REGEX_LIMIT ? FEEL_WHY_LIMIT : FEEL_WHY_VALUE, "%s",
                         feel_regex_err_text(e));
}

static enum feel_regex_err compile(struct feel_call *c, size_t flags, const struct feel_regex **ret)
{
    if (c->prepared)
        return *ret = c->prepared, FEEL_REGEX_OK;
    return feel_regex_compile(c->run->arena, arg(c, 1), c->n > flags ? arg(c, flags) : S(""), ret);
}

static struct feel_value fn_matches(struct feel_call *c)
{
    const struct feel_regex *re;
    bool matches = false;
    enum feel_regex_err e = compile(c, 2, &re);
    if (!e)
        e = feel_regex_matches(re, &c->run->steps_left, arg(c, 0), &matches);
    return e ? regex_null(c, e) : feel_bool(matches);
}

static struct feel_value fn_replace(struct feel_call *c)
{
    const struct feel_regex *re;
    struct str s = {0};
    enum feel_regex_err e = compile(c, 3, &re);
    if (!e)
        e = feel_regex_replace(re, &c->run->steps_left, c->run->arena, arg(c, 0), arg(c, 2), &s);
    return e ? regex_null(c, e) : text(c, s);
}

static struct feel_value fn_split(struct feel_call *c)
{
    const struct feel_regex *re;
    struct str *pieces = NULL;
    size_t n = 0;
    enum feel_regex_err e = compile(c, 2, &re);
    if (!e)
        e = feel_regex_split(re, &c->run->steps_left, c->run->arena, arg(c, 0), &pieces, &n);
    if (e)
        return regex_null(c, e);
    struct feel_value *items = feel_new_items(c->run, n);
    if (!items)
        return feel_too_long(c->run, c->node);
    for (size_t i = 0; i < n; i++)
        items[i] = feel_string(pieces[i]);
    return feel_list(c->run->arena, items, n);
}

const void *feel_text_prepare(struct arena *a, const struct feel_builtin *row, struct feel_node *const *args)
{
    const struct feel_regex *re;
    bool regex = row->fn == fn_matches || row->fn == fn_replace || row->fn == fn_split;
    const struct feel_node *pattern = regex ? args[1] : NULL;
    const struct feel_node *flags = row->fn == fn_matches ? args[2] : row->fn == fn_replace ? args[3] : NULL;
    if (!pattern || pattern->kind != NODE_CONSTANT || pattern->value.kind != FEEL_STRING ||
        (flags && (flags->kind != NODE_CONSTANT || flags->value.kind != FEEL_STRING)))
        return NULL;
    return feel_regex_compile(a, feel_str(pattern->value), flags ? feel_str(flags->value) : S(""), &re) ? NULL : re;
}

#define TWO(name, fn, type) \
    { \
        FEEL_N(name), fn, NULL, {{"string", 's'}, {"match", 's'}}, 2, 2, 0, type \
    }
#define ONE(name, fn, type) \
    { \
        FEEL_N(name), fn, NULL, {{"string", 's'}}, 1, 1, 0, type \
    }

const struct feel_builtin feel_builtins_text[] = {
    {FEEL_N("substring"),
     fn_substring,
     NULL,
     {{"string", 's'}, {"start position", 'n'}, {"length", 'N'}},
     3,
     2,
     0,
     FEEL_T_STRING},
    ONE("string length", fn_string_length, FEEL_T_NUMBER),
    ONE("upper case", fn_upper_case, FEEL_T_STRING),
    ONE("lower case", fn_lower_case, FEEL_T_STRING),
    TWO("substring before", fn_substring_before, FEEL_T_STRING),
    TWO("substring after", fn_substring_after, FEEL_T_STRING),
    TWO("contains", fn_contains, FEEL_T_BOOLEAN),
    TWO("starts with", fn_starts_with, FEEL_T_BOOLEAN),
    TWO("ends with", fn_ends_with, FEEL_T_BOOLEAN),
    {FEEL_N("string join"), fn_string_join, NULL, {{"list", 'l'}, {"delimiter", 'S'}}, 2, 1, 0, FEEL_T_STRING},
    {FEEL_N("matches"), fn_matches, NULL, {{"input", 's'}, {"pattern", 's'}, {"flags", 'S'}}, 3, 2, 0, FEEL_T_BOOLEAN},
    {FEEL_N("replace"),
     fn_replace,
     NULL,
     {{"input", 's'}, {"pattern", 's'}, {"replacement", 's'}, {"flags", 'S'}},
     4,
     3,
     0,
     FEEL_T_STRING},
    {FEEL_N("split"), fn_split, NULL, {{"string", 's'}, {"delimiter", 's'}}, 2, 2, 0, FEEL_T_LIST},
    {{NULL, 0}, NULL, NULL, {{NULL, 0}}, 0, 0, 0, 0}};
