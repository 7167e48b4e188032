/* The plain-language checks of a letter: the main message first, few paragraph signs, few passives, no clichés, short
   sentences, "you" and "we". Word lists and ending rules for Danish, Norwegian (bokmål) and English; careful rather
   than complete: a check that cries wolf is not read. See docs/why/plain-language.md. */
#pragma once
#include "base/base.h"

enum letter_find_kind {
    PLAIN_PASSIVE,
    PLAIN_LONG, /* a sentence of more than PLAIN_LONG_WORDS words */
    PLAIN_CLICHE,
    PLAIN_LAW, /* a paragraph sign or "stk." in the running text */
    PLAIN_KINDS
};
enum { PLAIN_LONG_WORDS = 24 };

struct letter_find { /* one place: bytes [from, to) of block `block` of the letter's text, see letter_plain.text */
    enum letter_find_kind kind;
    size_t block, from, to;
    struct str hint; /* a cliché: what to write instead; else empty. In the letter's language */
};

struct letter_plain {
    VEC_OF(struct str) text;          /* the letter as plain text, one entry a heading, paragraph or list item */
    VEC_OF(struct letter_find) finds; /* in order of the text */
    size_t count[PLAIN_KINDS];
    size_t words, sentences;
    size_t you, we;     /* du/dig/din…, vi/os/vores… */
    bool message_first; /* a word of outcome stands in the first paragraph (or there is no outcome to tell) */
    int score;          /* 0…100 */
    char grade;         /* 'A' 85+, 'B' 70+, 'C' 50+, 'D' */
};

/* `markdown` is filled. `decision`: the letter tells an outcome, so its first paragraph must. Never fails. */
struct letter_plain letter_plain_check(struct cx *cx, enum lang lang, struct str markdown, bool decision);
