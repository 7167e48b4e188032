/* What the templates of this room bind. Texts are ready in the reader's language. */
#pragma once
#include "base/base.h"
#include "form/form.h"
#include "mandate.h"
#include "page/page.h"
#include "texts.h"

struct mandate_offer {
    int64_t id;
    struct str who, what, how, until, expires;
};
struct mandate_news {
    struct str text;
    int64_t at_us;
};
struct mandate_case {
    int64_t id;
    struct str no, title, state;
};
/* One for whom the reader may see or act, with all that is theirs. */
struct mandate_person {
    int64_t id;
    struct str name;
    bool act, child;
    VEC_OF(struct mandate_row) rows;
    VEC_OF(struct mandate_case) cases;
    struct form_drafts drafts;
};
struct mandate_list {
    bool silent; /* a register did not answer */
    bool young;  /* the reader is too young to say yes */
    VEC_OF(struct mandate_news) news;
    VEC_OF(struct mandate_offer) got, made;
    VEC_OF(struct mandate_person) persons;
    VEC_OF(struct mandate_row) given, over;
};

/* The same fields on my page and at the counter. */
struct mandate_terms {
    struct page_field scope, services, act, until;
};
struct mandate_new {
    struct page_errors errors;
    struct page_field idno, name;
    struct mandate_terms terms;
};
/* What it lets one do, before one says yes. */
struct mandate_sure {
    struct str who, what, how, until;
    /* to be sent again */
    struct str idno, name, scope, act, day, month, year;
    VEC_OF(struct str) services;
};
struct mandate_end {
    int64_t id;
    struct str heading, text, button, back, who, what, how, until;
};

/* At the counter. */
struct mandate_paper {
    struct page_errors errors;
    struct str name; /* the citizen who is open */
    VEC_OF(struct mandate_row) given, held;
    struct page_field kind, idno, holder, number, title, purpose, document;
    struct mandate_terms terms;
};
struct mandate_letter {
    int64_t id, at_us;
    struct str name, heading, text, help, municipality, lang; /* lang: of the letter */
    VEC_OF(struct str) address;
    bool masked;
};
struct mandate_letters {
    VEC_OF(struct mandate_letter) rows;
};
