/* A template and a value, parted by NUL. Whatever both hold: filling either names a fault or gives Markdown that has
   the structure of the template and shows the value as text; its HTML and PDF can be made. */
#include <stdlib.h>

#include "letter/letter_pdf.h"
#include "letter/letter_template.h"
#include "letter/letter_view.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(bool ok)
{
    if (!ok)
        abort();
}

static struct str html_with(struct cx *cx, struct str template, struct str value)
{
    struct letter_value values[SLOT_COUNT];
    for (int i = 0; i < SLOT_COUNT; i++)
        values[i] = (struct letter_value){&value, 1};
    struct str filled;
    struct html html;
    if (letter_template_fill(cx, template, values, &filled))
        return (struct str){0};
    check(letter_view_html(cx, filled, &html) == ERR_OK);
    struct letter_plain plain = letter_plain_check(cx, LANG_DA, filled, true);
    const struct str labels[PLAIN_KINDS] = {S("a"), S("b"), S("c"), S("d")};
    struct html marked;
    check(letter_view_marked(cx, filled, &plain, labels, &marked) == ERR_OK);
    struct letter_document d = {.title = S("T"), .markdown = filled, .page_label = S("{n}")};
    struct str pdf;
    enum err e = letter_pdf_render(cx, &d, &pdf);
    check(e == ERR_OK || e == ERR_TOO_LARGE);
    return html.s;
}

/* Names of the tags only, "<p<br": the alternative text of a picture may hold a value. */
static struct str tags_of(struct cx *cx, struct str html)
{
    struct buf b = buf_make(cx->arena);
    bool name = false;
    for (size_t i = 0; i < html.n; i++) {
        name = html.p[i] == '<' || (name && html.p[i] != ' ' && html.p[i] != '>');
        if (name)
            buf_add_char(&b, html.p[i]);
    }
    return buf_str(&b);
}

static void one(struct cx *cx, struct str template, struct str value)
{
    struct str html = html_with(cx, template, value), plain;
    if (!html.p || !text_clean(value))
        return;
    for (size_t i = 0; i < value.n; i++)
        if (value.p[i] == '\n' || value.p[i] == '\r') /* lines become lines */
            return;
    if (str_empty(str_trim(value)))
        return;
    plain = html_with(cx, template, S("x"));
    check(!plain.p || str_eq(tags_of(cx, html), tags_of(cx, plain))); /* or refused: cannot be written */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct cx cx = {.arena = arena_new(128 << 20)};
    struct str rest = {(const char *)data, n < 20000 ? n : 20000}, template = {0};
    str_cut(&rest, 0, &template);
    one(&cx, template, rest.p ? rest : S("x"));
    arena_free(cx.arena);
    return 0;
}
