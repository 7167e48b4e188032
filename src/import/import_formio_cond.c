/* Form.io JSON, second round: conditions, validations and computed answers, when all questions are known. */
#include <string.h>

#include "import_form.h"

/* ---- conditions ---- */

static void note_not_asked(struct import *im, const struct item *item, struct str original, struct str what)
{
    import_note(im, item, original, "looks at `%" PRI_STR "`, which the form does not ask: taken as never answered",
                STR_ARG(what));
}

/* Is the answer `value`; an empty one: is it open. */
static const struct cond *equal(struct import *im, const struct item *item, const struct item *found, struct str value)
{
    const struct cond *is = value.n ? cond_is(im, found, value) : cond_empty(im, found);
    if (value.n && cond_is_const(is, false))
        import_note(im, item, str_fmt(im->cx->arena, "%" PRI_STR " = %" PRI_STR, STR_ARG(found->key), STR_ARG(value)),
                    "compared with `%" PRI_STR "`, which `%" PRI_STR "` never is", STR_ARG(value), STR_ARG(found->id));
    return is;
}

/* {show, when, eq} */
static const struct cond *simple_condition(struct import *im, struct item *item, const struct json *c)
{
    struct arena *a = im->cx->arena;
    struct str when = json_text(c, "when"), eq = import_json_scalar_of(a, c, "eq"), option;
    bool show = str_eq_z(import_json_scalar_of(a, c, "show"), "true");
    struct item *found = import_when(im, item, when, &option);
    if (!found || found->left_out) {
        note_not_asked(im, item, str_fmt(a, "%" PRI_STR " = %" PRI_STR, STR_ARG(when), STR_ARG(eq)), when);
        return cond_const(im, (eq.n == 0) == show);
    }
    const struct cond *is;
    if (option.n && import_is_type(found, "multiselect")) {
        is = equal(im, item, found, option);
        is = str_eq_z(eq, "true") ? is : cond_both(im, COND_ALL, cond_shown(im, found), cond_not(im, is));
    } else {
        is = equal(im, item, found, eq);
    }
    return show ? is : cond_not(im, is);
}

/* Form.io 5: {show, conjunction, conditions: [{component, operator, value}]}. */
static const struct cond *listed_conditions(struct import *im, struct item *item, const struct json *c,
                                            struct str *ret_why)
{
    struct arena *a = im->cx->arena;
    const struct json *list = json_get(c, "conditions");
    enum cond_kind kind = str_eq_z(json_text(c, "conjunction"), "any") ? COND_ANY : COND_ALL;
    const struct cond *all = NULL;
    for (size_t i = 0; i < list->n; i++) {
        struct str component = json_text(list->items[i], "component"), option;
        struct str op = json_text(list->items[i], "operator"),
                   value = import_json_scalar_of(a, list->items[i], "value");
        struct item *found = import_when(im, item, component, &option);
        bool empty = str_eq_z(op, "isEmpty") || str_eq_z(op, "isNotEmpty"), is_not = str_starts(op, S("isNot"));
        bool order = str_starts(op, S("less")) || str_starts(op, S("greater"));
        bool same = str_eq_z(op, "isEqual") || str_eq_z(op, "isNotEqual") || !op.n;
        const struct cond *one = NULL;
        if (!found || found->left_out) {
            note_not_asked(im, item, component, component);
            one = cond_const(im, empty || (same && !value.n));
        } else if (option.n && import_is_type(found, "multiselect")) {
            one = same && str_eq_z(value, "true") ? cond_is(im, found, option) : NULL;
        } else if (empty) {
            one = cond_empty(im, found);
        } else if (same) {
            one = equal(im, item, found, value);
        } else if (order && import_is_type(found, "number money") && import_is_number(value)) {
            one = cond_compare(im,
                               op.p[0] == 'l' ? (str_ends(op, S("OrEqual")) ? "le" : "lt")
                                              : (str_ends(op, S("OrEqual")) ? "ge" : "gt"),
                               found, import_scalar(a, value));
        }
        if (!one) {
            *ret_why = str_fmt(a, "the comparison `%" PRI_STR "`", STR_ARG(op));
            return NULL;
        }
        one = is_not ? cond_not(im, one) : one;
        all = all ? cond_both(im, kind, all, one) : one;
    }
    all = all ? all : cond_const(im, true);
    return str_eq_z(import_json_scalar_of(a, c, "show"), "false") ? cond_not(im, all) : all;
}

