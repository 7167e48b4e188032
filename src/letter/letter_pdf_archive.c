/* What PDF/A-2b (ISO 19005-2:2011) asks beyond a tagged PDF: a colour profile (6.2.3), a map for composite fonts
   (6.2.11.3), and an information dictionary that says what the XMP says (6.6.3). */
#include <math.h>
#include <string.h>

#include "letter_pdf_finish.h"

/* ---- the profile: sRGB (IEC 61966-2-1) as an ICC display profile of version 2.1 (ICC.1:2001-04) ---- */

enum { CURVE = 1024, TAGS = 9 };

static void be32(struct buf *b, uint32_t v)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_add_char(b, (char)(v >> shift & 255));
}

static void be16(struct buf *b, unsigned v)
{
    buf_add_char(b, (char)(v >> 8 & 255));
    buf_add_char(b, (char)(v & 255));
}

static void s15(struct buf *b, double v)
{
    be32(b, (uint32_t)(int32_t)lround(v * 65536));
}

static void xyz(struct buf *b, double x, double y, double z)
{
    buf_add_z(b, "XYZ ");
    be32(b, 0);
    s15(b, x);
    s15(b, y);
    s15(b, z);
}

static void pad(struct buf *b)
{
    while (b->n % 4)
        buf_add_char(b, 0);
}

static void add_zeros(struct buf *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_add_char(b, 0);
}

/* textDescriptionType: the name in ASCII, and none in Unicode or for a script. */
static void description(struct buf *b, const char *name)
{
    size_t n = strlen(name) + 1;
    buf_add_z(b, "desc");
    be32(b, 0);
    be32(b, (uint32_t)n);
    buf_add(b, str_make(name, n));
    add_zeros(b, 4 + 4 + 2 + 1 + 67);
}

static void copyright(struct buf *b)
{
    static const char text[] = "No copyright, use freely";
    buf_add_z(b, "text");
    be32(b, 0);
    buf_add(b, str_make(text, sizeof text));
}

static void curve(struct buf *b)
{
    buf_add_z(b, "curv");
    be32(b, 0);
    be32(b, CURVE);
    for (int i = 0; i < CURVE; i++) {
        double v = (double)i / (CURVE - 1);
        be16(b, (unsigned)lround(65535 * (v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4))));
    }
}

static struct str srgb_profile(struct cx *cx)
{
    static const char *const names[TAGS] = {"desc", "cprt", "wtpt", "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"};
    size_t from[TAGS], to[TAGS], head = 128 + 4 + 12 * TAGS;
    struct buf data = buf_make(cx->arena), b = buf_make(cx->arena);
    for (int i = 0; i < TAGS; i++) {
        from[i] = data.n;
        if (i == 0)
            description(&data, "sRGB IEC61966-2.1");
        else if (i == 1)
            copyright(&data);
        else if (i == 2)
            xyz(&data, 0.95045, 1, 1.08905); /* D65 */
        else if (i == 3)
            xyz(&data, 0.43607, 0.22249, 0.01392); /* the primaries, adapted to D50 */
        else if (i == 4)
            xyz(&data, 0.38515, 0.71687, 0.09708);
        else if (i == 5)
            xyz(&data, 0.14307, 0.06061, 0.71410);
        else if (i == 6)
            curve(&data);
        else
            from[i] = from[6]; /* one curve for all three */
        to[i] = i > 6 ? to[6] : data.n;
        pad(&data);
    }
    be32(&b, (uint32_t)(head + data.n));
    be32(&b, 0);
    be32(&b, 0x02100000);
    buf_add_z(&b, "mntrRGB XYZ ");
    for (int i = 0; i < 6; i++)
        be16(&b, (const unsigned[]){2026, 1, 1, 0, 0, 0}[i]);
    buf_add_z(&b, "acsp");
    add_zeros(&b, 28);
    s15(&b, 0.9642); /* D50 */
    s15(&b, 1);
    s15(&b, 0.8249);
    add_zeros(&b, 128 - b.n);
    be32(&b, TAGS);
    for (int i = 0; i < TAGS; i++) {
        buf_add_z(&b, names[i]);
        be32(&b, (uint32_t)(head + from[i]));
        be32(&b, (uint32_t)(to[i] - from[i]));
    }
    buf_add(&b, buf_str(&data));
    return buf_str(&b);
}

