/* What a file is, by its bytes: of a kind that is known both its names find it again, and a PDF/A is a PDF. */
#include <assert.h>

#include "codec/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str bytes = str_make((const char *)data, n);
    const struct filetype *type = filetype_of(bytes);
    const char *format = filetype_pdf_format(bytes);
    filetype_find(bytes);
    if (type) {
        assert(filetype_find(str_of(type->mime)) == type && filetype_find(str_of(type->extension)) == type);
        filetype_whole(type, bytes);
    }
    if (format && filetype_is_pdf_a(format))
        assert(str_find(bytes, S("pdfaid:part"), 0) < n && str_find(bytes, S("pdfaid:conformance"), 0) < n);
    return 0;
}
