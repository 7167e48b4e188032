/* Texts of the original in the languages of the municipality; HTML as Markdown (libxml2 reads it, as browsers would).
 */
#include <libxml/HTMLparser.h>

#include "i18n/i18n.h"
#include "import_form.h"

bool import_words_given(const struct words *w)
{
    return !words_empty(w);
}

/* ---- translations ---- */

/* {"nn-NO": {text: text}, "en": …}: by the language before the `-`; both spellings of bokmål. */
static struct str translated(const struct import *im, enum lang lang, struct str text)
{
    for (size_t i = 0; im->translations && i < im->translations->n; i++) {
        const struct json *map = im->translations->items[i];
        struct str tag = str_slice(map->key, 0, str_find_char(map->key, '-', 0));
        enum lang l;
        if (str_eq_z(tag, "no"))
            tag = S("nb");
        if (map->kind != JSON_MAP || !lang_from_tag(tag, &l) || l != lang)
            continue;
        const struct json *t = json_get_str(map, text);
        if (t && t->kind == JSON_TEXT && str_trim(t->text).n)
            return str_trim(t->text);
    }
    return (struct str){0};
}

static void note_missing(struct import *im, enum lang lang, struct str text)
{
    struct arena *a = im->cx->arena;
    struct str seen = str_fmt(a, "%s %" PRI_STR, lang_tag(lang), STR_ARG(text));
    if (str_set_add(a, &im->missing_seen, seen))
        vec_add(a, &im->missing, (struct missing_text){lang, text});
}

static bool has_letter(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z')
            return true;
    return false;
}

/* Each language its translation; without one Nynorsk gets bokmål's, the others the original. */
static struct words in_all(struct import *im, struct str text)
{
    struct words w = {0};
    enum lang from = im->source->written_in;
    struct str original = translated(im, from, text);
    original = original.n ? original : text;
    for (int i = 0; i < LANG_COUNT; i++) {
        if (!(im->languages & 1U << i) && i != (int)from)
            continue;
        struct str t = i == (int)from ? original : translated(im, (enum lang)i, text);
        if (!t.n && has_letter(text))
            note_missing(im, (enum lang)i, text);
        w.in[i] = t.n ? t : original;
    }
    return w;
}

/* Links open where one is here: "(åpnes i ny fane)" would be untrue. */
static struct str without_new_tab(struct arena *a, struct str s, bool *ret_found)
{
    static const char *const words[] = {" fane", " tab", "nytt vindu", "nyt vindue", "new window"};
    struct buf b = buf_make(a);
    size_t from = 0;
    for (size_t open = str_find_char(s, '(', 0); open < s.n; open = str_find_char(s, '(', open + 1)) {
        size_t close = str_find_char(s, ')', open);
        struct str inner = str_slice(s, open, close);
        bool tab = false;
        for (size_t i = 0; i < sizeof words / sizeof *words && inner.n < 60 && close < s.n; i++)
            tab |= str_find(inner, str_of(words[i]), 0) < inner.n;
        if (!tab)
            continue;
        size_t end = open;
        while (end > from && s.p[end - 1] == ' ')
            end--;
        buf_add(&b, str_slice(s, from, end));
        from = close + 1;
        *ret_found = true;
    }
    buf_add(&b, str_slice(s, from, s.n));
    return from ? buf_str(&b) : s;
}

/* Entities and tags of a label; blanks as one. */
struct words import_plain(struct import *im, struct str text)
{
    text = str_trim(text);
    if (!text.n)
        return (struct words){0};
    struct words w = in_all(im, text);
    bool tab = false;
    for (int i = 0; i < LANG_COUNT; i++)
        if (w.in[i].n)
            w.in[i] = import_html_plain(im->cx, without_new_tab(im->cx->arena, w.in[i], &tab));
    return w;
}

struct words import_markdown(struct import *im, const struct item *at, struct str html)
{
    html = str_trim(html);
    if (!html.n)
        return (struct words){0};
    struct words w = in_all(im, html);
    bool dropped = false, tab = false;
    for (int i = 0; i < LANG_COUNT; i++)
        if (w.in[i].n)
            w.in[i] = import_html_markdown(im->cx, without_new_tab(im->cx->arena, w.in[i], &tab), &dropped);
    if (tab)
        import_note(im, at, html, "links open in the same window here: the words that say otherwise were taken away");
    if (dropped)
        import_decide(im, at, html, "a link or picture in the text goes nowhere we can show; its words are kept");
    return w;
}

struct words import_ours(int key)
{
    struct words w = {0};
    for (int i = 0; i < LANG_COUNT; i++)
        w.in[i] = i18n_text((enum lang)i, (enum text)key);
    return w;
}

