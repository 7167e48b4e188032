/* A letter as HTML: its text, and its text with the finds of the plain-language checks marked. */
#pragma once
#include "letter_plain.h"

/* Headings from h2 (the title is the page's h1 or a heading of its own). Raw HTML is left out. ERR_INVALID. */
enum err letter_view_html(struct cx *cx, struct str markdown, struct html *ret);

/* The same with <mark class="plain-passive" title="…"> around each find: plain-passive, plain-long, plain-cliche,
   plain-law. `plain` must be of the same Markdown. `labels[kind]`: the title text, in the language of the reader. */
enum err letter_view_marked(struct cx *cx, struct str markdown, const struct letter_plain *plain,
                            const struct str labels[PLAIN_KINDS], struct html *ret);
