/* Layout: a column of lines on A4 pages. It runs twice, first only to count the pages. */
#include "letter_pdf.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "letter_pdf_finish.h"
#include "letter_tree.h"

/* Points (1/72 inch). The window is that of a C5 or C65 envelope for a letter folded to a third: 20 mm from the left,
   45 mm from the top, 90 × 45 mm (ISO 269, DIN 680). */
#define MM (72.0 / 25.4)
enum { PAGES_MAX = 200 };
#define LEADING 1.18 /* of the font's own line height */
static const double page_w = 210 * MM, page_h = 297 * MM;
static const double margin_left = 25 * MM, margin_right = 25 * MM, margin_top = 20 * MM, margin_bottom = 28 * MM;
static const double side_x = 135 * MM; /* the column with date and case number */
static const double window_y = 48 * MM, body_y = 105 * MM, body_y_no_window = 62 * MM;
static const char *const family = "Liberation Sans, Arimo, Arial, DejaVu Sans";

struct pen {
    struct cx *cx;
    const struct letter_document *doc;
    cairo_t *cr; /* NULL: only count */
    PangoContext *pango;
    PangoLayout *blank;
    double y;
    int page, pages;
    double indent; /* of lists and quotations */
    bool tight;    /* no space after this paragraph: an item of a tight list */
    bool failed;   /* more than PAGES_MAX */
    size_t silent; /* lines that begin before this byte are not drawn */
};

struct style {
    const char *tag; /* of the structure */
    double size, before, after;
    bool bold, keep_with_next;
};

static const struct style style_h1 = {"H1", 17, 0, 10, true, true};
static const struct style style_h2 = {"H2", 13, 8, 4, true, true};
static const struct style style_h3 = {"H3", 11.5, 6, 3, true, true};
static const struct style style_p = {"P", 11, 0, 8, false, false};
static const struct style style_code = {"Code", 10, 0, 8, false, false};
static const struct style style_head = {"P", 9.5, 0, 2, false, false};
static const struct style style_sender = {"P", 13, 0, 2, true, false};

static void tag_begin(struct pen *p, const char *tag)
{
    if (p->cr && tag)
        cairo_tag_begin(p->cr, tag, NULL);
}

static void tag_end(struct pen *p, const char *tag)
{
    if (p->cr && tag)
        cairo_tag_end(p->cr, tag);
}

static void free_layout(void *layout)
{
    g_object_unref(layout);
}

static void free_attrs(void *attrs)
{
    pango_attr_list_unref(attrs);
}

static PangoLayout *layout_new(struct pen *p, struct str text, PangoAttrList *attrs, const struct style *style,
                               double width)
{
    PangoLayout *layout = pango_layout_new(p->pango);
    arena_defer(p->cx->arena, free_layout, layout);
    PangoFontDescription *font = pango_font_description_from_string(family);
    pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
    if (style->bold)
        pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_text(layout, text.p, (int)text.n);
    if (attrs)
        pango_layout_set_attributes(layout, attrs);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    return layout;
}

/* Page numbers are no part of the text, but a paragraph may be open, and an element inside it would take its own text
   out of the structure (cairo tags the text of elements without children only). So the footer is the last thing drawn
   on its page, in a colour nothing else has, and letter_pdf_finish makes what comes after that colour an artifact. */
static void footer(struct pen *p)
{
    if (!p->cr)
        return;
    struct buf b = buf_make(p->cx->arena);
    struct str label = p->doc->page_label;
    for (size_t i = 0; i < label.n; i++) {
        struct str rest = str_slice(label, i, label.n);
        bool number = str_starts(rest, S("{n}")), total = str_starts(rest, S("{m}"));
        if (number || total)
            buf_fmt(&b, "%d", number ? p->page : p->pages);
        else
            buf_add_char(&b, label.p[i]);
        i += number || total ? 2 : 0;
    }
    PangoLayout *layout = layout_new(p, buf_str(&b), NULL, &style_head, page_w - margin_left - margin_right);
    pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT);
    cairo_set_source_rgb(p->cr, PDF_FOOTER_GREY, PDF_FOOTER_GREY, PDF_FOOTER_GREY);
    cairo_move_to(p->cr, margin_left, page_h - 17 * MM);
    pango_cairo_show_layout(p->cr, layout);
    cairo_set_source_rgb(p->cr, 0, 0, 0);
}

static void page_break(struct pen *p)
{
    footer(p);
    if (p->cr)
        cairo_show_page(p->cr);
    p->page++;
    p->failed = p->failed || p->page > PAGES_MAX;
    p->y = margin_top;
}

