/* Nodes of the YAML that comes out. */
#include "import_form.h"

/* What no one can have typed came along when a text was pasted (a vertical tab of a word processor); YAML refuses it.
 */
static struct str cleaned(struct arena *a, struct str text)
{
    if (text_clean(text))
        return text;
    struct buf b = buf_make(a);
    for (size_t i = 0, from = 0; i < text.n; from = i) {
        text_next(text, &i);
        if (text_clean(str_slice(text, from, i)))
            buf_add(&b, str_slice(text, from, i));
    }
    return buf_str(&b);
}

struct yaml *import_quoted(struct arena *a, struct str text)
{
    struct yaml *y = arena_new_of(a, struct yaml);
    y->text = cleaned(a, text);
    return y;
}

struct yaml *import_scalar(struct arena *a, struct str text)
{
    struct yaml *y = import_quoted(a, text);
    y->plain = true;
    return y;
}

bool import_is_number(struct str s)
{
    size_t digits = 0, point = s.n;
    for (size_t i = s.n && s.p[0] == '-'; i < s.n; i++) {
        if (s.p[i] == '.' && point == s.n)
            point = i;
        else if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        else
            digits++;
    }
    return digits && digits <= 12 && (point == s.n || s.n - point <= 5);
}

static struct yaml *branch(struct arena *a, enum yaml_kind kind)
{
    struct yaml *y = arena_new_of(a, struct yaml);
    y->kind = kind;
    return y;
}

struct yaml *import_list(struct arena *a)
{
    return branch(a, YAML_LIST);
}

struct yaml *import_map(struct arena *a)
{
    return branch(a, YAML_MAP);
}

/* Room doubles at each power of two. */
void import_push(struct arena *a, struct yaml *list, struct yaml *value)
{
    if (!(list->n & (list->n - 1))) {
        struct yaml **items = arena_array(a, struct yaml *, list->n ? list->n * 2 : 1);
        for (size_t i = 0; i < list->n; i++)
            items[i] = list->items[i];
        list->items = items;
    }
    list->items[list->n++] = value;
}

void import_set(struct arena *a, struct yaml *map, const char *key, struct yaml *value)
{
    value->key = str_of(key);
    import_push(a, map, value);
}

void import_set_text(struct arena *a, struct yaml *map, const char *key, struct str text)
{
    import_set(a, map, key, import_scalar(a, text));
}

struct yaml *import_one(struct arena *a, const char *key, struct yaml *value)
{
    struct yaml *map = import_map(a);
    import_set(a, map, key, value);
    return map;
}

struct yaml *import_pair(struct arena *a, struct yaml *x, struct yaml *y)
{
    struct yaml *list = import_list(a);
    import_push(a, list, x);
    import_push(a, list, y);
    return list;
}

struct yaml *import_words_node(struct import *im, const struct words *w)
{
    struct yaml *map = import_map(im->cx->arena);
    for (int i = 0; i < LANG_COUNT; i++)
        if (im->languages & 1U << i)
            import_set(im->cx->arena, map, lang_tag((enum lang)i),
                       import_quoted(im->cx->arena, words_in(w, (enum lang)i)));
    return map;
}
