/* Items by their names, compared as FEEL compares names: a run of blanks is one blank. */
#include <stdlib.h>

#include "dmn_inner.h"

static bool is_blank(struct str s, size_t i)
{
    return i < s.n && (s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\n' || s.p[i] == '\r');
}

/* `kept` has no needless blanks, `asked` is trimmed. */
static int compare_names(struct str kept, struct str asked)
{
    size_t i = 0, k = 0;
    while (i < kept.n && k < asked.n) {
        unsigned char a = (unsigned char)kept.p[i++];
        unsigned char b = is_blank(asked, k) ? ' ' : (unsigned char)asked.p[k];
        while (is_blank(asked, k) && is_blank(asked, k + 1))
            k++;
        k++;
        if (a != b)
            return a < b ? -1 : 1;
    }
    return (i < kept.n) - (k < asked.n);
}

static int compare_rows(const void *x, const void *y)
{
    const struct dmn_name *a = x, *b = y;
    int order = compare_names(a->name, b->name);
    if (!order)
        order = (a->item->pub.index > b->item->pub.index) - (a->item->pub.index < b->item->pub.index);
    return order;
}

void dmn_index_names(struct making *mk)
{
    struct dmn_model *m = mk->model;
    m->names = arena_array(mk->keep, struct dmn_name, 2 * m->items.n);
    for (size_t i = 0; i < m->items.n; i++) {
        const struct item *it = m->items.p[i];
        m->names[m->n_names++] = (struct dmn_name){it->pub.name, it};
        if (!str_eq(it->pub.name, it->variable))
            m->names[m->n_names++] = (struct dmn_name){it->variable, it};
    }
    if (m->n_names)
        qsort(m->names, m->n_names, sizeof *m->names, compare_rows);
    for (size_t i = 1; i < m->n_names; i++) {
        const struct item *a = m->names[i - 1].item, *b = m->names[i].item;
        if (a->of == b->of && a != b && a->pub.name.n && str_eq(a->pub.name, b->pub.name))
            dmn_warn(mk, b->of, b->xml, (struct str){0}, "another element has the same name");
    }
}

const struct dmn_item *dmn_find(const struct dmn_model *m, enum dmn_kind kind, struct str ns, struct str name)
{
    size_t lo = 0, hi = m->n_names;
    name = str_trim(name);
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (compare_names(m->names[mid].name, name) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < m->n_names && !compare_names(m->names[lo].name, name); lo++) {
        const struct dmn_item *it = &m->names[lo].item->pub;
        if (it->kind == kind && (!ns.n || str_eq(it->ns, ns)))
            return it;
    }
    return NULL;
}
