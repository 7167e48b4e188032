/* Inside import/: a form of somebody else, read but not yet written as ours. Items in the order of the original; all in
   cx->arena. */
#pragma once
#include "import.h"

enum {
    IMPORT_ITEMS = 20000,
    IMPORT_DEPTH = 40,
    IMPORT_ID_MAX = 48,
    COND_DEPTH = 10 /* form.yaml takes 12; conditions around are added to it */
};

enum item_role {
    ITEM_PAGE,
    ITEM_FIELD,
    ITEM_TEXT,      /* info and warning */
    ITEM_GROUP,     /* a heading and what is below it */
    ITEM_REPEAT,    /* rows */
    ITEM_CONTAINER, /* no heading; its keys are below its own in the answers */
    ITEM_LAYOUT     /* no heading, no answers of its own */
};

struct item;

/* A condition in our grammar. Constants are folded away before it is written. */
enum cond_kind { COND_TRUE, COND_FALSE, COND_ALL, COND_ANY, COND_NOT, COND_LEAF, COND_ROWS };
struct cond {
    enum cond_kind kind;
    struct yaml *leaf;       /* LEAF: {eq: [field, value]}; ROWS: {some: [repeat, …]} without its condition */
    const char *rows;        /* ROWS: "some", "every" */
    const struct item *item; /* LEAF: the latest it looks at, NULL: none; ROWS: the repeat */
    VEC_OF(const struct cond *) of;
};

struct import_option {
    struct str key;   /* ours */
    struct str value; /* the original's */
    struct words label, hint;
};

struct item {
    enum item_role role;
    struct str id;
    const char *type; /* of form.yaml: "text"; NULL: none */
    struct str key;   /* of the answer, or of the object of a container */
    struct item *parent;
    struct item *data;   /* the container or repeat whose object holds the key; NULL: the top */
    struct item *repeat; /* the repeat around; NULL: none */
    int order;
    struct words label, hint, text;
    bool required;
    bool left_out; /* and told in the report */
    VEC_OF(struct import_option) options;
    VEC_OF(struct yaml *) own; /* keys of its type: min, max, accept … */
    VEC_OF(struct yaml *) checks;
    const struct cond *when;          /* NULL: always */
    struct str when_text;             /* as it was in the original */
    const struct cond *required_when; /* NULL: as `required` says */
    const struct json *from;          /* Form.io */
    const struct yaml *from_yaml;     /* webform */
    struct str from_type, path;
    const struct item *with; /* a text that goes before this question, and is shown when it is; NULL: none */
    VEC_OF(struct item *) items;
    VEC_OF(struct item *) answers; /* what lies in the object of this container or repeat; of `top`: at the top */
};

struct note {
    bool decide; /* a person must; else: translated with a change, to be looked at */
    struct str type, path, what, original;
};
struct str_set {
    struct str *table; /* open addressing; p == NULL: free */
    size_t n, cap;     /* cap: a power of two */
};
bool str_set_has(const struct str_set *set, struct str s);
bool str_set_add(struct arena *a, struct str_set *set, struct str s); /* false: it was there */

struct missing_text {
    enum lang lang;
    struct str text;
};

struct import {
    struct cx *cx;
    const struct import_source *source;
    unsigned languages;
    const struct json *translations; /* NULL: none */
    struct item *top;                /* its items are the pages */
    VEC_OF(struct item *) all;       /* by order */
    VEC_OF(struct item *) made;      /* as they came in the original */
    struct str title;                /* the original's */
    struct words name, intro;
    VEC_OF(struct note) notes;
    VEC_OF(struct missing_text) missing;
    struct str_set ids;          /* taken */
    struct str_set missing_seen; /* "nn Ja": noted already */
    struct import_result *result;
    int depth;
};

/* ---- import_model.c: building it ---- */
struct import import_make(struct cx *cx, const struct import_source *source, struct import_result *result);
void import_id_take(struct import *im, struct str id);
/* A new item below `parent` (NULL: a page). Reserves its id, made of `key`. */
struct item *import_add(struct import *im, struct item *parent, enum item_role role, const char *type, struct str key);
/* "harDuBarn" → "har_du_barn"; a letter first, at most IMPORT_ID_MAX. */
struct str import_id(struct arena *a, struct str key);
/* An option; its key is made of the value and is unique among them. */
struct import_option *import_option(struct import *im, struct item *item, struct str value);
const struct import_option *import_option_of(const struct item *item, struct str value);
/* A key of its type; set again, the last counts. */
void import_own(struct import *im, struct item *item, const char *key, struct yaml *value);
void import_own_text(struct import *im, struct item *item, const char *key, struct str value);
/* How many characters a text may have; 0: the original does not say. */
void import_lengths(struct import *im, struct item *item, int64_t min, int64_t max);
void import_check(struct import *im, struct item *item, struct yaml *check);
/* The container or repeat whose object holds the keys of what is inside `item`; NULL: the top. */
struct item *import_data_of(struct item *item);
/* The answer of that key in the object of `data`; NULL: none. */
struct item *import_find(const struct import *im, const struct item *data, struct str key);
/* Is it a question of one of these types of form.yaml ("text longtext")? NULL is none. */
bool import_is_type(const struct item *item, const char *types);
/* The one that is asked last; NULL stands for nothing. */
const struct item *import_later(const struct item *x, const struct item *y);
__attribute__((format(printf, 4, 5))) void import_note(struct import *im, const struct item *at, struct str original,
                                                       const char *fmt, ...);
__attribute__((format(printf, 4, 5))) void import_decide(struct import *im, const struct item *at, struct str original,
                                                         const char *fmt, ...);

