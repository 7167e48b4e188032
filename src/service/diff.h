/* Inside the room: how changes are found and said. */
#pragma once
#include "i18n/i18n.h"
#include "service.h"

struct diff {
    struct cx *cx;
    struct str part;              /* heading of what is compared now */
    const struct yaml *fields[2]; /* pages of form.yaml, before and after: for the words of conditions */
    struct service_changes *ret;
};

void diff_say(struct diff *d, struct str text);
/* Compare two values of the key that `what` names; either may be NULL. */
void diff_value(struct diff *d, struct str what, const struct yaml *before, const struct yaml *after);
/* Compare what two maps have under their keys, passing over the blank-separated ones of `but`. `item`: of which thing,
   in words; empty: of the whole. */
void diff_map(struct diff *d, struct str item, const struct yaml *before, const struct yaml *after, const char *but);
/* Two texts: only what differs of long ones. */
void diff_text(struct diff *d, struct str what, struct str before, struct str after);
/* A value in words, on one line. `side` 0: before, 1: after. */
struct str diff_words(struct diff *d, const struct yaml *node, int side);
/* {da: …} in cx->lang; empty when it is no such map. */
struct str diff_label(struct cx *cx, const struct yaml *words);
bool diff_is_words(const struct yaml *node);
/* What a map has under that key; NULL: nothing, or no map. */
const struct yaml *diff_item(const struct yaml *map, struct str key);
struct str diff_language(struct cx *cx, enum lang lang); /* "dansk" */
bool diff_same(const struct yaml *a, const struct yaml *b);
/* The name of a key of service.yaml or form.yaml; the key itself when it has none. */
struct str diff_key(struct cx *cx, struct str key);

/* service_diff_rules.c: two rules*.dmn; either text empty: the file is new or gone. */
enum err diff_rules(struct diff *d, struct str file, struct str before, struct str after);
