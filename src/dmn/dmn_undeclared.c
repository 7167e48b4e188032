/* Inputs that are used without being declared. The editors of workflow engines write a single table so: its columns
   name variables, and no inputData says that there are any. Such a column is taken as an input of the model, with a
   warning. */
#include <stdlib.h>

#include "dmn_inner.h"

enum { MAX_UNDECLARED = 200 };

static int compare(const void *a, const void *b)
{
    const struct str *x = a, *y = b;
    return str_cmp(*x, *y);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

/* One word, which can be nothing but a name. */
static bool is_plain_name(struct str s)
{
    bool plain = s.n > 0 && is_letter(s.p[0]);
    for (size_t i = 1; i < s.n && plain; i++)
        plain = is_letter(s.p[i]) || (s.p[i] >= '0' && s.p[i] <= '9');
    return plain && !str_eq_z(s, "true") && !str_eq_z(s, "false") && !str_eq_z(s, "null");
}

/* The table that is the logic of a decision; NULL: it is something else. */
static const struct xml *table_of(const struct item *it)
{
    const struct xml *logic = it->pub.kind == DMN_DECISION ? dmn_find_expression(it->xml) : NULL;
    return logic && str_eq_z(logic->name, "decisionTable") ? logic : NULL;
}

/* The name that a child of a table reads, when it is a column that reads one; else empty. */
static struct str name_read(const struct xml *table, const struct xml *e)
{
    const struct xml *expression =
        str_eq_z(e->name, "input") && str_eq(e->ns, table->ns) ? xml_child(e, "inputExpression") : NULL;
    const struct xml *text = expression && dmn_is_feel(expression) ? xml_child(expression, "text") : NULL;
    struct str name = text ? str_trim(text->text) : S("");
    return is_plain_name(name) ? name : S("");
}

static struct item *find(const struct dmn_file *f, struct str name)
{
    for (size_t i = 0; i < f->undeclared.n; i++)
        if (str_eq(f->undeclared.p[i]->variable, name))
            return f->undeclared.p[i];
    return NULL;
}

static void declare(struct making *mk, struct dmn_file *f, const struct xml *e, struct str name)
{
    struct item *it = arena_new_of(mk->keep, struct item);
    const struct xml *expression = xml_child(e, "inputExpression");
    struct str type = xml_attr(expression, "typeRef");
    it->of = f;
    it->xml = e;
    it->variable = dmn_keep(mk, name);
    it->source = dmn_source(mk, str_fmt(mk->keep, "input \"%.*s\"", STR_ARG(name)), NULL);
    it->pub = (struct dmn_item){.kind = DMN_INPUT,
                                .imported = f != mk->model->files.p[0],
                                .index = (uint32_t)mk->model->items.n,
                                .ns = f->ns,
                                .file = f->file,
                                .line = e->line,
                                .id = S(""),
                                .name = it->variable,
                                .label = dmn_keep(mk, str_trim(xml_attr(e, "label"))),
                                .description = S(""),
                                .question = S(""),
                                .answers = S(""),
                                .type_name = dmn_keep(mk, str_trim(type))};
    it->pub.type = dmn_resolve_type(mk, f, expression, type);
    vec_add(mk->keep, &f->undeclared, it);
    vec_add(mk->keep, &mk->model->items, it);
    dmn_warn(mk, f, e, (struct str){0}, "no inputData declares \"%.*s\"; it is taken as an input of the model",
             STR_ARG(name));
}

void dmn_declare_inputs(struct making *mk, struct dmn_file *f)
{
    size_t n = f->items.n;
    struct str *known = arena_array(mk->cx->arena, struct str, n + 1);
    for (size_t i = 0; i < f->n_imports; i++)
        if (!f->imports[i].name.n) /* what it has is in scope without a prefix */
            return;
    for (size_t i = 0; i < n; i++)
        known[i] = f->items.p[i]->variable;
    qsort(known, n, sizeof *known, compare);
    for (size_t i = 0; i < n; i++) {
        const struct xml *table = table_of(f->items.p[i]);
        for (size_t k = 0; table && k < table->n; k++) {
            struct str name = name_read(table, table->items[k]);
            if (name.n && !bsearch(&name, known, n, sizeof *known, compare) && !find(f, name) &&
                f->undeclared.n < MAX_UNDECLARED && mk->model->items.n < DMN_MAX_ITEMS)
                declare(mk, f, table->items[k], name);
        }
    }
}

void dmn_need_undeclared(struct making *mk, const struct item *it, struct item_list *needs)
{
    const struct xml *table = it->of->undeclared.n ? table_of(it) : NULL;
    for (size_t i = 0; table && i < table->n; i++) {
        struct item *need = find(it->of, name_read(table, table->items[i]));
        if (need)
            vec_add(mk->keep, needs, need);
    }
}
