/* Regular expressions as XPath has them. */
#include "support.h"

#include "feel/feel_regex.h"

enum { YES, NO, FAULT };

static void test_matches(void **state)
{
    struct cx *cx = *state;
    static const struct {
        const char *input, *pattern, *flags;
        int want;
    } rows[] = {
        {"This is it", "is", "", YES},
        {"abracadabra", "^bra", "", NO},
        {"abracadabra", "bra$", "", YES},
        {"bra\n", "bra$", "", NO},
        {"\nabcd\ndefg\n", "^$", "m", YES},
        {"abcd\n\ndefg\n ", "^$", "m", YES},
        {"abcd\n", "^$", "m", NO},
        {"abcd\n", "\n$", "m", NO}, /* a line end that ends the text ends its line */
        {"abcd\n", "d$", "m", YES},
        {"a\nb", "^b$", "m", YES},
        {"a\nb", "^b$", "", NO},
        {"Mary\rJones", "Mary.Jones", "", NO},
        {"Mary\nJones", "Mary.Jones", "", NO},
        {"Mary\nJones", "Mary.Jones", "s", YES},
        {"abc", "ABC", "i", YES},
        {"\u212a", "k", "i", YES},
        {"ÅSE", "^åse$", "i", YES},
        {"x", "[A-Z-[OI]]", "i", YES},
        {"O", "[A-Z-[OI]]", "i", NO},
        {"i", "[A-Z-[OI]]", "i", NO},
        {"b", "^[a-z-[aeiou-[e]]]$", "", YES},
        {"e", "^[a-z-[aeiou-[e]]]$", "", YES},
        {"a", "^[a-z-[aeiou-[e]]]$", "", NO},
        {"e", "^[^a-z-[A]]$", "", NO},
        {"A", "^[^a-z-[A]]$", "", NO},
        {"B", "^[^a-z-[A]]$", "", YES},
        {"q", "[^Q]", "i", NO},
        {"hello world", "hello\\ sworld", "x", YES},
        {"hello world", " hello[ ]world", "x", YES},
        {"hello world", "he ll o[ ]worl d", "x", YES},
        {"hello world", "^\\p{ I s B a s i c L a t i n }+$", "x", YES},
        {"hello world", "\\p{ IsBasicLatin}+", "", FAULT},
        {"a[b", "^a\\[ b$", "x", YES},
        {"a\\", "^a \\\\ $", "x", YES},
        {"Ж", "^\\p{IsCyrillic}$", "", YES},
        {"Ж", "^\\P{IsCyrillic}$", "", NO},
        {"x", "^[\\P{IsCyrillic}]$", "", YES},
        {"α", "^\\p{IsGreek}$", "", YES},
        {"x", "\\p{IsAtlantis}", "", FAULT},
        {"x", "\\p{Cs}", "", FAULT},
        {"x", "\\p{Ll}", "", YES},
        {"X", "\\p{Ll}", "", NO},
        {"9", "^\\d$", "", YES},
        {"\u0663", "^\\d$", "", YES}, /* an Arabic digit is of Nd */
        {"\u00a0", "\\s", "", NO},    /* XML's four blanks alone */
        {"_", "^\\w$", "", NO},       /* \w is without punctuation */
        {"+", "^\\w$", "", YES},
        {"_", "^\\W$", "", YES},
        {":", "^\\i$", "", YES},
        {"-", "^\\i$", "", NO},
        {"-", "^\\c$", "", YES},
        {"-", "^\\I$", "", YES},
        {" ", "^\\C$", "", YES},
        {"é", "^\\i$", "", YES},
        {"a5", "^\\S\\D?\\d$", "", YES},
        {"aA", "(a)\\1", "i", YES},
        {"abab1", "^(ab)\\11$", "", YES}, /* group 1, then the digit */
        {"b", "^(a)?\\1b$", "", YES},
        {"h", "(.)\\3", "", FAULT},
        {"h", "(.\\1)", "", FAULT},
        {"h", "(.)\\2", "", FAULT},
        {"input", "\\3", "", FAULT},
        {"abcd", "(asd)[\\1]", "", FAULT},
        {"abcd", "(asd)[asd\\0]", "", FAULT},
        {"aaa", "^a{2,3}$", "", YES},
        {"aaa", "^a{2}$", "", NO},
        {"aaa", "^a{2,}?$", "", YES},
        {"a", "a{3,2}", "", FAULT},
        {"a", "a{,2}", "", FAULT},
        {"a", "a{99999}", "", FAULT},
        {"a", "a**", "", FAULT},
        {"a", "a++", "", FAULT},
        {"a", "*a", "", FAULT},
        {"a", "(*a)", "", FAULT},
        {"a", "a|*", "", FAULT},
        {"a", "(a", "", FAULT},
        {"a", "a)", "", FAULT},
        {"a", "[a", "", FAULT},
        {"a", "[]", "", FAULT},
        {"a", "a]", "", FAULT},
        {"a", "a}", "", FAULT},
        {"a", "[z-a]", "", FAULT},
        {"a", "[a-\\d]", "", FAULT},
        {"-", "^[a-]$", "", YES},
        {"-", "^[-a]$", "", YES},
        {"^", "^[a^]$", "", YES},
        {"a", "\\", "", FAULT},
        {"a", "\\b", "", FAULT},
        {"a", "\\Qa\\E", "", FAULT},
        {"a", "\\x41", "", FAULT},
        {"a", "(?=a)", "", FAULT},
        {"a", "(?i)A", "", FAULT},
        {"a", "(?<n>a)", "", FAULT},
        {"a", "(?R)", "", FAULT},
        {"a", "[[:alpha:]]", "", FAULT},
        {"ab", "^(?:a)(b)$", "", YES},
        {"a", "\xff", "", FAULT},
        {"#a b", "#a b", "", YES},
        {"", "", "", YES},
        {"", "a|", "", YES},
        {"🐎", "^.$", "", YES},
        {"input", "pattern", " ", FAULT},
        {"input", "pattern", "X", FAULT},
        {"input", "input", "imsxsi", YES},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct feel_regex *re;
        bool matches = false;
        enum feel_regex_err e = feel_regex_compile(cx->arena, str_of(rows[i].pattern), str_of(rows[i].flags), &re);
        if (!e)
            e = feel_regex_matches(re, NULL, str_of(rows[i].input), &matches);
        int got = e ? FAULT : matches ? YES : NO;
        if (got != rows[i].want)
            fail_msg("\"%s\" in \"%s\" (%s): %d %s", rows[i].pattern, rows[i].input, rows[i].flags, got,
                     feel_regex_err_text(e));
    }
}

