/* tplgen NAME IN.html OUT.c OUT.h: turns a template into the C function tpl_NAME (run time: src/tpl).

   {{use "desk/desk_views.h"}}   a header to include            {{view struct desk_queue v}}   what the template binds
   {{v.title}}                   a value, escaped by context     {{t key}} {{t key n=v.n}} {{t= v.label}}   a UI text
   {{date E}} {{datetime E}} {{time E}} {{day E}} {{dayshort E}} {{weekday E}} {{money E}} {{size E}} {{number E}}
   {{isodate E}} {{isoday E}}    for datetime attributes         {{if E}} {{elif E}} {{else}} {{end}}   {{each v.rows
   r}} {{end}}
   {{include name v.x}}          another template, given &v.x    {{csrf}}   {{icon name}}   {{asset file}}   {{#
   comment}}

   The context (text, attribute, part of an address) is followed while reading, and at every {{end}} all ways must have
   come out in the same one. Refused: unquoted attributes, inline <script> and <style>, on* and style attributes, a form
   with method=post that lacks {{csrf}}, and words written in the template instead of a .po file. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/vec.h"
#include "tool.h"
#include "tplgen_expr.h"

enum state { TEXT, TAG, VALUE };
enum url { URL_NONE, URL_START, URL_ROOT, URL_PATH, URL_QUERY };

/* Where in the HTML we stand. Two ways through a template may only meet when these are equal. */
struct where {
    enum state state;
    char quote;      /* VALUE: what ends it */
    bool closing;    /* TAG of </x> */
    bool post, csrf; /* the open form: is a post; has its {{csrf}} */
    bool form;       /* inside a form */
    bool link_only;  /* VALUE of href: any address; else (src, action) only our own */
    enum url url;    /* VALUE of an address attribute: what was written so far */
    int raw;         /* depth of pre and textarea, where blanks count */
    struct str tag, attr;
};

enum block_kind { BLOCK_IF, BLOCK_EACH };
struct block {
    enum block_kind kind;
    int line;
    bool has_else;
    struct where start, end;
    bool has_end;
    struct str name; /* BLOCK_EACH: the loop's name */
};

struct gen {
    struct arena *arena;
    const char *name, *file;
    struct str in;
    size_t at;
    int line, n_bad;
    char last; /* what was put out last, when known: line ends are not doubled */
    struct buf errors, raw, body, head;
    struct where w;
    struct str view_type, view_name;
    bool assets;   /* assets.h is included */
    bool src_seen; /* the open tag has a src attribute */
    VEC_OF(struct block) blocks;
    struct scope scope;
};

#define bad(g, ...) \
    (buf_fmt(&(g)->errors, "%s:%d: ", (g)->file, (g)->line), buf_fmt(&(g)->errors, __VA_ARGS__), \
     buf_add_char(&(g)->errors, '\n'), (g)->n_bad++)