struct words import_words_join(struct import *im, const struct words *x, const char *between, const struct words *y)
{
    struct words w = {0};
    for (int i = 0; i < LANG_COUNT; i++)
        w.in[i] = !x->in[i].n   ? y->in[i]
                  : !y->in[i].n ? x->in[i]
                                : str_fmt(im->cx->arena, "%" PRI_STR "%s%" PRI_STR, STR_ARG(x->in[i]), between,
                                          STR_ARG(y->in[i]));
    return w;
}

/* ---- HTML ---- */

struct html_walk {
    struct buf *b;
    bool markdown;
    bool *dropped;
    int depth;
    int list;   /* how deep in lists */
    int number; /* of an ordered list; 0: bullets */
};

/* What means something in Markdown is escaped; blanks become one. */
static void add_text(struct html_walk *w, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool nbsp = (unsigned char)c == 0xC2 && i + 1 < s.n && (unsigned char)s.p[i + 1] == 0xA0;
        i += nbsp;
        if (nbsp || c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            bool after = w->b->n && w->b->p[w->b->n - 1] != ' ' && w->b->p[w->b->n - 1] != '\n';
            if (after)
                buf_add_char(w->b, ' ');
            continue;
        }
        bool start = !w->b->n || w->b->p[w->b->n - 1] == '\n';
        bool sign = strchr("\\`*_[]<>&", c) || (start && strchr("#+-=~|", c));
        if (w->markdown && c && sign)
            buf_add_char(w->b, '\\');
        buf_add_char(w->b, c);
        if (c == '{' && i + 1 < s.n && s.p[i + 1] == '{') /* never a placeholder */
            buf_add_char(w->b, ' ');
    }
}

static void trim_end(struct buf *b)
{
    while (b->n && (b->p[b->n - 1] == ' ' || b->p[b->n - 1] == '\n'))
        b->n--;
}

/* An empty line, or only a new one inside a list. */
static void new_block(struct html_walk *w)
{
    trim_end(w->b);
    if (!w->b->n)
        return;
    if (!w->markdown)
        buf_add_char(w->b, ' ');
    else
        buf_add(w->b, w->list ? S("\n") : S("\n\n"));
}

static void walk(struct html_walk *w, const xmlNode *node);

static struct str attribute(const xmlNode *node, const char *name)
{
    for (const xmlAttr *a = node->properties; a; a = a->next)
        if (!strcmp((const char *)a->name, name) && a->children && a->children->content)
            return str_trim(str_of((const char *)a->children->content));
    return (struct str){0};
}

static bool is_shown_link(struct str href)
{
    for (size_t i = 0; i < href.n; i++)
        if ((unsigned char)href.p[i] <= ' ' || strchr("()<>\\{}`", href.p[i]))
            return false;
    return str_starts(href, S("https://")) || str_starts(href, S("http://")) || str_starts(href, S("mailto:")) ||
           str_starts(href, S("tel:")) || (href.n > 1 && href.p[0] == '/' && href.p[1] != '/');
}

/* In a plain text the address stands after the words, where one can read it. */
static void write_address(struct html_walk *w, struct str href, size_t at)
{
    struct str words = str_trim(str_slice(buf_str(w->b), at, w->b->n));
    if (str_starts(href, S("http")) && str_find(words, href, 0) == words.n)
        buf_fmt(w->b, "%s%" PRI_STR "%s", words.n ? " (" : "", STR_ARG(href), words.n ? ")" : "");
}

static void walk_link(struct html_walk *w, const xmlNode *node)
{
    struct str href = attribute(node, "href");
    bool shown = is_shown_link(href), link = w->markdown && shown;
    if (w->dropped && href.n && !link)
        *w->dropped = true;
    size_t at = w->b->n;
    if (link)
        buf_add_char(w->b, '[');
    walk(w, node->children);
    if (!w->markdown && shown)
        write_address(w, href, at);
    if (!link)
        return;
    if (w->b->n == at + 1) { /* a link without words */
        w->b->n = at;
        return;
    }
    buf_fmt(w->b, "](%" PRI_STR ")", STR_ARG(href));
}

static void walk_list(struct html_walk *w, const xmlNode *node, bool ordered)
{
    int number = w->number, depth = w->list;
    new_block(w);
    if (w->markdown && !depth && w->b->n) { /* parted from what is before it */
        trim_end(w->b);
        buf_add(w->b, S("\n\n"));
    }
    w->list++;
    w->number = ordered ? 1 : 0;
    walk(w, node->children);
    w->number = number;
    w->list = depth;
    new_block(w);
}

