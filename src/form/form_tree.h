/* Inside form/: the compiled form.yaml. Immutable; everything lives in the arena of its service version. */
#pragma once
#include "form.h"

enum {
    FORM_PAGES = 200,
    FORM_FIELDS = 10000,
    FORM_OPTIONS = 1000,
    FORM_ROWS = 500,  /* of one repeat */
    FORM_BOXES = 900, /* inputs of one page or row: a browser may send 1000 fields (http/) */
    FORM_DEPTH = 4,
    FORM_EXPR_DEPTH = 12
};
#define FORM_NUMBER_ONE INT64_C(10000) /* numbers are kept in 1/10 000 */

enum form_kind {
    FORM_TEXT,
    FORM_LONGTEXT,
    FORM_NUMBER,
    FORM_MONEY,
    FORM_DATE,
    FORM_MONTH, /* as the first day of it */
    FORM_YESNO,
    FORM_RADIO,
    FORM_SELECT,
    FORM_MULTISELECT,
    FORM_CHECKBOX,
    FORM_DECLARATION, /* a checkbox below the text it agrees to */
    FORM_COUNTRY,     /* ISO 3166-1 alpha-2 */
    FORM_CURRENCY,    /* ISO 4217 */
    FORM_EMAIL,
    FORM_PHONE,
    FORM_ADDRESS,
    FORM_IDNO,
    FORM_ORGNO,
    FORM_ACCOUNT,
    FORM_IBAN,
    FORM_FILE,
    FORM_ATTACHMENT, /* only in form.yaml: it is read as a radio, a file and a text */
    FORM_INFO,
    FORM_WARNING,
    FORM_GROUP,
    FORM_REPEAT,
    FORM_KIND_COUNT
};

/* A date literal: a fixed day, or today plus years, months and days. */
struct form_when {
    bool today;
    day_t day;
    int years, months, days;
};

struct form_field;
struct form_expr;

/* What an expression gives. Money is a number of kroner. */
enum form_type {
    FORM_TYPE_NONE, /* of a field that can only be asked whether it is empty */
    FORM_TYPE_NUMBER,
    FORM_TYPE_DATE,
    FORM_TYPE_FLAG,
    FORM_TYPE_TEXT,
    FORM_TYPE_CHOICES
};

enum form_calc_op {
    FORM_CALC_LITERAL,
    FORM_CALC_FIELD,
    FORM_CALC_SUM,
    FORM_CALC_DIFF,
    FORM_CALC_PRODUCT,
    FORM_CALC_QUOTIENT,
    FORM_CALC_LEAST,
    FORM_CALC_GREATEST,
    FORM_CALC_COUNT,
    FORM_CALC_TOTAL,
    FORM_CALC_AGE,
    FORM_CALC_YEARS,
    FORM_CALC_MONTHS,
    FORM_CALC_DAYS,
    FORM_CALC_SHIFT,
    FORM_CALC_YEAR,
    FORM_CALC_MONTH_OF,
    FORM_CALC_WEEKDAY,
    FORM_CALC_LENGTH,
    FORM_CALC_CHOOSE
};

/* An expression: what can stand on either side of a comparison, as a limit, or as a computed answer. */
struct form_calc {
    enum form_calc_op op;
    enum form_type type;
    bool money;                          /* written as money is: 1.250 is a thousand and more */
    int latest;                          /* order of the latest field it looks at; -1: none */
    const struct form_field *repeat;     /* it looks at fields of one row of this; NULL: none */
    const struct form_field *field;      /* FIELD, COUNT, TOTAL */
    const struct form_expr *cond;        /* COUNT, TOTAL: only rows where it holds; NULL: all. CHOOSE */
    VEC_OF(const struct form_calc *) of; /* operands */
    struct str text;                     /* LITERAL: text, option key */
    int64_t number;                      /* LITERAL: 1/10 000; yes/no as 0 or 1 */
    struct form_when date;               /* LITERAL; SHIFT: how far */
};

enum form_op {
    FORM_ALL,
    FORM_ANY,
    FORM_NOT,
    FORM_SOME, /* of the rows of a repeat */
    FORM_EVERY,
    FORM_EQ,
    FORM_NE,
    FORM_LT,
    FORM_LE,
    FORM_GT,
    FORM_GE,
    FORM_IN,
    FORM_CONTAINS,
    FORM_STARTS,
    FORM_ENDS,
    FORM_MATCHES,
    FORM_EMPTY
};