static struct str lower(struct gen *g, struct str s)
{
    char *p = arena_alloc(g->arena, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        p[i] = (char)tolower((unsigned char)s.p[i]);
    return str_make(p, s.n);
}

/* ---- what is put out ---- */

static void flush_raw(struct gen *g)
{
    if (!g->raw.n)
        return;
    buf_add_z(&g->body, "    tpl_raw(o, \"");
    for (size_t i = 0; i < g->raw.n; i++) {
        char c = g->raw.p[i];
        if (c == '\n')
            buf_add_z(&g->body, i + 1 < g->raw.n ? "\\n\"\n               \"" : "\\n");
        else if (c == '"' || c == '\\' || c == '?') /* ? for trigraphs */
            buf_fmt(&g->body, "\\%c", c);
        else
            buf_add_char(&g->body, c);
    }
    buf_fmt(&g->body, "\", %zu);\n", g->raw.n);
    g->last = g->raw.p[g->raw.n - 1];
    g->raw.n = 0;
}

/* A line of C that came from the template: the compiler's messages shall point there. */
#define emit(g, ...) \
    (flush_raw(g), buf_fmt(&(g)->body, "#line %d \"%s\"\n    ", (g)->line, (g)->file), \
     buf_fmt(&(g)->body, __VA_ARGS__), buf_add_char(&(g)->body, '\n'))

/* Put out the value of the C expression `c`, escaped for where we stand. */
static void put(struct gen *g, struct str c)
{
    struct where *w = &g->w;
    const char *where = "attr";
    flush_raw(g);
    g->last = 0;
    if (w->state == TAG) {
        bad(g, "a value stands inside <%" PRI_STR " …>, outside quotes; write name=\"{{…}}\"", STR_ARG(w->tag));
        return;
    }
    if (w->state == TEXT) {
        emit(g, "TPL_TEXT(o, (%" PRI_STR "));", STR_ARG(c));
        return;
    }
    switch (w->url) {
    case URL_NONE:
        break;
    case URL_START:
        where = w->link_only ? "url" : "local";
        w->url = URL_PATH;
        break;
    case URL_ROOT:
        where = "first";
        w->url = URL_PATH;
        break;
    case URL_PATH:
        where = "path";
        break;
    case URL_QUERY:
        where = "query";
        break;
    }
    emit(g, "TPL_PUT(%s, o, (%" PRI_STR "));", where, STR_ARG(c));
}

/* ---- following the HTML ---- */

static bool is_url_attr(struct str attr)
{
    static const char *const rows[] = {"href", "src", "action", "formaction", "poster", "cite", "xlink:href"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_eq_z(attr, rows[i]))
            return true;
    return false;
}

static bool is_text_attr(struct str attr)
{
    return str_eq_z(attr, "aria-label") || str_eq_z(attr, "title") || str_eq_z(attr, "placeholder") ||
           str_eq_z(attr, "alt");
}

static void check_tag(struct gen *g)
{
    static const char *const refused[] = {"style", "base", "iframe", "object", "embed", "frame"};
    struct where *w = &g->w;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (str_eq_z(w->tag, refused[i]))
            bad(g, "<%s> is not allowed (the content policy forbids it); styles belong in web/sass", refused[i]);
    if (str_eq_z(w->tag, "form")) {
        if (!w->closing && w->form)
            bad(g, "a form inside a form; close the first with </form>");
        if (w->closing && w->post && !w->csrf)
            bad(g, "this form has method=\"post\" but no {{csrf}}; put {{csrf}} inside it");
        w->form = !w->closing;
        w->post = w->csrf = false;
    }
    if (str_eq_z(w->tag, "pre") || str_eq_z(w->tag, "textarea"))
        w->raw += w->closing ? -1 : 1;
    g->src_seen = false;
}

static void check_attr(struct gen *g, struct str attr)
{
    struct where *w = &g->w;
    if (str_starts(attr, S("on")))
        bad(g, "attribute %" PRI_STR ": scripts stand in web/js, not in pages; use a data- attribute", STR_ARG(attr));
    if (str_eq_z(attr, "style") || str_eq_z(attr, "srcdoc"))
        bad(g, "attribute %" PRI_STR " is not allowed; use a class (web/sass)", STR_ARG(attr));
    if (str_eq_z(attr, "srcset") || str_eq_z(attr, "formmethod"))
        bad(g, "attribute %" PRI_STR " is not allowed here; tplgen does not follow it", STR_ARG(attr));
    if (str_eq_z(attr, "src"))
        g->src_seen = true;
    w->attr = attr;
    w->url = is_url_attr(attr) ? URL_START : URL_NONE;
    w->link_only = str_eq_z(attr, "href") || str_eq_z(attr, "cite");
}

/* The attribute's value is at its end: `value` is what was written without values. */
static void end_value(struct gen *g, struct str value)
{
    struct where *w = &g->w;
    if (str_eq_z(w->tag, "form") && str_eq_z(w->attr, "method"))
        w->post = str_ieq(value, S("post"));
    if (w->url != URL_NONE && value.n > 10 && str_ieq(str_slice(value, 0, 11), S("javascript:")))
        bad(g, "an address may not begin with javascript:");
    w->state = TAG;
    w->url = URL_NONE;
    w->attr = S("");
}

/* Words belong in the .po files, or nobody can read them in another language. */
static void check_words(struct gen *g, struct str run)
{
    int letters = 0;
    for (size_t i = 0; i < run.n; i++) {
        unsigned char c = (unsigned char)run.p[i];
        if (c == '&') { /* a reference such as &nbsp; */
            size_t semi = str_find_char(run, ';', i);
            if (semi < run.n && semi - i < 10) {
                i = semi;
                continue;
            }
        }
        letters += isalpha(c) || c == 0xc3;
    }
    if (letters > 1) {
        struct str t = str_trim(run);
        bad(g,
            "the words \"%" PRI_STR "\" stand in the template; put them in text/*.po and write {{t key}}"
            " (or {{\"…\"}} for what is the same in every language)",
            STR_ARG(t));
    }
}

static void read_tag_start(struct gen *g)
{
    struct where *w = &g->w;
    struct str in = g->in;
    size_t i = g->at + 1;
    if (str_starts(str_slice(in, g->at, in.n), S("<!--"))) {
        bad(g, "a comment in the page; write {{# … }}, which is not sent");
        size_t end = str_find(in, S("-->"), g->at);
        for (; g->at < end && g->at < in.n; g->at++)
            g->line += in.p[g->at] == '\n';
        g->at = end < in.n ? end + 3 : in.n;
        return;
    }
    w->closing = i < in.n && in.p[i] == '/';
    i += w->closing;
    size_t from = i;
    if (i < in.n && in.p[i] == '!')
        i++;
    while (i < in.n && (is_name(in.p[i]) || in.p[i] == '-'))
        i++;
    if (i == from) {
        bad(g, "a bare < in the text; write &lt;");
        i++;
    }
    w->tag = lower(g, str_slice(in, from, i));
    w->state = TAG;
    buf_add(&g->raw, str_slice(in, g->at, i));
    g->at = i;
    check_tag(g);
}

/* After '>' of a start tag. */
static void after_tag(struct gen *g)
{
    struct where *w = &g->w;
    if (str_eq_z(w->tag, "script") && !w->closing &&
        (!g->src_seen || !str_starts(str_slice(g->in, g->at, g->in.n), S("</script>"))))
        bad(g, "an inline <script>; put the script in web/js and write <script src=\"{{asset x.js}}\" defer></script>");
    if (str_eq_z(w->tag, "textarea") && !w->closing)
        buf_add_char(&g->raw, '\n'); /* browsers drop one line end here; this one, not the value's own */
}

static void read_in_tag(struct gen *g)
{
    struct where *w = &g->w;
    struct str in = g->in;
    char c = in.p[g->at];
    if (c == '>') {
        buf_add_char(&g->raw, c);
        g->at++;
        w->state = TEXT;
        after_tag(g);
        w->tag = S("");
        w->closing = false;
        return;
    }
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '/') {
        bool end = false;
        for (; g->at < in.n && strchr(" \n\t\r", in.p[g->at]); g->at++) {
            end |= in.p[g->at] == '\n';
            g->line += in.p[g->at] == '\n';
        }
        if (c == '/')
            buf_add_char(&g->raw, in.p[g->at++]);
        else
            buf_add_char(&g->raw, end ? '\n' : ' ');
        return;
    }
    size_t from = g->at;
    while (g->at < in.n && !strchr(" \n\t\r/>=\"'{", in.p[g->at]))
        g->at++;
    if (g->at == from) {
        bad(g, "\"%c\" inside <%" PRI_STR " …>; an attribute is name=\"value\"", c, STR_ARG(w->tag));
        g->at++;
        return;
    }
    struct str attr = lower(g, str_slice(in, from, g->at));
    buf_add(&g->raw, str_slice(in, from, g->at));
    check_attr(g, attr);
    if (g->at < in.n && in.p[g->at] == '=') {
        char q = g->at + 1 < in.n ? in.p[g->at + 1] : 0;
        if (q != '"' && q != '\'') {
            bad(g, "attribute %" PRI_STR " is not quoted; write %" PRI_STR "=\"…\"", STR_ARG(attr), STR_ARG(attr));
            g->at++;
            return;
        }
        buf_add_char(&g->raw, '=');
        buf_add_char(&g->raw, q);
        g->at += 2;
        w->state = VALUE;
        w->quote = q;
    } else {
        w->url = URL_NONE;
        w->attr = S("");
    }
}

