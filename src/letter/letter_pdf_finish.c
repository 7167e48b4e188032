#include "letter_pdf_finish.h"

#include <stdlib.h>

const char *letter_pdf_lang(enum lang lang)
{
    static const char *const names[LANG_COUNT] = {
        [LANG_DA] = "da-DK", [LANG_NB] = "nb-NO", [LANG_EN] = "en-GB", [LANG_NN] = "nn-NO"};
    return names[lang];
}

static void clean_up(void *p)
{
    qpdf_data q = p;
    qpdf_cleanup(&q);
}

static void xml_text(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '&')
            buf_add_z(b, "&amp;");
        else if (s.p[i] == '<')
            buf_add_z(b, "&lt;");
        else if (s.p[i] == '>')
            buf_add_z(b, "&gt;");
        else
            buf_add_char(b, s.p[i]);
    }
}

/* PDF/A knows nothing of PDF/UA: a file that is both describes the mark (ISO 19005-2, 6.6.2.3). */
#define XMP_UA_DESCRIBED \
    "<rdf:Description rdf:about=\"\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\"" \
    " xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\"" \
    " xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\n" \
    "<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">\n" \
    "<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\n" \
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\n" \
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\n" \
    "<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\">\n" \
    "<pdfaProperty:name>part</pdfaProperty:name>\n<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\n" \
    "<pdfaProperty:category>internal</pdfaProperty:category>\n" \
    "<pdfaProperty:description>Part of ISO 14289 this document follows</pdfaProperty:description>\n" \
    "</rdf:li></rdf:Seq></pdfaSchema:property>\n</rdf:li></rdf:Bag></pdfaExtension:schemas>\n</rdf:Description>\n"

/* XMP (ISO 16684-1): title, language, and the marks of PDF/UA-1 and PDF/A-2b. It says the same as the information
   dictionary. */
