/* `#states` of a Drupal webform become conditions. */
#include "import_webform.h"

enum { SEGMENTS = 8 };

/* ":input[name=\"a[b][c]\"]" → a, b, c. How many; 0: not such a selector. */
static size_t segments_of(struct str selector, struct str *ret)
{
    size_t from = str_find(selector, S("name=\""), 0), quote = str_find_char(selector, '"', from + 6), n = 0;
    if (from == selector.n || quote == selector.n)
        return 0;
    struct str name = str_slice(selector, from + 6, quote);
    size_t open = str_find_char(name, '[', 0);
    ret[n++] = str_slice(name, 0, open);
    while (open < name.n && n < SEGMENTS) {
        size_t close = str_find_char(name, ']', open);
        ret[n++] = str_slice(name, open + 1, close);
        open = str_find_char(name, '[', close);
    }
    return n;
}

static struct item *find_near(const struct import *im, const struct item *at, struct str key)
{
    struct item *found = at->data ? import_find(im, at->data, key) : NULL;
    return found ? found : import_find(im, NULL, key);
}

/* Which question is looked at, and which option of it. NULL: none that is here. */
static struct item *selected(const struct import *im, const struct item *at, struct str selector,
                             struct str *ret_option)
{
    struct str part[SEGMENTS];
    size_t n = segments_of(selector, part);
    *ret_option = (struct str){0};
    if (!n)
        return NULL;
    struct item *sub =
        n > 1 ? find_near(im, at, str_fmt(im->cx->arena, "%" PRI_STR "_%" PRI_STR, STR_ARG(part[0]), STR_ARG(part[1])))
              : NULL;
    struct item *found = find_near(im, at, part[0]);
    if (sub && sub->role == ITEM_FIELD && (!found || str_ends(found->from_type, S("_other"))))
        return sub; /* contact[email], or what was written at "other" */
    if (!found)
        return NULL;
    if (found->role == ITEM_REPEAT) /* "a[items][0][_item_][b]": of the same row only */
        found = n > 1 && at->repeat == found ? import_find(im, found, part[n - 1]) : NULL;
    else if (n > 1 && str_ends(found->from_type, S("_other"))) /* a[radios], a[checkboxes][x] */
        *ret_option = n > 2 ? part[2] : (struct str){0};
    else if (n > 1)
        *ret_option = part[1];
    return found && found->role == ITEM_FIELD ? found : NULL;
}

/* {value: {greater: 5}}, {value: {between: "1:5"}}, {value: {pattern: "^x"}}. */
static const struct cond *compared(struct import *im, const struct item *found, struct str word, struct str value)
{
    static const struct {
        const char *word, *op;
    } ops[] = {{"less", "lt"}, {"less_equal", "le"}, {"greater", "gt"}, {"greater_equal", "ge"}};
    struct arena *a = im->cx->arena;
    if (import_is_type(found, "text longtext") && str_eq_z(word, "pattern"))
        return cond_compare(im, "matches", found,
                            import_quoted(a, str_fmt(a, "(?s:.*)(?:%" PRI_STR ")(?s:.*)", STR_ARG(value))));
    if (!import_is_type(found, "number"))
        return NULL;
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        if (str_eq_z(word, ops[i].word) && import_is_number(value))
            return cond_compare(im, ops[i].op, found, import_scalar(a, value));
    size_t colon = str_find_char(value, ':', 0);
    struct str least = str_trim(str_slice(value, 0, colon)),
               most = str_trim(str_slice(value, colon + (colon < value.n), value.n));
    if (!str_eq_z(word, "between") || colon == value.n || !import_is_number(least) || !import_is_number(most))
        return NULL;
    return cond_both(im, COND_ALL, cond_compare(im, "ge", found, import_scalar(a, least)),
                     cond_compare(im, "le", found, import_scalar(a, most)));
}

static const struct cond *is_checked(struct import *im, const struct item *found, struct str option)
{
    if (option.n)
        return cond_is(im, found, option);
    return import_is_type(found, "checkbox") ? cond_is(im, found, S("true")) : cond_not(im, cond_empty(im, found));
}

static const struct cond *is_value(struct import *im, const struct item *found, struct str value)
{
    if (import_is_type(found, "checkbox"))
        return cond_is(im, found,
                       value.n && !str_eq_z(value, "0") && !str_eq_z(value, "false") ? S("true") : S("false"));
    return value.n ? cond_is(im, found, value) : cond_empty(im, found);
}

/* One trigger: {value: x}, {checked: true}, {filled: true}, {value: {greater: 5}} … NULL: not known. */
static const struct cond *trigger(struct import *im, const struct item *found, struct str option, const struct yaml *t)
{
    const struct cond *c = NULL;
    bool set = !str_eq_z(t->text, "false");
    if (str_eq_z(t->key, "checked") || str_eq_z(t->key, "unchecked")) {
        c = is_checked(im, found, option);
        return set == str_eq_z(t->key, "checked") ? c : cond_not(im, c);
    }
    if (str_eq_z(t->key, "empty") || str_eq_z(t->key, "filled")) {
        c = cond_empty(im, found);
        return set == str_eq_z(t->key, "empty") ? c : cond_not(im, c);
    }
    bool is_not = str_eq_z(t->key, "!value");
    if (!is_not && !str_eq_z(t->key, "value"))
        return NULL;
    const struct yaml *one = t->kind == YAML_MAP && t->n == 1 ? t->items[0] : NULL;
    bool turned = one && str_starts(one->key, S("!"));
    if (t->kind == YAML_SCALAR)
        c = is_value(im, found, t->text);
    else if (one && one->kind == YAML_SCALAR)
        c = compared(im, found, turned ? str_slice(one->key, 1, one->key.n) : one->key, one->text);
    return c && is_not != turned ? cond_not(im, c) : c;
}

