/* Views of text that somebody else owns. Not NUL-terminated; UTF-8 unless said otherwise. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct str {
    const char *p;
    size_t n;
};

/* HTML that has been escaped or made by us: the only type a template puts out raw. */
struct html {
    struct str s;
};

/* A view of a string literal. */
#define S(literal) ((struct str){"" literal, sizeof(literal) - 1})
/* For printf: printf("%" PRI_STR, STR_ARG(s)). */
#define PRI_STR ".*s"
#define STR_ARG(s) (int)(s).n, (s).p

static inline struct str str_make(const char *p, size_t n)
{
    return (struct str){p, n};
}
/* A view of a NUL-terminated string; NULL gives the empty view. */
struct str str_of(const char *z);

bool str_eq(struct str a, struct str b);
bool str_eq_z(struct str a, const char *z);
bool str_ieq(struct str a, struct str b); /* ASCII case folded: header names, schemes */
int str_cmp(struct str a, struct str b);  /* by bytes, as memcmp */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
static inline bool str_empty(struct str s)
{
    return s.n == 0;
}

/* Index of the first `c` or `needle` at or after `from`; s.n when there is none. */
size_t str_find_char(struct str s, char c, size_t from);
size_t str_find(struct str s, struct str needle, size_t from);

/* Bytes [from, to), both clipped to the string. */
struct str str_slice(struct str s, size_t from, size_t to);
/* Without ASCII blanks, tabs, CR and LF at both ends. */
struct str str_trim(struct str s);
/* Take what stands before the first `sep` off the front of *rest (all of it when there is none). False when *rest was
   empty and exhausted (p == NULL). "a,,b" gives "a", "", "b". */
bool str_cut(struct str *rest, char sep, struct str *ret_piece);

/* Decimal, optional '-', nothing else around, within int64. False when it is not. */
bool str_to_i64(struct str s, int64_t *ret_value);

struct str str_dup(struct arena *a, struct str s);
char *str_z(struct arena *a, struct str s); /* NUL-terminated copy */
struct str str_fmt(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Several texts, one behind the other: str_cat(a, S("by "), name); what str_fmt does, without reading a format. */
#define str_cat(a, ...) \
    str_cat_all((a), (const struct str[]){__VA_ARGS__}, sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))
struct str str_cat_all(struct arena *a, const struct str *texts, size_t n);
struct str str_lower_ascii(struct arena *a, struct str s);
struct str str_hex(struct arena *a, const void *bytes, size_t n);
/* Lower- or upper-case hex to bytes; false on anything else or an odd length. Writes s.n / 2 bytes. */
bool str_unhex(struct str s, unsigned char *ret_bytes);
