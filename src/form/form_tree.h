/* Inside form/: the compiled form.yaml. Immutable; everything lives in the arena of its service version. */
#pragma once
#include "form.h"

enum { FORM_PAGES = 100, FORM_FIELDS = 3000, FORM_OPTIONS = 1000, FORM_DEPTH = 4, FORM_EXPR_DEPTH = 12 };
#define FORM_NUMBER_ONE INT64_C(10000) /* numbers are kept in 1/10 000 */

enum form_kind {
    FORM_TEXT,
    FORM_LONGTEXT,
    FORM_NUMBER,
    FORM_MONEY,
    FORM_DATE,
    FORM_YESNO,
    FORM_RADIO,
    FORM_SELECT,
    FORM_MULTISELECT,
    FORM_CHECKBOX,
    FORM_EMAIL,
    FORM_PHONE,
    FORM_ADDRESS,
    FORM_IDNO,
    FORM_ORGNO,
    FORM_FILE,
    FORM_INFO,
    FORM_WARNING,
    FORM_GROUP,
    FORM_KIND_COUNT
};

/* A date literal: a fixed day, or today plus years, months and days. */
struct form_when {
    bool today;
    day_t day;
    int years, months, days;
};

enum form_op {
    FORM_ALL,
    FORM_ANY,
    FORM_NOT,
    FORM_EQ,
    FORM_NE,
    FORM_LT,
    FORM_LE,
    FORM_GT,
    FORM_GE,
    FORM_IN,
    FORM_EMPTY
};

struct form_field;

/* The right side of a comparison: a literal in the type of the left field, or another field. */
struct form_literal {
    const struct form_field *field;
    struct str text; /* text, option key */
    int64_t number;  /* number in 1/10 000, money in øre, yes/no as 0 or 1 */
    struct form_when date;
};

struct form_expr {
    enum form_op op;
    int latest;                          /* order of the latest field it looks at; -1: none */
    const struct form_field *field;      /* EQ … EMPTY */
    VEC_OF(const struct form_expr *) of; /* ALL, ANY, NOT */
    VEC_OF(struct form_literal) values;  /* EQ … GE: one; IN: any number */
};

struct form_check {
    struct str name;
    void *pattern; /* pcre2_code, anchored at both ends; NULL: `must` */
    struct str pattern_text;
    const struct form_expr *must;
    struct words message;
};

struct form_option {
    struct str key;
    struct words label, hint;
    const struct form_expr *when; /* NULL: always */
};

enum form_source { FORM_TYPED, FORM_REGISTER, FORM_LOGIN };
enum form_attr {
    FORM_ATTR_NAME,
    FORM_ATTR_ADDRESS,
    FORM_ATTR_EMAIL,
    FORM_ATTR_PHONE,
    FORM_ATTR_BORN,
    FORM_ATTR_IDNO,
    FORM_ATTR_INCOME, /* from here on: of the household (party_is_household) */
    FORM_ATTR_CHILDREN,
    FORM_ATTR_SINGLE
};

struct form_field {
    struct str id;
    enum form_kind kind;
    int order;                      /* place among all fields of the form, groups and blocks too */
    int page;                       /* index of its page */
    const struct form_field *group; /* NULL: directly on the page */
    struct words label;             /* the title of a group; the text of info and warning (Markdown) */
    struct words hint;
    const struct service_purpose *why;
    bool why_own; /* named on the field itself, not inherited from its page or group */
    bool required;
    const struct form_expr *required_when; /* with required: only when it holds */
    const struct form_expr *when;
    VEC_OF(struct form_option) options;
    VEC_OF(const struct form_check *) checks;
    VEC_OF(const struct form_field *) fields; /* of a group */
    /* limits; meaning by kind */
    bool has_min, has_max;
    int64_t min, max; /* number 1/10 000, money øre, multiselect count, text code points */
    struct form_when min_date, max_date;
    int decimals;
    struct words unit;
    struct str autocomplete;
    /* prefill */
    enum form_source source;
    enum form_attr attr;
    bool editable;
    struct words correct;
    /* file */
    VEC_OF(const struct filetype *) accept;
    int64_t max_bytes;
    int max_files;
    struct str doc_kind;
};

struct form_page {
    struct str id;
    struct words title, intro;
    const struct form_expr *when;
    const struct service_purpose *why; /* inherited by its fields; shown once */
    int first;                         /* order of the first field that comes after its beginning */
    VEC_OF(const struct form_field *) fields;
};

struct form {
    int minutes; /* 0: not said */
    VEC_OF(struct words) need;
    VEC_OF(struct form_page) pages;
    VEC_OF(const struct form_field *) fields; /* all, by order */
    VEC_OF(struct form_check) checks;
    const struct form_field *lines; /* NULL: none */
    bool prefills_contact;          /* e-mail or phone, which the party may have told itself */
};

/* form_load.c: compile a form.yaml. Each fault becomes one problem; *ret is written when there was none. All memory
   from `a`; the tree `yaml` must live as long. ERR_SYNTAX: there were faults. */
enum err form_load(struct cx *cx, struct arena *a, const struct service_version *version, const struct yaml *yaml,
                   struct problems *problems, const struct form **ret);

/* form_expr.c */

/* A named condition, as `conditions:` gives it. */
struct form_named {
    struct str name;
    const struct form_expr *expr; /* NULL while it is being read, or when it was wrong */
};
struct form_names {
    VEC_OF(struct form_named) list;
    const struct form *form; /* the fields to look up */
    struct problems *problems;
    struct arena *arena;
};
/* Read a condition (a name, or an operator and its operands). NULL: it was wrong, and the problem is added. */
const struct form_expr *form_expr_read(struct form_names *names, const struct yaml *node);
const struct form_field *form_field_of(const struct form *form, struct str id); /* NULL: none */
struct str form_names_all(struct arena *a, const struct form *form); /* the ids, blank-separated: for "did you mean" */

/* form_literal.c: what a person or a file wrote, as a value. Each is false when it is not of its form. */
bool form_read_when(struct str s, struct form_when *ret); /* 2026-01-31, today, today-18y, today+30d, today-3m */
day_t form_when_day(const struct form_when *w, day_t today);
struct str form_write_number(struct arena *a, int64_t v); /* "12.5" */
