/* The form of somebody else while it is read: items, ids, notes. */
#include <stdarg.h>
#include <stdio.h>

#include "form/form.h"
#include "import_form.h"

struct import import_make(struct cx *cx, const struct import_source *source, struct import_result *result)
{
    struct import im = {.cx = cx, .source = source, .result = result};
    im.languages = cx->muni ? cx->muni->languages : (1U << LANG_COUNT) - 1;
    im.top = arena_new_of(cx->arena, struct item);
    im.top->role = ITEM_LAYOUT;
    im.top->order = -1;
    for (size_t i = 0; form_taken_ids[i]; i++)
        import_id_take(&im, str_of(form_taken_ids[i]));
    return im;
}

/* ---- ids ---- */

static size_t slot_of(const struct str *table, size_t cap, struct str s)
{
    uint64_t h = 1469598103934665603U;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 1099511628211U;
    size_t at = (size_t)h & (cap - 1);
    while (table[at].p && !str_eq(table[at], s))
        at = (at + 1) & (cap - 1);
    return at;
}

static void set_grow(struct arena *a, struct str_set *set)
{
    size_t cap = set->cap ? set->cap * 2 : 256;
    struct str *table = arena_array(a, struct str, cap);
    for (size_t i = 0; i < set->cap; i++)
        if (set->table[i].p)
            table[slot_of(table, cap, set->table[i])] = set->table[i];
    set->table = table;
    set->cap = cap;
}

bool str_set_has(const struct str_set *set, struct str s)
{
    return set->cap && set->table[slot_of(set->table, set->cap, s)].p;
}

bool str_set_add(struct arena *a, struct str_set *set, struct str s)
{
    if (set->n * 2 >= set->cap)
        set_grow(a, set);
    size_t at = slot_of(set->table, set->cap, s);
    if (set->table[at].p)
        return false;
    set->table[at] = s.p ? s : S("");
    set->n++;
    return true;
}

void import_id_take(struct import *im, struct str id)
{
    str_set_add(im->cx->arena, &im->ids, id);
}

/* a-z, digits and one _ between words; empty when nothing of it can be kept. */
static struct str id_letters(struct arena *a, struct str key, char between)
{
    struct buf b = buf_make(a);
    bool lower = false, gap = false;
    struct str spaced = {0};
    struct buf words = buf_make(a);
    for (size_t i = 0; i < key.n; i++) { /* parted where a capital begins a word */
        bool upper = key.p[i] >= 'A' && key.p[i] <= 'Z';
        if (upper && lower)
            buf_add_char(&words, ' ');
        lower = (key.p[i] >= 'a' && key.p[i] <= 'z') || (key.p[i] >= '0' && key.p[i] <= '9');
        buf_add_char(&words, key.p[i]);
    }
    spaced = text_fold(a, buf_str(&words));
    for (size_t i = 0; i < spaced.n; i++) {
        char c = spaced.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (word && gap && b.n)
            buf_add_char(&b, between);
        gap = word ? false : true;
        if (word)
            buf_add_char(&b, c);
    }
    return buf_str(&b);
}

struct str import_id(struct arena *a, struct str key)
{
    struct str id = id_letters(a, key, '_');
    if (!id.n || id.p[0] < 'a')
        id = str_cat(a, S("f_"), id);
    id = str_slice(id, 0, IMPORT_ID_MAX);
    while (id.n > 1 && id.p[id.n - 1] == '_')
        id.n--;
    return id;
}

/* The names a page posts for parts of an answer may not be those of others. */
static bool id_free(const struct import *im, struct str id)
{
    static const char *const parts[] = {"_day", "_month", "_year", "_street", "_postcode", "_city", "_file", "_note"};
    if (str_set_has(&im->ids, id))
        return false;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct str part = str_of(parts[i]);
        if (str_set_has(&im->ids, str_cat(im->cx->arena, id, part)) ||
            (str_ends(id, part) && str_set_has(&im->ids, str_slice(id, 0, id.n - part.n))))
            return false;
    }
    return true;
}

static struct str new_id(struct import *im, const struct item *data, struct str key)
{
    struct arena *a = im->cx->arena;
    struct str id = import_id(a, key);
    if (!id_free(im, id) && data && data->id.n)
        id = import_id(a, str_fmt(a, "%" PRI_STR " %" PRI_STR, STR_ARG(str_slice(data->id, 0, 20)), STR_ARG(id)));
    struct str base = id;
    for (int i = 2; !id_free(im, id); i++)
        id = str_fmt(a, "%" PRI_STR "_%d", STR_ARG(base), i);
    import_id_take(im, id);
    return id;
}

/* No page has the id of an address of the form itself. */
static struct str page_key(struct arena *a, struct str key)
{
    struct str id = import_id(a, key);
    for (size_t i = 0; form_taken_pages[i]; i++)
        if (str_eq_z(id, form_taken_pages[i]))
            return str_cat(a, S("page_"), key);
    return key;
}

/* ---- items ---- */

struct item *import_data_of(struct item *item)
{
    for (; item; item = item->parent)
        if (item->role == ITEM_CONTAINER || item->role == ITEM_REPEAT)
            return item;
    return NULL;
}

static struct item *repeat_of(struct item *item)
{
    while (item && item->role != ITEM_REPEAT)
        item = item->parent;
    return item;
}