static enum feel_regex_err replace(struct cx *cx, const char *input, const char *pattern, const char *replacement,
                                   const char *flags, struct str *ret)
{
    const struct feel_regex *re;
    enum feel_regex_err e = feel_regex_compile(cx->arena, str_of(pattern), str_of(flags), &re);
    return e ? e : feel_regex_replace(re, NULL, cx->arena, str_of(input), str_of(replacement), ret);
}

static void test_replace(void **state)
{
    struct cx *cx = *state;
    static const char *const rows[][5] = {
        {"abcd", "(ab)|(a)", "[1=$1][2=$2]", "", "[1=ab][2=]cd"},
        {"abracadabra", "bra", "*", "", "a*cada*"},
        {"abracadabra", "a.*a", "*", "", "*"},
        {"abracadabra", "a.*?a", "*", "", "*c*bra"},
        {"abracadabra", "a(.)", "a$1$1", "", "abbraccaddabbra"},
        {"AAAA", "A+?", "b", "", "bbbb"},
        {"0123456789", "(\\d{3})(\\d{3})(\\d{4})", "($1) $2-$3", "", "(012) 345-6789"},
        {"facetiously", "[iouy]", "[$0]", "", "facet[i][o][u]sl[y]"},
        {"a b c d ", "[a-z]", "#", "x", "# # # # "},
        {"abc", ".^[d-z]*", "smix", "", "abc"},
        {"a", "(a)", "$12", "", "a2"},
        {"a", "(a)", "$2", "", ""},
        {"a", "a", "\\$1\\\\", "", "$1\\"},
        {"foo bar", "o+", "", "", "f bar"},
        {"", "a", "b", "", ""},
    };
    struct str got;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(replace(cx, rows[i][0], rows[i][1], rows[i][2], rows[i][3], &got), FEEL_REGEX_OK);
        assert_str(got, rows[i][4]);
    }
    assert_int_equal(replace(cx, "abc", "x*", "y", "", &got), FEEL_REGEX_EMPTY);
    assert_int_equal(replace(cx, "abc", "^", "y", "m", &got), FEEL_REGEX_EMPTY);
    assert_int_equal(replace(cx, "abc", "b", "$", "", &got), FEEL_REGEX_REPLACEMENT);
    assert_int_equal(replace(cx, "abc", "b", "$x", "", &got), FEEL_REGEX_REPLACEMENT);
    assert_int_equal(replace(cx, "abc", "b", "\\n", "", &got), FEEL_REGEX_REPLACEMENT);
    assert_int_equal(replace(cx, "abc", "b", "\\", "", &got), FEEL_REGEX_REPLACEMENT);
    assert_int_equal(replace(cx, "a\xff", "a", "b", "", &got), FEEL_REGEX_TEXT);
}

