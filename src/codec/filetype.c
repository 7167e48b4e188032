#include "filetype.h"

#include <string.h>

enum { PDF, JPEG, PNG, HEIC, TIFF, ODT, DOCX, TEXT, COUNT };

static const struct filetype types[COUNT] = {
    [PDF] = {"application/pdf", "pdf", true},
    [JPEG] = {"image/jpeg", "jpg", true},
    [PNG] = {"image/png", "png", true},
    [HEIC] = {"image/heic", "heic", false},
    [TIFF] = {"image/tiff", "tif", false},
    [ODT] = {"application/vnd.oasis.opendocument.text", "odt", false},
    [DOCX] = {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", false},
    [TEXT] = {"text/plain", "txt", false},
};

static bool at(struct str bytes, size_t offset, struct str magic)
{
    return bytes.n >= offset + magic.n && str_eq(str_slice(bytes, offset, offset + magic.n), magic);
}

/* ISO 14496-12: a file type box with one of the brands of HEIF. */
static bool is_heic(struct str b)
{
    return at(b, 4, S("ftyp")) && (at(b, 8, S("heic")) || at(b, 8, S("heix")) || at(b, 8, S("mif1")));
}

/* A zip whose first member tells: OpenDocument puts "mimetype" first, uncompressed; Office Open XML has word/. */
static int zip_kind(struct str b)
{
    if (at(b, 30, S("mimetypeapplication/vnd.oasis.opendocument.text")))
        return ODT;
    return str_find(b, S("word/document.xml"), 0) < b.n ? DOCX : COUNT;
}

const struct filetype *filetype_of(struct str b)
{
    int kind = COUNT;
    if (at(b, 0, S("%PDF-1.")) || at(b, 0, S("%PDF-2.")))
        kind = PDF;
    else if (at(b, 0, S("\xff\xd8\xff")))
        kind = JPEG;
    else if (at(b, 0, S("\x89PNG\r\n\x1a\n")))
        kind = PNG;
    else if (is_heic(b))
        kind = HEIC;
    else if (at(b, 0, S("II*\0")) || at(b, 0, S("MM\0*")))
        kind = TIFF;
    else if (at(b, 0, S("PK\x03\x04")))
        kind = zip_kind(b);
    else if (b.n && text_clean(b))
        kind = TEXT;
    return kind == COUNT ? NULL : &types[kind];
}

/* Of PDF/A part 1 to 3, levels A, B and U. */
static const char *const pdf_a[3][3] = {
    {"fmt/95", "fmt/354", NULL}, {"fmt/476", "fmt/477", "fmt/478"}, {"fmt/479", "fmt/480", "fmt/481"}};

/* The first letter or digit of a property of XMP: `name>2`, `name="2"`, `name = '2'`. 0: there is none. */
static char xmp_value(struct str b, struct str name)
{
    size_t i = str_find(b, name, 0);
    if (i >= b.n)
        return 0;
    for (i += name.n; i < b.n && (str_find_char(S(" \t\r\n=>'\""), b.p[i], 0) < 8); i++)
        ;
    return i < b.n ? b.p[i] : 0;
}

const char *filetype_pdf_format(struct str b)
{
    static const char *const plain[] = {"fmt/14", "fmt/15", "fmt/16", "fmt/17",
                                        "fmt/18", "fmt/19", "fmt/20", "fmt/276"};
    char part = xmp_value(b, S("pdfaid:part")), level = xmp_value(b, S("pdfaid:conformance"));
    size_t l = str_find_char(S("ABUabu"), level, 0);
    if (part >= '1' && part <= '3' && l < 6 && pdf_a[part - '1'][l % 3])
        return pdf_a[part - '1'][l % 3];
    if (at(b, 0, S("%PDF-2.0")))
        return "fmt/1129";
    if (at(b, 0, S("%PDF-1.")) && b.n > 7 && b.p[7] >= '0' && b.p[7] <= '7')
        return plain[b.p[7] - '0'];
    return NULL;
}

bool filetype_is_pdf_a(const char *pronom)
{
    for (size_t i = 0; i < 9; i++)
        if (pdf_a[i / 3][i % 3] && !strcmp(pdf_a[i / 3][i % 3], pronom))
            return true;
    return false;
}

/* ISO 32000-1 7.5.5: %%EOF in the last 1024 bytes; readers look further, and so do we. PNG: the chunk IEND. JPEG: the
   end of image, after which some cameras put more. */
bool filetype_whole(const struct filetype *type, struct str b)
{
    struct str end = str_slice(b, b.n > 4096 ? b.n - 4096 : 0, b.n);
    if (type == &types[PDF])
        return str_find(end, S("%%EOF"), 0) < end.n;
    if (type == &types[PNG])
        return str_find(end, S("IEND"), 0) < end.n;
    if (type != &types[JPEG])
        return true;
    for (size_t i = b.n; i-- > 1;)
        if ((unsigned char)b.p[i] == 0xD9 && (unsigned char)b.p[i - 1] == 0xFF)
            return true;
    return false;
}

const struct filetype *filetype_find(struct str s)
{
    if (str_eq(s, S("jpeg")))
        return &types[JPEG];
    if (str_eq(s, S("tiff")))
        return &types[TIFF];
    for (int i = 0; i < COUNT; i++)
        if (str_eq_z(s, types[i].mime) || str_eq_z(s, types[i].extension))
            return &types[i];
    return NULL;
}
