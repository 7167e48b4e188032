/* Inside form/: what was given, and what it means: which fields are asked, their values, what is wrong. */
#pragma once
#include "form_tree.h"
#include "party/party.h"

/* What came for one field, or one part of it ("born.day"), as it was typed. A field of a row has the id of the row
   before it ("3k7f0a2c:born.day"); a repeat has the ids of its rows, in order. */
struct form_raw {
    struct str name;
    VEC_OF(struct str) values;
};
struct form_raws {
    VEC_OF(struct form_raw) list;
    struct form_index by_name;
};
/* The values of that name; NULL when the page that asks it was never saved. */
const struct form_raw *form_raw_of(const struct form_raws *raws, struct str name);
/* Replace what is there. */
void form_raw_set(struct arena *a, struct form_raws *raws, struct str name, const struct str *values, size_t n);
/* A copy that can be changed without changing this one. */
struct form_raws form_raws_copy(struct arena *a, const struct form_raws *raws);

struct form_upload {
    int64_t id;
    struct str field, name, mime;
    struct file_ref file;
};

/* Everything an evaluation needs besides the form. */
struct form_given {
    struct form_raws raws;
    VEC_OF(struct form_upload) uploads;
    const struct party *party;           /* who fills in, as the register knows them now; NULL: anonymous */
    struct party_facts facts;            /* who told what when; may be empty: then it was the register */
    VEC_OF(struct form_earlier) earlier; /* what the person answered in other services, as far as it may be used */
    day_t today;
};

struct form_row;

struct form_value {
    bool visible;
    bool empty;         /* nothing was given, or the field is hidden */
    bool bad;           /* something was given that cannot be read; `text` has it as typed */
    bool register_fact; /* came from register or login and was not changed */
    bool changed;       /* a fact was filled in beforehand, and something else was given */
    struct str told_by; /* of a register fact: "register", "income", "login", "self" (the person, on my page), "earlier"
                           (the person, in the application of another service) */
    struct str service, question; /* "earlier": key of that service, id of its question */
    int64_t fetched_us;
    int64_t
        number; /* number 1/10 000, money øre, yes/no and checkbox (0, 1), date and month (day_t), idno (party id) */
    struct str text;           /* text and its like; option key of radio and select; masked identity number */
    VEC_OF(struct str) chosen; /* multiselect, in the order of the form */
    struct str street, postcode, city;
    size_t n_files;
    VEC_OF(struct form_row) rows; /* repeat */
};

/* An earlier answer, as a value of the field it fills in. */
struct form_earlier {
    int order; /* of the field */
    struct form_value value;
};

/* One row of a repeat. */
struct form_row {
    struct str id;
    struct form_value *values; /* of the fields in the repeat, in order */
};

/* What is wrong with one answer, in words of cx->lang. */
struct form_wrong {
    const struct form_field *field;
    struct str row; /* id of the row it lies in; empty: none */
    int row_no;     /* from 1 */
    struct str message;
};

struct form_eval {
    const struct form *form;
    struct arena *arena;
    const struct form_given *given;
    struct form_value *values;       /* by field order; those in a repeat lie in its rows: form_at */
    const struct form_row *row;      /* the row that is looked at; NULL: none */
    bool *pages;                     /* is the page asked? */
    VEC_OF(struct form_wrong) wrong; /* in the order of the form; a field at most once in a row */
};

/* The value of a field; of one in a repeat: in the row that is looked at (one that is not asked when there is none). */
const struct form_value *form_at(const struct form_eval *e, const struct form_field *f);
/* The same evaluation, looking at that row. */
struct form_eval form_in_row(const struct form_eval *e, const struct form_row *row);
/* The row of that id; NULL: none. */
const struct form_row *form_row_of(const struct form_eval *e, const struct form_field *repeat, struct str id);
bool form_is_row_id(struct str s);
/* How the field is called in the raws: "born", in a row "3k7f0a2c:born". */
struct str form_key(struct arena *a, struct str row, const struct form_field *f);
/* "Barn 2" in cx->lang. */
struct str form_row_words(struct cx *cx, const struct form_field *repeat, size_t number);
/* The answers by which a row is known in a list, parted by commas; empty when none of them was answered. */
struct str form_row_answers(struct cx *cx, const struct form_eval *e, const struct form_field *repeat,
                            const struct form_row *row);

/* Evaluate the whole form once, in order. Nothing is stored. Result in cx->arena. */
void form_evaluate(struct cx *cx, const struct form *form, const struct form_given *given, struct form_eval *ret);