/* Static text of an attribute's value, to its end or to the next {{. */
static void read_value(struct gen *g)
{
    struct where *w = &g->w;
    struct str in = g->in;
    size_t from = g->at;
    while (g->at < in.n && in.p[g->at] != w->quote && !str_starts(str_slice(in, g->at, in.n), S("{{"))) {
        g->line += in.p[g->at] == '\n';
        if (in.p[g->at] == '<')
            bad(g, "a < inside attribute %" PRI_STR "; is its quote closed?", STR_ARG(w->attr));
        g->at++;
    }
    struct str run = str_slice(in, from, g->at);
    buf_add(&g->raw, run);
    if (is_text_attr(w->attr))
        check_words(g, run);
    if (w->url != URL_NONE && run.n) {
        if (w->url == URL_START && str_eq_z(run, "/"))
            w->url = URL_ROOT;
        else if (str_find_char(run, '?', 0) < run.n || str_find_char(run, '#', 0) < run.n || w->url == URL_QUERY)
            w->url = URL_QUERY;
        else
            w->url = URL_PATH;
    }
    if (g->at < in.n && in.p[g->at] == w->quote) {
        buf_add_char(&g->raw, w->quote);
        g->at++;
        end_value(g, run);
    }
}

/* Static text between tags; blanks with a line end in them become one line end. */
static void read_text(struct gen *g)
{
    struct str in = g->in;
    size_t from = g->at;
    while (g->at < in.n && in.p[g->at] != '<' && !str_starts(str_slice(in, g->at, in.n), S("{{")))
        g->at++;
    struct str run = str_slice(in, from, g->at);
    check_words(g, run);
    for (size_t i = 0; i < run.n;) {
        size_t start = i;
        bool line_end = false;
        while (i < run.n && strchr(" \t\r\n", run.p[i])) {
            line_end |= run.p[i] == '\n';
            g->line += run.p[i] == '\n';
            i++;
        }
        if (i > start && line_end && g->w.raw == 0) {
            if ((g->raw.n ? g->raw.p[g->raw.n - 1] : g->last) != '\n')
                buf_add_char(&g->raw, '\n');
        } else {
            buf_add(&g->raw, str_slice(run, start, i));
        }
        start = i;
        while (i < run.n && !strchr(" \t\r\n", run.p[i]))
            i++;
        buf_add(&g->raw, str_slice(run, start, i));
    }
}

