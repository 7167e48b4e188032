/* A value of a service folder in words, and two of them compared. */
#include "diff.h"

enum { SHORT = 160, AROUND = 40 };

void diff_say(struct diff *d, struct str text)
{
    vec_add(d->cx->arena, &d->ret->rows, (struct service_change){d->part, text});
}

bool diff_is_words(const struct yaml *node)
{
    enum lang lang;
    bool all = node && node->kind == YAML_MAP && node->n;
    for (size_t i = 0; all && i < node->n; i++)
        all = node->items[i]->kind == YAML_SCALAR && lang_from_tag(node->items[i]->key, &lang);
    return all;
}

struct str diff_label(struct cx *cx, const struct yaml *node)
{
    struct words w = {0};
    enum lang lang;
    for (size_t i = 0; diff_is_words(node) && i < node->n; i++)
        if (lang_from_tag(node->items[i]->key, &lang))
            w.in[lang] = str_trim(node->items[i]->text);
    return words_in(&w, cx->lang);
}

bool diff_same(const struct yaml *a, const struct yaml *b)
{
    if (!a || !b)
        return a == b;
    bool same = a->kind == b->kind && a->n == b->n && (a->kind != YAML_SCALAR || str_eq(a->text, b->text));
    for (size_t i = 0; same && i < a->n; i++)
        same = str_eq(a->items[i]->key, b->items[i]->key) && diff_same(a->items[i], b->items[i]);
    return same;
}

struct str diff_key(struct cx *cx, struct str key)
{
    enum text text;
    return i18n_find(str_cat(cx->arena, S("service_key_"), key), &text) ? i18n_text(cx->lang, text) : key;
}

/* ---- conditions ---- */

/* The field of that id, wherever it lies in the pages. */
static const struct yaml *field_in(const struct yaml *list, struct str id)
{
    for (size_t i = 0; list && list->kind == YAML_LIST && i < list->n; i++) {
        const struct yaml *f = list->items[i], *own = yaml_get(f, "id");
        if (own && yaml_get(f, "type") && str_eq(own->text, id))
            return f;
        const struct yaml *inside = field_in(yaml_get(f, "fields"), id);
        if (inside)
            return inside;
    }
    return NULL;
}

static struct str field_words(struct diff *d, const struct yaml *operand, int side)
{
    const struct yaml *f = operand->kind == YAML_SCALAR ? field_in(d->fields[side], operand->text) : NULL;
    struct str label = f ? diff_label(d->cx, yaml_get(f, yaml_get(f, "label") ? "label" : "title")) : S("");
    return label.n ? label : diff_words(d, operand, side);
}

/* What a field is compared with: the words of the option, yes or no, or as it is written. */
static struct str right_words(struct diff *d, const struct yaml *left, const struct yaml *right, int side)
{
    const struct yaml *f = left->kind == YAML_SCALAR ? field_in(d->fields[side], left->text) : NULL;
    const struct yaml *options = yaml_get(f, "options");
    for (size_t i = 0; options && options->kind == YAML_LIST && right->kind == YAML_SCALAR && i < options->n; i++) {
        const struct yaml *key = yaml_get(options->items[i], "option");
        if (key && str_eq(key->text, right->text))
            return diff_label(d->cx, yaml_get(options->items[i], "label"));
    }
    return field_words(d, right, side);
}

static struct str joined(struct diff *d, const struct yaml *list, enum text word, int side)
{
    struct buf b = buf_make(d->cx->arena);
    for (size_t i = 0; i < list->n; i++) {
        const struct yaml *c = list->items[i];
        bool deep = c->kind == YAML_MAP && c->n == 1 && c->items[0]->n > 1 &&
                    (str_eq_z(c->items[0]->key, "all") || str_eq_z(c->items[0]->key, "any"));
        struct str words = diff_words(d, c, side);
        buf_fmt(&b, "%" PRI_STR "%s%" PRI_STR "%s", STR_ARG(i ? i18n_text(d->cx->lang, word) : S("")), deep ? "(" : "",
                STR_ARG(words), deep ? ")" : "");
    }
    return buf_str(&b);
}