static void output_intent(struct cx *cx, qpdf_data q)
{
    struct str icc = srgb_profile(cx);
    qpdf_oh stream = qpdf_oh_new_stream(q), null = qpdf_oh_new_null(q), list = qpdf_oh_new_array(q);
    qpdf_oh intent = qpdf_oh_parse(q, "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB)"
                                      " /RegistryName (http://www.color.org) /Info (sRGB IEC61966-2.1) >>");
    qpdf_oh_replace_stream_data(q, stream, (const unsigned char *)icc.p, icc.n, null, null);
    qpdf_oh_replace_key(q, qpdf_oh_get_dict(q, stream), "/N", qpdf_oh_new_integer(q, 3));
    qpdf_oh_replace_key(q, intent, "/DestOutputProfile", stream);
    qpdf_oh_append_item(q, list, qpdf_make_indirect_object(q, intent));
    qpdf_oh_replace_key(q, qpdf_get_root(q), "/OutputIntents", list);
}

/* ---- fonts ---- */

/* Cairo numbers the glyphs of a composite font as they lie in the font it embeds. */
static void font_map(qpdf_data q, qpdf_oh font)
{
    qpdf_oh list = qpdf_oh_get_key_if_dict(q, font, "/DescendantFonts");
    for (int i = 0; qpdf_oh_is_array(q, list) && i < qpdf_oh_get_array_n_items(q, list); i++) {
        qpdf_oh cid = qpdf_oh_get_array_item(q, list, i);
        if (qpdf_oh_is_name_and_equals(q, qpdf_oh_get_key_if_dict(q, cid, "/Subtype"), "/CIDFontType2") &&
            !qpdf_oh_has_key(q, cid, "/CIDToGIDMap"))
            qpdf_oh_replace_key(q, cid, "/CIDToGIDMap", qpdf_oh_new_name(q, "/Identity"));
    }
}

static void font_maps(qpdf_data q, qpdf_oh page)
{
    qpdf_oh fonts = qpdf_oh_get_key_if_dict(q, qpdf_oh_get_key(q, page, "/Resources"), "/Font");
    if (qpdf_oh_is_dictionary(q, fonts))
        for (qpdf_oh_begin_dict_key_iter(q, fonts); qpdf_oh_dict_more_keys(q);)
            font_map(q, qpdf_oh_get_key(q, fonts, qpdf_oh_dict_next_key(q)));
}

/* ---- the information dictionary ---- */

static void information(struct cx *cx, qpdf_data q, const struct letter_document *d)
{
    struct str iso = civil_iso_us(cx->arena, d->made_us); /* 2026-01-15T09:30:00Z: its digits */
    struct buf made = buf_make(cx->arena);
    buf_add_z(&made, "D:");
    for (size_t i = 0; i < iso.n && made.n < 16; i++)
        if (iso.p[i] >= '0' && iso.p[i] <= '9')
            buf_add_char(&made, iso.p[i]);
    buf_add_char(&made, 'Z');
    qpdf_oh info = qpdf_oh_get_key(q, qpdf_get_trailer(q), "/Info");
    qpdf_oh_replace_key(q, info, "/Producer", qpdf_oh_new_string(q, PDF_PRODUCER));
    qpdf_oh_replace_key(q, info, "/CreationDate", qpdf_oh_new_string(q, str_z(cx->arena, buf_str(&made))));
}

void letter_pdf_archive(struct cx *cx, qpdf_data q, const struct letter_document *document)
{
    int n = qpdf_get_num_pages(q);
    output_intent(cx, q);
    for (int i = 0; i < n; i++)
        font_maps(q, qpdf_get_page_n(q, (size_t)i));
    information(cx, q, document);
}