static void test_split(void **state)
{
    struct cx *cx = *state;
    static const struct {
        const char *input, *pattern, *joined;
    } rows[] = {{"John Doe", "\\s", "John|Doe"},
                {"a;b;c;;", ";", "a|b|c||"},
                {"", ",", ""},
                {"abc", ",", "abc"},
                {",", ",", "|"},
                {"1, 2,3", ",\\s*", "1|2|3"}};
    const struct feel_regex *re;
    struct str *pieces;
    size_t n;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf b = buf_make(cx->arena);
        assert_int_equal(feel_regex_compile(cx->arena, str_of(rows[i].pattern), S(""), &re), FEEL_REGEX_OK);
        assert_int_equal(feel_regex_split(re, NULL, cx->arena, str_of(rows[i].input), &pieces, &n), FEEL_REGEX_OK);
        for (size_t k = 0; k < n; k++) {
            buf_add_z(&b, k ? "|" : "");
            buf_add(&b, pieces[k]);
        }
        assert_str(buf_str(&b), rows[i].joined);
    }
    assert_int_equal(feel_regex_compile(cx->arena, S(",?"), S(""), &re), FEEL_REGEX_OK);
    assert_int_equal(feel_regex_split(re, NULL, cx->arena, S("a,b"), &pieces, &n), FEEL_REGEX_EMPTY);
}

