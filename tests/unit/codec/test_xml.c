#include "support.h"

#include "codec/codec.h"

static const struct xml *read_ok(struct cx *cx, const char *text)
{
    const struct xml *root = NULL;
    assert_ok(cx, xml_parse(cx, S("f.xml"), str_of(text), &root));
    return root;
}

static void reads_a_tree(void **state)
{
    struct cx *cx = *state;
    const struct xml *e = read_ok(cx, "<?xml version='1.0'?>\n"
                                      "<d xmlns='urn:a' xmlns:v='urn:b' id='x&amp;y' v:id='vendor'>\n"
                                      "  <text>1 &lt; 2 <![CDATA[& \"3\"]]></text>\n"
                                      "  <v:text>no</v:text>\n"
                                      "</d>");
    assert_str(e->name, "d");
    assert_str(e->ns, "urn:a");
    assert_str(xml_attr(e, "id"), "x&y");
    assert_false(xml_has_attr(e, "name"));
    const struct xml *text = xml_child(e, "text");
    assert_non_null(text);
    assert_str(text->text, "1 < 2 & \"3\"");
    assert_int_equal(text->line, 3);
    assert_int_equal(e->n, 2);
    assert_str(e->items[1]->ns, "urn:b");
    assert_str(xml_namespace(text, S("v")), "urn:b");
    assert_str(xml_namespace(text, S("")), "urn:a");
    assert_str(xml_namespace(text, S("w")), "");
}

static void names_the_place_of_a_fault(void **state)
{
    struct cx *cx = *state;
    const struct xml *root;
    assert_err(cx, xml_parse(cx, S("f.xml"), S("<a>\n<b>\n</a>"), &root), ERR_SYNTAX);
    assert_true(str_starts(cx->fail.detail, S("f.xml:3: ")));
}

static void refuses_what_is_dangerous(void **state)
{
    struct cx *cx = *state;
    const struct xml *root;
    assert_err(cx, xml_parse(cx, S("f"), S("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"), &root), ERR_SYNTAX);
    assert_err(cx, xml_parse(cx, S("f"), S("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"), &root), ERR_SYNTAX);
    assert_err(cx, xml_parse(cx, S("f"), S("<a>&x;</a>"), &root), ERR_SYNTAX);
    struct buf deep = buf_make(cx->arena);
    for (int i = 0; i <= XML_MAX_DEPTH; i++)
        buf_add_z(&deep, "<a>");
    assert_err(cx, xml_parse(cx, S("f"), buf_str(&deep), &root), ERR_TOO_LARGE);
}

static void takes_a_prefix_that_nobody_declared(void **state)
{
    struct cx *cx = *state;
    const struct xml *e = read_ok(cx, "<a xmlns='urn:a'><v:b v:c='d'/><e/></a>");
    assert_non_null(xml_child(e, "e"));
}

static void parse_into_a_small_arena(void *p)
{
    struct cx *cx = p;
    struct buf b = buf_make(cx->arena);
    const struct xml *root;
    buf_add_z(&b, "<a>");
    for (int i = 0; i < 100000; i++)
        buf_add_z(&b, "<b c='d'/>");
    buf_add_z(&b, "</a>");
    (void)xml_parse(cx, S("f"), buf_str(&b), &root);
}

/* The jump out of the parser leaves nothing behind (LeakSanitizer looks). */
static void a_full_arena_ends_the_reading(void **state)
{
    (void)state;
    struct cx cx = {.arena = arena_new(6 << 20)};
    assert_false(arena_try(cx.arena, parse_into_a_small_arena, &cx));
    arena_free(cx.arena);
}

static int setup(void **state)
{
    *state = test_cx();
    return 0;
}

static int teardown(void **state)
{
    test_cx_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_a_tree, setup, teardown),
        cmocka_unit_test_setup_teardown(names_the_place_of_a_fault, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_what_is_dangerous, setup, teardown),
        cmocka_unit_test_setup_teardown(takes_a_prefix_that_nobody_declared, setup, teardown),
        cmocka_unit_test(a_full_arena_ends_the_reading),
    };
    return cmocka_run_group_tests_name("xml", tests, NULL, NULL);
}
