/* Inside the room: what Cairo 1.16 leaves out of a tagged PDF, added with libqpdf. */
#pragma once
#include "letter_pdf.h"

#define PDF_FOOTER_GREY 0.25
#define PDF_FOOTER_MARK "0.25 0.25 0.25 rg" /* how cairo writes that */

const char *letter_pdf_lang(enum lang lang); /* "da-DK" (RFC 5646) */

/* Language, title bar, XMP with the PDF/UA mark, artifacts; a fixed file identifier made of the content. */
enum err letter_pdf_finish(struct cx *cx, const struct letter_document *document, struct str raw, struct str *ret_pdf);
