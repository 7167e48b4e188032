/* A filter while it is read: shared by odata_words.c, odata_path.c and odata_filter.c. */
#pragma once
#include "noark/odata_sql.h"

/* ---- its words (odata_words.c) ---- */

enum token { T_END, T_NAME, T_TEXT, T_NUMBER, T_TIME, T_OPEN, T_SHUT, T_COMMA, T_COLON, T_FAULT };

struct lexer {
    struct str s;
    size_t at;
    enum token kind;
    struct str text; /* of a name, number or time; of a text without its quotes */
};

void lex_next(struct cx *cx, struct lexer *l);
/* Is it this word, in letters of either size? */
bool lex_is(const struct lexer *l, const char *w);
bool lex_digit(char c);

/* ---- expressions (odata_filter.c) ---- */

struct compiler {
    struct sql *q;
    struct cx *cx;
    struct lexer l;
};

enum operand_kind { O_ATTR, O_TEXT, O_NUMBER, O_TIME, O_BOOL, O_NULL };

struct operand {
    enum operand_kind kind;
    struct str sql;           /* of an attribute or function */
    enum noark_kind type;     /* of it */
    bool is_id;               /* systemID */
    struct str text;          /* of a literal */
    bool flag;                /* of true and false */
    struct str before, after; /* EXISTS (… around the comparison, when the path led elsewhere */
};

/* ERR_BAD_REQUEST with the place. */
enum err filter_wrong(struct compiler *c, const char *what);

/* ---- paths (odata_path.c) ---- */

struct place { /* an entity the filter speaks of */
    const struct noark_type *t;
    struct str alias;
    struct str variable; /* its name in a lambda; empty: the entity of the list */
    const struct place *outer;
    struct str element; /* of a lambda over a list of values: the SQL of the value */
};

struct path {
    struct str words[NOARK_PATH_MAX];
    size_t n;
};

/* The word as the steps of a path, and on to the next word. */
enum err path_take(struct compiler *c, struct path *p);
/* Through relations to an attribute. Each step stands for "there is one that". */
enum err path_operand(struct compiler *c, const struct place *at, struct path *p, struct operand *ret);
/* The place whose variable that is, from the innermost outwards; NULL. */
const struct place *path_place(const struct place *at, struct str word);
/* An attribute of the type, or of one of its subtypes: mappe knows saksaar. */
const struct noark_attr *path_attr(const struct noark_type *t, struct str word);
/* The rows of another type that belong to this one by a relation of that name. */
bool path_navigate(struct compiler *c, const struct place *at, struct str word, const struct noark_type **ret_t,
                   struct str *ret_alias, struct str *ret_join);
/* "EXISTS (… AND ": a condition on alias and ")" follow. */
struct str path_exists(struct compiler *c, const struct noark_type *t, struct str alias, struct str join);
/* The same over the values of a list attribute, as rows v(value). */
struct str path_list(struct compiler *c, struct str alias, const struct str *names, size_t n, struct str v);
/* The value of such a row, or what lies below it. */
struct str path_list_value(struct compiler *c, struct str v, const struct str *names, size_t n);
