#include "feel_room.h"

static const struct feel_type types[] = {
    [FEEL_T_ANY] = {.kind = FEEL_T_ANY, .name = {"Any", 3}},
    [FEEL_T_NULL] = {.kind = FEEL_T_NULL, .name = {"Null", 4}},
    [FEEL_T_BOOLEAN] = {.kind = FEEL_T_BOOLEAN, .name = {"boolean", 7}},
    [FEEL_T_NUMBER] = {.kind = FEEL_T_NUMBER, .name = {"number", 6}},
    [FEEL_T_STRING] = {.kind = FEEL_T_STRING, .name = {"string", 6}},
    [FEEL_T_DATE] = {.kind = FEEL_T_DATE, .name = {"date", 4}},
    [FEEL_T_TIME] = {.kind = FEEL_T_TIME, .name = {"time", 4}},
    [FEEL_T_DATE_TIME] = {.kind = FEEL_T_DATE_TIME, .name = {"date and time", 13}},
    [FEEL_T_MONTHS] = {.kind = FEEL_T_MONTHS, .name = {"years and months duration", 25}},
    [FEEL_T_DURATION] = {.kind = FEEL_T_DURATION, .name = {"days and time duration", 22}},
    [FEEL_T_LIST] = {.kind = FEEL_T_LIST, .name = {"list", 4}},
    [FEEL_T_CONTEXT] = {.kind = FEEL_T_CONTEXT, .name = {"context", 7}},
    [FEEL_T_RANGE] = {.kind = FEEL_T_RANGE, .name = {"range", 5}},
    [FEEL_T_FUNCTION] = {.kind = FEEL_T_FUNCTION, .name = {"function", 8}},
};

const struct feel_type *feel_type_of_kind(enum feel_type_kind kind)
{
    return &types[kind];
}

const struct feel_type *feel_type_builtin(struct str name)
{
    static const struct {
        const char *name;
        enum feel_type_kind kind;
    } others[] = {{"any", FEEL_T_ANY},
                  {"integer", FEEL_T_NUMBER},
                  {"int", FEEL_T_NUMBER},
                  {"double", FEEL_T_NUMBER},
                  {"long", FEEL_T_NUMBER},
                  {"float", FEEL_T_NUMBER},
                  {"decimal", FEEL_T_NUMBER},
                  {"dateTime", FEEL_T_DATE_TIME},
                  {"date_time", FEEL_T_DATE_TIME},
                  {"dayTimeDuration", FEEL_T_DURATION},
                  {"days_time_duration", FEEL_T_DURATION},
                  {"dayTime duration", FEEL_T_DURATION},
                  {"yearMonthDuration", FEEL_T_MONTHS},
                  {"years_months_duration", FEEL_T_MONTHS},
                  {"yearMonth duration", FEEL_T_MONTHS}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq(types[i].name, name))
            return &types[i];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_eq_z(name, others[i].name))
            return &types[others[i].kind];
    return NULL;
}

/* ---- Conformance between types (10.3.2.9.3), for functions. left: how many more pairs may be looked at; when none is
   left nothing has differed so far, as with a type within itself. */

enum { CONFORM_STEPS = 1000 };

static bool conforms(const struct feel_type *a, const struct feel_type *b, int *left);

static bool functions_conform(const struct feel_type *a, const struct feel_type *b, int *left)
{
    if (!b->params && !b->of)
        return true;
    if (a->n_params != b->n_params)
        return false;
    for (size_t i = 0; i < a->n_params; i++)
        if (!conforms(b->params[i], a->params[i], left))
            return false;
    return conforms(a->of, b->of, left);
}

static bool contexts_conform(const struct feel_type *a, const struct feel_type *b, int *left)
{
    for (size_t i = 0, j; i < b->n_members; i++) {
        for (j = 0; j < a->n_members && !str_eq(a->members[j].name, b->members[i].name); j++)
            ;
        if (j == a->n_members || !conforms(a->members[j].type, b->members[i].type, left))
            return false;
    }
    return true;
}

static bool conforms(const struct feel_type *a, const struct feel_type *b, int *left)
{
    if (!b || b->kind == FEEL_T_ANY || a == b || *left <= 0)
        return true;
    --*left;
    if (!a || a->kind != b->kind)
        return a && a->kind == FEEL_T_NULL;
    switch (a->kind) {
    case FEEL_T_LIST:
    case FEEL_T_RANGE:
        return conforms(a->of, b->of, left);
    case FEEL_T_CONTEXT:
        return contexts_conform(a, b, left);
    case FEEL_T_FUNCTION:
        return functions_conform(a, b, left);
    default:
        return true;
    }
}

