/* Shared by the files of this room alone. Errors: those of fulltext_text. */
#pragma once
#include "fulltext/fulltext.h"

/* What pdftotext says of the file in at most so many seconds. */
enum err fulltext_pdf(struct cx *cx, int fd, int seconds, struct str *ret);
/* The text of the XML part of that name in a ZIP container. */
enum err fulltext_zip(struct cx *cx, struct str bytes, const char *part, struct str *ret);
