/* Markdown and JSON: what comes out of Markdown holds no tag but ours; JSON that is read is written as JSON. */
#include <assert.h>

#include "codec/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct input {
    struct cx cx;
    struct str text;
};

/* Every < of the HTML begins one of the tags the writer knows. */
static void check_tags(struct str html)
{
    static const char *const tags[] = {"p>",  "h2>",       "h3>",     "h4>",         "h5>",        "h6>",   "ul>",
                                       "ol>", "ol start=", "li>",     "blockquote>", "pre><code>", "code>", "pre>",
                                       "hr>", "em>",       "strong>", "a href=\"",   "a>",         "br>"};
    for (size_t at = str_find_char(html, '<', 0); at < html.n; at = str_find_char(html, '<', at + 1)) {
        struct str rest = str_slice(html, at + 1, html.n);
        bool known = false;
        if (rest.n && rest.p[0] == '/')
            rest = str_slice(rest, 1, rest.n);
        for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
            known |= str_starts(rest, str_of(tags[i]));
        assert(known);
    }
}

static struct str no_value(void *ctx, struct str name)
{
    (void)ctx;
    return name.n % 2 ? S("<b>*x*\ny") : (struct str){0};
}

static void run(void *p)
{
    struct input *in = p;
    struct cx *cx = &in->cx;
    struct md *tree;
    struct json *json;
    check_tags(markdown_html(cx, in->text).s);
    if (markdown_parse(cx, in->text, &tree) == ERR_OK) {
        markdown_fill(cx, tree, no_value, NULL);
        markdown_insert(cx, tree, S("a"), tree->items, tree->n ? 1 : 0);
        markdown_plain(cx, tree);
    }
    if (json_parse(cx, in->text, &json) == ERR_OK) {
        struct buf b = buf_make(cx->arena);
        struct json_out o = json_out_make(&b);
        json_value(&o, json);
        assert(json_parse(cx, buf_str(&b), &json) == ERR_OK);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct input in = {.cx = {.arena = arena_new(64 << 20)}, .text = str_make((const char *)data, n)};
    arena_try(in.cx.arena, run, &in);
    arena_free(in.cx.arena);
    return 0;
}
