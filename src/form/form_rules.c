/* The second pass over form.yaml (named conditions and checks) and the third (where they are used). */
#include "form_eval.h"
#include "form_load.h"

static bool read_check(struct form_loader *l, const struct yaml *node, struct form_check *c)
{
    if (!yaml_keys(l->problems, node, "a check", "pattern must message!"))
        return false;
    *c = (struct form_check){.name = node->key, .message = form_load_words(l, node, "message")};
    const struct yaml *pattern = yaml_get(node, "pattern"), *must = yaml_get(node, "must");
    if (!pattern == !must)
        yaml_problem(l->problems, node, "write `pattern:` for the form of one value, or `must:` for a condition",
                     "a check has either `pattern` or `must`");
    if (pattern) {
        c->pattern_text = yaml_str(l->problems, node, "pattern");
        if (c->pattern_text.n)
            c->pattern = form_pattern_compile(&l->names, pattern, c->pattern_text);
    } else if (must) {
        c->must = form_expr_read(&l->names, must, 0);
    }
    return true;
}

static void load_check(struct form_loader *l, const struct yaml *node)
{
    struct form_check c;
    if (read_check(l, node, &c))
        vec_add(l->arena, &l->form->checks, c);
}

static const struct yaml *map_of(struct form_loader *l, const struct yaml *top, const char *key)
{
    const struct yaml *map = yaml_get(top, key);
    if (map && map->kind == YAML_MAP)
        return map;
    if (map)
        yaml_problem(l->problems, map, "write one a line: `name: …`", "`%s` is a map of names", key);
    return NULL;
}

void form_load_conditions(struct form_loader *l, const struct yaml *top)
{
    l->names = (struct form_names){.form = l->form, .problems = l->problems, .arena = l->arena};
    const struct yaml *map = map_of(l, top, "conditions");
    for (size_t i = 0; map && i < map->n; i++) {
        const struct form_expr *e = form_expr_read(&l->names, map->items[i], 0);
        vec_add(l->arena, &l->names.list, (struct form_named){map->items[i]->key, e});
    }
    map = map_of(l, top, "checks");
    for (size_t i = 0; map && i < map->n; i++)
        load_check(l, map->items[i]);
}

/* Where a condition or an expression is used: before which field, and in which repeat. */
struct use {
    int order;                       /* it may look only at what was asked before */
    const struct form_field *repeat; /* whose rows it may look at; NULL: none */
};

static bool may_look(struct form_loader *l, const struct yaml *node, int latest, const struct form_field *repeat,
                     struct use at)
{
    if (repeat && repeat != at.repeat) {
        yaml_problem(l->problems, node, "ask all rows: `some:`, `every:`, `count:` or `total:`",
                     "it looks at a field of a row of `%" PRI_STR "` from outside", STR_ARG(repeat->id));
        return false;
    }
    if (latest >= at.order)
        yaml_problem(l->problems, node, "move the question it depends on further up, or the dependent one down",
                     "the condition looks at `%" PRI_STR "`, which is not asked before this place",
                     STR_ARG(l->form->fields.p[latest]->id));
    return latest < at.order;
}

static const struct form_expr *use(struct form_loader *l, const struct yaml *node, struct use at)
{
    const struct form_expr *e = node ? form_expr_read(&l->names, node, 0) : NULL;
    if (e)
        may_look(l, node, e->latest, e->repeat, at);
    return e;
}

static const struct form_calc *use_calc(struct form_loader *l, const struct yaml *node, const struct form_calc *like,
                                        struct use at)
{
    const struct form_calc *c = form_calc_read(&l->names, node, like, 0);
    if (c)
        may_look(l, node, c->latest, c->repeat, at);
    return c;
}

static void attach_check(struct form_loader *l, const struct yaml *node, struct form_field *f,
                         const struct form_check *c)
{
    bool text = form_type_of(f->kind) == FORM_TYPE_TEXT || f->kind == FORM_NUMBER;
    vec_add(l->arena, &f->checks, c);
    if (c->pattern_text.n && (!text || f->options.n))
        yaml_problem(l->problems, node, "use a check with `must:` here",
                     "a pattern can only check what is typed as text");
    if (!c->must)
        return;
    if (c->must->latest > f->last)
        yaml_problem(l->problems, node, "put the check on the later of the fields",
                     "the check looks at `%" PRI_STR "`, which is asked after this field",
                     STR_ARG(l->form->fields.p[c->must->latest]->id));
    else
        may_look(l, node, -1, c->must->repeat, (struct use){0, f->repeat});
}

/* The name of a check, or a check written out. */
static void use_check(struct form_loader *l, const struct yaml *node, struct form_field *f)
{
    if (node->kind == YAML_MAP) {
        struct form_check *c = arena_new_of(l->arena, struct form_check);
        if (read_check(l, node, c))
            attach_check(l, node, f, c);
        return;
    }
    struct str name = yaml_item(l->problems, node, "the name of a check");
    struct buf known = buf_make(l->arena);
    for (size_t i = 0; i < l->form->checks.n; i++) {
        const struct form_check *c = &l->form->checks.p[i];
        buf_add(&known, c->name);
        buf_add_char(&known, ' ');
        if (str_eq(c->name, name)) {
            attach_check(l, node, f, c);
            return;
        }
    }
    if (name.n)
        yaml_problem(l->problems, node, form_did_you_mean(&l->names, name, buf_str(&known), "add it under `checks:`"),
                     "there is no check `%" PRI_STR "`", STR_ARG(name));
}

