/* Inside the room: what Cairo 1.16 leaves out of a tagged PDF, added with libqpdf. */
#pragma once
#include <qpdf/qpdf-c.h>

#include "letter_pdf.h"

#define PDF_FOOTER_GREY 0.25
#define PDF_FOOTER_MARK "0.25 0.25 0.25 rg" /* how cairo writes that */

#define PDF_PRODUCER "Indgang"

const char *letter_pdf_lang(enum lang lang); /* "da-DK" (RFC 5646) */

/* Language, title bar, XMP with the marks of PDF/UA and PDF/A, artifacts; a fixed file identifier made of the content.
 */
enum err letter_pdf_finish(struct cx *cx, const struct letter_document *document, struct str raw, struct str *ret_pdf);

/* Colour profile, font maps and information dictionary of PDF/A-2b (letter_pdf_archive.c); the XMP says that it is. */
void letter_pdf_archive(struct cx *cx, qpdf_data q, const struct letter_document *document);