/* ---- directives ---- */

/* Take a word off the front. */
static struct str word_of(struct str *rest)
{
    *rest = str_trim(*rest);
    size_t n = 0;
    while (n < rest->n && !strchr(" \t\r\n", rest->p[n]))
        n++;
    struct str w = str_slice(*rest, 0, n);
    *rest = str_trim(str_slice(*rest, n, rest->n));
    return w;
}

static bool is_identifier(struct str s)
{
    if (!s.n || isdigit((unsigned char)s.p[0]))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!is_name(s.p[i]))
            return false;
    return true;
}

static bool same_where(const struct where *a, const struct where *b)
{
    return a->state == b->state && (a->state != VALUE || (a->quote == b->quote && str_eq(a->attr, b->attr))) &&
           (a->state == TEXT || str_eq(a->tag, b->tag)) && a->form == b->form && a->post == b->post &&
           a->csrf == b->csrf && a->raw == b->raw;
}

/* One way through a block has come to its end. */
static void end_way(struct gen *g, struct block *b)
{
    if (b->has_end && !same_where(&b->end, &g->w))
        bad(g,
            "the ways through the {{%s}} of line %d end in different places of the HTML (a tag, quote or form opened "
            "in one"
            " only); open and close within the same branch",
            b->kind == BLOCK_IF ? "if" : "each", b->line);
    if (b->has_end && g->w.url < b->end.url)
        g->w.url = b->end.url;
    b->end = g->w;
    b->has_end = true;
}

