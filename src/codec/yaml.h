/* YAML as a strict tree of strings. `no` is a string; true and false are the only booleans, and only where a boolean is
   asked for. Refused: duplicate keys, anchors, aliases, tags, directives, tabs, more than one document, bad UTF-8,
   merge keys, keys that are not plain words, nesting over YAML_DEPTH, files over YAML_BYTES. */
#pragma once
#include "base/base.h"
#include "problem.h"
#include "words.h"

enum { YAML_BYTES = 4 << 20, YAML_DEPTH = 24, YAML_NODES = 200000, YAML_KEYS = 1000 };

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

/* A node of the tree; lives in cx->arena. Of a map, items[i]->key names each value, in the order of the file. */
struct yaml {
    enum yaml_kind kind;
    bool plain;      /* a scalar without quotes and not a block: only such a one can be a boolean or a number */
    struct str text; /* of a scalar */
    struct str key;  /* the name this value has in the map above; empty in a list and at the top */
    struct str file;
    int line, col;         /* where the value begins, from 1 */
    int key_line, key_col; /* where its key begins; as line and col when it has none */
    struct yaml **items;
    size_t n;
};

/* Parse one document. ERR_SYNTAX with the detail "file:line:col: what; remedy". An empty document is an error too. */
enum err yaml_parse(struct cx *cx, struct str file, struct str text, struct yaml **ret);

/* As yaml_parse, but the fault is added to ps; NULL when there was one. */
struct yaml *yaml_read(struct cx *cx, struct problems *ps, struct str file, struct str text);

/* Write a tree so that yaml_parse gives the same tree again. Comments are not kept. */
void yaml_write(const struct yaml *node, struct buf *ret_text);

/* The value of `key`; NULL when node is NULL, no map, or lacks it. */
const struct yaml *yaml_get(const struct yaml *node, const char *key);

/* ---- Reading what was expected. Each of these adds a problem when the value is not of its kind, and then gives the
   default, so that all faults of a file are found in one run. `map` may be NULL. ---- */

/* Add a fault at the node (at its key when the value is a list or map). */
void yaml_problem(struct problems *ps, const struct yaml *at, const char *remedy, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* node must be a map with only these keys: "key! deadline label!"; `!` marks what must be there. Names unknown keys
   (with the nearest known one) and missing ones. False when node is no map at all. `what` names it: "a field". */
bool yaml_keys(struct problems *ps, const struct yaml *node, const char *what, const char *keys);

/* A text on one or more lines; empty when absent. Present but empty, or a list or map, is a fault. */
struct str yaml_str(struct problems *ps, const struct yaml *map, const char *key);
/* As yaml_str, and must be a name of [a-z0-9-_], starting with a letter, at most 60 characters. */
struct str yaml_name(struct problems *ps, const struct yaml *map, const char *key);
bool yaml_bool(struct problems *ps, const struct yaml *map, const char *key, bool otherwise);
int64_t yaml_int(struct problems *ps, const struct yaml *map, const char *key, int64_t otherwise, int64_t min,
                 int64_t max);
/* The index of the value in the blank-separated list; `otherwise` when absent or wrong. */
int yaml_choice(struct problems *ps, const struct yaml *map, const char *key, const char *choices, int otherwise);
/* A date 2026-11-23. False when absent or wrong. */
bool yaml_day(struct problems *ps, const struct yaml *map, const char *key, day_t *ret_day);
/* A list; NULL when absent or not a list. An empty list is a fault. */
const struct yaml *yaml_list(struct problems *ps, const struct yaml *map, const char *key);
/* The text of a scalar in a list, e.g. item 2 of `units: [a, b]`; a list or map there is a fault (gives empty). */
struct str yaml_item(struct problems *ps, const struct yaml *item, const char *what);
/* {da: …, nb: …, en: …}: every language of `langs` (bit 1 << LANG_DA …) must be there. Empty when the key is absent. */
struct words yaml_words(struct problems *ps, const struct yaml *map, const char *key, unsigned langs);
/* The same of a node itself. */
struct words yaml_words_of(struct problems *ps, const struct yaml *node, unsigned langs);
