/* The three uses of a script: a condition, a check, a computed value; and Form.io's search for `when`. */
#include "i18n/i18n.h"
#include "import_script.h"

/* ---- the three uses ---- */

static bool begin(struct import *im, const struct item *at, struct str script, struct str result, struct js_script *js,
                  struct translation *t, struct str *ret_why)
{
    *t = (struct translation){.im = im, .at = at, .script = js};
    if (!js_read(im->cx, script, result, js))
        return true;
    *ret_why = str_fmt(im->cx->arena, "the script cannot be read (%" PRI_STR ")", STR_ARG(im->cx->fail.detail));
    return false;
}

const struct cond *import_show(struct import *im, const struct item *at, struct str script, struct str *ret_why)
{
    struct js_script js;
    struct translation t;
    if (!begin(im, at, script, S("show"), &js, &t, ret_why))
        return NULL;
    const struct cond *c = script_truth(&t, js.value);
    *ret_why = t.why;
    return t.why.n ? NULL : c;
}

/* A check: the message when `wrong` holds. */
static void add_check(struct translation *t, struct item *at, const struct cond *wrong, struct str message)
{
    struct arena *a = t->im->cx->arena;
    struct yaml *check = import_map(a);
    struct words w = message.n ? import_plain(t->im, message) : import_ours(T_import_check_message);
    import_set(a, check, "must", cond_yaml(t->im, cond_not(t->im, wrong)));
    import_set(a, check, "message", import_words_node(t->im, &w));
    import_check(t->im, at, check);
}

/* Each way through the script that ends in something else than true is a check of its own. */
static void collect(struct translation *t, struct item *at, const struct js *e, const struct cond *way, int depth)
{
    if (t->why.n || e->kind == JS_TRUE || cond_is_const(way, false))
        return;
    if (depth > 20) {
        script_unknown(t, e, "too many ways");
    } else if (e->kind == JS_CHOICE) {
        const struct cond *c = script_truth(t, e->of[0]);
        collect(t, at, e->of[1], cond_both(t->im, COND_ALL, way, c), depth + 1);
        collect(t, at, e->of[2], cond_both(t->im, COND_ALL, way, cond_not(t->im, c)), depth + 1);
    } else {
        bool text = e->kind == JS_STRING;
        const struct cond *wrong = text ? way : cond_both(t->im, COND_ALL, way, cond_not(t->im, script_truth(t, e)));
        if (t->why.n || cond_is_const(wrong, false))
            return;
        const struct item *latest = cond_latest(t->im, wrong);
        if (latest && latest->order > at->order)
            script_unknown(t, e, "looks at a question that comes later");
        else if (cond_depth(wrong) > COND_DEPTH)
            script_unknown(t, e, "nested too deep");
        else if (wrong->kind == COND_TRUE)
            script_unknown(t, e, "no answer would be right");
        else
            add_check(t, at, wrong, text ? e->text : (struct str){0});
    }
}

bool import_valid(struct import *im, struct item *at, struct str script, struct str *ret_why)
{
    struct js_script js;
    struct translation t;
    if (!begin(im, at, script, S("valid"), &js, &t, ret_why))
        return false;
    size_t before = at->checks.n;
    collect(&t, at, js.value, cond_const(im, true), 0);
    *ret_why = t.why;
    if (t.why.n)
        at->checks.n = before;
    return !t.why.n;
}

struct yaml *import_value(struct import *im, const struct item *at, struct str script, struct str *ret_why)
{
    struct js_script js;
    struct translation t;
    struct yaml *node = NULL;
    const struct item *latest;
    if (!begin(im, at, script, S("value"), &js, &t, ret_why))
        return NULL;
    struct val v = script_eval(&t, js.value);
    if (!t.why.n && (!script_number(&t, &v, &node, &latest) || v.kind == V_NUMBER))
        script_unknown(&t, js.value, "not a number that can be computed");
    else if (!t.why.n && latest && latest->order >= at->order)
        script_unknown(&t, js.value, "looks at a question that comes later");
    *ret_why = t.why;
    return t.why.n ? NULL : node;
}

/* ---- Form.io's `when` ---- */

/* The item of a path, each key in the object of the one before; an option of a multi-select last. */
static struct item *by_path(const struct import *im, const struct item *data, struct str path, struct str *ret_option)
{
    struct str piece;
    struct item *found = NULL;
    *ret_option = (struct str){0};
    while (str_cut(&path, '.', &piece)) {
        if (found && found->role == ITEM_FIELD) {
            *ret_option = piece;
            return path.n ? NULL : found;
        }
        found = import_find(im, found ? found : data, piece);
        if (!found || (found->role == ITEM_REPEAT && path.n))
            return NULL;
    }
    return found && found->role == ITEM_FIELD ? found : NULL;
}

/* Depth first through the containers below `data`. */
static struct item *search_below(const struct import *im, const struct item *data, struct str path, int depth,
                                 struct str *ret_option)
{
    struct item *found = by_path(im, data, path, ret_option);
    const struct item *object = data ? data : im->top;
    for (size_t i = 0; !found && depth < IMPORT_DEPTH && i < object->answers.n; i++)
        if (object->answers.p[i]->role == ITEM_CONTAINER)
            found = search_below(im, object->answers.p[i], path, depth + 1, ret_option);
    return found;
}

struct item *import_when(const struct import *im, const struct item *at, struct str path, struct str *ret_option)
{
    struct item *found = NULL;
    const struct item *data = at->data;
    if (data)
        found = search_below(im, data, path, 0, ret_option);
    if (!found && at->repeat) { /* the row around, also named by the path of its repeat */
        struct str rest = path, piece;
        found = search_below(im, at->repeat, path, 0, ret_option);
        while (!found && str_cut(&rest, '.', &piece))
            if (str_eq(piece, at->repeat->key))
                found = search_below(im, at->repeat, rest, 0, ret_option);
    }
    return found ? found : search_below(im, NULL, path, 0, ret_option);
}