/* JsonLogic, written as the JavaScript it stands for. */
static bool logic_script(struct buf *b, const struct json *j, int depth)
{
    static const char *const signs[] = {"and", "or", "==", "===", "!=", "!==", "<", "<=", ">", ">=", "+", "-", "*"};
    if (depth > 20 || !j)
        return false;
    if (j->kind == JSON_TEXT || j->kind == JSON_LIST) {
        struct json_out o = json_out_make(b);
        json_value(&o, j);
        return true;
    }
    if (j->kind != JSON_MAP) {
        buf_add(b, import_json_scalar(b->arena, j).n ? import_json_scalar(b->arena, j) : S("null"));
        return true;
    }
    const struct json *arg = j->n == 1 ? j->items[0] : NULL;
    const struct json *first = arg && arg->kind == JSON_LIST && arg->n ? arg->items[0] : arg;
    if (!arg)
        return false;
    if (str_eq_z(arg->key, "var")) {
        struct str path = import_json_scalar(b->arena, first);
        bool rooted = str_starts(path, S("data.")) || str_starts(path, S("row."));
        buf_fmt(b, "%s%" PRI_STR, rooted ? "" : "data.", STR_ARG(path));
        return path.n;
    }
    if (str_eq_z(arg->key, "!") || str_eq_z(arg->key, "!!")) {
        buf_fmt(b, "%" PRI_STR "(", STR_ARG(arg->key));
        bool ok = logic_script(b, first, depth + 1);
        buf_add_char(b, ')');
        return ok;
    }
    bool in = str_eq_z(arg->key, "in"), known = in;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        known |= str_eq_z(arg->key, signs[i]);
    bool many =
        str_eq_z(arg->key, "and") || str_eq_z(arg->key, "or") || str_eq_z(arg->key, "+") || str_eq_z(arg->key, "*");
    if (!known || arg->kind != JSON_LIST || arg->n < 2 || (!many && arg->n != 2))
        return false;
    struct str sign = str_eq_z(arg->key, "and") ? S("&&") : str_eq_z(arg->key, "or") ? S("||") : arg->key;
    bool ok = true;
    buf_add_char(b, '(');
    for (size_t i = 0; ok && i < arg->n; i++) {
        if (i)
            buf_fmt(b, in ? ".includes(" : " %" PRI_STR " ", STR_ARG(sign));
        ok = logic_script(b, arg->items[in ? 1 - i : i], depth + 1);
    }
    buf_add(b, in ? S("))") : S(")"));
    return ok;
}

static const struct cond *logic_condition(struct import *im, const struct item *item, const struct json *logic,
                                          struct str *ret_why)
{
    struct buf b = buf_make(im->cx->arena);
    buf_add(&b, S("show = "));
    if (!logic_script(&b, logic, 0)) {
        *ret_why = S("a JsonLogic operator that is not known");
        return NULL;
    }
    return import_show(im, item, buf_str(&b), ret_why);
}

/* As it stood in the original, for the report. */
static struct str as_written(struct import *im, const struct json *j)
{
    struct buf b = buf_make(im->cx->arena);
    struct json_out o = json_out_make(&b);
    json_value(&o, j);
    return buf_str(&b);
}

static void leave_out(struct import *im, struct item *item)
{
    item->left_out = true;
    for (size_t i = 0; i < item->items.n; i++)
        leave_out(im, item->items.p[i]);
}

static void set_condition(struct import *im, struct item *item, const struct cond *c, struct str original,
                          struct str why)
{
    if (!c) {
        import_decide(im, item, original, "the condition was not translated, it is always shown now; %" PRI_STR,
                      STR_ARG(why));
    } else if (cond_depth(c) > COND_DEPTH) {
        import_decide(im, item, original, "the condition is nested too deep, it is always shown now");
    } else {
        im->result->conditions_kept++;
        if (c->kind == COND_FALSE) {
            leave_out(im, item);
            import_decide(im, item, original, "by its condition it is never shown: left out, with all that is in it");
        } else if (c->kind != COND_TRUE) {
            item->when = c;
            item->when_text = original;
        }
    }
}

