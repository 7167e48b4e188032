/* Inside import/: a script while it is translated; import_script.c, import_script_value.c and import_script_call.c
   evaluate symbolically, import_script_use.c makes conditions, checks and computed values of it. */
#pragma once
#include "import_form.h"
#include "import_js.h"

enum { SCRIPT_STEPS = 50000, SCRIPT_DEPTH = 400 };

enum val_kind {
    V_UNKNOWN, /* *t->why says it */
    V_NONE,    /* undefined, null */
    V_COND,
    V_TEXT,
    V_NUMBER,
    V_ITEM,   /* an answer */
    V_OPTION, /* is this option of it chosen */
    V_OBJECT, /* the answers below a container, a row, or all (item NULL) */
    V_ROWS,   /* a repeat */
    V_LIST,   /* an array written in the script */
    V_EXPR,   /* a number that is computed */
    V_DATE,   /* a day; yaml is a field, `today` or an expression */
    V_SPAN,   /* from one day to another, in `scale` milliseconds */
    V_FUNCTION,
    V_HELPER /* instance, utils, moment … */
};

struct val {
    enum val_kind kind;
    const struct cond *cond;
    const struct item *item;   /* of what it is; for EXPR, DATE and SPAN the latest looked at */
    struct str text;           /* TEXT, NUMBER: digits; OPTION: its value; HELPER: name */
    const struct js *js;       /* LIST, FUNCTION */
    struct yaml *yaml, *other; /* EXPR, DATE; SPAN: from, to */
    double scale;
    bool today;
};

struct bound {
    struct str name;
    struct val val;
};

struct translation {
    struct import *im;
    const struct item *at;
    const struct js_script *script;
    VEC_OF(struct bound) env;
    int steps, depth;
    struct str why; /* the first part that is not translated */
};

/* ---- import_script.c: operators and the whole ---- */
/* What an expression is, without running it. */
struct val script_eval(struct translation *t, const struct js *e);
/* When JavaScript would call it true. */
const struct cond *script_truth(struct translation *t, const struct js *e);

/* ---- import_script_value.c: what a value is, and comparing ---- */
/* Remember the first part that is not translated. */
struct val script_unknown(struct translation *t, const struct js *e, const char *what);
struct val script_of_cond(const struct cond *c);
struct val script_yes_no(struct translation *t, bool holds);
/* The opposite of a condition, if `negate`; anything else as it is. */
struct val script_negated(struct translation *t, struct val v, bool negate);
/* A number as form.yaml writes it: four decimals. */
struct str script_digits(struct arena *a, double d);
double script_float(struct translation *t, struct str digits);
struct yaml *script_field(struct translation *t, const struct item *item);
/* As a number to count with: a node and the latest item looked at. False: it is none. */
bool script_number(struct translation *t, const struct val *v, struct yaml **ret, const struct item **ret_latest);
/* As a day, if it is one: an answer of the type date, a text "2026-01-31". */
bool script_date(struct translation *t, const struct val *v, struct val *ret);
bool script_is_boolean(const struct val *v);
/* When JavaScript would call that value true; `e` is where it stands. */
const struct cond *script_truth_of(struct translation *t, const struct val *v, const struct js *e);
struct val script_equals(struct translation *t, const struct val *x, const struct val *y, const struct js *e);
/* `op`: lt, le, gt or ge (eq for two days or spans). */
struct val script_order(struct translation *t, const char *op, const struct val *x, const struct val *y,
                        const struct js *e);
struct val script_compare_dates(struct translation *t, const char *op, const struct val *x, const struct val *y);

/* ---- import_script_call.c: names, members and calls ---- */
struct val script_name(struct translation *t, const struct js *e);
struct val script_member(struct translation *t, const struct js *e);
struct val script_call(struct translation *t, const struct js *e);
/* [a, b].includes(x). */
struct val script_includes(struct translation *t, const struct val *list, const struct val *x, const struct js *e);
/* new Date(x), moment(x); without an argument today. */
struct val script_to_date(struct translation *t, const struct val *args, size_t n, const struct js *e);
