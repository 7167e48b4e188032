/* Reading what was expected out of a tree, with a problem for each value that is not of its kind. */
#include <stdarg.h>
#include <stdio.h>

#include "yaml.h"

void yaml_problem(struct problems *ps, const struct yaml *at, const char *remedy, const char *fmt, ...)
{
    char text[800];
    bool at_key = at->kind != YAML_SCALAR && at->key.n;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    problem_add(ps, at->file, at_key ? at->key_line : at->line, at_key ? at->key_col : at->col, remedy, "%s", text);
}

static const char *kind_name(const struct yaml *node)
{
    return node->kind == YAML_LIST ? "a list" : node->kind == YAML_MAP ? "a map" : "a text";
}

/* Is `word` in the blank-separated list? A trailing ! of a list word does not count. */
static bool among(struct str word, const char *words)
{
    struct str rest = str_of(words), w;
    while (str_cut(&rest, ' ', &w)) {
        if (w.n && w.p[w.n - 1] == '!')
            w.n--;
        if (w.n && str_eq(w, word))
            return true;
    }
    return false;
}

bool yaml_keys(struct problems *ps, const struct yaml *node, const char *what, const char *keys)
{
    struct str rest = str_of(keys), w;
    if (!node)
        return false;
    if (node->kind != YAML_MAP) {
        yaml_problem(ps, node, "write `name: value` lines, indented under it", "%s must be a map, this is %s", what,
                     kind_name(node));
        return false;
    }
    for (size_t i = 0; i < node->n; i++) {
        const struct yaml *item = node->items[i];
        if (among(item->key, keys))
            continue;
        struct str near = problem_nearest(item->key, keys);
        struct str remedy = near.n ? str_fmt(ps->arena, "did you mean '%" PRI_STR "'?", STR_ARG(near))
                                   : str_fmt(ps->arena, "take it away; known keys: %s", keys);
        problem_add(ps, node->file, item->key_line, item->key_col, str_z(ps->arena, remedy),
                    "%s has no key '%" PRI_STR "'", what, STR_ARG(item->key));
    }
    while (str_cut(&rest, ' ', &w)) {
        if (!w.n || w.p[w.n - 1] != '!')
            continue;
        const char *name = str_z(ps->arena, str_slice(w, 0, w.n - 1));
        if (!yaml_get(node, name))
            yaml_problem(ps, node, str_z(ps->arena, str_fmt(ps->arena, "add a line `%s: …`", name)),
                         "%s lacks the key '%s'", what, name);
    }
    return true;
}

/* The scalar of `key`, or NULL: absent, or not a text (a problem). */
static const struct yaml *scalar_of(struct problems *ps, const struct yaml *map, const char *key)
{
    const struct yaml *v = yaml_get(map, key);
    if (!v)
        return NULL;
    if (v->kind != YAML_SCALAR) {
        yaml_problem(ps, v, "write one value on the line", "'%s' must be a single value, this is %s", key,
                     kind_name(v));
        return NULL;
    }
    if (!str_trim(v->text).n) {
        yaml_problem(ps, v, "write a value after the colon or take the line away", "'%s' is empty", key);
        return NULL;
    }
    return v;
}

struct str yaml_str(struct problems *ps, const struct yaml *map, const char *key)
{
    const struct yaml *v = scalar_of(ps, map, key);
    return v ? str_trim(v->text) : (struct str){0};
}

static bool is_name(struct str s)
{
    if (!s.n || s.n > 60 || s.p[0] < 'a' || s.p[0] > 'z')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
            return false;
    }
    return true;
}

struct str yaml_name(struct problems *ps, const struct yaml *map, const char *key)
{
    const struct yaml *v = scalar_of(ps, map, key);
    if (!v)
        return (struct str){0};
    if (!is_name(v->text)) {
        yaml_problem(ps, v, "use small letters a-z, digits, - and _, at most 60, a letter first",
                     "'%s' is '%" PRI_STR "', which is not a name", key, STR_ARG(text_head(v->text, 80)));
        return (struct str){0};
    }
    return v->text;
}

bool yaml_bool(struct problems *ps, const struct yaml *map, const char *key, bool otherwise)
{
    const struct yaml *v = scalar_of(ps, map, key);
    if (!v)
        return otherwise;
    if (v->plain && str_eq_z(v->text, "true"))
        return true;
    if (!v->plain || !str_eq_z(v->text, "false"))
        yaml_problem(ps, v, "write true or false, without quotes", "'%s' is '%" PRI_STR "'; true or false was expected",
                     key, STR_ARG(text_head(v->text, 80)));
    else
        return false;
    return otherwise;
}

