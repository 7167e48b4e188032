/* Two decision models: the rules of their tables, in words. */
#include "codec/xml.h"
#include "diff.h"

typedef VEC_OF(struct str) str_vec;

static struct str text_of(const struct xml *e)
{
    const struct xml *text = e ? xml_child(e, "text") : NULL;
    return text ? str_trim(text->text) : S("");
}

/* What the n-th input of a table is called. */
static struct str input_name(const struct xml *table, size_t n)
{
    for (size_t i = 0; i < table->n; i++) {
        const struct xml *in = table->items[i];
        if (!str_eq_z(in->name, "input") || n--)
            continue;
        struct str label = xml_attr(in, "label");
        return label.n ? label : text_of(xml_child(in, "inputExpression"));
    }
    return S("");
}

/* "Children: >= 2, Income: < 100 → grant" */
static struct str rule_words(struct cx *cx, const struct xml *table, const struct xml *rule)
{
    struct buf b = buf_make(cx->arena);
    size_t inputs = 0;
    bool out = false;
    for (size_t i = 0; i < rule->n; i++) {
        const struct xml *cell = rule->items[i];
        struct str text = text_of(cell);
        if (str_eq_z(cell->name, "inputEntry")) {
            struct str name = input_name(table, inputs++);
            if (text.n && !str_eq_z(text, "-"))
                buf_fmt(&b, "%s%" PRI_STR ": %" PRI_STR, b.n ? ", " : "", STR_ARG(name), STR_ARG(text));
        } else if (str_eq_z(cell->name, "outputEntry")) {
            buf_fmt(&b, "%s%" PRI_STR, out ? ", " : b.n ? " → " : "→ ", STR_ARG(text));
            out = true;
        }
    }
    return buf_str(&b);
}

static str_vec rules_of(struct cx *cx, const struct xml *table)
{
    str_vec rows = {0};
    for (size_t i = 0; table && i < table->n; i++)
        if (str_eq_z(table->items[i]->name, "rule"))
            vec_add(cx->arena, &rows, rule_words(cx, table, table->items[i]));
    return rows;
}

static bool among(const str_vec *rows, struct str row)
{
    for (size_t i = 0; i < rows->n; i++)
        if (str_eq(rows->p[i], row))
            return true;
    return false;
}

static const struct xml *table_of(const struct xml *top, struct str name)
{
    for (size_t i = 0; top && i < top->n; i++)
        if (str_eq_z(top->items[i]->name, "decision") && str_eq(xml_attr(top->items[i], "name"), name))
            return xml_child(top->items[i], "decisionTable");
    return NULL;
}

/* The tables of one file that the other has too, or has not. */
static void diff_tables(struct diff *d, const struct xml *one, const struct xml *other, enum text words)
{
    for (size_t i = 0; one && i < one->n; i++) {
        const struct xml *decision = one->items[i], *table = xml_child(decision, "decisionTable");
        if (!str_eq_z(decision->name, "decision") || !table)
            continue;
        struct str name = xml_attr(decision, "name");
        str_vec rows = rules_of(d->cx, table), there = rules_of(d->cx, table_of(other, name));
        for (size_t k = 0; k < rows.n; k++)
            if (!among(&there, rows.p[k]))
                diff_say(d, i18n_fmt(d->cx, words, ARG("table", name), ARG("rule", rows.p[k])));
    }
}

/* All of the model but what the rules of its tables say. */
static void rest_of(const struct xml *e, struct buf *b)
{
    bool rule = str_eq_z(e->name, "rule");
    buf_fmt(b, "<%" PRI_STR, STR_ARG(e->name));
    for (size_t i = 0; !rule && i < e->n_attrs; i++)
        buf_fmt(b, " %" PRI_STR "=%" PRI_STR, STR_ARG(e->attrs[i].name), STR_ARG(e->attrs[i].value));
    buf_fmt(b, ">%" PRI_STR, STR_ARG(rule ? S("") : str_trim(e->text)));
    for (size_t i = 0; i < e->n; i++)
        if (!rule || str_eq_z(e->items[i]->name, "annotationEntry")) /* the reasons in the letters */
            rest_of(e->items[i], b);
}

/* How the rest reads; how many rules there are is told by the rules. */
static struct str rest(struct cx *cx, const struct xml *top)
{
    struct buf b = buf_make(cx->arena);
    rest_of(top, &b);
    return buf_str(&b);
}

enum err diff_rules(struct diff *d, struct str file, struct str before, struct str after)
{
    const struct xml *was = NULL, *is = NULL;
    if (str_eq(before, after))
        return ERR_OK;
    enum err e = before.n ? xml_parse(d->cx, file, before, &was) : ERR_OK;
    if (!e && after.n)
        e = xml_parse(d->cx, file, after, &is);
    if (e)
        return e;
    if (!was || !is) {
        diff_say(d, i18n_fmt(d->cx, is ? T_service_diff_file_new : T_service_diff_file_gone, ARG("file", file)));
        return ERR_OK;
    }
    size_t told = d->ret->rows.n;
    diff_tables(d, is, was, T_service_diff_rule_new);
    diff_tables(d, was, is, T_service_diff_rule_gone);
    if (d->ret->rows.n == told || !str_eq(rest(d->cx, was), rest(d->cx, is)))
        diff_say(d, i18n_fmt(d->cx, T_service_diff_rule_other, ARG("file", file)));
    return ERR_OK;
}