static void do_if(struct gen *g, struct str rest)
{
    if (!rest.n)
        bad(g, "{{if}} without a condition; write {{if v.x}}");
    struct str c = condition(&g->scope, rest);
    emit(g, "if (%" PRI_STR ") {", STR_ARG(c));
    vec_add(g->arena, &g->blocks, (struct block){.kind = BLOCK_IF, .line = g->line, .start = g->w});
}

static struct block *open_if(struct gen *g, const char *what)
{
    struct block *b = g->blocks.n ? &g->blocks.p[g->blocks.n - 1] : NULL;
    if (!b || b->kind != BLOCK_IF || b->has_else) {
        bad(g, "{{%s}} without an open {{if}}", what);
        return NULL;
    }
    end_way(g, b);
    g->w = b->start;
    return b;
}

static void do_elif(struct gen *g, struct str rest)
{
    struct str c = condition(&g->scope, rest);
    if (open_if(g, "elif"))
        emit(g, "} else if (%" PRI_STR ") {", STR_ARG(c));
}

static void do_else(struct gen *g)
{
    struct block *b = open_if(g, "else");
    if (b) {
        b->has_else = true;
        emit(g, "} else {");
    }
}

static void do_each(struct gen *g, struct str rest)
{
    size_t at = rest.n;
    while (at > 0 && is_name(rest.p[at - 1]))
        at--;
    struct str name = str_slice(rest, at, rest.n), list = str_trim(str_slice(rest, 0, at));
    if (!list.n || !is_identifier(name) || !isspace((unsigned char)rest.p[at - 1])) {
        bad(g, "{{each}} names a list and what to call its items: {{each v.rows r}}");
        list = name = S("v");
    } else if (bound(&g->scope, name)) {
        bad(g, "the name %" PRI_STR " is taken by the view or an outer {{each}}; choose another", STR_ARG(name));
    }
    struct str c = rewrite(&g->scope, list);
    emit(g, "for (size_t %" PRI_STR "_index = 0; %" PRI_STR "_index < (%" PRI_STR ").n; %" PRI_STR "_index++) {",
         STR_ARG(name), STR_ARG(name), STR_ARG(c), STR_ARG(name));
    emit(g,
         "const __typeof__(*(%" PRI_STR ").p) *%" PRI_STR " = &(%" PRI_STR ").p[%" PRI_STR "_index]; (void)%" PRI_STR
         ";",
         STR_ARG(c), STR_ARG(name), STR_ARG(c), STR_ARG(name), STR_ARG(name));
    vec_add(g->arena, &g->scope.names, name);
    vec_add(g->arena, &g->blocks, (struct block){.kind = BLOCK_EACH, .line = g->line, .start = g->w, .name = name});
}

static void do_end(struct gen *g)
{
    if (!g->blocks.n) {
        bad(g, "{{end}} without an open {{if}} or {{each}}");
        return;
    }
    struct block *b = &g->blocks.p[g->blocks.n - 1];
    end_way(g, b);
    if (!b->has_else && !same_where(&b->start, &g->w)) /* it may also not be taken at all */
        bad(g,
            "the {{%s}} of line %d opens or closes a tag, quote or form, and may be passed over; open and close within "
            "it",
            b->kind == BLOCK_IF ? "if" : "each", b->line);
    if (b->kind == BLOCK_EACH)
        g->scope.names.n--;
    g->blocks.n--;
    emit(g, "}");
}

/* The same whatever the order in which they are given. */
static unsigned names_hash(struct str *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            if (str_cmp(names[k], names[i]) < 0) {
                struct str t = names[i];
                names[i] = names[k];
                names[k] = t;
            }
    return tool_names_hash(names, n);
}