/* What would run for minutes ends, and soon. */
static void test_hostile(void **state)
{
    struct cx *cx = *state;
    const struct feel_regex *re;
    static const char *const patterns[] = {
        "^(a+)+$", "^(a|aa)+$", "(a*)*b", "(.*)(.*)(.*)(.*)(.*)(.*)x", "^(([a-z])+.)+[A-Z]([a-z])+$", "a*b", ".*x"};
    struct buf text = buf_make(cx->arena);
    for (int i = 0; i < 100000; i++)
        buf_add_char(&text, 'a');
    buf_add_char(&text, '!');
    int64_t began = time_tick_us();
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        struct arena *scratch = arena_new(64 << 20);
        bool matches = true;
        assert_int_equal(feel_regex_compile(scratch, str_of(patterns[i]), S(""), &re), FEEL_REGEX_OK);
        enum feel_regex_err e = feel_regex_matches(re, NULL, buf_str(&text), &matches);
        assert_true(e == FEEL_REGEX_LIMIT || (e == FEEL_REGEX_OK && !matches));
        arena_free(scratch);
    }
    /* no single place is expensive here, all of them together are */
    bool matches = false;
    assert_int_equal(feel_regex_compile(cx->arena, S("[a-z]*[0-9]"), S(""), &re), FEEL_REGEX_OK);
    assert_int_equal(feel_regex_matches(re, NULL, buf_str(&text), &matches), FEEL_REGEX_LIMIT);
    assert_true(time_tick_us() - began < 60 * SECOND_US);
    struct buf deep = buf_make(cx->arena);
    for (int i = 0; i < 8000; i++)
        buf_add_char(&deep, '(');
    assert_int_equal(feel_regex_compile(cx->arena, buf_str(&deep), S(""), &re), FEEL_REGEX_LIMIT);
    deep.n = 0;
    for (int i = 0; i < 4000; i++)
        buf_add_z(&deep, "[a-");
    assert_int_equal(feel_regex_compile(cx->arena, buf_str(&deep), S(""), &re), FEEL_REGEX_LIMIT);
    assert_int_equal(feel_regex_compile(cx->arena, str_slice(buf_str(&text), 0, 20000), S(""), &re), FEEL_REGEX_LIMIT);
    assert_int_equal(feel_regex_compile(cx->arena, S("(((a{1000}){1000}){1000}){1000}"), S(""), &re), FEEL_REGEX_LIMIT);
}

/* What matching takes comes off the caller's budget, so that a loop of calls ends as any other. */
static void test_budget(void **state)
{
    struct cx *cx = *state;
    const struct feel_regex *re;
    bool matches = true;
    uint64_t steps = 100000;
    struct str hostile = S("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
    assert_int_equal(feel_regex_compile(cx->arena, S("^(a+)+$"), S(""), &re), FEEL_REGEX_OK);
    assert_int_equal(feel_regex_matches(re, &steps, S("aaa"), &matches), FEEL_REGEX_OK);
    assert_true(matches);
    assert_in_range(steps, 99900, 99999);
    assert_int_equal(feel_regex_matches(re, &steps, hostile, &matches), FEEL_REGEX_LIMIT);
    assert_int_equal(steps, 0);
    assert_int_equal(feel_regex_matches(re, &steps, S("aaa"), &matches), FEEL_REGEX_LIMIT);
}

/* A call leaves nothing in the arena but its result, and a result too large for it is a limit. */
static void test_memory(void **state)
{
    struct cx *cx = *state;
    const struct feel_regex *re;
    struct str got = S(""), *pieces;
    size_t n;
    bool matches;
    assert_int_equal(feel_regex_compile(cx->arena, S("b+"), S(""), &re), FEEL_REGEX_OK);
    size_t before = arena_used(cx->arena);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(feel_regex_matches(re, NULL, S("abba"), &matches), FEEL_REGEX_OK);
        assert_int_equal(feel_regex_replace(re, NULL, cx->arena, S("abba"), S("$0$0"), &got), FEEL_REGEX_OK);
    }
    assert_str(got, "abbbba");
    assert_true(arena_used(cx->arena) - before < 1000 * 512);
    struct arena *small = arena_new(1 << 20);
    struct buf text = buf_make(cx->arena);
    for (int i = 0; i < 100000; i++)
        buf_add_char(&text, 'b');
    assert_int_equal(feel_regex_compile(cx->arena, S("b"), S(""), &re), FEEL_REGEX_OK);
    assert_int_equal(feel_regex_replace(re, NULL, small, buf_str(&text), S("bbbbbbbbbbbbbbbbbbbb"), &got),
                     FEEL_REGEX_LIMIT);
    assert_int_equal(feel_regex_split(re, NULL, small, buf_str(&text), &pieces, &n), FEEL_REGEX_LIMIT);
    arena_free(small);
}

static int start(void **state)
{
    *state = test_cx();
    return 0;
}

static int stop(void **state)
{
    test_cx_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matches), cmocka_unit_test(test_replace), cmocka_unit_test(test_split),
        cmocka_unit_test(test_hostile), cmocka_unit_test(test_budget),  cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
