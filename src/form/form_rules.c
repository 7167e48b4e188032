/* The second pass over form.yaml (named conditions and checks) and the third (where they are used). */
#include "form_load.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

static void *pattern_alloc(size_t n, void *arena)
{
    return arena_alloc(arena, n);
}

static void pattern_free(void *p, void *arena)
{
    (void)p, (void)arena; /* dies with the arena */
}

/* A pattern that must match the whole value. NULL: the problem is added. */
static void *compile(struct form_loader *l, const struct yaml *node, struct str text)
{
    pcre2_general_context *g = pcre2_general_context_create(pattern_alloc, pattern_free, l->arena);
    pcre2_compile_context *c = pcre2_compile_context_create(g);
    pcre2_set_compile_extra_options(c, 0);
    int error;
    size_t at;
    uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UCP;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text.p, text.n, options, &error, &at, c);
    if (code)
        return code;
    PCRE2_UCHAR8 why[200];
    pcre2_get_error_message(error, why, sizeof why);
    yaml_problem(l->problems, node, "correct the pattern; it is a regular expression as in Perl",
                 "the pattern is wrong at character %zu: %s", at + 1, (const char *)why);
    return NULL;
}

static void load_check(struct form_loader *l, const struct yaml *node)
{
    if (!yaml_keys(l->problems, node, "a check", "pattern must message!"))
        return;
    struct form_check c = {.name = node->key, .message = form_load_words(l, node, "message")};
    const struct yaml *pattern = yaml_get(node, "pattern"), *must = yaml_get(node, "must");
    if (!pattern == !must)
        yaml_problem(l->problems, node, "write `pattern:` for the form of one value, or `must:` for a condition",
                     "a check has either `pattern` or `must`");
    if (pattern) {
        c.pattern_text = yaml_str(l->problems, node, "pattern");
        if (c.pattern_text.n)
            c.pattern = compile(l, pattern, c.pattern_text);
    } else if (must) {
        c.must = form_expr_read(&l->names, must);
    }
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
        const struct form_expr *e = form_expr_read(&l->names, map->items[i]);
        vec_add(l->arena, &l->names.list, (struct form_named){map->items[i]->key, e});
    }
    map = map_of(l, top, "checks");
    for (size_t i = 0; map && i < map->n; i++)
        load_check(l, map->items[i]);
}

/* A condition that decides about what comes at `order`: it may look only at what was asked before. */
static const struct form_expr *use(struct form_loader *l, const struct yaml *node, int order)
{
    const struct form_expr *e = node ? form_expr_read(&l->names, node) : NULL;
    if (e && e->latest >= order)
        yaml_problem(l->problems, node, "move the question it depends on further up, or the dependent one down",
                     "the condition looks at `%" PRI_STR "`, which is not asked before this place",
                     STR_ARG(l->form->fields.p[e->latest]->id));
    return e;
}

static void use_check(struct form_loader *l, const struct yaml *node, struct form_field *f)
{
    struct str name = yaml_item(l->problems, node, "the name of a check");
    struct buf known = buf_make(l->arena);
    for (size_t i = 0; i < l->form->checks.n; i++) {
        const struct form_check *c = &l->form->checks.p[i];
        buf_add(&known, c->name);
        buf_add_char(&known, ' ');
        if (!str_eq(c->name, name))
            continue;
        vec_add(l->arena, &f->checks, c);
        bool text = f->kind == FORM_TEXT || f->kind == FORM_LONGTEXT || f->kind == FORM_EMAIL ||
                    f->kind == FORM_PHONE || f->kind == FORM_ORGNO || f->kind == FORM_NUMBER;
        if (c->pattern_text.n && !text)
            yaml_problem(l->problems, node, "use a check with `must:` here",
                         "a pattern can only check what is typed as text");
        if (c->must && c->must->latest > f->order)
            yaml_problem(l->problems, node, "put the check on the later of the fields",
                         "the check looks at `%" PRI_STR "`, which is asked after this field",
                         STR_ARG(l->form->fields.p[c->must->latest]->id));
        return;
    }
    if (!name.n)
        return;
    struct str near = problem_nearest(name, str_z(l->arena, buf_str(&known)));
    const char *remedy = "add it under `checks:`";
    if (near.n)
        remedy = str_z(l->arena, str_fmt(l->arena, "did you mean `%" PRI_STR "`?", STR_ARG(near)));
    yaml_problem(l->problems, node, remedy, "there is no check `%" PRI_STR "`", STR_ARG(name));
}

/* required: true, false or a condition. */
static void use_required(struct form_loader *l, const struct yaml *node, struct form_field *f)
{
    const struct yaml *r = yaml_get(node, "required");
    if (!r)
        return;
    bool scalar = r->kind == YAML_SCALAR;
    f->required = !scalar || !str_eq_z(r->text, "false");
    if (!scalar || (!str_eq_z(r->text, "true") && !str_eq_z(r->text, "false")))
        f->required_when = use(l, r, f->order);
}

void form_load_uses(struct form_loader *l)
{
    for (size_t i = 0; i < l->form->pages.n; i++)
        l->form->pages.p[i].when = use(l, yaml_get(l->page_nodes.p[i], "when"), l->form->pages.p[i].first);
    for (size_t i = 0; i < l->nodes.n; i++) {
        /* cast: the fields are ours until the form is handed out */
        struct form_field *f = (struct form_field *)l->form->fields.p[i];
        const struct yaml *node = l->nodes.p[i];
        f->when = use(l, yaml_get(node, "when"), f->order);
        use_required(l, node, f);
        const struct yaml *options = yaml_get(node, "options"), *check = yaml_get(node, "check");
        for (size_t k = 0; options && options->kind == YAML_LIST && k < f->options.n && f->options.n == options->n; k++)
            f->options.p[k].when = use(l, yaml_get(options->items[k], "when"), f->order);
        if (check && check->kind == YAML_LIST)
            for (size_t k = 0; k < check->n; k++)
                use_check(l, check->items[k], f);
        else if (check)
            use_check(l, check, f);
    }
}
