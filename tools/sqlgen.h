/* Inside sqlgen only. */
#pragma once
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Text that grows. A build tool frees nothing. */
struct out {
    char *p;
    size_t n, cap;
};
void put_n(struct out *o, const char *s, size_t n);
void put(struct out *o, const char *s);
void putf(struct out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *text_of(const struct out *o);       /* "" when nothing was put */
void put_literal(struct out *o, const char *s); /* as a C string literal */

void *xalloc(void *p, size_t n);
char *dup_n(const char *s, size_t n);
char *trimmed(const char *s, size_t n);
/* "path:line: …" and end: every message says what to do. */
void die(const char *path, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4), noreturn));
struct out slurp(const char *path);
/* Written only when changed, so that what depends on it is not built again. */
void spill(const char *path, const struct out *o);
const char *base_name(const char *path);

bool ident_char(char c);
size_t ident_length(const char *s); /* 0: no name begins here */
bool word_is(const char *s, size_t n, const char *word);
/* The length of the string, quoted name or comment that begins at s; 0 when none does. */
size_t opaque_length(const char *s);
/* The value of the directive `word` ("name:") in a comment line, or NULL. */
char *directive(const char *s, size_t n, const char *word);

void queries_main(char **argv);    /* OUT.c OUT.h MAIN.sql ALL.sql … */
void registry_main(char **argv);   /* OUT.c ROOM … -- ALL.sql … */
void migrations_main(char **argv); /* ROOM OUT.c FILE … */