/* name=E; E may be written date(v.at_us), t(v.label) and so on. */
static struct str arg_value(struct gen *g, struct str e)
{
    size_t n = 0;
    while (n < e.n && is_name(e.p[n]))
        n++;
    if (n && n < e.n && e.p[n] == '(' && e.p[e.n - 1] == ')') {
        struct str word = str_slice(e, 0, n), inner = rewrite(&g->scope, str_slice(e, n + 1, e.n - 1));
        const char *fn = format_function(word);
        if (fn)
            return str_fmt(g->arena, "%s(o->cx, (%" PRI_STR "))", fn, STR_ARG(inner));
        if (str_eq_z(word, "t"))
            return str_fmt(g->arena, "i18n_text(o->cx->lang, (%" PRI_STR "))", STR_ARG(inner));
    }
    return rewrite(&g->scope, e);
}

static void do_text(struct gen *g, struct str rest)
{
    struct str key = word_of(&rest);
    if (!is_identifier(key)) {
        bad(g, "{{t}} names a text of text/*.po: {{t desk_queue_title}}; for a key held in a view: {{t= r.label}}");
        return;
    }
    VEC_OF(struct str) names = {0};
    struct buf args = buf_make(g->arena);
    for (size_t at = next_arg(rest, 0); at < rest.n;) {
        size_t eq = str_find_char(rest, '=', at), next = next_arg(rest, eq + 1);
        struct str name = str_slice(rest, at, eq), value = arg_value(g, str_trim(str_slice(rest, eq + 1, next)));
        vec_add(g->arena, &names, name);
        buf_fmt(&args, ", ARG(\"%" PRI_STR "\", (%" PRI_STR "))", STR_ARG(name), STR_ARG(value));
        at = next;
    }
    if (rest.n && !names.n)
        bad(g, "\"%" PRI_STR "\" after the key is not name=value", STR_ARG(rest));
    emit(g,
         "_Static_assert(T_ARGS_%" PRI_STR " == %uu, \"the placeholders of text %" PRI_STR
         " are others than given here\");",
         STR_ARG(key), names_hash(names.p, names.n), STR_ARG(key));
    if (names.n)
        put(g, str_fmt(g->arena, "i18n_fmt(o->cx, T_%" PRI_STR "%.*s)", STR_ARG(key), (int)args.n, args.p));
    else
        put(g, str_fmt(g->arena, "i18n_text(o->cx->lang, T_%" PRI_STR ")", STR_ARG(key)));
}

static void do_include(struct gen *g, struct str rest)
{
    struct str name = word_of(&rest);
    if (!is_identifier(name) || g->w.state != TEXT) {
        bad(g, "{{include}} stands between tags and names a template: {{include page_error_summary v.errors}}");
        return;
    }
    buf_fmt(&g->head, "#include \"tpl_%" PRI_STR ".h\"\n", STR_ARG(name));
    if (!rest.n) {
        emit(g, "tpl_%" PRI_STR "(o);", STR_ARG(name));
        return;
    }
    struct str c = rewrite(&g->scope, rest);
    emit(g, "tpl_%" PRI_STR "(o, %s(%" PRI_STR "));", STR_ARG(name), bound(&g->scope, rest) ? "" : "&", STR_ARG(c));
}

static void do_view(struct gen *g, struct str rest)
{
    size_t at = rest.n;
    while (at > 0 && is_name(rest.p[at - 1]))
        at--;
    if (g->view_name.n || at == 0)
        bad(g, "{{view}} stands once and names a type and what to call it: {{view struct desk_queue v}}");
    g->view_type = str_trim(str_slice(rest, 0, at));
    g->view_name = str_slice(rest, at, rest.n);
    vec_add(g->arena, &g->scope.names, g->view_name);
}

