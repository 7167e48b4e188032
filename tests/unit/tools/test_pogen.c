/* The reader of .po files: what it makes and what stops the build. */
#include "support.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#define main pogen_main
int main(int argc, char **argv);
#define text pogen_text
#include "../../../tools/pogen.c"
#undef text
#undef main

#define HEAD(lang) \
    "msgid \"\"\nmsgstr \"\"\n\"Language: " lang "\\n\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n" \
    "\"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n\n"
#define ONE(key, value) "msgid \"" key "\"\nmsgstr \"" value "\"\n"
#define MANY(key, one, many) \
    "msgid \"" key "\"\nmsgid_plural \"" key "\"\nmsgstr[0] \"" one "\"\nmsgstr[1] \"" many "\"\n"

static struct gen g;
static struct str c_text, h_text;

/* nynorsk has what bokmål has */
static bool make(struct cx *cx, const char *da, const char *nb, const char *en)
{
    g = (struct gen){.arena = cx->arena, .errors = buf_make(cx->arena)};
    read_po(&g, "src/desk/text/da.po", str_of(da));
    read_po(&g, "src/desk/text/nb.po", str_of(nb));
    read_po(&g, "src/desk/text/en.po", str_of(en));
    struct str nn = str_of(nb), head = S("Language: nb");
    size_t at = str_find(nn, head, 0);
    if (at < nn.n)
        nn = str_fmt(cx->arena, "%.*sLanguage: nn%.*s", (int)at, nn.p, (int)(nn.n - at - head.n), nn.p + at + head.n);
    read_po(&g, "src/desk/text/nn.po", nn);
    return pogen(&g, &c_text, &h_text);
}

static void refused(bool made, const char *why, const char *file, int line)
{
    struct str errors = buf_str(&g.errors);
    if (made || str_find(errors, str_of(why), 0) >= errors.n) {
        print_error("made %d, got %.*s\nwant %s\n", made, STR_ARG(errors), why);
        _fail(file, line);
    }
}
#define assert_refused(da, nb, en, why) \
    refused(make(cx, HEAD("da") da, HEAD("nb") nb, HEAD("en") en), (why), __FILE__, __LINE__)
#define assert_refused_in_all(text, why) assert_refused(text, text, text, why)

static bool has(struct str s, const char *part)
{
    return str_find(s, str_of(part), 0) < s.n;
}

static void makes_keys_and_tables(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_true(make(
        cx, HEAD("da") ONE("desk_b", "Hej \\\"{name}\\\"\"\n\"\\n?") MANY("desk_a", "{n} sag", "{n} sager"),
        HEAD("nb") MANY("desk_a", "{n} sak", "{n} saker") ONE("desk_b", "Hei {name}"),
        HEAD("en") "# a comment\n#: here\n" ONE("desk_b", "Hello {name}") MANY("desk_a", "one case", "{n} cases")));
    assert_true(has(h_text, "    T_desk_a,\n    T_desk_b,\n    T_COUNT"));
    assert_true(has(c_text, "{\"Hej \\\"{name}\\\"\\n\\?\", 14}"));
    assert_true(has(c_text, "{{\"{n} sag\", 7}, {\"{n} sager\", 9}}"));
    test_cx_free(cx);
}

static void a_language_may_not_lack_a_text(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_refused(ONE("desk_a", "a") ONE("desk_b", "b"), ONE("desk_a", "a"), ONE("desk_a", "a") ONE("desk_b", "b"),
                   "src/desk/text/da.po:9: text desk_b is missing in nb; add it to nb.po of the same folder");
    assert_refused(ONE("desk_a", "a"), ONE("desk_a", ""), ONE("desk_a", "a"),
                   "src/desk/text/nb.po:7: text desk_a is empty");
    assert_refused_in_all(MANY("desk_a", "{n} sag", ""), "empty in one of its plural forms");
    assert_refused("#, fuzzy\n" ONE("desk_a", "a"), ONE("desk_a", "a"), ONE("desk_a", "a"), "is marked fuzzy");
    assert_refused(ONE("desk_a", "a") ONE("desk_a", "b"), ONE("desk_a", "a"), ONE("desk_a", "a"),
                   "given twice, first in");
    test_cx_free(cx);
}

static void nynorsk_is_asked_for_too(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    g = (struct gen){.arena = cx->arena, .errors = buf_make(cx->arena)};
    read_po(&g, "src/desk/text/da.po", S(HEAD("da") ONE("desk_a", "a")));
    read_po(&g, "src/desk/text/nb.po", S(HEAD("nb") ONE("desk_a", "a")));
    read_po(&g, "src/desk/text/en.po", S(HEAD("en") ONE("desk_a", "a")));
    refused(pogen(&g, &c_text, &h_text), "text desk_a is missing in nn; add it to nn.po", __FILE__, __LINE__);
    test_cx_free(cx);
}

static void placeholders_must_agree(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_refused(ONE("desk_a", "Hej {name}"), ONE("desk_a", "Hei {navn}"), ONE("desk_a", "Hello {name}"),
                   "nb.po:7: text desk_a has the placeholders {navn}, but {name} in src/desk/text/da.po:7");
    assert_refused(MANY("desk_a", "{n} sag", "{n} sager"), ONE("desk_a", "{n} saker"), MANY("desk_a", "{n}", "{n}"),
                   "plural forms in one language only");
    assert_refused_in_all(ONE("desk_a", "Hej {name"), "a placeholder is written {name}");
    assert_refused_in_all(ONE("desk_a", "Hej name}"), "a } without {");
    test_cx_free(cx);
}

static void reads_strictly(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_refused_in_all(ONE("form_a", "a"), "key form_a must begin with its room: desk_");
    assert_refused_in_all(ONE("desk_Å", "a"), "may have only a-z, 0-9 and _");
    assert_refused_in_all("msgid \"desk_a\"\nmsgstr 'a'\n", "must be \"quoted\"");
    assert_refused_in_all("msgid \"desk_a\"\nmsgstr \"a\\q\"\n", "must be \"quoted\"");
    assert_refused_in_all("msgid \"desk_a\"\nmsgstr \"a\"b\"\n", "must be \"quoted\"");
    assert_refused_in_all("msgctxt \"x\"\nmsgid \"desk_a\"\nmsgstr \"a\"\n", "expected msgid");
    assert_refused_in_all("msgid \"desk_a\"\nmsgstr[1] \"a\"\n", "does not follow here");
    assert_refused_in_all("msgid \"desk_a\"\nmsgid_plural \"desk_b\"\nmsgstr[0] \"a\"\nmsgstr[1] \"b\"\n",
                          "must be the same key");
    refused(make(cx, HEAD("nb"), HEAD("nb"), HEAD("en")), "da.po:1: the header must say \"Language: da", __FILE__,
            __LINE__);
    refused(make(cx, ONE("desk_a", "a"), HEAD("nb"), HEAD("en")), "must begin with the header entry", __FILE__,
            __LINE__);
    g = (struct gen){.arena = cx->arena, .errors = buf_make(cx->arena)};
    read_po(&g, "src/desk/text/sv.po", S(""));
    assert_true(has(buf_str(&g.errors), "must be da.po, nb.po, nn.po or en.po"));
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_keys_and_tables),    cmocka_unit_test(a_language_may_not_lack_a_text),
        cmocka_unit_test(nynorsk_is_asked_for_too), cmocka_unit_test(placeholders_must_agree),
        cmocka_unit_test(reads_strictly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
