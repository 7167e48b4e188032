/* Inside import/: the part of JavaScript (ECMA-262) that conditions and validations of published forms are written in,
   parsed to a tree. Nothing is ever evaluated. */
#pragma once
#include "base/base.h"

enum { JS_BYTES = 64 << 10, JS_DEPTH = 60, JS_NODES = 20000 };

enum js_kind {
    JS_UNDEFINED, /* also null: text "null" */
    JS_TRUE,
    JS_FALSE,
    JS_NUMBER, /* text: decimal digits as they were written */
    JS_STRING, /* text: its value, UTF-8 */
    JS_REGEX,  /* text: the pattern; op: flags */
    JS_NAME,   /* text */
    JS_MEMBER, /* of[0].text; also of[0]["text"] */
    JS_INDEX,  /* of[0][of[1]], the index not a literal string */
    JS_CALL,   /* of[0](of[1] …) */
    JS_NEW,    /* new of[0](of[1] …) */
    JS_UNARY,  /* op: ! - + typeof */
    JS_BINARY, /* op: == === < … + - * / % && || ?? */
    JS_CHOICE, /* of[0] ? of[1] : of[2] */
    JS_ARRAY,
    JS_FUNCTION /* of[0] is what it returns; params */
};

struct js {
    enum js_kind kind;
    struct str text;
    struct str op;
    const struct js **of;
    size_t n;
    struct str *params;
    size_t n_params;
};

/* A function that the script declares; it may stand after its use. */
struct js_named {
    struct str name;
    const struct js *fn;
};
struct js_script {
    const struct js *value;
    VEC_OF(struct js_named) functions;
};

/* What the script returns or leaves in the variable `result` ("show", "valid"; true before it), as one expression:
   variables are put in where they are used, `if` becomes a choice. All in cx->arena. ERR_SYNTAX: not of this subset,
   and where ("at 17: …"); so is what cannot be followed: loops, a function that changes what is outside it, a `return`
   in an inner block with more after it. */
enum err js_read(struct cx *cx, struct str script, struct str result, struct js_script *ret);

/* The node written as JavaScript again, for reports; at most `max` bytes and then "…". */
struct str js_text(struct arena *a, const struct js *e, size_t max);