static void do_csrf(struct gen *g)
{
    if (!g->w.post)
        bad(g, "{{csrf}} outside a form with method=\"post\" would give the token away; move it inside one");
    g->w.csrf = true;
    buf_add_z(&g->raw, "<input type=\"hidden\" name=\"csrf\" value=\"");
    emit(g, "tpl_csrf(o);");
    buf_add_z(&g->raw, "\">");
}

/* A file name or icon name as the end of a C name. */
static struct str macro_of(struct gen *g, struct str name)
{
    char *p = arena_alloc(g->arena, name.n + 1);
    for (size_t i = 0; i < name.n; i++)
        p[i] = is_name(name.p[i]) ? name.p[i] : '_';
    return str_make(p, name.n);
}

static void use_assets(struct gen *g)
{
    if (!g->assets)
        buf_add_z(&g->head, "#include \"assets.h\"\n");
    g->assets = true;
}

static void do_asset(struct gen *g, struct str rest)
{
    use_assets(g);
    if (g->w.state != VALUE || g->w.url != URL_START)
        bad(g, "{{asset}} stands at the beginning of an address attribute: <use href=\"{{asset icons.svg}}#error\">");
    struct str m = macro_of(g, rest);
    put(g, str_fmt(g->arena, "ASSET_%" PRI_STR, STR_ARG(m)));
}

static void do_icon(struct gen *g, struct str rest)
{
    use_assets(g);
    if (g->w.state != TEXT)
        bad(g, "{{icon}} stands between tags");
    struct str m = macro_of(g, rest);
    emit(g, "tpl_icon(o, ASSET_icons_svg, ICON_%" PRI_STR ");", STR_ARG(m));
}

static void format_or_value(struct gen *g, struct str word, struct str rest, struct str all)
{
    const char *fn = format_function(word);
    if (str_eq_z(word, "t=")) {
        struct str c = rewrite(&g->scope, rest);
        put(g, str_fmt(g->arena, "i18n_text(o->cx->lang, (%" PRI_STR "))", STR_ARG(c)));
    } else if (rest.n && fn) {
        struct str c = rewrite(&g->scope, rest);
        put(g, str_fmt(g->arena, "%s(o->cx, (%" PRI_STR "))", fn, STR_ARG(c)));
    } else if (rest.n && (str_eq_z(word, "isodate") || str_eq_z(word, "isoday"))) {
        struct str c = rewrite(&g->scope, rest);
        put(g, str_fmt(g->arena, "civil_iso_%s(o->cx->arena, (%" PRI_STR "))", str_eq_z(word, "isoday") ? "day" : "us",
                       STR_ARG(c)));
    } else if (!all.n) {
        bad(g, "an empty {{}}");
    } else {
        put(g, rewrite(&g->scope, all));
    }
}

static void directive(struct gen *g, struct str inner)
{
    struct str rest = str_trim(inner), all = rest;
    if (all.n && all.p[0] == '#')
        return;
    struct str word = word_of(&rest);
    if (str_eq_z(word, "use"))
        buf_fmt(&g->head, "#include %" PRI_STR "\n", STR_ARG(rest));
    else if (str_eq_z(word, "view"))
        do_view(g, rest);
    else if (str_eq_z(word, "if"))
        do_if(g, rest);
    else if (str_eq_z(word, "elif"))
        do_elif(g, rest);
    else if (str_eq_z(all, "else"))
        do_else(g);
    else if (str_eq_z(all, "end"))
        do_end(g);
    else if (str_eq_z(word, "each"))
        do_each(g, rest);
    else if (str_eq_z(word, "include"))
        do_include(g, rest);
    else if (str_eq_z(all, "csrf"))
        do_csrf(g);
    else if (str_eq_z(word, "t"))
        do_text(g, rest);
    else if (str_eq_z(word, "asset"))
        do_asset(g, rest);
    else if (str_eq_z(word, "icon"))
        do_icon(g, rest);
    else
        format_or_value(g, word, rest, all);
}