/* form_reckon.c */
bool form_holds(const struct form_eval *e, const struct form_expr *expr);
/* What an expression gives: a number in 1/10 000, a date as day_t, a flag as 0 or 1, or a text. */
struct form_datum {
    bool known; /* false: empty */
    int64_t number;
    struct str text;
};
struct form_datum form_reckon(const struct form_eval *e, const struct form_calc *c);
/* Does the whole text match? */
bool form_matches(struct arena *a, const void *pattern, struct str s);
/* The least or most that may be answered now, in the measure of the field (money in øre). False: there is no limit. */
bool form_limit(const struct form_eval *e, const struct form_field *f, bool most, int64_t *ret);

/* form_rests.c: does money that the citizen types decide what the field is, or whether it is asked? */
bool form_rests_on_typed_money(struct arena *a, const struct form *form, const struct form_field *f);

/* First page asked, the next after and the one before `page` (-1 when there is none). */
int form_page_after(const struct form_eval *e, int page);
int form_page_before(const struct form_eval *e, int page);
/* Is the field a fact that the citizen cannot type here (law 9)? */
bool form_is_fixed(const struct form_field *f);
/* Does the register of incomes or of people say it of the household? */
bool form_is_household(const struct form_field *f);
/* Can the citizen type it (neither a fact nor computed, nor an earlier answer that is not corrected here)? `e` NULL:
   before anything was evaluated. */
bool form_is_typed(const struct form_eval *e, const struct form_field *f);
/* Is it answered (not info, warning, group, repeat)? */
bool form_asks(const struct form_field *f);
/* One tick: checkbox, declaration. */
bool form_is_tick(const struct form_field *f);
/* One of several: radio, select, country, currency. */
bool form_is_choice(const struct form_field *f);
/* The code can be chosen at this country or currency. */
bool form_code_offered(const struct form_field *f, struct str code);
bool form_option_shown(const struct form_eval *e, const struct form_option *o);
const struct form_option *form_option_of(const struct form_field *f, struct str key); /* NULL: none */

/* form_read.c: one field from what was typed (or computed), into *v (visible already set). */
void form_read_value(struct cx *cx, const struct form_eval *e, const struct form_field *f, struct form_value *v);
/* What stands in an input: what was typed, or the default until then. part: "day" …, or NULL. */
struct str form_typed(struct cx *cx, const struct form_given *given, struct str row, const struct form_field *f,
                      const char *part);

/* form_earlier.c: the earlier answer for this field; false: there is none that may be used. */
bool form_earlier_answer(const struct form_given *given, const struct form_field *f, struct form_value *ret);
/* The answer of another form as a value of this field; false: it does not fit, or nothing was answered. */
bool form_earlier_value(struct cx *cx, const struct form_field *f, const struct form_value *of, struct form_value *ret);

/* form_check.c: what is wrong with a visible field; empty: nothing. */
struct str form_wrong_with(struct cx *cx, const struct form_eval *e, const struct form_field *f);

/* form_numbers.c: numbers with check digits, without their blanks; false when they are not valid. */
bool form_orgno_read(struct arena *a, struct str s, struct str *ret);
/* `country`: "no" or "dk". Danish: "1234 0001234567" gives "12340001234567". */
bool form_account_read(struct arena *a, struct str country, struct str s, struct str *ret);
bool form_iban_read(struct arena *a, struct str s, struct str *ret);                  /* in capitals */
struct str form_number_words(struct arena *a, enum form_kind kind, struct str plain); /* in groups, as people read it */

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

/* "november 2026" */
struct str form_month_words(struct cx *cx, day_t first);

/* An answer in words of cx->lang, lines parted by LF; empty when nothing was answered. */
struct str form_value_words(struct cx *cx, const struct form_field *f, const struct form_value *v);

/* form_show.c */
void form_lines_of(struct cx *cx, const struct form_eval *e, enum lang lang, struct form_submission *ret);
/* Pages and rows as shown on review, receipt and desk. base: "/form/draft/<id>", or empty for no links. */
/* "Den, der hjælper dig: Navn", "Barn 2: Navn", "Barn 2, Den anden forælder: Navn": read alone, a question in a group
   or a row needs it. row_no 0: no row. */
struct str form_full_label(struct cx *cx, const struct form_field *f, int row_no);
/* What an answer is called among those shown: the id; in a row with that of the row before it. */
struct str form_shown_key(struct arena *a, struct str row, const struct form_field *f);
void form_show_eval(struct cx *cx, const struct form_eval *e, struct str base, struct form_shown *ret);
