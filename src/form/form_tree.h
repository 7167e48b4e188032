/* Inside form/: the compiled form.yaml. Immutable; everything lives in the arena of its service version. */
#pragma once
#include "form.h"

struct form_text {
    struct str in[LANG_COUNT]; /* all languages, or all empty when an optional text is not given */
};

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

enum form_op { FORM_ALL, FORM_ANY, FORM_NOT, FORM_EQ, FORM_NE, FORM_LT, FORM_LE, FORM_GT, FORM_GE, FORM_IN, FORM_EMPTY };

struct form_field;

/* The right side of a comparison: a literal in the type of the left field, or another field. */
struct form_literal {
    const struct form_field *field;
    struct str text;       /* text, option key */
    int64_t number;        /* number in 1/10 000, money in øre, yes/no as 0 or 1 */
    struct form_when date;
};

struct form_expr {
    enum form_op op;
    const struct form_field *field;     /* EQ … EMPTY */
    VEC_OF(const struct form_expr *) of; /* ALL, ANY, NOT */
    VEC_OF(struct form_literal) values;  /* EQ … GE: one; IN: any number */
};

struct form_check {
    struct str name;
    void *pattern;                /* pcre2_code, anchored at both ends; NULL: `must` */
    struct str pattern_text;
    const struct form_expr *must;
    struct form_text message;
};

struct form_option {
    struct str key;
    struct form_text label, hint;
    const struct form_expr *when; /* NULL: always */
};

enum form_source { FORM_TYPED, FORM_REGISTER, FORM_LOGIN };
enum form_attr { FORM_ATTR_NAME, FORM_ATTR_ADDRESS, FORM_ATTR_EMAIL, FORM_ATTR_PHONE, FORM_ATTR_BORN, FORM_ATTR_IDNO };

struct form_field {
    struct str id;
    enum form_kind kind;
    int order;                   /* place among all fields of the form, groups and blocks too */
    int page;                    /* index of its page */
    const struct form_field *group; /* NULL: directly on the page */
    struct form_text label;      /* the title of a group; the text of info and warning (Markdown) */
    struct form_text hint;
    const struct form_purpose *why;
    bool why_own;                /* named on the field itself, not inherited from its page or group */
    bool required;
    const struct form_expr *required_when; /* with required: only when it holds */
    const struct form_expr *when;
    VEC_OF(struct form_option) options;
    VEC_OF(const struct form_check *) checks;
    VEC_OF(const struct form_field *) fields; /* of a group */
    /* limits; meaning by kind */
    bool has_min, has_max;
    int64_t min, max;           /* number 1/10 000, money øre, multiselect count, text code points */
    struct form_when min_date, max_date;
    int decimals;
    struct form_text unit;
    struct str autocomplete;
    /* prefill */
    enum form_source source;
    enum form_attr attr;
    bool editable;
    struct form_text correct;
    /* file */
    bool accept_pdf, accept_jpg, accept_png;
    int64_t max_bytes;
    int max_files;
    struct str doc_kind;
};

struct form_page {
    struct str id;
    struct form_text title, intro;
    const struct form_expr *when;
    const struct form_purpose *why; /* inherited by its fields; shown once */
    VEC_OF(const struct form_field *) fields;
};

struct form {
    int minutes; /* 0: not said */
    VEC_OF(struct form_text) need;
    VEC_OF(struct form_page) pages;
    VEC_OF(const struct form_field *) fields; /* all, by order */
    VEC_OF(struct form_check) checks;
    const struct form_field *lines; /* NULL: none */
};