struct form_expr {
    enum form_op op;
    int latest;                              /* order of the latest field it looks at; -1: none */
    const struct form_field *repeat;         /* it looks at fields of one row of this; NULL: none */
    const struct form_field *field;          /* EMPTY, SOME, EVERY */
    VEC_OF(const struct form_expr *) of;     /* ALL, ANY, NOT, SOME, EVERY */
    const struct form_calc *left;            /* EQ … MATCHES */
    VEC_OF(const struct form_calc *) values; /* the right side: one; IN: any number */
    void *pattern;                           /* MATCHES: pcre2_code, anchored at both ends */
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

enum form_source {
    FORM_TYPED,
    FORM_REGISTER,
    FORM_LOGIN,
    FORM_EARLIER /* what the same person answered in another service; typed when there is no such answer */
};
/* A question of another service. */
struct form_earlier_ref {
    struct str service, field;
};
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

struct form_codes {
    struct str *p;
    size_t n, cap;
};

/* An attachment is read as three fields; these are the two that form.yaml does not write out. */
enum form_part_of { FORM_WHOLE, FORM_PART_FILE, FORM_PART_NOTE };

struct form_field {
    struct str id;
    enum form_kind kind;
    int order;                       /* place among all fields of the form, groups and blocks too */
    int last;                        /* order of the last field inside a group or repeat; else its own */
    int page;                        /* index of its page */
    const struct form_field *group;  /* group or repeat around it; NULL: directly on the page */
    const struct form_field *repeat; /* the repeat around it; NULL: none */
    enum form_part_of part;
    const struct form_field *attachment; /* of a part: the radio */
    struct words label;                  /* the title of a group; the text of info and warning (Markdown) */
    struct words hint;
    struct words text; /* of a declaration: Markdown */
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
    const struct form_calc *min_calc, *max_calc; /* instead, when it is no literal */
    int decimals;
    struct words unit;
    struct str autocomplete;
    /* prefill */
    enum form_source source;
    enum form_attr attr;
    bool editable;
    struct words correct;
    VEC_OF(struct form_earlier_ref) earlier; /* FORM_EARLIER: where it may have been answered */
    /* what stands there until it is answered, as it would be typed; of a date: default_date */
    VEC_OF(struct str) initial;
    bool has_default_date;
    struct form_when default_date;
    const struct form_calc *value; /* computed: nobody types it. NULL: it is typed */
    struct str country;            /* account: "no" or "dk"; empty: of the municipality */
    struct form_codes only;        /* country, currency: the codes offered; empty: all but `except` */
    struct form_codes except;
    /* repeat */
    struct words row, add;
    VEC_OF(const struct form_field *) show;
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

/* Names to numbers, by hashing. */
struct form_index {
    struct str *keys;
    int *values;
    size_t n, room; /* room: a power of two */
};
int form_index_get(const struct form_index *x, struct str key); /* -1: not there */
void form_index_put(struct arena *a, struct form_index *x, struct str key, int value);

struct form {
    struct form_index by_id; /* of field ids to their order */
    int minutes;             /* 0: not said */
    VEC_OF(struct words) need;
    VEC_OF(struct form_page) pages;
    VEC_OF(const struct form_field *) fields; /* all, by order */
    VEC_OF(struct form_check) checks;
    const struct form_field *lines;  /* NULL: none */
    const struct form_field *cosign; /* names who must sign too; NULL: none does, or the register says who */
    bool uses_earlier;               /* some field is FORM_EARLIER */
    bool prefills_contact;           /* e-mail or phone, which the party may have told itself */
};

/* form_load.c: compile a form.yaml. Each fault becomes one problem; *ret is written when there was none. All memory
   from `a`; the tree `yaml` must live as long. ERR_SYNTAX: there were faults. */
enum err form_load(struct cx *cx, struct arena *a, const struct service_version *version, const struct yaml *yaml,
                   struct problems *problems, const struct form **ret);

/* form_expr.c */

/* A named condition, as `conditions:` gives it. */
struct form_named {
    struct str name;
    const struct form_expr *expr; /* NULL when it was wrong */
};
struct form_names {
    VEC_OF(struct form_named) list;
    const struct form *form; /* the fields to look up */
    struct problems *problems;
    struct arena *arena;
};
/* Read a condition (a name, or an operator and its operands). NULL: it was wrong, and the problem is added. `depth`:
   how deep it lies in others. */
const struct form_expr *form_expr_read(struct form_names *names, const struct yaml *node, int depth);
const struct form_field *form_field_of(const struct form *form, struct str id); /* NULL: none */
struct str form_names_all(struct arena *a, const struct form *form); /* the ids, blank-separated: for "did you mean" */
/* "did you mean `x`?", or `otherwise`. */
const char *form_did_you_mean(struct form_names *names, struct str wrong, struct str words, const char *otherwise);
/* The field that an operand names; it must ask something, or be a repeat when that is allowed. NULL: problem added. */
const struct form_field *form_operand_field(struct form_names *names, const struct yaml *node, bool repeat);
/* Join what a part looks at to what the whole does. False: it looks at rows of two repeats; the problem is added. */
bool form_looks_join(struct form_names *names, const struct yaml *at, int latest, const struct form_field *repeat,
                     int *latest_all, const struct form_field **repeat_all);
/* A pattern that must match the whole value: pcre2_code in the arena. NULL: it was wrong, and the problem is added. */
void *form_pattern_compile(struct form_names *names, const struct yaml *node, struct str text);

/* form_calc.c */

/* Read an expression: a field, a literal in the type of `like` (NULL: there is nothing to go by, so no literal), or an
   operator. NULL: it was wrong, and the problem is added. */
const struct form_calc *form_calc_read(struct form_names *names, const struct yaml *node, const struct form_calc *like,
                                       int depth);
/* An expression that looks at this field: to give literals a type. */
const struct form_calc *form_calc_of(struct arena *a, const struct form_field *f);
enum form_type form_type_of(enum form_kind kind);

/* form_literal.c: what a person or a file wrote, as a value. Each is false when it is not of its form. */
bool form_read_when(struct str s, struct form_when *ret);  /* 2026-01-31, 2026-01, today, today-18y, today+30d-3m */
bool form_read_shift(struct str s, struct form_when *ret); /* +1y-1d: years, months, days of *ret */
day_t form_shift_day(day_t day, const struct form_when *by);
day_t form_when_day(const struct form_when *w, day_t today);
day_t form_month_day(day_t day);                          /* the first of its month, as a month is kept */
struct str form_write_number(struct arena *a, int64_t v); /* "12.5" */