static struct str one_of(struct diff *d, const struct yaml *pair, int side)
{
    VEC_OF(struct str) words = {0};
    const struct yaml *list = pair->items[1];
    for (size_t i = 0; i < list->n; i++)
        vec_add(d->cx->arena, &words, right_words(d, pair->items[0], list->items[i], side));
    return i18n_fmt(d->cx, T_service_diff_one_of, ARG("left", field_words(d, pair->items[0], side)),
                    ARG("right", i18n_list(d->cx, words.p, words.n)));
}

/* { eq: [lives_alone, true] } in words; empty: it is no condition that we have words for. */
static struct str condition_words(struct diff *d, const struct yaml *node, int side)
{
    static const struct {
        const char *op;
        enum text text;
    } pairs[] = {{"eq", T_service_diff_eq}, {"ne", T_service_diff_ne}, {"lt", T_service_diff_lt},
                 {"le", T_service_diff_le}, {"gt", T_service_diff_gt}, {"ge", T_service_diff_ge}};
    const struct yaml *of = node->kind == YAML_MAP && node->n == 1 ? node->items[0] : NULL;
    if (!of)
        return S("");
    bool pair = of->kind == YAML_LIST && of->n == 2;
    if (of->kind == YAML_LIST && (str_eq_z(of->key, "all") || str_eq_z(of->key, "any")))
        return joined(d, of, str_eq_z(of->key, "all") ? T_service_diff_and : T_service_diff_or, side);
    if (str_eq_z(of->key, "not"))
        return i18n_fmt(d->cx, T_service_diff_not, ARG("condition", diff_words(d, of, side)));
    if (str_eq_z(of->key, "empty"))
        return i18n_fmt(d->cx, T_service_diff_empty, ARG("left", field_words(d, of, side)));
    if (pair && str_eq_z(of->key, "in") && of->items[1]->kind == YAML_LIST)
        return one_of(d, of, side);
    for (size_t i = 0; pair && i < sizeof pairs / sizeof *pairs; i++)
        if (str_eq_z(of->key, pairs[i].op))
            return i18n_fmt(d->cx, pairs[i].text, ARG("left", field_words(d, of->items[0], side)),
                            ARG("right", right_words(d, of->items[0], of->items[1], side)));
    return S("");
}

/* ---- any value ---- */

struct str diff_words(struct diff *d, const struct yaml *node, int side)
{
    struct cx *cx = d->cx;
    struct buf b = buf_make(cx->arena);
    if (node->kind == YAML_SCALAR && node->plain && str_eq_z(node->text, "true"))
        return i18n_text(cx->lang, T_service_diff_yes);
    if (node->kind == YAML_SCALAR && node->plain && str_eq_z(node->text, "false"))
        return i18n_text(cx->lang, T_service_diff_no);
    if (node->kind == YAML_SCALAR)
        return str_trim(node->text);
    if (diff_is_words(node))
        return diff_label(cx, node);
    struct str condition = condition_words(d, node, side);
    if (condition.n)
        return condition;
    for (size_t i = 0; i < node->n; i++) {
        const struct yaml *one = node->items[i];
        if (i)
            buf_add_z(&b, ", ");
        if (node->kind == YAML_MAP)
            buf_fmt(&b, "%" PRI_STR ": ", STR_ARG(diff_key(cx, one->key)));
        buf_add(&b, diff_words(d, one, side));
    }
    return b.n ? buf_str(&b) : i18n_text(cx->lang, T_service_diff_nothing);
}

/* ---- two texts ---- */

static bool starts_char(char c)
{
    return ((unsigned char)c & 0xc0) != 0x80;
}

/* A piece of a long text with a little around it, cut between words. */
static struct str piece(struct cx *cx, struct str s, size_t from, size_t to)
{
    from = from > AROUND ? from - AROUND : 0;
    to = s.n - to > AROUND ? to + AROUND : s.n;
    while (from && (s.p[from - 1] != ' ' || !starts_char(s.p[from])))
        from--;
    while (to < s.n && s.p[to] != ' ')
        to++;
    return str_fmt(cx->arena, "%s%" PRI_STR "%s", from ? "… " : "", STR_ARG(str_slice(s, from, to)),
                   to < s.n ? " …" : "");
}