static struct str xmp(struct cx *cx, const struct letter_document *d)
{
    struct buf b = buf_make(cx->arena);
    struct str made = civil_iso_us(cx->arena, d->made_us);
    buf_add_z(&b, "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
                  "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
                  "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
                  "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
                  " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\""
                  " xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\""
                  " xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\n"
                  "<pdfaid:part>2</pdfaid:part>\n<pdfaid:conformance>B</pdfaid:conformance>\n"
                  "<pdfuaid:part>1</pdfuaid:part>\n<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">");
    xml_text(&b, d->title);
    buf_fmt(&b, "</rdf:li></rdf:Alt></dc:title>\n<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>\n",
            letter_pdf_lang(d->lang));
    buf_add_z(&b, "<dc:creator><rdf:Seq><rdf:li>");
    xml_text(&b, d->sender);
    buf_fmt(&b, "</rdf:li></rdf:Seq></dc:creator>\n<xmp:CreateDate>%.*s</xmp:CreateDate>\n", STR_ARG(made));
    buf_add_z(&b, "<xmp:CreatorTool>Indgang</xmp:CreatorTool>\n<pdf:Producer>" PDF_PRODUCER "</pdf:Producer>\n"
                  "</rdf:Description>\n" XMP_UA_DESCRIBED "</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>");
    return buf_str(&b);
}

static void catalogue(struct cx *cx, qpdf_data q, const struct letter_document *d)
{
    qpdf_oh root = qpdf_get_root(q), stream = qpdf_oh_new_stream(q), null = qpdf_oh_new_null(q);
    struct str meta = xmp(cx, d);
    qpdf_oh_replace_stream_data(q, stream, (const unsigned char *)meta.p, meta.n, null, null);
    qpdf_oh dict = qpdf_oh_get_dict(q, stream);
    qpdf_oh_replace_key(q, dict, "/Type", qpdf_oh_new_name(q, "/Metadata"));
    qpdf_oh_replace_key(q, dict, "/Subtype", qpdf_oh_new_name(q, "/XML"));
    qpdf_oh_replace_key(q, root, "/Metadata", stream);
    qpdf_oh_replace_key(q, root, "/Lang", qpdf_oh_new_string(q, letter_pdf_lang(d->lang)));
    qpdf_oh_replace_key(q, root, "/ViewerPreferences", qpdf_oh_parse(q, "<< /DisplayDocTitle true >>"));
    qpdf_oh_replace_key(q, root, "/MarkInfo", qpdf_oh_parse(q, "<< /Marked true >>"));
}

/* ---- artifacts: what the renderer drew as Private becomes an artifact, and its elements leave the structure ---- */

static void drop_private(qpdf_data q, qpdf_oh element, int depth)
{
    qpdf_oh kids = qpdf_oh_get_key(q, element, "/K");
    if (depth > 64)
        return;
    if (qpdf_oh_is_dictionary(q, kids)) {
        if (qpdf_oh_is_name_and_equals(q, qpdf_oh_get_key(q, kids, "/S"), "/Private"))
            qpdf_oh_remove_key(q, element, "/K");
        else
            drop_private(q, kids, depth + 1);
        return;
    }
    if (!qpdf_oh_is_array(q, kids))
        return;
    for (int i = qpdf_oh_get_array_n_items(q, kids) - 1; i >= 0; i--) {
        qpdf_oh kid = qpdf_oh_get_array_item(q, kids, i);
        if (!qpdf_oh_is_dictionary(q, kid))
            continue;
        if (qpdf_oh_is_name_and_equals(q, qpdf_oh_get_key(q, kid, "/S"), "/Private"))
            qpdf_oh_erase_item(q, kids, i);
        else
            drop_private(q, kid, depth + 1);
    }
}

/* The parent tree maps each piece of marked content to its element; those of artifacts become null. */
static void drop_parents(qpdf_data q, qpdf_oh tree)
{
    qpdf_oh nums = qpdf_oh_get_key(q, qpdf_oh_get_key(q, tree, "/ParentTree"), "/Nums");
    for (int i = 1; i < qpdf_oh_get_array_n_items(q, nums); i += 2) {
        qpdf_oh parents = qpdf_oh_get_array_item(q, nums, i);
        for (int k = 0; k < qpdf_oh_get_array_n_items(q, parents); k++) {
            qpdf_oh element = qpdf_oh_get_array_item(q, parents, k);
            if (qpdf_oh_is_name_and_equals(q, qpdf_oh_get_key_if_dict(q, element, "/S"), "/Private"))
                qpdf_oh_set_array_item(q, parents, k, qpdf_oh_new_null(q));
        }
    }
}

/* Cairo writes each BDC on a line of its own; a line that continues a string comes after a backslash. */
static bool line_at(struct str content, size_t i, const char *begin, const char *digits, const char *end,
                    size_t *ret_len)
{
    struct str rest = str_slice(content, i, content.n);
    if (!str_starts(rest, str_of(begin)) || i == 0 || content.p[i - 1] != '\n' || (i > 1 && content.p[i - 2] == '\\'))
        return false;
    size_t at = strlen(begin), first = at;
    while (at < rest.n && strchr(digits, rest.p[at]))
        at++;
    if (at == first || !str_starts(str_slice(rest, at, rest.n), str_of(end)))
        return false;
    *ret_len = at + strlen(end);
    return true;
}

#define ARTIFACT "/Artifact << /Type /Pagination >> BDC\n"

/* The end of the line that begins at `from`, behind its line feed. */
static size_t line_end(struct str content, size_t from)
{
    size_t end = str_find_char(content, '\n', from);
    return end < content.n ? end + 1 : content.n;
}

/* One page. Private content (rules) and the footer become artifacts. Also taken out: spans with a replacement text for
   nothing at all, which Cairo writes for the blank Pango drops at the end of a line and which end the paragraph for
   some readers (poppler 22). */
static struct str mark_artifacts(struct cx *cx, struct str content)
{
    struct buf b = buf_make(cx->arena);
    size_t len;
    bool tagged = false, footer = false, close = false;
    for (size_t i = 0, end; i < content.n; i = end) {
        struct str line = str_slice(content, i, end = line_end(content, i));
        if (line_at(content, i, "/Private << /MCID ", "0123456789", " >> BDC\n", &len)) {
            line = S(ARTIFACT);
            tagged = true;
        } else if (line_at(content, i, "/Span << /ActualText <", "0123456789abcdef", "> >> BDC\nEMC\n", &len)) {
            end = i + len;
            line = S("");
        } else if (line.p[0] == '/' && str_ends(line, S(" BDC\n"))) {
            tagged = true;
        } else if (str_eq(line, S("EMC\n"))) {
            tagged = false;
        } else if (!footer && str_starts(line, S(PDF_FOOTER_MARK))) {
            footer = true;
            close = !tagged;
            buf_add_z(&b, tagged ? "EMC\n" ARTIFACT : ARTIFACT); /* when tagged, the paragraph's EMC ends it */
        }
        buf_add(&b, line);
    }
    buf_add_z(&b, close ? "\nEMC\n" : "");
    return buf_str(&b);
}

static enum err artifacts(struct cx *cx, qpdf_data q)
{
    qpdf_oh tree = qpdf_oh_get_key(q, qpdf_get_root(q), "/StructTreeRoot");
    drop_parents(q, tree);
    drop_private(q, tree, 0);
    int n = qpdf_get_num_pages(q);
    for (int i = 0; i < n; i++) {
        qpdf_oh page = qpdf_get_page_n(q, (size_t)i), null = qpdf_oh_new_null(q);
        unsigned char *bytes = NULL;
        size_t size = 0;
        if (qpdf_oh_get_page_content_data(q, page, &bytes, &size) & QPDF_ERRORS)
            return fail(cx, ERR_INTERNAL, "a page of the PDF cannot be read back");
        struct str content = mark_artifacts(cx, str_dup(cx->arena, str_make((const char *)bytes, size)));
        free(bytes);
        qpdf_oh stream = qpdf_oh_new_stream(q);
        qpdf_oh_replace_stream_data(q, stream, (const unsigned char *)content.p, content.n, null, null);
        qpdf_oh_replace_key(q, page, "/Contents", stream);
        qpdf_oh_replace_key(q, page, "/Tabs", qpdf_oh_new_name(q, "/S"));
    }
    return ERR_OK;
}

enum err letter_pdf_finish(struct cx *cx, const struct letter_document *document, struct str raw, struct str *ret_pdf)
{
    qpdf_data q = qpdf_init();
    arena_defer(cx->arena, clean_up, q);
    qpdf_silence_errors(q);
    qpdf_set_suppress_warnings(q, QPDF_TRUE);
    if (qpdf_read_memory(q, "letter", raw.p, raw.n, NULL) & QPDF_ERRORS)
        return fail(cx, ERR_INTERNAL, "qpdf cannot read what cairo wrote");
    catalogue(cx, q, document);
    letter_pdf_archive(cx, q, document);
    enum err e = artifacts(cx, q);
    if (e)
        return e;
    if (qpdf_init_write_memory(q) & QPDF_ERRORS)
        return fail(cx, ERR_INTERNAL, "qpdf cannot write");
    qpdf_set_deterministic_ID(q, QPDF_TRUE);
    qpdf_force_pdf_version(q, "1.7");
    if ((qpdf_write(q) & QPDF_ERRORS) || qpdf_has_error(q))
        return fail(cx, ERR_INTERNAL, "qpdf: %s", qpdf_get_error_full_text(q, qpdf_get_error(q)));
    *ret_pdf = str_dup(cx->arena, str_make((const char *)qpdf_get_buffer(q), qpdf_get_buffer_length(q)));
    return ERR_OK;
}
