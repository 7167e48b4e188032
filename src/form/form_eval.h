/* Inside form/: what was given, and what it means: which fields are asked, their values, what is wrong. */
#pragma once
#include "form_tree.h"
#include "party/party.h"

/* What came for one field, or one part of it ("born.day"), as it was typed. */
struct form_raw {
    struct str name;
    VEC_OF(struct str) values;
};
struct form_raws {
    VEC_OF(struct form_raw) list;
};
/* The values of that name; NULL when the page that asks it was never saved. */
const struct form_raw *form_raw_of(const struct form_raws *raws, struct str name);
/* Replace what is there. */
void form_raw_set(struct arena *a, struct form_raws *raws, struct str name, const struct str *values, size_t n);

struct form_upload {
    int64_t id;
    struct str field, name, mime;
    struct file_ref file;
};

/* Everything an evaluation needs besides the form. */
struct form_given {
    struct form_raws raws;
    VEC_OF(struct form_upload) uploads;
    const struct party *party; /* who fills in, as the register knows them now; NULL: anonymous */
    struct party_facts facts;  /* who told what when; may be empty: then it was the register */
    day_t today;
};

struct form_value {
    bool visible;
    bool empty;         /* nothing was given, or the field is hidden */
    bool bad;           /* something was given that cannot be read; `text` has it as typed */
    bool register_fact; /* came from register or login and was not changed */
    struct str told_by; /* of a register fact: "register", "login", "self" (the person, on my page) */
    int64_t fetched_us;
    int64_t number;            /* number, money, yes/no and checkbox (0, 1), date (day_t), idno (party id) */
    struct str text;           /* text and its like; option key of radio and select; masked identity number */
    VEC_OF(struct str) chosen; /* multiselect, in the order of the form */
    struct str street, postcode, city;
    size_t n_files;
};

/* What is wrong with one answer, in words of cx->lang. */
struct form_wrong {
    const struct form_field *field;
    struct str message;
};

struct form_eval {
    const struct form *form;
    const struct form_given *given;
    struct form_value *values;       /* by field order */
    bool *pages;                     /* is the page asked? */
    VEC_OF(struct form_wrong) wrong; /* in the order of the form; a field at most once */
};

/* Evaluate the whole form once, in order. Nothing is stored. Result in cx->arena. */
void form_evaluate(struct cx *cx, const struct form *form, const struct form_given *given, struct form_eval *ret);

bool form_holds(const struct form_eval *e, const struct form_expr *expr);
/* First page asked, the next after and the one before `page` (-1 when there is none). */
int form_page_after(const struct form_eval *e, int page);
int form_page_before(const struct form_eval *e, int page);
/* Is the field a fact that the citizen cannot type here (law 9)? */
bool form_is_fixed(const struct form_field *f);
/* Does the register of incomes or of people say it of the household? */
bool form_is_household(const struct form_field *f);
/* Is it answered (not info, warning, group)? */
bool form_asks(const struct form_field *f);
bool form_option_shown(const struct form_eval *e, const struct form_option *o);
const struct form_option *form_option_of(const struct form_field *f, struct str key); /* NULL: none */

/* form_read.c: one field from what was typed, into *v (visible already set). */
void form_read_value(struct cx *cx, const struct form_field *f, const struct form_given *given, struct form_value *v);

/* form_check.c: what is wrong with a visible field; empty: nothing. */
struct str form_wrong_with(struct cx *cx, const struct form_eval *e, const struct form_field *f);

/* form_json.c: the answers as the record keeps them, and back. */
struct form_json_head {
    enum lang lang;
    enum channel channel;
    struct str helper; /* "Borgerservice (Carl Friis)", who typed; empty: the citizen alone */
};
struct str form_answers_json(struct cx *cx, const struct form_eval *e, const struct form_json_head *head);
/* Fills `ret` with values as form_evaluate would have (no faults); hidden fields are those the JSON lacks. */
enum err form_answers_read(struct cx *cx, const struct form *form, struct str answers_json, struct form_eval *ret);

/* form_words.c: "Hentet fra folkeregistret 23. november 2026", empty when it was typed. */
struct str form_source_words(struct cx *cx, const struct form_value *v);

/* An answer in words of cx->lang, lines parted by LF; empty when nothing was answered. */
struct str form_value_words(struct cx *cx, const struct form_field *f, const struct form_value *v);

/* form_show.c */
void form_lines_of(struct cx *cx, const struct form_eval *e, enum lang lang, struct form_submission *ret);
/* Pages and rows as shown on review, receipt and desk. base: "/form/draft/<id>", or empty for no links. */
void form_show_eval(struct cx *cx, const struct form_eval *e, struct str base, struct form_shown *ret);
