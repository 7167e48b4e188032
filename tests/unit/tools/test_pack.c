/* What is packed into the program: names by content, gzip, icons, addresses in style sheets. */
#include "support.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#define main pack_main
int main(int argc, char **argv);
#include "../../../tools/pack.c"
#undef main

static struct str c_text, h_text;

static bool pack_three(struct cx *cx, struct pack *k, const char *css, const char *icon)
{
    *k = (struct pack){.arena = cx->arena, .errors = buf_make(cx->arena)};
    add(k, S("site.css"), str_of(css));
    add(k, S("icons.svg"), S("<svg><symbol id=\"arrow-back\" viewBox=\"0 0 1 1\"><path/></symbol></svg>"));
    add(k, S("a-b.svg"), str_of(icon));
    return pack(k, &c_text, &h_text);
}

static bool has(struct str s, const char *part)
{
    return str_find(s, str_of(part), 0) < s.n;
}

static void names_follow_the_content(void **state)
{
    struct cx *cx = test_cx();
    struct pack k;
    (void)state;
    assert_true(pack_three(cx, &k, "p{background:url(\"/static/a-b.svg\")}", "<svg/>"));
    struct str css = k.assets.p[0].url, icon = k.assets.p[2].url;
    assert_true(str_starts(css, S("/static/site.")) && str_ends(css, S(".css")) &&
                css.n == strlen("/static/site.0123456789ab.css"));
    assert_true(has(k.assets.p[0].bytes, str_z(cx->arena, icon)));
    assert_true(has(h_text, "#define ICON_arrow_back \"arrow-back\""));
    assert_true(has(h_text, "#define ASSET_a_b_svg \"/static/a-b."));
    /* another icon: its address, and with it the style sheet and that one's address, are others */
    assert_true(pack_three(cx, &k, "p{background:url(\"/static/a-b.svg\")}", "<svg> </svg>"));
    assert_false(str_eq(k.assets.p[2].url, icon));
    assert_false(str_eq(k.assets.p[0].url, css));
    test_cx_free(cx);
}

static void a_style_sheet_names_only_what_is_packed(void **state)
{
    struct cx *cx = test_cx();
    struct pack k;
    (void)state;
    assert_false(pack_three(cx, &k, "p{background:url(/static/c.svg)}", "<svg/>"));
    assert_true(
        has(buf_str(&k.errors), "site.css: names /static/c.svg, which is not packed; add it to web/meson.build"));
    add(&k, S("a-b.svg"), S(""));
    add(&k, S("x.exe"), S(""));
    assert_true(has(buf_str(&k.errors), "a-b.svg: packed twice"));
    assert_true(has(buf_str(&k.errors), "x.exe: no type is known"));
    test_cx_free(cx);
}

static void gzip_only_where_it_helps(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    char *many = arena_alloc(cx->arena, 10000);
    memset(many, 'a', 10000);
    struct str packed = gzip_of(cx->arena, str_make(many, 10000));
    assert_true(packed.n > 0 && packed.n < 100 && (unsigned char)packed.p[0] == 0x1f &&
                (unsigned char)packed.p[1] == 0x8b);
    assert_int_equal(gzip_of(cx->arena, S("abc")).n, 0);
    test_cx_free(cx);
}

static void bytes_survive_as_c(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    struct buf b = buf_make(cx->arena);
    add_bytes(&b, str_make("\0\"\\?\n7\xff", 7));
    assert_str(buf_str(&b), "{\"\\000\\042\\134\\077\\0127\\377\", 7}");
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_follow_the_content),
        cmocka_unit_test(a_style_sheet_names_only_what_is_packed),
        cmocka_unit_test(gzip_only_where_it_helps),
        cmocka_unit_test(bytes_survive_as_c),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