static void read_directive(struct gen *g)
{
    size_t from = g->at + 2, end = from;
    while (end < g->in.n && !str_starts(str_slice(g->in, end, g->in.n), S("}}"))) {
        if (g->in.p[end] == '"')
            for (end++; end < g->in.n && g->in.p[end] != '"'; end++)
                end += g->in.p[end] == '\\';
        end++;
    }
    if (end >= g->in.n) {
        bad(g, "a {{ that is not closed by }}");
        g->at = g->in.n;
        return;
    }
    struct str inner = str_slice(g->in, from, end);
    directive(g, inner);
    for (size_t i = 0; i < inner.n; i++)
        g->line += inner.p[i] == '\n';
    g->at = end + 2;
}

/* ---- the whole ---- */

static void translate(struct gen *g)
{
    while (g->at < g->in.n) {
        if (str_starts(str_slice(g->in, g->at, g->in.n), S("{{")))
            read_directive(g);
        else if (g->w.state == VALUE)
            read_value(g);
        else if (g->w.state == TAG)
            read_in_tag(g);
        else if (g->in.p[g->at] == '<')
            read_tag_start(g);
        else
            read_text(g);
    }
    if (g->w.state != TEXT)
        bad(g, "the template ends inside <%" PRI_STR ">; close the tag", STR_ARG(g->w.tag));
    if (g->w.form)
        bad(g, "the template ends inside a form; close it here, so that {{csrf}} can be checked");
    for (size_t i = 0; i < g->blocks.n; i++)
        bad(g, "the {{%s}} of line %d has no {{end}}", g->blocks.p[i].kind == BLOCK_IF ? "if" : "each",
            g->blocks.p[i].line);
    flush_raw(g);
}

/* Translate `in`. On success gives the text of the .c and the .h; else false and `ret_errors`, a line each. */
static bool tplgen(struct arena *arena, const char *name, const char *file, struct str in, struct str *ret_c,
                   struct str *ret_h, struct str *ret_errors)
{
    struct gen g = {.arena = arena,
                    .scope = {.arena = arena},
                    .name = name,
                    .file = file,
                    .in = in,
                    .line = 1,
                    .last = '\n',
                    .errors = buf_make(arena),
                    .raw = buf_make(arena),
                    .body = buf_make(arena),
                    .head = buf_make(arena)};
    g.w.tag = g.w.attr = S("");
    translate(&g);
    *ret_errors = buf_str(&g.errors);
    if (g.n_bad)
        return false;
    struct str param =
        g.view_name.n ? str_fmt(arena, ", const %" PRI_STR " *%" PRI_STR, STR_ARG(g.view_type), STR_ARG(g.view_name))
                      : S("");
    struct str unused = g.view_name.n ? str_fmt(arena, "    (void)%" PRI_STR ";\n", STR_ARG(g.view_name)) : S("");
    *ret_h = str_fmt(arena,
                     "/* made by tplgen from %s */\n#pragma once\n#include \"tpl/tpl.h\"\n%" PRI_STR
                     "\nvoid tpl_%s(struct tpl *o%" PRI_STR ");\n",
                     file, (int)g.head.n, g.head.p ? g.head.p : "", name, STR_ARG(param));
    *ret_c =
        str_fmt(arena,
                "/* made by tplgen from %s */\n#include \"tpl_%s.h\"\n\nvoid tpl_%s(struct tpl *o%" PRI_STR ")\n{\n"
                "    (void)o;\n%" PRI_STR "%" PRI_STR "}\n",
                file, name, name, STR_ARG(param), STR_ARG(unused), (int)g.body.n, g.body.p ? g.body.p : "");
    return true;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: tplgen NAME IN.html OUT.c OUT.h\n");
        return 2;
    }
    struct arena *arena = arena_new((size_t)64 << 20);
    struct str c, h, errors;
    bool ok = tplgen(arena, argv[1], argv[2], tool_read(arena, argv[2]), &c, &h, &errors);
    if (ok) {
        tool_write(argv[3], c);
        tool_write(argv[4], h);
    } else {
        fprintf(stderr, "%" PRI_STR, STR_ARG(errors));
    }
    arena_free(arena);
    return ok ? 0 : 1;
}