/* How many of the lines from `from` on go on this page: two at least stay together before and after a break. */
static int lines_that_fit(const struct pen *p, const double *heights, int from, int n, double keep_after)
{
    double y = p->y;
    int fit = 0;
    for (int i = from; i < n && y + heights[i] + (i == n - 1 ? keep_after : 0) <= page_h - margin_bottom; i++) {
        y += heights[i];
        fit++;
    }
    int left = n - from;
    if (fit >= left)
        return left;
    if (left - fit == 1)
        fit--;
    if (fit < 2 && p->y > margin_top)
        return 0;
    return fit > 0 ? fit : 1;
}

/* One line, and a blank after it when others follow: Pango draws none where it breaks a line, and a reader of the text
   would take the last word of a line and the first of the next for one. */
static void draw_line(struct pen *p, PangoLayout *layout, int i, double x, double y)
{
    PangoLayoutLine *line = pango_layout_get_line_readonly(layout, i);
    if (!p->cr || (size_t)line->start_index < p->silent)
        return;
    cairo_move_to(p->cr, x, y);
    pango_cairo_show_layout_line(p->cr, line);
    if (i + 1 == pango_layout_get_line_count(layout))
        return;
    PangoRectangle extent;
    pango_layout_line_get_extents(line, NULL, &extent);
    cairo_move_to(p->cr, x + (double)extent.width / PANGO_SCALE, y);
    pango_cairo_show_layout_line(p->cr, pango_layout_get_line_readonly(p->blank, 0));
}

/* Opens and closes the element of the style: after a page break that comes before the first line. */
static void draw_lines(struct pen *p, PangoLayout *layout, const struct style *style, double x)
{
    int n = pango_layout_get_line_count(layout);
    double *heights = arena_array(p->cx->arena, double, (size_t)n);
    double *baselines = arena_array(p->cx->arena, double, (size_t)n); /* from the top of the line */
    PangoLayoutIter *it = pango_layout_get_iter(layout);
    for (int i = 0; i < n; i++, pango_layout_iter_next_line(it)) {
        int top, bottom;
        pango_layout_iter_get_line_yrange(it, &top, &bottom);
        double own = (double)(bottom - top) / PANGO_SCALE;
        heights[i] = own * LEADING;
        baselines[i] = (double)(pango_layout_iter_get_baseline(it) - top) / PANGO_SCALE + own * (LEADING - 1) / 2;
    }
    pango_layout_iter_free(it);
    double keep_after = style->keep_with_next ? 40 : 0;
    if (lines_that_fit(p, heights, 0, n, keep_after) == 0)
        page_break(p);
    tag_begin(p, style->tag);
    for (int i = 0; i < n && !p->failed;) {
        for (int end = i + lines_that_fit(p, heights, i, n, keep_after); i < end; i++) {
            draw_line(p, layout, i, x, p->y + baselines[i]);
            p->y += heights[i];
        }
        if (i < n)
            page_break(p);
    }
    tag_end(p, style->tag);
}

static void put(struct pen *p, struct str text, PangoAttrList *attrs, const struct style *style)
{
    if (str_empty(text) || p->failed)
        return;
    double x = margin_left + p->indent;
    PangoLayout *layout = layout_new(p, text, attrs, style, page_w - margin_right - x);
    if (p->y > margin_top)
        p->y += style->before;
    draw_lines(p, layout, style, x);
    p->y += p->tight ? 2 : style->after;
}

/* ---- inlines ---- */

struct run {
    struct buf text;
    PangoAttrList *attrs;
    VEC_OF(size_t) open; /* where each open strong, emphasis or link began */
};

static void attr_add(struct run *r, PangoAttribute *attr, size_t from)
{
    attr->start_index = (guint)from;
    attr->end_index = (guint)r->text.n;
    pango_attr_list_insert(r->attrs, attr);
}

static void span_end(struct pen *p, struct run *r, cmark_node *node)
{
    size_t from = r->open.p[--r->open.n];
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_STRONG:
        attr_add(r, pango_attr_weight_new(PANGO_WEIGHT_BOLD), from);
        break;
    case CMARK_NODE_EMPH:
        attr_add(r, pango_attr_style_new(PANGO_STYLE_ITALIC), from);
        break;
    case CMARK_NODE_LINK:
        buf_add(&r->text, letter_tree_link_tail(p->cx, node, str_slice(buf_str(&r->text), from, r->text.n)));
        break;
    default:
        break;
    }
}