/* Line ends are no change to a reader. */
static struct str on_one_line(struct cx *cx, struct str s)
{
    struct buf b = buf_make(cx->arena);
    s = str_trim(s);
    for (size_t i = 0; i < s.n; i++) {
        bool blank = s.p[i] == ' ' || s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t';
        if (!blank)
            buf_add_char(&b, s.p[i]);
        else if (b.n && b.p[b.n - 1] != ' ')
            buf_add_char(&b, ' ');
    }
    return buf_str(&b);
}

static void say_three(struct diff *d, struct str what, struct str before, struct str after)
{
    if (!before.n)
        diff_say(d, i18n_fmt(d->cx, T_service_diff_added, ARG("what", what), ARG("after", after)));
    else if (!after.n)
        diff_say(d, i18n_fmt(d->cx, T_service_diff_removed, ARG("what", what), ARG("before", before)));
    else
        diff_say(
            d, i18n_fmt(d->cx, T_service_diff_changed, ARG("what", what), ARG("before", before), ARG("after", after)));
}

void diff_text(struct diff *d, struct str what, struct str before, struct str after)
{
    struct str a = on_one_line(d->cx, before), b = on_one_line(d->cx, after);
    size_t first = 0, last = 0;
    if (str_eq(a, b))
        return;
    while (first < a.n && first < b.n && a.p[first] == b.p[first])
        first++;
    while (last < a.n - first && last < b.n - first && a.p[a.n - 1 - last] == b.p[b.n - 1 - last])
        last++;
    if (a.n > SHORT || b.n > SHORT) {
        struct str left = a.n ? piece(d->cx, a, first, a.n - last) : a;
        b = b.n ? piece(d->cx, b, first, b.n - last) : b;
        a = left;
    }
    say_three(d, what, a, b);
}

/* ---- two values ---- */

struct str diff_language(struct cx *cx, enum lang lang)
{
    static const enum text names[LANG_COUNT] = {T_service_diff_lang_da, T_service_diff_lang_nb, T_service_diff_lang_en,
                                                T_service_diff_lang_nn};
    return i18n_text(cx->lang, names[lang]);
}

static struct str language_name(struct cx *cx, struct str tag)
{
    enum lang lang;
    return lang_from_tag(tag, &lang) ? diff_language(cx, lang) : tag;
}

const struct yaml *diff_item(const struct yaml *map, struct str key)
{
    for (size_t i = 0; map && map->kind == YAML_MAP && i < map->n; i++)
        if (str_eq(map->items[i]->key, key))
            return map->items[i];
    return NULL;
}

static void diff_languages(struct diff *d, struct str what, const struct yaml *before, const struct yaml *after)
{
    for (int side = 0; side < 2; side++) {
        const struct yaml *one = side ? after : before, *other = side ? before : after;
        for (size_t i = 0; one && i < one->n; i++) {
            const struct yaml *there = diff_item(other, one->items[i]->key);
            struct str name = i18n_fmt(d->cx, T_service_diff_in, ARG("what", what),
                                       ARG("language", language_name(d->cx, one->items[i]->key)));
            if (side && !there)
                diff_text(d, name, S(""), one->items[i]->text);
            else if (!side)
                diff_text(d, name, one->items[i]->text, there ? there->text : S(""));
        }
    }
}

/* By what the maps of a list are told apart; NULL: by nothing. */
static const char *natural_key(const struct yaml *list)
{
    static const char *const keys[] = {"id", "option", "key", "input", "word", "url", "file"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        bool all = list && list->kind == YAML_LIST && list->n;
        for (size_t i = 0; all && i < list->n; i++)
            all = yaml_get(list->items[i], keys[k]);
        if (all)
            return keys[k];
    }
    return NULL;
}

static const struct yaml *by_key(const struct yaml *list, const char *key, struct str value)
{
    for (size_t i = 0; list && i < list->n; i++)
        if (str_eq(yaml_get(list->items[i], key)->text, value))
            return list->items[i];
    return NULL;
}

