/* The subset of JavaScript, as text again. */
#include "import_js.h"

static void write(struct buf *b, const struct js *e, size_t max)
{
    if (b->n > max)
        return;
    switch (e->kind) {
    case JS_STRING:
        buf_fmt(b, "\"%" PRI_STR "\"", STR_ARG(e->text));
        break;
    case JS_REGEX:
        buf_fmt(b, "/%" PRI_STR "/%" PRI_STR, STR_ARG(e->text), STR_ARG(e->op));
        break;
    case JS_MEMBER:
        write(b, e->of[0], max);
        buf_fmt(b, ".%" PRI_STR, STR_ARG(e->text));
        break;
    case JS_UNARY:
        buf_fmt(b, "%" PRI_STR "%s", STR_ARG(e->op), e->op.n > 1 ? " " : "");
        write(b, e->of[0], max);
        break;
    case JS_BINARY:
        write(b, e->of[0], max);
        buf_fmt(b, " %" PRI_STR " ", STR_ARG(e->op));
        write(b, e->of[1], max);
        break;
    case JS_CHOICE:
        write(b, e->of[0], max);
        buf_add(b, S(" ? "));
        write(b, e->of[1], max);
        buf_add(b, S(" : "));
        write(b, e->of[2], max);
        break;
    case JS_FUNCTION:
        buf_add(b, S("(…) => "));
        write(b, e->of[0], max);
        break;
    case JS_NEW:
    case JS_CALL:
    case JS_INDEX:
    case JS_ARRAY:
        if (e->kind == JS_NEW)
            buf_add(b, S("new "));
        if (e->kind != JS_ARRAY)
            write(b, e->of[0], max);
        buf_add_char(b, e->kind == JS_CALL || e->kind == JS_NEW ? '(' : '[');
        for (size_t i = e->kind != JS_ARRAY; i < e->n; i++) {
            buf_add(b, i > (e->kind != JS_ARRAY) ? S(", ") : S(""));
            write(b, e->of[i], max);
        }
        buf_add_char(b, e->kind == JS_CALL || e->kind == JS_NEW ? ')' : ']');
        break;
    default:
        buf_add(b, e->text);
    }
}

struct str js_text(struct arena *a, const struct js *e, size_t max)
{
    struct buf b = buf_make(a);
    write(&b, e, max);
    if (b.n <= max)
        return buf_str(&b);
    size_t n = max;
    while (n && ((unsigned char)b.p[n] & 0xC0) == 0x80)
        n--;
    return str_fmt(a, "%.*s…", (int)n, b.p);
}