int64_t yaml_int(struct problems *ps, const struct yaml *map, const char *key, int64_t otherwise, int64_t min,
                 int64_t max)
{
    const struct yaml *v = scalar_of(ps, map, key);
    int64_t n;
    if (!v)
        return otherwise;
    if (v->plain && str_to_i64(v->text, &n) && n >= min && n <= max)
        return n;
    yaml_problem(ps, v, "write digits only, without quotes or unit",
                 "'%s' is '%" PRI_STR "'; a whole number from %lld to %lld was expected", key,
                 STR_ARG(text_head(v->text, 80)), (long long)min, (long long)max);
    return otherwise;
}

int yaml_choice(struct problems *ps, const struct yaml *map, const char *key, const char *choices, int otherwise)
{
    const struct yaml *v = scalar_of(ps, map, key);
    struct str rest = str_of(choices), w;
    if (!v)
        return otherwise;
    for (int i = 0; str_cut(&rest, ' ', &w); i++)
        if (str_eq(w, v->text))
            return i;
    struct str near = problem_nearest(v->text, choices);
    struct str remedy = near.n ? str_fmt(ps->arena, "did you mean '%" PRI_STR "'?", STR_ARG(near))
                               : str_fmt(ps->arena, "choose one of: %s", choices);
    yaml_problem(ps, v, str_z(ps->arena, remedy), "'%s' is '%" PRI_STR "'; one of (%s) was expected", key,
                 STR_ARG(text_head(v->text, 80)), choices);
    return otherwise;
}

bool yaml_day(struct problems *ps, const struct yaml *map, const char *key, day_t *ret_day)
{
    const struct yaml *v = scalar_of(ps, map, key);
    if (!v)
        return false;
    if (civil_parse_day(v->text, ret_day))
        return true;
    yaml_problem(ps, v, "write year-month-day, for example 2026-11-23", "'%s' is '%" PRI_STR "', which is not a date",
                 key, STR_ARG(text_head(v->text, 80)));
    return false;
}

const struct yaml *yaml_list(struct problems *ps, const struct yaml *map, const char *key)
{
    const struct yaml *v = yaml_get(map, key);
    if (!v)
        return NULL;
    if (v->kind != YAML_LIST) {
        yaml_problem(ps, v, "write each item on its own line after `- `", "'%s' must be a list, this is %s", key,
                     kind_name(v));
        return NULL;
    }
    if (!v->n) {
        yaml_problem(ps, v, "add an item or take the key away", "the list '%s' is empty", key);
        return NULL;
    }
    return v;
}

struct str yaml_item(struct problems *ps, const struct yaml *item, const char *what)
{
    if (item->kind == YAML_SCALAR && str_trim(item->text).n)
        return str_trim(item->text);
    yaml_problem(ps, item, "write one word or text after `- `", "%s must be a single value, this is %s", what,
                 item->kind == YAML_SCALAR ? "empty" : kind_name(item));
    return (struct str){0};
}

struct words yaml_words_of(struct problems *ps, const struct yaml *node, unsigned langs)
{
    struct words w = {0};
    if (!node)
        return w;
    if (node->kind != YAML_MAP) {
        yaml_problem(ps, node, "write {da: …, nb: …, nn: …, en: …}, or one language a line under it",
                     "'%" PRI_STR "' must have its text in each language",
                     STR_ARG(node->key.n ? node->key : S("the text")));
        return w;
    }
    for (size_t i = 0; i < node->n; i++) {
        const struct yaml *item = node->items[i];
        enum lang lang;
        if (!lang_from_tag(item->key, &lang))
            problem_add(ps, item->file, item->key_line, item->key_col,
                        str_find_char(item->key, ' ', 0) < item->key.n
                            ? "a comma inside { } begins the next language: put the whole text in quotes"
                            : "use da, nb, nn or en",
                        "'%" PRI_STR "' is not a language we know", STR_ARG(item->key));
    }
    for (int i = 0; i < LANG_COUNT; i++) {
        const char *tag = lang_tag((enum lang)i);
        const struct yaml *item = yaml_get(node, tag);
        w.in[i] = yaml_str(ps, node, tag);
        if (!item && langs & 1U << i)
            yaml_problem(ps, node, str_z(ps->arena, str_fmt(ps->arena, "add `%s: …`", tag)),
                         "'%" PRI_STR "' lacks its text in the language %s",
                         STR_ARG(node->key.n ? node->key : S("this")), tag);
    }
    return w;
}

struct words yaml_words(struct problems *ps, const struct yaml *map, const char *key, unsigned langs)
{
    return yaml_words_of(ps, yaml_get(map, key), langs);
}
