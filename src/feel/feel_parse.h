/* The parser (10.3.1.2): one pass over the text that builds nodes as it goes, since only the scope tells names apart.
 */
#pragma once
#include "feel_room.h"

struct feel_parser {
    struct feel_build *b;
    struct str text;
    size_t pos;
    int depth;
    bool failed;
    size_t fault_at;
    struct str fault;
    bool range_end; /* what is read is the upper end of a range: `[` may close it */
};

enum { PREC_OR, PREC_AND, PREC_COMPARE, PREC_ADD, PREC_MUL, PREC_POW, PREC_UNARY };

/* ---- feel_lex.c */
void feel_p_skip(struct feel_parser *p);
bool feel_p_at(struct feel_parser *p, const char *literal);
bool feel_p_accept(struct feel_parser *p, const char *literal);
bool feel_p_expect(struct feel_parser *p, const char *literal); /* else the text is at fault */
bool feel_p_at_word(struct feel_parser *p, const char *word);
bool feel_p_word(struct feel_parser *p, const char *word);
void feel_p_fail(struct feel_parser *p, const char *what);
bool feel_p_string(struct feel_parser *p, struct str *ret); /* false: none begins here */
/* The longest name in scope that begins here. */
bool feel_p_known(struct feel_parser *p, struct str *ret_name, struct str *ret_key);
/* The longest name of a type that begins here. */
bool feel_p_type_name(struct feel_parser *p, struct str *ret_key);
/* A name that is not in scope: words up to the next keyword. */
bool feel_p_unknown(struct feel_parser *p, struct str *ret_name);
/* A name that is declared: what stands before one of these characters, or before the word (NULL: none). */
bool feel_p_declared(struct feel_parser *p, const char *enders, const char *word, struct str *ret_name);
/* The name of a member of a value of that type. */
bool feel_p_member(struct feel_parser *p, const struct feel_type *type, struct str *ret_name);
const struct feel_type *feel_p_type(struct feel_parser *p); /* feel_parse_type.c */

/* ---- feel_parse.c */
struct feel_node *feel_p_expression(struct feel_parser *p);
struct feel_node *feel_p_climb(struct feel_parser *p, int least);
struct feel_node *feel_p_primary(struct feel_parser *p); /* feel_parse_primary.c */
struct feel_node *feel_p_form(struct feel_parser *p);    /* for, if, some, every, function; NULL: none begins here */
struct feel_node *feel_p_call(struct feel_parser *p, struct feel_node *function);
struct feel_node *feel_p_tests_in(struct feel_parser *p, uint32_t slot); /* after `in` */
/* What follows `..` in a range. */
struct feel_node *feel_p_upper_end(struct feel_parser *p, size_t from, struct feel_node *low,
                                   enum feel_bound low_bound);
struct feel_node *feel_p_nothing(struct feel_parser *p); /* in place of what could not be read */
/* Nodes made from now on are from there to here. */
void feel_p_place(struct feel_parser *p, size_t from);
