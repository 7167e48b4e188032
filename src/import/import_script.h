/* Inside import/: a script while it is translated; import_script.c evaluates symbolically, import_script_use.c makes
   conditions, checks and computed values of it. */
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

/* What an expression is, without running it. */
struct val script_eval(struct translation *t, const struct js *e);
/* When JavaScript would call it true. */
const struct cond *script_truth(struct translation *t, const struct js *e);
/* Remember the first part that is not translated. */
struct val script_unknown(struct translation *t, const struct js *e, const char *what);
/* As a number to count with: a node and the latest item looked at. False: it is none. */
bool script_number(struct translation *t, const struct val *v, struct yaml **ret, const struct item **ret_latest);