static void walk_item(struct html_walk *w, const xmlNode *node)
{
    new_block(w);
    for (int i = 1; w->markdown && i < w->list; i++)
        buf_add(w->b, S("   "));
    if (w->markdown && w->number)
        buf_fmt(w->b, "%d. ", w->number++);
    else if (w->markdown)
        buf_add(w->b, S("- "));
    size_t at = w->b->n;
    walk(w, node->children);
    if (w->b->n == at)
        buf_add(w->b, S(" "));
}

static void walk_marked(struct html_walk *w, const xmlNode *node, const char *mark)
{
    size_t at = w->b->n;
    if (w->markdown)
        buf_add_z(w->b, mark);
    size_t from = w->b->n;
    walk(w, node->children);
    bool blank = w->b->n > from && w->b->p[w->b->n - 1] == ' ';
    while (w->markdown && w->b->n > from && w->b->p[w->b->n - 1] == ' ')
        w->b->n--;
    if (w->b->n == from) {
        w->b->n = at;
        return;
    }
    if (w->markdown) {
        buf_add_z(w->b, mark);
        buf_add_z(w->b, blank ? " " : "");
    }
}

static void walk_element(struct html_walk *w, const xmlNode *node)
{
    const char *name = (const char *)node->name;
    bool heading = name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && !name[2];
    if (!strcmp(name, "script") || !strcmp(name, "style")) {
        return;
    } else if (!strcmp(name, "a")) {
        walk_link(w, node);
    } else if (!strcmp(name, "strong") || !strcmp(name, "b")) {
        walk_marked(w, node, "**");
    } else if (!strcmp(name, "em") || !strcmp(name, "i")) {
        walk_marked(w, node, "*");
    } else if (!strcmp(name, "br")) {
        trim_end(w->b);
        if (w->b->n)
            buf_add(w->b, !w->markdown ? S(" ") : w->list ? S(" ") : S("\\\n"));
    } else if (!strcmp(name, "img")) {
        add_text(w, attribute(node, "alt"));
        if (w->dropped)
            *w->dropped = true;
    } else if (!strcmp(name, "ul") || !strcmp(name, "ol")) {
        walk_list(w, node, name[0] == 'o');
    } else if (!strcmp(name, "li")) {
        walk_item(w, node);
    } else if (heading || !strcmp(name, "p") || !strcmp(name, "div") || !strcmp(name, "tr") ||
               !strcmp(name, "blockquote") || !strcmp(name, "table")) {
        bool in_item = node->parent && !strcmp((const char *)node->parent->name, "li") && !node->prev;
        if (!in_item)
            new_block(w);
        if (heading && w->markdown && !w->list)
            buf_fmt(w->b, "%.*s ", name[1] < '3' ? 2 : 3, "###");
        walk(w, node->children);
        if (!in_item)
            new_block(w);
    } else {
        walk(w, node->children);
        if (!strcmp(name, "td") || !strcmp(name, "th"))
            buf_add_char(w->b, ' ');
    }
}

static void walk(struct html_walk *w, const xmlNode *node)
{
    if (++w->depth <= 100)
        for (; node; node = node->next) {
            if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
                add_text(w, str_of((const char *)node->content));
            else if (node->type == XML_ELEMENT_NODE)
                walk_element(w, node);
        }
    w->depth--;
}

static void free_doc(void *doc)
{
    xmlFreeDoc(doc);
}

/* A backslash at the very end is no line break. */
static struct str finish(struct buf *b)
{
    trim_end(b);
    while (b->n && b->p[b->n - 1] == '\\' && (b->n < 2 || b->p[b->n - 2] != '\\')) {
        b->n--;
        trim_end(b);
    }
    return buf_str(b);
}

static struct str convert(struct cx *cx, struct str html, bool markdown, bool *ret_dropped)
{
    if (str_find_char(html, '<', 0) == html.n && str_find_char(html, '&', 0) == html.n && !markdown)
        return str_trim(html);
    struct buf b = buf_make(cx->arena);
    struct html_walk w = {.b = &b, .markdown = markdown, .dropped = ret_dropped};
    xmlDoc *doc = html.n > (1 << 20) ? NULL
                                     : htmlReadMemory(html.p, (int)html.n, NULL, "UTF-8",
                                                      HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                                          HTML_PARSE_NONET | HTML_PARSE_COMPACT);
    if (!doc) {
        add_text(&w, html);
        return finish(&b);
    }
    arena_defer(cx->arena, free_doc, doc);
    walk(&w, xmlDocGetRootElement(doc));
    return finish(&b);
}

struct str import_html_plain(struct cx *cx, struct str html)
{
    return convert(cx, html, false, NULL);
}

struct str import_html_markdown(struct cx *cx, struct str html, bool *ret_dropped)
{
    return convert(cx, html, true, ret_dropped);
}
