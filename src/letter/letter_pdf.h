/* Markdown to a tagged PDF (PDF 1.7, ISO 32000-1 chapter 14.8; the requirements of PDF/UA-1, ISO 14289-1, that a
   machine can meet: structure, language, title, reading order, artifacts). Cairo and Pango draw, libqpdf adds what
   Cairo 1.16 does not write. The same document gives the same bytes. See docs/why/pdf.md. */
#pragma once
#include "base/base.h"

struct letter_document {
    enum lang lang;
    struct str title;  /* the h1 and the title of the window */
    struct str sender; /* municipality */
    struct str unit;
    struct str contact;     /* lines: phone, e-mail, opening hours */
    struct str address;     /* lines: in the window of an envelope (C5/C65); empty: no window */
    size_t address_from;    /* this many bytes of it keep their place and are not drawn: for a page laid over another */
    struct str date;        /* in words of the language: "23. november 2026" */
    struct str casefile_no; /* empty: none */
    struct str casefile_label; /* "Sagsnummer" */
    struct str page_label;     /* "Side {n} af {m}": {n} and {m} are filled */
    struct str markdown;       /* CommonMark; raw HTML is dropped, pictures become their alternative text */
    int64_t made_us;           /* for the metadata; the only time in the file */
};

/* ERR_INVALID for text that is not UTF-8; ERR_TOO_LARGE over 200 pages; ERR_INTERNAL. Result in cx->arena. May be
   called from several threads. Not inside a transaction: it takes some 10 ms a page. */
enum err letter_pdf_render(struct cx *cx, const struct letter_document *document, struct str *ret_pdf);