/* required: true, false or a condition. */
static void use_required(struct form_loader *l, const struct yaml *node, struct form_field *f)
{
    const struct yaml *r = yaml_get(node, "required");
    f->required = f->kind == FORM_DECLARATION;
    if (!r)
        return;
    bool scalar = r->kind == YAML_SCALAR;
    f->required = !scalar || !str_eq_z(r->text, "false");
    if (!scalar || (!str_eq_z(r->text, "true") && !str_eq_z(r->text, "false")))
        f->required_when = use(l, r, (struct use){f->order, f->repeat});
}

/* ---- limits ---- */

static bool is_date(const struct form_field *f)
{
    return f->kind == FORM_DATE || f->kind == FORM_MONTH;
}

/* A limit written as a plain value of the field's type. */
static bool plain_limit(const struct form_field *f, struct str s, int64_t *ret, struct form_when *ret_date)
{
    if (is_date(f)) {
        bool ok = form_read_when(s, ret_date);
        *ret = ok ? form_when_day(ret_date, 20000) : 0;
        return ok;
    }
    if (f->kind == FORM_REPEAT)
        return str_to_i64(s, ret) && *ret >= 0 && *ret <= FORM_ROWS;
    return f->kind == FORM_MONEY ? form_read_money(s, ret) : form_read_number(s, 4, ret);
}

/* min or max: a plain value, an earlier field of the type, or an expression. */
static void use_limit(struct form_loader *l, const struct yaml *node, struct form_field *f, bool most)
{
    static const struct form_calc number = {.type = FORM_TYPE_NUMBER, .latest = -1};
    const char *key = most ? "max" : "min";
    const struct yaml *v = yaml_get(node, key);
    if (!v)
        return;
    bool *has = most ? &f->has_max : &f->has_min;
    if (v->kind == YAML_SCALAR && !(v->plain && form_field_of(l->form, v->text))) {
        struct str s = yaml_str(l->problems, node, key);
        *has = s.n && plain_limit(f, s, most ? &f->max : &f->min, most ? &f->max_date : &f->min_date);
        if (s.n && !*has)
            yaml_problem(l->problems, v,
                         is_date(f) ? "write for example 2026-01-31, today or today-18y" : "write for example `min: 1`",
                         "`%s` is `%" PRI_STR "`; a %s was expected", key, STR_ARG(s), is_date(f) ? "date" : "number");
        return;
    }
    const struct form_calc *like = f->kind == FORM_REPEAT ? &number : form_calc_of(l->arena, f);
    const struct form_calc *c = use_calc(l, v, like, (struct use){f->order, f->repeat});
    if (c && c->type != like->type)
        yaml_problem(l->problems, v, "name a field of the same type", "`%s` is of another type than the field", key);
    *has = c;
    *(most ? &f->max_calc : &f->min_calc) = c;
}

static void use_limits(struct form_loader *l, const struct yaml *node, struct form_field *f)
{
    bool limited = form_type_of(f->kind) == FORM_TYPE_NUMBER || is_date(f) || f->kind == FORM_REPEAT;
    if (limited) {
        use_limit(l, node, f, false);
        use_limit(l, node, f, true);
    }
    if (f->kind == FORM_REPEAT && !f->has_max)
        f->has_max = true, f->max = f->has_min && !f->min_calc && f->min > 20 ? FORM_ROWS : 20;
    bool plain = !f->min_calc && !f->max_calc && (!is_date(f) || f->min_date.today == f->max_date.today);
    if (f->has_min && f->has_max && f->min > f->max && plain) {
        bool length = yaml_get(node, "min_length");
        yaml_problem(l->problems, yaml_get(node, length ? "min_length" : "min"), "exchange them or correct one",
                     "the least allowed is more than the most allowed");
    }
}

/* ---- what stands there: default, value ---- */

static bool default_ok(struct form_loader *l, const struct yaml *v, struct form_field *f)
{
    const struct form_calc *like = form_calc_of(l->arena, f);
    if (form_field_of(l->form, v->text) && !f->options.n && v->plain && like->type != FORM_TYPE_TEXT)
        return false;
    struct form_names names = l->names;
    struct yaml quoted = *v;
    quoted.plain = like->type == FORM_TYPE_FLAG && v->plain; /* a word, not the id of a field */
    return form_calc_read(&names, &quoted, like, 0);
}