/* ---- import_yaml.c: nodes ---- */
struct yaml *import_scalar(struct arena *a, struct str text);
struct yaml *import_quoted(struct arena *a, struct str text);
/* As form.yaml writes one: decimal, at most twelve digits, of them four after the point. */
bool import_is_number(struct str s);
struct yaml *import_list(struct arena *a);
struct yaml *import_map(struct arena *a);
void import_push(struct arena *a, struct yaml *list, struct yaml *value);
void import_set(struct arena *a, struct yaml *map, const char *key, struct yaml *value);
void import_set_text(struct arena *a, struct yaml *map, const char *key, struct str text);
/* {key: value} */
struct yaml *import_one(struct arena *a, const char *key, struct yaml *value);
/* [x, y] */
struct yaml *import_pair(struct arena *a, struct yaml *x, struct yaml *y);
struct yaml *import_words_node(struct import *im, const struct words *w);

/* ---- import_text.c: texts ---- */
/* A plain text of the original in all languages; what has no translation stands as it is and is noted. */
struct words import_plain(struct import *im, struct str text);
/* HTML as Markdown. */
struct words import_markdown(struct import *im, const struct item *at, struct str html);
/* A text of ours. `key` is an enum text. */
struct words import_ours(int key);
struct str import_html_plain(struct cx *cx, struct str html);
struct str import_html_markdown(struct cx *cx, struct str html, bool *ret_dropped);
bool import_words_given(const struct words *w);
/* Both, parted by `between`, in each language that has them. */
struct words import_words_join(struct import *im, const struct words *x, const char *between, const struct words *y);

/* ---- import_cond.c: conditions ---- */
const struct cond *cond_const(struct import *im, bool value);
const struct cond *cond_not(struct import *im, const struct cond *c);
/* All or any of two; folds constants. */
const struct cond *cond_both(struct import *im, enum cond_kind kind, const struct cond *x, const struct cond *y);
const struct cond *cond_leaf(struct import *im, const struct item *latest, struct yaml *leaf);
const struct cond *cond_rows(struct import *im, const char *op, const struct item *repeat, const struct cond *c);
/* {op: [item, value]} */
const struct cond *cond_compare(struct import *im, const char *op, const struct item *item, struct yaml *value);
const struct cond *cond_empty(struct import *im, const struct item *item);
/* Is the answer this value of the original ("ja", "NO", "true")? Unknown options are never chosen. */
const struct cond *cond_is(struct import *im, const struct item *item, struct str value);
/* Is the item shown: all conditions on it and around it. */
const struct cond *cond_shown(struct import *im, const struct item *item);
bool cond_is_const(const struct cond *c, bool value);
struct yaml *cond_yaml(struct import *im, const struct cond *c);
int cond_depth(const struct cond *c);
/* The latest item it looks at, a repeat with all its rows; NULL: none. */
const struct item *cond_latest(const struct import *im, const struct cond *c);
/* Does it look at something that was left out? */
bool cond_is_dead(const struct cond *c);

/* ---- import_script_use.c: JavaScript to conditions ---- */
/* `script` sets `show`. NULL: not translated, and *ret_why says which part. */
const struct cond *import_show(struct import *im, const struct item *at, struct str script, struct str *ret_why);
/* `script` sets `valid`: the checks it means are added to the item. False: not translated, *ret_why. */
bool import_valid(struct import *im, struct item *at, struct str script, struct str *ret_why);
/* `script` sets `value`: an expression of form.yaml, or NULL and *ret_why. */
struct yaml *import_value(struct import *im, const struct item *at, struct str script, struct str *ret_why);
/* Form.io's own search for `when`: from the row of `at` downwards, then from the top. NULL: there is none. */
struct item *import_when(const struct import *im, const struct item *at, struct str path, struct str *ret_option);

/* ---- import_order.c ---- */
/* A condition may look back only: a question that decides about one before it moves up to just before it, when nothing
   forbids; else the condition is dropped and told. After all conditions are read. */
void import_order(struct import *im);

/* ---- import_write.c, import_report.c ---- */
/* All files of the folder into result->files. ERR_TOO_LARGE. */
enum err import_finish(struct import *im);
struct str import_report_text(struct import *im);
/* [{"path":"panel.container.key","from":"radiopanel","id":"…","type":"radio","options":{"ja":"ja"},"in":"repeat"}] in
   the order of the original: who moves old answers needs it. `id` is missing where there is no question of ours;
   "out":true where it was left out, "computed":true where nobody types. */
struct str import_map_json(struct import *im);

/* ---- import_formio.c, import_formio_limits.c, import_formio_cond.c ---- */
bool import_json_true(const struct json *c, const char *key); /* true, "true" or a number but 0 */
/* A text, or a number or flag as text; empty for anything else. */
struct str import_json_scalar(struct arena *a, const struct json *j);
struct str import_json_scalar_of(struct arena *a, const struct json *c, const char *key);
/* Is it a whole number? */
bool import_json_whole(struct arena *a, const struct json *c, const char *key, int64_t *ret);
/* A check of the text of a question, when its pattern is one that form.yaml takes; otherwise a person decides. */
void import_formio_pattern(struct import *im, struct item *item, struct str pattern, struct words message);
/* Limits, default and pattern of a question; those may look at others, so all must be known. */
void import_formio_limits(struct import *im, struct item *item);
/* The second round. */
void import_formio_conditions(struct import *im);

/* ---- import_formio_parts.c: components that are several questions of ours ---- */
void import_formio_parts(struct import *im, struct item *item);
