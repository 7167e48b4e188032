#include "dmn_suite.h"

#include <math.h>

/* Some of the cases outside compliance write numbers, booleans and dates without their type. */
static struct feel_value untyped(struct arena *a, struct feel_zones *zones, struct str text,
                                 const struct feel_type *declared)
{
    static const uint8_t kinds[] = {
        [FEEL_T_NUMBER] = FEEL_NUMBER,       [FEEL_T_BOOLEAN] = FEEL_BOOLEAN, [FEEL_T_DATE] = FEEL_DATE,
        [FEEL_T_TIME] = FEEL_TIME,           [FEEL_T_MONTHS] = FEEL_MONTHS,   [FEEL_T_DURATION] = FEEL_DURATION,
        [FEEL_T_DATE_TIME] = FEEL_DATE_TIME,
    };
    if (declared && (size_t)declared->kind < sizeof kinds && kinds[declared->kind])
        return feel_parse(a, zones, (enum feel_kind)kinds[declared->kind], str_trim(text));
    return text.n ? feel_string(str_dup(a, text)) : feel_null();
}

static struct feel_value one_value(struct arena *a, struct feel_zones *zones, const struct xml *e,
                                   const struct feel_type *declared)
{
    static const struct {
        const char *type;
        enum feel_kind kind;
    } types[] = {{"decimal", FEEL_NUMBER},    {"double", FEEL_NUMBER},  {"integer", FEEL_NUMBER},
                 {"int", FEEL_NUMBER},        {"float", FEEL_NUMBER},   {"long", FEEL_NUMBER},
                 {"date", FEEL_DATE},         {"time", FEEL_TIME},      {"dateTime", FEEL_DATE_TIME},
                 {"duration", FEEL_DURATION}, {"boolean", FEEL_BOOLEAN}};
    struct str type = {0};
    for (size_t i = 0; i < e->n_attrs; i++) {
        if (str_eq_z(e->attrs[i].name, "nil") && str_eq_z(e->attrs[i].value, "true"))
            return feel_null();
        if (str_eq_z(e->attrs[i].name, "type"))
            type = e->attrs[i].value;
    }
    size_t colon = str_find_char(type, ':', 0);
    type = str_slice(type, colon < type.n ? colon + 1 : 0, type.n);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq_z(type, types[i].type))
            return feel_parse(a, zones, types[i].kind, str_trim(e->text));
    return type.n ? feel_string(str_dup(a, e->text)) : untyped(a, zones, e->text, declared);
}

static const struct feel_type *type_of_items(const struct feel_type *t)
{
    return t && t->kind == FEEL_T_LIST ? t->of : NULL;
}

static const struct feel_type *type_of_member(const struct feel_type *t, struct str name)
{
    for (size_t i = 0; t && i < t->n_members; i++)
        if (str_eq(t->members[i].name, name))
            return t->members[i].type;
    return NULL;
}

static struct feel_value list_value(struct arena *a, struct feel_zones *zones, const struct xml *e,
                                    const struct feel_type *declared)
{
    struct feel_value *items = arena_array(a, struct feel_value, e->n);
    for (size_t i = 0; i < e->n; i++)
        items[i] = dmn_suite_value(a, zones, e->items[i], type_of_items(declared));
    return feel_list(a, items, e->n);
}

struct feel_value dmn_suite_value(struct arena *a, struct feel_zones *zones, const struct xml *e,
                                  const struct feel_type *declared)
{
    VEC_OF(struct feel_entry) entries = {0};
    for (size_t i = 0; i < e->n; i++) {
        const struct xml *c = e->items[i];
        if (str_eq_z(c->name, "value"))
            return one_value(a, zones, c, declared);
        if (str_eq_z(c->name, "list"))
            return list_value(a, zones, c, declared);
        if (str_eq_z(c->name, "component")) {
            struct str name = str_dup(a, xml_attr(c, "name"));
            vec_add(a, &entries,
                    (struct feel_entry){name, dmn_suite_value(a, zones, c, type_of_member(declared, name))});
        }
    }
    return entries.n ? feel_context(a, entries.p, entries.n) : feel_null();
}

static bool same_list(const struct feel_list *a, const struct feel_list *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (!dmn_suite_same(a->items[i], b->items[i]))
            return false;
    return true;
}

static bool same_context(struct feel_value a, struct feel_value b)
{
    if (a.context->n != b.context->n)
        return false;
    for (size_t i = 0; i < a.context->n; i++) {
        const struct feel_value *other = feel_member(b, a.context->entries[i].name);
        if (!other || !dmn_suite_same(a.context->entries[i].value, *other))
            return false;
    }
    return true;
}

bool dmn_suite_same(struct feel_value wanted, struct feel_value got)
{
    if (wanted.kind != got.kind)
        return false;
    switch (wanted.kind) {
    case FEEL_NULL:
        return true;
    case FEEL_NUMBER:
        return feel_equal(wanted, got) == 1 || fabs(feel_real(wanted) - feel_real(got)) < 1e-8;
    case FEEL_LIST:
        return same_list(wanted.list, got.list);
    case FEEL_CONTEXT:
        return same_context(wanted, got);
    default:
        return feel_equal(wanted, got) == 1;
    }
}