static void use_default(struct form_loader *l, const struct yaml *node, struct form_field *f)
{
    const struct yaml *v = yaml_get(node, "default");
    if (!v)
        return;
    if (yaml_get(node, "prefill") || yaml_get(node, "value"))
        yaml_problem(l->problems, v, "leave one of them out", "`default` cannot stand with `prefill` or `value`");
    bool list = f->kind == FORM_MULTISELECT && v->kind == YAML_LIST;
    for (size_t i = 0; i < (list ? v->n : 1); i++) {
        const struct yaml *one = list ? v->items[i] : v;
        if (one->kind != YAML_SCALAR || !default_ok(l, one, f)) {
            if (one->kind != YAML_SCALAR)
                yaml_problem(l->problems, one, "write one value of the type of the field",
                             "a single value was expected");
            return;
        }
        if (is_date(f))
            f->has_default_date = form_read_when(one->text, &f->default_date);
        else
            vec_add(l->arena, &f->initial, one->text);
    }
}

static void use_value(struct form_loader *l, const struct yaml *node, struct form_field *f)
{
    const struct yaml *v = yaml_get(node, "value");
    if (!v)
        return;
    if (yaml_get(node, "prefill") || yaml_get(node, "required"))
        yaml_problem(l->problems, v, "leave it out: nobody types a computed answer",
                     "`value` cannot stand with `prefill` or `required`");
    const struct form_calc *like = form_calc_of(l->arena, f);
    f->value = use_calc(l, v, like, (struct use){f->order, f->repeat});
    if (f->value && f->value->type != like->type)
        yaml_problem(l->problems, v, "use an expression of the type of the field", "`value` is of another type");
}

/* ---- parts of attachments, and lists of rows ---- */

static const struct form_expr *chosen(struct form_loader *l, const struct form_field *f, struct str option)
{
    struct form_expr *e = arena_new_of(l->arena, struct form_expr);
    struct form_calc *c = arena_new_of(l->arena, struct form_calc);
    *c = (struct form_calc){.type = FORM_TYPE_TEXT, .latest = -1, .text = option};
    *e = (struct form_expr){.op = FORM_IN, .latest = f->order, .repeat = f->repeat, .left = form_calc_of(l->arena, f)};
    vec_add(l->arena, &e->values, c);
    return e;
}

/* The file is asked when it comes now, the note where the way needs one; both must then be answered. */
static void use_part(struct form_loader *l, const struct yaml *node, struct form_field *f)
{
    f->required = true;
    if (f->part == FORM_PART_FILE) {
        f->when = chosen(l, f->attachment, S("now"));
        return;
    }
    const struct yaml *explain = yaml_get(node, "explain");
    struct form_expr *any = arena_new_of(l->arena, struct form_expr);
    *any = (struct form_expr){.op = FORM_ANY, .latest = f->attachment->order, .repeat = f->repeat};
    for (size_t i = 0; i < explain->n; i++)
        vec_add(l->arena, &any->of, chosen(l, f->attachment, explain->items[i]->key));
    f->when = any;
}

/* The answers a row is known by. */
static void use_show(struct form_loader *l, const struct yaml *node, struct form_field *f)
{
    const struct yaml *list = yaml_get(node, "show") ? yaml_list(l->problems, node, "show") : NULL;
    for (size_t i = 0; list && i < list->n; i++) {
        const struct form_field *of = form_operand_field(&l->names, list->items[i], false);
        if (of && of->repeat == f)
            vec_add(l->arena, &f->show, of);
        else if (of)
            yaml_problem(l->problems, list->items[i], "name a field of the repeat", "`%" PRI_STR "` lies outside it",
                         STR_ARG(of->id));
    }
    for (int i = f->order + 1; !list && i <= f->last && f->show.n < 2; i++)
        if (form_asks(l->form->fields.p[i]))
            vec_add(l->arena, &f->show, l->form->fields.p[i]);
}

static void use_all(struct form_loader *l, const struct yaml *node, struct form_field *f)
{
    struct use at = {f->order, f->repeat};
    if (f->part) {
        use_part(l, node, f);
        return;
    }
    f->when = use(l, yaml_get(node, "when"), at);
    use_required(l, node, f);
    use_limits(l, node, f);
    use_default(l, node, f);
    use_value(l, node, f);
    if (f->kind == FORM_REPEAT)
        use_show(l, node, f);
    const struct yaml *options = yaml_get(node, "options"), *check = yaml_get(node, "check");
    for (size_t k = 0; options && options->kind == YAML_LIST && k < f->options.n && f->options.n == options->n; k++)
        f->options.p[k].when = use(l, yaml_get(options->items[k], "when"), at);
    if (check && check->kind == YAML_LIST)
        for (size_t k = 0; k < check->n; k++)
            use_check(l, check->items[k], f);
    else if (check)
        use_check(l, check, f);
}

void form_load_uses(struct form_loader *l)
{
    for (size_t i = 0; i < l->form->pages.n; i++)
        l->form->pages.p[i].when =
            use(l, yaml_get(l->page_nodes.p[i], "when"), (struct use){l->form->pages.p[i].first, NULL});
    for (size_t i = 0; i < l->nodes.n; i++) /* cast: the fields are ours until the form is handed out */
        use_all(l, l->nodes.p[i], (struct form_field *)l->form->fields.p[i]);
}
