/* Inside import/: a script while it is parsed; import_js_token.c takes it apart into tokens, import_js.c makes
   expressions and statements of them. */
#pragma once
#include "import_js.h"

enum js_token_kind { JS_T_END, JS_T_NUMBER, JS_T_STRING, JS_T_NAME, JS_T_SIGN, JS_T_REGEX };

struct js_token {
    enum js_token_kind kind;
    struct str text;
    struct str flags; /* of a regular expression */
    size_t at;
};

struct js_parser {
    struct cx *cx;
    struct str src;
    size_t at;
    struct js_token t; /* the one to be taken next */
    bool operand;      /* may the next token begin an operand: then `/` begins a regular expression */
    int depth, nodes;
    int falls; /* ways that leave a block without a return, beside others of it that return */
    struct js_script *script;
    struct str result; /* the variable that counts */
    struct str fault;  /* the first one; then everything ends at once */
    size_t fault_at;
};

/* The first fault counts; from there on the script is at its end. `what` is a literal. */
void js_fault(struct js_parser *p, size_t at, const char *what);
/* The token after this one becomes p->t. */
void js_next(struct js_parser *p);
bool js_is_sign(const struct js_parser *p, const char *sign);
bool js_is_word(const struct js_parser *p, const char *word);
/* Go past it, if it stands there. */
bool js_take_sign(struct js_parser *p, const char *sign);
bool js_take_word(struct js_parser *p, const char *word);
/* Go past the sign that must stand there; a fault if it does not. */
void js_expect(struct js_parser *p, const char *sign);