struct item *import_add(struct import *im, struct item *parent, enum item_role role, const char *type, struct str key)
{
    struct arena *a = im->cx->arena;
    struct item *item = arena_new_of(a, struct item);
    item->role = role;
    item->type = type;
    item->key = key;
    item->parent = parent ? parent : im->top;
    item->data = import_data_of(item->parent);
    item->repeat = repeat_of(item->parent);
    item->order = (int)im->all.n;
    item->id = new_id(im, item->data, role == ITEM_PAGE ? page_key(a, key) : key);
    item->path =
        item->parent->path.n ? str_fmt(a, "%" PRI_STR ".%" PRI_STR, STR_ARG(item->parent->path), STR_ARG(key)) : key;
    vec_add(a, &item->parent->items, item);
    vec_add(a, &im->all, item);
    vec_add(a, &im->made, item);
    if (role == ITEM_FIELD || role == ITEM_CONTAINER || role == ITEM_REPEAT)
        vec_add(a, &(item->data ? item->data : im->top)->answers, item);
    return item;
}

struct import_option *import_option(struct import *im, struct item *item, struct str value)
{
    struct arena *a = im->cx->arena;
    struct str key = id_letters(a, value, '_');
    if (!key.n || key.p[0] < 'a')
        key = str_cat(a, S("o_"), key);
    key = str_slice(key, 0, IMPORT_ID_MAX);
    struct str base = key;
    for (int n = 2;; n++) {
        bool used = false;
        for (size_t i = 0; i < item->options.n; i++)
            used |= str_eq(item->options.p[i].key, key);
        if (!used)
            break;
        key = str_fmt(a, "%" PRI_STR "_%d", STR_ARG(base), n);
    }
    struct import_option *o = vec_push(a, &item->options);
    *o = (struct import_option){.key = key, .value = value};
    return o;
}

const struct import_option *import_option_of(const struct item *item, struct str value)
{
    for (size_t i = 0; i < item->options.n; i++)
        if (str_eq(item->options.p[i].value, value))
            return &item->options.p[i];
    return NULL;
}

void import_own(struct import *im, struct item *item, const char *key, struct yaml *value)
{
    value->key = str_of(key);
    for (size_t i = 0; i < item->own.n; i++)
        if (str_eq_z(item->own.p[i]->key, key)) {
            item->own.p[i] = value;
            return;
        }
    vec_add(im->cx->arena, &item->own, value);
}

void import_own_text(struct import *im, struct item *item, const char *key, struct str value)
{
    import_own(im, item, key, import_scalar(im->cx->arena, value));
}

void import_lengths(struct import *im, struct item *item, int64_t min, int64_t max)
{
    enum { MOST = 20000, USUAL = 200, USUAL_LONG = 4000 }; /* as form.yaml has it */
    struct arena *a = im->cx->arena;
    if (max > 0 && max < min) {
        import_decide(im, item, str_fmt(a, "%lld to %lld", (long long)min, (long long)max),
                      "no text is as long and as short as that; write `min_length` and `max_length`");
        return;
    }
    if (min > MOST || max > MOST)
        import_note(im, item, str_fmt(a, "%lld", (long long)(max > MOST ? max : min)),
                    "a text has at most %d characters here", MOST);
    if (min > MOST)
        min = MOST;
    if (max > MOST || (max <= 0 && min > (import_is_type(item, "text") ? USUAL : USUAL_LONG)))
        max = MOST;
    if (min > 0)
        import_own_text(im, item, "min_length", str_fmt(a, "%lld", (long long)min));
    if (max > 0)
        import_own_text(im, item, "max_length", str_fmt(a, "%lld", (long long)max));
}

void import_check(struct import *im, struct item *item, struct yaml *check)
{
    vec_add(im->cx->arena, &item->checks, check);
}

struct item *import_find(const struct import *im, const struct item *data, struct str key)
{
    const struct item *object = data ? data : im->top;
    for (size_t i = 0; i < object->answers.n; i++)
        if (str_eq(object->answers.p[i]->key, key))
            return object->answers.p[i];
    return NULL;
}

bool import_is_type(const struct item *item, const char *types)
{
    struct str rest = str_of(types), type;
    while (item && item->type && str_cut(&rest, ' ', &type))
        if (str_eq_z(type, item->type))
            return true;
    return false;
}

const struct item *import_later(const struct item *x, const struct item *y)
{
    return !x ? y : !y ? x : x->order > y->order ? x : y;
}

/* ---- notes ---- */

static void note(struct import *im, const struct item *at, struct note n, const char *fmt, va_list args)
{
    char what[1000];
    vsnprintf(what, sizeof what, fmt, args);
    n.what = str_dup(im->cx->arena, text_head(str_of(what), 900));
    n.type = at && at->from_type.n ? at->from_type : at && at->type ? str_of(at->type) : S("form");
    n.path = at ? at->path : S("");
    vec_add(im->cx->arena, &im->notes, n);
}

void import_note(struct import *im, const struct item *at, struct str original, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    note(im, at, (struct note){.original = original}, fmt, args);
    va_end(args);
}

void import_decide(struct import *im, const struct item *at, struct str original, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    note(im, at, (struct note){.decide = true, .original = original}, fmt, args);
    va_end(args);
    im->result->decide++;
}