static struct str name_of(struct cx *cx, const struct yaml *item, const char *key)
{
    struct str label = diff_label(cx, yaml_get(item, yaml_get(item, "label") ? "label" : "name"));
    return label.n ? label : yaml_get(item, key)->text;
}

/* An option by its words, a law or an input by all it says. */
static struct str item_words(struct diff *d, const struct yaml *item, const char *key, int side)
{
    struct str name = name_of(d->cx, item, key);
    return str_eq(name, yaml_get(item, key)->text) ? diff_words(d, item, side) : name;
}

static void diff_items(struct diff *d, struct str what, const struct yaml *before, const struct yaml *after,
                       const char *key)
{
    size_t order = 0;
    bool moved = false;
    for (size_t i = 0; i < after->n; i++) {
        const struct yaml *is = after->items[i], *was = by_key(before, key, yaml_get(is, key)->text);
        if (!was) {
            say_three(d, what, S(""), item_words(d, is, key, 1));
            continue;
        }
        struct str item = i18n_fmt(d->cx, T_service_diff_of, ARG("item", name_of(d->cx, is, key)), ARG("what", what));
        diff_map(d, item, was, is, key);
        for (size_t k = 0; k < before->n; k++)
            if (before->items[k] == was) {
                moved |= k + 1 < order;
                order = k + 1;
            }
    }
    for (size_t i = 0; i < before->n; i++)
        if (!by_key(after, key, yaml_get(before->items[i], key)->text))
            say_three(d, what, item_words(d, before->items[i], key, 0), S(""));
    if (moved)
        diff_say(d, i18n_fmt(d->cx, T_service_diff_order, ARG("what", what)));
}

/* What reads the same in this language may be another thing: another language changed, or another question of the same
   words is asked for. */
static void diff_rest(struct diff *d, struct str what, const struct yaml *before, const struct yaml *after)
{
    struct str a = before ? diff_words(d, before, 0) : S(""), b = after ? diff_words(d, after, 1) : S("");
    bool lists = before && after && before->kind == YAML_LIST && after->kind == YAML_LIST;
    if (!before || !after || !str_eq(a, b)) {
        diff_text(d, what, a, b);
    } else if (lists && before->n == after->n) {
        for (size_t i = 0; i < after->n; i++)
            diff_value(d, what, before->items[i], after->items[i]);
    } else {
        diff_say(d, i18n_fmt(d->cx, T_service_diff_otherwise, ARG("what", what)));
    }
}

void diff_value(struct diff *d, struct str what, const struct yaml *before, const struct yaml *after)
{
    const char *key = natural_key(before), *other = natural_key(after);
    bool maps = before && after && before->kind == YAML_MAP && after->kind == YAML_MAP;
    if (diff_same(before, after))
        return;
    if ((!before || diff_is_words(before)) && (!after || diff_is_words(after))) {
        diff_languages(d, what, before, after);
    } else if (key && other && str_eq_z(str_of(key), other)) {
        diff_items(d, what, before, after, key);
    } else if (maps && !condition_words(d, before, 0).n && !condition_words(d, after, 1).n) {
        diff_map(d, what, before, after, "");
    } else {
        diff_rest(d, what, before, after);
    }
}

static bool listed(const char *words, struct str word)
{
    struct str rest = str_of(words), one;
    while (str_cut(&rest, ' ', &one))
        if (str_eq(one, word))
            return true;
    return false;
}

static struct str named(struct diff *d, struct str item, struct str key)
{
    struct str what = diff_key(d->cx, key);
    return item.n ? str_fmt(d->cx->arena, "%" PRI_STR ": %" PRI_STR, STR_ARG(item), STR_ARG(what)) : what;
}

void diff_map(struct diff *d, struct str item, const struct yaml *before, const struct yaml *after, const char *but)
{
    for (size_t i = 0; before && i < before->n; i++) {
        struct str key = before->items[i]->key;
        if (!listed(but, key))
            diff_value(d, named(d, item, key), before->items[i], diff_item(after, key));
    }
    for (size_t i = 0; after && i < after->n; i++) {
        struct str key = after->items[i]->key;
        if (!listed(but, key) && !diff_item(before, key))
            diff_value(d, named(d, item, key), NULL, after->items[i]);
    }
}