static struct str inlines(struct pen *p, cmark_node *block, PangoAttrList **ret_attrs)
{
    struct run r = {.text = buf_make(p->cx->arena), .attrs = pango_attr_list_new()};
    arena_defer(p->cx->arena, free_attrs, r.attrs);
    cmark_iter *it = cmark_iter_new(block);
    for (cmark_event_type ev; (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(it);
        switch (cmark_node_get_type(node)) {
        case CMARK_NODE_TEXT:
        case CMARK_NODE_CODE:
            buf_add_z(&r.text, cmark_node_get_literal(node));
            break;
        case CMARK_NODE_SOFTBREAK:
            buf_add_char(&r.text, ' ');
            break;
        case CMARK_NODE_LINEBREAK:
            buf_add_z(&r.text, "\u2028"); /* a new line of the same paragraph */
            break;
        case CMARK_NODE_STRONG:
        case CMARK_NODE_EMPH:
        case CMARK_NODE_LINK:
            if (ev == CMARK_EVENT_ENTER)
                vec_add(p->cx->arena, &r.open, r.text.n);
            else
                span_end(p, &r, node);
            break;
        default:
            break;
        }
    }
    cmark_iter_free(it);
    *ret_attrs = r.attrs;
    return buf_str(&r.text);
}

/* ---- blocks ---- */

static void blocks(struct pen *p, cmark_node *parent, int depth);

static void put_block(struct pen *p, cmark_node *node, const struct style *style)
{
    PangoAttrList *attrs;
    struct str text = inlines(p, node, &attrs);
    put(p, text, attrs, style);
}

static void item(struct pen *p, cmark_node *node, struct str label, int depth)
{
    double body = p->indent + 6 * MM, y_before;
    PangoLayout *mark = layout_new(p, label, NULL, &style_p, 12 * MM);
    if (p->y + 3 * 16 > page_h - margin_bottom) /* the mark never stands alone at the end of a page */
        page_break(p);
    tag_begin(p, "LI");
    tag_begin(p, "Lbl");
    y_before = p->y;
    if (p->cr) {
        int height;
        pango_layout_get_size(mark, NULL, &height);
        double baseline = pango_layout_get_baseline(mark) + height * (LEADING - 1) / 2;
        cairo_move_to(p->cr, margin_left + p->indent, p->y + baseline / PANGO_SCALE);
        pango_cairo_show_layout_line(p->cr, pango_layout_get_line_readonly(mark, 0));
    }
    tag_end(p, "Lbl");
    tag_begin(p, "LBody");
    double indent = p->indent;
    p->indent = body;
    blocks(p, node, depth + 1);
    p->indent = indent;
    if (p->y == y_before) /* an empty item still takes its line */
        p->y += 16;
    tag_end(p, "LBody");
    tag_end(p, "LI");
}

static void list(struct pen *p, cmark_node *node, int depth)
{
    bool ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST, tight = p->tight;
    int number = cmark_node_get_list_start(node);
    p->tight = cmark_node_get_list_tight(node) != 0;
    tag_begin(p, "L");
    for (cmark_node *c = cmark_node_first_child(node); c; c = cmark_node_next(c))
        item(p, c, ordered ? str_fmt(p->cx->arena, "%d.", number++) : S("•"), depth);
    tag_end(p, "L");
    p->tight = tight;
    p->y += p->tight ? 0 : 6;
}

static void quotation(struct pen *p, cmark_node *node, int depth)
{
    double indent = p->indent;
    p->indent += 8 * MM;
    tag_begin(p, "BlockQuote");
    blocks(p, node, depth + 1);
    tag_end(p, "BlockQuote");
    p->indent = indent;
}

static void rule(struct pen *p)
{
    if (p->y + 12 > page_h - margin_bottom)
        page_break(p);
    if (p->cr) {
        tag_begin(p, "Private");
        cairo_set_line_width(p->cr, 0.5);
        cairo_move_to(p->cr, margin_left + p->indent, p->y + 4);
        cairo_line_to(p->cr, page_w - margin_right, p->y + 4);
        cairo_stroke(p->cr);
        tag_end(p, "Private");
    }
    p->y += 12;
}

static void blocks(struct pen *p, cmark_node *parent, int depth)
{
    for (cmark_node *c = cmark_node_first_child(parent); c && !p->failed; c = cmark_node_next(c)) {
        switch (cmark_node_get_type(c)) {
        case CMARK_NODE_HEADING:
            put_block(p, c, cmark_node_get_heading_level(c) <= 2 ? &style_h2 : &style_h3);
            break;
        case CMARK_NODE_PARAGRAPH:
            put_block(p, c, &style_p);
            break;
        case CMARK_NODE_CODE_BLOCK:
            put(p, letter_tree_text(p->cx, c), NULL, &style_code);
            break;
        case CMARK_NODE_LIST:
        case CMARK_NODE_BLOCK_QUOTE:
            if (depth >= 8) /* deeper has no room on paper: its text in one piece */
                put(p, letter_tree_text(p->cx, c), NULL, &style_p);
            else if (cmark_node_get_type(c) == CMARK_NODE_LIST)
                list(p, c, depth);
            else
                quotation(p, c, depth);
            break;
        case CMARK_NODE_THEMATIC_BREAK:
            rule(p);
            break;
        default: /* raw HTML is no text */
            break;
        }
    }
}

/* ---- the first page ---- */

static void lines(struct pen *p, struct str text, const struct style *style, double x, double width)
{
    if (str_empty(text))
        return;
    PangoLayout *layout = layout_new(p, text, NULL, style, width);
    draw_lines(p, layout, style, x);
    p->y += style->after;
}

static void letterhead(struct pen *p)
{
    const struct letter_document *d = p->doc;
    double left_width = side_x - margin_left - 6 * MM, side_width = page_w - side_x - 12 * MM;
    p->y = margin_top;
    lines(p, d->sender, &style_sender, margin_left, left_width);
    lines(p, d->unit, &style_head, margin_left, left_width);
    double left_end = p->y;
    if (!str_empty(d->address)) {
        p->y = window_y;
        p->silent = d->address_from;
        lines(p, d->address, &style_p, margin_left, left_width);
        p->silent = 0;
    }
    p->y = margin_top;
    lines(p, d->date, &style_head, side_x, side_width);
    if (!str_empty(d->casefile_no))
        lines(p, str_fmt(p->cx->arena, "%.*s %.*s", STR_ARG(d->casefile_label), STR_ARG(d->casefile_no)), &style_head,
              side_x, side_width);
    lines(p, d->contact, &style_head, side_x, side_width);
    double start = str_empty(d->address) ? body_y_no_window : body_y;
    p->y = p->y > start - 8 * MM ? p->y + 8 * MM : start;
    p->y = left_end > p->y ? left_end : p->y;
}

static void whole(struct pen *p, cmark_node *root)
{
    p->page = 1;
    p->failed = false;
    tag_begin(p, "Document");
    letterhead(p);
    put(p, p->doc->title, NULL, &style_h1);
    blocks(p, root, 0);
    footer(p);
    tag_end(p, "Document");
}

static cairo_status_t collect(void *closure, const unsigned char *data, unsigned n)
{
    buf_add(closure, str_make((const char *)data, n));
    return CAIRO_STATUS_SUCCESS;
}

static void free_surface(void *s)
{
    cairo_surface_destroy(s);
}

static void free_cairo(void *cr)
{
    cairo_destroy(cr);
}

static void use_pango(struct pen *p)
{
    p->pango = pango_font_map_create_context(pango_cairo_font_map_get_default());
    arena_defer(p->cx->arena, free_layout, p->pango);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(p->pango, options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(p->pango, 72);
    pango_context_set_round_glyph_positions(p->pango, FALSE);
    pango_context_set_language(p->pango, pango_language_from_string(letter_pdf_lang(p->doc->lang)));
}

static enum err draw(struct pen *p, cmark_node *root, struct buf *out)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(collect, out, page_w, page_h);
    arena_defer(p->cx->arena, free_surface, surface);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, str_z(p->cx->arena, p->doc->title));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Indgang");
    const char *made = str_z(p->cx->arena, civil_iso_us(p->cx->arena, p->doc->made_us));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, made);
    p->cr = cairo_create(surface);
    arena_defer(p->cx->arena, free_cairo, p->cr);
    whole(p, root);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_status(p->cr);
    if (status != CAIRO_STATUS_SUCCESS)
        return fail(p->cx, ERR_INTERNAL, "cairo: %s", cairo_status_to_string(status));
    return ERR_OK;
}

enum err letter_pdf_render(struct cx *cx, const struct letter_document *document, struct str *ret_pdf)
{
    const struct str fields[] = {document->title,   document->sender,  document->unit,        document->date,
                                 document->contact, document->address, document->casefile_no, document->page_label};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!text_clean(fields[i]))
            return fail(cx, ERR_INVALID, "the letterhead is not clean UTF-8");
    cmark_node *root;
    enum err e = letter_tree_parse(cx, document->markdown, &root);
    if (e)
        return e;
    struct pen pen = {.cx = cx, .doc = document};
    use_pango(&pen);
    pen.blank = layout_new(&pen, S(" "), NULL, &style_p, page_w);
    whole(&pen, root);
    if (pen.failed)
        return fail(cx, ERR_TOO_LARGE, "a letter of more than %d pages", PAGES_MAX);
    pen.pages = pen.page;
    struct buf raw = buf_make(cx->arena);
    e = draw(&pen, root, &raw);
    return e ? e : letter_pdf_finish(cx, document, buf_str(&raw), ret_pdf);
}