/* ---- Values and types */

struct fitting {
    uint64_t *left; /* how many more values may be looked at */
    bool nulls;     /* a null fits any type, as it does where values are coerced */
};

static bool fits(struct fitting *f, struct feel_value v, const struct feel_type *t, int depth);

static bool list_fits(struct fitting *f, const struct feel_list *list, const struct feel_type *of, int depth)
{
    if (!of || of->kind == FEEL_T_ANY)
        return true;
    for (size_t i = 0; i < list->n; i++)
        if (!fits(f, list->items[i], of, depth))
            return false;
    return true;
}

static bool context_fits(struct fitting *f, struct feel_value v, const struct feel_type *t, int depth)
{
    for (size_t i = 0; i < t->n_members; i++) {
        const struct feel_value *m = feel_member(v, t->members[i].name);
        if (!m || !(m->kind == FEEL_NULL || fits(f, *m, t->members[i].type, depth)))
            return false;
    }
    return true;
}

static bool range_fits(struct fitting *f, const struct feel_range *r, const struct feel_type *of, int depth)
{
    if (!of || of->kind == FEEL_T_ANY)
        return true;
    bool low = r->low_bound == FEEL_UNBOUNDED || r->low.kind == FEEL_NULL || fits(f, r->low, of, depth);
    bool high = r->high_bound == FEEL_UNBOUNDED || r->high.kind == FEEL_NULL || fits(f, r->high, of, depth);
    return low && high;
}

static bool function_fits(const struct feel_function *f, const struct feel_type *t)
{
    int left = CONFORM_STEPS;
    if (!t->params && !t->of)
        return true;
    if (f->kind == FEEL_BUILTIN)
        return true; /* built-in functions say no types of their own */
    if (f->n_params != t->n_params)
        return false;
    for (size_t i = 0; i < t->n_params; i++)
        if (f->params[i].type && !conforms(t->params[i], f->params[i].type, &left))
            return false;
    return !f->result || conforms(f->result, t->of, &left);
}

static bool fits(struct fitting *f, struct feel_value v, const struct feel_type *t, int depth)
{
    static const uint8_t kinds[] = {
        [FEEL_T_NULL] = FEEL_NULL,           [FEEL_T_BOOLEAN] = FEEL_BOOLEAN, [FEEL_T_NUMBER] = FEEL_NUMBER,
        [FEEL_T_STRING] = FEEL_STRING,       [FEEL_T_DATE] = FEEL_DATE,       [FEEL_T_TIME] = FEEL_TIME,
        [FEEL_T_DATE_TIME] = FEEL_DATE_TIME, [FEEL_T_MONTHS] = FEEL_MONTHS,   [FEEL_T_DURATION] = FEEL_DURATION,
        [FEEL_T_LIST] = FEEL_LIST,           [FEEL_T_CONTEXT] = FEEL_CONTEXT, [FEEL_T_RANGE] = FEEL_RANGE,
        [FEEL_T_FUNCTION] = FEEL_FUNCTION};
    if (v.kind == FEEL_NULL)
        return f->nulls || (t && t->kind == FEEL_T_NULL);
    if (!t || t->kind == FEEL_T_ANY)
        return true;
    if (kinds[t->kind] != v.kind || depth > FEEL_VALUE_DEPTH || *f->left == 0)
        return false;
    --*f->left;
    switch (t->kind) {
    case FEEL_T_LIST:
        return list_fits(f, v.list, t->of, depth + 1);
    case FEEL_T_CONTEXT:
        return context_fits(f, v, t, depth + 1);
    case FEEL_T_RANGE:
        return range_fits(f, v.range, t->of, depth + 1);
    case FEEL_T_FUNCTION:
        return function_fits(v.function, t);
    default:
        return true;
    }
}

bool feel_instance_of(struct feel_value v, const struct feel_type *t)
{
    uint64_t left = 1 << 20;
    struct fitting f = {&left, false};
    return fits(&f, v, t, 0);
}

bool feel_type_fits(struct feel_run *run, struct feel_value v, const struct feel_type *t)
{
    struct fitting f = {&run->steps_left, true};
    return fits(&f, v, t, 0);
}
