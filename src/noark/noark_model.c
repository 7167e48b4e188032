/* Looking things up in the model. */
#include "noark/noark_model.h"

#include <assert.h>
#include <string.h>

const struct noark_type *noark_type_named(struct str package, struct str name)
{
    for (size_t i = 0; i < noark_types_n; i++)
        if (!noark_types[i].is_group && str_eq_z(name, noark_types[i].name) &&
            str_eq_z(package, noark_types[i].package))
            return &noark_types[i];
    return NULL;
}

const struct noark_type *noark_type_numbered(int64_t number)
{
    int i = number >= 0 && number < noark_by_number_n ? noark_by_number[number] : -1;
    return i < 0 ? NULL : &noark_types[i];
}

const struct noark_type *noark_type_of(const char *name)
{
    size_t from = 0, until = noark_by_name_n;
    while (from < until) {
        size_t middle = (from + until) / 2;
        const struct noark_type *t = &noark_types[noark_by_name[middle]];
        int order = strcmp(name, t->name);
        if (!order)
            return t;
        *(order < 0 ? &until : &from) = order < 0 ? middle : middle + 1;
    }
    assert(0 && "the model has this type");
    return NULL;
}

int noark_type_index(const struct noark_type *t)
{
    return (int)(t - noark_types);
}

bool noark_is_a(const struct noark_type *t, const struct noark_type *super)
{
    for (; t != super; t = &noark_types[t->super])
        if (t->super < 0)
            return false;
    return true;
}

bool noark_is(const struct noark_type *t, const char *super)
{
    for (; strcmp(t->name, super) != 0; t = &noark_types[t->super])
        if (t->super < 0)
            return false;
    return true;
}

const struct noark_attr *noark_attr_named(const struct noark_type *t, struct str name)
{
    size_t quoted = name.n + strlen("\"\":");
    for (int i = 0; i < t->n_attrs; i++)
        if (t->attrs[i].key.n == quoted && str_eq(str_slice(t->attrs[i].key, 1, name.n + 1), name))
            return &t->attrs[i];
    return NULL;
}

const char *noark_code_name(const struct noark_type *list, struct str code)
{
    for (int i = 0; i < list->n_codes; i++)
        if (str_eq_z(code, list->codes[i].code))
            return list->codes[i].name;
    return NULL;
}

bool noark_made_at_top(const struct noark_type *t)
{
    static const char *const names[] = {"arkiv",  "arkivskaper", "administrativenhet",
                                        "bruker", "tilgang",     "virksomhetsspesifikkeMetadata"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(t->name, names[i]))
            return true;
    return t->is_list;
}