static void condition(struct import *im, struct item *item)
{
    const struct json *c = json_get(item->from, "conditional");
    struct str custom = str_trim(json_text(item->from, "customConditional")), why = {0};
    const struct json *list = json_get(c, "conditions"), *logic = json_get(c, "json");
    bool when = json_text(c, "when").n, listed = list && list->kind == JSON_LIST && list->n;
    if (custom.n) {
        im->result->conditions++;
        set_condition(im, item, import_show(im, item, custom, &why), custom, why);
    }
    if (when) {
        struct str original = str_fmt(im->cx->arena, "%" PRI_STR " = %" PRI_STR, STR_ARG(json_text(c, "when")),
                                      STR_ARG(import_json_scalar_of(im->cx->arena, c, "eq")));
        im->result->conditions++;
        if (custom.n) {
            im->result->conditions_kept++;
            import_note(im, item, original, "has a script as well, which goes before it");
        } else {
            set_condition(im, item, simple_condition(im, item, c), original, why);
        }
    } else if (listed && !custom.n) {
        im->result->conditions++;
        set_condition(im, item, listed_conditions(im, item, c, &why), as_written(im, list), why);
    } else if (logic && logic->kind == JSON_MAP && logic->n && !custom.n) {
        im->result->conditions++;
        set_condition(im, item, logic_condition(im, item, logic, &why), as_written(im, logic), why);
    } else if (import_json_true(item->from, "hidden") && !custom.n && !item->left_out) {
        leave_out(im, item);
        import_decide(im, item, json_text(item->from, "label"), "it is hidden in the original: left out");
    }
}

/* ---- validations ---- */

/* Helpers that mean a type of ours, or limits that are read from the component. */
static bool known_helper(struct item *item, struct str script)
{
    static const struct {
        const char *name, *type;
    } helpers[] = {{"validateFnrNew", "idno"},
                   {"validateFnr", "idno"},
                   {"validateOrganizationNumber", "orgno"},
                   {"validateOrgNr", "orgno"},
                   {"validateAccountNumber", "account"},
                   {"validateIban", "iban"},
                   {"validateDatePickerV2", "date"},
                   {"validateDatePicker", "date"}};
    struct str rest = str_trim(script);
    if (!str_starts(rest, S("valid")))
        return false;
    rest = str_trim(str_slice(rest, 5, rest.n));
    if (!rest.n || rest.p[0] != '=')
        return false;
    rest = str_trim(str_slice(rest, 1, rest.n));
    if (!str_starts(rest, S("instance.")))
        return false;
    size_t paren = str_find_char(rest, '(', 0), end = str_find_char(rest, ')', 0);
    struct str name = str_slice(rest, 9, paren), after = str_trim(str_slice(rest, end + 1, rest.n));
    if (after.n && !str_eq_z(after, ";"))
        return false;
    for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++)
        if (str_eq_z(name, helpers[i].name)) {
            bool date = helpers[i].type[0] == 'd';
            if (!date && import_is_type(item, "text")) {
                item->type = helpers[i].type;
                item->own.n = 0;
            }
            if (import_is_type(item, helpers[i].type))
                return true;
        }
    return false;
}

static void validation(struct import *im, struct item *item)
{
    const struct json *validate = json_get(item->from, "validate");
    struct str custom = str_trim(json_text(validate, "custom")), why = {0};
    const struct json *logic = json_get(validate, "json");
    if (logic && logic->kind == JSON_MAP && logic->n)
        import_decide(im, item, as_written(im, logic), "a check in JsonLogic was not translated; write it as a check");
    if (!custom.n)
        return;
    im->result->validations++;
    if (known_helper(item, custom) || import_valid(im, item, custom, &why))
        im->result->validations_kept++;
    else
        import_decide(im, item, custom, "the check was not translated; %" PRI_STR, STR_ARG(why));
}

static void computed(struct import *im, struct item *item)
{
    struct str script = str_trim(json_text(item->from, "calculateValue")), why = {0};
    struct str start = str_trim(json_text(item->from, "customDefaultValue"));
    if (script.n && !item->left_out) {
        bool number = import_is_type(item, "number money");
        struct yaml *value = number ? import_value(im, item, script, &why) : NULL;
        if (value) {
            import_own(im, item, "value", value);
            item->required = false;
        } else {
            import_decide(im, item, script,
                          "it was computed by a script that was not translated, it is typed now; %" PRI_STR,
                          STR_ARG(why));
        }
    }
    if (start.n && !str_eq_z(start, "value=\"\";"))
        import_decide(im, item, start, "what stands there beforehand came from a script: left out");
    const struct json *logic = json_get(item->from, "logic");
    for (size_t i = 0; logic && logic->kind == JSON_LIST && i < logic->n; i++)
        import_decide(im, item, json_text(logic->items[i], "name"),
                      "a rule that changes this component was not translated; write it as a condition");
}

void import_formio_conditions(struct import *im)
{
    for (size_t i = 0; i < im->all.n; i++) {
        struct item *item = im->all.p[i];
        if (!item->from || !item->from_type.n)
            continue;
        bool out = item->left_out;
        condition(im, item);
        if (item->role != ITEM_FIELD)
            continue;
        if (!out)
            import_formio_limits(im, item);
        validation(im, item);
        computed(im, item);
    }
}
