/* Letter templates: Markdown with {{placeholders}}. A placeholder is filled as text after the Markdown has been parsed,
   so a value can never become Markdown, a link or HTML. The result is Markdown again (CommonMark, escaped), and that is
   what is stored, shown and rendered. */
#pragma once
#include "base/base.h"

enum letter_slot_shape { SLOT_INLINE, SLOT_LIST, SLOT_PARAGRAPHS };

/* The placeholders every template may use. The names stand in docs/service-folder.md and in `indgang check`. */
enum letter_slot {
#define X(NAME, name, shape) SLOT_##NAME,
#include "letter_slots.tbl"
#undef X
    SLOT_COUNT
};

/* The value of a slot. A block slot ({{lines_refused}} alone in its paragraph) becomes one list item each; an inline
   one has one item. n == 0: not known here, an error where it is used (ERR_INVALID). */
struct letter_value {
    const struct str *items;
    size_t n;
};

/* Fill. ERR_INVALID for an unknown or empty placeholder, a block one inside a sentence, raw HTML; the detail has the
   line and what may be written. */
enum err letter_template_fill(struct cx *cx, struct str markdown, const struct letter_value values[SLOT_COUNT],
                              struct str *ret_markdown);
/* Only check (a draft, a service folder). `ret_used[slot]` tells which occur; may be NULL. */
enum err letter_template_check(struct cx *cx, struct str markdown, bool ret_used[SLOT_COUNT]);

/* The same for a title: one line of plain text. */
enum err letter_template_fill_line(struct cx *cx, struct str line, const struct letter_value values[SLOT_COUNT],
                                   struct str *ret_line);

/* A new draft: what has no value here ({{deadline}} of a letter without one) is replaced by `instead`, for a person to
 * write. */
struct str letter_template_without(struct cx *cx, struct str markdown, const struct letter_value values[SLOT_COUNT],
                                   struct str instead);