static const struct cond *of_selector(struct import *im, const struct item *at, const struct yaml *y,
                                      struct str *ret_why)
{
    struct str option;
    struct item *found = selected(im, at, y->key, &option);
    if (!found) {
        *ret_why = str_fmt(im->cx->arena, "it looks at %" PRI_STR, STR_ARG(y->key));
        return NULL;
    }
    const struct cond *all = cond_const(im, true);
    for (size_t i = 0; y->kind == YAML_MAP && i < y->n; i++) {
        const struct cond *c = trigger(im, found, option, y->items[i]);
        if (!c) {
            *ret_why = str_fmt(im->cx->arena, "the comparison `%" PRI_STR "`", STR_ARG(y->items[i]->key));
            return NULL;
        }
        all = cond_both(im, COND_ALL, all, c);
    }
    return all;
}

/* One of two, not both. */
static const struct cond *either(struct import *im, const struct cond *x, const struct cond *y)
{
    return cond_both(im, COND_ANY, cond_both(im, COND_ALL, x, cond_not(im, y)),
                     cond_both(im, COND_ALL, cond_not(im, x), y));
}

static size_t words_in_list(const struct yaml *y, const char *word)
{
    size_t n = 0;
    for (size_t i = 0; y->kind == YAML_LIST && i < y->n; i++)
        n += y->items[i]->kind == YAML_SCALAR && str_eq_z(y->items[i]->text, word);
    return n;
}

/* A map: all of them. A list: joined by the words between, `or` when there is none. */
static const struct cond *states(struct import *im, const struct item *at, const struct yaml *y, int depth,
                                 struct str *ret_why)
{
    const struct cond *sum = NULL;
    size_t ands = words_in_list(y, "and"), xors = words_in_list(y, "xor");
    enum cond_kind kind = y->kind == YAML_MAP || ands ? COND_ALL : COND_ANY;
    if (xors > 1 || (xors && ands) || (ands && words_in_list(y, "or"))) {
        *ret_why = xors ? S("`xor` of more than two") : S("`and` and `or` in one list");
        return NULL;
    }
    for (size_t i = 0; depth < 10 && i < y->n; i++) {
        const struct yaml *one = y->items[i];
        if (one->kind == YAML_SCALAR) /* and, or, xor */
            continue;
        const struct cond *c = y->kind == YAML_MAP && one->key.n && str_find(one->key, S("name="), 0) < one->key.n
                                   ? of_selector(im, at, one, ret_why)
                                   : states(im, at, one, depth + 1, ret_why);
        if (!c)
            return NULL;
        sum = !sum ? c : xors ? either(im, sum, c) : cond_both(im, kind, sum, c);
    }
    if (!sum && !ret_why->n)
        *ret_why = S("nothing in it that is understood");
    return sum;
}

static struct str as_text(struct import *im, const struct yaml *y)
{
    struct buf b = buf_make(im->cx->arena);
    yaml_write(y, &b);
    return buf_str(&b);
}

static void keep(struct import *im, struct item *item, const struct yaml *state, const struct cond *c, struct str text)
{
    im->result->conditions_kept++;
    if (str_eq_z(state->key, "required") || str_eq_z(state->key, "optional")) {
        item->required = c->kind != COND_FALSE;
        item->required_when = c->kind == COND_TRUE || c->kind == COND_FALSE ? NULL : c;
    } else if (c->kind == COND_FALSE) {
        item->left_out = true;
        import_decide(im, item, text, "by its condition it is never shown: left out");
    } else if (c->kind != COND_TRUE) {
        item->when = item->when ? cond_both(im, COND_ALL, item->when, c) : c;
        item->when_text = text;
    }
}

static void read_state(struct import *im, struct item *item, const struct yaml *state)
{
    struct str why = S("there is no such state here"), text = as_text(im, state), key = state->key;
    bool grey = str_eq_z(key, "enabled") || str_eq_z(key, "disabled");
    bool show = str_starts(key, S("visible")) || str_eq_z(key, "enabled") || str_eq_z(key, "required");
    bool hide = str_starts(key, S("invisible")) || str_eq_z(key, "disabled") || str_eq_z(key, "optional");
    if (str_eq_z(key, "expanded") || str_eq_z(key, "collapsed")) /* all is open here */
        return;
    im->result->conditions++;
    const struct cond *c = NULL;
    if (show || hide) {
        why = (struct str){0};
        c = states(im, item, state, 0, &why);
    }
    if (!c) {
        import_decide(im, item, text, "the state `%" PRI_STR "` was not translated; %" PRI_STR, STR_ARG(key),
                      STR_ARG(why));
        return;
    }
    if (grey)
        import_note(im, item, text, "where it was grey and could not be answered, it is not shown here");
    keep(im, item, state, hide ? cond_not(im, c) : c, text);
}

void import_webform_states(struct import *im)
{
    for (size_t i = 0; i < im->all.n; i++) {
        struct item *item = im->all.p[i];
        const struct yaml *all = yaml_get(item->from_yaml, "#states");
        item->left_out |= item->parent->left_out;
        for (size_t k = 0; all && all->kind == YAML_MAP && k < all->n; k++)
            read_state(im, item, all->items[k]);
    }
}
