/* JSON (RFC 8259): strict reading by jansson into an arena tree, and a writer that streams. Duplicate keys, NUL,
   trailing text and nesting over JSON_DEPTH are refused. */
#pragma once
#include "base/base.h"

enum { JSON_DEPTH = 64 };

/* Names that jansson does not use, so that a file may include both. */
enum json_kind { JSON_NOTHING, JSON_FLAG, JSON_INT, JSON_DOUBLE, JSON_TEXT, JSON_LIST, JSON_MAP };

struct json {
    enum json_kind kind;
    bool flag;
    int64_t i64;
    double real;
    struct str text;     /* of JSON_TEXT; of JSON_DOUBLE its digits as they were written */
    struct str key;      /* the name this value has in the map above */
    struct json **items; /* of a list or a map, in the order of the text */
    size_t n;
};

/* ERR_SYNTAX with line and column in the detail. Any value may stand at the top. */
enum err json_parse(struct cx *cx, struct str text, struct json **ret);

/* The value of `key`; NULL when node is NULL, no map, or lacks it. */
const struct json *json_get(const struct json *node, const char *key);
const struct json *json_get_str(const struct json *node, struct str key);
/* The text of `key`, empty when absent or of another kind. */
struct str json_text(const struct json *node, const char *key);
int64_t json_int(const struct json *node, const char *key, int64_t otherwise);
bool json_flag(const struct json *node, const char *key);

/* ---- Writing. Commas are put in by the writer; keys and values in turn are the caller's duty (asserted).
   struct json_out o = json_out_make(&buf); json_begin_object(&o); json_key(&o, "no"); json_str(&o, no); json_end(&o);
   ---- */
struct json_out {
    struct buf *b;
    int depth;
    bool some[JSON_DEPTH + 1]; /* something was written at this depth */
    char close[JSON_DEPTH + 1];
    bool after_key;
};

static inline struct json_out json_out_make(struct buf *b)
{
    return (struct json_out){.b = b};
}
void json_begin_object(struct json_out *o);
void json_begin_array(struct json_out *o);
void json_end(struct json_out *o); /* the innermost object or array */
void json_key(struct json_out *o, const char *key);
void json_key_str(struct json_out *o, struct str key);
void json_key_raw(struct json_out *o, struct str key);                 /* as it is written: quoted, with its colon */
void json_pair(struct json_out *o, const char *key, struct str value); /* key and text; of no text: "" */
void json_pair_us(struct json_out *o, const char *key, int64_t at_us); /* key and time, ISO 8601 in UTC */
void json_str(struct json_out *o, struct str s); /* bad UTF-8 becomes U+FFFD; <, > and & are escaped too */
void json_i64(struct json_out *o, int64_t v);
void json_out_real(struct json_out *o, double v); /* not finite: null */
/* A value that the caller has written as JSON does, or its beginning: the caller adds the rest to o->b. */
void json_out_raw(struct json_out *o, struct str json);
void json_bool(struct json_out *o, bool v);
void json_out_null(struct json_out *o);
void json_value(struct json_out *o, const struct json *v); /* a parsed value again */
