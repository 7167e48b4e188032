/* Run time of the compiled templates (tools/tplgen turns src/<room>/html/<x>.html into tpl_<name>.c).
   Escaping is chosen by tplgen from where the value stands; a template cannot put out raw text but struct html.

     struct tpl o = tpl_begin(cx);
     tpl_desk_queue(&o, &view);
     struct html body = tpl_end(&o);                                                                       */
#pragma once
#include "base/base.h"
#include "i18n/i18n.h"

/* What is being written. All memory is cx->arena. */
struct tpl {
    struct cx *cx;
    struct buf b;
};

struct tpl tpl_begin(struct cx *cx);
/* What was written; `o` is not used afterwards. */
struct html tpl_end(struct tpl *o);

/* Everything below is called by generated code. */

void tpl_raw(struct tpl *o, const char *p, size_t n);
void tpl_csrf(struct tpl *o); /* the token of the hidden field "csrf": cx->csrf(cx) */
void tpl_text_key(struct tpl *o, enum text key);
void tpl_icon(struct tpl *o, const char *sprite_url, const char *name);

/* Between tags: & < > escaped. */
void tpl_text_str(struct tpl *o, struct str s);
void tpl_text_z(struct tpl *o, const char *z);
void tpl_text_html(struct tpl *o, struct html h); /* raw */
/* Numbers are digits alone (they also stand in addresses); {{number x}} groups them for reading. */
void tpl_i64(struct tpl *o, int64_t v);
void tpl_u64(struct tpl *o, uint64_t v);
/* In a quoted attribute: & < > " ' escaped. */
void tpl_attr_str(struct tpl *o, struct str s);
void tpl_attr_z(struct tpl *o, const char *z);
/* One part of the path of an address: all but letters, digits and -._~@+: becomes %XX; a part of dots alone vanishes.
 */
void tpl_path_str(struct tpl *o, struct str s);
void tpl_path_z(struct tpl *o, const char *z);
/* The first part, after "/": as above, and an empty part becomes "-", so that "//host" cannot come about. */
void tpl_first_str(struct tpl *o, struct str s);
void tpl_first_z(struct tpl *o, const char *z);
/* A name or value in the query or fragment: all but letters, digits and -._~ becomes %XX. */
void tpl_query_str(struct tpl *o, struct str s);
void tpl_query_z(struct tpl *o, const char *z);
/* A whole address for a link: "/…" (not "//…"), "#…", "?…", http:, https:, mailto:, tel:. Anything else becomes "#". */
void tpl_url_str(struct tpl *o, struct str s);
void tpl_url_z(struct tpl *o, const char *z);
/* A whole address we ourselves serve (action, src): "/…" but not "//…", else "#". */
void tpl_local_str(struct tpl *o, struct str s);
void tpl_local_z(struct tpl *o, const char *z);

#define TPL_NUMBERS \
    short : tpl_i64, \
            int : tpl_i64, \
                  long : tpl_i64, \
                         long long : tpl_i64, \
                                     unsigned char : tpl_u64, \
                                                     unsigned short : tpl_u64, \
                                                                      unsigned : tpl_u64, \
                                                                                 unsigned long : tpl_u64, \
                                                                                                 unsigned long long \
        : tpl_u64
#define TPL_STRINGS(where) struct str : tpl_##where##_str, char * : tpl_##where##_z, const char * : tpl_##where##_z
#define TPL_PUT(where, o, x) _Generic((x), TPL_STRINGS(where), TPL_NUMBERS)((o), (x))
#define TPL_TEXT(o, x) _Generic((x), struct html : tpl_text_html, TPL_STRINGS(text), TPL_NUMBERS)((o), (x))

/* {{if}}: a text that is not empty, a number that is not 0, a pointer that is not NULL. */
static inline bool tpl_is_str(struct str s)
{
    return s.n > 0;
}
static inline bool tpl_is_html(struct html h)
{
    return h.s.n > 0;
}
static inline bool tpl_is_z(const char *z)
{
    return z && *z;
}
static inline bool tpl_is_bool(bool b)
{
    return b;
}
static inline bool tpl_is_i64(int64_t v)
{
    return v != 0;
}
static inline bool tpl_is_u64(uint64_t v)
{
    return v != 0;
}
static inline bool tpl_is_pointer(const void *p)
{
    return p != NULL;
}
#define TPL_TRUE(x) \
    _Generic((x), struct str: tpl_is_str, struct html: tpl_is_html, char *: tpl_is_z, const char *: tpl_is_z, \
             bool: tpl_is_bool, short: tpl_is_i64, int: tpl_is_i64, long: tpl_is_i64, long long: tpl_is_i64, \
             unsigned char: tpl_is_u64, unsigned short: tpl_is_u64, unsigned: tpl_is_u64, unsigned long: tpl_is_u64, \
             unsigned long long: tpl_is_u64, default: tpl_is_pointer)(x)
